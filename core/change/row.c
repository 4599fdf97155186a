/* A row's cell: what it is as a change. */
#include "core/base.h"
#include "core/change/kinds.h"

static const ChangeField fields[] = {
	{ NULL, "table", CHANGE_FIELD_TEXT, ITSELF(target), FALSE },
	{ NULL, "key", CHANGE_FIELD_KEY, ITSELF(key), FALSE },
	{ NULL, "column", CHANGE_FIELD_TEXT, ITSELF(column), FALSE },
	{ NULL, "node", CHANGE_FIELD_TEXT, ITSELF(node), FALSE },
	{ NULL, "before", CHANGE_FIELD_CELL, ITSELF(before), FALSE },
	{ NULL, "after", CHANGE_FIELD_CELL, ITSELF(after), FALSE },
	{ NULL, "seen", CHANGE_FIELD_TEXT, ITSELF(seen), FALSE },
	{ NULL, "seen_from", CHANGE_FIELD_TEXT, ITSELF(seen_from), FALSE },
	CHANGE_FIELDS_END,
};

char *change_row_key(const Change *change)
{
	GString *text = g_string_new(change->key[0]);

	for (guint i = 1; i < change->n_key; i++)
		g_string_append_printf(text, ",%s", change->key[i]);
	return g_string_free(text, FALSE);
}

char *change_cell_text(const StoreCell *cell)
{
	return cell->kind == STORE_CELL_TEXT ? text_quote(cell->text) : g_strdup("nothing");
}

static gboolean is_whole(const Change *change)
{
	return change->column && change->n_key > 0;
}

/* "noderes.xcatmaster", or "networks[10.1.0.0,255.255.0.0].dhcpserver". */
static char *what(const Change *change)
{
	g_autofree char *key = NULL;
	g_autofree char *plain = NULL;

	if (change->node)
		return g_strdup_printf("%s.%s", change->target, change->column);
	key = change_row_key(change);
	plain = text_plain(key);
	return g_strdup_printf("%s[%s].%s", change->target, plain, change->column);
}

static const char *old_value(const Change *change)
{
	if (change->node)
		return change->seen;
	return change->before.kind == STORE_CELL_TEXT ? change->before.text : NULL;
}

/* A node whose own cell loses its value has what its groups have. */
static char *transition(const Change *change)
{
	const char *old = old_value(change);
	g_autofree char *before = text_plain(old ? old : "(none)");
	g_autofree char *after =
		text_plain(change->after.kind == STORE_CELL_TEXT ? change->after.text
			   : change->node			 ? "(of its groups)"
								 : "(none)");

	g_autofree char *remarks = change_remarks(change);

	return g_strdup_printf("%s -> %s%s", before, after, remarks);
}

static void alike(const Change *change, GString *key)
{
	text_key_add(key, change->target);
	text_key_add(key, change->column);
	for (guint i = 0; !change->node && i < change->n_key; i++)
		text_key_add(key, change->key[i]);
	text_key_add(key, change_outcome(change));
	text_key_add(key, change->seen);
	text_key_add(key, change->after.kind == STORE_CELL_TEXT ? change->after.text : NULL);
}

static const char *name_of(const Change *change)
{
	return change->node;
}

static char *unit(const Change *change)
{
	g_autofree char *key = text_key(change->key, change->n_key);

	return TEXT_KEY("row", change->target, key);
}

static ChangeWay way(const Change *change)
{
	return change->state == CHANGE_DONE ? CHANGE_WAY_OPEN : CHANGE_WAY_NOTHING;
}

const ChangeClass change_row_class = {
	.name = "row",
	.fields = fields,
	.is_whole = is_whole,
	.what = what,
	.transition = transition,
	.alike = alike,
	.name_of = name_of,
	.unit = unit,
	.way = way,
};
