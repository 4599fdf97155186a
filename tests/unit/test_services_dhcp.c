/*
 * DHCP entries of the recorded cases, tests/cases/dhcp/NODE: what xCAT writes for a node, and
 * where decisions.tsv says why, what we write (ours/FILE beside it).
 */
#include "tests/unit/dhcp_world.h"
#include <jansson.h>

static DhcpWorld *world;
static GPtrArray *cases; /* names, sorted */
static Facts *decisions;
static const DhcpLogin login = { .name = "xcat_key", .secret = "@SECRET@" };

static int setup(void **state)
{
	(void)state;
	world = dhcp_world_new();
	for (guint i = 0; i < cases->len; i++)
		dhcp_add_case(world, cases->pdata[i]);
	dhcp_gather(world);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	dhcp_world_free(world);
	return 0;
}

/* ---- What is wanted ---- */

static gboolean is_decided(const char *name, const char *file)
{
	for (guint row = 0; row < decisions->rows->len; row++) {
		const char *decided = facts_get(decisions, row, "case");

		if (g_str_equal(facts_get(decisions, row, "file"), file) &&
		    (g_str_equal(decided, "*") || g_str_equal(decided, name)))
			return TRUE;
	}
	return FALSE;
}

/* Ours if there is one, which must have been decided; else as recorded.  Gives the text. */
static char *wanted(const char *name, const char *file)
{
	g_autofree char *path = g_strdup_printf("ours/%s", file);
	char *text = dhcp_case(name, path);

	if (text && !is_decided(name, file))
		fail_msg("%s: %s differs, and nothing in decisions.tsv says why", name, file);
	return text ? text : dhcp_case(name, file);
}

static void assert_same(const char *name, const char *file, const char *got)
{
	g_autofree char *text = wanted(name, file);

	if (g_strcmp0(got, text) != 0)
		fail_msg("%s: %s is\n%s\nand not\n%s", name, file, got ? got : "(nothing)",
			 text ? text : "(nothing)");
}

/* ---- Each format ---- */

static void the_include_file_is_as_recorded(guint i, const char *name)
{
	g_autofree char *text = dhcp_text(world->facts, DHCP_INCLUDE, i);

	assert_same(name, "isc-static.dhcpd.conf", text);
}

/* Without the lines that let it in. */
static char *batch_of(const char *name, const char *now, const char *text)
{
	g_autofree char *preamble = dhcp_case("general", "preamble");
	g_autoptr(GError) problem = NULL;
	GString *batch =
		dhcp_omapi_batch(&login, world->facts, &name, &now, &text, 1, &problem);

	assert_ok(batch, problem);
	assert_true(g_str_has_prefix(batch->str, preamble));
	g_string_erase(batch, 0, (gssize)strlen(preamble));
	return g_string_free(batch, FALSE);
}

static void the_batches_are_as_recorded(guint i, const char *name)
{
	g_autofree char *text = dhcp_text(world->facts, DHCP_OMAPI, i);
	g_autofree char *added = text ? batch_of(name, NULL, text) : NULL;
	g_autofree char *deleted = batch_of(name, text, NULL);

	assert_same(name, "isc.add.omshell", added);
	assert_same(name, "isc.del.omshell", deleted);
}

/* The elements of a node's text: of the first key that is (not) the classes. */
static json_t *elements_of(const char *text, gboolean classes)
{
	json_t *all = json_loads(text ? text : "{}", 0, NULL), *found = NULL;

	assert_non_null(all);
	for (void *at = json_object_iter(all); at; at = json_object_iter_next(all, at))
		if (g_str_equal(json_object_iter_key(at), DHCP_KEA_CLASSES) == classes)
			found = json_incref(json_object_iter_value(at));
	json_decref(all);
	return found ? found : json_array();
}

static void assert_elements(const char *name, const char *file, json_t *got)
{
	g_autofree char *text = wanted(name, file);
	json_t *recorded = json_loads(text ? text : "[]", 0, NULL), *element;

	for (size_t i = 0; (element = json_array_get(recorded, i)); i++)
		if (json_object_del(element, "subnet-id") == 0)
			assert_true(is_decided(name, file));
	if (!json_equal(got, recorded)) {
		char *dumped = json_dumps(got, JSON_INDENT(1));

		fail_msg("%s: %s is\n%s\nand not\n%s", name, file, dumped, text);
	}
	json_decref(recorded);
	json_decref(got);
}

