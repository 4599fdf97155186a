/* The journal: its versions, what it counts, what is owed and what makes that void. */
#include "core/journal.h"
#include "tests/lib/database.h"
#include "tests/lib/harness.h"
#include <string.h>
#include <unistd.h>

typedef struct {
	char *directory, *file;
	Journal *journal;
	GError *problem;
} Test;

static int setup(void **state)
{
	Test *test = g_new0(Test, 1);

	test->directory = harness_directory();
	test->file = g_build_filename(test->directory, "journal.db", NULL);
	*state = test;
	return 0;
}

static int teardown(void **state)
{
	Test *test = *state;

	g_clear_pointer(&test->journal, journal_close);
	g_clear_error(&test->problem);
	harness_remove(test->directory);
	g_free(test->file);
	g_free(test);
	return 0;
}

static void open_journal(Test *test)
{
	g_clear_pointer(&test->journal, journal_close);
	test->journal = journal_open(test->directory, TRUE, &test->problem);
	assert_ok(test->journal, test->problem);
}

/* A journal as version 1 of the program left it: four runs, the last one killed. */
static void load_version_1(Test *test)
{
	g_autofree char *source = harness_source("tests/cases/journal/version-1.sql");
	g_autofree char *sql = NULL;

	assert_true(g_file_get_contents(source, &sql, NULL, NULL));
	database_execute(test->file, sql);
}

static gint64 begin_undo(Test *test, const char *database, const char *const *names,
			 gint64 undoes)
{
	g_autoptr(JournalRun) run = g_new0(JournalRun, 1);
	g_autoptr(GHashTable) options = g_hash_table_new(g_str_hash, g_str_equal);
	JournalNode nodes[8] = { 0 };
	guint n = 0;

	run->database = g_strdup(database);
	run->mode = undoes ? NULL : g_strdup("planned");
	run->undoes = undoes;
	for (; names[n]; n++)
		nodes[n].name = names[n];
	assert_ok(journal_begin(test->journal, run, nodes, n, options, &test->problem),
		  test->problem);
	return run->number;
}

static gint64 begin(Test *test, const char *database, const char *const *names)
{
	return begin_undo(test, database, names, 0);
}

static void end(Test *test, gint64 run, JournalState state, JournalOwed *owed)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(journal_owed_free);
	JournalLines lines = { list, NULL, TRUE };

	if (owed)
		g_ptr_array_add(list, owed);
	assert_ok(journal_end(test->journal, run, state, &lines, &test->problem),
		  test->problem);
}

static void assert_state(Test *test, gint64 number, JournalState state)
{
	g_autoptr(JournalRun) run = journal_run(test->journal, number, &test->problem);

	assert_ok(run, test->problem);
	assert_string_equal(journal_state_name(run->state), journal_state_name(state));
}

/* "sn1: cn1,cn2: text; ..." of all that the run owes. */
static void assert_owed(Test *test, gint64 number, const char *wanted)
{
	g_autoptr(JournalContent) content =
		journal_content(test->journal, number, &test->problem);
	g_autoptr(GString) all = g_string_new(NULL);

	assert_ok(content, test->problem);
	for (guint i = 0; i < content->owed->len; i++) {
		const JournalOwed *owed = content->owed->pdata[i];
		g_autofree char *nodes = owed->nodes ? g_strjoinv(",", owed->nodes) : NULL;

		g_string_append_printf(all, "%s%s: %s: %s", i ? "; " : "",
				       owed->host ? owed->host : "-", nodes ? nodes : "-",
				       owed->text);
	}
	assert_string_equal(all->str, wanted);
}

static void an_older_journal_is_upgraded_and_keeps_its_runs(void **state)
{
	Test *test = *state;
	g_autofree char *version = NULL;
	static const struct {
		gint64 number;
		JournalState state;
		guint nodes, changes;
		const char *mode;
	} runs[] = { { 1, JOURNAL_DONE, 2, 12, "planned" },
		     { 2, JOURNAL_DONE, 1, 6, NULL },
		     { 3, JOURNAL_OWED, 2, 10, "planned" },
		     { 4, JOURNAL_RUNNING, 1, 6, "planned" } };

	load_version_1(test);
	open_journal(test);
	version = database_value(test->file, "SELECT value FROM about WHERE name = 'version'");
	assert_string_equal(version, "7");
	for (gsize i = 0; i < G_N_ELEMENTS(runs); i++) {
		g_autoptr(JournalRun) run =
			journal_run(test->journal, runs[i].number, &test->problem);

		assert_ok(run, test->problem);
		assert_int_equal(run->state, runs[i].state);
		assert_int_equal(run->nodes, runs[i].nodes);
		assert_int_equal(run->changes, runs[i].changes);
		assert_int_equal(run->begun_changes, 0);
		assert_int_equal(g_strcmp0(run->mode, runs[i].mode), 0);
	}
	assert_owed(test, 3, "-: -: cn[041-042]: call the owner");
}

/* "cn1 back 2|cn2 again 3": of the nodes of a run that another has taken back, or done again.
 */
