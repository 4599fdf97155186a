/* Names to addresses: the hosts file, the hosts table, the resolver, in this order. */
#include "core/hosts.h"
#include "core/base.h"
#include "core/hosts/inside.h"
#include <arpa/inet.h>
#include <string.h>

#define LONGEST_NAME 253 /* RFC 1035 */
#define ANSWER	     128 /* bytes that one needs beside its texts, about */

/* The spellings that a name may be found under, lower case, the given one first; NULL: none. */
typedef struct {
	char *form[2];
} Spellings;

/* While one name is looked for. */
typedef struct {
	const char *name; /* no dot at the end */
	Spellings spellings;
	GArray *addresses;
	char *remark; /* why the hosts table has none, if there is something to say */
} Search;

G_DEFINE_QUARK(snmove_hosts_error, hosts_error)

Hosts *hosts_new(Cluster *cluster, const char *file, guint resolve_time)
{
	Hosts *hosts = g_new0(Hosts, 1);

	hosts->cluster = cluster;
	hosts->path = g_strdup(file);
	hosts->resolve_time = resolve_time;
	hosts->resolver = resolver_new(resolve_time);
	hosts->answers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					       (GDestroyNotify)g_strfreev);
	return hosts;
}

void hosts_free(Hosts *hosts)
{
	if (!hosts)
		return;
	g_free(hosts->path);
	hostsfile_free(hosts->file);
	g_clear_pointer(&hosts->aliases, g_hash_table_unref);
	resolver_free(hosts->resolver);
	subnets_free(hosts->subnets);
	g_free(hosts->domain);
	g_hash_table_unref(hosts->answers);
	g_clear_pointer(&hosts->nodes, g_hash_table_unref);
	g_clear_pointer(&hosts->owners, g_hash_table_unref);
	g_clear_pointer(&hosts->known, g_hash_table_unref);
	g_clear_pointer(&hosts->own, g_ptr_array_unref);
	g_free(hosts);
}

static gboolean failed(const GError *problem, GError **error)
{
	g_set_error_literal(error, HOSTS_ERROR, HOSTS_ERROR_FAILED, problem->message);
	return FALSE;
}

char *hosts_spelling(const char *name)
{
	char *spelled = g_ascii_strdown(name, -1);
	gsize length = strlen(spelled);

	if (length > 1 && spelled[length - 1] == '.')
		spelled[length - 1] = '\0';
	return spelled;
}

/* site.domain, "" if there is none.  NULL: an error. */
static const char *domain(Hosts *hosts, GError **error)
{
	g_autoptr(GError) problem = NULL;

	if (!hosts->domain) {
		const char *text;

		if (!cluster_site(hosts->cluster, "domain", &text, &problem)) {
			failed(problem, error);
			return NULL;
		}
		hosts->domain = hosts_spelling(text && *text == '.' ? text + 1
					       : text		    ? text
								    : "");
	}
	return hosts->domain;
}

/* The name without the domain, if it is in it; or NULL.  Gives the text. */
static char *without_domain(const char *spelled, const char *suffix)
{
	gsize length = strlen(spelled), tail = strlen(suffix);

	if (!tail || length < tail + 2 || spelled[length - tail - 1] != '.' ||
	    !g_str_equal(spelled + length - tail, suffix))
		return NULL;
	return g_strndup(spelled, length - tail - 1);
}

char *hosts_short_spelling(Hosts *hosts, const char *name)
{
	const char *suffix = domain(hosts, NULL);
	char *spelled = hosts_spelling(name);
	char *shorter = suffix ? without_domain(spelled, suffix) : NULL;

	if (!shorter)
		return spelled;
	g_free(spelled);
	return shorter;
}

static gboolean spell(Hosts *hosts, const char *name, Spellings *spellings, GError **error)
{
	const char *suffix = domain(hosts, error);

	if (!suffix)
		return FALSE;
	spellings->form[0] = hosts_spelling(name);
	spellings->form[1] = without_domain(spellings->form[0], suffix);
	if (!spellings->form[1] && *suffix && !strchr(spellings->form[0], '.'))
		spellings->form[1] = g_strconcat(spellings->form[0], ".", suffix, NULL);
	return TRUE;
}

