/* Boot entries as texts, see text.h. */
#include "core/services/boot/text.h"
#include "core/base.h"
#include <string.h>

#define BLANKS "  " /* in front of the lines of a file */

G_DEFINE_QUARK(snmove - boot, boot_error)

void boot_file_free(gpointer data)
{
	BootFile *file = data;

	g_free(file->path);
	g_free(file->content);
	g_free(file->target);
	g_free(file);
}

/* ---- Written ---- */

static void add_escaped(GString *text, const char *name)
{
	for (const guchar *byte = (const guchar *)name; *byte; byte++)
		if (*byte > ' ' && *byte < 0x7f && *byte != '\\')
			g_string_append_c(text, (char)*byte);
		else
			g_string_append_printf(text, "\\%03o", *byte);
}

static void add_lines(GString *text, const BootFile *file)
{
	const char *at = file->content, *end = at + file->length;

	while (at < end) {
		const char *line_end = memchr(at, '\n', (gsize)(end - at));
		const char *stop = line_end ? line_end : end;

		g_string_append(text, BLANKS);
		g_string_append_len(text, at, stop - at);
		g_string_append_c(text, '\n');
		if (!line_end)
			g_string_append(text, "\\\n");
		at = stop + 1;
	}
}

static int by_path(gconstpointer a, gconstpointer b)
{
	return strcmp((*(BootFile *const *)a)->path, (*(BootFile *const *)b)->path);
}

char *boot_text(const GPtrArray *files)
{
	GString *text = g_string_new(NULL);
	g_autoptr(GPtrArray) sorted = g_ptr_array_new();

	for (guint i = 0; i < files->len; i++)
		g_ptr_array_add(sorted, files->pdata[i]);
	g_ptr_array_sort(sorted, by_path);
	for (guint i = 0; i < sorted->len; i++) {
		const BootFile *file = sorted->pdata[i];

		add_escaped(text, file->path);
		g_string_append(text, file->target ? " -> " : ":\n");
		if (file->target) {
			add_escaped(text, file->target);
			g_string_append_c(text, '\n');
		} else {
			add_lines(text, file);
		}
	}
	return g_string_free(text, sorted->len == 0);
}

/* ---- Read ---- */

static char *unescaped(const char *text, gsize length)
{
	g_autofree char *copy = g_strndup(text, length);

	return g_strcompress(copy);
}

static gboolean take_head(GPtrArray *files, const char *line, gsize length)
{
	const char *arrow = g_strstr_len(line, (gssize)length, " -> ");
	BootFile *file;

	if (*line != '/' || (!arrow && line[length - 1] != ':'))
		return FALSE;
	file = g_new0(BootFile, 1);
	g_ptr_array_add(files, file);
	if (arrow) {
		file->path = unescaped(line, (gsize)(arrow - line));
		file->target = unescaped(arrow + 4, length - (gsize)(arrow + 4 - line));
	} else {
		file->path = unescaped(line, length - 1);
		file->content = g_strdup("");
	}
	return TRUE;
}

/* The lines of a file, up to the next head.  Gives what comes behind. */
static const char *take_lines(BootFile *file, const char *at)
{
	GString *content = g_string_new(NULL);

	while (g_str_has_prefix(at, BLANKS) || g_str_has_prefix(at, "\\\n")) {
		const char *end = strchr(at, '\n');

		if (*at == '\\')
			g_string_truncate(content, content->len ? content->len - 1 : 0);
		else if (end)
			g_string_append_len(content, at + strlen(BLANKS),
					    end + 1 - (at + strlen(BLANKS)));
		if (!end)
			break;
		at = end + 1;
	}
	g_free(file->content);
	file->length = content->len;
	file->content = g_string_free(content, FALSE);
	return at;
}

GPtrArray *boot_files(const char *text, GError **error)
{
	g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(boot_file_free);

	while (*text) {
		const char *end = strchr(text, '\n');
		BootFile *file;

		if (!end || end == text || !take_head(files, text, (gsize)(end - text))) {
			g_set_error(error, BOOT_ERROR, 0,
				    "no boot entry as it is kept: '%.60s'", text);
			return NULL;
		}
		file = files->pdata[files->len - 1];
		text = file->target ? end + 1 : take_lines(file, end + 1);
	}
	return g_steal_pointer(&files);
}