static void assert_turned(Test *test, gint64 number, const char *wanted)
{
	g_autoptr(JournalContent) content =
		journal_content(test->journal, number, &test->problem);
	g_autoptr(JournalRun) run = journal_run(test->journal, number, &test->problem);
	g_autoptr(GString) all = g_string_new(NULL);
	guint back = 0, again = 0;

	assert_ok(content && run, test->problem);
	for (guint i = 0; i < content->nodes->len; i++) {
		const JournalNode *node = &g_array_index(content->nodes, JournalNode, i);

		back += node->back > 0;
		again += node->again > 0;
		if (node->back || node->again)
			g_string_append_printf(all, "%s%s %s %d", all->len ? "|" : "",
					       node->name, node->back ? "back" : "again",
					       (int)(node->back + node->again));
	}
	assert_string_equal(all->str, wanted);
	assert_int_equal(run->back, back);
	assert_int_equal(run->again, again);
}

static void assert_way(Test *test, gint64 number, guint depth, const char *from, const char *to)
{
	g_autoptr(JournalRun) run = journal_run(test->journal, number, &test->problem);

	assert_ok(run, test->problem);
	assert_int_equal(run->depth, depth);
	assert_string_equal(run->from, from);
	assert_string_equal(run->to, to);
}

static void of_an_older_journal_it_is_known_what_undos_have_taken_back(void **state)
{
	Test *test = *state;

	load_version_1(test);
	open_journal(test);
	assert_turned(test, 1, "cn002 back 2");
	assert_turned(test, 2, "");
	assert_turned(test, 4, "");
	assert_way(test, 1, 0, "sn1", "sn2");
	assert_way(test, 2, 1, "sn2", "sn1");
}

static void and_what_the_undo_of_an_undo_has_done_again(void **state)
{
	Test *test = *state;

	load_version_1(test);
	database_execute(test->file,
			 "INSERT INTO runs SELECT 5, begun, ended, state, who, command, reason,"
			 " database, script, digest, source, destination, 2, pid, nodes FROM"
			 " runs WHERE number = 2;"
			 "INSERT INTO nodes SELECT 5, name, old_sn, old_snn, new_sn, new_snn"
			 " FROM nodes WHERE run = 2;"
			 "UPDATE changes SET state = 5 WHERE run = 2;"
			 "UPDATE runs SET state = 6 WHERE number = 2;");
	open_journal(test);
	assert_turned(test, 1, "cn002 again 5");
	assert_turned(test, 2, "cn002 back 5");
	assert_way(test, 2, 1, "sn2", "sn1");
	assert_way(test, 5, 2, "sn1", "sn2");
}

static void an_upgraded_journal_has_the_tables_of_a_new_one(void **state)
{
	Test *test = *state;
	const char *columns = "SELECT group_concat(m.name || '.' || p.name || ' ' || p.type) "
			      "FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS p "
			      "ORDER BY m.name, p.cid";
	g_autofree char *fresh = NULL;
	g_autofree char *upgraded = NULL;

	open_journal(test);
	fresh = database_value(test->file, columns);
	g_clear_pointer(&test->journal, journal_close);
	assert_int_equal(unlink(test->file), 0);
	load_version_1(test);
	open_journal(test);
	upgraded = database_value(test->file, columns);
	assert_string_equal(upgraded, fresh);
}

static void an_upgrade_that_fails_leaves_the_older_journal_as_it_is(void **state)
{
	Test *test = *state;
	g_autofree char *version = NULL;
	g_autofree char *owing = NULL;

	load_version_1(test);
	database_execute(test->file, "CREATE TABLE owed (in_the_way)");
	assert_null(journal_open(test->directory, TRUE, &test->problem));
	assert_refused(test->problem, "already exists");
	version = database_value(test->file, "SELECT value FROM about WHERE name = 'version'");
	owing = database_value(test->file, "SELECT count(*) FROM lines WHERE owed");
	assert_string_equal(version, "1");
	assert_string_equal(owing, "1");
}

static void a_newer_journal_is_refused(void **state)
{
	Test *test = *state;

	open_journal(test);
	g_clear_pointer(&test->journal, journal_close);
	database_execute(test->file, "UPDATE about SET value = '8'");
	assert_null(journal_open(test->directory, TRUE, &test->problem));
	assert_refused(test->problem, "is of version 8, and this program knows version 7");
}

static void a_file_that_was_made_and_not_filled_is_no_journal(void **state)
{
	Test *test = *state;

	assert_true(g_file_set_contents(test->file, "", 0, NULL));
	assert_null(journal_open(test->directory, FALSE, &test->problem));
	assert_null(test->problem);
	open_journal(test);
	assert_int_equal(journal_last(test->journal, FALSE, &test->problem), 0);
}

static void assert_counts(Test *test, gint64 number, guint done, guint started)
{
	g_autoptr(JournalRun) run = journal_run(test->journal, number, &test->problem);

	assert_ok(run, test->problem);
	assert_int_equal(run->changes, done);
	assert_int_equal(run->begun_changes, started);
}

