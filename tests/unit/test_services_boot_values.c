/*
 * Boot files of what no recorded case has: values that no file can hold
 * (tests/cases/boot/hostile.tsv), what is looked up, nodes that are in each other's way.  The
 * files of those rows that are none the worse are in tests/cases/boot/golden.
 *
 * With SNMOVE_GOLDEN set, the golden file is written: look at the difference.
 */
#include "tests/unit/boot_world.h"

#define NETBOOT "netboot rocky9.4-x86_64-compute"
#define KERNEL	"xcat/osimage/img1/kernel"
#define INITRD	"xcat/osimage/img1/initrd.gz"
#define NODES	BOOT_TFTPDIR "/xcat/xnba/nodes/"
#define GRUB	BOOT_TFTPDIR "/boot/grub2/"

static BootWorld *world;

static int setup(void **state)
{
	(void)state;
	world = boot_world_new();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	boot_world_free(world);
	return 0;
}

static void assert_told(const char *wanted)
{
	g_autofree char *told = boot_told(world);

	assert_string_equal(told, wanted);
}

/* All of its paths are these, joined by blanks. */
static void assert_paths(guint i, const char *wanted)
{
	g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *joined = NULL;

	boot_paths(world->facts, i, paths);
	joined = world_names(paths);
	assert_string_equal(joined, wanted);
}

/* The same of its files. */
static void assert_files(guint i, const char *wanted)
{
	g_autoptr(GPtrArray) files = boot_render(world->facts, i);
	g_autoptr(GString) joined = g_string_new(NULL);

	assert_non_null(files);
	for (guint j = 0; j < files->len; j++)
		g_string_append_printf(joined, "%s%s", j ? " " : "",
				       ((BootFile *)files->pdata[j])->path);
	assert_string_equal(joined->str, wanted);
}

/* A line of a file, or of the file that it is. */
static void assert_holds(guint i, const char *part)
{
	g_autofree char *text = boot_shown(world, i);

	if (!strstr(text, part))
		fail_msg("%s is not in\n%s", part, text);
}

static void assert_refused_node(guint i)
{
	assert_null(boot_render(world->facts, i));
}

/* ---- Hostile values ---- */

static const char *hostile_value(const Facts *hostile, guint row, const char *column)
{
	const char *value = facts_get(hostile, row, column);

	return g_str_equal(value, "@none") ? NULL : value;
}

static void add_hostile(const Facts *hostile)
{
	for (guint row = 0; row < hostile->rows->len; row++) {
		const char *node = hostile_value(hostile, row, "node");

		boot_node(world, node, hostile_value(hostile, row, "netboot"),
			  hostile_value(hostile, row, "state"));
		boot_kernel(world, node, hostile_value(hostile, row, "kernel"),
			    hostile_value(hostile, row, "initrd"),
			    hostile_value(hostile, row, "kcmdline"),
			    hostile_value(hostile, row, "addkcmdline"));
	}
}

/* What is told of a node; gives the text. */
static char *told_of(const char *node)
{
	const GPtrArray *problems = boot_problems(world->facts);
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < problems->len; i++) {
		const ServiceProblem *problem = problems->pdata[i];

		if (g_str_equal(problem->node, node))
			g_string_append_printf(text, "%s\n", problem->words);
	}
	return g_string_free(text, FALSE);
}

static void check_hostile(const Facts *hostile, guint row, GString *golden)
{
	const char *node = hostile_value(hostile, row, "node");
	const char *problem = hostile_value(hostile, row, "problem");
	g_autofree char *told = told_of(node), *text = boot_shown(world, row);

	if (!problem && *told)
		fail_msg("%s: %s", facts_get(hostile, row, "what"), told);
	if (problem && !strstr(told, problem))
		fail_msg("%s: it is told: %s", facts_get(hostile, row, "what"), told);
	if (problem && strchr(told, '\n') != told + strlen(told) - 1)
		fail_msg("%s: it is told twice: %s", facts_get(hostile, row, "what"), told);
	assert_int_equal(g_str_equal(text, "(refused)\n"), problem != NULL);
	if (!problem)
		g_string_append_printf(golden, "# %s: %s\n%s", node,
				       facts_get(hostile, row, "what"), text);
}

