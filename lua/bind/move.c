/* The object `move` of steps and hooks: who goes from where to where, and what is asked. */
#include "core/base.h"
#include "core/noderange.h"
#include "lua/runtime/binding.h"
#include <string.h>

#define MOVE  "snmove.move"
#define NOTES "snmove.notes"

static Takeover *takeover_of(lua_State *L)
{
	Takeover *takeover = binding_context(L)->takeover;

	if (!takeover)
		luaL_error(L, "no takeover is running");
	return takeover;
}

/*
 * {sn=, snn=, ip=}: the names as management node and nodes know it, and the latter's address.
 * Servers are few: each has one table in a state, kept with the metatable of move.
 */
static void push_server(lua_State *L, const MoveServer *server)
{
	Hosts *hosts = binding_context(L)->hosts;

	luaL_getmetatable(L, MOVE);
	lua_getfield(L, -1, "servers");
	lua_remove(L, -2);
	lua_pushfstring(L, "%s\n%s", server->sn ? server->sn : "",
			server->snn ? server->snn : "");
	lua_pushvalue(L, -1);
	if (lua_rawget(L, -3) == LUA_TTABLE)
		return;
	lua_pop(L, 1);
	lua_createtable(L, 0, 3);
	lua_pushstring(L, server->sn);
	lua_setfield(L, -2, "sn");
	lua_pushstring(L, server->snn);
	lua_setfield(L, -2, "snn");
	lua_pushstring(L, server->snn ? hosts_address(hosts, server->snn, NULL) : NULL);
	lua_setfield(L, -2, "ip");
	lua_pushvalue(L, -1);
	lua_insert(L, -4); /* below the key: the result stays when the entry is made */
	lua_rawset(L, -3);
	lua_pop(L, 1);
}

static const MoveNode *check_node(lua_State *L)
{
	const char *name;
	const MoveNode *node;

	luaL_checkudata(L, 1, MOVE);
	name = luaL_checkstring(L, 2);
	node = move_find(takeover_of(L)->move, name);
	if (!node)
		luaL_error(L, "'%s' is not one of the nodes that move", name);
	return node;
}

/* move:old(node) -> {sn=, snn=, ip=} */
static int l_old(lua_State *L)
{
	push_server(L, &check_node(L)->old);
	return 1;
}

/* move:new(node) -> {sn=, snn=, ip=} */
static int l_new(lua_State *L)
{
	push_server(L, &check_node(L)->new);
	return 1;
}

static const char *check_name(lua_State *L, const char *name)
{
	void **box;

	for (guint i = 0; takeover_checks()[i]; i++)
		if (g_str_equal(takeover_checks()[i], name))
			return takeover_checks()[i];
	box = binding_box(L, g_free);
	*box = text_did_you_mean(name, takeover_checks());
	luaL_error(L, "no check is named '%s'%s", name, (const char *)*box);
	return NULL;
}

/* The argument at `index`, a list of nodes or one, folded; in a box. */
static const char *check_folded(lua_State *L, int index)
{
	guint n = 1;
	const char *one;
	const char *const *names = &one;
	void **box;

	if (lua_isnoneornil(L, index))
		return NULL;
	if (lua_type(L, index) == LUA_TSTRING)
		one = lua_tostring(L, index);
	else
		names = binding_strings(L, index, &n);
	box = binding_box(L, g_free);
	*box = noderange_fold(names, n);
	return *box;
}

/* The nodes at `index`, checked before, so nothing raises.  Gives a vector. */
static char **copy_names(lua_State *L, int index)
{
	guint n = lua_istable(L, index) ? (guint)lua_rawlen(L, index) : 1;
	char **names = g_new0(char *, n + 1);

	if (!lua_istable(L, index))
		names[0] = g_strdup(lua_tostring(L, index));
	for (guint i = 0; lua_istable(L, index) && i < n; i++) {
		lua_rawgeti(L, index, (lua_Integer)i + 1);
		names[i] = g_strdup(lua_tostring(L, -1));
		lua_pop(L, 1);
	}
	return names;
}

/* move:refuse(message): the takeover ends here; it is no mistake of the script. */
static int l_refuse(lua_State *L)
{
	luaL_checkudata(L, 1, MOVE);
	luaL_checkstring(L, 2);
	lua_settop(L, 2);
	return binding_raise_refusal(L);
}

