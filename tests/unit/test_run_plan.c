/* What only looks: a plan of commands and files on hosts, and questions to them. */
#include "tests/unit/host_run.h"

#define X ROOT "/x.conf"
#define Y ROOT "/y.conf"

/* ---- Plans ---- */

static void a_plan_begins_nothing_and_asks_no_host(void **state)
{
	Test *test = *state;
	g_autofree char *report = NULL;

	begin_plan(test);
	test->how.undo = "thaw";
	begin_step(test, "freeze");
	command(test, "cn1 cn2", "freeze");
	assert_results(test, "0 0");
	assert_false(result(test, 0)->begun);
	run_looked(test->run);
	test->how.undo = NULL;
	command(test, "cn2", "more");
	end_step(test);
	assert_int_equal(test->asked->len, 0);
	assert_changes(test, "freeze cn1 planned|freeze cn2 planned|more cn2 planned");
	assert_false(run_has_begun(test->run));
	assert_kept(test, "");
	report = change_report(run_changes(test->run), FALSE);
	assert_string_equal(report,
			    "freeze\n"
			    "  freeze  can be taken back                         cn[1-2]\n"
			    "  more    cannot be taken back, depends on a result  cn2\n");
}

static void a_plan_shows_what_it_would_put_and_puts_nothing(void **state)
{
	Test *test = *state;
	g_autofree char *report = NULL;

	lay(test, "cn1", X, "one\ntwo\n");
	lay(test, "cn2", X, "one\n2\n");
	begin_plan(test);
	begin_step(test, "chrony");
	put(test, "cn1 cn2", FILES(file(X, "one\n2\n"), file(Y, "new\n")));
	end_step(test);
	assert_results(test, "0 0");
	assert_int_equal(test->changed[0], 2);
	assert_int_equal(test->changed[1], 1);
	assert_there(test, "cn1", X, "one\ntwo\n");
	assert_there(test, "cn1", Y, "(nothing)");
	assert_changes(test, X " cn1 planned|" Y " cn1 planned|" Y " cn2 planned");
	assert_string_equal(test->told->str, "");
	assert_kept(test, "");
	report = change_report(run_changes(test->run), FALSE);
	assert_string_equal(report, "chrony\n"
				    "  " X "  8 -> 6 bytes                 cn1\n"
				    "    -two\n"
				    "    +2\n"
				    "  " Y "  absent -> a file of 4 bytes  cn[1-2]\n"
				    "    +new\n");
}

static void a_plan_shows_five_lines_of_a_file_and_all_of_them_when_asked(void **state)
{
	Test *test = *state;
	g_autofree char *folded = NULL, *whole = NULL;

	begin_plan(test);
	begin_step(test, "chrony");
	put(test, "cn1", FILES(file(X, "1\n2\n3\n4\n5\n6\n7\n")));
	end_step(test);
	folded = change_report(run_changes(test->run), FALSE);
	whole = change_report(run_changes(test->run), TRUE);
	assert_non_null(strstr(folded, "    +5\n    + (2 more)\n"));
	assert_non_null(strstr(whole, "    +5\n    +6\n    +7\n"));
}

static void a_plan_sees_the_files_that_it_has_planned(void **state)
{
	Test *test = *state;
	const Change *second;

	lay(test, "cn1", X, "old");
	begin_plan(test);
	begin_step(test, "chrony");
	put(test, "cn1", FILES(file(X, "new")));
	put(test, "cn1", FILES(file(X, "new")));
	assert_int_equal(test->changed[0], 0);
	put(test, "cn1", FILES(file(X, "newer")));
	assert_int_equal(test->changed[0], 1);
	second = run_changes(test->run)->pdata[1];
	assert_memory_equal(g_bytes_get_data(change_file(second)->old, NULL), "new", 3);
	assert_true(g_str_has_prefix(second->before.text, "file 640 "));
}

static void a_plan_does_not_show_a_secret_file(void **state)
{
	Test *test = *state;
	RemoteFile wanted = file(X, "new");
	const Change *change;

	lay(test, "cn1", X, "old");
	wanted.secret = TRUE;
	begin_plan(test);
	begin_step(test, "chrony");
	put(test, "cn1", FILES(wanted));
	change = run_changes(test->run)->pdata[0];
	assert_null(change_file(change)->old);
	assert_null(change_file(change)->new);
}

