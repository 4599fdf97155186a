/* The Lua face of services: entries of nodes on hosts. */
#include "core/services.h"
#include "core/base.h"
#include "lua/bind/boot.h"
#include "lua/bind/remote_call.h"
#include "lua/runtime/bounds.h"
#include "lua/runtime/runtime.h"
#include <stdlib.h>
#include <string.h>

/* What a call is made of beside its hosts; lies in a box. */
typedef struct {
	GPtrArray *nodes;    /* of each host: const char *const *, which is taken */
	GPtrArray *problems; /* of each host: GPtrArray of ServiceProblem */
	GPtrArray *texts;    /* of each host: GPtrArray of texts, or NULL */
	GPtrArray *given;    /* of each host: const char *const *, which is taken; or NULL */
	const Service **at;
} Entries;

static void unref_array(gpointer array)
{
	if (array)
		g_ptr_array_unref(array);
}

static void entries_free(gpointer data)
{
	Entries *entries = data;

	g_ptr_array_unref(entries->nodes);
	g_ptr_array_unref(entries->problems);
	g_ptr_array_unref(entries->texts);
	g_ptr_array_unref(entries->given);
	g_free(entries->at);
	g_free(entries);
}

static Entries *new_entries(lua_State *L)
{
	void **box = binding_box(L, entries_free);
	Entries *entries = *box = g_new0(Entries, 1);

	entries->nodes = g_ptr_array_new();
	entries->problems = g_ptr_array_new_with_free_func(unref_array);
	entries->texts = g_ptr_array_new_with_free_func(unref_array);
	entries->given = g_ptr_array_new();
	return entries;
}

/* Names of hosts and their lists of nodes. */
typedef struct {
	const char *host;
	const char *const *nodes;
	const char *const *texts; /* that they are to be given; NULL: by the tables */
} Share;

static int by_host(gconstpointer a, gconstpointer b)
{
	return strcmp(((const Share *)a)->host, ((const Share *)b)->host);
}

static void check_nodes(lua_State *L, const Share *share)
{
	Cluster *cluster = binding_cluster(L);

	for (guint i = 0; share->nodes[i]; i++)
		if (!cluster_node(cluster, share->nodes[i]))
			luaL_error(L, "'%s' is no node", share->nodes[i]);
}

/* Is the table on top {node = text}, and no list? */
static gboolean has_texts(lua_State *L)
{
	gboolean texts;

	if (!lua_istable(L, -1))
		return FALSE;
	lua_pushnil(L);
	if (!lua_next(L, -2))
		return FALSE;
	texts = lua_type(L, -2) == LUA_TSTRING;
	lua_pop(L, 2);
	return texts;
}

static int by_node(gconstpointer a, gconstpointer b)
{
	return strcmp(((const TakePair *)a)->name, ((const TakePair *)b)->name);
}

/* {node = text or false} at `index`; gives how many. */
static guint take_texts(Take *take, int index, Share *share)
{
	guint n;
	const TakePair *pairs = take_pairs(take, index, "the entries of a host", TRUE, &n);
	TakePair *sorted = take_room(take, (n + 1) * sizeof(*sorted));
	const char **nodes = take_room(take, (n + 1) * sizeof(*nodes));
	const char **texts = take_room(take, (n + 1) * sizeof(*texts));

	for (guint i = 0; i < n; i++)
		sorted[i] = pairs[i];
	if (n > 0)
		qsort(sorted, n, sizeof(*sorted), by_node);
	for (guint i = 0; i < n; i++) {
		nodes[i] = sorted[i].name;
		texts[i] = sorted[i].text;
	}
	nodes[n] = texts[n] = NULL;
	share->nodes = nodes;
	share->texts = texts;
	return n;
}

/* {host = {nodes}} at 2, by the names of the hosts; where `texts` are allowed, of each host
 * they may be given with them. */
static void take_shares(lua_State *L, RemoteCall *call, Entries *entries, gboolean of_nodes,
			gboolean texts)
{
	GArray *shares;
	void **box;

	take_check_table(L, 2, NULL);
	box = binding_box(L, (GDestroyNotify)g_array_unref);
	*box = shares = g_array_new(FALSE, FALSE, sizeof(Share));
	for (lua_pushnil(L); lua_next(L, 2); lua_pop(L, 1)) {
		Share share = { 0 };
		guint n;

		luaL_argcheck(L, lua_type(L, -2) == LUA_TSTRING, 2,
			      "a table {host = {nodes}} expected");
		luaL_argcheck(L, shares->len < BOUND_ENTRIES, 2, "too many hosts");
		share.host = take_text(call->take, -2, "a host");
		if (texts && has_texts(L))
			n = take_texts(call->take, lua_gettop(L), &share);
		else
			share.nodes = take_names(call->take, -1, "the nodes of a host", &n);
		if (of_nodes)
			check_nodes(L, &share);
		if (n > 0)
			g_array_append_val(shares, share);
	}
	g_array_sort(shares, by_host);
	for (guint i = 0; i < shares->len; i++) {
		const Share *share = &g_array_index(shares, Share, i);
		RunHost host = { .name = share->host };

		g_array_append_val(call->hosts, host);
		g_ptr_array_add(entries->nodes, (gpointer)share->nodes);
		g_ptr_array_add(entries->given, (gpointer)share->texts);
		luaL_argcheck(L, !share->texts == !entries->given->pdata[0], 2,
			      "entries are given for all hosts, or for none");
		g_ptr_array_add(entries->problems,
				g_ptr_array_new_with_free_func(service_problem_free));
	}
}

