/*
 * The scripts that look at files and put them, run by the shells of this machine: dash as
 * /bin/sh mostly is, and bash; and by ksh with nothing but what AIX has.
 * tests/lab/test_files.sh and test_aix_hosts.sh have them on hosts.
 */
#include "tests/unit/scratch.h"
#include "core/change/difference.h"
#include "core/remote.h"
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <utime.h>

#define AIX "the shell of AIX"

static const char *const shells[] = { "/bin/sh", "/bin/bash", AIX };

/* What mount of AIX says. */
static void aix_mounted(const char *lines)
{
	g_autofree char *text = g_strconcat("#!/bin/sh\ncat <<'END'\n"
					    "  node       mounted        mounted over    vfs   "
					    "    date        options      \n"
					    "-------- ---------------  ---------------  ------ "
					    "------------ --------------- \n"
					    "         /dev/hd4         /                jfs2   "
					    "Nov 27 08:00 rw,log=/dev/hd8 \n",
					    lines, "END\n", NULL);

	assert_true(g_file_set_contents(at("aix/mount"), text, -1, NULL));
	assert_int_equal(g_chmod(at("aix/mount"), 0755), 0);
}

/* A folder with the programs of AIX, the first time it is asked for. */
static const char *aix_programs(void)
{
	g_autofree char *lay = harness_source("tests/lib/aix_lay");
	const char *folder = at("aix");
	const char *argv[] = { lay, folder, NULL };
	int status = -1;

	if (g_file_test(folder, G_FILE_TEST_IS_DIR))
		return folder;
	assert_true(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL,
				 NULL, &status, NULL));
	assert_int_equal(status, 0);
	aix_mounted("");
	return folder;
}

/* From now on these are mounts for all scripts, as the kernel would tell it. */
static void mounted(const char *lines)
{
	g_auto(GStrv) all = g_strsplit(lines, "\n", -1);
	g_autoptr(GString) aix = g_string_new(NULL);

	assert_true(g_file_set_contents(at("mountinfo"), lines, -1, NULL));
	for (guint i = 0; all[i] && *all[i]; i++) {
		g_auto(GStrv) words = g_strsplit(all[i], " ", -1);

		g_string_append_printf(aix, "         /x  %s namefs Nov 27 08:01 %s\n",
				       words[4], words[5]);
	}
	(void)aix_programs();
	aix_mounted(aix->str);
}

/* The script on the standard input of a shell, as on a host. */
static RemoteResult *run_script(const char *shell, const GString *given)
{
	g_autoptr(GString) script = g_string_new_len(given->str, (gssize)given->len);
	gboolean aix = g_str_equal(shell, AIX);
	g_autofree char *path = aix ? g_strconcat("PATH=", aix_programs(), NULL) : NULL;
	const char *argv[] = { aix ? at("aix/sh") : shell, at("script"), NULL };
	const char *only[] = { path, NULL };
	RemoteResult *result = g_new0(RemoteResult, 1);
	g_autofree char *out = NULL;
	g_autofree char *err = NULL;
	int status = 0;

	(void)g_string_replace(script, "/proc/self/mountinfo", at("mountinfo"), 0);
	if (aix)
		(void)g_string_replace(script, "/usr/lpp/bos", at("aix"), 0);
	assert_true(g_file_set_contents(at("script"), script->str, (gssize)script->len, NULL));
	assert_true(g_spawn_sync(NULL, (char **)argv, aix ? (char **)only : NULL,
				 G_SPAWN_DEFAULT, NULL, NULL, &out, &err, &status, NULL));
	result->begun = TRUE;
	result->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	result->out = g_string_new(out);
	result->err = g_string_new(err);
	return result;
}

static RemoteSeen *look(const RemoteFile *files, guint n, gsize most)
{
	g_autoptr(GError) problem = NULL;
	GString *script = remote_look(files, n, most);
	g_autoptr(RemoteResult) result = run_script("/bin/sh", script);
	RemoteSeen *seen = remote_look_seen(result->out, n, &problem);

	g_string_free(script, TRUE);
	assert_ok(seen != NULL, problem);
	return seen;
}

#define A_SHA "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"

static void a_look_tells_what_is_at_each_path(void **state)
{
	RemoteFile files[] = { { .path = at("a") },	{ .path = at("link") },
			       { .path = directory },	{ .path = at("none") },
			       { .path = at("empty") }, { .path = at("it's \n odd") } };
	g_autofree char *target = NULL;
	g_autofree char *own = NULL;
	RemoteSeen *seen;

	(void)state;
	lay("a", "a");
	lay("empty", "");
	lay("it's \n odd", "long enough");
	assert_int_equal(symlink("a b\n", at("link")), 0);
	seen = look(files, G_N_ELEMENTS(files), 4);
	own = g_strdup_printf("file 640 %u:%u 1 " A_SHA, getuid(), getgid());
	assert_string_equal(seen[0].state, own);
	assert_int_equal(g_bytes_get_size(seen[0].content), 1);
	target = remote_state_target(seen[1].state);
	assert_string_equal(target, "a b\n");
	assert_string_equal(seen[2].state, "other");
	assert_string_equal(seen[3].state, REMOTE_ABSENT);
	assert_null(seen[3].content);
	assert_int_equal(g_bytes_get_size(seen[4].content), 0);
	assert_true(g_str_has_prefix(seen[5].state, "file 640 "));
	assert_null(seen[5].content); /* longer than was asked for */
	remote_seen_free(seen, G_N_ELEMENTS(files));
}

