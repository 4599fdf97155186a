/* bind_takeover - the steps and options that a script has registered, as C sees them. */
#pragma once
#include <glib.h>
#include <lua.h>

typedef struct {
	const char *name, *summary; /* live as long as the program */
	gboolean joined;	    /* its rows are committed with the next step's */
	gboolean always;	    /* it runs at every end */
	gboolean batched;	    /* its nodes go in batches */
	gboolean empty;		    /* it is only there for hooks */
	gboolean selects;	    /* it is for some of the nodes */
} TakeoverStep;

#define TAKEOVER_OPTIONS 26 /* the most that a procedure has of its own */

typedef struct {
	const char *name; /* without dashes; the texts live as long as the program */
	char letter;	  /* '\0': none */
	const char *help;
	const char *text; /* what stands for its value in --help; NULL: it has none */
} TakeoverOption;

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
/* Option `number`, from 0; FALSE: there are no more. */
gboolean takeover_option(lua_State *L, guint number, TakeoverOption *option);
/* Adds the function that says options to the module on top of the stack. */
void bind_options(lua_State *L);
/* Pushes the list of nodes that a step which selects is for; or nil: it is for none. */
void takeover_push_selected(lua_State *L, guint number);
/* Adds the functions that say and bend steps to the module on top of the stack. */
void bind_steps(lua_State *L);
