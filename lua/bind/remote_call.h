/*
 * remote_call - what the functions of `remote` have in common: hosts in, results out.
 *
 * Hosts are argument 1, options argument 3.  All that is given is taken (take.h), and lives as
 * long as the call.  Who calls these has a RemoteCall in a box.
 */
#pragma once
#include "lua/runtime/binding.h"
#include "lua/runtime/take.h"

/* What a call of a script is made of. */
typedef struct {
	Take *take;
	void **lent;   /* see remote_call_lend */
	GArray *hosts; /* RunHost; each once, or (`is_list`) one for each entry */
	gboolean is_list;
	RunCommand command; /* what all hosts share; of files only its limits */
	const RunCommand **each;
	GPtrArray *results;
	guint *changed; /* of files: how many on each host; or NULL */
	gboolean plans; /* the results are only planned */
} RemoteCall;

static inline RunHost *remote_call_host(const RemoteCall *call, guint i)
{
	return &g_array_index(call->hosts, RunHost, i);
}
static inline const RemoteResult *remote_call_result(const RemoteCall *call, guint i)
{
	return call->results->pdata[i];
}

/* The arguments are at 1, 2 and 3 from now on, then what is taken, then the box of the call. */
RemoteCall *remote_call_new(lua_State *L);
/* What the call has taken. */
Take *remote_call_take(lua_State *L);
/* The run that changes are made in; raises if there is none. */
Run *remote_call_run(lua_State *L);
/* The run that questions are asked by: lives as long as the call. */
Run *remote_call_asking_run(lua_State *L);

/* A name, or a list of names: each is taken once. */
void remote_call_hosts(lua_State *L, RemoteCall *call);
/* The way to each, by option `via`.  auto: through the service node where this machine has no
 * route to the node. */
void remote_call_vias(lua_State *L, RemoteCall *call);
/* A host that is a node of the move is its own node; option `nodes`, a list of one, names it
 * for the others. */
void remote_call_nodes(lua_State *L, RemoteCall *call);

/* Raises at an option of another name. */
void remote_call_check(lua_State *L, const char *const *names);
/* Options by their names. */
const char *remote_call_text(lua_State *L, const char *name);
gboolean remote_call_flag(lua_State *L, const char *name);
void remote_call_number(lua_State *L, const char *name, double factor, double most,
			guint *value);
/* Options `timeout` and `fanout`. */
void remote_call_limits(lua_State *L, RemoteCall *call);
/* A text that C has made is given back, whatever raises, when the next one comes or the call
 * ends.  Gives it. */
const char *remote_call_lend(lua_State *L, char *text);

/* Is there room for the text once for each host?  Raises if not. */
void remote_call_afford(lua_State *L, const RemoteCall *call, const char *command);

/* What run is asked for; lives as long as the call. */
const RunCommand *remote_call_request(RemoteCall *call);
/* Asks all hosts: the results are the call's. */
void remote_call_ask(lua_State *L, Run *run, RemoteCall *call);
/* Tells, in one message, of all hosts whose keys nobody has said. */
void remote_call_unknown_keys(const BindingContext *context, const RemoteCall *call);
/* Leaves the table of results on the stack. */
int remote_call_push(lua_State *L, const RemoteCall *call);
/* The same of a change.  Raises if not all hosts were begun. */
int remote_call_finish(lua_State *L, RemoteCall *call);

/* put.c: remote.put(hosts, files [, options]) -> results: a change */
int bind_put(lua_State *L);
/* edit.c: remote.edit(hosts, path, function [, options]) -> results: a change */
int bind_edit(lua_State *L);
/* probe.c: remote.probe(hosts, "dhcp", macs [, options]) -> results, of the other arguments: a
 * question */
int bind_probe(lua_State *L);
int bind_probe_question(lua_State *L);
/* fetch.c: remote.probe(hosts, "fetch", urls [, options]) -> results, likewise */
int bind_fetch(lua_State *L);