/* Bytes of all kinds, more of them than a line of base64 has. */
static void lay_bytes(const char *name)
{
	g_autoptr(GString) bytes = g_string_new(NULL);

	for (guint i = 0; i < 700; i++)
		g_string_append_c(bytes, (char)(i * 7));
	assert_true(g_file_set_contents(at(name), bytes->str, (gssize)bytes->len, NULL));
	assert_int_equal(g_chmod(at(name), 06711), 0);
}

static void a_look_says_the_same_on_aix(void **state)
{
	RemoteFile files[] = {
		{ .path = at("bytes") },
		{ .path = at("a") },
		{ .path = at("link") },
		{ .path = directory },
		{ .path = at("none") },
		{ .path = at("none/in it") },
		{ .path = at("empty") },
		{ .path = at("it's \n odd") },
		{ .path = at("dangling") },
		{ .path = at("copied"), .kind = REMOTE_FILE_COPY, .content = at("bytes") },
	};
	GString *script = remote_look(files, G_N_ELEMENTS(files), 800);
	g_autoptr(RemoteResult) here = NULL;
	g_autoptr(RemoteResult) aix = NULL;

	(void)state;
	lay_bytes("bytes");
	lay("a", "a");
	lay("empty", "");
	lay("it's \n odd", "odd");
	assert_int_equal(symlink("/none\n\n", at("dangling")), 0);
	here = run_script("/bin/sh", script);
	aix = run_script(AIX, script);
	assert_string_equal(aix->out->str, here->out->str);
	assert_string_equal(aix->err->str, "");
	assert_true(here->out->len > 1000);
	/* Where there is no OpenSSL, either. */
	assert_int_equal(g_rename(at("aix/openssl"), at("openssl")), 0);
	remote_result_free(aix);
	aix = run_script(AIX, script);
	assert_int_equal(g_rename(at("openssl"), at("aix/openssl")), 0);
	assert_string_equal(aix->out->str, here->out->str);
	g_string_free(script, TRUE);
}

static void assert_mount(const RemoteSeen *seen, gboolean is_mount, gboolean read_only)
{
	assert_int_equal(remote_state_is_mount(seen->state), is_mount);
	assert_int_equal(seen->read_only, read_only);
}

static void aix_tells_its_mounts_itself(void **state)
{
	RemoteFile files[] = { { .path = at("a") },
			       { .path = at("empty") },
			       { .path = at("bytes") } };
	g_autofree char *lines = g_strdup_printf(
		"sn1      /export/a        %s   nfs3   Nov 27 08:00 ro,hard,intr\n"
		"         /some/empty      %s   namefs Nov 27 08:00 rw\n",
		files[0].path, files[1].path);
	g_autoptr(GError) problem = NULL;
	g_autoptr(RemoteResult) result = NULL;
	GString *script = remote_look(files, G_N_ELEMENTS(files), 0);
	RemoteSeen *seen;

	(void)state;
	lay("a", "a");
	lay("empty", "");
	lay_bytes("bytes");
	(void)aix_programs();
	aix_mounted(lines);
	result = run_script(AIX, script);
	seen = remote_look_seen(result->out, G_N_ELEMENTS(files), &problem);
	assert_ok(seen != NULL, problem);
	assert_mount(&seen[0], TRUE, TRUE);
	assert_mount(&seen[1], TRUE, FALSE);
	assert_mount(&seen[2], FALSE, FALSE);
	remote_seen_free(seen, G_N_ELEMENTS(files));
	g_string_free(script, TRUE);
	mounted("");
}

/* A line of mountinfo for a path, with `more` behind it. */
static char *mount_line(const char *path, const char *more, const char *options)
{
	return g_strdup_printf("36 35 98:0 /x %s%s %s,relatime shared:1 - tmpfs none rw\n",
			       path, more, options);
}

