/*
 * The cluster as a run plans it: cells laid over the tables, and all that is derived from them.
 * What attributes resolve to is recorded in test_attribute_cases.c.
 */
#include "tests/unit/cluster_world.h"

static const char tables[] =
	"INSERT INTO nodelist (node, groups, disable) VALUES"
	" ('cn1','rack1,all',NULL), ('cn2','rack1,all',NULL), ('cn3','rack2,all',NULL),"
	" ('off','rack1,all,offonly','1'), ('alone',NULL,NULL), ('odd',',rack2,,rack2,',NULL);"
	"INSERT INTO noderes (node, servicenode, xcatmaster) VALUES"
	" ('cn1','sn1,sn2',NULL), ('rack1','sn7','sn7-c'), ('rack2','sn8','sn8-c'),"
	" ('all','sn9','sn9-c'), ('off','snx',NULL);"
	"INSERT INTO networks (netname, net, mask, gateway) VALUES"
	" ('a','10.0.0.0','255.0.0.0','10.0.0.1'), ('b','10.0.0.0','255.255.0.0','10.0.0.2');";

static int setup(void **state)
{
	*state = world_new(tables);
	return 0;
}

static int teardown(void **state)
{
	world_free(*state);
	return 0;
}

/* `after`: "~" is NULL, "-" is to take the cell away.  Gives what was there, likewise; "-" also
 * for a cell without a value of a row that is only planned. */
static const char *plan(World *world, const char *table, const char *key, const char *column,
			const char *after)
{
	StoreCell cell = { STORE_CELL_TEXT, after };
	ClusterPlan planned;
	g_autoptr(GError) problem = NULL;

	if (g_str_equal(after, "~"))
		cell = (StoreCell){ STORE_CELL_NULL, NULL };
	else if (g_str_equal(after, "-"))
		cell = (StoreCell){ STORE_CELL_NO_ROW, NULL };
	assert_ok(cluster_plan(world->cluster, table, KEY(key), 1, column, cell, &planned,
			       &problem),
		  problem);
	return planned.before.kind == STORE_CELL_NO_ROW ? "-"
	       : planned.before.kind == STORE_CELL_NULL ? "~"
							: planned.before.text;
}

static void assert_value(World *world, const char *node, const char *table, const char *column,
			 const char *text, const char *from)
{
	g_autoptr(GError) problem = NULL;
	ClusterValue value;

	assert_ok(cluster_resolve(world->cluster, node, table, column, &value, &problem),
		  problem);
	if (g_strcmp0(value.text, text) != 0 || g_strcmp0(value.from, from) != 0)
		fail_msg("%s.%s of %s is %s from %s, not %s from %s", table, column, node,
			 value.text, value.from, text, from);
}

static void assert_servicenode(World *world, const char *node, const char *text,
			       const char *from)
{
	assert_value(world, node, "noderes", "servicenode", text, from);
}

/* ---- planned cells ---- */

static void a_planned_cell_is_what_its_node_has(void **state)
{
	World *world = *state;

	assert_servicenode(world, "cn1", "sn1,sn2", "cn1");
	assert_string_equal(plan(world, "noderes", "cn1", "servicenode", "sn2,sn1"), "sn1,sn2");
	assert_servicenode(world, "cn1", "sn2,sn1", "cn1");
	assert_string_equal(plan(world, "noderes", "cn1", "servicenode", "~"), "sn2,sn1");
	assert_servicenode(world, "cn1", "sn7", "rack1");
	assert_string_equal(plan(world, "noderes", "cn1", "servicenode", "sn1,sn2"), "~");
	assert_servicenode(world, "cn1", "sn1,sn2", "cn1");
}

static void the_store_keeps_what_it_had(void **state)
{
	World *world = *state;
	g_autofree char *before = NULL, *after = NULL;
	gsize length, now;

	assert_true(g_file_get_contents(world->file, &before, &length, NULL));
	plan(world, "noderes", "cn1", "servicenode", "x");
	plan(world, "noderes", "cn2", "servicenode", "y");
	plan(world, "nodelist", "cn9", "groups", "rack1");
	assert_true(g_file_get_contents(world->file, &after, &now, NULL));
	assert_int_equal(length, now);
	assert_memory_equal(before, after, now);
	world_read(world);
	assert_servicenode(world, "cn1", "sn1,sn2", "cn1");
	assert_servicenode(world, "cn2", "sn7", "rack1");
}

