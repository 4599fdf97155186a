/* boot - what services has of boot entries alone. */
#pragma once
#include <lua.h>

/* Adds to the table on top. */
void bind_boot(lua_State *L);
