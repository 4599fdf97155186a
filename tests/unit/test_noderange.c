/*
 * The noderange language where xCAT gives no answers: what errors say, limits, files, and what
 * went wrong once.  What noderanges expand to is recorded in test_noderange_cases.c.
 */
#include "core/noderange.h"
#include "tests/unit/cluster_world.h"
#include <sys/stat.h>

#define SOON (20 * G_USEC_PER_SEC) /* what "at once" may take, with sanitizers */

static Facts *errors;
static World *empty;	/* a cluster without nodes */
static World *fixture;	/* the one of the recorded cases */
static char *directory; /* for files of names */

static int setup(void **state)
{
	(void)state;
	directory = harness_directory();
	empty = world_new("");
	fixture = world_recorded();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	world_free(empty);
	world_free(fixture);
	harness_remove(directory);
	return 0;
}

static Noderange *expand(World *world, const char *expression, gboolean verify)
{
	NoderangeOptions options = { .verify = verify };
	g_autoptr(GError) problem = NULL;
	Noderange *range = noderange_expand(world->cluster, expression, &options, &problem);

	assert_ok(range, problem);
	return range;
}

/* The names and the missing ones of a known cluster. */
static void assert_expands(World *world, const char *expression, const char *names,
			   const char *missing)
{
	g_autoptr(Noderange) range = expand(world, expression, TRUE);

	assert_names(range->names, names);
	assert_names(range->missing, missing);
}

static void refuse(World *world, const char *expression, int code, const char *part)
{
	g_autoptr(GError) problem = NULL;

	assert_null(noderange_expand(world->cluster, expression, NULL, &problem));
	assert_true(g_error_matches(problem, NODERANGE_ERROR, code));
	assert_refused(problem, part);
}

/* ---- errors ---- */

static int code_of(const char *kind)
{
	return g_str_equal(kind, "syntax")  ? NODERANGE_ERROR_SYNTAX
	       : g_str_equal(kind, "limit") ? NODERANGE_ERROR_LIMIT
	       : g_str_equal(kind, "file")  ? NODERANGE_ERROR_FILE
					    : NODERANGE_ERROR_PATTERN;
}

static void an_error_quotes_the_expression_and_names_the_character(void **state)
{
	guint row = facts_row(state);
	const char *expression = facts_get(errors, row, "expression");
	g_autofree char *start =
		g_strdup_printf("noderange '%s', at character %s: ", expression,
				facts_get(errors, row, "character"));
	g_autoptr(GError) problem = NULL;

	assert_null(noderange_expand(fixture->cluster, expression, NULL, &problem));
	assert_int_equal(problem->code, code_of(facts_get(errors, row, "kind")));
	if (!g_str_has_prefix(problem->message, start))
		fail_msg("\"%s\" does not begin with \"%s\"", problem->message, start);
	assert_refused(problem, facts_get(errors, row, "what"));
}

static void of_a_long_expression_an_error_shows_what_is_around_the_place(void **state)
{
	g_autoptr(GString) before = g_string_new(NULL);
	g_autoptr(GString) behind = g_string_new(NULL);
	g_autofree char *first = NULL, *middle = NULL, *last = NULL;

	(void)state;
	for (guint i = 1; i <= 20; i++) {
		g_string_append_printf(before, "cn%03u,", i);
		g_string_append_printf(behind, ",cn%03u", i + 20);
	}
	first = g_strconcat("x[,1]", behind->str, NULL);
	middle = g_strconcat(before->str, "x[,1]", behind->str, NULL);
	last = g_strconcat(before->str, "x[,1]", NULL);
	refuse(fixture, first, NODERANGE_ERROR_SYNTAX,
	       "noderange 'x[,1],cn021,cn022,cn023,cn024,cn025,cn026,cn027,cn028,cn029,...', "
	       "at "
	       "character 3: ");
	refuse(fixture, middle, NODERANGE_ERROR_SYNTAX,
	       "noderange "
	       "'...016,cn017,cn018,cn019,cn020,x[,1],cn021,cn022,cn023,cn024,cn...', "
	       "at character 123: ");
	refuse(fixture, last, NODERANGE_ERROR_SYNTAX,
	       "noderange '...016,cn017,cn018,cn019,cn020,x[,1]', at character 123: ");
}

