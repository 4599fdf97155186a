/*
 * Entries of services, through each of their carriers: a file for all, files and links for
 * each, a program.  What a kill, a resume and an undo make of them.
 */
#include "tests/unit/service_world.h"

/* Of each service: where the text of an entry stands, and what others have there. */
typedef struct {
	const char *name;
	void (*lay)(const Test *test, const char *host);
	const char *(*show)(const Test *test, const char *host);
} Carrier;

static void lay_lines(const Test *test, const char *host)
{
	lay(test, host, LINES_FILE, "# ours\ncn2: two\ncn9: of another\n");
}

static const char *show_lines(const Test *test, const char *host)
{
	g_autofree char *text = found_at(test, host, LINES_FILE);

	g_strdelimit(text, "\n", ',');
	return g_intern_string(text);
}

static void lay_tree(const Test *test, const char *host)
{
	g_autofree char *link = host_path(test, host, ROOT "/link-cn2");

	lay(test, host, ROOT "/boot-cn2", "two");
	lay(test, host, ROOT "/boot-cn9", "of another");
	assert_int_equal(symlink("two", link), 0);
}

static const char *show_tree(const Test *test, const char *host)
{
	static const char *const nodes[] = { "cn1", "cn2", "cn9" };
	g_autoptr(GString) all = g_string_new(NULL);

	for (guint i = 0; i < 3; i++) {
		g_autofree char *file_path = g_strconcat(ROOT "/boot-", nodes[i], NULL);
		g_autofree char *link_path = g_strconcat(ROOT "/link-", nodes[i], NULL);
		g_autofree char *content = found_at(test, host, file_path);
		g_autofree char *target = found_at(test, host, link_path);

		g_string_append_printf(all, "%s %s,", content, target);
	}
	return g_intern_string(all->str);
}

static void lay_program(const Test *test, const char *host)
{
	g_autofree char *folder = host_path(test, host, PROGRAM_FOLDER);

	assert_int_equal(g_mkdir_with_parents(folder, 0700), 0);
	lay(test, host, PROGRAM_FOLDER "/cn2", "two");
	lay(test, host, PROGRAM_FOLDER "/cn9", "of another");
}

static const char *show_program(const Test *test, const char *host)
{
	g_autofree char *one = found_at(test, host, PROGRAM_FOLDER "/cn1");
	g_autofree char *two = found_at(test, host, PROGRAM_FOLDER "/cn2");
	g_autofree char *other = found_at(test, host, PROGRAM_FOLDER "/cn9");
	g_autofree char *all = g_strdup_printf("%s,%s,%s", one, two, other);

	return g_intern_string(all);
}

static void lay_found(const Test *test, const char *host)
{
	lay_lines(test, host);
	lay(test, host, WHERE_FILE, LINES_FILE "\n");
}

static const Carrier carriers[] = {
	{ "lines", lay_lines, show_lines },	  { "tree", lay_tree, show_tree },
	{ "program", lay_program, show_program }, { "keys", lay_lines, show_lines },
	{ "vault", lay_program, show_program },	  { "found", lay_found, show_lines },
};

/* The same test for each of them, in a world of its own. */
static void for_each_carrier(void (*test_one)(Test *test, const Carrier *carrier))
{
	for (gsize i = 0; i < G_N_ELEMENTS(carriers); i++) {
		void *state = NULL;

		setup(&state);
		carriers[i].lay(state, "sn2");
		carriers[i].lay(state, "sn3");
		test_one(state, &carriers[i]);
		teardown(&state);
	}
}

static void assert_shown(const Test *test, const Carrier *carrier, const char *host,
			 const char *wanted)
{
	const char *shown = carrier->show(test, host);

	if (!g_str_equal(shown, wanted))
		fail_msg("%s on %s: \"%s\", not \"%s\"", carrier->name, host, shown, wanted);
}

/* How often a host is asked before its entries are looked at. */
static guint questions(const Carrier *carrier)
{
	return carrier->lay == lay_found;
}

/* "SERVICE sn2 STATE" for each change. */
static void assert_states(Test *test, gint64 run, const Carrier *carrier, const char *wanted)
{
	g_autoptr(JournalContent) content = read_run(test, run);
	g_autoptr(GString) all = g_string_new(NULL);

	for (guint i = 0; i < content->changes->len; i++) {
		const Change *change = content->changes->pdata[i];

		assert_string_equal(change->target, carrier->name);
		g_string_append_printf(all, "%s%s on %s %s", i ? "|" : "", change->node,
				       change->host, change_state_name(change->state));
	}
	assert_string_equal(all->str, wanted);
}

