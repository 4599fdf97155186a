/*
 * Service nodes as they are typed: by the name that nodelist has, or the answer is that name;
 * and who is named but does not move.
 */
#include "core/takeover.h"
#include "tests/unit/cluster_world.h"

/* sn2-c is a name of sn2 by the hosts table, sn1-c one of sn1 only as its nodes know it. */
static const char tables[] =
	"CREATE TABLE hosts (node TEXT PRIMARY KEY, ip TEXT, hostnames TEXT,"
	" otherinterfaces TEXT, disable TEXT);"
	"INSERT INTO nodelist (node, groups) VALUES"
	" ('cn1','rack1,all'), ('cn2','rack1,all'), ('cn3','rack1,all'), ('cn4','rack2,all'),"
	" ('cn5','rack2,all'), ('sn1','service,all'), ('sn2','service,all'),"
	" ('sn3','service'), ('mn','all');"
	"INSERT INTO noderes (node, servicenode, xcatmaster) VALUES"
	" ('rack1','sn1,sn2','sn1-c'), ('cn3','sn2,sn1','sn2-c'), ('rack2','sn3','sn3-c');"
	"INSERT INTO hosts (node, ip, otherinterfaces) VALUES"
	" ('sn2','10.0.0.12','sn2-c:10.1.0.12');"
	"INSERT INTO servicenode (node) VALUES ('service');"
	"INSERT INTO site (key, value) VALUES ('master','10.0.0.1'),"
	" ('domain','cluster.test');";

static const char hosts_text[] = "10.0.0.1 mn.cluster.test mn\n"
				 "10.0.0.11 sn1 first-alias\n"
				 "10.1.0.11 sn1-c\n"
				 "10.1.0.12 sn2-c\n"
				 "10.0.0.13 sn3\n";

typedef struct {
	World *world;
	Hosts *hosts;
	Move *move;
	GError *problem;
} Test;

static void reread(Test *test)
{
	g_autofree char *path = g_build_filename(test->world->directory, "hosts", NULL);

	g_clear_pointer(&test->move, move_free);
	hosts_free(test->hosts);
	world_read(test->world);
	test->hosts = hosts_new(test->world->cluster, path, 0);
}

static int setup(void **state)
{
	Test *test = g_new0(Test, 1);
	g_autofree char *path = NULL;

	test->world = world_new(tables);
	path = g_build_filename(test->world->directory, "hosts", NULL);
	assert_true(g_file_set_contents(path, hosts_text, -1, NULL));
	reread(test);
	*state = test;
	return 0;
}

static int teardown(void **state)
{
	Test *test = *state;

	move_free(test->move);
	g_clear_error(&test->problem);
	hosts_free(test->hosts);
	world_free(test->world);
	g_free(test);
	return 0;
}

static void change(Test *test, const char *sql)
{
	world_execute(test->world, sql);
	reread(test);
}

static gboolean try_move(Test *test, MoveRequest request)
{
	g_clear_pointer(&test->move, move_free);
	test->move = move_new(test->world->cluster, test->hosts, &request, &test->problem);
	return test->move != NULL;
}

static void assert_result(Test *test, const char *nodes, const char *left)
{
	g_autofree char *moved = g_strjoinv(" ", (char **)move_names(test->move));
	g_autofree char *lines = g_strjoinv("\n", (char **)move_left_out(test->move));

	assert_string_equal(moved, nodes);
	assert_string_equal(lines, left);
}

/* The nodes that move, and the lines on those that do not. */
#define assert_moves(test, nodes, left, ...)                                                   \
	do {                                                                                   \
		assert_ok(try_move(test, (MoveRequest){ __VA_ARGS__ }), (test)->problem);      \
		assert_result(test, nodes, left);                                              \
	} while (0)

#define assert_no_move(test, error_code, said, ...)                                            \
	do {                                                                                   \
		assert_false(try_move(test, (MoveRequest){ __VA_ARGS__ }));                    \
		assert_string_equal((test)->problem->message, said);                           \
		assert_true(g_error_matches((test)->problem, MOVE_ERROR, error_code));         \
		g_clear_error(&(test)->problem);                                               \
	} while (0)

