/*
 * The program that looks at many files and puts them, run by the perl of this machine; and the
 * one that fetches them.  tests/lab/test_boot.sh has both on hosts.
 */
#include "tests/unit/scratch.h"
#include "core/remote.h"
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* The script, and `front` in front of the shell. */
static RemoteResult *run_script(const char *front, const GString *script)
{
	g_autofree char *command = g_strdup_printf("%s /bin/sh '%s'", front, at("script"));
	const char *argv[] = { "/bin/sh", "-c", command, NULL };
	RemoteResult *result = g_new0(RemoteResult, 1);
	g_autofree char *out = NULL;
	g_autofree char *err = NULL;
	int status = 0;

	assert_true(g_file_set_contents(at("script"), script->str, (gssize)script->len, NULL));
	assert_true(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out,
				 &err, &status, NULL));
	result->begun = TRUE;
	result->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	result->out = g_string_new(out);
	result->err = g_string_new(err);
	return result;
}

static RemoteSeen *look(const char *const *paths, guint n)
{
	g_autoptr(GError) problem = NULL;
	GString *script = remote_look_many(paths, n, directory);
	g_autoptr(RemoteResult) result = run_script("", script);
	RemoteSeen *seen = remote_look_seen(result->out, n, &problem);

	g_string_free(script, TRUE);
	assert_ok(seen != NULL, problem);
	return seen;
}

/* ---- A look ---- */

static void a_look_tells_the_same_as_the_other_one(void **state)
{
	const char *paths[] = { at("a"),      at("link"),  directory,
				at("none/x"), at("empty"), at("it's \n odd") };
	guint n = G_N_ELEMENTS(paths);
	RemoteFile files[G_N_ELEMENTS(paths)] = { 0 };
	g_autoptr(RemoteResult) result = NULL;
	RemoteSeen *many, *other;
	GString *script;

	(void)state;
	lay("a", "a");
	lay("empty", "");
	lay("it's \n odd", "\n\n");
	assert_int_equal(symlink("a b\n", at("link")), 0);
	for (guint i = 0; i < n; i++)
		files[i].path = paths[i];
	script = remote_look(files, n, 1000);
	result = run_script("", script);
	g_string_free(script, TRUE);
	other = remote_look_seen(result->out, n, NULL);
	many = look(paths, n);
	for (guint i = 0; i < n; i++) {
		assert_string_equal(many[i].state, other[i].state);
		assert_string_equal(many[i].owner, other[i].owner);
		assert_int_equal(many[i].read_only, other[i].read_only);
		assert_int_equal(!many[i].content, !other[i].content);
		if (many[i].content)
			assert_true(g_bytes_equal(many[i].content, other[i].content));
	}
	remote_seen_free(many, n);
	remote_seen_free(other, n);
}

static void without_its_folder_nothing_is_looked_at(void **state)
{
	const char *paths[] = { at("none/x") };
	g_autoptr(GError) problem = NULL;
	GString *script = remote_look_many(paths, 1, at("none"));
	g_autoptr(RemoteResult) result = run_script("", script);

	(void)state;
	g_string_free(script, TRUE);
	assert_null(remote_look_seen(result->out, 1, &problem));
	assert_refused(problem, "there is no folder ");
}

/* ---- A put ---- */

#define FILES 5

/* A new file in a new folder, a new link, one that is replaced, one that goes, a link that
 * becomes a file. */
typedef struct {
	RemoteFile files[FILES];
	RemotePutFile puts[FILES];
	RemoteSeen *seen;
	char *after[FILES];
} Put;

static void put_clear(Put *put)
{
	remote_seen_free(put->seen, FILES);
	for (guint i = 0; i < FILES; i++)
		g_free(put->after[i]);
}

static const char *const names[FILES] = { "new/deep/a", "l", "b", "c", "d" };

