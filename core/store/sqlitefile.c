/* The driver of "sqlite:FILE": all tables in one file. */
#include "core/base.h"
#include "core/store/driver.h"
#include <errno.h>
#include <stdlib.h>

#define HINT "fill a new one with: snmove-lua --db sqlite:FILE --import DIRECTORY"

char *sqlite_real_path(const char *path, const char *hint, GError **error)
{
	g_autofree char *quoted = text_quote(path);
	char *found = realpath(path, NULL); /* malloc and free are GLib's own */

	if (!found)
		g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED,
			    "cannot open the database %s: %s; %s", quoted, g_strerror(errno),
			    hint);
	return found;
}

gboolean sqlite_check_nodelist(const char *path, const char *hint, GError **error)
{
	g_autoptr(SqliteConnection) connection =
		sqlite_connect(path, SQLITE_OPEN_READONLY, STORE_WAIT, error);
	g_autoptr(StoreTable) nodelist = NULL;
	g_autofree char *quoted = NULL;

	if (connection)
		nodelist = sqlite_describe(connection, "main", "nodelist", error);
	if (!nodelist)
		return FALSE;
	if (nodelist->n_columns > 0)
		return TRUE;
	quoted = text_quote(path);
	g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED,
		    "%s has no table nodelist, so it is no cluster database; %s", quoted, hint);
	return FALSE;
}

static char *file_of(const SqliteDatabase *database, const char *table)
{
	(void)table;
	return g_strdup(database->path);
}

static gpointer open_file(const char *scheme, const char *place, char **url, GError **error)
{
	g_autofree char *path = sqlite_real_path(place, HINT, error);

	(void)scheme;
	if (!path)
		return NULL;
	if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
		g_autofree char *quoted = text_quote(path);

		g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED,
			    "%s is a directory, not a database file; if xCAT keeps its tables "
			    "there, it is called xcat:DIRECTORY",
			    quoted);
		return NULL;
	}
	return sqlite_check_nodelist(path, HINT, error)
		       ? sqlite_database_new("sqlite", path, file_of, url)
		       : NULL;
}

static char **tables(gpointer data, GError **error)
{
	SqliteDatabase *database = data;
	g_autoptr(SqliteConnection) connection =
		sqlite_connect(database->path, SQLITE_OPEN_READONLY, STORE_WAIT, error);
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(sqlite3_stmt) list = NULL;
	int code;

	if (!connection)
		return NULL;
	list = sqlite_prepare(connection, "SELECT name FROM sqlite_master WHERE type = 'table'",
			      error);
	if (!list)
		return NULL;
	while ((code = sqlite3_step(list)) == SQLITE_ROW)
		g_ptr_array_add(names, g_strdup((const char *)sqlite3_column_text(list, 0)));
	if (code != SQLITE_DONE) {
		sqlite_failed(connection, error);
		return NULL;
	}
	g_ptr_array_add(names, NULL);
	return (char **)g_ptr_array_free(g_steal_pointer(&names), FALSE);
}

const StoreDriver store_sqlite_file = {
	.open = open_file,
	.close = sqlite_close,
	.tables = tables,
	.read = sqlite_read,
	.begin = sqlite_begin,
	.write = sqlite_write,
	.commit = sqlite_commit,
	.rollback = sqlite_rollback,
};
