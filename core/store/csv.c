/*
 * CSV as xCAT's tabdump and dumpxCATdb write it, read and written.
 *
 * The first line is "#column,column".  A field is nothing at all (NULL), text in double
 * quotes with the inner ones doubled, or text without any quote; line ends in quotes belong
 * to the text.  A row may end before its last columns.
 */
#include "core/base.h"
#include "core/store/driver.h"
#include <stdarg.h>
#include <string.h>

void csv_close(Csv *csv)
{
	if (!csv)
		return;
	g_free(csv->path);
	g_free(csv->content);
	g_strfreev(csv->columns);
	g_ptr_array_unref(csv->fields);
	g_free(csv);
}

gboolean csv_refuse(const Csv *csv, guint line, GError **error, const char *format, ...)
{
	g_autofree char *path = text_quote(csv->path);
	g_autofree char *message = NULL;
	va_list arguments;

	va_start(arguments, format);
	message = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED, "%s, line %u: %s", path, line,
		    message);
	return FALSE;
}

/* A quoted field, unquoted in place; `at` is left on what follows the closing quote. */
static char *take_quoted(Csv *csv, GError **error)
{
	guint line = csv->line;
	char *field = ++csv->at;
	char *to = field;

	for (; csv->at < csv->end; csv->at++) {
		if (*csv->at == '"') {
			if (csv->at[1] != '"')
				break;
			csv->at++;
		}
		csv->line += *csv->at == '\n';
		*to++ = *csv->at;
	}
	if (csv->at == csv->end) {
		csv_refuse(csv, line, error, "the quote that begins here is never closed");
		return NULL;
	}
	/* The closing quote is still there, so there is room for the end. */
	csv->at++;
	*to = '\0';
	return field;
}

/* A field without quotes; it has no end of its own until the delimiter is overwritten. */
static char *take_plain(Csv *csv, GError **error)
{
	char *field = csv->at;

	while (csv->at < csv->end && !strchr(",\n\"", *csv->at) &&
	       !(*csv->at == '\r' && csv->at[1] == '\n'))
		csv->at++;
	if (*csv->at == '"') {
		csv_refuse(csv, csv->line, error,
			   "a quote inside a field that does not begin with one");
		return NULL;
	}
	return field;
}

/* Steps over what ends a field.  `more`: another field of the row follows. */
static gboolean take_delimiter(Csv *csv, gboolean *more, GError **error)
{
	char *delimiter = csv->at;

	*more = *delimiter == ',';
	if (csv->at < csv->end && *delimiter == '\r' && delimiter[1] == '\n')
		csv->at++;
	if (csv->at < csv->end) {
		if (*csv->at != ',' && *csv->at != '\n')
			return csv_refuse(csv, csv->line, error, "text after a closing quote");
		csv->line += *csv->at == '\n';
		csv->at++;
	}
	*delimiter = '\0';
	return TRUE;
}

static gboolean take_row(Csv *csv, GError **error)
{
	gboolean more = TRUE;

	g_ptr_array_set_size(csv->fields, 0);
	csv->row_line = csv->line;
	while (more) {
		gboolean quoted = *csv->at == '"';
		char *field = quoted ? take_quoted(csv, error) : take_plain(csv, error);

		if (!field || !take_delimiter(csv, &more, error))
			return FALSE;
		g_ptr_array_add(csv->fields, quoted || *field ? field : NULL);
	}
	return TRUE;
}

/* To the next line that is not blank; FALSE at the end. */
static gboolean skip_blank(Csv *csv)
{
	for (; csv->at < csv->end; csv->at++) {
		if (*csv->at == '\r' && csv->at[1] == '\n')
			csv->at++;
		if (*csv->at != '\n')
			return TRUE;
		csv->line++;
	}
	return FALSE;
}

gboolean csv_next(Csv *csv, GError **error)
{
	if (!skip_blank(csv) || !take_row(csv, error))
		return FALSE;
	/* xCAT's tabrestore takes rows that end early, and its own templates have them. */
	while (csv->fields->len < csv->n_columns)
		g_ptr_array_add(csv->fields, NULL);
	if (csv->fields->len == csv->n_columns)
		return TRUE;
	return csv_refuse(csv, csv->row_line, error,
			  "%u fields, but the first line names %u columns", csv->fields->len,
			  csv->n_columns);
}

