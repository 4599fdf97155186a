/*
 * What answers DHCP on a host, by its words: which server, who owns its hosts, where its files
 * lie; and what is said where nothing can be done.
 */
#include "tests/unit/dhcp_world.h"

static DhcpWorld *world;
static Service *dhcp;
static DhcpSettings settings = { .include = (char *)"/etc/dhcp/snmove-hosts.conf" };

static int setup(void **state)
{
	(void)state;
	world = dhcp_world_new();
	world_execute(world->world, "INSERT INTO passwd (key, username, password) VALUES"
				    " ('omapi','xcat_key','c2VjcmV0IG9mIG91cnM=')");
	dhcp_node(world, "cn1", "xnba", "02:00:00:00:00:01", "10.1.200.1");
	dhcp_gather(world);
	dhcp = dhcp_service(world->world->cluster, world->hosts, &settings);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	dhcp->free(dhcp);
	dhcp_world_free(world);
	return 0;
}

/* As dhcp_ask.sh says it. */
static char *said_of(const char *server, const char *conf, const char *more,
		     const char *content)
{
	g_autofree char *base64 = g_base64_encode((const guchar *)content, strlen(content));

	return g_strdup_printf("server %s\nconf %s\n%spid 7\nfolder /\nword %s\nword -cf\n"
			       "content\n%s\n",
			       server, conf, more, server, base64);
}

static Service *find(const char *said, GError **problem)
{
	return dhcp->found(dhcp, "sn2", said, problem);
}

static void refuses(const char *server, const char *conf, const char *more, const char *content,
		    const char *words)
{
	g_autofree char *said = said_of(server, conf, more, content);
	g_autoptr(GError) problem = NULL;

	assert_null(find(said, &problem));
	if (!strstr(problem->message, words))
		fail_msg("\"%s\" does not say \"%s\"", problem->message, words);
}

/* The paths of its files, "-" for none: omshell has them. */
static void finds(const char *server, const char *conf, const char *more, const char *content,
		  const char *wanted)
{
	g_autofree char *said = said_of(server, conf, more, content);
	g_autoptr(GError) problem = NULL;
	Service *there = find(said, &problem);
	g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *text = NULL;

	assert_ok(there, problem);
	if (there->paths)
		there->paths(there, NULL, 0, paths);
	g_ptr_array_add(paths, NULL);
	text = there->paths ? g_strjoinv(" ", (char **)paths->pdata) : g_strdup("-");
	assert_string_equal(text, wanted);
	there->free(there);
}

#define ISC    "isc", "/etc/dhcp/dhcpd.conf"
#define LEASES "leases /var/lib/dhcp/dhcpd.leases\n"
#define KEA    "kea", "/etc/kea/kea-dhcp4.conf"

static void nothing_runs(void **state)
{
	g_autoptr(GError) problem = NULL;

	(void)state;
	assert_null(find("", &problem));
	assert_string_equal(problem->message, "no DHCP server runs on sn2: dhcpd and kea-dhcp4 "
					      "were looked for");
}

static void dhcpd_includes_our_file(void **state)
{
	(void)state;
	finds(ISC, LEASES,
	      "# include \"/etc/dhcp/other.conf\";\n"
	      "option domain-name \"a#b\"; include\t\"/etc/dhcp/snmove-hosts.conf\" ;\n",
	      "/etc/dhcp/snmove-hosts.conf");
	refuses(ISC, LEASES, "# include \"/etc/dhcp/snmove-hosts.conf\";\n",
		"add the line include \"/etc/dhcp/snmove-hosts.conf\"; to "
		"/etc/dhcp/dhcpd.conf");
	refuses(ISC, LEASES, "option x \"include \\\" omapi-port 1\";",
		"takes no hosts from us");
}

static void dhcpd_is_told_by_omapi(void **state)
{
	(void)state;
	finds(ISC, LEASES, "omapi-port 7911;\nkey xcat_key { secret \"x\"; }\n", "-");
	finds(ISC, LEASES "leased cn1\n", "omapi-port 7911;\n", "-");
}

static void hosts_have_one_owner(void **state)
{
	(void)state;
	refuses(ISC, LEASES "leased cn1\n",
		"omapi-port 7911; include \"/etc/dhcp/snmove-hosts.conf\";",
		"has hosts in /var/lib/dhcp/dhcpd.leases (cn1 is one), as OMAPI makes "
		"them, and includes /etc/dhcp/snmove-hosts.conf, too");
}

/* With all that is no JSON. */
static const char kea[] =
	"// ours { \"subnet\": 1\n"
	"{ /* \"Dhcp4\": { */ \"Dhcp4\": {\n"
	"  \"control-socket\": { \"socket-type\": \"unix\", \"socket-name\": \"/run/kea.sock\" "
	"},\n"
	"  \"client-classes\": <?include \"/etc/kea/classes.json\"?>, # ]\n"
	"  \"subnet4\": [ { \"id\": 1, \"subnet\": \"10.1.0.0/16\", \"reservations\":\n"
	"      <?include \"/etc/kea/one.json\"?>, \"pools\": [ { \"pool\": \"10.1.9.1 - "
	"10.1.9.9\" } ]\n"
	"    }, { \"subnet\": \"10.3.0.0/16\", \"reservations\": [ { \"hostname\": \"x\\\"}\" "
	"} ] } ],\n"
	"  \"shared-networks\": [ { \"name\": \"s\", \"subnet4\": [ { \"reservations\":\n"
	"      <?include \"/etc/kea/two.json\"?>, \"subnet\": \"10.2.1.7/16\" } ] } ] } }\n";

