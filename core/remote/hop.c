#include "core/remote/hop.h"
#include "core/remote/master.h"
#include <string.h>
#include <unistd.h>

#define MANY	   8	  /* connections to one hop, at most */
#define HANGS_TIME 300000 /* microseconds after which an opening is said to hang */
#define HEARD_TIME 50000  /* microseconds after which all have heard that a master failed */

typedef struct {
	const RemoteConfig *config;
	GPtrArray *connections; /* Connection */
	Shell *master;		/* ssh itself, with a socket for others; or NULL */
	gboolean was_up;
	gint64 failed; /* when the master did, or 0 */
	char *socket;
} Hop;

static void hop_free(gpointer data)
{
	Hop *hop = data;

	g_ptr_array_unref(hop->connections);
	if (hop->master)
		hop->master->class->free(hop->master);
	if (hop->socket)
		(void)unlink(hop->socket);
	g_free(hop->socket);
	g_free(hop);
}

static Hop *hop_of(Remote *remote, const Route *route)
{
	Hop *hop;

	if (!remote->hops)
		remote->hops = g_ptr_array_new_with_free_func(hop_free);
	for (guint i = 0; i < remote->hops->len; i++) {
		hop = remote->hops->pdata[i];
		if (hop->config == route->hop)
			return hop;
	}
	hop = g_new0(Hop, 1);
	hop->config = route->hop;
	hop->connections =
		g_ptr_array_new_with_free_func((GDestroyNotify)(void (*)(void))connection_free);
	g_ptr_array_add(remote->hops, hop);
	return hop;
}

void hops_close(Remote *remote)
{
	g_clear_pointer(&remote->hops, g_ptr_array_unref);
}

static gboolean hangs(const Connection *carrier)
{
	return carrier->opening && g_get_monotonic_time() - carrier->opening_since > HANGS_TIME;
}

/* One that has failed is kept only as long as somebody still has to hear why; one that hangs
 * on what nobody waits for any more, as long as it carries others. */
static gboolean is_spent(const Connection *carrier)
{
	return carrier->carried == 0 && (carrier->state == CONNECTION_FAILED ||
					 (carrier->opening == carrier && hangs(carrier)));
}

static Connection *carrier_of(Remote *remote, const Route *route)
{
	Hop *hop = hop_of(remote, route);
	Connection *carrier, *busy = NULL;
	guint waited_for = 0;

	for (guint i = 0; i < hop->connections->len; i++) {
		carrier = hop->connections->pdata[i];
		if (is_spent(carrier)) {
			g_ptr_array_remove_index(hop->connections, i--);
			continue;
		}
		if (carrier->state == CONNECTION_FAILED)
			continue;
		if (!hangs(carrier))
			return carrier;
		if (carrier->opening != carrier) {
			waited_for++;
			busy = carrier;
		}
	}
	if (waited_for >= MANY)
		return busy;
	carrier = connection_new(remote, route->hop, route->hop_addresses, NULL);
	g_ptr_array_add(hop->connections, carrier);
	return carrier;
}

Connection *hop_connection(Remote *remote, const Route *route)
{
	return connection_new(remote, route->config, route->addresses,
			      carrier_of(remote, route));
}

static void change_carrier(Remote *remote, Connection *connection)
{
	Route route = { .hop = connection->outer->config,
			.hop_addresses = connection->outer->addresses };
	Connection *other = carrier_of(remote, &route);

	if (other == connection->outer)
		return;
	connection->outer->carried--;
	connection->outer = other;
	other->carried++;
}

gboolean hop_step(Remote *remote, Connection *connection)
{
	gboolean changed = FALSE;

	if (connection->outer) {
		if (connection->state == CONNECTION_TUNNELLING &&
		    connection->outer->opening != connection && hangs(connection->outer))
			change_carrier(remote, connection);
		changed = connection_step(connection->outer);
	}
	return connection_step(connection) || changed;
}

/* A busy hop, and one that was there before, may take us when we come again. */
static void end_failed_master(Hop *hop)
{
	if (!hop->failed || g_get_monotonic_time() - hop->failed < HEARD_TIME ||
	    !(hop->master->busy || hop->was_up))
		return;
	hop->master->class->free(hop->master);
	hop->master = NULL;
	hop->failed = 0;
	hop->was_up = FALSE;
	(void)unlink(hop->socket);
	g_clear_pointer(&hop->socket, g_free);
}

char *hop_proxy(Remote *remote, const Route *route, const RemoteLimits *limits,
		const Shell **failed)
{
	Hop *hop = hop_of(remote, route);

	*failed = NULL;
	end_failed_master(hop);
	if (!hop->master) {
		hop->socket = master_socket(remote, hop->config);
		hop->master = master_new(remote, route, limits, hop->socket);
	}
	hop->master->class->step(hop->master);
	if (hop->master->state == SHELL_FAILED) {
		*failed = hop->master;
		hop->failed = hop->failed ? hop->failed : g_get_monotonic_time();
		return NULL;
	}
	if (!master_is_up(hop->master, hop->socket))
		return NULL;
	hop->was_up = TRUE;
	return master_proxy(remote, hop->config, hop->socket);
}