/* ---- Given ---- */

static void are_given(Test *test, const Carrier *carrier)
{
	const char *before = carrier->show(test, "sn2");

	give_in_step(test, carrier->name, "sn2 sn3", "cn1=one|1 cn2=new|2");
	assert_results(test, "0 0");
	assert_int_equal(test->changed[0], 2);
	assert_string_not_equal(carrier->show(test, "sn2"), before);
	assert_string_equal(carrier->show(test, "sn2"), carrier->show(test, "sn3"));
	assert_non_null(strstr(carrier->show(test, "sn2"), "of another"));
	assert_states(test, test->number, carrier,
		      "cn1 on sn2 done|cn2 on sn2 done|cn1 on sn3 done|cn2 on sn3 done");
	/* What is so already is no change. */
	give_in_step(test, carrier->name, "sn2", "cn1=one|1");
	assert_int_equal(test->changed[0], 0);
	assert_int_equal(count_kept(test, CHANGE_DONE), 4);
}

static void entries_are_given_and_what_is_of_others_stays(void **state)
{
	(void)state;
	for_each_carrier(are_given);
}

static void are_taken_away(Test *test, const Carrier *carrier)
{
	give_in_step(test, carrier->name, "sn2", "cn2=");
	assert_null(strstr(carrier->show(test, "sn2"), "two"));
	assert_non_null(strstr(carrier->show(test, "sn2"), "of another"));
	assert_states(test, test->number, carrier, "cn2 on sn2 done");
}

static void an_entry_is_taken_away(void **state)
{
	(void)state;
	for_each_carrier(are_taken_away);
}

static void are_looked_at(Test *test, const Carrier *carrier)
{
	begin_step(test, "verify");
	assert_string_equal(looked_at(test, carrier->name, "sn2 sn3", "cn1= cn2="),
			    strcmp(carrier->name, "tree") == 0
				    ? "sn2: cn1= cn2=two|two, sn3: cn1= cn2=two|two"
				    : "sn2: cn1= cn2=two, sn3: cn1= cn2=two");
	end_step(test);
	assert_kept(test, "");
}

static void the_checker_of_a_service_leaves_it_on_its_old_file(void **state)
{
	Test *test = *state;

	lay_lines(test, "sn2");
	give_in_step(test, "lines", "sn2", "cn1=bad cn2=good");
	assert_results(test, "check failed");
	assert_there(test, "sn2", LINES_FILE, "# ours\ncn2: two\ncn9: of another\n");
	assert_there(test, "sn2", ROOT "/activated", "(nothing)");
	assert_kept(test, "lines sn2 failed|lines sn2 failed");
	assert_int_equal(test->changed[0], 0);
	give_in_step(test, "lines", "sn2", "cn1=good");
	assert_there(test, "sn2", ROOT "/activated", "reload\n");
}

static void a_file_that_cannot_be_read_changes_nothing(void **state)
{
	Test *test = *state;

	lay(test, "sn2", LINES_FILE, "broken\n");
	give_in_step(test, "lines", "sn2", "cn1=one");
	assert_results(test, "not written");
	assert_message(test, 0, "line 1 of " LINES_FILE " cannot be read");
	assert_kept(test, "");
}

static void one_that_cannot_be_written_is_its_host_s_problem(void **state)
{
	Test *test = *state;

	begin_step(test, "dhcp");
	give(test, "lines", "sn2 sn3", "cn1=one / cn1=unwritable");
	end_step(test);
	assert_results(test, "0 not written");
	assert_message(test, 1, "the entry of cn1 cannot be written");
	assert_int_equal(test->changed[1], 0);
	assert_there(test, "sn2", LINES_FILE, "cn1: one\n");
	assert_there(test, "sn3", LINES_FILE, "(nothing)");
	assert_kept(test, "lines sn2 done");
}

static void a_program_that_refuses_is_told(void **state)
{
	Test *test = *state;

	lay(test, "sn2", ROOT "/refuse", "");
	give_in_step(test, "program", "sn2", "cn1=one");
	assert_results(test, "not written");
	assert_message(test, 0, "the program has refused");
	assert_kept(test, "program sn2 failed");
}

