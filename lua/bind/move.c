/* The object `move` of steps and hooks: who goes from where to where, and what is asked. */
#include "core/base.h"
#include "lua/bind/divide.h"
#include "lua/bind/move.h"
#include "lua/runtime/binding.h"
#include "lua/runtime/take.h"
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
void move_push_server(lua_State *L, const MoveServer *server)
{
	Hosts *hosts = binding_context(L)->hosts;
	int servers = lua_gettop(L) + 1, key = servers + 1;

	luaL_getmetatable(L, MOVE);
	lua_getfield(L, -1, "servers");
	lua_replace(L, servers);
	lua_pushfstring(L, "%s\n%s", server->sn ? server->sn : "",
			server->snn ? server->snn : "");
	lua_pushvalue(L, key);
	if (lua_rawget(L, servers) != LUA_TTABLE) {
		lua_pop(L, 1);
		lua_createtable(L, 0, 3);
		lua_pushstring(L, server->sn);
		lua_setfield(L, -2, "sn");
		lua_pushstring(L, server->snn);
		lua_setfield(L, -2, "snn");
		lua_pushstring(L, server->snn ? hosts_address(hosts, server->snn, NULL) : NULL);
		lua_setfield(L, -2, "ip");
		lua_pushvalue(L, key);
		lua_pushvalue(L, -2);
		lua_rawset(L, servers);
	}
	lua_replace(L, servers);
	lua_settop(L, servers);
}

static const MoveNode *check_node(lua_State *L)
{
	const char *name;
	const MoveNode *node;

	luaL_checkudata(L, 1, MOVE);
	name = take_text(take_new(L, 2), 2, NULL);
	node = move_find(takeover_of(L)->move, name);
	if (!node)
		luaL_error(L, "'%s' is not one of the nodes that move", name);
	return node;
}

/* move:old(node) -> {sn=, snn=, ip=} */
static int l_old(lua_State *L)
{
	move_push_server(L, &check_node(L)->old);
	return 1;
}

