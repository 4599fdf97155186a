/*
 * The door: steps that are planned, written together, or stopped by somebody else's change.
 * What counts as a change, and what is told of them, is in test_run_changes.c.
 */
#include "tests/unit/run_world.h"

/* ---- plan and commit ---- */

static void a_plan_leaves_the_database_as_it_was_byte_for_byte(void **state)
{
	Test *test = *state;
	g_autofree char *before = NULL, *after = NULL, *value = NULL;
	gsize length, now;
	g_autoptr(GDir) directory = NULL;

	assert_true(g_file_get_contents(test->world->file, &before, &length, NULL));
	begin(test, TRUE);
	assert_true(run_is_planning(test->run));
	set_in_step(test, "servicenode", "cn1", "servicenode", "sn2,sn1");
	end(test, TRUE);
	set_in_step(test, "xcatmaster", "cn9", "xcatmaster", "sn2-c");
	delete_row(test, "noderes", "rack1");
	set_network(test, "10.9.0.0", "255.255.0.0", "10.9.0.1");
	end(test, FALSE);
	assert_true(g_file_get_contents(test->world->file, &after, &now, NULL));
	assert_int_equal(length, now);
	assert_memory_equal(before, after, now);
	directory = g_dir_open(test->world->directory, 0, NULL);
	assert_string_equal(g_dir_read_name(directory), "cluster.db");
	assert_null(g_dir_read_name(directory)); /* neither journal nor lock */
	assert_int_equal(count(test), 5);
	assert_int_equal(run_done(test->run), 0);
	for (guint i = 0; i < 5; i++)
		assert_int_equal(change_at(test, i)->state, CHANGE_PLANNED);
	/* Who reads afterwards sees what was planned. */
	value = g_strdup(cluster_attribute(test->world->cluster, "cn3", "noderes",
					   "servicenode", &test->problem));
	assert_string_equal(value, "sn9");
}

static void rows_are_written_at_the_end_of_their_step(void **state)
{
	Test *test = *state;

	set_in_step(test, "servicenode", "cn1", "servicenode", "sn2,sn1");
	set(test, "noderes", "cn1", "xcatmaster", NULL);
	set(test, "noderes", "cn2", "xcatmaster", "");
	assert_stored(test, "cn1", "sn1,sn2 sn1-c mine");
	assert_int_equal(change_at(test, 0)->state, CHANGE_PLANNED);
	end(test, FALSE);
	assert_stored(test, "cn1", "sn2,sn1 ~ mine");
	assert_stored(test, "cn2", "sn1,sn2  ~");
	assert_int_equal(change_at(test, 0)->state, CHANGE_DONE);
	assert_int_equal(run_done(test->run), 3);
	set_in_step(test, "again", "cn1", "servicenode", "sn3");
	end(test, FALSE);
	assert_stored(test, "cn1", "sn3 ~ mine");
	assert_int_equal(count(test), 4);
	assert_int_equal(run_done(test->run), 4);
	assert_string_equal(change_at(test, 3)->step, "again");
	assert_change(test, 3, "noderes.servicenode cn1: sn2,sn1 > sn3");
}

static void joined_steps_are_written_together(void **state)
{
	Test *test = *state;

	set_in_step(test, "servicenode", "cn1", "servicenode", "sn2,sn1");
	end(test, TRUE);
	assert_stored(test, "cn1", "sn1,sn2 sn1-c mine");
	begin_step(test, "empty");
	end(test, TRUE);
	set_in_step(test, "xcatmaster", "cn1", "xcatmaster", "sn2-c");
	end(test, FALSE);
	assert_stored(test, "cn1", "sn2,sn1 sn2-c mine");
	assert_int_equal(run_done(test->run), 2);
	assert_string_equal(change_at(test, 0)->step, "servicenode");
	assert_string_equal(change_at(test, 1)->step, "xcatmaster");
}

