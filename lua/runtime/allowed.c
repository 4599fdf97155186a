#include "lua/runtime/allowed.h"
#include "core/base.h"
#include "lua/runtime/take.h"
#include "lua/terminal/talk.h"
#include <lualib.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* What is not there, and what to use instead. */
static const char *const instead[][2] = {
	{ "os.execute", "remote.run (a change) or remote.query (a look)" },
	{ "os.remove", "remote.put with {absent=true}" },
	{ "os.rename", "remote.put" },
	{ "os.tmpname", "move.notes, or a variable" },
	{ "os.getenv", "the configuration file, or cluster.site" },
	{ "os.setlocale", "nothing: the locale is fixed" },
	{ "os.exit", "error(), or return" },
	{ "io.popen", "remote.query (a look) or remote.run (a change)" },
	{ "io.write", "print, or log.info" },
	{ "io.read", "move.options, or the configuration file" },
	{ "io.output", "remote.put" },
	{ "io.tmpfile", "move.notes, or a variable" },
	{ "load", "require" },
	{ "loadfile", "require" },
	{ "dofile", "require" },
	{ "loadstring", "require" },
	{ "package", "require" },
	{ "debug", "log.info" },
	{ "coroutine", "a plain function: hooks run one after the other" },
	{ "string.dump", "nothing: only text is run" },
	{ "cluster", "local cluster = require \"cluster\"" },
	{ "remote", "local remote = require \"remote\"" },
	{ "services", "local services = require \"services\"" },
	{ "takeover", "local takeover = require \"takeover\"" },
	{ "collectgarbage", "nothing: memory is looked after" },
};

static const char *const kept_globals[] = {
	"_G",	    "_VERSION", "assert", "error",	  "getmetatable", "ipairs",
	"math",	    "next",	"pairs",  "pcall",	  "rawequal",	  "rawget",
	"rawlen",   "rawset",	"select", "setmetatable", "string",	  "table",
	"tonumber", "tostring", "type",	  "utf8",	  "xpcall",	  NULL,
};

/* __index of a table that lacks something: an error that names what to use. */
static int l_missing(lua_State *L)
{
	const char *prefix = lua_tostring(L, lua_upvalueindex(1));
	const char *name;

	if (lua_type(L, 2) != LUA_TSTRING)
		return 0;
	name = lua_pushfstring(L, "%s%s", prefix, lua_tostring(L, 2));
	for (gsize i = 0; i < G_N_ELEMENTS(instead); i++)
		if (g_str_equal(instead[i][0], name))
			return luaL_error(L, "%s is not there: use %s", name, instead[i][1]);
	if (*prefix)
		return luaL_error(L, "%s is not there", name);
	return 0;
}

/* Give the table on top of the stack a metatable that answers for what is missing. */
static void answer_for_missing(lua_State *L, const char *prefix)
{
	lua_createtable(L, 0, 2);
	lua_pushstring(L, prefix);
	lua_pushcclosure(L, l_missing, 1);
	lua_setfield(L, -2, "__index");
	lua_pushboolean(L, FALSE);
	lua_setfield(L, -2, "__metatable");
	lua_setmetatable(L, -2);
}

static void write_masked(const char *text, size_t length)
{
	g_autofree char *masked = secret_mask(text, &length);

	fwrite(masked ? masked : text, 1, length, stdout);
}

/* The texts come first, for __tostring is Lua, and may do anything. */
static int l_print(lua_State *L)
{
	int n = lua_gettop(L);

	for (int i = 1; i <= n; i++) {
		luaL_tolstring(L, i, NULL);
		lua_replace(L, i);
	}
	talk_clear();
	for (int i = 1; i <= n; i++) {
		size_t length;
		const char *text = lua_tolstring(L, i, &length);

		binding_output(L, length + 1);
		if (i > 1)
			fputc('\t', stdout);
		write_masked(text, length);
	}
	fputc('\n', stdout);
	return 0;
}

/* Only regular files: anything else could block, or be a change. */
static void check_regular(lua_State *L)
{
	int n = lua_gettop(L);
	const char *path = take_text(take_new(L, n), 1, NULL);
	struct stat status;

	if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
		luaL_error(L, "'%s' is not a regular file", path);
	lua_settop(L, n);
}

