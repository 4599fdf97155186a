#include "lua/runtime/binding.h"
#include "lua/runtime/bounds.h"
#include <string.h>

#define BOX "snmove.box"

G_DEFINE_QUARK(snmove_binding_error, binding_error)

typedef struct {
	void *content;
	GDestroyNotify destroy;
} Box;

Cluster *binding_cluster(lua_State *L)
{
	Cluster *cluster = binding_context(L)->cluster;

	if (!cluster)
		luaL_error(L, "no cluster database is open");
	return cluster;
}

gsize binding_kept(const BindingContext *context)
{
	return (context->cluster ? cluster_kept(context->cluster) : 0) +
	       (context->hosts ? hosts_kept(context->hosts) : 0) +
	       (context->run ? run_kept(context->run) : 0) +
	       (context->takeover ? context->takeover->kept : 0);
}

static int call_entered(lua_State *L)
{
	const luaL_Reg *function = lua_touserdata(L, lua_upvalueindex(1));
	int results;

	binding_enter(L);
	results = function->func(L);
	binding_leave(L);
	return results;
}

void binding_push(lua_State *L, const luaL_Reg *function, int upvalues)
{
	lua_pushlightuserdata(L, (void *)function);
	lua_insert(L, -1 - upvalues);
	lua_pushcclosure(L, call_entered, 1 + upvalues);
}

void binding_add_functions(lua_State *L, const luaL_Reg *functions)
{
	for (; functions->name; functions++) {
		binding_push(L, functions, 0);
		lua_setfield(L, -2, functions->name);
	}
}

void binding_functions(lua_State *L, const luaL_Reg *functions)
{
	lua_newtable(L);
	binding_add_functions(L, functions);
}

/* Closing and collecting are one: whoever comes first takes the content along. */
static int box_close(lua_State *L)
{
	Box *box = luaL_checkudata(L, 1, BOX);

	if (box->content)
		box->destroy(box->content);
	box->content = NULL;
	return 0;
}

void **binding_box(lua_State *L, GDestroyNotify destroy)
{
	Box *box = lua_newuserdatauv(L, sizeof(*box), 0);

	box->content = NULL;
	box->destroy = destroy;
	if (luaL_newmetatable(L, BOX)) {
		lua_pushcfunction(L, box_close);
		lua_setfield(L, -2, "__gc");
		lua_pushcfunction(L, box_close);
		lua_setfield(L, -2, "__close");
		lua_pushboolean(L, FALSE);
		lua_setfield(L, -2, "__metatable");
	}
	lua_setmetatable(L, -2);
	lua_toclose(L, -1);
	return &box->content;
}

int binding_refuse(lua_State *L, GError *error)
{
	void **box = binding_box(L, (GDestroyNotify)g_error_free);

	*box = error;
	lua_pushnil(L);
	lua_pushstring(L, error->message);
	return 2;
}

int binding_raise(lua_State *L, GError *error)
{
	void **box = binding_box(L, (GDestroyNotify)g_error_free);

	*box = error;
	luaL_where(L, 1);
	lua_pushstring(L, error->message);
	lua_concat(L, 2);
	return lua_error(L);
}

void binding_push_strings(lua_State *L, const GPtrArray *strings)
{
	lua_createtable(L, (int)strings->len, 0);
	for (guint i = 0; i < strings->len; i++) {
		lua_pushstring(L, strings->pdata[i]);
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
}

const char *binding_keep_field(lua_State *L, const char *name)
{
	const char *text;

	lua_getfield(L, -1, name);
	text = g_intern_string(lua_tostring(L, -1));
	lua_pop(L, 1);
	return text;
}

void binding_push_vector(lua_State *L, const char *const *strings)
{
	lua_newtable(L);
	for (guint i = 0; strings[i]; i++) {
		lua_pushstring(L, strings[i]);
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
}

/* The few columns that scripts name, cut in two once for all: "table\0column". */
#define COLUMNS_KEPT  1024
#define COLUMN_LENGTH 256

const char *binding_column(lua_State *L, const char *text, const char **column)
{
	static GHashTable *columns;
	const char *dot;
	gsize length;
	char *cut;

	if (!columns)
		columns = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	cut = g_hash_table_lookup(columns, text);
	if (cut) {
		*column = cut + strlen(cut) + 1;
		return cut;
	}
	dot = strchr(text, '.');
	if (!dot || dot == text || !dot[1])
		luaL_error(L, "'%s' is not of the form table.column", text);
	length = strlen(text) + 1;
	if (length <= COLUMN_LENGTH && g_hash_table_size(columns) < COLUMNS_KEPT) {
		cut = g_memdup2(text, length);
		g_hash_table_insert(columns, g_strdup(text), cut);
	} else {
		cut = lua_newuserdatauv(L, length, 0);
		memcpy(cut, text, length);
	}
	cut[dot - text] = '\0';
	*column = cut + (dot - text) + 1;
	return cut;
}

/* Its address is where the metatable of refusals lies in the registry: to find it there needs
 * no memory, of which there may be none when an error is looked at. */
static const char refusal;

int binding_raise_refusal(lua_State *L)
{
	lua_createtable(L, 1, 0);
	lua_insert(L, -2);
	lua_rawseti(L, -2, 1);
	if (lua_rawgetp(L, LUA_REGISTRYINDEX, &refusal) == LUA_TNIL) {
		lua_pop(L, 1);
		lua_createtable(L, 0, 1);
		lua_pushboolean(L, FALSE);
		lua_setfield(L, -2, "__metatable");
		lua_pushvalue(L, -1);
		lua_rawsetp(L, LUA_REGISTRYINDEX, &refusal);
	}
	lua_setmetatable(L, -2);
	return lua_error(L);
}

static gboolean is_refusal(lua_State *L, int index)
{
	gboolean same;

	if (!lua_istable(L, index) || !lua_getmetatable(L, index))
		return FALSE;
	lua_rawgetp(L, LUA_REGISTRYINDEX, &refusal);
	same = lua_rawequal(L, -1, -2);
	lua_pop(L, 2);
	return same;
}

/* Any value can be raised; what the administrator sees is always a text with a traceback. */
static int add_traceback(lua_State *L)
{
	const char *message;

	if (is_refusal(L, 1))
		return 1;
	message =
		lua_type(L, 1) == LUA_TSTRING ? lua_tostring(L, 1) : luaL_tolstring(L, 1, NULL);
	luaL_traceback(L, L, message, 1);
	return 1;
}

static void set_error(lua_State *L, int status, GError **error)
{
	BindingError code = status == LUA_ERRMEM ? BINDING_ERROR_MEMORY : BINDING_ERROR_SCRIPT;

	if (is_refusal(L, -1)) {
		code = BINDING_ERROR_REFUSAL;
		lua_rawgeti(L, -1, 1);
		lua_replace(L, -2);
	}
	g_set_error(error, BINDING_ERROR, code, "%.*s", (int)BOUND_MESSAGE,
		    lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "(no message)");
	lua_pop(L, 1);
}

gboolean binding_call(lua_State *L, int arguments, int results, GError **error)
{
	int handler = lua_gettop(L) - arguments;
	guint depth = binding_depth(L);
	int status;

	lua_pushcfunction(L, add_traceback);
	lua_insert(L, handler);
	status = lua_pcall(L, arguments, results, handler);
	lua_remove(L, handler);
	binding_set_depth(L, depth);
	if (status == LUA_OK)
		return TRUE;
	set_error(L, status, error);
	return FALSE;
}
