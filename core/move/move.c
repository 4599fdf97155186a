/* Nodes, and the old and the new server of each. */
#include "core/move.h"
#include "core/base.h"
#include "core/noderange.h"
#include <string.h>

struct move {
	GArray *nodes;	   /* MoveNode */
	GHashTable *index; /* name -> number + 1 */
	GPtrArray *names;
	GPtrArray *sources, *destinations;
};

G_DEFINE_QUARK(snmove_move_error, move_error)

static Move *move_empty(void)
{
	Move *move = g_new0(Move, 1);

	move->nodes = g_array_new(FALSE, TRUE, sizeof(MoveNode));
	move->index = g_hash_table_new(g_str_hash, g_str_equal);
	move->names = g_ptr_array_new();
	return move;
}

void move_free(Move *move)
{
	if (!move)
		return;
	g_array_unref(move->nodes);
	g_hash_table_unref(move->index);
	g_ptr_array_unref(move->names);
	g_clear_pointer(&move->sources, g_ptr_array_unref);
	g_clear_pointer(&move->destinations, g_ptr_array_unref);
	g_free(move);
}

guint move_count(const Move *move)
{
	return move->nodes->len;
}

const MoveNode *move_node(const Move *move, guint i)
{
	return &g_array_index(move->nodes, MoveNode, i);
}

const MoveNode *move_find(const Move *move, const char *name)
{
	guint number = GPOINTER_TO_UINT(g_hash_table_lookup(move->index, name));

	return number ? move_node(move, number - 1) : NULL;
}

const char *const *move_names(const Move *move)
{
	return (const char *const *)move->names->pdata;
}

const char *const *move_sources(const Move *move)
{
	return (const char *const *)move->sources->pdata;
}

const char *const *move_destinations(const Move *move)
{
	return (const char *const *)move->destinations->pdata;
}

/* Element `number` of a servicenode list, or NULL: the list is shorter or the element empty. */
static const char *list_element(Cluster *cluster, GHashTable *kept, const char *list,
				guint number)
{
	g_autofree char *key = NULL;
	g_auto(GStrv) elements = NULL;
	gpointer found;

	if (!list)
		return NULL;
	key = g_strdup_printf("%u,%s", number, list);
	if (g_hash_table_lookup_extended(kept, key, NULL, &found))
		return found;
	elements = g_strsplit(list, ",", -1);
	found = g_strv_length(elements) > number && *elements[number]
			? (gpointer)cluster_keep(cluster, elements[number])
			: NULL;
	g_hash_table_insert(kept, g_steal_pointer(&key), found);
	return found;
}

static void keep_names(GPtrArray *to, const GPtrArray *from)
{
	for (guint i = 0; i < from->len; i++)
		g_ptr_array_add(to, from->pdata[i]);
}

/* Names for a message. */
static char *folded(const GPtrArray *names)
{
	g_autofree char *text = noderange_fold((const char *const *)names->pdata, names->len);

	return text_plain(text);
}

static GPtrArray *named_nodes(Cluster *cluster, const MoveRequest *request, GError **error)
{
	NoderangeOptions options = { TRUE, request->prefix, request->suffix };
	g_autoptr(Noderange) range =
		noderange_expand(cluster, request->noderange, &options, error);
	GPtrArray *nodes;

	if (!range)
		return NULL;
	if (range->missing->len > 0) {
		g_autofree char *shown = folded(range->missing);

		g_set_error(error, MOVE_ERROR, MOVE_ERROR_NODES,
			    "no such node or group in the database: '%s'", shown);
		return NULL;
	}
	if (range->names->len == 0) {
		g_autofree char *expression = text_quote(request->noderange);
		g_autofree char *shown = folded(range->excluded);

		g_set_error(error, MOVE_ERROR, MOVE_ERROR_NODES,
			    "noderange %s is no node at all%s%s", expression,
			    range->excluded->len ? "; site.excludenodes takes out " : "",
			    shown);
		return NULL;
	}
	nodes = g_ptr_array_new();
	keep_names(nodes, range->names);
	return nodes;
}

/* Is `server` the management node, under any name or address of site.master? */
static gboolean is_master(Cluster *cluster, Hosts *hosts, const char *server)
{
	const char *master;

	return cluster_site(cluster, "master", &master, NULL) && master &&
	       hosts_same(hosts, server, master);
}

