/* A run that was killed, and goes on: what has become of its rows. */
#include "tests/unit/host_run.h"

static void keep_fails(Test *test, const char *table)
{
	g_autofree char *file = journal_file(test);
	g_autofree char *sql = g_strdup_printf("CREATE TRIGGER full BEFORE UPDATE ON %s BEGIN"
					       " SELECT raise(FAIL, 'no room'); END",
					       table);

	database_execute(file, sql);
}

/* The step cannot be ended, as that cannot be kept; then the program is killed. */
static void kill_at_end(Test *test)
{
	g_autofree char *file = journal_file(test);

	assert_false(run_end_step(test->run, FALSE, &test->problem));
	assert_refused(test->problem, "no room");
	database_execute(file, "DROP TRIGGER full");
	killed(test);
}

/* cn1 and cn2 have got another master, and nobody has written down that they have. */
static void kill_in_commit(Test *test)
{
	begin_step(test, "xcatmaster");
	set_cell(test, "cn1", "xcatmaster", "sn2-c");
	set_cell(test, "cn2", "xcatmaster", "sn2-c");
	keep_fails(test, "batches");
	kill_at_end(test);
	assert_kept(test, "noderes.xcatmaster cn1 started|noderes.xcatmaster cn2 started");
}

/* They are done, and the step has not ended. */
static void kill_after_commit(Test *test)
{
	begin_step(test, "xcatmaster");
	set_cell(test, "cn1", "xcatmaster", "sn2-c");
	set_cell(test, "cn2", "xcatmaster", "sn2-c");
	keep_fails(test, "steps");
	kill_at_end(test);
	assert_kept(test, "noderes.xcatmaster cn1 done|noderes.xcatmaster cn2 done");
}

static void resume_refused(Test *test, const char *part)
{
	make_run(test, FALSE);
	test->content = read_run(test, test->number);
	keep_run(test);
	assert_false(run_settle(test->run, test->content, TRUE, &test->problem));
	assert_true(g_error_matches(test->problem, RUN_ERROR, RUN_ERROR_CONFLICT));
	assert_refused(test->problem, part);
}

/* ---- Settled ---- */

static void rows_that_are_written_are_done(void **state)
{
	Test *test = *state;

	kill_in_commit(test);
	resume(test);
	assert_kept(test, "noderes.xcatmaster cn1 done|noderes.xcatmaster cn2 done");
	assert_int_equal(run_done(test->run), 2);
}

static void rows_that_are_not_written_never_began(void **state)
{
	Test *test = *state;

	kill_in_commit(test);
	world_execute(test->world, "UPDATE noderes SET xcatmaster = 'sn1-c'");
	resume(test);
	assert_kept(test, "");
	assert_false(run_has_begun(test->run));
	begin_step(test, "xcatmaster");
	set_cell(test, "cn1", "xcatmaster", "sn2-c");
	end_step(test);
	assert_kept(test, "noderes.xcatmaster cn1 done");
}

static void rows_of_which_some_are_written_are_a_conflict(void **state)
{
	Test *test = *state;

	kill_in_commit(test);
	world_execute(test->world,
		      "UPDATE noderes SET xcatmaster = 'sn1-c' WHERE node = 'cn2'");
	resume_refused(test, "2 values were begun; 1 are as before, 1 as written");
	assert_kept(test, "noderes.xcatmaster cn1 started|noderes.xcatmaster cn2 started");
}

static void rows_that_somebody_else_has_written_are_a_conflict(void **state)
{
	Test *test = *state;

	kill_in_commit(test);
	world_execute(test->world, "UPDATE noderes SET xcatmaster = NULL WHERE node = 'cn2'");
	resume_refused(test, "noderes.xcatmaster of 'cn2': it was 'sn1-c' before, this run "
			     "wrote 'sn2-c', and it is nothing now");
}

static void the_conflict_of_a_resume_is_none_for_an_undo(void **state)
{
	Test *test = *state;

	kill_in_commit(test);
	world_execute(test->world, "UPDATE noderes SET xcatmaster = NULL WHERE node = 'cn2'");
	undo(test, NULL);
	assert_cell(test, "cn1", "xcatmaster", "sn1-c");
	assert_target(test, "noderes.xcatmaster cn1 undone|noderes.xcatmaster cn2 done");
	assert_owed(test, "- cn2: left as it is: somebody changed noderes.xcatmaster since "
			  "(before 'sn1-c', then 'sn2-c', now nothing)");
}

