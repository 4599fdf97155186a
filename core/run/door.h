/* door - what the files of this room share. */
#pragma once
#include "core/run.h"

/* What a run that goes on knows of its earlier attempts: see recall.c. */
typedef struct recall Recall;
typedef struct cells Cells;

struct run {
	Cluster *cluster;
	gboolean planning;
	gboolean undoing; /* in run_undo */
	Journal *journal; /* NULL: nothing is kept */
	gint64 number;	  /* of the run in the journal */
	gint64 notes;	  /* the run there whose notes are set */
	JournalLines lines;
	const char *step; /* NULL: outside of a step */
	const char *hook;
	char *forbidden;
	GPtrArray *changes; /* Change: begun, or only planned */
	GPtrArray *waiting; /* Change: for the end of the step, or of the last of joined ones */
	GPtrArray *all;	    /* both, for who asks */
	Cells *cells;	    /* those in `waiting` that are of a cell, by it */
	GPtrArray *steps;   /* names of the steps that end together */
	guint done;	    /* changes */
	gboolean begun;	    /* on hosts or in the database, whatever became of it */
	gboolean looked;    /* at a result that was only planned */
	Recall *recall;	    /* NULL: this is the first attempt */
	Remote *remote;
	RunWatch watch;
	RemoteLimits limits;
	const Service *const *services; /* NULL-terminated; or NULL */
	GHashTable *found;		/* host and name -> Service, see run_find */
	GArray *asked;			/* JournalQuery: not yet in the journal */
	const char *asks;		/* what is asked now, see RunWaiting; or NULL */
	GHashTable *ordinals;		/* what was asked of hosts in this step -> how often */
	GHashTable
		*planned; /* host, kind, target and node -> the Change that was planned last */
	char *kept;	  /* the folder where hosts keep what is replaced */
	GStringChunk *text;
	GHashTable *texts; /* those in `text`, each once */
	gsize size;	   /* bytes: see run_kept */
};

/* Of a Change.cell: table, row and column stand in fields of its bits, and g_int64_hash puts
 * the cells of many rows side by side in a few places of a table. */
guint door_cell_hash(gconstpointer cell);

Cells *cells_new(void);
void cells_free(Cells *cells);
void cells_clear(Cells *cells);
/* The change of this Change.cell, or NULL. */
Change *cells_find(Cells *cells, guint64 cell);
void cells_put(Cells *cells, Change *change);

/* Text that lives as long as the run; NULL stays NULL. */
const char *door_keep(Run *run, const char *text);
/* So much more is kept of a change: it is the run's now. */
void door_count(Run *run, const Change *change);
/* May something be changed now? */
G_GNUC_WARN_UNUSED_RESULT
gboolean door_check_allowed(Run *run, GError **error);
/* No secret may be in the text (or NULL), which is `what`: it is kept, and to be seen. */
G_GNUC_WARN_UNUSED_RESULT
gboolean door_check_no_secret(const char *text, const char *what, GError **error);
/* What was asked is kept, once there is a journal. */
G_GNUC_WARN_UNUSED_RESULT
gboolean door_journal_asked(Run *run, GError **error);
/* Was the change made in one of the steps that end now? */
gboolean door_ends_now(const Run *run, const Change *change);
/* What waits is made, or only planned, and is the run's. */
G_GNUC_WARN_UNUSED_RESULT
gboolean door_finish(Run *run, GError **error);
/* Changes of a run in the journal have come to `state`; without a journal only in memory. */
G_GNUC_WARN_UNUSED_RESULT
gboolean door_settle(Run *run, const GPtrArray *changes, ChangeState state, GError **error);

/* row.c: set one cell, through the door. */
G_GNUC_WARN_UNUSED_RESULT
gboolean door_set_cell(Run *run, const char *table, const char *const *key, guint n_key,
		       const char *column, StoreCell after, GError **error);
gboolean door_same_cell(const StoreCell *a, const StoreCell *b);
/* The same, where it does not matter whether the row of a cell without a value is there. */
gboolean door_is_at(const StoreCell *now, const StoreCell *wanted);

/* --- recall.c ----------------------------------------------------------------------------- */

/* `whole`: the steps are to ask for all that was begun in them. */
Recall *recall_new(gboolean whole);
void recall_free(Recall *recall);
/* The cell was done in an earlier attempt, in a step that runs again. */
void recall_cell(Recall *recall, Change *change);
/* Is it such a cell?  Then it is noted what the step asks for now. */
gboolean recall_ask_cell(Run *run, const ClusterPlan *plan, const StoreCell *after);
/* All such cells of the steps that end now were asked for, in the end as before. */
G_GNUC_WARN_UNUSED_RESULT
gboolean recall_all_cells_asked(Run *run, GError **error);

/* A change on a host of an earlier attempt is found by what is asked for from now on, once.  Of
 * equal ones the first counts: they come newest first. */
void recall_on_host(Recall *recall, Change *change);
/* The next ordinal of this among equals, in this step and hook: from 0 on. */
guint recall_ordinal(Run *run, ChangeKind kind, const char *host, const char *target,
		     const char *node);
/* What was asked for here in an earlier attempt; or NULL. */
Change *recall_find(Run *run, ChangeKind kind, const char *host, const char *target,
		    const char *node, guint ordinal);
/* What an earlier attempt of this step has begun there without an end, and is not asked for
 * yet; or NULL. */
const Change *recall_begun(const Run *run, ChangeKind kind, const char *host,
			   const char *target, const char *node);
/* All that an earlier attempt had begun on hosts without an end was asked for. */
G_GNUC_WARN_UNUSED_RESULT
gboolean recall_all_on_hosts_asked(Run *run, GError **error);
/* The snapshot of what is stored, read anew; the recall's. */
Cluster *recall_stored(Run *run);
