/* The Lua face of run's files: remote.put. */
#include "core/base.h"
#include "lua/runtime/bounds.h"
#include "lua/bind/command.h"
#include "lua/runtime/runtime.h"
#include <string.h>

/* What a call is made of beside its hosts; lies in a box. */
typedef struct {
	GArray *files;	 /* RemoteFile, by path */
	int functions;	 /* on the stack: path -> function of the host, whose content it is */
	gboolean varies; /* there is such a function */
	const char *check, *activate;
	const RemoteFile **of_hosts;
} Files;

static void files_free(gpointer data)
{
	Files *files = data;

	g_array_unref(files->files);
	g_free(files->of_hosts);
	g_free(files);
}

static int mode_field(lua_State *L, int table, const char *of)
{
	const char *text;
	char *end;
	guint64 mode;

	if (take_field(L, table, "mode") == LUA_TNUMBER)
		luaL_error(L, "%s 'mode' is a text, and not a number: \"0644\" is one", of);
	lua_pop(L, 1);
	text = take_text_field(remote_call_take(L), table, of, "mode");
	if (!text)
		return -1;
	mode = g_ascii_strtoull(text, &end, 8);
	if (!g_ascii_isdigit(*text) || *end || mode > 07777)
		luaL_error(L, "%s '%s' is no mode: \"0644\" is one", of, text);
	return (int)mode;
}

static void check_fields(lua_State *L, int table, const char *of)
{
	static const char *const names[] = { "content", "mode",	  "owner", "secret",
					     "link",	"absent", NULL };

	for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1)) {
		const char *name = lua_type(L, -2) == LUA_TSTRING
					   ? take_text(remote_call_take(L), -2, "a field")
					   : luaL_typename(L, -2);

		if (!g_strv_contains(names, name))
			luaL_error(L, "%s no field is named '%s'", of, name);
	}
}

/* The description of a file at `table`: {content=...}, {link=...} or {absent=true}. */
static RemoteFile described_file(lua_State *L, int table, const char *path)
{
	Take *take = remote_call_take(L);
	const char *of = take_format(take, "'%s':", path);
	RemoteFile file = { .path = path };
	const char *content, *target;
	gboolean absent;

	take_check_table(L, table, of);
	check_fields(L, table, of);
	if (take_field(L, table, "content") == LUA_TFUNCTION)
		content = "";
	else
		content = take_bytes_field(take, table, of, "content", &file.length);
	lua_pop(L, 1);
	target = take_text_field(take, table, of, "link");
	absent = take_flag_field(take, table, "absent");
	if ((content != NULL) + (target != NULL) + absent != 1)
		luaL_error(L, "%s one of 'content', 'link' and 'absent' says what it shall be",
			   of);
	file.kind = content ? REMOTE_FILE : target ? REMOTE_FILE_LINK : REMOTE_FILE_GONE;
	file.content = content ? content : target;
	file.length = content ? file.length : target ? strlen(target) : 0;
	file.mode = mode_field(L, table, of);
	file.owner = take_text_field(take, table, of, "owner");
	file.secret = take_flag_field(take, table, "secret");
	if (!content && (file.mode >= 0 || file.owner))
		luaL_error(L, "%s only 'content' has a mode and an owner", of);
	return file;
}

static int by_path(gconstpointer a, gconstpointer b)
{
	return strcmp(((const RemoteFile *)a)->path, ((const RemoteFile *)b)->path);
}

/* The content of the path, whose value is on top, is what a function says of each host. */
static void keep_function(lua_State *L, Files *files, const char *path)
{
	gboolean is = lua_isfunction(L, -1);

	if (is)
		lua_pushvalue(L, -1);
	else if (lua_istable(L, -1))
		is = take_field(L, -1, "content") == LUA_TFUNCTION;
	else
		return;
	if (is) {
		files->varies = TRUE;
		lua_setfield(L, files->functions, path);
	} else {
		lua_pop(L, 1);
	}
}

/* Path, and content or description, are on top of the stack. */
static RemoteFile take_file(lua_State *L, Files *files)
{
	Take *take = remote_call_take(L);
	RemoteFile file = { .mode = -1 };

	if (lua_type(L, -2) != LUA_TSTRING)
		luaL_argerror(L, 2, "a table of path = content expected");
	file.path = take_text(take, -2, "a path");
	if (lua_type(L, -1) == LUA_TSTRING)
		file.content = take_bytes(take, -1, "a content", &file.length);
	else if (lua_isfunction(L, -1))
		file.content = "";
	else if (lua_istable(L, -1))
		file = described_file(L, lua_gettop(L), file.path);
	else
		luaL_error(L, "'%s': a content or a description expected, and not a %s",
			   file.path, luaL_typename(L, -1));
	file.secret |= secret_in(file.content, file.length) != NULL;
	keep_function(L, files, file.path);
	return file;
}

