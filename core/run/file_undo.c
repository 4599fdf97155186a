/* Files on hosts go back, from what the hosts kept of them. */
#include "core/base.h"
#include "core/run/call.h"

/* ---- The looks ---- */

/* The latest change of each path on one host, which tells what it should be now. */
typedef struct {
	GPtrArray *changes;
	GString *script;
} Look;

static void look_free(gpointer data)
{
	Look *look = data;

	g_ptr_array_unref(look->changes);
	if (look->script)
		g_string_free(look->script, TRUE);
	g_free(look);
}

/* One Look for each host with files that are to go back. */
static GPtrArray *collect_looks(const GPtrArray *changes)
{
	GPtrArray *looks = g_ptr_array_new_with_free_func(look_free);
	g_autoptr(GHashTable) of_hosts = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GHashTable) paths =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < changes->len; i++) {
		Change *change = changes->pdata[i];
		Look *look;

		if (!g_hash_table_add(paths, TEXT_KEY(change->host, change->target)))
			continue;
		look = g_hash_table_lookup(of_hosts, change->host);
		if (!look) {
			look = g_new0(Look, 1);
			look->changes = g_ptr_array_new();
			g_hash_table_insert(of_hosts, (gpointer)change->host, look);
			g_ptr_array_add(looks, look);
		}
		g_ptr_array_add(look->changes, change);
	}
	return looks;
}

/* What may have left the file half written: it, or an undo of it, was begun and has no end.
 * NULL: the file was swapped. */
static const Change *half_of(const Undo *undo, const Change *change)
{
	const Change *begun = change->state == CHANGE_UNKNOWN
				      ? change
				      : recall_begun(undo->run, CHANGE_FILE, change->host,
						     change->target, change->node);

	return begun && change_file(begun)->kept && remote_state_is_mount(begun->before.text)
		       ? begun
		       : NULL;
}

static void make_look(const Undo *undo, Look *look)
{
	guint n = look->changes->len;
	g_autofree RemoteFile *files = g_new0(RemoteFile, n);

	for (guint i = 0; i < n; i++) {
		const Change *change = look->changes->pdata[i];
		const Change *half = half_of(undo, change);

		files[i] = (RemoteFile){ .path = change->target,
					 .kind = half ? REMOTE_FILE_COPY : REMOTE_FILE_GONE,
					 .content = half ? change_file(half)->kept : NULL };
	}
	look->script = remote_look(files, n, 0);
}

static void owe(Undo *undo, const Change *change, const char *why)
{
	g_autofree char *path = text_quote(change->target);

	undo_owe(undo, change, g_strdup_printf("%s is to be put back: %s", path, why));
}

static void leave_conflict(Undo *undo, const Change *change, const char *state)
{
	g_autofree char *path = text_quote(change->target);
	g_autofree char *before = remote_state_text(change->before.text);
	g_autofree char *after = remote_state_text(change->after.text);
	g_autofree char *now = remote_state_text(state);

	undo_leave(undo, change,
		   g_strdup_printf("left as it is: somebody changed %s since (before %s, then "
				   "%s, now %s)",
				   path, before, after, now));
}

/* Is it what the change has left or replaced?  One that is half written is, if what it was is
 * kept; the script that puts it back looks closer. */
static gboolean is_as_left(const Undo *undo, const Change *change, const RemoteSeen *seen)
{
	const Change *half = half_of(undo, change);

	return remote_same_content(seen->state, change->after.text) ||
	       remote_same_content(seen->state, change->before.text) ||
	       (half && remote_state_is_mount(seen->state) &&
		remote_same_content(seen->copy, half->before.text));
}

static void take_look(Undo *undo, const Look *look, const RemoteResult *result)
{
	guint n = look->changes->len;
	RemoteSeen *seen =
		result->error == REMOTE_OK ? remote_look_seen(result->out, n, NULL) : NULL;

	for (guint i = 0; i < n; i++) {
		const Change *change = look->changes->pdata[i];

		if (!seen)
			owe(undo, change,
			    result->error ? remote_error_name(result->error)
					  : "the host does not tell what it is now");
		else if (!is_as_left(undo, change, &seen[i]))
			leave_conflict(undo, change, seen[i].state);
	}
	if (seen)
		remote_seen_free(seen, n);
	else
		undo_silent(undo, look->changes->pdata[0]);
}

static gboolean undo_look(Undo *undo, const GPtrArray *changes, GError **error)
{
	g_autoptr(GPtrArray) looks = collect_looks(changes);
	g_autoptr(GArray) tasks = g_array_new(FALSE, FALSE, sizeof(RemoteTask));
	g_autoptr(GPtrArray) results = NULL;

	if (looks->len == 0 || !undo->run->remote)
		return TRUE;
	for (guint i = 0; i < looks->len; i++) {
		Look *look = looks->pdata[i];
		const Change *change = look->changes->pdata[0];
		RemoteTask task = { .host = change->host, .via = change->via };

		make_look(undo, look);
		task.script = look->script->str;
		task.length = look->script->len;
		g_array_append_val(tasks, task);
	}
	results = undo_reach(undo, tasks, 0, error);
	for (guint i = 0; results && i < looks->len; i++)
		take_look(undo, looks->pdata[i], results->pdata[i]);
	return results != NULL;
}

