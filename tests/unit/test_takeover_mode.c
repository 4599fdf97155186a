/* Is the old service node alive or dead: what a look means, and what follows from several. */
#include "core/takeover.h"
#include "tests/lib/harness.h"
#include <string.h>

/* ---- What follows: a table of facts ---- */

static Facts *facts;

static ModeLook look_named(const char *word)
{
	static const char *const words[] = { [MODE_UNKNOWN] = "unknown",
					     [MODE_SILENT] = "silent",
					     [MODE_ANSWERS] = "answers",
					     [MODE_ALIVE] = "alive" };

	for (guint i = 0; i < G_N_ELEMENTS(words); i++)
		if (g_str_equal(words[i], word))
			return (ModeLook)i;
	fail_msg("'%s' is no look", word);
	return MODE_UNKNOWN;
}

static ModeSaid said_named(const char *word)
{
	return g_str_equal(word, "alive")  ? MODE_SAID_ALIVE
	       : g_str_equal(word, "dead") ? MODE_SAID_DEAD
					   : MODE_SAID_NOTHING;
}

static GPtrArray *looks_of(const char *text)
{
	static const char *const names[] = { "sn1", "sn2", NULL };
	g_auto(GStrv) words = g_strsplit(text, ",", -1);
	guint told = *text ? g_strv_length(words) : 0;
	guint n = MIN(told, G_N_ELEMENTS(names) - 1);
	const char *sources[3] = { NULL };
	GPtrArray *looks;

	assert_int_equal(told, n);
	for (guint i = 0; i < n; i++)
		sources[i] = names[i];
	looks = mode_looks(sources);
	assert_int_equal(looks->len, n);
	for (guint i = 0; i < n; i++) {
		ModeSeen *seen = looks->pdata[i];

		seen->look = look_named(words[i]);
		g_free(seen->evidence);
		seen->evidence = g_strconcat("seen ", words[i], NULL);
	}
	return looks;
}

static void decided(void **state)
{
	guint row = facts_row(state);
	const char *mode = facts_get(facts, row, "mode");
	g_autoptr(GPtrArray) looks = looks_of(facts_get(facts, row, "looks"));
	g_autoptr(GError) problem = NULL;
	const char *got =
		mode_decide(looks, said_named(facts_get(facts, row, "said")), &problem);

	if (*mode) {
		assert_ok(got, problem);
		assert_string_equal(got, mode);
	} else {
		assert_null(got);
		assert_refused(problem, facts_get(facts, row, "message"));
	}
}

static char *name_of(const Facts *of, guint row)
{
	const char *looks = facts_get(of, row, "looks"), *said = facts_get(of, row, "said");
	const char *mode = facts_get(of, row, "mode");

	return g_strdup_printf("%s%s%s is %s", *looks ? looks : "no service node",
			       *said ? ", said " : "", said, *mode ? mode : "refused");
}

/* ---- What a look means ---- */

static RemoteResult answer(RemoteErrorCode error, int status, const char *out)
{
	return (RemoteResult){ .error = error,
			       .status = status,
			       .out = g_string_new(out),
			       .err = g_string_new(NULL),
			       .transport = "told" };
}

static void answer_clear(RemoteResult *result)
{
	g_string_free(result->out, TRUE);
	g_string_free(result->err, TRUE);
}

static GPtrArray *one_look(void)
{
	return mode_looks((const char *const[]){ "", "sn1", NULL });
}

static void assert_shell(RemoteErrorCode error, ModeLook look, const char *evidence)
{
	g_autoptr(GPtrArray) looks = one_look();
	ModeSeen *seen = looks->pdata[0];
	RemoteResult result = answer(error, 0, NULL);

	assert_int_equal(looks->len, 1); /* nobody is called "" */
	mode_take_shell(seen, &result);
	assert_int_equal(seen->look, look);
	assert_string_equal(seen->evidence, evidence);
	answer_clear(&result);
}

static void a_shell_is_alive_an_error_answers_and_silence_is_silence(void **state)
{
	(void)state;
	assert_shell(REMOTE_OK, MODE_ALIVE, "a shell answers (told)");
	assert_shell(REMOTE_REFUSED, MODE_ANSWERS, "ssh: refused");
	assert_shell(REMOTE_KEY_CHANGED, MODE_ANSWERS, "ssh: host key changed");
	assert_shell(REMOTE_DENIED, MODE_ANSWERS, "ssh: login denied");
	assert_shell(REMOTE_TIMEOUT, MODE_SILENT, "ssh: timeout");
	assert_shell(REMOTE_UNREACHABLE, MODE_SILENT, "ssh: unreachable");
}

