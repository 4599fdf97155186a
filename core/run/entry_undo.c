/* Entries of services go back. */
#include "core/base.h"
#include "core/run/call.h"
#include "core/run/carrier.h"

/* The entries of one host and service that go back, which are looked at together. */
typedef struct {
	GPtrArray *changes; /* the latest of each node */
	GPtrArray *nodes;
	gboolean found;	  /* the service was asked for, */
	Carried *carried; /* and its host has it so; NULL: it did not say */
	GString *script;
} Look;

static void look_free(gpointer data)
{
	Look *look = data;

	g_ptr_array_unref(look->changes);
	g_ptr_array_unref(look->nodes);
	carried_free(look->carried);
	if (look->script)
		g_string_free(look->script, TRUE);
	g_free(look);
}

static GPtrArray *collect_looks(const GPtrArray *changes)
{
	GPtrArray *looks = g_ptr_array_new_with_free_func(look_free);
	g_autoptr(GHashTable) found =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GHashTable) seen =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < changes->len; i++) {
		Change *change = changes->pdata[i];
		g_autofree char *key = TEXT_KEY(change->host, change->target);
		Look *look = g_hash_table_lookup(found, key);

		if (!g_hash_table_add(seen,
				      TEXT_KEY(change->host, change->target, change->node)))
			continue;
		if (!look) {
			look = g_new0(Look, 1);
			look->changes = g_ptr_array_new();
			look->nodes = g_ptr_array_new();
			g_ptr_array_add(looks, look);
			g_hash_table_insert(found, g_steal_pointer(&key), look);
		}
		g_ptr_array_add(look->changes, change);
		g_ptr_array_add(look->nodes, (gpointer)change->node);
	}
	return looks;
}

/* ---- What one host alone may have ---- */

static gboolean is_alone(const Undo *undo, const Change *change)
{
	const Service *service = service_named(undo->run, change->target, NULL);

	return service && service->alone;
}

/* It stays with this host, who has it; or may have it, where nobody knows how far it came: one
 * that was taken from it holds nobody up. */
static void hold(Undo *undo, const Change *change, gboolean unknown)
{
	if ((unknown || change->after.kind == STORE_CELL_TEXT) && is_alone(undo, change))
		g_hash_table_replace(undo->held, TEXT_KEY(change->target, change->node),
				     (gpointer)change->host);
}

/* The other host that has not given up the entry that goes back to this one, or NULL. */
static const char *held_by(const Undo *undo, const Change *change)
{
	g_autofree char *key = TEXT_KEY(change->target, change->node);
	const char *host = g_hash_table_lookup(undo->held, key);

	return host && change->before.kind == STORE_CELL_TEXT &&
			       !g_str_equal(host, change->host)
		       ? host
		       : NULL;
}

static void owe_held(Undo *undo, const Change *change, const char *host)
{
	undo_owe(undo, change,
		 g_strdup_printf(
			 "the entry of %s is not put back before %s has given it up: "
			 "mend that, and then undo again; if %s is off for good, give it "
			 "by hand",
			 change->target, host, host));
}

/* Those that another host has not given up stay as they are, and are owed. */
static void leave_held(Undo *undo, const UndoGroup *group)
{
	for (guint i = group->items->len; i-- > 0;) {
		GPtrArray *item = group->items->pdata[i];
		guint kept = 0;

		for (guint j = 0; j < item->len; j++) {
			const char *host = held_by(undo, item->pdata[j]);

			if (host)
				owe_held(undo, item->pdata[j], host);
			else
				item->pdata[kept++] = item->pdata[j];
		}
		g_ptr_array_set_size(item, (int)kept);
		if (kept == 0)
			g_ptr_array_remove_index(group->items, i);
	}
}

static void owe(Undo *undo, const Change *change, gboolean unknown, const char *why)
{
	hold(undo, change, unknown);
	undo_owe(undo, change,
		 g_strdup_printf("the entry of %s is to be put back: %s", change->target, why));
}

