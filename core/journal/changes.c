/* Changes as they begin and end: batches of them, each with one state and one fsync. */
#include "core/journal/database.h"
#include <string.h>

/* The parts of a key, each with the NUL that no name has behind it. */
static void bind_key(sqlite3_stmt *insert, int place, const Change *change, GString *buffer)
{
	g_string_truncate(buffer, 0);
	for (guint i = 0; i < change->n_key; i++)
		g_string_append_len(buffer, change->key[i], (gssize)strlen(change->key[i]) + 1);
	sqlite3_bind_blob(insert, place, buffer->str, (int)buffer->len, SQLITE_TRANSIENT);
}

static gboolean insert_change(Journal *journal, sqlite3_stmt *insert, Detail *detail,
			      Change *change, GString *buffer, GError **error)
{
	sqlite3_bind_int(insert, 1, change->kind);
	sqlite3_bind_text(insert, 2, change->step, -1, SQLITE_STATIC);
	sqlite3_bind_text(insert, 3, change->hook, -1, SQLITE_STATIC);
	sqlite3_bind_text(insert, 4, change->host, -1, SQLITE_STATIC);
	sqlite3_bind_text(insert, 5, change->target, -1, SQLITE_STATIC);
	bind_key(insert, 6, change, buffer);
	sqlite3_bind_int(insert, 7, (int)change->n_key);
	sqlite3_bind_text(insert, 8, change->column, -1, SQLITE_STATIC);
	sqlite3_bind_text(insert, 9, change->node, -1, SQLITE_STATIC);
	sqlite3_bind_int(insert, 10, change->before.kind);
	sqlite3_bind_text(insert, 11, change->before.text, -1, SQLITE_STATIC);
	sqlite3_bind_int(insert, 12, change->after.kind);
	sqlite3_bind_text(insert, 13, change->after.text, -1, SQLITE_STATIC);
	sqlite3_bind_text(insert, 14, change->seen, -1, SQLITE_STATIC);
	sqlite3_bind_text(insert, 15, change->seen_from, -1, SQLITE_STATIC);
	sqlite3_bind_int64(insert, 16, sum_change(change));
	if (sqlite3_step(insert) != SQLITE_DONE)
		return database_failed(journal, error);
	sqlite3_reset(insert);
	change->number = sqlite3_last_insert_rowid(journal->db);
	change->state = CHANGE_STARTED;
	return detail_insert(detail, change, error);
}

/*
 * So many more changes of the run are done, and are begun without an end.  `place` (or NULL)
 * gets a new place among the ends of its changes.
 */
static gboolean count(Journal *journal, gint64 run, gint64 done, gint64 started, gint64 *place,
		      GError **error)
{
	g_autoptr(sqlite3_stmt) update = database_prepare(
		journal, error,
		"UPDATE runs SET done = done + ?, started = started + ?, ends = ends + ?"
		" WHERE number = ? RETURNING ends",
		"iiii", done, started, (gint64)(place != NULL), run);

	if (!update)
		return FALSE;
	if (sqlite3_step(update) != SQLITE_ROW)
		return database_failed(journal, error);
	if (place)
		*place = sqlite3_column_int64(update, 0);
	return sqlite3_step(update) == SQLITE_DONE || database_failed(journal, error);
}

