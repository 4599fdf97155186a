#include "lua/runtime/take.h"
#include "lua/runtime/bounds.h"
#include "lua/runtime/runtime.h"
#include <lauxlib.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define FIRST 1024 /* bytes: the arguments of most calls */
#define BLOCK 4096
#define MOST  ((gsize)1 << 20)
#define ALIGN sizeof(gint64)

/*
 * Most calls take less than FIRST bytes, and no other one has begun meanwhile: they use what
 * the state lends.  Whatever else is needed is Lua's memory, so that it counts, and is given
 * back whatever way the call ends: userdata, each the user value of the next, the last one in
 * the stack of the function.
 */
struct take {
	lua_State *L;
	int self; /* where the last one lies on the stack; nil: there is none */
	char *at;
	gsize left;
	gsize block; /* bytes of the last one */
	gint64 first[FIRST / sizeof(gint64)];
};

Take *take_spare_new(void)
{
	return g_new0(Take, 1);
}

Take *take_new(lua_State *L, int arguments)
{
	Take *take = runtime_lend(L);

	lua_settop(L, arguments);
	if (take)
		lua_pushnil(L);
	else
		take = lua_newuserdatauv(L, sizeof(*take), 1);
	take->L = L;
	take->self = lua_gettop(L);
	take->at = (char *)take->first;
	take->left = sizeof(take->first);
	take->block = BLOCK / 2;
	return take;
}

static void add_block(Take *take, gsize size)
{
	lua_State *L = take->L;

	take->block = MAX(size, MIN(2 * take->block, MOST));
	luaL_checkstack(L, 2, NULL);
	take->at = lua_newuserdatauv(L, take->block, 1);
	take->left = take->block;
	lua_pushvalue(L, take->self);
	lua_setiuservalue(L, -2, 1);
	lua_replace(L, take->self);
}

static char *room(Take *take, gsize size)
{
	char *place;

	if (size > take->left)
		add_block(take, size);
	place = take->at;
	take->at += size;
	take->left -= size;
	return place;
}

gpointer take_room(Take *take, gsize size)
{
	gsize odd = (gsize)take->at % ALIGN;

	if (odd)
		room(take, MIN(ALIGN - odd, take->left));
	return room(take, size);
}

const char *take_format(Take *take, const char *format, ...)
{
	va_list args;
	char *text;
	int length;

	va_start(args, format);
	length = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (length < 0)
		luaL_error(take->L, "a text is too long");
	text = room(take, (gsize)length + 1);
	va_start(args, format);
	(void)vsnprintf(text, (gsize)length + 1, format, args);
	va_end(args);
	return text;
}

/* Raises `problem`, which lies on top of the stack. */
static void refuse(lua_State *L, int index, const char *what)
{
	if (!what)
		luaL_argerror(L, index, lua_tostring(L, -1));
	luaL_error(L, "%s: %s", what, lua_tostring(L, -1));
}

/* What is wrong with the text at `index`; NULL: nothing. */
static const char *problem_of(lua_State *L, int index, gboolean any_bytes)
{
	gsize length = lua_rawlen(L, index);

	if (length > BOUND_TEXT)
		return lua_pushfstring(L, "a text has at most %d bytes, and this one has more",
				       (int)BOUND_TEXT);
	if (!any_bytes && memchr(lua_tostring(L, index), '\0', length))
		return lua_pushliteral(
			L, "the text has a zero byte in it, and would be cut there");
	return NULL;
}

/* The text at `index`.  Its place comes first: memory that is asked for may move others. */
static const char *copy(Take *take, int index, gsize *length)
{
	lua_State *L = take->L;
	gsize n = lua_rawlen(L, index);
	char *text = room(take, n + 1);

	memcpy(text, lua_tostring(L, index), n);
	text[n] = '\0';
	if (length)
		*length = n;
	return text;
}

const char *take_bytes(Take *take, int index, const char *what, gsize *length)
{
	lua_State *L = take->L;

	if (!what)
		luaL_checkstring(L, index);
	else if (lua_type(L, index) != LUA_TSTRING)
		luaL_error(L, "%s is a text, and not a %s", what, luaL_typename(L, index));
	index = lua_absindex(L, index);
	if (problem_of(L, index, length != NULL))
		refuse(L, index, what);
	return copy(take, index, length);
}

