/* prompt - lines that are read, run, and their results shown: snmove-lua as a REPL. */
#pragma once
#include <lua.h>

/* Until the end of the input.  A line that fails is told, and the next one is read. */
void prompt_run(lua_State *L);
