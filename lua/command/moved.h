/* moved - nodes that were moved before, with the servers of their last run. */
#pragma once
#include "lua/command/work.h"

/*
 * The nodes that the request names, each from where to where the last move took it that is not
 * taken back.  Who is not there any more is left out.  Gives a Move (move_free), or NULL and an
 * error: some were moved by no run, which it names.
 */
G_GNUC_WARN_UNUSED_RESULT
Move *moved_before(const Work *work, GError **error);
