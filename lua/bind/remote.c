/* The Lua face of run's commands: hosts in, results out. */
#include "lua/bind/command.h"
#include "lua/runtime/bounds.h"
#include "lua/runtime/runtime.h"
#include <string.h>

/* The options of a call: those of a command, and how hosts are reached. */
static void check_options(lua_State *L)
{
	static const char *const ways[] = { "timeout", "fanout", "via", "nodes", NULL };

	for (lua_pushnil(L); lua_next(L, 3); lua_pop(L, 1)) {
		const char *name;

		if (lua_type(L, -2) != LUA_TSTRING)
			luaL_error(L, "an option has a name, and one here is a %s",
				   luaL_typename(L, -2));
		name = take_text(remote_call_take(L), -2, "the name of an option");
		if (!g_strv_contains(ways, name) && !g_strv_contains(command_options, name))
			luaL_error(L, "no option is named '%s'", name);
	}
}

static gboolean is_function(lua_State *L, const char *option)
{
	gboolean is = take_field(L, 3, option) == LUA_TFUNCTION;

	lua_pop(L, 1);
	return is;
}

/* What the function in `option` says of a host is that field of the table on top. */
static void ask_function(lua_State *L, const char *option, const char *host)
{
	if (!is_function(L, option))
		return;
	take_field(L, 3, option);
	lua_pushstring(L, host);
	lua_call(L, 1, 1);
	lua_setfield(L, -2, option);
}

/* Each host has its own environment or input, as functions of the host say. */
static void make_each(lua_State *L, RemoteCall *call)
{
	Take *take = remote_call_take(L);

	call->each = g_new0(const RunCommand *, call->hosts->len + 1);
	for (guint i = 0; i < call->hosts->len; i++) {
		const char *host = remote_call_host(call, i)->name;
		RunCommand *own = take_room(take, sizeof(*own));

		*own = call->command;
		lua_newtable(L);
		ask_function(L, "env", host);
		ask_function(L, "stdin", host);
		command_take(L, lua_gettop(L), take_format(take, "of %s, option", host), own);
		lua_pop(L, 1);
		call->each[i] = own;
	}
}

/* One command for all hosts. */
static void make_command(lua_State *L, RemoteCall *call)
{
	RunCommand *command = &call->command;

	check_options(L);
	remote_call_hosts(L, call);
	command->command = command_text(L, 2, NULL);
	luaL_argcheck(L, *command->command, 2, "the command is empty");
	remote_call_afford(L, call, command->command);
	command_take(L, 3, "option", command);
	remote_call_vias(L, call);
	remote_call_nodes(L, call);
	remote_call_limits(L, call);
	if (is_function(L, "env") || is_function(L, "stdin"))
		make_each(L, call);
}

static void check_entry(lua_State *L, int entry, const char *of)
{
	static const char *const names[] = { "host", "command", "node", "lane", NULL };

	take_check_table(L, entry, of);
	for (lua_pushnil(L); lua_next(L, entry); lua_pop(L, 1)) {
		const char *name = lua_type(L, -2) == LUA_TSTRING
					   ? take_text(remote_call_take(L), -2, of)
					   : luaL_typename(L, -2);

		if (!g_strv_contains(names, name) && !g_strv_contains(command_options, name))
			luaL_error(L, "%s no field is named '%s'", of, name);
	}
}

/* The entry on top of the stack: {host=, command=, node=, ...}. */
static void add_entry(lua_State *L, RemoteCall *call, guint number)
{
	Take *take = remote_call_take(L);
	const Takeover *takeover = binding_context(L)->takeover;
	int entry = lua_gettop(L);
	const char *of = take_format(take, "entry %u:", number + 1);
	RunCommand *own = take_room(take, sizeof(*own));
	RunHost host = { .name = NULL };

	check_entry(L, entry, of);
	*own = call->command;
	host.name = take_text_field(take, entry, of, "host");
	host.node = take_text_field(take, entry, of, "node");
	host.lane = take_text_field(take, entry, of, "lane");
	if (!host.name)
		luaL_error(L, "%s it has no host", of);
	if (take_field(L, entry, "command") == LUA_TNIL)
		luaL_error(L, "%s it has no command", of);
	own->command = command_text(L, lua_gettop(L), take_format(take, "%s the command", of));
	lua_pop(L, 1);
	if (!*own->command)
		luaL_error(L, "%s the command is empty", of);
	command_take(L, entry, of, own);
	if (!host.node && takeover && move_find(takeover->move, host.name))
		host.node = host.name;
	g_array_append_val(call->hosts, host);
	call->each[number] = own;
}

