#include "core/remote/openssh.h"
#include "core/remote/child.h"
#include "core/remote/hop.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

typedef struct {
	Child child;
	Remote *remote;
	Route route;
	RemoteLimits limits;
	char *command;
	GString *said; /* of a master, on stderr */
} Openssh;

/* What ssh(1) says when it does not get there (OpenSSH 9.2), and what it means. */
static const struct {
	const char *words;
	RemoteErrorCode error;
	gboolean busy;
} meanings[] = {
	{ "IDENTIFICATION HAS CHANGED", REMOTE_KEY_CHANGED, FALSE },
	{ "REVOKED HOST KEY", REMOTE_KEY_CHANGED, FALSE },
	{ "Host key verification failed", REMOTE_KEY_UNKNOWN, FALSE },
	{ "host key is known for", REMOTE_KEY_UNKNOWN, FALSE },
	{ "Permission denied", REMOTE_DENIED, FALSE },
	{ "Too many authentication failures", REMOTE_DENIED, FALSE },
	{ "administratively prohibited", REMOTE_DENIED, FALSE },
	{ "Connection refused", REMOTE_REFUSED, FALSE },
	{ "No route to host", REMOTE_UNREACHABLE, FALSE },
	{ "Network is unreachable", REMOTE_UNREACHABLE, FALSE },
	{ "open failed: connect failed", REMOTE_UNREACHABLE, FALSE },
	{ "stdio forwarding failed", REMOTE_UNREACHABLE, FALSE },
	{ "Stdio forwarding request failed", REMOTE_UNREACHABLE, FALSE }, /* by a master */
	{ "timed out", REMOTE_TIMEOUT, FALSE },
	{ "Could not resolve hostname", REMOTE_UNRESOLVED, FALSE },
	{ "kex_exchange_identification", REMOTE_LOST, TRUE }, /* MaxStartups */
	{ "Connection reset by", REMOTE_LOST, TRUE },
};

/* Of the page that ssh writes about a changed key the part that helps.  Gives the text. */
static char *changed_key_words(const char *words)
{
	const char *line = strstr(words, "Offending ");
	const char *place = line ? strstr(line, " key in ") : NULL;

	if (!place)
		return g_strdup("its key is not the one that is known, or revoked");
	place += strlen(" key in ");
	return g_strdup_printf(REMOTE_KEY_CHANGED_WORDS, (int)strcspn(place, "\r\n"), place);
}

static void judge(Shell *shell, const char *words)
{
	shell->error = REMOTE_LOST;
	for (gsize i = 0; i < G_N_ELEMENTS(meanings); i++) {
		if (!strstr(words, meanings[i].words))
			continue;
		shell->error = meanings[i].error;
		shell->busy = meanings[i].busy;
		if (shell->error == REMOTE_KEY_CHANGED && !shell->message)
			shell->message = changed_key_words(words);
		return;
	}
}

