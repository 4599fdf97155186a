/* The probe for DHCP servers: what is asked, and what of its output is believed.  The script
 * itself is tested with real servers: tests/lab/test_probe.sh. */
#include "tests/lib/harness.h"
#include "core/remote.h"
#include <string.h>

#define FIRST	   "02:00:00:00:00:01"
#define SECOND	   "02:00:00:00:00:02"
#define INFINIBAND "00:00:00:48:fe:80:00:00:00:00:00:00:00:02:c9:03:00:00:00:01"

static const char *const macs[] = { "02-00-00-00-00-01", "0200.0000.0002", INFINIBAND,
				    "02:00:00:00:00:01", NULL };
static RemoteProbe *probe;

static int make_probe(void **state)
{
	RemoteProbeSetup setup = { .macs = macs, .n = 4, .interface = "eth1", .wait = 1500 };

	(void)state;
	probe = remote_probe_new(&setup, NULL);
	return probe ? 0 : -1;
}

static int end_probe(void **state)
{
	(void)state;
	remote_probe_free(probe);
	return 0;
}

static void each_mac_of_ethernet_is_asked_for_once(void **state)
{
	gsize length;
	const char *input = remote_probe_input(probe, &length);
	const char *end = strstr(input, "__END__");

	(void)state;
	assert_string_equal(remote_probe_command(probe),
			    "'perl' '-' 'interface=eth1' 'wait=1500' 'burst=20'");
	assert_int_equal(length, strlen(input));
	assert_string_equal(end, "__END__\n" FIRST "\n" SECOND "\n");
	assert_null(remote_probe_why_not(probe, 0));
	assert_non_null(strstr(remote_probe_why_not(probe, 2), "InfiniBand"));
	assert_int_equal(remote_probe_time(probe), 20 + 2 * 1500);
}

static void each_name_is_asked_for_also_with_a_mac_that_others_have(void **state)
{
	static const char *const names[] = { "n1", "n2", "n3", "n4", NULL };
	RemoteProbeSetup setup = {
		.macs = macs, .n = 4, .interface = "eth1", .from = "10.2.0.11", .names = names
	};
	g_autoptr(RemoteProbe) made = remote_probe_new(&setup, NULL);
	gsize length;

	(void)state;
	assert_string_equal(strstr(remote_probe_input(made, &length), "__END__"),
			    "__END__\n" FIRST " n1\n" SECOND " n2\n- n3\n" FIRST " n4\n");
}

static void many_hosts_ask_more_slowly(void **state)
{
	static const char *const wanted[] = { "'burst=20'", "'burst=20'", "'burst=20'",
					      "'burst=13'", "'burst=10'", "'burst=8'" };
	RemoteProbeSetup setup = { .macs = macs, .n = 4, .interface = "eth1" };

	(void)state;
	for (setup.hosts = 0; setup.hosts < G_N_ELEMENTS(wanted); setup.hosts++) {
		g_autoptr(RemoteProbe) made = remote_probe_new(&setup, NULL);

		assert_true(g_str_has_suffix(remote_probe_command(made), wanted[setup.hosts]));
	}
}

static void a_link_is_named_by_one_word(void **state)
{
	static const struct {
		const char *interface, *network, *wanted, *refused;
	} cases[] = {
		{ "ib0", NULL, "interface=ib0", NULL },
		{ NULL, "10.2.0.0/16", "network=10.2.0.0/16", NULL },
		{ NULL, "10.2.0.0/255.255.0.0", "network=10.2.0.0/16", NULL },
		{ NULL, NULL, NULL, "say interface = \"eth1\", or network" },
		{ "eth1", "10.2.0.0/16", NULL, "say one of them" },
		{ NULL, "10.2.0.0", NULL, "is not a network" },
		{ "", NULL, NULL, "'' is no name of an interface" },
		{ "../eth1", NULL, NULL, "'../eth1' is no name" },
		{ "..", NULL, NULL, "'..' is no name" },
		{ "a b", NULL, NULL, "is no name" },
		{ "sixteen-letters-", NULL, NULL, "is no name" },
	};

	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		RemoteProbeSetup setup = { .macs = macs,
					   .n = 1,
					   .interface = cases[i].interface,
					   .network = cases[i].network };
		g_autoptr(GError) problem = NULL;
		g_autoptr(RemoteProbe) made = remote_probe_new(&setup, &problem);

		if (cases[i].refused) {
			assert_null(made);
			assert_refused(problem, cases[i].refused);
		} else {
			assert_ok(made, problem);
			assert_non_null(strstr(remote_probe_command(made), cases[i].wanted));
		}
	}
}

static void a_text_that_is_no_mac_is_refused(void **state)
{
	static const char *const wrong[] = { FIRST, "02:00:00:00:00", NULL };
	RemoteProbeSetup setup = { .macs = wrong, .n = 2, .interface = "eth1" };
	g_autoptr(GError) problem = NULL;

	(void)state;
	assert_null(remote_probe_new(&setup, &problem));
	assert_refused(problem, "'02:00:00:00:00' is not a MAC address");
}

static void too_many_macs_are_refused(void **state)
{
	const guint n = REMOTE_PROBE_MACS + 1;
	g_autofree const char **many = g_new0(const char *, n + 1);
	RemoteProbeSetup setup = { .macs = many, .n = n, .interface = "eth1" };
	g_autoptr(GError) problem = NULL;

	(void)state;
	for (guint i = 0; i < n; i++)
		many[i] = FIRST;
	assert_null(remote_probe_new(&setup, &problem));
	assert_refused(problem, "20001 MACs are too many for one probe: 20000 at most");
	setup.n--;
	remote_probe_free(remote_probe_new(&setup, NULL));
}

