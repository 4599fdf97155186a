/*
 * allowed - what a state has: the allow-list, and what the rest answers.  Private to runtime.
 */
#pragma once
#include "lua/runtime/runtime.h"
#include "lua/runtime/take.h"

typedef struct runtime {
	BindingContext *context;
	char *name;
	char **directories; /* for require */
	RuntimeLimits limits;
	gsize memory;	  /* of Lua */
	gsize kept;	  /* what the rooms keep of it: counts as its memory, too */
	gsize looked;	  /* what they kept of all states, when that was looked at */
	gsize refused;	  /* bytes: Lua gives back what it can, and asks for them once more */
	gboolean told;	  /* the limit that was hit: by an error */
	gboolean running; /* a call is under the limits */
	guint depth;	  /* of functions of ours that have begun and not returned */
	Take *spare;	  /* for the outermost of these: see take.c */
	gboolean lent;	  /* it has it */
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