static void assert_golden(const char *got)
{
	g_autofree char *path = harness_source(BOOT_CASES "/golden/files");
	g_autofree char *wanted = NULL;

	if (g_getenv("SNMOVE_GOLDEN")) {
		assert_true(g_file_set_contents(path, got, -1, NULL));
		return;
	}
	assert_true(g_file_get_contents(path, &wanted, NULL, NULL));
	if (!g_str_equal(got, wanted))
		fail_msg("golden/files differs: try SNMOVE_GOLDEN=1 and git diff");
}

static void a_value_that_no_file_can_hold_is_refused(void **state)
{
	g_autofree char *path = harness_source(BOOT_CASES "/hostile.tsv");
	g_autoptr(GString) golden = g_string_new(NULL);
	Facts *hostile = facts_read(path);

	(void)state;
	add_hostile(hostile);
	boot_gather(world);
	for (guint row = 0; row < hostile->rows->len; row++)
		check_hostile(hostile, row, golden);
	assert_golden(golden->str);
	facts_free(hostile);
}

static void control_characters_are_refused(void **state)
{
	static const char *const netboots[] = { "xnba", "pxe", "grub2", "petitboot", "yaboot" };
	static const char bytes[] = "\x01\x08\x0b\x0c\x1b\x7f";

	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(netboots) * strlen(bytes); i++) {
		g_autofree char *node = g_strdup_printf("cn%zu", i);
		g_autofree char *line = g_strdup_printf("a%cb", bytes[i % strlen(bytes)]);

		boot_node(world, node, netboots[i / strlen(bytes)], NETBOOT);
		boot_kernel(world, node, KERNEL, INITRD, line, NULL);
	}
	boot_gather(world);
	for (guint i = 0; i < world->base->nodes->len; i++)
		assert_refused_node(i);
}

static void a_folder_that_is_a_command_is_refused(void **state)
{
	static const char *const folders[] = {
		"tftp", "/a;b", "/a b", "/a/../b", "/a\n", "/$x"
	};

	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
		g_autofree char *node = g_strdup_printf("cn%zu", i);
		g_autofree char *cell = dhcp_cell(folders[i]);
		g_autofree char *sql = g_strdup_printf(
			"UPDATE noderes SET tftpdir = %s WHERE node = '%s';", cell, node);

		boot_node(world, node, "xnba", "boot");
		world_execute(world->base->world, sql);
	}
	boot_gather(world);
	for (guint i = 0; i < G_N_ELEMENTS(folders); i++) {
		assert_refused_node(i);
		assert_paths(i, "");
	}
}

static void a_word_that_is_a_command_is_no_name(void **state)
{
	(void)state;
	boot_node(world, "cn1", "grub2", "boot");
	boot_node(world, "cn2", "petitboot", NETBOOT);
	boot_kernel(world, "all", KERNEL, INITRD, NULL, NULL);
	world_execute(world->base->world, "UPDATE nodetype SET arch = 'x86_64/../x';"
					  "UPDATE noderes SET tftpserver = 'a/b\"';");
	boot_gather(world);
	assert_told("!cn1: nodetype.arch 'x86_64/../x' cannot be part of a name\n"
		    "!cn2: noderes.tftpserver or xcatmaster 'a/b\"' cannot be the name of a "
		    "host\n");
}

/* ---- What is looked up ---- */

