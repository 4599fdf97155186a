#include "lua/command/waiting.h"
#include "core/noderange.h"
#include "lua/runtime/binding.h"
#include "lua/terminal/interrupt.h"
#include "lua/terminal/talk.h"
#include <unistd.h>

#define TELL_EVERY 30 /* seconds, where there is no terminal to show progress on */

/* The call that is waited for: how far it is. */
static guint ended, all;

static void tell_progress(guint done, guint total, gpointer data)
{
	static gint64 told;
	const char *step = run_current_step(((const BindingContext *)data)->run);
	gint64 now = g_get_monotonic_time();

	ended = done;
	all = total;
	if (total < 2 || !step)
		return;
	talk_progress(step, done, total);
	if (!told || done == 0)
		told = now;
	if (isatty(STDERR_FILENO) || now - told < TELL_EVERY * G_USEC_PER_SEC)
		return;
	told = now;
	talk_step("%s: %u of %u hosts", step, done, total);
}

/* After a signal: who is not given up, and for whose sake. */
static void tell_left(const RunWaiting *waiting, const char *hosts)
{
	guint left = waiting->most - MIN(waiting->seconds, waiting->most);
	const char *who = waiting->hook ? waiting->hook : waiting->step;

	talk_line("waiting for %s%s%s%s, %u s at most", hosts, who ? " (" : "", who ? who : "",
		  who ? ")" : "", left);
}

/* "nodes: 7 of 16, hook gmond on cn[008-016], 12 of 300 s" */
static void tell_step(const RunWaiting *waiting, const char *hosts)
{
	g_autofree char *far =
		ended > 0 && all > 1 ? g_strdup_printf("%u of %u, ", ended, all) : g_strdup("");

	talk_line("%s%s%s%s%s%son %s, %u of %u s", waiting->step ? waiting->step : "",
		  waiting->step ? ": " : "", far, waiting->hook ? "hook " : "",
		  waiting->hook ? waiting->hook : "", waiting->hook ? " " : "", hosts,
		  waiting->seconds, waiting->most);
}

static void tell_waiting(const RunWaiting *waiting, gpointer data)
{
	g_autofree char *hosts = NULL;

	(void)data;
	if (!waiting) {
		ended = all = 0;
		talk_clear();
		return;
	}
	if (!isatty(STDERR_FILENO))
		return;
	hosts = noderange_fold(waiting->hosts, waiting->n);
	if (interrupt_asked())
		tell_left(waiting, hosts);
	else if (waiting->asks)
		talk_line("%s", waiting->asks);
	else
		tell_step(waiting, hosts);
}

void waiting_watch(RunWatch *watch)
{
	watch->progress = tell_progress;
	watch->waiting = tell_waiting;
}
