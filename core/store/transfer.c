/* Import and export: the database from and to a directory of CSV files. */
#include "core/base.h"
#include "core/store/driver.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define SUFFIX ".csv"

/* xCAT's keys, where they are something else than the column `node`. */
static const struct {
	const char *table, *key;
} known_keys[] = {
	{ "auditlog", "recid" },
	{ "boottarget", "bprofile" },
	{ "deps", "node,cmd" },
	{ "discoverydata", "uuid" },
	{ "eventlog", "recid" },
	{ "kit", "kitname" },
	{ "kitcomponent", "kitcompname" },
	{ "kitrepo", "kitreponame" },
	{ "kvm_masterdata", "name" },
	{ "linuximage", "imagename" },
	{ "litefile", "image,file" },
	{ "litetree", "priority" },
	{ "monitoring", "name" },
	{ "monsetting", "name,key" },
	{ "mpa", "mpa,username" },
	{ "networks", "net,mask" },
	{ "nimimage", "imagename" },
	{ "nodegroup", "groupname" },
	{ "notification", "filename" },
	{ "osdistro", "osdistroname" },
	{ "osdistroupdate", "osupdatename" },
	{ "osimage", "imagename" },
	{ "passwd", "key,username" },
	{ "performance", "timestamp,node,attrname" },
	{ "policy", "priority" },
	{ "ppcdirect", "hcp,username" },
	{ "ppchcp", "hcp" },
	{ "prodkey", "node,product" },
	{ "rack", "rackname" },
	{ "routes", "routename" },
	{ "site", "key" },
	{ "switch", "node,switch,port" },
	{ "switches", "switch" },
	{ "token", "tokenid" },
	{ "vmmaster", "name" },
	{ "winimage", "imagename" },
	{ "zone", "zonename" },
};

typedef struct {
	char *table;
	Csv *csv;
	guint *keys;
	guint n_keys;
	GHashTable *lines; /* row id -> line where it stands */
} Source;

static void source_clear(Source *source)
{
	g_free(source->table);
	csv_close(source->csv);
	g_free(source->keys);
	g_clear_pointer(&source->lines, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Source, source_clear)

static int find_column(const Csv *csv, const char *name)
{
	for (guint i = 0; i < csv->n_columns; i++)
		if (g_str_equal(csv->columns[i], name))
			return (int)i;
	return -1;
}

/* FALSE: the file lacks one of the columns. */
static gboolean take_keys(Source *source, const char *names)
{
	g_auto(GStrv) key = g_strsplit(names, ",", -1);
	guint n = g_strv_length(key);
	g_autofree guint *keys = g_new0(guint, n);

	for (guint i = 0; i < n; i++) {
		int column = find_column(source->csv, key[i]);

		if (column < 0)
			return FALSE;
		keys[i] = (guint)column;
	}
	source->keys = g_steal_pointer(&keys);
	source->n_keys = n;
	return TRUE;
}

static void choose_keys(Source *source)
{
	for (gsize i = 0; i < G_N_ELEMENTS(known_keys); i++)
		if (g_str_equal(known_keys[i].table, source->table) &&
		    take_keys(source, known_keys[i].key))
			return;
	if (!take_keys(source, "node"))
		take_keys(source, source->csv->columns[0]);
}

static char *create_table(const Source *source)
{
	GString *sql = g_string_new("CREATE TABLE ");

	sqlite_append_name(sql, source->table);
	g_string_append(sql, " (");
	for (guint i = 0; i < source->csv->n_columns; i++) {
		sqlite_append_name(sql, source->csv->columns[i]);
		g_string_append(sql, " TEXT, ");
	}
	g_string_append(sql, "PRIMARY KEY (");
	for (guint i = 0; i < source->n_keys; i++) {
		g_string_append(sql, i ? ", " : "");
		sqlite_append_name(sql, source->csv->columns[source->keys[i]]);
	}
	g_string_append(sql, "))");
	return g_string_free(sql, FALSE);
}

static char *insert_row(const Source *source)
{
	GString *sql = g_string_new("INSERT INTO ");

	sqlite_append_name(sql, source->table);
	for (guint i = 0; i < source->csv->n_columns; i++)
		g_string_append(sql, i ? ",?" : " VALUES (?");
	g_string_append_c(sql, ')');
	return g_string_free(sql, FALSE);
}

/* A row is named by its key: complete, and only once in the file. */
static gboolean check_key(Source *source, GError **error)
{
	Csv *csv = source->csv;
	g_autoptr(GPtrArray) key = g_ptr_array_new();
	g_autofree char *text = NULL;
	char *id;
	guint line;

	for (guint i = 0; i < source->n_keys; i++) {
		gpointer *field = &csv->fields->pdata[source->keys[i]];

		if (!*field && source->n_keys == 1)
			return csv_refuse(csv, csv->row_line, error,
					  "no value for '%s', which names the row",
					  csv->columns[source->keys[i]]);
		if (!*field)
			*field = (gpointer) "";
		g_ptr_array_add(key, *field);
	}
	id = store_row_id((const char *const *)key->pdata, key->len);
	line = GPOINTER_TO_UINT(g_hash_table_lookup(source->lines, id));
	g_hash_table_insert(source->lines, id, GUINT_TO_POINTER(csv->row_line));
	if (line == 0)
		return TRUE;
	text = store_key_text((const char *const *)key->pdata, key->len);
	return csv_refuse(csv, csv->row_line, error,
			  "a second row of %s; the first is in line %u", text, line);
}

static gboolean insert_rows(SqliteConnection *target, Source *source, guint *rows,
			    GError **error)
{
	g_autofree char *sql = insert_row(source);
	g_autoptr(sqlite3_stmt) insert = sqlite_prepare(target, sql, error);
	g_autoptr(GError) problem = NULL;

	if (!insert)
		return FALSE;
	while (csv_next(source->csv, &problem)) {
		gboolean ok = check_key(source, error);

		if (!ok)
			return FALSE;
		for (guint i = 0; ok && i < source->csv->n_columns; i++)
			ok = sqlite3_bind_text(insert, (int)i + 1,
					       source->csv->fields->pdata[i], -1,
					       SQLITE_STATIC) == SQLITE_OK;
		if (!ok || sqlite3_step(insert) != SQLITE_DONE)
			return sqlite_failed(target, error);
		sqlite3_reset(insert);
		++*rows;
	}
	if (!problem)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&problem));
	return FALSE;
}

