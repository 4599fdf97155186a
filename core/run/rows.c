/* Rows: cells set over the snapshot, and written together. */
#include "core/base.h"
#include "core/run/door.h"
#include <string.h>

gboolean door_check_allowed(Run *run, GError **error)
{
	if (!run->forbidden && run->step)
		return TRUE;
	g_set_error(error, RUN_ERROR, RUN_ERROR_REFUSED, "nothing may be changed here: %s",
		    run->forbidden ? run->forbidden : "no step is running");
	return FALSE;
}

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

char *door_cell_text(const StoreCell *cell)
{
	return cell->kind == STORE_CELL_TEXT ? text_quote(cell->text) : g_strdup("nothing");
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
	Change *change = g_new0(Change, 1);

	change->kind = CHANGE_ROW;
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
	g_ptr_array_add(run->changes, change);
	g_hash_table_insert(run->cells, &change->cell, change);
}

/* The cell waits to be written already.  One that is set back stays, as no change: see
 * door_drop_unchanged. */
static void change_again(Run *run, Change *waiting, StoreCell after)
{
	waiting->step = run->step;
	waiting->hook = run->hook;
	waiting->after = after;
}

void door_drop_unchanged(Run *run)
{
	GPtrArray *changes = run->changes;
	guint kept = run->committed;

	for (guint i = run->committed; i < changes->len; i++) {
		Change *change = changes->pdata[i];

		if (door_same_cell(&change->before, &change->after) ||
		    (change->before.kind == STORE_CELL_NO_ROW &&
		     change->after.kind == STORE_CELL_NULL))
			change_free(change);
		else
			changes->pdata[kept++] = change;
	}
	/* Those beyond are freed or moved: they must not be freed once more. */
	g_ptr_array_set_free_func(changes, NULL);
	g_ptr_array_set_size(changes, (int)kept);
	g_ptr_array_set_free_func(changes, change_free);
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
		after.text = g_string_chunk_insert_const(run->text, after.text);
	if (door_recall(run, &plan, &after))
		return TRUE;
	waiting = g_hash_table_lookup(run->cells, &plan.cell);
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

	return door_check_allowed(run, error) && door_check_open(value, "a row", error) &&
	       door_set_cell(run, table, key, n_key, column, after, error);
}

static gboolean is_key(const StoreTable *table, guint column)
{
	for (guint i = 0; i < table->n_keys; i++)
		if (table->keys[i] == column)
			return TRUE;
	return FALSE;
}

/* A row goes away with its last cell that has a value; one that is empty, with any. */
static GPtrArray *cells_to_empty(Run *run, const StoreTable *read, const char *const *key,
				 guint n_key, GError **error)
{
	g_autoptr(GPtrArray) columns = g_ptr_array_new();
	const char *empty = NULL;

	for (guint i = 0; i < read->n_columns; i++) {
		StoreCell now;

		if (is_key(read, i))
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
	Run *run = data;
	g_autoptr(Cluster) stored = cluster_new(store);

	for (guint i = run->committed; i < run->changes->len; i++) {
		const Change *change = run->changes->pdata[i];
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
static GPtrArray *guarded_tables(const Run *run)
{
	GPtrArray *tables = g_ptr_array_new();

	g_ptr_array_add(tables, (gpointer) "nodelist");
	g_ptr_array_add(tables, (gpointer) "site");
	for (guint i = run->committed; i < run->changes->len; i++) {
		const Change *change = run->changes->pdata[i];

		/* Texts of a run are kept once: the same table is the same pointer. */
		if (!g_ptr_array_find(tables, change->target, NULL))
			g_ptr_array_add(tables, (gpointer)change->target);
	}
	g_ptr_array_add(tables, NULL);
	return tables;
}

gboolean door_commit_rows(Run *run, GError **error)
{
	guint first = run->committed, n = run->changes->len - first;
	g_autofree StoreChange *cells = g_new0(StoreChange, n);
	g_autoptr(GPtrArray) tables = guarded_tables(run);
	Change **pending = (Change **)run->changes->pdata + first;
	StoreGuard guard = { (const char *const *)tables->pdata, check_seen, run };

	for (guint i = 0; i < n; i++) {
		const Change *change = run->changes->pdata[first + i];

		cells[i] = (StoreChange){ change->target, change->key,	  change->n_key,
					  change->column, change->before, change->after };
	}
	if (run->journal &&
	    !journal_start(run->journal, run->number, (Change *const *)pending, n, error))
		return FALSE;
	if (!store_commit(cluster_store(run->cluster), cells, n, &guard, STORE_WAIT, error)) {
		/* None of it was written: it never began. */
		if (run->journal &&
		    !journal_forget(run->journal, (Change *const *)pending, n, NULL))
			g_debug("what was not written stays started in the journal");
		return FALSE;
	}
	cluster_written(run->cluster);
	run->done += n;
	if (run->journal)
		return journal_settle(run->journal, (Change *const *)pending, n, CHANGE_DONE,
				      error);
	for (guint i = 0; i < n; i++)
		pending[i]->state = CHANGE_DONE;
	return TRUE;
}
