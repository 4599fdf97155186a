/*
 * All names and addresses of a server: from every table that has some, once and for everybody;
 * and where they stand in texts.  The interfaces of this machine are ours here.
 */
#include "core/base.h"
#include "core/hosts.h"
#include "tests/unit/cluster_world.h"
#include <arpa/inet.h>
#include <ifaddrs.h>

/* sn1 has its interfaces in hosts.otherinterfaces, sn2 in nics, sn3 by its group. */
static const char tables[] =
	"CREATE TABLE hosts (node TEXT PRIMARY KEY, ip TEXT, hostnames TEXT,"
	" otherinterfaces TEXT, disable TEXT);"
	"CREATE TABLE nics (node TEXT PRIMARY KEY, nicips TEXT, nichostnamesuffixes TEXT,"
	" nichostnameprefixes TEXT, nicaliases TEXT, disable TEXT);"
	"INSERT INTO nodelist (node, groups) VALUES ('cn1','all'), ('sn1','service'),"
	" ('sn2','service'), ('sn3','ib,service'), ('mn',''), ('vip','');"
	"INSERT INTO hosts (node, ip, hostnames, otherinterfaces) VALUES"
	" ('sn1','10.0.0.11','boss','-c:10.1.0.11, sn1-x:fd00::11,sn1-y'),"
	" ('sn2','10.0.0.12',NULL,NULL), ('ib','|sn(\\d+)|10.0.0.($1+10)|',NULL,NULL),"
	" ('vip','10.0.0.40',NULL,NULL), ('mn','10.0.0.1',NULL,NULL);"
	"INSERT INTO nics VALUES"
	" ('sn2','eth1!10.1.0.12|10.2.0.12,ib0!10.4.0.12,eth2!','eth1!-c|-d','ib0!x-',"
	"'eth1!chief head',NULL),"
	" ('ib','ib0!|\\D+(\\d+)|10.4.0.($1+10)|,ib1:fd00:4::13',NULL,NULL,"
	"'ib0!|\\D+(\\d+)|opa($1)|',NULL);"
	"INSERT INTO site (key, value) VALUES ('master','10.0.0.1'), "
	"('domain','cluster.test');";

static const char hosts_text[] = "127.0.0.1 localhost\n"
				 "127.0.1.1 sn9\n"
				 "10.0.0.1 mn\n"
				 "10.0.0.11 sn1.cluster.test sn1 all-sn\n"
				 "10.0.0.12 sn2 all-sn\n"
				 "10.3.0.11 sn1-y\n"
				 "10.1.0.11 gate\n"
				 "10.0.0.30 lent-to-mn cn1\n";

typedef struct {
	World *world;
	Hosts *hosts;
} Test;

int getifaddrs(struct ifaddrs **found)
{
	static const char *const own[] = { "127.0.0.1", "10.0.0.1", "10.9.0.1", "10.0.0.30",
					   "10.0.0.40" };
	static struct ifaddrs interfaces[G_N_ELEMENTS(own)];
	static struct sockaddr_in addresses[G_N_ELEMENTS(own)];

	for (gsize i = 0; i < G_N_ELEMENTS(own); i++) {
		addresses[i].sin_family = AF_INET;
		inet_pton(AF_INET, own[i], &addresses[i].sin_addr);
		interfaces[i].ifa_addr = (struct sockaddr *)&addresses[i];
		interfaces[i].ifa_next = i + 1 < G_N_ELEMENTS(own) ? &interfaces[i + 1] : NULL;
	}
	*found = interfaces;
	return 0;
}

void freeifaddrs(struct ifaddrs *interfaces)
{
	(void)interfaces;
}

static int setup(void **state)
{
	Test *test = g_new0(Test, 1);
	g_autofree char *path = NULL;

	test->world = world_new(tables);
	path = g_build_filename(test->world->directory, "hosts", NULL);
	assert_true(g_file_set_contents(path, hosts_text, -1, NULL));
	test->hosts = hosts_new(test->world->cluster, path, 0);
	*state = test;
	return 0;
}

static int teardown(void **state)
{
	Test *test = *state;

	hosts_free(test->hosts);
	world_free(test->world);
	g_free(test);
	return 0;
}

