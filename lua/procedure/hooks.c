#include "lua/procedure/hooks.h"
#include "core/base.h"
#include "lua/runtime/runtime.h"
#include "lua/runtime/trust.h"
#include <string.h>
#include <unistd.h>

G_DEFINE_QUARK(snmove_hooks_error, hooks_error)

#define TABLE "snmove.hook" /* in the registry of the hook's state: what its file returned */

struct hook {
	char *path;
	char *text; /* of the file: to tell the line of a name */
	char *name, *summary;
	gboolean critical;
	lua_State *L;
};

static const char *const fields[] = { "name",  "summary", "when",     "check",	"before",
				      "after", "verify",  "critical", "limits", NULL };
static const char *const limit_fields[] = { "time", "instructions", "memory", "output", NULL };

static void hook_free(gpointer data)
{
	Hook *hook = data;

	runtime_close(hook->L);
	g_free(hook->path);
	g_free(hook->text);
	g_free(hook->name);
	g_free(hook->summary);
	g_free(hook);
}

const char *hook_name(const Hook *hook)
{
	return hook->name;
}

const char *hook_summary(const Hook *hook)
{
	return hook->summary;
}

const char *hook_path(const Hook *hook)
{
	return hook->path;
}

gboolean hook_is_critical(const Hook *hook)
{
	return hook->critical;
}

/* The line in which a word first stands as a field's name; 0: in none. */
static guint line_of(const char *text, const char *word)
{
	gsize length = strlen(word);
	guint line = 1;

	for (const char *p = text; *p; p++) {
		const char *behind = p + length;

		line += *p == '\n';
		if (strncmp(p, word, length) != 0 ||
		    (p > text && (g_ascii_isalnum(p[-1]) || p[-1] == '_')))
			continue;
		behind += strspn(behind, " \t\"]");
		if (*behind == '=' && behind[1] != '=')
			return line;
	}
	return 0;
}

static gboolean refuse(const Hook *hook, const char *word, GError **error, const char *format,
		       ...)
{
	g_autofree char *what = NULL;
	guint line = word ? line_of(hook->text, word) : 0;
	va_list args;

	va_start(args, format);
	what = g_strdup_vprintf(format, args);
	va_end(args);
	if (line)
		g_set_error(error, HOOKS_ERROR, HOOKS_ERROR_LOAD, "%s:%u: %s", hook->path, line,
			    what);
	else
		g_set_error(error, HOOKS_ERROR, HOOKS_ERROR_LOAD, "%s: %s", hook->path, what);
	return FALSE;
}

static gboolean unknown(const Hook *hook, const char *what, const char *name,
			const char *const *known, GError **error)
{
	g_autofree char *quoted = text_quote(name);
	g_autofree char *all = g_strjoinv(" ", (char **)known);
	g_autofree char *meant = text_did_you_mean(name, known);

	if (*meant)
		return refuse(hook, name, error, "%s is no %s%s", quoted, what, meant);
	return refuse(hook, name, error, "%s is no %s; there are: %s", quoted, what, all);
}

/* All keys of the table on top of the stack are texts of `known`. */
static gboolean check_keys(const Hook *hook, const char *what, const char *const *known,
			   GError **error)
{
	lua_State *L = hook->L;

	for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
		if (lua_type(L, -2) != LUA_TSTRING)
			return refuse(hook, NULL, error, "a %s must be a name, and one is a %s",
				      what, luaL_typename(L, -2));
		if (!g_strv_contains(known, lua_tostring(L, -2)))
			return unknown(hook, what, lua_tostring(L, -2), known, error);
	}
	return TRUE;
}

/* The field `name` is of a type, or nil if it may be. */
static gboolean check_type(const Hook *hook, const char *name, int type, gboolean needed,
			   GError **error)
{
	lua_State *L = hook->L;
	int found = lua_getfield(L, -1, name);

	lua_pop(L, 1);
	if (found == type || (found == LUA_TNIL && !needed))
		return TRUE;
	if (found == LUA_TNIL)
		return refuse(hook, NULL, error, "it needs a field '%s', a %s", name,
			      lua_typename(L, type));
	return refuse(hook, name, error, "'%s' must be a %s, and is a %s", name,
		      lua_typename(L, type), lua_typename(L, found));
}