/* What a node with these options is told, and its command line is. */
static const struct {
	const char *added, *told, *line;
} lookups[] = {
	{ "a=#NODEATTRIB:nodetype:os# b=#TABLE:noderes:$NODE:xcatmaster#", "",
	  "quiet a=rocky9.4 b=sn2-c \n" },
	{ "a=#NODEATTRIB:nodehm:conserver#", "", "quiet a= \n" },
	{ "a=#NODEATTRIB:noderes:comments#", "", "quiet a=rocky9.4 \n" },
	{ "a=#NODEATTRIB:nodetype#", "", "quiet a=#NODEATTRIB:nodetype# \n" },
	{ "a=#NODEATTRIB:nosuch:os#",
	  "addkcmdline asks for 'nosuch.os': there is no such table of nodes\n", NULL },
	{ "a=#NODEATTRIB:site:value#",
	  "addkcmdline asks for 'site.value': there is no such table of nodes\n", NULL },
	{ "a=#NODEATTRIB:nodetype:nosuch#",
	  "addkcmdline asks for 'nodetype.nosuch': no column 'nosuch' in table 'nodetype'\n",
	  NULL },
	{ "a=#TABLE:nodetype:x:os#",
	  "addkcmdline asks by 'x' and can only by THISNODE or $NODE\n", NULL },
	{ "a=#NODEATTRIB:nodehm:mgt#", "addkcmdline looks up more than 64 values\n", NULL },
	{ "a=#NODEATTRIB:nodelist:status#",
	  "its kernel command line 'quiet a=x\\ny ' has a line end, which pxelinux's file "
	  "cannot "
	  "hold\n",
	  NULL },
};

static void what_is_added_is_looked_up(void **state)
{
	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(lookups); i++) {
		g_autofree char *node = g_strdup_printf("cn%zu", i);

		boot_node(world, node, "pxe", NETBOOT);
		boot_kernel(world, node, KERNEL, INITRD, "quiet", lookups[i].added);
		dhcp_row(world->base, "nodehm", node, "mgt", "#NODEATTRIB:nodehm:mgt#");
	}
	world_execute(world->base->world,
		      "UPDATE noderes SET comments = '#NODEATTRIB:nodetype:os#';"
		      "UPDATE nodelist SET status = 'x' || char(10) || 'y';");
	boot_gather(world);
	for (guint i = 0; i < G_N_ELEMENTS(lookups); i++) {
		g_autofree char *told = told_of(world->base->nodes->pdata[i]);

		assert_string_equal(told, lookups[i].told);
		if (lookups[i].line)
			assert_holds(i, lookups[i].line);
		else
			assert_refused_node(i);
	}
}

/* ---- States ---- */

static void a_state_without_a_kernel_needs_a_row_that_says_so(void **state)
{
	(void)state;
	boot_node(world, "cn1", "xnba", "standby");
	boot_node(world, "cn2", "xnba", "standby");
	boot_kernel(world, "cn2", NULL, NULL, NULL, NULL);
	boot_node(world, "cn3", "xnba", "standby");
	boot_kernel(world, "cn3", NULL, NULL, NULL, "debug");
	boot_node(world, "cn4", "xnba", "shell");
	boot_kernel(world, "cn4", NULL, NULL, NULL, NULL);
	boot_node(world, "cn5", "xnba", "boot");
	boot_gather(world);
	assert_told(
		"!cn1: its state is 'standby', and bootparams does not say with which kernel, "
		"type: nodeset cn1 enact\n"
		"!cn3: its state is 'standby', and bootparams does not say with which kernel, "
		"type: nodeset cn3 enact\n"
		"!cn4: its state is 'shell', and bootparams does not say with which kernel, "
		"type: nodeset cn4 enact\n");
	assert_refused_node(0);
	assert_files(1, NODES "cn2 " NODES "cn2.uefi");
	assert_files(4, NODES "cn5 " NODES "cn5.uefi");
}

static void a_row_of_a_group_says_so_as_well(void **state)
{
	(void)state;
	boot_node(world, "cn1", "yaboot", "standby");
	boot_kernel(world, "all", NULL, NULL, NULL, NULL);
	boot_gather(world);
	assert_told("");
	assert_holds(0, "#standby\ntimeout=5\nbye\n");
}

static void windows_is_told_by_dhcp_what_it_loads(void **state)
{
	(void)state;
	boot_node(world, "cn1", "xnba", "install win2012-x86_64-compute");
	boot_node(world, "cn2", "xnba", "winshell winpe-x86_64");
	boot_node(world, "cn3", "xnba", "install custom-x86_64-compute");
	boot_kernel(world, "all", NULL, NULL, NULL, NULL);
	world_execute(world->base->world,
		      "UPDATE nodetype SET os = 'win10', provmethod = 'netboot'"
		      " WHERE node = 'cn3';");
	boot_gather(world);
	assert_told("");
	for (guint i = 0; i < 3; i++)
		assert_holds(i, "\nLOCALBOOT 0\n");
}