static void lay_all(Put *put)
{
	static const RemoteFileKind kinds[FILES] = { REMOTE_FILE, REMOTE_FILE_LINK, REMOTE_FILE,
						     REMOTE_FILE_GONE, REMOTE_FILE };
	static const char *const contents[FILES] = { "A\n", "b", "B", NULL, "" };
	const char *paths[FILES];

	memset(put, 0, sizeof(*put));
	lay("b", "old b");
	lay("c", "old c");
	assert_int_equal(symlink("b", at("d")), 0);
	for (guint i = 0; i < FILES; i++) {
		paths[i] = at(names[i]);
		put->files[i] = (RemoteFile){ .path = paths[i],
					      .content = contents[i],
					      .length = contents[i] ? strlen(contents[i]) : 0,
					      .kind = kinds[i],
					      .mode = -1 };
	}
	put->seen = look(paths, FILES);
	for (guint i = 0; i < FILES; i++) {
		assert_false(remote_file_is_so(&put->files[i], &put->seen[i], &put->after[i]));
		put->puts[i] = (RemotePutFile){ &put->files[i], put->seen[i].state,
						put->after[i], at("kept/1.7"), TRUE };
	}
}

static RemoteResult *run_put(const Put *put, const char *front, gboolean again)
{
	GString *script = remote_put_many(put->puts, FILES, directory, again);
	RemoteResult *result = run_script(front, script);

	g_string_free(script, TRUE);
	remote_put_judge(put->puts, FILES, result);
	return result;
}

/* Nothing but these lies in the directory. */
static void assert_listing(const char *wanted)
{
	g_autofree char *command = g_strdup_printf(
		"cd '%s' && find . ! -name script ! -type d | LC_ALL=C sort | paste -sd ' '",
		directory);
	const char *argv[] = { "/bin/sh", "-c", command, NULL };
	g_autofree char *out = NULL;

	assert_true(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL,
				 &out, NULL, NULL, NULL));
	assert_string_equal(g_strchomp(out), wanted);
}

static void assert_put(void)
{
	g_autofree char *target = g_file_read_link(at("l"), NULL);
	struct stat is;

	assert_listing("./b ./d ./l ./new/deep/a");
	assert_content("new/deep/a", "A\n");
	assert_content("b", "B");
	assert_content("d", "");
	assert_string_equal(target, "b");
	assert_int_equal(lstat(at("b"), &is), 0);
	assert_int_equal(is.st_mode & 07777, 0640);
	assert_int_equal(lstat(at("new/deep/a"), &is), 0);
	assert_int_equal(is.st_mode & 07777, 0644);
}

static void assert_old(void)
{
	g_autofree char *target = g_file_read_link(at("d"), NULL);

	assert_listing("./b ./c ./d");
	assert_content("b", "old b");
	assert_content("c", "old c");
	assert_string_equal(target, "b");
}

static void all_are_put_and_nothing_else_is_left(void **state)
{
	Put put;
	g_autoptr(RemoteResult) result = NULL;

	(void)state;
	lay_all(&put);
	result = run_put(&put, "", FALSE);
	assert_int_equal(result->error, REMOTE_OK);
	assert_int_equal(result->status, 0);
	assert_put();
	put_clear(&put);
}

static void one_that_has_changed_keeps_all_as_they_are(void **state)
{
	Put put;
	g_autoptr(RemoteResult) result = NULL;

	(void)state;
	lay_all(&put);
	lay("c", "mine");
	result = run_put(&put, "", FALSE);
	assert_int_equal(result->error, REMOTE_CONFLICT);
	assert_non_null(strstr(result->message, at("c")));
	assert_listing("./b ./c ./d");
	assert_content("b", "old b");
	assert_content("c", "mine");
	put_clear(&put);
}

static void one_that_cannot_be_written_keeps_all_as_they_were(void **state)
{
	Put put;
	g_autoptr(RemoteResult) result = NULL;

	(void)state;
	lay_all(&put);
	lay("new", "a file where a folder shall be");
	result = run_put(&put, "", FALSE);
	assert_int_equal(result->error, REMOTE_UNWRITTEN);
	assert_int_equal(g_remove(at("new")), 0);
	assert_old();
	put_clear(&put);
}

static void without_the_folder_nothing_is_put(void **state)
{
	Put put;
	g_autoptr(RemoteResult) result = NULL;
	GString *script;

	(void)state;
	lay_all(&put);
	script = remote_put_many(put.puts, FILES, at("none"), FALSE);
	result = run_script("", script);
	g_string_free(script, TRUE);
	remote_put_judge(put.puts, FILES, result);
	assert_int_equal(result->error, REMOTE_UNWRITTEN);
	assert_non_null(strstr(result->message, "there is no folder"));
	assert_old();
	put_clear(&put);
}

