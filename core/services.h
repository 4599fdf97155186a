/*
 * services - what a service node does for its nodes: who holds what of a node, its DHCP entry,
 * its boot files, its console.
 *
 * One pure function of the tables: a takeover releases what was held before and is not held
 * after, and gives to all that hold it after.  The manual, snmove(8), has the whole table; a
 * test goes through it.  Calls cluster and hosts.
 *
 * A node's shape decides which of its service nodes count: with one service node, or with
 * noderes.xcatmaster set, the first of noderes.servicenode; in an open pool (several, and
 * xcatmaster blank) all of them, because whichever answers serves it; with none, the
 * management node.
 *
 *   dhcp     networks.dhcpserver of the node's network, if it is set: that server alone;
 *            else with site.disjointdhcps set: the node's service nodes;
 *            else (the default) every service node that has the role of a DHCP server, and
 *            the node's own
 *   boot     with site.sharedtftp set (the default): the management node, whose /tftpboot
 *            all share; else the node's service nodes
 *   console  nodehm.conserver, else the management node
 */
#pragma once
#include "core/cluster.h"
#include "core/hosts.h"

typedef enum { HOLDERS_DHCP, HOLDERS_BOOT, HOLDERS_CONSOLE } HoldersService;

/* "dhcp", "boot", "console", NULL: in the order of the enumeration. */
const char *const *holders_services(void);

/* The hosts, as the tables name them, without doubles.  Texts live as long as the cluster.
 * Gives an array (g_ptr_array_unref), or NULL and an error. */
G_GNUC_WARN_UNUSED_RESULT
GPtrArray *holders_of(Cluster *cluster, Hosts *hosts, const char *node, HoldersService service,
		      GError **error);
