/* Changes written through an SQLite transaction, each compared with its `before` first. */
#include "core/base.h"
#include "core/store/driver.h"
#include <string.h>

/* SWAP is UPDATE only where the cell still is what it must be. */
typedef enum { FIND, UPDATE, SWAP, INSERT, N_KINDS } Kind;

/* One table that is being written: its statements are prepared once for a column. */
typedef struct {
	const SqliteConnection *connection;
	char *schema;
	StoreTable *table;
	sqlite3_stmt **statements; /* [column * N_KINDS + kind], made when first needed */
	GHashTable *made;	   /* row ids: rows that this commit has made */
	GHashTable *emptied;	   /* row id -> change: rows that may have to go in the end */
} Writer;

static void writer_free(Writer *writer)
{
	for (guint i = 0; i < writer->table->n_columns * N_KINDS; i++)
		sqlite3_finalize(writer->statements[i]);
	g_free(writer->statements);
	g_hash_table_unref(writer->made);
	g_hash_table_unref(writer->emptied);
	g_free(writer->schema);
	store_table_free(writer->table);
	g_free(writer);
}

static Writer *writer_new(const SqliteDatabase *database, const char *table, GError **error)
{
	const char *schema = g_hash_table_lookup(database->schemas, table);
	g_autoptr(StoreTable) described =
		sqlite_describe(database->transaction, schema, table, error);
	Writer *writer;

	if (!described)
		return NULL;
	if (described->n_columns == 0) {
		store_unknown_table(table, database->url, error);
		return NULL;
	}
	writer = g_new0(Writer, 1);
	writer->connection = database->transaction;
	writer->schema = g_strdup(schema);
	writer->statements = g_new0(sqlite3_stmt *, (gsize)described->n_columns * N_KINDS);
	writer->made = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	writer->emptied = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	writer->table = g_steal_pointer(&described);
	return writer;
}

static void append_table(GString *sql, const Writer *writer)
{
	sqlite_append_name(sql, writer->schema);
	g_string_append_c(sql, '.');
	sqlite_append_name(sql, writer->table->name);
}

/* " WHERE key1 IS ?1 AND ...": IS, because a part of a key can be NULL in xCAT's tables. */
static void append_where(GString *sql, const Writer *writer)
{
	for (guint i = 0; i < writer->table->n_keys; i++) {
		g_string_append(sql, i ? " AND " : " WHERE ");
		sqlite_append_name(sql, writer->table->columns[writer->table->keys[i]]);
		g_string_append_printf(sql, " COLLATE BINARY IS ?%u", i + 1);
	}
}

/* ?1 ... ?n are the key, ?n+1 is the value, ?n+2 what SWAP wants to find. */
static char *statement_text(const Writer *writer, guint column, Kind kind)
{
	GString *sql = g_string_new(kind == FIND     ? "SELECT "
				    : kind == INSERT ? "INSERT INTO "
						     : "UPDATE ");
	guint n = writer->table->n_keys;

	if (kind == FIND) {
		sqlite_append_name(sql, writer->table->columns[column]);
		g_string_append(sql, " FROM ");
	}
	append_table(sql, writer);
	if (kind == UPDATE || kind == SWAP) {
		g_string_append(sql, " SET ");
		sqlite_append_name(sql, writer->table->columns[column]);
		g_string_append_printf(sql, " = ?%u", n + 1);
	}
	if (kind != INSERT) {
		append_where(sql, writer);
		if (kind == SWAP) {
			g_string_append(sql, " AND ");
			sqlite_append_name(sql, writer->table->columns[column]);
			g_string_append_printf(sql, " COLLATE BINARY IS ?%u", n + 2);
		}
		return g_string_free(sql, FALSE);
	}
	for (guint i = 0; i < n; i++) {
		g_string_append(sql, i ? "," : " (");
		sqlite_append_name(sql, writer->table->columns[writer->table->keys[i]]);
	}
	g_string_append_c(sql, ',');
	sqlite_append_name(sql, writer->table->columns[column]);
	for (guint i = 0; i <= n; i++)
		g_string_append_printf(sql, "%s?%u", i ? "," : ") VALUES (", i + 1);
	g_string_append_c(sql, ')');
	return g_string_free(sql, FALSE);
}

