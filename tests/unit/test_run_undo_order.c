/*
 * An undo is one walk backwards by the time at which changes ended: rows, files and commands
 * in between each other; what waits for the end; and what is asked first.
 */
#include "core/base.h"
#include "tests/unit/host_run.h"

#define X ROOT "/x.conf"

static void set_in(Test *test, const char *step, const char *node, const char *value)
{
	begin_step(test, step);
	set_cell(test, node, "xcatmaster", value);
	end_step(test);
}

/* A command whose undo says what there was when it ran. */
static void log_in(Test *test, const char *step, const char *names, const char *word)
{
	g_autofree char *text = g_strconcat("echo ", word, " >>log", NULL);
	g_autofree char *undo = g_strconcat("echo un", word, " >>log", NULL);

	test->how.undo = undo;
	step_with(test, step, names, text);
}

static void assert_log(const Test *test, const char *host, const char *wanted)
{
	g_autofree char *log = found_at(test, host, ROOT "/log");

	g_strdelimit(log, "\n", ' ');
	assert_string_equal(g_strstrip(log), wanted);
}

/* What the undo's run has done, in its order: "TARGET|..." */
static void assert_order(Test *test, const char *wanted)
{
	const GPtrArray *changes = run_changes(test->run);
	g_autoptr(GString) all = g_string_new(NULL);

	for (guint i = 0; i < changes->len; i++) {
		const Change *change = changes->pdata[i];

		g_string_append_printf(all, "%s%s%s%s", i ? "|" : "", change->target,
				       change->column ? "=" : "",
				       change->column ? change->after.text : "");
	}
	assert_string_equal(all->str, wanted);
}

static void the_last_end_goes_back_first_whatever_kind_it_is(void **state)
{
	Test *test = *state;

	log_in(test, "release", "cn1", "released");
	set_in(test, "xcatmaster", "cn1", "sn2-c");
	log_in(test, "nodes", "cn1", "told");
	set_in(test, "later", "cn1", "sn3-c");
	begin_step(test, "files");
	put(test, "cn1", FILES(file(X, "new")));
	end_step(test);
	undo(test, NULL);
	assert_order(test, X "|noderes=sn2-c|echo untold >>log|noderes=sn1-c|"
			     "echo unreleased >>log");
	assert_log(test, "cn1", "released told untold unreleased");
	assert_cell(test, "cn1", "xcatmaster", "sn1-c");
	assert_owed(test, "");
	assert_int_equal(test->undone, 1);
}

static void rows_of_one_commit_go_back_in_one(void **state)
{
	Test *test = *state;
	g_autofree char *journal = journal_file(test);
	g_autofree char *batches = NULL;

	begin_step(test, "servicenode");
	set_cell(test, "cn1", "servicenode", "sn2,sn1");
	set_cell(test, "cn2", "servicenode", "sn2,sn1");
	assert_ok(run_end_step(test->run, TRUE, &test->problem), test->problem);
	begin_step(test, "xcatmaster");
	set_cell(test, "cn1", "xcatmaster", "sn2-c");
	end_step(test);
	set_in(test, "later", "cn2", "sn2-c");
	undo(test, NULL);
	assert_order(test, "noderes=sn1-c|noderes=sn1-c|noderes=sn1,sn2|noderes=sn1,sn2");
	batches = database_value(journal,
				 "SELECT group_concat(last - first + 1) FROM"
				 " (SELECT * FROM batches WHERE run = 2 ORDER BY first)");
	assert_string_equal(batches, "1,3");
}

static void a_cell_that_was_set_in_two_commits_goes_back_through_both(void **state)
{
	Test *test = *state;

	set_in(test, "first", "cn1", "sn2-c");
	set_in(test, "second", "cn1", "sn3-c");
	undo(test, NULL);
	assert_order(test, "noderes=sn2-c|noderes=sn1-c");
	assert_cell(test, "cn1", "xcatmaster", "sn1-c");
	/* And its undo goes forwards again. */
	test->target = 0;
	undo(test, NULL);
	assert_order(test, "noderes=sn2-c|noderes=sn3-c");
	assert_cell(test, "cn1", "xcatmaster", "sn3-c");
}

