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

static int compare_nodes(gconstpointer a, gconstpointer b)
{
	return strcmp(((const Node *)a)->name, ((const Node *)b)->name);
}

/* Sorts the nodes, and numbers them.  Where a table has a node twice, its last row counts. */
static void number_nodes(Cluster *cluster, gboolean sorted)
{
	GArray *known = cluster->known_nodes;

	if (!sorted)
		g_array_sort(known, compare_nodes);
	for (guint i = known->len; i > 0; i--) {
		Node *node = &g_array_index(known, Node, i - 1);

		if (!sorted && i < known->len && compare_nodes(node, node + 1) == 0)
			node->groups = node[1].groups;
	}
	cluster->nodes = g_ptr_array_sized_new(known->len);
	for (guint i = 0; i < known->len; i++) {
		gpointer name = (gpointer)g_array_index(known, Node, i).name;

		g_ptr_array_add(cluster->nodes, name);
		g_hash_table_insert(cluster->node_numbers, name, GUINT_TO_POINTER(i + 1));
	}
}

static void read_nodes(Cluster *cluster, const Table *nodelist)
{
	int groups = store_table_column(nodelist->read, "groups");
	int key = (int)nodelist->read->keys[0];
	GArray *known = cluster->known_nodes;
	gboolean sorted = TRUE;

	for (guint row = 0; row < nodelist->read->n_rows; row++) {
		const char *text = snapshot_cell(nodelist, (int)row, groups);
		Node node = { snapshot_cell(nodelist, (int)row, key), NULL };

		if (!node.name || !snapshot_row_enabled(nodelist, (int)row))
			continue;
		node.groups = text && *text ? parse_groups(cluster, text) : NULL;
		sorted = sorted && (known->len == 0 ||
				    compare_nodes(&g_array_index(known, Node, known->len - 1),
						  &node) < 0);
		g_array_append_val(known, node);
	}
	number_nodes(cluster, sorted);
}

gboolean snapshot_nodes(Cluster *cluster, GError **error)
{
	Table *nodelist;

	if (cluster->nodes_read)
		return TRUE;
	nodelist = snapshot_table(cluster, "nodelist", error);
	if (!nodelist)
		return FALSE;
	cluster->known_nodes =
		g_array_sized_new(FALSE, FALSE, sizeof(Node), nodelist->read->n_rows);
	cluster->node_numbers = g_hash_table_new(g_str_hash, g_str_equal);
	cluster->group_lists =
		g_hash_table_new_full(g_str_hash, g_str_equal, NULL, group_list_free);
	cluster->group_names = g_hash_table_new(g_str_hash, g_str_equal);
	cluster->nodes_read = TRUE;
	if (nodelist->read->n_columns > 0)
		read_nodes(cluster, nodelist);
	else
		cluster->nodes = g_ptr_array_new();
	return TRUE;
}

const GPtrArray *cluster_nodes(Cluster *cluster, GError **error)
{
	return snapshot_nodes(cluster, error) ? cluster->nodes : NULL;
}

/* Most of the time it is the one that was asked for last, or the one behind it. */
int snapshot_node(Cluster *cluster, const char *name)
{
	guint last = cluster->last_asked, end = MIN(last + 2, cluster->nodes->len);
	guint place;

	for (place = last; place < end; place++)
		if (g_str_equal(cluster->nodes->pdata[place], name))
			break;
	if (place >= end)
		place = GPOINTER_TO_UINT(g_hash_table_lookup(cluster->node_numbers, name)) - 1;
	if (place == G_MAXUINT)
		return -1;
	cluster->last_asked = place;
	return (int)place;
}

const char *cluster_node(Cluster *cluster, const char *name)
{
	int number = snapshot_nodes(cluster, NULL) ? snapshot_node(cluster, name) : -1;

	return number < 0 ? NULL : cluster->nodes->pdata[number];
}

const GroupList *snapshot_groups(const Cluster *cluster, int number)
{
	return number < 0 ? NULL : g_array_index(cluster->known_nodes, Node, number).groups;
}

static GHashTable *collect_members(Cluster *cluster)
{
	GHashTable *members = g_hash_table_new_full(g_str_hash, g_str_equal, NULL,
						    (GDestroyNotify)g_ptr_array_unref);

	for (guint i = 0; i < cluster->nodes->len; i++) {
		const char *node = cluster->nodes->pdata[i];
		const GroupList *list = snapshot_groups(cluster, (int)i);

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
	int number = snapshot_nodes(cluster, NULL) ? snapshot_node(cluster, node) : -1;
	const GroupList *list = snapshot_groups(cluster, number);

	if (number < 0)
		return NULL;
	return list ? (const char *const *)list->names : none;
}
