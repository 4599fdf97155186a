#include "lua/json.h"
#include "core/base.h"
#include <jansson.h>
#include <stdlib.h>

static void set_text(json_t *object, const char *name, const char *text)
{
	g_autofree char *plain = text ? text_plain(text) : NULL;

	json_object_set_new(object, name, plain ? json_string(plain) : json_null());
}

static void set_number(json_t *object, const char *name, gint64 number)
{
	json_object_set_new(object, name, json_integer(number));
}

static void set_owed(json_t *object, const GPtrArray *owed)
{
	json_t *list = json_array();

	for (guint i = 0; i < owed->len; i++) {
		const JournalOwed *one = owed->pdata[i];
		json_t *entry = json_object();
		json_t *nodes = json_array();

		set_text(entry, "host", one->host);
		for (guint j = 0; one->nodes && one->nodes[j]; j++) {
			g_autofree char *plain = text_plain(one->nodes[j]);

			json_array_append_new(nodes, json_string(plain));
		}
		json_object_set_new(entry, "nodes", nodes);
		set_text(entry, "what", one->text);
		json_array_append_new(list, entry);
	}
	json_object_set_new(object, "owed", list);
}

static char *dump(json_t *object)
{
	char *text = json_dumps(object, JSON_COMPACT);
	char *kept = g_strdup(text);

	free(text);
	json_decref(object);
	return kept;
}

char *json_run(const JournalRun *run, const JournalContent *content)
{
	json_t *object = json_object();

	set_number(object, "run", run->number);
	set_text(object, "state", journal_state_name(run->state));
	set_number(object, "begun", run->begun);
	set_number(object, "ended", run->ended);
	set_text(object, "who", run->who);
	set_text(object, "command", run->command);
	set_text(object, "reason", run->reason);
	set_text(object, "database", run->database);
	set_text(object, "mode", run->mode);
	set_text(object, "from", run->from);
	set_text(object, "to", run->to);
	set_text(object, "step", run->step);
	set_number(object, "undoes", run->undoes);
	set_number(object, "nodes", run->nodes);
	set_number(object, "changes", run->changes);
	if (content)
		set_owed(object, content->owed);
	return dump(object);
}

static const char *const kinds[] = { "row", "entry", "file", "command" };
static const char *const states[] = { "planned", "started", "done",
				      "failed",	 "unknown", "undone" };

static void set_cell(json_t *object, const char *name, const StoreCell *cell)
{
	set_text(object, name, cell->kind == STORE_CELL_TEXT ? cell->text : NULL);
}

static void set_bytes(json_t *object, const char *name, GBytes *bytes)
{
	gsize length = 0;
	const char *data = bytes ? g_bytes_get_data(bytes, &length) : NULL;
	g_autofree char *text = g_strndup(data ? data : "", length);

	set_text(object, name, text);
}

static char *command_json(json_t *object, const Change *change)
{
	const ChangeCommand *command = change->command;

	set_text(object, "host", change->host);
	set_text(object, "node", change->node);
	set_text(object, "command", change->target);
	set_text(object, "undo", command->undo);
	set_text(object, "error", command->error);
	set_number(object, "status", command->status);
	set_bytes(object, "stdout", command->out);
	set_bytes(object, "stderr", command->err);
	set_text(object, "transport", command->transport);
	return dump(object);
}

static char *file_json(json_t *object, const Change *change)
{
	const ChangeFile *file = change->file;

	set_text(object, "host", change->host);
	set_text(object, "node", change->node);
	set_text(object, "path", change->target);
	set_cell(object, "before", &change->before);
	set_cell(object, "after", &change->after);
	set_text(object, "kept", file->kept);
	set_text(object, "activate", file->activate);
	set_text(object, "error", file->error);
	set_text(object, "message", file->message);
	set_text(object, "transport", file->transport);
	return dump(object);
}

char *json_change(const Change *change)
{
	json_t *object = json_object();
	json_t *key;

	set_text(object, "kind", kinds[change->kind]);
	set_text(object, "state", states[change->state]);
	set_text(object, "step", change->step);
	set_text(object, "hook", change->hook);
	if (change->command)
		return command_json(object, change);
	if (change->file)
		return file_json(object, change);
	key = json_array();
	set_text(object, "table", change->target);
	for (guint i = 0; i < change->n_key; i++) {
		g_autofree char *plain = text_plain(change->key[i]);

		json_array_append_new(key, json_string(plain));
	}
	json_object_set_new(object, "key", key);
	set_text(object, "column", change->column);
	set_text(object, "node", change->node);
	set_cell(object, "before", &change->before);
	set_cell(object, "after", &change->after);
	set_text(object, "seen", change->seen);
	set_text(object, "seen_from", change->seen_from);
	return dump(object);
}
