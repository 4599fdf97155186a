#include "lua/command/work.h"
#include "lua/command/verdict.h"
#include "lua/command/waiting.h"
#include "lua/runtime/runtime.h"
#include "lua/terminal/interrupt.h"
#include "lua/terminal/talk.h"
#include "lua/terminal/trace.h"
#include <string.h>
#include <unistd.h>

/* The last steps run all the same: what was paused for the move has to go on. */
static gboolean shall_stop(gpointer data)
{
	const Takeover *takeover = ((const BindingContext *)data)->takeover;

	if (!takeover)
		return interrupt_asked() != 0;
	return !takeover->ending && (interrupt_asked() || takeover_has_failed(takeover));
}

static void count_result(const RunHost *host, const RemoteResult *result, gboolean failed,
			 gpointer data)
{
	Takeover *takeover = ((BindingContext *)data)->takeover;

	if (takeover)
		takeover_count(takeover, host->node, result, failed);
}

/* What became of a question or a change on a host, with the first line that it said where it is
 * not as it should be. */
static void trace_result(const char *what, const char *words, const char *host,
			 const RemoteResult *result, gboolean failed)
{
	g_autofree char *status = result->error == REMOTE_OK
					  ? g_strdup_printf("status %d", result->status)
					  : g_strdup(remote_error_name(result->error));
	const char *said = result->message ? result->message : result->err->str;
	g_autofree char *line =
		failed || result->error ? g_strndup(said, strcspn(said, "\n")) : NULL;

	trace_say("%s %s: %s: %s in %u ms%s%s", what, host, words, status, result->milliseconds,
		  line && *line ? ": " : "", line ? line : "");
}

/* A command may have many lines: the first one names it. */
static char *first_line(const char *words)
{
	gsize length = strcspn(words, "\n");

	return g_strdup_printf("%.*s%s", (int)length, words, words[length] ? " ..." : "");
}

static void take_results(const Run *run, const RunResult *results, guint n, gpointer data)
{
	Takeover *takeover = ((BindingContext *)data)->takeover;
	g_autofree TakeoverResult *taken = g_new0(TakeoverResult, MAX(n, 1));

	for (guint i = 0; i < n; i++)
		taken[i] = (TakeoverResult){ .host = results[i].host->name,
					     .node = results[i].host->node,
					     .nodes = results[i].nodes,
					     .words = results[i].words,
					     .key = results[i].key,
					     .result = results[i].result,
					     .failed = results[i].failed };
	for (guint i = 0; trace_is_on() && i < n; i++) {
		g_autofree char *line = first_line(results[i].words);

		trace_result(run_is_planning(run) ? "would do" : "does", line,
			     results[i].host->name, results[i].result, results[i].failed);
	}
	if (takeover && !run_is_undoing(run))
		takeover_results(takeover, run_current_step(run), taken, n,
				 run_is_planning(run));
}

static void trace_answers(const RunHost *hosts, guint n, const char *words,
			  const GPtrArray *answers, gpointer data)
{
	g_autofree char *line = first_line(words);

	(void)data;
	for (guint i = 0; trace_is_on() && i < n; i++)
		trace_result("asks", line, hosts[i].name, answers->pdata[i], FALSE);
}

static void reach(Work *work)
{
	BindingContext *context = work->context;
	RunWatch watch = { .stop = shall_stop,
			   .ended = count_result,
			   .results = take_results,
			   .answered = trace_answers,
			   .data = context };

	waiting_watch(&watch);
	if (work->request->fanout)
		context->limits.fanout = work->request->fanout;
	if (work->request->time)
		context->limits.time = work->request->time;
	run_reach(work->run, context->remote, &watch, &context->limits);
	run_keep_replaced(work->run, context->kept);
	run_serve(work->run, context->services);
}

static gboolean find_forced(Work *work, GError **error)
{
	const GPtrArray *typed = work->request->forced;

	work->forced = g_ptr_array_new();
	if (!request_add_checks(work->forced, "allow", (const char *const *)work->config->allow,
				error))
		return FALSE;
	for (guint i = 0; i < typed->len; i++)
		g_ptr_array_add(work->forced, typed->pdata[i]);
	g_ptr_array_add(work->forced, NULL);
	return TRUE;
}

gboolean work_begin(Work *work, Program *program, const Config *config, Request *request,
		    gboolean planning, GError **error)
{
	work->program = program;
	work->config = config;
	work->request = request;
	work->context = &program->context;
	if (!find_forced(work, error))
		return FALSE;
	work->run = run_new(work->context->cluster, planning);
	work->context->run = work->run;
	reach(work);
	return TRUE;
}

