/* snmove: options in, exit status out. */
#include "core/noderange.h"
#include "lua/command/command.h"
#include "lua/terminal/interrupt.h"
#include "lua/terminal/talk.h"
#include <locale.h>
#include <stdio.h>
#include <string.h>

static int fail(GError *error, int status)
{
	talk_error("%s", error->message);
	g_error_free(error);
	return status;
}

static void print_names(const GPtrArray *names, gboolean fold)
{
	g_autofree char *folded = NULL;

	if (!fold) {
		for (guint i = 0; i < names->len; i++)
			puts(names->pdata[i]);
		return;
	}
	folded = noderange_fold((const char *const *)names->pdata, names->len);
	if (*folded)
		puts(folded);
}

/* snmove --expand NODERANGE [--fold] */
static int expand(Program *program, const Options *options)
{
	NoderangeOptions how = { TRUE, program->context.prefix, program->context.suffix };
	GError *error = NULL;
	g_autoptr(Noderange) range = noderange_expand(
		program->context.cluster, options_text(options, OPTION_EXPAND), &how, &error);
	g_autofree char *folded = NULL;

	if (!range)
		return fail(error, PROGRAM_USAGE);
	print_names(range->names, options_given(options, OPTION_FOLD));
	if (range->names->len == 0 && range->excluded->len > 0) {
		folded = noderange_fold((const char *const *)range->excluded->pdata,
					range->excluded->len);
		talk_warning("nothing is left: site.excludenodes takes out %s", folded);
	}
	if (range->missing->len == 0)
		return PROGRAM_DONE;
	g_free(folded);
	folded =
		noderange_fold((const char *const *)range->missing->pdata, range->missing->len);
	talk_error("no such node or group in the database: %s", folded);
	return PROGRAM_REFUSED;
}

static const OptionId about_runs[] = { OPTION_RESUME, OPTION_UNDO,    OPTION_CLOSE,
				       OPTION_STATUS, OPTION_HISTORY, OPTION_SHOW };

/* These commands are about runs that were, and not a move of their own. */
static gboolean is_about_runs(const Options *options)
{
	for (gsize i = 0; i < G_N_ELEMENTS(about_runs); i++)
		if (options_given(options, about_runs[i]))
			return TRUE;
	return FALSE;
}

static const char *const old_places[] = { "keep", "last", "drop", NULL };

static gboolean tells_runs(const Options *options)
{
	return options_given(options, OPTION_STATUS) ||
	       options_given(options, OPTION_HISTORY) || options_given(options, OPTION_SHOW);
}

/* Their texts are read again, and kept, by who needs them. */
static gboolean check_batches(const Options *options, GError **error)
{
	g_autoptr(Takeover) nothing = takeover_new(NULL, NULL);

	return takeover_limit(nothing, options_text(options, OPTION_BATCH),
			      options_text(options, OPTION_MAX_FAIL), error);
}

