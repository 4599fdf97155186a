/* Going on with a run: one that was killed or stopped, or one that owes something. */
#include "core/base.h"
#include "core/noderange.h"
#include "lua/command/looks.h"
#include "lua/command/turned.h"
#include "lua/command/verdict.h"
#include "lua/procedure/digest.h"
#include "lua/terminal/talk.h"
#include <unistd.h>

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
				const char *const *forced, const char *command, GError **error)
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
		    "or go on all the same: %s --resume=%" G_GINT64_FORMAT " --force=changed",
		    record->number, files, command, record->number);
	return FALSE;
}

/*
 * A run that is done is resumed for what it owes: steps in which hosts did not get what they
 * should are run again, and give what is recorded to those that have.  What has no step is
 * somebody's to do by hand.
 */
static gboolean forget_owing_steps(JournalContent *content, const JournalRun *record,
				   const char *command, GError **error)
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
	if (!found)
		g_set_error(error, SESSION_ERROR, SESSION_ERROR_RUN,
			    "what run %" G_GINT64_FORMAT
			    " owes is to be done by hand (%s --status tells what); "
			    "afterwards: %s --close=%" G_GINT64_FORMAT,
			    number, command, command, number);
	else if (record->undoes)
		g_set_error(error, SESSION_ERROR, SESSION_ERROR_RUN,
			    "run %" G_GINT64_FORMAT
			    " was an undo; what it owes is tried again by another one: "
			    "%s --undo=%" G_GINT64_FORMAT,
			    number, command, record->undoes);
	return found && !record->undoes;
}

/* Without a number: the run that is open, else the last one. */
static gint64 resumed_number(Journal *journal, const Program *program, const Request *request,
			     GError **error)
{
	g_autoptr(GError) problem = NULL;
	gint64 open = request->run
			      ? 0
			      : session_open_run(journal, store_url(program->store), &problem);

	if (problem) {
		g_propagate_error(error, g_steal_pointer(&problem));
		return 0;
	}
	return open ? open : session_number(journal, request->run, error);
}

/* Before anything is locked.  0: there is none, or an error. */
static gint64 find_number(const Program *program, const Config *config, const Request *request,
			  GError **error)
{
	g_autoptr(GError) problem = NULL;
	g_autoptr(Journal) look = journal_open(config->state, FALSE, &problem);
	gint64 number = look ? resumed_number(look, program, request, &problem) : 0;

	if (!number && !problem)
		g_set_error(&problem, SESSION_ERROR, SESSION_ERROR_RUN,
			    "there is no run to resume");
	if (problem)
		g_propagate_error(error, g_steal_pointer(&problem));
	return number;
}

/* The run, if it can be resumed; fills in the session's record.  Gives its content. */
static JournalContent *open_run(Session *session, const Program *program, const Config *config,
				const Request *request, gint64 number, GError **error)
{
	g_autoptr(JournalContent) content = NULL;

	if (!session_open(session, program, config, request, number, error))
		return NULL;
	session->record = session_run(session->journal, request, number, error);
	if (!session->record ||
	    !check_resumable(session->record, store_url(program->store), error))
		return NULL;
	content = journal_content(session->journal, number, error);
	if (!content ||
	    (session->record->state == JOURNAL_OWED &&
	     !forget_owing_steps(content, session->record, request->command, error)))
		return NULL;
	return g_steal_pointer(&content);
}

/* Nodes that an undo has taken back meanwhile do not move again. */
static void leave_out_back(Work *work, const JournalContent *content)
{
	g_autoptr(GPtrArray) back = turned_back(content, NULL);

	for (guint i = 0; i < back->len; i++) {
		const Turned *turned = back->pdata[i];
		g_autofree char *folded = noderange_fold(
			(const char *const *)turned->names->pdata, turned->names->len);
		g_autofree char *names = text_plain(folded);

		talk_warning("%s %s taken back by run %" G_GINT64_FORMAT ", left out", names,
			     turned->names->len == 1 ? "is" : "are", turned->run);
		g_ptr_array_add(turned->names, NULL);
		move_leave_out(work->move, (const char *const *)turned->names->pdata);
	}
}

/* The takeover as the run has left it. */
static void recall_takeover(Work *work, JournalContent *content)
{
	JournalLines lines;
	gint64 number = work->session.record->number;

	work_take_move(work, session_move(content), "resume");
	leave_out_back(work, content);
	work->takeover->number = (guint)number;
	copy_options(work->takeover->options, content->options);
	takeover_recall(work->takeover, content);
	lines = session_lines(work->takeover);
	run_keep(work->run, work->session.journal, number, number, &lines);
	work->settings.done = content->steps;
}

static gboolean prepare(Work *work, JournalContent *content, GError **error)
{
	const JournalRun *record = work->session.record;
	g_autoptr(GPtrArray) changed = g_ptr_array_new_with_free_func(journal_owed_free);
	g_autoptr(GHashTable) anew = NULL;

	recall_takeover(work, content);
	if (!work_load(work, record->script, error) ||
	    !check_unchanged(work->procedure, record, work->settings.forced,
			     work->request->command, error) ||
	    !run_settle(work->run, content, TRUE, error))
		return FALSE;
	anew = procedure_anew(work->procedure);
	if (!run_recall(work->run, content, anew, changed, error) ||
	    !journal_reopen(work->session.journal, record->number, getpid(), error))
		return FALSE;
	takeover_owe_all(work->takeover, changed);
	return looks_recall_mode(work, record, error);
}

static int go_on(Program *program, const Config *config, Request *request, Session *session,
		 JournalContent *content)
{
	GError *error = NULL;
	g_auto(Work) work = { 0 };

	work.session = *session;
	*session = (Session){ 0 };
	if (!request_recall(request, content->options, &error) ||
	    !work_begin(&work, program, config, request, FALSE, &error) ||
	    !prepare(&work, content, &error))
		return command_fail(error);
	verdict_begin(work.takeover,
		      move_boots(work.move) ? "resume: network boot of" : "resume: move");
	return work_run(&work);
}

int command_resume(Program *program, const Config *config, Request *request)
{
	GError *error = NULL;
	g_auto(Session) session = { 0 };
	gint64 number = find_number(program, config, request, &error);
	g_autoptr(JournalContent) content =
		number ? open_run(&session, program, config, request, number, &error) : NULL;

	if (!content)
		return command_fail(error);
	if (!session.record->script) {
		g_autoptr(JournalRun) record = g_steal_pointer(&session.record);

		session_close(&session);
		return command_undo_again(program, config, request, record, content);
	}
	return go_on(program, config, request, &session, content);
}