static void a_conflict_in_a_joined_step_writes_nothing_of_the_others(void **state)
{
	Test *test = *state;

	set_in_step(test, "servicenode", "cn1", "servicenode", "sn2,sn1");
	end(test, TRUE);
	set_in_step(test, "xcatmaster", "cn2", "xcatmaster", "sn2-c");
	world_execute(test->world, "UPDATE noderes SET xcatmaster = 'x' WHERE node = 'cn2'");
	end_in_conflict(test, "noderes.xcatmaster of 'cn2' was changed by somebody else");
	assert_stored(test, "cn1", "sn1,sn2 sn1-c mine");
	assert_stored(test, "cn2", "sn1,sn2 x ~");
	assert_int_equal(run_done(test->run), 0);
}

/* ---- conflicts ---- */

static void a_node_whose_own_cell_was_changed_is_a_conflict(void **state)
{
	Test *test = *state;

	set_in_step(test, "servicenode", "cn1", "servicenode", "sn2,sn1");
	world_execute(test->world, "UPDATE noderes SET servicenode = 'sn5' WHERE node = 'cn1'");
	end_in_conflict(test, "noderes.servicenode of 'cn1' was changed by somebody else since "
			      "it was read: it was 'sn1,sn2' and is 'sn5' now, from row 'cn1'");
	assert_stored(test, "cn1", "sn5 sn1-c mine");
}

static void a_node_whose_group_was_changed_is_a_conflict(void **state)
{
	Test *test = *state;

	set_in_step(test, "servicenode", "cn1", "servicenode", "sn2,sn1");
	set(test, "noderes", "cn3", "servicenode", "sn2");
	world_execute(test->world,
		      "UPDATE noderes SET servicenode = 'sn5' WHERE node = 'rack1'");
	end_in_conflict(test, "noderes.servicenode of 'cn3' was changed by somebody else since "
			      "it was read: it was 'sn1' and is 'sn5' now, from row 'rack1'");
	assert_stored(test, "cn1", "sn1,sn2 sn1-c mine");
	assert_stored(test, "cn3", NO_ROW);
}

static void a_node_whose_groups_were_changed_is_a_conflict(void **state)
{
	Test *test = *state;

	set_in_step(test, "servicenode", "cn3", "servicenode", "sn2");
	world_execute(test->world, "UPDATE nodelist SET groups = 'all' WHERE node = 'cn3'");
	end_in_conflict(test, "noderes.servicenode of 'cn3' was changed by somebody else since "
			      "it was read: it was 'sn1' and is 'sn9' now, from row 'all'");
	begin(test, FALSE);
	set_in_step(test, "servicenode", "cn3", "servicenode", "sn2");
	world_execute(test->world, "DELETE FROM nodelist WHERE node = 'cn3'");
	end_in_conflict(test, "it was 'sn9' and is nothing now");
	assert_stored(test, "cn3", NO_ROW);
}

static void how_values_join_is_a_conflict_too(void **state)
{
	Test *test = *state;

	set_in_step(test, "servicenode", "cn3", "servicenode", "sn2");
	world_execute(test->world,
		      "INSERT INTO site VALUES ('hierarchicalattrs','servicenode',NULL)");
	end_in_conflict(test, "it was 'sn1' and is 'sn1,sn9' now, from row 'rack1'");
}

static void a_change_that_concerns_nobody_is_no_conflict(void **state)
{
	Test *test = *state;

	set_in_step(test, "servicenode", "cn1", "servicenode", "sn2,sn1");
	set(test, "noderes", "cn3", "servicenode", "sn2");
	world_execute(test->world,
		      "UPDATE noderes SET xcatmaster = 'x', comments = 'y';"
		      "UPDATE noderes SET servicenode = 'z' WHERE node = 'all';"
		      "UPDATE nodelist SET groups = 'new,rack1' WHERE node = 'cn3';"
		      "INSERT INTO noderes (node, servicenode) VALUES ('cn8','z')");
	end(test, FALSE);
	assert_stored(test, "cn1", "sn2,sn1 x y");
	assert_stored(test, "cn3", "sn2 ~ ~");
}

/* A group's row, and the node that it is for, in one step: each sees the one before it. */
static void what_the_step_itself_changed_is_no_conflict(void **state)
{
	Test *test = *state;

	set_in_step(test, "servicenode", "rack1", "servicenode", "sn2");
	set(test, "noderes", "cn3", "servicenode", "sn2,sn1");
	set(test, "nodelist", "cn4", "groups", "rack1");
	set(test, "noderes", "cn4", "servicenode", "sn3");
	assert_string_equal(change_at(test, 1)->seen, "sn2");
	assert_string_equal(change_at(test, 3)->seen, "sn2");
	end(test, FALSE);
	assert_stored(test, "cn3", "sn2,sn1 ~ ~");
	assert_stored(test, "cn4", "sn3 ~ ~");
	assert_stored(test, "rack1", "sn2 sn1-c ~");
}

