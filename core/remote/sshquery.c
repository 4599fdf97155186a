/* A process, its two pipes, and a deadline. */
#include "core/remote/sshquery.h"
#include "core/remote.h"
#include "core/base.h"
#include <errno.h>
#include <glib-unix.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_OUTPUT (1 << 20)
#define TICK	   50 /* ms after which it is looked whether the process still runs */

typedef struct {
	GPid pid;
	gboolean ended;
	int status;
	struct pollfd pipes[2]; /* its stdout and stderr; fd -1: closed */
	GString *texts[2];
} Query;

/* In a group of its own: a Ctrl-C is for us, and all that it starts can be killed. */
static void lead_a_group(gpointer data)
{
	(void)data;
	setpgid(0, 0);
}

static gboolean start(Query *query, const char *program, const char *file, const char *host,
		      GError **error)
{
	/* -T: or ssh complains that it has no terminal. */
	const char *with_file[] = { program, "-T", "-G", "-F", file, "--", host, NULL };
	const char *without[] = { program, "-T", "-G", "--", host, NULL };

	if (!g_spawn_async_with_pipes(NULL, (char **)(file ? with_file : without), NULL,
				      G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD |
					      G_SPAWN_CLOEXEC_PIPES,
				      lead_a_group, NULL, &query->pid, NULL,
				      &query->pipes[0].fd, &query->pipes[1].fd, error))
		return FALSE;
	for (int i = 0; i < 2; i++) {
		query->pipes[i].events = POLLIN;
		query->texts[i] = g_string_new(NULL);
		g_unix_set_fd_nonblocking(query->pipes[i].fd, TRUE, NULL);
	}
	return TRUE;
}

/* What is there, up to a limit beyond which it is thrown away.  FALSE: that was the end. */
static gboolean drain(int fd, GString *text)
{
	char buffer[16384];

	/* No longer than it takes to fill the text: who talks without end has a deadline. */
	for (gsize reads = 0; reads < MAX_OUTPUT / sizeof(buffer); reads++) {
		gssize got = read(fd, buffer, sizeof(buffer));

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got < 0 && errno == EAGAIN;
		if (text->len < MAX_OUTPUT)
			g_string_append_len(text, buffer, got);
	}
	return TRUE;
}

/* Gives the number of pipes that are still open. */
static int drain_all(Query *query)
{
	int open = 0;

	for (int i = 0; i < 2; i++) {
		struct pollfd *from = &query->pipes[i];

		if (from->fd < 0)
			continue;
		if (drain(from->fd, query->texts[i])) {
			open++;
		} else {
			close(from->fd);
			from->fd = -1;
		}
	}
	return open;
}

static gboolean has_ended(Query *query)
{
	pid_t found = waitpid(query->pid, &query->status, WNOHANG);

	query->ended = query->ended || found == query->pid || (found < 0 && errno == ECHILD);
	return query->ended;
}

/* FALSE: the time is over. */
static gboolean await(Query *query, guint time)
{
	gint64 deadline = g_get_monotonic_time() + (gint64)time * 1000;

	for (;;) {
		gboolean ended = has_ended(query); /* before what it has left is read */
		int open = drain_all(query);
		gint64 left = (deadline - g_get_monotonic_time()) / 1000;

		if (ended)
			return TRUE;
		if (left <= 0)
			return FALSE;
		/* With both closed it is about to end. */
		poll(query->pipes, 2, open ? (int)MIN(left, TICK) : 1);
	}
}

static void end(Query *query)
{
	if (!query->ended) {
		kill(-query->pid, SIGKILL);
		kill(query->pid, SIGKILL);
		while (waitpid(query->pid, NULL, 0) < 0 && errno == EINTR)
			continue;
	}
	for (int i = 0; i < 2; i++) {
		if (query->pipes[i].fd >= 0)
			close(query->pipes[i].fd);
		g_string_free(query->texts[i], TRUE);
	}
}

/* ssh ends its lines with \r\n.  Gives the first of them. */
static char *first_complaint(const GString *text)
{
	g_autofree char *line = g_strndup(text->str, strcspn(text->str, "\r\n"));

	return *line ? text_plain(line) : g_strdup("it says nothing");
}

char *ssh_query(const char *program, const char *file, const char *host, guint time,
		GError **error)
{
	g_autoptr(GError) problem = NULL;
	g_autofree char *name = text_quote(host);
	g_autofree char *complaint = NULL;
	Query query = { 0 };
	char *answer = NULL;

	if (!start(&query, program, file, host, &problem)) {
		g_set_error(error, REMOTE_ERROR, REMOTE_FAILED,
			    "cannot ask ssh how to reach %s: %s", name, problem->message);
		return NULL;
	}
	if (!await(&query, time)) {
		g_set_error(error, REMOTE_ERROR, REMOTE_FAILED,
			    "'ssh -G' has not said in %u ms how to reach %s; a Match line that "
			    "starts a command may hang",
			    time, name);
	} else if (!WIFEXITED(query.status) || WEXITSTATUS(query.status) != 0) {
		complaint = first_complaint(query.texts[1]);
		g_set_error(error, REMOTE_ERROR, REMOTE_FAILED,
			    "'ssh -G' cannot say how to reach %s: %s", name, complaint);
	} else {
		answer = g_strdup(query.texts[0]->str);
	}
	end(&query);
	return answer;
}
