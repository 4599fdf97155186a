/*
 * store_world - a database of a few tables for the tests of commits, in one file, in one file
 * each, or on a server, and what they all ask of it.
 */
#pragma once
#include "core/store/server.h"
#include "tests/lib/database_server.h"
#include "tests/lib/harness.h"
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

/* Initialisers of cells, keys and changes. */
/* clang-format off */
#define NO_ROW      { STORE_CELL_NO_ROW, NULL }
#define EMPTY       { STORE_CELL_NULL, NULL }
#define TEXT(value) { STORE_CELL_TEXT, value }
#define KEY(...)    ((const char *const[]){ __VA_ARGS__ })
#define SET(table, node, column, before, after) { table, KEY(node), 1, column, before, after }
/* clang-format on */

typedef struct {
	char *directory;
	gboolean xcat;
	const DatabaseServer *server; /* NULL: SQLite */
	char *url;
	Store *store;
} World;

/* Of the group that runs, or NULL. */
static DatabaseServer *server_of_group;

static const struct {
	const char *table, *sql;
} tables[] = {
	{ "nodelist", "CREATE TABLE nodelist (node VARCHAR(128) PRIMARY KEY, groups TEXT);"
		      "INSERT INTO nodelist VALUES ('cn1','all'), ('cn2','all')" },
	{ "noderes",
	  "CREATE TABLE noderes (node VARCHAR(128), servicenode TEXT, xcatmaster TEXT,"
	  " comments TEXT, PRIMARY KEY (node));"
	  "INSERT INTO noderes VALUES ('cn1','sn1,sn2',NULL,NULL),"
	  " ('cn2','sn1',NULL,'mine'), ('cn3',NULL,NULL,NULL)" },
	{ "nodehm", "CREATE TABLE nodehm (node VARCHAR(128) PRIMARY KEY, conserver TEXT);"
		    "INSERT INTO nodehm VALUES ('cn1','sn1')" },
	{ "networks",
	  "CREATE TABLE networks (netname TEXT, net VARCHAR(128), mask VARCHAR(128),"
	  " gateway TEXT, PRIMARY KEY (net, mask));"
	  "INSERT INTO networks VALUES ('a','10.0.0.0','255.0.0.0','10.0.0.1'),"
	  " ('b','10.0.0.0','255.255.0.0','10.0.0.2'), ('c','10.9.0.0','','x')" },
};

static inline char *path_of(const World *world, const char *table)
{
	return g_strconcat(world->directory, "/", world->xcat ? table : "cluster", ".sqlite",
			   NULL);
}

static inline sqlite3 *open_raw(const World *world, const char *table)
{
	g_autofree char *path = path_of(world, table);
	sqlite3 *handle;

	assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
	return handle;
}