/* The text that a secret entry goes back to lies on its host. */
static gboolean is_kept(const Look *look, guint i)
{
	const Change *change = look->changes->pdata[i];
	const Carried *carried = look->carried;

	return !change_entry(change)->kept ||
	       entry_is_at(carried->service, carried->now[i], &change->before) ||
	       entry_is_at(carried->service, carried->recalled[i], &change->before);
}

static void judge_entry(Undo *undo, const Look *look, guint i)
{
	const Change *change = look->changes->pdata[i];
	const Carried *carried = look->carried;

	if (!entry_is_at(carried->service, carried->now[i], &change->after) &&
	    !entry_is_at(carried->service, carried->now[i], &change->before))
		undo_leave(
			undo, change,
			g_strdup_printf("left as it is: somebody changed its entry of %s since",
					change->target));
	else if (!is_kept(look, i))
		undo_leave(undo, change,
			   g_strdup_printf("left as it is: its entry of %s cannot be put back: "
					   "what was kept of it is not there any more",
					   change->target));
}

static gboolean refuse_service(const Change *change, GError **error)
{
	g_set_error(error, RUN_ERROR, RUN_ERROR_REFUSED,
		    "the run has changed entries of %s, which this program does not know",
		    change->target);
	return FALSE;
}

static const Change *first_of(const GPtrArray *looks, guint i)
{
	return ((const Look *)looks->pdata[i])->changes->pdata[0];
}

static void owe_all(Undo *undo, const Look *look, const char *why)
{
	for (guint i = 0; i < look->changes->len; i++) {
		const Change *change = look->changes->pdata[i];

		owe(undo, change, change->state != CHANGE_DONE, why);
	}
	undo_silent(undo, look->changes->pdata[0]);
}

/* The looks of one service, from number `first` on, get it as their hosts have it; or all of
 * such a look is owed. */
static gboolean find_services(Undo *undo, const GPtrArray *looks, guint first, GError **error)
{
	const char *name = first_of(looks, first)->target;
	g_autoptr(GArray) hosts = g_array_new(FALSE, FALSE, sizeof(RunHost));
	g_autoptr(GPtrArray) of = g_ptr_array_new();
	g_autofree const Service **at = g_new0(const Service *, looks->len);
	g_autoptr(GPtrArray) results = NULL;

	if (!service_named(undo->run, name, NULL))
		return refuse_service(first_of(looks, first), error);
	for (guint i = first; i < looks->len; i++) {
		const Change *change = first_of(looks, i);
		RunHost host = { .name = change->host, .via = change->via };

		if (!g_str_equal(change->target, name))
			continue;
		g_array_append_val(hosts, host);
		g_ptr_array_add(of, looks->pdata[i]);
	}
	results = run_find(undo->run, name, (const RunHost *)hosts->data, hosts->len,
			   &undo->run->limits, at, error);
	for (guint i = 0; results && i < of->len; i++) {
		const RemoteResult *result = results->pdata[i];
		Look *look = of->pdata[i];

		look->found = TRUE;
		g_ptr_array_add(look->nodes, NULL);
		if (at[i])
			look->carried =
				carried_new(at[i], (const char *const *)look->nodes->pdata);
		else
			owe_all(undo, look,
				result->message ? result->message
						: remote_error_name(result->error));
	}
	return results != NULL;
}

/* The look of this number; `tasks` gets what it asks for. */
static void add_look(Look *look, GArray *tasks, GPtrArray *asked)
{
	const Change *change = look->changes->pdata[0];
	RemoteTask task = { .host = change->host, .via = change->via };

	for (guint i = 0; i < look->changes->len; i++)
		look->carried->kept[i] = change_entry(look->changes->pdata[i])->kept;
	look->script = carrier_look(look->carried, TRUE);
	task.script = look->script->str;
	task.length = look->script->len;
	g_array_append_val(tasks, task);
	g_ptr_array_add(asked, look);
}

static void take_look(Undo *undo, Look *look, const RemoteResult *result)
{
	g_autoptr(GError) problem = NULL;
	const char *why = result->error ? remote_error_name(result->error) : NULL;

	if (!why && !carrier_looked(look->carried, result->out, TRUE, &problem))
		why = problem->message;
	if (why)
		owe_all(undo, look, why);
	for (guint i = 0; !why && i < look->changes->len; i++)
		judge_entry(undo, look, i);
}

