/* The steps of a procedure: said, joined, marked, and bent. */
#include "core/base.h"
#include "lua/bind/takeover.h"
#include "lua/runtime/binding.h"
#include "lua/runtime/take.h"
#include <string.h>

/*
 * Steps lie in the registry, a list of {name=, summary=, joined=, always=, batched=, run=}:
 * only the procedure that registered them in this state runs them.
 */
#define STEPS "snmove.steps"
/* Likewise: names of those that were taken out. */
#define REMOVED "snmove.removed"

static lua_Integer find_step(lua_State *L, int steps, const char *name)
{
	lua_Integer n = (lua_Integer)lua_rawlen(L, steps);

	for (lua_Integer i = 1; i <= n; i++) {
		gboolean same;

		lua_rawgeti(L, steps, i);
		lua_getfield(L, -1, "name");
		same = g_str_equal(lua_tostring(L, -1), name);
		lua_pop(L, 2);
		if (same)
			return i;
	}
	return 0;
}

/* Raises unless the argument is a function, or none. */
static void check_function(lua_State *L, int index)
{
	luaL_argexpected(L, lua_isnoneornil(L, index) || lua_isfunction(L, index), index,
			 "function");
}

/* Raises if a step cannot have this name, the first argument.  Leaves the list of steps on the
 * stack. */
static void check_new(lua_State *L, const char *name)
{
	luaL_argcheck(L, *name && strspn(name, "abcdefghijklmnopqrstuvwxyz_") == strlen(name),
		      1, "a step's name is of small letters");
	luaL_getsubtable(L, LUA_REGISTRYINDEX, STEPS);
	if (find_step(L, lua_gettop(L), name))
		luaL_error(L, "there is a step '%s' already", name);
}

/* Pushes a step whose name is at 1, its summary at `summary` and its function behind that. */
static void push_step(lua_State *L, int summary)
{
	lua_createtable(L, 0, 4);
	lua_pushvalue(L, 1);
	lua_setfield(L, -2, "name");
	lua_pushvalue(L, summary);
	lua_setfield(L, -2, "summary");
	lua_pushvalue(L, summary + 1);
	lua_setfield(L, -2, "run");
}

/* takeover.step(name, summary [, function(move) ... end]): without one it is there for hooks */
static int l_step(lua_State *L)
{
	Take *take = take_new(L, 3);
	const char *name = take_text(take, 1, NULL);

	(void)take_text(take, 2, NULL);
	check_function(L, 3);
	check_new(L, name);
	push_step(L, 2);
	lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
	return 0;
}

/* takeover.join(first, ..., last): steps whose rows are one commit, at the end of the last. */
static int l_join(lua_State *L)
{
	int n = lua_gettop(L);
	Take *take = take_new(L, n);
	int steps = n + 2;
	lua_Integer before = 0;

	luaL_argcheck(L, n >= 2, 2, "at least two steps are joined");
	luaL_getsubtable(L, LUA_REGISTRYINDEX, STEPS);
	for (int i = 1; i <= n; i++) {
		const char *name = take_text(take, i, NULL);
		lua_Integer step = find_step(L, steps, name);

		if (!step || (i > 1 && step != before + 1))
			return luaL_error(L, "'%s' is not a step right after the one before it",
					  name);
		before = step;
		lua_rawgeti(L, steps, step);
		lua_pushboolean(L, i < n);
		lua_setfield(L, -2, "joined");
		lua_pop(L, 1);
	}
	return 0;
}

/* Raises, with the name of `steps` that was probably meant. */
static void no_step(lua_State *L, int steps, const char *name)
{
	void **names = binding_box(L, g_free), **hint = binding_box(L, g_free);
	lua_Integer n = (lua_Integer)lua_rawlen(L, steps);
	const char **known;

	*names = known = g_new0(const char *, (gsize)n + 1);
	for (lua_Integer i = 1; i <= n; i++) {
		lua_rawgeti(L, steps, i);
		lua_getfield(L, -1, "name");
		known[i - 1] = lua_tostring(L, -1); /* the list keeps it */
		lua_pop(L, 2);
	}
	*hint = text_did_you_mean(name, known);
	luaL_error(L, "there is no step '%s'%s", name, (const char *)*hint);
}

/* The number of the step that is named at `index`; raises, with the name that was probably
 * meant, if there is none.  Leaves the list of steps on the stack. */
