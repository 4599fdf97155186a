#include "core/remote/connection.h"
#include "core/base.h"
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

Connection *connection_new(Remote *remote, const RemoteConfig *config,
			   const char *const *addresses, Connection *outer)
{
	Connection *connection = g_new0(Connection, 1);

	connection->remote = remote;
	connection->config = config;
	connection->addresses = addresses;
	connection->outer = outer;
	connection->fd = -1;
	connection->closing = g_ptr_array_new();
	connection->state = outer ? CONNECTION_TUNNELLING : CONNECTION_DIALLING;
	if (outer)
		outer->carried++;
	return connection;
}

gboolean connection_fail(Connection *connection, RemoteErrorCode error, char *message)
{
	connection->state = CONNECTION_FAILED;
	connection->error = error;
	g_free(connection->message);
	connection->message = message;
	return TRUE;
}

/* What libssh2 said last. */
static char *last_error(LIBSSH2_SESSION *session)
{
	char *text = NULL;

	libssh2_session_last_error(session, &text, NULL, 0);
	return g_strdup(text && *text ? text : "no reason given");
}

void connection_lost(Connection *connection, const char *what)
{
	g_autofree char *reason = last_error(connection->session);

	connection_fail(connection, REMOTE_LOST, g_strdup_printf("%s: %s", what, reason));
}

static void close_socket(Connection *connection)
{
	if (connection->fd >= 0)
		close(connection->fd);
	connection->fd = -1;
}

/* What is not finished yet is left for the outer connection to finish. */
static void leave_outer(Connection *connection)
{
	Connection *outer = connection->outer;

	if (!outer)
		return;
	outer->carried--;
	if (outer->opening == connection)
		outer->opening = outer;
	if (outer->sending == connection) {
		outer->sending = outer;
		outer->halfway = connection->tunnel;
		outer->halfway_data = TRUE;
	}
	if (connection->tunnel)
		g_ptr_array_add(outer->closing, connection->tunnel);
	connection->tunnel = NULL;
}

void connection_free(Connection *connection)
{
	if (!connection)
		return;
	if (connection->agent) {
		libssh2_agent_disconnect(connection->agent);
		libssh2_agent_free(connection->agent);
	}
	/* Nothing may wait here: after a goodbye that is sent at once or not at all, all that
	 * libssh2 would like to send fails. */
	if (connection->session && connection->state == CONNECTION_UP)
		libssh2_session_disconnect(connection->session, "done");
	connection->closed = TRUE;
	if (connection->fd >= 0)
		shutdown(connection->fd, SHUT_RDWR);
	if (connection->session)
		libssh2_session_free(connection->session);
	leave_outer(connection);
	close_socket(connection);
	g_ptr_array_unref(connection->closing);
	g_free(connection->message);
	g_free(connection);
}

static gboolean refuse(Connection *connection, int number)
{
	RemoteErrorCode code = shell_errno(number);

	close_socket(connection);
	if (connection->addresses[1]) { /* it has another address */
		connection->addresses++;
		return TRUE;
	}
	return connection_fail(connection, code,
			       g_strdup_printf("%s port %u: %s", connection->addresses[0],
					       connection->config->port, g_strerror(number)));
}

/* A host that dies while a command runs is noticed: by the kernel, which asks it. */
static void set_options(int fd)
{
	const struct {
		int level, name, value;
	} options[] = {
		{ IPPROTO_TCP, TCP_NODELAY, 1 },
		{ SOL_SOCKET, SO_KEEPALIVE, 1 },
		{ IPPROTO_TCP, TCP_KEEPIDLE, REMOTE_SILENCE / 2 },
		{ IPPROTO_TCP, TCP_KEEPINTVL, REMOTE_SILENCE / 6 },
		{ IPPROTO_TCP, TCP_KEEPCNT, 3 },
		{ IPPROTO_TCP, TCP_USER_TIMEOUT, REMOTE_SILENCE * 1000 },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(options); i++)
		(void)setsockopt(fd, options[i].level, options[i].name, &options[i].value,
				 sizeof(options[i].value));
}

static gboolean dial(Connection *connection)
{
	struct sockaddr_storage address;
	socklen_t length;

	if (!shell_address(connection->addresses[0], connection->config->port, &address,
			   &length))
		return refuse(connection, EADDRNOTAVAIL);
	connection->fd = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
				IPPROTO_TCP);
	if (connection->fd < 0)
		return connection_fail(connection, REMOTE_FAILED,
				       g_strdup_printf("no socket: %s", g_strerror(errno)));
	set_options(connection->fd);
	if (connect(connection->fd, (struct sockaddr *)&address, length) < 0 &&
	    errno != EINPROGRESS)
		return refuse(connection, errno);
	return TRUE;
}

