#include "lua/command/command.h"
#include "core/base.h"
#include "lua/command/destination.h"
#include "lua/procedure/digest.h"
#include "lua/terminal/interrupt.h"
#include "lua/command/mode.h"
#include "lua/runtime/runtime.h"
#include "lua/terminal/talk.h"
#include <string.h>
#include <unistd.h>

int command_fail(GError *error)
{
	int status = PROGRAM_REFUSED;

	g_return_val_if_fail(error, status);
	if (g_error_matches(error, MOVE_ERROR, MOVE_ERROR_USAGE) ||
	    g_error_matches(error, PROCEDURE_ERROR, PROCEDURE_ERROR_USAGE) ||
	    error->domain == BATCHES_ERROR)
		status = PROGRAM_USAGE;
	else if (g_error_matches(error, SESSION_ERROR, SESSION_ERROR_BUSY))
		status = PROGRAM_BUSY;
	talk_error("%s", error->message);
	g_error_free(error);
	return status;
}

static gboolean take_number(const Options *options, OptionId id, guint most, guint factor,
			    guint *value, GError **error)
{
	guint64 number;

	if (!options_given(options, id))
		return TRUE;
	if (g_ascii_string_to_unsigned(options_text(options, id), 10, 1, most, &number, NULL)) {
		*value = (guint)number * factor;
		return TRUE;
	}
	g_set_error(error, MOVE_ERROR, MOVE_ERROR_USAGE,
		    "--%s must be a number from 1 to %u, not '%s'", options_name(id), most,
		    options_text(options, id));
	return FALSE;
}

/* The last steps run all the same: what was paused for the move has to go on. */
static gboolean shall_stop(gpointer data)
{
	const Takeover *takeover = ((const BindingContext *)data)->takeover;

	return !takeover->ending && (interrupt_asked() || takeover_has_failed(takeover));
}

static void count_result(const char *node, const RemoteResult *result, gpointer data)
{
	takeover_count(((BindingContext *)data)->takeover, node, result);
}

static void take_results(const Run *run, const RunResult *results, guint n, gpointer data)
{
	Takeover *takeover = ((BindingContext *)data)->takeover;

	if (takeover)
		takeover_results(takeover, run_current_step(run), results, n,
				 run_is_planning(run));
}

#define TELL_EVERY 30 /* seconds, where there is no terminal to show progress on */

static void tell_progress(guint done, guint total, gpointer data)
{
	static gint64 told;
	gint64 now = g_get_monotonic_time();

	(void)data;
	if (total < 2)
		return;
	talk_progress(done, total);
	if (!told || done == 0)
		told = now;
	if (isatty(STDERR_FILENO) || now - told < TELL_EVERY * G_USEC_PER_SEC)
		return;
	told = now;
	talk_step("%u of %u hosts", done, total);
}

gboolean command_reach(BindingContext *context, const Options *options, GError **error)
{
	RunWatch watch = { shall_stop, tell_progress, count_result, take_results, context };

	if (!take_number(options, OPTION_FANOUT, REMOTE_FANOUT_MOST, 1, &context->limits.fanout,
			 error) ||
	    !take_number(options, OPTION_TIMEOUT, REMOTE_SECONDS_MOST, 1000,
			 &context->limits.time, error))
		return FALSE;
	run_reach(context->run, context->remote, &watch, &context->limits);
	run_keep_replaced(context->run, context->kept);
	return TRUE;
}

static guint index_of(const char *const *names, const char *name)
{
	guint i = 0;

	while (!g_str_equal(names[i], name))
		i++;
	return i;
}

/* "a,b": each must be the name of a check, or all.  `where` is said in the message. */
static gboolean take_checks(GPtrArray *taken, const char *where, const char *const *names,
			    GError **error)
{
	const char *const *checks = procedure_checks();

	for (guint i = 0; names && names[i]; i++) {
		g_autofree char *all = NULL;
		g_autofree char *meant = NULL;

		if (!*names[i])
			continue;
		if (g_str_equal(names[i], "all")) {
			for (guint j = 0; checks[j]; j++)
				g_ptr_array_add(taken, (gpointer)checks[j]);
			continue;
		}
		if (g_strv_contains(checks, names[i])) {
			g_ptr_array_add(taken, (gpointer)checks[index_of(checks, names[i])]);
			continue;
		}
		all = g_strjoinv(" ", (char **)checks);
		meant = text_did_you_mean(names[i], checks);
		g_set_error(error, MOVE_ERROR, MOVE_ERROR_USAGE,
			    "%s: no check is named '%s'%s; there are: all %s", where, names[i],
			    meant, all);
		return FALSE;
	}
	return TRUE;
}

