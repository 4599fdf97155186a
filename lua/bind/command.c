/* Commands as scripts describe them. */
#include "lua/bind/command.h"
#include "core/base.h"
#include <string.h>

const char *const command_options[] = { "stdin", "env",	       "accept",      "says",
					"undo",	 "undo_last",  "undo_always", "undo_if",
					"done",	 "repeatable", NULL };

const char *command_text(lua_State *L, int index, const char *what)
{
	Take *take = remote_call_take(L);
	const char *const *words;
	const char *text;
	guint n;

	if (lua_type(L, index) == LUA_TSTRING)
		return take_text(take, index, what);
	words = take_list(take, index, what, &n);
	if (n == 0)
		luaL_error(L, "%s: the list of words is empty", what ? what : "the command");
	text = take_format(take, "%s", remote_call_lend(L, remote_words(words)));
	return text;
}

/* NAME=TEXT of each variable in the table at `index`. */
static const char *const *take_environment(lua_State *L, int index, const char *what)
{
	Take *take = remote_call_take(L);
	guint n;
	const TakePair *pairs = take_pairs(take, index, what, FALSE, &n);
	const char **texts = take_room(take, (n + 1) * sizeof(*texts));

	for (guint i = 0; i < n; i++)
		texts[i] = take_format(take, "%s=%s", pairs[i].name, pairs[i].text);
	texts[n] = NULL;
	return texts;
}

static void check_fields(lua_State *L, int table, const char *what, const char *const *names)
{
	take_check_table(L, table, what);
	for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1)) {
		const char *name = lua_type(L, -2) == LUA_TSTRING
					   ? take_text(remote_call_take(L), -2, "a field")
					   : luaL_typename(L, -2);

		if (!g_strv_contains(names, name))
			luaL_error(L, "%s has no field '%s'", what, name);
	}
}

/* The field `command` of the table at `table`; raises if there is none. */
static const char *command_field(lua_State *L, int table, const char *what)
{
	const char *command;

	if (take_field(L, table, "command") == LUA_TNIL)
		luaL_error(L, "%s has no command", what);
	command = command_text(L, lua_gettop(L), what);
	lua_pop(L, 1);
	return command;
}

/* {command=, stdin=, env=} as one text, which a shell can be given by hand as well. */
static const char *whole_text(lua_State *L, int table, const char *what)
{
	static const char *const names[] = { "command", "stdin", "env", NULL };
	Take *take = remote_call_take(L);
	const char *const *environment = NULL;
	const char *command, *input;
	GError *error = NULL;
	char *text;

	check_fields(L, table, what, names);
	command = command_field(L, table, what);
	input = take_text_field(take, table, what, "stdin");
	if (take_field(L, table, "env") != LUA_TNIL)
		environment = take_environment(L, lua_gettop(L), what);
	lua_pop(L, 1);
	text = remote_whole_text(command, environment, input, &error);
	if (!text)
		binding_raise(L, error);
	return take_format(take, "%s", remote_call_lend(L, text));
}

/* A text, a list of words, or {command=, stdin=, env=}. */
static const char *any_text(lua_State *L, int index, const char *what)
{
	index = lua_absindex(L, index);
	if (lua_istable(L, index) && lua_rawlen(L, index) == 0)
		return whole_text(L, index, what);
	return command_text(L, index, what);
}

/* undo = {...}, or false: there is nothing to undo. */
static void take_undo(lua_State *L, int table, const char *of, RunCommand *command)
{
	const char *what = take_format(remote_call_take(L), "%s 'undo'", of);
	int type = take_field(L, table, "undo");

	if (type == LUA_TBOOLEAN && !lua_toboolean(L, -1)) {
		command->undo = "";
	} else if (type != LUA_TNIL) {
		command->undo = any_text(L, -1, what);
		if (!*command->undo)
			luaL_error(L,
				   "%s: the command is empty; undo = false says that there is "
				   "nothing to undo",
				   what);
	}
	lua_pop(L, 1);
}

