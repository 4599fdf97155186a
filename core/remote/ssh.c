/* A shell by libssh2: a connection of our own, or through a hop. */
#include "core/remote/ssh.h"
#include "core/remote/hop.h"
#include <string.h>

typedef enum { OPENING, ASKING, SHELL_THERE } ChannelState;

typedef struct {
	Shell shell;
	Remote *remote;
	Connection *connection;
	LIBSSH2_CHANNEL *channel;
	ChannelState channel_state;
	char *command;
	gboolean reading; /* what is halfway sent was begun by reading */
} Ssh;

static gboolean fail(Ssh *ssh, const char *what)
{
	connection_lost(ssh->connection, what);
	return shell_fail(&ssh->shell, ssh->connection->error,
			  g_strdup(ssh->connection->message));
}

static gboolean open_channel(Ssh *ssh)
{
	ssh->channel = libssh2_channel_open_session(ssh->connection->session);
	if (!ssh->channel) {
		if (libssh2_session_last_errno(ssh->connection->session) ==
		    LIBSSH2_ERROR_EAGAIN)
			return FALSE;
		return fail(ssh, "no channel");
	}
	ssh->channel_state = ASKING;
	return TRUE;
}

static gboolean ask_for_shell(Ssh *ssh)
{
	int code = libssh2_channel_exec(ssh->channel, ssh->command);

	if (code == LIBSSH2_ERROR_EAGAIN)
		return FALSE;
	if (code != 0)
		return fail(ssh, "it does not run commands");
	ssh->channel_state = SHELL_THERE;
	ssh->shell.state = SHELL_OPEN;
	return TRUE;
}

static gboolean take_failure(Ssh *ssh)
{
	const Connection *connection = ssh->connection;

	ssh->shell.want_openssh = connection->want_openssh;
	ssh->shell.busy = connection->busy;
	return shell_fail(&ssh->shell, connection->error, g_strdup(connection->message));
}

static gboolean step(Shell *shell)
{
	Ssh *ssh = (Ssh *)shell;
	gboolean changed;

	if (shell->state == SHELL_FAILED)
		return FALSE;
	changed = hop_step(ssh->remote, ssh->connection);
	shell->waiting = connection_is_waiting(ssh->connection);
	if (ssh->connection->state == CONNECTION_FAILED)
		return take_failure(ssh);
	if (ssh->connection->state == CONNECTION_LOGIN)
		shell->state = SHELL_LOGIN;
	if (ssh->connection->state != CONNECTION_UP)
		return changed;
	if (ssh->channel_state == OPENING)
		changed |= open_channel(ssh);
	if (ssh->channel_state == ASKING)
		changed |= ask_for_shell(ssh);
	return changed;
}

static guint watch(Shell *shell, gboolean writing, struct pollfd *fds)
{
	(void)writing; /* libssh2 tells itself what it waits for */
	return connection_watch(((Ssh *)shell)->connection, fds);
}

static guint64 received(const Shell *shell)
{
	const Connection *connection = ((const Ssh *)shell)->connection;

	return connection->received + (connection->outer ? connection->outer->received : 0);
}

/* A packet that is not wholly sent must be finished by who began it. */
static gboolean is_halfway(const Ssh *ssh)
{
	return libssh2_session_block_directions(ssh->connection->session) &
	       LIBSSH2_SESSION_BLOCK_OUTBOUND;
}

/* Reading sends, too: that there is room for more. */
static gssize read_channel(Shell *shell, ShellStream stream, char *buffer, gsize size)
{
	Ssh *ssh = (Ssh *)shell;
	gssize got;

	if (is_halfway(ssh) && !ssh->reading)
		return SHELL_LATER;
	got = libssh2_channel_read_ex(
		ssh->channel, stream == SHELL_ERR ? SSH_EXTENDED_DATA_STDERR : 0, buffer, size);
	ssh->reading = got == LIBSSH2_ERROR_EAGAIN && is_halfway(ssh);
	if (got > 0)
		return got;
	if (got == LIBSSH2_ERROR_EAGAIN)
		return SHELL_LATER;
	if (got == 0)
		return libssh2_channel_eof(ssh->channel) ? SHELL_END : SHELL_LATER;
	return SHELL_LOST;
}

static gssize write_channel(Shell *shell, const char *bytes, gsize length)
{
	Ssh *ssh = (Ssh *)shell;
	gssize put;

	if (is_halfway(ssh) && ssh->reading)
		return SHELL_LATER;
	put = libssh2_channel_write(ssh->channel, bytes, length);
	if (put > 0)
		return put;
	return put == LIBSSH2_ERROR_EAGAIN || put == 0 ? SHELL_LATER : SHELL_LOST;
}

static void free_ssh(Shell *shell)
{
	Ssh *ssh = (Ssh *)shell;

	connection_free(ssh->connection); /* and the channel with it */
	g_free(shell->message);
	g_free(ssh->command);
	g_free(ssh);
}

static const ShellClass class = { "libssh2",	 step,	   watch,    read_channel,
				  write_channel, free_ssh, received, NULL };

Shell *shell_ssh_new(Remote *remote, const Route *route, const char *greeting)
{
	Ssh *ssh = g_new0(Ssh, 1);

	ssh->shell.class = &class;
	ssh->remote = remote;
	ssh->command = g_strdup(greeting);
	ssh->connection =
		route->hop ? hop_connection(remote, route)
			   : connection_new(remote, route->config, route->addresses, NULL);
	return &ssh->shell;
}
