/* What commands and files on hosts share; and how a run that goes on finds them again. */
#include "core/base.h"
#include "core/run/door.h"
#include <string.h>

/* What a change on a host is known by: its ordinal is counted from 0.  Gives the text. */
static char *key_of(ChangeKind kind, const char *step, const char *hook, const char *host,
		    const char *target, guint ordinal)
{
	return g_strdup_printf("%d\1%s\1%s\1%s\1%u\1%s", kind, step, hook ? hook : "", host,
			       ordinal, target);
}

guint door_ordinal(Run *run, ChangeKind kind, const char *host, const char *target)
{
	char *key = key_of(kind, run->step, run->hook, host, target, 0);
	guint ordinal = GPOINTER_TO_UINT(g_hash_table_lookup(run->ordinals, key));

	g_hash_table_replace(run->ordinals, key, GUINT_TO_POINTER(ordinal + 1));
	return ordinal;
}

static void recall(Run *run, const JournalContent *content, gboolean commands)
{
	run->begun = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; i < content->changes->len; i++) {
		Change *change = content->changes->pdata[i];
		guint ordinal = change->command ? change->command->ordinal
				: change->file	? change->file->ordinal
						: 0;

		if (door_is_on_host(change) && (commands || change->file) &&
		    !g_hash_table_contains(content->steps, change->step))
			g_hash_table_replace(run->begun,
					     key_of(change->kind, change->step, change->hook,
						    change->host, change->target, ordinal),
					     change);
	}
}

void door_recall_begun(Run *run, const JournalContent *content)
{
	recall(run, content, TRUE);
}

void run_recall_undo(Run *run, const JournalContent *undo)
{
	recall(run, undo, FALSE);
}

Change *door_begun_before(Run *run, ChangeKind kind, const char *host, const char *target,
			  guint ordinal)
{
	g_autofree char *key = key_of(kind, run->step, run->hook, host, target, ordinal);
	gpointer change, kept_key;

	if (!run->begun || !g_hash_table_steal_extended(run->begun, key, &kept_key, &change))
		return NULL;
	g_free(kept_key);
	return change;
}

/* Those that are asked for are taken out of the table. */
gboolean door_all_begun_asked(Run *run, GError **error)
{
	GHashTableIter each;
	gpointer value;

	if (!run->begun || !run->recalled)
		return TRUE;
	g_hash_table_iter_init(&each, run->begun);
	while (g_hash_table_iter_next(&each, NULL, &value)) {
		const Change *change = value;
		g_autofree char *target = NULL;

		if (change->state != CHANGE_UNKNOWN || !door_ends_now(run, change))
			continue;
		target = text_quote(change->target);
		g_set_error(error, RUN_ERROR, RUN_ERROR_CHANGED,
			    "step %s had begun %s%s on %s, and does not ask for it now: the "
			    "procedure or a hook is not what it was; undo the run instead",
			    change->step, change->file ? "to put " : "", target, change->host);
		return FALSE;
	}
	return TRUE;
}

gboolean door_is_on_host(const Change *change)
{
	return change->kind == CHANGE_COMMAND || change->kind == CHANGE_FILE;
}

const char *door_keep(Run *run, const char *text)
{
	return text ? g_string_chunk_insert_const(run->text, text) : NULL;
}

Change *door_new_change(Run *run, ChangeKind kind, const char *host, const char *target,
			const char *node)
{
	Change *change = g_new0(Change, 1);

	change->kind = kind;
	change->step = run->step;
	change->hook = run->hook;
	change->host = door_keep(run, host);
	change->target = door_keep(run, target);
	change->node = door_keep(run, node);
	change->depends = run->looked;
	return change;
}

gboolean door_reach(Run *run, const GArray *tasks, const GArray *places,
		    const RemoteLimits *limits, const RemoteWatch *watch, GPtrArray *results,
		    GError **error)
{
	g_autoptr(GPtrArray) given = NULL;

	if (!run->remote) {
		g_set_error(error, RUN_ERROR, RUN_ERROR_REFUSED,
			    "hosts cannot be reached from here");
		return FALSE;
	}
	given = remote_run(run->remote, (const RemoteTask *)tasks->data, tasks->len, limits,
			   watch, error);
	if (!given)
		return FALSE;
	g_ptr_array_set_free_func(given, NULL);
	for (guint i = 0; i < given->len; i++)
		results->pdata[g_array_index(places, guint, i)] = given->pdata[i];
	return TRUE;
}

void door_progress(const Run *run, guint *ended, guint n, guint total)
{
	*ended += n;
	if (run->watch.progress)
		run->watch.progress(*ended, total, run->watch.data);
}

void door_ended(const Run *run, const char *node, const RemoteResult *result)
{
	if (run->watch.ended)
		run->watch.ended(node, result, run->watch.data);
}

gboolean door_shall_stop(const Run *run)
{
	return run->watch.stop && run->watch.stop(run->watch.data);
}

gboolean door_check_open(const char *text, const char *what, GError **error)
{
	const char *secret = text ? secret_in(text, strlen(text)) : NULL;

	if (!secret)
		return TRUE;
	g_set_error(
		error, RUN_ERROR, RUN_ERROR_REFUSED,
		"the secret %s is in %s, where it would be seen and kept: give it by stdin, "
		"or in a file",
		secret, what);
	return FALSE;
}

RemoteResult *door_result(RemoteErrorCode error, int status, const char *message)
{
	RemoteResult *result = g_new0(RemoteResult, 1);

	result->error = error;
	result->status = status;
	result->message = g_strdup(message);
	result->out = g_string_new(NULL);
	result->err = g_string_new(NULL);
	return result;
}
