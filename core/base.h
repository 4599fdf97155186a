/*
 * base - what the libraries do not give: regular expressions by one set of rules, text, and
 * what no text may show.
 *
 * Knows nothing of clusters.  Calls GLib only.
 *
 * Ownership, here and in every header of core/: a function *borrows* what it is given unless
 * its comment says that it *keeps* it; a result is borrowed unless the comment says *gives*
 * (and then with what to free it).
 */
#pragma once
#include <glib.h>

/* A regular expression as Perl and xCAT read it: bytes, `$` and `.` knowing only LF. */
typedef struct pattern Pattern;

#define PATTERN_ERROR pattern_error_quark()
GQuark pattern_error_quark(void);
typedef enum {
	PATTERN_ERROR_SYNTAX, /* the expression itself is wrong; the message says where */
	PATTERN_ERROR_LIMIT,  /* it backtracks without end on this subject */
} PatternError;

/* Gives a pattern (pattern_free), or NULL and an error that quotes the expression. */
G_GNUC_WARN_UNUSED_RESULT
Pattern *pattern_new(const char *expression, GError **error);
void pattern_free(Pattern *pattern);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pattern, pattern_free)

/* Does it match anywhere in `subject`?  FALSE with `error` set: it could not be decided. */
gboolean pattern_matches(const Pattern *pattern, const char *subject, GError **error);

/*
 * The first match in `subject`: where it starts and ends, and what each group took
 * (groups[0] is the whole match; a group that took no part is NULL).
 */
typedef struct {
	gboolean found;
	int start, end;
	char **groups; /* NULL-terminated by count: groups[count] is NULL */
	int count;
} PatternMatch;

/* FALSE only on an error; not matching is a match with `found` unset.  Fills `match`, which
 * takes a pattern_match_clear. */
G_GNUC_WARN_UNUSED_RESULT
gboolean pattern_match(const Pattern *pattern, const char *subject, PatternMatch *match,
		       GError **error);
void pattern_match_clear(PatternMatch *match);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PatternMatch, pattern_match_clear)

/* `subject` with the match replaced by `text`, taken literally.  Gives the text (g_free). */
char *pattern_splice(const char *subject, const PatternMatch *match, const char *text);

/*
 * Secrets: values that are never shown or kept.  Once one is added, text_quote and text_plain
 * put "{secret NAME}" in its place, and so does the journal with all that it keeps.  They are
 * those of the program, for as long as it runs.
 */
/* Bytes: what is shorter would be found everywhere, and is not added. */
#define SECRET_LEAST 4
void secret_add(const char *name, const char *value);
/* The name of a secret in the bytes, or NULL. */
const char *secret_in(const char *bytes, gsize length);
/* NULL: there is none in it.  Gives the bytes with names in their place, and a zero behind. */
char *secret_mask(const char *bytes, gsize *length);

/*
 * Trust: may what is at a path be run, or written as if it were ours?  Only if nobody but root
 * or the effective user can change it: the file, each directory above it, and each link on the
 * way (with the directories that it leads through) belongs to one of the two, and no file or
 * directory can be written by group or others.  A directory that all can write but is sticky
 * (/tmp) is no hole: what lies in it belongs to its owner.
 */
#define TRUST_ERROR trust_error_quark()
GQuark trust_error_quark(void);
typedef enum { TRUST_ERROR_MISSING, TRUST_ERROR_UNSAFE } TrustError;

/* FALSE and an error that names the file, directory or link, its owner and mode, and the mend.
 */
G_GNUC_WARN_UNUSED_RESULT
gboolean trust_path(const char *path, GError **error);
/* In a namespace of users that does not know this machine's root, as a test of somebody who is
 * not root has it: what belongs to users that are not known there counts as root's. */
void trust_unknown_owners(void);

/*
 * Text that goes into a message: quoted, with control characters and bytes that are not
 * UTF-8 written as escapes, so that no name can forge a line or upset a terminal.
 * Gives the text (g_free).
 */
char *text_quote(const char *text);
/* The same without the quotes. */
char *text_plain(const char *text);
/* What a library says in several lines, as one: white space is one blank, and none at the ends.
 * Gives the text (g_free). */
char *text_one_line(const char *text);
/* A word as a shell reads it back: quoted where that is needed.  Gives the text (g_free). */
char *text_shell_word(const char *word);

/*
 * Texts that are one key of a hash table: different texts give different keys, whatever bytes
 * they have.  NULL is a text of its own.  Gives the key (g_free).
 */
#define TEXT_KEY(...)                                                                          \
	text_key((const char *const[]){ __VA_ARGS__ },                                         \
		 G_N_ELEMENTS(((const char *const[]){ __VA_ARGS__ })))
char *text_key(const char *const *texts, gsize n);
/* Another text of such a key. */
void text_key_add(GString *key, const char *text);

/*
 * "; did you mean 'x'?" behind a message about a name that is not known, if it was probably
 * meant to be one of `names` (a small edit distance; NULL: none is known); else "".  Gives the
 * text (g_free).
 */
char *text_did_you_mean(const char *name, const char *const *names);

/*
 * Patience with a file that another program has locked: for sqlite3_busy_handler, whose data it
 * is.  Waits up to `most` milliseconds each time.  Keeps using `what`: "the database".
 */
typedef struct {
	const char *what;
	guint most;
	gint64 since; /* its own */
} Patience;
int patience_wait(gpointer patience, int tries);
/* Who is told what is waited for, from the first second on: how long by now, and at most, in
 * seconds.  NULL: it is not waited for any more.  For all of the program. */
typedef void (*PatienceTold)(const char *what, guint seconds, guint most);
void patience_on_wait(PatienceTold told);

/* Compares two names by their bytes: for qsort-like functions over arrays of strings. */
int text_compare(gconstpointer a, gconstpointer b);
