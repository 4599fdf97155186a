/*
 * holders - who holds what of many nodes, each set of values looked at once.
 *
 * Private to services/.
 */
#pragma once
#include "core/services.h"

typedef struct finder HoldersFinder;

/* A node, as far as holders depend on it; all may be NULL. */
typedef struct {
	const char *list, *master, *conserver; /* its columns */
	const char *dhcpserver;		       /* of its network */
} HoldersFacts;

/* Gives a finder (holders_finder_free), or NULL and an error. */
G_GNUC_WARN_UNUSED_RESULT
HoldersFinder *holders_finder_new(Cluster *cluster, Hosts *hosts, GError **error);
void holders_finder_free(HoldersFinder *finder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HoldersFinder, holders_finder_free)

/* The finder's, and which rule decided; or NULL and an error. */
G_GNUC_WARN_UNUSED_RESULT
const GPtrArray *holders_find(HoldersFinder *finder, const HoldersFacts *facts,
			      HoldersService service, HoldersRule *rule, GError **error);
/* The row of the table networks that has the node's address, or -1: none has. */
G_GNUC_WARN_UNUSED_RESULT
gboolean holders_network(HoldersFinder *finder, const char *node, int *row, GError **error);
/* A cell of it that is not empty, or NULL. */
G_GNUC_WARN_UNUSED_RESULT
gboolean holders_network_cell(HoldersFinder *finder, int row, const char *column,
			      const char **text, GError **error);
