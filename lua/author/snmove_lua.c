/* snmove-lua: the runtime as a Lua interpreter, a cluster's tables from and to CSV, and what
 * authors of hooks and procedures need: tests and skeletons. */
#include "core/base.h"
#include "lua/author/alone.h"
#include "lua/author/prompt.h"
#include "lua/author/skeleton.h"
#include "lua/author/test.h"
#include "lua/program/program.h"
#include "lua/runtime/runtime.h"
#include "lua/terminal/talk.h"
#include <locale.h>
#include <signal.h>
#include <stdio.h>

static char *db, *state, *config_file, *import, *export;
static char **statements;
static gboolean version, interactive, test, quick;
static char *new_of, *run_in; /* --new KIND; a process of --test: its cluster */
static int kill_point_number;

static const GOptionEntry entries[] = {
	{ "execute", 'e', 0, G_OPTION_ARG_FILENAME_ARRAY, &statements, "run this text",
	  "TEXT" },
	{ "interactive", 0, 0, G_OPTION_ARG_NONE, &interactive,
	  "read lines after what was given was run", NULL },
	{ "db", 0, 0, G_OPTION_ARG_FILENAME, &db,
	  "the cluster database: sqlite:FILE, xcat:DIR, postgresql:// or mariadb://", "URL" },
	{ "state", 0, 0, G_OPTION_ARG_FILENAME, &state, "state (default " PROGRAM_STATE ")",
	  "DIR" },
	{ "config", 0, 0, G_OPTION_ARG_FILENAME, &config_file,
	  "configuration (default " CONFIG_FILE ")", "FILE" },
	{ "import", 0, 0, G_OPTION_ARG_FILENAME, &import,
	  "fill the database from CSV files, as dumpxCATdb writes them", "DIR" },
	{ "export", 0, 0, G_OPTION_ARG_FILENAME, &export, "write the tables as such files",
	  "DIR" },
	{ "test", 0, 0, G_OPTION_ARG_NONE, &test,
	  "run the files as tests of hooks and procedures, each case on a cluster of its own",
	  NULL },
	{ "quick", 0, 0, G_OPTION_ARG_NONE, &quick,
	  "with --test: kill moves at a few points, and not at each", NULL },
	{ "new", 0, 0, G_OPTION_ARG_STRING, &new_of,
	  "begin a hook or a procedure: write NAME.lua and a test that passes",
	  "hook|procedure" },
	{ "run-in", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_FILENAME, &run_in, NULL, NULL },
	{ "kill-at", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_INT, &kill_point_number, NULL,
	  NULL },
	{ "version", 0, 0, G_OPTION_ARG_NONE, &version, "print the version", NULL },
	{ 0 },
};

static int fail(GError *error, int status)
{
	talk_error("%s", error->message);
	g_error_free(error);
	return status;
}

static int import_tables(const Config *config)
{
	g_autofree char *url = program_database(config);
	guint tables, rows;
	GError *error = NULL;

	if (!store_import(url, import, &tables, &rows, &error))
		return fail(error, PROGRAM_REFUSED);
	printf("%u tables with %u rows imported into %s\n", tables, rows, url);
	return PROGRAM_DONE;
}

static int export_tables(Program *program)
{
	guint tables, rows;
	GError *error = NULL;

	if (!store_export(program->store, export, &tables, &rows, &error))
		return fail(error, PROGRAM_REFUSED);
	printf("%u tables with %u rows exported to %s\n", tables, rows, export);
	return PROGRAM_DONE;
}

static gboolean call(lua_State *L)
{
	GError *error = NULL;

	if (runtime_call(L, 0, 0, &error))
		return TRUE;
	fail(error, 0);
	return FALSE;
}

/* `arg`, and the modules by their names: in a REPL nobody wants to require first. */
static int l_prepare(lua_State *L)
{
	static const char *const modules[] = { "cluster", "remote", "services", "takeover" };
	char **arguments = lua_touserdata(L, 1);

	lua_newtable(L);
	for (int i = 0; arguments[i]; i++) {
		lua_pushstring(L, arguments[i]);
		lua_rawseti(L, -2, i);
	}
	lua_setglobal(L, "arg");
	for (gsize i = 0; i < G_N_ELEMENTS(modules); i++) {
		lua_getglobal(L, "require");
		lua_pushstring(L, modules[i]);
		lua_call(L, 1, 1);
		lua_setglobal(L, modules[i]);
	}
	return 0;
}

