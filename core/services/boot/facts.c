/*
 * What the tables say about nodes' boot files, gathered once for many nodes.
 *
 * Names like bn37 are recorded cases (tests/cases/boot) that a rule was taken from.
 */
#include "core/services/boot/gathering.h"
#include "core/services/shared.h"
#include <string.h>

#define TFTPDIR_DEFAULT "/tftpboot"

static const char *const columns[N_COLUMNS] = {
	[NETBOOT] = "noderes.netboot",
	[TFTPDIR] = "noderes.tftpdir",
	[TFTPSERVER] = "noderes.tftpserver",
	[XCATMASTER] = "noderes.xcatmaster",
	[INSTALLNIC] = "noderes.installnic",
	[OS] = "nodetype.os",
	[ARCH] = "nodetype.arch",
	[PROVMETHOD] = "nodetype.provmethod",
	[STATE] = "chain.currstate",
	[MAC] = "mac.mac",
	[KERNEL] = "bootparams.kernel",
	[INITRD] = "bootparams.initrd",
	[KCMDLINE] = "bootparams.kcmdline",
	[ADDKCMDLINE] = "bootparams.addkcmdline",
	[ISCSI_SERVER] = "iscsi.server",
	[ISCSI_TARGET] = "iscsi.target",
};

const char *boot_keep(const BootGathering *gathering, const char *text)
{
	return text ? g_string_chunk_insert(gathering->facts->texts, text) : NULL;
}

const char *boot_value(const BootGathering *gathering, guint column)
{
	int place = gathering->place[column];
	gsize first = (gsize)gathering->i * gathering->n_present;

	return place < 0 ? NULL : gathering->values[first + (guint)place].text;
}

/* ---- Problems ---- */

static void add_problem(BootGathering *gathering, gboolean left_out, char *words)
{
	ServiceProblem *problem = g_new0(ServiceProblem, 1);

	problem->node = g_strdup(gathering->node->name);
	problem->words = words;
	problem->left_out = left_out;
	gathering->refused |= left_out;
	g_ptr_array_add(gathering->facts->problems, problem);
}

void boot_refuse(BootGathering *gathering, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	add_problem(gathering, TRUE, g_strdup_vprintf(format, arguments));
	va_end(arguments);
}

void boot_warn(BootGathering *gathering, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	add_problem(gathering, FALSE, g_strdup_vprintf(format, arguments));
	va_end(arguments);
}

void boot_refuse_value(BootGathering *gathering, const char *what, const char *value,
		       const char *words)
{
	g_autofree char *quoted = text_quote(value);

	boot_refuse(gathering, "%s %s %s", what, quoted, words);
}

const char *boot_named_server(const BootGathering *gathering)
{
	const char *tftpserver = boot_value(gathering, TFTPSERVER);

	if (tftpserver)
		return tftpserver;
	return boot_value(gathering, XCATMASTER) ? gathering->server : NULL;
}

/* ---- Where its files lie ---- */

static const struct {
	const char *netboot;
	const BootFormat *format; /* NULL: it has no files */
} loaders[] = {
	{ "xnba", &boot_xnba },	    { "pxe", &boot_pxe },
	{ "grub2", &boot_grub2 },   { "petitboot", &boot_petitboot },
	{ "yaboot", &boot_yaboot }, { "nimol", NULL }, /* bn125 */
};

static void take_loader(BootGathering *gathering)
{
	const char *netboot = boot_value(gathering, NETBOOT);

	/* With any protocol: which, is for grub2 to say. */
	if (netboot && g_str_has_prefix(netboot, "grub2-"))
		netboot = "grub2";
	for (gsize i = 0; netboot && i < G_N_ELEMENTS(loaders); i++)
		if (g_str_equal(netboot, loaders[i].netboot)) {
			gathering->node->format = loaders[i].format;
			gathering->node->known = !loaders[i].format;
			gathering->node->none = !loaders[i].format;
			return;
		}
	boot_refuse_value(gathering, "noderes.netboot", netboot ? netboot : "",
			  "names no loader that files can be made for");
}

/* It stands in commands, in URLs and in paths of files that are replaced. */
static gboolean is_folder(const char *path)
{
	return *path == '/' && !strstr(path, "/..") &&
	       !path[strspn(path, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "/._+-")];
}

static gboolean take_tftpdir(BootGathering *gathering)
{
	const char *own = boot_value(gathering, TFTPDIR);
	const char *path = own ? own : gathering->tftpdir;
	gsize length = strlen(path);
	g_autofree char *cut = NULL;

	if (!is_folder(path)) {
		boot_refuse_value(
			gathering, own ? "noderes.tftpdir" : "site.tftpdir", path,
			"must be the absolute path of a folder, of letters, digits and "
			"/._+- alone");
		return FALSE;
	}
	while (length > 0 && path[length - 1] == '/')
		length--;
	cut = g_strndup(path, length);
	gathering->node->tftpdir = g_string_chunk_insert_const(gathering->facts->texts, cut);
	return TRUE;
}