static int bind(sqlite3_stmt *statement, guint place, const char *text)
{
	/* NULL binds NULL.  What is bound lives as long as the changes, longer than this. */
	return sqlite3_bind_text(statement, (int)place, text, -1, SQLITE_STATIC);
}

/* The statement for the change's column, with its key bound. */
static sqlite3_stmt *statement_for(Writer *writer, const StoreChange *change, Kind kind,
				   GError **error)
{
	guint column = (guint)store_table_column(writer->table, change->column);
	sqlite3_stmt **statement = &writer->statements[column * N_KINDS + kind];

	if (!*statement) {
		g_autofree char *sql = statement_text(writer, column, kind);

		*statement = sqlite_prepare(writer->connection, sql, error);
		if (!*statement)
			return NULL;
	}
	for (guint i = 0; i < change->n_key; i++)
		if (bind(*statement, i + 1, change->key[i]) != SQLITE_OK) {
			sqlite_failed(writer->connection, error);
			return NULL;
		}
	return *statement;
}

static gboolean is_made(const Writer *writer, const StoreChange *change)
{
	g_autofree char *id = store_row_id(change->key, change->n_key);

	return g_hash_table_contains(writer->made, id);
}

/* Is the cell that `found` stands on what the change wants to find? */
static gboolean compare(const Writer *writer, const StoreChange *change, sqlite3_stmt *found,
			GError **error)
{
	gboolean null = sqlite3_column_type(found, 0) == SQLITE_NULL;
	const char *text = (const char *)sqlite3_column_text(found, 0);
	gsize length = (gsize)sqlite3_column_bytes(found, 0);
	StoreCell now = { null ? STORE_CELL_NULL : STORE_CELL_TEXT, text ? text : "" };
	const char *before = change->before.text;

	switch (change->before.kind) {
	case STORE_CELL_NO_ROW:
		if (is_made(writer, change))
			return TRUE;
		break;
	case STORE_CELL_NULL:
		if (null)
			return TRUE;
		break;
	case STORE_CELL_TEXT:
		if (!null && strlen(before) == length && memcmp(before, now.text, length) == 0)
			return TRUE;
		break;
	}
	return store_conflict(change, &now, error);
}

/* Compare what is there now; `exists` tells whether there is a row at all. */
static gboolean find_and_compare(Writer *writer, const StoreChange *change, gboolean *exists,
				 GError **error)
{
	static const StoreCell no_row = { STORE_CELL_NO_ROW, NULL };
	sqlite3_stmt *find = statement_for(writer, change, FIND, error);
	gboolean ok;
	int code;

	if (!find)
		return FALSE;
	code = sqlite3_step(find);
	*exists = code == SQLITE_ROW;
	if (code == SQLITE_DONE)
		ok = change->before.kind == STORE_CELL_NO_ROW ||
		     store_conflict(change, &no_row, error);
	else if (code == SQLITE_ROW)
		ok = compare(writer, change, find, error);
	else
		ok = sqlite_failed(writer->connection, error);
	/* Only a table that declares no key can have a second row of the same key. */
	if (ok && *exists) {
		code = sqlite3_step(find);
		if (code == SQLITE_ROW)
			ok = store_refuse_doubled(change, error);
		else if (code != SQLITE_DONE)
			ok = sqlite_failed(writer->connection, error);
	}
	sqlite3_reset(find);
	return ok;
}

static gboolean execute(Writer *writer, const StoreChange *change, Kind kind, GError **error)
{
	sqlite3_stmt *statement = statement_for(writer, change, kind, error);
	const char *text = change->after.kind == STORE_CELL_TEXT ? change->after.text : NULL;
	gboolean ok;

	if (!statement)
		return FALSE;
	ok = bind(statement, change->n_key + 1, text) == SQLITE_OK &&
	     (kind != SWAP ||
	      bind(statement, change->n_key + 2, change->before.text) == SQLITE_OK) &&
	     sqlite3_step(statement) == SQLITE_DONE;
	if (!ok) {
		g_autofree char *key = store_key_text(change->key, change->n_key);

		sqlite_failed(writer->connection, error);
		g_prefix_error(error, "cannot write %s.%s of %s: ", change->table,
			       change->column, key);
	}
	sqlite3_reset(statement);
	return ok;
}

