/*
 * value - regular-expression values: what /re/text/, |re|text| and |text| are for a node.
 *
 * Pure: text in, text out.  The rules are RULES.md section 2 point 6 of the recorded cases.
 */
#pragma once
#include <glib.h>

/* A compiled value, or none: a value that stands for itself. */
typedef struct value Value;

#define VALUE_ERROR value_error_quark()
GQuark value_error_quark(void);
typedef enum {
	VALUE_ERROR_PATTERN,	/* the regular expression is malformed, empty or endless */
	VALUE_ERROR_EXPRESSION, /* an arithmetic expression cannot be computed */
} ValueError;

/*
 * Compile `text`.  TRUE and *value NULL: it is plain text.  TRUE and a value (value_free):
 * it is to be computed for each node.  FALSE: it is malformed, and the error says how.
 */
G_GNUC_WARN_UNUSED_RESULT
gboolean value_compile(const char *text, Value **value, GError **error);
void value_free(Value *value);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Value, value_free)

/*
 * The value for `node`.  `unmatched` tells that the pattern did not match (the result is the
 * node name then).  Gives the text (g_free), or NULL and an error.
 */
G_GNUC_WARN_UNUSED_RESULT
char *value_compute(const Value *value, const char *node, gboolean *unmatched, GError **error);
