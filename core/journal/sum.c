/*
 * Sums of what is kept: a disk that gives back other bytes than it was given shall not have an
 * undo write them into the tables.  Rows of an older version have none.
 */
#include "core/journal/database.h"

/* FNV-1a, 64 bits. */
#define SEED  G_GUINT64_CONSTANT(0xcbf29ce484222325)
#define PRIME G_GUINT64_CONSTANT(0x100000001b3)

static void add_byte(guint64 *sum, guchar byte)
{
	*sum = (*sum ^ byte) * PRIME;
}

/* NULL is a text of its own. */
static void add_text(guint64 *sum, const char *text)
{
	add_byte(sum, text ? 1 : 2);
	for (; text && *text; text++)
		add_byte(sum, (guchar)*text);
	add_byte(sum, 0);
}

static void add_number(guint64 *sum, gint64 number)
{
	for (guint i = 0; i < sizeof(number); i++)
		add_byte(sum, (guchar)((guint64)number >> (8 * i)));
}

gint64 sum_change(const Change *change)
{
	const char *texts[] = { change->step,	     change->hook,	 change->host,
				change->target,	     change->column,	 change->node,
				change->before.text, change->after.text, change->seen,
				change->seen_from };
	guint64 sum = SEED;

	add_number(&sum, change->kind);
	add_number(&sum, change->before.kind);
	add_number(&sum, change->after.kind);
	for (guint i = 0; i < change->n_key; i++)
		add_text(&sum, change->key[i]);
	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
		add_text(&sum, texts[i]);
	return (gint64)sum;
}

gint64 sum_node(const JournalNode *node)
{
	const char *texts[] = { node->name, node->old_sn, node->old_snn, node->new_sn,
				node->new_snn };
	guint64 sum = SEED;

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
		add_text(&sum, texts[i]);
	return (gint64)sum;
}

gboolean sum_holds(sqlite3_stmt *row, int column, gint64 sum)
{
	return sqlite3_column_type(row, column) == SQLITE_NULL ||
	       sqlite3_column_int64(row, column) == sum;
}
