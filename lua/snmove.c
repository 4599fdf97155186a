/* snmove: options in, exit status out. */
#include "core/noderange.h"
#include "lua/command.h"
#include "lua/talk.h"
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

static const char *const old_places[] = { "keep", "last", "drop", NULL };

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
	else if (options_given(options, OPTION_EXPAND))
		return TRUE;
	else if (operands == 0 && !options_given(options, OPTION_SOURCE))
		g_set_error(error, MOVE_ERROR, MOVE_ERROR_USAGE,
			    "name the nodes to move, or with -s the service node they leave");
	else if (!options_given(options, OPTION_DESTN))
		g_set_error(
			error, MOVE_ERROR, MOVE_ERROR_USAGE,
			"-D is needed: the new service node as the nodes know it (looking at "
			"its interfaces for it is not in this version yet)");
	else if (options_given(options, OPTION_SKIP) && options_given(options, OPTION_ONLY))
		g_set_error(error, MOVE_ERROR, MOVE_ERROR_USAGE,
			    "--skip and --only: give one of them");
	else if (options_given(options, OPTION_OLD) &&
		 !g_strv_contains(old_places, options_text(options, OPTION_OLD)))
		g_set_error(error, MOVE_ERROR, MOVE_ERROR_USAGE,
			    "--old is keep, last or drop, and not '%s'",
			    options_text(options, OPTION_OLD));
	else
		return TRUE;
	return FALSE;
}

int main(int argc, char **argv)
{
	g_auto(Options) options = { 0 };
	g_auto(Config) config = { 0 };
	g_auto(Program) program = { 0 };
	GError *error = NULL;

	setlocale(LC_ALL, "C.UTF-8"); /* names are bytes; the locale only counts columns */
	if (!options_parse(&options, argc, argv, &error)) {
		fail(error, PROGRAM_USAGE);
		fputs("try: snmove --help\n", stderr);
		return PROGRAM_USAGE;
	}
	talk_setup("snmove", options_given(&options, OPTION_VERBOSE));
	if (options_given(&options, OPTION_HELP)) {
		g_autofree char *help = options_help();

		fputs(help, stdout);
		return PROGRAM_DONE;
	}
	if (options_given(&options, OPTION_VERSION)) {
		puts("snmove " SNMOVE_VERSION);
		return PROGRAM_DONE;
	}
	if (!check_usage(&options, &error)) {
		fail(error, PROGRAM_USAGE);
		fputs("try: snmove --help\n", stderr);
		return PROGRAM_USAGE;
	}
	if (!program_configure(&config, options_text(&options, OPTION_CONFIG),
			       options_text(&options, OPTION_DB),
			       options_text(&options, OPTION_STATE), &error) ||
	    !program_open(&program, &config, &error))
		return fail(error, PROGRAM_REFUSED);
	if (options_given(&options, OPTION_EXPAND))
		return expand(&program, &options);
	return command_take_over(&program, &config, &options, argv);
}
