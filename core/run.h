/*
 * run - the one door: everything that a procedure or a hook changes goes through here.
 *
 * A change is one of four kinds: a row's cell, a service's entry for a node on a host, a file
 * on a host, a command on a host.  It has a before, an after, the nodes it is for, and a state.
 * From that come the plan, the commit, and what a report says.
 *
 * Rows that are set lie over the snapshot at once (cluster_plan), so who reads afterwards sees
 * them; they are written in one guarded transaction when the step, or the last of several
 * joined steps, ends.  A run that only plans does all of that but the writing.
 *
 * What is on hosts is begun when it is called for, and kept in the journal host by host:
 * started when a shell there is ready for it, and ended with its result.
 *
 * Calls store, cluster, change, journal, remote and services.
 */
#pragma once
#include "core/change.h"
#include "core/cluster.h"
#include "core/journal.h"
#include "core/remote.h"
#include "core/services.h"

typedef struct run Run;

#define RUN_ERROR run_error_quark()
GQuark run_error_quark(void);
typedef enum {
	RUN_ERROR_REFUSED,  /* nothing may be changed here, or not this kind of change */
	RUN_ERROR_STATE,    /* steps begun and ended in a wrong order, a lock that fails */
	RUN_ERROR_CHANGED,  /* the code asks for something else than was begun */
	RUN_ERROR_CONFLICT, /* what was begun is neither as it was nor as it should be */
} RunError;

/* `planning`: show, and write nothing.  Gives a Run (run_free) that keeps using `cluster`. */
Run *run_new(Cluster *cluster, gboolean planning);
void run_free(Run *run);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Run, run_free)

gboolean run_is_planning(const Run *run);
/* Is another run taken back just now (run_undo)? */
gboolean run_is_undoing(const Run *run);

/*
 * Keep what is done in `journal`, as run `number`: changes are started there before they
 * begin, and ended after; steps with the lines at their end; notes with run `notes` (see
 * journal_notes_run).  Keeps using `journal`, and what `lines` points at.
 */
void run_keep(Run *run, Journal *journal, gint64 number, gint64 notes,
	      const JournalLines *lines);
/* A note (NULL takes it away): it is on disk when this returns. */
G_GNUC_WARN_UNUSED_RESULT
gboolean run_note(Run *run, const char *name, GVariant *value, GError **error);
/* These nodes are not moved after all: that is kept, too. */
G_GNUC_WARN_UNUSED_RESULT
gboolean run_leave_out(Run *run, const char *const *names, GError **error);

/*
 * What a killed run had begun is settled: rows of which none is written never began; rows that
 * are all written are done.  Anything else is somebody else's work, and a conflict if the run
 * `goes_on` (resume); else the rows are taken for done, as an undo looks at each of them.
 * Changes `content`, and the journal if the run is kept.
 */
G_GNUC_WARN_UNUSED_RESULT
gboolean run_settle(Run *run, JournalContent *content, gboolean goes_on, GError **error);

/*
 * Go on with a run that was killed or stopped (resume), once it is settled.  Rows that are done
 * in a step that is not are seen as they were before it, and not written again when the step
 * asks for them again.  `anew` has the names of steps that run in every attempt: what is done
 * on hosts there is done once more; NULL: there are none.  `changed` gets a JournalOwed for
 * each done row that somebody has changed since.  Keeps using `content`.
 */
G_GNUC_WARN_UNUSED_RESULT
gboolean run_recall(Run *run, JournalContent *content, const GHashTable *anew,
		    GPtrArray *changed, GError **error);

/* What is undone of a run, and what comes of it.  Borrowed. */
typedef struct {
	GHashTable *nodes; /* a set of names; NULL: all, and what is of no node too */
	GHashTable *gone;  /* names of run_gone: nothing is made for these */
	/* Of an undo that is undone: the run that it has undone, to name what is not done
	 * again; or NULL. */
	const JournalContent *first;
	GPtrArray *owed, *seen; /* get JournalOwed, and lines */
	GHashTable *back; /* gets the names (of the content) of nodes that have gone back */
} RunUndo;

/* Nodes of another run that are in no table any more.  Gives a set of names (of the content),
 * or NULL and an error. */
G_GNUC_WARN_UNUSED_RESULT
GHashTable *run_gone(const Run *run, const JournalContent *content, GError **error);

/*
 * Undo another run, of some nodes or of all.  One walk goes backwards by the time at which its
 * changes ended; the rows of one commit go back in one.  Files go back from what hosts kept of
 * them, commands by their own `undo` (of those that are not known to be done only with
 * undo_always; those with undo_last after all else).
 *
 * It is decided for each node: one of which a cell, an entry or a file is not as that run left
 * it, or whose way back fails, is left as it is from there on; the looks at all of them come
 * before anything is touched.  What is left so is owed; what can never be undone is seen, or,
 * of an undo that is undone, owed: who has nodes moved again takes that for done.
 */
