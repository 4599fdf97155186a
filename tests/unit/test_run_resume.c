/* A run that was killed, and goes on: its commands on hosts are not run twice. */
#include "tests/unit/host_run.h"

/* A command of which it is seen how often it ran. */
#define COUNT "echo ran >>" ROOT "/ran"

/* Killed while the command is at work on cn1, where it comes to its end. */
static void kill_on_cn1(Test *test, const char *text)
{
	test->kill_at = 1;
	begin_step(test, "freeze");
	command(test, "cn1", text);
	killed(test);
}

static void resume_in(Test *test, const char *step)
{
	resume(test);
	begin_step(test, step);
}

#define NOT_ON_CN1 "test \"${PWD##*/}\" != cn1"

static void what_was_begun_and_has_no_end_is_unknown(void **state)
{
	Test *test = *state;

	/* A failure is kept before another host is begun. */
	test->how.limits.fanout = 1;
	test->kill_at = 2;
	begin_step(test, "freeze");
	command(test, "cn1 cn2 cn3", NOT_ON_CN1);
	killed(test);
	assert_kept(test, NOT_ON_CN1 " cn1 failed|" NOT_ON_CN1 " cn2 started");
	resume(test);
	assert_kept(test, NOT_ON_CN1 " cn1 failed|" NOT_ON_CN1 " cn2 unknown");
}

static void all_that_were_to_begin_together_are_unknown(void **state)
{
	Test *test = *state;
	g_autofree char *names = many_names(20);

	test->kill_at = 3;
	begin_step(test, "freeze");
	command(test, names, "true");
	killed(test);
	resume(test);
	assert_true(count_kept(test, CHANGE_UNKNOWN) >= 3);
	assert_int_equal(count_kept(test, CHANGE_STARTED), 0);
}

static void what_is_done_is_not_run_again_and_gives_its_output(void **state)
{
	Test *test = *state;

	begin_step(test, "freeze");
	command(test, "cn1 cn2", COUNT "; echo out; echo err >&2");
	killed(test);
	resume_in(test, "freeze");
	assert_int_equal(run_done(test->run), 2);
	assert_true(run_has_begun(test->run));
	command(test, "cn1 cn2 cn3", COUNT "; echo out; echo err >&2");
	assert_results(test, "0 0 0");
	assert_string_equal(result(test, 0)->out->str, "out\n");
	assert_string_equal(result(test, 1)->err->str, "err\n");
	assert_true(result(test, 0)->begun);
	assert_string_equal(test->told->str, "cn1 0|cn2 0|cn3 0");
	end_step(test);
	assert_there(test, "cn1", ROOT "/ran", "ran\n");
	assert_there(test, "cn3", ROOT "/ran", "ran\n");
	assert_int_equal(run_done(test->run), 3);
	assert_changes(test, COUNT "; echo out; echo err >&2 cn3 done");
}

static void what_every_attempt_does_is_done_anew(void **state)
{
	Test *test = *state;

	begin_step(test, "thaw");
	command(test, "cn1", COUNT);
	killed(test);
	resume_anew(test, "thaw");
	begin_step(test, "thaw");
	assert_int_equal(run_done(test->run), 1);
	command(test, "cn1 cn2", COUNT);
	assert_results(test, "0 0");
	end_step(test);
	assert_there(test, "cn1", ROOT "/ran", "ran\nran\n");
	assert_there(test, "cn2", ROOT "/ran", "ran\n");
}

static void but_what_was_begun_has_to_be_known(void **state)
{
	Test *test = *state;

	test->kill_at = 1;
	begin_step(test, "thaw");
	command(test, "cn1", COUNT);
	killed(test);
	resume_anew(test, "thaw");
	begin_step(test, "thaw");
	command(test, "cn1", COUNT);
	assert_results(test, "unknown");
	end_step(test);
	assert_there(test, "cn1", ROOT "/ran", "ran\n");
}

static void what_has_failed_is_run_again_as_a_new_change(void **state)
{
	Test *test = *state;

	begin_step(test, "freeze");
	command(test, "cn1", COUNT "; test -e ok");
	killed(test);
	lay(test, "cn1", ROOT "/ok", "");
	resume_in(test, "freeze");
	command(test, "cn1", COUNT "; test -e ok");
	end_step(test);
	assert_results(test, "0");
	assert_kept(test, COUNT "; test -e ok cn1 failed|" COUNT "; test -e ok cn1 done");
}

