/* module - what test.lua stands on, as a module of Lua. */
#pragma once
#include "lua/runtime/binding.h"

/* Pushes the table of its functions. */
void module_push(lua_State *L);
