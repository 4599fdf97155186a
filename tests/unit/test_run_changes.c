/*
 * The door: what is a change, what is refused, and what a report says.
 */
#include "tests/unit/run_world.h"

/* ---- what is a change ---- */

static void a_cell_that_is_set_twice_is_one_change(void **state)
{
	Test *test = *state;

	set_in_step(test, "servicenode", "cn1", "servicenode", "x");
	run_in_hook(test->run, "ganglia");
	set(test, "noderes", "cn1", "servicenode", "y");
	end(test, TRUE);
	set_in_step(test, "joined", "cn1", "servicenode", "z");
	end(test, FALSE);
	assert_int_equal(count(test), 1);
	assert_change(test, 0, "noderes.servicenode cn1: sn1,sn2 > z");
	assert_string_equal(change_at(test, 0)->seen, "sn1,sn2");
	assert_stored(test, "cn1", "z sn1-c mine");
}

static void a_cell_that_is_set_back_is_no_change(void **state)
{
	Test *test = *state;

	set_in_step(test, "servicenode", "cn1", "servicenode", "x");
	set(test, "noderes", "cn2", "xcatmaster", "x");
	set(test, "noderes", "cn3", "xcatmaster", "x");
	set(test, "noderes", "cn1", "servicenode", "sn1,sn2");
	set(test, "noderes", "cn2", "xcatmaster", NULL);
	set(test, "noderes", "cn3", "xcatmaster", NULL);
	set(test, "noderes", "cn1", "xcatmaster", "new");
	end(test, FALSE);
	assert_int_equal(count(test), 1);
	assert_change(test, 0, "noderes.xcatmaster cn1: sn1-c > new");
	assert_stored(test, "cn1", "sn1,sn2 new mine");
	assert_stored(test, "cn2", "sn1,sn2 ~ ~");
	assert_stored(test, "cn3", NO_ROW);
	/* A row that was made and taken back is not there for the next step either. */
	set_in_step(test, "next", "cn3", "servicenode", "sn2");
	set(test, "noderes", "cn1", "servicenode", "sn2");
	end(test, FALSE);
	assert_stored(test, "cn3", "sn2 ~ ~");
	assert_stored(test, "cn1", "sn2 new mine");
}

static void a_cell_that_stays_what_it_is_is_no_change(void **state)
{
	Test *test = *state;

	set_in_step(test, "servicenode", "cn1", "servicenode", "sn1,sn2");
	set(test, "noderes", "cn2", "xcatmaster", NULL);
	set(test, "noderes", "cn3", "xcatmaster", NULL);
	delete_row(test, "noderes", "cn3");
	end(test, FALSE);
	assert_int_equal(count(test), 0);
	/* What a node inherits is not what it has: to write it down is a change. */
	set_in_step(test, "servicenode", "cn3", "servicenode", "sn1");
	end(test, FALSE);
	assert_change(test, 0, "noderes.servicenode cn3: - > sn1");
	assert_stored(test, "cn3", "sn1 ~ ~");
}

static void cells_of_a_new_row_make_it_together(void **state)
{
	Test *test = *state;

	set_in_step(test, "servicenode", "cn3", "servicenode", "sn2");
	set(test, "noderes", "cn3", "xcatmaster", "sn2-c");
	set(test, "noderes", "cn3", "xcatmaster", NULL);
	end(test, TRUE);
	set_in_step(test, "servers", "cn3", "tftpserver", "sn2-c");
	end(test, FALSE);
	assert_change(test, 0, "noderes.servicenode cn3: - > sn2");
	assert_change(test, 1, "noderes.tftpserver cn3: - > sn2-c");
	assert_int_equal(count(test), 2);
	assert_stored(test, "cn3", "sn2 ~ ~");
	/* Now it is there, and the next step sees its cells as they are. */
	set_in_step(test, "next", "cn3", "xcatmaster", "m");
	end(test, FALSE);
	assert_change(test, 2, "noderes.xcatmaster cn3: ~ > m");
	assert_stored(test, "cn3", "sn2 m ~");
}

static void a_new_row_that_somebody_else_made_is_a_conflict(void **state)
{
	Test *test = *state;

	set_in_step(test, "servicenode", "cn3", "servicenode", "sn2");
	set(test, "noderes", "cn3", "xcatmaster", "sn2-c");
	world_execute(test->world, "INSERT INTO noderes (node, comments) VALUES ('cn3','x')");
	end_in_conflict(test, "noderes.servicenode of 'cn3' was changed by somebody else: it "
			      "was without a row when read and is empty (NULL) now");
	assert_stored(test, "cn3", "~ ~ x");
}

/* ---- rows taken away ---- */

