#include "tests/bench/stores.h"
#include "core/store.h"
#include "tests/bench/measure.h"
#include <stdio.h>

#define TIMES	5
#define COLUMNS 4

static const char *const columns[COLUMNS] = { "servicenode", "xcatmaster", "tftpserver",
					      "nfsserver" };

static double now(void)
{
	return (double)g_get_monotonic_time() / G_USEC_PER_SEC;
}

static StoreTable *must_read(Store *store, const char *table)
{
	g_autoptr(GError) error = NULL;
	StoreTable *read = store_read(store, table, &error);

	if (!read)
		measure_stop("%s", error->message);
	return read;
}

static double read_once(Store *store)
{
	double begun = now();

	store_let_go(store);
	store_table_free(must_read(store, "nodelist"));
	store_table_free(must_read(store, "noderes"));
	store_table_free(must_read(store, "nodehm"));
	return now() - begun;
}

static StoreCell cell(const char *text)
{
	return (StoreCell){ text ? STORE_CELL_TEXT : STORE_CELL_NULL, text };
}

/* All nodes' cells: to the same values for all, or to one of its own for each. */
static double commit_once(Store *store, const StoreTable *noderes, guint turn, gboolean ragged)
{
	g_autofree StoreChange *changes = g_new0(StoreChange, noderes->n_rows * COLUMNS);
	g_autofree const char **keys = g_new0(const char *, noderes->n_rows);
	g_autoptr(GStringChunk) texts = g_string_chunk_new(65536);
	g_autoptr(GError) error = NULL;
	guint n = 0;
	double begun;

	for (guint row = 0; row < noderes->n_rows; row++)
		for (guint i = 0; i < COLUMNS; i++) {
			g_autofree char *text =
				g_strdup_printf("%s%u-%u", "sn", turn, ragged ? row : 0);

			keys[row] = store_table_cell(noderes, row, (int)noderes->keys[0]);
			changes[n++] = (StoreChange){
				"noderes",
				&keys[row],
				1,
				columns[i],
				cell(store_table_cell(noderes, row,
						      store_table_column(noderes, columns[i]))),
				cell(g_string_chunk_insert(texts, text)),
			};
		}
	begun = now();
	if (!store_commit(store, changes, n, NULL, STORE_WAIT, &error))
		measure_stop("%s", error->message);
	return now() - begun;
}

static double commit_median(Store *store, gboolean ragged, guint *statements)
{
	double costs[TIMES];

	for (guint i = 0; i < TIMES; i++) {
		g_autoptr(StoreTable) noderes = NULL;
		guint before;

		store_let_go(store);
		noderes = must_read(store, "noderes");
		before = store_statements(store);
		costs[i] = commit_once(store, noderes, i, ragged);
		*statements = store_statements(store) - before;
	}
	return measure_median(costs, TIMES);
}

void stores_measure(const char *url)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(Store) store = store_open(url, &error);
	double reads[TIMES], equal, ragged;
	guint n_equal = 0, n_ragged = 0;

	if (!store)
		measure_stop("%s", error->message);
	for (guint i = 0; i < TIMES; i++)
		reads[i] = read_once(store);
	equal = commit_median(store, FALSE, &n_equal);
	ragged = commit_median(store, TRUE, &n_ragged);
	printf("  three tables read %.4f s; cells of noderes written, all alike %.4f s (%u "
	       "statements), each its own %.4f s (%u)\n",
	       measure_median(reads, TIMES), equal, n_equal, ragged, n_ragged);
}
