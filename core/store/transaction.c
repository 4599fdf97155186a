/*
 * One SQLite transaction over the files of several tables.
 *
 * SQLite commits several files at once by a super-journal beside the *main* one.  That is
 * atomic only if main is a file on disk that is itself written and has a rollback journal:
 * so main is the first written file, the others and those of the guard are attached.
 */
#include "core/base.h"
#include "core/store/driver.h"
#include <string.h>

SqliteDatabase *sqlite_database_new(const char *scheme, const char *path, SqliteFile file,
				    char **url)
{
	SqliteDatabase *database = g_new0(SqliteDatabase, 1);

	database->path = g_strdup(path);
	database->url = g_strconcat(scheme, ":", path, NULL);
	database->file = file;
	*url = g_strdup(database->url);
	return database;
}

void sqlite_close(gpointer data)
{
	SqliteDatabase *database = data;

	sqlite_rollback(database);
	g_free(database->path);
	g_free(database->url);
	g_free(database);
}

StoreTable *sqlite_read(gpointer data, const char *table, GError **error)
{
	SqliteDatabase *database = data;
	g_autoptr(SqliteConnection) connection = NULL;
	g_autofree char *file = NULL;

	if (database->transaction) {
		const char *schema = g_hash_table_lookup(database->schemas, table);

		return schema ? sqlite_read_table(database->transaction, schema, table, error)
			      : store_table_new(table);
	}
	file = database->file(database, table);
	if (!file)
		return store_table_new(table);
	connection = sqlite_connect(file, SQLITE_OPEN_READONLY, STORE_WAIT, error);
	return connection ? sqlite_read_table(connection, "main", table, error) : NULL;
}

static char *schema_name(guint place)
{
	return place == 0 ? g_strdup("main") : g_strdup_printf("file%u", place);
}

/* Enters the files of `tables` into `files`, and under which name each table is found. */
static gboolean add_files(SqliteDatabase *database, const char *const *tables, gboolean written,
			  GPtrArray *files, GError **error)
{
	for (guint i = 0; tables[i]; i++) {
		g_autofree char *file = database->file(database, tables[i]);
		guint place;

		if (!file && written)
			return store_unknown_table(tables[i], database->url, error);
		if (!file)
			continue;
		if (!g_ptr_array_find_with_equal_func(files, file, g_str_equal, &place)) {
			place = files->len;
			g_ptr_array_add(files, g_steal_pointer(&file));
		}
		g_hash_table_insert(database->schemas, g_strdup(tables[i]), schema_name(place));
	}
	return TRUE;
}

static gboolean attach(const SqliteConnection *connection, const GPtrArray *files,
		       GError **error)
{
	guint limit = (guint)sqlite3_limit(connection->handle, SQLITE_LIMIT_ATTACHED, -1);
	g_autoptr(sqlite3_stmt) statement = NULL;

	if (files->len == 1)
		return TRUE;
	if (files->len - 1 > limit) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED,
			    "one commit has to lock %u table files, but this SQLite takes only "
			    "%u together; write fewer tables at once",
			    files->len, limit + 1);
		return FALSE;
	}
	statement = sqlite_prepare(connection, "ATTACH ?1 AS ?2", error);
	for (guint i = 1; statement && i < files->len; i++) {
		g_autofree char *schema = schema_name(i);

		if (sqlite3_bind_text(statement, 1, files->pdata[i], -1, SQLITE_TRANSIENT) !=
			    SQLITE_OK ||
		    sqlite3_bind_text(statement, 2, schema, -1, SQLITE_TRANSIENT) !=
			    SQLITE_OK ||
		    sqlite3_step(statement) != SQLITE_DONE) {
			g_autofree char *quoted = text_quote(files->pdata[i]);

			sqlite_failed(connection, error);
			g_prefix_error(error, "cannot lock the table file %s: ", quoted);
			return FALSE;
		}
		sqlite3_reset(statement);
	}
	return statement != NULL;
}

