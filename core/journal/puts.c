/* Files that were put on hosts. */
#include "core/journal/file.h"

gboolean put_insert(const Journal *journal, const Change *change, GError **error)
{
	const ChangeFile *file = change->file;

	return file_run(journal, error,
			"INSERT INTO files (change, ordinal, call, via, kept, activate)"
			" VALUES (?, ?, ?, ?, ?, ?)",
			"iitttt", change->number, (gint64)file->ordinal, file->call, file->via,
			file->kept, file->activate);
}

gboolean put_result(const Journal *journal, const Change *change, GError **error)
{
	const ChangeFile *file = change->file;

	return file_run(
		journal, error,
		"UPDATE files SET error = ?, message = ?, transport = ? WHERE change = ?",
		"ttti", file->error, file->message, file->transport, change->number);
}

static void fill(Change *change, sqlite3_stmt *row, GStringChunk *text)
{
	ChangeFile *file = g_new0(ChangeFile, 1);

	change->file = file;
	file->ordinal = (guint)sqlite3_column_int(row, 1);
	file->call = file_text(row, 2, text);
	file->via = file_text(row, 3, text);
	file->kept = file_text(row, 4, text);
	file->activate = file_text(row, 5, text);
	file->error = file_text(row, 6, text);
	file->message = file_text(row, 7, text);
	file->transport = file_text(row, 8, text);
}

gboolean put_read(const Journal *journal, gint64 run, GHashTable *changes, GStringChunk *text,
		  GError **error)
{
	return file_each_of(
		journal, run,
		"SELECT change, ordinal, call, via, kept, activate, error, message,"
		" transport FROM batches JOIN files ON change BETWEEN first AND last"
		" WHERE run = ?",
		changes, fill, text, error);
}
