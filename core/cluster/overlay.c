/*
 * Planned cells: they are put into the tables in memory, and what was known from the old ones
 * is forgotten.  The store is not touched.
 */
#include "core/cluster/snapshot.h"
#include "core/base.h"
#include <string.h>

typedef struct {
	Table *table;
	int row; /* -1: there is none */
	int column;
} Place;

static gboolean refuse_key(const StoreTable *table, const char *column, guint n_key,
			   GError **error)
{
	g_autofree char *quoted = text_quote(column);

	if (table->n_keys != n_key)
		g_set_error(error, CLUSTER_ERROR, CLUSTER_ERROR_COLUMN,
			    "the key of table '%s' has %u columns, not %u", table->name,
			    table->n_keys, n_key);
	else
		g_set_error(error, CLUSTER_ERROR, CLUSTER_ERROR_COLUMN,
			    "column %s is part of the key of table '%s': it cannot be set",
			    quoted, table->name);
	return FALSE;
}

static int find_row(Cluster *cluster, Table *table, const char *const *key, guint n_key)
{
	g_autoptr(GString) buffer = NULL;

	if (n_key == 1 && table->of_nodes && cluster->nodes_read)
		return snapshot_row_of(cluster, table, snapshot_node(cluster, key[0]), key[0]);
	if (n_key == 1)
		return snapshot_row(table, key[0]);
	buffer = g_string_new(NULL);
	return snapshot_row(table, snapshot_key(key, n_key, buffer));
}

static gboolean find_place(Cluster *cluster, const char *name, const char *const *key,
			   guint n_key, const char *column, Place *place, GError **error)
{
	const StoreTable *read;

	place->table = snapshot_table(cluster, name, error);
	if (!place->table)
		return FALSE;
	read = place->table->read;
	place->column = snapshot_column(place->table, column);
	if (place->column < 0) {
		(void)cluster_has_column(cluster, name, column, error); /* says what is meant */
		return FALSE;
	}
	if (read->n_keys != n_key || store_table_is_key(read, (guint)place->column))
		return refuse_key(read, column, n_key, error);
	place->row = find_row(cluster, place->table, key, n_key);
	return TRUE;
}

static void read_cell(const Place *place, StoreCell *cell)
{
	cell->text =
		place->row < 0 ? NULL : snapshot_cell(place->table, place->row, place->column);
	cell->kind = place->row < 0 ? STORE_CELL_NO_ROW
		     : cell->text   ? STORE_CELL_TEXT
				    : STORE_CELL_NULL;
}

gboolean cluster_cell(Cluster *cluster, const char *name, const char *const *key, guint n_key,
		      const char *column, StoreCell *cell, GError **error)
{
	Place place;

	if (!find_place(cluster, name, key, n_key, column, &place, error))
		return FALSE;
	read_cell(&place, cell);
	return TRUE;
}

static const char **cells_of(const Table *table, int row)
{
	return &table->read->cells[(gsize)row * table->read->n_columns];
}

#define INDEX_ENTRY 64 /* bytes, about */

static int append_row(Cluster *cluster, Table *table)
{
	StoreTable *read = table->read;

	if (read->n_rows == table->capacity) {
		table->capacity = MAX(2 * table->capacity, 64);
		read->cells = g_renew(const char *, read->cells,
				      (gsize)table->capacity * read->n_columns);
	}
	cluster->kept += read->n_columns * sizeof(char *) + INDEX_ENTRY;
	memset(&read->cells[(gsize)read->n_rows * read->n_columns], 0,
	       read->n_columns * sizeof(char *));
	return (int)read->n_rows++;
}

/* A row that was planned away comes back in its place: it is the same row to the store. */
static int add_row(Cluster *cluster, Table *table, const char *const *key)
{
	StoreTable *read = table->read;
	g_autoptr(GString) buffer = g_string_new(NULL);
	const char *name = snapshot_key(key, read->n_keys, buffer);
	int row = (int)GPOINTER_TO_UINT(g_hash_table_lookup(table->gone, name)) - 1;

	if (row >= 0)
		g_hash_table_remove(table->gone, name);
	else
		row = append_row(cluster, table);
	for (guint i = 0; i < read->n_keys; i++)
		cells_of(table, row)[read->keys[i]] =
			cluster_keep(cluster, key[i] ? key[i] : "");
	name = read->n_keys == 1 ? cells_of(table, row)[read->keys[0]]
				 : cluster_keep(cluster, name);
	g_hash_table_insert(table->index, (gpointer)name, GUINT_TO_POINTER((guint)row + 1));
	snapshot_forget_row(cluster, table, name);
	return row;
}

/* A row in which nothing but its key is left goes away, as it will in the store. */
static gboolean drop_if_empty(Cluster *cluster, Table *table, int row, const char *const *key)
{
	const StoreTable *read = table->read;
	g_autoptr(GString) buffer = g_string_new(NULL);
	const char **cells = cells_of(table, row);
	const char *name;

	for (guint i = 0; i < read->n_columns; i++)
		if (cells[i] && !store_table_is_key(read, i))
			return FALSE;
	name = cluster_keep(cluster, snapshot_key(key, read->n_keys, buffer));
	g_hash_table_remove(table->index, name);
	snapshot_forget_row(cluster, table, name);
	g_hash_table_insert(table->gone, (gpointer)name, GUINT_TO_POINTER((guint)row + 1));
	memset(cells, 0, read->n_columns * sizeof(char *));
	return TRUE;
}