void work_clear(Work *work)
{
	if (work->context) {
		work->context->run = NULL;
		work->context->takeover = NULL;
	}
	g_clear_pointer(&work->procedure, procedure_free);
	g_clear_pointer(&work->takeover, takeover_free);
	g_clear_pointer(&work->run, run_free);
	g_clear_pointer(&work->move, move_free);
	g_clear_pointer(&work->forced, g_ptr_array_unref);
	session_close(&work->session);
}

void work_take_move(Work *work, Move *move, const char *attempt)
{
	work->move = move;
	work->takeover = takeover_new(move);
	work->takeover->attempt = attempt;
	work->takeover->batches = work->request->batches;
	work->takeover->max_fail = work->request->max_fail;
	work->context->takeover = work->takeover;
	if (move_boots(move)) /* some at a time, and each takes minutes */
		work->context->limits.total_time = REMOTE_SECONDS_MOST * 1000u;
}

static void keep_option(const char *name, const char *text, gpointer data)
{
	g_hash_table_insert(data, g_strdup(name), g_strdup(text));
}

void work_fill_options(Work *work)
{
	const Config *config = work->config;
	GHashTable *options = work->takeover->options;

	for (guint i = 0; i < OWN_SERVICES; i++)
		if (config->own[i])
			keep_option(config_own_name((OwnService)i), config->own[i], options);
	for (guint i = 0; i < OPTIONS; i++) {
		const char *text = request_text(work->request, (OptionId)i);

		if (text)
			keep_option(options_name((OptionId)i), text, options);
	}
	options_each_own(&work->request->options, keep_option, options);
}

char *work_shipped_script(const char *name, GError **error)
{
	const char *directory = runtime_data_directory();

	if (directory)
		return g_build_filename(directory, "scripts", name, NULL);
	g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_LOAD,
		    "scripts/%s is not where it was installed; name a procedure with --script",
		    name);
	return NULL;
}

const char *work_named_script(const Work *work)
{
	const char *typed = request_text(work->request, OPTION_SCRIPT);

	return typed ? typed : work->config->script;
}

char *work_script(const Work *work, GError **error)
{
	const char *named = work_named_script(work);

	return named ? g_strdup(named) : work_shipped_script("linux.lua", error);
}

gboolean work_load(Work *work, const char *script, GError **error)
{
	const Request *request = work->request;
	const char *hooks = request_text(request, OPTION_HOOKS);

	work->settings.forced = (const char *const *)work->forced->pdata;
	work->settings.skip = (const char *const *)request->skip;
	work->settings.only = (const char *const *)request->only;
	work->settings.checking = request->check;
	work->settings.hook = request->hook;
	work->settings.hooks = hooks ? hooks : work->config->hooks;
	work->settings.without = (const char *const *)request->without;
	work->settings.set = (const char *const *)request->set;
	work->settings.configured = work->config->settings;
	work->procedure = procedure_load(work->context, script, &work->settings, error);
	return work->procedure &&
	       options_check_own(procedure_options(work->procedure), script, error);
}

gboolean work_look(Work *work, const char *name, GError **error)
{
	g_autofree char *script = work_shipped_script(name, error);

	if (!script)
		return FALSE;
	work->takeover->mode = "planned";
	if (!work_load(work, script, error) || !procedure_run(work->procedure, error))
		return FALSE;
	if (!interrupt_asked())
		return TRUE;
	/* Nobody asks in the last step: hosts that were not heard any more would seem wrong. */
	g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_INTERRUPTED, "interrupted");
	return FALSE;
}

/* The watchdog's word before it ends the program: what is written is in the journal already. */
static int stuck(const char *name, gpointer data)
{
	const BindingContext *context = data;

	(void)name;
	return run_has_begun(context->run) ? PROGRAM_PARTWAY : PROGRAM_REFUSED;
}

int work_run(Work *work)
{
	g_autofree char *without = procedure_selection(work->procedure);
	GError *error = NULL;
	int status;

	runtime_on_stuck(stuck, work->context);
	if (procedure_run(work->procedure, &error))
		status = verdict_done(work->context, work->request, without);
	else
		status = verdict_failed(error, work->context, work->request,
					work->settings.forced);
	return session_end(&work->session, work->context, status);
}