/* move:new(node) -> {sn=, snn=, ip=} */
static int l_new(lua_State *L)
{
	move_push_server(L, &check_node(L)->new);
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

/* The nodes at `index`, a list or one name; NULL: none. */
static const char *const *take_nodes(Take *take, lua_State *L, int index, guint *n)
{
	*n = 0;
	return lua_isnoneornil(L, index) ? NULL : take_names(take, index, NULL, n);
}

/* move:refuse(message): the takeover ends here; it is no mistake of the script. */
static int l_refuse(lua_State *L)
{
	const char *message;

	luaL_checkudata(L, 1, MOVE);
	message = take_text(take_new(L, 2), 2, NULL);
	lua_pushstring(L, message);
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
	Take *take;
	const char *name, *seen, *wanted;
	const char *const *nodes;
	guint n;

	luaL_checkudata(L, 1, MOVE);
	take = take_new(L, 5);
	name = take_text(take, 2, NULL);
	nodes = take_nodes(take, L, 3, &n);
	seen = take_text(take, 4, NULL);
	wanted = take_text(take, 5, NULL);
	takeover = takeover_of(L);
	name = check_name(L, name);
	takeover_problem(takeover, name, nodes, seen, wanted);
	return 0;
}

/* move:owe(nodes, text [, host [, again [, mend]]]): this is left to do when the run has ended.
 */
static int l_owe(lua_State *L)
{
	Take *take;
	const char *text, *host, *mend;
	const char *const *nodes;
	JournalOwed *owed;
	guint n;

	luaL_checkudata(L, 1, MOVE);
	take = take_new(L, 6);
	nodes = take_nodes(take, L, 2, &n);
	text = take_text(take, 3, NULL);
	host = take_text_or_null(take, 4);
	mend = take_text_or_null(take, 6);
	owed = journal_owed_new(host, nodes, text);
	owed->mend = g_strdup(mend);
	if (lua_toboolean(L, 5))
		takeover_owe_again(takeover_of(L), owed);
	else
		takeover_owe(takeover_of(L), owed);
	return 0;
}

/* Reserved: no script's name has this byte. */
#define EMPTIED "\1emptied"

/* What was computed once for the move is kept with its notes, for a resume and an undo. */
static char **emptied_of(lua_State *L, Takeover *takeover, GError **error)
{
	const BindingContext *context = binding_context(L);
	GVariant *note = g_hash_table_lookup(takeover->notes, EMPTIED);
	g_autofree const char **emptied = NULL;
	char *joined;

	if (note)
		return g_strsplit(g_variant_get_bytestring(note), "\n", -1);
	emptied = move_emptied(takeover->move, context->cluster, context->hosts, error);
	if (!emptied)
		return NULL;
	joined = g_strjoinv("\n", (char **)emptied);
	note = g_variant_new_bytestring(joined);
	g_free(joined);
	if (takeover_set_note(takeover, EMPTIED, note) && context->run &&
	    !run_note(context->run, EMPTIED, note, error))
		return NULL;
	return g_strdupv((char **)emptied);
}

/* move:emptied() -> {service nodes that are left without a node} */
static int l_emptied(lua_State *L)
{
	GError *error = NULL;
	char **emptied;
	void **box;

	luaL_checkudata(L, 1, MOVE);
	binding_cluster(L);
	box = binding_box(L, (GDestroyNotify)g_strfreev);
	*box = emptied = emptied_of(L, takeover_of(L), &error);
	if (!emptied)
		return binding_raise(L, error);
	binding_push_vector(L, (const char *const *)emptied);
	return 1;
}

/* move:does(step) -> is the step part of this run? */
static int l_does(lua_State *L)
{
	const char *name;
	gpointer does;

	luaL_checkudata(L, 1, MOVE);
	name = take_text(take_new(L, 2), 2, NULL);
	if (!g_hash_table_lookup_extended(takeover_of(L)->steps, name, NULL, &does))
		return luaL_error(L, "there is no step '%s'", name);
	lua_pushboolean(L, GPOINTER_TO_INT(does));
	return 1;
}

/* move:note(text): this was noticed, and is left as it is. */
static int l_note(lua_State *L)
{
	const char *text;

	luaL_checkudata(L, 1, MOVE);
	text = take_text(take_new(L, 2), 2, NULL);
	takeover_note(takeover_of(L), g_strdup(text));
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

/* The nodes at work, and their servers; who was left out meanwhile is not there. */
static DivideNodes nodes_at_work(Take *take, const Takeover *takeover)
{
	const char *const *all = move_names(takeover->move);
	guint n = takeover->batch ? takeover->batch->len : move_count(takeover->move);
	const char **nodes = take_room(take, (n + 1) * sizeof(*nodes));
	const MoveNode **movers = take_room(take, (n + 1) * sizeof(*movers));
	DivideNodes divided = { .nodes = nodes, .movers = movers, .rest = 2 };

	for (guint i = 0; i < n; i++) {
		const char *name = takeover->batch ? takeover->batch->pdata[i] : all[i];
		const MoveNode *mover = move_find(takeover->move, name);

		if (!mover)
			continue;
		nodes[divided.n_nodes] = mover->name;
		movers[divided.n_nodes++] = mover;
	}
	return divided;
}

/* The same, and where the script has their names. */
static DivideNodes listed_nodes(lua_State *L, Take *take)
{
	DivideNodes divided = nodes_at_work(take, takeover_of(L));

	push_kept(L, "nodes");
	if (lua_rawlen(L, -1) == divided.n_nodes) /* else some were left out */
		divided.list = lua_gettop(L);
	return divided;
}

/* Have they the same service nodes? */
static gboolean same_servers(const MoveNode *a, const MoveNode *b)
{
	return g_strcmp0(a->old.sn, b->old.sn) == 0 && g_strcmp0(a->old.snn, b->old.snn) == 0 &&
	       g_strcmp0(a->new.sn, b->new.sn) == 0 && g_strcmp0(a->new.snn, b->new.snn) == 0;
}

/* The group of a node, on top; pairs of servers are few.  Makes it if there is none yet. */
static void push_group(lua_State *L, int groups, const MoveNode *node, GPtrArray *firsts)
{
	for (guint i = 0; i < firsts->len; i++)
		if (same_servers(firsts->pdata[i], node)) {
			lua_rawgeti(L, groups, (lua_Integer)i + 1);
			return;
		}
	lua_createtable(L, 0, 3);
	move_push_server(L, &node->old);
	lua_setfield(L, -2, "old");
	move_push_server(L, &node->new);
	lua_setfield(L, -2, "new");
	lua_newtable(L);
	lua_setfield(L, -2, "nodes");
	lua_pushvalue(L, -1);
	lua_rawseti(L, groups, (lua_Integer)firsts->len + 1);
	g_ptr_array_add(firsts, (gpointer)node);
}

/* move:groups() -> {{old=, new=, nodes=}, ...}: the nodes at work by their servers */
static int l_groups(lua_State *L)
{
	DivideNodes divided;
	GPtrArray *firsts;
	void **box;
	int groups;
	lua_Unsigned length = 0; /* of the list on top, which the last node is in */

	luaL_checkudata(L, 1, MOVE);
	divided = listed_nodes(L, take_new(L, 1));
	box = binding_box(L, (GDestroyNotify)g_ptr_array_unref);
	*box = firsts = g_ptr_array_new();
	lua_newtable(L);
	groups = lua_gettop(L);
	for (guint i = 0; i < divided.n_nodes; i++) {
		const MoveNode *node = divided.movers[i];

		if (i == 0 || !same_servers(node, divided.movers[i - 1])) {
			lua_settop(L, groups);
			push_group(L, groups, node, firsts);
			lua_getfield(L, -1, "nodes");
			length = lua_rawlen(L, -1);
		}
		divide_push_node(L, &divided, i);
		lua_rawseti(L, -2, (lua_Integer)++length);
	}
	lua_settop(L, groups);
	return 1;
}

/* move:divide(columns, look [, options]): as cluster.divide, of the nodes at work, and
 * look(values, old, new) */
static int l_divide(lua_State *L)
{
	DivideNodes divided;
	Take *take;

	luaL_checkudata(L, 1, MOVE);
	take = take_new(L, 4);
	divided = listed_nodes(L, take);
	return divide_nodes(L, take, &divided);
}

/* move:set(columns, look): changes of the nodes at work, to what look(values, old, new) says of
 * those that are alike: {column = text, or false to take it away} */
static int l_set(lua_State *L)
{
	DivideNodes divided;
	Take *take;

	luaL_checkudata(L, 1, MOVE);
	lua_settop(L, 3);
	take = take_new(L, 4); /* the options of move:divide are none here */
	divided = nodes_at_work(take, takeover_of(L));
	return divide_set(L, take, &divided);
}

static void push_notes(lua_State *L)
{
	lua_newuserdatauv(L, 0, 0);
	luaL_setmetatable(L, NOTES);
}

static int move_index(lua_State *L)
{
	BindingContext *context = binding_context(L);
	Takeover *takeover;
	const char *field;

	takeover = takeover_of(L);
	field = take_text(take_new(L, 2), 2, NULL);
	lua_pushvalue(L, 2);
	if (lua_rawget(L, lua_upvalueindex(2)) != LUA_TNIL)
		return 1;
	if (g_str_equal(field, "nodes") || g_str_equal(field, "options"))
		return push_kept(L, field);
	if (g_str_equal(field, "mode"))
		lua_pushstring(L, takeover->mode);
	else if (g_str_equal(field, "attempt"))
		lua_pushstring(L, takeover->attempt);
	else if (g_str_equal(field, "outcome"))
		lua_pushstring(L, takeover->outcome);
	else if (g_str_equal(field, "undone") && takeover->undone)
		binding_push_strings(L, takeover->undone);
	else if (g_str_equal(field, "undone"))
		lua_pushnil(L);
	else if (g_str_equal(field, "planning"))
		lua_pushboolean(L, context->run && run_is_planning(context->run));
	else if (g_str_equal(field, "run") && takeover->number)
		lua_pushinteger(L, takeover->number);
	else if (g_str_equal(field, "run"))
		lua_pushnil(L);
	else if (g_str_equal(field, "notes"))
		push_notes(L);
	else if (g_str_equal(field, "settings"))
		luaL_getsubtable(L, LUA_REGISTRYINDEX, BIND_SETTINGS);
	else
		return luaL_error(L, "move has no field '%s'", field);
	return 1;
}

static int move_newindex(lua_State *L)
{
	return luaL_error(L, "move.%s is read-only; move.notes takes what a later step needs",
			  take_text(take_new(L, 3), 2, NULL));
}

/* move.notes.NAME: a text, number or boolean, for later steps and hooks. */
static int notes_index(lua_State *L)
{
	const char *name;
	GVariant *value;

	name = take_text(take_new(L, 2), 2, NULL);
	value = g_hash_table_lookup(takeover_of(L)->notes, name);
	take_push_variant(L, value);
	return 1;
}

/* The value at 3 as it is kept; NULL: nil. */
static GVariant *take_note(lua_State *L, Take *take, const char *name)
{
	switch (lua_type(L, 3)) {
	case LUA_TNIL:
		return NULL;
	case LUA_TBOOLEAN:
		return g_variant_new_boolean(lua_toboolean(L, 3));
	case LUA_TNUMBER:
		return lua_isinteger(L, 3) ? g_variant_new_int64(lua_tointeger(L, 3))
					   : g_variant_new_double(lua_tonumber(L, 3));
	case LUA_TSTRING:
		return g_variant_new_bytestring(take_text(take, 3, "a note"));
	default:
		luaL_error(L,
			   "move.notes.%s: a note is a text, a number or a boolean, and not "
			   "a %s",
			   name, luaL_typename(L, 3));
		return NULL;
	}
}

/* Set, it is kept on disk when this returns. */
static int notes_newindex(lua_State *L)
{
	Run *run = binding_context(L)->run;
	const char *name;
	GVariant *value;
	Take *take;
	GError *error = NULL;

	take = take_new(L, 3);
	name = take_text(take, 2, NULL);
	(void)takeover_of(L);
	value = take_note(L, take, name);
	if (takeover_set_note(takeover_of(L), name, value) && run &&
	    !run_note(run, name, value, &error))
		return binding_raise(L, error);
	return 0;
}

static const luaL_Reg methods[] = {
	{ "old", l_old },	  { "new", l_new },	  { "problem", l_problem },
	{ "refuse", l_refuse },	  { "owe", l_owe },	  { "note", l_note },
	{ "groups", l_groups },	  { "divide", l_divide }, { "set", l_set },
	{ "emptied", l_emptied }, { "does", l_does },	  { NULL, NULL },
};

static const luaL_Reg of_move[] = { { "index", move_index }, { "newindex", move_newindex } };
static const luaL_Reg of_notes[] = { { "index", notes_index }, { "newindex", notes_newindex } };

static void make_metatables(lua_State *L)
{
	if (luaL_newmetatable(L, MOVE)) {
		lua_newtable(L);
		lua_setfield(L, -2, "servers");
		binding_functions(L, methods);
		binding_push(L, &of_move[0], 1);
		lua_setfield(L, -2, "__index");
		binding_push(L, &of_move[1], 0);
		lua_setfield(L, -2, "__newindex");
		lua_pushboolean(L, FALSE);
		lua_setfield(L, -2, "__metatable");
	}
	if (luaL_newmetatable(L, NOTES)) {
		binding_push(L, &of_notes[0], 0);
		lua_setfield(L, -2, "__index");
		binding_push(L, &of_notes[1], 0);
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
