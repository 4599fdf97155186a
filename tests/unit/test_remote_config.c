/*
 * What ssh says about hosts, asked of the real ssh, by a program that counts how often.
 *
 * Each test writes its configuration below a home of its own.
 */
#include "tests/lib/harness.h"
#include "core/remote/config.h"
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MANY  5000
#define SLACK 2000000 /* us: what a busy machine may be late */

typedef struct {
	char *home, *config, *program, *count;
	RemoteConfigs *configs;
} World;

static World world;

static char *write_below_home(const char *name, const char *text)
{
	char *path = g_build_filename(world.home, name, NULL);
	g_autofree char *folder = g_path_get_dirname(path);
	g_autoptr(GError) problem = NULL;

	assert_int_equal(g_mkdir_with_parents(folder, 0700), 0);
	assert_ok(g_file_set_contents(path, text, -1, &problem), problem);
	return path;
}

static void write_program(const char *rest)
{
	g_autofree char *text =
		g_strdup_printf("#!/bin/sh\necho \"$*\" >>'%s'\n%s\n", world.count, rest);

	g_free(world.program);
	world.program = write_below_home("bin/ssh", text);
	assert_int_equal(g_chmod(world.program, 0700), 0);
}

static int make_world(void **state)
{
	(void)state;
	world.home = harness_directory();
	world.count = g_build_filename(world.home, "count", NULL);
	world.config = NULL;
	write_program("exec ssh \"$@\"");
	return 0;
}

static int end_world(void **state)
{
	(void)state;
	g_clear_pointer(&world.configs, remote_configs_free);
	g_clear_pointer(&world.config, g_free);
	g_clear_pointer(&world.program, g_free);
	g_clear_pointer(&world.count, g_free);
	harness_remove(world.home);
	return 0;
}

static void configure(const char *text)
{
	g_free(world.config);
	world.config = write_below_home("config", text);
	g_clear_pointer(&world.configs, remote_configs_free);
	world.configs =
		remote_configs_new(world.program, world.config, world.home, "/run/agent");
	g_unlink(world.count);
}

/* How often ssh was started since configure. */
static guint calls(void)
{
	g_autofree char *text = NULL;
	guint n = 0;

	if (!g_file_get_contents(world.count, &text, NULL, NULL))
		return 0;
	for (const char *p = text; (p = strchr(p, '\n')); p++)
		n++;
	return n;
}

static const RemoteConfig *ask(const char *host)
{
	const char *hosts[] = { host };
	g_autoptr(GError) problem = NULL;

	assert_ok(remote_configs_ask(world.configs, hosts, 1, &problem), problem);
	return remote_configs_get(world.configs, host);
}

static void refuse(const char *host, const char *part)
{
	const char *hosts[] = { host };
	g_autoptr(GError) problem = NULL;

	assert_false(remote_configs_ask(world.configs, hosts, 1, &problem));
	assert_true(g_error_matches(problem, REMOTE_ERROR, REMOTE_FAILED));
	assert_refused(problem, part);
	assert_null(remote_configs_get(world.configs, host));
}

/* What is said. */

static void a_host_that_no_line_is_about_has_defaults(void **state)
{
	const RemoteConfig *config;

	(void)state;
	configure("");
	assert_null(remote_configs_get(world.configs, "node1"));
	config = ask("node1");
	assert_string_equal(config->host, "node1");
	assert_string_equal(config->hostname, "node1");
	assert_string_equal(config->user, g_get_user_name());
	assert_int_equal(config->port, 22);
	assert_int_equal(g_strv_length(config->identity_files), 0);
	assert_string_equal(config->identity_agent, "/run/agent");
	assert_false(config->identities_only);
	assert_null(config->proxy_jump);
	assert_null(config->proxy_command);
	assert_null(config->host_key_alias);
	assert_int_equal(config->strict, REMOTE_STRICT);
	assert_null(config->openssh_only);
	assert_string_equal(config->known_hosts[g_strv_length(config->known_hosts) - 1],
			    "/etc/ssh/ssh_known_hosts2");
}

