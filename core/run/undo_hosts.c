/* Another run taken back: its files and commands on hosts. */
#include "core/base.h"
#include "core/run/door.h"
#include <string.h>

static gboolean is_of(const Change *change, GHashTable *nodes)
{
	return !nodes || (change->node && g_hash_table_contains(nodes, change->node));
}

/* Of files it can be seen what they are, also if nobody knows how their put ended. */
static gboolean is_wanted(const Change *change, GHashTable *nodes)
{
	if (!door_is_on_host(change) || !is_of(change, nodes))
		return FALSE;
	if (change->state == CHANGE_DONE)
		return TRUE;
	if (change->file)
		return change->state == CHANGE_UNKNOWN;
	return change->command->undo_always &&
	       (change->state == CHANGE_UNKNOWN || change->state == CHANGE_FAILED);
}

static void note_once(GPtrArray *seen, const Change *change)
{
	g_autofree char *command = text_quote(change->target);
	char *line = g_strdup_printf("%s was run in step %s, and cannot be taken back", command,
				     change->step);

	if (g_ptr_array_find_with_equal_func(seen, line, g_str_equal, NULL))
		g_free(line);
	else
		g_ptr_array_add(seen, line);
}

static void note_unknown(GPtrArray *seen, const Change *change)
{
	g_autofree char *command = text_quote(change->target);

	g_ptr_array_add(seen, g_strdup_printf("%s: nobody knows whether %s was run, and it is "
					      "not taken back: look there",
					      change->host, command));
}

static void owe(GPtrArray *owed, const Change *change, const char *text)
{
	const char *const nodes[] = { change->node, NULL };

	g_ptr_array_add(owed,
			journal_owed_new(change->host, change->node ? nodes : NULL, text));
}

/* ---- Commands ---- */

/* TRUE: it is taken back. */
static gboolean judge(Run *run, const Change *change, const RemoteResult *result,
		      GPtrArray *owed)
{
	g_autofree char *undo = text_quote(change->command->undo);
	g_autofree char *said = NULL;
	g_autofree char *text = NULL;

	if (result->error == REMOTE_OK && result->status == 0)
		return TRUE;
	if (result->error != REMOTE_OK) {
		text = g_strdup_printf("%s is to be run, to take %s back: %s", undo,
				       change->step, remote_error_name(result->error));
	} else {
		said = text_plain(g_strchomp(result->err->str));
		text = g_strdup_printf("left as it is: %s failed with status %d: %s", undo,
				       result->status, said);
		door_leave(run, change);
	}
	owe(owed, change, text);
	return FALSE;
}

/* What goes back in one call: on each host a command, or the files of one call. */
typedef struct {
	GPtrArray *hosts; /* GPtrArray of Change, the newest first */
	GHashTable *names;
} Group;

static const Change *first_of(const Group *group, guint i)
{
	return ((GPtrArray *)group->hosts->pdata[i])->pdata[0];
}

/* The hosts of a group, and the ways there.  Gives an array (g_free). */
static RunHost *hosts_of(const Group *group)
{
	RunHost *hosts = g_new0(RunHost, group->hosts->len);

	for (guint i = 0; i < group->hosts->len; i++) {
		const Change *change = first_of(group, i);
		const char *via = change->command ? change->command->via
				  : change->file  ? change->file->via
						  : NULL;

		hosts[i] = (RunHost){ change->host, via, change->node };
	}
	return hosts;
}

static gboolean settle_undone(Run *run, const GPtrArray *undone, GError **error)
{
	for (guint i = 0; i < undone->len; i++)
		g_hash_table_add(run->taken, door_unit_of(undone->pdata[i]));
	return run->planning || !run->journal || undone->len == 0 ||
	       journal_settle(run->journal, (Change *const *)undone->pdata, undone->len,
			      CHANGE_UNDONE, error);
}

static gboolean undo_commands(Run *run, const Group *group, GPtrArray *owed, GError **error)
{
	g_autofree RunHost *hosts = hosts_of(group);
	RunCommand command = { .hosts = hosts,
			       .n = group->hosts->len,
			       .command = first_of(group, 0)->command->undo,
			       .limits = run->limits };
	g_autoptr(GPtrArray) results = run_command(run, &command, error);
	g_autoptr(GPtrArray) undone = g_ptr_array_new();

	for (guint i = 0; results && i < group->hosts->len; i++) {
		const Change *change = first_of(group, i);

		if (judge(run, change, results->pdata[i], owed))
			g_ptr_array_add(undone, (gpointer)change);
	}
	return results && settle_undone(run, undone, error);
}

