/* States, their limits, and how they are called. */
#include "lua/runtime/runtime.h"
#include "core/base.h"
#include "lua/runtime/allowed.h"
#include "lua/runtime/bounds.h"
#include "lua/terminal/interrupt.h"
#include "lua/terminal/talk.h"
#include "lua/runtime/source.h"
#include <lualib.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHECK_EVERY 10000 /* instructions between two looks at the limits */
#define GRACE	    5.0	  /* seconds that Lua has to stop by itself before the watchdog acts */

static struct {
	GMutex mutex;
	GCond wake;
	GThread *thread;
	char *name;	 /* who is running; NULL: nobody with a limit of time */
	gint64 deadline; /* microseconds, of the grace */
	int (*save)(const char *, gpointer);
	gpointer data;
} watchdog;

Runtime *runtime_of(lua_State *L)
{
	return *(Runtime **)lua_getextraspace(L);
}

BindingContext *binding_context(lua_State *L)
{
	return runtime_of(L)->context;
}

static gboolean has_room(const Runtime *runtime, gsize more)
{
	gsize used = runtime->memory + runtime->kept;

	return !runtime->limits.memory ||
	       (used <= runtime->limits.memory && more <= runtime->limits.memory - used);
}

static void hit_memory(Runtime *runtime)
{
	if (!runtime->hit)
		runtime->hit = "memory";
}

/*
 * Lua gives back what it can, and asks for the same once more: then it is the limit.  So it is
 * if something else is asked for next: there are requests (of texts that grow) that Lua does
 * not repeat.
 */
static void *refuse_memory(Runtime *runtime, gsize size)
{
	if (runtime->refused)
		hit_memory(runtime);
	runtime->refused = size;
	return NULL;
}

static void *allocate(void *data, void *block, size_t old_size, size_t new_size)
{
	Runtime *runtime = data;
	void *result;

	if (!block)
		old_size = 0;
	if (new_size == 0) {
		free(block);
		runtime->memory -= old_size;
		return NULL;
	}
	if (new_size > old_size && !has_room(runtime, new_size - old_size))
		return refuse_memory(runtime, new_size);
	result = realloc(block, new_size);
	if (!result)
		return NULL;
	runtime->memory = runtime->memory - old_size + new_size;
	if (new_size <= old_size || !runtime->refused)
		return result;
	if (runtime->refused != new_size)
		hit_memory(runtime);
	runtime->refused = 0;
	return result;
}

/* Not an error of the script that the script could hide: see runtime_call. */
static int panic(lua_State *L)
{
	talk_error("%s: %s", runtime_of(L)->name, lua_tostring(L, -1));
	return 0;
}

static void runtime_free(Runtime *runtime)
{
	g_strfreev(runtime->directories);
	g_free(runtime->spare);
	g_free(runtime->name);
	g_free(runtime);
}

lua_State *runtime_new(BindingContext *context, const char *name,
		       const char *const *directories, RuntimeLimits limits)
{
	Runtime *runtime = g_new0(Runtime, 1);
	g_autoptr(GError) problem = NULL;
	lua_State *L;

	runtime->context = context;
	runtime->name = g_strdup(name);
	runtime->directories = g_strdupv((char **)directories);
	runtime->spare = take_spare_new();
	L = lua_newstate(allocate, runtime);
	if (!L) {
		runtime_free(runtime);
		return NULL;
	}
	*(Runtime **)lua_getextraspace(L) = runtime;
	lua_atpanic(L, panic);
	lua_pushcfunction(L, allowed_open);
	if (!binding_call(L, 0, 0, &problem))
		g_error("the Lua libraries cannot be opened: %s", problem->message);
	runtime->limits = limits;
	return L;
}

void runtime_close(lua_State *L)
{
	Runtime *runtime;

	if (!L)
		return;
	runtime = runtime_of(L);
	lua_close(L);
	runtime_free(runtime);
}

void runtime_limit(lua_State *L, RuntimeLimits limits)
{
	runtime_of(L)->limits = limits;
}

static gpointer watch(gpointer data)
{
	(void)data;
	g_mutex_lock(&watchdog.mutex);
	for (;;) {
		if (!watchdog.name) {
			g_cond_wait(&watchdog.wake, &watchdog.mutex);
		} else if (!g_cond_wait_until(&watchdog.wake, &watchdog.mutex,
					      watchdog.deadline) &&
			   watchdog.name) {
			int status = 1;

			talk_error("%s is stuck in Lua beyond its limit of time and cannot be "
				   "stopped: the program ends",
				   watchdog.name);
			if (watchdog.save)
				status = watchdog.save(watchdog.name, watchdog.data);
			_exit(status);
		}
	}
	return NULL;
}

