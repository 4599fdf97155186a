/*
 * The text of a node's entry for Kea: JSON, an element a line, so that a difference shows what
 * it is. It is only ever made here, so it is read by its lines.
 */
#include "core/base.h"
#include "core/services/dhcp/kea.h"
#include <string.h>

#define OPEN	"  \""	/* in front of the name of a file */
#define OPENED	"\": [" /* behind it */
#define CLOSED	"  ]"
#define ELEMENT "    "

static void free_lines(gpointer lines)
{
	g_string_free(lines, TRUE);
}

GHashTable *dhcp_kea_parts(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_lines);
}

static GString *find_lines(GHashTable *parts, const char *file)
{
	GString *lines = g_hash_table_lookup(parts, file);

	if (!lines) {
		lines = g_string_new(NULL);
		g_hash_table_insert(parts, g_strdup(file), lines);
	}
	return lines;
}

static int append(const char *bytes, size_t length, void *lines)
{
	g_string_append_len(lines, bytes, (gssize)length);
	return 0;
}

void dhcp_kea_add(GHashTable *parts, const char *file, json_t *element)
{
	GString *lines = find_lines(parts, file);

	json_dump_callback(element, append, lines, JSON_SORT_KEYS);
	g_string_append_c(lines, '\n');
	json_decref(element);
}

/* Lines of elements, with commas between them. */
static void put_lines(GString *text, const char *lines)
{
	for (const char *line = lines, *end; (end = strchr(line, '\n')); line = end + 1)
		g_string_append_printf(text, ELEMENT "%.*s%s\n", (int)(end - line), line,
				       end[1] ? "," : "");
}

/* Subnets first: digits are before letters. */
char *dhcp_kea_lay_out(GHashTable *parts)
{
	g_autofree gpointer *names = g_hash_table_get_keys_as_array(parts, NULL);
	guint n = g_hash_table_size(parts);
	GString *text;

	if (n == 0)
		return NULL;
	qsort(names, n, sizeof(*names), text_compare);
	text = g_string_new("{\n");
	for (guint i = 0; i < n; i++) {
		const GString *lines = g_hash_table_lookup(parts, names[i]);

		g_string_append_printf(text, OPEN "%s" OPENED "\n", (const char *)names[i]);
		put_lines(text, lines->str);
		g_string_append_printf(text, CLOSED "%s\n", i + 1 < n ? "," : "");
	}
	g_string_append(text, "}\n");
	return g_string_free(text, FALSE);
}

static gboolean take_line(GHashTable *parts, GString **lines, const char *line, gsize length)
{
	if (*lines && length > strlen(ELEMENT) && g_str_has_prefix(line, ELEMENT "{")) {
		line += strlen(ELEMENT);
		length -= strlen(ELEMENT);
		g_string_append_len(*lines, line, (gssize)(length - (line[length - 1] == ',')));
		g_string_append_c(*lines, '\n');
		return TRUE;
	}
	if (*lines && g_str_has_prefix(line, CLOSED)) {
		*lines = NULL;
		return TRUE;
	}
	if (!*lines && g_str_has_prefix(line, OPEN) && length > strlen(OPEN) + strlen(OPENED)) {
		g_autofree char *name =
			g_strndup(line + strlen(OPEN), length - strlen(OPEN) - strlen(OPENED));

		*lines = find_lines(parts, name);
		return TRUE;
	}
	return length == 1 && strchr("{}", *line);
}

GHashTable *dhcp_kea_parse(const char *text)
{
	g_autoptr(GHashTable) parts = dhcp_kea_parts();
	GString *lines = NULL;
	const char *end;

	for (const char *line = text; *line; line = end + 1) {
		end = strchr(line, '\n');
		if (!end || !take_line(parts, &lines, line, (gsize)(end - line)))
			return NULL;
	}
	return lines ? NULL : g_steal_pointer(&parts);
}
