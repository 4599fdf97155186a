/*
 * run - the one door: everything that a procedure or a hook changes goes through here.
 *
 * A change is one of four: a row's cell, a service's entry for a node on a host, a file on a
 * host, a command on a host.  It has a before, an after, the nodes it is for, and a state.
 * From that come the plan, the commit, and what a report says.  Rows work now; the other
 * kinds have their place in the model, and are refused until their rooms are there.
 *
 * Rows that are set lie over the snapshot at once (cluster_plan), so who reads afterwards sees
 * them; they are written in one guarded transaction when the step, or the last of several
 * joined steps, ends.  A run that only plans does all of that but the writing.
 *
 * Calls store, cluster, noderange, hosts and move.
 */
#pragma once
#include "core/cluster.h"
#include "core/move.h"

typedef struct run Run;

#define RUN_ERROR run_error_quark()
GQuark run_error_quark(void);
typedef enum {
	RUN_ERROR_REFUSED, /* nothing may be changed here, or this kind of change is not there
			    */
	RUN_ERROR_STATE,   /* steps begun and ended in a wrong order: a mistake in a program */
} RunError;

typedef enum { CHANGE_ROW, CHANGE_ENTRY, CHANGE_FILE, CHANGE_COMMAND } ChangeKind;

typedef enum {
	CHANGE_PLANNED, /* shown, or waiting for the end of its step */
	CHANGE_STARTED,
	CHANGE_DONE,
	CHANGE_FAILED,
	CHANGE_UNKNOWN, /* begun, and its end was not seen */
	CHANGE_UNDONE,
} ChangeState;

typedef struct {
	ChangeKind kind;
	ChangeState state;
	const char *step;
	const char *hook;   /* the hook that made it; NULL: the procedure itself */
	const char *host;   /* NULL: the cluster database */
	const char *target; /* a row: its table; an entry: the service; the path; the command */
	const char *const *key; /* of a row: the values of its key columns */
	guint n_key;
	const char *row;	 /* the key, of a table with one key column */
	const char *column;	 /* of a row */
	const char *node;	 /* the node it is for; NULL: none in particular */
	StoreCell before, after; /* as stored; NO_ROW: it is not there at all */
	const char *seen;	 /* a node's cell: the value as resolved before; NULL: none */
	const char *seen_from;	 /* and the row it came from */
	guint64 cell;		 /* the same number for the same cell */
} Change;

/* `planning`: show, and write nothing.  Gives a Run (run_free) that keeps using `cluster`. */
Run *run_new(Cluster *cluster, gboolean planning);
void run_free(Run *run);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Run, run_free)

gboolean run_is_planning(const Run *run);

/*
 * Steps.  Between run_begin_step and run_end_step changes may be made; `hook` (run_in_hook)
 * is who makes them.  run_end_step writes the rows that were set, all or none, unless the step
 * is joined with the next one (`joined`: the next end writes for both).
 */
void run_begin_step(Run *run, const char *step);
void run_in_hook(Run *run, const char *hook);
G_GNUC_WARN_UNUSED_RESULT
gboolean run_end_step(Run *run, gboolean joined, GError **error);
/* The step failed: its changes, and those of steps joined with it, are forgotten. */
void run_drop_step(Run *run);
/* Outside of a step, or while `reason` is set, every change is refused with it. */
void run_forbid(Run *run, const char *reason);

/*
 * Set a cell (`value` NULL: to no value).  A value that is the same as stored is no change.
 * A table that has `node` as its key is a node's: the change is for that node, and is guarded
 * by the value as resolved too.  Names that do not exist are errors.
 */
G_GNUC_WARN_UNUSED_RESULT
gboolean run_set(Run *run, const char *table, const char *const *key, guint n_key,
		 const char *column, const char *value, GError **error);
/* Take a whole row away. */
G_GNUC_WARN_UNUSED_RESULT
gboolean run_delete_row(Run *run, const char *table, const char *const *key, guint n_key,
			GError **error);

/* The changes so far, in the order they were made.  A cell that is set twice before it is
 * written is one change; one that is set back is none. */
guint run_count(const Run *run);
const Change *run_change(const Run *run, guint i);
/* How many of them are written. */
guint run_done(const Run *run);

/*
 * The changes as text, a line a group of equal ones with the nodes folded:
 *
 *     servicenode   noderes.servicenode  sn1,sn2 -> sn2,sn1  cn[001-400]
 *
 * `verbose`: a line each, with the row that the old value came from.  Gives the text (g_free);
 * empty: no changes.
 */
char *run_report(const Run *run, gboolean verbose);
