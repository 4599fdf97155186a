#include "lua/command.h"
#include "core/base.h"
#include "lua/runtime.h"
#include "lua/talk.h"
#include <string.h>

static int fail(GError *error, int status)
{
	talk_error("%s", error->message);
	g_error_free(error);
	return status;
}

/* "a,b": each must be the name of a check, or all.  `where` is said in the message. */
static gboolean take_checks(GPtrArray *taken, const char *where, const char *const *names,
			    GError **error)
{
	const char *const *checks = procedure_checks();

	for (guint i = 0; names && names[i]; i++) {
		g_autofree char *all = NULL;
		const char *nearest;

		if (g_str_equal(names[i], "all")) {
			for (guint j = 0; checks[j]; j++)
				g_ptr_array_add(taken, (gpointer)checks[j]);
			continue;
		}
		if (g_strv_contains(checks, names[i])) {
			g_ptr_array_add(taken, (gpointer)names[i]);
			continue;
		}
		all = g_strjoinv(" ", (char **)checks);
		nearest = text_nearest(names[i], checks);
		g_set_error(error, MOVE_ERROR, MOVE_ERROR_USAGE,
			    "%s: no check is named '%s'%s%s%s; there are: all %s", where,
			    names[i], nearest ? ", did you mean '" : "", nearest ? nearest : "",
			    nearest ? "'?" : "", all);
		return FALSE;
	}
	return TRUE;
}

/* The names of --skip and --only; `rows` is the tables alone.  Gives a vector, or NULL. */
static char **parse_steps(const char *list)
{
	static const char *const rows[] = { "check", "servicenode", "xcatmaster", "servers" };
	g_auto(GStrv) names = NULL;
	GPtrArray *steps;

	if (!list)
		return NULL;
	names = g_strsplit(list, ",", -1);
	steps = g_ptr_array_new();
	for (guint i = 0; names[i]; i++) {
		if (!g_str_equal(names[i], "rows")) {
			g_ptr_array_add(steps, g_strdup(names[i]));
			continue;
		}
		for (gsize j = 0; j < G_N_ELEMENTS(rows); j++)
			g_ptr_array_add(steps, g_strdup(rows[j]));
	}
	g_ptr_array_add(steps, NULL);
	return (char **)g_ptr_array_free(steps, FALSE);
}

static void fill_options(Takeover *takeover, const Options *options)
{
	for (guint i = 0; i < OPTIONS; i++)
		if (options_given(options, (OptionId)i))
			g_hash_table_insert(takeover->options,
					    g_strdup(options_name((OptionId)i)),
					    g_strdup(options_text(options, (OptionId)i)));
}

static char *script_path(const Config *config, const Options *options, GError **error)
{
	const char *directory = runtime_data_directory();

	if (options_given(options, OPTION_SCRIPT))
		return g_strdup(options_text(options, OPTION_SCRIPT));
	if (config->script)
		return g_strdup(config->script);
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

static gboolean is_usage(const GError *error)
{
	return g_error_matches(error, MOVE_ERROR, MOVE_ERROR_USAGE) ||
	       g_error_matches(error, PROCEDURE_ERROR, PROCEDURE_ERROR_USAGE);
}

/* --force of the command line, `allow` of the site: the names, NULL-terminated. */
static GPtrArray *forced_checks(const Config *config, char **typed, GError **error)
{
	g_autoptr(GPtrArray) forced = g_ptr_array_new();

	if (!take_checks(forced, "allow", (const char *const *)config->allow, error) ||
	    !take_checks(forced, "--force", (const char *const *)typed, error))
		return NULL;
	g_ptr_array_add(forced, NULL);
	return g_steal_pointer(&forced);
}

int command_take_over(Program *program, const Config *config, const Options *options,
		      char **argv)
{
	BindingContext *context = &program->context;
	const char *force = options_text(options, OPTION_FORCE);
	const char *only = options_given(options, OPTION_CHECK)
				   ? "check"
				   : options_text(options, OPTION_ONLY);
	g_auto(GStrv) typed =
		g_strsplit(force ? force : "", ",", -1); /* forced points into it */
	g_auto(GStrv) skip = parse_steps(options_text(options, OPTION_SKIP));
	g_auto(GStrv) only_steps = parse_steps(only);
	ProcedureSettings settings = { .skip = (const char *const *)skip,
				       .only = (const char *const *)only_steps,
				       .hooks = options_given(options, OPTION_HOOKS)
							? options_text(options, OPTION_HOOKS)
							: config->hooks };
	GError *error = NULL;
	g_autoptr(GPtrArray) forced = forced_checks(config, typed, &error);
	g_autofree char *script = forced ? script_path(config, options, &error) : NULL;
	g_autoptr(Move) move = script ? compute_move(context, options, &error) : NULL;
	g_autoptr(Run) run = run_new(context->cluster, options_given(options, OPTION_PLAN));
	g_autoptr(Takeover) takeover = NULL;
	g_autoptr(Procedure) procedure = NULL;

	if (!move)
		return fail(error, is_usage(error) ? PROGRAM_USAGE : PROGRAM_REFUSED);
	settings.forced = (const char *const *)forced->pdata;
	takeover = takeover_new(move, procedure_checks());
	fill_options(takeover, options);
	context->run = run;
	context->takeover = takeover;
	procedure = procedure_load(context, script, &settings, &error);
	if (!procedure)
		return fail(error, is_usage(error) ? PROGRAM_USAGE : PROGRAM_REFUSED);
	verdict_begin(move, run_is_planning(run));
	if (!procedure_run(procedure, &error))
		return verdict_failed(error, context, argv, settings.forced);
	return verdict_done(context, procedure, options_given(options, OPTION_VERBOSE));
}
