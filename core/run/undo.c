/* Another run taken back, node by node; here its rows. */
#include "core/base.h"
#include "core/run/door.h"
#include <string.h>

char *door_unit_of(const Change *change)
{
	GString *unit;

	if (change->node)
		return g_strdup(change->node);
	if (change->file)
		return g_strdup_printf("\2%s\1%s", change->host, change->file->call);
	if (change->command) /* each for itself */
		return g_strdup_printf("\3%" G_GINT64_FORMAT, change->number);
	unit = g_string_new("\1");
	g_string_append(unit, change->target);
	for (guint i = 0; i < change->n_key; i++)
		g_string_append_printf(unit, "\1%s", change->key[i]);
	return g_string_free(unit, FALSE);
}

gboolean door_is_left(const Run *run, const Change *change)
{
	g_autofree char *unit = door_unit_of(change);

	return g_hash_table_contains(run->left, unit);
}

gboolean door_leave(Run *run, const Change *change)
{
	return g_hash_table_add(run->left, door_unit_of(change));
}

static gboolean is_wanted(const Change *change, GHashTable *nodes)
{
	if (change->state != CHANGE_DONE || change->kind != CHANGE_ROW)
		return FALSE;
	return !nodes || (change->node && g_hash_table_contains(nodes, change->node));
}

static JournalOwed *conflict(const Change *change, const StoreCell *now)
{
	const char *nodes[] = { change->node, NULL };
	g_autofree char *row = change->node ? NULL : text_quote(change->key[0]);
	g_autofree char *of = row ? g_strconcat(" of ", row, NULL) : g_strdup("");
	g_autofree char *before = door_cell_text(&change->before);
	g_autofree char *after = door_cell_text(&change->after);
	g_autofree char *here = door_cell_text(now);
	g_autofree char *text = NULL;

	text = g_strdup_printf("left as it is: somebody changed %s.%s%s since (before %s, then "
			       "%s, now %s)",
			       change->target, change->column, of, before, after, here);
	return journal_owed_new(NULL, change->node ? nodes : NULL, text);
}

/*
 * Which nodes cannot be taken back.  A cell that the run has set twice is seen, the second
 * time, as the first change left it: `seen` has what a cell is when the walk comes to it.
 */
static gboolean find_conflicts(Run *run, const JournalContent *content, GHashTable *nodes,
			       GPtrArray *owed, GError **error)
{
	g_autoptr(GHashTable) seen =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = content->changes->len; i > 0; i--) {
		const Change *change = content->changes->pdata[i - 1];
		g_autofree char *unit = NULL;
		g_autofree char *cell = NULL;
		const StoreCell *expected;
		StoreCell now;

		if (!is_wanted(change, nodes))
			continue;
		unit = door_unit_of(change);
		cell = g_strconcat(unit, "\1", change->target, "\1", change->column, NULL);
		expected = g_hash_table_lookup(seen, cell);
		if (expected)
			now = *expected;
		else if (!cluster_cell(run->cluster, change->target, change->key, change->n_key,
				       change->column, &now, error))
			return FALSE;
		if (!door_is_at(&now, &change->after) && !door_is_at(&now, &change->before)) {
			if (door_leave(run, change))
				g_ptr_array_add(owed, conflict(change, &now));
			continue;
		}
		g_hash_table_replace(seen, g_steal_pointer(&cell), (gpointer)&change->before);
	}
	return TRUE;
}

static gboolean undo_rows(Run *run, JournalContent *content, GHashTable *nodes, GError **error)
{
	run->undoing = g_ptr_array_new();
	for (guint i = content->changes->len; i > 0; i--) {
		Change *change = content->changes->pdata[i - 1];

		if (!is_wanted(change, nodes) || door_is_left(run, change))
			continue;
		if (!door_set_cell(run, change->target, change->key, change->n_key,
				   change->column, change->before, error))
			return FALSE;
		g_ptr_array_add(run->undoing, change);
		g_hash_table_add(run->taken, door_unit_of(change));
	}
	return TRUE;
}

/* Nodes that are taken back, and not left after all. */
static guint count_taken(const Run *run)
{
	GHashTableIter each;
	gpointer unit;
	guint n = 0;

	g_hash_table_iter_init(&each, run->taken);
	while (g_hash_table_iter_next(&each, &unit, NULL))
		n += *(const guchar *)unit > 3 && !g_hash_table_contains(run->left, unit);
	return n;
}

gboolean run_undo(Run *run, JournalContent *content, GHashTable *nodes, GPtrArray *owed,
		  GPtrArray *seen, guint *undone, GError **error)
{
	if (!find_conflicts(run, content, nodes, owed, error) ||
	    !door_undo_look(run, content, nodes, owed, error) ||
	    !door_undo_hosts(run, content, nodes, owed, seen, error) ||
	    !undo_rows(run, content, nodes, error))
		return FALSE;
	*undone = count_taken(run);
	return TRUE;
}
