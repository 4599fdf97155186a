/* A run that was killed, and goes on: files that it had begun to put are finished. */
#include "tests/unit/host_run.h"

#define X ROOT "/x.conf"
#define Y ROOT "/y.conf"

/* A command of which it is seen how often it ran. */
#define COUNT "echo ran >>" ROOT "/ran"

/* Killed while the files are put on cn1. */
static void kill_in_put(Test *test, const RemoteFile *files, guint n)
{
	test->kill_at = 1;
	begin_step(test, "chrony");
	put(test, "cn1", files, n);
	killed(test);
}

static void resume_in(Test *test, const char *step)
{
	resume(test);
	begin_step(test, step);
}

/* The name under which what was there is kept, of the first file. */
static char *kept_name(Test *test)
{
	g_autoptr(JournalContent) content = read_run(test, test->number);

	return g_strdup(change_file(content->changes->pdata[0])->kept);
}

static void files_that_were_put_are_finished_under_their_name(void **state)
{
	Test *test = *state;
	g_autofree char *kept = NULL;

	lay(test, "cn1", X, "old");
	test->files.activate = COUNT;
	kill_in_put(test, FILES(file(X, "new"), file(Y, "new")));
	kept = kept_name(test);
	resume_in(test, "chrony");
	assert_kept(test, X " cn1 unknown|" Y " cn1 unknown");
	put(test, "cn1", FILES(file(X, "new"), file(Y, "new")));
	end_step(test);
	assert_results(test, "0");
	assert_int_equal(test->changed[0], 2);
	assert_kept(test, X " cn1 done|" Y " cn1 done");
	assert_there(test, "cn1", kept, "old");
	assert_there(test, "cn1", ROOT "/ran", "ran\nran\n"); /* it may be needed */
	assert_int_equal(count_files(test, "cn1", ROOT "/kept"), 1);
	assert_int_equal(run_done(test->run), 2);
}

static void files_that_were_not_put_yet_are_put(void **state)
{
	Test *test = *state;
	g_autofree char *kept = NULL;

	lay(test, "cn1", X, "old");
	test->kill_before = TRUE;
	kill_in_put(test, FILES(file(X, "new")));
	kept = kept_name(test);
	assert_there(test, "cn1", X, "old");
	resume_in(test, "chrony");
	put(test, "cn1", FILES(file(X, "new")));
	end_step(test);
	assert_there(test, "cn1", X, "new");
	assert_there(test, "cn1", kept, "old");
	assert_kept(test, X " cn1 done");
}

static void files_that_were_half_put_are_finished(void **state)
{
	Test *test = *state;

	lay(test, "cn1", Y, "old");
	test->kill_before = TRUE;
	kill_in_put(test, FILES(file(X, "new"), file(Y, "new")));
	lay(test, "cn1", X, "new"); /* as far as it came */
	resume_in(test, "chrony");
	put(test, "cn1", FILES(file(X, "new"), file(Y, "new")));
	end_step(test);
	assert_results(test, "0");
	assert_there(test, "cn1", Y, "new");
	assert_kept(test, X " cn1 done|" Y " cn1 done");
}

static void a_file_that_somebody_else_wrote_meanwhile_is_a_conflict(void **state)
{
	Test *test = *state;

	lay(test, "cn1", X, "old");
	kill_in_put(test, FILES(file(X, "new")));
	lay(test, "cn1", X, "mine");
	resume_in(test, "chrony");
	put(test, "cn1", FILES(file(X, "new")));
	end_step(test);
	assert_results(test, "conflict");
	assert_there(test, "cn1", X, "mine");
	assert_kept(test, X " cn1 failed");
}

static void files_that_are_done_are_not_put_again(void **state)
{
	Test *test = *state;

	begin_step(test, "chrony");
	put(test, "cn1", FILES(file(X, "new"), file(Y, "new")));
	killed(test);
	lay(test, "cn1", X, "changed since");
	resume_in(test, "chrony");
	put(test, "cn1 cn2", FILES(file(X, "new"), file(Y, "new")));
	end_step(test);
	assert_results(test, "0 0");
	assert_int_equal(test->changed[0], 2);
	assert_int_equal(asked(test, "cn1", ""), 0);
	assert_there(test, "cn1", X, "changed since");
	assert_kept(test, X " cn1 done|" Y " cn1 done|" X " cn2 done|" Y " cn2 done");
}

static void files_that_failed_are_tried_again(void **state)
{
	Test *test = *state;

	test->files.check = "test -e " ROOT "/ok";
	begin_step(test, "chrony");
	put(test, "cn1", FILES(file(X, "new")));
	assert_results(test, "check failed");
	killed(test);
	lay(test, "cn1", ROOT "/ok", "");
	resume_in(test, "chrony");
	put(test, "cn1", FILES(file(X, "new")));
	end_step(test);
	assert_results(test, "0");
	assert_kept(test, X " cn1 failed|" X " cn1 done");
}

static void another_content_than_was_put_is_refused(void **state)
{
	Test *test = *state;

	kill_in_put(test, FILES(file(X, "new")));
	resume_in(test, "chrony");
	assert_put_refused(test, FILES(file(X, "newer")),
			   "step chrony had put another content into '" X "' on cn1");
}

static void another_content_than_is_done_is_refused(void **state)
{
	Test *test = *state;

	begin_step(test, "chrony");
	put(test, "cn1", FILES(file(X, "new")));
	killed(test);
	resume_in(test, "chrony");
	assert_put_refused(test, FILES(file(X, "newer")), "had put another content");
}

static void unknown_files_have_to_be_asked_for_again(void **state)
{
	Test *test = *state;

	kill_in_put(test, FILES(file(X, "new")));
	resume_in(test, "chrony");
	assert_step_refused(test, RUN_ERROR_CHANGED,
			    "step chrony had begun the file '" X "' on cn1, and does not ask");
}

static void a_resume_that_is_killed_is_resumed(void **state)
{
	Test *test = *state;

	lay(test, "cn1", X, "old");
	kill_in_put(test, FILES(file(X, "new")));
	resume(test);
	kill_in_put(test, FILES(file(X, "new")));
	assert_kept(test, X " cn1 started");
	resume_in(test, "chrony");
	put(test, "cn1", FILES(file(X, "new")));
	end_step(test);
	assert_kept(test, X " cn1 done");
	assert_there(test, "cn1", X, "new");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(files_that_were_put_are_finished_under_their_name),
		TEST(files_that_were_not_put_yet_are_put),
		TEST(files_that_were_half_put_are_finished),
		TEST(a_file_that_somebody_else_wrote_meanwhile_is_a_conflict),
		TEST(files_that_are_done_are_not_put_again),
		TEST(files_that_failed_are_tried_again),
		TEST(another_content_than_was_put_is_refused),
		TEST(another_content_than_is_done_is_refused),
		TEST(unknown_files_have_to_be_asked_for_again),
		TEST(a_resume_that_is_killed_is_resumed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
