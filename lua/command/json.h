/*
 * json - results as JSON, one object a line.  Bytes that are not UTF-8 are written as escapes.
 */
#pragma once
#include "core/change.h"
#include "core/journal.h"
#include "core/services.h"

/* Give the text of a line, without its end (g_free).  `content` may be NULL. */
char *json_run(const JournalRun *run, const JournalContent *content);
char *json_change(const Change *change);
char *json_explained(const ExplainGroup *group);
/* What a probe has found, `differs` from the tables or not. */
char *json_differs(const JournalOwed *differs);
char *json_answers(const char *line);
/* The last line: `missing` are names that no node has. */
char *json_explain_verdict(guint nodes, guint groups, guint differs, const GPtrArray *missing,
			   int status);
