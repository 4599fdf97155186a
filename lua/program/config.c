#include "lua/program/config.h"
#include "core/base.h"
#include "core/hosts.h"
#include "core/remote.h"
#include "core/run.h"
#include "core/store.h"
#include "lua/program/program.h"
#include "lua/runtime/runtime.h"
#include "lua/runtime/take.h"
#include <string.h>
#include <sys/stat.h>

G_DEFINE_QUARK(snmove_config_error, config_error)

typedef enum { KEY_TEXT, KEY_NUMBER, KEY_LIST } KeyKind;

static const struct {
	const char *name;
	KeyKind kind;
	gsize offset;
} keys[] = {
	{ "db", KEY_TEXT, G_STRUCT_OFFSET(Config, db) },
	{ "state", KEY_TEXT, G_STRUCT_OFFSET(Config, state) },
	{ "script", KEY_TEXT, G_STRUCT_OFFSET(Config, script) },
	{ "hooks", KEY_TEXT, G_STRUCT_OFFSET(Config, hooks) },
	{ "hosts_file", KEY_TEXT, G_STRUCT_OFFSET(Config, hosts_file) },
	{ "resolve_time", KEY_NUMBER, G_STRUCT_OFFSET(Config, resolve_time) },
	{ "ssh_config", KEY_TEXT, G_STRUCT_OFFSET(Config, ssh_config) },
	{ "host_keys", KEY_TEXT, G_STRUCT_OFFSET(Config, host_keys) },
	{ "kept", KEY_TEXT, G_STRUCT_OFFSET(Config, kept) },
	{ "transport", KEY_TEXT, G_STRUCT_OFFSET(Config, transport) },
	{ "fanout", KEY_NUMBER, G_STRUCT_OFFSET(Config, fanout) },
	{ "connect_time", KEY_NUMBER, G_STRUCT_OFFSET(Config, connect_time) },
	{ "login_time", KEY_NUMBER, G_STRUCT_OFFSET(Config, login_time) },
	{ "command_time", KEY_NUMBER, G_STRUCT_OFFSET(Config, command_time) },
	{ "allow", KEY_LIST, G_STRUCT_OFFSET(Config, allow) },
	{ "dhcp.include", KEY_TEXT, G_STRUCT_OFFSET(Config, dhcp.include) },
	{ "dhcp.restart", KEY_TEXT, G_STRUCT_OFFSET(Config, dhcp.restart) },
	{ "dhcp.reload", KEY_TEXT, G_STRUCT_OFFSET(Config, dhcp.reload) },
	{ "own.dhcp", KEY_TEXT, G_STRUCT_OFFSET(Config, own[OWN_DHCP]) },
	{ "own.boot", KEY_TEXT, G_STRUCT_OFFSET(Config, own[OWN_BOOT]) },
	{ "own.console", KEY_TEXT, G_STRUCT_OFFSET(Config, own[OWN_CONSOLE]) },
	{ "own.nodes", KEY_TEXT, G_STRUCT_OFFSET(Config, own[OWN_NODES]) },
};
/* Keys whose values are tables, with keys of their own. */
static const char *const tables[] = { "dhcp", "own", "hook", NULL };

/* xCAT's commands, by the services that they do. */
static const struct {
	const char *name;
	const char *commands[3];
} own[OWN_SERVICES] = {
	[OWN_DHCP] = { "own.dhcp", { "makedhcp" } },
	[OWN_BOOT] = { "own.boot", { "nodeset" } },
	[OWN_CONSOLE] = { "own.console", { "makeconservercf", "makegocons" } },
	[OWN_NODES] = { "own.nodes", { "updatenode" } },
};

const char *config_own_name(OwnService service)
{
	return own[service].name;
}

/* A configuration has no business to run long or to eat memory. */
#define LIMITS ((RuntimeLimits){ 5, 0, (gsize)64 << 20, (gsize)1 << 16 })

void config_clear(Config *config)
{
	g_free(config->db);
	g_free(config->state);
	g_free(config->script);
	g_free(config->hooks);
	g_free(config->hosts_file);
	g_free(config->ssh_config);
	g_free(config->host_keys);
	g_free(config->kept);
	g_free(config->transport);
	g_strfreev(config->allow);
	g_free(config->dhcp.include);
	g_free(config->dhcp.restart);
	g_free(config->dhcp.reload);
	g_clear_pointer(&config->settings, g_hash_table_unref);
	for (guint i = 0; i < OWN_SERVICES; i++)
		g_free(config->own[i]);
	memset(config, 0, sizeof(*config));
}

static gboolean refuse(GError **error, const char *path, const char *format, ...)
{
	g_autofree char *what = NULL;
	va_list args;

	va_start(args, format);
	what = g_strdup_vprintf(format, args);
	va_end(args);
	g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_KEY, "%s: %s", path, what);
	return FALSE;
}

