/* Going on with a run: one that was killed or stopped, or one that owes something. */
#include "lua/command/command.h"
#include "lua/procedure/digest.h"
#include "lua/command/mode.h"
#include "lua/terminal/talk.h"
#include <unistd.h>

static const char *option_of(const JournalContent *content, OptionId id)
{
	return g_hash_table_lookup(content->options, options_name(id));
}

static void copy_options(GHashTable *to, GHashTable *from)
{
	GHashTableIter each;
	gpointer name, text;

	g_hash_table_iter_init(&each, from);
	while (g_hash_table_iter_next(&each, &name, &text))
		g_hash_table_insert(to, g_strdup(name), g_strdup(text));
}

static gboolean check_resumable(const JournalRun *record, const char *database, GError **error)
{
	if (g_strcmp0(record->database, database) != 0)
		g_set_error(error, SESSION_ERROR, SESSION_ERROR_RUN,
			    "run %" G_GINT64_FORMAT " was on the database %s, and this is %s",
			    record->number, record->database, database);
	else if (!session_is_open(record) && record->state != JOURNAL_OWED)
		g_set_error(error, SESSION_ERROR, SESSION_ERROR_RUN,
			    "run %" G_GINT64_FORMAT " is not open: it is %s", record->number,
			    journal_state_name(record->state));
	else
		return TRUE;
	return FALSE;
}

/* A changed procedure is another one: it may not ask for what was begun. */
static gboolean check_unchanged(const Procedure *procedure, const JournalRun *record,
				const char *const *forced, GError **error)
{
	g_autofree char *files = digest_differing(procedure_digest(procedure),
						  record->digest ? record->digest : "");

	if (!files)
		return TRUE;
	if (g_strv_contains(forced, "changed")) {
		talk_warning("changed since the run was begun, as forced: %s", files);
		return TRUE;
	}
	g_set_error(error, SESSION_ERROR, SESSION_ERROR_RUN,
		    "changed since run %" G_GINT64_FORMAT
		    " was begun: %s; put it back, undo the run, "
		    "or go on all the same: snmove --resume=%" G_GINT64_FORMAT
		    " --force=changed",
		    record->number, files, record->number);
	return FALSE;
}

/*
 * A run that is done is resumed for what it owes: steps in which hosts did not get what they
 * should are run again, and give what is recorded to those that have.  What has no step is
 * somebody's to do by hand.
 */
static gboolean forget_owing_steps(JournalContent *content, const JournalRun *record,
				   GError **error)
{
	gint64 number = record->number;
	gboolean found = FALSE;

	for (guint i = 0; i < content->owed->len; i++) {
		const JournalOwed *owed = content->owed->pdata[i];

		if (owed->step) {
			g_hash_table_remove(content->steps, owed->step);
			found = TRUE;
		}
	}
	if (record->undoes)
		g_set_error(error, SESSION_ERROR, SESSION_ERROR_RUN,
			    "run %" G_GINT64_FORMAT
			    " was an undo; what it owes is tried again by another one: "
			    "snmove --undo=%" G_GINT64_FORMAT,
			    number, record->undoes);
	else if (!found)
		g_set_error(error, SESSION_ERROR, SESSION_ERROR_RUN,
			    "what run %" G_GINT64_FORMAT
			    " owes is to be done by hand (snmove --status tells what); "
			    "afterwards: snmove --close=%" G_GINT64_FORMAT,
			    number, number);
	return found && !record->undoes;
}

/* Without a number: the run that is open, else the last one. */
static gint64 resumed_number(Journal *journal, const Program *program, const Options *options,
			     GError **error)
{
	const char *text = options_text(options, OPTION_RESUME);
	g_autoptr(GError) problem = NULL;
	gint64 open =
		*text ? 0 : session_open_run(journal, store_url(program->store), &problem);

	if (problem) {
		g_propagate_error(error, g_steal_pointer(&problem));
		return 0;
	}
	return open ? open : session_number(journal, text, error);
}

