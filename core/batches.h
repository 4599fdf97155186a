/*
 * batches - nodes some at a time, and how many of them are too many: what is typed for it.
 *
 * Knows numbers alone: neither the nodes nor what is done with them.  Calls base.
 */
#pragma once
#include <glib.h>

#define BATCHES_ERROR batches_error_quark()
GQuark batches_error_quark(void);
typedef enum { BATCHES_ERROR_SYNTAX } BatchesError;

/* So many nodes, or so many percent of all. */
typedef struct {
	guint number;
	gboolean percent;
} BatchesShare;

/* "10" or "25%"; the message of an error has the text. */
G_GNUC_WARN_UNUSED_RESULT
gboolean batches_parse_share(const char *text, BatchesShare *share, GError **error);
/* How many of `n` these are: rounded up, so 1 at least. */
guint batches_share_of(BatchesShare share, guint n);

/* The sizes of batches, one after the other; the last one repeats. */
typedef struct batches Batches;

/* "1,10,25%".  Gives Batches (batches_free). */
G_GNUC_WARN_UNUSED_RESULT
Batches *batches_parse(const char *text, GError **error);
void batches_free(Batches *batches);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Batches, batches_free)

/* The size of batch `i`, from 0, of `n` nodes; the last of all may get fewer. */
guint batches_size(const Batches *batches, guint n, guint i);
/* How many batches `n` nodes are. */
guint batches_count(const Batches *batches, guint n);
/* For people: "batches of 1, 10, then 100 each".  Gives the text. */
char *batches_text(const Batches *batches, guint n);