static void a_name_that_is_none_and_a_look_that_failed_say_nothing(void **state)
{
	(void)state;
	assert_shell(REMOTE_UNRESOLVED, MODE_UNKNOWN, "ssh: unresolved");
	assert_shell(REMOTE_FAILED, MODE_UNKNOWN, "ssh: failed");
	assert_shell(REMOTE_STOPPED, MODE_UNKNOWN, "ssh: stopped");
}

static GPtrArray *texts(const char *one, const char *other)
{
	GPtrArray *array = g_ptr_array_new();

	g_ptr_array_add(array, (gpointer)one);
	g_ptr_array_add(array, (gpointer)other);
	return array;
}

static void assert_pings(RemoteErrorCode error, int status, const char *out, ModeLook look,
			 const char *words)
{
	g_autoptr(GPtrArray) addresses = texts("10.1.0.1", "10.2.0.1");
	g_autoptr(GPtrArray) looks = one_look();
	ModeSeen *seen = looks->pdata[0];
	RemoteResult silence = answer(REMOTE_TIMEOUT, -1, NULL);
	RemoteResult pings = answer(error, status, out);

	mode_take_shell(seen, &silence);
	mode_take_pings(seen, addresses, &pings);
	assert_int_equal(seen->look, look);
	assert_true(g_str_has_suffix(seen->evidence, words));
	answer_clear(&silence);
	answer_clear(&pings);
}

static void a_ping_of_any_address_is_an_answer(void **state)
{
	(void)state;
	assert_pings(REMOTE_OK, 0, "10.2.0.1 answers\n", MODE_ANSWERS,
		     "; but it answers a ping");
	assert_pings(REMOTE_OK, 0, "", MODE_SILENT, "; no answer to a ping");
	assert_pings(REMOTE_OK, 0, "110.2.0.1 answers\n10.2.0.11 answers\n", MODE_SILENT,
		     "; no answer to a ping");
	assert_pings(REMOTE_OK, 127, "", MODE_SILENT,
		     "; no ping program is here to ask otherwise");
}

static void pings_that_ran_out_of_time_count_as_far_as_they_came(void **state)
{
	(void)state;
	assert_pings(REMOTE_TIMEOUT, -1, "10.2.0.1 answers\n", MODE_ANSWERS,
		     "; but it answers a ping");
	assert_pings(REMOTE_TIMEOUT, -1, "", MODE_SILENT, "; no answer to a ping");
}

static void pings_that_could_not_be_sent_say_nothing(void **state)
{
	(void)state;
	assert_pings(REMOTE_FAILED, -1, "", MODE_UNKNOWN, "; no ping could be sent: failed");
	assert_pings(REMOTE_LOST, -1, "10.1.0.1 answers\n", MODE_ANSWERS,
		     "; but it answers a ping");
}

static void the_command_pings_all_addresses_at_once(void **state)
{
	g_autoptr(GPtrArray) all =
		g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
	g_autofree char *command = NULL;

	(void)state;
	g_ptr_array_add(all, texts("127.0.0.1", "::1"));
	g_ptr_array_add(all, texts("10.1.0.1", "10.2.0.1"));
	command = mode_pings(all);
	assert_non_null(strstr(command, "-W 1 '127.0.0.1' >/dev/null 2>&1"));
	assert_non_null(strstr(command, "-W 1 '::1' >/dev/null 2>&1"));
	assert_non_null(strstr(command, "-W 1 '10.2.0.1' >/dev/null 2>&1"));
	assert_true(g_str_has_suffix(command, "wait\n"));
}

/* ---- What the nodes call the new one ---- */

static void an_answer_that_is_none_is_refused_with_what_to_type(void **state)
{
	g_autoptr(GError) problem = NULL;
	RemoteResult down = answer(REMOTE_TIMEOUT, -1, NULL);

	(void)state;
	assert_false(destination_take(NULL, NULL, NULL, "sn2", &down, &problem));
	assert_refused(problem,
		       "cannot ask sn2 for its name on the nodes' network: timeout; give "
		       "it with -D");
	answer_clear(&down);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_shell_is_alive_an_error_answers_and_silence_is_silence),
		cmocka_unit_test(a_name_that_is_none_and_a_look_that_failed_say_nothing),
		cmocka_unit_test(a_ping_of_any_address_is_an_answer),
		cmocka_unit_test(pings_that_ran_out_of_time_count_as_far_as_they_came),
		cmocka_unit_test(pings_that_could_not_be_sent_say_nothing),
		cmocka_unit_test(the_command_pings_all_addresses_at_once),
		cmocka_unit_test(an_answer_that_is_none_is_refused_with_what_to_type),
	};
	int failed;

	facts = facts_read("tests/cases/takeover/mode.tsv");
	failed = facts_run(facts, "mode", name_of, decided, NULL, NULL);
	facts_free(facts);
	return failed + cmocka_run_group_tests_name("looks", tests, NULL, NULL);
}
