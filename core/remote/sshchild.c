#include "core/remote/sshchild.h"
#include <string.h>

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

void sshchild_judge(Shell *shell, const char *words)
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

void sshchild_add(GPtrArray *words, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	g_ptr_array_add(words, g_strdup_vprintf(format, args));
	va_end(args);
}

/* The keys of the host key directory, as a known_hosts file that knows them for any host. */
static const char *extra_keys(Remote *remote)
{
	g_autoptr(GDir) files =
		remote->host_keys ? g_dir_open(remote->host_keys, 0, NULL) : NULL;
	g_autoptr(GString) lines = g_string_new(NULL);
	const char *name;

	if (remote->extra_keys || !files || !remote_make_directory(remote))
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
	sshchild_add(words, "-o");
	sshchild_add(words, "%s\"%s\"", files->str, extra);
}

/* The address is ours, known before ssh was started; the key is that of the name: with its
 * port, or without where it is listed so alone.  ssh reads % in HostName as the begin of a
 * token. */
static void add_address(GPtrArray *words, Remote *remote, const RemoteConfig *config,
			const char *address)
{
	const char *names[] = { config->hostname, NULL };
	g_auto(GStrv) parts = g_strsplit(address, "%", -1);
	g_autofree char *escaped = g_strjoinv("%%", parts);

	sshchild_add(words, "-o");
	sshchild_add(words, "HostName=%s", escaped);
	sshchild_add(words, "-o");
	if (config->host_key_alias)
		sshchild_add(words, "HostKeyAlias=%s", config->host_key_alias);
	else if (config->port == 22 ||
		 !known_hosts_lists(remote->known, (const char *const *)config->known_hosts,
				    names, config->port))
		sshchild_add(words, "HostKeyAlias=%s", config->hostname);
	else
		sshchild_add(words, "HostKeyAlias=[%s]:%u", config->hostname, config->port);
}

GPtrArray *sshchild_words(Remote *remote, const RemoteConfig *config, const char *address,
			  const RemoteLimits *limits)
{
	static const char *const always[] = { "BatchMode=yes",	    "LogLevel=ERROR",
					      "ControlMaster=no",   "PermitLocalCommand=no",
					      "RemoteCommand=none", "ConnectionAttempts=1",
					      "EscapeChar=none",    "ForwardX11=no",
					      "ForwardAgent=no",    "ControlPersist=no" };
	GPtrArray *words = g_ptr_array_new_with_free_func(g_free);

	sshchild_add(words, "%s", remote->ssh);
	if (remote->config) {
		sshchild_add(words, "-F");
		sshchild_add(words, "%s", remote->config);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(always); i++) {
		sshchild_add(words, "-o");
		sshchild_add(words, "%s", always[i]);
	}
	sshchild_add(words, "-T");
	sshchild_add(words, "-o");
	sshchild_add(words, "ConnectTimeout=%u", MAX(limits->connect_time / 1000, 1));
	sshchild_add(words, "-o");
	sshchild_add(words, "ServerAliveInterval=%u", REMOTE_SILENCE / 3);
	sshchild_add(words, "-o");
	sshchild_add(words, "ServerAliveCountMax=3");
	/* As libssh2's way, and unlike what "no" means to ssh: a changed key is refused. */
	if (config->strict == REMOTE_ACCEPT_UNKNOWN) {
		sshchild_add(words, "-o");
		sshchild_add(words, "StrictHostKeyChecking=accept-new");
	}
	add_known_hosts(words, remote, config);
	if (address)
		add_address(words, remote, config, address);
	return words;
}

void sshchild_start(Child *child, Remote *remote, GPtrArray *words, const char *const *rest)
{
	g_autoptr(GError) problem = NULL;
	g_auto(GStrv) environment = g_get_environ();

	for (guint i = 0; rest[i]; i++)
		sshchild_add(words, "%s", rest[i]);
	g_ptr_array_add(words, NULL);
	if (remote->agent)
		environment =
			g_environ_setenv(environment, "SSH_AUTH_SOCK", remote->agent, TRUE);
	environment = g_environ_setenv(environment, "LC_ALL", "C", TRUE);
	child->shell.state = SHELL_OPEN;
	child->ends_with_us = TRUE;
	if (!child_start(child, (const char *const *)words->pdata, environment, &problem))
		shell_fail(&child->shell, REMOTE_FAILED, g_strdup(problem->message));
}
