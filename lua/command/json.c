#include "lua/command/json.h"
#include "core/base.h"
#include "lua/command/turned.h"
#include "lua/program/program.h"
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* As it is, for JSON has its own escapes; bytes that are no UTF-8 as ours.  Secrets are masked.
 */
static json_t *json_text(const char *text)
{
	gsize length = strlen(text);
	g_autofree char *masked = secret_mask(text, &length);
	const char *shown = masked ? masked : text;
	g_autofree char *plain = g_utf8_validate(shown, -1, NULL) ? NULL : text_plain(shown);

	return json_string(plain ? plain : shown);
}

static void set_text(json_t *object, const char *name, const char *text)
{
	json_object_set_new(object, name, text ? json_text(text) : json_null());
}

static void set_number(json_t *object, const char *name, gint64 number)
{
	json_object_set_new(object, name, json_integer(number));
}

static json_t *json_names(const char *const *names, guint n)
{
	json_t *list = json_array();

	for (guint i = 0; i < n; i++) {
		json_array_append_new(list, json_text(names[i]));
	}
	return list;
}

/* Takes `all` (array of Turned). */
static void set_turned(json_t *object, const char *name, GPtrArray *all)
{
	json_t *list = json_array();

	for (guint i = 0; i < all->len; i++) {
		const Turned *turned = all->pdata[i];
		json_t *entry = json_object();

		set_number(entry, "run", turned->run);
		json_object_set_new(entry, "nodes",
				    json_names((const char *const *)turned->names->pdata,
					       turned->names->len));
		json_array_append_new(list, entry);
	}
	json_object_set_new(object, name, list);
	g_ptr_array_unref(all);
}

