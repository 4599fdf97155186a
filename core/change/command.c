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
	{ "says", "says", CHANGE_FIELD_TEXT, DETAIL(says), FALSE },
	{ "input", NULL, CHANGE_FIELD_TEXT, DETAIL(input), FALSE },
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

char *change_command_known_by(const char *command, const char *input)
{
	return input ? g_strdup_printf("%s\n%s", command, input) : g_strdup(command);
}

static char *known_by(const Change *change)
{
	return change_command_known_by(change->target, change_command(change)->input);
}

static gboolean is_whole(const Change *change)
{
	return change->host != NULL;
}

/* A list of words that was quoted word by word, with quotes only where they are needed.  Gives
 * the text; NULL: it is none. */
static char *plain_words(const char *command)
{
	g_auto(GStrv) words = NULL;
	g_autoptr(GString) quoted = g_string_new(NULL), line = g_string_new(NULL);

	if (*command != '\'' || !g_shell_parse_argv(command, NULL, &words, NULL))
		return NULL;
	for (guint i = 0; words[i]; i++) {
		g_autofree char *all = g_shell_quote(words[i]),
				*few = text_shell_word(words[i]);

		g_string_append_printf(quoted, "%s%s", i ? " " : "", all);
		g_string_append_printf(line, "%s%s", i ? " " : "", few);
	}
	if (!g_str_equal(quoted->str, command))
		return NULL;
	return g_string_free(g_steal_pointer(&line), FALSE);
}

/* A script is known by its first line. */
static char *first_line(const char *command)
{
	const char *line = command + strspn(command, " \t\n");
	gsize length = strcspn(line, "\n");
	gboolean more = line[length] && line[length + strspn(line + length, " \t\n")];

	return g_strdup_printf("%.*s%s", (int)length, line, more ? " ..." : "");
}

char *change_command_text(const char *command, const char *says)
{
	g_autofree char *words = says ? NULL : plain_words(command);
	g_autofree char *line = NULL;

	if (says)
		return text_plain(says);
	line = first_line(words ? words : command);
	return text_plain(line);
}

static char *what(const Change *change)
{
	return change_command_text(change->target, change_command(change)->says);
}

static gboolean has_undo(const ChangeCommand *command)
{
	return command->undo && *command->undo;
}

static gboolean needs_none(const ChangeCommand *command)
{
	return command->undo && !*command->undo;
}

/* What becomes of it when it is undone, or was killed. */
static const char *way_words(const Change *change)
{
	if (change_outcome(change))
		return change_outcome(change);
	if (strcmp(change->step, CHANGE_UNDO_STEP) == 0)
		return "takes it back";
	if (needs_none(change_command(change)))
		return "nothing to take back";
	return has_undo(change_command(change)) ? "can be taken back" : "cannot be taken back";
}

static char *transition(const Change *change)
{
	return g_strconcat(way_words(change), change->depends ? ", depends on a result" : "",
			   NULL);
}

static void alike(const Change *change, GString *key)
{
	text_key_add(key, change->target);
	text_key_add(key, change_command(change)->says);
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

	if (needs_none(command))
		return CHANGE_WAY_NOTHING;
	if (change->state == CHANGE_DONE || command->undo_always)
		return has_undo(command) ? CHANGE_WAY_OPEN : CHANGE_WAY_CLOSED;
	return change->state == CHANGE_UNKNOWN ? CHANGE_WAY_UNKNOWN : CHANGE_WAY_NOTHING;
}

const ChangeClass change_command_class = {
	.name = "command",
	.table = "commands",
	.size = sizeof(ChangeCommand),
	.fields = fields,
	.of_node = TRUE,
	.known_by = known_by,
	.is_whole = is_whole,
	.what = what,
	.transition = transition,
	.alike = alike,
	.name_of = name_of,
	.unit = unit,
	.way = way,
};
