/*
 * shared - what entries of several services are made of: names and addresses.
 *
 * Private to services/.
 */
#pragma once
#include "core/hosts.h"

#define SERVICE_MOST_NAME  253 /* RFC 1035 */
#define SERVICE_MOST_LABEL 63

/* As in DNS, with the underscore that xCAT takes, too: safe in a path as well. */
gboolean service_is_host_name(const char *name);

/* NULL: it has none. */
const char *service_ipv4(Hosts *hosts, const char *name);
