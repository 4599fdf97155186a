/* What a list of changes comes to, row by row. */
#include "core/base.h"
#include "core/store/rows.h"
#include <string.h>

void row_table_free(gpointer data)
{
	RowTable *table = data;

	if (!table)
		return;
	store_table_free(table->table);
	g_strfreev(table->types);
	g_free(table->may_be_null);
	g_free(table->target);
	g_free(table);
}

const char *row_text(const StoreCell *cell)
{
	return cell->kind == STORE_CELL_TEXT ? cell->text : NULL;
}

const RowCell *row_cell(const Row *row, guint place)
{
	return &g_array_index(row->cells, RowCell, place);
}

static void row_free(gpointer data)
{
	Row *row = data;

	g_array_unref(row->cells);
	g_free(row);
}

void row_batch_free(gpointer data)
{
	RowBatch *batch = data;

	if (!batch)
		return;
	g_ptr_array_unref(batch->rows);
	g_free(batch);
}

/* The rows of a table that changes name, by key. */
typedef struct {
	const RowTable *table;
	GHashTable *by_key; /* the first change of a row -> Row */
	GPtrArray *rows;    /* in the order of the changes */
} Rows;

static void rows_free(gpointer data)
{
	Rows *rows = data;

	g_hash_table_unref(rows->by_key);
	g_ptr_array_unref(rows->rows);
	g_free(rows);
}

static guint key_hash(gconstpointer data)
{
	const StoreChange *change = data;
	guint hash = 0;

	for (guint i = 0; i < change->n_key; i++)
		hash = hash * 31 + (change->key[i] ? g_str_hash(change->key[i]) : 0);
	return hash;
}

static gboolean key_equal(gconstpointer a, gconstpointer b)
{
	const StoreChange *one = a, *two = b;

	for (guint i = 0; i < one->n_key; i++)
		if (g_strcmp0(one->key[i], two->key[i]) != 0)
			return FALSE;
	return TRUE;
}

static Rows *rows_new(const RowTable *table)
{
	Rows *rows = g_new0(Rows, 1);

	rows->table = table;
	rows->by_key = g_hash_table_new(key_hash, key_equal);
	rows->rows = g_ptr_array_new_with_free_func(row_free);
	return rows;
}

static Row *row_of(Rows *rows, const StoreChange *change)
{
	Row *row = g_hash_table_lookup(rows->by_key, change);

	if (row)
		return row;
	row = g_new0(Row, 1);
	row->first = change;
	row->made = change->before.kind == STORE_CELL_NO_ROW;
	row->cells = g_array_sized_new(FALSE, FALSE, sizeof(RowCell), 4);
	g_ptr_array_add(rows->rows, row);
	g_hash_table_insert(rows->by_key, (gpointer)change, row);
	return row;
}

gboolean row_same(const StoreCell *a, const StoreCell *b)
{
	return g_strcmp0(row_text(a), row_text(b)) == 0;
}

/* The first change of a cell in a row that others have named. */
static gboolean check_first(const Row *row, const StoreChange *change, GError **error)
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
static gboolean check_next(const Row *row, const RowCell *cell, const StoreChange *change,
			   GError **error)
{
	if (change->before.kind == STORE_CELL_NO_ROW
		    ? row->made
		    : row_same(&cell->last->after, &change->before))
		return TRUE;
	return store_conflict(change, &cell->last->after, error);
}

/* Cells stand in the order of columns: rows with the same ones can be told so. */
static gboolean add_change(Rows *rows, const StoreChange *change, GError **error)
{
	Row *row;
	RowCell cell = { change, change, 0 };
	guint place;

	if (!store_check_change(rows->table->table, change, error))
		return FALSE;
	cell.column = (guint)store_table_column(rows->table->table, change->column);
	row = row_of(rows, change);
	for (place = row->cells->len; place > 0; place--) {
		RowCell *other = &g_array_index(row->cells, RowCell, place - 1);

		if (other->column < cell.column)
			break;
		if (other->column > cell.column)
			continue;
		if (!check_next(row, other, change, error))
			return FALSE;
		other->last = change;
		return TRUE;
	}
	if (row->first != change && !check_first(row, change, error))
		return FALSE;
	g_array_insert_val(row->cells, place, cell);
	return TRUE;
}

gboolean row_keeps_value(const Row *row)
{
	for (guint i = 0; i < row->cells->len; i++)
		if (row_text(&row_cell(row, i)->last->after))
			return TRUE;
	return FALSE;
}

