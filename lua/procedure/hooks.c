#include "lua/procedure/hooks.h"
#include "core/base.h"
#include "lua/procedure/hook_settings.h"
#include "lua/runtime/source.h"
#include "lua/terminal/trace.h"
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

G_DEFINE_QUARK(snmove_hooks_error, hooks_error)

static void hook_free(gpointer data)
{
	Hook *hook = data;

	runtime_close(hook->L);
	g_hash_table_unref(hook->functions);
	g_hash_table_unref(hook->settings);
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
		       const HooksSetup *setup, GError **error)
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
	hook->shipped = setup->shipped && g_str_equal(directory, setup->shipped);
	hook->functions = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	hook->settings = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					       (GDestroyNotify)g_variant_unref);
	hook->limits = RUNTIME_HOOK_LIMITS;
	hook->L = runtime_new(context, label, directories, RUNTIME_HOOK_LIMITS);
	if (!hook->L)
		g_error("no memory for a Lua state");
	hook->text = source_read(path, TRUE, error);
	if (hook->text && hook_load_table(hook, setup->steps, error) &&
	    hook_settings_take(hook, setup, error) && hook_settings_keep(hook, error))
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

/* By a link that nobody else can have laid there. */
static gboolean is_masked(const char *path)
{
	g_autofree char *target = g_file_read_link(path, NULL);
	struct stat status;

	return target && g_str_equal(target, "/dev/null") && lstat(path, &status) == 0 &&
	       (status.st_uid == 0 || status.st_uid == geteuid());
}

static int compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(a, b);
}

/* The files that count, by their names. */
static GHashTable *find_files(const HooksSetup *setup, GError **error)
{
	g_autoptr(GHashTable) files =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	const char *site = setup->site;

	if ((setup->shipped && !list_folder(files, setup->shipped, FALSE, error)) ||
	    !list_folder(files, site ? site : HOOKS_DIRECTORY, site != NULL, error))
		return NULL;
	return g_steal_pointer(&files);
}

/* What was typed for hooks that are not there is not what was meant.  `left` (or NULL) are
 * names of others that may be typed. */
static gboolean check_names(const GPtrArray *hooks, const char *option,
			    const char *const *given, gboolean settings, GHashTable *left,
			    GError **error)
{
	g_autofree const char **names = g_new0(const char *, hooks->len + 1);

	for (guint i = 0; i < hooks->len; i++)
		names[i] = ((const Hook *)hooks->pdata[i])->name;
	for (guint i = 0; given && given[i]; i++) {
		g_autofree char *name = g_strndup(given[i], settings ? strcspn(given[i], ".")
								     : strlen(given[i]));
		g_autofree char *quoted = NULL, *meant = NULL;

		if (g_strv_contains(names, name) || (left && g_hash_table_contains(left, name)))
			continue;
		quoted = text_quote(name);
		meant = text_did_you_mean(name, names);
		g_set_error(error, HOOKS_ERROR, HOOKS_ERROR_LOAD, "%s: no hook is named %s%s",
			    option, quoted, meant);
		return FALSE;
	}
	return TRUE;
}

/* Takes `line`, which says why the hook is not loaded. */
static void leave_out(const HooksSetup *setup, const char *name, char *line)
{
	g_ptr_array_add(setup->left_out, line);
	g_hash_table_add(setup->left_names, g_strdup(name));
}

/* Those of --without, from the end on. */
static void leave_out_typed(GPtrArray *hooks, const HooksSetup *setup)
{
	for (guint i = hooks->len; i > 0; i--) {
		const Hook *hook = hooks->pdata[i - 1];

		if (!setup->without || !g_strv_contains(setup->without, hook->name))
			continue;
		leave_out(setup, hook->name,
			  g_strdup_printf("%s: left out by --without (%s)", hook->name,
					  hook->path));
		g_ptr_array_remove_index(hooks, i - 1);
	}
}

/* A file that is masked is not read: its hook is probably called as the file is. */
static void leave_out_masked(const HooksSetup *setup, const char *file, const char *path)
{
	g_autofree char *name = g_strndup(file, strlen(file) - strlen(".lua"));

	leave_out(setup, name, g_strdup_printf("%s: masked by %s", file, path));
}

