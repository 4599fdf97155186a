/*
 * The cards of a node, by mac.mac: names, MACs, addresses and subnets.
 */
#include "core/base.h"
#include "core/services/dhcp/gathering.h"
#include "core/services/shared.h"
#include <arpa/inet.h>
#include <string.h>

#define NO_ADDRESS "*NOIP*" /* in mac.mac: the card is to get none (bn37) */

/* ---- Networks ---- */

/* 16, or 255.255.0.0. */
static guint prefix_length(const char *mask)
{
	struct in_addr address;

	if (inet_pton(AF_INET, mask, &address) != 1)
		return (guint)g_ascii_strtoull(mask, NULL, 10);
	return (guint)__builtin_popcount(address.s_addr);
}

static const char *find_subnet(Gathering *gathering, const char *address)
{
	const HostsNetwork *network = NULL;
	g_autoptr(GError) problem = NULL;
	g_autofree char *text = NULL;
	const char *known;
	gsize length;

	if (!hosts_network(gathering->hosts, address, &network, &problem) || !network)
		return NULL;
	known = g_hash_table_lookup(gathering->subnets, network);
	if (known)
		return known;
	length = strcspn(network->net, "/");
	text = g_strdup_printf("%.*s/%u", (int)length, network->net,
			       prefix_length(network->mask));
	known = dhcp_keep(gathering, text);
	g_hash_table_insert(gathering->subnets, (gpointer)network, (gpointer)known);
	return known;
}

/* FIRST-LAST, or NET/LENGTH; FALSE: neither. */
static gboolean parse_range(const char *text, Range *range)
{
	g_auto(GStrv) parts = g_strsplit_set(text, "-/", 2);
	struct in_addr first, last;
	guint64 length;

	if (!parts[0] || !parts[1] || inet_pton(AF_INET, g_strstrip(parts[0]), &first) != 1)
		return FALSE;
	*range = (Range){ ntohl(first.s_addr), ntohl(first.s_addr) };
	if (inet_pton(AF_INET, g_strstrip(parts[1]), &last) == 1)
		range->last = ntohl(last.s_addr);
	else if (g_ascii_string_to_unsigned(parts[1], 10, 1, 32, &length, NULL))
		range->last |= (guint32)(G_MAXUINT32 >> (length - 1) >> 1);
	else
		return FALSE;
	return TRUE;
}

/* Several in one row stand between semicolons. */
gboolean dhcp_read_ranges(Gathering *gathering, GError **error)
{
	const StoreTable *table = cluster_table(gathering->cluster, "networks", error);
	int column;

	if (!table)
		return FALSE;
	column = store_table_column(table, "dynamicrange");
	for (guint row = 0; column >= 0 && row < table->n_rows; row++) {
		const char *cell = store_table_cell(table, row, column);
		g_auto(GStrv) parts = g_strsplit(cell ? cell : "", ";", -1);
		Range range;

		for (guint i = 0; cluster_row_enabled(table, row) && parts[i]; i++)
			if (parse_range(parts[i], &range))
				g_array_append_val(gathering->ranges, range);
	}
	return TRUE;
}

static gboolean is_dynamic(const Gathering *gathering, const char *address)
{
	struct in_addr parsed;

	if (inet_pton(AF_INET, address, &parsed) != 1)
		return FALSE;
	for (guint i = 0; i < gathering->ranges->len; i++) {
		Range *range = &g_array_index(gathering->ranges, Range, i);

		if (ntohl(parsed.s_addr) >= range->first && ntohl(parsed.s_addr) <= range->last)
			return TRUE;
	}
	return FALSE;
}

/* ---- Names and addresses ---- */

gboolean dhcp_take_name(Gathering *gathering, const char *name)
{
	g_autofree char *quoted = NULL;

	if (service_is_host_name(name))
		return TRUE;
	quoted = text_quote(name);
	dhcp_complain(
		gathering, TRUE,
		"%s cannot be the name of a host: letters, digits, '.', '-' and '_', %d in "
		"all, "
		"%d between two dots (RFC 1035)",
		quoted, SERVICE_MOST_NAME, SERVICE_MOST_LABEL);
	return FALSE;
}

const char *dhcp_find_ipv4(Gathering *gathering, const char *name)
{
	return service_ipv4(gathering->hosts, name);
}

/* Names and MACs are each known once to a server: the second one would be refused there, or
 * take the entry away from the first. */
static void take_once(Gathering *gathering, DhcpCard *card, GHashTable *seen, const char *what,
		      const char *value)
{
	const char *other = g_hash_table_lookup(seen, value);
	g_autofree char *quoted = other ? text_quote(value) : NULL;

	if (!other) {
		g_hash_table_insert(seen, (gpointer)value, (gpointer)gathering->node->name);
		return;
	}
	card->usable = FALSE;
	card->taken = TRUE;
	dhcp_complain(gathering, FALSE, "mac.mac: the %s %s is there already, for %s", what,
		      quoted, other);
}