static void a_host_has_what_its_lines_say(void **state)
{
	const RemoteConfig *config;
	g_autofree char *known = NULL;

	(void)state;
	configure("Host sn1\n"
		  "  HostName SN1.Service.Example.Org\n"
		  "  User=admin\n"
		  "  Port 2222\n"
		  "  HostKeyAlias the-sn\n"
		  "  IdentitiesOnly yes\n"
		  "  IdentityAgent none\n"
		  "  UserKnownHostsFile /a/known /b/known\n"
		  "  GlobalKnownHostsFile none\n"
		  "  ProxyJump gate@gw:2022\n");
	config = ask("sn1");
	assert_string_equal(config->host, "sn1");
	assert_string_equal(config->hostname, "sn1.service.example.org");
	assert_string_equal(config->user, "admin");
	assert_int_equal(config->port, 2222);
	assert_string_equal(config->host_key_alias, "the-sn");
	assert_true(config->identities_only);
	assert_null(config->identity_agent);
	assert_string_equal(config->proxy_jump, "gate@gw:2022");
	assert_null(config->proxy_command);
	assert_null(config->openssh_only);
	known = g_strjoinv(" ", config->known_hosts);
	assert_string_equal(known, "/a/known /b/known");
}

static void host_key_checking_refuses_or_accepts_what_is_unknown(void **state)
{
	const struct {
		const char *value;
		RemoteStrict strict;
	} cases[] = {
		{ "yes", REMOTE_STRICT },
		{ "ask", REMOTE_STRICT },
		{ "accept-new", REMOTE_ACCEPT_UNKNOWN },
		{ "no", REMOTE_ACCEPT_UNKNOWN },
		{ "off", REMOTE_ACCEPT_UNKNOWN },
	};

	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text =
			g_strdup_printf("StrictHostKeyChecking %s\n", cases[i].value);

		configure(text);
		assert_int_equal(ask("node1")->strict, cases[i].strict);
	}
}

static void identity_files_are_those_that_exist(void **state)
{
	g_autofree char *one = write_below_home(".ssh/id_one", "key");
	g_autofree char *two = write_below_home("keys/two", "key");
	g_autofree char *of_host = write_below_home(".ssh/node1.example.org_22", "key");
	g_autofree char *of_agent = write_below_home(".ssh/id_agent.pub", "key");
	const RemoteConfig *config;

	(void)state;
	configure("Host node*\n"
		  "  HostName %h.example.org\n"
		  "  IdentityFile ~/.ssh/id_one\n"
		  "  IdentityFile ~/.ssh/id_missing\n"
		  "  IdentityFile %d/keys/two\n"
		  "  IdentityFile ~/.ssh/%h_%p\n"
		  "  IdentityFile ~/.ssh/id_agent\n"
		  "Host none\n"
		  "  IdentityFile none\n"
		  "Host token\n"
		  "  IdentityFile ~/.ssh/%C\n");
	config = ask("node1");
	assert_int_equal(g_strv_length(config->identity_files), 4);
	assert_string_equal(config->identity_files[0], one);
	assert_string_equal(config->identity_files[1], two);
	assert_string_equal(config->identity_files[2], of_host);
	assert_true(g_str_has_prefix(of_agent, config->identity_files[3]));
	assert_int_equal(g_strv_length(ask("node2")->identity_files), 3);
	assert_int_equal(g_strv_length(ask("none")->identity_files), 0);
	assert_null(ask("none")->openssh_only);
	assert_string_equal(ask("token")->openssh_only,
			    "an IdentityFile with a token or variable");
}

static void the_agent_is_the_one_that_is_named(void **state)
{
	(void)state;
	configure("Host a\n IdentityAgent SSH_AUTH_SOCK\n"
		  "Host b\n IdentityAgent $OTHER_SOCK\n"
		  "Host c\n IdentityAgent /run/other\n"
		  "Host d\n IdentityAgent none\n");
	assert_string_equal(ask("a")->identity_agent, "/run/agent");
	assert_null(ask("b")->identity_agent);
	assert_non_null(ask("b")->openssh_only);
	assert_string_equal(ask("c")->identity_agent, "/run/other");
	assert_null(ask("d")->identity_agent);
	assert_null(ask("d")->openssh_only);
}