static void a_row_without_a_node_is_guarded_by_its_cell(void **state)
{
	Test *test = *state;

	begin_step(test, "networks");
	set_network(test, "10.0.0.0", "255.255.0.0", "10.0.0.9");
	assert_null(change_at(test, 0)->node);
	world_execute(test->world, "UPDATE networks SET gateway = 'x' WHERE netname = 'b'");
	end_in_conflict(test, "networks.gateway of '10.0.0.0','255.255.0.0' was changed by "
			      "somebody else: it was '10.0.0.1' when read and is 'x' now");
}

static void after_a_conflict_the_cell_can_be_set_again(void **state)
{
	Test *test = *state;

	set_in_step(test, "servicenode", "cn1", "servicenode", "x");
	set(test, "noderes", "cn1", "servicenode", "sn1,sn2");
	set(test, "noderes", "cn2", "servicenode", "y");
	world_execute(test->world, "UPDATE noderes SET servicenode = 'z' WHERE node = 'cn2'");
	end_in_conflict(test, "of 'cn2' was changed");
	run_drop_step(test->run);
	assert_int_equal(count(test), 0);
	set_in_step(test, "servicenode", "cn1", "servicenode", "new");
	end(test, FALSE);
	assert_stored(test, "cn1", "new sn1-c mine");
	assert_stored(test, "cn2", "z ~ ~");
}

static void a_dropped_step_is_as_if_it_had_not_been(void **state)
{
	Test *test = *state;
	ClusterValue value;

	set_in_step(test, "first", "cn1", "xcatmaster", "kept");
	end(test, FALSE);
	set_in_step(test, "servicenode", "cn1", "servicenode", "x");
	end(test, TRUE);
	set_in_step(test, "second", "cn9", "servicenode", "new");
	set(test, "noderes", "cn9", "xcatmaster", "new");
	set(test, "noderes", "cn9", "servicenode", NULL);
	delete_row(test, "noderes", "rack1");
	run_drop_step(test->run);
	assert_int_equal(count(test), 1);
	assert_true(cluster_resolve(test->world->cluster, "cn1", "noderes", "servicenode",
				    &value, &test->problem));
	assert_string_equal(value.text, "sn1,sn2");
	assert_true(cluster_resolve(test->world->cluster, "cn3", "noderes", "servicenode",
				    &value, &test->problem));
	assert_string_equal(value.text, "sn1");
	assert_false(cluster_has_row(test->world->cluster, "noderes", "cn9"));
	set_in_step(test, "third", "cn9", "servicenode", "again");
	set(test, "noderes", "rack1", "servicenode", "again");
	end(test, FALSE);
	assert_stored(test, "cn9", "again ~ ~");
	assert_stored(test, "rack1", "again sn1-c ~");
	assert_stored(test, "cn1", "sn1,sn2 kept mine");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_plan_leaves_the_database_as_it_was_byte_for_byte),
		TEST(rows_are_written_at_the_end_of_their_step),
		TEST(joined_steps_are_written_together),
		TEST(a_conflict_in_a_joined_step_writes_nothing_of_the_others),
		TEST(a_node_whose_own_cell_was_changed_is_a_conflict),
		TEST(a_node_whose_group_was_changed_is_a_conflict),
		TEST(a_node_whose_groups_were_changed_is_a_conflict),
		TEST(how_values_join_is_a_conflict_too),
		TEST(a_change_that_concerns_nobody_is_no_conflict),
		TEST(what_the_step_itself_changed_is_no_conflict),
		TEST(a_row_without_a_node_is_guarded_by_its_cell),
		TEST(after_a_conflict_the_cell_can_be_set_again),
		TEST(a_dropped_step_is_as_if_it_had_not_been),
	};

	return cmocka_run_group_tests_name("runs", tests, NULL, NULL);
}
