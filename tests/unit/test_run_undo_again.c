/* An undo that is only planned, and one that was killed and is gone on with. */
#include "tests/unit/host_run.h"

#define X    ROOT "/x.conf"
#define Y    ROOT "/y.conf"
#define THAW "rm -f frozen; echo thawed >>log"

static void freeze(Test *test, const char *names)
{
	test->how.undo = THAW;
	step_with(test, "freeze", names, "touch frozen");
	test->how.undo = NULL;
}

static void put_in_step(Test *test, const char *names, const RemoteFile *files, guint n)
{
	begin_step(test, "chrony");
	put(test, names, files, n);
	end_step(test);
}

static void move_in_step(Test *test, const char *node)
{
	begin_step(test, "servicenode");
	set_cell(test, node, "xcatmaster", "sn2-c");
	end_step(test);
}

/* The undo is killed with the script of this number that it gives to a host. */
static void undo_and_kill(Test *test, guint script)
{
	begin_undo(test);
	test->kill_at = script;
	assert_ok(walk_back(test, NULL), test->problem);
	killed(test);
}

/* ---- Killed ---- */

static void a_command_that_was_taken_back_is_not_taken_back_again(void **state)
{
	Test *test = *state;

	freeze(test, "cn1 cn2");
	/* The newest first: cn2 has its result long before cn1 is there. */
	tell(test, "cn1", (RemoteTold){ .answer = by_shell, .connect_late = 200 });
	test->limits.fanout = 1;
	test->kill_before = TRUE;
	undo_and_kill(test, 2);
	assert_kept(test, THAW " cn2 done|" THAW " cn1 started");
	assert_target(test, "touch frozen cn1 done|touch frozen cn2 done");
	undo_again(test);
	assert_there(test, "cn2", ROOT "/log", "thawed\n");
	assert_target(test, "touch frozen cn1 unknown|touch frozen cn2 undone");
	assert_seen(test, "cn1: nobody knows whether 'touch frozen' was run, and it is not "
			  "taken back: look there");
	assert_int_equal(asked(test, NULL, "thawed"), 0);
}

static void a_command_whose_undo_was_killed_is_taken_back_if_that_is_always_right(void **state)
{
	Test *test = *state;

	test->how.undo_always = TRUE;
	freeze(test, "cn1");
	undo_and_kill(test, 1);
	undo_again(test);
	assert_target(test, "touch frozen cn1 undone");
	assert_there(test, "cn1", ROOT "/log", "thawed\nthawed\n");
	assert_seen(test, "");
}

/* The text is the same, and says nothing: the one whose undo was begun is told apart. */
static void of_two_that_are_undone_alike_the_other_is_taken_back(void **state)
{
	Test *test = *state;

	test->how.undo = THAW;
	step_with(test, "freeze", "cn1", "touch first");
	step_with(test, "nodes", "cn1", "touch second");
	undo_and_kill(test, 1);
	undo_again(test);
	assert_target(test, "touch first cn1 undone|touch second cn1 unknown");
	assert_there(test, "cn1", ROOT "/log", "thawed\nthawed\n");
	assert_seen(test, "cn1: nobody knows whether 'touch second' was run, and it is not "
			  "taken back: look there");
}

static void a_command_whose_undo_failed_is_taken_back_again(void **state)
{
	Test *test = *state;

	test->how.undo = "test -e " ROOT "/ok";
	step_with(test, "freeze", "cn1", "true");
	begin_undo(test);
	take_back(test, NULL);
	killed(test);
	lay(test, "cn1", ROOT "/ok", "");
	undo_again(test);
	assert_target(test, "true cn1 undone");
}

static void files_that_were_put_back_are_finished(void **state)
{
	Test *test = *state;

	lay(test, "cn1", X, "old");
	test->files.activate = "cat " X " >>" ROOT "/log";
	put_in_step(test, "cn1", FILES(file(X, "new"), file(Y, "new")));
	undo_and_kill(test, 2); /* after the look */
	assert_kept(test, Y " cn1 started|" X " cn1 started");
	undo_again(test);
	assert_there(test, "cn1", X, "old");
	assert_there(test, "cn1", Y, "(nothing)");
	assert_target(test, X " cn1 undone|" Y " cn1 undone");
	assert_owed(test, "");
	assert_there(test, "cn1", ROOT "/log", "newoldold");
}

