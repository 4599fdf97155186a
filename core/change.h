/*
 * change - one thing that a takeover changes: the word that run, journal and report share.
 *
 * A change is one of four kinds: a row's cell, a service's entry for a node on a host, a file
 * on a host, a command on a host.  It has a before, an after, the node it is for, and a state.
 * What differs between the kinds stands in a ChangeClass for each: its fields, and how it
 * reads.  Journal, report and JSON walk these, and ask nowhere which kind a change is.  Pure:
 * what is done with a change is for run.
 */
#pragma once
#include "core/store.h"

/* The numbers are on disk. */
typedef enum { CHANGE_ROW, CHANGE_ENTRY, CHANGE_FILE, CHANGE_COMMAND } ChangeKind;
#define CHANGE_KINDS 4

typedef enum {
	CHANGE_PLANNED, /* shown, or waiting for the end of its step */
	CHANGE_STARTED,
	CHANGE_DONE,
	CHANGE_FAILED,
	CHANGE_UNKNOWN, /* begun, and its end was not seen */
	CHANGE_UNDONE,
} ChangeState;
#define CHANGE_STATES 6

/* The word for it: "planned", "started", ... */
const char *change_state_name(ChangeState state);

/* The one step of a run that undoes another one. */
#define CHANGE_UNDO_STEP "undo"

/* Texts are borrowed, but for a key of several columns. */
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

	/* Of a change on a host. */
	guint ordinal;	  /* among equals: of the same step, hook, kind, host and target */
	const char *via;  /* the jump host; NULL: none, or by ssh's configuration */
	const char *call; /* the same for changes that go together, in one call on one host */
	const char *error, *message; /* at its end: a word, and why; NULL: it came to its end */
	const char *transport;
	gpointer detail; /* what only its kind has, the change's own: see ChangeClass.size */

	guint64 cell;  /* the same number for the same cell, in one run of the program */
	gint64 number; /* in the journal; 0: it is not there */
	gint64 ended;  /* its place among all ends of its run, the same for the rows of one
			* commit; 0: not known */
} Change;

/* What a command is beside its text. */
typedef struct {
	const char *says;     /* what it does, for people; NULL: its text says enough */
	const char *input;    /* digest of its standard input; NULL: it has none */
	const char *undo;     /* the command that undoes it; NULL: there is none, "": there is
			       * nothing to undo */
	const char *done;     /* a command that only looks: status 0 says that it is done */
	gboolean repeatable;  /* may be run again when nobody knows how it ended */
	gboolean undo_always; /* `undo` also then */
	gboolean undo_last;   /* `undo` after all else of its node has gone back */
	/* `undo` only if this question then ends with 0; `if_command` NULL: always. */
	const char *if_host, *if_command, *if_input;
	guint64 undoes; /* the number of the change that it takes back; 0: of none */
	/* At its end. */
	int status;	   /* of a shell; -1: not known */
	GBytes *out, *err; /* or NULL */
	guint64 out_lost, err_lost;
} ChangeCommand;

/* What a command with this digest of its standard input (or NULL) is known by.  Gives the text.
 */
char *change_command_known_by(const char *command, const char *input);
/* A command in one line, for people: `says`, or its text as far as it is needed.  Gives the
 * text. */
char *change_command_text(const char *command, const char *says);

/* What a file is beside its path and its states, `before` and `after` as remote.h has them. */
typedef struct {
	const char
		*kept; /* what was there before lies here on the host, if there was anything */
	const char *activate; /* the command that makes the files work; or NULL */
	GBytes *old, *new;    /* contents, to be shown; NULL: not known, or not to be shown */
	GBytes *content;      /* what a script made of the old one, for a resume; or NULL */
} ChangeFile;

/*
 * What an entry is beside its service (target), host and node.  Before and after are its text;
 * NO_ROW: there is none.  The text of a secret one is a digest (change_entry_digest), and what
 * it was before lies on the host.
 */
typedef struct {
	gboolean secret;
	const char *kept; /* of a secret one: where its text of before lies on the host */
} ChangeEntry;

