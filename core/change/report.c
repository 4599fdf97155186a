/* Changes as text: equal ones in one line, with their nodes folded. */
#include "core/base.h"
#include "core/noderange.h"
#include "core/change.h"
#include "core/change/difference.h"
#include "core/remote.h"
#include <string.h>

typedef struct {
	const Change *first;
	GPtrArray *nodes;
} Group;

static void group_free(gpointer data)
{
	Group *group = data;

	g_ptr_array_unref(group->nodes);
	g_free(group);
}

static char *joined_key(const Change *change, const char *separator)
{
	GString *text = g_string_new(change->key[0]);

	for (guint i = 1; i < change->n_key; i++)
		g_string_append_printf(text, "%s%s", separator, change->key[i]);
	return g_string_free(text, FALSE);
}

static char *row_key(const Change *change)
{
	const char *after = change->after.kind == STORE_CELL_TEXT ? change->after.text : "\2";
	const char *seen = change->seen ? change->seen : "\2";
	g_autofree char *row = change->node ? NULL : joined_key(change, "\1");

	return g_strjoin("\1", change->step, change->hook ? change->hook : "", change->target,
			 change->column, row ? row : "", seen, after, NULL);
}

/* What has become of a change on a host; NULL: what was to be expected. */
static const char *outcome(const Change *change)
{
	if (change->state == CHANGE_UNKNOWN)
		return "nobody knows how it ended";
	if (change->state == CHANGE_FAILED)
		return "failed";
	return change->state == CHANGE_UNDONE ? "taken back" : NULL;
}

/* What becomes of a command when it is taken back, or was killed. */
static const char *way_back(const Change *change)
{
	if (outcome(change))
		return outcome(change);
	if (g_str_equal(change->step, "undo"))
		return "takes it back";
	return change->command->undo ? "can be taken back" : "cannot be taken back";
}

#define SHOWN 5 /* lines that are taken out, and lines that come in */

/* NULL: not known.  Gives the lines. */
static char **difference_of(const Change *change)
{
	const ChangeFile *file = change->file;

	if (!file || !file->new ||
	    (!file->old && !g_str_equal(change->before.text, REMOTE_ABSENT)))
		return NULL;
	return difference_lines(file->old, file->new, SHOWN);
}

/* "120 -> 131 bytes", "mode 644 -> 600", or what each of them is.  Gives the text. */
static char *file_transition(const Change *change)
{
	const char *before = change->before.text, *after = change->after.text;
	g_auto(GStrv) old = g_strsplit(before, " ", -1);
	g_auto(GStrv) new = g_strsplit(after, " ", -1);
	g_autofree char *old_text = remote_state_text(before);
	g_autofree char *new_text = remote_state_text(after);
	GString *text = g_string_new(NULL);

	/* "file MODE OWNER SIZE DIGEST" */
	if (g_strv_length(old) != 5 || g_strv_length(new) != 5) {
		g_string_printf(text, "%s -> %s", old_text, new_text);
		return g_string_free(text, FALSE);
	}
	if (!remote_same_content(before, after))
		g_string_printf(text, "%s -> %s bytes", old[3], new[3]);
	if (!g_str_equal(old[1], new[1]))
		g_string_append_printf(text, "%smode %s -> %s", text->len ? ", " : "", old[1],
				       new[1]);
	if (!g_str_equal(old[2], new[2]))
		g_string_append_printf(text, "%sowner %s -> %s", text->len ? ", " : "", old[2],
				       new[2]);
	if (text->len == 0)
		g_string_append(text, "as it was");
	return g_string_free(text, FALSE);
}

/* Hosts where the same lines change are alike, whatever else is in their files. */
static char *file_key(const Change *change)
{
	g_auto(GStrv) lines = difference_of(change);
	g_autofree char *difference = lines ? g_strjoinv("\n", lines) : NULL;

	return g_strjoin("\1", change->step, change->hook ? change->hook : "", "\4",
			 change->target, change->depends ? "d" : "",
			 outcome(change) ? outcome(change) : "",
			 difference ? difference : change->before.text,
			 difference ? "" : change->after.text, NULL);
}

static char *group_key(const Change *change)
{
	if (change->file)
		return file_key(change);
	if (!change->command)
		return row_key(change);
	return g_strjoin("\1", change->step, change->hook ? change->hook : "", "\3",
			 change->target, way_back(change), change->depends ? "d" : "", NULL);
}

static char *shown_value(const char *text)
{
	return text ? text_plain(text) : g_strdup("(none)");
}

static const char *old_value(const Change *change)
{
	if (change->node)
		return change->seen;
	return change->before.kind == STORE_CELL_TEXT ? change->before.text : NULL;
}

/* The command, "noderes.xcatmaster", or "networks[10.1.0.0,255.255.0.0].dhcpserver". */
static char *what(const Change *change)
{
	g_autofree char *key = NULL;
	g_autofree char *plain = NULL;

	if (change->command || change->file)
		return text_plain(change->target);
	if (change->node)
		return g_strdup_printf("%s.%s", change->target, change->column);
	key = joined_key(change, ",");
	plain = text_plain(key);
	return g_strdup_printf("%s[%s].%s", change->target, plain, change->column);
}

/* A node whose own cell loses its value has what its groups have. */
static char *new_value(const Change *change)
{
	if (change->after.kind == STORE_CELL_TEXT)
		return text_plain(change->after.text);
	return g_strdup(change->node ? "(of its groups)" : "(none)");
}

