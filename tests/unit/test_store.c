/* The store opened, found and read.  Commits are in test_store_commit.c. */
#include "core/store.h"
#include "tests/lib/harness.h"
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define NODELIST "CREATE TABLE nodelist (node TEXT, groups TEXT, PRIMARY KEY (node));"

static int setup(void **state)
{
	*state = harness_directory();
	return 0;
}

static int teardown(void **state)
{
	harness_remove(*state);
	return 0;
}

static char *inside(void **state, const char *name)
{
	return g_build_filename(*state, name, NULL);
}

static char *url_of(const char *scheme, const char *path)
{
	return g_strconcat(scheme, ":", path, NULL);
}

static sqlite3 *open_raw(const char *path)
{
	sqlite3 *handle;

	assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
	return handle;
}

static void run_sql(const char *path, const char *sql)
{
	sqlite3 *handle = open_raw(path);

	if (sqlite3_exec(handle, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s: %s", path, sql, sqlite3_errmsg(handle));
	sqlite3_close(handle);
}

/* An embedded database, opened. */
static Store *make_file(void **state, const char *sql)
{
	g_autofree char *path = inside(state, "cluster.db");
	g_autofree char *url = url_of("sqlite", path);
	g_autoptr(GError) problem = NULL;
	Store *store;

	run_sql(path, NODELIST);
	run_sql(path, sql);
	store = store_open(url, &problem);
	assert_ok(store, problem);
	return store;
}

static void make_table_file(void **state, const char *table, const char *sql)
{
	g_autofree char *file = g_strconcat(table, ".sqlite", NULL);
	g_autofree char *path = inside(state, file);

	run_sql(path, sql);
}

static Store *open_directory(void **state)
{
	g_autofree char *url = url_of("xcat", *state);
	g_autoptr(GError) problem = NULL;
	Store *store = store_open(url, &problem);

	assert_ok(store, problem);
	return store;
}

static StoreTable *read_table(Store *store, const char *name)
{
	g_autoptr(GError) problem = NULL;
	StoreTable *table = store_read(store, name, &problem);

	assert_ok(table, problem);
	return table;
}

static const char *cell(const StoreTable *table, guint row, const char *column)
{
	int place = store_table_column(table, column);

	assert_true(place >= 0);
	assert_true(row < table->n_rows);
	return store_table_cell(table, row, place);
}

static void refuse(const char *url, const char *part)
{
	g_autoptr(GError) problem = NULL;
	g_autoptr(Store) store = store_open(url, &problem);

	assert_null(store);
	assert_refused(problem, part);
}

/* ---- opening ---- */

static void a_database_that_cannot_be_used_is_refused_with_what_to_do(void **state)
{
	static const struct {
		const char *scheme, *name, *part;
	} cases[] = {
		{ "sqlite", "missing.db",
		  "No such file or directory; fill a new one with: "
		  "snmove-lua --db sqlite:FILE --import DIRECTORY" },
		{ "sqlite", "missing.db", "missing.db'" },
		{ "sqlite", "text.db", "text.db' is not an SQLite database" },
		{ "sqlite", "empty.db", "empty.db' has no table nodelist" },
		{ "sqlite", "other.db", "other.db' has no table nodelist" },
		{ "sqlite", "folder", "folder' is a directory, not a database file" },
		{ "sqlite", "folder", "xcat:DIRECTORY" },
		{ "xcat", "missing",
		  "No such file or directory; xCAT's directory is named by" },
		{ "xcat", "folder", "has no nodelist.sqlite" },
		{ "xcat", "other.db", "other.db' is not a directory" },
		{ "SQLite", "other.db", "sqlite:FILE" },
		{ "xcat", "broken", "nodelist.sqlite' is not an SQLite database" },
		{ "xcat", "hollow", "nodelist.sqlite' has no table nodelist" },
	};
	g_autofree char *text = inside(state, "text.db");
	g_autofree char *empty = inside(state, "empty.db");
	g_autofree char *other = inside(state, "other.db");
	g_autofree char *folder = inside(state, "folder");
	g_autofree char *broken = inside(state, "broken");
	g_autofree char *hollow = inside(state, "hollow");
	g_autofree char *bad = g_build_filename(broken, "nodelist.sqlite", NULL);
	g_autofree char *bare = g_build_filename(hollow, "nodelist.sqlite", NULL);

	assert_true(g_file_set_contents(
		text,
		"This is not a database, whoever says so.\n" NODELIST NODELIST NODELIST NODELIST
			NODELIST NODELIST NODELIST,
		-1, NULL));
	assert_true(g_file_set_contents(empty, "", 0, NULL));
	run_sql(other, "CREATE TABLE songs (title TEXT)");
	assert_int_equal(g_mkdir(folder, 0700), 0);
	assert_int_equal(g_mkdir(broken, 0700), 0);
	assert_int_equal(g_mkdir(hollow, 0700), 0);
	assert_true(
		g_file_set_contents(bad,
				    "This is not a database either, and it is longer "
				    "than the header of one, which has 100 bytes: " NODELIST,
				    -1, NULL));
	run_sql(bare, "CREATE TABLE noderes (node TEXT)");
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = inside(state, cases[i].name);
		g_autofree char *url = url_of(cases[i].scheme, path);

		refuse(url, cases[i].part);
	}
}

static void a_url_of_another_kind_is_refused_and_its_password_is_not_shown(void **state)
{
	static const struct {
		const char *url, *part;
	} cases[] = {
		{ "Pg:dbname=xcatdb;host=/nowhere|xcatadm|cluster",
		  "cannot open the database 'xcatdb' on /nowhere: " },
		{ "mysql:dbname=xcatdb;mysql_socket=/nowhere|xcatadm|cluster",
		  "cannot open the database 'xcatdb' on this host: " },
		{ "mariadb:|xcatadm|cluster", "names no database" },
		{ "postgresql://u:cluster@h/xcatdb", "has a password in its URL" },
		{ "mariadb://u@h/xcatdb?password=cluster", "has a password in its URL" },
		{ "postgresql://[/xcatdb", "is no URL" },
		{ "CSV:/etc/xcat|cluster", "no such kind of database: 'CSV'" },
		{ "DB2:cluster", "no such kind of database: 'DB2'" },
		{ "/etc/nowhere", "no such kind of database: '/etc/nowhere'" },
		{ "", "no such kind of database: ''" },
		{ "sqlite:", "names no file" },
		{ "xcat:", "names no file" },
	};

	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) problem = NULL;
		g_autoptr(Store) store = store_open(cases[i].url, &problem);

		assert_null(store);
		if (strchr(cases[i].url, '|') || strchr(cases[i].url, '@'))
			assert_null(strstr(problem->message, "cluster"));
		assert_true(g_error_matches(problem, STORE_ERROR, STORE_ERROR_FAILED));
		assert_refused(problem, cases[i].part);
	}
}