static gboolean is_connected(Connection *connection, int *number)
{
	struct pollfd fd = { connection->fd, POLLOUT, 0 };
	socklen_t length = sizeof(*number);

	*number = 0;
	if (poll(&fd, 1, 0) <= 0)
		return FALSE;
	if (getsockopt(connection->fd, SOL_SOCKET, SO_ERROR, number, &length) < 0)
		*number = errno;
	return TRUE;
}

static LIBSSH2_RECV_FUNC(receive)
{
	Connection *connection = *abstract;
	gssize got = recv(socket, buffer, length, flags);

	if (got < 0)
		return -errno;
	connection->received += (guint64)got;
	return got;
}

/*
 * After a try to send something.  A packet that is not wholly sent must be finished by who
 * began it, before anything else is sent.  Where it is the window that is full, or an answer
 * that is missing, nobody has to wait.
 */
static void note_sending(Connection *outer, Connection *who, gboolean later)
{
	gboolean halfway = later && libssh2_session_block_directions(outer->session) &
					    LIBSSH2_SESSION_BLOCK_OUTBOUND;

	outer->sending = halfway ? who : NULL;
}

/* Reading may have to send something small: only if that goes out at once. */
static gboolean may_read(Connection *outer)
{
	struct pollfd fd = { outer->fd, POLLOUT, 0 };

	outer->congested = outer->sending || poll(&fd, 1, 0) <= 0;
	return !outer->congested;
}

/*
 * libssh2 reads and writes through the tunnel: -EAGAIN is its word for later.  It takes the
 * same functions to talk with the agent, whose socket is another one.
 */
static LIBSSH2_RECV_FUNC(receive_inside)
{
	Connection *connection = *abstract;
	gssize got;

	if (socket != connection->outer->fd)
		return receive(socket, buffer, length, flags, abstract);
	if (connection->closed) /* what comes is for others, who would not be told */
		return -EPIPE;
	if (!may_read(connection->outer))
		return -EAGAIN;
	got = libssh2_channel_read(connection->tunnel, buffer, length);
	if (got == LIBSSH2_ERROR_EAGAIN ||
	    (got == 0 && !libssh2_channel_eof(connection->tunnel)))
		return -EAGAIN;
	if (got < 0)
		return -EPIPE;
	connection->received += (guint64)got;
	return got;
}

static LIBSSH2_SEND_FUNC(send_inside)
{
	Connection *connection = *abstract;
	Connection *outer = connection->outer;
	gsize sent = 0;
	gssize put = 0;

	if (socket != outer->fd) {
		put = send(socket, buffer, length, flags);
		return put < 0 ? -errno : put;
	}
	if (connection->closed)
		return -EPIPE;
	if (outer->sending && outer->sending != connection)
		return -EAGAIN;
	/* All of it: nothing would tell when there is room for a rest. */
	do {
		put = libssh2_channel_write(connection->tunnel, (const char *)buffer + sent,
					    length - sent);
		sent += put > 0 ? (gsize)put : 0;
	} while (put > 0 && sent < length);
	note_sending(outer, connection, put == LIBSSH2_ERROR_EAGAIN);
	if (put < 0 && put != LIBSSH2_ERROR_EAGAIN)
		return -EPIPE;
	return sent ? (gssize)sent : -EAGAIN;
}

/* What known_hosts lists it as: its name, not what that resolves to (as ssh, which has
 * CheckHostIP no); an alias has no port. */
typedef struct {
	const char *names[2];
	guint16 port;
} Listed;

static Listed listed_as(const Connection *connection)
{
	const RemoteConfig *config = connection->config;

	if (config->host_key_alias)
		return (Listed){ { config->host_key_alias, NULL }, 22 };
	return (Listed){ { config->hostname, NULL }, config->port };
}

