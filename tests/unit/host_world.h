/*
 * host_world - a cluster, a journal, a run, and hosts that answer without being there: for the
 * tests of what a run does on hosts.
 *
 * What a host gets is run by a /bin/sh of this machine, in a folder of that host's own; paths
 * that begin with ROOT lie in it, mounts are what mount_at says, and programs in .programs come
 * before all others.  A test may tell of hosts that they answer otherwise (tell),
 * and have the program killed while one of them is at work (kill_at).  What it does with them
 * is in host_run.h.
 */
#pragma once
#include "core/run.h"
#include "tests/unit/cluster_world.h"
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROOT  "/@" /* of each host */
#define NEVER 3600000
#define SHORT 30 /* ms: a deadline that shall pass */

static const char host_tables[] =
	"INSERT INTO nodelist (node, groups) VALUES ('cn1','all'), ('cn2','all'), "
	"('cn3','all');"
	"INSERT INTO noderes (node, servicenode, xcatmaster) VALUES"
	" ('cn1','sn1,sn2','sn1-c'), ('cn2','sn1,sn2','sn1-c'), ('cn3','sn1,sn2','sn1-c');";

/* What a host was given to do. */
typedef struct {
	char *host, *via, *script;
	gboolean look;
} Asked;

typedef struct {
	World *world;
	Remote *remote;
	Journal *journal;
	gint64 number, target; /* of the run; and of the one that it takes back */
	Run *run;
	JournalLines lines;
	JournalContent *content; /* what it goes on with, or takes back */
	JournalContent *begun;	 /* of an undo that was killed; or NULL */
	GPtrArray *owed, *seen;
	guint undone;
	GHashTable *gone;	     /* of an undo: see RunUndo; or NULL */
	const JournalContent *first; /* or NULL */

	/* Of the next calls, but for their hosts and what these get; and of an undo. */
	RunCommand how;
	RunPut files;
	RemoteLimits limits;
	const Service *const *services; /* or NULL */
	const char *meanwhile; /* a command that is run on a host between look and script */
	guint stop_at;	       /* scripts after which no more are begun; 0: never */
	guint kill_at;	       /* the script with which the program is killed; 0: none */
	gboolean kill_before;  /* which does not run any more */

	/* Of the last call. */
	GPtrArray *results;
	guint *changed;

	GPtrArray *asked;    /* Asked */
	guint begun_scripts; /* that are no looks */
	GString *told;	     /* of RunWatch.ended: "NODE RESULT", and "|" */
	guint progress;
	GString *waited; /* of RunWatch.waiting: "ASKS STEP HOOK HOST... SECONDS/MOST", and "|"
			  */
	GPtrArray *keys; /* RunResult.key, of all calls */
	/* The journal and the tables when the program was killed; NULL: it was not. */
	GBytes *journal_then, *tables_then;
	GError *problem;
} Test;

/* ---- Hosts ---- */

static inline char *host_folder(const Test *test, const char *host)
{
	char *folder = g_build_filename(test->world->directory, "hosts", host, NULL);

	assert_int_equal(g_mkdir_with_parents(folder, 0700), 0);
	return folder;
}

/* A path as the host has it is one of this machine.  Gives the path. */
static inline char *host_path(const Test *test, const char *host, const char *path)
{
	g_autofree char *folder = host_folder(test, host);

	return g_strconcat(folder, path + strlen(ROOT), NULL);
}

static inline void replace(GString *text, const char *from, const char *to)
{
	(void)g_string_replace(text, from, to, 0);
}

/* The environment of what the host runs.  Gives a vector. */
static inline char **host_environment(const char *folder)
{
	char **environment = g_get_environ();
	g_autofree char *path = g_strdup_printf("%s/.programs:%s", folder,
						g_environ_getenv(environment, "PATH"));

	return g_environ_setenv(environment, "PATH", path, TRUE);
}

