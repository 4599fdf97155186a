#include "lua/procedure/hooks.h"
#include "core/base.h"
#include "lua/procedure/hook_table.h"
#include "lua/runtime/source.h"
#include "lua/runtime/trust.h"
#include <string.h>
#include <unistd.h>

G_DEFINE_QUARK(snmove_hooks_error, hooks_error)

static void hook_free(gpointer data)
{
	Hook *hook = data;

	runtime_close(hook->L);
	g_hash_table_unref(hook->functions);
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
	hook->functions = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	hook->limits = RUNTIME_HOOK_LIMITS;
	hook->L = runtime_new(context, label, directories, RUNTIME_HOOK_LIMITS);
	if (!hook->L)
		g_error("no memory for a Lua state");
	hook->text = source_read(path, TRUE, error);
	if (hook->text && hook_load_table(hook, steps, error))
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

static gboolean has_function(const Hook *hook, const char *field, const char *step)
{
	g_autofree char *name = hook_function_name(field, step);

	return g_hash_table_contains(hook->functions, name);
}

gboolean hook_has(const Hook *hook, HookPlace place, const char *step)
{
	return has_function(hook, places[place], step);
}

typedef struct {
	const char *function;
	gboolean asks; /* its second result is a reason */
} Call;

static int l_call(lua_State *L)
{
	const Call *call = lua_touserdata(L, 1);
	int results;

	lua_getfield(L, LUA_REGISTRYINDEX, HOOK_FUNCTIONS);
	take_field(L, -1, call->function);
	bind_move(L);
	lua_call(L, 1, 2);
	results = lua_gettop(L);
	if (call->asks && lua_type(L, results) == LUA_TSTRING)
		(void)take_text(take_new(L, results), results, "the reason");
	lua_settop(L, results);
	return 2;
}

/* Calls a function with move; its two results are left on the stack. */
static gboolean call_function(Hook *hook, const char *field, const char *step, GError **error)
{
	g_autofree char *name = hook_function_name(field, step);
	Call call = { name, step == NULL };
	g_autoptr(GError) problem = NULL;

	lua_pushcfunction(hook->L, l_call);
	lua_pushlightuserdata(hook->L, &call);
	if (runtime_call(hook->L, 1, 2, &problem))
		return TRUE;
	g_set_error(error, HOOKS_ERROR,
		    g_error_matches(problem, BINDING_ERROR, BINDING_ERROR_REFUSAL)
			    ? HOOKS_ERROR_REFUSED
			    : HOOKS_ERROR_CALL,
		    "hook '%s', %s: %s", hook->name, name, problem->message);
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
