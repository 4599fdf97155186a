/* All hosts at once: who is begun, who is waited for, who is too late. */
#include "core/base.h"
#include "core/remote/heard.h"
#include "core/remote/hop.h"
#include "core/remote/inside.h"
#include "core/remote/task.h"
#include <errno.h>
#include <string.h>

#define TOGETHER      16 /* tasks that begin, or have ended, at once: one entry in a journal */
#define TOGETHER_TIME 5000    /* microseconds that the first of them waits for the others */
#define TICK	      500     /* ms: how often `stop` is asked when nothing happens */
#define ROUNDS	      32      /* turns of those behind a hop until deadlines are looked at */
#define SOON	      10      /* ms */
#define TELL	      1000000 /* microseconds: how often it is told what is waited for */
#define RETRY_TIME    100000  /* microseconds, about, until another try; doubled up to 1.6 s */

typedef struct remotevisit {
	Remote *remote;
	RemoteLimits limits;
	const RemoteWatch *watch;
	GPtrArray *results;
	Task *tasks;
	Route *routes;
	guint n, next, flying;
	GArray *active; /* numbers of tasks that are begun and not over */
	GArray *ready;	/* that wait to begin, */
	GArray *ended;	/* and to be told */
	gint64 ready_since, ended_since;
	gint64 deadline;
	gint64 tell_at; /* what is waited for */
	char *marker, *greeting;
	struct pollfd *fds;
	gboolean pending; /* some behind a hop may still have something to read */
	gboolean failed;  /* one of those that have ended and are not told yet has */
	gboolean holds;	  /* nobody begins yet */
} Call;

static RemoteLimits with_defaults(const RemoteLimits *given)
{
	RemoteLimits limits = given ? *given : (RemoteLimits){ 0 };

	limits.fanout = limits.fanout ? limits.fanout : REMOTE_FANOUT;
	limits.connect_time = limits.connect_time ? limits.connect_time : REMOTE_CONNECT_TIME;
	limits.login_time = limits.login_time ? limits.login_time : REMOTE_LOGIN_TIME;
	limits.time = limits.time ? limits.time : REMOTE_TIME;
	limits.total_time = limits.total_time ? limits.total_time : REMOTE_TOTAL_TIME;
	limits.output = limits.output ? limits.output : REMOTE_OUTPUT;
	return limits;
}

static gboolean shall_stop(const Call *call)
{
	return call->watch && call->watch->stop && call->watch->stop(call->watch->data);
}

/* Results of these tasks, as they are now.  Gives an array (g_free). */
static RemoteResult **results_of(const Call *call, const GArray *numbers)
{
	RemoteResult **results = g_new(RemoteResult *, numbers->len);

	for (guint i = 0; i < numbers->len; i++)
		results[i] = call->tasks[g_array_index(numbers, guint, i)].result;
	return results;
}

static void tell_ended(Call *call)
{
	g_autofree RemoteResult **results = NULL;

	if (call->ended->len == 0)
		return;
	results = results_of(call, call->ended);
	if (call->watch && call->watch->done)
		call->watch->done((const guint *)call->ended->data, call->ended->len, results,
				  call->watch->data);
	g_array_set_size(call->ended, 0);
	call->failed = FALSE;
}

#define NOBODY G_MAXUINT

static gboolean can_hand_over(const Call *call, guint number)
{
	const Task *task = &call->tasks[number];

	return task->next && task->shell && task->shell->ended &&
	       task->result->error == REMOTE_OK && !shall_stop(call);
}

static void start_task(Call *call, guint number);
static void take_shell(Call *call, guint number);

/* The one behind it begins, or shall be refused as it was: then gives its number. */
static guint go_on_with(Call *call, guint number, gboolean handed_over)
{
	const Task *task = &call->tasks[number];
	guint next = task->next - 1;

	if (!task->next)
		return NOBODY;
	if (handed_over)
		take_shell(call, next);
	else if (shall_stop(call))
		task_give_up(&call->tasks[next], REMOTE_STOPPED, "not begun");
	else if (task->result->begun || task->result->error == REMOTE_OK)
		start_task(call, next);
	else
		task_give_up(&call->tasks[next], task->result->error, task->result->message);
	return call->tasks[next].phase == TASK_OVER ? next : NOBODY;
}

