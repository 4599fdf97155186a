/*
 * openssh - a shell by ssh(1) as a child: for keys that libssh2 cannot use (RSA, which xCAT's
 * root has), and for configurations that only ssh itself understands.
 */
#pragma once
#include "core/remote/inside.h"

Shell *shell_openssh_new(Remote *remote, const Route *route, const RemoteLimits *limits,
			 const char *greeting);

/* For hop.c: a connection to the hop with a socket for others.  Each gives what it says. */
char *openssh_socket(Remote *remote, const RemoteConfig *hop);
Shell *openssh_master(Remote *remote, const Route *route, const RemoteLimits *limits,
		      const char *socket);
gboolean openssh_master_is_up(const Shell *master, const char *socket);
/* The command for -o ProxyCommand. */
char *openssh_proxy(Remote *remote, const RemoteConfig *hop, const char *socket);