/* It was begun first, and ended in the resume, after what came later. */
static void what_a_resume_has_finished_goes_back_by_its_end(void **state)
{
	Test *test = *state;

	lay(test, "cn1", X, "old");
	test->kill_at = 1;
	begin_step(test, "nodes");
	put(test, "cn1", FILES(file(X, "new")));
	killed(test);
	resume(test);
	begin_step(test, "nodes");
	test->how.undo = "echo untold >>log";
	command(test, "cn1", "echo told >>log");
	put(test, "cn1", FILES(file(X, "new")));
	end_step(test);
	undo(test, NULL);
	assert_order(test, X "|echo untold >>log");
	assert_there(test, "cn1", X, "old");
}

static void a_node_whose_way_back_fails_keeps_what_came_before(void **state)
{
	Test *test = *state;

	set_in(test, "xcatmaster", "cn1", "sn2-c");
	set_in(test, "more", "cn2", "sn2-c");
	test->how.undo = "[ ! -e fails ]";
	step_with(test, "nodes", "cn1 cn2", "true");
	lay(test, "cn1", ROOT "/fails", "");
	undo(test, NULL);
	assert_cell(test, "cn1", "xcatmaster", "sn2-c");
	assert_cell(test, "cn2", "xcatmaster", "sn1-c");
	assert_int_equal(test->undone, 1);
	assert_owed(test, "cn1 cn1: left as it is: '[ ! -e fails ]' failed with status 1: ");
}

/* ---- undo_last ---- */

static void a_command_with_undo_last_goes_back_after_all_else(void **state)
{
	Test *test = *state;

	set_in(test, "xcatmaster", "cn1", "sn2-c");
	log_in(test, "release", "cn1 cn2", "first");
	test->how.undo_last = TRUE;
	log_in(test, "client", "cn1 cn2", "asked");
	test->how.undo_last = FALSE;
	log_in(test, "nodes", "cn1 cn2", "second");
	undo(test, NULL);
	assert_log(test, "cn1", "first asked second unsecond unfirst unasked");
	assert_log(test, "cn2", "first asked second unsecond unfirst unasked");
	assert_int_equal(test->undone, 2);
}

static void it_is_not_run_before_all_else_of_its_node_has_gone_back(void **state)
{
	Test *test = *state;

	test->how.undo_last = TRUE;
	log_in(test, "client", "cn1 cn2", "asked");
	test->how.undo_last = FALSE;
	lay(test, "sn2", X, "old");
	begin_step(test, "dhcp");
	put(test, "sn2=cn1", FILES(file(X, "new")));
	end_step(test);
	tell(test, "sn2", (RemoteTold){ .error = REMOTE_REFUSED });
	undo(test, NULL);
	assert_log(test, "cn1", "asked");
	assert_log(test, "cn2", "asked unasked");
	assert_owed(test,
		    "sn2 cn1: '" X "' is to be put back: refused|"
		    "cn1 cn1: 'echo asked >>log' of step client is to be taken back last, "
		    "and not all else has gone back");
	assert_target(test,
		      "echo asked >>log cn1 done|echo asked >>log cn2 undone|" X " sn2 done");
}

static void it_is_tried_again_by_another_undo(void **state)
{
	Test *test = *state;

	it_is_not_run_before_all_else_of_its_node_has_gone_back(state);
	tell(test, "sn2", (RemoteTold){ .answer = by_shell });
	undo(test, NULL);
	assert_log(test, "cn1", "asked unasked");
	assert_there(test, "sn2", X, "old");
	assert_owed(test, "");
}

/* ---- undo_if ---- */

static void ask_first(Test *test, const char *host, const char *question, const char *input)
{
	test->how.undo_if.host = host;
	test->how.undo_if.command = question;
	test->how.undo_if.input = input;
}

static void an_undo_asks_first_whether_it_may(void **state)
{
	Test *test = *state;

	ask_first(test, "sn1", "read word; [ -e \"$word\" ]", "answers\n");
	log_in(test, "client", "cn1 cn2", "asked");
	undo(test, NULL);
	assert_log(test, "cn1", "asked");
	assert_int_equal(asked(test, "sn1", "answers"), 0); /* in base64 */
	assert_int_equal(asked(test, "sn1", "read word"), 1);
	assert_owed(test, "cn2 cn2: 'echo unasked >>log' is to be run, to take client back: "
			  "'read word; [ -e \"$word\" ]' on sn1 said no, with status 1|"
			  "cn1 cn1: 'echo unasked >>log' is to be run, to take client back: "
			  "'read word; [ -e \"$word\" ]' on sn1 said no, with status 1");
	lay(test, "sn1", ROOT "/answers", "");
	undo(test, NULL);
	assert_log(test, "cn1", "asked unasked");
	assert_log(test, "cn2", "asked unasked");
	assert_owed(test, "");
}

