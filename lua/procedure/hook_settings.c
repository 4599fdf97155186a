/* Settings of a hook: what it declares, what the configuration says, what was typed. */
#include "lua/procedure/hook_settings.h"
#include "core/base.h"
#include <string.h>

static const char *kind_name(GVariant *value)
{
	if (g_variant_is_of_type(value, G_VARIANT_TYPE_BOOLEAN))
		return "true or false";
	return g_variant_is_of_type(value, G_VARIANT_TYPE_BYTESTRING) ? "a text" : "a number";
}

static gboolean is_number(GVariant *value)
{
	return g_variant_is_of_type(value, G_VARIANT_TYPE_INT64) ||
	       g_variant_is_of_type(value, G_VARIANT_TYPE_DOUBLE);
}

static gboolean fits(GVariant *value, GVariant *declared)
{
	return g_variant_is_of_type(value, g_variant_get_type(declared)) ||
	       (is_number(value) && is_number(declared));
}

/* NULL: it is none. */
static GVariant *parse_boolean(const char *text)
{
	static const char *const yes[] = { "true", "yes", "on", "1", NULL };
	static const char *const no[] = { "false", "no", "off", "0", NULL };

	if (g_strv_contains(yes, text))
		return g_variant_new_boolean(TRUE);
	return g_strv_contains(no, text) ? g_variant_new_boolean(FALSE) : NULL;
}

static GVariant *parse_number(const char *text)
{
	gint64 whole;
	double number;
	char *end;

	if (g_ascii_string_to_signed(text, 10, G_MININT64, G_MAXINT64, &whole, NULL))
		return g_variant_new_int64(whole);
	number = g_ascii_strtod(text, &end);
	return *text && !*end ? g_variant_new_double(number) : NULL;
}

/* A text that was typed, as the hook has declared the setting; NULL: it does not read so. */
static GVariant *parse(const char *text, GVariant *declared)
{
	GVariant *value;

	if (g_variant_is_of_type(declared, G_VARIANT_TYPE_BYTESTRING))
		value = g_variant_new_bytestring(text);
	else if (is_number(declared))
		value = parse_number(text);
	else
		value = parse_boolean(text);
	return value ? g_variant_ref_sink(value) : NULL;
}

/* ---- Where they come from ---- */

static GVariant *find_declared(const Hook *hook, const char *where, const char *key,
			       GError **error)
{
	GVariant *declared = g_hash_table_lookup(hook->settings, key);
	g_autofree const char **names = NULL;
	g_autofree char *quoted = NULL, *meant = NULL;

	if (declared)
		return declared;
	names = (const char **)g_hash_table_get_keys_as_array(hook->settings, NULL);
	quoted = text_quote(key);
	meant = text_did_you_mean(key, names);
	g_set_error(error, HOOKS_ERROR, HOOKS_ERROR_LOAD,
		    "%s: hook '%s' has no setting %s%s (%s)", where, hook->name, quoted, meant,
		    hook->path);
	return NULL;
}

/* Takes `value`; NULL: what was given is not of the declared kind. */
static gboolean set(Hook *hook, const char *where, const char *key, GVariant *declared,
		    GVariant *value, GError **error)
{
	if (value) {
		g_hash_table_insert(hook->settings, g_strdup(key), value);
		return TRUE;
	}
	g_set_error(error, HOOKS_ERROR, HOOKS_ERROR_LOAD,
		    "%s: the setting '%s' of hook '%s' is %s", where, key, hook->name,
		    kind_name(declared));
	return FALSE;
}

/* The key, if `name` is "HOOK.KEY" of this hook; or NULL. */
static const char *key_of(const Hook *hook, const char *name)
{
	gsize length = strlen(hook->name);

	return strncmp(name, hook->name, length) == 0 && name[length] == '.' ? name + length + 1
									     : NULL;
}

static gboolean take_configured(Hook *hook, GHashTable *configured, GError **error)
{
	GHashTableIter each;
	gpointer name, value;

	g_hash_table_iter_init(&each, configured);
	while (g_hash_table_iter_next(&each, &name, &value)) {
		const char *key = key_of(hook, name);
		GVariant *declared;

		if (!key)
			continue;
		declared = find_declared(hook, "configuration", key, error);
		if (!declared ||
		    !set(hook, "configuration", key, declared,
			 fits(value, declared) ? g_variant_ref(value) : NULL, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean take_typed(Hook *hook, const char *typed, GError **error)
{
	const char *key = key_of(hook, typed), *equals = strchr(typed, '=');
	g_autofree char *name = NULL;
	GVariant *declared;

	if (!key)
		return TRUE;
	name = g_strndup(key, (gsize)(equals - key));
	declared = find_declared(hook, "--set", name, error);
	return declared &&
	       set(hook, "--set", name, declared, parse(equals + 1, declared), error);
}

gboolean hook_settings_take(Hook *hook, const HooksSetup *setup, GError **error)
{
	if (setup->configured && !take_configured(hook, setup->configured, error))
		return FALSE;
	for (guint i = 0; setup->set && setup->set[i]; i++)
		if (!take_typed(hook, setup->set[i], error))
			return FALSE;
	return TRUE;
}

/* ---- What the hook sees ---- */

static int l_keep(lua_State *L)
{
	GHashTable *settings = lua_touserdata(L, 1);
	GHashTableIter each;
	gpointer name, value;

	lua_newtable(L);
	g_hash_table_iter_init(&each, settings);
	while (g_hash_table_iter_next(&each, &name, &value)) {
		take_push_variant(L, value);
		lua_setfield(L, -2, name);
	}
	lua_setfield(L, LUA_REGISTRYINDEX, BIND_SETTINGS);
	return 0;
}

gboolean hook_settings_keep(Hook *hook, GError **error)
{
	lua_pushcfunction(hook->L, l_keep);
	lua_pushlightuserdata(hook->L, hook->settings);
	return runtime_call(hook->L, 1, 0, error);
}

static char *value_text(GVariant *value)
{
	if (g_variant_is_of_type(value, G_VARIANT_TYPE_BYTESTRING))
		return text_plain(g_variant_get_bytestring(value));
	return g_variant_print(value, FALSE);
}

char *hook_settings(const Hook *hook)
{
	g_autoptr(GList) names = g_list_sort(g_hash_table_get_keys(hook->settings),
					     (GCompareFunc)(void (*)(void))strcmp);
	GString *text = g_string_new(NULL);

	for (GList *each = names; each; each = each->next) {
		g_autofree char *value =
			value_text(g_hash_table_lookup(hook->settings, each->data));

		g_string_append_printf(text, "%s%s=%s", text->len ? ", " : "",
				       (char *)each->data, value);
	}
	return g_string_free(text, FALSE);
}
