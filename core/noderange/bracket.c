/* Brackets: node[1-3,7]-ib0, r[1-2]c[1-3]n[1-4]. */
#include "core/noderange/expansion.h"
#include "core/base.h"
#include <string.h>

gboolean bracket_has(const char *text)
{
	const char *open = strchr(text, '[');

	return open && open > text && strchr(open, ']') && strchr(open, ']') > open + 1;
}

/*
 * One item between brackets, with what stands before and behind: "1-3" in node[1-3]-ib0 is
 * node1-ib0-node3-ib0.  Every dash and colon is an operator; one at the end is only text.
 */
static char *item_text(const char *before, const char *item, const char *behind)
{
	GString *text = g_string_new(before);

	for (const char *p = item; *p; p++) {
		if ((*p == '-' || *p == ':') && p[1]) {
			g_string_append(text, behind);
			g_string_append_c(text, *p);
			g_string_append(text, before);
		} else {
			g_string_append_c(text, *p);
		}
	}
	g_string_append(text, behind);
	return g_string_free(text, FALSE);
}

/* The names of an item as text alone, for further brackets behind it. */
static gboolean item_names(Expansion *expansion, const char *before, const char *item,
			   GPtrArray *names, GError **error)
{
	const char *dash = strpbrk(item, "-:");
	gboolean understood = FALSE;

	if (dash && dash > item && dash[1]) {
		g_autofree char *from = g_strndup(item, dash - item);
		g_autofree char *left = g_strconcat(before, from, NULL);
		g_autofree char *right = g_strconcat(before, dash + 1, NULL);

		if (!range_names(expansion, left, right, &understood, names, error))
			return FALSE;
	}
	if (!understood) {
		g_autofree char *whole = item_text(before, item, "");

		g_ptr_array_add(names, g_string_chunk_insert(expansion->text, whole));
	}
	return TRUE;
}

static gboolean expand_item(Expansion *expansion, const char *before, const char *item,
			    const char *behind, GPtrArray *names, GError **error)
{
	g_autoptr(GPtrArray) begun = NULL;
	guint made = expansion->made;

	if (++expansion->items > NODERANGE_LIMIT)
		return expansion_refuse(expansion, error, NODERANGE_ERROR_LIMIT,
					"this makes more than %u names", NODERANGE_LIMIT);
	if (!strchr(behind, '[')) {
		g_autofree char *text = item_text(before, item, behind);

		return atom_expand(expansion, g_string_chunk_insert(expansion->text, text),
				   names, error);
	}
	begun = g_ptr_array_new();
	if (!item_names(expansion, before, item, begun, error))
		return FALSE;
	made = expansion->made - made;
	for (guint i = 0; i < begun->len; i++) {
		g_autofree char *text = g_strconcat(begun->pdata[i], behind, NULL);

		/* What it becomes is counted, and not its beginning once more. */
		expansion->made -= i < made;
		if (!atom_expand(expansion, g_string_chunk_insert(expansion->text, text), names,
				 error))
			return FALSE;
	}
	return TRUE;
}

gboolean bracket_expand(Expansion *expansion, const char *text, GPtrArray *names,
			GError **error)
{
	const char *open = strchr(text, '[');
	const char *close = strchr(open, ']');
	g_autofree char *before = g_strndup(text, open - text);
	g_autofree char *inside = g_strndup(open + 1, close - open - 1);
	g_auto(GStrv) items = g_strsplit(inside, ",", -1);

	for (guint i = 0; items[i]; i++)
		if (!expand_item(expansion, before, items[i], close + 1, names, error))
			return FALSE;
	return TRUE;
}
