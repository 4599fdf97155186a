/*
 * Kea: the reservations of a node, and the client classes of its second stage.
 *
 * A reservation stands in the file of its subnet, where it has no subnet-id: kea-dhcp4 -t
 * refuses one there (xCAT's are global, and have it).  xnba asks twice, and what it gets the
 * second time is a matter of client classes.
 */
#include "core/base.h"
#include "core/services/dhcp/kea.h"
#include <string.h>

/* An option-data entry.  Kea cuts a text at commas and knows quotes and backslashes of its own,
 * so where there is one it gets the bytes. */
static json_t *make_option(const char *name, const char *value)
{
	g_autoptr(GString) bytes = g_string_new(NULL);

	if (!strpbrk(value, ",'"))
		return json_pack("{ss,ss}", "name", name, "data", value);
	for (const char *p = value; *p; p++)
		g_string_append_printf(bytes, "%02X", (guchar)*p);
	return json_pack("{ss,ss,sb}", "name", name, "data", bytes->str, "csv-format", 0);
}

static void set_text(json_t *object, const char *key, const char *text)
{
	json_object_set_new(object, key, json_string(text));
}

static json_t *make_reservation(const DhcpFacts *facts, const DhcpNode *node,
				const DhcpCard *card)
{
	json_t *reservation = json_object(), *options = json_array();
	g_autofree char *file = dhcp_boot_file(node);
	g_autofree char *url = dhcp_url(facts, node, NULL);

	set_text(reservation, "hostname", card->name);
	set_text(reservation, "hw-address", card->plain);
	set_text(reservation, "ip-address", card->address);
	set_text(reservation, "next-server", node->next_server);
	if (node->loader == DHCP_PXE)
		set_text(reservation, "boot-file-name", "pxelinux.0");
	else if (node->loader == DHCP_PETITBOOT)
		set_text(reservation, "boot-file-name", url);
	else if (file && node->loader != DHCP_NIMOL) /* bn125 */
		set_text(reservation, "boot-file-name", file);
	if (node->root_path)
		json_array_append_new(options, make_option("root-path", node->root_path));
	if (node->loader == DHCP_PETITBOOT)
		json_array_append_new(options, make_option("conf-file", url));
	json_array_append_new(options, make_option("host-name", node->name));
	json_object_set_new(reservation, "option-data", options);
	return reservation;
}

#define ARCHITECTURE "option[93].hex == "

/* It says so in option 77, as a text, or as one with its length in front. */
#define XNBA                                                                                   \
	"(option[77].exists and (option[77].text == 'xNBA' or option[77].hex == 0x784e4241 "   \
	"or substring(option[77].hex,1,4) == 'xNBA'))"

static const struct {
	const char *name, *test, *suffix;
} firmwares[] = {
	{ "bios", ARCHITECTURE "0x0000", "" },
	{ "uefi",
	  "(" ARCHITECTURE "0x0007 or " ARCHITECTURE "0x0009 or " ARCHITECTURE "0x0010)",
	  ".uefi" },
};

static json_t *make_class(const DhcpNode *node, const DhcpCard *card, const char *url, guint i)
{
	g_auto(GStrv) bytes = g_strsplit(card->plain, ":", -1);
	g_autofree char *digits = g_strjoinv("", bytes);
	g_autofree char *name =
		g_strdup_printf("xcat-xnba-%s-%s-%s", node->name, digits, firmwares[i].name);
	g_autofree char *test =
		g_strdup_printf(XNBA " and %s and pkt4.mac == 0x%s", firmwares[i].test, digits);
	g_autofree char *file = g_strconcat(url, firmwares[i].suffix, NULL);

	return json_pack("{ss,ss,ss,s{ss,ss,ss}}", "name", name, "test", test, "boot-file-name",
			 file, "user-context", "xcat-node", node->name, "xcat-mac", card->plain,
			 "xcat-purpose", "xnba-second-stage");
}

/* Whatever the state of the node: it boots from disk by what it gets there (bn03, bn101). */
static void add_classes(GHashTable *parts, const DhcpFacts *facts, const DhcpNode *node,
			const DhcpCard *card)
{
	g_autofree char *url = dhcp_url(facts, node, NULL);

	for (guint i = 0; node->loader == DHCP_XNBA && i < G_N_ELEMENTS(firmwares); i++)
		dhcp_kea_add(parts, DHCP_KEA_CLASSES, make_class(node, card, url, i));
}

char *dhcp_kea_text(const DhcpFacts *facts, const DhcpNode *node)
{
	g_autoptr(GHashTable) parts = dhcp_kea_parts();

	for (guint i = 0; i < node->cards->len; i++) {
		const DhcpCard *card = node->cards->pdata[i];

		/* One that is refused has nothing (bn37). */
		if (!card->usable || card->refused)
			continue;
		if (card->address && card->subnet)
			dhcp_kea_add(parts, card->subnet, make_reservation(facts, node, card));
		add_classes(parts, facts, node, card);
	}
	return dhcp_kea_lay_out(parts);
}

char **dhcp_subnets(const DhcpFacts *facts)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	GPtrArray *subnets = g_ptr_array_new();

	for (guint i = 0; i < facts->n; i++)
		for (guint j = 0; j < facts->nodes[i].cards->len; j++) {
			const DhcpCard *card = facts->nodes[i].cards->pdata[j];

			if (card->usable && card->subnet &&
			    g_hash_table_add(seen, (gpointer)card->subnet))
				g_ptr_array_add(subnets, g_strdup(card->subnet));
		}
	g_ptr_array_sort(subnets, text_compare);
	g_ptr_array_add(subnets, NULL);
	return (char **)g_ptr_array_free(subnets, FALSE);
}
