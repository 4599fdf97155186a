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

/* The Makefile says which libraries there are. */
#ifdef WITH_libpq
#define POSTGRESQL &store_postgresql
#else
#define POSTGRESQL NULL
#endif
#ifdef WITH_libmariadb
#define MARIADB &store_mariadb
#else
#define MARIADB NULL
#endif
#define AGAIN 5	   /* times that a commit is begun again */
#define NAP   5000 /* microseconds: between them, and each time twice as long */

/* What stands before the colon, and who takes it. */
static const struct {
	const char *scheme;
	const StoreDriver *driver; /* NULL: known, but not in this build */
	const char *product, *package;
} schemes[] = {
	{ "sqlite", &store_sqlite_file, "SQLite", NULL },
	{ "xcat", &store_xcat_directory, "SQLite", NULL },
	{ "SQLite", &store_xcat_directory, "SQLite", NULL },
	{ "postgresql", POSTGRESQL, "PostgreSQL", "libpq" },
	{ "postgres", POSTGRESQL, "PostgreSQL", "libpq" },
	{ "Pg", POSTGRESQL, "PostgreSQL", "libpq" },
	{ "mariadb", MARIADB, "MariaDB", "libmariadb" },
	{ "mysql", MARIADB, "MariaDB", "libmariadb" },
};

char *store_drivers(void)
{
	GString *text = g_string_new(NULL);
	const char *last = "";

	for (gsize i = 0; i < G_N_ELEMENTS(schemes); i++) {
		if (g_str_equal(schemes[i].product, last))
			continue;
		last = schemes[i].product;
		g_string_append_printf(text, "%s%s%s", i ? ", " : "",
				       schemes[i].driver ? "" : "no ", last);
	}
	return g_string_free(text, FALSE);
}

G_DEFINE_QUARK(store_error, store_error)

static void refuse_unreadable(const char *text, GError **error)
{
	g_auto(GStrv) parts = g_strsplit(text, ":", 2);

	g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED,
		    "xCAT's database is named in '%s', which cannot be read: %s; run this as "
		    "root, or name the database with --db",
		    parts[0] && parts[1] ? parts[1] : "", parts[0] ? parts[0] : "");
}

/* Only the scheme goes into a message: behind it there may be a password. */
static const StoreDriver *find_driver(const char *url, const char *colon, const char *scheme,
				      GError **error)
{
	g_autofree char *quoted = text_quote(colon ? scheme : url);

	for (gsize i = 0; colon && i < G_N_ELEMENTS(schemes); i++) {
		if (!g_str_equal(schemes[i].scheme, scheme))
			continue;
		if (!schemes[i].driver)
			g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED,
				    "the cluster database is kept in %s ('%s:'), which is "
				    "not in this build: it was made without %s; make deps && "
				    "make",
				    schemes[i].product, schemes[i].scheme, schemes[i].package);
		return schemes[i].driver;
	}
	if (g_str_has_prefix(url, STORE_UNREADABLE)) {
		refuse_unreadable(url + strlen(STORE_UNREADABLE), error);
		return NULL;
	}
	g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED,
		    "no such kind of database: %s; it is sqlite:FILE, xcat:DIRECTORY for "
		    "xCAT's own tables, postgresql://USER@HOST/DATABASE or "
		    "mariadb://USER@HOST/DATABASE",
		    quoted);
	return NULL;
}

Store *store_open(const char *url, GError **error)
{
	const char *colon = strchr(url, ':');
	g_autofree char *scheme = colon ? g_strndup(url, colon - url) : g_strdup("");
	const StoreDriver *driver = find_driver(url, colon, scheme, error);
	char *canonical = NULL;
	gpointer database;
	Store *store;

	if (!driver)
		return NULL;
	if (!colon[1]) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED,
			    "the database '%s' names no file or directory", url);
		return NULL;
	}
	database = driver->open(scheme, colon + 1, &canonical, error);
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

static gboolean contains(GPtrArray *names, const char *name)
{
	return g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL);
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

/* Adds the name of a table to `names` if it is neither there nor in `others`. */
static gboolean add_table(GPtrArray *names, GPtrArray *others, const char *table,
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

void store_let_go(Store *store)
{
	if (store->driver->let_go && !store->held)
		store->driver->let_go(store->database);
}

gboolean store_lock(Store *store, const char *who, char **holder, GError **error)
{
	*holder = NULL;
	return !store->driver->lock || store->driver->lock(store->database, who, holder, error);
}

void store_unlock(Store *store)
{
	if (store->driver->unlock)
		store->driver->unlock(store->database);
}

guint store_statements(const Store *store)
{
	return store->driver->statements ? store->driver->statements(store->database) : 0;
}

/* What a commit is asked for. */
typedef struct {
	const StoreChange *changes;
	guint n;
	const StoreGuard *guard;
	GPtrArray *written, *guarded; /* names of tables */
	guint wait;
} Commit;

static gboolean commit_once(Store *store, const Commit *commit, GError **error)
{
	const StoreDriver *driver = store->driver;
	g_autoptr(GPtrArray) written = g_ptr_array_copy(commit->written, NULL, NULL);
	g_autoptr(GPtrArray) guarded = g_ptr_array_copy(commit->guarded, NULL, NULL);
	gboolean ok;

	g_ptr_array_add(written, NULL);
	g_ptr_array_add(guarded, NULL);
	if (!driver->begin(store->database, (const char *const *)written->pdata,
			   (const char *const *)guarded->pdata, commit->wait, error))
		return FALSE;
	ok = ask_guard(store, commit->guard, commit->written, commit->guarded, error) &&
	     driver->write(store->database, commit->changes, commit->n, error) &&
	     driver->commit(store->database, error);
	if (!ok)
		driver->rollback(store->database);
	return ok;
}

/* Who was stopped for the sake of others tries again: they are through then. */
static gboolean commit_in_the_end(Store *store, const Commit *commit, GError **error)
{
	const StoreDriver *driver = store->driver;

	for (guint i = 0;; i++) {
		g_autoptr(GError) problem = NULL;

		if (commit_once(store, commit, &problem))
			return TRUE;
		/* What may be done is not begun again: it would meet its own values. */
		if (g_error_matches(problem, STORE_ERROR, STORE_ERROR_OUTCOME) ||
		    !driver->again || !driver->again(store->database) || i == AGAIN) {
			g_propagate_error(error, g_steal_pointer(&problem));
			return FALSE;
		}
		g_usleep(NAP << i);
	}
}

gboolean store_commit(Store *store, const StoreChange *changes, guint n,
		      const StoreGuard *guard, guint wait, GError **error)
{
	g_autoptr(GPtrArray) written = g_ptr_array_new();
	g_autoptr(GPtrArray) guarded = g_ptr_array_new();
	Commit commit = { changes, n, guard, written, guarded, wait };

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
	if (store->driver->prepare &&
	    !store->driver->prepare(store->database, changes, n, error))
		return FALSE;
	return commit_in_the_end(store, &commit, error);
}