static gboolean unknown_key(const char *path, const char *name, GError **error)
{
	const char *names[G_N_ELEMENTS(keys) + G_N_ELEMENTS(tables)] = { NULL };
	g_autofree char *quoted = text_quote(name);
	g_autofree char *meant = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(keys); i++)
		names[i] = keys[i].name;
	for (gsize i = 0; tables[i]; i++)
		names[G_N_ELEMENTS(keys) + i] = tables[i];
	meant = text_did_you_mean(name, names);
	return refuse(error, path, "no key is named %s%s", quoted, meant);
}

/* What is read into, and from where. */
typedef struct {
	Config *config;
	const char *path;
	Take *take;
} Reading;

static gboolean take_value(lua_State *L, const Reading *reading, gsize key, GError **error)
{
	void *place = G_STRUCT_MEMBER_P(reading->config, keys[key].offset);
	const char *name = keys[key].name;
	const char *const *list;
	guint n;

	switch (keys[key].kind) {
	case KEY_TEXT:
		if (lua_type(L, -1) != LUA_TSTRING)
			return refuse(error, reading->path, "'%s' must be a text", name);
		g_free(*(char **)place);
		*(char **)place = NULL; /* what comes may raise */
		*(char **)place = g_strdup(take_text(reading->take, -1, name));
		break;
	case KEY_NUMBER:
		if (!lua_isinteger(L, -1) || lua_tointeger(L, -1) < 0 ||
		    lua_tointeger(L, -1) > G_MAXINT)
			return refuse(error, reading->path,
				      "'%s' must be a whole number, 0 or more", name);
		*(guint *)place = (guint)lua_tointeger(L, -1);
		break;
	case KEY_LIST:
		if (!lua_istable(L, -1))
			return refuse(error, reading->path, "'%s' must be a list of texts",
				      name);
		list = take_list(reading->take, -1, name, &n);
		g_strfreev(*(char ***)place);
		*(char ***)place = g_strdupv((char **)list);
		break;
	}
	return TRUE;
}

/* Of the table on top of the stack, whose name is `of` (NULL: it is the whole). */
static gboolean take_keys(lua_State *L, const Reading *reading, const char *of, GError **error);

/* hook = { HOOK = { KEY = VALUE } }: the table of one hook is on top, `of` is "hook.HOOK". */
static gboolean take_settings(lua_State *L, const Reading *reading, const char *of,
			      GError **error)
{
	const char *hook = of + strlen("hook.");

	if (!lua_istable(L, -1) || strchr(hook, '.'))
		return refuse(error, reading->path,
			      "'%s' must be a table: hook = { NAME = { KEY = VALUE } }", of);
	take_check_table(L, -1, of);
	for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
		const char *key = NULL, *what;
		GVariant *value = NULL;

		if (lua_type(L, -2) == LUA_TSTRING) {
			key = take_text(reading->take, -2, "a setting");
			what = take_format(reading->take, "'%s.%s'", of, key);
			value = take_variant(reading->take, -1, what);
		}
		if (!value)
			return refuse(error, reading->path,
				      "'%s': a setting is a text, a number, true or false, and "
				      "has a name",
				      of);
		g_hash_table_insert(reading->config->settings,
				    g_strconcat(hook, ".", key, NULL),
				    g_variant_ref_sink(value));
	}
	return TRUE;
}

/* The value on top of the stack. */
static gboolean take_key(lua_State *L, const Reading *reading, const char *name, GError **error)
{
	gsize key = 0;

	if (g_str_has_prefix(name, "hook."))
		return take_settings(L, reading, name, error);
	if (g_strv_contains(tables, name)) {
		if (!lua_istable(L, -1))
			return refuse(error, reading->path, "'%s' must be a table", name);
		return take_keys(L, reading, name, error);
	}
	while (key < G_N_ELEMENTS(keys) && !g_str_equal(keys[key].name, name))
		key++;
	return key < G_N_ELEMENTS(keys) ? take_value(L, reading, key, error)
					: unknown_key(reading->path, name, error);
}

static gboolean take_keys(lua_State *L, const Reading *reading, const char *of, GError **error)
{
	int table = lua_gettop(L);

	luaL_checkstack(L, 8, NULL);
	take_check_table(L, table, of ? of : "the table that it returns");
	for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1)) {
		const char *name;

		if (lua_type(L, -2) != LUA_TSTRING)
			return refuse(error, reading->path, "its keys must be names");
		name = take_text(reading->take, -2, "a key");
		if (!of && strchr(name, '.'))
			return unknown_key(reading->path, name, error);
		if (!take_key(L, reading,
			      of ? take_format(reading->take, "%s.%s", of, name) : name, error))
			return FALSE;
	}
	return TRUE;
}

static int l_take(lua_State *L)
{
	Reading *reading = lua_touserdata(L, 1);
	GError *error = NULL;

	reading->take = take_new(L, 2);
	if (!lua_istable(L, 2)) {
		(void)refuse(&error, reading->path, "it must return a table, and returns a %s",
			     luaL_typename(L, 2));
		return binding_raise(L, error);
	}
	lua_pushvalue(L, 2);
	if (!take_keys(L, reading, NULL, &error))
		return binding_raise(L, error);
	return 0;
}

