/* The command line of snmove: options in, exit status out. */
#include "lua/command/command.h"
#include "lua/terminal/interrupt.h"
#include "lua/terminal/talk.h"
#include "lua/terminal/trace.h"
#include <locale.h>
#include <stdio.h>

/* The commands that only look at the journal, and need no database. */
static int look_at_runs(const Config *config, const Request *request)
{
	if (request->verb == VERB_STATUS)
		return command_status(config, request);
	if (request->verb == VERB_HISTORY)
		return command_history(config, request);
	return command_show(config, request);
}

static int do_with_database(Program *program, const Config *config, Request *request)
{
	switch (request->verb) {
	case VERB_EXPAND:
		return command_expand(program, request);
	case VERB_EXPLAIN:
		return command_explain(program, config, request);
	case VERB_VERIFY:
		return command_verify(program, config, request);
	case VERB_HOOKS_LIST:
		return command_hooks_list(program, config, request);
	case VERB_RESUME:
		return command_resume(program, config, request);
	case VERB_UNDO:
		return command_undo(program, config, request);
	case VERB_CLOSE:
		return command_close(program, config, request);
	case VERB_RECONCILE:
		return command_reconcile(program, config, request);
	default:
		return command_take_over(program, config, request);
	}
}

/* Hosts are waited for: a signal ends that in order. */
static gboolean waits(const Request *request)
{
	return request->verb != VERB_EXPAND &&
	       (request->verb != VERB_EXPLAIN || request->probe);
}

static int do_command(Request *request)
{
	g_auto(Config) config = { 0 };
	g_auto(Program) program = { 0 };
	GError *error = NULL;

	if (!program_configure(&config, request_text(request, OPTION_CONFIG),
			       request_text(request, OPTION_DB),
			       request_text(request, OPTION_STATE), &error))
		return command_fail(error);
	if (!request->needs_database)
		return look_at_runs(&config, request);
	if (!program_open(&program, &config, &error))
		return command_fail(error);
	if (waits(request))
		interrupt_setup();
	return do_with_database(&program, &config, request);
}

static gboolean changes(const Request *request)
{
	switch (request->verb) {
	case VERB_MOVE:
	case VERB_RESUME:
	case VERB_UNDO:
	case VERB_CLOSE:
	case VERB_RECONCILE:
		return !request->planning;
	default:
		return FALSE;
	}
}

static int refuse_usage(GError *error)
{
	talk_error("%s", error->message);
	g_error_free(error);
	fputs("try: snmove --help\n", stderr);
	return PROGRAM_USAGE;
}

int command_main(int argc, char **argv)
{
	g_auto(Request) request = { 0 };
	GError *error = NULL;
	int status = PROGRAM_DONE;

	/* Names are bytes; the locale only counts columns. */
	(void)setlocale(LC_ALL, "C.UTF-8");
	talk_setup("snmove", FALSE);
	if (!request_parse(&request, argc, argv, &error))
		return refuse_usage(error);
	talk_setup("snmove", request.verbose);
	if (options_given(&request.options, OPTION_TRACE))
		trace_start();
	if (options_given(&request.options, OPTION_HELP)) {
		g_autofree char *help = options_help(&request.options);

		fputs(help, stdout);
	} else if (options_given(&request.options, OPTION_VERSION)) {
		g_autofree char *drivers = store_drivers();

		printf("snmove " SNMOVE_VERSION " (%s)\n", drivers);
	} else {
		status = do_command(&request);
	}
	/* 1 would say that nothing was changed. */
	return program_finish(status, changes(&request) ? PROGRAM_OWED : PROGRAM_REFUSED);
}
