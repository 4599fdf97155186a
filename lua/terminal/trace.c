#include "lua/terminal/trace.h"
#include "lua/terminal/talk.h"

static gint64 since; /* monotonic, in microseconds; 0: it is off */

void trace_start(void)
{
	since = g_get_monotonic_time();
}

gboolean trace_is_on(void)
{
	return since != 0;
}

void trace_say(const char *format, ...)
{
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;
	va_list arguments;

	if (!since)
		return;
	va_start(arguments, format);
	text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	lines = g_strsplit(g_strchomp(text), "\n", -1);
	for (gsize i = 0; lines[i]; i++)
		talk_step("%8.3f  %s",
			  (double)(g_get_monotonic_time() - since) / G_USEC_PER_SEC, lines[i]);
}