static void an_error_does_not_upset_a_terminal(void **state)
{
	(void)state;
	refuse(fixture, "a\033[,b\n\xff", NODERANGE_ERROR_SYNTAX,
	       "noderange 'a\\x1b[,b\\n\\xff', at character 3: ");
	refuse(fixture, "c'n\"[,1]", NODERANGE_ERROR_SYNTAX,
	       "noderange 'cn[,1]', at character 4: ");
}

static void an_endless_regular_expression_is_named(void **state)
{
	gint64 start = g_get_monotonic_time();
	g_autoptr(GString) name = g_string_new("INSERT INTO nodelist VALUES ('");
	World *world;

	(void)state;
	for (guint i = 0; i < 60; i++)
		g_string_append_c(name, 'a');
	g_string_append(name, "-b', NULL, NULL, NULL)");
	world = world_new(name->str);
	refuse(world, "cn001,/(a+)+b", NODERANGE_ERROR_PATTERN,
	       "at character 8: regular expression '\\A(?:(a+)+b)\\z' takes too long on 'aaa");
	refuse(world, "cn001,nodelist.node=~(a+)+b", NODERANGE_ERROR_PATTERN,
	       "at character 7: regular expression '(a+)+b' takes too long on 'aaa");
	assert_true(g_get_monotonic_time() - start < SOON);
	world_free(world);
}

/* ---- limits ---- */

static void assert_count(const char *expression, guint names)
{
	g_autoptr(Noderange) range = expand(empty, expression, FALSE);

	assert_int_equal(range->names->len, names);
}

static void a_million_names_are_made_and_not_one_more(void **state)
{
	static const char *const more[] = {
		"n[1-1000001]",
		"n1-n1000001",
		"n1+1000000",
		"n[1-999999999999]",
		"n[0-9223372036854775807]",
		"n0+9223372036854775807",
		"n[1-500000],m[1-500001]",
		"r[1-1001]c[1-1000]",
		"a[1-1000]b[1-1000]c[1-1000]",
		"a[1-1000000]b[1-1000000]c[1-1000000]",
		"(n[1-600000]),-(n[1-600000])",
	};
	gint64 start = g_get_monotonic_time();

	(void)state;
	assert_count("n[1-1000000]", 1000000);
	assert_count("n1+999999", 1000000);
	assert_count("r[1-1000]c[1-1000]", 1000000);
	assert_count("a[1-10]b[1-10]c[1-100]d[1-100]", 1000000);
	assert_count("n[1-500000],m[1-500000]", 1000000);
	for (gsize i = 0; i < G_N_ELEMENTS(more); i++)
		refuse(empty, more[i], NODERANGE_ERROR_LIMIT, "more than 1000000 names");
	refuse(empty, "n[0-9223372036854775808]", NODERANGE_ERROR_LIMIT,
	       "the number 9223372036854775808 is too large");
	assert_true(g_get_monotonic_time() - start < 4 * SOON);
}

static void missing_names_of_a_range_are_counted_too(void **state)
{
	g_autoptr(Noderange) range = expand(empty, "n[1-1000]", TRUE);

	(void)state;
	assert_int_equal(range->names->len, 0);
	assert_int_equal(range->missing->len, 1000);
}

static char *repeated(const char *text, guint n)
{
	GString *whole = g_string_new(NULL);

	while (n-- > 0)
		g_string_append(whole, text);
	return g_string_free(whole, FALSE);
}

static void a_hundred_parentheses_within_each_other_are_enough(void **state)
{
	g_autofree char *open = repeated("(", 100);
	g_autofree char *close = repeated(")", 100);
	g_autofree char *taken = g_strconcat(open, "cn001", close, NULL);
	g_autofree char *refused = g_strconcat("(", taken, ")", NULL);
	g_autofree char *unclosed = repeated("(", 1000000);

	(void)state;
	assert_expands(fixture, taken, "cn001", "");
	refuse(fixture, refused, NODERANGE_ERROR_SYNTAX,
	       "at character 101: too many parentheses within each other");
	refuse(fixture, unclosed, NODERANGE_ERROR_SYNTAX, "at character 101: ");
}

