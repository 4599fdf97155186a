/* Journals of older and newer versions of the program. */
#include "tests/unit/journal_world.h"
#include <unistd.h>

/* A journal as version 1 of the program left it: four runs, the last one killed. */
static void load_version_1(Test *test)
{
	g_autofree char *source = harness_source("tests/cases/journal/version-1.sql");
	g_autofree char *sql = NULL;

	assert_true(g_file_get_contents(source, &sql, NULL, NULL));
	database_execute(test->file, sql);
}

static void an_older_journal_is_upgraded_and_keeps_its_runs(void **state)
{
	Test *test = *state;
	g_autofree char *version = NULL;
	static const struct {
		gint64 number;
		JournalState state;
		guint nodes, changes;
		const char *mode;
	} runs[] = { { 1, JOURNAL_DONE, 2, 12, "planned" },
		     { 2, JOURNAL_DONE, 1, 6, NULL },
		     { 3, JOURNAL_OWED, 2, 10, "planned" },
		     { 4, JOURNAL_RUNNING, 1, 6, "planned" } };

	load_version_1(test);
	open_journal(test);
	version = database_value(test->file, "SELECT value FROM about WHERE name = 'version'");
	assert_string_equal(version, "7");
	for (gsize i = 0; i < G_N_ELEMENTS(runs); i++) {
		g_autoptr(JournalRun) run =
			journal_run(test->journal, runs[i].number, &test->problem);

		assert_ok(run, test->problem);
		assert_int_equal(run->state, runs[i].state);
		assert_int_equal(run->nodes, runs[i].nodes);
		assert_int_equal(run->changes, runs[i].changes);
		assert_int_equal(run->begun_changes, 0);
		assert_int_equal(g_strcmp0(run->mode, runs[i].mode), 0);
	}
	assert_owed(test, 3, "-: -: cn[041-042]: call the owner");
}

static void assert_way(Test *test, gint64 number, guint depth, const char *from, const char *to)
{
	g_autoptr(JournalRun) run = journal_run(test->journal, number, &test->problem);

	assert_ok(run, test->problem);
	assert_int_equal(run->depth, depth);
	assert_string_equal(run->from, from);
	assert_string_equal(run->to, to);
}

static void of_an_older_journal_it_is_known_what_undos_have_taken_back(void **state)
{
	Test *test = *state;

	load_version_1(test);
	open_journal(test);
	assert_turned(test, 1, "cn002 back 2");
	assert_turned(test, 2, "");
	assert_turned(test, 4, "");
	assert_way(test, 1, 0, "sn1", "sn2");
	assert_way(test, 2, 1, "sn2", "sn1");
}

static void and_what_the_undo_of_an_undo_has_done_again(void **state)
{
	Test *test = *state;

	load_version_1(test);
	database_execute(test->file,
			 "INSERT INTO runs SELECT 5, begun, ended, state, who, command, reason,"
			 " database, script, digest, source, destination, 2, pid, nodes FROM"
			 " runs WHERE number = 2;"
			 "INSERT INTO nodes SELECT 5, name, old_sn, old_snn, new_sn, new_snn"
			 " FROM nodes WHERE run = 2;"
			 "UPDATE changes SET state = 5 WHERE run = 2;"
			 "UPDATE runs SET state = 6 WHERE number = 2;");
	open_journal(test);
	assert_turned(test, 1, "cn002 again 5");
	assert_turned(test, 2, "cn002 back 5");
	assert_way(test, 2, 1, "sn2", "sn1");
	assert_way(test, 5, 2, "sn1", "sn2");
}

static void an_upgraded_journal_has_the_tables_of_a_new_one(void **state)
{
	Test *test = *state;
	const char *columns = "SELECT group_concat(m.name || '.' || p.name || ' ' || p.type) "
			      "FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS p "
			      "ORDER BY m.name, p.cid";
	g_autofree char *fresh = NULL;
	g_autofree char *upgraded = NULL;

	open_journal(test);
	fresh = database_value(test->file, columns);
	g_clear_pointer(&test->journal, journal_close);
	assert_int_equal(unlink(test->file), 0);
	load_version_1(test);
	open_journal(test);
	upgraded = database_value(test->file, columns);
	assert_string_equal(upgraded, fresh);
}

static void an_upgrade_that_fails_leaves_the_older_journal_as_it_is(void **state)
{
	Test *test = *state;
	g_autofree char *version = NULL;
	g_autofree char *owing = NULL;

	load_version_1(test);
	database_execute(test->file, "CREATE TABLE owed (in_the_way)");
	assert_null(journal_open(test->directory, TRUE, &test->problem));
	assert_refused(test->problem, "already exists");
	version = database_value(test->file, "SELECT value FROM about WHERE name = 'version'");
	owing = database_value(test->file, "SELECT count(*) FROM lines WHERE owed");
	assert_string_equal(version, "1");
	assert_string_equal(owing, "1");
}

static void a_newer_journal_is_refused(void **state)
{
	Test *test = *state;

	open_journal(test);
	g_clear_pointer(&test->journal, journal_close);
	database_execute(test->file, "UPDATE about SET value = '8'");
	assert_null(journal_open(test->directory, TRUE, &test->problem));
	assert_refused(test->problem, "is of version 8, and this program knows version 7");
}

static void a_file_that_was_made_and_not_filled_is_no_journal(void **state)
{
	Test *test = *state;

	assert_true(g_file_set_contents(test->file, "", 0, NULL));
	assert_null(journal_open(test->directory, FALSE, &test->problem));
	assert_null(test->problem);
	open_journal(test);
	assert_int_equal(journal_last(test->journal, FALSE, &test->problem), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		JOURNAL_TEST(an_older_journal_is_upgraded_and_keeps_its_runs),
		JOURNAL_TEST(of_an_older_journal_it_is_known_what_undos_have_taken_back),
		JOURNAL_TEST(and_what_the_undo_of_an_undo_has_done_again),
		JOURNAL_TEST(an_upgraded_journal_has_the_tables_of_a_new_one),
		JOURNAL_TEST(an_upgrade_that_fails_leaves_the_older_journal_as_it_is),
		JOURNAL_TEST(a_newer_journal_is_refused),
		JOURNAL_TEST(a_file_that_was_made_and_not_filled_is_no_journal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
