#include "tests/lib/database.h"
#include "tests/lib/harness.h"
#include <sqlite3.h>
#include <string.h>

static sqlite3 *open_file(const char *file)
{
	sqlite3 *db = NULL;

	if (sqlite3_open(file, &db) != SQLITE_OK)
		fail_msg("cannot open %s: %s", file, sqlite3_errmsg(db));
	return db;
}

void database_execute(const char *file, const char *sql)
{
	sqlite3 *db = open_file(file);
	char *message = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
		fail_msg("%s: %s", file, message);
	sqlite3_close(db);
}

static void load(const char *target, gboolean one_file, const char *source_directory)
{
	g_autofree char *directory = harness_source(source_directory);
	g_autoptr(GError) problem = NULL;
	g_autoptr(GDir) dir = g_dir_open(directory, 0, &problem);
	const char *name;

	assert_ok(dir, problem);
	while ((name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(directory, name, NULL);
		g_autofree char *table = NULL;
		g_autofree char *file = NULL;
		g_autofree char *sql = NULL;

		if (!g_str_has_suffix(name, ".sql"))
			continue;
		table = g_strndup(name, strlen(name) - 4);
		file = one_file ? g_strdup(target)
				: g_strdup_printf("%s/%s.sqlite", target, table);
		assert_ok(g_file_get_contents(path, &sql, NULL, &problem), problem);
		database_execute(file, sql);
	}
}

void database_load(const char *file, const char *source_directory)
{
	load(file, TRUE, source_directory);
}

void database_load_xcat(const char *directory, const char *source_directory)
{
	load(directory, FALSE, source_directory);
}

char *database_value(const char *file, const char *sql)
{
	sqlite3 *db = open_file(file);
	sqlite3_stmt *statement = NULL;
	char *value = NULL;

	if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	if (sqlite3_step(statement) == SQLITE_ROW)
		value = g_strdup((const char *)sqlite3_column_text(statement, 0));
	sqlite3_finalize(statement);
	sqlite3_close(db);
	return value;
}