/* ---- Files ---- */

static void owe_file(GPtrArray *owed, const Change *change, const char *why)
{
	g_autofree char *path = text_quote(change->target);
	g_autofree char *text = g_strdup_printf("%s is to be put back: %s", path, why);

	owe(owed, change, text);
}

/* TRUE: they are as before. */
static gboolean judge_put(Run *run, const GPtrArray *changes, const RemoteResult *result,
			  GPtrArray *owed)
{
	const Change *first = changes->pdata[0];
	g_autofree char *text = NULL;

	switch (result->error) {
	case REMOTE_OK:
		return TRUE;
	case REMOTE_CONFLICT:
	case REMOTE_UNWRITTEN:
	case REMOTE_UNACTIVATED:
		text = g_strdup_printf("left as it is: %s", result->message);
		owe(owed, first, text);
		door_leave(run, first);
		return FALSE;
	default:
		for (guint i = 0; i < changes->len; i++)
			owe_file(owed, changes->pdata[i], remote_error_name(result->error));
		return FALSE;
	}
}

/* How a file was before, from what is kept of it. */
static RemoteFile file_before(const Change *change)
{
	RemoteFile file = { .path = change->target,
			    .kind = REMOTE_FILE_COPY,
			    .content = change->file->kept ? change->file->kept : "",
			    .state = change->before.text,
			    .mode = -1 };

	if (g_str_equal(change->before.text, REMOTE_ABSENT))
		file.kind = REMOTE_FILE_GONE;
	return file;
}

static gboolean undo_files(Run *run, const Group *group, GPtrArray *owed, GError **error)
{
	guint n = group->hosts->len, n_files = ((GPtrArray *)group->hosts->pdata[0])->len;
	g_autofree RunHost *hosts = hosts_of(group);
	g_autofree RemoteFile *files = g_new0(RemoteFile, (gsize)n * n_files);
	g_autofree const char **states = g_new0(const char *, (gsize)n *n_files);
	g_autofree const RemoteFile **of_hosts = g_new0(const RemoteFile *, n);
	g_autofree const char *const **expected = g_new0(const char *const *, n);
	g_autofree const Change *const **begun = g_new0(const Change *const *, n);
	gboolean unknown = first_of(group, 0)->state == CHANGE_UNKNOWN;
	g_autofree guint *changed = g_new0(guint, n);
	RunPut put = { .hosts = hosts,
		       .n = n,
		       .files = of_hosts,
		       .n_files = n_files,
		       .expected = expected,
		       .begun = unknown ? begun : NULL,
		       .activate = first_of(group, 0)->file->activate,
		       .limits = run->limits };
	g_autoptr(GPtrArray) results = NULL;
	g_autoptr(GPtrArray) undone = g_ptr_array_new();

	for (guint i = 0; i < n; i++) {
		const GPtrArray *changes = group->hosts->pdata[i];

		of_hosts[i] = files + (gsize)i * n_files;
		expected[i] = states + (gsize)i * n_files;
		begun[i] = (const Change *const *)changes->pdata;
		for (guint j = 0; j < n_files; j++) {
			const Change *change = changes->pdata[j];

			files[(gsize)i * n_files + j] = file_before(change);
			states[(gsize)i * n_files + j] = change->after.text;
		}
	}
	results = run_put(run, &put, changed, error);
	for (guint i = 0; results && i < n; i++)
		if (judge_put(run, group->hosts->pdata[i], results->pdata[i], owed))
			g_ptr_array_extend(undone, group->hosts->pdata[i], NULL, NULL);
	return results && settle_undone(run, undone, error);
}

/* The latest change of each path on one host, which tells what it should be now. */
typedef struct {
	GPtrArray *changes;
	GString *script;
} Look;

static void look_free(gpointer data)
{
	Look *look = data;

	g_ptr_array_unref(look->changes);
	g_string_free(look->script, TRUE);
	g_free(look);
}