/* A command for each entry of the list at 1. */
static void make_list(lua_State *L, RemoteCall *call)
{
	lua_Unsigned n = lua_rawlen(L, 1);

	take_check_table(L, 1, NULL);
	luaL_argcheck(L, n <= BOUND_ENTRIES, 1, "the list has too many entries");
	check_options(L);
	command_take(L, 3, "option", &call->command);
	call->is_list = TRUE;
	call->each = g_new0(const RunCommand *, n + 1);
	luaL_checkstack(L, 8, NULL);
	for (lua_Unsigned i = 0; i < n; i++) {
		lua_rawgeti(L, 1, (lua_Integer)i + 1);
		add_entry(L, call, (guint)i);
		lua_pop(L, 1);
	}
	remote_call_vias(L, call);
	remote_call_limits(L, call);
}

static gboolean is_empty(lua_State *L, int table)
{
	lua_pushnil(L);
	if (!lua_next(L, table))
		return TRUE;
	lua_pop(L, 2);
	return FALSE;
}

/* A list of nothing tells neither way: it is one of entries if no command comes behind it. */
static gboolean is_empty_list(lua_State *L)
{
	return is_empty(L, 1) && lua_isnoneornil(L, 3) &&
	       (lua_isnoneornil(L, 2) || (lua_istable(L, 2) && lua_rawlen(L, 2) == 0));
}

/* Is argument 1 a list of entries, and not of names?  Then the options are at 3. */
static gboolean is_list(lua_State *L)
{
	gboolean is;

	if (!lua_istable(L, 1))
		return FALSE;
	is = lua_rawgeti(L, 1, 1) == LUA_TTABLE;
	lua_pop(L, 1);
	if (!is && !is_empty_list(L))
		return FALSE;
	lua_settop(L, 2);
	lua_pushnil(L);
	lua_insert(L, 2);
	return TRUE;
}

/* remote.run(hosts, command [, options]) -> results: a change
 * remote.run({{host=, command=, ...}, ...} [, options]) -> results, in their order */
static int l_run(lua_State *L)
{
	Run *run = remote_call_run(L);
	gboolean list = is_list(L);
	RemoteCall *call = remote_call_new(L);
	GError *error = NULL;

	if (list)
		make_list(L, call);
	else
		make_command(L, call);
	runtime_pause(L);
	call->results = run_command(run, remote_call_request(call), &error);
	runtime_go_on(L);
	if (!call->results)
		return binding_raise(L, error);
	call->plans = run_is_planning(run);
	return remote_call_finish(L, call);
}

