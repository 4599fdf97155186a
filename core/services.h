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

/* --- Services, as the door knows them ---------------------------------------------------- */

/* A file that a service has its entries in, as a host has it. */
typedef struct {
	const char *path;
	const char *content; /* of a file, `length` bytes; NULL: it is none */
	gsize length;
	const char *target; /* of a link; NULL: it is none */
} ServiceFile;

/* What becomes of it. */
typedef enum { SERVICE_AS_IT_IS, SERVICE_CONTENT, SERVICE_LINK, SERVICE_GONE } ServiceFate;
typedef struct {
	ServiceFate fate;
	char *text; /* `length` bytes of its content, or the target of the link (g_free) */
	gsize length;
} ServiceWrite;

/*
 * A service: how entries are made, read and written.  Pure: it is given what hosts have, and
 * gives texts.  `nodes` are `n` names, `texts` the text of each one's entry (NULL: there is
 * none).
 *
 * Entries travel in files (`paths` is set): one file for many of them, or files and links for
 * each; or a program reads and writes them (`look` is set).
 */
typedef struct service Service;
struct service {
	const char *name; /* "dhcp" */
	gboolean secret;  /* entries have keys or passwords: nobody is to see them */

	/* What has to be known of a host first: a script (NULL: nothing has), and what is made
	 * of its words: the service as that host has it, which alone can do all below.  It is
	 * freed by its `free`. */
	const char *ask;
	Service *(*found)(const Service *service, const char *host, const char *said,
			  GError **error);
	void (*free)(Service *service);

	/* The entries that these nodes shall have there, by the tables.  Gives texts (g_free).
	 */
	gboolean (*make)(const Service *service, const char *const *nodes, guint n,
			 char **texts, GError **error);

	/* Where entries of these nodes lie.  Adds paths (g_free). */
	void (*paths)(const Service *service, const char *const *nodes, guint n,
		      GPtrArray *paths);
	/* What they are there.  Gives texts (g_free). */
	gboolean (*read)(const Service *service, const ServiceFile *files, guint n_files,
			 const char *const *nodes, guint n, char **texts, GError **error);
	/* The same files with these entries in them, and all else as it is: of each file
	 * `written` is filled in. */
	gboolean (*write)(const Service *service, const ServiceFile *files, guint n_files,
			  const char *const *nodes, guint n, const char *const *texts,
			  ServiceWrite *written, GError **error);
	/* Commands of the host, see remote_put: is what was written good ("$@" names where it
	 * lies until then); take it.  Or NULL. */
	const char *check, *activate;

	/* A script that asks for the entries; what it said; one that makes those that differ
	 * from what they are `now`, and with no nodes only tries whether it could; and what
	 * that one said: FALSE: not all is so. */
	GString *(*look)(const Service *service, const char *const *nodes, guint n);
	gboolean (*heard)(const Service *service, const char *said, const char *const *nodes,
			  guint n, char **texts, GError **error);
	GString *(*place)(const Service *service, const char *const *nodes, guint n,
			  const char *const *now, const char *const *texts, GError **error);
	gboolean (*judge)(const Service *service, const char *const *nodes, guint n,
			  const char *const *texts, int status, const char *said,
			  GError **error);
};
