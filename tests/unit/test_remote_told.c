/*
 * The loop over many hosts, with hosts whose answers are told: order, limits, deadlines, and
 * each way in which a host can fail.
 */
#include "core/remote.h"
#include "tests/lib/harness.h"
#include <string.h>

#define NEVER 3600000 /* ms: later than any deadline here */
#define SHORT 30      /* ms: a deadline that shall pass */

typedef struct {
	Remote *remote;
	RemoteLimits limits;
	RemoteWatch watch;
	RemoteTask task; /* what each host gets */
	GArray *tasks;
	char **names;
	GPtrArray *results;
	GPtrArray *asked; /* "HOST by VIA looks: SCRIPT", in their order */
	guint begun, ended, most_open, most_ended, stop_at;
	const char *refusal;
} Test;

static void record(const RemoteToldScript *script, RemoteResult *said, gpointer data)
{
	Test *test = data;

	(void)said;
	g_ptr_array_add(test->asked, g_strdup_printf("%s%s%s%s: %.*s", script->host,
						     script->via ? " by " : "",
						     script->via ? script->via : "",
						     script->look ? " looks" : "",
						     (int)script->length, script->script));
	test->most_open = MAX(test->most_open, test->asked->len - test->ended);
}

/* Nothing goes wrong there. */
#define FINE .answer = record, .data = test

static void tell(Test *test, const char *host, RemoteTold told)
{
	remote_tell(test->remote, host, &told);
}

static gboolean begin(const guint *tasks, guint n, RemoteResult *const *seen, gpointer data,
		      GError **error)
{
	Test *test = data;

	test->begun += n;
	if (test->refusal) {
		g_set_error(error, REMOTE_ERROR, REMOTE_FAILED, "%s", test->refusal);
		return FALSE;
	}
	for (guint i = 0; i < n && !test->task.script; i++) {
		RemoteTask *task = &g_array_index(test->tasks, RemoteTask, tasks[i]);

		task->script = seen[i]->out->str;
		task->length = seen[i]->out->len;
	}
	return TRUE;
}

static void done(const guint *tasks, guint n, RemoteResult *const *results, gpointer data)
{
	Test *test = data;

	(void)tasks;
	(void)results;
	test->ended += n;
	test->most_ended = MAX(test->most_ended, n);
}

static gboolean stop(gpointer data)
{
	const Test *test = data;

	return test->stop_at > 0 && test->asked->len >= test->stop_at;
}

static int setup(void **state)
{
	const RemoteSetup how = { .transport = REMOTE_TOLD };
	Test *test = g_new0(Test, 1);

	test->remote = remote_new(NULL, &how);
	test->watch = (RemoteWatch){ .begin = begin, .done = done, .stop = stop, .data = test };
	test->task = (RemoteTask){ .script = "true\n", .length = strlen("true\n") };
	test->tasks = g_array_new(FALSE, TRUE, sizeof(RemoteTask));
	test->asked = g_ptr_array_new_with_free_func(g_free);
	*state = test;
	return 0;
}

static int teardown(void **state)
{
	Test *test = *state;

	g_clear_pointer(&test->results, g_ptr_array_unref);
	g_ptr_array_unref(test->asked);
	g_array_unref(test->tasks);
	g_strfreev(test->names);
	remote_free(test->remote);
	g_free(test);
	return 0;
}

/* Gives all of them `task`. */
static void make_tasks(Test *test, const char *names)
{
	g_strfreev(test->names);
	test->names = g_strsplit(names, " ", -1);
	g_array_set_size(test->tasks, 0);
	for (guint i = 0; test->names[i]; i++) {
		test->task.host = test->names[i];
		g_array_append_val(test->tasks, test->task);
	}
}

static void run_tasks(Test *test)
{
	g_autoptr(GError) problem = NULL;

	g_clear_pointer(&test->results, g_ptr_array_unref);
	test->results = remote_run(test->remote, (const RemoteTask *)test->tasks->data,
				   test->tasks->len, &test->limits, &test->watch, &problem);
	assert_ok(test->results, problem);
	assert_int_equal(test->results->len, test->tasks->len);
	assert_int_equal(test->ended, test->tasks->len);
	test->ended = 0;
}

static void run(Test *test, const char *names)
{
	make_tasks(test, names);
	run_tasks(test);
}

static void look(Test *test, const char *script)
{
	test->task.look = script;
	test->task.look_length = strlen(script);
}

