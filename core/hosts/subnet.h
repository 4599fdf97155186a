/*
 * subnet - the networks table, for finding the network of an address.
 *
 * Private to hosts/.
 */
#pragma once
#include "core/hosts.h"
#include "core/hosts/address.h"

typedef struct subnets Subnets;

/* Rows that are disabled, or no network, are left out.  Gives them (subnets_free), or NULL and
 * an error. */
Subnets *subnets_read(Cluster *cluster, GError **error);
void subnets_free(Subnets *subnets);

/* The smallest that has the address, or NULL. */
const HostsNetwork *subnets_find(const Subnets *subnets, const Address *address);
