/* What a run tells the journal. */
#include "core/journal/file.h"
#include <string.h>

static gint64 now(void)
{
	return g_get_real_time() / G_USEC_PER_SEC;
}

static gboolean insert_nodes(Journal *journal, gint64 run, const JournalNode *nodes, guint n,
			     GError **error)
{
	g_autoptr(sqlite3_stmt) insert = file_prepare(
		journal, error, "INSERT INTO nodes VALUES (?, ?, ?, ?, ?, ?)", "i", run);

	if (!insert)
		return FALSE;
	for (guint i = 0; i < n; i++) {
		const char *texts[] = { nodes[i].name, nodes[i].old_sn, nodes[i].old_snn,
					nodes[i].new_sn, nodes[i].new_snn };

		for (int j = 0; j < (int)G_N_ELEMENTS(texts); j++)
			sqlite3_bind_text(insert, j + 2, texts[j], -1, SQLITE_STATIC);
		if (sqlite3_step(insert) != SQLITE_DONE)
			return file_failed(journal, error);
		sqlite3_reset(insert);
	}
	return TRUE;
}

static gboolean insert_options(Journal *journal, gint64 run, GHashTable *options,
			       GError **error)
{
	GHashTableIter each;
	gpointer name, text;

	g_hash_table_iter_init(&each, options);
	while (g_hash_table_iter_next(&each, &name, &text))
		if (!file_run(journal, error, "INSERT INTO options VALUES (?, ?, ?)", "itt",
			      run, name, text))
			return FALSE;
	return TRUE;
}

gboolean journal_begin(Journal *journal, JournalRun *run, const JournalNode *nodes, guint n,
		       GHashTable *options, GError **error)
{
	gboolean good;

	if (!file_begin(journal, error))
		return FALSE;
	run->begun = now();
	good = file_run(
		journal, error,
		"INSERT INTO runs (begun, ended, state, who, command, reason, database, script,"
		" digest, mode, source, destination, undoes, pid, nodes)"
		" VALUES (?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		"iittttttttt"
		"iii",
		run->begun, (gint64)JOURNAL_RUNNING, run->who, run->command, run->reason,
		run->database, run->script, run->digest, run->mode, run->from, run->to,
		run->undoes, run->pid, (gint64)n);
	run->number = sqlite3_last_insert_rowid(journal->db);
	good = good && insert_nodes(journal, run->number, nodes, n, error) &&
	       insert_options(journal, run->number, options, error);
	return file_end(journal, good, error);
}

static gboolean replace_lines(Journal *journal, gint64 run, const JournalLines *lines,
			      GError **error)
{
	const GPtrArray *seen = lines ? lines->seen : NULL;

	if (!file_run(journal, error, "DELETE FROM lines WHERE run = ?", "i", run))
		return FALSE;
	for (guint i = 0; seen && i < seen->len; i++)
		if (!file_run(journal, error, "INSERT INTO lines (run, line) VALUES (?, ?)",
			      "it", run, seen->pdata[i]))
			return FALSE;
	return owed_replace(journal, run, lines ? lines->owed : NULL, error);
}

/* A run of some steps alone has not done what an earlier one owes. */
static gboolean is_whole(const Journal *journal, gint64 run)
{
	g_autoptr(sqlite3_stmt) parts = file_prepare(
		journal, NULL,
		"SELECT 1 FROM options WHERE run = ? AND name IN ('skip', 'only')", "i", run);

	return parts && sqlite3_step(parts) == SQLITE_DONE;
}

gboolean journal_end(Journal *journal, gint64 run, JournalState state,
		     const JournalLines *lines, GError **error)
{
	gboolean good;

	if (!file_begin(journal, error))
		return FALSE;
	good = file_run(journal, error, "UPDATE runs SET state = ?, ended = ? WHERE number = ?",
			"iii", (gint64)state, now(), run) &&
	       replace_lines(journal, run, lines, error);
	if (good && (state == JOURNAL_DONE || state == JOURNAL_OWED) && is_whole(journal, run))
		good = owed_void(journal, run, error);
	return file_end(journal, good, error);
}