static void a_row_is_taken_away_with_all_its_cells(void **state)
{
	Test *test = *state;

	begin_step(test, "clean");
	delete_row(test, "noderes", "cn1");
	delete_row(test, "noderes", "cn2");
	delete_row(test, "nodehm", "cn4"); /* has nothing but its key */
	delete_row(test, "nodehm", "cn5"); /* mgt is NULL there: that is no change */
	end(test, FALSE);
	assert_stored(test, "cn1", NO_ROW);
	assert_stored(test, "cn2", NO_ROW);
	assert_change(test, 0, "noderes.servicenode cn1: sn1,sn2 > -");
	assert_change(test, 1, "noderes.xcatmaster cn1: sn1-c > -");
	assert_change(test, 2, "noderes.comments cn1: mine > -");
	assert_change(test, 3, "noderes.servicenode cn2: sn1,sn2 > -");
	assert_int_equal(change_at(test, 4)->after.kind, STORE_CELL_NO_ROW);
	assert_change(test, 5, "nodehm.conserver cn5: c > -");
	assert_int_equal(count(test), 6);
	set_in_step(test, "again", "cn1", "comments", "new");
	end(test, FALSE);
	assert_stored(test, "cn1", "~ ~ new");
}

static void a_row_that_got_a_cell_meanwhile_keeps_it(void **state)
{
	Test *test = *state;

	begin_step(test, "clean");
	delete_row(test, "noderes", "cn2");
	world_execute(test->world, "UPDATE noderes SET comments = 'x' WHERE node = 'cn2'");
	end(test, FALSE);
	assert_stored(test, "cn2", "~ ~ x");
}

static void a_row_can_be_taken_away_and_set_again_in_one_step(void **state)
{
	Test *test = *state;

	begin_step(test, "replace");
	delete_row(test, "noderes", "cn2"); /* xcatmaster and comments are NULL there */
	set(test, "noderes", "cn2", "servicenode", "sn2");
	set(test, "noderes", "cn2", "comments", "new");
	delete_row(test, "noderes", "cn1");
	set(test, "noderes", "cn1", "tftpserver", "t");
	set(test, "noderes", "cn3", "servicenode", "x"); /* made, taken away and made again */
	delete_row(test, "noderes", "cn3");
	set(test, "noderes", "cn3", "comments", "y");
	set(test, "noderes", "cn4", "comments", "z"); /* made and taken away */
	delete_row(test, "noderes", "cn4");
	end(test, FALSE);
	assert_stored(test, "cn2", "sn2 ~ new");
	assert_stored(test, "cn1", "~ ~ ~");
	assert_stored(test, "cn3", "~ ~ y");
	assert_stored(test, "cn4", NO_ROW);
}

/* ---- what is refused ---- */

static void refuse_set(Test *test, const char *part)
{
	assert_false(run_set(test->run, "noderes", KEY("cn1"), 1, "servicenode", "x",
			     &test->problem));
	assert_true(g_error_matches(test->problem, RUN_ERROR, RUN_ERROR_REFUSED));
	assert_refused(test->problem, part);
	assert_false(run_delete_row(test->run, "noderes", KEY("cn1"), 1, &test->problem));
	assert_true(g_error_matches(test->problem, RUN_ERROR, RUN_ERROR_REFUSED));
	assert_refused(test->problem, part);
}

static void nothing_is_changed_outside_of_a_step_or_where_it_is_forbidden(void **state)
{
	Test *test = *state;
	char reason[] = "a check only looks";

	refuse_set(test, "nothing may be changed here: no step is running");
	begin_step(test, "servicenode");
	run_forbid(test->run, reason);
	memset(reason, 'x', sizeof(reason) - 1);
	refuse_set(test, "nothing may be changed here: a check only looks");
	run_forbid(test->run, NULL);
	set(test, "noderes", "cn1", "servicenode", "y");
	end(test, FALSE);
	refuse_set(test, "nothing may be changed here: no step is running");
	assert_false(run_end_step(test->run, FALSE, &test->problem));
	assert_true(g_error_matches(test->problem, RUN_ERROR, RUN_ERROR_STATE));
	assert_refused(test->problem, "no step was begun");
	assert_int_equal(count(test), 1);
	assert_stored(test, "cn1", "y sn1-c mine");
}

static void names_that_do_not_exist_are_refused(void **state)
{
	const struct {
		const char *table, *column, *part;
		guint n_key;
	} cases[] = {
		{ "nodres", "servicenode", "no table 'nodres' in the database; did you mean",
		  1 },
		{ "noderes", "servicenod", "no column 'servicenod' in table 'noderes'; did",
		  1 },
		{ "noderes", "node", "column 'node' is part of the key of table 'noderes'", 1 },
		{ "noderes", "servicenode", "the key of table 'noderes' has 1 columns, not 2",
		  2 },
		{ "networks", "gateway", "the key of table 'networks' has 2 columns, not 1",
		  1 },
	};
	Test *test = *state;

	begin_step(test, "servicenode");
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		assert_false(run_set(test->run, cases[i].table, KEY("cn1", "x"), cases[i].n_key,
				     cases[i].column, "x", &test->problem));
		assert_refused(test->problem, cases[i].part);
	}
	assert_false(run_delete_row(test->run, "nodres", KEY("cn1"), 1, &test->problem));
	assert_refused(test->problem, "no table 'nodres' in the database; did you mean");
	assert_false(run_delete_row(test->run, "networks", KEY("cn1"), 1, &test->problem));
	assert_refused(test->problem, "the key of table 'networks' has 2 columns, not 1");
	end(test, FALSE);
	assert_int_equal(count(test), 0);
}

