/* A run that is taken back: its commands, its files and its rows, node by node. */
#include "tests/unit/host_run.h"

#define X ROOT "/x.conf"
#define Y ROOT "/y.conf"

/* A step that freezes hosts, and can be taken back. */
static void freeze(Test *test, const char *names)
{
	test->how.undo = "rm frozen; echo thawed >>log";
	step_with(test, "freeze", names, "touch frozen");
	test->how.undo = NULL;
}

static void put_in_step(Test *test, const char *step, const char *names,
			const RemoteFile *files, guint n)
{
	begin_step(test, step);
	put(test, names, files, n);
	end_step(test);
}

static void move_in_step(Test *test, const char *step, const char *node)
{
	begin_step(test, step);
	set_cell(test, node, "xcatmaster", "sn2-c");
	end_step(test);
}

#define THAW "rm frozen; echo thawed >>log"

/* ---- Commands ---- */

static void commands_are_taken_back_by_their_undo(void **state)
{
	Test *test = *state;

	freeze(test, "cn1 cn2 cn3");
	undo(test, NULL);
	assert_there(test, "cn1", ROOT "/frozen", "(nothing)");
	assert_there(test, "cn3", ROOT "/log", "thawed\n");
	assert_target(test, "touch frozen cn1 undone|touch frozen cn2 undone|"
			    "touch frozen cn3 undone");
	assert_int_equal(count_kept(test, CHANGE_DONE), 3);
	assert_int_equal(test->undone, 3);
	assert_owed(test, "");
	assert_seen(test, "");
}

/* A script of a hundred lines for a thousand hosts would be a large journal. */
static void an_undo_that_many_hosts_have_is_kept_once(void **state)
{
	Test *test = *state;
	g_autofree char *file = journal_file(test);
	g_autofree char *long_line = g_strnfill(5000, 'x');
	g_autofree char *long_undo = g_strdup_printf("echo back >>log\n: %s", long_line);
	g_autofree char *count = NULL;

	test->how.undo = long_undo;
	step_with(test, "freeze", "cn1 cn2 cn3", "true");
	test->how.undo = NULL;
	count = database_value(file, "SELECT count(*) || ' ' || max(length(text)) FROM texts");
	assert_string_equal(count, "1 5018");
	undo(test, NULL);
	assert_there(test, "cn1", ROOT "/log", "back\n");
	assert_there(test, "cn3", ROOT "/log", "back\n");
	assert_owed(test, "");
}

static void the_newest_is_taken_back_first(void **state)
{
	Test *test = *state;

	test->how.undo = "echo first >>log";
	step_with(test, "freeze", "cn1 cn2", "true");
	test->how.undo = "echo second >>log";
	step_with(test, "stop", "cn1", "true");
	undo(test, NULL);
	assert_there(test, "cn1", ROOT "/log", "second\nfirst\n");
	assert_there(test, "cn2", ROOT "/log", "first\n");
}

static void a_command_that_ran_twice_is_taken_back_twice(void **state)
{
	Test *test = *state;

	test->how.undo = "echo back >>log";
	begin_step(test, "freeze");
	command(test, "cn1", "true");
	command(test, "cn1", "true");
	end_step(test);
	undo(test, NULL);
	assert_there(test, "cn1", ROOT "/log", "back\nback\n");
	assert_target(test, "true cn1 undone|true cn1 undone");
}

static void what_cannot_be_taken_back_is_told_once(void **state)
{
	Test *test = *state;

	step_with(test, "freeze", "cn1 cn2", "reboot --dry || :");
	undo(test, NULL);
	assert_seen(test,
		    "'reboot --dry || :' was run in step freeze, and cannot be taken back");
	assert_owed(test, "");
	assert_target(test, "reboot --dry || : cn1 done|reboot --dry || : cn2 done");
	assert_int_equal(test->undone, 0);
}