static void changes_are_counted_as_they_begin_and_end(void **state)
{
	Test *test = *state;
	const char *key = "cn1";
	Change change[3] = { 0 };
	Change *changes[] = { &change[0], &change[1], &change[2] };
	gint64 run;

	for (guint i = 0; i < G_N_ELEMENTS(change); i++)
		change[i] = (Change){
			.step = "s", .target = "t", .key = &key, .n_key = 1, .column = "c"
		};
	open_journal(test);
	run = begin(test, "db", (const char *const[]){ "cn1", NULL });
	assert_true(journal_start(test->journal, run, changes, 3, &test->problem));
	assert_counts(test, run, 0, 3);
	assert_true(journal_settle(test->journal, changes, 1, CHANGE_DONE, &test->problem));
	assert_counts(test, run, 1, 2);
	assert_true(
		journal_settle(test->journal, changes + 1, 1, CHANGE_UNKNOWN, &test->problem));
	assert_counts(test, run, 1, 1);
	assert_true(journal_forget(test->journal, changes + 2, 1, &test->problem));
	assert_counts(test, run, 1, 0);
	assert_true(journal_settle(test->journal, changes, 1, CHANGE_UNDONE, &test->problem));
	assert_counts(test, run, 1, 0); /* it was done once */
}

/* The states of the run's changes, a letter each: s started, d done, u undone. */
static void assert_states(Test *test, gint64 number, const char *wanted)
{
	g_autoptr(JournalContent) content =
		journal_content(test->journal, number, &test->problem);
	g_autoptr(GString) states = g_string_new(NULL);

	assert_ok(content, test->problem);
	for (guint i = 0; i < content->changes->len; i++)
		g_string_append_c(states,
				  "psdf?u"[((Change *)content->changes->pdata[i])->state]);
	assert_string_equal(states->str, wanted);
}

static void a_part_of_a_batch_has_a_state_of_its_own(void **state)
{
	Test *test = *state;
	const char *key = "cn1";
	Change change[6] = { 0 };
	Change *changes[6];
	gint64 run;

	for (guint i = 0; i < G_N_ELEMENTS(change); i++) {
		change[i] = (Change){
			.step = "s", .target = "t", .key = &key, .n_key = 1, .column = "c"
		};
		changes[i] = &change[i];
	}
	open_journal(test);
	run = begin(test, "db", (const char *const[]){ "cn1", NULL });
	assert_true(journal_start(test->journal, run, changes, 4, &test->problem));
	assert_true(journal_start(test->journal, run, changes + 4, 2, &test->problem));
	assert_true(journal_settle(test->journal, changes + 1, 2, CHANGE_DONE, &test->problem));
	assert_states(test, run, "sddsss");
	assert_true(journal_settle(test->journal, changes + 3, 3, CHANGE_DONE, &test->problem));
	assert_states(test, run, "sddddd");
	assert_true(journal_settle(test->journal, changes, 6, CHANGE_UNDONE, &test->problem));
	assert_states(test, run, "uuuuuu");
	assert_counts(test, run, 5, 0);
}

static void what_never_began_is_forgotten_and_its_number_given_again(void **state)
{
	Test *test = *state;
	const char *key = "cn1";
	Change change[4] = { 0 };
	Change *changes[4];
	gint64 run, other;

	for (guint i = 0; i < G_N_ELEMENTS(change); i++) {
		change[i] = (Change){
			.step = "s", .target = "t", .key = &key, .n_key = 1, .column = "c"
		};
		changes[i] = &change[i];
	}
	open_journal(test);
	run = begin(test, "db", (const char *const[]){ "cn1", NULL });
	assert_true(journal_start(test->journal, run, changes, 3, &test->problem));
	assert_true(journal_forget(test->journal, changes + 1, 2, &test->problem));
	assert_states(test, run, "s");
	other = begin(test, "another", (const char *const[]){ "cn1", NULL });
	assert_true(journal_start(test->journal, other, changes + 3, 1, &test->problem));
	assert_states(test, run, "s");
	assert_states(test, other, "s");
	assert_true(journal_forget(test->journal, changes, 1, &test->problem));
	assert_states(test, run, "");
	assert_counts(test, run, 0, 0);
}

/* A value that no other field has. */
static void fill_field(Change *change, const ChangeField *field, guint number)
{
	gpointer at = change_field(change, field);
	g_autofree char *text = g_strdup_printf("text %u", number);

	switch (field->type) {
	case CHANGE_FIELD_TEXT:
		*(const char **)at = g_intern_string(text);
		break;
	case CHANGE_FIELD_NUMBER:
	case CHANGE_FIELD_STATUS:
		*(guint *)at = number;
		break;
	case CHANGE_FIELD_COUNT:
		*(guint64 *)at = (guint64)number << 32;
		break;
	case CHANGE_FIELD_FLAG:
		*(gboolean *)at = TRUE;
		break;
	case CHANGE_FIELD_BYTES:
		*(GBytes **)at = g_bytes_new(text, strlen(text) + 1);
		break;
	case CHANGE_FIELD_CELL:
		*(StoreCell *)at = (StoreCell){ STORE_CELL_TEXT, g_intern_string(text) };
		break;
	case CHANGE_FIELD_KEY:
		change->key = (const char *const *)g_strsplit("10.1.0.0 255.255.0.0", " ", -1);
		change->n_key = 2;
		break;
	case CHANGE_FIELD_END:
		break;
	}
}

