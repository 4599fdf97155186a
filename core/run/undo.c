/*
 * Another run undone: one walk, backwards by the time at which its changes ended.
 *
 * It is decided unit by unit (change_unit): what has a conflict, or whose way back fails, is
 * left from there on.  Looks for conflicts come before anything is touched.
 */
#include "core/base.h"
#include "core/run/call.h"

const Change *undo_first(const UndoGroup *group, guint i)
{
	return ((GPtrArray *)group->items->pdata[i])->pdata[0];
}

RunHost *undo_hosts(const UndoGroup *group)
{
	RunHost *hosts = g_new0(RunHost, group->items->len);

	for (guint i = 0; i < group->items->len; i++) {
		const Change *change = undo_first(group, i);

		hosts[i] = (RunHost){ .name = change->host,
				      .via = change->via,
				      .node = change->node };
	}
	return hosts;
}

/* ---- What is left, owed, told, taken ---- */

static gboolean has_unit(GHashTable *units, const Change *change)
{
	g_autofree char *unit = g_hash_table_size(units) > 0 ? change_unit(change) : NULL;

	return unit && g_hash_table_contains(units, unit);
}

gboolean undo_is_left(const Undo *undo, const Change *change)
{
	return has_unit(undo->left, change);
}

gboolean undo_is_unpaid(const Undo *undo, const Change *change)
{
	return has_unit(undo->unpaid, change);
}

static JournalOwed *add_owed(Undo *undo, const Change *change, const char *text)
{
	const char *const nodes[] = { change->node, NULL };
	JournalOwed *owed = journal_owed_new(change->host, change->node ? nodes : NULL, text);

	g_ptr_array_add(undo->what->owed, owed);
	return owed;
}

void undo_owe(Undo *undo, const Change *change, char *text)
{
	g_autofree char *owned = text;

	g_hash_table_add(undo->unpaid, change_unit(change));
	add_owed(undo, change, text)->step = g_strdup(CHANGE_UNDO_STEP);
}

gboolean undo_leave(Undo *undo, const Change *change, char *text)
{
	if (!g_hash_table_add(undo->left, change_unit(change))) {
		g_free(text);
		return FALSE;
	}
	undo_owe(undo, change, text);
	return TRUE;
}

void undo_tell(Undo *undo, char *line)
{
	if (g_hash_table_add(undo->told, line))
		g_ptr_array_add(undo->what->seen, g_strdup(line));
}

static char *kind_and_host(const Change *change)
{
	return TEXT_KEY(change_class(change)->name, change->host);
}

void undo_silent(Undo *undo, const Change *change)
{
	g_hash_table_add(undo->silent, kind_and_host(change));
}

static gboolean is_silent(const Undo *undo, const Change *change)
{
	g_autofree char *key =
		g_hash_table_size(undo->silent) > 0 ? kind_and_host(change) : NULL;

	return key && g_hash_table_contains(undo->silent, key);
}

static int by_number(gconstpointer a, gconstpointer b)
{
	gint64 one = (*(const Change *const *)a)->number,
	       two = (*(const Change *const *)b)->number;

	return (one > two) - (one < two);
}

/* In another order; the changes stay who they belong to.  Gives an array. */
static GPtrArray *sorted_changes(const GPtrArray *changes, GCompareFunc compare)
{
	GPtrArray *sorted = g_ptr_array_sized_new(changes->len);

	for (guint i = 0; i < changes->len; i++)
		g_ptr_array_add(sorted, changes->pdata[i]);
	g_ptr_array_sort(sorted, compare);
	return sorted;
}

/* In the order of the journal, which has them in stretches. */
gboolean undo_taken(Undo *undo, const GPtrArray *undone, GError **error)
{
	g_autoptr(GPtrArray) sorted = sorted_changes(undone, by_number);

	for (guint i = 0; i < undone->len; i++) {
		const Change *change = undone->pdata[i];

		if (change->node)
			g_hash_table_replace(undo->taken, (gpointer)change->node,
					     (gpointer)change);
	}
	return undo->run->planning || door_settle(undo->run, sorted, CHANGE_UNDONE, error);
}

