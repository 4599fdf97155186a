/*
 * The guarded commit on a database server.
 *
 * The changes go there before anything is locked, into temporary tables: a row of the table,
 * what each cell must be, what it is to be.  So the transaction that holds locks has a few
 * sentences, however many rows it writes.  Each says how many rows it has written; if those are
 * not all, the one that differs is looked for and named, and nothing is kept.
 */
#include "core/base.h"
#include "core/store/server.h"
#include <string.h>

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

static void append_column(const Server *server, GString *sql, const ServerTable *table,
			  guint column)
{
	server_append_name(server->class, sql, table->table->columns[column]);
}

/* " AND t.COLUMN is v.NAME", by bytes, NULL being a value. */
static void append_same(const Server *server, GString *sql, const ServerTable *table,
			guint column, const char *name)
{
	const ServerClass *class = server->class;

	g_string_append_printf(sql, "%s%st.", sql->len ? " AND " : "", class->same_head);
	append_column(server, sql, table, column);
	g_string_append_printf(sql, "%sv.%s", class->same, name);
}

/*
 * The row of the key.  `=` alone is what an index is asked by; where it takes other bytes for
 * the same, the bytes are compared, too, unless all rows that the server takes for this one are
 * `wide`ly asked for.
 */
static GString *key_condition(const Server *server, const ServerTable *table, gboolean wide)
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
		append_column(server, sql, table, column);
		g_string_append_printf(sql, " = v.%s", name);
		if (server->class->folds && !wide)
			append_same(server, sql, table, column, name);
	}
	return sql;
}

/* Each cell is still what it was when it was read. */
static GString *guards(const Server *server, const ServerBatch *batch)
{
	GString *sql = g_string_new(NULL);

	for (guint i = 0; i < batch->model->cells->len; i++) {
		g_autofree char *name = g_strdup_printf("b%u", i);

		append_same(server, sql, batch->table, server_cell(batch->model, i)->column,
			    name);
	}
	return sql;
}

/* ---- Changes sent there ---- */

static char *create_temporary(const Server *server, guint number, const ServerBatch *batch)
{
	const ServerTable *table = batch->table;
	GString *sql = g_string_new(server->class->create_head);
	g_autofree char *source = temporary_source(server, number);

	g_string_append_printf(sql, "%s (i integer", source);
	for (guint i = 0; i < table->table->n_keys; i++)
		g_string_append_printf(sql, ", k%u %s", i, table->types[table->table->keys[i]]);
	for (guint i = 0; i < batch->model->cells->len; i++) {
		const char *type = table->types[server_cell(batch->model, i)->column];

		if (!batch->made)
			g_string_append_printf(sql, ", b%u %s", i, type);
		g_string_append_printf(sql, ", a%u %s", i, type);
	}
	g_string_append_printf(sql, ")%s", server->class->create_tail);
	return g_string_free(sql, FALSE);
}

/* A value that the server cannot hold is told by its row. */
static gboolean fill_failed(Server *server, const ServerBatch *batch, GError **error)
{
	guint place = server->class->failed_row(server->connection);
	g_autofree char *key = NULL;

	server_failed(server, error);
	if (place > 0 && place <= batch->rows->len) {
		const ServerRow *row = batch->rows->pdata[place - 1];

		key = store_key_text(row->first->key, row->first->n_key);
		g_prefix_error(error, "cannot write the row of %s in table '%s': ", key,
			       batch->table->table->name);
		return FALSE;
	}
	g_prefix_error(error, "cannot write table '%s': ", batch->table->table->name);
	return FALSE;
}

static gboolean send_batch(Server *server, guint number, GError **error)
{
	const ServerBatch *batch = server->plan->batches->pdata[number];
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

/* Where they outlive the transaction. */
static void drop_temporaries(Server *server)
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

/* ---- The transaction ---- */

/* A table that is to be written has to be there. */
static const ServerTable *describe_written(gpointer data, const char *name, GError **error)
{
	const ServerTable *table = server_describe(data, name, error);

	if (!table || table->table->n_columns > 0)
		return table;
	store_unknown_table(name, ((Server *)data)->url, error);
	return NULL;
}

static gboolean refuse_unsafe(const Server *server, const GPtrArray *names, const char *kept,
			      GError **error)
{
	g_autoptr(GString) mend = g_string_new(NULL);

	for (guint i = 0; i < names->len; i++) {
		g_string_append(mend, i ? "; ALTER TABLE " : "ALTER TABLE ");
		server_append_name(server->class, mend, names->pdata[i]);
		g_string_append(mend, " ENGINE=InnoDB");
	}
	g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED,
		    "table '%s' of the database %s is kept in %s, which has no transactions: "
		    "a move that fails would be half written; nothing was changed; let it be "
		    "kept in InnoDB: %s",
		    (const char *)names->pdata[0], server->url, kept, mend->str);
	return FALSE;
}