static gboolean import_table(SqliteConnection *target, const char *directory, const char *table,
			     guint *rows, GError **error)
{
	g_autofree char *path = g_strconcat(directory, "/", table, SUFFIX, NULL);
	g_auto(Source) source = { .table = g_strdup(table), .csv = csv_open(path, error) };
	g_autoptr(GString) drop = g_string_new("DROP TABLE IF EXISTS ");
	g_autofree char *create = NULL;

	if (!source.csv)
		return FALSE;
	choose_keys(&source);
	source.lines = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	sqlite_append_name(drop, table);
	create = create_table(&source);
	return sqlite_execute(target, drop->str, error) &&
	       sqlite_execute(target, create, error) &&
	       insert_rows(target, &source, rows, error);
}

static gboolean check_file_name(const GPtrArray *names, const char *name, GError **error)
{
	g_autofree char *quoted = text_quote(name);

	if (!store_table_name_ok(name)) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED,
			    "the file %s" SUFFIX " is not named like a table: letters, digits "
			    "and '_' only",
			    quoted);
		return FALSE;
	}
	/* To SQL they are one table, and the second would silently replace the first. */
	for (guint i = 0; i < names->len; i++)
		if (g_ascii_strcasecmp(names->pdata[i], name) == 0) {
			g_set_error(
				error, STORE_ERROR, STORE_ERROR_FAILED,
				"the tables '%s' and '%s' differ only in upper and lower case",
				(char *)names->pdata[i], name);
			return FALSE;
		}
	return TRUE;
}

/* The tables that `directory` has files of, sorted. */
static char **list_files(const char *directory, GError **error)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) problem = NULL;
	g_autoptr(GDir) files = g_dir_open(directory, 0, &problem);
	const char *file;

	if (!files) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED, "cannot import: %s",
			    problem->message);
		return NULL;
	}
	while ((file = g_dir_read_name(files))) {
		g_autofree char *name = NULL;

		if (!g_str_has_suffix(file, SUFFIX))
			continue;
		name = g_strndup(file, strlen(file) - strlen(SUFFIX));
		if (!check_file_name(names, name, error))
			return NULL;
		g_ptr_array_add(names, g_steal_pointer(&name));
	}
	if (names->len == 0) {
		g_autofree char *quoted = text_quote(directory);

		g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED,
			    "the directory %s has no files TABLE" SUFFIX
			    ", as dumpxCATdb writes "
			    "them",
			    quoted);
		return NULL;
	}
	g_ptr_array_sort(names, text_compare);
	g_ptr_array_add(names, NULL);
	return (char **)g_ptr_array_free(g_steal_pointer(&names), FALSE);
}

