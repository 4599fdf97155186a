/*
 * Keys of hosts: tests/cases/remote/known.tsv, one test a row, and what a file cannot say.
 *
 * The keys are in keys.tsv; no private half of them is kept anywhere.
 */
#include "tests/lib/harness.h"
#include "core/remote/hostpattern.h"
#include "core/remote/known.h"
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define MANY 100000

static Facts *facts, *keys;
static KnownHosts *known;
static char *fixture;

static int read_fixture(void **state)
{
	(void)state;
	fixture = harness_source("tests/cases/remote/known_hosts");
	known = known_hosts_new();
	return 0;
}

static int free_fixture(void **state)
{
	(void)state;
	known_hosts_free(known);
	g_free(fixture);
	return 0;
}

/* "TYPE BASE64", as it stands in files. */
static const char *key_text(const char *label)
{
	for (guint i = 0; i < keys->rows->len; i++)
		if (g_str_equal(facts_get(keys, i, "label"), label))
			return facts_get(keys, i, "key");
	fail_msg("no key has the label %s", label);
	return NULL;
}

static KnownHostsAnswer check(KnownHosts *with, const char *file, const char *names, int port,
			      const char *label, char **where)
{
	const char *files[] = { file, NULL };
	g_auto(GStrv) list = g_strsplit(names, ",", -1);
	gsize length;
	g_autofree guchar *key = g_base64_decode(strchr(key_text(label), ' ') + 1, &length);

	return known_hosts_check(with, files, (const char *const *)list, (guint16)port, key,
				 length, where);
}

static char *types_of(KnownHosts *with, const char *file, const char *names, int port)
{
	const char *files[] = { file, NULL };
	g_auto(GStrv) list = g_strsplit(names, ",", -1);

	return known_hosts_types(with, files, (const char *const *)list, (guint16)port);
}

/* What the table of facts says. */

static void a_key_is_known_or_not(void **state)
{
	static const char *const words[] = { [KNOWN_HOSTS_KNOWN] = "known",
					     [KNOWN_HOSTS_UNKNOWN] = "unknown",
					     [KNOWN_HOSTS_CHANGED] = "changed",
					     [KNOWN_HOSTS_REVOKED] = "revoked" };
	guint row = facts_row(state);
	const char *names = facts_get(facts, row, "names");
	const char *line = facts_get(facts, row, "line");
	int port = (int)g_ascii_strtoll(facts_get(facts, row, "port"), NULL, 10);
	g_autofree char *where = NULL;
	KnownHostsAnswer answer =
		check(known, fixture, names, port, facts_get(facts, row, "key"), &where);
	g_autofree char *types = types_of(known, fixture, names, port);
	g_autofree char *expected = g_strdup_printf("%s:%s", fixture, line);

	assert_string_equal(words[answer], facts_get(facts, row, "answer"));
	assert_string_equal(types ? types : "", facts_get(facts, row, "types"));
	assert_int_equal(where != NULL, answer == KNOWN_HOSTS_CHANGED);
	if (*line)
		assert_string_equal(where, expected);
}

static char *row_name(const Facts *table, guint row)
{
	return g_strdup_printf("known: %s: %s: %s", facts_raw(table, row, "names"),
			       facts_raw(table, row, "key"), facts_raw(table, row, "note"));
}

/* Files. */

static char *write_file(const char *directory, const char *name, const char *text)
{
	char *path = g_build_filename(directory, name, NULL);
	g_autoptr(GError) problem = NULL;

	assert_ok(g_file_set_contents(path, text, -1, &problem), problem);
	return path;
}

static void a_file_that_is_missing_or_a_device_lists_nothing(void **state)
{
	g_autoptr(KnownHosts) fresh = known_hosts_new();
	const char *const names[] = { "plain", NULL };

	(void)state;
	assert_int_equal(check(fresh, "/nonexistent", "plain", 22, "ed1", NULL),
			 KNOWN_HOSTS_UNKNOWN);
	assert_int_equal(check(fresh, "/dev/zero", "plain", 22, "ed1", NULL),
			 KNOWN_HOSTS_UNKNOWN);
	assert_int_equal(known_hosts_check(fresh, NULL, names, 22, "", 0, NULL),
			 KNOWN_HOSTS_UNKNOWN);
	assert_null(known_hosts_types(fresh, NULL, NULL, 22));
}

static void a_file_is_read_once(void **state)
{
	g_autoptr(KnownHosts) fresh = known_hosts_new();
	char *directory = harness_directory();
	g_autofree char *text = g_strdup_printf("host %s\n", key_text("ed1"));
	g_autofree char *path = write_file(directory, "known_hosts", text);

	(void)state;
	assert_int_equal(check(fresh, path, "host", 22, "ed1", NULL), KNOWN_HOSTS_KNOWN);
	harness_remove(directory);
	assert_int_equal(check(fresh, path, "host", 22, "ed1", NULL), KNOWN_HOSTS_KNOWN);
}