static const RemoteResult *result(const Test *test, guint i)
{
	return test->results->pdata[i];
}

static void assert_result(const Test *test, guint i, RemoteErrorCode error, const char *words)
{
	const RemoteResult *is = result(test, i);

	if (is->error != error)
		fail_msg("error %d (%s), not %d", is->error, is->message, error);
	if (!words)
		assert_null(is->message);
	else if (!is->message || !strstr(is->message, words))
		fail_msg("\"%s\" does not say \"%s\"", is->message ? is->message : "", words);
}

/* It ran to its end. */
static void assert_said(const Test *test, guint i, int status, const char *out, const char *err)
{
	assert_result(test, i, REMOTE_OK, NULL);
	assert_int_equal(result(test, i)->status, status);
	assert_string_equal(result(test, i)->out->str, out);
	assert_string_equal(result(test, i)->err->str, err);
}

static void assert_not_begun(const Test *test, guint i, RemoteErrorCode error,
			     const char *words)
{
	assert_result(test, i, error, words);
	assert_false(result(test, i)->begun);
	assert_int_equal(result(test, i)->status, -1);
}

static void assert_begun(const Test *test, guint i, RemoteErrorCode error, const char *words)
{
	assert_result(test, i, error, words);
	assert_true(result(test, i)->begun);
	assert_int_equal(result(test, i)->status, -1);
}

/* All that hosts were asked, joined by "|". */
static void assert_asked(Test *test, const char *wanted)
{
	g_autofree char *all = NULL;

	g_ptr_array_add(test->asked, NULL);
	all = g_strjoinv("|", (char **)test->asked->pdata);
	assert_string_equal(all, wanted);
	g_ptr_array_set_size(test->asked, 0);
}

/* ---- What is said ---- */

static void a_host_gives_its_status_and_output(void **state)
{
	Test *test = *state;

	tell(test, "a", (RemoteTold){ FINE, .script = { 3, "one\ntwo", "odd\n", 0, 0 } });
	run(test, "a");
	assert_said(test, 0, 3, "one\ntwo", "odd\n");
	assert_true(result(test, 0)->begun);
	assert_string_equal(result(test, 0)->transport, "told");
	assert_asked(test, "a: true\n");
}

static void results_are_in_the_order_of_tasks(void **state)
{
	Test *test = *state;

	tell(test, "a", (RemoteTold){ .script = { .out = "A", .late = 30 } });
	tell(test, "b", (RemoteTold){ .script = { .out = "B", .late = 10 } });
	tell(test, "c", (RemoteTold){ .script = { .out = "C" } });
	run(test, "a b c a");
	assert_said(test, 0, 0, "A", "");
	assert_said(test, 1, 0, "B", "");
	assert_said(test, 2, 0, "C", "");
	assert_said(test, 3, 0, "A", "");
	assert_true(result(test, 0)->milliseconds >= 30);
}

static void what_comes_before_the_greeting_is_no_output(void **state)
{
	Test *test = *state;

	tell(test, NULL, (RemoteTold){ .noise = "Welcome!\nsnmove-0 0\n", FINE });
	tell(test, "b", (RemoteTold){ .noise = "no newline", .script = { 0, "B", "b", 0, 0 } });
	run(test, "a b");
	assert_said(test, 0, 0, "", "");
	assert_said(test, 1, 0, "B", "b");
}

static void a_very_long_banner_is_passed_over(void **state)
{
	Test *test = *state;
	g_autofree char *banner = g_strnfill(1 << 18, '*');

	tell(test, "a", (RemoteTold){ .noise = banner, .script = { 0, "A", "a", 0, 0 } });
	run(test, "a");
	assert_said(test, 0, 0, "A", "a");
}

static void marks_may_come_in_pieces(void **state)
{
	Test *test = *state;

	look(test, "look\n");
	for (guint piece = 1; piece <= 70; piece += 3) {
		g_autofree char *name = g_strdup_printf("h%u", piece);

		tell(test, name,
		     (RemoteTold){ FINE, .piece = piece, .noise = "hello\n",
				   .script = { 7, "out\n\nsnmove-", "err\n", 0, 0 } });
		run(test, name);
		assert_said(test, 0, 7, "out\n\nsnmove-", "err\n");
		assert_true(result(test, 0)->begun);
		g_free(g_ptr_array_steal_index(test->asked, 0));
		assert_true(g_str_has_suffix(test->asked->pdata[0], ": true\n"));
		g_ptr_array_set_size(test->asked, 0);
	}
}

