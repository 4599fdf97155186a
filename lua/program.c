#include "lua/program.h"
#include "lua/talk.h"
#include <string.h>

char *program_database(const char *db, const char *state)
{
	g_autofree char *found = NULL;

	if (db)
		return g_strdup(db);
	found = store_find(g_getenv("XCATCFG"), "");
	if (found)
		return g_steal_pointer(&found);
	return g_strdup_printf("sqlite:%s/cluster.db", state ? state : PROGRAM_STATE);
}

static void complain(const char *message, gpointer data)
{
	(void)data;
	talk_warning("%s", message);
}

gboolean program_open(Program *program, const char *db, const char *state, GError **error)
{
	g_autofree char *url = program_database(db, state);
	BindingContext *context = &program->context;

	memset(program, 0, sizeof(*program));
	program->store = store_open(url, error);
	if (!program->store)
		return FALSE;
	context->cluster = cluster_new(program->store);
	cluster_on_complaint(context->cluster, complain, NULL);
	context->hosts = hosts_new(context->cluster, HOSTS_FILE, HOSTS_RESOLVE_TIME);
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