static RemoteResult *said(const char *out, gssize length)
{
	RemoteResult *result = g_new0(RemoteResult, 1);

	result->out = g_string_new_len(out, length);
	result->err = g_string_new(NULL);
	return result;
}

static void offers_are_known_by_their_macs(void **state)
{
	g_autoptr(RemoteResult) result =
		said("offer\t" FIRST "\t10.2.0.11\t10.2.1.1\t10.2.0.11\t10.2.0.11\tx/a%20%25b\n"
		     "offer\t" FIRST "\t-\t10.2.1.1\t-\t10.2.0.12\t\n"
		     "asked 2\n",
		     -1);
	g_autoptr(RemoteOffers) offers = remote_probe_judge(probe, result);
	const RemoteOffer *first;
	guint n;

	(void)state;
	assert_non_null(offers);
	assert_int_equal(result->error, REMOTE_OK);
	assert_int_equal(result->out->len, 0);
	first = remote_offers_of(offers, 0, &n);
	assert_int_equal(n, 2);
	assert_string_equal(first->server, "10.2.0.11");
	assert_string_equal(first->address, "10.2.1.1");
	assert_string_equal(first->next_server, "10.2.0.11");
	assert_string_equal(first->file, "x/a %b");
	assert_null(first[1].server);
	assert_null(first[1].next_server);
	assert_null(first[1].file);
	assert_string_equal(first[1].sender, "10.2.0.12");
	assert_ptr_equal(remote_offers_of(offers, 3, &n), first); /* another spelling of it */
	(void)remote_offers_of(offers, 1, &n);
	assert_int_equal(n, 0);
}

#define OFFER "offer\t" FIRST "\t10.2.0.11\t10.2.1.1\t-\t10.2.0.11\t\n"

static void what_is_no_output_of_a_probe_is_an_error(void **state)
{
	static const char *const cases[] = {
		"",
		"asked 2",
		"asked 3\n",
		OFFER,
		OFFER "asked 2\n" OFFER,
		OFFER "asked 2\nasked 2\n",
		OFFER "asked 2\nmore",
		"hello\n" OFFER "asked 2\n",
		"offer\t" FIRST "\t10.2.0.11\t10.2.1.1\t-\t10.2.0.11\nasked 2\n",
		"offer\t" FIRST "\t10.2.0.11\t10.2.1.1\t-\t10.2.0.11\t\t\nasked 2\n",
		"offer\t02:00:00:00:00:03\t10.2.0.11\t10.2.1.1\t-\t10.2.0.11\t\nasked 2\n",
		"offer\t" INFINIBAND "\t10.2.0.11\t10.2.1.1\t-\t10.2.0.11\t\nasked 2\n",
		"offer\t" FIRST "\t10.2.0\t10.2.1.1\t-\t10.2.0.11\t\nasked 2\n",
		"offer\t" FIRST "\t10.2.0.11\t-\t-\t10.2.0.11\t\nasked 2\n",
		"offer\t" FIRST "\t10.2.0.11\t10.2.1.1\tsn1\t10.2.0.11\t\nasked 2\n",
		"offer\t" FIRST "\t10.2.0.11\t10.2.1.1\t-\t-\t\nasked 2\n",
		"offer\t" FIRST "\t10.2.0.11\t10.2.1.1\t-\t10.2.0.11\t%zz\nasked 2\n",
	};

	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(RemoteResult) result = said(cases[i], -1);

		if (remote_probe_judge(probe, result))
			fail_msg("this was believed: %s", cases[i]);
		assert_int_equal(result->error, REMOTE_FAILED);
		assert_non_null(strstr(result->message, "probe"));
	}
}

static void a_zero_byte_hides_nothing(void **state)
{
	static const char text[] = "asked 2\n\0more\n";
	g_autoptr(RemoteResult) result = said(text, sizeof(text) - 1);

	(void)state;
	assert_null(remote_probe_judge(probe, result));
	assert_int_equal(result->error, REMOTE_FAILED);
}

static void who_could_not_ask_has_heard_nothing(void **state)
{
	g_autoptr(RemoteResult) result = said("asked 2\n", -1);

	(void)state;
	result->status = 1;
	assert_null(remote_probe_judge(probe, result));
	assert_int_equal(result->error, REMOTE_OK);
	result->status = 0;
	result->error = REMOTE_LOST;
	assert_null(remote_probe_judge(probe, result));
	assert_int_equal(result->error, REMOTE_LOST);
	assert_null(result->message);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_mac_of_ethernet_is_asked_for_once),
		cmocka_unit_test(each_name_is_asked_for_also_with_a_mac_that_others_have),
		cmocka_unit_test(many_hosts_ask_more_slowly),
		cmocka_unit_test(a_link_is_named_by_one_word),
		cmocka_unit_test(a_text_that_is_no_mac_is_refused),
		cmocka_unit_test(too_many_macs_are_refused),
		cmocka_unit_test(offers_are_known_by_their_macs),
		cmocka_unit_test(what_is_no_output_of_a_probe_is_an_error),
		cmocka_unit_test(a_zero_byte_hides_nothing),
		cmocka_unit_test(who_could_not_ask_has_heard_nothing),
	};

	return cmocka_run_group_tests(tests, make_probe, end_probe);
}
