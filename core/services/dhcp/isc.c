/*
 * ISC dhcpd with an include file: host declarations between marks, as xCAT has them in
 * dhcpd.conf where it does not use OMAPI, so that its blocks are known there as well as ours.
 *
 *     #xCAT host declaration for NODE aka host NAME start
 *     host NAME {
 *         ...
 *     } #xCAT host declaration for NODE aka host NAME end
 */
#include "core/base.h"
#include "core/services/dhcp/inside.h"
#include <string.h>

#define MARK	   "#xCAT host declaration for "
#define AKA	   " aka host "
#define MARK_START " start"
#define MARK_END   " end"

/* ---- The text ---- */

static void put_declaration(GString *text, const DhcpFacts *facts, const DhcpNode *node,
			    const DhcpCard *card)
{
	g_autofree char *mark = g_strconcat(MARK, node->name, AKA, card->name, NULL);
	g_autofree char *lines = dhcp_card_statements(facts, node, card);
	g_autofree char *statements = dhcp_statements_line(lines, DHCP_CONFIGURATION);

	g_string_append_printf(text, "%s" MARK_START "\nhost %s {\n    hardware %s %s;\n", mark,
			       card->name, card->infiniband ? "infiniband" : "ethernet",
			       card->mac);
	if (card->address)
		g_string_append_printf(text, "    fixed-address %s;\n", card->address);
	g_string_append_printf(text, "    %s\n} %s" MARK_END "\n", statements, mark);
}

/* A card without an address has no declaration, unless it is to be refused (bn14). */
char *dhcp_include_text(const DhcpFacts *facts, const DhcpNode *node)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < node->cards->len; i++) {
		const DhcpCard *card = node->cards->pdata[i];

		if (card->usable && (card->address || card->refused))
			put_declaration(text, facts, node, card);
	}
	return g_string_free(text, text->len == 0);
}

/* ---- The file ---- */

/* A declaration with its marks. */
typedef struct {
	char *node;
	gsize start, end;
} Block;

static void clear_block(gpointer data)
{
	Block *block = data;

	g_free(block->node);
}

/* The mark of a line, without its last word; NULL: it does not end in a mark. */
static char *find_mark(const char *line, gsize length, const char *word)
{
	const char *mark = g_strstr_len(line, (gssize)length, MARK);
	gsize tail = strlen(word);

	if (!mark || length < tail || strncmp(line + length - tail, word, tail) != 0)
		return NULL;
	return g_strndup(mark, (gsize)(line + length - tail - mark));
}

static gsize line_length(const char *line, const char *end)
{
	const char *behind = memchr(line, '\n', (gsize)(end - line));

	return behind ? (gsize)(behind - line) : (gsize)(end - line);
}

static gboolean refuse_mark(const DhcpFile *file, const char *at, GError **error)
{
	g_set_error(
		error, DHCP_ERROR, 0,
		"line %u of %s begins a host declaration of a node, and no mark says where it "
		"ends; look at the file",
		dhcp_line(file->content, at), file->name);
	return FALSE;
}

/* Behind the line that ends what `mark` begins; NULL: there is none. */
static const char *find_end(const char *p, const char *end, const char *mark)
{
	while (p < end) {
		gsize length = line_length(p, end);
		g_autofree char *start = find_mark(p, length, MARK_START);
		g_autofree char *other = start ? NULL : find_mark(p, length, MARK_END);

		if (start || (other && !g_str_equal(other, mark)))
			return NULL;
		p = MIN(p + length + 1, end);
		if (other)
			return p;
	}
	return NULL;
}