static void assert_same_field(const Change *a, const Change *b, const ChangeField *field)
{
	gpointer one = change_field(a, field), other = change_field(b, field);

	switch (field->type) {
	case CHANGE_FIELD_TEXT:
		assert_string_equal(*(const char **)one, *(const char **)other);
		break;
	case CHANGE_FIELD_NUMBER:
	case CHANGE_FIELD_STATUS:
	case CHANGE_FIELD_FLAG:
		assert_int_equal(*(guint *)one, *(guint *)other);
		break;
	case CHANGE_FIELD_COUNT:
		assert_int_equal(*(guint64 *)one, *(guint64 *)other);
		break;
	case CHANGE_FIELD_BYTES:
		assert_true(g_bytes_equal(*(GBytes **)one, *(GBytes **)other));
		break;
	case CHANGE_FIELD_CELL:
		assert_string_equal(((StoreCell *)one)->text, ((StoreCell *)other)->text);
		break;
	case CHANGE_FIELD_KEY:
		assert_int_equal(a->n_key, b->n_key);
		for (guint i = 0; i < a->n_key; i++)
			assert_string_equal(a->key[i], b->key[i]);
		break;
	case CHANGE_FIELD_END:
		break;
	}
}

/* Fields that only a plan shows are kept nowhere. */
static gboolean is_kept(const ChangeField *field)
{
	return field->column || field->key;
}

static void every_field_of_every_kind_is_read_as_it_was_kept(void **state)
{
	Test *test = *state;

	open_journal(test);
	for (guint kind = 0; kind < CHANGE_KINDS; kind++) {
		g_autoptr(Change) change = change_new((ChangeKind)kind);
		const ChangeField *fields = change_class(change)->fields;
		g_autoptr(JournalContent) content = NULL;
		gint64 run = begin(test, "db", (const char *const[]){ "cn1", NULL });
		const Change *read;

		change->step = "dhcp";
		for (guint i = 0; fields[i].type; i++)
			if (is_kept(&fields[i]))
				fill_field(change, &fields[i], i + 1);
		assert_ok(journal_start(test->journal, run, &change, 1, &test->problem),
			  test->problem);
		change->state = CHANGE_FAILED;
		assert_ok(journal_results(test->journal, &change, 1, &test->problem),
			  test->problem);
		content = journal_content(test->journal, run, &test->problem);
		assert_ok(content, test->problem);
		read = content->changes->pdata[0];
		assert_int_equal(read->kind, kind);
		assert_int_equal(read->state, CHANGE_FAILED);
		for (guint i = 0; fields[i].type; i++)
			if (is_kept(&fields[i]))
				assert_same_field(change, read, &fields[i]);
		g_strfreev(change->n_key > 1 ? (char **)change->key : NULL);
		change->n_key = 0;
	}
}

static void a_debt_is_read_with_its_step_and_its_key(void **state)
{
	Test *test = *state;
	JournalOwed *owed = journal_owed_new("sn2", NULL, "put");
	g_autoptr(JournalContent) content = NULL;
	gint64 run;

	open_journal(test);
	run = begin(test, "db", (const char *const[]){ "cn1", NULL });
	owed->step = g_strdup("dhcp");
	owed->key = g_strdup("4:file3:sn2");
	end(test, run, JOURNAL_OWED, owed);
	content = journal_content(test->journal, run, &test->problem);
	assert_ok(content, test->problem);
	assert_true(journal_owed_same(content->owed->pdata[0], content->owed->pdata[0]));
	assert_string_equal(((JournalOwed *)content->owed->pdata[0])->step, "dhcp");
	assert_string_equal(((JournalOwed *)content->owed->pdata[0])->key, "4:file3:sn2");
}

/* What ended together has one place; a later end a later one; an undo changes none. */
static void changes_have_their_place_among_the_ends_of_their_run(void **state)
{
	Test *test = *state;
	g_autoptr(JournalContent) content = NULL;
	g_autoptr(GPtrArray) changes = g_ptr_array_new_with_free_func(change_free);
	gint64 run;

	open_journal(test);
	run = begin(test, "db", (const char *const[]){ "cn1", NULL });
	for (guint i = 0; i < 4; i++) {
		Change *change = change_new(CHANGE_COMMAND);

		change->step = "nodes";
		change->host = "cn1";
		change->target = "true";
		g_ptr_array_add(changes, change);
	}
	assert_true(journal_start(test->journal, run, (Change *const *)changes->pdata, 4,
				  &test->problem));
	assert_true(journal_settle(test->journal, (Change *const *)changes->pdata + 2, 2,
				   CHANGE_DONE, &test->problem));
	assert_true(journal_settle(test->journal, (Change *const *)changes->pdata, 1,
				   CHANGE_DONE, &test->problem));
	assert_true(journal_settle(test->journal, (Change *const *)changes->pdata + 2, 1,
				   CHANGE_UNDONE, &test->problem));
	content = journal_content(test->journal, run, &test->problem);
	assert_ok(content, test->problem);
	for (guint i = 0; i < 4; i++) {
		static const gint64 places[] = { 2, 0, 1, 1 };

		assert_int_equal(((Change *)changes->pdata[i])->ended, places[i]);
		assert_int_equal(((Change *)content->changes->pdata[i])->ended, places[i]);
	}
	assert_int_equal(((Change *)content->changes->pdata[2])->state, CHANGE_UNDONE);
}

