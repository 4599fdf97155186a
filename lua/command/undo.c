/* Taking runs back, and leaving them as they are. */
#include "core/base.h"
#include "core/noderange.h"
#include "lua/command/looks.h"
#include "lua/command/verdict.h"
#include "lua/terminal/talk.h"
#include <stdio.h>
#include <string.h>

/* The run that a command is about. */
typedef struct {
	Work work;
	Journal *look; /* under --plan: nothing is locked or written */
	JournalRun *run;
	JournalContent *content;
} Target;

static void target_clear(Target *target)
{
	work_clear(&target->work);
	g_clear_pointer(&target->content, journal_content_free);
	g_clear_pointer(&target->run, journal_run_free);
	g_clear_pointer(&target->look, journal_close);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Target, target_clear)

static gint64 find_number(const Config *config, const Request *request, GError **error)
{
	g_autoptr(GError) problem = NULL;
	g_autoptr(Journal) look = journal_open(config->state, FALSE, &problem);

	if (problem) {
		g_propagate_error(error, g_steal_pointer(&problem));
		return 0;
	}
	if (look)
		return session_number(look, request->run, error);
	g_set_error(error, SESSION_ERROR, SESSION_ERROR_RUN, "there is no journal in %s yet",
		    config->state);
	return 0;
}

static gboolean check_target(const Target *target, const char *database, GError **error)
{
	const JournalRun *run = target->run;

	if (g_strcmp0(run->database, database) != 0)
		g_set_error(error, SESSION_ERROR, SESSION_ERROR_RUN,
			    "run %" G_GINT64_FORMAT " was on the database %s, and this is %s",
			    run->number, run->database, database);
	else if (run->state == JOURNAL_UNDONE)
		g_set_error(error, SESSION_ERROR, SESSION_ERROR_RUN,
			    "run %" G_GINT64_FORMAT
			    " is taken back already; snmove --history tells by "
			    "which run, and that one can be taken back",
			    run->number);
	else
		return TRUE;
	return FALSE;
}

/* The run and its content. */
static gboolean open_target(Target *target, Program *program, const Config *config,
			    gint64 number, gboolean planning, GError **error)
{
	Session *session = &target->work.session;
	Journal *journal;

	if (planning)
		target->look = journal_open(config->state, FALSE, error);
	else if (!session_open(session, program, config, number, error))
		return FALSE;
	journal = planning ? target->look : session->journal;
	target->run = journal ? journal_run(journal, number, error) : NULL;
	target->content = target->run ? journal_content(journal, number, error) : NULL;
	return target->content && check_target(target, store_url(program->store), error);
}

/* The procedure and its hooks, for freeze, thaw and finished alone; with the nodes that the run
 * was begun with. */
static gboolean load(Target *target, Program *program, const Config *config, Request *request,
		     gboolean planning, GError **error)
{
	Work *work = &target->work;
	g_autofree char *script = NULL;

	if (!work_begin(work, program, config, request, planning, error))
		return FALSE;
	script = target->run->script ? g_strdup(target->run->script) : work_script(work, error);
	if (!script)
		return FALSE;
	work_take_move(work, session_move(target->content), "undo");
	takeover_recall_notes(work->takeover, target->content);
	return work_load(work, script, error);
}

/* The nodes that are meant: a set of names, or NULL without `error`: all. */
static GHashTable *wanted_nodes(const Target *target, const char *noderange, GError **error)
{
	const BindingContext *context = target->work.context;
	const Move *move = target->work.move;
	NoderangeOptions how = { TRUE, context->prefix, context->suffix };
	g_autoptr(GHashTable) wanted = NULL;
	g_autoptr(Noderange) range = NULL;
	g_autoptr(GPtrArray) others = g_ptr_array_new();
	g_autofree char *folded = NULL;

	if (!noderange)
		return NULL;
	range = noderange_expand(context->cluster, noderange, &how, error);
	if (!range)
		return NULL;
	g_ptr_array_extend(others, range->missing, NULL, NULL);
	wanted = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; i < range->names->len; i++) {
		if (move_find(move, range->names->pdata[i]))
			g_hash_table_add(wanted, g_strdup(range->names->pdata[i]));
		else
			g_ptr_array_add(others, range->names->pdata[i]);
	}
	if (others->len == 0 && g_hash_table_size(wanted) > 0)
		return g_steal_pointer(&wanted);
	folded = noderange_fold((const char *const *)others->pdata, others->len);
	g_set_error(error, MOVE_ERROR, MOVE_ERROR_NODES,
		    "run %" G_GINT64_FORMAT " has not moved %s", target->run->number,
		    *folded ? folded : noderange);
	return NULL;
}