static void kea_has_what_is_recorded(guint i, const char *name)
{
	g_autofree char *text = dhcp_text(world->facts, DHCP_KEA, i);

	assert_elements(name, "kea.reservations.json", elements_of(text, FALSE));
	assert_elements(name, "kea.client-classes.json", elements_of(text, TRUE));
}

/* xCAT's messages have no words of use: that there is one must be so. */
static void what_xcat_complains_about_is_a_problem(guint i, const char *name)
{
	g_autofree char *isc = dhcp_case(name, "isc.messages");
	g_autofree char *kea = dhcp_case(name, "kea.messages");
	const GPtrArray *problems = dhcp_problems(world->facts);
	gboolean told = FALSE;

	(void)i;
	for (guint j = 0; j < problems->len; j++)
		told |= g_str_equal(((ServiceProblem *)problems->pdata[j])->node, name);
	if (told != (isc || kea))
		fail_msg("%s: %s", name, told ? "it is told" : "nothing is told");
}

static const struct {
	const char *name;
	void (*test)(guint i, const char *name);
} tests[] = {
	{ "the include file is as recorded", the_include_file_is_as_recorded },
	{ "the batches of omshell are as recorded", the_batches_are_as_recorded },
	{ "Kea has what is recorded", kea_has_what_is_recorded },
	{ "what xCAT complains about is a problem", what_xcat_complains_about_is_a_problem },
};

static void a_case_is_as_recorded(void **state)
{
	guint row = GPOINTER_TO_UINT(*state);

	tests[row / cases->len].test(row % cases->len, cases->pdata[row % cases->len]);
}

/* A row for each decision that has a file, and no file without one. */
static void decisions_have_their_files(void **state)
{
	(void)state;
	for (guint row = 0; row < decisions->rows->len; row++) {
		const char *name = facts_get(decisions, row, "case");
		const char *file = facts_get(decisions, row, "file");
		g_autofree char *path = g_strdup_printf("ours/%s", file);
		g_autofree char *text = g_str_equal(name, "*") ? NULL : dhcp_case(name, path);

		if (!g_str_equal(name, "*") && !text)
			fail_msg("%s: there is no %s", name, path);
	}
}

static void a_node_within_the_dynamic_range_is_left_out(void **state)
{
	g_autofree char *told = NULL, *wanted_text = NULL;

	(void)state;
	world_execute(world->world,
		      "UPDATE networks SET dynamicrange = '10.1.3.0-10.1.3.255';");
	dhcp_gather(world);
	for (guint i = 0; i < cases->len; i++) {
		g_autofree char *recorded = dhcp_case(cases->pdata[i], "inrange.omshell");
		g_autofree char *text = dhcp_text(world->facts, DHCP_OMAPI, i);

		if (!recorded)
			continue;
		assert_string_equal(recorded, "");
		assert_null(text);
	}
	told = dhcp_told(world);
	assert_non_null(strstr(told, "!bn03: bn03 (10.1.3.3) is within networks.dynamicrange"));
	world_execute(world->world, "UPDATE networks SET dynamicrange = '10.1.2.0/24;"
				    "10.1.4.1-10.1.4.2';");
	dhcp_gather(world);
	wanted_text = dhcp_text(world->facts, DHCP_OMAPI, 1);
	assert_non_null(wanted_text);
}

int main(void)
{
	g_autofree char *path = harness_source(DHCP_CASES "/decisions.tsv");
	g_autoptr(GArray) all = g_array_new(FALSE, TRUE, sizeof(struct CMUnitTest));
	const struct CMUnitTest others[] = {
		cmocka_unit_test(decisions_have_their_files),
		cmocka_unit_test_setup_teardown(a_node_within_the_dynamic_range_is_left_out,
						setup, teardown),
	};
	int failed;

	cases = dhcp_case_names();
	decisions = facts_read(path);
	for (guint i = 0; i < cases->len * G_N_ELEMENTS(tests); i++) {
		struct CMUnitTest test = {
			.name = g_strdup_printf("%s: %s", (char *)cases->pdata[i % cases->len],
						tests[i / cases->len].name),
			.test_func = a_case_is_as_recorded,
			.initial_state = GUINT_TO_POINTER(i),
		};

		g_array_append_val(all, test);
	}
	failed = _cmocka_run_group_tests("dhcp, as recorded", (void *)all->data, all->len,
					 setup, teardown);
	failed += cmocka_run_group_tests_name("dhcp", others, NULL, NULL);
	for (guint i = 0; i < all->len; i++)
		g_free((char *)g_array_index(all, struct CMUnitTest, i).name);
	facts_free(decisions);
	g_ptr_array_unref(cases);
	return failed;
}
