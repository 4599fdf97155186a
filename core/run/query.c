/* Questions to hosts: no change, also under a plan; kept in the journal. */
#include "core/base.h"
#include "core/run/call.h"
#include <string.h>

typedef struct {
	Run *run;
	guint ended, total;
} Question;

static void answered(const guint *tasks, guint n, RemoteResult *const *results, gpointer data)
{
	Question *question = data;

	(void)tasks, (void)results;
	question->ended += n;
	call_progress(question->run, question->ended, question->total);
}

static gboolean shall_stop(gpointer data)
{
	return call_shall_stop(((Question *)data)->run);
}

/* The same script for all of them.  Gives an array. */
static GArray *tasks_of(const RunHost *hosts, guint n, const GString *script)
{
	GArray *tasks = g_array_sized_new(FALSE, FALSE, sizeof(RemoteTask), n);

	for (guint i = 0; i < n; i++) {
		RemoteTask task = { .host = hosts[i].name,
				    .via = hosts[i].via,
				    .script = script->str,
				    .length = script->len };

		g_array_append_val(tasks, task);
	}
	return tasks;
}

/* They wait where there is no journal yet: what is asked before a run begins decides about it.
 */
gboolean call_asked(Run *run, const RunHost *hosts, guint n, const char *command,
		    const GPtrArray *answers, GError **error)
{
	if (run->watch.answered)
		run->watch.answered(hosts, n, command, answers, run->watch.data);
	for (guint i = 0; i < n; i++) {
		const RemoteResult *answer = answers->pdata[i];
		JournalQuery query = { run->step,
				       run->hook,
				       door_keep(run, hosts[i].name),
				       door_keep(run, command),
				       remote_error_name(answer->error),
				       answer->status };

		g_array_append_val(run->asked, query);
	}
	return door_journal_asked(run, error);
}

gboolean door_journal_asked(Run *run, GError **error)
{
	GArray *asked = run->asked;

	if (!run->journal || !run->number || asked->len == 0)
		return TRUE;
	if (!journal_queries(run->journal, run->number, (const JournalQuery *)asked->data,
			     asked->len, error))
		return FALSE;
	g_array_set_size(asked, 0);
	return TRUE;
}

/* Asked once.  Gives an array of results, which the journal does not have yet. */
static GPtrArray *ask(Run *run, const RunCommand *command, GError **error)
{
	Question question = { run, 0, command->n };
	RemoteWatch watch = {
		.done = answered, .stop = shall_stop, .abandon = TRUE, .data = &question
	};
	g_autoptr(GString) script = NULL;
	g_autoptr(GArray) tasks = NULL;
	GPtrArray *answers;

	if (!door_check_no_secret(command->command, "a question", error))
		return NULL;
	script = remote_script(command->command, command->environment, command->input,
			       command->input_length, error);
	if (!script)
		return NULL;
	tasks = tasks_of(command->hosts, command->n, script);
	run->asks = command->asks;
	answers = call_reach(run, tasks, &command->limits, &watch, error);
	run->asks = NULL;
	return answers;
}

GPtrArray *run_query(Run *run, const RunCommand *command, GError **error)
{
	g_autoptr(GPtrArray) answers = ask(run, command, error);

	if (!answers ||
	    !call_asked(run, command->hosts, command->n, command->command, answers, error))
		return NULL;
	return g_steal_pointer(&answers);
}

/* ---- Asked until it is so ---- */

#define NAP 100000 /* microseconds: how often a wish to stop is looked for */

gboolean run_accepts(const RunCommand *command, int status)
{
	for (guint i = 0; i < command->n_accept; i++)
		if (command->accept[i] == status)
			return TRUE;
	return command->n_accept == 0 && status == 0;
}

typedef struct {
	Run *run;
	const RunCommand *command;
	GPtrArray *answers; /* the last of each host; NULL: none yet */
	guint most;	    /* ms */
	gint64 deadline;
} Await;

static gboolean is_so(const Await *await, guint i)
{
	const RemoteResult *answer = await->answers->pdata[i];

	return answer && answer->error == REMOTE_OK &&
	       run_accepts(await->command, answer->status);
}

/* One round, of those where it is not so yet.  Gives how many these are now, or -1. */
static int ask_rest(Await *await, GError **error)
{
	const RunCommand *command = await->command;
	g_autofree RunHost *hosts = g_new0(RunHost, MAX(command->n, 1));
	g_autofree guint *places = g_new0(guint, MAX(command->n, 1));
	gint64 left = (await->deadline - g_get_monotonic_time()) / 1000;
	RunCommand round = *command;
	g_autoptr(GPtrArray) given = NULL;
	int rest = 0;

	round.hosts = hosts;
	round.n = 0;
	for (guint i = 0; i < command->n; i++)
		if (!is_so(await, i)) {
			places[round.n] = i;
			hosts[round.n++] = command->hosts[i];
		}
	round.limits.time = (guint)CLAMP(left, 1, (gint64)round.limits.time);
	round.limits.total_time = (guint)MAX(left, 1) + round.limits.connect_time;
	given = ask(await->run, &round, error);
	if (!given)
		return -1;
	g_ptr_array_set_free_func(given, NULL);
	for (guint i = 0; i < given->len; i++) {
		remote_result_free(await->answers->pdata[places[i]]);
		await->answers->pdata[places[i]] = given->pdata[i];
		rest += !is_so(await, places[i]);
	}
	return rest;
}

