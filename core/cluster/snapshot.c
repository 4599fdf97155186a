/* The tables in memory: each read once, with an index by key. */
#include "core/cluster/snapshot.h"
#include "core/base.h"
#include <string.h>

G_DEFINE_QUARK(snmove_cluster_error, cluster_error)

#define MISSING_TABLE 1024 /* bytes, about, to know that a table is not there */

static void table_free(gpointer data)
{
	Table *table = data;

	store_table_free(table->read);
	g_hash_table_unref(table->index);
	g_hash_table_unref(table->gone);
	g_ptr_array_unref(table->columns);
	g_clear_pointer(&table->by_node, g_hash_table_unref);
	g_free(table->node_rows);
	g_free(table);
}

static void complain_to_log(const char *message, gpointer data)
{
	(void)data;
	g_warning("%s", message);
}

Cluster *cluster_new(Store *store)
{
	Cluster *cluster = g_new0(Cluster, 1);

	cluster->store = store;
	store_let_go(store); /* what it is now, and not what another snapshot was made of */
	cluster->text = g_string_chunk_new(1 << 16);
	cluster->tables = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, table_free);
	cluster->values =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, snapshot_compiled_free);
	cluster->complained = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	cluster->complaint = complain_to_log;
	return cluster;
}

void snapshot_forget_nodes(Cluster *cluster)
{
	GHashTableIter tables;
	gpointer table;

	cluster->nodes_read = FALSE;
	g_clear_pointer(&cluster->nodes, g_ptr_array_unref);
	g_clear_pointer(&cluster->known_nodes, g_array_unref);
	g_clear_pointer(&cluster->node_numbers, g_hash_table_unref);
	cluster->last_asked = 0;
	g_clear_pointer(&cluster->group_lists, g_hash_table_unref);
	g_clear_pointer(&cluster->group_names, g_hash_table_unref);
	g_clear_pointer(&cluster->members, g_hash_table_unref);
	/* What is known by the number of a node, or of a list of groups: those count anew. */
	g_hash_table_iter_init(&tables, cluster->tables);
	while (g_hash_table_iter_next(&tables, NULL, &table)) {
		snapshot_forget_columns(table);
		g_clear_pointer(&((Table *)table)->node_rows, g_free);
	}
}

void cluster_free(Cluster *cluster)
{
	if (!cluster)
		return;
	snapshot_forget_nodes(cluster);
	g_hash_table_unref(cluster->tables);
	g_hash_table_unref(cluster->values);
	g_hash_table_unref(cluster->complained);
	g_clear_pointer(&cluster->hierarchy, g_hash_table_unref);
	g_string_chunk_free(cluster->text);
	g_free(cluster);
}

Store *cluster_store(Cluster *cluster)
{
	return cluster->store;
}

const char *cluster_keep(Cluster *cluster, const char *text)
{
	cluster->kept += strlen(text) + 1;
	return g_string_chunk_insert(cluster->text, text);
}

gsize cluster_kept(const Cluster *cluster)
{
	return cluster->kept;
}

void cluster_on_complaint(Cluster *cluster, ClusterComplaint complaint, gpointer data)
{
	cluster->complaint = complaint;
	cluster->complaint_data = data;
}

const char *snapshot_key(const char *const *key, guint n_key, GString *buffer)
{
	if (n_key == 1)
		return key[0];
	g_string_truncate(buffer, 0);
	for (guint i = 0; i < n_key; i++)
		g_string_append_printf(buffer, "%zu:%s", strlen(key[i] ? key[i] : ""),
				       key[i] ? key[i] : "");
	return buffer->str;
}

static void index_rows(Table *table, GStringChunk *text)
{
	const StoreTable *read = table->read;
	g_autoptr(GString) buffer = g_string_new(NULL);
	g_autofree const char **key = g_new0(const char *, read->n_keys + 1);

	for (guint row = 0; row < read->n_rows; row++) {
		const char *name;

		for (guint i = 0; i < read->n_keys; i++)
			key[i] = store_table_cell(read, row, (int)read->keys[i]);
		if (!key[0])
			continue;
		name = snapshot_key(key, read->n_keys, buffer);
		if (read->n_keys > 1)
			name = g_string_chunk_insert(text, name);
		g_hash_table_insert(table->index, (gpointer)name, GUINT_TO_POINTER(row + 1));
	}
}

static void index_nodes(Table *table)
{
	const StoreTable *read = table->read;
	int node = store_table_column(read, "node");

	if (read->n_keys < 2 || node < 0 || !store_table_is_key(read, (guint)node))
		return;
	table->by_node = g_hash_table_new(g_str_hash, g_str_equal);
	for (guint row = read->n_rows; row > 0; row--) {
		const char *name = store_table_cell(read, row - 1, node);

		if (name && snapshot_row_enabled(table, (int)row - 1))
			g_hash_table_insert(table->by_node, (gpointer)name,
					    GUINT_TO_POINTER(row));
	}
}

/* Most tables disable no row: those need not be looked at for each. */
static gboolean has_disabled(const Table *table)
{
	for (guint row = 0; table->disable >= 0 && row < table->read->n_rows; row++)
		if (snapshot_cell(table, (int)row, table->disable))
			return TRUE;
	return FALSE;
}

int snapshot_column(Table *table, const char *name)
{
	const StoreTable *read = table->read;
	guint last = (guint)table->last_column;

	if (last >= read->n_columns || !g_str_equal(read->columns[last], name)) {
		int number = store_table_column(read, name);

		if (number < 0)
			return -1;
		table->last_column = number;
	}
	return table->last_column;
}

