/*
 * options - the command line as texts, from one table that also makes --help.
 *
 * A procedure may have options of its own beside those of the table.  What they mean, and what
 * goes with what, is for request.
 */
#pragma once
#include "lua/bind/takeover.h"

#define OPTIONS_ERROR options_error_quark()
GQuark options_error_quark(void);
typedef enum {
	OPTIONS_ERROR_USAGE,
	OPTIONS_ERROR_UNKNOWN, /* no option is named so; a procedure may have it */
} OptionsError;

typedef enum {
	OPTION_SOURCE,
	OPTION_SOURCEN,
	OPTION_DEST,
	OPTION_DESTN,
	OPTION_IGNORENODES,
	OPTION_POSTSCRIPTS,
	OPTION_LITEONLY,
	OPTION_NORETARGET,
	OPTION_PLAN,
	OPTION_CHECK,
	OPTION_FORCE,
	OPTION_ALIVE,
	OPTION_DEAD,
	OPTION_SKIP,
	OPTION_ONLY,
	OPTION_OLD,
	OPTION_REASON,
	OPTION_BATCH,
	OPTION_MAX_FAIL,
	OPTION_FANOUT,
	OPTION_TIMEOUT,
	OPTION_RESUME,
	OPTION_UNDO,
	OPTION_CLOSE,
	OPTION_STATUS,
	OPTION_HISTORY,
	OPTION_SHOW,
	OPTION_VERIFY,
	OPTION_RECONCILE,
	OPTION_EXPAND,
	OPTION_FOLD,
	OPTION_EXPLAIN,
	OPTION_PROBE,
	OPTION_DB,
	OPTION_STATE,
	OPTION_CONFIG,
	OPTION_SCRIPT,
	OPTION_HOOKS,
	OPTION_WITHOUT,
	OPTION_SET,
	OPTION_HOOKS_LIST,
	OPTION_TRACE,
	OPTION_RECORD,
	OPTION_JSON,
	OPTION_COLOR,
	OPTION_VERBOSE,
	OPTION_VERSION,
	OPTION_HELP,
	OPTIONS
} OptionId;

typedef struct {
	/* NULL: not given; "" without a text.  One that may be given several times has a line
	 * for each.  Behind those of the table the procedure's. */
	char *texts[OPTIONS + TAKEOVER_OPTIONS];
	char **operands;
	GArray *own;  /* TakeoverOption: the procedure's; or NULL */
	char *script; /* that they are of; or NULL */
} Options;

/* With the options that the procedure `script` has of its own (TakeoverOption; kept, with a
 * reference), or NULL.  FALSE: wrong usage, and the error says what.  `options` takes an
 * options_clear. */
G_GNUC_WARN_UNUSED_RESULT
gboolean options_parse(Options *options, int argc, char **argv, GArray *own, const char *script,
		       GError **error);
/* What the words of a command line say of an option with a text, before they are parsed; NULL:
 * nothing.  Borrowed from `argv`. */
const char *options_peek(char **argv, OptionId id);
void options_clear(Options *options);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

const char *options_text(const Options *options, OptionId id);
gboolean options_given(const Options *options, OptionId id);
/* The long name, without dashes. */
const char *options_name(OptionId id);
/* FALSE and an error: of a procedure's options (TakeoverOption) one is named as one of the
 * table.  `script` is said in the message. */
G_GNUC_WARN_UNUSED_RESULT
gboolean options_check_own(const GArray *own, const char *script, GError **error);
/* Does `look` for each of the procedure's that was given, with its name and its text. */
void options_each_own(const Options *options,
		      void (*look)(const char *name, const char *text, gpointer data),
		      gpointer data);

/* The first option that this version does not do yet, or OPTIONS. */
OptionId options_not_yet(const Options *options);

/* The text of --help, with the procedure's own.  Gives the text (g_free). */
char *options_help(const Options *options);
