/* move - of the object `move`: what others push of it. */
#pragma once
#include "core/takeover.h"
#include <lua.h>

/* Pushes {sn=, snn=, ip=}; servers are few: each has one table in a state. */
void move_push_server(lua_State *L, const MoveServer *server);
