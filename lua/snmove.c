/* snmove: options in, exit status out. */
#include "core/base.h"
#include "core/noderange.h"
#include "lua/options.h"
#include "lua/procedure.h"
#include "lua/program.h"
#include "lua/runtime.h"
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
	else if (!options_given(options, OPTION_IGNORENODES))
		g_set_error(error, MOVE_ERROR, MOVE_ERROR_USAGE,
			    "-i is needed: work on the nodes themselves is not in this version "
			    "yet");
	else
		return TRUE;
	return FALSE;
}

/* --force=a,b: each must be a check's name, or all.  Gives a vector. */
static char **parse_checks(const char *list, GError **error)
{
	const char *const *checks = procedure_checks();
	g_auto(GStrv) names = g_strsplit(list ? list : "", ",", -1);

	for (guint i = 0; names[i]; i++) {
		g_autofree char *all = NULL;
		const char *nearest;

		if (g_str_equal(names[i], "all"))
			return g_strdupv((char **)checks);
		if (g_strv_contains(checks, names[i]))
			continue;
		all = g_strjoinv(" ", (char **)checks);
		nearest = text_nearest(names[i], checks);
		g_set_error(error, MOVE_ERROR, MOVE_ERROR_USAGE,
			    "--force: no check is named '%s'%s%s%s; there are: all %s",
			    names[i], nearest ? ", did you mean '" : "", nearest ? nearest : "",
			    nearest ? "'?" : "", all);
		return NULL;
	}
	return g_steal_pointer(&names);
}

/* The command as it was typed, with the checks forced that refused it. */
static char *command_with_force(int argc, char **argv, const Takeover *takeover,
				const char *const *forced)
{
	GString *command = g_string_new("snmove");
	GString *names = g_string_new(NULL);

	for (int i = 1; i < argc; i++) {
		g_autofree char *quoted = g_shell_quote(argv[i]);
		gboolean plain =
			argv[i][0] && !argv[i][strspn(argv[i], G_CSET_a_2_z G_CSET_A_2_Z
						      "0123456789-_=,./:+@%")];

		if (!g_str_has_prefix(argv[i], "--force="))
			g_string_append_printf(command, " %s", plain ? argv[i] : quoted);
	}
	for (guint i = 0; takeover->checks[i]; i++) {
		gboolean wanted = forced && g_strv_contains(forced, takeover->checks[i]);

		for (guint j = 0; !wanted && j < takeover->problems->len; j++)
			wanted = ((TakeoverProblem *)takeover->problems->pdata[j])->check ==
				 takeover->checks[i];
		if (wanted)
			g_string_append_printf(names, "%s%s", names->len ? "," : "",
					       takeover->checks[i]);
	}
	g_string_append_printf(command, " --force=%s", names->str);
	g_string_free(names, TRUE);
	return g_string_free(command, FALSE);
}

static void tell_problems(const Takeover *takeover)
{
	for (guint i = 0; i < takeover->problems->len; i++) {
		const TakeoverProblem *problem = takeover->problems->pdata[i];
		g_autofree char *seen = text_plain(problem->seen);
		g_autofree char *wanted = text_plain(problem->wanted);

		printf("  %-10s %s%s%s\n             wanted: %s\n", problem->check,
		       problem->nodes ? problem->nodes : "", problem->nodes ? ": " : "", seen,
		       wanted);
	}
}

static char *server_names(const char *const *servers)
{
	g_autofree char *all = g_strjoinv(", ", (char **)servers);

	return *all ? text_plain(all) : g_strdup("no service node");
}

static void tell_move(const Move *move, gboolean planning)
{
	g_autofree char *from = server_names(move_sources(move));
	g_autofree char *to = server_names(move_destinations(move));
	g_autofree char *folded = noderange_fold(move_names(move), move_count(move));
	g_autofree char *nodes = text_plain(folded);

	printf("%s %u node%s from %s to %s: %s\n", planning ? "plan: move" : "move",
	       move_count(move), move_count(move) == 1 ? "" : "s", from, to, nodes);
	fflush(stdout);
}