/* From now on `name` is to have ended at `deadline`; NULL: nobody is. */
static void set_watchdog(const char *name, gint64 deadline)
{
	g_mutex_lock(&watchdog.mutex);
	g_clear_pointer(&watchdog.name, g_free);
	if (name) {
		watchdog.name = g_strdup(name);
		watchdog.deadline = deadline + (gint64)(GRACE * G_USEC_PER_SEC);
		if (!watchdog.thread)
			watchdog.thread = g_thread_new("watchdog", watch, NULL);
	}
	g_cond_signal(&watchdog.wake);
	g_mutex_unlock(&watchdog.mutex);
}

/* When the call is to have ended; 0: it may take as long as it wants. */
static gint64 deadline_of(const RuntimeLimits *limits)
{
	if (!(limits->time > 0))
		return 0;
	return g_get_monotonic_time() +
	       (gint64)(MIN(limits->time, BOUND_TIME) * G_USEC_PER_SEC);
}

static gboolean load_failed(lua_State *L, GError **error)
{
	g_set_error(error, BINDING_ERROR, BINDING_ERROR_SCRIPT, "%s", lua_tostring(L, -1));
	lua_pop(L, 1);
	return FALSE;
}

static gboolean load_text(lua_State *L, const char *text, const char *name, GError **error)
{
	const Runtime *runtime = runtime_of(L);
	gboolean alone = !runtime->running && runtime->limits.time > 0;
	int status;

	/* Lua's compiler cannot be stopped by itself either. */
	if (alone)
		set_watchdog(runtime->name, deadline_of(&runtime->limits));
	status = luaL_loadbufferx(L, text, strlen(text), name, "t");
	if (alone)
		set_watchdog(NULL, 0);
	return status == LUA_OK || load_failed(L, error);
}

gboolean runtime_load_text(lua_State *L, const char *text, const char *name, GError **error)
{
	g_autofree char *chunk = g_strconcat("=", name, NULL);

	return load_text(L, text, chunk, error);
}

/* A first line that begins with # is for the shell; its line end stays, so that lines count. */
static const char *behind_shebang(const char *text)
{
	return *text == '#' ? text + strcspn(text, "\n") : text;
}

gboolean runtime_load_file(lua_State *L, const char *path, gboolean trusted, GError **error)
{
	g_autofree char *text = source_read(path, trusted, error);
	g_autofree char *chunk = g_strconcat("@", path, NULL);

	return text && load_text(L, behind_shebang(text), chunk, error);
}

static void raise_limit(lua_State *L);

static void check_limits(lua_State *L, lua_Debug *where)
{
	Runtime *runtime = runtime_of(L);
	const RuntimeLimits *limits = &runtime->limits;

	(void)where;
	runtime->instructions += CHECK_EVERY;
	if (!runtime->hit && limits->instructions &&
	    runtime->instructions > limits->instructions)
		runtime->hit = "instructions";
	if (!runtime->hit && runtime->deadline && g_get_monotonic_time() > runtime->deadline)
		runtime->hit = "time";
	/* Nothing begins while Lua computes: what a step asks for waits for its end. */
	if (!runtime->hit && interrupt_asked() && !runtime->last)
		runtime->hit = "patience";
	if (!runtime->hit)
		return;
	raise_limit(L);
}

static void raise_limit(lua_State *L)
{
	Runtime *runtime = runtime_of(L);

	runtime->told = TRUE;
	/* From now on at every instruction: no pcall of the script outlives it. */
	lua_sethook(L, check_limits, LUA_MASKCOUNT, 1);
	luaL_error(L, "%s: the limit of %s is used up", runtime->name, runtime->hit);
}

/* What the rooms keep more than before is what this state made them keep: no other runs. */
static void look_at_kept(Runtime *runtime)
{
	gsize now = binding_kept(runtime->context);

	if (now > runtime->looked)
		runtime->kept += now - runtime->looked;
	else
		runtime->kept -= MIN(runtime->kept, runtime->looked - now);
	runtime->looked = now;
	if (!has_room(runtime, 0))
		hit_memory(runtime);
}

void binding_check(lua_State *L)
{
	Runtime *runtime = runtime_of(L);

	if (!runtime->running)
		luaL_error(L, "%s: the run is over: nothing can be done any more",
			   runtime->name);
	look_at_kept(runtime);
	/* Functions of C that call this one are no instructions, and are looked at nowhere
	 * else. */
	if (!runtime->hit && runtime->deadline && g_get_monotonic_time() > runtime->deadline)
		runtime->hit = "time";
	if (runtime->hit)
		raise_limit(L);
}

void binding_enter(lua_State *L)
{
	Runtime *runtime = runtime_of(L);

	binding_check(L);
	if (runtime->depth++ == 0)
		runtime->lent = FALSE;
}

void binding_leave(lua_State *L)
{
	runtime_of(L)->depth--;
}

