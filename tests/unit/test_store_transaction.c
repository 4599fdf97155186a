/*
 * Commits as transactions: all or nothing, busy, full and read-only databases, the guard,
 * crashes.
 */
#include "tests/unit/store_world.h"
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static const StoreChange both[] = {
	SET("noderes", "cn1", "servicenode", TEXT("sn1,sn2"), TEXT("sn2,sn1")),
	SET("nodehm", "cn1", "conserver", TEXT("sn1"), TEXT("sn2")),
};

static void a_refusal_in_the_second_table_leaves_the_first_as_it_was(void **state)
{
	World *world = *state;

	run_sql(world, "nodehm",
		"CREATE TRIGGER no BEFORE UPDATE ON nodehm "
		"BEGIN SELECT RAISE(ABORT, 'not on a Sunday'); END");
	refuse(world, both, 2, STORE_ERROR_FAILED,
	       "cannot write the row of 'cn1' in table 'nodehm': the database");
	refuse(world, both, 2, STORE_ERROR_FAILED, "not on a Sunday");
	expect(world, "noderes", NODERES);
	expect(world, "nodehm", NODEHM);
	run_sql(world, "nodehm", "DROP TRIGGER no");
	run_sql(world, "nodehm",
		"CREATE TRIGGER no BEFORE UPDATE ON nodehm BEGIN SELECT RAISE(IGNORE); END");
	refuse(world, both, 2, STORE_ERROR_FAILED,
	       "the row of 'cn1' in table 'nodehm' was not written");
	expect(world, "noderes", NODERES);
	run_sql(world, "nodehm", "DROP TRIGGER no");
	commit(world, both, 2);
	expect(world, "nodehm", "cn1,sn2");
}

/* Held by somebody else: for the first table, for the second, and only at the commit. */
static void a_busy_database_is_waited_for_and_named(void **state)
{
	World *world = *state;
	g_autofree char *part = g_strdup_printf(
		"is busy: another program has held it for 0.02 s; see who with: fuser -v '%s",
		world->directory);

	for (guint i = 0; i < 3; i++) {
		sqlite3 *other = open_raw(world, i == 0 ? "noderes" : "nodehm");

		execute(other, i < 2 ? "BEGIN IMMEDIATE" : "BEGIN; SELECT * FROM nodehm");
		refuse(world, both, 2, STORE_ERROR_BUSY, part);
		execute(other, "ROLLBACK");
		sqlite3_close(other);
		expect(world, "noderes", NODERES);
		expect(world, "nodehm", NODEHM);
	}
	commit(world, both, 2);
}

static gpointer let_go(gpointer data)
{
	sqlite3 *other = data;

	g_usleep(100000);
	sqlite3_exec(other, "COMMIT", NULL, NULL, NULL);
	return NULL;
}

static void a_database_that_is_let_go_in_time_is_written(void **state)
{
	World *world = *state;
	sqlite3 *other = open_raw(world, "nodehm");
	GThread *thread;

	execute(other, "BEGIN EXCLUSIVE; UPDATE nodehm SET node = 'cn1'");
	thread = g_thread_new("other", let_go, other);
	commit(world, both, 2);
	g_thread_join(thread);
	sqlite3_close(other);
	expect(world, "nodehm", "cn1,sn2");
}

static void a_file_with_a_write_ahead_log_is_written_only_alone(void **state)
{
	World *world = *state;

	for (guint i = 0; i < 2; i++) {
		const char *table = i ? "noderes" : "nodehm";
		g_autofree char *path = path_of(world, table);
		g_autofree char *part = g_strdup_printf(
			"change it with: sqlite3 '%s' 'PRAGMA journal_mode=DELETE'", path);

		run_sql(world, table, "PRAGMA journal_mode = WAL");
		if (world->xcat) {
			refuse(world, both, 2, STORE_ERROR_FAILED, part);
			refuse(world, both, 2, STORE_ERROR_FAILED, "is in WAL mode");
			expect(world, "noderes", NODERES);
			expect(world, "nodehm", NODEHM);
		}
		run_sql(world, table, "PRAGMA journal_mode = DELETE");
	}
	run_sql(world, "noderes", "PRAGMA journal_mode = WAL");
	commit(world, both, world->xcat ? 1 : 2);
	expect(world, "noderes", "cn1,sn2,sn1,~,~/cn2,sn1,~,mine/cn3,~,~,~");
}

static void a_disk_that_takes_no_more_leaves_everything_as_it_was(void **state)
{
	World *world = *state;
	g_autofree char *large = g_strnfill(200000, 'x');
	StoreChange changes[] = {
		SET("nodehm", "cn1", "conserver", TEXT("sn1"), TEXT("sn2")),
		SET("noderes", "cn1", "servicenode", TEXT("sn1,sn2"), TEXT(large)),
	};
	struct rlimit old, small;

	(void)signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small = old;
	small.rlim_cur = 100000;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	refuse(world, changes, 2, STORE_ERROR_FAILED, "cannot read or write '");
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	expect(world, "noderes", NODERES);
	expect(world, "nodehm", NODEHM);
}