static guint end_one(Call *call, guint number)
{
	Task *task = &call->tasks[number];
	const RemoteResult *result = task->result;
	gboolean hands_over = can_hand_over(call, number);

	if (hands_over)
		task_hand_over(task, &call->tasks[task->next - 1], &call->limits, call->marker);
	task_close(task, call->limits.output);
	heard_end(task);
	call->failed |= result->error != REMOTE_OK || result->status != 0;
	if (call->ended->len == 0)
		call->ended_since = g_get_monotonic_time();
	g_array_append_val(call->ended, number);
	/* What never began is written down nowhere: it need not wait for others. */
	if (call->ended->len >= TOGETHER || !result->begun)
		tell_ended(call);
	return go_on_with(call, number, hands_over);
}

static void end_task(Call *call, guint number)
{
	while (number != NOBODY)
		number = end_one(call, number);
}

static void start_shell(Call *call, guint number, gboolean openssh)
{
	Task *task = &call->tasks[number];

	task_start(task,
		   shell_new(call->remote, &call->routes[number], &call->limits, openssh,
			     call->greeting),
		   &call->limits);
}

static void start_task(Call *call, guint number)
{
	g_autoptr(GError) problem = NULL;
	Task *task = &call->tasks[number];
	Route *route = &call->routes[number];

	if (!route_find(call->remote, task->given, route, &problem)) {
		task_give_up(task, (RemoteErrorCode)problem->code, problem->message);
		return;
	}
	start_shell(call, number, route->openssh);
	g_array_append_val(call->active, number);
}

static void start_more(Call *call)
{
	while (call->next < call->n && call->active->len < call->limits.fanout) {
		guint number = call->next++;
		Task *task = &call->tasks[number];

		if (task->given->after)
			continue;
		if (shall_stop(call))
			task_give_up(task, REMOTE_STOPPED, "not begun");
		else
			start_task(call, number);
		if (task->phase == TASK_OVER)
			end_task(call, number);
	}
}

/* What it has to write is tried at once: poll is only asked about what has to wait. */
static void begin_task(Call *call, guint number)
{
	Task *task = &call->tasks[number];

	task_begin(task, &call->limits, call->marker);
	if (task->phase == TASK_RUNNING)
		(void)task_step(task, &call->limits, call->marker);
	/* It may have read what is for others. */
	call->pending |= call->routes[number].hop != NULL;
}

/* Does one of those that are ready come behind another one of its host? */
static gboolean any_follows(const Call *call)
{
	for (guint i = 0; i < call->ready->len; i++)
		if (call->tasks[g_array_index(call->ready, guint, i)].follows)
			return TRUE;
	return FALSE;
}

/* Those that are logged in are handed over, some at a time. */
static void begin_ready(Call *call)
{
	GArray *ready = call->ready;
	g_autoptr(GError) problem = NULL;
	g_autofree RemoteResult **seen = NULL;
	gboolean good = TRUE, stop;

	if (ready->len == 0 || call->holds)
		return;
	/* A failure may be the reason to begin no more; and who was killed now shall know of
	 * those before that they have ended. */
	if (call->failed || any_follows(call))
		tell_ended(call);
	stop = shall_stop(call);
	seen = results_of(call, ready);
	if (!stop && call->watch && call->watch->begin)
		good = call->watch->begin((const guint *)ready->data, ready->len, seen,
					  call->watch->data, &problem);
	for (guint i = 0; i < ready->len; i++) {
		Task *task = &call->tasks[g_array_index(ready, guint, i)];

		if (stop)
			task_give_up(task, REMOTE_STOPPED, "not begun");
		else if (good)
			begin_task(call, g_array_index(ready, guint, i));
		else
			task_give_up(task, REMOTE_FAILED, problem->message);
	}
	g_array_set_size(ready, 0);
}

static gboolean anybody_reaching(const Call *call)
{
	for (guint i = 0; i < call->active->len; i++) {
		TaskPhase phase = call->tasks[g_array_index(call->active, guint, i)].phase;

		if (phase == TASK_REACHING || phase == TASK_WAITING || phase == TASK_LOOKING)
			return TRUE;
	}
	return FALSE;
}

static void flush(Call *call)
{
	gint64 now = g_get_monotonic_time();

	if (call->ready->len >= TOGETHER ||
	    (call->ready->len > 0 &&
	     (now - call->ready_since >= TOGETHER_TIME || !anybody_reaching(call))))
		begin_ready(call);
	if (call->ended->len > 0 && now - call->ended_since >= 10 * TOGETHER_TIME)
		tell_ended(call);
}

