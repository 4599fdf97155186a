/*
 * source - the text of a Lua file.
 *
 * Read whole before any of it is compiled: a file that is waited for (a FIFO), is larger than a
 * script can be, or has bytes that no text has, is an error that names it.
 */
#pragma once
#include <glib.h>

#define SOURCE_ERROR source_error_quark()
GQuark source_error_quark(void);
typedef enum { SOURCE_ERROR_FAILED } SourceError;

/* With `trusted`, only if trust_path allows it and it is a regular file.  Gives the text. */
G_GNUC_WARN_UNUSED_RESULT
char *source_read(const char *path, gboolean trusted, GError **error);
