/* Text for messages, and the secrets that it never shows. */
#include "tests/lib/harness.h"
#include "core/base.h"
#include <string.h>

static void assert_plain(const char *text, const char *wanted)
{
	g_autofree char *plain = text_plain(text);

	assert_string_equal(plain, wanted);
}

static void what_is_no_text_is_escaped(void **state)
{
	(void)state;
	assert_plain("cn001", "cn001");
	assert_plain("a\nb\tc\033[1m", "a\\nb\\tc\\x1b[1m");
	assert_plain("\xff\xc3\xa4", "\\xff\xc3\xa4");
	assert_plain("\xe2\x80\xae", "\\xe2\\x80\\xae"); /* turns the line round */
}

static void a_secret_is_shown_by_its_name(void **state)
{
	g_autofree char *quoted = NULL;

	(void)state;
	assert_plain("the key is S3cr3t!", "the key is S3cr3t!");
	secret_add("passwd.omapi", "S3cr3t!");
	assert_plain("the key is S3cr3t!", "the key is {secret passwd.omapi}");
	assert_plain("S3cr3t!S3cr3t!x", "{secret passwd.omapi}{secret passwd.omapi}x");
	assert_plain("S3cr3t", "S3cr3t");
	quoted = text_quote("S3cr3t!");
	assert_string_equal(quoted, "'{secret passwd.omapi}'");
}

static void of_two_secrets_the_longer_one_is_seen(void **state)
{
	(void)state;
	secret_add("a", "word");
	secret_add("b", "word and more");
	assert_plain("word and more, word", "{secret b}, {secret a}");
}

static void what_is_too_short_is_no_secret(void **state)
{
	(void)state;
	secret_add("short", "abc");
	secret_add("empty", "");
	assert_plain("abc", "abc");
}

static void bytes_are_searched_whole(void **state)
{
	static const char bytes[] = "x\0S3cr3t!\0y";
	gsize length = sizeof(bytes) - 1;
	g_autofree char *masked = secret_mask(bytes, &length);
	gsize short_length = 5;

	(void)state;
	assert_string_equal(secret_in(bytes, sizeof(bytes) - 1), "passwd.omapi");
	assert_null(secret_in(bytes, 5));
	assert_null(secret_in(NULL, 0));
	assert_int_equal(length, strlen("x.{secret passwd.omapi}.y"));
	assert_memory_equal(masked, "x\0{secret passwd.omapi}\0y", length);
	assert_null(secret_mask(bytes, &short_length));
}

static void assert_meant(const char *name, const char *wanted)
{
	static const char *const names[] = { "servers", "servicenode", "it's\n", NULL };
	g_autofree char *meant = text_did_you_mean(name, names);

	assert_string_equal(meant, wanted);
}

static void a_name_that_is_near_is_offered(void **state)
{
	g_autofree char *nothing = text_did_you_mean("servers", NULL);

	(void)state;
	assert_meant("server", "; did you mean 'servers'?");
	assert_meant("Servicenod", "; did you mean 'servicenode'?");
	assert_meant("its", "; did you mean 'it's\\n'?"); /* as any text in a message */
	assert_meant("xcatmaster", "");
	assert_meant("", "");
	assert_string_equal(nothing, "");
}

static void lines_of_a_library_are_one(void **state)
{
	g_autofree char *line = text_one_line("  it failed:\tno file\n\tIs it \r\n there?\n");
	g_autofree char *nothing = text_one_line(" \n");

	(void)state;
	assert_string_equal(line, "it failed: no file Is it there?");
	assert_string_equal(nothing, "");
}

static char *patience_told;

static void hear_patience(const char *what, guint seconds, guint most)
{
	g_autofree char *before = patience_told;

	patience_told = what ? g_strdup_printf("%s%s %u/%u|", before, what, seconds, most)
			     : g_strconcat(before, "over|", NULL);
}

static void patience_is_told_of_after_a_second_and_has_an_end(void **state)
{
	Patience patience = { .what = "the file", .most = 3000 };

	(void)state;
	patience_told = g_strdup("");
	patience_on_wait(hear_patience);
	assert_true(patience_wait(&patience, 0));
	assert_true(patience_wait(&patience, 1));
	assert_string_equal(patience_told, "");
	patience.since = g_get_monotonic_time() - 2 * G_USEC_PER_SEC;
	assert_true(patience_wait(&patience, 2));
	assert_string_equal(patience_told, "the file 2/3|over|");
	patience.since = g_get_monotonic_time() - 3 * G_USEC_PER_SEC;
	assert_false(patience_wait(&patience, 3));
	assert_true(patience_wait(&patience, 0)); /* another time */
	assert_string_equal(patience_told, "the file 2/3|over|");
	patience_on_wait(NULL);
	g_free(patience_told);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_no_text_is_escaped),
		cmocka_unit_test(a_secret_is_shown_by_its_name),
		cmocka_unit_test(of_two_secrets_the_longer_one_is_seen),
		cmocka_unit_test(what_is_too_short_is_no_secret),
		cmocka_unit_test(bytes_are_searched_whole),
		cmocka_unit_test(a_name_that_is_near_is_offered),
		cmocka_unit_test(lines_of_a_library_are_one),
		cmocka_unit_test(patience_is_told_of_after_a_second_and_has_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
