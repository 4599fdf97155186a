/*
 * divide - nodes in parts, by what their rows have: a cluster has many nodes, and few rows that
 * differ.
 */
#pragma once
#include "core/takeover.h"
#include "lua/runtime/take.h"

/* What to divide.  Borrows all. */
typedef struct {
	const char *const *nodes;
	guint n_nodes;
	int list;		       /* where a Lua list has the same texts; 0: none has */
	const MoveNode *const *movers; /* the same nodes with their servers; or NULL */
	int rest; /* where the arguments behind the nodes begin: columns, function, options */
} DivideNodes;

/* The function says what nodes get that are alike, {column = text or false}: sets it, node by
 * node, and the columns of a node in their order.  Pushes nothing. */
int divide_set(lua_State *L, Take *take, const DivideNodes *divided);
/* Pushes the name of node `i`. */
void divide_push_node(lua_State *L, const DivideNodes *divided, guint i);
/* Pushes {what = {nodes}}, and {whats} in the order of their first nodes. */
int divide_nodes(lua_State *L, Take *take, const DivideNodes *divided);
