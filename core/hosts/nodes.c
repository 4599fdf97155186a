/* From spellings and addresses back to nodes. */
#include "core/hosts/inside.h"

/* Could a short spelling be another text than the name? */
static gboolean is_plain(const char *name)
{
	for (; *name; name++)
		if (g_ascii_isupper(*name) || *name == '.')
			return FALSE;
	return TRUE;
}

/* Only of nodes whose names are not their own short spelling: as a rule there are none. */
static void index_nodes(Hosts *hosts, const GPtrArray *nodes)
{
	hosts->nodes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; i < nodes->len; i++) {
		char *spelled;

		if (is_plain(nodes->pdata[i]))
			continue;
		spelled = hosts_short_spelling(hosts, nodes->pdata[i]);
		if (g_hash_table_contains(hosts->nodes, spelled))
			g_free(spelled);
		else
			g_hash_table_insert(hosts->nodes, spelled, nodes->pdata[i]);
	}
}

const char *hosts_node(Hosts *hosts, const char *name)
{
	const GPtrArray *nodes = cluster_nodes(hosts->cluster, NULL);
	const char *node = nodes ? cluster_node(hosts->cluster, name) : NULL;
	g_autofree char *spelled = NULL;

	if (node || !nodes)
		return node;
	if (!hosts->nodes)
		index_nodes(hosts, nodes);
	spelled = hosts_short_spelling(hosts, name);
	node = cluster_node(hosts->cluster, spelled);
	return node ? node : g_hash_table_lookup(hosts->nodes, spelled);
}

static void add_owner(Hosts *hosts, const char *node, const char *ip)
{
	Address *address = g_new(Address, 1);

	if (address_parse(ip, address) && !g_hash_table_contains(hosts->owners, address))
		g_hash_table_insert(hosts->owners, address, (gpointer)node);
	else
		g_free(address);
}

static void index_owners(Hosts *hosts)
{
	const char *columns[] = { "hosts.ip" };
	const GPtrArray *nodes = cluster_nodes(hosts->cluster, NULL);
	g_autofree ClusterValue *values = NULL;

	hosts->owners = g_hash_table_new_full(address_hash, address_equal, g_free, NULL);
	if (nodes)
		values = cluster_resolve_many(hosts->cluster, (const char *const *)nodes->pdata,
					      nodes->len, columns, 1, NULL);
	for (guint i = 0; values && i < nodes->len; i++)
		if (values[i].text && !values[i].unmatched)
			add_owner(hosts, nodes->pdata[i], values[i].text);
}

const char *hosts_owner(Hosts *hosts, const Address *address)
{
	if (!hosts->owners)
		index_owners(hosts);
	return g_hash_table_lookup(hosts->owners, address);
}
