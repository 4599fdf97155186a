/*
 * The names of service nodes that were typed, compared with what the tables have.
 *
 * A table with two spellings of a server is one that xCAT reads as two servers, so a name is
 * taken as nodelist has it, and any other answered with that one.  A site whose service nodes
 * are no nodes goes by the lists of noderes.servicenode instead.
 */
#include "core/base.h"
#include "core/takeover/inside.h"

/* What is asked for one name. */
typedef struct {
	Cluster *cluster;
	Hosts *hosts;
	const char *typed;
	const char *option, *option_n; /* "-d", "-D" */
	const GPtrArray *nodes;
	ClusterValue *values;  /* servicenode and xcatmaster of each node */
	GHashTable *elements;  /* of all lists, as they are written (g_free) */
	GPtrArray *candidates; /* nodes that are service nodes, sorted */
} Look;

static void look_clear(Look *look)
{
	g_free(look->values);
	g_clear_pointer(&look->elements, g_hash_table_unref);
	g_clear_pointer(&look->candidates, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Look, look_clear)

gboolean move_is_service_node(Cluster *cluster, const char *node)
{
	const char *const *groups = cluster_groups(cluster, node);

	if (cluster_has_row(cluster, "servicenode", node))
		return TRUE;
	for (guint i = 0; groups && groups[i]; i++)
		if (cluster_has_row(cluster, "servicenode", groups[i]))
			return TRUE;
	return FALSE;
}

/* Some sites leave the table servicenode empty. */
static gboolean has_service_nodes(Cluster *cluster)
{
	const StoreTable *table = cluster_table(cluster, "servicenode", NULL);

	for (guint row = 0; table && table->n_columns && row < table->n_rows; row++) {
		const char *key = store_table_cell(table, row, (int)table->keys[0]);

		if (key && cluster_has_row(cluster, "servicenode", key))
			return TRUE;
	}
	return FALSE;
}

/* ---- Who is a service node at all ---- */

static void add_elements(Look *look, const char *list)
{
	g_auto(GStrv) elements = cluster_elements(list);

	for (guint i = 0; elements[i]; i++)
		if (*elements[i])
			g_hash_table_add(look->elements, g_strdup(elements[i]));
}

static void find_candidates(Look *look)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	gboolean rows = has_service_nodes(look->cluster);
	GHashTableIter each;
	gpointer element;

	g_hash_table_iter_init(&each, look->elements);
	while (g_hash_table_iter_next(&each, &element, NULL)) {
		const char *node = hosts_node(look->hosts, element);

		if (node && g_hash_table_add(seen, (gpointer)node))
			g_ptr_array_add(look->candidates, (gpointer)node);
	}
	for (guint i = 0; rows && i < look->nodes->len; i++) {
		gpointer node = look->nodes->pdata[i];

		if (move_is_service_node(look->cluster, node) && g_hash_table_add(seen, node))
			g_ptr_array_add(look->candidates, node);
	}
	g_ptr_array_sort(look->candidates, text_compare);
}

/* All nodes are looked at, which takes its time: only for names that are not plain. */
static gboolean look_at_all(Look *look, GError **error)
{
	static const char *const columns[] = { "noderes.servicenode", "noderes.xcatmaster" };
	g_autoptr(GHashTable) lists = g_hash_table_new(g_str_hash, g_str_equal);

	look->elements = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	look->candidates = g_ptr_array_new();
	look->values =
		cluster_resolve_many(look->cluster, (const char *const *)look->nodes->pdata,
				     look->nodes->len, columns, 2, error);
	if (!look->values)
		return FALSE;
	for (guint i = 0; i < look->nodes->len; i++) {
		const char *list = look->values[2 * i].text;

		if (list && g_hash_table_add(lists, (gpointer)list))
			add_elements(look, list);
	}
	find_candidates(look);
	return TRUE;
}

/* ---- What is answered ---- */

/* "; service nodes are sn[1-3]", or "". */
static char *known_nodes(const Look *look)
{
	g_autofree char *shown = look->candidates->len ? move_folded(look->candidates) : NULL;

	return shown ? g_strdup_printf("; service nodes are %s", shown) : g_strdup("");
}

static gboolean refuse_spelling(const Look *look, const char *name, gboolean as_known,
				const char *where, GError **error)
{
	g_autofree char *typed = text_plain(look->typed), *meant = text_plain(name);
	g_autofree char *words = text_shell_word(name), *words_n = text_shell_word(look->typed);

	if (as_known)
		g_set_error(error, MOVE_ERROR, MOVE_ERROR_SERVER,
			    "%s is %s as nodes know it: %s %s %s %s", typed, meant,
			    look->option, words, look->option_n, words_n);
	else
		g_set_error(error, MOVE_ERROR, MOVE_ERROR_SERVER, "%s is %s in %s: %s %s",
			    typed, meant, where, look->option, words);
	return FALSE;
}

static gboolean refuse_unknown(const Look *look, GError **error)
{
	g_autofree char *typed = text_plain(look->typed), *others = known_nodes(look);

	g_set_error(error, MOVE_ERROR, MOVE_ERROR_SERVER, "no node %s%s", typed, others);
	return FALSE;
}