static void a_million_signs_in_a_row_end_at_once(void **state)
{
	static const char *const signs[] = { "-", ",",	  "@",	    ")",    "[", "]",
					     "+", ":",	  "=",	    "~",    "!", "^",
					     "/", "a[1]", "a[1-2]", "(a),", "a@" };
	gint64 start = g_get_monotonic_time();

	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(signs); i++) {
		g_autofree char *text = repeated(signs[i], signs[i][1] ? 100000 : 1000000);
		g_autofree char *named = g_strconcat(text, "cn001", NULL);
		g_autoptr(Noderange) alone =
			noderange_expand(fixture->cluster, text, NULL, NULL);
		g_autoptr(Noderange) range =
			noderange_expand(fixture->cluster, named, NULL, NULL);

		(void)alone, (void)range;
	}
	assert_true(g_get_monotonic_time() - start < 4 * SOON);
}

/* ---- files ---- */

static char *write_file(const char *name, const char *text)
{
	g_autoptr(GError) problem = NULL;
	char *path = g_build_filename(directory, name, NULL);

	assert_ok(g_file_set_contents(path, text, -1, &problem), problem);
	return path;
}

static void lines_of_a_file_end_as_they_may(void **state)
{
	g_autofree char *crlf =
		write_file("crlf", "cn001\r\n\r\n# cn005\r\n^cn005\r\ncn[003-004]\r\ncn002");
	g_autofree char *expression = g_strconcat("^", crlf, NULL);
	g_autofree char *joined = g_strconcat("cn[002-009]@^", crlf, ",-cn003", NULL);

	(void)state;
	assert_expands(fixture, expression, "cn001 cn002 cn003 cn004", "");
	assert_expands(fixture, joined, "cn002 cn004", "");
}

static void an_error_in_a_file_names_its_line(void **state)
{
	g_autofree char *path = write_file("slip", "cn001\n\n# comment\ncn[001\n");
	g_autofree char *worse = write_file("worse", "cn001\nlogin,cn[,1] the rest\n");
	g_autofree char *expression = g_strconcat("login,^", path, NULL);
	g_autofree char *other = g_strconcat("login,^", worse, NULL);
	g_autofree char *part =
		g_strconcat(worse, ":2: noderange 'login,cn[,1]', at character 10: ", NULL);

	(void)state;
	assert_expands(fixture, expression, "cn001 login", "cn[001");
	refuse(fixture, other, NODERANGE_ERROR_FILE, part);
}

static void a_file_that_names_itself_is_an_error(void **state)
{
	g_autofree char *path = g_build_filename(directory, "itself", NULL);
	g_autofree char *line = g_strconcat("cn001,^", path, "\n", NULL);
	g_autofree char *expression = g_strconcat("^", path, NULL);
	g_autofree char *written = write_file("itself", line);

	(void)state, (void)written;
	refuse(fixture, expression, NODERANGE_ERROR_FILE, "too many files within each other");
	refuse(fixture, expression, NODERANGE_ERROR_FILE, "itself:1: ");
}

static void what_is_no_regular_file_is_refused(void **state)
{
	g_autofree char *fifo = g_build_filename(directory, "fifo", NULL);
	g_autofree char *of_fifo = g_strconcat("^", fifo, NULL);
	g_autofree char *of_directory = g_strconcat("cn001,^", directory, NULL);
	g_autofree char *said = g_strdup_printf("noderange 'cn001,^%s', at character 8: cannot "
						"read the file '%s': it is a directory",
						directory, directory);

	(void)state;
	assert_int_equal(mkfifo(fifo, 0600), 0);
	refuse(fixture, of_fifo, NODERANGE_ERROR_FILE, "/fifo': it is not a regular file");
	refuse(fixture, "^/dev/zero", NODERANGE_ERROR_FILE,
	       "cannot read the file '/dev/zero': it is not a regular file");
	refuse(fixture, of_directory, NODERANGE_ERROR_FILE, said);
	refuse(fixture, "^/nowhere/a\033b", NODERANGE_ERROR_FILE,
	       "cannot read the file '/nowhere/a\\x1bb': No such file or directory");
}

static void files_that_double_with_each_other_end_at_once(void **state)
{
	gint64 start = g_get_monotonic_time();
	g_autofree char *first = NULL;
	g_autofree char *expression = NULL;

	(void)state;
	for (guint i = 25; i > 0; i--) {
		g_autofree char *name = g_strdup_printf("level%u", i);
		g_autofree char *line = g_strdup_printf("cn001,^%s/level%u,^%s/level%u\n",
							directory, i + 1, directory, i + 1);

		g_free(first);
		first = write_file(name, i == 25 ? "cn001\n" : line);
	}
	expression = g_strconcat("^", first, NULL);
	refuse(fixture, expression, NODERANGE_ERROR_FILE,
	       "more than 1000 files are read: do they name each other?");
	assert_true(g_get_monotonic_time() - start < SOON);
}

