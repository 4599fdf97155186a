/*
 * What only database servers do: connections, pictures, locks, letters, other sessions, faults.
 * Commits as on SQLite are in test_store_commit.c.  Every test runs on PostgreSQL and MariaDB.
 */
#include "tests/lib/cutting_proxy.h"
#include "tests/unit/store_world.h"
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <unistd.h>

static gboolean is_mariadb(const World *world)
{
	return g_str_equal(database_server_product(world->server), "mariadb");
}

static const char *on(const World *world, const char *postgresql, const char *mariadb)
{
	return is_mariadb(world) ? mariadb : postgresql;
}

static const char *found(const StoreTable *table, guint row, const char *column)
{
	assert_true(row < table->n_rows);
	return store_table_cell(table, row, store_table_column(table, column));
}

static StoreTable *read_table(Store *store, const char *name)
{
	g_autoptr(GError) problem = NULL;
	StoreTable *table = store_read(store, name, &problem);

	assert_ok(table, problem);
	return table;
}

static void refuse_open(const char *url, const char *part)
{
	g_autoptr(GError) problem = NULL;
	g_autoptr(Store) store = store_open(url, &problem);

	assert_null(store);
	assert_non_null(problem);
	assert_null(strstr(problem->message, "\\n")); /* of a library that says it in lines */
	assert_refused(problem, part);
}

static const StoreChange both[] = {
	SET("noderes", "cn1", "servicenode", TEXT("sn1,sn2"), TEXT("sn2,sn1")),
	SET("nodehm", "cn1", "conserver", TEXT("sn1"), TEXT("sn2")),
};

#define NODERES_AFTER "cn1,sn2,sn1,~,~/cn2,sn1,~,mine/cn3,~,~,~"

/* ---- Reading ---- */

static void tables_that_xcat_made_read_as_they_are(void **state)
{
	World *world = *state;
	g_autoptr(StoreTable) nodelist = NULL, site = NULL, switches = NULL, none = NULL;
	g_autoptr(StoreTable) prescripts = NULL;
	g_auto(GStrv) names = NULL;
	g_autoptr(GError) problem = NULL;
	guint nulls = 0, empties = 0;

	empty_server(world->server);
	database_server_load(world->server, is_mariadb(world)
						    ? "tests/cases/database/mariadb.sql"
						    : "tests/cases/database/postgresql.sql");
	nodelist = read_table(world->store, "nodelist");
	site = read_table(world->store, "site");
	switches = read_table(world->store, "switch");
	none = read_table(world->store, "nothing_of_this_name");
	names = store_tables(world->store, &problem);
	assert_ok(names, problem);
	assert_int_equal(g_strv_length(names), 21);
	assert_int_equal(none->n_columns, 0);
	assert_int_equal(switches->n_keys, 3);
	assert_string_equal(switches->columns[switches->keys[2]], "port");
	prescripts = read_table(world->store, "prescripts");
	assert_true(store_table_column(prescripts, "end") > 0);
	assert_true(site->n_rows > 20);
	for (guint i = 0; i < nodelist->n_rows; i++) {
		const char *node = found(nodelist, i, "node");
		const char *disable = found(nodelist, i, "disable");

		if (i > 0)
			assert_true(strcmp(found(nodelist, i - 1, "node"), node) < 0);
		nulls += disable == NULL;
		empties += disable && !*disable;
		/* Encoded twice by xCAT on PostgreSQL, and not to be repaired. */
		if (g_str_equal(node, "cn020"))
			assert_non_null(strstr(found(nodelist, i, "comments"),
					       on(world, "\xc3\x83\xc2\xbc", "\xc3\xbc")));
	}
	assert_true(nulls > 100);
	assert_int_equal(empties, 1);
}

static void all_is_read_as_it_was_at_one_moment(void **state)
{
	World *world = *state;
	g_autoptr(StoreTable) first = read_table(world->store, "nodelist");
	g_autoptr(StoreTable) then = NULL, now = NULL;

	run_sql(world, "nodehm", "UPDATE nodehm SET conserver = 'other'");
	then = read_table(world->store, "nodehm");
	assert_string_equal(found(then, 0, "conserver"), "sn1");
	store_let_go(world->store);
	now = read_table(world->store, "nodehm");
	assert_string_equal(found(now, 0, "conserver"), "other");
	assert_int_equal(first->n_rows, 2);
}

static void what_was_let_go_holds_nobody_up(void **state)
{
	World *world = *state;
	DatabaseSession *other = database_session_open(world->server);
	g_autoptr(StoreTable) table = read_table(world->store, "nodehm");

	store_let_go(world->store);
	database_session_say(other, "ALTER TABLE nodehm ADD COLUMN late TEXT");
	database_session_close(other);
	store_table_free(g_steal_pointer(&table));
	table = read_table(world->store, "nodehm");
	assert_int_equal(table->n_columns, 3);
}

/* ---- Texts ---- */

static void all_letters_that_it_holds_are_names_and_values(void **state)
{
	static const char *const texts[] = {
		"a'b", "a\"b",	   "a`b",	   "a\\b",
		"\\N", "\\.",	   "a\tb\nc\r\nd", "; DROP TABLE noderes; --",
		"",    " ",	   "%s%n",	   "?1",
		"$1",  "\xc3\xbc", "NULL",	   "a\001b",
	};
	World *world = *state;
	g_autoptr(StoreTable) table = NULL;

	run_sql(world, "noderes", "DELETE FROM noderes");
	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		StoreChange there[] = { SET("noderes", texts[i], "servicenode", NO_ROW,
					    TEXT("x")) };
		StoreChange further[] = {
			SET("noderes", texts[i], "servicenode", TEXT("x"), TEXT(texts[i])),
			SET("noderes", texts[i], "xcatmaster", EMPTY, TEXT(texts[i])),
		};

		/* To MariaDB a blank more is the same key: see below. */
		if (is_mariadb(world) && g_str_equal(texts[i], " "))
			continue;
		commit(world, there, 1);
		commit(world, further, 2);
	}
	table = read_table(world->store, "noderes");
	assert_int_equal(table->n_rows, G_N_ELEMENTS(texts) - is_mariadb(world));
	for (guint i = 0; i < table->n_rows; i++) {
		assert_string_equal(found(table, i, "node"), found(table, i, "servicenode"));
		assert_string_equal(found(table, i, "node"), found(table, i, "xcatmaster"));
	}
}

