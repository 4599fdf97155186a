#include "lua/command/moved.h"
#include "core/base.h"
#include "core/noderange.h"

/* Names that no run has moved: those that are not in `moved`, which has the others in the same
 * order. */
static gboolean check_all(const GPtrArray *names, const GArray *moved, GError **error)
{
	g_autoptr(GPtrArray) missing = g_ptr_array_new();
	g_autofree char *folded = NULL;
	g_autofree char *shown = NULL;
	guint found = 0;

	for (guint i = 0; i < names->len; i++) {
		if (found < moved->len &&
		    g_array_index(moved, JournalNode, found).name == names->pdata[i])
			found++;
		else
			g_ptr_array_add(missing, names->pdata[i]);
	}
	if (missing->len == 0)
		return TRUE;
	folded = noderange_fold((const char *const *)missing->pdata, missing->len);
	shown = text_plain(folded);
	g_set_error(error, MOVE_ERROR, MOVE_ERROR_NODES,
		    "no run has moved %s, so nobody knows from where to where: a hook alone is "
		    "for nodes that were moved before",
		    shown);
	return FALSE;
}

static MoveServer keep_server(Cluster *cluster, const char *sn, const char *snn)
{
	return (MoveServer){ sn ? cluster_keep(cluster, sn) : NULL,
			     snn ? cluster_keep(cluster, snn) : NULL };
}

/* With where the tables say that they are now.  Gives the move, or NULL and an error. */
static Move *make_move(Cluster *cluster, const GPtrArray *names, const GArray *moved,
		       GError **error)
{
	static const char *const columns[] = { "noderes.servicenode" };
	g_autofree MoveNode *nodes = g_new0(MoveNode, MAX(moved->len, 1));
	g_autofree ClusterValue *lists = cluster_resolve_many(
		cluster, (const char *const *)names->pdata, names->len, columns, 1, error);

	if (!lists)
		return NULL;
	for (guint i = 0; i < moved->len; i++) {
		const JournalNode *from = &g_array_index(moved, JournalNode, i);

		nodes[i] = (MoveNode){ from->name, lists[i].text,
				       keep_server(cluster, from->old_sn, from->old_snn),
				       keep_server(cluster, from->new_sn, from->new_snn) };
	}
	return move_recall(nodes, moved->len);
}

Move *moved_before(const Work *work, GError **error)
{
	Cluster *cluster = work->context->cluster;
	MoveRequest wanted = { .noderange = work->request->operand,
			       .prefix = work->context->prefix,
			       .suffix = work->context->suffix };
	g_autoptr(GPtrArray) names = move_named(cluster, &wanted, error);
	g_autoptr(Journal) journal = NULL;
	g_autoptr(GArray) moved = g_array_new(FALSE, FALSE, sizeof(JournalNode));
	g_autoptr(GStringChunk) text = g_string_chunk_new(1 << 10);
	g_autoptr(GError) problem = NULL;
	Move *move;

	if (!names)
		return NULL;
	journal = journal_open(work->config->state, FALSE, &problem);
	if (problem) {
		g_propagate_error(error, g_steal_pointer(&problem));
		return NULL;
	}
	if ((journal && !journal_moved(journal, store_url(work->program->store),
				       (const char *const *)names->pdata, names->len, moved,
				       text, error)) ||
	    !check_all(names, moved, error))
		return NULL;
	move = make_move(cluster, names, moved, error);
	if (move)
		move_leave_elsewhere(move, cluster, work->context->hosts);
	return move;
}