/* A busy sshd drops who comes: later it may have time.  And ssh can what libssh2 cannot. */
static gboolean try_again(Call *call, guint number)
{
	Task *task = &call->tasks[number];
	Shell *shell = task->shell;
	gint64 now = g_get_monotonic_time(), wake;
	gint32 pause;

	if (task->phase != TASK_OVER || !shell || shell->ended || task->result->begun)
		return FALSE;
	if (shell->want_openssh && call->remote->transport == REMOTE_AUTO) {
		shell->class->free(shell);
		task->result->error = REMOTE_OK;
		task->deadline = now + (gint64)call->limits.connect_time * 1000;
		task->logging_in = FALSE;
		call->routes[number].openssh = TRUE;
		start_shell(call, number, TRUE);
		return TRUE;
	}
	pause = RETRY_TIME << MIN(task->tries - 1, 4);
	wake = now + pause / 2 + g_random_int_range(0, pause);
	if (!shell->busy || wake >= task->deadline)
		return FALSE;
	shell->class->free(shell);
	task->shell = NULL;
	task->result->error = REMOTE_OK;
	task->phase = TASK_WAITING;
	task->wake = wake;
	return TRUE;
}

static const char *late_words(const Task *task)
{
	if (task->phase == TASK_RUNNING)
		return "the command did not end in time";
	if (task->phase == TASK_LOOKING)
		return "what was looked at first did not answer in time";
	if (task->logging_in)
		return "no login in time";
	return "no answer in time";
}

static gboolean check_time(Call *call, guint number, gint64 now)
{
	Task *task = &call->tasks[number];

	if (task->phase == TASK_WAITING && now >= task->wake)
		start_shell(call, number, call->routes[number].openssh);
	if (task_is_talking(task) && call->watch && call->watch->abandon && shall_stop(call))
		task_give_up(task, REMOTE_STOPPED, "not waited for");
	if (task->phase != TASK_READY && task->phase != TASK_OVER && now >= task->deadline)
		task_give_up(task, REMOTE_TIMEOUT, late_words(task));
	else if (task->phase != TASK_OVER && now >= call->deadline)
		task_give_up(task, REMOTE_TIMEOUT, "the time for all hosts is used up");
	return task->phase == TASK_OVER;
}

static guint64 count_received(const Task *task)
{
	const ShellClass *class = task->shell->class;

	return class->received ? class->received(task->shell) : 0;
}

static void add_ready(Call *call, guint number)
{
	if (call->tasks[number].phase != TASK_READY)
		return;
	if (call->ready->len == 0)
		call->ready_since = g_get_monotonic_time();
	g_array_append_val(call->ready, number);
}

/* Its shell was another one's. */
static void take_shell(Call *call, guint number)
{
	Task *task = &call->tasks[number];

	call->routes[number] = call->routes[task->given->after - 1];
	g_array_append_val(call->active, number);
	if (task->phase == TASK_LOOKING)
		(void)task_step(task, &call->limits, call->marker);
	add_ready(call, number);
	call->pending |= call->routes[number].hop != NULL;
}

/* One host's turn.  TRUE: something has changed. */
static gboolean turn(Call *call, guint number)
{
	Task *task = &call->tasks[number];
	gboolean changed;
	guint64 before;

	if (!task_is_talking(task))
		return FALSE;
	before = count_received(task);
	changed = task_step(task, &call->limits, call->marker);
	add_ready(call, number);
	return changed || (task->shell && count_received(task) != before);
}

/*
 * Sessions in one hop's connection read for each other: what one has taken from the socket may
 * be the other's, and no poll tells.  So they take turns until nobody has anything any more.
 */
static void turns(Call *call, const gboolean *awake)
{
	gboolean again = FALSE;

	call->pending = FALSE;
	for (guint i = 0; i < call->active->len; i++) {
		guint number = g_array_index(call->active, guint, i);

		if (awake[i])
			again |= turn(call, number) && call->routes[number].hop;
	}
	for (int round = 0; again; round++) {
		if (round == ROUNDS) {
			call->pending = TRUE;
			return;
		}
		again = FALSE;
		for (guint i = 0; i < call->active->len; i++) {
			guint number = g_array_index(call->active, guint, i);

			if (call->routes[number].hop)
				again |= turn(call, number);
		}
	}
}

