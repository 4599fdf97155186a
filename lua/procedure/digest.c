#include "lua/procedure/digest.h"
#include <string.h>

void digest_add(GString *digest, const char *path)
{
	g_autofree char *text = NULL;
	g_autofree char *sum = NULL;
	gsize length;

	if (!g_file_get_contents(path, &text, &length, NULL))
		return;
	sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)text, length);
	g_string_append_printf(digest, "%s %s\n", path, sum);
}

/* Lines of one list that are not in the other. */
static void add_differing(GPtrArray *files, char **lines, char **others)
{
	for (guint i = 0; lines[i]; i++) {
		char *blank = strrchr(lines[i], ' ');
		g_autofree char *path = blank ? g_strndup(lines[i], blank - lines[i]) : NULL;

		if (path && !g_strv_contains((const char *const *)others, lines[i]) &&
		    !g_ptr_array_find_with_equal_func(files, path, g_str_equal, NULL))
			g_ptr_array_add(files, g_steal_pointer(&path));
	}
}

char *digest_differing(const char *now, const char *then)
{
	g_auto(GStrv) lines_now = g_strsplit(now, "\n", -1);
	g_auto(GStrv) lines_then = g_strsplit(then, "\n", -1);
	g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);

	add_differing(files, lines_now, lines_then);
	add_differing(files, lines_then, lines_now);
	if (files->len == 0)
		return NULL;
	g_ptr_array_add(files, NULL);
	return g_strjoinv(", ", (char **)files->pdata);
}
