/* The Lua face of messages: log.info, log.warn, log.error, log.progress. */
#include "lua/runtime/binding.h"
#include "lua/terminal/talk.h"

/*
 * string.format, but never an error: a message about a failure must not be one.  nil and other
 * values go through tostring first when the format does not take them.
 */
static const char *format_message(lua_State *L)
{
	int n = lua_gettop(L);
	luaL_Buffer text;

	luaL_checkstack(L, n + LUA_MINSTACK, NULL);
	lua_getglobal(L, "string");
	lua_getfield(L, -1, "format");
	lua_remove(L, -2);
	for (int i = 1; i <= n; i++)
		lua_pushvalue(L, i);
	if (binding_call(L, n, 1, NULL))
		return lua_tostring(L, -1);
	luaL_buffinit(L, &text);
	for (int i = 1; i <= n; i++) {
		if (i > 1)
			luaL_addchar(&text, ' ');
		luaL_tolstring(L, i, NULL);
		luaL_addvalue(&text);
	}
	luaL_pushresult(&text);
	return lua_tostring(L, -1);
}

static int l_info(lua_State *L)
{
	luaL_checkany(L, 1);
	talk_info("%s", format_message(L));
	return 0;
}

static int l_warn(lua_State *L)
{
	luaL_checkany(L, 1);
	talk_warning("%s", format_message(L));
	return 0;
}

static int l_error(lua_State *L)
{
	luaL_checkany(L, 1);
	talk_error("%s", format_message(L));
	return 0;
}

/* log.progress(done, total) */
static int l_progress(lua_State *L)
{
	lua_Integer done = luaL_checkinteger(L, 1);
	lua_Integer total = luaL_checkinteger(L, 2);

	talk_progress((guint)MAX(done, 0), (guint)MAX(total, 0));
	return 0;
}

static const luaL_Reg functions[] = {
	{ "info", l_info },	    { "warn", l_warn }, { "error", l_error },
	{ "progress", l_progress }, { NULL, NULL },
};

int bind_log(lua_State *L)
{
	luaL_newlib(L, functions);
	return 1;
}
