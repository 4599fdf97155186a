/*
 * What the tables say about nodes' DHCP entries, gathered once for many nodes.
 *
 * Names like bn37 are recorded cases (tests/cases/dhcp) that a rule was taken from.
 */
#include "core/base.h"
#include "core/services/dhcp/gathering.h"
#include "core/services/shared.h"
#include <string.h>

#define MOST_FILE      127 /* RFC 2131: the field has 128, with a zero at its end */
#define MOST_ROOT_PATH 255 /* RFC 2132: the length of an option is a byte */

static const char *const columns[N_COLUMNS] = {
	[NETBOOT] = "noderes.netboot",
	[TFTPSERVER] = "noderes.tftpserver",
	[OS] = "nodetype.os",
	[STATE] = "chain.currstate",
	[MAC] = "mac.mac",
	[ISCSI_SERVER] = "iscsi.server",
	[ISCSI_TARGET] = "iscsi.target",
	[ISCSI_LUN] = "iscsi.lun",
};

const char *dhcp_keep(const Gathering *gathering, const char *text)
{
	return text ? g_string_chunk_insert(gathering->facts->texts, text) : NULL;
}

void dhcp_complain(Gathering *gathering, gboolean left_out, const char *format, ...)
{
	ServiceProblem *problem = g_new0(ServiceProblem, 1);
	va_list arguments;

	va_start(arguments, format);
	problem->words = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	problem->node = g_strdup(gathering->node->name);
	problem->left_out = left_out;
	gathering->node->left_out |= left_out;
	g_ptr_array_add(gathering->facts->problems, problem);
}

const char *dhcp_value(const Gathering *gathering, guint column)
{
	int place = gathering->place[column];

	return place < 0 ? NULL
			 : gathering
				   ->values[(gsize)gathering->i * gathering->n_present +
					    (guint)place]
				   .text;
}

/* ---- What it boots ---- */

static const struct {
	const char *netboot;
	DhcpLoader loader;
} loaders[] = {
	{ "xnba", DHCP_XNBA },	      { "pxe", DHCP_PXE },
	{ "grub2", DHCP_GRUB2 },      { "grub2-http", DHCP_GRUB2 },
	{ "grub2-tftp", DHCP_GRUB2 }, { "petitboot", DHCP_PETITBOOT },
	{ "yaboot", DHCP_YABOOT },    { "nimol", DHCP_NIMOL },
};

static void take_loader(Gathering *gathering)
{
	const char *netboot = dhcp_value(gathering, NETBOOT);
	g_autofree char *quoted = NULL;

	for (gsize i = 0; netboot && i < G_N_ELEMENTS(loaders); i++)
		if (g_str_equal(netboot, loaders[i].netboot)) {
			gathering->node->loader = loaders[i].loader;
			return;
		}
	quoted = text_quote(netboot ? netboot : "");
	dhcp_complain(gathering, FALSE,
		      "noderes.netboot %s names nothing to boot: its entry has none", quoted);
}

/* Windows by its name in nodetype.os, or in the state: "install win2012-x86_64-compute". */
static gboolean is_windows(const Gathering *gathering, const char *state)
{
	const char *os = dhcp_value(gathering, OS);
	const char *image = strchr(state, ' ');

	return (os && g_str_has_prefix(os, "win")) || g_str_has_prefix(state, "winshell") ||
	       (image && g_str_has_prefix(image + 1, "win"));
}

static void take_state(Gathering *gathering)
{
	const char *state = dhcp_value(gathering, STATE);
	gboolean boots, iscsi;

	state = state ? state : "";
	boots = g_str_equal(state, "boot");		  /* bn03 */
	iscsi = boots || g_str_equal(state, "iscsiboot"); /* bn101 */
	gathering->node->xnba = iscsi && gathering->node->root_path ? DHCP_XNBA_ISCSI
				: boots				    ? DHCP_XNBA_DISK
				: is_windows(gathering, state) ? DHCP_XNBA_WINDOWS /* bn124 */
							       : DHCP_XNBA_NET;
}

/* What dhcpd, its leases file and JSON can all hold: dhcpd writes a quote or a backslash into
 * its leases as it is, and does not read the file when it is started again (4.4.3-P1). */
static gboolean take_iscsi_value(Gathering *gathering, const char *column, const char *value)
{
	g_autofree char *quoted = NULL;

	for (const char *p = value; *p; p++) {
		if (g_ascii_isgraph(*p) && *p != '"' && *p != '\\')
			continue;
		quoted = text_quote(value);
		dhcp_complain(
			gathering, TRUE,
			"%s is %s: dhcpd cannot hold blanks, quotes, backslashes, line ends, "
			"or "
			"what is not ASCII there",
			column, quoted);
		return FALSE;
	}
	return TRUE;
}

/* RFC 4173: iscsi:SERVER:PROTOCOL:PORT:LUN:TARGET, with 6 for TCP (bn101). */
static void take_iscsi(Gathering *gathering)
{
	const char *server = dhcp_value(gathering, ISCSI_SERVER);
	const char *target = dhcp_value(gathering, ISCSI_TARGET);
	const char *lun = dhcp_value(gathering, ISCSI_LUN);
	g_autofree char *path = NULL;

	if (!server || !target || !take_iscsi_value(gathering, "iscsi.server", server) ||
	    !take_iscsi_value(gathering, "iscsi.target", target) ||
	    (lun && !take_iscsi_value(gathering, "iscsi.lun", lun)))
		return;
	path = g_strdup_printf("iscsi:%s:6:3260:%s:%s", server, lun ? lun : "", target);
	if (strlen(path) > MOST_ROOT_PATH)
		dhcp_complain(
			gathering, TRUE,
			"its root path (%zu bytes, from the iscsi table) is longer than the %d "
			"of a DHCP option (RFC 2132)",
			strlen(path), MOST_ROOT_PATH);
	gathering->node->root_path = dhcp_keep(gathering, path);
}

