/*
 * Names and addresses of nodes, as the entries of all services have them.
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