static void a_look_tells_which_files_are_mounts(void **state)
{
	RemoteFile files[] = { { .path = at("a") },	      { .path = at("a2") },
			       { .path = at("odd \\ \t\n") }, { .path = at("way/a") },
			       { .path = at("read-only") },   { .path = at("again") } };
	char *lines[] = { mount_line(at("a"), "", "rw"),
			  mount_line(at("odd"), "\\040\\134\\040\\011\\012", "rw"),
			  mount_line(at("read-only"), "", "ro"),
			  mount_line(at("again"), "", "ro"),
			  mount_line(at("again"), "", "rw"),
			  NULL };
	g_autofree char *own = NULL;
	g_autofree char *all = g_strjoinv("", lines);
	RemoteSeen *seen;

	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(files); i++)
		if (i != 3)
			assert_true(g_file_set_contents(files[i].path, "a", 1, NULL));
	g_chmod(at("a"), 0640);
	assert_int_equal(symlink(".", at("way")), 0);
	mounted(all);
	seen = look(files, G_N_ELEMENTS(files), 0);
	own = g_strdup_printf("file 640 %u:%u 1 mount " A_SHA, getuid(), getgid());
	assert_string_equal(seen[0].state, own);
	assert_mount(&seen[0], TRUE, FALSE);
	assert_mount(&seen[1], FALSE, FALSE);
	assert_mount(&seen[2], TRUE, FALSE);
	assert_mount(&seen[3], TRUE, FALSE);
	assert_mount(&seen[4], TRUE, TRUE);
	assert_mount(&seen[5], TRUE, FALSE);
	remote_seen_free(seen, G_N_ELEMENTS(files));
	mounted("");
	seen = look(files, 1, 0);
	assert_mount(&seen[0], FALSE, FALSE);
	remote_seen_free(seen, 1);
	for (guint i = 0; lines[i]; i++)
		g_free(lines[i]);
}

static void what_cannot_be_put_on_a_mount_is_refused(void **state)
{
	static const char on[] = "file 644 0:0 1 mount " A_SHA, off[] = "file 644 0:0 1 " A_SHA;
	static const struct {
		const char *copy, *state, *words;
		RemoteFileKind kind;
		gboolean read_only;
	} cases[] = {
		{ NULL, on, NULL, REMOTE_FILE, FALSE },
		{ NULL, on, "is a mount that is read-only: remount it first", REMOTE_FILE,
		  TRUE },
		{ NULL, off, "cannot be replaced: its folder is read-only", REMOTE_FILE, TRUE },
		{ NULL, REMOTE_ABSENT, "its folder is read-only", REMOTE_FILE, TRUE },
		{ NULL, "other", "is neither a file nor a link", REMOTE_FILE, FALSE },
		{ NULL, on, "is a mount, and cannot be taken away", REMOTE_FILE_GONE, FALSE },
		{ NULL, off, NULL, REMOTE_FILE_GONE, FALSE },
		{ NULL, on, "is a mount, and no link can take its place", REMOTE_FILE_LINK,
		  FALSE },
		{ off, on, NULL, REMOTE_FILE_COPY, FALSE },
		{ "link eA==", on, "no link can take its place", REMOTE_FILE_COPY, FALSE },
	};

	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		RemoteFile file = { .path = "/x",
				    .kind = cases[i].kind,
				    .state = cases[i].copy };
		RemoteSeen seen = { .state = (char *)cases[i].state,
				    .read_only = cases[i].read_only };
		const char *words = remote_file_refused(&file, &seen);

		if (!cases[i].words != !words || (words && !strstr(words, cases[i].words)))
			fail_msg("case %zu says: %s", i, words ? words : "(nothing)");
	}
}

static void a_look_that_says_too_little_is_an_error(void **state)
{
	g_autoptr(GError) problem = NULL;
	GString *said = g_string_new("file 644 0:0 1 x\nroot:root\n");

	(void)state;
	assert_null(remote_look_seen(said, 1, &problem));
	assert_refused(problem, "does not tell what its files are");
	g_string_free(said, TRUE);
}

static void states_are_the_same_by_their_content(void **state)
{
	(void)state;
	assert_true(remote_same_content("file 644 0:0 1 x", "file 600 1:1 1 x"));
	assert_false(remote_same_content("file 644 0:0 1 x", "file 644 0:0 1 y"));
	assert_false(remote_same_content("file 644 0:0 1 x", "link x"));
	assert_true(remote_same_content("absent", "absent"));
	assert_false(remote_same_content("absent", "other"));
	assert_true(remote_same_content("file 644 0:0 1 x", "file 644 0:0 1 mount x"));
}

/* ---- Is it so already? ---- */

static void assert_so(const RemoteFile *file, const char *state, const char *owner,
		      gboolean wanted, const char *after)
{
	RemoteSeen seen = { .state = (char *)state,
			    .owner = (char *)owner,
			    .copy = (char *)"" };
	g_autofree char *becomes = NULL;
	gboolean is_so = remote_file_is_so(file, &seen, &becomes);

	assert_int_equal(is_so, wanted);
	assert_string_equal(becomes, after);
}

static void a_file_keeps_what_is_not_asked_for(void **state)
{
	RemoteFile file = { .path = "/x", .content = "a", .length = 1, .mode = -1 };

	(void)state;
	assert_so(&file, "file 640 0:8 1 " A_SHA, "root:mail", TRUE, "file 640 0:8 1 " A_SHA);
	assert_so(&file, "file 640 0:8 1 other", "root:mail", FALSE, "file 640 0:8 1 " A_SHA);
	assert_so(&file, REMOTE_ABSENT, "", FALSE, "file 644 - 1 " A_SHA);
	assert_so(&file, "link eA==", "", FALSE, "file 644 - 1 " A_SHA);
	assert_so(&file, "file 640 0:8 1 mount " A_SHA, "root:mail", TRUE,
		  "file 640 0:8 1 mount " A_SHA);
}