static gboolean check_steps(const Hook *hook, const char *place, const char *const *steps,
			    GError **error)
{
	lua_State *L = hook->L;
	gboolean good = TRUE;

	if (lua_getfield(L, -1, place) == LUA_TTABLE) {
		good = check_keys(hook, "step", steps, error);
		for (lua_pushnil(L); good && lua_next(L, -2); lua_pop(L, 1))
			if (!lua_isfunction(L, -1))
				good = refuse(hook, lua_tostring(L, -2), error,
					      "%s.%s must be a function, and is a %s", place,
					      lua_tostring(L, -2), luaL_typename(L, -1));
	}
	return good;
}

static gboolean take_limits(const Hook *hook, RuntimeLimits *limits, GError **error)
{
	lua_State *L = hook->L;

	if (lua_getfield(L, -1, "limits") == LUA_TNIL)
		return TRUE;
	if (!check_keys(hook, "limit", limit_fields, error))
		return FALSE;
	for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
		const char *name = lua_tostring(L, -2);
		double value = lua_type(L, -1) == LUA_TNUMBER ? lua_tonumber(L, -1) : -1;

		if (!(value > 0 && value < 1e15))
			return refuse(hook, name, error,
				      "the limit '%s' must be a number above 0", name);
		if (g_str_equal(name, "time"))
			limits->time = value;
		else if (g_str_equal(name, "instructions"))
			limits->instructions = (guint64)value;
		else if (g_str_equal(name, "memory"))
			limits->memory = (gsize)value;
		else
			limits->output = (gsize)value;
	}
	return TRUE;
}

/* The table on top of the stack is a hook's; its fields are taken. */
static gboolean take_table(Hook *hook, const char *const *steps, GError **error)
{
	static const struct {
		const char *name;
		int type;
		gboolean needed;
	} types[] = {
		{ "name", LUA_TSTRING, TRUE },	    { "summary", LUA_TSTRING, TRUE },
		{ "when", LUA_TFUNCTION, FALSE },   { "check", LUA_TFUNCTION, FALSE },
		{ "before", LUA_TTABLE, FALSE },    { "after", LUA_TTABLE, FALSE },
		{ "verify", LUA_TFUNCTION, FALSE }, { "critical", LUA_TBOOLEAN, FALSE },
		{ "limits", LUA_TTABLE, FALSE },
	};
	lua_State *L = hook->L;
	RuntimeLimits limits = RUNTIME_HOOK_LIMITS;
	int table = lua_gettop(L);

	if (!lua_istable(L, -1))
		return refuse(hook, NULL, error,
			      "a hook file returns one table, and this one returns a %s",
			      luaL_typename(L, -1));
	if (!check_keys(hook, "field of a hook", fields, error))
		return FALSE;
	lua_settop(L, table);
	for (gsize i = 0; i < G_N_ELEMENTS(types); i++)
		if (!check_type(hook, types[i].name, types[i].type, types[i].needed, error))
			return FALSE;
	if (!check_steps(hook, "before", steps, error))
		return FALSE;
	lua_settop(L, table);
	if (!check_steps(hook, "after", steps, error))
		return FALSE;
	lua_settop(L, table);
	if (!take_limits(hook, &limits, error))
		return FALSE;
	lua_settop(L, table);
	lua_getfield(L, -1, "name");
	hook->name = g_strdup(lua_tostring(L, -1));
	lua_getfield(L, -2, "summary");
	hook->summary = g_strdup(lua_tostring(L, -1));
	lua_getfield(L, -3, "critical");
	hook->critical = lua_toboolean(L, -1);
	lua_settop(L, table);
	runtime_limit(L, limits);
	return TRUE;
}

/* Called protected: what a hook's table does (metamethods, too) is the hook's error. */
static int l_take(lua_State *L)
{
	Hook *hook = lua_touserdata(L, 1);
	const char *const *steps = lua_touserdata(L, 2);
	GError *error = NULL;

	lua_pushvalue(L, 3);
	if (!take_table(hook, steps, &error))
		return binding_raise(L, error);
	lua_pushvalue(L, 3);
	lua_setfield(L, LUA_REGISTRYINDEX, TABLE);
	return 0;
}

