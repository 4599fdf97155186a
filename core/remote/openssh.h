/*
 * openssh - a shell by ssh(1) as a child: for keys that libssh2 cannot use (RSA, which xCAT's
 * root has), and for configurations that only ssh itself understands.
 */
#pragma once
#include "core/remote/inside.h"

Shell *shell_openssh_new(Remote *remote, const Route *route, const RemoteLimits *limits,
			 const char *greeting);