static void all_ways_to_spell_a_database_give_one_url(void **state)
{
	g_autofree char *real = realpath(*state, NULL);
	g_autofree char *file = inside(state, "cluster.db");
	g_autofree char *link = inside(state, "link");
	g_autofree char *dots = g_strconcat(link, "/../", strrchr(real, '/') + 1, NULL);
	g_autofree char *file_url = g_strconcat("sqlite:", real, "/cluster.db", NULL);
	g_autofree char *directory_url = g_strconcat("xcat:", real, NULL);
	g_autofree char *by_link = g_strconcat("sqlite:", link, "/./cluster.db", NULL);
	g_autofree char *by_dots = g_strconcat("SQLite:", dots, "/", NULL);
	g_autoptr(GError) problem = NULL;
	g_autoptr(Store) one = NULL;
	g_autoptr(Store) two = NULL;

	run_sql(file, NODELIST);
	make_table_file(state, "nodelist", NODELIST);
	assert_int_equal(symlink(real, link), 0);
	one = store_open(by_link, &problem);
	assert_ok(one, problem);
	assert_string_equal(store_url(one), file_url);
	two = store_open(by_dots, &problem);
	assert_ok(two, problem);
	assert_string_equal(store_url(two), directory_url);
}

/* ---- finding ---- */