/* One Look for each host with files that are to go back. */
static GPtrArray *collect_looks(const JournalContent *content, GHashTable *nodes)
{
	GPtrArray *looks = g_ptr_array_new_with_free_func(look_free);
	g_autoptr(GHashTable) of_hosts = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GHashTable) paths =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = content->changes->len; i > 0; i--) {
		Change *change = content->changes->pdata[i - 1];
		Look *look;

		if (!change->file || !is_wanted(change, nodes) ||
		    !g_hash_table_add(paths,
				      g_strdup_printf("%s\1%s", change->host, change->target)))
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

static void make_look(Look *look)
{
	guint n = look->changes->len;
	g_autofree RemoteFile *files = g_new0(RemoteFile, n);

	for (guint i = 0; i < n; i++)
		files[i] = (RemoteFile){ .path = ((Change *)look->changes->pdata[i])->target,
					 .kind = REMOTE_FILE_GONE };
	look->script = remote_look(files, n, 0);
}

static void leave_conflict(Run *run, const Change *change, const char *state, GPtrArray *owed)
{
	g_autofree char *path = text_quote(change->target);
	g_autofree char *before = remote_state_text(change->before.text);
	g_autofree char *after = remote_state_text(change->after.text);
	g_autofree char *now = remote_state_text(state);
	g_autofree char *text = NULL;

	if (!door_leave(run, change))
		return;
	text = g_strdup_printf(
		"left as it is: somebody changed %s since (before %s, then %s, now %s)", path,
		before, after, now);
	owe(owed, change, text);
}

static void take_look(Run *run, const Look *look, const RemoteResult *result, GPtrArray *owed)
{
	guint n = look->changes->len;
	RemoteSeen *seen =
		result->error == REMOTE_OK ? remote_look_seen(result->out, n, NULL) : NULL;

	for (guint i = 0; i < n; i++) {
		const Change *change = look->changes->pdata[i];

		if (!seen)
			owe_file(owed, change,
				 result->error ? remote_error_name(result->error)
					       : "the host does not tell what it is now");
		else if (!remote_same_content(seen[i].state, change->after.text) &&
			 !remote_same_content(seen[i].state, change->before.text))
			leave_conflict(run, change, seen[i].state, owed);
	}
	if (seen)
		remote_seen_free(seen, n);
	else
		g_hash_table_add(run->down,
				 (gpointer)((Change *)look->changes->pdata[0])->host);
}

static gboolean shall_stop(gpointer data)
{
	return door_shall_stop(data);
}

gboolean door_undo_look(Run *run, const JournalContent *content, GHashTable *nodes,
			GPtrArray *owed, GError **error)
{
	g_autoptr(GPtrArray) looks = collect_looks(content, nodes);
	g_autofree RemoteTask *tasks = g_new0(RemoteTask, looks->len + 1);
	RemoteWatch watch = { .stop = shall_stop, .data = run };
	g_autoptr(GPtrArray) results = NULL;

	if (looks->len == 0 || !run->remote)
		return TRUE;
	for (guint i = 0; i < looks->len; i++) {
		Look *look = looks->pdata[i];
		const Change *change = look->changes->pdata[0];

		make_look(look);
		tasks[i] = (RemoteTask){ .host = change->host,
					 .via = change->file->via,
					 .script = look->script->str,
					 .length = look->script->len };
	}
	results = remote_run(run->remote, tasks, looks->len, &run->limits, &watch, error);
	for (guint i = 0; results && i < looks->len; i++)
		take_look(run, looks->pdata[i], results->pdata[i], owed);
	return results != NULL;
}

/* ---- Both, newest first ---- */

static void group_clear(Group *group)
{
	g_ptr_array_set_size(group->hosts, 0);
	g_hash_table_remove_all(group->names);
}

static void group_free(Group *group)
{
	g_clear_pointer(&group->hosts, g_ptr_array_unref);
	g_clear_pointer(&group->names, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Group, group_free)

static gboolean fits(const Group *group, const GPtrArray *changes)
{
	const GPtrArray *others = group->hosts->len > 0 ? group->hosts->pdata[0] : NULL;
	const Change *a = changes->pdata[0], *b;

	if (!others)
		return TRUE;
	b = others->pdata[0];
	if (a->kind != b->kind || a->step != b->step || others->len != changes->len ||
	    g_hash_table_contains(group->names, a->host))
		return FALSE;
	if (a->file)
		return a->state == b->state &&
		       g_strcmp0(a->file->activate, b->file->activate) == 0;
	return g_strcmp0(a->command->undo, b->command->undo) == 0 &&
	       g_strcmp0(a->target, b->target) == 0;
}

static gboolean undo_group(Run *run, Group *group, GPtrArray *owed, GError **error)
{
	gboolean good = group->hosts->len == 0 ||
			(first_of(group, 0)->file ? undo_files(run, group, owed, error)
						  : undo_commands(run, group, owed, error));

	group_clear(group);
	return good;
}

/* Is it one that can be taken back now? */
static gboolean is_to_do(const Run *run, const Change *change, GHashTable *nodes,
			 GPtrArray *seen)
{
	if (!is_wanted(change, nodes)) {
		if (change->kind == CHANGE_COMMAND && change->state == CHANGE_UNKNOWN)
			note_unknown(seen, change);
		return FALSE;
	}
	if (change->command && !change->command->undo) {
		note_once(seen, change);
		return FALSE;
	}
	return !door_is_left(run, change) &&
	       !(change->file && g_hash_table_contains(run->down, change->host));
}

/* Files of one call on one host stand together in the journal. */
static gboolean is_same_call(const GPtrArray *changes, const Change *change)
{
	const Change *first = changes->pdata[0];

	return first->file && change->file && first->step == change->step &&
	       g_strcmp0(first->host, change->host) == 0 &&
	       g_strcmp0(first->file->call, change->file->call) == 0;
}

gboolean door_undo_hosts(Run *run, const JournalContent *content, GHashTable *nodes,
			 GPtrArray *owed, GPtrArray *seen, GError **error)
{
	g_auto(Group) group = { g_ptr_array_new_with_free_func(
					(GDestroyNotify)(void (*)(void))g_ptr_array_unref),
				g_hash_table_new(g_str_hash, g_str_equal) };

	for (guint i = content->changes->len; i > 0;) {
		Change *change = content->changes->pdata[--i];
		g_autoptr(GPtrArray) together = NULL;

		if (!is_to_do(run, change, nodes, seen))
			continue;
		together = g_ptr_array_new();
		g_ptr_array_add(together, change);
		while (i > 0 && is_same_call(together, content->changes->pdata[i - 1])) {
			Change *next = content->changes->pdata[--i];

			if (is_to_do(run, next, nodes, seen))
				g_ptr_array_add(together, next);
		}
		/* What came before may have failed, and the node is left then. */
		if (!fits(&group, together) && !undo_group(run, &group, owed, error))
			return FALSE;
		if (door_is_left(run, change))
			continue;
		g_hash_table_add(group.names, (gpointer)change->host);
		g_ptr_array_add(group.hosts, g_steal_pointer(&together));
	}
	return undo_group(run, &group, owed, error);
}

static char *undo_key(const char *host, const char *command)
{
	return g_strdup_printf("%s\1%s", host, command);
}

gboolean run_settle_undo(Run *run, const JournalContent *undo, JournalContent *target,
			 GError **error)
{
	g_autoptr(GHashTable) begun =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < undo->changes->len; i++) {
		Change *change = undo->changes->pdata[i];

		if (change->kind == CHANGE_COMMAND && change->state != CHANGE_FAILED)
			g_hash_table_replace(begun, undo_key(change->host, change->target),
					     change);
	}
	for (guint i = 0; g_hash_table_size(begun) > 0 && i < target->changes->len; i++) {
		Change *change = target->changes->pdata[i];
		g_autofree char *key = NULL;
		const Change *back;

		if (change->kind != CHANGE_COMMAND || change->state != CHANGE_DONE ||
		    !change->command->undo)
			continue;
		key = undo_key(change->host, change->command->undo);
		back = g_hash_table_lookup(begun, key);
		if (back &&
		    !journal_settle(run->journal, &change, 1,
				    back->state == CHANGE_DONE ? CHANGE_UNDONE : CHANGE_UNKNOWN,
				    error))
			return FALSE;
	}
	return TRUE;
}