static lua_Integer check_step(lua_State *L, Take *take, int index)
{
	const char *name = take_text(take, index, NULL);
	lua_Integer step;

	luaL_getsubtable(L, LUA_REGISTRYINDEX, STEPS);
	step = find_step(L, lua_gettop(L), name);
	if (!step)
		no_step(L, lua_gettop(L), name);
	return step;
}

/* The steps that are named have `field` from now on. */
static int mark_steps(lua_State *L, const char *field)
{
	int n = lua_gettop(L);
	Take *take = take_new(L, n);

	for (int i = 1; i <= n; i++) {
		lua_Integer step = check_step(L, take, i);

		lua_rawgeti(L, -1, step);
		lua_pushboolean(L, TRUE);
		lua_setfield(L, -2, field);
		lua_pop(L, 2);
	}
	return 0;
}

/* takeover.always(name, ...): these run at every end, also after a refusal or a failure. */
static int l_always(lua_State *L)
{
	return mark_steps(L, "always");
}

/* takeover.batched(name, ...): the nodes go through these in batches, if --batch says so. */
static int l_batched(lua_State *L)
{
	return mark_steps(L, "batched");
}

/* takeover.select(step, columns, look): the step is for those nodes alone of which
 * look(values, old, new) is true, as of move:divide */
static int l_select(lua_State *L)
{
	Take *take = take_new(L, 3);
	lua_Integer step;
	guint n;

	(void)take_list(take, 2, NULL, &n);
	luaL_checktype(L, 3, LUA_TFUNCTION);
	step = check_step(L, take, 1);
	lua_rawgeti(L, -1, step);
	lua_pushvalue(L, 2);
	lua_setfield(L, -2, "columns");
	lua_pushvalue(L, 3);
	lua_setfield(L, -2, "select");
	return 0;
}

static gboolean is_joined(lua_State *L, int steps, lua_Integer step)
{
	gboolean joined;

	if (step < 1)
		return FALSE;
	lua_rawgeti(L, steps, step);
	lua_getfield(L, -1, "joined");
	joined = lua_toboolean(L, -1);
	lua_pop(L, 2);
	return joined;
}

/* takeover.replace(step, function [, summary]): this is what the step does; nil: nothing. */
static int l_replace(lua_State *L)
{
	Take *take = take_new(L, 3);
	lua_Integer step;

	check_function(L, 2);
	(void)take_text_or_null(take, 3);
	step = check_step(L, take, 1);
	lua_rawgeti(L, -1, step);
	lua_pushvalue(L, 2);
	lua_setfield(L, -2, "run");
	if (!lua_isnoneornil(L, 3)) {
		lua_pushvalue(L, 3);
		lua_setfield(L, -2, "summary");
	}
	return 0;
}

/* Raises if a place has another field, with the one that was probably meant. */
static void check_place(lua_State *L, Take *take, int index)
{
	static const char *const fields[] = { "before", "after", NULL };

	take_check_table(L, index, "the place");
	for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
		const char *name;
		void **hint;

		luaL_argcheck(L, lua_type(L, -2) == LUA_TSTRING, index,
			      "{ before = STEP } or { after = STEP } expected");
		name = take_text(take, -2, "a field of the place");
		if (g_strv_contains(fields, name))
			continue;
		hint = binding_box(L, g_free);
		*hint = text_did_you_mean(name, fields);
		luaL_error(L, "the place has no field '%s'%s", name, (const char *)*hint);
	}
}

/* Of {before = STEP} or {after = STEP}, at `index`: the place of a new step among `steps`. */
static lua_Integer place_of(lua_State *L, Take *take, int index)
{
	const char *before, *after;
	lua_Integer place;

	check_place(L, take, index);
	before = take_text_field(take, index, "the place", "before");
	after = take_text_field(take, index, "the place", "after");
	luaL_argcheck(L, !before != !after, index,
		      "{ before = STEP } or { after = STEP } expected");
	lua_pushstring(L, before ? before : after);
	lua_replace(L, index);
	place = check_step(L, take, index);
	lua_pop(L, 1);
	return before ? place : place + 1;
}

/* takeover.insert(name, place, summary [, function]): a step more, before or behind another.
 * Between joined ones it is joined as well. */
