#include "core/remote/openssh.h"
#include "core/remote/hop.h"
#include "core/remote/sshchild.h"

typedef struct {
	Child child;
	Remote *remote;
	Route route;
	RemoteLimits limits;
	char *command;
} Openssh;

static const char *address_of(const Route *route)
{
	return route->config->openssh_only || !route->addresses ? NULL : route->addresses[0];
}

/* Once the way is there. */
static gboolean step(Shell *shell)
{
	Openssh *openssh = (Openssh *)shell;
	const Route *route = &openssh->route;
	const char *const rest[] = { "--", route->config->host, openssh->command, NULL };
	g_autoptr(GPtrArray) words = NULL;
	g_autofree char *proxy = NULL;
	const Shell *failed = NULL;

	if (shell->state != SHELL_CONNECTING)
		return FALSE;
	if (route->hop) {
		proxy = hop_proxy(openssh->remote, route, &openssh->limits, &failed);
		if (failed) {
			shell->busy = failed->busy;
			return shell_fail(shell, failed->error,
					  g_strdup_printf("through %s: %s", route->hop->host,
							  failed->message));
		}
		if (!proxy)
			return FALSE;
	}
	words = sshchild_words(openssh->remote, route->config, address_of(route),
			       &openssh->limits);
	if (proxy) {
		sshchild_add(words, "-o");
		sshchild_add(words, "ProxyCommand=%s", proxy);
		sshchild_add(words, "-o");
		sshchild_add(words, "ControlPath=none");
	}
	sshchild_start(&openssh->child, openssh->remote, words, rest);
	return TRUE;
}

/* Before the child is there nothing tells when its way is: it is asked again soon. */
static guint watch(Shell *shell, gboolean writing, struct pollfd *fds)
{
	const Openssh *openssh = (const Openssh *)shell;

	if (openssh->child.pid > 0)
		return child_watch(shell, writing, fds);
	fds[0] = (struct pollfd){ -1, 0, 0 };
	return 1;
}

static void free_openssh(Shell *shell)
{
	Openssh *openssh = (Openssh *)shell;

	if (openssh->child.pid > 0)
		child_close(&openssh->child);
	g_free(shell->message);
	g_free(openssh->command);
	g_free(openssh);
}

static const ShellClass class = { "openssh",   step,	     watch, child_read,
				  child_write, free_openssh, NULL,  sshchild_judge };

Shell *shell_openssh_new(Remote *remote, const Route *route, const RemoteLimits *limits,
			 const char *greeting)
{
	Openssh *openssh = g_new0(Openssh, 1);

	openssh->child.shell.class = &class;
	openssh->remote = remote;
	openssh->route = *route;
	openssh->command = g_strdup(greeting);
	openssh->limits = *limits;
	/* cppcheck-suppress memleak; its first member is what is freed */
	return &openssh->child.shell;
}
