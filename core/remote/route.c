/* Who is asked, and by which way: decided before anything is sent. */
#include "core/remote/inside.h"
#include "core/remote/login.h"
#include "core/remote/openssh.h"
#include "core/remote/ssh.h"
#include "core/remote/told.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

static gboolean is_forbidden(Remote *remote, const char *name)
{
	g_autofree char *lower = g_ascii_strdown(name, -1);
	const char *const *addresses;

	if (g_hash_table_size(remote->forbidden) == 0)
		return FALSE;
	if (g_hash_table_contains(remote->forbidden, lower))
		return TRUE;
	addresses = remote_addresses(remote, name);
	for (guint i = 0; addresses && addresses[i]; i++)
		if (g_hash_table_contains(remote->forbidden, addresses[i]))
			return TRUE;
	return FALSE;
}

/* Words of a ProxyJump or a ProxyCommand that are a dead host's name or address. */
static gboolean names_forbidden(Remote *remote, const char *text)
{
	g_auto(GStrv) words = NULL;

	if (!text || g_hash_table_size(remote->forbidden) == 0)
		return FALSE;
	words = g_strsplit_set(text, " \t,@'\"[]", -1);
	for (guint i = 0; words[i]; i++) {
		g_autofree char *name = g_strndup(words[i], strcspn(words[i], ":"));

		if (*words[i] &&
		    (is_forbidden(remote, words[i]) || (*name && is_forbidden(remote, name))))
			return TRUE;
	}
	return FALSE;
}

static gboolean is_dead(Remote *remote, const char *host)
{
	const RemoteConfig *config =
		remote->configs ? remote_configs_get(remote->configs, host) : NULL;

	if (is_forbidden(remote, host))
		return TRUE;
	return config && (is_forbidden(remote, config->hostname) ||
			  names_forbidden(remote, config->proxy_jump) ||
			  names_forbidden(remote, config->proxy_command));
}

gboolean remote_is_local(Remote *remote, const char *host)
{
	if (remote_is_told(remote))
		return remote->hosts && hosts_is_own(remote->hosts, host);
	if (g_ascii_strcasecmp(host, "localhost") == 0 || hosts_is_own(remote->hosts, host))
		return TRUE;
	/* The management node by the name that every script has for it. */
	return g_str_equal(host, REMOTE_MANAGEMENT) &&
	       !hosts_addresses(remote->hosts, host, NULL);
}

gboolean remote_has_route(Remote *remote, const char *host)
{
	const char *address =
		remote_is_told(remote) ? NULL : hosts_address(remote->hosts, host, NULL);
	struct sockaddr_storage to;
	socklen_t length;
	gboolean has;
	int fd;

	/* A connected datagram socket sends nothing: the kernel only looks for a route. */
	if (!address || !shell_address(address, 9, &to, &length))
		return TRUE;
	fd = socket(to.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return TRUE;
	has = connect(fd, (struct sockaddr *)&to, length) == 0;
	close(fd);
	return has;
}

static gboolean ask(Remote *remote, const GPtrArray *hosts, GError **error)
{
	if (!remote->configs)
		remote->configs = remote_configs_new(remote->ssh, remote->config, remote->home,
						     remote->agent);
	return remote_configs_ask(remote->configs, (const char *const *)hosts->pdata,
				  hosts->len, error);
}

/* One ProxyJump that is a plain name is a hop like any other. */
static const char *jump_of(const RemoteConfig *config)
{
	const char *jump = config->proxy_jump;

	return jump && !strpbrk(jump, ",@:[/") ? jump : NULL;
}

static gboolean ask_jumps(Remote *remote, const GPtrArray *hosts, GError **error)
{
	g_autoptr(GPtrArray) jumps = g_ptr_array_new();

	for (guint i = 0; i < hosts->len; i++) {
		const char *jump =
			jump_of(remote_configs_get(remote->configs, hosts->pdata[i]));

		if (jump && !g_ptr_array_find_with_equal_func(jumps, jump, g_str_equal, NULL))
			g_ptr_array_add(jumps, (gpointer)jump);
	}
	return jumps->len == 0 || ask(remote, jumps, error);
}

/* Names are resolved side by side, too: a thousand unknown ones cost one time limit. */
static void resolve(Remote *remote, const GPtrArray *hosts)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();

	for (guint i = 0; i < hosts->len; i++) {
		const RemoteConfig *config =
			remote_configs_get(remote->configs, hosts->pdata[i]);

		if (config)
			g_ptr_array_add(names, config->hostname);
	}
	hosts_prepare(remote->hosts, (const char *const *)names->pdata, names->len);
}

