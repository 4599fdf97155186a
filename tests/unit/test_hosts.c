/*
 * Names to addresses: tests/cases/hosts/, one test a row, and the limits of the resolver.
 *
 * getaddrinfo is ours here: no test asks the network, and a resolver that hangs is at hand.
 */
#include "tests/lib/harness.h"
#include "core/hosts.h"
#include <arpa/inet.h>
#include <netdb.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>

#define SLACK 1000000 /* us: what a busy machine may be late */

typedef struct {
	char *directory;
	Store *store;
	Cluster *cluster;
	Hosts *hosts;
} World;

static World world;
static Facts *facts;

static gint questions, most_at_once, at_once;

/* hang...: no answer for a long time.  slow...: after 50 ms.  yes...: two addresses. */
int getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
		struct addrinfo **found)
{
	gint now = g_atomic_int_add(&at_once, 1) + 1;
	const char *answers[] = { "fd00::77", "10.77.0.1", "10.77.0.1" };

	(void)service, (void)hints;
	g_atomic_int_inc(&questions);
	if (now > g_atomic_int_get(&most_at_once))
		g_atomic_int_set(&most_at_once, now);
	if (g_str_has_prefix(name, "hang"))
		g_usleep(1000 * G_USEC_PER_SEC);
	if (g_str_has_prefix(name, "slow"))
		g_usleep(50000);
	g_atomic_int_add(&at_once, -1);
	if (!g_str_has_prefix(name, "yes") && !g_str_has_prefix(name, "slowyes"))
		return g_str_has_prefix(name, "again") ? EAI_AGAIN : EAI_NONAME;
	*found = NULL;
	for (gsize i = 0; i < G_N_ELEMENTS(answers); i++) {
		struct addrinfo *info = g_new0(struct addrinfo, 1);
		struct sockaddr_storage *address = g_new0(struct sockaddr_storage, 1);
		int family = strchr(answers[i], ':') ? AF_INET6 : AF_INET;

		address->ss_family = (sa_family_t)family;
		inet_pton(family, answers[i],
			  family == AF_INET
				  ? (void *)&((struct sockaddr_in *)address)->sin_addr
				  : (void *)&((struct sockaddr_in6 *)address)->sin6_addr);
		info->ai_family = family;
		info->ai_addr = (struct sockaddr *)address;
		info->ai_next = *found;
		*found = info;
	}
	return 0;
}

void freeaddrinfo(struct addrinfo *found)
{
	while (found) {
		struct addrinfo *next = found->ai_next;

		g_free(found->ai_addr);
		g_free(found);
		found = next;
	}
}

static void be_silent(const char *message, gpointer data)
{
	(void)message, (void)data;
}

static char *hosts_path(void)
{
	return harness_source("tests/cases/hosts/hosts");
}

