/*
 * The addresses and MACs of a node, as they stand in names of files.
 */
#include "core/services/boot/gathering.h"
#include "core/services/shared.h"
#include <string.h>

#define MAC_PAIRS 6

/* ---- Addresses ---- */

static void add_once(GPtrArray *texts, const char *text)
{
	for (guint i = 0; i < texts->len; i++)
		if (g_str_equal(texts->pdata[i], text))
			return;
	g_ptr_array_add(texts, (gpointer)text);
}

/* A card without an address has *NOIP* there (bn37). */
static void take_address(BootGathering *gathering, const char *name)
{
	const char *address =
		service_is_host_name(name) ? service_ipv4(gathering->hosts, name) : NULL;

	if (address)
		add_once(gathering->node->addresses, address);
}

/* ---- MACs ---- */

/* Colons of six pairs become dashes; a shorter one keeps them (bn119). */
static void dash_pairs(char *mac)
{
	gsize width = MAC_PAIRS * 3 - 1;

	for (char *p = mac; strlen(p) >= width;) {
		gboolean pairs = TRUE;

		for (gsize i = 2; i < width; i += 3)
			pairs &= p[i] == ':';
		for (gsize i = 2; pairs && i < width; i += 3)
			p[i] = '-';
		p += pairs ? width : 1;
	}
}

/* As grub2 and yaboot ask for it; NULL: it is none.  One without colons is read as it is meant,
 * where xCAT makes a name of it that nobody asks for. */
static const char *mac_name(BootGathering *gathering, const char *text)
{
	g_autofree char *read = strchr(text, ':') ? NULL : hosts_mac(text, NULL);
	g_autofree char *name = g_ascii_strdown(read ? read : text, -1);

	if (!strchr(name, ':') || name[strspn(name, "0123456789abcdef:-")])
		return NULL;
	dash_pairs(name);
	return boot_keep(gathering, name);
}

static void take_mac(BootGathering *gathering, const char *text)
{
	const char *name = mac_name(gathering, text);

	if (name)
		add_once(gathering->node->macs, name);
}

/* MAC!NAME with the node's name; else the last one without a name. */
static void take_first(BootGathering *gathering, char **elements)
{
	const char *found = NULL;

	for (guint i = 0; elements[i]; i++) {
		const char *name = strchr(elements[i], '!');

		if (name && g_str_equal(name + 1, gathering->node->name)) {
			*strchr(elements[i], '!') = '\0';
			found = elements[i];
			break;
		}
		if (!name && *elements[i])
			found = elements[i];
	}
	gathering->node->mac = found ? mac_name(gathering, found) : NULL;
}

static gboolean is_mac(const char *text)
{
	g_autofree char *mac = strlen(text) == MAC_PAIRS * 3 - 1 ? hosts_mac(text, NULL) : NULL;

	return mac && strchr(text, ':');
}

/* ---- All ---- */

static void take_element(BootGathering *gathering, const char *element)
{
	const char *name = strchr(element, '!');
	g_autofree char *mac =
		g_strndup(element, name ? (gsize)(name - element) : strlen(element));

	take_mac(gathering, mac);
	if (name)
		take_address(gathering, name + 1);
}

void boot_take_cards(BootGathering *gathering)
{
	BootNode *node = gathering->node;
	const char *macs = boot_value(gathering, MAC), *nic = boot_value(gathering, INSTALLNIC);
	g_auto(GStrv) elements = g_strsplit(macs ? macs : "", "|", -1);

	if (!node->format->by_address)
		return;
	take_address(gathering, node->name);
	node->own_address = node->addresses->len > 0 ? node->addresses->pdata[0] : NULL;
	if (node->format->by_installnic && nic && is_mac(nic))
		take_mac(gathering, nic);
	for (guint i = 0; elements[i]; i++)
		take_element(gathering, elements[i]);
	if (node->format->by_installnic && nic && is_mac(nic))
		node->mac = mac_name(gathering, nic);
	else
		take_first(gathering, elements);
}