/* ---- The files go back ---- */

/* How a file was before, from what is kept of it. */
static RemoteFile file_before(const Change *change)
{
	const char *kept = change_file(change)->kept;
	RemoteFile file = { .path = change->target,
			    .kind = REMOTE_FILE_COPY,
			    .content = kept ? kept : "",
			    .state = change->before.text,
			    .mode = -1 };

	if (g_str_equal(change->before.text, REMOTE_ABSENT))
		file.kind = REMOTE_FILE_GONE;
	return file;
}

static gboolean fits(const GPtrArray *first, const GPtrArray *second)
{
	const Change *a = first->pdata[0], *b = second->pdata[0];

	return first->len == second->len && a->state == b->state &&
	       g_strcmp0(change_file(a)->activate, change_file(b)->activate) == 0;
}

/* TRUE: they are as before. */
static gboolean are_back(Undo *undo, const GPtrArray *changes, const RemoteResult *result)
{
	const Change *first = changes->pdata[0];

	switch (result->error) {
	case REMOTE_OK:
		return TRUE;
	case REMOTE_CONFLICT:
	case REMOTE_UNWRITTEN:
	case REMOTE_UNACTIVATED:
		undo_leave(undo, first, g_strdup_printf("left as it is: %s", result->message));
		return FALSE;
	default:
		for (guint i = 0; i < changes->len; i++)
			owe(undo, changes->pdata[i], remote_error_name(result->error));
		return FALSE;
	}
}

/* What goes back on each host of a group; by host, and then by file. */
typedef struct {
	guint n_files;
	RemoteFile *files;
	const char **states;
	const RemoteFile **files_of;
	const char *const **states_of;
	const Change *const **begun_of;
} Back;

static void back_clear(Back *back)
{
	g_free(back->files);
	g_free(back->states);
	g_free(back->files_of);
	g_free((gpointer)back->states_of);
	g_free((gpointer)back->begun_of);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Back, back_clear)

static void back_init(Back *back, const UndoGroup *group)
{
	guint n = group->items->len, n_files = ((GPtrArray *)group->items->pdata[0])->len;

	back->n_files = n_files;
	back->files = g_new0(RemoteFile, (gsize)n * n_files);
	back->states = g_new0(const char *, (gsize)n *n_files);
	back->files_of = g_new0(const RemoteFile *, n);
	back->states_of = g_new0(const char *const *, n);
	back->begun_of = g_new0(const Change *const *, n);
	for (guint i = 0; i < n; i++) {
		const GPtrArray *changes = group->items->pdata[i];

		back->files_of[i] = back->files + (gsize)i * n_files;
		back->states_of[i] = back->states + (gsize)i * n_files;
		back->begun_of[i] = (const Change *const *)changes->pdata;
		for (guint j = 0; j < n_files; j++) {
			const Change *change = changes->pdata[j];

			back->files[(gsize)i * n_files + j] = file_before(change);
			back->states[(gsize)i * n_files + j] = change->after.text;
		}
	}
}

static GPtrArray *put_back(Undo *undo, const UndoGroup *group, GError **error)
{
	const Change *first = undo_first(group, 0);
	g_auto(Back) back = { 0 };
	g_autofree RunHost *hosts = undo_hosts(group);
	g_autofree guint *changed = g_new0(guint, group->items->len);
	RunPut put = { .hosts = hosts,
		       .n = group->items->len,
		       .activate = change_file(first)->activate,
		       .limits = undo->run->limits };

	back_init(&back, group);
	put.files = back.files_of;
	put.n_files = back.n_files;
	put.expected = back.states_of;
	put.begun = first->state == CHANGE_UNKNOWN ? back.begun_of : NULL;
	return run_put(undo->run, &put, changed, error);
}

static gboolean undo_files(Undo *undo, const UndoGroup *group, GError **error)
{
	g_autoptr(GPtrArray) results = put_back(undo, group, error);
	g_autoptr(GPtrArray) undone = g_ptr_array_new();

	for (guint i = 0; results && i < results->len; i++)
		if (are_back(undo, group->items->pdata[i], results->pdata[i]))
			g_ptr_array_extend(undone, group->items->pdata[i], NULL, NULL);
	return results && undo_taken(undo, undone, error);
}

const RunKind run_file_kind = {
	.settle = kind_settle_unknown,
	.recall = kind_recall_on_host,
	.look = undo_look,
	.together = kind_same_call,
	.fits = fits,
	.undo = undo_files,
};
