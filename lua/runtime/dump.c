#include "lua/runtime/dump.h"
#include "core/base.h"
#include "lua/runtime/binding.h"
#include <string.h>

#define DEEP   8    /* tables in tables that are shown */
#define MANY   100  /* fields of one */
#define WIDE   88   /* of a line */
#define LONG   4096 /* bytes of a text */
#define INDENT 2

/* A key of a table: an integer, or anything else by its text. */
typedef struct {
	lua_Integer number;
	char *text; /* NULL: it is the integer */
	int place;  /* of the key on the stack */
} Key;

/* The fields of a table that we are in. */
typedef struct {
	const void *table;
	GArray *keys; /* Key */
	GArray *ends; /* gsize: where the blank behind a comma is in the text */
} Level;

typedef struct {
	GString *text;
	Level levels[DEEP];
} Dump;

static void clear_key(gpointer data)
{
	g_free(((Key *)data)->text);
}

static void leave_level(Level *level)
{
	g_clear_pointer(&level->keys, g_array_unref);
	g_clear_pointer(&level->ends, g_array_unref);
}

static void enter_level(Level *level, const void *table)
{
	level->table = table;
	level->keys = g_array_new(FALSE, FALSE, sizeof(Key));
	g_array_set_clear_func(level->keys, clear_key);
	level->ends = g_array_new(FALSE, FALSE, sizeof(gsize));
}

static void free_dump(gpointer data)
{
	Dump *dump = data;

	for (guint i = 0; i < DEEP; i++)
		leave_level(&dump->levels[i]);
	g_string_free(dump->text, TRUE);
	g_free(dump);
}

/* Integers by their size, before all others by their text. */
static int compare_keys(gconstpointer a, gconstpointer b)
{
	const Key *x = a, *y = b;

	if (x->text || y->text)
		return x->text && y->text ? strcmp(x->text, y->text) : x->text ? 1 : -1;
	return (x->number > y->number) - (x->number < y->number);
}

