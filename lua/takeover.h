/*
 * takeover - what is known of a takeover while it goes on: its nodes, options, notes, problems,
 * what is owed.  Scripts see it as `move`; the journal keeps it.
 */
#pragma once
#include "core/journal.h"
#include "core/move.h"

/* What scripts are told of a takeover, the same for the procedure and all hooks. */
typedef struct {
	Move *move;
	GHashTable
		*options; /* name of an option -> its text, "" for one without; see options.h */
	const char *mode; /* "planned" or "dead" */
	const char *attempt;	   /* "first", "resume" or "undo" */
	guint number;		   /* of the run; 0: it has none */
	GHashTable *notes;	   /* move.notes: name -> GVariant */
	GPtrArray *problems;	   /* TakeoverProblem: what checks found */
	GPtrArray *owed;	   /* JournalOwed: what is left to do when the run has ended */
	GHashTable *owed_once;	   /* those of them that takeover_owe has added */
	GPtrArray *seen;	   /* lines: what was noticed and left as it is */
	const char *const *checks; /* the names that a problem may have */
	gboolean ending;	   /* the last steps: they run all the same */
} Takeover;

/* A new one (takeover_free) with nothing found and nothing owed. */
Takeover *takeover_new(Move *move, const char *const *checks);
void takeover_free(Takeover *takeover);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Takeover, takeover_free)

/* This is left to do, unless it was said already.  Takes `owed`. */
void takeover_owe(Takeover *takeover, JournalOwed *owed);
/* This was noticed; a step that runs again says it again, and once is enough.  Takes `line`. */
void takeover_note(Takeover *takeover, char *line);
/* What begins with `what` and is owed on one of the hosts (a set of names) is paid. */
void takeover_paid(Takeover *takeover, GHashTable *hosts, const char *what);
/* "sn1: cn[001-400]: what", for people.  Gives the text. */
char *takeover_owed_line(const JournalOwed *owed);

typedef struct {
	const char *check; /* one of Takeover.checks */
	char **names;	   /* the nodes; NULL: none in particular */
	char *nodes;	   /* the same, folded */
	char *seen, *wanted;
} TakeoverProblem;