static void all_files_count_and_a_later_one_can_revoke(void **state)
{
	g_autoptr(KnownHosts) fresh = known_hosts_new();
	char *directory = harness_directory();
	g_autofree char *one =
		g_strdup_printf("a %s\nb %s\n", key_text("ed1"), key_text("ed1"));
	g_autofree char *two =
		g_strdup_printf("a %s\n@revoked b %s\n", key_text("ed2"), key_text("ed1"));
	g_autofree char *first = write_file(directory, "one", one);
	g_autofree char *second = write_file(directory, "two", two);
	const char *files[] = { first, second, NULL };
	const char *const a[] = { "a", NULL }, *const b[] = { "b", NULL };
	const struct {
		const char *const *names;
		const char *key;
		KnownHostsAnswer answer;
	} cases[] = { { a, "ed1", KNOWN_HOSTS_KNOWN },
		      { a, "ed2", KNOWN_HOSTS_KNOWN },
		      { a, "ed3", KNOWN_HOSTS_CHANGED },
		      { b, "ed1", KNOWN_HOSTS_REVOKED } };

	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		gsize length;
		g_autofree guchar *key =
			g_base64_decode(strchr(key_text(cases[i].key), ' ') + 1, &length);

		assert_int_equal(
			known_hosts_check(fresh, files, cases[i].names, 22, key, length, NULL),
			cases[i].answer);
	}
	harness_remove(directory);
}

static void a_hundred_thousand_lines_are_looked_up_by_name(void **state)
{
	g_autoptr(KnownHosts) fresh = known_hosts_new();
	g_autoptr(GString) text = g_string_new(NULL);
	char *directory = harness_directory();
	g_autofree char *path = NULL;

	(void)state;
	for (int i = 0; i < MANY; i++)
		g_string_append_printf(text, "node%d,10.%d.%d.%d %s\n", i, i >> 16,
				       (i >> 8) & 255, i & 255,
				       key_text(i % 2 ? "ed1" : "ec1"));
	path = write_file(directory, "known_hosts", text->str);
	for (int i = 0; i < MANY; i++) {
		g_autofree char *name = g_strdup_printf("node%d", i);

		assert_int_equal(check(fresh, path, name, 22, i % 2 ? "ed1" : "ec1", NULL),
				 KNOWN_HOSTS_KNOWN);
	}
	assert_int_equal(check(fresh, path, "10.1.134.159", 22, "ed1", NULL),
			 KNOWN_HOSTS_KNOWN);
	assert_int_equal(check(fresh, path, "node100000", 22, "ed1", NULL),
			 KNOWN_HOSTS_UNKNOWN);
	harness_remove(directory);
}

static void bytes_that_are_no_key_are_unknown(void **state)
{
	const char *files[] = { fixture, NULL };
	const char *const names[] = { "plain", NULL }, *const nobody[] = { "nobody", NULL };
	const char long_length[] = "\xff\xff\xff\xff"
				   "ssh-ed25519";

	(void)state;
	assert_int_equal(known_hosts_check(known, files, nobody, 22, "", 0, NULL),
			 KNOWN_HOSTS_UNKNOWN);
	assert_int_equal(known_hosts_check(known, files, names, 22, "", 0, NULL),
			 KNOWN_HOSTS_CHANGED);
	assert_int_equal(known_hosts_check(known, files, names, 22, long_length,
					   sizeof(long_length), NULL),
			 KNOWN_HOSTS_CHANGED);
}

/* The directory of keys that all nodes have. */

static void a_key_of_the_directory_is_known_for_every_host(void **state)
{
	g_autoptr(KnownHosts) fresh = known_hosts_new();
	char *directory = harness_directory();
	g_autofree char *key = g_strdup_printf("%s root@mn\n", key_text("rsa2"));
	g_autofree char *other = g_strdup_printf("%s\n", key_text("ec2"));
	g_autofree char *bad = g_strdup_printf("%s\n", key_text("bad"));
	g_autofree char *one = write_file(directory, "ssh_host_rsa_key.pub", key);
	g_autofree char *two = write_file(directory, "ssh_host_ecdsa_key.pub", other);
	g_autofree char *three = write_file(directory, "ssh_host_bad_key.pub", bad);
	g_autofree char *not_public = write_file(directory, "ssh_host_ed25519_key", "secret\n");
	g_autofree char *types = NULL, *both = NULL;

	(void)state;
	known_hosts_add_directory(fresh, directory);
	known_hosts_add_directory(fresh, "/nonexistent");
	types = types_of(fresh, fixture, "nobody", 2222);
	both = types_of(fresh, fixture, "hashed", 22);
	assert_string_equal(types, "ssh-ed25519,ecdsa-sha2-nistp384,ssh-rsa");
	assert_string_equal(both, "ssh-ed25519,ecdsa-sha2-nistp384,ssh-rsa");
	assert_int_equal(check(fresh, fixture, "nobody", 2222, "rsa2", NULL),
			 KNOWN_HOSTS_KNOWN);
	assert_int_equal(check(fresh, fixture, "nobody", 22, "ec2", NULL), KNOWN_HOSTS_KNOWN);
	/* Another key than known_hosts has, but one of ours. */
	assert_int_equal(check(fresh, fixture, "hashed", 22, "rsa2", NULL), KNOWN_HOSTS_KNOWN);
	/* It does not say what a host's key must be. */
	assert_int_equal(check(fresh, fixture, "nobody", 22, "rsa1", NULL),
			 KNOWN_HOSTS_UNKNOWN);
	assert_int_equal(check(fresh, fixture, "plain", 22, "ed2", NULL), KNOWN_HOSTS_CHANGED);
	/* A revoked key stays revoked. */
	assert_int_equal(check(fresh, fixture, "plain", 22, "bad", NULL), KNOWN_HOSTS_REVOKED);
	harness_remove(directory);
}

