/* Who answers DHCP for a list of MACs: the Lua face of core/remote's probe. */
#include "lua/bind/remote_call.h"

static RemoteProbeSetup take_setup(lua_State *L, RemoteCall *call)
{
	static const char *const names[] = { "interface", "network", "wait",  "timeout",
					     "fanout",	  "via",     "nodes", NULL };
	RemoteProbeSetup setup = { .wait = REMOTE_PROBE_WAIT };

	remote_call_check(L, names);
	remote_call_hosts(L, call);
	setup.macs = take_list(call->take, 2, "the MACs", &setup.n);
	setup.interface = remote_call_text(L, "interface");
	setup.network = remote_call_text(L, "network");
	remote_call_number(L, "wait", 1000, REMOTE_PROBE_WAIT_MOST, &setup.wait);
	remote_call_vias(L, call);
	remote_call_nodes(L, call);
	remote_call_limits(L, call);
	setup.hosts = call->hosts->len;
	return setup;
}

/* Its own time is nobody's limit, and all that it says is needed. */
static void set_command(lua_State *L, RemoteCall *call, const RemoteProbe *probe)
{
	RunCommand *command = &call->command;

	command->command = remote_probe_command(probe);
	command->input = remote_probe_input(probe, &command->input_length);
	command->limits.output = REMOTE_PROBE_OUTPUT;
	if (command->limits.time)
		command->limits.time += remote_probe_time(probe);
	remote_call_afford(L, call, command->command);
}

static void set_text(lua_State *L, const char *name, const char *text)
{
	lua_pushstring(L, text); /* NULL: nil */
	lua_setfield(L, -2, name);
}

/* The list of offers to the MAC at this place. */
static void push_offers_of(lua_State *L, const RemoteOffers *offers, guint place)
{
	guint n;
	const RemoteOffer *all = remote_offers_of(offers, place, &n);

	lua_createtable(L, (int)n, 0);
	for (guint i = 0; i < n; i++) {
		lua_createtable(L, 0, 5);
		set_text(L, "server", all[i].server);
		set_text(L, "address", all[i].address);
		set_text(L, "next_server", all[i].next_server);
		set_text(L, "file", all[i].file);
		set_text(L, "sender", all[i].sender);
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
}

/* The fields of the result on top, each MAC as the script has spelled it. */
static void add_offers(lua_State *L, const RemoteProbe *probe, const RemoteOffers *offers,
		       const char *const *macs)
{
	int result = lua_gettop(L);

	luaL_checkstack(L, 8, NULL);
	lua_newtable(L);
	lua_newtable(L);
	for (guint i = 0; macs[i]; i++) {
		const char *why = remote_probe_why_not(probe, i);

		if (why)
			lua_pushstring(L, why);
		else
			push_offers_of(L, offers, i);
		lua_setfield(L, why ? -2 : -3, macs[i]);
	}
	lua_setfield(L, result, "unprobed");
	lua_setfield(L, result, "offers");
}

/* Of each host what it has heard, or NULL.  Gives an array. */
static GPtrArray *judge_all(const RemoteProbe *probe, const RemoteCall *call)
{
	GPtrArray *heard =
		g_ptr_array_new_full(call->hosts->len, (GDestroyNotify)remote_offers_free);

	for (guint i = 0; i < call->hosts->len; i++)
		g_ptr_array_add(heard, remote_probe_judge(probe, call->results->pdata[i]));
	return heard;
}

int bind_probe(lua_State *L)
{
	RemoteCall *call = remote_call_new(L);
	Run *run = remote_call_asking_run(L);
	RemoteProbeSetup setup = take_setup(L, call);
	GError *error = NULL;
	RemoteProbe *probe;
	GPtrArray *heard;
	void **box = binding_box(L, (GDestroyNotify)remote_probe_free);

	*box = probe = remote_probe_new(&setup, &error);
	if (!probe)
		return binding_raise(L, error);
	set_command(L, call, probe);
	remote_call_ask(L, run, call);
	box = binding_box(L, (GDestroyNotify)g_ptr_array_unref);
	*box = heard = judge_all(probe, call);
	(void)remote_call_push(L, call);
	for (guint i = 0; i < heard->len; i++) {
		lua_getfield(L, -1, remote_call_host(call, i)->name);
		if (heard->pdata[i])
			add_offers(L, probe, heard->pdata[i], setup.macs);
		lua_pop(L, 1);
	}
	return 1;
}

/*
 * remote.probe_question(macs, nodes, options) -> {command =, stdin =}: a question for undo_if.
 * It asks nothing.
 */
int bind_probe_question(lua_State *L)
{
	static const char *const names[] = { "interface", "network", "wait", "from", NULL };
	RemoteProbeSetup setup = { .wait = REMOTE_PROBE_WAIT, .hosts = 1 };
	RemoteCall *call = remote_call_new(L);
	GError *error = NULL;
	RemoteProbe *probe;
	const char *input;
	gsize length;
	guint n;
	void **box = binding_box(L, (GDestroyNotify)remote_probe_free);

	remote_call_check(L, names);
	setup.macs = take_list(call->take, 1, "the MACs", &setup.n);
	setup.names = take_list(call->take, 2, "the nodes", &n);
	luaL_argcheck(L, n == setup.n, 2, "one node for each MAC expected");
	setup.interface = remote_call_text(L, "interface");
	setup.network = remote_call_text(L, "network");
	setup.from = remote_call_text(L, "from");
	remote_call_number(L, "wait", 1000, REMOTE_PROBE_WAIT_MOST, &setup.wait);
	luaL_argcheck(L, setup.from, 3, "option 'from': the address of the server expected");
	*box = probe = remote_probe_new(&setup, &error);
	if (!probe)
		return binding_raise(L, error);
	input = remote_probe_input(probe, &length);
	lua_createtable(L, 0, 2);
	set_text(L, "command", remote_probe_command(probe));
	lua_pushlstring(L, input, length);
	lua_setfield(L, -2, "stdin");
	return 1;
}