/* The whole way: find what is there, then write. */
static gboolean find_and_write(Writer *writer, const StoreChange *change, GError **error)
{
	gboolean exists = FALSE;

	if (!find_and_compare(writer, change, &exists, error))
		return FALSE;
	if (exists)
		return execute(writer, change, UPDATE, error);
	if (change->after.kind == STORE_CELL_NO_ROW)
		return TRUE;
	g_hash_table_add(writer->made, store_row_id(change->key, change->n_key));
	return execute(writer, change, INSERT, error);
}

/*
 * A cell of a row that is there is compared and written in one go.  If that does not write
 * a row, the whole way finds out why: a conflict, or a value that is no text to SQLite.
 */
static gboolean write_change(Writer *writer, const StoreChange *change, GError **error)
{
	if (!store_check_change(writer->table, change, error))
		return FALSE;
	if (change->after.kind == STORE_CELL_NO_ROW)
		g_hash_table_insert(writer->emptied, store_row_id(change->key, change->n_key),
				    (gpointer)change);
	if (change->before.kind == STORE_CELL_NO_ROW)
		return is_made(writer, change) ? execute(writer, change, UPDATE, error)
					       : find_and_write(writer, change, error);
	if (!execute(writer, change, SWAP, error))
		return FALSE;
	switch (sqlite3_changes(writer->connection->handle)) {
	case 0:
		return find_and_write(writer, change, error);
	case 1:
		return TRUE;
	default:
		return store_refuse_doubled(change, error);
	}
}

/* Takes away the rows that changes to NO_ROW have left with nothing but their key. */
static gboolean remove_emptied(Writer *writer, GError **error)
{
	g_autoptr(GString) sql = g_string_new("DELETE FROM ");
	g_autoptr(sqlite3_stmt) statement = NULL;
	GHashTableIter rows;
	gpointer value;

	if (g_hash_table_size(writer->emptied) == 0)
		return TRUE;
	append_table(sql, writer);
	append_where(sql, writer);
	for (guint i = 0; i < writer->table->n_columns; i++) {
		if (store_table_is_key(writer->table, i))
			continue;
		g_string_append(sql, " AND ");
		sqlite_append_name(sql, writer->table->columns[i]);
		g_string_append(sql, " IS NULL");
	}
	statement = sqlite_prepare(writer->connection, sql->str, error);
	if (!statement)
		return FALSE;
	g_hash_table_iter_init(&rows, writer->emptied);
	while (g_hash_table_iter_next(&rows, NULL, &value)) {
		const StoreChange *change = value;

		for (guint i = 0; i < change->n_key; i++)
			if (bind(statement, i + 1, change->key[i]) != SQLITE_OK)
				return sqlite_failed(writer->connection, error);
		if (sqlite3_step(statement) != SQLITE_DONE)
			return sqlite_failed(writer->connection, error);
		sqlite3_reset(statement);
	}
	return TRUE;
}

gboolean sqlite_write(gpointer data, const StoreChange *changes, guint n, GError **error)
{
	SqliteDatabase *database = data;
	g_autoptr(GHashTable) writers = g_hash_table_new_full(g_str_hash, g_str_equal, NULL,
							      (GDestroyNotify)writer_free);
	GHashTableIter all;
	gpointer value;

	for (guint i = 0; i < n; i++) {
		Writer *writer = g_hash_table_lookup(writers, changes[i].table);

		if (!writer) {
			writer = writer_new(database, changes[i].table, error);
			if (!writer)
				return FALSE;
			g_hash_table_insert(writers, (gpointer)changes[i].table, writer);
		}
		if (!write_change(writer, &changes[i], error))
			return FALSE;
	}
	g_hash_table_iter_init(&all, writers);
	while (g_hash_table_iter_next(&all, NULL, &value))
		if (!remove_emptied(value, error))
			return FALSE;
	return TRUE;
}
