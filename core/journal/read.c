/* What the journal tells. */
#include "core/journal/file.h"
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
	" done, started, mode,"                                                                \
	" EXISTS (SELECT 1 FROM batches WHERE run = runs.number) FROM runs "

static char *text_at(sqlite3_stmt *statement, int column)
{
	return g_strdup((const char *)sqlite3_column_text(statement, column));
}

static JournalRun *run_at(sqlite3_stmt *row)
{
	JournalRun *run = g_new0(JournalRun, 1);

	run->number = sqlite3_column_int64(row, 0);
	run->begun = sqlite3_column_int64(row, 1);
	run->ended = sqlite3_column_int64(row, 2);
	run->state = (JournalState)sqlite3_column_int(row, 3);
	run->who = text_at(row, 4);
	run->command = text_at(row, 5);
	run->reason = text_at(row, 6);
	run->database = text_at(row, 7);
	run->script = text_at(row, 8);
	run->digest = text_at(row, 9);
	run->from = text_at(row, 10);
	run->to = text_at(row, 11);
	run->undoes = sqlite3_column_int64(row, 12);
	run->pid = sqlite3_column_int64(row, 13);
	run->nodes = (guint)sqlite3_column_int(row, 14);
	run->step = text_at(row, 15);
	run->changes = (guint)sqlite3_column_int(row, 16);
	run->begun_changes = (guint)sqlite3_column_int(row, 17);
	run->mode = text_at(row, 18);
	run->has_changes = sqlite3_column_int(row, 19) != 0;
	return run;
}

gint64 journal_last(Journal *journal, gboolean begun, GError **error)
{
	g_autoptr(sqlite3_stmt) last = file_prepare(
		journal, error,
		begun ? "SELECT max(run) FROM batches" : "SELECT max(number) FROM runs", "");

	if (!last)
		return 0;
	if (sqlite3_step(last) == SQLITE_ROW)
		return sqlite3_column_int64(last, 0);
	file_failed(journal, error);
	return 0;
}

JournalRun *journal_run(Journal *journal, gint64 number, GError **error)
{
	g_autoptr(sqlite3_stmt) row =
		file_prepare(journal, error, RUN_COLUMNS "WHERE number = ?", "i", number);
	int code = row ? sqlite3_step(row) : SQLITE_ERROR;

	if (code == SQLITE_ROW)
		return run_at(row);
	if (code == SQLITE_DONE)
		g_set_error(error, JOURNAL_ERROR, JOURNAL_ERROR_UNKNOWN,
			    "there is no run %" G_GINT64_FORMAT "; snmove --history lists them",
			    number);
	else if (row)
		file_failed(journal, error);
	return NULL;
}

GPtrArray *journal_runs(Journal *journal, const char *node, GError **error)
{
	g_autoptr(GPtrArray) runs = g_ptr_array_new_with_free_func(
		(GDestroyNotify)(void (*)(void))journal_run_free);
	g_autoptr(sqlite3_stmt) rows = NULL;
	int code;

	if (node)
		rows = file_prepare(journal, error,
				    RUN_COLUMNS
				    "WHERE number IN (SELECT run FROM nodes WHERE name = ?)"
				    " ORDER BY number DESC",
				    "t", node);
	else
		rows = file_prepare(journal, error, RUN_COLUMNS "ORDER BY number DESC", "");
	if (!rows)
		return NULL;
	while ((code = sqlite3_step(rows)) == SQLITE_ROW)
		g_ptr_array_add(runs, run_at(rows));
	if (code != SQLITE_DONE) {
		file_failed(journal, error);
		return NULL;
	}
	return g_steal_pointer(&runs);
}

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

static void add_node(JournalContent *content, sqlite3_stmt *row)
{
	JournalNode node = { file_text(row, 0, content->text), file_text(row, 1, content->text),
			     file_text(row, 2, content->text), file_text(row, 3, content->text),
			     file_text(row, 4, content->text) };

	g_array_append_val(content->nodes, node);
}

static void add_option(JournalContent *content, sqlite3_stmt *row)
{
	g_hash_table_insert(content->options, text_at(row, 0), text_at(row, 1));
}

static void add_note(JournalContent *content, sqlite3_stmt *row)
{
	const char *text = (const char *)sqlite3_column_text(row, 1);
	GVariant *value = text ? g_variant_parse(NULL, text, NULL, NULL, NULL) : NULL;

	if (value)
		g_hash_table_insert(content->notes, text_at(row, 0), value);
}

static void add_step(JournalContent *content, sqlite3_stmt *row)
{
	g_hash_table_add(content->steps, text_at(row, 0));
}

static void add_line(JournalContent *content, sqlite3_stmt *row)
{
	g_ptr_array_add(content->seen, text_at(row, 0));
}

static void take_key(JournalContent *content, Change *change, const char *bytes, gsize length)
{
	const char **key;

	if (change->n_key == 0)
		return;
	if (change->n_key == 1) {
		change->row = g_string_chunk_insert_const(content->text, length ? bytes : "");
		change->key = &change->row;
		return;
	}
	key = g_new0(const char *, change->n_key + 1);
	for (guint i = 0; i < change->n_key && length > 0; i++) {
		gsize part = strlen(bytes) + 1;

		key[i] = g_string_chunk_insert_const(content->text, bytes);
		bytes += part;
		length -= MIN(part, length);
	}
	change->key = key;
}

