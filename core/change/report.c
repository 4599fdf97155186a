/* Changes as text: equal ones in one line, with their nodes folded. */
#include "core/base.h"
#include "core/noderange.h"
#include "core/change.h"
#include <string.h>

typedef struct {
	const Change *first;
	GPtrArray *names; /* of nodes or hosts */
} Group;

static void group_free(gpointer data)
{
	Group *group = data;

	g_ptr_array_unref(group->names);
	g_free(group);
}

/* Equal ones are one line. */
static const char *group_key(const Change *change, GString *key)
{
	g_string_truncate(key, 0);
	text_key_add(key, change->step);
	text_key_add(key, change->hook);
	text_key_add(key, change_class(change)->name);
	change_class(change)->alike(change, key);
	return key->str;
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

/* Lines that are taken out, and lines that come in, where changes are folded. */
#define SHOWN 5

/* Lines of their own, which are in nobody's columns. */
static void add_difference(Page *page, const Change *change, guint most)
{
	const ChangeClass *class = change_class(change);
	g_auto(GStrv) lines = class->difference ? class->difference(change, most) : NULL;

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

static char *folded(const GPtrArray *names)
{
	g_autofree char *text = NULL;

	if (names->len == 0)
		return g_strdup("");
	text = noderange_fold((const char *const *)names->pdata, names->len);
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
	g_autoptr(GString) buffer = g_string_new(NULL);
	const Change *before = NULL;

	for (guint i = 0; i < changes->len; i++) {
		const Change *change = changes->pdata[i];
		const char *name = change_class(change)->name_of(change);
		const char *key = group_key(change, buffer);
		Group *group = g_hash_table_lookup(index, key);

		if (!group) {
			group = g_new0(Group, 1);
			group->first = change;
			group->names = g_ptr_array_new();
			g_ptr_array_add(groups, group);
			g_hash_table_insert(index, g_strdup(key), group);
		}
		if (name)
			g_ptr_array_add(group->names, (gpointer)name);
	}
	for (guint i = 0; i < groups->len; i++) {
		const Group *group = groups->pdata[i];

		add_heading(page, group->first, before);
		add_line(page, change_class(group->first)->what(group->first),
			 change_class(group->first)->transition(group->first),
			 folded(group->names));
		add_difference(page, group->first, SHOWN);
		before = group->first;
	}
}

static void add_each(const GPtrArray *changes, Page *page)
{
	const Change *before = NULL;

	for (guint i = 0; i < changes->len; i++) {
		const Change *change = changes->pdata[i];
		const char *name = change_class(change)->name_of(change);
		g_autofree char *node = text_plain(name ? name : "");
		gboolean inherited = change->node && change->seen_from &&
				     !g_str_equal(change->seen_from, change->node);
		g_autofree char *from = inherited ? text_plain(change->seen_from) : NULL;

		add_heading(page, change, before);
		add_line(page, change_class(change)->what(change),
			 change_class(change)->transition(change),
			 g_strdup_printf("%s%s%s%s", node, from ? " (from " : "",
					 from ? from : "", from ? ")" : ""));
		add_difference(page, change, G_MAXUINT);
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
