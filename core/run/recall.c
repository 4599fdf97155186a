/*
 * What a run that goes on knows of its earlier attempts.
 *
 * A step that was begun is run again, and asks again for what it had asked for.  Cells are
 * known by their number; what is on hosts by step, hook, kind, host, target, node and its
 * ordinal among equals.
 */
#include "core/base.h"
#include "core/run/door.h"

/* A cell that was done before, in a step that runs again. */
typedef struct {
	Change *change;
	gboolean asked; /* the step has asked for it again, */
	StoreCell last; /* the last time for this; its text is the run's */
} RecalledCell;

struct recall {
	GHashTable *cells;   /* Change.cell -> RecalledCell */
	GHashTable *on_host; /* identity -> Change; who is asked for is taken out */
	gboolean whole;	     /* all that was begun is to be asked for again */
	Cluster *stored;
};

Recall *recall_new(gboolean whole)
{
	Recall *recall = g_new0(Recall, 1);

	recall->whole = whole;
	recall->cells = g_hash_table_new_full(door_cell_hash, g_int64_equal, NULL, g_free);
	recall->on_host = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return recall;
}

void recall_free(Recall *recall)
{
	if (!recall)
		return;
	g_hash_table_unref(recall->cells);
	g_hash_table_unref(recall->on_host);
	g_clear_pointer(&recall->stored, cluster_free);
	g_free(recall);
}

Cluster *recall_stored(Run *run)
{
	if (!run->recall->stored)
		run->recall->stored = cluster_new(cluster_store(run->cluster));
	return run->recall->stored;
}

/* ---- Cells ---- */

void recall_cell(Recall *recall, Change *change)
{
	RecalledCell *recalled = g_new0(RecalledCell, 1);

	recalled->change = change;
	g_hash_table_replace(recall->cells, &change->cell, recalled);
}

gboolean recall_ask_cell(Run *run, const ClusterPlan *plan, const StoreCell *after)
{
	RecalledCell *recalled =
		run->recall ? g_hash_table_lookup(run->recall->cells, &plan->cell) : NULL;

	if (!recalled)
		return FALSE;
	recalled->asked = TRUE;
	recalled->last = *after;
	return TRUE;
}

static gboolean refuse_changed(const RecalledCell *recalled, GError **error)
{
	const Change *change = recalled->change;
	g_autofree char *key = change_row_key(change);
	g_autofree char *name = text_quote(key);

	g_set_error(error, RUN_ERROR, RUN_ERROR_CHANGED,
		    "step %s has set %s.%s of %s, and %s now: the procedure or a hook asks for "
		    "something else than before; undo the run instead",
		    change->step, change->target, change->column, name,
		    recalled->asked ? "asks for another value" : "does not ask for it");
	return FALSE;
}

gboolean recall_all_cells_asked(Run *run, GError **error)
{
	GHashTableIter each;
	gpointer value;

	if (!run->recall)
		return TRUE;
	g_hash_table_iter_init(&each, run->recall->cells);
	while (g_hash_table_iter_next(&each, NULL, &value)) {
		const RecalledCell *recalled = value;

		if (!door_ends_now(run, recalled->change))
			continue;
		if (!recalled->asked || !door_is_at(&recalled->last, &recalled->change->after))
			return refuse_changed(recalled, error);
		g_hash_table_iter_remove(&each);
	}
	return TRUE;
}

/* ---- On hosts ---- */

/* Gives the key. */
static char *identity(const char *step, const char *hook, ChangeKind kind, const char *host,
		      const char *target, const char *node, guint ordinal)
{
	char numbers[32];

	g_snprintf(numbers, sizeof(numbers), "%d %u", kind, ordinal);
	return TEXT_KEY(numbers, step, hook, host, target,
			change_class_of(kind)->of_node ? node : NULL);
}

guint recall_ordinal(Run *run, ChangeKind kind, const char *host, const char *target,
		     const char *node)
{
	char *key = identity(run->step, run->hook, kind, host, target, node, 0);
	guint ordinal = GPOINTER_TO_UINT(g_hash_table_lookup(run->ordinals, key));

	g_hash_table_replace(run->ordinals, key, GUINT_TO_POINTER(ordinal + 1));
	return ordinal;
}

void recall_on_host(Recall *recall, Change *change)
{
	const ChangeClass *class = change_class(change);
	g_autofree char *known_by =
		class->known_by ? class->known_by(change) : g_strdup(change->target);
	char *key = identity(change->step, change->hook, change->kind, change->host, known_by,
			     change->node, change->ordinal);

	if (g_hash_table_contains(recall->on_host, key))
		g_free(key);
	else
		g_hash_table_insert(recall->on_host, key, change);
}

Change *recall_find(Run *run, ChangeKind kind, const char *host, const char *target,
		    const char *node, guint ordinal)
{
	g_autofree char *key = NULL;
	gpointer change, kept_key;

	if (!run->recall)
		return NULL;
	key = identity(run->step, run->hook, kind, host, target, node, ordinal);
	if (!g_hash_table_steal_extended(run->recall->on_host, key, &kept_key, &change))
		return NULL;
	g_free(kept_key);
	return change;
}

const Change *recall_begun(const Run *run, ChangeKind kind, const char *host,
			   const char *target, const char *node)
{
	const Change *change = NULL;

	for (guint ordinal = 0; run->recall && (ordinal == 0 || change); ordinal++) {
		g_autofree char *key =
			identity(run->step, run->hook, kind, host, target, node, ordinal);

		change = g_hash_table_lookup(run->recall->on_host, key);
		if (change && change->state == CHANGE_UNKNOWN)
			return change;
	}
	return NULL;
}

static gboolean refuse_not_asked(const Change *change, GError **error)
{
	g_autofree char *target = text_quote(change->target);

	g_set_error(
		error, RUN_ERROR, RUN_ERROR_CHANGED,
		"step %s had begun the %s %s on %s, and does not ask for it now: the procedure "
		"or a hook asks for something else than before; undo the run instead",
		change->step, change_class(change)->name, target, change->host);
	return FALSE;
}

gboolean recall_all_on_hosts_asked(Run *run, GError **error)
{
	GHashTableIter each;
	gpointer value;

	if (!run->recall || !run->recall->whole)
		return TRUE;
	g_hash_table_iter_init(&each, run->recall->on_host);
	while (g_hash_table_iter_next(&each, NULL, &value)) {
		const Change *change = value;

		if (change->state == CHANGE_UNKNOWN && door_ends_now(run, change))
			return refuse_not_asked(change, error);
	}
	return TRUE;
}