static void take_out_ended(Call *call)
{
	gint64 now = g_get_monotonic_time();

	for (guint i = 0; i < call->active->len;) {
		guint number = g_array_index(call->active, guint, i);

		if (!check_time(call, number, now) || try_again(call, number)) {
			i++;
			continue;
		}
		g_array_remove_index_fast(call->active, i);
		end_task(call, number);
	}
}

/* ---- What is waited for ---- */

/* How long what the task does now may take, in ms; 0: it waits for us. */
static guint time_allowed(const Call *call, const Task *task)
{
	if (task->phase == TASK_RUNNING || task->phase == TASK_LOOKING)
		return call->limits.time;
	if (task->phase != TASK_REACHING && task->phase != TASK_WAITING)
		return 0;
	return task->logging_in ? call->limits.login_time : call->limits.connect_time;
}

/* Of the one that may be last. */
static RemoteWait longest_wait(const Call *call, gint64 now)
{
	RemoteWait wait = { 0 };
	gint64 latest = 0;

	for (guint i = 0; i < call->active->len; i++) {
		const Task *task = &call->tasks[g_array_index(call->active, guint, i)];
		guint allowed = time_allowed(call, task);
		gint64 since = task->deadline - (gint64)allowed * 1000;

		if (allowed == 0 || task->deadline <= latest)
			continue;
		latest = task->deadline;
		wait.elapsed = (guint)(MAX(now - since, 0) / 1000);
		wait.most = (guint)(MAX(MIN(latest, call->deadline) - since, 0) / 1000);
	}
	return wait;
}

static void tell_waiting(Call *call)
{
	const RemoteWatch *watch = call->watch;
	gint64 now;
	RemoteWait wait;

	if (!watch || !watch->waiting)
		return;
	now = g_get_monotonic_time();
	if (now < call->tell_at)
		return;
	call->tell_at = now + TELL;
	wait = longest_wait(call, now);
	if (wait.most > 0)
		watch->waiting((const guint *)call->active->data, call->active->len, &wait,
			       watch->waiting_data);
}

/* `soon`: somebody waits for what no poll tells. */
static int time_to_wait(const Call *call, gboolean eager, gboolean soon)
{
	gint64 now = g_get_monotonic_time(), until = now + (gint64)TICK * 1000;

	if (eager)
		return 0;
	if (soon)
		until = now + (gint64)SOON * 1000;
	until = MIN(until, call->deadline);
	if (call->watch && call->watch->waiting)
		until = MIN(until, call->tell_at);
	if (call->ready->len > 0 && !call->holds)
		until = MIN(until, call->ready_since + TOGETHER_TIME);
	if (call->ended->len > 0)
		until = MIN(until, call->ended_since + 10 * TOGETHER_TIME);
	for (guint i = 0; i < call->active->len; i++) {
		const Task *task = &call->tasks[g_array_index(call->active, guint, i)];

		if (task->phase == TASK_WAITING)
			until = MIN(until, task->wake);
		else if (task->phase != TASK_READY)
			until = MIN(until, task->deadline);
	}
	return until <= now ? 0 : (int)((until - now + 999) / 1000);
}

/* `awake` gets who has something to do. */
static void wait_for_something(Call *call, gboolean *awake)
{
	guint n = 0;
	int got;
	gboolean eager = call->pending, soon = FALSE;
	g_autofree guint *first = g_new(guint, call->active->len + 1);

	for (guint i = 0; i < call->active->len; i++) {
		Task *task = &call->tasks[g_array_index(call->active, guint, i)];

		first[i] = n;
		if (task_is_talking(task)) {
			n += task->shell->class->watch(task->shell, task_is_writing(task),
						       call->fds + n);
			/* Or it waits for nothing that poll knows. */
			awake[i] = call->pending || task->more || n == first[i];
			eager |= awake[i];
			if (task->shell->waiting ||
			    (n > first[i] && call->fds[first[i]].fd < 0))
				soon = awake[i] = TRUE;
		} else {
			awake[i] = FALSE;
		}
	}
	first[call->active->len] = n;
	got = poll(call->fds, n, time_to_wait(call, eager, soon));
	if (got < 0 && errno == EINTR)
		call->tell_at = 0;
	if (got <= 0)
		return;
	for (guint i = 0; i < call->active->len; i++)
		for (guint j = first[i]; j < first[i + 1]; j++)
			awake[i] |= call->fds[j].revents != 0;
}

/* Is there nothing to wait for any more? */
static gboolean is_over(const Call *call)
{
	return call->active->len == (call->holds ? call->ready->len : 0);
}