static int verdict(const BindingContext *context, const Options *options)
{
	const Takeover *takeover = context->takeover;
	const Run *run = context->run;
	guint nodes = move_count(takeover->move);

	if (run_is_planning(run)) {
		g_autofree char *report =
			run_report(run, options_given(options, OPTION_VERBOSE));

		printf("%s%u change%s planned, nothing written\n", report, run_count(run),
		       run_count(run) == 1 ? "" : "s");
	} else {
		printf("done%s: %u node%s, %u change%s written\n",
		       takeover->owed->len ? ", with work owed" : "", nodes,
		       nodes == 1 ? "" : "s", run_done(run), run_done(run) == 1 ? "" : "s");
	}
	for (guint i = 0; i < takeover->owed->len; i++) {
		g_autofree char *line = text_plain(takeover->owed->pdata[i]);

		printf("  owed: %s\n", line);
	}
	return takeover->owed->len ? PROGRAM_OWED : PROGRAM_DONE;
}

/* What a failure leaves, and what to type next. */
static int tell_failure(GError *error, const BindingContext *context, int argc, char **argv,
			const char *const *forced)
{
	const Run *run = context->run;
	gboolean refused = g_error_matches(error, PROCEDURE_ERROR, PROCEDURE_ERROR_REFUSED);

	if (refused && context->takeover->problems->len > 0) {
		g_autofree char *command =
			command_with_force(argc, argv, context->takeover, forced);

		printf("refused, nothing changed\n");
		tell_problems(context->takeover);
		printf("to go on all the same: %s\n", command);
		g_error_free(error);
		return PROGRAM_REFUSED;
	}
	talk_error("%s", error->message);
	g_error_free(error);
	if (run_done(run) == 0) {
		printf("%s, nothing changed\n", refused ? "refused" : "failed");
		return PROGRAM_REFUSED;
	}
	printf("stopped part-way: %u change%s written\n", run_done(run),
	       run_done(run) == 1 ? "" : "s");
	return PROGRAM_PARTWAY;
}

static void fill_options(Takeover *takeover, const Options *options)
{
	for (guint i = 0; i < OPTIONS; i++)
		if (options_given(options, (OptionId)i))
			g_hash_table_insert(takeover->options,
					    g_strdup(options_name((OptionId)i)),
					    g_strdup(options_text(options, (OptionId)i)));
}

static char *script_path(const Options *options, GError **error)
{
	const char *directory = runtime_data_directory();

	if (options_given(options, OPTION_SCRIPT))
		return g_strdup(options_text(options, OPTION_SCRIPT));
	if (directory)
		return g_build_filename(directory, "scripts", "linux.lua", NULL);
	g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_LOAD,
		    "scripts/linux.lua is not where it was installed; name a procedure with "
		    "--script");
	return NULL;
}

static Move *compute_move(const BindingContext *context, const Options *options, GError **error)
{
	MoveRequest request = { .noderange = options->operands[0],
				.source = options_text(options, OPTION_SOURCE),
				.source_n = options_text(options, OPTION_SOURCEN),
				.dest = options_text(options, OPTION_DEST),
				.dest_n = options_text(options, OPTION_DESTN),
				.prefix = context->prefix,
				.suffix = context->suffix };

	return move_new(context->cluster, context->hosts, &request, error);
}

/* snmove NODERANGE ..., snmove -s SN1 ... */
static int take_over(Program *program, const Options *options, int argc, char **argv)
{
	BindingContext *context = &program->context;
	GError *error = NULL;
	g_auto(GStrv) forced = parse_checks(options_text(options, OPTION_FORCE), &error);
	g_autofree char *script = forced ? script_path(options, &error) : NULL;
	g_autoptr(Move) move = script ? compute_move(context, options, &error) : NULL;
	g_autoptr(Run) run = run_new(context->cluster, options_given(options, OPTION_PLAN));
	g_autoptr(Takeover) takeover = NULL;
	g_autoptr(Procedure) procedure = NULL;

	if (!move)
		return fail(error, g_error_matches(error, MOVE_ERROR, MOVE_ERROR_USAGE)
					   ? PROGRAM_USAGE
					   : PROGRAM_REFUSED);
	takeover = takeover_new(move, procedure_checks());
	fill_options(takeover, options);
	context->run = run;
	context->takeover = takeover;
	procedure = procedure_load(context, script, (const char *const *)forced, &error);
	if (!procedure)
		return fail(error, PROGRAM_REFUSED);
	tell_move(move, run_is_planning(run));
	if (!procedure_run(procedure, &error))
		return tell_failure(error, context, argc, argv, (const char *const *)forced);
	return verdict(context, options);
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
	return take_over(&program, &options, argc, argv);
}
