#include "lua/takeover.h"
#include "core/base.h"
#include "core/noderange.h"

static void problem_free(gpointer data)
{
	TakeoverProblem *problem = data;

	g_strfreev(problem->names);
	g_free(problem->nodes);
	g_free(problem->seen);
	g_free(problem->wanted);
	g_free(problem);
}

Takeover *takeover_new(Move *move, const char *const *names)
{
	Takeover *takeover = g_new0(Takeover, 1);

	takeover->move = move;
	takeover->mode = "planned";
	takeover->attempt = "first";
	takeover->checks = names;
	takeover->options = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	takeover->notes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
						(GDestroyNotify)g_variant_unref);
	takeover->problems = g_ptr_array_new_with_free_func(problem_free);
	takeover->owed = g_ptr_array_new_with_free_func(journal_owed_free);
	takeover->owed_once = g_hash_table_new(journal_owed_hash, journal_owed_same);
	takeover->seen = g_ptr_array_new_with_free_func(g_free);
	return takeover;
}

void takeover_free(Takeover *takeover)
{
	if (!takeover)
		return;
	g_hash_table_unref(takeover->options);
	g_hash_table_unref(takeover->notes);
	g_ptr_array_unref(takeover->problems);
	g_hash_table_unref(takeover->owed_once);
	g_ptr_array_unref(takeover->owed);
	g_ptr_array_unref(takeover->seen);
	g_free(takeover);
}

void takeover_owe(Takeover *takeover, JournalOwed *owed)
{
	if (g_hash_table_contains(takeover->owed_once, owed)) {
		journal_owed_free(owed);
		return;
	}
	g_hash_table_add(takeover->owed_once, owed);
	g_ptr_array_add(takeover->owed, owed);
}

void takeover_note(Takeover *takeover, char *line)
{
	if (g_ptr_array_find_with_equal_func(takeover->seen, line, g_str_equal, NULL))
		g_free(line);
	else
		g_ptr_array_add(takeover->seen, line);
}

void takeover_paid(Takeover *takeover, GHashTable *hosts, const char *what)
{
	GPtrArray *owed = takeover->owed;
	guint kept = 0;

	for (guint i = 0; i < owed->len; i++) {
		JournalOwed *one = owed->pdata[i];

		if (one->host && g_hash_table_contains(hosts, one->host) &&
		    g_str_has_prefix(one->text, what)) {
			g_hash_table_remove(takeover->owed_once, one);
			journal_owed_free(one);
		} else {
			owed->pdata[kept++] = one;
		}
	}
	/* Those beyond are freed or moved: they must not be freed once more. */
	g_ptr_array_set_free_func(owed, NULL);
	g_ptr_array_set_size(owed, (int)kept);
	g_ptr_array_set_free_func(owed, journal_owed_free);
}

char *takeover_owed_line(const JournalOwed *owed)
{
	gboolean itself = owed->host && owed->nodes && owed->nodes[0] && !owed->nodes[1] &&
			  g_str_equal(owed->host, owed->nodes[0]);
	char **nodes = itself ? NULL : owed->nodes;
	g_autofree char *folded =
		nodes ? noderange_fold((const char *const *)nodes, g_strv_length(nodes)) : NULL;
	g_autofree char *line =
		g_strconcat(owed->host ? owed->host : "", owed->host ? ": " : "",
			    folded ? folded : "", folded ? ": " : "", owed->text, NULL);

	return text_plain(line);
}
