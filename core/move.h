/*
 * move - who goes from where to where.
 *
 * From what the administrator typed and the snapshot: the nodes, and for each its old and new
 * service node, by both names: as the management node knows it (sn) and as the nodes know it
 * (snn).  It only looks; whether such a move is allowed is for the procedure's checks.  Rules:
 * the seed ("Exploring service node pool concept") and RULES.md section 3 of the recorded
 * cases.  Calls cluster, noderange and hosts.
 */
#pragma once
#include "core/cluster.h"
#include "core/hosts.h"

typedef struct move Move;

#define MOVE_ERROR move_error_quark()
GQuark move_error_quark(void);
typedef enum {
	MOVE_ERROR_USAGE,  /* the options contradict each other or name too little */
	MOVE_ERROR_NODES,  /* names in the noderange that are no nodes, or no node at all */
	MOVE_ERROR_BACKUP, /* no destination: no -d, and no second service node in the list */
} MoveError;

typedef struct {
	const char *noderange;	     /* NULL: all nodes of `source` */
	const char *source;	     /* -s: the old service node */
	const char *source_n;	     /* -S: the same as the nodes know it */
	const char *dest;	     /* -d; NULL: each node's second service node */
	const char *dest_n;	     /* -D */
	const char *prefix, *suffix; /* of digits in a noderange: see noderange.h */
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
 * so are nodes without a destination.  Nodes are sorted by name.  Gives a Move (move_free)
 * that borrows its texts from `cluster`.
 */
G_GNUC_WARN_UNUSED_RESULT
Move *move_new(Cluster *cluster, Hosts *hosts, const MoveRequest *request, GError **error);
/* The move of a run that was kept: `nodes` as move_node had them; texts are borrowed. */
Move *move_recall(const MoveNode *nodes, guint n);
void move_free(Move *move);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Move, move_free)

guint move_count(const Move *move);
const MoveNode *move_node(const Move *move, guint i);
/* NULL: this node is not in the move. */
const MoveNode *move_find(const Move *move, const char *name);
/* All names, NULL-terminated, in the order of move_node. */
const char *const *move_names(const Move *move);

/* How a node will know its new service node; `snn` has to live as long as the move. */
void move_set_destination(Move *move, guint i, const char *snn);
/* Leave nodes out: they are not in the move any more.  The texts of move_names that were had
 * before stay valid, the vectors do not. */
void move_leave_out(Move *move, const char *const *names);

/* What takes part: the distinct service nodes that nodes leave and go to, sorted. */
const char *const *move_sources(const Move *move);
const char *const *move_destinations(const Move *move);
