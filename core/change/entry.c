/* An entry of a service, for a node on a host: what it is as a change. */
#include "core/base.h"
#include "core/change/difference.h"
#include "core/change/kinds.h"
#include <string.h>

#define CHANGE_DETAIL ChangeEntry
static const ChangeField fields[] = {
	{ NULL, "host", CHANGE_FIELD_TEXT, ITSELF(host), FALSE },
	{ NULL, "service", CHANGE_FIELD_TEXT, ITSELF(target), FALSE },
	{ NULL, "node", CHANGE_FIELD_TEXT, ITSELF(node), FALSE },
	{ NULL, "before", CHANGE_FIELD_CELL, ITSELF(before), FALSE },
	{ NULL, "after", CHANGE_FIELD_CELL, ITSELF(after), FALSE },
	{ "ordinal", NULL, CHANGE_FIELD_NUMBER, ITSELF(ordinal), FALSE },
	{ "call", NULL, CHANGE_FIELD_TEXT, ITSELF(call), FALSE },
	{ "via", NULL, CHANGE_FIELD_TEXT, ITSELF(via), FALSE },
	{ "secret", "secret", CHANGE_FIELD_FLAG, DETAIL(secret), FALSE },
	{ "kept", "kept", CHANGE_FIELD_TEXT, DETAIL(kept), FALSE },
	{ "error", "error", CHANGE_FIELD_TEXT, ITSELF(error), TRUE },
	{ "message", "message", CHANGE_FIELD_TEXT, ITSELF(message), TRUE },
	{ "transport", "transport", CHANGE_FIELD_TEXT, ITSELF(transport), TRUE },
	CHANGE_FIELDS_END,
};

ChangeEntry *change_entry(const Change *change)
{
	return change->kind == CHANGE_ENTRY ? change->detail : NULL;
}

char *change_digest(const char *bytes, gsize length)
{
	g_autofree char *digest =
		g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)bytes, length);

	return g_strconcat("sha256 ", digest, NULL);
}

char *change_entry_digest(const char *text)
{
	return change_digest(text, strlen(text));
}

static gboolean is_whole(const Change *change)
{
	return change->host && change->node;
}

/* "dhcp on sn2" */
static char *what(const Change *change)
{
	g_autofree char *text = g_strdup_printf("%s on %s", change->target, change->host);

	return text_plain(text);
}

static char *transition(const Change *change)
{
	g_autofree char *remarks = change_remarks(change);
	gboolean was = change->before.kind == STORE_CELL_TEXT;
	gboolean is = change->after.kind == STORE_CELL_TEXT;

	return g_strconcat(!was ? "added"
			   : is ? "replaced"
				: "removed",
			   change_entry(change)->secret ? " (secret)" : "", remarks, NULL);
}

static GBytes *bytes_of(const StoreCell *cell)
{
	return cell->kind == STORE_CELL_TEXT
		       ? g_bytes_new_static(cell->text, strlen(cell->text))
		       : NULL;
}

static char **difference(const Change *change, guint most)
{
	g_autoptr(GBytes) old = bytes_of(&change->before);
	g_autoptr(GBytes) new = bytes_of(&change->after);

	return change_entry(change)->secret ? NULL : difference_lines(old, new, most);
}

/* Entries differ from node to node: it is one line for all where the same is done. */
static void alike(const Change *change, GString *key)
{
	g_autofree char *done = transition(change);

	text_key_add(key, change->target);
	text_key_add(key, change->host);
	text_key_add(key, done);
}

static const char *name_of(const Change *change)
{
	return change->node;
}

const ChangeClass change_entry_class = {
	.name = "entry",
	.table = "entries",
	.size = sizeof(ChangeEntry),
	.fields = fields,
	.of_node = TRUE,
	.is_whole = is_whole,
	.what = what,
	.transition = transition,
	.alike = alike,
	.name_of = name_of,
	.difference = difference,
	.unit = change_call_unit,
	.way = change_way_seen,
};
