/* The engine of calls on hosts. */
#include "core/run/call.h"
#include "core/base.h"

static void place_clear(const CallClass *class, CallPlace *place)
{
	if (class->clear)
		class->clear(place);
	g_clear_pointer(&place->changes, g_ptr_array_unref);
	if (place->look)
		g_string_free(place->look, TRUE);
	g_clear_pointer(&place->script, g_bytes_unref);
	remote_result_free(place->result);
	remote_result_free(place->problem);
}

void call_init(Call *call, Run *run, const CallClass *class, const RunHost *hosts, guint n)
{
	*call = (Call){ .run = run, .class = class, .n = n };
	call->places = g_new0(CallPlace, MAX(n, 1));
	for (guint i = 0; i < n; i++) {
		call->places[i].host = &hosts[i];
		call->places[i].changes = g_ptr_array_new();
	}
	call->fresh = g_hash_table_new_full(NULL, NULL, change_free, NULL);
	call->tasks = g_array_new(FALSE, FALSE, sizeof(RemoteTask));
	call->place_of = g_array_new(FALSE, FALSE, sizeof(guint));
	call->last_of = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

void call_clear(Call *call)
{
	for (guint i = 0; call->places && i < call->n; i++)
		place_clear(call->class, &call->places[i]);
	g_clear_pointer(&call->places, g_free);
	g_clear_pointer(&call->fresh, g_hash_table_unref);
	g_clear_pointer(&call->tasks, g_array_unref);
	g_clear_pointer(&call->place_of, g_array_unref);
	g_clear_pointer(&call->last_of, g_hash_table_unref);
	g_clear_pointer(&call->visit, remote_visit_free);
}
RemoteResult *call_result_new(RemoteErrorCode error, int status, const char *message)
{
	RemoteResult *result = g_new0(RemoteResult, 1);

	result->error = error;
	result->status = status;
	result->message = g_strdup(message);
	result->out = g_string_new(NULL);
	result->err = g_string_new(NULL);
	return result;
}

Change *call_add(Call *call, guint place, const char *target, guint ordinal)
{
	Run *run = call->run;
	CallPlace *at = &call->places[place];
	Change *change = change_new(call->class->kind);

	change->step = run->step;
	change->hook = run->hook;
	change->host = door_keep(run, at->host->name);
	change->target = door_keep(run, target);
	change->node = door_keep(run, at->host->node);
	change->via = door_keep(run, at->host->via);
	change->call = at->call;
	change->ordinal = ordinal;
	change->depends = run->looked;
	g_hash_table_add(call->fresh, change);
	g_ptr_array_add(at->changes, change);
	return change;
}

void call_take_up(Call *call, guint place, Change *change)
{
	g_ptr_array_add(call->places[place].changes, change);
}

void call_result(Call *call, guint place, RemoteErrorCode error, int status,
		 const char *message)
{
	remote_result_free(call->places[place].result);
	call->places[place].result = call_result_new(error, status, message);
}

void call_refuse(Call *call, guint place, RemoteErrorCode error, const char *message)
{
	remote_result_free(call->places[place].problem);
	call->places[place].problem = call_result_new(error, -1, message);
}

ChangeState call_state_after(RemoteErrorCode error)
{
	switch (error) {
	case REMOTE_OK:
		return CHANGE_DONE;
	case REMOTE_CONFLICT:
	case REMOTE_UNWRITTEN:
	case REMOTE_UNCHECKED:
	case REMOTE_UNACTIVATED:
		return CHANGE_FAILED;
	default:
		return CHANGE_UNKNOWN;
	}
}

void call_progress(const Run *run, guint ended, guint total)
{
	if (run->watch.progress)
		run->watch.progress(ended, total, run->watch.data);
}

gboolean call_shall_stop(const Run *run)
{
	return run->watch.stop && run->watch.stop(run->watch.data);
}

static void tell_waiting(const guint *tasks, guint n, const RemoteWait *wait, gpointer data)
{
	const CallWait *reached = data;
	const Run *run = reached->run;
	g_autofree const char **hosts = g_new(const char *, MAX(n, 1));
	RunWaiting waiting = { .asks = run->asks,
			       .step = run->step,
			       .hook = run->hook,
			       .hosts = hosts,
			       .n = n,
			       .seconds = (wait->elapsed + 500) / 1000,
			       .most = (wait->most + 999) / 1000 };

	for (guint i = 0; i < n; i++)
		hosts[i] = g_array_index(reached->tasks, RemoteTask, tasks[i]).host;
	run->watch.waiting(&waiting, run->watch.data);
}

/* What is waited for is told, if anybody listens. */
static void listen_to(RemoteWatch *watch, const CallWait *wait)
{
	if (!wait->run->watch.waiting)
		return;
	watch->waiting = tell_waiting;
	watch->waiting_data = (gpointer)wait;
}

static void tell_over(const Run *run)
{
	if (run->watch.waiting)
		run->watch.waiting(NULL, run->watch.data);
}

GPtrArray *call_reach(Run *run, const GArray *tasks, const RemoteLimits *limits,
		      const RemoteWatch *watch, GError **error)
{
	CallWait wait = { run, tasks };
	RemoteWatch whole = *watch;
	GPtrArray *results;

	if (!run->remote) {
		g_set_error(error, RUN_ERROR, RUN_ERROR_REFUSED,
			    "hosts cannot be reached from here");
		return NULL;
	}
	store_let_go(cluster_store(run->cluster)); /* hosts can take long */
	listen_to(&whole, &wait);
	results = remote_run(run->remote, (const RemoteTask *)tasks->data, tasks->len, limits,
			     &whole, error);
	tell_over(run);
	return results;
}

/* ---- On the way ---- */

static CallPlace *place_of(const Call *call, guint task)
{
	return &call->places[g_array_index(call->place_of, guint, task)];
}

/* What was found on the hosts says what is to be done there. */
static void take_looks(Call *call, const guint *tasks, guint n, RemoteResult *const *seen)
{
	for (guint i = 0; call->class->look && i < n; i++)
		call->class->looked(call, g_array_index(call->place_of, guint, tasks[i]),
				    seen[i]->out);
}

static gboolean journal_begun(Call *call, const guint *tasks, guint n, GError **error)
{
	Run *run = call->run;
	g_autoptr(GPtrArray) started = g_ptr_array_new();
	g_autoptr(GPtrArray) again = g_ptr_array_new();

	for (guint i = 0; i < n; i++) {
		const CallPlace *place = place_of(call, tasks[i]);

		for (guint j = 0; !place->problem && j < place->changes->len; j++) {
			Change *change = place->changes->pdata[j];

			g_ptr_array_add(change->number ? again : started, change);
		}
	}
	return (!run->journal ||
		journal_start(run->journal, run->number, (Change *const *)started->pdata,
			      started->len, error)) &&
	       door_settle(run, again, CHANGE_STARTED, error);
}

/* One that cannot be made is this host's problem, and nothing is begun there. */
static void make_script(Call *call, guint task)
{
	guint number = g_array_index(call->place_of, guint, task);
	CallPlace *place = &call->places[number];
	RemoteTask *remote = &g_array_index(call->tasks, RemoteTask, task);
	g_autoptr(GError) problem = NULL;

	if (place->problem)
		return;
	place->script = call->class->script(call, number, &problem);
	if (place->script)
		remote->script = g_bytes_get_data(place->script, &remote->length);
	else if (problem)
		call_refuse(call, number, REMOTE_UNWRITTEN, problem->message);
}

static gboolean begin(const guint *tasks, guint n, RemoteResult *const *seen, gpointer data,
		      GError **error)
{
	Call *call = data;

	take_looks(call, tasks, n, seen);
	for (guint i = 0; i < n; i++)
		make_script(call, tasks[i]);
	return journal_begun(call, tasks, n, error);
}

static void take_result(Call *call, guint number, RemoteResult *result, GPtrArray *ended)
{
	Run *run = call->run;
	const CallPlace *place = &call->places[number];
	ChangeState state = call->class->judge(call, number, result);

	for (guint i = 0; i < place->changes->len; i++) {
		Change *change = place->changes->pdata[i];

		change->state = state;
		change->error = remote_error_name(result->error);
		change->message = door_keep(run, result->message);
		change->transport = result->transport;
		run->done += state == CHANGE_DONE;
		g_ptr_array_add(ended, change);
	}
	run->begun = TRUE;
}

/* The look was all of it: there is nothing to do, or there is a problem. */
static void take_problem(Call *call, guint number, RemoteResult *result)
{
	CallPlace *place = &call->places[number];

	if (result->error != REMOTE_OK)
		return;
	if (!place->problem && result->status != 0) {
		g_autofree char *message = g_strdup_printf(
			"it could not be looked at: the script ended with status %d",
			result->status);

		call_refuse(call, number, REMOTE_UNWRITTEN, message);
	}
	if (!place->problem)
		return;
	result->error = place->problem->error;
	result->status = -1;
	result->message = g_strdup(place->problem->message);
}

/* A look may say more than a result keeps. */
static void trim(const Call *call, RemoteResult *result)
{
	if (!result->begun || call->run->planning)
		g_string_truncate(result->out, 0);
	if (call->class->look && result->err->len > REMOTE_OUTPUT) {
		result->err_lost += result->err->len - REMOTE_OUTPUT;
		g_string_truncate(result->err, REMOTE_OUTPUT);
	}
}

static gboolean has_failed(const Call *call, guint number, const RemoteResult *result)
{
	if (result->error != REMOTE_OK)
		return TRUE;
	return call->class->accepts ? !call->class->accepts(call, number, result->status)
				    : result->status != 0;
}

static void tell_ended(const Call *call, guint number, const RemoteResult *result)
{
	const RunWatch *watch = &call->run->watch;

	if (watch->ended && !call->run->planning)
		watch->ended(call->places[number].host, result,
			     has_failed(call, number, result), watch->data);
}

static void end_one(Call *call, guint number, RemoteResult *result, GPtrArray *ended)
{
	CallPlace *place = &call->places[number];

	if (call->run->planning && result->error == REMOTE_OK && result->status == 0)
		call->class->looked(call, number, result->out);
	if (result->begun && !call->run->planning)
		take_result(call, number, result, ended);
	else
		take_problem(call, number, result);
	trim(call, result);
	tell_ended(call, number, result);
	g_clear_pointer(&place->script, g_bytes_unref);
	if (place->look)
		g_string_free(g_steal_pointer(&place->look), TRUE);
}

/* What never began is no change at all. */
static void done(const guint *tasks, guint n, RemoteResult *const *results, gpointer data)
{
	Call *call = data;
	Run *run = call->run;
	g_autoptr(GPtrArray) ended = g_ptr_array_new();
	g_autoptr(GError) problem = NULL;

	for (guint i = 0; i < n; i++)
		end_one(call, g_array_index(call->place_of, guint, tasks[i]), results[i],
			ended);
	if (run->journal && ended->len > 0 &&
	    !journal_results(run->journal, (Change *const *)ended->pdata, ended->len, &problem))
		g_warning("%s", problem->message); /* a resume sees them as unknown */
	call->ended += n;
	call_progress(run, call->ended, call->tasks->len);
}

static gboolean shall_stop(gpointer data)
{
	return call_shall_stop(((Call *)data)->run);
}

/* ---- The call ---- */

/* 1 + the last task on that host and in that lane so far, whose session the next one takes
 * over; 0: there is none.  The next one is the last then. */
static guint last_task(Call *call, const RunHost *host)
{
	char *key = TEXT_KEY(host->name, host->via, host->lane);
	guint last = GPOINTER_TO_UINT(g_hash_table_lookup(call->last_of, key));

	g_hash_table_replace(call->last_of, key, GUINT_TO_POINTER(call->tasks->len + 1));
	return last;
}

static void add_task(Call *call, guint number)
{
	CallPlace *place = &call->places[number];
	RemoteTask task = { .host = place->host->name, .via = place->host->via };

	if (call->class->look)
		place->look = call->class->look(call, number);
	if (place->look && call->run->planning && !call->thinks) { /* looking is all of it */
		task.script = place->look->str;
		task.length = place->look->len;
	} else if (place->look) {
		task.look = place->look->str;
		task.look_length = place->look->len;
	}
	task.after = last_task(call, place->host);
	g_array_append_val(call->place_of, number);
	g_array_append_val(call->tasks, task);
}

/* Names what hosts keep of the call, and what lies beside files on their way. */
static const char *new_name(Run *run)
{
	g_autofree char *name = g_strdup_printf("%" G_GINT64_FORMAT "-%08x%08x", run->number,
						g_random_int(), g_random_int());

	return door_keep(run, name);
}

static gboolean sort_out(Call *call, GError **error)
{
	for (guint i = 0; i < call->n; i++) {
		call->places[i].call = call->class->look ? new_name(call->run) : NULL;
		if (!call->class->sort_out(call, i, error))
			return FALSE;
	}
	if (call->class->ask && !call->class->ask(call, error))
		return FALSE;
	for (guint i = 0; i < call->n; i++) {
		if (call->places[i].result)
			tell_ended(call, i, call->places[i].result);
		else if (call->run->planning && !call->class->look)
			call_result(call, i, REMOTE_OK, 0, NULL);
		else
			add_task(call, i);
	}
	return TRUE;
}

static void keep_changes(Call *call);
static void tell_results(const Call *call);
static GPtrArray *steal_results(Call *call);

static RemoteWatch watch_of(Call *call)
{
	return (RemoteWatch){ .begin = call->run->planning ? NULL : begin,
			      .done = done,
			      .stop = shall_stop,
			      .abandon = call->run->planning,
			      .data = call };
}

static RemoteLimits limits_of(const Call *call)
{
	RemoteLimits limits = call->limits;

	if (call->class->said)
		limits.output = call->class->said;
	return limits;
}

/* Takes `given`; NULL: there are none. */
static gboolean take_given(Call *call, GPtrArray *given)
{
	if (!given)
		return FALSE;
	g_ptr_array_set_free_func(given, NULL);
	for (guint i = 0; i < given->len; i++)
		place_of(call, i)->result = given->pdata[i];
	g_ptr_array_unref(given);
	return TRUE;
}

static gboolean reach(Call *call, GError **error)
{
	RemoteWatch watch = watch_of(call);
	RemoteLimits limits = limits_of(call);

	return call->tasks->len == 0 ||
	       take_given(call, call_reach(call->run, call->tasks, &limits, &watch, error));
}

gboolean call_visit(Call *call, GError **error)
{
	RemoteLimits limits = limits_of(call);

	if (!sort_out(call, error))
		return FALSE;
	if (call->tasks->len == 0)
		return TRUE;
	if (!call->run->remote) {
		g_set_error(error, RUN_ERROR, RUN_ERROR_REFUSED,
			    "hosts cannot be reached from here");
		return FALSE;
	}
	call->watch = watch_of(call);
	call->wait = (CallWait){ call->run, call->tasks };
	store_let_go(cluster_store(call->run->cluster)); /* hosts can take long */
	listen_to(&call->watch, &call->wait);
	call->visit = remote_visit(call->run->remote, (const RemoteTask *)call->tasks->data,
				   call->tasks->len, &limits, &call->watch, error);
	tell_over(call->run);
	return call->visit != NULL;
}

const GString *call_seen(const Call *call, guint number)
{
	for (guint i = 0; i < call->tasks->len; i++)
		if (g_array_index(call->place_of, guint, i) == number) {
			const RemoteResult *seen = remote_visit_seen(call->visit, i);

			return seen ? seen->out : NULL;
		}
	return NULL;
}

GPtrArray *call_end(Call *call)
{
	if (call->visit) {
		(void)take_given(call, remote_visit_end(g_steal_pointer(&call->visit)));
		tell_over(call->run);
	}
	keep_changes(call);
	tell_results(call);
	return steal_results(call);
}

/* Gives the key. */
static char *planned_key(const ChangeClass *class, const char *host, const char *target,
			 const char *node)
{
	return TEXT_KEY(class->name, host, target, class->of_node ? node : NULL);
}

const Change *call_planned(const Run *run, ChangeKind kind, const char *host,
			   const char *target, const char *node)
{
	g_autofree char *key = planned_key(change_class_of(kind), host, target, node);

	return g_hash_table_lookup(run->planned, key);
}

static void see_planned(Run *run, Change *change)
{
	g_hash_table_replace(
		run->planned,
		planned_key(change_class(change), change->host, change->target, change->node),
		change);
}

/* Those that were begun now, or are planned, are the run's. */
static void keep_changes(Call *call)
{
	Run *run = call->run;

	for (guint i = 0; i < call->n; i++) {
		const CallPlace *place = &call->places[i];

		for (guint j = 0; !place->problem && j < place->changes->len; j++) {
			Change *change = place->changes->pdata[j];

			if ((!run->planning && !place->result->begun) ||
			    !g_hash_table_steal(call->fresh, change))
				continue;
			g_ptr_array_add(run->changes, change);
			door_count(run, change);
			if (run->planning)
				see_planned(run, change);
		}
	}
}

/* What pays for a place: the same for the same call in every attempt.  A call is known by its
 * first change.  Gives the key. */
static char *debt_key(const Call *call, guint number, const char *words,
		      const char *const *nodes)
{
	const Run *run = call->run;
	const CallPlace *place = &call->places[number];
	const RunHost *host = place->host;
	g_autofree char *known_by =
		call->class->known_by ? call->class->known_by(call, number) : NULL;
	const char *node = nodes				    ? nodes[0]
			   : g_strcmp0(host->node, host->name) == 0 ? NULL
								    : host->node;
	char ordinal[16];

	g_snprintf(ordinal, sizeof(ordinal), "%u", place->ordinal);
	return TEXT_KEY(change_class_of(call->class->kind)->name, run->step, run->hook,
			host->name, known_by ? known_by : words, node, ordinal);
}

static void tell_results(const Call *call)
{
	const RunWatch *watch = &call->run->watch;
	g_autofree RunResult *results = g_new0(RunResult, MAX(call->n, 1));

	if (!watch->results)
		return;
	for (guint i = 0; i < call->n; i++) {
		const CallPlace *place = &call->places[i];
		const char *const *nodes =
			call->class->nodes ? call->class->nodes(call, i) : NULL;
		char *words = call->class->words(call, i);

		results[i] = (RunResult){ .host = place->host,
					  .words = words,
					  .key = debt_key(call, i, words, nodes),
					  .nodes = nodes,
					  .result = place->result,
					  .failed = has_failed(call, i, place->result) };
	}
	watch->results(call->run, results, call->n, watch->data);
	for (guint i = 0; i < call->n; i++) {
		g_free((gpointer)results[i].words);
		g_free((gpointer)results[i].key);
	}
}

static GPtrArray *steal_results(Call *call)
{
	GPtrArray *results = g_ptr_array_new_full(
		call->n, (GDestroyNotify)(void (*)(void))remote_result_free);

	for (guint i = 0; i < call->n; i++)
		g_ptr_array_add(results, g_steal_pointer(&call->places[i].result));
	return results;
}

GPtrArray *call_make(Run *run, const CallClass *class, const RunHost *hosts, guint n,
		     gconstpointer request, gpointer own, const RemoteLimits *limits,
		     GError **error)
{
	g_auto(Call) call = { 0 };

	call_init(&call, run, class, hosts, n);
	call.request = request;
	call.own = own;
	call.limits = *limits;
	if (!sort_out(&call, error) || !reach(&call, error))
		return NULL;
	return call_end(&call);
}
