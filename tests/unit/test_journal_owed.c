/* What runs owe, what makes that void, and who is left behind. */
#include "tests/unit/journal_world.h"

static void a_debt_is_read_with_its_step_and_its_key(void **state)
{
	Test *test = *state;
	JournalOwed *owed = journal_owed_new("sn2", NULL, "put");
	g_autoptr(JournalContent) content = NULL;
	gint64 run;

	open_journal(test);
	run = begin(test, "db", (const char *const[]){ "cn1", NULL });
	owed->step = g_strdup("dhcp");
	owed->key = g_strdup("4:file3:sn2");
	end(test, run, JOURNAL_OWED, owed);
	content = journal_content(test->journal, run, &test->problem);
	assert_ok(content, test->problem);
	assert_true(journal_owed_same(content->owed->pdata[0], content->owed->pdata[0]));
	assert_string_equal(((JournalOwed *)content->owed->pdata[0])->step, "dhcp");
	assert_string_equal(((JournalOwed *)content->owed->pdata[0])->key, "4:file3:sn2");
}

static JournalOwed *owe(const char *host, const char *const *nodes, const char *text)
{
	return journal_owed_new(host, nodes, text);
}

/* What another undo tries again. */
static JournalOwed *owe_undo(const char *host, const char *const *nodes, const char *text)
{
	JournalOwed *owed = owe(host, nodes, text);

	owed->step = g_strdup(CHANGE_UNDO_STEP);
	return owed;
}

static void a_later_move_makes_void_what_is_owed_for_its_nodes(void **state)
{
	Test *test = *state;
	gint64 first, second, third;

	open_journal(test);
	first = begin(test, "db", (const char *const[]){ "cn1", "cn2", "cn3", NULL });
	end(test, first, JOURNAL_OWED,
	    owe("sn1", (const char *const[]){ "cn1", "cn2", "cn3", NULL }, "entries"));
	second = begin(test, "db", (const char *const[]){ "cn2", NULL });
	end(test, second, JOURNAL_DONE, NULL);
	assert_owed(test, first, "sn1: cn1,cn3: entries");
	assert_state(test, first, JOURNAL_OWED);
	third = begin(test, "db", (const char *const[]){ "cn1", "cn3", NULL });
	end(test, third, JOURNAL_DONE, NULL);
	assert_owed(test, first, "");
	assert_state(test, first, JOURNAL_DONE);
}

/* A network boot: from no service node to none. */
static gint64 begin_boot(Test *test, const char *const *names)
{
	JournalRun run = { .database = (char *)"db",
			   .mode = (char *)"planned",
			   .from = (char *)"" };
	JournalNode nodes[4] = { 0 };
	guint n = 0;
	g_autoptr(GHashTable) options = g_hash_table_new(g_str_hash, g_str_equal);

	run.to = run.from;
	for (; names[n]; n++)
		nodes[n].name = names[n];
	assert_ok(journal_begin(test->journal, &run, nodes, n, options, &test->problem),
		  test->problem);
	return run.number;
}

static void moves_and_boots_make_void_what_is_owed_by_their_like(void **state)
{
	Test *test = *state;
	const char *const nodes[] = { "cn1", NULL };
	g_autoptr(JournalRun) run = NULL;
	gint64 move, boot;

	open_journal(test);
	move = begin(test, "db", nodes);
	end(test, move, JOURNAL_OWED, owe("sn1", nodes, "entries"));
	boot = begin_boot(test, nodes);
	end(test, boot, JOURNAL_OWED, owe("mn", nodes, "boot"));
	run = journal_run(test->journal, boot, &test->problem);
	assert_true(journal_run_boots(run));
	assert_owed(test, move, "sn1: cn1: entries");
	end(test, begin(test, "db", nodes), JOURNAL_DONE, NULL);
	assert_owed(test, move, "");
	assert_owed(test, boot, "mn: cn1: boot");
	end(test, begin_boot(test, nodes), JOURNAL_DONE, NULL);
	assert_owed(test, boot, "");
	assert_state(test, boot, JOURNAL_DONE);
}

static void what_is_owed_for_no_node_stays(void **state)
{
	Test *test = *state;
	gint64 first;

	open_journal(test);
	first = begin(test, "db", (const char *const[]){ "cn1", NULL });
	end(test, first, JOURNAL_OWED, owe(NULL, NULL, "call the owner"));
	end(test, begin(test, "db", (const char *const[]){ "cn1", NULL }), JOURNAL_DONE, NULL);
	assert_owed(test, first, "-: -: call the owner");
	assert_state(test, first, JOURNAL_OWED);
}

