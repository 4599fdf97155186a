/* bind_takeover - the steps that a script has registered, as C sees them. */
#pragma once
#include <glib.h>
#include <lua.h>

typedef struct {
	const char *name, *summary; /* live as long as the program */
	gboolean joined;	    /* its rows are committed with the next step's */
	gboolean always;	    /* it runs at every end */
	gboolean batched;	    /* its nodes go in batches */
	gboolean empty;		    /* it is only there for hooks */
} TakeoverStep;

/* All of these may raise: only in protected calls. */
guint takeover_steps(lua_State *L);
/* Step `number`, from 0. */
void takeover_describe(lua_State *L, guint number, TakeoverStep *step);
/* The name of a step that was taken out, from 0; NULL: there are no more.  It lives as long as
 * the program. */
const char *takeover_removed(lua_State *L, guint number);
/* Has it said that no hooks go with it? */
gboolean takeover_is_alone(lua_State *L);
/* Pushes the function of a step. */
void takeover_push(lua_State *L, guint number);
/* Adds the functions that say and bend steps to the module on top of the stack. */
void bind_steps(lua_State *L);
