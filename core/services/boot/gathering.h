/*
 * boot_gathering - what is known while the facts of nodes are gathered.
 *
 * Private to services/.
 */
#pragma once
#include "core/base.h"
#include "core/services/boot/inside.h"

/* The columns that are asked for. */
enum {
	NETBOOT,
	TFTPDIR,
	TFTPSERVER,
	XCATMASTER,
	INSTALLNIC,
	OS,
	ARCH,
	PROVMETHOD,
	STATE,
	MAC,
	KERNEL,
	INITRD,
	KCMDLINE,
	ADDKCMDLINE,
	ISCSI_SERVER,
	ISCSI_TARGET,
	N_COLUMNS
};

struct bootgathering {
	BootFacts *facts;
	Cluster *cluster;
	Hosts *hosts;
	const BootLook *look;
	ClusterValue *values;
	int place[N_COLUMNS]; /* of each column among the values; -1: there is no such column */
	guint n_present;
	const char *tftpdir;	    /* site.tftpdir */
	Pattern *attribute, *table; /* #NODEATTRIB:...#, #TABLE:...# */
	Pattern *without_stub;	    /* of SLES 11 */
	guint i;		    /* the node that is gathered */
	BootNode *node;
	const char *server;	 /* of the node: see boot_facts */
	const char *addkcmdline; /* of its image */
	const char *boottarget;	 /* the same */
	gboolean told_address;	 /* that it lacks that of its server */
	gboolean refused;	 /* there is a problem that leaves the node out */
};

/* A copy that lives as long as the facts; NULL stays NULL. */
const char *boot_keep(const BootGathering *gathering, const char *text);
/* What the tables have for it; NULL: nothing. */
const char *boot_value(const BootGathering *gathering, guint column);
/* A problem of the node that is gathered: it has no files; or it has, all the same. */
G_GNUC_PRINTF(2, 3)
void boot_refuse(BootGathering *gathering, const char *format, ...);
G_GNUC_PRINTF(2, 3)
void boot_warn(BootGathering *gathering, const char *format, ...);
/* The same about a value, which is quoted: "WHAT 'VALUE' WORDS". */
void boot_refuse_value(BootGathering *gathering, const char *what, const char *value,
		       const char *words);

/* --- boot/cards.c ------------------------------------------------------------------------ */

/* mac.mac, noderes.installnic, the addresses. */
void boot_take_cards(BootGathering *gathering);

/* --- boot/parameters.c ------------------------------------------------------------------- */

/* The kernel and its initrd, by bootparams and the image. */
void boot_take_kernel(BootGathering *gathering);
/* The command line: kcmdline, and what the node and the image add to it. */
void boot_take_line(BootGathering *gathering);

/* !myipfn! stands for the address of the server.  NULL has none in it. */
gboolean boot_asks_address(const char *text);
/* FALSE: there is no such address, which is told.  `what` is it. */
gboolean boot_need_address(BootGathering *gathering, const char *what);
/* `text` with that address, or what else the loader knows it by.  Gives the text (g_free). */
char *boot_put_address(const char *text, const char *address);
/* The same of a text of the node that is gathered; NULL stays NULL. */
const char *boot_place_address(BootGathering *gathering, const char *text);

/* The server that grub2 and petitboot name: noderes.tftpserver, else the service node if
 * noderes.xcatmaster is set.  NULL: the one that answers, by its address. */
const char *boot_named_server(const BootGathering *gathering);

/* --- boot/words.c ------------------------------------------------------------------------ */

/* What cannot stand in a text of these files, in words; NULL: all can. */
typedef const char *(*BootRefusal)(const char *text);
const char *boot_no_line(const char *text);	 /* on one line */
const char *boot_no_word(const char *text);	 /* as one word */
const char *boot_no_script(const char *text);	 /* as arguments of a command of iPXE */
const char *boot_no_quoted(const char *text);	 /* within quotes: elilo, yaboot */
const char *boot_no_plain(const char *text);	 /* without quotes: the same */
const char *boot_no_arguments(const char *text); /* as arguments of a command of GRUB */
const char *boot_no_argument(const char *text);	 /* as one word of such a command */

/* Kernel, initrd and command line must be such as the format holds, else they are told. */
void boot_check(BootGathering *gathering, BootRefusal file, BootRefusal line);
