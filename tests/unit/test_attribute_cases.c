/*
 * Every recorded attribute resolves as in xCAT, alone and in a batch; where we decided
 * otherwise, decisions.tsv says why.
 */
#include "tests/unit/fixture_world.h"

static Facts *cases, *decisions;

static Cluster *cluster_of(guint row)
{
	const char *hierarchy = facts_get(cases, row, "hierarchicalattrs");
	g_autofree char *insert = g_strdup_printf(
		"INSERT INTO site(key, value) VALUES('hierarchicalattrs', '%s')", hierarchy);

	return fixture_cluster(facts_get(cases, row, "fixture"), *hierarchy ? insert : "");
}

static const char *decision_of(const char *quirk)
{
	for (guint i = 0; i < decisions->rows->len; i++)
		if (g_str_has_prefix(quirk, facts_get(decisions, i, "quirk")))
			return facts_get(decisions, i, "decision");
	return "follow";
}

static void recorded_attribute_resolves(void **state)
{
	guint row = facts_row(state);
	Cluster *cluster = cluster_of(row);
	const char *node = facts_get(cases, row, "node");
	const char *table = facts_get(cases, row, "table");
	const char *column = facts_get(cases, row, "column");
	const char *decision = decision_of(facts_get(cases, row, "quirk"));
	const char *wanted = g_str_has_prefix(decision, "expect:")
				     ? decision + strlen("expect:")
				     : facts_get(cases, row, "value");
	g_autofree char *both = g_strconcat(table, ".", column, NULL);
	const char *columns[] = { both };
	g_autofree ClusterValue *batch = NULL;
	g_autoptr(GError) problem = NULL;
	ClusterValue value;
	gboolean resolved = cluster_resolve(cluster, node, table, column, &value, &problem);

	if (g_str_equal(decision, "reject")) {
		assert_false(resolved);
		assert_true(g_error_matches(problem, CLUSTER_ERROR, CLUSTER_ERROR_VALUE));
		assert_non_null(strstr(problem->message, value.from));
		assert_null(value.text);
		return;
	}
	assert_ok(resolved, problem);
	if (g_str_equal(wanted, "@undef"))
		assert_null(value.text);
	else
		assert_string_equal(value.text ? value.text : "(none)", wanted);
	batch = cluster_resolve_many(cluster, &node, 1, columns, 1, &problem);
	assert_ok(batch, problem);
	assert_int_equal(g_strcmp0(batch[0].text, value.text), 0);
	assert_int_equal(g_strcmp0(batch[0].from, value.from), 0);
}

static char *case_name(const Facts *facts, guint row)
{
	return g_strdup_printf("attribute %s.%s of %s", facts_raw(facts, row, "table"),
			       facts_raw(facts, row, "column"), facts_raw(facts, row, "node"));
}

int main(void)
{
	g_autofree char *path = harness_source("tests/cases/attributes/cases.tsv");
	g_autofree char *ours = harness_source("tests/cases/attributes/decisions.tsv");
	int failed;

	cases = facts_read(path);
	decisions = facts_read(ours);
	failed = fixture_run(cases, "recorded attributes", case_name,
			     recorded_attribute_resolves);
	facts_free(cases);
	facts_free(decisions);
	return failed;
}
