/*
 * json - results as JSON, one object a line.  Bytes that are not UTF-8 are written as escapes.
 */
#pragma once
#include "core/change.h"
#include "core/journal.h"

/* Give the text of a line, without its end (g_free).  `content` may be NULL. */
char *json_run(const JournalRun *run, const JournalContent *content);
char *json_change(const Change *change);
/* The last line of a move: {"verdict": ...}. */
char *json_verdict(const char *verdict, int status, guint number, guint nodes, guint changes,
		   const GPtrArray *owed, const GPtrArray *notes);
