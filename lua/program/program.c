#include "lua/program/program.h"
#include "core/noderange.h"
#include "lua/terminal/talk.h"
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

gboolean program_configure(Config *config, const char *file, const char *db, const char *state,
			   GError **error)
{
	if (!config_read(config, file, error))
		return FALSE;
	if (db && store_url_has_password(db)) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED,
			    "--db has a password, which everybody on this host can read there; "
			    "leave it out, and keep it in a file of mode 0600: cfgloc, "
			    "~/.pgpass or ~/.my.cnf");
		return FALSE;
	}
	if (db) {
		g_free(config->db);
		config->db = g_strdup(db);
	}
	if (state) {
		g_free(config->state);
		config->state = g_strdup(state);
	}
	return TRUE;
}

char *program_database(const Config *config)
{
	g_autofree char *found = NULL;

	if (config->db)
		return g_strdup(config->db);
	found = store_find(g_getenv("XCATCFG"), "");
	if (found)
		return g_steal_pointer(&found);
	return g_strdup_printf("sqlite:%s/cluster.db", config->state);
}

static void complain(const char *message, gpointer data)
{
	(void)data;
	talk_warning("%s", message);
}

static struct {
	void (*tell)(Remote *remote, gpointer data);
	gpointer data;
} told;

void program_tell_hosts(void (*tell)(Remote *remote, gpointer data), gpointer data)
{
	told.tell = tell;
	told.data = data;
}

static RemoteTransport transport_of(const Config *config)
{
	if (told.tell)
		return REMOTE_TOLD;
	if (g_str_equal(config->transport, "libssh2"))
		return REMOTE_LIBSSH2;
	return g_str_equal(config->transport, "openssh") ? REMOTE_OPENSSH : REMOTE_AUTO;
}

static Remote *make_remote(Hosts *hosts, const Config *config)
{
	const struct passwd *user = getpwuid(getuid()); /* as ssh does, which asks no $HOME */
	RemoteSetup setup = { .home = user ? user->pw_dir : g_get_home_dir(),
			      .agent = g_getenv("SSH_AUTH_SOCK"),
			      .config = config->ssh_config,
			      .host_keys = config->host_keys,
			      .runtime = g_get_tmp_dir(),
			      .transport = transport_of(config) };
	Remote *remote = remote_new(hosts, &setup);

	if (told.tell)
		told.tell(remote, told.data);
	return remote;
}

static void tell_unknown_keys(const GPtrArray *hosts)
{
	g_autofree char *folded = noderange_fold((const char *const *)hosts->pdata, hosts->len);

	talk_warning(
		"the host keys of %s are in no known_hosts file, so nothing was done there: "
		"add them (xCAT: makeknownhosts), or name the folder of the *.pub that they "
		"have in common as host_keys in the configuration",
		folded);
}

gboolean program_open(Program *program, const Config *config, GError **error)
{
	g_autofree char *url = program_database(config);
	BindingContext *context = &program->context;

	memset(program, 0, sizeof(*program));
	program->store = store_open(url, error);
	if (!program->store)
		return FALSE;
	context->cluster = cluster_new(program->store);
	cluster_on_complaint(context->cluster, complain, NULL);
	context->hosts = hosts_new(context->cluster, config->hosts_file, config->resolve_time);
	context->remote = make_remote(context->hosts, config);
	program->services[0] = dhcp_service(context->cluster, context->hosts, &config->dhcp);
	program->services[1] = boot_service(context->cluster, context->hosts);
	program->services[2] = autoinst_service(context->cluster, context->hosts);
	program->services[3] = console_service(context->cluster, context->hosts);
	context->services = (const Service *const *)program->services;
	context->on_unknown_keys = tell_unknown_keys;
	context->limits = (RemoteLimits){ .fanout = config->fanout,
					  .connect_time = config->connect_time * 1000,
					  .login_time = config->login_time * 1000,
					  .time = config->command_time * 1000 };
	context->kept = config->kept;
	context->prefix = g_getenv("XCAT_NODE_PREFIX");
	context->suffix = g_getenv("XCAT_NODE_SUFFIX");
	return TRUE;
}

void program_close(Program *program)
{
	for (gsize i = 0; program->services[i]; i++)
		program->services[i]->free(program->services[i]);
	remote_free(program->context.remote);
	hosts_free(program->context.hosts);
	cluster_free(program->context.cluster);
	store_close(program->store);
	memset(program, 0, sizeof(*program));
}

int program_finish(int status, int unheard)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	if (errno != EPIPE)
		talk_error("standard output: %s", g_strerror(errno));
	return status == PROGRAM_DONE ? unheard : status;
}