#define assert_dest(test, typed, said)                                                         \
	assert_no_move(test, MOVE_ERROR_SERVER, said, .noderange = "cn1", .dest = (typed))

/* ---- Other spellings are answered with the name to type ---- */

static void another_spelling_is_answered_with_nodelists(void **state)
{
	Test *test = *state;

	assert_dest(test, "SN2", "SN2 is sn2 in nodelist: -d sn2");
	assert_dest(test, "sn2.cluster.test", "sn2.cluster.test is sn2 in nodelist: -d sn2");
	assert_dest(test, "10.0.0.12", "10.0.0.12 is sn2 in nodelist: -d sn2");
	assert_no_move(test, MOVE_ERROR_SERVER, "first-alias is sn1 in nodelist: -s sn1",
		       .source = "first-alias", .dest = "sn2");
	assert_no_move(test, MOVE_ERROR_SERVER, "CN1 is cn1 in nodelist: -s cn1",
		       .source = "CN1", .dest = "sn2");
}

static void a_name_on_the_nodes_network_is_answered_with_both(void **state)
{
	Test *test = *state;

	assert_dest(test, "sn2-c", "sn2-c is sn2 as nodes know it: -d sn2 -D sn2-c");
	assert_dest(test, "10.1.0.12",
		    "10.1.0.12 is sn2 as nodes know it: -d sn2 -D 10.1.0.12");
	/* Only xcatmaster says so of these. */
	assert_dest(test, "sn1-c", "sn1-c is sn1 as nodes know it: -d sn1 -D sn1-c");
	assert_no_move(test, MOVE_ERROR_SERVER,
		       "10.1.0.11 is sn1 as nodes know it: -s sn1 -S 10.1.0.11",
		       .source = "10.1.0.11", .dest = "sn2");
}

static void who_is_no_node_is_refused_with_the_service_nodes(void **state)
{
	Test *test = *state;

	assert_dest(test, "sn9", "no node sn9; service nodes are sn[1-3]");
	assert_dest(test, "a\nb", "no node a\\nb; service nodes are sn[1-3]");
	assert_no_move(test, MOVE_ERROR_SERVER, "no node sn9; service nodes are sn[1-3]",
		       .source = "sn9", .dest = "sn2");
	assert_no_move(test, MOVE_ERROR_USAGE, "-d is empty: name a service node",
		       .noderange = "cn1", .dest = "");
}

static void a_node_that_is_no_service_node_is_refused(void **state)
{
	Test *test = *state;

	assert_dest(test, "cn4",
		    "cn4 is no service node: it has no row in the table servicenode, and no "
		    "noderes.servicenode names it; service nodes are sn[1-3]");
	/* A list that has it, or a table that has nobody, says otherwise. */
	change(test, "UPDATE noderes SET servicenode = 'sn3,CN4' WHERE node = 'rack2'");
	assert_moves(test, "cn1", "", .noderange = "cn1", .dest = "cn4");
	change(test, "UPDATE noderes SET servicenode = 'sn3' WHERE node = 'rack2';"
		     "UPDATE servicenode SET disable = '1'");
	assert_moves(test, "cn1", "", .noderange = "cn1", .dest = "cn4");
}

static void the_management_node_goes_by_any_name(void **state)
{
	static const char *const names[] = { "mn", "MN", "mn.cluster.test", "10.0.0.1" };
	Test *test = *state;

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		assert_moves(test, "cn1", "", .noderange = "cn1", .dest = names[i]);
}

static void a_site_whose_service_nodes_are_no_nodes_goes_by_its_lists(void **state)
{
	Test *test = *state;

	change(test, "DELETE FROM nodelist WHERE node LIKE 'sn%'; DELETE FROM servicenode;");
	assert_moves(test, "cn1 cn2", "", .source = "sn1", .dest = "sn2");
	assert_moves(test, "cn1", "", .noderange = "cn1", .dest = "sn9");
	assert_dest(test, "SN3", "SN3 is sn3 in noderes.servicenode: -d sn3");
}

