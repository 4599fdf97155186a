/*
 * journal - what was begun and what was done, on disk, so that a move can be killed at any
 * time.
 *
 * One SQLite file, journal.db, 0600 in a directory 0700: runs with their inputs, steps,
 * changes, notes, and what is owed.  A change is `started` here before it begins and ended
 * after it, a batch of changes with one fsync.  It stores and tells; what follows from it is
 * for run and the commands.  Calls change and base.
 */
#pragma once
#include "core/change.h"

typedef struct journal Journal;

#define JOURNAL_ERROR journal_error_quark()
GQuark journal_error_quark(void);
typedef enum {
	JOURNAL_ERROR_FAILED,  /* it cannot be read or written: the message says why */
	JOURNAL_ERROR_VERSION, /* it is of a newer version of this program */
	JOURNAL_ERROR_UNKNOWN, /* no such run */
} JournalError;

typedef enum {
	JOURNAL_RUNNING, /* at work; or killed, if nobody holds the lock */
	JOURNAL_DONE,
	JOURNAL_OWED,	     /* done, with work owed */
	JOURNAL_REFUSED,     /* nothing was begun */
	JOURNAL_STOPPED,     /* part-way */
	JOURNAL_INTERRUPTED, /* part-way, by a signal */
	JOURNAL_UNDONE,	     /* wholly taken back by a later run */
	JOURNAL_CLOSED,	     /* left as it is, by the administrator */
} JournalState;

/* The word for it: "running", "done", ... */
const char *journal_state_name(JournalState state);

/* A run.  What journal_begin is given, and what journal_run tells. */
typedef struct {
	gint64 number;	     /* 0: a new one */
	gint64 begun, ended; /* seconds since 1970; 0: not yet */
	JournalState state;
	char *who;	/* the user, and from where */
	char *command;	/* as typed, quoted for a shell */
	char *reason;	/* or NULL */
	char *database; /* store_url */
	char *script;	/* path of the procedure; NULL for an undo */
	char *digest;	/* of the procedure and the hooks */
	char *mode;	/* "planned" or "dead"; NULL for an undo */
	/* Service nodes, with commas; of an undo as its nodes go.  Both the same: what that one
	 * holds was brought up to date.  Both empty: its nodes stay, and only boot. */
	char *from, *to;
	char *step;    /* the last one begun; or NULL */
	gint64 undoes; /* the run that this one takes back, or 0 */
	guint depth;   /* 0: a move; 1: its undo; 2: the undo of that, and so on */
	gint64 pid;
	guint nodes, changes; /* how many; changes that are done */
	guint back, again;    /* nodes that are taken back now; that were, and are done again */
	guint begun_changes;  /* changes that are started and have no end */
	gboolean has_changes; /* it has begun any, whatever became of them */
} JournalRun;

void journal_run_free(JournalRun *run);
/* Is it a network boot, which moves nobody? */
gboolean journal_run_boots(const JournalRun *run);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(JournalRun, journal_run_free)

/* An input of a run: a node with its servers; a NULL is not known. */
typedef struct {
	const char *name, *old_sn, *old_snn, *new_sn, *new_snn;
	/* The run by which it is taken back now, or done again since (journal_take_back); 0:
	 * none. */
	gint64 back, again;
} JournalNode;

/*
 * Work owed: something is left to do for nodes, on a host.  It does not keep a run open.  A
 * later run that moves some of the nodes makes it void for these; one that names no nodes is
 * settled by hand (--close).
 */
typedef struct {
	char *host;   /* where; NULL: on none in particular */
	char **nodes; /* for which; NULL: for none in particular */
	char *text;   /* what, in words */
	char *step; /* the step that does it when it is run again, of an undo CHANGE_UNDO_STEP;
		     * NULL: nobody but people */
	char *key;  /* of the call that pays it (RunResult.key); NULL: none does */
	/* Of what is not kept: the step that has found it, and what mends it; or NULL. */
	char *found, *mend;
} JournalOwed;

/* Gives one (journal_owed_free) with copies. */
JournalOwed *journal_owed_new(const char *host, const char *const *nodes, const char *text);
JournalOwed *journal_owed_copy(const JournalOwed *owed);
void journal_owed_free(gpointer owed);
gboolean journal_owed_same(gconstpointer a, gconstpointer b);
guint journal_owed_hash(gconstpointer owed);

/* What a run says of itself beside its changes; borrowed. */
typedef struct {
	const GPtrArray *owed; /* JournalOwed */
	const GPtrArray *seen; /* lines: what was noticed */
	gboolean whole;	       /* all of its steps are to be done */
} JournalLines;

/*
 * Open the journal in `directory`.  `write`: it and the directory are made if they are not
 * there; else NULL without `error` set: there is none yet.  One of an older version is brought
 * up to this one first.  Gives a Journal (journal_close).
 */
Journal *journal_open(const char *directory, gboolean write, GError **error);
void journal_close(Journal *journal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Journal, journal_close)

/* Keep a new run with its inputs and options (name -> text); fills run->number. */
G_GNUC_WARN_UNUSED_RESULT
gboolean journal_begin(Journal *journal, JournalRun *run, const JournalNode *nodes, guint n,
		       GHashTable *options, GError **error);
/*
 * The run has come to an end; `lines` (NULL: none any more) replace those that it had.  One
 * that is done, and is whole (JournalLines), makes void what earlier runs owe for its nodes;
 * one that has brought a server up to date, only what they owe there.  Moves and boots do so
 * among themselves.
 */
