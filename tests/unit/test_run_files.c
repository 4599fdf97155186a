/* Files on hosts: which are changes, how they are put, and what the journal has of them. */
#include "core/base.h"
#include "tests/unit/host_run.h"

#define X     ROOT "/x.conf"
#define Y     ROOT "/y.conf"
#define LINK  ROOT "/link"
#define KEPT  ROOT "/kept"
#define A_SHA "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"

/* The one change of a run, as the journal has it. */
static const Change *kept_change(Test *test, JournalContent **content)
{
	*content = read_run(test, test->number);
	assert_int_equal((*content)->changes->len, 1);
	return (*content)->changes->pdata[0];
}

/* ---- What is a change ---- */

static void a_new_file_is_put(void **state)
{
	Test *test = *state;
	g_autoptr(JournalContent) content = NULL;
	const Change *change;

	begin_step(test, "chrony");
	put(test, "cn1", FILES(file(X, "a")));
	end_step(test);
	assert_results(test, "0");
	assert_int_equal(test->changed[0], 1);
	assert_there(test, "cn1", X, "a");
	assert_mode(test, "cn1", X, 0644);
	assert_int_equal(count_files(test, "cn1", KEPT), 0);
	change = kept_change(test, &content);
	assert_string_equal(change->before.text, REMOTE_ABSENT);
	assert_string_equal(change->after.text, "file 644 - 1 " A_SHA);
	assert_int_equal(change->state, CHANGE_DONE);
	assert_string_equal(change->node, "cn1");
	assert_int_equal(run_done(test->run), 1);
}

static void what_is_replaced_is_kept_with_its_mode(void **state)
{
	Test *test = *state;
	g_autoptr(JournalContent) content = NULL;
	const Change *change;

	lay(test, "cn1", X, "old");
	begin_step(test, "chrony");
	put(test, "cn1", FILES(file(X, "new")));
	end_step(test);
	change = kept_change(test, &content);
	assert_there(test, "cn1", X, "new");
	assert_mode(test, "cn1", X, 0640);
	assert_true(g_str_has_prefix(change_file(change)->kept, KEPT "/"));
	assert_there(test, "cn1", change_file(change)->kept, "old");
	assert_string_equal(change->transport, "told");
	assert_null(change->error);
}

static void a_file_that_is_so_already_is_no_change(void **state)
{
	Test *test = *state;

	lay(test, "cn1", X, "same");
	begin_step(test, "chrony");
	put(test, "cn1", FILES(file(X, "same")));
	assert_results(test, "0");
	assert_false(result(test, 0)->begun);
	assert_int_equal(test->changed[0], 0);
	end_step(test);
	assert_kept(test, "");
	assert_changes(test, "");
}

static void a_mode_alone_is_a_change(void **state)
{
	Test *test = *state;
	RemoteFile wanted = file(X, "same");

	lay(test, "cn1", X, "same");
	wanted.mode = 0600;
	begin_step(test, "chrony");
	put(test, "cn1", FILES(wanted));
	assert_int_equal(test->changed[0], 1);
	assert_mode(test, "cn1", X, 0600);
	put(test, "cn1", FILES(wanted));
	assert_int_equal(test->changed[0], 0);
}

static void an_owner_that_it_has_is_no_change(void **state)
{
	Test *test = *state;
	RemoteFile wanted = file(X, "same");
	g_autofree char *owner = g_strdup_printf("%u:%u", getuid(), getgid());

	lay(test, "cn1", X, "same");
	wanted.owner = owner;
	begin_step(test, "chrony");
	put(test, "cn1", FILES(wanted));
	assert_int_equal(test->changed[0], 0);
}

static void a_file_a_link_and_nothing_are_put_together(void **state)
{
	Test *test = *state;

	lay(test, "cn1", Y, "to go");
	begin_step(test, "chrony");
	put(test, "cn1", FILES(file(X, "new"), no_file(Y), link_to(LINK, "x.conf")));
	end_step(test);
	assert_int_equal(test->changed[0], 3);
	assert_there(test, "cn1", X, "new");
	assert_there(test, "cn1", Y, "(nothing)");
	assert_there(test, "cn1", LINK, "-> x.conf");
	assert_kept(test, X " cn1 done|" Y " cn1 done|" LINK " cn1 done");
}

