#include "tests/lib/harness.h"
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

char *harness_directory(void)
{
	g_autoptr(GError) problem = NULL;
	char *directory = g_dir_make_tmp("snmove-test-XXXXXX", &problem);

	assert_ok(directory, problem);
	return directory;
}

static int remove_one(const char *path, const struct stat *status, int flag, struct FTW *walk)
{
	(void)status, (void)flag, (void)walk;
	return remove(path);
}

void harness_remove(char *directory)
{
	if (nftw(directory, remove_one, 16, FTW_DEPTH | FTW_PHYS) != 0)
		fail_msg("cannot remove %s: %s", directory, g_strerror(errno));
	g_free(directory);
}

char *harness_source(const char *path)
{
	return g_build_filename(TEST_SOURCE, path, NULL);
}

void harness_refused(GError **problem, const char *part, const char *file, int line)
{
	if (!*problem) {
		fail_msg("%s:%d: no error, expected one with \"%s\"", file, line, part);
		return;
	}
	if (!strstr((*problem)->message, part))
		fail_msg("%s:%d: \"%s\" does not say \"%s\"", file, line, (*problem)->message,
			 part);
	g_clear_error(problem);
}

static char *unescape(const char *raw)
{
	GString *text = g_string_new(NULL);

	for (const char *p = raw; *p; p++) {
		if (*p != '\\' || !p[1]) {
			g_string_append_c(text, *p);
			continue;
		}
		p++;
		g_string_append_c(text, *p == 't'   ? '\t'
					: *p == 'n' ? '\n'
					: *p == 'r' ? '\r'
						    : *p);
	}
	return g_string_free(text, FALSE);
}

/* A row keeps both forms: the raw fields, then the unescaped ones. */
Facts *facts_read(const char *path)
{
	g_autofree char *text = NULL;
	g_autoptr(GError) problem = NULL;
	Facts *facts = g_new0(Facts, 1);
	g_auto(GStrv) lines = NULL;

	assert_ok(g_file_get_contents(path, &text, NULL, &problem), problem);
	lines = g_strsplit(text, "\n", -1);
	facts->header = g_strsplit(lines[0], "\t", -1);
	facts->rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
	for (guint i = 1; lines[i]; i++) {
		guint n = g_strv_length(facts->header);
		g_auto(GStrv) fields = NULL;
		char **row;

		if (!*lines[i] || *lines[i] == '#')
			continue;
		fields = g_strsplit(lines[i], "\t", -1);
		if (g_strv_length(fields) != n)
			fail_msg("%s:%u: %u fields, the header has %u", path, i + 1,
				 g_strv_length(fields), n);
		row = g_new0(char *, 2 * n + 1);
		for (guint j = 0; j < n; j++) {
			row[j] = g_strdup(fields[j]);
			row[n + j] = unescape(fields[j]);
		}
		g_ptr_array_add(facts->rows, row);
	}
	return facts;
}

static const char *field(const Facts *facts, guint row, const char *column, gboolean raw)
{
	guint n = g_strv_length(facts->header);

	for (guint i = 0; i < n; i++)
		if (g_str_equal(facts->header[i], column))
			return ((char **)facts->rows->pdata[row])[raw ? i : n + i];
	fail_msg("no column %s in this table of facts", column);
	return NULL;
}

const char *facts_get(const Facts *facts, guint row, const char *column)
{
	return field(facts, row, column, FALSE);
}

const char *facts_raw(const Facts *facts, guint row, const char *column)
{
	return field(facts, row, column, TRUE);
}

void facts_free(Facts *facts)
{
	g_strfreev(facts->header);
	g_ptr_array_unref(facts->rows);
	g_free(facts);
}

char **facts_list(const char *raw)
{
	GPtrArray *items = g_ptr_array_new();
	GString *item = g_string_new(NULL);

	for (const char *p = raw; *p; p++) {
		if (*p == ',') {
			g_ptr_array_add(items, unescape(item->str));
			g_string_truncate(item, 0);
			continue;
		}
		if (*p == '\\' && p[1] == ',') {
			g_string_append_c(item, *++p);
			continue;
		}
		if (*p == '\\' && p[1])
			g_string_append_c(item, *p++);
		g_string_append_c(item, *p);
	}
	if (*raw)
		g_ptr_array_add(items, unescape(item->str));
	g_string_free(item, TRUE);
	g_ptr_array_add(items, NULL);
	return (char **)g_ptr_array_free(items, FALSE);
}

int facts_run(const Facts *facts, const char *group, char *(*name)(const Facts *, guint),
	      CMUnitTestFunction test, CMFixtureFunction setup, CMFixtureFunction teardown)
{
	struct CMUnitTest *tests = g_new0(struct CMUnitTest, facts->rows->len);
	int failed;

	for (guint i = 0; i < facts->rows->len; i++)
		tests[i] = (struct CMUnitTest){ .name = name(facts, i),
						.test_func = test,
						.initial_state = GUINT_TO_POINTER(i + 1) };
	failed = _cmocka_run_group_tests(group, tests, facts->rows->len, setup, teardown);
	for (guint i = 0; i < facts->rows->len; i++)
		g_free((char *)tests[i].name);
	g_free(tests);
	return failed;
}

guint facts_row(void **state)
{
	return GPOINTER_TO_UINT(*state) - 1;
}
