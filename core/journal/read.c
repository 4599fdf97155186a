/* Which runs there are. */
#include "core/journal/database.h"
#include <string.h>

static const char *const state_names[] = {
	[JOURNAL_RUNNING] = "running",
	[JOURNAL_DONE] = "done",
	[JOURNAL_OWED] = "done, with work owed",
	[JOURNAL_REFUSED] = "refused",
	[JOURNAL_STOPPED] = "stopped",
	[JOURNAL_INTERRUPTED] = "interrupted",
	[JOURNAL_UNDONE] = "undone",
	[JOURNAL_CLOSED] = "closed",
};

const char *journal_state_name(JournalState state)
{
	return state < G_N_ELEMENTS(state_names) ? state_names[state] : "unknown";
}

void journal_run_free(JournalRun *run)
{
	if (!run)
		return;
	g_free(run->who);
	g_free(run->command);
	g_free(run->reason);
	g_free(run->database);
	g_free(run->script);
	g_free(run->digest);
	g_free(run->mode);
	g_free(run->from);
	g_free(run->to);
	g_free(run->step);
	g_free(run);
}

#define RUN_COLUMNS                                                                            \
	"SELECT number, begun, ended, state, who, command, reason, database, script, digest,"  \
	" source, destination, undoes, pid, nodes,"                                            \
	" (SELECT name FROM steps WHERE run = runs.number ORDER BY number DESC LIMIT 1),"      \
	" done, started, mode, depth, back, again,"                                            \
	" EXISTS (SELECT 1 FROM batches WHERE run = runs.number) FROM runs "

static JournalRun *run_at(sqlite3_stmt *row)
{
	JournalRun *run = g_new0(JournalRun, 1);

	run->number = sqlite3_column_int64(row, 0);
	run->begun = sqlite3_column_int64(row, 1);
	run->ended = sqlite3_column_int64(row, 2);
	run->state = (JournalState)sqlite3_column_int(row, 3);
	run->who = database_copy(row, 4);
	run->command = database_copy(row, 5);
	run->reason = database_copy(row, 6);
	run->database = database_copy(row, 7);
	run->script = database_copy(row, 8);
	run->digest = database_copy(row, 9);
	run->from = database_copy(row, 10);
	run->to = database_copy(row, 11);
	run->undoes = sqlite3_column_int64(row, 12);
	run->pid = sqlite3_column_int64(row, 13);
	run->nodes = (guint)sqlite3_column_int(row, 14);
	run->step = database_copy(row, 15);
	run->changes = (guint)sqlite3_column_int(row, 16);
	run->begun_changes = (guint)sqlite3_column_int(row, 17);
	run->mode = database_copy(row, 18);
	run->depth = (guint)sqlite3_column_int(row, 19);
	run->back = (guint)sqlite3_column_int(row, 20);
	run->again = (guint)sqlite3_column_int(row, 21);
	run->has_changes = sqlite3_column_int(row, 22) != 0;
	return run;
}

gint64 journal_last(Journal *journal, gboolean begun, GError **error)
{
	g_autoptr(sqlite3_stmt) last = database_prepare(
		journal, error,
		begun ? "SELECT max(run) FROM batches" : "SELECT max(number) FROM runs", "");

	if (!last)
		return 0;
	if (sqlite3_step(last) == SQLITE_ROW)
		return sqlite3_column_int64(last, 0);
	database_failed(journal, error);
	return 0;
}

gint64 journal_last_on(Journal *journal, const char *database, GError **error)
{
	g_autoptr(sqlite3_stmt) last = database_prepare(
		journal, error,
		"SELECT number FROM runs WHERE database IS ? AND ifnull(source <> destination, "
		"1) AND "
		"EXISTS"
		" (SELECT 1 FROM batches WHERE run = number) ORDER BY number DESC LIMIT 1",
		"t", database);
	int code = last ? sqlite3_step(last) : SQLITE_ERROR;

	if (code == SQLITE_ROW)
		return sqlite3_column_int64(last, 0);
	if (last && code != SQLITE_DONE)
		database_failed(journal, error);
	return 0;
}

