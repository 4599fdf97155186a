/* Commands of a list: each host its own, several of one host in one session. */
#include "tests/unit/host_run.h"

/* A list of up to eight entries. */
typedef struct {
	RunHost hosts[8];
	RunCommand commands[8];
	const RunCommand *each[8];
	guint n;
} List;

/* What is done for `node` on `host`; it can be filled in further. */
static RunCommand *add(List *list, const char *host, const char *node, const char *text)
{
	RunCommand *command = &list->commands[list->n];

	list->hosts[list->n] = (RunHost){ .name = host, .node = node };
	*command = (RunCommand){ .command = text };
	list->each[list->n++] = command;
	return command;
}

static void run_list(Test *test, const List *list)
{
	RunCommand all = {
		.hosts = list->hosts, .n = list->n, .each = list->each, .limits = test->limits
	};

	take_results(test, run_command(test->run, &all, &test->problem));
	assert_ok(test->results, test->problem);
}

static void add_clients(List *list)
{
	add(list, "sn1", "cn1", "echo one >>" ROOT "/log");
	add(list, "sn1", "cn2", "echo two >>" ROOT "/log; exit 3");
	add(list, "sn2", "cn3", "echo three >>" ROOT "/log");
	add(list, "sn1", "cn3", "echo four >>" ROOT "/log");
}

static void a_command_for_each_entry_runs_in_their_order(void **state)
{
	Test *test = *state;
	List list = { .n = 0 };

	add_clients(&list);
	begin_step(test, "nim");
	run_list(test, &list);
	end_step(test);
	assert_results(test, "0 3 0 0");
	assert_there(test, "sn1", ROOT "/log", "one\ntwo\nfour\n");
	assert_there(test, "sn2", ROOT "/log", "three\n");
	assert_int_equal(count_kept(test, CHANGE_DONE), 3);
	assert_int_equal(count_kept(test, CHANGE_FAILED), 1);
}

static void a_host_has_one_session(void **state)
{
	Test *test = *state;
	List list = { .n = 0 };

	/* In a second session nobody would be let in. */
	tell(test, "sn1", (RemoteTold){ .contacts = 1 });
	tell(test, "sn1", (RemoteTold){ .error = REMOTE_DENIED });
	add_clients(&list);
	begin_step(test, "nim");
	run_list(test, &list);
	assert_results(test, "0 0 0 0");
}

static void a_host_has_a_session_for_each_lane(void **state)
{
	Test *test = *state;
	List list = { .n = 0 };

	tell(test, "sn1", (RemoteTold){ .contacts = 2 });
	tell(test, "sn1", (RemoteTold){ .error = REMOTE_DENIED });
	for (guint i = 0; i < 6; i++) {
		add(&list, "sn1", "cn1", "true");
		list.hosts[i].lane = i % 3 == 0 ? "a" : i % 3 == 1 ? "b" : NULL;
	}
	begin_step(test, "nim");
	run_list(test, &list);
	/* Who has none has a lane in common, and there is nobody for a third one. */
	assert_results(test, "0 0 login denied 0 0 login denied");
}

static void who_never_gets_there_is_not_tried_again_and_again(void **state)
{
	Test *test = *state;
	List list = { .n = 0 };

	tell(test, "sn1", (RemoteTold){ .contacts = 1, .error = REMOTE_REFUSED });
	add_clients(&list);
	begin_step(test, "nim");
	run_list(test, &list);
	assert_results(test, "refused refused 0 refused");
	assert_there(test, "sn1", ROOT "/log", "(nothing)");
}

static void behind_one_that_did_not_end_comes_a_session_of_its_own(void **state)
{
	Test *test = *state;
	List list = { .n = 0 };

	tell(test, "sn1", (RemoteTold){ .contacts = 1, .script = { .error = REMOTE_LOST } });
	tell(test, "sn1", (RemoteTold){ .answer = by_shell });
	add_clients(&list);
	begin_step(test, "nim");
	run_list(test, &list);
	assert_results(test, "lost 3 0 0");
	assert_there(test, "sn1", ROOT "/log", "two\nfour\n");
}