static gboolean refuse_node(const Look *look, GError **error)
{
	g_autofree char *typed = text_plain(look->typed), *others = known_nodes(look);

	g_set_error(error, MOVE_ERROR, MOVE_ERROR_SERVER,
		    "%s is no service node: it has no row in the table servicenode, and no "
		    "noderes.servicenode names it%s",
		    typed, others);
	return FALSE;
}

/* All lists may be written in one spelling that is not nodelist's: then it is the site's. */
static gboolean is_customary(const Look *look, const char *node)
{
	return g_hash_table_contains(look->elements, look->typed) &&
	       !g_hash_table_contains(look->elements, node);
}

/* The service node whose nodes have this xcatmaster, or NULL. */
static const char *server_of_master(const Look *look)
{
	g_autoptr(GHashTable) asked = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < look->nodes->len; i++) {
		const char *list = look->values[2 * i].text;
		const char *master = look->values[2 * i + 1].text;
		const char *first = list && master && g_hash_table_add(asked, (gpointer)master)
					    ? cluster_first(look->cluster, list)
					    : NULL;

		if (first && hosts_same(look->hosts, look->typed, master))
			return first;
	}
	return NULL;
}

/* An element of a list that is the same host; for sites whose service nodes are no nodes. */
static const char *same_element(const Look *look)
{
	GHashTableIter each;
	gpointer element;

	g_hash_table_iter_init(&each, look->elements);
	while (g_hash_table_iter_next(&each, &element, NULL))
		if (hosts_is_named(look->hosts, look->typed, element, NULL))
			return element;
	return NULL;
}

static gboolean check_other_name(const Look *look, GError **error)
{
	const char *node = hosts_node(look->hosts, look->typed);

	if (node)
		return is_customary(look, node) ||
		       refuse_spelling(look, node, FALSE, "nodelist", error);
	for (guint i = 0; i < look->candidates->len; i++) {
		node = look->candidates->pdata[i];
		if (hosts_is_named(look->hosts, look->typed, node, NULL))
			return is_customary(look, node) ||
			       refuse_spelling(look, node,
					       !hosts_same(look->hosts, look->typed, node),
					       "nodelist", error);
	}
	if (g_hash_table_contains(look->elements, look->typed) ||
	    cluster_has_row(look->cluster, "servicenode", look->typed))
		return TRUE;
	node = server_of_master(look);
	if (node)
		return refuse_spelling(look, node, TRUE, NULL, error);
	node = same_element(look);
	if (node)
		return refuse_spelling(look, node, FALSE, "noderes.servicenode", error);
	/* Without a service node that is a node nobody says that they are. */
	return hosts_is_master(look->hosts, look->typed) || look->candidates->len == 0 ||
	       refuse_unknown(look, error);
}

/* A node, where some have rows in servicenode and it has none, is a slip unless a list has it.
 */
static gboolean check_node(Look *look, GError **error)
{
	GHashTableIter each;
	gpointer element;

	if (move_is_service_node(look->cluster, look->typed) ||
	    !has_service_nodes(look->cluster))
		return TRUE;
	if (!look_at_all(look, error))
		return FALSE;
	g_hash_table_iter_init(&each, look->elements);
	while (g_hash_table_iter_next(&each, &element, NULL))
		if (hosts_same(look->hosts, look->typed, element))
			return TRUE;
	return refuse_node(look, error);
}

static gboolean is_master(const Look *look)
{
	const char *master;

	return cluster_site(look->cluster, "master", &master, NULL) && master &&
	       hosts_same(look->hosts, look->typed, master);
}

static gboolean check_server(Cluster *cluster, Hosts *hosts, const char *typed, gboolean dest,
			     GError **error)
{
	g_auto(Look) look = { .cluster = cluster,
			      .hosts = hosts,
			      .typed = typed,
			      .option = dest ? "-d" : "-s",
			      .option_n = dest ? "-D" : "-S" };

	if (!typed)
		return TRUE;
	if (!*typed) {
		g_set_error(error, MOVE_ERROR, MOVE_ERROR_USAGE,
			    "%s is empty: name a service node", look.option);
		return FALSE;
	}
	look.nodes = cluster_nodes(cluster, error);
	if (!look.nodes)
		return FALSE;
	if (is_master(&look)) /* by whatever name it goes */
		return TRUE;
	if (cluster_node(cluster, typed))
		return check_node(&look, error);
	return look_at_all(&look, error) && check_other_name(&look, error);
}

gboolean move_check_servers(Cluster *cluster, Hosts *hosts, const MoveRequest *request,
			    GError **error)
{
	const char *source = request->source, *dest = request->dest;
	g_autofree char *from = NULL, *to = NULL;

	if (!check_server(cluster, hosts, source, FALSE, error) ||
	    !check_server(cluster, hosts, dest, TRUE, error))
		return FALSE;
	if (!source || !dest || !hosts_is_named(hosts, dest, source, NULL))
		return TRUE;
	from = text_plain(source);
	to = text_plain(dest);
	g_set_error(error, MOVE_ERROR, MOVE_ERROR_USAGE,
		    "-s %s and -d %s are the same service node: nothing would move", from, to);
	return FALSE;
}
