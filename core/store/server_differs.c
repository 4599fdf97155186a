/* What is said when a batch was not written: another value, another row, another count. */
#include "core/store/server_batch.h"

gboolean server_refuse_key(const Server *server, const Row *row, const char *const *found,
			   guint n, GError **error)
{
	g_autofree char *wanted = store_key_text(row->first->key, n);
	g_autofree char *there = store_key_text(found, n);

	g_set_error(error, STORE_ERROR, STORE_ERROR_CONFLICT,
		    "table '%s' cannot take a row of %s: it has one of %s, and %s takes them "
		    "for the same; rename or remove that row",
		    row->first->table, wanted, there, server->class->product);
	return FALSE;
}

gboolean server_refuse_count(const Server *server, const RowBatch *batch, guint64 written,
			     GError **error)
{
	g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED,
		    "the database %s has written %" G_GUINT64_FORMAT
		    " rows of table '%s' instead of %u, and nothing of it was kept: has the "
		    "table a trigger or a rule?",
		    server->url, written, batch->table->table->name, batch->rows->len);
	return FALSE;
}
