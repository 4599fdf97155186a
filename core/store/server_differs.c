/* What is said when a batch was not written: another value, another row, another count. */
#include "core/store/server_batch.h"

gboolean server_refuse_cells(const ServerRow *row, const char *const *cells, GError **error)
{
	for (guint i = 0; i < row->cells->len; i++) {
		const ServerCell *cell = server_cell(row, i);
		const char *text = cells ? cells[i] : NULL;
		StoreCell now = { !cells ? STORE_CELL_NO_ROW
				  : text ? STORE_CELL_TEXT
					 : STORE_CELL_NULL,
				  text };

		if (now.kind != cell->before.kind ||
		    g_strcmp0(text, server_cell_text(&cell->before)) != 0)
			return store_conflict(cell->first, &now, error);
	}
	return FALSE;
}

gboolean server_refuse_key(const Server *server, const ServerRow *row, const char *const *found,
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

gboolean server_refuse_count(const Server *server, const ServerBatch *batch, guint64 written,
			     GError **error)
{
	g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED,
		    "the database %s has written %" G_GUINT64_FORMAT
		    " rows of table '%s' instead of %u, and nothing of it was kept: has the "
		    "table a trigger or a rule?",
		    server->url, written, batch->table->table->name, batch->rows->len);
	return FALSE;
}
