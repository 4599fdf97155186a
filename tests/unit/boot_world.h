/*
 * boot_world - a cluster for the tests of boot files: that of dhcp_world, whose nodes the
 * recorded ones are (tests/cases/boot), with the tables that boot files are made of.
 */
#pragma once
#include "core/services/boot/inside.h"
#include "tests/unit/dhcp_world.h"

#define BOOT_CASES   "tests/cases/boot"
#define BOOT_TFTPDIR "/srv/tftp"  /* @TFTPDIR@ of the cases */
#define BOOT_SERVER  "10.1.0.200" /* the address that faced the recorded nodes */

#define BOOT_TABLES                                                                            \
	"ALTER TABLE noderes ADD COLUMN tftpdir TEXT;"                                         \
	"ALTER TABLE noderes ADD COLUMN installnic TEXT;"                                      \
	"ALTER TABLE nodetype ADD COLUMN provmethod TEXT;"                                     \
	"CREATE TABLE bootparams (node TEXT PRIMARY KEY, kernel TEXT, initrd TEXT,"            \
	" kcmdline TEXT, addkcmdline TEXT, disable TEXT);"                                     \
	"CREATE TABLE linuximage (imagename TEXT PRIMARY KEY, addkcmdline TEXT,"               \
	" boottarget TEXT, disable TEXT);"                                                     \
	"CREATE TABLE boottarget (bprofile TEXT PRIMARY KEY, kernel TEXT, initrd TEXT,"        \
	" kcmdline TEXT, disable TEXT);"                                                       \
	"INSERT INTO boottarget VALUES"                                                        \
	" ('bt1', 'xcat/bt/kernel', 'xcat/bt/initrd', 'of=target', NULL);"                     \
	"INSERT INTO site (key, value) VALUES ('tftpdir', '" BOOT_TFTPDIR "');"

typedef struct {
	DhcpWorld *base;
	GPtrArray *addresses; /* of the server, for each node; g_free */
	const BootLook *look;
	BootFacts *facts;
} BootWorld;

/* ---- What the recording host had ---- */

static inline gboolean boot_has_stub(const char *kernel, gpointer data)
{
	(void)data;
	return g_str_has_prefix(kernel, "xcat/osimage/efi") ||
	       g_str_has_prefix(kernel, "xcat/osimage/sles11");
}

static inline gboolean boot_has_loader(const char *path, gpointer data)
{
	(void)data;
	return g_str_equal(path, BOOT_TFTPDIR "/boot/grub2/grub2.x86_64") ||
	       g_str_equal(path, BOOT_TFTPDIR "/boot/grub2/grub2.ppc");
}

static const BootLook boot_recorded = { boot_has_stub, boot_has_loader, NULL };

static inline BootWorld *boot_world_new(void)
{
	BootWorld *world = g_new0(BootWorld, 1);

	world->base = dhcp_world_new();
	world->look = &boot_recorded;
	world->addresses = g_ptr_array_new_with_free_func(g_free);
	world_execute(world->base->world, BOOT_TABLES);
	return world;
}

static inline void boot_world_free(BootWorld *world)
{
	boot_facts_free(world->facts);
	dhcp_world_free(world->base);
	g_ptr_array_unref(world->addresses);
	g_free(world);
}

/* ---- Nodes ---- */

/* What the tables have now, of all nodes that were added. */
static inline void boot_gather(BootWorld *world)
{
	DhcpWorld *base = world->base;
	g_autofree char *hosts = dhcp_hosts_file(base);
	const char *const *servers = (const char *const *)base->servers->pdata;
	const char *const *addresses = (const char *const *)world->addresses->pdata;
	g_autoptr(GError) problem = NULL;

	g_clear_pointer(&world->facts, boot_facts_free);
	g_clear_pointer(&base->hosts, hosts_free);
	world_read(base->world);
	base->hosts = hosts_new(base->world->cluster, hosts, 0);
	world->facts = world->look
			       ? boot_facts_with(base->world->cluster, base->hosts,
						 DHCP_NODES(base), servers, addresses,
						 base->nodes->len, world->look, &problem)
			       : boot_facts(base->world->cluster, base->hosts, DHCP_NODES(base),
					    servers, addresses, base->nodes->len, &problem);
	assert_ok(world->facts, problem);
}

static inline void boot_add(BootWorld *world, const char *node, const char *server,
			    const char *address)
{
	dhcp_add(world->base, node, server);
	g_ptr_array_add(world->addresses, g_strdup(address));
}

