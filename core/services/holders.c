#include "core/services.h"
#include "core/base.h"
#include <string.h>

static const char *const services[] = { "dhcp", "boot", "console", NULL };

const char *const *holders_services(void)
{
	return services;
}

/* xCAT reads these settings of site as on if they are 1 or begin with y. */
static gboolean is_on(const char *value, gboolean otherwise)
{
	if (!value)
		return otherwise;
	return g_str_equal(value, "1") || *value == 'y' || *value == 'Y';
}

/* What many nodes have in common, so that each is looked up once. */
typedef struct {
	Cluster *cluster;
	Hosts *hosts;
	const char *master;   /* site.master; or NULL */
	gboolean disjoint;    /* site.disjointdhcps */
	gboolean shared;      /* site.sharedtftp */
	GPtrArray *by_role;   /* NULL: not looked up yet */
	GHashTable *found;    /* what a node has of servers -> GPtrArray of holders */
	GHashTable *networks; /* HostsNetwork -> its dhcpserver; "": none */
} Finder;

/* A node, as far as holders depend on it; all may be NULL. */
typedef struct {
	const char *list, *master, *conserver; /* its columns */
	const char *dhcpserver;		       /* of its network */
} Facts;

enum { LIST, MASTER, CONSERVER, N_COLUMNS };
static const char *const columns[] = { "noderes.servicenode", "noderes.xcatmaster",
				       "nodehm.conserver" };

static void unref_holders(gpointer holders)
{
	g_ptr_array_unref(holders);
}

static void finder_clear(Finder *finder)
{
	g_clear_pointer(&finder->by_role, g_ptr_array_unref);
	g_clear_pointer(&finder->found, g_hash_table_unref);
	g_clear_pointer(&finder->networks, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Finder, finder_clear)

static gboolean finder_open(Finder *finder, Cluster *cluster, Hosts *hosts, GError **error)
{
	const char *disjoint, *shared;

	*finder = (Finder){ .cluster = cluster, .hosts = hosts };
	finder->found = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, unref_holders);
	finder->networks = g_hash_table_new(NULL, NULL);
	if (!cluster_site(cluster, "master", &finder->master, error) ||
	    !cluster_site(cluster, "disjointdhcps", &disjoint, error) ||
	    !cluster_site(cluster, "sharedtftp", &shared, error))
		return FALSE;
	finder->disjoint = is_on(disjoint, FALSE);
	finder->shared = is_on(shared, TRUE);
	return TRUE;
}

/* The same host under two spellings is one holder. */
static void add(const Finder *finder, GPtrArray *holders, const char *name)
{
	for (guint i = 0; name && i < holders->len; i++)
		if (g_str_equal(holders->pdata[i], name) ||
		    hosts_same(finder->hosts, holders->pdata[i], name))
			return;
	if (name)
		g_ptr_array_add(holders, (gpointer)name);
}

static void add_servicenodes(const Finder *finder, const Facts *facts, GPtrArray *holders)
{
	g_auto(GStrv) elements = NULL;

	if (!facts->list) {
		add(finder, holders, finder->master);
		return;
	}
	elements = cluster_elements(facts->list);
	for (guint i = 0; elements[i]; i++) {
		if (*elements[i])
			add(finder, holders, cluster_keep(finder->cluster, elements[i]));
		if (facts->master && holders->len > 0)
			break;
	}
}

/* Of the row that is this network; NULL: it names none. */
static const char *dhcpserver_of(const StoreTable *table, const HostsNetwork *network)
{
	int net = store_table_column(table, "net");
	int mask = store_table_column(table, "mask");
	int server = store_table_column(table, "dhcpserver");

	for (guint row = 0; server >= 0 && row < table->n_rows; row++) {
		const char *text = store_table_cell(table, row, server);

		if (g_strcmp0(store_table_cell(table, row, net), network->net) == 0 &&
		    g_strcmp0(store_table_cell(table, row, mask), network->mask) == 0)
			return text && *text ? text : NULL;
	}
	return NULL;
}

/* networks.dhcpserver of the network that the node's address is in, or NULL. */
static gboolean find_dhcpserver(Finder *finder, const char *node, const char **server,
				GError **error)
{
	const char *address = hosts_address(finder->hosts, node, NULL);
	const HostsNetwork *network = NULL;
	const StoreTable *table;

	*server = NULL;
	if (address && !hosts_network(finder->hosts, address, &network, error))
		return FALSE;
	if (!network ||
	    g_hash_table_lookup_extended(finder->networks, network, NULL, (gpointer *)server))
		return TRUE;
	table = cluster_table(finder->cluster, "networks", error);
	if (!table)
		return FALSE;
	*server = dhcpserver_of(table, network);
	g_hash_table_insert(finder->networks, (gpointer)network, (gpointer)*server);
	return TRUE;
}

