/*
 * Every recorded noderange expands as in xCAT; where we decided otherwise, decisions.tsv says
 * why and expected.tsv what.
 */
#include "core/noderange.h"
#include "tests/unit/fixture_world.h"

static Facts *cases, *decisions, *expected;

static const char *decision_of(const char *quirk)
{
	for (guint i = 0; i < decisions->rows->len; i++)
		if (g_str_has_prefix(quirk, facts_get(decisions, i, "quirk")))
			return facts_get(decisions, i, "decision");
	fail_msg("no decision on the quirk \"%s\"", quirk);
	return NULL;
}

static int expected_row(const char *id)
{
	for (guint i = 0; i < expected->rows->len; i++)
		if (g_str_equal(facts_get(expected, i, "id"), id))
			return (int)i;
	return -1;
}

/* "XCAT_NODE_PREFIX=cn;XCAT_NODE_SUFFIX=" */
static char *setting(const char *env, const char *name)
{
	g_auto(GStrv) settings = g_strsplit(env, ";", -1);

	for (guint i = 0; settings[i]; i++)
		if (g_str_has_prefix(settings[i], name) && settings[i][strlen(name)] == '=')
			return g_strdup(settings[i] + strlen(name) + 1);
	return NULL;
}

static char *sha256_of(const GPtrArray *names)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

	for (guint i = 0; i < names->len; i++) {
		if (i > 0)
			g_checksum_update(sum, (const guchar *)"\n", 1);
		g_checksum_update(sum, names->pdata[i], -1);
	}
	return g_strdup(g_checksum_get_string(sum));
}

static void assert_names(const char *what, const GPtrArray *names, const char *raw)
{
	g_auto(GStrv) wanted = facts_list(raw);
	g_autofree char *got = NULL;

	if (g_str_has_prefix(raw, "@range ")) {
		g_auto(GStrv) range = g_strsplit(raw, " ", -1);
		guint first = (guint)strtoul(range[2], NULL, 10);

		assert_int_equal(names->len, strtoul(range[3], NULL, 10) - first + 1);
		for (guint i = 0; i < names->len; i++) {
			g_autofree char *name = g_strdup_printf("%s%03u", range[1], first + i);

			assert_string_equal(names->pdata[i], name);
		}
		return;
	}
	for (guint i = 0; i < names->len || wanted[i]; i++) {
		if (i < names->len && wanted[i] && g_str_equal(names->pdata[i], wanted[i]))
			continue;
		fail_msg("%s: %u is \"%s\", not \"%s\" (of %u)", what, i,
			 i < names->len ? (char *)names->pdata[i] : "(nothing)",
			 wanted[i] ? wanted[i] : "(nothing)", names->len);
	}
}

static void assert_recorded(guint row, const Noderange *range)
{
	g_autofree char *names = sha256_of(range->names);
	g_autofree char *missing = sha256_of(range->missing);

	if (!g_str_equal(facts_get(cases, row, "nodes"), "@long"))
		assert_names("nodes", range->names, facts_raw(cases, row, "nodes"));
	if (!g_str_equal(facts_get(cases, row, "missed"), "@long"))
		assert_names("missing", range->missing, facts_raw(cases, row, "missed"));
	assert_int_equal(range->names->len, strtoul(facts_get(cases, row, "count"), NULL, 10));
	assert_string_equal(names, facts_get(cases, row, "sha256"));
	assert_int_equal(range->missing->len,
			 strtoul(facts_get(cases, row, "missed_count"), NULL, 10));
	assert_string_equal(missing, facts_get(cases, row, "missed_sha256"));
}

static void assert_rejected(const Noderange *range, const GError *problem)
{
	if (range)
		fail_msg("was expanded to %u names, must be an error", range->names->len);
	assert_true(problem->domain == NODERANGE_ERROR);
	assert_non_null(strstr(problem->message, "at character"));
}

static void recorded_noderange_expands(void **state)
{
	guint row = facts_row(state);
	const char *id = facts_get(cases, row, "id");
	const char *quirk = facts_get(cases, row, "quirk");
	const char *env = facts_get(cases, row, "env");
	const char *decision = *quirk ? decision_of(quirk) : "follow";
	int other = expected_row(id);
	g_autofree char *lists = harness_source("tests/cases/noderange");
	g_auto(GStrv) parts = g_strsplit(facts_get(cases, row, "expr"), "@DIR@", -1);
	g_autofree char *expression = g_strjoinv(lists, parts);
	g_autofree char *prefix = setting(env, "XCAT_NODE_PREFIX");
	g_autofree char *suffix = setting(env, "XCAT_NODE_SUFFIX");
	NoderangeOptions options = { *facts_get(cases, row, "verify") == '1', prefix, suffix };
	Cluster *cluster = fixture_cluster(facts_get(cases, row, "fixture"), "");
	g_autoptr(GError) problem = NULL;
	g_autoptr(Noderange) range = noderange_expand(cluster, expression, &options, &problem);

	if (other >= 0 && !*facts_get(expected, (guint)other, "error")) {
		assert_string_equal(decision, "expect");
		assert_ok(range, problem);
		assert_names("nodes", range->names, facts_raw(expected, (guint)other, "nodes"));
		assert_names("missing", range->missing,
			     facts_raw(expected, (guint)other, "missed"));
	} else if (other >= 0 || g_str_equal(decision, "reject") ||
		   *facts_get(cases, row, "error")) {
		assert_rejected(range, problem);
	} else {
		assert_ok(range, problem);
		assert_recorded(row, range);
	}
}

static char *case_name(const Facts *facts, guint row)
{
	return g_strdup_printf("noderange %s %s", facts_get(facts, row, "id"),
			       facts_raw(facts, row, "expr"));
}

static Facts *read_cases(const char *name)
{
	g_autofree char *relative = g_strconcat("tests/cases/noderange/", name, NULL);
	g_autofree char *path = harness_source(relative);

	return facts_read(path);
}

int main(void)
{
	int failed;

	cases = read_cases("cases.tsv");
	decisions = read_cases("decisions.tsv");
	expected = read_cases("expected.tsv");
	failed = fixture_run(cases, "recorded noderanges", case_name,
			     recorded_noderange_expands);
	facts_free(cases);
	facts_free(decisions);
	facts_free(expected);
	return failed;
}
