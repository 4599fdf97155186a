/* What only a kind of change has, in a table of its own: its columns are the kind's fields. */
#include "core/base.h"
#include "core/journal/database.h"
#include <string.h>

struct detail {
	const Journal *journal;
	sqlite3_stmt *inserts[CHANGE_KINDS], *results[CHANGE_KINDS];
	sqlite3_stmt *texts; /* keeps a long text, and reads one */
	/* Long texts that were kept, by where they lie (they do for the whole transaction) ->
	 * digest: a question as long as the list of hosts is counted once, and not for each. */
	GHashTable *digests;
	GHashTable *found; /* those that were read: digest -> text */
};

/* A text of more bytes is kept once, however many changes have it: a script that goes to a
 * thousand nodes. */
#define LONG_TEXT 1000

Detail *detail_new(const Journal *journal)
{
	Detail *detail = g_new0(Detail, 1);

	detail->journal = journal;
	detail->digests = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, g_free);
	detail->found = g_hash_table_new(g_str_hash, g_str_equal);
	return detail;
}

void detail_free(Detail *detail)
{
	if (!detail)
		return;
	for (guint i = 0; i < CHANGE_KINDS; i++) {
		sqlite3_finalize(detail->inserts[i]);
		sqlite3_finalize(detail->results[i]);
	}
	sqlite3_finalize(detail->texts);
	g_hash_table_unref(detail->digests);
	g_hash_table_unref(detail->found);
	g_free(detail);
}

/* The next field from `field` on that stands in the table, of those known at the end or of
 * those known before; NULL: there is none. */
static const ChangeField *next_of(const ChangeField *field, gboolean result)
{
	while (field->type && (!field->column || field->result != result))
		field++;
	return field->type ? field : NULL;
}

static const ChangeField *first_of(const ChangeClass *class, gboolean result)
{
	return next_of(class->fields, result);
}

static sqlite3_stmt *prepare_insert(const Detail *detail, const ChangeClass *class,
				    GError **error)
{
	g_autoptr(GString) columns = g_string_new("change");
	g_autoptr(GString) values = g_string_new("?");
	g_autofree char *sql = NULL;

	for (const ChangeField *field = first_of(class, FALSE); field;
	     field = next_of(field + 1, FALSE)) {
		g_string_append_printf(columns, ", %s", field->column);
		g_string_append(values, ", ?");
	}
	sql = g_strdup_printf("INSERT INTO %s (%s) VALUES (%s)", class->table, columns->str,
			      values->str);
	return database_prepare(detail->journal, error, sql, "");
}

static sqlite3_stmt *prepare_result(const Detail *detail, const ChangeClass *class,
				    GError **error)
{
	g_autoptr(GString) columns = g_string_new(NULL);
	g_autofree char *sql = NULL;

	for (const ChangeField *field = first_of(class, TRUE); field;
	     field = next_of(field + 1, TRUE))
		g_string_append_printf(columns, "%s%s = ?", columns->len ? ", " : "",
				       field->column);
	sql = g_strdup_printf("UPDATE %s SET %s WHERE change = ?", class->table, columns->str);
	return database_prepare(detail->journal, error, sql, "");
}

static int bind_bytes(sqlite3_stmt *statement, int place, GBytes *bytes)
{
	gsize length = 0;
	const char *data = bytes ? g_bytes_get_data(bytes, &length) : NULL;

	if (!bytes)
		return sqlite3_bind_null(statement, place);
	return database_bind(statement, place, data ? data : "", length, FALSE);
}

/* Secrets are in no digest, either. */
static char *digest_of(const char *text)
{
	gsize length = strlen(text);
	g_autofree char *masked = secret_mask(text, &length);

	return g_compute_checksum_for_data(G_CHECKSUM_SHA256,
					   (const guchar *)(masked ? masked : text), length);
}

static int keep_long(Detail *detail, const char *text, const char *digest)
{
	int code;

	if (!detail->texts)
		detail->texts = database_prepare(
			detail->journal, NULL,
			"INSERT INTO texts (digest, text) VALUES (?, ?) ON CONFLICT DO NOTHING",
			"");
	if (!detail->texts)
		return SQLITE_ERROR;
	sqlite3_bind_text(detail->texts, 1, digest, -1, SQLITE_STATIC);
	code = database_bind(detail->texts, 2, text, strlen(text), TRUE);
	if (code == SQLITE_OK && sqlite3_step(detail->texts) != SQLITE_DONE)
		code = SQLITE_ERROR;
	sqlite3_reset(detail->texts);
	sqlite3_clear_bindings(detail->texts);
	return code;
}