/* The rules of xCAT's command for what goes with what; then what is not done yet. */
static gboolean check_usage(const Options *options, GError **error)
{
	guint operands = g_strv_length(options->operands);
	OptionId later = options_not_yet(options);

	if (options_given(options, OPTION_IGNORENODES) &&
	    options_given(options, OPTION_POSTSCRIPTS))
		g_set_error(error, MOVE_ERROR, MOVE_ERROR_USAGE,
			    "-i does nothing on the nodes, so -P has nothing to run: give one "
			    "of them");
	else if (operands > 1)
		g_set_error(error, MOVE_ERROR, MOVE_ERROR_USAGE,
			    "one noderange at a time, not %u: join them with commas", operands);
	else if (later != OPTIONS)
		g_set_error(error, MOVE_ERROR, MOVE_ERROR_USAGE,
			    "--%s is not in this version yet", options_name(later));
	else if (options_given(options, OPTION_PLAN) &&
		 (options_given(options, OPTION_RESUME) ||
		  options_given(options, OPTION_CLOSE)))
		g_set_error(error, MOVE_ERROR, MOVE_ERROR_USAGE,
			    "--plan is for a move and for --undo: a resume and a close have no "
			    "plan");
	else if (options_given(options, OPTION_JSON) && !tells_runs(options))
		g_set_error(error, MOVE_ERROR, MOVE_ERROR_USAGE,
			    "--json is for --status, --history and --show in this version");
	else if (!check_batches(options, error))
		return FALSE;
	else if (options_given(options, OPTION_EXPAND) || is_about_runs(options))
		return TRUE;
	else if (operands == 0 && !options_given(options, OPTION_SOURCE))
		g_set_error(error, MOVE_ERROR, MOVE_ERROR_USAGE,
			    "name the nodes to move, or with -s the service node they leave");
	else if (options_given(options, OPTION_ALIVE) && options_given(options, OPTION_DEAD))
		g_set_error(error, MOVE_ERROR, MOVE_ERROR_USAGE,
			    "--alive and --dead: give one of them");
	else if (options_given(options, OPTION_SKIP) && options_given(options, OPTION_ONLY))
		g_set_error(error, MOVE_ERROR, MOVE_ERROR_USAGE,
			    "--skip and --only: give one of them");
	else if (options_given(options, OPTION_OLD) &&
		 !g_strv_contains(old_places, options_text(options, OPTION_OLD)))
		g_set_error(error, MOVE_ERROR, MOVE_ERROR_USAGE,
			    "--old must be keep, last or drop, not '%s'",
			    options_text(options, OPTION_OLD));
	else
		return TRUE;
	return FALSE;
}

/* The commands that only look at the journal, and need no database. */
static gboolean look_at_runs(const Config *config, const Options *options, int *status)
{
	if (options_given(options, OPTION_STATUS))
		*status = command_status(config, options);
	else if (options_given(options, OPTION_HISTORY))
		*status = command_history(config, options);
	else if (options_given(options, OPTION_SHOW))
		*status = command_show(config, options);
	else
		return FALSE;
	return TRUE;
}

static int do_command(const Options *options, char **argv)
{
	g_auto(Config) config = { 0 };
	g_auto(Program) program = { 0 };
	GError *error = NULL;
	int status;

	if (!program_configure(&config, options_text(options, OPTION_CONFIG),
			       options_text(options, OPTION_DB),
			       options_text(options, OPTION_STATE), &error))
		return fail(error, PROGRAM_REFUSED);
	if (look_at_runs(&config, options, &status))
		return status;
	if (!program_open(&program, &config, &error))
		return fail(error, PROGRAM_REFUSED);
	if (options_given(options, OPTION_EXPAND))
		return expand(&program, options);
	interrupt_setup();
	if (options_given(options, OPTION_RESUME))
		return command_resume(&program, &config, options, argv);
	if (options_given(options, OPTION_UNDO))
		return command_undo(&program, &config, options, argv);
	if (options_given(options, OPTION_CLOSE))
		return command_close(&program, &config, options, argv);
	return command_take_over(&program, &config, options, argv);
}

int main(int argc, char **argv)
{
	g_auto(Options) options = { 0 };
	GError *error = NULL;
	int status = PROGRAM_DONE;

	(void)setlocale(LC_ALL,
			"C.UTF-8"); /* names are bytes; the locale only counts columns */
	if (!options_parse(&options, argc, argv, &error)) {
		fail(error, PROGRAM_USAGE);
		fputs("try: snmove --help\n", stderr);
		return PROGRAM_USAGE;
	}
	talk_setup("snmove", options_given(&options, OPTION_VERBOSE));
	if (options_given(&options, OPTION_HELP)) {
		g_autofree char *help = options_help();

		fputs(help, stdout);
	} else if (options_given(&options, OPTION_VERSION)) {
		puts("snmove " SNMOVE_VERSION);
	} else if (!check_usage(&options, &error)) {
		status = fail(error, PROGRAM_USAGE);
		fputs("try: snmove --help\n", stderr);
	} else {
		status = do_command(&options, argv);
	}
	return program_finish(status);
}
