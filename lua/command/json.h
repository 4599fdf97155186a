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

/* What --verify has found: `results` of nodes by the names of what was looked at ("ok",
 * "fault"; NULL: nothing), a fault with the command that mends it (or NULL), and the last line.
 */
char *json_verified(const GPtrArray *nodes, const char *const *names,
		    const char *const *results, guint n);
char *json_fault(const JournalOwed *fault, const GPtrArray *nodes, const char *mend);
char *json_verify_verdict(guint nodes, guint faults, const GPtrArray *missing, int status);
