/*
 * The whole table of who holds what: every shape of a node with every setting that counts for
 * it, in tests/cases/holders/holders.tsv.  @undef there is a value that is not set.
 */
#include "core/services.h"
#include "tests/unit/cluster_world.h"

static const char tables[] =
	"ALTER TABLE networks ADD COLUMN dhcpserver TEXT;"
	"INSERT INTO nodelist (node, groups) VALUES ('cn1','all'), ('cn2','all'), "
	"('cn3','all'),"
	" ('cn4','all'), ('mn','all'), ('sn1','service'), ('sn2','service'), ('sn3','service');"
	"INSERT INTO networks (netname, net, mask) VALUES"
	" ('cluster','10.0.0.0','255.255.0.0'), ('smaller','10.0.8.0','24');";

/* cn2 has no address, cn3 is in no network, cn4 in the smaller one. */
static const char hosts_text[] = "10.0.0.1 mn.cluster.test mn\n"
				 "10.0.0.11 sn1.cluster.test sn1 first-alias\n"
				 "10.0.0.12 sn2\n"
				 "10.0.0.13 sn3\n"
				 "10.0.0.14 sn4\n"
				 "10.1.0.11 sn1-c\n"
				 "10.0.1.1 cn1\n"
				 "10.9.1.3 cn3\n"
				 "10.0.8.4 cn4\n";

static Facts *cases;
static World *world;
static Hosts *hosts;

static int setup(void **state)
{
	g_autofree char *path = NULL;

	(void)state;
	world = world_new(tables);
	path = g_build_filename(world->directory, "hosts", NULL);
	assert_true(g_file_set_contents(path, hosts_text, -1, NULL));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	g_clear_pointer(&hosts, hosts_free);
	world_free(world);
	return 0;
}

/* A cell of the facts as SQL has it. */
static const char *cell(guint row, const char *column, char **buffer)
{
	const char *text = facts_get(cases, row, column);

	g_free(*buffer);
	*buffer =
		g_str_equal(text, "@undef") ? g_strdup("NULL") : g_strdup_printf("'%s'", text);
	return *buffer;
}

static void set_site(GString *sql, guint row, const char *key)
{
	g_autofree char *value = NULL;

	g_string_append_printf(sql, "INSERT INTO site (key, value) VALUES ('%s',%s);", key,
			       cell(row, key, &value));
}

/* "sn1=1,sn2=y": rows of servicenode, of nodes or groups. */
static void set_roles(GString *sql, const char *roles)
{
	g_auto(GStrv) items = g_strsplit(g_str_equal(roles, "@undef") ? "" : roles, ",", -1);

	for (guint i = 0; items[i]; i++) {
		char *value = strchr(items[i], '=');

		assert_non_null(value);
		*value++ = '\0';
		g_string_append_printf(
			sql, "INSERT INTO servicenode (node, dhcpserver) VALUES ('%s','%s');",
			items[i], value);
	}
}

static int by_name(gconstpointer a, gconstpointer b, gpointer data)
{
	(void)data;
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The database and the hosts, as the row has them. */
static void prepare(guint row)
{
	g_autofree char *path = g_build_filename(world->directory, "hosts", NULL);
	g_autofree char *node = NULL, *a = NULL, *b = NULL;
	g_autoptr(GString) sql = g_string_new(
		"BEGIN; DELETE FROM noderes; DELETE FROM nodehm; DELETE FROM site;"
		" DELETE FROM servicenode;"
		" INSERT INTO site (key, value) VALUES ('domain','cluster.test');");

	set_site(sql, row, "master");
	set_site(sql, row, "disjointdhcps");
	set_site(sql, row, "sharedtftp");
	set_site(sql, row, "sharedinstall");
	set_roles(sql, facts_get(cases, row, "roles"));
	g_string_append_printf(
		sql, "INSERT INTO noderes (node, servicenode, xcatmaster) VALUES (%s,%s,%s);",
		cell(row, "node", &node), cell(row, "servicenode", &a),
		cell(row, "xcatmaster", &b));
	g_string_append_printf(sql, "INSERT INTO nodehm (node, conserver) VALUES (%s,%s);",
			       node, cell(row, "conserver", &a));
	g_string_append_printf(sql,
			       "UPDATE networks SET dhcpserver = %s WHERE netname = 'cluster';"
			       " COMMIT;",
			       cell(row, "dhcpserver", &a));
	world_execute(world, sql->str);
	g_clear_pointer(&hosts, hosts_free);
	world_read(world);
	hosts = hosts_new(world->cluster, path, 0);
}

/* Of many nodes at once each has the same; this one is asked for among others. */
static char *shared(guint row, HoldersService service)
{
	const char *node = facts_get(cases, row, "node");
	const char *const nodes[] = { "cn2", node, "cn3" };
	g_autoptr(GError) problem = NULL;
	g_autoptr(GPtrArray) shares =
		holders_share(world->cluster, hosts, nodes, 3, service, &problem);
	g_autoptr(GPtrArray) holders = g_ptr_array_new();

	assert_ok(shares, problem);
	for (guint i = 0; i < shares->len; i++) {
		const HoldersShare *share = shares->pdata[i];

		for (guint j = 0; j < share->nodes->len; j++)
			if (share->nodes->pdata[j] == (gpointer)node) {
				g_ptr_array_add(holders, (gpointer)share->host);
				break;
			}
	}
	g_ptr_array_sort_with_data(holders, by_name, NULL);
	g_ptr_array_add(holders, NULL);
	return g_strjoinv(",", (char **)holders->pdata);
}

static void the_holders_of_many_are_those_of_each(void **state)
{
	guint row = facts_row(state);

	prepare(row);
	for (guint i = 0; holders_services()[i]; i++) {
		g_autofree char *got = shared(row, (HoldersService)i);
		g_auto(GStrv) wanted =
			g_strsplit(facts_get(cases, row, holders_services()[i]), ",", -1);
		g_autofree char *sorted = NULL;

		g_qsort_with_data(wanted, (int)g_strv_length(wanted), sizeof(char *), by_name,
				  NULL);
		sorted = g_strjoinv(",", wanted);
		assert_string_equal(got, sorted);
	}
}

static void the_holders_are_those_of_the_table(void **state)
{
	guint row = facts_row(state);
	const char *const *services = holders_services();

	prepare(row);
	for (guint i = 0; services[i]; i++) {
		g_autoptr(GError) problem = NULL;
		g_autoptr(GPtrArray) holders =
			holders_of(world->cluster, hosts, facts_get(cases, row, "node"),
				   (HoldersService)i, &problem);
		g_autofree char *got = NULL, *found = NULL, *wanted = NULL;

		assert_ok(holders, problem);
		assert_null(problem);
		g_ptr_array_add(holders, NULL);
		got = g_strjoinv(",", (char **)holders->pdata);
		found = g_strdup_printf("%s: %s", services[i], got);
		wanted = g_strdup_printf("%s: %s", services[i],
					 facts_get(cases, row, services[i]));
		assert_string_equal(found, wanted);
	}
	assert_int_equal(world->complaints->len, 0);
}

static char *case_name(const Facts *facts, guint row)
{
	return g_strdup_printf("holders are known: %s", facts_get(facts, row, "what"));
}

int main(void)
{
	g_autofree char *path = harness_source("tests/cases/holders/holders.tsv");
	int failed;

	cases = facts_read(path);
	failed = facts_run(cases, "holders", case_name, the_holders_are_those_of_the_table,
			   setup, teardown);
	failed += facts_run(cases, "holders of many", case_name,
			    the_holders_of_many_are_those_of_each, setup, teardown);
	facts_free(cases);
	return failed;
}
