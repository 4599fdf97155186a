/* What a run was begun with, and what it has done. */
#include "core/journal/database.h"
#include <string.h>

#define KEY_MOST 64 /* columns of a key: no table of xCAT has more than a few */

void journal_content_free(JournalContent *content)
{
	if (!content)
		return;
	g_array_unref(content->nodes);
	g_hash_table_unref(content->options);
	g_hash_table_unref(content->notes);
	g_hash_table_unref(content->steps);
	g_ptr_array_unref(content->changes);
	g_ptr_array_unref(content->owed);
	g_ptr_array_unref(content->seen);
	g_string_chunk_free(content->text);
	g_free(content);
}

static gboolean add_node(JournalContent *content, sqlite3_stmt *row)
{
	JournalNode node = {
		database_text(row, 0, content->text), database_text(row, 1, content->text),
		database_text(row, 2, content->text), database_text(row, 3, content->text),
		database_text(row, 4, content->text), sqlite3_column_int64(row, 5),
		sqlite3_column_int64(row, 6)
	};

	g_array_append_val(content->nodes, node);
	return sum_holds(row, 7, sum_node(&node));
}

static gboolean add_option(JournalContent *content, sqlite3_stmt *row)
{
	g_hash_table_insert(content->options, database_copy(row, 0), database_copy(row, 1));
	return TRUE;
}

static gboolean add_note(JournalContent *content, sqlite3_stmt *row)
{
	const char *text = (const char *)sqlite3_column_text(row, 1);
	GVariant *value = text ? g_variant_parse(NULL, text, NULL, NULL, NULL) : NULL;

	if (value)
		g_hash_table_insert(content->notes, database_copy(row, 0), value);
	return TRUE;
}

static gboolean add_step(JournalContent *content, sqlite3_stmt *row)
{
	g_hash_table_add(content->steps, database_copy(row, 0));
	return TRUE;
}

static gboolean add_line(JournalContent *content, sqlite3_stmt *row)
{
	g_ptr_array_add(content->seen, database_copy(row, 0));
	return TRUE;
}

/* A key is kept as its parts, each with a NUL behind it.  FALSE: it is damaged. */
static gboolean take_key(JournalContent *content, Change *change, const char *bytes,
			 gsize length)
{
	const char **key;

	if (change->n_key > KEY_MOST || (length > 0 && bytes[length - 1]))
		return FALSE;
	if (change->n_key == 0)
		return TRUE;
	if (change->n_key == 1) {
		change->row = g_string_chunk_insert_const(content->text, length ? bytes : "");
		change->key = &change->row;
		return TRUE;
	}
	key = g_new0(const char *, change->n_key + 1);
	change->key = key;
	for (guint i = 0; i < change->n_key; i++) {
		gsize part;

		if (length == 0)
			return FALSE;
		part = strlen(bytes) + 1;
		key[i] = g_string_chunk_insert_const(content->text, bytes);
		bytes += part;
		length -= part;
	}
	return TRUE;
}

/* A text of the row: mostly it is the one that its neighbour has, `like` (or NULL). */
static const char *take_text(sqlite3_stmt *row, int column, const char *like,
			     GStringChunk *text)
{
	const char *here = (const char *)sqlite3_column_text(row, column);

	return here && like && g_str_equal(here, like) ? like
						       : database_text(row, column, text);
}

static gboolean take_cell(StoreCell *cell, sqlite3_stmt *row, int column, const StoreCell *like,
			  GStringChunk *text)
{
	guint kind = (guint)sqlite3_column_int(row, column);

	cell->kind = (StoreCellKind)kind;
	cell->text = take_text(row, column + 1, like->text, text);
	return kind <= STORE_CELL_TEXT && (kind != STORE_CELL_TEXT || cell->text);
}

/* What a disk may have made of it is not believed.  FALSE: it is damaged. */
static gboolean take_change(JournalContent *content, Change *change, const Change *neighbour,
			    sqlite3_stmt *row)
{
	guint state = (guint)sqlite3_column_int(row, 2);
	gint64 n_key = sqlite3_column_int64(row, 8);
	GStringChunk *text = content->text;

	change->number = sqlite3_column_int64(row, 0);
	change->state = (ChangeState)state;
	change->step = take_text(row, 3, neighbour->step, text);
	change->hook = take_text(row, 4, neighbour->hook, text);
	change->host = take_text(row, 5, neighbour->host, text);
	change->target = take_text(row, 6, neighbour->target, text);
	change->column = take_text(row, 9, neighbour->column, text);
	change->seen = take_text(row, 15, neighbour->seen, text);
	change->seen_from = take_text(row, 16, neighbour->seen_from, text);
	change->ended = sqlite3_column_int64(row, 17);
	change->n_key = n_key >= 0 && n_key <= KEY_MOST ? (guint)n_key : KEY_MOST + 1;
	if (state >= CHANGE_STATES || !take_key(content, change, sqlite3_column_blob(row, 7),
						(gsize)sqlite3_column_bytes(row, 7)))
		return FALSE;
	change->node = take_text(row, 10, change->row, text);
	return take_cell(&change->before, row, 11, &neighbour->before, text) &&
	       take_cell(&change->after, row, 13, &neighbour->after, text) && change->step &&
	       change->target && change_class(change)->is_whole(change) &&
	       sum_holds(row, 18, sum_change(change));
}

