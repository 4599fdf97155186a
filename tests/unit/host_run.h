/*
 * host_run - what tests do with a run on the hosts of host_world, and what they ask of it.
 *
 * Steps with commands and files; the program that is killed, and goes on or takes back; and
 * what has become of it: results, the journal, what is owed.
 */
#pragma once
#include "tests/unit/host_world.h"

/* ---- Steps ---- */

static inline void begin_step(Test *test, const char *step)
{
	assert_ok(run_begin_step(test->run, step, &test->problem), test->problem);
}

static inline void end_step(Test *test)
{
	assert_ok(run_end_step(test->run, FALSE, &test->problem), test->problem);
}

/* The step cannot end: what it says contains `part`. */
static inline void assert_step_refused(Test *test, RunError code, const char *part)
{
	assert_false(run_end_step(test->run, FALSE, &test->problem));
	assert_true(g_error_matches(test->problem, RUN_ERROR, (int)code));
	assert_refused(test->problem, part);
}

static inline void set_cell(Test *test, const char *node, const char *column, const char *value)
{
	assert_ok(run_set(test->run, "noderes", KEY(node), 1, column, value, &test->problem),
		  test->problem);
}

static inline void assert_cell(const Test *test, const char *node, const char *column,
			       const char *wanted)
{
	g_autofree char *sql =
		g_strdup_printf("SELECT %s FROM noderes WHERE node = '%s'", column, node);
	g_autofree char *value = database_value(test->world->file, sql);

	assert_string_equal(value, wanted);
}

/* ---- Calls ---- */

/* Of "HOST", "HOST/VIA", "HOST=NODE": a host is for the node of its name, "HOST=" for none. */
typedef struct {
	char **words;
	GArray *hosts; /* RunHost */
} HostList;

static inline HostList host_list(const char *names)
{
	HostList list = { g_strsplit(names, " ", -1),
			  g_array_new(FALSE, TRUE, sizeof(RunHost)) };

	for (guint i = 0; list.words[i]; i++) {
		char *node = strchr(list.words[i], '='), *via;
		RunHost host = { .name = list.words[i], .node = list.words[i] };

		if (node) {
			*node++ = '\0';
			host.node = *node ? node : NULL;
		}
		via = strchr(list.words[i], '/');
		if (via) {
			*via++ = '\0';
			host.via = via;
		}
		g_array_append_val(list.hosts, host);
	}
	return list;
}

