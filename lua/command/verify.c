/* Is all that serves nodes as the tables have it?  Which nodes, the looking, and the verdict.
 */
#include "core/base.h"
#include "core/noderange.h"
#include "lua/command/json.h"
#include "lua/command/verdict.h"
#include "lua/command/verified.h"
#include "lua/command/work.h"
#include "lua/terminal/talk.h"

/* ---- The nodes ---- */

typedef struct {
	const Work *work;
	const char *source; /* -s, or NULL: nodes of all */
	const char *master; /* site.master, or NULL */
	gboolean all;	    /* no nodes were named */
	GHashTable *known;  /* first of a list -> is it `source`? */
} Choice;

static gboolean is_source(const Choice *choice, const char *first)
{
	gpointer found;
	gboolean same;

	if (!choice->source)
		return TRUE;
	if (g_hash_table_lookup_extended(choice->known, first, NULL, &found))
		return GPOINTER_TO_INT(found);
	same = hosts_is_named(choice->work->context->hosts, first, choice->source, NULL);
	g_hash_table_insert(choice->known, (gpointer)first, GINT_TO_POINTER(same));
	return same;
}

/* FALSE: it is none of those that were meant. */
static gboolean choose(const Choice *choice, const ClusterValue *values, MoveNode *node)
{
	Cluster *cluster = choice->work->context->cluster;
	const char *first = values[0].text ? cluster_first(cluster, values[0].text) : NULL;

	/* Service nodes and the management node itself have no list. */
	if (!first && choice->all)
		return FALSE;
	node->servicenode = values[0].text;
	node->new.sn = first ? first : choice->master;
	node->new.snn = values[1].text ? values[1].text : first ? NULL : choice->master;
	return node->new.sn &&is_source(choice, node->new.sn);
}

static Move *make_move(Choice *choice, const GPtrArray *names, GError **error)
{
	static const char *const columns[] = { "noderes.servicenode", "noderes.xcatmaster" };
	Cluster *cluster = choice->work->context->cluster;
	g_autoptr(GArray) nodes = g_array_new(FALSE, FALSE, sizeof(MoveNode));
	g_autofree ClusterValue *values =
		cluster_resolve_many(cluster, (const char *const *)names->pdata, names->len,
				     columns, G_N_ELEMENTS(columns), error);

	if (!values || !cluster_site(cluster, "master", &choice->master, error))
		return NULL;
	for (guint i = 0; i < names->len; i++) {
		MoveNode node = { .name = names->pdata[i] };

		if (choose(choice, &values[(gsize)i * G_N_ELEMENTS(columns)], &node))
			g_array_append_val(nodes, node);
	}
	return move_recall((const MoveNode *)(gpointer)nodes->data, nodes->len);
}

/* ---- The command ---- */

/* Nobody was looked at, or not to the end: what was found is no answer. */
static int tell_unlooked(const Request *request, guint nodes, const GPtrArray *missing,
			 int status)
{
	if (request->json)
		verified_json_verdict(nodes, 0, missing, status);
	return status;
}

/* Takes `error`. */
static int tell_failed(const Work *work, const Noderange *range, GError *error)
{
	const Request *request = work->request;
	int status = request->json || !work->procedure
			     ? command_fail(error)
			     : verdict_failed(error, work->context, request, NULL);

	return tell_unlooked(request, work->move ? move_count(work->move) : 0, range->missing,
			     status);
}

/* A name with a slip in it chooses no node: that all is well was never seen. */
static int tell_none(const Request *request, const Noderange *range)
{
	const char *source = request_text(request, OPTION_SOURCE);
	g_autofree char *quoted = source ? text_quote(source) : NULL;
	gboolean told = range->missing->len > 0 || range->excluded->len > 0;

	if (range->names->len > 0 && source)
		talk_error("no node %shas %s as its first service node (noderes.servicenode)",
			   request->operand ? "of the noderange " : "", quoted);
	else if (range->names->len > 0 || !told)
		talk_error("no node to look at has a service node");
	return tell_unlooked(request, 0, range->missing, PROGRAM_REFUSED);
}

static int verify(Work *work, const Noderange *range)
{
	const Request *request = work->request;
	const char *source = request_text(request, OPTION_SOURCE);
	g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
	Choice choice = { work, source, NULL, !request->operand, known };
	GError *error = NULL;
	Move *move = make_move(&choice, range->names, &error);

	if (!move)
		return tell_failed(work, range, error);
	work_take_move(work, move, "first");
	work_fill_options(work);
	command_tell_unknown(range);
	if (move_count(move) == 0)
		return tell_none(request, range);
	if (!work_look(work, "verify.lua", &error))
		return tell_failed(work, range, error);
	return verified_tell(work->context, request, range->missing);
}

int command_verify(Program *program, const Config *config, Request *request)
{
	NoderangeOptions how = { TRUE, program->context.prefix, program->context.suffix };
	const char *typed = request->operand ? request->operand : "/.*";
	GError *error = NULL;
	g_auto(Work) work = { 0 };
	g_autoptr(Noderange) range =
		noderange_expand(program->context.cluster, typed, &how, &error);

	if (!range) {
		command_fail(error);
		return tell_unlooked(request, 0, NULL, PROGRAM_USAGE);
	}
	if (!work_begin(&work, program, config, request, TRUE, &error))
		return tell_unlooked(request, 0, range->missing, command_fail(error));
	return verify(&work, range);
}
