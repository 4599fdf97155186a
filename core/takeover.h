/*
 * takeover - what a takeover is, without Lua and without asking anybody.
 *
 * Who goes from where to where.  What is known of a takeover while it goes on: its nodes,
 * options, notes, problems, what is owed, whose commands failed; scripts see it as `move`, the
 * journal keeps it.  Nodes in batches.  Is the old service node alive or dead, and what do the
 * nodes call the new one: it words the looks, and judges their answers; who asks is the
 * command.  Calls journal, remote, hosts, noderange and below.
 */
#pragma once
#include "core/cluster.h"
#include "core/hosts.h"
#include "core/journal.h"
#include "core/remote.h"

/* --- The move: who goes from where to where ---------------------------------------------- */

/*
 * From what the administrator typed and the snapshot: the nodes, and for each its old and new
 * service node, by both names: as the management node knows it (sn) and as the nodes know it
 * (snn).  Whether such a move is allowed is for the procedure's checks.  Rules: the seed
 * ("Exploring service node pool concept") and RULES.md section 3 of the recorded cases.
 */
typedef struct move Move;

#define MOVE_ERROR move_error_quark()
GQuark move_error_quark(void);
typedef enum {
	MOVE_ERROR_USAGE,  /* the options contradict each other or name too little */
	MOVE_ERROR_NODES,  /* names in the noderange that are no nodes, or no node at all */
	MOVE_ERROR_SERVER, /* no such service node, or not by that name */
	MOVE_ERROR_BACKUP, /* no destination: no -d, and no second service node in the list */
} MoveError;

typedef struct {
	const char *noderange;	     /* NULL: all nodes of `source` */
	const char *source;	     /* -s: the old service node */
	const char *source_n;	     /* -S: the same as the nodes know it */
	const char *dest;	     /* -d; NULL: each node's second service node */
	const char *dest_n;	     /* -D */
	const char *prefix, *suffix; /* of digits in a noderange: see noderange.h */
	gboolean keep_there;	     /* nodes that are on `dest` already take part as well */
} MoveRequest;

/* One server under its two names; NULL: not known. */
typedef struct {
	const char *sn, *snn;
} MoveServer;

typedef struct {
	const char *name;
	const char *servicenode; /* noderes.servicenode as resolved, or NULL */
	MoveServer old, new;
} MoveNode;

/*
 * Compute the move.  Names missing in the noderange are one error that lists them all, folded;
 * so are nodes without a destination.  `source` and `dest` are service nodes as nodelist has
 * them (the management node by any name), or the message says what to type.  Nodes that are
 * on `dest` already, and servers among the nodes, are left out: if nobody else is left, the
 * move has no nodes.  Nodes are sorted by name.  Gives a Move (move_free) that borrows its
 * texts from `cluster`.
 */
G_GNUC_WARN_UNUSED_RESULT
Move *move_new(Cluster *cluster, Hosts *hosts, const MoveRequest *request, GError **error);
/* The nodes of request->noderange.  Names that are none are one error, as above.  Gives an
 * array of texts of the cluster (g_ptr_array_unref). */
G_GNUC_WARN_UNUSED_RESULT
GPtrArray *move_named(Cluster *cluster, const MoveRequest *request, GError **error);
/* The move of a run that was kept: `nodes` as move_node had them; texts are borrowed. */
Move *move_recall(const MoveNode *nodes, guint n);
void move_free(Move *move);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Move, move_free)

/* Who was left out, and why: lines for people, NULL-terminated. */
const char *const *move_left_out(const Move *move);

guint move_count(const Move *move);
const MoveNode *move_node(const Move *move, guint i);
/* NULL: this node is not in the move. */
const MoveNode *move_find(const Move *move, const char *name);
/* All names, NULL-terminated, in the order of move_node. */
const char *const *move_names(const Move *move);

/* How a node will know its new service node; `snn` has to live as long as the move. */
void move_set_destination(Move *move, guint i, const char *snn);
/* Leave out the nodes that are on `dest` already, now that it is known what nodes call it. */
void move_leave_there(Move *move, Cluster *cluster, Hosts *hosts, const char *dest);

/* Nodes of a move by their system, names that the move keeps: a procedure is for one of these.
 */
typedef struct {
	GPtrArray *aix; /* nodetype.os is "AIX", or begins so, in any letters */
	GPtrArray *others;
} MoveSystems;