/* All or nothing is what a transaction does; so all tables have to know what that is. */
static gboolean check_safe(Server *server, GError **error)
{
	g_autofree gpointer *tables = NULL;
	g_autofree char *sql = NULL;
	g_autofree char *kept = NULL;
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	const char *cells[2];
	gsize lengths[2];
	gpointer result;

	if (!server->class->unsafe)
		return TRUE;
	tables = g_hash_table_get_keys_as_array(server->plan->tables, NULL);
	sql = server->class->unsafe(server->connection, (const char *const *)tables);
	result = server_query(server, sql, error);
	if (!result)
		return FALSE;
	while (server->class->next(result, cells, lengths)) {
		g_ptr_array_add(names, g_strdup(cells[0]));
		if (!kept)
			kept = g_strdup(cells[1] ? cells[1] : "something");
	}
	server->class->result_free(result);
	return names->len == 0 || refuse_unsafe(server, names, kept, error);
}

gboolean server_prepare(gpointer data, const StoreChange *changes, guint n, GError **error)
{
	Server *server = data;
	g_autoptr(GError) problem = NULL;

	server_let_go(server);
	g_clear_pointer(&server->described, g_hash_table_unref);
	g_clear_pointer(&server->plan, server_plan_free);
	if (!server_connect(server, error))
		return FALSE;
	server->plan = server_plan_new(changes, n, describe_written, server, &problem);
	/* The server was started again since it was asked last. */
	if (!server->plan && !server->connection && server_connect(server, error)) {
		g_clear_pointer(&server->described, g_hash_table_unref);
		server->plan = server_plan_new(changes, n, describe_written, server, error);
	} else if (!server->plan && problem && error && !*error) {
		g_propagate_error(error, g_steal_pointer(&problem));
	}
	return server->plan && check_safe(server, error);
}

/* Only tables that are there can be locked.  Gives names as SQL has them. */
static gboolean existing(Server *server, const char *const *names, GPtrArray *targets,
			 GError **error)
{
	for (guint i = 0; names[i]; i++) {
		const ServerTable *table = server_describe(server, names[i], error);

		if (!table)
			return FALSE;
		if (table->table->n_columns > 0)
			g_ptr_array_add(targets, table->target);
	}
	g_ptr_array_add(targets, NULL);
	return TRUE;
}

/* The same names, borrowed, with a NULL behind. */
static GPtrArray *vector_of(const GPtrArray *names)
{
	GPtrArray *vector = g_ptr_array_new();

	for (guint i = 0; i < names->len; i++)
		g_ptr_array_add(vector, names->pdata[i]);
	g_ptr_array_add(vector, NULL);
	return vector;
}

/* Who is in the way: asked when it is known that somebody is. */
static void name_holders(Server *server, const GPtrArray *written, GError **error)
{
	g_autofree char *sql = NULL;
	g_autofree char *who = NULL;
	GError *named = NULL;
	g_autoptr(GPtrArray) tables = NULL;

	if (!error || !*error || server->again || !server->connection ||
	    !server->class->holders || !g_error_matches(*error, STORE_ERROR, STORE_ERROR_BUSY))
		return;
	server_execute(server, "ROLLBACK", NULL, NULL);
	tables = vector_of(written);
	sql = server->class->holders(server->connection, (const char *const *)tables->pdata);
	who = server_value(server, sql);
	g_set_error(&named, STORE_ERROR, STORE_ERROR_BUSY,
		    "the database %s is busy: %s has held rows or a table of it for %g s; see "
		    "who with: %s",
		    server->url, who ? who : "another session", server->wait / 1000.0,
		    server->class->client);
	g_clear_error(error);
	g_propagate_error(error, named);
}

static gboolean lock_tables(Server *server, const char *const *written,
			    const char *const *guarded, GError **error)
{
	g_autoptr(GPtrArray) first = g_ptr_array_new();
	g_autoptr(GPtrArray) second = g_ptr_array_new();

	return existing(server, written, first, error) &&
	       existing(server, guarded, second, error) &&
	       server_execute_all(server,
				  server->class->lock((const char *const *)first->pdata,
						      (const char *const *)second->pdata),
				  error);
}

