/* Commands and questions on hosts: what becomes of them, and what the journal has of them. */
#include "core/base.h"
#include "tests/unit/host_run.h"

/* What a host says to every script; it runs nothing. */
#define SAYS(...) ((RemoteTold){ .script = { __VA_ARGS__ } })

static void a_command_runs_on_its_hosts_and_is_kept(void **state)
{
	Test *test = *state;

	step_with(test, "freeze", "cn1 cn2", "echo frozen | tee state; echo odd >&2");
	assert_results(test, "0 0");
	assert_string_equal(result(test, 0)->out->str, "frozen\n");
	assert_string_equal(result(test, 0)->err->str, "odd\n");
	assert_there(test, "cn2", ROOT "/state", "frozen\n");
	assert_kept(test, "echo frozen | tee state; echo odd >&2 cn1 done|"
			  "echo frozen | tee state; echo odd >&2 cn2 done");
	assert_int_equal(run_done(test->run), 2);
}

static void what_is_known_of_a_command_is_kept(void **state)
{
	Test *test = *state;
	g_autoptr(JournalContent) content = NULL;
	const Change *change;

	test->how.undo = "thaw";
	test->how.done = "is-frozen";
	test->how.repeatable = test->how.undo_always = TRUE;
	begin_step(test, "freeze");
	run_in_hook(test->run, "site.lua");
	command(test, "sn1/sn2=cn1", "echo out; echo err >&2; exit 3");
	end_step(test);
	content = read_run(test, test->number);
	change = content->changes->pdata[0];
	assert_string_equal(change->step, "freeze");
	assert_string_equal(change->hook, "site.lua");
	assert_string_equal(change->host, "sn1");
	assert_string_equal(change->node, "cn1");
	assert_string_equal(change->via, "sn2");
	assert_string_equal(change_command(change)->undo, "thaw");
	assert_string_equal(change_command(change)->done, "is-frozen");
	assert_true(change_command(change)->repeatable);
	assert_true(change_command(change)->undo_always);
	assert_int_equal(change_command(change)->status, 3);
	assert_null(change->error);
	assert_string_equal(change->transport, "told");
	assert_memory_equal(g_bytes_get_data(change_command(change)->out, NULL), "out\n", 4);
	assert_memory_equal(g_bytes_get_data(change_command(change)->err, NULL), "err\n", 4);
	assert_int_equal(change->state, CHANGE_FAILED);
}

static void each_of_forty_hosts_ends_in_its_own_way(void **state)
{
	Test *test = *state;
	g_autofree char *names = many_names(40);

	tell(test, NULL, SAYS(.late = 1));
	tell(test, "cn3", SAYS(.status = 7, .late = 5));
	tell(test, "cn7", SAYS(.out = "half", .error = REMOTE_LOST));
	tell(test, "cn11", (RemoteTold){ .error = REMOTE_REFUSED });
	tell(test, "cn20", (RemoteTold){ .error = REMOTE_LOST });
	tell(test, "cn33", (RemoteTold){ .error = REMOTE_KEY_CHANGED });
	step_with(test, "freeze", names, "freeze");
	assert_results(test, "0 0 7 0 0 0 lost 0 0 0 refused 0 0 0 0 0 0 0 0 lost 0 0 0 0 0 0 "
			     "0 0 0 0 0 0 host key changed 0 0 0 0 0 0 0");
	assert_int_equal(count_kept(test, CHANGE_DONE), 35);
	assert_int_equal(count_kept(test, CHANGE_FAILED), 1);
	assert_int_equal(count_kept(test, CHANGE_UNKNOWN), 1);
	assert_int_equal(run_changes(test->run)->len, 37);
	assert_int_equal(run_done(test->run), 35);
	assert_int_equal(test->progress, 40);
}

static void what_never_began_is_no_change(void **state)
{
	Test *test = *state;
	const char *const dead[] = { "cn2", NULL };

	remote_forbid(test->remote, dead);
	tell(test, "cn1", (RemoteTold){ .error = REMOTE_DENIED });
	begin_step(test, "freeze");
	command(test, "cn1 cn2 cn3/cn2", "true");
	assert_results(test, "login denied dead dead");
	assert_false(run_has_begun(test->run));
	end_step(test);
	assert_kept(test, "");
	assert_changes(test, "");
}

