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
	takeover->failed = g_hash_table_new(g_str_hash, g_str_equal);
	takeover->not_begun = g_hash_table_new(g_str_hash, g_str_equal);
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
	g_hash_table_unref(takeover->failed);
	g_hash_table_unref(takeover->not_begun);
	g_clear_pointer(&takeover->batches, batches_free);
	g_clear_pointer(&takeover->batch, g_ptr_array_unref);
	g_free(takeover);
}

gboolean takeover_limit(Takeover *takeover, const char *batch, const char *max_fail,
			GError **error)
{
	if (batch) {
		takeover->batches = batches_parse(batch, error);
		if (!takeover->batches) {
			g_prefix_error(error, "--batch: ");
			return FALSE;
		}
	}
	if (max_fail && !batches_parse_share(max_fail, &takeover->max_fail, error)) {
		g_prefix_error(error, "--max-fail: ");
		return FALSE;
	}
	return TRUE;
}

void takeover_set_batch(Takeover *takeover, GPtrArray *batch)
{
	g_clear_pointer(&takeover->batch, g_ptr_array_unref);
	takeover->batch = batch;
	takeover->batch_number++;
}

/* Nodes that were left out of the move, and others, are not counted. */
void takeover_count(Takeover *takeover, const char *name, const RemoteResult *result)
{
	const MoveNode *node = name ? move_find(takeover->move, name) : NULL;

	if (result->error == REMOTE_STOPPED) {
		takeover->cut_short = TRUE;
		if (node)
			g_hash_table_add(takeover->not_begun, (gpointer)node->name);
	} else if (node && (result->error != REMOTE_OK || result->status != 0)) {
		g_hash_table_add(takeover->failed, (gpointer)node->name);
	}
}

static guint allowed(const Takeover *takeover)
{
	return batches_share_of(takeover->max_fail, move_count(takeover->move));
}

gboolean takeover_has_failed(const Takeover *takeover)
{
	return takeover->max_fail.number > 0 &&
	       g_hash_table_size(takeover->failed) >= allowed(takeover);
}

/* Those of the move that are in `names` and not in `without`, folded.  Gives the text. */
static char *fold_nodes(const Takeover *takeover, GHashTable *names, GHashTable *without)
{
	const char *const *all = move_names(takeover->move);
	g_autoptr(GPtrArray) found = g_ptr_array_new();

	for (guint i = 0; all[i]; i++)
		if (g_hash_table_contains(names, all[i]) &&
		    !(without && g_hash_table_contains(without, all[i])))
			g_ptr_array_add(found, (gpointer)all[i]);
	return noderange_fold((const char *const *)found->pdata, found->len);
}

char *takeover_failure(const Takeover *takeover)
{
	guint failed = g_hash_table_size(takeover->failed);
	g_autofree char *names = fold_nodes(takeover, takeover->failed, NULL);
	g_autofree char *rest = fold_nodes(takeover, takeover->not_begun, takeover->failed);

	return g_strdup_printf("max-fail: %u of %u nodes failed (%s), %s --max-fail allows%s%s",
			       failed, move_count(takeover->move), names,
			       failed > allowed(takeover) ? "more than" : "as many as",
			       *rest ? "; not begun: " : "", rest);
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

gboolean takeover_can_pay(const GPtrArray *owed)
{
	for (guint i = 0; i < owed->len; i++)
		if (((JournalOwed *)owed->pdata[i])->step)
			return TRUE;
	return FALSE;
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
