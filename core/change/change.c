/* What all kinds have in common, and the table of them. */
#include "core/change/kinds.h"
#include "core/base.h"

static const ChangeClass *const classes[CHANGE_KINDS] = {
	[CHANGE_ROW] = &change_row_class,
	[CHANGE_ENTRY] = &change_entry_class,
	[CHANGE_FILE] = &change_file_class,
	[CHANGE_COMMAND] = &change_command_class,
};

static const char *const state_names[CHANGE_STATES] = { "planned", "started", "done",
							"failed",  "unknown", "undone" };

const ChangeClass *change_class_of(guint kind)
{
	return kind < CHANGE_KINDS ? classes[kind] : NULL;
}

const ChangeClass *change_class(const Change *change)
{
	return classes[change->kind];
}

const char *change_state_name(ChangeState state)
{
	return state < CHANGE_STATES ? state_names[state] : "unknown";
}

Change *change_new(ChangeKind kind)
{
	/* In one piece: a move has hundreds of thousands. */
	Change *change = g_malloc0(sizeof(Change) + classes[kind]->size);

	change->kind = kind;
	change->detail = change + 1;
	return change;
}

gpointer change_field(const Change *change, const ChangeField *field)
{
	return (char *)(field->of_detail ? change->detail : (gpointer)change) + field->offset;
}

void change_free(gpointer data)
{
	Change *change = data;

	if (!change)
		return;
	for (const ChangeField *field = change_class(change)->fields; field->type; field++)
		if (field->type == CHANGE_FIELD_BYTES)
			g_bytes_unref(*(GBytes **)change_field(change, field));
	if (change->n_key > 1)
		g_free((gpointer)change->key);
	g_free(change);
}

char *change_unit(const Change *change)
{
	return change->node ? TEXT_KEY("node", change->node)
			    : change_class(change)->unit(change);
}

char *change_call_unit(const Change *change)
{
	return TEXT_KEY("call", change->host, change->call);
}

ChangeWay change_way(const Change *change)
{
	if (change->state != CHANGE_DONE && change->state != CHANGE_FAILED &&
	    change->state != CHANGE_UNKNOWN)
		return CHANGE_WAY_NOTHING;
	return change_class(change)->way(change);
}

ChangeWay change_way_seen(const Change *change)
{
	return change->state == CHANGE_FAILED ? CHANGE_WAY_NOTHING : CHANGE_WAY_OPEN;
}

const char *change_outcome(const Change *change)
{
	if (change->state == CHANGE_UNKNOWN)
		return "nobody knows how it ended";
	if (change->state == CHANGE_FAILED)
		return "failed";
	return change->state == CHANGE_UNDONE ? "taken back" : NULL;
}

char *change_remarks(const Change *change)
{
	const char *outcome = change_outcome(change);

	return g_strconcat(outcome ? ", " : "", outcome ? outcome : "",
			   change->depends ? ", depends on a result" : "", NULL);
}