static void the_database_is_found_where_xcat_finds_it(void **state)
{
	/* cfgloc: NULL is no such file.  `found`: @ stands for the root. */
	static const struct {
		const char *name, *environment, *cfgloc;
		gboolean opt, etc, nodelist;
		const char *found;
	} cases[] = {
		{ "nothing", NULL, NULL, FALSE, FALSE, FALSE, NULL },
		{ "environment", "Pg:x|y", "xcat:/b", TRUE, TRUE, TRUE, "Pg:x|y" },
		{ "environment-path", "/a/b", NULL, FALSE, FALSE, FALSE, "SQLite:/a/b" },
		{ "environment-empty", "", "mysql:x\n", TRUE, TRUE, TRUE, "mysql:x" },
		{ "cfgloc", NULL, "mysql:x\nPg:y\n", TRUE, TRUE, TRUE, "mysql:x" },
		{ "cfgloc-no-end", NULL, "mysql:x", FALSE, TRUE, FALSE, "mysql:x" },
		{ "cfgloc-path", NULL, "/var/xcat\n", TRUE, TRUE, TRUE, "SQLite:/var/xcat" },
		{ "cfgloc-empty", NULL, "", FALSE, TRUE, FALSE, "SQLite:@/etc/xcat" },
		{ "cfgloc-blank", NULL, "\nPg:y\n", TRUE, TRUE, TRUE, "SQLite:@/opt/xcat/cfg" },
		{ "opt", NULL, NULL, TRUE, FALSE, FALSE, "SQLite:@/opt/xcat/cfg" },
		{ "opt-first", NULL, NULL, TRUE, TRUE, TRUE, "SQLite:@/opt/xcat/cfg" },
		{ "etc", NULL, NULL, FALSE, TRUE, TRUE, "SQLite:@/etc/xcat" },
		{ "etc-bare", NULL, NULL, FALSE, TRUE, FALSE, NULL },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *root = inside(state, cases[i].name);
		g_autofree char *opt = g_strconcat(root, "/opt/xcat/cfg", NULL);
		g_autofree char *etc = g_strconcat(root, "/etc/xcat", NULL);
		g_autofree char *nodelist = g_strconcat(etc, "/nodelist.sqlite", NULL);
		g_autofree char *cfgloc = g_strconcat(etc, "/cfgloc", NULL);
		g_autofree char *found = NULL;
		g_autoptr(GString) wanted = g_string_new(cases[i].found);

		if (cases[i].opt)
			assert_int_equal(g_mkdir_with_parents(opt, 0700), 0);
		if (cases[i].etc)
			assert_int_equal(g_mkdir_with_parents(etc, 0700), 0);
		if (cases[i].nodelist)
			assert_true(g_file_set_contents(nodelist, "", 0, NULL));
		if (cases[i].cfgloc)
			assert_true(g_file_set_contents(cfgloc, cases[i].cfgloc, -1, NULL));
		g_string_replace(wanted, "@", root, 0);
		found = store_find(cases[i].environment, root);
		if (g_strcmp0(found, cases[i].found ? wanted->str : NULL) != 0)
			fail_msg("%s: found %s, not %s", cases[i].name, found, wanted->str);
	}
}

static void a_cfgloc_that_cannot_be_read_is_told_and_not_taken_for_none(void **state)
{
	g_autofree char *root = inside(state, "odd-cfgloc");
	g_autofree char *opt = g_strconcat(root, "/opt/xcat/cfg", NULL);
	g_autofree char *cfgloc = g_strconcat(root, "/etc/xcat/cfgloc", NULL);
	g_autofree char *found = NULL;
	g_autoptr(GError) problem = NULL;

	assert_int_equal(g_mkdir_with_parents(opt, 0700), 0);
	assert_int_equal(g_mkdir_with_parents(cfgloc, 0700), 0);
	found = store_find(NULL, root);
	assert_non_null(found);
	assert_null(store_open(found, &problem));
	assert_non_null(strstr(problem->message, "/etc/xcat/cfgloc', which cannot be read: "));
	assert_non_null(strstr(problem->message, "Is a directory"));
}

