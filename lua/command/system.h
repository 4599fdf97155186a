/*
 * system - which procedure is for the nodes of a move: by their system, unless one is named.
 */
#pragma once
#include "lua/command/work.h"

/*
 * With the nodes known.  Gives the path of the script; or NULL and an error: the nodes have
 * different systems, and then it names a command for each; or an option is for the other one.
 */
char *system_script(const Work *work, GError **error);
