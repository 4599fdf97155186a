/*
 * Files that are mounts of their own: written into, and so half written by who is killed in the
 * middle.  Real mounts are in tests/lab/test_files.sh; here the kernel's list of them is told.
 */
#include "tests/unit/service_world.h"

#define X    ROOT "/x.conf"
#define Y    ROOT "/y.conf"
#define CAT  ROOT "/.programs/cat"
#define HALF "#!/bin/sh\nhead -c 2 \"$1\"\nkill -KILL $PPID\n"

static void mounted_x(const Test *test, const char *content)
{
	lay(test, "cn1", X, content);
	mount_at(test, "cn1", X, "rw,relatime");
}

static void put_in_step(Test *test, const RemoteFile *files, guint n)
{
	begin_step(test, "chrony");
	put(test, "cn1", files, n);
	end_step(test);
}

/* From now on scripts on cn1 are killed when they have written two bytes into a file. */
static void deadly_cat(const Test *test)
{
	g_autofree char *folder = host_path(test, "cn1", ROOT "/.programs");
	g_autofree char *cat = host_path(test, "cn1", CAT);

	assert_int_equal(g_mkdir_with_parents(folder, 0700), 0);
	lay(test, "cn1", CAT, HALF);
	assert_int_equal(g_chmod(cat, 0700), 0);
}

static void harmless_cat(const Test *test)
{
	g_autofree char *cat = host_path(test, "cn1", CAT);

	assert_int_equal(g_unlink(cat), 0);
}

/* The program and its script are killed while the new X is written. */
static void kill_in_the_middle(Test *test)
{
	mounted_x(test, "old");
	deadly_cat(test);
	test->kill_at = 1;
	begin_step(test, "chrony");
	put(test, "cn1", FILES(file(X, "new"), file(Y, "new")));
	killed(test);
	harmless_cat(test);
	assert_there(test, "cn1", X, "ne");
}

static guint64 number_of(const Test *test, const char *path)
{
	g_autofree char *file = host_path(test, "cn1", path);
	GStatBuf about;

	assert_int_equal(g_stat(file, &about), 0);
	return about.st_ino;
}

/* ---- Put ---- */

static void a_plan_says_that_a_mount_is_written_in_place(void **state)
{
	Test *test = *state;
	g_autofree char *report = NULL;

	mounted_x(test, "a\n");
	lay(test, "cn2", X, "a\n");
	begin_plan(test);
	begin_step(test, "chrony");
	put(test, "cn1 cn2", FILES(file(X, "b\n")));
	end_step(test);
	report = change_report(run_changes(test->run), FALSE);
	assert_string_equal(report, "chrony\n"
				    "  " X "  2 -> 2 bytes, mount written in place  cn1\n"
				    "    -a\n"
				    "    +b\n"
				    "  " X "  2 -> 2 bytes                          cn2\n"
				    "    -a\n"
				    "    +b\n");
}

static void a_mount_stays_the_file_that_it_is(void **state)
{
	Test *test = *state;
	guint64 number;

	mounted_x(test, "old");
	number = number_of(test, X);
	put_in_step(test, FILES(file(X, "new"), file(Y, "new")));
	assert_results(test, "0");
	assert_there(test, "cn1", X, "new");
	assert_mode(test, "cn1", X, 0640);
	assert_int_equal(number_of(test, X), number);
	assert_int_equal(count_files(test, "cn1", ROOT "/kept"), 1);
	undo(test, NULL);
	assert_owed(test, "");
	assert_there(test, "cn1", X, "old");
	assert_there(test, "cn1", Y, "(nothing)");
	assert_int_equal(number_of(test, X), number);
	assert_target(test, X " cn1 undone|" Y " cn1 undone");
}

static void what_cannot_be_on_a_mount_is_refused_before_anything_is_put(void **state)
{
	static const struct {
		RemoteFileKind kind;
		const char *options, *words;
	} cases[] = {
		{ REMOTE_FILE_GONE, "rw", "is a mount, and cannot be taken away" },
		{ REMOTE_FILE_LINK, "rw", "is a mount, and no link can take its place" },
		{ REMOTE_FILE, "ro,relatime", "is a mount that is read-only" },
	};
	Test *test = *state;

	lay(test, "cn1", X, "old");
	begin_step(test, "chrony");
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		RemoteFile wanted = file(X, "new");

		wanted.kind = cases[i].kind;
		mount_at(test, "cn1", X, cases[i].options);
		put(test, "cn1", FILES(file(Y, "new"), wanted));
		assert_results(test, "not written");
		assert_message(test, 0, cases[i].words);
		assert_false(result(test, 0)->begun);
		assert_there(test, "cn1", X, "old");
		assert_there(test, "cn1", Y, "(nothing)");
	}
	end_step(test);
	assert_kept(test, "");
}

