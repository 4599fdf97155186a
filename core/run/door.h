/* door - what the files of this room share. */
#pragma once
#include "core/run.h"

struct run {
	Cluster *cluster;
	gboolean planning;
	Journal *journal; /* NULL: nothing is kept */
	gint64 number;	  /* of the run in the journal */
	JournalLines lines;
	const char *step; /* NULL: outside of a step */
	const char *hook;
	char *forbidden;
	GPtrArray *changes; /* Change */
	guint committed;    /* changes before this one are written, or were only planned */
	guint done;
	GHashTable *cells;    /* Change.cell -> its Change that waits for the end of the step */
	GPtrArray *steps;     /* names of the steps that wait for it */
	GHashTable *recalled; /* Change.cell -> Recalled, of a run that goes on; or NULL */
	GPtrArray *undoing;   /* changes of another run that this step takes back; or NULL */
	Remote *remote;
	RunWatch watch;
	RemoteLimits limits;
	gboolean begun_command; /* whatever became of it */
	GHashTable *ordinals;	/* how often a command was asked for in this step */
	GHashTable *begun; /* changes on hosts of a run that goes on; see on_hosts.c; or NULL */
	GHashTable *planned; /* files that are planned: host and path -> Change; see files.c */
	char *kept;	     /* the folder where hosts keep what is replaced */
	gboolean looked;
	/* Of an undo, by door_unit_of: what it leaves as it is, and what it takes back. */
	GHashTable *left, *taken;
	GHashTable *down; /* names of hosts that do not tell of their files */
	GStringChunk *text;
};

/* A change that was done before, in a step that runs again. */
typedef struct {
	Change *change;
	gboolean asked; /* the step has asked for it again, */
	StoreCell last; /* the last time for this; its text is the run's */
} Recalled;

/* on_hosts.c: changes on hosts, commands and files, that a run had begun are found by what is
 * asked for from now on, */
void door_recall_begun(Run *run, const JournalContent *content);
/* each once, by step, hook, host, target and its ordinal among equals; or NULL. */
Change *door_begun_before(Run *run, ChangeKind kind, const char *host, const char *target,
			  guint ordinal);
/* The next ordinal in this step and hook, from 0 on. */
guint door_ordinal(Run *run, ChangeKind kind, const char *host, const char *target);
gboolean door_is_on_host(const Change *change);
/* The code of the steps that end has asked for all that had been begun without an end. */
gboolean door_all_begun_asked(Run *run, GError **error);

/* Text that lives as long as the run; NULL stays NULL. */
const char *door_keep(Run *run, const char *text);
/* A host that is there for `node` has ended; `n` more hosts of a call have; shall it begin no
 * more? */
void door_ended(const Run *run, const char *node, const RemoteResult *result);
void door_progress(const Run *run, guint *ended, guint n, guint total);
gboolean door_shall_stop(const Run *run);
/* A new change on a host, of the step and hook that run now (change_free). */
Change *door_new_change(Run *run, ChangeKind kind, const char *host, const char *target,
			const char *node);
/* Reach the hosts of tasks (RemoteTask): their results go to their places (guint). */
G_GNUC_WARN_UNUSED_RESULT
gboolean door_reach(Run *run, const GArray *tasks, const GArray *places,
		    const RemoteLimits *limits, const RemoteWatch *watch, GPtrArray *results,
		    GError **error);
/* No secret may be in the text (or NULL), which is `what`: it is kept, and to be seen. */
gboolean door_check_open(const char *text, const char *what, GError **error);
/* Gives a result (remote_result_free). */
RemoteResult *door_result(RemoteErrorCode error, int status, const char *message);

/* Forget the changes from `committed` on that ended where they began. */
void door_drop_unchanged(Run *run);
/* Write the changes from `committed` on, all or none. */
gboolean door_commit_rows(Run *run, GError **error);

/* May something be changed now? */
gboolean door_check_allowed(Run *run, GError **error);
/* Set one cell, through the door. */
gboolean door_set_cell(Run *run, const char *table, const char *const *key, guint n_key,
		       const char *column, StoreCell after, GError **error);
gboolean door_same_cell(const StoreCell *a, const StoreCell *b);
/* The same, where it does not matter whether the row of a cell without a value is there. */
gboolean door_is_at(const StoreCell *now, const StoreCell *wanted);
/* For a message.  Gives the text. */
char *door_cell_text(const StoreCell *cell);

/* Is it a cell that was done before?  Then it is noted what the step asks for. */
gboolean door_recall(Run *run, const ClusterPlan *plan, const StoreCell *after);
/* Was the change made in one of the steps that end now? */
gboolean door_ends_now(const Run *run, const Change *change);
/* The node, or what is no node's, that a change stands or falls with in an undo.  Gives the
 * text. */
char *door_unit_of(const Change *change);
gboolean door_is_left(const Run *run, const Change *change);
/* It is left as it is; TRUE: it was not yet. */
gboolean door_leave(Run *run, const Change *change);
/* undo_hosts.c: files are looked at, and those that somebody has changed are left; then files
 * and commands are taken back.  See run_undo. */
gboolean door_undo_look(Run *run, const JournalContent *content, GHashTable *nodes,
			GPtrArray *owed, GError **error);
gboolean door_undo_hosts(Run *run, const JournalContent *content, GHashTable *nodes,
			 GPtrArray *owed, GPtrArray *seen, GError **error);

/* All that was done before in the steps that end was asked for again, in the end as before. */
gboolean door_all_recalled(Run *run, GError **error);
