/*
 * change - one thing that a takeover changes: the word that run, journal and report share.
 *
 * A change is one of four: a row's cell, a service's entry for a node on a host, a file on a
 * host, a command on a host.  It has a before, an after, the node it is for, and a state.
 * Knows its shape, and how it looks as text.
 */
#pragma once
#include "core/store.h"

typedef enum { CHANGE_ROW, CHANGE_ENTRY, CHANGE_FILE, CHANGE_COMMAND } ChangeKind;

typedef enum {
	CHANGE_PLANNED, /* shown, or waiting for the end of its step */
	CHANGE_STARTED,
	CHANGE_DONE,
	CHANGE_FAILED,
	CHANGE_UNKNOWN, /* begun, and its end was not seen */
	CHANGE_UNDONE,
} ChangeState;

/* What a command is beside its text.  Texts are borrowed, what came out is its own. */
typedef struct {
	guint ordinal; /* among equals: of the same step, hook, host and text */
	const char
		*via; /* the host that it went through; NULL: none, or by ssh's configuration */
	const char *undo;     /* the command that takes it back; NULL: there is none */
	const char *done;     /* a command that only looks: status 0 says that it is done */
	gboolean repeatable;  /* may be run again when nobody knows how it ended */
	gboolean undo_always; /* `undo` also then */
	/* Once it was run. */
	const char *error; /* a word; NULL: it ran to its end */
	int status;	   /* of a shell; -1: not known */
	GBytes *out, *err; /* or NULL */
	guint64 out_lost, err_lost;
	const char *transport;
} ChangeCommand;

/* What a file is beside its path and its states, `before` and `after` as remote.h has them.
 * Texts are borrowed, contents are its own. */
typedef struct {
	guint ordinal;	  /* among equals: of the same step, hook, host and path */
	const char *call; /* the same for files of one call on one host: they go together */
	const char *via;  /* as of a command */
	const char
		*kept; /* what was there before lies here on the host, if there was anything */
	const char *activate; /* the command that makes the files work; or NULL */
	/* Once it was put. */
	const char *error, *message; /* a word, and why; NULL: it is there */
	const char *transport;
	GBytes *old, *new; /* contents, to be shown; NULL: not known, or not to be shown */
} ChangeFile;

typedef struct {
	ChangeKind kind;
	ChangeState state;
	const char *step;
	const char *hook;   /* the hook that made it; NULL: the procedure itself */
	const char *host;   /* NULL: the cluster database */
	const char *target; /* a row: its table; an entry: the service; the path; the command */
	const char *const *key; /* of a row: the values of its `n_key` key columns, which
				 * nothing ends; of one column it points at `row` */
	guint n_key;
	gboolean depends; /* made after a script has looked at a result that was only planned */
	const char *row;
	const char *column;	 /* of a row */
	const char *node;	 /* the node it is for; NULL: none in particular */
	StoreCell before, after; /* as stored; NO_ROW: it is not there at all */
	const char *seen;	 /* a node's cell: the value as resolved before; NULL: none */
	const char *seen_from;	 /* and the row it came from */
	ChangeCommand *command;	 /* of a command; the change's own */
	ChangeFile *file;	 /* of a file; likewise */
	guint64 cell;  /* the same number for the same cell, in one run of the program */
	gint64 number; /* in the journal; 0: it is not there */
} Change;

/* Texts are borrowed; a key of several columns, ChangeCommand and ChangeFile are the change's
 * own. */
void change_free(gpointer change);

/*
 * Changes as text, a line a group of equal ones with the nodes folded, under a heading for
 * each step and hook:
 *
 *     servicenode
 *       noderes.servicenode  sn1,sn2 -> sn2,sn1  cn[001-400]
 *
 * `verbose`: a line each, with the row that the old value came from.  Gives the text (g_free);
 * empty: no changes.
 */
char *change_report(const GPtrArray *changes, gboolean verbose);