static void what_only_ssh_can_do_is_said(void **state)
{
	const struct {
		const char *setting, *reason;
	} cases[] = {
		{ "ProxyCommand nc %h %p", "ProxyCommand" },
		{ "ProxyJump a,b", "ProxyJump over several hosts" },
		{ "PKCS11Provider /lib/opensc.so", "a PKCS#11 provider" },
		{ "CertificateFile ~/cert.pub", "a certificate file" },
		{ "CanonicalizeHostname yes", "CanonicalizeHostname" },
		{ "RevokedHostKeys /etc/revoked", "RevokedHostKeys" },
		{ "HostbasedAuthentication yes", "HostbasedAuthentication" },
		{ "PubkeyAuthentication no", "PubkeyAuthentication no" },
		{ "AddressFamily inet", "AddressFamily" },
		{ "AddressFamily inet\nProxyCommand x", "ProxyCommand, AddressFamily" },
		{ "ProxyJump none\nProxyCommand none\nPKCS11Provider none", NULL },
		{ "ProxyJump %h-gate", NULL },
	};

	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *text = g_strconcat(cases[i].setting, "\n", NULL);
		const char *reason;

		configure(text);
		reason = ask("localhost")->openssh_only;
		if (cases[i].reason)
			assert_string_equal(reason ? reason : "nothing", cases[i].reason);
		else
			assert_null(reason);
	}
	assert_string_equal(ask("node7")->proxy_jump, "node7-gate");
}

static void a_certificate_beside_a_key_is_for_ssh(void **state)
{
	g_autofree char *key = write_below_home(".ssh/id_one", "key");
	g_autofree char *certificate = write_below_home(".ssh/id_one-cert.pub", "certificate");

	(void)state;
	configure("IdentityFile ~/.ssh/id_one\n");
	assert_string_equal(ask("node1")->openssh_only, "a certificate file");
}

/* Who shares an answer. */

static void hosts_with_the_same_lines_share_one_call(void **state)
{
	g_autoptr(GPtrArray) hosts = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) problem = NULL;

	(void)state;
	configure("Host node* !node13\n"
		  "  User nodes\n"
		  "  HostName %h.Mgmt.node1.Org\n"
		  "Host *7 \"node9\"\n"
		  "  Port 7\n"
		  "Host = Node1\n"
		  "  User nobody\n"
		  "Match all\n"
		  "  HostName never\n"
		  "  IdentitiesOnly yes\n");
	for (int i = 1; i <= MANY; i++)
		g_ptr_array_add(hosts, g_strdup_printf("node%d", i));
	assert_ok(remote_configs_ask(world.configs, (const char *const *)hosts->pdata,
				     hosts->len, &problem),
		  problem);
	/* node*; node* and *7; neither */
	assert_int_equal(calls(), 3);
	for (guint i = 0; i < hosts->len; i++) {
		const char *host = hosts->pdata[i];
		const RemoteConfig *config = remote_configs_get(world.configs, host);
		gboolean is_13 = g_str_equal(host, "node13");
		gboolean has_port = g_str_has_suffix(host, "7") || g_str_equal(host, "node9");
		g_autofree char *hostname =
			is_13 ? g_strdup("never") : g_strconcat(host, ".mgmt.node1.org", NULL);

		assert_string_equal(config->host, host);
		assert_string_equal(config->hostname, hostname);
		assert_string_equal(config->user, is_13 ? g_get_user_name() : "nodes");
		assert_int_equal(config->port, has_port ? 7 : 22);
		assert_true(config->identities_only);
	}
	assert_string_equal(ask("NODE1")->hostname, "never"); /* patterns tell case apart */
	assert_int_equal(calls(), 3);
	assert_string_equal(ask("Node1")->user, "nobody");
	assert_int_equal(calls(), 4);
}