static gboolean add_change(JournalContent *content, sqlite3_stmt *row)
{
	guint kind = (guint)sqlite3_column_int(row, 1);
	g_autoptr(Change) change = change_class_of(kind) ? change_new((ChangeKind)kind) : NULL;
	static const Change nobody;
	guint n = content->changes->len;

	if (!change || !take_change(content, change,
				    n > 0 ? content->changes->pdata[n - 1] : &nobody, row))
		return FALSE;
	g_ptr_array_add(content->changes, g_steal_pointer(&change));
	return TRUE;
}

static gboolean refuse_damaged(const Journal *journal, gint64 run, GError **error)
{
	g_set_error(
		error, JOURNAL_ERROR, JOURNAL_ERROR_FAILED,
		"the journal '%s' is damaged: what run %" G_GINT64_FORMAT
		" has changed cannot be read from it, and nothing is done by it; put back a "
		"copy of it, or move it away, and its runs with it",
		journal->path, run);
	return FALSE;
}

static gboolean read_rows(Journal *journal, gint64 run, const char *sql,
			  gboolean (*add)(JournalContent *, sqlite3_stmt *),
			  JournalContent *content, GError **error)
{
	g_autoptr(sqlite3_stmt) rows = database_prepare(journal, error, sql, "i", run);
	int code;

	if (!rows)
		return FALSE;
	while ((code = sqlite3_step(rows)) == SQLITE_ROW)
		if (!add(content, rows))
			return refuse_damaged(journal, run, error);
	return code == SQLITE_DONE || database_failed(journal, error);
}

static gboolean add_count(JournalContent *content, sqlite3_stmt *row)
{
	content->queries = (guint)sqlite3_column_int(row, 0);
	return TRUE;
}

gint64 journal_notes_run(Journal *journal, gint64 run, GError **error)
{
	g_autoptr(sqlite3_stmt) first =
		database_prepare(journal, error,
				 "WITH RECURSIVE undone(number) AS (VALUES (?) UNION"
				 " SELECT undoes FROM runs JOIN undone USING (number)"
				 " WHERE undoes > 0) SELECT min(number) FROM undone",
				 "i", run);

	if (!first)
		return 0;
	if (sqlite3_step(first) == SQLITE_ROW)
		return sqlite3_column_int64(first, 0);
	database_failed(journal, error);
	return 0;
}

JournalContent *journal_content(Journal *journal, gint64 run, GError **error)
{
	g_autoptr(JournalContent) content = g_new0(JournalContent, 1);
	gint64 notes = journal_notes_run(journal, run, error);

	content->nodes = g_array_new(FALSE, FALSE, sizeof(JournalNode));
	content->options = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	content->notes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					       (GDestroyNotify)g_variant_unref);
	content->steps = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	content->changes = g_ptr_array_new_with_free_func(change_free);
	content->owed = g_ptr_array_new_with_free_func(journal_owed_free);
	content->seen = g_ptr_array_new_with_free_func(g_free);
	content->text = g_string_chunk_new(1 << 14);
	if (!notes ||
	    !read_rows(
		    journal, run,
		    "SELECT name, old_sn, old_snn, new_sn, new_snn, back, again, sum FROM nodes"
		    " WHERE run = ? ORDER BY name",
		    add_node, content, error) ||
	    !read_rows(journal, run, "SELECT name, value FROM options WHERE run = ?",
		       add_option, content, error) ||
	    !read_rows(journal, notes, "SELECT name, value FROM notes WHERE run = ?", add_note,
		       content, error) ||
	    !read_rows(journal, run,
		       "SELECT name FROM steps WHERE run = ?1 AND ended > 0 AND number ="
		       " (SELECT max(number) FROM steps AS last WHERE last.run = ?1"
		       " AND last.name = steps.name)",
		       add_step, content, error) ||
	    !read_rows(journal, run, "SELECT line FROM lines WHERE run = ? ORDER BY rowid",
		       add_line, content, error) ||
	    !owed_read(journal, run, content->owed, error) ||
	    !read_rows(
		    journal, run,
		    "SELECT number, kind, ifnull(changes.state, batches.state), step, hook,"
		    " host, target, key, n_key, column, node, before_kind, before, after_kind,"
		    " after, seen, seen_from, ifnull(changes.place, batches.place), sum FROM "
		    "batches"
		    " JOIN changes ON number BETWEEN first AND last WHERE run = ?"
		    " ORDER BY first, number", /* as they lie: none is sorted */
		    add_change, content, error) ||
	    !read_rows(journal, run, "SELECT count(*) FROM queries WHERE run = ?", add_count,
		       content, error) ||
	    !detail_read(journal, run, content->changes, content->text, error))
		return NULL;
	return g_steal_pointer(&content);
}
