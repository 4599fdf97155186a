/* The addresses of this machine. */
#include "core/hosts/inside.h"
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>

static char *text_of(const struct sockaddr *address)
{
	char text[INET6_ADDRSTRLEN];
	const void *bytes = NULL;

	if (address && address->sa_family == AF_INET)
		bytes = &((const struct sockaddr_in *)address)->sin_addr;
	else if (address && address->sa_family == AF_INET6)
		bytes = &((const struct sockaddr_in6 *)address)->sin6_addr;
	if (!bytes || !inet_ntop(address->sa_family, bytes, text, sizeof(text)))
		return NULL;
	return g_strdup(text);
}

const char *const *hosts_own_addresses(Hosts *hosts)
{
	struct ifaddrs *interfaces = NULL;

	if (hosts->own)
		return (const char *const *)hosts->own->pdata;
	hosts->own = g_ptr_array_new_with_free_func(g_free);
	if (getifaddrs(&interfaces) == 0) {
		for (struct ifaddrs *each = interfaces; each; each = each->ifa_next) {
			char *text = text_of(each->ifa_addr);

			if (text)
				g_ptr_array_add(hosts->own, text);
		}
		freeifaddrs(interfaces);
	}
	g_ptr_array_add(hosts->own, NULL);
	return (const char *const *)hosts->own->pdata;
}

gboolean hosts_is_own(Hosts *hosts, const char *name)
{
	const char *const *own = hosts_own_addresses(hosts);
	const char *const *addresses = hosts_addresses(hosts, name, NULL);

	for (; addresses && *addresses; addresses++)
		if (g_strv_contains(own, *addresses))
			return TRUE;
	return FALSE;
}

gboolean hosts_stays_here(Hosts *hosts, const char *name)
{
	const char *const *addresses = hosts_addresses(hosts, name, NULL);

	/* They are in the canonical text, so this is all of loopback. */
	for (; addresses && *addresses; addresses++)
		if (g_str_has_prefix(*addresses, "127.") || g_str_equal(*addresses, "::1"))
			return TRUE;
	return hosts_is_own(hosts, name);
}
