/* Rows: cells set over the snapshot, and written together. */
#include "core/base.h"
#include "core/run/kind.h"
#include <string.h>

gboolean door_same_cell(const StoreCell *a, const StoreCell *b)
{
	return a->kind == b->kind &&
	       (a->kind != STORE_CELL_TEXT || g_str_equal(a->text, b->text));
}

gboolean door_is_at(const StoreCell *now, const StoreCell *wanted)
{
	if (now->kind == STORE_CELL_TEXT || wanted->kind == STORE_CELL_TEXT)
		return door_same_cell(now, wanted);
	return TRUE;
}

/* A key of one column is kept in the cluster; of several, the vector is the change's own. */
static void keep_key(Run *run, Change *change, const char *const *key)
{
	const char **copy;

	if (change->n_key == 1) {
		if (!change->row)
			change->row = cluster_keep(run->cluster, key[0]);
		change->key = &change->row;
		return;
	}
	copy = g_new0(const char *, change->n_key + 1);
	for (guint i = 0; i < change->n_key; i++)
		copy[i] = cluster_keep(run->cluster, key[i] ? key[i] : "");
	change->key = copy;
}

static void add_change(Run *run, const ClusterPlan *plan, const char *const *key, guint n_key,
		       StoreCell after)
{
	Change *change = change_new(CHANGE_ROW);

	change->step = run->step;
	change->hook = run->hook;
	change->target = plan->table;
	change->column = plan->column;
	change->node = plan->node;
	change->row = plan->node;
	change->n_key = n_key;
	change->before = plan->before;
	change->after = after;
	change->seen = plan->seen.text;
	change->seen_from = plan->seen.from;
	change->cell = plan->cell;
	keep_key(run, change, key);
	door_count(run, change);
	g_ptr_array_add(run->waiting, change);
	cells_put(run->cells, change);
}

/* The cell waits to be written already.  One that is set back stays, as no change: see
 * is_none. */
static void change_again(Run *run, Change *waiting, StoreCell after)
{
	waiting->step = run->step;
	waiting->hook = run->hook;
	waiting->after = after;
}

gboolean door_set_cell(Run *run, const char *table, const char *const *key, guint n_key,
		       const char *column, StoreCell after, GError **error)
{
	ClusterPlan plan;
	Change *waiting;

	if (!cluster_plan(run->cluster, table, key, n_key, column, after, &plan, error))
		return FALSE;
	if (!plan.changed)
		return TRUE;
	if (after.kind == STORE_CELL_TEXT)
		after.text = door_keep(run, after.text);
	if (recall_ask_cell(run, &plan, &after))
		return TRUE;
	waiting = cells_find(run->cells, plan.cell);
	if (waiting)
		change_again(run, waiting, after);
	else
		add_change(run, &plan, key, n_key, after);
	return TRUE;
}

gboolean run_set(Run *run, const char *table, const char *const *key, guint n_key,
		 const char *column, const char *value, GError **error)
{
	StoreCell after = { value ? STORE_CELL_TEXT : STORE_CELL_NULL, value };

	return door_check_allowed(run, error) && door_check_no_secret(value, "a row", error) &&
	       door_set_cell(run, table, key, n_key, column, after, error);
}

/* A row goes away with its last cell that has a value; one that is empty, with any. */
static GPtrArray *cells_to_empty(Run *run, const StoreTable *read, const char *const *key,
				 guint n_key, GError **error)
{
	g_autoptr(GPtrArray) columns = g_ptr_array_new();
	const char *empty = NULL;

	for (guint i = 0; i < read->n_columns; i++) {
		StoreCell now;

		if (store_table_is_key(read, i))
			continue;
		if (!cluster_cell(run->cluster, read->name, key, n_key, read->columns[i], &now,
				  error))
			return NULL;
		if (now.kind == STORE_CELL_NO_ROW)
			return g_steal_pointer(&columns);
		if (now.kind == STORE_CELL_TEXT)
			g_ptr_array_add(columns, read->columns[i]);
		else
			empty = read->columns[i];
	}
	if (columns->len == 0 && empty)
		g_ptr_array_add(columns, (gpointer)empty);
	return g_steal_pointer(&columns);
}

