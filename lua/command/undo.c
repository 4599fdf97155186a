/* Taking runs back, and leaving them as they are. */
#include "core/base.h"
#include "core/noderange.h"
#include "lua/command/command.h"
#include "lua/command/mode.h"
#include "lua/runtime/runtime.h"
#include "lua/terminal/talk.h"
#include <stdio.h>
#include <string.h>

/* What both commands need of the run that they are about. */
typedef struct {
	Session session;
	Journal *look; /* under --plan: nothing is locked or written */
	JournalRun *target;
	JournalContent *content;
	Move *move;
	Takeover *takeover;
	Run *run;
	Procedure *procedure;
	GPtrArray *forced;
	ProcedureSettings settings;
} Work;

static void work_clear(Work *work)
{
	g_clear_pointer(&work->procedure, procedure_free);
	g_clear_pointer(&work->takeover, takeover_free);
	g_clear_pointer(&work->run, run_free);
	g_clear_pointer(&work->move, move_free);
	g_clear_pointer(&work->forced, g_ptr_array_unref);
	g_clear_pointer(&work->content, journal_content_free);
	g_clear_pointer(&work->target, journal_run_free);
	g_clear_pointer(&work->look, journal_close);
	session_close(&work->session);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Work, work_clear)

static gint64 find_number(const Config *config, const char *text, GError **error)
{
	g_autoptr(GError) problem = NULL;
	g_autoptr(Journal) look = journal_open(config->state, FALSE, &problem);

	if (problem) {
		g_propagate_error(error, g_steal_pointer(&problem));
		return 0;
	}
	if (look)
		return session_number(look, text, error);
	g_set_error(error, SESSION_ERROR, SESSION_ERROR_RUN, "there is no journal in %s yet",
		    config->state);
	return 0;
}

/* The run, its content, and the nodes that it was begun with. */
static gboolean open_target(Work *work, Program *program, const Config *config, gint64 number,
			    gboolean planning, GError **error)
{
	Journal *journal;

	if (planning)
		work->look = journal_open(config->state, FALSE, error);
	else if (!session_open(&work->session, program, config, number, error))
		return FALSE;
	journal = planning ? work->look : work->session.journal;
	work->target = journal ? journal_run(journal, number, error) : NULL;
	work->content = work->target ? journal_content(journal, number, error) : NULL;
	if (!work->content)
		return FALSE;
	if (g_strcmp0(work->target->database, store_url(program->store)) != 0) {
		g_set_error(error, SESSION_ERROR, SESSION_ERROR_RUN,
			    "run %" G_GINT64_FORMAT " was on the database %s, and this is %s",
			    number, work->target->database, store_url(program->store));
		return FALSE;
	}
	if (work->target->state == JOURNAL_UNDONE) {
		g_set_error(error, SESSION_ERROR, SESSION_ERROR_RUN,
			    "run %" G_GINT64_FORMAT
			    " is taken back already; snmove --history tells by "
			    "which run, and that one can be taken back",
			    number);
		return FALSE;
	}
	work->move = session_move(work->content);
	return TRUE;
}

/* The procedure and its hooks, for freeze, thaw and finished alone. */
static gboolean load_procedure(Work *work, Program *program, const Config *config,
			       const Options *options, gboolean planning, GError **error)
{
	BindingContext *context = &program->context;
	g_autofree char *script = work->target->script ? g_strdup(work->target->script)
						       : command_script(config, options, error);

	work->forced =
		script ? command_forced(config, options_text(options, OPTION_FORCE), error)
		       : NULL;
	if (!work->forced)
		return FALSE;
	work->settings.forced = (const char *const *)work->forced->pdata;
	work->settings.hooks = options_given(options, OPTION_HOOKS)
				       ? options_text(options, OPTION_HOOKS)
				       : config->hooks;
	work->run = run_new(context->cluster, planning);
	work->takeover = takeover_new(work->move, procedure_checks());
	work->takeover->attempt = "undo";
	takeover_recall_notes(work->takeover, work->content);
	context->run = work->run;
	context->takeover = work->takeover;
	if (!command_reach(context, options, error))
		return FALSE;
	work->procedure = procedure_load(context, script, &work->settings, error);
	return work->procedure != NULL;
}

