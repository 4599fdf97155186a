/*
 * Names and addresses of nodes, as the entries of all services have them; problems.
 */
#include "core/services/shared.h"
#include <string.h>

/* dhcpd knows no other names of hosts, nor such as begin with a dot or a dash. */
gboolean service_is_host_name(const char *name)
{
	gsize label = 0, length = strlen(name);

	if (!g_ascii_isalnum(*name) || length > SERVICE_MOST_NAME)
		return FALSE;
	for (const char *p = name; *p; p++) {
		if (!g_ascii_isalnum(*p) && !strchr("._-", *p))
			return FALSE;
		label = *p == '.' ? 0 : label + 1;
		if (label > SERVICE_MOST_LABEL)
			return FALSE;
	}
	return TRUE;
}

/* Addresses of IPv4 come first. */
const char *service_ipv4(Hosts *hosts, const char *name)
{
	const char *address = hosts_address(hosts, name, NULL);

	return address && !strchr(address, ':') ? address : NULL;
}

void service_problem_free(gpointer data)
{
	ServiceProblem *problem = data;

	g_free(problem->node);
	g_free(problem->words);
	g_free(problem);
}

void service_problems_copy(const GPtrArray *problems, GPtrArray *copies)
{
	for (guint i = 0; i < problems->len; i++) {
		const ServiceProblem *problem = problems->pdata[i];
		ServiceProblem *copy = g_memdup2(problem, sizeof(*copy));

		copy->node = g_strdup(problem->node);
		copy->words = g_strdup(problem->words);
		g_ptr_array_add(copies, copy);
	}
}

guint service_columns(Cluster *cluster, const char *const *columns, guint n, int *place,
		      const char **present)
{
	guint found = 0;

	for (guint i = 0; i < n; i++) {
		g_auto(GStrv) parts = g_strsplit(columns[i], ".", 2);

		place[i] = -1;
		if (!cluster_has_column(cluster, parts[0], parts[1], NULL))
			continue;
		place[i] = (int)found;
		present[found++] = columns[i];
	}
	return found;
}

gboolean service_http_port(Cluster *cluster, GStringChunk *texts, const char **port,
			   GError **error)
{
	const char *value;
	g_autofree char *text = NULL;

	*port = "";
	if (!cluster_site(cluster, "httpport", &value, error))
		return FALSE;
	if (!value || g_str_equal(value, "80") || value[strspn(value, G_CSET_DIGITS)])
		return TRUE;
	text = g_strconcat(":", value, NULL);
	*port = g_string_chunk_insert(texts, text);
	return TRUE;
}

const char *service_address_there(Hosts *hosts, const GPtrArray *addresses, const char *node)
{
	const char *address = hosts_address(hosts, node, NULL);
	const HostsNetwork *network = NULL, *other;

	if (!addresses || !address || !hosts_network(hosts, address, &network, NULL) ||
	    !network)
		return NULL;
	for (guint i = 0; i < addresses->len; i++)
		if (hosts_network(hosts, addresses->pdata[i], &other, NULL) && other == network)
			return addresses->pdata[i];
	return NULL;
}
