/* Commands of another run taken back by their own way back. */
#include "core/base.h"
#include "core/run/door.h"
#include <string.h>

static gboolean is_wanted(const Change *change, GHashTable *nodes)
{
	if (change->kind != CHANGE_COMMAND)
		return FALSE;
	if (change->state != CHANGE_DONE &&
	    !(change->command->undo_always &&
	      (change->state == CHANGE_UNKNOWN || change->state == CHANGE_FAILED)))
		return FALSE;
	return !nodes || (change->node && g_hash_table_contains(nodes, change->node));
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

static void leave(Run *run, const Change *change)
{
	if (!run->left)
		run->left = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	if (change->node)
		g_hash_table_add(run->left, g_strdup(change->node));
}

static void owe(GPtrArray *owed, const Change *change, const char *text)
{
	const char *const nodes[] = { change->node, NULL };

	g_ptr_array_add(owed,
			journal_owed_new(change->host, change->node ? nodes : NULL, text));
}

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
		leave(run, change);
	}
	owe(owed, change, text);
	return FALSE;
}

static gboolean same_undo(const Change *a, const Change *b)
{
	return a->step == b->step && g_strcmp0(a->command->undo, b->command->undo) == 0 &&
	       g_strcmp0(a->target, b->target) == 0;
}

/* Equal ones of many hosts, one call. */
static gboolean undo_group(Run *run, const GPtrArray *group, GPtrArray *owed, GError **error)
{
	g_autofree const char **hosts = g_new0(const char *, group->len + 1);
	g_autofree const char **vias = g_new0(const char *, group->len + 1);
	g_autofree const char **nodes = g_new0(const char *, group->len + 1);
	const Change *first = group->pdata[0];
	RunCommand command = { .hosts = hosts,
			       .n = group->len,
			       .vias = vias,
			       .nodes = nodes,
			       .command = first->command->undo,
			       .limits = run->limits };
	g_autoptr(GPtrArray) results = NULL;
	g_autoptr(GPtrArray) undone = g_ptr_array_new();

	for (guint i = 0; i < group->len; i++) {
		const Change *change = group->pdata[i];

		hosts[i] = change->host;
		vias[i] = change->command->via;
		nodes[i] = change->node;
	}
	results = run_command(run, &command, error);
	if (!results)
		return FALSE;
	for (guint i = 0; i < group->len; i++)
		if (judge(run, group->pdata[i], results->pdata[i], owed))
			g_ptr_array_add(undone, group->pdata[i]);
	return run->planning || !run->journal || undone->len == 0 ||
	       journal_settle(run->journal, (Change *const *)undone->pdata, undone->len,
			      CHANGE_UNDONE, error);
}

gboolean run_undo_commands(Run *run, JournalContent *content, GHashTable *nodes,
			   GPtrArray *owed, GPtrArray *seen, GError **error)
{
	g_autoptr(GPtrArray) group = g_ptr_array_new();
	g_autoptr(GHashTable) hosts = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = content->changes->len; i > 0; i--) {
		Change *change = content->changes->pdata[i - 1];

		if (!is_wanted(change, nodes)) {
			if (change->kind == CHANGE_COMMAND && change->state == CHANGE_UNKNOWN)
				note_unknown(seen, change);
			continue;
		}
		if (!change->command->undo) {
			note_once(seen, change);
			continue;
		}
		if (group->len > 0 && (!same_undo(group->pdata[0], change) ||
				       g_hash_table_contains(hosts, change->host))) {
			if (!undo_group(run, group, owed, error))
				return FALSE;
			g_ptr_array_set_size(group, 0);
			g_hash_table_remove_all(hosts);
		}
		g_hash_table_add(hosts, (gpointer)change->host);
		g_ptr_array_add(group, change);
	}
	return group->len == 0 || undo_group(run, group, owed, error);
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
