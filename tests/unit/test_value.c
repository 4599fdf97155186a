/* Regular-expression values: tests/cases/value/values.tsv, a test a row; hostile input. */
#include "tests/lib/harness.h"
#include "core/cluster/value.h"
#include <string.h>

static Facts *facts;

/* "pattern: part of the message" or "expression: part of the message" */
static void assert_error(GError *problem, const char *expected)
{
	gboolean pattern = g_str_has_prefix(expected, "pattern: ");

	assert_non_null(problem);
	assert_true(g_error_matches(problem, VALUE_ERROR,
				    pattern ? VALUE_ERROR_PATTERN : VALUE_ERROR_EXPRESSION));
	assert_refused(problem, strchr(expected, ' ') + 1);
}

static void a_value_is_computed_as_recorded(void **state)
{
	guint row = facts_row(state);
	const char *error = facts_get(facts, row, "error");
	const char *expected = facts_get(facts, row, "result");
	g_autoptr(Value) value = NULL;
	g_autoptr(GError) problem = NULL;
	g_autofree char *result = NULL;
	gboolean unmatched = FALSE;

	if (!value_compile(facts_get(facts, row, "value"), &value, &problem)) {
		assert_null(value);
		assert_error(g_steal_pointer(&problem), error);
		return;
	}
	if (g_str_equal(expected, "@plain")) {
		assert_null(value);
		return;
	}
	assert_non_null(value);
	result = value_compute(value, facts_get(facts, row, "node"), &unmatched, &problem);
	if (*error) {
		assert_null(result);
		assert_error(g_steal_pointer(&problem), error);
		return;
	}
	assert_ok(result, problem);
	assert_string_equal(result, expected);
	assert_int_equal(unmatched, *facts_get(facts, row, "unmatched") != '\0');
}

static char *row_name(const Facts *table, guint row)
{
	const char *error = facts_raw(table, row, "error");

	return g_strdup_printf("%s for '%s' is %s", facts_raw(table, row, "value"),
			       facts_raw(table, row, "node"),
			       *error ? error : facts_raw(table, row, "result"));
}

/* The value |cn(\d+)|before middle... after| with `n` times the middle, for cn1. */
static char *compute_long(const char *before, const char *middle, guint n, const char *after,
			  GError **problem)
{
	g_autoptr(GString) text = g_string_new("|cn(\\d+)|");
	g_autoptr(Value) value = NULL;
	gboolean unmatched;

	g_string_append(text, before);
	while (n--)
		g_string_append(text, middle);
	g_string_append(text, after);
	g_string_append_c(text, '|');
	if (!value_compile(text->str, &value, problem))
		return NULL;
	assert_non_null(value);
	return value_compute(value, "cn1", &unmatched, problem);
}

static void assert_long_refused(const char *before, const char *middle, guint n,
				const char *after, const char *part)
{
	g_autoptr(GError) problem = NULL;
	g_autofree char *result = compute_long(before, middle, n, after, &problem);

	assert_null(result);
	assert_non_null(problem);
	assert_true(strlen(problem->message) < 1000);
	assert_refused(problem, part);
}

static void what_nests_too_deeply_is_refused(void **state)
{
	g_autofree char *closed = g_strnfill(10000, ')');

	(void)state;
	assert_long_refused("", "(", 10000, closed, "nested too deeply");
}

static void ten_thousand_open_parentheses_are_text(void **state)
{
	g_autoptr(GError) problem = NULL;
	g_autofree char *result = compute_long("", "(", 10000, "", &problem);

	(void)state;
	assert_ok(result, problem);
	assert_int_equal(strlen(result), 10000);
}

static void a_chain_of_signs_is_refused(void **state)
{
	(void)state;
	assert_long_refused("(", "!", 100000, "1)", "nested too deeply");
	assert_long_refused("(", "- ", 100000, "1)", "nested too deeply");
	assert_long_refused("(1", "**1", 100000, ")", "nested too deeply");
	assert_long_refused("(1", "?1:1", 100000, ")", "nested too deeply");
	assert_long_refused("(", "int ", 100000, "1)", "nested too deeply");
}

