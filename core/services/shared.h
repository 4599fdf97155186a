/*
 * shared - what several services share: names, addresses, problems.
 *
 * Private to services/.
 */
#pragma once
#include "core/services.h"

#define SERVICE_MOST_NAME  253 /* RFC 1035 */
#define SERVICE_MOST_LABEL 63

/* As in DNS, with the underscore that xCAT takes, too: safe in a path as well. */
gboolean service_is_host_name(const char *name);

/* NULL: it has none. */
const char *service_ipv4(Hosts *hosts, const char *name);

/* Which one of a host's addresses is on the node's network; NULL: none, or `addresses` is. */
const char *service_address_there(Hosts *hosts, const GPtrArray *addresses, const char *node);

/*
 * Those columns that the database has, in `present`: an old one lacks a table.  `place` gets of
 * each where it stands there, or -1.  Gives how many.
 */
guint service_columns(Cluster *cluster, const char *const *columns, guint n, int *place,
		      const char **present);
/* What stands behind a host in a URL, by site.httpport: "", or ":8080".  Lives in `texts`. */
G_GNUC_WARN_UNUSED_RESULT
gboolean service_http_port(Cluster *cluster, GStringChunk *texts, const char **port,
			   GError **error);

/* Adds copies of ServiceProblem (service_problem_free). */
void service_problems_copy(const GPtrArray *problems, GPtrArray *copies);