static void output_beyond_the_limit_is_counted(void **state)
{
	Test *test = *state;
	g_autofree char *much = g_strnfill(1 << 20, 'x');

	test->limits.output = 1000;
	tell(test, "a", (RemoteTold){ .script = { 0, much, "short", 0, 0 } });
	tell(test, "b", (RemoteTold){ .script = { 1, "short", much, 0, 0 }, .piece = 4096 });
	tell(test, "c", (RemoteTold){ .script = { 0, much, NULL, 0, REMOTE_LOST } });
	run(test, "a b c");
	assert_int_equal(result(test, 0)->out->len, 1000);
	assert_int_equal(result(test, 0)->out_lost, (1 << 20) - 1000);
	assert_int_equal(result(test, 0)->err_lost, 0);
	assert_int_equal(result(test, 1)->status, 1);
	assert_int_equal(result(test, 1)->err->len, 1000);
	assert_int_equal(result(test, 1)->err_lost, (1 << 20) - 1000);
	assert_begun(test, 2, REMOTE_LOST, "while the command ran");
	assert_int_equal(result(test, 2)->out->len, 1000);
	assert_int_equal(result(test, 2)->out_lost, (1 << 20) - 1000);
}

/* ---- Who is contacted ---- */

static void what_is_told_first_holds_for_its_contacts(void **state)
{
	Test *test = *state;

	tell(test, "a", (RemoteTold){ .contacts = 1, .error = REMOTE_REFUSED });
	tell(test, "a", (RemoteTold){ .contacts = 2, .script = { .status = 2 } });
	tell(test, "a", (RemoteTold){ .script = { .status = 3 } });
	run(test, "a a a a a");
	assert_not_begun(test, 0, REMOTE_REFUSED, "refused");
	assert_said(test, 1, 2, "", "");
	assert_said(test, 2, 2, "", "");
	assert_said(test, 3, 3, "", "");
	assert_said(test, 4, 3, "", "");
	tell(test, "a", (RemoteTold){ .script = { .status = 4 } });
	run(test, "A");
	assert_said(test, 0, 4, "", "");
}

static void each_host_has_what_is_told_for_all(void **state)
{
	Test *test = *state;

	tell(test, NULL, (RemoteTold){ .contacts = 1, .script = { .status = 1 } });
	tell(test, NULL, (RemoteTold){ 0 });
	run(test, "a b a b");
	assert_said(test, 0, 1, "", "");
	assert_said(test, 1, 1, "", "");
	assert_said(test, 2, 0, "", "");
	assert_said(test, 3, 0, "", "");
	tell(test, "a", (RemoteTold){ .script = { .status = 5 } });
	run(test, "a b");
	assert_said(test, 0, 5, "", "");
	assert_said(test, 1, 0, "", "");
}

static void a_host_of_which_nothing_is_told_is_unreachable(void **state)
{
	Test *test = *state;

	run(test, "a");
	assert_not_begun(test, 0, REMOTE_UNREACHABLE, "nothing is told");
	tell(test, "a", (RemoteTold){ .contacts = 1 });
	run(test, "a a localhost");
	assert_said(test, 0, 0, "", "");
	assert_not_begun(test, 1, REMOTE_UNREACHABLE, "nothing is told");
	assert_not_begun(test, 2, REMOTE_UNREACHABLE, "nothing is told");
}

static void a_dead_host_is_not_contacted_nor_gone_through(void **state)
{
	Test *test = *state;
	const char *const dead[] = { "SN1", NULL };

	tell(test, NULL, (RemoteTold){ FINE });
	remote_forbid(test->remote, dead);
	make_tasks(test, "sn1 a b");
	g_array_index(test->tasks, RemoteTask, 1).via = "sn1";
	g_array_index(test->tasks, RemoteTask, 2).via = "sn2";
	run_tasks(test);
	assert_not_begun(test, 0, REMOTE_DEAD, "it is dead");
	assert_not_begun(test, 1, REMOTE_DEAD, "on the way to it is dead");
	assert_null(result(test, 1)->transport);
	assert_said(test, 2, 0, "", "");
	assert_asked(test, "b by sn2: true\n");
}

