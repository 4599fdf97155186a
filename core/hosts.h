/*
 * hosts - names to addresses.
 *
 * Asks, in this order: the hosts file (read once into a hash), the cluster's hosts table, the
 * system's resolver, all of whose answers together may take no longer than a given time.  Also
 * subnets by the networks table; all names and addresses of one server; which of them stand in
 * a text; and which addresses this machine has.  Calls cluster and below; sends nothing but
 * what the system's resolver sends.
 *
 * Host names are compared without case (RFC 4343); addresses by value, not by text.
 */
#pragma once
#include "core/cluster.h"

typedef struct hosts Hosts;

#define HOSTS_ERROR hosts_error_quark()
GQuark hosts_error_quark(void);
typedef enum {
	HOSTS_ERROR_UNKNOWN, /* nobody knows the name */
	HOSTS_ERROR_TIMEOUT, /* the time for the resolver is used up */
	HOSTS_ERROR_FAILED,  /* the hosts file cannot be read, the database failed */
	HOSTS_ERROR_MAC,     /* not a MAC address */
	HOSTS_ERROR_NETWORK, /* not an IPv4 network */
} HostsError;

#define HOSTS_FILE	   "/etc/hosts"
#define HOSTS_RESOLVE_TIME 5000 /* ms for all questions to the resolver together */

/* `file` may be missing (then it names nothing).  `resolve_time` 0 never asks the resolver.
 * Gives a Hosts (hosts_free) that keeps using `cluster`. */
Hosts *hosts_new(Cluster *cluster, const char *file, guint resolve_time);
void hosts_free(Hosts *hosts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Hosts, hosts_free)

/*
 * The addresses of a name, or of an address itself: IPv4 first, without doubles, in the
 * canonical text of inet_ntop.  NULL-terminated, valid until hosts_free; NULL and an error
 * that names the host if there is none.
 *
 * Each source is asked for the name as it is, then for its other form: with site.domain behind
 * it, or without.  The resolver is asked for the name alone, and only for what can be a host
 * name: not for 777, which it would take for an address.
 */
const char *const *hosts_addresses(Hosts *hosts, const char *name, GError **error);

/* The first of them. */
const char *hosts_address(Hosts *hosts, const char *name, GError **error);

/* Bytes of the answers and of the names of servers that are kept, about. */
gsize hosts_kept(const Hosts *hosts);

/* Resolve many names in one go, the resolver's questions side by side, so that a thousand
 * unknown names cost no more than the time limit.  Answers are kept; errors come when asked. */
void hosts_prepare(Hosts *hosts, const char *const *names, guint n);

/* Is it the same host: the same name without case and site.domain, one an alias of the other,
 * or an address in common?  Names that nobody knows are the same only by text. */
gboolean hosts_same(Hosts *hosts, const char *a, const char *b);

/*
 * All names and addresses of a server: `server` and `as_known` (to its nodes; may be NULL)
 * themselves; hosts.hostnames, hosts.otherinterfaces and the table nics (nicips, hostname
 * prefixes and suffixes, aliases) of the node that it is, also by its groups; of the
 * management node the interfaces of this machine; the addresses of all these names, and what
 * else the hosts file calls those.  Names first.  Loopback is nobody's address.
 *
 * Computed once for a server.  NULL-terminated, valid until hosts_free; never NULL.
 */
const char *const *hosts_names(Hosts *hosts, const char *server, const char *as_known);

/* Is `name` the server, by one of these names or addresses? */
gboolean hosts_is_named(Hosts *hosts, const char *name, const char *server,
			const char *as_known);

/* What the server is called by this address of it: the shortest of its names that have it
 * first; NULL: none has.  Valid until hosts_free. */
const char *hosts_name_at(Hosts *hosts, const char *server, const char *address);

/* The node of nodelist that is spelled so, without case and site.domain; NULL: there is
 * none. */
const char *hosts_node(Hosts *hosts, const char *name);

/* Is the server the management node: site.master, by any name or address? */
gboolean hosts_is_master(Hosts *hosts, const char *server);

/* The addresses of this machine's interfaces; NULL-terminated, valid until hosts_free. */
const char *const *hosts_own_addresses(Hosts *hosts);
/* Is the host this machine: has it one of them? */
gboolean hosts_is_own(Hosts *hosts, const char *name);
/* Would what is sent to it stay here: is it this machine, or has it any loopback address? */
gboolean hosts_stays_here(Hosts *hosts, const char *name);

/* Names and addresses that are looked for in texts. */
typedef struct hostswords HostsWords;

/* `names`: as hosts_names gives them.  Gives words (hosts_words_free) that use `hosts`. */
HostsWords *hosts_words_new(Hosts *hosts, const char *const *names, guint n);
void hosts_words_free(HostsWords *words);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(HostsWords, hosts_words_free)

/*
 * Does one of them stand in the text, as a whole: alone, in a list, behind a key and `=`, with
 * a port or a path, in a URL, an IPv6 address in brackets or without, in any spelling? 10.1.0.1
 * does not stand in 10.1.0.11, nor sn1 in sn1-c.
 */
gboolean hosts_words_in(const HostsWords *words, const char *text);

/* Who is named in their place. */
typedef struct {
	const char *name;
	const char *ipv4, *ipv6; /* NULL: addresses of this kind stay */
} HostsPlace;

/*
 * The text with another in the place of each of them that stands there as a host, and all else
 * as it is.  An address is one as a whole, but not as a part of a path.  A name is one only
 * where a host can be named: in a URL, behind a key and `=`, in a list of commas, with a port
 * or with `:/`; what stands behind one of `keys` is something else that may be called so.  A
 * name keeps its site.domain.
 *
 * Gives the new text (g_string_free), or NULL: it stays as it is.
 */
GString *hosts_words_replace(const HostsWords *words, const char *text, gsize length,
			     const HostsPlace *place, const char *const *keys);

/* One row of the networks table that is a network at all. */
typedef struct {
	const char *name;	/* networks.netname, or net/mask */
	const char *net, *mask; /* as written: mask 255.255.0.0, or a prefix length */
} HostsNetwork;

/* `network` gets the most specific of the networks table's networks that has `address`, or
 * NULL: none has.  FALSE: the table cannot be read, and it is NULL, too.  Valid until
 * hosts_free. */
gboolean hosts_network(Hosts *hosts, const char *address, const HostsNetwork **network,
		       GError **error);

/* An IPv4 network, 10.2.0.0/16 or 10.2.0.0/255.255.0.0, as the first of these, without the bits
 * of a host; or NULL and an error that quotes it.  Gives the text (g_free). */
char *hosts_network_text(const char *text, GError **error);

/* A MAC address in canonical form (lower case, colons; 6 or 20 bytes), or NULL and an error
 * that quotes it.  Gives the text (g_free). */
char *hosts_mac(const char *text, GError **error);