static gboolean take_name(BootGathering *gathering)
{
	const char *name = gathering->node->name;

	if (service_is_host_name(name))
		return TRUE;
	boot_refuse_value(gathering, "the name", name,
			  "cannot be that of a host, so not that of a file: letters, digits, "
			  "'.', '-' and '_' (RFC 1035)");
	return FALSE;
}

/* A path is one node's: the first has it. */
static void take_path(BootGathering *gathering, char *path)
{
	BootNode *node = gathering->node;
	const char *other = g_hash_table_lookup(gathering->facts->paths, path);
	const char *base = strrchr(path, '/') + 1;

	if (!other) {
		g_hash_table_insert(gathering->facts->paths, path, (gpointer)node->name);
		return;
	}
	if (g_str_equal(other, node->name)) {
		g_free(path);
		return;
	}
	if (!node->taken)
		node->taken = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	if (g_str_equal(base, node->name))
		boot_refuse(gathering, "its file %s is one of %s", path, other);
	else
		boot_warn(gathering, "its file %s is one of %s, and left to that node", path,
			  other);
	g_hash_table_add(node->taken, path);
}

static void take_paths(BootGathering *gathering)
{
	g_autoptr(GPtrArray) paths = g_ptr_array_new();

	gathering->node->format->paths(gathering->node, paths);
	for (guint i = 0; i < paths->len; i++)
		take_path(gathering, paths->pdata[i]);
}

/* ---- What it boots ---- */

gboolean boot_is(const BootNode *node, const char *state)
{
	return g_str_equal(node->state, state);
}

/* Windows by its name in nodetype.os, or in the state: DHCP says what it loads (bn124). */
static gboolean is_windows(const BootNode *node)
{
	const char *image = strchr(node->state, ' ');

	return (image && g_str_has_prefix(image + 1, "win")) ||
	       (node->os && g_str_has_prefix(node->os, "win") &&
		g_str_has_prefix(node->state, "install"));
}

/* Has bootparams a row that says what is booted, if only nothing?  One with what an
 * administrator adds to all kernels does not. */
static gboolean has_row(BootGathering *gathering)
{
	const char *const *groups = cluster_groups(gathering->cluster, gathering->node->name);

	if (boot_value(gathering, ADDKCMDLINE))
		return boot_value(gathering, INITRD) || boot_value(gathering, KCMDLINE);
	if (cluster_has_row(gathering->cluster, "bootparams", gathering->node->name))
		return TRUE;
	for (guint i = 0; groups && groups[i]; i++)
		if (cluster_has_row(gathering->cluster, "bootparams", groups[i]))
			return TRUE;
	return FALSE;
}

/* xCAT keeps what it boots in memory alone: without it nobody could tell a node that waits in
 * xCAT's shell from one that boots its disk. */
static void check_kernel(BootGathering *gathering)
{
	const BootNode *node = gathering->node;
	gboolean may_lack =
		boot_is(node, "standby") || boot_is(node, "iscsiboot") || is_windows(node);
	g_autofree char *quoted = NULL;

	if (node->kernel || boot_is(node, "shutdown") || (may_lack && has_row(gathering)))
		return;
	quoted = text_quote(node->state);
	boot_refuse(gathering,
		    "its state is %s, and bootparams does not say with which kernel, type: "
		    "nodeset %s enact",
		    quoted, node->name);
}

static gboolean take_state(BootGathering *gathering)
{
	BootNode *node = gathering->node;
	const char *words;

	node->state = boot_value(gathering, STATE);
	if (!node->state) { /* bn26, bn40 */
		boot_refuse(
			gathering,
			"chain.currstate does not say what it boots, type: nodeset %s boot, "
			"or what else it is to do",
			node->name);
		return FALSE;
	}
	words = boot_no_line(node->state);
	if (!words && strchr(node->state, '\\'))
		words = "has a backslash";
	if (words)
		boot_refuse_value(gathering, "chain.currstate", node->state, words);
	return !words;
}

/* bn14, bn42: xnba asks by the name. */
static gboolean check_address(BootGathering *gathering)
{
	const BootNode *node = gathering->node;

	if (!node->format->by_address || node->own_address)
		return TRUE;
	boot_refuse(
		gathering,
		"it has no IPv4 address, by which %s asks for its file: add it to /etc/hosts",
		node->format->name);
	return FALSE;
}

static void take_boot(BootGathering *gathering)
{
	BootNode *node = gathering->node;

	if (!take_state(gathering))
		return;
	node->none = boot_is(node, "offline"); /* RULES 53 */
	if (node->none || !check_address(gathering))
		return;
	if (!boot_is(node, "boot")) {
		boot_take_kernel(gathering);
		check_kernel(gathering);
	}
	node->format->take(gathering);
}