static void a_question_that_nobody_answers_is_no(void **state)
{
	Test *test = *state;

	ask_first(test, "sn1", "true", NULL);
	log_in(test, "client", "cn1", "asked");
	tell(test, "sn1", (RemoteTold){ .error = REMOTE_TIMEOUT });
	undo(test, NULL);
	assert_log(test, "cn1", "asked");
	assert_owed(test,
		    "cn1 cn1: 'echo unasked >>log' is to be run, to take client back: 'true' "
		    "on sn1: timeout");
}

/* `kept`: the nodes that are not undone when the question says this. */
static void assert_not_undone(Test *test, const char *says, const char *kept)
{
	g_autoptr(GString) found = g_string_new(NULL);

	ask_first(test, "sn1", says, NULL);
	log_in(test, "client", "cn1 cn2 cn3", "asked");
	undo(test, NULL);
	for (guint i = 1; i <= 3; i++) {
		g_autofree char *name = g_strdup_printf("cn%u", i);
		g_autofree char *log = found_at(test, name, ROOT "/log");

		if (!strstr(log, "unasked"))
			g_string_append_printf(found, "%s%s", found->len ? " " : "", name);
	}
	assert_string_equal(found->str, kept);
}

static void a_question_may_name_who_is_not_undone(void **state)
{
	assert_not_undone(*state, "echo 'no cn2 why'", "cn2");
}

static void one_that_says_yes_of_some_has_to_say_it_of_all(void **state)
{
	assert_not_undone(*state, "echo 'yes cn1'; echo 'no cn2 why'", "cn2 cn3");
}

static void an_answer_that_was_cut_is_no(void **state)
{
	assert_not_undone(*state,
			  "head -c 1100000 /dev/zero | tr '\\0' x; echo; echo 'no cn1 why'",
			  "cn1 cn2 cn3");
}

static void without_a_host_each_node_itself_is_asked(void **state)
{
	Test *test = *state;

	ask_first(test, NULL, "[ -e ready ]", NULL);
	log_in(test, "client", "cn1 cn2 cn3", "asked");
	lay(test, "cn1", ROOT "/ready", "");
	lay(test, "cn3", ROOT "/ready", "");
	undo(test, NULL);
	assert_int_equal(asked(test, NULL, "[ -e ready ]"), 3);
	assert_log(test, "cn1", "asked unasked");
	assert_log(test, "cn2", "asked");
	assert_log(test, "cn3", "asked unasked");
	assert_target(test, "echo asked >>log cn1 undone|echo asked >>log cn2 done|"
			    "echo asked >>log cn3 undone");
}

static void no_secret_is_in_such_a_question(void **state)
{
	Test *test = *state;

	secret_add("passwd.order", "Un53en!word");
	begin_step(test, "nodes");
	ask_first(test, NULL, "true", "Un53en!word");
	assert_command_refused(test, "true",
			       "the secret passwd.order is in the input of a question");
	ask_first(test, NULL, "echo Un53en!word", NULL);
	assert_command_refused(test, "true", "the secret passwd.order is in a question");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(the_last_end_goes_back_first_whatever_kind_it_is),
		TEST(rows_of_one_commit_go_back_in_one),
		TEST(a_cell_that_was_set_in_two_commits_goes_back_through_both),
		TEST(what_a_resume_has_finished_goes_back_by_its_end),
		TEST(a_node_whose_way_back_fails_keeps_what_came_before),
		TEST(a_command_with_undo_last_goes_back_after_all_else),
		TEST(it_is_not_run_before_all_else_of_its_node_has_gone_back),
		TEST(it_is_tried_again_by_another_undo),
		TEST(an_undo_asks_first_whether_it_may),
		TEST(a_question_that_nobody_answers_is_no),
		TEST(a_question_may_name_who_is_not_undone),
		TEST(one_that_says_yes_of_some_has_to_say_it_of_all),
		TEST(an_answer_that_was_cut_is_no),
		TEST(without_a_host_each_node_itself_is_asked),
		TEST(no_secret_is_in_such_a_question),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