/* Lua's message has file and line already. */
static gboolean load_failed(const GError *problem, GError **error)
{
	g_set_error(error, HOOKS_ERROR, HOOKS_ERROR_LOAD, "%s", problem->message);
	return FALSE;
}

/* A hook must not change what later calls find: the table it returned is looked at raw. */
static gboolean load_table(Hook *hook, const char *const *steps, GError **error)
{
	lua_State *L = hook->L;
	g_autoptr(GError) problem = NULL;
	int results;

	lua_pushcfunction(L, l_take);
	lua_pushlightuserdata(L, hook);
	lua_pushlightuserdata(L, (void *)steps);
	if (!runtime_load_text(L, hook->text, hook->path, &problem) ||
	    !runtime_call(L, 0, 2, &problem))
		return load_failed(problem, error);
	results = lua_isnil(L, -1) ? 1 : 2;
	lua_pop(L, 1);
	if (results > 1)
		return refuse(hook, NULL, error,
			      "a hook file returns one table, and nothing else");
	if (!binding_call(L, 3, 0, &problem)) {
		/* Ours names its file and line; Lua's where and traceback say nothing here. */
		char *end = strchr(problem->message, '\n');

		if (end)
			*end = '\0';
		g_set_error(error, HOOKS_ERROR, HOOKS_ERROR_LOAD, "%s", problem->message);
		return FALSE;
	}
	return TRUE;
}

static Hook *load_hook(BindingContext *context, const char *path, const char *library,
		       const char *const *steps, GError **error)
{
	g_autofree char *directory = g_path_get_dirname(path);
	g_autofree char *base = g_path_get_basename(path);
	g_autofree char *label = g_strconcat("hook ", base, NULL);
	g_autofree char *above = g_path_get_dirname(directory);
	g_autofree char *shared =
		g_build_filename(above, "lua", NULL); /* of the site's hooks */
	const char *directories[] = { shared, library, NULL };
	Hook *hook = g_new0(Hook, 1);

	hook->path = g_strdup(path);
	hook->L = runtime_new(context, label, directories, RUNTIME_HOOK_LIMITS);
	if (!hook->L)
		g_error("no memory for a Lua state");
	if (trust_path(path, error) && g_file_get_contents(path, &hook->text, NULL, error) &&
	    load_table(hook, steps, error))
		return hook;
	hook_free(hook);
	return NULL;
}

/* The hook files of a folder, by their names; a link to /dev/null stands as well. */
static gboolean list_folder(GHashTable *files, const char *folder, gboolean asked,
			    GError **error)
{
	g_autoptr(GError) problem = NULL;
	g_autoptr(GDir) dir = g_dir_open(folder, 0, &problem);
	const char *name;

	if (!dir && !asked && g_error_matches(problem, G_FILE_ERROR, G_FILE_ERROR_NOENT))
		return TRUE;
	if (!dir) {
		g_set_error(error, HOOKS_ERROR, HOOKS_ERROR_DIRECTORY, "hooks: %s",
			    problem->message);
		return FALSE;
	}
	if (!trust_path(folder, error))
		return FALSE;
	while ((name = g_dir_read_name(dir)))
		if (g_str_has_suffix(name, ".lua") && *name != '.')
			g_hash_table_insert(files, g_strdup(name),
					    g_build_filename(folder, name, NULL));
	return TRUE;
}

static gboolean is_masked(const char *path)
{
	g_autofree char *target = g_file_read_link(path, NULL);

	return target && g_str_equal(target, "/dev/null");
}

static int compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(a, b);
}

GPtrArray *hooks_load(BindingContext *context, const char *shipped, const char *site,
		      const char *const *steps, GError **error)
{
	g_autoptr(GHashTable) files =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_autoptr(GPtrArray) hooks = g_ptr_array_new_with_free_func(hook_free);
	const char *data = runtime_data_directory();
	g_autofree char *library = data ? g_build_filename(data, "lua", NULL) : NULL;
	g_autoptr(GList) names = NULL;

	if ((shipped && !list_folder(files, shipped, FALSE, error)) ||
	    !list_folder(files, site ? site : HOOKS_DIRECTORY, site != NULL, error))
		return NULL;
	names = g_list_sort(g_hash_table_get_keys(files), compare_names);
	for (GList *each = names; each; each = each->next) {
		const char *path = g_hash_table_lookup(files, each->data);
		Hook *hook;

		if (is_masked(path))
			continue;
		hook = load_hook(context, path, library, steps, error);
		if (!hook)
			return NULL;
		g_ptr_array_add(hooks, hook);
	}
	return g_steal_pointer(&hooks);
}