static void a_mode_and_an_owner_are_compared_if_they_are_asked_for(void **state)
{
	static const struct {
		int mode;
		gboolean so;
		const char *owner, *after;
	} cases[] = {
		{ 0640, TRUE, NULL, "file 640 0:8 1 " A_SHA },
		{ 0600, FALSE, NULL, "file 600 0:8 1 " A_SHA },
		{ -1, TRUE, "root", "file 640 0:8 1 " A_SHA },
		{ -1, TRUE, "0", "file 640 0:8 1 " A_SHA },
		{ -1, TRUE, "root:mail", "file 640 0:8 1 " A_SHA },
		{ -1, TRUE, "0:8", "file 640 0:8 1 " A_SHA },
		{ -1, FALSE, "roo", "file 640 roo 1 " A_SHA },
		{ -1, FALSE, "root:mai", "file 640 root:mai 1 " A_SHA },
		{ -1, FALSE, "root:root", "file 640 root:root 1 " A_SHA },
	};

	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		RemoteFile file = { .path = "/x",
				    .content = "a",
				    .length = 1,
				    .mode = cases[i].mode,
				    .owner = cases[i].owner };

		assert_so(&file, "file 640 0:8 1 " A_SHA, "root:mail", cases[i].so,
			  cases[i].after);
	}
}

static void paths_modes_and_owners_that_are_none_are_refused(void **state)
{
	static const struct {
		const char *path;
		RemoteFileKind kind;
		int mode;
		const char *owner, *words;
	} cases[] = {
		{ "x", REMOTE_FILE, -1, NULL, "'x' is not the path of a file" },
		{ "/", REMOTE_FILE, -1, NULL, "'/' is not the path" },
		{ "/x/", REMOTE_FILE, -1, NULL, "'/x/' is not the path" },
		{ "/a//x", REMOTE_FILE, -1, NULL, "'/a//x' is not the path" },
		{ "/a/../x", REMOTE_FILE, -1, NULL, "'/a/../x' is not the path" },
		{ "/x", REMOTE_FILE, 010000, NULL, "mode 10000 is none" },
		{ "/x", REMOTE_FILE, -1, "", "'' is no owner" },
		{ "/x", REMOTE_FILE, -1, ":", "':' is no owner" },
		{ "/x", REMOTE_FILE, -1, "a:b:c", "'a:b:c' is no owner" },
		{ "/x", REMOTE_FILE, -1, "--reference=/y", "is no owner" },
		{ "/x", REMOTE_FILE_LINK, -1, NULL, "a link has a target" },
	};

	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		RemoteFile file = { .path = cases[i].path,
				    .kind = cases[i].kind,
				    .mode = cases[i].mode,
				    .owner = cases[i].owner };
		g_autoptr(GError) problem = NULL;

		assert_false(remote_file_check(&file, &problem));
		assert_refused(problem, cases[i].words);
	}
}

/* ---- Put ---- */

/* Three files: one that is there, one that is new, one that goes. */
typedef struct {
	RemoteFile files[3];
	RemotePutFile way[3];
	const char *check, *activate;
} Put;

#define LOG "echo $(cat one) >>log"

static void put_setup(Put *put, const char *content)
{
	RemoteSeen *seen;

	g_unlink(at("log"));
	g_unlink(at("new"));
	lay("one", "old one");
	lay("gone", "to go");
	put->files[0] = (RemoteFile){
		.path = at("one"), .content = content, .length = strlen(content), .mode = -1
	};
	put->files[1] = (RemoteFile){
		.path = at("new"), .content = content, .length = strlen(content), .mode = 0600
	};
	put->files[2] =
		(RemoteFile){ .path = at("gone"), .kind = REMOTE_FILE_GONE, .mode = -1 };
	put->check = put->activate = NULL;
	seen = look(put->files, 3, 0);
	for (guint i = 0; i < 3; i++) {
		g_autofree char *kept = g_strdup_printf("kept/call.%u", i + 1);
		g_autofree char *after = NULL;

		assert_false(remote_file_is_so(&put->files[i], &seen[i], &after));
		put->way[i] = (RemotePutFile){ &put->files[i], g_intern_string(seen[i].state),
					       g_intern_string(after), at(kept), FALSE };
	}
	remote_seen_free(seen, 3);
}

static RemoteResult *put_run(const Put *put, const char *shell, RemotePutMode mode)
{
	g_autofree char *change = g_strdup_printf("cd %s; ", directory);
	g_autofree char *check = put->check ? g_strconcat(change, put->check, NULL) : NULL;
	g_autofree char *activate =
		put->activate ? g_strconcat(change, put->activate, NULL) : NULL;
	GString *script = remote_put(put->way, 3, "call", check, activate, mode);
	RemoteResult *result = run_script(shell, script);

	g_string_free(script, TRUE);
	remote_put_judge(put->way, 3, result);
	return result;
}

