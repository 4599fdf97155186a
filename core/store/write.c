/*
 * Changes written through an SQLite transaction, a row at a time, each compared with its
 * `before` first.
 *
 * The rows of a batch share prepared statements.  One statement compares a row and writes it;
 * where it writes none, the row is looked at, to say what stands in the way.
 */
#include "core/base.h"
#include "core/store/driver.h"
#include "core/store/rows.h"
#include <string.h>

/* Places of parameters: the key, then what each cell is to be, then what each must be. */
typedef enum {
	FIND,	/* the cells */
	MAKE,	/* a row that is not there */
	SWAP,	/* the cells of a row that has them as they must be */
	WRITE,	/* the same, whatever it has */
	REMOVE, /* a row that has them as they must be, and nothing else */
	CLEAN,	/* a row that has nothing but its key */
	N_KINDS
} Kind;

typedef struct {
	const SqliteConnection *connection;
	const RowBatch *batch;
	sqlite3_stmt *statements[N_KINDS]; /* made when first needed */
} Writer;

static void writer_clear(Writer *writer)
{
	for (guint i = 0; i < N_KINDS; i++)
		sqlite3_finalize(writer->statements[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Writer, writer_clear)

/* ---- Statements ---- */

static void append_column(GString *sql, const Writer *writer, guint column)
{
	sqlite_append_name(sql, writer->batch->table->table->columns[column]);
}

static void append_cell_name(GString *sql, const Writer *writer, guint place)
{
	append_column(sql, writer, row_cell(writer->batch->model, place)->column);
}

/* " WHERE key1 IS ?1 AND ...": IS, because a part of a key can be NULL in xCAT's tables. */
static void append_where(GString *sql, const Writer *writer)
{
	const StoreTable *table = writer->batch->table->table;

	for (guint i = 0; i < table->n_keys; i++) {
		g_string_append(sql, i ? " AND " : " WHERE ");
		append_column(sql, writer, table->keys[i]);
		g_string_append_printf(sql, " COLLATE BINARY IS ?%u", i + 1);
	}
}

static void append_guards(GString *sql, const Writer *writer)
{
	guint n = writer->batch->table->table->n_keys, cells = writer->batch->model->cells->len;

	for (guint i = 0; i < cells; i++) {
		g_string_append(sql, " AND ");
		append_cell_name(sql, writer, i);
		g_string_append_printf(sql, " COLLATE BINARY IS ?%u", n + cells + i + 1);
	}
}

static gboolean is_of_batch(const Writer *writer, guint column)
{
	for (guint i = 0; i < writer->batch->model->cells->len; i++)
		if (row_cell(writer->batch->model, i)->column == column)
			return TRUE;
	return FALSE;
}

/* Nothing but the key, and, where they are guarded, the cells of the batch. */
static void append_empty(GString *sql, const Writer *writer, gboolean guarded)
{
	const StoreTable *table = writer->batch->table->table;

	for (guint i = 0; i < table->n_columns; i++) {
		if (store_table_is_key(table, i) || (guarded && is_of_batch(writer, i)))
			continue;
		g_string_append(sql, " AND ");
		append_column(sql, writer, i);
		g_string_append(sql, " IS NULL");
	}
}

static void append_select(GString *sql, const Writer *writer)
{
	for (guint i = 0; i < writer->batch->model->cells->len; i++) {
		g_string_append(sql, i ? "," : "SELECT ");
		append_cell_name(sql, writer, i);
	}
	g_string_append_printf(sql, " FROM %s", writer->batch->table->target);
	append_where(sql, writer);
}

static void append_insert(GString *sql, const Writer *writer)
{
	const StoreTable *table = writer->batch->table->table;
	guint n = table->n_keys, cells = writer->batch->model->cells->len;

	g_string_append_printf(sql, "INSERT INTO %s (", writer->batch->table->target);
	for (guint i = 0; i < n; i++) {
		append_column(sql, writer, table->keys[i]);
		g_string_append_c(sql, ',');
	}
	for (guint i = 0; i < cells; i++) {
		g_string_append(sql, i ? "," : "");
		append_cell_name(sql, writer, i);
	}
	for (guint i = 0; i < n + cells; i++)
		g_string_append_printf(sql, "%s?%u", i ? "," : ") SELECT ", i + 1);
	g_string_append_printf(sql, " WHERE NOT EXISTS (SELECT 1 FROM %s",
			       writer->batch->table->target);
	append_where(sql, writer);
	g_string_append_c(sql, ')');
}

static void append_update(GString *sql, const Writer *writer)
{
	guint n = writer->batch->table->table->n_keys;

	g_string_append_printf(sql, "UPDATE %s", writer->batch->table->target);
	for (guint i = 0; i < writer->batch->model->cells->len; i++) {
		g_string_append(sql, i ? ", " : " SET ");
		append_cell_name(sql, writer, i);
		g_string_append_printf(sql, " = ?%u", n + i + 1);
	}
	append_where(sql, writer);
}

static void append_delete(GString *sql, const Writer *writer)
{
	g_string_append_printf(sql, "DELETE FROM %s", writer->batch->table->target);
	append_where(sql, writer);
}

static char *statement_text(const Writer *writer, Kind kind)
{
	GString *sql = g_string_new(NULL);

	switch (kind) {
	case FIND:
		append_select(sql, writer);
		break;
	case MAKE:
		append_insert(sql, writer);
		break;
	case SWAP:
		append_update(sql, writer);
		append_guards(sql, writer);
		break;
	case WRITE:
		append_update(sql, writer);
		break;
	case REMOVE:
		append_delete(sql, writer);
		append_guards(sql, writer);
		append_empty(sql, writer, TRUE);
		break;
	case CLEAN:
	case N_KINDS:
		append_delete(sql, writer);
		append_empty(sql, writer, FALSE);
		break;
	}
	return g_string_free(sql, FALSE);
}

/* One value, if the statement asks for it.  NULL binds NULL.  What is bound lives as long as
 * the changes, longer than the statement. */
static gboolean bind(const Writer *writer, sqlite3_stmt *statement, guint place,
		     const char *text, GError **error)
{
	if (place > (guint)sqlite3_bind_parameter_count(statement) ||
	    sqlite3_bind_text(statement, (int)place, text, -1, SQLITE_STATIC) == SQLITE_OK)
		return TRUE;
	return sqlite_failed(writer->connection, error);
}

static gboolean bind_row(const Writer *writer, sqlite3_stmt *statement, const Row *row,
			 GError **error)
{
	guint n = row->first->n_key, cells = row->cells->len;

	for (guint i = 0; i < n; i++)
		if (!bind(writer, statement, i + 1, row->first->key[i], error))
			return FALSE;
	for (guint i = 0; i < cells; i++) {
		const RowCell *cell = row_cell(row, i);

		if (!bind(writer, statement, n + i + 1, row_text(&cell->last->after), error) ||
		    !bind(writer, statement, n + cells + i + 1, row_text(&cell->first->before),
			  error))
			return FALSE;
	}
	return TRUE;
}

/* The statement with the row's values bound. */
static sqlite3_stmt *statement_for(Writer *writer, const Row *row, Kind kind, GError **error)
{
	sqlite3_stmt **statement = &writer->statements[kind];

	if (!*statement) {
		g_autofree char *sql = statement_text(writer, kind);

		*statement = sqlite_prepare(writer->connection, sql, error);
	}
	return *statement && bind_row(writer, *statement, row, error) ? *statement : NULL;
}

/* `written` gets how many rows it has written. */
static gboolean execute(Writer *writer, const Row *row, Kind kind, int *written, GError **error)
{
	sqlite3_stmt *statement = statement_for(writer, row, kind, error);
	gboolean ok = statement && sqlite3_step(statement) == SQLITE_DONE;

	if (statement && !ok) {
		g_autofree char *key = store_key_text(row->first->key, row->first->n_key);

		sqlite_failed(writer->connection, error);
		g_prefix_error(error, "cannot write the row of %s in table '%s': ", key,
			       row->first->table);
	}
	if (statement)
		sqlite3_reset(statement);
	*written = ok ? sqlite3_changes(writer->connection->handle) : 0;
	return ok;
}

/* ---- What stands in the way ---- */

/* The texts of the cells that `found` stands on. */
static gboolean take_cells(const Writer *writer, const Row *row, sqlite3_stmt *found,
			   GPtrArray *cells, GError **error)
{
	for (guint i = 0; i < row->cells->len; i++) {
		const char *text = (const char *)sqlite3_column_text(found, (int)i);
		gsize length = (gsize)sqlite3_column_bytes(found, (int)i);
		gboolean null = sqlite3_column_type(found, (int)i) == SQLITE_NULL;

		if (text && strlen(text) != length)
			return store_refuse_nul(writer->batch->table->table, row->first->key,
						row_cell(row, i)->column, error);
		/* An empty BLOB has no bytes to point at, but it is not NULL. */
		g_ptr_array_add(cells, null ? NULL : g_strdup(text ? text : ""));
	}
	return TRUE;
}

/* Only a table that declares no key can have a second row of the same key. */
static gboolean check_last(const Writer *writer, const Row *row, sqlite3_stmt *found,
			   GError **error)
{
	switch (sqlite3_step(found)) {
	case SQLITE_DONE:
		return TRUE;
	case SQLITE_ROW:
		return store_refuse_doubled(row->first, error);
	default:
		return sqlite_failed(writer->connection, error);
	}
}

/* The row must be as the changes have it, or not there, where they make it. */
static gboolean check_row(Writer *writer, const Row *row, GError **error)
{
	sqlite3_stmt *find = statement_for(writer, row, FIND, error);
	g_autoptr(GPtrArray) cells = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) problem = NULL;
	gboolean there, ok;
	int code;

	if (!find)
		return FALSE;
	code = sqlite3_step(find);
	there = code == SQLITE_ROW;
	if (there)
		ok = take_cells(writer, row, find, cells, &problem) &&
		     check_last(writer, row, find, &problem);
	else
		ok = code == SQLITE_DONE || sqlite_failed(writer->connection, &problem);
	if (ok && (there || !row->made))
		row_refuse(row, there ? (const char *const *)cells->pdata : NULL, &problem);
	sqlite3_reset(find);
	if (!problem)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&problem));
	return FALSE;
}