/* Lists that have full names alone go on to have them. */
static void a_spelling_that_all_lists_have_is_the_sites(void **state)
{
	Test *test = *state;

	change(test,
	       "UPDATE noderes SET servicenode = 'sn3.cluster.test' WHERE node = 'rack2'");
	assert_moves(test, "cn4 cn5", "", .source = "sn3.cluster.test", .dest = "sn2");
	assert_moves(test, "cn4 cn5", "", .source = "sn3", .dest = "sn2");
	change(test, "UPDATE noderes SET servicenode = 'sn3' WHERE node = 'cn3'");
	assert_no_move(test, MOVE_ERROR_SERVER, "sn3.cluster.test is sn3 in nodelist: -s sn3",
		       .source = "sn3.cluster.test", .dest = "sn2");
}

static void a_service_node_does_not_take_over_from_itself(void **state)
{
	Test *test = *state;

	assert_no_move(test, MOVE_ERROR_USAGE,
		       "-s sn1 and -d sn1 are the same service node: nothing would move",
		       .source = "sn1", .dest = "sn1");
	assert_no_move(test, MOVE_ERROR_USAGE,
		       "-s mn and -d 10.0.0.1 are the same service node: nothing would move",
		       .source = "mn", .dest = "10.0.0.1");
	change(test, "UPDATE noderes SET servicenode = 'sn3, SN3,sn1' WHERE node = 'rack2'");
	assert_no_move(test, MOVE_ERROR_BACKUP,
		       "no destination for 2 of 2 nodes: cn[4-5]: their noderes.servicenode "
		       "names no second service node; name one with -d",
		       .noderange = "rack2");
}

/* ---- Who does not move ---- */

static void nodes_that_are_there_already_are_left_out(void **state)
{
	Test *test = *state;

	assert_moves(test, "cn1 cn2", "1 of 3 nodes is on sn2 already, left out: cn3",
		     .noderange = "rack1", .dest = "sn2", .dest_n = "sn2-c");
	assert_moves(test, "cn1 cn2", "1 of 3 nodes is on sn2 already, left out: cn3",
		     .noderange = "rack1", .dest = "sn2");
	assert_moves(test, "", "1 of 1 node is on sn2 already, left out: cn3",
		     .noderange = "cn3", .dest = "sn2");
	assert_moves(test, "", "2 of 2 nodes are on sn3 already, left out: cn[4-5]",
		     .noderange = "rack2", .dest = "sn3", .dest_n = "sn3-c");
	assert_moves(test, "cn1 cn2 cn3", "", .noderange = "rack1", .dest = "sn2",
		     .keep_there = TRUE);
}

static void half_of_a_move_is_not_there(void **state)
{
	Test *test = *state;

	/* The same server by its other network. */
	assert_moves(test, "cn1 cn2 cn3", "", .noderange = "rack1", .dest = "sn2",
		     .dest_n = "sn2-x");
	assert_moves(test, "cn1 cn2", "1 of 3 nodes is on sn2 already, left out: cn3",
		     .noderange = "rack1", .dest = "sn2", .dest_n = "10.1.0.12");
	change(test, "UPDATE noderes SET xcatmaster = 'sn1-c' WHERE node = 'cn3'");
	assert_moves(test, "cn1 cn2 cn3", "", .noderange = "rack1", .dest = "sn2",
		     .dest_n = "sn2-c");
}

static void servers_among_the_nodes_are_left_out(void **state)
{
	Test *test = *state;

	assert_moves(test, "cn1 cn2 cn3 cn4 cn5",
		     "sn2 is the new service node itself, left out\n"
		     "mn is the management node itself, left out\n"
		     "sn1 is an old service node itself, left out",
		     .noderange = "all", .dest = "sn2", .keep_there = TRUE);
	assert_no_move(test, MOVE_ERROR_NODES,
		       "no node is left to move: sn2 is the new service node itself, left out",
		       .noderange = "sn2", .dest = "sn2");
}

/* The rack's group has its first node as its service node, in another spelling. */
static void a_service_node_among_its_own_nodes_is_left_out(void **state)
{
	Test *test = *state;

	change(test, "UPDATE noderes SET servicenode = 'CN4.cluster.test', xcatmaster = 'cn4'"
		     " WHERE node = 'rack2'");
	assert_moves(test, "cn5", "cn4 is an old service node itself, left out",
		     .source = "CN4.cluster.test", .dest = "sn2");
	assert_moves(test, "cn5", "cn4 is an old service node itself, left out",
		     .noderange = "rack2", .dest = "sn2");
}