static void a_mount_that_is_so_already_may_be_read_only(void **state)
{
	Test *test = *state;

	lay(test, "cn1", X, "same");
	mount_at(test, "cn1", X, "ro");
	put_in_step(test, FILES(file(X, "same")));
	assert_results(test, "0");
	assert_int_equal(test->changed[0], 0);
}

static void entries_are_not_written_into_a_mount(void **state)
{
	Test *test = *state;

	lay(test, "cn1", LINES_FILE, "cn2: two\n");
	mount_at(test, "cn1", LINES_FILE, "rw");
	give_in_step(test, "lines", "cn1", "cn1=one");
	assert_results(test, "not written");
	assert_message(test, 0, "is a mount, and entries cannot be swapped in there");
	assert_there(test, "cn1", LINES_FILE, "cn2: two\n");
}

/* ---- Killed in the middle ---- */

static void a_resume_finishes_what_is_half_written(void **state)
{
	Test *test = *state;

	kill_in_the_middle(test);
	resume(test);
	assert_kept(test, X " cn1 unknown|" Y " cn1 unknown");
	put_in_step(test, FILES(file(X, "new"), file(Y, "new")));
	assert_results(test, "0");
	assert_there(test, "cn1", X, "new");
	assert_mode(test, "cn1", X, 0640);
	assert_kept(test, X " cn1 done|" Y " cn1 done");
	undo(test, NULL);
	assert_there(test, "cn1", X, "old");
	assert_there(test, "cn1", Y, "(nothing)");
}

static void an_undo_puts_back_what_is_half_written(void **state)
{
	Test *test = *state;

	kill_in_the_middle(test);
	undo(test, NULL);
	assert_owed(test, "");
	assert_there(test, "cn1", X, "old");
	assert_mode(test, "cn1", X, 0640);
	assert_there(test, "cn1", Y, "(nothing)");
	assert_target(test, X " cn1 undone|" Y " cn1 undone");
	assert_int_equal(count_files(test, "cn1", ROOT "/kept"), 0);
}

static void a_resume_leaves_what_somebody_else_has_written_meanwhile(void **state)
{
	Test *test = *state;

	kill_in_the_middle(test);
	lay(test, "cn1", X, "mine");
	resume(test);
	put_in_step(test, FILES(file(X, "new"), file(Y, "new")));
	assert_results(test, "conflict");
	assert_message(test, 0, "somebody has changed '" X "'");
	assert_there(test, "cn1", X, "mine");
	assert_there(test, "cn1", Y, "(nothing)");
}

static void an_undo_leaves_what_somebody_else_has_written_meanwhile(void **state)
{
	Test *test = *state;

	kill_in_the_middle(test);
	lay(test, "cn1", X, "mine");
	undo(test, NULL);
	assert_owed(test, "cn1 cn1: left as it is: somebody has changed '" X
			  "' since it was looked at");
	assert_there(test, "cn1", X, "mine");
}

static void an_undo_that_left_it_half_written_goes_on(void **state)
{
	Test *test = *state;

	mounted_x(test, "old");
	put_in_step(test, FILES(file(X, "new"), file(Y, "new")));
	begin_undo(test);
	deadly_cat(test);
	test->kill_at = 2; /* after the look */
	assert_ok(walk_back(test, NULL), test->problem);
	killed(test);
	harmless_cat(test);
	assert_there(test, "cn1", X, "ol");
	undo_again(test);
	assert_owed(test, "");
	assert_there(test, "cn1", X, "old");
	assert_mode(test, "cn1", X, 0640);
	assert_there(test, "cn1", Y, "(nothing)");
	assert_target(test, X " cn1 undone|" Y " cn1 undone");
}

static void an_undo_leaves_one_that_is_other_since_it_was_put(void **state)
{
	Test *test = *state;

	mounted_x(test, "old");
	put_in_step(test, FILES(file(X, "new")));
	lay(test, "cn1", X, "ol"); /* as if half of it were back: nobody has begun that */
	undo(test, NULL);
	assert_owed(test,
		    "cn1 cn1: left as it is: somebody changed '" X "' since (before a file "
		    "of 3 bytes, then a file of 3 bytes, now a file of 2 bytes)");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_plan_says_that_a_mount_is_written_in_place),
		TEST(a_mount_stays_the_file_that_it_is),
		TEST(what_cannot_be_on_a_mount_is_refused_before_anything_is_put),
		TEST(a_mount_that_is_so_already_may_be_read_only),
		TEST(entries_are_not_written_into_a_mount),
		TEST(a_resume_finishes_what_is_half_written),
		TEST(an_undo_puts_back_what_is_half_written),
		TEST(a_resume_leaves_what_somebody_else_has_written_meanwhile),
		TEST(an_undo_leaves_what_somebody_else_has_written_meanwhile),
		TEST(an_undo_that_left_it_half_written_goes_on),
		TEST(an_undo_leaves_one_that_is_other_since_it_was_put),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
