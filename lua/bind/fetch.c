/* What servers give for a list of URLs: the Lua face of core/remote's fetch. */
#include "lua/bind/remote_call.h"

typedef struct {
	guint n;
	const char *const *urls;
	gboolean heads;
} Wanted;

static Wanted take_wanted(lua_State *L, RemoteCall *call)
{
	static const char *const names[] = {
		"heads", "timeout", "fanout", "via", "nodes", NULL
	};
	Wanted wanted = { 0 };

	remote_call_check(L, names);
	remote_call_hosts(L, call);
	wanted.urls = take_list(call->take, 2, "the URLs", &wanted.n);
	wanted.heads = remote_call_flag(L, "heads");
	remote_call_vias(L, call);
	remote_call_nodes(L, call);
	remote_call_limits(L, call);
	return wanted;
}

/* The field `fetched` of the result on top: URL -> {content=} or {error=}. */
static void add_fetched(lua_State *L, const Wanted *wanted, const RemoteFetched *fetched)
{
	luaL_checkstack(L, 6, NULL);
	lua_createtable(L, 0, (int)wanted->n);
	for (guint i = 0; i < wanted->n; i++) {
		lua_createtable(L, 0, 1);
		if (fetched[i].failure) {
			lua_pushstring(L, fetched[i].failure);
			lua_setfield(L, -2, "error");
		} else {
			gsize length = 0;
			const char *bytes = g_bytes_get_data(fetched[i].content, &length);

			lua_pushlstring(L, bytes ? bytes : "", length);
			lua_setfield(L, -2, "content");
		}
		lua_setfield(L, -2, wanted->urls[i]);
	}
	lua_setfield(L, -2, "fetched");
}

static void free_input(gpointer input)
{
	g_string_free(input, TRUE);
}

/* What hosts have fetched: of each `n` files, or NULL. */
typedef struct {
	guint n, hosts;
	RemoteFetched **all;
} Fetched;

static void fetched_free(gpointer data)
{
	Fetched *fetched = data;

	for (guint i = 0; i < fetched->hosts; i++)
		remote_fetched_free(fetched->all[i], fetched->n);
	g_free(fetched->all);
	g_free(fetched);
}

static Fetched *judge_all(const RemoteCall *call, guint n)
{
	Fetched *fetched = g_new0(Fetched, 1);

	*fetched = (Fetched){ n, call->hosts->len,
			      g_new0(RemoteFetched *, MAX(call->hosts->len, 1)) };
	for (guint i = 0; i < fetched->hosts; i++)
		fetched->all[i] = remote_fetch_judge(n, call->results->pdata[i]);
	return fetched;
}

int bind_fetch(lua_State *L)
{
	RemoteCall *call = remote_call_new(L);
	Run *run = remote_call_asking_run(L);
	Wanted wanted = take_wanted(L, call);
	GError *error = NULL;
	GString *input;
	Fetched *fetched;
	void **box = binding_box(L, free_input);

	*box = input = remote_fetch_input(wanted.urls, wanted.n, &error);
	if (!input)
		return binding_raise(L, error);
	call->command.command = remote_fetch_command(wanted.heads);
	call->command.input = input->str;
	call->command.input_length = input->len;
	call->command.limits.output = REMOTE_FETCH_OUTPUT;
	if (call->command.limits.time)
		call->command.limits.time += remote_fetch_time(wanted.n);
	remote_call_afford(L, call, call->command.command);
	remote_call_ask(L, run, call);
	box = binding_box(L, fetched_free);
	*box = fetched = judge_all(call, wanted.n);
	(void)remote_call_push(L, call);
	for (guint i = 0; i < fetched->hosts; i++) {
		lua_getfield(L, -1, remote_call_host(call, i)->name);
		if (fetched->all[i])
			add_fetched(L, &wanted, fetched->all[i]);
		lua_pop(L, 1);
	}
	return 1;
}
