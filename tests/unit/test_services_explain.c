/*
 * What is answered about a node, by the values of tests/cases/explain/explain.tsv: a row sets
 * some of them ("site.master=mn; noderes.xcatmaster=sn1-c"; of another row than the node's
 * "sn2:servicenode.dhcpserver=1"), asks one question, and has the answer, and words of why.
 */
#include "core/services.h"
#include "tests/unit/cluster_world.h"

static const char tables[] =
	"ALTER TABLE networks ADD COLUMN dhcpserver TEXT;"
	"ALTER TABLE networks ADD COLUMN nameservers TEXT;"
	"ALTER TABLE networks ADD COLUMN ntpservers TEXT;"
	"ALTER TABLE noderes ADD COLUMN nfsserver TEXT;"
	"ALTER TABLE noderes ADD COLUMN monserver TEXT;"
	"ALTER TABLE noderes ADD COLUMN netboot TEXT;"
	"ALTER TABLE noderes ADD COLUMN nameservers TEXT;"
	"ALTER TABLE noderes ADD COLUMN syslog TEXT;"
	"CREATE TABLE chain (node TEXT PRIMARY KEY, currstate TEXT, disable TEXT);"
	"CREATE TABLE mac (node TEXT PRIMARY KEY, mac TEXT, disable TEXT);"
	"CREATE TABLE postscripts (node TEXT PRIMARY KEY, postscripts TEXT,"
	" postbootscripts TEXT, disable TEXT);"
	"INSERT INTO nodelist (node, groups) VALUES ('cn1','rack1,all'), ('cn2','rack2,all'),"
	" ('cn3','rack1,all'), ('cn6','all'), ('cn9','all'), ('sn1','service'),"
	" ('sn2','service'), ('sn3','service');"
	"INSERT INTO networks (netname, net, mask) VALUES "
	"('cluster','10.0.0.0','255.255.0.0');";

/* cn6 has an address of IPv6 alone, cn9 none. */
static const char hosts_text[] = "10.0.0.1 mn\n10.0.0.11 sn1\n10.0.0.12 sn2\n10.0.0.13 sn3\n"
				 "10.0.1.1 cn1\n10.0.1.2 cn2\n10.0.1.3 cn3\n"
				 "fd00::6 cn6\n";

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

/* ---- The tables ---- */

static void set_cell(GString *sql, const char *row, const char *table, const char *column,
		     const char *value)
{
	if (g_str_equal(table, "site"))
		g_string_append_printf(sql, "INSERT INTO site (key, value) VALUES ('%s','%s');",
				       column, value);
	else if (g_str_equal(table, "networks"))
		g_string_append_printf(sql, "UPDATE networks SET %s = '%s';", column, value);
	else
		g_string_append_printf(sql,
				       "INSERT INTO %s (node, %s) VALUES ('%s','%s')"
				       " ON CONFLICT (node) DO UPDATE SET %s = '%s';",
				       table, column, row, value, column, value);
}

/* "table.column=value; row:table.column=value" */
static void set_cells(GString *sql, const char *node, const char *text)
{
	g_auto(GStrv) items = g_strsplit(text, "; ", -1);

	for (guint i = 0; items[i] && *items[i]; i++) {
		g_auto(GStrv) sides = g_strsplit(items[i], "=", 2);
		char *name = strrchr(sides[0], ':'), *dot = strchr(sides[0], '.');

		assert_non_null(dot);
		assert_non_null(sides[1]);
		*dot = '\0';
		if (name)
			*name = '\0';
		set_cell(sql, name ? sides[0] : node, name ? name + 1 : sides[0], dot + 1,
			 sides[1]);
	}
}

static void prepare(const char *node, const char *text)
{
	g_autofree char *path = g_build_filename(world->directory, "hosts", NULL);
	g_autoptr(GString) sql =
		g_string_new("BEGIN; DELETE FROM noderes; DELETE FROM nodehm; DELETE FROM site;"
			     " DELETE FROM servicenode; DELETE FROM chain; DELETE FROM mac;"
			     " DELETE FROM postscripts;"
			     " UPDATE networks SET dhcpserver = NULL, nameservers = NULL,"
			     " ntpservers = NULL, gateway = NULL;");

	set_cells(sql, node, text);
	g_string_append(sql, "COMMIT;");
	world_execute(world, sql->str);
	g_clear_pointer(&hosts, hosts_free);
	world_read(world);
	hosts = hosts_new(world->cluster, path, 0);
}

/* ---- Answers ---- */

static GPtrArray *explained(const char *const *nodes, guint n)
{
	g_autoptr(GError) problem = NULL;
	GPtrArray *groups = explain_nodes(world->cluster, hosts, nodes, n, &problem);

	assert_ok(groups, problem);
	return groups;
}

static const ExplainAnswer *answer_to(const ExplainGroup *group, const char *question)
{
	for (guint i = 0; i < group->answers->len; i++) {
		const ExplainAnswer *answer = group->answers->pdata[i];

		if (g_str_equal(answer->question, question))
			return answer;
	}
	fail_msg("no question '%s'", question);
	return NULL;
}

/* "any: sn1,sn2" */
static char *answer_text(const ExplainAnswer *answer)
{
	g_autofree const char **texts = g_new0(const char *, answer->answers->len + 1);
	g_autofree char *joined = NULL;

	for (guint i = 0; i < answer->answers->len; i++)
		texts[i] = answer->answers->pdata[i];
	joined = g_strjoinv(",", (char **)texts);
	return g_strconcat(answer->any ? "any: " : "", joined, NULL);
}