/* ---- the report ---- */

static void assert_report(const Test *test, gboolean verbose, const char *name)
{
	g_autofree char *relative = g_strdup_printf("tests/cases/run/%s.txt", name);
	g_autofree char *path = harness_source(relative);
	g_autofree char *text = change_report(run_changes(test->run), verbose);
	g_autofree char *wanted = NULL;

	if (g_getenv("GOLDEN")) /* what is meant has changed: the new text is read and committed
				 */
		assert_true(g_file_set_contents(path, text, -1, NULL));
	assert_true(g_file_get_contents(path, &wanted, NULL, NULL));
	assert_string_equal(text, wanted);
}

static void make_changes(Test *test)
{
	static const char *const nodes[] = { "cn2", "cn1", "cn3", "cn4", "cn5" };

	begin_step(test, "servicenode");
	for (guint i = 0; i < 5; i++)
		set(test, "noderes", nodes[i], "servicenode", "sn2,sn1");
	run_in_hook(test->run, "site");
	set(test, "nodehm", "cn1", "conserver", "sn2");
	set(test, "nodehm", "cn2", "conserver", "sn2");
	end(test, TRUE);
	begin_step(test, "networks");
	set_network(test, "10.0.0.0", "255.0.0.0", "10.0.0.9");
	set_network(test, "10.0.0.0", "255.255.0.0", "10.0.0.9");
	set_network(test, "10.9.0.0", "255.255.0.0", "a\nb");
	set(test, "site", "domain", "value", "d");
	set(test, "noderes", "cn1", "xcatmaster", NULL);
	set(test, "noderes", "rack1", "xcatmaster",
	    "a-name-that-is-longer-than-a-column-of-the-report-may-be");
	end(test, FALSE);
}

static void a_report_groups_equal_changes_and_folds_their_nodes(void **state)
{
	Test *test = *state;
	g_autofree char *nothing = change_report(run_changes(test->run), FALSE);

	assert_string_equal(nothing, "");
	make_changes(test);
	assert_report(test, FALSE, "report");
}

static void a_verbose_report_has_a_line_for_each_change(void **state)
{
	Test *test = *state;
	g_autofree char *nothing = change_report(run_changes(test->run), TRUE);

	assert_string_equal(nothing, "");
	make_changes(test);
	assert_report(test, TRUE, "report-verbose");
}

/* ---- many ---- */

#define MANY 10000

static void fill_many(Test *test)
{
	world_execute(test->world,
		      "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n"
		      "  WHERE i < 9999) INSERT INTO nodelist (node, groups)"
		      " SELECT printf('m%04d', i), printf('g%d,rack1', i % 50) FROM n;"
		      "INSERT INTO noderes (node, servicenode) SELECT node, 'sn1,sn2'"
		      " FROM nodelist WHERE node < 'm5' AND node LIKE 'm%'");
	begin(test, FALSE);
}

static void ten_thousand_nodes_are_moved_in_one_commit(void **state)
{
	Test *test = *state;
	gint64 start = g_get_monotonic_time();
	g_autofree char *written = NULL;

	fill_many(test);
	begin_step(test, "servicenode");
	for (guint i = 0; i < MANY; i++) {
		g_autofree char *node = g_strdup_printf("m%04u", i);

		set(test, "noderes", node, "servicenode", "sn2,sn1");
		set(test, "noderes", node, "xcatmaster", "sn2-c");
		set(test, "nodelist", node, "status", "moving");
	}
	end(test, FALSE);
	assert_int_equal(run_done(test->run), 3 * MANY);
	assert_report(test, FALSE, "report-many");
	written = database_value(test->world->file,
				 "SELECT count(*) FROM noderes JOIN nodelist USING (node)"
				 " WHERE servicenode = 'sn2,sn1' AND xcatmaster = 'sn2-c'"
				 " AND status = 'moving'");
	assert_string_equal(written, "10000");
	assert_true(g_get_monotonic_time() - start < 30 * G_USEC_PER_SEC);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_cell_that_is_set_twice_is_one_change),
		TEST(a_cell_that_is_set_back_is_no_change),
		TEST(a_cell_that_stays_what_it_is_is_no_change),
		TEST(cells_of_a_new_row_make_it_together),
		TEST(a_new_row_that_somebody_else_made_is_a_conflict),
		TEST(a_row_is_taken_away_with_all_its_cells),
		TEST(a_row_that_got_a_cell_meanwhile_keeps_it),
		TEST(a_row_can_be_taken_away_and_set_again_in_one_step),
		TEST(nothing_is_changed_outside_of_a_step_or_where_it_is_forbidden),
		TEST(names_that_do_not_exist_are_refused),
		TEST(a_report_groups_equal_changes_and_folds_their_nodes),
		TEST(a_verbose_report_has_a_line_for_each_change),
		TEST(ten_thousand_nodes_are_moved_in_one_commit),
	};

	return cmocka_run_group_tests_name("changes of a run", tests, NULL, NULL);
}
