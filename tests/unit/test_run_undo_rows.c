/* A run that is taken back: cells that somebody has changed, or that it has set twice. */
#include "tests/unit/host_run.h"

/* A step that freezes hosts, and can be taken back. */
static void freeze(Test *test, const char *names)
{
	test->how.undo = "rm frozen; echo thawed >>log";
	step_with(test, "freeze", names, "touch frozen");
	test->how.undo = NULL;
}

static void move_in_step(Test *test, const char *step, const char *node)
{
	begin_step(test, step);
	set_cell(test, node, "xcatmaster", "sn2-c");
	end_step(test);
}

static void a_cell_that_somebody_changed_is_left_with_its_node(void **state)
{
	Test *test = *state;

	move_in_step(test, "servicenode", "cn1");
	freeze(test, "cn1");
	world_execute(test->world, "UPDATE noderes SET xcatmaster = 'mine' WHERE node = 'cn1'");
	undo(test, NULL);
	assert_cell(test, "cn1", "xcatmaster", "mine");
	assert_there(test, "cn1", ROOT "/frozen", "");
	assert_owed(test, "- cn1: left as it is: somebody changed noderes.xcatmaster since "
			  "(before 'sn1-c', then 'sn2-c', now 'mine')");
}

static void a_cell_that_was_set_twice_goes_back_to_the_first(void **state)
{
	Test *test = *state;

	move_in_step(test, "servicenode", "cn1");
	begin_step(test, "again");
	set_cell(test, "cn1", "xcatmaster", "sn3-c");
	end_step(test);
	undo(test, NULL);
	assert_cell(test, "cn1", "xcatmaster", "sn1-c");
	assert_target(test, "noderes.xcatmaster cn1 undone|noderes.xcatmaster cn1 undone");
	assert_int_equal(test->undone, 1);
}

static void a_cell_of_no_node_that_somebody_changed_is_left(void **state)
{
	Test *test = *state;

	g_autofree char *other = NULL;

	world_execute(test->world, "INSERT INTO site (key, value) VALUES ('domain', 'a'),"
				   " ('other', 'a')");
	begin_run(test);
	begin_step(test, "site");
	assert_ok(run_set(test->run, "site", KEY("domain"), 1, "value", "b", &test->problem),
		  test->problem);
	assert_ok(run_set(test->run, "site", KEY("other"), 1, "value", "b", &test->problem),
		  test->problem);
	end_step(test);
	world_execute(test->world, "UPDATE site SET value = 'c' WHERE key = 'domain'");
	undo(test, NULL);
	assert_owed(test, "- -: left as it is: somebody changed site.value of 'domain' since "
			  "(before 'a', then 'b', now 'c')");
	other = database_value(test->world->file, "SELECT value FROM site WHERE key = 'other'");
	assert_string_equal(other, "a");
}

/* ---- Nodes that are gone ---- */

static void no_row_is_made_for_a_node_that_is_gone(void **state)
{
	Test *test = *state;
	g_autoptr(GHashTable) gone = g_hash_table_new(g_str_hash, g_str_equal);
	g_autofree char *rows = NULL;

	move_in_step(test, "servicenode", "cn1");
	move_in_step(test, "again", "cn2");
	world_execute(test->world, "DELETE FROM noderes WHERE node = 'cn2'");
	g_hash_table_add(gone, (gpointer) "cn2");
	test->gone = gone;
	undo(test, NULL);
	rows = database_value(test->world->file,
			      "SELECT count(*) FROM noderes WHERE node = 'cn2'");
	assert_string_equal(rows, "0");
	assert_int_equal(test->undone, 1);
	assert_cell(test, "cn1", "xcatmaster", "sn1-c");
	assert_target(test, "noderes.xcatmaster cn1 undone|noderes.xcatmaster cn2 done");
	assert_owed(test, "");
}

static void a_node_without_a_row_in_nodelist_is_gone(void **state)
{
	Test *test = *state;
	JournalNode nodes[] = { { .name = "cn1" }, { .name = "cn2" }, { .name = "cn9" } };
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(JournalNode));
	JournalContent content = { .nodes = all };
	g_autoptr(GHashTable) gone = NULL;

	g_array_append_vals(all, nodes, G_N_ELEMENTS(nodes));
	world_execute(test->world, "DELETE FROM nodelist WHERE node = 'cn2'");
	begin_undo(test);
	gone = run_gone(test->run, &content, &test->problem);
	assert_ok(gone, test->problem);
	assert_int_equal(g_hash_table_size(gone), 2);
	assert_true(g_hash_table_contains(gone, "cn2"));
	assert_true(g_hash_table_contains(gone, "cn9"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_cell_that_somebody_changed_is_left_with_its_node),
		TEST(a_cell_that_was_set_twice_goes_back_to_the_first),
		TEST(a_cell_of_no_node_that_somebody_changed_is_left),
		TEST(no_row_is_made_for_a_node_that_is_gone),
		TEST(a_node_without_a_row_in_nodelist_is_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
