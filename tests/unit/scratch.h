/* scratch - a folder of its own for each test of files: for TEST with setup and teardown. */
#pragma once
#include "tests/lib/harness.h"
#include <glib/gstdio.h>
#include <sys/stat.h>

static char *directory;

static inline int make_directory(void **state)
{
	(void)state;
	directory = harness_directory();
	return 0;
}

static inline int remove_directory(void **state)
{
	(void)state;
	harness_remove(directory);
	return 0;
}

/* A path in the directory; lives as long as the program. */
static inline const char *at(const char *name)
{
	g_autofree char *path = g_build_filename(directory, name, NULL);

	return g_intern_string(path);
}

static inline void lay(const char *name, const char *content)
{
	assert_true(g_file_set_contents(at(name), content, -1, NULL));
	assert_int_equal(g_chmod(at(name), 0640), 0);
}

static inline void assert_content(const char *name, const char *wanted)
{
	g_autofree char *content = NULL;

	if (!g_file_get_contents(at(name), &content, NULL, NULL))
		content = g_strdup("(nothing)");
	assert_string_equal(content, wanted);
}
