#include "lua/takeover.h"

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
	takeover->owed = g_ptr_array_new_with_free_func(g_free);
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
	g_ptr_array_unref(takeover->owed);
	g_ptr_array_unref(takeover->seen);
	g_free(takeover);
}