/* io.open(path): to read. */
static int l_open(lua_State *L)
{
	static const char *const modes[] = { "r", "rb", NULL };
	gboolean reads = FALSE;

	check_regular(L);
	lua_settop(L, 2);
	if (lua_isstring(L, 2))
		reads = g_strv_contains(modes, take_text(take_new(L, 2), 2, NULL));
	if (!reads && !lua_isnil(L, 2))
		return luaL_error(L, "files are only read here: to write one on a host use "
				     "remote.put");
	lua_settop(L, 1);
	lua_pushvalue(L, lua_upvalueindex(2));
	lua_insert(L, 1);
	lua_call(L, 1, LUA_MULTRET);
	return lua_gettop(L);
}

/* io.lines(path, formats...) */
static int l_lines(lua_State *L)
{
	check_regular(L);
	lua_pushvalue(L, lua_upvalueindex(2));
	lua_insert(L, 1);
	lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
	return lua_gettop(L);
}

/* With the metatable of files a script could have its own code run when one is closed. */
static void guard_files(lua_State *L)
{
	luaL_getmetatable(L, LUA_FILEHANDLE);
	lua_pushboolean(L, FALSE);
	lua_setfield(L, -2, "__metatable");
	lua_pop(L, 1);
}

/*
 * setmetatable, but for __gc.  Lua stops no finalizer, and one would run when a state is
 * closed: after the run, or between any two allocations of C.  Lua looks for it here alone: a
 * metatable that gets one later has no effect.
 */
static int l_setmetatable(lua_State *L)
{
	if (lua_istable(L, 2) && take_field(L, 2, "__gc") != LUA_TNIL)
		return luaL_error(L, "__gc is not there: use a variable that is <close>, or "
				     "what the hook does after 'finished'");
	lua_settop(L, MIN(lua_gettop(L), 2));
	return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

/* The handler of xpcall.  Lua calls it from inside its look at the limits, where nothing looks
 * at them: once one is hit the script's own is not called any more. */
static int l_handle(lua_State *L)
{
	lua_settop(L, 1);
	if (runtime_of(L)->hit)
		return 1;
	lua_pushvalue(L, lua_upvalueindex(1));
	lua_insert(L, 1);
	lua_call(L, 1, 1);
	return 1;
}

/* pcall, and xpcall: functions of ours that an error has ended are not under way any more. */
static int l_pcall(lua_State *L)
{
	guint depth = binding_depth(L);
	int results = lua_tocfunction(L, lua_upvalueindex(1))(L);

	binding_set_depth(L, depth);
	return results;
}

/* xpcall(f, handler, ...) */
static int l_xpcall(lua_State *L)
{
	luaL_checktype(L, 2, LUA_TFUNCTION);
	lua_pushvalue(L, 2);
	lua_pushcclosure(L, l_handle, 1);
	lua_replace(L, 2);
	return l_pcall(L);
}

/* The global function `name` is `function`, which calls the one that was there. */
static void wrap_global(lua_State *L, const char *name, lua_CFunction function)
{
	lua_getglobal(L, name);
	lua_pushcclosure(L, function, 1);
	lua_setglobal(L, name);
}

static void open_io(lua_State *L)
{
	static const luaL_Reg readers[] = { { "open", l_open }, { "lines", l_lines } };

	luaL_requiref(L, "io", luaopen_io, FALSE);
	guard_files(L);
	lua_createtable(L, 0, 3);
	lua_getfield(L, -2, "open");
	binding_push(L, &readers[0], 1);
	lua_setfield(L, -2, "open");
	lua_getfield(L, -2, "lines");
	binding_push(L, &readers[1], 1);
	lua_setfield(L, -2, "lines");
	answer_for_missing(L, "io.");
	lua_setglobal(L, "io");
	lua_pop(L, 1);
}

static void open_os(lua_State *L)
{
	static const char *const kept[] = { "clock", "date", "difftime", "time" };

	luaL_requiref(L, "os", luaopen_os, FALSE);
	lua_createtable(L, 0, G_N_ELEMENTS(kept));
	for (gsize i = 0; i < G_N_ELEMENTS(kept); i++) {
		lua_getfield(L, -2, kept[i]);
		lua_setfield(L, -2, kept[i]);
	}
	answer_for_missing(L, "os.");
	lua_setglobal(L, "os");
	lua_pop(L, 1);
}

char *runtime_file(lua_State *L, const char *path)
{
	const Runtime *runtime = runtime_of(L);
	g_auto(GStrv) parts = g_strsplit(path, "/", -1);

	for (guint i = 0; parts[i]; i++)
		if (!*parts[i] || *parts[i] == '.')
			return NULL;
	for (guint i = 0; runtime->directories && runtime->directories[i]; i++) {
		g_autofree char *whole = g_build_filename(runtime->directories[i], path, NULL);

		if (g_file_test(whole, G_FILE_TEST_EXISTS))
			return g_steal_pointer(&whole);
	}
	return NULL;
}

/* NAME.lua in one of the state's directories; NULL: in none. */
static char *find_module(lua_State *L, const char *name)
{
	g_autofree char *file = g_strconcat(name, ".lua", NULL);

	return strchr(name, '/') ? NULL : runtime_file(L, file);
}

static void load_module(lua_State *L, const char *name)
{
	void **box = binding_box(L, g_free);
	GError *error = NULL;
	char *path;

	*box = path = find_module(L, name);
	if (!path)
		luaL_error(L, "no module '%s'", name);
	if (!runtime_load_file(L, path, TRUE, &error))
		binding_raise(L, error);
	lua_pushvalue(L, 1);
	lua_call(L, 1, 1);
	if (lua_isnil(L, -1)) {
		lua_pop(L, 1);
		lua_pushboolean(L, TRUE);
	}
}

/* require: our modules are there from the beginning, others are loaded once. */
static int l_require(lua_State *L)
{
	const char *name;

	name = take_text(take_new(L, 1), 1, NULL);
	lua_getfield(L, LUA_REGISTRYINDEX, BIND_MODULES);
	if (take_field(L, 3, name) != LUA_TNIL)
		return 1;
	load_module(L, name);
	lua_pushvalue(L, -1);
	lua_setfield(L, 3, name);
	return 1;
}

static void open_modules(lua_State *L)
{
	static const luaL_Reg modules[] = {
		{ "cluster", bind_cluster },   { "log", bind_log },
		{ "remote", bind_remote },     { "services", bind_services },
		{ "takeover", bind_takeover },
	};
	static const luaL_Reg function = { "require", l_require };

	lua_createtable(L, 0, G_N_ELEMENTS(modules));
	for (gsize i = 0; i < G_N_ELEMENTS(modules); i++) {
		lua_pushcfunction(L, modules[i].func);
		lua_call(L, 0, 1);
		lua_setfield(L, -2, modules[i].name);
	}
	lua_getfield(L, -1, "log");
	lua_setglobal(L, "log");
	lua_setfield(L, LUA_REGISTRYINDEX, BIND_MODULES);
	binding_push(L, &function, 0);
	lua_setglobal(L, "require");
}

/* Take the libraries' globals away that are not in the list. */
static void keep_globals(lua_State *L)
{
	lua_pushglobaltable(L);
	for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
		const char *name = lua_tostring(L, -2);

		if (!g_strv_contains(kept_globals, name)) {
			lua_pushnil(L); /* assigning nil to a field is allowed while walking */
			lua_setfield(L, -4, name);
		}
	}
	lua_pop(L, 1);
}