/* In a process of its own, which is not root: 0 if the commit is refused as it should be. */
static int commit_as_nobody(const World *world, const char *part)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		GError *problem = NULL;

		if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
			_exit(2);
		if (store_commit(world->store, both, 2, NULL, 20, &problem))
			_exit(3);
		if (!strstr(problem->message, part))
			fprintf(stderr, "# %s\n", problem->message);
		_exit(strstr(problem->message, part) ? 0 : 4);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WEXITSTATUS(status);
}

static void a_database_that_this_user_cannot_write_is_refused_in_words(void **state)
{
	World *world = *state;
	g_autofree char *noderes = path_of(world, "noderes");
	g_autofree char *nodehm = path_of(world, "nodehm");

	assert_int_equal(g_chmod(world->directory, 0555), 0);
	assert_int_equal(g_chmod(noderes, 0666), 0);
	assert_int_equal(g_chmod(nodehm, 0666), 0);
	assert_int_equal(
		commit_as_nobody(world, "its directory or its file system is read-only"), 0);
	assert_int_equal(g_chmod(nodehm, 0444), 0);
	assert_int_equal(commit_as_nobody(world, ".sqlite': it is read-only for this user"), 0);
	assert_int_equal(g_chmod(world->directory, 0700), 0);
	expect(world, "noderes", NODERES);
}

/* ---- the guard ---- */

typedef struct {
	World *world;
	const char *read; /* the table that it looks at */
	const char *try;  /* what another program tries meanwhile, on that table */
	gboolean answer;
	guint called;
	guint rows;
} Guard;

static gboolean look(Store *store, gpointer data, GError **error)
{
	Guard *guard = data;
	g_autoptr(StoreTable) table = store_read(store, guard->read, error);

	guard->called++;
	if (!table)
		return FALSE;
	guard->rows = table->n_rows;
	if (guard->try) {
		sqlite3 *other = open_raw(guard->world, guard->read);

		assert_int_equal(sqlite3_exec(other, guard->try, NULL, NULL, NULL),
				 SQLITE_BUSY);
		sqlite3_close(other);
	}
	if (!guard->answer)
		g_set_error(error, STORE_ERROR, STORE_ERROR_CONFLICT, "the group has changed");
	return guard->answer;
}

static void what_the_guard_reads_cannot_be_changed_until_the_commit(void **state)
{
	World *world = *state;
	static const char *const asked[] = { "nodelist", "nodehm", "mac", NULL };
	static const char *const looked_at[] = { "nodelist", "nodehm", "noderes" };

	for (guint i = 0; i < G_N_ELEMENTS(looked_at); i++) {
		Guard guard = { world, looked_at[i], NULL, TRUE, 0, 0 };
		g_autofree char *try = g_strdup_printf("DELETE FROM %s", looked_at[i]);
		StoreGuard asking = { asked, look, &guard };
		g_autofree char *text = g_strdup_printf("text %u", i);
		StoreChange one[] = { SET("noderes", "cn3", "comments", EMPTY, TEXT(text)) };
		g_autoptr(GError) problem = NULL;

		guard.try = try;
		run_sql(world, "noderes", "UPDATE noderes SET comments = NULL");
		assert_ok(store_commit(world->store, one, 1, &asking, 20, &problem), problem);
		assert_int_equal(guard.called, 1);
		assert_true(guard.rows > 0);
	}
	expect(world, "noderes", "cn1,sn1,sn2,~,~/cn2,sn1,~,~/cn3,~,~,text 2");
	expect_tidy(world);
}

static void a_guard_that_says_no_writes_nothing(void **state)
{
	World *world = *state;
	static const char *const asked[] = { "nodelist", NULL };
	Guard guard = { world, "nodelist", NULL, FALSE, 0, 0 };
	StoreGuard asking = { asked, look, &guard };

	refuse_guarded(world, both, 2, &asking, STORE_ERROR_CONFLICT, "the group has changed");
	assert_int_equal(guard.rows, 2);
	expect(world, "noderes", NODERES);
	expect(world, "nodehm", NODEHM);
	commit(world, both, 2);
}

static void the_guard_reads_only_what_it_asked_for(void **state)
{
	World *world = *state;
	static const char *const asked[] = { "nodelist", "mac", NULL };
	Guard guard = { world, "networks", NULL, TRUE, 0, 0 };
	StoreGuard asking = { asked, look, &guard };
	g_autoptr(GError) problem = NULL;

	refuse_guarded(world, both, 2, &asking, STORE_ERROR_FAILED,
		       "table 'networks' is read inside a commit that did not ask for it");
	guard.read = "mac"; /* which is not there */
	guard.rows = 7;
	assert_ok(store_commit(world->store, both, 2, &asking, 20, &problem), problem);
	assert_int_equal(guard.rows, 0);
}

