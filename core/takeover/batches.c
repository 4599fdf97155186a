/* Nodes some at a time, and how many of them are too many: what is typed for it. */
#include "core/takeover.h"
#include "core/base.h"
#include <string.h>

G_DEFINE_QUARK(snmove_batches_error, batches_error)

#define MOST 1000000000 /* nodes */
#define TOLD 6		/* so many batches are told one by one */

struct batches {
	GArray *shares; /* BatchesShare */
};

gboolean batches_parse_share(const char *text, BatchesShare *share, GError **error)
{
	gsize length = strlen(text);
	gboolean percent = g_str_has_suffix(text, "%");
	g_autofree char *digits = g_strndup(text, length - percent);
	g_autofree char *quoted = NULL;
	guint64 number;

	if (g_ascii_string_to_unsigned(digits, 10, 1, percent ? 100 : MOST, &number, NULL)) {
		*share = (BatchesShare){ (guint)number, percent };
		return TRUE;
	}
	quoted = text_quote(text);
	g_set_error(error, BATCHES_ERROR, BATCHES_ERROR_SYNTAX,
		    "%s is neither a number of nodes from 1 on nor a percentage from 1%% to "
		    "100%%",
		    quoted);
	return FALSE;
}

guint batches_share_of(BatchesShare share, guint n)
{
	if (!share.percent)
		return share.number;
	return MAX(1, (guint)(((guint64)n * share.number + 99) / 100));
}

Batches *batches_parse(const char *text, GError **error)
{
	g_auto(GStrv) parts = g_strsplit(text, ",", -1);
	g_autoptr(Batches) batches = g_new0(Batches, 1);
	g_autofree char *quoted = text_quote(text);

	batches->shares = g_array_new(FALSE, FALSE, sizeof(BatchesShare));
	for (guint i = 0; parts[i]; i++) {
		BatchesShare share;

		if (!batches_parse_share(parts[i], &share, error)) {
			g_prefix_error(error, "%s: ", quoted);
			return NULL;
		}
		g_array_append_val(batches->shares, share);
	}
	if (batches->shares->len > 0)
		return g_steal_pointer(&batches);
	g_set_error(error, BATCHES_ERROR, BATCHES_ERROR_SYNTAX, "it is empty");
	return NULL;
}

void batches_free(Batches *batches)
{
	if (!batches)
		return;
	g_array_unref(batches->shares);
	g_free(batches);
}

guint batches_size(const Batches *batches, guint n, guint i)
{
	guint last = batches->shares->len - 1;

	return batches_share_of(g_array_index(batches->shares, BatchesShare, MIN(i, last)), n);
}

guint batches_count(const Batches *batches, guint n)
{
	guint count = 0;

	for (guint first = 0; first < n; count++)
		first += MIN(batches_size(batches, n, count), n - first);
	return count;
}

/* Many that are equal at the end are one word: "then 100 each". */
char *batches_text(const Batches *batches, guint n)
{
	guint count = batches_count(batches, n), typed = batches->shares->len;
	gboolean all = count <= MAX(typed, TOLD);
	GString *text = g_string_new(count == 1 ? "one batch of " : "batches of ");
	guint first = 0;

	for (guint i = 0; i < (all ? count : typed - 1); i++) {
		guint size = MIN(batches_size(batches, n, i), n - first);

		first += size;
		g_string_append_printf(text, "%s%u", i == 0 ? "" : ", ", size);
	}
	if (!all)
		g_string_append_printf(text, "%s%u each", typed == 1 ? "" : ", then ",
				       batches_size(batches, n, typed - 1));
	return g_string_free(text, FALSE);
}
