/* One file on many hosts, made of what each has. */
#include "tests/unit/host_run.h"

#define X ROOT "/x.conf"

/* What is made of each file: what was there and "+HOST"; NULL: all are left as they are. */
typedef struct {
	const char *gone;   /* of this host it is taken away, */
	const char *broken; /* and of this one the maker fails */
	gboolean leave, secret;
	const char *check, *activate;
	GString *seen; /* "HOST=TEXT|" of those that were asked about */
} How;

static void make(RunEdit *edit, guint i, const char *host, How *how)
{
	const char *text = NULL;
	gsize length = 0;
	RunEditSeen seen = run_edit_seen(edit, i, &text, &length);
	g_autofree char *was = g_strndup(text ? text : "", length);
	g_autofree char *made = g_strdup_printf("%s+%s", was, host);

	if (seen == RUN_EDIT_NOTHING)
		return;
	g_string_append_printf(how->seen, "%s=%s|", host, seen == RUN_EDIT_TEXT ? was : "-");
	if (g_strcmp0(how->gone, host) == 0)
		run_edit_remove(edit, i);
	else if (g_strcmp0(how->broken, host) == 0)
		run_edit_fail(edit, i, "a slip");
	else if (!how->leave)
		run_edit_set(edit, i, made, strlen(made));
}

static void edit(Test *test, const char *names, How *how)
{
	g_auto(HostList) list = host_list(names);
	guint n = list.hosts->len;
	RunEdit *edit =
		run_edit(test->run, (const RunHost *)list.hosts->data, n, X, how->secret,
			 how->check, how->activate, &test->limits, &test->problem);

	assert_ok(edit, test->problem);
	how->seen = g_string_new(NULL);
	for (guint i = 0; i < n; i++)
		make(edit, i, g_array_index(list.hosts, RunHost, i).name, how);
	g_free(test->changed);
	test->changed = g_new0(guint, n);
	take_results(test, run_edit_end(edit, test->changed));
}

static void assert_asked_about(How *how, const char *wanted)
{
	assert_string_equal(how->seen->str, wanted);
	g_string_free(how->seen, TRUE);
}

static void each_has_what_was_made_of_its_own(void **state)
{
	Test *test = *state;
	How how = { .activate = "echo done >" ROOT "/done" };

	lay(test, "cn1", X, "one");
	lay(test, "cn2", X, "");
	begin_step(test, "chrony");
	edit(test, "cn1 cn2 cn3", &how);
	end_step(test);
	assert_results(test, "0 0 0");
	assert_asked_about(&how, "cn1=one|cn2=|cn3=-|");
	assert_there(test, "cn1", X, "one+cn1");
	assert_there(test, "cn2", X, "+cn2");
	assert_there(test, "cn3", X, "+cn3");
	assert_there(test, "cn3", ROOT "/done", "done\n");
	assert_mode(test, "cn1", X, 0640);
	assert_kept(test, X " cn1 done|" X " cn2 done|" X " cn3 done");
}

static void it_takes_one_session_a_host(void **state)
{
	Test *test = *state;
	How how = { .gone = NULL };

	lay(test, "cn1", X, "one");
	tell(test, "cn1", (RemoteTold){ .contacts = 1, .answer = by_shell });
	tell(test, "cn1", (RemoteTold){ .error = REMOTE_DENIED });
	begin_step(test, "chrony");
	edit(test, "cn1", &how);
	assert_results(test, "0");
	g_string_free(how.seen, TRUE);
}

static void what_is_left_is_no_change(void **state)
{
	Test *test = *state;
	How how = { .leave = TRUE };

	lay(test, "cn1", X, "one");
	begin_step(test, "chrony");
	edit(test, "cn1 cn2", &how);
	end_step(test);
	assert_results(test, "0 0");
	assert_asked_about(&how, "cn1=one|cn2=-|");
	assert_there(test, "cn1", X, "one");
	assert_kept(test, "");
	assert_int_equal(test->changed[0] + test->changed[1], 0);
}

static void a_file_is_taken_away(void **state)
{
	Test *test = *state;
	How how = { .gone = "cn1" };

	lay(test, "cn1", X, "one");
	begin_step(test, "chrony");
	edit(test, "cn1", &how);
	end_step(test);
	assert_there(test, "cn1", X, "(nothing)");
	undo(test, NULL);
	assert_there(test, "cn1", X, "one");
	g_string_free(how.seen, TRUE);
}