static void a_value_that_does_not_fit_is_named_by_its_row(void **state)
{
	World *world = *state;
	g_autofree char *name = g_strnfill(130, 'n');
	StoreChange bytes[] = { SET("nodehm", "cn1", "conserver", TEXT("sn1"), TEXT("\xff")) };
	StoreChange foreign[] = { SET("noderes", "cn3", "servicenode", EMPTY, TEXT("x")),
				  SET("noderes", "cn2", "servicenode", TEXT("sn1"),
				      TEXT("\xc5\x82")) };
	StoreChange too_long[] = { SET("nodehm", name, "conserver", NO_ROW, TEXT("x")) };

	refuse(world, bytes, 1, STORE_ERROR_FAILED, "cannot hold a value");
	refuse(world, bytes, 1, STORE_ERROR_FAILED, "the row of 'cn1' in table 'nodehm'");
	refuse(world, too_long, 1, STORE_ERROR_FAILED, "cannot hold a value");
	expect(world, "nodehm", NODEHM);
	if (!is_mariadb(world)) {
		commit(world, foreign, 2);
		return;
	}
	refuse(world, foreign, 2, STORE_ERROR_FAILED, "the row of 'cn2' in table 'noderes'");
	expect(world, "noderes", NODERES);
}

/* MariaDB as xCAT sets it up takes CN1 and cn1 for one name, and 'sn1' and 'SN1 ' for one
 * value. */
static void names_and_values_are_told_apart_by_their_bytes(void **state)
{
	World *world = *state;
	StoreChange new[] = { SET("nodehm", "CN1", "conserver", NO_ROW, TEXT("x")) };
	StoreChange there[] = { SET("nodehm", "CN1", "conserver", TEXT("sn1"), TEXT("x")) };
	StoreChange blank[] = { SET("nodehm", "cn1 ", "conserver", NO_ROW, TEXT("x")) };
	StoreChange one[] = { SET("nodehm", "cn1", "conserver", TEXT("SN1"), TEXT("x")) };
	StoreChange two[] = { SET("noderes", "n9", "servicenode", NO_ROW, TEXT("x")),
			      SET("noderes", "N9", "servicenode", NO_ROW, TEXT("x")) };

	refuse(world, there, 1, STORE_ERROR_CONFLICT, "'sn1' when read and is without a row");
	refuse(world, one, 1, STORE_ERROR_CONFLICT, "it was 'SN1' when read and is 'sn1' now");
	if (!is_mariadb(world)) {
		commit(world, new, 1);
		commit(world, two, 2);
		return;
	}
	refuse(world, new, 1, STORE_ERROR_CONFLICT,
	       "table 'nodehm' cannot take a row of 'CN1': it has one of 'cn1', and MariaDB "
	       "takes them for the same");
	refuse(world, blank, 1, STORE_ERROR_CONFLICT, "it has one of 'cn1'");
	refuse(world, two, 2, STORE_ERROR_CONFLICT, "has such a row already");
	expect(world, "nodehm", NODEHM);
	expect(world, "noderes", NODERES);
}

static void odd_columns_and_tables_without_a_key_are_written_like_any_other(void **state)
{
	World *world = *state;
	StoreChange odd[] = { SET("nodehm", "cn1", "a\"`b; --", EMPTY, TEXT("x")) };
	StoreChange loose[] = { SET("loose", "cn1", "conserver", TEXT("sn1"), TEXT("sn2")) };

	run_sql(world, "nodehm",
		on(world, "ALTER TABLE nodehm ADD COLUMN \"a\"\"`b; --\" TEXT",
		   "ALTER TABLE nodehm ADD COLUMN `a\"``b; --` TEXT"));
	commit(world, odd, 1);
	expect(world, "nodehm", "cn1,sn1,x");
	run_sql(world, "loose",
		"CREATE TABLE loose (conserver TEXT, node TEXT);"
		"INSERT INTO loose VALUES ('sn1','cn1'), ('sn1','cn1')");
	refuse(world, loose, 1, STORE_ERROR_FAILED,
	       "table 'loose' has more than one row of 'cn1'");
	run_sql(world, "loose", "DELETE FROM loose; INSERT INTO loose VALUES ('sn1','cn1')");
	commit(world, loose, 1);
	expect(world, "loose", "sn2,cn1");
}

/* xCAT has some in its logs, and a site in tables of its own. */
static void numbers_are_written_as_they_read(void **state)
{
	World *world = *state;
	StoreChange made[] = { SET("counts", "7", "n", NO_ROW, TEXT("5")),
			       SET("counts", "8", "n", NO_ROW, TEXT("5")),
			       SET("counts", "8", "words", NO_ROW, TEXT("x")) };
	StoreChange changed[] = { SET("counts", "7", "n", TEXT("5"), TEXT("-6")),
				  SET("counts", "8", "n", TEXT("5"), TEXT("-6")) };
	StoreChange gone[] = { SET("counts", "7", "n", TEXT("-6"), NO_ROW),
			       SET("counts", "8", "n", TEXT("-6"), NO_ROW) };

	run_sql(world, "counts",
		"CREATE TABLE counts (id INTEGER NOT NULL PRIMARY KEY, n INTEGER, words TEXT)");
	commit(world, made, 3);
	expect(world, "counts", "7,5,~/8,5,x");
	commit(world, changed, 2);
	expect(world, "counts", "7,-6,~/8,-6,x");
	refuse(world, changed, 2, STORE_ERROR_CONFLICT, "it was '5' when read and is '-6' now");
	commit(world, gone, 2);
	expect(world, "counts", "8,~,x");
}

