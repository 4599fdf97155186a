/* Rows: cells set over the snapshot, and written together. */
#include "core/base.h"
#include "core/run/door.h"
#include <string.h>

/* With bytes that no name has, so that no two cells look the same. */
static char *cell_name(const char *table, const char *const *key, guint n_key,
		       const char *column)
{
	GString *name = g_string_new(table);

	for (guint i = 0; i < n_key; i++)
		g_string_append_printf(name, "\1%zu:%s", strlen(key[i]), key[i]);
	if (column) {
		g_string_append_c(name, '\2');
		g_string_append(name, column);
	}
	return g_string_free(name, FALSE);
}

static gboolean check_allowed(Run *run, GError **error)
{
	if (!run->forbidden && run->step)
		return TRUE;
	g_set_error(error, RUN_ERROR, RUN_ERROR_REFUSED, "nothing may be changed here: %s",
		    run->forbidden ? run->forbidden : "no step is running");
	return FALSE;
}

static gboolean same_cell(const StoreCell *a, const StoreCell *b)
{
	return a->kind == b->kind &&
	       (a->kind != STORE_CELL_TEXT || g_str_equal(a->text, b->text));
}

static gboolean is_nodes_table(Cluster *cluster, const char *table)
{
	const StoreTable *read = cluster_table(cluster, table, NULL);

	return read && read->n_keys == 1 && g_str_equal(read->columns[read->keys[0]], "node");
}

/* What the node has now, through its groups: the plan shows it, the commit guards it. */
static gboolean see_value(Run *run, Change *change, GError **error)
{
	g_autoptr(GError) problem = NULL;
	ClusterValue value;

	if (!change->node)
		return TRUE;
	if (!cluster_resolve(run->cluster, change->node, change->target, change->column, &value,
			     &problem) &&
	    !g_error_matches(problem, CLUSTER_ERROR, CLUSTER_ERROR_VALUE)) {
		g_propagate_error(error, g_steal_pointer(&problem));
		return FALSE;
	}
	change->seen = value.text;
	change->seen_from = value.from;
	return TRUE;
}

static void keep_change(Run *run, const Change *change, const char *const *key, char *cell)
{
	Change *kept = g_memdup2(change, sizeof(*change));
	const char **copy = g_new0(const char *, change->n_key + 1);

	for (guint i = 0; i < change->n_key; i++)
		copy[i] = cluster_keep(run->cluster, key[i]);
	kept->key = copy;
	if (kept->node)
		kept->node = copy[0];
	kept->target = g_string_chunk_insert_const(run->text, change->target);
	kept->column = g_string_chunk_insert_const(run->text, change->column);
	if (kept->after.kind == STORE_CELL_TEXT)
		kept->after.text = g_string_chunk_insert_const(run->text, change->after.text);
	g_ptr_array_add(run->changes, kept);
	g_hash_table_insert(run->cells, cell, kept);
}

/* The cell waits to be written already.  One that is set back stays, as no change: see
 * door_drop_unchanged. */
static void change_again(Run *run, Change *waiting, const StoreCell *after)
{
	waiting->hook = run->hook;
	waiting->after = *after;
	if (after->kind == STORE_CELL_TEXT)
		waiting->after.text = g_string_chunk_insert_const(run->text, after->text);
}

void door_drop_unchanged(Run *run)
{
	GPtrArray *changes = run->changes;
	guint kept = run->committed;

	for (guint i = run->committed; i < changes->len; i++) {
		Change *change = changes->pdata[i];

		if (same_cell(&change->before, &change->after) ||
		    (change->before.kind == STORE_CELL_NO_ROW &&
		     change->after.kind == STORE_CELL_NULL))
			door_change_free(change);
		else
			changes->pdata[kept++] = change;
	}
	/* Those beyond are freed or moved: they must not be freed once more. */
	g_ptr_array_set_free_func(changes, NULL);
	g_ptr_array_set_size(changes, (int)kept);
	g_ptr_array_set_free_func(changes, door_change_free);
}

/* A row that this step makes was not there for any of its cells. */
static void note_new_row(Run *run, Change *change, const char *const *key)
{
	g_autofree char *row = cell_name(change->target, key, change->n_key, NULL);

	if (change->before.kind == STORE_CELL_NO_ROW)
		g_hash_table_add(run->made, g_steal_pointer(&row));
	else if (change->before.kind == STORE_CELL_NULL &&
		 g_hash_table_contains(run->made, row))
		change->before.kind = STORE_CELL_NO_ROW;
}