/* In whatever order. */
static void assert_all(Test *test, const char *server, const char *as_known, const char *wanted)
{
	const char *const *names = hosts_names(test->hosts, server, as_known);
	g_autoptr(GPtrArray) sorted = g_ptr_array_new();
	g_autofree char *joined = NULL;

	for (guint i = 0; names[i]; i++)
		g_ptr_array_add(sorted, (gpointer)names[i]);
	g_ptr_array_sort(sorted, text_compare);
	g_ptr_array_add(sorted, NULL);
	joined = g_strjoinv(" ", (char **)sorted->pdata);
	assert_string_equal(joined, wanted);
	assert_ptr_equal(hosts_names(test->hosts, server, as_known), names); /* kept */
}

#define SN1 "10.0.0.11 10.1.0.11 10.3.0.11 boss fd00::11 gate sn1 sn1-c sn1-x sn1-y"

static void otherinterfaces_are_names_of_a_server(void **state)
{
	assert_all(*state, "sn1", NULL, SN1);
}

static void any_spelling_of_a_server_has_its_names(void **state)
{
	assert_all(*state, "sn1.cluster.test", NULL,
		   "10.0.0.11 10.1.0.11 10.3.0.11 boss fd00::11"
		   " gate sn1-c sn1-x sn1-y sn1.cluster.test");
	assert_all(*state, "10.0.0.11", NULL, SN1);
	assert_all(*state, "sn1", "sn1-z", SN1 " sn1-z");
}

static void nics_are_names_of_a_server(void **state)
{
	assert_all(*state, "sn2", NULL,
		   "10.0.0.12 10.1.0.12 10.2.0.12 10.4.0.12 chief head sn2 sn2-c sn2-d x-sn2");
}

static void groups_and_expressions_give_names_too(void **state)
{
	assert_all(*state, "sn3", NULL,
		   "10.0.0.13 10.4.0.13 fd00:4::13 opa3 sn3 sn3-ib0 sn3-ib1");
}

static void a_name_for_several_hosts_is_nobodys(void **state)
{
	Test *test = *state;

	assert_false(g_strv_contains(hosts_names(test->hosts, "sn1", NULL), "all-sn"));
}

static void loopback_is_no_address_of_a_server(void **state)
{
	assert_all(*state, "sn9", NULL, "sn9");
	assert_all(*state, "127.0.0.1", NULL, "");
}

static void who_is_unknown_has_the_name_alone(void **state)
{
	assert_all(*state, "nobody", NULL, "nobody");
	assert_all(*state, "", "", "");
}

/* 10.0.0.30 is cn1's by the hosts file, 10.0.0.40 vip's by the table. */
static void the_management_node_has_the_interfaces_of_this_machine(void **state)
{
	Test *test = *state;

	assert_all(test, "mn", NULL, "10.0.0.1 10.9.0.1 mn");
	assert_all(test, "10.0.0.1", NULL, "10.0.0.1 10.9.0.1 mn");
	assert_true(hosts_is_master(test->hosts, "10.9.0.1"));
	assert_true(hosts_is_master(test->hosts, "MN.cluster.test"));
	assert_false(hosts_is_master(test->hosts, "vip"));
	assert_false(hosts_is_master(test->hosts, "sn1"));
}

static void a_server_is_known_by_all_of_its_names(void **state)
{
	static const char *const names[] = { "sn2",   "SN2",	   "sn2.Cluster.Test",
					     "chief", "10.4.0.12", "SN2-C.cluster.test" };
	Test *test = *state;

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		assert_true(hosts_is_named(test->hosts, names[i], "sn2", NULL));
	assert_false(hosts_is_named(test->hosts, "sn2-e", "sn2", NULL));
	assert_true(hosts_is_named(test->hosts, "sn2-e", "sn2", "sn2-e"));
	assert_false(hosts_is_named(test->hosts, "sn1", "sn2", NULL));
	assert_true(hosts_is_named(test->hosts, "FD00:0::0011", "sn1", NULL));
}

static void a_node_is_found_by_its_spelling(void **state)
{
	Test *test = *state;

	assert_string_equal(hosts_node(test->hosts, "SN1.cluster.test"), "sn1");
	assert_null(hosts_node(test->hosts, "sn1-c"));
	assert_null(hosts_node(test->hosts, ""));
}