static void what_somebody_has_set_back_is_undone_with_the_rest(void **state)
{
	Test *test = *state;

	kill_in_commit(test);
	world_execute(test->world,
		      "UPDATE noderes SET xcatmaster = 'sn1-c' WHERE node = 'cn2'");
	undo(test, NULL);
	assert_cell(test, "cn1", "xcatmaster", "sn1-c");
	assert_cell(test, "cn2", "xcatmaster", "sn1-c");
	assert_target(test, "noderes.xcatmaster cn1 undone|noderes.xcatmaster cn2 undone");
	assert_owed(test, "");
}

/* ---- Run again ---- */

static void a_step_that_runs_again_sees_what_was_before(void **state)
{
	Test *test = *state;
	const char *value;

	kill_after_commit(test);
	resume(test);
	value = cluster_attribute(test->world->cluster, "cn1", "noderes", "xcatmaster",
				  &test->problem);
	assert_string_equal(value, "sn1-c");
	assert_cell(test, "cn1", "xcatmaster", "sn2-c");
}

static void a_step_that_runs_again_writes_nothing_twice(void **state)
{
	Test *test = *state;

	kill_after_commit(test);
	resume(test);
	begin_step(test, "xcatmaster");
	set_cell(test, "cn1", "xcatmaster", "sn2-c");
	set_cell(test, "cn2", "xcatmaster", "sn2-c");
	set_cell(test, "cn3", "xcatmaster", "sn2-c");
	end_step(test);
	assert_kept(test, "noderes.xcatmaster cn1 done|noderes.xcatmaster cn2 done|"
			  "noderes.xcatmaster cn3 done");
	assert_changes(test, "noderes.xcatmaster cn3 done");
	assert_int_equal(run_done(test->run), 3);
}

static void a_step_that_sets_another_value_is_refused(void **state)
{
	Test *test = *state;

	kill_after_commit(test);
	resume(test);
	begin_step(test, "xcatmaster");
	set_cell(test, "cn1", "xcatmaster", "sn2-c");
	set_cell(test, "cn2", "xcatmaster", "sn3-c");
	assert_step_refused(test, RUN_ERROR_CHANGED,
			    "step xcatmaster has set noderes.xcatmaster of 'cn2', and asks for "
			    "another value now");
	assert_cell(test, "cn2", "xcatmaster", "sn2-c");
}

static void a_step_that_does_not_set_it_is_refused(void **state)
{
	Test *test = *state;

	kill_after_commit(test);
	resume(test);
	begin_step(test, "xcatmaster");
	set_cell(test, "cn2", "xcatmaster", "sn2-c");
	assert_step_refused(test, RUN_ERROR_CHANGED, "of 'cn1', and does not ask for it now");
}

static void a_cell_that_somebody_set_back_is_set_again(void **state)
{
	Test *test = *state;

	kill_after_commit(test);
	world_execute(test->world, "UPDATE noderes SET xcatmaster = 'sn1-c'");
	resume(test);
	begin_step(test, "xcatmaster");
	set_cell(test, "cn1", "xcatmaster", "sn2-c");
	end_step(test);
	assert_cell(test, "cn1", "xcatmaster", "sn2-c");
}

static void what_somebody_changed_of_a_step_that_has_ended_is_told(void **state)
{
	Test *test = *state;

	begin_step(test, "xcatmaster");
	set_cell(test, "cn1", "xcatmaster", "sn2-c");
	end_step(test);
	killed(test);
	world_execute(test->world, "UPDATE noderes SET xcatmaster = 'mine'");
	resume(test);
	assert_owed(test,
		    "- cn1: somebody changed what was done: noderes.xcatmaster of 'cn1': "
		    "it was 'sn1-c' before, this run wrote 'sn2-c', and it is 'mine' now");
}

static void nodes_that_are_not_moved_after_all_are_left_out(void **state)
{
	Test *test = *state;

	assert_ok(run_leave_out(test->run, KEY("cn2", NULL), &test->problem), test->problem);
	killed(test);
	resume(test);
	assert_int_equal(test->content->nodes->len, 2);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(rows_that_are_written_are_done),
		TEST(rows_that_are_not_written_never_began),
		TEST(rows_of_which_some_are_written_are_a_conflict),
		TEST(rows_that_somebody_else_has_written_are_a_conflict),
		TEST(the_conflict_of_a_resume_is_none_for_an_undo),
		TEST(what_somebody_has_set_back_is_undone_with_the_rest),
		TEST(a_step_that_runs_again_sees_what_was_before),
		TEST(a_step_that_runs_again_writes_nothing_twice),
		TEST(a_step_that_sets_another_value_is_refused),
		TEST(a_step_that_does_not_set_it_is_refused),
		TEST(a_cell_that_somebody_set_back_is_set_again),
		TEST(what_somebody_changed_of_a_step_that_has_ended_is_told),
		TEST(nodes_that_are_not_moved_after_all_are_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
