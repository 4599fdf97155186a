/* Import and export: directories of CSV files as dumpxCATdb writes them. */
#include "core/store.h"
#include "tests/lib/harness.h"
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>

#define NODELIST "#node,groups,comments,disable\n\"cn1\",\"all\",,\n"

typedef struct {
	char *directory, *tables, *file, *url;
} World;

static int setup(void **state)
{
	World *world = g_new0(World, 1);

	world->directory = harness_directory();
	world->tables = g_build_filename(world->directory, "tables", NULL);
	world->file = g_build_filename(world->directory, "cluster.db", NULL);
	world->url = g_strconcat("sqlite:", world->file, NULL);
	assert_int_equal(g_mkdir(world->tables, 0700), 0);
	*state = world;
	return 0;
}

static int teardown(void **state)
{
	World *world = *state;

	harness_remove(world->directory);
	g_free(world->tables);
	g_free(world->file);
	g_free(world->url);
	g_free(world);
	return 0;
}

static void write_bytes(const char *directory, const char *name, const char *content, gssize n)
{
	g_autofree char *path = g_build_filename(directory, name, NULL);

	assert_true(g_file_set_contents(path, content, n, NULL));
}

static void write_text(const char *directory, const char *name, const char *content)
{
	write_bytes(directory, name, content, -1);
}

static void import(const World *world, guint tables, guint rows)
{
	g_autoptr(GError) problem = NULL;
	guint n_tables = 0, n_rows = 0;

	assert_ok(store_import(world->url, world->tables, &n_tables, &n_rows, &problem),
		  problem);
	assert_int_equal(n_tables, tables);
	assert_int_equal(n_rows, rows);
}

static void refuse(const World *world, const char *part)
{
	g_autoptr(GError) problem = NULL;
	guint tables, rows;

	assert_false(store_import(world->url, world->tables, &tables, &rows, &problem));
	assert_refused(problem, part);
}

static Store *open_store(const World *world)
{
	g_autoptr(GError) problem = NULL;
	Store *store = store_open(world->url, &problem);

	assert_ok(store, problem);
	return store;
}

/* "column,column:" and the rows, "a,~/b,c", with ~ for NULL; keys have a * */
static char *dump(const World *world, const char *name)
{
	g_autoptr(Store) store = open_store(world);
	g_autoptr(GError) problem = NULL;
	g_autoptr(StoreTable) table = store_read(store, name, &problem);
	GString *text = g_string_new(NULL);

	assert_ok(table, problem);
	for (guint i = 0; i < table->n_columns; i++) {
		g_string_append_printf(text, "%s%s", i ? "," : "", table->columns[i]);
		for (guint j = 0; j < table->n_keys; j++)
			g_string_append(text, table->keys[j] == i ? "*" : "");
	}
	for (guint row = 0; row < table->n_rows; row++)
		for (guint i = 0; i < table->n_columns; i++) {
			const char *cell = table->cells[row * table->n_columns + i];

			g_string_append(text, i ? "," : row ? "/" : ":");
			g_string_append(text, cell ? cell : "~");
		}
	return g_string_free(text, FALSE);
}

static void expect(const World *world, const char *name, const char *wanted)
{
	g_autofree char *found = dump(world, name);

	assert_string_equal(found, wanted);
}

/* ---- the format ---- */

