/* Nodes in batches, and how many of them are too many: what is typed, and what it makes. */
#include "core/takeover.h"
#include "tests/lib/harness.h"

/* "1,10,25%" of n nodes, as the sizes of all batches. */
static void assert_sizes(const char *typed, guint n, const char *sizes)
{
	g_autoptr(GError) problem = NULL;
	g_autoptr(Batches) batches = batches_parse(typed, &problem);
	g_autoptr(GString) got = g_string_new(NULL);
	guint first = 0, i = 0;

	assert_ok(batches, problem);
	for (; first < n; i++) {
		guint size = MIN(batches_size(batches, n, i), n - first);

		g_string_append_printf(got, "%s%u", i ? " " : "", size);
		first += size;
	}
	assert_string_equal(got->str, sizes);
	assert_int_equal(batches_count(batches, n), i);
}

static void assert_text(const char *typed, guint n, const char *text)
{
	g_autoptr(GError) problem = NULL;
	g_autoptr(Batches) batches = batches_parse(typed, &problem);
	g_autofree char *got = NULL;

	assert_ok(batches, problem);
	got = batches_text(batches, n);
	assert_string_equal(got, text);
}

static void assert_wrong(const char *typed, const char *part)
{
	g_autoptr(GError) problem = NULL;

	assert_null(batches_parse(typed, &problem));
	assert_refused(problem, part);
}

static void numbers_are_the_sizes_one_after_the_other(void **state)
{
	(void)state;
	assert_sizes("1,2,3", 6, "1 2 3");
	assert_sizes("5", 5, "5");
}

static void the_last_size_repeats_until_all_nodes_are_in_one(void **state)
{
	(void)state;
	assert_sizes("1,3", 10, "1 3 3 3");
	assert_sizes("1,10,100", 400, "1 10 100 100 100 89");
	assert_sizes("4", 9, "4 4 1");
}

static void a_batch_beyond_the_last_node_has_what_is_left(void **state)
{
	(void)state;
	assert_sizes("100", 7, "7");
	assert_sizes("1,1000000000", 3, "1 2");
	assert_sizes("1,2,3,4", 2, "1 1");
}

static void percents_are_of_all_nodes_rounded_up(void **state)
{
	(void)state;
	assert_sizes("25%", 16, "4 4 4 4");
	assert_sizes("1,25%", 16, "1 4 4 4 3");
	assert_sizes("25%", 10, "3 3 3 1");
	assert_sizes("100%", 3, "3");
	assert_sizes("99%", 1000000000, "990000000 10000000");
}

static void a_percentage_is_one_node_at_least(void **state)
{
	(void)state;
	assert_sizes("1%", 3, "1 1 1");
	assert_int_equal(batches_share_of((BatchesShare){ 1, TRUE }, 0), 1);
}

static void no_nodes_are_no_batch(void **state)
{
	(void)state;
	assert_sizes("1,10", 0, "");
}

static void few_batches_are_told_one_by_one(void **state)
{
	(void)state;
	assert_text("1,10,100", 400, "batches of 1, 10, 100, 100, 100, 89");
	assert_text("10", 20, "batches of 10, 10");
	assert_text("1,2,3,4,5,6,7,8", 36, "batches of 1, 2, 3, 4, 5, 6, 7, 8");
}

static void many_batches_are_told_in_short(void **state)
{
	(void)state;
	assert_text("1,10,100", 1000, "batches of 1, 10, then 100 each");
	assert_text("10", 400, "batches of 10 each");
	assert_text("1,2,3,4,5,6,7,8", 400, "batches of 1, 2, 3, 4, 5, 6, 7, then 8 each");
	assert_text("1,1%", 700, "batches of 1, then 7 each");
}

static void one_batch_is_told_as_one(void **state)
{
	(void)state;
	assert_text("1,10", 1, "one batch of 1");
	assert_text("100%", 12, "one batch of 12");
}

static void wrong_text_is_refused_with_the_element(void **state)
{
	static const char *const wrong[] = {
		"0",   "0%",  "101%", "1.5",   "-1",  "+1",
		" 1",  "ten", "%",    "10 %",  "5%%", "1000000001",
		"0x5", "1 ",  "%5",   "1\n10", "1;2", "99999999999999999999"
	};

	(void)state;
	for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
		g_autofree char *list = g_strconcat("1,", wrong[i], ",10", NULL);

		assert_wrong(list, "is neither a number of nodes from 1 on nor a percentage");
		assert_wrong(wrong[i], "is neither a number");
	}
	assert_wrong("1,1.5,10", "'1,1.5,10': '1.5' is neither");
}

static void an_empty_list_or_element_is_refused(void **state)
{
	(void)state;
	assert_wrong("", "it is empty");
	assert_wrong(",", "'' is neither");
	assert_wrong("1,", "'' is neither");
	assert_wrong(",1", "'' is neither");
	assert_wrong("1,,2", "'1,,2': '' is neither");
}

static void a_share_is_a_number_or_a_percentage(void **state)
{
	g_autoptr(GError) problem = NULL;
	BatchesShare share;

	(void)state;
	assert_ok(batches_parse_share("3", &share, &problem), problem);
	assert_int_equal(batches_share_of(share, 400), 3);
	assert_ok(batches_parse_share("5%", &share, &problem), problem);
	assert_int_equal(batches_share_of(share, 401), 21);
	assert_false(batches_parse_share("1,2", &share, &problem));
	assert_refused(problem, "'1,2' is neither");
}

#define TEST(name) cmocka_unit_test(name)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(numbers_are_the_sizes_one_after_the_other),
		TEST(the_last_size_repeats_until_all_nodes_are_in_one),
		TEST(a_batch_beyond_the_last_node_has_what_is_left),
		TEST(percents_are_of_all_nodes_rounded_up),
		TEST(a_percentage_is_one_node_at_least),
		TEST(no_nodes_are_no_batch),
		TEST(few_batches_are_told_one_by_one),
		TEST(many_batches_are_told_in_short),
		TEST(one_batch_is_told_as_one),
		TEST(wrong_text_is_refused_with_the_element),
		TEST(an_empty_list_or_element_is_refused),
		TEST(a_share_is_a_number_or_a_percentage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