static void a_planned_cell_of_a_group_is_what_its_nodes_inherit(void **state)
{
	World *world = *state;

	assert_servicenode(world, "cn2", "sn7", "rack1");
	assert_servicenode(world, "cn3", "sn8", "rack2");
	plan(world, "noderes", "rack1", "servicenode", "new");
	assert_servicenode(world, "cn1", "sn1,sn2", "cn1");
	assert_servicenode(world, "cn2", "new", "rack1");
	assert_servicenode(world, "cn3", "sn8", "rack2");
	plan(world, "noderes", "rack1", "servicenode", "~");
	assert_servicenode(world, "cn2", "sn9", "all");
	plan(world, "noderes", "all", "servicenode", "");
	assert_servicenode(world, "cn2", NULL, NULL);
	plan(world, "noderes", "rack1", "servicenode", "again");
	assert_servicenode(world, "cn2", "again", "rack1");
	plan(world, "noderes", "rack1", "disable", "1");
	assert_servicenode(world, "cn2", NULL, NULL);
}

static void a_group_that_had_no_row_gets_one(void **state)
{
	World *world = *state;

	assert_value(world, "cn3", "nodehm", "mgt", NULL, NULL);
	assert_string_equal(plan(world, "nodehm", "rack2", "mgt", "ipmi"), "-");
	assert_value(world, "cn3", "nodehm", "mgt", "ipmi", "rack2");
	assert_value(world, "cn2", "nodehm", "mgt", NULL, NULL);
}

static void planned_groups_change_who_inherits_and_who_is_a_member(void **state)
{
	World *world = *state;

	assert_names(cluster_members(world->cluster, "rack1"), "cn1 cn2");
	assert_servicenode(world, "cn2", "sn7", "rack1");
	assert_string_equal(plan(world, "nodelist", "cn2", "groups", "rack2,new"), "rack1,all");
	assert_names(cluster_members(world->cluster, "rack1"), "cn1");
	assert_names(cluster_members(world->cluster, "rack2"), "cn2 cn3 odd");
	assert_names(cluster_members(world->cluster, "new"), "cn2");
	assert_servicenode(world, "cn2", "sn8", "rack2");
	plan(world, "noderes", "new", "xcatmaster", "new-c");
	plan(world, "nodelist", "cn2", "groups", "new");
	assert_value(world, "cn2", "noderes", "xcatmaster", "new-c", "new");
	plan(world, "nodelist", "cn2", "groups", "~");
	assert_servicenode(world, "cn2", NULL, NULL);
	assert_null(cluster_members(world->cluster, "new"));
	plan(world, "nodelist", "cn2", "groups", "rack1,all");
	assert_names(cluster_members(world->cluster, "rack1"), "cn1 cn2");
	assert_servicenode(world, "cn2", "sn7", "rack1");
}

static void planned_rows_of_nodelist_are_nodes(void **state)
{
	World *world = *state;
	g_autoptr(GError) problem = NULL;

	assert_names(cluster_nodes(world->cluster, &problem), "alone cn1 cn2 cn3 odd");
	plan(world, "nodelist", "cn0", "groups", "rack1");
	assert_names(cluster_nodes(world->cluster, &problem), "alone cn0 cn1 cn2 cn3 odd");
	assert_servicenode(world, "cn0", "sn7", "rack1");
	plan(world, "nodelist", "cn1", "disable", "yes");
	plan(world, "nodelist", "off", "disable", "~");
	assert_names(cluster_nodes(world->cluster, &problem), "alone cn0 cn2 cn3 odd off");
	assert_names(cluster_members(world->cluster, "rack1"), "cn0 cn2 off");
	assert_null(cluster_node(world->cluster, "cn1"));
	assert_string_equal(plan(world, "nodelist", "cn0", "groups", "-"), "rack1");
	assert_names(cluster_nodes(world->cluster, &problem), "alone cn2 cn3 odd off");
	assert_null(cluster_groups(world->cluster, "cn0"));
}