/* ---- reading ---- */

static void a_table_is_read_in_the_order_of_its_key(void **state)
{
	g_autoptr(Store) store = make_file(
		state, "INSERT INTO nodelist VALUES ('n10','b'), ('N1',NULL), ('n2',''), "
		       "(CAST(x'ff01' AS TEXT),'b'), ('a''b;$(c)\"','x\ny')");
	g_autoptr(StoreTable) table = read_table(store, "nodelist");
	static const char *const nodes[] = { "N1", "a'b;$(c)\"", "n10", "n2", "\xff\x01" };

	assert_string_equal(table->name, "nodelist");
	assert_int_equal(table->n_rows, 5);
	assert_int_equal(table->n_columns, 2);
	assert_int_equal(table->n_keys, 1);
	assert_int_equal(table->keys[0], 0);
	for (guint i = 0; i < 5; i++)
		assert_string_equal(cell(table, i, "node"), nodes[i]);
	assert_null(cell(table, 0, "groups"));
	assert_string_equal(cell(table, 1, "groups"), "x\ny");
	assert_string_equal(cell(table, 3, "groups"), "");
	assert_int_equal(store_table_column(table, "Groups"), -1);
	assert_null(store_table_cell(table, 0, -1));
	assert_true(store_table_is_key(table, 0));
	assert_false(store_table_is_key(table, 1));
}

static void the_key_is_the_declared_one_or_node_or_the_first_column(void **state)
{
	g_autoptr(Store) store =
		make_file(state, "CREATE TABLE networks (netname TEXT, net TEXT, mask TEXT, "
				 "PRIMARY KEY (net, mask));"
				 "CREATE TABLE swapped (a TEXT, b TEXT, PRIMARY KEY (b, a));"
				 "CREATE TABLE loose (comment TEXT, node TEXT);"
				 "CREATE TABLE plain (name TEXT, value TEXT);");
	g_autoptr(StoreTable) networks = read_table(store, "networks");
	g_autoptr(StoreTable) swapped = read_table(store, "swapped");
	g_autoptr(StoreTable) loose = read_table(store, "loose");
	g_autoptr(StoreTable) plain = read_table(store, "plain");

	assert_int_equal(networks->n_keys, 2);
	assert_int_equal(networks->keys[0], 1);
	assert_int_equal(networks->keys[1], 2);
	assert_int_equal(swapped->n_keys, 2);
	assert_int_equal(swapped->keys[0], 1);
	assert_int_equal(swapped->keys[1], 0);
	assert_int_equal(loose->n_keys, 1);
	assert_int_equal(loose->keys[0], 1);
	assert_int_equal(plain->keys[0], 0);
}

static void numbers_and_bytes_read_as_text(void **state)
{
	g_autoptr(Store) store = make_file(
		state, "CREATE TABLE auditlog (recid INTEGER PRIMARY KEY, a, b, c, d);"
		       "INSERT INTO auditlog VALUES (7, 1.5, x'6162', 0, x'')");
	g_autoptr(StoreTable) table = read_table(store, "auditlog");

	assert_string_equal(cell(table, 0, "recid"), "7");
	assert_string_equal(cell(table, 0, "a"), "1.5");
	assert_string_equal(cell(table, 0, "b"), "ab");
	assert_string_equal(cell(table, 0, "c"), "0");
	assert_string_equal(cell(table, 0, "d"), "");
}

static void a_value_with_nul_is_refused_by_table_column_and_row(void **state)
{
	g_autoptr(Store) store = make_file(
		state, "INSERT INTO nodelist VALUES ('cn1', CAST(x'610062' AS TEXT))");
	g_autoptr(GError) problem = NULL;
	g_autoptr(StoreTable) table = store_read(store, "nodelist", &problem);

	assert_null(table);
	assert_refused(
		problem,
		"column 'groups' of table 'nodelist' holds a NUL byte in the row of 'cn1'");
}