static void what_has_failed_is_not_taken_back(void **state)
{
	Test *test = *state;

	test->how.undo = "touch undone";
	step_with(test, "freeze", "cn1", "false");
	undo(test, NULL);
	assert_there(test, "cn1", ROOT "/undone", "(nothing)");
	assert_seen(test, "");
}

static void the_unknown_is_left_and_told(void **state)
{
	Test *test = *state;

	tell(test, "cn1", (RemoteTold){ .contacts = 1, .script = { .error = REMOTE_LOST } });
	tell(test, "cn1", (RemoteTold){ .answer = by_shell });
	test->how.undo = "touch undone";
	step_with(test, "freeze", "cn1", "true");
	undo(test, NULL);
	assert_there(test, "cn1", ROOT "/undone", "(nothing)");
	assert_seen(test, "cn1: nobody knows whether 'true' was run, and it is not taken back: "
			  "look there");
}

static void the_unknown_is_taken_back_where_that_is_always_right(void **state)
{
	Test *test = *state;

	tell(test, "cn1", (RemoteTold){ .contacts = 1, .script = { .error = REMOTE_LOST } });
	tell(test, "cn1", (RemoteTold){ .answer = by_shell });
	test->how.undo = "touch undone";
	test->how.undo_always = TRUE;
	step_with(test, "freeze", "cn1 cn2", "test \"${PWD##*/}\" = cn1");
	undo(test, NULL);
	assert_there(test, "cn1", ROOT "/undone", "");
	assert_there(test, "cn2", ROOT "/undone", ""); /* it had failed */
	assert_seen(test, "");
	assert_int_equal(test->undone, 2);
}

static void who_cannot_be_taken_back_is_left_with_all_that_is_its(void **state)
{
	Test *test = *state;

	move_in_step(test, "servicenode", "cn1");
	move_in_step(test, "xcatmaster", "cn2");
	freeze(test, "cn1 cn2");
	test->how.undo = "echo no way >&2; test \"${PWD##*/}\" = cn2";
	step_with(test, "stop", "cn1 cn2", "true");
	undo(test, NULL);
	assert_owed(test, "cn1 cn1: left as it is: 'echo no way >&2; test \"${PWD##*/}\" = cn2'"
			  " failed with status 1: no way");
	assert_there(test, "cn1", ROOT "/frozen", "");
	assert_there(test, "cn2", ROOT "/frozen", "(nothing)");
	assert_cell(test, "cn1", "xcatmaster", "sn2-c");
	assert_cell(test, "cn2", "xcatmaster", "sn1-c");
	assert_int_equal(test->undone, 1);
}

static void what_a_host_that_is_down_has_is_owed(void **state)
{
	Test *test = *state;

	freeze(test, "cn1 cn2");
	put_in_step(test, "chrony", "cn1", FILES(file(X, "new")));
	tell(test, "cn1", (RemoteTold){ .error = REMOTE_UNREACHABLE });
	undo(test, NULL);
	assert_owed(test, "cn1 cn1: '" X "' is to be put back: unreachable|"
			  "cn1 cn1: '" THAW "' is to be run, to take freeze back: unreachable");
	assert_target(test, "touch frozen cn1 done|touch frozen cn2 undone|" X " cn1 done");
	/* Another one, when it is up again. */
	tell(test, "cn1", (RemoteTold){ .answer = by_shell });
	undo(test, NULL);
	assert_owed(test, "");
	assert_target(test, "touch frozen cn1 undone|touch frozen cn2 undone|" X " cn1 undone");
	assert_there(test, "cn1", X, "(nothing)");
	assert_there(test, "cn2", ROOT "/log", "thawed\n");
}