static void a_slip_fails_its_host_alone(void **state)
{
	Test *test = *state;
	How how = { .broken = "cn1" };

	lay(test, "cn1", X, "one");
	lay(test, "cn2", X, "two");
	tell(test, "cn3", (RemoteTold){ .error = REMOTE_REFUSED });
	begin_step(test, "chrony");
	edit(test, "cn1 cn2 cn3", &how);
	end_step(test);
	assert_results(test, "failed 0 refused");
	assert_asked_about(&how, "cn1=one|cn2=two|");
	assert_string_equal(result(test, 0)->message, "a slip");
	assert_there(test, "cn1", X, "one");
	assert_there(test, "cn2", X, "two+cn2");
}

static void a_link_and_a_large_file_are_refused(void **state)
{
	Test *test = *state;
	g_autofree char *large = g_strnfill(RUN_EDIT_MOST + 1, 'x');
	g_autofree char *path = host_path(test, "cn1", X);
	How how = { .gone = NULL };

	assert_int_equal(symlink("elsewhere", path), 0);
	lay(test, "cn2", X, large);
	begin_step(test, "chrony");
	edit(test, "cn1 cn2", &how);
	assert_results(test, "not written not written");
	assert_asked_about(&how, "");
	assert_non_null(strstr(result(test, 0)->message, "is a link"));
	assert_non_null(strstr(result(test, 1)->message, "is larger"));
	assert_there(test, "cn1", X, "-> elsewhere");
}

static void who_changes_it_meanwhile_is_not_overwritten(void **state)
{
	Test *test = *state;
	How how = { .gone = NULL };

	lay(test, "cn1", X, "one");
	test->meanwhile = "echo theirs >" ROOT "/x.conf";
	begin_step(test, "chrony");
	edit(test, "cn1", &how);
	assert_results(test, "conflict");
	assert_there(test, "cn1", X, "theirs\n");
	g_string_free(how.seen, TRUE);
}

static void a_plan_changes_nothing_and_shows_it(void **state)
{
	Test *test = *state;
	g_autofree char *report = NULL;
	How how = { .gone = NULL };

	lay(test, "cn1", X, "one\n");
	begin_plan(test);
	begin_step(test, "chrony");
	edit(test, "cn1", &how);
	assert_asked_about(&how, "cn1=one\n|");
	/* Then the second of two sees what the first has planned. */
	edit(test, "cn1", &how);
	assert_asked_about(&how, "cn1=one\n+cn1|");
	report = change_report(run_changes(test->run), FALSE);
	assert_non_null(strstr(report, "+cn1"));
	assert_there(test, "cn1", X, "one\n");
}

static void what_was_made_is_finished_by_a_resume_that_asks_nobody(void **state)
{
	Test *test = *state;
	How how = { .gone = NULL }, again = { .gone = "cn1" };

	lay(test, "cn1", X, "one");
	lay(test, "cn2", X, "two");
	test->kill_at = 2;
	test->kill_before = TRUE;
	begin_step(test, "chrony");
	edit(test, "cn1 cn2", &how);
	killed(test);
	g_string_free(how.seen, TRUE);
	test->kill_before = FALSE;
	resume(test);
	begin_step(test, "chrony");
	edit(test, "cn1 cn2", &again);
	end_step(test);
	assert_results(test, "0 0");
	assert_asked_about(&again, "");
	assert_there(test, "cn1", X, "one+cn1");
	assert_there(test, "cn2", X, "two+cn2");
	assert_kept(test, X " cn1 done|" X " cn2 done");
	undo(test, NULL);
	assert_there(test, "cn1", X, "one");
	assert_there(test, "cn2", X, "two");
}

static void a_secret_is_not_kept_so_nobody_knows(void **state)
{
	Test *test = *state;
	g_autofree char *file = journal_file(test);
	g_autofree char *kept = NULL;
	How how = { .secret = TRUE }, again = { .secret = TRUE };

	lay(test, "cn1", X, "one");
	test->kill_at = 1;
	begin_step(test, "chrony");
	edit(test, "cn1", &how);
	killed(test);
	g_string_free(how.seen, TRUE);
	kept = database_value(file, "SELECT count(*) FROM files WHERE content IS NOT NULL");
	assert_string_equal(kept, "0");
	resume(test);
	begin_step(test, "chrony");
	edit(test, "cn1", &again);
	assert_results(test, "unknown");
	assert_asked_about(&again, "");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(each_has_what_was_made_of_its_own),
		TEST(it_takes_one_session_a_host),
		TEST(what_is_left_is_no_change),
		TEST(a_file_is_taken_away),
		TEST(a_slip_fails_its_host_alone),
		TEST(a_link_and_a_large_file_are_refused),
		TEST(who_changes_it_meanwhile_is_not_overwritten),
		TEST(a_plan_changes_nothing_and_shows_it),
		TEST(what_was_made_is_finished_by_a_resume_that_asks_nobody),
		TEST(a_secret_is_not_kept_so_nobody_knows),
	};

	return cmocka_run_group_tests_name("edits", tests, NULL, NULL);
}