static void a_program_that_refuses_some_leaves_what_an_undo_looks_at(void **state)
{
	Test *test = *state;
	g_autofree char *refuse = NULL;

	lay_program(test, "sn2");
	lay(test, "sn2", ROOT "/refuse", "some");
	give_in_step(test, "program", "sn2", "cn1=one");
	assert_results(test, "unknown");
	assert_message(test, 0, "the program has refused");
	assert_kept(test, "program sn2 unknown");
	refuse = host_path(test, "sn2", ROOT "/refuse");
	assert_int_equal(unlink(refuse), 0);
	begin_undo(test);
	assert_ok(walk_back(test, NULL), test->problem);
	assert_there(test, "sn2", PROGRAM_FOLDER "/cn1", "(nothing)");
}

static void a_service_that_is_not_known_is_refused(void **state)
{
	Test *test = *state;

	begin_step(test, "dhcp");
	assert_null(try_give(test, "dhpc", "sn2", "cn1=one"));
	assert_refused(test->problem, "no service is named 'dhpc'");
}

static void what_files_were_is_not_kept_once_entries_are_given(void **state)
{
	Test *test = *state;
	g_autofree char *kept = host_path(test, "sn2", ROOT "/kept");
	g_autoptr(GDir) folder = NULL;

	lay_lines(test, "sn2");
	give_in_step(test, "lines", "sn2", "cn2=new");
	assert_results(test, "0");
	folder = g_dir_open(kept, 0, NULL);
	assert_non_null(folder);
	assert_null(g_dir_read_name(folder));
}

/* ---- A plan ---- */

static void a_plan_shows_entries_and_sees_what_it_has_planned(void **state)
{
	Test *test = *state;
	g_autofree char *report = NULL;

	lay_lines(test, "sn2");
	begin_plan(test);
	begin_step(test, "dhcp");
	give(test, "lines", "sn2", "cn1=one cn2=new cn3=");
	give(test, "lines", "sn2", "cn1=one cn2=newer");
	end_step(test);
	assert_there(test, "sn2", LINES_FILE, "# ours\ncn2: two\ncn9: of another\n");
	report = change_report(run_changes(test->run), TRUE);
	assert_string_equal(report, "dhcp\n"
				    "  lines on sn2  added     cn1\n"
				    "    +one\n"
				    "  lines on sn2  replaced  cn2\n"
				    "    -two\n"
				    "    +new\n"
				    "  lines on sn2  replaced  cn2\n"
				    "    -new\n"
				    "    +newer\n");
}

static void a_secret_entry_is_not_shown(void **state)
{
	Test *test = *state;
	g_autofree char *report = NULL;

	lay_lines(test, "sn2");
	begin_plan(test);
	begin_step(test, "dhcp");
	give(test, "keys", "sn2", "cn1=one cn2=new");
	end_step(test);
	report = change_report(run_changes(test->run), TRUE);
	assert_string_equal(report, "dhcp\n"
				    "  keys on sn2  added (secret)     cn1\n"
				    "  keys on sn2  replaced (secret)  cn2\n");
}

/* ---- Killed, and resumed ---- */

static void are_finished(Test *test, const Carrier *carrier)
{
	g_autofree char *wanted = NULL;

	give_in_step(test, carrier->name, "sn3", "cn1=one|1 cn2=new|2");
	wanted = g_strdup(carrier->show(test, "sn3"));
	for (guint before = 0; before < 2; before++) {
		make_run(test, FALSE);
		record_run(test, 0);
		keep_run(test);
		if (before)
			carrier->lay(test, "sn4");
		test->begun_scripts = 0;
		test->kill_at = 1 + questions(carrier);
		test->kill_before = before;
		begin_step(test, "dhcp");
		give(test, carrier->name, before ? "sn4" : "sn2", "cn1=one|1 cn2=new|2");
		killed(test);
		assert_int_equal(count_kept(test, CHANGE_STARTED), 2);
		resume(test);
		begin_step(test, "dhcp");
		give(test, carrier->name, before ? "sn4" : "sn2", "cn1=one|1 cn2=new|2");
		end_step(test);
		assert_results(test, "0");
		assert_shown(test, carrier, before ? "sn4" : "sn2", wanted);
		assert_int_equal(count_kept(test, CHANGE_DONE), 2);
	}
}