static inline void execute(sqlite3 *handle, const char *sql)
{
	if (sqlite3_exec(handle, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(handle));
}

static inline void run_sql(const World *world, const char *table, const char *sql)
{
	sqlite3 *handle;

	if (world->server) {
		g_free(database_server_ask(world->server, sql));
		return;
	}
	handle = open_raw(world, table);
	execute(handle, sql);
	sqlite3_close(handle);
}

/* The rows of `table` in order: "a,b/c,~" with ~ for NULL. */
static inline char *dump(const World *world, const char *table)
{
	g_autofree char *sql = g_strdup_printf("SELECT * FROM %s ORDER BY 1, 2", table);
	sqlite3 *handle;
	GString *text;
	sqlite3_stmt *rows;

	if (world->server)
		return database_server_ask(world->server, sql);
	handle = open_raw(world, table);
	text = g_string_new(NULL);
	assert_int_equal(sqlite3_prepare_v2(handle, sql, -1, &rows, NULL), SQLITE_OK);
	while (sqlite3_step(rows) == SQLITE_ROW) {
		g_string_append(text, text->len ? "/" : "");
		for (int i = 0; i < sqlite3_column_count(rows); i++) {
			const char *cell = (const char *)sqlite3_column_text(rows, i);

			g_string_append_printf(text, "%s%s", i ? "," : "", cell ? cell : "~");
		}
	}
	sqlite3_finalize(rows);
	sqlite3_close(handle);
	return g_string_free(text, FALSE);
}

static inline void expect(const World *world, const char *table, const char *wanted)
{
	g_autofree char *found = dump(world, table);

	assert_string_equal(found, wanted);
}

#define NODERES "cn1,sn1,sn2,~,~/cn2,sn1,~,mine/cn3,~,~,~"
#define NODEHM	"cn1,sn1"

/* Before the tests of a group on a server, and after them. */
static inline int start_postgresql(void **state)
{
	(void)state;
	server_of_group = database_server_start("postgresql");
	return 0;
}

static inline int start_mariadb(void **state)
{
	(void)state;
	server_of_group = database_server_start("mariadb");
	return 0;
}

static inline int stop_server(void **state)
{
	(void)state;
	g_clear_pointer(&server_of_group, database_server_stop);
	return 0;
}

/* An empty database, as xCAT's scripts make it. */
static inline void empty_server(const DatabaseServer *server)
{
	gboolean latin = g_str_equal(database_server_product(server), "mariadb");
	g_autofree char *said = database_server_ask(
		server, latin ? "DROP DATABASE xcatdb; CREATE DATABASE xcatdb "
				"DEFAULT CHARACTER SET latin1"
			      : "DROP SCHEMA public CASCADE; CREATE SCHEMA public");
}

static inline int setup(void **state, gboolean xcat)
{
	World *world = g_new0(World, 1);
	g_autoptr(GError) problem = NULL;
	g_autofree char *file = NULL;

	world->directory = harness_directory();
	world->xcat = xcat;
	world->server = server_of_group;
	if (world->server)
		empty_server(world->server);
	for (gsize i = 0; i < G_N_ELEMENTS(tables); i++)
		run_sql(world, tables[i].table, tables[i].sql);
	file = path_of(world, "nodelist");
	world->url = world->server ? database_server_url(world->server, "")
		     : xcat	   ? g_strconcat("xcat:", world->directory, NULL)
				   : g_strconcat("sqlite:", file, NULL);
	world->store = store_open(world->url, &problem);
	assert_ok(world->store, problem);
	*state = world;
	return 0;
}

static inline int setup_file(void **state)
{
	return setup(state, FALSE);
}

static inline int setup_directory(void **state)
{
	return setup(state, TRUE);
}

static inline int teardown(void **state)
{
	World *world = *state;

	store_close(world->store);
	harness_remove(world->directory);
	g_free(world->url);
	g_free(world);
	return 0;
}

/* After every commit, whatever became of it: no journal is left beside the database. */
static inline void expect_tidy(const World *world)
{
	g_autoptr(GDir) directory = g_dir_open(world->directory, 0, NULL);

	for (const char *name; (name = g_dir_read_name(directory));)
		if (strstr(name, "-journal") || strstr(name, "-mj"))
			fail_msg("%s was left behind", name);
}

static inline void commit(World *world, const StoreChange *changes, guint n)
{
	g_autoptr(GError) problem = NULL;
	gboolean ok = store_commit(world->store, changes, n, NULL, 1000, &problem);

	assert_ok(ok, problem);
	expect_tidy(world);
}

static inline void refuse_guarded(World *world, const StoreChange *changes, guint n,
				  const StoreGuard *guard, StoreError code, const char *part)
{
	g_autoptr(GError) problem = NULL;

	assert_false(store_commit(world->store, changes, n, guard, 20, &problem));
	assert_non_null(problem);
	if (!g_error_matches(problem, STORE_ERROR, (int)code))
		fail_msg("another kind of error: %s", problem->message);
	assert_refused(problem, part);
	expect_tidy(world);
}

static inline void refuse(World *world, const StoreChange *changes, guint n, StoreError code,
			  const char *part)
{
	refuse_guarded(world, changes, n, NULL, code, part);
}

#define STORE_TEST(name)                                                                       \
	{                                                                                      \
#name, name, setup_file, teardown, NULL                                        \
	}

/* One group: the tests on one kind of database. */
typedef struct {
	const char *place;
	CMFixtureFunction setup, start;
	const char *product; /* of a server */
} StoreKind;

static const StoreKind store_kinds[] = {
	{ "one file", setup_file, NULL, NULL },
	{ "xCAT's table files", setup_directory, NULL, NULL },
	{ "PostgreSQL", setup_file, start_postgresql, "postgresql" },
	{ "MariaDB", setup_file, start_mariadb, "mariadb" },
};

/* Is there such a server, and can this build talk to it? */
static inline gboolean store_kind_is_there(const StoreKind *kind)
{
	g_autofree char *drivers = store_drivers();
	g_autofree char *without = g_strconcat("no ", kind->place, NULL);

	return !kind->product ||
	       (!strstr(drivers, without) && database_server_is_there(kind->product));
}

static inline int store_group(const StoreKind *kind, const char *name,
			      const struct CMUnitTest *tests, gsize n)
{
	g_autofree struct CMUnitTest *all = g_memdup2(tests, n * sizeof(*tests));
	g_autofree char *group = g_strdup_printf("%s in %s", name, kind->place);

	if (!store_kind_is_there(kind)) {
		printf("ok 1 - %s # SKIP no such server or library here: make deps lab-deps\n",
		       group);
		return 0;
	}
	for (gsize i = 0; i < n; i++)
		all[i].setup_func = kind->setup;
	return _cmocka_run_group_tests(group, all, n, kind->start,
				       kind->start ? stop_server : NULL);
}

/* The same tests on every kind of database; those of SQLite alone on its two. */
static inline int store_groups(const char *name, const struct CMUnitTest *tests, gsize n,
			       const struct CMUnitTest *of_sqlite, gsize n_sqlite)
{
	int failed = 0;

	for (gsize i = 0; i < G_N_ELEMENTS(store_kinds); i++) {
		failed += store_group(&store_kinds[i], name, tests, n);
		if (!store_kinds[i].start)
			failed += store_group(&store_kinds[i], name, of_sqlite, n_sqlite);
	}
	return failed;
}

/* Tests that files do not know; `product` NULL: on every server, else on that one alone. */
static inline int store_server_groups(const char *name, const char *product,
				      const struct CMUnitTest *tests, gsize n)
{
	int failed = 0;

	for (gsize i = 0; i < G_N_ELEMENTS(store_kinds); i++)
		if (store_kinds[i].start &&
		    (!product || g_str_equal(product, store_kinds[i].product)))
			failed += store_group(&store_kinds[i], name, tests, n);
	return failed;
}

/* What is written by one statement, because all of it is alike, by a temporary table instead:
 * both have to come to the same. */
static inline int store_ragged_groups(const char *name, const struct CMUnitTest *tests, gsize n)
{
	g_autofree char *ragged = g_strconcat(name, ", by temporary tables,", NULL);
	guint most = server_most_values;
	int failed;

	server_most_values = 0;
	failed = store_server_groups(ragged, NULL, tests, n);
	server_most_values = most;
	return failed;
}
