/* A run that goes on: what was begun is settled, what is done is not done again. */
#include "core/base.h"
#include "core/run/door.h"
#include <string.h>

static gboolean stored_cell(Cluster *stored, const Change *change, StoreCell *cell,
			    GError **error)
{
	return cluster_cell(stored, change->target, change->key, change->n_key, change->column,
			    cell, error);
}

static char *describe(const Change *change, const StoreCell *now)
{
	g_autofree char *row =
		g_strjoinv(",", (char **)(const char *[]){ change->key[0], NULL });
	g_autofree char *name = text_quote(row);
	g_autofree char *before = door_cell_text(&change->before);
	g_autofree char *after = door_cell_text(&change->after);
	g_autofree char *here = door_cell_text(now);

	return g_strdup_printf(
		"%s.%s of %s: it was %s before, this run wrote %s, and it is %s now",
		change->target, change->column, name, before, after, here);
}

static gboolean is_in_state(const Change *change, ChangeKind kind, ChangeState state)
{
	return change->kind == kind && change->state == state;
}

static GPtrArray *rows_in_state(const JournalContent *content, ChangeState state)
{
	GPtrArray *found = g_ptr_array_new();

	for (guint i = 0; i < content->changes->len; i++)
		if (is_in_state(content->changes->pdata[i], CHANGE_ROW, state))
			g_ptr_array_add(found, content->changes->pdata[i]);
	return found;
}

/* What was begun on a host and has no end: nobody knows. */
static gboolean settle_on_hosts(Run *run, const JournalContent *content, GError **error)
{
	g_autoptr(GPtrArray) begun = g_ptr_array_new();

	for (guint i = 0; i < content->changes->len; i++) {
		Change *change = content->changes->pdata[i];

		if (door_is_on_host(change) && change->state == CHANGE_STARTED)
			g_ptr_array_add(begun, change);
	}
	return begun->len == 0 || journal_settle(run->journal, (Change *const *)begun->pdata,
						 begun->len, CHANGE_UNKNOWN, error);
}

/* Rows of one commit are all written or none: both together are somebody else's work. */
gboolean run_settle(Run *run, JournalContent *content, GError **error)
{
	g_autoptr(Cluster) stored = cluster_new(cluster_store(run->cluster));
	g_autoptr(GPtrArray) begun = rows_in_state(content, CHANGE_STARTED);
	Change *const *changes = (Change *const *)begun->pdata;
	guint before = 0, after = 0;
	g_autofree char *odd = NULL;

	if (!settle_on_hosts(run, content, error))
		return FALSE;
	if (begun->len == 0)
		return TRUE;
	for (guint i = 0; i < begun->len; i++) {
		const Change *change = changes[i];
		StoreCell now;

		if (!stored_cell(stored, change, &now, error))
			return FALSE;
		before += door_is_at(&now, &change->before);
		after += door_is_at(&now, &change->after);
		if (!odd && !door_is_at(&now, &change->before) &&
		    !door_is_at(&now, &change->after))
			odd = describe(change, &now);
	}
	if (before == begun->len) {
		if (!journal_forget(run->journal, changes, begun->len, error))
			return FALSE;
		for (guint i = 0; i < begun->len; i++)
			changes[i]->state = CHANGE_FAILED;
		return TRUE;
	}
	if (after == begun->len)
		return journal_settle(run->journal, changes, begun->len, CHANGE_DONE, error);
	g_set_error(
		error, RUN_ERROR, RUN_ERROR_CONFLICT,
		"%u values were begun; %u are as before, %u as written, and somebody changed "
		"others: %s",
		begun->len, before, after, odd ? odd : "");
	return FALSE;
}

/* What is done in a step that runs again is seen as it was before it. */
static gboolean look_back(Run *run, Change *change, GError **error)
{
	ClusterPlan plan;
	Recalled *recalled;

	if (!cluster_plan(run->cluster, change->target, change->key, change->n_key,
			  change->column, change->before, &plan, error))
		return FALSE;
	recalled = g_new0(Recalled, 1);
	recalled->change = change;
	change->cell = plan.changed ? plan.cell : 0;
	if (!plan.changed) { /* somebody has set it back: it is asked for anew */
		g_free(recalled);
		return TRUE;
	}
	g_hash_table_replace(run->recalled, &change->cell, recalled);
	return TRUE;
}

static guint done_on_hosts(const JournalContent *content)
{
	guint n = 0;

	for (guint i = 0; i < content->changes->len; i++) {
		const Change *change = content->changes->pdata[i];

		n += door_is_on_host(change) && change->state == CHANGE_DONE;
	}
	return n;
}

static void add_changed(GPtrArray *changed, const Change *change, const StoreCell *now)
{
	g_autofree char *what = describe(change, now);
	g_autofree char *text = g_strconcat("somebody changed what was done: ", what, NULL);
	const char *nodes[] = { change->node, NULL };

	g_ptr_array_add(changed, journal_owed_new(NULL, change->node ? nodes : NULL, text));
}

gboolean run_recall(Run *run, JournalContent *content, GPtrArray *changed, GError **error)
{
	g_autoptr(Cluster) stored = cluster_new(cluster_store(run->cluster));
	g_autoptr(GPtrArray) done = NULL;

	run->recalled = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
	door_recall_begun(run, content);
	run->done += done_on_hosts(content);
	run->begun_command = g_hash_table_size(run->begun) > 0;
	done = rows_in_state(content, CHANGE_DONE);
	run->done += done->len;
	for (guint i = done->len; i > 0; i--) {
		Change *change = done->pdata[i - 1];
		StoreCell now;

		if (!g_hash_table_contains(content->steps, change->step)) {
			if (!look_back(run, change, error))
				return FALSE;
			continue;
		}
		if (!stored_cell(stored, change, &now, error))
			return FALSE;
		if (!door_is_at(&now, &change->after))
			add_changed(changed, change, &now);
	}
	return TRUE;
}

gboolean door_recall(Run *run, const ClusterPlan *plan, const StoreCell *after)
{
	Recalled *recalled =
		run->recalled ? g_hash_table_lookup(run->recalled, &plan->cell) : NULL;

	if (!recalled)
		return FALSE;
	recalled->asked = TRUE;
	recalled->last = *after;
	return TRUE;
}

gboolean door_ends_now(const Run *run, const Change *change)
{
	for (guint i = 0; i < run->steps->len; i++)
		if (g_str_equal(run->steps->pdata[i], change->step))
			return TRUE;
	return FALSE;
}

static gboolean refuse_changed(const Recalled *recalled, GError **error)
{
	const Change *change = recalled->change;
	g_autofree char *name = text_quote(change->key[0]);

	g_set_error(
		error, RUN_ERROR, RUN_ERROR_CHANGED,
		"step %s has set %s.%s of %s, and %s now: the procedure or a hook is not what "
		"it was; undo the run instead",
		change->step, change->target, change->column, name,
		recalled->asked ? "asks for another value" : "does not ask for it");
	return FALSE;
}

gboolean door_all_recalled(Run *run, GError **error)
{
	GHashTableIter each;
	gpointer value;

	if (!run->recalled)
		return TRUE;
	g_hash_table_iter_init(&each, run->recalled);
	while (g_hash_table_iter_next(&each, NULL, &value)) {
		const Recalled *recalled = value;

		if (!door_ends_now(run, recalled->change))
			continue;
		if (!recalled->asked || !door_is_at(&recalled->last, &recalled->change->after))
			return refuse_changed(recalled, error);
		g_hash_table_iter_remove(&each);
	}
	return TRUE;
}