static void odd_names_of_columns_are_names_and_not_sql(void **state)
{
	g_autoptr(Store) store = make_file(
		state,
		"CREATE TABLE odd (node TEXT PRIMARY KEY, \"a\"\"b; DROP TABLE odd\" TEXT, "
		"\"select\" TEXT); INSERT INTO odd VALUES ('n', 'one', 'two')");
	g_autoptr(StoreTable) table = read_table(store, "odd");

	assert_string_equal(cell(table, 0, "a\"b; DROP TABLE odd"), "one");
	assert_string_equal(cell(table, 0, "select"), "two");
}

static void a_table_that_is_not_there_has_no_columns_and_no_rows(void **state)
{
	g_autoptr(Store) file = make_file(state, "CREATE VIEW seen AS SELECT * FROM nodelist");
	g_autoptr(Store) directory = NULL;

	make_table_file(state, "nodelist", NODELIST);
	make_table_file(state, "misnamed", NODELIST);
	directory = open_directory(state);
	for (guint i = 0; i < 2; i++) {
		static const char *const names[] = { "noderes", "misnamed", "seen" };

		for (guint j = 0; j < G_N_ELEMENTS(names); j++) {
			g_autoptr(StoreTable) table =
				read_table(i ? directory : file, names[j]);

			assert_int_equal(table->n_columns, 0);
			assert_int_equal(table->n_rows, 0);
			assert_int_equal(table->n_keys, 0);
			assert_int_equal(store_table_column(table, "node"), -1);
		}
	}
}

static void a_name_that_is_no_name_of_a_table_is_refused(void **state)
{
	static const char *const names[] = {
		"",	  "../nodelist", "a b",		  "x;y",
		"no\"de", "n\xff",	 "sqlite_master", "nodelist.sqlite",
	};
	g_autoptr(Store) file = make_file(state, "");
	g_autoptr(Store) directory = NULL;

	make_table_file(state, "nodelist", NODELIST);
	directory = open_directory(state);
	for (guint i = 0; i < 2 * G_N_ELEMENTS(names); i++) {
		g_autoptr(GError) problem = NULL;
		g_autoptr(StoreTable) table =
			store_read(i % 2 ? directory : file, names[i / 2], &problem);

		assert_null(table);
		assert_true(g_error_matches(problem, STORE_ERROR, STORE_ERROR_UNKNOWN));
		assert_refused(problem, "is not the name of a table");
	}
}

static void xcat_tables_are_one_file_each(void **state)
{
	g_autoptr(Store) store = NULL;
	g_autoptr(StoreTable) noderes = NULL;
	g_autoptr(GError) problem = NULL;
	g_auto(GStrv) names = NULL;

	make_table_file(state, "nodelist", NODELIST);
	make_table_file(state, "noderes",
			"CREATE TABLE noderes (node TEXT PRIMARY KEY, servicenode TEXT);"
			"INSERT INTO noderes VALUES ('cn1','sn1,sn2')");
	make_table_file(state, "not-a-table", "CREATE TABLE x (y)");
	store = open_directory(state);
	noderes = read_table(store, "noderes");
	assert_string_equal(cell(noderes, 0, "servicenode"), "sn1,sn2");
	names = store_tables(store, &problem);
	assert_ok(names, problem);
	assert_int_equal(g_strv_length(names), 2);
	assert_string_equal(names[0], "nodelist");
	assert_string_equal(names[1], "noderes");
}

static void the_tables_of_a_file_are_listed_sorted(void **state)
{
	g_autoptr(Store) store =
		make_file(state, "CREATE TABLE site (key TEXT); CREATE TABLE hosts (node TEXT);"
				 "CREATE TABLE \"a b\" (x); CREATE VIEW seen AS SELECT 1;"
				 "CREATE TABLE log (id INTEGER PRIMARY KEY AUTOINCREMENT)");
	g_autoptr(GError) problem = NULL;
	g_auto(GStrv) names = store_tables(store, &problem);
	g_autofree char *joined = NULL;

	assert_ok(names, problem);
	joined = g_strjoinv(" ", names);
	assert_string_equal(joined, "hosts log nodelist site");
}

