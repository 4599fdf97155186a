/*
 * Who moves from where to where: the nodes that are named or served, and their servers.
 */
#include "core/takeover.h"
#include "tests/unit/cluster_world.h"

/* sn1 stands in the lists under its name, its name with the domain, an alias and an address. */
static const char tables[] =
	"INSERT INTO nodelist (node, groups) VALUES"
	" ('cn1','rack1,all'), ('cn2','rack1,all'), ('cn3','rack1,all'), ('cn4','rack1,all'),"
	" ('cn5','rack1,all'), ('cn6','rack2,all'), ('cn7','rack2,all'), ('cn8','rack3,all'),"
	" ('cn9','rack3,all'), ('cn10','rack3,all'), ('sn1','service'), ('sn2','service'),"
	" ('sn3','service');"
	"INSERT INTO nodelist (node, groups, disable) VALUES ('off','rack1,all','1');"
	"INSERT INTO noderes (node, servicenode, xcatmaster) VALUES"
	" ('cn1','sn1,sn2','sn1-c'), ('cn2','SN1.cluster.test,sn2,sn3','sn1-c'),"
	" ('cn3','10.0.0.11,sn3',NULL), ('cn4','first-alias,sn2','other-c'),"
	" ('cn5','sn2,sn1','sn2-c'), ('rack2','sn1','sn1-c'), ('cn7','sn3,,sn1',NULL),"
	" ('cn9','mn,sn1',NULL), ('cn10',' sn1,sn2',NULL);"
	"INSERT INTO servicenode (node, dhcpserver) VALUES ('sn1','1'), ('sn2','1');"
	"INSERT INTO servicenode (node, disable) VALUES ('sn3','1');"
	"INSERT INTO site (key, value) VALUES ('master','10.0.0.1'),"
	" ('domain','cluster.test');";

static const char hosts_text[] = "10.0.0.1 mn.cluster.test mn\n"
				 "10.0.0.11 sn1 first-alias\n"
				 "fd00::11 sn1\n"
				 "10.0.0.12 sn2.cluster.test\n"
				 "10.1.0.11 sn1-c\n";

typedef struct {
	World *world;
	Hosts *hosts;
	Move *move;
	GError *problem;
} Test;

