/* States, their limits, and how they are called. */
#include "lua/runtime/runtime.h"
#include "core/base.h"
#include "lua/runtime/allowed.h"
#include "lua/terminal/interrupt.h"
#include "lua/terminal/talk.h"
#include "lua/runtime/trust.h"
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
	if (runtime->limits.memory && new_size > old_size &&
	    runtime->memory + (new_size - old_size) > runtime->limits.memory) {
		runtime->hit = "memory";
		return NULL;
	}
	result = realloc(block, new_size);
	if (result)
		runtime->memory = runtime->memory - old_size + new_size;
	return result;
}

/* Not an error of the script that the script could hide: see runtime_call. */
static int panic(lua_State *L)
{
	talk_error("%s: %s", runtime_of(L)->name, lua_tostring(L, -1));
	return 0;
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
	L = lua_newstate(allocate, runtime);
	if (!L) {
		g_strfreev(runtime->directories);
		g_free(runtime->name);
		g_free(runtime);
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
	g_strfreev(runtime->directories);
	g_free(runtime->name);
	g_free(runtime);
}

void runtime_limit(lua_State *L, RuntimeLimits limits)
{
	runtime_of(L)->limits = limits;
}

static gboolean load_failed(lua_State *L, GError **error)
{
	g_set_error(error, BINDING_ERROR, BINDING_ERROR_SCRIPT, "%s", lua_tostring(L, -1));
	lua_pop(L, 1);
	return FALSE;
}

gboolean runtime_load_text(lua_State *L, const char *text, const char *name, GError **error)
{
	g_autofree char *chunk = g_strconcat("=", name, NULL);

	return luaL_loadbufferx(L, text, strlen(text), chunk, "t") == LUA_OK ||
	       load_failed(L, error);
}

gboolean runtime_load_file(lua_State *L, const char *path, gboolean trusted, GError **error)
{
	if (trusted && !trust_path(path, error))
		return FALSE;
	return luaL_loadfilex(L, path, "t") == LUA_OK || load_failed(L, error);
}

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
	/* From now on at every instruction: no pcall of the script outlives it. */
	lua_sethook(L, check_limits, LUA_MASKCOUNT, 1);
	luaL_error(L, "%s: the limit of %s is used up", runtime->name, runtime->hit);
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

static void set_watchdog(const Runtime *runtime)
{
	g_mutex_lock(&watchdog.mutex);
	g_clear_pointer(&watchdog.name, g_free);
	if (runtime && runtime->deadline) {
		watchdog.name = g_strdup(runtime->name);
		watchdog.deadline = runtime->deadline + (gint64)(GRACE * G_USEC_PER_SEC);
		if (!watchdog.thread)
			watchdog.thread = g_thread_new("watchdog", watch, NULL);
	}
	g_cond_signal(&watchdog.wake);
	g_mutex_unlock(&watchdog.mutex);
}

void runtime_on_stuck(int (*save)(const char *, gpointer), gpointer data)
{
	g_mutex_lock(&watchdog.mutex);
	watchdog.save = save;
	watchdog.data = data;
	g_mutex_unlock(&watchdog.mutex);
}

gboolean runtime_call(lua_State *L, int arguments, int results, GError **error)
{
	Runtime *runtime = runtime_of(L);
	gboolean done;

	runtime->hit = NULL;
	runtime->last = interrupt_asked() != 0; /* the last steps run all the same */
	runtime->instructions = 0;
	runtime->output = 0;
	runtime->deadline = runtime->limits.time > 0
				    ? g_get_monotonic_time() +
					      (gint64)(runtime->limits.time * G_USEC_PER_SEC)
				    : 0;
	lua_sethook(L, check_limits, LUA_MASKCOUNT, CHECK_EVERY);
	if (runtime->deadline)
		set_watchdog(runtime);
	done = binding_call(L, arguments, results, error);
	if (runtime->deadline)
		set_watchdog(NULL);
	lua_sethook(L, NULL, 0, 0);
	/* A script that caught the error and went on to its end has failed all the same. */
	if (done && runtime->hit) {
		lua_pop(L, results);
		g_set_error(error, BINDING_ERROR, BINDING_ERROR_SCRIPT,
			    "%s: the limit of %s is used up", runtime->name, runtime->hit);
		done = FALSE;
	}
	return done;
}

void runtime_pause(lua_State *L)
{
	runtime_of(L)->paused = g_get_monotonic_time();
	set_watchdog(NULL);
}

void runtime_go_on(lua_State *L)
{
	Runtime *runtime = runtime_of(L);

	if (!runtime->deadline)
		return;
	runtime->deadline += g_get_monotonic_time() - runtime->paused;
	set_watchdog(runtime);
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