static void only_what_differs_is_changed(void **state)
{
	Test *test = *state;

	lay(test, "cn1", X, "same");
	begin_step(test, "chrony");
	put(test, "cn1 cn2", FILES(file(X, "same"), file(Y, "new")));
	end_step(test);
	assert_int_equal(test->changed[0], 1);
	assert_int_equal(test->changed[1], 2);
	assert_kept(test, Y " cn1 done|" X " cn2 done|" Y " cn2 done");
}

static void forty_hosts_get_their_files_in_batches(void **state)
{
	Test *test = *state;
	g_autofree char *names = many_names(40);

	tell(test, "cn5", (RemoteTold){ .error = REMOTE_REFUSED });
	lay(test, "cn9", X, "new");
	begin_step(test, "chrony");
	put(test, names, FILES(file(X, "new")));
	end_step(test);
	assert_int_equal(count_kept(test, CHANGE_DONE), 38);
	assert_int_equal(run_changes(test->run)->len, 38);
	assert_there(test, "cn40", X, "new");
	assert_int_equal(test->changed[39], 1);
	assert_int_equal(test->changed[8], 0);
	assert_int_equal(test->progress, 40);
}

static void hosts_may_get_different_files(void **state)
{
	Test *test = *state;
	const RemoteFile one = file(X, "one"), two = file(X, "two");
	const RemoteFile *const of_hosts[] = { &one, &two };
	const RunHost hosts[] = { { .name = "cn1" }, { .name = "cn2" } };
	RunPut how = { .hosts = hosts, .n = 2, .files = of_hosts, .n_files = 1 };
	guint changed[2];

	begin_step(test, "chrony");
	take_results(test, run_put(test->run, &how, changed, &test->problem));
	assert_results(test, "0 0");
	assert_there(test, "cn1", X, "one");
	assert_there(test, "cn2", X, "two");
}

/* ---- Check and activate ---- */

static void files_of_each_host_are_looked_at_before_any_is_put(void **state)
{
	Test *test = *state;
	const RemoteFile one = file(X, "one"), bad = file("x", "two");
	const RemoteFile *const of_hosts[] = { &one, &bad };
	const RunHost hosts[] = { { .name = "cn1" }, { .name = "cn2" } };
	RunPut how = { .hosts = hosts, .n = 2, .files = of_hosts, .n_files = 1 };
	guint changed[2];

	begin_step(test, "chrony");
	assert_null(run_put(test->run, &how, changed, &test->problem));
	assert_refused(test->problem, "'x' is not the path of a file");
	assert_there(test, "cn1", X, "(nothing)");
}

static void files_are_checked_before_and_activated_after(void **state)
{
	Test *test = *state;
	g_autoptr(JournalContent) content = NULL;

	lay(test, "cn1", X, "old");
	test->files.check = "cat \"$1\" " X " >" ROOT "/log";
	test->files.activate = "cat " X " >>" ROOT "/log";
	begin_step(test, "chrony");
	put(test, "cn1", FILES(file(X, "new")));
	end_step(test);
	assert_there(test, "cn1", ROOT "/log", "newoldnew");
	assert_string_equal(change_file(kept_change(test, &content))->activate,
			    test->files.activate);
}

static void a_check_that_says_no_leaves_all_as_it_was(void **state)
{
	Test *test = *state;
	g_autoptr(JournalContent) content = NULL;
	const Change *change;

	lay(test, "cn1", X, "old");
	test->files.check = "echo bad line >&2; false";
	begin_step(test, "chrony");
	put(test, "cn1", FILES(file(X, "new")));
	end_step(test);
	assert_results(test, "check failed");
	assert_message(test, 0, "ended with status 1: bad line");
	assert_int_equal(test->changed[0], 0);
	assert_there(test, "cn1", X, "old");
	change = kept_change(test, &content);
	assert_int_equal(change->state, CHANGE_FAILED);
	assert_string_equal(change->error, "check failed");
	assert_non_null(strstr(change->message, "bad line"));
	assert_string_equal(test->told->str, "cn1 check failed");
}

static void what_cannot_be_activated_is_put_back(void **state)
{
	Test *test = *state;

	lay(test, "cn1", X, "old");
	test->files.activate = "grep -q old " X;
	begin_step(test, "chrony");
	put(test, "cn1", FILES(file(X, "new"), file(Y, "new")));
	end_step(test);
	assert_results(test, "activate failed");
	assert_there(test, "cn1", X, "old");
	assert_there(test, "cn1", Y, "(nothing)");
	assert_kept(test, X " cn1 failed|" Y " cn1 failed");
	assert_int_equal(count_files(test, "cn1", KEPT), 0);
}