/*
 * The nodes whose list begins with `source`.  The lists of a cluster are few, so each is
 * compared once, by every name of the host; nodes with a blank list are the management node's.
 */
static gboolean begins_with(Cluster *cluster, Hosts *hosts, GHashTable *known,
			    const char *source, const char *list)
{
	gpointer found;
	g_auto(GStrv) elements = NULL;
	gboolean same;

	list = list ? list : "";
	if (g_hash_table_lookup_extended(known, list, NULL, &found))
		return GPOINTER_TO_INT(found);
	elements = g_strsplit(list, ",", -1);
	same = *list ? elements[0] && *elements[0] && hosts_same(hosts, elements[0], source)
		     : is_master(cluster, hosts, source);
	g_hash_table_insert(known, (gpointer)list, GINT_TO_POINTER(same));
	return same;
}

/* Has it, or a group of it, a row in servicenode? */
static gboolean is_service_node(Cluster *cluster, const char *node)
{
	const char *const *groups = cluster_groups(cluster, node);

	if (cluster_has_row(cluster, "servicenode", node))
		return TRUE;
	for (guint i = 0; groups && groups[i]; i++)
		if (cluster_has_row(cluster, "servicenode", groups[i]))
			return TRUE;
	return FALSE;
}

static GPtrArray *served_nodes(Cluster *cluster, Hosts *hosts, const char *source,
			       GError **error)
{
	static const char *const columns[] = { "noderes.servicenode" };
	const GPtrArray *all = cluster_nodes(cluster, error);
	g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
	g_autofree ClusterValue *lists = NULL;
	g_autoptr(GPtrArray) nodes = g_ptr_array_new();

	if (all)
		lists = cluster_resolve_many(cluster, (const char *const *)all->pdata, all->len,
					     columns, 1, error);
	if (!lists)
		return NULL;
	for (guint i = 0; i < all->len; i++) {
		if (!begins_with(cluster, hosts, known, source, lists[i].text))
			continue;
		/* A value that cannot be computed is not blank: nobody knows whose it is. */
		if (!lists[i].text && lists[i].stored)
			continue;
		/* Service nodes have a blank list as well, and stay the management node's. */
		if (!lists[i].text && is_service_node(cluster, all->pdata[i]))
			continue;
		g_ptr_array_add(nodes, all->pdata[i]);
	}
	if (nodes->len > 0)
		return g_steal_pointer(&nodes);
	{
		g_autofree char *quoted = text_quote(source);

		g_set_error(error, MOVE_ERROR, MOVE_ERROR_NODES,
			    "no node has %s as its first service node (noderes.servicenode)",
			    quoted);
	}
	return NULL;
}

static void fill_node(Cluster *cluster, GHashTable *kept, const MoveRequest *request,
		      const ClusterValue *values, MoveNode *node)
{
	node->servicenode = values[0].text;
	node->old.sn = request->source ? request->source
				       : list_element(cluster, kept, values[0].text, 0);
	node->old.snn = request->source_n ? request->source_n : values[1].text;
	node->new.sn =
		request->dest ? request->dest : list_element(cluster, kept, values[0].text, 1);
	node->new.snn = request->dest_n;
}

/* Without -d: all that have no second service node, in one message. */
static gboolean check_destinations(const Move *move, GError **error)
{
	g_autoptr(GPtrArray) without = g_ptr_array_new();
	g_autofree char *shown = NULL;

	for (guint i = 0; i < move_count(move); i++)
		if (!move_node(move, i)->new.sn)
			g_ptr_array_add(without, (gpointer)move_node(move, i)->name);
	if (without->len == 0)
		return TRUE;
	shown = folded(without);
	g_set_error(error, MOVE_ERROR, MOVE_ERROR_BACKUP,
		    "no destination for %u of %u nodes: %s: their noderes.servicenode names no "
		    "second service node; name one with -d",
		    without->len, move_count(move), shown);
	return FALSE;
}

static GPtrArray *distinct(const Move *move, gboolean destinations)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	GPtrArray *names = g_ptr_array_new();

	for (guint i = 0; i < move_count(move); i++) {
		const MoveNode *node = move_node(move, i);
		const char *sn = destinations ? node->new.sn : node->old.sn;

		if (sn && g_hash_table_add(seen, (gpointer)sn))
			g_ptr_array_add(names, (gpointer)sn);
	}
	g_ptr_array_sort(names, text_compare);
	g_ptr_array_add(names, NULL);
	return names;
}