static int bind_long(Detail *detail, sqlite3_stmt *statement, int place, const char *text)
{
	const char *digest = g_hash_table_lookup(detail->digests, text);

	if (!digest) {
		g_autofree char *made = digest_of(text);
		int code = keep_long(detail, text, made);

		if (code != SQLITE_OK)
			return code;
		digest = made;
		g_hash_table_insert(detail->digests, (gpointer)text, g_steal_pointer(&made));
	}
	return sqlite3_bind_blob(statement, place, digest, (int)strlen(digest),
				 SQLITE_TRANSIENT);
}

static int bind_text(Detail *detail, sqlite3_stmt *statement, int place, const char *text)
{
	gsize length = text ? strnlen(text, LONG_TEXT + 1) : 0;

	return length > LONG_TEXT ? bind_long(detail, statement, place, text)
				  : database_bind(statement, place, text, length, TRUE);
}

static int bind_field(Detail *detail, sqlite3_stmt *statement, int place, const Change *change,
		      const ChangeField *field)
{
	gpointer at = change_field(change, field);

	switch (field->type) {
	case CHANGE_FIELD_TEXT:
		return bind_text(detail, statement, place, *(const char **)at);
	case CHANGE_FIELD_NUMBER:
		return sqlite3_bind_int64(statement, place, *(guint *)at);
	case CHANGE_FIELD_STATUS:
		return sqlite3_bind_int(statement, place, *(int *)at);
	case CHANGE_FIELD_COUNT:
		return sqlite3_bind_int64(statement, place, (gint64) * (guint64 *)at);
	case CHANGE_FIELD_FLAG:
		return sqlite3_bind_int64(statement, place, *(gboolean *)at ? 1 : 0);
	case CHANGE_FIELD_BYTES:
		return bind_bytes(statement, place, *(GBytes **)at);
	case CHANGE_FIELD_CELL:
	case CHANGE_FIELD_KEY:
	case CHANGE_FIELD_END:
		break; /* every change has those */
	}
	return SQLITE_MISUSE;
}

/* Runs it, and it can be used again. */
static gboolean step(const Detail *detail, sqlite3_stmt *statement, GError **error)
{
	if (sqlite3_step(statement) != SQLITE_DONE)
		return database_failed(detail->journal, error);
	sqlite3_reset(statement);
	return TRUE;
}

gboolean detail_insert(Detail *detail, const Change *change, GError **error)
{
	const ChangeClass *class = change_class(change);
	sqlite3_stmt **insert = &detail->inserts[change->kind];
	int place = 1, code = SQLITE_OK;

	if (!class->table)
		return TRUE;
	if (!*insert && !(*insert = prepare_insert(detail, class, error)))
		return FALSE;
	sqlite3_bind_int64(*insert, place++, change->number);
	for (const ChangeField *field = first_of(class, FALSE); field;
	     field = next_of(field + 1, FALSE))
		if (code == SQLITE_OK)
			code = bind_field(detail, *insert, place++, change, field);
	if (code != SQLITE_OK)
		return database_failed(detail->journal, error);
	return step(detail, *insert, error);
}

gboolean detail_result(Detail *detail, const Change *change, GError **error)
{
	const ChangeClass *class = change_class(change);
	sqlite3_stmt **result = &detail->results[change->kind];
	int place = 1, code = SQLITE_OK;

	if (!class->table)
		return TRUE;
	if (!*result && !(*result = prepare_result(detail, class, error)))
		return FALSE;
	for (const ChangeField *field = first_of(class, TRUE); field;
	     field = next_of(field + 1, TRUE))
		if (code == SQLITE_OK)
			code = bind_field(detail, *result, place++, change, field);
	if (code != SQLITE_OK)
		return database_failed(detail->journal, error);
	sqlite3_bind_int64(*result, place, change->number);
	return step(detail, *result, error);
}

/* ---- Reading ---- */

static void take_bytes(GBytes **at, sqlite3_stmt *row, int column)
{
	g_bytes_unref(*at);
	*at = NULL;
	if (sqlite3_column_type(row, column) == SQLITE_NULL)
		return;
	*at = g_bytes_new(sqlite3_column_blob(row, column),
			  (gsize)sqlite3_column_bytes(row, column));
}