static void a_node_offline_has_no_files_and_keeps_its_paths(void **state)
{
	(void)state;
	boot_node(world, "cn1", "pxe", "offline");
	boot_node(world, "cn2", "grub2", "offline");
	boot_gather(world);
	assert_told("");
	assert_files(0, "");
	assert_files(1, "");
	assert_paths(0,
		     BOOT_TFTPDIR "/pxelinux.cfg/0A010501 " BOOT_TFTPDIR "/pxelinux.cfg/cn1");
}

static void paths_need_no_state(void **state)
{
	(void)state;
	boot_node(world, "cn1", "xnba", NULL);
	boot_node(world, "cn2", "yaboot", NETBOOT);
	boot_gather(world);
	assert_refused_node(0);
	assert_refused_node(1);
	assert_paths(0, NODES "cn1 " NODES "cn1.elilo " NODES "cn1.pxelinux " NODES "cn1.uefi");
	assert_paths(1, BOOT_TFTPDIR "/etc/0a010502 " BOOT_TFTPDIR "/etc/cn2 " BOOT_TFTPDIR
				     "/yaboot.conf-42-00-0a-02-00-02");
}

/* ---- Addresses and MACs ---- */

static void set_mac(const char *node, const char *mac, const char *nic)
{
	g_autofree char *cell = dhcp_cell(mac), *other = dhcp_cell(nic);
	g_autofree char *sql = g_strdup_printf("UPDATE mac SET mac = %s WHERE node = '%s';"
					       "UPDATE noderes SET installnic = %s WHERE node ="
					       " '%s';",
					       cell, node, other, node);

	world_execute(world->base->world, sql);
}

static const struct {
	const char *mac, *nic, *name; /* of the file that is named by it */
} macs[] = {
	{ "42:00:0A:02:00:01", NULL, "42-00-0a-02-00-01" },
	{ "42:00:0A:02:00:01", "mac", "42-00-0a-02-00-01" },
	{ "42:00:0A:02:00:01", "42:00:0A:02:00:FF", "42-00-0a-02-00-ff" },
	{ "42:00:0A:02:00:01|42:00:0A:02:00:02!cn3", NULL, "42-00-0a-02-00-02" },
	{ "42:00:0A:02:00:01!x|42:00:0A:02:00:02", NULL, "42-00-0a-02-00-02" },
	{ "42-00-0A-02-00-05", NULL, "42-00-0a-02-00-05" },
	{ "42000A020006", NULL, "42-00-0a-02-00-06" },
	{ "80:00:00:48:fe:80:00:00", NULL, "80-00-00-48-fe-80:00:00" },
	{ "42:00:0A:02:00:01!x", NULL, NULL },
	{ "42:00:../etc", NULL, NULL },
	{ NULL, NULL, NULL },
};

static void the_file_is_named_by_the_first_mac(void **state)
{
	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(macs); i++) {
		world = world ? world : boot_world_new();
		boot_node(world, "cn3", "grub2", "boot");
		set_mac("cn3", macs[i].mac, macs[i].nic);
		boot_gather(world);
		assert_told("");
		if (macs[i].name) {
			g_autofree char *file =
				g_strconcat(GRUB "grub.cfg-01-", macs[i].name, "\n", NULL);

			assert_holds(0, file);
			assert_holds(0, "#boot\nset timeout=5\n");
		} else {
			assert_files(0, GRUB "cn3 " GRUB "grub.cfg-0A010501");
		}
		g_clear_pointer(&world, boot_world_free);
	}
	world = boot_world_new();
}