static void a_command_that_failed_has_begun(void **state)
{
	Test *test = *state;

	begin_step(test, "freeze");
	command(test, "cn1", "false");
	assert_true(run_has_begun(test->run));
	assert_int_equal(run_done(test->run), 0);
}

static void a_host_is_gone_to_by_its_way(void **state)
{
	Test *test = *state;

	begin_step(test, "freeze");
	command(test, "cn1/sn1", "true");
	assert_string_equal(((const Asked *)test->asked->pdata[0])->via, "sn1");
}

static void environment_and_input_reach_the_command(void **state)
{
	Test *test = *state;
	const char *const environment[] = { "WHO=it's me", NULL };

	test->how.environment = environment;
	test->how.input = "one\ntwo";
	test->how.input_length = 7;
	begin_step(test, "freeze");
	command(test, "cn1", "echo \"$WHO\"; cat");
	assert_string_equal(result(test, 0)->out->str, "it's me\none\ntwo");
}

static void a_name_that_is_no_variable_is_refused(void **state)
{
	Test *test = *state;
	const char *const environment[] = { "a-b=c", NULL };

	test->how.environment = environment;
	begin_step(test, "freeze");
	assert_command_refused(test, "true", "is no environment variable");
	end_step(test);
	assert_kept(test, "");
}

static void a_time_that_is_over_leaves_it_unknown(void **state)
{
	Test *test = *state;

	test->how.limits.time = SHORT;
	tell(test, "cn1", SAYS(.late = NEVER));
	step_with(test, "freeze", "cn1 cn2", "true");
	assert_results(test, "timeout 0");
	assert_kept(test, "true cn1 unknown|true cn2 done");
}

static void output_beyond_what_is_kept_is_counted(void **state)
{
	Test *test = *state;
	g_autofree char *much = g_strnfill(200000, 'x');
	g_autoptr(JournalContent) content = NULL;
	const ChangeCommand *kept;

	test->how.limits.output = 100000;
	tell(test, "cn1", SAYS(.out = much, .err = "short"));
	step_with(test, "freeze", "cn1", "true");
	assert_int_equal(result(test, 0)->out->len, 100000);
	assert_int_equal(result(test, 0)->out_lost, 100000);
	content = read_run(test, test->number);
	kept = change_command(content->changes->pdata[0]);
	assert_int_equal(g_bytes_get_size(kept->out), 65536);
	assert_int_equal(kept->out_lost, 200000 - 65536);
	assert_int_equal(g_bytes_get_size(kept->err), 5);
	assert_int_equal(kept->err_lost, 0);
}

/* ---- Nothing may be begun ---- */

static void a_stop_begins_no_more_hosts(void **state)
{
	Test *test = *state;

	test->how.limits.fanout = 1;
	test->stop_at = 2;
	step_with(test, "freeze", "cn1 cn2 cn3 cn4", "true");
	assert_results(test, "0 0 stopped stopped");
	assert_kept(test, "true cn1 done|true cn2 done");
}

static void a_failure_is_told_before_another_host_is_begun(void **state)
{
	Test *test = *state;

	test->how.limits.fanout = 1;
	begin_step(test, "freeze");
	command(test, "cn1 sn1=", "test \"${PWD##*/}\" = sn1");
	assert_string_equal(test->told->str, "cn1 1|- 0");
}

static void what_cannot_be_kept_is_not_begun(void **state)
{
	Test *test = *state;
	g_autofree char *file = journal_file(test);

	begin_step(test, "freeze");
	database_execute(file, "ALTER TABLE commands RENAME TO gone");
	command(test, "cn1 cn2", "touch state");
	assert_results(test, "failed failed");
	assert_message(test, 0, "commands");
	assert_there(test, "cn1", ROOT "/state", "(nothing)");
	database_execute(file, "ALTER TABLE gone RENAME TO commands");
	end_step(test);
	assert_kept(test, "");
}

static void nothing_is_begun_outside_of_a_step(void **state)
{
	Test *test = *state;

	assert_command_refused(test, "true", "nothing may be changed here");
	begin_step(test, "check");
	run_forbid(test->run, "it only looks");
	assert_command_refused(test, "true", "nothing may be changed here: it only looks");
}

static void nobody_is_reached_without_a_remote(void **state)
{
	Test *test = *state;

	run_reach(test->run, NULL, NULL, &test->limits);
	begin_step(test, "freeze");
	assert_command_refused(test, "true", "hosts cannot be reached from here");
	assert_null(try_query(test, "cn1", "true"));
	assert_refused(test->problem, "hosts cannot be reached from here");
}