/* ---- What is in the way ---- */

static void somebody_who_is_faster_is_not_overwritten(void **state)
{
	Test *test = *state;

	lay(test, "cn1", X, "old");
	test->meanwhile = "echo mine >" X;
	begin_step(test, "chrony");
	put(test, "cn1", FILES(file(X, "new"), file(Y, "new")));
	end_step(test);
	assert_results(test, "conflict");
	assert_message(test, 0, "somebody has changed '" X "'");
	assert_there(test, "cn1", X, "mine\n");
	assert_there(test, "cn1", Y, "(nothing)");
	assert_kept(test, X " cn1 failed|" Y " cn1 failed");
}

static void a_folder_in_the_place_is_left_alone(void **state)
{
	Test *test = *state;
	g_autofree char *folder = host_path(test, "cn1", X);

	assert_int_equal(g_mkdir(folder, 0700), 0);
	begin_step(test, "chrony");
	put(test, "cn1", FILES(file(Y, "new"), file(X, "new")));
	end_step(test);
	assert_results(test, "not written");
	assert_message(test, 0, "is neither a file nor a link");
	assert_false(result(test, 0)->begun);
	assert_int_equal(test->changed[0], 0);
	assert_there(test, "cn1", Y, "(nothing)");
	assert_kept(test, "");
}

static void a_folder_that_is_not_there_fails_all(void **state)
{
	Test *test = *state;

	begin_step(test, "chrony");
	put(test, "cn1", FILES(file(X, "new"), file(ROOT "/none/y", "new")));
	end_step(test);
	assert_results(test, "not written");
	assert_message(test, 0, "cannot write '" ROOT "/none/y'");
	assert_there(test, "cn1", X, "(nothing)");
	assert_kept(test, X " cn1 failed|" ROOT "/none/y cn1 failed");
}

static void hosts_that_cannot_be_looked_at_get_nothing(void **state)
{
	Test *test = *state;

	tell(test, "cn1", (RemoteTold){ .look = { .status = 127 } });
	tell(test, "cn2", (RemoteTold){ .look = { .out = "absent\n" } });
	tell(test, "cn3", (RemoteTold){ .look = { .error = REMOTE_LOST } });
	tell(test, "cn4", (RemoteTold){ .error = REMOTE_REFUSED });
	begin_step(test, "chrony");
	put(test, "cn1 cn2 cn3 cn4", FILES(file(X, "new")));
	end_step(test);
	assert_results(test, "not written not written lost refused");
	assert_message(test, 0, "could not be looked at: the script ended with status 127");
	assert_message(test, 1, "does not tell what its files are");
	assert_kept(test, "");
}

static void a_lost_host_leaves_its_files_unknown(void **state)
{
	Test *test = *state;

	tell(test, "cn1",
	     (RemoteTold){ .answer = by_shell, .script = { .error = REMOTE_LOST } });
	begin_step(test, "chrony");
	put(test, "cn1", FILES(file(X, "new")));
	end_step(test);
	assert_results(test, "lost");
	assert_true(run_has_begun(test->run));
	assert_kept(test, X " cn1 unknown");
	assert_there(test, "cn1", X, "new");
}

static void a_script_that_is_killed_leaves_its_files_unknown(void **state)
{
	Test *test = *state;

	tell(test, "cn1",
	     (RemoteTold){ .look = { .out = "absent\n\n\n\n" },
			   .script = { 137, NULL, "Killed\n", 0, 0 } });
	begin_step(test, "chrony");
	put(test, "cn1", FILES(file(X, "new")));
	end_step(test);
	assert_results(test, "unknown");
	assert_message(test, 0, "was killed: Killed");
	assert_kept(test, X " cn1 unknown");
}

static void what_its_commands_say_is_limited(void **state)
{
	Test *test = *state;
	g_autofree char *much = g_strnfill(REMOTE_OUTPUT + 1000, 'x');

	tell(test, "cn1",
	     (RemoteTold){ .look = { .out = "absent\n\n\n\n" },
			   .script = { 0, "done\n", much, 0, 0 } });
	begin_step(test, "chrony");
	put(test, "cn1", FILES(file(X, "new")));
	assert_results(test, "0");
	assert_int_equal(result(test, 0)->err->len, REMOTE_OUTPUT);
	assert_int_equal(result(test, 0)->err_lost, 1000);
}