gboolean run_delete_row(Run *run, const char *table, const char *const *key, guint n_key,
			GError **error)
{
	StoreCell gone = { STORE_CELL_NO_ROW, NULL };
	const StoreTable *read;
	g_autoptr(GPtrArray) columns = NULL;

	if (!door_check_allowed(run, error))
		return FALSE;
	read = cluster_table(run->cluster, table, error);
	if (!read)
		return FALSE;
	if (read->n_columns == 0)
		return cluster_has_column(run->cluster, table, "", error);
	columns = cells_to_empty(run, read, key, n_key, error);
	if (!columns)
		return FALSE;
	for (guint i = 0; i < columns->len; i++)
		if (!door_set_cell(run, table, key, n_key, columns->pdata[i], gone, error))
			return FALSE;
	return TRUE;
}

static gboolean refuse_seen(const Change *change, const ClusterValue *value, GError **error)
{
	g_autofree char *node = text_quote(change->node);
	g_autofree char *then = change->seen ? text_quote(change->seen) : g_strdup("nothing");
	g_autofree char *now = value->text ? text_quote(value->text) : g_strdup("nothing");
	g_autofree char *row = value->from ? text_quote(value->from) : NULL;
	g_autofree char *from = row ? g_strconcat(", from row ", row, NULL) : g_strdup("");

	g_set_error(
		error, STORE_ERROR, STORE_ERROR_CONFLICT,
		"%s.%s of %s was changed by somebody else since it was read: it was %s and is "
		"%s now%s",
		change->target, change->column, node, then, now, from);
	return FALSE;
}

/*
 * Inside the transaction: does each node still have the value that the change was made from?
 * The changes are gone through again on what is stored now, so that one is seen with those
 * before it, as it was when it was made.
 */
static gboolean check_seen(Store *store, gpointer data, GError **error)
{
	const GPtrArray *changes = data;
	g_autoptr(Cluster) stored = cluster_new(store);

	for (guint i = 0; i < changes->len; i++) {
		const Change *change = changes->pdata[i];
		ClusterPlan plan;

		if (!cluster_plan(stored, change->target, change->key, change->n_key,
				  change->column, change->after, &plan, error))
			return FALSE;
		if (plan.changed && change->node &&
		    g_strcmp0(plan.seen.text, change->seen) != 0)
			return refuse_seen(change, &plan.seen, error);
	}
	return TRUE;
}

/* The tables that decide what a value resolves to: the changed ones, and who is in a group. */
static GPtrArray *guarded_tables(const GPtrArray *changes)
{
	GPtrArray *tables = g_ptr_array_new();

	g_ptr_array_add(tables, (gpointer) "nodelist");
	g_ptr_array_add(tables, (gpointer) "site");
	for (guint i = 0; i < changes->len; i++) {
		const Change *change = changes->pdata[i];

		/* Texts of a run are kept once: the same table is the same pointer. */
		if (!g_ptr_array_find(tables, change->target, NULL))
			g_ptr_array_add(tables, (gpointer)change->target);
	}
	g_ptr_array_add(tables, NULL);
	return tables;
}

/* Gives an array (g_free). */
static StoreChange *store_changes(const GPtrArray *changes)
{
	StoreChange *cells = g_new0(StoreChange, changes->len);

	for (guint i = 0; i < changes->len; i++) {
		const Change *change = changes->pdata[i];

		cells[i] = (StoreChange){ change->target, change->key,	  change->n_key,
					  change->column, change->before, change->after };
	}
	return cells;
}

