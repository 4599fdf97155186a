/*
 * Boot files of the recorded cases, tests/cases/boot/NODE: what xCAT writes for a node, but for
 * what decisions.tsv says of all such cases, and why.
 */
#include "tests/unit/boot_world.h"

static BootWorld *world;
static GPtrArray *cases; /* names, sorted */
static Facts *decisions;

static int setup(void **state)
{
	(void)state;
	world = boot_world_new();
	for (guint i = 0; i < cases->len; i++)
		boot_add_case(world, cases->pdata[i]);
	boot_gather(world);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	boot_world_free(world);
	return 0;
}

/* ---- What is recorded ---- */

typedef struct {
	gboolean refused; /* xCAT says why it cannot */
	Facts *listing;
} Recorded;

static char *case_text(const char *name, const char *file)
{
	g_autofree char *path = g_strdup_printf(BOOT_CASES "/%s/%s", name, file);
	g_autofree char *source = harness_source(path);
	g_autofree char *text = NULL;
	g_auto(GStrv) parts = NULL;

	if (!g_file_get_contents(source, &text, NULL, NULL))
		fail_msg("there is no %s", path);
	parts = g_strsplit(text, "@TFTPDIR@", -1);
	return g_strjoinv(BOOT_TFTPDIR, parts);
}

static void read_recorded(Recorded *recorded, const char *name)
{
	g_autofree char *path = g_strdup_printf(BOOT_CASES "/%s/listing.tsv", name);
	g_autofree char *source = harness_source(path);
	g_autofree char *result = case_text(name, "result");

	recorded->refused = strstr(result, "message=") != NULL;
	recorded->listing = facts_read(source);
}

/* ---- What is decided ---- */

/* "pxe,yaboot" */
static gboolean names_loader(const char *list, const char *netboot)
{
	g_auto(GStrv) names = g_strsplit(list, ",", -1);

	return g_strv_contains((const char *const *)names, netboot);
}

/* Is the decision of such a case?  A value may end in `*`. */
static gboolean is_of(guint row, const Facts *input)
{
	const char *value = dhcp_input(input, facts_get(decisions, row, "key"));

	return names_loader(facts_get(decisions, row, "netboot"),
			    dhcp_input(input, "netboot")) &&
	       g_pattern_match_simple(facts_get(decisions, row, "value"),
				      value ? value : "@undef");
}

/* "*", or a path with NODE for its name. */
static gboolean is_path(guint row, const char *name, const char *path)
{
	g_auto(GStrv) parts = g_strsplit(facts_get(decisions, row, "path"), "NODE", -1);
	g_autofree char *named = g_strjoinv(name, parts);

	return g_str_equal(named, path);
}

static Facts *read_input(const char *name)
{
	g_autofree char *path = g_strdup_printf(BOOT_CASES "/%s/input.tsv", name);
	g_autofree char *source = harness_source(path);

	return facts_read(source);
}

/* What is decided of a path of a case ("*": of all of them); NULL: nothing. */
static const char *decided(const char *name, const char *path)
{
	Facts *input = read_input(name);
	const char *ours = NULL;

	for (guint row = 0; !ours && row < decisions->rows->len; row++)
		if (is_path(row, name, path) && is_of(row, input))
			ours = facts_get(decisions, row, "ours");
	facts_free(input);
	return ours;
}

/* ---- Files ---- */

static void assert_file(const char *name, const Facts *listing, guint row, const BootFile *file)
{
	const char *kind = facts_get(listing, row, "kind"),
		   *path = facts_get(listing, row, "path");
	const char *target = facts_get(listing, row, "target");
	g_autofree char *from =
		g_strconcat("files/", g_str_equal(kind, "hardlink") ? target : path, NULL);
	g_autofree char *content = NULL;

	if (g_str_equal(kind, "symlink")) {
		assert_null(file->content);
		assert_string_equal(file->target, target);
		return;
	}
	content = case_text(name, from);
	assert_null(file->target);
	if (strlen(content) != file->length || !g_str_equal(content, file->content))
		fail_msg("%s: %s is\n%s\nand not\n%s", name, path, file->content, content);
}

static char *whole_path(const char *path)
{
	return g_strconcat(BOOT_TFTPDIR "/", path, NULL);
}