static gboolean column_name_ok(const char *name)
{
	for (const char *p = name; *p; p++)
		if (!g_ascii_isalnum(*p) && !strchr("_.-", *p))
			return FALSE;
	return *name != '\0';
}

static gboolean check_column(const Csv *csv, guint column, GError **error)
{
	const char *name = csv->fields->pdata[column];
	g_autofree char *quoted = name ? text_quote(name) : NULL;

	if (!name)
		return csv_refuse(csv, csv->row_line, error, "column %u has no name",
				  column + 1);
	if (!column_name_ok(name))
		return csv_refuse(
			csv, csv->row_line, error,
			"%s is not the name of a column: it takes letters, digits, '_', "
			"'.' and '-'",
			quoted);
	/* SQL does not tell names apart by case. */
	for (guint i = 0; i < column; i++)
		if (g_ascii_strcasecmp(name, csv->fields->pdata[i]) == 0)
			return csv_refuse(csv, csv->row_line, error, "column %s is there twice",
					  quoted);
	return TRUE;
}

static gboolean read_header(Csv *csv, GError **error)
{
	char *first;

	if (!skip_blank(csv))
		return csv_refuse(csv, 1, error,
				  "the file is empty; it has to begin with #column,column,...");
	if (!take_row(csv, error))
		return FALSE;
	first = csv->fields->pdata[0];
	if (!first || *first != '#')
		return csv_refuse(csv, csv->row_line, error,
				  "there is no header; the file has to begin with "
				  "#column,column,...");
	csv->fields->pdata[0] = first[1] ? first + 1 : NULL;
	csv->n_columns = csv->fields->len;
	csv->columns = g_new0(char *, csv->n_columns + 1);
	for (guint i = 0; i < csv->n_columns; i++) {
		if (!check_column(csv, i, error))
			return FALSE;
		csv->columns[i] = g_strdup(csv->fields->pdata[i]);
	}
	return TRUE;
}

static gboolean refuse_nul(const Csv *csv, GError **error)
{
	const char *nul = memchr(csv->content, '\0', (gsize)(csv->end - csv->content));
	guint line = 1;

	if (!nul)
		return TRUE;
	for (const char *p = csv->content; p < nul; p++)
		line += *p == '\n';
	return csv_refuse(csv, line, error, "a NUL byte; this is not text");
}

Csv *csv_open(const char *path, GError **error)
{
	g_autoptr(Csv) csv = g_new0(Csv, 1);
	g_autoptr(GError) problem = NULL;
	gsize length;

	csv->path = g_strdup(path);
	csv->fields = g_ptr_array_new();
	csv->line = 1;
	if (!g_file_get_contents(path, &csv->content, &length, &problem)) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED, "cannot read the table: %s",
			    problem->message);
		return NULL;
	}
	csv->at = csv->content;
	csv->end = csv->content + length; /* where g_file_get_contents has put a NUL */
	if (!refuse_nul(csv, error) || !read_header(csv, error))
		return NULL;
	return g_steal_pointer(&csv);
}

static void append_cell(GString *text, const char *cell)
{
	if (!cell)
		return;
	g_string_append_c(text, '"');
	for (const char *quote; (quote = strchr(cell, '"')); cell = quote + 1) {
		g_string_append_len(text, cell, quote - cell + 1);
		g_string_append_c(text, '"');
	}
	g_string_append(text, cell);
	g_string_append_c(text, '"');
}

GString *csv_write(const StoreTable *table, GError **error)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < table->n_columns; i++) {
		g_autofree char *quoted = text_quote(table->columns[i]);

		g_string_append_c(text, i ? ',' : '#');
		g_string_append(text, table->columns[i]);
		if (column_name_ok(table->columns[i]))
			continue;
		g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED,
			    "column %s of table '%s' cannot be written as CSV: its name takes "
			    "letters, digits, '_', '.' and '-'",
			    quoted, table->name);
		g_string_free(text, TRUE);
		return NULL;
	}
	g_string_append_c(text, '\n');
	for (guint row = 0; row < table->n_rows; row++)
		for (guint i = 0; i < table->n_columns; i++) {
			append_cell(text, store_table_cell(table, row, (int)i));
			g_string_append_c(text, i + 1 < table->n_columns ? ',' : '\n');
		}
	return text;
}