static inline void host_list_clear(HostList *list)
{
	g_strfreev(list->words);
	g_array_unref(list->hosts);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(HostList, host_list_clear)

/* "cn1 cn2 ... cnN".  Gives the text. */
static inline char *many_names(guint n)
{
	GString *names = g_string_new("cn1");

	for (guint i = 2; i <= n; i++)
		g_string_append_printf(names, " cn%u", i);
	return g_string_free(names, FALSE);
}

static inline void take_results(Test *test, GPtrArray *results)
{
	g_clear_pointer(&test->results, g_ptr_array_unref);
	test->results = results;
}

/* Run `text` on the hosts; how else stands in test->how. */
static inline GPtrArray *try_command(Test *test, const char *names, const char *text)
{
	g_auto(HostList) list = host_list(names);

	test->how.hosts = (const RunHost *)list.hosts->data;
	test->how.n = list.hosts->len;
	test->how.command = text;
	return run_command(test->run, &test->how, &test->problem);
}

static inline void command(Test *test, const char *names, const char *text)
{
	take_results(test, try_command(test, names, text));
	assert_ok(test->results, test->problem);
}

/* It is not begun on any host: the error contains `part`. */
static inline void assert_command_refused(Test *test, const char *text, const char *part)
{
	guint before = test->asked->len;

	assert_null(try_command(test, "cn1", text));
	assert_refused(test->problem, part);
	assert_int_equal(test->asked->len, before);
}

static inline GPtrArray *try_query(Test *test, const char *names, const char *text)
{
	g_auto(HostList) list = host_list(names);
	RunCommand how = { .hosts = (const RunHost *)list.hosts->data,
			   .n = list.hosts->len,
			   .command = text,
			   .asks = test->how.asks,
			   .limits = test->how.limits };

	return run_query(test->run, &how, &test->problem);
}

static inline void query(Test *test, const char *names, const char *text)
{
	take_results(test, try_query(test, names, text));
	assert_ok(test->results, test->problem);
}

/* A step with one command, ended. */
static inline void step_with(Test *test, const char *step, const char *names, const char *text)
{
	begin_step(test, step);
	command(test, names, text);
	end_step(test);
}

/* A file with this content; a link; nothing. */
static inline RemoteFile file(const char *path, const char *content)
{
	return (RemoteFile){
		.path = path, .content = content, .length = strlen(content), .mode = -1
	};
}

static inline RemoteFile link_to(const char *path, const char *target)
{
	RemoteFile made = file(path, target);

	made.kind = REMOTE_FILE_LINK;
	return made;
}

static inline RemoteFile no_file(const char *path)
{
	return (RemoteFile){ .path = path, .kind = REMOTE_FILE_GONE, .mode = -1 };
}

/* An array of RemoteFile and its length, for put. */
#define FILES(...)                                                                             \
	(const RemoteFile[]){ __VA_ARGS__ }, G_N_ELEMENTS(((const RemoteFile[]){ __VA_ARGS__ }))

/* Put the same files on all hosts; how else stands in test->files. */
static inline GPtrArray *try_put(Test *test, const char *names, const RemoteFile *files,
				 guint n)
{
	g_auto(HostList) list = host_list(names);
	g_autofree const RemoteFile **of_hosts = g_new(const RemoteFile *, list.hosts->len);

	for (guint i = 0; i < list.hosts->len; i++)
		of_hosts[i] = files;
	test->files.hosts = (const RunHost *)list.hosts->data;
	test->files.n = list.hosts->len;
	test->files.files = of_hosts;
	test->files.n_files = n;
	g_free(test->changed);
	test->changed = g_new0(guint, list.hosts->len);
	return run_put(test->run, &test->files, test->changed, &test->problem);
}

static inline void put(Test *test, const char *names, const RemoteFile *files, guint n)
{
	take_results(test, try_put(test, names, files, n));
	assert_ok(test->results, test->problem);
}

static inline void assert_put_refused(Test *test, const RemoteFile *files, guint n,
				      const char *part)
{
	guint before = test->asked->len;

	assert_null(try_put(test, "cn1", files, n));
	assert_refused(test->problem, part);
	assert_int_equal(test->asked->len, before);
}

/* ---- Killed, and gone on with ---- */

/* As after kill -9: with kill_at when that script was begun, else now. */
static inline void killed(Test *test)
{
	g_autofree char *file = journal_file(test);

	if (test->kill_at)
		assert_true(is_killed(test));
	else
		kill_here(test);
	g_clear_pointer(&test->run, run_free);
	g_clear_pointer(&test->journal, journal_close);
	g_clear_pointer(&test->content, journal_content_free);
	put_bytes(file, test->journal_then);
	put_bytes(test->world->file, test->tables_then);
	g_clear_pointer(&test->journal_then, g_bytes_unref);
	g_clear_pointer(&test->tables_then, g_bytes_unref);
	test->kill_at = test->begun_scripts = 0;
	g_string_truncate(test->told, 0);
	g_ptr_array_set_size(test->asked, 0);
	open_journal(test);
}

static inline JournalContent *read_run(Test *test, gint64 number)
{
	JournalContent *content = journal_content(test->journal, number, &test->problem);

	assert_ok(content, test->problem);
	return content;
}

/* Go on with the run that was killed.  `anew`: a step that runs in every attempt; or NULL. */
static inline void resume_anew(Test *test, const char *anew)
{
	g_autoptr(GHashTable) steps = g_hash_table_new(g_str_hash, g_str_equal);

	if (anew)
		g_hash_table_add(steps, (gpointer)anew);
	make_run(test, FALSE);
	g_clear_pointer(&test->content, journal_content_free);
	test->content = read_run(test, test->number);
	keep_run(test);
	assert_ok(run_settle(test->run, test->content, TRUE, &test->problem), test->problem);
	assert_ok(run_recall(test->run, test->content, steps, test->owed, &test->problem),
		  test->problem);
	assert_ok(journal_reopen(test->journal, test->number, getpid(), &test->problem),
		  test->problem);
}

static inline void resume(Test *test)
{
	resume_anew(test, NULL);
}

/* In the step undo; `nodes`, with blanks, or NULL: all. */
static inline gboolean walk_back(Test *test, const char *nodes)
{
	g_autoptr(GHashTable) wanted = g_hash_table_new(g_str_hash, g_str_equal);
	g_auto(GStrv) names = g_strsplit(nodes ? nodes : "", " ", -1);
	g_autoptr(GHashTable) back = g_hash_table_new(g_str_hash, g_str_equal);
	RunUndo what = { .nodes = nodes ? wanted : NULL,
			 .gone = test->gone,
			 .first = test->first,
			 .owed = test->owed,
			 .seen = test->seen,
			 .back = back };
	gboolean good;

	for (guint i = 0; names[i]; i++)
		g_hash_table_add(wanted, names[i]);
	g_ptr_array_set_size(test->owed, 0);
	g_ptr_array_set_size(test->seen, 0);
	begin_step(test, CHANGE_UNDO_STEP);
	good = run_undo(test->run, test->content, &what, &test->problem);
	test->undone = g_hash_table_size(back);
	return good;
}

static inline void take_back(Test *test, const char *nodes)
{
	assert_ok(walk_back(test, nodes), test->problem);
	end_step(test);
}

/* Read what is to be taken back, and make the run that does it. */
static inline void read_target(Test *test)
{
	g_clear_pointer(&test->content, journal_content_free);
	test->content = read_run(test, test->target);
	g_ptr_array_set_size(test->asked, 0);
	test->begun_scripts = 0;
	make_run(test, FALSE);
}

static inline void begin_undo(Test *test)
{
	if (!test->target)
		test->target = test->number;
	read_target(test);
	record_run(test, test->target);
	keep_run(test);
	assert_ok(run_settle(test->run, test->content, FALSE, &test->problem), test->problem);
}

/* The run has come to its end, and is taken back. */
static inline void undo(Test *test, const char *nodes)
{
	begin_undo(test);
	take_back(test, nodes);
}

/* An undo was killed: what it had begun is settled, and it goes on. */
static inline void undo_again(Test *test)
{
	g_autoptr(JournalContent) target = read_run(test, test->target);

	test->begun = read_run(test, test->number);
	make_run(test, FALSE);
	keep_run(test);
	assert_ok(run_settle(test->run, test->begun, FALSE, &test->problem), test->problem);
	assert_ok(run_settle_undo(test->run, test->begun, target, &test->problem),
		  test->problem);
	read_target(test);
	keep_run(test);
	assert_ok(journal_reopen(test->journal, test->number, getpid(), &test->problem),
		  test->problem);
	run_recall_undo(test->run, test->begun);
	take_back(test, NULL);
}

/* ---- What has become of it ---- */

static inline const RemoteResult *result(const Test *test, guint i)
{
	return test->results->pdata[i];
}

/* "0 1 lost", a word a host. */
static inline void assert_results(const Test *test, const char *wanted)
{
	g_autoptr(GString) all = g_string_new(NULL);

	for (guint i = 0; i < test->results->len; i++) {
		g_autofree char *outcome = outcome_of(result(test, i));

		g_string_append_printf(all, "%s%s", i ? " " : "", outcome);
	}
	assert_string_equal(all->str, wanted);
}

static inline void assert_message(const Test *test, guint i, const char *part)
{
	const char *message = result(test, i)->message;

	if (!message || !strstr(message, part))
		fail_msg("\"%s\" does not say \"%s\"", message ? message : "", part);
}

static inline const char *state_word(ChangeState state)
{
	static const char *const words[] = { "planned", "started", "done",
					     "failed",	"unknown", "undone" };

	return words[state];
}

/* "TARGET HOST STATE|...", a part for each change; a row as "noderes.COLUMN NODE STATE". */
static inline char *changes_text(const GPtrArray *changes)
{
	GString *all = g_string_new(NULL);

	for (guint i = 0; i < changes->len; i++) {
		const Change *change = changes->pdata[i];

		g_string_append_printf(
			all, "%s%s%s%s %s %s", i ? "|" : "", change->target,
			change->column ? "." : "", change->column ? change->column : "",
			change->host ? change->host : change->node, state_word(change->state));
	}
	return g_string_free(all, FALSE);
}

/* What the journal has of a run. */
static inline void assert_kept_of(Test *test, gint64 number, const char *wanted)
{
	g_autoptr(JournalContent) content = read_run(test, number);
	g_autofree char *text = changes_text(content->changes);

	assert_string_equal(text, wanted);
}

static inline void assert_kept(Test *test, const char *wanted)
{
	assert_kept_of(test, test->number, wanted);
}

/* Of the run that was taken back. */
static inline void assert_target(Test *test, const char *wanted)
{
	assert_kept_of(test, test->target, wanted);
}

static inline void assert_changes(const Test *test, const char *wanted)
{
	g_autofree char *text = changes_text(run_changes(test->run));

	assert_string_equal(text, wanted);
}

static inline guint count_kept(Test *test, ChangeState state)
{
	g_autoptr(JournalContent) content = read_run(test, test->number);
	guint n = 0;

	for (guint i = 0; i < content->changes->len; i++)
		n += ((const Change *)content->changes->pdata[i])->state == state;
	return n;
}

/* "HOST NODES: TEXT|...", with - for none. */
static inline void assert_owed(const Test *test, const char *wanted)
{
	g_autoptr(GString) all = g_string_new(NULL);

	for (guint i = 0; i < test->owed->len; i++) {
		const JournalOwed *owed = test->owed->pdata[i];
		g_autofree char *nodes = owed->nodes ? g_strjoinv(",", owed->nodes) : NULL;

		g_string_append_printf(all, "%s%s %s: %s", i ? "|" : "",
				       owed->host ? owed->host : "-", nodes ? nodes : "-",
				       owed->text);
	}
	assert_string_equal(all->str, wanted);
}

static inline void assert_seen(const Test *test, const char *wanted)
{
	g_autoptr(GString) all = g_string_new(NULL);

	for (guint i = 0; i < test->seen->len; i++)
		g_string_append_printf(all, "%s%s", i ? "|" : "", (char *)test->seen->pdata[i]);
	assert_string_equal(all->str, wanted);
}
