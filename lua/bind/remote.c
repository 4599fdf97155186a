/* The Lua face of run's commands: hosts in, results out. */
#include "lua/bind/remote_call.h"
#include "lua/runtime/runtime.h"
#include <string.h>

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

static void take_environment(lua_State *L, RemoteCall *call)
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

static const char *const option_names[] = { "stdin",	   "env",	 "timeout",   "fanout",
					    "via",	   "undo",	 "done",      "nodes",
					    "undo_always", "repeatable", "undo_last", "undo_if",
					    NULL };

/* A text of the table on top of the stack, which keeps it; NULL: there is none. */
static const char *question_text(lua_State *L, const char *name)
{
	const char *text;

	if (lua_getfield(L, -1, name) != LUA_TNIL && lua_type(L, -1) != LUA_TSTRING)
		luaL_error(L, "option 'undo_if': '%s' is a text, and not a %s", name,
			   luaL_typename(L, -1));
	text = lua_tostring(L, -1);
	lua_pop(L, 1);
	return text;
}

/* undo_if = { host=, command=, stdin= }: the question before an undo. */
static void take_question(lua_State *L, RunCommand *command)
{
	static const char *const names[] = { "host", "command", "stdin", NULL };

	if (lua_getfield(L, 3, "undo_if") != LUA_TNIL) {
		luaL_argexpected(L, lua_istable(L, -1), 3, "option 'undo_if' as a table");
		for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1))
			if (lua_type(L, -2) != LUA_TSTRING ||
			    !g_strv_contains(names, lua_tostring(L, -2)))
				luaL_error(L, "option 'undo_if' has no field '%s'",
					   luaL_tolstring(L, -2, NULL));
		command->undo_if.host = question_text(L, "host");
		command->undo_if.command = question_text(L, "command");
		command->undo_if.input = question_text(L, "stdin");
		if (!command->undo_if.command)
			luaL_error(L, "option 'undo_if' has no command");
	}
	lua_pop(L, 1); /* the options keep it */
}

static RunCommand make_command(lua_State *L, RemoteCall *call)
{
	RunCommand command = { .limits = binding_context(L)->limits };
	size_t length = 0;

	remote_call_check(L, option_names);
	remote_call_hosts(L, call);
	call->command = remote_call_shell(L, 2);
	luaL_argcheck(L, *call->command, 2, "the command is empty");
	take_environment(L, call);
	remote_call_vias(L, call);
	remote_call_nodes(L, call);
	remote_call_number(L, "timeout", 1000, REMOTE_SECONDS_MOST * 1000.0,
			   &command.limits.time);
	remote_call_number(L, "fanout", 1, REMOTE_FANOUT_MOST, &command.limits.fanout);
	g_ptr_array_add(call->environment, NULL);
	command.hosts = (const RunHost *)call->hosts->data;
	command.n = call->hosts->len;
	command.environment = (const char *const *)call->environment->pdata;
	command.command = call->command;
	command.input = remote_call_text(L, "stdin");
	if (command.input) {
		lua_getfield(L, 3, "stdin");
		(void)lua_tolstring(L, -1, &length);
		lua_pop(L, 1);
	}
	command.input_length = length;
	command.undo = remote_call_text(L, "undo");
	command.done = remote_call_text(L, "done");
	command.repeatable = remote_call_flag(L, "repeatable");
	command.undo_always = remote_call_flag(L, "undo_always");
	command.undo_last = remote_call_flag(L, "undo_last");
	take_question(L, &command);
	return command;
}

/* remote.run(hosts, command [, options]) -> results: a change */
static int l_run(lua_State *L)
{
	Run *run = remote_call_run(L);
	RemoteCall *call = remote_call_new(L);
	RunCommand command = make_command(L, call);
	GError *error = NULL;

	runtime_pause(L);
	call->results = run_command(run, &command, &error);
	runtime_go_on(L);
	if (!call->results)
		return binding_raise(L, error);
	call->plans = run_is_planning(run);
	return remote_call_finish(L, call);
}

/* remote.query(hosts, command [, options]) -> results: only looks */
static int l_query(lua_State *L)
{
	BindingContext *context = binding_context(L);
	Run *run = asking_run(L);
	RemoteCall *call = remote_call_new(L);
	RunCommand command = make_command(L, call);
	GError *error = NULL;

	runtime_pause(L);
	call->results = run_query(run, &command, &error);
	runtime_go_on(L);
	if (!call->results)
		return binding_raise(L, error);
	remote_call_unknown_keys(context, call);
	return remote_call_push(L, call);
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

static const luaL_Reg functions[] = { { "run", l_run },	    { "query", l_query },
				      { "put", bind_put },  { "get", l_get },
				      { "probe", l_probe }, { "is_local", l_is_local },
				      { NULL, NULL } };

int bind_remote(lua_State *L)
{
	luaL_newlib(L, functions);
	return 1;
}
