/*
 * talk - what the program says to the person at the terminal: messages, and the progress line.
 *
 * All of it goes to stderr; results go to stdout and are not this room's business.  Control
 * characters in a message are written as escapes.
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

/* One line that is overwritten, only on a terminal; nothing else. */
void talk_progress(guint done, guint total);