gboolean journal_leave_out(Journal *journal, gint64 run, const char *const *names,
			   GError **error)
{
	gboolean good;

	if (!file_begin(journal, error))
		return FALSE;
	good = TRUE;
	for (guint i = 0; good && names[i]; i++)
		good = file_run(journal, error, "DELETE FROM nodes WHERE run = ? AND name = ?",
				"it", run, names[i]);
	good = good &&
	       file_run(journal, error,
			"UPDATE runs SET nodes = (SELECT count(*) FROM nodes WHERE run = ?1)"
			" WHERE number = ?1",
			"i", run);
	return file_end(journal, good, error);
}

gboolean journal_reopen(Journal *journal, gint64 run, gint64 pid, GError **error)
{
	return file_run(journal, error,
			"UPDATE runs SET state = ?, ended = 0, pid = ? WHERE number = ?", "iii",
			(gint64)JOURNAL_RUNNING, pid, run);
}

gboolean journal_begin_step(Journal *journal, gint64 run, const char *step, GError **error)
{
	return file_run(journal, error,
			"INSERT INTO steps (run, name, begun, ended) VALUES (?, ?, ?, 0)",
			"iti", run, step, now());
}

static gboolean replace_notes(Journal *journal, gint64 run, GHashTable *notes, GError **error)
{
	GHashTableIter each;
	gpointer name, value;

	if (!file_run(journal, error, "DELETE FROM notes WHERE run = ?", "i", run))
		return FALSE;
	g_hash_table_iter_init(&each, notes);
	while (g_hash_table_iter_next(&each, &name, &value)) {
		g_autofree char *text = g_variant_print(value, TRUE);

		if (!file_run(journal, error, "INSERT INTO notes VALUES (?, ?, ?)", "itt", run,
			      name, text))
			return FALSE;
	}
	return TRUE;
}

gboolean journal_end_steps(Journal *journal, gint64 run, const char *const *steps, guint n,
			   const JournalLines *lines, GError **error)
{
	gboolean good;

	if (!file_begin(journal, error))
		return FALSE;
	good = replace_notes(journal, run, lines->notes, error) &&
	       replace_lines(journal, run, lines, error);
	for (guint i = 0; good && i < n; i++)
		good = file_run(
			journal, error,
			"UPDATE steps SET ended = ? WHERE run = ? AND name = ? AND ended = 0",
			"iit", now(), run, steps[i]);
	return file_end(journal, good, error);
}

/* The parts of a key, each with the NUL that no name has behind it. */
static void bind_key(sqlite3_stmt *insert, int place, const Change *change, GString *buffer)
{
	g_string_truncate(buffer, 0);
	for (guint i = 0; i < change->n_key; i++)
		g_string_append_len(buffer, change->key[i], (gssize)strlen(change->key[i]) + 1);
	sqlite3_bind_blob(insert, place, buffer->str, (int)buffer->len, SQLITE_TRANSIENT);
}

static gboolean insert_change(Journal *journal, sqlite3_stmt *insert, Change *change,
			      GString *buffer, GError **error)
{
	sqlite3_bind_int(insert, 2, change->kind);
	sqlite3_bind_int(insert, 3, CHANGE_STARTED);
	sqlite3_bind_text(insert, 4, change->step, -1, SQLITE_STATIC);
	sqlite3_bind_text(insert, 5, change->hook, -1, SQLITE_STATIC);
	sqlite3_bind_text(insert, 6, change->host, -1, SQLITE_STATIC);
	sqlite3_bind_text(insert, 7, change->target, -1, SQLITE_STATIC);
	bind_key(insert, 8, change, buffer);
	sqlite3_bind_int(insert, 9, (int)change->n_key);
	sqlite3_bind_text(insert, 10, change->column, -1, SQLITE_STATIC);
	sqlite3_bind_text(insert, 11, change->node, -1, SQLITE_STATIC);
	sqlite3_bind_int(insert, 12, change->before.kind);
	sqlite3_bind_text(insert, 13, change->before.text, -1, SQLITE_STATIC);
	sqlite3_bind_int(insert, 14, change->after.kind);
	sqlite3_bind_text(insert, 15, change->after.text, -1, SQLITE_STATIC);
	sqlite3_bind_text(insert, 16, change->seen, -1, SQLITE_STATIC);
	sqlite3_bind_text(insert, 17, change->seen_from, -1, SQLITE_STATIC);
	if (sqlite3_step(insert) != SQLITE_DONE)
		return file_failed(journal, error);
	sqlite3_reset(insert);
	change->number = sqlite3_last_insert_rowid(journal->db);
	change->state = CHANGE_STARTED;
	return TRUE;
}