const char *take_text(Take *take, int index, const char *what)
{
	return take_bytes(take, index, what, NULL);
}

const char *take_text_or_null(Take *take, int index)
{
	return lua_isnoneornil(take->L, index) ? NULL : take_text(take, index, NULL);
}

int take_choice(Take *take, int index, const char *what, const char *const *choices,
		const char *usual)
{
	lua_State *L = take->L;
	const char *text =
		usual && lua_isnoneornil(L, index) ? usual : take_text(take, index, what);

	for (int i = 0; choices[i]; i++)
		if (g_str_equal(choices[i], text))
			return i;
	lua_pushfstring(L, "invalid option '%s'", text);
	refuse(L, index, what);
	return -1;
}

void take_check_table(lua_State *L, int index, const char *what)
{
	static const char *const answers[] = { "__index", "__len", "__pairs" };

	if (!lua_istable(L, index)) {
		if (!what)
			luaL_checktype(L, index, LUA_TTABLE);
		luaL_error(L, "%s is a table, and not a %s", what, luaL_typename(L, index));
	}
	if (!lua_getmetatable(L, index))
		return;
	for (gsize i = 0; i < G_N_ELEMENTS(answers); i++) {
		if (take_field(L, lua_gettop(L), answers[i]) != LUA_TNIL) {
			lua_pushfstring(L,
					"a plain table is wanted: this one has a metatable "
					"with %s, which nobody would ask",
					answers[i]);
			refuse(L, index, what);
		}
		lua_pop(L, 1);
	}
	lua_pop(L, 1);
}

int take_field(lua_State *L, int table, const char *name)
{
	table = lua_absindex(L, table);
	lua_pushstring(L, name);
	return lua_rawget(L, table);
}

static void check_count(lua_State *L, int index, const char *what, lua_Unsigned n)
{
	if (n <= BOUND_ENTRIES)
		return;
	lua_pushfstring(L, "a table has at most %d entries here, and this one has more",
			BOUND_ENTRIES);
	refuse(L, index, what);
}

/* The element is on top of the stack. */
static void check_element(lua_State *L, int index, const char *what, guint number)
{
	if (lua_type(L, -1) != LUA_TSTRING) {
		lua_pushfstring(L, "a list of texts expected, element %d is %s", (int)number,
				luaL_typename(L, -1));
		refuse(L, index, what);
	}
	if (problem_of(L, -1, FALSE)) {
		lua_pushfstring(L, "element %d: %s", (int)number, lua_tostring(L, -1));
		refuse(L, index, what);
	}
}

const char *const *take_list(Take *take, int index, const char *what, guint *n)
{
	lua_State *L = take->L;
	const char **texts;
	lua_Unsigned length;

	index = lua_absindex(L, index);
	take_check_table(L, index, what);
	luaL_checkstack(L, 4, NULL);
	length = lua_rawlen(L, index);
	check_count(L, index, what, length);
	texts = take_room(take, (length + 1) * sizeof(*texts));
	*n = (guint)length;
	for (guint i = 0; i < *n; i++) {
		lua_rawgeti(L, index, (lua_Integer)i + 1);
		/* Only texts: a number would be made a text of its own. */
		check_element(L, index, what, i + 1);
		texts[i] = copy(take, lua_gettop(L), NULL);
		lua_pop(L, 1);
	}
	texts[*n] = NULL;
	return texts;
}

const char *const *take_names(Take *take, int index, const char *what, guint *n)
{
	const char **names;

	if (lua_type(take->L, index) != LUA_TSTRING)
		return take_list(take, index, what, n);
	names = take_room(take, 2 * sizeof(*names));
	names[0] = take_text(take, index, what);
	names[1] = NULL;
	*n = 1;
	return names;
}

static guint count_entries(lua_State *L, int index, const char *what)
{
	guint n = 0;

	for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1))
		check_count(L, index, what, ++n);
	return n;
}