static void a_host_that_cannot_put_all_back_says_so(void **state)
{
	Test *test = *state;

	tell(test, "cn1",
	     (RemoteTold){ .look = { .out = "absent\n\n\n\n" },
			   .script = { 0, "half activate 3\n", NULL, 0, 0 } });
	begin_step(test, "chrony");
	put(test, "cn1", FILES(file(X, "new")));
	assert_message(test, 0, "not all of the old files could be put back");
}

/* ---- Nothing may be begun ---- */

static void a_stop_after_the_look_puts_nothing(void **state)
{
	Test *test = *state;

	test->files.limits.fanout = 1;
	test->stop_at = 1;
	begin_step(test, "chrony");
	put(test, "cn1 cn2", FILES(file(X, "new")));
	end_step(test);
	assert_results(test, "0 stopped");
	assert_kept(test, X " cn1 done");
}

static void files_that_cannot_be_kept_are_not_put(void **state)
{
	Test *test = *state;
	g_autofree char *journal = journal_file(test);

	database_execute(journal, "ALTER TABLE files RENAME TO gone");
	begin_step(test, "chrony");
	put(test, "cn1", FILES(file(X, "new")));
	assert_results(test, "failed");
	assert_there(test, "cn1", X, "(nothing)");
}

static void files_that_cannot_be_put_anywhere_are_refused(void **state)
{
	Test *test = *state;
	g_autofree char *much = g_strnfill(RUN_PUT_MOST / 2 + 1, 'x');

	assert_put_refused(test, FILES(file(X, "new")), "nothing may be changed here");
	begin_step(test, "chrony");
	assert_put_refused(test, FILES(file("etc/x", "new")), "is not the path of a file");
	assert_put_refused(test, FILES(file(X, much), file(Y, much)),
			   "bytes of files for one host: the most is 16777216");
	secret_add("bmc", "hunter2-bmc");
	test->files.check = "check hunter2-bmc";
	assert_put_refused(test, FILES(file(X, "new")), "secret bmc is in the check of files");
	test->files.check = NULL;
	test->files.activate = "activate hunter2-bmc";
	assert_put_refused(test, FILES(file(X, "new")), "is in what activates files");
}

static void a_secret_may_be_in_a_file_that_few_may_read(void **state)
{
	Test *test = *state;
	RemoteFile wanted = file(X, "password hunter3-bmc");

	secret_add("bmc3", "hunter3-bmc");
	wanted.secret = TRUE;
	begin_step(test, "chrony");
	put(test, "cn1", FILES(wanted));
	assert_results(test, "0");
	assert_there(test, "cn1", X, "password hunter3-bmc");
	assert_mode(test, "cn1", X, 0600);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_new_file_is_put),
		TEST(what_is_replaced_is_kept_with_its_mode),
		TEST(a_file_that_is_so_already_is_no_change),
		TEST(a_mode_alone_is_a_change),
		TEST(an_owner_that_it_has_is_no_change),
		TEST(a_file_a_link_and_nothing_are_put_together),
		TEST(only_what_differs_is_changed),
		TEST(forty_hosts_get_their_files_in_batches),
		TEST(hosts_may_get_different_files),
		TEST(files_of_each_host_are_looked_at_before_any_is_put),
		TEST(files_are_checked_before_and_activated_after),
		TEST(a_check_that_says_no_leaves_all_as_it_was),
		TEST(what_cannot_be_activated_is_put_back),
		TEST(somebody_who_is_faster_is_not_overwritten),
		TEST(a_folder_in_the_place_is_left_alone),
		TEST(a_folder_that_is_not_there_fails_all),
		TEST(hosts_that_cannot_be_looked_at_get_nothing),
		TEST(a_lost_host_leaves_its_files_unknown),
		TEST(a_script_that_is_killed_leaves_its_files_unknown),
		TEST(what_its_commands_say_is_limited),
		TEST(a_host_that_cannot_put_all_back_says_so),
		TEST(a_stop_after_the_look_puts_nothing),
		TEST(files_that_cannot_be_kept_are_not_put),
		TEST(files_that_cannot_be_put_anywhere_are_refused),
		TEST(a_secret_may_be_in_a_file_that_few_may_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
