#include "lua/bind/remote_call.h"
#include "core/base.h"
#include "lua/terminal/interrupt.h"
#include <math.h>
#include <string.h>

static void call_free(gpointer data)
{
	RemoteCall *call = data;

	g_array_unref(call->hosts);
	g_ptr_array_unref(call->environment);
	g_clear_pointer(&call->results, g_ptr_array_unref);
	g_free(call->changed);
	g_free(call->command);
	g_free(call);
}

Run *remote_call_run(lua_State *L)
{
	Run *run = binding_context(L)->run;

	if (!run || !binding_context(L)->remote)
		luaL_error(L, "no host can be reached here: no run is open");
	return run;
}

static void add_host(RemoteCall *call, GHashTable *seen, const char *host)
{
	RunHost one = { .name = host };

	if (g_hash_table_add(seen, (gpointer)host))
		g_array_append_val(call->hosts, one);
}

void remote_call_hosts(lua_State *L, RemoteCall *call)
{
	void **box = binding_box(L, (GDestroyNotify)g_hash_table_unref);
	GHashTable *seen = g_hash_table_new(g_str_hash, g_str_equal);
	const char *const *hosts;
	guint n;

	*box = seen;
	if (lua_type(L, 1) == LUA_TSTRING) {
		add_host(call, seen, lua_tostring(L, 1));
		return;
	}
	hosts = binding_strings(L, 1, &n);
	for (guint i = 0; i < n; i++)
		add_host(call, seen, hosts[i]);
}

char *remote_call_shell(lua_State *L, int index)
{
	guint n;
	const char *const *words;

	if (lua_type(L, index) == LUA_TSTRING)
		return g_strdup(lua_tostring(L, index));
	words = binding_strings(L, index, &n);
	luaL_argcheck(L, n > 0, index, "a command expected");
	return remote_words(words);
}

const char *remote_call_text(lua_State *L, const char *name)
{
	const char *text = NULL;

	if (lua_getfield(L, 3, name) != LUA_TNIL) {
		if (lua_type(L, -1) != LUA_TSTRING)
			luaL_error(L, "option '%s' is a text, and not a %s", name,
				   luaL_typename(L, -1));
		text = lua_tostring(L, -1); /* the table keeps it */
	}
	lua_pop(L, 1);
	return text;
}

gboolean remote_call_flag(lua_State *L, const char *name)
{
	gboolean flag;

	lua_getfield(L, 3, name);
	flag = lua_toboolean(L, -1);
	lua_pop(L, 1);
	return flag;
}

void remote_call_number(lua_State *L, const char *name, double factor, double most,
			guint *value)
{
	if (lua_getfield(L, 3, name) != LUA_TNIL) {
		double number = luaL_checknumber(L, -1) * factor;

		if (!isfinite(number) || number < 1 || number > most)
			luaL_error(L, "option '%s' is out of range", name);
		*value = (guint)number;
	}
	lua_pop(L, 1);
}

void remote_call_check(lua_State *L, const char *const *names)
{
	for (lua_pushnil(L); lua_next(L, 3); lua_pop(L, 1))
		if (lua_type(L, -2) != LUA_TSTRING ||
		    !g_strv_contains(names, lua_tostring(L, -2)))
			luaL_error(L, "no option is named '%s'", luaL_tolstring(L, -2, NULL));
}

/*
 * The service node of a node as the tables have it now: the first in its list.  Before the
 * rows are written it is the old one, after it the new one.
 */
static const char *service_node(lua_State *L, const char *node)
{
	Cluster *cluster = binding_cluster(L);
	const char *list;

	if (!cluster_node(cluster, node))
		return NULL;
	list = cluster_attribute(cluster, node, "noderes", "servicenode", NULL);
	if (!list || !*list)
		return NULL;
	lua_pushlstring(L, list, strcspn(list, ","));
	list = cluster_keep(cluster, lua_tostring(L, -1));
	lua_pop(L, 1);
	return list;
}

void remote_call_vias(lua_State *L, RemoteCall *call)
{
	static const char *const ways[] = { "auto", "direct", "sn", NULL };
	int way;

	lua_getfield(L, 3, "via");
	way = luaL_checkoption(L, -1, "auto", ways);
	lua_pop(L, 1);
	for (guint i = 0; i < call->hosts->len; i++) {
		RunHost *host = remote_call_host(call, i);

		if (way == 2 ||
		    (way == 0 && !remote_has_route(binding_context(L)->remote, host->name)))
			host->via = service_node(L, host->name);
	}
}

