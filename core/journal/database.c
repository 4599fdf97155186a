#include "core/journal/database.h"
#include "core/base.h"
#include <string.h>

gboolean database_failed(const Journal *journal, GError **error)
{
	const char *hint = "";

	switch (sqlite3_errcode(journal->db)) {
	case SQLITE_NOTADB:
	case SQLITE_CORRUPT:
		hint = "; nothing is written while it is damaged: move it away, and its runs "
		       "with it";
		break;
	case SQLITE_FULL:
		hint = "; make room on the disk";
		break;
	default:
		break;
	}
	g_set_error(error, JOURNAL_ERROR, JOURNAL_ERROR_FAILED, "the journal '%s': %s%s",
		    journal->path, sqlite3_errmsg(journal->db), hint);
	return FALSE;
}

int database_bind(sqlite3_stmt *statement, int place, const char *bytes, gsize length,
		  gboolean text)
{
	g_autofree char *masked = bytes ? secret_mask(bytes, &length) : NULL;

	if (masked)
		bytes = masked;
	return text ? sqlite3_bind_text(statement, place, bytes, (int)length, SQLITE_TRANSIENT)
		    : sqlite3_bind_blob(statement, place, bytes, (int)length, SQLITE_TRANSIENT);
}

static sqlite3_stmt *prepare(const Journal *journal, GError **error, const char *sql,
			     const char *types, va_list args)
{
	g_autoptr(sqlite3_stmt) statement = NULL;
	int code = sqlite3_prepare_v2(journal->db, sql, -1, &statement, NULL);

	for (int i = 1; code == SQLITE_OK && types[i - 1]; i++) {
		const char *bytes;

		switch (types[i - 1]) {
		case 'i':
			code = sqlite3_bind_int64(statement, i, va_arg(args, gint64));
			break;
		case 't':
			bytes = va_arg(args, const char *);
			code = database_bind(statement, i, bytes, bytes ? strlen(bytes) : 0,
					     TRUE);
			break;
		default:
			bytes = va_arg(args, const char *);
			code = database_bind(statement, i, bytes, va_arg(args, gsize), FALSE);
		}
	}
	if (code != SQLITE_OK) {
		database_failed(journal, error);
		return NULL;
	}
	return g_steal_pointer(&statement);
}

sqlite3_stmt *database_prepare(const Journal *journal, GError **error, const char *sql,
			       const char *types, ...)
{
	sqlite3_stmt *statement;
	va_list args;

	va_start(args, types);
	statement = prepare(journal, error, sql, types, args);
	va_end(args);
	return statement;
}

gboolean database_run(const Journal *journal, GError **error, const char *sql,
		      const char *types, ...)
{
	g_autoptr(sqlite3_stmt) statement = NULL;
	va_list args;

	va_start(args, types);
	statement = prepare(journal, error, sql, types, args);
	va_end(args);
	if (!statement)
		return FALSE;
	return sqlite3_step(statement) == SQLITE_DONE || database_failed(journal, error);
}

gint64 database_now(void)
{
	return g_get_real_time() / G_USEC_PER_SEC;
}

gboolean database_begin(const Journal *journal, GError **error)
{
	return database_run(journal, error, "BEGIN IMMEDIATE", "");
}

gboolean database_end(const Journal *journal, gboolean good, GError **error)
{
	if (good && database_run(journal, error, "COMMIT", ""))
		return TRUE;
	if (!sqlite3_get_autocommit(journal->db))
		sqlite3_exec(journal->db, "ROLLBACK", NULL, NULL, NULL);
	return FALSE;
}

const char *database_text(sqlite3_stmt *statement, int column, GStringChunk *text)
{
	const char *value = (const char *)sqlite3_column_text(statement, column);

	return value ? g_string_chunk_insert_const(text, value) : NULL;
}

char *database_copy(sqlite3_stmt *statement, int column)
{
	return g_strdup((const char *)sqlite3_column_text(statement, column));
}
