/* The table that a hook file returns: checked, and taken once. */
#include "lua/procedure/hook_settings.h"
#include "core/base.h"
#include "lua/runtime/bounds.h"
#include <string.h>

static const char *const fields[] = { "name",	"summary",  "when",   "check",
				      "before", "after",    "verify", "critical",
				      "limits", "settings", NULL };
static const char *const limit_fields[] = { "time", "instructions", "memory", "output", NULL };

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
		const char *name;

		if (lua_type(L, -2) != LUA_TSTRING)
			return refuse(hook, NULL, error, "a %s must be a name, and one is a %s",
				      what, luaL_typename(L, -2));
		name = take_text(hook->take, -2, what);
		if (!g_strv_contains(known, name))
			return unknown(hook, what, name, known, error);
	}
	return TRUE;
}

/* The field `name` of the table on top is of a type, or nil if it may be. */
static gboolean check_type(const Hook *hook, const char *name, int type, gboolean needed,
			   GError **error)
{
	lua_State *L = hook->L;
	int found = take_field(L, -1, name);

	lua_pop(L, 1);
	if (found == type || (found == LUA_TNIL && !needed))
		return TRUE;
	if (found == LUA_TNIL)
		return refuse(hook, NULL, error, "it needs a field '%s', a %s", name,
			      lua_typename(L, type));
	return refuse(hook, name, error, "'%s' must be a %s, and is a %s", name,
		      lua_typename(L, type), lua_typename(L, found));
}

char *hook_function_name(const char *field, const char *step)
{
	return g_strconcat(field, step ? "." : NULL, step, NULL);
}

/* The function on top of the stack is the hook's from now on, whatever becomes of the table. */
static void keep_function(Hook *hook, const char *place, const char *step)
{
	lua_State *L = hook->L;
	char *name = hook_function_name(place, step);

	g_hash_table_add(hook->functions, name); /* takes it, before anything raises */
	lua_getfield(L, LUA_REGISTRYINDEX, HOOK_FUNCTIONS);
	lua_pushvalue(L, -2);
	lua_setfield(L, -2, name);
	lua_pop(L, 1);
}

/* The functions for steps in the field `place` of the table at `table`. */
static gboolean take_steps(Hook *hook, int table, const char *place, const char *const *steps,
			   GError **error)
{
	lua_State *L = hook->L;
	int top;

	if (take_field(L, table, place) == LUA_TNIL)
		return TRUE;
	take_check_table(L, -1, place);
	/* A procedure of the site need not have each step that a shipped hook stands at. */
	top = lua_gettop(L);
	if (!check_keys(hook, "step", steps, hook->shipped ? NULL : error)) {
		if (!hook->shipped)
			return FALSE;
		hook->lacks_step = TRUE;
		lua_settop(L, top);
	}
	for (guint i = 0; steps[i]; i++) {
		int type = take_field(L, -1, steps[i]);

		if (type == LUA_TFUNCTION)
			keep_function(hook, place, steps[i]);
		else if (type != LUA_TNIL)
			return refuse(hook, steps[i], error,
				      "%s.%s must be a function, and is a %s", place, steps[i],
				      luaL_typename(L, -1));
		lua_pop(L, 1);
	}
	return TRUE;
}

/* The value of limit `name` is on top of the stack. */
static gboolean take_limit(Hook *hook, const char *name, GError **error)
{
	lua_State *L = hook->L;
	RuntimeLimits *limits = &hook->limits;
	double value = lua_type(L, -1) == LUA_TNUMBER ? lua_tonumber(L, -1) : -1;
	double most = g_str_equal(name, "time")		  ? BOUND_TIME
		      : g_str_equal(name, "instructions") ? BOUND_INSTRUCTIONS
							  : BOUND_BYTES;

	if (!(value > 0 && value <= most))
		return refuse(hook, name, error,
			      "the limit '%s' must be a number above 0, and %.0f at most", name,
			      most);
	if (g_str_equal(name, "time"))
		limits->time = value;
	else if (g_str_equal(name, "instructions"))
		limits->instructions = (guint64)MAX(value, 1);
	else if (g_str_equal(name, "memory"))
		limits->memory = (gsize)MAX(value, 1);
	else
		limits->output = (gsize)MAX(value, 1);
	return TRUE;
}

static gboolean take_limits(Hook *hook, int table, GError **error)
{
	lua_State *L = hook->L;

	if (take_field(L, table, "limits") == LUA_TNIL)
		return TRUE;
	take_check_table(L, -1, "limits");
	if (!check_keys(hook, "limit", limit_fields, error))
		return FALSE;
	for (guint i = 0; limit_fields[i]; i++) {
		if (take_field(L, -1, limit_fields[i]) != LUA_TNIL &&
		    !take_limit(hook, limit_fields[i], error))
			return FALSE;
		lua_pop(L, 1);
	}
	return TRUE;
}