/*
 * move:problem(check, nodes, seen, wanted): `check` found what must not be.  The takeover is
 * refused at the end of the step, all problems in one list, unless --force or the site's
 * `allow` names the check.
 */
static int l_problem(lua_State *L)
{
	Takeover *takeover;
	const char *name, *seen, *wanted, *nodes;
	TakeoverProblem *problem;

	luaL_checkudata(L, 1, MOVE);
	name = luaL_checkstring(L, 2);
	seen = luaL_checkstring(L, 4);
	wanted = luaL_checkstring(L, 5);
	takeover = takeover_of(L);
	name = check_name(L, name);
	nodes = check_folded(L, 3);
	problem = g_new0(TakeoverProblem, 1);
	problem->check = name;
	problem->nodes = g_strdup(nodes);
	problem->names = nodes ? copy_names(L, 3) : NULL;
	problem->seen = g_strdup(seen);
	problem->wanted = g_strdup(wanted);
	g_ptr_array_add(takeover->problems, problem);
	return 0;
}

/* move:owe(nodes, text [, host]): this is left to do when the run has ended. */
static int l_owe(lua_State *L)
{
	Takeover *takeover;
	const char *text, *host;
	g_auto(GStrv) nodes = NULL;

	luaL_checkudata(L, 1, MOVE);
	text = luaL_checkstring(L, 3);
	host = luaL_optstring(L, 4, NULL);
	takeover = takeover_of(L);
	if (check_folded(L, 2))
		nodes = copy_names(L, 2);
	takeover_owe(takeover, journal_owed_new(host, (const char *const *)nodes, text));
	return 0;
}

/* move:note(text): this was noticed, and is left as it is. */
static int l_note(lua_State *L)
{
	Takeover *takeover;
	const char *text;

	luaL_checkudata(L, 1, MOVE);
	text = luaL_checkstring(L, 2);
	takeover = takeover_of(L);
	takeover_note(takeover, g_strdup(text));
	return 0;
}

static void push_options(lua_State *L, const Takeover *takeover)
{
	GHashTableIter each;
	gpointer name, text;

	lua_newtable(L);
	g_hash_table_iter_init(&each, takeover->options);
	while (g_hash_table_iter_next(&each, &name, &text)) {
		if (*(const char *)text)
			lua_pushstring(L, text);
		else
			lua_pushboolean(L, TRUE);
		lua_setfield(L, -2, name);
	}
}

static void push_nodes(lua_State *L, const Takeover *takeover)
{
	if (takeover->batch)
		binding_push_strings(L, takeover->batch);
	else
		binding_push_vector(L, move_names(takeover->move));
}

/* Are the nodes that the object keeps, on top, those of the batch that is at work? */
static gboolean knows_batch(lua_State *L, const Takeover *takeover)
{
	gboolean same;

	lua_getfield(L, -1, "batch");
	same = lua_tointeger(L, -1) == takeover->batch_number;
	lua_pop(L, 1);
	return same;
}

/* Lists are made once, and kept with the object as long as they do not change. */
static int push_kept(lua_State *L, const char *field)
{
	const Takeover *takeover = takeover_of(L);
	gboolean nodes = g_str_equal(field, "nodes");

	lua_getiuservalue(L, 1, 1);
	if (!nodes || knows_batch(L, takeover)) {
		if (lua_getfield(L, -1, field) != LUA_TNIL)
			return 1;
		lua_pop(L, 1);
	}
	if (nodes) {
		lua_pushinteger(L, takeover->batch_number);
		lua_setfield(L, -2, "batch");
		push_nodes(L, takeover);
	} else {
		push_options(L, takeover);
	}
	lua_pushvalue(L, -1);
	lua_setfield(L, -3, field);
	return 1;
}

static void push_notes(lua_State *L)
{
	lua_newuserdatauv(L, 0, 0);
	luaL_setmetatable(L, NOTES);
}

