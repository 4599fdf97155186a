/*
 * run_world - a cluster and a run on it, and what the tests of runs all ask of them.
 *
 * Tests are of Test: `setup` begins a run that writes, `begin` another one.
 */
#pragma once
#include "core/run.h"
#include "tests/unit/cluster_world.h"

static const char run_tables[] =
	"INSERT INTO nodelist (node, groups) VALUES"
	" ('cn1','rack1,all'), ('cn2','rack1,all'), ('cn3','rack1,all'), ('cn4','rack2,all'),"
	" ('cn5','rack2,all');"
	"INSERT INTO noderes (node, servicenode, xcatmaster, comments) VALUES"
	" ('cn1','sn1,sn2','sn1-c','mine'), ('cn2','sn1,sn2',NULL,NULL),"
	" ('rack1','sn1','sn1-c',NULL), ('all','sn9','sn9-c',NULL);"
	"INSERT INTO nodehm (node, conserver) VALUES ('cn4',NULL), ('cn5','c');"
	"INSERT INTO networks (netname, net, mask, gateway) VALUES"
	" ('a','10.0.0.0','255.0.0.0','10.0.0.1'), ('b','10.0.0.0','255.255.0.0','10.0.0.1'),"
	" ('c','10.9.0.0','255.255.0.0',NULL);";

typedef struct {
	World *world;
	Run *run;
	GError *problem;
} Test;

static inline void begin(Test *test, gboolean planning)
{
	run_free(test->run);
	world_read(test->world);
	test->run = run_new(test->world->cluster, planning);
}

static inline int setup(void **state)
{
	Test *test = g_new0(Test, 1);

	test->world = world_new(run_tables);
	begin(test, FALSE);
	*state = test;
	return 0;
}

static inline int teardown(void **state)
{
	Test *test = *state;

	run_free(test->run);
	g_clear_error(&test->problem);
	world_free(test->world);
	g_free(test);
	return 0;
}

static inline guint count(const Test *test)
{
	return run_changes(test->run)->len;
}

static inline const Change *change_at(const Test *test, guint i)
{
	return run_changes(test->run)->pdata[i];
}

static inline void begin_step(Test *test, const char *step)
{
	assert_ok(run_begin_step(test->run, step, &test->problem), test->problem);
}

static inline void set(Test *test, const char *table, const char *key, const char *column,
		       const char *value)
{
	assert_ok(run_set(test->run, table, KEY(key), 1, column, value, &test->problem),
		  test->problem);
}

static inline void set_network(Test *test, const char *net, const char *mask,
			       const char *gateway)
{
	assert_ok(run_set(test->run, "networks", KEY(net, mask), 2, "gateway", gateway,
			  &test->problem),
		  test->problem);
}

static inline void delete_row(Test *test, const char *table, const char *key)
{
	assert_ok(run_delete_row(test->run, table, KEY(key), 1, &test->problem), test->problem);
}

static inline void end(Test *test, gboolean joined)
{
	assert_ok(run_end_step(test->run, joined, &test->problem), test->problem);
}

/* One step that sets one cell. */
static inline void set_in_step(Test *test, const char *step, const char *key,
			       const char *column, const char *value)
{
	assert_ok(run_begin_step(test->run, step, &test->problem), test->problem);
	set(test, "noderes", key, column, value);
}

static inline void end_in_conflict(Test *test, const char *part)
{
	assert_false(run_end_step(test->run, FALSE, &test->problem));
	assert_true(g_error_matches(test->problem, STORE_ERROR, STORE_ERROR_CONFLICT));
	assert_refused(test->problem, part);
}

#define NO_ROW "(no row)"

/* What is stored: the row's cells, with ~ for NULL, or NO_ROW. */
static inline void assert_stored(const Test *test, const char *node, const char *wanted)
{
	g_autofree char *sql = g_strdup_printf(
		"SELECT ifnull(servicenode,'~')||' '||ifnull(xcatmaster,'~')||' '||"
		"ifnull(comments,'~') FROM noderes WHERE node = '%s'",
		node);
	g_autofree char *row = database_value(test->world->file, sql);
	const char *found = row ? row : NO_ROW;

	if (!g_str_equal(found, wanted))
		fail_msg("noderes of %s is \"%s\", not \"%s\"", node, found, wanted);
}

/* "servicenode sn1,sn2 > sn2,sn1", with ~ for NULL and - for no row. */
static inline const char *shown(const StoreCell *cell)
{
	return cell->kind == STORE_CELL_TEXT   ? cell->text
	       : cell->kind == STORE_CELL_NULL ? "~"
					       : "-";
}

static inline void assert_change(const Test *test, guint i, const char *wanted)
{
	const Change *change = change_at(test, i);
	g_autofree char *text =
		g_strdup_printf("%s.%s %s: %s > %s", change->target, change->column,
				change->key[0], shown(&change->before), shown(&change->after));

	assert_string_equal(text, wanted);
}