static void entries_of_a_killed_run_are_finished(void **state)
{
	(void)state;
	for_each_carrier(are_finished);
}

static void are_not_given_twice(Test *test, const Carrier *carrier)
{
	begin_step(test, "dhcp");
	give(test, carrier->name, "sn2", "cn1=one|1 cn2=new|2");
	killed(test);
	resume(test);
	begin_step(test, "dhcp");
	give(test, carrier->name, "sn2", "cn1=one|1 cn2=new|2");
	assert_results(test, "0");
	assert_int_equal(test->asked->len, questions(carrier));
	/* Another text is another procedure. */
	killed(test);
	resume(test);
	begin_step(test, "dhcp");
	assert_null(try_give(test, carrier->name, "sn2", "cn1=two|1 cn2=new|2"));
	assert_refused(test->problem, "had given another entry of");
}

static void entries_that_are_done_are_not_given_again(void **state)
{
	(void)state;
	for_each_carrier(are_not_given_twice);
}

/* cn1 is asked for twice, cn3 once: each is known by its own place among equals. */
static void entries_that_are_given_twice_in_a_step_are_found_again(void **state)
{
	Test *test = *state;

	lay_lines(test, "sn2");
	test->kill_at = 2;
	begin_step(test, "dhcp");
	give(test, "lines", "sn2", "cn1=one cn2=new");
	give(test, "lines", "sn2", "cn1=uno cn3=three");
	killed(test);
	resume(test);
	begin_step(test, "dhcp");
	give(test, "lines", "sn2", "cn1=one cn2=new");
	give(test, "lines", "sn2", "cn1=uno cn3=three");
	end_step(test);
	assert_results(test, "0");
	assert_kept(test, "lines sn2 done|lines sn2 done|lines sn2 done|lines sn2 done");
	assert_there(test, "sn2", LINES_FILE,
		     "# ours\ncn2: new\ncn9: of another\ncn1: uno\ncn3: three\n");
}

static void calls_of_a_step_have_debts_of_their_own_and_the_same_in_a_resume(void **state)
{
	static const char *const given[] = { "cn1=one", "cn2=two", "cn1=uno" };
	Test *test = *state;

	tell(test, "sn2", (RemoteTold){ .error = REMOTE_REFUSED });
	for (guint attempt = 0; attempt < 2; attempt++) {
		begin_step(test, "dhcp");
		for (gsize i = 0; i < G_N_ELEMENTS(given); i++)
			give(test, "lines", "sn2", given[i]);
		killed(test);
		resume(test);
	}
	assert_int_equal(test->keys->len, 6);
	for (guint i = 0; i < 3; i++) {
		assert_string_equal(test->keys->pdata[i], test->keys->pdata[i + 3]);
		assert_string_not_equal(test->keys->pdata[i], test->keys->pdata[(i + 1) % 3]);
	}
}

/* cn2's entry is in the file, and nobody knows whether the service has taken it. */
static void kill_activation(Test *test)
{
	lay_lines(test, "sn2");
	test->kill_at = 1;
	begin_step(test, "dhcp");
	give(test, "lines", "sn2", "cn2=new");
	killed(test);
	assert_there(test, "sn2", LINES_FILE, "# ours\ncn2: new\ncn9: of another\n");
	resume(test);
	begin_step(test, "dhcp");
}

static void what_was_written_before_the_kill_is_activated_again(void **state)
{
	Test *test = *state;

	kill_activation(test);
	give(test, "lines", "sn2", "cn2=new");
	assert_results(test, "0");
	assert_there(test, "sn2", ROOT "/activated", "reload\nreload\n");
	assert_kept(test, "lines sn2 done");
}

static void what_was_written_before_the_kill_and_cannot_be_activated_is_unknown(void **state)
{
	Test *test = *state;

	kill_activation(test);
	lay(test, "sn2", ROOT "/busy", "yes");
	give(test, "lines", "sn2", "cn2=new");
	assert_results(test, "activate failed");
	assert_kept(test, "lines sn2 unknown");
	lay(test, "sn2", ROOT "/busy", "");
	begin_undo(test);
	assert_ok(walk_back(test, NULL), test->problem);
	assert_there(test, "sn2", LINES_FILE, "# ours\ncn2: two\ncn9: of another\n");
}

