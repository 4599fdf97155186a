/*
 * grub2: boot/grub2/NODE, the same for each of its addresses and for its MAC, and the loader by
 * the node's name.
 */
#include "core/services/boot/gathering.h"
#include "core/services/shared.h"
#include <string.h>

#define FOLDER "boot/grub2/"

static void add_paths(const BootNode *node, GPtrArray *paths)
{
	boot_add_path(paths, node, FOLDER "%s", node->name);
	boot_add_path(paths, node, FOLDER "grub2-%s", node->name);
	for (guint i = 0; i < node->addresses->len; i++) {
		g_autofree char *hex = boot_hex(node->addresses->pdata[i], FALSE);

		boot_add_path(paths, node, FOLDER "grub.cfg-%s", hex);
	}
	for (guint i = 0; i < node->macs->len; i++)
		boot_add_path(paths, node, FOLDER "grub.cfg-01-%s",
			      (char *)node->macs->pdata[i]);
}

/* ---- Facts ---- */

/* grub2.x86_64; one for all of ppc64, ppc64le, ppc64el. */
static char *loader_of(const BootNode *node)
{
	g_autofree char *small = g_ascii_strdown(node->arch, -1);

	return g_strconcat("grub2.", strstr(small, "ppc64") ? "ppc" : node->arch, NULL);
}

static void take_loader(BootGathering *gathering)
{
	const BootNode *node = gathering->node;
	const BootLook *look = gathering->look;
	g_autofree char *loader = NULL, *path = NULL;

	if (!node->arch) { /* bn111 */
		boot_refuse(gathering, "it has no nodetype.arch, type: chdef %s arch=ARCH",
			    node->name);
		return;
	}
	if (node->arch[strspn(node->arch, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "_.-")]) {
		boot_refuse_value(gathering, "nodetype.arch", node->arch,
				  "cannot be part of a name");
		return;
	}
	loader = loader_of(node);
	path = boot_path(node, FOLDER "%s", loader);
	if (look && look->has_loader && !look->has_loader(path, look->data)) /* bn110 */
		boot_refuse_value(gathering, "its loader", path, "is not there");
}

static void take_server(BootGathering *gathering)
{
	BootNode *node = gathering->node;
	const char *name = boot_named_server(gathering);

	if (name && g_str_equal(name, BOOT_ANSWERING)) /* bn37 */
		name = NULL;
	node->server = name ? service_ipv4(gathering->hosts, name) : node->address;
	if (!name)
		boot_need_address(gathering, "what it loads from");
	else if (!node->server) /* bn114 */
		boot_refuse_value(gathering, "noderes.tftpserver or xcatmaster", name,
				  "has no IPv4 address");
}

static void take_protocol(BootGathering *gathering)
{
	const char *netboot = boot_value(gathering, NETBOOT);
	const char *protocol = netboot + strlen("grub2");

	gathering->node->http = g_str_equal(protocol, "-http");
	if (*protocol == '-' && !g_str_equal(protocol, "-http") &&
	    !g_str_equal(protocol, "-tftp"))
		boot_refuse_value(gathering, "noderes.netboot", netboot,
				  "must be grub2, grub2-tftp or grub2-http");
}

static void take(BootGathering *gathering)
{
	BootNode *node = gathering->node;

	take_loader(gathering);
	if (!node->kernel)
		return;
	take_protocol(gathering);
	take_server(gathering);
	boot_take_line(gathering);
	node->kcmdline = boot_place_address(gathering, node->kcmdline);
	boot_check(gathering, boot_no_argument, boot_no_arguments);
}

/* ---- Files ---- */

static gboolean is_x86(const BootNode *node)
{
	g_autofree char *small = g_ascii_strdown(node->arch, -1);

	return strstr(small, "x86") != NULL;
}

/* The server that it loads from: root=tftp,10.1.1.11 */
static void append_root(GString *text, const BootFacts *facts, const BootNode *node)
{
	g_string_append_printf(text, "    set root=%s,%s%s\n", node->http ? "http" : "tftp",
			       node->server, node->http ? facts->port : "");
}

static void append_entry(GString *text, const BootFacts *facts, const BootNode *node)
{
	const char *folder = node->http ? node->tftpdir : "", *efi = is_x86(node) ? "efi" : "";

	g_string_append(text, "set default=\"xCAT OS Deployment\"\n"
			      "menuentry \"xCAT OS Deployment\" {\n"
			      "    insmod http\n"
			      "    insmod tftp\n");
	append_root(text, facts, node);
	g_string_append_printf(text,
			       "    echo Loading Install kernel ...\n"
			       "    linux%s %s/%s %s%sBOOTIF=$net_default_mac\n"
			       "    echo Loading initial ramdisk ...\n",
			       efi, folder, node->kernel, node->kcmdline ? node->kcmdline : "",
			       node->kcmdline ? " " : "");
	if (node->initrd)
		g_string_append_printf(text, "    initrd%s %s/%s\n", efi, folder, node->initrd);
	g_string_append_c(text, '}'); /* and no line end, as xCAT writes it */
}

static gboolean is_sle(const char *os)
{
	return os && g_ascii_strncasecmp(os, "sle", 3) == 0;
}

/* In standby SLES is to boot from its disk, the newer ones: the older ones keep what they have,
 * which is nothing where no state was before. */
static gboolean has_loader(const BootNode *node)
{
	return !boot_is(node, "boot") && !(boot_is(node, "standby") && is_sle(node->os));
}

static void add_copies(BootOutput *output, const GString *text)
{
	const BootNode *node = output->node;

	for (guint i = 0; i < node->addresses->len; i++) {
		g_autofree char *hex = boot_hex(node->addresses->pdata[i], FALSE);

		boot_add_copy(output, boot_path(node, FOLDER "grub.cfg-%s", hex), text);
	}
	if (node->mac)
		boot_add_copy(output, boot_path(node, FOLDER "grub.cfg-01-%s", node->mac),
			      text);
}

static void render(BootOutput *output)
{
	const BootNode *node = output->node;
	GString *text = g_string_new(NULL);
	g_autofree char *loader = loader_of(node);

	g_string_append_printf(text, "#%s\n%sset timeout=5\n", node->state,
			       output->facts->debug ? "set debug=all\n" : "");
	if (node->kernel)
		append_entry(text, output->facts, node);
	add_copies(output, text);
	if (has_loader(node))
		boot_add_link(output, boot_path(node, FOLDER "grub2-%s", node->name), loader);
	boot_add_file(output, boot_path(node, FOLDER "%s", node->name), text);
}

const BootFormat boot_grub2 = {
	.name = "grub2",
	.by_address = TRUE,
	.by_installnic = TRUE,
	.paths = add_paths,
	.take = take,
	.render = render,
};