/* ---- what went wrong once ---- */

static void names_are_found_beside_those_that_are_nobodys(void **state)
{
	World *world = world_new(
		"CREATE TABLE nodegroup (groupname TEXT PRIMARY KEY, grouptype TEXT,"
		" wherevals TEXT, disable TEXT);"
		"INSERT INTO nodegroup (groupname, grouptype) VALUES ('g2',NULL), ('g4',NULL);"
		"INSERT INTO nodegroup (groupname, disable) VALUES ('g6','1');"
		"INSERT INTO nodelist (node, groups) VALUES ('n2','g4'), ('n4','g8'), "
		"('n6','');");

	(void)state;
	assert_expands(world, "n3,n2,n3,n4,n5,n6,n7,n1,n4", "n2 n4 n6", "n3 n3 n5 n7 n1");
	assert_expands(world, "n[1-7]", "n2 n4 n6", "n1 n3 n5 n7");
	assert_expands(world, "g3,g2,g3,g4,g5,g6,g7,g8,g1,g2", "n2 n4", "g3 g3 g5 g6 g7 g1");
	world_free(world);
}

static void brackets_and_criteria_stand_beside_each_other(void **state)
{
	(void)state;
	assert_expands(fixture, "cn[001,014],hosts.ip==10.1.1.1,cn[002,015]",
		       "cn001 cn002 cn014 cn015", "");
	assert_expands(fixture, "(cn[001,003],mgt==ipmi)@(cn[001-005])",
		       "cn001 cn003 cn004 cn005", "");
}

static void classes_of_a_regular_expression_keep_their_signs(void **state)
{
	(void)state;
	assert_expands(fixture, "/cn00[\\],1]", "cn001", "");
	assert_expands(fixture, "/cn00[],1]", "cn001", "");
	assert_expands(fixture, "/cn00[^],2-9]", "cn001", "");
	assert_expands(fixture, "/cn00[[:digit:],]@cn[001-002]", "cn001 cn002", "");
	assert_expands(fixture, "(/cn00[)1]),login", "cn001 login", "");
	assert_expands(fixture, "/cn0{2,2}1,login", "cn001 login", "");
	assert_expands(fixture, "/cn001/,login", "cn001 login", "");
}

static void exclusions_wait_for_the_end_of_their_list_or_the_parentheses(void **state)
{
	(void)state;
	assert_expands(fixture, "(cn001),-cn002,(cn002)", "cn001", "");
	assert_expands(fixture, "cn[011-014],(login),-(even),cn012", "cn011 cn013 login", "");
	assert_expands(fixture, "cn001,-cn001,cn001", "", "");
	assert_expands(fixture, "cn[001-002],-(cn001),cn001", "cn001 cn002", "");
	assert_expands(fixture, "--cn001,cn002", "cn002", "");
	assert_expands(fixture, "---nosuch,cn002", "cn002", "nosuch");
}

static void any_bytes_can_be_the_names_of_nodes(void **state)
{
	World *world =
		world_new("INSERT INTO nodelist (node, groups) VALUES"
			  " (CAST(x'ff31' AS TEXT),'odd'), (CAST(x'ff32' AS TEXT),'odd'),"
			  " ('a;b1','odd'), ('a;b2','odd'), ('$x','odd'),"
			  " ('$(reboot)','odd'), ('it''s','odd'), ('q\"1','odd')");
	g_autoptr(Noderange) group = expand(world, "odd", TRUE);
	g_autofree char *text = NULL;

	(void)state;
	assert_names(group->names, "$(reboot) $x a;b1 a;b2 it's q\"1 \xff"
				   "1 \xff"
				   "2");
	text = noderange_fold((const char *const *)group->names->pdata, group->names->len);
	assert_string_equal(text,
			    "$x,/\\x24\\x28reboot\\x29,/it\\x27s,/q\\x221,a;b[1-2],\xff[1-2]");
	assert_expands(world, text,
		       "$(reboot) $x a;b1 a;b2 it's q\"1 \xff"
		       "1 \xff"
		       "2",
		       "");
	assert_expands(world, "\xff[1-2],a;b1-a;b2,$x",
		       "$x a;b1 a;b2 \xff"
		       "1 \xff"
		       "2",
		       "");
	assert_expands(world, "'a;b1',\"$x\"", "$x a;b1", "");
	/* Quotes are deleted, so these two can only be had through a group or a pattern. */
	assert_expands(world, "it's", "", "its");
	assert_expands(world, "/it.s,/\\$\\(reboot\\)", "$(reboot) it's", "");
	refuse(world, "$(reboot)", NODERANGE_ERROR_SYNTAX, "text touches a parenthesis");
	world_free(world);
}

