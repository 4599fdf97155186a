/*
 * hooks - the site's own steps around the procedure's: found, loaded, checked, called.
 *
 * A hook is a file NAME.lua that returns one table; snmove-hooks(5) has the contract.  Hooks
 * are found like drop-ins: the site's folder wins over the shipped one by file name, a link to
 * /dev/null masks, the order is by file name.  Each has a Lua state of its own, and limits.
 * Everything that is wrong with one is found when it is loaded, before anything is changed.
 */
#pragma once
#include "lua/runtime/binding.h"

#define HOOKS_DIRECTORY "/etc/snmove/hooks"

typedef struct hook Hook;

#define HOOKS_ERROR hooks_error_quark()
GQuark hooks_error_quark(void);
typedef enum {
	HOOKS_ERROR_DIRECTORY, /* asked for, and not there or not safe */
	HOOKS_ERROR_LOAD,      /* the file is no hook; the message has file and line */
	HOOKS_ERROR_CALL,      /* a function of the hook failed */
	HOOKS_ERROR_REFUSED,   /* it has refused the takeover (move:refuse) */
} HooksError;

typedef enum { HOOK_BEFORE, HOOK_AFTER } HookPlace;

/* What is loaded.  Borrowed. */
typedef struct {
	const char *shipped;	    /* a folder, or NULL: none */
	const char *site;	    /* a folder; NULL: HOOKS_DIRECTORY if it is there */
	const char *const *steps;   /* names of the procedure's steps, NULL-terminated */
	const char *const *without; /* names of hooks that are left out; or NULL */
	const char *const *set;	    /* "HOOK.KEY=VALUE" each; or NULL */
	GHashTable *configured;	    /* "HOOK.KEY" -> GVariant; or NULL.  --set wins. */
	GPtrArray *left_out;	    /* gets a line for each hook that is not loaded: why */
	GHashTable *left_names;	    /* gets the name of each of these */
} HooksSetup;

/* Gives an array of Hook (g_ptr_array_unref) in their order, or NULL and an error. */
G_GNUC_WARN_UNUSED_RESULT
GPtrArray *hooks_load(BindingContext *context, const HooksSetup *setup, GError **error);

const char *hook_name(const Hook *hook);
const char *hook_summary(const Hook *hook);
const char *hook_path(const Hook *hook);
gboolean hook_is_critical(const Hook *hook);
/* "before nodes, after nodes, verify".  Gives the text. */
char *hook_places(const Hook *hook, const char *const *steps);
/* "port=8649, host=sn1", as they are in force; or nothing.  Gives the text. */
char *hook_settings(const Hook *hook);
/* "60 s, 64 MiB".  Gives the text. */
char *hook_limits(const Hook *hook);

/* Does it have a function for this step? */
gboolean hook_has(const Hook *hook, HookPlace place, const char *step);
/* Call it with `move`.  An error names hook, place, step, file and line. */
G_GNUC_WARN_UNUSED_RESULT
gboolean hook_call(Hook *hook, HookPlace place, const char *step, GError **error);

/* hook.when: TRUE if it wants to take part (and if it has none). */
G_GNUC_WARN_UNUSED_RESULT
gboolean hook_when(Hook *hook, gboolean *wanted, GError **error);
/* hook.check and hook.verify: *reason stays NULL if all is well (and if it has none). */
G_GNUC_WARN_UNUSED_RESULT
gboolean hook_check(Hook *hook, char **reason, GError **error);
G_GNUC_WARN_UNUSED_RESULT
gboolean hook_verify(Hook *hook, char **reason, GError **error);
