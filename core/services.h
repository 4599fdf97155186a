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
 *   autoinst (what a node is installed by) with site.sharedinstall `all` the management node,
 *            whose /install all share; else the node's service nodes
 */
#pragma once
#include "core/cluster.h"
#include "core/hosts.h"

typedef enum { HOLDERS_DHCP, HOLDERS_BOOT, HOLDERS_CONSOLE, HOLDERS_AUTOINST } HoldersService;

/* "dhcp", "boot", "console", "autoinst", NULL: in the order of the enumeration. */
const char *const *holders_services(void);

/* What a node's service nodes are, by noderes.servicenode and xcatmaster. */
typedef enum {
	HOLDERS_MANAGED, /* none: the management node looks after it */
	HOLDERS_FIXED,	 /* one */
	HOLDERS_BACKUP,	 /* a list, and xcatmaster is set: the first, the others are backups */
	HOLDERS_POOL,	 /* a list, and xcatmaster is blank: whichever answers */
} HoldersShape;
/* Texts may be NULL. */
HoldersShape holders_shape(const char *list, const char *xcatmaster);
/* "no service node", "fixed", "fixed with backup", "open pool" */
const char *holders_shape_name(HoldersShape shape);

/* Which of the rules above has decided. */
typedef enum {
	HOLDERS_NAMED,	      /* networks.dhcpserver, nodehm.conserver: that server alone */
	HOLDERS_OWN,	      /* the service nodes that count for the node, by its shape */
	HOLDERS_OWN_AND_ROLE, /* those, and all with the role of a DHCP server */
	HOLDERS_MASTER,	      /* the management node alone */
} HoldersRule;

/* The hosts, as the tables name them, without doubles.  Texts live as long as the cluster.
 * Gives an array (g_ptr_array_unref), or NULL and an error. */
G_GNUC_WARN_UNUSED_RESULT
GPtrArray *holders_of(Cluster *cluster, Hosts *hosts, const char *node, HoldersService service,
		      GError **error);

/* What one host holds.  Texts as above, names as they were given. */
typedef struct {
	const char *host;
	GPtrArray *nodes;
} HoldersShare;
/* The same of many nodes, by host, in the order in which they come up.  A host with two names
 * is one holder of a node, but may be two among many.  Gives an array of HoldersShare
 * (g_ptr_array_unref), or NULL and an error. */
G_GNUC_WARN_UNUSED_RESULT
GPtrArray *holders_share(Cluster *cluster, Hosts *hosts, const char *const *nodes, guint n,
			 HoldersService service, GError **error);

/* --- Why ---------------------------------------------------------------------------------- */

/* A value that counts for an answer. */
typedef struct {
	const char *name;  /* "noderes.servicenode", "site.master" */
	const char *value; /* NULL: it is blank */
	/* The rows that have it: of a node's attribute groups, and "" for nodes' own rows; of
	 * networks its name; or NULL.  Lives as long as the group. */
	const GPtrArray *rows;
} ExplainFact;

/* What the tables say to one question about a node. */
typedef struct {
	const char *question; /* "dhcp"; snmove(8) has them all */
	GPtrArray *answers;   /* texts: servers, or what it boots next; may be empty */
	gboolean any;	      /* one of them: the one that answers the node */
	const char *rule;     /* why, in words */
	const char *warning;  /* what is missing in the tables; or NULL */
	GArray *facts;	      /* ExplainFact */
} ExplainAnswer;

/* Nodes with the same answers, because of the same values. */
typedef struct {
	GPtrArray *nodes; /* as they were given */
	HoldersShape shape;
	GPtrArray *answers; /* ExplainAnswer */
} ExplainGroup;

/* Who answers nodes, and why.  Texts live as long as the cluster.  Gives an array of
 * ExplainGroup (g_ptr_array_unref), in the order of their first nodes, or NULL and an error. */
G_GNUC_WARN_UNUSED_RESULT
GPtrArray *explain_nodes(Cluster *cluster, Hosts *hosts, const char *const *nodes, guint n,
			 GError **error);

/* --- DHCP -------------------------------------------------------------------------------- */

/*
 * Entries of nodes in what answers DHCP on a service node.  Pure: the tables and what a host
 * has go in, texts come out; the formats are in docs/architecture.md.
 *
 * A text is all that a backend has of one node, and is compared byte by byte:
 *
 *   include  the host declarations with their marks, as they stand in the file
 *   omapi    the hosts as dhcpd writes them into its leases file, laid out in one way
 *   kea      JSON: the reservations by subnet, and the client classes
 */