/* The database as it is now, and the hosts of a file beside it. */
static void reread(Test *test, const char *file)
{
	g_autofree char *path = g_build_filename(test->world->directory, file, NULL);

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
	reread(test, "hosts");
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

static gboolean try_move(Test *test, MoveRequest request)
{
	g_clear_pointer(&test->move, move_free);
	test->move = move_new(test->world->cluster, test->hosts, &request, &test->problem);
	return test->move != NULL;
}

static char *joined(const char *const *names)
{
	return g_strjoinv(" ", (char **)names);
}

/* The nodes that move, in their order. */
#define assert_moves(test, nodes, ...)                                                         \
	do {                                                                                   \
		g_autofree char *moved = NULL;                                                 \
		assert_ok(try_move(test, (MoveRequest){ __VA_ARGS__ }), (test)->problem);      \
		moved = joined(move_names((test)->move));                                      \
		assert_string_equal(moved, nodes);                                             \
	} while (0)

#define assert_no_move(test, error_code, said, ...)                                            \
	do {                                                                                   \
		assert_false(try_move(test, (MoveRequest){ __VA_ARGS__ }));                    \
		assert_true(g_error_matches((test)->problem, MOVE_ERROR, error_code));         \
		assert_string_equal((test)->problem->message, said);                           \
		g_clear_error(&(test)->problem);                                               \
	} while (0)

/* "sn1/sn1-c > sn2/sn2-c", with - for what is not known. */
static void assert_servers(const Test *test, const char *name, const char *wanted)
{
	const MoveNode *node = move_find(test->move, name);
	g_autofree char *servers = NULL;

	assert_non_null(node);
	assert_string_equal(node->name, name);
	servers = g_strdup_printf("%s/%s > %s/%s", node->old.sn ? node->old.sn : "-",
				  node->old.snn ? node->old.snn : "-",
				  node->new.sn ? node->new.sn : "-",
				  node->new.snn ? node->new.snn : "-");
	assert_string_equal(servers, wanted);
}

static void assert_parts(const Test *test, const char *sources, const char *destinations)
{
	g_autofree char *from = joined(move_sources(test->move));
	g_autofree char *to = joined(move_destinations(test->move));

	assert_string_equal(from, sources);
	assert_string_equal(to, destinations);
}

/* ---- which nodes ---- */

static void a_noderange_names_the_nodes(void **state)
{
	Test *test = *state;

	assert_moves(test, "cn1 cn2 cn3 cn4 cn5", .noderange = "rack1", .dest = "sn2");
	assert_moves(test, "cn1 cn10 cn2", .noderange = "cn10,cn2,cn1-cn2,cn1", .dest = "sn2");
	assert_moves(test, "cn7", .noderange = "7", .dest = "sn2", .prefix = "cn");
	/* -s beside a noderange chooses no nodes: it says whom they leave. */
	assert_moves(test, "cn1 cn5", .noderange = "cn1,cn5", .source = "sn1", .dest = "sn2");
	assert_int_equal(move_count(test->move), 2);
	assert_string_equal(move_node(test->move, 1)->name, "cn5");
	assert_null(move_find(test->move, "cn2"));
}

/* cn10's list begins with a blank; cn1 to cn4 name sn1 in four ways. */
static void a_service_node_has_the_nodes_of_all_its_spellings(void **state)
{
	Test *test = *state;

	assert_moves(test, "cn1 cn10 cn2 cn3 cn4 cn6", .source = "sn1", .dest = "sn3");
	assert_moves(test, "cn5", .source = "sn2", .dest = "sn3");
	assert_moves(test, "cn7", .source = "sn3", .dest = "sn2");
}

static void a_service_node_that_serves_nobody_is_refused(void **state)
{
	Test *test = *state;

	world_execute(test->world, "INSERT INTO servicenode (node) VALUES ('service')");
	world_execute(test->world, "INSERT INTO nodelist (node, groups) VALUES"
				   " ('sn4','service')");
	reread(test, "hosts");
	assert_no_move(test, MOVE_ERROR_NODES,
		       "no node has 'sn4' as its first service node (noderes.servicenode)",
		       .source = "sn4", .dest = "sn2");
}

static void the_management_node_has_the_nodes_with_a_blank_list(void **state)
{
	static const char *const spellings[] = { "mn", "MN.cluster.test", "10.0.0.1" };
	Test *test = *state;

	/* sn3's row in servicenode is disabled: it is a node like any other. */
	for (gsize i = 0; i < G_N_ELEMENTS(spellings); i++)
		assert_moves(test, "cn8 cn9 sn3", .source = spellings[i], .dest = "sn1");
	world_execute(test->world, "UPDATE site SET value = 'mn' WHERE key = 'master'");
	reread(test, "none");
	assert_moves(test, "cn8 cn9 sn3", .source = "mn", .dest = "sn1");
	world_execute(test->world, "DELETE FROM site");
	reread(test, "none");
	assert_moves(test, "cn9", .source = "mn", .dest = "sn1");
}

static void a_list_that_cannot_be_computed_is_not_a_blank_one(void **state)
{
	Test *test = *state;

	world_execute(test->world, "INSERT INTO noderes (node, servicenode) VALUES"
				   " ('cn8','|(|x|'), ('rack3','/[/x/')");
	reread(test, "hosts");
	assert_moves(test, "cn9 sn3", .source = "mn", .dest = "sn1");
	assert_int_equal(test->world->complaints->len, 1);
}

/* ---- which are not there ---- */

static void missing_names_are_one_message(void **state)
{
	Test *test = *state;

	assert_no_move(test, MOVE_ERROR_NODES,
		       "no such node or group in the database: 'cn[20-23],login,off'",
		       .noderange = "cn1,cn[20-22],off,login,-cn23,login", .dest = "sn2");
	assert_no_move(test, MOVE_ERROR_NODES,
		       "no such node or group in the database: '\\xff\\x1b[1m'",
		       .noderange = "\xff\033[1m", .dest = "sn2");
}

static void a_noderange_without_nodes_is_refused(void **state)
{
	Test *test = *state;

	assert_no_move(test, MOVE_ERROR_NODES, "noderange 'rack1,-all' is no node at all",
		       .noderange = "rack1,-all", .dest = "sn2");
	assert_no_move(test, MOVE_ERROR_NODES, "noderange '' is no node at all",
		       .noderange = "", .dest = "sn2");
	assert_no_move(test, MOVE_ERROR_USAGE, "name the nodes, or -s", .dest = "sn2");
	assert_false(try_move(test, (MoveRequest){ .noderange = "cn[1,,2]", .dest = "sn2" }));
	assert_refused(test->problem, "noderange 'cn[1,,2]', at character 6: ");
}

static void excluded_nodes_are_told_when_nothing_else_is_left(void **state)
{
	Test *test = *state;

	world_execute(test->world,
		      "INSERT INTO site (key, value) VALUES ('excludenodes','rack1,nosuch')");
	reread(test, "hosts");
	assert_no_move(test, MOVE_ERROR_NODES,
		       "noderange 'cn1-cn3' is no node at all; site.excludenodes takes out "
		       "cn[1-3]",
		       .noderange = "cn1-cn3", .dest = "sn2");
	assert_moves(test, "cn6", .noderange = "cn5,cn6", .dest = "sn2");
}

/* ---- whereto ---- */

static void each_node_has_its_old_and_new_servers(void **state)
{
	Test *test = *state;

	assert_moves(test, "cn1 cn2 cn3 cn4", .noderange = "cn1-cn4");
	assert_servers(test, "cn1", "sn1/sn1-c > sn2/-");
	assert_servers(test, "cn2", "SN1.cluster.test/sn1-c > sn2/-");
	assert_servers(test, "cn3", "10.0.0.11/- > sn3/-");
	assert_servers(test, "cn4", "first-alias/other-c > sn2/-");
	assert_string_equal(move_find(test->move, "cn2")->servicenode,
			    "SN1.cluster.test,sn2,sn3");
	assert_parts(test, "10.0.0.11 SN1.cluster.test first-alias sn1", "sn2 sn3");
}

static void options_name_the_servers_of_all_nodes(void **state)
{
	Test *test = *state;

	assert_moves(test, "cn1 cn4 cn5 cn8", .noderange = "cn1,cn4,cn5,cn8", .source = "sn1",
		     .source_n = "sn1-x", .dest = "sn3", .dest_n = "sn3-c");
	assert_servers(test, "cn1", "sn1/sn1-x > sn3/sn3-c");
	assert_servers(test, "cn4", "sn1/sn1-x > sn3/sn3-c");
	assert_servers(test, "cn5", "sn1/sn1-x > sn3/sn3-c");
	assert_servers(test, "cn8", "sn1/sn1-x > sn3/sn3-c");
	assert_null(move_find(test->move, "cn8")->servicenode);
	assert_parts(test, "sn1", "sn3");
	assert_moves(test, "cn6 cn8", .noderange = "cn6,cn8", .dest = "sn3");
	assert_servers(test, "cn6", "sn1/sn1-c > sn3/-");
	assert_servers(test, "cn8", "-/- > sn3/-");
	assert_parts(test, "sn1", "sn3");
}

static void with_a_source_each_node_goes_to_its_second(void **state)
{
	Test *test = *state;

	world_execute(test->world, "UPDATE noderes SET servicenode = 'sn1,sn3'"
				   " WHERE node = 'rack2'");
	reread(test, "hosts");
	assert_moves(test, "cn1 cn10 cn2 cn3 cn4 cn6", .source = "sn1");
	assert_servers(test, "cn2", "sn1/sn1-c > sn2/-");
	assert_servers(test, "cn6", "sn1/sn1-c > sn3/-");
	assert_parts(test, "sn1", "sn2 sn3");
}

static void nodes_without_a_destination_are_one_message(void **state)
{
	Test *test = *state;

	assert_no_move(test, MOVE_ERROR_BACKUP,
		       "no destination for 3 of 4 nodes: cn[6-8]: their noderes.servicenode "
		       "names no second service node; name one with -d",
		       .noderange = "cn1,cn6,cn7,cn8");
	assert_no_move(test, MOVE_ERROR_BACKUP,
		       "no destination for 1 of 6 nodes: cn6: their noderes.servicenode names "
		       "no second service node; name one with -d",
		       .source = "sn1");
}

static void one_name_is_not_given_to_two_destinations(void **state)
{
	Test *test = *state;

	assert_no_move(test, MOVE_ERROR_USAGE,
		       "-D sn2-c cannot be the name of 2 service nodes (sn2, sn3): give -d "
		       "too, or move the nodes of each in a command of its own",
		       .noderange = "cn1,cn3", .dest_n = "sn2-c");
	assert_moves(test, "cn1 cn4", .noderange = "cn1,cn4", .dest_n = "sn2-c");
	assert_servers(test, "cn4", "first-alias/other-c > sn2/sn2-c");
	assert_moves(test, "cn1 cn3", .noderange = "cn1,cn3", .dest = "sn2", .dest_n = "sn2-c");
}

static void messages_have_no_control_characters(void **state)
{
	Test *test = *state;

	world_execute(test->world, "INSERT INTO nodelist (node, groups) VALUES"
				   " ('bad' || char(10) || char(27), 'odd')");
	reread(test, "hosts");
	assert_no_move(test, MOVE_ERROR_BACKUP,
		       "no destination for 1 of 1 nodes: /bad\\x0a\\x1b: their "
		       "noderes.servicenode names no second service node; name one with -d",
		       .noderange = "odd");
	world_execute(test->world,
		      "INSERT INTO site (key, value) VALUES ('excludenodes','odd')");
	reread(test, "hosts");
	assert_no_move(test, MOVE_ERROR_NODES,
		       "noderange 'odd' is no node at all; site.excludenodes takes out "
		       "/bad\\x0a\\x1b",
		       .noderange = "odd");
	assert_no_move(test, MOVE_ERROR_USAGE,
		       "-D a\\nb cannot be the name of 2 service nodes (sn2, sn3): give -d "
		       "too, or move the nodes of each in a command of its own",
		       .noderange = "cn1,cn3", .dest_n = "a\nb");
}

/* What was given need not outlive the call. */
static void a_move_keeps_its_own_texts(void **state)
{
	Test *test = *state;
	char range[] = "cn1", source[] = "sn1", dest[] = "sn2", dest_n[] = "sn2-c";

	assert_moves(test, "cn1", .noderange = range, .source = source, .dest = dest,
		     .dest_n = dest_n);
	memset(range, 'x', 3);
	memset(source, 'x', 3);
	memset(dest, 'x', 3);
	memset(dest_n, 'x', 5);
	assert_servers(test, "cn1", "sn1/sn1-c > sn2/sn2-c");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_noderange_names_the_nodes),
		TEST(a_service_node_has_the_nodes_of_all_its_spellings),
		TEST(a_service_node_that_serves_nobody_is_refused),
		TEST(the_management_node_has_the_nodes_with_a_blank_list),
		TEST(a_list_that_cannot_be_computed_is_not_a_blank_one),
		TEST(missing_names_are_one_message),
		TEST(a_noderange_without_nodes_is_refused),
		TEST(excluded_nodes_are_told_when_nothing_else_is_left),
		TEST(each_node_has_its_old_and_new_servers),
		TEST(options_name_the_servers_of_all_nodes),
		TEST(with_a_source_each_node_goes_to_its_second),
		TEST(nodes_without_a_destination_are_one_message),
		TEST(one_name_is_not_given_to_two_destinations),
		TEST(messages_have_no_control_characters),
		TEST(a_move_keeps_its_own_texts),
	};

	return cmocka_run_group_tests_name("moves", tests, NULL, NULL);
}
