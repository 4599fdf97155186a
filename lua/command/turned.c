#include "lua/command/turned.h"

char *turned_state(const JournalRun *run)
{
	GString *text = g_string_new(journal_state_name(run->state));

	if (run->back > 0 && run->state != JOURNAL_UNDONE)
		g_string_append_printf(text, ", %u of %u taken back", run->back, run->nodes);
	if (run->again > 0)
		g_string_append_printf(text, ", %u of %u done again", run->again, run->nodes);
	return g_string_free(text, FALSE);
}

const char *turned_word(guint depth)
{
	return depth % 2 == 0 ? "taken back" : "moved again";
}

static void turned_free(gpointer data)
{
	Turned *turned = data;

	g_ptr_array_unref(turned->names);
	g_free(turned);
}

static int by_number(gconstpointer a, gconstpointer b)
{
	gint64 one = (*(const Turned *const *)a)->run, two = (*(const Turned *const *)b)->run;

	return (one > two) - (one < two);
}

static void add(GPtrArray *all, GHashTable *index, const gint64 *run, const char *name)
{
	Turned *turned = g_hash_table_lookup(index, run);

	if (!turned) {
		turned = g_new0(Turned, 1);
		turned->run = *run;
		turned->names = g_ptr_array_new();
		g_ptr_array_add(all, turned);
		g_hash_table_insert(index, &turned->run, turned);
	}
	g_ptr_array_add(turned->names, (gpointer)name);
}

static GPtrArray *collect(const JournalContent *content, GHashTable *wanted, gboolean again)
{
	GPtrArray *all = g_ptr_array_new_with_free_func(turned_free);
	g_autoptr(GHashTable) index = g_hash_table_new(g_int64_hash, g_int64_equal);

	for (guint i = 0; i < content->nodes->len; i++) {
		const JournalNode *node = &g_array_index(content->nodes, JournalNode, i);
		const gint64 *run = again ? &node->again : &node->back;

		if (*run && (!wanted || g_hash_table_contains(wanted, node->name)))
			add(all, index, run, node->name);
	}
	g_ptr_array_sort(all, by_number);
	return all;
}

GPtrArray *turned_back(const JournalContent *content, GHashTable *wanted)
{
	return collect(content, wanted, FALSE);
}

GPtrArray *turned_again(const JournalContent *content, GHashTable *wanted)
{
	return collect(content, wanted, TRUE);
}
