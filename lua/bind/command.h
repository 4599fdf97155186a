/*
 * command - a command as scripts describe it, by options that one table has for all hosts, or
 * an entry of a list for its own.
 */
#pragma once
#include "lua/bind/remote_call.h"

/* The names of these options, NULL-terminated. */
extern const char *const command_options[];

/* What the table at `table` says of them goes into `command`; what it does not say stays as it
 * is.  `of` is the table in messages: "option". */
void command_take(lua_State *L, int table, const char *of, RunCommand *command);
/* A text for the shell, or a list of words that gets quoted.  `what` as for take_text. */
const char *command_text(lua_State *L, int index, const char *what);
