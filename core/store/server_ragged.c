/*
 * Rows that are written by a temporary table: each has values of its own, or is new, or may go
 * away.
 *
 * They go there before anything is locked: the key, what each cell must be, what it is to be.
 * So the transaction that holds locks has a few sentences, however many rows it writes.  Each
 * says how many rows it has written; if those are not all, the one that differs is looked for
 * and named, and nothing is kept.
 */
#include "core/base.h"
#include "core/store/server_batch.h"

/* ---- Sentences ---- */

static char *temporary_name(guint batch)
{
	return g_strdup_printf("snmove_%u", batch);
}

/* What FROM and JOIN call it: PostgreSQL has a schema for them. */
static char *temporary_source(const Server *server, guint batch)
{
	GString *sql = g_string_new(server->class->temporary);
	g_autofree char *name = temporary_name(batch);

	server_append_name(server->class, sql, name);
	return g_string_free(sql, FALSE);
}

void server_append_column(const Server *server, GString *sql, const RowTable *table,
			  guint column)
{
	server_append_name(server->class, sql, table->table->columns[column]);
}

/* " AND t.COLUMN is v.NAME", by bytes, NULL being a value. */
static void append_same(const Server *server, GString *sql, const RowTable *table, guint column,
			const char *name)
{
	const ServerClass *class = server->class;

	g_string_append_printf(sql, "%s%st.", sql->len ? " AND " : "", class->same_head);
	server_append_column(server, sql, table, column);
	g_string_append_printf(sql, "%sv.%s", class->same, name);
}

/*
 * The row of the key.  `=` alone is what an index is asked by; where it takes other bytes for
 * the same, the bytes are compared, too, unless all rows that the server takes for this one are
 * `wide`ly asked for.
 */
static GString *key_condition(const Server *server, const RowTable *table, gboolean wide)
{
	GString *sql = g_string_new(NULL);

	for (guint i = 0; i < table->table->n_keys; i++) {
		guint column = table->table->keys[i];
		g_autofree char *name = g_strdup_printf("k%u", i);

		if (table->may_be_null[column]) {
			append_same(server, sql, table, column, name);
			continue;
		}
		g_string_append(sql, sql->len ? " AND t." : "t.");
		server_append_column(server, sql, table, column);
		g_string_append_printf(sql, " = v.%s", name);
		if (server->class->folds && !wide)
			append_same(server, sql, table, column, name);
	}
	return sql;
}

/* Each cell is still what it was when it was read. */
static GString *guards(const Server *server, const RowBatch *batch)
{
	GString *sql = g_string_new(NULL);

	for (guint i = 0; i < batch->model->cells->len; i++) {
		g_autofree char *name = g_strdup_printf("b%u", i);

		append_same(server, sql, batch->table, row_cell(batch->model, i)->column, name);
	}
	return sql;
}

/* ---- Changes sent there ---- */

static char *create_temporary(const Server *server, guint number, const RowBatch *batch)
{
	const RowTable *table = batch->table;
	GString *sql = g_string_new(server->class->create_head);
	g_autofree char *source = temporary_source(server, number);

	g_string_append_printf(sql, "%s (i integer", source);
	for (guint i = 0; i < table->table->n_keys; i++)
		g_string_append_printf(sql, ", k%u %s", i, table->types[table->table->keys[i]]);
	for (guint i = 0; i < batch->model->cells->len; i++) {
		const char *type = table->types[row_cell(batch->model, i)->column];

		if (!batch->made)
			g_string_append_printf(sql, ", b%u %s", i, type);
		g_string_append_printf(sql, ", a%u %s", i, type);
	}
	g_string_append_printf(sql, ")%s", server->class->create_tail);
	return g_string_free(sql, FALSE);
}

/* A value that the server cannot hold is told by its row. */
static gboolean fill_failed(Server *server, const RowBatch *batch, GError **error)
{
	guint place = server->class->failed_row(server->connection);
	g_autofree char *key = NULL;

	server_failed(server, error);
	if (place > 0 && place <= batch->rows->len) {
		const Row *row = batch->rows->pdata[place - 1];

		key = store_key_text(row->first->key, row->first->n_key);
		g_prefix_error(error, "cannot write the row of %s in table '%s': ", key,
			       batch->table->table->name);
		return FALSE;
	}
	g_prefix_error(error, "cannot write table '%s': ", batch->table->table->name);
	return FALSE;
}

