/* A commit whose answer was lost: was it done?  The tables are looked at. */
#include "core/base.h"
#include "core/store/server.h"

typedef enum { AS_BEFORE, AS_AFTER, MIXED } Outcome;

/* Cells of one batch: how many are as they were, how many as they were to be. */
static gboolean count_cells(Server *server, const RowBatch *batch, guint *before, guint *after,
			    guint *all, GError **error)
{
	const StoreTable *described = batch->table->table;
	g_autoptr(StoreTable) table = server_read(server, described->name, error);
	g_autoptr(GHashTable) rows =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autofree const char **key = g_new0(const char *, described->n_keys);

	if (!table)
		return FALSE;
	for (guint i = 0; i < table->n_rows; i++) {
		for (guint k = 0; k < table->n_keys; k++)
			key[k] = store_table_cell(table, i, (int)table->keys[k]);
		g_hash_table_insert(rows, store_row_id(key, table->n_keys),
				    GUINT_TO_POINTER(i + 1));
	}
	for (guint i = 0; i < batch->rows->len; i++) {
		const Row *row = batch->rows->pdata[i];
		g_autofree char *id = store_row_id(row->first->key, row->first->n_key);
		guint place = GPOINTER_TO_UINT(g_hash_table_lookup(rows, id));

		for (guint j = 0; j < row->cells->len; j++) {
			const RowCell *cell = row_cell(row, j);
			int column =
				store_table_column(table, described->columns[cell->column]);
			const char *now =
				place ? store_table_cell(table, place - 1, column) : NULL;
			gboolean made = cell->first->before.kind == STORE_CELL_NO_ROW;

			/* NULL in a new row is a change, too: the row. */
			*before += made ? place == 0
					: g_strcmp0(now, row_text(&cell->first->before)) == 0;
			*after += g_strcmp0(now, row_text(&cell->last->after)) == 0 &&
				  (!made || !batch->stays || place > 0);
			++*all;
		}
	}
	return TRUE;
}

/* In a transaction of its own, with the locks: so the lost one is at its end, either way. */
static gboolean read_back(Server *server, Outcome *outcome, GError **error)
{
	guint before = 0, after = 0, all = 0;
	gboolean ok;

	ok = server_connect(server, error) && server_begin_to_look(server, error);
	for (guint i = 0; ok && i < server->plan->batches->len; i++)
		ok = count_cells(server, server->plan->batches->pdata[i], &before, &after, &all,
				 error);
	*outcome = after == all ? AS_AFTER : before == all ? AS_BEFORE : MIXED;
	return ok;
}

/* A server that is being started again is waited for as long as a lock would be, and so are
 * others who were in the way. */
static gboolean read_back_in_time(Server *server, Outcome *outcome, GError **error)
{
	Patience patience = { .what = server->class->product,
			      .most = MAX(server->wait, STORE_WAIT) };

	for (int tries = 0;; tries++) {
		g_autoptr(GError) problem = NULL;

		if (read_back(server, outcome, &problem))
			return TRUE;
		if ((server->connection && !server->again) ||
		    !patience_wait(&patience, tries)) {
			g_propagate_error(error, g_steal_pointer(&problem));
			return FALSE;
		}
		if (server->connection)
			server_execute(server, "ROLLBACK", NULL, NULL);
	}
}

gboolean server_settle(Server *server, const char *lost, GError **error)
{
	g_autoptr(GError) problem = NULL;
	Outcome outcome = MIXED;
	gboolean known = read_back_in_time(server, &outcome, &problem);

	if (known && outcome == AS_AFTER)
		return TRUE;
	if (known && outcome == AS_BEFORE)
		g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED,
			    "%s; it was looked at again, and nothing was changed", lost);
	else if (known)
		g_set_error(error, STORE_ERROR, STORE_ERROR_OUTCOME,
			    "%s; some of its values have been changed by somebody since, so it "
			    "cannot be told whether it was done",
			    lost);
	else
		g_set_error(error, STORE_ERROR, STORE_ERROR_OUTCOME,
			    "%s, and it cannot be told whether it was done: %s", lost,
			    problem->message);
	return FALSE;
}
