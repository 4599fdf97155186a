/* All names and addresses of a server, from all tables that have any. */
#include "core/base.h"
#include "core/hosts/inside.h"
#include <string.h>

/* What is known of a server, and while it is collected. */
typedef struct {
	Hosts *hosts;
	GPtrArray *names;    /* in the order in which they were found */
	GHashTable *spelled; /* the same without case and domain */
	GHashTable *nodes;   /* those of nodelist whose tables were read */
	GArray *addresses;
	guint resolved; /* names whose addresses are known */
	char **all;	/* the result: names, then addresses */
} Known;

static void known_free(gpointer data)
{
	Known *known = data;

	g_ptr_array_unref(known->names);
	g_hash_table_unref(known->spelled);
	g_hash_table_unref(known->nodes);
	g_array_unref(known->addresses);
	g_strfreev(known->all);
	g_free(known);
}

static void add_address(Known *known, const Address *address)
{
	if (!address_is_loopback(address))
		address_add(known->addresses, address);
}

/* A name or an address, or nothing. */
static void add_name(Known *known, const char *text)
{
	g_autofree char *name = g_strstrip(g_strdup(text));
	Address address;
	char *spelled;

	if (address_parse(name, &address)) {
		add_address(known, &address);
		return;
	}
	spelled = hosts_short_spelling(known->hosts, name);
	if (!*name || g_str_equal(spelled, "localhost"))
		g_free(spelled);
	else if (g_hash_table_add(known->spelled, spelled))
		g_ptr_array_add(known->names, g_steal_pointer(&name));
}

/* ---- What the tables say of a node ---- */

static const char *attribute(const Known *known, const char *node, const char *table,
			     const char *column)
{
	/* Not every version of xCAT has every column. */
	return cluster_attribute(known->hosts->cluster, node, table, column, NULL);
}

static void add_words(Known *known, const char *text, const char *separators)
{
	g_auto(GStrv) words = g_strsplit_set(text ? text : "", separators, -1);

	for (char **word = words; *word; word++)
		add_name(known, *word);
}

/* "name:address,-suffix:address": a name that begins with a dash is put behind the node's. */
static void add_interfaces(Known *known, const char *node)
{
	g_auto(GStrv) each =
		cluster_elements(attribute(known, node, "hosts", "otherinterfaces"));

	for (guint i = 0; each[i]; i++) {
		char *colon = strchr(each[i], ':');
		g_autofree char *name = NULL;

		if (colon) {
			*colon = '\0';
			add_name(known, colon + 1);
		}
		name = g_strconcat(*each[i] == '-' ? node : "", each[i], NULL);
		add_name(known, name);
	}
}

/*
 * "eth1!A|B,ib0!C", formerly "eth1:A": the values of each interface, split at the bars.  One
 * that begins and ends with a bar is an expression.  Gives name -> vector.
 */
static GHashTable *nic_values(const Known *known, const char *node, const char *column)
{
	GHashTable *values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
						   (GDestroyNotify)g_strfreev);
	g_auto(GStrv) each = cluster_elements(attribute(known, node, "nics", column));

	for (guint i = 0; each[i]; i++) {
		char *mark = strchr(each[i], '!');
		const char *text;

		mark = mark ? mark : strchr(each[i], ':');
		if (!mark)
			continue;
		*mark = '\0';
		text = cluster_compute(known->hosts->cluster, node, g_strstrip(mark + 1));
		g_hash_table_insert(values, g_strdup(g_strstrip(each[i])),
				    g_strsplit(text ? text : "", "|", -1));
	}
	return values;
}

static const char *nth(GHashTable *values, const char *nic, guint n)
{
	char **found = g_hash_table_lookup(values, nic);

	return found && n < g_strv_length(found) ? found[n] : "";
}