static void a_plan_tells_what_cannot_be_put(void **state)
{
	Test *test = *state;
	g_autofree char *folder = host_path(test, "cn1", X);

	assert_int_equal(g_mkdir(folder, 0700), 0);
	tell(test, "cn2", (RemoteTold){ .error = REMOTE_REFUSED });
	tell(test, "cn3", (RemoteTold){ .script = { .status = 127 } });
	begin_plan(test);
	begin_step(test, "chrony");
	put(test, "cn1 cn2 cn3", FILES(file(X, "new")));
	assert_results(test, "not written refused not written");
	assert_changes(test, "");
}

/* ---- Questions ---- */

static void a_question_is_no_change_and_is_kept(void **state)
{
	Test *test = *state;
	g_autofree char *file = journal_file(test);
	g_autofree char *kept = NULL;
	g_autoptr(JournalContent) content = NULL;

	tell(test, "cn2", (RemoteTold){ .error = REMOTE_REFUSED });
	begin_step(test, "check");
	run_in_hook(test->run, "site.lua");
	query(test, "cn1 cn2", "uname; exit 4");
	assert_results(test, "4 refused");
	run_in_hook(test->run, NULL);
	query(test, "cn3", "true");
	assert_string_equal(test->told->str, ""); /* of commands alone */
	assert_int_equal(test->progress, 1);
	end_step(test);
	content = read_run(test, test->number);
	assert_int_equal(content->queries, 3);
	assert_int_equal(content->changes->len, 0);
	kept = database_value(file, "SELECT group_concat(step || ' ' || ifnull(hook, '-') ||"
				    " ' ' || host || ' ' || ifnull(error, '-') || ' ' ||"
				    " status, '|') FROM queries WHERE command LIKE 'uname%'");
	assert_string_equal(kept, "check site.lua cn1 - 4|check site.lua cn2 refused -1");
}

static void who_waits_for_a_call_is_told_each_second_for_what(void **state)
{
	Test *test = *state;

	tell(test, "cn1", (RemoteTold){ .script = { .late = 1100 } });
	tell(test, "cn2", (RemoteTold){ .script = { .late = 10 } });
	begin_step(test, "check");
	run_in_hook(test->run, "site");
	test->how.limits.time = 7500;
	query(test, "cn1 cn2", "true");
	assert_string_equal(test->waited->str, "- check site cn1 1/8|over|");
	g_string_truncate(test->waited, 0);
	test->how.asks = "is it alive? 5 s at most";
	test->how.limits.total_time = 3000;
	query(test, "cn1", "true");
	query(test, "cn2", "true");
	assert_string_equal(test->waited->str,
			    "is it alive? 5 s at most check site cn1 1/3|over|over|");
}

static void a_question_is_asked_where_no_change_may_be_made(void **state)
{
	Test *test = *state;

	run_forbid(test->run, "it only looks");
	query(test, "cn1", "echo yes");
	assert_string_equal(result(test, 0)->out->str, "yes\n");
}

static void a_question_is_asked_under_a_plan(void **state)
{
	Test *test = *state;

	begin_plan(test);
	begin_step(test, "check");
	query(test, "cn1", "echo yes");
	end_step(test);
	assert_string_equal(result(test, 0)->out->str, "yes\n");
	assert_changes(test, "");
}

static void a_question_that_cannot_be_kept_is_an_error(void **state)
{
	Test *test = *state;
	g_autofree char *file = journal_file(test);

	database_execute(file, "DROP TABLE queries");
	assert_null(try_query(test, "cn1", "true"));
	assert_refused(test->problem, "queries");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_plan_begins_nothing_and_asks_no_host),
		TEST(a_plan_shows_what_it_would_put_and_puts_nothing),
		TEST(a_plan_shows_five_lines_of_a_file_and_all_of_them_when_asked),
		TEST(a_plan_sees_the_files_that_it_has_planned),
		TEST(a_plan_does_not_show_a_secret_file),
		TEST(a_plan_tells_what_cannot_be_put),
		TEST(a_question_is_no_change_and_is_kept),
		TEST(a_question_is_asked_where_no_change_may_be_made),
		TEST(who_waits_for_a_call_is_told_each_second_for_what),
		TEST(a_question_is_asked_under_a_plan),
		TEST(a_question_that_cannot_be_kept_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