static void the_management_node_is_not_among_its_nodes(void **state)
{
	Test *test = *state;

	change(test, "DELETE FROM noderes WHERE node = 'rack2'");
	assert_moves(test, "cn4 cn5", "mn is the management node itself, left out",
		     .source = "10.0.0.1", .dest = "sn2");
}

/* Nothing here says that sn3-c is sn3: sn3 was asked. */
static void what_nodes_call_it_tells_who_is_there(void **state)
{
	Test *test = *state;

	assert_moves(test, "cn1 cn4 cn5", "", .noderange = "cn1,rack2", .dest = "sn3");
	for (guint i = 0; i < move_count(test->move); i++)
		move_set_destination(test->move, i, "sn3-c");
	move_leave_there(test->move, test->world->cluster, test->hosts, "sn3");
	assert_result(test, "cn1", "2 of 3 nodes are on sn3 already, left out: cn[4-5]");
}

/* ---- Which are left without any node ---- */

#define assert_emptied(test, servers, ...)                                                     \
	do {                                                                                   \
		g_autofree const char **emptied = NULL;                                        \
		g_autofree char *joined = NULL;                                                \
		assert_ok(try_move(test, (MoveRequest){ __VA_ARGS__ }), (test)->problem);      \
		emptied = move_emptied((test)->move, (test)->world->cluster, (test)->hosts,    \
				       &(test)->problem);                                      \
		assert_ok(emptied != NULL, (test)->problem);                                   \
		joined = g_strjoinv(" ", (char **)emptied);                                    \
		assert_string_equal(joined, servers);                                          \
	} while (0)

static void the_last_nodes_of_a_server_leave_it_empty(void **state)
{
	Test *test = *state;

	assert_emptied(test, "", .noderange = "cn1", .dest = "sn2");
	assert_emptied(test, "sn1", .noderange = "cn1,cn2", .dest = "sn2");
	assert_emptied(test, "sn1 sn3", .noderange = "cn1,cn2,rack2", .dest = "sn2");
}

static void who_gets_nodes_is_not_empty(void **state)
{
	Test *test = *state;

	/* cn3 is there already, and takes part; so are all of sn3. */
	assert_emptied(test, "sn1", .noderange = "rack1", .dest = "sn2", .keep_there = TRUE);
	assert_emptied(test, "", .noderange = "rack2", .dest = "sn3", .keep_there = TRUE);
	/* Its list has the new one in another spelling. */
	change(test, "UPDATE noderes SET servicenode = '10.0.0.12' WHERE node = 'cn3'");
	assert_emptied(test, "sn1", .noderange = "rack1", .dest = "sn2", .keep_there = TRUE);
	change(test, "UPDATE noderes SET servicenode = 'SN2.cluster.test' WHERE node = 'cn3'");
	assert_emptied(test, "sn1", .noderange = "rack1", .dest = "sn2", .keep_there = TRUE);
	/* They change places. */
	change(test, "UPDATE noderes SET servicenode = 'sn2,sn1' WHERE node = 'cn3'");
	assert_emptied(test, "", .noderange = "rack1");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(another_spelling_is_answered_with_nodelists),
		TEST(a_name_on_the_nodes_network_is_answered_with_both),
		TEST(who_is_no_node_is_refused_with_the_service_nodes),
		TEST(a_node_that_is_no_service_node_is_refused),
		TEST(the_management_node_goes_by_any_name),
		TEST(a_site_whose_service_nodes_are_no_nodes_goes_by_its_lists),
		TEST(a_spelling_that_all_lists_have_is_the_sites),
		TEST(a_service_node_does_not_take_over_from_itself),
		TEST(nodes_that_are_there_already_are_left_out),
		TEST(half_of_a_move_is_not_there),
		TEST(what_nodes_call_it_tells_who_is_there),
		TEST(the_last_nodes_of_a_server_leave_it_empty),
		TEST(who_gets_nodes_is_not_empty),
		TEST(servers_among_the_nodes_are_left_out),
		TEST(a_service_node_among_its_own_nodes_is_left_out),
		TEST(the_management_node_is_not_among_its_nodes),
	};

	return cmocka_run_group_tests_name("servers", tests, NULL, NULL);
}