static void assert_put(const Put *put, const char *shell, RemotePutMode mode,
		       RemoteErrorCode error, const char *message)
{
	g_autoptr(RemoteResult) result = put_run(put, shell, mode);

	if (result->error != error)
		fail_msg("%s: error %d: %s", shell, result->error, result->message);
	if (message && !strstr(result->message, message))
		fail_msg("%s: \"%s\" does not say \"%s\"", shell, result->message, message);
	assert_int_equal(result->status, error == REMOTE_OK ? 0 : -1);
}

/* Nothing is left of a call but what is kept of two files. */
static void assert_kept(gboolean kept)
{
	g_autoptr(GDir) folder = g_dir_open(directory, 0, NULL);
	const char *name;

	assert_int_equal(g_file_test(at("kept/call.1"), G_FILE_TEST_EXISTS), kept);
	assert_int_equal(g_file_test(at("kept/call.3"), G_FILE_TEST_EXISTS), kept);
	assert_false(g_file_test(at("kept/call.2"), G_FILE_TEST_EXISTS));
	assert_false(g_file_test(at("kept/call"), G_FILE_TEST_EXISTS)); /* the log */
	assert_false(g_file_test(at("kept/turn"), G_FILE_TEST_IS_SYMLINK));
	while ((name = g_dir_read_name(folder)))
		assert_null(strstr(name, ".snmove-"));
}

static void assert_old(void)
{
	assert_content("one", "old one");
	assert_content("new", "(nothing)");
	assert_content("gone", "to go");
	assert_kept(FALSE);
}

static void assert_new(void)
{
	assert_content("one", "new\n");
	assert_content("new", "new\n");
	assert_content("gone", "(nothing)");
	assert_kept(TRUE);
}

#define EACH_SHELL for (gsize i = 0; i < G_N_ELEMENTS(shells); i++)

static void files_are_put_checked_and_activated(void **state)
{
	Put put;
	GStatBuf about;

	(void)state;
	EACH_SHELL
	{
		put_setup(&put, "new\n");
		put.check =
			"[ $# = 2 ] && cat \"$1\" \"$2\" >>log && cat one >>log && echo >>log";
		put.activate = LOG;
		assert_put(&put, shells[i], REMOTE_PUT, REMOTE_OK, NULL);
		assert_new();
		assert_content("log", "new\nnew\nold one\nnew\n");
		g_stat(at("one"), &about);
		assert_int_equal(about.st_mode & 0777, 0640);
		g_stat(at("new"), &about);
		assert_int_equal(about.st_mode & 0777, 0600);
		assert_put(&put, shells[i], REMOTE_PUT_BACK, REMOTE_OK, NULL);
		assert_old();
	}
}

static void a_check_that_fails_leaves_all_as_it_was(void **state)
{
	Put put;

	(void)state;
	EACH_SHELL
	{
		put_setup(&put, "new\n");
		put.check = "echo bad line >&2; exit 9";
		put.activate = LOG;
		assert_put(&put, shells[i], REMOTE_PUT, REMOTE_UNCHECKED,
			   "ended with status 9: bad line");
		assert_old();
		assert_content("log", "(nothing)");
	}
}

static void what_cannot_be_activated_is_put_back_and_activated(void **state)
{
	Put put;

	(void)state;
	EACH_SHELL
	{
		put_setup(&put, "new\n");
		put.activate = LOG "; ! [ -e new ]";
		assert_put(&put, shells[i], REMOTE_PUT, REMOTE_UNACTIVATED,
			   "status 1, and the old files are back");
		assert_old();
		assert_content("log", "new\nold one\n");
	}
}

static void a_file_that_was_changed_is_a_conflict(void **state)
{
	Put put;

	(void)state;
	EACH_SHELL
	{
		put_setup(&put, "new\n");
		lay("gone", "mine");
		assert_put(&put, shells[i], REMOTE_PUT, REMOTE_CONFLICT,
			   "somebody has changed");
		assert_content("one", "old one");
		assert_content("gone", "mine");
		put_setup(&put, "new\n");
		g_chmod(at("gone"), 0600);
		assert_put(&put, shells[i], REMOTE_PUT, REMOTE_CONFLICT, "gone'");
		put_setup(&put, "new\n");
		put.check = "echo more >>one"; /* in the middle */
		assert_put(&put, shells[i], REMOTE_PUT, REMOTE_CONFLICT, "one'");
		assert_content("gone", "to go");
		assert_kept(FALSE);
	}
}

static void what_was_begun_is_finished_again(void **state)
{
	Put put;

	(void)state;
	EACH_SHELL
	{
		put_setup(&put, "new\n");
		put.activate = LOG;
		assert_put(&put, shells[i], REMOTE_PUT, REMOTE_OK, NULL);
		/* All of it was done: it is activated once more. */
		assert_put(&put, shells[i], REMOTE_PUT_AGAIN, REMOTE_OK, NULL);
		assert_new();
		assert_content("log", "new\nnew\n");
		/* A part of it: the rest comes, and what was kept stays what it is. */
		lay("gone", "to go");
		assert_put(&put, shells[i], REMOTE_PUT_AGAIN, REMOTE_OK, NULL);
		assert_new();
		assert_content("kept/call.1", "old one");
		/* It fails this time: what was done before goes back, too. */
		lay("gone", "to go");
		put.check = "false";
		assert_put(&put, shells[i], REMOTE_PUT_AGAIN, REMOTE_UNCHECKED, NULL);
		assert_old();
		assert_put(&put, shells[i], REMOTE_PUT_BACK, REMOTE_OK, NULL);
		assert_old();
	}
}