/* ---- All ---- */

static void gather_node(BootGathering *gathering, guint i, const char *name, const char *server,
			const char *address)
{
	BootNode *node = &gathering->facts->nodes[i];

	gathering->i = i;
	gathering->node = node;
	gathering->server = server;
	gathering->refused = FALSE;
	gathering->told_address = FALSE;
	node->name = boot_keep(gathering, name);
	node->address = boot_keep(gathering, address);
	node->os = boot_value(gathering, OS);
	node->arch = boot_value(gathering, ARCH);
	node->addresses = g_ptr_array_new();
	node->macs = g_ptr_array_new();
	take_loader(gathering);
	if (!node->format)
		return;
	if (!take_name(gathering) || !take_tftpdir(gathering)) {
		node->format = NULL;
		return;
	}
	boot_take_cards(gathering);
	take_paths(gathering);
	take_boot(gathering);
	node->known = !gathering->refused;
}

static gboolean read_site(BootGathering *gathering, GError **error)
{
	const char *debug;

	if (!cluster_site(gathering->cluster, "tftpdir", &gathering->tftpdir, error) ||
	    !service_http_port(gathering->cluster, gathering->facts->texts,
			       &gathering->facts->port, error) ||
	    !cluster_site(gathering->cluster, "xcatdebugmode", &debug, error))
		return FALSE;
	if (!gathering->tftpdir)
		gathering->tftpdir = TFTPDIR_DEFAULT;
	gathering->facts->debug = debug && (g_str_equal(debug, "1") || g_str_equal(debug, "2"));
	return TRUE;
}

static gboolean read_tables(BootGathering *gathering, const char *const *nodes, guint n,
			    GError **error)
{
	const char *present[N_COLUMNS];

	if (!cluster_nodes(gathering->cluster, error) || !read_site(gathering, error) ||
	    !cluster_table(gathering->cluster, "bootparams", error) ||
	    !cluster_table(gathering->cluster, "linuximage", error) ||
	    !cluster_table(gathering->cluster, "boottarget", error))
		return FALSE;
	gathering->n_present = service_columns(gathering->cluster, columns, N_COLUMNS,
					       gathering->place, present);
	gathering->values = cluster_resolve_many(gathering->cluster, nodes, n, present,
						 gathering->n_present, error);
	return gathering->values != NULL;
}

BootFacts *boot_facts_with(Cluster *cluster, Hosts *hosts, const char *const *nodes,
			   const char *const *servers, const char *const *addresses, guint n,
			   const BootLook *look, GError **error)
{
	g_autoptr(BootFacts) facts = g_new0(BootFacts, 1);
	g_autoptr(Pattern) attribute = pattern_new("#NODEATTRIB:([^:#]+):([^:#]+)#", error);
	g_autoptr(Pattern) table = pattern_new("#TABLE:([^:#]+):([^:#]+):([^:#]+)#", error);
	g_autoptr(Pattern) sles11 =
		pattern_new("(?i)(?:^|[=/\\s_-])sles?11(?:[.\\s/_-]|$)", error);
	BootGathering gathering = {
		.facts = facts,
		.cluster = cluster,
		.hosts = hosts,
		.look = look,
		.attribute = attribute,
		.table = table,
		.without_stub = sles11,
	};

	facts->nodes = g_new0(BootNode, MAX(n, 1));
	facts->paths = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	facts->texts = g_string_chunk_new(4096);
	facts->problems = g_ptr_array_new_with_free_func(service_problem_free);
	if (!attribute || !table || !sles11 || !read_tables(&gathering, nodes, n, error))
		return NULL;
	facts->n = n;
	hosts_prepare(hosts, nodes, n);
	for (guint i = 0; i < n; i++)
		gather_node(&gathering, i, nodes[i], servers[i], addresses[i]);
	g_free(gathering.values);
	return g_steal_pointer(&facts);
}

BootFacts *boot_facts(Cluster *cluster, Hosts *hosts, const char *const *nodes,
		      const char *const *servers, const char *const *addresses, guint n,
		      GError **error)
{
	return boot_facts_with(cluster, hosts, nodes, servers, addresses, n, NULL, error);
}

void boot_facts_free(BootFacts *facts)
{
	if (!facts)
		return;
	for (guint i = 0; i < facts->n; i++) {
		g_ptr_array_unref(facts->nodes[i].addresses);
		g_ptr_array_unref(facts->nodes[i].macs);
		g_clear_pointer(&facts->nodes[i].taken, g_hash_table_unref);
	}
	g_free(facts->nodes);
	g_hash_table_unref(facts->paths);
	g_string_chunk_free(facts->texts);
	g_ptr_array_unref(facts->problems);
	g_free(facts);
}

const GPtrArray *boot_problems(const BootFacts *facts)
{
	return facts->problems;
}
