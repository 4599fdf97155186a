#include "core/base.h"
#include "core/services/holders.h"
#include <string.h>

static const char *const services[] = { "dhcp", "boot", "console", "autoinst", NULL };

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

/* What was found for one set of values. */
typedef struct {
	GPtrArray *holders;
	HoldersRule rule;
} Found;

/* What many nodes have in common, so that each is looked up once. */
struct finder {
	Cluster *cluster;
	Hosts *hosts;
	const char *master; /* site.master; or NULL */
	gboolean disjoint;  /* site.disjointdhcps */
	gboolean shared;    /* site.sharedtftp */
	gboolean install;   /* site.sharedinstall is `all` */
	GPtrArray *by_role; /* NULL: not looked up yet */
	GHashTable *found;  /* a service, and what a node has of servers -> Found */
	GHashTable *rows;   /* HostsNetwork -> 1 + its row in networks; 0: it has none */
};

enum { LIST, MASTER, CONSERVER, N_COLUMNS };
static const char *const columns[] = { "noderes.servicenode", "noderes.xcatmaster",
				       "nodehm.conserver" };

static void found_free(gpointer data)
{
	Found *found = data;

	g_ptr_array_unref(found->holders);
	g_free(found);
}

void holders_finder_free(HoldersFinder *finder)
{
	if (!finder)
		return;
	g_clear_pointer(&finder->by_role, g_ptr_array_unref);
	g_hash_table_unref(finder->found);
	g_hash_table_unref(finder->rows);
	g_free(finder);
}

HoldersFinder *holders_finder_new(Cluster *cluster, Hosts *hosts, GError **error)
{
	g_autoptr(HoldersFinder) finder = g_new0(HoldersFinder, 1);
	const char *disjoint, *shared, *install;

	finder->cluster = cluster;
	finder->hosts = hosts;
	finder->found = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, found_free);
	finder->rows = g_hash_table_new(NULL, NULL);
	if (!cluster_site(cluster, "master", &finder->master, error) ||
	    !cluster_site(cluster, "disjointdhcps", &disjoint, error) ||
	    !cluster_site(cluster, "sharedtftp", &shared, error) ||
	    !cluster_site(cluster, "sharedinstall", &install, error))
		return NULL;
	finder->disjoint = is_on(disjoint, FALSE);
	finder->shared = is_on(shared, TRUE);
	finder->install = g_strcmp0(install, "all") == 0;
	return g_steal_pointer(&finder);
}

const char *holders_shape_name(HoldersShape shape)
{
	static const char *const names[] = {
		[HOLDERS_MANAGED] = "no service node",
		[HOLDERS_FIXED] = "fixed",
		[HOLDERS_BACKUP] = "fixed with backup",
		[HOLDERS_POOL] = "open pool",
	};

	return names[shape];
}

HoldersShape holders_shape(const char *list, const char *xcatmaster)
{
	g_auto(GStrv) elements = cluster_elements(list);
	guint n = 0;

	for (guint i = 0; elements[i]; i++)
		n += *elements[i] != '\0';
	if (n < 2)
		return n == 0 ? HOLDERS_MANAGED : HOLDERS_FIXED;
	return xcatmaster ? HOLDERS_BACKUP : HOLDERS_POOL;
}

/* The same host under two spellings is one holder. */
static void add(const HoldersFinder *finder, GPtrArray *holders, const char *name)
{
	for (guint i = 0; name && i < holders->len; i++)
		if (g_str_equal(holders->pdata[i], name) ||
		    hosts_same(finder->hosts, holders->pdata[i], name))
			return;
	if (name)
		g_ptr_array_add(holders, (gpointer)name);
}

static void add_servicenodes(const HoldersFinder *finder, const HoldersFacts *facts,
			     GPtrArray *holders)
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

/* 1 + the row that is this network; 0: none is. */
static guint find_row(const StoreTable *table, const HostsNetwork *network)
{
	int net = store_table_column(table, "net");
	int mask = store_table_column(table, "mask");

	for (guint row = 0; row < table->n_rows; row++)
		if (g_strcmp0(store_table_cell(table, row, net), network->net) == 0 &&
		    g_strcmp0(store_table_cell(table, row, mask), network->mask) == 0)
			return 1 + row;
	return 0;
}

gboolean holders_network(HoldersFinder *finder, const char *node, int *row, GError **error)
{
	const char *address = hosts_address(finder->hosts, node, NULL);
	const HostsNetwork *network = NULL;
	const StoreTable *table;
	gpointer known = NULL;

	*row = -1;
	if (address && !hosts_network(finder->hosts, address, &network, error))
		return FALSE;
	if (!network)
		return TRUE;
	if (!g_hash_table_lookup_extended(finder->rows, network, NULL, &known)) {
		table = cluster_table(finder->cluster, "networks", error);
		if (!table)
			return FALSE;
		known = GUINT_TO_POINTER(find_row(table, network));
		g_hash_table_insert(finder->rows, (gpointer)network, known);
	}
	*row = (int)GPOINTER_TO_UINT(known) - 1;
	return TRUE;
}

