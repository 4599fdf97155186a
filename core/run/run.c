/* A run: steps, and the changes made in them. */
#include "core/base.h"
#include "core/run/kind.h"
#include "core/run/service.h"
#include <string.h>

G_DEFINE_QUARK(snmove_run_error, run_error)

#define TABLE_ENTRY 32 /* bytes, about */

static const RunKind *const kinds[CHANGE_KINDS] = {
	[CHANGE_ROW] = &run_row_kind,
	[CHANGE_ENTRY] = &run_entry_kind,
	[CHANGE_FILE] = &run_file_kind,
	[CHANGE_COMMAND] = &run_command_kind,
};

const RunKind *run_kind(const Change *change)
{
	return kinds[change->kind];
}

const RunKind *run_kind_of(guint kind)
{
	return kinds[kind];
}

GPtrArray *run_of_kind(const GPtrArray *changes, guint kind)
{
	GPtrArray *found = g_ptr_array_new();

	for (guint i = 0; i < changes->len; i++)
		if (((Change *)changes->pdata[i])->kind == kind)
			g_ptr_array_add(found, changes->pdata[i]);
	return found;
}

Run *run_new(Cluster *cluster, gboolean planning)
{
	Run *run = g_new0(Run, 1);

	run->cluster = cluster;
	run->planning = planning;
	run->changes = g_ptr_array_new_with_free_func(change_free);
	run->waiting = g_ptr_array_new_with_free_func(change_free);
	run->all = g_ptr_array_new();
	run->cells = cells_new();
	run->steps = g_ptr_array_new();
	run->asked = g_array_new(FALSE, FALSE, sizeof(JournalQuery));
	run->ordinals = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	run->planned = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	run->found = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, service_free);
	run->kept = g_strdup(RUN_KEPT);
	run->text = g_string_chunk_new(1 << 14);
	run->texts = g_hash_table_new(g_str_hash, g_str_equal);
	return run;
}

void run_free(Run *run)
{
	if (!run)
		return;
	g_ptr_array_unref(run->changes);
	g_ptr_array_unref(run->waiting);
	g_ptr_array_unref(run->all);
	cells_free(run->cells);
	g_ptr_array_unref(run->steps);
	g_array_unref(run->asked);
	g_hash_table_unref(run->ordinals);
	g_hash_table_unref(run->planned);
	g_hash_table_unref(run->found);
	recall_free(run->recall);
	g_free(run->kept);
	g_free(run->forbidden);
	g_hash_table_unref(run->texts);
	g_string_chunk_free(run->text);
	g_free(run);
}

gboolean run_is_undoing(const Run *run)
{
	return run->undoing;
}

gboolean run_is_planning(const Run *run)
{
	return run->planning;
}

void run_keep(Run *run, Journal *journal, gint64 number, gint64 notes,
	      const JournalLines *lines)
{
	run->journal = journal;
	run->number = number;
	run->notes = notes;
	run->lines = *lines;
}

void run_keep_replaced(Run *run, const char *folder)
{
	g_free(run->kept);
	run->kept = g_strdup(folder);
}

void run_reach(Run *run, Remote *remote, const RunWatch *watch, const RemoteLimits *limits)
{
	run->remote = remote;
	run->watch = watch ? *watch : (RunWatch){ 0 };
	run->limits = *limits;
}

void run_serve(Run *run, const Service *const *services)
{
	run->services = services;
}

gboolean run_note(Run *run, const char *name, GVariant *value, GError **error)
{
	return !run->journal || journal_note(run->journal, run->notes, name, value, error);
}

gboolean run_leave_out(Run *run, const char *const *names, GError **error)
{
	return !run->journal || journal_leave_out(run->journal, run->number, names, error);
}

void run_looked(Run *run)
{
	run->looked = TRUE;
}

/* ---- What may be done, and what is kept ---- */

guint door_cell_hash(gconstpointer cell)
{
	/* A multiple of 2^64 / golden ratio: its upper half depends on all bits. */
	return (guint)((*(const guint64 *)cell * G_GUINT64_CONSTANT(0x9e3779b97f4a7c15)) >> 32);
}

const char *door_keep(Run *run, const char *text)
{
	char *kept;

	if (!text)
		return NULL;
	kept = g_hash_table_lookup(run->texts, text);
	if (kept)
		return kept;
	kept = g_string_chunk_insert(run->text, text);
	g_hash_table_add(run->texts, kept);
	run->size += strlen(text) + 1 + TABLE_ENTRY;
	return kept;
}

void door_count(Run *run, const Change *change)
{
	const ChangeClass *class = change_class(change);

	run->size += sizeof(*change) + class->size + change->n_key * sizeof(char *);
	for (const ChangeField *field = class->fields; field->type; field++) {
		GBytes *bytes = field->type == CHANGE_FIELD_BYTES
					? *(GBytes **)change_field(change, field)
					: NULL;

		run->size += bytes ? g_bytes_get_size(bytes) : 0;
	}
}

gsize run_kept(const Run *run)
{
	return run->size;
}

gboolean run_may_change(Run *run, GError **error)
{
	return door_check_allowed(run, error);
}