/* The nodes and their groups are other ones if a row comes or goes, or one of these changes:
 * a status that is set for thousands of nodes must not read them all again for each. */
static gboolean makes_nodes(const char *column, gboolean row_changed)
{
	return row_changed || g_str_equal(column, "groups") || g_str_equal(column, "disable");
}

/* What was derived from the cell: nodes and groups, what a group gives, site's settings. */
static void forget(Cluster *cluster, Table *table, const char *key, const char *column,
		   gboolean row_changed)
{
	const char *name = table->read->name;

	if (g_str_equal(name, "nodelist")) {
		if (makes_nodes(column, row_changed))
			snapshot_forget_nodes(cluster);
	} else if (g_str_equal(name, "site")) {
		GHashTableIter tables;
		gpointer other;

		cluster->hierarchy_read = FALSE;
		g_clear_pointer(&cluster->hierarchy, g_hash_table_unref);
		g_hash_table_iter_init(&tables, cluster->tables);
		while (g_hash_table_iter_next(&tables, NULL, &other))
			snapshot_forget_columns(other);
	} else if (!cluster->nodes_read || g_hash_table_contains(cluster->group_names, key)) {
		snapshot_forget_columns(table);
	}
}

/* A cell that has no value is the same whether its row is there or not. */
static gboolean is_same(const StoreCell *now, const StoreCell *after)
{
	if (now->kind == STORE_CELL_TEXT && after->kind == STORE_CELL_TEXT)
		return g_str_equal(now->text, after->text);
	return now->kind == after->kind ||
	       (now->kind == STORE_CELL_NO_ROW && after->kind == STORE_CELL_NULL);
}

static const char *keep_planned(Cluster *cluster, const char *text)
{
	if (!cluster->last_planned || !g_str_equal(cluster->last_planned, text))
		cluster->last_planned = cluster_keep(cluster, text);
	return cluster->last_planned;
}

static gboolean resolve_seen(Cluster *cluster, const Place *place, const char *node,
			     ClusterPlan *plan, GError **error)
{
	g_autoptr(GError) problem = NULL;

	if (snapshot_resolve(cluster, place->table, plan->column, node, &plan->seen,
			     &problem) ||
	    g_error_matches(problem, CLUSTER_ERROR, CLUSTER_ERROR_VALUE))
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&problem));
	return FALSE;
}

static void plan_cell(Cluster *cluster, Place *place, const char *const *key,
		      const char *column, const StoreCell *after)
{
	Table *table = place->table;
	gboolean row_changed = place->row < 0;

	if (place->row < 0)
		place->row = add_row(cluster, table, key);
	cells_of(table, place->row)[place->column] =
		after->kind == STORE_CELL_TEXT ? keep_planned(cluster, after->text) : NULL;
	table->disables = table->disables || place->column == table->disable;
	/* A row that is only planned is not there without a value. */
	if (after->kind == STORE_CELL_NO_ROW ||
	    (after->kind == STORE_CELL_NULL && place->row >= (int)table->stored))
		row_changed = drop_if_empty(cluster, table, place->row, key) || row_changed;
	forget(cluster, table, key[0], column, row_changed);
}

gboolean cluster_plan(Cluster *cluster, const char *name, const char *const *key, guint n_key,
		      const char *column, StoreCell after, ClusterPlan *plan, GError **error)
{
	const StoreTable *read;
	Place place;

	memset(plan, 0, sizeof(*plan));
	if (!snapshot_nodes(cluster, error) ||
	    !find_place(cluster, name, key, n_key, column, &place, error))
		return FALSE;
	read = place.table->read;
	read_cell(&place, &plan->before);
	plan->table = read->name;
	plan->column = read->columns[place.column];
	if (is_same(&plan->before, &after))
		return TRUE;
	plan->changed = TRUE;
	if (place.table->of_nodes && !resolve_seen(cluster, &place, key[0], plan, error))
		return FALSE;
	plan_cell(cluster, &place, key, plan->column, &after);
	if (place.table->of_nodes) {
		plan->node = cells_of(place.table, place.row)[read->keys[0]];
		plan->node = plan->node ? plan->node : cluster_keep(cluster, key[0]);
	}
	if (plan->before.kind != STORE_CELL_TEXT)
		plan->before.kind = place.row >= (int)place.table->stored ? STORE_CELL_NO_ROW
									  : STORE_CELL_NULL;
	plan->cell = (guint64)place.table->number << 48 | (guint64)place.row << 16 |
		     (guint64)place.column;
	return TRUE;
}

void cluster_written(Cluster *cluster)
{
	GHashTableIter tables;
	gpointer table;

	g_hash_table_iter_init(&tables, cluster->tables);
	while (g_hash_table_iter_next(&tables, NULL, &table)) {
		((Table *)table)->stored = ((Table *)table)->read->n_rows;
		g_hash_table_remove_all(((Table *)table)->gone);
	}
}