/* ---- Others ---- */

static void a_row_that_another_session_holds_is_waited_for_and_named(void **state)
{
	World *world = *state;
	DatabaseSession *other = database_session_open(world->server);

	database_session_say(other, "BEGIN; UPDATE nodehm SET conserver = 'held'");
	refuse(world, both, 2, STORE_ERROR_BUSY, "is busy: ");
	refuse(world, both, 2, STORE_ERROR_BUSY, on(world, "psql (from ", "another session"));
	database_session_say(other, "ROLLBACK");
	commit(world, both, 2);
	database_session_say(other, "BEGIN; UPDATE noderes SET comments = 'x'");
	database_session_begin(other, on(world, "SELECT pg_sleep(0.2); ROLLBACK",
					 "SELECT SLEEP(0.2); ROLLBACK"));
	run_sql(world, "nodehm", "UPDATE nodehm SET conserver = 'sn1'");
	{
		StoreChange back[] = { SET("noderes", "cn1", "servicenode", TEXT("sn2,sn1"),
					   TEXT("sn1,sn2")) };

		commit(world, back, 1); /* in time */
	}
	database_session_await(other);
	database_session_close(other);
}

/* Somebody who writes rows in another order, as xCAT does, and comes between two of ours. */
typedef struct {
	DatabaseSession *other;
	guint called;
} Meanwhile;

static gboolean let_other_write(Store *store, gpointer data, GError **error)
{
	Meanwhile *meanwhile = data;
	g_autoptr(StoreTable) table = store_read(store, "nodelist", error);

	if (meanwhile->called++ == 0)
		database_session_begin(meanwhile->other,
				       "UPDATE nodelist SET groups = 'x' WHERE node = 'cn1'");
	return table != NULL;
}

static void a_commit_that_is_stopped_for_the_sake_of_others_is_tried_again(void **state)
{
	static const char *const asked[] = { "nodelist", NULL };
	World *world = *state;
	Meanwhile meanwhile = { database_session_open(world->server), 0 };
	StoreGuard guard = { asked, let_other_write, &meanwhile };
	g_autoptr(GError) problem = NULL;

	/* It has a row that we write, and wants one that we have read: only one can go on. */
	database_session_say(meanwhile.other, "BEGIN");
	if (is_mariadb(world))
		database_session_say(meanwhile.other,
				     "UPDATE nodehm SET conserver = 'x';"
				     /* Who has written less is the one that is stopped. */
				     "INSERT INTO networks WITH RECURSIVE n AS (SELECT 1 AS i "
				     "UNION ALL SELECT i + 1 FROM n WHERE i < 300) "
				     "SELECT 'z', i, 'z', 'z' FROM n");
	if (!store_commit(world->store, both, 2, &guard, 5000, &problem))
		assert_true(g_error_matches(problem, STORE_ERROR, STORE_ERROR_BUSY));
	/* PostgreSQL's locks on tables let it come to nothing of the kind. */
	assert_true(meanwhile.called > (is_mariadb(world) ? 1U : 0U));
	database_session_say(meanwhile.other, "ROLLBACK");
	database_session_close(meanwhile.other);
	if (problem)
		commit(world, both, 2);
	expect(world, "noderes", NODERES_AFTER);
	expect(world, "nodehm", "cn1,sn2");
}

static void one_run_at_a_time_is_at_work_on_a_server(void **state)
{
	World *world = *state;
	g_autoptr(GError) problem = NULL;
	Store *other = store_open(world->url, &problem);
	g_autofree char *holder = NULL;

	assert_ok(other, problem);
	assert_ok(store_lock(world->store, "root on mn1", &holder, &problem), problem);
	assert_false(store_lock(other, "root on mn2", &holder, &problem));
	assert_null(problem);
	assert_non_null(strstr(holder, on(world, "root on mn1", "user snmove from localhost")));
	store_unlock(world->store);
	g_clear_pointer(&holder, g_free);
	assert_ok(store_lock(other, "root on mn2", &holder, &problem), problem);
	store_close(other);
	assert_ok(store_lock(world->store, "root on mn1", &holder, &problem), problem);
}

static void a_lock_that_went_with_the_connection_is_taken_again_or_missed(void **state)
{
	static const char *const kill[] = {
		"SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
		" WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()",
		"SELECT CONCAT('KILL ', ID) FROM information_schema.PROCESSLIST"
		" WHERE USER = 'snmove'",
	};
	World *world = *state;
	g_autoptr(GError) problem = NULL;
	g_autoptr(Store) other = NULL;
	g_autofree char *holder = NULL;

	for (guint i = 0; i < 2; i++) {
		g_autofree char *said = NULL;

		store_let_go(world->store);
		assert_ok(store_lock(world->store, "mn1", &holder, &problem), problem);
		said = database_server_ask(world->server, kill[is_mariadb(world)]);
		if (is_mariadb(world)) {
			g_autofree char *killed = database_server_ask(world->server, said);

			(void)killed;
		}
		if (i == 0) {
			commit(world, both, 2);
			continue;
		}
		other = store_open(world->url, &problem);
		assert_ok(other && store_lock(other, "mn2", &holder, &problem), problem);
		refuse(world, both, 2, STORE_ERROR_BUSY,
		       "and with it the lock of this run; meanwhile it was taken by");
	}
}

/* ---- Faults ---- */