/* An interface without prefix and suffix is called NODE-NIC. */
static void add_nic(Known *known, const char *node, const char *nic, char **ips,
		    GHashTable *prefixes, GHashTable *suffixes)
{
	g_autofree char *host = g_strndup(node, strcspn(node, "."));

	for (guint i = 0; ips[i]; i++) {
		const char *prefix = nth(prefixes, nic, i), *suffix = nth(suffixes, nic, i);
		gboolean none = !*prefix && !*suffix;
		g_autofree char *name =
			g_strconcat(prefix, host, none ? "-" : suffix, none ? nic : "", NULL);

		if (!*ips[i])
			continue;
		add_name(known, ips[i]);
		add_name(known, name);
	}
}

static void add_nics(Known *known, const char *node)
{
	g_autoptr(GHashTable) ips = nic_values(known, node, "nicips");
	g_autoptr(GHashTable) prefixes = nic_values(known, node, "nichostnameprefixes");
	g_autoptr(GHashTable) suffixes = nic_values(known, node, "nichostnamesuffixes");
	g_autoptr(GHashTable) aliases = nic_values(known, node, "nicaliases");
	GHashTableIter each;
	gpointer nic, values;

	g_hash_table_iter_init(&each, ips);
	while (g_hash_table_iter_next(&each, &nic, &values))
		add_nic(known, node, nic, values, prefixes, suffixes);
	g_hash_table_iter_init(&each, aliases);
	while (g_hash_table_iter_next(&each, &nic, &values))
		for (char **alias = values; *alias; alias++)
			add_words(known, *alias, " \t");
}

static void add_node(Known *known, const char *node)
{
	if (!g_hash_table_add(known->nodes, (gpointer)node))
		return;
	add_name(known, node);
	add_words(known, attribute(known, node, "hosts", "ip"), " \t,");
	add_words(known, attribute(known, node, "hosts", "hostnames"), " \t,:");
	add_interfaces(known, node);
	add_nics(known, node);
}

/* ---- The management node ---- */

/* An address here that the hosts file or table gives to another node is that node's: it was
 * brought here to stand in for it. */
static gboolean is_of_another(const Known *known, const Address *address)
{
	g_autoptr(GArray) one = g_array_new(FALSE, FALSE, sizeof(Address));
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	const HostsFile *file = hosts_file(known->hosts, NULL);
	const char *owner = hosts_owner(known->hosts, address);

	if (owner && !g_hash_table_contains(known->nodes, owner))
		return TRUE;
	g_array_append_val(one, *address);
	if (file)
		hostsfile_names(file, one, names);
	for (guint i = 0; i < names->len; i++) {
		const char *node = hosts_node(known->hosts, names->pdata[i]);

		if (node && !g_hash_table_contains(known->nodes, node))
			return TRUE;
	}
	return FALSE;
}

static gboolean is_master(Hosts *hosts, const char *server)
{
	const char *master;

	return cluster_site(hosts->cluster, "master", &master, NULL) && master &&
	       hosts_same(hosts, server, master);
}

static void add_own(Known *known)
{
	const char *const *own = hosts_own_addresses(known->hosts);
	Address address;

	for (; *own; own++)
		if (address_parse(*own, &address) && !is_of_another(known, &address))
			add_address(known, &address);
}

/* ---- All together ---- */

/* Only once of each name; the resolver's questions side by side. */
static void resolve(Known *known)
{
	const char *const *names = (const char *const *)known->names->pdata;

	hosts_prepare(known->hosts, names + known->resolved,
		      known->names->len - known->resolved);
	for (; known->resolved < known->names->len; known->resolved++) {
		const char *const *addresses =
			hosts_addresses(known->hosts, names[known->resolved], NULL);
		Address address;

		for (; addresses && *addresses; addresses++)
			if (address_parse(*addresses, &address))
				add_address(known, &address);
	}
}

/* What else the hosts file calls these addresses. */
static void add_aliases(Known *known)
{
	const HostsFile *file = hosts_file(known->hosts, NULL);
	g_autoptr(GPtrArray) names = g_ptr_array_new();

	if (file && known->addresses->len)
		hostsfile_names(file, known->addresses, names);
	for (guint i = 0; i < names->len; i++)
		add_name(known, names->pdata[i]);
}