static void a_debt_is_not_void_by_another_database_a_failure_or_some_steps(void **state)
{
	Test *test = *state;
	const char *const nodes[] = { "cn1", NULL };
	JournalLines parts = { .whole = FALSE };
	gint64 first;

	open_journal(test);
	first = begin(test, "db", nodes);
	end(test, first, JOURNAL_OWED, owe(NULL, nodes, "syslog"));
	end(test, begin(test, "another", nodes), JOURNAL_DONE, NULL);
	end(test, begin(test, "db", nodes), JOURNAL_STOPPED, NULL);
	end(test, begin(test, "db", nodes), JOURNAL_REFUSED, NULL);
	assert_ok(journal_end(test->journal, begin(test, "db", nodes), JOURNAL_DONE, &parts,
			      &test->problem),
		  test->problem);
	assert_owed(test, first, "-: cn1: syslog");
	assert_state(test, first, JOURNAL_OWED);
}

/* A node that it could not reach was moved all the same. */
static void a_move_makes_older_debts_void_also_where_it_owes_itself(void **state)
{
	Test *test = *state;
	const char *const nodes[] = { "cn1", NULL };
	gint64 first, second;

	open_journal(test);
	first = begin(test, "db", nodes);
	end(test, first, JOURNAL_OWED, owe("cn1", nodes, "was down"));
	second = begin(test, "db", nodes);
	end(test, second, JOURNAL_OWED, owe("cn1", nodes, "was down"));
	assert_owed(test, first, "");
	assert_owed(test, second, "cn1: cn1: was down");
}

/* An undo owes what it has left as it was: that node was not moved. */
static void a_node_that_an_undo_left_as_it_is_keeps_its_older_debts(void **state)
{
	Test *test = *state;
	const char *const nodes[] = { "cn1", "cn2", NULL };
	gint64 first, second;

	open_journal(test);
	first = begin(test, "db", nodes);
	end(test, first, JOURNAL_OWED, owe("sn1", nodes, "entries"));
	second = begin_undo(test, "db", nodes, first);
	end(test, second, JOURNAL_OWED,
	    owe_undo(NULL, (const char *const[]){ "cn2", NULL }, "left as it is"));
	assert_owed(test, first, "sn1: cn2: entries");
}

static void what_people_are_to_do_by_hand_does_not_say_that_a_node_was_left(void **state)
{
	Test *test = *state;
	const char *const nodes[] = { "cn1", NULL };
	gint64 first, second;

	open_journal(test);
	first = begin(test, "db", nodes);
	end(test, first, JOURNAL_OWED, owe("sn1", nodes, "entries"));
	second = begin_undo(test, "db", nodes, first);
	end(test, second, JOURNAL_OWED, owe("cn1", nodes, "do it by hand"));
	assert_owed(test, first, "");
}

static void an_undo_says_anew_what_an_earlier_one_of_the_run_owed(void **state)
{
	Test *test = *state;
	const char *const nodes[] = { "cn1", "cn2", NULL };
	const char *const one[] = { "cn1", NULL };
	gint64 first, second, third;

	open_journal(test);
	first = begin(test, "db", nodes);
	end(test, first, JOURNAL_DONE, NULL);
	second = begin_undo(test, "db", nodes, first);
	end(test, second, JOURNAL_OWED, owe_undo(NULL, nodes, "left as it is"));
	third = begin_undo(test, "db", one, first);
	end(test, third, JOURNAL_OWED, owe_undo(NULL, one, "left as it is"));
	assert_owed(test, second, "-: cn2: left as it is");
	assert_owed(test, third, "-: cn1: left as it is");
}

static void what_undos_owe_of_no_node_is_paid_when_nothing_of_the_run_is_left(void **state)
{
	Test *test = *state;
	const char *const nodes[] = { "cn1", NULL };
	gint64 first, second, third;

	open_journal(test);
	first = begin(test, "db", nodes);
	end(test, first, JOURNAL_DONE, NULL);
	second = begin_undo(test, "db", nodes, first);
	end(test, second, JOURNAL_OWED, owe_undo("sn1", NULL, "a file"));
	third = begin_undo(test, "db", nodes, first);
	end(test, third, JOURNAL_OWED, owe_undo("sn1", NULL, "a file"));
	assert_owed(test, second, "sn1: -: a file");
	third = begin_undo(test, "db", nodes, first);
	end(test, first, JOURNAL_UNDONE, NULL);
	end(test, third, JOURNAL_DONE, NULL);
	assert_owed(test, second, "");
	assert_state(test, second, JOURNAL_DONE);
}