G_GNUC_WARN_UNUSED_RESULT
gboolean run_undo(Run *run, JournalContent *content, const RunUndo *what, GError **error);

/*
 * An undo that was killed is settled (run_settle), and begun anew as another run: commands of
 * `target` that it had taken back are marked so, and those of which nobody knows whether it
 * had are unknown themselves.
 */
G_GNUC_WARN_UNUSED_RESULT
gboolean run_settle_undo(Run *run, const JournalContent *undo, JournalContent *target,
			 GError **error);

/* Files that a killed undo had begun to put back are finished by the one that goes on with it;
 * what its steps around that have done is done anew.  Keeps using `undo`. */
void run_recall_undo(Run *run, const JournalContent *undo);

/*
 * Steps.  Between run_begin_step and run_end_step changes may be made; `hook` (run_in_hook)
 * is who makes them.  run_end_step writes the rows that were set, all or none, unless the step
 * is joined with the next one (`joined`: the next end writes for both).
 */
G_GNUC_WARN_UNUSED_RESULT
gboolean run_begin_step(Run *run, const char *step, GError **error);
void run_in_hook(Run *run, const char *hook);
G_GNUC_WARN_UNUSED_RESULT
gboolean run_end_step(Run *run, gboolean joined, GError **error);
/*
 * What a step sets from here on is only supposed: it lies over the snapshot until
 * run_suppose_end, and is none of the run.  FALSE: something waits already.
 */
G_GNUC_WARN_UNUSED_RESULT
gboolean run_suppose(Run *run, GError **error);
void run_suppose_end(Run *run);
/* The step failed: its changes, and those of steps joined with it, are forgotten. */
void run_drop_step(Run *run);
/* The step that is begun, or NULL. */
const char *run_current_step(const Run *run);
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

/* A host that a call is made on; all is borrowed. */
typedef struct {
	const char *name;
	const char *via;  /* the jump host, see RemoteTask; NULL: none */
	const char *node; /* the node that it is made for; NULL: none in particular */
	/* Of a list: what a host has in one lane goes one after the other, its lanes at once;
	 * NULL: all that have none. */
	const char *lane;
} RunHost;

/* A command for some hosts; all is borrowed. */
typedef struct run_command RunCommand;
struct run_command {
	const RunHost *hosts; /* each once, unless `each` is set */
	guint n;
	/*
	 * Of each host its own command, with all that follows here up to `undo_if`; NULL: all
	 * have this one.  A host may come several times then: its commands are run one after
	 * the other, in one session; or in as many as it has lanes.
	 */
	const RunCommand *const *each;
	const char *command;
	const char *says;		/* for people, see core/change.h; or NULL */
	const char *const *environment; /* NAME=VALUE */
	const char *input;		/* or NULL */
	gsize input_length;
	const int *accept; /* statuses that are no failure; `n_accept` 0: 0 is the only one */
	guint n_accept;
	const char *undo, *done;
	gboolean repeatable, undo_always, undo_last; /* see core/change.h */
	const char *asks; /* of a question: see RunWaiting; or NULL */
	struct {
		const char *host; /* NULL: the host itself */
		const char *command, *input;
	} undo_if;		     /* `command` NULL: there is no such question */
	const Change *const *undone; /* of each host what this takes back; or NULL */
	RemoteLimits limits;
};

/* Is this status no failure of the command? */
gboolean run_accepts(const RunCommand *command, int status);

/* What a call came to on a host.  Borrowed. */
typedef struct {
	const RunHost *host;
	const char *words; /* the call */
	const char *key;   /* the same for the same call in every attempt: pays what it owed */
	const char *const *nodes; /* that it is for; NULL: `host` says */
	const RemoteResult *result;
	gboolean failed; /* an error, or a status that is not accepted */
} RunResult;

/* What is waited for.  Borrowed. */
typedef struct {
	const char *asks; /* in words, with how long at most; NULL: step and hook say what */
	const char *step, *hook; /* or NULL */
	const char *const *hosts;
	guint n;
	guint seconds, most; /* of the host that may take longest: by now, and of how many */
} RunWaiting;

