/*
 * world - cluster databases of any size, as xCAT keeps them: a file a table.
 */
#pragma once
#include <glib.h>

#define WORLD_RACK 64 /* nodes */

/*
 * The directory SCRATCH/world-N with N nodes n000001..., made when it is first asked for, and
 * their two service nodes sn1 and sn2 (sn1-c and sn2-c to the nodes).  Each node is in three
 * groups (compute, its rack, all), from which it has nearly all of its values; each eighth has
 * a row of its own in noderes.  All are sn1's.  With N 0 all tables are empty.  Gives the path
 * (g_free).
 */
char *world_directory(const char *scratch, guint n);

/* Adds what DHCP entries are made of beside: a MAC of each of its N nodes, and a network. */
void world_add_dhcp(const char *directory, guint n);

/* Adds what boot files are made of beside: a kernel and a state for all, and a loader. */
void world_add_boot(const char *directory, const char *loader);

/* The noderange of all of them, n[000001-N].  Gives the text (g_free). */
char *world_range(guint n);

/* The address that node number `i` (from 1) has by the hosts table.  Gives the text. */
char *world_address(guint i);

/* How many nodes' own rows say that they are sn2's, in all five columns of noderes and in
 * nodehm: the lesser of both tables. */
guint world_moved(const char *directory);