static gboolean set_cell(Run *run, const char *table, const char *const *key, guint n_key,
			 const char *column, StoreCell after, GError **error)
{
	Change change = { .kind = CHANGE_ROW,
			  .step = run->step,
			  .hook = run->hook,
			  .target = table,
			  .n_key = n_key,
			  .column = column,
			  .after = after };
	g_autofree char *cell = NULL;
	StoreCell now;
	Change *waiting;

	if (!cluster_cell(run->cluster, table, key, n_key, column, &now, error))
		return FALSE;
	if (same_cell(&now, &after) ||
	    (now.kind == STORE_CELL_NO_ROW && after.kind == STORE_CELL_NULL))
		return TRUE;
	change.node = is_nodes_table(run->cluster, table) ? key[0] : NULL;
	if (!see_value(run, &change, error) ||
	    !cluster_plan(run->cluster, table, key, n_key, column, after, &change.before,
			  error))
		return FALSE;
	cell = cell_name(table, key, n_key, column);
	waiting = g_hash_table_lookup(run->cells, cell);
	if (waiting) {
		change_again(run, waiting, &after);
		return TRUE;
	}
	note_new_row(run, &change, key);
	keep_change(run, &change, key, g_steal_pointer(&cell));
	return TRUE;
}

gboolean run_set(Run *run, const char *table, const char *const *key, guint n_key,
		 const char *column, const char *value, GError **error)
{
	StoreCell after = { value ? STORE_CELL_TEXT : STORE_CELL_NULL, value };

	return check_allowed(run, error) &&
	       set_cell(run, table, key, n_key, column, after, error);
}

static gboolean is_key(const StoreTable *table, guint column)
{
	for (guint i = 0; i < table->n_keys; i++)
		if (table->keys[i] == column)
			return TRUE;
	return FALSE;
}

gboolean run_delete_row(Run *run, const char *table, const char *const *key, guint n_key,
			GError **error)
{
	StoreCell gone = { STORE_CELL_NO_ROW, NULL };
	const StoreTable *read;
	g_autoptr(GPtrArray) columns = g_ptr_array_new();

	if (!check_allowed(run, error))
		return FALSE;
	read = cluster_table(run->cluster, table, error);
	if (!read)
		return FALSE;
	for (guint i = 0; i < read->n_columns; i++) {
		StoreCell now;

		if (is_key(read, i))
			continue;
		if (!cluster_cell(run->cluster, table, key, n_key, read->columns[i], &now,
				  error))
			return FALSE;
		if (now.kind == STORE_CELL_NO_ROW)
			return TRUE;
		/* A row goes away with its last cell; one that is empty, with any. */
		if (now.kind == STORE_CELL_TEXT || columns->len == 0)
			g_ptr_array_add(columns, read->columns[i]);
	}
	for (guint i = 0; i < columns->len; i++)
		if (!set_cell(run, table, key, n_key, columns->pdata[i], gone, error))
			return FALSE;
	return TRUE;
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
		ClusterValue value;
		StoreCell before;

		if (change->node) {
			g_autoptr(GError) problem = NULL;

			if (!cluster_resolve(stored, change->node, change->target,
					     change->column, &value, &problem) &&
			    !g_error_matches(problem, CLUSTER_ERROR, CLUSTER_ERROR_VALUE)) {
				g_propagate_error(error, g_steal_pointer(&problem));
				return FALSE;
			}
			if (g_strcmp0(value.text, change->seen) != 0) {
				g_autofree char *node = text_quote(change->node);
				g_autofree char *then =
					text_quote(change->seen ? change->seen : "");
				g_autofree char *now = text_quote(value.text ? value.text : "");

				g_set_error(
					error, STORE_ERROR, STORE_ERROR_CONFLICT,
					"%s.%s of %s was changed by somebody else since it was "
					"read: it was %s and is %s now, from row '%s'",
					change->target, change->column, node, then, now,
					value.from ? value.from : "(none)");
				return FALSE;
			}
		}
		if (!cluster_plan(stored, change->target, change->key, change->n_key,
				  change->column, change->after, &before, error))
			return FALSE;
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
	StoreGuard guard = { (const char *const *)tables->pdata, check_seen, run };

	for (guint i = 0; i < n; i++) {
		const Change *change = run->changes->pdata[first + i];

		cells[i] = (StoreChange){ change->target, change->key,	  change->n_key,
					  change->column, change->before, change->after };
	}
	if (!store_commit(cluster_store(run->cluster), cells, n, &guard, STORE_WAIT, error))
		return FALSE;
	for (guint i = 0; i < n; i++)
		((Change *)run->changes->pdata[first + i])->state = CHANGE_DONE;
	run->done += n;
	return TRUE;
}
