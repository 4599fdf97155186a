#include "lua/bind/remote_call.h"
#include "core/base.h"
#include "lua/runtime/runtime.h"
#include "lua/terminal/interrupt.h"
#include <math.h>
#include <string.h>

#define CALL 7 /* on the stack, behind the arguments, what is taken, and two boxes */

static void call_free(gpointer data)
{
	RemoteCall *call = data;

	g_array_unref(call->hosts);
	g_clear_pointer(&call->results, g_ptr_array_unref);
	g_free(call->changed);
	g_free(call->each);
	g_free(call);
}

Run *remote_call_run(lua_State *L)
{
	Run *run = binding_context(L)->run;

	if (!run || !binding_context(L)->remote)
		luaL_error(L, "no host can be reached here: no run is open");
	return run;
}

/* Asking needs no run: without one it is asked by one of its own, that nobody keeps. */
Run *remote_call_asking_run(lua_State *L)
{
	BindingContext *context = binding_context(L);
	Run *run = context->run;
	void **box;

	if (!context->remote)
		luaL_error(L, "no host can be reached here");
	if (run)
		return run;
	box = binding_box(L, (GDestroyNotify)run_free);
	*box = run = run_new(binding_cluster(L), FALSE);
	run_reach(run, context->remote, NULL, &context->limits);
	run_serve(run, context->services);
	return run;
}

static void add_host(RemoteCall *call, GHashTable *seen, const char *host)
{
	RunHost one = { .name = host };

	if (g_hash_table_add(seen, (gpointer)host))
		g_array_append_val(call->hosts, one);
}

/* Whoever gives the command first and then the hosts would have it run somewhere. */
static void check_order(lua_State *L)
{
	const char *name = lua_type(L, 1) == LUA_TSTRING ? lua_tostring(L, 1) : "";

	if (lua_istable(L, 2) && strpbrk(name, " \t\n/;|&$'\""))
		luaL_error(L,
			   "'%s' is no name of a host: the hosts come first, then the command",
			   name);
}

void remote_call_hosts(lua_State *L, RemoteCall *call)
{
	guint n;
	const char *const *hosts = take_names(call->take, 1, NULL, &n);
	GHashTable *seen;
	void **box;

	check_order(L);
	box = binding_box(L, (GDestroyNotify)g_hash_table_unref);
	*box = seen = g_hash_table_new(g_str_hash, g_str_equal);
	for (guint i = 0; i < n; i++)
		add_host(call, seen, hosts[i]);
}

const char *remote_call_lend(lua_State *L, char *text)
{
	void **lent = ((RemoteCall *)lua_touserdata(L, CALL))->lent;

	g_free(*lent);
	*lent = text;
	return text;
}

/* Each host's change is known by the text, too. */
void remote_call_afford(lua_State *L, const RemoteCall *call, const char *command)
{
	binding_afford(L, (gsize)call->hosts->len * (strlen(command) + 1));
}

const char *remote_call_text(lua_State *L, const char *name)
{
	return take_text_field(remote_call_take(L), 3, "option", name);
}

gboolean remote_call_flag(lua_State *L, const char *name)
{
	return take_flag_field(remote_call_take(L), 3, name);
}

void remote_call_number(lua_State *L, const char *name, double factor, double most,
			guint *value)
{
	if (take_field(L, 3, name) != LUA_TNIL) {
		int is_number;
		double number = lua_tonumberx(L, -1, &is_number) * factor;

		if (!is_number)
			luaL_error(L, "option '%s' is a number, and not a %s", name,
				   luaL_typename(L, -1));
		if (!isfinite(number) || number < 1 || number > most)
			luaL_error(L, "option '%s' is out of range", name);
		*value = (guint)number;
	}
	lua_pop(L, 1);
}

void remote_call_limits(lua_State *L, RemoteCall *call)
{
	RemoteLimits *limits = &call->command.limits;

	remote_call_number(L, "timeout", 1000, REMOTE_SECONDS_MOST * 1000.0, &limits->time);
	remote_call_number(L, "fanout", 1, REMOTE_FANOUT_MOST, &limits->fanout);
}

