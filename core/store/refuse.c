/* What every driver says in the same words about a change that it does not write. */
#include "core/base.h"
#include "core/store/driver.h"
#include <string.h>

char *store_key_text(const char *const *key, guint n_key)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < n_key; i++) {
		g_autofree char *quoted = key[i] ? text_quote(key[i]) : g_strdup("NULL");

		g_string_append_printf(text, "%s%s", i ? "," : "", quoted);
	}
	return g_string_free(text, FALSE);
}

char *store_row_id(const char *const *key, guint n_key)
{
	GString *id = g_string_new(NULL);

	for (guint i = 0; i < n_key; i++) {
		if (key[i])
			g_string_append_printf(id, "%zu:%s", strlen(key[i]), key[i]);
		else
			g_string_append_c(id, '-');
	}
	return g_string_free(id, FALSE);
}

static char *cell_text(const StoreCell *cell)
{
	switch (cell->kind) {
	case STORE_CELL_NO_ROW:
		return g_strdup("without a row");
	case STORE_CELL_NULL:
		return g_strdup("empty (NULL)");
	case STORE_CELL_TEXT:
		break;
	}
	return text_quote(cell->text);
}

gboolean store_conflict(const StoreChange *change, const StoreCell *now, GError **error)
{
	g_autofree char *column = text_quote(change->column);
	g_autofree char *key = store_key_text(change->key, change->n_key);
	g_autofree char *before = cell_text(&change->before);
	g_autofree char *there = cell_text(now);

	/* A plain name reads better as table.column. */
	column[strlen(column) - 1] = '\0';
	g_set_error(
		error, STORE_ERROR, STORE_ERROR_CONFLICT,
		"%s.%s of %s was changed by somebody else: it was %s when read and is %s now",
		change->table, column + 1, key, before, there);
	return FALSE;
}

gboolean store_refuse_doubled(const StoreChange *change, GError **error)
{
	g_autofree char *key = store_key_text(change->key, change->n_key);

	g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED,
		    "table '%s' has more than one row of %s; remove all but one", change->table,
		    key);
	return FALSE;
}

gboolean store_refuse_nul(const StoreTable *table, const char *const *key, guint column,
			  GError **error)
{
	g_autofree char *name = text_quote(table->columns[column]);
	g_autofree char *text = store_key_text(key, table->n_keys);

	g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED,
		    "column %s of table '%s' holds a NUL byte in the row of %s; set it anew",
		    name, table->name, text);
	return FALSE;
}

gboolean store_unknown_table(const char *table, const char *url, GError **error)
{
	g_autofree char *name = text_quote(table);
	g_autofree char *place = text_quote(url);

	g_set_error(error, STORE_ERROR, STORE_ERROR_UNKNOWN,
		    "cannot write to table %s: there is none in %s", name, place);
	return FALSE;
}

gboolean store_unknown_column(const StoreTable *table, const char *column, GError **error)
{
	g_autofree char *name = text_quote(column);
	g_autofree char *meant = text_did_you_mean(column, (const char *const *)table->columns);

	g_set_error(error, STORE_ERROR, STORE_ERROR_UNKNOWN, "table '%s' has no column %s%s",
		    table->name, name, meant);
	return FALSE;
}

gboolean store_check_change(const StoreTable *table, const StoreChange *change, GError **error)
{
	int column = store_table_column(table, change->column);

	if (column < 0)
		return store_unknown_column(table, change->column, error);
	if (change->n_key != table->n_keys) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED,
			    "a row of table '%s' is named by %u values, not by %u", table->name,
			    table->n_keys, change->n_key);
		return FALSE;
	}
	if (!store_table_is_key(table, (guint)column))
		return TRUE;
	g_set_error(error, STORE_ERROR, STORE_ERROR_UNKNOWN,
		    "column '%s' of table '%s' names the row and cannot be changed",
		    change->column, table->name);
	return FALSE;
}
