/*
 * talk - what the program says to the person at the terminal: messages, and the progress line.
 *
 * All of it goes to stderr; results go to stdout and are not this room's business.  Control
 * characters in a message are written as escapes.  What core complains of is a warning here.
 */
#pragma once
#include <glib.h>

/* `verbose`: information is shown too, not only warnings and errors. */
void talk_setup(const char *program, gboolean verbose);

void talk_info(const char *format, ...) G_GNUC_PRINTF(1, 2);
void talk_warning(const char *format, ...) G_GNUC_PRINTF(1, 2);
void talk_error(const char *format, ...) G_GNUC_PRINTF(1, 2);
/* A line about what is being done, without a word in front. */
void talk_step(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* Warnings so far. */
guint talk_warnings(void);

/*
 * One line that is overwritten, only on a terminal: what is waited for, how far it is.  It is
 * gone before anything is said here, and who prints on stdout takes it away first.
 */
void talk_line(const char *format, ...) G_GNUC_PRINTF(1, 2);
void talk_clear(void);
#define TALK_ERASE "\r\033[K"
/* "nodes: 7 of 16" in that line; `name` may be NULL. */
void talk_progress(const char *name, guint done, guint total);
/* Is it there?  A handler of signals may ask, and must have taken it away then. */
gboolean talk_line_is_taken(void);
