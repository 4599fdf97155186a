/* What system nodes have. */
#include "core/takeover/inside.h"

static gboolean is_aix(const char *os)
{
	return os && g_ascii_strncasecmp(os, "AIX", strlen("AIX")) == 0;
}

gboolean move_find_systems(const Move *move, Cluster *cluster, MoveSystems *systems,
			   GError **error)
{
	static const char *const column[] = { "nodetype.os" };
	const char *const *names = move_names(move);
	guint n = move_count(move);
	g_autofree ClusterValue *values =
		cluster_resolve_many(cluster, names, n, column, 1, error);

	if (!values)
		return FALSE;
	*systems = (MoveSystems){ g_ptr_array_new(), g_ptr_array_new() };
	for (guint i = 0; i < n; i++)
		g_ptr_array_add(is_aix(values[i].text) ? systems->aix : systems->others,
				(gpointer)names[i]);
	return TRUE;
}

void move_systems_clear(MoveSystems *systems)
{
	g_clear_pointer(&systems->aix, g_ptr_array_unref);
	g_clear_pointer(&systems->others, g_ptr_array_unref);
}
