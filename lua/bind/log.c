/* The Lua face of messages: log.info, log.warn, log.error, log.dump, log.progress. */
#include "lua/runtime/dump.h"
#include "lua/runtime/binding.h"
#include "lua/runtime/take.h"
#include "lua/terminal/talk.h"
#include <string.h>

#define FORMAT "snmove.format" /* in the registry: string.format as it was in the beginning */

static int l_text_of(lua_State *L)
{
	luaL_tolstring(L, 1, NULL);
	return 1;
}

/* The value at `index` as text, on top of the stack; where its __tostring fails, its type. */
static void push_text_of(lua_State *L, int index)
{
	lua_pushcfunction(L, l_text_of);
	lua_pushvalue(L, index);
	if (!binding_call(L, 1, 1, NULL))
		lua_pushstring(L, luaL_typename(L, index));
}

/*
 * string.format, but never an error: a message about a failure must not be one.  nil and other
 * values go through tostring first when the format does not take them.
 */
static void push_formatted(lua_State *L)
{
	int n = lua_gettop(L);
	luaL_Buffer text;

	luaL_checkstack(L, n + LUA_MINSTACK, NULL);
	lua_getfield(L, LUA_REGISTRYINDEX, FORMAT);
	for (int i = 1; i <= n; i++)
		lua_pushvalue(L, i);
	if (binding_call(L, n, 1, NULL))
		return;
	for (int i = 1; i <= n; i++) {
		push_text_of(L, i);
		lua_replace(L, i);
	}
	luaL_buffinit(L, &text);
	for (int i = 1; i <= n; i++) {
		if (i > 1)
			luaL_addchar(&text, ' ');
		lua_pushvalue(L, i);
		luaL_addvalue(&text);
	}
	luaL_pushresult(&text);
}

/* The message on top of the stack, where a zero byte is seen, and cuts nothing. */
static const char *take_message(lua_State *L)
{
	Take *take = take_new(L, lua_gettop(L));
	gsize length, zeros = 0;
	const char *message = take_bytes(take, lua_gettop(L) - 1, "the message", &length);
	char *text, *to;

	for (gsize i = 0; i < length; i++)
		zeros += message[i] == '\0';
	if (zeros == 0)
		return message;
	to = text = take_room(take, length + zeros + 1);
	for (gsize i = 0; i < length; i++) {
		if (message[i] == '\0')
			*to++ = '\\';
		*to++ = message[i] == '\0' ? '0' : message[i];
	}
	*to = '\0';
	return text;
}

/* What is said counts as output.  The values may have had their own code run by then. */
static const char *format_message(lua_State *L)
{
	luaL_checkany(L, 1);
	push_formatted(L);
	binding_check(L);
	binding_output(L, lua_rawlen(L, -1) + 1);
	return take_message(L);
}

static int l_info(lua_State *L)
{
	talk_info("%s", format_message(L));
	return 0;
}

static int l_warn(lua_State *L)
{
	talk_warning("%s", format_message(L));
	return 0;
}

static int l_error(lua_State *L)
{
	talk_error("%s", format_message(L));
	return 0;
}

/* log.dump(value, name): a line of the text each. */
static int l_dump(lua_State *L)
{
	const char *name, *text, *end;

	luaL_checkany(L, 1);
	name = take_text_or_null(take_new(L, 2), 2);
	dump_push(L, 1);
	text = lua_tostring(L, -1);
	binding_output(L, lua_rawlen(L, -1) + 1);
	for (; text; text = end ? end + 1 : NULL) {
		end = strchr(text, '\n');
		talk_step("%s%s%.*s", name ? name : "", name ? " = " : "",
			  end ? (int)(end - text) : (int)strlen(text), text);
		name = NULL;
	}
	return 0;
}

/* log.progress(done, total) */
static int l_progress(lua_State *L)
{
	lua_Integer done = luaL_checkinteger(L, 1);
	lua_Integer total = luaL_checkinteger(L, 2);
	const Run *run = binding_context(L)->run;

	talk_progress(run ? run_current_step(run) : NULL, (guint)CLAMP(done, 0, G_MAXINT),
		      (guint)CLAMP(total, 0, G_MAXINT));
	return 0;
}

static const luaL_Reg functions[] = {
	{ "info", l_info }, { "warn", l_warn },		{ "error", l_error },
	{ "dump", l_dump }, { "progress", l_progress }, { NULL, NULL },
};

int bind_log(lua_State *L)
{
	lua_getglobal(L, "string");
	lua_getfield(L, -1, "format");
	lua_setfield(L, LUA_REGISTRYINDEX, FORMAT);
	lua_pop(L, 1);
	binding_functions(L, functions);
	return 1;
}
