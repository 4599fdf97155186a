/* Is all that serves nodes as the tables have it?  Which nodes, the looking, and the verdict.
 */
#include "core/base.h"
#include "core/noderange.h"
#include "lua/command/json.h"
#include "lua/command/verdict.h"
#include "lua/command/verified.h"
#include "lua/command/work.h"
#include "lua/terminal/talk.h"
#include <stdio.h>

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

/* It came to no end: what was found until then is no answer.  Takes `error`. */
static int tell_failed(const Work *work, GError *error)
{
	const Request *request = work->request;
	int status;

	if (!request->json)
		return verdict_failed(error, work->context, request, NULL);
	status = command_fail(error);
	verified_json_verdict(move_count(work->move), 0, NULL, status);
	return status;
}

static int tell_missing(const Noderange *range)
{
	g_autofree char *folded =
		noderange_fold((const char *const *)range->missing->pdata, range->missing->len);
	g_autofree char *nodes = text_plain(folded);

	talk_error("no such node or group in the database: %s", nodes);
	return PROGRAM_REFUSED;
}

static int verify(Work *work, const Noderange *range)
{
	const char *source = request_text(work->request, OPTION_SOURCE);
	g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
	Choice choice = { work, source, NULL, !work->request->operand, known };
	GError *error = NULL;
	Move *move = make_move(&choice, range->names, &error);

	if (!move)
		return command_fail(error);
	work_take_move(work, move, "first");
	work_fill_options(work);
	if (move_count(move) > 0 && !work_look(work, "verify.lua", &error))
		return tell_failed(work, error);
	return verified_tell(work->context, work->request, range->missing);
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
		return PROGRAM_USAGE;
	}
	if (range->missing->len > 0 && range->names->len == 0)
		return tell_missing(range);
	if (!work_begin(&work, program, config, request, TRUE, &error))
		return command_fail(error);
	return verify(&work, range);
}