static void set_owed(json_t *object, const GPtrArray *owed)
{
	json_t *list = json_array();

	for (guint i = 0; i < owed->len; i++) {
		const JournalOwed *one = owed->pdata[i];
		json_t *entry = json_object();
		const char *const *nodes = (const char *const *)one->nodes;

		set_text(entry, "host", one->host);
		json_object_set_new(
			entry, "nodes",
			json_names(nodes, nodes ? g_strv_length((char **)nodes) : 0));
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
	set_number(object, "taken_back", run->back);
	set_number(object, "done_again", run->again);
	set_number(object, "changes", run->changes);
	if (content) {
		set_turned(object, "taken_back_by", turned_back(content, NULL));
		set_turned(object, "done_again_by", turned_again(content, NULL));
		set_owed(object, content->owed);
	}
	return dump(object);
}

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

static void set_key(json_t *object, const char *name, const Change *change)
{
	json_t *key = json_array();

	for (guint i = 0; i < change->n_key; i++) {
		json_array_append_new(key, json_text(change->key[i]));
	}
	json_object_set_new(object, name, key);
}

static void set_field(json_t *object, const Change *change, const ChangeField *field)
{
	gpointer at = change_field(change, field);

	switch (field->type) {
	case CHANGE_FIELD_TEXT:
		set_text(object, field->key, *(const char **)at);
		break;
	case CHANGE_FIELD_NUMBER:
		set_number(object, field->key, *(guint *)at);
		break;
	case CHANGE_FIELD_STATUS:
		set_number(object, field->key, *(int *)at);
		break;
	case CHANGE_FIELD_COUNT:
		set_number(object, field->key, (gint64) * (guint64 *)at);
		break;
	case CHANGE_FIELD_FLAG:
		json_object_set_new(object, field->key, json_boolean(*(gboolean *)at));
		break;
	case CHANGE_FIELD_BYTES:
		set_bytes(object, field->key, *(GBytes **)at);
		break;
	case CHANGE_FIELD_CELL:
		set_cell(object, field->key, at);
		break;
	case CHANGE_FIELD_KEY:
		set_key(object, field->key, change);
		break;
	case CHANGE_FIELD_END:
		break;
	}
}

char *json_change(const Change *change)
{
	json_t *object = json_object();

	set_text(object, "kind", change_class(change)->name);
	set_text(object, "state", change_state_name(change->state));
	set_text(object, "step", change->step);
	set_text(object, "hook", change->hook);
	for (const ChangeField *field = change_class(change)->fields; field->type; field++)
		if (field->key)
			set_field(object, change, field);
	return dump(object);
}

/* ---- Who answers nodes, and why ---- */

static json_t *json_texts(const GPtrArray *texts)
{
	return json_names((const char *const *)texts->pdata, texts->len);
}

/* A node's own row is null among the groups. */
static json_t *json_rows(const GPtrArray *rows)
{
	json_t *list = json_array();

	for (guint i = 0; rows && i < rows->len; i++) {
		const char *row = rows->pdata[i];

		json_array_append_new(list, *row ? json_text(row) : json_null());
	}
	return list;
}

static json_t *json_facts(const ExplainAnswer *answer)
{
	json_t *list = json_array();

	for (guint i = 0; i < answer->facts->len; i++) {
		const ExplainFact *fact = &g_array_index(answer->facts, ExplainFact, i);
		json_t *entry = json_object();

		set_text(entry, "name", fact->name);
		set_text(entry, "value", fact->value);
		if (fact->rows)
			json_object_set_new(entry, "from", json_rows(fact->rows));
		json_array_append_new(list, entry);
	}
	return list;
}

char *json_explained(const ExplainGroup *group)
{
	json_t *object = json_object();
	json_t *answers = json_object();

	json_object_set_new(object, "nodes", json_texts(group->nodes));
	set_text(object, "shape", holders_shape_name(group->shape));
	for (guint i = 0; i < group->answers->len; i++) {
		const ExplainAnswer *answer = group->answers->pdata[i];
		json_t *entry = json_object();

		json_object_set_new(entry, "answer", json_texts(answer->answers));
		json_object_set_new(entry, "any", json_boolean(answer->any));
		set_text(entry, "because", answer->rule);
		json_object_set_new(entry, "values", json_facts(answer));
		set_text(entry, "warning", answer->warning);
		json_object_set_new(answers, answer->question, entry);
	}
	json_object_set_new(object, "answers", answers);
	return dump(object);
}

char *json_differs(const JournalOwed *differs)
{
	const char *const *nodes = (const char *const *)differs->nodes;
	json_t *object = json_object();

	set_text(object, "differs", differs->text);
	set_text(object, "host", differs->host);
	json_object_set_new(object, "nodes",
			    json_names(nodes, nodes ? g_strv_length((char **)nodes) : 0));
	return dump(object);
}

char *json_answers(const char *line)
{
	json_t *object = json_object();

	set_text(object, "note", line);
	return dump(object);
}

char *json_explain_verdict(guint nodes, guint groups, guint differs, const GPtrArray *missing,
			   int status)
{
	json_t *object = json_object();

	set_text(object, "verdict",
		 status == PROGRAM_DONE	  ? "done"
		 : status == PROGRAM_OWED ? "differs"
		 : status > 128		  ? "interrupted"
					  : "failed");
	set_number(object, "status", status);
	set_number(object, "nodes", nodes);
	set_number(object, "groups", groups);
	set_number(object, "differs", differs);
	json_object_set_new(object, "missing", json_texts(missing));
	return dump(object);
}

/* ---- What is as it should be ---- */

char *json_verified(const GPtrArray *nodes, const char *const *names,
		    const char *const *results, guint n)
{
	json_t *object = json_object();
	json_t *each = json_object();

	json_object_set_new(object, "nodes", json_texts(nodes));
	for (guint i = 0; i < n; i++)
		set_text(each, names[i], results[i]);
	json_object_set_new(object, "results", each);
	return dump(object);
}

char *json_fault(const JournalOwed *fault, const GPtrArray *nodes, const char *mend)
{
	json_t *object = json_object();

	set_text(object, "fault", fault->text);
	set_text(object, "in", fault->found);
	set_text(object, "host", fault->host);
	json_object_set_new(object, "nodes", json_texts(nodes));
	set_text(object, "mend", mend);
	return dump(object);
}

char *json_verify_verdict(guint nodes, guint faults, const GPtrArray *missing, int status)
{
	json_t *object = json_object();

	set_text(object, "verdict",
		 status == PROGRAM_DONE	  ? "done"
		 : status == PROGRAM_OWED ? "faults"
		 : status > 128		  ? "interrupted"
					  : "failed");
	set_number(object, "status", status);
	set_number(object, "nodes", nodes);
	set_number(object, "faults", faults);
	json_object_set_new(object, "missing", missing ? json_texts(missing) : json_array());
	return dump(object);
}