gboolean route_prepare(Remote *remote, const RemoteTask *tasks, guint n, GError **error)
{
	g_autoptr(GPtrArray) hosts = g_ptr_array_new();
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

	if (remote_is_told(remote))
		return TRUE;
	for (guint i = 0; i < n; i++) {
		g_ptr_array_add(names, (gpointer)tasks[i].host);
		if (tasks[i].via && g_hash_table_add(seen, (gpointer)tasks[i].via))
			g_ptr_array_add(names, (gpointer)tasks[i].via);
	}
	hosts_prepare(remote->hosts, (const char *const *)names->pdata, names->len);
	for (guint i = 0; i < names->len; i++)
		if (remote_configs_name(names->pdata[i]) &&
		    !is_forbidden(remote, names->pdata[i]) &&
		    !remote_is_local(remote, names->pdata[i]))
			g_ptr_array_add(hosts, names->pdata[i]);
	if (hosts->len == 0)
		return TRUE;
	if (!ask(remote, hosts, error) || !ask_jumps(remote, hosts, error))
		return FALSE;
	resolve(remote, hosts);
	return TRUE;
}

static gboolean refuse(GError **error, RemoteErrorCode code, const char *message)
{
	g_set_error_literal(error, REMOTE_ERROR, code, message);
	return FALSE;
}

static const char *const *addresses_of(Remote *remote, const RemoteConfig *config,
				       GError **error)
{
	g_autoptr(GError) problem = NULL;
	const char *const *addresses =
		hosts_addresses(remote->hosts, config->hostname, &problem);

	if (!addresses)
		refuse(error, REMOTE_UNRESOLVED, problem->message);
	return addresses;
}

static const char hop_is_dead[] = "the host on the way to it is dead";

static gboolean find_told(Remote *remote, const RemoteTask *task, Route *route, GError **error)
{
	if (task->via && is_dead(remote, task->via))
		return refuse(error, REMOTE_DEAD, hop_is_dead);
	route->told = task;
	return TRUE;
}

static gboolean find_hop(Remote *remote, const RemoteTask *task, Route *route, GError **error)
{
	const char *via = task->via ? task->via : jump_of(route->config);

	if (!via || g_str_equal(via, task->host) ||
	    (task->via && remote_is_local(remote, task->via)))
		return TRUE;
	if (is_dead(remote, via))
		return refuse(error, REMOTE_DEAD, hop_is_dead);
	route->hop = remote_configs_get(remote->configs, via);
	if (!route->hop)
		return refuse(error, REMOTE_FAILED, "ssh's configuration was not asked");
	route->hop_addresses = addresses_of(remote, route->hop, error);
	return route->hop_addresses != NULL;
}

/* ssh itself only where libssh2 cannot: it costs ten times as much. */
static gboolean needs_openssh(Remote *remote, const Route *route)
{
	if (remote->transport != REMOTE_AUTO)
		return remote->transport == REMOTE_OPENSSH;
	if (route->config->openssh_only || (route->hop && route->hop->openssh_only))
		return TRUE;
	if (!route->hop && route->config->proxy_jump) /* one with a user or a port */
		return TRUE;
	if (route->hop && (route->hop->proxy_jump || !login_has_key(remote, route->hop)))
		return TRUE;
	return !login_has_key(remote, route->config);
}

gboolean route_find(Remote *remote, const RemoteTask *task, Route *route, GError **error)
{
	g_autoptr(GError) problem = NULL;

	if (is_dead(remote, task->host))
		return refuse(error, REMOTE_DEAD, "it is dead, and not contacted");
	if (!remote_configs_name(task->host))
		return refuse(error, REMOTE_UNRESOLVED, "no host can be called that");
	if (remote_is_told(remote))
		return find_told(remote, task, route, error);
	if (remote_is_local(remote, task->host)) {
		route->local = TRUE;
		return TRUE;
	}
	route->config = remote_configs_get(remote->configs, task->host);
	if (!route->config)
		return refuse(error, REMOTE_FAILED, "ssh's configuration was not asked");
	if (!find_hop(remote, task, route, error))
		return FALSE;
	route->addresses = addresses_of(remote, route->config, &problem);
	if (!route->addresses &&
	    (!route->config->openssh_only || remote->transport == REMOTE_LIBSSH2))
		return refuse(error, REMOTE_UNRESOLVED, problem->message);
	route->openssh = needs_openssh(remote, route);
	return TRUE;
}

Shell *shell_new(Remote *remote, const Route *route, const RemoteLimits *limits,
		 gboolean openssh, const char *greeting)
{
	if (route->told)
		return shell_told_new(remote, route->told, greeting);
	if (route->local)
		return shell_local_new(greeting);
	return openssh ? shell_openssh_new(remote, route, limits, greeting)
		       : shell_ssh_new(remote, route, greeting);
}
