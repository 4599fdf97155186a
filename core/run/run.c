/* A run: steps, and the changes made in them. */
#include "core/base.h"
#include "core/run/door.h"
#include <string.h>

G_DEFINE_QUARK(snmove_run_error, run_error)

Run *run_new(Cluster *cluster, gboolean planning)
{
	Run *run = g_new0(Run, 1);

	run->cluster = cluster;
	run->planning = planning;
	run->changes = g_ptr_array_new_with_free_func(change_free);
	run->cells = g_hash_table_new(g_int64_hash, g_int64_equal);
	run->steps = g_ptr_array_new();
	run->ordinals = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	run->left = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	run->taken = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	run->down = g_hash_table_new(g_str_hash, g_str_equal);
	run->planned = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	run->kept = g_strdup(RUN_KEPT);
	run->text = g_string_chunk_new(1 << 14);
	return run;
}

void run_free(Run *run)
{
	if (!run)
		return;
	g_ptr_array_unref(run->changes);
	g_hash_table_unref(run->cells);
	g_ptr_array_unref(run->steps);
	g_clear_pointer(&run->recalled, g_hash_table_unref);
	g_clear_pointer(&run->begun, g_hash_table_unref);
	g_hash_table_unref(run->planned);
	g_free(run->kept);
	g_hash_table_unref(run->left);
	g_hash_table_unref(run->taken);
	g_hash_table_unref(run->down);
	g_hash_table_unref(run->ordinals);
	g_clear_pointer(&run->undoing, g_ptr_array_unref);
	g_string_chunk_free(run->text);
	g_free(run->forbidden);
	g_free(run);
}

gboolean run_is_planning(const Run *run)
{
	return run->planning;
}

void run_keep(Run *run, Journal *journal, gint64 number, const JournalLines *lines)
{
	run->journal = journal;
	run->number = number;
	run->lines = *lines;
}

void run_keep_replaced(Run *run, const char *folder)
{
	g_free(run->kept);
	run->kept = g_strdup(folder);
}

gboolean run_leave_out(Run *run, const char *const *names, GError **error)
{
	return !run->journal || journal_leave_out(run->journal, run->number, names, error);
}

gboolean run_begin_step(Run *run, const char *step, GError **error)
{
	run->step = g_string_chunk_insert_const(run->text, step);
	run->hook = NULL;
	g_hash_table_remove_all(run->ordinals);
	g_ptr_array_add(run->steps, (gpointer)run->step);
	return !run->journal || journal_begin_step(run->journal, run->number, step, error);
}

const char *run_current_step(const Run *run)
{
	return run->step;
}

void run_in_hook(Run *run, const char *hook)
{
	run->hook = hook ? g_string_chunk_insert_const(run->text, hook) : NULL;
}

void run_forbid(Run *run, const char *reason)
{
	g_free(run->forbidden);
	run->forbidden = g_strdup(reason);
}

/* Rows that were taken back are marked in the run that had written them. */
static gboolean mark_undone(Run *run, GError **error)
{
	g_autoptr(GPtrArray) undoing = g_steal_pointer(&run->undoing);

	return !undoing || !run->journal || undoing->len == 0 ||
	       journal_settle(run->journal, (Change *const *)undoing->pdata, undoing->len,
			      CHANGE_UNDONE, error);
}

static gboolean keep_steps(Run *run, GError **error)
{
	if (run->journal && !journal_end_steps(run->journal, run->number,
					       (const char *const *)run->steps->pdata,
					       run->steps->len, &run->lines, error))
		return FALSE;
	g_ptr_array_set_size(run->steps, 0);
	return TRUE;
}

gboolean run_end_step(Run *run, gboolean joined, GError **error)
{
	if (!run->step) {
		g_set_error(error, RUN_ERROR, RUN_ERROR_STATE, "no step was begun");
		return FALSE;
	}
	run->step = run->hook = NULL;
	if (joined)
		return TRUE;
	door_drop_unchanged(run);
	if (!door_all_recalled(run, error) || !door_all_begun_asked(run, error))
		return FALSE;
	if (run->committed < run->changes->len && !run->planning &&
	    !door_commit_rows(run, error))
		return FALSE;
	run->committed = run->changes->len;
	g_hash_table_remove_all(run->cells);
	return mark_undone(run, error) && keep_steps(run, error);
}

void run_drop_step(Run *run)
{
	/* Who reads afterwards sees what is stored again. */
	for (guint i = run->changes->len; i > run->committed; i--) {
		const Change *change = run->changes->pdata[i - 1];
		ClusterPlan planned;

		if (!cluster_plan(run->cluster, change->target, change->key, change->n_key,
				  change->column, change->before, &planned, NULL))
			g_warn_if_reached();
	}
	run->step = run->hook = NULL;
	g_ptr_array_set_size(run->changes, (int)run->committed);
	g_ptr_array_set_size(run->steps, 0);
	g_hash_table_remove_all(run->cells);
	g_clear_pointer(&run->undoing, g_ptr_array_unref);
}

const GPtrArray *run_changes(const Run *run)
{
	return run->changes;
}

gboolean run_has_begun(const Run *run)
{
	return run->done > 0 || run->begun_command;
}

guint run_done(const Run *run)
{
	return run->done;
}