static void well_formed_files_are_read(void **state)
{
	static const struct {
		const char *name, *content, *wanted;
	} cases[] = {
		{ "plain", "#node,ip\n\"a\",\"1\"\n\"b\",\"2\"\n", "node*,ip:a,1/b,2" },
		{ "no rows", "#node,ip\n", "node*,ip" },
		{ "no rows, no line end", "#node,ip", "node*,ip" },
		{ "NULL and empty text", "#node,ip,mac\n\"a\",,\"\"\n\"b\",\"\",\n",
		  "node*,ip,mac:a,~,/b,,~" },
		{ "last line without end", "#node,ip\n\"a\",\"1\"", "node*,ip:a,1" },
		{ "last field is nothing", "#node,ip\n\"a\",", "node*,ip:a,~" },
		{ "CR LF", "#node,ip\r\n\"a\",\"1\"\r\n\"b\",\r\n", "node*,ip:a,1/b,~" },
		{ "CR that is text", "#node,ip\n\"a\",1\r2\n", "node*,ip:a,1\r2" },
		{ "blank lines", "\n\r\n#node,ip\n\n\"a\",\"1\"\n\r\n\n\"b\",\"2\"\n\n",
		  "node*,ip:a,1/b,2" },
		{ "quotes", "#node,ip\n\"a\",\"say \"\"x\"\"\"\n\"b\",\"\"\"\"\n",
		  "node*,ip:a,say \"x\"/b,\"" },
		{ "line ends inside", "#node,ip\n\"a\",\"1\n2\r\n,3\n\"\n",
		  "node*,ip:a,1\n2\r\n,3\n" },
		{ "no quotes", "#node,ip\na,1 2\nb,\n", "node*,ip:a,1 2/b,~" },
		{ "quoted header", "\"#node\",\"ip\"\n\"a\",\"1\"\n", "node*,ip:a,1" },
		{ "bytes", "#node,ip\n\"\xff\",\"\xc3\x28;$(x)'\"\n",
		  "node*,ip:\xff,\xc3\x28;$(x)'" },
		{ "one column", "#node\n\"a\"\nb\n", "node*:a/b" },
		{ "odd columns", "#node,a.b-c,select\n\"a\",\"1\",\"2\"\n",
		  "node*,a.b-c,select:a,1,2" },
		{ "rows that end early", "#node,ip,mac\n\"a\",\"1\"\n\"b\"\n\"c\",,\"3\"\n",
		  "node*,ip,mac:a,1,~/b,~,~/c,~,3" },
		{ "hash in a row", "#node,ip\n#a,\"#\"\n", "node*,ip:#a,#" },
	};
	World *world = *state;

	write_text(world->tables, "nodelist.csv", NODELIST);
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) problem = NULL;
		g_autofree char *found = NULL;
		guint tables, rows;

		write_text(world->tables, "hosts.csv", cases[i].content);
		if (!store_import(world->url, world->tables, &tables, &rows, &problem))
			fail_msg("%s: %s", cases[i].name, problem->message);
		found = dump(world, "hosts");
		if (strcmp(found, cases[i].wanted) != 0)
			fail_msg("%s: \"%s\", not \"%s\"", cases[i].name, found,
				 cases[i].wanted);
	}
}