static gboolean find_blocks(const DhcpFile *file, GArray *blocks, GError **error)
{
	const char *p = file->content, *end = p + file->length;

	while (p < end) {
		gsize length = line_length(p, end);
		g_autofree char *mark = *p == '#' ? find_mark(p, length, MARK_START) : NULL;
		const char *node = mark ? mark + strlen(MARK) : NULL;
		const char *aka = mark ? strstr(node, AKA) : NULL;
		const char *behind = MIN(p + length + 1, end);

		if (aka) {
			Block *block;

			behind = find_end(behind, end, mark);
			if (!behind)
				return refuse_mark(file, p, error);
			g_array_set_size(blocks, blocks->len + 1);
			block = &g_array_index(blocks, Block, blocks->len - 1);
			block->node = g_strndup(node, (gsize)(aka - node));
			block->start = (gsize)(p - file->content);
			block->end = (gsize)(behind - file->content);
		}
		p = behind;
	}
	return TRUE;
}

static GArray *read_blocks(const DhcpFile *file, GError **error)
{
	GArray *blocks = g_array_new(FALSE, TRUE, sizeof(Block));

	g_array_set_clear_func(blocks, clear_block);
	if (find_blocks(file, blocks, error))
		return blocks;
	g_array_unref(blocks);
	return NULL;
}

static void free_string(gpointer string)
{
	g_string_free(string, TRUE);
}

/* What the file has of each node: name -> GString. */
static GHashTable *collect(const DhcpFile *file, const GArray *blocks)
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

gboolean dhcp_include_read(const DhcpFile *file, const char *const *nodes, guint n,
			   char **texts, GError **error)
{
	g_autoptr(GArray) blocks = read_blocks(file, error);
	g_autoptr(GHashTable) found = NULL;

	if (!blocks)
		return FALSE;
	found = collect(file, blocks);
	for (guint i = 0; i < n; i++) {
		const GString *text = g_hash_table_lookup(found, nodes[i]);

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

/* Those that the file had nothing of, by name. */
static void add_new(GString *content, GHashTable *changes, GHashTable *found)
{
	g_autoptr(GList) names =
		g_list_sort(g_hash_table_get_keys(changes), (GCompareFunc)strcmp);

	for (GList *item = names; item; item = item->next) {
		if (g_hash_table_contains(found, item->data))
			continue;
		if (content->len > 0 && content->str[content->len - 1] != '\n')
			g_string_append_c(content, '\n');
		g_string_append(content, g_hash_table_lookup(changes, item->data));
	}
}

/* All up to the end of the last declaration (of a file without one, all): how much that is. */
static gsize copy_blocks(GString *content, const DhcpFile *file, const GArray *blocks,
			 GHashTable *changes)
{
	gsize at = 0;

	for (guint i = 0; i < blocks->len; i++) {
		const Block *block = &g_array_index(blocks, Block, i);
		const char *text = g_hash_table_lookup(changes, block->node);
		gsize end = text ? block->start : block->end;

		g_string_append_len(content, file->content + at, (gssize)(end - at));
		at = block->end;
		if (!text)
			continue;
		/* The whole text stands where the first of its declarations was. */
		g_string_append(content, text);
		g_hash_table_insert(changes, block->node, (gpointer) "");
	}
	if (blocks->len == 0) {
		g_string_append_len(content, file->content, (gssize)file->length);
		at = file->length;
	}
	return at;
}

gboolean dhcp_include_write(const DhcpFile *file, const char *const *nodes, guint n,
			    const char *const *texts, GString **written, GError **error)
{
	const DhcpFile there = { file->name, file->content ? file->content : "",
				 file->content ? file->length : 0 };
	g_autoptr(GArray) blocks = read_blocks(&there, error);
	g_autoptr(GHashTable) found = blocks ? collect(&there, blocks) : NULL;
	g_autoptr(GHashTable) changes = blocks ? find_changes(found, nodes, n, texts) : NULL;
	gsize at;

	if (!blocks)
		return FALSE;
	if (g_hash_table_size(changes) == 0)
		return TRUE;
	*written = g_string_new(NULL);
	at = copy_blocks(*written, &there, blocks, changes);
	add_new(*written, changes, found);
	g_string_append_len(*written, there.content + at, (gssize)(there.length - at));
	return TRUE;
}