static gboolean take_back(Target *target, GHashTable *wanted, guint *undone, GError **error)
{
	Work *work = &target->work;
	Takeover *takeover = work->takeover;

	if (!target->look && !run_settle(work->run, target->content, error))
		return FALSE;
	if (!procedure_run_step(work->procedure, "freeze", error) ||
	    !run_begin_step(work->run, CHANGE_UNDO_STEP, error) ||
	    !run_undo(work->run, target->content, wanted, takeover->owed, takeover->seen,
		      undone, error) ||
	    !run_end_step(work->run, FALSE, error)) {
		run_drop_step(work->run);
		return FALSE;
	}
	return TRUE;
}

/* Is anything left that the run has done and nobody has taken back? */
static gboolean is_all_undone(const JournalContent *content)
{
	for (guint i = 0; i < content->changes->len; i++) {
		const Change *change = content->changes->pdata[i];

		if (change->state == CHANGE_STARTED || change_way(change) == CHANGE_WAY_OPEN)
			return FALSE;
	}
	return TRUE;
}

/* What has become of the run that was taken back: wholly undone, or left as it is now. */
static gboolean end_target(const Target *target, GHashTable *wanted, GError **error)
{
	gboolean all = is_all_undone(target->content);
	JournalLines lines = { 0 };

	if (!all && (wanted || !session_is_open(target->run)))
		return TRUE;
	lines.owed = all ? NULL : target->content->owed;
	return journal_end(target->work.session.journal, target->run->number,
			   all ? JOURNAL_UNDONE : JOURNAL_CLOSED, &lines, error);
}

static void tell_undo(const Target *target, guint undone, gboolean verbose)
{
	const Takeover *takeover = target->work.takeover;
	Run *run = target->work.run;

	if (run_is_planning(run)) {
		g_autofree char *report = change_report(run_changes(run), verbose);

		printf("%s%u change%s planned, nothing written\n", report,
		       run_change_count(run), run_change_count(run) == 1 ? "" : "s");
	} else {
		printf("run %u done%s: %u of the nodes of run %" G_GINT64_FORMAT
		       " taken back, %u change%s written\n",
		       takeover->number, takeover->owed->len ? ", with work owed" : "", undone,
		       target->run->number, run_done(run), run_done(run) == 1 ? "" : "s");
	}
	verdict_left(takeover);
}

/* Nodes that are not meant take no part: hooks do not see them, and the run is not theirs. */
static void keep_wanted(const Work *work, GHashTable *wanted)
{
	g_autoptr(GPtrArray) others = g_ptr_array_new();

	for (guint i = 0; i < move_count(work->move); i++)
		if (!g_hash_table_contains(wanted, move_node(work->move, i)->name))
			g_ptr_array_add(others, (gpointer)move_node(work->move, i)->name);
	g_ptr_array_add(others, NULL);
	move_leave_out(work->move, (const char *const *)others->pdata);
}

/* An undo that was killed: its nodes, and what it had done; or NULL. */
typedef struct {
	GHashTable *nodes;
	const JournalContent *content;
} Killed;

static gboolean begin_run(Target *target, GError **error)
{
	Work *work = &target->work;
	JournalRun *record = session_record(work->program, work->request, NULL, NULL);

	record->undoes = target->run->number;
	return session_begin(&work->session, work->program, record, work->move, error);
}

/* `wanted` gets the nodes that are meant: a set, or NULL: all. */
static gboolean prepare(Target *target, const Killed *killed, GHashTable **wanted,
			GError **error)
{
	Work *work = &target->work;
	g_autoptr(GError) problem = NULL;

	if (killed)
		run_recall_undo(work->run, killed->content);
	*wanted = wanted_nodes(target, work->request->operand, &problem);
	if (problem) {
		g_propagate_error(error, g_steal_pointer(&problem));
		return FALSE;
	}
	if (!*wanted && killed)
		*wanted = g_hash_table_ref(killed->nodes);
	if (*wanted)
		keep_wanted(work, *wanted);
	if (!target->run->undoes && !looks_check_undo(work, error))
		return FALSE;
	return target->look || begin_run(target, error);
}

static void tell_begin(const Target *target)
{
	g_autofree char *what =
		g_strdup_printf("%stake back the %smove of", target->look ? "plan: " : "",
				target->run->undoes ? "undo of the " : "");

	verdict_begin(target->work.takeover, what);
}

static int run_target(Target *target, GHashTable *wanted)
{
	Work *work = &target->work;
	GError *error = NULL;
	guint undone = 0;
	gboolean taken;
	int status;

	tell_begin(target);
	/* What is thawed comes before the end is kept: one that is killed between thaws again.
	 */
	taken = take_back(target, wanted, &undone, &error);
	procedure_run_last(work->procedure,
			   taken ? "undone" : procedure_outcome(work->procedure, FALSE));
	if (taken && (target->look || end_target(target, wanted, &error))) {
		tell_undo(target, undone, work->request->verbose);
		status = work->takeover->owed->len ? PROGRAM_OWED : PROGRAM_DONE;
	} else {
		status = verdict_failed(error, work->context, work->request->argv,
					work->settings.forced);
	}
	return session_end(&work->session, work->context, status);
}

