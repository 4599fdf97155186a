/* The module `world`, which test.lua stands on: clusters that are made and looked at, and
 * programs that run in them. */
#include "lua/author/module.h"
#include "core/store.h"
#include "lua/author/world.h"
#include "lua/runtime/take.h"
#include <jansson.h>

#define JSON_DEPTH 32

/* world.new() -> folder */
static int l_new(lua_State *L)
{
	void **box = binding_box(L, g_free);
	GError *error = NULL;

	*box = world_new(&error);
	if (!*box)
		return binding_raise(L, error);
	lua_pushstring(L, *box);
	return 1;
}

/* world.put(world, path, bytes, mode) */
static int l_put(lua_State *L)
{
	Take *take = take_new(L, 4);
	const char *world = take_text(take, 1, NULL);
	const char *path = take_text(take, 2, NULL);
	lua_Integer mode = luaL_checkinteger(L, 4);
	GError *error = NULL;
	gsize length;
	const char *bytes = take_bytes(take, 3, "the content", &length);

	if (!world_put(world, path, bytes, length, (int)(mode & 07777), &error))
		return binding_raise(L, error);
	return 0;
}

/* world.get(world, path) -> bytes, or nil */
static int l_get(lua_State *L)
{
	Take *take = take_new(L, 2);
	const char *world = take_text(take, 1, NULL);
	const char *path = take_text(take, 2, NULL);
	void **bytes = binding_box(L, g_free);
	GError *error = NULL;
	gsize length;

	*bytes = world_get(world, path, &length, &error);
	if (error)
		return binding_raise(L, error);
	if (!*bytes)
		return 0;
	lua_pushlstring(L, *bytes, length);
	return 1;
}

/* world.host(world, name): there is such a host */
static int l_host(lua_State *L)
{
	Take *take = take_new(L, 2);
	const char *world = take_text(take, 1, NULL);
	const char *name = take_text(take, 2, NULL);
	GError *error = NULL;

	if (!world_add_host(world, name, &error))
		return binding_raise(L, error);
	return 0;
}

/* world.files(world, folder, without) -> {path = words} */
static int l_files(lua_State *L)
{
	Take *take = take_new(L, 3);
	const char *world = take_text(take, 1, NULL);
	const char *folder = take_text(take, 2, NULL);
	guint n;
	const char *const *without = take_list(take, 3, "what is left out", &n);
	void **box = binding_box(L, (GDestroyNotify)g_hash_table_unref);
	GHashTableIter iter;
	gpointer path, words;

	*box = world_files(world, folder, without);
	lua_newtable(L);
	g_hash_table_iter_init(&iter, *box);
	while (g_hash_table_iter_next(&iter, &path, &words)) {
		lua_pushstring(L, words);
		lua_setfield(L, -2, path);
	}
	return 1;
}

/* world.copy(world, to): the second is as the first then; both are of world.new */
static int l_copy(lua_State *L)
{
	Take *take = take_new(L, 2);
	const char *from = take_text(take, 1, NULL);
	const char *to = take_text(take, 2, NULL);
	GError *error = NULL;

	if (!world_copy(from, to, &error))
		return binding_raise(L, error);
	return 0;
}

/* world.remove(world) */
static int l_remove(lua_State *L)
{
	Take *take = take_new(L, 1);

	world_remove(take_text(take, 1, NULL));
	return 0;
}

/* world.set(world, table, key, column, value) */
static int l_set(lua_State *L)
{
	Take *take = take_new(L, 5);
	const char *world = take_text(take, 1, NULL);
	const char *table = take_text(take, 2, NULL);
	const char *key = take_text(take, 3, NULL);
	const char *column = take_text(take, 4, NULL);
	const char *value = take_text_or_null(take, 5);
	GError *error = NULL;

	if (!world_set(world, table, key, column, value, &error))
		return binding_raise(L, error);
	return 0;
}

/* world.import(world, directory): its database is what the CSV files there say */
static int l_import(lua_State *L)
{
	Take *take = take_new(L, 2);
	const char *world = take_text(take, 1, NULL);
	const char *directory = take_text(take, 2, NULL);
	void **url = binding_box(L, g_free);
	GError *error = NULL;
	guint tables, rows;

	*url = world_database(world, &error);
	if (!*url || !store_import(*url, directory, &tables, &rows, &error))
		return binding_raise(L, error);
	return 0;
}

/* world.export(world, folder): its tables as CSV files in a folder of it, and nothing else
 * there */
static int l_export(lua_State *L)
{
	Take *take = take_new(L, 2);
	const char *world = take_text(take, 1, NULL);
	const char *folder = take_text(take, 2, NULL);
	void **url = binding_box(L, g_free);
	void **place = binding_box(L, g_free);
	void **store = binding_box(L, (GDestroyNotify)store_close);
	GError *error = NULL;
	guint tables, rows;

	*url = world_database(world, &error);
	*place = *url ? world_path(world, folder, &error) : NULL;
	if (*place)
		world_forget(*place);
	*store = *place ? store_open(*url, &error) : NULL;
	if (!*store || !store_export(*store, *place, &tables, &rows, &error))
		return binding_raise(L, error);
	return 0;
}

/* ---- Programs ---- */

static void push_bytes(lua_State *L, GBytes *bytes)
{
	gsize length;
	const char *data = g_bytes_get_data(bytes, &length);

	lua_pushlstring(L, data ? data : "", length);
}

/* Raises unless it is one of world.new. */
static void check_world(lua_State *L, const char *world)
{
	void **box = binding_box(L, g_free);
	GError *error = NULL;

	*box = world_path(world, "", &error);
	if (!*box)
		binding_raise(L, error);
}