static gboolean shall_stop(gpointer data)
{
	return call_shall_stop(data);
}

GPtrArray *undo_reach(Undo *undo, const GArray *tasks, gsize said, GError **error)
{
	RemoteWatch watch = { .stop = shall_stop, .abandon = TRUE, .data = undo->run };
	RemoteLimits limits = undo->run->limits;

	limits.output = said ? said : limits.output;
	return call_reach(undo->run, tasks, &limits, &watch, error);
}

/* ---- What is to be undone ---- */

static gboolean is_of(const Undo *undo, const Change *change)
{
	const RunUndo *what = undo->what;

	if (!change->node)
		return !what->nodes;
	return (!what->nodes || g_hash_table_contains(what->nodes, change->node)) &&
	       !(what->gone && g_hash_table_contains(what->gone, change->node));
}

/* The later end first; of those that ended together, the later begun. */
static int newest_first(gconstpointer a, gconstpointer b)
{
	const Change *one = *(const Change *const *)a, *two = *(const Change *const *)b;

	if (one->ended != two->ended)
		return one->ended < two->ended ? 1 : -1;
	return (one->number < two->number) - (one->number > two->number);
}

/* Of an undo that is undone: this took back what another run had done, and is no more to be
 * undone than it; of what steps around it did, the same steps do the like again. */
static gboolean is_to_be_done_again(const Undo *undo, const Change *change)
{
	return undo->firsts && g_str_equal(change->step, CHANGE_UNDO_STEP);
}

static void owe_again(Undo *undo, const Change *change)
{
	const RunKind *kind = run_kind(change);
	gint64 number = kind->undoes ? kind->undoes(change) : 0;
	const Change *first = g_hash_table_lookup(undo->firsts, &number);
	g_autofree char *what = text_quote(first ? first->target : change->target);
	g_autofree char *text =
		first ? g_strdup_printf("%s of step %s is not done again: do it by hand", what,
					first->step)
		      : g_strdup_printf("what %s took back is not done again: do it by hand",
					what);

	(void)add_owed(undo, change, text);
}

static void tell_closed(Undo *undo, const Change *change)
{
	g_autofree char *what = text_quote(change->target);

	if (is_to_be_done_again(undo, change)) {
		owe_again(undo, change);
		return;
	}
	undo_tell(undo, g_strdup_printf("%s was run in step %s, and cannot be taken back", what,
					change->step));
}

static void tell_unknown(Undo *undo, const Change *change)
{
	g_autofree char *what = text_quote(change->target);

	if (is_to_be_done_again(undo, change))
		owe_again(undo, change);
	undo_tell(undo, g_strdup_printf("%s: nobody knows whether %s was run, and it is not "
					"taken back: look there",
					change->host, what));
}

/* Those that can be undone, newest first; of the others it is told.  Gives an array. */
static GPtrArray *open_changes(Undo *undo, const JournalContent *content)
{
	GPtrArray *open = g_ptr_array_new();
	g_autoptr(GPtrArray) sorted = sorted_changes(content->changes, newest_first);

	for (guint i = 0; i < sorted->len; i++) {
		Change *change = sorted->pdata[i];

		if (!is_of(undo, change))
			continue;
		switch (change_way(change)) {
		case CHANGE_WAY_OPEN:
			g_ptr_array_add(open, change);
			break;
		case CHANGE_WAY_CLOSED:
			tell_closed(undo, change);
			break;
		case CHANGE_WAY_UNKNOWN:
			tell_unknown(undo, change);
			break;
		case CHANGE_WAY_NOTHING:
			break;
		}
	}
	return open;
}

static gboolean look(Undo *undo, const GPtrArray *open, GError **error)
{
	for (guint i = 0; i < CHANGE_KINDS; i++) {
		const RunKind *kind = run_kind_of(i);
		g_autoptr(GPtrArray) changes = run_of_kind(open, i);

		if (kind->look && changes->len > 0 && !kind->look(undo, changes, error))
			return FALSE;
	}
	return TRUE;
}

