/* SQLite: connections, errors in words, tables read.  What both SQLite drivers stand on. */
#include "core/base.h"
#include "core/store/driver.h"
#include <string.h>

void sqlite_disconnect(SqliteConnection *connection)
{
	if (!connection)
		return;
	sqlite3_close_v2(connection->handle);
	g_free(connection->path);
	g_free(connection->files);
	g_free(connection);
}

/* What the administrator is told, by what SQLite's error code says. */
static char *explain(const SqliteConnection *connection, int code)
{
	const char *detail = sqlite3_errmsg(connection->handle);
	int number = sqlite3_system_errno(connection->handle);
	g_autofree char *path = text_quote(connection->path);

	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return g_strdup_printf("the database %s is busy: another program has held it "
				       "for %g s; see who with: fuser -v %s",
				       path, connection->patience.most / 1000.0,
				       connection->files);
	case SQLITE_NOTADB:
		return g_strdup_printf("%s is not an SQLite database", path);
	case SQLITE_CORRUPT:
		return g_strdup_printf("%s is damaged (%s); look at it with: sqlite3 FILE "
				       "'PRAGMA integrity_check'",
				       path, detail);
	case SQLITE_FULL:
		return g_strdup_printf("the disk of %s is full; nothing was written", path);
	case SQLITE_READONLY:
		if (code == SQLITE_READONLY_ROLLBACK)
			return g_strdup_printf(
				"%s was left half-written by a program that was killed, and "
				"this user cannot write it; run this once as root",
				path);
		return g_strdup_printf("cannot write to %s: the file, its directory or its "
				       "file system is read-only for this user",
				       path);
	case SQLITE_CANTOPEN:
		return g_strdup_printf("cannot open %s or the journal beside it: %s", path,
				       number ? g_strerror(number) : detail);
	case SQLITE_IOERR:
		return g_strdup_printf("cannot read or write %s: %s (%s)", path, detail,
				       g_strerror(number));
	default:
		return g_strdup_printf("the database %s refuses: %s", path, detail);
	}
}