/* While hosts are waited for. */
typedef struct {
	/* Shall no more be begun? */
	gboolean (*stop)(gpointer data);
	/* So many of a call's hosts have ended. */
	void (*progress)(guint done, guint total, gpointer data);
	/* This became of a change on a host.  A failure is told before another host is begun.
	 */
	void (*ended)(const RunHost *host, const RemoteResult *result, gboolean failed,
		      gpointer data);
	/* A call that changes something (or, under a plan, would) is over: what it came to, in
	 * the order of its hosts.  What an undo has left to do is owed by itself, change by
	 * change (run_is_undoing). */
	void (*results)(const Run *run, const RunResult *results, guint n, gpointer data);
	/* A question has been answered: `words` as they were asked, and an answer of each host
	 * (RemoteResult).  May be NULL. */
	void (*answered)(const RunHost *hosts, guint n, const char *words,
			 const GPtrArray *answers, gpointer data);
	/* What a call, or a question, waits for: each second from the first on, and at once
	 * when a signal comes.  NULL: it is over, and with it what `progress` has told. */
	void (*waiting)(const RunWaiting *waiting, gpointer data);
	gpointer data;
} RunWatch;

/* Who reaches the hosts; without one there are no commands.  `watch` NULL: nobody watches.
 * `limits` are those of commands that this room calls for itself. */
void run_reach(Run *run, Remote *remote, const RunWatch *watch, const RemoteLimits *limits);

/*
 * Run a command, a change on each host.  Gives an array of RemoteResult as remote_run does.
 * A run that only plans begins nothing, and each status is 0.  A run that goes on gives what
 * is recorded as done, asks (`done`) or runs again (`repeatable`) what was begun, and else
 * REMOTE_UNKNOWN.
 */
G_GNUC_WARN_UNUSED_RESULT
GPtrArray *run_command(Run *run, const RunCommand *command, GError **error);
/* May something be changed now?  FALSE: the message says why not. */
G_GNUC_WARN_UNUSED_RESULT
gboolean run_may_change(Run *run, GError **error);
/* How often an awaited question is asked, and how long, in milliseconds, by default. */
#define RUN_AWAIT_EVERY 2000
#define RUN_AWAIT_MOST	60000
/*
 * Ask hosts the same again and again, `every` ms, until its status is accepted, or `most` ms
 * have gone: then it is REMOTE_TIMEOUT, and owed.  No change; the last answer of each host is
 * kept in the journal.  Not under a plan.  Gives an array of RemoteResult.
 */
G_GNUC_WARN_UNUSED_RESULT
GPtrArray *run_await(Run *run, const RunCommand *command, guint every, guint most,
		     GError **error);
/* Ask hosts something: no change, also under a plan; kept in the journal. */
G_GNUC_WARN_UNUSED_RESULT
GPtrArray *run_query(Run *run, const RunCommand *command, GError **error);

/* Files for some hosts; all is borrowed. */
typedef struct {
	const RunHost *hosts; /* each once */
	guint n;
	const RemoteFile *const *files; /* of each host, `n_files` of them */
	guint n_files;
	/* Of each host and file the state that it must have now, by its content, to be
	 * replaced; NULL: any. */
	const char *const *const *expected;
	/* Of each host and file an earlier change of which nobody knows how it ended: whatever
	 * it has done is made as before; NULL: files are put. */
	const Change *const *const *begun;
	const char *check, *activate; /* see remote_put; or NULL */
	gboolean edits; /* contents were made of what is there, and are kept for a resume */
	RemoteLimits limits;
} RunPut;

/* The most that one host gets in one call: bytes of all its files. */
#define RUN_PUT_MOST ((gsize)16 << 20)
/* Where hosts keep what is replaced, if run_keep_replaced names no other folder. */
#define RUN_KEPT "/var/lib/snmove/kept"
void run_keep_replaced(Run *run, const char *folder);

/*
 * Put files on hosts, all of them or none on each: a change for each file that is not as it
 * shall be.  Hosts are looked at first, in the same session, also under a plan.  Gives an array
 * of RemoteResult, in `changed` how many files of each host are changed.  A run that goes on
 * finishes what was begun.
 */
G_GNUC_WARN_UNUSED_RESULT
GPtrArray *run_put(Run *run, const RunPut *put, guint *changed, GError **error);

/*
 * One file, whose new content is made of what is there, on each host.  First all are looked at;
 * then the caller says of each what it is to be (run_edit_set and so on; nothing said: as it
 * is); then they are put, in the same sessions.  A host that has it from an earlier attempt is
 * not asked about again: what was made of its file then is kept.
 */
typedef struct run_edit RunEdit;

/* The most that is edited, in bytes. */
#define RUN_EDIT_MOST ((gsize)1 << 20)

typedef enum {
	RUN_EDIT_TEXT,	 /* there is a file */
	RUN_EDIT_ABSENT, /* there is nothing */
	RUN_EDIT_NOTHING /* nothing is to be said: its result is known, or will be */
} RunEditSeen;