gboolean journal_start(Journal *journal, gint64 run, Change *const *changes, guint n,
		       GError **error)
{
	g_autoptr(sqlite3_stmt) insert = NULL;
	g_autoptr(Detail) detail = detail_new(journal);
	g_autoptr(GString) buffer = g_string_new(NULL);
	gboolean good;

	if (n == 0)
		return TRUE;
	if (!database_begin(journal, error))
		return FALSE;
	insert = database_prepare(
		journal, error,
		"INSERT INTO changes (kind, step, hook, host, target, key, n_key, column, node,"
		" before_kind, before, after_kind, after, seen, seen_from, sum)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		"");
	good = insert != NULL;
	for (guint i = 0; good && i < n; i++)
		good = insert_change(journal, insert, detail, changes[i], buffer, error);
	g_clear_pointer(&insert, sqlite3_finalize);
	g_clear_pointer(&detail, detail_free);
	/* In one transaction the numbers follow one another. */
	good = good &&
	       database_run(journal, error,
			    "INSERT INTO batches (first, last, run, state, begun, ended)"
			    " VALUES (?, ?, ?, ?, ?, 0)",
			    "iiiii", changes[0]->number, changes[n - 1]->number, run,
			    (gint64)CHANGE_STARTED, database_now()) &&
	       count(journal, run, 0, (gint64)n, NULL, error);
	return database_end(journal, good, error);
}

/* The end of the stretch of numbers, one after the other, that begins at `first`. */
static guint stretch_end(Change *const *changes, guint n, guint first)
{
	guint end = first + 1;

	while (end < n && changes[end]->number == changes[end - 1]->number + 1)
		end++;
	return end;
}

typedef struct {
	gint64 first, last, run;
	gboolean mixed;
} Batch;

/* The batches that have numbers from `first` to `last`.  Gives an array, or NULL. */
static GArray *batches_of(Journal *journal, gint64 first, gint64 last, GError **error)
{
	g_autoptr(GArray) batches = g_array_new(FALSE, FALSE, sizeof(Batch));
	g_autoptr(sqlite3_stmt) rows = database_prepare(
		journal, error,
		"SELECT first, last, run, mixed FROM batches WHERE first BETWEEN"
		" (SELECT max(first) FROM batches WHERE first <= ?) AND ?",
		"ii", first, last);
	int code;

	if (!rows)
		return NULL;
	while ((code = sqlite3_step(rows)) == SQLITE_ROW) {
		Batch batch = { sqlite3_column_int64(rows, 0), sqlite3_column_int64(rows, 1),
				sqlite3_column_int64(rows, 2), sqlite3_column_int(rows, 3) };

		g_array_append_val(batches, batch);
	}
	if (code != SQLITE_DONE) {
		database_failed(journal, error);
		return NULL;
	}
	return g_steal_pointer(&batches);
}

/* A whole batch comes to its state in one row; parts of one in a row each.  What is undone
 * keeps the place of its end. */
static gboolean settle_in(Journal *journal, const Batch *batch, gint64 first, gint64 last,
			  ChangeState state, gint64 place, GError **error)
{
	gint64 kept = state == CHANGE_UNDONE ? 0 : place;

	if (first <= batch->first && last >= batch->last && !batch->mixed)
		return database_run(journal, error,
				    "UPDATE batches SET state = ?, ended = ?,"
				    " place = iif(?3, ?3, place) WHERE first = ?4",
				    "iiii", (gint64)state, database_now(), kept, batch->first);
	return database_run(journal, error,
			    "UPDATE changes SET state = ?, ended = ?,"
			    " place = iif(?3, ?3, place) WHERE number BETWEEN ?4 AND ?5",
			    "iiiii", (gint64)state, database_now(), kept,
			    MAX(first, batch->first), MIN(last, batch->last)) &&
	       database_run(journal, error, "UPDATE batches SET mixed = 1 WHERE first = ?", "i",
			    batch->first);
}

/* The batch is forgotten where it is within the numbers; a rest at either end stays. */
static gboolean forget_in(Journal *journal, const Batch *batch, gint64 first, gint64 last,
			  GError **error)
{
	if (!database_run(journal, error, "DELETE FROM changes WHERE number BETWEEN ? AND ?",
			  "ii", MAX(first, batch->first), MIN(last, batch->last)))
		return FALSE;
	if (batch->first >= first && batch->last <= last)
		return database_run(journal, error, "DELETE FROM batches WHERE first = ?", "i",
				    batch->first);
	if (batch->last <= last)
		return database_run(journal, error,
				    "UPDATE batches SET last = ? WHERE first = ?", "ii",
				    first - 1, batch->first);
	return TRUE; /* no number below the last one is ever given again */
}

/* Of the run of these batches: so many have come to `state`.  Gives their place. */
static gboolean count_ends(Journal *journal, const GArray *batches, guint n, ChangeState state,
			   gint64 started, gint64 *place, GError **error)
{
	return count(journal, g_array_index(batches, Batch, 0).run,
		     state == CHANGE_DONE ? (gint64)n : 0,
		     (state == CHANGE_STARTED ? (gint64)n : 0) - started, place, error);
}

/*
 * `state` CHANGE_PLANNED: forget them, they never began.  `started` of them were started.  They
 * have one place among the ends of their run.
 */
static gboolean end_changes(Journal *journal, Change *const *changes, guint n,
			    ChangeState state, gint64 started, gint64 *place, GError **error)
{
	*place = 0;
	for (guint i = 0, end; i < n; i = end) {
		g_autoptr(GArray) batches = NULL;
		gint64 first = changes[i]->number, last;

		end = stretch_end(changes, n, i);
		last = changes[end - 1]->number;
		batches = batches_of(journal, first, last, error);
		if (!batches || batches->len == 0)
			return FALSE;
		if (i == 0 && !count_ends(journal, batches, n, state, started, place, error))
			return FALSE;
		for (guint j = 0; j < batches->len; j++) {
			const Batch *batch = &g_array_index(batches, Batch, j);

			if (!(state == CHANGE_PLANNED
				      ? forget_in(journal, batch, first, last, error)
				      : settle_in(journal, batch, first, last, state, *place,
						  error)))
				return FALSE;
		}
	}
	return TRUE;
}

static void take_end(Change *const *changes, guint n, ChangeState state, gint64 place)
{
	for (guint i = 0; i < n; i++) {
		changes[i]->state = state;
		if (state != CHANGE_UNDONE)
			changes[i]->ended = place;
	}
}

/* How many of them the journal has as started. */
static gint64 started_of(Change *const *changes, guint n)
{
	gint64 started = 0;

	for (guint i = 0; i < n; i++)
		started += changes[i]->state == CHANGE_STARTED;
	return started;
}

gboolean journal_settle(Journal *journal, Change *const *changes, guint n, ChangeState state,
			GError **error)
{
	gint64 place;
	gboolean good;

	if (!database_begin(journal, error))
		return FALSE;
	good = database_end(
		journal,
		end_changes(journal, changes, n, state, started_of(changes, n), &place, error),
		error);
	if (good)
		take_end(changes, n, state, place);
	return good;
}

/* Those of the changes that have come to `state`, in one place. */
static gboolean end_in_state(Journal *journal, Change *const *changes, guint n,
			     ChangeState state, GError **error)
{
	g_autoptr(GPtrArray) group = g_ptr_array_new();
	gint64 place;

	for (guint i = 0; i < n; i++)
		if (changes[i]->state == state)
			g_ptr_array_add(group, changes[i]);
	if (group->len == 0)
		return TRUE;
	if (!end_changes(journal, (Change *const *)group->pdata, group->len, state, group->len,
			 &place, error))
		return FALSE;
	take_end((Change *const *)group->pdata, group->len, state, place);
	return TRUE;
}

gboolean journal_results(Journal *journal, Change *const *changes, guint n, GError **error)
{
	static const ChangeState states[] = { CHANGE_DONE, CHANGE_FAILED, CHANGE_UNKNOWN };
	g_autoptr(Detail) detail = detail_new(journal);
	gboolean good = TRUE;

	if (!database_begin(journal, error))
		return FALSE;
	for (guint i = 0; good && i < n; i++)
		good = detail_result(detail, changes[i], error);
	g_clear_pointer(&detail, detail_free);
	for (gsize i = 0; good && i < G_N_ELEMENTS(states); i++)
		good = end_in_state(journal, changes, n, states[i], error);
	return database_end(journal, good, error);
}

gboolean journal_forget(Journal *journal, Change *const *changes, guint n, GError **error)
{
	gint64 place;

	return database_begin(journal, error) &&
	       database_end(journal,
			    end_changes(journal, changes, n, CHANGE_PLANNED,
					started_of(changes, n), &place, error),
			    error);
}
