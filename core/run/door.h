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
	GHashTable *begun; /* commands of a run that goes on, by door_command_key; or NULL */
	gboolean looked;
	GHashTable *left; /* nodes that an undo leaves as they are; or NULL */
	GStringChunk *text;
};

/* A change that was done before, in a step that runs again. */
typedef struct {
	Change *change;
	gboolean asked; /* the step has asked for it again, */
	StoreCell last; /* the last time for this; its text is the run's */
} Recalled;

/* What a command is known by: its ordinal is counted from 0.  Gives the text. */
char *door_command_key(const char *step, const char *hook, const char *host,
		       const char *command, guint ordinal);
/* Commands that a run had begun are found by what is asked for from now on. */
void door_recall_commands(Run *run, const JournalContent *content);
/* The code of the steps that end has asked for all that had been begun without an end. */
gboolean door_all_begun_asked(Run *run, GError **error);

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
/* All that was done before in the steps that end was asked for again, in the end as before. */
gboolean door_all_recalled(Run *run, GError **error);
