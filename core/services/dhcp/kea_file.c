/* Kea's files: what they have of nodes, and what they become. */
#include "core/base.h"
#include "core/services/dhcp/kea.h"
#include <string.h>

#define DEPTH "  "

/* Files without entries, as their first ones are asked for.  Kea 2.2 does not take an empty
 * list of client classes. */
#define NO_RESERVATIONS "[]"
#define NO_CLASSES	"[ {\"name\": \"snmove-none\"} ]"

/* ---- Reading ---- */

static void unref_parts(gpointer parts)
{
	if (parts)
		g_hash_table_unref(parts);
}

/* Those nodes, without anything yet: name -> parts, or NULL. */
static GHashTable *make_nodes(const char *const *nodes, guint n)
{
	GHashTable *all = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, unref_parts);

	for (guint i = 0; i < n; i++)
		g_hash_table_insert(all, (gpointer)nodes[i], NULL);
	return all;
}

/* Adds what one file has of each. */
static void collect(const DhcpFile *file, const GArray *elements, GHashTable *nodes)
{
	for (guint i = 0; i < elements->len; i++) {
		const KeaElement *element = &g_array_index(elements, KeaElement, i);
		gpointer node, parts;

		if (!element->owner ||
		    !g_hash_table_lookup_extended(nodes, element->owner, &node, &parts))
			continue;
		if (!parts) {
			parts = dhcp_kea_parts();
			g_hash_table_insert(nodes, node, parts);
		}
		dhcp_kea_add(parts, file->name, json_incref(element->value));
	}
}

gboolean dhcp_kea_read(const DhcpFile *files, guint n_files, const char *const *nodes, guint n,
		       char **texts, GError **error)
{
	g_autoptr(GHashTable) found = make_nodes(nodes, n);

	for (guint i = 0; i < n_files; i++) {
		gsize open, close;
		g_autoptr(GArray) elements = NULL;

		if (!files[i].content)
			continue;
		elements = dhcp_kea_elements(&files[i], &open, &close, error);
		if (!elements)
			return FALSE;
		collect(&files[i], elements, found);
	}
	for (guint i = 0; i < n; i++) {
		GHashTable *parts = g_hash_table_lookup(found, nodes[i]);

		texts[i] = parts ? dhcp_kea_lay_out(parts) : NULL;
	}
	return TRUE;
}

/* ---- Writing ---- */

/* What is to be in the files. */
typedef struct {
	const char *const *nodes;
	GHashTable **parts; /* of each */
	guint n;
} Wanted;

static const char *lines_in(GHashTable *parts, const DhcpFile *file)
{
	const GString *lines = parts ? g_hash_table_lookup(parts, file->name) : NULL;

	return lines ? lines->str : "";
}

/* Node -> the lines that are to be in the file of it ("": none), if that is not so. */
static GHashTable *find_changes(const DhcpFile *file, const GArray *elements,
				const Wanted *wanted)
{
	GHashTable *changes = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GHashTable) found = make_nodes(wanted->nodes, wanted->n);

	collect(file, elements, found);
	for (guint i = 0; i < wanted->n; i++) {
		const char *node = wanted->nodes[i];
		const char *then = lines_in(wanted->parts[i], file);

		if (!g_str_equal(lines_in(g_hash_table_lookup(found, node), file), then))
			g_hash_table_insert(changes, (gpointer)node, (gpointer)then);
	}
	return changes;
}

static void put_piece(GString *content, gboolean *any, const char *bytes, gsize length)
{
	if (*any)
		g_string_append_c(content, ',');
	g_string_append_len(content, bytes, (gssize)length);
	*any = TRUE;
}

static void put_lines(GString *content, gboolean *any, const char *lines)
{
	for (const char *line = lines, *end; (end = strchr(line, '\n')); line = end + 1) {
		put_piece(content, any, "\n" DEPTH, strlen("\n" DEPTH));
		g_string_append_len(content, line, end - line);
	}
}

static gboolean is_placeholder(const KeaElement *element)
{
	return g_strcmp0(json_string_value(json_object_get(element->value, "name")),
			 "snmove-none") == 0;
}

/* Those that were there before, each in its place: what is left of changes is new. */
static void put_old(GString *content, gboolean *any, const DhcpFile *file,
		    const GArray *elements, GHashTable *changes)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < elements->len; i++) {
		const KeaElement *element = &g_array_index(elements, KeaElement, i);
		const char *owner = element->owner;
		const char *lines = owner ? g_hash_table_lookup(changes, owner) : NULL;

		if (is_placeholder(element) || (owner && g_hash_table_contains(seen, owner)))
			continue;
		if (!lines) {
			put_piece(content, any, file->content + element->lead,
				  element->trail - element->lead);
			continue;
		}
		put_lines(content, any, lines);
		g_hash_table_add(seen, element->owner);
		g_hash_table_remove(changes, owner);
	}
}