/*
 * Look.  `hosts` are RemoteLimits.fanout at most.  `check` and `activate` as for run_put; with
 * `secret` nobody is shown the content, and it is not kept for a resume.  Gives an edit
 * (run_edit_end or run_edit_free) that keeps using what it is given.
 */
G_GNUC_WARN_UNUSED_RESULT
RunEdit *run_edit(Run *run, const RunHost *hosts, guint n, const char *path, gboolean secret,
		  const char *check, const char *activate, const RemoteLimits *limits,
		  GError **error);
/* What is there on a host; `text` (`length` bytes) lives as long as the edit. */
RunEditSeen run_edit_seen(RunEdit *edit, guint i, const char **text, gsize *length);
/* What it is to be: this (copied), nothing at all, or as it is, because of a failure. */
void run_edit_set(RunEdit *edit, guint i, const char *text, gsize length);
void run_edit_remove(RunEdit *edit, guint i);
void run_edit_fail(RunEdit *edit, guint i, const char *message);
/* Put.  Takes the edit.  Gives an array of RemoteResult, in `changed` (of `n`) how many files
 * of each host are changed. */
G_GNUC_WARN_UNUSED_RESULT
GPtrArray *run_edit_end(RunEdit *edit, guint *changed);
void run_edit_free(RunEdit *edit);

/* --- Entries of services ----------------------------------------------------------------- */

/* The services that entries may be of (NULL-terminated).  Keeps using them. */
void run_serve(Run *run, const Service *const *services);

/*
 * The service as each of these hosts has it.  Who was not asked in this run yet is asked: a
 * question, kept in the journal.  `at` gets the service of each host, the run's; NULL: its
 * result says why not.  Gives an array of RemoteResult.
 */
G_GNUC_WARN_UNUSED_RESULT
GPtrArray *run_find(Run *run, const char *service, const RunHost *hosts, guint n,
		    const RemoteLimits *limits, const Service **at, GError **error);

/* Entries for some hosts; all is borrowed. */
typedef struct {
	const RunHost *hosts; /* each once */
	guint n;
	const char *service;
	const char *const *const *nodes; /* of each host (NULL-terminated) */
	/* Of each host and node; NULL: no entry.  NULL altogether: as the tables have them
	 * (Service.make), and what they cannot make an entry of is left as it is; or with
	 * `gone` no entry at all. */
	const char *const *const *texts;
	gboolean gone;
	GPtrArray **problems; /* of each host, get ServiceProblem of the tables; or NULL */
	/* Of each host and node the change that is undone by this; NULL: entries are given. */
	const Change *const *const *undone;
	RemoteLimits limits;
} RunEntries;

/*
 * Give hosts their entries, all of them or none on each: a change for each node whose entry is
 * not so yet.  As with run_put hosts are looked at first.  Gives an array of RemoteResult, in
 * `changed` how many entries of each host are changed.
 */
G_GNUC_WARN_UNUSED_RESULT
GPtrArray *run_give(Run *run, const RunEntries *entries, guint *changed, GError **error);

/*
 * What the entries of these nodes are on hosts (`texts` is not looked at): a question.  `texts`
 * gets of each host an array of texts (g_ptr_array_unref) in the order of its nodes, with NULL
 * where there is no entry; or NULL where its result says why not.  Under a plan what was
 * planned is seen.  Gives an array of RemoteResult.
 */
G_GNUC_WARN_UNUSED_RESULT
GPtrArray *run_look(Run *run, const RunEntries *entries, GPtrArray *texts, GError **error);
/*
 * Could hosts be given these entries?  A question: the service's own checker sees what would be
 * written, and nothing is changed.  Gives an array of RemoteResult; REMOTE_UNCHECKED: the
 * checker says no, its words are in `out`.
 */
G_GNUC_WARN_UNUSED_RESULT
GPtrArray *run_try(Run *run, const RunEntries *entries, GError **error);

/* --- What has been done ------------------------------------------------------------------ */

/* Bytes of the changes and their texts, about. */
gsize run_kept(const Run *run);

/* A script has looked at a result that was only planned: what it does now depends on it. */
void run_looked(Run *run);

/* The changes so far, and how many: those that were begun or planned, then those that wait for
 * the end of their step.  A cell that is set twice before it is written is one change; one that
 * is set back is none.  Valid until something is changed. */
const GPtrArray *run_changes(Run *run);
guint run_change_count(const Run *run);
/* How many of them are done. */
guint run_done(const Run *run);
/* Was any begun?  One that failed may have changed something, too. */
gboolean run_has_begun(const Run *run);