static void a_planned_setting_of_site_holds_at_once(void **state)
{
	World *world = *state;
	g_autoptr(GError) problem = NULL;
	const char *value;

	assert_servicenode(world, "cn1", "sn1,sn2", "cn1");
	assert_true(cluster_site(world->cluster, "hierarchicalattrs", &value, &problem));
	assert_null(value);
	plan(world, "site", "hierarchicalattrs", "value", "servicenode,xcatmaster:;");
	assert_servicenode(world, "cn1", "sn1,sn2,sn7,sn9", "cn1");
	assert_value(world, "cn2", "noderes", "xcatmaster", "sn7-c;sn9-c", "rack1");
	plan(world, "site", "hierarchicalattrs", "value", "xcatmaster");
	assert_servicenode(world, "cn1", "sn1,sn2", "cn1");
	assert_value(world, "cn2", "noderes", "xcatmaster", "sn7-c,sn9-c", "rack1");
	plan(world, "site", "hierarchicalattrs", "disable", "1");
	assert_value(world, "cn2", "noderes", "xcatmaster", "sn7-c", "rack1");
}

/* ---- planned rows ---- */

static guint rows_of(World *world, const char *name)
{
	g_autoptr(GError) problem = NULL;
	const StoreTable *table = cluster_table(world->cluster, name, &problem);
	guint rows = 0;

	assert_ok(table, problem);
	for (guint i = 0; i < table->n_rows; i++)
		rows += table->cells[i * table->n_columns + table->keys[0]] != NULL;
	return rows;
}

static void a_new_row_is_there_until_its_last_cell_is_taken_away(void **state)
{
	World *world = *state;
	const char *value;

	assert_int_equal(rows_of(world, "noderes"), 5);
	assert_string_equal(plan(world, "noderes", "cn9", "servicenode", "s"), "-");
	assert_string_equal(plan(world, "noderes", "cn9", "xcatmaster", "m"), "-");
	assert_int_equal(rows_of(world, "noderes"), 6);
	assert_true(cluster_has_row(world->cluster, "noderes", "cn9"));
	assert_true(cluster_row_value(world->cluster, "noderes", "cn9", "xcatmaster", &value,
				      NULL));
	assert_string_equal(value, "m");
	assert_string_equal(plan(world, "noderes", "cn9", "servicenode", "-"), "s");
	assert_int_equal(rows_of(world, "noderes"), 6);
	assert_servicenode(world, "cn9", NULL, NULL);
	assert_string_equal(plan(world, "noderes", "cn9", "xcatmaster", "-"), "m");
	assert_int_equal(rows_of(world, "noderes"), 5);
	assert_false(cluster_has_row(world->cluster, "noderes", "cn9"));
	assert_string_equal(plan(world, "noderes", "cn9", "xcatmaster", "-"), "-");
	assert_string_equal(plan(world, "noderes", "cn9", "xcatmaster", "m2"), "-");
	assert_int_equal(rows_of(world, "noderes"), 6);
	assert_value(world, "cn9", "noderes", "xcatmaster", "m2", "cn9");
}

/* Where a node's row is was asked for before, each time. */
static void the_row_of_a_node_comes_and_goes_too(void **state)
{
	World *world = *state;

	assert_servicenode(world, "cn2", "sn7", "rack1");
	assert_string_equal(plan(world, "noderes", "cn2", "servicenode", "s"), "-");
	assert_string_equal(plan(world, "noderes", "cn2", "xcatmaster", "m"), "-");
	assert_int_equal(rows_of(world, "noderes"), 6);
	assert_servicenode(world, "cn2", "s", "cn2");
	plan(world, "noderes", "cn2", "servicenode", "-");
	plan(world, "noderes", "cn2", "xcatmaster", "-");
	assert_int_equal(rows_of(world, "noderes"), 5);
	assert_servicenode(world, "cn2", "sn7", "rack1");
	plan(world, "noderes", "cn1", "servicenode", "-");
	assert_int_equal(rows_of(world, "noderes"), 4);
	assert_servicenode(world, "cn1", "sn7", "rack1");
	assert_string_equal(plan(world, "noderes", "cn1", "servicenode", "s"), "~");
	assert_servicenode(world, "cn1", "s", "cn1");
}

