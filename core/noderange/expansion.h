/*
 * expansion - what the files that evaluate a noderange share.
 *
 * A set of names is a GPtrArray, sorted by bytes and without doubles; while names are being
 * added it may be neither (names_settle makes it so).  Sets are merged, never searched, so
 * nothing is quadratic.
 */
#pragma once
#include "core/noderange.h"

/*
 * Two neighbours in a sorted set of names: none of the set is between them.  A range can make a
 * hundred thousand names that are in none of the sets that are asked; they come nearly sorted,
 * and so most of them cost two comparisons.
 */
typedef struct {
	gboolean known;
	const char *before, *behind; /* NULL: from the beginning, to the end */
} Gap;

typedef struct {
	Cluster *cluster;
	const GPtrArray *nodes; /* all of the cluster's */
	GPtrArray *groups;	/* those that have a row in nodegroup; NULL: not yet asked */
	Gap no_node, no_group;	/* where the last such look-up was in vain */
	NoderangeOptions options;
	const char *expression; /* for messages */
	gsize place;		/* of the term that is being evaluated */
	guint depth;		/* of files and look-ups within each other */
	guint files;		/* that were read */
	gboolean located;	/* the error has the file and the line that it is in */
	guint items;		/* of brackets */
	guint made;		/* names that ranges have made */
	GStringChunk *text;
	GPtrArray *missing;
} Expansion;

/* names.c */
void names_settle(GPtrArray *names);
/* Settled sets in, a new settled set out (g_ptr_array_unref). */
GPtrArray *names_union(const GPtrArray *a, const GPtrArray *b);
GPtrArray *names_intersection(const GPtrArray *a, const GPtrArray *b);
GPtrArray *names_difference(const GPtrArray *a, const GPtrArray *b);

/* Is the name in the set?  Else the gap becomes the one that it is in. */
gboolean names_find(const GPtrArray *names, const char *name, Gap *gap);
gboolean names_in_gap(const Gap *gap, const char *name);

/* expansion.c: an error at the term that is being evaluated; always FALSE. */
gboolean expansion_refuse(Expansion *expansion, GError **error, int code, const char *format,
			  ...) G_GNUC_PRINTF(4, 5);

/* expand.c: adds what `expression`, a noderange of its own (a line of a file), gives. */
gboolean expansion_add_list(Expansion *expansion, const char *expression, GPtrArray *names,
			    GError **error);

/* atom.c: adds what one element without @ and parentheses means: first match wins.  `text`
 * lives as long as the result. */
gboolean atom_expand(Expansion *expansion, const char *text, GPtrArray *names, GError **error);

/* range.c: "a-b", "a:b" and "a+n"; what is none is not `understood`. */
gboolean range_expand(Expansion *expansion, const char *left, const char *right,
		      gboolean *understood, GPtrArray *names, GError **error);
gboolean range_text(Expansion *expansion, const char *text, gboolean *understood,
		    GPtrArray *names, GError **error);
gboolean range_increment(Expansion *expansion, const char *text, GPtrArray *names,
			 GError **error);
/* The names alone, not looked up. */
gboolean range_names(Expansion *expansion, const char *left, const char *right,
		     gboolean *understood, GPtrArray *names, GError **error);

/* bracket.c: text[...]...; FALSE with no error: not of that form. */
gboolean bracket_has(const char *text);
gboolean bracket_expand(Expansion *expansion, const char *text, GPtrArray *names,
			GError **error);

/* criterion.c: "table.column op operand" and the dynamic rows of nodegroup. */
gboolean criterion_expand(Expansion *expansion, const char *text, GPtrArray *names,
			  GError **error);
gboolean criterion_group(Expansion *expansion, const char *group, const char *wherevals,
			 GPtrArray *names, GError **error);
