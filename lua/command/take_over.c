/* A move: from its nodes to its verdict. */
#include "lua/command/looks.h"
#include "lua/command/moved.h"
#include "lua/command/record.h"
#include "lua/command/system.h"
#include "lua/command/verdict.h"
#include "lua/terminal/interrupt.h"
#include "lua/terminal/talk.h"
#include <stdio.h>

int command_fail(GError *error)
{
	int status = PROGRAM_REFUSED;

	g_return_val_if_fail(error, status);
	if (g_error_matches(error, MOVE_ERROR, MOVE_ERROR_USAGE) ||
	    g_error_matches(error, PROCEDURE_ERROR, PROCEDURE_ERROR_USAGE) ||
	    error->domain == REQUEST_ERROR || error->domain == OPTIONS_ERROR ||
	    error->domain == BATCHES_ERROR)
		status = PROGRAM_USAGE;
	else if (g_error_matches(error, SESSION_ERROR, SESSION_ERROR_BUSY))
		status = PROGRAM_BUSY;
	else if (g_error_matches(error, PROCEDURE_ERROR, PROCEDURE_ERROR_INTERRUPTED))
		status = 128 + interrupt_asked();
	talk_error("%s", error->message);
	g_error_free(error);
	return status;
}

static Move *compute_move(const Work *work, GError **error)
{
	const Request *request = work->request;
	const BindingContext *context = work->context;
	MoveRequest wanted = { .noderange = request->operand,
			       .source = request_text(request, OPTION_SOURCE),
			       .source_n = request_text(request, OPTION_SOURCEN),
			       .dest = request_text(request, OPTION_DEST),
			       .dest_n = request_text(request, OPTION_DESTN),
			       .prefix = context->prefix,
			       .suffix = context->suffix,
			       .keep_there = request_text(request, OPTION_ONLY) &&
					     !request->rows_only };
	g_autoptr(Move) move = move_new(context->cluster, context->hosts, &wanted, error);

	if (!move)
		return NULL;
	if (move_count(move) == 0 || wanted.dest_n)
		return g_steal_pointer(&move);
	if (!looks_find_destination(work, move, error))
		return NULL;
	if (wanted.dest && !wanted.keep_there)
		move_leave_there(move, context->cluster, context->hosts, wanted.dest);
	return g_steal_pointer(&move);
}

/* Warn if --batch has no effect. */
static void tell_batches(const Work *work)
{
	if (!procedure_has_batches(work->procedure))
		talk_warning("--batch does nothing: no step that will run goes in batches");
	else if (run_is_planning(work->run))
		verdict_batches(work->takeover);
}

static gboolean begin_run(Work *work, const char *script, GError **error)
{
	return session_begin(&work->session, work->program,
			     session_record(work->program, work->request, script,
					    procedure_digest(work->procedure)),
			     work->move, work->takeover->options, error);
}

/* FALSE: nobody is left to move. */
static gboolean tell_left_out(const Move *move)
{
	const char *const *lines = move_left_out(move);

	for (; *lines; lines++)
		talk_warning("%s", *lines);
	if (move_count(move) == 0)
		printf("nothing to do\n");
	return move_count(move) > 0;
}

/* FALSE without an error: there is nothing to do. */
static gboolean prepare(Work *work, GError **error)
{
	gboolean planning = run_is_planning(work->run);
	g_autofree char *script = NULL;
	Move *move;

	if (!planning &&
	    !session_open(&work->session, work->program, work->config, work->request, 0, error))
		return FALSE;
	move = work->request->hook ? moved_before(work, error) : compute_move(work, error);
	if (!move)
		return FALSE;
	work_take_move(work, move, "first");
	if (!tell_left_out(move))
		return FALSE;
	script = system_script(work, error);
	if (!script)
		return FALSE;
	work_fill_options(work);
	return work_load(work, script, error) && looks_find_mode(work, error) &&
	       (planning || begin_run(work, script, error));
}

/* What the plan was told is kept whole, however it has ended. */
static int end_recording(const Work *work, int status)
{
	GError *error = NULL;

	if (!request_text(work->request, OPTION_RECORD) || record_end(work, &error))
		return status;
	return command_fail(error);
}

static gboolean start_recording(const Work *work, GError **error)
{
	const char *path = request_text(work->request, OPTION_RECORD);

	return !path || record_start(path, work, error);
}

static int take_over(Work *work)
{
	const Request *request = work->request;
	GError *error = NULL;
	g_autofree char *what = NULL;
	g_autofree char *begun = NULL;

	if (!prepare(work, &error))
		return error ? command_fail(error) : PROGRAM_DONE;
	what = request->hook ? g_strdup_printf("hook %s for", request->hook)
			     : g_strdup(request->check ? "check" : "move");
	begun = g_strconcat(request->planning && !request->check ? "plan: " : "", what, NULL);
	verdict_begin(work->takeover, begun);
	if (request->batches && !request->check)
		tell_batches(work);
	return work_run(work);
}

int command_take_over(Program *program, const Config *config, Request *request)
{
	GError *error = NULL;
	g_auto(Work) work = { 0 };

	if (!work_begin(&work, program, config, request, request->planning, &error) ||
	    !start_recording(&work, &error))
		return command_fail(error);
	return end_recording(&work, take_over(&work));
}
