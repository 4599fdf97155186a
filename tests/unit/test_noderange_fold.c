/*
 * Names folded back to a noderange: the text that they get, and that it expands to them again.
 */
#include "core/base.h"
#include "core/noderange.h"
#include "tests/unit/cluster_world.h"

#define SOON (20 * G_USEC_PER_SEC) /* what "at once" may take, with sanitizers */

static Facts *folds;

static void shuffle(GRand *random, const char **names, guint n)
{
	for (guint i = n; i > 1; i--) {
		guint j = (guint)g_rand_int_range(random, 0, (gint32)i);
		const char *name = names[i - 1];

		names[i - 1] = names[j];
		names[j] = name;
	}
}

/* The same names in any order, and each as often as one likes, are the same text. */
static void assert_folds(GRand *random, const GPtrArray *names, const char *text)
{
	for (guint round = 0; round < 4; round++) {
		g_autoptr(GPtrArray) given = g_ptr_array_new();
		g_autofree char *folded = NULL;

		g_ptr_array_extend(given, (GPtrArray *)names, NULL, NULL);
		if (round > 0)
			shuffle(random, (const char **)given->pdata, given->len);
		for (guint i = 0; round > 1 && i < names->len; i += round)
			g_ptr_array_add(given, names->pdata[i]);
		folded = noderange_fold((const char *const *)given->pdata, given->len);
		assert_string_equal(folded, text);
	}
}

static void names_fold_to_their_text_in_any_order(void **state)
{
	guint row = facts_row(state);
	g_auto(GStrv) list = facts_list(facts_raw(folds, row, "names"));
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	g_autoptr(GRand) random = g_rand_new_with_seed(row);

	for (guint i = 0; list[i]; i++)
		g_ptr_array_add(names, list[i]);
	assert_folds(random, names, facts_get(folds, row, "text"));
}

/* What templates make: # is a number. */
static const char *const templates[] = {
	"cn#", "n#",	    "node#-ib#", "r#c#",     "r#c#n#", "swt-#-#",    "x#suf",
	"a#b", "s#.ex.net", "#",	 "n#.#.#.#", "a b#",   "\xff#-\xfe", "d;#$x",
};

/* These cannot be folded, or are no family. */
static const char *const loners[] = {
	"login",
	"Login",
	"5-suf",
	"7x8",
	"a#1",
	"a#2",
	"n12345678901234567890",
	"a*b",
	"a|b1",
	"a1b2c3d4e5f6g7h8i9",
};

/* A number in one of the widths of a set, near a power of ten if it can be. */
static void append_number(GRand *random, GString *name, guint widths)
{
	static const int ranges[] = { 3, 12, 120, 1100 };
	int top = ranges[g_rand_int_range(random, 0, (gint32)G_N_ELEMENTS(ranges))];
	int width = widths == 0 ? 1 : widths < 5 ? (int)widths : g_rand_int_range(random, 1, 5);

	g_string_append_printf(name, "%0*d", width,
			       MAX(0, top - 1 - g_rand_int_range(random, 0, 30)));
}

static char *random_name(GRand *random, const char *template, guint widths)
{
	GString *name = g_string_new(NULL);

	/* Digits alone would get the prefix: they are a node only if there is one. */
	if (g_str_equal(template, "#"))
		g_string_append(name, "z");
	for (const char *p = template; *p; p++) {
		if (*p == '#')
			append_number(random, name, widths);
		else
			g_string_append_c(name, *p);
	}
	return g_string_free(name, FALSE);
}

static GPtrArray *random_names(GRand *random)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	int families = g_rand_int_range(random, 1, 5);

	for (int i = 0; i < families; i++) {
		const char *template =
			templates[g_rand_int_range(random, 0, (gint32)G_N_ELEMENTS(templates))];
		guint widths = (guint)g_rand_int_range(random, 0, 6);
		int n = g_rand_int_range(random, 1, 120);

		while (n-- > 0)
			g_ptr_array_add(names, random_name(random, template, widths));
	}
	for (gsize i = 0; i < G_N_ELEMENTS(loners); i++)
		if (g_rand_int_range(random, 0, 4) == 0)
			g_ptr_array_add(names, g_strdup(loners[i]));
	return names;
}

