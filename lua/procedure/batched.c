#include "lua/procedure/batched.h"
#include "lua/terminal/talk.h"

/* What the step works on.  Nodes may leave the move meanwhile: names stay, places do not. */
typedef struct {
	Takeover *takeover;
	GPtrArray *names; /* all nodes, as they were when the step began */
	guint first;	  /* of them: where the next batch begins */
} Batched;

/* The names of the next `size`, those that are still in the move. */
static void take_batch(Batched *batched, guint size)
{
	GPtrArray *batch = g_ptr_array_new();

	for (guint i = 0; i < size; i++) {
		const char *name = batched->names->pdata[batched->first + i];

		if (move_find(batched->takeover->move, name))
			g_ptr_array_add(batch, (gpointer)name);
	}
	batched->first += size;
	takeover_set_batch(batched->takeover, batch);
}

static void tell_batch(const Batched *batched, const char *step, guint number, guint count)
{
	talk_step("%-12s batch %u of %u: %u of %u nodes, %u failed", step, number, count,
		  batched->first, batched->names->len,
		  g_hash_table_size(batched->takeover->failed));
}

/* Those of later batches have not had their turn. */
static void leave_rest(const Batched *batched)
{
	for (guint i = batched->first; i < batched->names->len; i++)
		g_hash_table_add(batched->takeover->not_begun, batched->names->pdata[i]);
}

gboolean batched_run(Takeover *takeover, const char *step, BatchedWork work, gpointer data,
		     GError **error)
{
	const Batches *batches = takeover->batches;
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	Batched batched = { takeover, names, 0 };
	const char *const *all = move_names(takeover->move);
	gboolean done = TRUE;
	guint count;

	if (!batches)
		return work(data, error);
	for (guint i = 0; all[i]; i++)
		g_ptr_array_add(names, (gpointer)all[i]);
	count = batches_count(batches, names->len);
	for (guint i = 0; done && i < count; i++) {
		guint size = batches_size(batches, names->len, i);

		take_batch(&batched, MIN(size, names->len - batched.first));
		done = takeover->batch->len == 0 || work(data, error);
		if (done && step)
			tell_batch(&batched, step, i + 1, count);
	}
	takeover_set_batch(takeover, NULL);
	if (!done)
		leave_rest(&batched);
	return done;
}