static void no_host_is_local_and_all_have_a_route(void **state)
{
	Test *test = *state;

	assert_false(remote_is_local(test->remote, "localhost"));
	assert_true(remote_has_route(test->remote, "nobody.invalid"));
	tell(test, NULL, (RemoteTold){ 0 });
	run(test, "-oProxyCommand=x localhost");
	assert_not_begun(test, 0, REMOTE_UNRESOLVED, "no host can be called that");
	assert_string_equal(result(test, 1)->transport, "told");
}

/* ---- What goes wrong ---- */

static void who_does_not_let_in_is_told_of(void **state)
{
	Test *test = *state;
	static const RemoteErrorCode codes[] = {
		REMOTE_UNRESOLVED,  REMOTE_REFUSED,	REMOTE_UNREACHABLE, REMOTE_TIMEOUT,
		REMOTE_KEY_UNKNOWN, REMOTE_KEY_CHANGED, REMOTE_DENIED,	    REMOTE_FAILED,
	};

	for (guint i = 0; i < G_N_ELEMENTS(codes); i++) {
		tell(test, "a",
		     (RemoteTold){ .contacts = 1, .error = codes[i], .message = "words" });
		run(test, "a");
		assert_not_begun(test, 0, codes[i], "words");
	}
}

static void who_is_busy_is_tried_again(void **state)
{
	Test *test = *state;

	tell(test, "a", (RemoteTold){ .busy = 2, FINE });
	run(test, "a");
	assert_said(test, 0, 0, "", "");
	assert_asked(test, "a: true\n");
}

static void who_stays_busy_is_given_up_in_time(void **state)
{
	Test *test = *state;

	test->limits.connect_time = 200;
	tell(test, "a", (RemoteTold){ .busy = 1000 });
	run(test, "a");
	assert_not_begun(test, 0, REMOTE_LOST, "busy");
	assert_true(result(test, 0)->milliseconds < REMOTE_LOGIN_TIME / 2);
}

static void no_shell_answers(void **state)
{
	Test *test = *state;

	tell(test, "a", (RemoteTold){ .error = REMOTE_LOST });
	tell(test, "b",
	     (RemoteTold){ .error = REMOTE_LOST, .noise = "This account\n is off.\n" });
	tell(test, "c",
	     (RemoteTold){ .error = REMOTE_LOST, .noise = "noise", .message = "words" });
	run(test, "a b c");
	assert_not_begun(test, 0, REMOTE_LOST, "ended before a shell answered");
	assert_not_begun(test, 1, REMOTE_LOST, "it said: This account; is off.");
	assert_not_begun(test, 2, REMOTE_LOST, "words");
}

static void a_connection_that_ends_in_the_look_has_begun_nothing(void **state)
{
	Test *test = *state;

	look(test, "look\n");
	tell(test, "a", (RemoteTold){ FINE, .look = { .error = REMOTE_LOST } });
	tell(test, "b", (RemoteTold){ FINE, .look = { 0, "half", NULL, 5, REMOTE_LOST } });
	run(test, "a b");
	assert_not_begun(test, 0, REMOTE_LOST, "ended before it began");
	assert_not_begun(test, 1, REMOTE_LOST, "ended before it began");
	assert_string_equal(result(test, 1)->out->str, "");
	assert_asked(test, "a looks: look\n|b looks: look\n");
	assert_int_equal(test->begun, 0);
}

static void a_connection_that_ends_in_the_script_has_begun_it(void **state)
{
	Test *test = *state;

	look(test, "look\n");
	tell(test, "a", (RemoteTold){ .script = { .error = REMOTE_LOST } });
	tell(test, "b",
	     (RemoteTold){ .look = { .out = "seen" },
			   .script = { 0, "half", "odd", 5, REMOTE_LOST } });
	run(test, "a b");
	assert_begun(test, 0, REMOTE_LOST, "ended while the command ran");
	assert_begun(test, 1, REMOTE_LOST, "ended while the command ran");
	assert_string_equal(result(test, 1)->out->str, "half");
	assert_string_equal(result(test, 1)->err->str, "odd");
}

/* ---- Deadlines ---- */

static void who_does_not_show_its_key_in_time_is_given_up(void **state)
{
	Test *test = *state;

	test->limits.connect_time = SHORT;
	tell(test, "a", (RemoteTold){ .connect_late = NEVER });
	tell(test, "b", (RemoteTold){ .connect_late = 1, .login_late = 1 });
	run(test, "a b");
	assert_not_begun(test, 0, REMOTE_TIMEOUT, "no answer in time");
	assert_said(test, 1, 0, "", "");
}