static void an_endless_sum_is_refused(void **state)
{
	(void)state;
	assert_long_refused("(1", "+1", 100000, ")", "it is too long");
	assert_long_refused("(sprintf(\"\"", ",1", 100000, "))", "it is too long");
	assert_long_refused("(\"", "$1", 100000, "\")", "it is too long");
}

static void a_sum_of_four_hundred_is_computed(void **state)
{
	g_autoptr(GError) problem = NULL;
	g_autofree char *result = compute_long("(1", "+1", 400, ")", &problem);

	(void)state;
	assert_ok(result, problem);
	assert_string_equal(result, "401");
}

static void a_thousand_expressions_are_computed(void **state)
{
	g_autoptr(GError) problem = NULL;
	g_autofree char *result = compute_long("", "($1+1)", 1000, "", &problem);
	g_autofree char *expected = g_strnfill(1000, '2');

	(void)state;
	assert_ok(result, problem);
	assert_string_equal(result, expected);
}

static void a_pattern_that_nests_too_deeply_is_refused(void **state)
{
	g_autofree char *open = g_strnfill(10000, '(');
	g_autofree char *closed = g_strnfill(10000, ')');
	g_autofree char *text = g_strdup_printf("|%sa%s|x|", open, closed);
	g_autoptr(Value) value = NULL;
	g_autoptr(GError) problem = NULL;

	(void)state;
	assert_false(value_compile(text, &value, &problem));
	assert_error(g_steal_pointer(&problem), "pattern: malformed");
}

static void a_name_of_a_hundred_thousand_numbers_is_computed(void **state)
{
	g_autoptr(GString) name = g_string_new(NULL);
	g_autoptr(Value) value = NULL;
	g_autoptr(GError) problem = NULL;
	g_autofree char *result = NULL;
	gboolean unmatched;

	(void)state;
	for (guint i = 1; i <= 100000; i++)
		g_string_append_printf(name, "n%u", i);
	assert_ok(value_compile("|x($1+$99999)|", &value, &problem), problem);
	result = value_compute(value, name->str, &unmatched, &problem);
	assert_ok(result, problem);
	assert_string_equal(result, "x100000");
}

static void bytes_that_are_not_text_are_kept(void **state)
{
	g_autoptr(Value) value = NULL;
	g_autoptr(GError) problem = NULL;
	g_autofree char *result = NULL;
	gboolean unmatched;

	(void)state;
	assert_ok(value_compile("|(.)(\\d+)|\xfe($1)(mknum($1))($2+1)|", &value, &problem),
		  problem);
	result = value_compute(value,
			       "\xff"
			       "7",
			       &unmatched, &problem);
	assert_ok(result, problem);
	assert_string_equal(result, "\xfe\xff"
				    "2558");
}

int main(void)
{
	const struct CMUnitTest hostile[] = {
		cmocka_unit_test(what_nests_too_deeply_is_refused),
		cmocka_unit_test(ten_thousand_open_parentheses_are_text),
		cmocka_unit_test(a_chain_of_signs_is_refused),
		cmocka_unit_test(an_endless_sum_is_refused),
		cmocka_unit_test(a_sum_of_four_hundred_is_computed),
		cmocka_unit_test(a_thousand_expressions_are_computed),
		cmocka_unit_test(a_pattern_that_nests_too_deeply_is_refused),
		cmocka_unit_test(a_name_of_a_hundred_thousand_numbers_is_computed),
		cmocka_unit_test(bytes_that_are_not_text_are_kept),
	};
	g_autofree char *path = harness_source("tests/cases/value/values.tsv");
	int failed;

	facts = facts_read(path);
	failed = facts_run(facts, "value", row_name, a_value_is_computed_as_recorded, NULL,
			   NULL);
	facts_free(facts);
	return failed + cmocka_run_group_tests_name("hostile values", hostile, NULL, NULL);
}