static void kea_includes_files_of_subnets(void **state)
{
	(void)state;
	finds(KEA, "", kea, "/etc/kea/classes.json /etc/kea/one.json /etc/kea/two.json");
}

static void kea_without_what_it_needs(void **state)
{
	(void)state;
	refuses(KEA, "", "{ \"Dhcp4\": { \"subnet4\": [ { \"subnet\": \"10.1.0.0/16\" } ] } }",
		"includes no file for reservations");
	refuses(KEA, "",
		"{ \"Dhcp4\": { \"subnet4\": [ { \"subnet\": \"10.1.0.0/16\","
		" \"reservations\": <?include \"/a\"?> } ] } }",
		"has no control-socket");
	refuses(KEA, "", "{\n \"Dhcp4\": {\n\n } } }",
		"/etc/kea/kea-dhcp4.conf:4: this cannot be understood");
	refuses(KEA, "", "{ \"Dhcp4\": { \"a\": <?include nothing?> } }",
		"/etc/kea/kea-dhcp4.conf:1: this cannot be understood");
	refuses(KEA, "", "", "cannot be read");
}

static void make_for(const char *content, const char *wanted)
{
	static const char *const nodes[] = { "cn1", NULL };
	g_autofree char *said = said_of("kea", "/etc/kea/kea-dhcp4.conf", "", content);
	g_autoptr(GError) problem = NULL;
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(service_problem_free);
	Service *there = find(said, &problem);
	char *text = NULL;

	assert_non_null(there);
	if (there->make(there, nodes, 1, &text, problems, &problem))
		assert_null(wanted);
	else if (!wanted || !strstr(problem->message, wanted))
		fail_msg("\"%s\" does not say \"%s\"", problem->message, wanted ? wanted : "");
	g_free(text);
	there->free(there);
}

/* What cannot be placed is said before anything is given. */
static void kea_has_a_place_for_all(void **state)
{
	static const char start[] =
		"{ \"Dhcp4\": { \"control-socket\": { \"socket-name\": \"/s\" }, ";
	g_autofree char *whole = g_strconcat(
		start,
		"\"client-classes\": <?include \"/c\"?>, \"subnet4\": [ { \"subnet\": "
		"\"10.1.0.0/16\", \"reservations\": <?include \"/r\"?> } ] } }",
		NULL);
	g_autofree char *other = g_strconcat(
		start,
		"\"subnet4\": [ { \"subnet\": \"10.9.0.0/16\", \"reservations\": <?include "
		"\"/r\"?> } ] } }",
		NULL);
	g_autofree char *inlined = g_strconcat(
		start,
		"\"subnet4\": [ { \"subnet\": \"10.9.0.0/16\", \"reservations\": <?include "
		"\"/r\"?> }, { \"subnet\": \"10.1.0.0/16\", \"reservations\": [ ] } ] } }",
		NULL);
	g_autofree char *classless = g_strconcat(
		start,
		"\"subnet4\": [ { \"subnet\": \"10.1.0.0/16\", \"reservations\": <?include "
		"\"/r\"?> } ] } }",
		NULL);

	(void)state;
	make_for(whole, NULL);
	make_for(other, "/etc/kea/kea-dhcp4.conf has no subnet 10.1.0.0/16");
	make_for(inlined, "has no file for the reservations of subnet 10.1.0.0/16: write "
			  "\"reservations\": <?include");
	make_for(classless, "has no file for the client classes of xnba");
}

static void lines_that_name_the_old_server_are_doubted(void **state)
{
	static const char *const words[] = { "sn1", "10.1.0.11", NULL };
	g_autofree char *said =
		said_of(ISC, LEASES,
			"omapi-port 1;\n# next-server 10.1.0.11;\n"
			"subnet 10.1.0.0 netmask 255.255.0.0 {\n"
			"  option routers 10.1.0.11;\n  option domain-name-servers "
			"10.1.0.1,10.1.0.11;\n"
			"  next-server 10.1.0.111; option host-name \"sn1-c\";\n"
			"  key k { secret \"10.1.0.11\"; }\n}\n");
	g_autoptr(GError) problem = NULL;
	g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
	Service *there = find(said, &problem);

	(void)state;
	assert_non_null(there);
	there->doubts(there, words, lines);
	assert_int_equal(lines->len, 2);
	assert_string_equal(lines->pdata[0],
			    "/etc/dhcp/dhcpd.conf:4: option routers 10.1.0.11;");
	assert_string_equal(lines->pdata[1], "/etc/dhcp/dhcpd.conf:5: option "
					     "domain-name-servers 10.1.0.1,10.1.0.11;");
	there->free(there);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(nothing_runs),
		TEST(dhcpd_includes_our_file),
		TEST(dhcpd_is_told_by_omapi),
		TEST(hosts_have_one_owner),
		TEST(kea_includes_files_of_subnets),
		TEST(kea_without_what_it_needs),
		TEST(kea_has_a_place_for_all),
		TEST(lines_that_name_the_old_server_are_doubted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