gboolean sqlite_failed(const SqliteConnection *connection, GError **error)
{
	int code = sqlite3_extended_errcode(connection->handle);
	g_autofree char *message = explain(connection, code);
	gboolean busy = (code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED;

	g_set_error_literal(error, STORE_ERROR, busy ? STORE_ERROR_BUSY : STORE_ERROR_FAILED,
			    message);
	return FALSE;
}

/* Opens and reads the first page.  Gives SQLite's extended code. */
static int open_handle(SqliteConnection *connection, const char *path, int flags)
{
	int code;

	sqlite3_close_v2(connection->handle);
	connection->handle = NULL;
	/* A connection stays with its thread, so SQLite need not lock against others. */
	code = sqlite3_open_v2(path, &connection->handle, flags | SQLITE_OPEN_NOMUTEX, NULL);
	if (code != SQLITE_OK)
		return code;
	sqlite3_extended_result_codes(connection->handle, 1);
	sqlite3_busy_handler(connection->handle, patience_wait, &connection->patience);
	/* Room for 64 MiB of pages: reading by the key goes to and fro in the whole file. */
	return sqlite3_exec(connection->handle,
			    "PRAGMA schema_version; PRAGMA cache_size = -65536", NULL, NULL,
			    NULL);
}

SqliteConnection *sqlite_connect(const char *path, int flags, guint wait, GError **error)
{
	g_autoptr(SqliteConnection) connection = g_new0(SqliteConnection, 1);
	int code;

	connection->path = g_strdup(path);
	connection->files = text_quote(path);
	connection->patience = (Patience){ .what = "the database", .most = wait };
	code = open_handle(connection, path, flags);
	/* A journal that a killed program left is rolled back by whoever may write. */
	if (code == SQLITE_READONLY_ROLLBACK)
		code = open_handle(connection, path, SQLITE_OPEN_READWRITE);
	if (code != SQLITE_OK) {
		sqlite_failed(connection, error);
		return NULL;
	}
	return g_steal_pointer(&connection);
}

gboolean sqlite_execute(const SqliteConnection *connection, const char *sql, GError **error)
{
	if (sqlite3_exec(connection->handle, sql, NULL, NULL, NULL) == SQLITE_OK)
		return TRUE;
	return sqlite_failed(connection, error);
}

sqlite3_stmt *sqlite_prepare(const SqliteConnection *connection, const char *sql,
			     GError **error)
{
	sqlite3_stmt *statement = NULL;

	if (sqlite3_prepare_v2(connection->handle, sql, -1, &statement, NULL) != SQLITE_OK)
		sqlite_failed(connection, error);
	return statement;
}

void sqlite_append_name(GString *sql, const char *name)
{
	g_string_append_c(sql, '"');
	for (const char *p = name; *p; p++) {
		if (*p == '"')
			g_string_append_c(sql, '"');
		g_string_append_c(sql, *p);
	}
	g_string_append_c(sql, '"');
}

/* Fills the columns and the declared key from the rows of `list`: name, place in the key. */
static gboolean list_columns(const SqliteConnection *connection, sqlite3_stmt *list,
			     StoreTable *table, GError **error)
{
	g_autoptr(GPtrArray) columns = g_ptr_array_new();
	g_autoptr(GArray) keys = g_array_new(FALSE, TRUE, sizeof(guint));
	int code;

	while ((code = sqlite3_step(list)) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(list, 0);
		guint place = (guint)sqlite3_column_int(list, 1);

		if (place > keys->len)
			g_array_set_size(keys, place);
		if (place > 0)
			g_array_index(keys, guint, place - 1) = columns->len;
		g_ptr_array_add(columns, g_strdup(name ? name : ""));
	}
	table->n_columns = columns->len;
	g_ptr_array_add(columns, NULL);
	g_free(table->columns);
	table->columns = (char **)g_ptr_array_free(g_steal_pointer(&columns), FALSE);
	table->n_keys = keys->len;
	if (keys->len > 0)
		table->keys = (guint *)g_array_free(g_steal_pointer(&keys), FALSE);
	if (code != SQLITE_DONE)
		return sqlite_failed(connection, error);
	store_choose_key(table);
	return TRUE;
}

StoreTable *sqlite_describe(const SqliteConnection *connection, const char *schema,
			    const char *table, GError **error)
{
	g_autoptr(StoreTable) described = store_table_new(table);
	g_autoptr(GString) sql = g_string_new("SELECT c.name, c.pk FROM ");
	g_autoptr(sqlite3_stmt) list = NULL;

	sqlite_append_name(sql, schema);
	g_string_append(sql, ".sqlite_master AS m, pragma_table_info(m.name, ?2) AS c "
			     "WHERE m.type = 'table' AND m.name = ?1 ORDER BY c.cid");
	list = sqlite_prepare(connection, sql->str, error);
	if (!list)
		return NULL;
	if (sqlite3_bind_text(list, 1, table, -1, SQLITE_STATIC) != SQLITE_OK ||
	    sqlite3_bind_text(list, 2, schema, -1, SQLITE_STATIC) != SQLITE_OK) {
		sqlite_failed(connection, error);
		return NULL;
	}
	return list_columns(connection, list, described, error) ? g_steal_pointer(&described)
								: NULL;
}

static char *select_all(const StoreTable *table, const char *schema)
{
	GString *sql = g_string_new("SELECT ");

	for (guint i = 0; i < table->n_columns; i++) {
		g_string_append(sql, i ? "," : "");
		sqlite_append_name(sql, table->columns[i]);
	}
	g_string_append(sql, " FROM ");
	sqlite_append_name(sql, schema);
	g_string_append_c(sql, '.');
	sqlite_append_name(sql, table->name);
	g_string_append(sql, " ORDER BY ");
	for (guint i = 0; i < table->n_keys; i++) {
		g_string_append(sql, i ? "," : "");
		sqlite_append_name(sql, table->columns[table->keys[i]]);
		g_string_append(sql, " COLLATE BINARY");
	}
	return g_string_free(sql, FALSE);
}

static gboolean refuse_nul(const StoreTable *table, sqlite3_stmt *row, guint column,
			   GError **error)
{
	g_autoptr(GPtrArray) key = g_ptr_array_new();

	for (guint i = 0; i < table->n_keys; i++)
		g_ptr_array_add(key, (gpointer)sqlite3_column_text(row, (int)table->keys[i]));
	return store_refuse_nul(table, (const char *const *)key->pdata, column, error);
}

/* One row to the end of `cells`. */
static gboolean read_row(const SqliteConnection *connection, StoreTable *table,
			 sqlite3_stmt *row, GPtrArray *cells, GError **error)
{
	for (guint i = 0; i < table->n_columns; i++) {
		const char *text = (const char *)sqlite3_column_text(row, (int)i);
		gsize length = (gsize)sqlite3_column_bytes(row, (int)i);

		if (!text) {
			/* An empty BLOB has no bytes to point at, but it is not NULL. */
			int type = sqlite3_column_type(row, (int)i);

			if (type != SQLITE_NULL && length > 0)
				return sqlite_failed(connection, error);
			text = type == SQLITE_NULL ? NULL : "";
		}
		if (text && strlen(text) != length)
			return refuse_nul(table, row, i, error);
		store_add_cell(table, cells, text, length);
	}
	return TRUE;
}

StoreTable *sqlite_read_table(const SqliteConnection *connection, const char *schema,
			      const char *table, GError **error)
{
	g_autoptr(StoreTable) read = sqlite_describe(connection, schema, table, error);
	g_autoptr(GPtrArray) cells = g_ptr_array_new();
	g_autoptr(sqlite3_stmt) rows = NULL;
	g_autofree char *sql = NULL;
	int code;

	if (!read || read->n_columns == 0)
		return g_steal_pointer(&read);
	sql = select_all(read, schema);
	rows = sqlite_prepare(connection, sql, error);
	if (!rows)
		return NULL;
	while ((code = sqlite3_step(rows)) == SQLITE_ROW) {
		if (!read_row(connection, read, rows, cells, error))
			return NULL;
		read->n_rows++;
	}
	if (code != SQLITE_DONE) {
		sqlite_failed(connection, error);
		return NULL;
	}
	read->cells = (const char **)g_ptr_array_free(g_steal_pointer(&cells), FALSE);
	return g_steal_pointer(&read);
}
