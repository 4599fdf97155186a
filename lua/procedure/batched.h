/*
 * batched - the nodes of a step in batches, one after the other: move.nodes is each in turn.
 *
 * Knows whose turn it is, and tells how far it got; what is done for a batch is its caller's.
 */
#pragma once
#include "lua/procedure/takeover.h"

/*
 * Call `work` for each batch of --batch (without it: once, for all nodes) until one fails.
 * `step` is told with how far it is, after each batch; NULL: nothing is told.
 */
typedef gboolean (*BatchedWork)(gpointer data, GError **error);
G_GNUC_WARN_UNUSED_RESULT
gboolean batched_run(Takeover *takeover, const char *step, BatchedWork work, gpointer data,
		     GError **error);