/* So many more changes of the run are done, and are begun without an end. */
static gboolean count(Journal *journal, gint64 run, gint64 done, gint64 started, GError **error)
{
	return file_run(
		journal, error,
		"UPDATE runs SET done = done + ?, started = started + ? WHERE number = ?",
		"iii", done, started, run);
}

static gint64 run_of(Journal *journal, const Change *change)
{
	g_autoptr(sqlite3_stmt) run = file_prepare(
		journal, NULL, "SELECT run FROM changes WHERE number = ?", "i", change->number);

	return run && sqlite3_step(run) == SQLITE_ROW ? sqlite3_column_int64(run, 0) : 0;
}

/* How many of them the journal has as started. */
static gint64 started_of(Change *const *changes, guint n)
{
	gint64 started = 0;

	for (guint i = 0; i < n; i++)
		started += changes[i]->state == CHANGE_STARTED;
	return started;
}

gboolean journal_start(Journal *journal, gint64 run, Change *const *changes, guint n,
		       GError **error)
{
	g_autoptr(sqlite3_stmt) insert = NULL;
	g_autoptr(GString) buffer = g_string_new(NULL);
	gboolean good;

	if (!file_begin(journal, error))
		return FALSE;
	insert = file_prepare(
		journal, error,
		"INSERT INTO changes (run, kind, state, step, hook, host, target, key, n_key, "
		"column,"
		" node, before_kind, before, after_kind, after, seen, seen_from, begun, ended)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
		"i", run);
	good = insert != NULL;
	if (good)
		sqlite3_bind_int64(insert, 18, now());
	for (guint i = 0; good && i < n; i++)
		good = insert_change(journal, insert, changes[i], buffer, error);
	g_clear_pointer(&insert, sqlite3_finalize);
	good = good && count(journal, run, 0, (gint64)n, error);
	return file_end(journal, good, error);
}

/* Run a statement whose last value is the number of each change. */
static gboolean for_each(Journal *journal, sqlite3_stmt *statement, int place,
			 Change *const *changes, guint n, GError **error)
{
	for (guint i = 0; i < n; i++) {
		sqlite3_bind_int64(statement, place, changes[i]->number);
		if (sqlite3_step(statement) != SQLITE_DONE)
			return file_failed(journal, error);
		sqlite3_reset(statement);
	}
	return TRUE;
}

/* The end of the stretch of numbers, one after the other, that begins at `first`. */
static guint stretch_end(Change *const *changes, guint n, guint first)
{
	guint end = first + 1;

	while (end < n && changes[end]->number == changes[end - 1]->number + 1)
		end++;
	return end;
}

gboolean journal_settle(Journal *journal, Change *const *changes, guint n, ChangeState state,
			GError **error)
{
	gboolean good;

	if (n == 0)
		return TRUE;
	if (!file_begin(journal, error))
		return FALSE;
	good = count(journal, run_of(journal, changes[0]), state == CHANGE_DONE ? (gint64)n : 0,
		     -started_of(changes, n), error);
	for (guint i = 0, end; good && i < n; i = end) {
		end = stretch_end(changes, n, i);
		good = file_run(
			journal, error,
			"UPDATE changes SET state = ?, ended = ? WHERE number BETWEEN ? AND ?",
			"iiii", (gint64)state, now(), changes[i]->number,
			changes[end - 1]->number);
	}
	good = file_end(journal, good, error);
	for (guint i = 0; good && i < n; i++)
		changes[i]->state = state;
	return good;
}

gboolean journal_forget(Journal *journal, Change *const *changes, guint n, GError **error)
{
	g_autoptr(sqlite3_stmt) erase = NULL;
	gboolean good;

	if (n == 0)
		return TRUE;
	if (!file_begin(journal, error))
		return FALSE;
	good = count(journal, run_of(journal, changes[0]), 0, -started_of(changes, n), error);
	erase = file_prepare(journal, error, "DELETE FROM changes WHERE number = ?", "");
	good = good && erase && for_each(journal, erase, 1, changes, n, error);
	g_clear_pointer(&erase, sqlite3_finalize);
	return file_end(journal, good, error);
}