static void nodes_are_found_in_any_order(void **state)
{
	static const char *const asked[] = { "cn3", "cn3",  "odd", "cn1",   "cn2", "alone",
					     "off", "none", "odd", "alone", "cn3" };
	World *world = *state;

	for (gsize i = 0; i < G_N_ELEMENTS(asked); i++) {
		const char *node = cluster_node(world->cluster, asked[i]);
		gboolean known =
			!g_str_equal(asked[i], "off") && !g_str_equal(asked[i], "none");

		assert_int_equal(node != NULL, known);
		if (known)
			assert_string_equal(node, asked[i]);
		assert_int_equal(cluster_groups(world->cluster, asked[i]) != NULL, known);
	}
	assert_servicenode(world, "odd", "sn8", "rack2");
	assert_servicenode(world, "alone", NULL, NULL);
}

static void of_a_node_that_is_there_twice_the_last_row_counts(void **state)
{
	World *world = world_new(
		"DROP TABLE nodelist; CREATE TABLE nodelist (node TEXT, groups TEXT);"
		"INSERT INTO nodelist (node, groups) VALUES ('cn2','a'), ('cn1','a'), "
		"('cn2','b'),"
		" ('cn2','c'), ('cn3','a');"
		"INSERT INTO noderes (node, servicenode) VALUES ('a','sna'), ('b','snb'),"
		" ('c','snc');");

	(void)state;
	for (guint i = 0; i < 2; i++) {
		assert_servicenode(world, "cn1", "sna", "a");
		assert_servicenode(world, "cn2", "snc", "c");
		assert_servicenode(world, "cn3", "sna", "a");
	}
	world_free(world);
}

static void a_row_that_was_read_goes_away_with_its_last_cell(void **state)
{
	World *world = *state;

	plan(world, "noderes", "rack1", "servicenode", "-");
	assert_true(cluster_has_row(world->cluster, "noderes", "rack1"));
	assert_servicenode(world, "cn2", "sn9", "all");
	plan(world, "noderes", "rack1", "xcatmaster", "-");
	assert_false(cluster_has_row(world->cluster, "noderes", "rack1"));
	assert_value(world, "cn2", "noderes", "xcatmaster", "sn9-c", "all");
	assert_int_equal(rows_of(world, "noderes"), 4);
}

static void a_key_of_two_columns_names_one_row(void **state)
{
	World *world = *state;
	StoreCell after = { STORE_CELL_TEXT, "10.0.0.9" }, cell;
	ClusterPlan planned;
	g_autoptr(GError) problem = NULL;

	assert_ok(cluster_plan(world->cluster, "networks", KEY("10.0.0.0", "255.255.0.0"), 2,
			       "gateway", after, &planned, &problem),
		  problem);
	assert_string_equal(planned.before.text, "10.0.0.2");
	assert_null(planned.node);
	assert_ok(cluster_cell(world->cluster, "networks", KEY("10.0.0.0", "255.0.0.0"), 2,
			       "gateway", &cell, &problem),
		  problem);
	assert_string_equal(cell.text, "10.0.0.1");
	assert_ok(cluster_cell(world->cluster, "networks", KEY("10.0.0.0", "255.255.0.0"), 2,
			       "gateway", &cell, &problem),
		  problem);
	assert_string_equal(cell.text, "10.0.0.9");
	assert_ok(cluster_cell(world->cluster, "networks", KEY("10.0.0.0255", ".0.0.0"), 2,
			       "gateway", &cell, &problem),
		  problem);
	assert_int_equal(cell.kind, STORE_CELL_NO_ROW);
}

static void many_new_rows_leave_the_others_as_they_are(void **state)
{
	World *world = *state;

	for (guint i = 0; i < 1000; i++) {
		g_autofree char *node = g_strdup_printf("n%u", i);

		assert_string_equal(plan(world, "noderes", node, "servicenode", node), "-");
	}
	for (guint i = 0; i < 1000; i++) {
		g_autofree char *node = g_strdup_printf("n%u", i);

		assert_servicenode(world, node, node, node);
	}
	assert_servicenode(world, "cn1", "sn1,sn2", "cn1");
	assert_int_equal(rows_of(world, "noderes"), 1005);
}

/* ---- complaints ---- */