static void a_file_is_the_first_nodes_that_has_it(void **state)
{
	(void)state;
	boot_node(world, "cn1", "pxe", "boot");
	boot_node(world, "cn2", "pxe", "boot");
	boot_node(world, "cn3", "xnba", "boot");
	boot_node(world, "cn3.uefi", "xnba", "boot");
	set_mac("cn2", "42:00:0A:02:00:02!cn1", NULL);
	boot_gather(world);
	assert_told(
		"cn2: its file /srv/tftp/pxelinux.cfg/0A010501 is one of cn1, and left to that "
		"node\n"
		"!cn3.uefi: its file /srv/tftp/xcat/xnba/nodes/cn3.uefi is one of cn3\n");
	assert_files(0,
		     BOOT_TFTPDIR "/pxelinux.cfg/0A010501 " BOOT_TFTPDIR "/pxelinux.cfg/cn1");
	assert_files(1,
		     BOOT_TFTPDIR "/pxelinux.cfg/0A010502 " BOOT_TFTPDIR "/pxelinux.cfg/cn2");
	assert_paths(1,
		     BOOT_TFTPDIR "/pxelinux.cfg/0A010502 " BOOT_TFTPDIR "/pxelinux.cfg/cn2");
	assert_refused_node(3);
}

static void a_node_that_is_named_twice_is_one(void **state)
{
	(void)state;
	boot_node(world, "cn1", "grub2", "boot");
	boot_add(world, "cn1", "sn2-c", "10.1.1.12");
	boot_gather(world);
	assert_told("");
	assert_files(1, GRUB "cn1 " GRUB "grub.cfg-01-42-00-0a-02-00-01 " GRUB
			     "grub.cfg-0A010501");
}

static void a_database_without_these_tables_says_nothing(void **state)
{
	(void)state;
	boot_node(world, "cn1", "xnba", "boot");
	boot_node(world, "cn2", "xnba", "standby");
	world_execute(world->base->world, "DROP TABLE bootparams; DROP TABLE linuximage;"
					  "DROP TABLE boottarget; DROP TABLE iscsi;");
	boot_gather(world);
	assert_holds(0, "#!gpxe\n#boot\nexit\n");
	assert_refused_node(1);
}

/* ---- Servers ---- */

static void a_server_without_an_address_there_is_a_problem(void **state)
{
	static const char *const netboots[] = { "pxe", "grub2", "petitboot", "yaboot" };

	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(netboots); i++) {
		g_autofree char *node = g_strdup_printf("cn%zu", i);

		boot_node(world, node, netboots[i], NETBOOT);
		boot_kernel(world, node, KERNEL, INITRD, "XCAT=!myipfn!:3001", NULL);
		g_free(world->addresses->pdata[i]);
		world->addresses->pdata[i] = NULL;
	}
	boot_gather(world);
	for (guint i = 0; i < G_N_ELEMENTS(netboots); i++) {
		g_autofree char *told = told_of(world->base->nodes->pdata[i]);

		assert_refused_node(i);
		assert_string_equal(told,
				    "!myipfn! in its kernel command line is the address of "
				    "its service node on its network, and there 'sn2-c' has "
				    "none\n");
	}
}

static void petitboot_takes_the_one_that_answers_for_a_name(void **state)
{
	(void)state;
	boot_node(world, "cn1", "petitboot", NETBOOT);
	boot_kernel(world, "cn1", KERNEL, INITRD, NULL, NULL);
	world_execute(world->base->world, "UPDATE noderes SET tftpserver = '<xcatmaster>';");
	boot_gather(world);
	assert_told(
		"cn1: noderes.tftpserver is <xcatmaster>, which xCAT writes for petitboot as "
		"it is and nobody can reach, type: chdef cn1 tftpserver=SERVER\n");
	assert_holds(0, "\tkernel http://<xcatmaster>:80/srv/tftp/" KERNEL "\n");
}

static void a_port_is_behind_the_server(void **state)
{
	(void)state;
	boot_node(world, "cn1", "xnba", NETBOOT);
	boot_node(world, "cn2", "grub2-http", NETBOOT);
	boot_node(world, "cn3", "grub2-tftp", NETBOOT);
	boot_kernel(world, "all", KERNEL, INITRD, "quiet", NULL);
	world_execute(world->base->world, "INSERT INTO site (key, value) VALUES"
					  " ('httpport', '8080'), ('xcatdebugmode', '2');");
	boot_gather(world);
	assert_told("");
	assert_holds(0, "imgfetch -n kernel http://${next-server}:8080/tftpboot/" KERNEL "\n");
	assert_holds(0, "chain http://${next-server}:8080/tftpboot/xcat/elilo-x64.efi ");
	assert_holds(1, "#" NETBOOT "\nset debug=all\nset timeout=5\n");
	assert_holds(1, "    set root=http,10.1.1.12:8080\n");
	assert_holds(2, "    set root=tftp,10.1.1.12\n");
}