static gboolean is_word(const char *text)
{
	return (g_ascii_isalpha(*text) || *text == '_') &&
	       strspn(text,
		      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") ==
		       strlen(text);
}

static char *text_words(lua_State *L, int index)
{
	size_t length;
	const char *bytes = lua_tolstring(L, index, &length);
	g_autofree char *some = g_strndup(bytes, MIN(length, LONG));
	g_autofree char *plain = text_plain(some);
	g_auto(GStrv) parts = g_strsplit(plain, "\"", -1);
	g_autofree char *escaped = g_strjoinv("\\\"", parts);

	return g_strdup_printf("\"%s\"%s", escaped, length > LONG ? "..." : "");
}

/* What is no table, as text. */
static char *plain_words(lua_State *L, int index)
{
	switch (lua_type(L, index)) {
	case LUA_TNIL:
		return g_strdup("nil");
	case LUA_TBOOLEAN:
		return g_strdup(lua_toboolean(L, index) ? "true" : "false");
	case LUA_TSTRING:
		return text_words(L, index);
	case LUA_TNUMBER:
		if (lua_isinteger(L, index))
			return g_strdup_printf(LUA_INTEGER_FMT, lua_tointeger(L, index));
		return g_strdup_printf(LUA_NUMBER_FMT, lua_tonumber(L, index));
	default:
		return g_strdup_printf("<%s>", lua_typename(L, lua_type(L, index)));
	}
}

static void take_key(lua_State *L, GArray *keys)
{
	Key key = { 0 };

	if (lua_isinteger(L, -1))
		key.number = lua_tointeger(L, -1);
	else if (lua_type(L, -1) == LUA_TSTRING && is_word(lua_tostring(L, -1)))
		key.text = g_strdup(lua_tostring(L, -1));
	else
		key.text = plain_words(L, -1);
	key.place = lua_gettop(L);
	g_array_append_val(keys, key);
	/* cppcheck-suppress memleak; the array has the text */
}

/* Leaves the first MANY keys on the stack.  Gives how many there are. */
static guint take_keys(lua_State *L, int table, GArray *keys)
{
	guint n = 0;

	luaL_checkstack(L, MANY + LUA_MINSTACK, NULL);
	for (lua_pushnil(L); lua_next(L, table); n++) {
		lua_pop(L, 1);
		if (n >= MANY)
			continue;
		take_key(L, keys);
		lua_pushvalue(L, -1);
	}
	g_array_sort(keys, compare_keys);
	return n;
}

static void add_value(lua_State *L, Dump *dump, int index, guint deep);

static void add_key(GString *text, const Key *key, lua_Integer next)
{
	if (!key->text && key->number == next)
		return;
	if (key->text && is_word(key->text))
		g_string_append_printf(text, "%s = ", key->text);
	else if (key->text)
		g_string_append_printf(text, "[%s] = ", key->text);
	else
		g_string_append_printf(text, "[" LUA_INTEGER_FMT "] = ", key->number);
}

/* The fields have a line each where they do not fit into one. */
static void lay_out(GString *text, gsize from, const GArray *ends, guint deep)
{
	gboolean one = text->len - from + deep * INDENT <= WIDE &&
		       !memchr(text->str + from, '\n', text->len - from);
	g_autofree char *indent = g_strnfill((gsize)(deep + 1) * INDENT, ' ');

	if (one) {
		g_string_insert_c(text, (gssize)from, ' ');
		g_string_append(text, " }");
		return;
	}
	/* From behind, so that what is before stays where it is. */
	for (guint i = ends->len; i > 0; i--) {
		gsize at = g_array_index(ends, gsize, i - 1);

		g_string_erase(text, (gssize)at, 1); /* the blank behind a comma */
		g_string_insert(text, (gssize)at, indent);
		g_string_insert_c(text, (gssize)at, '\n');
	}
	g_string_insert(text, (gssize)from, indent);
	g_string_insert_c(text, (gssize)from, '\n');
	g_string_append_printf(text, "\n%*s}", (int)(deep * INDENT), "");
}

static void add_fields(lua_State *L, Dump *dump, int table, guint deep)
{
	Level *level = &dump->levels[deep];
	int top = lua_gettop(L);
	guint n = take_keys(L, table, level->keys);
	lua_Integer next = 1;
	gsize from;

	g_string_append_c(dump->text, '{');
	from = dump->text->len;
	for (guint i = 0; i < level->keys->len; i++) {
		const Key *key = &g_array_index(level->keys, Key, i);

		if (i > 0) {
			g_string_append_c(dump->text, ',');
			g_array_append_val(level->ends, dump->text->len);
			g_string_append_c(dump->text, ' ');
		}
		add_key(dump->text, key, next);
		next += !key->text && key->number == next;
		lua_pushvalue(L, key->place);
		lua_rawget(L, table);
		add_value(L, dump, lua_gettop(L), deep + 1);
		lua_pop(L, 1);
	}
	if (n > MANY)
		g_string_append_printf(dump->text, ", ... %u more", n - MANY);
	lay_out(dump->text, from, level->ends, deep);
	lua_settop(L, top);
}

static gboolean is_above(const Dump *dump, const void *table, guint deep)
{
	for (guint i = 0; i < deep; i++)
		if (dump->levels[i].table == table)
			return TRUE;
	return FALSE;
}

static gboolean is_empty(lua_State *L, int table)
{
	lua_pushnil(L);
	if (!lua_next(L, table))
		return TRUE;
	lua_pop(L, 2);
	return FALSE;
}

static void add_table(lua_State *L, Dump *dump, int table, guint deep)
{
	const void *is = lua_topointer(L, table);

	if (is_empty(L, table)) {
		g_string_append(dump->text, "{}");
	} else if (is_above(dump, is, deep)) {
		g_string_append(dump->text, "{ as above }");
	} else if (deep == DEEP) {
		g_string_append(dump->text, "{ ... }");
	} else {
		enter_level(&dump->levels[deep], is);
		add_fields(L, dump, table, deep);
		leave_level(&dump->levels[deep]);
	}
}

static void add_value(lua_State *L, Dump *dump, int index, guint deep)
{
	char *words;

	luaL_checkstack(L, LUA_MINSTACK, NULL);
	if (lua_istable(L, index)) {
		add_table(L, dump, index, deep);
		return;
	}
	words = plain_words(L, index);
	g_string_append(dump->text, words);
	g_free(words);
}

void dump_push(lua_State *L, int index)
{
	void **box;
	Dump *dump;

	index = lua_absindex(L, index);
	box = binding_box(L, free_dump);
	dump = *box = g_new0(Dump, 1);
	dump->text = g_string_new(NULL);
	add_value(L, dump, index, 0);
	lua_pushlstring(L, dump->text->str, dump->text->len);
}