static void add_change(JournalContent *content, sqlite3_stmt *row)
{
	Change *change = g_new0(Change, 1);

	change->number = sqlite3_column_int64(row, 0);
	change->kind = (ChangeKind)sqlite3_column_int(row, 1);
	change->state = (ChangeState)sqlite3_column_int(row, 2);
	change->step = file_text(row, 3, content->text);
	change->hook = file_text(row, 4, content->text);
	change->host = file_text(row, 5, content->text);
	change->target = file_text(row, 6, content->text);
	change->n_key = (guint)sqlite3_column_int(row, 8);
	take_key(content, change, sqlite3_column_blob(row, 7),
		 (gsize)sqlite3_column_bytes(row, 7));
	change->column = file_text(row, 9, content->text);
	change->node = file_text(row, 10, content->text);
	change->before.kind = (StoreCellKind)sqlite3_column_int(row, 11);
	change->before.text = file_text(row, 12, content->text);
	change->after.kind = (StoreCellKind)sqlite3_column_int(row, 13);
	change->after.text = file_text(row, 14, content->text);
	change->seen = file_text(row, 15, content->text);
	change->seen_from = file_text(row, 16, content->text);
	g_ptr_array_add(content->changes, change);
}

static gboolean read_rows(Journal *journal, gint64 run, const char *sql,
			  void (*add)(JournalContent *, sqlite3_stmt *),
			  JournalContent *content, GError **error)
{
	g_autoptr(sqlite3_stmt) rows = file_prepare(journal, error, sql, "i", run);
	int code;

	if (!rows)
		return FALSE;
	while ((code = sqlite3_step(rows)) == SQLITE_ROW)
		add(content, rows);
	return code == SQLITE_DONE || file_failed(journal, error);
}

static void add_count(JournalContent *content, sqlite3_stmt *row)
{
	content->queries = (guint)sqlite3_column_int(row, 0);
}

/* The changes of a kind, by number; or NULL: there are none. */
static GHashTable *changes_of_kind(const JournalContent *content, ChangeKind kind)
{
	g_autoptr(GHashTable) found = g_hash_table_new(g_int64_hash, g_int64_equal);

	for (guint i = 0; i < content->changes->len; i++) {
		Change *change = content->changes->pdata[i];

		if (change->kind == kind)
			g_hash_table_insert(found, &change->number, change);
	}
	return g_hash_table_size(found) > 0 ? g_steal_pointer(&found) : NULL;
}

static gboolean read_host_changes(Journal *journal, gint64 run, JournalContent *content,
				  GError **error)
{
	g_autoptr(GHashTable) commands = changes_of_kind(content, CHANGE_COMMAND);
	g_autoptr(GHashTable) files = changes_of_kind(content, CHANGE_FILE);

	if ((commands && !command_read(journal, run, commands, content->text, error)) ||
	    (files && !put_read(journal, run, files, content->text, error)))
		return FALSE;
	/* A damaged journal may lack what belongs to a change. */
	for (guint i = 0; i < content->changes->len; i++) {
		Change *change = content->changes->pdata[i];

		if (change->kind == CHANGE_COMMAND && !change->command)
			change->command = g_new0(ChangeCommand, 1);
		else if (change->kind == CHANGE_FILE && !change->file)
			change->file = g_new0(ChangeFile, 1);
	}
	return TRUE;
}

JournalContent *journal_content(Journal *journal, gint64 run, GError **error)
{
	g_autoptr(JournalContent) content = g_new0(JournalContent, 1);

	content->nodes = g_array_new(FALSE, FALSE, sizeof(JournalNode));
	content->options = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	content->notes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					       (GDestroyNotify)g_variant_unref);
	content->steps = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	content->changes = g_ptr_array_new_with_free_func(change_free);
	content->owed = g_ptr_array_new_with_free_func(journal_owed_free);
	content->seen = g_ptr_array_new_with_free_func(g_free);
	content->text = g_string_chunk_new(1 << 14);
	if (!read_rows(journal, run,
		       "SELECT name, old_sn, old_snn, new_sn, new_snn FROM nodes WHERE run = ?"
		       " ORDER BY name",
		       add_node, content, error) ||
	    !read_rows(journal, run, "SELECT name, value FROM options WHERE run = ?",
		       add_option, content, error) ||
	    !read_rows(journal, run, "SELECT name, value FROM notes WHERE run = ?", add_note,
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
		    " after, seen, seen_from FROM batches"
		    " JOIN changes ON number BETWEEN first AND last WHERE run = ?"
		    " ORDER BY number",
		    add_change, content, error) ||
	    !read_rows(journal, run, "SELECT count(*) FROM queries WHERE run = ?", add_count,
		       content, error) ||
	    !read_host_changes(journal, run, content, error))
		return NULL;
	return g_steal_pointer(&content);
}
