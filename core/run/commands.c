/* Commands on hosts: journaled host by host, and not run twice. */
#include "core/base.h"
#include "core/run/door.h"
#include <string.h>

/* More of a result is not kept for a run that goes on. */
#define KEPT ((gsize)1 << 16)

void run_reach(Run *run, Remote *remote, const RunWatch *watch, const RemoteLimits *limits)
{
	run->remote = remote;
	run->watch = watch ? *watch : (RunWatch){ 0 };
	run->limits = *limits;
}

void run_looked(Run *run)
{
	run->looked = TRUE;
}

/* What one call works on. */
typedef struct {
	Run *run;
	const RunCommand *command;
	GPtrArray *results; /* RemoteResult, by host */
	GPtrArray *changes; /* Change, by host */
	GHashTable *fresh;  /* those of them that this call has made, until they are kept */
	GArray *places;	    /* which host each task is for */
	GArray *tasks;	    /* RemoteTask */
	GString *script;
	guint ended; /* hosts */
} Call;

static void make_change(Call *call, guint i, guint ordinal)
{
	Run *run = call->run;
	const RunCommand *command = call->command;
	const RunHost *host = &command->hosts[i];
	Change *change =
		door_new_change(run, CHANGE_COMMAND, host->name, command->command, host->node);

	change->command = g_new0(ChangeCommand, 1);
	change->command->ordinal = ordinal;
	change->command->via = door_keep(run, host->via);
	change->command->undo = door_keep(run, command->undo);
	change->command->done = door_keep(run, command->done);
	change->command->repeatable = command->repeatable;
	change->command->undo_always = command->undo_always;
	change->command->status = -1;
	call->changes->pdata[i] = change;
	g_hash_table_add(call->fresh, change);
}

static void add_bytes(GString *text, GBytes *bytes)
{
	gsize length = 0;
	const char *data = bytes ? g_bytes_get_data(bytes, &length) : NULL;

	g_string_append_len(text, data, (gssize)length);
}

static RemoteResult *recorded_result(const Change *change)
{
	const ChangeCommand *command = change->command;
	RemoteResult *result = door_result(REMOTE_OK, command->status, NULL);

	result->begun = TRUE;
	add_bytes(result->out, command->out);
	add_bytes(result->err, command->err);
	result->out_lost = command->out_lost;
	result->err_lost = command->err_lost;
	return result;
}

static void add_task(Call *call, guint place)
{
	RemoteTask task = { .host = call->command->hosts[place].name,
			    .via = call->command->hosts[place].via };

	g_array_append_val(call->places, place);
	g_array_append_val(call->tasks, task);
}

/* The text that is run on all of them; not before there is a host for it. */
static gboolean make_script(Call *call, GError **error)
{
	const RunCommand *command = call->command;

	call->script = remote_script(command->command, command->environment, command->input,
				     command->input_length, error);
	for (guint i = 0; call->script && i < call->tasks->len; i++) {
		RemoteTask *task = &g_array_index(call->tasks, RemoteTask, i);

		task->script = call->script->str;
		task->length = call->script->len;
	}
	return call->script != NULL;
}

static gboolean begin(const guint *tasks, guint n, RemoteResult *const *seen, gpointer data,
		      GError **error)
{
	Call *call = data;
	g_autoptr(GPtrArray) changes = g_ptr_array_new();

	(void)seen;
	if (!call->run->journal)
		return TRUE;
	for (guint i = 0; i < n; i++)
		g_ptr_array_add(
			changes,
			call->changes->pdata[g_array_index(call->places, guint, tasks[i])]);
	return journal_start(call->run->journal, call->run->number,
			     (Change *const *)changes->pdata, n, error);
}

static GBytes *kept_bytes(const GString *text)
{
	return g_bytes_new(text->str, MIN(text->len, KEPT));
}

static void take_result(Change *change, const RemoteResult *result)
{
	ChangeCommand *command = change->command;

	change->state = result->error != REMOTE_OK ? CHANGE_UNKNOWN
			: result->status == 0	   ? CHANGE_DONE
						   : CHANGE_FAILED;
	command->error = remote_error_name(result->error);
	command->status = result->status;
	command->out = kept_bytes(result->out);
	command->err = kept_bytes(result->err);
	command->out_lost = result->out_lost + result->out->len - MIN(result->out->len, KEPT);
	command->err_lost = result->err_lost + result->err->len - MIN(result->err->len, KEPT);
	command->transport = result->transport;
}

