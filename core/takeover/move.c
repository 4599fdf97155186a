/* Nodes, and the old and the new server of each. */
#include "core/takeover/inside.h"
#include "core/base.h"
#include "core/noderange.h"
#include <string.h>

G_DEFINE_QUARK(snmove_move_error, move_error)

static Move *move_empty(void)
{
	Move *move = g_new0(Move, 1);

	move->nodes = g_array_new(FALSE, TRUE, sizeof(MoveNode));
	move->index = g_hash_table_new(g_str_hash, g_str_equal);
	move->names = g_ptr_array_new();
	move->left = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(move->left, NULL);
	return move;
}

void move_free(Move *move)
{
	if (!move)
		return;
	g_array_unref(move->nodes);
	g_hash_table_unref(move->index);
	g_ptr_array_unref(move->names);
	g_ptr_array_unref(move->left);
	g_clear_pointer(&move->sources, g_ptr_array_unref);
	g_clear_pointer(&move->destinations, g_ptr_array_unref);
	g_free(move);
}

const char *const *move_left_out(const Move *move)
{
	return (const char *const *)move->left->pdata;
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

gboolean move_boots(const Move *move)
{
	return move_count(move) > 0 && !*move_sources(move) && !*move_destinations(move);
}

static void keep_names(GPtrArray *to, const GPtrArray *from)
{
	for (guint i = 0; i < from->len; i++)
		g_ptr_array_add(to, from->pdata[i]);
}

char *move_folded(const GPtrArray *names)
{
	g_autofree char *text = noderange_fold((const char *const *)names->pdata, names->len);

	return text_plain(text);
}

GPtrArray *move_named(Cluster *cluster, const MoveRequest *request, GError **error)
{
	NoderangeOptions options = { TRUE, request->prefix, request->suffix };
	g_autoptr(Noderange) range =
		noderange_expand(cluster, request->noderange, &options, error);
	GPtrArray *nodes;

	if (!range)
		return NULL;
	if (range->missing->len > 0) {
		g_autofree char *missing = noderange_missing(range);
		g_autofree char *shown = text_plain(missing);

		g_set_error(error, MOVE_ERROR, MOVE_ERROR_NODES,
			    "no such node or group in the database: '%s'", shown);
		return NULL;
	}
	if (range->names->len == 0) {
		g_autofree char *expression = text_quote(request->noderange);
		g_autofree char *shown = move_folded(range->excluded);

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

/*
 * The nodes whose list begins with `source`.  The lists of a cluster are few, so each is
 * compared once, by every name of the host; nodes with a blank list are the management node's.
 */
static gboolean begins_with(Cluster *cluster, Hosts *hosts, GHashTable *known,
			    const char *source, const char *list)
{
	const char *first;
	gpointer found;
	gboolean same;

	list = list ? list : "";
	if (g_hash_table_lookup_extended(known, list, NULL, &found))
		return GPOINTER_TO_INT(found);
	first = cluster_first(cluster, list);
	same = *list ? first && hosts_is_named(hosts, first, source, NULL)
		     : hosts_is_master(hosts, source);
	g_hash_table_insert(known, (gpointer)list, GINT_TO_POINTER(same));
	return same;
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
		if (!lists[i].text && move_is_service_node(cluster, all->pdata[i]))
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

/* What a list of service nodes says; lists are few, so each is looked at once. */
typedef struct {
	const char *first, *second; /* or NULL: it has none */
} List;

/* While the nodes are filled in. */
typedef struct {
	Cluster *cluster;
	Hosts *hosts;
	const MoveRequest *request;
	GHashTable *lists;     /* text -> List */
	GHashTable *is_dest;   /* a first of a list -> is it the new service node? */
	GHashTable *is_master; /* an xcatmaster -> is it the name that the nodes get? */
	GPtrArray *there;      /* nodes that are on it already */
} Fill;

static void fill_clear(Fill *fill)
{
	g_clear_pointer(&fill->lists, g_hash_table_unref);
	g_clear_pointer(&fill->is_dest, g_hash_table_unref);
	g_clear_pointer(&fill->is_master, g_hash_table_unref);
	g_clear_pointer(&fill->there, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Fill, fill_clear)

/* A second one that is the first, or the one that is left, is no other. */
static List *read_list(const Fill *fill, const char *text)
{
	const char *source = fill->request->source;
	g_auto(GStrv) elements = cluster_elements(text);
	List *list = g_new0(List, 1);

	list->first = cluster_first(fill->cluster, text);
	if (elements[0] && elements[1] && *elements[1])
		list->second = cluster_keep(fill->cluster, elements[1]);
	source = source ? source : list->first;
	if (list->second && source && hosts_same(fill->hosts, list->second, source))
		list->second = NULL;
	return list;
}

static const List *find_list(const Fill *fill, const char *text)
{
	static const List none;
	List *list;

	if (!text)
		return &none;
	list = g_hash_table_lookup(fill->lists, text);
	if (!list) {
		list = read_list(fill, text);
		g_hash_table_insert(fill->lists, (gpointer)text, list);
	}
	return list;
}

/* Names are few, so each is compared once. */
static gboolean compare(const Fill *fill, GHashTable *known, const char *name,
			gboolean as_master)
{
	const MoveRequest *request = fill->request;
	gpointer found;
	gboolean is;

	if (!name)
		return FALSE;
	if (g_hash_table_lookup_extended(known, name, NULL, &found))
		return GPOINTER_TO_INT(found);
	is = as_master && request->dest_n
		     ? hosts_same(fill->hosts, name, request->dest_n)
		     : hosts_is_named(fill->hosts, name, request->dest, request->dest_n);
	g_hash_table_insert(known, (gpointer)name, GINT_TO_POINTER(is));
	return is;
}

/* Half of a move is not there: by its list alone, a node may have another master yet. */
static gboolean is_there(const Fill *fill, const List *list, const char *xcatmaster)
{
	return fill->request->dest && !fill->request->keep_there &&
	       compare(fill, fill->is_dest, list->first, FALSE) &&
	       compare(fill, fill->is_master, xcatmaster, TRUE);
}

/* What a node calls the server that it leaves.  If that is one which it has left already,
 * nobody knows: its row names the new one. */
static const char *old_master(const Fill *fill, const List *list, const char *xcatmaster)
{
	const MoveRequest *request = fill->request;

	if (request->source_n)
		return request->source_n;
	if (request->source && request->dest && request->keep_there &&
	    compare(fill, fill->is_dest, list->first, FALSE))
		return NULL;
	return xcatmaster;
}

static void fill_node(const Fill *fill, const ClusterValue *values, MoveNode *node)
{
	const MoveRequest *request = fill->request;
	const List *list = find_list(fill, values[0].text);

	node->servicenode = values[0].text;
	node->old.sn = request->source ? request->source : list->first;
	node->old.snn = old_master(fill, list, values[1].text);
	node->new.sn = request->dest ? request->dest : list->second;
	node->new.snn = request->dest_n;
	if (is_there(fill, list, values[1].text))
		g_ptr_array_add(fill->there, (gpointer)node->name);
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
	shown = move_folded(without);
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

static gboolean fill(Move *move, Cluster *cluster, Hosts *hosts, const MoveRequest *request,
		     const GPtrArray *nodes, GError **error)
{
	static const char *const columns[] = { "noderes.servicenode", "noderes.xcatmaster" };
	g_auto(Fill) fill = { .cluster = cluster, .hosts = hosts, .request = request };
	g_autofree ClusterValue *values =
		cluster_resolve_many(cluster, (const char *const *)nodes->pdata, nodes->len,
				     columns, G_N_ELEMENTS(columns), error);

	if (!values)
		return FALSE;
	fill.lists = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
	fill.is_dest = g_hash_table_new(g_str_hash, g_str_equal);
	fill.is_master = g_hash_table_new(g_str_hash, g_str_equal);
	fill.there = g_ptr_array_new();
	for (guint i = 0; i < nodes->len; i++) {
		MoveNode node = { .name = nodes->pdata[i] };

		fill_node(&fill, &values[(gsize)i * G_N_ELEMENTS(columns)], &node);
		g_array_append_val(move->nodes, node);
	}
	index_nodes(move);
	return move_leave_those(move, cluster, hosts, request, fill.there, error) &&
	       check_destinations(move, error);
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
	if (!move_check_servers(cluster, hosts, &request, error))
		return NULL;
	nodes = request.noderange ? move_named(cluster, &request, error)
				  : served_nodes(cluster, hosts, request.source, error);
	if (!nodes || !fill(move, cluster, hosts, &request, nodes, error) ||
	    !check_one_destination(move, &request, error))
		return NULL;
	return g_steal_pointer(&move);
}
