/* Sets of names: sorted arrays. */
#include "core/noderange/expansion.h"
#include "core/base.h"
#include <string.h>

void names_settle(GPtrArray *names)
{
	guint kept = 0;
	gboolean settled = TRUE;

	for (guint i = 1; settled && i < names->len; i++)
		settled = strcmp(names->pdata[i - 1], names->pdata[i]) < 0;
	if (settled)
		return;
	g_ptr_array_sort(names, text_compare);
	for (guint i = 0; i < names->len; i++)
		if (kept == 0 || strcmp(names->pdata[kept - 1], names->pdata[i]) != 0)
			names->pdata[kept++] = names->pdata[i];
	g_ptr_array_set_size(names, (int)kept);
}

/* Walk both; `only_a`, `both`, `only_b` tell what is kept. */
static GPtrArray *merge(const GPtrArray *a, const GPtrArray *b, gboolean only_a, gboolean both,
			gboolean only_b)
{
	GPtrArray *result = g_ptr_array_sized_new(only_b ? a->len + b->len : a->len);
	guint i = 0, j = 0;

	while (i < a->len || j < b->len) {
		int order = i == a->len	  ? 1
			    : j == b->len ? -1
					  : strcmp(a->pdata[i], b->pdata[j]);
		gpointer name = order <= 0 ? a->pdata[i] : b->pdata[j];

		if (order < 0 ? only_a : order > 0 ? only_b : both)
			g_ptr_array_add(result, name);
		i += order <= 0;
		j += order >= 0;
	}
	return result;
}

GPtrArray *names_union(const GPtrArray *a, const GPtrArray *b)
{
	return merge(a, b, TRUE, TRUE, TRUE);
}

GPtrArray *names_intersection(const GPtrArray *a, const GPtrArray *b)
{
	return merge(a, b, FALSE, TRUE, FALSE);
}

GPtrArray *names_difference(const GPtrArray *a, const GPtrArray *b)
{
	return merge(a, b, TRUE, FALSE, FALSE);
}

gboolean names_find(const GPtrArray *names, const char *name, Gap *gap)
{
	guint low = 0, high = names->len;

	while (low < high) {
		guint middle = low + (high - low) / 2;
		int order = strcmp(names->pdata[middle], name);

		if (order == 0)
			return TRUE;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*gap = (Gap){ .known = TRUE,
		      .before = low > 0 ? names->pdata[low - 1] : NULL,
		      .behind = low < names->len ? names->pdata[low] : NULL };
	return FALSE;
}

gboolean names_in_gap(const Gap *gap, const char *name)
{
	return gap->known && (!gap->before || strcmp(gap->before, name) < 0) &&
	       (!gap->behind || strcmp(name, gap->behind) < 0);
}