/* The chunk on the stack is called, and what it returns is taken: both under the limits. */
static gboolean read_keys(lua_State *L, Config *config, const char *path, GError **error)
{
	Reading reading = { config, path, NULL };
	g_autoptr(GError) problem = NULL;
	g_autofree char *first = NULL;

	lua_pushcfunction(L, l_take);
	lua_pushlightuserdata(L, &reading);
	lua_rotate(L, -3, 2);
	if (!runtime_call(L, 0, 1, error))
		return FALSE;
	if (runtime_call(L, 2, 0, &problem))
		return TRUE;
	/* Without the traceback, which says nothing here. */
	first = g_strndup(problem->message, strcspn(problem->message, "\n"));
	if (g_str_has_prefix(first, path))
		g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_KEY, "%s", first);
	else
		(void)refuse(error, path, "%s", first);
	return FALSE;
}

/* Another command could do anything. */
static gboolean check_own(const Config *config, const char *path, GError **error)
{
	for (guint i = 0; i < OWN_SERVICES; i++) {
		g_autofree char *quoted = NULL;
		g_autofree char *all = NULL;

		if (!config->own[i] || g_strv_contains(own[i].commands, config->own[i]))
			continue;
		quoted = text_quote(config->own[i]);
		all = g_strjoinv(" or ", (char **)own[i].commands);
		return refuse(error, path, "'%s' must be %s, not %s", own[i].name, all, quoted);
	}
	return TRUE;
}

static gboolean check_values(const Config *config, const char *path, GError **error)
{
	static const char *const transports[] = { "auto", "libssh2", "openssh", NULL };

	if (!g_strv_contains(transports, config->transport))
		return refuse(error, path,
			      "'transport' must be auto, libssh2 or openssh, not '%s'",
			      config->transport);
	if (!g_path_is_absolute(config->kept))
		return refuse(error, path,
			      "'kept' must be the absolute path of a folder, not '%s'",
			      config->kept);
	if (!g_path_is_absolute(config->dhcp.include))
		return refuse(error, path,
			      "'dhcp.include' must be the absolute path of a file, not '%s'",
			      config->dhcp.include);
	if (config->fanout < 1 || config->fanout > REMOTE_FANOUT_MOST)
		return refuse(error, path, "'fanout' must be from 1 to %d, not %u",
			      REMOTE_FANOUT_MOST, config->fanout);
	if (!config->connect_time || !config->login_time || !config->command_time ||
	    MAX(MAX(config->connect_time, config->login_time), config->command_time) >
		    REMOTE_SECONDS_MOST)
		return refuse(error, path,
			      "times must be from 1 second to %d: connect_time, login_time, "
			      "command_time",
			      REMOTE_SECONDS_MOST);
	return check_own(config, path, error);
}

/* Who reads the file has the database: that is its owner, and root's group. */
static gboolean check_password(const Config *config, const char *path, GError **error)
{
	struct stat about;

	if (!config->db || !store_url_has_password(config->db))
		return TRUE;
	if (stat(path, &about) == 0 && !(about.st_mode & (S_IROTH | S_IWOTH)) &&
	    (!(about.st_mode & S_IRGRP) || about.st_gid == 0))
		return TRUE;
	return refuse(
		error, path,
		"'db' has a password, and others may read this file: chmod 600 %s, or leave "
		"the password to cfgloc, ~/.pgpass or ~/.my.cnf",
		path);
}

gboolean config_read(Config *config, const char *path, GError **error)
{
	BindingContext none = { 0 };
	lua_State *L;
	gboolean done;

	memset(config, 0, sizeof(*config));
	config->state = g_strdup(PROGRAM_STATE);
	config->hosts_file = g_strdup(HOSTS_FILE);
	config->resolve_time = HOSTS_RESOLVE_TIME;
	config->host_keys = g_strdup(CONFIG_HOST_KEYS);
	config->kept = g_strdup(RUN_KEPT);
	config->transport = g_strdup("auto");
	config->fanout = REMOTE_FANOUT;
	config->connect_time = REMOTE_CONNECT_TIME / 1000;
	config->login_time = REMOTE_LOGIN_TIME / 1000;
	config->command_time = REMOTE_SECONDS;
	config->dhcp.include = g_strdup(DHCP_INCLUDE_FILE);
	config->settings = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
						 (GDestroyNotify)g_variant_unref);
	if (!path && !g_file_test(CONFIG_FILE, G_FILE_TEST_EXISTS))
		return TRUE;
	path = path ? path : CONFIG_FILE;
	L = runtime_new(&none, "the configuration", NULL, LIMITS);
	done = runtime_load_file(L, path, TRUE, error) && read_keys(L, config, path, error) &&
	       check_values(config, path, error) && check_password(config, path, error);
	runtime_close(L);
	return done;
}