/* This program with `words`: pushes its status, stdout and stderr. */
static int run(lua_State *L, const GPtrArray *words)
{
	void **launcher = binding_box(L, g_object_unref);
	void **process = binding_box(L, g_object_unref);
	void **out = binding_box(L, (GDestroyNotify)g_bytes_unref);
	void **err = binding_box(L, (GDestroyNotify)g_bytes_unref);
	GError *error = NULL;

	*launcher =
		g_subprocess_launcher_new((GSubprocessFlags)(G_SUBPROCESS_FLAGS_STDOUT_PIPE |
							     G_SUBPROCESS_FLAGS_STDERR_PIPE));
	for (gsize i = 0; i < 3; i++)
		g_subprocess_launcher_unsetenv(*launcher,
					       (const char *[]){ "XCATCFG", "XCAT_NODE_PREFIX",
								 "XCAT_NODE_SUFFIX" }[i]);
	*process = g_subprocess_launcher_spawnv(*launcher, (const char *const *)words->pdata,
						&error);
	if (!*process || !g_subprocess_communicate(*process, NULL, NULL, (GBytes **)out,
						   (GBytes **)err, &error))
		return binding_raise(L, error);
	lua_pushinteger(L, g_subprocess_get_if_exited(*process)
				   ? g_subprocess_get_exit_status(*process)
				   : 128 + g_subprocess_get_term_sig(*process));
	push_bytes(L, *out);
	push_bytes(L, *err);
	return 3;
}

static void add_word(GPtrArray *words, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void add_word(GPtrArray *words, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	g_ptr_array_add(words, g_strdup_vprintf(format, arguments));
	va_end(arguments);
}

static GPtrArray *new_words(lua_State *L)
{
	void **box = binding_box(L, (GDestroyNotify)g_ptr_array_unref);
	GPtrArray *words = *box = g_ptr_array_new_with_free_func(g_free);

	g_ptr_array_add(words, g_file_read_link("/proc/self/exe", NULL));
	return words;
}

/* world.snmove(world, words, kill, program) -> status, out, err; `program`: snmove, or
 * rnetboot */
static int l_snmove(lua_State *L)
{
	Take *take = take_new(L, 4);
	const char *world = take_text(take, 1, NULL);
	guint n;
	const char *const *arguments = take_list(take, 2, "the arguments", &n);
	lua_Integer kill = luaL_optinteger(L, 3, 0);
	const char *program = take_text(take, 4, NULL);
	GPtrArray *words = new_words(L);

	check_world(L, world);
	add_word(words, "--run-in=%s", world);
	add_word(words, "--kill-at=%u", (guint)CLAMP(kill, 0, G_MAXINT));
	add_word(words, "%s", program);
	for (guint i = 0; i < n; i++)
		add_word(words, "%s", arguments[i]);
	g_ptr_array_add(words, NULL);
	return run(L, words);
}

/* world.lua(world, state, text) -> status, out, err: a text that snmove-lua runs, with its
 * journal in the folder `state` of the world */
static int l_lua(lua_State *L)
{
	Take *take = take_new(L, 3);
	const char *world = take_text(take, 1, NULL);
	const char *state = take_text(take, 2, NULL);
	const char *text = take_text(take, 3, NULL);
	GPtrArray *words = new_words(L);

	check_world(L, world);
	add_word(words, "--run-in=%s", world);
	add_word(words, "--config=%s/snmove.conf", world);
	add_word(words, "--state=%s/%s", world, state);
	add_word(words, "-e");
	add_word(words, "%s", text);
	g_ptr_array_add(words, NULL);
	return run(L, words);
}

/* ---- JSON ---- */

static void push_json(lua_State *L, const json_t *value);

static void push_object(lua_State *L, const json_t *object)
{
	const char *key;
	json_t *value;

	lua_newtable(L);
	json_object_foreach((json_t *)object, key, value)
	{
		push_json(L, value);
		lua_setfield(L, -2, key);
	}
}

static void push_array(lua_State *L, const json_t *array)
{
	lua_newtable(L);
	for (size_t i = 0; i < json_array_size(array); i++) {
		push_json(L, json_array_get(array, i));
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
}

static void push_json(lua_State *L, const json_t *value)
{
	luaL_checkstack(L, JSON_DEPTH, NULL);
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		push_object(L, value);
		break;
	case JSON_ARRAY:
		push_array(L, value);
		break;
	case JSON_STRING:
		lua_pushlstring(L, json_string_value(value), json_string_length(value));
		break;
	case JSON_INTEGER:
		lua_pushinteger(L, json_integer_value(value));
		break;
	case JSON_REAL:
		lua_pushnumber(L, json_real_value(value));
		break;
	case JSON_NULL:
		lua_pushnil(L);
		break;
	default:
		lua_pushboolean(L, json_is_true(value));
	}
}

static void unref_json(gpointer value)
{
	json_decref(value);
}

/* world.json(line) -> what it says; nil: it is none */
static int l_json(lua_State *L)
{
	Take *take = take_new(L, 1);
	gsize length;
	const char *text = take_bytes(take, 1, NULL, &length);
	void **box = binding_box(L, unref_json);

	*box = json_loadb(text, length, 0, NULL);
	if (!*box)
		return 0;
	push_json(L, *box);
	return 1;
}

static const luaL_Reg functions[] = {
	{ "new", l_new },	{ "put", l_put },	{ "get", l_get },
	{ "host", l_host },	{ "files", l_files },	{ "copy", l_copy },
	{ "remove", l_remove }, { "set", l_set },	{ "import", l_import },
	{ "export", l_export }, { "snmove", l_snmove }, { "lua", l_lua },
	{ "json", l_json },	{ NULL, NULL },
};

void module_push(lua_State *L)
{
	binding_functions(L, functions);
}