static gboolean is_emptied(const Row *row)
{
	for (guint i = 0; i < row->cells->len; i++)
		if (row_cell(row, i)->last->after.kind == STORE_CELL_NO_ROW)
			return TRUE;
	return FALSE;
}

/* Of a new row: is it there in the end?  With no value and a cell that is to be no row: no. */
static gboolean stays(const Row *row)
{
	return row_keeps_value(row) || !is_emptied(row);
}

static gboolean fits(const RowBatch *batch, const Row *row)
{
	const GArray *cells = batch->model->cells;

	if (batch->model->made != row->made || cells->len != row->cells->len ||
	    batch->emptied != is_emptied(row) || (row->made && batch->stays != stays(row)))
		return FALSE;
	for (guint i = 0; i < cells->len; i++)
		if (g_array_index(cells, RowCell, i).column !=
		    g_array_index(row->cells, RowCell, i).column)
			return FALSE;
	return TRUE;
}

/* What rows of one batch have in common, as a text. */
static char *signature(const Row *row)
{
	GString *text = g_string_new(NULL);

	g_string_append_printf(text, "%d%d%d", row->made, stays(row), is_emptied(row));
	for (guint i = 0; i < row->cells->len; i++)
		g_string_append_printf(text, ",%u",
				       g_array_index(row->cells, RowCell, i).column);
	return g_string_free(text, FALSE);
}

RowBatch *row_batch_new(const RowTable *table, const Row *model)
{
	RowBatch *batch = g_new0(RowBatch, 1);

	batch->table = table;
	batch->made = model->made;
	batch->stays = stays(model);
	batch->emptied = is_emptied(model);
	batch->model = model;
	batch->rows = g_ptr_array_new();
	return batch;
}

/* Neighbours mostly have the same columns: the signature is for the others. */
static void add_batches(GPtrArray *batches, const Rows *rows)
{
	g_autoptr(GHashTable) known =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	RowBatch *batch = NULL;

	for (guint i = 0; i < rows->rows->len; i++) {
		Row *row = rows->rows->pdata[i];

		if (!batch || !fits(batch, row)) {
			g_autofree char *text = signature(row);

			batch = g_hash_table_lookup(known, text);
			if (!batch) {
				batch = row_batch_new(rows->table, row);
				g_ptr_array_add(batches, batch);
				g_hash_table_insert(known, g_steal_pointer(&text), batch);
			}
		}
		g_ptr_array_add(batch->rows, row);
	}
}

static Rows *rows_of(RowPlan *plan, GPtrArray *order, const char *table, RowDescribe describe,
		     gpointer data, GError **error)
{
	Rows *rows = g_hash_table_lookup(plan->tables, table);
	const RowTable *described;

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

RowPlan *row_plan_new(const StoreChange *changes, guint n, RowDescribe describe, gpointer data,
		      GError **error)
{
	g_autoptr(RowPlan) plan = g_new0(RowPlan, 1);
	g_autoptr(GPtrArray) order = g_ptr_array_new();
	Rows *rows = NULL;

	plan->tables = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, rows_free);
	plan->batches = g_ptr_array_new_with_free_func(row_batch_free);
	for (guint i = 0; i < n; i++) {
		if (!rows || !g_str_equal(rows->table->table->name, changes[i].table))
			rows = rows_of(plan, order, changes[i].table, describe, data, error);
		if (!rows || !add_change(rows, &changes[i], error))
			return NULL;
	}
	for (guint i = 0; i < order->len; i++)
		add_batches(plan->batches, order->pdata[i]);
	return g_steal_pointer(&plan);
}

void row_plan_free(RowPlan *plan)
{
	if (!plan)
		return;
	g_hash_table_unref(plan->tables);
	g_ptr_array_unref(plan->batches);
	g_free(plan);
}

gboolean row_refuse(const Row *row, const char *const *cells, GError **error)
{
	for (guint i = 0; i < row->cells->len; i++) {
		const RowCell *cell = row_cell(row, i);
		const char *text = cells ? cells[i] : NULL;
		StoreCell now = { !cells ? STORE_CELL_NO_ROW
				  : text ? STORE_CELL_TEXT
					 : STORE_CELL_NULL,
				  text };

		if (now.kind != cell->first->before.kind ||
		    g_strcmp0(text, row_text(&cell->first->before)) != 0)
			return store_conflict(cell->first, &now, error);
	}
	return FALSE;
}
