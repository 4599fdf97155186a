/* A file on a host: what it is as a change. */
#include "core/base.h"
#include "core/change/difference.h"
#include "core/change/kinds.h"
#include "core/remote.h"
#include <string.h>

#define CHANGE_DETAIL ChangeFile
static const ChangeField fields[] = {
	{ NULL, "host", CHANGE_FIELD_TEXT, ITSELF(host), FALSE },
	{ NULL, "node", CHANGE_FIELD_TEXT, ITSELF(node), FALSE },
	{ NULL, "path", CHANGE_FIELD_TEXT, ITSELF(target), FALSE },
	{ NULL, "before", CHANGE_FIELD_CELL, ITSELF(before), FALSE },
	{ NULL, "after", CHANGE_FIELD_CELL, ITSELF(after), FALSE },
	{ "ordinal", NULL, CHANGE_FIELD_NUMBER, ITSELF(ordinal), FALSE },
	{ "call", NULL, CHANGE_FIELD_TEXT, ITSELF(call), FALSE },
	{ "via", NULL, CHANGE_FIELD_TEXT, ITSELF(via), FALSE },
	{ "kept", "kept", CHANGE_FIELD_TEXT, DETAIL(kept), FALSE },
	{ "activate", "activate", CHANGE_FIELD_TEXT, DETAIL(activate), FALSE },
	{ "content", NULL, CHANGE_FIELD_BYTES, DETAIL(content), FALSE },
	{ "error", "error", CHANGE_FIELD_TEXT, ITSELF(error), TRUE },
	{ "message", "message", CHANGE_FIELD_TEXT, ITSELF(message), TRUE },
	{ "transport", "transport", CHANGE_FIELD_TEXT, ITSELF(transport), TRUE },
	{ NULL, NULL, CHANGE_FIELD_BYTES, DETAIL(old), FALSE },
	{ NULL, NULL, CHANGE_FIELD_BYTES, DETAIL(new), FALSE },
	CHANGE_FIELDS_END,
};

ChangeFile *change_file(const Change *change)
{
	return change->kind == CHANGE_FILE ? change->detail : NULL;
}

static gboolean is_whole(const Change *change)
{
	return change->host && change->before.text && change->after.text;
}

static char *what(const Change *change)
{
	return text_plain(change->target);
}

static char **difference(const Change *change, guint most)
{
	const ChangeFile *file = change_file(change);

	if (!file->new || (!file->old && !g_str_equal(change->before.text, REMOTE_ABSENT)))
		return NULL;
	return difference_lines(file->old, file->new, most);
}

/* "120 -> 131 bytes", "mode 644 -> 600", or what each of them is.  Gives the text. */
static char *states_text(const char *before, const char *after)
{
	g_auto(GStrv) old = remote_state_words(before);
	g_auto(GStrv) new = remote_state_words(after);
	g_autofree char *old_text = remote_state_text(before);
	g_autofree char *new_text = remote_state_text(after);
	GString *text = g_string_new(NULL);

	if (!old || !new) {
		g_string_printf(text, "%s -> %s", old_text, new_text);
		return g_string_free(text, FALSE);
	}
	if (!remote_same_content(before, after))
		g_string_printf(text, "%s -> %s bytes", old[3], new[3]);
	if (!g_str_equal(old[1], new[1]))
		g_string_append_printf(text, "%smode %s -> %s", text->len ? ", " : "", old[1],
				       new[1]);
	if (!g_str_equal(old[2], new[2]))
		g_string_append_printf(text, "%sowner %s -> %s", text->len ? ", " : "", old[2],
				       new[2]);
	if (text->len == 0)
		g_string_append(text, "as it was");
	return g_string_free(text, FALSE);
}

/* Nobody can swap it: who looks meanwhile may see half of it. */
static gboolean is_in_place(const Change *change)
{
	return remote_state_is_mount(change->before.text);
}

static char *transition(const Change *change)
{
	g_autofree char *states = states_text(change->before.text, change->after.text);
	g_autofree char *remarks = change_remarks(change);

	return g_strconcat(states, is_in_place(change) ? ", mount written in place" : "",
			   remarks, NULL);
}

/* Hosts where the same lines change are alike, whatever else is in their files. */
static void alike(const Change *change, GString *key)
{
	g_auto(GStrv) lines = difference(change, G_MAXUINT);
	g_autofree char *shown = lines ? g_strjoinv("\n", lines) : NULL;
	g_autofree char *remarks = change_remarks(change);

	text_key_add(key, change->target);
	text_key_add(key, remarks);
	text_key_add(key, is_in_place(change) ? "mount" : NULL);
	text_key_add(key, shown ? shown : change->before.text);
	text_key_add(key, shown ? NULL : change->after.text);
}

static const char *name_of(const Change *change)
{
	return change->host;
}

const ChangeClass change_file_class = {
	.name = "file",
	.table = "files",
	.size = sizeof(ChangeFile),
	.fields = fields,
	.is_whole = is_whole,
	.what = what,
	.transition = transition,
	.alike = alike,
	.name_of = name_of,
	.difference = difference,
	.unit = change_call_unit,
	.way = change_way_seen,
};
