/* The Lua face of run's edits: remote.edit. */
#include "core/base.h"
#include "lua/bind/command.h"
#include "lua/runtime/runtime.h"
#include <string.h>

/* What a call is made of beside its hosts. */
typedef struct {
	const char *path, *check, *activate;
	gboolean secret;
} Edit;

static const char *command_option(lua_State *L, const char *name)
{
	const char *text = NULL;

	if (take_field(L, 3, name) != LUA_TNIL)
		text = command_text(L, lua_gettop(L),
				    take_format(remote_call_take(L), "option '%s'", name));
	lua_pop(L, 1);
	return text;
}

/* A list of words gets the new file behind it; a text finds it in "$@". */
static const char *check_option(lua_State *L)
{
	gboolean words = take_field(L, 3, "check") == LUA_TTABLE;
	const char *check;

	lua_pop(L, 1);
	check = command_option(L, "check");
	return words ? take_format(remote_call_take(L), "%s \"$@\"", check) : check;
}

static Edit take_edit(lua_State *L, RemoteCall *call)
{
	static const char *const names[] = { "check", "activate", "timeout", "fanout",
					     "via",   "nodes",	  "secret",  NULL };
	Edit edit = { NULL, NULL, NULL, FALSE };

	remote_call_check(L, names);
	remote_call_hosts(L, call);
	lua_rawgeti(L, 2, 1);
	edit.path = take_text(remote_call_take(L), -1, "the path");
	lua_pop(L, 1);
	edit.check = check_option(L);
	edit.activate = command_option(L, "activate");
	edit.secret = remote_call_flag(L, "secret");
	remote_call_vias(L, call);
	remote_call_nodes(L, call);
	remote_call_number(L, "timeout", 1000, REMOTE_SECONDS_MOST * 1000.0,
			   &call->command.limits.time);
	remote_call_number(L, "fanout", 1, REMOTE_FANOUT_MOST, &call->command.limits.fanout);
	return edit;
}

/* What the function returned, on top of the stack, is what becomes of the file. */
static void take_text_of(lua_State *L, RunEdit *edit, guint i)
{
	gsize length;

	switch (lua_type(L, -1)) {
	case LUA_TNIL:
		break;
	case LUA_TSTRING:
		if (lua_rawlen(L, -1) > RUN_EDIT_MOST) {
			run_edit_fail(edit, i, "the function made more than 1 MiB of it");
			break;
		}
		length = lua_rawlen(L, -1);
		run_edit_set(edit, i, lua_tostring(L, -1), length);
		break;
	case LUA_TBOOLEAN:
		if (!lua_toboolean(L, -1)) {
			run_edit_remove(edit, i);
			break;
		}
		/* fall through */
	default:
		run_edit_fail(edit, i, "the function returns a text, nil or false");
	}
}

/* An error of the function fails this host alone; that of a limit, the whole call. */
static void think_about(lua_State *L, RunEdit *edit, guint i, const char *host)
{
	g_autoptr(GError) problem = NULL;
	const char *text = NULL;
	gsize length = 0;
	RunEditSeen seen = run_edit_seen(edit, i, &text, &length);

	if (seen == RUN_EDIT_NOTHING)
		return;
	lua_rawgeti(L, 2, 2);
	if (seen == RUN_EDIT_TEXT)
		lua_pushlstring(L, text, length);
	else
		lua_pushnil(L);
	lua_pushstring(L, host);
	if (binding_call(L, 2, 1, &problem)) {
		take_text_of(L, edit, i);
		lua_pop(L, 1);
		return;
	}
	*strchrnul(problem->message, '\n') = '\0';
	run_edit_fail(edit, i, problem->message);
}

/* The function makes a text, and does nothing else: it is not called again by a resume. */
static void think(lua_State *L, Run *run, RunEdit *edit, const RemoteCall *call, guint first,
		  guint n)
{
	BindingContext *context = binding_context(L);

	run_forbid(run, "the function of remote.edit makes a text, and changes nothing");
	context->visiting = TRUE;
	for (guint i = 0; i < n; i++)
		think_about(L, edit, i, remote_call_host(call, first + i)->name);
	context->visiting = FALSE;
	run_forbid(run, NULL);
	binding_check(L);
}

/* Hosts from `first` on, as many as stay logged in at once. */
static void edit_some(lua_State *L, Run *run, RemoteCall *call, const Edit *edit, guint first,
		      guint n, void **box)
{
	const RunHost *hosts = remote_call_host(call, first);
	g_autoptr(GPtrArray) results = NULL;
	GError *error = NULL;

	runtime_pause(L);
	*box = run_edit(run, hosts, n, edit->path, edit->secret, edit->check, edit->activate,
			&call->command.limits, &error);
	runtime_go_on(L);
	if (!*box)
		binding_raise(L, error);
	think(L, run, *box, call, first, n);
	runtime_pause(L);
	results = run_edit_end(g_steal_pointer(box), &call->changed[first]);
	runtime_go_on(L);
	g_ptr_array_set_free_func(results, NULL);
	for (guint i = 0; i < n; i++)
		g_ptr_array_add(call->results, results->pdata[i]);
}

/* remote.edit(hosts, path, function(text, host) ... return text end [, options]) -> results:
 * a change */
int bind_edit(lua_State *L)
{
	Run *run = remote_call_run(L);
	RemoteCall *call;
	Edit edit;
	void **box;

	luaL_checktype(L, 3, LUA_TFUNCTION);
	lua_settop(L, 4);
	lua_createtable(L, 2, 0); /* in place of the path: it, and the function */
	lua_pushvalue(L, 2);
	lua_rawseti(L, -2, 1);
	lua_pushvalue(L, 3);
	lua_rawseti(L, -2, 2);
	lua_replace(L, 2);
	lua_remove(L, 3);
	call = remote_call_new(L);
	edit = take_edit(L, call);
	luaL_checkstack(L, 8, NULL);
	call->changed = g_new0(guint, call->hosts->len + 1);
	call->results = g_ptr_array_new_with_free_func(
		(GDestroyNotify)(void (*)(void))remote_result_free);
	box = binding_box(L, (GDestroyNotify)(void (*)(void))run_edit_free);
	for (guint first = 0; first < call->hosts->len;) {
		guint n = MIN(call->hosts->len - first, call->command.limits.fanout);

		edit_some(L, run, call, &edit, first, n, box);
		first += n;
	}
	call->plans = run_is_planning(run);
	return remote_call_finish(L, call);
}
