/*
 * runtime - a Lua state with what a procedure or a hook may use, and its limits.
 *
 * An allow-list: the language, string, table, math, utf8, os.time/date/clock, reading regular
 * files, `require` of our modules and of trusted .lua files.  Text chunks only.  What is not
 * there answers with the name of the primitive to use instead.
 */
#pragma once
#include "lua/runtime/binding.h"

/* 0: no limit. */
typedef struct {
	double time;	      /* seconds for one call */
	guint64 instructions; /* of the Lua machine, for one call */
	gsize memory;	      /* bytes of the whole state, and of what C keeps for it */
	gsize output;	      /* bytes that print and log may write in one call */
} RuntimeLimits;

/* One place for the defaults; the manual has them too. */
#define RUNTIME_HOOK_LIMITS	 ((RuntimeLimits){ 60, 0, (gsize)256 << 20, (gsize)1 << 20 })
#define RUNTIME_PROCEDURE_LIMITS ((RuntimeLimits){ 0, 0, (gsize)4 << 30, (gsize)64 << 20 })

/*
 * A state for `name` (in messages), whose `require` also looks into `directories` (a
 * NULL-terminated vector, may be NULL).  Gives a state (runtime_close) that keeps using
 * `context`; NULL: no memory.
 */
lua_State *runtime_new(BindingContext *context, const char *name,
		       const char *const *directories, RuntimeLimits limits);
void runtime_close(lua_State *L);
/* Other limits from now on. */
void runtime_limit(lua_State *L, RuntimeLimits limits);

/* The path of a file in one of the state's folders, or in a folder of these; NULL: it is in
 * none. Gives the path. */
char *runtime_file(lua_State *L, const char *path);

/*
 * Load a chunk of text and leave the function on the stack: of a file (`trusted`: see
 * source_read), or of a text with a name for messages.
 */
G_GNUC_WARN_UNUSED_RESULT
gboolean runtime_load_file(lua_State *L, const char *path, gboolean trusted, GError **error);
G_GNUC_WARN_UNUSED_RESULT
gboolean runtime_load_text(lua_State *L, const char *text, const char *name, GError **error);

/*
 * binding_call under the limits of the state, which count anew.  A limit that is hit is raised
 * again at every check until the call returns; where Lua itself cannot be stopped (a runaway
 * pattern), a watchdog ends the program some seconds later, by name.
 */
G_GNUC_WARN_UNUSED_RESULT
gboolean runtime_call(lua_State *L, int arguments, int results, GError **error);

/* What the outermost function of ours may take into (take.h); NULL: it is in use. */
struct take *runtime_lend(lua_State *L);

/* While hosts are waited for, the time of the script stands still. */
void runtime_pause(lua_State *L);
void runtime_go_on(lua_State *L);

/* What the watchdog does before it ends the program: save what must be saved, and return the
 * exit status.  Called from its thread while the main one is stuck in Lua. */
void runtime_on_stuck(int (*save)(const char *name, gpointer data), gpointer data);

/* The folder with scripts/, lua/ and site-hooks/: share/snmove beside the program's bin/, or
 * the source tree that the program was built in.  NULL: neither is there. */
const char *runtime_data_directory(void);