static int l_insert(lua_State *L)
{
	Take *take = take_new(L, 4);
	const char *name = take_text(take, 1, NULL);
	lua_Integer place, n;
	int steps;

	(void)take_text(take, 3, NULL);
	check_function(L, 4);
	place = place_of(L, take, 2);
	check_new(L, name);
	steps = lua_gettop(L);
	push_step(L, 3);
	lua_pushboolean(L, is_joined(L, steps, place - 1));
	lua_setfield(L, -2, "joined");
	n = (lua_Integer)lua_rawlen(L, steps);
	for (lua_Integer i = n; i >= place; i--) {
		lua_rawgeti(L, steps, i);
		lua_rawseti(L, steps, i + 1);
	}
	lua_rawseti(L, steps, place);
	return 0;
}

/* takeover.remove(step): the procedure has it no more, and hooks cannot name it. */
static int l_remove(lua_State *L)
{
	Take *take = take_new(L, 1);
	lua_Integer step = check_step(L, take, 1), n;
	int steps = lua_gettop(L);

	/* What was joined with it ends there now. */
	if (is_joined(L, steps, step - 1) && !is_joined(L, steps, step)) {
		lua_rawgeti(L, steps, step - 1);
		lua_pushboolean(L, FALSE);
		lua_setfield(L, -2, "joined");
		lua_pop(L, 1);
	}
	luaL_getsubtable(L, LUA_REGISTRYINDEX, REMOVED);
	lua_pushvalue(L, 1);
	lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
	n = (lua_Integer)lua_rawlen(L, steps);
	for (lua_Integer i = step; i <= n; i++) {
		lua_rawgeti(L, steps, i + 1);
		lua_rawseti(L, steps, i);
	}
	return 0;
}

static const luaL_Reg functions[] = {
	{ "step", l_step },	  { "join", l_join },	    { "always", l_always },
	{ "batched", l_batched }, { "replace", l_replace }, { "insert", l_insert },
	{ "remove", l_remove },	  { "select", l_select },   { NULL, NULL },
};

void bind_steps(lua_State *L)
{
	binding_add_functions(L, functions);
}

guint takeover_steps(lua_State *L)
{
	guint n;

	luaL_getsubtable(L, LUA_REGISTRYINDEX, STEPS);
	n = (guint)lua_rawlen(L, -1);
	lua_pop(L, 1);
	return n;
}

const char *takeover_removed(lua_State *L, guint number)
{
	const char *name = NULL;

	luaL_getsubtable(L, LUA_REGISTRYINDEX, REMOVED);
	if (lua_rawgeti(L, -1, (lua_Integer)number + 1) == LUA_TSTRING)
		name = g_intern_string(lua_tostring(L, -1));
	lua_pop(L, 2);
	return name;
}

void takeover_describe(lua_State *L, guint number, TakeoverStep *step)
{
	luaL_getsubtable(L, LUA_REGISTRYINDEX, STEPS);
	lua_rawgeti(L, -1, (lua_Integer)number + 1);
	step->name = binding_keep_field(L, "name");
	step->summary = binding_keep_field(L, "summary");
	lua_getfield(L, -1, "joined");
	step->joined = lua_toboolean(L, -1);
	lua_getfield(L, -2, "always");
	step->always = lua_toboolean(L, -1);
	lua_getfield(L, -3, "batched");
	step->batched = lua_toboolean(L, -1);
	lua_getfield(L, -4, "run");
	step->empty = lua_isnil(L, -1);
	lua_getfield(L, -5, "select");
	step->selects = !lua_isnil(L, -1);
	lua_pop(L, 7);
}

void takeover_push(lua_State *L, guint number)
{
	luaL_getsubtable(L, LUA_REGISTRYINDEX, STEPS);
	lua_rawgeti(L, -1, (lua_Integer)number + 1);
	lua_getfield(L, -1, "run");
	lua_replace(L, -3);
	lua_pop(L, 1);
}

void takeover_push_selected(lua_State *L, guint number)
{
	int steps;

	luaL_getsubtable(L, LUA_REGISTRYINDEX, STEPS);
	lua_rawgeti(L, -1, (lua_Integer)number + 1);
	steps = lua_gettop(L);
	bind_move(L);
	lua_getfield(L, -1, "divide");
	lua_insert(L, -2);
	lua_getfield(L, steps, "columns");
	lua_getfield(L, steps, "select");
	lua_call(L, 3, 1);
	lua_pushboolean(L, TRUE);
	lua_rawget(L, -2);
	lua_replace(L, steps - 1);
	lua_settop(L, steps - 1);
}