void remote_call_check(lua_State *L, const char *const *names)
{
	for (lua_pushnil(L); lua_next(L, 3); lua_pop(L, 1)) {
		const char *name;

		if (lua_type(L, -2) != LUA_TSTRING)
			luaL_error(L, "an option has a name, and one here is a %s",
				   luaL_typename(L, -2));
		name = take_text(remote_call_take(L), -2, "the name of an option");
		if (!g_strv_contains(names, name))
			luaL_error(L, "no option is named '%s'", name);
	}
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
	return cluster_first(cluster, list);
}

void remote_call_vias(lua_State *L, RemoteCall *call)
{
	static const char *const ways[] = { "auto", "direct", "sn", NULL };
	int way;

	take_field(L, 3, "via");
	way = take_choice(remote_call_take(L), -1, "option 'via'", ways, "auto");
	lua_pop(L, 1);
	for (guint i = 0; i < call->hosts->len; i++) {
		RunHost *host = remote_call_host(call, i);

		if (i > 0 && g_str_equal(host->name, host[-1].name))
			host->via = host[-1].via;
		else if (way == 2 || (way == 0 && !remote_has_route(binding_context(L)->remote,
								    host->name)))
			host->via = service_node(L, host->name);
	}
}

void remote_call_nodes(lua_State *L, RemoteCall *call)
{
	const Takeover *takeover = binding_context(L)->takeover;
	const char *node = NULL;
	guint n = 0;

	if (take_field(L, 3, "nodes") != LUA_TNIL) {
		const char *const *nodes =
			take_list(remote_call_take(L), -1, "option 'nodes'", &n);

		node = n == 1 ? nodes[0] : NULL;
	}
	lua_pop(L, 1);
	for (guint i = 0; i < call->hosts->len; i++) {
		RunHost *host = remote_call_host(call, i);
		gboolean moved = takeover && move_find(takeover->move, host->name);

		host->node = n == 0 && moved ? host->name : node;
	}
}

RemoteCall *remote_call_new(lua_State *L)
{
	RemoteCall *call;
	Take *take;
	void **box;

	if (binding_context(L)->visiting)
		luaL_error(L,
			   "the function of remote.edit asks nobody: ask before, and use what "
			   "was said");
	lua_settop(L, 3);
	if (lua_isnil(L, 3)) {
		lua_newtable(L);
		lua_replace(L, 3);
	}
	take_check_table(L, 3, NULL);
	take = take_new(L, 3);
	box = binding_box(L, call_free);
	*box = call = g_new0(RemoteCall, 1);
	call->hosts = g_array_new(FALSE, FALSE, sizeof(RunHost));
	call->take = take;
	call->command.limits = binding_context(L)->limits;
	call->lent = binding_box(L, g_free);
	lua_pushlightuserdata(L, call);
	return call;
}

Take *remote_call_take(lua_State *L)
{
	return ((RemoteCall *)lua_touserdata(L, CALL))->take;
}

static gboolean is_ok(const RemoteCall *call, guint i)
{
	const RemoteResult *result = remote_call_result(call, i);

	return result->error == REMOTE_OK &&
	       run_accepts(call->each ? call->each[i] : &call->command, result->status);
}

/* Those of lua/api/remote.lua and services.lua: whatever else is read was meant to be one of
 * these, and nil would read like "all is well". */
static void check_field(lua_State *L, const char *field)
{
	static const char *const known[] = { "status",	 "stdout",   "stderr",	"ok",
					     "error",	 "message",  "host",	"node",
					     "changed",	 "absent",   "lost",	"planned",
					     "offers",	 "unprobed", "fetched", "transport",
					     "left_out", "text",     "nodes",	NULL };

	if (!g_strv_contains(known, field))
		luaL_error(L,
			   "a result has no field '%s': it has status, stdout, stderr, ok, "
			   "error, message and others (snmove-hooks(5))",
			   field);
}

static int result_index(lua_State *L)
{
	if (lua_type(L, 2) == LUA_TSTRING)
		check_field(L, lua_tostring(L, 2));
	lua_pushnil(L);
	return 1;
}

#define RESULT "snmove.result"

static void guide_one(lua_State *L)
{
	static const luaL_Reg index = { "index", result_index };

	if (luaL_newmetatable(L, RESULT)) {
		binding_push(L, &index, 0);
		lua_setfield(L, -2, "__index");
		lua_pushboolean(L, FALSE);
		lua_setfield(L, -2, "__metatable");
	}
	lua_setmetatable(L, -2);
}