static void put_new(GString *content, gboolean *any, GHashTable *changes)
{
	g_autoptr(GList) names =
		g_list_sort(g_hash_table_get_keys(changes), (GCompareFunc)strcmp);

	for (GList *item = names; item; item = item->next)
		put_lines(content, any, g_hash_table_lookup(changes, item->data));
}

/* From the last element on, or from the bracket that closes an array without one. */
static void put_end(GString *content, const DhcpFile *file, const GArray *elements, gsize open,
		    gsize close)
{
	const KeaElement *last =
		elements->len > 0 ? &g_array_index(elements, KeaElement, elements->len - 1)
				  : NULL;

	if (close == open) {
		g_string_append(content, "\n]\n");
		return;
	}
	if (last && !is_placeholder(last))
		close = last->trail;
	else
		g_string_append_c(content, '\n');
	g_string_append_len(content, file->content + close, (gssize)(file->length - close));
}

/* Nothing is left of the array's elements: it is as it was before them. */
static void put_nothing(GString *content, const DhcpFile *file, gsize close)
{
	gboolean classes = g_str_equal(file->name, DHCP_KEA_CLASSES);

	g_string_append(content, classes ? NO_CLASSES : NO_RESERVATIONS);
	g_string_append_len(content, file->content + close + 1,
			    (gssize)(file->length - close - 1));
}

static gboolean write_file(const DhcpFile *given, const Wanted *wanted, GString **written,
			   GError **error)
{
	const DhcpFile file = { given->name, given->content ? given->content : "",
				given->content ? given->length : 0 };
	gsize open, close;
	g_autoptr(GArray) elements = dhcp_kea_elements(&file, &open, &close, error);
	g_autoptr(GHashTable) changes = elements ? find_changes(&file, elements, wanted) : NULL;
	g_autoptr(GString) array = NULL;
	gboolean any = FALSE;

	if (!elements)
		return FALSE;
	if (g_hash_table_size(changes) == 0)
		return TRUE;
	*written = g_string_new_len(file.content, (gssize)open);
	array = g_string_new("[");
	put_old(array, &any, &file, elements, changes);
	put_new(array, &any, changes);
	if (any) {
		g_string_append_len(*written, array->str, (gssize)array->len);
		put_end(*written, &file, elements, open, close);
	} else {
		put_nothing(*written, &file, close);
	}
	return TRUE;
}

static gboolean is_file(const char *name, const DhcpFile *files, guint n_files)
{
	for (guint i = 0; i < n_files; i++)
		if (g_str_equal(files[i].name, name))
			return TRUE;
	return FALSE;
}

/* Is there a file for all that a text has? */
static gboolean has_files(const char *node, GHashTable *parts, const DhcpFile *files,
			  guint n_files, GError **error)
{
	GHashTableIter iter;
	gpointer name;

	g_hash_table_iter_init(&iter, parts);
	while (g_hash_table_iter_next(&iter, &name, NULL)) {
		if (is_file(name, files, n_files))
			continue;
		g_set_error(error, DHCP_ERROR, 0,
			    "the entry of %s has something in %s, and Kea has no file for that",
			    node, (const char *)name);
		return FALSE;
	}
	return TRUE;
}

static gboolean parse_text(const char *node, const char *text, GHashTable **parts,
			   GError **error)
{
	g_autofree char *quoted = NULL;

	*parts = text ? dhcp_kea_parse(text) : dhcp_kea_parts();
	if (*parts)
		return TRUE;
	quoted = text_quote(node);
	g_set_error(error, DHCP_ERROR, 0, "the entry of %s is not one for Kea", quoted);
	return FALSE;
}

gboolean dhcp_kea_write(const DhcpFile *files, guint n_files, const char *const *nodes, guint n,
			const char *const *texts, GString **written, GError **error)
{
	g_autoptr(GPtrArray) parts = g_ptr_array_new_full(n, unref_parts);
	Wanted wanted = { .nodes = nodes, .n = n };
	gboolean good = TRUE;

	for (guint i = 0; i < n; i++) {
		GHashTable *of_node;

		if (!parse_text(nodes[i], texts[i], &of_node, error))
			return FALSE;
		g_ptr_array_add(parts, of_node);
		if (!has_files(nodes[i], of_node, files, n_files, error))
			return FALSE;
	}
	wanted.parts = (GHashTable **)parts->pdata;
	for (guint i = 0; good && i < n_files; i++)
		good = write_file(&files[i], &wanted, &written[i], error);
	for (guint i = 0; !good && i < n_files; i++)
		if (written[i])
			g_string_free(g_steal_pointer(&written[i]), TRUE);
	return good;
}