/* The nodes that are meant: a set of names, or NULL without `error`: all. */
static GHashTable *wanted_nodes(Program *program, const Work *work, const char *noderange,
				GError **error)
{
	NoderangeOptions how = { TRUE, program->context.prefix, program->context.suffix };
	g_autoptr(GHashTable) wanted = NULL;
	g_autoptr(Noderange) range = NULL;
	g_autoptr(GPtrArray) others = g_ptr_array_new();
	g_autofree char *folded = NULL;

	if (!noderange)
		return NULL;
	range = noderange_expand(program->context.cluster, noderange, &how, error);
	if (!range)
		return NULL;
	g_ptr_array_extend(others, range->missing, NULL, NULL);
	wanted = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; i < range->names->len; i++) {
		if (move_find(work->move, range->names->pdata[i]))
			g_hash_table_add(wanted, g_strdup(range->names->pdata[i]));
		else
			g_ptr_array_add(others, range->names->pdata[i]);
	}
	if (others->len == 0 && g_hash_table_size(wanted) > 0)
		return g_steal_pointer(&wanted);
	folded = noderange_fold((const char *const *)others->pdata, others->len);
	g_set_error(error, MOVE_ERROR, MOVE_ERROR_NODES,
		    "run %" G_GINT64_FORMAT " has not moved %s", work->target->number,
		    *folded ? folded : noderange);
	return NULL;
}