static void a_server_that_is_down_or_does_not_let_us_in_is_told_so(void **state)
{
	World *world = *state;
	g_autofree char *none =
		g_strdup_printf("%s:///xcatdb?%s=/nowhere", on(world, "postgresql", "mariadb"),
				on(world, "host", "socket"));
	g_autofree char *other = g_strdup_printf(
		"%s://snmove@/otherdb?%s=%s%s", on(world, "postgresql", "mariadb"),
		on(world, "host", "socket"), database_server_folder(world->server),
		on(world, "", "/socket"));
	g_autofree char *cfgloc = g_strdup_printf(
		"%s:dbname=xcatdb;%s=%s%s|strict|", on(world, "Pg", "mysql"),
		on(world, "host", "mysql_socket"), database_server_folder(world->server),
		on(world, "", "/socket"));
	g_autofree char *right = g_strconcat(cfgloc, "right-one", NULL);
	g_autofree char *wrong = g_strconcat(cfgloc, "wrong-one", NULL);
	g_autoptr(GError) problem = NULL;
	g_autoptr(Store) store = NULL;

	refuse_open(none, "cannot open the database 'xcatdb' on ");
	refuse_open(none, "; nothing was changed");
	refuse_open(other, "cannot open the database 'otherdb' on ");
	if (is_mariadb(world)) {
		run_sql(world, "",
			"CREATE OR REPLACE USER strict@localhost IDENTIFIED BY 'right-one';"
			"GRANT SELECT ON xcatdb.* TO strict@localhost");
	} else {
		g_autofree char *rules =
			g_strdup_printf("CREATE ROLE strict LOGIN PASSWORD 'right-one';"
					"GRANT USAGE ON SCHEMA public TO strict;"
					"GRANT SELECT ON nodelist, noderes, nodehm TO strict;"
					"COPY (VALUES ('local all strict scram-sha-256'),"
					" ('local all all trust')) TO '%s/data/pg_hba.conf';"
					"SELECT pg_reload_conf()",
					database_server_folder(world->server));

		run_sql(world, "", rules);
	}
	/* The rules hold as soon as the server has read them: until then all are let in. */
	for (guint i = 0; i < 500; i++) {
		g_autoptr(Store) in = store_open(wrong, NULL);

		if (!in)
			break;
		g_usleep(10000);
	}
	refuse_open(wrong, "user and password stand in cfgloc");
	refuse_open(wrong, "strict");
	{
		g_autoptr(GError) said = NULL;
		g_autoptr(Store) in = store_open(wrong, &said);

		assert_null(in);
		assert_null(strstr(said->message, "wrong-one"));
	}
	store = store_open(right, &problem);
	assert_ok(store, problem);
	assert_null(strstr(store_url(store), "right-one"));
	assert_null(strstr(store_url(store), "strict"));
	assert_string_equal(store_url(store), store_url(world->store));
	/* What it may not read it can do without. */
	if (!is_mariadb(world)) {
		g_autoptr(StoreTable) nodehm = NULL;

		assert_null(store_read(store, "networks", &problem));
		assert_refused(problem, "cannot read table 'networks': ");
		nodehm = read_table(store, "nodehm");
		assert_int_equal(nodehm->n_rows, 1);
	}
	/* It may read, and not write. */
	assert_false(store_commit(store, both, 2, NULL, 1000, &problem));
	assert_refused(problem, "; the grants that are needed stand in snmove(8)");
	expect(world, "noderes", NODERES);
	g_clear_pointer(&store, store_close);
	run_sql(world, "",
		is_mariadb(world) ? "DROP USER strict@localhost"
				  : "DROP OWNED BY strict; DROP ROLE strict");
}

static void a_server_that_was_started_again_is_gone_on_with(void **state)
{
	World *world = *state;
	g_autoptr(StoreTable) table = read_table(world->store, "nodelist");
	g_autoptr(GError) problem = NULL;

	store_let_go(world->store);
	database_server_say(server_of_group, "down");
	assert_null(store_read(world->store, "nodehm", &problem));
	assert_refused(problem, "database ");
	refuse(world, both, 2, STORE_ERROR_FAILED, "nothing was changed");
	refuse_open(world->url, "nothing was changed");
	database_server_say(server_of_group, "up");
	store_table_free(g_steal_pointer(&table));
	table = read_table(world->store, "nodehm");
	/* In the middle of a picture there is no other half of it. */
	database_server_say(server_of_group, "kill");
	database_server_say(server_of_group, "up");
	assert_null(store_read(world->store, "noderes", &problem));
	assert_refused(problem, "is not there any more");
	commit(world, both, 2);
	expect(world, "noderes", NODERES_AFTER);
}

static void a_server_that_takes_no_changes_is_told_so(void **state)
{
	World *world = *state;

	if (is_mariadb(world)) {
		run_sql(world, "", "SET GLOBAL read_only = 1");
		refuse(world, both, 2, STORE_ERROR_FAILED, "takes no changes");
		run_sql(world, "", "SET GLOBAL read_only = 0");
	} else {
		g_autofree char *mark = g_strdup_printf("%s/data/standby.signal",
							database_server_folder(world->server));

		database_server_say(server_of_group, "down");
		assert_true(g_file_set_contents(mark, "", 0, NULL));
		database_server_say(server_of_group, "up");
		refuse(world, both, 2, STORE_ERROR_FAILED, "takes no changes");
		database_server_say(server_of_group, "down");
		assert_int_equal(unlink(mark), 0);
		database_server_say(server_of_group, "up");
	}
	expect(world, "noderes", NODERES);
	commit(world, both, 2);
}

static void tables_are_those_that_the_search_path_finds(void **state)
{
	World *world = *state;
	g_autoptr(StoreTable) table = NULL;
	StoreChange one[] = { SET("nodehm", "cn1", "conserver", TEXT("theirs"), TEXT("x")) };

	if (is_mariadb(world)) {
		run_sql(world, "", "CREATE DATABASE other; CREATE TABLE other.mac (node TEXT)");
		table = read_table(world->store, "mac");
		assert_int_equal(table->n_columns, 0);
		run_sql(world, "", "DROP DATABASE other");
		return;
	}
	run_sql(world, "",
		"CREATE SCHEMA snmove; CREATE TABLE snmove.nodehm (node VARCHAR(128) PRIMARY "
		"KEY, conserver TEXT); INSERT INTO snmove.nodehm VALUES ('cn1', 'theirs')");
	store_let_go(world->store);
	table = read_table(world->store, "nodehm");
	assert_string_equal(found(table, 0, "conserver"), "theirs");
	commit(world, one, 1);
	{
		g_autofree char *ours =
			database_server_ask(world->server, "SELECT * FROM public.nodehm");
		g_autofree char *theirs =
			database_server_ask(world->server, "SELECT * FROM snmove.nodehm");

		assert_string_equal(ours, NODEHM);
		assert_string_equal(theirs, "cn1,x");
	}
	run_sql(world, "", "DROP SCHEMA snmove CASCADE");
}