/* noderes.tftpserver, if it says which one; else the service node (bn07).  <xcatmaster> stands
 * for the service node (bn37). */
static void take_server(Gathering *gathering, const char *server)
{
	const char *tftpserver = dhcp_value(gathering, TFTPSERVER);
	DhcpNode *node = gathering->node;
	g_autofree char *quoted = NULL;

	node->own_tftpserver = tftpserver && !g_str_equal(tftpserver, "<xcatmaster>");
	if (node->own_tftpserver)
		server = tftpserver;
	node->next_server = dhcp_find_ipv4(gathering, server);
	if (node->next_server)
		return;
	quoted = text_quote(server);
	if (node->own_tftpserver) /* bn114 */
		dhcp_complain(gathering, TRUE, "noderes.tftpserver %s has no IPv4 address",
			      quoted);
	else
		dhcp_complain(gathering, TRUE, "its service node %s has no IPv4 address",
			      quoted);
}

/* ---- Lengths ---- */

static void check_file(Gathering *gathering)
{
	DhcpNode *node = gathering->node;
	g_autofree char *url = dhcp_url(gathering->facts, node, NULL);
	g_autofree char *file = dhcp_boot_file(node);
	gsize length = url ? strlen(url) : file ? strlen(file) : 0;

	if (node->loader == DHCP_XNBA)
		length += strlen(".uefi");
	if (length > MOST_FILE)
		dhcp_complain(
			gathering, TRUE,
			"its boot file's name has %zu bytes, and DHCP holds %d (RFC 2131): "
			"give "
			"the node a shorter name",
			length, MOST_FILE);
}

static void check_line(Gathering *gathering)
{
	g_autofree char *lines = dhcp_card_statements(gathering->facts, gathering->node, NULL);
	g_autofree char *line = dhcp_statements_line(lines, DHCP_OMSHELL);
	g_autofree char *quoted = dhcp_omshell_quote(line);
	gsize length = strlen("set statements = ") + strlen(quoted);

	if (length > DHCP_OMSHELL_LINE)
		dhcp_complain(
			gathering, TRUE,
			"its statements have %zu bytes, and a line of omshell holds %d: give "
			"the "
			"node a shorter name",
			length, DHCP_OMSHELL_LINE);
}

/* ---- All ---- */

static void gather_node(Gathering *gathering, guint i, const char *name, const char *server)
{
	DhcpNode *node = &gathering->facts->nodes[i];

	gathering->i = i;
	gathering->node = node;
	node->name = dhcp_keep(gathering, name);
	g_hash_table_insert(gathering->facts->index, (gpointer)node->name, node);
	node->cards = g_ptr_array_new_with_free_func(g_free);
	if (!dhcp_take_name(gathering, node->name))
		return;
	node->address = dhcp_find_ipv4(gathering, node->name);
	dhcp_take_cards(gathering);
	take_loader(gathering);
	take_iscsi(gathering);
	take_state(gathering);
	take_server(gathering, server);
	if (node->next_server) {
		check_file(gathering);
		check_line(gathering);
	}
}

static gboolean read_tables(Gathering *gathering, const char *const *nodes, guint n,
			    GError **error)
{
	const char *present[N_COLUMNS];

	if (!cluster_nodes(gathering->cluster, error) || !dhcp_read_ranges(gathering, error) ||
	    !service_http_port(gathering->cluster, gathering->facts->texts,
			       &gathering->facts->port, error))
		return FALSE;
	gathering->n_present = service_columns(gathering->cluster, columns, N_COLUMNS,
					       gathering->place, present);
	gathering->values = cluster_resolve_many(gathering->cluster, nodes, n, present,
						 gathering->n_present, error);
	return gathering->values != NULL;
}

DhcpFacts *dhcp_facts(Cluster *cluster, Hosts *hosts, const char *const *nodes,
		      const char *const *servers, guint n, GError **error)
{
	g_autoptr(DhcpFacts) facts = g_new0(DhcpFacts, 1);
	g_autoptr(GArray) ranges = g_array_new(FALSE, FALSE, sizeof(Range));
	g_autoptr(GHashTable) subnets = g_hash_table_new(NULL, NULL);
	g_autoptr(GHashTable) by_mac = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GHashTable) by_name = g_hash_table_new(g_str_hash, g_str_equal);
	Gathering gathering = {
		.facts = facts,
		.cluster = cluster,
		.hosts = hosts,
		.ranges = ranges,
		.subnets = subnets,
		.by_mac = by_mac,
		.by_name = by_name,
	};

	facts->nodes = g_new0(DhcpNode, MAX(n, 1));
	facts->index = g_hash_table_new(g_str_hash, g_str_equal);
	facts->texts = g_string_chunk_new(4096);
	facts->problems = g_ptr_array_new_with_free_func(service_problem_free);
	if (!read_tables(&gathering, nodes, n, error))
		return NULL;
	facts->n = n;
	hosts_prepare(hosts, nodes, n);
	for (guint i = 0; i < n; i++)
		gather_node(&gathering, i, nodes[i], servers[i]);
	g_free(gathering.values);
	return g_steal_pointer(&facts);
}