static void an_unknown_entry_that_somebody_changed_is_told(void **state)
{
	Test *test = *state;

	lay_lines(test, "sn2");
	test->kill_at = 1;
	test->kill_before = TRUE;
	begin_step(test, "dhcp");
	give(test, "lines", "sn2", "cn2=new");
	killed(test);
	lay(test, "sn2", LINES_FILE, "cn2: mine\n");
	resume(test);
	begin_step(test, "dhcp");
	give(test, "lines", "sn2", "cn2=new");
	assert_results(test, "unknown");
	assert_message(test, 0, "neither as it was nor as it should be");
	assert_there(test, "sn2", LINES_FILE, "cn2: mine\n");
	assert_kept(test, "lines sn2 unknown");
}

static void entries_that_are_not_asked_for_again_stop_a_resume(void **state)
{
	Test *test = *state;

	test->kill_at = 1;
	begin_step(test, "dhcp");
	give(test, "lines", "sn2", "cn1=one cn2=new");
	killed(test);
	resume(test);
	begin_step(test, "dhcp");
	give(test, "lines", "sn2", "cn1=one");
	assert_step_refused(test, RUN_ERROR_CHANGED, "had begun the entry 'lines' on sn2");
}

/* ---- An undo ---- */

static void go_back(Test *test, const Carrier *carrier)
{
	const char *before = carrier->show(test, "sn2");

	give_in_step(test, carrier->name, "sn2 sn3", "cn1=one|1 cn2=new|2");
	begin_undo(test);
	take_back(test, NULL);
	assert_owed(test, "");
	assert_int_equal(test->undone, 2);
	assert_shown(test, carrier, "sn2", before);
	assert_shown(test, carrier, "sn3", before);
	assert_states(
		test, test->target, carrier,
		"cn1 on sn2 undone|cn2 on sn2 undone|cn1 on sn3 undone|cn2 on sn3 undone");
	/* And again: the undo is undone. */
	test->target = 0;
	begin_undo(test);
	take_back(test, NULL);
	assert_string_not_equal(carrier->show(test, "sn2"), before);
}

static void an_undo_gives_back_what_was(void **state)
{
	(void)state;
	for_each_carrier(go_back);
}

static void keep_the_later(Test *test, const Carrier *carrier)
{
	give_in_step(test, carrier->name, "sn2", "cn1=one|1");
	test->target = test->number;
	make_run(test, FALSE);
	record_run(test, 0);
	keep_run(test);
	give_in_step(test, carrier->name, "sn2", "cn2=later|2");
	begin_undo(test);
	take_back(test, NULL);
	assert_owed(test, "");
	assert_non_null(strstr(carrier->show(test, "sn2"), "later"));
	assert_null(strstr(carrier->show(test, "sn2"), "one"));
	assert_states(test, test->target, carrier, "cn1 on sn2 undone");
}

static void an_undo_leaves_what_a_later_run_has_given_to_the_same_place(void **state)
{
	(void)state;
	for_each_carrier(keep_the_later);
}

static void leave_changed(Test *test, const Carrier *carrier)
{
	give_in_step(test, carrier->name, "sn2", "cn1=one|1 cn2=new|2");
	test->target = test->number;
	make_run(test, FALSE);
	record_run(test, 0);
	keep_run(test);
	give_in_step(test, carrier->name, "sn2", "cn2=mine|2");
	begin_undo(test);
	take_back(test, NULL);
	assert_int_equal(test->undone, 1);
	assert_int_equal(test->owed->len, 1);
	assert_non_null(strstr(((JournalOwed *)test->owed->pdata[0])->text,
			       "left as it is: somebody changed its entry of"));
	assert_states(test, test->target, carrier, "cn1 on sn2 undone|cn2 on sn2 done");
	assert_non_null(strstr(carrier->show(test, "sn2"), "mine"));
}

static void an_entry_that_somebody_changed_is_left_with_its_node(void **state)
{
	(void)state;
	for_each_carrier(leave_changed);
}

static void finish_undo(Test *test, const Carrier *carrier)
{
	const char *before = carrier->show(test, "sn2");

	give_in_step(test, carrier->name, "sn2", "cn1=one|1 cn2=new|2");
	begin_undo(test);
	test->kill_at = 2; /* after the look at conflicts */
	assert_ok(walk_back(test, NULL), test->problem);
	killed(test);
	undo_again(test);
	assert_owed(test, "");
	assert_shown(test, carrier, "sn2", before);
	assert_states(test, test->target, carrier, "cn1 on sn2 undone|cn2 on sn2 undone");
}

