/*
 * mode - is the old service node alive or dead?  Found by looking, never guessed from an
 * option.
 *
 * planned: it answers, and gives up its duties in order.  dead: it does not, and from then on
 * nothing is sent to it by any name.  All of a takeover's sources are of one mode.
 */
#pragma once
#include "core/journal.h"
#include "lua/command/options.h"
#include "lua/procedure/procedure.h"

#define MODE_SSH_TIME  3500 /* ms that a shell has to answer, */
#define MODE_PING_TIME 1500 /* and then a ping: 5 s for the whole look */

#define MODE_ERROR mode_error_quark()
GQuark mode_error_quark(void);
typedef enum {
	MODE_ERROR_MIXED,    /* some sources are dead, others alive */
	MODE_ERROR_CONTRARY, /* --alive or --dead, and it looks otherwise */
	MODE_ERROR_DEAD,     /* an undo onto a service node that is dead */
} ModeError;

/*
 * Look at the sources of the takeover and set its mode; what was seen is told.  --alive and
 * --dead must not contradict it.  In dead mode the context's remote does not contact them any
 * more.  `argv` is for the commands that a message proposes.
 */
G_GNUC_WARN_UNUSED_RESULT
gboolean mode_find(BindingContext *context, const Options *options, char **argv,
		   GError **error);
/* A run that goes on keeps its mode; it is told if it looks otherwise now. */
void mode_recall(BindingContext *context, const JournalRun *record);
/* Nodes go back to these service nodes: refused if one is dead, unless forced. */
G_GNUC_WARN_UNUSED_RESULT
gboolean mode_check_undo(BindingContext *context, const char *const *forced, GError **error);