/* A node whose service node is sn2-c, with an address and MAC by its number. */
static inline void boot_node(BootWorld *world, const char *node, const char *netboot,
			     const char *state)
{
	guint number = world->base->nodes->len + 1;
	g_autofree char *mac = g_strdup_printf("42:00:0A:02:00:%02X", number);

	dhcp_row(world->base, "nodelist", node, "groups", "all");
	dhcp_row(world->base, "noderes", node, "netboot", netboot, "xcatmaster", "sn2-c");
	dhcp_row(world->base, "nodetype", node, "os", "rocky9.4", "arch", "x86_64");
	dhcp_row(world->base, "chain", node, "currstate", state);
	dhcp_row(world->base, "mac", node, "mac", mac);
	g_string_append_printf(world->base->addresses, "10.1.5.%u %s\n", number, node);
	boot_add(world, node, "sn2-c", "10.1.1.12");
}

static inline void boot_kernel(BootWorld *world, const char *node, const char *kernel,
			       const char *initrd, const char *kcmdline, const char *added)
{
	dhcp_row(world->base, "bootparams", node, "kernel", kernel, "initrd", initrd,
		 "kcmdline", kcmdline, "addkcmdline", added);
}

static inline void boot_image(BootWorld *world, const char *image, const char *added,
			      const char *target)
{
	g_autofree char *name = dhcp_cell(image), *options = dhcp_cell(added);
	g_autofree char *row = dhcp_cell(target);
	g_autofree char *sql = g_strdup_printf("INSERT INTO linuximage (imagename, "
					       "addkcmdline, boottarget) VALUES (%s, %s, %s);",
					       name, options, row);

	world_execute(world->base->world, sql);
}

static inline void boot_add_case(BootWorld *world, const char *name)
{
	g_autofree char *path = g_strdup_printf(BOOT_CASES "/%s/input.tsv", name);
	g_autofree char *source = harness_source(path);
	g_autofree char *image = g_strconcat("image-", name, NULL);
	Facts *facts = facts_read(source);
	DhcpWorld *base = world->base;
	const char *master = dhcp_input(facts, "noderes.xcatmaster");
	gboolean is_local = g_str_has_prefix(dhcp_input(facts, "address"), "10.1.");

	dhcp_row(base, "nodelist", name, "groups", "all");
	dhcp_row(base, "noderes", name, "netboot", dhcp_input(facts, "netboot"), "tftpserver",
		 dhcp_input(facts, "noderes.tftpserver"), "xcatmaster", master, "installnic",
		 dhcp_input(facts, "noderes.installnic"));
	dhcp_row(base, "nodetype", name, "os", dhcp_input(facts, "nodetype.os"), "arch",
		 dhcp_input(facts, "nodetype.arch"), "provmethod", image);
	dhcp_row(base, "chain", name, "currstate", dhcp_input(facts, "currstate"));
	dhcp_row(base, "mac", name, "mac", dhcp_input(facts, "mac.mac"));
	dhcp_row(base, "iscsi", name, "server", dhcp_input(facts, "iscsi.server"), "target",
		 dhcp_input(facts, "iscsi.target"), "lun", dhcp_input(facts, "iscsi.lun"));
	boot_kernel(world, name, dhcp_input(facts, "bootparams.kernel"),
		    dhcp_input(facts, "bootparams.initrd"),
		    dhcp_input(facts, "bootparams.kcmdline"),
		    dhcp_input(facts, "bootparams.addkcmdline"));
	boot_add(world, name, master ? master : "mn-c", is_local ? BOOT_SERVER : NULL);
	boot_image(world, image, dhcp_input(facts, "osimage.addkcmdline"),
		   dhcp_input(facts, "osimage.boottarget"));
	facts_free(facts);
}

/* ---- What came of it ---- */

/* "NODE: WORDS" for each problem, "!" before those that leave the node out. */
static inline char *boot_told(const BootWorld *world)
{
	const GPtrArray *problems = boot_problems(world->facts);
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < problems->len; i++) {
		const ServiceProblem *problem = problems->pdata[i];

		g_string_append_printf(text, "%s%s: %s\n", problem->left_out ? "!" : "",
				       problem->node, problem->words);
	}
	return g_string_free(text, FALSE);
}

static inline const BootFile *boot_find(const GPtrArray *files, const char *path)
{
	for (guint i = 0; files && i < files->len; i++) {
		const BootFile *file = files->pdata[i];

		if (g_str_equal(file->path, path))
			return file;
	}
	return NULL;
}

/* All files, each under its path. */
static inline char *boot_shown(const BootWorld *world, guint i)
{
	g_autoptr(GPtrArray) files = boot_render(world->facts, i);
	GString *text = g_string_new(files ? NULL : "(refused)\n");

	for (guint j = 0; files && j < files->len; j++) {
		const BootFile *file = files->pdata[j];

		if (file->target)
			g_string_append_printf(text, "== %s -> %s\n", file->path, file->target);
		else
			g_string_append_printf(text, "== %s\n%s\n", file->path, file->content);
	}
	return g_string_free(text, FALSE);
}
