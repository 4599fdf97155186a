/* What has failed, and what is left to do: owed, told, paid. */
#include "core/takeover.h"
#include "tests/lib/harness.h"

typedef struct {
	Move *move;
	Takeover *takeover;
	GPtrArray *kept; /* RemoteResult */
} Test;

static int setup(void **state)
{
	static const MoveNode nodes[] = { { .name = "cn1" },
					  { .name = "cn2" },
					  { .name = "cn3" } };
	Test *test = g_new0(Test, 1);

	test->move = move_recall(nodes, G_N_ELEMENTS(nodes));
	test->takeover = takeover_new(test->move);
	test->kept = g_ptr_array_new_with_free_func(
		(GDestroyNotify)(void (*)(void))remote_result_free);
	*state = test;
	return 0;
}

static int teardown(void **state)
{
	Test *test = *state;

	takeover_free(test->takeover);
	move_free(test->move);
	g_ptr_array_unref(test->kept);
	g_free(test);
	return 0;
}

/* A call on a host came to this. */
static void came_to(Test *test, const char *host, const char *node, const char *words,
		    RemoteErrorCode error, int status, const char *said)
{
	RemoteResult *result = g_new0(RemoteResult, 1);
	g_autofree char *key = g_strconcat(host, words, NULL);
	TakeoverResult one = { .host = host,
			       .node = node,
			       .words = words,
			       .key = key,
			       .result = result,
			       .failed = error != REMOTE_OK || status != 0 };

	result->error = error;
	result->status = status;
	result->message = error ? g_strdup(said) : NULL;
	result->out = g_string_new(NULL);
	result->err = g_string_new(error ? NULL : said);
	g_ptr_array_add(test->kept, result);
	takeover_results(test->takeover, "nodes", &one, 1, FALSE);
}

static void assert_owed(const Test *test, const char *wanted)
{
	g_auto(GStrv) lines = takeover_owed_lines(test->takeover->owed);
	g_autofree char *all = g_strjoinv("\n", lines);

	assert_string_equal(all, wanted);
}

static void assert_told(Test *test, const char *wanted)
{
	g_auto(GStrv) lines = takeover_failures(test->takeover);
	g_autofree char *all = g_strjoinv("\n", lines);

	assert_string_equal(all, wanted);
}

static void the_same_failure_of_many_is_one_line(void **state)
{
	Test *test = *state;

	came_to(test, "cn1", "cn1", "'restart'", REMOTE_OK, 1, "no unit\nat all");
	came_to(test, "cn2", "cn2", "'restart'", REMOTE_OK, 1, "");
	came_to(test, "cn3", "cn3", "'restart'", REMOTE_OK, 0, "");
	assert_told(test, "cn[1-2]: 'restart': status 1 (cn1: no unit)");
	assert_owed(test, "cn[1-2]: 'restart': status 1");
	assert_told(test, "");
}

/* Each has its own address in it. */
static void what_happens_on_the_way_is_a_word(void **state)
{
	Test *test = *state;

	came_to(test, "cn1", "cn1", "'x'", REMOTE_REFUSED, -1, "connect to 10.2.0.1");
	came_to(test, "cn2", "cn2", "'x'", REMOTE_REFUSED, -1, "connect to 10.2.0.2");
	came_to(test, "cn3", "cn3", "'x'", REMOTE_UNCHECKED, -1, "status 1: a slip");
	assert_told(test, "cn[1-2]: 'x': refused (cn1: connect to 10.2.0.1)\n"
			  "cn3: 'x': check failed, status 1: a slip");
	assert_owed(test, "cn[1-2]: 'x': refused\ncn3: 'x': check failed, status 1: a slip");
}

static void a_host_that_works_for_nodes_is_named_with_them(void **state)
{
	Test *test = *state;

	came_to(test, "hmc", "cn1", "'define'", REMOTE_OK, 2, "");
	came_to(test, "hmc", "cn3", "'define'", REMOTE_OK, 2, "");
	came_to(test, "sn1", NULL, "'reload'", REMOTE_OK, 2, "");
	came_to(test, "sn2", NULL, "'reload'", REMOTE_OK, 2, "");
	assert_owed(test, "hmc: cn[1,3]: 'define': status 2\nsn[1-2]: 'reload': status 2");
}