gboolean server_send_ragged(Server *server, guint number, GError **error)
{
	const RowBatch *batch = server->plan->batches->pdata[number];
	g_autofree char *name = temporary_source(server, number);
	g_autofree char *create = create_temporary(server, number, batch);
	g_autofree char *analyze = NULL;
	guint statements = 0;
	gboolean ok;

	if (!server_execute(server, create, NULL, error)) {
		g_prefix_error(error, "cannot make a temporary table: ");
		return FALSE;
	}
	ok = server->class->fill(server->connection, name, batch, &statements);
	server->statements += statements;
	if (!ok)
		return fill_failed(server, batch, error);
	if (!server->class->analyze)
		return TRUE;
	analyze = g_strconcat(server->class->analyze, name, NULL);
	return server_execute(server, analyze, NULL, error);
}

void server_drop_ragged(Server *server)
{
	if (g_str_has_prefix(server->class->create_tail, " ON COMMIT"))
		return;
	for (guint i = 0; server->plan && i < server->plan->batches->len; i++) {
		g_autofree char *name = temporary_source(server, i);
		g_autofree char *drop =
			g_strconcat("DROP TEMPORARY TABLE IF EXISTS ", name, NULL);

		if (!server->connection || !server_execute(server, drop, NULL, NULL))
			return;
	}
}

/* ---- What stands in the way of a batch ---- */

/* A row of a comparison: the number in the batch, the key that was found, the cells. */
static char *select_found(const Server *server, const RowBatch *batch, const char *source,
			  const char *join, const char *on, const char *where)
{
	const RowTable *table = batch->table;
	GString *sql = g_string_new("SELECT v.i");

	for (guint i = 0; i < table->table->n_keys; i++) {
		g_string_append(sql, ",t.");
		server_append_column(server, sql, table, table->table->keys[i]);
	}
	for (guint i = 0; i < batch->model->cells->len; i++) {
		g_string_append(sql, ",t.");
		server_append_column(server, sql, table, row_cell(batch->model, i)->column);
	}
	g_string_append_printf(sql, " FROM %s AS v %s %s AS t ON %s%s ORDER BY v.i LIMIT 1",
			       source, join, table->target, on, where);
	return g_string_free(sql, FALSE);
}

static gboolean same_key(const Row *row, const char *const *found)
{
	for (guint i = 0; i < row->first->n_key; i++)
		if (g_strcmp0(row->first->key[i], found[i]) != 0)
			return FALSE;
	return TRUE;
}

/* The first row that a comparison finds, as an error.  FALSE without one: it finds none. */
static gboolean tell_found(Server *server, const RowBatch *batch, const char *sql,
			   GError **error)
{
	guint n_keys = batch->table->table->n_keys;
	guint width = 1 + n_keys + batch->model->cells->len;
	g_autofree const char **found = g_new0(const char *, width);
	g_autofree gsize *lengths = g_new0(gsize, width);
	gpointer result = server_query(server, sql, error);

	if (!result)
		return FALSE;
	if (server->class->next(result, found, lengths)) {
		guint place = (guint)g_ascii_strtoull(found[0], NULL, 10);
		const Row *row = batch->rows->pdata[place];
		gboolean there = FALSE;

		for (guint i = 0; i < n_keys; i++)
			there = there || found[1 + i];
		if (there && !same_key(row, found + 1))
			server_refuse_key(server, row, found + 1, n_keys, error);
		else
			row_refuse(row, there ? found + 1 + n_keys : NULL, error);
	}
	server->class->result_free(result);
	return FALSE;
}

/* ---- Batches ---- */

/* Rows that are to be new: is one of them there, under this key or one like it? */
static gboolean check_absent(Server *server, const RowBatch *batch, const char *source,
			     GError **error)
{
	g_autoptr(GError) problem = NULL;
	g_autoptr(GString) on = key_condition(server, batch->table, TRUE);
	g_autofree char *sql = select_found(server, batch, source, "JOIN", on->str, "");

	tell_found(server, batch, sql, &problem);
	if (!problem)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&problem));
	return FALSE;
}

static gboolean insert_rows(Server *server, const RowBatch *batch, const char *source,
			    GError **error)
{
	const RowTable *table = batch->table;
	g_autoptr(GString) sql = g_string_new("INSERT INTO ");
	g_autoptr(GString) values = g_string_new(NULL);
	guint64 written = 0;

	if (!check_absent(server, batch, source, error))
		return FALSE;
	if (!batch->stays)
		return TRUE;
	g_string_append_printf(sql, "%s (", table->target);
	for (guint i = 0; i < table->table->n_keys; i++) {
		g_string_append(sql, i ? "," : "");
		server_append_column(server, sql, table, table->table->keys[i]);
		g_string_append_printf(values, "%sv.k%u", i ? "," : "", i);
	}
	for (guint i = 0; i < batch->model->cells->len; i++) {
		g_string_append_c(sql, ',');
		server_append_column(server, sql, table, row_cell(batch->model, i)->column);
		g_string_append_printf(values, ",v.a%u", i);
	}
	g_string_append_printf(sql, ") SELECT %s FROM %s AS v", values->str, source);
	if (!server_execute(server, sql->str, &written, error)) {
		g_prefix_error(error, "cannot make rows in table '%s': ", table->table->name);
		return FALSE;
	}
	return written == batch->rows->len ||
	       server_refuse_count(server, batch, written, error);
}