static gboolean commit(Run *run, GPtrArray *waiting, GError **error)
{
	g_autofree StoreChange *cells = store_changes(waiting);
	g_autoptr(GPtrArray) tables = guarded_tables(waiting);
	Change *const *changes = (Change *const *)waiting->pdata;
	StoreGuard guard = { (const char *const *)tables->pdata, check_seen, waiting };
	g_autoptr(GError) problem = NULL;

	if (run->journal &&
	    !journal_start(run->journal, run->number, changes, waiting->len, error))
		return FALSE;
	if (!store_commit(cluster_store(run->cluster), cells, waiting->len, &guard, STORE_WAIT,
			  &problem)) {
		/* Nobody knows: it stays begun, and a resume looks what has become of it. */
		if (g_error_matches(problem, STORE_ERROR, STORE_ERROR_OUTCOME))
			run->begun = TRUE;
		/* None of it was written: it never began. */
		else if (run->journal &&
			 !journal_forget(run->journal, changes, waiting->len, NULL))
			g_debug("what was not written stays started in the journal");
		g_propagate_error(error, g_steal_pointer(&problem));
		return FALSE;
	}
	cluster_written(run->cluster);
	run->done += waiting->len;
	return door_settle(run, waiting, CHANGE_DONE, error);
}

static gboolean is_none(const Change *change)
{
	return door_same_cell(&change->before, &change->after) ||
	       (change->before.kind == STORE_CELL_NO_ROW &&
		change->after.kind == STORE_CELL_NULL);
}

/* Who reads afterwards sees what is stored again. */
static void drop(Run *run, const Change *change)
{
	ClusterPlan planned;

	if (!cluster_plan(run->cluster, change->target, change->key, change->n_key,
			  change->column, change->before, &planned, NULL))
		g_warn_if_reached();
}

/* ---- A run that goes on ---- */

static gboolean stored_cell(Cluster *stored, const Change *change, StoreCell *cell,
			    GError **error)
{
	return cluster_cell(stored, change->target, change->key, change->n_key, change->column,
			    cell, error);
}

/* "noderes.xcatmaster of 'cn1'": all columns of its key. */
static char *cell_name(const Change *change)
{
	g_autofree char *key = change_row_key(change);
	g_autofree char *name = text_quote(key);

	return g_strdup_printf("%s.%s of %s", change->target, change->column, name);
}

static char *describe(const Change *change, const StoreCell *now)
{
	g_autofree char *name = cell_name(change);
	g_autofree char *before = change_cell_text(&change->before);
	g_autofree char *after = change_cell_text(&change->after);
	g_autofree char *here = change_cell_text(now);

	return g_strdup_printf("%s: it was %s before, this run wrote %s, and it is %s now",
			       name, before, after, here);
}

/*
 * A commit writes all of its rows or none; a mixture means that someone else changed them.  Who
 * goes on would write over that.  Who does not takes it for done, which is safe: an undo looks
 * at each value, and leaves and tells what is neither as before nor as written.
 */
static gboolean settle(Run *run, GPtrArray *begun, gboolean goes_on, GError **error)
{
	g_autoptr(Cluster) stored = cluster_new(cluster_store(run->cluster));
	Change *const *changes = (Change *const *)begun->pdata;
	guint before = 0, after = 0;
	g_autofree char *odd = NULL;

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
		if (run->journal && !journal_forget(run->journal, changes, begun->len, error))
			return FALSE;
		for (guint i = 0; i < begun->len; i++)
			changes[i]->state = CHANGE_FAILED;
		return TRUE;
	}
	if (after == begun->len || !goes_on)
		return door_settle(run, begun, CHANGE_DONE, error);
	g_set_error(
		error, RUN_ERROR, RUN_ERROR_CONFLICT,
		"%u values were begun; %u are as before, %u as written, and somebody changed "
		"others%s%s; the run can be undone or closed all the same",
		begun->len, before, after, odd ? ": " : "", odd ? odd : "");
	return FALSE;
}

/* What is done in a step that runs again is seen as it was before it. */
static gboolean recall(Run *run, Change *change, GError **error)
{
	ClusterPlan plan;

	if (change->state != CHANGE_DONE)
		return TRUE;
	if (!cluster_plan(run->cluster, change->target, change->key, change->n_key,
			  change->column, change->before, &plan, error))
		return FALSE;
	change->cell = plan.changed ? plan.cell : 0;
	if (plan.changed) /* else somebody has set it back: it is asked for anew */
		recall_cell(run->recall, change);
	return TRUE;
}

