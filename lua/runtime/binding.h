/*
 * binding - the boundary of C and Lua: boxes, errors, calls.
 *
 * Lua raises by longjmp, and g_autoptr does not see that.  In this folder nothing from C is
 * held only by a local while Lua may raise: arguments are checked first, then comes the box,
 * then what goes into it, then the results.  One way into Lua from C: binding_call.
 */
#pragma once
#include <glib.h>
#include <lauxlib.h>
#include <lua.h>
#include "core/cluster.h"
#include "core/hosts.h"
#include "core/move.h"
#include "core/remote.h"
#include "core/run.h"
#include "core/takeover.h"

/* What the primitives of one program work on.  Rooms that are not open are NULL. */
typedef struct {
	Cluster *cluster;
	Hosts *hosts;
	Run *run;
	Takeover *takeover;
	Remote *remote;
	RemoteLimits limits; /* of the command line and the configuration */
	const char *kept;    /* where hosts keep what is replaced */
	/* Who warns that the keys of these hosts are in no known_hosts file. */
	void (*on_unknown_keys)(const GPtrArray *hosts);
	const char *prefix, *suffix; /* XCAT_NODE_PREFIX, XCAT_NODE_SUFFIX */
} BindingContext;

/* The context that a state was made with (runtime_new). */
BindingContext *binding_context(lua_State *L);
/* The open cluster, or a Lua error that says there is none. */
Cluster *binding_cluster(lua_State *L);

/*
 * A place on the Lua stack for something from C that `destroy` gives back on every way out.
 * The box comes first, while there is nothing to lose; then: *box = what was made.
 */
void **binding_box(lua_State *L, GDestroyNotify destroy);

/* nil, message: a question that is answered "no".  Takes `error`. */
int binding_refuse(lua_State *L, GError *error);
/* Raises the message, with file and line of the script.  Takes `error`. */
int binding_raise(lua_State *L, GError *error);

/* A Lua list of texts, NULL-terminated or counted; the second skips nothing. */
void binding_push_strings(lua_State *L, const GPtrArray *strings);
void binding_push_vector(lua_State *L, const char *const *strings);

/*
 * The list of texts at `index` as C has it: valid while the list itself is on the stack.
 * Raises, naming the argument, if it is none.  The array lies in a box that it pushes.
 */
const char *const *binding_strings(lua_State *L, int index, guint *n);

/* Cuts "table.column" in two; raises if it is not of that form.  Valid until the function that
 * asks returns. */
const char *binding_column(lua_State *L, const char *text, const char **column);

/*
 * Call the function below its `arguments` on the stack, with a traceback in the message when
 * it fails.  FALSE: the error is in `error` (and nothing left on the stack).
 */
#define BINDING_ERROR binding_error_quark()
GQuark binding_error_quark(void);
typedef enum {
	BINDING_ERROR_SCRIPT,
	BINDING_ERROR_MEMORY,
	BINDING_ERROR_REFUSAL, /* by the script (move:refuse): no mistake, and no traceback */
} BindingError;
G_GNUC_WARN_UNUSED_RESULT
gboolean binding_call(lua_State *L, int arguments, int results, GError **error);

/* Raises `message`, which lies on top of the stack, as a refusal. */
int binding_raise_refusal(lua_State *L);

/* Pushes the object that steps and hooks get: of the context's takeover. */
void bind_move(lua_State *L);

/* The modules: each leaves its table on the stack. */
int bind_cluster(lua_State *L);
int bind_log(lua_State *L);
int bind_remote(lua_State *L);
int bind_takeover(lua_State *L);