static char *transition(const Change *change)
{
	const char *depends = change->depends ? ", depends on a result" : "";
	g_autofree char *before = NULL;
	g_autofree char *after = NULL;

	if (change->command)
		return g_strdup_printf("%s%s", way_back(change), depends);
	if (change->file) {
		before = file_transition(change);
		return g_strconcat(before, outcome(change) ? ", " : "",
				   outcome(change) ? outcome(change) : "", depends, NULL);
	}
	before = shown_value(old_value(change));
	after = new_value(change);
	return g_strdup_printf("%s -> %s", before, after);
}

typedef struct {
	GPtrArray *lines; /* three columns each */
	gsize widths[2];
} Page;

static void add_line(Page *page, char *first, char *second, char *third)
{
	char **line = g_new0(char *, 4);

	line[0] = first;
	line[1] = second;
	line[2] = third;
	page->widths[0] = MAX(page->widths[0], (gsize)g_utf8_strlen(first, -1));
	page->widths[1] = MAX(page->widths[1], (gsize)g_utf8_strlen(second, -1));
	g_ptr_array_add(page->lines, line);
}

/* Lines of their own, which are in nobody's columns. */
static void add_difference(Page *page, const Change *change)
{
	g_auto(GStrv) lines = difference_of(change);

	for (guint i = 0; lines && lines[i]; i++) {
		char **line = g_new0(char *, 4);

		line[0] = g_strconcat("    ", lines[i], NULL);
		g_ptr_array_add(page->lines, line);
	}
}

/* A line that no other one is like would push all columns to the right. */
#define WIDEST 40

static char *page_text(const Page *page)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < page->lines->len; i++) {
		char **line = page->lines->pdata[i];

		if (!line[2]) { /* a heading, or a line of a file */
			g_string_append_printf(text, "%s\n", line[0]);
			continue;
		}
		if (!*line[2]) { /* no node: nothing to line up */
			g_string_append_printf(text, "  %-*s  %s\n",
					       (int)MIN(page->widths[0], WIDEST), line[0],
					       line[1]);
			continue;
		}
		g_string_append_printf(text, "  %-*s  %-*s  %s\n",
				       (int)MIN(page->widths[0], WIDEST), line[0],
				       (int)MIN(page->widths[1], WIDEST), line[1], line[2]);
	}
	return g_string_free(text, FALSE);
}

static char *folded(const GPtrArray *nodes)
{
	g_autofree char *text = NULL;

	if (nodes->len == 0)
		return g_strdup("");
	text = noderange_fold((const char *const *)nodes->pdata, nodes->len);
	return text_plain(text);
}

static void add_heading(Page *page, const Change *change, const Change *before)
{
	if (before && before->step == change->step && before->hook == change->hook)
		return;
	add_line(page,
		 change->hook ? g_strdup_printf("%s (hook %s)", change->step, change->hook)
			      : g_strdup(change->step),
		 g_strdup(""), NULL);
}

static void add_groups(const GPtrArray *changes, Page *page)
{
	g_autoptr(GPtrArray) groups = g_ptr_array_new_with_free_func(group_free);
	g_autoptr(GHashTable) index =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	const Change *before = NULL;

	for (guint i = 0; i < changes->len; i++) {
		const Change *change = changes->pdata[i];
		g_autofree char *key = group_key(change);
		Group *group = g_hash_table_lookup(index, key);

		if (!group) {
			group = g_new0(Group, 1);
			group->first = change;
			group->nodes = g_ptr_array_new();
			g_ptr_array_add(groups, group);
			g_hash_table_insert(index, g_steal_pointer(&key), group);
		}
		if (change->host)
			g_ptr_array_add(group->nodes, (gpointer)change->host);
		else if (change->node)
			g_ptr_array_add(group->nodes, (gpointer)change->node);
	}
	for (guint i = 0; i < groups->len; i++) {
		const Group *group = groups->pdata[i];

		add_heading(page, group->first, before);
		add_line(page, what(group->first), transition(group->first),
			 folded(group->nodes));
		add_difference(page, group->first);
		before = group->first;
	}
}

static void add_each(const GPtrArray *changes, Page *page)
{
	const Change *before = NULL;

	for (guint i = 0; i < changes->len; i++) {
		const Change *change = changes->pdata[i];
		const char *name = change->host ? change->host : change->node;
		g_autofree char *node = text_plain(name ? name : "");
		gboolean inherited = change->node && change->seen_from &&
				     !g_str_equal(change->seen_from, change->node);
		g_autofree char *from = inherited ? text_plain(change->seen_from) : NULL;

		add_heading(page, change, before);
		add_line(page, what(change), transition(change),
			 g_strdup_printf("%s%s%s%s", node, from ? " (from " : "",
					 from ? from : "", from ? ")" : ""));
		add_difference(page, change);
		before = change;
	}
}

char *change_report(const GPtrArray *changes, gboolean verbose)
{
	g_autoptr(GPtrArray) lines =
		g_ptr_array_new_with_free_func((GDestroyNotify)(void (*)(void))g_strfreev);
	Page page = { .lines = lines };

	if (verbose)
		add_each(changes, &page);
	else
		add_groups(changes, &page);
	return page_text(&page);
}
