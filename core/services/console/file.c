/* conserver.cf: the blocks between xCAT's marks, and every other byte as it is. */
#include "core/base.h"
#include "core/services/console/inside.h"
#include <string.h>

#define BEGIN "#xCAT BEGIN "
#define END   "#xCAT END "
#define CONS  " CONS"

G_DEFINE_QUARK(console - error - quark, console_error)

/* A block with its marks. */
typedef struct {
	char *node;
	gsize start, end;
} Block;

static void clear_block(gpointer data)
{
	g_free(((Block *)data)->node);
}

static gsize line_length(const char *p, const char *end)
{
	const char *line_end = memchr(p, '\n', (gsize)(end - p));

	return (gsize)((line_end ? line_end : end) - p);
}

/* The node of a mark; NULL: the line is none.  Gives the name. */
static char *node_of(const char *line, gsize length, const char *mark)
{
	gsize before = strlen(mark), behind = strlen(CONS);

	while (length > 0 && g_ascii_isspace(line[length - 1]))
		length--;
	if (length <= before + behind || strncmp(line, mark, before) != 0 ||
	    strncmp(line + length - behind, CONS, behind) != 0)
		return NULL;
	return g_strndup(line + before, length - before - behind);
}

static gboolean refuse(const ServiceFile *file, const char *at, const char *words,
		       GError **error)
{
	guint line = 1;

	for (const char *p = file->content; p < at; p++)
		line += *p == '\n';
	g_set_error(error, CONSOLE_ERROR, 0, "%s: line %u: %s", file->path, line, words);
	return FALSE;
}

/* Behind the end of the block whose mark was before `p`; NULL: another mark comes first. */
static const char *find_end(const char *p, const char *end, const char *node)
{
	while (p < end) {
		gsize length = line_length(p, end);
		g_autofree char *next = node_of(p, length, BEGIN);
		g_autofree char *ends = next ? NULL : node_of(p, length, END);

		if (next || (ends && !g_str_equal(ends, node)))
			return NULL;
		p = MIN(p + length + 1, end);
		if (ends)
			return p;
	}
	return NULL;
}

static gboolean find_blocks(const ServiceFile *file, GArray *blocks, GError **error)
{
	const char *p = file->content, *end = p + file->length;

	while (p < end) {
		gsize length = line_length(p, end);
		char *node = *p == '#' ? node_of(p, length, BEGIN) : NULL;
		const char *behind = MIN(p + length + 1, end);

		if (node) {
			Block block = { .node = node, .start = (gsize)(p - file->content) };

			behind = find_end(behind, end, node);
			block.end = behind ? (gsize)(behind - file->content) : 0;
			g_array_append_val(blocks, block);
			if (!behind)
				return refuse(file, p,
					      "the mark of xCAT has no end: "
					      "makeconservercf mends it",
					      error);
		}
		p = behind;
	}
	return TRUE;
}

static GArray *read_blocks(const ServiceFile *file, GError **error)
{
	GArray *blocks = g_array_new(FALSE, TRUE, sizeof(Block));

	g_array_set_clear_func(blocks, clear_block);
	if (memchr(file->content, '\0', file->length)) {
		g_set_error(error, CONSOLE_ERROR, 0, "%s is no text", file->path);
	} else if (find_blocks(file, blocks, error)) {
		return blocks;
	}
	g_array_unref(blocks);
	return NULL;
}

static void free_string(gpointer string)
{
	g_string_free(string, TRUE);
}

/* What the file has of each node: name -> GString. */
static GHashTable *collect(const ServiceFile *file, const GArray *blocks)
{
	GHashTable *texts = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_string);

	for (guint i = 0; i < blocks->len; i++) {
		const Block *block = &g_array_index(blocks, Block, i);
		GString *text = g_hash_table_lookup(texts, block->node);

		if (!text) {
			text = g_string_new(NULL);
			g_hash_table_insert(texts, block->node, text);
		}
		g_string_append_len(text, file->content + block->start,
				    (gssize)(block->end - block->start));
	}
	return texts;
}

/* A file that is not there has nothing. */
static ServiceFile content_of(const ServiceFile *file)
{
	return (ServiceFile){ .path = file->path,
			      .content = file->content ? file->content : "",
			      .length = file->content ? file->length : 0 };
}