static gboolean begin(Server *server, GError **error)
{
	server->in_transaction = TRUE;
	server->again = FALSE;
	return server_execute_all(server, server->class->begin(server->wait), error);
}

gboolean server_begin_to_look(Server *server, GError **error)
{
	g_autoptr(GPtrArray) written = vector_of(server->written);
	const char *const none[] = { NULL };

	return begin(server, error) &&
	       lock_tables(server, (const char *const *)written->pdata, none, error);
}

/* What is sent goes there before anything is locked. */
static gboolean begin_to_write(Server *server, const char *const *written,
			       const char *const *guarded, GError **error)
{
	if (!begin(server, error))
		return FALSE;
	for (guint i = 0; i < server->plan->batches->len; i++)
		if (!send_batch(server, i, error))
			return FALSE;
	return lock_tables(server, written, guarded, error);
}

gboolean server_begin(gpointer data, const char *const *written, const char *const *guarded,
		      guint wait, GError **error)
{
	Server *server = data;

	server->wait = wait;
	g_clear_pointer(&server->written, g_ptr_array_unref);
	server->written = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; written[i]; i++)
		g_ptr_array_add(server->written, g_strdup(written[i]));
	if (begin_to_write(server, written, guarded, error))
		return TRUE;
	name_holders(server, server->written, error);
	server_rollback(server);
	return FALSE;
}

void server_rollback(gpointer data)
{
	Server *server = data;

	if (server->in_transaction && server->connection)
		server_execute(server, "ROLLBACK", NULL, NULL);
	server->in_transaction = FALSE;
	drop_temporaries(server);
	g_clear_pointer(&server->written, g_ptr_array_unref);
}

gboolean server_again(gpointer data)
{
	return ((Server *)data)->again;
}

/* ---- What stands in the way of a batch ---- */

/* A row of a comparison: the number in the batch, the key that was found, the cells. */
static char *select_found(const Server *server, const ServerBatch *batch, const char *source,
			  const char *join, const char *on, const char *where)
{
	const ServerTable *table = batch->table;
	GString *sql = g_string_new("SELECT v.i");

	for (guint i = 0; i < table->table->n_keys; i++) {
		g_string_append(sql, ",t.");
		append_column(server, sql, table, table->table->keys[i]);
	}
	for (guint i = 0; i < batch->model->cells->len; i++) {
		g_string_append(sql, ",t.");
		append_column(server, sql, table, server_cell(batch->model, i)->column);
	}
	g_string_append_printf(sql, " FROM %s AS v %s %s AS t ON %s%s ORDER BY v.i LIMIT 1",
			       source, join, table->target, on, where);
	return g_string_free(sql, FALSE);
}

/* Another row, whose key the server takes for this one's. */
static gboolean refuse_key(const Server *server, const ServerRow *row, const char *const *found,
			   guint n, GError **error)
{
	g_autofree char *wanted = store_key_text(row->first->key, n);
	g_autofree char *there = store_key_text(found, n);

	g_set_error(error, STORE_ERROR, STORE_ERROR_CONFLICT,
		    "table '%s' cannot take a row of %s: it has one of %s, and %s takes them "
		    "for the same; rename or remove that row",
		    row->first->table, wanted, there, server->class->product);
	return FALSE;
}

static gboolean same_key(const ServerRow *row, const char *const *found)
{
	for (guint i = 0; i < row->first->n_key; i++)
		if (g_strcmp0(row->first->key[i], found[i]) != 0)
			return FALSE;
	return TRUE;
}

/* Says which cell of the row is not what it was.  `cells`: NULL: there is no row. */
static gboolean refuse_cells(const ServerRow *row, const char *const *cells, GError **error)
{
	for (guint i = 0; i < row->cells->len; i++) {
		const ServerCell *cell = server_cell(row, i);
		const char *text = cells ? cells[i] : NULL;
		StoreCell now = { !cells ? STORE_CELL_NO_ROW
				  : text ? STORE_CELL_TEXT
					 : STORE_CELL_NULL,
				  text };

		if (now.kind != cell->before.kind ||
		    g_strcmp0(text, server_cell_text(&cell->before)) != 0)
			return store_conflict(cell->first, &now, error);
	}
	return FALSE;
}

