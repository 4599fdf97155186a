/* The database by its URL, tables, commits, and which driver is asked. */
#include "core/base.h"
#include "core/store/driver.h"
#include <string.h>

struct store {
	const StoreDriver *driver;
	gpointer database;
	char *url;
	GPtrArray *held; /* inside a commit's guard: the tables that may be read; else NULL */
};

/* What stands before the colon, and who takes it. */
static const struct {
	const char *scheme;
	const StoreDriver *driver; /* NULL: known, but not in this build */
	const char *product;
} schemes[] = {
	{ "sqlite", &store_sqlite_file, "SQLite" },
	{ "xcat", &store_xcat_directory, "SQLite" },
	{ "SQLite", &store_xcat_directory, "SQLite" },
	{ "Pg", NULL, "PostgreSQL" },
	{ "mysql", NULL, "MariaDB/MySQL" },
};

G_DEFINE_QUARK(store_error, store_error)

/* Only the scheme goes into a message: behind it there may be a password. */
static const StoreDriver *find_driver(const char *url, const char **place, GError **error)
{
	const char *colon = strchr(url, ':');
	g_autofree char *scheme = colon ? g_strndup(url, colon - url) : g_strdup("");
	g_autofree char *quoted = text_quote(colon ? scheme : url);

	for (gsize i = 0; colon && i < G_N_ELEMENTS(schemes); i++) {
		if (!g_str_equal(schemes[i].scheme, scheme))
			continue;
		*place = colon + 1;
		if (!schemes[i].driver)
			g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED,
				    "the cluster database is kept in %s ('%s:'), which is "
				    "not in this build",
				    schemes[i].product, schemes[i].scheme);
		return schemes[i].driver;
	}
	g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED,
		    "no such kind of database: %s; it is sqlite:FILE, or xcat:DIRECTORY for "
		    "xCAT's own tables",
		    quoted);
	return NULL;
}

Store *store_open(const char *url, GError **error)
{
	const char *place = NULL;
	const StoreDriver *driver = find_driver(url, &place, error);
	char *canonical = NULL;
	gpointer database;
	Store *store;

	if (!driver)
		return NULL;
	if (!*place) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED,
			    "the database '%s' names no file or directory", url);
		return NULL;
	}
	database = driver->open(place, &canonical, error);
	if (!database)
		return NULL;
	store = g_new0(Store, 1);
	*store = (Store){ .driver = driver, .database = database, .url = canonical };
	return store;
}

void store_close(Store *store)
{
	if (!store)
		return;
	store->driver->close(store->database);
	g_free(store->url);
	g_free(store);
}

const char *store_url(const Store *store)
{
	return store->url;
}

gboolean store_table_name_ok(const char *name)
{
	for (const char *p = name; *p; p++)
		if (!g_ascii_isalnum(*p) && *p != '_')
			return FALSE;
	/* SQLite keeps its own books under these names. */
	return *name && strlen(name) <= 200 && g_ascii_strncasecmp(name, "sqlite_", 7) != 0;
}

static gboolean check_table_name(const char *name, GError **error)
{
	g_autofree char *quoted = NULL;

	if (store_table_name_ok(name))
		return TRUE;
	quoted = text_quote(name);
	g_set_error(error, STORE_ERROR, STORE_ERROR_UNKNOWN,
		    "%s is not the name of a table: it takes letters, digits and '_'", quoted);
	return FALSE;
}

static gboolean contains(const GPtrArray *names, const char *name)
{
	for (guint i = 0; i < names->len; i++)
		if (names->pdata[i] && g_str_equal(names->pdata[i], name))
			return TRUE;
	return FALSE;
}

StoreTable *store_read(Store *store, const char *table, GError **error)
{
	if (!check_table_name(table, error))
		return NULL;
	if (store->held && !contains(store->held, table)) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED,
			    "table '%s' is read inside a commit that did not ask for it",
			    table);
		return NULL;
	}
	return store->driver->read(store->database, table, error);
}