/* Sorted and without doubles; `names` keeps the texts. */
static GPtrArray *settled(const GPtrArray *names)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	GPtrArray *sorted = g_ptr_array_new();

	for (guint i = 0; i < names->len; i++)
		if (g_hash_table_add(seen, names->pdata[i]))
			g_ptr_array_add(sorted, names->pdata[i]);
	g_ptr_array_sort(sorted, text_compare);
	return sorted;
}

static void assert_comes_back(World *world, const GPtrArray *names, gboolean verify)
{
	g_autoptr(GPtrArray) wanted = settled(names);
	g_autofree char *text = noderange_fold((const char *const *)names->pdata, names->len);
	NoderangeOptions options = { .verify = verify };
	g_autoptr(GError) problem = NULL;
	g_autoptr(Noderange) range = noderange_expand(world->cluster, text, &options, &problem);
	g_autofree char *want = world_names(wanted);
	g_autofree char *got = NULL;

	assert_ok(range, problem);
	got = world_names(range->names);
	if (!g_str_equal(got, want) || range->missing->len > 0)
		fail_msg("%s\nis folded to %s\nwhich is %s", want, text, got);
}

/* SNMOVE_TEST_SEED repeats a failure. */
static GRand *seeded(void)
{
	const char *given = g_getenv("SNMOVE_TEST_SEED");
	guint32 seed = given ? (guint32)g_ascii_strtoull(given, NULL, 10) : g_random_int();

	print_message("SNMOVE_TEST_SEED=%u\n", seed);
	return g_rand_new_with_seed(seed);
}

static void folded_names_expand_to_themselves(void **state)
{
	g_autoptr(GRand) random = seeded();
	World *empty = world_new("");

	(void)state;
	for (guint round = 0; round < 1000; round++) {
		g_autoptr(GPtrArray) names = random_names(random);

		assert_comes_back(empty, names, FALSE);
	}
	world_free(empty);
}

/* With dashes, digits and groups of the same name, as the recorded cluster has them. */
static void folded_nodes_of_a_cluster_expand_to_themselves(void **state)
{
	g_autoptr(GRand) random = seeded();
	g_autoptr(GError) problem = NULL;
	World *fixture = world_recorded();
	const GPtrArray *nodes = cluster_nodes(fixture->cluster, &problem);

	(void)state;
	assert_ok(nodes, problem);
	assert_comes_back(fixture, nodes, TRUE);
	for (guint round = 0; round < 300; round++) {
		g_autoptr(GPtrArray) some = g_ptr_array_new();
		gint32 one_of = g_rand_int_range(random, 1, 8);

		for (guint i = 0; i < nodes->len; i++)
			if (g_rand_int_range(random, 0, one_of) == 0)
				g_ptr_array_add(some, nodes->pdata[i]);
		shuffle(random, (const char **)some->pdata, some->len);
		assert_comes_back(fixture, some, TRUE);
	}
	world_free(fixture);
}

static void a_hundred_thousand_names_fold_at_once(void **state)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	gint64 start = g_get_monotonic_time();
	g_autofree char *text = NULL;

	(void)state;
	for (guint i = 0; i < 100000; i++)
		g_ptr_array_add(names, g_strdup_printf("r%uc%un%02u", i % 100, i / 100 % 100,
						       i / 10000));
	text = noderange_fold((const char *const *)names->pdata, names->len);
	assert_string_equal(text, "r[0-99]c[0-99]n[00-09]");
	assert_true(g_get_monotonic_time() - start < SOON);
}

static char *fold_name(const Facts *facts, guint row)
{
	return g_strdup_printf("fold: %s", facts_get(facts, row, "what"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(folded_names_expand_to_themselves),
		cmocka_unit_test(folded_nodes_of_a_cluster_expand_to_themselves),
		cmocka_unit_test(a_hundred_thousand_names_fold_at_once),
	};
	g_autofree char *path = harness_source("tests/cases/noderange/fold.tsv");
	int failed;

	folds = facts_read(path);
	failed = facts_run(folds, "names folded", fold_name,
			   names_fold_to_their_text_in_any_order, NULL, NULL);
	failed += cmocka_run_group_tests_name("names folded and expanded", tests, NULL, NULL);
	facts_free(folds);
	return failed;
}
