/* By which names service nodes are asked, forbidden, and known to their nodes. */
#include "core/takeover.h"
#include "tests/unit/cluster_world.h"

static const char tables[] =
	"CREATE TABLE hosts (node TEXT PRIMARY KEY, ip TEXT, hostnames TEXT,"
	" otherinterfaces TEXT, disable TEXT);"
	"CREATE TABLE nics (node TEXT PRIMARY KEY, nicips TEXT, disable TEXT);"
	"INSERT INTO nodelist (node, groups) VALUES ('cn1','all'), ('cn2','all'),"
	" ('cn3','all'), ('cn4','all'), ('sn1','service'), ('sn2','service');"
	"INSERT INTO hosts (node, ip, otherinterfaces) VALUES"
	" ('sn1','10.0.0.11','pool:10.1.0.99'), ('sn2','10.0.0.12','pool:10.1.0.99');"
	"INSERT INTO nics (node, nicips) VALUES ('sn1','ib0!10.4.0.11');"
	"INSERT INTO noderes (node, servicenode, xcatmaster) VALUES ('cn1','sn1,sn2','sn1-c'),"
	" ('cn2','sn1,sn2','sn2-c'), ('cn3','sn1,sn2','10.1.0.11'),"
	" ('cn4','sn1,sn2','sn1-c');"
	"INSERT INTO site (key, value) VALUES ('master','10.0.0.1');";

static const char hosts_text[] = "10.1.0.11 sn1-c\n10.1.0.12 sn2-c.cluster.test sn2-c\n"
				 "10.0.0.1 mn\n10.1.0.101 cn1\n10.1.0.103 cn3\n"
				 "10.5.0.104 cn4\n";

/* Of move, hosts and the -S that was given: an array of texts. */
typedef GPtrArray *(*Question)(const Move *move, Hosts *hosts, const char *source_n);

static GPtrArray *forbidden(const Move *move, Hosts *hosts, const char *source_n)
{
	g_auto(GStrv) names = mode_names(move, hosts, source_n);
	GPtrArray *array = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; names[i]; i++)
		g_ptr_array_add(array, g_strdup(names[i]));
	return array;
}

static GPtrArray *pinged(const Move *move, Hosts *hosts, const char *source_n)
{
	return mode_addresses(move, hosts, "sn1", source_n);
}

static Cluster *cluster; /* of the test that runs */

static char *names_of(Question question, const char *nodes, const char *source_n)
{
	World *world = world_new(tables);
	g_autofree char *path = g_build_filename(world->directory, "hosts", NULL);
	MoveRequest request = { .noderange = nodes, .dest = "sn2", .dest_n = "sn2-c" };
	g_autoptr(GError) problem = NULL;
	g_autoptr(GPtrArray) names = NULL;
	char *joined;
	Hosts *hosts;
	Move *move;

	assert_true(g_file_set_contents(path, hosts_text, -1, NULL));
	cluster = world->cluster;
	hosts = hosts_new(cluster, path, 0);
	move = move_new(world->cluster, hosts, &request, &problem);
	assert_ok(move, problem);
	names = question(move, hosts, source_n);
	g_ptr_array_add(names, NULL);
	joined = g_strjoinv(" ", (char **)names->pdata);
	g_clear_pointer(&names, g_ptr_array_unref);
	move_free(move);
	hosts_free(hosts);
	world_free(world);
	return joined;
}

static void assert_that(Question question, const char *nodes, const char *source_n,
			const char *wanted)
{
	g_autofree char *names = names_of(question, nodes, source_n);

	assert_string_equal(names, wanted);
}

/* pool and its address are sn2's, too: it goes on to get packets. */
static void a_dead_one_gets_nothing_by_any_name_that_is_its_own(void **state)
{
	(void)state;
	assert_that(forbidden, "cn1", NULL, "10.0.0.11 10.1.0.11 10.4.0.11 sn1 sn1-c sn1-ib0");
	assert_that(forbidden, "cn1", "sn1-x",
		    "10.0.0.11 10.1.0.11 10.4.0.11 sn1 sn1-c sn1-ib0 sn1-x");
}

static void a_node_moved_by_half_does_not_forbid_the_new_one(void **state)
{
	(void)state;
	assert_that(forbidden, "cn2", NULL, "10.0.0.11 10.4.0.11 sn1 sn1-ib0");
	assert_that(forbidden, "cn1,cn2", NULL,
		    "10.0.0.11 10.1.0.11 10.4.0.11 sn1 sn1-c sn1-ib0");
}