char **store_tables(Store *store, GError **error)
{
	g_auto(GStrv) all = store->driver->tables(store->database, error);
	GPtrArray *names;

	if (!all)
		return NULL;
	names = g_ptr_array_new();
	for (guint i = 0; all[i]; i++)
		if (store_table_name_ok(all[i]))
			g_ptr_array_add(names, g_strdup(all[i]));
	g_ptr_array_sort(names, text_compare);
	g_ptr_array_add(names, NULL);
	return (char **)g_ptr_array_free(names, FALSE);
}

StoreTable *store_table_new(const char *name)
{
	StoreTable *table = g_new0(StoreTable, 1);

	table->name = g_strdup(name);
	table->columns = g_new0(char *, 1);
	table->text = g_string_chunk_new(4096);
	return table;
}

void store_table_free(StoreTable *table)
{
	if (!table)
		return;
	g_free(table->name);
	g_strfreev(table->columns);
	g_free(table->keys);
	g_free(table->cells);
	g_string_chunk_free(table->text);
	g_free(table);
}

int store_table_column(const StoreTable *table, const char *column)
{
	for (guint i = 0; i < table->n_columns; i++)
		if (g_str_equal(table->columns[i], column))
			return (int)i;
	return -1;
}

gboolean store_table_is_key(const StoreTable *table, guint column)
{
	for (guint i = 0; i < table->n_keys; i++)
		if (table->keys[i] == column)
			return TRUE;
	return FALSE;
}

const char *store_table_cell(const StoreTable *table, guint row, int column)
{
	return column < 0 ? NULL : table->cells[(gsize)row * table->n_columns + (guint)column];
}

/* Adds the name of a table to `names` if it is neither there nor in `others`. */
static gboolean add_table(GPtrArray *names, const GPtrArray *others, const char *table,
			  GError **error)
{
	/* Changes come table by table: the last one is nearly always the one. */
	if (names->len > 0 && g_str_equal(names->pdata[names->len - 1], table))
		return TRUE;
	if (!check_table_name(table, error))
		return FALSE;
	if (!contains(names, table) && !(others && contains(others, table)))
		g_ptr_array_add(names, (gpointer)table);
	return TRUE;
}

/* The guard reads through the transaction, and only what the transaction holds. */
static gboolean ask_guard(Store *store, const StoreGuard *guard, const GPtrArray *written,
			  const GPtrArray *guarded, GError **error)
{
	g_autoptr(GPtrArray) held = g_ptr_array_new();
	gboolean ok;

	if (!guard)
		return TRUE;
	g_ptr_array_extend(held, (GPtrArray *)written, NULL, NULL);
	g_ptr_array_extend(held, (GPtrArray *)guarded, NULL, NULL);
	store->held = held;
	ok = guard->check(store, guard->data, error);
	store->held = NULL;
	return ok;
}

gboolean store_commit(Store *store, const StoreChange *changes, guint n,
		      const StoreGuard *guard, guint wait, GError **error)
{
	g_autoptr(GPtrArray) written = g_ptr_array_new();
	g_autoptr(GPtrArray) guarded = g_ptr_array_new();
	gboolean ok;

	if (store->held) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED,
			    "a commit was begun inside the guard of another");
		return FALSE;
	}
	for (guint i = 0; i < n; i++)
		if (!add_table(written, NULL, changes[i].table, error))
			return FALSE;
	for (guint i = 0; guard && guard->tables && guard->tables[i]; i++)
		if (!add_table(guarded, written, guard->tables[i], error))
			return FALSE;
	if (n == 0)
		return TRUE;

	g_ptr_array_add(written, NULL);
	g_ptr_array_add(guarded, NULL);
	if (!store->driver->begin(store->database, (const char *const *)written->pdata,
				  (const char *const *)guarded->pdata, wait, error))
		return FALSE;
	ok = ask_guard(store, guard, written, guarded, error) &&
	     store->driver->write(store->database, changes, n, error) &&
	     store->driver->commit(store->database, error);
	if (!ok)
		store->driver->rollback(store->database);
	return ok;
}