static void a_value_that_cannot_be_computed_is_told_once(void **state)
{
	World *world = *state;
	const char *const nodes[] = { "cn1", "cn2", "cn3", "alone" };
	const char *const columns[] = { "nodehm.conserver", "noderes.servicenode" };
	g_autofree ClusterValue *values = NULL;
	g_autoptr(GError) problem = NULL;
	ClusterValue value;

	world_execute(world, "INSERT INTO nodehm (node, conserver, mgt) VALUES"
			     " ('all','|(|x|','/[/x/'), ('alone','|(|x|',NULL)");
	world_read(world);
	for (guint round = 0; round < 2; round++) {
		g_free(values);
		values = cluster_resolve_many(world->cluster, nodes, 4, columns, 2, &problem);
		assert_ok(values, problem);
		assert_null(cluster_attribute(world->cluster, "cn3", "nodehm", "conserver",
					      &problem));
		assert_null(problem);
	}
	assert_int_equal(world->complaints->len, 2);
	assert_non_null(
		strstr(world->complaints->pdata[0],
		       "nodehm.conserver of 'cn1', from row 'all', cannot be computed"));
	assert_non_null(strstr(world->complaints->pdata[1],
			       "nodehm.conserver of 'alone', from row 'alone', cannot"));
	assert_null(values[0].text);
	assert_string_equal(values[0].stored, "|(|x|");
	assert_string_equal(values[0].from, "all");
	assert_string_equal(values[1].text, "sn1,sn2");
	assert_null(cluster_attribute(world->cluster, "cn3", "nodehm", "mgt", &problem));
	assert_int_equal(world->complaints->len, 3);
	/* Who asks for one value alone gets the error himself. */
	assert_false(cluster_resolve(world->cluster, "cn2", "nodehm", "mgt", &value, &problem));
	assert_true(g_error_matches(problem, CLUSTER_ERROR, CLUSTER_ERROR_VALUE));
	assert_refused(problem, "nodehm.mgt of 'cn2', from row 'all', cannot be computed");
	assert_int_equal(world->complaints->len, 3);
}

/* ---- what is not there ---- */

static void assert_no_column(World *world, const char *table, const char *column,
			     const char *part)
{
	g_autoptr(GError) problem = NULL;

	assert_false(cluster_has_column(world->cluster, table, column, &problem));
	assert_true(g_error_matches(problem, CLUSTER_ERROR, CLUSTER_ERROR_COLUMN));
	assert_refused(problem, part);
}

static void missing_tables_and_columns_are_named_with_what_was_meant(void **state)
{
	World *world = *state;
	const char *const nodes[] = { "cn1" };
	const char *const columns[] = { "noderes.servicnode", "noderes", ".x", "noderes." };
	StoreCell cell = { STORE_CELL_TEXT, "x" };
	ClusterPlan planned;
	ClusterValue value;
	g_autoptr(GError) problem = NULL;

	assert_no_column(world, "nodres", "x",
			 "no table 'nodres' in the database; did you mean 'noderes'?");
	assert_no_column(world, "quite_another", "x",
			 "no table 'quite_another' in the database");
	assert_no_column(
		world, "noderes", "serviceNode",
		"no column 'serviceNode' in table 'noderes'; did you mean 'servicenode'?");
	assert_false(cluster_resolve(world->cluster, "cn1", "noderes", "xcatmastr", &value,
				     &problem));
	assert_refused(problem,
		       "no column 'xcatmastr' in table 'noderes'; did you mean 'xcatmaster'?");
	for (guint i = 0; i < G_N_ELEMENTS(columns); i++) {
		assert_null(cluster_resolve_many(world->cluster, nodes, 1, &columns[i], 1,
						 &problem));
		assert_refused(problem, i ? "is not of the form table.column"
					  : "did you mean 'servicenode'?");
	}
	assert_false(cluster_plan(world->cluster, "nodres", KEY("cn1"), 1, "servicenode", cell,
				  &planned, &problem));
	assert_refused(problem, "no table 'nodres' in the database; did you mean 'noderes'?");
	assert_false(cluster_plan(world->cluster, "noderes", KEY("cn1"), 1, "node", cell,
				  &planned, &problem));
	assert_refused(problem, "column 'node' is part of the key of table 'noderes'");
	assert_false(cluster_cell(world->cluster, "networks", KEY("10.0.0.0"), 1, "gateway",
				  &cell, &problem));
	assert_refused(problem, "the key of table 'networks' has 2 columns, not 1");
}