static void clear_search(Search *search)
{
	g_free((char *)search->name);
	g_free(search->spellings.form[0]);
	g_free(search->spellings.form[1]);
	g_array_unref(search->addresses);
	g_free(search->remark);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Search, clear_search)

static void start_search(Search *search, const char *name)
{
	gsize length = strlen(name);

	memset(search, 0, sizeof(*search));
	search->name =
		g_strndup(name, length > 1 && name[length - 1] == '.' ? length - 1 : length);
	search->addresses = g_array_new(FALSE, FALSE, sizeof(Address));
}

const HostsFile *hosts_file(Hosts *hosts, GError **error)
{
	if (!hosts->file)
		hosts->file = hostsfile_read(hosts->path, error);
	return hosts->file;
}

static gboolean search_file(Hosts *hosts, Search *search, GError **error)
{
	if (!hosts_file(hosts, error))
		return FALSE;
	for (guint i = 0; i < 2 && !search->addresses->len && search->spellings.form[i]; i++)
		hostsfile_find(hosts->file, search->spellings.form[i], search->addresses);
	return TRUE;
}

/* A value of hosts.ip; what is no address in it is told if there is no other answer. */
static void add_value(Search *search, const char *name, const char *ip)
{
	g_auto(GStrv) words = g_strsplit_set(ip, " ,", -1);

	for (char **word = words; *word; word++) {
		Address address;

		if (!**word)
			continue;
		if (address_parse(*word, &address)) {
			address_add(search->addresses, &address);
		} else if (!search->remark) {
			g_autofree char *host = text_quote(name);
			g_autofree char *quoted = text_quote(*word);

			search->remark = g_strdup_printf("hosts.ip of %s is %s, and no address",
							 host, quoted);
		}
	}
}

/* The hosts table's row of a node, or of a host that is none. */
static gboolean search_row(Hosts *hosts, Search *search, const char *name, GError **error)
{
	g_autoptr(GError) problem = NULL;
	ClusterValue value = { 0 };

	if (cluster_resolve(hosts->cluster, name, "hosts", "ip", &value, &problem)) {
		if (value.text && !value.unmatched)
			add_value(search, name, value.text);
		return TRUE;
	}
	if (g_error_matches(problem, CLUSTER_ERROR, CLUSTER_ERROR_COLUMN))
		return TRUE; /* a database without the table */
	if (!g_error_matches(problem, CLUSTER_ERROR, CLUSTER_ERROR_VALUE))
		return failed(problem, error);
	if (!search->remark)
		search->remark = g_strdup(problem->message);
	return TRUE;
}

/* Names of nodes win over aliases, and the first of equal ones. */
static void fill_aliases(GHashTable *aliases, const GPtrArray *nodes,
			 const ClusterValue *values)
{
	for (guint i = 0; i < nodes->len; i++) {
		char *name = hosts_spelling(nodes->pdata[i]);

		if (!values[2 * i].text || values[2 * i].unmatched ||
		    g_hash_table_contains(aliases, name))
			g_free(name);
		else
			g_hash_table_insert(aliases, name, (gpointer)values[2 * i].text);
	}
	for (guint i = 0; i < nodes->len; i++) {
		g_auto(GStrv) words = NULL;

		if (!values[2 * i].text || values[2 * i].unmatched || !values[2 * i + 1].text)
			continue;
		words = g_strsplit_set(values[2 * i + 1].text, " \t,:", -1);
		for (char **word = words; *word; word++)
			if (**word) {
				char *name = hosts_spelling(*word);

				if (g_hash_table_contains(aliases, name))
					g_free(name);
				else
					g_hash_table_insert(aliases, name,
							    (gpointer)values[2 * i].text);
			}
	}
}

