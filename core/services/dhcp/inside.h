/*
 * dhcp - what the DHCP backends share: the facts of a node, and dhcpd's language.
 *
 * Private to services/.
 */
#pragma once
#include "core/services.h"

/* The error domain of files that cannot be read or written. */
#define DHCP_ERROR dhcp_error_quark()
GQuark dhcp_error_quark(void);

/* An element of mac.mac: MAC, or MAC!NAME. */
typedef struct {
	const char *name;    /* of the host entry */
	const char *mac;     /* as dhcpd's files have it: as written, or lower case; NULL: it
				cannot be read */
	const char *plain;   /* the same in lower case */
	const char *address; /* IPv4; NULL: none */
	const char *subnet;  /* "10.1.0.0/16", of the networks table; NULL: none */
	gboolean infiniband; /* it is longer than 6 bytes */
	gboolean refused;    /* *NOIP*: it is told nothing */
	gboolean usable;     /* an entry can be made of it */
	gboolean taken;	     /* not, as its name or MAC is another's: that one stays */
} DhcpCard;

/* What a node loads first, by noderes.netboot. */
typedef enum {
	DHCP_NO_LOADER,
	DHCP_XNBA,
	DHCP_PXE,
	DHCP_GRUB2,
	DHCP_PETITBOOT,
	DHCP_YABOOT,
	DHCP_NIMOL
} DhcpLoader;

/* What xnba is to do, by the state of the node. */
typedef enum { DHCP_XNBA_NET, DHCP_XNBA_DISK, DHCP_XNBA_ISCSI, DHCP_XNBA_WINDOWS } DhcpXnba;

typedef struct {
	const char *name;
	GPtrArray *cards; /* DhcpCard, in the order of mac.mac */
	DhcpLoader loader;
	DhcpXnba xnba;
	const char *address;	 /* of the node's own name; NULL: none */
	const char *next_server; /* an address */
	const char *root_path;	 /* "iscsi:..."; NULL: none */
	gboolean own_tftpserver; /* noderes.tftpserver says which server */
	gboolean left_out;
} DhcpNode;

struct dhcpfacts {
	DhcpNode *nodes;
	guint n;
	const char *port;  /* behind the server in a URL: "", or ":8080" */
	GHashTable *index; /* name -> DhcpNode */
	GStringChunk *texts;
	GPtrArray *problems;
};

/* The URL of what the node loads by HTTP; NULL: nothing.  `server` NULL: next_server.  Gives
 * the text (g_free). */
char *dhcp_url(const DhcpFacts *facts, const DhcpNode *node, const char *server);
/* The file that the node loads by TFTP, if it is always the same one.  Gives the text. */
char *dhcp_boot_file(const DhcpNode *node);

/* --- dhcpd's language (dhcp_statements.c) ------------------------------------------------ */

/* dhcpd takes the same statements in configurations and from omshell; only the name that it
 * sends is said otherwise. */
typedef enum { DHCP_CONFIGURATION, DHCP_OMSHELL } DhcpDialect;

/* A host as dhcpd has it. */
typedef struct {
	char *name, *hardware, *mac, *uid, *address; /* all but the name may be NULL */
	GString *statements;			     /* lines of the leases file */
} DhcpHost;

/* The hosts of a node as they stand in the leases file: the text of an omapi entry. */
char *dhcp_leases_text(const DhcpFacts *facts, const DhcpNode *node);
/* The hosts of such a text (NULL: of none): an array of DhcpHost (g_ptr_array_unref). */
GPtrArray *dhcp_hosts_parse(const char *text);
/* See dhcp_read. */
gboolean dhcp_leases_read(const DhcpFile *file, const char *const *nodes, guint n, char **texts,
			  GError **error);
/* Statements of one card as lines of a leases file. */
char *dhcp_card_statements(const DhcpFacts *facts, const DhcpNode *node, const DhcpCard *card);
/* Such lines as one line that dhcpd reads. */
char *dhcp_statements_line(const char *lines, DhcpDialect dialect);
/* The line as a quoted string of omshell. */
char *dhcp_omshell_quote(const char *line);

/* The most bytes of a line that omshell takes (measured with 4.4.3-P1: a longer one is cut,
 * and the host made without statements, with exit status 0). */
#define DHCP_OMSHELL_LINE 1024

/* --- Texts of each backend --------------------------------------------------------------- */

char *dhcp_include_text(const DhcpFacts *facts, const DhcpNode *node);
gboolean dhcp_include_read(const DhcpFile *file, const char *const *nodes, guint n,
			   char **texts, GError **error);
gboolean dhcp_include_write(const DhcpFile *file, const char *const *nodes, guint n,
			    const char *const *texts, GString **written, GError **error);

char *dhcp_kea_text(const DhcpFacts *facts, const DhcpNode *node);
gboolean dhcp_kea_read(const DhcpFile *files, guint n_files, const char *const *nodes, guint n,
		       char **texts, GError **error);
gboolean dhcp_kea_write(const DhcpFile *files, guint n_files, const char *const *nodes, guint n,
			const char *const *texts, GString **written, GError **error);

/* The number of the line that `at` is in. */
guint dhcp_line(const char *start, const char *at);