static void nothing_has_a_value_in_a_table_that_is_not_there(void **state)
{
	World *world = *state;
	g_autoptr(GError) problem = NULL;
	const StoreTable *table = cluster_table(world->cluster, "nosuch", &problem);
	const char *value;

	assert_ok(table, problem);
	assert_int_equal(table->n_columns, 0);
	assert_value(world, "cn1", "nosuch", "column", NULL, NULL);
	assert_false(cluster_has_row(world->cluster, "nosuch", "cn1"));
	assert_true(cluster_row_value(world->cluster, "nosuch", "cn1", "x", &value, &problem));
	assert_null(value);
}

/* ---- groups ---- */

/* As switch has them: xCAT gives a node the first of its rows. */
static void a_key_of_several_columns_with_the_node_among_them_has_attributes(void **state)
{
	World *world = *state;

	world_execute(
		world,
		"CREATE TABLE switch (node TEXT, switch TEXT, port TEXT, disable TEXT,"
		" PRIMARY KEY (node, switch, port));"
		"INSERT INTO nodelist (node, groups) VALUES ('x1','racked'), ('x2','racked'),"
		" ('x3','racked');"
		"INSERT INTO switch VALUES ('racked','|x(\\d+)|sw(($1-1)/2+1)|','7',NULL),"
		" ('x3','swa','1','1'), ('x3','swb','2',NULL), ('x3','swc','3',NULL);");
	world_read(world);
	assert_value(world, "x1", "switch", "switch", "sw1", "racked");
	assert_value(world, "x2", "switch", "port", "7", "racked");
	assert_value(world, "x3", "switch", "switch", "swb", "x3");
}

static void groups_have_no_disabled_nodes(void **state)
{
	World *world = *state;

	assert_names(cluster_members(world->cluster, "all"), "cn1 cn2 cn3");
	assert_null(cluster_members(world->cluster, "offonly"));
	assert_null(cluster_groups(world->cluster, "off"));
	assert_null(cluster_node(world->cluster, "off"));
	assert_servicenode(world, "off", "snx", "off");
	assert_value(world, "off", "noderes", "xcatmaster", NULL, NULL);
	world_execute(world, "UPDATE nodelist SET disable = '' WHERE node = 'cn1';"
			     "UPDATE nodelist SET disable = 'No' WHERE node = 'off'");
	world_read(world);
	assert_names(cluster_members(world->cluster, "all"), "cn2 cn3 off");
}

static void empty_and_doubled_groups_count_once_or_not_at_all(void **state)
{
	World *world = *state;
	const char *const *groups = cluster_groups(world->cluster, "odd");

	assert_names(cluster_members(world->cluster, "rack2"), "cn3 odd");
	assert_null(cluster_members(world->cluster, ""));
	assert_string_equal(groups[0], "rack2");
	assert_non_null(cluster_groups(world->cluster, "alone"));
	assert_null(cluster_groups(world->cluster, "alone")[0]);
	assert_null(cluster_groups(world->cluster, "nosuch"));
}

/* ---- many ---- */

#define MANY 20000

static void fill_many(World *world)
{
	world_execute(
		world,
		"BEGIN; WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n"
		"  WHERE i < 19999) INSERT INTO nodelist (node, groups)"
		" SELECT printf('m%05d', i), CASE WHEN i % 11 = 0 THEN NULL ELSE"
		"  printf('g%d,g%d,all', i % 7, i % 13) END FROM n;"
		"INSERT INTO noderes (node, servicenode, xcatmaster)"
		" SELECT node, CASE WHEN rowid % 3 = 0 THEN 'own+=NEXTRECORD' END,"
		"  CASE WHEN rowid % 5 = 0 THEN '|m(\\d+)|sn(($1/100)+1)|' END"
		" FROM nodelist WHERE node LIKE 'm%' AND rowid % 2 = 0;"
		"INSERT INTO noderes (node, servicenode) VALUES ('g1','sn1'),"
		" ('g2','sn2+=NEXTRECORD'), ('g3','/m0/sn-/'), ('g5','|(|x|');"
		"INSERT INTO noderes (node, xcatmaster) VALUES ('g4','|\\D+(\\d+)|x($1%9)|');"
		"COMMIT");
	world_read(world);
}