static int run_scripts(Program *program, char **operands)
{
	const char *data = runtime_data_directory();
	g_autofree char *library = data ? g_build_filename(data, "lua", NULL) : NULL;
	g_autofree char *beside = *operands ? g_path_get_dirname(*operands) : NULL;
	const char *directories[] = { beside ? beside : library, library, NULL };
	RuntimeLimits limits = RUNTIME_PROCEDURE_LIMITS;
	lua_State *L = runtime_new(&program->context, *operands ? *operands : "snmove-lua",
				   directories, limits);
	GError *error = NULL;
	gboolean done;

	lua_pushcfunction(L, l_prepare);
	lua_pushlightuserdata(L, operands);
	done = runtime_call(L, 1, 0, &error);
	for (guint i = 0; done && statements && statements[i]; i++)
		done = runtime_load_text(L, statements[i], "-e", &error) && call(L);
	if (done && *operands)
		done = runtime_load_file(L, *operands, FALSE, &error) && call(L);
	if (error)
		fail(error, 0);
	if (done && (interactive || (!statements && !*operands)))
		prompt_run(L);
	runtime_close(L);
	return done ? PROGRAM_DONE : PROGRAM_REFUSED;
}

/* FALSE: it is told what does not go together. */
static gboolean check_usage(void)
{
	guint commands = (import != NULL) + (export != NULL) + test + (new_of != NULL);

	if (commands > 1)
		talk_error("--import, --export, --test and --new: one at a time");
	else if (quick && !test)
		talk_error("--quick is for --test");
	else if ((test || new_of) && (db || state || config_file || statements || interactive))
		talk_error("--%s has a cluster of its own, or none: it takes no --db, --state, "
			   "--config, -e and --interactive",
			   test ? "test" : "new");
	else
		return TRUE;
	return FALSE;
}

static int run_tests(char **files)
{
	if (*files)
		return test_files(files, quick);
	talk_error("--test: name the files with the tests");
	return PROGRAM_USAGE;
}

static int begin_new(char **operands)
{
	GError *error = NULL;

	if (!*operands || operands[1]) {
		talk_error("--new %s: give it one name", new_of);
		return PROGRAM_USAGE;
	}
	if (skeleton_write(new_of, *operands, &error))
		return PROGRAM_DONE;
	return fail(error, g_error_matches(error, SKELETON_ERROR, SKELETON_ERROR_USAGE)
				   ? PROGRAM_USAGE
				   : PROGRAM_REFUSED);
}

int main(int argc, char **argv)
{
	g_autoptr(GOptionContext) context = g_option_context_new(
		"[SCRIPT [ARGUMENT...]] | --test FILE... | --new KIND NAME");
	g_auto(Config) config = { 0 };
	g_auto(Program) program = { 0 };
	GError *error = NULL;

	/* A pipe to a process that has ended is an error of that host, or of our output. */
	(void)signal(SIGPIPE, SIG_IGN);
	(void)setlocale(LC_ALL, "C.UTF-8");
	talk_setup("snmove-lua", TRUE);
	g_option_context_add_main_entries(context, entries, NULL);
	g_option_context_set_strict_posix(context, TRUE);
	g_option_context_set_summary(
		context, "Runs Lua on a cluster's tables: a script, texts (-e), or lines.");
	if (!g_option_context_parse(context, &argc, &argv, &error))
		return fail(error, PROGRAM_USAGE);
	if (version) {
		g_autofree char *drivers = store_drivers();

		printf("snmove-lua " SNMOVE_VERSION " (%s)\n", drivers);
		return PROGRAM_DONE;
	}
	if (!check_usage())
		return PROGRAM_USAGE;
	if (run_in && statements)
		alone_go_on();
	else if (run_in)
		return test_run(run_in, (guint)MAX(kill_point_number, 0), argc - 1, argv + 1);
	if (test)
		return program_finish(run_tests(argv + 1), PROGRAM_REFUSED);
	if (new_of)
		return program_finish(begin_new(argv + 1), PROGRAM_REFUSED);
	if (!program_configure(&config, config_file, db, state, &error))
		return fail(error, PROGRAM_REFUSED);
	if (import)
		return program_finish(import_tables(&config), PROGRAM_REFUSED);
	if (!program_open(&program, &config, &error))
		return fail(error, PROGRAM_REFUSED);
	if (export)
		return program_finish(export_tables(&program), PROGRAM_REFUSED);
	return program_finish(run_scripts(&program, argv + 1), PROGRAM_REFUSED);
}
