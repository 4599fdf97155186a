/*
 * Files as they are made, and where they may lie.
 */
#include "core/base.h"
#include "core/services/boot/inside.h"
#include <arpa/inet.h>
#include <string.h>

/* ---- Paths ---- */

static char *path_of(const BootNode *node, const char *format, va_list arguments)
{
	GString *path = g_string_new(node->tftpdir);

	g_string_append_c(path, '/');
	g_string_append_vprintf(path, format, arguments);
	return g_string_free(path, FALSE);
}

char *boot_path(const BootNode *node, const char *format, ...)
{
	va_list arguments;
	char *path;

	va_start(arguments, format);
	path = path_of(node, format, arguments);
	va_end(arguments);
	return path;
}

void boot_add_path(GPtrArray *paths, const BootNode *node, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	g_ptr_array_add(paths, path_of(node, format, arguments));
	va_end(arguments);
}

char *boot_hex(const char *address, gboolean small)
{
	struct in_addr parsed = { 0 };

	inet_pton(AF_INET, address, &parsed);
	return g_strdup_printf(small ? "%08x" : "%08X", ntohl(parsed.s_addr));
}

static gboolean is_taken(const BootNode *node, const char *path)
{
	return node->taken && g_hash_table_contains(node->taken, path);
}

void boot_paths(const BootFacts *facts, guint i, GPtrArray *paths)
{
	const BootNode *node = &facts->nodes[i];
	g_autoptr(GPtrArray) own = g_ptr_array_new_with_free_func(g_free);
	const char *last = NULL;

	if (!node->format)
		return;
	node->format->paths(node, own);
	g_ptr_array_sort(own, text_compare);
	for (guint j = 0; j < own->len; j++) {
		const char *path = own->pdata[j];

		if (g_strcmp0(path, last) != 0 && !is_taken(node, path))
			g_ptr_array_add(paths, g_strdup(path));
		last = path;
	}
}

/* ---- Files ---- */

/* Keeps the path and one of the two. */
static void add_file(BootOutput *output, char *path, char *content, gsize length, char *target)
{
	BootFile *file = g_new0(BootFile, 1);

	file->path = path;
	file->content = content;
	file->length = length;
	file->target = target;
	if (is_taken(output->node, path))
		boot_file_free(file);
	else
		g_ptr_array_add(output->files, file);
}

void boot_add_file(BootOutput *output, char *path, GString *content)
{
	gsize length = content->len;

	add_file(output, path, g_string_free(content, FALSE), length, NULL);
}

void boot_add_copy(BootOutput *output, char *path, const GString *content)
{
	add_file(output, path, g_strndup(content->str, content->len), content->len, NULL);
}

void boot_add_link(BootOutput *output, char *path, const char *target)
{
	add_file(output, path, NULL, 0, g_strdup(target));
}

static int compare_files(gconstpointer a, gconstpointer b)
{
	const BootFile *const *first = a, *const *second = b;

	return strcmp((*first)->path, (*second)->path);
}

GPtrArray *boot_render(const BootFacts *facts, guint i)
{
	const BootNode *node = &facts->nodes[i];
	BootOutput output = { facts, node, NULL };

	if (!node->known)
		return NULL;
	output.files = g_ptr_array_new_with_free_func(boot_file_free);
	if (!node->none)
		node->format->render(&output);
	g_ptr_array_sort(output.files, compare_files);
	return output.files;
}