static void add(GPtrArray *words, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void add(GPtrArray *words, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	g_ptr_array_add(words, g_strdup_vprintf(format, args));
	va_end(args);
}

static gboolean make_directory(Remote *remote)
{
	if (remote->directory)
		return TRUE;
	remote->directory = g_build_filename(remote->runtime ? remote->runtime : "/tmp",
					     "snmove-ssh-XXXXXX", NULL);
	if (remote->runtime)
		(void)g_mkdir_with_parents(remote->runtime, 0700);
	if (g_mkdtemp(remote->directory))
		return TRUE;
	g_clear_pointer(&remote->directory, g_free);
	return FALSE;
}

/* The keys of the host key directory, as a known_hosts file that knows them for any host. */
static const char *extra_keys(Remote *remote)
{
	g_autoptr(GDir) files =
		remote->host_keys ? g_dir_open(remote->host_keys, 0, NULL) : NULL;
	g_autoptr(GString) lines = g_string_new(NULL);
	const char *name;

	if (remote->extra_keys || !files || !make_directory(remote))
		return remote->extra_keys;
	while ((name = g_dir_read_name(files))) {
		g_autofree char *path = g_build_filename(remote->host_keys, name, NULL);
		g_autofree char *key = NULL;

		if (g_str_has_suffix(name, ".pub") &&
		    g_file_get_contents(path, &key, NULL, NULL))
			g_string_append_printf(lines, "* %s\n", g_strstrip(key));
	}
	remote->extra_keys = g_build_filename(remote->directory, "known", NULL);
	if (!g_file_set_contents(remote->extra_keys, lines->str, (gssize)lines->len, NULL))
		g_clear_pointer(&remote->extra_keys, g_free);
	return remote->extra_keys;
}

static void add_known_hosts(GPtrArray *words, Remote *remote, const RemoteConfig *config)
{
	const char *extra = extra_keys(remote);
	g_autoptr(GString) files = g_string_new("UserKnownHostsFile=");

	if (!extra)
		return;
	for (guint i = 0; config->known_hosts && config->known_hosts[i]; i++)
		g_string_append_printf(files, "\"%s\" ", config->known_hosts[i]);
	add(words, "-o");
	add(words, "%s\"%s\"", files->str, extra);
}

static GPtrArray *words_for(Remote *remote, const RemoteConfig *config, const char *address,
			    const RemoteLimits *limits)
{
	static const char *const always[] = { "BatchMode=yes",	    "LogLevel=ERROR",
					      "ControlMaster=no",   "PermitLocalCommand=no",
					      "RemoteCommand=none", "ConnectionAttempts=1",
					      "EscapeChar=none",    "ForwardX11=no",
					      "ForwardAgent=no",    "ControlPersist=no" };
	GPtrArray *words = g_ptr_array_new_with_free_func(g_free);

	add(words, "%s", remote->ssh);
	if (remote->config) {
		add(words, "-F");
		add(words, "%s", remote->config);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(always); i++) {
		add(words, "-o");
		add(words, "%s", always[i]);
	}
	add(words, "-T");
	add(words, "-o");
	add(words, "ConnectTimeout=%u", MAX(limits->connect_time / 1000, 1));
	add(words, "-o");
	add(words, "ServerAliveInterval=%u", REMOTE_SILENCE / 3);
	add(words, "-o");
	add(words, "ServerAliveCountMax=3");
	/* As libssh2's way does, and unlike what "no" means to ssh: a changed key is refused.
	 */
	if (config->strict == REMOTE_ACCEPT_UNKNOWN) {
		add(words, "-o");
		add(words, "StrictHostKeyChecking=accept-new");
	}
	add_known_hosts(words, remote, config);
	/* The address is ours, known before ssh was started; the key is that of the name. */
	if (address) {
		add(words, "-o");
		add(words, "HostName=%s", address);
		add(words, "-o");
		if (config->host_key_alias)
			add(words, "HostKeyAlias=%s", config->host_key_alias);
		else if (config->port == 22)
			add(words, "HostKeyAlias=%s", config->hostname);
		else
			add(words, "HostKeyAlias=[%s]:%u", config->hostname, config->port);
	}
	return words;
}

static void start(Openssh *openssh, GPtrArray *words, const char *const *rest)
{
	g_autoptr(GError) problem = NULL;
	g_auto(GStrv) environment = g_get_environ();

	for (guint i = 0; rest[i]; i++)
		add(words, "%s", rest[i]);
	g_ptr_array_add(words, NULL);
	if (openssh->remote->agent)
		environment = g_environ_setenv(environment, "SSH_AUTH_SOCK",
					       openssh->remote->agent, TRUE);
	environment = g_environ_setenv(environment, "LC_ALL", "C", TRUE);
	openssh->child.shell.state = SHELL_OPEN;
	openssh->child.ends_with_us = TRUE;
	if (!child_start(&openssh->child, (const char *const *)words->pdata, environment,
			 &problem))
		shell_fail(&openssh->child.shell, REMOTE_FAILED, g_strdup(problem->message));
}

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
	words = words_for(openssh->remote, route->config, address_of(route), &openssh->limits);
	if (proxy) {
		add(words, "-o");
		add(words, "ProxyCommand=%s", proxy);
		add(words, "-o");
		add(words, "ControlPath=none");
	}
	start(openssh, words, rest);
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
	if (openssh->said)
		g_string_free(openssh->said, TRUE);
	g_free(shell->message);
	g_free(openssh->command);
	g_free(openssh);
}

static const ShellClass class = { "openssh",   step,	     watch, child_read,
				  child_write, free_openssh, NULL,  judge };

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

/* A master says nothing but why it fails. */
static gboolean step_master(Shell *shell)
{
	Openssh *openssh = (Openssh *)shell;
	char buffer[1024];
	gssize got;

	if (shell->state == SHELL_FAILED)
		return FALSE;
	while ((got = child_read(shell, SHELL_ERR, buffer, sizeof(buffer))) > 0)
		g_string_append_len(openssh->said, buffer, got);
	if (got != SHELL_END)
		return FALSE;
	judge(shell, openssh->said->str);
	return shell_fail(shell, shell->error,
			  shell->message ? g_strdup(shell->message)
					 : shell_one_line(openssh->said->str));
}

static const ShellClass master_class = { "openssh",   step_master,  watch, child_read,
					 child_write, free_openssh, NULL,  judge };

Shell *openssh_master(Remote *remote, const Route *route, const RemoteLimits *limits,
		      const char *socket)
{
	Openssh *openssh = g_new0(Openssh, 1);
	const char *const rest[] = { "-M", "-S", socket, "-N", "--", route->hop->host, NULL };
	const char *address = route->hop->openssh_only || !route->hop_addresses
				      ? NULL
				      : route->hop_addresses[0];
	g_autoptr(GPtrArray) words = words_for(remote, route->hop, address, limits);

	openssh->child.shell.class = &master_class;
	openssh->remote = remote;
	openssh->said = g_string_new(NULL);
	start(openssh, words, rest);
	return &openssh->child.shell;
}

gboolean openssh_master_is_up(const Shell *master, const char *socket)
{
	return master->state == SHELL_OPEN && access(socket, F_OK) == 0;
}

char *openssh_socket(Remote *remote, const RemoteConfig *hop)
{
	g_autofree char *name = g_compute_checksum_for_string(G_CHECKSUM_SHA1, hop->host, -1);

	if (!make_directory(remote))
		return g_strdup("/nonexistent");
	name[16] = '\0'; /* paths of sockets are short */
	return g_build_filename(remote->directory, name, NULL);
}

/* ssh puts in %h and %p, so other percent signs are doubled. */
char *openssh_proxy(Remote *remote, const RemoteConfig *hop, const char *socket)
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
