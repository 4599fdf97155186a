/*
 * dhcp_world - a cluster for the tests of DHCP entries: the tables that they are made of, and
 * the hosts of the recorded cases (tests/cases/dhcp).
 */
#pragma once
#include "core/services.h"
#include "tests/unit/cluster_world.h"

#define DHCP_CASES "tests/cases/dhcp"

#define DHCP_TABLES                                                                            \
	"ALTER TABLE noderes ADD COLUMN netboot TEXT;"                                         \
	"ALTER TABLE networks ADD COLUMN dynamicrange TEXT;"                                   \
	"CREATE TABLE nodetype (node TEXT PRIMARY KEY, os TEXT, arch TEXT, disable TEXT);"     \
	"CREATE TABLE chain (node TEXT PRIMARY KEY, currstate TEXT, disable TEXT);"            \
	"CREATE TABLE mac (node TEXT PRIMARY KEY, mac TEXT, disable TEXT);"                    \
	"CREATE TABLE iscsi (node TEXT PRIMARY KEY, server TEXT, target TEXT, lun TEXT,"       \
	" disable TEXT);"                                                                      \
	"CREATE TABLE passwd (key TEXT, username TEXT, password TEXT, disable TEXT,"           \
	" PRIMARY KEY (key, username));"                                                       \
	"INSERT INTO networks (netname, net, mask) VALUES"                                     \
	" ('cluster','10.1.0.0','255.255.0.0');"

typedef struct {
	World *world;
	Hosts *hosts;
	GString *addresses;	    /* lines of the hosts file, behind the recorded ones */
	GPtrArray *nodes, *servers; /* texts, g_free */
	DhcpFacts *facts;
} DhcpWorld;

static inline DhcpWorld *dhcp_world_new(void)
{
	DhcpWorld *world = g_new0(DhcpWorld, 1);

	world->world = world_new(DHCP_TABLES);
	world->addresses = g_string_new(NULL);
	world->nodes = g_ptr_array_new_with_free_func(g_free);
	world->servers = g_ptr_array_new_with_free_func(g_free);
	return world;
}

static inline void dhcp_world_free(DhcpWorld *world)
{
	dhcp_facts_free(world->facts);
	hosts_free(world->hosts);
	world_free(world->world);
	g_string_free(world->addresses, TRUE);
	g_ptr_array_unref(world->nodes);
	g_ptr_array_unref(world->servers);
	g_free(world);
}

/* A value for SQL. */
static inline char *dhcp_cell(const char *text)
{
	g_auto(GStrv) parts = g_strsplit(text ? text : "", "'", -1);
	g_autofree char *doubled = g_strjoinv("''", parts);

	return text ? g_strdup_printf("'%s'", doubled) : g_strdup("NULL");
}

/* One row of a node: the names of columns and their values, by pairs. */
#define dhcp_row(world, table, node, ...)                                                      \
	dhcp_put_row(world, table, node, (const char *const[]){ __VA_ARGS__ },                 \
		     G_N_ELEMENTS(((const char *const[]){ __VA_ARGS__ })))

static inline void dhcp_put_row(const DhcpWorld *world, const char *table, const char *node,
				const char *const *pairs, gsize n)
{
	g_autofree char *key = dhcp_cell(node), *sql = NULL;
	g_autoptr(GString) names = g_string_new("node");
	g_autoptr(GString) values = g_string_new(key);

	for (gsize i = 0; i + 1 < n; i += 2) {
		g_autofree char *cell = dhcp_cell(pairs[i + 1]);

		g_string_append_printf(names, ",%s", pairs[i]);
		g_string_append_printf(values, ",%s", cell);
	}
	sql = g_strdup_printf("INSERT INTO %s (%s) VALUES (%s);", table, names->str,
			      values->str);
	world_execute(world->world, sql);
}

static inline void dhcp_add(DhcpWorld *world, const char *node, const char *server)
{
	g_ptr_array_add(world->nodes, g_strdup(node));
	g_ptr_array_add(world->servers, g_strdup(server));
}

#define DHCP_NODES(world) ((const char *const *)(world)->nodes->pdata)

/* The text of a file of the cases; NULL: there is no such file. */
static inline char *dhcp_case(const char *folder, const char *file)
{
	g_autofree char *path = g_strdup_printf(DHCP_CASES "/%s/%s", folder, file);
	g_autofree char *source = harness_source(path);
	char *text = NULL;

	return g_file_get_contents(source, &text, NULL, NULL) ? text : NULL;
}