/* A hook that changed this table would change ("x"):rep() for everyone in its state. */
static void guard_strings(lua_State *L)
{
	lua_getglobal(L, "string");
	lua_pushnil(L);
	lua_setfield(L, -2, "dump");
	answer_for_missing(L, "string.");
	lua_pop(L, 1);
	lua_pushliteral(L, "");
	if (lua_getmetatable(L, -1)) {
		lua_pushboolean(L, FALSE);
		lua_setfield(L, -2, "__metatable");
		lua_pop(L, 1);
	}
	lua_pop(L, 1);
}

int allowed_open(lua_State *L)
{
	static const luaL_Reg libraries[] = {
		{ LUA_GNAME, luaopen_base },	   { LUA_STRLIBNAME, luaopen_string },
		{ LUA_TABLIBNAME, luaopen_table }, { LUA_MATHLIBNAME, luaopen_math },
		{ LUA_UTF8LIBNAME, luaopen_utf8 },
	};
	static const luaL_Reg print = { "print", l_print };

	for (gsize i = 0; i < G_N_ELEMENTS(libraries); i++) {
		luaL_requiref(L, libraries[i].name, libraries[i].func, TRUE);
		lua_pop(L, 1);
	}
	keep_globals(L);
	guard_strings(L);
	wrap_global(L, "setmetatable", l_setmetatable);
	wrap_global(L, "pcall", l_pcall);
	wrap_global(L, "xpcall", l_xpcall);
	open_io(L);
	open_os(L);
	binding_push(L, &print, 0);
	lua_setglobal(L, "print");
	open_modules(L);
	lua_pushglobaltable(L);
	answer_for_missing(L, "");
	lua_pop(L, 1);
	return 0;
}
