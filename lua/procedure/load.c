/* From the files to a procedure: its steps, and the hooks around them. */
#include "core/base.h"
#include "lua/procedure/digest.h"
#include "lua/procedure/inside.h"
#include "lua/runtime/runtime.h"
#include "lua/terminal/talk.h"
#include <string.h>

static int l_collect_steps(lua_State *L)
{
	GArray *steps = lua_touserdata(L, 1);
	GPtrArray *removed = lua_touserdata(L, 2);
	guint n = takeover_steps(L);
	const char *name;

	while ((name = takeover_removed(L, removed->len)))
		g_ptr_array_add(removed, (gpointer)name);

	for (guint i = 0; i < n; i++) {
		TakeoverStep step;

		takeover_describe(L, i, &step);
		g_array_append_val(steps, step);
	}
	return 0;
}

/* Some steps are for the move as a whole: what belongs to all nodes is done and asked there. */
static const char *why_not_divided(const TakeoverStep *step)
{
	static const char *const whole[] = { "check", "freeze", "thaw", "verify", NULL };

	if (step->always)
		return "it runs at every end";
	return g_strv_contains(whole, step->name) ? "it is for the move as a whole" : NULL;
}

/* A batch may end part-way: not so what is one commit. */
static const char *why_not_batched(const Procedure *procedure, guint number)
{
	const TakeoverStep *step = procedure_step(procedure, number);

	if (step->joined || (number > 0 && procedure_step(procedure, number - 1)->joined))
		return "it is joined with another one";
	return why_not_divided(step);
}

static gboolean check_divided(const Procedure *procedure, const char *script, GError **error)
{
	for (guint i = 0; i < procedure->steps->len; i++) {
		const TakeoverStep *step = procedure_step(procedure, i);
		const char *batched = step->batched ? why_not_batched(procedure, i) : NULL;
		const char *selects = step->selects ? why_not_divided(step) : NULL;

		if (!batched && !selects)
			continue;
		g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_LOAD,
			    "%s: the step '%s' cannot %s: %s", script, step->name,
			    batched ? "go in batches (takeover.batched)"
				    : "be for some nodes only (takeover.select)",
			    batched ? batched : selects);
		return FALSE;
	}
	return TRUE;
}

static gboolean collect_steps(Procedure *procedure, const char *script, GError **error)
{
	lua_State *L = procedure->L;

	lua_pushcfunction(L, l_collect_steps);
	lua_pushlightuserdata(L, procedure->steps);
	lua_pushlightuserdata(L, procedure->removed);
	if (!binding_call(L, 2, 0, error))
		return FALSE;
	if (procedure->steps->len > 0)
		return check_divided(procedure, script, error);
	g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_LOAD,
		    "'%s' is no procedure: it has no takeover.step", script);
	return FALSE;
}

/* Gives a vector (g_free) of names that live as long as the program. */
static const char **step_names(const Procedure *procedure)
{
	const char **names = g_new0(const char *, procedure->steps->len + 1);

	for (guint i = 0; i < procedure->steps->len; i++)
		names[i] = procedure_step(procedure, i)->name;
	return names;
}

/* --skip and --only name steps of this procedure. */
static gboolean check_selection(const Procedure *procedure, const char *option,
				const char *const *selected, GError **error)
{
	g_autofree const char **names = step_names(procedure);

	for (guint i = 0; selected && selected[i]; i++) {
		g_autofree char *all = NULL;
		g_autofree char *meant = NULL;

		if (g_strv_contains(names, selected[i]))
			continue;
		all = g_strjoinv(" ", (char **)names);
		meant = text_did_you_mean(selected[i], names);
		g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_USAGE,
			    "%s: no step is named '%s'%s; there are: %s", option, selected[i],
			    meant, all);
		return FALSE;
	}
	return TRUE;
}

/* What runs no step does nothing, and would end as if all were well. */
static gboolean check_any(const Procedure *procedure, GError **error)
{
	const ProcedureSettings *settings = procedure->settings;

	for (guint i = 0; i < procedure->steps->len; i++)
		if (procedure_selects(procedure, procedure_step(procedure, i)))
			return TRUE;
	g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_USAGE, "--%s leaves no step to run",
		    settings->only ? "only" : "skip");
	return FALSE;
}