/* The names of --skip and --only; `rows` is the tables alone.  Gives a vector, or NULL. */
char **command_steps(const char *list)
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

char *command_script(const Config *config, const Options *options, GError **error)
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

static Move *compute_move(BindingContext *context, const Options *options, GError **error)
{
	MoveRequest request = { .noderange = options->operands[0],
				.source = options_text(options, OPTION_SOURCE),
				.source_n = options_text(options, OPTION_SOURCEN),
				.dest = options_text(options, OPTION_DEST),
				.dest_n = options_text(options, OPTION_DESTN),
				.prefix = context->prefix,
				.suffix = context->suffix };

	g_autoptr(Move) move = move_new(context->cluster, context->hosts, &request, error);

	if (!move || (!request.dest_n && !destination_find(context, move, error)))
		return NULL;
	return g_steal_pointer(&move);
}

GPtrArray *command_forced(const Config *config, const char *force, GError **error)
{
	g_auto(GStrv) typed = g_strsplit(force ? force : "", ",", -1);
	g_autoptr(GPtrArray) forced = g_ptr_array_new();

	if (!take_checks(forced, "allow", (const char *const *)config->allow, error) ||
	    !take_checks(forced, "--force", (const char *const *)typed, error))
		return NULL;
	g_ptr_array_add(forced, NULL);
	return g_steal_pointer(&forced);
}

/* The watchdog's word before it ends the program: what is written is in the journal already. */
static int stuck(const char *name, gpointer data)
{
	const BindingContext *context = data;

	(void)name;
	return run_has_begun(context->run) ? PROGRAM_PARTWAY : PROGRAM_REFUSED;
}

int command_run(Session *session, Procedure *procedure, BindingContext *context,
		const Options *options, char **argv, const char *const *forced)
{
	g_autofree char *without = procedure_selection(procedure);
	GError *error = NULL;
	int status;

	runtime_on_stuck(stuck, context);
	if (procedure_run(procedure, &error))
		status = verdict_done(context, without, options_given(options, OPTION_VERBOSE));
	else
		status = verdict_failed(error, context, argv, forced);
	return session_end(session, context, status);
}

/* Warn if --batch has no effect. */
static void tell_batches(const Procedure *procedure, const Takeover *takeover,
			 gboolean planning)
{
	if (!procedure_has_batches(procedure))
		talk_warning("--batch does nothing: no step that will run goes in batches");
	else if (planning)
		verdict_batches(takeover);
}

int command_take_over(Program *program, const Config *config, const Options *options,
		      char **argv)
{
	BindingContext *context = &program->context;
	gboolean check = options_given(options, OPTION_CHECK);
	gboolean planning = check || options_given(options, OPTION_PLAN);
	g_auto(GStrv) skip = command_steps(options_text(options, OPTION_SKIP));
	g_auto(GStrv) only =
		command_steps(check ? "check" : options_text(options, OPTION_ONLY));
	ProcedureSettings settings = { .skip = (const char *const *)skip,
				       .only = (const char *const *)only,
				       .hooks = options_given(options, OPTION_HOOKS)
							? options_text(options, OPTION_HOOKS)
							: config->hooks };
	GError *error = NULL;
	g_auto(Session) session = { 0 };
	g_autoptr(GPtrArray) forced =
		command_forced(config, options_text(options, OPTION_FORCE), &error);
	g_autofree char *script = forced ? command_script(config, options, &error) : NULL;
	g_autoptr(Run) run = run_new(context->cluster, planning);
	g_autoptr(Move) move = NULL;
	g_autoptr(Takeover) takeover = NULL;
	g_autoptr(Procedure) procedure = NULL;

	if (!script || (!planning && !session_open(&session, program, config, 0, &error)))
		return command_fail(error);
	move = compute_move(context, options, &error);
	if (!move)
		return command_fail(error);
	settings.forced = (const char *const *)forced->pdata;
	takeover = takeover_new(move, procedure_checks());
	fill_options(takeover, options);
	context->run = run;
	context->takeover = takeover;
	procedure = takeover_limit(takeover, options_text(options, OPTION_BATCH),
				   options_text(options, OPTION_MAX_FAIL), &error) &&
				    command_reach(context, options, &error)
			    ? procedure_load(context, script, &settings, &error)
			    : NULL;
	if (!procedure || !mode_find(context, options, argv, &error) ||
	    (!planning && !session_begin(&session, program,
					 session_record(program, options, argv, script,
							procedure_digest(procedure)),
					 move, &error)))
		return command_fail(error);
	verdict_begin(takeover, check ? "check" : planning ? "plan: move" : "move");
	if (takeover->batches && !check)
		tell_batches(procedure, takeover, planning);
	return command_run(&session, procedure, context, options, argv, settings.forced);
}
