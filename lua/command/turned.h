/*
 * turned - what has become of a run since: which of its nodes are taken back, or were and are
 * done again.  In words, for an undo and whoever looks at runs.
 */
#pragma once
#include "core/journal.h"

/* "done, 5 of 16 taken back": how it ended, and what has become of it.  Gives the text. */
char *turned_state(const JournalRun *run);
/* What an undo of a run of this depth has done with its nodes: "taken back"; or, of an undo,
 * "moved again". */
const char *turned_word(guint depth);

/* Nodes that one run has taken back, or done again. */
typedef struct {
	gint64 run;
	GPtrArray *names;
} Turned;

/* Of nodes in `wanted` (a set; NULL: all), by the numbers of these runs.  Gives an array of
 * Turned; names are the content's. */
GPtrArray *turned_back(const JournalContent *content, GHashTable *wanted);
GPtrArray *turned_again(const JournalContent *content, GHashTable *wanted);