/* The first row that a comparison finds, as an error.  FALSE without one: it finds none. */
static gboolean tell_found(Server *server, const ServerBatch *batch, const char *sql,
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
		const ServerRow *row = batch->rows->pdata[place];
		gboolean there = FALSE;

		for (guint i = 0; i < n_keys; i++)
			there = there || found[1 + i];
		if (there && !same_key(row, found + 1))
			refuse_key(server, row, found + 1, n_keys, error);
		else
			refuse_cells(row, there ? found + 1 + n_keys : NULL, error);
	}
	server->class->result_free(result);
	return FALSE;
}

/* ---- Batches ---- */

/* Rows that are to be new: is one of them there, under this key or one like it? */
static gboolean check_absent(Server *server, const ServerBatch *batch, const char *source,
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

static gboolean refuse_count(const Server *server, const ServerBatch *batch, guint64 written,
			     GError **error)
{
	g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED,
		    "the database %s has written %" G_GUINT64_FORMAT
		    " rows of table '%s' instead of %u, and nothing of it was kept: has the "
		    "table a trigger or a rule?",
		    server->url, written, batch->table->table->name, batch->rows->len);
	return FALSE;
}

static gboolean insert_rows(Server *server, const ServerBatch *batch, const char *source,
			    GError **error)
{
	const ServerTable *table = batch->table;
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
		append_column(server, sql, table, table->table->keys[i]);
		g_string_append_printf(values, "%sv.k%u", i ? "," : "", i);
	}
	for (guint i = 0; i < batch->model->cells->len; i++) {
		g_string_append_c(sql, ',');
		append_column(server, sql, table, server_cell(batch->model, i)->column);
		g_string_append_printf(values, ",v.a%u", i);
	}
	g_string_append_printf(sql, ") SELECT %s FROM %s AS v", values->str, source);
	if (!server_execute(server, sql->str, &written, error)) {
		g_prefix_error(error, "cannot make rows in table '%s': ", table->table->name);
		return FALSE;
	}
	return written == batch->rows->len || refuse_count(server, batch, written, error);
}

/* Only a table that declares no key can have a second row of the same key. */
static gboolean check_doubled(Server *server, const ServerBatch *batch, const char *source,
			      const char *on, GError **error)
{
	g_autofree char *sql = NULL;
	g_autofree char *place = NULL;
	const ServerRow *row;

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

static gboolean update_rows(Server *server, const ServerBatch *batch, const char *source,
			    GError **error)
{
	const ServerClass *class = server->class;
	const ServerTable *table = batch->table;
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
		append_column(server, set, table, server_cell(batch->model, i)->column);
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
	return refuse_count(server, batch, written, error);
}

static gboolean remove_emptied(Server *server, const ServerBatch *batch, const char *source,
			       GError **error)
{
	const ServerTable *table = batch->table;
	g_autoptr(GString) on = key_condition(server, table, FALSE);
	g_autoptr(GString) empty = g_string_new(NULL);
	g_autofree char *sql = NULL;

	for (guint i = 0; i < table->table->n_columns; i++) {
		if (store_table_is_key(table->table, i))
			continue;
		g_string_append(empty, empty->len ? " AND t." : "t.");
		append_column(server, empty, table, i);
		g_string_append(empty, " IS NULL");
	}
	sql = server->class->remove(table->target, source, on->str, empty->str);
	return server_execute(server, sql, NULL, error);
}

static gboolean write_batch(Server *server, guint number, GError **error)
{
	const ServerBatch *batch = server->plan->batches->pdata[number];
	g_autofree char *source = temporary_source(server, number);
	gboolean ok = batch->made ? insert_rows(server, batch, source, error)
				  : server_execute(server, "SAVEPOINT batch", NULL, error) &&
					    update_rows(server, batch, source, error);

	return ok &&
	       (batch->made || !batch->emptied || remove_emptied(server, batch, source, error));
}

gboolean server_write(gpointer data, const StoreChange *changes, guint n, GError **error)
{
	Server *server = data;

	(void)changes, (void)n; /* they are in the plan */
	for (guint i = 0; i < server->plan->batches->len; i++)
		if (!write_batch(server, i, error)) {
			name_holders(server, server->written, error);
			return FALSE;
		}
	return TRUE;
}

gboolean server_commit(gpointer data, GError **error)
{
	Server *server = data;
	g_autoptr(GError) problem = NULL;
	gboolean ok = server_execute(server, "COMMIT", NULL, &problem);

	server->in_transaction = !ok;
	if (!ok && !server->connection)
		ok = server_settle(server, problem->message, error);
	else if (!ok)
		g_propagate_error(error, g_steal_pointer(&problem));
	if (ok)
		server_rollback(server); /* nothing is left to roll back: this only tidies */
	return ok;
}