G_GNUC_WARN_UNUSED_RESULT
gboolean journal_end(Journal *journal, gint64 run, JournalState state,
		     const JournalLines *lines, GError **error);
/*
 * The undo `run` has taken these nodes back: kept with the run that it undoes.  Is that an undo
 * itself, the nodes are done again for the run before, and so on.
 */
G_GNUC_WARN_UNUSED_RESULT
gboolean journal_take_back(Journal *journal, gint64 run, const char *const *names,
			   GError **error);
/* A run that ended goes on. */
G_GNUC_WARN_UNUSED_RESULT
gboolean journal_reopen(Journal *journal, gint64 run, gint64 pid, GError **error);

G_GNUC_WARN_UNUSED_RESULT
gboolean journal_begin_step(Journal *journal, gint64 run, const char *step, GError **error);
/* These steps are done, with lines as they are now. */
G_GNUC_WARN_UNUSED_RESULT
gboolean journal_end_steps(Journal *journal, gint64 run, const char *const *steps, guint n,
			   const JournalLines *lines, GError **error);
/*
 * A note of the run, for its later steps and attempts (NULL takes it away).  It is on disk when
 * this returns.
 */
G_GNUC_WARN_UNUSED_RESULT
gboolean journal_note(Journal *journal, gint64 run, const char *name, GVariant *value,
		      GError **error);
/*
 * The run whose notes are those of `run`: an undo goes on with the notes of the run that it
 * undoes, however often that is undone and done again.  0 and an error: it cannot be read.
 */
gint64 journal_notes_run(Journal *journal, gint64 run, GError **error);
/* These nodes are not moved after all. */
G_GNUC_WARN_UNUSED_RESULT
gboolean journal_leave_out(Journal *journal, gint64 run, const char *const *names,
			   GError **error);

/* Changes are about to begin: each gets its number.  One fsync. */
G_GNUC_WARN_UNUSED_RESULT
gboolean journal_start(Journal *journal, gint64 run, Change *const *changes, guint n,
		       GError **error);
/* Changes of one run have come to `state`; to CHANGE_STARTED those that are taken up again. One
 * fsync. */
G_GNUC_WARN_UNUSED_RESULT
gboolean journal_settle(Journal *journal, Change *const *changes, guint n, ChangeState state,
			GError **error);
/* Changes of one run have ended, each with its own state and result.  One fsync. */
G_GNUC_WARN_UNUSED_RESULT
gboolean journal_results(Journal *journal, Change *const *changes, guint n, GError **error);

/* A question to a host: it changes nothing, and is kept so that it can be seen what a decision
 * was made from. */
typedef struct {
	const char *step, *hook; /* or NULL */
	const char *host, *command;
	const char *error; /* a word; NULL: it ran to its end */
	int status;
} JournalQuery;

G_GNUC_WARN_UNUSED_RESULT
gboolean journal_queries(Journal *journal, gint64 run, const JournalQuery *queries, guint n,
			 GError **error);
/* Changes that turned out never to have begun. */
G_GNUC_WARN_UNUSED_RESULT
gboolean journal_forget(Journal *journal, Change *const *changes, guint n, GError **error);

/* The last run (of those that begun a change, if `begun`), or 0: none. */
gint64 journal_last(Journal *journal, gboolean begun, GError **error);
/* The last run on a database that has begun a change and has moved nodes, either way; or 0:
 * none. */
gint64 journal_last_on(Journal *journal, const char *database, GError **error);
/* Names of the nodes that were moved away from this server on a database while it was dead,
 * sorted.  Gives an array of texts (g_ptr_array_unref), or NULL and an error. */
GPtrArray *journal_left_behind(Journal *journal, const char *database, const char *server,
			       GError **error);
/*
 * From where to where each of these nodes was taken by the last move of it on this database
 * that is not taken back: in `moved` (array of JournalNode, which borrow the names) those that
 * were moved at all, in their order, with texts kept in `text`.
 */
G_GNUC_WARN_UNUSED_RESULT
gboolean journal_moved(Journal *journal, const char *database, const char *const *names,
		       guint n, GArray *moved, GStringChunk *text, GError **error);
/* Gives a run (journal_run_free), or NULL and an error. */
JournalRun *journal_run(Journal *journal, gint64 number, GError **error);
/* All runs, the newest first.  `node` NULL: all; else those that moved it.  Gives an array. */
GPtrArray *journal_runs(Journal *journal, const char *node, GError **error);

/* What a run was begun with, what it has done.  They own their texts. */
typedef struct {
	GArray *nodes;	     /* JournalNode */
	GHashTable *options; /* name -> text */
	GHashTable *notes;   /* name -> GVariant: of journal_notes_run */
	GHashTable *steps;   /* names of the steps that are done */
	GPtrArray *changes;  /* Change, in the order they were made, all but forgotten ones */
	guint queries;	     /* how many questions were asked */
	GPtrArray *owed;     /* JournalOwed */
	GPtrArray *seen;     /* lines */
	GStringChunk *text;
} JournalContent;

/* Gives all of it (journal_content_free), or NULL and an error. */
G_GNUC_WARN_UNUSED_RESULT
JournalContent *journal_content(Journal *journal, gint64 run, GError **error);
void journal_content_free(JournalContent *content);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(JournalContent, journal_content_free)
