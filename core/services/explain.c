/*
 * Nodes and the values that count for who answers them: those with the same values are one
 * group, so that the rules are asked once for it.
 */
#include "core/base.h"
#include "core/services/explain.h"
#include <string.h>

static const char *const columns[EXPLAIN_COLUMNS] = {
	[EXPLAIN_SERVICENODE] = "noderes.servicenode",
	[EXPLAIN_XCATMASTER] = "noderes.xcatmaster",
	[EXPLAIN_TFTPSERVER] = "noderes.tftpserver",
	[EXPLAIN_NFSSERVER] = "noderes.nfsserver",
	[EXPLAIN_MONSERVER] = "noderes.monserver",
	[EXPLAIN_NETBOOT] = "noderes.netboot",
	[EXPLAIN_NAMESERVERS] = "noderes.nameservers",
	[EXPLAIN_SYSLOG] = "noderes.syslog",
	[EXPLAIN_CONSERVER] = "nodehm.conserver",
	[EXPLAIN_STATE] = "chain.currstate",
	[EXPLAIN_MAC] = "mac.mac",
	[EXPLAIN_POSTSCRIPTS] = "postscripts.postscripts",
	[EXPLAIN_POSTBOOTSCRIPTS] = "postscripts.postbootscripts",
};

static const char *const settings[EXPLAIN_SETTINGS] = {
	[EXPLAIN_MASTER] = "site.master",
	[EXPLAIN_DISJOINTDHCPS] = "site.disjointdhcps",
	[EXPLAIN_SHAREDTFTP] = "site.sharedtftp",
	[EXPLAIN_SVLOGLOCAL] = "site.svloglocal",
	[EXPLAIN_SITE_NAMESERVERS] = "site.nameservers",
	[EXPLAIN_SITE_NTPSERVERS] = "site.ntpservers",
	[EXPLAIN_EXTNTPSERVERS] = "site.extntpservers",
};

static const char *const scripts[EXPLAIN_SCRIPTS] = {
	[EXPLAIN_SCRIPT_SYSLOG] = "syslog",
	[EXPLAIN_SCRIPT_SETUPNTP] = "setupntp",
	[EXPLAIN_SCRIPT_MKRESOLVCONF] = "mkresolvconf",
};

const char *explain_column_name(ExplainColumn column)
{
	return columns[column];
}

const char *explain_setting_name(ExplainSetting setting)
{
	return settings[setting];
}

/* A group, with what its answers point into. */
typedef struct {
	ExplainGroup group; /* first: callers see this */
	ExplainFacts facts;
	GHashTable *known[EXPLAIN_COLUMNS]; /* the texts of facts.rows */
	const char *last[EXPLAIN_COLUMNS];  /* the one that was added last */
	GPtrArray *defaults;
} Group;

/* All nodes. */
typedef struct {
	ExplainSite site;
	int place[EXPLAIN_COLUMNS]; /* among the values; -1: there is no such column */
	guint n_present;
	const char *defaults[EXPLAIN_COLUMNS]; /* of the row xcatdefaults: postscripts alone */
	GPtrArray *groups;
	GHashTable *index; /* key -> Group */
} Gathering;

static void group_free(gpointer data)
{
	Group *group = data;

	g_ptr_array_unref(group->group.nodes);
	g_clear_pointer(&group->group.answers, g_ptr_array_unref);
	for (guint i = 0; i < EXPLAIN_COLUMNS; i++) {
		g_clear_pointer(&group->facts.rows[i], g_ptr_array_unref);
		g_clear_pointer(&group->known[i], g_hash_table_unref);
	}
	g_clear_pointer(&group->facts.network_row, g_ptr_array_unref);
	g_ptr_array_unref(group->defaults);
	g_free(group);
}

/* ---- Postscripts ---- */

/* "setupntp 10.1.0.1" of "syslog,setupntp 10.1.0.1"; NULL: it is not listed. */
static const char *find_script(Cluster *cluster, const char *list, const char *script)
{
	g_auto(GStrv) elements = cluster_elements(list);
	gsize length = strlen(script);

	for (guint i = 0; elements[i]; i++)
		if (g_str_has_prefix(elements[i], script) && strchr(" \t", elements[i][length]))
			return cluster_keep(cluster, elements[i]);
	return NULL;
}

