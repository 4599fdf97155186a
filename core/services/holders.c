#include "core/services.h"
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

/* The same host under two spellings is one holder. */
static void add(GPtrArray *holders, Hosts *hosts, const char *name)
{
	for (guint i = 0; i < holders->len; i++)
		if (g_str_equal(holders->pdata[i], name) ||
		    hosts_same(hosts, holders->pdata[i], name))
			return;
	g_ptr_array_add(holders, (gpointer)name);
}

static gboolean add_master(Cluster *cluster, Hosts *hosts, GPtrArray *holders, GError **error)
{
	const char *master;

	if (!cluster_site(cluster, "master", &master, error))
		return FALSE;
	if (master)
		add(holders, hosts, master);
	return TRUE;
}

/* `value` gets NULL: it has none. */
static gboolean find_attribute(Cluster *cluster, const char *node, const char *table,
			       const char *column, const char **value, GError **error)
{
	g_autoptr(GError) problem = NULL;

	*value = cluster_attribute(cluster, node, table, column, &problem);
	if (!problem)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&problem));
	return FALSE;
}

static gboolean add_servicenodes(Cluster *cluster, Hosts *hosts, const char *node,
				 GPtrArray *holders, GError **error)
{
	const char *list, *master;
	g_auto(GStrv) elements = NULL;

	if (!find_attribute(cluster, node, "noderes", "servicenode", &list, error) ||
	    !find_attribute(cluster, node, "noderes", "xcatmaster", &master, error))
		return FALSE;
	if (!list)
		return add_master(cluster, hosts, holders, error);
	elements = cluster_elements(list);
	for (guint i = 0; elements[i]; i++) {
		if (*elements[i])
			add(holders, hosts, cluster_keep(cluster, elements[i]));
		if (master && holders->len > 0)
			break;
	}
	return TRUE;
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
static gboolean find_dhcpserver(Cluster *cluster, Hosts *hosts, const char *node,
				const char **server, GError **error)
{
	const char *address = hosts_address(hosts, node, NULL);
	const HostsNetwork *network = NULL;
	const StoreTable *table;

	*server = NULL;
	if (address && !hosts_network(hosts, address, &network, error))
		return FALSE;
	if (!network)
		return TRUE;
	table = cluster_table(cluster, "networks", error);
	if (!table)
		return FALSE;
	*server = dhcpserver_of(table, network);
	return TRUE;
}

/* Every service node whose row in servicenode, or whose group's, says so. */
static gboolean add_by_role(Cluster *cluster, Hosts *hosts, GPtrArray *holders, GError **error)
{
	static const char *const columns[] = { "servicenode.dhcpserver" };
	const StoreTable *table = cluster_table(cluster, "servicenode", error);
	const GPtrArray *nodes = cluster_nodes(cluster, error);
	g_autofree ClusterValue *roles = NULL;

	if (!table || !nodes)
		return FALSE;
	if (store_table_column(table, "dhcpserver") < 0)
		return TRUE;
	roles = cluster_resolve_many(cluster, (const char *const *)nodes->pdata, nodes->len,
				     columns, 1, error);
	if (!roles)
		return FALSE;
	for (guint i = 0; i < nodes->len; i++)
		if (is_on(roles[i].text, FALSE))
			add(holders, hosts, nodes->pdata[i]);
	return TRUE;
}

static gboolean add_dhcp(Cluster *cluster, Hosts *hosts, const char *node, GPtrArray *holders,
			 GError **error)
{
	const char *server, *disjoint;

	if (!find_dhcpserver(cluster, hosts, node, &server, error) ||
	    !cluster_site(cluster, "disjointdhcps", &disjoint, error))
		return FALSE;
	if (server) {
		add(holders, hosts, server);
		return TRUE;
	}
	return add_servicenodes(cluster, hosts, node, holders, error) &&
	       (is_on(disjoint, FALSE) || add_by_role(cluster, hosts, holders, error));
}

static gboolean add_boot(Cluster *cluster, Hosts *hosts, const char *node, GPtrArray *holders,
			 GError **error)
{
	const char *shared;

	if (!cluster_site(cluster, "sharedtftp", &shared, error))
		return FALSE;
	return is_on(shared, TRUE) ? add_master(cluster, hosts, holders, error)
				   : add_servicenodes(cluster, hosts, node, holders, error);
}

static gboolean add_console(Cluster *cluster, Hosts *hosts, const char *node,
			    GPtrArray *holders, GError **error)
{
	const char *server;

	if (!find_attribute(cluster, node, "nodehm", "conserver", &server, error))
		return FALSE;
	if (!server)
		return add_master(cluster, hosts, holders, error);
	add(holders, hosts, server);
	return TRUE;
}

GPtrArray *holders_of(Cluster *cluster, Hosts *hosts, const char *node, HoldersService service,
		      GError **error)
{
	g_autoptr(GPtrArray) holders = g_ptr_array_new();
	gboolean found = FALSE;

	switch (service) {
	case HOLDERS_DHCP:
		found = add_dhcp(cluster, hosts, node, holders, error);
		break;
	case HOLDERS_BOOT:
		found = add_boot(cluster, hosts, node, holders, error);
		break;
	case HOLDERS_CONSOLE:
		found = add_console(cluster, hosts, node, holders, error);
		break;
	}
	return found ? g_steal_pointer(&holders) : NULL;
}
