/*
 * hop - the connections to a service node that carry those to its nodes: one, and some more
 * only while an opening hangs on a node that does not answer (libssh2 opens one at a time).
 */
#pragma once
#include "core/remote/connection.h"

/* A connection through the route's hop for a shell to the route's host.  Gives it
 * (connection_free). */
Connection *hop_connection(Remote *remote, const Route *route);
/* A step for the connection and those that carry it; another way if this one hangs. */
gboolean hop_step(Remote *remote, Connection *connection);
/* The call is over. */
void hops_close(Remote *remote);

/* The way through a hop for ssh itself: the argument of -o ProxyCommand.  Gives the text, or
 * NULL: the hop is not there yet, or has failed: then `failed` is its shell. */
char *hop_proxy(Remote *remote, const Route *route, const RemoteLimits *limits,
		const Shell **failed);