/* What only a kind has.  NULL unless the change is of it. */
ChangeCommand *change_command(const Change *change);
ChangeFile *change_file(const Change *change);
ChangeEntry *change_entry(const Change *change);

/* "sha256 HEX" of a text, or of bytes.  Gives the text (g_free). */
char *change_entry_digest(const char *text);
char *change_digest(const char *bytes, gsize length);

/* --- What a kind is ---------------------------------------------------------------------- */

typedef enum {
	CHANGE_FIELD_END,    /* of a table of fields */
	CHANGE_FIELD_TEXT,   /* const char * */
	CHANGE_FIELD_NUMBER, /* guint */
	CHANGE_FIELD_STATUS, /* int; -1 is none */
	CHANGE_FIELD_COUNT,  /* guint64 */
	CHANGE_FIELD_FLAG,   /* gboolean */
	CHANGE_FIELD_BYTES,  /* GBytes *, the change's own */
	CHANGE_FIELD_CELL,   /* StoreCell */
	CHANGE_FIELD_KEY,    /* Change.key */
} ChangeFieldType;

/* One field, and who knows it under which name. */
typedef struct {
	const char *column; /* in the table that the kind has in the journal; NULL: not there */
	const char *key;    /* in JSON; NULL: not there */
	ChangeFieldType type;
	gboolean of_detail; /* `offset` is that in the detail, and not in the Change */
	gsize offset;
	gboolean result; /* known only at its end */
} ChangeField;

/* Where the field lies. */
gpointer change_field(const Change *change, const ChangeField *field);

/* Can a change be undone? */
typedef enum {
	CHANGE_WAY_NOTHING, /* there is nothing to undo */
	CHANGE_WAY_OPEN,
	CHANGE_WAY_CLOSED,  /* it was done, and there is no way back */
	CHANGE_WAY_UNKNOWN, /* nobody knows whether there is anything to undo */
} ChangeWay;

typedef struct {
	const char *name;	   /* "row": in messages and JSON */
	const char *table;	   /* in the journal, for what only the kind has; NULL: none */
	gsize size;		   /* of Change.detail; 0: there is none */
	const ChangeField *fields; /* in their order in JSON */
	gboolean of_node; /* there may be one for each node: a resume knows it by that, too */
	/* What a resume knows it by, beside step, hook, host and node.  Gives the text; NULL:
	 * by its target. */
	char *(*known_by)(const Change *change);
	/* Has it all that a change of its kind has?  A damaged journal may have lost it. */
	gboolean (*is_whole)(const Change *change);
	/* What is changed: "noderes.xcatmaster", "/etc/x".  Gives the text. */
	char *(*what)(const Change *change);
	/* How: "sn1 -> sn2".  Gives the text. */
	char *(*transition)(const Change *change);
	/* Adds (text_key_add) what changes of a step and hook have in common that are one line
	 * of a report. */
	void (*alike)(const Change *change, GString *key);
	/* Whose names are folded in that line: nodes, or hosts; or NULL. */
	const char *(*name_of)(const Change *change);
	/* Lines that differ, at most `most` each way; NULL: they are not shown. */
	char **(*difference)(const Change *change, guint most);
	/* What an undo leaves or takes together, of a change that is for no node.  Gives a key.
	 */
	char *(*unit)(const Change *change);
	/* Of a change that is done, failed or unknown. */
	ChangeWay (*way)(const Change *change);
} ChangeClass;

const ChangeClass *change_class(const Change *change);
/* NULL: there is no such kind. */
const ChangeClass *change_class_of(guint kind);

/* A new one, with an empty detail (change_free). */
Change *change_new(ChangeKind kind);
void change_free(gpointer change);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Change, change_free)

/* The node, or what is no node's, that a change stands or falls with in an undo.  Gives a key.
 */
char *change_unit(const Change *change);
/* Can it be undone, by its kind and state? */
ChangeWay change_way(const Change *change);
/* The key of a row as text: "10.1.0.0,255.255.0.0".  Gives the text, not made fit to be shown.
 */
char *change_row_key(const Change *change);
/* A cell in a message: quoted, or "nothing".  Gives the text. */
char *change_cell_text(const StoreCell *cell);

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
