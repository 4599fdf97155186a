/* The Lua face of run's commands: hosts in, results out. */
#include "lua/binding.h"
#include "lua/interrupt.h"
#include "lua/runtime.h"
#include <math.h>
#include <string.h>

#define RESULTS "snmove.planned results"

/* What a call of a script is made of; lies in a box. */
typedef struct {
	GPtrArray *hosts; /* each once; their texts are on the stack of the call */
	GPtrArray *vias, *nodes;
	GPtrArray *environment;
	char *command;
	GPtrArray *results;
	gboolean plans;
} Call;

static void call_free(gpointer data)
{
	Call *call = data;

	g_ptr_array_unref(call->hosts);
	g_ptr_array_unref(call->vias);
	g_ptr_array_unref(call->nodes);
	g_ptr_array_unref(call->environment);
	g_clear_pointer(&call->results, g_ptr_array_unref);
	g_free(call->command);
	g_free(call);
}

static Run *run_of(lua_State *L)
{
	Run *run = binding_context(L)->run;

	if (!run || !binding_context(L)->remote)
		luaL_error(L, "no host can be reached here: no run is open");
	return run;
}

/* Asking needs no run: without one it is asked by one of its own, that nobody keeps. */
static Run *asking_run(lua_State *L)
{
	BindingContext *context = binding_context(L);
	Run *run = context->run;
	void **box;

	if (!context->remote)
		luaL_error(L, "no host can be reached here");
	if (run)
		return run;
	lua_settop(L, 3);
	box = binding_box(L, (GDestroyNotify)run_free);
	*box = run = run_new(binding_cluster(L), FALSE);
	run_reach(run, context->remote, NULL, &context->limits);
	return run;
}

static void add_host(Call *call, GHashTable *seen, const char *host)
{
	if (g_hash_table_add(seen, (gpointer)host))
		g_ptr_array_add(call->hosts, (gpointer)host);
}

/* A name, or a list of names: each is asked once. */
static void take_hosts(lua_State *L, Call *call)
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

/* A text for the shell, or a list of words that gets quoted. */
static void take_command(lua_State *L, Call *call)
{
	guint n;

	if (lua_type(L, 2) == LUA_TSTRING) {
		call->command = g_strdup(lua_tostring(L, 2));
	} else {
		const char *const *words = binding_strings(L, 2, &n);

		luaL_argcheck(L, n > 0, 2, "a command expected");
		call->command = remote_words(words);
	}
	luaL_argcheck(L, *call->command, 2, "the command is empty");
}

static const char *text_option(lua_State *L, const char *name)
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

static gboolean flag_option(lua_State *L, const char *name)
{
	gboolean flag;

	lua_getfield(L, 3, name);
	flag = lua_toboolean(L, -1);
	lua_pop(L, 1);
	return flag;
}

static void number_option(lua_State *L, const char *name, double factor, double most,
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

static void take_environment(lua_State *L, Call *call)
{
	if (lua_getfield(L, 3, "env") != LUA_TNIL) {
		luaL_checktype(L, -1, LUA_TTABLE);
		for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
			if (lua_type(L, -2) != LUA_TSTRING || lua_type(L, -1) != LUA_TSTRING)
				luaL_error(L, "option 'env' is a table of NAME = \"text\"");
			g_ptr_array_add(call->environment,
					g_strdup_printf("%s=%s", lua_tostring(L, -2),
							lua_tostring(L, -1)));
		}
	}
	lua_pop(L, 1);
}

static const char *const option_names[] = { "stdin",	   "env",	 "timeout", "fanout",
					    "via",	   "undo",	 "done",    "nodes",
					    "undo_always", "repeatable", NULL };