/* A file with a write-ahead log commits by itself: a crash would leave half of a commit. */
static gboolean check_journal_mode(const SqliteConnection *connection, const char *schema,
				   const char *file, GError **error)
{
	g_autofree char *sql = g_strdup_printf("PRAGMA \"%s\".journal_mode", schema);
	g_autoptr(sqlite3_stmt) statement = sqlite_prepare(connection, sql, error);
	g_autofree char *quoted = NULL;

	if (!statement)
		return FALSE;
	if (sqlite3_step(statement) != SQLITE_ROW)
		return sqlite_failed(connection, error);
	if (strcmp((const char *)sqlite3_column_text(statement, 0), "wal") != 0)
		return TRUE;
	quoted = text_quote(file);
	g_set_error(
		error, STORE_ERROR, STORE_ERROR_FAILED,
		"%s is in WAL mode, so it cannot be written together with other table files "
		"in one transaction that a crash leaves whole; change it with: "
		"sqlite3 %s 'PRAGMA journal_mode=DELETE'",
		quoted, quoted);
	return FALSE;
}

/* Everything that can be known to be wrong before a lock is taken. */
static gboolean check_files(const SqliteConnection *connection, const GPtrArray *files,
			    guint n_written, GError **error)
{
	for (guint i = 0; i < files->len; i++) {
		g_autofree char *schema = schema_name(i);
		g_autofree char *quoted = text_quote(files->pdata[i]);

		if (n_written > 1 &&
		    !check_journal_mode(connection, schema, files->pdata[i], error))
			return FALSE;
		if (i >= n_written || sqlite3_db_readonly(connection->handle, schema) != 1)
			continue;
		g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED,
			    "cannot write to %s: it is read-only for this user", quoted);
		return FALSE;
	}
	return TRUE;
}

/* From here on messages mean the whole database: SQLite does not say which file it was. */
static void name_database(SqliteConnection *connection, const SqliteDatabase *database)
{
	g_autofree char *quoted = text_quote(database->path);
	gboolean directory = g_file_test(database->path, G_FILE_TEST_IS_DIR);

	g_free(connection->path);
	connection->path = g_strdup(database->path);
	g_free(connection->files);
	connection->files = g_strconcat(quoted, directory ? "/*.sqlite" : NULL, NULL);
}

static gboolean lock_files(SqliteDatabase *database, const char *const *written,
			   const char *const *guarded, guint wait, GError **error)
{
	g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);
	guint n_written;

	if (!add_files(database, written, TRUE, files, error))
		return FALSE;
	n_written = files->len;
	if (!add_files(database, guarded, FALSE, files, error))
		return FALSE;
	database->transaction =
		sqlite_connect(files->pdata[0], SQLITE_OPEN_READWRITE, wait, error);
	if (!database->transaction)
		return FALSE;
	name_database(database->transaction, database);
	return attach(database->transaction, files, error) &&
	       check_files(database->transaction, files, n_written, error) &&
	       sqlite_execute(database->transaction, "BEGIN IMMEDIATE", error);
}

gboolean sqlite_begin(gpointer data, const char *const *written, const char *const *guarded,
		      guint wait, GError **error)
{
	SqliteDatabase *database = data;

	database->schemas = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	if (lock_files(database, written, guarded, wait, error))
		return TRUE;
	sqlite_rollback(database);
	return FALSE;
}

/* Ends the transaction.  What is not committed is rolled back. */
void sqlite_rollback(gpointer data)
{
	SqliteDatabase *database = data;

	if (database->transaction && !sqlite3_get_autocommit(database->transaction->handle))
		sqlite_execute(database->transaction, "ROLLBACK", NULL);
	g_clear_pointer(&database->transaction, sqlite_disconnect);
	g_clear_pointer(&database->schemas, g_hash_table_unref);
}

gboolean sqlite_commit(gpointer data, GError **error)
{
	SqliteDatabase *database = data;

	if (!sqlite_execute(database->transaction, "COMMIT", error))
		return FALSE;
	sqlite_rollback(database); /* nothing is left to roll back: this only closes */
	return TRUE;
}
