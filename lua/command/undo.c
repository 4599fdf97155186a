/* Taking runs back, and leaving them as they are. */
#include "core/base.h"
#include "core/noderange.h"
#include "lua/command/looks.h"
#include "lua/command/undoable.h"
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
	JournalContent *first; /* of an undo: the run that it has undone; or NULL */
	GHashTable *wanted;    /* names of the nodes that are meant; NULL: all */
	GHashTable *gone;      /* names of its nodes that are in no table any more */
} Target;

static void target_clear(Target *target)
{
	work_clear(&target->work);
	g_clear_pointer(&target->wanted, g_hash_table_unref);
	g_clear_pointer(&target->gone, g_hash_table_unref);
	g_clear_pointer(&target->first, journal_content_free);
	g_clear_pointer(&target->content, journal_content_free);
	g_clear_pointer(&target->run, journal_run_free);
	g_clear_pointer(&target->look, journal_close);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Target, target_clear)

static Journal *journal_of(const Target *target)
{
	return target->look ? target->look : target->work.session.journal;
}

/* Before anything is locked: the run that is named, or that is meant without a number. */
static gint64 find_number(const Program *program, const Config *config, const Request *request,
			  GError **error)
{
	g_autoptr(GError) problem = NULL;
	g_autoptr(Journal) look = journal_open(config->state, FALSE, &problem);

	if (problem) {
		g_propagate_error(error, g_steal_pointer(&problem));
		return 0;
	}
	if (look)
		return request->run ? request->run
				    : undoable_number(look, store_url(program->store), request,
						      error);
	g_set_error(error, SESSION_ERROR, SESSION_ERROR_RUN, "there is no journal in %s yet",
		    config->state);
	return 0;
}

static gboolean check_database(const Target *target, const char *database, GError **error)
{
	const JournalRun *run = target->run;

	if (g_strcmp0(run->database, database) == 0)
		return TRUE;
	g_set_error(error, SESSION_ERROR, SESSION_ERROR_RUN,
		    "run %" G_GINT64_FORMAT " was on the database %s, and this is %s",
		    run->number, run->database, database);
	return FALSE;
}

static gboolean check_moves(const JournalRun *run, const char *command, GError **error)
{
	g_autofree char *close = NULL;

	if (!journal_run_boots(run))
		return TRUE;
	if (session_is_open(run))
		close = g_strdup_printf("; to leave it so: %s --close=%" G_GINT64_FORMAT,
					command, run->number);
	g_set_error(error, SESSION_ERROR, SESSION_ERROR_RUN,
		    "run %" G_GINT64_FORMAT
		    " was a network boot, and what has booted cannot be taken back%s",
		    run->number, close ? close : "");
	return FALSE;
}

/* The run and its content.  `open`: the run that may be open. */
static gboolean open_target(Target *target, Program *program, const Config *config,
			    const Request *request, gint64 number, gint64 open, GError **error)
{
	Session *session = &target->work.session;
	Journal *journal;

	if (request->planning)
		target->look = journal_open(config->state, FALSE, error);
	else if (!session_open(session, program, config, request, open, error))
		return FALSE;
	journal = journal_of(target);
	target->run = journal ? session_run(journal, request, number, error) : NULL;
	target->content = target->run ? journal_content(journal, number, error) : NULL;
	return target->content && check_database(target, store_url(program->store), error);
}

/* xCAT's commands that the run was made with: what they have left is looked at by the last
 * steps. */
static void recall_own(Takeover *takeover, const JournalContent *content)
{
	for (guint i = 0; i < OWN_SERVICES; i++) {
		const char *name = config_own_name((OwnService)i);
		const char *command = g_hash_table_lookup(content->options, name);

		if (command)
			g_hash_table_insert(takeover->options, g_strdup(name),
					    g_strdup(command));
	}
}

/* The procedure and its hooks, for freeze, thaw and finished alone; with the nodes that the run
 * was begun with. */
