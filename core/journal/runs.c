/* What a run tells the journal. */
#include "core/journal/database.h"
#include <string.h>

static gboolean insert_nodes(Journal *journal, gint64 run, const JournalNode *nodes, guint n,
			     GError **error)
{
	g_autoptr(sqlite3_stmt) insert = database_prepare(
		journal, error,
		"INSERT INTO nodes (run, name, old_sn, old_snn, new_sn, new_snn, sum)"
		" VALUES (?, ?, ?, ?, ?, ?, ?)",
		"i", run);

	if (!insert)
		return FALSE;
	for (guint i = 0; i < n; i++) {
		const char *texts[] = { nodes[i].name, nodes[i].old_sn, nodes[i].old_snn,
					nodes[i].new_sn, nodes[i].new_snn };

		for (int j = 0; j < (int)G_N_ELEMENTS(texts); j++)
			sqlite3_bind_text(insert, j + 2, texts[j], -1, SQLITE_STATIC);
		sqlite3_bind_int64(insert, 7, sum_node(&nodes[i]));
		if (sqlite3_step(insert) != SQLITE_DONE)
			return database_failed(journal, error);
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
		if (!database_run(journal, error, "INSERT INTO options VALUES (?, ?, ?)", "itt",
				  run, name, text))
			return FALSE;
	return TRUE;
}

gboolean journal_begin(Journal *journal, JournalRun *run, const JournalNode *nodes, guint n,
		       GHashTable *options, GError **error)
{
	gboolean good;

	if (!database_begin(journal, error))
		return FALSE;
	run->begun = database_now();
	good = database_run(
		journal, error,
		"INSERT INTO runs (begun, ended, state, who, command, reason, database, script,"
		" digest, mode, source, destination, undoes, pid, nodes, depth)"
		" VALUES (?1, 0, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,"
		" ifnull((SELECT depth + 1 FROM runs WHERE number = ?12), 0))",
		"iittttttttt"
		"iii",
		run->begun, (gint64)JOURNAL_RUNNING, run->who, run->command, run->reason,
		run->database, run->script, run->digest, run->mode, run->from, run->to,
		run->undoes, run->pid, (gint64)n);
	run->number = sqlite3_last_insert_rowid(journal->db);
	good = good && insert_nodes(journal, run->number, nodes, n, error) &&
	       insert_options(journal, run->number, options, error);
	return database_end(journal, good, error);
}

static gboolean replace_lines(Journal *journal, gint64 run, const JournalLines *lines,
			      GError **error)
{
	const GPtrArray *seen = lines ? lines->seen : NULL;

	if (!database_run(journal, error, "DELETE FROM lines WHERE run = ?", "i", run))
		return FALSE;
	for (guint i = 0; seen && i < seen->len; i++)
		if (!database_run(journal, error, "INSERT INTO lines (run, line) VALUES (?, ?)",
				  "it", run, seen->pdata[i]))
			return FALSE;
	return owed_replace(journal, run, lines ? lines->owed : NULL, error);
}

gboolean journal_end(Journal *journal, gint64 run, JournalState state,
		     const JournalLines *lines, GError **error)
{
	gboolean good;

	if (!database_begin(journal, error))
		return FALSE;
	good = database_run(journal, error,
			    "UPDATE runs SET state = ?, ended = ? WHERE number = ?", "iii",
			    (gint64)state, database_now(), run) &&
	       replace_lines(journal, run, lines, error);
	if (good && (state == JOURNAL_DONE || state == JOURNAL_OWED) && lines && lines->whole)
		good = owed_void(journal, run, error);
	return database_end(journal, good, error);
}

gboolean journal_leave_out(Journal *journal, gint64 run, const char *const *names,
			   GError **error)
{
	gboolean good;

	if (!database_begin(journal, error))
		return FALSE;
	good = TRUE;
	for (guint i = 0; good && names[i]; i++)
		good = database_run(journal, error,
				    "DELETE FROM nodes WHERE run = ? AND name = ?", "it", run,
				    names[i]);
	good = good &&
	       database_run(
		       journal, error,
		       "UPDATE runs SET nodes = (SELECT count(*) FROM nodes WHERE run = ?1)"
		       " WHERE number = ?1",
		       "i", run);
	return database_end(journal, good, error);
}

/* Of the run `of`: they are taken back by `by`, or (`back` FALSE) done again.  The first who
 * has taken a node back is who can move it again, whatever another one had to add. */
static gboolean turn_nodes(Journal *journal, gint64 of, gint64 by, gboolean back,
			   const char *const *names, GError **error)
{
	g_autoptr(sqlite3_stmt) update = database_prepare(
		journal, error,
		back ? "UPDATE nodes SET back = ?, again = 0 WHERE run = ? AND name = ?"
		       " AND back = 0"
		     : "UPDATE nodes SET again = ?, back = 0 WHERE run = ? AND name = ?",
		"ii", by, of);

	for (guint i = 0; update && names[i]; i++) {
		sqlite3_bind_text(update, 3, names[i], -1, SQLITE_STATIC);
		if (sqlite3_step(update) != SQLITE_DONE)
			return database_failed(journal, error);
		sqlite3_reset(update);
	}
	return update &&
	       database_run(
		       journal, error,
		       "UPDATE runs SET back = counts.back, again = counts.again FROM"
		       " (SELECT total(back > 0) AS back, total(again > 0) AS again FROM nodes"
		       " WHERE run = ?1) AS counts WHERE number = ?1",
		       "i", of);
}

/* 0: none, or an error. */
static gint64 undone_by(Journal *journal, gint64 run, GError **error)
{
	g_autoptr(sqlite3_stmt) row = database_prepare(
		journal, error, "SELECT undoes FROM runs WHERE number = ?", "i", run);

	if (row && sqlite3_step(row) == SQLITE_ROW)
		return sqlite3_column_int64(row, 0);
	if (row)
		database_failed(journal, error);
	return 0;
}

gboolean journal_take_back(Journal *journal, gint64 run, const char *const *names,
			   GError **error)
{
	g_autoptr(GError) problem = NULL;
	gboolean back = TRUE, good;

	if (!database_begin(journal, error))
		return FALSE;
	/* Of an undo that is taken back, what it had taken back is done again; and so on. */
	for (gint64 of = undone_by(journal, run, &problem); of && !problem; back = !back)
		of = turn_nodes(journal, of, run, back, names, &problem)
			     ? undone_by(journal, of, &problem)
			     : 0;
	good = problem == NULL;
	if (!good)
		g_propagate_error(error, g_steal_pointer(&problem));
	return database_end(journal, good, error);
}

gboolean journal_reopen(Journal *journal, gint64 run, gint64 pid, GError **error)
{
	return database_run(journal, error,
			    "UPDATE runs SET state = ?, ended = 0, pid = ? WHERE number = ?",
			    "iii", (gint64)JOURNAL_RUNNING, pid, run);
}

gboolean journal_begin_step(Journal *journal, gint64 run, const char *step, GError **error)
{
	return database_run(journal, error,
			    "INSERT INTO steps (run, name, begun, ended) VALUES (?, ?, ?, 0)",
			    "iti", run, step, database_now());
}

gboolean journal_note(Journal *journal, gint64 run, const char *name, GVariant *value,
		      GError **error)
{
	g_autofree char *text = value ? g_variant_print(value, TRUE) : NULL;

	if (!text)
		return database_run(journal, error,
				    "DELETE FROM notes WHERE run = ? AND name = ?", "it", run,
				    name);
	return database_run(journal, error, "INSERT OR REPLACE INTO notes VALUES (?, ?, ?)",
			    "itt", run, name, text);
}

gboolean journal_end_steps(Journal *journal, gint64 run, const char *const *steps, guint n,
			   const JournalLines *lines, GError **error)
{
	gboolean good;

	if (!database_begin(journal, error))
		return FALSE;
	good = replace_lines(journal, run, lines, error);
	for (guint i = 0; good && i < n; i++)
		good = database_run(
			journal, error,
			"UPDATE steps SET ended = ? WHERE run = ? AND name = ? AND ended = 0",
			"iit", database_now(), run, steps[i]);
	return database_end(journal, good, error);
}
