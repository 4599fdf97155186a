/*
 * dhcp_gathering - what is known while the facts of nodes are gathered.
 *
 * Private to services/.
 */
#pragma once
#include "core/services/dhcp/inside.h"

/* The columns that are asked for. */
enum { NETBOOT, TFTPSERVER, OS, STATE, MAC, ISCSI_SERVER, ISCSI_TARGET, ISCSI_LUN, N_COLUMNS };

/* Addresses that dhcpd gives to whoever asks. */
typedef struct {
	guint32 first, last;
} Range;

typedef struct {
	DhcpFacts *facts;
	Cluster *cluster;
	Hosts *hosts;
	ClusterValue *values;
	int place[N_COLUMNS]; /* of each column among the values; -1: there is no such column */
	guint n_present;
	GArray *ranges;	     /* Range */
	GHashTable *subnets; /* HostsNetwork -> text */
	GHashTable *by_mac;  /* plain -> name of the first node that has it */
	GHashTable *by_name; /* the same of names of entries */
	guint i;	     /* the node that is gathered */
	DhcpNode *node;
} Gathering;

/* A copy that lives as long as the facts; NULL stays NULL. */
const char *dhcp_keep(const Gathering *gathering, const char *text);
/* A problem of the node that is gathered. */
G_GNUC_PRINTF(3, 4)
void dhcp_complain(Gathering *gathering, gboolean left_out, const char *format, ...);
/* What the tables have for it; NULL: nothing. */
const char *dhcp_value(const Gathering *gathering, guint column);

/* --- dhcp_cards.c ------------------------------------------------------------------------ */

/* networks.dynamicrange of all networks. */
gboolean dhcp_read_ranges(Gathering *gathering, GError **error);
/* Can it be the name of a host?  Else it is a problem. */
gboolean dhcp_take_name(Gathering *gathering, const char *name);
/* NULL: it has none. */
const char *dhcp_find_ipv4(Gathering *gathering, const char *name);
/* mac.mac. */
void dhcp_take_cards(Gathering *gathering);