/* Fills `systems`, which takes a move_systems_clear. */
G_GNUC_WARN_UNUSED_RESULT
gboolean move_find_systems(const Move *move, Cluster *cluster, MoveSystems *systems,
			   GError **error);
void move_systems_clear(MoveSystems *systems);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(MoveSystems, move_systems_clear)
/* Leave out the nodes that are not on their new service node (any more). */
void move_leave_elsewhere(Move *move, Cluster *cluster, Hosts *hosts);
/* Leave nodes out: they are not in the move any more.  The texts of move_names that were had
 * before stay valid, the vectors do not. */
void move_leave_out(Move *move, const char *const *names);

/*
 * The service nodes that the move leaves without any node: of all whose list begins with one of
 * them, none stays.  Who gets nodes is none of these.  A node that has moved already is none of
 * theirs, so the answer is the same before the rows are written and after.  Gives a vector of
 * texts that live as long as the cluster (g_free), or NULL and an error.
 */
G_GNUC_WARN_UNUSED_RESULT
const char **move_emptied(const Move *move, Cluster *cluster, Hosts *hosts, GError **error);

/* What takes part: the distinct service nodes that nodes leave and go to, sorted. */
const char *const *move_sources(const Move *move);
const char *const *move_destinations(const Move *move);
/* Have its nodes no service node at all?  They stay, and only boot. */
gboolean move_boots(const Move *move);

/* --- Batches: nodes some at a time, and how many of them are too many -------------------- */

#define BATCHES_ERROR batches_error_quark()
GQuark batches_error_quark(void);
typedef enum { BATCHES_ERROR_SYNTAX } BatchesError;

/* So many nodes, or so many percent of all. */
typedef struct {
	guint number;
	gboolean percent;
} BatchesShare;

/* "10" or "25%"; the message of an error has the text. */
G_GNUC_WARN_UNUSED_RESULT
gboolean batches_parse_share(const char *text, BatchesShare *share, GError **error);
/* How many of `n` these are: rounded up, so 1 at least. */
guint batches_share_of(BatchesShare share, guint n);

/* The sizes of batches, one after the other; the last one repeats. */
typedef struct batches Batches;

/* "1,10,25%".  Gives Batches (batches_free). */
G_GNUC_WARN_UNUSED_RESULT
Batches *batches_parse(const char *text, GError **error);
void batches_free(Batches *batches);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Batches, batches_free)

/* The size of batch `i`, from 0, of `n` nodes; the last of all may get fewer. */
guint batches_size(const Batches *batches, guint n, guint i);
/* How many batches `n` nodes are. */
guint batches_count(const Batches *batches, guint n);
/* For people: "batches of 1, 10, then 100 each".  Gives the text. */
char *batches_text(const Batches *batches, guint n);

/* --- A takeover -------------------------------------------------------------------------- */

/* What scripts are told of a takeover, the same for the procedure and all hooks. */
typedef struct {
	Move *move;
	GHashTable
		*options; /* name of an option -> its text, "" for one without; see options.h */
	const char *mode; /* "planned" or "dead" */
	const char *attempt; /* "first", "resume" or "undo" */
	GHashTable *steps;   /* of the procedure -> is it part of this run? */
	const char *outcome; /* how it ended, in the last steps; NULL: it goes on */
	GPtrArray *undone;   /* of an undo, then: names of nodes that have gone back; or NULL */
	guint number;	     /* of the run; 0: it has none */
	GHashTable *notes;   /* move.notes: name -> GVariant */
	GPtrArray *problems; /* TakeoverProblem: what checks found */
	GPtrArray *owed;     /* JournalOwed: what is left to do when the run has ended */
	GHashTable *owed_once;	/* those of them that takeover_owe has added */
	GPtrArray *seen;	/* lines: what was noticed and left as it is */
	GHashTable *seen_once;	/* those of them that takeover_note has added */
	const Batches *batches; /* --batch; NULL: all nodes at once */
	GPtrArray *batch;	/* names: move.nodes now; NULL: all that move */
	guint batch_number;	/* another one whenever `batch` changes */
	BatchesShare max_fail;	/* --max-fail; number 0: there is no limit */
	GHashTable *failed;	/* nodes with a command that failed in this attempt */
	GHashTable *not_begun;	/* nodes that were not begun when it came to a stop */
	const char *step;	/* that runs; NULL: none does */
	GHashTable *stale;	/* JournalOwed of earlier attempts of it */
	GPtrArray *failures;	/* TakeoverFailure: not told yet */
	gboolean broken;	/* a function of a hook has failed in a plan */
	gboolean cut_short;	/* a command has left out hosts for that */
	gboolean ending;	/* the last steps: they run all the same */
	gsize kept;		/* bytes of notes, problems, what is owed and noticed, about */
} Takeover;

