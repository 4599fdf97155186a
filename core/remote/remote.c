/* The object Remote, its errors and its results. */
#include "core/remote/inside.h"
#include "core/remote/told.h"
#include <glib/gstdio.h>
#include <libssh2.h>

G_DEFINE_QUARK(snmove_remote_error, remote_error)

static const char *const error_names[] = {
	[REMOTE_UNRESOLVED] = "unresolved",
	[REMOTE_REFUSED] = "refused",
	[REMOTE_UNREACHABLE] = "unreachable",
	[REMOTE_TIMEOUT] = "timeout",
	[REMOTE_KEY_UNKNOWN] = "host key unknown",
	[REMOTE_KEY_CHANGED] = "host key changed",
	[REMOTE_DENIED] = "login denied",
	[REMOTE_LOST] = "lost",
	[REMOTE_DEAD] = "dead",
	[REMOTE_STOPPED] = "stopped",
	[REMOTE_UNKNOWN] = "unknown",
	[REMOTE_CONFLICT] = "conflict",
	[REMOTE_UNWRITTEN] = "not written",
	[REMOTE_UNCHECKED] = "check failed",
	[REMOTE_UNACTIVATED] = "activate failed",
	[REMOTE_FAILED] = "failed",
};

const char *remote_error_name(RemoteErrorCode code)
{
	return code < G_N_ELEMENTS(error_names) ? error_names[code] : "failed";
}

void remote_result_free(RemoteResult *result)
{
	if (!result)
		return;
	g_free(result->message);
	g_string_free(result->out, TRUE);
	g_string_free(result->err, TRUE);
	g_free(result);
}

Remote *remote_new(Hosts *hosts, const RemoteSetup *setup)
{
	static gsize once;
	Remote *remote = g_new0(Remote, 1);

	if (g_once_init_enter(&once)) {
		(void)libssh2_init(0);
		g_once_init_leave(&once, 1);
	}
	remote->hosts = hosts;
	remote->home = g_strdup(setup->home ? setup->home : "/root");
	remote->agent = g_strdup(setup->agent);
	remote->ssh = g_strdup(setup->ssh ? setup->ssh : "ssh");
	remote->config = g_strdup(setup->config);
	remote->host_keys = g_strdup(setup->host_keys);
	remote->runtime = g_strdup(setup->runtime);
	remote->transport = setup->transport;
	remote->forbidden = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	remote->keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	remote->known = known_hosts_new();
	if (remote->host_keys)
		known_hosts_add_directory(remote->known, remote->host_keys);
	return remote;
}

gboolean remote_make_directory(Remote *remote)
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

static void remove_directory(Remote *remote)
{
	if (remote->extra_keys)
		(void)g_unlink(remote->extra_keys);
	if (remote->directory)
		(void)g_rmdir(remote->directory);
}

void remote_free(Remote *remote)
{
	if (!remote)
		return;
	g_clear_pointer(&remote->hops, g_ptr_array_unref);
	remove_directory(remote);
	g_clear_pointer(&remote->configs, remote_configs_free);
	known_hosts_free(remote->known);
	g_hash_table_unref(remote->forbidden);
	g_hash_table_unref(remote->keys);
	g_free(remote->home);
	g_free(remote->agent);
	g_free(remote->ssh);
	g_free(remote->config);
	g_free(remote->host_keys);
	g_free(remote->runtime);
	g_free(remote->agent_keys);
	g_free(remote->directory);
	g_free(remote->extra_keys);
	g_clear_pointer(&remote->told, told_free);
	g_free(remote);
}

gboolean remote_is_told(const Remote *remote)
{
	return remote->transport == REMOTE_TOLD;
}

const char *const *remote_addresses(Remote *remote, const char *name)
{
	return remote_is_told(remote) ? NULL : hosts_addresses(remote->hosts, name, NULL);
}

void remote_forbid(Remote *remote, const char *const *names)
{
	for (guint i = 0; names[i]; i++) {
		const char *const *addresses = remote_addresses(remote, names[i]);

		g_hash_table_add(remote->forbidden, g_ascii_strdown(names[i], -1));
		for (guint j = 0; addresses && addresses[j]; j++)
			g_hash_table_add(remote->forbidden, g_strdup(addresses[j]));
	}
}
