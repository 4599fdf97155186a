/* Rows that get the same values in place of the same: a batch for each value. */
#include "core/base.h"
#include "core/store/server_batch.h"

guint server_most_values = 16;

/* Rows that the server finds by one column, each once. */
static gboolean may_be_alike(const RowBatch *batch)
{
	const RowTable *table = batch->table;

	return (!batch->made || batch->stays) && table->keyed && table->table->n_keys == 1 &&
	       !table->may_be_null[table->table->keys[0]];
}

static gboolean has_values(const RowBatch *batch, const Row *row)
{
	for (guint i = 0; i < row->cells->len; i++) {
		const RowCell *cell = row_cell(row, i);
		const RowCell *other = row_cell(batch->model, i);

		if (!row_same(&cell->first->before, &other->first->before) ||
		    !row_same(&cell->last->after, &other->last->after))
			return FALSE;
	}
	return TRUE;
}

/* Neighbours mostly have the same values: the batch of the last one is looked at first. */
static RowBatch *batch_with_values(const GPtrArray *batches, RowBatch *last, const Row *row)
{
	if (last && has_values(last, row))
		return last;
	for (guint i = 0; i < batches->len; i++)
		if (has_values(batches->pdata[i], row))
			return batches->pdata[i];
	return NULL;
}

/* A batch for each value.  NULL: there are too many. */
static GPtrArray *divide(const RowBatch *all)
{
	g_autoptr(GPtrArray) batches = g_ptr_array_new_with_free_func(row_batch_free);
	RowBatch *batch = NULL;

	for (guint i = 0; i < all->rows->len; i++) {
		batch = batch_with_values(batches, batch, all->rows->pdata[i]);
		if (!batch) {
			if (batches->len >= server_most_values)
				return NULL;
			batch = row_batch_new(all->table, all->rows->pdata[i]);
			batch->alike = TRUE;
			g_ptr_array_add(batches, batch);
		}
		g_ptr_array_add(batch->rows, all->rows->pdata[i]);
	}
	return g_steal_pointer(&batches);
}

void server_divide(RowPlan *plan)
{
	GPtrArray *divided = g_ptr_array_new_with_free_func(row_batch_free);

	for (guint i = 0; i < plan->batches->len; i++) {
		RowBatch *batch = g_steal_pointer(&plan->batches->pdata[i]);
		g_autoptr(GPtrArray) parts = may_be_alike(batch) ? divide(batch) : NULL;

		if (parts) {
			g_ptr_array_extend_and_steal(divided, g_steal_pointer(&parts));
			row_batch_free(batch);
		} else {
			g_ptr_array_add(divided, batch);
		}
	}
	g_ptr_array_unref(plan->batches);
	plan->batches = divided;
}