static void files_that_were_not_put_back_yet_are(void **state)
{
	Test *test = *state;

	lay(test, "cn1", X, "old");
	put_in_step(test, "cn1", FILES(file(X, "new"), file(Y, "new")));
	test->kill_before = TRUE;
	undo_and_kill(test, 2);
	assert_there(test, "cn1", X, "new");
	undo_again(test);
	assert_there(test, "cn1", X, "old");
	assert_there(test, "cn1", Y, "(nothing)");
	assert_target(test, X " cn1 undone|" Y " cn1 undone");
}

static void rows_that_were_not_reached_are_taken_back(void **state)
{
	Test *test = *state;

	move_in_step(test, "cn1");
	put_in_step(test, "cn1", FILES(file(X, "new")));
	undo_and_kill(test, 2);
	assert_cell(test, "cn1", "xcatmaster", "sn2-c");
	undo_again(test);
	assert_cell(test, "cn1", "xcatmaster", "sn1-c");
	assert_target(test, "noderes.xcatmaster cn1 undone|" X " cn1 undone");
}

/* The rows are written, and nobody wrote down that they are. */
static void undo_and_kill_in_commit(Test *test)
{
	g_autofree char *file = journal_file(test);

	begin_undo(test);
	database_execute(file, "CREATE TRIGGER full BEFORE UPDATE ON batches BEGIN"
			       " SELECT raise(FAIL, 'no room'); END");
	assert_false(walk_back(test, NULL));
	assert_refused(test->problem, "no room");
	database_execute(file, "DROP TRIGGER full");
	killed(test);
}

static void rows_that_were_written_are_as_before(void **state)
{
	Test *test = *state;

	move_in_step(test, "cn1");
	undo_and_kill_in_commit(test);
	assert_cell(test, "cn1", "xcatmaster", "sn1-c");
	undo_again(test);
	assert_cell(test, "cn1", "xcatmaster", "sn1-c");
	assert_target(test, "noderes.xcatmaster cn1 undone");
	assert_owed(test, "");
}

static void a_row_that_somebody_changed_after_the_kill_is_left_alone(void **state)
{
	Test *test = *state;

	begin_step(test, "servicenode");
	set_cell(test, "cn1", "xcatmaster", "sn2-c");
	set_cell(test, "cn2", "xcatmaster", "sn2-c");
	end_step(test);
	undo_and_kill_in_commit(test);
	world_execute(test->world, "UPDATE noderes SET xcatmaster = 'mine' WHERE node = 'cn2'");
	undo_again(test);
	assert_cell(test, "cn1", "xcatmaster", "sn1-c");
	assert_cell(test, "cn2", "xcatmaster", "mine");
	assert_target(test, "noderes.xcatmaster cn1 undone|noderes.xcatmaster cn2 done");
	assert_owed(test, "- cn2: left as it is: somebody changed noderes.xcatmaster since "
			  "(before 'sn1-c', then 'sn2-c', now 'mine')");
}

/* ---- Planned ---- */

static void plan_undo(Test *test)
{
	test->target = test->number;
	test->content = read_run(test, test->target);
	g_ptr_array_set_size(test->asked, 0);
	begin_plan(test);
	take_back(test, NULL);
}

static void a_planned_undo_takes_nothing_back(void **state)
{
	Test *test = *state;
	g_autofree char *report = NULL;

	lay(test, "cn1", X, "old");
	move_in_step(test, "cn1");
	freeze(test, "cn1 cn2");
	put_in_step(test, "cn1", FILES(file(X, "new!")));
	plan_undo(test);
	assert_there(test, "cn1", X, "new!");
	assert_there(test, "cn2", ROOT "/frozen", "");
	assert_cell(test, "cn1", "xcatmaster", "sn2-c");
	assert_int_equal(asked(test, NULL, "thawed"), 0);
	assert_int_equal(test->undone, 2);
	assert_target(test, "noderes.xcatmaster cn1 done|touch frozen cn1 done|"
			    "touch frozen cn2 done|" X " cn1 done");
	report = change_report(run_changes(test->run), FALSE);
	assert_string_equal(report,
			    "undo\n"
			    "  " X "                        4 -> 3 bytes    cn1\n"
			    "  rm -f frozen; echo thawed >>log  takes it back   cn[1-2]\n"
			    "  noderes.xcatmaster               sn2-c -> sn1-c  cn1\n");
}

static void a_planned_undo_tells_what_it_would_leave(void **state)
{
	Test *test = *state;

	freeze(test, "cn1 cn2");
	put_in_step(test, "cn1 cn2", FILES(file(X, "new")));
	lay(test, "cn1", X, "my own");
	tell(test, "cn2", (RemoteTold){ .error = REMOTE_REFUSED });
	plan_undo(test);
	assert_changes(test, THAW " cn2 planned");
	assert_owed(test, "cn2 cn2: '" X "' is to be put back: refused|"
			  "cn1 cn1: left as it is: somebody changed '" X "' since (before "
			  "absent, then a file of 3 bytes, now a file of 6 bytes)");
}