static void this_machine_is_told_by_its_interfaces_and_loopback(void **state)
{
	Test *test = *state;

	assert_true(hosts_stays_here(test->hosts, "mn"));
	assert_true(hosts_stays_here(test->hosts, "10.9.0.1"));
	assert_true(hosts_stays_here(test->hosts, "sn9"));
	assert_false(hosts_is_own(test->hosts, "sn9")); /* nothing has that address */
	assert_true(hosts_stays_here(test->hosts, "::1"));
	assert_false(hosts_stays_here(test->hosts, "sn1"));
	assert_false(hosts_stays_here(test->hosts, "nobody"));
	assert_string_equal(hosts_own_addresses(test->hosts)[2], "10.9.0.1");
}

static void names_are_found_in_texts_as_a_whole(void **state)
{
	static const struct {
		const char *text;
		gboolean found;
	} texts[] = {
		{ "sn1", TRUE },
		{ "SN1.Cluster.Test.", TRUE },
		{ "sn1-c", FALSE },
		{ "xsn1", FALSE },
		{ "sn11", FALSE },
		{ "sn1.other.test", FALSE },
		{ "10.1.0.1", TRUE },
		{ "10.1.0.11", FALSE },
		{ "110.1.0.1", FALSE },
		{ "10.1.0.1:3001", TRUE },
		{ "10.1.0.1/24", TRUE },
		{ "nfs://sn1:2049/install", TRUE },
		{ "sn1:/install", TRUE },
		{ "http://root@10.1.0.1/x", TRUE },
		{ "sn2,sn1, sn3", TRUE },
		{ "a=b log=sn1 c", TRUE },
		{ "mn|eth0;sn1|eth1", TRUE },
		{ "fd00::1", TRUE },
		{ "FD00:0:0::0001", TRUE },
		{ "[fd00::1]:80", TRUE },
		{ "http://[fd00::1]/", TRUE },
		{ "fd00::1/64", TRUE },
		{ "fd00::1,sn3", TRUE },
		{ "eth1!fd00::1", TRUE },
		{ "name:fd00::1", TRUE },
		{ "ip6=fd00::1%eth0", TRUE },
		{ "fd00::11", FALSE },
		{ "fd00::1:2", FALSE },
		{ "2:fd00::", FALSE },
		{ "00:50:56:fd:00:01", FALSE },
		{ ":sn1:", TRUE },
		{ "", FALSE },
		{ ",:. ", FALSE },
	};
	static const char *const names[] = { "sn1", "10.1.0.1", "fd00::1" };
	Test *test = *state;
	g_autoptr(HostsWords) words = hosts_words_new(test->hosts, names, G_N_ELEMENTS(names));
	g_autofree char *long_word = g_strnfill(100000, 'x');

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
		if (hosts_words_in(words, texts[i].text) != texts[i].found)
			fail_msg("'%s'", texts[i].text);
	assert_false(hosts_words_in(words, long_word));
}

static void assert_replaced(const HostsWords *words, const HostsPlace *place, const char *text,
			    const char *wanted)
{
	static const char *const keys[] = { "label", "default", NULL };
	GString *now = hosts_words_replace(words, text, strlen(text), place, keys);

	if (g_strcmp0(now ? now->str : NULL, wanted) != 0)
		fail_msg("'%s' becomes '%s' and not '%s'", text, now ? now->str : "(as it is)",
			 wanted ? wanted : "(as it is)");
	if (now)
		g_string_free(now, TRUE);
}