/* Patterns. */

static void patterns_match_as_in_openssh(void **state)
{
	const struct {
		const char *name, *pattern;
		gboolean matches;
	} cases[] = {
		{ "", "", TRUE },	{ "a", "", FALSE },	    { "", "a", FALSE },
		{ "", "*", TRUE },	{ "abc", "*", TRUE },	    { "abc", "a*", TRUE },
		{ "abc", "*c", TRUE },	{ "abc", "*b*", TRUE },	    { "abc", "a?c", TRUE },
		{ "abc", "a?", FALSE }, { "abc", "????", FALSE },   { "abc", "**?**", TRUE },
		{ "aab", "*ab", TRUE }, { "abcabd", "*abd", TRUE }, { "abc", "[a]bc", FALSE },
		{ "a*c", "a*c", TRUE }, { "abcd", "a*b*d", TRUE },  { "abcd", "a*d*b", FALSE },
	};
	g_autofree char *name = g_strnfill(200, 'a');
	g_autoptr(GString) pattern = g_string_new(NULL);

	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
		if (hostpattern_matches(cases[i].name, cases[i].pattern) != cases[i].matches)
			fail_msg("'%s' and '%s'", cases[i].name, cases[i].pattern);
	assert_true(hostpattern_matches("ABC", "a?C"));
	assert_false(hostpattern_matches_exactly("ABC", "a?C"));
	assert_true(hostpattern_matches_exactly("ABC", "A?C"));
	for (int i = 0; i < 100; i++)
		g_string_append(pattern, "*a");
	g_string_append(pattern, "*b"); /* a matcher that tries all ways never ends here */
	assert_false(hostpattern_matches(name, pattern->str));
}

static void a_negated_pattern_takes_back_what_others_match(void **state)
{
	(void)state;
	assert_int_equal(hostpattern_list_matches("a", "a"), 1);
	assert_int_equal(hostpattern_list_matches("b", "a,B"), 1);
	assert_int_equal(hostpattern_list_matches("c", "a,b"), 0);
	assert_int_equal(hostpattern_list_matches("c", ""), 0);
	assert_int_equal(hostpattern_list_matches("ab", "a*,!ab"), -1);
	assert_int_equal(hostpattern_list_matches("ab", "!ab,a*"), -1);
	assert_int_equal(hostpattern_list_matches("ac", "!ab,a*"), 1);
	assert_int_equal(hostpattern_list_matches("c", "!ab"), 0);
	assert_int_equal(hostpattern_list_matches("b", ",,b,"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_that_is_missing_or_a_device_lists_nothing),
		cmocka_unit_test(a_file_is_read_once),
		cmocka_unit_test(all_files_count_and_a_later_one_can_revoke),
		cmocka_unit_test(a_hundred_thousand_lines_are_looked_up_by_name),
		cmocka_unit_test(bytes_that_are_no_key_are_unknown),
		cmocka_unit_test(a_key_of_the_directory_is_known_for_every_host),
		cmocka_unit_test(patterns_match_as_in_openssh),
		cmocka_unit_test(a_negated_pattern_takes_back_what_others_match),
	};
	g_autofree char *table = harness_source("tests/cases/remote/known.tsv");
	g_autofree char *key_table = harness_source("tests/cases/remote/keys.tsv");
	int failed;

	facts = facts_read(table);
	keys = facts_read(key_table);
	failed = facts_run(facts, "known", row_name, a_key_is_known_or_not, read_fixture,
			   free_fixture) +
		 cmocka_run_group_tests_name("remote known", tests, read_fixture, free_fixture);
	facts_free(facts);
	facts_free(keys);
	return failed;
}
