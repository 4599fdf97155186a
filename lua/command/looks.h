/*
 * looks - what has to be asked of service nodes before a move: is the old one alive, and what
 * do the nodes call the new one?
 *
 * Asked through the door: kept in the journal once there is a run, and ended by Ctrl-C.  What
 * is asked, and what the answers mean, is takeover's.
 */
#pragma once
#include "lua/command/work.h"

/*
 * Look at the sources of the takeover and set its mode; what was seen is told.  In dead mode
 * the context's remote does not contact them any more.
 */
G_GNUC_WARN_UNUSED_RESULT
gboolean looks_find_mode(Work *work, GError **error);
/* A run that is resumed keeps its mode; it is told if it looks otherwise now. */
G_GNUC_WARN_UNUSED_RESULT
gboolean looks_recall_mode(Work *work, const JournalRun *record, GError **error);
/* Nodes go back to these service nodes: refused if one is dead, unless forced. */
G_GNUC_WARN_UNUSED_RESULT
gboolean looks_check_undo(Work *work, GError **error);
/* Without -D: what the new service nodes are called on the nodes' network. */
G_GNUC_WARN_UNUSED_RESULT
gboolean looks_find_destination(const Work *work, Move *move, GError **error);
