#include "lua/program.h"
#include "lua/talk.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

gboolean program_configure(Config *config, const char *file, const char *db, const char *state,
			   GError **error)
{
	if (!config_read(config, file, error))
		return FALSE;
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
	context->prefix = g_getenv("XCAT_NODE_PREFIX");
	context->suffix = g_getenv("XCAT_NODE_SUFFIX");
	return TRUE;
}

void program_close(Program *program)
{
	hosts_free(program->context.hosts);
	cluster_free(program->context.cluster);
	store_close(program->store);
	memset(program, 0, sizeof(*program));
}

int program_finish(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	if (errno != EPIPE)
		talk_error("standard output: %s", g_strerror(errno));
	return status == PROGRAM_DONE ? PROGRAM_REFUSED : status;
}
