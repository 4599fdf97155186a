/* snmove-lua: the runtime as a Lua interpreter, and a cluster's tables from and to CSV. */
#include "core/base.h"
#include "lua/program/program.h"
#include "lua/runtime/runtime.h"
#include "lua/terminal/talk.h"
#include <locale.h>
#include <readline/history.h>
#include <readline/readline.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *db, *state, *config_file, *import, *export;
static char **statements;
static gboolean version, interactive;

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

/* Print what a line of the REPL gave. */
static int l_show(lua_State *L)
{
	int n = lua_gettop(L);

	talk_clear();
	for (int i = 1; i <= n; i++) {
		printf("%s%s", i > 1 ? "\t" : "", luaL_tolstring(L, i, NULL));
		lua_pop(L, 1);
	}
	if (n > 0)
		putchar('\n');
	return 0;
}

/* The chunk on the stack, its results shown. */
static int l_evaluate(lua_State *L)
{
	lua_call(L, 0, LUA_MULTRET);
	return l_show(L);
}

/* A line is an expression if it can be one, else statements; FALSE: it wants more lines. */
static gboolean load_line(lua_State *L, const char *line, GError **error)
{
	g_autofree char *expression = g_strconcat("return ", line, NULL);

	lua_pushcfunction(L, l_evaluate);
	if (runtime_load_text(L, expression, "stdin", NULL) ||
	    runtime_load_text(L, line, "stdin", error))
		return TRUE;
	lua_pop(L, 1);
	return FALSE;
}

static char *history_file(void)
{
	return g_build_filename(g_get_home_dir(), ".snmove_lua_history", NULL);
}

/* A line, with the terminal's editing where there is one.  Gives the text (free). */
static char *read_line(const char *prompt)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t length;

	if (isatty(STDIN_FILENO))
		return readline(prompt);
	length = getline(&line, &size, stdin);
	if (length < 0) {
		free(line);
		return NULL;
	}
	if (length > 0 && line[length - 1] == '\n')
		line[length - 1] = '\0';
	return line;
}

static void run_lines(lua_State *L)
{
	g_autofree char *history = history_file();
	g_autoptr(GString) text = g_string_new(NULL);
	char *line;

	if (isatty(STDIN_FILENO)) {
		read_history(history);
		printf("snmove-lua %s; cluster and log are there; end with ctrl-D\n",
		       SNMOVE_VERSION);
	}
	while ((line = read_line(text->len ? ">> " : "> "))) {
		g_autoptr(GError) problem = NULL;

		if (*line && isatty(STDIN_FILENO))
			add_history(line);
		g_string_append_printf(text, "%s%s", text->len ? "\n" : "", line);
		free(line);
		if (load_line(L, text->str, &problem)) {
			if (!runtime_call(L, 1, 0, &problem))
				talk_error("%s", problem->message);
		} else if (g_str_has_suffix(problem->message, "<eof>")) {
			continue;
		} else {
			talk_error("%s", problem->message);
		}
		g_string_truncate(text, 0);
	}
	if (isatty(STDIN_FILENO)) {
		putchar('\n');
		write_history(history);
	}
}

/* `arg`, and the modules by their names: in a REPL nobody wants to require first. */
static int l_prepare(lua_State *L)
{
	char **arguments = lua_touserdata(L, 1);

	lua_newtable(L);
	for (int i = 0; arguments[i]; i++) {
		lua_pushstring(L, arguments[i]);
		lua_rawseti(L, -2, i);
	}
	lua_setglobal(L, "arg");
	lua_getglobal(L, "require");
	lua_pushliteral(L, "cluster");
	lua_call(L, 1, 1);
	lua_setglobal(L, "cluster");
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
		run_lines(L);
	runtime_close(L);
	return done ? PROGRAM_DONE : PROGRAM_REFUSED;
}

int main(int argc, char **argv)
{
	g_autoptr(GOptionContext) context = g_option_context_new("[SCRIPT [ARGUMENT...]]");
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
	if (import && export) {
		talk_error("--import or --export, one at a time");
		return PROGRAM_USAGE;
	}
	if (!program_configure(&config, config_file, db, state, &error))
		return fail(error, PROGRAM_REFUSED);
	if (import)
		return program_finish(import_tables(&config));
	if (!program_open(&program, &config, &error))
		return fail(error, PROGRAM_REFUSED);
	if (export)
		return program_finish(export_tables(&program));
	return program_finish(run_scripts(&program, argv + 1));
}
