/*
 * hook_table - what a hook is, and how it is taken from the table that its file returns.
 * Private to hooks.
 */
#pragma once
#include "lua/procedure/hooks.h"
#include "lua/runtime/runtime.h"
#include "lua/runtime/take.h"

/* In the registry of the hook's state: a table of the functions that its file returned, by
 * their names ("when", "before.check").  No script can reach it. */
#define HOOK_FUNCTIONS "snmove.hook"

struct hook {
	char *path;
	char *text; /* of the file: to tell the line of a name */
	char *name, *summary;
	gboolean critical;
	/* It comes with the program: a site that bends its steps has not asked for it, so it is
	 * left out if it stands at a step that is not there, and that is no error. */
	gboolean shipped;
	gboolean lacks_step;   /* it stands at a step that the procedure has not */
	GHashTable *functions; /* the names of those that it has */
	RuntimeLimits limits;
	GHashTable *settings; /* name -> GVariant: those that it has */
	Take *take;	      /* while its table is taken */
	lua_State *L;
};

/* "before.check"; "when".  Gives the name. */
char *hook_function_name(const char *field, const char *step);

/* Run the text of the hook, and take the table that it returns. */
G_GNUC_WARN_UNUSED_RESULT
gboolean hook_load_table(Hook *hook, const char *const *steps, GError **error);