/* The script as the host runs it; what it said is as if it were there. */
static inline int run_there(const Test *test, const char *host, const char *bytes, gsize length,
			    GString *out, GString *err)
{
	g_autofree char *folder = host_folder(test, host);
	g_autofree char *file = g_strconcat(folder, ".script", NULL);
	g_autofree char *root = g_strconcat(folder, "/", NULL);
	g_autofree char *lock = g_strconcat(folder, ".lock", NULL);
	g_autofree char *mounts = g_strconcat(folder, ".mounts", NULL);
	g_auto(GStrv) environment = host_environment(folder);
	g_autofree char *said_out = NULL;
	g_autofree char *said_err = NULL;
	g_autoptr(GString) script = g_string_new_len(bytes, (gssize)length);
	const char *argv[] = { "/bin/sh", file, NULL };
	int status = 0;

	replace(script, ROOT "/", root);
	replace(script, "/run/snmove-put.lock", lock); /* each host has its own */
	replace(script, "/proc/self/mountinfo", mounts);
	assert_true(g_file_set_contents(file, script->str, (gssize)script->len, NULL));
	assert_true(g_spawn_sync(folder, (char **)argv, environment, G_SPAWN_DEFAULT, NULL,
				 NULL, &said_out, &said_err, &status, NULL));
	g_string_append(out, said_out);
	g_string_append(err, said_err);
	replace(err, root, ROOT "/");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static inline void free_asked(gpointer data)
{
	Asked *asked = data;

	g_free(asked->host);
	g_free(asked->via);
	g_free(asked->script);
	g_free(asked);
}

static inline char *journal_file(const Test *test)
{
	return g_build_filename(test->world->directory, "journal.db", NULL);
}

static inline gboolean is_killed(const Test *test)
{
	return test->journal_then != NULL;
}

static inline GBytes *file_bytes(const char *path)
{
	char *bytes = NULL;
	gsize length = 0;

	assert_true(g_file_get_contents(path, &bytes, &length, NULL));
	return g_bytes_new_take(bytes, length);
}

static inline void put_bytes(const char *path, GBytes *bytes)
{
	gsize length;
	const char *data = g_bytes_get_data(bytes, &length);

	assert_true(g_file_set_contents(path, data, (gssize)length, NULL));
}

/* From here on nothing is kept of what the program does, as it does no more. */
static inline void kill_here(Test *test)
{
	g_autofree char *file = journal_file(test);

	test->journal_then = file_bytes(file);
	test->tables_then = file_bytes(test->world->file);
}

/* How a host answers to whom nothing else is told; it keeps what was told to go wrong. */
static inline void by_shell(const RemoteToldScript *script, RemoteResult *said, gpointer data)
{
	Test *test = data;
	gboolean runs = !is_killed(test);
	Asked *asked = g_new0(Asked, 1);

	asked->host = g_strdup(script->host);
	asked->via = g_strdup(script->via);
	asked->look = script->look;
	asked->script = g_strndup(script->script, script->length);
	if (!script->look && runs && ++test->begun_scripts == test->kill_at) {
		kill_here(test);
		runs = !test->kill_before;
	}
	if (!runs) {
		said->error = REMOTE_LOST;
		free_asked(asked);
		return;
	}
	g_ptr_array_add(test->asked, asked);
	said->status = run_there(test, script->host, script->script, script->length, said->out,
				 said->err);
	if (script->look && test->meanwhile)
		(void)run_there(test, script->host, test->meanwhile, strlen(test->meanwhile),
				said->out, said->err);
}

/* A host answers so from now on.  `told.answer` NULL: it runs nothing. */
static inline void tell(Test *test, const char *host, RemoteTold told)
{
	told.data = test;
	remote_tell(test->remote, host, &told);
}

/* Scripts with this text that were given to a host (NULL: to any). */
static inline guint asked(const Test *test, const char *host, const char *text)
{
	guint n = 0;

	for (guint i = 0; i < test->asked->len; i++) {
		const Asked *each = test->asked->pdata[i];

		n += (!host || g_str_equal(each->host, host)) && strstr(each->script, text);
	}
	return n;
}

static inline void lay(const Test *test, const char *host, const char *path, const char *text)
{
	g_autofree char *file = host_path(test, host, path);

	assert_true(g_file_set_contents(file, text, -1, NULL));
	assert_int_equal(g_chmod(file, 0640), 0);
}

/* From now on the path is a mount there, and the only one. */
static inline void mount_at(const Test *test, const char *host, const char *path,
			    const char *options)
{
	g_autofree char *folder = host_folder(test, host);
	g_autofree char *mounts = g_strconcat(folder, ".mounts", NULL);
	g_autofree char *file = host_path(test, host, path);
	g_autofree char *line =
		g_strdup_printf("36 35 98:0 / %s %s - tmpfs none rw\n", file, options);

	assert_true(g_file_set_contents(mounts, line, -1, NULL));
}

/* "(nothing)", "(a folder)", "-> TARGET", or the content.  Gives the text. */
static inline char *found_at(const Test *test, const char *host, const char *path)
{
	g_autofree char *file = host_path(test, host, path);
	g_autofree char *target = g_file_read_link(file, NULL);
	char *content = NULL;

	if (target)
		return g_strconcat("-> ", target, NULL);
	if (g_file_test(file, G_FILE_TEST_IS_DIR))
		return g_strdup("(a folder)");
	if (!g_file_get_contents(file, &content, NULL, NULL))
		return g_strdup("(nothing)");
	return content;
}

static inline void assert_there(const Test *test, const char *host, const char *path,
				const char *wanted)
{
	g_autofree char *found = found_at(test, host, path);

	if (!g_str_equal(found, wanted))
		fail_msg("%s on %s is \"%s\", not \"%s\"", path, host, found, wanted);
}

static inline void assert_mode(const Test *test, const char *host, const char *path, guint mode)
{
	g_autofree char *file = host_path(test, host, path);
	GStatBuf about;

	assert_int_equal(g_stat(file, &about), 0);
	assert_int_equal(about.st_mode & 07777, mode);
}

/* Files in a folder of the host, at any depth. */
static inline guint count_files(const Test *test, const char *host, const char *path)
{
	g_autofree char *folder = host_path(test, host, path);
	g_autoptr(GDir) open = g_dir_open(folder, 0, NULL);
	const char *name;
	guint n = 0;

	while (open && (name = g_dir_read_name(open))) {
		g_autofree char *below = g_strconcat(path, "/", name, NULL);
		g_autofree char *file = host_path(test, host, below);

		n += g_file_test(file, G_FILE_TEST_IS_DIR) ? count_files(test, host, below) : 1;
	}
	return n;
}

/* ---- The run ---- */

static inline void open_journal(Test *test)
{
	test->journal = journal_open(test->world->directory, TRUE, &test->problem);
	assert_ok(test->journal, test->problem);
}

static inline gboolean shall_stop(gpointer data)
{
	const Test *test = data;

	return is_killed(test) || (test->stop_at && test->begun_scripts >= test->stop_at);
}

static inline void hear_progress(guint done, guint total, gpointer data)
{
	Test *test = data;

	assert_true(done <= total);
	test->progress = done;
}

/* "0", "1", "lost", ... */
static inline char *outcome_of(const RemoteResult *result)
{
	return result->error == REMOTE_OK ? g_strdup_printf("%d", result->status)
					  : g_strdup(remote_error_name(result->error));
}

static inline void hear_ended(const RunHost *host, const RemoteResult *result, gboolean failed,
			      gpointer data)
{
	const char *node = host->node;
	Test *test = data;
	g_autofree char *outcome = outcome_of(result);

	assert_true(failed || result->error == REMOTE_OK);
	g_string_append_printf(test->told, "%s%s %s", test->told->len ? "|" : "",
			       node ? node : "-", outcome);
}

static inline void hear_results(const Run *run, const RunResult *results, guint n,
				gpointer data)
{
	const Test *test = data;

	(void)run;
	for (guint i = 0; i < n; i++)
		g_ptr_array_add(test->keys, g_strdup(results[i].key));
}

static inline void hear_waiting(const RunWaiting *waiting, gpointer data)
{
	Test *test = data;

	if (!waiting) {
		g_string_append(test->waited, "over|");
		return;
	}
	g_string_append_printf(test->waited, "%s %s %s ", waiting->asks ? waiting->asks : "-",
			       waiting->step ? waiting->step : "-",
			       waiting->hook ? waiting->hook : "-");
	for (guint i = 0; i < waiting->n; i++)
		g_string_append_printf(test->waited, "%s ", waiting->hosts[i]);
	g_string_append_printf(test->waited, "%u/%u|", waiting->seconds, waiting->most);
}

static inline void make_run(Test *test, gboolean planning)
{
	RunWatch watch = { .stop = shall_stop,
			   .progress = hear_progress,
			   .ended = hear_ended,
			   .results = hear_results,
			   .waiting = hear_waiting,
			   .data = test };

	g_clear_pointer(&test->run, run_free);
	world_read(test->world);
	test->run = run_new(test->world->cluster, planning);
	run_reach(test->run, test->remote, &watch, &test->limits);
	run_keep_replaced(test->run, ROOT "/kept");
	run_serve(test->run, test->services);
}

static inline void keep_run(Test *test)
{
	run_keep(test->run, test->journal, test->number, test->number, &test->lines);
}

/* A new run in the journal. */
static inline void record_run(Test *test, gint64 undoes)
{
	g_autoptr(JournalRun) record = g_new0(JournalRun, 1);
	g_autoptr(GHashTable) options = g_hash_table_new(g_str_hash, g_str_equal);
	const JournalNode nodes[] = { { .name = "cn1" }, { .name = "cn2" }, { .name = "cn3" } };

	record->database = g_strdup("sqlite:cluster.db");
	record->undoes = undoes;
	assert_ok(journal_begin(test->journal, record, nodes, G_N_ELEMENTS(nodes), options,
				&test->problem),
		  test->problem);
	test->number = record->number;
}

static inline void begin_run(Test *test)
{
	make_run(test, FALSE);
	record_run(test, 0);
	keep_run(test);
}

static inline void begin_plan(Test *test)
{
	make_run(test, TRUE);
}

/* ---- A test ---- */

static inline int setup(void **state)
{
	const RemoteSetup how = { .transport = REMOTE_TOLD };
	Test *test = g_new0(Test, 1);

	test->world = world_new(host_tables);
	test->remote = remote_new(NULL, &how);
	tell(test, NULL, (RemoteTold){ .answer = by_shell });
	test->asked = g_ptr_array_new_with_free_func(free_asked);
	test->told = g_string_new(NULL);
	test->waited = g_string_new(NULL);
	test->keys = g_ptr_array_new_with_free_func(g_free);
	test->owed = g_ptr_array_new_with_free_func(journal_owed_free);
	test->seen = g_ptr_array_new_with_free_func(g_free);
	test->lines = (JournalLines){ test->owed, test->seen, TRUE };
	open_journal(test);
	begin_run(test);
	*state = test;
	return 0;
}

static inline int teardown(void **state)
{
	Test *test = *state;

	g_clear_pointer(&test->run, run_free);
	g_clear_pointer(&test->journal, journal_close);
	g_clear_pointer(&test->content, journal_content_free);
	g_clear_pointer(&test->begun, journal_content_free);
	g_clear_pointer(&test->results, g_ptr_array_unref);
	g_ptr_array_unref(test->asked);
	g_ptr_array_unref(test->keys);
	g_ptr_array_unref(test->owed);
	g_ptr_array_unref(test->seen);
	g_string_free(test->told, TRUE);
	g_string_free(test->waited, TRUE);
	g_free(test->changed);
	g_clear_pointer(&test->journal_then, g_bytes_unref);
	g_clear_pointer(&test->tables_then, g_bytes_unref);
	g_clear_error(&test->problem);
	remote_free(test->remote);
	world_free(test->world);
	g_free(test);
	return 0;
}
