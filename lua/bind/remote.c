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
	box = binding_box(L, (GDestroyNotify)run_free);
	*box = run = run_new(binding_cluster(L), FALSE);
	run_reach(run, context->remote, NULL, &context->limits);
	return run;
}

static const char *const none[] = { NULL };

/* NAME=TEXT of each variable in option `env`. */
static const char *const *take_environment(lua_State *L)
{
	Take *take = remote_call_take(L);
	const char **texts;
	const TakePair *pairs;
	guint n;

	if (take_field(L, 3, "env") == LUA_TNIL) {
		lua_pop(L, 1);
		return none;
	}
	pairs = take_pairs(take, -1, "option 'env'", FALSE, &n);
	lua_pop(L, 1);
	texts = take_room(take, (n + 1) * sizeof(*texts));
	for (guint i = 0; i < n; i++)
		texts[i] = take_format(take, "%s=%s", pairs[i].name, pairs[i].text);
	texts[n] = NULL;
	return texts;
}

static const char *const option_names[] = { "stdin",	   "env",	 "timeout",   "fanout",
					    "via",	   "undo",	 "done",      "nodes",
					    "undo_always", "repeatable", "undo_last", "undo_if",
					    NULL };

static void check_question(lua_State *L, int table)
{
	static const char *const names[] = { "host", "command", "stdin", NULL };

	luaL_argexpected(L, lua_istable(L, table), 3, "option 'undo_if' as a table");
	take_check_table(L, table, "option 'undo_if'");
	for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1)) {
		const char *name = lua_type(L, -2) == LUA_TSTRING
					   ? take_text(remote_call_take(L), -2, "a field")
					   : luaL_typename(L, -2);

		if (!g_strv_contains(names, name))
			luaL_error(L, "option 'undo_if' has no field '%s'", name);
	}
}

/* undo_if = { host=, command=, stdin= }: the question before an undo. */
static void take_question(lua_State *L, RunCommand *command)
{
	static const char of[] = "option 'undo_if':";
	Take *take = remote_call_take(L);
	int table;

	if (take_field(L, 3, "undo_if") == LUA_TNIL) {
		lua_pop(L, 1);
		return;
	}
	table = lua_gettop(L);
	check_question(L, table);
	command->undo_if.host = take_text_field(take, table, of, "host");
	command->undo_if.command = take_text_field(take, table, of, "command");
	command->undo_if.input = take_text_field(take, table, of, "stdin");
	if (!command->undo_if.command)
		luaL_error(L, "option 'undo_if' has no command");
	lua_pop(L, 1);
}

static RunCommand make_command(lua_State *L, RemoteCall *call)
{
	RunCommand command = { .limits = binding_context(L)->limits };

	remote_call_check(L, option_names);
	remote_call_hosts(L, call);
	call->command = remote_call_shell(L, 2, NULL);
	luaL_argcheck(L, *call->command, 2, "the command is empty");
	remote_call_afford(L, call, call->command);
	call->environment = take_environment(L);
	remote_call_vias(L, call);
	remote_call_nodes(L, call);
	remote_call_number(L, "timeout", 1000, REMOTE_SECONDS_MOST * 1000.0,
			   &command.limits.time);
	remote_call_number(L, "fanout", 1, REMOTE_FANOUT_MOST, &command.limits.fanout);
	command.hosts = (const RunHost *)call->hosts->data;
	command.n = call->hosts->len;
	command.environment = call->environment;
	command.command = call->command;
	command.input = take_bytes_field(remote_call_take(L), 3, "option", "stdin",
					 &command.input_length);
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

/* Asks what stands at 1, 2 and 3. */
static int ask(lua_State *L)
{
	BindingContext *context = binding_context(L);
	RemoteCall *call = remote_call_new(L);
	Run *run = asking_run(L);
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

/* remote.query(hosts, command [, options]) -> results: only looks */
static int l_query(lua_State *L)
{
	return ask(L);
}

/* These words are the command, at 2 from now on. */
static void set_words(lua_State *L, const char *const *words)
{
	lua_createtable(L, 8, 0);
	for (lua_Integer i = 0; words[i]; i++) {
		lua_pushstring(L, words[i]);
		lua_rawseti(L, -2, i + 1);
	}
	lua_replace(L, 2);
}

/* remote.get(hosts, path [, options]) -> results: what is in a file, in stdout */
static int l_get(lua_State *L)
{
	const char *words[] = { "cat", "--", NULL, NULL };

	words[2] = take_text(take_new(L, 3), 2, NULL);
	set_words(L, words);
	return ask(L);
}

/*
 * remote.probe(hosts, kind, target [, options]) -> results: does it answer those hosts?
 * tcp: host:port; tftp: host/path; http: an URL.  Status 0 says yes; what tftp and http have
 * fetched is in stdout.
 */
static int l_probe(lua_State *L)
{
	static const char *const kinds[] = { "tcp", "tftp", "http", NULL };
	const char *curl[] = { "curl", "-sS", "-f", "-m", "10", "--", NULL, NULL };
	const char *dial[] = { "timeout", "5",	"bash", "-c", "exec 3<>\"/dev/tcp/$0/$1\"",
			       NULL,	  NULL, NULL };
	const char *target, *colon;
	Take *take;
	int kind;

	take = take_new(L, 4);
	kind = take_choice(take, 2, NULL, kinds, NULL);
	target = take_text(take, 3, NULL);
	colon = strrchr(target, ':');
	if (kind == 0) {
		luaL_argcheck(L, colon && colon > target && colon[1], 3, "host:port expected");
		dial[5] = take_format(take, "%.*s", (int)(colon - target), target);
		dial[6] = colon + 1;
	}
	curl[6] = kind == 1 ? take_format(take, "tftp://%s", target) : target;
	set_words(L, kind == 0 ? dial : curl);
	lua_pushvalue(L, 4);
	lua_replace(L, 3);
	return ask(L);
}

/* remote.is_local(host) -> whether it is this machine, by an address of its interfaces */
static int l_is_local(lua_State *L)
{
	Remote *remote = binding_context(L)->remote;
	const char *host = take_text(take_new(L, 1), 1, NULL);

	lua_pushboolean(L, remote && remote_is_local(remote, host));
	return 1;
}

static const luaL_Reg functions[] = { { "run", l_run },	    { "query", l_query },
				      { "put", bind_put },  { "get", l_get },
				      { "probe", l_probe }, { "is_local", l_is_local },
				      { NULL, NULL } };

int bind_remote(lua_State *L)
{
	binding_functions(L, functions);
	return 1;
}