/* ---- The walk ---- */

static void group_clear(UndoGroup *group)
{
	g_ptr_array_set_size(group->items, 0);
	g_hash_table_remove_all(group->hosts);
}

static void group_free(UndoGroup *group)
{
	g_clear_pointer(&group->items, g_ptr_array_unref);
	g_clear_pointer(&group->hosts, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(UndoGroup, group_free)

/* Neighbours in the walk that are alike go in one call. */
static gboolean fits(const UndoGroup *group, const GPtrArray *item)
{
	const GPtrArray *other = group->items->len > 0 ? group->items->pdata[0] : NULL;
	const Change *a = item->pdata[0], *b;

	if (!other)
		return TRUE;
	b = other->pdata[0];
	return a->kind == b->kind && a->step == b->step && a->host &&
	       !g_hash_table_contains(group->hosts, a->host) && run_kind(a)->fits(item, other);
}

static gboolean undo_group(Undo *undo, UndoGroup *group, GError **error)
{
	gboolean good = group->items->len == 0 ||
			run_kind(undo_first(group, 0))->undo(undo, group, error);

	group_clear(group);
	return good;
}

static gboolean is_to_do(const Undo *undo, const Change *change)
{
	return !undo_is_left(undo, change) && !is_silent(undo, change);
}

static gboolean is_together(const Change *before, const Change *change)
{
	const RunKind *kind = run_kind(before);

	return before->kind == change->kind && kind->together && kind->together(before, change);
}

/* What goes together with the change at `*i`, which it moves behind.  Gives an array. */
static GPtrArray *next_item(const Undo *undo, const GPtrArray *open, guint *i)
{
	GPtrArray *item = g_ptr_array_new();
	const Change *first = open->pdata[*i];

	do {
		if (is_to_do(undo, open->pdata[*i]))
			g_ptr_array_add(item, open->pdata[*i]);
	} while (++*i < open->len && is_together(first, open->pdata[*i]));
	return item;
}

/* What came before in the walk may have failed, and its unit is left since. */
static void drop_left(const Undo *undo, GPtrArray *item)
{
	guint kept = 0;

	for (guint i = 0; i < item->len; i++)
		if (!undo_is_left(undo, item->pdata[i]))
			item->pdata[kept++] = item->pdata[i];
	g_ptr_array_set_size(item, (int)kept);
}

static gboolean walk(Undo *undo, const GPtrArray *open, GError **error)
{
	g_auto(UndoGroup) group = { g_ptr_array_new_with_free_func(
					    (GDestroyNotify)(void (*)(void))g_ptr_array_unref),
				    g_hash_table_new(g_str_hash, g_str_equal) };

	for (guint i = 0; i < open->len;) {
		g_autoptr(GPtrArray) item = next_item(undo, open, &i);

		if (item->len == 0)
			continue;
		if (!fits(&group, item) && !undo_group(undo, &group, error))
			return FALSE;
		drop_left(undo, item);
		if (item->len == 0)
			continue;
		if (((Change *)item->pdata[0])->host)
			g_hash_table_add(group.hosts,
					 (gpointer)((Change *)item->pdata[0])->host);
		g_ptr_array_add(group.items, g_steal_pointer(&item));
	}
	return undo_group(undo, &group, error);
}

static gboolean waits(const Change *change)
{
	return run_kind(change)->waits && run_kind(change)->waits(change);
}

static void owe_rest(Undo *undo, const Change *change)
{
	g_autofree char *what = text_quote(change->target);

	undo_owe(undo, change,
		 g_strdup_printf("%s of step %s is to be taken back last, and not all else has "
				 "gone back",
				 what, change->step));
}

/* Those that wait for all else of their unit.  Gives an array. */
static GPtrArray *last_changes(Undo *undo, const GPtrArray *open)
{
	GPtrArray *last = g_ptr_array_new();

	for (guint i = 0; i < open->len; i++) {
		Change *change = open->pdata[i];

		if (!waits(change) || undo_is_left(undo, change))
			continue;
		if (undo_is_unpaid(undo, change))
			owe_rest(undo, change);
		else
			g_ptr_array_add(last, change);
	}
	return last;
}

static gboolean walk_all(Undo *undo, const GPtrArray *open, GError **error)
{
	g_autoptr(GPtrArray) first = g_ptr_array_new();
	g_autoptr(GPtrArray) last = NULL;

	for (guint i = 0; i < open->len; i++)
		if (!waits(open->pdata[i]))
			g_ptr_array_add(first, open->pdata[i]);
	if (!walk(undo, first, error))
		return FALSE;
	last = last_changes(undo, open);
	return walk(undo, last, error);
}

/* ---- What has gone back ---- */

GHashTable *run_gone(const Run *run, const JournalContent *content, GError **error)
{
	GHashTable *gone;

	if (!cluster_nodes(run->cluster, error))
		return NULL;
	gone = g_hash_table_new(g_str_hash, g_str_equal);
	for (guint i = 0; i < content->nodes->len; i++) {
		const char *name = g_array_index(content->nodes, JournalNode, i).name;

		if (!cluster_node(run->cluster, name))
			g_hash_table_add(gone, (gpointer)name);
	}
	return gone;
}

/* Nodes of which something was undone, by an earlier attempt, and nothing is open any more. */
static void add_undone_before(const Undo *undo, const JournalContent *content,
			      const GPtrArray *open)
{
	g_autoptr(GHashTable) still = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < open->len; i++) {
		const Change *change = open->pdata[i];

		if (change->node && change->state != CHANGE_UNDONE)
			g_hash_table_add(still, (gpointer)change->node);
	}
	for (guint i = 0; i < content->changes->len; i++) {
		const Change *change = content->changes->pdata[i];

		if (change->node && change->state == CHANGE_UNDONE && is_of(undo, change) &&
		    !g_hash_table_contains(still, change->node) && !undo_is_left(undo, change))
			g_hash_table_add(undo->what->back, (gpointer)change->node);
	}
}

static void collect_back(const Undo *undo, const JournalContent *content, const GPtrArray *open)
{
	GHashTableIter each;
	gpointer node, change;

	g_hash_table_iter_init(&each, undo->taken);
	while (g_hash_table_iter_next(&each, &node, &change))
		if (!undo_is_left(undo, change))
			g_hash_table_add(undo->what->back, node);
	add_undone_before(undo, content, open);
}

/* The changes of the run that the undone undo had undone, by their numbers. */
static GHashTable *collect_firsts(const JournalContent *first)
{
	GHashTable *firsts = g_hash_table_new(g_int64_hash, g_int64_equal);

	for (guint i = 0; i < first->changes->len; i++)
		g_hash_table_insert(firsts, &((Change *)first->changes->pdata[i])->number,
				    first->changes->pdata[i]);
	return firsts;
}

static GHashTable *new_set(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

static void undo_clear(Undo *undo)
{
	g_hash_table_unref(undo->left);
	g_hash_table_unref(undo->unpaid);
	g_hash_table_unref(undo->taken);
	g_hash_table_unref(undo->silent);
	g_hash_table_unref(undo->held);
	g_hash_table_unref(undo->told);
	g_clear_pointer(&undo->firsts, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Undo, undo_clear)

gboolean run_undo(Run *run, JournalContent *content, const RunUndo *what, GError **error)
{
	g_auto(Undo) undo = { .run = run,
			      .what = what,
			      .firsts = what->first ? collect_firsts(what->first) : NULL,
			      .left = new_set(),
			      .unpaid = new_set(),
			      .taken = g_hash_table_new(g_str_hash, g_str_equal),
			      .silent = new_set(),
			      .held = new_set(),
			      .told = new_set() };
	g_autoptr(GPtrArray) open = open_changes(&undo, content);
	gboolean good;

	run->undoing = TRUE;
	good = look(&undo, open, error) && walk_all(&undo, open, error);
	run->undoing = FALSE;
	collect_back(&undo, content, open);
	return good;
}