/* A hook of one machine may not be there on another, so this is no error; and who has left one
 * out knows that its settings are idle.  `names` gets those that run. */
static void warn_configured(const GPtrArray *hooks, GHashTable *configured, GHashTable *names)
{
	g_autoptr(GList) keys = g_hash_table_get_keys(configured);

	for (guint i = 0; i < hooks->len; i++)
		g_hash_table_add(names, g_strdup(hook_name(hooks->pdata[i])));
	for (GList *each = keys; each; each = each->next) {
		g_autofree char *name = g_strndup(each->data, strcspn(each->data, "."));

		if (!g_hash_table_contains(names, name))
			talk_warning("configuration: hook.%s is set, and no such hook runs",
				     (char *)each->data);
	}
}

static gboolean load_hooks(Procedure *procedure, GError **error)
{
	const char *data = runtime_data_directory();
	g_autofree char *shipped = data ? g_build_filename(data, "site-hooks", NULL) : NULL;
	g_autofree const char **names = step_names(procedure);
	g_autoptr(GHashTable) left =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	const ProcedureSettings *settings = procedure->settings;
	HooksSetup setup;

	if (takeover_is_alone(procedure->L)) {
		procedure->hooks = g_ptr_array_new();
		return TRUE;
	}
	setup = (HooksSetup){ .shipped = shipped,
			      .site = settings->hooks,
			      .steps = names,
			      .without = settings->without,
			      .set = settings->set,
			      .configured = settings->configured,
			      .left_out = procedure->left_out,
			      .left_names = left };
	procedure->hooks = hooks_load(procedure->context, &setup, error);
	if (procedure->hooks && settings->configured)
		warn_configured(procedure->hooks, settings->configured, left);
	return procedure->hooks != NULL;
}

/* --only hook:NAME: no other one takes part. */
static gboolean keep_one_hook(Procedure *procedure, const char *wanted, GError **error)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	g_autofree char *meant = NULL;
	gboolean found = FALSE;

	for (guint i = 0; i < procedure->hooks->len; i++) {
		g_ptr_array_add(names, (gpointer)hook_name(procedure->hooks->pdata[i]));
		found |= g_str_equal(names->pdata[i], wanted);
	}
	g_ptr_array_add(names, NULL);
	if (!found) {
		meant = text_did_you_mean(wanted, (const char *const *)names->pdata);
		g_set_error(
			error, PROCEDURE_ERROR, PROCEDURE_ERROR_USAGE,
			"--only: no hook is named '%s'%s; --hooks-list tells which there are",
			wanted, meant);
		return FALSE;
	}
	for (guint i = procedure->hooks->len; i > 0; i--)
		if (!g_str_equal(hook_name(procedure->hooks->pdata[i - 1]), wanted))
			g_ptr_array_remove_index(procedure->hooks, i - 1);
	return TRUE;
}

static void make_digest(Procedure *procedure, const char *script)
{
	procedure->digest = g_string_new(NULL);
	digest_add(procedure->digest, script);
	for (guint i = 0; i < procedure->hooks->len; i++)
		digest_add(procedure->digest, hook_path(procedure->hooks->pdata[i]));
}

const GPtrArray *procedure_hooks(const Procedure *procedure)
{
	return procedure->hooks;
}

const GPtrArray *procedure_left_out(const Procedure *procedure)
{
	return procedure->left_out;
}

char **procedure_steps(const Procedure *procedure)
{
	g_autofree const char **names = step_names(procedure);

	return g_strdupv((char **)names);
}

const char *procedure_digest(const Procedure *procedure)
{
	return procedure->digest->str;
}

static int l_collect_options(lua_State *L)
{
	GArray *options = lua_touserdata(L, 1);
	TakeoverOption option;

	while (takeover_option(L, options->len, &option))
		g_array_append_val(options, option);
	return 0;
}