static gboolean make_aliases(Hosts *hosts, GError **error)
{
	const char *columns[] = { "hosts.ip", "hosts.hostnames" };
	g_autoptr(GError) problem = NULL;
	const GPtrArray *nodes = cluster_nodes(hosts->cluster, &problem);
	g_autofree ClusterValue *values = NULL;

	if (!nodes)
		return failed(problem, error);
	values = cluster_resolve_many(hosts->cluster, (const char *const *)nodes->pdata,
				      nodes->len, columns, G_N_ELEMENTS(columns), &problem);
	if (problem && !g_error_matches(problem, CLUSTER_ERROR, CLUSTER_ERROR_COLUMN))
		return failed(problem, error);
	hosts->aliases = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	if (values)
		fill_aliases(hosts->aliases, nodes, values);
	return TRUE;
}

static gboolean search_table(Hosts *hosts, Search *search, GError **error)
{
	char *const *form = search->spellings.form;

	if (!search_row(hosts, search, search->name, error))
		return FALSE;
	if (search->addresses->len)
		return TRUE;
	if (!hosts->aliases && !make_aliases(hosts, error))
		return FALSE;
	for (guint i = 0; i < 2 && form[i] && !search->addresses->len; i++) {
		const char *ip = g_hash_table_lookup(hosts->aliases, form[i]);

		if (ip)
			add_value(search, form[i], ip);
		else if (i && !search_row(hosts, search, form[i], error))
			return FALSE;
	}
	return TRUE;
}

/* Everything that needs no resolver. */
static gboolean search_here(Hosts *hosts, Search *search, GError **error)
{
	Address address;

	if (address_parse(search->name, &address)) {
		address_add(search->addresses, &address);
		return TRUE;
	}
	if (!*search->name)
		return TRUE;
	if (!spell(hosts, search->name, &search->spellings, error) ||
	    !search_file(hosts, search, error))
		return FALSE;
	return search->addresses->len || search_table(hosts, search, error);
}

/* What the resolver can be asked.  It would read 777, 10.1 and 0x7f.1 as addresses. */
static gboolean may_ask(const Hosts *hosts, const char *name)
{
	struct in_addr number;

	if (!hosts->resolve_time || !*name || strlen(name) > LONGEST_NAME ||
	    inet_aton(name, &number))
		return FALSE;
	for (const char *p = name; *p; p++)
		if (!g_ascii_isalnum(*p) && !strchr("-_.", *p) && (guchar)*p < 0x80)
			return FALSE;
	return TRUE;
}

static const char *const *keep_answer(Hosts *hosts, const char *name, const GArray *addresses)
{
	char **texts = g_new0(char *, addresses->len + 1);

	for (guint i = 0; i < addresses->len; i++)
		texts[i] = address_format(&g_array_index(addresses, Address, i));
	g_hash_table_replace(hosts->answers, g_strdup(name), texts);
	hosts->kept += strlen(name) + ANSWER + addresses->len * INET6_ADDRSTRLEN;
	return (const char *const *)texts;
}

gsize hosts_kept(const Hosts *hosts)
{
	return hosts->kept;
}

static const char *const *refuse(const Hosts *hosts, const Search *search, HostsError code,
				 const char *resolver, GError **error)
{
	g_autofree char *name = text_quote(search->name);

	g_set_error(error, HOSTS_ERROR, code,
		    "host %s has no address: it is not in %s nor in the hosts table%s%s%s%s",
		    name, hosts->path, resolver ? ", and " : "", resolver ? resolver : "",
		    search->remark ? "; " : "", search->remark ? search->remark : "");
	return NULL;
}