static void one_that_is_stopped_owes_nothing(void **state)
{
	Test *test = *state;

	came_to(test, "cn1", "cn1", "'x'", REMOTE_STOPPED, -1, "not begun");
	assert_owed(test, "");
	assert_told(test, "");
}

static void success_pays(void **state)
{
	Test *test = *state;

	came_to(test, "cn1", "cn1", "'x'", REMOTE_OK, 1, "");
	came_to(test, "cn2", "cn2", "'y'", REMOTE_OK, 1, "");
	came_to(test, "cn1", "cn1", "'x'", REMOTE_OK, 0, "");
	assert_owed(test, "cn2: 'y': status 1");
}

static void what_is_not_asked_for_again_is_owed_no_more(void **state)
{
	Test *test = *state;

	came_to(test, "cn1", "cn1", "'x'", REMOTE_OK, 1, "");
	came_to(test, "cn2", "cn2", "'y'", REMOTE_OK, 1, "");
	takeover_owe(test->takeover, journal_owed_new(NULL, NULL, "by hand"));
	takeover_begin_step(test->takeover, "dhcp");
	takeover_end_step(test->takeover);
	assert_owed(test, "cn1: 'x': status 1\ncn2: 'y': status 1\nby hand");
	takeover_begin_step(test->takeover, "nodes");
	came_to(test, "cn2", "cn2", "'y'", REMOTE_OK, 1, "");
	takeover_end_step(test->takeover);
	assert_owed(test, "cn2: 'y': status 1\nby hand");
}

static void what_a_script_owes_again_is_of_its_step(void **state)
{
	Test *test = *state;

	takeover_owe_again(test->takeover, journal_owed_new("sn2", NULL, "by hand"));
	takeover_begin_step(test->takeover, "nodes");
	takeover_owe_again(test->takeover, journal_owed_new("sn2", NULL, "no names"));
	takeover_owe_again(test->takeover, journal_owed_new("sn2", NULL, "no time"));
	takeover_end_step(test->takeover);
	takeover_begin_step(test->takeover, "nodes");
	takeover_owe_again(test->takeover, journal_owed_new("sn2", NULL, "no time"));
	takeover_end_step(test->takeover);
	assert_owed(test, "sn2: by hand\nsn2: no time");
	assert_true(takeover_can_pay(test->takeover->owed));
}

static void a_function_that_fails_is_owed_for_the_nodes_at_work(void **state)
{
	Test *test = *state;

	takeover_outcome(test->takeover, "nodes", "hook a", "hook 'a': oh", FALSE);
	assert_told(test, "hook 'a': oh");
	assert_owed(test, "cn[1-3]: hook 'a': oh");
	takeover_outcome(test->takeover, "nodes", "hook a", NULL, FALSE);
	assert_owed(test, "");
	assert_false(test->takeover->broken);
}

static void in_a_plan_nothing_is_owed(void **state)
{
	Test *test = *state;

	takeover_outcome(test->takeover, "nodes", "hook a", "hook 'a': oh", TRUE);
	assert_owed(test, "");
	assert_true(test->takeover->broken);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(the_same_failure_of_many_is_one_line),
		TEST(what_happens_on_the_way_is_a_word),
		TEST(a_host_that_works_for_nodes_is_named_with_them),
		TEST(one_that_is_stopped_owes_nothing),
		TEST(success_pays),
		TEST(what_is_not_asked_for_again_is_owed_no_more),
		TEST(what_a_script_owes_again_is_of_its_step),
		TEST(a_function_that_fails_is_owed_for_the_nodes_at_work),
		TEST(in_a_plan_nothing_is_owed),
	};

	return cmocka_run_group_tests_name("debts", tests, NULL, NULL);
}