/* What stands in boot files, kickstarts and dracut's options; NULL: it stays as it is. */
static const struct {
	const char *text, *wanted;
} replaced[] = {
	{ "imgurl=http://10.1.0.1:80//install/x XCAT=10.1.0.1:3001 quiet",
	  "imgurl=http://10.1.0.2:80//install/x XCAT=10.1.0.2:3001 quiet" },
	{ "http://10.1.0.11:80/ http://10.1.0.10/", NULL },
	{ "110.1.0.1 10.1.0.1.5 x10.1.0.1", NULL },
	{ "set root=tftp,10.1.0.1", "set root=tftp,10.1.0.2" },
	{ "(http,10.1.0.1)/tftpboot/k", "(http,10.1.0.2)/tftpboot/k" },
	{ "nfsroot=10.1.0.1:/install/10.1.0.1/x", "nfsroot=10.1.0.2:/install/10.1.0.1/x" },
	{ "root=nfs:sn1:/install/sn1/rootimg:ro", "root=nfs:sn2:/install/sn1/rootimg:ro" },
	{ "ip=10.2.1.1:10.1.0.1:10.2.0.1:255.255.0.0:cn1",
	  "ip=10.2.1.1:10.1.0.2:10.2.0.1:255.255.0.0:cn1" },
	{ "iscsi:sn1::3260:1:iqn.x", "iscsi:sn2::3260:1:iqn.x" },
	{ "XCAT=sn1:3001 LOGSERVER=sn1 x=SN1.CLUSTER.TEST",
	  "XCAT=sn2:3001 LOGSERVER=sn2 x=sn2.cluster.test" },
	{ "http://sn1/ http://sn1-c/ http://sn1.other.net/", "http://sn2/ http://sn1-c/ "
							     "http://sn1.other.net/" },
	{ "kernel xcat/osimage/sn1/kernel /sn1/x sn1/x", NULL },
	{ "initrd=sn1/initrd.gz sn1=5 sn1 --host", NULL },
	{ "LABEL sn1\nlabel=sn1\ndefault=\"sn1\" DEFAULT=sn1", NULL },
	{ "url --url=\"http://sn1/install\" --server='sn1' //sn1/share",
	  "url --url=\"http://sn2/install\" --server='sn2' //sn2/share" },
	{ "scp sn1:/etc/x root@sn1: ; a,sn1,b", "scp sn2:/etc/x root@sn2: ; a,sn2,b" },
	{ "http://[fd00::1]:80/x ip6=fd00::1,fd00::11 FD00:0:0::0001",
	  "http://[fd00::2]:80/x ip6=fd00::2,fd00::11 fd00::2" },
	{ "sn1://x http://user@sn1/", "sn1://x http://user@sn2/" },
	{ "x=sn1. y=10.1.0.1.", "x=sn2. y=10.1.0.2." },
	{ "\xff=sn1 sn1\xff", "\xff=sn2 sn1\xff" },
	{ "", NULL },
};

static void a_host_in_a_text_gives_place_to_another(void **state)
{
	static const char *const names[] = { "sn1", "10.1.0.1", "fd00::1" };
	const HostsPlace place = { "sn2", "10.1.0.2", "fd00::2" };
	const HostsPlace alone = { "sn2", NULL, NULL };
	Test *test = *state;
	g_autoptr(HostsWords) words = hosts_words_new(test->hosts, names, G_N_ELEMENTS(names));
	GString *now = hosts_words_replace(words, "x=sn1\0y=sn1", 11, &place, NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(replaced); i++)
		assert_replaced(words, &place, replaced[i].text, replaced[i].wanted);
	assert_replaced(words, &alone, "x=sn1,10.1.0.1", "x=sn2,10.1.0.1");
	assert_int_equal(now->len, 11);
	assert_memory_equal(now->str, "x=sn2\0y=sn2", 11);
	g_string_free(now, TRUE);
}

static void blanks_are_no_part_of_an_element(void **state)
{
	Test *test = *state;
	g_auto(GStrv) elements = cluster_elements(" sn1 ,sn2,\t, ");
	g_auto(GStrv) none = cluster_elements(NULL);
	g_autofree char *joined = g_strjoinv("|", elements);

	assert_string_equal(joined, "sn1|sn2||");
	assert_null(none[0]);
	assert_string_equal(cluster_first(test->world->cluster, " sn1 ,sn2"), "sn1");
	assert_null(cluster_first(test->world->cluster, " ,sn2"));
	assert_null(cluster_first(test->world->cluster, NULL));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(otherinterfaces_are_names_of_a_server),
		TEST(any_spelling_of_a_server_has_its_names),
		TEST(nics_are_names_of_a_server),
		TEST(groups_and_expressions_give_names_too),
		TEST(a_name_for_several_hosts_is_nobodys),
		TEST(loopback_is_no_address_of_a_server),
		TEST(who_is_unknown_has_the_name_alone),
		TEST(the_management_node_has_the_interfaces_of_this_machine),
		TEST(a_server_is_known_by_all_of_its_names),
		TEST(a_node_is_found_by_its_spelling),
		TEST(this_machine_is_told_by_its_interfaces_and_loopback),
		TEST(names_are_found_in_texts_as_a_whole),
		TEST(a_host_in_a_text_gives_place_to_another),
		TEST(blanks_are_no_part_of_an_element),
	};

	return cmocka_run_group_tests_name("names", tests, NULL, NULL);
}