/* Stands before the server of the world. */
typedef struct {
	CuttingProxy *proxy;
	Store *store; /* through it */
} Front;

static Front front_open(const World *world, const char *user, const char *options)
{
	const char *name = on(world, ".s.PGSQL.5432", "socket");
	g_autofree char *folder = g_strdup_printf("%s/front", world->directory);
	g_autofree char *path = g_strdup_printf("%s/%s", folder, name);
	g_autofree char *target =
		g_strdup_printf("%s/%s", database_server_folder(world->server), name);
	g_autofree char *url = g_strdup_printf(
		"%s://%s@/xcatdb?%s=%s%s", on(world, "postgresql", "mariadb"), user,
		on(world, "host", "socket"), is_mariadb(world) ? path : folder, options);
	g_autoptr(GError) problem = NULL;
	Front front;

	assert_int_equal(g_mkdir_with_parents(folder, 0700), 0);
	front.proxy = cutting_proxy_start(path, target);
	front.store = store_open(url, &problem);
	assert_ok(front.store, problem);
	return front;
}

static void front_close(Front *front)
{
	store_close(front->store);
	cutting_proxy_stop(front->proxy);
}

static void put_back(const World *world)
{
	run_sql(world, "",
		"UPDATE noderes SET servicenode = 'sn1,sn2' WHERE node = 'cn1';"
		"UPDATE nodehm SET conserver = 'sn1'");
}

/* Their rows have to be counted: who was in the way of that is no more in the way the next
 * time. */
static void others_in_the_way_of_a_table_without_a_key_are_waited_for(void **state)
{
	World *world = *state;
	g_autofree char *url = NULL;
	g_autoptr(Store) store = NULL;
	g_autoptr(GError) problem = NULL;
	StoreChange loose[] = { SET("loose", "cn1", "conserver", TEXT("sn1"), TEXT("sn2")) };
	gboolean ok;

	run_sql(world, "",
		"CREATE ROLE other LOGIN; CREATE TABLE loose (conserver TEXT, node TEXT);"
		"INSERT INTO loose VALUES ('sn1','cn1'); CREATE SEQUENCE looks;"
		"CREATE FUNCTION stopped() RETURNS BOOLEAN AS $$ BEGIN "
		"IF nextval('looks') = 1 THEN RAISE 'deadlock detected' USING ERRCODE = "
		"'40P01'; "
		"END IF; RETURN true; END $$ LANGUAGE plpgsql;"
		"CREATE POLICY looked ON loose TO other USING (stopped());"
		"ALTER TABLE loose ENABLE ROW LEVEL SECURITY;"
		"GRANT ALL ON ALL TABLES IN SCHEMA public TO other;"
		"GRANT ALL ON SEQUENCE looks TO other; GRANT USAGE ON SCHEMA public TO other");
	url = database_server_url(world->server, "&user=other");
	store = store_open(url, &problem);
	assert_ok(store, problem);
	ok = store_commit(store, loose, 1, NULL, 1000, &problem);
	assert_ok(ok, problem);
	expect(world, "loose", "sn2,cn1");
	run_sql(world, "", "DROP OWNED BY other; DROP ROLE other");
}

/* It would be another connection than the one that was asked for. */
static void a_connection_that_refuses_its_settings_is_not_used(void **state)
{
	World *world = *state;
	g_autofree char *url = NULL;
	g_autoptr(Store) store = NULL;
	g_autoptr(StoreTable) table = NULL;
	g_autoptr(GError) problem = NULL;

	run_sql(world, "",
		"CREATE ROLE other LOGIN; GRANT USAGE ON SCHEMA public TO other;"
		"GRANT SELECT ON ALL TABLES IN SCHEMA public TO other");
	url = database_server_url(world->server, "&user=other");
	store = store_open(url, &problem);
	assert_ok(store, problem);
	run_sql(world, "",
		"REVOKE SELECT ON pg_settings FROM PUBLIC; SELECT pg_terminate_backend(pid) "
		"FROM pg_stat_activity WHERE usename = 'other'");
	for (guint i = 0; i < 2; i++) {
		g_clear_error(&problem);
		assert_null(store_read(store, "nodehm", &problem));
		assert_non_null(strstr(problem->message, "pg_settings"));
	}
	run_sql(world, "", "GRANT SELECT ON pg_settings TO PUBLIC");
	table = read_table(store, "nodehm");
	assert_int_equal(table->n_rows, 1);
	run_sql(world, "", "DROP OWNED BY other; DROP ROLE other");
}

/* A server that says nothing: who has come to it lives in this program, too, and is asked how
 * long it would wait for an acknowledgement.  Gives that in milliseconds. */
static gpointer see_who_comes(gpointer data)
{
	int listener = GPOINTER_TO_INT(data), guest = accept(listener, NULL, NULL);
	struct sockaddr_in there = { 0 }, here = { 0 };
	socklen_t size = sizeof(there);
	unsigned int most = 0;

	assert_true(guest >= 0);
	assert_int_equal(getpeername(guest, (struct sockaddr *)&there, &size), 0);
	for (int i = 0; i < 1024; i++) {
		socklen_t length = sizeof(here), of_most = sizeof(most);

		if (i != guest && getsockname(i, (struct sockaddr *)&here, &length) == 0 &&
		    here.sin_family == AF_INET && here.sin_port == there.sin_port)
			getsockopt(i, IPPROTO_TCP, TCP_USER_TIMEOUT, &most, &of_most);
	}
	close(guest);
	return GUINT_TO_POINTER(most);
}

