/*
 * trace - what happens while procedures and hooks work, a line each on stderr with the time
 * since the start: for who is writing one.
 */
#pragma once
#include <glib.h>

/* From now on. */
void trace_start(void);
gboolean trace_is_on(void);
/* Nothing, if it is off.  A text of several lines stays so. */
void trace_say(const char *format, ...) G_GNUC_PRINTF(1, 2);