/* Killed at any of its system calls that change something, it is made whole by the next try. */
static void a_killed_one_is_finished_by_the_next(void **state)
{
	static const char *const calls[] = { "link", "rename", "unlink", "symlink" };
	guint killed = 0;

	for (gsize i = 0; i < G_N_ELEMENTS(calls); i++)
		for (guint when = 1;; when++) {
			g_autofree char *front =
				g_strdup_printf("strace -f -qq -o /dev/null -e trace=%s -e "
						"inject=%s:signal=KILL:when=%u",
						calls[i], calls[i], when);
			Put put;
			g_autoptr(RemoteResult) first = NULL;
			g_autoptr(RemoteResult) second = NULL;

			remove_directory(state);
			make_directory(state);
			lay_all(&put);
			first = run_put(&put, front, FALSE);
			if (first->error == REMOTE_OK) {
				put_clear(&put);
				break;
			}
			killed++;
			assert_int_equal(first->error, REMOTE_UNKNOWN);
			second = run_put(&put, "", TRUE);
			assert_int_equal(second->error, REMOTE_OK);
			assert_put();
			put_clear(&put);
		}
	assert_true(killed >= 12);
}

/* ---- A fetch ---- */

static RemoteFetched *judge(const char *said, guint n, RemoteErrorCode *error)
{
	RemoteResult *result = g_new0(RemoteResult, 1);
	RemoteFetched *fetched;

	result->begun = TRUE;
	result->out = g_string_new(said);
	result->err = g_string_new(NULL);
	fetched = remote_fetch_judge(n, result);
	*error = result->error;
	remote_result_free(result);
	return fetched;
}

static void what_was_fetched_comes_in_any_order(void **state)
{
	RemoteErrorCode error;
	RemoteFetched *fetched = judge(
		"3 failed HTTP status 404\n1 ok 2 YQo=\n2 ok 0 -\nfetched 3\n", 3, &error);

	(void)state;
	assert_non_null(fetched);
	assert_int_equal(g_bytes_get_size(fetched[0].content), 2);
	assert_int_equal(g_bytes_get_size(fetched[1].content), 0);
	assert_string_equal(fetched[2].failure, "HTTP status 404");
	remote_fetched_free(fetched, 3);
}

static void half_an_output_of_a_fetch_is_none(void **state)
{
	static const char *const outputs[] = {
		"",
		"fetched 1\n",
		"1 ok 2 YQo=\n",
		"1 ok 2 YQo=\nfetched 2\n",
		"2 ok 2 YQo=\nfetched 1\n",
		"1 ok 3 YQo=\nfetched 1\n",
		"1 bad 3 YQo=\nfetched 1\n",
		"1 ok 2 YQo=\nfetched 1\nmore\n",
	};

	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(outputs); i++) {
		RemoteErrorCode error;

		if (judge(outputs[i], 1, &error))
			fail_msg("'%s'", outputs[i]);
		assert_int_equal(error, REMOTE_FAILED);
	}
}

static void a_url_of_two_lines_is_refused(void **state)
{
	const char *const urls[] = { "http://10.1.0.1/a\nhttp://10.1.0.2/" };
	g_autoptr(GError) problem = NULL;

	(void)state;
	assert_null(remote_fetch_input(urls, 1, &problem));
	assert_refused(problem, "is no URL");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_directory, remove_directory)
	const struct CMUnitTest tests[] = {
		TEST(a_look_tells_the_same_as_the_other_one),
		TEST(without_its_folder_nothing_is_looked_at),
		TEST(all_are_put_and_nothing_else_is_left),
		TEST(one_that_has_changed_keeps_all_as_they_are),
		TEST(one_that_cannot_be_written_keeps_all_as_they_were),
		TEST(without_the_folder_nothing_is_put),
		TEST(a_killed_one_is_finished_by_the_next),
		TEST(what_was_fetched_comes_in_any_order),
		TEST(half_an_output_of_a_fetch_is_none),
		TEST(a_url_of_two_lines_is_refused),
	};

	return cmocka_run_group_tests_name("many", tests, NULL, NULL);
}
