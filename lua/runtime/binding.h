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
	const Service *const *services; /* NULL-terminated; or NULL */
	RemoteLimits limits;		/* of the command line and the configuration */
	gboolean
		visiting; /* hosts stay logged in while a script thinks: nobody else is asked */
	const char *kept; /* where hosts keep what is replaced */
	/* Who warns that the keys of these hosts are in no known_hosts file. */
	void (*on_unknown_keys)(const GPtrArray *hosts);
	const char *prefix, *suffix; /* XCAT_NODE_PREFIX, XCAT_NODE_SUFFIX */
} BindingContext;

/* The context that a state was made with (runtime_new). */
BindingContext *binding_context(lua_State *L);
/* Bytes that its rooms keep of what scripts gave them, beside Lua's own memory. */
gsize binding_kept(const BindingContext *context);

/*
 * Pushes a C function that scripts can call, with so many upvalues, which are on top of the
 * stack (for it they are 2, 3 and so on).  It is entered by binding_check.  Keeps `function`.
 */
void binding_push(lua_State *L, const luaL_Reg *function, int upvalues);
/* Pushes a table of these functions, each by its name; adds them to the one on top.  Keep
 * `functions`. */
void binding_functions(lua_State *L, const luaL_Reg *functions);
void binding_add_functions(lua_State *L, const luaL_Reg *functions);
/*
 * Raises if no call of the state is under its limits (runtime_call): it is being closed; and if
 * one of these is used up: whatever calls a primitive then, it does nothing.
 */
void binding_check(lua_State *L);
/* A function that scripts can call begins, and has returned.  When it raises, who catches that
 * (binding_depth before) sets the depth back. */
void binding_enter(lua_State *L);
void binding_leave(lua_State *L);
guint binding_depth(lua_State *L);
void binding_set_depth(lua_State *L, guint depth);
/* Raises the limit of memory if there is no room for so many bytes more. */
void binding_afford(lua_State *L, gsize bytes);
/* So many bytes are shown: raises if that is more than the state may show. */
void binding_output(lua_State *L, gsize bytes);

/* The open cluster, or a Lua error that says there is none. */
Cluster *binding_cluster(lua_State *L);

/*
 * A place on the Lua stack for something from C that `destroy` gives back on every way out.
 * The box comes first, while there is nothing to lose; then: *box = what was made.  It stays
 * where it is until the function returns: in Lua 5.4.4 lua_settop, when it closes one, goes on
 * with a stack that may have moved meanwhile.
 */
void **binding_box(lua_State *L, GDestroyNotify destroy);

/* nil, message: a question that is answered "no".  Takes `error`. */
int binding_refuse(lua_State *L, GError *error);
/* Raises the message, with file and line of the script.  Takes `error`. */
int binding_raise(lua_State *L, GError *error);

/* A Lua list of texts, NULL-terminated or counted; the second skips nothing. */
void binding_push_strings(lua_State *L, const GPtrArray *strings);
void binding_push_vector(lua_State *L, const char *const *strings);

/* The text in a field of the table on top, as long as the program lives; NULL: none is there.
 */
const char *binding_keep_field(lua_State *L, const char *name);

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

/* In the registry: a table of the modules that require gives by their names. */
#define BIND_MODULES "snmove.modules"
/* In the registry of a hook's state: what move.settings is. */
#define BIND_SETTINGS "snmove.settings"

/* Pushes the object that steps and hooks get: of the context's takeover. */
void bind_move(lua_State *L);

/* The modules: each leaves its table on the stack. */
int bind_cluster(lua_State *L);
int bind_log(lua_State *L);
int bind_remote(lua_State *L);
int bind_services(lua_State *L);
int bind_takeover(lua_State *L);