/* Reading a planned result: what is changed from now on depends on it.  How many files are
 * changed was really seen; and who only looks whether all is well goes on as planned. */
static int planned_index(lua_State *L)
{
	static const char *const harmless[] = { "planned", "changed", "ok", "host",
						"node",	   "absent",  NULL };
	Run *run = binding_context(L)->run;
	const char *field = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : NULL;

	if (field)
		check_field(L, field);
	if (run && field && !g_strv_contains(harmless, field))
		run_looked(run);
	lua_pushvalue(L, 2);
	lua_rawget(L, lua_upvalueindex(2));
	return 1;
}

static void set_text(lua_State *L, const char *name, const char *text)
{
	if (!text)
		return;
	lua_pushstring(L, text);
	lua_setfield(L, -2, name);
}

static void push_result(lua_State *L, const RemoteCall *call, guint number)
{
	static const luaL_Reg of_planned = { "index", planned_index };
	const RemoteResult *result = remote_call_result(call, number);
	const guint *changed = call->changed ? &call->changed[number] : NULL;
	gboolean planned = call->plans;
	lua_Integer lost = (lua_Integer)result->out_lost + (lua_Integer)result->err_lost;

	lua_createtable(L, 0, 10);
	lua_pushboolean(L, is_ok(call, number));
	lua_setfield(L, -2, "ok");
	if (call->is_list) {
		set_text(L, "host", remote_call_host(call, number)->name);
		set_text(L, "node", remote_call_host(call, number)->node);
	}
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
	if (!planned) {
		guide_one(L);
		return;
	}
	lua_pushboolean(L, TRUE);
	lua_setfield(L, -2, "planned");
	/* An empty table before the full one, so that a look is seen. */
	lua_newtable(L);
	lua_createtable(L, 0, 2);
	lua_pushvalue(L, -3);
	binding_push(L, &of_planned, 1);
	lua_setfield(L, -2, "__index");
	lua_pushboolean(L, FALSE);
	lua_setfield(L, -2, "__metatable");
	lua_setmetatable(L, -2);
	lua_replace(L, -2);
}

/* Results are by host: who forgets that gets nil, which reads like "all is well". */
static int results_index(lua_State *L)
{
	static const char *const fields[] = { "ok",	 "status",  "stdout",
					      "stderr",	 "error",   "message",
					      "changed", "planned", NULL };
	const char *field = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : NULL;

	if (field && g_strv_contains(fields, field))
		return luaL_error(L,
				  "results are by host: results[host].%s, and not results.%s",
				  field, field);
	lua_pushnil(L);
	return 1;
}

#define RESULTS "snmove.results"

static void guide(lua_State *L)
{
	static const luaL_Reg index = { "index", results_index };

	if (luaL_newmetatable(L, RESULTS)) {
		binding_push(L, &index, 0);
		lua_setfield(L, -2, "__index");
		lua_pushboolean(L, FALSE);
		lua_setfield(L, -2, "__metatable");
	}
	lua_setmetatable(L, -2);
}

int remote_call_push(lua_State *L, const RemoteCall *call)
{
	luaL_checkstack(L, 10, NULL);
	lua_createtable(L, call->is_list ? (int)call->hosts->len : 0,
			call->is_list ? 0 : (int)call->hosts->len);
	for (guint i = 0; i < call->hosts->len; i++) {
		push_result(L, call, i);
		if (call->is_list)
			lua_rawseti(L, -2, (lua_Integer)i + 1);
		else
			lua_setfield(L, -2, remote_call_host(call, i)->name);
	}
	if (!call->is_list)
		guide(L);
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

const RunCommand *remote_call_request(RemoteCall *call)
{
	call->command.hosts = (const RunHost *)call->hosts->data;
	call->command.n = call->hosts->len;
	call->command.each = call->each;
	return &call->command;
}

void remote_call_ask(lua_State *L, Run *run, RemoteCall *call)
{
	GError *error = NULL;

	runtime_pause(L);
	call->results = run_query(run, remote_call_request(call), &error);
	runtime_go_on(L);
	if (!call->results)
		binding_raise(L, error);
	remote_call_unknown_keys(binding_context(L), call);
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
