/* The options that a procedure has of its own. */
#include "core/base.h"
#include "lua/bind/takeover.h"
#include "lua/runtime/binding.h"
#include "lua/runtime/take.h"
#include <string.h>

/* A list in the registry: {name=, letter=, help=, text=}. */
#define OPTIONS "snmove.options"
#define LETTERS "abcdefghijklmnopqrstuvwxyz"

/* Has one of them this text in that field? */
static gboolean is_taken(lua_State *L, int options, const char *field, const char *text)
{
	gboolean same = FALSE;
	lua_Integer n = (lua_Integer)lua_rawlen(L, options);

	for (lua_Integer i = 1; !same && text && i <= n; i++) {
		lua_rawgeti(L, options, i);
		lua_getfield(L, -1, field);
		same = g_strcmp0(lua_tostring(L, -1), text) == 0;
		lua_pop(L, 2);
	}
	return same;
}

static void check_name(lua_State *L, const char *name)
{
	luaL_argcheck(L,
		      strlen(name) > 1 && *name != '-' &&
			      strspn(name, LETTERS "0123456789-") == strlen(name),
		      1,
		      "an option's name is of small letters, digits and dashes, two at least");
}

/* takeover.option(name, letter or nil, help [, text]): --name, and -letter; with a `text`, what
 * stands for its value in --help, it has a value. */
static int l_option(lua_State *L)
{
	Take *take = take_new(L, 4);
	const char *name = take_text(take, 1, NULL), *letter = take_text_or_null(take, 2);
	static const char *const fields[] = { "name", "letter", "help", "text" };
	int options;

	(void)take_text(take, 3, NULL);
	(void)take_text_or_null(take, 4);
	check_name(L, name);
	luaL_argcheck(L, !letter || (g_ascii_isalpha(*letter) && !letter[1]), 2,
		      "one letter, or nil");
	luaL_getsubtable(L, LUA_REGISTRYINDEX, OPTIONS);
	options = lua_gettop(L);
	if (is_taken(L, options, "name", name))
		return luaL_error(L, "there is an option --%s already", name);
	if (is_taken(L, options, "letter", letter))
		return luaL_error(L, "there is an option with the letter -%s already", letter);
	if (lua_rawlen(L, options) == TAKEOVER_OPTIONS)
		return luaL_error(L, "a procedure has no more than %d options",
				  TAKEOVER_OPTIONS);
	lua_createtable(L, 0, 4);
	for (int i = 0; i < 4; i++) {
		lua_pushvalue(L, i + 1);
		lua_setfield(L, -2, fields[i]);
	}
	lua_rawseti(L, options, (lua_Integer)lua_rawlen(L, options) + 1);
	return 0;
}

static const luaL_Reg functions[] = { { "option", l_option }, { NULL, NULL } };

void bind_options(lua_State *L)
{
	binding_add_functions(L, functions);
}

gboolean takeover_option(lua_State *L, guint number, TakeoverOption *option)
{
	gboolean is_there;

	luaL_getsubtable(L, LUA_REGISTRYINDEX, OPTIONS);
	is_there = lua_rawgeti(L, -1, (lua_Integer)number + 1) == LUA_TTABLE;
	if (is_there) {
		const char *letter = binding_keep_field(L, "letter");

		*option = (TakeoverOption){ .name = binding_keep_field(L, "name"),
					    .letter = letter ? *letter : '\0',
					    .help = binding_keep_field(L, "help"),
					    .text = binding_keep_field(L, "text") };
	}
	lua_pop(L, 2);
	return is_there;
}