static void what_never_began_is_begun(void **state)
{
	Test *test = *state;

	tell(test, "cn1", (RemoteTold){ .contacts = 1, .error = REMOTE_REFUSED });
	tell(test, "cn1", (RemoteTold){ .answer = by_shell });
	begin_step(test, "freeze");
	command(test, "cn1", "true");
	killed(test);
	resume_in(test, "freeze");
	command(test, "cn1", "true");
	assert_results(test, "0");
	assert_kept(test, "true cn1 done");
}

static void nobody_knows_how_the_unknown_ended(void **state)
{
	Test *test = *state;

	kill_on_cn1(test, COUNT);
	resume_in(test, "freeze");
	command(test, "cn1 cn2", COUNT);
	assert_results(test, "unknown 0");
	assert_message(test, 0, "nobody knows how it ended: look there");
	assert_int_equal(result(test, 0)->status, -1);
	assert_false(result(test, 0)->begun);
	assert_string_equal(test->told->str, "cn1 unknown|cn2 0");
	end_step(test);
	assert_there(test, "cn1", ROOT "/ran", "ran\n");
	assert_kept(test, COUNT " cn1 unknown|" COUNT " cn2 done");
}

static void the_unknown_is_run_again_if_it_is_repeatable(void **state)
{
	Test *test = *state;

	test->how.repeatable = TRUE;
	kill_on_cn1(test, COUNT);
	resume_in(test, "freeze");
	command(test, "cn1", COUNT);
	end_step(test);
	assert_results(test, "0");
	assert_there(test, "cn1", ROOT "/ran", "ran\nran\n");
	assert_kept(test, COUNT " cn1 unknown|" COUNT " cn1 done");
}

static void the_unknown_is_done_if_its_host_says_so(void **state)
{
	Test *test = *state;

	test->how.done = "test -e ran";
	kill_on_cn1(test, COUNT);
	resume_in(test, "freeze");
	command(test, "cn1", COUNT);
	end_step(test);
	assert_results(test, "0");
	assert_there(test, "cn1", ROOT "/ran", "ran\n");
	assert_kept(test, COUNT " cn1 done");
	assert_int_equal(run_done(test->run), 1);
	assert_int_equal(test->content->queries, 0);
}

static void the_unknown_is_run_again_if_its_host_says_that_it_was_not(void **state)
{
	Test *test = *state;

	test->how.done = "test -e ran";
	test->kill_before = TRUE;
	kill_on_cn1(test, COUNT);
	resume_in(test, "freeze");
	command(test, "cn1", COUNT);
	end_step(test);
	assert_results(test, "0");
	assert_there(test, "cn1", ROOT "/ran", "ran\n");
	assert_kept(test, COUNT " cn1 unknown|" COUNT " cn1 done");
}

static void the_unknown_stays_so_if_its_host_does_not_answer(void **state)
{
	Test *test = *state;

	test->how.done = "test -e ran";
	kill_on_cn1(test, COUNT);
	tell(test, "cn1", (RemoteTold){ .error = REMOTE_UNREACHABLE });
	resume_in(test, "freeze");
	command(test, "cn1", COUNT);
	end_step(test);
	assert_results(test, "unknown");
	assert_message(test, 0, "it does not answer now");
	assert_kept(test, COUNT " cn1 unknown");
}

static void nobody_is_asked_after_a_stop(void **state)
{
	Test *test = *state;

	test->how.done = "test -e ran";
	kill_on_cn1(test, COUNT);
	test->stop_at = 1;
	resume_in(test, "freeze");
	command(test, "cn3", "true");
	command(test, "cn1", COUNT);
	assert_results(test, "stopped");
	assert_kept(test, COUNT " cn1 unknown|true cn3 done");
}

static void a_question_whether_it_is_done_is_kept(void **state)
{
	Test *test = *state;
	g_autoptr(JournalContent) content = NULL;

	test->how.done = "true";
	kill_on_cn1(test, COUNT);
	resume_in(test, "freeze");
	command(test, "cn1", COUNT);
	content = read_run(test, test->number);
	assert_int_equal(content->queries, 1);
}

static void the_unknown_has_to_be_asked_for_again(void **state)
{
	Test *test = *state;

	kill_on_cn1(test, COUNT);
	resume_in(test, "freeze");
	command(test, "cn1", "another");
	assert_step_refused(test, RUN_ERROR_CHANGED,
			    "step freeze had begun the command 'echo ran >>" ROOT
			    "/ran' on cn1, and does not ask for it now");
}

static void what_has_failed_need_not_be_asked_for_again(void **state)
{
	Test *test = *state;

	begin_step(test, "freeze");
	command(test, "cn1", "false");
	killed(test);
	resume_in(test, "freeze");
	end_step(test);
	assert_kept(test, "false cn1 failed");
}