/* Every host is told what ssh says when it is asked about that host alone. */
static void a_shared_answer_is_the_one_that_ssh_gives(void **state)
{
	static const char *const hosts[] = { "a1",   "A1",	"a2",	    "b1",    "b2",
					     "a1.x", "b1.x",	"a#1",	    "comma", "q",
					     "p",    "x",	"10.0.0.1", "x1",    "x2",
					     "::1",  "FE80::A", "A:B",	    "f%0",   "F%0",
					     "f0",   "F0" };
	g_autofree char *inner = write_below_home(".ssh/inner", "HostName inner-%h\n"
								"Host a2\n Port 12\n"
								"Host b2\n Port 22222\n"
								"Host x1\n HostName no\n");
	g_autofree char *by_glob = write_below_home(".ssh/more.d/1", "Host *.x\n User dotx\n");
	g_autofree char *by_glob2 = write_below_home(
		".ssh/more.d/2", "Host b?\nHostName %%h-%h-2\nHost *\nUser last\n");
	g_autofree char *text = g_strdup_printf("\tHOST a? !a9 # b1\n"
						"  Include %s/.ssh/inner /nonexistent\n"
						"  HostName after-%%h\n"
						"Host a#1 \"p\" 'q'\\ z # x\n"
						"  HostName = \"quoted\"\n"
						"Host comma,x\n"
						"  HostName comma-%%h\n"
						"Host x*\n"
						"  HostName x-%%h # comment\r\n"
						"Match all\n"
						"  Include \"%s/.ssh/more.d/*\"\n",
						world.home, world.home);

	(void)state;
	configure(text);
	for (gsize i = 0; i < G_N_ELEMENTS(hosts); i++)
		(void)ask(hosts[i]);
	assert_in_range(calls(), 1, G_N_ELEMENTS(hosts) - 1);
	for (gsize i = 0; i < G_N_ELEMENTS(hosts); i++) {
		const char *host = hosts[i];
		const RemoteConfig *shared = remote_configs_get(world.configs, host);
		g_autoptr(RemoteConfigs) alone =
			remote_configs_new(NULL, world.config, world.home, NULL);
		const RemoteConfig *asked;

		print_message("%s\n", host);
		assert_true(remote_configs_ask(alone, &host, 1, NULL));
		asked = remote_configs_get(alone, host);
		assert_string_equal(shared->hostname, asked->hostname);
		assert_string_equal(shared->user, asked->user);
		assert_int_equal(shared->port, asked->port);
	}
}

static void a_host_is_asked_once(void **state)
{
	(void)state;
	configure("Host a\nHost b\n");
	(void)ask("a");
	assert_ptr_equal(ask("a"), ask("a"));
	(void)ask("b");
	(void)ask("b");
	assert_int_equal(calls(), 2);
}

static void hosts_are_asked_alone_where_only_ssh_can_tell(void **state)
{
	static const char *const texts[] = {
		"Match originalhost a1\n Port 7\n",
		"Match exec \"test %n = a1\"\n Port 7\n",
		"Match final all\n Port 7\n",
		"CanonicalizeHostname always\n",
		"Host a*\n IdentityFile ~/.ssh/%h\n",
		"Host a*\n UserKnownHostsFile ~/.ssh/%k ~/.ssh/known_hosts\n",
		"Host a*\n IdentityAgent /run/%n\n",
	};

	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		configure(texts[i]);
		(void)ask("a1");
		(void)ask("a2");
		assert_int_equal(calls(), 2);
	}
	assert_string_equal(ask("a1")->identity_agent, "/run/a1");
	assert_string_equal(ask("a2")->identity_agent, "/run/a2");
	(void)ask("b1");
	(void)ask("b2"); /* such a line is not about these */
	assert_int_equal(calls(), 3);
	configure(texts[0]);
	assert_int_equal(ask("a1")->port, 7);
	assert_int_equal(ask("a2")->port, 22);
}

static void an_include_without_end_is_ssh_s_to_refuse(void **state)
{
	g_autofree char *text = g_strdup_printf("Include %s/config %s/config %s/config\n",
						world.home, world.home, world.home);

	(void)state;
	configure(text);
	refuse("node1", "ncludes");
}

/* What goes wrong. */

static void a_name_that_is_no_host_starts_nothing(void **state)
{
	static const char *const names[] = {
		"",	"-oProxyCommand=x",
		"-v",	"--",
		"a b",	"a\tb",
		"a\nb", "a\x01",
		"a;b",	"$(x)",
		"a`b",	"a'b",
		"a\"b", "a|b",
		"a&b",	"a\\b",
		"a<b",	"a>b",
		"{a}",	"u@a",
		"a/b",	"ssh://a",
		"\x7f",
	};
	const char *some[] = { "good", "-bad" };
	g_autoptr(GError) problem = NULL;

	(void)state;
	configure("");
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		refuse(names[i], "this cannot be the name of a host: '");
	assert_false(remote_configs_ask(world.configs, some, 2, &problem));
	assert_refused(problem, "'-bad'");
	assert_int_equal(calls(), 0);
}