/* What is derived from the nodes. */
static void index_nodes(Move *move)
{
	g_hash_table_remove_all(move->index);
	g_ptr_array_set_size(move->names, 0);
	for (guint i = 0; i < move->nodes->len; i++) {
		gpointer name = (gpointer)move_node(move, i)->name;

		g_ptr_array_add(move->names, name);
		g_hash_table_insert(move->index, name, GUINT_TO_POINTER(i + 1));
	}
	g_ptr_array_add(move->names, NULL);
	g_clear_pointer(&move->sources, g_ptr_array_unref);
	g_clear_pointer(&move->destinations, g_ptr_array_unref);
	move->sources = distinct(move, FALSE);
	move->destinations = distinct(move, TRUE);
}

void move_set_destination(Move *move, guint i, const char *snn)
{
	g_array_index(move->nodes, MoveNode, i).new.snn = snn;
}

void move_leave_out(Move *move, const char *const *names)
{
	guint kept = 0;

	for (guint i = 0; names[i]; i++)
		g_hash_table_remove(move->index, names[i]);
	for (guint i = 0; i < move->nodes->len; i++) {
		MoveNode node = *move_node(move, i);

		if (g_hash_table_contains(move->index, node.name))
			g_array_index(move->nodes, MoveNode, kept++) = node;
	}
	g_array_set_size(move->nodes, kept);
	index_nodes(move);
}

static gboolean fill(Move *move, Cluster *cluster, const MoveRequest *request,
		     const GPtrArray *nodes, GError **error)
{
	static const char *const columns[] = { "noderes.servicenode", "noderes.xcatmaster" };
	g_autoptr(GHashTable) kept =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autofree ClusterValue *values =
		cluster_resolve_many(cluster, (const char *const *)nodes->pdata, nodes->len,
				     columns, G_N_ELEMENTS(columns), error);

	if (!values)
		return FALSE;
	for (guint i = 0; i < nodes->len; i++) {
		MoveNode node = { .name = nodes->pdata[i] };

		fill_node(cluster, kept, request, &values[(gsize)i * G_N_ELEMENTS(columns)],
			  &node);
		g_array_append_val(move->nodes, node);
	}
	index_nodes(move);
	return check_destinations(move, error);
}

/* One -D names one server: it cannot be the name of two. */
static gboolean check_one_destination(const Move *move, const MoveRequest *request,
				      GError **error)
{
	g_autofree char *list = NULL, *shown = NULL, *name = NULL;

	if (!request->dest_n || move->destinations->len <= 2)
		return TRUE;
	list = g_strjoinv(", ", (char **)move->destinations->pdata);
	shown = text_plain(list);
	name = text_plain(request->dest_n);
	g_set_error(
		error, MOVE_ERROR, MOVE_ERROR_USAGE,
		"-D %s cannot be the name of %u service nodes (%s): give -d too, or move the "
		"nodes of each in a command of its own",
		name, move->destinations->len - 1, shown);
	return FALSE;
}

static void keep_request(Cluster *cluster, MoveRequest *request)
{
	const char **texts[] = { &request->source, &request->source_n, &request->dest,
				 &request->dest_n };

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
		if (*texts[i])
			*texts[i] = cluster_keep(cluster, *texts[i]);
}

Move *move_recall(const MoveNode *nodes, guint n)
{
	Move *move = move_empty();

	g_array_append_vals(move->nodes, nodes, n);
	index_nodes(move);
	return move;
}

Move *move_new(Cluster *cluster, Hosts *hosts, const MoveRequest *given, GError **error)
{
	g_autoptr(Move) move = move_empty();
	g_autoptr(GPtrArray) nodes = NULL;
	MoveRequest request = *given;

	keep_request(cluster, &request);
	if (!request.noderange && !request.source) {
		g_set_error(error, MOVE_ERROR, MOVE_ERROR_USAGE, "name the nodes, or -s");
		return NULL;
	}
	nodes = request.noderange ? named_nodes(cluster, &request, error)
				  : served_nodes(cluster, hosts, request.source, error);
	if (!nodes || !fill(move, cluster, &request, nodes, error) ||
	    !check_one_destination(move, &request, error))
		return NULL;
	return g_steal_pointer(&move);
}