int command_resume(Program *program, const Config *config, const Options *options, char **argv)
{
	BindingContext *context = &program->context;
	GError *error = NULL;
	g_auto(Session) session = { 0 };
	g_autoptr(Journal) look = journal_open(config->state, FALSE, &error);
	gint64 number = look ? resumed_number(look, program, options, &error) : 0;
	g_autoptr(JournalContent) content = NULL;
	g_autoptr(GPtrArray) forced = NULL;
	g_autoptr(GPtrArray) changed = g_ptr_array_new_with_free_func(journal_owed_free);
	g_autofree char *force = NULL;
	g_auto(GStrv) skip = NULL;
	g_auto(GStrv) only = NULL;
	g_autoptr(Move) move = NULL;
	g_autoptr(Run) run = run_new(context->cluster, FALSE);
	g_autoptr(Takeover) takeover = NULL;
	g_autoptr(Procedure) procedure = NULL;
	ProcedureSettings settings = { 0 };
	JournalLines lines;

	if (!number && !error)
		g_set_error(&error, SESSION_ERROR, SESSION_ERROR_RUN,
			    "there is no run to resume");
	if (!number || !session_open(&session, program, config, number, &error))
		return command_fail(error);
	session.record = journal_run(session.journal, number, &error);
	if (!session.record ||
	    !check_resumable(session.record, store_url(program->store), &error))
		return command_fail(error);
	content = journal_content(session.journal, number, &error);
	if (!content || (session.record->state == JOURNAL_OWED &&
			 !forget_owing_steps(content, session.record, &error)))
		return command_fail(error);
	if (!session.record->script) {
		g_autoptr(JournalRun) record = g_steal_pointer(&session.record);

		session_close(&session);
		return command_undo_again(program, config, options, argv, record, content);
	}
	force = g_strconcat(
		option_of(content, OPTION_FORCE) ? option_of(content, OPTION_FORCE) : "", ",",
		options_given(options, OPTION_FORCE) ? options_text(options, OPTION_FORCE) : "",
		NULL);
	forced = command_forced(config, force, &error);
	if (!forced)
		return command_fail(error);
	skip = command_steps(option_of(content, OPTION_SKIP));
	only = command_steps(option_of(content, OPTION_ONLY));
	settings = (ProcedureSettings){ .forced = (const char *const *)forced->pdata,
					.skip = (const char *const *)skip,
					.only = (const char *const *)only,
					.hooks = option_of(content, OPTION_HOOKS)
							 ? option_of(content, OPTION_HOOKS)
							 : config->hooks,
					.done = content->steps };
	move = session_move(content);
	takeover = takeover_new(move, procedure_checks());
	takeover->attempt = "resume";
	takeover->number = (guint)number;
	copy_options(takeover->options, content->options);
	takeover_recall(takeover, content);
	context->run = run;
	context->takeover = takeover;
	lines = session_lines(takeover);
	run_keep(run, session.journal, number, number, &lines);
	procedure = takeover_limit(takeover, option_of(content, OPTION_BATCH),
				   options_given(options, OPTION_MAX_FAIL)
					   ? options_text(options, OPTION_MAX_FAIL)
					   : option_of(content, OPTION_MAX_FAIL),
				   &error) &&
				    command_reach(context, options, &error)
			    ? procedure_load(context, session.record->script, &settings, &error)
			    : NULL;
	if (!procedure ||
	    !check_unchanged(procedure, session.record, settings.forced, &error) ||
	    !run_settle(run, content, &error) || !run_recall(run, content, changed, &error) ||
	    !journal_reopen(session.journal, number, getpid(), &error))
		return command_fail(error);
	takeover_owe_all(takeover, changed);
	mode_recall(context, session.record);
	verdict_begin(takeover, "resume: move");
	return command_run(&session, procedure, context, options, argv, settings.forced);
}
