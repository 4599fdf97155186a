/*
 * Rows that all get the same values in place of the same, that are all made with the same, or
 * all go away with the same: one sentence says them once and names the rows.  No temporary
 * table is made, nothing else is sent, and no right but to write is needed.
 *
 * It says how many rows it has written.  If those are not all, rows that stay are read as they
 * were, and the first that differs is named; others go by a temporary table after all, which
 * writes them or says what stands in the way.
 */
#include "core/base.h"
#include "core/store/server_batch.h"
#include <string.h>

#define QUOTED strlen("'',")

gsize server_most_bytes = G_MAXSIZE;

/* Rows of the batch that one sentence names. */
typedef struct {
	const RowBatch *batch;
	guint first, n;
	GPtrArray *keys; /* of the rows */
} Part;

static const char *key_of(const RowBatch *batch, guint place)
{
	return ((const Row *)batch->rows->pdata[place])->first->key[0];
}

/* What a row adds to a sentence: its name, which some servers want twice, or with its values
 * where it is new. */
static gsize length_of(const Server *server, const RowBatch *batch, const char *key)
{
	gsize length = strlen(key) + QUOTED;

	if (!batch->made)
		return 2 * length;
	for (guint i = 0; server->class->repeats_values && i < batch->model->cells->len; i++) {
		const char *text = row_text(&row_cell(batch->model, i)->last->after);

		length += QUOTED + (text ? strlen(text) : 0);
	}
	return length;
}

/* The next part.  FALSE: there is none. */
static gboolean part_next(const Server *server, Part *part)
{
	/* Each byte may have to be quoted, and be two. */
	gsize most = MIN(server->class->longest(server->connection) / 2, server_most_bytes);
	gsize length = 0;

	part->first += part->n;
	g_ptr_array_set_size(part->keys, 0);
	for (guint i = part->first; i < part->batch->rows->len && length < most; i++) {
		const char *key = key_of(part->batch, i);

		length += length_of(server, part->batch, key);
		g_ptr_array_add(part->keys, (gpointer)key);
	}
	part->n = part->keys->len;
	return part->n > 0;
}

/* ---- The sentence ---- */

static void append_value(const Server *server, GString *sql, const char *text)
{
	if (text)
		server->class->append_text(server->connection, sql, text);
	else
		g_string_append(sql, "NULL");
}

/* " AS t WHERE the key is one of the part's", as the index is asked. */
static void append_rows(const Server *server, GString *sql, const Part *part)
{
	const RowTable *table = part->batch->table;
	g_autoptr(GString) key = g_string_new("t.");

	server_append_column(server, key, table, table->table->keys[0]);
	server->class->append_among(server->connection, sql, key->str,
				    table->types[table->table->keys[0]],
				    (const char *const *)part->keys->pdata, part->n);
}

/* " AND t.COLUMN is what it was": each cell. */
static void append_guards(const Server *server, GString *sql, const RowBatch *batch)
{
	const ServerClass *class = server->class;

	for (guint i = 0; i < batch->model->cells->len; i++) {
		const RowCell *cell = row_cell(batch->model, i);

		g_string_append_printf(sql, " AND %st.", class->same_text_head);
		server_append_column(server, sql, batch->table, cell->column);
		g_string_append(sql, class->same_text);
		append_value(server, sql, row_text(&cell->first->before));
	}
}

static char *update_sentence(const Server *server, const Part *part)
{
	const ServerClass *class = server->class;
	const RowTable *table = part->batch->table;
	const Row *model = part->batch->model;
	GString *sql = g_string_new("UPDATE ");

	g_string_append_printf(sql, "%s AS t%s SET ", table->target, class->by_key);
	for (guint i = 0; i < model->cells->len; i++) {
		const RowCell *cell = row_cell(model, i);

		g_string_append_printf(sql, "%s%s", i ? ", " : "", class->set_head);
		server_append_column(server, sql, table, cell->column);
		g_string_append(sql, " = ");
		append_value(server, sql, row_text(&cell->last->after));
	}
	g_string_append(sql, " WHERE ");
	append_rows(server, sql, part);
	append_guards(server, sql, part->batch);
	return g_string_free(sql, FALSE);
}

static char *insert_sentence(const Server *server, const Part *part)
{
	const RowTable *table = part->batch->table;
	const Row *model = part->batch->model;
	GString *sql = g_string_new("INSERT INTO ");

	g_string_append_printf(sql, "%s (", table->target);
	server_append_column(server, sql, table, table->table->keys[0]);
	for (guint i = 0; i < model->cells->len; i++) {
		g_string_append_c(sql, ',');
		server_append_column(server, sql, table, row_cell(model, i)->column);
	}
	g_string_append(sql, ") ");
	server->class->append_new(server->connection, sql, part->batch,
				  (const char *const *)part->keys->pdata, part->n);
	return g_string_free(sql, FALSE);
}

static gboolean has_column(const Row *row, guint column)
{
	for (guint i = 0; i < row->cells->len; i++)
		if (row_cell(row, i)->column == column)
			return TRUE;
	return FALSE;
}

/* Rows that have what they had, and nothing else but their key. */
static char *delete_sentence(const Server *server, const Part *part)
{
	const RowTable *table = part->batch->table;
	GString *sql = g_string_new(server->class->delete_head);

	g_string_append_printf(sql, "%s AS t%s WHERE ", table->target, server->class->by_key);
	append_rows(server, sql, part);
	append_guards(server, sql, part->batch);
	for (guint i = 0; i < table->table->n_columns; i++) {
		if (store_table_is_key(table->table, i) || has_column(part->batch->model, i))
			continue;
		g_string_append(sql, " AND t.");
		server_append_column(server, sql, table, i);
		g_string_append(sql, " IS NULL");
	}
	return g_string_free(sql, FALSE);
}