/* Only a table that declares no key can have a second row of the same key. */
static gboolean check_doubled(Server *server, const RowBatch *batch, const char *source,
			      const char *on, GError **error)
{
	g_autofree char *sql = NULL;
	g_autofree char *place = NULL;
	const Row *row;

	if (batch->table->keyed)
		return TRUE;
	sql = g_strdup_printf("SELECT v.i FROM %s AS v JOIN %s AS t ON %s GROUP BY v.i "
			      "HAVING COUNT(*) > 1 LIMIT 1",
			      source, batch->table->target, on);
	if (!server_ask(server, sql, &place, error))
		return FALSE;
	if (!place)
		return TRUE;
	row = batch->rows->pdata[g_ascii_strtoull(place, NULL, 10)];
	return store_refuse_doubled(row->first, error);
}

static gboolean update_rows(Server *server, const RowBatch *batch, const char *source,
			    GError **error)
{
	const ServerClass *class = server->class;
	const RowTable *table = batch->table;
	g_autoptr(GString) on = key_condition(server, table, FALSE);
	g_autoptr(GString) same = guards(server, batch);
	g_autoptr(GString) set = g_string_new(NULL);
	g_autofree char *update = NULL;
	g_autofree char *differs = NULL;
	g_autofree char *find = NULL;
	g_autoptr(GError) problem = NULL;
	guint64 written = 0;

	if (!check_doubled(server, batch, source, on->str, error))
		return FALSE;
	for (guint i = 0; i < batch->model->cells->len; i++) {
		g_string_append_printf(set, "%s%s", i ? "," : "", class->set_head);
		server_append_column(server, set, table, row_cell(batch->model, i)->column);
		g_string_append_printf(set, " = v.a%u", i);
	}
	update = class->update(table->target, source, on->str, set->str, same->str);
	if (!server_execute(server, update, &written, error)) {
		g_prefix_error(error, "cannot write table '%s': ", table->table->name);
		return FALSE;
	}
	if (written == batch->rows->len)
		return TRUE;
	/* Those that were written have their new values: they are looked for as they were. */
	if (!server_execute(server, "ROLLBACK TO SAVEPOINT batch", NULL, error))
		return FALSE;
	/* Where there is no row, a comparison is neither true nor false. */
	differs = g_strdup_printf(" WHERE CASE WHEN %s AND %s THEN 0 ELSE 1 END = 1", on->str,
				  same->str);
	find = select_found(server, batch, source, "LEFT JOIN", on->str, differs);
	tell_found(server, batch, find, &problem);
	if (problem) {
		g_propagate_error(error, g_steal_pointer(&problem));
		return FALSE;
	}
	return server_refuse_count(server, batch, written, error);
}

static gboolean remove_emptied(Server *server, const RowBatch *batch, const char *source,
			       GError **error)
{
	const RowTable *table = batch->table;
	g_autoptr(GString) on = key_condition(server, table, FALSE);
	g_autoptr(GString) empty = g_string_new(NULL);
	g_autofree char *sql = NULL;

	for (guint i = 0; i < table->table->n_columns; i++) {
		if (store_table_is_key(table->table, i))
			continue;
		g_string_append(empty, empty->len ? " AND t." : "t.");
		server_append_column(server, empty, table, i);
		g_string_append(empty, " IS NULL");
	}
	sql = server->class->remove(table->target, source, on->str, empty->str);
	return server_execute(server, sql, NULL, error);
}

gboolean server_write_ragged(Server *server, guint number, GError **error)
{
	const RowBatch *batch = server->plan->batches->pdata[number];
	g_autofree char *source = temporary_source(server, number);
	gboolean ok = batch->made ? insert_rows(server, batch, source, error)
				  : server_execute(server, "SAVEPOINT batch", NULL, error) &&
					    update_rows(server, batch, source, error);

	return ok &&
	       (batch->made || !batch->emptied || remove_emptied(server, batch, source, error));
}
