/*
 * record - a plan with all that it was told, in a file for tests: the tables, the addresses of
 * names, and what each script came to on each host.  Lines of JSON; see record.c.
 */
#pragma once
#include "lua/command/work.h"

/*
 * From now on, into a new file that only its owner can read.  Values of columns called
 * `password`, of any table, are secrets from then on.
 */
G_GNUC_WARN_UNUSED_RESULT
gboolean record_start(const char *path, const Work *work, GError **error);
/* The plan has come to its end.  FALSE and an error: the file is not whole. */
G_GNUC_WARN_UNUSED_RESULT
gboolean record_end(const Work *work, GError **error);
