/* A command on a host: what it is as a change. */
#include "core/base.h"
#include "core/change/kinds.h"
#include <string.h>

#define CHANGE_DETAIL ChangeCommand
static const ChangeField fields[] = {
	{ NULL, "host", CHANGE_FIELD_TEXT, ITSELF(host), FALSE },
	{ NULL, "node", CHANGE_FIELD_TEXT, ITSELF(node), FALSE },
	{ NULL, "command", CHANGE_FIELD_TEXT, ITSELF(target), FALSE },
	{ "ordinal", NULL, CHANGE_FIELD_NUMBER, ITSELF(ordinal), FALSE },
	{ "via", NULL, CHANGE_FIELD_TEXT, ITSELF(via), FALSE },
	{ "undo", "undo", CHANGE_FIELD_TEXT, DETAIL(undo), FALSE },
	{ "done", NULL, CHANGE_FIELD_TEXT, DETAIL(done), FALSE },
	{ "repeatable", NULL, CHANGE_FIELD_FLAG, DETAIL(repeatable), FALSE },
	{ "undo_always", NULL, CHANGE_FIELD_FLAG, DETAIL(undo_always), FALSE },
	{ "undo_last", NULL, CHANGE_FIELD_FLAG, DETAIL(undo_last), FALSE },
	{ "if_host", NULL, CHANGE_FIELD_TEXT, DETAIL(if_host), FALSE },
	{ "if_command", NULL, CHANGE_FIELD_TEXT, DETAIL(if_command), FALSE },
	{ "if_input", NULL, CHANGE_FIELD_TEXT, DETAIL(if_input), FALSE },
	{ "undoes", NULL, CHANGE_FIELD_COUNT, DETAIL(undoes), FALSE },
	{ "error", "error", CHANGE_FIELD_TEXT, ITSELF(error), TRUE },
	{ "status", "status", CHANGE_FIELD_STATUS, DETAIL(status), TRUE },
	{ "out", "stdout", CHANGE_FIELD_BYTES, DETAIL(out), TRUE },
	{ "err", "stderr", CHANGE_FIELD_BYTES, DETAIL(err), TRUE },
	{ "out_lost", NULL, CHANGE_FIELD_COUNT, DETAIL(out_lost), TRUE },
	{ "err_lost", NULL, CHANGE_FIELD_COUNT, DETAIL(err_lost), TRUE },
	{ "transport", "transport", CHANGE_FIELD_TEXT, ITSELF(transport), TRUE },
	CHANGE_FIELDS_END,
};

ChangeCommand *change_command(const Change *change)
{
	return change->kind == CHANGE_COMMAND ? change->detail : NULL;
}

static gboolean is_whole(const Change *change)
{
	return change->host != NULL;
}

static char *what(const Change *change)
{
	return text_plain(change->target);
}

/* What becomes of it when it is undone, or was killed. */
static const char *way_words(const Change *change)
{
	if (change_outcome(change))
		return change_outcome(change);
	if (strcmp(change->step, CHANGE_UNDO_STEP) == 0)
		return "takes it back";
	return change_command(change)->undo ? "can be taken back" : "cannot be taken back";
}

static char *transition(const Change *change)
{
	return g_strconcat(way_words(change), change->depends ? ", depends on a result" : "",
			   NULL);
}

static void alike(const Change *change, GString *key)
{
	text_key_add(key, change->target);
	text_key_add(key, way_words(change));
	text_key_add(key, change->depends ? "depends" : NULL);
}

static const char *name_of(const Change *change)
{
	return change->host;
}

/* Each for itself. */
static char *unit(const Change *change)
{
	g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, change->number);

	return TEXT_KEY("command", number);
}

static ChangeWay way(const Change *change)
{
	const ChangeCommand *command = change_command(change);

	if (change->state == CHANGE_DONE)
		return command->undo ? CHANGE_WAY_OPEN : CHANGE_WAY_CLOSED;
	if (command->undo_always)
		return command->undo ? CHANGE_WAY_OPEN : CHANGE_WAY_CLOSED;
	return change->state == CHANGE_UNKNOWN ? CHANGE_WAY_UNKNOWN : CHANGE_WAY_NOTHING;
}

const ChangeClass change_command_class = {
	.name = "command",
	.table = "commands",
	.size = sizeof(ChangeCommand),
	.fields = fields,
	.is_whole = is_whole,
	.what = what,
	.transition = transition,
	.alike = alike,
	.name_of = name_of,
	.unit = unit,
	.way = way,
};