static void a_secret_is_refused_where_it_would_be_seen(void **state)
{
	Test *test = *state;

	secret_add("bmc", "hunter2-bmc");
	begin_step(test, "freeze");
	assert_command_refused(test, "ipmi -P hunter2-bmc", "the secret bmc is in a command");
	test->how.undo = "ipmi -P hunter2-bmc";
	assert_command_refused(test, "true", "is in the undo of a command");
	test->how.undo = NULL;
	test->how.done = "ipmi -P hunter2-bmc";
	assert_command_refused(test, "true", "is in a question");
	assert_null(try_query(test, "cn1", "ipmi -P hunter2-bmc"));
	assert_refused(test->problem, "the secret bmc is in a question");
	end_step(test);
	assert_kept(test, "");
}

static void a_secret_goes_to_the_host_and_not_into_the_journal(void **state)
{
	Test *test = *state;
	g_autofree char *file = journal_file(test);
	g_autofree char *out = NULL;

	secret_add("key", "s3cr3t-key");
	test->how.input = "s3cr3t-key";
	test->how.input_length = strlen(test->how.input);
	step_with(test, "freeze", "cn1", "cat");
	assert_string_equal(result(test, 0)->out->str, "s3cr3t-key");
	out = database_value(file, "SELECT CAST(out AS TEXT) FROM commands");
	assert_string_equal(out, "{secret key}");
}

/* ---- Steps and hooks ---- */

static void the_same_command_twice_is_two_changes(void **state)
{
	Test *test = *state;
	g_autoptr(JournalContent) content = NULL;

	begin_step(test, "freeze");
	command(test, "cn1", "echo x >>state");
	command(test, "cn1", "echo x >>state");
	run_in_hook(test->run, "site.lua");
	command(test, "cn1", "echo x >>state");
	end_step(test);
	assert_there(test, "cn1", ROOT "/state", "x\nx\nx\n");
	content = read_run(test, test->number);
	for (guint i = 0; i < 3; i++)
		assert_int_equal(((const Change *)content->changes->pdata[i])->ordinal, i % 2);
}

static void a_command_is_done_before_the_rows_that_wait(void **state)
{
	Test *test = *state;

	begin_step(test, "servicenode");
	set_cell(test, "cn1", "xcatmaster", "sn2-c");
	command(test, "cn1", "true");
	assert_cell(test, "cn1", "xcatmaster", "sn1-c");
	assert_changes(test, "true cn1 done|noderes.xcatmaster cn1 planned");
	end_step(test);
	assert_cell(test, "cn1", "xcatmaster", "sn2-c");
	assert_kept(test, "true cn1 done|noderes.xcatmaster cn1 done");
}

static void a_step_that_is_dropped_keeps_what_was_run(void **state)
{
	Test *test = *state;

	begin_step(test, "servicenode");
	set_cell(test, "cn1", "xcatmaster", "sn2-c");
	command(test, "cn1", "true");
	run_drop_step(test->run);
	assert_changes(test, "true cn1 done");
	assert_cell(test, "cn1", "xcatmaster", "sn1-c");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_command_runs_on_its_hosts_and_is_kept),
		TEST(what_is_known_of_a_command_is_kept),
		TEST(each_of_forty_hosts_ends_in_its_own_way),
		TEST(what_never_began_is_no_change),
		TEST(a_command_that_failed_has_begun),
		TEST(a_host_is_gone_to_by_its_way),
		TEST(environment_and_input_reach_the_command),
		TEST(a_name_that_is_no_variable_is_refused),
		TEST(a_time_that_is_over_leaves_it_unknown),
		TEST(output_beyond_what_is_kept_is_counted),
		TEST(a_stop_begins_no_more_hosts),
		TEST(a_failure_is_told_before_another_host_is_begun),
		TEST(what_cannot_be_kept_is_not_begun),
		TEST(nothing_is_begun_outside_of_a_step),
		TEST(nobody_is_reached_without_a_remote),
		TEST(a_secret_is_refused_where_it_would_be_seen),
		TEST(a_secret_goes_to_the_host_and_not_into_the_journal),
		TEST(the_same_command_twice_is_two_changes),
		TEST(a_command_is_done_before_the_rows_that_wait),
		TEST(a_step_that_is_dropped_keeps_what_was_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