static gboolean check_nodelist(SqliteConnection *target, const char *directory, GError **error)
{
	g_autoptr(StoreTable) nodelist = sqlite_describe(target, "main", "nodelist", error);
	g_autofree char *from = text_quote(directory);
	g_autofree char *to = text_quote(target->path);

	if (!nodelist || nodelist->n_columns > 0)
		return nodelist != NULL;
	g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED,
		    "the directory %s has no nodelist" SUFFIX ", and without a nodelist %s "
		    "would be no cluster database",
		    from, to);
	return FALSE;
}

static gboolean import_all(SqliteConnection *target, const char *directory,
			   const char *const *names, guint *tables, guint *rows, GError **error)
{
	gboolean ok = sqlite_execute(target, "BEGIN IMMEDIATE", error);

	for (*tables = *rows = 0; ok && names[*tables]; ++*tables)
		ok = import_table(target, directory, names[*tables], rows, error);
	ok = ok && check_nodelist(target, directory, error) &&
	     sqlite_execute(target, "COMMIT", error);
	if (!ok && !sqlite3_get_autocommit(target->handle))
		sqlite_execute(target, "ROLLBACK", NULL);
	return ok;
}

/* Makes the file, for its owner alone: passwd and ipmi hold passwords. */
static gboolean make_file(const char *path, gboolean *made, GError **error)
{
	g_autofree char *quoted = text_quote(path);
	int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	*made = file >= 0;
	if (*made)
		close(file); /* it is new: nobody has a lock on it that this could drop */
	if (*made || errno == EEXIST)
		return TRUE;
	g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED, "cannot make the database %s: %s",
		    quoted, g_strerror(errno));
	return FALSE;
}

gboolean store_import(const char *url, const char *directory, guint *tables, guint *rows,
		      GError **error)
{
	g_auto(GStrv) names = NULL;
	g_autofree char *path = NULL;
	SqliteConnection *target;
	gboolean made = FALSE;
	gboolean ok;

	if (!g_str_has_prefix(url, "sqlite:") || !url[strlen("sqlite:")]) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED,
			    "import fills an embedded database only: sqlite:FILE; xCAT's own "
			    "tables are restored with restorexCATdb");
		return FALSE;
	}
	names = list_files(directory, error);
	path = g_canonicalize_filename(url + strlen("sqlite:"), NULL);
	if (!names || !make_file(path, &made, error))
		return FALSE;
	target = sqlite_connect(path, SQLITE_OPEN_READWRITE, STORE_WAIT, error);
	ok = target &&
	     import_all(target, directory, (const char *const *)names, tables, rows, error);
	sqlite_disconnect(target);
	if (!ok && made)
		g_unlink(path);
	return ok;
}

/* The directory is made, or it is there and empty. */
static gboolean make_directory(const char *directory, GError **error)
{
	g_autofree char *quoted = text_quote(directory);
	g_autoptr(GError) problem = NULL;
	g_autoptr(GDir) there = NULL;

	if (g_mkdir(directory, 0700) == 0)
		return TRUE;
	if (errno != EEXIST) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED,
			    "cannot make the directory %s: %s", quoted, g_strerror(errno));
		return FALSE;
	}
	there = g_dir_open(directory, 0, &problem);
	if (there && !g_dir_read_name(there))
		return TRUE;
	g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED, "cannot export to %s: %s", quoted,
		    there ? "the directory is not empty; name a new one" : problem->message);
	return FALSE;
}

static gboolean export_table(const StoreTable *table, const char *directory, GError **error)
{
	g_autofree char *path = g_strconcat(directory, "/", table->name, SUFFIX, NULL);
	g_autoptr(GString) text = csv_write(table, error);
	g_autoptr(GError) problem = NULL;

	if (!text)
		return FALSE;
	if (g_file_set_contents_full(path, text->str, (gssize)text->len,
				     G_FILE_SET_CONTENTS_CONSISTENT, 0600, &problem))
		return TRUE;
	g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED, "cannot export table '%s': %s",
		    table->name, problem->message);
	return FALSE;
}

gboolean store_export(Store *store, const char *directory, guint *tables, guint *rows,
		      GError **error)
{
	g_auto(GStrv) names = store_tables(store, error);

	*tables = *rows = 0;
	if (!names || !make_directory(directory, error))
		return FALSE;
	for (guint i = 0; names[i]; i++) {
		g_autoptr(StoreTable) table = store_read(store, names[i], error);

		if (!table)
			return FALSE;
		/* A nodelist without rows is written too: import asks for one. */
		if (table->n_rows == 0 &&
		    !(table->n_columns > 0 && g_str_equal(names[i], "nodelist")))
			continue;
		if (!export_table(table, directory, error))
			return FALSE;
		++*tables;
		*rows += table->n_rows;
	}
	return TRUE;
}