void snapshot_forget_columns(Table *table)
{
	g_ptr_array_set_size(table->columns, 0);
	g_ptr_array_set_size(table->columns, (int)table->read->n_columns);
}

Table *snapshot_table(Cluster *cluster, const char *name, GError **error)
{
	Table *table = g_hash_table_lookup(cluster->tables, name);
	StoreTable *read;

	if (table)
		return table;
	read = store_read(cluster->store, name, error);
	if (!read)
		return NULL;
	table = g_new0(Table, 1);
	table->read = read;
	table->number = g_hash_table_size(cluster->tables);
	table->capacity = table->stored = read->n_rows;
	table->of_nodes =
		read->n_keys == 1 && g_str_equal(read->columns[read->keys[0]], "node");
	table->index = g_hash_table_new(g_str_hash, g_str_equal);
	table->gone = g_hash_table_new(g_str_hash, g_str_equal);
	table->columns = g_ptr_array_new_full(read->n_columns, snapshot_column_free);
	g_ptr_array_set_size(table->columns, (int)read->n_columns);
	table->disable = store_table_column(read, "disable");
	table->disables = has_disabled(table);
	index_rows(table, cluster->text);
	index_nodes(table);
	if (read->n_columns == 0) /* the name alone is the caller's */
		cluster->kept += sizeof(*table) + MISSING_TABLE + strlen(name);
	g_hash_table_insert(cluster->tables, g_strdup(name), table);
	return table;
}

const StoreTable *cluster_table(Cluster *cluster, const char *name, GError **error)
{
	Table *table = snapshot_table(cluster, name, error);

	return table ? table->read : NULL;
}

int snapshot_node_row(const Table *table, const char *name)
{
	if (!table->by_node)
		return snapshot_row(table, name);
	return (int)GPOINTER_TO_UINT(g_hash_table_lookup(table->by_node, name)) - 1;
}

int snapshot_row_of(const Cluster *cluster, Table *table, int number, const char *name)
{
	enum { not_asked = 0, first = 2 }; /* 1: it has none */
	int *known;

	if (number < 0)
		return snapshot_node_row(table, name);
	if (!table->node_rows)
		table->node_rows = g_new0(int, cluster->nodes->len);
	known = &table->node_rows[number];
	if (*known == not_asked)
		*known = snapshot_node_row(table, name) + first;
	return *known - first;
}

void snapshot_forget_row(Cluster *cluster, Table *table, const char *name)
{
	int number = table->node_rows ? snapshot_node(cluster, name) : -1;

	if (number >= 0)
		table->node_rows[number] = 0;
}

int snapshot_row(const Table *table, const char *key)
{
	return (int)GPOINTER_TO_UINT(g_hash_table_lookup(table->index, key)) - 1;
}

const char *snapshot_cell(const Table *table, int row, int column)
{
	return store_table_cell(table->read, (guint)row, column);
}

gboolean cluster_enabled(const char *disable)
{
	return !disable || g_str_equal(disable, "0") || g_ascii_strcasecmp(disable, "no") == 0;
}

gboolean cluster_row_enabled(const StoreTable *table, guint row)
{
	int disable = store_table_column(table, "disable");

	return store_table_cell(table, row, (int)table->keys[0]) &&
	       cluster_enabled(store_table_cell(table, row, disable));
}

gboolean snapshot_row_enabled(const Table *table, int row)
{
	return !table->disables || cluster_enabled(snapshot_cell(table, row, table->disable));
}

gboolean cluster_has_column(Cluster *cluster, const char *table, const char *column,
			    GError **error)
{
	Table *found = snapshot_table(cluster, table, error);
	g_autofree char *quoted = NULL;
	g_autofree char *meant = NULL;

	if (!found)
		return FALSE;
	if (found->read->n_columns == 0) {
		g_auto(GStrv) tables = store_tables(cluster->store, NULL);

		quoted = text_quote(table);
		meant = text_did_you_mean(table, (const char *const *)tables);
		g_set_error(error, CLUSTER_ERROR, CLUSTER_ERROR_COLUMN,
			    "no table %s in the database%s", quoted, meant);
		return FALSE;
	}
	if (store_table_column(found->read, column) >= 0)
		return TRUE;
	quoted = text_quote(column);
	meant = text_did_you_mean(column, (const char *const *)found->read->columns);
	g_set_error(error, CLUSTER_ERROR, CLUSTER_ERROR_COLUMN, "no column %s in table '%s'%s",
		    quoted, table, meant);
	return FALSE;
}

gboolean cluster_has_row(Cluster *cluster, const char *name, const char *key)
{
	Table *table = snapshot_table(cluster, name, NULL);
	int row = table ? snapshot_row(table, key) : -1;

	return row >= 0 && snapshot_row_enabled(table, row);
}

gboolean cluster_row_value(Cluster *cluster, const char *name, const char *key,
			   const char *column, const char **value, GError **error)
{
	Table *table = snapshot_table(cluster, name, error);
	const char *text;
	int row;

	*value = NULL;
	if (!table)
		return FALSE;
	row = snapshot_row(table, key);
	if (row < 0 || !snapshot_row_enabled(table, row))
		return TRUE;
	text = snapshot_cell(table, row, store_table_column(table->read, column));
	*value = text && *text ? text : NULL;
	return TRUE;
}

gboolean cluster_site(Cluster *cluster, const char *key, const char **value, GError **error)
{
	return cluster_row_value(cluster, "site", key, "value", value, error);
}