/* The names that a problem may have: "pool", "xcatmaster", ...  The manual has what each of
 * them looks at. */
const char *const *takeover_checks(void);

/* A new one (takeover_free) with nothing found and nothing owed. */
Takeover *takeover_new(Move *move);
void takeover_free(Takeover *takeover);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Takeover, takeover_free)

/* move.nodes is this from now on (NULL: all).  Takes `batch`, and borrows its names. */
void takeover_set_batch(Takeover *takeover, GPtrArray *batch);

/* This became of a command for `node` (NULL: for none). */
void takeover_count(Takeover *takeover, const char *node, const RemoteResult *result,
		    gboolean failed);
/* Have as many nodes failed as --max-fail allows?  Then no more is begun. */
gboolean takeover_has_failed(const Takeover *takeover);
/* How many have, which, and who was not begun.  Gives the text. */
char *takeover_failure(const Takeover *takeover);

/* A note for later steps; `value` (floating, or NULL: it goes away) is taken.  FALSE: it is so
 * already. */
gboolean takeover_set_note(Takeover *takeover, const char *name, GVariant *value);
/* `check`, one of takeover_checks, found what must not be; with `nodes`, or NULL. */
void takeover_problem(Takeover *takeover, const char *check, const char *const *nodes,
		      const char *seen, const char *wanted);
/* This is left to do, unless it was said already.  Takes `owed`. */
void takeover_owe(Takeover *takeover, JournalOwed *owed);
/* The same, and the step that runs now is run again for it by a resume. */
void takeover_owe_again(Takeover *takeover, JournalOwed *owed);
/* This was noticed; a step that runs again says it again, and once is enough.  Takes `line`. */
void takeover_note(Takeover *takeover, char *line);
/* What a call came to on a host.  Borrowed. */
typedef struct {
	const char *host;
	const char *node;	  /* that it is for; or NULL */
	const char *const *nodes; /* the same, where it is for several; or NULL */
	const char *words;	  /* the call */
	const char *key;	  /* the same for the same call in every attempt */
	const RemoteResult *result;
	gboolean failed; /* an error, or a status that is not accepted */
} TakeoverResult;
/*
 * A step of the run begins, perhaps for what it owes; and it has come to its end: then what an
 * earlier attempt of it owed, and it has not asked for again, is owed no more.
 */
void takeover_begin_step(Takeover *takeover, const char *step);
void takeover_end_step(Takeover *takeover);
/*
 * Calls of a step have ended: those that failed are owed and told (takeover_failures), and what
 * an earlier attempt owed is paid by those that did not.  `planning`: nothing is owed yet; it
 * is noted.
 */
void takeover_results(Takeover *takeover, const char *step, const TakeoverResult *results,
		      guint n, gboolean planning);
/*
 * Something else than a call has failed, or (`failed` NULL) has not: a function of a hook, say.
 * It is known by `key`, and owed for the nodes that are at work; `failed` says what.
 */
void takeover_outcome(Takeover *takeover, const char *step, const char *key, const char *failed,
		      gboolean planning);
/* What has failed since the last time, a line for all nodes and hosts of which the same is
 * true: "cn[003-005]: 'systemctl restart gmond': status 1".  Gives a vector. */
char **takeover_failures(Takeover *takeover);
/* Copies of these (JournalOwed) are owed. */
void takeover_owe_all(Takeover *takeover, const GPtrArray *owed);
/* Goes on with the notes of another attempt; or also with what it owes and has noticed. */
void takeover_recall_notes(Takeover *takeover, const JournalContent *content);
void takeover_recall(Takeover *takeover, const JournalContent *content);
/* Is some of it (JournalOwed) tried again by a resume? */
gboolean takeover_can_pay(const GPtrArray *owed);
/* "sn1: cn[001-400]: what", for people; what is owed for the same reason is one line.  Gives a
 * vector. */
char **takeover_owed_lines(const GPtrArray *owed);

typedef struct {
	const char *check; /* one of takeover_checks */
	char **names;	   /* the nodes; NULL: none in particular */
	char *nodes;	   /* the same, folded */
	char *seen, *wanted;
} TakeoverProblem;

/* --- Turns: the nodes of a step in batches, one after the other --------------------------- */

