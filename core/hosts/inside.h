/*
 * inside - what the files of hosts share: what was read, and how names are spelled.
 *
 * Private to hosts/.
 */
#pragma once
#include "core/hosts.h"
#include "core/hosts/address.h"
#include "core/hosts/hostsfile.h"
#include "core/hosts/resolve.h"
#include "core/hosts/subnet.h"

/* What is NULL was not read or made yet. */
struct hosts {
	Cluster *cluster;
	char *path;
	guint resolve_time;
	HostsFile *file;
	GHashTable *aliases; /* lower case name -> hosts.ip of its node */
	Resolver *resolver;
	Subnets *subnets;
	char *domain;	     /* lower case */
	GHashTable *answers; /* name as asked -> vector of addresses */
	GHashTable *nodes;   /* short spelling -> the node, if its name is another text */
	GHashTable *owners;  /* Address in the hosts table -> the node's name */
	GHashTable *known;   /* a server under its two names -> all of its names */
	GPtrArray *own;	     /* addresses of this machine, as text; NULL-terminated */
	gsize kept;	     /* bytes of answers and names, about: see hosts_kept */
};

/* Lower case, without the dot at the end; and without site.domain.  Give the text. */
char *hosts_spelling(const char *name);
char *hosts_short_spelling(Hosts *hosts, const char *name);

/* The hosts file, read if need be; NULL and an error. */
const HostsFile *hosts_file(Hosts *hosts, GError **error);

/* The node that the hosts table gives this address, or NULL. */
const char *hosts_owner(Hosts *hosts, const Address *address);