static void tell_result(const Call *call, guint place, const RemoteResult *result)
{
	door_ended(call->run, call->command->hosts[place].node, result);
}

/* Of a question: nothing of it is kept before all have answered. */
static void answered(const guint *tasks, guint n, RemoteResult *const *results, gpointer data)
{
	(void)tasks;
	(void)results;
	door_progress(((Call *)data)->run, &((Call *)data)->ended, n,
		      ((Call *)data)->tasks->len);
}

/* What never began is no change at all. */
static void done(const guint *tasks, guint n, RemoteResult *const *results, gpointer data)
{
	Call *call = data;
	Run *run = call->run;
	g_autoptr(GPtrArray) ended = g_ptr_array_new();
	g_autoptr(GError) problem = NULL;

	for (guint i = 0; i < n; i++) {
		guint place = g_array_index(call->places, guint, tasks[i]);
		Change *change = call->changes->pdata[place];

		tell_result(call, place, results[i]);
		if (!results[i]->begun)
			continue;
		take_result(change, results[i]);
		run->begun_command = TRUE;
		run->done += change->state == CHANGE_DONE;
		g_ptr_array_add(ended, change);
	}
	if (run->journal && ended->len > 0 &&
	    !journal_results(run->journal, (Change *const *)ended->pdata, ended->len, &problem))
		g_warning("%s", problem->message); /* a resume sees them as unknown */
	door_progress(run, &call->ended, n, call->tasks->len);
}

static gboolean shall_stop(gpointer data)
{
	return door_shall_stop(((Call *)data)->run);
}

/* Results of the tasks go to their hosts' places. */
static gboolean reach(Call *call, const RemoteWatch *watch, GError **error)
{
	return call->tasks->len == 0 ||
	       (make_script(call, error) &&
		door_reach(call->run, call->tasks, call->places, &call->command->limits, watch,
			   call->results, error));
}

static void call_init(Call *call, Run *run, const RunCommand *command)
{
	*call = (Call){ .run = run, .command = command };
	call->results = g_ptr_array_new_full(
		command->n, (GDestroyNotify)(void (*)(void))remote_result_free);
	g_ptr_array_set_size(call->results, (int)command->n);
	call->changes = g_ptr_array_new();
	g_ptr_array_set_size(call->changes, (int)command->n);
	call->fresh = g_hash_table_new_full(NULL, NULL, change_free, NULL);
	call->places = g_array_new(FALSE, FALSE, sizeof(guint));
	call->tasks = g_array_new(FALSE, FALSE, sizeof(RemoteTask));
}