typedef enum { DHCP_INCLUDE, DHCP_OMAPI, DHCP_KEA } DhcpBackend;

/* Something in the tables that no entry can be made of, or only a part of one. */
typedef struct {
	char *node;	   /* NULL: of none in particular */
	char *words;	   /* what is wrong, and what to do; not the node's name */
	gboolean left_out; /* the node has no entry at all */
} ServiceProblem;

typedef struct dhcpfacts DhcpFacts;

/*
 * What the tables have of these nodes.  `servers` are what each node calls its (new) service
 * node, a name or an address: that is its next-server, unless noderes.tftpserver says
 * otherwise.  What no backend could hold is a problem, so texts can be made of all the rest.
 * Gives facts (dhcp_facts_free) that live no longer than `hosts`, or NULL and an error.
 */
G_GNUC_WARN_UNUSED_RESULT
DhcpFacts *dhcp_facts(Cluster *cluster, Hosts *hosts, const char *const *nodes,
		      const char *const *servers, guint n, GError **error);
void dhcp_facts_free(DhcpFacts *facts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DhcpFacts, dhcp_facts_free)
/* ServiceProblem, in the order of the nodes.  Lives as long as the facts. */
const GPtrArray *dhcp_problems(const DhcpFacts *facts);

/* The entry of node number `i`.  Gives the text (g_free); NULL: it has none there. */
char *dhcp_text(const DhcpFacts *facts, DhcpBackend backend, guint i);

/* A file that entries are in, as a host has it. */
typedef struct {
	const char *name;    /* for messages; of Kea: which one it is, see below */
	const char *content; /* `length` bytes; NULL: there is none */
	gsize length;
} DhcpFile;

/*
 * The entries of these nodes in the files of a host: `texts` gets one for each node (g_free),
 * or NULL.  `files` are: of include, the file; of omapi, dhcpd's leases file, whose last word
 * on a host counts; of Kea, for each subnet its reservations, named "10.1.0.0/16"
 * (dhcp_subnets), and the client classes, named DHCP_KEA_CLASSES.  FALSE: one of them cannot be
 * understood.
 */
#define DHCP_KEA_CLASSES "client-classes"
G_GNUC_WARN_UNUSED_RESULT
gboolean dhcp_read(DhcpBackend backend, const DhcpFile *files, guint n_files,
		   const char *const *nodes, guint n, char **texts, GError **error);
/*
 * The same files with these entries in them (NULL: without one of the node), and every other
 * byte as it was; not for omapi.  `written` gets of each file the new content
 * (g_string_free), or NULL: it stays as it is.
 */
G_GNUC_WARN_UNUSED_RESULT
gboolean dhcp_write(DhcpBackend backend, const DhcpFile *files, guint n_files,
		    const char *const *nodes, guint n, const char *const *texts,
		    GString **written, GError **error);
/* The subnets that Kea has reservations of these nodes in.  Gives a vector (g_strfreev). */
char **dhcp_subnets(const DhcpFacts *facts);

/* How dhcpd lets omshell in. */
typedef struct {
	const char *algorithm;	   /* NULL: omshell's own, hmac-md5 */
	const char *name, *secret; /* of the key */
	const char *server;	   /* NULL: this host */
	guint port;		   /* 0: omshell's own, 7911 */
} DhcpLogin;

/* By the row `omapi` of passwd, and site.dhcpomapialgorithm.  The secret is made one
 * (secret_add).  Texts live as long as the cluster. */
G_GNUC_WARN_UNUSED_RESULT
gboolean dhcp_login(Cluster *cluster, DhcpLogin *login, GError **error);
/*
 * What omshell is to read, for all these nodes: what makes their entries of `now` (NULL: there
 * is none) those of `texts`.  It has the secret.  With `facts` it is as xCAT's makedhcp tells
 * it, who does not look first: whatever may stand in the way of an entry goes, and MACs are
 * written as in the tables.  Without (NULL) only what `now` has is taken away, and a host of
 * somebody else with the same MAC stays, and is told.  Gives the text, or NULL and an error
 * that names the node.
 */
G_GNUC_WARN_UNUSED_RESULT
GString *dhcp_omapi_batch(const DhcpLogin *login, const DhcpFacts *facts,
			  const char *const *nodes, const char *const *now,
			  const char *const *texts, guint n, GError **error);
/*
 * What omshell said to it, whose exit status is always 0: `problems` gets a ServiceProblem
 * (service_problem_free) for each node whose entry it has refused.  FALSE: it did nothing at
 * all. Only a look at the leases file says that all is done.
 */