/* Its own columns first, then those of xcatdefaults, which all nodes run. */
static ExplainListed find_listed(const Gathering *gathering, const char *const *values,
				 const char *script)
{
	static const ExplainColumn lists[] = { EXPLAIN_POSTSCRIPTS, EXPLAIN_POSTBOOTSCRIPTS };
	ExplainListed listed = { NULL, EXPLAIN_POSTSCRIPTS, FALSE };

	for (guint i = 0; i < 2 * G_N_ELEMENTS(lists) && !listed.words; i++) {
		listed.column = lists[i % G_N_ELEMENTS(lists)];
		listed.by_default = i >= G_N_ELEMENTS(lists);
		listed.words = find_script(
			gathering->site.cluster,
			(listed.by_default ? gathering->defaults : values)[listed.column],
			script);
	}
	return listed;
}

/* ---- A node ---- */

/* It has a row in servicenode, or one of its groups has. */
static gboolean is_server(Cluster *cluster, const char *node)
{
	const char *const *groups = cluster_groups(cluster, node);

	if (cluster_has_row(cluster, "servicenode", node))
		return TRUE;
	for (guint i = 0; groups && groups[i]; i++)
		if (cluster_has_row(cluster, "servicenode", groups[i]))
			return TRUE;
	return FALSE;
}

static gboolean gather_node(Gathering *gathering, const char *node, const ClusterValue *values,
			    ExplainFacts *facts, GError **error)
{
	const char *address = hosts_address(gathering->site.hosts, node, NULL);

	for (guint i = 0; i < EXPLAIN_COLUMNS; i++)
		facts->values[i] =
			gathering->place[i] < 0 ? NULL : values[gathering->place[i]].text;
	for (guint i = 0; i < EXPLAIN_SCRIPTS; i++)
		facts->scripts[i] = find_listed(gathering, facts->values, scripts[i]);
	facts->address = address && !strchr(address, ':');
	facts->local = g_strcmp0(gathering->site.settings[EXPLAIN_SVLOGLOCAL], "1") == 0 &&
		       is_server(gathering->site.cluster, node);
	return holders_network(gathering->site.finder, node, &facts->network, error);
}

/* What makes its answers: of MACs only whether there is one, of postscripts only what is
 * listed.  Gives the text. */
static char *key_of(const ExplainFacts *facts)
{
	const char *texts[EXPLAIN_COLUMNS + EXPLAIN_SCRIPTS + 1] = { NULL };
	g_autoptr(GString) rest = g_string_new(NULL);

	for (guint i = 0; i < EXPLAIN_MAC; i++)
		texts[i] = facts->values[i];
	for (guint i = 0; i < EXPLAIN_SCRIPTS; i++) {
		texts[EXPLAIN_COLUMNS + i] = facts->scripts[i].words;
		g_string_append_printf(rest, "%d%d ", (int)facts->scripts[i].column,
				       facts->scripts[i].by_default);
	}
	g_string_append_printf(rest, "%d %d %d %d", facts->network, facts->address,
			       facts->local, facts->values[EXPLAIN_MAC] != NULL);
	texts[EXPLAIN_COLUMNS + EXPLAIN_SCRIPTS] = rest->str;
	return text_key(texts, G_N_ELEMENTS(texts));
}

/* ---- Groups ---- */

static gboolean name_network(const Gathering *gathering, Group *group, GError **error)
{
	const char *name, *net;
	HoldersFinder *finder = gathering->site.finder;

	if (group->facts.network < 0)
		return TRUE;
	if (!holders_network_cell(finder, group->facts.network, "netname", &name, error) ||
	    !holders_network_cell(finder, group->facts.network, "net", &net, error))
		return FALSE;
	group->facts.network_row = g_ptr_array_new();
	g_ptr_array_add(group->facts.network_row, (gpointer)(name ? name : net));
	return TRUE;
}

static Group *group_new(Gathering *gathering, const ExplainFacts *facts)
{
	Group *group = g_new0(Group, 1);

	group->facts = *facts;
	group->group.nodes = g_ptr_array_new();
	group->defaults = g_ptr_array_ref(gathering->site.defaults);
	g_ptr_array_add(gathering->groups, group);
	return group;
}

/* Many nodes have a value from few rows. */
static void add_row(Group *group, ExplainColumn column, const char *row)
{
	if (group->last[column] && g_str_equal(group->last[column], row))
		return;
	group->last[column] = row;
	if (!group->known[column]) {
		group->known[column] = g_hash_table_new(g_str_hash, g_str_equal);
		group->facts.rows[column] = g_ptr_array_new();
	}
	if (g_hash_table_add(group->known[column], (gpointer)row))
		g_ptr_array_add(group->facts.rows[column], (gpointer)row);
}