/* Passwords are nobody's to journal: such a block is not ours. */
static gboolean has_no_password(const ServiceFile *file, const char *node, const char *text,
				GError **error)
{
	g_autofree char *lower = g_ascii_strdown(text, -1);
	g_autofree char *quoted = NULL;

	if (!strstr(lower, "password"))
		return TRUE;
	quoted = text_quote(node);
	g_set_error(error, CONSOLE_ERROR, 0,
		    "the console of %s in %s has a password, and is none of ours: move it by "
		    "hand",
		    quoted, file->path);
	return FALSE;
}

gboolean console_read(const ServiceFile *file, const char *const *nodes, guint n, char **texts,
		      GError **error)
{
	const ServiceFile there = content_of(file);
	g_autoptr(GArray) blocks = read_blocks(&there, error);
	g_autoptr(GHashTable) found = blocks ? collect(&there, blocks) : NULL;

	if (!blocks)
		return FALSE;
	for (guint i = 0; i < n; i++) {
		const GString *text = g_hash_table_lookup(found, nodes[i]);

		if (text && !has_no_password(&there, nodes[i], text->str, error))
			return FALSE;
		texts[i] = text ? g_strdup(text->str) : NULL;
	}
	return TRUE;
}

/* What is to become of the nodes: those whose text differs, name -> text ("": none). */
static GHashTable *find_changes(GHashTable *found, const char *const *nodes, guint n,
				const char *const *texts)
{
	GHashTable *changes = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < n; i++) {
		const GString *text = g_hash_table_lookup(found, nodes[i]);

		if (g_strcmp0(text ? text->str : NULL, texts[i]) != 0)
			g_hash_table_insert(changes, (gpointer)nodes[i],
					    (gpointer)(texts[i] ? texts[i] : ""));
	}
	return changes;
}

/* Those that the file has nothing of, by name.  Gives a list (g_list_free). */
static GList *new_nodes(GHashTable *changes, GHashTable *found)
{
	GList *names = NULL;
	GHashTableIter iter;
	gpointer name;

	g_hash_table_iter_init(&iter, changes);
	while (g_hash_table_iter_next(&iter, &name, NULL))
		if (!g_hash_table_contains(found, name))
			names = g_list_prepend(names, name);
	return g_list_sort(names, (GCompareFunc)strcmp);
}

/* The first of the new ones.  Gives the rest of the list. */
static GList *add_first(GString *content, GHashTable *changes, GList *names)
{
	if (content->len > 0 && content->str[content->len - 1] != '\n')
		g_string_append_c(content, '\n');
	g_string_append(content, g_hash_table_lookup(changes, names->data));
	return names->next;
}

/* Blocks stay in their places; a new one comes before the first that has a greater name, else
 * behind the last; of a file without any, at its end. */
static void write_blocks(GString *content, const ServiceFile *file, const GArray *blocks,
			 GHashTable *changes, GHashTable *found)
{
	g_autoptr(GList) names = new_nodes(changes, found);
	GList *next = names;
	gsize at = 0;

	for (guint i = 0; i < blocks->len; i++) {
		const Block *block = &g_array_index(blocks, Block, i);
		const char *text = g_hash_table_lookup(changes, block->node);

		g_string_append_len(content, file->content + at, (gssize)(block->start - at));
		while (next && strcmp(next->data, block->node) < 0)
			next = add_first(content, changes, next);
		at = text ? block->end : block->start;
		if (text) {
			/* All of it stands where the first of its blocks was. */
			g_string_append(content, text);
			g_hash_table_insert(changes, block->node, (gpointer) "");
		}
		g_string_append_len(content, file->content + at, (gssize)(block->end - at));
		at = block->end;
	}
	if (blocks->len == 0) {
		g_string_append_len(content, file->content, (gssize)file->length);
		at = file->length;
	}
	while (next)
		next = add_first(content, changes, next);
	g_string_append_len(content, file->content + at, (gssize)(file->length - at));
}

gboolean console_write(const ServiceFile *file, const char *const *nodes, guint n,
		       const char *const *texts, GString **written, GError **error)
{
	const ServiceFile there = content_of(file);
	g_autoptr(GArray) blocks = read_blocks(&there, error);
	g_autoptr(GHashTable) found = blocks ? collect(&there, blocks) : NULL;
	g_autoptr(GHashTable) changes = blocks ? find_changes(found, nodes, n, texts) : NULL;

	if (!blocks)
		return FALSE;
	if (g_hash_table_size(changes) == 0)
		return TRUE;
	*written = g_string_new(NULL);
	write_blocks(*written, &there, blocks, changes, found);
	return TRUE;
}
