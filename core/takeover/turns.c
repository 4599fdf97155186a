/* Whose turn it is: the nodes of a step in batches. */
#include "core/takeover.h"

static GPtrArray *all_names(const Takeover *takeover)
{
	const char *const *all = move_names(takeover->move);
	GPtrArray *names = g_ptr_array_new();

	for (guint i = 0; all[i]; i++)
		g_ptr_array_add(names, (gpointer)all[i]);
	return names;
}

void takeover_turns_init(TakeoverTurns *turns, Takeover *takeover, const Batches *batches,
			 GPtrArray *names)
{
	*turns = (TakeoverTurns){ .takeover = takeover,
				  .batches = batches,
				  .names = names ? g_ptr_array_ref(names) : all_names(takeover),
				  .some = names != NULL,
				  .count = 1 };
	if (batches)
		turns->count = batches_count(batches, turns->names->len);
}

void takeover_turns_clear(TakeoverTurns *turns)
{
	g_clear_pointer(&turns->names, g_ptr_array_unref);
}

/* The names of the next `size`, those that are still in the move. */
static void take_batch(TakeoverTurns *turns, guint size)
{
	GPtrArray *batch = g_ptr_array_new();

	for (guint i = 0; i < size; i++) {
		const char *name = turns->names->pdata[turns->first + i];

		if (move_find(turns->takeover->move, name))
			g_ptr_array_add(batch, (gpointer)name);
	}
	turns->first += size;
	takeover_set_batch(turns->takeover, batch);
}

gboolean takeover_next_turn(TakeoverTurns *turns)
{
	const Batches *batches = turns->batches;

	while (turns->number < turns->count) {
		guint size;

		turns->number++;
		if (!batches && !turns->some)
			return TRUE;
		size = batches ? batches_size(batches, turns->names->len, turns->number - 1)
			       : turns->names->len;
		take_batch(turns, MIN(size, turns->names->len - turns->first));
		if (turns->takeover->batch->len > 0)
			return TRUE;
	}
	return FALSE;
}

void takeover_end_turns(TakeoverTurns *turns, gboolean done)
{
	Takeover *takeover = turns->takeover;

	if (!turns->batches && !turns->some)
		return;
	takeover_set_batch(takeover, NULL);
	for (guint i = turns->first; !done && i < turns->names->len; i++)
		g_hash_table_add(takeover->not_begun, turns->names->pdata[i]);
}