/* A blob is the digest of a long text. */
static const char *take_text(Detail *detail, sqlite3_stmt *row, int column, GStringChunk *text)
{
	const char *digest;
	const char *found = NULL;

	if (sqlite3_column_type(row, column) != SQLITE_BLOB)
		return database_text(row, column, text);
	digest = database_text(row, column, text);
	found = digest ? g_hash_table_lookup(detail->found, digest) : NULL;
	if (found)
		return found;
	if (!detail->texts)
		detail->texts = database_prepare(detail->journal, NULL,
						 "SELECT text FROM texts WHERE digest = ?", "");
	if (!digest || !detail->texts)
		return NULL;
	sqlite3_bind_text(detail->texts, 1, digest, -1, SQLITE_STATIC);
	if (sqlite3_step(detail->texts) == SQLITE_ROW)
		found = database_text(detail->texts, 0, text);
	if (found)
		g_hash_table_insert(detail->found, (gpointer)digest, (gpointer)found);
	sqlite3_reset(detail->texts);
	return found;
}

static void take_field(Detail *detail, sqlite3_stmt *row, int column, const Change *change,
		       const ChangeField *field, GStringChunk *text)
{
	gpointer at = change_field(change, field);

	switch (field->type) {
	case CHANGE_FIELD_TEXT:
		*(const char **)at = take_text(detail, row, column, text);
		break;
	case CHANGE_FIELD_NUMBER:
		*(guint *)at = (guint)sqlite3_column_int64(row, column);
		break;
	case CHANGE_FIELD_STATUS:
		*(int *)at = sqlite3_column_type(row, column) == SQLITE_NULL
				     ? -1
				     : sqlite3_column_int(row, column);
		break;
	case CHANGE_FIELD_COUNT:
		*(guint64 *)at = (guint64)sqlite3_column_int64(row, column);
		break;
	case CHANGE_FIELD_FLAG:
		*(gboolean *)at = sqlite3_column_int(row, column) != 0;
		break;
	case CHANGE_FIELD_BYTES:
		take_bytes(at, row, column);
		break;
	case CHANGE_FIELD_CELL:
	case CHANGE_FIELD_KEY:
	case CHANGE_FIELD_END:
		break;
	}
}

static sqlite3_stmt *prepare_read(const Journal *journal, gint64 run, const ChangeClass *class,
				  GError **error)
{
	g_autoptr(GString) columns = g_string_new("change");
	g_autofree char *sql = NULL;

	for (const ChangeField *field = class->fields; field->type; field++)
		if (field->column)
			g_string_append_printf(columns, ", %s", field->column);
	sql = g_strdup_printf("SELECT %s FROM batches JOIN %s ON change BETWEEN first AND last"
			      " WHERE run = ?",
			      columns->str, class->table);
	return database_prepare(journal, error, sql, "i", run);
}

static void fill(Detail *detail, const Change *change, const ChangeClass *class,
		 sqlite3_stmt *row, GStringChunk *text)
{
	int column = 1;

	for (const ChangeField *field = class->fields; field->type; field++)
		if (field->column)
			take_field(detail, row, column++, change, field, text);
}

/* A damaged journal may lack what belongs to a change: that has an empty detail. */
static gboolean read_kind(Detail *detail, gint64 run, const ChangeClass *class,
			  GHashTable *changes, GStringChunk *text, GError **error)
{
	const Journal *journal = detail->journal;
	g_autoptr(sqlite3_stmt) rows = prepare_read(journal, run, class, error);
	int code;

	if (!rows)
		return FALSE;
	while ((code = sqlite3_step(rows)) == SQLITE_ROW) {
		gint64 number = sqlite3_column_int64(rows, 0);
		const Change *change = g_hash_table_lookup(changes, &number);

		if (change && change_class(change) == class)
			fill(detail, change, class, rows, text);
	}
	return code == SQLITE_DONE || database_failed(journal, error);
}

gboolean detail_read(const Journal *journal, gint64 run, const GPtrArray *changes,
		     GStringChunk *text, GError **error)
{
	gboolean there[CHANGE_KINDS] = { FALSE };
	g_autoptr(GHashTable) numbers = g_hash_table_new(g_int64_hash, g_int64_equal);
	g_autoptr(Detail) detail = detail_new(journal);

	for (guint i = 0; i < changes->len; i++) {
		Change *change = changes->pdata[i];

		if (!change_class(change)->table)
			continue;
		there[change->kind] = TRUE;
		g_hash_table_insert(numbers, &change->number, change);
	}
	for (guint i = 0; i < CHANGE_KINDS; i++)
		if (there[i] &&
		    !read_kind(detail, run, change_class_of(i), numbers, text, error))
			return FALSE;
	return TRUE;
}