static void note(Test *test, gint64 run, const char *text)
{
	g_autoptr(GVariant) value = g_variant_ref_sink(g_variant_new_string(text));

	assert_ok(journal_note(test->journal, run, "paused", text[0] ? value : NULL,
			       &test->problem),
		  test->problem);
}

static void assert_note(Test *test, gint64 run, const char *wanted)
{
	g_autoptr(JournalContent) content = journal_content(test->journal, run, &test->problem);
	GVariant *value;

	assert_ok(content, test->problem);
	value = g_hash_table_lookup(content->notes, "paused");
	assert_string_equal(value ? g_variant_get_string(value, NULL) : "", wanted);
}

static void a_note_is_on_disk_when_it_is_set(void **state)
{
	Test *test = *state;
	gint64 run;

	open_journal(test);
	run = begin(test, "db", (const char *const[]){ "cn1", NULL });
	note(test, run, "cron");
	open_journal(test); /* nothing else was told to the journal */
	assert_note(test, run, "cron");
	note(test, run, "cron and timers");
	assert_note(test, run, "cron and timers");
	note(test, run, "");
	assert_note(test, run, "");
}

static void an_undo_goes_on_with_the_notes_of_the_first_run(void **state)
{
	Test *test = *state;
	static const char *const names[] = { "cn1", NULL };
	gint64 first, undo, redo;

	open_journal(test);
	first = begin(test, "db", names);
	note(test, first, "cron");
	undo = begin_undo(test, "db", names, first);
	redo = begin_undo(test, "db", names, undo);
	assert_note(test, undo, "cron");
	assert_note(test, redo, "cron");
	assert_int_equal(journal_notes_run(test->journal, redo, &test->problem), first);
	assert_int_equal(journal_notes_run(test->journal, first, &test->problem), first);
}

/* A bit that a disk has turned: what is read is not believed. */
static void a_damaged_change_is_refused_and_not_used(void **state)
{
	Test *test = *state;
	static const char *const damages[] = {
		"UPDATE changes SET kind = 7",	       "UPDATE changes SET kind = -1",
		"UPDATE batches SET state = 9",	       "UPDATE changes SET n_key = 4294967295",
		"UPDATE changes SET n_key = 3",	       "UPDATE changes SET n_key = 0",
		"UPDATE changes SET key = x'63'",      "UPDATE changes SET target = NULL",
		"UPDATE changes SET column = NULL",    "UPDATE changes SET step = NULL",
		"UPDATE changes SET before_kind = 99", "UPDATE changes SET after = NULL",
	};
	Change change = { .kind = CHANGE_ROW,
			  .step = "servers",
			  .target = "networks",
			  .key = (const char *const[]){ "10.1.0.0", "255.255.0.0", NULL },
			  .n_key = 2,
			  .column = "gateway",
			  .before = { STORE_CELL_NULL, NULL },
			  .after = { STORE_CELL_TEXT, "10.1.0.1" } };
	Change *const changes[] = { &change };
	gint64 run;

	for (gsize i = 0; i < G_N_ELEMENTS(damages); i++) {
		open_journal(test);
		run = begin(test, "db", (const char *const[]){ "cn1", NULL });
		assert_true(journal_start(test->journal, run, changes, 1, &test->problem));
		database_execute(test->file, damages[i]);
		assert_null(journal_content(test->journal, run, &test->problem));
		assert_refused(test->problem, "journal.db' is damaged");
		g_clear_pointer(&test->journal, journal_close);
		assert_int_equal(unlink(test->file), 0);
	}
}

static void a_step_that_is_begun_again_is_not_done(void **state)
{
	Test *test = *state;
	const char *step = "dhcp";
	JournalLines lines = { 0 };
	gint64 run;

	open_journal(test);
	run = begin(test, "db", (const char *const[]){ "cn1", NULL });
	for (int times = 0; times < 2; times++) {
		for (int done = 0; done < 2; done++) {
			g_autoptr(JournalContent) content = NULL;

			assert_ok(done ? journal_end_steps(test->journal, run, &step, 1, &lines,
							   &test->problem)
				       : journal_begin_step(test->journal, run, step,
							    &test->problem),
				  test->problem);
			content = journal_content(test->journal, run, &test->problem);
			assert_ok(content, test->problem);
			assert_int_equal(g_hash_table_contains(content->steps, step), done);
		}
	}
}

static JournalOwed *owe(const char *host, const char *const *nodes, const char *text)
{
	return journal_owed_new(host, nodes, text);
}

/* What another undo tries again. */
static JournalOwed *owe_undo(const char *host, const char *const *nodes, const char *text)
{
	JournalOwed *owed = owe(host, nodes, text);

	owed->step = g_strdup(CHANGE_UNDO_STEP);
	return owed;
}

static void a_later_move_makes_void_what_is_owed_for_its_nodes(void **state)
{
	Test *test = *state;
	gint64 first, second, third;

	open_journal(test);
	first = begin(test, "db", (const char *const[]){ "cn1", "cn2", "cn3", NULL });
	end(test, first, JOURNAL_OWED,
	    owe("sn1", (const char *const[]){ "cn1", "cn2", "cn3", NULL }, "entries"));
	second = begin(test, "db", (const char *const[]){ "cn2", NULL });
	end(test, second, JOURNAL_DONE, NULL);
	assert_owed(test, first, "sn1: cn1,cn3: entries");
	assert_state(test, first, JOURNAL_OWED);
	third = begin(test, "db", (const char *const[]){ "cn1", "cn3", NULL });
	end(test, third, JOURNAL_DONE, NULL);
	assert_owed(test, first, "");
	assert_state(test, first, JOURNAL_DONE);
}

