#include "lua/author/prompt.h"
#include "core/base.h"
#include "lua/runtime/dump.h"
#include "lua/runtime/runtime.h"
#include "lua/terminal/talk.h"
#include <readline/history.h>
#include <readline/readline.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Print what a line of the REPL gave. */
static int l_show(lua_State *L)
{
	int n = lua_gettop(L);

	talk_clear();
	for (int i = 1; i <= n; i++) {
		if (lua_istable(L, i))
			dump_push(L, i);
		else
			luaL_tolstring(L, i, NULL);
		printf("%s%s", i > 1 ? "\t" : "", lua_tostring(L, -1));
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

/* ---- Completion: names of globals, and of fields behind `.` and `:` ---- */

#define BREAKS " \t\n\"'(){}[]=+-*/,;<>~#%^&|"

static lua_State *completed; /* whose names they are: readline's functions get no data */

/* Pushes what `path`, as "cluster" or "move.notes", is; nothing runs. */
static gboolean push_path(lua_State *L, const char *path)
{
	g_auto(GStrv) names = g_strsplit_set(path, ".:", -1);

	lua_pushglobaltable(L);
	for (gsize i = 0; names[i]; i++) {
		if (!lua_istable(L, -1))
			return FALSE;
		lua_pushstring(L, names[i]);
		lua_rawget(L, -2);
	}
	return lua_istable(L, -1);
}

/* Those of the table on top that begin with `begin`, each behind `before`. */
static GPtrArray *names_of(lua_State *L, const char *before, const char *begin)
{
	GPtrArray *found = g_ptr_array_new_with_free_func(g_free);

	for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1))
		if (lua_type(L, -2) == LUA_TSTRING &&
		    g_str_has_prefix(lua_tostring(L, -2), begin))
			g_ptr_array_add(found,
					g_strconcat(before, lua_tostring(L, -2),
						    lua_isfunction(L, -1) ? "(" : "", NULL));
	g_ptr_array_sort(found, text_compare);
	return found;
}

static GPtrArray *complete(const char *text)
{
	lua_State *L = completed;
	int top = lua_gettop(L);
	const char *last = text + strlen(text);
	g_autofree char *path = NULL;
	g_autofree char *before = NULL;
	GPtrArray *found;

	while (last > text && last[-1] != '.' && last[-1] != ':')
		last--;
	before = g_strndup(text, (gsize)(last - text));
	path = g_strndup(text, (gsize)MAX(last - text - 1, 0));
	if (last == text)
		lua_pushglobaltable(L);
	else if (!push_path(L, path))
		lua_newtable(L);
	found = names_of(L, before, last);
	lua_settop(L, top);
	return found;
}

/* The next one; NULL: there are no more.  readline frees them. */
static char *next_name(const char *text, int again)
{
	static GPtrArray *found;
	static guint next;
	char *name;

	if (!again) {
		g_clear_pointer(&found, g_ptr_array_unref);
		found = complete(text);
		next = 0;
	}
	name = found && next < found->len ? strdup(found->pdata[next++]) : NULL;
	rl_completion_append_character = '\0';
	return name;
}

static char **complete_line(const char *text, int start, int end)
{
	(void)start;
	(void)end;
	rl_attempted_completion_over = 1; /* no names of files */
	return rl_completion_matches(text, next_name);
}

static void set_completion(lua_State *L)
{
	completed = L;
	rl_basic_word_break_characters = BREAKS;
	rl_attempted_completion_function = complete_line;
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
		set_completion(L);
		printf("snmove-lua %s: cluster, log, remote, services, takeover are there; it "
		       "only "
		       "looks; tab completes, ctrl-D ends\n",
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
