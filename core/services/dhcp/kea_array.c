/*
 * A file that is a JSON array, as bytes: who writes one element keeps all others as they are,
 * and the comments that Kea allows around them.
 */
#include "core/services/dhcp/kea.h"
#include <string.h>

typedef struct {
	const DhcpFile *file;
	gsize at;
} Scan;

static gboolean refuse(const Scan *scan, const char *words, GError **error)
{
	g_set_error(error, DHCP_ERROR, 0, "line %u of %s: %s; look at the file",
		    dhcp_line(scan->file->content, scan->file->content + scan->at),
		    scan->file->name, words);
	return FALSE;
}

static char peek(const Scan *scan)
{
	return scan->at < scan->file->length ? scan->file->content[scan->at] : '\0';
}

static gboolean is_at(const Scan *scan, const char *text)
{
	gsize length = strlen(text);

	return scan->at + length <= scan->file->length &&
	       !strncmp(scan->file->content + scan->at, text, length);
}

/* Behind `text`, or at the end of the file. */
static void skip_to(Scan *scan, const char *text)
{
	while (scan->at < scan->file->length && !is_at(scan, text))
		scan->at++;
	scan->at = MIN(scan->at + strlen(text), scan->file->length);
}

static void skip_blanks(Scan *scan)
{
	while (g_ascii_isspace(peek(scan)))
		scan->at++;
}

/* Blanks and comments: `# ...`, `// ...`, and between slashes and stars. */
static gboolean skip_comment(Scan *scan)
{
	if (is_at(scan, "#") || is_at(scan, "//"))
		skip_to(scan, "\n");
	else if (is_at(scan, "/*"))
		skip_to(scan, "*/");
	else
		return FALSE;
	return TRUE;
}

static void skip_between(Scan *scan)
{
	do
		skip_blanks(scan);
	while (skip_comment(scan));
}

/* The same, but the blanks behind the last comment are not taken. */
static void skip_comments(Scan *scan)
{
	gsize behind;

	do {
		behind = scan->at;
		skip_blanks(scan);
	} while (skip_comment(scan));
	scan->at = behind;
}

static void skip_string(Scan *scan)
{
	for (scan->at++; peek(scan) && peek(scan) != '"'; scan->at++)
		if (peek(scan) == '\\')
			scan->at++;
	scan->at = MIN(scan->at + 1, scan->file->length);
}

/* Up to a comma or bracket that is not within it. */
static gboolean skip_value(Scan *scan, GError **error)
{
	guint depth = 0;

	while (scan->at < scan->file->length) {
		char byte = peek(scan);

		if (byte == '"') {
			skip_string(scan);
			continue;
		}
		if (skip_comment(scan))
			continue;
		if (depth == 0 && (byte == ',' || byte == ']' || g_ascii_isspace(byte)))
			return TRUE;
		if (byte == '{' || byte == '[')
			depth++;
		if ((byte == '}' || byte == ']') && --depth == 0) {
			scan->at++;
			return TRUE;
		}
		scan->at++;
	}
	return refuse(scan, "its array has no end", error);
}

/* Of a reservation the name that the node is told; of a class what xCAT notes there. */
static const char *owner_of(const json_t *value)
{
	const json_t *context = json_object_get(value, "user-context");
	const char *node = json_string_value(json_object_get(context, "xcat-node"));
	const json_t *options = json_object_get(value, "option-data"), *option;

	if (node)
		return node;
	for (size_t i = 0; (option = json_array_get(options, i)); i++)
		if (g_strcmp0(json_string_value(json_object_get(option, "name")),
			      "host-name") == 0)
			return json_string_value(json_object_get(option, "data"));
	return json_string_value(json_object_get(value, "hostname"));
}

static gboolean take_element(Scan *scan, GArray *elements, GError **error)
{
	KeaElement element = { .lead = scan->at };

	skip_between(scan);
	element.start = scan->at;
	if (!skip_value(scan, error))
		return FALSE;
	element.end = scan->at;
	skip_comments(scan);
	element.trail = scan->at;
	skip_between(scan);
	if (element.end == element.start || !strchr(",]", peek(scan)) || !peek(scan))
		return refuse(scan, "an element, a comma or the end of its array is missing",
			      error);
	element.value = json_loadb(scan->file->content + element.start,
				   element.end - element.start, JSON_DECODE_ANY, NULL);
	element.owner = g_strdup(owner_of(element.value));
	g_array_append_val(elements, element);
	return TRUE;
}

static gboolean take_elements(Scan *scan, GArray *elements, gsize *open, gsize *close,
			      GError **error)
{
	skip_between(scan);
	*open = *close = scan->at;
	if (scan->at == scan->file->length)
		return TRUE;
	if (peek(scan) != '[')
		return refuse(scan, "it is no array of JSON", error);
	scan->at++;
	skip_between(scan);
	if (peek(scan) != ']')
		scan->at = *open; /* comments go with the first element */
	while (peek(scan) != ']') {
		scan->at++;
		if (!take_element(scan, elements, error))
			return FALSE;
	}
	*close = scan->at++;
	skip_between(scan);
	return scan->at == scan->file->length ||
	       refuse(scan, "there is something behind its array", error);
}

static void clear_element(gpointer data)
{
	KeaElement *element = data;

	g_free(element->owner);
	json_decref(element->value);
}

GArray *dhcp_kea_elements(const DhcpFile *file, gsize *open, gsize *close, GError **error)
{
	Scan scan = { .file = file };
	GArray *elements = g_array_new(FALSE, FALSE, sizeof(KeaElement));

	g_array_set_clear_func(elements, clear_element);
	if (take_elements(&scan, elements, open, close, error))
		return elements;
	g_array_unref(elements);
	return NULL;
}
