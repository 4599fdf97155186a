/*
 * What a list of changes comes to for a server: each row once, and rows with the same columns
 * together, so that one statement writes them however many they are.  Asks nobody.
 */
#include "core/base.h"
#include "core/store/server.h"
#include <string.h>

const char *server_cell_text(const StoreCell *cell)
{
	return cell->kind == STORE_CELL_TEXT ? cell->text : NULL;
}

const ServerCell *server_cell(const ServerRow *row, guint place)
{
	return &g_array_index(row->cells, ServerCell, place);
}

static void row_free(gpointer data)
{
	ServerRow *row = data;

	g_array_unref(row->cells);
	g_free(row);
}

static void batch_free(gpointer data)
{
	ServerBatch *batch = data;

	if (!batch)
		return;
	g_ptr_array_unref(batch->rows);
	g_free(batch);
}

/* The rows of a table that changes name, by key. */
typedef struct {
	const ServerTable *table;
	GHashTable *by_key; /* text of the key -> ServerRow; of one column it is the change's */
	GPtrArray *rows;    /* in the order of the changes */
} Rows;

static void rows_free(gpointer data)
{
	Rows *rows = data;

	g_hash_table_unref(rows->by_key);
	g_ptr_array_unref(rows->rows);
	g_free(rows);
}

static Rows *rows_new(const ServerTable *table)
{
	Rows *rows = g_new0(Rows, 1);
	gboolean own_keys = table->table->n_keys > 1;

	rows->table = table;
	rows->by_key =
		g_hash_table_new_full(g_str_hash, g_str_equal, own_keys ? g_free : NULL, NULL);
	rows->rows = g_ptr_array_new_with_free_func(row_free);
	return rows;
}

static char *key_of(const StoreChange *change)
{
	if (change->n_key > 1)
		return store_row_id(change->key, change->n_key);
	return (char *)(change->key[0] ? change->key[0] : "");
}

static ServerRow *row_of(Rows *rows, const StoreChange *change)
{
	char *key = key_of(change);
	ServerRow *row = g_hash_table_lookup(rows->by_key, key);

	if (!row) {
		row = g_new0(ServerRow, 1);
		row->first = change;
		row->made = change->before.kind == STORE_CELL_NO_ROW;
		row->cells = g_array_sized_new(FALSE, FALSE, sizeof(ServerCell), 4);
		g_ptr_array_add(rows->rows, row);
		g_hash_table_insert(rows->by_key, key, row);
	} else if (change->n_key > 1) {
		g_free(key);
	}
	return row;
}

static gboolean same_cell(const StoreCell *a, const StoreCell *b)
{
	return g_strcmp0(server_cell_text(a), server_cell_text(b)) == 0;
}

/* The first change of a cell in a row that others have named. */
static gboolean check_first(const ServerRow *row, const StoreChange *change, GError **error)
{
	static const StoreCell null = { STORE_CELL_NULL, NULL };
	g_autofree char *key = NULL;

	if (row->made)
		return change->before.kind != STORE_CELL_TEXT ||
		       store_conflict(change, &null, error);
	if (change->before.kind != STORE_CELL_NO_ROW)
		return TRUE;
	key = store_key_text(change->key, change->n_key);
	g_set_error(error, STORE_ERROR, STORE_ERROR_CONFLICT,
		    "the row of %s in table '%s' was there when one of its values was read, "
		    "and was not when %s was",
		    key, change->table, change->column);
	return FALSE;
}

/* One that follows: it goes on from what the one before has left. */
static gboolean check_next(const ServerRow *row, const ServerCell *cell,
			   const StoreChange *change, GError **error)
{
	if (change->before.kind == STORE_CELL_NO_ROW ? row->made
						     : same_cell(&cell->after, &change->before))
		return TRUE;
	return store_conflict(change, &cell->after, error);
}