static const char *const places[] = { [HOOK_BEFORE] = "before", [HOOK_AFTER] = "after" };

/* Leaves before[step] or after[step] (or, without a step, the field) on the stack. */
static int push_function(lua_State *L, const char *field, const char *step)
{
	lua_getfield(L, LUA_REGISTRYINDEX, TABLE);
	lua_pushstring(L, field);
	lua_rawget(L, -2);
	lua_remove(L, -2);
	if (step && lua_istable(L, -1)) {
		lua_pushstring(L, step);
		lua_rawget(L, -2);
		lua_remove(L, -2);
	}
	return lua_type(L, -1);
}

typedef struct {
	const char *field, *step;
	gboolean there;
} Question;

static int l_has(lua_State *L)
{
	Question *question = lua_touserdata(L, 1);

	question->there = push_function(L, question->field, question->step) == LUA_TFUNCTION;
	return 0;
}

static gboolean has_function(const Hook *hook, const char *field, const char *step)
{
	Question question = { field, step, FALSE };

	lua_pushcfunction(hook->L, l_has);
	lua_pushlightuserdata(hook->L, &question);
	return binding_call(hook->L, 1, 0, NULL) && question.there;
}

gboolean hook_has(const Hook *hook, HookPlace place, const char *step)
{
	return has_function(hook, places[place], step);
}

static int l_call(lua_State *L)
{
	const Question *question = lua_touserdata(L, 1);

	push_function(L, question->field, question->step);
	bind_move(L);
	lua_call(L, 1, 2);
	return 2;
}

/* Calls a function with move; its two results are left on the stack. */
static gboolean call_function(Hook *hook, const char *field, const char *step, GError **error)
{
	Question question = { field, step, FALSE };
	g_autoptr(GError) problem = NULL;

	lua_pushcfunction(hook->L, l_call);
	lua_pushlightuserdata(hook->L, &question);
	if (runtime_call(hook->L, 1, 2, &problem))
		return TRUE;
	g_set_error(error, HOOKS_ERROR,
		    g_error_matches(problem, BINDING_ERROR, BINDING_ERROR_REFUSAL)
			    ? HOOKS_ERROR_REFUSED
			    : HOOKS_ERROR_CALL,
		    "hook '%s', %s%s%s: %s", hook->name, field, step ? "." : "",
		    step ? step : "", problem->message);
	return FALSE;
}

gboolean hook_call(Hook *hook, HookPlace place, const char *step, GError **error)
{
	if (!call_function(hook, places[place], step, error))
		return FALSE;
	lua_pop(hook->L, 2);
	return TRUE;
}

gboolean hook_when(Hook *hook, gboolean *wanted, GError **error)
{
	*wanted = TRUE;
	if (!has_function(hook, "when", NULL))
		return TRUE;
	if (!call_function(hook, "when", NULL, error))
		return FALSE;
	*wanted = lua_toboolean(hook->L, -2);
	lua_pop(hook->L, 2);
	return TRUE;
}

/* false, "reason" is a reason; so is false alone.  nil or true: all is well. */
static gboolean ask(Hook *hook, const char *field, char **reason, GError **error)
{
	lua_State *L = hook->L;

	*reason = NULL;
	if (!has_function(hook, field, NULL))
		return TRUE;
	if (!call_function(hook, field, NULL, error))
		return FALSE;
	if (lua_isboolean(L, -2) && !lua_toboolean(L, -2))
		*reason = g_strdup(lua_type(L, -1) == LUA_TSTRING
					   ? lua_tostring(L, -1)
					   : "it says no, without a reason");
	lua_pop(L, 2);
	return TRUE;
}

gboolean hook_check(Hook *hook, char **reason, GError **error)
{
	return ask(hook, "check", reason, error);
}

gboolean hook_verify(Hook *hook, char **reason, GError **error)
{
	return ask(hook, "verify", reason, error);
}