static gboolean make_session(Connection *connection)
{
	const RemoteConfig *config = connection->config;
	Listed listed = listed_as(connection);
	g_autofree char *types = known_hosts_types(connection->remote->known,
						   (const char *const *)config->known_hosts,
						   listed.names, listed.port);

	connection->session = libssh2_session_init_ex(NULL, NULL, NULL, connection);
	if (!connection->session)
		return connection_fail(connection, REMOTE_FAILED,
				       g_strdup("no memory for a session"));
	libssh2_session_set_blocking(connection->session, 0);
	/* A type that is known, else a known host would look like a stranger. */
	if (types)
		libssh2_session_method_pref(connection->session, LIBSSH2_METHOD_HOSTKEY, types);
	/* libssh2 takes functions as pointers to objects. */
	libssh2_session_callback_set(
		connection->session, LIBSSH2_CALLBACK_RECV,
		__extension__(void *)(connection->outer ? receive_inside : receive));
	if (connection->outer)
		libssh2_session_callback_set(connection->session, LIBSSH2_CALLBACK_SEND,
					     __extension__(void *) send_inside);
	connection->state = CONNECTION_GREETING;
	return TRUE;
}

static gboolean step_dialling(Connection *connection)
{
	int number;

	if (connection->fd < 0)
		return dial(connection);
	if (!is_connected(connection, &number))
		return FALSE;
	return number ? refuse(connection, number) : make_session(connection);
}

static gboolean refuse_tunnel(Connection *connection)
{
	Connection *outer = connection->outer;
	g_autofree char *reason = last_error(outer->session);
	gboolean prohibited = strstr(reason, "prohibited") != NULL;

	return connection_fail(connection, prohibited ? REMOTE_DENIED : REMOTE_UNREACHABLE,
			       g_strdup_printf("%s %s: %s", outer->config->host,
					       prohibited
						       ? "does not forward (AllowTcpForwarding)"
						       : "cannot connect to it",
					       reason));
}

/* `who` opens; NULL: `later`, or it was refused. */
static LIBSSH2_CHANNEL *open_tunnel(Connection *outer, Connection *who, const char *address,
				    guint16 port, gboolean *later)
{
	LIBSSH2_CHANNEL *tunnel = libssh2_channel_direct_tcpip(outer->session, address, port);

	*later = !tunnel && libssh2_session_last_errno(outer->session) == LIBSSH2_ERROR_EAGAIN;
	note_sending(outer, who, *later);
	return tunnel;
}

static gboolean step_tunnelling(Connection *connection)
{
	Connection *outer = connection->outer;
	gboolean later;

	if (outer->state == CONNECTION_FAILED) {
		connection->busy = outer->busy;
		connection->want_openssh = outer->want_openssh;
		return connection_fail(
			connection, outer->error,
			g_strdup_printf("through %s: %s", outer->config->host, outer->message));
	}
	if (outer->state != CONNECTION_UP || (outer->opening && outer->opening != connection) ||
	    (outer->sending && outer->sending != connection))
		return FALSE;
	if (!outer->opening)
		outer->opening_since = g_get_monotonic_time();
	outer->opening = connection;
	connection->tunnel = open_tunnel(outer, connection, connection->addresses[0],
					 connection->config->port, &later);
	if (later)
		return FALSE;
	outer->opening = NULL;
	return connection->tunnel ? make_session(connection) : refuse_tunnel(connection);
}

/* xCAT gives all nodes the same keys; known_hosts is the administrator's. */
static gboolean check_key(Connection *connection)
{
	const RemoteConfig *config = connection->config;
	Listed listed = listed_as(connection);
	size_t length;
	int type;
	const char *key = libssh2_session_hostkey(connection->session, &length, &type);
	g_autofree char *where = NULL;

	/* A certificate may be what makes it known, or known again. */
	connection->want_openssh = known_hosts_has_authority(
		connection->remote->known, (const char *const *)config->known_hosts);
	switch (key ? known_hosts_check(connection->remote->known,
					(const char *const *)config->known_hosts, listed.names,
					listed.port, key, length, &where)
		    : KNOWN_HOSTS_UNKNOWN) {
	case KNOWN_HOSTS_KNOWN:
		connection->want_openssh = FALSE;
		break;
	case KNOWN_HOSTS_CHANGED:
		return connection_fail(
			connection, REMOTE_KEY_CHANGED,
			g_strdup_printf(REMOTE_KEY_CHANGED_WORDS, (int)strlen(where), where));
	case KNOWN_HOSTS_REVOKED:
		connection->want_openssh = FALSE;
		return connection_fail(connection, REMOTE_KEY_CHANGED,
				       g_strdup("its key is revoked in known_hosts"));
	default:
		if (config->strict == REMOTE_STRICT)
			return connection_fail(connection, REMOTE_KEY_UNKNOWN,
					       g_strdup("its key is in no known_hosts file"));
		connection->want_openssh = FALSE;
	}
	connection->state = CONNECTION_LOGIN;
	return TRUE;
}

