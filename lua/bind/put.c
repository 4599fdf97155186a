/* The Lua face of run's files: remote.put. */
#include "core/base.h"
#include "lua/bind/remote_call.h"
#include "lua/runtime/runtime.h"
#include <string.h>

/* What a call is made of beside its hosts; lies in a box. */
typedef struct {
	GArray *files; /* RemoteFile, by path; their texts are on the stack of the call */
	char *check, *activate;
	const RemoteFile **of_hosts;
} Files;

static void files_free(gpointer data)
{
	Files *files = data;

	g_array_unref(files->files);
	g_free(files->check);
	g_free(files->activate);
	g_free(files->of_hosts);
	g_free(files);
}

/* A text of the description on top of the stack, or NULL; the table keeps it. */
static const char *text_field(lua_State *L, const char *path, const char *name, size_t *length)
{
	const char *text = NULL;

	if (lua_getfield(L, -1, name) != LUA_TNIL) {
		if (lua_type(L, -1) != LUA_TSTRING)
			luaL_error(L, "'%s': '%s' is a text, and not a %s%s", path, name,
				   luaL_typename(L, -1),
				   g_str_equal(name, "mode") ? ": \"0644\" is one" : "");
		text = lua_tolstring(L, -1, length);
	}
	lua_pop(L, 1);
	return text;
}

static gboolean flag_field(lua_State *L, const char *name)
{
	gboolean flag;

	lua_getfield(L, -1, name);
	flag = lua_toboolean(L, -1);
	lua_pop(L, 1);
	return flag;
}

static int mode_field(lua_State *L, const char *path)
{
	const char *text = text_field(L, path, "mode", NULL);
	char *end;
	guint64 mode;

	if (!text)
		return -1;
	mode = g_ascii_strtoull(text, &end, 8);
	if (!*text || *end || mode > 07777)
		luaL_error(L, "'%s': '%s' is no mode: \"0644\" is one", path, text);
	return (int)mode;
}

static void check_fields(lua_State *L, const char *path)
{
	static const char *const names[] = { "content", "mode",	  "owner", "secret",
					     "link",	"absent", NULL };

	for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1))
		if (lua_type(L, -2) != LUA_TSTRING ||
		    !g_strv_contains(names, lua_tostring(L, -2)))
			luaL_error(L, "'%s': no field is named '%s'", path,
				   luaL_tolstring(L, -2, NULL));
}

/* The description of a file, {content=...}, {link=...} or {absent=true}, is on top. */
static RemoteFile described_file(lua_State *L, const char *path)
{
	size_t content_length = 0, link_length = 0;
	RemoteFile file = { .path = path };
	const char *content, *target;
	gboolean absent;

	check_fields(L, path);
	content = text_field(L, path, "content", &content_length);
	target = text_field(L, path, "link", &link_length);
	absent = flag_field(L, "absent");
	if ((content != NULL) + (target != NULL) + absent != 1)
		luaL_error(L,
			   "'%s': one of 'content', 'link' and 'absent' says what it shall be",
			   path);
	file.kind = content ? REMOTE_FILE : target ? REMOTE_FILE_LINK : REMOTE_FILE_GONE;
	file.content = content ? content : target;
	file.length = content ? content_length : link_length;
	file.mode = mode_field(L, path);
	file.owner = text_field(L, path, "owner", NULL);
	file.secret = flag_field(L, "secret");
	if (!content && (file.mode >= 0 || file.owner))
		luaL_error(L, "'%s': only 'content' has a mode and an owner", path);
	if (target && strlen(target) != link_length)
		luaL_error(L, "'%s': the target of a link has no zero byte", path);
	return file;
}

static int by_path(gconstpointer a, gconstpointer b)
{
	return strcmp(((const RemoteFile *)a)->path, ((const RemoteFile *)b)->path);
}

static void take_files(lua_State *L, Files *files)
{
	luaL_checktype(L, 2, LUA_TTABLE);
	for (lua_pushnil(L); lua_next(L, 2); lua_pop(L, 1)) {
		RemoteFile file;

		if (lua_type(L, -2) != LUA_TSTRING ||
		    strlen(lua_tostring(L, -2)) != lua_rawlen(L, -2))
			luaL_argerror(L, 2, "a table of path = content expected");
		if (lua_type(L, -1) == LUA_TSTRING) {
			file = (RemoteFile){ .path = lua_tostring(L, -2), .mode = -1 };
			file.content = lua_tolstring(L, -1, &file.length);
		} else if (lua_istable(L, -1)) {
			file = described_file(L, lua_tostring(L, -2));
		} else {
			luaL_error(L, "'%s': a content or a description expected, and not a %s",
				   lua_tostring(L, -2), luaL_typename(L, -1));
			return;
		}
		file.secret |= secret_in(file.content, file.length) != NULL;
		g_array_append_val(files->files, file);
	}
	luaL_argcheck(L, files->files->len > 0, 2, "no file is named");
	g_array_sort(files->files, by_path);
}

/* A list of words gets the new files behind it; a text finds them in "$@". */
static void take_commands(lua_State *L, Files *files)
{
	if (lua_getfield(L, 3, "check") != LUA_TNIL) {
		gboolean words = lua_istable(L, -1);

		files->check = remote_call_shell(L, lua_gettop(L));
		if (words) {
			char *command = files->check;

			files->check = g_strconcat(command, " \"$@\"", NULL);
			g_free(command);
		}
	}
	if (lua_getfield(L, 3, "activate") != LUA_TNIL)
		files->activate = remote_call_shell(L, lua_gettop(L));
}

static Files *new_files(lua_State *L)
{
	void **box = binding_box(L, files_free);
	Files *files = g_new0(Files, 1);

	*box = files;
	files->files = g_array_new(FALSE, FALSE, sizeof(RemoteFile));
	return files;
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
		files->of_hosts[i] = (const RemoteFile *)files->files->data;
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
