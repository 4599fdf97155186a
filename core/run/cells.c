/*
 * Changes of cells that wait, by their cell.  A step that sets a column for all nodes has a
 * change for nearly each of its rows: a column is an array of them, and nothing is hashed for
 * each.
 */
#include "core/run/door.h"

struct cells {
	/* CLUSTER_CELL_COLUMN -> GPtrArray of Change, by row; NULL where none waits. */
	GHashTable *columns;
	guint64 last;	 /* the column that was asked for last, and its rows */
	GPtrArray *rows; /* NULL: none was, or it has none */
};

Cells *cells_new(void)
{
	Cells *cells = g_new0(Cells, 1);

	cells->columns = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free,
					       (GDestroyNotify)g_ptr_array_unref);
	return cells;
}

void cells_free(Cells *cells)
{
	g_hash_table_unref(cells->columns);
	g_free(cells);
}

void cells_clear(Cells *cells)
{
	g_hash_table_remove_all(cells->columns);
	cells->rows = NULL;
}

/* The rows of the cell's column, or NULL. */
static GPtrArray *rows_of(Cells *cells, guint64 cell)
{
	guint64 column = CLUSTER_CELL_COLUMN(cell);

	if (!cells->rows || cells->last != column) {
		cells->last = column;
		cells->rows = g_hash_table_lookup(cells->columns, &column);
	}
	return cells->rows;
}

Change *cells_find(Cells *cells, guint64 cell)
{
	const GPtrArray *rows = rows_of(cells, cell);
	guint row = CLUSTER_CELL_ROW(cell);

	return rows && row < rows->len ? rows->pdata[row] : NULL;
}

void cells_put(Cells *cells, Change *change)
{
	GPtrArray *rows = rows_of(cells, change->cell);
	guint row = CLUSTER_CELL_ROW(change->cell);

	if (!rows) {
		rows = cells->rows = g_ptr_array_new();
		g_hash_table_insert(cells->columns, g_memdup2(&cells->last, sizeof(guint64)),
				    rows);
	}
	if (row >= rows->len)
		g_ptr_array_set_size(rows, (int)row + 1);
	rows->pdata[row] = change;
}
