/*
 * Planned cells: they are put into the tables in memory, and what was known from the old ones
 * is forgotten.  The store is not touched.
 */
#include "core/cluster/snapshot.h"
#include "core/base.h"
#include <string.h>

static gboolean check_key(const Table *table, const char *name, guint n_key, GError **error)
{
	g_autofree char *quoted = text_quote(name);

	if (table->read->n_keys != n_key) {
		g_set_error(error, CLUSTER_ERROR, CLUSTER_ERROR_COLUMN,
			    "the key of table %s has %u columns, not %u", quoted,
			    table->read->n_keys, n_key);
		return FALSE;
	}
	return TRUE;
}

static gboolean find_cell(Cluster *cluster, const char *name, const char *const *key,
			  guint n_key, const char *column, Table **table, int *row, int *number,
			  GError **error)
{
	g_autoptr(GString) buffer = g_string_new(NULL);

	*table = snapshot_table(cluster, name, error);
	if (!*table || !cluster_has_column(cluster, name, column, error) ||
	    !check_key(*table, name, n_key, error))
		return FALSE;
	*number = store_table_column((*table)->read, column);
	for (guint i = 0; i < n_key; i++) {
		g_autofree char *quoted = NULL;

		if ((*table)->read->keys[i] != (guint)*number)
			continue;
		quoted = text_quote(column);
		g_set_error(error, CLUSTER_ERROR, CLUSTER_ERROR_COLUMN,
			    "column %s is part of the key of table '%s': it cannot be set",
			    quoted, name);
		return FALSE;
	}
	*row = snapshot_row(*table, snapshot_key(key, n_key, buffer));
	return TRUE;
}

static void read_cell(const Table *table, int row, int number, StoreCell *cell)
{
	cell->text = row < 0 ? NULL : snapshot_cell(table, row, number);
	cell->kind = row < 0	  ? STORE_CELL_NO_ROW
		     : cell->text ? STORE_CELL_TEXT
				  : STORE_CELL_NULL;
}

gboolean cluster_cell(Cluster *cluster, const char *name, const char *const *key, guint n_key,
		      const char *column, StoreCell *cell, GError **error)
{
	Table *table;
	int row, number;

	if (!find_cell(cluster, name, key, n_key, column, &table, &row, &number, error))
		return FALSE;
	read_cell(table, row, number, cell);
	return TRUE;
}

static const char **cells_of(const Table *table, int row)
{
	return &table->read->cells[(gsize)row * table->read->n_columns];
}

static int add_row(Cluster *cluster, Table *table, const char *const *key)
{
	StoreTable *read = table->read;
	g_autoptr(GString) buffer = g_string_new(NULL);
	const char *name;
	int row = (int)read->n_rows;

	if (read->n_rows == table->capacity) {
		table->capacity = MAX(2 * table->capacity, 64);
		read->cells = g_renew(const char *, read->cells,
				      (gsize)table->capacity * read->n_columns);
	}
	read->n_rows++;
	memset(cells_of(table, row), 0, read->n_columns * sizeof(char *));
	for (guint i = 0; i < read->n_keys; i++)
		cells_of(table, row)[read->keys[i]] =
			cluster_keep(cluster, key[i] ? key[i] : "");
	name = snapshot_key(key, read->n_keys, buffer);
	g_hash_table_insert(table->index, (gpointer)cluster_keep(cluster, name),
			    GUINT_TO_POINTER((guint)row + 1));
	return row;
}

/* A row in which nothing but its key is left goes away, as it will in the store. */
static void drop_if_empty(Table *table, int row, const char *const *key)
{
	const StoreTable *read = table->read;
	g_autoptr(GString) buffer = g_string_new(NULL);
	const char **cells = cells_of(table, row);

	for (guint i = 0; i < read->n_columns; i++) {
		gboolean is_key = FALSE;

		for (guint k = 0; k < read->n_keys; k++)
			is_key = is_key || read->keys[k] == i;
		if (cells[i] && !is_key)
			return;
	}
	g_hash_table_remove(table->index, snapshot_key(key, read->n_keys, buffer));
	memset(cells, 0, read->n_columns * sizeof(char *));
}

/* What was derived from the cell: nodes and groups, what a group gives, site's settings. */
static void forget(Cluster *cluster, Table *table, const char *key)
{
	const char *name = table->read->name;

	if (g_str_equal(name, "nodelist")) {
		snapshot_forget_nodes(cluster);
	} else if (g_str_equal(name, "site")) {
		GHashTableIter tables;
		gpointer other;

		cluster->hierarchy_read = FALSE;
		g_clear_pointer(&cluster->hierarchy, g_hash_table_unref);
		g_hash_table_iter_init(&tables, cluster->tables);
		while (g_hash_table_iter_next(&tables, NULL, &other))
			g_hash_table_remove_all(((Table *)other)->columns);
	} else if (!cluster->nodes_read || g_hash_table_contains(cluster->group_names, key)) {
		g_hash_table_remove_all(table->columns);
	}
}

gboolean cluster_plan(Cluster *cluster, const char *name, const char *const *key, guint n_key,
		      const char *column, StoreCell after, StoreCell *before, GError **error)
{
	Table *table;
	int row, number;

	if (!find_cell(cluster, name, key, n_key, column, &table, &row, &number, error))
		return FALSE;
	read_cell(table, row, number, before);
	if (after.kind == STORE_CELL_NO_ROW && row < 0)
		return TRUE;
	if (row < 0)
		row = add_row(cluster, table, key);
	cells_of(table, row)[number] =
		after.kind == STORE_CELL_TEXT ? cluster_keep(cluster, after.text) : NULL;
	if (after.kind == STORE_CELL_NO_ROW)
		drop_if_empty(table, row, key);
	forget(cluster, table, key[0]);
	return TRUE;
}
