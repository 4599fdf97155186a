/* Lists with commas: one way to cut them, for all who read one. */
#include "core/cluster/snapshot.h"
#include <string.h>

char **cluster_elements(const char *list)
{
	char **elements = g_strsplit(list ? list : "", ",", -1);

	for (char **element = elements; *element; element++)
		g_strstrip(*element);
	return elements;
}

const char *cluster_first(Cluster *cluster, const char *list)
{
	g_autofree char *first = list ? g_strndup(list, strcspn(list, ",")) : NULL;

	if (!first || !*g_strstrip(first))
		return NULL;
	/* Lists are few, and asked for node by node. */
	return g_string_chunk_insert_const(cluster->text, first);
}