static gboolean load(Target *target, Program *program, const Config *config, Request *request,
		     GError **error)
{
	Work *work = &target->work;
	g_autofree char *script = NULL;

	if (!work_begin(work, program, config, request, request->planning, error))
		return FALSE;
	script = target->run->script ? g_strdup(target->run->script) : work_script(work, error);
	if (!script)
		return FALSE;
	work_take_move(work, session_move(target->content), "undo");
	takeover_recall_notes(work->takeover, target->content);
	recall_own(work->takeover, target->content);
	return work_load(work, script, error);
}

/* A name of the noderange, if the run has it: a node that is gone is no node any more. */
static void sort_name(const Target *target, const char *name, GPtrArray *others)
{
	const MoveNode *node = move_find(target->work.move, name);

	if (node)
		g_hash_table_add(target->wanted, (gpointer)node->name);
	else
		g_ptr_array_add(others, (gpointer)name);
}

/* The nodes that are named. */
static gboolean take_noderange(Target *target, const char *noderange, GError **error)
{
	const BindingContext *context = target->work.context;
	NoderangeOptions how = { TRUE, context->prefix, context->suffix };
	g_autoptr(Noderange) range = noderange_expand(context->cluster, noderange, &how, error);
	g_autoptr(GPtrArray) others = g_ptr_array_new();
	g_autofree char *folded = NULL;

	if (!range)
		return FALSE;
	target->wanted = g_hash_table_new(g_str_hash, g_str_equal);
	for (guint i = 0; i < range->missing->len; i++)
		sort_name(target, range->missing->pdata[i], others);
	for (guint i = 0; i < range->names->len; i++)
		sort_name(target, range->names->pdata[i], others);
	if (others->len == 0 && g_hash_table_size(target->wanted) > 0)
		return TRUE;
	folded = noderange_fold((const char *const *)others->pdata, others->len);
	g_set_error(error, MOVE_ERROR, MOVE_ERROR_NODES,
		    "run %" G_GINT64_FORMAT " has not moved %s", target->run->number,
		    *folded ? folded : noderange);
	return FALSE;
}

/* Who has gone back, and was not back before, in the order of the move: as hooks are told, and
 * the journal keeps it. */
static void take_undone(const Target *target, GHashTable *back)
{
	const GArray *nodes = target->content->nodes;
	Takeover *takeover = target->work.takeover;

	takeover->undone = g_ptr_array_new();
	for (guint i = 0; i < nodes->len; i++) {
		const JournalNode *node = &g_array_index(nodes, JournalNode, i);

		if (!node->back && move_find(takeover->move, node->name) &&
		    g_hash_table_contains(back, node->name))
			g_ptr_array_add(takeover->undone, (gpointer)node->name);
	}
}