static void a_server_that_does_not_even_acknowledge_is_given_up(void **state)
{
	struct sockaddr_in here = { .sin_family = AF_INET,
				    .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t size = sizeof(here);
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	g_autofree char *url = NULL;
	GThread *thread;
	guint most;

	(void)state;
	assert_int_equal(bind(listener, (struct sockaddr *)&here, size), 0);
	assert_int_equal(listen(listener, 1), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&here, &size), 0);
	thread = g_thread_new("server", see_who_comes, GINT_TO_POINTER(listener));
	url = g_strdup_printf("postgresql://snmove@127.0.0.1:%u/xcatdb?sslmode=disable",
			      ntohs(here.sin_port));
	refuse_open(url, "nothing was changed");
	most = GPOINTER_TO_UINT(g_thread_join(thread));
	close(listener);
	assert_in_range(most, 1000, 60000);
}

/* Of such a table a ROLLBACK takes nothing back. */
static void a_table_that_knows_no_transactions_is_not_written(void **state)
{
	World *world = *state;

	run_sql(world, "", "ALTER TABLE nodehm ENGINE=MyISAM");
	refuse(world, both, 2, STORE_ERROR_FAILED, "table 'nodehm' of the database ");
	refuse(world, both, 2, STORE_ERROR_FAILED,
	       "is kept in MyISAM, which has no transactions");
	refuse(world, both, 2, STORE_ERROR_FAILED, ": ALTER TABLE `nodehm` ENGINE=InnoDB");
	run_sql(world, "", "ALTER TABLE noderes ENGINE=Aria");
	refuse(world, both, 2, STORE_ERROR_FAILED,
	       ": ALTER TABLE `nodehm` ENGINE=InnoDB; ALTER TABLE `noderes` ENGINE=InnoDB");
	expect(world, "noderes", NODERES);
	run_sql(world, "",
		"ALTER TABLE nodehm ENGINE=InnoDB; ALTER TABLE noderes ENGINE=InnoDB");
	commit(world, both, 2);
}

static void a_port_is_a_number(void **state)
{
	World *world = *state;

	refuse_open(on(world, "Pg:dbname=xcatdb;host=127.0.0.1;port=54x2|a|b",
		       "mysql:dbname=xcatdb;host=127.0.0.1;port=33o6|a|b"),
		    on(world, "54x2", "'33o6' is no port"));
	if (is_mariadb(world))
		refuse_open("mysql:dbname=xcatdb;host=127.0.0.1;port=65536|a|b", "is no port");
}

/* The same commit, cut at its first message, its second, ... until it is through. */
static void cut_everywhere(const World *world, const char *options)
{
	Front front = front_open(world, "snmove", options);
	g_autoptr(GError) problem = NULL;
	guint written = 0, refused = 0;

	for (guint answered = 0; answered < 2; answered++)
		for (guint at = 1;; at++) {
			gboolean ok;
			g_autofree char *now = NULL;

			put_back(world);
			cutting_proxy_cut(front.proxy, at, answered);
			ok = store_commit(front.store, both, 2, NULL, 2000, &problem);
			now = dump(world, "noderes");
			if (!ok && !g_error_matches(problem, STORE_ERROR, STORE_ERROR_FAILED))
				fail_msg("cut at %u: %s", at, problem->message);
			if (!g_str_equal(now, ok ? NODERES_AFTER : NODERES))
				fail_msg("cut at %u: %s, but it is %s", at,
					 ok ? "written" : problem->message, now);
			expect(world, "nodehm", ok ? "cn1,sn2" : NODEHM);
			if (!cutting_proxy_has_cut(front.proxy))
				break;
			written += ok;
			refused += !ok;
			g_clear_error(&problem);
		}
	/* A COMMIT that was done and whose answer was lost is told as done; one that never came
	 * there as not done. */
	assert_true(written >= 2);
	assert_true(refused >= 10);
	front_close(&front);
}

static void what_is_said_of_a_commit_that_was_cut_is_so(void **state)
{
	cut_everywhere(*state, "");
}

/* The library calls the end of such a connection something else. */
static void so_it_is_of_one_that_was_encrypted(void **state)
{
	const World *world = *state;

	cut_everywhere(world, "&ssl=1");
}

/* The server says of the first `times` looks at the new values that others were in the way: of
 * questions, as behind a lost COMMIT.  What writes the values is asked about them, too. */
static void stop_looks(const World *world, guint times)
{
	g_autofree char *sql = g_strdup_printf(
		"CREATE SEQUENCE IF NOT EXISTS looks; GRANT ALL ON SEQUENCE looks TO cutter;"
		"ALTER SEQUENCE looks RESTART;"
		"CREATE OR REPLACE FUNCTION stopped(value TEXT) RETURNS BOOLEAN AS $$ BEGIN "
		"IF coalesce(value, '') = 'sn2,sn1' AND current_query() LIKE 'SELECT%%' "
		"AND nextval('looks') <= %u THEN "
		"RAISE 'deadlock detected' USING ERRCODE = '40P01'; END IF; "
		"RETURN true; END $$ LANGUAGE plpgsql;"
		"DROP POLICY IF EXISTS looked ON noderes;"
		"CREATE POLICY looked ON noderes TO cutter USING (stopped(servicenode)) "
		"WITH CHECK (true); ALTER TABLE noderes ENABLE ROW LEVEL SECURITY",
		times);

	run_sql(world, "", sql);
}

/* Cut at one message after the other, where they were answered, until none is cut any more.
 * Gives the last, counted from a new connection: the COMMIT. */
static guint cut_to_the_commit(const World *world, Front *front)
{
	for (guint at = 1;; at++) {
		g_autoptr(GError) problem = NULL;
		gboolean ok;

		put_back(world);
		stop_looks(world, 3);
		cutting_proxy_cut(front->proxy, at, TRUE);
		ok = store_commit(front->store, both, 2, NULL, 2000, &problem);
		if (!ok && !g_error_matches(problem, STORE_ERROR, STORE_ERROR_FAILED))
			fail_msg("cut at %u: %s", at, problem->message);
		expect(world, "noderes", ok ? NODERES_AFTER : NODERES);
		if (!cutting_proxy_has_cut(front->proxy))
			return at - 1;
	}
}