static void who_does_not_let_in_in_time_is_given_up(void **state)
{
	Test *test = *state;

	test->limits.login_time = SHORT;
	tell(test, "a", (RemoteTold){ .login_late = NEVER });
	run(test, "a");
	assert_not_begun(test, 0, REMOTE_TIMEOUT, "no login in time");
}

static void a_command_that_does_not_end_in_time_is_given_up(void **state)
{
	Test *test = *state;

	test->limits.time = SHORT;
	tell(test, "a", (RemoteTold){ .script = { .out = "half", .error = REMOTE_TIMEOUT } });
	tell(test, "b", (RemoteTold){ .script = { .out = "late", .late = NEVER } });
	run(test, "a b");
	assert_begun(test, 0, REMOTE_TIMEOUT, "did not end in time");
	assert_string_equal(result(test, 0)->out->str, "half");
	assert_begun(test, 1, REMOTE_TIMEOUT, "did not end in time");
	assert_string_equal(result(test, 1)->out->str, "");
}

static void a_look_that_does_not_end_in_time_is_given_up(void **state)
{
	Test *test = *state;

	look(test, "look\n");
	test->limits.time = SHORT;
	tell(test, "a", (RemoteTold){ .look = { .out = "half", .error = REMOTE_TIMEOUT } });
	run(test, "a");
	assert_not_begun(test, 0, REMOTE_TIMEOUT, "looked at first did not answer in time");
}

static void the_time_for_all_hosts_ends_the_call(void **state)
{
	Test *test = *state;

	test->limits.fanout = 1;
	test->limits.total_time = SHORT;
	tell(test, NULL, (RemoteTold){ FINE, .script = { .error = REMOTE_TIMEOUT } });
	run(test, "a b c");
	assert_begun(test, 0, REMOTE_TIMEOUT, "the time for all hosts is used up");
	assert_not_begun(test, 1, REMOTE_TIMEOUT, "the time for all hosts is used up");
	assert_not_begun(test, 2, REMOTE_TIMEOUT, "the time for all hosts is used up");
	assert_asked(test, "a: true\n");
}

/* ---- Who watches ---- */

static char *many_names(guint n)
{
	GString *names = g_string_new("h0");

	for (guint i = 1; i < n; i++)
		g_string_append_printf(names, " h%u", i);
	return g_string_free(names, FALSE);
}

static void no_more_hosts_are_open_than_the_fanout(void **state)
{
	Test *test = *state;
	g_autofree char *names = many_names(17);

	/* A failure is told before another host is begun, so none of those is open. */
	test->limits.fanout = 4;
	tell(test, NULL, (RemoteTold){ FINE, .script = { .status = 1, .late = 20 } });
	run(test, names);
	assert_int_equal(test->most_open, 4);
	assert_int_equal(test->asked->len, 17);
}

static void a_thousand_hosts_are_all_asked(void **state)
{
	Test *test = *state;
	g_autofree char *names = many_names(1000);

	look(test, "look\n");
	tell(test, NULL, (RemoteTold){ FINE, .script = { .out = "yes" } });
	tell(test, "h500", (RemoteTold){ .error = REMOTE_REFUSED });
	run(test, names);
	for (guint i = 0; i < 1000; i++)
		if (i != 500)
			assert_said(test, i, 0, "yes", "");
	assert_not_begun(test, 500, REMOTE_REFUSED, "refused");
	assert_int_equal(test->asked->len, 2 * 999);
	assert_int_equal(test->begun, 999);
	assert_int_equal(test->most_ended, 16);
}

static void who_is_begun_ends_and_nobody_else_is_begun_after_a_stop(void **state)
{
	Test *test = *state;

	test->limits.fanout = 2;
	test->stop_at = 2;
	tell(test, NULL, (RemoteTold){ FINE, .script = { .out = "yes", .late = 5 } });
	run(test, "a b c d");
	assert_said(test, 0, 0, "yes", "");
	assert_said(test, 1, 0, "yes", "");
	assert_not_begun(test, 2, REMOTE_STOPPED, "not begun");
	assert_not_begun(test, 3, REMOTE_STOPPED, "not begun");
	assert_int_equal(test->asked->len, 2);
}

