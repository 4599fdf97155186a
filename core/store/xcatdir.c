/* The driver of "xcat:DIR": xCAT's directory, where the file TABLE.sqlite holds TABLE. */
#include "core/base.h"
#include "core/store/driver.h"
#include <string.h>

#define SUFFIX ".sqlite"
#define HINT   "xCAT's directory is named by $XCATCFG or the file /etc/xcat/cfgloc"

static char *path_of(const char *directory, const char *table)
{
	return g_strconcat(directory, "/", table, SUFFIX, NULL);
}

static char *file_of(const SqliteDatabase *database, const char *table)
{
	g_autofree char *path = path_of(database->path, table);

	/* xCAT makes a table's file when the table is first written to. */
	return g_file_test(path, G_FILE_TEST_EXISTS) ? g_steal_pointer(&path) : NULL;
}

static gpointer open_directory(const char *scheme, const char *place, char **url,
			       GError **error)
{
	g_autofree char *path = sqlite_real_path(place, HINT, error);
	g_autofree char *nodelist = path ? path_of(path, "nodelist") : NULL;
	g_autofree char *quoted = path ? text_quote(path) : NULL;

	(void)scheme;
	if (!path)
		return NULL;
	if (!g_file_test(path, G_FILE_TEST_IS_DIR)) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED,
			    "%s is not a directory; a database in one file is called "
			    "sqlite:FILE",
			    quoted);
		return NULL;
	}
	if (!g_file_test(nodelist, G_FILE_TEST_EXISTS)) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED,
			    "the directory %s has no nodelist.sqlite (or this user cannot look "
			    "into it), so it holds no cluster database; " HINT,
			    quoted);
		return NULL;
	}
	return sqlite_check_nodelist(nodelist, HINT, error)
		       ? sqlite_database_new("xcat", path, file_of, url)
		       : NULL;
}

static char **tables(gpointer data, GError **error)
{
	SqliteDatabase *database = data;
	g_autoptr(GError) problem = NULL;
	g_autoptr(GDir) directory = g_dir_open(database->path, 0, &problem);
	GPtrArray *names;
	const char *name;

	if (!directory) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED,
			    "cannot list the tables of the cluster database: %s",
			    problem->message);
		return NULL;
	}
	names = g_ptr_array_new();
	while ((name = g_dir_read_name(directory)))
		if (g_str_has_suffix(name, SUFFIX))
			g_ptr_array_add(names, g_strndup(name, strlen(name) - strlen(SUFFIX)));
	g_ptr_array_add(names, NULL);
	return (char **)g_ptr_array_free(names, FALSE);
}

const StoreDriver store_xcat_directory = {
	.open = open_directory,
	.close = sqlite_close,
	.tables = tables,
	.read = sqlite_read,
	.begin = sqlite_begin,
	.write = sqlite_write,
	.commit = sqlite_commit,
	.rollback = sqlite_rollback,
};