/* "nodes: await 'cn001 is up', 12 of 30 s" */
static void tell_awaiting(const Await *await)
{
	const Run *run = await->run;
	const RunCommand *command = await->command;
	g_autofree char *what = change_command_text(command->command, command->says);
	guint left = (guint)(MAX(await->deadline - g_get_monotonic_time(), 0) / G_USEC_PER_SEC);
	guint most = await->most / 1000, gone = most - MIN(left, most);
	g_autofree char *words =
		g_strdup_printf("%s: await '%s', %u of %u s", run->step, what, gone, most);
	const char *host = command->hosts[0].name;
	RunWaiting waiting = { words, run->step, run->hook, &host, 1, gone, most };

	if (run->watch.waiting)
		run->watch.waiting(&waiting, run->watch.data);
}

/* FALSE: there is no more to wait for. */
static gboolean wait_a_while(const Await *await, guint every)
{
	gint64 now = g_get_monotonic_time(), until = now + (gint64)every * 1000, tell = now;

	for (; now < MIN(until, await->deadline) && !call_shall_stop(await->run);
	     now = g_get_monotonic_time()) {
		if (now >= tell) {
			tell_awaiting(await);
			tell = now + G_USEC_PER_SEC;
		}
		g_usleep(NAP);
	}
	if (await->run->watch.waiting)
		await->run->watch.waiting(NULL, await->run->watch.data);
	return !call_shall_stop(await->run) && now < await->deadline;
}

/* What never came is too late, or was not waited for. */
static void end_rest(Await *await, guint most)
{
	gboolean stopped = call_shall_stop(await->run);

	for (guint i = 0; i < await->command->n; i++) {
		RemoteResult *answer = await->answers->pdata[i];

		if (is_so(await, i))
			continue;
		g_free(answer->message);
		answer->message = stopped ? g_strdup("not waited for")
				  : answer->error == REMOTE_OK
					  ? g_strdup_printf("status %d after %u s",
							    answer->status, most / 1000)
					  : g_strdup_printf("%s after %u s",
							    remote_error_name(answer->error),
							    most / 1000);
		answer->error = stopped ? REMOTE_STOPPED : REMOTE_TIMEOUT;
	}
}

/* As the results of a call are told. */
static void tell_awaited(const Await *await)
{
	const Run *run = await->run;
	const RunCommand *command = await->command;
	g_autofree RunResult *results = g_new0(RunResult, MAX(command->n, 1));
	g_autofree char *text = change_command_text(command->command, command->says);
	g_autofree char *words = g_strdup_printf("await '%s'", text);

	for (guint i = 0; i < command->n; i++) {
		results[i] =
			(RunResult){ .host = &command->hosts[i],
				     .words = words,
				     .key = TEXT_KEY("await", run->step, run->hook,
						     command->hosts[i].name, command->command),
				     .result = await->answers->pdata[i],
				     .failed = !is_so(await, i) };
		if (run->watch.ended)
			run->watch.ended(results[i].host, results[i].result, results[i].failed,
					 run->watch.data);
	}
	if (run->watch.results)
		run->watch.results(run, results, command->n, run->watch.data);
	for (guint i = 0; i < command->n; i++)
		g_free((gpointer)results[i].key);
}

GPtrArray *run_await(Run *run, const RunCommand *command, guint every, guint most,
		     GError **error)
{
	g_autoptr(GPtrArray) answers = g_ptr_array_new_with_free_func(
		(GDestroyNotify)(void (*)(void))remote_result_free);
	Await await = { run, command, answers, most,
			g_get_monotonic_time() + (gint64)most * 1000 };
	int rest;

	if (!door_check_allowed(run, error))
		return NULL;
	g_ptr_array_set_size(answers, (int)command->n);
	do {
		rest = ask_rest(&await, error);
	} while (rest > 0 && wait_a_while(&await, every));
	if (rest < 0 ||
	    !call_asked(run, command->hosts, command->n, command->command, answers, error))
		return NULL;
	end_rest(&await, most);
	tell_awaited(&await);
	return g_steal_pointer(&answers);
}

GPtrArray *call_ask(Run *run, const RunHost *hosts, guint n, const char *command,
		    const char *input, const RemoteLimits *limits, GError **error)
{
	RunCommand question = { .hosts = hosts,
				.n = n,
				.command = command,
				.input = input,
				.input_length = input ? strlen(input) : 0,
				.limits = *limits };

	return run_query(run, &question, error);
}