static void reading_keeps_no_lock_and_writes_nothing(void **state)
{
	g_autoptr(Store) store = make_file(state, "INSERT INTO nodelist VALUES ('a','b')");
	g_autofree char *path = inside(state, "cluster.db");
	g_autofree char *before = NULL, *after = NULL;
	g_autoptr(GDir) directory = NULL;
	gsize before_length, after_length;

	assert_true(g_file_get_contents(path, &before, &before_length, NULL));
	for (guint i = 0; i < 3; i++) {
		g_autoptr(StoreTable) table = read_table(store, "nodelist");

		assert_int_equal(table->n_rows, 1);
	}
	assert_true(g_file_get_contents(path, &after, &after_length, NULL));
	assert_int_equal(before_length, after_length);
	assert_memory_equal(before, after, before_length);
	run_sql(path, "BEGIN EXCLUSIVE; INSERT INTO nodelist VALUES ('c','d'); COMMIT");
	directory = g_dir_open(*state, 0, NULL);
	assert_string_equal(g_dir_read_name(directory), "cluster.db");
	assert_null(g_dir_read_name(directory));
}

/* A program that dies while it writes, with part of it already in the file. */
static void die_while_writing(const char *path)
{
	pid_t child = fork();
	sqlite3 *handle;
	int status;

	if (child == 0) {
		if (sqlite3_open(path, &handle) == SQLITE_OK &&
		    sqlite3_exec(
			    handle,
			    "PRAGMA cache_size = 5; BEGIN; UPDATE nodelist SET groups = 'half'",
			    NULL, NULL, NULL) == SQLITE_OK)
			_exit(7);
		_exit(1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(WEXITSTATUS(status), 7);
}

static void what_a_killed_program_left_half_written_is_rolled_back(void **state)
{
	g_autoptr(Store) store = make_file(
		state,
		"WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c LIMIT 5000) "
		"INSERT INTO nodelist SELECT 'cn' || i, 'whole' FROM c");
	g_autofree char *path = inside(state, "cluster.db");
	g_autofree char *journal = inside(state, "cluster.db-journal");
	g_autoptr(StoreTable) table = NULL;

	die_while_writing(path);
	assert_true(g_file_test(journal, G_FILE_TEST_EXISTS));
	table = read_table(store, "nodelist");
	assert_int_equal(table->n_rows, 5000);
	for (guint i = 0; i < table->n_rows; i++)
		assert_string_equal(cell(table, i, "groups"), "whole");
	assert_false(g_file_test(journal, G_FILE_TEST_EXISTS));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	static const struct CMUnitTest tests[] = {
		TEST(a_database_that_cannot_be_used_is_refused_with_what_to_do),
		TEST(a_url_of_another_kind_is_refused_and_its_password_is_not_shown),
		TEST(all_ways_to_spell_a_database_give_one_url),
		TEST(the_database_is_found_where_xcat_finds_it),
		TEST(a_cfgloc_that_cannot_be_read_is_told_and_not_taken_for_none),
		TEST(a_table_is_read_in_the_order_of_its_key),
		TEST(the_key_is_the_declared_one_or_node_or_the_first_column),
		TEST(numbers_and_bytes_read_as_text),
		TEST(a_value_with_nul_is_refused_by_table_column_and_row),
		TEST(odd_names_of_columns_are_names_and_not_sql),
		TEST(a_table_that_is_not_there_has_no_columns_and_no_rows),
		TEST(a_name_that_is_no_name_of_a_table_is_refused),
		TEST(xcat_tables_are_one_file_each),
		TEST(the_tables_of_a_file_are_listed_sorted),
		TEST(reading_keeps_no_lock_and_writes_nothing),
		TEST(what_a_killed_program_left_half_written_is_rolled_back),
	};

	return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