/* ---- options ---- */

static void without_verify_unknown_names_are_names(void **state)
{
	g_autoptr(Noderange) range =
		expand(fixture, "zz[2,1],cn001,zz1,a-b-c,-cn001,zz9@zz9,cn[001-", FALSE);

	(void)state;
	assert_int_equal(range->missing->len, 0);
	assert_names(range->names, "a-b-c cn[001- zz1 zz2 zz9");
}

static void assert_prefixed(const char *prefix, const char *suffix, const char *expression,
			    const char *names)
{
	NoderangeOptions options = { TRUE, prefix, suffix };
	g_autoptr(GError) problem = NULL;
	g_autoptr(Noderange) range =
		noderange_expand(fixture->cluster, expression, &options, &problem);

	assert_ok(range, problem);
	assert_names(range->names, names);
	assert_int_equal(range->missing->len, 0);
}

static void digits_get_the_prefix_and_the_suffix(void **state)
{
	NoderangeOptions none = { TRUE, "", "" };
	g_autoptr(GError) problem = NULL;

	(void)state;
	assert_prefixed(NULL, NULL, "3,10+2,1-2", "node1 node10 node11 node12 node2 node3");
	assert_prefixed("cn", NULL, "003,010+2", "cn003 cn010 cn011 cn012");
	assert_prefixed(NULL, "-ib0", "3,10+2", "node10-ib0 node11-ib0 node12-ib0 node3-ib0");
	assert_prefixed("stor", ".ex.net", "2-4", "stor2.ex.net stor3.ex.net stor4.ex.net");
	assert_prefixed("cn", NULL, "777", "777"); /* a node is itself */
	assert_null(noderange_expand(fixture->cluster, "3", &none, &problem));
	assert_refused(problem, "3 is only digits, and so it is with XCAT_NODE_PREFIX");
}

static char *error_name(const Facts *facts, guint row)
{
	return g_strdup_printf("refused: %s", facts_raw(facts, row, "expression"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_a_long_expression_an_error_shows_what_is_around_the_place),
		cmocka_unit_test(an_error_does_not_upset_a_terminal),
		cmocka_unit_test(an_endless_regular_expression_is_named),
		cmocka_unit_test(a_million_names_are_made_and_not_one_more),
		cmocka_unit_test(missing_names_of_a_range_are_counted_too),
		cmocka_unit_test(a_hundred_parentheses_within_each_other_are_enough),
		cmocka_unit_test(a_million_signs_in_a_row_end_at_once),
		cmocka_unit_test(lines_of_a_file_end_as_they_may),
		cmocka_unit_test(an_error_in_a_file_names_its_line),
		cmocka_unit_test(a_file_that_names_itself_is_an_error),
		cmocka_unit_test(what_is_no_regular_file_is_refused),
		cmocka_unit_test(files_that_double_with_each_other_end_at_once),
		cmocka_unit_test(names_are_found_beside_those_that_are_nobodys),
		cmocka_unit_test(brackets_and_criteria_stand_beside_each_other),
		cmocka_unit_test(classes_of_a_regular_expression_keep_their_signs),
		cmocka_unit_test(exclusions_wait_for_the_end_of_their_list_or_the_parentheses),
		cmocka_unit_test(any_bytes_can_be_the_names_of_nodes),
		cmocka_unit_test(without_verify_unknown_names_are_names),
		cmocka_unit_test(digits_get_the_prefix_and_the_suffix),
	};
	g_autofree char *path = harness_source("tests/cases/noderange/errors.tsv");
	int failed;

	errors = facts_read(path);
	failed = facts_run(errors, "noderanges refused", error_name,
			   an_error_quotes_the_expression_and_names_the_character, setup,
			   teardown);
	failed += cmocka_run_group_tests_name("noderanges", tests, setup, teardown);
	facts_free(errors);
	return failed;
}