/* The rule, the warning, the values: "noderes.xcatmaster=sn1-c(rack1)". */
static char *why_text(const ExplainAnswer *answer)
{
	GString *text = g_string_new(answer->rule);

	g_string_append_printf(text, " [%s]", answer->warning ? answer->warning : "");
	for (guint i = 0; i < answer->facts->len; i++) {
		const ExplainFact *fact = &g_array_index(answer->facts, ExplainFact, i);

		g_string_append_printf(text, " %s=%s(", fact->name,
				       fact->value ? fact->value : "@undef");
		for (guint j = 0; fact->rows && j < fact->rows->len; j++)
			g_string_append_printf(text, "%s%s", j ? "," : "",
					       (const char *)fact->rows->pdata[j]);
		g_string_append_c(text, ')');
	}
	return g_string_free(text, FALSE);
}

static void assert_why(const ExplainAnswer *answer, const char *wanted)
{
	g_autofree char *why = why_text(answer);
	g_auto(GStrv) parts = g_strsplit(wanted, "; ", -1);

	for (guint i = 0; parts[i]; i++)
		if (!strstr(why, parts[i]))
			fail_msg("'%s' does not say '%s'", why, parts[i]);
}

static void the_answer_is_that_of_the_table(void **state)
{
	guint row = facts_row(state);
	const char *node = facts_get(cases, row, "node");
	const char *question = facts_get(cases, row, "question");
	const ExplainGroup *group;
	g_autofree char *text = NULL;
	g_autoptr(GPtrArray) groups = NULL;

	prepare(node, facts_get(cases, row, "set"));
	groups = explained(&node, 1);
	assert_int_equal(groups->len, 1);
	group = groups->pdata[0];
	if (g_str_equal(question, "shape")) {
		assert_string_equal(holders_shape_name(group->shape),
				    facts_get(cases, row, "answer"));
		return;
	}
	text = answer_text(answer_to(group, question));
	assert_string_equal(text, facts_get(cases, row, "answer"));
	assert_why(answer_to(group, question), facts_get(cases, row, "why"));
}

static char *case_name(const Facts *facts, guint row)
{
	return g_strdup_printf("%s: %s", facts_get(facts, row, "question"),
			       facts_get(facts, row, "what"));
}

/* ---- Groups ---- */

static void nodes_with_the_same_values_are_one_group(void **state)
{
	const char *const nodes[] = { "cn1", "cn2", "cn3", "cn9" };
	const ExplainGroup *first, *other;
	g_autoptr(GPtrArray) groups = NULL;

	(void)state;
	prepare("", "site.master=mn; rack1:noderes.servicenode=sn1;"
		    " rack2:noderes.servicenode=sn1; cn3:noderes.servicenode=sn1;"
		    " cn1:mac.mac=02:00:00:00:00:01; cn2:mac.mac=02:00:00:00:00:02;"
		    " cn3:mac.mac=02:00:00:00:00:03");
	groups = explained(nodes, 4);
	assert_int_equal(groups->len, 2);
	first = groups->pdata[0];
	other = groups->pdata[1];
	assert_names(first->nodes, "cn1 cn2 cn3");
	assert_names(other->nodes, "cn9");
	assert_why(answer_to(first, "dhcp"), "noderes.servicenode=sn1(rack1,rack2,)");
}

static void what_counts_for_no_answer_parts_no_group(void **state)
{
	const char *const nodes[] = { "cn1", "cn2" };
	g_autoptr(GPtrArray) groups = NULL;

	(void)state;
	prepare("", "site.master=mn; cn1:postscripts.postscripts=a,syslog;"
		    " cn2:postscripts.postscripts=syslog,b; cn1:noderes.comments=x");
	groups = explained(nodes, 2);
	assert_int_equal(groups->len, 1);
}

static void no_nodes_are_no_groups(void **state)
{
	g_autoptr(GPtrArray) groups = NULL;

	(void)state;
	prepare("", "site.master=mn");
	groups = explained(NULL, 0);
	assert_int_equal(groups->len, 0);
}

/* Each has a value of its own, so that no two are alike. */
static void many_nodes_are_not_compared_with_each_other(void **state)
{
	enum { MANY = 20000 };
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GString) sql = g_string_new(
		"BEGIN; INSERT INTO servicenode (node, dhcpserver) VALUES ('many','1');");
	g_autoptr(GPtrArray) groups = NULL;

	(void)state;
	for (guint i = 0; i < MANY; i++) {
		char *name = g_strdup_printf("n%05u", i);

		g_ptr_array_add(names, name);
		g_string_append_printf(
			sql,
			"INSERT INTO nodelist (node, groups) VALUES ('%s','all');"
			"INSERT INTO noderes (node, nfsserver) VALUES ('%s','nfs-%s');",
			name, name, name);
	}
	g_string_append(sql, "COMMIT;");
	prepare("", "site.master=mn");
	world_execute(world, sql->str);
	world_read(world);
	hosts_free(hosts);
	hosts = hosts_new(world->cluster, "/nonexistent", 0);
	groups = explained((const char *const *)names->pdata, names->len);
	assert_int_equal(groups->len, MANY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nodes_with_the_same_values_are_one_group),
		cmocka_unit_test(what_counts_for_no_answer_parts_no_group),
		cmocka_unit_test(no_nodes_are_no_groups),
		cmocka_unit_test(many_nodes_are_not_compared_with_each_other),
	};
	g_autofree char *path = harness_source("tests/cases/explain/explain.tsv");
	int failed;

	cases = facts_read(path);
	failed = facts_run(cases, "explain", case_name, the_answer_is_that_of_the_table, setup,
			   teardown);
	failed += cmocka_run_group_tests_name("explain groups", tests, setup, teardown);
	facts_free(cases);
	return failed;
}