static void others_in_the_way_of_a_look_do_not_begin_the_commit_again(void **state)
{
	World *world = *state;
	g_autoptr(GError) problem = NULL;
	Front front;
	guint last;
	gboolean ok;

	run_sql(world, "",
		"CREATE ROLE cutter LOGIN; GRANT ALL ON ALL TABLES IN SCHEMA public TO cutter;"
		"GRANT USAGE ON SCHEMA public TO cutter");
	front = front_open(world, "cutter", "");
	last = cut_to_the_commit(world, &front);
	/* From the other end: the connection is there now, and one message fewer may be needed.
	 */
	do {
		g_clear_error(&problem);
		put_back(world);
		stop_looks(world, 1000000);
		cutting_proxy_cut(front.proxy, last--, TRUE);
		ok = store_commit(front.store, both, 2, NULL, 2000, &problem);
	} while (!cutting_proxy_has_cut(front.proxy));
	assert_false(ok);
	assert_true(g_error_matches(problem, STORE_ERROR, STORE_ERROR_OUTCOME));
	front_close(&front);
	run_sql(world, "", "DROP OWNED BY cutter; DROP ROLE cutter");
}

/* ---- How much is asked ---- */

/* Of rows that are alike in noderes, and have each a value of its own in nodehm. */
static guint statements_of(World *world, guint n)
{
	g_autofree StoreChange *changes = g_new0(StoreChange, (gsize)n * 2);
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	g_autofree const char **keys = g_new0(const char *, n);
	guint before = store_statements(world->store);

	for (guint i = 0; i < n; i++) {
		g_ptr_array_add(names, g_strdup_printf("n%u", i));
		keys[i] = names->pdata[i];
		changes[i] = (StoreChange){ "noderes",	   &keys[i], 1,
					    "servicenode", NO_ROW,   TEXT("sn1") };
		changes[n + i] = (StoreChange){ "nodehm",    &keys[i], 1,
						"conserver", NO_ROW,   TEXT(names->pdata[i]) };
	}
	commit(world, changes, 2 * n);
	for (guint i = 0; i < 2 * n; i++) {
		changes[i].before = changes[i].after;
		changes[i].after = (StoreCell)NO_ROW;
	}
	commit(world, changes, 2 * n);
	expect(world, "noderes", NODERES);
	expect(world, "nodehm", NODEHM);
	return store_statements(world->store) - before;
}

static void as_many_statements_are_sent_for_many_rows_as_for_few(void **state)
{
	World *world = *state;
	/* So few values as are written by themselves are none of these. */
	guint few = statements_of(world, server_most_values + 1),
	      many = statements_of(world, 3000);

	assert_int_equal(few, many);
	assert_true(few < 60);
}

/* ---- Rows that are alike ---- */

/* Changes of `n` rows that have long names and one of `n_values` values. */
typedef struct {
	StoreChange *changes;
	const char **keys;
	GPtrArray *texts;
} Alike;

static const char *keep(Alike *alike, char *text)
{
	g_ptr_array_add(alike->texts, text);
	return text;
}

static Alike alike_new(World *world, guint n, guint n_values)
{
	Alike alike = { g_new0(StoreChange, n), g_new0(const char *, n),
			g_ptr_array_new_with_free_func(g_free) };

	run_sql(world, "noderes", "DELETE FROM noderes");
	for (guint i = 0; i < n; i++) {
		const char *before = keep(&alike, g_strdup_printf("sn%u", i % n_values));

		alike.keys[i] = keep(&alike, g_strdup_printf("%0100u", i));
		alike.changes[i] = (StoreChange){ "noderes",	 &alike.keys[i], 1,
						  "servicenode", NO_ROW,	 TEXT(before) };
	}
	commit(world, alike.changes, n);
	for (guint i = 0; i < n; i++) {
		alike.changes[i].before = alike.changes[i].after;
		alike.changes[i].after =
			(StoreCell)TEXT(keep(&alike, g_strdup_printf("new%u", i % n_values)));
	}
	return alike;
}

static void alike_free(Alike *alike)
{
	g_free(alike->changes);
	g_free(alike->keys);
	g_ptr_array_unref(alike->texts);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Alike, alike_free)

static void assert_count(const World *world, const char *where, const char *wanted)
{
	g_autofree char *sql =
		g_strconcat("SELECT count(*) FROM noderes WHERE servicenode ", where, NULL);
	g_autofree char *count = database_server_ask(world->server, sql);

	assert_string_equal(count, wanted);
}

static void assert_written(const World *world, const char *wanted)
{
	assert_count(world, "LIKE 'new%'", wanted);
}

/* More names than one statement takes: some four. */
static int in_parts(void **state)
{
	server_most_bytes = 100000;
	return setup_file(state);
}

static int in_one(void **state)
{
	server_most_bytes = G_MAXSIZE;
	return teardown(state);
}

#define IN_PARTS(name)                                                                         \
	{                                                                                      \
#name, name, in_parts, in_one, NULL                                            \
	}

/* The last row is the one that somebody has changed. */
static void of_rows_that_are_alike_the_one_that_differs_is_named(void **state)
{
	World *world = *state;
	g_auto(Alike) alike = alike_new(world, 3001, 2);
	guint before;

	run_sql(world, "noderes",
		"UPDATE noderes SET servicenode = 'SN0' WHERE node LIKE '%3000'");
	refuse(world, alike.changes, 3001, STORE_ERROR_CONFLICT,
	       "it was 'sn0' when read and is 'SN0' now");
	refuse(world, alike.changes, 3001, STORE_ERROR_CONFLICT, alike.keys[3000]);
	assert_written(world, "0");
	run_sql(world, "noderes", "DELETE FROM noderes WHERE node LIKE '%3000'");
	refuse(world, alike.changes, 3001, STORE_ERROR_CONFLICT, "is without a row now");
	assert_written(world, "0");
	before = store_statements(world->store);
	commit(world, alike.changes, 3000);
	assert_written(world, "3000");
	assert_true(store_statements(world->store) - before < 20);
}

