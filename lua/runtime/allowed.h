/*
 * allowed - what a state has: the allow-list, and what the rest answers.  Private to runtime.
 */
#pragma once
#include "lua/runtime/runtime.h"

typedef struct runtime {
	BindingContext *context;
	char *name;
	char **directories; /* for require */
	RuntimeLimits limits;
	gsize memory;
	guint64 instructions;
	gsize output;
	gint64 paused;	 /* since when hosts are waited for */
	gint64 deadline; /* microseconds, monotonic; 0: none */
	const char *hit; /* the limit that was hit in this call */
	gboolean last;	 /* a signal had asked to stop when the call began */
} Runtime;

Runtime *runtime_of(lua_State *L);

/* A lua_CFunction that opens everything. */
int allowed_open(lua_State *L);