static const char *const *ask_resolver(Hosts *hosts, Search *search, GError **error)
{
	const char *name = search->spellings.form[0];
	g_autofree char *reason = NULL, *text = NULL;

	if (!may_ask(hosts, search->name))
		return refuse(hosts, search, HOSTS_ERROR_UNKNOWN, NULL, error);
	resolver_ask(hosts->resolver, &name, 1);
	switch (resolver_answer(hosts->resolver, name, search->addresses, &reason)) {
	case RESOLVER_FOUND:
		return keep_answer(hosts, search->name, search->addresses);
	case RESOLVER_UNKNOWN:
		text = g_strconcat("the resolver says: ", reason, NULL);
		return refuse(hosts, search, HOSTS_ERROR_UNKNOWN, text, error);
	default:
		text = g_strdup_printf(
			"the time for the resolver (%u ms for all names) is used up",
			hosts->resolve_time);
		return refuse(hosts, search, HOSTS_ERROR_TIMEOUT, text, error);
	}
}

/* fe80::1%eth0: a link-local address with its interface (RFC 4007, 11). */
static gboolean is_scoped(const char *name)
{
	const char *zone = strchr(name, '%');
	g_autofree char *text = zone ? g_strndup(name, (gsize)(zone - name)) : NULL;
	Address address;

	return text && zone[1] && address_parse(text, &address) && address.bits == 128 &&
	       address.bytes[0] == 0xfe && (address.bytes[1] & 0xc0) == 0x80;
}

static const char *const *keep_scoped(Hosts *hosts, const char *name)
{
	char **texts = g_new0(char *, 2);

	texts[0] = g_strdup(name);
	g_hash_table_replace(hosts->answers, g_strdup(name), texts);
	hosts->kept += 2 * strlen(name) + ANSWER;
	return (const char *const *)texts;
}

const char *const *hosts_addresses(Hosts *hosts, const char *name, GError **error)
{
	g_auto(Search) search;
	const char *const *kept;

	start_search(&search, name);
	kept = g_hash_table_lookup(hosts->answers, search.name);
	if (kept)
		return kept;
	if (is_scoped(search.name))
		return keep_scoped(hosts, search.name);
	if (!search_here(hosts, &search, error))
		return NULL;
	if (search.addresses->len)
		return keep_answer(hosts, search.name, search.addresses);
	return ask_resolver(hosts, &search, error);
}

const char *hosts_address(Hosts *hosts, const char *name, GError **error)
{
	const char *const *addresses = hosts_addresses(hosts, name, error);

	return addresses ? addresses[0] : NULL;
}

void hosts_prepare(Hosts *hosts, const char *const *names, guint n)
{
	g_autoptr(GPtrArray) questions = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < n; i++) {
		g_auto(Search) search;

		start_search(&search, names[i]);
		if (g_hash_table_contains(hosts->answers, search.name) ||
		    !search_here(hosts, &search, NULL))
			continue;
		if (search.addresses->len)
			keep_answer(hosts, search.name, search.addresses);
		else if (may_ask(hosts, search.name))
			g_ptr_array_add(questions, hosts_spelling(search.name));
	}
	resolver_ask(hosts->resolver, (const char *const *)questions->pdata, questions->len);
}

/* The same name, but for case and domain? */
static gboolean same_name(Hosts *hosts, const char *a, const char *b)
{
	g_autofree char *first = hosts_short_spelling(hosts, a);
	g_autofree char *second = hosts_short_spelling(hosts, b);

	return g_str_equal(first, second);
}

gboolean hosts_same(Hosts *hosts, const char *a, const char *b)
{
	const char *const *first, *const *second;

	if (same_name(hosts, a, b))
		return TRUE;
	first = hosts_addresses(hosts, a, NULL);
	second = first ? hosts_addresses(hosts, b, NULL) : NULL;
	if (!second)
		return FALSE;
	for (; *first; first++)
		if (g_strv_contains(second, *first))
			return TRUE;
	return FALSE;
}

gboolean hosts_network(Hosts *hosts, const char *address, const HostsNetwork **network,
		       GError **error)
{
	g_autoptr(GError) problem = NULL;
	Address parsed;

	*network = NULL;
	if (!hosts->subnets)
		hosts->subnets = subnets_read(hosts->cluster, &problem);
	if (!hosts->subnets)
		return failed(problem, error);
	if (address_parse(address, &parsed))
		*network = subnets_find(hosts->subnets, &parsed);
	return TRUE;
}