static void of_new_rows_that_are_alike_the_one_that_is_there_is_named(void **state)
{
	World *world = *state;
	g_auto(Alike) alike = alike_new(world, 3001, 2);

	for (guint i = 0; i < 3001; i++)
		alike.changes[i].before = (StoreCell)NO_ROW;
	run_sql(world, "noderes", "DELETE FROM noderes WHERE node NOT LIKE '%3000'");
	refuse(world, alike.changes, 3001, STORE_ERROR_CONFLICT,
	       "it was without a row when read and is 'sn0' now");
	refuse(world, alike.changes, 3001, STORE_ERROR_CONFLICT, alike.keys[3000]);
	assert_written(world, "0");
	commit(world, alike.changes, 3000);
	assert_written(world, "3000");
}

static void rows_that_are_alike_go_away_but_for_those_with_other_values(void **state)
{
	World *world = *state;
	g_auto(Alike) alike = alike_new(world, 3001, 2);

	for (guint i = 0; i < 3001; i++)
		alike.changes[i].after = (StoreCell)NO_ROW;
	run_sql(world, "noderes",
		"UPDATE noderes SET servicenode = 'SN0' WHERE node LIKE '%3000'");
	refuse(world, alike.changes, 3001, STORE_ERROR_CONFLICT,
	       "it was 'sn0' when read and is 'SN0' now");
	assert_count(world, "IS NOT NULL", "3001");
	run_sql(world, "noderes",
		"UPDATE noderes SET servicenode = 'sn0', xcatmaster = 'theirs' "
		"WHERE node LIKE '%3000'");
	commit(world, alike.changes, 3001);
	assert_count(world, "IS NOT NULL", "0");
	assert_count(world, "IS NULL AND xcatmaster = 'theirs'", "1");
	assert_count(world, "IS NULL", "1");
}

/* By a temporary table. */
static void rows_of_many_values_are_as_few_statements(void **state)
{
	World *world = *state;
	g_auto(Alike) alike = alike_new(world, 200, 200);
	guint before = store_statements(world->store);

	commit(world, alike.changes, 200);
	assert_written(world, "200");
	assert_true(store_statements(world->store) - before < 20);
}

int main(void)
{
	static const struct CMUnitTest ragged[] = {
		STORE_TEST(all_letters_that_it_holds_are_names_and_values),
		STORE_TEST(a_value_that_does_not_fit_is_named_by_its_row),
		STORE_TEST(names_and_values_are_told_apart_by_their_bytes),
		STORE_TEST(odd_columns_and_tables_without_a_key_are_written_like_any_other),
		STORE_TEST(numbers_are_written_as_they_read),
		STORE_TEST(what_is_said_of_a_commit_that_was_cut_is_so),
	};
	static const struct CMUnitTest tests[] = {
		STORE_TEST(tables_that_xcat_made_read_as_they_are),
		STORE_TEST(all_is_read_as_it_was_at_one_moment),
		STORE_TEST(what_was_let_go_holds_nobody_up),
		STORE_TEST(all_letters_that_it_holds_are_names_and_values),
		STORE_TEST(a_value_that_does_not_fit_is_named_by_its_row),
		STORE_TEST(names_and_values_are_told_apart_by_their_bytes),
		STORE_TEST(odd_columns_and_tables_without_a_key_are_written_like_any_other),
		STORE_TEST(numbers_are_written_as_they_read),
		STORE_TEST(a_row_that_another_session_holds_is_waited_for_and_named),
		STORE_TEST(a_commit_that_is_stopped_for_the_sake_of_others_is_tried_again),
		STORE_TEST(one_run_at_a_time_is_at_work_on_a_server),
		STORE_TEST(a_lock_that_went_with_the_connection_is_taken_again_or_missed),
		STORE_TEST(a_server_that_is_down_or_does_not_let_us_in_is_told_so),
		STORE_TEST(a_server_that_was_started_again_is_gone_on_with),
		STORE_TEST(a_server_that_takes_no_changes_is_told_so),
		STORE_TEST(tables_are_those_that_the_search_path_finds),
		STORE_TEST(a_port_is_a_number),
		STORE_TEST(what_is_said_of_a_commit_that_was_cut_is_so),
		STORE_TEST(as_many_statements_are_sent_for_many_rows_as_for_few),
		IN_PARTS(of_rows_that_are_alike_the_one_that_differs_is_named),
		IN_PARTS(of_new_rows_that_are_alike_the_one_that_is_there_is_named),
		IN_PARTS(rows_that_are_alike_go_away_but_for_those_with_other_values),
		STORE_TEST(rows_of_many_values_are_as_few_statements),
	};
	/* MariaDB has no rights for single rows, keeps nobody from its settings, and has a time
	 * for each answer. */
	static const struct CMUnitTest of_postgresql[] = {
		STORE_TEST(others_in_the_way_of_a_table_without_a_key_are_waited_for),
		STORE_TEST(a_connection_that_refuses_its_settings_is_not_used),
		STORE_TEST(a_server_that_does_not_even_acknowledge_is_given_up),
		STORE_TEST(others_in_the_way_of_a_look_do_not_begin_the_commit_again),
	};
	static const struct CMUnitTest of_mariadb[] = {
		STORE_TEST(a_table_that_knows_no_transactions_is_not_written),
		STORE_TEST(so_it_is_of_one_that_was_encrypted),
	};

	return store_server_groups("servers", NULL, tests, G_N_ELEMENTS(tests)) +
	       store_ragged_groups("servers", ragged, G_N_ELEMENTS(ragged)) +
	       store_server_groups("PostgreSQL's own", "postgresql", of_postgresql,
				   G_N_ELEMENTS(of_postgresql)) +
	       store_server_groups("MariaDB's own", "mariadb", of_mariadb,
				   G_N_ELEMENTS(of_mariadb));
}