/* Nodes of a run from a server to another, which has begun something. */
static gint64 begin_from(Test *test, const char *mode, const char *from, const char *to,
			 const char *const *names)
{
	g_autoptr(JournalRun) run = g_new0(JournalRun, 1);
	g_autoptr(GHashTable) options = g_hash_table_new(g_str_hash, g_str_equal);
	g_autofree char *sql = NULL;
	JournalNode nodes[8] = { 0 };
	guint n = 0;

	run->database = g_strdup("db");
	run->mode = g_strdup(mode);
	run->from = g_strdup(from);
	run->to = g_strdup(to);
	for (; names[n]; n++)
		nodes[n] = (JournalNode){ .name = names[n], .old_sn = from, .new_sn = to };
	assert_ok(journal_begin(test->journal, run, nodes, n, options, &test->problem),
		  test->problem);
	sql = g_strdup_printf("INSERT INTO batches VALUES (%d, %d, %d, 2, 0, 0, 0, 1)",
			      (int)run->number, (int)run->number, (int)run->number);
	database_execute(test->file, sql);
	return run->number;
}

static void assert_left_behind(Test *test, const char *server, const char *wanted)
{
	g_autoptr(GPtrArray) names =
		journal_left_behind(test->journal, "db", server, &test->problem);
	g_autofree char *text = NULL;

	assert_ok(names, test->problem);
	g_ptr_array_add(names, NULL);
	text = g_strjoinv(" ", (char **)names->pdata);
	assert_string_equal(text, wanted);
}

static void nodes_are_left_behind_by_the_dead(void **state)
{
	Test *test = *state;
	const char *const one[] = { "cn2", "cn1", NULL };
	const char *const other[] = { "cn3", NULL };
	const char *const again[] = { "cn2", "cn4", NULL };

	open_journal(test);
	begin_from(test, "dead", "sn1", "sn2", one);
	begin_from(test, "planned", "sn1", "sn2", other);
	begin_from(test, "dead", "sn3", "sn2", other);
	begin_from(test, "dead", "sn1", "sn3", again);
	assert_left_behind(test, "sn1", "cn1 cn2 cn4");
	assert_left_behind(test, "sn3", "cn3");
	assert_left_behind(test, "sn2", "");
	/* One that has begun nothing has left nobody. */
	database_execute(test->file, "DELETE FROM batches WHERE run = 4");
	assert_left_behind(test, "sn1", "cn1 cn2");
}

/* Bringing a server up to date settles what is owed there, and nowhere else; and it is no move.
 */
static void what_is_owed_on_a_server_that_is_up_to_date_is_settled(void **state)
{
	Test *test = *state;
	const char *const nodes[] = { "cn1", "cn2", NULL };
	const char *const one[] = { "cn1", NULL };
	gint64 dead, other, back;

	open_journal(test);
	dead = begin_from(test, "dead", "sn1", "sn2", nodes);
	end(test, dead, JOURNAL_OWED, journal_owed_new("sn1", nodes, "it has their entries"));
	other = begin_from(test, "planned", "sn1", "sn2", one);
	end(test, other, JOURNAL_OWED, journal_owed_new("sn2", one, "it refuses"));
	back = begin_from(test, "planned", "sn1", "sn1", nodes);
	assert_int_equal(journal_last_on(test->journal, "db", &test->problem), other);
	end(test, back, JOURNAL_DONE, NULL);
	assert_state(test, dead, JOURNAL_DONE);
	assert_state(test, other, JOURNAL_OWED);
	assert_owed(test, dead, "");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		JOURNAL_TEST(nodes_are_left_behind_by_the_dead),
		JOURNAL_TEST(what_is_owed_on_a_server_that_is_up_to_date_is_settled),
		JOURNAL_TEST(a_debt_is_read_with_its_step_and_its_key),
		JOURNAL_TEST(a_later_move_makes_void_what_is_owed_for_its_nodes),
		JOURNAL_TEST(moves_and_boots_make_void_what_is_owed_by_their_like),
		JOURNAL_TEST(what_is_owed_for_no_node_stays),
		JOURNAL_TEST(a_debt_is_not_void_by_another_database_a_failure_or_some_steps),
		JOURNAL_TEST(a_move_makes_older_debts_void_also_where_it_owes_itself),
		JOURNAL_TEST(a_node_that_an_undo_left_as_it_is_keeps_its_older_debts),
		JOURNAL_TEST(what_people_are_to_do_by_hand_does_not_say_that_a_node_was_left),
		JOURNAL_TEST(an_undo_says_anew_what_an_earlier_one_of_the_run_owed),
		JOURNAL_TEST(what_undos_owe_of_no_node_is_paid_when_nothing_of_the_run_is_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
