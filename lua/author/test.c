#include "lua/author/test.h"
#include "core/store.h"
#include "lua/author/alone.h"
#include "lua/author/kill.h"
#include "lua/author/world.h"
#include "lua/command/command.h"
#include "lua/runtime/runtime.h"
#include "lua/runtime/take.h"
#include "lua/terminal/interrupt.h"
#include "lua/terminal/talk.h"
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define KILLED	   "killed" /* a file of the world: the point where snmove ended */
#define JSON_DEPTH 32
#define QUICK	   4 /* points where a move is killed, of all that there are */

int test_run(const char *world, guint kill, int argc, char **argv)
{
	g_autofree char *told = g_build_filename(world, KILLED, NULL);
	GError *error = NULL;

	alone_go_on();
	if (!world_enter(world, &error)) {
		talk_error("%s", error->message);
		g_error_free(error);
		return PROGRAM_REFUSED;
	}
	kill_at(kill, told);
	return g_str_equal(argv[0], "rnetboot") ? rnetboot_main(argc, argv)
						: command_main(argc, argv);
}

/* ---- The module ---- */

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
	void **place = binding_box(L, g_free);
	void **bytes = binding_box(L, g_free);
	GError *error = NULL;
	gsize length;

	*place = world_path(world, path, &error);
	if (!*place)
		return binding_raise(L, error);
	if (!g_file_get_contents(*place, (char **)bytes, &length, NULL))
		return 0;
	lua_pushlstring(L, *bytes, length);
	return 1;
}

static void unref_table(gpointer table)
{
	g_hash_table_unref(table);
}

/* world.files(world, folder, without) -> {path = words} */
static int l_files(lua_State *L)
{
	Take *take = take_new(L, 3);
	const char *world = take_text(take, 1, NULL);
	const char *folder = take_text(take, 2, NULL);
	guint n;
	const char *const *without = take_list(take, 3, "what is left out", &n);
	void **box = binding_box(L, unref_table);
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
	void **inside = binding_box(L, g_free);
	GError *error = NULL;

	*inside = world_path(to, "", &error);
	if (!*inside || !world_copy(from, to, &error))
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

	*url = world_database(world);
	if (!store_import(*url, directory, &tables, &rows, &error))
		return binding_raise(L, error);
	return 0;
}

static void close_store(gpointer store)
{
	store_close(store);
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
	void **store = binding_box(L, close_store);
	GError *error = NULL;
	guint tables, rows;

	*url = world_database(world);
	*place = world_path(world, folder, &error);
	if (*place)
		world_forget(*place);
	*store = *place ? store_open(*url, &error) : NULL;
	if (!*store || !store_export(*store, *place, &tables, &rows, &error))
		return binding_raise(L, error);
	return 0;
}

/* ---- Programs ---- */

static void unref_object(gpointer object)
{
	g_object_unref(object);
}

static void unref_bytes(gpointer bytes)
{
	g_bytes_unref(bytes);
}

static void push_bytes(lua_State *L, GBytes *bytes)
{
	gsize length;
	const char *data = g_bytes_get_data(bytes, &length);

	lua_pushlstring(L, data ? data : "", length);
}

/* This program with `words`: pushes its status, stdout and stderr. */
static int run(lua_State *L, const GPtrArray *words)
{
	void **launcher = binding_box(L, unref_object);
	void **process = binding_box(L, unref_object);
	void **out = binding_box(L, unref_bytes);
	void **err = binding_box(L, unref_bytes);
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

static void unref_words(gpointer words)
{
	g_ptr_array_unref(words);
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
	void **box = binding_box(L, unref_words);
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
	{ "files", l_files },	{ "copy", l_copy },	{ "remove", l_remove },
	{ "set", l_set },	{ "import", l_import }, { "export", l_export },
	{ "snmove", l_snmove }, { "lua", l_lua },	{ "json", l_json },
	{ NULL, NULL },
};

/* ---- The files ---- */

/* world.beside: the folder of the file that is run; world.quick: at how many points moves are
 * killed, or nil. */
static int l_prepare(lua_State *L)
{
	lua_getfield(L, LUA_REGISTRYINDEX, BIND_MODULES);
	binding_functions(L, functions);
	lua_pushvalue(L, 1);
	lua_setfield(L, -2, "beside");
	if (lua_toboolean(L, 2))
		lua_pushinteger(L, QUICK);
	else
		lua_pushnil(L);
	lua_setfield(L, -2, "quick");
	lua_setfield(L, -2, "world");
	return 0;
}

/* What test.lua says at the end: have all passed? */
static int l_finish(lua_State *L)
{
	lua_getglobal(L, "require");
	lua_pushliteral(L, "test");
	lua_call(L, 1, 1);
	lua_getfield(L, -1, "finish");
	lua_call(L, 0, 1);
	return 1;
}

static gboolean run_file(lua_State *L, const char *file, const char *beside, gboolean quick,
			 GError **error)
{
	gboolean passed;

	lua_pushcfunction(L, l_prepare);
	lua_pushstring(L, beside);
	lua_pushboolean(L, quick);
	if (!runtime_call(L, 2, 0, error) || !runtime_load_file(L, file, FALSE, error) ||
	    !runtime_call(L, 0, 0, error))
		return FALSE;
	lua_pushcfunction(L, l_finish);
	if (!runtime_call(L, 0, 1, error))
		return FALSE;
	passed = lua_toboolean(L, -1);
	lua_pop(L, 1);
	return passed;
}

static gboolean test_file(const char *file, gboolean quick)
{
	const char *data = runtime_data_directory();
	g_autofree char *library = data ? g_build_filename(data, "lua", NULL) : NULL;
	g_autofree char *author = data ? g_build_filename(library, "author", NULL) : NULL;
	g_autofree char *folder = g_path_get_dirname(file);
	g_autofree char *beside = g_canonicalize_filename(folder, NULL);
	const char *directories[] = { beside, author, library, NULL };
	BindingContext context = { 0 };
	lua_State *L = runtime_new(&context, file, directories, RUNTIME_PROCEDURE_LIMITS);
	GError *error = NULL;
	gboolean passed = run_file(L, file, beside, quick, &error);

	if (error) {
		talk_error("%s", error->message);
		g_error_free(error);
	}
	runtime_close(L);
	return passed;
}

int test_files(char **files, gboolean quick)
{
	gboolean passed = TRUE;
	GError *error = NULL;

	if (!alone_begin(&error)) {
		talk_error("%s", error->message);
		g_error_free(error);
		return PROGRAM_REFUSED;
	}
	interrupt_setup(); /* what was made is taken away */
	for (guint i = 0; files[i] && !interrupt_asked(); i++) {
		if (files[1])
			printf("# %s\n", files[i]);
		passed &= test_file(files[i], quick);
	}
	world_clear();
	if (interrupt_asked())
		return 128 + interrupt_asked();
	return passed ? PROGRAM_DONE : PROGRAM_REFUSED;
}
