/* Private key files, made here by ssh-keygen. */
#include "tests/unit/scratch.h"
#include "core/remote/keyfile.h"
#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>

/* Words for ssh-keygen, without blanks in them.  Gives the path of the key. */
static char *make_key(const char *name, const char *words, const char *passphrase)
{
	char *path = g_build_filename(directory, name, NULL);
	g_autofree char *text =
		g_strdup_printf("ssh-keygen -q -C comment -f %s %s", path, words);
	g_auto(GStrv) argv = g_strsplit(text, " ", -1);
	guint n = g_strv_length(argv);
	g_autoptr(GError) problem = NULL;
	int status = 0;

	argv = g_renew(char *, argv, n + 3);
	argv[n] = g_strdup("-N");
	argv[n + 1] = g_strdup(passphrase);
	argv[n + 2] = NULL;
	assert_ok(g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL,
			       &status, &problem),
		  problem);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	return path;
}

static void assert_look(const char *path, const char *expected, gboolean expected_encrypted)
{
	g_autofree char *type = NULL;
	gboolean encrypted = !expected_encrypted;
	g_autoptr(GError) problem = NULL;

	assert_ok(key_file_look(path, &type, &encrypted, &problem), problem);
	assert_string_equal(type ? type : "none", expected);
	assert_int_equal(encrypted, expected_encrypted);
}

static void remove_public(const char *path)
{
	g_autofree char *public = g_strconcat(path, ".pub", NULL);

	assert_int_equal(g_unlink(public), 0);
}

/* `alone`: what is known if the public half is gone. */
typedef struct {
	const char *words, *passphrase, *type, *alone;
} Case;

static void a_key_file_says_its_type_and_whether_it_is_encrypted(void **state)
{
	static const Case cases[] = {
		{ "-t ed25519", "", "ssh-ed25519", "ssh-ed25519" },
		{ "-t ed25519", "secret", "ssh-ed25519", "ssh-ed25519" },
		{ "-t ecdsa -b 256", "", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256" },
		{ "-t ecdsa -b 384", "", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp384" },
		{ "-t ecdsa -b 521", "secret", "ecdsa-sha2-nistp521", "ecdsa-sha2-nistp521" },
		{ "-t rsa -b 2048", "", "ssh-rsa", "ssh-rsa" },
		{ "-t rsa -b 2048", "secret", "ssh-rsa", "ssh-rsa" },
		{ "-t rsa -b 2048 -m PEM", "", "ssh-rsa", "ssh-rsa" },
		{ "-t rsa -b 2048 -m PEM", "secret", "ssh-rsa", "ssh-rsa" },
		{ "-t ecdsa -b 256 -m PEM", "", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256" },
		{ "-t ecdsa -b 384 -m PEM", "", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp384" },
		{ "-t ecdsa -b 521 -m PEM", "secret", "ecdsa-sha2-nistp521", "none" },
		{ "-t rsa -b 2048 -m PKCS8", "", "ssh-rsa", "ssh-rsa" },
		{ "-t rsa -b 2048 -m PKCS8", "secret", "ssh-rsa", "none" },
		{ "-t ecdsa -b 384 -m PKCS8", "", "ecdsa-sha2-nistp384",
		  "ecdsa-sha2-nistp384" },
		{ "-t ecdsa -b 256 -m PKCS8", "secret", "ecdsa-sha2-nistp256", "none" },
	};

	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *name = g_strdup_printf("key%" G_GSIZE_FORMAT, i);
		g_autofree char *path = make_key(name, cases[i].words, cases[i].passphrase);
		gboolean encrypted = *cases[i].passphrase != '\0';

		print_message("%s%s\n", cases[i].words, encrypted ? ", encrypted" : "");
		assert_look(path, cases[i].type, encrypted);
		remove_public(path);
		assert_look(path, cases[i].alone, encrypted);
	}
}

/* A file with this text and none beside it. */
static gboolean look_at(const char *text, gssize length, char **type, GError **error)
{
	g_autofree char *path = g_build_filename(directory, "text", NULL);
	gboolean encrypted;

	*type = NULL;
	assert_true(g_file_set_contents(path, text, length, NULL));
	return key_file_look(path, type, &encrypted, error);
}

static void what_is_no_private_key_is_refused(void **state)
{
	static const char *const texts[] = {
		"",
		"ssh-ed25519 AAAA comment\n",
		"-----BEGIN ",
		"-----BEGIN OPENSSH PRIVATE KEY\n-----",
		"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
	};
	g_autofree char *missing = g_build_filename(directory, "missing", NULL);
	g_autofree char *type = NULL;
	g_autoptr(GError) problem = NULL;
	gboolean encrypted;

	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		assert_false(look_at(texts[i], -1, &type, &problem));
		assert_refused(problem, "no private key");
	}
	assert_false(key_file_look(missing, &type, &encrypted, &problem));
	assert_refused(problem, missing);
	assert_false(key_file_look(directory, &type, &encrypted, &problem));
	assert_refused(problem, "not a file");
	assert_null(type);
}

/* Every file that is cut off somewhere, and every one with one byte changed, does no harm. */
static void a_broken_key_file_has_no_type_or_some_type(void **state)
{
	g_autofree char *path = make_key("broken", "-t ed25519", "");
	g_autofree char *text = NULL;
	gsize length;

	(void)state;
	assert_true(g_file_get_contents(path, &text, &length, NULL));
	for (gsize i = 0; i < length; i++) {
		g_autofree char *type = NULL, *other = NULL;
		char byte = text[i];

		(void)look_at(text, (gssize)i, &type, NULL);
		text[i] = (char)(byte ^ 3);
		(void)look_at(text, (gssize)length, &other, NULL);
		text[i] = byte;
	}
	assert_look(path, "ssh-ed25519", FALSE);
}

static void a_body_that_says_nothing_has_the_type_of_the_file_beside_it(void **state)
{
	g_autofree char *path = make_key("beside", "-t ed25519", "");

	(void)state;
	assert_true(g_file_set_contents(
		path, "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END", -1, NULL));
	assert_look(path, "ssh-ed25519", FALSE);
	remove_public(path);
	assert_look(path, "none", FALSE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_key_file_says_its_type_and_whether_it_is_encrypted),
		cmocka_unit_test(what_is_no_private_key_is_refused),
		cmocka_unit_test(a_broken_key_file_has_no_type_or_some_type),
		cmocka_unit_test(a_body_that_says_nothing_has_the_type_of_the_file_beside_it),
	};

	return cmocka_run_group_tests_name("remote keyfile", tests, make_directory,
					   remove_directory);
}
