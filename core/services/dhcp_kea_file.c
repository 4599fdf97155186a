/* Kea's files: what they have of nodes, and what they become. */
#include "core/base.h"
#include "core/services/dhcp_kea.h"
#include <string.h>

#define DEPTH "  "

/* Kea 2.2 does not take an empty list of client classes, so the last one leaves this. */
#define NO_CLASS "{\"name\": \"snmove-none\"}"

/* ---- Texts ---- */

static void put_elements(GString *text, const char *indent, const json_t *elements)
{
	const json_t *element;

	for (size_t i = 0; (element = json_array_get(elements, i)); i++) {
		char *line = json_dumps(element, JSON_SORT_KEYS);

		g_string_append_printf(text, "%s\n%s%s", i ? "," : "", indent, line);
		free(line); /* NOLINT(bugprone-unused-return-value): Jansson's memory */
	}
}

char *dhcp_kea_lay_out(json_t *subnets, json_t *classes)
{
	GString *text = g_string_new(NULL);
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	json_t *elements;

	for (void *at = json_object_iter(subnets); at; at = json_object_iter_next(subnets, at))
		g_ptr_array_add(names, (gpointer)json_object_iter_key(at));
	g_ptr_array_sort(names, text_compare);
	for (guint i = 0; i < names->len; i++) {
		elements = json_object_get(subnets, names->pdata[i]);
		g_string_append_printf(text, "%s\n" DEPTH "\"%s\": [", i ? "," : "",
				       (const char *)names->pdata[i]);
		put_elements(text, DEPTH DEPTH, elements);
		g_string_append(text, "\n" DEPTH "]");
	}
	if (json_array_size(classes) > 0) {
		g_string_append_printf(text, "%s\n" DEPTH "\"" DHCP_KEA_CLASSES "\": [",
				       text->len ? "," : "");
		put_elements(text, DEPTH DEPTH, classes);
		g_string_append(text, "\n" DEPTH "]");
	}
	if (text->len > 0)
		g_string_append(g_string_prepend(text, "{"), "\n}\n");
	json_decref(subnets);
	json_decref(classes);
	return g_string_free(text, text->len == 0);
}

/* ---- Reading ---- */

/* Node -> array of what one file has of it. */
static GHashTable *collect(const GArray *elements)
{
	GHashTable *found = g_hash_table_new_full(g_str_hash, g_str_equal, NULL,
						  (GDestroyNotify)json_decref);

	for (guint i = 0; i < elements->len; i++) {
		const KeaElement *element = &g_array_index(elements, KeaElement, i);
		json_t *array =
			element->owner ? g_hash_table_lookup(found, element->owner) : NULL;

		if (!element->owner)
			continue;
		if (!array) {
			array = json_array();
			g_hash_table_insert(found, element->owner, array);
		}
		json_array_append(array, element->value);
	}
	return found;
}

/* Adds what a file has of each node to the node's object. */
static gboolean read_file(const DhcpFile *file, const char *const *nodes, guint n,
			  json_t **objects, GError **error)
{
	gsize open, close;
	g_autoptr(GArray) elements = dhcp_kea_elements(file, &open, &close, error);
	g_autoptr(GHashTable) found = elements ? collect(elements) : NULL;

	if (!elements)
		return FALSE;
	for (guint i = 0; i < n; i++) {
		json_t *array = g_hash_table_lookup(found, nodes[i]);

		if (array)
			json_object_set(objects[i], file->name, array);
	}
	return TRUE;
}

static char *lay_out_all(json_t *object)
{
	json_t *classes = json_incref(json_object_get(object, DHCP_KEA_CLASSES));

	json_object_del(object, DHCP_KEA_CLASSES);
	return dhcp_kea_lay_out(object, classes);
}

gboolean dhcp_kea_read(const DhcpFile *files, guint n_files, const char *const *nodes, guint n,
		       char **texts, GError **error)
{
	g_autofree json_t **objects = g_new0(json_t *, MAX(n, 1));
	gboolean good = TRUE;

	for (guint i = 0; i < n; i++)
		objects[i] = json_object();
	for (guint i = 0; good && i < n_files; i++)
		if (files[i].content)
			good = read_file(&files[i], nodes, n, objects, error);
	for (guint i = 0; i < n; i++)
		if (good)
			texts[i] = lay_out_all(objects[i]);
		else
			json_decref(objects[i]);
	return good;
}

/* ---- Writing ---- */

/* What is to be in the files, by node. */
typedef struct {
	const char *const *nodes;
	json_t **objects; /* what each text says: {} if there is none */
	guint n;
} Wanted;

static const json_t *wanted_in(const Wanted *wanted, guint i, const DhcpFile *file)
{
	return json_object_get(wanted->objects[i], file->name);
}

