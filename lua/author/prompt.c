#include "lua/author/prompt.h"
#include "lua/runtime/runtime.h"
#include "lua/terminal/talk.h"
#include <readline/history.h>
#include <readline/readline.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

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

void prompt_run(lua_State *L)
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
