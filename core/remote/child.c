#include "core/remote/child.h"
#include <errno.h>
#include <glib-unix.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * Between fork and exec: only what is safe there.  A session of its own, without a terminal on
 * which ssh, or an ssh that it starts, could ask something.
 */
static void own_session(gpointer data)
{
	const Child *child = data;

	(void)setsid();
	if (child->ends_with_us)
		(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	(void)signal(SIGPIPE, SIG_DFL); /* ours may be ignored, and that is inherited */
}

gboolean child_start(Child *child, const char *const *argv, char **environment, GError **error)
{
	child->in = child->out = child->err = -1;
	if (!g_spawn_async_with_pipes("/", (char **)argv, environment,
				      G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD,
				      own_session, child, &child->pid, &child->in, &child->out,
				      &child->err, error))
		return FALSE;
	return g_unix_set_fd_nonblocking(child->in, TRUE, error) &&
	       g_unix_set_fd_nonblocking(child->out, TRUE, error) &&
	       g_unix_set_fd_nonblocking(child->err, TRUE, error);
}

static void close_end(int *end)
{
	if (*end >= 0)
		close(*end);
	*end = -1;
}

/*
 * A command that has ended may have left something running, which stays.  The group is
 * signalled before its leader is waited for: until then its number is ours.
 */
void child_close(Child *child)
{
	close_end(&child->in);
	close_end(&child->out);
	close_end(&child->err);
	if (child->pid <= 0)
		return;
	if (!child->shell.ended)
		(void)kill(-child->pid, SIGKILL);
	(void)kill(child->pid, SIGKILL); /* it may not have made its group yet */
	while (waitpid(child->pid, NULL, 0) < 0 && errno == EINTR)
		;
	child->pid = 0;
}

guint child_watch(Shell *shell, gboolean writing, struct pollfd *fds)
{
	const Child *child = (const Child *)shell;
	guint n = 0;

	if (child->out >= 0)
		fds[n++] = (struct pollfd){ child->out, POLLIN, 0 };
	if (child->err >= 0)
		fds[n++] = (struct pollfd){ child->err, POLLIN, 0 };
	if (writing && child->in >= 0)
		fds[n++] = (struct pollfd){ child->in, POLLOUT, 0 };
	return n;
}

gssize child_read(Shell *shell, ShellStream stream, char *buffer, gsize size)
{
	Child *child = (Child *)shell;
	int *end = stream == SHELL_OUT ? &child->out : &child->err;
	gssize got;

	if (*end < 0)
		return SHELL_END;
	do
		got = read(*end, buffer, size);
	while (got < 0 && errno == EINTR);
	if (got > 0)
		return got;
	if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
		return SHELL_LATER;
	close_end(end);
	return SHELL_END;
}

gssize child_write(Shell *shell, const char *bytes, gsize length)
{
	Child *child = (Child *)shell;
	gssize put;

	do
		put = write(child->in, bytes, length);
	while (put < 0 && errno == EINTR);
	if (put >= 0)
		return put;
	return errno == EAGAIN || errno == EWOULDBLOCK ? SHELL_LATER : SHELL_LOST;
}
