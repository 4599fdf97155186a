/* The module `takeover`: with it a procedure says what its steps are. */
#include "lua/bind/takeover.h"
#include "core/base.h"
#include "lua/runtime/binding.h"
#include "lua/runtime/runtime.h"
#include "lua/runtime/source.h"
#include "lua/runtime/take.h"
#include <string.h>

/* The column that the secret is in, if none is named. */
static int secret_column(lua_State *L, const StoreTable *table, const char *name)
{
	static const char *const usual[] = { "password", "value", NULL };
	int column = name ? store_table_column(table, name) : -1;

	for (guint i = 0; !name && usual[i] && column < 0; i++)
		column = store_table_column(table, usual[i]);
	if (column < 0)
		luaL_error(L,
			   name ? "table '%s' has no column '%s'"
				: "table '%s' has neither a password nor a value: name the "
				  "column",
			   table->name, name);
	return column;
}

/*
 * takeover.secret(table, key [, column]) -> the value, masked wherever it would be shown or
 * kept; or nil, message.  Of several rows with the key the first one counts, as for xCAT.
 */
static int l_secret(lua_State *L)
{
	Take *take = take_new(L, 3);
	const char *name = take_text(take, 1, NULL), *key = take_text(take, 2, NULL);
	const char *wanted = take_text_or_null(take, 3);
	GError *error = NULL;
	const StoreTable *table = cluster_table(binding_cluster(L), name, &error);
	int column, disable;

	if (!table)
		return binding_raise(L, error);
	column = table->n_columns ? secret_column(L, table, wanted) : 0;
	disable = store_table_column(table, "disable");
	for (guint row = 0; table->n_columns && row < table->n_rows; row++) {
		const char *value = store_table_cell(table, row, column);

		if (g_strcmp0(store_table_cell(table, row, (int)table->keys[0]), key) != 0 ||
		    !value || !cluster_enabled(store_table_cell(table, row, disable)))
			continue;
		secret_add(take_format(take, "%s.%s", name, key), value);
		lua_pushstring(L, value);
		return 1;
	}
	lua_pushnil(L);
	lua_pushfstring(L, "table '%s' has no value for '%s'", name, key);
	return 2;
}

#define ALONE "snmove.alone"

/* takeover.alone(): no hooks go with this procedure */
static int l_alone(lua_State *L)
{
	lua_pushboolean(L, TRUE);
	lua_setfield(L, LUA_REGISTRYINDEX, ALONE);
	return 0;
}

gboolean takeover_is_alone(lua_State *L)
{
	gboolean alone;

	lua_getfield(L, LUA_REGISTRYINDEX, ALONE);
	alone = lua_toboolean(L, -1);
	lua_pop(L, 1);
	return alone;
}

/* takeover.own(service) -> the command of xCAT that the site has chosen for it, or nil */
static int l_own(lua_State *L)
{
	static const char *const services[] = { "dhcp", "boot", "console", "nodes", NULL };
	const Takeover *takeover;
	const char *service;
	Take *take;

	take = take_new(L, 1);
	service = take_text(take, 1, NULL);
	luaL_argcheck(L, g_strv_contains(services, service), 1,
		      "dhcp, boot, console or nodes expected");
	takeover = binding_context(L)->takeover;
	lua_pushstring(L, takeover ? g_hash_table_lookup(takeover->options,
							 take_format(take, "own.%s", service))
				   : NULL);
	return 1;
}

/* Calls the function at `index`; FALSE: its error is in `error`. */
static gboolean call_supposed(lua_State *L, int index, GError **error)
{
	lua_pushvalue(L, index);
	return binding_call(L, 0, 0, error);
}

/* takeover.suppose(change, look): rows that `change` sets are there while `look` looks, and
 * then they are as before */
static int l_suppose(lua_State *L)
{
	Run *run = binding_context(L)->run;
	GError *problem = NULL;

	luaL_checktype(L, 1, LUA_TFUNCTION);
	luaL_checktype(L, 2, LUA_TFUNCTION);
	if (!run)
		return luaL_error(L, "nothing can be supposed here: no run is open");
	if (!run_suppose(run, &problem))
		return binding_raise(L, problem);
	if (call_supposed(L, 1, &problem)) {
		run_forbid(run, "what is supposed is only looked at");
		(void)call_supposed(L, 2, &problem);
		run_forbid(run, NULL);
	}
	run_suppose_end(run);
	binding_check(L);
	return problem ? binding_raise(L, problem) : 0;
}

/* takeover.file(path) -> the text of a file beside the procedure, or in its folders */
static int l_file(lua_State *L)
{
	const char *path = take_text(take_new(L, 1), 1, NULL);
	void **box = binding_box(L, g_free), **text = binding_box(L, g_free);
	GError *error = NULL;

	*box = runtime_file(L, path);
	if (!*box)
		return luaL_error(L, "no file '%s' beside the procedure", path);
	*text = source_read(*box, TRUE, &error);
	if (!*text)
		return binding_raise(L, error);
	lua_pushstring(L, *text);
	return 1;
}

static const luaL_Reg functions[] = {
	{ "secret", l_secret }, { "suppose", l_suppose }, { "alone", l_alone },
	{ "file", l_file },	{ "own", l_own },	  { NULL, NULL },
};

int bind_takeover(lua_State *L)
{
	binding_functions(L, functions);
	bind_steps(L);
	bind_options(L);
	return 1;
}