/* ---- Cards ---- */

/* Pairs of digits with colons or dashes, of which xCAT takes 6 bytes of Ethernet, and 8 or 9
 * of InfiniBand (with its type in front); 20 is what InfiniBand has (RFC 4391). */
static guint mac_bytes(const char *text)
{
	gsize length = strlen(text);

	if (length % 3 != 2)
		return 0;
	for (gsize i = 0; i < length; i++)
		if (i % 3 == 2 ? text[i] != text[2] || !strchr(":-", text[i])
			       : !g_ascii_isxdigit(text[i]))
			return 0;
	length = (length + 1) / 3;
	return length == 6 || length == 8 || length == 9 || length == 20 ? (guint)length : 0;
}

static void take_mac(Gathering *gathering, DhcpCard *card, const char *text)
{
	guint bytes = mac_bytes(text);
	g_autofree char *plain = bytes ? g_ascii_strdown(text, -1) : hosts_mac(text, NULL);
	g_autofree char *quoted = text_quote(text);

	if (plain)
		card->plain = dhcp_keep(gathering, g_strdelimit(plain, "-", ':'));
	card->mac = bytes && text[2] == ':' ? dhcp_keep(gathering, text) : card->plain;
	card->infiniband = bytes > 6;
	card->usable = bytes > 0;
	if (bytes)
		take_once(gathering, card, gathering->by_mac, "MAC", card->plain);
	else if (plain) /* bn118: xCAT makes no entry of it, either */
		dhcp_complain(gathering, FALSE,
			      "mac.mac: %s is written without colons, type: chdef %s mac=%s",
			      quoted, gathering->node->name, plain);
	else
		dhcp_complain(gathering, FALSE,
			      "mac.mac: %s is not a MAC address (like 00:16:3e:00:00:01)",
			      quoted);
}

static void take_address(Gathering *gathering, DhcpCard *card)
{
	card->address = dhcp_find_ipv4(gathering, card->name);
	if (!card->address) {
		dhcp_complain(gathering, FALSE, "%s has no IPv4 address: add it to /etc/hosts",
			      card->name);
		return;
	}
	card->subnet = find_subnet(gathering, card->address);
	if (!card->subnet)
		dhcp_complain(gathering, FALSE,
			      "%s (%s) is in no network of the networks table, so not in Kea's",
			      card->name, card->address);
	if (is_dynamic(gathering, card->address)) /* bn03, inrange */
		dhcp_complain(
			gathering, TRUE,
			"%s (%s) is within networks.dynamicrange, which is given to others: "
			"move the one or the other",
			card->name, card->address);
}

/* Of a card without an address, as bn37-noip42000A010425. */
static const char *name_refused(Gathering *gathering, const char *mac)
{
	g_autoptr(GString) name = g_string_new(gathering->node->name);

	g_string_append(name, "-noip");
	for (const char *p = mac; *p; p++)
		if (*p != ':' && *p != '-')
			g_string_append_c(name, *p);
	return dhcp_keep(gathering, name->str);
}

static void take_card(Gathering *gathering, char *element)
{
	DhcpCard *card = g_new0(DhcpCard, 1);
	char *name = strchr(element, '!');

	if (name)
		*name++ = '\0';
	g_ptr_array_add(gathering->node->cards, card);
	card->refused = g_strcmp0(name, NO_ADDRESS) == 0;
	card->name = card->refused   ? name_refused(gathering, element)
		     : name && *name ? dhcp_keep(gathering, name)
				     : gathering->node->name;
	take_mac(gathering, card, element);
	card->usable = dhcp_take_name(gathering, card->name) && card->usable;
	if (card->usable)
		take_once(gathering, card, gathering->by_name, "name", card->name);
	if (card->usable && !card->refused)
		take_address(gathering, card);
}

void dhcp_take_cards(Gathering *gathering)
{
	const char *macs = dhcp_value(gathering, MAC);
	g_auto(GStrv) elements = g_strsplit(macs ? macs : "", "|", -1);
	GPtrArray *problems = gathering->facts->problems;
	guint first = problems->len;
	gboolean any = FALSE;

	for (guint i = 0; elements[i]; i++)
		if (*elements[i] && *elements[i] != '!')
			take_card(gathering, elements[i]);
	for (guint i = 0; i < gathering->node->cards->len; i++)
		any |= ((DhcpCard *)gathering->node->cards->pdata[i])->usable;
	if (gathering->node->cards->len == 0)
		dhcp_complain(gathering, TRUE, "it has no MAC address, type: chdef %s mac=MAC",
			      gathering->node->name);
	for (guint i = first; !any && i < problems->len; i++)
		((ServiceProblem *)problems->pdata[i])->left_out = TRUE;
	gathering->node->left_out |= !any;
}