/* Gives TakeoverOption, or NULL and an error. */
static GArray *collect_options(lua_State *L, GError **error)
{
	GArray *options = g_array_new(FALSE, FALSE, sizeof(TakeoverOption));

	lua_pushcfunction(L, l_collect_options);
	lua_pushlightuserdata(L, options);
	if (!binding_call(L, 1, 0, error))
		g_clear_pointer(&options, g_array_unref);
	return options;
}

const GArray *procedure_options(const Procedure *procedure)
{
	return procedure->options;
}

/* Of a move that is only checked, what would be. */
static gboolean is_part(const Procedure *procedure, const TakeoverStep *step)
{
	const char *const *skip = procedure->settings->skip;

	if (procedure->settings->checking)
		return !skip || !g_strv_contains(skip, step->name);
	return procedure_selects(procedure, step);
}

/* Scripts may ask which steps are part of the run. */
static void tell_steps(const Procedure *procedure)
{
	Takeover *takeover = procedure->context->takeover;

	for (guint i = 0; takeover && i < procedure->removed->len; i++)
		g_hash_table_insert(takeover->steps, g_strdup(procedure->removed->pdata[i]),
				    GINT_TO_POINTER(FALSE));
	for (guint i = 0; takeover && i < procedure->steps->len; i++) {
		const TakeoverStep *step = procedure_step(procedure, i);

		g_hash_table_insert(takeover->steps, g_strdup(step->name),
				    GINT_TO_POINTER(is_part(procedure, step)));
	}
}

/* The state that a procedure lives in: what it requires may lie beside it. */
static lua_State *new_state(BindingContext *context, const char *script)
{
	const char *data = runtime_data_directory();
	g_autofree char *directory = g_path_get_dirname(script);
	g_autofree char *shipped = data ? g_build_filename(data, "scripts", NULL) : NULL;
	g_autofree char *library = data ? g_build_filename(data, "lua", NULL) : NULL;
	const char *directories[] = { directory, shipped, library, NULL };
	lua_State *L =
		runtime_new(context, "the procedure", directories, RUNTIME_PROCEDURE_LIMITS);

	if (!L)
		g_error("no memory for a Lua state");
	return L;
}

GArray *procedure_declared(const char *script, GError **error)
{
	BindingContext context = { 0 };
	lua_State *L = new_state(&context, script);
	GArray *options = NULL;

	if (runtime_load_file(L, script, TRUE, error) && runtime_call(L, 0, 0, error))
		options = collect_options(L, error);
	runtime_close(L);
	return options;
}

Procedure *procedure_load(BindingContext *context, const char *script,
			  const ProcedureSettings *settings, GError **error)
{
	g_autoptr(Procedure) procedure = g_new0(Procedure, 1);

	procedure->context = context;
	procedure->settings = settings;
	procedure->steps = g_array_new(FALSE, FALSE, sizeof(TakeoverStep));
	procedure->removed = g_ptr_array_new();
	procedure->left_out = g_ptr_array_new_with_free_func(g_free);
	procedure->L = new_state(context, script);
	run_forbid(context->run, "things are changed in steps, not while a file is loaded");
	if (!runtime_load_file(procedure->L, script, TRUE, error) ||
	    !runtime_call(procedure->L, 0, 0, error) ||
	    !collect_steps(procedure, script, error) ||
	    !(procedure->options = collect_options(procedure->L, error)) ||
	    !check_selection(procedure, "--skip", settings->skip, error) ||
	    !check_selection(procedure, "--only", settings->only, error) ||
	    !check_any(procedure, error) || !load_hooks(procedure, error) ||
	    (settings->hook && !keep_one_hook(procedure, settings->hook, error)))
		return NULL;
	tell_steps(procedure);
	make_digest(procedure, script);
	run_forbid(context->run, NULL);
	return g_steal_pointer(&procedure);
}

void procedure_free(Procedure *procedure)
{
	if (!procedure)
		return;
	runtime_close(procedure->L);
	g_array_unref(procedure->steps);
	g_ptr_array_unref(procedure->removed);
	g_ptr_array_unref(procedure->left_out);
	g_clear_pointer(&procedure->options, g_array_unref);
	g_clear_pointer(&procedure->hooks, g_ptr_array_unref);
	if (procedure->digest)
		g_string_free(procedure->digest, TRUE);
	g_free(procedure);
}