static void take_files(lua_State *L, Files *files)
{
	take_check_table(L, 2, NULL);
	for (lua_pushnil(L); lua_next(L, 2); lua_pop(L, 1)) {
		RemoteFile file = take_file(L, files);

		luaL_argcheck(L, files->files->len < BOUND_ENTRIES, 2, "too many files");
		g_array_append_val(files->files, file);
	}
	luaL_argcheck(L, files->files->len > 0, 2, "no file is named");
	g_array_sort(files->files, by_path);
}

/* A list of words gets the new files behind it; a text finds them in "$@". */
static void take_commands(lua_State *L, Files *files)
{
	if (take_field(L, 3, "check") != LUA_TNIL) {
		gboolean words = lua_istable(L, -1);

		files->check = command_text(L, lua_gettop(L), "option 'check'");
		if (words)
			files->check =
				take_format(remote_call_take(L), "%s \"$@\"", files->check);
	}
	if (take_field(L, 3, "activate") != LUA_TNIL)
		files->activate = command_text(L, lua_gettop(L), "option 'activate'");
}

static Files *new_files(lua_State *L)
{
	void **box = binding_box(L, files_free);
	Files *files = g_new0(Files, 1);

	*box = files;
	files->files = g_array_new(FALSE, FALSE, sizeof(RemoteFile));
	lua_newtable(L);
	files->functions = lua_gettop(L);
	return files;
}

/* Pushes what the function of the path says of the host; FALSE: it has none. */
static gboolean push_content(lua_State *L, const Files *files, const char *path,
			     const char *host)
{
	if (take_field(L, files->functions, path) != LUA_TFUNCTION) {
		lua_pop(L, 1);
		return FALSE;
	}
	lua_pushstring(L, host);
	lua_call(L, 1, 1);
	return TRUE;
}

/* The files as one host gets them. */
static const RemoteFile *files_of(lua_State *L, const Files *files, const char *host)
{
	Take *take = remote_call_take(L);
	guint n = files->files->len;
	RemoteFile *own = take_room(take, n * sizeof(*own));

	memcpy(own, files->files->data, n * sizeof(*own));
	for (guint i = 0; i < n; i++) {
		if (!push_content(L, files, own[i].path, host))
			continue;
		own[i].content = take_bytes(
			take, -1,
			take_format(take, "the content of '%s' for %s", own[i].path, host),
			&own[i].length);
		own[i].secret |= secret_in(own[i].content, own[i].length) != NULL;
		lua_pop(L, 1);
	}
	return own;
}

static RunPut make_put(lua_State *L, RemoteCall *call, Files *files)
{
	static const char *const names[] = { "check", "activate", "timeout", "fanout",
					     "via",   "nodes",	  NULL };
	RunPut put = { .limits = binding_context(L)->limits };

	remote_call_check(L, names);
	remote_call_hosts(L, call);
	take_files(L, files);
	take_commands(L, files);
	remote_call_vias(L, call);
	remote_call_nodes(L, call);
	remote_call_number(L, "timeout", 1000, REMOTE_SECONDS_MOST * 1000.0, &put.limits.time);
	remote_call_number(L, "fanout", 1, REMOTE_FANOUT_MOST, &put.limits.fanout);
	put.n = call->hosts->len;
	call->changed = g_new0(guint, put.n + 1);
	files->of_hosts = g_new(const RemoteFile *, put.n + 1);
	for (guint i = 0; i < put.n; i++)
		files->of_hosts[i] =
			files->varies ? files_of(L, files, remote_call_host(call, i)->name)
				      : (const RemoteFile *)files->files->data;
	put.hosts = (const RunHost *)call->hosts->data;
	put.files = files->of_hosts;
	put.n_files = files->files->len;
	put.check = files->check;
	put.activate = files->activate;
	return put;
}

int bind_put(lua_State *L)
{
	Run *run = remote_call_run(L);
	RemoteCall *call = remote_call_new(L);
	RunPut put = make_put(L, call, new_files(L));
	GError *error = NULL;

	runtime_pause(L);
	call->results = run_put(run, &put, call->changed, &error);
	runtime_go_on(L);
	if (!call->results)
		return binding_raise(L, error);
	call->plans = run_is_planning(run);
	return remote_call_finish(L, call);
}