static int make_world(void **state)
{
	g_autofree char *source = harness_source("tests/cases/hosts/tables.sql");
	g_autofree char *hosts = hosts_path();
	g_autofree char *path = NULL, *url = NULL, *sql = NULL;
	g_autoptr(GError) problem = NULL;
	sqlite3 *database = NULL;

	(void)state;
	world.directory = harness_directory();
	path = g_build_filename(world.directory, "cluster.db", NULL);
	url = g_strconcat("sqlite:", path, NULL);
	assert_ok(g_file_get_contents(source, &sql, NULL, &problem), problem);
	assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
	assert_int_equal(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(database);
	world.store = store_open(url, &problem);
	assert_ok(world.store, problem);
	world.cluster = cluster_new(world.store);
	cluster_on_complaint(world.cluster, be_silent, NULL);
	world.hosts = hosts_new(world.cluster, hosts, 0);
	return 0;
}

static int end_world(void **state)
{
	(void)state;
	hosts_free(world.hosts);
	cluster_free(world.cluster);
	store_close(world.store);
	harness_remove(world.directory);
	return 0;
}

static Hosts *asking(guint resolve_time)
{
	g_autofree char *path = hosts_path();

	g_atomic_int_set(&questions, 0);
	g_atomic_int_set(&most_at_once, 0);
	return hosts_new(world.cluster, path, resolve_time);
}

/* What the table of facts says. */

static void a_name_has_its_addresses(void **state)
{
	guint row = facts_row(state);
	const char *name = facts_get(facts, row, "name");
	const char *error = facts_get(facts, row, "error");
	g_autoptr(GError) problem = NULL;
	const char *const *addresses = hosts_addresses(world.hosts, name, &problem);
	g_autofree char *joined = NULL;

	if (*error) {
		assert_null(addresses);
		assert_true(g_error_matches(problem, HOSTS_ERROR, HOSTS_ERROR_UNKNOWN));
		assert_refused(problem, *error == '@' ? "is not in " : error);
		return;
	}
	assert_ok(addresses, problem);
	joined = g_strjoinv(",", (char **)addresses);
	assert_string_equal(joined, facts_get(facts, row, "addresses"));
	assert_ptr_equal(hosts_address(world.hosts, name, NULL), addresses[0]);
}

static void two_names_are_one_host_or_not(void **state)
{
	guint row = facts_row(state);
	const char *a = facts_get(facts, row, "a"), *b = facts_get(facts, row, "b");
	gboolean same = *facts_get(facts, row, "same") != '\0';

	assert_int_equal(hosts_same(world.hosts, a, b), same);
	assert_int_equal(hosts_same(world.hosts, b, a), same);
}

static void an_address_is_in_its_network(void **state)
{
	guint row = facts_row(state);
	g_autoptr(GError) problem = NULL;
	const HostsNetwork *network;

	assert_ok(hosts_network(world.hosts, facts_get(facts, row, "address"), &network,
				&problem),
		  problem);
	if (g_str_equal(facts_get(facts, row, "network"), "@none")) {
		assert_null(network);
		return;
	}
	assert_non_null(network);
	assert_string_equal(network->name, facts_get(facts, row, "network"));
	assert_string_equal(network->net, facts_get(facts, row, "net"));
	assert_string_equal(network->mask, facts_get(facts, row, "mask"));
}

static void a_mac_address_becomes_canonical(void **state)
{
	guint row = facts_row(state);
	const char *expected = facts_get(facts, row, "mac");
	g_autoptr(GError) problem = NULL;
	g_autofree char *mac = hosts_mac(facts_get(facts, row, "text"), &problem);

	if (*expected) {
		assert_ok(mac, problem);
		assert_string_equal(mac, expected);
		return;
	}
	assert_null(mac);
	assert_true(g_error_matches(problem, HOSTS_ERROR, HOSTS_ERROR_MAC));
	assert_refused(problem, "is not a MAC address");
}

static void a_network_becomes_canonical(void **state)
{
	guint row = facts_row(state);
	const char *expected = facts_get(facts, row, "network");
	g_autoptr(GError) problem = NULL;
	g_autofree char *network = hosts_network_text(facts_get(facts, row, "text"), &problem);

	if (*expected) {
		assert_ok(network, problem);
		assert_string_equal(network, expected);
		return;
	}
	assert_null(network);
	assert_true(g_error_matches(problem, HOSTS_ERROR, HOSTS_ERROR_NETWORK));
	assert_refused(problem, "is not a network");
}

static char *row_name(const Facts *table, guint row)
{
	return g_strdup_printf("%s: %s: %s", table->header[0],
			       facts_raw(table, row, table->header[0]),
			       facts_raw(table, row, table->header[1]));
}

static int run_facts(const char *name, CMUnitTestFunction test)
{
	g_autofree char *relative = g_strdup_printf("tests/cases/hosts/%s.tsv", name);
	g_autofree char *path = harness_source(relative);
	int result;

	facts = facts_read(path);
	result = facts_run(facts, name, row_name, test, make_world, end_world);
	facts_free(facts);
	return result;
}

/* The files. */

static void a_hosts_file_that_is_missing_names_nothing(void **state)
{
	g_autofree char *path = g_build_filename(world.directory, "missing", NULL);
	g_autoptr(Hosts) hosts = hosts_new(world.cluster, path, 0);
	g_autoptr(GError) problem = NULL;

	(void)state;
	assert_string_equal(hosts_address(hosts, "sn1", &problem), "10.99.0.1");
	assert_null(hosts_address(hosts, "mn", &problem));
	assert_refused(problem, path);
}

static void a_hosts_file_that_cannot_be_read_is_an_error(void **state)
{
	g_autoptr(Hosts) hosts = hosts_new(world.cluster, world.directory, 0);
	g_autoptr(GError) problem = NULL;

	(void)state;
	assert_null(hosts_address(hosts, "sn1", &problem));
	assert_true(g_error_matches(problem, HOSTS_ERROR, HOSTS_ERROR_FAILED));
	assert_refused(problem, "cannot read the hosts file");
	assert_string_equal(hosts_address(hosts, "10.0.0.1", NULL), "10.0.0.1");
}

static void bytes_that_are_not_text_do_no_harm(void **state)
{
	g_autofree char *path = g_build_filename(world.directory, "bytes", NULL);
	const char text[] = "10.0.0.1 \xff\xfe n\0ul\n\0\n10.0.0.2 after\n10.0.0.3";
	g_autoptr(Hosts) hosts = hosts_new(world.cluster, path, 0);
	g_autoptr(GError) problem = NULL;

	(void)state;
	assert_true(g_file_set_contents(path, text, sizeof(text) - 1, NULL));
	assert_string_equal(hosts_address(hosts, "\xff\xfe", NULL), "10.0.0.1");
	assert_string_equal(hosts_address(hosts, "after", NULL), "10.0.0.2");
	assert_null(hosts_address(hosts, "\xfd\n", &problem));
	assert_refused(problem, "'\\xfd\\n'");
}

/* The resolver. */

static void the_resolver_is_not_asked_without_time(void **state)
{
	g_autoptr(Hosts) hosts = asking(0);
	g_autoptr(GError) problem = NULL;

	(void)state;
	assert_null(hosts_address(hosts, "yes", &problem));
	assert_true(g_error_matches(problem, HOSTS_ERROR, HOSTS_ERROR_UNKNOWN));
	assert_refused(problem, "nor in the hosts table");
	assert_int_equal(questions, 0);
}

static void the_resolver_is_asked_last_and_once(void **state)
{
	g_autoptr(Hosts) hosts = asking(5000);
	g_autoptr(GError) problem = NULL;
	const char *const *addresses;

	(void)state;
	assert_string_equal(hosts_address(hosts, "sn1", NULL), "10.0.0.11");
	assert_string_equal(hosts_address(hosts, "cn001", NULL), "10.1.0.1");
	assert_int_equal(questions, 0);
	addresses = hosts_addresses(hosts, "Yes.example.org.", &problem);
	assert_ok(addresses, problem);
	assert_int_equal(g_strv_length((char **)addresses), 2);
	assert_string_equal(addresses[0], "10.77.0.1");
	assert_string_equal(addresses[1], "fd00::77");
	assert_ptr_equal(hosts_addresses(hosts, "Yes.example.org", NULL), addresses);
	assert_non_null(hosts_addresses(hosts, "YES.EXAMPLE.ORG", NULL));
	assert_true(hosts_same(hosts, "yes.example.org", "10.77.0.1"));
	assert_int_equal(questions, 1);
}

static void a_name_the_resolver_does_not_know_is_unknown(void **state)
{
	g_autoptr(Hosts) hosts = asking(5000);
	g_autoptr(GError) problem = NULL;

	(void)state;
	for (int i = 0; i < 2; i++) {
		assert_null(hosts_address(hosts, "none.invalid", &problem));
		assert_true(g_error_matches(problem, HOSTS_ERROR, HOSTS_ERROR_UNKNOWN));
		assert_refused(problem, gai_strerror(EAI_NONAME));
	}
	assert_null(hosts_address(hosts, "again.invalid", &problem));
	assert_refused(problem, gai_strerror(EAI_AGAIN));
	assert_int_equal(questions, 2);
}

static void the_resolver_is_not_asked_for_what_is_no_host_name(void **state)
{
	const char *const names[] = { "777", "10.1",  "0x7f.1", "010.0.0.1",	"a b",
				      "a/b", "yes\n", "",	"fd00::1%eth0", "yes\x01" };
	g_autofree char *name = g_strnfill(254, 'y');
	g_autoptr(Hosts) hosts = asking(5000);

	(void)state;
	hosts_prepare(hosts, names, G_N_ELEMENTS(names));
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		assert_null(hosts_address(hosts, names[i], NULL));
	assert_null(hosts_address(hosts, name, NULL));
	assert_int_equal(questions, 0);
}

static void assert_late(Hosts *hosts, const char *name)
{
	g_autoptr(GError) problem = NULL;

	assert_null(hosts_address(hosts, name, &problem));
	assert_true(g_error_matches(problem, HOSTS_ERROR, HOSTS_ERROR_TIMEOUT));
	assert_refused(problem, "the time for the resolver (200 ms for all names) is used up");
}

static void a_resolver_that_hangs_costs_no_more_than_the_time(void **state)
{
	gint64 start = g_get_monotonic_time(), took;
	Hosts *hosts = asking(200);

	(void)state;
	assert_late(hosts, "hang.invalid");
	took = g_get_monotonic_time() - start;
	assert_in_range(took, 199000, 200000 + SLACK);

	start = g_get_monotonic_time();
	for (int i = 0; i < 100; i++)
		assert_late(hosts, i % 2 ? "hang.invalid" : "yes.invalid");
	assert_int_equal(questions, 1);
	assert_string_equal(hosts_address(hosts, "sn1", NULL), "10.0.0.11");
	hosts_free(hosts);
	assert_in_range(g_get_monotonic_time() - start, 0, SLACK);
}

static void a_thousand_names_that_hang_cost_no_more_either(void **state)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	gint64 start = g_get_monotonic_time();
	Hosts *hosts = asking(200);

	(void)state;
	g_ptr_array_add(names, g_strdup("yes-first"));
	for (int i = 0; i < 1000; i++)
		g_ptr_array_add(names, g_strdup_printf("hang%d.invalid", i));
	g_ptr_array_add(names, g_strdup("sn1"));
	hosts_prepare(hosts, (const char *const *)names->pdata, names->len);
	assert_in_range(g_get_monotonic_time() - start, 199000, 200000 + SLACK);
	assert_late(hosts, "hang7.invalid");
	assert_string_equal(hosts_address(hosts, "yes-first", NULL), "10.77.0.1");
	assert_string_equal(hosts_address(hosts, "sn1", NULL), "10.0.0.11");
	hosts_free(hosts);
	assert_in_range(g_get_monotonic_time() - start, 0, 200000 + SLACK);
	assert_int_equal(questions, 17);
}