static void a_node_may_have_a_folder_of_its_own(void **state)
{
	(void)state;
	boot_node(world, "cn1", "grub2-http", NETBOOT);
	boot_node(world, "cn2", "xnba", "boot");
	boot_kernel(world, "all", KERNEL, NULL, NULL, NULL);
	world_execute(world->base->world,
		      "UPDATE site SET value = '/srv/slash//' WHERE key = 'tftpdir';"
		      "UPDATE noderes SET tftpdir = '/srv/own' WHERE node = 'cn1';");
	boot_gather(world);
	assert_holds(1, "== /srv/slash/xcat/xnba/nodes/cn2\n");
	world_execute(world->base->world, "DELETE FROM site;");
	world->look = NULL;
	boot_gather(world);
	assert_told("");
	assert_holds(0, "== /srv/own/boot/grub2/cn1\n");
	assert_holds(0, "    linuxefi /srv/own/" KERNEL " BOOTIF=$net_default_mac\n");
	assert_files(1, "/tftpboot/xcat/xnba/nodes/cn2 /tftpboot/xcat/xnba/nodes/cn2.uefi");
}

static void sles_in_standby_has_no_loader(void **state)
{
	(void)state;
	boot_node(world, "cn1", "grub2", "standby");
	boot_kernel(world, "cn1", NULL, NULL, NULL, NULL);
	world_execute(world->base->world, "UPDATE nodetype SET os = 'sles15.3';");
	boot_gather(world);
	assert_files(0, GRUB "cn1 " GRUB "grub.cfg-01-42-00-0a-02-00-01 " GRUB
			     "grub.cfg-0A010501");
}

/* Without anybody to ask, no kernel has a stub, and all loaders are there. */
static void what_nobody_says_is_the_usual(void **state)
{
	(void)state;
	boot_node(world, "cn1", "xnba", NETBOOT);
	boot_kernel(world, "cn1", "xcat/osimage/efi/kernel", INITRD, "quiet", NULL);
	boot_node(world, "cn2", "grub2", "standby");
	boot_kernel(world, "cn2", NULL, NULL, NULL, NULL);
	world_execute(world->base->world, "UPDATE nodetype SET arch = 'aarch64';");
	boot_gather(world);
	assert_files(0, NODES "cn1 " NODES "cn1.uefi");
	assert_refused_node(1);
	world->look = NULL;
	boot_gather(world);
	assert_files(0, NODES "cn1 " NODES "cn1.elilo " NODES "cn1.uefi");
	assert_holds(1, "== " GRUB "grub2-cn2 -> grub2.aarch64\n");
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
	const struct CMUnitTest all[] = {
		TEST(a_value_that_no_file_can_hold_is_refused),
		TEST(control_characters_are_refused),
		TEST(a_folder_that_is_a_command_is_refused),
		TEST(a_word_that_is_a_command_is_no_name),
		TEST(what_is_added_is_looked_up),
		TEST(windows_is_told_by_dhcp_what_it_loads),
		TEST(a_node_that_is_named_twice_is_one),
		TEST(a_database_without_these_tables_says_nothing),
		TEST(a_state_without_a_kernel_needs_a_row_that_says_so),
		TEST(a_row_of_a_group_says_so_as_well),
		TEST(a_node_offline_has_no_files_and_keeps_its_paths),
		TEST(paths_need_no_state),
		TEST(the_file_is_named_by_the_first_mac),
		TEST(a_file_is_the_first_nodes_that_has_it),
		TEST(a_server_without_an_address_there_is_a_problem),
		TEST(petitboot_takes_the_one_that_answers_for_a_name),
		TEST(a_port_is_behind_the_server),
		TEST(a_node_may_have_a_folder_of_its_own),
		TEST(sles_in_standby_has_no_loader),
		TEST(what_nobody_says_is_the_usual),
	};

	return cmocka_run_group_tests_name("boot, values", all, NULL, NULL);
}
