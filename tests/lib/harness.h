/*
 * harness - what every unit test needs: a scratch directory, tables of facts, short asserts.
 */
#pragma once
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <glib.h>

/* A new directory under $TMPDIR that harness_remove takes away again.  Gives the path. */
char *harness_directory(void);
void harness_remove(char *directory);

/* The path of a file of the source tree ("tests/cases/...").  Gives the path. */
char *harness_source(const char *path);

/* Fails with the error's message unless `condition`. */
#define assert_ok(condition, problem)                                                          \
	do {                                                                                   \
		if (!(condition))                                                              \
			fail_msg("%s", (problem) ? (problem)->message : "no error was set");   \
	} while (0)

/* Fails unless `problem` is an error whose message contains `part`; clears it. */
#define assert_refused(problem, part) harness_refused(&(problem), part, __FILE__, __LINE__)
void harness_refused(GError **problem, const char *part, const char *file, int line);

/*
 * A table of facts: a TSV file with one header line, backslash escapes as in the recorded
 * cases.  `fields` of a row by the header's names.
 */
typedef struct {
	char **header;
	GPtrArray *rows; /* char **, unescaped, as many as the header has */
} Facts;

Facts *facts_read(const char *path);
const char *facts_get(const Facts *facts, guint row, const char *column);
void facts_free(Facts *facts);

/* Splits a recorded list (commas; "\," inside a name) and unescapes it.  Gives a vector. */
char **facts_list(const char *raw);
/* Fields stay as they stand in the file, for facts_list. */
const char *facts_raw(const Facts *facts, guint row, const char *column);

/* Run one cmocka test a row, named by `name(row)`; the test asks facts_row for its row.
 * Returns what main returns. */
int facts_run(const Facts *facts, const char *group, char *(*name)(const Facts *, guint),
	      CMUnitTestFunction test, CMFixtureFunction setup, CMFixtureFunction teardown);
guint facts_row(void **state);