static void malformed_files_are_refused_with_file_and_line(void **state)
{
	static const struct {
		const char *content, *part;
	} cases[] = {
		{ "", "/hosts.csv', line 1: the file is empty" },
		{ "\n\n", "line 1: the file is empty" },
		{ "node,ip\n\"a\",\"1\"\n", "line 1: there is no header" },
		{ "\"a\",\"1\"\n", "line 1: there is no header" },
		{ ",#node\n", "line 1: there is no header" },
		{ "#\n", "line 1: column 1 has no name" },
		{ "#node,,ip\n", "line 1: column 2 has no name" },
		{ "#node,ip,\n", "line 1: column 3 has no name" },
		{ "#node,ip,node\n", "line 1: column 'node' is there twice" },
		{ "#node,ip,IP\n", "line 1: column 'IP' is there twice" },
		{ "\n#node,i p\n", "line 2: 'i p' is not the name of a column" },
		{ "#node,\"i\"\"p\"\n", "line 1: 'i\"p' is not the name of a column" },
		{ "#node,ip\n\"a\",\"1\n\n\"\n\"b\",\"2\",\n",
		  "line 5: 3 fields, but the first line names 2 columns" },
		{ "#node,ip\n\"a\",\"1\"\n\"b\",\"2\n3\n4\n",
		  "line 3: the quote that begins here is never closed" },
		{ "#node,ip\n\"a\n\n\",\"2\n3",
		  "line 4: the quote that begins here is never closed" },
		{ "#node,ip\n\"a\",\"", "line 2: the quote that begins here is never closed" },
		{ "#node,ip\n\"a\"b,\"2\"\n", "line 2: text after a closing quote" },
		{ "#node,ip\n\"a\n\" ,\"2\"\n", "line 3: text after a closing quote" },
		{ "#node,ip\n\"a\"\r,\"2\"\n", "line 2: text after a closing quote" },
		{ "#node,ip\n\"a\", \"2\"\n", "line 2: a quote inside a field" },
		{ "#node,ip\na,2\"\n", "line 2: a quote inside a field" },
		{ "#node,ip\n\"a\",\"1\"\n\"b\",\n\"a\",\"2\"\n",
		  "line 4: a second row of 'a'; the first is in line 2" },
		{ "#node,ip\n,\"1\"\n", "line 2: no value for 'node', which names the row" },
	};
	World *world = *state;

	write_text(world->tables, "nodelist.csv", NODELIST);
	write_text(world->tables, "hosts.csv", "#node,ip\n\"kept\",\"1\"\n");
	import(world, 2, 2);
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		write_text(world->tables, "hosts.csv", cases[i].content);
		refuse(world, cases[i].part);
		expect(world, "hosts", "node*,ip:kept,1");
	}
	write_bytes(world->tables, "hosts.csv", "#node,ip\n\"a\",\"\0\"\n", 18);
	refuse(world, "/hosts.csv', line 2: a NUL byte");
}

static void the_key_is_the_one_that_xcat_has(void **state)
{
	static const struct {
		const char *file, *content, *wanted;
	} cases[] = {
		{ "site", "#key,value\n\"master\",\"mn\"\n", "key*,value:master,mn" },
		{ "networks", "#netname,net,mask\nn,b,\nn,b,m\nn,a,m\n",
		  "netname,net*,mask*:n,a,m/n,b,/n,b,m" },
		{ "passwd", "#key,username,password\nipmi,,x\nipmi,root,y\n",
		  "key*,username*,password:ipmi,,x/ipmi,root,y" },
		{ "discoverydata", "#uuid,node\nu2,n\nu1,n\n", "uuid*,node:u1,n/u2,n" },
		{ "own", "#comment,node\nx,n\n", "comment,node*:x,n" },
		{ "other", "#name,value\nn,x\n", "name*,value:n,x" },
		{ "nodegroup", "#odd,value\nn,x\n", "odd*,value:n,x" },
	};
	World *world = *state;

	write_text(world->tables, "nodelist.csv", NODELIST);
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *name = g_strconcat(cases[i].file, ".csv", NULL);

		write_text(world->tables, name, cases[i].content);
	}
	import(world, 8, 12);
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
		expect(world, cases[i].file, cases[i].wanted);
	write_text(world->tables, "networks.csv", "#netname,net,mask\nx,a,\ny,a,\"\"\n");
	refuse(world, "line 3: a second row of 'a',''; the first is in line 2");
}

/* ---- import ---- */