/* Node -> what is to be in the file of it (NULL: nothing), if that is not so. */
static GHashTable *find_changes(const DhcpFile *file, GHashTable *found, const Wanted *wanted)
{
	GHashTable *changes = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < wanted->n; i++) {
		const json_t *now = g_hash_table_lookup(found, wanted->nodes[i]);
		const json_t *then = wanted_in(wanted, i, file);

		if (now != then && !json_equal(now, then))
			g_hash_table_insert(changes, (gpointer)wanted->nodes[i],
					    (gpointer)then);
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

static void put_array(GString *content, gboolean *any, const json_t *array)
{
	const json_t *element;

	for (size_t i = 0; (element = json_array_get(array, i)); i++) {
		char *line = json_dumps(element, JSON_SORT_KEYS);
		g_autofree char *piece = g_strconcat("\n" DEPTH, line, NULL);

		put_piece(content, any, piece, strlen(piece));
		free(line); /* NOLINT(bugprone-unused-return-value): Jansson's memory */
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
		gpointer array = NULL;

		if (is_placeholder(element))
			continue;
		if (!element->owner ||
		    (!g_hash_table_contains(seen, element->owner) &&
		     !g_hash_table_lookup_extended(changes, element->owner, NULL, &array))) {
			put_piece(content, any, file->content + element->lead,
				  element->trail - element->lead);
			continue;
		}
		put_array(content, any, array);
		g_hash_table_add(seen, element->owner);
		g_hash_table_remove(changes, element->owner);
	}
}

static void put_new(GString *content, gboolean *any, GHashTable *changes)
{
	g_autoptr(GList) names =
		g_list_sort(g_hash_table_get_keys(changes), (GCompareFunc)strcmp);

	for (GList *item = names; item; item = item->next)
		put_array(content, any, g_hash_table_lookup(changes, item->data));
}

static gboolean write_file(const DhcpFile *given, const Wanted *wanted, GString **written,
			   GError **error)
{
	const DhcpFile file = { given->name, given->content ? given->content : "",
				given->content ? given->length : 0 };
	gsize open, close;
	g_autoptr(GArray) elements = dhcp_kea_elements(&file, &open, &close, error);
	g_autoptr(GHashTable) found = elements ? collect(elements) : NULL;
	g_autoptr(GHashTable) changes = elements ? find_changes(&file, found, wanted) : NULL;
	gboolean any = FALSE;

	if (!elements)
		return FALSE;
	if (g_hash_table_size(changes) == 0)
		return TRUE;
	*written = g_string_new_len(file.content, (gssize)open);
	g_string_append_c(*written, '[');
	put_old(*written, &any, &file, elements, changes);
	put_new(*written, &any, changes);
	if (!any && g_str_equal(file.name, DHCP_KEA_CLASSES))
		put_piece(*written, &any, "\n" DEPTH NO_CLASS, strlen("\n" DEPTH NO_CLASS));
	if (close == open) {
		g_string_append(*written, "\n]\n");
		return TRUE;
	}
	if (elements->len > 0)
		close = g_array_index(elements, KeaElement, elements->len - 1).trail;
	else if (file.content[close - 1] == '[')
		g_string_append_c(*written, '\n');
	g_string_append_len(*written, file.content + close, (gssize)(file.length - close));
	return TRUE;
}

/* Is there a file for all that a text has? */
static gboolean has_files(const char *node, json_t *object, const DhcpFile *files,
			  guint n_files, GError **error)
{
	for (void *at = json_object_iter(object); at; at = json_object_iter_next(object, at)) {
		const char *name = json_object_iter_key(at);
		guint i = 0;

		while (i < n_files && !g_str_equal(files[i].name, name))
			i++;
		if (i < n_files)
			continue;
		g_set_error(
			error, DHCP_ERROR, 0,
			"the entry of %s has reservations in %s, and Kea has no file for that "
			"subnet",
			node, name);
		return FALSE;
	}
	return TRUE;
}

static gboolean parse_text(const char *node, const char *text, json_t **object, GError **error)
{
	g_autofree char *quoted = NULL;

	*object = text ? json_loads(text, 0, NULL) : json_object();
	if (json_is_object(*object))
		return TRUE;
	quoted = text_quote(node);
	g_set_error(error, DHCP_ERROR, 0, "the entry of %s for Kea is not JSON", quoted);
	return FALSE;
}

gboolean dhcp_kea_write(const DhcpFile *files, guint n_files, const char *const *nodes, guint n,
			const char *const *texts, GString **written, GError **error)
{
	g_autofree json_t **objects = g_new0(json_t *, MAX(n, 1));
	Wanted wanted = { nodes, objects, n };
	gboolean good = TRUE;

	for (guint i = 0; good && i < n; i++)
		good = parse_text(nodes[i], texts[i], &objects[i], error) &&
		       has_files(nodes[i], objects[i], files, n_files, error);
	for (guint i = 0; good && i < n_files; i++)
		good = write_file(&files[i], &wanted, &written[i], error);
	for (guint i = 0; i < n; i++)
		json_decref(objects[i]);
	for (guint i = 0; !good && i < n_files; i++)
		if (written[i])
			g_string_free(g_steal_pointer(&written[i]), TRUE);
	return good;
}
