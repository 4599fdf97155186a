/*
 * kind - what the door does with a change, by its kind.
 *
 * Private to run.  What a kind is beside that stands in core/change.h (ChangeClass).  Settle,
 * resume, undo and the end of a step walk the table of kinds, and ask nowhere which kind a
 * change is.
 */
#pragma once
#include "core/run/door.h"

/* Another run while it is undone: see run_undo. */
typedef struct {
	Run *run;
	const RunUndo *what;
	GHashTable *firsts; /* of an undo that is undone: numbers of the changes that it has
			     * undone -> these */
	GHashTable *left;   /* units that are left as they are (change_unit) */
	GHashTable *unpaid; /* units with something that is still to be undone */
	GHashTable *taken;  /* nodes of which something is undone -> one of those changes */
	GHashTable *silent; /* kinds and hosts that do not tell what is there */
	/* Services and nodes whose entry a host has not given up, where one alone may have it:
	 * key -> the host. */
	GHashTable *held;
	GHashTable *told; /* lines that were told */
} Undo;

/* What is undone in one call: on each host some changes that go together, newest first. */
typedef struct {
	GPtrArray *items;  /* GPtrArray of Change */
	GHashTable *hosts; /* names of theirs */
} UndoGroup;

typedef struct {
	/* `begun` were begun by a killed run, and have no end: what has become of them?  What
	 * cannot be told is an error only for who goes on with the run. */
	gboolean (*settle)(Run *run, GPtrArray *begun, gboolean goes_on, GError **error);
	/* A change of a step that runs again (see run_recall). */
	gboolean (*recall)(Run *run, Change *change, GError **error);
	/* One that is done, of a step that is done: is it still so?  NULL: not looked at. */
	gboolean (*look_again)(Run *run, const Change *change, GPtrArray *changed,
			       GError **error);
	/* Of a kind whose changes wait for the end of their step (NULL: they do not): has it
	 * ended where it began, and is none? */
	gboolean (*is_none)(const Change *change);
	/* All that wait are made, or none. */
	gboolean (*finish)(Run *run, GPtrArray *waiting, GError **error);
	/* One that waits is forgotten. */
	void (*drop)(Run *run, const Change *change);

	/* Before anything is undone: changes (newest first) that somebody has changed since are
	 * left (undo_leave).  NULL: that cannot be seen. */
	gboolean (*look)(Undo *undo, const GPtrArray *changes, GError **error);
	/* Does `change` go together with the one before it in the walk?  NULL: never. */
	gboolean (*together)(const Change *before, const Change *change);
	/* May two items (see UndoGroup), of different hosts, go in one call?  They are of one
	 * kind and step. */
	gboolean (*fits)(const GPtrArray *a, const GPtrArray *b);
	gboolean (*undo)(Undo *undo, const UndoGroup *group, GError **error);
	/* An undo that was killed had begun some of `undoing`: what does that say of the
	 * changes of its `target`?  NULL: it is seen when they are looked at. */
	gboolean (*settle_undo)(Run *run, const GPtrArray *undoing, const GPtrArray *target,
				GError **error);
	/* The number of the change of another run that it takes back.  NULL: it knows none. */
	gint64 (*undoes)(const Change *change);
	/* Is it undone after all else of its node?  NULL: no. */
	gboolean (*waits)(const Change *change);
} RunKind;

extern const RunKind run_row_kind, run_entry_kind, run_file_kind, run_command_kind;
const RunKind *run_kind(const Change *change);
/* The kind with this number (below CHANGE_KINDS). */
const RunKind *run_kind_of(guint kind);
/* Those of `changes` that are of a kind.  Gives an array. */
GPtrArray *run_of_kind(const GPtrArray *changes, guint kind);

/* --- For the kinds that are on hosts ------------------------------------------------------ */

/* RunKind.settle: nobody knows. */
gboolean kind_settle_unknown(Run *run, GPtrArray *begun, gboolean goes_on, GError **error);
/* RunKind.recall: it is found by what is asked for (recall_find). */
gboolean kind_recall_on_host(Run *run, Change *change, GError **error);
/* RunKind.together: of one call on one host. */
gboolean kind_same_call(const Change *before, const Change *change);

/* --- For an undo (undo.c) ----------------------------------------------------------------- */

/* The first change of an item. */
const Change *undo_first(const UndoGroup *group, guint i);
/* The hosts of a group, for a call.  Gives an array (g_free). */
RunHost *undo_hosts(const UndoGroup *group);
/* It is left as it is, and `text` (taken) owed for it.  FALSE: it was left before. */
gboolean undo_leave(Undo *undo, const Change *change, char *text);
/* `text` (taken) is still to be done for it. */
void undo_owe(Undo *undo, const Change *change, char *text);
/* Once each. */
void undo_tell(Undo *undo, char *line);
/* Its host does not tell what is there: nothing of this kind is undone there. */
void undo_silent(Undo *undo, const Change *change);
/* Look at hosts (RemoteTask), which may say so many bytes (0: the usual).  Gives their results,
 * in the order of the tasks. */
G_GNUC_WARN_UNUSED_RESULT
GPtrArray *undo_reach(Undo *undo, const GArray *tasks, gsize said, GError **error);
/* These (array of Change) are undone. */
G_GNUC_WARN_UNUSED_RESULT
gboolean undo_taken(Undo *undo, const GPtrArray *undone, GError **error);
gboolean undo_is_left(const Undo *undo, const Change *change);
/* Is anything left, or owed, of what it stands or falls with? */
gboolean undo_is_unpaid(const Undo *undo, const Change *change);