G_GNUC_WARN_UNUSED_RESULT
gboolean dhcp_omapi_judge(const char *said, const char *const *nodes, const char *const *texts,
			  guint n, GPtrArray *problems, GError **error);
void service_problem_free(gpointer problem);

/* --- Boot -------------------------------------------------------------------------------- */

/* What a node boots next.  A takeover never changes it. */
#define BOOT_KIND_DISK	  "disk"
#define BOOT_KIND_NETWORK "network boot"
#define BOOT_KIND_INSTALL "installation"
#define BOOT_KIND_SHELL	  "shell"
#define BOOT_KIND_OFFLINE "offline"

/* A file of a node or, with a target, a link. */
typedef struct {
	char *path;
	char *content; /* `length` bytes; NULL: it is a link */
	gsize length;
	char *target;
} BootFile;
void boot_file_free(gpointer file);
/* Those of the text of a boot entry, by their paths.  Gives an array of BootFile
 * (g_ptr_array_unref), or NULL and an error: it is none. */
GPtrArray *boot_files(const char *text, GError **error);

/* By chain.currstate: one of these, or of another state its first word.  Gives the text. */
char *boot_state_kind(const char *state);
/* The same of a state that is one of these, and in `why` (or NULL) the words for it; NULL: it
 * is another.  Static. */
const char *boot_state_known(const char *state, const char **why);
/* By the text of a boot entry (NULL: there is none, and the node stays where it is): as xCAT
 * has headed the files, or by what they load.  Gives the text. */
char *boot_kind(const char *text);
/* The same entry, from another server: hosts that its files name, see hosts_words_replace;
 * links stay as they are.  Gives the text, or NULL: it is none. */
char *boot_take_over(const HostsWords *words, const HostsPlace *place, const char *text);

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

/* Of entries that a program was to make: all are so; none is; some may be.  But for the first
 * with an error. */
typedef enum { SERVICE_ALL, SERVICE_NONE, SERVICE_SOME } ServiceOutcome;

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
	gboolean alone;	  /* what has the entry of a node has to itself what all want: an undo
			   * gives it to nobody before another has given it up */

	/* What has to be known of a host first: a script (NULL: nothing has), and what is made
	 * of its words: the service as that host has it, which alone can do all below.  It is
	 * freed by its `free`. */
	const char *ask;
	Service *(*found)(const Service *service, const char *host, const char *said,
			  GError **error);
	void (*free)(Service *service);

	/* The entries that these nodes shall have there, by the tables.  Gives texts (g_free);
	 * `problems` gets a ServiceProblem (service_problem_free) of what the tables lack: that
	 * also the service of no host can say. */
	gboolean (*make)(const Service *service, const char *const *nodes, guint n,
			 char **texts, GPtrArray *problems, GError **error);
	/* Lines of its configuration there that name one of these words: names and addresses
	 * of who shall serve no more.  Adds texts (g_free). */
	void (*doubts)(const Service *service, const char *const *words, GPtrArray *lines);

	/* The folder that they are below, if they are many small ones, see remote_put_many; or
	 * NULL. */
	const char *many;
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
	 * became of it, by what that one said. */
	GString *(*look)(const Service *service, const char *const *nodes, guint n);
	gboolean (*heard)(const Service *service, const char *said, const char *const *nodes,
			  guint n, char **texts, GError **error);
	GString *(*place)(const Service *service, const char *const *nodes, guint n,
			  const char *const *now, const char *const *texts, GError **error);
	ServiceOutcome (*judge)(const Service *service, const char *const *nodes, guint n,
				const char *const *texts, int status, const char *said,
				GError **error);
};

/* What a site may say of its DHCP servers. */
typedef struct {
	char *include; /* the file that dhcpd includes for us */
	char *restart; /* a command of the host that starts dhcpd again; NULL: found by looking
			*/
	char *reload;  /* one that has Kea read its files; NULL: by its control socket */
} DhcpSettings;
#define DHCP_INCLUDE_FILE "/etc/dhcp/snmove-hosts.conf"

/* The service "dhcp", of no host yet.  Keeps using all it is given; is freed by its `free`. */
Service *dhcp_service(Cluster *cluster, Hosts *hosts, const DhcpSettings *settings);

/* The service "boot": files below site.tftpdir.  Likewise. */
Service *boot_service(Cluster *cluster, Hosts *hosts);
/* The service "autoinst": what nodes are installed by, below site.installdir; likewise, and
 * made by nodeset alone. */
Service *autoinst_service(Cluster *cluster, Hosts *hosts);

/* The service "console": entries in conserver.cf.  Likewise. */
Service *console_service(Cluster *cluster, Hosts *hosts);
