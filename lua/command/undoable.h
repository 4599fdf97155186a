/*
 * undoable - what an undo may take back: which run a bare --undo means, and which nodes of a
 * run are left.  The rules of that, and the words of who is refused.
 */
#pragma once
#include "lua/command/session.h"

/* The last move on the database: 0 and an error if the last run was an undo, which says what
 * there is to type. */
gint64 undoable_number(Journal *journal, const char *database, const Request *request,
		       GError **error);

/* What is to be taken back.  Borrowed. */
typedef struct {
	Journal *journal;
	const Request *request;
	const JournalRun *run;
	const JournalContent *content;
	GHashTable *wanted; /* names of its nodes; NULL: all, and what is of no node too */
	GHashTable *gone;   /* names of its nodes that are in no table any more (run_gone) */
} Undoable;

/* Is there something to take back, that another run has not done again?  The error names the
 * run to undo instead. */
G_GNUC_WARN_UNUSED_RESULT
gboolean undoable_check(const Undoable *undoable, GError **error);
/* Those of its nodes that take no part, NULL-terminated.  `again`: names of the nodes of an
 * undo that goes on, which all take part once more; or NULL.  Gives an array; names are the
 * content's. */
GPtrArray *undoable_leave_out(const Undoable *undoable, GHashTable *again);
/* Are these all of its nodes that are left? */
gboolean undoable_are_all(const Undoable *undoable, GHashTable *nodes);
/* Nodes that take no part as they are gone, in words; NULL: none.  Gives the text. */
char *undoable_gone_note(const Undoable *undoable);