/* A network boot: from no service node to none. */
static gint64 begin_boot(Test *test, const char *const *names)
{
	JournalRun run = { .database = (char *)"db",
			   .mode = (char *)"planned",
			   .from = (char *)"" };
	JournalNode nodes[4] = { 0 };
	guint n = 0;
	g_autoptr(GHashTable) options = g_hash_table_new(g_str_hash, g_str_equal);

	run.to = run.from;
	for (; names[n]; n++)
		nodes[n].name = names[n];
	assert_ok(journal_begin(test->journal, &run, nodes, n, options, &test->problem),
		  test->problem);
	return run.number;
}

static void moves_and_boots_make_void_what_is_owed_by_their_like(void **state)
{
	Test *test = *state;
	const char *const nodes[] = { "cn1", NULL };
	g_autoptr(JournalRun) run = NULL;
	gint64 move, boot;

	open_journal(test);
	move = begin(test, "db", nodes);
	end(test, move, JOURNAL_OWED, owe("sn1", nodes, "entries"));
	boot = begin_boot(test, nodes);
	end(test, boot, JOURNAL_OWED, owe("mn", nodes, "boot"));
	run = journal_run(test->journal, boot, &test->problem);
	assert_true(journal_run_boots(run));
	assert_owed(test, move, "sn1: cn1: entries");
	end(test, begin(test, "db", nodes), JOURNAL_DONE, NULL);
	assert_owed(test, move, "");
	assert_owed(test, boot, "mn: cn1: boot");
	end(test, begin_boot(test, nodes), JOURNAL_DONE, NULL);
	assert_owed(test, boot, "");
	assert_state(test, boot, JOURNAL_DONE);
}

static void what_is_owed_for_no_node_stays(void **state)
{
	Test *test = *state;
	gint64 first;

	open_journal(test);
	first = begin(test, "db", (const char *const[]){ "cn1", NULL });
	end(test, first, JOURNAL_OWED, owe(NULL, NULL, "call the owner"));
	end(test, begin(test, "db", (const char *const[]){ "cn1", NULL }), JOURNAL_DONE, NULL);
	assert_owed(test, first, "-: -: call the owner");
	assert_state(test, first, JOURNAL_OWED);
}

static void a_debt_is_not_void_by_another_database_a_failure_or_some_steps(void **state)
{
	Test *test = *state;
	const char *const nodes[] = { "cn1", NULL };
	JournalLines parts = { .whole = FALSE };
	gint64 first;

	open_journal(test);
	first = begin(test, "db", nodes);
	end(test, first, JOURNAL_OWED, owe(NULL, nodes, "syslog"));
	end(test, begin(test, "another", nodes), JOURNAL_DONE, NULL);
	end(test, begin(test, "db", nodes), JOURNAL_STOPPED, NULL);
	end(test, begin(test, "db", nodes), JOURNAL_REFUSED, NULL);
	assert_ok(journal_end(test->journal, begin(test, "db", nodes), JOURNAL_DONE, &parts,
			      &test->problem),
		  test->problem);
	assert_owed(test, first, "-: cn1: syslog");
	assert_state(test, first, JOURNAL_OWED);
}

/* A node that it could not reach was moved all the same. */
static void a_move_makes_older_debts_void_also_where_it_owes_itself(void **state)
{
	Test *test = *state;
	const char *const nodes[] = { "cn1", NULL };
	gint64 first, second;

	open_journal(test);
	first = begin(test, "db", nodes);
	end(test, first, JOURNAL_OWED, owe("cn1", nodes, "was down"));
	second = begin(test, "db", nodes);
	end(test, second, JOURNAL_OWED, owe("cn1", nodes, "was down"));
	assert_owed(test, first, "");
	assert_owed(test, second, "cn1: cn1: was down");
}

/* An undo owes what it has left as it was: that node was not moved. */
static void a_node_that_an_undo_left_as_it_is_keeps_its_older_debts(void **state)
{
	Test *test = *state;
	const char *const nodes[] = { "cn1", "cn2", NULL };
	gint64 first, second;

	open_journal(test);
	first = begin(test, "db", nodes);
	end(test, first, JOURNAL_OWED, owe("sn1", nodes, "entries"));
	second = begin_undo(test, "db", nodes, first);
	end(test, second, JOURNAL_OWED,
	    owe_undo(NULL, (const char *const[]){ "cn2", NULL }, "left as it is"));
	assert_owed(test, first, "sn1: cn2: entries");
}

static void what_people_are_to_do_by_hand_does_not_say_that_a_node_was_left(void **state)
{
	Test *test = *state;
	const char *const nodes[] = { "cn1", NULL };
	gint64 first, second;

	open_journal(test);
	first = begin(test, "db", nodes);
	end(test, first, JOURNAL_OWED, owe("sn1", nodes, "entries"));
	second = begin_undo(test, "db", nodes, first);
	end(test, second, JOURNAL_OWED, owe("cn1", nodes, "do it by hand"));
	assert_owed(test, first, "");
}