/* Cells stand in the order of columns: rows with the same ones can be told so. */
static gboolean add_change(Rows *rows, const StoreChange *change, GError **error)
{
	ServerRow *row;
	ServerCell cell = { change, 0, change->before, change->after };
	guint place;

	if (!store_check_change(rows->table->table, change, error))
		return FALSE;
	cell.column = (guint)store_table_column(rows->table->table, change->column);
	row = row_of(rows, change);
	for (place = row->cells->len; place > 0; place--) {
		ServerCell *other = &g_array_index(row->cells, ServerCell, place - 1);

		if (other->column < cell.column)
			break;
		if (other->column > cell.column)
			continue;
		if (!check_next(row, other, change, error))
			return FALSE;
		other->after = change->after;
		return TRUE;
	}
	if (row->first != change && !check_first(row, change, error))
		return FALSE;
	g_array_insert_val(row->cells, place, cell);
	return TRUE;
}

/* Of a new row: is it there in the end?  With no value and a cell that is to be no row: no. */
static gboolean stays(const ServerRow *row)
{
	gboolean no_row = FALSE;

	for (guint i = 0; i < row->cells->len; i++) {
		StoreCellKind kind = g_array_index(row->cells, ServerCell, i).after.kind;

		if (kind == STORE_CELL_TEXT)
			return TRUE;
		no_row = no_row || kind == STORE_CELL_NO_ROW;
	}
	return !no_row;
}

static gboolean is_emptied(const ServerRow *row)
{
	for (guint i = 0; i < row->cells->len; i++)
		if (g_array_index(row->cells, ServerCell, i).after.kind == STORE_CELL_NO_ROW)
			return TRUE;
	return FALSE;
}

static gboolean fits(const ServerBatch *batch, const ServerRow *row)
{
	const GArray *cells = batch->model->cells;

	if (batch->model->made != row->made || cells->len != row->cells->len ||
	    batch->emptied != is_emptied(row) || (row->made && batch->stays != stays(row)))
		return FALSE;
	for (guint i = 0; i < cells->len; i++)
		if (g_array_index(cells, ServerCell, i).column !=
		    g_array_index(row->cells, ServerCell, i).column)
			return FALSE;
	return TRUE;
}

/* What rows of one batch have in common, as a text. */
static char *signature(const ServerRow *row)
{
	GString *text = g_string_new(NULL);

	g_string_append_printf(text, "%d%d%d", row->made, stays(row), is_emptied(row));
	for (guint i = 0; i < row->cells->len; i++)
		g_string_append_printf(text, ",%u",
				       g_array_index(row->cells, ServerCell, i).column);
	return g_string_free(text, FALSE);
}

static ServerBatch *batch_new(const ServerTable *table, const ServerRow *row)
{
	ServerBatch *batch = g_new0(ServerBatch, 1);

	batch->table = table;
	batch->made = row->made;
	batch->stays = stays(row);
	batch->emptied = is_emptied(row);
	batch->model = row;
	batch->rows = g_ptr_array_new();
	return batch;
}

/* Neighbours mostly have the same columns: the signature is for the others. */
static void add_batches(GPtrArray *batches, const Rows *rows)
{
	g_autoptr(GHashTable) known =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	ServerBatch *batch = NULL;

	for (guint i = 0; i < rows->rows->len; i++) {
		ServerRow *row = rows->rows->pdata[i];

		if (!batch || !fits(batch, row)) {
			g_autofree char *text = signature(row);

			batch = g_hash_table_lookup(known, text);
			if (!batch) {
				batch = batch_new(rows->table, row);
				g_ptr_array_add(batches, batch);
				g_hash_table_insert(known, g_steal_pointer(&text), batch);
			}
		}
		g_ptr_array_add(batch->rows, row);
	}
}

/* ---- Rows with the same values ---- */

guint server_most_values = 16;

/* Rows that are there and stay, and that the server finds by one column, each once. */
static gboolean may_be_alike(const ServerBatch *batch)
{
	const ServerTable *table = batch->table;

	return !batch->made && !batch->emptied && table->keyed && table->table->n_keys == 1 &&
	       !table->may_be_null[table->table->keys[0]];
}

