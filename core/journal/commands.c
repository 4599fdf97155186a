/* Commands on hosts, what they gave, and questions to hosts. */
#include "core/journal/file.h"

gboolean command_insert(const Journal *journal, const Change *change, GError **error)
{
	const ChangeCommand *command = change->command;

	return file_run(journal, error,
			"INSERT INTO commands (change, ordinal, via, undo, done, repeatable,"
			" undo_always, status) VALUES (?, ?, ?, ?, ?, ?, ?, -1)",
			"iitttii", change->number, (gint64)command->ordinal, command->via,
			command->undo, command->done, (gint64)command->repeatable,
			(gint64)command->undo_always);
}

static gconstpointer bytes_of(GBytes *bytes, gsize *length)
{
	*length = 0;
	return bytes ? g_bytes_get_data(bytes, length) : NULL;
}

gboolean command_result(const Journal *journal, const Change *change, GError **error)
{
	const ChangeCommand *command = change->command;
	gsize out_length, err_length;
	gconstpointer out = bytes_of(command->out, &out_length);
	gconstpointer err = bytes_of(command->err, &err_length);

	return file_run(journal, error,
			"UPDATE commands SET error = ?, status = ?, out = ?, err = ?,"
			" out_lost = ?, err_lost = ?, transport = ? WHERE change = ?",
			"tibbiiti", command->error, (gint64)command->status, out, out_length,
			err, err_length, (gint64)command->out_lost, (gint64)command->err_lost,
			command->transport, change->number);
}

static GBytes *bytes_at(sqlite3_stmt *row, int column)
{
	return g_bytes_new(sqlite3_column_blob(row, column),
			   (gsize)sqlite3_column_bytes(row, column));
}

static void fill(Change *change, sqlite3_stmt *row, GStringChunk *text)
{
	ChangeCommand *command = g_new0(ChangeCommand, 1);

	change->command = command;
	command->ordinal = (guint)sqlite3_column_int(row, 1);
	command->via = file_text(row, 2, text);
	command->undo = file_text(row, 3, text);
	command->done = file_text(row, 4, text);
	command->repeatable = sqlite3_column_int(row, 5) != 0;
	command->undo_always = sqlite3_column_int(row, 6) != 0;
	command->error = file_text(row, 7, text);
	command->status = sqlite3_column_int(row, 8);
	command->out = bytes_at(row, 9);
	command->err = bytes_at(row, 10);
	command->out_lost = (guint64)sqlite3_column_int64(row, 11);
	command->err_lost = (guint64)sqlite3_column_int64(row, 12);
	command->transport = file_text(row, 13, text);
}

gboolean command_read(const Journal *journal, gint64 run, GHashTable *changes,
		      GStringChunk *text, GError **error)
{
	return file_each_of(
		journal, run,
		"SELECT change, ordinal, via, undo, done, repeatable, undo_always, error,"
		" status, out, err, out_lost, err_lost, transport FROM batches"
		" JOIN commands ON change BETWEEN first AND last WHERE run = ?",
		changes, fill, text, error);
}

gboolean journal_queries(Journal *journal, gint64 run, const JournalQuery *queries, guint n,
			 GError **error)
{
	gboolean good = TRUE;

	if (!file_begin(journal, error))
		return FALSE;
	for (guint i = 0; good && i < n; i++)
		good = file_run(journal, error,
				"INSERT INTO queries (run, step, hook, host, command, at,"
				" error, status) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
				"ittttiti", run, queries[i].step, queries[i].hook,
				queries[i].host, queries[i].command, file_now(),
				queries[i].error, (gint64)queries[i].status);
	return file_end(journal, good, error);
}
