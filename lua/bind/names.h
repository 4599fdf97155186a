/*
 * names - of the module cluster: what a server is called, and where it stands in the tables.
 */
#pragma once
#include <lua.h>

/* Adds its functions to the table on top. */
void bind_names(lua_State *L);
