/* What is known of a takeover while it goes on. */
#include "core/base.h"
#include "core/noderange.h"
#include "core/takeover/inside.h"
#include <string.h>

static const char *const checks[] = {
	"pool", "xcatmaster", "owner",	"names",  "role",    "mn",   "reach", "dhcp",
	"boot", "console",    "images", "recent", "changed", "dead", NULL,
};

const char *const *takeover_checks(void)
{
	return checks;
}

static void problem_free(gpointer data)
{
	TakeoverProblem *problem = data;

	g_strfreev(problem->names);
	g_free(problem->nodes);
	g_free(problem->seen);
	g_free(problem->wanted);
	g_free(problem);
}

Takeover *takeover_new(Move *move)
{
	Takeover *takeover = g_new0(Takeover, 1);

	takeover->move = move;
	takeover->mode = "planned";
	takeover->attempt = "first";
	takeover->options = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	takeover->notes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
						(GDestroyNotify)g_variant_unref);
	takeover->problems = g_ptr_array_new_with_free_func(problem_free);
	takeover->owed = g_ptr_array_new_with_free_func(journal_owed_free);
	takeover->owed_once = g_hash_table_new(journal_owed_hash, journal_owed_same);
	takeover->seen = g_ptr_array_new_with_free_func(g_free);
	takeover->stale = g_hash_table_new(NULL, NULL);
	takeover->failures = g_ptr_array_new_with_free_func(takeover_failure_free);
	takeover->seen_once = g_hash_table_new(g_str_hash, g_str_equal);
	takeover->steps = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
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
	g_hash_table_unref(takeover->seen_once);
	g_ptr_array_unref(takeover->seen);
	g_ptr_array_unref(takeover->failures);
	g_hash_table_unref(takeover->stale);
	g_hash_table_unref(takeover->steps);
	g_hash_table_unref(takeover->failed);
	g_hash_table_unref(takeover->not_begun);
	g_clear_pointer(&takeover->batch, g_ptr_array_unref);
	g_clear_pointer(&takeover->undone, g_ptr_array_unref);
	g_free(takeover);
}

void takeover_set_batch(Takeover *takeover, GPtrArray *batch)
{
	g_clear_pointer(&takeover->batch, g_ptr_array_unref);
	takeover->batch = batch;
	takeover->batch_number++;
}

/* Nodes that were left out of the move, and others, are not counted. */
void takeover_count(Takeover *takeover, const char *name, const RemoteResult *result,
		    gboolean failed)
{
	const MoveNode *node = name ? move_find(takeover->move, name) : NULL;

	if (result->error == REMOTE_STOPPED) {
		takeover->cut_short = TRUE;
		if (node)
			g_hash_table_add(takeover->not_begun, (gpointer)node->name);
	} else if (node && failed) {
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

gsize takeover_text_size(const char *text)
{
	return text ? strlen(text) + 1 : 0;
}

gsize takeover_vector_size(const char *const *texts)
{
	gsize size = 0;

	for (guint i = 0; texts && texts[i]; i++)
		size += sizeof(char *) + TAKEOVER_ENTRY + takeover_text_size(texts[i]);
	return size;
}

void takeover_note(Takeover *takeover, char *line)
{
	/* Adding one that is there would put the new text in its place. */
	if (g_hash_table_contains(takeover->seen_once, line)) {
		g_free(line);
		return;
	}
	g_hash_table_add(takeover->seen_once, line);
	takeover->kept += TAKEOVER_ENTRY + takeover_text_size(line);
	g_ptr_array_add(takeover->seen, line);
}

static gsize note_size(const char *name, GVariant *value)
{
	return value ? 2 * TAKEOVER_ENTRY + takeover_text_size(name) + g_variant_get_size(value)
		     : 0;
}

gboolean takeover_set_note(Takeover *takeover, const char *name, GVariant *value)
{
	GVariant *before = g_hash_table_lookup(takeover->notes, name);
	g_autoptr(GVariant) sunk = value ? g_variant_ref_sink(value) : NULL;

	if (before == value || (before && value && g_variant_equal(before, value)))
		return FALSE;
	takeover->kept -= note_size(name, before);
	takeover->kept += note_size(name, value);
	if (value)
		g_hash_table_insert(takeover->notes, g_strdup(name), g_steal_pointer(&sunk));
	else
		g_hash_table_remove(takeover->notes, name);
	return TRUE;
}

void takeover_problem(Takeover *takeover, const char *check, const char *const *nodes,
		      const char *seen, const char *wanted)
{
	TakeoverProblem *problem = g_new0(TakeoverProblem, 1);

	problem->check = check;
	problem->names = g_strdupv((char **)nodes);
	problem->nodes = nodes ? noderange_fold(nodes, g_strv_length(problem->names)) : NULL;
	problem->seen = g_strdup(seen);
	problem->wanted = g_strdup(wanted);
	takeover->kept += sizeof(*problem) + takeover_vector_size(nodes) +
			  takeover_text_size(problem->nodes) + takeover_text_size(seen) +
			  takeover_text_size(wanted);
	g_ptr_array_add(takeover->problems, problem);
}

void takeover_recall_notes(Takeover *takeover, const JournalContent *content)
{
	GHashTableIter each;
	gpointer name, value;

	g_hash_table_iter_init(&each, content->notes);
	while (g_hash_table_iter_next(&each, &name, &value))
		(void)takeover_set_note(takeover, name, value);
}

void takeover_recall(Takeover *takeover, const JournalContent *content)
{
	takeover_recall_notes(takeover, content);
	takeover_owe_all(takeover, content->owed);
	for (guint i = 0; i < content->seen->len; i++)
		takeover_note(takeover, g_strdup(content->seen->pdata[i]));
}
