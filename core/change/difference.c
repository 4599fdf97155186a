#include "core/change/difference.h"
#include "core/base.h"
#include <string.h>

/* NULL: it is no text.  Gives a vector. */
static char **lines_of(GBytes *bytes)
{
	gsize length = 0;
	const char *data = bytes ? g_bytes_get_data(bytes, &length) : NULL;
	g_autofree char *text = g_strndup(data ? data : "", length);

	if (strlen(text) != length)
		return NULL;
	if (length > 0 && text[length - 1] == '\n')
		text[length - 1] = '\0';
	return length > 0 ? g_strsplit(text, "\n", -1) : g_new0(char *, 1);
}

static void add_lines(GPtrArray *found, const char *sign, char **lines, guint from, guint to,
		      guint most)
{
	for (guint i = from; i < to; i++) {
		g_autofree char *plain = NULL;

		if (i - from == most) {
			g_ptr_array_add(found, g_strdup_printf("%s (%u more)", sign, to - i));
			return;
		}
		plain = text_plain(lines[i]);
		g_ptr_array_add(found, g_strconcat(sign, plain, NULL));
	}
}

char **difference_lines(GBytes *old, GBytes *new, guint most)
{
	g_auto(GStrv) before = lines_of(old);
	g_auto(GStrv) after = lines_of(new);
	guint first = 0, n, m;
	GPtrArray *found;

	if (!before || !after)
		return NULL;
	n = g_strv_length(before);
	m = g_strv_length(after);
	while (first < MIN(n, m) && g_str_equal(before[first], after[first]))
		first++;
	while (n > first && m > first && g_str_equal(before[n - 1], after[m - 1])) {
		n--;
		m--;
	}
	found = g_ptr_array_new();
	add_lines(found, "-", before, first, n, most);
	add_lines(found, "+", after, first, m, most);
	g_ptr_array_add(found, NULL);
	return (char **)g_ptr_array_free(found, FALSE);
}
