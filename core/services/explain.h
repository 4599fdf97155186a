/*
 * explain - what is known of nodes that are explained.
 *
 * Private to services/.
 */
#pragma once
#include "core/services/holders.h"

/* Attributes of nodes. */
typedef enum {
	EXPLAIN_SERVICENODE,
	EXPLAIN_XCATMASTER,
	EXPLAIN_TFTPSERVER,
	EXPLAIN_NFSSERVER,
	EXPLAIN_MONSERVER,
	EXPLAIN_NETBOOT,
	EXPLAIN_NAMESERVERS,
	EXPLAIN_SYSLOG,
	EXPLAIN_CONSERVER,
	EXPLAIN_STATE,
	EXPLAIN_MAC,
	EXPLAIN_POSTSCRIPTS,
	EXPLAIN_POSTBOOTSCRIPTS,
	EXPLAIN_COLUMNS
} ExplainColumn;
const char *explain_column_name(ExplainColumn column);

/* Settings of the site. */
typedef enum {
	EXPLAIN_MASTER,
	EXPLAIN_DISJOINTDHCPS,
	EXPLAIN_SHAREDTFTP,
	EXPLAIN_SVLOGLOCAL,
	EXPLAIN_SITE_NAMESERVERS,
	EXPLAIN_SITE_NTPSERVERS,
	EXPLAIN_EXTNTPSERVERS,
	EXPLAIN_SETTINGS
} ExplainSetting;
const char *explain_setting_name(ExplainSetting setting);

/* Postscripts that decide who answers. */
typedef enum {
	EXPLAIN_SCRIPT_SYSLOG,
	EXPLAIN_SCRIPT_SETUPNTP,
	EXPLAIN_SCRIPT_MKRESOLVCONF,
	EXPLAIN_SCRIPTS
} ExplainScript;

/* Where one of them is listed for a node. */
typedef struct {
	const char *words;    /* it and its arguments; NULL: nowhere */
	ExplainColumn column; /* of postscripts */
	gboolean by_default;  /* in the row xcatdefaults */
} ExplainListed;

/* What a group of nodes has in common. */
typedef struct {
	const char *values[EXPLAIN_COLUMNS];
	GPtrArray *rows[EXPLAIN_COLUMNS]; /* where its nodes have them from; NULL: nowhere */
	ExplainListed scripts[EXPLAIN_SCRIPTS];
	int network;		/* row of networks, or -1 */
	GPtrArray *network_row; /* its name, as of ExplainFact.rows; or NULL */
	gboolean address;	/* IPv4 */
	gboolean local;		/* a service node that keeps its own log: site.svloglocal */
} ExplainFacts;

/* What all nodes have in common. */
typedef struct {
	Cluster *cluster;
	Hosts *hosts;
	HoldersFinder *finder;
	const char *settings[EXPLAIN_SETTINGS];
	gboolean has_scripts; /* the table postscripts says something */
	GPtrArray *defaults;  /* the row xcatdefaults, as of ExplainFact.rows */
} ExplainSite;

/* Fills in the answers of a group. */
G_GNUC_WARN_UNUSED_RESULT
gboolean explain_answer(const ExplainSite *site, const ExplainFacts *facts, ExplainGroup *group,
			GError **error);