gboolean door_check_allowed(Run *run, GError **error)
{
	if (!run->forbidden && run->step)
		return TRUE;
	g_set_error(error, RUN_ERROR, RUN_ERROR_REFUSED, "nothing may be changed here: %s",
		    run->forbidden ? run->forbidden : "no step is running");
	return FALSE;
}

gboolean door_check_no_secret(const char *text, const char *what, GError **error)
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

gboolean door_settle(Run *run, const GPtrArray *changes, ChangeState state, GError **error)
{
	Change *const *of = (Change *const *)changes->pdata;

	if (run->journal && changes->len > 0)
		return journal_settle(run->journal, of, changes->len, state, error);
	for (guint i = 0; i < changes->len; i++)
		of[i]->state = state;
	return TRUE;
}

/* ---- Steps ---- */

gboolean run_begin_step(Run *run, const char *step, GError **error)
{
	run->step = door_keep(run, step);
	run->hook = NULL;
	g_hash_table_remove_all(run->ordinals);
	g_ptr_array_add(run->steps, (gpointer)run->step);
	return !run->journal || (door_journal_asked(run, error) &&
				 journal_begin_step(run->journal, run->number, step, error));
}

const char *run_current_step(const Run *run)
{
	return run->step;
}

void run_in_hook(Run *run, const char *hook)
{
	run->hook = door_keep(run, hook);
}

void run_forbid(Run *run, const char *reason)
{
	g_free(run->forbidden);
	run->forbidden = g_strdup(reason);
}

gboolean door_ends_now(const Run *run, const Change *change)
{
	for (guint i = 0; i < run->steps->len; i++)
		if (g_str_equal(run->steps->pdata[i], change->step))
			return TRUE;
	return FALSE;
}

/* What waits is made now, or was only planned: it is the run's. */
static void move_waiting(Run *run)
{
	g_ptr_array_set_free_func(run->waiting, NULL);
	g_ptr_array_extend(run->changes, run->waiting, NULL, NULL);
	g_ptr_array_set_size(run->waiting, 0);
	g_ptr_array_set_free_func(run->waiting, change_free);
	cells_clear(run->cells);
}

static void drop_none(Run *run)
{
	GPtrArray *waiting = run->waiting;
	guint kept = 0;

	for (guint i = 0; i < waiting->len; i++) {
		Change *change = waiting->pdata[i];

		if (run_kind(change)->is_none(change))
			change_free(change);
		else
			waiting->pdata[kept++] = change;
	}
	/* Those beyond are freed or moved: they must not be freed once more. */
	g_ptr_array_set_free_func(waiting, NULL);
	g_ptr_array_set_size(waiting, (int)kept);
	g_ptr_array_set_free_func(waiting, change_free);
}

gboolean door_finish(Run *run, GError **error)
{
	drop_none(run);
	for (guint i = 0; i < CHANGE_KINDS; i++) {
		g_autoptr(GPtrArray) waiting = run_of_kind(run->waiting, i);

		if (waiting->len > 0 && !run->planning &&
		    !kinds[i]->finish(run, waiting, error))
			return FALSE;
	}
	move_waiting(run);
	return TRUE;
}

static gboolean keep_steps(Run *run, GError **error)
{
	if (run->journal && !journal_end_steps(run->journal, run->number,
					       (const char *const *)run->steps->pdata,
					       run->steps->len, &run->lines, error))
		return FALSE;
	g_ptr_array_set_size(run->steps, 0);
	return TRUE;
}

gboolean run_end_step(Run *run, gboolean joined, GError **error)
{
	if (!run->step) {
		g_set_error(error, RUN_ERROR, RUN_ERROR_STATE, "no step was begun");
		return FALSE;
	}
	run->step = run->hook = NULL;
	if (joined)
		return TRUE;
	return recall_all_cells_asked(run, error) && recall_all_on_hosts_asked(run, error) &&
	       door_finish(run, error) && keep_steps(run, error);
}

static void drop_waiting(Run *run)
{
	for (guint i = run->waiting->len; i > 0; i--) {
		const Change *change = run->waiting->pdata[i - 1];

		run_kind(change)->drop(run, change);
	}
	g_ptr_array_set_size(run->waiting, 0);
	cells_clear(run->cells);
}

void run_drop_step(Run *run)
{
	drop_waiting(run);
	run->step = run->hook = NULL;
	g_ptr_array_set_size(run->steps, 0);
}

gboolean run_suppose(Run *run, GError **error)
{
	if (!door_check_allowed(run, error))
		return FALSE;
	if (run->waiting->len == 0)
		return TRUE;
	g_set_error(error, RUN_ERROR, RUN_ERROR_STATE,
		    "nothing can be supposed where rows wait to be written");
	return FALSE;
}

void run_suppose_end(Run *run)
{
	drop_waiting(run);
}

/* ---- What has been done ---- */

const GPtrArray *run_changes(Run *run)
{
	g_ptr_array_set_size(run->all, 0);
	g_ptr_array_extend(run->all, run->changes, NULL, NULL);
	g_ptr_array_extend(run->all, run->waiting, NULL, NULL);
	return run->all;
}

guint run_change_count(const Run *run)
{
	return run->changes->len + run->waiting->len;
}

gboolean run_has_begun(const Run *run)
{
	return run->done > 0 || run->begun;
}

guint run_done(const Run *run)
{
	return run->done;
}