gboolean holders_network_cell(HoldersFinder *finder, int row, const char *column,
			      const char **text, GError **error)
{
	const StoreTable *table = cluster_table(finder->cluster, "networks", error);
	const char *cell;

	*text = NULL;
	if (!table)
		return FALSE;
	cell = row < 0 ? NULL
		       : store_table_cell(table, (guint)row, store_table_column(table, column));
	*text = cell && *cell ? cell : NULL;
	return TRUE;
}

/* Every service node whose row in servicenode, or whose group's, says so. */
static gboolean find_by_role(HoldersFinder *finder, GError **error)
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

static gboolean find_dhcp(HoldersFinder *finder, const HoldersFacts *facts, Found *found,
			  GError **error)
{
	if (facts->dhcpserver) {
		found->rule = HOLDERS_NAMED;
		add(finder, found->holders, facts->dhcpserver);
		return TRUE;
	}
	found->rule = finder->disjoint ? HOLDERS_OWN : HOLDERS_OWN_AND_ROLE;
	add_servicenodes(finder, facts, found->holders);
	if (finder->disjoint)
		return TRUE;
	if (!finder->by_role && !find_by_role(finder, error))
		return FALSE;
	for (guint i = 0; i < finder->by_role->len; i++)
		add(finder, found->holders, finder->by_role->pdata[i]);
	return TRUE;
}

static void find_files(HoldersFinder *finder, const HoldersFacts *facts, gboolean shared,
		       Found *found)
{
	found->rule = shared ? HOLDERS_MASTER : HOLDERS_OWN;
	if (shared)
		add(finder, found->holders, finder->master);
	else
		add_servicenodes(finder, facts, found->holders);
}

static gboolean find_service(HoldersFinder *finder, const HoldersFacts *facts,
			     HoldersService service, Found *found, GError **error)
{
	switch (service) {
	case HOLDERS_DHCP:
		return find_dhcp(finder, facts, found, error);
	case HOLDERS_BOOT:
		find_files(finder, facts, finder->shared, found);
		return TRUE;
	case HOLDERS_AUTOINST:
		find_files(finder, facts, finder->install, found);
		return TRUE;
	case HOLDERS_CONSOLE:
		found->rule = facts->conserver ? HOLDERS_NAMED : HOLDERS_MASTER;
		add(finder, found->holders,
		    facts->conserver ? facts->conserver : finder->master);
		return TRUE;
	}
	return FALSE;
}

const GPtrArray *holders_find(HoldersFinder *finder, const HoldersFacts *facts,
			      HoldersService service, HoldersRule *rule, GError **error)
{
	g_autofree char *key =
		TEXT_KEY(services[service], facts->list, facts->master ? "" : NULL,
			 facts->conserver, facts->dhcpserver);
	Found *found = g_hash_table_lookup(finder->found, key);

	if (!found) {
		found = g_new0(Found, 1);
		found->holders = g_ptr_array_new();
		g_hash_table_insert(finder->found, g_steal_pointer(&key), found);
		if (!find_service(finder, facts, service, found, error))
			return NULL;
	}
	if (rule)
		*rule = found->rule;
	return found->holders;
}

/* Of one node, by its values. */
static const GPtrArray *find(HoldersFinder *finder, const char *node,
			     const ClusterValue *values, HoldersService service, GError **error)
{
	HoldersFacts facts = { values[LIST].text, values[MASTER].text, values[CONSERVER].text,
			       NULL };
	int row;

	if (service == HOLDERS_DHCP &&
	    (!holders_network(finder, node, &row, error) ||
	     !holders_network_cell(finder, row, "dhcpserver", &facts.dhcpserver, error)))
		return NULL;
	return holders_find(finder, &facts, service, NULL, error);
}

GPtrArray *holders_of(Cluster *cluster, Hosts *hosts, const char *node, HoldersService service,
		      GError **error)
{
	g_autofree ClusterValue *values =
		cluster_resolve_many(cluster, &node, 1, columns, N_COLUMNS, error);
	g_autoptr(HoldersFinder) finder =
		values ? holders_finder_new(cluster, hosts, error) : NULL;
	const GPtrArray *holders = finder ? find(finder, node, values, service, error) : NULL;

	return holders ? g_ptr_array_ref((GPtrArray *)holders) : NULL;
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
	g_autofree ClusterValue *values =
		cluster_resolve_many(cluster, nodes, n, columns, N_COLUMNS, error);
	g_autoptr(HoldersFinder) finder =
		values ? holders_finder_new(cluster, hosts, error) : NULL;
	g_autoptr(GPtrArray) shares = g_ptr_array_new_with_free_func(share_free);
	g_autoptr(GHashTable) index = g_hash_table_new(g_str_hash, g_str_equal);

	if (!finder)
		return NULL;
	for (guint i = 0; i < n; i++) {
		const GPtrArray *holders =
			find(finder, nodes[i], &values[(gsize)i * N_COLUMNS], service, error);

		if (!holders)
			return NULL;
		for (guint j = 0; j < holders->len; j++)
			add_share(shares, index, holders->pdata[j], nodes[i]);
	}
	return g_steal_pointer(&shares);
}