static gboolean undo_look(Undo *undo, const GPtrArray *changes, GError **error)
{
	g_autoptr(GPtrArray) looks = collect_looks(changes);
	g_autoptr(GPtrArray) asked = g_ptr_array_new();
	g_autoptr(GArray) tasks = g_array_new(FALSE, FALSE, sizeof(RemoteTask));
	g_autoptr(GPtrArray) results = NULL;

	for (guint i = 0; i < looks->len; i++) {
		Look *look = looks->pdata[i];

		if (!look->found && !find_services(undo, looks, i, error))
			return FALSE;
		if (look->carried)
			add_look(look, tasks, asked);
	}
	if (asked->len == 0)
		return TRUE;
	results = undo_reach(undo, tasks, SERVICE_SAID, error);
	for (guint i = 0; results && i < asked->len; i++)
		take_look(undo, asked->pdata[i], results->pdata[i]);
	return results != NULL;
}

/* On every host the entries of one call; what they are for may differ from host to host. */
static gboolean fits(const GPtrArray *first, const GPtrArray *second)
{
	const Change *a = first->pdata[0], *b = second->pdata[0];

	return g_str_equal(a->target, b->target);
}

/* TRUE: they are as before. */
static gboolean are_back(Undo *undo, const GPtrArray *changes, const RemoteResult *result)
{
	gboolean leave = call_state_after(result->error) == CHANGE_FAILED;

	if (result->error == REMOTE_OK)
		return TRUE;
	for (guint i = 0; i < changes->len; i++) {
		if (leave) {
			hold(undo, changes->pdata[i], FALSE);
			undo_leave(undo, changes->pdata[i],
				   g_strdup_printf("left as it is: %s", result->message));
		} else {
			owe(undo, changes->pdata[i], TRUE, remote_error_name(result->error));
		}
	}
	return FALSE;
}

/* Names of the nodes of an item.  Gives a vector (g_free). */
static const char **nodes_of(const GPtrArray *changes)
{
	const char **names = g_new0(const char *, changes->len + 1);

	for (guint i = 0; i < changes->len; i++)
		names[i] = ((const Change *)changes->pdata[i])->node;
	return names;
}

static gboolean undo_group(Undo *undo, const UndoGroup *group, GError **error)
{
	guint n = group->items->len;
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	g_autofree const Change *const **undone = g_new0(const Change *const *, n);
	g_autofree guint *changed = g_new0(guint, n);
	g_autofree RunHost *hosts = undo_hosts(group);
	RunEntries entries = { .hosts = hosts,
			       .n = n,
			       .service = undo_first(group, 0)->target,
			       .undone = undone,
			       .limits = undo->run->limits };
	g_autoptr(GPtrArray) results = NULL;
	g_autoptr(GPtrArray) taken = g_ptr_array_new();

	for (guint i = 0; i < n; i++) {
		const GPtrArray *changes = group->items->pdata[i];

		hosts[i].node = NULL;
		undone[i] = (const Change *const *)changes->pdata;
		g_ptr_array_add(names, nodes_of(changes));
	}
	entries.nodes = (const char *const *const *)names->pdata;
	results = run_give(undo->run, &entries, changed, error);
	for (guint i = 0; results && i < n; i++)
		if (are_back(undo, group->items->pdata[i], results->pdata[i]))
			g_ptr_array_extend(taken, group->items->pdata[i], NULL, NULL);
	return results && undo_taken(undo, taken, error);
}

static gboolean undo_entries(Undo *undo, const UndoGroup *group, GError **error)
{
	leave_held(undo, group);
	return group->items->len == 0 || undo_group(undo, group, error);
}

const RunKind run_entry_kind = {
	.settle = kind_settle_unknown,
	.recall = kind_recall_on_host,
	.look = undo_look,
	.together = kind_same_call,
	.fits = fits,
	.undo = undo_entries,
};