static gboolean take_back(Work *work, GHashTable *wanted, guint *undone, GPtrArray *conflicts,
			  GError **error)
{
	if (!work->look && !run_settle(work->run, work->content, error))
		return FALSE;
	if (!procedure_run_step(work->procedure, "freeze", error) ||
	    !run_begin_step(work->run, CHANGE_UNDO_STEP, error) ||
	    !run_undo(work->run, work->content, wanted, conflicts, work->takeover->seen, undone,
		      error) ||
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
static gboolean end_target(Work *work, GHashTable *wanted, GError **error)
{
	gboolean all = is_all_undone(work->content);
	JournalLines lines = { 0 };

	if (!all && (wanted || !session_is_open(work->target)))
		return TRUE;
	lines.owed = all ? NULL : work->content->owed;
	return journal_end(work->session.journal, work->target->number,
			   all ? JOURNAL_UNDONE : JOURNAL_CLOSED, &lines, error);
}

static void tell_undo(const Work *work, guint undone, gboolean verbose)
{
	Run *run = work->run;
	gint64 number = work->target->number;

	if (run_is_planning(run)) {
		g_autofree char *report = change_report(run_changes(run), verbose);

		printf("%s%u change%s planned, nothing written\n", report,
		       run_change_count(run), run_change_count(run) == 1 ? "" : "s");
	} else {
		printf("run %u done%s: %u of the nodes of run %" G_GINT64_FORMAT
		       " taken back, %u change%s written\n",
		       work->takeover->number,
		       work->takeover->owed->len ? ", with work owed" : "", undone, number,
		       run_done(run), run_done(run) == 1 ? "" : "s");
	}
	for (guint i = 0; i < work->takeover->owed->len; i++) {
		g_autofree char *line = takeover_owed_line(work->takeover->owed->pdata[i]);

		printf("  owed: %s\n", line);
	}
	for (guint i = 0; i < work->takeover->seen->len; i++) {
		g_autofree char *line = text_plain(work->takeover->seen->pdata[i]);

		printf("  note: %s\n", line);
	}
}

/* Nodes that are not meant take no part: hooks do not see them, and the run is not theirs. */
static void keep_wanted(Work *work, GHashTable *wanted)
{
	g_autoptr(GPtrArray) others = g_ptr_array_new();

	for (guint i = 0; i < move_count(work->move); i++)
		if (!g_hash_table_contains(wanted, move_node(work->move, i)->name))
			g_ptr_array_add(others, (gpointer)move_node(work->move, i)->name);
	g_ptr_array_add(others, NULL);
	move_leave_out(work->move, (const char *const *)others->pdata);
}

/* `wanted` and `begun`: of an undo that was killed, its nodes and what it had done; or NULL. */
static int undo(Program *program, const Config *config, const Options *options, char **argv,
		gint64 number, GHashTable *wanted, const JournalContent *begun)
{
	gboolean planning = options_given(options, OPTION_PLAN);
	GError *error = NULL;
	g_auto(Work) work = { 0 };
	g_autoptr(GHashTable) named = NULL;
	g_autofree char *what = NULL;
	JournalRun *record;
	gboolean taken;
	guint undone = 0;
	int status;

	if (!open_target(&work, program, config, number, planning, &error) ||
	    !load_procedure(&work, program, config, options, planning, &error))
		return command_fail(error);
	if (begun)
		run_recall_undo(work.run, begun);
	named = wanted_nodes(program, &work, options->operands[0], &error);
	if (error)
		return command_fail(error);
	wanted = named ? named : wanted;
	if (wanted)
		keep_wanted(&work, wanted);
	if (!work.target->undoes &&
	    !mode_check_undo(&program->context, work.settings.forced, &error))
		return command_fail(error);
	if (!planning) {
		record = session_record(program, options, argv, NULL, NULL);
		record->undoes = number;
		if (!session_begin(&work.session, program, record, work.move, &error))
			return command_fail(error);
	}
	what = g_strdup_printf("%stake back the %smove of", planning ? "plan: " : "",
			       work.target->undoes ? "undo of the " : "");
	verdict_begin(work.takeover, what);
	/* What is thawed comes before the end is kept: one that is killed between thaws again.
	 */
	taken = take_back(&work, wanted, &undone, work.takeover->owed, &error);
	procedure_run_last(work.procedure,
			   taken ? "undone" : procedure_outcome(work.procedure, FALSE));
	if (taken && (planning || end_target(&work, wanted, &error))) {
		tell_undo(&work, undone, options_given(options, OPTION_VERBOSE));
		status = work.takeover->owed->len ? PROGRAM_OWED : PROGRAM_DONE;
	} else {
		status = verdict_failed(error, &program->context, argv, work.settings.forced);
	}
	return session_end(&work.session, &program->context, status);
}

int command_undo(Program *program, const Config *config, const Options *options, char **argv)
{
	GError *error = NULL;
	gint64 number = find_number(config, options_text(options, OPTION_UNDO), &error);

	return number ? undo(program, config, options, argv, number, NULL, NULL)
		      : command_fail(error);
}

/* Its rows were one commit: once that is settled the same is asked for again, of its nodes. */
int command_undo_again(Program *program, const Config *config, const Options *options,
		       char **argv, const JournalRun *record, JournalContent *content)
{
	GError *error = NULL;
	g_auto(Session) session = { 0 };
	g_autoptr(Run) run = run_new(program->context.cluster, FALSE);
	g_autoptr(GHashTable) wanted = NULL;
	g_autoptr(JournalRun) target = NULL;
	g_autoptr(JournalContent) taken_back = NULL;
	JournalLines lines = { 0 };

	if (!session_open(&session, program, config, record->number, &error))
		return command_fail(error);
	run_keep(run, session.journal, record->number, record->number, &lines);
	taken_back = journal_content(session.journal, record->undoes, &error);
	if (!taken_back || !run_settle(run, content, &error) ||
	    !run_settle_undo(run, content, taken_back, &error) ||
	    !journal_end(session.journal, record->number, JOURNAL_DONE, NULL, &error))
		return command_fail(error);
	target = journal_run(session.journal, record->undoes, &error);
	if (!target)
		return command_fail(error);
	if (target->state == JOURNAL_UNDONE) { /* killed when all but its last line was kept */
		printf("run %" G_GINT64_FORMAT " is taken back\n", record->undoes);
		return PROGRAM_DONE;
	}
	session_close(&session);
	wanted = g_hash_table_new(g_str_hash, g_str_equal);
	for (guint i = 0; i < content->nodes->len; i++)
		g_hash_table_add(wanted,
				 (gpointer)g_array_index(content->nodes, JournalNode, i).name);
	return undo(program, config, options, argv, record->undoes, wanted, content);
}

static int settle_debts(Work *work)
{
	GError *error = NULL;
	gint64 number = work->target->number;

	if (!journal_end(work->session.journal, number, JOURNAL_DONE, NULL, &error))
		return command_fail(error);
	printf("run %" G_GINT64_FORMAT " owes nothing any more; it can still be taken back: "
	       "snmove --undo=%" G_GINT64_FORMAT "\n",
	       number, number);
	return PROGRAM_DONE;
}

int command_close(Program *program, const Config *config, const Options *options, char **argv)
{
	GError *error = NULL;
	g_auto(Work) work = { 0 };
	JournalLines lines;
	gint64 number = find_number(config, options_text(options, OPTION_CLOSE), &error);
	gint64 notes;

	(void)argv;
	if (!number || !open_target(&work, program, config, number, FALSE, &error) ||
	    !load_procedure(&work, program, config, options, FALSE, &error))
		return command_fail(error);
	if (work.target->state ==
	    JOURNAL_OWED) /* it was done by hand, says the administrator */
		return settle_debts(&work);
	if (!session_is_open(work.target)) {
		g_set_error(&error, SESSION_ERROR, SESSION_ERROR_RUN,
			    "run %" G_GINT64_FORMAT " is not open: it is %s", number,
			    journal_state_name(work.target->state));
		return command_fail(error);
	}
	work.takeover->number = (guint)number;
	lines = session_lines(work.takeover);
	notes = journal_notes_run(work.session.journal, number, &error);
	run_keep(work.run, work.session.journal, number, notes, &lines);
	if (!notes || !run_settle(work.run, work.content, &error))
		return command_fail(error);
	procedure_run_last(work.procedure, "stopped");
	lines.owed = work.content->owed;
	lines.seen = work.content->seen;
	if (!journal_end(work.session.journal, number, JOURNAL_CLOSED, &lines, &error))
		return command_fail(error);
	printf("run %" G_GINT64_FORMAT " closed: what it has changed stays; to take it back: "
	       "snmove --undo=%" G_GINT64_FORMAT "\n",
	       number, number);
	return PROGRAM_DONE;
}
