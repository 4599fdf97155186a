/*
 * master - a connection of ssh(1) to a hop that waits at a socket for others: a ControlMaster.
 */
#pragma once
#include "core/remote/inside.h"

/* Where a master to the hop waits.  Gives the path. */
char *master_socket(Remote *remote, const RemoteConfig *hop);
/* Gives a shell that is never open for a command; it ends with the connection. */
Shell *master_new(Remote *remote, const Route *route, const RemoteLimits *limits,
		  const char *socket);
gboolean master_is_up(const Shell *master, const char *socket);
/* The command for -o ProxyCommand of those who go through it.  Gives the text. */
char *master_proxy(Remote *remote, const RemoteConfig *hop, const char *socket);