/* How many rows a statement has written that was to write one. */
static gboolean check_count(const Row *row, int written, GError **error)
{
	g_autofree char *key = NULL;

	if (written == 1)
		return TRUE;
	if (written > 1)
		return store_refuse_doubled(row->first, error);
	key = store_key_text(row->first->key, row->first->n_key);
	g_set_error(
		error, STORE_ERROR, STORE_ERROR_FAILED,
		"the row of %s in table '%s' was not written, and nothing was kept: has the "
		"table a trigger?",
		key, row->first->table);
	return FALSE;
}

/* ---- Rows ---- */

static gboolean make_row(Writer *writer, const Row *row, GError **error)
{
	int written = 0;

	if (!writer->batch->stays)
		return check_row(writer, row, error);
	if (!execute(writer, row, MAKE, &written, error))
		return FALSE;
	return (written == 1 || check_row(writer, row, error)) &&
	       check_count(row, written, error);
}

/* A row whose cells are as they must be, and are no text to SQLite, is written all the same. */
static gboolean change_row(Writer *writer, const Row *row, GError **error)
{
	int written = 0;

	if (!execute(writer, row, SWAP, &written, error))
		return FALSE;
	if (written == 0 &&
	    (!check_row(writer, row, error) || !execute(writer, row, WRITE, &written, error)))
		return FALSE;
	return check_count(row, written, error);
}