/* Single questions go to a cluster of their own, which has kept nothing yet. */
static void twenty_thousand_nodes_resolve_together_as_each_alone(void **state)
{
	static const char *const columns[] = { "servicenode", "xcatmaster" };
	static const char *const wanted[] = { "noderes.servicenode", "noderes.xcatmaster" };
	World *world = *state;
	g_autofree ClusterValue *values = NULL;
	g_autoptr(GError) problem = NULL;
	g_autoptr(Cluster) single = NULL;
	const GPtrArray *nodes;
	guint computed = 0, none = 0;

	fill_many(world);
	single = cluster_new(world->store);
	nodes = cluster_nodes(world->cluster, &problem);
	assert_ok(nodes, problem);
	assert_int_equal(nodes->len, MANY + 5);
	values = cluster_resolve_many(world->cluster, (const char *const *)nodes->pdata,
				      nodes->len, wanted, 2, &problem);
	assert_ok(values, problem);
	for (guint i = 0; i < nodes->len * 2; i++) {
		const char *node = nodes->pdata[i / 2];
		ClusterValue alone;

		if (!cluster_resolve(single, node, "noderes", columns[i % 2], &alone, &problem))
			assert_refused(problem, "cannot be computed");
		if (g_strcmp0(values[i].text, alone.text) != 0 ||
		    g_strcmp0(values[i].from, alone.from) != 0 ||
		    values[i].unmatched != alone.unmatched)
			fail_msg("%s of %s is %s together, %s alone", wanted[i % 2], node,
				 values[i].text, alone.text);
		none += !alone.text;
		computed += alone.text && !g_str_equal(alone.text, alone.stored);
	}
	assert_in_range(none, 1000, 30000);
	assert_in_range(computed, 1000, 30000);
	assert_int_equal(world->complaints->len, 1);
}

static void where_a_value_is_from_outlives_the_name_that_was_asked_with(void **state)
{
	World *world = *state;
	g_autofree char *asked = g_strdup("cn1");
	const char *key[] = { asked, NULL };
	StoreCell after = { STORE_CELL_TEXT, "sn5" };
	g_autoptr(GError) problem = NULL;
	ClusterPlan planned;
	ClusterValue value;

	assert_ok(cluster_resolve(world->cluster, asked, "noderes", "servicenode", &value,
				  &problem),
		  problem);
	assert_ok(cluster_plan(world->cluster, "noderes", key, 1, "servicenode", after,
			       &planned, &problem),
		  problem);
	memset(asked, 'x', strlen(asked));
	assert_string_equal(value.from, "cn1");
	assert_string_equal(planned.seen.from, "cn1");
	assert_string_equal(planned.node, "cn1");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_planned_cell_is_what_its_node_has),
		TEST(the_store_keeps_what_it_had),
		TEST(a_planned_cell_of_a_group_is_what_its_nodes_inherit),
		TEST(a_group_that_had_no_row_gets_one),
		TEST(planned_groups_change_who_inherits_and_who_is_a_member),
		TEST(planned_rows_of_nodelist_are_nodes),
		TEST(a_planned_setting_of_site_holds_at_once),
		TEST(a_new_row_is_there_until_its_last_cell_is_taken_away),
		TEST(the_row_of_a_node_comes_and_goes_too),
		TEST(nodes_are_found_in_any_order),
		cmocka_unit_test(of_a_node_that_is_there_twice_the_last_row_counts),
		TEST(a_row_that_was_read_goes_away_with_its_last_cell),
		TEST(a_key_of_two_columns_names_one_row),
		TEST(many_new_rows_leave_the_others_as_they_are),
		TEST(a_value_that_cannot_be_computed_is_told_once),
		TEST(missing_tables_and_columns_are_named_with_what_was_meant),
		TEST(nothing_has_a_value_in_a_table_that_is_not_there),
		TEST(a_key_of_several_columns_with_the_node_among_them_has_attributes),
		TEST(groups_have_no_disabled_nodes),
		TEST(empty_and_doubled_groups_count_once_or_not_at_all),
		TEST(twenty_thousand_nodes_resolve_together_as_each_alone),
		TEST(where_a_value_is_from_outlives_the_name_that_was_asked_with),
	};

	return cmocka_run_group_tests_name("clusters", tests, NULL, NULL);
}