static gboolean commit_again(Store *store, gpointer data, GError **error)
{
	(void)data;
	return store_commit(store, both, 2, NULL, 20, error);
}

static void a_commit_inside_a_guard_is_refused(void **state)
{
	World *world = *state;
	StoreGuard asking = { NULL, commit_again, NULL };

	refuse_guarded(world, both, 2, &asking, STORE_ERROR_FAILED,
		       "inside the guard of another");
	expect(world, "nodehm", NODEHM);
}

static void more_table_files_than_sqlite_can_lock_together_are_refused(void **state)
{
	World *world = *state;
	g_auto(GStrv) names = g_new0(char *, 13);
	Guard guard = { world, "nodelist", NULL, TRUE, 0, 0 };
	StoreGuard asking = { (const char *const *)names, look, &guard };
	g_autoptr(GError) problem = NULL;

	names[0] = g_strdup("nodelist");
	for (guint i = 1; i < 12; i++) {
		g_autofree char *sql = g_strdup_printf("CREATE TABLE more%u (node TEXT)", i);

		names[i] = g_strdup_printf("more%u", i);
		run_sql(world, names[i], sql);
	}
	if (world->xcat)
		refuse_guarded(world, both, 2, &asking, STORE_ERROR_FAILED,
			       "has to lock 14 table files, but this SQLite takes only 11");
	else
		assert_ok(store_commit(world->store, both, 2, &asking, 20, &problem), problem);
}

/* ---- crashes ---- */

/* Moves both tables to and fro until it is killed. */
static void flip_until_killed(const World *world)
{
	static const char *const sides[] = { "sn1", "sn2" };
	/* A connection cannot be shared with the parent, who reads afterwards. */
	Store *store = store_open(world->url, NULL);

	for (guint i = 0;; i++) {
		const char *from = sides[i % 2], *to = sides[1 - i % 2];
		StoreChange changes[] = {
			SET("noderes", "cn2", "servicenode", TEXT(from), TEXT(to)),
			SET("nodehm", "cn1", "conserver", TEXT(from), TEXT(to)),
		};

		if (!store || !store_commit(store, changes, 2, NULL, 1000, NULL))
			_exit(1);
	}
}

static void a_commit_that_is_killed_is_in_both_tables_or_in_none(void **state)
{
	World *world = *state;

	for (guint i = 0; i < 25; i++) {
		g_autoptr(StoreTable) noderes = NULL;
		g_autoptr(StoreTable) nodehm = NULL;
		pid_t child;
		int status;

		run_sql(world, "noderes", "UPDATE noderes SET servicenode = 'sn1'");
		run_sql(world, "nodehm", "UPDATE nodehm SET conserver = 'sn1'");
		child = fork();
		if (child == 0)
			flip_until_killed(world);
		g_usleep(2000 + i * 317);
		assert_int_equal(kill(child, SIGKILL), 0);
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSIGNALED(status));
		store_let_go(world->store);
		noderes = store_read(world->store, "noderes", NULL);
		nodehm = store_read(world->store, "nodehm", NULL);
		assert_string_equal(noderes->cells[noderes->n_columns + 1], nodehm->cells[1]);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		STORE_TEST(a_guard_that_says_no_writes_nothing),
		STORE_TEST(the_guard_reads_only_what_it_asked_for),
		STORE_TEST(a_commit_inside_a_guard_is_refused),
		STORE_TEST(a_commit_that_is_killed_is_in_both_tables_or_in_none),
	};
	/* Files, their locks and their disks; of servers see test_store_server.c. */
	static const struct CMUnitTest of_sqlite[] = {
		STORE_TEST(a_refusal_in_the_second_table_leaves_the_first_as_it_was),
		STORE_TEST(a_busy_database_is_waited_for_and_named),
		STORE_TEST(a_database_that_is_let_go_in_time_is_written),
		STORE_TEST(a_file_with_a_write_ahead_log_is_written_only_alone),
		STORE_TEST(a_disk_that_takes_no_more_leaves_everything_as_it_was),
		STORE_TEST(a_database_that_this_user_cannot_write_is_refused_in_words),
		STORE_TEST(what_the_guard_reads_cannot_be_changed_until_the_commit),
		STORE_TEST(more_table_files_than_sqlite_can_lock_together_are_refused),
	};

	return store_groups("transactions", tests, G_N_ELEMENTS(tests), of_sqlite,
			    G_N_ELEMENTS(of_sqlite));
}