static void a_killed_script_is_no_result(void **state)
{
	Put put;

	(void)state;
	EACH_SHELL
	{
		put_setup(&put, "new\n");
		/* The check's own shell, the one that keeps its output, and the script's. */
		put.check =
			"p=$(cut -d ' ' -f 4 /proc/self/stat); "
			"for i in 1 2 3; do a=\"$p $a\"; p=$(cut -d ' ' -f 4 /proc/$p/stat); "
			"[ \"$(cat /proc/$p/comm)\" = sh ] || [ \"$(cat /proc/$p/comm)\" = "
			"bash ] "
			"|| break; done; kill -KILL $a";
		assert_put(&put, shells[i], REMOTE_PUT, REMOTE_UNKNOWN, NULL);
		put.check = NULL;
		assert_put(&put, shells[i], REMOTE_PUT_BACK, REMOTE_OK, NULL);
		assert_old();
	}
}

static void a_copy_brings_back_what_was_kept(void **state)
{
	Put put;

	(void)state;
	EACH_SHELL
	{
		RemoteFile file = { .path = at("one"), .kind = REMOTE_FILE_COPY, .mode = -1 };
		RemotePutFile way = { .file = &file, .kept = at("kept/back.1") };
		g_autoptr(RemoteResult) result = NULL;
		GString *script;

		put_setup(&put, "new\n");
		assert_put(&put, shells[i], REMOTE_PUT, REMOTE_OK, NULL);
		file.content = at("kept/call.1");
		file.state = way.after = put.way[0].before;
		way.before = put.way[0].after;
		script = remote_put(&way, 1, "back", NULL, NULL, REMOTE_PUT);
		result = run_script(shells[i], script);
		g_string_free(script, TRUE);
		remote_put_judge(&way, 1, result);
		assert_int_equal(result->error, REMOTE_OK);
		assert_content("one", "old one");
		assert_content("kept/back.1", "new\n");
		assert_false(g_file_test(at("kept/call.1"), G_FILE_TEST_EXISTS));
	}
}

/* ---- One after the other ---- */

/* Where there is no flock, whoever has the turn says which process it is: that is one that has
 * ended once nobody waits for it any more. */
static gpointer reap(gpointer pid)
{
	(void)waitpid(GPOINTER_TO_INT(pid), NULL, 0);
	return NULL;
}

static void a_put_on_aix_waits_for_the_one_before_while_that_lives(void **state)
{
	const char *argv[] = { "sleep", "1.5", NULL };
	GPid pid;
	Put put;

	(void)state;
	assert_true(g_spawn_async(NULL, (char **)argv, NULL,
				  G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL,
				  &pid, NULL));
	for (int i = 0; i < 2; i++) {
		g_autofree char *number = g_strdup_printf("%d", pid);
		gint64 began = g_get_monotonic_time();

		put_setup(&put, "new\n");
		assert_int_equal(symlink(number, at("kept/turn")), 0);
		if (i == 0)
			g_thread_unref(g_thread_new("reap", reap, GINT_TO_POINTER(pid)));
		assert_put(&put, AIX, REMOTE_PUT, REMOTE_OK, NULL);
		assert_new();
		if (i == 0)
			assert_true(g_get_monotonic_time() - began > G_USEC_PER_SEC);
		assert_put(&put, AIX, REMOTE_PUT_BACK, REMOTE_OK, NULL);
		assert_old();
	}
}

/* ---- A mount is written into ---- */

/* As above, and the first of the three is a mount. */
static void mount_setup(Put *put, const char *content)
{
	g_autofree char *line = mount_line(at("one"), "", "rw");

	mounted(line);
	put_setup(put, content);
}

static ino_t number_of_one(void)
{
	GStatBuf about;

	assert_int_equal(g_stat(at("one"), &about), 0);
	return about.st_ino;
}

static void assert_mode_of_one(guint mode)
{
	GStatBuf about;

	assert_int_equal(g_stat(at("one"), &about), 0);
	assert_int_equal(about.st_mode & 0777, mode);
}

static void a_mount_is_written_into_and_keeps_its_mode(void **state)
{
	Put put;
	ino_t number;

	(void)state;
	EACH_SHELL
	{
		mount_setup(&put, "new\n");
		number = number_of_one();
		put.check = "[ $# = 2 ] && cat \"$1\" one >>log && echo >>log";
		put.activate = LOG;
		assert_put(&put, shells[i], REMOTE_PUT, REMOTE_OK, NULL);
		assert_new();
		assert_content("log", "new\nold one\nnew\n");
		assert_int_equal(number_of_one(), number);
		assert_mode_of_one(0640);
		assert_false(g_file_test(at("kept/call.1.put"), G_FILE_TEST_EXISTS));
		assert_put(&put, shells[i], REMOTE_PUT_BACK, REMOTE_OK, NULL);
		assert_old();
		assert_int_equal(number_of_one(), number);
	}
}

