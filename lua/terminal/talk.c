#include "lua/terminal/talk.h"
#include "core/base.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static const char *program_name = "snmove";
static gboolean is_verbose;
static volatile sig_atomic_t line_shown;
static guint warnings;

guint talk_warnings(void)
{
	return warnings;
}

void talk_clear(void)
{
	if (line_shown)
		fputs(TALK_ERASE, stderr);
	line_shown = FALSE;
}

gboolean talk_line_is_taken(void)
{
	gboolean shown = line_shown;

	line_shown = FALSE;
	return shown;
}

/* A traceback has lines of its own: they stay lines; everything else is made plain. */
static void say(const char *word, const char *format, va_list args)
{
	g_autofree char *message = g_strdup_vprintf(format, args);
	const char *line = message;

	talk_clear();
	for (gboolean first = TRUE; line; first = FALSE) {
		const char *end = strchr(line, '\n');
		g_autofree char *text = end ? g_strndup(line, end - line) : g_strdup(line);
		g_autofree char *plain = text_plain(g_strdelimit(text, "\t", ' '));

		if (first && word)
			fprintf(stderr, "%s: %s%s\n", program_name, word, plain);
		else
			fprintf(stderr, "%s%s\n", first ? "" : "  ", *text ? plain : "");
		line = end ? end + 1 : NULL;
	}
	fflush(stderr);
}

#define SAY(word)                                                                              \
	do {                                                                                   \
		va_list args;                                                                  \
		va_start(args, format);                                                        \
		say(word, format, args);                                                       \
		va_end(args);                                                                  \
	} while (0)

void talk_info(const char *format, ...)
{
	if (is_verbose)
		SAY("");
}

void talk_warning(const char *format, ...)
{
	warnings++;
	SAY("warning: ");
}

void talk_error(const char *format, ...)
{
	SAY("error: ");
}

void talk_step(const char *format, ...)
{
	SAY(NULL);
}

/* ---- The line ---- */

#define COLUMNS 80 /* where the terminal does not say */

/* One that is longer than the terminal is wide could not be taken away.  Gives the text. */
static char *fitted(const char *text)
{
	struct winsize size = { 0 };
	g_autofree char *plain = text_plain(text);
	glong most;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
		size.ws_col = COLUMNS;
	most = MAX(size.ws_col, 20) - 1;
	if (g_utf8_strlen(plain, -1) > most) {
		g_autofree char *begin = g_utf8_substring(plain, 0, most - 3);

		return g_strconcat(begin, "...", NULL);
	}
	return g_steal_pointer(&plain);
}

void talk_line(const char *format, ...)
{
	g_autofree char *text = NULL;
	g_autofree char *line = NULL;
	va_list args;

	if (!isatty(STDERR_FILENO))
		return;
	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	line = fitted(text);
	fprintf(stderr, TALK_ERASE "%s", line);
	fflush(stderr);
	line_shown = TRUE;
}

void talk_progress(const char *name, guint done, guint total)
{
	talk_line("%s%s%u of %u", name ? name : "", name ? ": " : "", done, total);
}

/* ---- What others say ---- */

static void tell_busy(const char *what, guint seconds, guint most)
{
	if (what)
		talk_line("waiting for %s, %u of %u s", what, seconds, most);
	else
		talk_clear();
}

static void complain(const char *domain, GLogLevelFlags level, const char *message,
		     gpointer data)
{
	if (level & (G_LOG_LEVEL_WARNING | G_LOG_LEVEL_CRITICAL)) {
		talk_warning("%s", message);
		return;
	}
	talk_clear();
	g_log_default_handler(domain, level, message, data);
}

void talk_setup(const char *program, gboolean verbose)
{
	program_name = program;
	is_verbose = verbose;
	patience_on_wait(tell_busy);
	g_log_set_default_handler(complain, NULL);
}
