#include "lua/command/moved.h"
#include "core/base.h"
#include "core/noderange.h"
#include <string.h>

/* What is searched for, and found. */
typedef struct {
	Cluster *cluster;
	GHashTable *missing; /* names that no run has had yet */
	GArray *nodes;	     /* MoveNode */
} Search;

static MoveServer keep_server(Cluster *cluster, const char *sn, const char *snn)
{
	return (MoveServer){ sn ? cluster_keep(cluster, sn) : NULL,
			     snn ? cluster_keep(cluster, snn) : NULL };
}

/* Of a run's nodes those that are searched for, and have stayed moved. */
static void take_nodes(Search *search, const JournalContent *content)
{
	for (guint i = 0; i < content->nodes->len; i++) {
		const JournalNode *from = &g_array_index(content->nodes, JournalNode, i);
		gpointer name;
		MoveNode node;

		if ((from->back && !from->again) ||
		    !g_hash_table_steal_extended(search->missing, from->name, &name, NULL))
			continue;
		node = (MoveNode){
			.name = name,
			.old = keep_server(search->cluster, from->old_sn, from->old_snn),
			.new = keep_server(search->cluster, from->new_sn, from->new_snn)
		};
		g_array_append_val(search->nodes, node);
	}
}

/* Has it moved anybody, on this database? */
static gboolean is_move(const JournalRun *run, const char *database)
{
	return !run->undoes && run->script && run->changes > 0 &&
	       g_strcmp0(run->from, run->to) != 0 && g_strcmp0(run->database, database) == 0;
}

static gboolean search_runs(Search *search, Journal *journal, const char *database,
			    GError **error)
{
	g_autoptr(GPtrArray) runs = journal_runs(journal, NULL, error);

	for (guint i = 0; runs && i < runs->len && g_hash_table_size(search->missing) > 0;
	     i++) {
		const JournalRun *run = runs->pdata[i];
		g_autoptr(JournalContent) content = NULL;

		if (!is_move(run, database))
			continue;
		content = journal_content(journal, run->number, error);
		if (!content)
			return FALSE;
		take_nodes(search, content);
	}
	return runs != NULL;
}

static void refuse_missing(const Search *search, GError **error)
{
	g_autofree const char **names =
		(const char **)g_hash_table_get_keys_as_array(search->missing, NULL);
	g_autofree char *folded = noderange_fold(names, g_hash_table_size(search->missing));
	g_autofree char *shown = text_plain(folded);

	g_set_error(error, MOVE_ERROR, MOVE_ERROR_NODES,
		    "no run has moved %s, so nobody knows from where to where: a hook alone is "
		    "for nodes that were moved before",
		    shown);
}

static gboolean expand(Search *search, const Work *work, GError **error)
{
	MoveRequest wanted = { .noderange = work->request->operand,
			       .prefix = work->context->prefix,
			       .suffix = work->context->suffix };
	g_autoptr(GPtrArray) names = move_named(search->cluster, &wanted, error);

	for (guint i = 0; names && i < names->len; i++)
		g_hash_table_add(search->missing, names->pdata[i]);
	return names != NULL;
}

static int by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(((const MoveNode *)a)->name, ((const MoveNode *)b)->name);
}

/* Where the tables say that they are now. */
static gboolean resolve(Search *search, GError **error)
{
	static const char *const columns[] = { "noderes.servicenode" };
	g_autofree const char **names = g_new0(const char *, search->nodes->len + 1);
	g_autofree ClusterValue *lists = NULL;

	g_array_sort(search->nodes, by_name);
	for (guint i = 0; i < search->nodes->len; i++)
		names[i] = g_array_index(search->nodes, MoveNode, i).name;
	lists = cluster_resolve_many(search->cluster, names, search->nodes->len, columns, 1,
				     error);
	for (guint i = 0; lists && i < search->nodes->len; i++)
		g_array_index(search->nodes, MoveNode, i).servicenode = lists[i].text;
	return lists != NULL;
}

Move *moved_before(const Work *work, GError **error)
{
	Cluster *cluster = work->context->cluster;
	g_autoptr(Journal) journal = journal_open(work->config->state, FALSE, error);
	g_autoptr(GHashTable) missing = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GArray) nodes = g_array_new(FALSE, TRUE, sizeof(MoveNode));
	Search search = { cluster, missing, nodes };
	Move *move;

	if (!journal || !expand(&search, work, error) ||
	    !search_runs(&search, journal, store_url(work->program->store), error))
		return NULL;
	if (g_hash_table_size(missing) > 0) {
		refuse_missing(&search, error);
		return NULL;
	}
	if (!resolve(&search, error))
		return NULL;
	move = move_recall((const MoveNode *)nodes->data, nodes->len);
	move_leave_elsewhere(move, cluster, work->context->hosts);
	return move;
}