static int move_index(lua_State *L)
{
	const char *field = luaL_checkstring(L, 2);
	Takeover *takeover = takeover_of(L);
	BindingContext *context = binding_context(L);

	lua_pushvalue(L, 2);
	if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL)
		return 1;
	if (g_str_equal(field, "nodes") || g_str_equal(field, "options"))
		return push_kept(L, field);
	if (g_str_equal(field, "mode"))
		lua_pushstring(L, takeover->mode);
	else if (g_str_equal(field, "attempt"))
		lua_pushstring(L, takeover->attempt);
	else if (g_str_equal(field, "outcome"))
		lua_pushstring(L, takeover->outcome);
	else if (g_str_equal(field, "planning"))
		lua_pushboolean(L, context->run && run_is_planning(context->run));
	else if (g_str_equal(field, "run") && takeover->number)
		lua_pushinteger(L, takeover->number);
	else if (g_str_equal(field, "run"))
		lua_pushnil(L);
	else if (g_str_equal(field, "notes"))
		push_notes(L);
	else
		return luaL_error(L, "move has no field '%s'", field);
	return 1;
}

static int move_newindex(lua_State *L)
{
	return luaL_error(L, "move.%s is read-only; move.notes takes what a later step needs",
			  luaL_tolstring(L, 2, NULL));
}

/* move.notes.NAME: a text, number or boolean, for later steps and hooks. */
static int notes_index(lua_State *L)
{
	const char *name = luaL_checkstring(L, 2);
	GVariant *value = g_hash_table_lookup(takeover_of(L)->notes, name);

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
	return 1;
}

/* The note is in the table of notes (NULL: it is taken away); now it is kept on disk. */
static int keep_note(lua_State *L, const char *name, GVariant *value)
{
	Run *run = binding_context(L)->run;
	GError *error = NULL;

	if (run && !run_note(run, name, value, &error))
		return binding_raise(L, error);
	return 0;
}

static int notes_newindex(lua_State *L)
{
	const char *name = luaL_checkstring(L, 2);
	GHashTable *notes = takeover_of(L)->notes;
	GVariant *value, *before = g_hash_table_lookup(notes, name);

	switch (lua_type(L, 3)) {
	case LUA_TNIL:
		g_hash_table_remove(notes, name);
		return before ? keep_note(L, name, NULL) : 0;
	case LUA_TBOOLEAN:
		value = g_variant_new_boolean(lua_toboolean(L, 3));
		break;
	case LUA_TNUMBER:
		value = lua_isinteger(L, 3) ? g_variant_new_int64(lua_tointeger(L, 3))
					    : g_variant_new_double(lua_tonumber(L, 3));
		break;
	case LUA_TSTRING:
		value = g_variant_new_bytestring(lua_tostring(L, 3));
		break;
	default:
		return luaL_error(L,
				  "move.notes.%s: a note is a text, a number or a boolean, and "
				  "not a %s",
				  name, luaL_typename(L, 3));
	}
	g_variant_ref_sink(value);
	if (before && g_variant_equal(before, value)) {
		g_variant_unref(value);
		return 0;
	}
	g_hash_table_insert(notes, g_strdup(name), value);
	return keep_note(L, name, value);
}

static const luaL_Reg methods[] = {
	{ "old", l_old }, { "new", l_new },   { "problem", l_problem }, { "refuse", l_refuse },
	{ "owe", l_owe }, { "note", l_note }, { NULL, NULL },
};

static void make_metatables(lua_State *L)
{
	if (luaL_newmetatable(L, MOVE)) {
		lua_newtable(L);
		lua_setfield(L, -2, "servers");
		luaL_newlib(L, methods);
		lua_pushcclosure(L, move_index, 1);
		lua_setfield(L, -2, "__index");
		lua_pushcfunction(L, move_newindex);
		lua_setfield(L, -2, "__newindex");
		lua_pushboolean(L, FALSE);
		lua_setfield(L, -2, "__metatable");
	}
	if (luaL_newmetatable(L, NOTES)) {
		lua_pushcfunction(L, notes_index);
		lua_setfield(L, -2, "__index");
		lua_pushcfunction(L, notes_newindex);
		lua_setfield(L, -2, "__newindex");
		lua_pushboolean(L, FALSE);
		lua_setfield(L, -2, "__metatable");
	}
	lua_pop(L, 2);
}

void bind_move(lua_State *L)
{
	make_metatables(L);
	lua_newuserdatauv(L, 0, 1);
	lua_newtable(L);
	lua_setiuservalue(L, -2, 1);
	luaL_setmetatable(L, MOVE);
}