static gboolean look_again(Run *run, const Change *change, GPtrArray *changed, GError **error)
{
	const char *nodes[] = { change->node, NULL };
	g_autofree char *what = NULL;
	g_autofree char *text = NULL;
	StoreCell now;

	if (!stored_cell(recall_stored(run), change, &now, error))
		return FALSE;
	if (door_is_at(&now, &change->after))
		return TRUE;
	what = describe(change, &now);
	text = g_strconcat("somebody changed what was done: ", what, NULL);
	g_ptr_array_add(changed, journal_owed_new(NULL, change->node ? nodes : NULL, text));
	return TRUE;
}

/* ---- An undo ---- */

static char *conflict(const Change *change, const StoreCell *now)
{
	g_autofree char *full = cell_name(change);
	g_autofree char *name =
		change->node ? g_strdup_printf("%s.%s", change->target, change->column)
			     : g_steal_pointer(&full);
	g_autofree char *before = change_cell_text(&change->before);
	g_autofree char *after = change_cell_text(&change->after);
	g_autofree char *here = change_cell_text(now);

	return g_strdup_printf("left as it is: somebody changed %s since (before %s, then %s, "
			       "now %s)",
			       name, before, after, here);
}

static guint cell_hash(gconstpointer data)
{
	const Change *change = data;
	guint hash = g_str_hash(change->column);

	for (guint i = 0; i < change->n_key; i++)
		hash = hash * 31 + g_str_hash(change->key[i]);
	return hash;
}

static gboolean cell_equal(gconstpointer a, gconstpointer b)
{
	const Change *one = a, *two = b;

	if (one->n_key != two->n_key || !g_str_equal(one->target, two->target) ||
	    !g_str_equal(one->column, two->column))
		return FALSE;
	for (guint i = 0; i < one->n_key; i++)
		if (!g_str_equal(one->key[i], two->key[i]))
			return FALSE;
	return TRUE;
}

/*
 * A cell that the run has set twice is seen, the second time, as the first change left it:
 * `seen` has the change of each cell that the walk comes to last, as `before` of which it is
 * then.
 */
static gboolean look(Undo *undo, const GPtrArray *changes, GError **error)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(cell_hash, cell_equal);

	for (guint i = 0; i < changes->len; i++) {
		const Change *change = changes->pdata[i];
		const Change *later = g_hash_table_lookup(seen, change);
		StoreCell now;

		if (later)
			now = later->before;
		else if (!stored_cell(undo->run->cluster, change, &now, error))
			return FALSE;
		if (door_is_at(&now, &change->after) || door_is_at(&now, &change->before))
			g_hash_table_add(seen, (gpointer)change);
		else
			undo_leave(undo, change, conflict(change, &now));
	}
	return TRUE;
}

/* Rows of one commit go back in one. */
static gboolean together(const Change *before, const Change *change)
{
	return before->ended == change->ended;
}

static gboolean fits(const GPtrArray *a, const GPtrArray *b)
{
	(void)a, (void)b;
	return FALSE;
}

static gboolean undo_rows(Undo *undo, const UndoGroup *group, GError **error)
{
	const GPtrArray *changes = group->items->pdata[0];

	for (guint i = 0; i < changes->len; i++) {
		const Change *change = changes->pdata[i];

		if (!door_set_cell(undo->run, change->target, change->key, change->n_key,
				   change->column, change->before, error))
			return FALSE;
	}
	return door_finish(undo->run, error) && undo_taken(undo, changes, error);
}

const RunKind run_row_kind = {
	.settle = settle,
	.recall = recall,
	.look_again = look_again,
	.is_none = is_none,
	.finish = commit,
	.drop = drop,
	.look = look,
	.together = together,
	.fits = fits,
	.undo = undo_rows,
};