static void a_stop_leaves_the_rest(void **state)
{
	Test *test = *state;
	List list = { .n = 0 };

	add(&list, "sn1", "cn1", "true");
	add(&list, "sn1", "cn2", "true");
	add(&list, "sn1", "cn3", "true");
	test->stop_at = 2;
	begin_step(test, "nim");
	run_list(test, &list);
	assert_results(test, "0 0 stopped");
}

static void each_has_its_own_input_environment_and_statuses(void **state)
{
	Test *test = *state;
	static const int one[] = { 1 };
	const char *const environment[] = { "NAME=cn2", NULL };
	List list = { .n = 0 };
	RunCommand *command = add(&list, "sn1", "cn1", "cat; exit 1");

	command->input = "for cn1";
	command->input_length = 7;
	command->accept = one;
	command->n_accept = 1;
	add(&list, "sn1", "cn2", "echo $NAME")->environment = environment;
	begin_step(test, "nim");
	run_list(test, &list);
	end_step(test);
	assert_results(test, "1 0");
	assert_string_equal(result(test, 0)->out->str, "for cn1");
	assert_string_equal(result(test, 1)->out->str, "cn2\n");
	assert_int_equal(count_kept(test, CHANGE_DONE), 2);
}

static void a_status_that_is_not_accepted_has_failed(void **state)
{
	Test *test = *state;
	static const int statuses[] = { 1, 4 };

	test->how.accept = statuses;
	test->how.n_accept = 2;
	step_with(test, "nim", "cn1", "exit 4");
	assert_int_equal(count_kept(test, CHANGE_DONE), 1);
	step_with(test, "nim2", "cn1", "exit 0");
	assert_int_equal(count_kept(test, CHANGE_FAILED), 1);
}

/* Equal commands on one host are known by their nodes and inputs: what is done for one is not
 * taken for the other's. */
static void a_resume_knows_them_by_node_and_input(void **state)
{
	Test *test = *state;
	static const char text[] = "cat >>" ROOT "/log";
	List list = { .n = 0 };

	for (guint i = 0; i < 3; i++) {
		RunCommand *command = add(&list, "sn1", i == 2 ? "cn2" : "cn1", text);

		command->input = i == 0 ? "a" : i == 1 ? "b" : "a";
		command->input_length = 1;
	}
	test->kill_at = 3;
	test->kill_before = TRUE;
	begin_step(test, "nim");
	run_list(test, &list);
	killed(test);
	test->kill_before = FALSE;
	resume(test);
	begin_step(test, "nim");
	list.commands[2].repeatable = TRUE;
	run_list(test, &list);
	end_step(test);
	assert_results(test, "0 0 0");
	assert_there(test, "sn1", ROOT "/log", "aba");
	assert_int_equal(asked(test, "sn1", text), 1);
}

static void debts_of_equal_commands_are_different_ones(void **state)
{
	Test *test = *state;
	List list = { .n = 0 };

	add(&list, "sn1", "cn1", "false");
	add(&list, "sn1", "cn2", "false");
	add(&list, "sn1", "cn2", "false");
	begin_step(test, "nim");
	run_list(test, &list);
	assert_int_equal(test->keys->len, 3);
	assert_string_not_equal(test->keys->pdata[0], test->keys->pdata[1]);
	assert_string_not_equal(test->keys->pdata[1], test->keys->pdata[2]);
}

static void nothing_to_undo_is_no_way_that_is_missing(void **state)
{
	Test *test = *state;

	test->how.undo = "";
	step_with(test, "nim", "cn1", "sleep 0");
	undo(test, NULL);
	assert_int_equal(test->seen->len, 0);
	assert_int_equal(test->owed->len, 0);
	assert_int_equal(test->asked->len, 0);
}

