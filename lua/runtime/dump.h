/* dump - a value of a script as text, for people: tables with what is in them. */
#pragma once
#include <lua.h>

/*
 * Pushes the text of the value at `index`: as Lua would write it, tables in one line if they
 * are short, else a line for each field, in the order of their keys.  Deep, long and repeated
 * ones are shortened, and say so.  Runs no code of the script.  May raise for lack of memory.
 */
void dump_push(lua_State *L, int index);