/* It goes away, or stays with what else it has. */
static gboolean empty_row(Writer *writer, const Row *row, GError **error)
{
	int written = 0;

	if (!execute(writer, row, REMOVE, &written, error))
		return FALSE;
	if (written > 1)
		return store_refuse_doubled(row->first, error);
	return written == 1 ||
	       (change_row(writer, row, error) && execute(writer, row, CLEAN, &written, error));
}

static gboolean write_row(Writer *writer, const Row *row, GError **error)
{
	if (row->made)
		return make_row(writer, row, error);
	if (writer->batch->emptied && !row_keeps_value(row))
		return empty_row(writer, row, error);
	return change_row(writer, row, error);
}

static gboolean write_batch(const SqliteConnection *connection, const RowBatch *batch,
			    GError **error)
{
	g_auto(Writer) writer = { .connection = connection, .batch = batch };

	for (guint i = 0; i < batch->rows->len; i++)
		if (!write_row(&writer, batch->rows->pdata[i], error))
			return FALSE;
	return TRUE;
}

/* ---- The commit ---- */

/* The tables of a plan, by name. */
typedef struct {
	const SqliteDatabase *database;
	GHashTable *tables;
} Described;

static char *target(const char *schema, const char *table)
{
	GString *sql = g_string_new(NULL);

	sqlite_append_name(sql, schema);
	g_string_append_c(sql, '.');
	sqlite_append_name(sql, table);
	return g_string_free(sql, FALSE);
}

static const RowTable *describe(gpointer data, const char *name, GError **error)
{
	const Described *described = data;
	const SqliteDatabase *database = described->database;
	const char *schema = g_hash_table_lookup(database->schemas, name);
	g_autoptr(StoreTable) table =
		sqlite_describe(database->transaction, schema, name, error);
	RowTable *row_table;

	if (!table)
		return NULL;
	if (table->n_columns == 0) {
		store_unknown_table(name, database->url, error);
		return NULL;
	}
	row_table = g_new0(RowTable, 1);
	row_table->target = target(schema, name);
	row_table->table = g_steal_pointer(&table);
	g_hash_table_insert(described->tables, row_table->table->name, row_table);
	return row_table;
}

gboolean sqlite_write(gpointer data, const StoreChange *changes, guint n, GError **error)
{
	SqliteDatabase *database = data;
	g_autoptr(GHashTable) tables =
		g_hash_table_new_full(g_str_hash, g_str_equal, NULL, row_table_free);
	Described described = { database, tables };
	g_autoptr(RowPlan) plan = row_plan_new(changes, n, describe, &described, error);

	for (guint i = 0; plan && i < plan->batches->len; i++)
		if (!write_batch(database->transaction, plan->batches->pdata[i], error))
			return FALSE;
	return plan != NULL;
}
