/* The journal: what it counts and keeps of changes, steps and notes, and what is undone. */
#include "tests/unit/journal_world.h"
#include <unistd.h>

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
	static const struct CMUnitTest tests[] = {
		JOURNAL_TEST(changes_are_counted_as_they_begin_and_end),
		JOURNAL_TEST(a_part_of_a_batch_has_a_state_of_its_own),
		JOURNAL_TEST(what_never_began_is_forgotten_and_its_number_given_again),
		JOURNAL_TEST(every_field_of_every_kind_is_read_as_it_was_kept),
		JOURNAL_TEST(changes_have_their_place_among_the_ends_of_their_run),
		JOURNAL_TEST(a_note_is_on_disk_when_it_is_set),
		JOURNAL_TEST(an_undo_goes_on_with_the_notes_of_the_first_run),
		JOURNAL_TEST(a_damaged_change_is_refused_and_not_used),
		JOURNAL_TEST(a_step_that_is_begun_again_is_not_done),
		JOURNAL_TEST(what_an_undo_has_taken_back_is_kept_with_the_run),
		JOURNAL_TEST(
			what_is_done_again_and_taken_back_once_more_is_known_by_the_last_run),
		JOURNAL_TEST(the_last_run_is_that_of_a_database),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