static void an_undo_says_anew_what_an_earlier_one_of_the_run_owed(void **state)
{
	Test *test = *state;
	const char *const nodes[] = { "cn1", "cn2", NULL };
	const char *const one[] = { "cn1", NULL };
	gint64 first, second, third;

	open_journal(test);
	first = begin(test, "db", nodes);
	end(test, first, JOURNAL_DONE, NULL);
	second = begin_undo(test, "db", nodes, first);
	end(test, second, JOURNAL_OWED, owe_undo(NULL, nodes, "left as it is"));
	third = begin_undo(test, "db", one, first);
	end(test, third, JOURNAL_OWED, owe_undo(NULL, one, "left as it is"));
	assert_owed(test, second, "-: cn2: left as it is");
	assert_owed(test, third, "-: cn1: left as it is");
}

static void what_undos_owe_of_no_node_is_paid_when_nothing_of_the_run_is_left(void **state)
{
	Test *test = *state;
	const char *const nodes[] = { "cn1", NULL };
	gint64 first, second, third;

	open_journal(test);
	first = begin(test, "db", nodes);
	end(test, first, JOURNAL_DONE, NULL);
	second = begin_undo(test, "db", nodes, first);
	end(test, second, JOURNAL_OWED, owe_undo("sn1", NULL, "a file"));
	third = begin_undo(test, "db", nodes, first);
	end(test, third, JOURNAL_OWED, owe_undo("sn1", NULL, "a file"));
	assert_owed(test, second, "sn1: -: a file");
	third = begin_undo(test, "db", nodes, first);
	end(test, first, JOURNAL_UNDONE, NULL);
	end(test, third, JOURNAL_DONE, NULL);
	assert_owed(test, second, "");
	assert_state(test, second, JOURNAL_DONE);
}

static void take_back(Test *test, gint64 run, const char *const *names)
{
	assert_ok(journal_take_back(test->journal, run, names, &test->problem), test->problem);
}

static void what_an_undo_has_taken_back_is_kept_with_the_run(void **state)
{
	Test *test = *state;
	const char *const nodes[] = { "cn1", "cn2", "cn3", NULL };
	gint64 first, second, third;

	open_journal(test);
	first = begin(test, "db", nodes);
	second = begin_undo(test, "db", nodes, first);
	take_back(test, second, (const char *const[]){ "cn1", "cn3", NULL });
	assert_turned(test, first, "cn1 back 2|cn3 back 2");
	third = begin_undo(test, "db", nodes, first);
	take_back(test, third, nodes); /* who was first can move cn1 again */
	assert_turned(test, first, "cn1 back 2|cn2 back 3|cn3 back 2");
	assert_turned(test, second, "");
}

static void what_is_done_again_and_taken_back_once_more_is_known_by_the_last_run(void **state)
{
	Test *test = *state;
	const char *const nodes[] = { "cn1", "cn2", NULL };
	const char *const one[] = { "cn1", NULL };

	open_journal(test);
	assert_int_equal(begin(test, "db", nodes), 1);
	assert_int_equal(begin_undo(test, "db", nodes, 1), 2);
	take_back(test, 2, nodes);
	assert_int_equal(begin_undo(test, "db", one, 2), 3);
	take_back(test, 3, one);
	assert_turned(test, 1, "cn1 again 3|cn2 back 2");
	assert_turned(test, 2, "cn1 back 3");
	assert_int_equal(begin_undo(test, "db", one, 3), 4);
	take_back(test, 4, one);
	assert_turned(test, 1, "cn1 back 4|cn2 back 2");
	assert_turned(test, 2, "cn1 again 4");
	assert_turned(test, 3, "cn1 back 4");
}

/* Nodes of a run from a server to another, which has begun something. */
static gint64 begin_from(Test *test, const char *mode, const char *from, const char *to,
			 const char *const *names)
{
	g_autoptr(JournalRun) run = g_new0(JournalRun, 1);
	g_autoptr(GHashTable) options = g_hash_table_new(g_str_hash, g_str_equal);
	g_autofree char *sql = NULL;
	JournalNode nodes[8] = { 0 };
	guint n = 0;

	run->database = g_strdup("db");
	run->mode = g_strdup(mode);
	run->from = g_strdup(from);
	run->to = g_strdup(to);
	for (; names[n]; n++)
		nodes[n] = (JournalNode){ .name = names[n], .old_sn = from, .new_sn = to };
	assert_ok(journal_begin(test->journal, run, nodes, n, options, &test->problem),
		  test->problem);
	sql = g_strdup_printf("INSERT INTO batches VALUES (%d, %d, %d, 2, 0, 0, 0, 1)",
			      (int)run->number, (int)run->number, (int)run->number);
	database_execute(test->file, sql);
	return run->number;
}

static void assert_left_behind(Test *test, const char *server, const char *wanted)
{
	g_autoptr(GPtrArray) names =
		journal_left_behind(test->journal, "db", server, &test->problem);
	g_autofree char *text = NULL;

	assert_ok(names, test->problem);
	g_ptr_array_add(names, NULL);
	text = g_strjoinv(" ", (char **)names->pdata);
	assert_string_equal(text, wanted);
}