void remote_call_nodes(lua_State *L, RemoteCall *call)
{
	const Takeover *takeover = binding_context(L)->takeover;
	const char *node = NULL;
	guint n = 0;

	if (lua_getfield(L, 3, "nodes") != LUA_TNIL) {
		const char *const *nodes = binding_strings(L, lua_gettop(L), &n);

		node = n == 1 ? nodes[0] : NULL;
	}
	for (guint i = 0; i < call->hosts->len; i++) {
		RunHost *host = remote_call_host(call, i);
		gboolean moved = takeover && move_find(takeover->move, host->name);

		host->node = n == 0 && moved ? host->name : node;
	}
}

RemoteCall *remote_call_new(lua_State *L)
{
	RemoteCall *call;
	void **box;

	if (lua_gettop(L) < 3)
		lua_settop(L, 3);
	if (lua_isnil(L, 3)) {
		lua_newtable(L);
		lua_copy(L, -1, 3);
	}
	luaL_checktype(L, 3, LUA_TTABLE);
	box = binding_box(L, call_free);
	*box = call = g_new0(RemoteCall, 1);
	call->hosts = g_array_new(FALSE, FALSE, sizeof(RunHost));
	call->environment = g_ptr_array_new_with_free_func(g_free);
	return call;
}

/* Reading a planned result: what is changed from now on depends on it.  How many files are
 * changed was really seen. */
static int planned_index(lua_State *L)
{
	Run *run = binding_context(L)->run;
	const char *field = lua_tostring(L, 2);

	if (run && field && !g_str_equal(field, "planned") && !g_str_equal(field, "changed"))
		run_looked(run);
	lua_pushvalue(L, 2);
	lua_rawget(L, lua_upvalueindex(1));
	return 1;
}

static void set_text(lua_State *L, const char *name, const char *text)
{
	if (!text)
		return;
	lua_pushstring(L, text);
	lua_setfield(L, -2, name);
}

static void push_result(lua_State *L, const RemoteResult *result, gboolean planned,
			const guint *changed)
{
	lua_Integer lost = (lua_Integer)result->out_lost + (lua_Integer)result->err_lost;

	lua_createtable(L, 0, 8);
	if (result->status >= 0) {
		lua_pushinteger(L, result->status);
		lua_setfield(L, -2, "status");
	}
	lua_pushlstring(L, result->out->str, result->out->len);
	lua_setfield(L, -2, "stdout");
	lua_pushlstring(L, result->err->str, result->err->len);
	lua_setfield(L, -2, "stderr");
	if (lost > 0) {
		lua_pushinteger(L, lost);
		lua_setfield(L, -2, "lost");
	}
	if (changed) {
		lua_pushinteger(L, *changed);
		lua_setfield(L, -2, "changed");
	}
	set_text(L, "error", remote_error_name(result->error));
	set_text(L, "message", result->message);
	set_text(L, "transport", result->transport);
	if (!planned)
		return;
	lua_pushboolean(L, TRUE);
	lua_setfield(L, -2, "planned");
	/* An empty table before the full one, so that a look is seen. */
	lua_newtable(L);
	lua_createtable(L, 0, 2);
	lua_pushvalue(L, -3);
	lua_pushcclosure(L, planned_index, 1);
	lua_setfield(L, -2, "__index");
	lua_pushboolean(L, FALSE);
	lua_setfield(L, -2, "__metatable");
	lua_setmetatable(L, -2);
	lua_replace(L, -2);
}

int remote_call_push(lua_State *L, const RemoteCall *call)
{
	luaL_checkstack(L, 8, NULL);
	lua_createtable(L, 0, (int)call->hosts->len);
	for (guint i = 0; i < call->hosts->len; i++) {
		lua_pushstring(L, remote_call_host(call, i)->name);
		push_result(L, remote_call_result(call, i), call->plans,
			    call->changed ? &call->changed[i] : NULL);
		lua_rawset(L, -3);
	}
	return 1;
}

void remote_call_unknown_keys(const BindingContext *context, const RemoteCall *call)
{
	g_autoptr(GPtrArray) hosts = g_ptr_array_new();

	for (guint i = 0; i < call->hosts->len; i++)
		if (remote_call_result(call, i)->error == REMOTE_KEY_UNKNOWN)
			g_ptr_array_add(hosts, (gpointer)remote_call_host(call, i)->name);
	if (hosts->len > 0 && context->on_unknown_keys)
		context->on_unknown_keys(hosts);
}

static gboolean was_stopped(const RemoteCall *call)
{
	for (guint i = 0; i < call->results->len; i++)
		if (remote_call_result(call, i)->error == REMOTE_STOPPED)
			return TRUE;
	return FALSE;
}

int remote_call_finish(lua_State *L, RemoteCall *call)
{
	const BindingContext *context = binding_context(L);

	remote_call_unknown_keys(context, call);
	if (was_stopped(call))
		return luaL_error(L, "not all hosts were begun: %s",
				  interrupt_asked()
					  ? "the run was asked to stop"
					  : "as many nodes have failed as --max-fail allows");
	return remote_call_push(L, call);
}
