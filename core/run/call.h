/*
 * call - one call on many hosts: looked at, journaled, made, journaled.
 *
 * Private to run.  A kind of change says what is looked for on a host, what follows from it,
 * and what its script is (CallClass); the engine does the rest, and is the same for all: who is
 * begun, the journal before and after, what is kept of the call, who is told.
 */
#pragma once
#include "core/run/kind.h"

/* One host of a call. */
typedef struct {
	const RunHost *host;
	GPtrArray *changes; /* Change: what is to be done there */
	GString *look;
	GBytes *script;
	RemoteResult *result;  /* once it is known */
	RemoteResult *problem; /* why nothing is done there, seen by the look */
	gboolean repeat;       /* it was begun before, and is finished now */
	const char *call;      /* names the call on this host, see Change.call */
	guint ordinal;	       /* of its first change: a debt is known by it */
	gpointer own;	       /* of the class; see CallClass.clear */
} CallPlace;

typedef struct call Call;

typedef struct {
	ChangeKind kind;
	gsize said; /* bytes that a look may say; 0: there is no look */
	/* Before anybody is asked: changes of the place (call_add, call_take_up), or its result
	 * (call_result) where nothing is left to do. */
	gboolean (*sort_out)(Call *call, guint place, GError **error);
	/* Then what a resume has to ask first; or NULL. */
	gboolean (*ask)(Call *call, GError **error);
	/* What is looked for.  Gives the script. */
	GString *(*look)(Call *call, guint place);
	/* What was found: changes of the place, or call_refuse. */
	void (*looked)(Call *call, guint place, const GString *said);
	/* What does it, before the changes are journaled.  Gives the script, or NULL: nothing
	 * is to be done, or with `error`, nothing can be. */
	GBytes *(*script)(Call *call, guint place, GError **error);
	/* What has become of its changes; may give `result` better words. */
	ChangeState (*judge)(Call *call, guint place, RemoteResult *result);
	/* Is this status no failure?  NULL: 0 alone. */
	gboolean (*accepts)(const Call *call, guint place, int status);
	/* The call in words, in what is owed.  Gives the text. */
	char *(*words)(const Call *call, guint place);
	/* What its debt is known by, beside host and node.  Gives the text; NULL: `words`. */
	char *(*known_by)(const Call *call, guint place);
	/* The nodes that it is for; NULL: the host's own. */
	const char *const *(*nodes)(const Call *call, guint place);
	void (*clear)(CallPlace *place); /* CallPlace.own; or NULL */
} CallClass;

/* Whose hosts are waited for. */
typedef struct {
	const Run *run;
	const GArray *tasks; /* RemoteTask */
} CallWait;

struct call {
	Run *run;
	const CallClass *class;
	gconstpointer request; /* RunCommand, RunPut, RunEntries */
	CallPlace *places;
	guint n;
	RemoteLimits limits;
	gpointer own;	     /* of the class */
	GHashTable *fresh;   /* changes that this call has made, until they are the run's */
	GArray *tasks;	     /* RemoteTask */
	GArray *place_of;    /* of each task: guint */
	GHashTable *last_of; /* host, way and lane -> 1 + its last task */
	guint ended;	     /* hosts */
	gboolean thinks;     /* what is to be done follows from all looks: call_visit */
	RemoteVisit *visit;  /* between call_visit and call_end */
	RemoteWatch watch;   /* likewise, */
	CallWait wait;	     /* and this */
};

void call_clear(Call *call);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Call, call_clear)

/* Make the call.  Gives an array of RemoteResult, in the order of the hosts. */
G_GNUC_WARN_UNUSED_RESULT
GPtrArray *call_make(Run *run, const CallClass *class, const RunHost *hosts, guint n,
		     gconstpointer request, gpointer own, const RemoteLimits *limits,
		     GError **error);

/*
 * The same in two stages, for what is to be done depends on all looks.  call_init, then
 * call_visit, which looks; call_seen is what was found on a place, NULL: there is its result
 * already; then call_end does the rest, and gives what call_make gives.
 */
void call_init(Call *call, Run *run, const CallClass *class, const RunHost *hosts, guint n);
G_GNUC_WARN_UNUSED_RESULT
gboolean call_visit(Call *call, GError **error);
const GString *call_seen(const Call *call, guint place);
G_GNUC_WARN_UNUSED_RESULT
GPtrArray *call_end(Call *call);

/* A new change of the place, of the step and hook that run now. */
Change *call_add(Call *call, guint place, const char *target, guint ordinal);
/* One that an earlier attempt has begun. */
void call_take_up(Call *call, guint place, Change *change);
/* The result of the place is known. */
void call_result(Call *call, guint place, RemoteErrorCode error, int status,
		 const char *message);
/* What the look has found keeps the host from getting anything. */
void call_refuse(Call *call, guint place, RemoteErrorCode error, const char *message);
/* What was planned last for this target (and this node, where there is one for each) there; or
 * NULL. */
const Change *call_planned(const Run *run, ChangeKind kind, const char *host,
			   const char *target, const char *node);
/* An error that a look or a script came to: the state of what went together. */
ChangeState call_state_after(RemoteErrorCode error);

/* query.c: ask hosts, as run_query does. */
G_GNUC_WARN_UNUSED_RESULT
GPtrArray *call_ask(Run *run, const RunHost *hosts, guint n, const char *command,
		    const char *input, const RemoteLimits *limits, GError **error);
/* query.c: they were asked this, and what they answered is kept in the journal. */
G_GNUC_WARN_UNUSED_RESULT
gboolean call_asked(Run *run, const RunHost *hosts, guint n, const char *command,
		    const GPtrArray *answers, GError **error);
/* Reach the hosts of tasks.  Gives their results, in the order of the tasks. */
G_GNUC_WARN_UNUSED_RESULT
GPtrArray *call_reach(Run *run, const GArray *tasks, const RemoteLimits *limits,
		      const RemoteWatch *watch, GError **error);
/* Gives a result (remote_result_free). */
RemoteResult *call_result_new(RemoteErrorCode error, int status, const char *message);
/* So many hosts of `total` have ended. */
void call_progress(const Run *run, guint ended, guint total);
/* Shall no more be begun? */
gboolean call_shall_stop(const Run *run);