/* One of them.  FALSE and an error: it cannot be read. */
static gboolean add_moved(Journal *journal, sqlite3_stmt *last, const char *name, GArray *moved,
			  GStringChunk *text, GError **error)
{
	JournalNode node = { .name = name };
	int code;

	sqlite3_bind_text(last, 2, name, -1, SQLITE_STATIC);
	code = sqlite3_step(last);
	if (code == SQLITE_ROW) {
		node.old_sn = database_text(last, 0, text);
		node.old_snn = database_text(last, 1, text);
		node.new_sn = database_text(last, 2, text);
		node.new_snn = database_text(last, 3, text);
		g_array_append_val(moved, node);
	}
	sqlite3_reset(last);
	return code == SQLITE_ROW || code == SQLITE_DONE || database_failed(journal, error);
}

gboolean journal_moved(Journal *journal, const char *database, const char *const *names,
		       guint n, GArray *moved, GStringChunk *text, GError **error)
{
	g_autoptr(sqlite3_stmt) last = database_prepare(
		journal, error,
		"SELECT old_sn, old_snn, new_sn, new_snn FROM nodes JOIN runs ON number = run"
		" WHERE database IS ?1 AND name = ?2 AND nodes.back = 0 AND ifnull(undoes, 0) "
		"= 0"
		" AND script NOT NULL AND done > 0 AND source IS NOT destination"
		" ORDER BY run DESC LIMIT 1",
		"t", database);

	for (guint i = 0; last && i < n; i++)
		if (!add_moved(journal, last, names[i], moved, text, error))
			return FALSE;
	return last != NULL;
}

GPtrArray *journal_left_behind(Journal *journal, const char *database, const char *server,
			       GError **error)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(sqlite3_stmt) rows = database_prepare(
		journal, error,
		"SELECT DISTINCT name FROM nodes JOIN runs ON run = number WHERE database IS ?"
		" AND mode = 'dead' AND old_sn = ? AND EXISTS (SELECT 1 FROM batches WHERE"
		" batches.run = number) ORDER BY name",
		"tt", database, server);
	int code;

	if (!rows)
		return NULL;
	while ((code = sqlite3_step(rows)) == SQLITE_ROW)
		g_ptr_array_add(names, database_copy(rows, 0));
	if (code == SQLITE_DONE)
		return g_steal_pointer(&names);
	database_failed(journal, error);
	return NULL;
}

gboolean journal_run_boots(const JournalRun *run)
{
	return run->from && !*run->from && run->to && !*run->to;
}

JournalRun *journal_run(Journal *journal, gint64 number, GError **error)
{
	g_autoptr(sqlite3_stmt) row =
		database_prepare(journal, error, RUN_COLUMNS "WHERE number = ?", "i", number);
	int code = row ? sqlite3_step(row) : SQLITE_ERROR;

	if (code == SQLITE_ROW)
		return run_at(row);
	if (code == SQLITE_DONE)
		g_set_error(error, JOURNAL_ERROR, JOURNAL_ERROR_UNKNOWN,
			    "there is no run %" G_GINT64_FORMAT, number);
	else if (row)
		database_failed(journal, error);
	return NULL;
}

GPtrArray *journal_runs(Journal *journal, const char *node, GError **error)
{
	g_autoptr(GPtrArray) runs = g_ptr_array_new_with_free_func(
		(GDestroyNotify)(void (*)(void))journal_run_free);
	g_autoptr(sqlite3_stmt) rows = NULL;
	int code;

	if (node)
		rows = database_prepare(journal, error,
					RUN_COLUMNS
					"WHERE number IN (SELECT run FROM nodes WHERE name = ?)"
					" ORDER BY number DESC",
					"t", node);
	else
		rows = database_prepare(journal, error, RUN_COLUMNS "ORDER BY number DESC", "");
	if (!rows)
		return NULL;
	while ((code = sqlite3_step(rows)) == SQLITE_ROW)
		g_ptr_array_add(runs, run_at(rows));
	if (code != SQLITE_DONE) {
		database_failed(journal, error);
		return NULL;
	}
	return g_steal_pointer(&runs);
}