/* Name and value are on top of the stack. */
static void check_pair(lua_State *L, int index, const char *what, gboolean or_false)
{
	gboolean is_false = or_false && lua_isboolean(L, -1) && !lua_toboolean(L, -1);
	int name = lua_gettop(L) - 1;

	if (lua_type(L, -2) != LUA_TSTRING) {
		lua_pushfstring(L, "a table of name = \"text\" expected, and a name is a %s",
				luaL_typename(L, -2));
		refuse(L, index, what);
	}
	if (problem_of(L, -2, FALSE))
		refuse(L, index, what);
	if (lua_type(L, -1) != LUA_TSTRING && !is_false) {
		lua_pushfstring(L, "the value of '%s' is a text%s, and not a %s",
				lua_tostring(L, name), or_false ? " or false" : "",
				luaL_typename(L, -1));
		refuse(L, index, what);
	}
	if (!is_false && problem_of(L, -1, FALSE)) {
		lua_pushfstring(L, "'%s': %s", lua_tostring(L, name), lua_tostring(L, -1));
		refuse(L, index, what);
	}
}

const TakePair *take_pairs(Take *take, int index, const char *what, gboolean or_false, guint *n)
{
	lua_State *L = take->L;
	TakePair *pairs, *pair;

	index = lua_absindex(L, index);
	take_check_table(L, index, what);
	luaL_checkstack(L, 5, NULL);
	*n = count_entries(L, index, what);
	pair = pairs = take_room(take, (*n + 1) * sizeof(*pairs));
	for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1), pair++) {
		check_pair(L, index, what, or_false);
		pair->name = copy(take, lua_gettop(L) - 1, NULL);
		pair->text = lua_isstring(L, -1) ? copy(take, lua_gettop(L), NULL) : NULL;
	}
	return pairs;
}

const char *take_bytes_field(Take *take, int table, const char *of, const char *name,
			     gsize *length)
{
	lua_State *L = take->L;
	const char *text;

	if (take_field(L, table, name) == LUA_TNIL) {
		lua_pop(L, 1);
		return NULL;
	}
	if (lua_type(L, -1) != LUA_TSTRING)
		luaL_error(L, "%s '%s' is a text, and not a %s", of, name,
			   luaL_typename(L, -1));
	if (problem_of(L, -1, length != NULL))
		luaL_error(L, "%s '%s': %s", of, name, lua_tostring(L, -1));
	text = copy(take, lua_gettop(L), length);
	lua_pop(L, 1);
	return text;
}

const char *take_text_field(Take *take, int table, const char *of, const char *name)
{
	return take_bytes_field(take, table, of, name, NULL);
}

gboolean take_flag_field(Take *take, int table, const char *name)
{
	gboolean flag;

	take_field(take->L, table, name);
	flag = lua_toboolean(take->L, -1);
	lua_pop(take->L, 1);
	return flag;
}

GVariant *take_variant(Take *take, int index, const char *what)
{
	lua_State *L = take->L;

	if (lua_isboolean(L, index))
		return g_variant_new_boolean(lua_toboolean(L, index));
	if (lua_isinteger(L, index))
		return g_variant_new_int64(lua_tointeger(L, index));
	if (lua_type(L, index) == LUA_TNUMBER)
		return g_variant_new_double(lua_tonumber(L, index));
	return lua_type(L, index) == LUA_TSTRING
		       ? g_variant_new_bytestring(take_text(take, index, what))
		       : NULL;
}

void take_push_variant(lua_State *L, GVariant *value)
{
	if (!value)
		lua_pushnil(L);
	else if (g_variant_is_of_type(value, G_VARIANT_TYPE_BOOLEAN))
		lua_pushboolean(L, g_variant_get_boolean(value));
	else if (g_variant_is_of_type(value, G_VARIANT_TYPE_INT64))
		lua_pushinteger(L, g_variant_get_int64(value));
	else if (g_variant_is_of_type(value, G_VARIANT_TYPE_DOUBLE))
		lua_pushnumber(L, g_variant_get_double(value));
	else
		lua_pushstring(L, g_variant_get_bytestring(value));
}
