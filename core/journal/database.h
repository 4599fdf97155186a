/* database - the journal's SQLite file: its tables, statements with bound values. */
#pragma once
#include "core/base.h"
#include "core/journal.h"
#include <sqlite3.h>

struct journal {
	sqlite3 *db;
	char *path;
	Patience patience;
};

/* An error with SQLite's reason, and what follows from it; always FALSE. */
gboolean database_failed(const Journal *journal, GError **error);

/*
 * A statement with values bound: `types` has a letter for each: i gint64, t text or NULL,
 * b bytes (pointer, then gsize).  Gives a statement (sqlite3_finalize), or NULL and an error.
 */
sqlite3_stmt *database_prepare(const Journal *journal, GError **error, const char *sql,
			       const char *types, ...);
/* The same, run to its end. */
G_GNUC_WARN_UNUSED_RESULT
gboolean database_run(const Journal *journal, GError **error, const char *sql,
		      const char *types, ...);

/* A text or bytes, bound; no secret is kept.  `bytes` NULL: NULL. */
int database_bind(sqlite3_stmt *statement, int place, const char *bytes, gsize length,
		  gboolean text);

/* Seconds since 1970. */
gint64 database_now(void);

/* A transaction: database_end writes it if `good`, and takes it back otherwise. */
G_GNUC_WARN_UNUSED_RESULT
gboolean database_begin(const Journal *journal, GError **error);
G_GNUC_WARN_UNUSED_RESULT
gboolean database_end(const Journal *journal, gboolean good, GError **error);

/* Bring the tables to the version of this program; one that is newer is refused. */
G_GNUC_WARN_UNUSED_RESULT
gboolean database_upgrade(const Journal *journal, GError **error);

/*
 * detail.c: what a change has beside what all have, in the table of its kind, by the fields of
 * its class.  A Detail holds the statements of one transaction (detail_free).
 */
typedef struct detail Detail;
Detail *detail_new(const Journal *journal);
void detail_free(Detail *detail);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Detail, detail_free)
G_GNUC_WARN_UNUSED_RESULT
gboolean detail_insert(Detail *detail, const Change *change, GError **error);
/* What is known at its end. */
G_GNUC_WARN_UNUSED_RESULT
gboolean detail_result(Detail *detail, const Change *change, GError **error);
/* Fills in the changes (array of Change) of a run. */
G_GNUC_WARN_UNUSED_RESULT
gboolean detail_read(const Journal *journal, gint64 run, const GPtrArray *changes,
		     GStringChunk *text, GError **error);

/* What a run owes (JournalOwed) in place of what it owed; inside a transaction. */
G_GNUC_WARN_UNUSED_RESULT
gboolean owed_replace(const Journal *journal, gint64 run, const GPtrArray *owed,
		      GError **error);
/* Adds what it owes to `owed`. */
G_GNUC_WARN_UNUSED_RESULT
gboolean owed_read(const Journal *journal, gint64 run, GPtrArray *owed, GError **error);
/* The run has moved its nodes: what earlier runs of its database owe for them is void.  Inside
 * a transaction. */
G_GNUC_WARN_UNUSED_RESULT
gboolean owed_void(const Journal *journal, gint64 run, GError **error);

/* sum.c: of what a change and a node are from the beginning on; and has a row that sum, or (of
 * an older version) none? */
gint64 sum_change(const Change *change);
gint64 sum_node(const JournalNode *node);
gboolean sum_holds(sqlite3_stmt *row, int column, gint64 sum);

/* Text of a column; NULL is NULL.  Gives the text. */
char *database_copy(sqlite3_stmt *statement, int column);
/* The same, kept in `text`. */
const char *database_text(sqlite3_stmt *statement, int column, GStringChunk *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(sqlite3_stmt, sqlite3_finalize)