static void only_these_nodes_are_taken_back(void **state)
{
	Test *test = *state;

	move_in_step(test, "servicenode", "cn1");
	move_in_step(test, "xcatmaster", "cn2");
	freeze(test, "cn1 cn2 sn1=");
	put_in_step(test, "chrony", "cn1 cn2 sn1=", FILES(file(X, "new")));
	undo(test, "cn2");
	assert_int_equal(test->undone, 1);
	assert_there(test, "cn1", ROOT "/frozen", "");
	assert_there(test, "sn1", ROOT "/frozen", "");
	assert_there(test, "cn1", X, "new");
	assert_there(test, "cn2", ROOT "/frozen", "(nothing)");
	assert_there(test, "cn2", X, "(nothing)");
	assert_cell(test, "cn1", "xcatmaster", "sn2-c");
	assert_cell(test, "cn2", "xcatmaster", "sn1-c");
}

static void what_is_of_no_node_is_taken_back_with_all(void **state)
{
	Test *test = *state;

	freeze(test, "sn1=");
	put_in_step(test, "chrony", "sn1=", FILES(file(X, "new")));
	undo(test, NULL);
	assert_there(test, "sn1", ROOT "/frozen", "(nothing)");
	assert_there(test, "sn1", X, "(nothing)");
	assert_int_equal(test->undone, 0); /* nodes */
}

/* ---- Files ---- */

static void files_are_put_back_byte_for_byte(void **state)
{
	Test *test = *state;

	lay(test, "cn1", X, "old\r\n no end");
	lay(test, "cn1", Y, "was to go\n");
	put_in_step(test, "chrony", "cn1",
		    FILES(file(X, "new"), no_file(Y), file(ROOT "/z", "new")));
	undo(test, NULL);
	assert_there(test, "cn1", X, "old\r\n no end");
	assert_mode(test, "cn1", X, 0640);
	assert_there(test, "cn1", Y, "was to go\n");
	assert_there(test, "cn1", ROOT "/z", "(nothing)");
	assert_target(test, X " cn1 undone|" Y " cn1 undone|" ROOT "/z cn1 undone");
	assert_int_equal(test->undone, 1);
	assert_owed(test, "");
}

static void a_file_that_was_put_twice_goes_back_to_the_first(void **state)
{
	Test *test = *state;

	lay(test, "cn1", X, "old");
	put_in_step(test, "chrony", "cn1", FILES(file(X, "new")));
	put_in_step(test, "again", "cn1", FILES(file(X, "newer")));
	undo(test, NULL);
	assert_there(test, "cn1", X, "old");
	assert_target(test, X " cn1 undone|" X " cn1 undone");
}

static void what_makes_files_work_is_run_when_they_are_back(void **state)
{
	Test *test = *state;

	lay(test, "cn1", X, "old");
	test->files.activate = "cat " X " >>" ROOT "/log";
	put_in_step(test, "chrony", "cn1", FILES(file(X, "new")));
	undo(test, NULL);
	assert_there(test, "cn1", ROOT "/log", "newold");
}

static void what_does_not_work_with_the_old_files_is_left(void **state)
{
	Test *test = *state;

	lay(test, "cn1", X, "old");
	test->files.activate = "grep -q new " X;
	freeze(test, "cn1");
	put_in_step(test, "chrony", "cn1", FILES(file(X, "new")));
	undo(test, NULL);
	assert_there(test, "cn1", X, "new");
	assert_there(test, "cn1", ROOT "/frozen", "");
	assert_owed(test, "cn1 cn1: left as it is: status 1, and the old files are back");
	assert_int_equal(test->undone, 0);
}

static void a_file_that_somebody_changed_is_left_with_its_node(void **state)
{
	Test *test = *state;

	move_in_step(test, "servicenode", "cn1");
	freeze(test, "cn1 cn2");
	put_in_step(test, "chrony", "cn1 cn2", FILES(file(X, "new"), file(Y, "new")));
	lay(test, "cn1", X, "my own");
	undo(test, NULL);
	assert_owed(test, "cn1 cn1: left as it is: somebody changed '" X "' since (before "
			  "absent, then a file of 3 bytes, now a file of 6 bytes)");
	assert_there(test, "cn1", X, "my own");
	assert_there(test, "cn1", Y, "new");
	assert_there(test, "cn1", ROOT "/frozen", "");
	assert_cell(test, "cn1", "xcatmaster", "sn2-c");
	assert_there(test, "cn2", X, "(nothing)");
	assert_there(test, "cn2", ROOT "/frozen", "(nothing)");
	assert_int_equal(test->undone, 1);
}