/* Its further interfaces may be a BMC's, which answers when the machine is dead. */
static void it_is_pinged_as_the_management_node_and_its_nodes_know_it(void **state)
{
	(void)state;
	assert_that(pinged, "cn1", NULL, "10.0.0.11 10.1.0.11");
	assert_that(pinged, "cn1", "sn1-c", "10.0.0.11 10.1.0.11");
	assert_that(pinged, "cn2", NULL, "10.0.0.11");
}

/* What sn2 says of its interfaces: by ip, by ifconfig of AIX, and by that of others. */
static const char *const answers[] = {
	"1: lo    inet 127.0.0.1/8 scope host lo\n"
	"2: eth0    inet 10.0.0.12/24 brd 10.0.0.255 scope global eth0\n"
	"2: eth0    inet6 fd00:1::12/64 scope global \n"
	"3: eth1    inet 10.1.0.12/24 brd 10.1.0.255 scope global eth1\n"
	"4: eth2    inet 10.5.0.12/24 brd 10.5.0.255 scope global eth2\n",
	"en0: flags=1e084863,480<UP,BROADCAST,NOTRAILERS,RUNNING,64BIT,CHECKSUM_OFFLOAD>\n"
	"\tinet 10.0.0.12 netmask 0xffffff00 broadcast 10.0.0.255\n"
	"\tinet6 fd00:1::12/64\n"
	"\t tcp_sendspace 262144 tcp_recvspace 262144 rfc1323 1\n"
	"en1: flags=1e084863,480<UP,BROADCAST,NOTRAILERS,RUNNING,64BIT,CHECKSUM_OFFLOAD>\n"
	"\tinet 10.1.0.12 netmask 0xffffff00 broadcast 10.1.0.255\n"
	"\tinet 10.5.0.12 netmask 0xffffff00 broadcast 10.5.0.255\n"
	"lo0: flags=e08084b,c0<UP,BROADCAST,LOOPBACK,RUNNING,SIMPLEX,MULTICAST,GROUPRT,64BIT>\n"
	"\tinet 127.0.0.1 netmask 0xff000000 broadcast 127.255.255.255\n"
	"\tinet6 ::1%1/0\n",
	"eth0: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1500\n"
	"        inet 10.0.0.12  netmask 255.255.255.0  broadcast 10.0.0.255\n"
	"eth1: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1500\n"
	"        inet 10.1.0.12  netmask 255.255.255.0  broadcast 10.1.0.255\n"
	"        inet6 fe80::ff:fe02:101  prefixlen 64  scopeid 0x20<link>\n"
	"eth2: flags=4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1500\n"
	"        inet 10.5.0.12  netmask 255.255.255.0  broadcast 10.5.0.255\n",
};
static const char *said;

/* What the command makes of an answer of ifconfig, where there is no ip. */
static char *by_ifconfig(const char *answer)
{
	g_autofree char *script =
		g_strdup_printf("command() { false; }\nifconfig() { cat <<'END'\n%sEND\n}\n%s",
				answer, remote_addresses_command());
	const char *argv[] = { "/bin/sh", "-c", script, NULL };
	char *out = NULL;

	assert_true(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out,
				 NULL, NULL, NULL));
	return out;
}

static GPtrArray *known_as(const Move *move, Hosts *hosts, const char *source_n)
{
	g_autoptr(GString) out = g_string_new(said);
	RemoteResult answer = { .out = out };
	g_autoptr(GError) problem = NULL;
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);

	(void)source_n;
	assert_ok(destination_take((Move *)move, cluster, hosts, "sn2", &answer, &problem),
		  problem);
	for (guint i = 0; i < move_count(move); i++)
		g_ptr_array_add(names, g_strdup(move_node(move, i)->new.snn));
	return names;
}

/* An address without a name, and nodes that knew the old one by an address. */
static void a_new_one_is_known_by_its_name_in_the_network_of_each_node(void **state)
{
	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(answers); i++) {
		g_autofree char *told = i ? by_ifconfig(answers[i]) : g_strdup(answers[i]);

		said = told;
		assert_that(known_as, "cn1", NULL, "sn2-c");
		assert_that(known_as, "cn3", NULL, "10.1.0.12");
		assert_that(known_as, "cn4", NULL, "10.5.0.12");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_dead_one_gets_nothing_by_any_name_that_is_its_own),
		cmocka_unit_test(a_node_moved_by_half_does_not_forbid_the_new_one),
		cmocka_unit_test(a_new_one_is_known_by_its_name_in_the_network_of_each_node),
		cmocka_unit_test(it_is_pinged_as_the_management_node_and_its_nodes_know_it),
	};

	return cmocka_run_group_tests_name("names of dead ones", tests, NULL, NULL);
}