static void a_planned_undo_sees_one_put_under_another(void **state)
{
	Test *test = *state;

	lay(test, "cn1", X, "old");
	put_in_step(test, "cn1", FILES(file(X, "new")));
	begin_step(test, "again");
	put(test, "cn1", FILES(file(X, "newer")));
	end_step(test);
	plan_undo(test);
	assert_owed(test, "");
	assert_changes(test, X " cn1 planned|" X " cn1 planned");
	assert_there(test, "cn1", X, "newer");
}

/* ---- The undo of an undo ---- */

/* The undo that was done is undone itself. */
static void undo_the_undo(Test *test)
{
	g_autoptr(JournalContent) first = read_run(test, test->target);

	test->first = first;
	test->target = test->number;
	undo(test, NULL);
	test->first = NULL;
}

static void a_command_is_not_done_again_and_that_is_owed(void **state)
{
	Test *test = *state;

	move_in_step(test, "cn1");
	freeze(test, "cn1");
	undo(test, NULL);
	undo_the_undo(test);
	assert_cell(test, "cn1", "xcatmaster", "sn2-c");
	assert_int_equal(asked(test, "cn1", "frozen"), 0);
	assert_owed(test, "cn1 cn1: 'touch frozen' of step freeze is not done again: do it by "
			  "hand");
	assert_int_equal(test->undone, 1);
	assert_null(((const JournalOwed *)test->owed->pdata[0])->step);
}

static void a_command_that_was_never_taken_back_is_not_to_be_done_again(void **state)
{
	Test *test = *state;

	move_in_step(test, "cn1");
	step_with(test, "nodes", "cn1", "touch here");
	undo(test, NULL);
	undo_the_undo(test);
	assert_owed(test, "");
	assert_seen(test, "");
}

static void what_steps_around_an_undo_did_is_not_owed(void **state)
{
	Test *test = *state;

	move_in_step(test, "cn1");
	begin_undo(test);
	step_with(test, "freeze", "cn1", "touch quiet");
	take_back(test, NULL);
	undo_the_undo(test);
	assert_owed(test, "");
	assert_seen(test, "'touch quiet' was run in step freeze, and cannot be taken back");
}

static void what_an_undo_leaves_is_tried_again_by_another(void **state)
{
	Test *test = *state;

	move_in_step(test, "cn1");
	world_execute(test->world, "UPDATE noderes SET xcatmaster = 'mine' WHERE node = 'cn1'");
	undo(test, NULL);
	assert_int_equal(test->owed->len, 1);
	assert_string_equal(((const JournalOwed *)test->owed->pdata[0])->step,
			    CHANGE_UNDO_STEP);
	assert_int_equal(test->undone, 0);
}

static void a_node_that_went_back_before_the_kill_has_gone_back(void **state)
{
	Test *test = *state;

	freeze(test, "cn1");
	move_in_step(test, "cn1");
	move_in_step(test, "cn2");
	begin_undo(test);
	take_back(test, NULL);
	killed(test);
	undo_again(test);
	assert_int_equal(test->undone, 2);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_command_that_was_taken_back_is_not_taken_back_again),
		TEST(of_two_that_are_undone_alike_the_other_is_taken_back),
		TEST(a_command_whose_undo_was_killed_is_taken_back_if_that_is_always_right),
		TEST(a_command_whose_undo_failed_is_taken_back_again),
		TEST(files_that_were_put_back_are_finished),
		TEST(files_that_were_not_put_back_yet_are),
		TEST(rows_that_were_not_reached_are_taken_back),
		TEST(rows_that_were_written_are_as_before),
		TEST(a_row_that_somebody_changed_after_the_kill_is_left_alone),
		TEST(a_planned_undo_takes_nothing_back),
		TEST(a_planned_undo_tells_what_it_would_leave),
		TEST(a_planned_undo_sees_one_put_under_another),
		TEST(a_command_is_not_done_again_and_that_is_owed),
		TEST(a_command_that_was_never_taken_back_is_not_to_be_done_again),
		TEST(what_steps_around_an_undo_did_is_not_owed),
		TEST(what_an_undo_leaves_is_tried_again_by_another),
		TEST(a_node_that_went_back_before_the_kill_has_gone_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
