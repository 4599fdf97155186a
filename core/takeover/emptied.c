/* Which service nodes a move leaves without any node. */
#include "core/takeover.h"

/* First of a list -> the source that it is, or NULL. */
typedef struct {
	const Move *move;
	Cluster *cluster;
	Hosts *hosts;
	GHashTable *known;
} Firsts;

static const char *source_of(const Firsts *firsts, const char *list)
{
	const char *const *sources = move_sources(firsts->move);
	const char *first, *found = NULL;
	gpointer known;

	if (g_hash_table_lookup_extended(firsts->known, list, NULL, &known))
		return known;
	first = cluster_first(firsts->cluster, list);
	for (; first && *sources && !found; sources++)
		if (**sources && hosts_is_named(firsts->hosts, first, *sources, NULL))
			found = *sources;
	g_hash_table_insert(firsts->known, (gpointer)list, (gpointer)found);
	return found;
}

/* Those sources that a node has which does not move. */
static GHashTable *find_kept(const Move *move, Cluster *cluster, Hosts *hosts, GError **error)
{
	static const char *const columns[] = { "noderes.servicenode" };
	const GPtrArray *all = cluster_nodes(cluster, error);
	g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
	Firsts firsts = { move, cluster, hosts, known };
	g_autofree ClusterValue *lists = NULL;
	GHashTable *kept;

	if (all)
		lists = cluster_resolve_many(cluster, (const char *const *)all->pdata, all->len,
					     columns, 1, error);
	if (!lists)
		return NULL;
	kept = g_hash_table_new(g_str_hash, g_str_equal);
	for (guint i = 0; i < all->len; i++) {
		const char *source = lists[i].text && !move_find(move, all->pdata[i])
					     ? source_of(&firsts, lists[i].text)
					     : NULL;

		if (source)
			g_hash_table_add(kept, (gpointer)source);
	}
	return kept;
}

/* Nodes come to it, or are there already (a move of a part may have such). */
static gboolean is_destination(const Move *move, Hosts *hosts, const char *source)
{
	const char *const *to = move_destinations(move);

	for (; *to; to++)
		if (hosts_same(hosts, source, *to) || hosts_is_named(hosts, source, *to, NULL))
			return TRUE;
	return FALSE;
}

const char **move_emptied(const Move *move, Cluster *cluster, Hosts *hosts, GError **error)
{
	const char *const *sources = move_sources(move);
	g_autoptr(GHashTable) kept = find_kept(move, cluster, hosts, error);
	const char **emptied;
	guint n = 0;

	if (!kept)
		return NULL;
	emptied = g_new0(const char *, g_strv_length((char **)sources) + 1);
	for (; *sources; sources++)
		if (**sources && !hosts_is_master(hosts, *sources) &&
		    !g_hash_table_contains(kept, *sources) &&
		    !is_destination(move, hosts, *sources))
			emptied[n++] = *sources;
	return emptied;
}