/* Asks what stands at 1, 2 and 3. */
static int ask(lua_State *L)
{
	RemoteCall *call = remote_call_new(L);
	Run *run = remote_call_asking_run(L);

	make_command(L, call);
	if (call->each)
		luaL_error(L, "a question is the same for all hosts: no function of the host");
	remote_call_ask(L, run, call);
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

/* Under a plan nothing is waited for, and nothing depends on it. */
static GPtrArray *planned_answers(guint n)
{
	GPtrArray *results = g_ptr_array_new_with_free_func(
		(GDestroyNotify)(void (*)(void))remote_result_free);

	for (guint i = 0; i < n; i++) {
		RemoteResult *result = g_new0(RemoteResult, 1);

		result->out = g_string_new(NULL);
		result->err = g_string_new(NULL);
		g_ptr_array_add(results, result);
	}
	return results;
}

static void mark_planned(lua_State *L)
{
	int results = lua_gettop(L);

	for (lua_pushnil(L); lua_next(L, results); lua_pop(L, 1)) {
		lua_pushboolean(L, TRUE);
		lua_setfield(L, -2, "planned");
	}
}

/*
 * remote.await(hosts, command, {every=, for=, says=, ...}) -> results: the question is asked
 * until its status is accepted, or the time is up.
 */
static int l_await(lua_State *L)
{
	static const char *const names[] = { "every",  "for", "says",  "stdin",	 "env",
					     "accept", "via", "nodes", "fanout", NULL };
	Run *run = remote_call_run(L);
	RemoteCall *call = remote_call_new(L);
	guint every = RUN_AWAIT_EVERY, most = RUN_AWAIT_MOST;
	gboolean plans = run_is_planning(run);
	GError *error = NULL;

	remote_call_check(L, names);
	remote_call_number(L, "every", 1000, REMOTE_SECONDS_MOST * 1000.0, &every);
	remote_call_number(L, "for", 1000, REMOTE_SECONDS_MOST * 1000.0, &most);
	remote_call_hosts(L, call);
	call->command.command = command_text(L, 2, NULL);
	command_take(L, 3, "option", &call->command);
	remote_call_vias(L, call);
	remote_call_nodes(L, call);
	remote_call_limits(L, call);
	if (!run_may_change(run, &error))
		return binding_raise(L, error);
	runtime_pause(L);
	call->results = plans ? planned_answers(call->hosts->len)
			      : run_await(run, remote_call_request(call), every, most, &error);
	runtime_go_on(L);
	if (!call->results)
		return binding_raise(L, error);
	(void)remote_call_finish(L, call);
	if (plans)
		mark_planned(L);
	return 1;
}

#define ABSENT 44 /* the status that tells it */

/* Of the table of results on top: where nothing is at the path, it is said so. */
static void mark_absent(lua_State *L)
{
	int results = lua_gettop(L);

	for (lua_pushnil(L); lua_next(L, results); lua_pop(L, 1)) {
		gboolean absent = take_field(L, -1, "status") == LUA_TNUMBER &&
				  lua_tointeger(L, -1) == ABSENT;

		lua_pop(L, 1);
		if (!absent)
			continue;
		lua_pushboolean(L, TRUE);
		lua_setfield(L, -2, "absent");
	}
}

/* remote.get(hosts, path [, options]) -> results: what is in a file, in stdout; `absent`:
 * nothing is there */
static int l_get(lua_State *L)
{
	const char *words[] = { "sh", "-c",
				"[ -e \"$0\" ] || [ -L \"$0\" ] || exit 44; exec cat -- \"$0\"",
				NULL, NULL };

	words[3] = take_text(take_new(L, 3), 2, NULL);
	set_words(L, words);
	(void)ask(L);
	mark_absent(L);
	return 1;
}

/* remote.quote(text) -> the text as one word for a shell */
static int l_quote(lua_State *L)
{
	const char *text = take_text(take_new(L, 1), 1, NULL);
	void **box = binding_box(L, g_free);

	*box = g_shell_quote(text);
	lua_pushstring(L, *box);
	return 1;
}

/*
 * remote.probe(hosts, kind, target [, options]) -> results: does it answer those hosts?
 * tcp: host:port; tftp: host/path; http: an URL.  Status 0 says yes; what tftp and http have
 * fetched is in stdout.  dhcp: see bind_probe; fetch: see bind_fetch.
 */
static int l_probe(lua_State *L)
{
	static const char *const kinds[] = { "tcp", "tftp", "http", "dhcp", "fetch", NULL };
	const char *curl[] = { "curl", "-sS", "-f", "-m", "10", "--", NULL, NULL };
	const char *dial[] = { "timeout", "5",	"bash", "-c", "exec 3<>\"/dev/tcp/$0/$1\"",
			       NULL,	  NULL, NULL };
	const char *target, *colon;
	Take *take;
	int kind;

	take = take_new(L, 4);
	kind = take_choice(take, 2, NULL, kinds, NULL);
	if (kind >= 3) {
		lua_remove(L, 2);
		return kind == 3 ? bind_probe(L) : bind_fetch(L);
	}
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

/* remote.addresses_command() -> a question: the addresses of a host's interfaces */
static int l_addresses_command(lua_State *L)
{
	lua_pushstring(L, remote_addresses_command());
	return 1;
}

static const luaL_Reg functions[] = { { "addresses_command", l_addresses_command },
				      { "run", l_run },
				      { "query", l_query },
				      { "put", bind_put },
				      { "get", l_get },
				      { "probe", l_probe },
				      { "is_local", l_is_local },
				      { "quote", l_quote },
				      { "edit", bind_edit },
				      { "await", l_await },
				      { "probe_question", bind_probe_question },
				      { NULL, NULL } };

int bind_remote(lua_State *L)
{
	binding_functions(L, functions);
	return 1;
}
