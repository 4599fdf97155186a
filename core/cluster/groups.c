/* Nodes and groups, from nodelist. */
#include "core/cluster/snapshot.h"
#include "core/base.h"
#include <string.h>

static void group_list_free(gpointer data)
{
	GroupList *list = data;

	g_free(list->names);
	g_free(list);
}

/* An empty element would make a group with the empty name (RULES.md quirk 5): it is none. */
static GroupList *parse_groups(Cluster *cluster, const char *text)
{
	GroupList *list = g_hash_table_lookup(cluster->group_lists, text);
	GPtrArray *names;
	g_auto(GStrv) parts = NULL;

	if (list)
		return list;
	names = g_ptr_array_new();
	parts = g_strsplit(text, ",", -1);
	for (guint i = 0; parts[i]; i++) {
		gpointer name;

		if (!*parts[i])
			continue;
		if (!g_hash_table_lookup_extended(cluster->group_names, parts[i], &name,
						  NULL)) {
			name = (gpointer)cluster_keep(cluster, parts[i]);
			g_hash_table_add(cluster->group_names, name);
		}
		g_ptr_array_add(names, name);
	}
	g_ptr_array_add(names, NULL);
	list = g_new0(GroupList, 1);
	list->number = g_hash_table_size(cluster->group_lists);
	list->names = (const char **)g_ptr_array_free(names, FALSE);
	g_hash_table_insert(cluster->group_lists, (gpointer)text, list);
	return list;
}

gboolean snapshot_nodes(Cluster *cluster, GError **error)
{
	Table *nodelist;
	int groups, key;
	gboolean sorted = TRUE;

	if (cluster->nodes_read)
		return TRUE;
	nodelist = snapshot_table(cluster, "nodelist", error);
	if (!nodelist)
		return FALSE;
	cluster->nodes = g_ptr_array_sized_new(nodelist->read->n_rows);
	cluster->node_groups = g_hash_table_new(g_str_hash, g_str_equal);
	cluster->group_lists =
		g_hash_table_new_full(g_str_hash, g_str_equal, NULL, group_list_free);
	cluster->group_names = g_hash_table_new(g_str_hash, g_str_equal);
	cluster->nodes_read = TRUE;
	if (nodelist->read->n_columns == 0)
		return TRUE;
	groups = store_table_column(nodelist->read, "groups");
	key = (int)nodelist->read->keys[0];
	for (guint row = 0; row < nodelist->read->n_rows; row++) {
		const char *name = snapshot_cell(nodelist, (int)row, key);
		const char *text = snapshot_cell(nodelist, (int)row, groups);
		GPtrArray *nodes = cluster->nodes;

		if (!name || !snapshot_row_enabled(nodelist, (int)row))
			continue;
		sorted = sorted &&
			 (nodes->len == 0 || strcmp(nodes->pdata[nodes->len - 1], name) < 0);
		g_ptr_array_add(nodes, (gpointer)name);
		g_hash_table_insert(cluster->node_groups, (gpointer)name,
				    text && *text ? parse_groups(cluster, text) : NULL);
	}
	if (!sorted)
		g_ptr_array_sort(cluster->nodes, text_compare);
	return TRUE;
}

const GPtrArray *cluster_nodes(Cluster *cluster, GError **error)
{
	return snapshot_nodes(cluster, error) ? cluster->nodes : NULL;
}

const char *cluster_node(Cluster *cluster, const char *name)
{
	gpointer kept = NULL;

	if (!snapshot_nodes(cluster, NULL) ||
	    !g_hash_table_lookup_extended(cluster->node_groups, name, &kept, NULL))
		return NULL;
	return kept;
}

const GroupList *snapshot_groups(Cluster *cluster, const char *node)
{
	return snapshot_nodes(cluster, NULL) ? g_hash_table_lookup(cluster->node_groups, node)
					     : NULL;
}

static GHashTable *collect_members(Cluster *cluster)
{
	GHashTable *members = g_hash_table_new_full(g_str_hash, g_str_equal, NULL,
						    (GDestroyNotify)g_ptr_array_unref);

	for (guint i = 0; i < cluster->nodes->len; i++) {
		const char *node = cluster->nodes->pdata[i];
		const GroupList *list = g_hash_table_lookup(cluster->node_groups, node);

		for (guint j = 0; list && list->names[j]; j++) {
			GPtrArray *nodes = g_hash_table_lookup(members, list->names[j]);

			if (!nodes) {
				nodes = g_ptr_array_new();
				g_hash_table_insert(members, (gpointer)list->names[j], nodes);
			}
			/* A group that is named twice in one list has the node once. */
			if (nodes->len == 0 || nodes->pdata[nodes->len - 1] != node)
				g_ptr_array_add(nodes, (gpointer)node);
		}
	}
	return members;
}

const GPtrArray *cluster_members(Cluster *cluster, const char *group)
{
	if (!snapshot_nodes(cluster, NULL))
		return NULL;
	if (!cluster->members)
		cluster->members = collect_members(cluster);
	return g_hash_table_lookup(cluster->members, group);
}

const char *const *cluster_groups(Cluster *cluster, const char *node)
{
	static const char *const none[] = { NULL };
	const GroupList *list;

	if (!cluster_node(cluster, node))
		return NULL;
	list = snapshot_groups(cluster, node);
	return list ? (const char *const *)list->names : none;
}
