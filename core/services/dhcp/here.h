/*
 * dhcp_here - what answers DHCP on a host, by the words of dhcp_ask.sh and its configuration.
 *
 * Private to services/.
 */
#pragma once
#include "core/services/dhcp/inside.h"

typedef struct {
	char *name; /* as DhcpFile has it: a subnet, DHCP_KEA_CLASSES; NULL: the include file */
	char *path;
} DhcpPath;

typedef struct {
	gboolean kea;
	char *conf, *content; /* its main configuration */
	GPtrArray *addresses; /* of the host, IPv4 */
	char *leases;	      /* of dhcpd */
	char *leased;	      /* a host that its leases file has, or NULL */
	char *unit, *init;    /* who starts it; NULL: nobody, it has */
	char *folder;	      /* its own working directory */
	GPtrArray *words;     /* and its own words */
	GPtrArray *paths;     /* DhcpPath: files that its configuration includes for us */
	GPtrArray *subnets;   /* of Kea: all that it has, as DhcpPath.name */
	char *socket;	      /* of Kea, to control it; NULL */
	guint port;	      /* of dhcpd's OMAPI; 0: it has none */
} DhcpHere;

/* `said` by dhcp_ask.sh on the host.  `include` is the file that dhcpd includes for us.  NULL
 * and an error: nothing runs there. */
DhcpHere *dhcp_here_parse(const char *host, const char *said, const char *include,
			  GError **error);
void dhcp_here_free(DhcpHere *here);

/* dhcp_kea_conf.c: fills in `paths`, `subnets` and `socket`; FALSE: it is not to be understood.
 */
gboolean dhcp_kea_conf(DhcpHere *here, GError **error);