static int undo(Program *program, const Config *config, Request *request, gint64 number,
		const Killed *killed)
{
	gboolean planning = request->planning;
	GError *error = NULL;
	g_auto(Target) target = { 0 };
	g_autoptr(GHashTable) wanted = NULL;

	if (!open_target(&target, program, config, number, planning, &error) ||
	    !load(&target, program, config, request, planning, &error) ||
	    !prepare(&target, killed, &wanted, &error))
		return command_fail(error);
	return run_target(&target, wanted);
}

int command_undo(Program *program, const Config *config, Request *request)
{
	GError *error = NULL;
	gint64 number = find_number(config, request, &error);

	return number ? undo(program, config, request, number, NULL) : command_fail(error);
}

/* What it had begun is settled, and it has come to its end. */
static gboolean settle_killed(Session *session, Program *program, const JournalRun *record,
			      JournalContent *content, GError **error)
{
	g_autoptr(Run) run = run_new(program->context.cluster, FALSE);
	g_autoptr(JournalContent) taken_back = NULL;
	JournalLines lines = { 0 };

	run_keep(run, session->journal, record->number, record->number, &lines);
	taken_back = journal_content(session->journal, record->undoes, error);
	return taken_back && run_settle(run, content, error) &&
	       run_settle_undo(run, content, taken_back, error) &&
	       journal_end(session->journal, record->number, JOURNAL_DONE, NULL, error);
}

/* Once that is settled the same is asked for again, of its nodes. */
int command_undo_again(Program *program, const Config *config, Request *request,
		       const JournalRun *record, JournalContent *content)
{
	GError *error = NULL;
	g_auto(Session) session = { 0 };
	g_autoptr(GHashTable) nodes = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(JournalRun) target = NULL;
	Killed killed = { nodes, content };

	if (!session_open(&session, program, config, record->number, &error) ||
	    !settle_killed(&session, program, record, content, &error))
		return command_fail(error);
	target = journal_run(session.journal, record->undoes, &error);
	if (!target)
		return command_fail(error);
	if (target->state == JOURNAL_UNDONE) { /* killed when all but its last line was kept */
		printf("run %" G_GINT64_FORMAT " is taken back\n", record->undoes);
		return PROGRAM_DONE;
	}
	session_close(&session);
	for (guint i = 0; i < content->nodes->len; i++)
		g_hash_table_add(nodes,
				 (gpointer)g_array_index(content->nodes, JournalNode, i).name);
	return undo(program, config, request, record->undoes, &killed);
}

/* ---- Closing ---- */

/* It was done by hand, says the administrator. */
static int settle_debts(const Target *target)
{
	GError *error = NULL;
	gint64 number = target->run->number;

	if (!journal_end(target->work.session.journal, number, JOURNAL_DONE, NULL, &error))
		return command_fail(error);
	printf("run %" G_GINT64_FORMAT " owes nothing any more; it can still be taken back: "
	       "snmove --undo=%" G_GINT64_FORMAT "\n",
	       number, number);
	return PROGRAM_DONE;
}

static gboolean close_target(Target *target, GError **error)
{
	Work *work = &target->work;
	Journal *journal = work->session.journal;
	gint64 number = target->run->number;
	gint64 notes = journal_notes_run(journal, number, error);
	JournalLines lines = session_lines(work->takeover);

	work->takeover->number = (guint)number;
	run_keep(work->run, journal, number, notes, &lines);
	if (!notes || !run_settle(work->run, target->content, error))
		return FALSE;
	procedure_run_last(work->procedure, "stopped");
	lines.owed = target->content->owed;
	lines.seen = target->content->seen;
	return journal_end(journal, number, JOURNAL_CLOSED, &lines, error);
}

int command_close(Program *program, const Config *config, Request *request)
{
	GError *error = NULL;
	g_auto(Target) target = { 0 };
	gint64 number = find_number(config, request, &error);

	if (!number || !open_target(&target, program, config, number, FALSE, &error))
		return command_fail(error);
	if (target.run->state == JOURNAL_OWED) /* no hook is needed for that */
		return settle_debts(&target);
	if (!session_is_open(target.run)) {
		g_set_error(&error, SESSION_ERROR, SESSION_ERROR_RUN,
			    "run %" G_GINT64_FORMAT " is not open: it is %s", number,
			    journal_state_name(target.run->state));
		return command_fail(error);
	}
	if (!load(&target, program, config, request, FALSE, &error) ||
	    !close_target(&target, &error))
		return command_fail(error);
	printf("run %" G_GINT64_FORMAT " closed: what it has changed stays; to take it back: "
	       "snmove --undo=%" G_GINT64_FORMAT "\n",
	       number, number);
	return PROGRAM_DONE;
}
