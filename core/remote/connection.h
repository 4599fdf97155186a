/*
 * connection - an SSH connection by libssh2 that does not block: TCP or a tunnel through
 * another connection, the host's key, the login.
 */
#pragma once
#include "core/remote/inside.h"
#include <libssh2.h>

typedef struct connection Connection;

typedef enum {
	CONNECTION_DIALLING,
	CONNECTION_TUNNELLING, /* waits for its channel in the outer connection */
	CONNECTION_GREETING,   /* key exchange */
	CONNECTION_LOGIN,
	CONNECTION_UP,
	CONNECTION_FAILED,
} ConnectionState;

struct connection {
	Remote *remote;
	const RemoteConfig *config;
	const char *const *addresses; /* that are left to be tried */
	ConnectionState state;
	RemoteErrorCode error;
	char *message;
	gboolean want_openssh, busy;
	int fd;		  /* -1: none, or not our own */
	guint64 received; /* bytes */
	Connection *outer;
	LIBSSH2_CHANNEL *tunnel; /* in `outer` */
	LIBSSH2_SESSION *session;
	/* Of the login. */
	LIBSSH2_AGENT *agent;
	struct libssh2_agent_publickey *identity;
	gboolean agent_over, identity_next;
	gboolean others; /* the keys that no file names: they come after those that are named */
	gboolean hung_up; /* the host has ended the connection at a key */
	guint file;	  /* the identity file that is tried */
	guint attempts;	  /* keys that the host has refused */
	/*
	 * As the outer connection of others.  libssh2 keeps the state of one opening, and one
	 * packet that is not wholly sent: whoever began must finish it.
	 */
	Connection *opening; /* itself: who began has gone away */
	gint64 opening_since;
	Connection *sending;	  /* itself: the tunnel `halfway`, or an opening */
	LIBSSH2_CHANNEL *halfway; /* of those in `closing`; */
	gboolean halfway_data;	  /* it is a packet of data */
	gboolean congested;	  /* reading waits until something can be sent */
	GPtrArray *closing;	  /* channels of tunnels that nobody needs any more */
	gboolean closed;	  /* nothing is sent any more */
	guint carried;		  /* tunnels that are open or wanted */
};

/* A connection as the configuration says; `outer` NULL: over TCP.  Gives one (connection_free);
 * it keeps using all that it was given. */
Connection *connection_new(Remote *remote, const RemoteConfig *config,
			   const char *const *addresses, Connection *outer);
void connection_free(Connection *connection);

/* Go on until it would block.  TRUE: something has changed. */
gboolean connection_step(Connection *connection);
/* Does it wait until a tunnel to another host is open? */
gboolean connection_is_waiting(const Connection *connection);
/* What it waits for. */
guint connection_watch(const Connection *connection, struct pollfd *fds);

/* libssh2 says that the connection is gone: fail with its reason. */
void connection_lost(Connection *connection, const char *what);
/* login.c: one step of the login. */
gboolean connection_login(Connection *connection);
gboolean connection_fail(Connection *connection, RemoteErrorCode error, char *message);