/* Every service node whose row in servicenode, or whose group's, says so. */
static gboolean find_by_role(Finder *finder, GError **error)
{
	static const char *const column[] = { "servicenode.dhcpserver" };
	const StoreTable *table = cluster_table(finder->cluster, "servicenode", error);
	const GPtrArray *nodes = cluster_nodes(finder->cluster, error);
	g_autofree ClusterValue *roles = NULL;

	if (!table || !nodes)
		return FALSE;
	finder->by_role = g_ptr_array_new();
	if (store_table_column(table, "dhcpserver") < 0)
		return TRUE;
	roles = cluster_resolve_many(finder->cluster, (const char *const *)nodes->pdata,
				     nodes->len, column, 1, error);
	for (guint i = 0; roles && i < nodes->len; i++)
		if (is_on(roles[i].text, FALSE))
			add(finder, finder->by_role, nodes->pdata[i]);
	return roles != NULL;
}

static gboolean add_dhcp(Finder *finder, const Facts *facts, GPtrArray *holders, GError **error)
{
	if (facts->dhcpserver) {
		add(finder, holders, facts->dhcpserver);
		return TRUE;
	}
	add_servicenodes(finder, facts, holders);
	if (finder->disjoint)
		return TRUE;
	if (!finder->by_role && !find_by_role(finder, error))
		return FALSE;
	for (guint i = 0; i < finder->by_role->len; i++)
		add(finder, holders, finder->by_role->pdata[i]);
	return TRUE;
}

static gboolean add_holders(Finder *finder, const Facts *facts, HoldersService service,
			    GPtrArray *holders, GError **error)
{
	switch (service) {
	case HOLDERS_DHCP:
		return add_dhcp(finder, facts, holders, error);
	case HOLDERS_BOOT:
		if (finder->shared)
			add(finder, holders, finder->master);
		else
			add_servicenodes(finder, facts, holders);
		return TRUE;
	case HOLDERS_CONSOLE:
		add(finder, holders, facts->conserver ? facts->conserver : finder->master);
		return TRUE;
	}
	return FALSE;
}

/* Of one node; the finder's, or NULL and an error. */
static GPtrArray *find(Finder *finder, const char *node, const ClusterValue *values,
		       HoldersService service, GError **error)
{
	Facts facts = { values[LIST].text, values[MASTER].text, values[CONSERVER].text, NULL };
	g_autofree char *key = NULL;
	GPtrArray *holders;

	if (service == HOLDERS_DHCP && !find_dhcpserver(finder, node, &facts.dhcpserver, error))
		return NULL;
	key = TEXT_KEY(facts.list, facts.master ? "" : NULL, facts.conserver, facts.dhcpserver);
	holders = g_hash_table_lookup(finder->found, key);
	if (holders)
		return holders;
	holders = g_ptr_array_new();
	g_hash_table_insert(finder->found, g_steal_pointer(&key), holders);
	return add_holders(finder, &facts, service, holders, error) ? holders : NULL;
}

GPtrArray *holders_of(Cluster *cluster, Hosts *hosts, const char *node, HoldersService service,
		      GError **error)
{
	g_auto(Finder) finder = { 0 };
	g_autofree ClusterValue *values =
		cluster_resolve_many(cluster, &node, 1, columns, N_COLUMNS, error);
	GPtrArray *holders;

	if (!values || !finder_open(&finder, cluster, hosts, error))
		return NULL;
	holders = find(&finder, node, values, service, error);
	return holders ? g_ptr_array_ref(holders) : NULL;
}

/* ---- Of many nodes ---- */

static void share_free(gpointer data)
{
	HoldersShare *share = data;

	g_ptr_array_unref(share->nodes);
	g_free(share);
}

static void add_share(GPtrArray *shares, GHashTable *index, const char *host, const char *node)
{
	HoldersShare *share = g_hash_table_lookup(index, host);

	if (!share) {
		share = g_new0(HoldersShare, 1);
		share->host = host;
		share->nodes = g_ptr_array_new();
		g_ptr_array_add(shares, share);
		g_hash_table_insert(index, (gpointer)host, share);
	}
	g_ptr_array_add(share->nodes, (gpointer)node);
}

GPtrArray *holders_share(Cluster *cluster, Hosts *hosts, const char *const *nodes, guint n,
			 HoldersService service, GError **error)
{
	g_auto(Finder) finder = { 0 };
	g_autofree ClusterValue *values =
		cluster_resolve_many(cluster, nodes, n, columns, N_COLUMNS, error);
	g_autoptr(GPtrArray) shares = g_ptr_array_new_with_free_func(share_free);
	g_autoptr(GHashTable) index = g_hash_table_new(g_str_hash, g_str_equal);

	if (!values || !finder_open(&finder, cluster, hosts, error))
		return NULL;
	for (guint i = 0; i < n; i++) {
		const GPtrArray *holders =
			find(&finder, nodes[i], &values[(gsize)i * N_COLUMNS], service, error);

		if (!holders)
			return NULL;
		for (guint j = 0; j < holders->len; j++)
			add_share(shares, index, holders->pdata[j], nodes[i]);
	}
	return g_steal_pointer(&shares);
}
