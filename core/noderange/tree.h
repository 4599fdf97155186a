/*
 * tree - a noderange as it was written.
 *
 * A list of elements; an element adds, intersects or excludes; its terms are joined by `@`.
 */
#pragma once
#include <glib.h>

typedef enum {
	TERM_ATOM,  /* a name, group, range, brackets, increment, criterion: `text` */
	TERM_REGEX, /* /regex: `text` without the slash */
	TERM_FILE,  /* ^path: `text` without the ^ */
	TERM_LIST,  /* parentheses: `list` */
} TermKind;

typedef enum { ELEMENT_ADD, ELEMENT_INTERSECT, ELEMENT_EXCLUDE } ElementKind;

typedef struct {
	TermKind kind;
	char *text;
	GPtrArray *list; /* Element */
	gsize place;	 /* where it begins in the expression, in bytes */
} Term;

typedef struct {
	ElementKind kind;
	GPtrArray *terms; /* Term, at least one; all but the first intersect */
} Element;

/* xCAT deletes ' and " wherever they stand.  Gives the text. */
char *tree_without_quotes(const char *expression);

/* Parse an expression without quotes.  Gives a list of Element (g_ptr_array_unref), or NULL and
 * a NODERANGE_ERROR. */
GPtrArray *tree_parse(const char *expression, GError **error);

/* An error that quotes the expression and points at a byte of it; always FALSE. */
gboolean tree_refuse(GError **error, int code, const char *expression, gsize place,
		     const char *format, ...) G_GNUC_PRINTF(5, 6);