static void a_file_that_is_changed_during_the_undo_is_left(void **state)
{
	Test *test = *state;

	lay(test, "cn1", X, "old");
	put_in_step(test, "chrony", "cn1", FILES(file(X, "new")));
	test->how.undo = "echo mine >" X; /* runs after the first look */
	step_with(test, "freeze", "cn1", "true");
	undo(test, NULL);
	assert_owed(test, "cn1 cn1: left as it is: '" X "' is not as it was left, but a file "
			  "of 5 bytes");
	assert_there(test, "cn1", X, "mine\n");
	assert_target(test, X " cn1 done|true cn1 undone");
}

static void a_file_that_is_back_already_is_as_it_should_be(void **state)
{
	Test *test = *state;

	lay(test, "cn1", X, "old");
	put_in_step(test, "chrony", "cn1", FILES(file(X, "new")));
	lay(test, "cn1", X, "old");
	undo(test, NULL);
	assert_owed(test, "");
	assert_there(test, "cn1", X, "old");
	assert_target(test, X " cn1 undone");
	assert_kept(test, "");
}

static void a_mode_alone_goes_back(void **state)
{
	Test *test = *state;
	RemoteFile wanted = file(X, "same");

	lay(test, "cn1", X, "same");
	wanted.mode = 0600;
	put_in_step(test, "chrony", "cn1", FILES(wanted));
	undo(test, NULL);
	assert_mode(test, "cn1", X, 0640);
}

static void a_file_whose_copy_is_gone_is_left(void **state)
{
	Test *test = *state;
	g_autofree char *folder = host_path(test, "cn1", ROOT "/kept");
	g_autofree char *elsewhere = host_path(test, "cn1", ROOT "/elsewhere");

	lay(test, "cn1", X, "old");
	put_in_step(test, "chrony", "cn1", FILES(file(X, "new")));
	assert_int_equal(g_rename(folder, elsewhere), 0);
	undo(test, NULL);
	assert_owed(test,
		    "cn1 cn1: left as it is: '" X "' cannot be put back: what was kept of "
		    "it is not there any more");
	assert_there(test, "cn1", X, "new");
	assert_int_equal(test->undone, 0);
}

static void a_put_of_which_nobody_knows_is_made_as_before(void **state)
{
	Test *test = *state;

	lay(test, "cn1", X, "old");
	tell(test, "cn1",
	     (RemoteTold){
		     .contacts = 1, .answer = by_shell, .script = { .error = REMOTE_LOST } });
	tell(test, "cn1", (RemoteTold){ .answer = by_shell });
	put_in_step(test, "chrony", "cn1", FILES(file(X, "new"), file(Y, "new")));
	assert_results(test, "lost");
	undo(test, NULL);
	assert_there(test, "cn1", X, "old");
	assert_there(test, "cn1", Y, "(nothing)");
	assert_target(test, X " cn1 undone|" Y " cn1 undone");
	assert_int_equal(count_files(test, "cn1", ROOT "/kept"), 0);
}

static void a_put_that_was_killed_is_made_as_before(void **state)
{
	Test *test = *state;

	lay(test, "cn1", Y, "old");
	test->kill_at = 1;
	test->kill_before = TRUE;
	begin_step(test, "chrony");
	put(test, "cn1", FILES(file(X, "new"), file(Y, "new")));
	killed(test);
	lay(test, "cn1", X, "new"); /* as far as it came */
	undo(test, NULL);
	assert_there(test, "cn1", X, "(nothing)");
	assert_there(test, "cn1", Y, "old");
	assert_target(test, X " cn1 undone|" Y " cn1 undone");
}

