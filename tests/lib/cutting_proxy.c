#include "tests/lib/cutting_proxy.h"
#include "tests/lib/harness.h"
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct cutting_proxy {
	GThread *thread;
	char *target;
	int listening, stop[2];
	GMutex mutex;
	guint at, seen;
	gboolean answered, has_cut;
};

static void fill_address(struct sockaddr_un *address, const char *path)
{
	memset(address, 0, sizeof(*address));
	address->sun_family = AF_UNIX;
	g_strlcpy(address->sun_path, path, sizeof(address->sun_path));
}

static int go_on_to(const char *target)
{
	struct sockaddr_un address;
	int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	fill_address(&address, target);
	if (connect(server, (struct sockaddr *)&address, sizeof(address)) == 0)
		return server;
	close(server);
	return -1;
}

/* FALSE: the end. */
static gboolean forward(int from, int to)
{
	char bytes[65536];
	ssize_t n = read(from, bytes, sizeof(bytes));

	for (ssize_t done = 0, m; done < n; done += m) {
		m = send(to, bytes + done, (size_t)(n - done), MSG_NOSIGNAL);
		if (m <= 0)
			return FALSE;
	}
	return n > 0;
}

/* Is the message that waits here the one?  What is cut when answered is marked by `*last`. */
static gboolean is_to_cut(CuttingProxy *proxy, gboolean *last)
{
	gboolean cut = FALSE;

	g_mutex_lock(&proxy->mutex);
	if (proxy->at > 0 && ++proxy->seen == proxy->at) {
		proxy->has_cut = TRUE;
		proxy->at = 0;
		*last = proxy->answered;
		cut = !proxy->answered;
	}
	g_mutex_unlock(&proxy->mutex);
	return cut;
}

static void serve(CuttingProxy *proxy, int client, int server)
{
	struct pollfd ends[] = { { client, POLLIN, 0 },
				 { server, POLLIN, 0 },
				 { proxy->stop[0], POLLIN, 0 } };
	gboolean last = FALSE;

	while (poll(ends, 3, -1) > 0 && !ends[2].revents) {
		/* Its answer is there, and nobody shall read it. */
		if (last && ends[1].revents)
			return;
		if (ends[0].revents && (is_to_cut(proxy, &last) || !forward(client, server)))
			return;
		if (ends[1].revents && !forward(server, client))
			return;
	}
}

static gpointer run(gpointer data)
{
	CuttingProxy *proxy = data;
	struct pollfd ends[] = { { proxy->listening, POLLIN, 0 },
				 { proxy->stop[0], POLLIN, 0 } };

	/* One after the other: whoever was cut off comes again. */
	while (poll(ends, 2, -1) > 0 && !ends[1].revents) {
		int client = accept4(proxy->listening, NULL, NULL, SOCK_CLOEXEC);
		int server = go_on_to(proxy->target);

		if (client >= 0 && server >= 0)
			serve(proxy, client, server);
		if (client >= 0)
			close(client);
		if (server >= 0)
			close(server);
	}
	return NULL;
}

CuttingProxy *cutting_proxy_start(const char *path, const char *target)
{
	CuttingProxy *proxy = g_new0(CuttingProxy, 1);
	struct sockaddr_un address;

	fill_address(&address, path);
	proxy->target = g_strdup(target);
	proxy->listening = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(proxy->listening, (struct sockaddr *)&address, sizeof(address)),
			 0);
	assert_int_equal(listen(proxy->listening, 8), 0);
	assert_int_equal(pipe(proxy->stop), 0);
	g_mutex_init(&proxy->mutex);
	proxy->thread = g_thread_new("proxy", run, proxy);
	return proxy;
}

void cutting_proxy_cut(CuttingProxy *proxy, guint at, gboolean answered)
{
	g_mutex_lock(&proxy->mutex);
	proxy->at = at;
	proxy->seen = 0;
	proxy->answered = answered;
	proxy->has_cut = FALSE;
	g_mutex_unlock(&proxy->mutex);
}

gboolean cutting_proxy_has_cut(CuttingProxy *proxy)
{
	gboolean has_cut;

	g_mutex_lock(&proxy->mutex);
	has_cut = proxy->has_cut;
	g_mutex_unlock(&proxy->mutex);
	return has_cut;
}

void cutting_proxy_stop(CuttingProxy *proxy)
{
	close(proxy->stop[1]); /* which poll tells to all who wait */
	g_thread_join(proxy->thread);
	close(proxy->stop[0]);
	close(proxy->listening);
	g_mutex_clear(&proxy->mutex);
	g_free(proxy->target);
	g_free(proxy);
}