/* The name of the service at 1, the shares at 2, options at 3. */
static RunEntries take_entries(lua_State *L, RemoteCall *call, Entries *entries,
			       gboolean of_nodes, gboolean texts)
{
	static const char *const names[] = { "timeout", "fanout", "via", NULL };
	RunEntries request = { 0 };

	request.service = take_text(call->take, 1, NULL);
	remote_call_check(L, names);
	take_shares(L, call, entries, of_nodes, texts);
	remote_call_vias(L, call);
	remote_call_limits(L, call);
	request.hosts = (const RunHost *)call->hosts->data;
	request.n = call->hosts->len;
	request.nodes = (const char *const *const *)entries->nodes->pdata;
	request.limits = call->command.limits;
	request.problems = (GPtrArray **)entries->problems->pdata;
	if (request.n > 0 && entries->given->pdata[0])
		request.texts = (const char *const *const *)entries->given->pdata;
	return request;
}

/* The nodes of each problem, by its words: {{nodes = {}, text =, left_out = true}, ...} in the
 * field `problems` of the result on top. */
static void push_problems(lua_State *L, const GPtrArray *problems)
{
	int result = lua_gettop(L), index;

	luaL_checkstack(L, 8, NULL);
	lua_newtable(L); /* words -> place */
	index = lua_gettop(L);
	lua_newtable(L);
	for (guint i = 0; i < problems->len; i++) {
		const ServiceProblem *problem = problems->pdata[i];

		lua_pushstring(L, problem->words);
		if (lua_rawget(L, index) != LUA_TTABLE) {
			lua_pop(L, 1);
			lua_createtable(L, 0, 3);
			lua_pushstring(L, problem->words);
			lua_pushvalue(L, -2);
			lua_rawset(L, index);
			lua_pushvalue(L, -1);
			lua_rawseti(L, -3, (lua_Integer)lua_rawlen(L, -3) + 1);
			lua_pushstring(L, problem->words);
			lua_setfield(L, -2, "text");
			lua_pushboolean(L, problem->left_out);
			lua_setfield(L, -2, "left_out");
			lua_newtable(L);
			lua_setfield(L, -2, "nodes");
		}
		lua_getfield(L, -1, "nodes");
		if (problem->node) {
			lua_pushstring(L, problem->node);
			lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
		}
		lua_pop(L, 2);
	}
	lua_setfield(L, result, "problems");
	lua_settop(L, result);
}

static void add_problems(lua_State *L, const RemoteCall *call, const Entries *entries)
{
	for (guint i = 0; i < call->hosts->len; i++) {
		lua_getfield(L, -1, remote_call_host(call, i)->name);
		push_problems(L, entries->problems->pdata[i]);
		lua_pop(L, 1);
	}
}

static int give(lua_State *L, gboolean gone)
{
	Run *run = remote_call_run(L);
	RemoteCall *call = remote_call_new(L);
	Entries *entries = new_entries(L);
	RunEntries request = take_entries(L, call, entries, !gone, !gone);
	GError *error = NULL;

	request.gone = gone;
	call->changed = g_new0(guint, request.n + 1);
	runtime_pause(L);
	call->results = run_give(run, &request, call->changed, &error);
	runtime_go_on(L);
	if (!call->results)
		return binding_raise(L, error);
	call->plans = run_is_planning(run);
	(void)remote_call_finish(L, call);
	add_problems(L, call, entries);
	return 1;
}

/* services.give(service, {host = {nodes} or {node = text or false}} [, options]) -> results: a
 * change */
static int l_give(lua_State *L)
{
	return give(L, FALSE);
}

/* services.release(service, {host = {nodes}} [, options]) -> results: a change */
static int l_release(lua_State *L)
{
	return give(L, TRUE);
}

/* services.check(service, {host = {nodes}} [, options]) -> results: a question */
static int l_check(lua_State *L)
{
	RemoteCall *call = remote_call_new(L);
	Run *run = remote_call_asking_run(L);
	Entries *entries = new_entries(L);
	RunEntries request = take_entries(L, call, entries, TRUE, FALSE);
	GError *error = NULL;

	runtime_pause(L);
	call->results = run_try(run, &request, &error);
	runtime_go_on(L);
	if (!call->results)
		return binding_raise(L, error);
	remote_call_unknown_keys(binding_context(L), call);
	(void)remote_call_push(L, call);
	add_problems(L, call, entries);
	return 1;
}

