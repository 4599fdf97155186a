/* ssh - a shell by libssh2. */
#pragma once
#include "core/remote/inside.h"

Shell *shell_ssh_new(Remote *remote, const Route *route, const char *greeting);