static void equal_commands_are_known_by_their_order(void **state)
{
	Test *test = *state;

	test->how.repeatable = TRUE;
	test->kill_at = 2;
	begin_step(test, "freeze");
	command(test, "cn1", COUNT "; wc -l <" ROOT "/ran");
	command(test, "cn1", COUNT "; wc -l <" ROOT "/ran");
	killed(test);
	resume_in(test, "freeze");
	command(test, "cn1", COUNT "; wc -l <" ROOT "/ran");
	assert_string_equal(result(test, 0)->out->str, "1\n"); /* as recorded */
	command(test, "cn1", COUNT "; wc -l <" ROOT "/ran");
	assert_string_equal(result(test, 0)->out->str, "3\n");
	end_step(test);
	assert_int_equal(count_kept(test, CHANGE_DONE), 2);
	assert_int_equal(count_kept(test, CHANGE_UNKNOWN), 1);
}

static void a_hook_and_the_step_itself_are_two(void **state)
{
	Test *test = *state;

	begin_step(test, "freeze");
	command(test, "cn1", COUNT);
	killed(test);
	resume_in(test, "freeze");
	run_in_hook(test->run, "site.lua");
	command(test, "cn1", COUNT);
	assert_there(test, "cn1", ROOT "/ran", "ran\nran\n");
}

static void a_step_that_has_ended_is_not_gone_through_again(void **state)
{
	Test *test = *state;

	step_with(test, "freeze", "cn1", COUNT);
	killed(test);
	resume_in(test, "thaw");
	assert_true(g_hash_table_contains(test->content->steps, "freeze"));
	command(test, "cn1", COUNT);
	end_step(test);
	assert_there(test, "cn1", ROOT "/ran", "ran\nran\n");
}

static void a_result_that_was_not_kept_is_unknown_to_a_resume(void **state)
{
	Test *test = *state;
	g_autofree char *file = journal_file(test);

	database_execute(file, "CREATE TRIGGER full BEFORE UPDATE ON commands BEGIN"
			       " SELECT raise(FAIL, 'no room'); END");
	g_test_expect_message("snmove", G_LOG_LEVEL_WARNING, "*no room*");
	begin_step(test, "freeze");
	command(test, "cn1", COUNT);
	g_test_assert_expected_messages();
	assert_results(test, "0");
	database_execute(file, "DROP TRIGGER full");
	killed(test);
	resume(test);
	assert_kept(test, COUNT " cn1 unknown");
}

static void rows_and_commands_of_a_step_go_on_together(void **state)
{
	Test *test = *state;

	begin_step(test, "servicenode");
	set_cell(test, "cn1", "xcatmaster", "sn2-c");
	command(test, "cn1", COUNT);
	end_step(test);
	begin_step(test, "servers");
	set_cell(test, "cn2", "xcatmaster", "sn2-c");
	command(test, "cn2", COUNT);
	killed(test); /* the row was not written yet */
	resume_in(test, "servers");
	set_cell(test, "cn2", "xcatmaster", "sn2-c");
	command(test, "cn2", COUNT);
	end_step(test);
	assert_there(test, "cn2", ROOT "/ran", "ran\n");
	assert_cell(test, "cn2", "xcatmaster", "sn2-c");
	assert_owed(test, "");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(what_was_begun_and_has_no_end_is_unknown),
		TEST(all_that_were_to_begin_together_are_unknown),
		TEST(what_is_done_is_not_run_again_and_gives_its_output),
		TEST(what_every_attempt_does_is_done_anew),
		TEST(but_what_was_begun_has_to_be_known),
		TEST(what_has_failed_is_run_again_as_a_new_change),
		TEST(what_never_began_is_begun),
		TEST(nobody_knows_how_the_unknown_ended),
		TEST(the_unknown_is_run_again_if_it_is_repeatable),
		TEST(the_unknown_is_done_if_its_host_says_so),
		TEST(the_unknown_is_run_again_if_its_host_says_that_it_was_not),
		TEST(the_unknown_stays_so_if_its_host_does_not_answer),
		TEST(nobody_is_asked_after_a_stop),
		TEST(a_question_whether_it_is_done_is_kept),
		TEST(the_unknown_has_to_be_asked_for_again),
		TEST(what_has_failed_need_not_be_asked_for_again),
		TEST(equal_commands_are_known_by_their_order),
		TEST(a_hook_and_the_step_itself_are_two),
		TEST(a_step_that_has_ended_is_not_gone_through_again),
		TEST(a_result_that_was_not_kept_is_unknown_to_a_resume),
		TEST(rows_and_commands_of_a_step_go_on_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
