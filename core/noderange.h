/*
 * noderange - the noderange language: names of nodes as an administrator writes them.
 *
 * Text to names on a cluster's snapshot, and names back to the shortest text.  The grammar is
 * xCAT's (noderange(7) has it whole, with the few inputs that we refuse and xCAT does not).
 * Calls cluster and base.
 */
#pragma once
#include "core/cluster.h"

#define NODERANGE_ERROR noderange_error_quark()
GQuark noderange_error_quark(void);
typedef enum {
	NODERANGE_ERROR_SYNTAX,	 /* malformed; the message shows where */
	NODERANGE_ERROR_LIMIT,	 /* it would make too many names */
	NODERANGE_ERROR_FILE,	 /* a ^file cannot be read */
	NODERANGE_ERROR_PATTERN, /* a regular expression is malformed or endless */
} NoderangeError;

#define NODERANGE_LIMIT 1000000 /* names that one range may make */
#define NODERANGE_DEPTH 100	/* parentheses and files within each other */

typedef struct {
	gboolean verify;    /* only names of known nodes are results; others are missing */
	const char *prefix; /* of a name that is only digits: $XCAT_NODE_PREFIX; NULL: "node" */
	const char *suffix; /* likewise: $XCAT_NODE_SUFFIX; NULL: "" */
} NoderangeOptions;

typedef struct {
	GPtrArray *names;    /* const char *, sorted by bytes, no doubles */
	GPtrArray *missing;  /* const char *, in the order they were met, doubles kept */
	GPtrArray *excluded; /* const char *: named, but taken out by site.excludenodes */
	GStringChunk *text;  /* what names that are not the cluster's point into */
} Noderange;

/*
 * Expand `expression`.  `options` NULL: verify, and the default prefix.  Names that are not
 * found are no error here: they are in `missing`.  Gives a Noderange (noderange_free), or
 * NULL and an error whose message quotes the expression and names the character.
 */
G_GNUC_WARN_UNUSED_RESULT
Noderange *noderange_expand(Cluster *cluster, const char *expression,
			    const NoderangeOptions *options, GError **error);
void noderange_free(Noderange *noderange);
/* What is missing, folded for people: as it was typed.  Gives the text (g_free). */
char *noderange_missing(const Noderange *noderange);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Noderange, noderange_free)

/*
 * The shortest noderange that expands to exactly these names (any order, doubles allowed).
 * Names that the language cannot fold stand alone; those that it would read as something else
 * ("-n1", "a,b") are regular expressions that they alone match.  Gives the text (g_free).
 */
char *noderange_fold(const char *const *names, guint n);