static void what_ssh_complains_about_is_passed_on(void **state)
{
	g_autofree char *missing = g_build_filename(world.home, "missing", NULL);

	(void)state;
	configure("Host *\n  Nonsense yes\n");
	refuse("node1", "Bad configuration option: nonsense");
	refuse("node1", "'node1'");
	remote_configs_free(world.configs);
	world.configs = remote_configs_new(world.program, missing, world.home, NULL);
	refuse("node1", missing);
	remote_configs_free(world.configs);
	world.configs = remote_configs_new(missing, world.config, world.home, NULL);
	refuse("node1", missing);
	remote_configs_free(world.configs);
	world.configs = remote_configs_new("true", world.config, world.home, NULL);
	refuse("node1", "is it OpenSSH?");
	remote_configs_free(world.configs);
	world.configs = remote_configs_new("false", world.config, world.home, NULL);
	refuse("node1", "it says nothing");
}

static void a_program_that_hangs_is_killed_with_all_it_started(void **state)
{
	g_autofree char *pids = g_build_filename(world.home, "pids", NULL);
	g_autofree char *rest =
		g_strdup_printf("sleep 60 & echo $! $$ >'%s'; exec sleep 60", pids);
	g_autofree char *text = NULL;
	g_auto(GStrv) words = NULL;
	gint64 start = g_get_monotonic_time();

	(void)state;
	write_program(rest);
	configure("");
	refuse("node1", "'node1'");
	assert_in_range(g_get_monotonic_time() - start, REMOTE_CONFIG_TIME * 1000,
			REMOTE_CONFIG_TIME * 1000 + SLACK);
	assert_true(g_file_get_contents(pids, &text, NULL, NULL));
	words = g_strsplit(g_strchomp(text), " ", -1);
	for (guint i = 0; words[i]; i++) {
		pid_t pid = (pid_t)g_ascii_strtoll(words[i], NULL, 10);
		g_autofree char *stat = g_strdup_printf("/proc/%d/stat", (int)pid);
		gboolean runs = TRUE;

		for (int tries = 0; runs && tries < 100; tries++) {
			g_autofree char *found = NULL;

			/* Killed, but who adopted it may not have noticed. */
			runs = kill(pid, 0) == 0 &&
			       !(g_file_get_contents(stat, &found, NULL, NULL) &&
				 strstr(found, ") Z "));
			if (runs)
				g_usleep(10000);
		}
		assert_false(runs);
	}
}

static void a_program_that_leaves_its_pipes_to_another_is_not_waited_for(void **state)
{
	gint64 start = g_get_monotonic_time();

	(void)state;
	write_program("sleep 20 & exec ssh \"$@\"");
	configure("Port 7\n");
	assert_int_equal(ask("node1")->port, 7);
	assert_in_range(g_get_monotonic_time() - start, 0, SLACK);
}

static void a_program_that_talks_without_end_is_killed(void **state)
{
	(void)state;
	write_program("exec yes");
	configure("");
	refuse("node1", "has not said");
}

int main(void)
{
#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, make_world, end_world)
	const struct CMUnitTest tests[] = {
		IN_WORLD(a_host_that_no_line_is_about_has_defaults),
		IN_WORLD(a_host_has_what_its_lines_say),
		IN_WORLD(host_key_checking_refuses_or_accepts_what_is_unknown),
		IN_WORLD(identity_files_are_those_that_exist),
		IN_WORLD(the_agent_is_the_one_that_is_named),
		IN_WORLD(what_only_ssh_can_do_is_said),
		IN_WORLD(a_certificate_beside_a_key_is_for_ssh),
		IN_WORLD(hosts_with_the_same_lines_share_one_call),
		IN_WORLD(a_shared_answer_is_the_one_that_ssh_gives),
		IN_WORLD(a_host_is_asked_once),
		IN_WORLD(hosts_are_asked_alone_where_only_ssh_can_tell),
		IN_WORLD(an_include_without_end_is_ssh_s_to_refuse),
		IN_WORLD(a_name_that_is_no_host_starts_nothing),
		IN_WORLD(what_ssh_complains_about_is_passed_on),
		IN_WORLD(a_program_that_hangs_is_killed_with_all_it_started),
		IN_WORLD(a_program_that_leaves_its_pipes_to_another_is_not_waited_for),
		IN_WORLD(a_program_that_talks_without_end_is_killed),
	};

	return cmocka_run_group_tests_name("remote config", tests, NULL, NULL);
}