static inline char *dhcp_hosts_file(const DhcpWorld *world)
{
	char *path = g_build_filename(world->world->directory, "hosts", NULL);
	g_autofree char *recorded = dhcp_case(".", "hosts");
	g_autofree char *text = g_strconcat(recorded, world->addresses->str, NULL);

	assert_true(g_file_set_contents(path, text, -1, NULL));
	return path;
}

/* What the tables have now, of all nodes that were added. */
static inline void dhcp_gather(DhcpWorld *world)
{
	g_autofree char *hosts = dhcp_hosts_file(world);
	g_autoptr(GError) problem = NULL;

	g_clear_pointer(&world->facts, dhcp_facts_free);
	g_clear_pointer(&world->hosts, hosts_free);
	world_read(world->world);
	world->hosts = hosts_new(world->world->cluster, hosts, 0);
	world->facts = dhcp_facts(world->world->cluster, world->hosts, DHCP_NODES(world),
				  (const char *const *)world->servers->pdata, world->nodes->len,
				  &problem);
	assert_ok(world->facts, problem);
}

/* A node of these values, whose service node is sn2-c; `address` NULL: it has none. */
static inline void dhcp_node(DhcpWorld *world, const char *node, const char *netboot,
			     const char *mac, const char *address)
{
	dhcp_row(world, "nodelist", node, "groups", "all");
	dhcp_row(world, "noderes", node, "netboot", netboot);
	dhcp_row(world, "mac", node, "mac", mac);
	if (address)
		g_string_append_printf(world->addresses, "%s %s\n", address, node);
	dhcp_add(world, node, "sn2-c");
}

/* ---- The recorded cases as tables ---- */

static inline const char *dhcp_input(const Facts *facts, const char *key)
{
	for (guint row = 0; row < facts->rows->len; row++)
		if (g_str_equal(facts_get(facts, row, "key"), key)) {
			const char *value = facts_get(facts, row, "value");

			return g_str_equal(value, "@undef") ? NULL : value;
		}
	fail_msg("there is no %s", key);
	return NULL;
}

/* A node that has no xcatmaster is that of the management node, 10.1.0.200. */
static inline void dhcp_add_case(DhcpWorld *world, const char *name)
{
	g_autofree char *path = g_strdup_printf(DHCP_CASES "/%s/input.tsv", name);
	g_autofree char *source = harness_source(path);
	Facts *facts = facts_read(source);
	const char *master = dhcp_input(facts, "noderes.xcatmaster");

	dhcp_row(world, "nodelist", name, "groups", "all");
	dhcp_row(world, "noderes", name, "netboot", dhcp_input(facts, "netboot"), "tftpserver",
		 dhcp_input(facts, "noderes.tftpserver"), "xcatmaster", master);
	dhcp_row(world, "nodetype", name, "os", dhcp_input(facts, "nodetype.os"), "arch",
		 dhcp_input(facts, "nodetype.arch"));
	dhcp_row(world, "chain", name, "currstate", dhcp_input(facts, "currstate"));
	dhcp_row(world, "mac", name, "mac", dhcp_input(facts, "mac.mac"));
	dhcp_row(world, "iscsi", name, "server", dhcp_input(facts, "iscsi.server"), "target",
		 dhcp_input(facts, "iscsi.target"), "lun", dhcp_input(facts, "iscsi.lun"));
	dhcp_add(world, name, master ? master : "mn-c");
	facts_free(facts);
}

static inline int dhcp_compare(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names of the nodes in a folder of cases, sorted; gives an array (g_ptr_array_unref). */
static inline GPtrArray *dhcp_names_in(const char *cases)
{
	g_autofree char *path = harness_source(cases);
	g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	const char *name;

	while (folder && (name = g_dir_read_name(folder)))
		if (g_str_has_prefix(name, "bn"))
			g_ptr_array_add(names, g_strdup(name));
	g_ptr_array_sort(names, dhcp_compare);
	return names;
}

static inline GPtrArray *dhcp_case_names(void)
{
	return dhcp_names_in(DHCP_CASES);
}

/* "NODE: WORDS" for each problem, "!" before those that leave the node out. */
static inline char *dhcp_told(const DhcpWorld *world)
{
	const GPtrArray *problems = dhcp_problems(world->facts);
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < problems->len; i++) {
		const ServiceProblem *problem = problems->pdata[i];

		g_string_append_printf(text, "%s%s: %s\n", problem->left_out ? "!" : "",
				       problem->node, problem->words);
	}
	return g_string_free(text, FALSE);
}
