/* Questions to hosts, kept so that it can be seen what a decision was made from. */
#include "core/journal/database.h"

gboolean journal_queries(Journal *journal, gint64 run, const JournalQuery *queries, guint n,
			 GError **error)
{
	gboolean good = TRUE;

	if (!database_begin(journal, error))
		return FALSE;
	for (guint i = 0; good && i < n; i++)
		good = database_run(journal, error,
				    "INSERT INTO queries (run, step, hook, host, command, at,"
				    " error, status) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
				    "ittttiti", run, queries[i].step, queries[i].hook,
				    queries[i].host, queries[i].command, database_now(),
				    queries[i].error, (gint64)queries[i].status);
	return database_end(journal, good, error);
}
