#include "lua/author/test.h"
#include "lua/author/alone.h"
#include "lua/author/kill.h"
#include "lua/author/module.h"
#include "lua/author/world.h"
#include "lua/command/command.h"
#include "lua/runtime/runtime.h"
#include "lua/terminal/interrupt.h"
#include "lua/terminal/talk.h"
#include <stdio.h>

#define KILLED "killed" /* a file of the world: the point where snmove ended */
#define QUICK  4	/* points where a move is killed, of all that there are */

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

/* world.beside: the folder of the file that is run; world.quick: at how many points moves are
 * killed, or nil. */
static int l_prepare(lua_State *L)
{
	lua_getfield(L, LUA_REGISTRYINDEX, BIND_MODULES);
	module_push(L);
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
