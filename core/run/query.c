/* Questions to hosts: no change, also under a plan; kept in the journal. */
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
static gboolean journal_answers(Run *run, const RunCommand *command, const GPtrArray *answers,
				GError **error)
{
	for (guint i = 0; i < command->n; i++) {
		const RemoteResult *answer = answers->pdata[i];
		JournalQuery query = { run->step,
				       run->hook,
				       door_keep(run, command->hosts[i].name),
				       door_keep(run, command->command),
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

GPtrArray *run_query(Run *run, const RunCommand *command, GError **error)
{
	Question question = { run, 0, command->n };
	RemoteWatch watch = {
		.done = answered, .stop = shall_stop, .abandon = TRUE, .data = &question
	};
	g_autoptr(GString) script = NULL;
	g_autoptr(GArray) tasks = NULL;
	g_autoptr(GPtrArray) answers = NULL;

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
	if (!answers || !journal_answers(run, command, answers, error))
		return NULL;
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