static gboolean has_values(const ServerBatch *batch, const ServerRow *row)
{
	for (guint i = 0; i < row->cells->len; i++) {
		const ServerCell *cell = server_cell(row, i);
		const ServerCell *other = server_cell(batch->model, i);

		if (!same_cell(&cell->before, &other->before) ||
		    !same_cell(&cell->after, &other->after))
			return FALSE;
	}
	return TRUE;
}

/* Neighbours mostly have the same values: the batch of the last one is looked at first. */
static ServerBatch *batch_with_values(const GPtrArray *batches, ServerBatch *last,
				      const ServerRow *row)
{
	if (last && has_values(last, row))
		return last;
	for (guint i = 0; i < batches->len; i++)
		if (has_values(batches->pdata[i], row))
			return batches->pdata[i];
	return NULL;
}

/* A batch for each value.  NULL: there are too many. */
static GPtrArray *divide(const ServerBatch *all)
{
	g_autoptr(GPtrArray) batches = g_ptr_array_new_with_free_func(batch_free);
	ServerBatch *batch = NULL;

	for (guint i = 0; i < all->rows->len; i++) {
		batch = batch_with_values(batches, batch, all->rows->pdata[i]);
		if (!batch) {
			if (batches->len >= server_most_values)
				return NULL;
			batch = batch_new(all->table, all->rows->pdata[i]);
			batch->alike = TRUE;
			g_ptr_array_add(batches, batch);
		}
		g_ptr_array_add(batch->rows, all->rows->pdata[i]);
	}
	return g_steal_pointer(&batches);
}

/* The batches, in place of each whose rows are alike those of its values. */
static GPtrArray *divide_all(GPtrArray *batches)
{
	GPtrArray *divided = g_ptr_array_new_with_free_func(batch_free);

	for (guint i = 0; i < batches->len; i++) {
		g_autoptr(GPtrArray) parts =
			may_be_alike(batches->pdata[i]) ? divide(batches->pdata[i]) : NULL;

		if (parts)
			g_ptr_array_extend_and_steal(divided, g_steal_pointer(&parts));
		else
			g_ptr_array_add(divided, g_steal_pointer(&batches->pdata[i]));
	}
	g_ptr_array_unref(batches);
	return divided;
}

static Rows *rows_of(ServerPlan *plan, GPtrArray *order, const char *table,
		     ServerDescribe describe, gpointer data, GError **error)
{
	Rows *rows = g_hash_table_lookup(plan->tables, table);
	const ServerTable *described;

	if (rows)
		return rows;
	described = describe(data, table, error);
	if (!described)
		return NULL;
	rows = rows_new(described);
	g_hash_table_insert(plan->tables, (gpointer)table, rows);
	g_ptr_array_add(order, rows);
	return rows;
}

ServerPlan *server_plan_new(const StoreChange *changes, guint n, ServerDescribe describe,
			    gpointer data, GError **error)
{
	g_autoptr(ServerPlan) plan = g_new0(ServerPlan, 1);
	g_autoptr(GPtrArray) order = g_ptr_array_new();
	Rows *rows = NULL;

	plan->tables = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, rows_free);
	plan->batches = g_ptr_array_new_with_free_func(batch_free);
	for (guint i = 0; i < n; i++) {
		if (!rows || !g_str_equal(rows->table->table->name, changes[i].table))
			rows = rows_of(plan, order, changes[i].table, describe, data, error);
		if (!rows || !add_change(rows, &changes[i], error))
			return NULL;
	}
	for (guint i = 0; i < order->len; i++)
		add_batches(plan->batches, order->pdata[i]);
	plan->batches = divide_all(plan->batches);
	return g_steal_pointer(&plan);
}

void server_plan_free(ServerPlan *plan)
{
	if (!plan)
		return;
	g_hash_table_unref(plan->tables);
	g_ptr_array_unref(plan->batches);
	g_free(plan);
}
