/*
 * verified - what --verify has found, told: a table of nodes by result, the faults of each, and
 * what mends them.
 */
#pragma once
#include "lua/command/request.h"
#include "lua/runtime/binding.h"

/* Tell it, of one node or more; `missing` are names that no node has, told already.  Gives the
 * status. */
int verified_tell(const BindingContext *context, const Request *request,
		  const GPtrArray *missing);
/* The last line of --json, of so many nodes; `missing` may be NULL. */
void verified_json_verdict(guint nodes, guint faults, const GPtrArray *missing, int status);
