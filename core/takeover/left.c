/* Who is named, and does not move: nodes that are there already, and servers themselves. */
#include "core/base.h"
#include "core/takeover/inside.h"

static void say(Move *move, char *line)
{
	g_ptr_array_insert(move->left, (int)move->left->len - 1, line);
}

/* Takes `names`, NULL-terminated for this, out of the move. */
static void take_out(Move *move, GPtrArray *names)
{
	g_ptr_array_add(names, NULL);
	move_leave_out(move, (const char *const *)names->pdata);
	g_ptr_array_set_size(names, (int)names->len - 1);
}

static void leave_there(Move *move, const char *server, GPtrArray *there)
{
	guint total = move_count(move);
	g_autofree char *shown = NULL, *name = NULL;

	if (there->len == 0)
		return;
	shown = move_folded(there);
	name = text_plain(server);
	take_out(move, there);
	say(move, g_strdup_printf("%u of %u node%s %s on %s already, left out: %s", there->len,
				  total, total == 1 ? "" : "s", there->len == 1 ? "is" : "are",
				  name, shown));
}

/* Lists and names are few, so each pair is compared once. */
static gboolean is_on(const MoveNode *node, Cluster *cluster, Hosts *hosts, const char *dest,
		      GHashTable *known)
{
	const char *snn = node->old.snn, *new_snn = node->new.snn, *first;
	g_autofree char *key = NULL;
	gpointer found;
	gboolean is;

	if (!node->servicenode || !snn || !new_snn)
		return FALSE;
	key = TEXT_KEY(node->servicenode, snn, new_snn);
	if (g_hash_table_lookup_extended(known, key, NULL, &found))
		return GPOINTER_TO_INT(found);
	first = cluster_first(cluster, node->servicenode);
	is = first && hosts_is_named(hosts, first, dest, new_snn) &&
	     hosts_same(hosts, snn, new_snn);
	g_hash_table_insert(known, g_steal_pointer(&key), GINT_TO_POINTER(is));
	return is;
}

void move_leave_there(Move *move, Cluster *cluster, Hosts *hosts, const char *dest)
{
	g_autoptr(GHashTable) known =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GPtrArray) there = g_ptr_array_new();

	for (guint i = 0; i < move_count(move); i++)
		if (is_on(move_node(move, i), cluster, hosts, dest, known))
			g_ptr_array_add(there, (gpointer)move_node(move, i)->name);
	leave_there(move, dest, there);
}

void move_leave_elsewhere(Move *move, Cluster *cluster, Hosts *hosts)
{
	guint total = move_count(move);
	g_autoptr(GPtrArray) elsewhere = g_ptr_array_new();
	g_autofree char *shown = NULL;

	for (guint i = 0; i < total; i++) {
		const MoveNode *node = move_node(move, i);
		const char *first =
			node->servicenode ? cluster_first(cluster, node->servicenode) : NULL;

		if (!first || !hosts_is_named(hosts, first, node->new.sn, NULL))
			g_ptr_array_add(elsewhere, (gpointer)node->name);
	}
	if (elsewhere->len == 0)
		return;
	shown = move_folded(elsewhere);
	take_out(move, elsewhere);
	say(move, g_strdup_printf("%u of %u node%s %s not where the last run took %s any more, "
				  "left out: %s",
				  elsewhere->len, total, total == 1 ? "" : "s",
				  elsewhere->len == 1 ? "is" : "are",
				  elsewhere->len == 1 ? "it" : "them", shown));
}

/* The nodes of the move that the server is, by any of its names. */
static void add_server(const Move *move, Hosts *hosts, const char *server, GPtrArray *found)
{
	const char *const *names = hosts_names(hosts, server, NULL);

	for (; *names; names++) {
		const MoveNode *node = move_find(move, *names);
		const char *spelled = node ? node->name : hosts_node(hosts, *names);

		node = spelled ? move_find(move, spelled) : NULL;
		if (node && !g_ptr_array_find(found, node->name, NULL))
			g_ptr_array_add(found, (gpointer)node->name);
	}
}

/* `one` and `many`: what they are. */
static void leave_servers(Move *move, Hosts *hosts, const char *const *servers, const char *one,
			  const char *many)
{
	g_autoptr(GPtrArray) found = g_ptr_array_new();
	g_autofree char *shown = NULL;

	for (; *servers; servers++)
		add_server(move, hosts, *servers, found);
	if (found->len == 0)
		return;
	g_ptr_array_sort(found, text_compare);
	shown = move_folded(found);
	take_out(move, found);
	say(move, g_strdup_printf("%s %s, left out", shown, found->len == 1 ? one : many));
}

/* Nodes without a service node are the management node's, and so is it itself. */
static gboolean leaves_master(const Move *move, Hosts *hosts, const MoveRequest *request)
{
	if (request->source)
		return hosts_is_master(hosts, request->source);
	for (guint i = 0; i < move_count(move); i++)
		if (!move_node(move, i)->old.sn)
			return TRUE;
	return FALSE;
}

gboolean move_leave_those(Move *move, Cluster *cluster, Hosts *hosts,
			  const MoveRequest *request, GPtrArray *there, GError **error)
{
	const char *masters[] = { NULL, NULL };
	g_autoptr(GPtrArray) to = g_ptr_array_ref(move->destinations);
	g_autoptr(GPtrArray) from = g_ptr_array_ref(move->sources);
	g_autofree char *lines = NULL;

	if (leaves_master(move, hosts, request) &&
	    !cluster_site(cluster, "master", &masters[0], error))
		return FALSE;
	leave_there(move, request->dest, there);
	leave_servers(move, hosts, (const char *const *)to->pdata,
		      "is the new service node itself", "are new service nodes themselves");
	leave_servers(move, hosts, masters, "is the management node itself",
		      "are the management node itself");
	leave_servers(move, hosts, (const char *const *)from->pdata,
		      "is an old service node itself", "are old service nodes themselves");
	if (move_count(move) > 0 || there->len > 0)
		return TRUE;
	lines = g_strjoinv("; ", (char **)move->left->pdata);
	g_set_error(error, MOVE_ERROR, MOVE_ERROR_NODES, "no node is left to move: %s", lines);
	return FALSE;
}