static void an_undo_of_files_can_be_taken_back(void **state)
{
	Test *test = *state;

	lay(test, "cn1", X, "old");
	put_in_step(test, "chrony", "cn1", FILES(file(X, "new"), file(Y, "new")));
	undo(test, NULL);
	assert_there(test, "cn1", X, "old");
	test->target = test->number;
	undo(test, NULL);
	assert_there(test, "cn1", X, "new");
	assert_there(test, "cn1", Y, "new");
	assert_owed(test, "");
}

static void files_of_many_hosts_go_back(void **state)
{
	Test *test = *state;
	g_autofree char *names = many_names(20);

	put_in_step(test, "chrony", names, FILES(file(X, "new")));
	tell(test, "cn7", (RemoteTold){ .error = REMOTE_REFUSED });
	undo(test, NULL);
	assert_int_equal(test->undone, 19);
	assert_int_equal(count_kept(test, CHANGE_DONE), 19);
	assert_owed(test, "cn7 cn7: '" X "' is to be put back: refused");
}

static void a_host_that_does_not_tell_keeps_its_files(void **state)
{
	Test *test = *state;

	put_in_step(test, "chrony", "cn1", FILES(file(X, "new")));
	tell(test, "cn1", (RemoteTold){ .script = { .out = "" } });
	undo(test, NULL);
	assert_owed(test, "cn1 cn1: '" X "' is to be put back: the host does not tell what it "
			  "is now");
	assert_target(test, X " cn1 done");
}

static void nothing_is_taken_back_on_hosts_without_a_remote(void **state)
{
	Test *test = *state;

	move_in_step(test, "servicenode", "cn1");
	begin_undo(test);
	run_reach(test->run, NULL, NULL, &test->limits);
	take_back(test, NULL);
	assert_cell(test, "cn1", "xcatmaster", "sn1-c");
}

static void files_cannot_be_taken_back_without_a_remote(void **state)
{
	Test *test = *state;

	put_in_step(test, "chrony", "cn1", FILES(file(X, "new")));
	begin_undo(test);
	run_reach(test->run, NULL, NULL, &test->limits);
	assert_false(walk_back(test, NULL));
	assert_refused(test->problem, "hosts cannot be reached from here");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(commands_are_taken_back_by_their_undo),
		TEST(an_undo_that_many_hosts_have_is_kept_once),
		TEST(the_newest_is_taken_back_first),
		TEST(a_command_that_ran_twice_is_taken_back_twice),
		TEST(what_cannot_be_taken_back_is_told_once),
		TEST(what_has_failed_is_not_taken_back),
		TEST(the_unknown_is_left_and_told),
		TEST(the_unknown_is_taken_back_where_that_is_always_right),
		TEST(who_cannot_be_taken_back_is_left_with_all_that_is_its),
		TEST(what_a_host_that_is_down_has_is_owed),
		TEST(only_these_nodes_are_taken_back),
		TEST(what_is_of_no_node_is_taken_back_with_all),
		TEST(files_are_put_back_byte_for_byte),
		TEST(a_file_that_was_put_twice_goes_back_to_the_first),
		TEST(what_makes_files_work_is_run_when_they_are_back),
		TEST(what_does_not_work_with_the_old_files_is_left),
		TEST(a_file_that_somebody_changed_is_left_with_its_node),
		TEST(a_file_that_is_changed_during_the_undo_is_left),
		TEST(a_file_that_is_back_already_is_as_it_should_be),
		TEST(a_mode_alone_goes_back),
		TEST(a_file_whose_copy_is_gone_is_left),
		TEST(a_put_of_which_nobody_knows_is_made_as_before),
		TEST(a_put_that_was_killed_is_made_as_before),
		TEST(an_undo_of_files_can_be_taken_back),
		TEST(files_of_many_hosts_go_back),
		TEST(a_host_that_does_not_tell_keeps_its_files),
		TEST(nothing_is_taken_back_on_hosts_without_a_remote),
		TEST(files_cannot_be_taken_back_without_a_remote),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