static void a_plan_shows_what_it_says(void **state)
{
	static const struct {
		const char *command, *says, *shown;
	} cases[] = {
		{ "true", NULL, "true" },
		{ "true", "define the client", "define the client" },
		{ "'nim' '-o' 'define' '-a' 'a b'", NULL, "nim -o define -a 'a b'" },
		{ "'echo' 'it'\\''s'", NULL, "echo 'it'\\''s'" },
		{ "'a' b", NULL, "'a' b" },
		{ "\n\ti=0\n\twhile true; do", NULL, "i=0 ..." },
		{ "true\n", NULL, "true" },
		{ "echo \033[2J", NULL, "echo \\x1b[2J" },
	};

	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *shown = change_command_text(cases[i].command, cases[i].says);

		assert_string_equal(shown, cases[i].shown);
	}
}

/* ---- Asked until it is so ---- */

static void await_on(Test *test, const char *names, const char *text, guint most)
{
	g_auto(HostList) list = host_list(names);
	RunCommand question = { .hosts = (const RunHost *)list.hosts->data,
				.n = list.hosts->len,
				.command = text,
				.limits = test->limits };

	take_results(test, run_await(test->run, &question, 1, most, &test->problem));
	assert_ok(test->results, test->problem);
}

static void it_is_asked_until_it_is_so(void **state)
{
	Test *test = *state;
	g_autofree char *file = journal_file(test);
	g_autofree char *kept = NULL;

	begin_step(test, "nodes");
	await_on(test, "cn1 cn2",
		 "n=$(cat " ROOT "/n 2>/dev/null); echo x$n >" ROOT "/n; [ x$n = xxx ]", NEVER);
	assert_results(test, "0 0");
	assert_int_equal(asked(test, "cn1", ROOT "/n"), 3);
	assert_false(run_has_begun(test->run));
	kept = database_value(file, "SELECT count(*) FROM queries");
	assert_string_equal(kept, "2");
}

static void what_is_never_so_is_too_late(void **state)
{
	Test *test = *state;

	tell(test, "cn2", (RemoteTold){ .error = REMOTE_REFUSED });
	begin_step(test, "nodes");
	await_on(test, "cn1 cn2", "exit 4", SHORT);
	assert_results(test, "timeout timeout");
	assert_string_equal(result(test, 0)->message, "status 4 after 0 s");
	assert_string_equal(test->told->str, "cn1 timeout|cn2 timeout");
}

static void a_wait_ends_when_it_is_asked_to(void **state)
{
	Test *test = *state;

	test->stop_at = 1;
	begin_step(test, "nodes");
	await_on(test, "cn1", "false", NEVER);
	assert_results(test, "stopped");
}

static void nothing_is_awaited_outside_of_a_step(void **state)
{
	Test *test = *state;
	const RunHost host = { .name = "cn1" };
	RunCommand question = { .hosts = &host, .n = 1, .command = "true" };

	assert_null(run_await(test->run, &question, 1, SHORT, &test->problem));
	assert_refused(test->problem, "step");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_command_for_each_entry_runs_in_their_order),
		TEST(a_host_has_one_session),
		TEST(a_host_has_a_session_for_each_lane),
		TEST(who_never_gets_there_is_not_tried_again_and_again),
		TEST(behind_one_that_did_not_end_comes_a_session_of_its_own),
		TEST(a_stop_leaves_the_rest),
		TEST(each_has_its_own_input_environment_and_statuses),
		TEST(a_status_that_is_not_accepted_has_failed),
		TEST(a_resume_knows_them_by_node_and_input),
		TEST(debts_of_equal_commands_are_different_ones),
		TEST(nothing_to_undo_is_no_way_that_is_missing),
		TEST(a_plan_shows_what_it_says),
		TEST(it_is_asked_until_it_is_so),
		TEST(what_is_never_so_is_too_late),
		TEST(a_wait_ends_when_it_is_asked_to),
		TEST(nothing_is_awaited_outside_of_a_step),
	};

	return cmocka_run_group_tests_name("lists", tests, NULL, NULL);
}