static void take_done(lua_State *L, int table, const char *of, RunCommand *command)
{
	const char *what = take_format(remote_call_take(L), "%s 'done'", of);

	if (take_field(L, table, "done") != LUA_TNIL)
		command->done = any_text(L, -1, what);
	lua_pop(L, 1);
}

/* undo_if = { host=, command=, stdin= }: the question before an undo. */
static void take_question(lua_State *L, int table, const char *of, RunCommand *command)
{
	static const char *const names[] = { "host", "command", "stdin", NULL };
	Take *take = remote_call_take(L);
	const char *what = take_format(take, "%s 'undo_if'", of);
	int question;

	if (take_field(L, table, "undo_if") == LUA_TNIL) {
		lua_pop(L, 1);
		return;
	}
	question = lua_gettop(L);
	check_fields(L, question, what, names);
	command->undo_if.host = take_text_field(take, question, what, "host");
	command->undo_if.command = command_field(L, question, what);
	command->undo_if.input = take_text_field(take, question, what, "stdin");
	lua_pop(L, 1);
}

static int status_at(lua_State *L, int index, const char *what)
{
	lua_Integer status = lua_isinteger(L, index) ? lua_tointeger(L, index) : -1;

	if (status < 0 || status > 255)
		luaL_error(L, "%s: a status is a whole number from 0 to 255", what);
	return (int)status;
}

/* accept = 1, or a list of statuses. */
static void take_accept(lua_State *L, int table, const char *of, RunCommand *command)
{
	const char *what = take_format(remote_call_take(L), "%s 'accept'", of);
	int type = take_field(L, table, "accept"), list = lua_gettop(L);
	lua_Unsigned n = 1;
	int *accept;

	if (type == LUA_TNIL) {
		lua_pop(L, 1);
		return;
	}
	if (type != LUA_TNUMBER) {
		take_check_table(L, list, what);
		n = lua_rawlen(L, list);
		if (n < 1 || n > 256)
			luaL_error(L, "%s is a list of 1 to 256 statuses", what);
	}
	accept = take_room(remote_call_take(L), n * sizeof(*accept));
	for (lua_Unsigned i = 0; i < n; i++) {
		if (type == LUA_TNUMBER)
			lua_pushvalue(L, list);
		else
			lua_rawgeti(L, list, (lua_Integer)i + 1);
		accept[i] = status_at(L, -1, what);
		lua_pop(L, 1);
	}
	command->accept = accept;
	command->n_accept = (guint)n;
	lua_pop(L, 1);
}

static void take_flag(lua_State *L, int table, const char *name, gboolean *flag)
{
	if (take_field(L, table, name) != LUA_TNIL)
		*flag = lua_toboolean(L, -1);
	lua_pop(L, 1);
}

void command_take(lua_State *L, int table, const char *of, RunCommand *command)
{
	Take *take = remote_call_take(L);
	const char *input, *says = take_text_field(take, table, of, "says");
	gsize length = 0;

	luaL_checkstack(L, 8, NULL);
	if (says)
		command->says = says;
	if (take_field(L, table, "stdin") != LUA_TFUNCTION) {
		input = take_bytes_field(take, table, of, "stdin", &length);
		if (input) {
			command->input = input;
			command->input_length = length;
		}
	}
	lua_pop(L, 1);
	if (take_field(L, table, "env") != LUA_TNIL && !lua_isfunction(L, -1))
		command->environment =
			take_environment(L, lua_gettop(L), take_format(take, "%s 'env'", of));
	lua_pop(L, 1);
	take_accept(L, table, of, command);
	take_undo(L, table, of, command);
	take_done(L, table, of, command);
	take_question(L, table, of, command);
	take_flag(L, table, "repeatable", &command->repeatable);
	take_flag(L, table, "undo_always", &command->undo_always);
	take_flag(L, table, "undo_last", &command->undo_last);
}