/* One of the files; it is added to `hooks`, or left out. */
static gboolean add_hook(GPtrArray *hooks, BindingContext *context, const HooksSetup *setup,
			 const char *path, const char *library, GError **error)
{
	Hook *hook = load_hook(context, path, library, setup, error);

	if (!hook)
		return FALSE;
	if (!hook->lacks_step) {
		g_ptr_array_add(hooks, hook);
		return TRUE;
	}
	leave_out(setup, hook->name,
		  g_strdup_printf("%s: left out, as the procedure lacks a step that it stands "
				  "at (%s)",
				  hook->name, path));
	hook_free(hook);
	return TRUE;
}

GPtrArray *hooks_load(BindingContext *context, const HooksSetup *setup, GError **error)
{
	g_autoptr(GHashTable) files = find_files(setup, error);
	g_autoptr(GPtrArray) hooks = g_ptr_array_new_with_free_func(hook_free);
	const char *data = runtime_data_directory();
	g_autofree char *library = data ? g_build_filename(data, "lua", NULL) : NULL;
	g_autoptr(GList) names = NULL;

	if (!files)
		return NULL;
	names = g_list_sort(g_hash_table_get_keys(files), compare_names);
	for (GList *each = names; each; each = each->next) {
		const char *path = g_hash_table_lookup(files, each->data);

		if (is_masked(path))
			leave_out_masked(setup, each->data, path);
		else if (!add_hook(hooks, context, setup, path, library, error))
			return NULL;
	}
	if (!check_names(hooks, "--set", setup->set, TRUE, NULL, error) ||
	    !check_names(hooks, "--without", setup->without, FALSE, setup->left_names, error))
		return NULL;
	leave_out_typed(hooks, setup);
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

/* How it ended: its two results are on the stack, unless there is a problem. */
static void trace_call(const Hook *hook, const char *name, gint64 begun, const GError *problem)
{
	gint64 time = (g_get_monotonic_time() - begun) / 1000;
	g_autofree char *first =
		problem ? g_strndup(problem->message, strcspn(problem->message, "\n")) : NULL;
	const char *said = problem			? first
			   : lua_isnil(hook->L, -2)	? "nothing"
			   : lua_toboolean(hook->L, -2) ? "yes"
							: "no";
	const char *reason = !problem && lua_type(hook->L, -1) == LUA_TSTRING
				     ? lua_tostring(hook->L, -1)
				     : NULL;

	trace_say("hook %s, %s: %s in %" G_GINT64_FORMAT " ms: %s%s%s", hook->name, name,
		  problem ? "fails" : "ends", time, said, reason ? ", " : "",
		  reason ? reason : "");
}

/* Calls a function with move; its two results are left on the stack. */
static gboolean call_function(Hook *hook, const char *field, const char *step, GError **error)
{
	g_autofree char *name = hook_function_name(field, step);
	Call call = { name, step == NULL };
	gint64 begun = g_get_monotonic_time();
	g_autoptr(GError) problem = NULL;
	gboolean done;

	trace_say("hook %s, %s: begins", hook->name, name);
	lua_pushcfunction(hook->L, l_call);
	lua_pushlightuserdata(hook->L, &call);
	done = runtime_call(hook->L, 1, 2, &problem);
	trace_call(hook, name, begun, problem);
	if (done)
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

/* ---- What is told of one ---- */

char *hook_places(const Hook *hook, const char *const *steps)
{
	static const char *const questions[] = { "when", "check", "verify" };
	GString *text = g_string_new(NULL);

	for (guint i = 0; steps[i]; i++)
		for (guint place = HOOK_BEFORE; place <= HOOK_AFTER; place++)
			if (hook_has(hook, (HookPlace)place, steps[i]))
				g_string_append_printf(text, "%s%s %s", text->len ? ", " : "",
						       places[place], steps[i]);
	for (gsize i = 0; i < G_N_ELEMENTS(questions); i++)
		if (has_function(hook, questions[i], NULL))
			g_string_append_printf(text, "%s%s", text->len ? ", " : "",
					       questions[i]);
	return g_string_free(text, FALSE);
}

char *hook_limits(const Hook *hook)
{
	const RuntimeLimits *limits = &hook->limits;

	return g_strdup_printf("%g s, %.0f MiB", limits->time,
			       (double)limits->memory / (1 << 20));
}