static void an_undo_that_is_killed_goes_on(void **state)
{
	(void)state;
	for_each_carrier(finish_undo);
}

static void a_host_that_is_down_owes_its_entries(void **state)
{
	Test *test = *state;

	give_in_step(test, "lines", "sn2", "cn1=one cn2=new");
	tell(test, "sn2", (RemoteTold){ .error = REMOTE_REFUSED });
	begin_undo(test);
	take_back(test, NULL);
	assert_int_equal(test->undone, 0);
	assert_owed(test, "sn2 cn2: the entry of lines is to be put back: refused|"
			  "sn2 cn1: the entry of lines is to be put back: refused");
	assert_target(test, "lines sn2 done|lines sn2 done");
}

static void what_one_host_alone_may_have_goes_back_when_the_other_has_given_it_up(void **state)
{
	Test *test = *state;

	lay_lines(test, "sn2");
	give_in_step(test, "alone", "sn2", "cn2=");
	give_in_step(test, "alone", "sn3", "cn2=two");
	tell(test, "sn3", (RemoteTold){ .error = REMOTE_REFUSED });
	begin_undo(test);
	take_back(test, NULL);
	assert_int_equal(test->undone, 0);
	assert_owed(test,
		    "sn3 cn2: the entry of alone is to be put back: refused|"
		    "sn2 cn2: the entry of alone is not put back before sn3 has given it up: "
		    "mend that, and then undo again; if sn3 is off for good, give it by hand");
	assert_string_equal(show_lines(test, "sn2"), "# ours,cn9: of another,");
}

static void who_has_given_it_up_and_is_down_holds_nobody_up(void **state)
{
	Test *test = *state;

	lay_lines(test, "sn2");
	lay_lines(test, "sn3");
	give_in_step(test, "alone", "sn2", "cn2=");
	give_in_step(test, "alone", "sn3", "cn2=");
	tell(test, "sn3", (RemoteTold){ .error = REMOTE_REFUSED });
	begin_undo(test);
	take_back(test, NULL);
	assert_owed(test, "sn3 cn2: the entry of alone is to be put back: refused");
	assert_string_equal(show_lines(test, "sn2"), "# ours,cn9: of another,cn2: two,");
}

static void what_was_kept_of_a_secret_is_for_its_owner_alone(void **state)
{
	Test *test = *state;
	g_autoptr(JournalContent) content = NULL;
	const Change *change;
	g_autofree char *journal = NULL;
	g_autofree char *seen = NULL;

	lay_lines(test, "sn2");
	give_in_step(test, "keys", "sn2", "cn2=new-password");
	content = read_run(test, test->number);
	change = content->changes->pdata[0];
	assert_true(g_str_has_prefix(change->before.text, "sha256 "));
	assert_there(test, "sn2", change_entry(change)->kept, "two");
	assert_mode(test, "sn2", change_entry(change)->kept, 0600);
	journal = journal_file(test);
	seen = database_value(journal, "SELECT count(*) FROM changes WHERE after LIKE"
				       " '%password%'");
	assert_string_equal(seen, "0");
}

static void a_secret_whose_copy_is_gone_is_left_and_the_others_go_back(void **state)
{
	Test *test = *state;
	g_autoptr(JournalContent) content = NULL;
	g_autofree char *kept = NULL;

	lay_lines(test, "sn2");
	give_in_step(test, "keys", "sn2", "cn1=one cn2=new");
	content = read_run(test, test->number);
	kept = host_path(test, "sn2", change_entry(content->changes->pdata[1])->kept);
	assert_int_equal(unlink(kept), 0);
	begin_undo(test);
	take_back(test, NULL);
	assert_owed(test,
		    "sn2 cn2: left as it is: its entry of keys cannot be put back: what was "
		    "kept of it is not there any more");
	assert_there(test, "sn2", LINES_FILE, "# ours\ncn2: new\ncn9: of another\n");
}

static void what_entries_are_is_a_question(void **state)
{
	for_each_carrier(are_looked_at);
	(void)state;
}