/* A name may be a node's, whose tables have more names. */
static void collect(Known *known)
{
	guint read = 0, before;

	do {
		before = known->names->len;
		for (; read < known->names->len; read++) {
			const char *node = hosts_node(known->hosts, known->names->pdata[read]);

			if (node)
				add_node(known, node);
		}
		resolve(known);
		add_aliases(known);
	} while (known->names->len > before || read < known->names->len);
}

#define NAME 64 /* bytes that one needs beside its text, about */

static void finish(Known *known)
{
	guint n = known->names->len;
	gsize *kept = &known->hosts->kept;

	known->all = g_new0(char *, n + known->addresses->len + 1);
	for (guint i = 0; i < n; i++)
		known->all[i] = g_strdup(known->names->pdata[i]);
	for (guint i = 0; i < known->addresses->len; i++)
		known->all[n + i] =
			address_format(&g_array_index(known->addresses, Address, i));
	for (char **name = known->all; *name; name++)
		*kept += NAME + 2 * strlen(*name);
	*kept += sizeof(*known) + NAME;
}

static Known *collect_all(Hosts *hosts, const char *server, const char *as_known)
{
	Known *known = g_new0(Known, 1);

	known->hosts = hosts;
	known->names = g_ptr_array_new_with_free_func(g_free);
	known->spelled = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	known->nodes = g_hash_table_new(g_str_hash, g_str_equal);
	known->addresses = g_array_new(FALSE, FALSE, sizeof(Address));
	add_name(known, server);
	add_name(known, as_known ? as_known : "");
	collect(known);
	if (is_master(hosts, server)) {
		add_own(known);
		collect(known);
	}
	finish(known);
	return known;
}

static const Known *find(Hosts *hosts, const char *server, const char *as_known)
{
	g_autofree char *key = TEXT_KEY(server, as_known);
	Known *known;

	if (!hosts->known)
		hosts->known =
			g_hash_table_new_full(g_str_hash, g_str_equal, g_free, known_free);
	known = g_hash_table_lookup(hosts->known, key);
	if (!known) {
		known = collect_all(hosts, server, as_known);
		g_hash_table_insert(hosts->known, g_steal_pointer(&key), known);
	}
	return known;
}

const char *const *hosts_names(Hosts *hosts, const char *server, const char *as_known)
{
	return (const char *const *)find(hosts, server, as_known)->all;
}

gboolean hosts_is_named(Hosts *hosts, const char *name, const char *server,
			const char *as_known)
{
	const Known *known = find(hosts, server, as_known);
	g_autofree char *spelled = hosts_short_spelling(hosts, name);
	const char *const *addresses;
	Address address;

	if (g_hash_table_contains(known->spelled, spelled))
		return TRUE;
	addresses = hosts_addresses(hosts, name, NULL);
	for (; addresses && *addresses; addresses++)
		if (address_parse(*addresses, &address) &&
		    address_in(known->addresses, &address))
			return TRUE;
	return FALSE;
}

const char *hosts_name_at(Hosts *hosts, const char *server, const char *address)
{
	const char *const *names = hosts_names(hosts, server, address);
	const char *best = NULL;
	Address wanted, own;

	if (!address_parse(address, &wanted))
		return NULL;
	for (; *names; names++) {
		const char *first =
			address_parse(*names, &own) ? NULL : hosts_address(hosts, *names, NULL);

		if (first && address_parse(first, &own) && address_equal(&own, &wanted) &&
		    (!best || strlen(*names) < strlen(best)))
			best = *names;
	}
	return best;
}

gboolean hosts_is_master(Hosts *hosts, const char *server)
{
	const char *master;

	return cluster_site(hosts->cluster, "master", &master, NULL) && master &&
	       hosts_is_named(hosts, server, master, NULL);
}
