/*
 * request - what is asked of snmove, typed: made once, before anything is opened.
 *
 * From the options; or, for a run that is resumed, from those that it was begun with.  All of a
 * wrong command line is found here: numbers, names of checks, what goes with what.
 */
#pragma once
#include "core/takeover.h"
#include "lua/command/options.h"

#define REQUEST_ERROR request_error_quark()
GQuark request_error_quark(void);
typedef enum { REQUEST_ERROR_USAGE } RequestError;

typedef enum {
	VERB_MOVE,
	VERB_EXPAND,
	VERB_EXPLAIN,
	VERB_VERIFY,
	VERB_RESUME,
	VERB_UNDO,
	VERB_CLOSE,
	VERB_RECONCILE,
	VERB_STATUS,
	VERB_HISTORY,
	VERB_SHOW,
	VERB_HOOKS_LIST,
	VERBS
} Verb;

typedef struct {
	Options options;     /* as typed; with a run that is resumed: as recorded, too */
	const char *program; /* that was typed: "snmove", or "rnetboot" */
	char **argv;	     /* for messages and the journal; borrowed */
	/* "snmove", with --config, --state and --db as given: every command that is suggested
	 * begins so, and can be typed as it stands. */
	char *command;
	Verb verb;
	gboolean needs_database;
	const char *operand; /* a noderange; of --history a node or a date; or NULL */
	gint64 run;	     /* that the verb names; 0: the last one */

	gboolean planning; /* --plan, --check */
	gboolean check, json, verbose, fold, probe;
	ModeSaid said;
	char **skip, **only;   /* steps, or NULL */
	char *hook;	       /* --only hook:NAME: this one alone, and no step; or NULL */
	char **without, **set; /* hooks; "HOOK.KEY=VALUE" each; or NULL */
	gboolean rows_only;    /* only tables: no other host is looked at */
	GPtrArray *forced;     /* names of checks, NULL-terminated: --force */
	Batches *batches;      /* or NULL */
	BatchesShare max_fail; /* number 0: there is no limit */
	guint fanout, time;    /* hosts at once; ms for a command; 0: the site's */
} Request;

/* FALSE: wrong usage, and the error says what.  `request` takes a request_clear. */
G_GNUC_WARN_UNUSED_RESULT
gboolean request_parse(Request *request, int argc, char **argv, GError **error);
void request_clear(Request *request);
/* Of another program, which has filled in `options` and `program`: what they say.  The same. */
G_GNUC_WARN_UNUSED_RESULT
gboolean request_take(Request *request, GError **error);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Request, request_clear)

/*
 * Of a run that is resumed: what it was begun with (name -> text), and what was typed now,
 * which wins; --force is both together.  Replaces what `request` has.
 */
G_GNUC_WARN_UNUSED_RESULT
gboolean request_recall(Request *request, GHashTable *recorded, GError **error);

/* Adds the names of checks in `names` ("all": every one) to `forced`; `where` is said in the
 * message. */
G_GNUC_WARN_UNUSED_RESULT
gboolean request_add_checks(GPtrArray *forced, const char *where, const char *const *names,
			    GError **error);

/* The option's text, or NULL: it is not given. */
const char *request_text(const Request *request, OptionId id);
