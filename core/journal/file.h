/* file - the journal's SQLite file: opening, its tables, statements with bound values. */
#pragma once
#include "core/journal.h"
#include <sqlite3.h>

struct journal {
	sqlite3 *db;
	char *path;
};

/* An error with SQLite's reason, and what follows from it; always FALSE. */
gboolean file_failed(const Journal *journal, GError **error);

/*
 * A statement with values bound: `types` has a letter for each: i gint64, t text or NULL,
 * b bytes (pointer, then gsize).  Gives a statement (sqlite3_finalize), or NULL and an error.
 */
sqlite3_stmt *file_prepare(const Journal *journal, GError **error, const char *sql,
			   const char *types, ...);
/* The same, run to its end. */
G_GNUC_WARN_UNUSED_RESULT
gboolean file_run(const Journal *journal, GError **error, const char *sql, const char *types,
		  ...);

/* Seconds since 1970. */
gint64 file_now(void);

/* A transaction: file_end writes it if `good`, and takes it back otherwise. */
G_GNUC_WARN_UNUSED_RESULT
gboolean file_begin(const Journal *journal, GError **error);
G_GNUC_WARN_UNUSED_RESULT
gboolean file_end(const Journal *journal, gboolean good, GError **error);

/* Bring the tables to the version of this program; one that is newer is refused. */
G_GNUC_WARN_UNUSED_RESULT
gboolean file_upgrade(const Journal *journal, GError **error);

/* commands.c: what a command is beside its change; and what it gave.  In a transaction. */
G_GNUC_WARN_UNUSED_RESULT
gboolean command_insert(const Journal *journal, const Change *change, GError **error);
G_GNUC_WARN_UNUSED_RESULT
gboolean command_result(const Journal *journal, const Change *change, GError **error);
/* Fills in Change.command of commands (number -> Change) of a run. */
G_GNUC_WARN_UNUSED_RESULT
gboolean command_read(const Journal *journal, gint64 run, GHashTable *changes,
		      GStringChunk *text, GError **error);

/* puts.c: what a file is beside its change; and what became of it.  In a transaction. */
G_GNUC_WARN_UNUSED_RESULT
gboolean put_insert(const Journal *journal, const Change *change, GError **error);
G_GNUC_WARN_UNUSED_RESULT
gboolean put_result(const Journal *journal, const Change *change, GError **error);
/* Fills in Change.file of files (number -> Change) of a run. */
G_GNUC_WARN_UNUSED_RESULT
gboolean put_read(const Journal *journal, gint64 run, GHashTable *changes, GStringChunk *text,
		  GError **error);

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

/* Rows of a run that belong to changes (number -> Change), which stands in the first column:
 * each is filled in from its row. */
G_GNUC_WARN_UNUSED_RESULT
gboolean file_each_of(const Journal *journal, gint64 run, const char *sql, GHashTable *changes,
		      void (*fill)(Change *change, sqlite3_stmt *row, GStringChunk *text),
		      GStringChunk *text, GError **error);

/* Text of a column, kept in `text`; NULL is NULL. */
const char *file_text(sqlite3_stmt *statement, int column, GStringChunk *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(sqlite3_stmt, sqlite3_finalize)
