#include "core/journal/file.h"
#include "core/base.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

G_DEFINE_QUARK(snmove_journal_error, journal_error)

#define WAIT 10000 /* ms that another reader or writer of the journal is waited for */

gboolean file_failed(const Journal *journal, GError **error)
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

/* No secret is kept. */
static int bind_bytes(sqlite3_stmt *statement, int place, const char *bytes, gsize length,
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
			code = bind_bytes(statement, i, bytes, bytes ? strlen(bytes) : 0, TRUE);
			break;
		default:
			bytes = va_arg(args, const char *);
			code = bind_bytes(statement, i, bytes, va_arg(args, gsize), FALSE);
		}
	}
	if (code != SQLITE_OK) {
		file_failed(journal, error);
		return NULL;
	}
	return g_steal_pointer(&statement);
}

sqlite3_stmt *file_prepare(const Journal *journal, GError **error, const char *sql,
			   const char *types, ...)
{
	sqlite3_stmt *statement;
	va_list args;

	va_start(args, types);
	statement = prepare(journal, error, sql, types, args);
	va_end(args);
	return statement;
}

gboolean file_run(const Journal *journal, GError **error, const char *sql, const char *types,
		  ...)
{
	g_autoptr(sqlite3_stmt) statement = NULL;
	va_list args;

	va_start(args, types);
	statement = prepare(journal, error, sql, types, args);
	va_end(args);
	if (!statement)
		return FALSE;
	return sqlite3_step(statement) == SQLITE_DONE || file_failed(journal, error);
}

gint64 file_now(void)
{
	return g_get_real_time() / G_USEC_PER_SEC;
}

gboolean file_begin(const Journal *journal, GError **error)
{
	return file_run(journal, error, "BEGIN IMMEDIATE", "");
}

gboolean file_end(const Journal *journal, gboolean good, GError **error)
{
	if (good && file_run(journal, error, "COMMIT", ""))
		return TRUE;
	if (!sqlite3_get_autocommit(journal->db))
		sqlite3_exec(journal->db, "ROLLBACK", NULL, NULL, NULL);
	return FALSE;
}

const char *file_text(sqlite3_stmt *statement, int column, GStringChunk *text)
{
	const char *value = (const char *)sqlite3_column_text(statement, column);

	return value ? g_string_chunk_insert_const(text, value) : NULL;
}

/* The directory and the file are for their owner alone: they tell of the whole cluster. */
static gboolean make_file(const char *directory, const char *path, GError **error)
{
	int file;

	if (g_mkdir_with_parents(directory, 0700) != 0) {
		g_set_error(error, JOURNAL_ERROR, JOURNAL_ERROR_FAILED,
			    "cannot make the directory '%s': %s", directory, g_strerror(errno));
		return FALSE;
	}
	file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (file < 0) {
		g_set_error(error, JOURNAL_ERROR, JOURNAL_ERROR_FAILED,
			    "cannot write the journal '%s': %s", path, g_strerror(errno));
		return FALSE;
	}
	close(file);
	return TRUE;
}

/* A file that a killed program has made and not filled is none yet. */
static gboolean has_content(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && status.st_size > 0;
}

Journal *journal_open(const char *directory, gboolean write, GError **error)
{
	g_autoptr(Journal) journal = g_new0(Journal, 1);

	journal->path = g_build_filename(directory, "journal.db", NULL);
	if (!write && !has_content(journal->path))
		return NULL;
	if (write && !make_file(directory, journal->path, error))
		return NULL;
	/* To be able to write also where it is only read: a killed writer leaves a transaction
	 * that SQLite must take back first.  Who may not write gets it read-only. */
	if (sqlite3_open_v2(journal->path, &journal->db,
			    SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
		file_failed(journal, error);
		return NULL;
	}
	sqlite3_busy_timeout(journal->db, WAIT);
	if (!file_upgrade(journal, error))
		return NULL;
	return g_steal_pointer(&journal);
}

void journal_close(Journal *journal)
{
	if (!journal)
		return;
	sqlite3_close_v2(journal->db);
	g_free(journal->path);
	g_free(journal);
}

gboolean file_each_of(const Journal *journal, gint64 run, const char *sql, GHashTable *changes,
		      void (*fill)(Change *change, sqlite3_stmt *row, GStringChunk *text),
		      GStringChunk *text, GError **error)
{
	g_autoptr(sqlite3_stmt) rows = file_prepare(journal, error, sql, "i", run);
	int code;

	if (!rows)
		return FALSE;
	while ((code = sqlite3_step(rows)) == SQLITE_ROW) {
		gint64 number = sqlite3_column_int64(rows, 0);
		Change *change = g_hash_table_lookup(changes, &number);

		if (change)
			fill(change, rows, text);
	}
	return code == SQLITE_DONE || file_failed(journal, error);
}