static void import_makes_a_file_for_its_owner_alone(void **state)
{
	World *world = *state;
	struct stat status;

	write_text(world->tables, "nodelist.csv", NODELIST);
	import(world, 1, 1);
	assert_int_equal(stat(world->file, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
}

static void import_replaces_the_tables_it_has_and_keeps_the_others(void **state)
{
	World *world = *state;
	g_autofree char *nodelist = g_build_filename(world->tables, "nodelist.csv", NULL);

	write_text(world->tables, "nodelist.csv", NODELIST);
	write_text(world->tables, "hosts.csv", "#node,ip\na,1\nb,2\n");
	write_text(world->tables, "README", "not a table");
	write_text(world->tables, "hosts.csv~", "not a table either");
	import(world, 2, 3);
	write_text(world->tables, "hosts.csv", "#node,mac\nc,3\n");
	assert_int_equal(g_unlink(nodelist), 0);
	import(world, 1, 1);
	expect(world, "hosts", "node*,mac:c,3");
	expect(world, "nodelist", "node*,groups,comments,disable:cn1,all,~,~");
}

static void an_import_that_fails_leaves_nothing_behind(void **state)
{
	World *world = *state;
	g_autoptr(GDir) directory = NULL;

	write_text(world->tables, "nodelist.csv", NODELIST);
	write_text(world->tables, "zone.csv", "#zonename\n\"a");
	refuse(world, "zone.csv', line 2");
	directory = g_dir_open(world->directory, 0, NULL);
	assert_string_equal(g_dir_read_name(directory), "tables");
	assert_null(g_dir_read_name(directory));
}

static void a_directory_that_is_no_dump_is_refused(void **state)
{
	World *world = *state;
	World missing = *world;
	g_autofree char *nodelist = g_build_filename(world->tables, "nodelist.csv", NULL);
	g_autofree char *odd = g_build_filename(world->tables, "node-list.csv", NULL);

	missing.tables = world->file;
	refuse(&missing, "cannot import: ");
	refuse(world, "has no files TABLE.csv");
	write_text(world->tables, "hosts.csv", "#node,ip\na,1\n");
	refuse(world, "has no nodelist.csv, and without a nodelist");
	assert_false(g_file_test(world->file, G_FILE_TEST_EXISTS));
	write_text(world->tables, "nodelist.csv", NODELIST);
	write_text(world->tables, "node-list.csv", NODELIST);
	refuse(world, "'node-list'.csv is not named like a table");
	assert_int_equal(g_rename(odd, nodelist), 0);
	write_text(world->tables, "Hosts.csv", "#node,ip\na,1\n");
	refuse(world, "differ only in upper and lower case");
	assert_false(g_file_test(world->file, G_FILE_TEST_EXISTS));
}

static void import_goes_into_an_embedded_database_only(void **state)
{
	World *world = *state;
	World other = *world;
	g_autofree char *deep = g_strconcat("sqlite:", world->file, "/no/where", NULL);

	write_text(world->tables, "nodelist.csv", NODELIST);
	other.url = (char *)"xcat:/etc/xcat";
	refuse(&other, "import fills an embedded database only: sqlite:FILE");
	other.url = (char *)"sqlite:";
	refuse(&other, "import fills an embedded database only: sqlite:FILE");
	other.url = deep;
	refuse(&other, "cannot make the database");
	write_text(world->directory, "cluster.db",
		   "this is text and no database, but it is long "
		   "enough to have a header of 100 bytes " NODELIST);
	refuse(world, "cluster.db' is not an SQLite database");
	assert_true(g_file_test(world->file, G_FILE_TEST_EXISTS));
}

/* ---- export ---- */

static char *export(const World *world, guint tables, guint rows)
{
	g_autoptr(Store) store = open_store(world);
	char *directory = g_build_filename(world->directory, "out", NULL);
	g_autoptr(GError) problem = NULL;
	guint n_tables, n_rows;

	assert_ok(store_export(store, directory, &n_tables, &n_rows, &problem), problem);
	assert_int_equal(n_tables, tables);
	assert_int_equal(n_rows, rows);
	return directory;
}

static void expect_file(const char *directory, const char *name, const char *wanted)
{
	g_autofree char *path = g_build_filename(directory, name, NULL);
	g_autofree char *found = NULL;
	struct stat status;

	assert_true(g_file_get_contents(path, &found, NULL, NULL));
	assert_string_equal(found, wanted);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
}

static void what_was_imported_is_exported_byte_for_byte(void **state)
{
	static const char hosts[] = "#node,ip,comments\n"
				    "\"\",\"empty name\",\"\"\n"
				    "\"a\",,\"say \"\"hello\"\"\"\n"
				    "\"b;$(c)'\",\"line\nend\r\n\",\"tab\t,comma\"\n"
				    "\"\xc3\xa9\xff\",\"\xfe\",\"\"\"\"\"\"\n";
	World *world = *state;
	g_autofree char *out = NULL;
	struct stat status;

	write_text(world->tables, "nodelist.csv", NODELIST);
	write_text(world->tables, "hosts.csv", hosts);
	write_text(world->tables, "empty.csv", "#node,ip\n");
	import(world, 3, 5);
	out = export(world, 2, 5);
	expect_file(out, "hosts.csv", hosts);
	expect_file(out, "nodelist.csv", NODELIST);
	assert_int_equal(stat(out, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0700);

	g_free(world->tables);
	world->tables = g_strdup(out);
	import(world, 2, 5);
	expect(world, "nodelist", "node*,groups,comments,disable:cn1,all,~,~");
}

static void a_nodelist_without_rows_is_exported_so_that_it_can_be_imported(void **state)
{
	World *world = *state;
	g_autofree char *out = NULL;

	write_text(world->tables, "nodelist.csv", "#node,groups\n");
	import(world, 1, 0);
	out = export(world, 1, 0);
	expect_file(out, "nodelist.csv", "#node,groups\n");
}

static void export_refuses_what_is_in_its_way(void **state)
{
	World *world = *state;
	g_autoptr(Store) store = NULL;
	g_autofree char *deep = g_build_filename(world->directory, "no", "where", NULL);
	const struct {
		const char *directory, *part;
	} cases[] = {
		{ world->tables, "tables': the directory is not empty; name a new one" },
		{ world->file, "cannot export to" },
		{ deep, "cannot make the directory" },
	};

	write_text(world->tables, "nodelist.csv", NODELIST);
	import(world, 1, 1);
	store = open_store(world);
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) problem = NULL;
		guint tables, rows;

		assert_false(store_export(store, cases[i].directory, &tables, &rows, &problem));
		assert_refused(problem, cases[i].part);
	}
}

static void a_column_that_csv_cannot_name_stops_the_export(void **state)
{
	World *world = *state;
	g_autofree char *out = g_build_filename(world->directory, "out", NULL);
	g_autoptr(Store) store = NULL;
	g_autoptr(GError) problem = NULL;
	sqlite3 *handle;
	guint tables, rows;

	assert_int_equal(sqlite3_open(world->file, &handle), SQLITE_OK);
	assert_int_equal(sqlite3_exec(handle,
				      "CREATE TABLE nodelist (node TEXT PRIMARY KEY, \"a,b\");"
				      "INSERT INTO nodelist VALUES ('n', 'x')",
				      NULL, NULL, NULL),
			 SQLITE_OK);
	sqlite3_close(handle);
	store = open_store(world);
	assert_false(store_export(store, out, &tables, &rows, &problem));
	assert_refused(problem, "column 'a,b' of table 'nodelist' cannot be written as CSV");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	static const struct CMUnitTest tests[] = {
		TEST(well_formed_files_are_read),
		TEST(malformed_files_are_refused_with_file_and_line),
		TEST(the_key_is_the_one_that_xcat_has),
		TEST(import_makes_a_file_for_its_owner_alone),
		TEST(import_replaces_the_tables_it_has_and_keeps_the_others),
		TEST(an_import_that_fails_leaves_nothing_behind),
		TEST(a_directory_that_is_no_dump_is_refused),
		TEST(import_goes_into_an_embedded_database_only),
		TEST(what_was_imported_is_exported_byte_for_byte),
		TEST(a_nodelist_without_rows_is_exported_so_that_it_can_be_imported),
		TEST(export_refuses_what_is_in_its_way),
		TEST(a_column_that_csv_cannot_name_stops_the_export),
	};

	return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