static void call_clear(Call *call)
{
	g_clear_pointer(&call->results, g_ptr_array_unref);
	g_clear_pointer(&call->changes, g_ptr_array_unref);
	g_clear_pointer(&call->fresh, g_hash_table_unref);
	g_clear_pointer(&call->places, g_array_unref);
	g_clear_pointer(&call->tasks, g_array_unref);
	if (call->script)
		g_string_free(call->script, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Call, call_clear)

GPtrArray *run_query(Run *run, const RunCommand *command, GError **error)
{
	g_auto(Call) call = { 0 };
	g_autofree JournalQuery *queries = g_new0(JournalQuery, MAX(command->n, 1));
	RemoteWatch watch = { .done = answered, .stop = shall_stop, .data = &call };

	if (!door_check_open(command->command, "a question", error))
		return NULL;
	call_init(&call, run, command);
	for (guint i = 0; i < command->n; i++)
		add_task(&call, i);
	if (!reach(&call, &watch, error))
		return NULL;
	for (guint i = 0; i < command->n; i++) {
		const RemoteResult *result = call.results->pdata[i];

		queries[i] = (JournalQuery){ run->step,
					     run->hook,
					     command->hosts[i].name,
					     command->command,
					     remote_error_name(result->error),
					     result->status };
	}
	if (run->journal && run->number &&
	    !journal_queries(run->journal, run->number, queries, command->n, error))
		return NULL;
	return g_steal_pointer(&call.results);
}

/* `done` is asked on the hosts where nobody knows: status 0 says yes. */
static gboolean ask_whether_done(Call *call, const GArray *unknown, GError **error)
{
	Run *run = call->run;
	g_autofree RunHost *hosts = g_new0(RunHost, unknown->len);
	RunCommand question = { .hosts = hosts,
				.n = unknown->len,
				.command = call->command->done,
				.limits = call->command->limits };
	g_autoptr(GPtrArray) answers = NULL;

	for (guint i = 0; i < unknown->len; i++)
		hosts[i] = call->command->hosts[g_array_index(unknown, guint, i)];
	answers = run_query(run, &question, error);
	for (guint i = 0; answers && i < unknown->len; i++) {
		guint place = g_array_index(unknown, guint, i);
		const RemoteResult *answer = answers->pdata[i];
		Change *change = call->changes->pdata[place];

		if (answer->error == REMOTE_STOPPED) {
			call->results->pdata[place] =
				door_result(REMOTE_STOPPED, -1, answer->message);
		} else if (answer->error != REMOTE_OK) {
			call->results->pdata[place] = door_result(
				REMOTE_UNKNOWN, -1, "begun before; and it does not answer now");
		} else if (answer->status != 0) {
			add_task(call, place);
		} else {
			call->results->pdata[place] = door_result(REMOTE_OK, 0, NULL);
			if (run->journal &&
			    !journal_settle(run->journal, &change, 1, CHANGE_DONE, error))
				return FALSE;
			run->done++;
		}
	}
	return answers != NULL;
}

/* What is to be done on a host where the command was begun before. */
static void take_up(Call *call, guint place, Change *before, GArray *unknown)
{
	call->changes->pdata[place] = before;
	if (before->state == CHANGE_DONE)
		call->results->pdata[place] = recorded_result(before);
	else if (before->state == CHANGE_UNKNOWN && call->command->done)
		g_array_append_val(unknown, place);
	else if (before->state == CHANGE_FAILED || before->state == CHANGE_UNDONE ||
		 call->command->repeatable)
		add_task(call, place);
	else
		call->results->pdata[place] =
			door_result(REMOTE_UNKNOWN, -1,
				    "begun before, and nobody knows how it ended: look there");
}

static gboolean sort_out(Call *call, GError **error)
{
	Run *run = call->run;
	const RunCommand *command = call->command;
	g_autoptr(GArray) unknown = g_array_new(FALSE, FALSE, sizeof(guint));

	for (guint i = 0; i < command->n; i++) {
		const char *host = command->hosts[i].name;
		guint ordinal = door_ordinal(run, CHANGE_COMMAND, host, command->command);
		Change *before =
			door_begun_before(run, CHANGE_COMMAND, host, command->command, ordinal);

		if (before)
			take_up(call, i, before, unknown);
		else if (run->planning)
			call->results->pdata[i] = door_result(REMOTE_OK, 0, NULL);
		else
			add_task(call, i);
		if (!before)
			make_change(call, i, ordinal);
	}
	return unknown->len == 0 || ask_whether_done(call, unknown, error);
}

/* A command that is run again is a change of its own: the first one's end stays unknown. */
static void renew_changes(Call *call)
{
	for (guint i = 0; i < call->places->len; i++) {
		guint place = g_array_index(call->places, guint, i);
		const Change *before = call->changes->pdata[place];

		if (before->number)
			make_change(call, place, before->command->ordinal);
	}
}

/* Those that were begun now, or are planned, are the run's. */
static void keep_changes(Call *call)
{
	Run *run = call->run;

	for (guint i = 0; i < call->changes->len; i++) {
		const RemoteResult *result = call->results->pdata[i];
		Change *change = call->changes->pdata[i];

		if ((run->planning || (result && result->begun)) &&
		    g_hash_table_steal(call->fresh, change))
			g_ptr_array_insert(run->changes, (int)run->committed++, change);
	}
}

GPtrArray *run_command(Run *run, const RunCommand *command, GError **error)
{
	g_auto(Call) call = { 0 };
	RemoteWatch watch = { begin, done, shall_stop, &call };

	if (!door_check_allowed(run, error) ||
	    !door_check_open(command->command, "a command", error) ||
	    !door_check_open(command->undo, "the undo of a command", error) ||
	    !door_check_open(command->done, "a question", error))
		return NULL;
	call_init(&call, run, command);
	if (!sort_out(&call, error))
		return NULL;
	for (guint i = 0; i < command->n; i++)
		if (call.results->pdata[i])
			tell_result(&call, i, call.results->pdata[i]);
	renew_changes(&call);
	if (!reach(&call, &watch, error))
		return NULL;
	keep_changes(&call);
	return g_steal_pointer(&call.results);
}
