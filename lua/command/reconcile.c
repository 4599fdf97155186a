/* A service node that was dead is back: what it holds is brought up to date. */
#include "core/base.h"
#include "lua/command/looks.h"
#include "lua/command/verdict.h"
#include "lua/terminal/talk.h"
#include <stdio.h>

/* As nodelist has it, or site.master; NULL and an error: it is no service node. */
static const char *find_server(const Work *work, GError **error)
{
	const BindingContext *context = work->context;
	const char *typed = request_text(work->request, OPTION_RECONCILE);
	const char *node = hosts_node(context->hosts, typed), *master = NULL;
	g_autofree char *quoted = NULL;

	if (node)
		return node;
	if (hosts_is_master(context->hosts, typed) &&
	    cluster_site(context->cluster, "master", &master, NULL) && master)
		return master;
	quoted = text_quote(typed);
	g_set_error(error, MOVE_ERROR, MOVE_ERROR_SERVER,
		    "--reconcile: no service node is named %s", quoted);
	return NULL;
}

/* A plan only looks into the journal.  Gives an array of names, or NULL; without an error there
 * is no journal yet. */
static GPtrArray *find_nodes(const Work *work, const char *server, GError **error)
{
	const char *database = store_url(work->program->store);
	g_autoptr(Journal) journal = NULL;

	if (work->session.journal)
		return journal_left_behind(work->session.journal, database, server, error);
	journal = journal_open(work->config->state, FALSE, error);
	return journal ? journal_left_behind(journal, database, server, error) : NULL;
}

/* They leave the server and go to it: it is only looked at what it holds. */
static Move *make_move(const Work *work, const char *server, GError **error)
{
	g_autoptr(GPtrArray) names = find_nodes(work, server, error);
	guint n = names ? names->len : 0;
	g_autofree MoveNode *nodes = g_new0(MoveNode, MAX(n, 1));

	if (!names && error && *error)
		return NULL;
	for (guint i = 0; i < n; i++)
		nodes[i] = (MoveNode){ .name = cluster_keep(work->context->cluster,
							    names->pdata[i]),
				       .old = { server, server },
				       .new = { server, server } };
	return move_recall(nodes, n);
}

static gboolean begin_run(Work *work, const char *script, GError **error)
{
	return session_begin(&work->session, work->program,
			     session_record(work->program, work->request, script,
					    procedure_digest(work->procedure)),
			     work->move, work->takeover->options, error);
}

/* FALSE without an error: there is nothing to do. */
static gboolean prepare(Work *work, GError **error)
{
	gboolean planning = run_is_planning(work->run);
	g_autofree char *script = work_shipped_script("reconcile.lua", error);
	const char *server = script ? find_server(work, error) : NULL;
	Move *move;

	if (!server || (!planning && !session_open(&work->session, work->program, work->config,
						   work->request, 0, error)))
		return FALSE;
	move = make_move(work, server, error);
	if (!move)
		return FALSE;
	work_take_move(work, move, "first");
	if (move_count(move) == 0) {
		printf("nothing to do: no node was moved away from %s while it was dead\n",
		       server);
		return FALSE;
	}
	return work_load(work, script, error) && looks_find_mode(work, error) &&
	       (planning || begin_run(work, script, error));
}

static gboolean owes(const GPtrArray *owed, const char *host)
{
	for (guint i = 0; i < owed->len; i++)
		if (g_strcmp0(((const JournalOwed *)owed->pdata[i])->host, host) == 0)
			return TRUE;
	return FALSE;
}

void command_tell_back(const char *command, const char *mode, const char *from,
		       const GPtrArray *owed, const char *before)
{
	g_auto(GStrv) servers = g_strsplit(from ? from : "", ",", -1);

	for (guint i = 0; g_strcmp0(mode, "dead") == 0 && servers[i]; i++) {
		g_autofree char *word = text_shell_word(servers[i]);

		if (owes(owed, servers[i]))
			printf("%sonce %s is back: %s --reconcile=%s\n", before, servers[i],
			       command, word);
	}
}

int command_reconcile(Program *program, const Config *config, Request *request)
{
	GError *error = NULL;
	g_auto(Work) work = { 0 };

	if (!work_begin(&work, program, config, request, request->planning, &error) ||
	    !prepare(&work, &error))
		return error ? command_fail(error) : PROGRAM_DONE;
	verdict_begin(work.takeover, request->planning ? "plan: reconcile" : "reconcile");
	return work_run(&work);
}