static void who_has_only_looked_is_not_begun_after_a_stop(void **state)
{
	Test *test = *state;

	look(test, "look\n");
	test->stop_at = 1;
	tell(test, NULL, (RemoteTold){ FINE });
	run(test, "a");
	assert_not_begun(test, 0, REMOTE_STOPPED, "not begun");
	assert_asked(test, "a looks: look\n");
}

static void nobody_is_begun_if_that_is_refused(void **state)
{
	Test *test = *state;

	test->refusal = "the journal is full";
	tell(test, NULL, (RemoteTold){ FINE });
	run(test, "a b");
	assert_not_begun(test, 0, REMOTE_FAILED, "the journal is full");
	assert_not_begun(test, 1, REMOTE_FAILED, "the journal is full");
	assert_asked(test, "");
}

static void nobody_needs_to_watch(void **state)
{
	Test *test = *state;

	test->watch = (RemoteWatch){ 0 };
	test->ended = 1;
	tell(test, NULL, (RemoteTold){ 0 });
	run(test, "a");
	assert_said(test, 0, 0, "", "");
}

/* ---- Looks ---- */

static void a_script_may_be_made_from_what_was_seen(void **state)
{
	Test *test = *state;

	look(test, "look\n");
	test->task.script = NULL;
	tell(test, "a", (RemoteTold){ FINE, .look = { .out = "do a\n" } });
	tell(test, "b",
	     (RemoteTold){ FINE, .look = { .out = "do b\n", .late = 1 },
			   .script = { .status = 2 } });
	run(test, "a b");
	assert_said(test, 0, 0, "", "");
	assert_said(test, 1, 2, "", "");
	assert_int_equal(test->begun, 2);
}

static void a_look_that_fails_is_the_result(void **state)
{
	Test *test = *state;

	look(test, "look\n");
	tell(test, NULL, (RemoteTold){ FINE, .look = { 4, "seen", "odd", 0, 0 } });
	run(test, "a");
	assert_said(test, 0, 4, "seen", "odd");
	assert_false(result(test, 0)->begun);
	assert_asked(test, "a looks: look\n");
	assert_int_equal(test->begun, 0);
}

static void nothing_to_do_after_the_look_is_status_0(void **state)
{
	Test *test = *state;

	look(test, "look\n");
	test->task.script = NULL;
	test->watch.begin = NULL;
	tell(test, NULL, (RemoteTold){ FINE, .look = { .out = "seen" } });
	run(test, "a");
	assert_said(test, 0, 0, "seen", "");
	assert_false(result(test, 0)->begun);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_host_gives_its_status_and_output),
		TEST(results_are_in_the_order_of_tasks),
		TEST(what_comes_before_the_greeting_is_no_output),
		TEST(a_very_long_banner_is_passed_over),
		TEST(marks_may_come_in_pieces),
		TEST(output_beyond_the_limit_is_counted),
		TEST(what_is_told_first_holds_for_its_contacts),
		TEST(each_host_has_what_is_told_for_all),
		TEST(a_host_of_which_nothing_is_told_is_unreachable),
		TEST(a_dead_host_is_not_contacted_nor_gone_through),
		TEST(no_host_is_local_and_all_have_a_route),
		TEST(who_does_not_let_in_is_told_of),
		TEST(who_is_busy_is_tried_again),
		TEST(who_stays_busy_is_given_up_in_time),
		TEST(no_shell_answers),
		TEST(a_connection_that_ends_in_the_look_has_begun_nothing),
		TEST(a_connection_that_ends_in_the_script_has_begun_it),
		TEST(who_does_not_show_its_key_in_time_is_given_up),
		TEST(who_does_not_let_in_in_time_is_given_up),
		TEST(a_command_that_does_not_end_in_time_is_given_up),
		TEST(a_look_that_does_not_end_in_time_is_given_up),
		TEST(the_time_for_all_hosts_ends_the_call),
		TEST(no_more_hosts_are_open_than_the_fanout),
		TEST(a_thousand_hosts_are_all_asked),
		TEST(who_is_begun_ends_and_nobody_else_is_begun_after_a_stop),
		TEST(who_has_only_looked_is_not_begun_after_a_stop),
		TEST(nobody_is_begun_if_that_is_refused),
		TEST(nobody_needs_to_watch),
		TEST(a_script_may_be_made_from_what_was_seen),
		TEST(a_look_that_fails_is_the_result),
		TEST(nothing_to_do_after_the_look_is_status_0),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
