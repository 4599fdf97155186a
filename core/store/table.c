/* A table in memory: its columns, its key, its cells. */
#include "core/base.h"
#include "core/store/driver.h"
#include <string.h>

StoreTable *store_table_new(const char *name)
{
	StoreTable *table = g_new0(StoreTable, 1);

	table->name = g_strdup(name);
	table->columns = g_new0(char *, 1);
	table->text = g_string_chunk_new(4096);
	return table;
}

void store_table_free(StoreTable *table)
{
	if (!table)
		return;
	g_free(table->name);
	g_strfreev(table->columns);
	g_free(table->keys);
	g_free(table->cells);
	g_string_chunk_free(table->text);
	g_free(table);
}

int store_table_column(const StoreTable *table, const char *column)
{
	for (guint i = 0; i < table->n_columns; i++)
		if (g_str_equal(table->columns[i], column))
			return (int)i;
	return -1;
}

gboolean store_table_is_key(const StoreTable *table, guint column)
{
	for (guint i = 0; i < table->n_keys; i++)
		if (table->keys[i] == column)
			return TRUE;
	return FALSE;
}

const char *store_table_cell(const StoreTable *table, guint row, int column)
{
	return column < 0 ? NULL : table->cells[(gsize)row * table->n_columns + (guint)column];
}

void store_choose_key(StoreTable *table)
{
	int node = store_table_column(table, "node");

	if (table->n_keys > 0 || table->n_columns == 0)
		return;
	table->keys = g_new0(guint, 1);
	table->keys[0] = node >= 0 ? (guint)node : 0;
	table->n_keys = 1;
}

void store_add_cell(StoreTable *table, GPtrArray *cells, const char *text, gsize length)
{
	guint width = table->n_columns;
	const char *above = cells->len >= width ? cells->pdata[cells->len - width] : NULL;

	/* Neighbours mostly have the same group, service node, image. */
	if (text && (!above || strcmp(above, text) != 0))
		text = g_string_chunk_insert_len(table->text, text, (gssize)length);
	else if (text)
		text = above;
	g_ptr_array_add(cells, (gpointer)text);
}