static void add_node(const Gathering *gathering, Group *group, const char *node,
		     const ClusterValue *values)
{
	g_ptr_array_add(group->group.nodes, (gpointer)node);
	for (guint i = 0; i < EXPLAIN_COLUMNS; i++) {
		const ClusterValue *value =
			gathering->place[i] < 0 ? NULL : &values[gathering->place[i]];

		if (value && value->text && value->from)
			add_row(group, (ExplainColumn)i,
				g_str_equal(value->from, node) ? "" : value->from);
	}
}

static gboolean take_node(Gathering *gathering, const char *node, const ClusterValue *values,
			  GError **error)
{
	ExplainFacts facts = { 0 };
	g_autofree char *key = NULL;
	Group *group;

	if (!gather_node(gathering, node, values, &facts, error))
		return FALSE;
	key = key_of(&facts);
	group = g_hash_table_lookup(gathering->index, key);
	if (!group) {
		group = group_new(gathering, &facts);
		g_hash_table_insert(gathering->index, g_steal_pointer(&key), group);
		if (!name_network(gathering, group, error))
			return FALSE;
	}
	add_node(gathering, group, node, values);
	return TRUE;
}

/* ---- All ---- */

static gboolean read_site(Gathering *gathering, GError **error)
{
	Cluster *cluster = gathering->site.cluster;

	for (guint i = 0; i < EXPLAIN_SETTINGS; i++)
		if (!cluster_site(cluster, strchr(settings[i], '.') + 1,
				  &gathering->site.settings[i], error))
			return FALSE;
	gathering->site.finder = holders_finder_new(cluster, gathering->site.hosts, error);
	return gathering->site.finder && cluster_nodes(cluster, error);
}

static gboolean read_defaults(Gathering *gathering, GError **error)
{
	Cluster *cluster = gathering->site.cluster;
	const StoreTable *table = cluster_table(cluster, "postscripts", error);

	if (!table)
		return FALSE;
	gathering->site.has_scripts = table->n_rows > 0;
	for (guint i = EXPLAIN_POSTSCRIPTS; i <= EXPLAIN_POSTBOOTSCRIPTS; i++)
		if (gathering->place[i] >= 0 &&
		    !cluster_row_value(cluster, "postscripts", "xcatdefaults",
				       strchr(columns[i], '.') + 1, &gathering->defaults[i],
				       error))
			return FALSE;
	g_ptr_array_add(gathering->site.defaults, (gpointer) "xcatdefaults");
	return TRUE;
}

/* Those columns that the database has: an old one lacks a table. */
static void find_columns(Gathering *gathering, const char **present)
{
	for (guint i = 0; i < EXPLAIN_COLUMNS; i++) {
		g_auto(GStrv) parts = g_strsplit(columns[i], ".", 2);

		gathering->place[i] = -1;
		if (!cluster_has_column(gathering->site.cluster, parts[0], parts[1], NULL))
			continue;
		gathering->place[i] = (int)gathering->n_present;
		present[gathering->n_present++] = columns[i];
	}
}

static void gathering_clear(Gathering *gathering)
{
	g_clear_pointer(&gathering->site.finder, holders_finder_free);
	g_clear_pointer(&gathering->site.defaults, g_ptr_array_unref);
	g_clear_pointer(&gathering->groups, g_ptr_array_unref);
	g_clear_pointer(&gathering->index, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Gathering, gathering_clear)

static gboolean take_nodes(Gathering *gathering, const char *const *nodes, guint n,
			   GError **error)
{
	const char *present[EXPLAIN_COLUMNS];
	g_autofree ClusterValue *values = NULL;

	find_columns(gathering, present);
	if (!read_site(gathering, error) || !read_defaults(gathering, error))
		return FALSE;
	values = cluster_resolve_many(gathering->site.cluster, nodes, n, present,
				      gathering->n_present, error);
	if (!values)
		return FALSE;
	hosts_prepare(gathering->site.hosts, nodes, n);
	for (guint i = 0; i < n; i++)
		if (!take_node(gathering, nodes[i], &values[(gsize)i * gathering->n_present],
			       error))
			return FALSE;
	return TRUE;
}

GPtrArray *explain_nodes(Cluster *cluster, Hosts *hosts, const char *const *nodes, guint n,
			 GError **error)
{
	g_auto(Gathering) gathering = { .site = { .cluster = cluster, .hosts = hosts } };

	gathering.site.defaults = g_ptr_array_new();
	gathering.groups = g_ptr_array_new_with_free_func(group_free);
	gathering.index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	if (!take_nodes(&gathering, nodes, n, error))
		return NULL;
	for (guint i = 0; i < gathering.groups->len; i++) {
		Group *group = gathering.groups->pdata[i];

		if (!explain_answer(&gathering.site, &group->facts, &group->group, error))
			return NULL;
	}
	return g_steal_pointer(&gathering.groups);
}
