/*
 * takeover - what is known of a takeover while it goes on: its nodes, options, notes, problems,
 * what is owed, whose commands failed.  Scripts see it as `move`; the journal keeps it.
 */
#pragma once
#include "core/batches.h"
#include "core/journal.h"
#include "core/move.h"
#include "core/run.h"

/* What scripts are told of a takeover, the same for the procedure and all hooks. */
typedef struct {
	Move *move;
	GHashTable
		*options; /* name of an option -> its text, "" for one without; see options.h */
	const char *mode; /* "planned" or "dead" */
	const char *attempt;	   /* "first", "resume" or "undo" */
	const char *outcome;	   /* how it ended, in the last steps; NULL: it goes on */
	guint number;		   /* of the run; 0: it has none */
	GHashTable *notes;	   /* move.notes: name -> GVariant */
	GPtrArray *problems;	   /* TakeoverProblem: what checks found */
	GPtrArray *owed;	   /* JournalOwed: what is left to do when the run has ended */
	GHashTable *owed_once;	   /* those of them that takeover_owe has added */
	GPtrArray *seen;	   /* lines: what was noticed and left as it is */
	GHashTable *seen_once;	   /* those of them that takeover_note has added */
	const char *const *checks; /* the names that a problem may have */
	Batches *batches;	   /* --batch; NULL: all nodes at once */
	GPtrArray *batch;	   /* names: move.nodes now; NULL: all that move */
	guint batch_number;	   /* another one whenever `batch` changes */
	BatchesShare max_fail;	   /* --max-fail; number 0: there is no limit */
	GHashTable *failed;	   /* nodes with a command that failed in this attempt */
	GHashTable *not_begun;	   /* nodes that were not begun when it came to a stop */
	gboolean cut_short;	   /* a command has left out hosts for that */
	gboolean ending;	   /* the last steps: they run all the same */
} Takeover;

/* A new one (takeover_free) with nothing found and nothing owed. */
Takeover *takeover_new(Move *move, const char *const *checks);
void takeover_free(Takeover *takeover);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Takeover, takeover_free)

/* --batch and --max-fail, or NULL.  FALSE: they are wrong, and the error says how. */
G_GNUC_WARN_UNUSED_RESULT
gboolean takeover_limit(Takeover *takeover, const char *batch, const char *max_fail,
			GError **error);
/* move.nodes is this from now on (NULL: all).  Takes `batch`, and borrows its names. */
void takeover_set_batch(Takeover *takeover, GPtrArray *batch);

/* This became of a command for `node` (NULL: for none). */
void takeover_count(Takeover *takeover, const char *node, const RemoteResult *result);
/* Have as many nodes failed as --max-fail allows?  Then no more is begun. */
gboolean takeover_has_failed(const Takeover *takeover);
/* How many have, which, and who was not begun.  Gives the text. */
char *takeover_failure(const Takeover *takeover);

/* This is left to do, unless it was said already.  Takes `owed`. */
void takeover_owe(Takeover *takeover, JournalOwed *owed);
/* This was noticed; a step that runs again says it again, and once is enough.  Takes `line`. */
void takeover_note(Takeover *takeover, char *line);
/*
 * What calls on hosts came to: those that did not come to their end are owed, and what an
 * earlier attempt owed is paid by those that did.  `planning`: nothing is owed yet; it is
 * noted.
 */
void takeover_results(Takeover *takeover, const char *step, const RunResult *results, guint n,
		      gboolean planning);
/* Copies of these (JournalOwed) are owed. */
void takeover_owe_all(Takeover *takeover, const GPtrArray *owed);
/* Goes on with the notes of another attempt; or also with what it owes and has noticed. */
void takeover_recall_notes(Takeover *takeover, const JournalContent *content);
void takeover_recall(Takeover *takeover, const JournalContent *content);
/* Is some of it (JournalOwed) tried again by a resume? */
gboolean takeover_can_pay(const GPtrArray *owed);
/* "sn1: cn[001-400]: what", for people.  Gives the text. */
char *takeover_owed_line(const JournalOwed *owed);

typedef struct {
	const char *check; /* one of Takeover.checks */
	char **names;	   /* the nodes; NULL: none in particular */
	char *nodes;	   /* the same, folded */
	char *seen, *wanted;
} TakeoverProblem;
