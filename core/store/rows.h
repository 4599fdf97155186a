/*
 * rows - what a list of changes comes to: each row once, and rows with the same columns
 * together, so that one statement writes them, however many they are.  Asks nobody; every
 * driver writes by it.
 */
#pragma once
#include "core/store/driver.h"

/* A table as the database describes it. */
typedef struct {
	StoreTable *table; /* without rows */
	char *target;	   /* the name as SQL has it, quoted */
	/* Of a server: a primary key is declared, so no row is there twice; and of each column,
	 * as what a temporary table's is declared, and whether it can be NULL. */
	gboolean keyed;
	char **types;
	gboolean *may_be_null;
} RowTable;

void row_table_free(gpointer table);

/* One cell in a commit: it goes from the `before` of the first change that names it to the
 * `after` of the last. */
typedef struct {
	const StoreChange *first, *last;
	guint column;
} RowCell;

typedef struct {
	const StoreChange *first; /* has the key */
	gboolean made;		  /* there was no row */
	GArray *cells;		  /* RowCell, by column */
} Row;

/* Rows that are written by one statement. */
typedef struct {
	const RowTable *table;
	gboolean made;	  /* rows that are not there */
	gboolean stays;	  /* of those: they are to be there */
	gboolean emptied; /* a row goes away if nothing but its key is left */
	gboolean alike; /* all have the values of the model, before and after: who divides says
			 */
	const Row *model; /* all have the columns of this one */
	GPtrArray *rows;
} RowBatch;

typedef struct {
	GHashTable *tables; /* name -> its rows */
	GPtrArray *batches; /* RowBatch */
} RowPlan;

/*
 * `changes` in batches.  `describe` gives a table by its name, or NULL with an error; what it
 * gives lives longer than the plan.  Changes that contradict each other are conflicts.  Gives a
 * plan.
 */
typedef const RowTable *(*RowDescribe)(gpointer data, const char *table, GError **error);
RowPlan *row_plan_new(const StoreChange *changes, guint n, RowDescribe describe, gpointer data,
		      GError **error);
void row_plan_free(RowPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RowPlan, row_plan_free)

/* An empty batch of rows like `model`.  Gives a batch (row_batch_free). */
RowBatch *row_batch_new(const RowTable *table, const Row *model);
void row_batch_free(gpointer batch);

const char *row_text(const StoreCell *cell); /* NULL: no text */
gboolean row_same(const StoreCell *a, const StoreCell *b);
const RowCell *row_cell(const Row *row, guint place);
/* Has one of its cells a text in the end? */
gboolean row_keeps_value(const Row *row);

/* Which cell of the row is not what it was, as an error.  `cells` of the row, or NULL: there is
 * none.  No error: all are.  Returns FALSE. */
gboolean row_refuse(const Row *row, const char *const *cells, GError **error);
