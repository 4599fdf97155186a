#include "lua/terminal/talk.h"
#include "core/base.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *program_name = "snmove";
static gboolean is_verbose;
static gboolean progress_shown;
static guint warnings;

void talk_setup(const char *program, gboolean verbose)
{
	program_name = program;
	is_verbose = verbose;
}

guint talk_warnings(void)
{
	return warnings;
}

static void clear_progress(void)
{
	if (progress_shown)
		fputs("\r\033[K", stderr);
	progress_shown = FALSE;
}

/* A traceback has lines of its own: they stay lines; everything else is made plain. */
static void say(const char *word, const char *format, va_list args)
{
	g_autofree char *message = g_strdup_vprintf(format, args);
	const char *line = message;

	clear_progress();
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

void talk_progress(guint done, guint total)
{
	if (!isatty(STDERR_FILENO))
		return;
	fprintf(stderr, "\r\033[K%u of %u", done, total);
	fflush(stderr);
	progress_shown = TRUE;
}