static void check_option_names(lua_State *L)
{
	for (lua_pushnil(L); lua_next(L, 3); lua_pop(L, 1))
		if (lua_type(L, -2) != LUA_TSTRING ||
		    !g_strv_contains(option_names, lua_tostring(L, -2)))
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

/* auto: through the service node where this machine has no route to the node. */
static void take_vias(lua_State *L, Call *call)
{
	static const char *const ways[] = { "auto", "direct", "sn", NULL };
	int way;

	lua_getfield(L, 3, "via");
	way = luaL_checkoption(L, -1, "auto", ways);
	lua_pop(L, 1);
	for (guint i = 0; i < call->hosts->len; i++) {
		const char *host = call->hosts->pdata[i];
		const char *via = NULL;

		if (way == 2 ||
		    (way == 0 && !remote_has_route(binding_context(L)->remote, host)))
			via = service_node(L, host);
		g_ptr_array_add(call->vias, (gpointer)via);
	}
}

/* A host that is a node of the move is its own node; a list of one names it for the others. */
static void take_nodes(lua_State *L, Call *call)
{
	const Takeover *takeover = binding_context(L)->takeover;
	const char *node = NULL;
	guint n = 0;

	if (lua_getfield(L, 3, "nodes") != LUA_TNIL) {
		const char *const *nodes = binding_strings(L, lua_gettop(L), &n);

		node = n == 1 ? nodes[0] : NULL;
	}
	for (guint i = 0; i < call->hosts->len; i++) {
		const char *host = call->hosts->pdata[i];
		gboolean moved = takeover && move_find(takeover->move, host);

		g_ptr_array_add(call->nodes, (gpointer)(n == 0 && moved ? host : node));
	}
}

static RunCommand make_command(lua_State *L, Call *call)
{
	RunCommand command = { .limits = binding_context(L)->limits };
	size_t length = 0;

	check_option_names(L);
	take_hosts(L, call);
	take_command(L, call);
	take_environment(L, call);
	take_vias(L, call);
	take_nodes(L, call);
	number_option(L, "timeout", 1000, 86400e3, &command.limits.time);
	number_option(L, "fanout", 1, 1024, &command.limits.fanout);
	g_ptr_array_add(call->environment, NULL);
	command.hosts = (const char *const *)call->hosts->pdata;
	command.n = call->hosts->len;
	command.vias = (const char *const *)call->vias->pdata;
	command.nodes = (const char *const *)call->nodes->pdata;
	command.environment = (const char *const *)call->environment->pdata;
	command.command = call->command;
	command.input = text_option(L, "stdin");
	if (command.input) {
		lua_getfield(L, 3, "stdin");
		(void)lua_tolstring(L, -1, &length);
		lua_pop(L, 1);
	}
	command.input_length = length;
	command.undo = text_option(L, "undo");
	command.done = text_option(L, "done");
	command.repeatable = flag_option(L, "repeatable");
	command.undo_always = flag_option(L, "undo_always");
	return command;
}

/* The arguments are at 1, 2 and 3 from now on, and the box of the call behind them. */
static Call *new_call(lua_State *L)
{
	Call *call;
	void **box;

	if (lua_gettop(L) < 3)
		lua_settop(L, 3);
	if (lua_isnil(L, 3)) {
		lua_newtable(L);
		lua_copy(L, -1, 3);
	}
	luaL_checktype(L, 3, LUA_TTABLE);
	box = binding_box(L, call_free);
	*box = call = g_new0(Call, 1);
	call->hosts = g_ptr_array_new();
	call->vias = g_ptr_array_new();
	call->nodes = g_ptr_array_new();
	call->environment = g_ptr_array_new_with_free_func(g_free);
	return call;
}

/* Reading a planned result: what is changed from now on depends on it. */
static int planned_index(lua_State *L)
{
	Run *run = binding_context(L)->run;
	const char *field = lua_tostring(L, 2);

	if (run && field && !g_str_equal(field, "planned"))
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

static void push_result(lua_State *L, const RemoteResult *result, gboolean planned)
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

static int push_results(lua_State *L, const Call *call)
{
	luaL_checkstack(L, 8, NULL);
	lua_createtable(L, 0, (int)call->hosts->len);
	for (guint i = 0; i < call->hosts->len; i++) {
		lua_pushstring(L, call->hosts->pdata[i]);
		push_result(L, call->results->pdata[i], call->plans);
		lua_rawset(L, -3);
	}
	return 1;
}

/* All hosts that nobody has said the key of, in one message, with what is to be done. */
static void tell_unknown_keys(const BindingContext *context, const Call *call)
{
	g_autoptr(GPtrArray) hosts = g_ptr_array_new();

	for (guint i = 0; i < call->hosts->len; i++)
		if (((RemoteResult *)call->results->pdata[i])->error == REMOTE_KEY_UNKNOWN)
			g_ptr_array_add(hosts, call->hosts->pdata[i]);
	if (hosts->len > 0 && context->on_unknown_keys)
		context->on_unknown_keys(hosts);
}

/* A run that goes on may pay what it owed: this command, on hosts where it has ended now. */
static void settle_debts(Takeover *takeover, const Call *call, const char *prefix)
{
	g_autoptr(GHashTable) paid = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < call->hosts->len; i++)
		if (((RemoteResult *)call->results->pdata[i])->error == REMOTE_OK)
			g_hash_table_add(paid, call->hosts->pdata[i]);
	takeover_paid(takeover, paid, prefix);
}

/* What a host did not get, or nobody knows of, is left to do. */
static void owe_failures(const BindingContext *context, const Call *call)
{
	g_autofree char *command = g_strdup(call->command);
	g_autofree char *prefix = NULL;

	g_strdelimit(command, "\n", ' ');
	prefix = g_strdup_printf("'%s': ", command);
	if (context->takeover)
		settle_debts(context->takeover, call, prefix);
	for (guint i = 0; context->takeover && i < call->hosts->len; i++) {
		const RemoteResult *result = call->results->pdata[i];
		const char *nodes[] = { call->nodes->pdata[i], NULL };
		g_autofree char *text = NULL;

		if (result->error == REMOTE_OK || result->error == REMOTE_STOPPED)
			continue;
		text = g_strdup_printf("%s%s%s%s", prefix, remote_error_name(result->error),
				       result->message ? ", " : "",
				       result->message ? result->message : "");
		takeover_owe(
			context->takeover,
			journal_owed_new(call->hosts->pdata[i], nodes[0] ? nodes : NULL, text));
	}
}

static gboolean was_stopped(const Call *call)
{
	for (guint i = 0; i < call->results->len; i++)
		if (((RemoteResult *)call->results->pdata[i])->error == REMOTE_STOPPED)
			return TRUE;
	return FALSE;
}

/* remote.run(hosts, command [, options]) -> results: a change */
static int l_run(lua_State *L)
{
	BindingContext *context = binding_context(L);
	Run *run = run_of(L);
	Call *call = new_call(L);
	RunCommand command = make_command(L, call);
	GError *error = NULL;

	runtime_pause(L);
	call->results = run_command(run, &command, &error);
	runtime_go_on(L);
	if (!call->results)
		return binding_raise(L, error);
	call->plans = run_is_planning(run);
	tell_unknown_keys(context, call);
	owe_failures(context, call);
	if (was_stopped(call))
		return luaL_error(L, "not all hosts were begun: the run was asked to stop");
	return push_results(L, call);
}

/* remote.query(hosts, command [, options]) -> results: only looks */
static int l_query(lua_State *L)
{
	BindingContext *context = binding_context(L);
	Run *run = asking_run(L);
	Call *call = new_call(L);
	RunCommand command = make_command(L, call);
	GError *error = NULL;

	runtime_pause(L);
	call->results = run_query(run, &command, &error);
	runtime_go_on(L);
	if (!call->results)
		return binding_raise(L, error);
	tell_unknown_keys(context, call);
	return push_results(L, call);
}

/* remote.get(hosts, path [, options]) -> results: what is in a file, in stdout */
static int l_get(lua_State *L)
{
	const char *const words[] = { "cat", "--", luaL_checkstring(L, 2), NULL };
	void **box;

	lua_settop(L, 3);
	box = binding_box(L, g_free);
	*box = remote_words(words);
	lua_pushstring(L, *box);
	lua_replace(L, 2);
	return l_query(L);
}

/* "host:port" in two; raises. */
static void cut_target(lua_State *L, const char *target, const char **port)
{
	const char *colon = strrchr(target, ':');

	luaL_argcheck(L, colon && colon > target && colon[1], 3, "host:port expected");
	*port = colon + 1;
	lua_pushlstring(L, target, (size_t)(colon - target));
}

/*
 * remote.probe(hosts, kind, target [, options]) -> results: does it answer those hosts?
 * tcp: host:port; tftp: host/path; http: an URL.  Status 0 says yes; what tftp and http have
 * fetched is in stdout.
 */
static int l_probe(lua_State *L)
{
	static const char *const kinds[] = { "tcp", "tftp", "http", NULL };
	int kind = luaL_checkoption(L, 2, NULL, kinds);
	const char *target = luaL_checkstring(L, 3), *port;
	const char *words[] = { "curl", "-sS", "-f", "-m", "10", "--", target, NULL, NULL };
	void **box;

	lua_settop(L, 4);
	if (kind == 0) {
		cut_target(L, target, &port);
		const char *const dial[] = {
			"timeout",	     "5",  "bash", "-c", "exec 3<>\"/dev/tcp/$0/$1\"",
			lua_tostring(L, -1), port, NULL
		};
		memcpy(words, dial, sizeof(dial));
	} else if (kind == 1) {
		words[6] = lua_pushfstring(L, "tftp://%s", target);
	}
	box = binding_box(L, g_free);
	*box = remote_words(words);
	lua_pushstring(L, *box);
	lua_replace(L, 2);
	lua_pushvalue(L, 4);
	lua_replace(L, 3);
	return l_query(L);
}

/* remote.is_local(host) -> whether it is this machine, by an address of its interfaces */
static int l_is_local(lua_State *L)
{
	Remote *remote = binding_context(L)->remote;
	const char *host = luaL_checkstring(L, 1);

	lua_pushboolean(L, remote && remote_is_local(remote, host));
	return 1;
}

static const luaL_Reg functions[] = { { "run", l_run },		  { "query", l_query },
				      { "get", l_get },		  { "probe", l_probe },
				      { "is_local", l_is_local }, { NULL, NULL } };

int bind_remote(lua_State *L)
{
	luaL_newlib(L, functions);
	return 1;
}