static gboolean step_greeting(Connection *connection)
{
	int code = libssh2_session_handshake(connection->session,
					     connection->outer ? connection->outer->fd
							       : connection->fd);
	g_autofree char *reason = NULL;

	if (code == LIBSSH2_ERROR_EAGAIN)
		return FALSE;
	if (code == 0)
		return check_key(connection);
	reason = last_error(connection->session);
	/* A full sshd (MaxStartups) hangs up; one whose key is of a kind that is not known, or
	 * not to libssh2, has no common method. */
	connection->busy = code == LIBSSH2_ERROR_SOCKET_DISCONNECT ||
			   code == LIBSSH2_ERROR_BANNER_RECV ||
			   code == LIBSSH2_ERROR_SOCKET_RECV;
	connection->want_openssh = code == LIBSSH2_ERROR_KEX_FAILURE ||
				   code == LIBSSH2_ERROR_KEY_EXCHANGE_FAILURE ||
				   code == LIBSSH2_ERROR_METHOD_NONE;
	return connection_fail(connection, REMOTE_LOST,
			       g_strdup_printf("no SSH connection: %s", reason));
}

/* A tunnel that was being opened for somebody who has gone away. */
static gboolean finish_opening(Connection *connection)
{
	LIBSSH2_CHANNEL *channel;
	gboolean later;

	if (connection->sending && (connection->sending != connection || connection->halfway))
		return FALSE;
	channel = open_tunnel(connection, connection, "", 0, &later);
	if (later)
		return FALSE;
	connection->opening = NULL;
	if (channel)
		g_ptr_array_add(connection->closing, channel);
	return TRUE;
}

/* It may have to wait for the other side, which takes its time, or never answers. */
static gboolean close_tunnel(Connection *connection, guint place)
{
	LIBSSH2_CHANNEL *tunnel = connection->closing->pdata[place];
	gssize code = 0;

	/* With no bytes at all libssh2 finishes its packet of data. */
	if (connection->halfway == tunnel && connection->halfway_data)
		code = libssh2_channel_write(tunnel, "", 0);
	if (code != LIBSSH2_ERROR_EAGAIN) {
		connection->halfway_data = FALSE;
		code = libssh2_channel_free(tunnel);
	}
	note_sending(connection, connection, code == LIBSSH2_ERROR_EAGAIN);
	connection->halfway = connection->sending ? tunnel : NULL;
	if (code == LIBSSH2_ERROR_EAGAIN)
		return FALSE;
	g_ptr_array_remove_index(connection->closing, place);
	return TRUE;
}

static gboolean close_tunnels(Connection *connection)
{
	gboolean changed = FALSE;

	for (guint i = connection->closing->len; i > 0; i--)
		if (!connection->sending ||
		    (connection->sending == connection &&
		     connection->halfway == connection->closing->pdata[i - 1]))
			changed |= close_tunnel(connection, i - 1);
	return changed;
}

static gboolean step_up(Connection *connection)
{
	gboolean changed = connection->opening == connection && finish_opening(connection);

	return close_tunnels(connection) || changed;
}

gboolean connection_step(Connection *connection)
{
	gboolean changed = FALSE;

	for (;;) {
		gboolean went_on = FALSE;

		switch (connection->state) {
		case CONNECTION_DIALLING:
			went_on = step_dialling(connection);
			break;
		case CONNECTION_TUNNELLING:
			went_on = step_tunnelling(connection);
			break;
		case CONNECTION_GREETING:
			went_on = step_greeting(connection);
			break;
		case CONNECTION_LOGIN:
			went_on = connection_login(connection);
			break;
		case CONNECTION_UP:
			went_on = step_up(connection);
			break;
		default:
			break;
		}
		if (!went_on)
			return changed;
		changed = TRUE;
	}
}

gboolean connection_is_waiting(const Connection *connection)
{
	return connection->state == CONNECTION_TUNNELLING && connection->outer->opening &&
	       connection->outer->opening != connection;
}

guint connection_watch(const Connection *connection, struct pollfd *fds)
{
	int directions;
	short events = POLLIN;

	if (connection->outer)
		return connection_watch(connection->outer, fds);
	if (connection->fd < 0)
		return 0;
	if (connection->state == CONNECTION_DIALLING) {
		events = POLLOUT;
	} else {
		directions = libssh2_session_block_directions(connection->session);
		if (directions & LIBSSH2_SESSION_BLOCK_OUTBOUND || connection->congested)
			events |= POLLOUT;
	}
	fds[0] = (struct pollfd){ connection->fd, events, 0 };
	return 1;
}