static void a_plan_sees_in_a_look_what_it_has_planned(void **state)
{
	Test *test = *state;

	lay_lines(test, "sn1");
	begin_plan(test);
	begin_step(test, "dhcp");
	give(test, "lines", "sn1", "cn1=one cn2=");
	assert_string_equal(looked_at(test, "lines", "sn1", "cn1= cn2="), "sn1: cn1=one cn2=");
	end_step(test);
	assert_string_equal(show_lines(test, "sn1"), "# ours,cn2: two,cn9: of another,");
}

static void a_host_that_does_not_say_what_runs_there_gets_nothing(void **state)
{
	Test *test = *state;

	lay_found(test, "sn1");
	lay_lines(test, "sn2");
	give_in_step(test, "found", "sn1 sn2", "cn1=one");
	assert_results(test, "0 not written");
	assert_message(test, 1, "no server runs on sn2");
	assert_string_equal(show_lines(test, "sn2"), "# ours,cn2: two,cn9: of another,");
}

static void hosts_are_asked_once_what_runs_there(void **state)
{
	Test *test = *state;

	lay_found(test, "sn1");
	give_in_step(test, "found", "sn1", "cn1=one");
	assert_int_equal(test->asked->len, 1 + 2);
	give_in_step(test, "found", "sn1", "cn1=other");
	assert_int_equal(test->asked->len, 1 + 2 + 2);
}

static void what_would_be_given_is_only_tried(void **state)
{
	Test *test = *state;
	g_autofree char *path = host_path(test, "sn1", ROOT "/");
	g_autoptr(GDir) folder = NULL;
	const char *name;

	lay_lines(test, "sn1");
	lay_lines(test, "sn2");
	try_out(test, "lines", "sn1 sn2", "cn1=one / cn1=bad");
	assert_results(test, "0 check failed");
	assert_message(test, 1, "the check of the new files ended with status 1");
	assert_string_equal(show_lines(test, "sn1"), "# ours,cn2: two,cn9: of another,");
	folder = g_dir_open(path, 0, NULL);
	while ((name = g_dir_read_name(folder)))
		assert_null(strstr(name, "snmove-try"));
	assert_kept(test, "");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(entries_are_given_and_what_is_of_others_stays),
		TEST(an_entry_is_taken_away),
		TEST(the_checker_of_a_service_leaves_it_on_its_old_file),
		TEST(a_file_that_cannot_be_read_changes_nothing),
		TEST(one_that_cannot_be_written_is_its_host_s_problem),
		TEST(a_program_that_refuses_is_told),
		TEST(a_program_that_refuses_some_leaves_what_an_undo_looks_at),
		TEST(a_service_that_is_not_known_is_refused),
		TEST(what_files_were_is_not_kept_once_entries_are_given),
		TEST(a_plan_shows_entries_and_sees_what_it_has_planned),
		TEST(a_secret_entry_is_not_shown),
		TEST(entries_of_a_killed_run_are_finished),
		TEST(entries_that_are_done_are_not_given_again),
		TEST(entries_that_are_given_twice_in_a_step_are_found_again),
		TEST(calls_of_a_step_have_debts_of_their_own_and_the_same_in_a_resume),
		TEST(what_was_written_before_the_kill_is_activated_again),
		TEST(what_was_written_before_the_kill_and_cannot_be_activated_is_unknown),
		TEST(an_unknown_entry_that_somebody_changed_is_told),
		TEST(entries_that_are_not_asked_for_again_stop_a_resume),
		TEST(an_undo_gives_back_what_was),
		TEST(an_undo_leaves_what_a_later_run_has_given_to_the_same_place),
		TEST(an_entry_that_somebody_changed_is_left_with_its_node),
		TEST(an_undo_that_is_killed_goes_on),
		TEST(a_host_that_is_down_owes_its_entries),
		TEST(what_one_host_alone_may_have_goes_back_when_the_other_has_given_it_up),
		TEST(who_has_given_it_up_and_is_down_holds_nobody_up),
		TEST(what_was_kept_of_a_secret_is_for_its_owner_alone),
		TEST(a_secret_whose_copy_is_gone_is_left_and_the_others_go_back),
		TEST(what_entries_are_is_a_question),
		TEST(a_plan_sees_in_a_look_what_it_has_planned),
		TEST(a_host_that_does_not_say_what_runs_there_gets_nothing),
		TEST(hosts_are_asked_once_what_runs_there),
		TEST(what_would_be_given_is_only_tried),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