static void a_mount_gets_the_mode_that_is_asked_for(void **state)
{
	Put put;

	(void)state;
	EACH_SHELL
	{
		RemoteSeen *seen;
		g_autofree char *after = NULL;

		mount_setup(&put, "new\n");
		put.files[0].mode = 0604;
		seen = look(put.files, 1, 0);
		assert_false(remote_file_is_so(&put.files[0], seen, &after));
		remote_seen_free(seen, 1);
		put.way[0].after = after;
		assert_put(&put, shells[i], REMOTE_PUT, REMOTE_OK, NULL);
		assert_mode_of_one(0604);
		assert_put(&put, shells[i], REMOTE_PUT_BACK, REMOTE_OK, NULL);
		assert_mode_of_one(0640);
		assert_old();
	}
}

static void a_mount_is_written_back_where_a_later_part_fails(void **state)
{
	Put put;
	ino_t number;

	(void)state;
	EACH_SHELL
	{
		mount_setup(&put, "new\n");
		number = number_of_one();
		put.activate = LOG "; ! [ -e new ]";
		assert_put(&put, shells[i], REMOTE_PUT, REMOTE_UNACTIVATED, NULL);
		assert_old();
		assert_content("log", "new\nold one\n");
		assert_int_equal(number_of_one(), number);
		put.activate = NULL;
		put.check = "echo more >>one";
		assert_put(&put, shells[i], REMOTE_PUT, REMOTE_CONFLICT, "one'");
		assert_content("one", "old one"
				      "more\n");
		assert_content("gone", "to go");
		assert_kept(FALSE);
	}
}

/* As a script leaves it that was killed while it wrote: `length` bytes are there. */
static void lay_half(const Put *put, const char *content, gsize length)
{
	g_autofree char *half = g_strndup(content, length);

	lay("kept/call.1", "old one");
	lay("kept/call.1.put", put->files[0].content);
	lay("one", half);
	g_chmod(at("one"), 0600);
}

static void a_mount_that_is_half_written_is_finished_or_goes_back(void **state)
{
	static const char new[] = "new and long\n";
	const char *contents[] = { new, "old one" };
	Put put;

	(void)state;
	assert_int_equal(g_mkdir_with_parents(at("kept"), 0700), 0);
	EACH_SHELL
	for (gsize which = 0; which < 2; which++)
		for (gsize length = 0; length <= strlen(contents[which]); length += 3) {
			mount_setup(&put, new);
			put.activate = LOG;
			lay_half(&put, contents[which], length);
			assert_put(&put, shells[i], REMOTE_PUT_AGAIN, REMOTE_OK, NULL);
			assert_content("one", new);
			assert_mode_of_one(0640);
			assert_content("kept/call.1", "old one");
			assert_kept(TRUE);
			mount_setup(&put, new);
			put.activate = LOG;
			lay_half(&put, contents[which], length);
			assert_put(&put, shells[i], REMOTE_PUT_BACK, REMOTE_OK, NULL);
			assert_old();
			assert_mode_of_one(0640);
			assert_content("log", "old one\n");
		}
}

static void a_mount_that_somebody_else_wrote_into_is_a_conflict(void **state)
{
	static const RemotePutMode modes[] = { REMOTE_PUT_AGAIN, REMOTE_PUT_BACK };
	Put put;

	(void)state;
	EACH_SHELL
	for (gsize j = 0; j < G_N_ELEMENTS(modes); j++) {
		mount_setup(&put, "new\n");
		lay_half(&put, "nothing of ours", 15);
		assert_put(&put, shells[i], modes[j], REMOTE_CONFLICT, "one'");
		assert_content("one", "nothing of ours");
		assert_content("kept/call.1", "old one"); /* it is nowhere else */
		/* Nothing was kept: nothing was begun. */
		mount_setup(&put, "new\n");
		lay_half(&put, "ne", 2);
		g_unlink(at("kept/call.1"));
		assert_put(&put, shells[i], modes[j], REMOTE_CONFLICT, "one'");
		assert_content("one", "ne");
	}
	g_unlink(at("kept/call.1.put"));
}