static void go(Call *call)
{
	g_autofree gboolean *awake = g_new(gboolean, call->limits.fanout);

	start_more(call);
	memset(awake, TRUE, sizeof(gboolean) * call->limits.fanout);
	while (!is_over(call)) {
		turns(call, awake);
		flush(call);
		take_out_ended(call);
		start_more(call);
		if (is_over(call))
			break;
		tell_waiting(call);
		wait_for_something(call, awake);
	}
	tell_ended(call);
}

static char *new_marker(void)
{
	return g_strdup_printf("snmove-%08x%08x%08x", g_random_int(), g_random_int(),
			       g_random_int());
}

static void add_result(Call *call, guint number)
{
	Task *task = &call->tasks[number];

	task->result = g_new0(RemoteResult, 1);
	task->result->status = -1;
	task->result->out = g_string_new(NULL);
	task->result->err = g_string_new(NULL);
	g_ptr_array_add(call->results, task->result);
}

static Call *call_new(Remote *remote, const RemoteTask *tasks, guint n,
		      const RemoteLimits *limits, const RemoteWatch *watch)
{
	Call *call = g_new0(Call, 1);

	call->remote = remote;
	call->limits = with_defaults(limits);
	call->watch = watch;
	call->n = n;
	call->marker = new_marker();
	call->results =
		g_ptr_array_new_full(n, (GDestroyNotify)(void (*)(void))remote_result_free);
	call->greeting = task_greeting(call->marker);
	call->tasks = g_new0(Task, MAX(n, 1));
	call->routes = g_new0(Route, MAX(n, 1));
	call->fds = g_new(struct pollfd, (gsize)call->limits.fanout * SHELL_FDS);
	call->active = g_array_new(FALSE, FALSE, sizeof(guint));
	call->ready = g_array_new(FALSE, FALSE, sizeof(guint));
	call->ended = g_array_new(FALSE, FALSE, sizeof(guint));
	call->deadline = g_get_monotonic_time() + (gint64)call->limits.total_time * 1000;
	call->tell_at = g_get_monotonic_time() + TELL;
	for (guint i = 0; i < n; i++) {
		call->tasks[i].given = &tasks[i];
		add_result(call, i);
		call->tasks[i].follows = tasks[i].after > 0;
		if (tasks[i].after)
			call->tasks[tasks[i].after - 1].next = i + 1;
	}
	return call;
}

void remote_visit_free(RemoteVisit *call)
{
	if (!call)
		return;
	hops_close(call->remote);
	for (guint i = 0; i < call->n; i++) {
		if (call->tasks[i].shell)
			task_close(&call->tasks[i], call->limits.output);
		for (int j = 0; j < 2; j++)
			if (call->tasks[i].streams[j].bytes)
				g_string_free(call->tasks[i].streams[j].bytes, TRUE);
	}
	g_clear_pointer(&call->results, g_ptr_array_unref);
	g_free(call->tasks);
	g_free(call->routes);
	g_free(call->fds);
	g_free(call->marker);
	g_free(call->greeting);
	g_array_unref(call->active);
	g_array_unref(call->ready);
	g_array_unref(call->ended);
	g_free(call);
}

RemoteVisit *remote_visit(Remote *remote, const RemoteTask *tasks, guint n,
			  const RemoteLimits *limits, const RemoteWatch *watch, GError **error)
{
	g_autoptr(RemoteVisit) visit = call_new(remote, tasks, n, limits, watch);

	if (!route_prepare(remote, tasks, n, error))
		return NULL;
	visit->holds = TRUE;
	go(visit);
	return g_steal_pointer(&visit);
}

const RemoteResult *remote_visit_seen(const RemoteVisit *visit, guint i)
{
	return visit->tasks[i].phase == TASK_READY ? visit->tasks[i].result : NULL;
}

GPtrArray *remote_visit_end(RemoteVisit *visit)
{
	GPtrArray *results;

	visit->holds = FALSE;
	go(visit);
	results = g_steal_pointer(&visit->results);
	remote_visit_free(visit);
	return results;
}

GPtrArray *remote_run(Remote *remote, const RemoteTask *tasks, guint n,
		      const RemoteLimits *limits, const RemoteWatch *watch, GError **error)
{
	g_autoptr(RemoteVisit) call = call_new(remote, tasks, n, limits, watch);

	if (!route_prepare(remote, tasks, n, error))
		return NULL;
	return remote_visit_end(g_steal_pointer(&call));
}
