/* Without -D: the new service node as its nodes know it, by the address in their network. */
#include "core/takeover.h"
#include "core/base.h"
#include "core/noderange.h"
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

/* An address with the network it is in, as numbers of the host's order. */
typedef struct {
	char text[INET_ADDRSTRLEN];
	guint32 net, mask;
	const char *name; /* what the server is called by it, or NULL */
} Interface;

static gboolean parse_address(const char *text, guint32 *number)
{
	struct in_addr address;

	if (inet_pton(AF_INET, text, &address) != 1)
		return FALSE;
	*number = ntohl(address.s_addr);
	return TRUE;
}

/* What `ip -o address show` says of IPv4, the loopback's own network left out. */
static GArray *parse_interfaces(const char *text)
{
	GArray *interfaces = g_array_new(FALSE, FALSE, sizeof(Interface));
	const char *at = text;

	while ((at = strstr(at, " inet "))) {
		Interface interface = { .name = NULL };
		unsigned int length;
		guint32 number;

		at += strlen(" inet ");
		if (sscanf(at, "%15[0-9.]/%u", interface.text, &length) != 2 || length > 32 ||
		    !parse_address(interface.text, &number) || number >> 24 == 127)
			continue;
		interface.mask = length ? 0xffffffffU << (32 - length) : 0;
		interface.net = number & interface.mask;
		g_array_append_val(interfaces, interface);
	}
	return interfaces;
}

/* The one in the smallest network that has the address; NULL: there is none. */
static const Interface *find_interface(const GArray *interfaces, const char *address)
{
	const Interface *best = NULL;
	guint32 number;

	if (!address || !parse_address(address, &number))
		return NULL;
	for (guint i = 0; i < interfaces->len; i++) {
		const Interface *each = &g_array_index(interfaces, Interface, i);

		if ((number & each->mask) == each->net && (!best || each->mask > best->mask))
			best = each;
	}
	return best;
}

static gboolean refuse_silent(const char *name, const RemoteResult *result, GError **error)
{
	g_autofree char *said = text_plain(g_strchomp(result->err->str));

	g_set_error(
		error, MOVE_ERROR, MOVE_ERROR_NODES,
		"cannot ask %s for its name on the nodes' network: %s; give it with -D", name,
		result->error
			? (result->message ? result->message : remote_error_name(result->error))
			: said);
	return FALSE;
}

/* Nodes that knew their service node by an address go on so, others by a name. */
static const char *name_for(Cluster *cluster, const MoveNode *node, const Interface *interface)
{
	guint32 number;
	gboolean by_address = node->old.snn && parse_address(node->old.snn, &number);

	return interface->name && !by_address ? interface->name
					      : cluster_keep(cluster, interface->text);
}

/* The nodes of one service node get the name that it has in their network. */
static gboolean fill_nodes(Move *move, Cluster *cluster, Hosts *hosts, const char *name,
			   const GArray *interfaces, GError **error)
{
	g_autoptr(GPtrArray) without = g_ptr_array_new();
	g_autofree char *folded = NULL;

	for (guint i = 0; i < move_count(move); i++) {
		const MoveNode *node = move_node(move, i);
		const Interface *interface;

		if (!g_str_equal(node->new.sn, name))
			continue;
		interface = find_interface(interfaces, hosts_address(hosts, node->name, NULL));
		if (interface)
			move_set_destination(move, i, name_for(cluster, node, interface));
		else
			g_ptr_array_add(without, (gpointer)node->name);
	}
	if (without->len == 0)
		return TRUE;
	folded = noderange_fold((const char *const *)without->pdata, without->len);
	g_set_error(
		error, MOVE_ERROR, MOVE_ERROR_NODES,
		"%s has no address in the network of %s (or they have none); give the name by "
		"which they know it with -D",
		name, folded);
	return FALSE;
}

static void find_names(GArray *interfaces, Hosts *hosts, const char *server)
{
	for (guint i = 0; i < interfaces->len; i++) {
		Interface *interface = &g_array_index(interfaces, Interface, i);

		interface->name = hosts_name_at(hosts, server, interface->text);
	}
}

gboolean destination_take(Move *move, Cluster *cluster, Hosts *hosts, const char *name,
			  const RemoteResult *answer, GError **error)
{
	g_autoptr(GArray) interfaces = NULL;

	if (answer->error != REMOTE_OK || answer->status != 0)
		return refuse_silent(name, answer, error);
	interfaces = parse_interfaces(answer->out->str);
	find_names(interfaces, hosts, name);
	return fill_nodes(move, cluster, hosts, name, interfaces, error);
}
