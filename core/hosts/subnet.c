/* Networks: a hash by net and length, asked from the longest prefix to the shortest. */
#include "core/hosts/subnet.h"
#include "core/base.h"
#include <string.h>

#define MOST_BITS 128

typedef struct {
	Address net; /* the first member: it is the key of the hash below */
	HostsNetwork network;
} Subnet;

struct subnets {
	GHashTable *by_length[MOST_BITS + 1]; /* NULL: no network has this length */
};

static void free_subnet(gpointer data)
{
	Subnet *subnet = data;

	g_free((char *)subnet->network.name);
	g_free((char *)subnet->network.net);
	g_free((char *)subnet->network.mask);
	g_free(subnet);
}

/* 16, /16 or 255.255.0.0 (ffff:: too); FALSE for what is none, or has holes. */
static gboolean parse_mask(const char *text, guint bits, guint *length)
{
	const char *digits = text + (*text == '/');
	Address mask, whole;
	guint64 number;

	if (g_ascii_string_to_unsigned(digits, 10, 0, bits, &number, NULL)) {
		*length = (guint)number;
		return TRUE;
	}
	if (!address_parse(digits, &mask) || mask.bits != bits)
		return FALSE;
	for (*length = 0; *length < bits; ++*length)
		if (!(mask.bytes[*length / 8] & (0x80 >> *length % 8)))
			break;
	memset(&whole, 0xff, sizeof(whole));
	address_cut(&whole, *length);
	return !memcmp(whole.bytes, mask.bytes, sizeof(mask.bytes));
}

/* A net may bring its length: fd00::/64. */
static gboolean parse_net(const char *net, const char *mask, Address *address, guint *length)
{
	const char *slash = strchr(net, '/');
	g_autofree char *plain = slash ? g_strndup(net, slash - net) : g_strdup(net);

	if (!address_parse(plain, address))
		return FALSE;
	if (!mask || !*mask)
		mask = slash;
	if (!mask || !parse_mask(mask, address->bits, length))
		return FALSE;
	address_cut(address, *length);
	return TRUE;
}

char *hosts_network_text(const char *text, GError **error)
{
	g_autofree char *quoted = NULL;
	g_autofree char *net = NULL;
	Address address;
	guint length;

	if (parse_net(text, NULL, &address, &length) && address.bits == 32) {
		net = address_format(&address);
		return g_strdup_printf("%s/%u", net, length);
	}
	quoted = text_quote(text);
	g_set_error(error, HOSTS_ERROR, HOSTS_ERROR_NETWORK,
		    "%s is not a network (an IPv4 one like 10.2.0.0/16)", quoted);
	return NULL;
}

/* Of two rows for the same network the first one counts. */
static void add_subnet(Subnets *subnets, const char *name, const char *net, const char *mask)
{
	Address address;
	guint length;
	Subnet *subnet;

	if (!net || !parse_net(net, mask, &address, &length))
		return;
	if (!subnets->by_length[length])
		subnets->by_length[length] =
			g_hash_table_new_full(address_hash, address_equal, NULL, free_subnet);
	if (g_hash_table_contains(subnets->by_length[length], &address))
		return;
	subnet = g_new0(Subnet, 1);
	subnet->net = address;
	subnet->network.net = g_strdup(net);
	subnet->network.mask = mask && *mask ? g_strdup(mask) : g_strdup(strchr(net, '/') + 1);
	subnet->network.name =
		name && *name	   ? g_strdup(name)
		: strchr(net, '/') ? g_strdup(net)
				   : g_strdup_printf("%s/%s", net,
						     subnet->network.mask +
							     (*subnet->network.mask == '/'));
	g_hash_table_insert(subnets->by_length[length], &subnet->net, subnet);
}

Subnets *subnets_read(Cluster *cluster, GError **error)
{
	const StoreTable *table = cluster_table(cluster, "networks", error);
	Subnets *subnets;
	int name, net, mask, disable;

	if (!table)
		return NULL;
	name = store_table_column(table, "netname");
	net = store_table_column(table, "net");
	mask = store_table_column(table, "mask");
	disable = store_table_column(table, "disable");
	subnets = g_new0(Subnets, 1);
	for (guint row = 0; row < table->n_rows; row++)
		if (cluster_enabled(store_table_cell(table, row, disable)))
			add_subnet(subnets, store_table_cell(table, row, name),
				   store_table_cell(table, row, net),
				   store_table_cell(table, row, mask));
	return subnets;
}

void subnets_free(Subnets *subnets)
{
	if (!subnets)
		return;
	for (guint i = 0; i <= MOST_BITS; i++)
		g_clear_pointer(&subnets->by_length[i], g_hash_table_unref);
	g_free(subnets);
}

const HostsNetwork *subnets_find(const Subnets *subnets, const Address *address)
{
	for (guint length = address->bits + 1; length-- > 0;) {
		Address net = *address;
		const Subnet *subnet;

		if (!subnets->by_length[length])
			continue;
		address_cut(&net, length);
		subnet = g_hash_table_lookup(subnets->by_length[length], &net);
		if (subnet)
			return &subnet->network;
	}
	return NULL;
}
