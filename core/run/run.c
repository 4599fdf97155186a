/* A run: steps, and the changes made in them. */
#include "core/base.h"
#include "core/run/door.h"
#include <string.h>

G_DEFINE_QUARK(snmove - run - error, run_error)

void door_change_free(gpointer data)
{
	Change *change = data;

	if (change->n_key > 1)
		g_free((gpointer)change->key);
	g_free(change);
}

Run *run_new(Cluster *cluster, gboolean planning)
{
	Run *run = g_new0(Run, 1);

	run->cluster = cluster;
	run->planning = planning;
	run->changes = g_ptr_array_new_with_free_func(door_change_free);
	run->cells = g_hash_table_new(g_int64_hash, g_int64_equal);
	run->text = g_string_chunk_new(1 << 14);
	return run;
}

void run_free(Run *run)
{
	if (!run)
		return;
	g_ptr_array_unref(run->changes);
	g_hash_table_unref(run->cells);
	g_string_chunk_free(run->text);
	g_free(run->forbidden);
	g_free(run);
}

gboolean run_is_planning(const Run *run)
{
	return run->planning;
}

void run_begin_step(Run *run, const char *step)
{
	run->step = g_string_chunk_insert_const(run->text, step);
	run->hook = NULL;
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
	if (run->committed < run->changes->len && !run->planning &&
	    !door_commit_rows(run, error))
		return FALSE;
	run->committed = run->changes->len;
	g_hash_table_remove_all(run->cells);
	return TRUE;
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
	g_hash_table_remove_all(run->cells);
}

guint run_count(const Run *run)
{
	return run->changes->len;
}

const Change *run_change(const Run *run, guint i)
{
	return run->changes->pdata[i];
}

guint run_done(const Run *run)
{
	return run->done;
}