static void a_copy_is_written_into_a_mount_with_its_time(void **state)
{
	Put put;

	(void)state;
	EACH_SHELL
	{
		RemoteFile file = { .path = at("one"), .kind = REMOTE_FILE_COPY, .mode = -1 };
		RemotePutFile way = { .file = &file, .kept = at("kept/back.1") };
		const struct utimbuf long_ago = { 1000, 1000 };
		g_autoptr(RemoteResult) result = NULL;
		GString *script;
		GStatBuf about;

		mount_setup(&put, "new\n");
		g_utime(at("one"), (struct utimbuf *)&long_ago);
		assert_put(&put, shells[i], REMOTE_PUT, REMOTE_OK, NULL);
		file.content = at("kept/call.1");
		file.state = way.after = put.way[0].before;
		way.before = put.way[0].after;
		script = remote_put(&way, 1, "back", NULL, NULL, REMOTE_PUT);
		result = run_script(shells[i], script);
		g_string_free(script, TRUE);
		remote_put_judge(&way, 1, result);
		assert_int_equal(result->error, REMOTE_OK);
		assert_content("one", "old one");
		g_stat(at("one"), &about);
		assert_int_equal(about.st_mtime, 1000);
		assert_int_equal(about.st_mode & 0777, 0640);
		assert_content("kept/back.1", "new\n");
		assert_false(g_file_test(at("kept/call.1"), G_FILE_TEST_EXISTS));
	}
	mounted("");
}

static void nothing_runs_of_half_a_script(void **state)
{
	Put put;
	GString *script;

	(void)state;
	put_setup(&put, "new\n");
	script = remote_put(put.way, 3, "call", NULL, "touch log", REMOTE_PUT);
	for (gsize length = 0; length + 2 < script->len; length += 97) {
		GString *half = g_string_new_len(script->str, (gssize)length);
		g_autoptr(RemoteResult) result = run_script("/bin/sh", half);

		g_string_free(half, TRUE);
		assert_content("one", "old one");
		assert_content("gone", "to go");
		assert_content("log", "(nothing)");
	}
	g_string_free(script, TRUE);
}

/* ---- What is other in a text ---- */

static void assert_difference(const char *old, const char *new, const char *wanted)
{
	g_autoptr(GBytes) before = old ? g_bytes_new(old, strlen(old)) : NULL;
	g_autoptr(GBytes) after = g_bytes_new(new, strlen(new));
	g_auto(GStrv) lines = difference_lines(before, after, 3);
	g_autofree char *text = lines ? g_strjoinv("|", lines) : g_strdup("(no text)");

	assert_string_equal(text, wanted);
}

static void a_difference_is_what_goes_and_what_comes(void **state)
{
	static const char binary[] = "a\0b";
	g_autoptr(GBytes) bytes = g_bytes_new(binary, 3);

	(void)state;
	assert_difference("a\nb\nc\n", "a\nx\nc\n", "-b|+x");
	assert_difference("a\nb\n", "a\nb\nc\n", "+c");
	assert_difference("a\nb\nb\n", "a\nb\n", "-b");
	assert_difference(NULL, "a\n\nb", "+a|+|+b");
	assert_difference("a\n", "", "-a");
	assert_difference("a\n", "a\n", "");
	assert_difference("1\n2\n3\n4\n5\n", "x\n", "-1|-2|-3|- (2 more)|+x");
	assert_difference("\033[1m\n", "\t\n", "-\\x1b[1m|+\\t");
	assert_null(difference_lines(NULL, bytes, 3));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_look_tells_what_is_at_each_path),
		cmocka_unit_test(a_look_tells_which_files_are_mounts),
		cmocka_unit_test(a_look_says_the_same_on_aix),
		cmocka_unit_test(aix_tells_its_mounts_itself),
		cmocka_unit_test(what_cannot_be_put_on_a_mount_is_refused),
		cmocka_unit_test(a_look_that_says_too_little_is_an_error),
		cmocka_unit_test(states_are_the_same_by_their_content),
		cmocka_unit_test(a_file_keeps_what_is_not_asked_for),
		cmocka_unit_test(a_mode_and_an_owner_are_compared_if_they_are_asked_for),
		cmocka_unit_test(paths_modes_and_owners_that_are_none_are_refused),
		cmocka_unit_test(files_are_put_checked_and_activated),
		cmocka_unit_test(a_check_that_fails_leaves_all_as_it_was),
		cmocka_unit_test(what_cannot_be_activated_is_put_back_and_activated),
		cmocka_unit_test(a_file_that_was_changed_is_a_conflict),
		cmocka_unit_test(what_was_begun_is_finished_again),
		cmocka_unit_test(a_killed_script_is_no_result),
		cmocka_unit_test(a_copy_brings_back_what_was_kept),
		cmocka_unit_test(a_put_on_aix_waits_for_the_one_before_while_that_lives),
		cmocka_unit_test(a_mount_is_written_into_and_keeps_its_mode),
		cmocka_unit_test(a_mount_gets_the_mode_that_is_asked_for),
		cmocka_unit_test(a_mount_is_written_back_where_a_later_part_fails),
		cmocka_unit_test(a_mount_that_is_half_written_is_finished_or_goes_back),
		cmocka_unit_test(a_mount_that_somebody_else_wrote_into_is_a_conflict),
		cmocka_unit_test(a_copy_is_written_into_a_mount_with_its_time),
		cmocka_unit_test(nothing_runs_of_half_a_script),
		cmocka_unit_test(a_difference_is_what_goes_and_what_comes),
	};

	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