static gboolean take_back(Target *target, GError **error)
{
	Work *work = &target->work;
	Takeover *takeover = work->takeover;
	g_autoptr(GHashTable) back = g_hash_table_new(g_str_hash, g_str_equal);
	RunUndo what = { .nodes = target->wanted,
			 .gone = target->gone,
			 .first = target->first,
			 .owed = takeover->owed,
			 .seen = takeover->seen,
			 .back = back };

	if (!run_settle(work->run, target->content, FALSE, error))
		return FALSE;
	if (!procedure_run_step(work->procedure, "freeze", error) ||
	    !run_begin_step(work->run, CHANGE_UNDO_STEP, error) ||
	    !run_undo(work->run, target->content, &what, error) ||
	    !run_end_step(work->run, FALSE, error)) {
		run_drop_step(work->run);
		return FALSE;
	}
	take_undone(target, back);
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

/* These nodes have gone back by `run`. */
static gboolean keep_undone(Journal *journal, gint64 run, const GPtrArray *names,
			    GError **error)
{
	g_autoptr(GPtrArray) vector = g_ptr_array_new();

	g_ptr_array_extend(vector, (GPtrArray *)names, NULL, NULL);
	g_ptr_array_add(vector, NULL);
	return journal_take_back(journal, run, (const char *const *)vector->pdata, error);
}

/* What has become of the run that was taken back: wholly undone, or left as it is now. */
static gboolean end_target(const Target *target, GError **error)
{
	Journal *journal = target->work.session.journal;
	const Takeover *takeover = target->work.takeover;
	gboolean all = is_all_undone(target->content);
	JournalLines lines = { 0 };

	if (!keep_undone(journal, takeover->number, takeover->undone, error))
		return FALSE;
	if (!all && (target->wanted || !session_is_open(target->run)))
		return TRUE;
	lines.owed = all ? NULL : target->content->owed;
	return journal_end(journal, target->run->number, all ? JOURNAL_UNDONE : JOURNAL_CLOSED,
			   &lines, error);
}

/* An undo that was killed, and goes on; or NULL. */
typedef struct {
	gint64 number;
	GHashTable *nodes; /* names */
	const JournalContent *content;
} Killed;

/* What an undo was asked for, kept as an option of its run. */
#define NODERANGE "noderange"

static GHashTable *undo_options(const Request *request)
{
	GHashTable *options = g_hash_table_new(g_str_hash, g_str_equal);

	if (request->operand)
		g_hash_table_insert(options, (gpointer)NODERANGE, (gpointer)request->operand);
	return options;
}

static gboolean begin_run(Target *target, const Killed *killed, GError **error)
{
	Work *work = &target->work;
	g_autoptr(GHashTable) options = undo_options(work->request);
	JournalRun *record;

	if (killed)
		return session_begin_again(&work->session, work->program, killed->number,
					   error);
	record = session_record(work->program, work->request, NULL, NULL);
	record->undoes = target->run->number;
	record->depth = target->run->depth + 1;
	return session_begin(&work->session, work->program, record, work->move, options, error);
}

/* What a killed undo was to take back: no more than nodes that were named.  A journal of before
 * does not say whether they were. */
static gboolean had_named_nodes(const Killed *killed, const Undoable *undoable)
{
	return g_hash_table_contains(killed->content->options, NODERANGE) ||
	       !undoable_are_all(undoable, killed->nodes);
}

/* The nodes that are meant, and those of them that take part: hooks do not see the others, and
 * the run is not theirs. */
static gboolean take_nodes(Target *target, const Killed *killed, GError **error)
{
	Work *work = &target->work;
	g_autoptr(GPtrArray) leave = NULL;
	Undoable undoable = { .journal = journal_of(target),
			      .request = work->request,
			      .run = target->run,
			      .content = target->content };
	char *note;

	if (work->request->operand && !take_noderange(target, work->request->operand, error))
		return FALSE;
	undoable.gone = target->gone = run_gone(work->run, target->content, error);
	if (!target->gone)
		return FALSE;
	if (killed && had_named_nodes(killed, &undoable))
		target->wanted = g_hash_table_ref(killed->nodes);
	undoable.wanted = target->wanted;
	if (!killed && !undoable_check(&undoable, error))
		return FALSE;
	leave = undoable_leave_out(&undoable, killed ? killed->nodes : NULL);
	move_leave_out(work->move, (const char *const *)leave->pdata);
	note = undoable_gone_note(&undoable);
	if (note)
		takeover_note(work->takeover, note);
	return TRUE;
}

static gboolean prepare(Target *target, const Killed *killed, GError **error)
{
	Work *work = &target->work;

	if (killed)
		run_recall_undo(work->run, killed->content);
	if (target->run->undoes) {
		target->first = journal_content(journal_of(target), target->run->undoes, error);
		if (!target->first)
			return FALSE;
	}
	if (!take_nodes(target, killed, error))
		return FALSE;
	/* The undo of an undo does not take nodes back to where they came from. */
	if (target->run->depth % 2 == 0 && !looks_check_undo(work, error))
		return FALSE;
	return target->look || begin_run(target, killed, error);
}

static void tell_begin(const Target *target)
{
	g_autofree char *what = g_strdup_printf(
		"%stake back the %s%s of", target->look ? "plan: " : "",
		target->run->undoes ? "undo of the " : "",
		g_strcmp0(target->run->from, target->run->to) == 0 ? "reconciliation" : "move");

	verdict_begin(target->work.takeover, what);
}

/* A later run that has brought a service node up to date, which the nodes leave no more. */
static gboolean is_in_the_way(const JournalRun *run, const JournalRun *undone)
{
	g_auto(GStrv) from = g_strsplit(undone->from ? undone->from : "", ",", -1);

	return run->number > undone->number && g_strcmp0(run->from, run->to) == 0 &&
	       !run->undoes && run->back == 0 && run->changes > 0 &&
	       g_strv_contains((const char *const *)from, run->from);
}

/* While it was dead nothing was taken from it, so nothing is put back there: but what was taken
 * later, when it was back, is missing now. */
static gboolean owe_reconciled(Target *target, GError **error)
{
	Takeover *takeover = target->work.takeover;
	g_autoptr(GPtrArray) runs = NULL;

	if (g_strcmp0(target->run->mode, "dead") != 0 || target->run->undoes ||
	    !takeover->undone || takeover->undone->len == 0)
		return TRUE;
	runs = journal_runs(journal_of(target), NULL, error);
	for (guint i = 0; runs && i < runs->len; i++) {
		const JournalRun *run = runs->pdata[i];
		g_autoptr(GPtrArray) names = g_ptr_array_new();
		g_autofree char *text = NULL;

		if (!is_in_the_way(run, target->run))
			continue;
		text = g_strdup_printf("run %" G_GINT64_FORMAT
				       " has taken away what it held of them: bring it up to "
				       "date again: %s --reconcile=%s",
				       run->number, target->work.request->command, run->from);
		g_ptr_array_extend(names, takeover->undone, NULL, NULL);
		g_ptr_array_add(names, NULL);
		takeover_owe(
			takeover,
			journal_owed_new(run->from, (const char *const *)names->pdata, text));
		break;
	}
	return runs != NULL;
}

static int run_target(Target *target)
{
	Work *work = &target->work;
	GError *error = NULL;
	gboolean taken;
	int status;

	tell_begin(target);
	/* What is thawed comes before the end is kept: one that is killed between thaws again.
	 */
	taken = take_back(target, &error);
	procedure_run_last(work->procedure,
			   taken ? "undone" : procedure_outcome(work->procedure, FALSE));
	if (taken && owe_reconciled(target, &error) &&
	    (target->look || end_target(target, &error)))
		status = verdict_undone(work->context, work->request, target->run,
					target->content);
	else
		status = verdict_failed(error, work->context, work->request,
					work->settings.forced);
	return session_end(&work->session, work->context, status);
}

static int undo(Program *program, const Config *config, Request *request, gint64 number,
		const Killed *killed)
{
	GError *error = NULL;
	g_auto(Target) target = { 0 };

	if (!open_target(&target, program, config, request, number,
			 killed ? killed->number : number, &error) ||
	    !check_moves(target.run, request->command, &error) ||
	    !load(&target, program, config, request, &error) ||
	    !prepare(&target, killed, &error))
		return command_fail(error);
	return run_target(&target);
}

int command_undo(Program *program, const Config *config, Request *request)
{
	GError *error = NULL;
	gint64 number = find_number(program, config, request, &error);

	return number ? undo(program, config, request, number, NULL) : command_fail(error);
}

/* What it had begun is settled. */
static gboolean settle_killed(Session *session, Program *program, const JournalRun *record,
			      JournalContent *content, GError **error)
{
	g_autoptr(Run) run = run_new(program->context.cluster, FALSE);
	g_autoptr(JournalContent) taken_back = NULL;
	JournalLines lines = { 0 };

	run_keep(run, session->journal, record->number, record->number, &lines);
	taken_back = journal_content(session->journal, record->undoes, error);
	return taken_back && run_settle(run, content, FALSE, error) &&
	       run_settle_undo(run, content, taken_back, error);
}

/* It was killed when all but its own end was kept. */
static int end_killed(Session *session, const JournalRun *record, const JournalContent *content)
{
	GError *error = NULL;
	gboolean owes = content->owed->len > 0;
	JournalLines lines = { content->owed, content->seen, TRUE };

	if (!journal_end(session->journal, record->number, owes ? JOURNAL_OWED : JOURNAL_DONE,
			 &lines, &error))
		return command_fail(error);
	printf("run %" G_GINT64_FORMAT " is taken back\n", record->undoes);
	return owes ? PROGRAM_OWED : PROGRAM_DONE;
}

/* Once that is settled the same is done again, for its nodes: it is the same run. */
int command_undo_again(Program *program, const Config *config, Request *request,
		       const JournalRun *record, JournalContent *content)
{
	GError *error = NULL;
	g_auto(Session) session = { 0 };
	g_autoptr(GHashTable) nodes = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(JournalRun) target = NULL;
	Killed killed = { record->number, nodes, content };

	if (!session_open(&session, program, config, request, record->number, &error) ||
	    !settle_killed(&session, program, record, content, &error))
		return command_fail(error);
	target = journal_run(session.journal, record->undoes, &error);
	if (!target)
		return command_fail(error);
	if (target->state == JOURNAL_UNDONE)
		return end_killed(&session, record, content);
	session_close(&session);
	for (guint i = 0; i < content->nodes->len; i++)
		g_hash_table_add(nodes,
				 (gpointer)g_array_index(content->nodes, JournalNode, i).name);
	return undo(program, config, request, record->undoes, &killed);
}

/* ---- Closing ---- */

/* It was done by hand, says the administrator. */
static int settle_debts(const Target *target, const char *command)
{
	GError *error = NULL;
	gint64 number = target->run->number;

	if (!journal_end(target->work.session.journal, number, JOURNAL_DONE, NULL, &error))
		return command_fail(error);
	printf("run %" G_GINT64_FORMAT " owes nothing any more", number);
	if (!journal_run_boots(target->run))
		printf("; it can still be taken back: %s --undo=%" G_GINT64_FORMAT, command,
		       number);
	printf("\n");
	return PROGRAM_DONE;
}

/* The nodes that an undo had taken back when it stopped. */
static gboolean keep_taken_back(const Target *target, GError **error)
{
	const GPtrArray *changes = target->content->changes;
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	g_autoptr(GHashTable) found = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < changes->len; i++) {
		const Change *change = changes->pdata[i];

		if (change->state == CHANGE_DONE && change->node &&
		    g_str_equal(change->step, CHANGE_UNDO_STEP) &&
		    g_hash_table_add(found, (gpointer)change->node))
			g_ptr_array_add(names, (gpointer)change->node);
	}
	return keep_undone(target->work.session.journal, target->run->number, names, error);
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
	if (!notes || !run_settle(work->run, target->content, FALSE, error))
		return FALSE;
	procedure_run_last(work->procedure, "stopped");
	if (target->run->undoes && !keep_taken_back(target, error))
		return FALSE;
	lines.owed = target->content->owed;
	lines.seen = target->content->seen;
	return journal_end(journal, number, JOURNAL_CLOSED, &lines, error);
}

int command_close(Program *program, const Config *config, Request *request)
{
	GError *error = NULL;
	g_auto(Target) target = { 0 };
	gint64 number = find_number(program, config, request, &error);

	if (!number || !open_target(&target, program, config, request, number, number, &error))
		return command_fail(error);
	if (target.run->state == JOURNAL_OWED) /* no hook is needed for that */
		return settle_debts(&target, request->command);
	if (!session_is_open(target.run)) {
		g_set_error(&error, SESSION_ERROR, SESSION_ERROR_RUN,
			    "run %" G_GINT64_FORMAT " is not open: it is %s", number,
			    journal_state_name(target.run->state));
		return command_fail(error);
	}
	if (!load(&target, program, config, request, &error) || !close_target(&target, &error))
		return command_fail(error);
	if (journal_run_boots(target.run))
		printf("run %" G_GINT64_FORMAT " closed\n", number);
	else
		printf("run %" G_GINT64_FORMAT
		       " closed: what it has changed stays; to take it back: "
		       "%s --undo=%" G_GINT64_FORMAT "\n",
		       number, request->command, number);
	return PROGRAM_DONE;
}