/* {node = text or false} of one host. */
static void push_texts(lua_State *L, const char *const *nodes, const GPtrArray *texts)
{
	lua_createtable(L, 0, (int)texts->len);
	for (guint i = 0; i < texts->len; i++) {
		if (texts->pdata[i])
			lua_pushstring(L, texts->pdata[i]);
		else
			lua_pushboolean(L, FALSE);
		lua_setfield(L, -2, nodes[i]);
	}
}

/* services.look(service, {host = {nodes}} [, options]) -> {host = {node = text or false}},
 * results: a question */
static int l_look(lua_State *L)
{
	RemoteCall *call = remote_call_new(L);
	Run *run = remote_call_asking_run(L);
	Entries *entries = new_entries(L);
	RunEntries request = take_entries(L, call, entries, TRUE, FALSE);
	GError *error = NULL;

	runtime_pause(L);
	call->results = run_look(run, &request, entries->texts, &error);
	runtime_go_on(L);
	if (!call->results)
		return binding_raise(L, error);
	remote_call_unknown_keys(binding_context(L), call);
	luaL_checkstack(L, 8, NULL);
	lua_createtable(L, 0, (int)request.n);
	for (guint i = 0; i < request.n; i++)
		if (entries->texts->pdata[i]) {
			push_texts(L, request.nodes[i], entries->texts->pdata[i]);
			lua_setfield(L, -2, request.hosts[i].name);
		}
	(void)remote_call_push(L, call);
	return 2;
}

/* The service as each host has it. */
static void find(lua_State *L, Run *run, RemoteCall *call, Entries *entries,
		 const RunEntries *request)
{
	GError *error = NULL;

	entries->at = g_new0(const Service *, request->n + 1);
	runtime_pause(L);
	call->results = run_find(run, request->service, request->hosts, request->n,
				 &request->limits, entries->at, &error);
	runtime_go_on(L);
	if (!call->results)
		binding_raise(L, error);
}

/* services.text(service, host, nodes) -> {node = text}: what they shall be; nodes without one
 * are missing */
static int l_text(lua_State *L)
{
	RemoteCall *call;
	Run *run;
	Entries *entries;
	RunEntries request;
	GPtrArray *texts;
	GError *error = NULL;

	luaL_checktype(L, 2, LUA_TSTRING);
	lua_settop(L, 3);
	lua_createtable(L, 0, 1); /* {host = nodes}, in place of the two */
	lua_pushvalue(L, 2);
	lua_pushvalue(L, 3);
	lua_rawset(L, -3);
	lua_replace(L, 2);
	lua_settop(L, 2);
	call = remote_call_new(L);
	run = remote_call_asking_run(L);
	entries = new_entries(L);
	request = take_entries(L, call, entries, TRUE, FALSE);
	lua_newtable(L);
	if (request.n == 0)
		return 1;
	find(L, run, call, entries, &request);
	if (!entries->at[0]) {
		const RemoteResult *result = remote_call_result(call, 0);

		return luaL_error(L, "%s: %s", request.hosts[0].name,
				  result->message ? result->message
						  : remote_error_name(result->error));
	}
	texts = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(entries->texts, texts);
	g_ptr_array_set_size(texts, (int)g_strv_length((char **)request.nodes[0]));
	if (!entries->at[0]->make(entries->at[0], request.nodes[0], texts->len,
				  (char **)texts->pdata, entries->problems->pdata[0], &error))
		return binding_raise(L, error);
	for (guint i = 0; i < texts->len; i++)
		if (texts->pdata[i]) {
			lua_pushstring(L, texts->pdata[i]);
			lua_setfield(L, -2, request.nodes[0][i]);
		}
	return 1;
}

/* services.mentions(service, {host = {words}}) -> {host = {lines}}: a question */
static int l_mentions(lua_State *L)
{
	RemoteCall *call = remote_call_new(L);
	Run *run = remote_call_asking_run(L);
	Entries *entries = new_entries(L);
	RunEntries request = take_entries(L, call, entries, FALSE, FALSE);

	find(L, run, call, entries, &request);
	luaL_checkstack(L, 8, NULL);
	lua_createtable(L, 0, (int)request.n);
	for (guint i = 0; i < request.n; i++) {
		GPtrArray *lines;

		if (!entries->at[i] || !entries->at[i]->doubts)
			continue;
		lines = g_ptr_array_new_with_free_func(g_free);
		g_ptr_array_add(entries->texts, lines);
		entries->at[i]->doubts(entries->at[i], request.nodes[i], lines);
		binding_push_strings(L, lines);
		lua_setfield(L, -2, request.hosts[i].name);
	}
	return 1;
}

static const luaL_Reg functions[] = {
	{ "give", l_give }, { "release", l_release }, { "look", l_look },
	{ "text", l_text }, { "check", l_check },     { "mentions", l_mentions },
	{ NULL, NULL },
};

int bind_services(lua_State *L)
{
	binding_functions(L, functions);
	bind_boot(L);
	return 1;
}