guint binding_depth(lua_State *L)
{
	return runtime_of(L)->depth;
}

void binding_set_depth(lua_State *L, guint depth)
{
	runtime_of(L)->depth = depth;
}

/* The memory that all outermost calls use, one after the other; NULL: it is in use. */
Take *runtime_lend(lua_State *L)
{
	Runtime *runtime = runtime_of(L);

	if (runtime->depth != 1 || runtime->lent)
		return NULL;
	runtime->lent = TRUE;
	return runtime->spare;
}

void binding_afford(lua_State *L, gsize bytes)
{
	Runtime *runtime = runtime_of(L);

	if (has_room(runtime, bytes))
		return;
	lua_gc(L, LUA_GCCOLLECT);
	if (has_room(runtime, bytes))
		return;
	hit_memory(runtime);
	raise_limit(L);
}

void binding_output(lua_State *L, gsize bytes)
{
	Runtime *runtime = runtime_of(L);

	runtime->output += MIN(bytes, G_MAXSIZE - runtime->output);
	if (!runtime->limits.output || runtime->output <= runtime->limits.output)
		return;
	runtime->hit = "output";
	raise_limit(L);
}

void runtime_on_stuck(int (*save)(const char *, gpointer), gpointer data)
{
	g_mutex_lock(&watchdog.mutex);
	watchdog.save = save;
	watchdog.data = data;
	g_mutex_unlock(&watchdog.mutex);
}

/* A script that caught the error of a limit and went on to its end has failed all the same.
 * Takes `problem`. */
static gboolean end_call(const Runtime *runtime, gboolean done, GError *problem, GError **error)
{
	if (done && !runtime->hit)
		return TRUE;
	if (done)
		problem = g_error_new(BINDING_ERROR, BINDING_ERROR_SCRIPT,
				      "%s: the limit of %s is used up", runtime->name,
				      runtime->hit);
	/* There may have been no memory left for its words. */
	else if (runtime->hit && (!runtime->told || g_error_matches(problem, BINDING_ERROR,
								    BINDING_ERROR_MEMORY)))
		g_prefix_error(&problem, "%s: the limit of %s is used up: ", runtime->name,
			       runtime->hit);
	g_propagate_error(error, problem);
	return FALSE;
}

gboolean runtime_call(lua_State *L, int arguments, int results, GError **error)
{
	Runtime *runtime = runtime_of(L);
	g_autoptr(GError) problem = NULL;
	gboolean done;

	runtime->hit = NULL;
	runtime->last = interrupt_asked() != 0; /* the last steps run all the same */
	runtime->instructions = 0;
	runtime->output = 0;
	runtime->refused = 0;
	runtime->told = FALSE;
	runtime->deadline = deadline_of(&runtime->limits);
	runtime->looked = binding_kept(runtime->context);
	runtime->running = TRUE;
	runtime->depth = 0;
	lua_sethook(L, check_limits, LUA_MASKCOUNT, CHECK_EVERY);
	if (runtime->deadline)
		set_watchdog(runtime->name, runtime->deadline);
	done = binding_call(L, arguments, results, &problem);
	if (runtime->deadline)
		set_watchdog(NULL, 0);
	lua_sethook(L, NULL, 0, 0);
	talk_clear(); /* how far the script was */
	look_at_kept(runtime);
	runtime->running = FALSE;
	if (runtime->refused)
		hit_memory(runtime);
	if (done && runtime->hit)
		lua_pop(L, results);
	return end_call(runtime, done, g_steal_pointer(&problem), error);
}

void runtime_pause(lua_State *L)
{
	runtime_of(L)->paused = g_get_monotonic_time();
	set_watchdog(NULL, 0);
}

void runtime_go_on(lua_State *L)
{
	Runtime *runtime = runtime_of(L);

	if (!runtime->deadline)
		return;
	runtime->deadline += g_get_monotonic_time() - runtime->paused;
	set_watchdog(runtime->name, runtime->deadline);
}

static char *find_data_directory(void)
{
	g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *folder = program ? g_path_get_dirname(program) : NULL;
	static const char *const places[] = { "../share/snmove", "..", "../.." };

	for (gsize i = 0; folder && i < G_N_ELEMENTS(places); i++) {
		g_autofree char *place = g_build_filename(folder, places[i], NULL);
		g_autofree char *script = g_build_filename(place, "scripts", "linux.lua", NULL);

		if (g_file_test(script, G_FILE_TEST_IS_REGULAR)) {
			char *real = realpath(place, NULL);
			char *kept = g_strdup(real);

			free(real);
			return kept;
		}
	}
	return NULL;
}

const char *runtime_data_directory(void)
{
	static char *directory;

	if (!directory)
		directory = find_data_directory();
	return directory;
}