/* Gives how many of the files are recorded. */
static guint compare_listing(const char *name, const Facts *listing, const GPtrArray *files)
{
	guint found = 0;

	for (guint row = 0; row < listing->rows->len; row++) {
		const char *path = facts_get(listing, row, "path");
		const char *ours = decided(name, path);
		g_autofree char *whole = whole_path(path);
		const BootFile *file = boot_find(files, whole);

		if (ours && (file || !g_str_equal(ours, "@absent")))
			fail_msg("%s: %s is not as decisions.tsv says", name, path);
		if (!ours && !file)
			fail_msg("%s: there is no %s", name, path);
		if (file)
			assert_file(name, listing, row, file);
		found += file ? 1 : 0;
	}
	return found;
}

static void the_files_are_as_recorded(guint i, const char *name)
{
	g_autoptr(GPtrArray) files = boot_render(world->facts, i);
	const char *ours = decided(name, "*");
	Recorded recorded;

	read_recorded(&recorded, name);
	if (ours && recorded.refused && recorded.listing->rows->len == 0)
		fail_msg("%s: decisions.tsv says what is so anyway", name);
	if (g_strcmp0(ours, "@none") == 0) {
		assert_non_null(files);
		assert_int_equal(files->len, 0);
	} else if (ours || recorded.refused) {
		assert_null(files);
	} else {
		assert_non_null(files);
		assert_int_equal(compare_listing(name, recorded.listing, files), files->len);
	}
	facts_free(recorded.listing);
}

/* xCAT's messages have no words of use: that there is one must be so. */
static void what_is_refused_is_a_problem(guint i, const char *name)
{
	g_autoptr(GPtrArray) files = boot_render(world->facts, i);
	const GPtrArray *problems = boot_problems(world->facts);
	gboolean told = FALSE;

	for (guint j = 0; j < problems->len; j++) {
		const ServiceProblem *problem = problems->pdata[j];

		told |= problem->left_out && g_str_equal(problem->node, name);
	}
	if (told != !files)
		fail_msg("%s: %s", name, told ? "it is told" : "nothing is told");
}

static gboolean has_path(const GPtrArray *paths, const char *path)
{
	for (guint i = 0; i < paths->len; i++)
		if (g_str_equal(paths->pdata[i], path))
			return TRUE;
	return FALSE;
}

static void its_paths_have_all_files(guint i, const char *name)
{
	g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) files = boot_render(world->facts, i);
	Recorded recorded;

	boot_paths(world->facts, i, paths);
	for (guint j = 1; j < paths->len; j++)
		assert_true(strcmp(paths->pdata[j - 1], paths->pdata[j]) < 0);
	read_recorded(&recorded, name);
	for (guint row = 0; row < recorded.listing->rows->len; row++) {
		g_autofree char *whole = whole_path(facts_get(recorded.listing, row, "path"));

		if (!has_path(paths, whole))
			fail_msg("%s: %s is not among its paths", name, whole);
	}
	for (guint j = 0; files && j < files->len; j++)
		assert_true(has_path(paths, ((BootFile *)files->pdata[j])->path));
	facts_free(recorded.listing);
}

static const struct {
	const char *name;
	void (*test)(guint i, const char *name);
} tests[] = {
	{ "the files are as recorded", the_files_are_as_recorded },
	{ "what is refused is a problem", what_is_refused_is_a_problem },
	{ "its paths have all files", its_paths_have_all_files },
};

static void a_case_is_as_recorded(void **state)
{
	guint row = GPOINTER_TO_UINT(*state);

	tests[row / cases->len].test(row % cases->len, cases->pdata[row % cases->len]);
}

static void each_decision_is_of_a_case(void **state)
{
	(void)state;
	for (guint row = 0; row < decisions->rows->len; row++) {
		gboolean any = FALSE;

		for (guint i = 0; !any && i < cases->len; i++) {
			Facts *input = read_input(cases->pdata[i]);

			any = is_of(row, input);
			facts_free(input);
		}
		if (!any)
			fail_msg("decisions.tsv, row %u: no case is so", row + 1);
	}
}

int main(void)
{
	g_autofree char *path = harness_source(BOOT_CASES "/decisions.tsv");
	g_autoptr(GArray) all = g_array_new(FALSE, TRUE, sizeof(struct CMUnitTest));
	const struct CMUnitTest others[] = { cmocka_unit_test(each_decision_is_of_a_case) };
	int failed;

	cases = dhcp_names_in(BOOT_CASES);
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
	failed = _cmocka_run_group_tests("boot, as recorded", (void *)all->data, all->len,
					 setup, teardown);
	failed += cmocka_run_group_tests_name("boot", others, NULL, NULL);
	for (guint i = 0; i < all->len; i++)
		g_free((char *)g_array_index(all, struct CMUnitTest, i).name);
	facts_free(decisions);
	g_ptr_array_unref(cases);
	return failed;
}
