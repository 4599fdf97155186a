/*
 * json - results as JSON, one object a line.  Bytes that are not UTF-8 are written as escapes.
 */
#pragma once
#include "core/change.h"
#include "core/journal.h"

/* Give the text of a line, without its end (g_free).  `content` may be NULL. */
char *json_run(const JournalRun *run, const JournalContent *content);
char *json_change(const Change *change);
