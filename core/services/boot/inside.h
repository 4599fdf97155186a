/*
 * boot - what the formats of boot files share: the facts of a node, and where its files lie.
 *
 * Private to services/.  Pure: the tables go in, files come out as texts; where they lie is a
 * path, and nobody looks there.
 */
#pragma once
#include "core/services/boot/text.h"

typedef struct bootfacts BootFacts;

/* What the tables cannot say, and who may know.  Without an answer (the function is NULL) no
 * kernel has a stub, and all loaders are there. */
typedef struct {
	/* Has the kernel (a path below the TFTP directory) an EFI stub?  xnba boots such a one
	 * by itself on UEFI, and any other by elilo. */
	gboolean (*has_stub)(const char *kernel, gpointer data);
	/* Is the loader there: a path, .../boot/grub2/grub2.x86_64? */
	gboolean (*has_loader)(const char *path, gpointer data);
	gpointer data;
} BootLook;

/*
 * What the tables have of these nodes.  `servers` are what each node calls its (new) service
 * node, a name or an address; `addresses` what !myipfn! becomes: the address of that server on
 * the node's network (NULL: it has none there).  `look` may be NULL.  Gives facts
 * (boot_facts_free) that live no longer than `cluster` and `hosts`, or NULL and an error.
 */
G_GNUC_WARN_UNUSED_RESULT
BootFacts *boot_facts_with(Cluster *cluster, Hosts *hosts, const char *const *nodes,
			   const char *const *servers, const char *const *addresses, guint n,
			   const BootLook *look, GError **error);
G_GNUC_WARN_UNUSED_RESULT
BootFacts *boot_facts(Cluster *cluster, Hosts *hosts, const char *const *nodes,
		      const char *const *servers, const char *const *addresses, guint n,
		      GError **error);
void boot_facts_free(BootFacts *facts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BootFacts, boot_facts_free)

/* ServiceProblem, in the order of the nodes: why files cannot be made of what the tables have.
 * Lives as long as the facts. */
const GPtrArray *boot_problems(const BootFacts *facts);

/*
 * Where files and links of node number `i` may lie, whatever its state: by its loader, its
 * name, its MACs and its addresses, those that an older state left as well.  Adds paths
 * (g_free) in byte order.
 */
void boot_paths(const BootFacts *facts, guint i, GPtrArray *paths);

/*
 * The files and links of node number `i` as they shall be, in byte order of their paths; none:
 * it shall have no files.  NULL: the tables do not say, a problem says why.  Gives an array of
 * BootFile (g_ptr_array_unref).
 */
GPtrArray *boot_render(const BootFacts *facts, guint i);

/* --- A node ------------------------------------------------------------------------------ */

typedef struct bootformat BootFormat;

typedef struct {
	const char *name;
	const BootFormat *format; /* NULL: noderes.netboot names none, or has no files */
	const char *tftpdir;	  /* without a slash at its end */
	gboolean known;		  /* the tables say what its files are ... */
	gboolean none;		  /* ... and it has none */

	GPtrArray *addresses;	 /* IPv4, of its name first, then of its cards */
	const char *own_address; /* of its name, if its loader asks by that */
	GPtrArray *macs;	 /* of all cards, as they stand in a name: 42-00-0a-01-03-01 */
	const char *mac;	 /* the one that its loader asks by; NULL: none */
	GHashTable *taken;	 /* paths that another node has; NULL: none */

	const char *state;   /* chain.currstate */
	const char *arch;    /* nodetype.arch */
	const char *os;	     /* nodetype.os */
	const char *server;  /* which it loads from: grub2 an address, petitboot any name */
	const char *address; /* what !myipfn! becomes */

	/* NULL: none */
	const char *kernel, *initrd;
	const char *hypervisor; /* of "kernel!hypervisor": mboot.c32 loads both */
	const char *kcmdline;	/* as the format has it; xnba: !myipfn! is yet in it */
	gboolean has_stub, has_iscsi, http;
} BootNode;

struct bootfacts {
	BootNode *nodes;
	guint n;
	const char *port;  /* behind the server in a URL: "", or ":8080" */
	gboolean debug;	   /* site.xcatdebugmode */
	GHashTable *paths; /* path -> name of the first node that has it */
	GStringChunk *texts;
	GPtrArray *problems;
};

/* --- Formats ----------------------------------------------------------------------------- */

/* Files that are made. */
typedef struct {
	const BootFacts *facts;
	const BootNode *node;
	GPtrArray *files; /* BootFile */
} BootOutput;

/* A file of the node.  Keeps `path` and `content`. */
void boot_add_file(BootOutput *output, char *path, GString *content);
/* The same content by another path, and a symbolic link.  They keep `path`.  What another node
 * has is left out. */
void boot_add_copy(BootOutput *output, char *path, const GString *content);
void boot_add_link(BootOutput *output, char *path, const char *target);

typedef struct bootgathering BootGathering;

/* What becomes of options that are added to a command line. */
typedef enum {
	BOOT_ADD_VOLATILE,  /* R:: options are for the installed system, and left out */
	BOOT_ADD_LOOKED_UP, /* and #NODEATTRIB# and #TABLE# are looked up */
	BOOT_ADD_AS_IS	    /* all stay (RULES 51) */
} BootAdding;

/* What a loader reads. */
struct bootformat {
	const char *name;
	gboolean by_address;	/* it looks for a file that is named by the node's address */
	gboolean by_installnic; /* noderes.installnic may say by which MAC */
	gboolean by_target;	/* a row of boottarget gives what bootparams lacks */
	gboolean by_mboot;	/* a kernel may be "kernel!hypervisor" */
	BootAdding adding;
	/* Where files of the node may lie; below its TFTP directory.  Adds paths (g_free). */
	void (*paths)(const BootNode *node, GPtrArray *paths);
	/* What the format needs beyond the kernel and its command line; and what it cannot hold
	 * is told.  Only of a node with a state. */
	void (*take)(BootGathering *gathering);
	void (*render)(BootOutput *output);
};

extern const BootFormat boot_xnba, boot_pxe, boot_grub2, boot_petitboot, boot_yaboot;

/* "0A010301", or in small letters. */
char *boot_hex(const char *address, gboolean small);
/* A path below the node's TFTP directory.  Gives it; or adds it. */
G_GNUC_PRINTF(2, 3)
char *boot_path(const BootNode *node, const char *format, ...);
G_GNUC_PRINTF(3, 4)
void boot_add_path(GPtrArray *paths, const BootNode *node, const char *format, ...);
/* pxelinux: mboot.c32 loads a hypervisor and a kernel. */
void boot_append_mboot(GString *text, const BootNode *node, const char *line);

/* noderes.tftpserver: the one that answers. */
#define BOOT_ANSWERING "<xcatmaster>"

/* Its state is this one? */
gboolean boot_is(const BootNode *node, const char *state);
