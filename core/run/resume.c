/* A run that goes on: what was begun is settled, what is done is not done again. */
#include "core/run/kind.h"

static GPtrArray *started_of(const GPtrArray *changes, guint kind)
{
	GPtrArray *found = g_ptr_array_new();

	for (guint i = 0; i < changes->len; i++) {
		Change *change = changes->pdata[i];

		if (change->kind == kind && change->state == CHANGE_STARTED)
			g_ptr_array_add(found, change);
	}
	return found;
}

gboolean run_settle(Run *run, JournalContent *content, gboolean goes_on, GError **error)
{
	/* Those on hosts first: whatever becomes of rows, nobody knows of these. */
	for (guint i = CHANGE_KINDS; i > 0; i--) {
		g_autoptr(GPtrArray) begun = started_of(content->changes, i - 1);

		if (begun->len > 0 && !run_kind_of(i - 1)->settle(run, begun, goes_on, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean is_of_ended_step(const JournalContent *content, const Change *change)
{
	return g_hash_table_contains(content->steps, change->step);
}

/* What every attempt does is done anew, though the attempt that was killed in the step had done
 * it: what freeze has paused since is to go on once more.  Rows are what they are. */
static gboolean is_done_anew(const GHashTable *anew, const Change *change)
{
	return change->host && change->state == CHANGE_DONE && anew &&
	       g_hash_table_contains((GHashTable *)anew, change->step);
}

static gboolean recall_one(Run *run, const JournalContent *content, Change *change,
			   const GHashTable *anew, GPtrArray *changed, GError **error)
{
	const RunKind *kind = run_kind(change);

	run->done += change->state == CHANGE_DONE;
	if (!is_of_ended_step(content, change) && !is_done_anew(anew, change))
		return kind->recall(run, change, error);
	if (change->state != CHANGE_DONE || !kind->look_again)
		return TRUE;
	return kind->look_again(run, change, changed, error);
}

gboolean run_recall(Run *run, JournalContent *content, const GHashTable *anew,
		    GPtrArray *changed, GError **error)
{
	run->recall = recall_new(TRUE);
	for (guint i = content->changes->len; i > 0; i--)
		if (!recall_one(run, content, content->changes->pdata[i - 1], anew, changed,
				error))
			return FALSE;
	return TRUE;
}

/* Of an undo: what freeze has paused once more is to go on once more (is_done_anew). */
static gboolean is_done_around(const Change *change)
{
	return change->state == CHANGE_DONE && !g_str_equal(change->step, CHANGE_UNDO_STEP);
}

/* What is settled by its number (settle_undo) is not found again by what is asked for. */
void run_recall_undo(Run *run, const JournalContent *undo)
{
	run->recall = recall_new(FALSE);
	for (guint i = undo->changes->len; i > 0; i--) {
		Change *change = undo->changes->pdata[i - 1];

		run->done += change->state == CHANGE_DONE;
		if (change->host && !run_kind(change)->settle_undo &&
		    !is_of_ended_step(undo, change) && !is_done_around(change))
			recall_on_host(run->recall, change);
	}
}

gboolean run_settle_undo(Run *run, const JournalContent *undo, JournalContent *target,
			 GError **error)
{
	for (guint i = 0; i < CHANGE_KINDS; i++) {
		const RunKind *kind = run_kind_of(i);
		g_autoptr(GPtrArray) undoing = run_of_kind(undo->changes, i);
		g_autoptr(GPtrArray) undone = run_of_kind(target->changes, i);

		if (kind->settle_undo && undoing->len > 0 &&
		    !kind->settle_undo(run, undoing, undone, error))
			return FALSE;
	}
	return TRUE;
}

/* ---- On hosts ---- */

gboolean kind_settle_unknown(Run *run, GPtrArray *begun, gboolean goes_on, GError **error)
{
	(void)goes_on;
	return door_settle(run, begun, CHANGE_UNKNOWN, error);
}

gboolean kind_recall_on_host(Run *run, Change *change, GError **error)
{
	(void)error;
	run->begun = TRUE;
	recall_on_host(run->recall, change);
	return TRUE;
}

gboolean kind_same_call(const Change *before, const Change *change)
{
	return before->step == change->step && g_strcmp0(before->host, change->host) == 0 &&
	       g_strcmp0(before->call, change->call) == 0;
}