static void nodes_are_left_behind_by_the_dead(void **state)
{
	Test *test = *state;
	const char *const one[] = { "cn2", "cn1", NULL };
	const char *const other[] = { "cn3", NULL };
	const char *const again[] = { "cn2", "cn4", NULL };

	open_journal(test);
	begin_from(test, "dead", "sn1", "sn2", one);
	begin_from(test, "planned", "sn1", "sn2", other);
	begin_from(test, "dead", "sn3", "sn2", other);
	begin_from(test, "dead", "sn1", "sn3", again);
	assert_left_behind(test, "sn1", "cn1 cn2 cn4");
	assert_left_behind(test, "sn3", "cn3");
	assert_left_behind(test, "sn2", "");
	/* One that has begun nothing has left nobody. */
	database_execute(test->file, "DELETE FROM batches WHERE run = 4");
	assert_left_behind(test, "sn1", "cn1 cn2");
}

/* Bringing a server up to date settles what is owed there, and nowhere else; and it is no move.
 */
static void what_is_owed_on_a_server_that_is_up_to_date_is_settled(void **state)
{
	Test *test = *state;
	const char *const nodes[] = { "cn1", "cn2", NULL };
	const char *const one[] = { "cn1", NULL };
	gint64 dead, other, back;

	open_journal(test);
	dead = begin_from(test, "dead", "sn1", "sn2", nodes);
	end(test, dead, JOURNAL_OWED, journal_owed_new("sn1", nodes, "it has their entries"));
	other = begin_from(test, "planned", "sn1", "sn2", one);
	end(test, other, JOURNAL_OWED, journal_owed_new("sn2", one, "it refuses"));
	back = begin_from(test, "planned", "sn1", "sn1", nodes);
	assert_int_equal(journal_last_on(test->journal, "db", &test->problem), other);
	end(test, back, JOURNAL_DONE, NULL);
	assert_state(test, dead, JOURNAL_DONE);
	assert_state(test, other, JOURNAL_OWED);
	assert_owed(test, dead, "");
}

static void the_last_run_is_that_of_a_database(void **state)
{
	Test *test = *state;
	const char *const nodes[] = { "cn1", NULL };
	gint64 first, second;

	open_journal(test);
	first = begin(test, "db", nodes);
	second = begin(test, "other", nodes);
	begin(test, "db", nodes); /* it begins nothing */
	database_execute(test->file, "INSERT INTO batches VALUES (1, 1, 1, 2, 0, 0, 0, 1),"
				     " (2, 2, 2, 2, 0, 0, 0, 1)");
	assert_int_equal(journal_last_on(test->journal, "db", &test->problem), first);
	assert_int_equal(journal_last_on(test->journal, "other", &test->problem), second);
	assert_int_equal(journal_last_on(test->journal, "none", &test->problem), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(nodes_are_left_behind_by_the_dead),
		TEST(what_is_owed_on_a_server_that_is_up_to_date_is_settled),
		TEST(an_older_journal_is_upgraded_and_keeps_its_runs),
		TEST(of_an_older_journal_it_is_known_what_undos_have_taken_back),
		TEST(and_what_the_undo_of_an_undo_has_done_again),
		TEST(an_upgraded_journal_has_the_tables_of_a_new_one),
		TEST(an_upgrade_that_fails_leaves_the_older_journal_as_it_is),
		TEST(a_newer_journal_is_refused),
		TEST(a_file_that_was_made_and_not_filled_is_no_journal),
		TEST(changes_are_counted_as_they_begin_and_end),
		TEST(a_part_of_a_batch_has_a_state_of_its_own),
		TEST(what_never_began_is_forgotten_and_its_number_given_again),
		TEST(every_field_of_every_kind_is_read_as_it_was_kept),
		TEST(a_debt_is_read_with_its_step_and_its_key),
		TEST(changes_have_their_place_among_the_ends_of_their_run),
		TEST(a_note_is_on_disk_when_it_is_set),
		TEST(an_undo_goes_on_with_the_notes_of_the_first_run),
		TEST(a_damaged_change_is_refused_and_not_used),
		TEST(a_step_that_is_begun_again_is_not_done),
		TEST(a_later_move_makes_void_what_is_owed_for_its_nodes),
		TEST(moves_and_boots_make_void_what_is_owed_by_their_like),
		TEST(what_is_owed_for_no_node_stays),
		TEST(a_debt_is_not_void_by_another_database_a_failure_or_some_steps),
		TEST(a_move_makes_older_debts_void_also_where_it_owes_itself),
		TEST(a_node_that_an_undo_left_as_it_is_keeps_its_older_debts),
		TEST(what_people_are_to_do_by_hand_does_not_say_that_a_node_was_left),
		TEST(an_undo_says_anew_what_an_earlier_one_of_the_run_owed),
		TEST(what_undos_owe_of_no_node_is_paid_when_nothing_of_the_run_is_left),
		TEST(what_an_undo_has_taken_back_is_kept_with_the_run),
		TEST(what_is_done_again_and_taken_back_once_more_is_known_by_the_last_run),
		TEST(the_last_run_is_that_of_a_database),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