/* What a step works on.  Nodes may leave the move meanwhile: names stay, places do not. */
typedef struct {
	Takeover *takeover;
	const Batches *batches; /* or NULL */
	GPtrArray *names;	/* all its nodes, as they were when it began */
	gboolean some;		/* they are not all of the move */
	guint first;		/* of them: where the next batch begins */
	guint number, count;	/* of the batch that has its turn, from 1 on, and of all */
} TakeoverTurns;

/* Takes a takeover_turns_clear.  Of `names` alone (or NULL: of all); they are kept, with a
 * reference.  `batches` NULL: one turn is for all of them. */
void takeover_turns_init(TakeoverTurns *turns, Takeover *takeover, const Batches *batches,
			 GPtrArray *names);
void takeover_turns_clear(TakeoverTurns *turns);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TakeoverTurns, takeover_turns_clear)
/* move.nodes are those of the next batch that has nodes; FALSE: all have had their turn. */
gboolean takeover_next_turn(TakeoverTurns *turns);
/* The step is over; `done` FALSE: the nodes of later batches were not begun. */
void takeover_end_turns(TakeoverTurns *turns, gboolean done);

/* --- Mode: is the old service node alive or dead? ----------------------------------------- */

#define MODE_SSH_TIME  3500 /* ms that a shell has to answer, */
#define MODE_PING_TIME 1500 /* and then a ping: 5 s for the whole look */

#define MODE_ERROR mode_error_quark()
GQuark mode_error_quark(void);
typedef enum {
	MODE_ERROR_MIXED,    /* some sources are dead, others alive */
	MODE_ERROR_CONTRARY, /* --alive or --dead, and it looks otherwise */
	MODE_ERROR_UNKNOWN,  /* it could not be looked at */
	MODE_ERROR_DEAD,     /* an undo onto a service node that is dead */
} ModeError;

typedef enum {
	MODE_UNKNOWN, /* it could not be looked at: nobody knows */
	MODE_SILENT,  /* nothing of it answers */
	MODE_ANSWERS, /* something does, but we cannot work there */
	MODE_ALIVE,   /* a shell answers */
} ModeLook;

typedef struct {
	const char *name; /* as the move has it */
	ModeLook look;
	char *evidence; /* what was tried, and what answered */
} ModeSeen;

typedef enum { MODE_SAID_NOTHING, MODE_SAID_ALIVE, MODE_SAID_DEAD } ModeSaid;

/* The service nodes of these that are to be looked at, of which nothing is known yet.  Gives an
 * array of ModeSeen. */
GPtrArray *mode_looks(const char *const *sources);
/* What became of `true` by ssh. */
void mode_take_shell(ModeSeen *seen, const RemoteResult *result);
/* A host whose sshd hangs may well go on to lease addresses: it is asked otherwise, too.  The
 * command, for this machine, that pings all these addresses at once (g_free). */
char *mode_pings(const GPtrArray *all);
/* What it said of the addresses of one service node. */
void mode_take_pings(ModeSeen *seen, const GPtrArray *addresses, const RemoteResult *result);

/*
 * "planned" or "dead", of all of them and what was said; NULL and an error: it cannot be
 * decided, or was said otherwise.  The words of MODE_ERROR_MIXED want the commands behind them.
 */
const char *mode_decide(const GPtrArray *seen, ModeSaid said, GError **error);
/* Is any of them so? */
gboolean mode_any(const GPtrArray *seen, ModeLook look);
/* The addresses of a service node as the management node and the nodes know it, which are
 * pinged; not those of further interfaces: a BMC answers when its machine is dead.  Gives an
 * array of texts, valid as long as `hosts`. */
GPtrArray *mode_addresses(const Move *move, Hosts *hosts, const char *source,
			  const char *source_n);
/* All names and addresses of the service nodes that a move leaves, but for those that the new
 * ones have as well: for remote_forbid.  Gives a vector, sorted. */
char **mode_names(const Move *move, Hosts *hosts, const char *source_n);

/* --- Destination: what the nodes call the new service node -------------------------------- */

#define DESTINATION_TIME 5000 /* ms that a service node has to answer */

/*
 * Its nodes get the address that it has in their network.  FALSE: it does not say, or has none
 * in the network of a node: the message says what to type.
 */
G_GNUC_WARN_UNUSED_RESULT
gboolean destination_take(Move *move, Cluster *cluster, Hosts *hosts, const char *name,
			  const RemoteResult *answer, GError **error);