/* settings = { NAME = DEFAULT }: a text, a number, true or false. */
static gboolean take_settings(Hook *hook, int table, GError **error)
{
	lua_State *L = hook->L;

	if (take_field(L, table, "settings") == LUA_TNIL)
		return TRUE;
	take_check_table(L, -1, "settings");
	for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
		const char *name;
		GVariant *value;

		if (lua_type(L, -2) != LUA_TSTRING)
			return refuse(hook, "settings", error, "a setting must have a name");
		name = take_text(hook->take, -2, "the name of a setting");
		if (strpbrk(name, ".=\n"))
			return refuse(hook, name, error, "'%s' can be no setting's name", name);
		value = take_variant(hook->take, -1,
				     take_format(hook->take, "the setting '%s'", name));
		if (!value)
			return refuse(
				hook, name, error,
				"the setting '%s' is a text, a number, true or false, and "
				"not a %s",
				name, luaL_typename(L, -1));
		g_hash_table_insert(hook->settings, g_strdup(name), g_variant_ref_sink(value));
	}
	return TRUE;
}

/* The fields of the table on top are those of a hook, and of their types. */
static gboolean check_table(const Hook *hook, GError **error)
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
		{ "limits", LUA_TTABLE, FALSE },    { "settings", LUA_TTABLE, FALSE },
	};

	if (!lua_istable(hook->L, -1))
		return refuse(hook, NULL, error,
			      "a hook file returns one table, and this one returns a %s",
			      luaL_typename(hook->L, -1));
	take_check_table(hook->L, -1, "the table that it returns");
	if (!check_keys(hook, "field of a hook", fields, error))
		return FALSE;
	for (gsize i = 0; i < G_N_ELEMENTS(types); i++)
		if (!check_type(hook, types[i].name, types[i].type, types[i].needed, error))
			return FALSE;
	return TRUE;
}

/* It would reach terminals, and could forge a line. */
static gboolean has_control(const char *text)
{
	for (; *text; text++)
		if (g_ascii_iscntrl(*text))
			return TRUE;
	return FALSE;
}

static void take_question(Hook *hook, int table, const char *name)
{
	if (take_field(hook->L, table, name) == LUA_TFUNCTION)
		keep_function(hook, name, NULL);
	lua_pop(hook->L, 1);
}

/* The table at `table` is a hook's; all of it is taken, once and raw. */
static gboolean take_table(Hook *hook, int table, const char *const *steps, GError **error)
{
	static const char *const questions[] = { "when", "check", "verify" };
	Take *take = hook->take = take_new(hook->L, table);

	lua_pushvalue(hook->L, table);
	if (!check_table(hook, error))
		return FALSE;
	lua_newtable(hook->L);
	lua_setfield(hook->L, LUA_REGISTRYINDEX, HOOK_FUNCTIONS);
	for (gsize i = 0; i < G_N_ELEMENTS(questions); i++)
		take_question(hook, table, questions[i]);
	if (!take_steps(hook, table, "before", steps, error) ||
	    !take_steps(hook, table, "after", steps, error) ||
	    !take_limits(hook, table, error) || !take_settings(hook, table, error))
		return FALSE;
	hook->name = g_strdup(take_text_field(take, table, "field", "name"));
	hook->summary = g_strdup(take_text_field(take, table, "field", "summary"));
	if (has_control(hook->name) || has_control(hook->summary))
		return refuse(hook, has_control(hook->name) ? "name" : "summary", error,
			      "name and summary are one line each, without control characters");
	hook->critical = take_flag_field(take, table, "critical");
	return TRUE;
}

/* What it raises by itself names no file. */
static int l_take(lua_State *L)
{
	Hook *hook = lua_touserdata(L, 1);
	const char *const *steps = lua_touserdata(L, 2);
	GError *error = NULL;

	lua_settop(L, 3);
	if (!take_table(hook, 3, steps, &error))
		return binding_raise(L, error);
	return 0;
}

/* Lua's message has file and line already. */
static gboolean load_failed(const GError *problem, GError **error)
{
	g_set_error(error, HOOKS_ERROR, HOOKS_ERROR_LOAD, "%s", problem->message);
	return FALSE;
}

/* Ours names its file and line, if there is any; Lua's traceback says nothing here. */
static gboolean take_failed(const Hook *hook, const GError *problem, GError **error)
{
	g_autofree char *first = g_strndup(problem->message, strcspn(problem->message, "\n"));

	if (g_str_has_prefix(first, hook->path))
		g_set_error(error, HOOKS_ERROR, HOOKS_ERROR_LOAD, "%s", first);
	else
		g_set_error(error, HOOKS_ERROR, HOOKS_ERROR_LOAD, "%s: %s", hook->path, first);
	return FALSE;
}

gboolean hook_load_table(Hook *hook, const char *const *steps, GError **error)
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
	if (!runtime_call(L, 3, 0, &problem))
		return take_failed(hook, problem, error);
	runtime_limit(L, hook->limits);
	return TRUE;
}
