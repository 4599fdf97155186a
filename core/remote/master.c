#include "core/remote/master.h"
#include "core/remote/sshchild.h"
#include <unistd.h>

typedef struct {
	Child child;
	GString *said; /* on stderr */
} Master;

/* A master says nothing but why it fails. */
static gboolean step(Shell *shell)
{
	Master *master = (Master *)shell;
	char buffer[1024];
	gssize got;

	if (shell->state == SHELL_FAILED)
		return FALSE;
	while ((got = child_read(shell, SHELL_ERR, buffer, sizeof(buffer))) > 0)
		g_string_append_len(master->said, buffer, got);
	if (got != SHELL_END)
		return FALSE;
	sshchild_judge(shell, master->said->str);
	return shell_fail(shell, shell->error,
			  shell->message ? g_strdup(shell->message)
					 : shell_one_line(master->said->str));
}

static void free_master(Shell *shell)
{
	Master *master = (Master *)shell;

	child_close(&master->child);
	g_string_free(master->said, TRUE);
	g_free(shell->message);
	g_free(master);
}

static const ShellClass class = { "openssh",   step,	    child_watch, child_read,
				  child_write, free_master, NULL,	 sshchild_judge };

Shell *master_new(Remote *remote, const Route *route, const RemoteLimits *limits,
		  const char *socket)
{
	Master *master = g_new0(Master, 1);
	const char *const rest[] = { "-M", "-S", socket, "-N", "--", route->hop->host, NULL };
	const char *address = route->hop->openssh_only || !route->hop_addresses
				      ? NULL
				      : route->hop_addresses[0];
	g_autoptr(GPtrArray) words = sshchild_words(remote, route->hop, address, limits);

	master->child.shell.class = &class;
	master->said = g_string_new(NULL);
	sshchild_start(&master->child, remote, words, rest);
	/* cppcheck-suppress memleak; its first member is what is freed */
	return &master->child.shell;
}

gboolean master_is_up(const Shell *master, const char *socket)
{
	return master->state == SHELL_OPEN && access(socket, F_OK) == 0;
}

char *master_socket(Remote *remote, const RemoteConfig *hop)
{
	g_autofree char *name = g_compute_checksum_for_string(G_CHECKSUM_SHA1, hop->host, -1);

	if (!remote_make_directory(remote))
		return g_strdup("/nonexistent");
	name[16] = '\0'; /* paths of sockets are short */
	return g_build_filename(remote->directory, name, NULL);
}

/* ssh puts in %h and %p, so other percent signs are doubled. */
char *master_proxy(Remote *remote, const RemoteConfig *hop, const char *socket)
{
	const char *const words[] = { remote->ssh,	  "-S", socket,		  "-o",
				      "BatchMode=yes",	  "-o", "LogLevel=ERROR", "-o",
				      "ControlMaster=no", NULL };
	g_autofree char *front = remote_words(words);
	g_autofree char *file = remote->config ? g_shell_quote(remote->config) : NULL;
	g_autofree char *host = g_shell_quote(hop->host);
	g_auto(GStrv) parts = g_strsplit(front, "%", -1);
	g_autofree char *doubled = g_strjoinv("%%", parts);

	return g_strdup_printf("%s%s%s -W '[%%h]:%%p' -- %s", doubled, file ? " -F " : "",
			       file ? file : "", host);
}
