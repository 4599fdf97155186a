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

/* Adds copies of ServiceProblem (service_problem_free). */
void service_problems_copy(const GPtrArray *problems, GPtrArray *copies);