static void sixteen_questions_are_asked_side_by_side(void **state)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(Hosts) hosts = asking(5000);
	gint64 start = g_get_monotonic_time();
	gint before = g_atomic_int_get(&at_once); /* those that hang since an earlier test */

	(void)state;
	for (int i = 0; i < 64; i++)
		g_ptr_array_add(names, g_strdup_printf("slowyes%d", i));
	hosts_prepare(hosts, (const char *const *)names->pdata, names->len);
	assert_in_range(g_get_monotonic_time() - start, 4 * 50000, 4 * 50000 + SLACK);
	assert_in_range(most_at_once - before, 8, 16);
	for (guint i = 0; i < names->len; i++)
		assert_non_null(hosts_address(hosts, names->pdata[i], NULL));
	assert_int_equal(questions, 64);
}

static void an_answer_that_comes_late_is_used(void **state)
{
	g_autoptr(Hosts) hosts = asking(20);
	g_autoptr(GError) problem = NULL;

	(void)state;
	assert_null(hosts_address(hosts, "slowyes", &problem));
	assert_true(g_error_matches(problem, HOSTS_ERROR, HOSTS_ERROR_TIMEOUT));
	for (int i = 0; i < 100 && !hosts_address(hosts, "slowyes", NULL); i++)
		g_usleep(10000);
	assert_string_equal(hosts_address(hosts, "slowyes", NULL), "10.77.0.1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hosts_file_that_is_missing_names_nothing),
		cmocka_unit_test(a_hosts_file_that_cannot_be_read_is_an_error),
		cmocka_unit_test(bytes_that_are_not_text_do_no_harm),
		cmocka_unit_test(the_resolver_is_not_asked_without_time),
		cmocka_unit_test(the_resolver_is_asked_last_and_once),
		cmocka_unit_test(a_name_the_resolver_does_not_know_is_unknown),
		cmocka_unit_test(the_resolver_is_not_asked_for_what_is_no_host_name),
		cmocka_unit_test(a_resolver_that_hangs_costs_no_more_than_the_time),
		cmocka_unit_test(a_thousand_names_that_hang_cost_no_more_either),
		cmocka_unit_test(sixteen_questions_are_asked_side_by_side),
		cmocka_unit_test(an_answer_that_comes_late_is_used),
	};

	return run_facts("addresses", a_name_has_its_addresses) +
	       run_facts("same", two_names_are_one_host_or_not) +
	       run_facts("networks", an_address_is_in_its_network) +
	       run_facts("macs", a_mac_address_becomes_canonical) +
	       run_facts("nettexts", a_network_becomes_canonical) +
	       cmocka_run_group_tests_name("hosts", tests, make_world, end_world);
}
