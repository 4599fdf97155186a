/*
 * journal_world - what tests of the journal share: a journal in a folder of its own, runs that
 * begin and end there, and what is known of them.
 */
#pragma once
#include "core/journal.h"
#include "tests/lib/database.h"
#include "tests/lib/harness.h"
#include <string.h>

typedef struct {
	char *directory, *file;
	Journal *journal;
	GError *problem;
} Test;

static inline int setup(void **state)
{
	Test *test = g_new0(Test, 1);

	test->directory = harness_directory();
	test->file = g_build_filename(test->directory, "journal.db", NULL);
	*state = test;
	return 0;
}

static inline int teardown(void **state)
{
	Test *test = *state;

	g_clear_pointer(&test->journal, journal_close);
	g_clear_error(&test->problem);
	harness_remove(test->directory);
	g_free(test->file);
	g_free(test);
	return 0;
}

static inline void open_journal(Test *test)
{
	g_clear_pointer(&test->journal, journal_close);
	test->journal = journal_open(test->directory, TRUE, &test->problem);
	assert_ok(test->journal, test->problem);
}

static inline gint64 begin_undo(Test *test, const char *database, const char *const *names,
				gint64 undoes)
{
	g_autoptr(JournalRun) run = g_new0(JournalRun, 1);
	g_autoptr(GHashTable) options = g_hash_table_new(g_str_hash, g_str_equal);
	JournalNode nodes[8] = { 0 };
	guint n = 0;

	run->database = g_strdup(database);
	run->mode = undoes ? NULL : g_strdup("planned");
	run->undoes = undoes;
	for (; names[n]; n++)
		nodes[n].name = names[n];
	assert_ok(journal_begin(test->journal, run, nodes, n, options, &test->problem),
		  test->problem);
	return run->number;
}

static inline gint64 begin(Test *test, const char *database, const char *const *names)
{
	return begin_undo(test, database, names, 0);
}

static inline void end(Test *test, gint64 run, JournalState state, JournalOwed *owed)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(journal_owed_free);
	JournalLines lines = { list, NULL, TRUE };

	if (owed)
		g_ptr_array_add(list, owed);
	assert_ok(journal_end(test->journal, run, state, &lines, &test->problem),
		  test->problem);
}

static inline void assert_state(Test *test, gint64 number, JournalState state)
{
	g_autoptr(JournalRun) run = journal_run(test->journal, number, &test->problem);

	assert_ok(run, test->problem);
	assert_string_equal(journal_state_name(run->state), journal_state_name(state));
}

/* "sn1: cn1,cn2: text; ..." of all that the run owes. */
static inline void assert_owed(Test *test, gint64 number, const char *wanted)
{
	g_autoptr(JournalContent) content =
		journal_content(test->journal, number, &test->problem);
	g_autoptr(GString) all = g_string_new(NULL);

	assert_ok(content, test->problem);
	for (guint i = 0; i < content->owed->len; i++) {
		const JournalOwed *owed = content->owed->pdata[i];
		g_autofree char *nodes = owed->nodes ? g_strjoinv(",", owed->nodes) : NULL;

		g_string_append_printf(all, "%s%s: %s: %s", i ? "; " : "",
				       owed->host ? owed->host : "-", nodes ? nodes : "-",
				       owed->text);
	}
	assert_string_equal(all->str, wanted);
}

/* "cn1 back 2|cn2 again 3": of the nodes of a run that another has taken back, or done again.
 */
static inline void assert_turned(Test *test, gint64 number, const char *wanted)
{
	g_autoptr(JournalContent) content =
		journal_content(test->journal, number, &test->problem);
	g_autoptr(JournalRun) run = journal_run(test->journal, number, &test->problem);
	g_autoptr(GString) all = g_string_new(NULL);
	guint back = 0, again = 0;

	assert_ok(content && run, test->problem);
	for (guint i = 0; i < content->nodes->len; i++) {
		const JournalNode *node = &g_array_index(content->nodes, JournalNode, i);

		back += node->back > 0;
		again += node->again > 0;
		if (node->back || node->again)
			g_string_append_printf(all, "%s%s %s %d", all->len ? "|" : "",
					       node->name, node->back ? "back" : "again",
					       (int)(node->back + node->again));
	}
	assert_string_equal(all->str, wanted);
	assert_int_equal(run->back, back);
	assert_int_equal(run->again, again);
}

#define JOURNAL_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
