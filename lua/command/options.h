/*
 * options - the command line as texts, from one table that also makes --help.
 *
 * What they mean, and what goes with what, is for request.
 */
#pragma once
#include <glib.h>

#define OPTIONS_ERROR options_error_quark()
GQuark options_error_quark(void);
typedef enum { OPTIONS_ERROR_USAGE } OptionsError;

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
	OPTION_JSON,
	OPTION_COLOR,
	OPTION_VERBOSE,
	OPTION_VERSION,
	OPTION_HELP,
	OPTIONS
} OptionId;

typedef struct {
	/* NULL: not given; "" without a text.  One that may be given several times has a line
	 * for each. */
	char *texts[OPTIONS];
	char **operands;
} Options;

/* FALSE: wrong usage, and the error says what.  `options` takes an options_clear. */
G_GNUC_WARN_UNUSED_RESULT
gboolean options_parse(Options *options, int argc, char **argv, GError **error);
void options_clear(Options *options);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

const char *options_text(const Options *options, OptionId id);
gboolean options_given(const Options *options, OptionId id);
/* The long name, without dashes. */
const char *options_name(OptionId id);

/* The first option that this version does not do yet, or OPTIONS. */
OptionId options_not_yet(const Options *options);

/* The text of --help.  Gives the text (g_free). */
char *options_help(void);