/* Do the rows go away, if they have nothing else? */
static gboolean goes_away(const RowBatch *batch)
{
	return batch->emptied && !batch->made && !row_keeps_value(batch->model);
}

static char *sentence(const Server *server, const Part *part)
{
	if (part->batch->made)
		return insert_sentence(server, part);
	return goes_away(part->batch) ? delete_sentence(server, part)
				      : update_sentence(server, part);
}

/* ---- What differs ---- */

static char *select_sentence(const Server *server, const Part *part)
{
	const RowTable *table = part->batch->table;
	GString *sql = g_string_new("SELECT t.");

	server_append_column(server, sql, table, table->table->keys[0]);
	for (guint i = 0; i < part->batch->model->cells->len; i++) {
		g_string_append(sql, ", t.");
		server_append_column(server, sql, table,
				     row_cell(part->batch->model, i)->column);
	}
	g_string_append_printf(sql, " FROM %s AS t%s WHERE ", table->target,
			       server->class->by_key);
	append_rows(server, sql, part);
	return g_string_free(sql, FALSE);
}

/* The cells of the part's rows that are there, by key.  Gives them, or NULL with an error. */
static GHashTable *find_rows(Server *server, const Part *part, GError **error)
{
	guint width = 1 + part->batch->model->cells->len;
	g_autofree char *sql = select_sentence(server, part);
	g_autofree const char **cells = g_new0(const char *, width + 1);
	g_autofree gsize *lengths = g_new0(gsize, width);
	gpointer result = server_query(server, sql, error);
	GHashTable *rows;

	if (!result)
		return NULL;
	rows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
				     (GDestroyNotify)g_ptr_array_unref);
	while (server->class->next(result, cells, lengths)) {
		GPtrArray *row = g_ptr_array_new_with_free_func(g_free);

		for (guint i = 1; i < width; i++)
			g_ptr_array_add(row, g_strdup(cells[i]));
		g_hash_table_insert(rows, g_strdup(cells[0]), row);
	}
	server->class->result_free(result);
	return rows;
}

/* FALSE: an error is set. */
static gboolean check_part(Server *server, const Part *part, GError **error)
{
	g_autoptr(GHashTable) rows = find_rows(server, part, error);
	g_autoptr(GError) problem = NULL;

	if (!rows)
		return FALSE;
	for (guint i = 0; i < part->n && !problem; i++) {
		const Row *row = part->batch->rows->pdata[part->first + i];
		const GPtrArray *cells = g_hash_table_lookup(rows, row->first->key[0]);

		row_refuse(row, cells ? (const char *const *)cells->pdata : NULL, &problem);
	}
	if (!problem)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&problem));
	return FALSE;
}

/* Rows that were written have their new values: all are looked at as they were. */
static gboolean refuse_differing(Server *server, const RowBatch *batch, guint64 written,
				 GError **error)
{
	g_autoptr(GPtrArray) keys = g_ptr_array_new();
	Part part = { batch, 0, 0, keys };

	if (!server_execute(server, "ROLLBACK TO SAVEPOINT batch", NULL, error))
		return FALSE;
	while (part_next(server, &part))
		if (!check_part(server, &part, error))
			return FALSE;
	return server_refuse_count(server, batch, written, error);
}

/* ---- Writing ---- */

/* A value that the server cannot hold is told by the rows that were to have it. */
static gboolean write_failed(const Server *server, const Part *part, GError **error)
{
	const Row *row = part->batch->rows->pdata[part->first];
	const char *table = part->batch->table->table->name;
	g_autofree char *key = store_key_text(row->first->key, row->first->n_key);

	if (!server->connection || server->class->problem(server->connection) != SERVER_UNFIT)
		g_prefix_error(error, "cannot write table '%s': ", table);
	else if (part->n == 1)
		g_prefix_error(error, "cannot write the row of %s in table '%s': ", key, table);
	else
		g_prefix_error(error,
			       "cannot write the row of %s in table '%s', and %u like it: ",
			       key, table, part->n - 1);
	return FALSE;
}

/* Others than the rows that are to be made may have their keys, and those that are to go may
 * have other values. */
static gboolean write_otherwise(Server *server, guint number, GError **error)
{
	return server_execute(server, "ROLLBACK TO SAVEPOINT batch", NULL, error) &&
	       server_send_ragged(server, number, error) &&
	       server_write_ragged(server, number, error);
}

static gboolean is_doubled(const Server *server)
{
	return server->connection &&
	       server->class->problem(server->connection) == SERVER_DOUBLED;
}

gboolean server_write_alike(Server *server, guint number, GError **error)
{
	const RowBatch *batch = server->plan->batches->pdata[number];
	g_autoptr(GPtrArray) keys = g_ptr_array_new();
	Part part = { batch, 0, 0, keys };
	guint64 written = 0;

	if (!server_execute(server, "SAVEPOINT batch", NULL, error))
		return FALSE;
	while (part_next(server, &part)) {
		g_autofree char *sql = sentence(server, &part);
		g_autoptr(GError) problem = NULL;
		guint64 n = 0;

		if (!server_execute(server, sql, &n, &problem)) {
			if (batch->made && is_doubled(server))
				return write_otherwise(server, number, error);
			g_propagate_error(error, g_steal_pointer(&problem));
			return write_failed(server, &part, error);
		}
		written += n;
	}
	if (written == batch->rows->len)
		return TRUE;
	return batch->made || goes_away(batch)
		       ? write_otherwise(server, number, error)
		       : refuse_differing(server, batch, written, error);
}
