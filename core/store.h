/*
 * store - the cluster database, whatever it is kept in.
 *
 * Opens it by URL, reads whole tables, writes sets of changes.  Knows tables, keys and
 * columns; what they mean is for `cluster`.  Calls base, GLib and the drivers in store/.
 *
 * Names of tables and columns, keys and values are bytes without NUL, not necessarily UTF-8.
 */
#pragma once
#include <glib.h>

typedef struct store Store; /* opaque: store_open gives one, store_close takes it back */

#define STORE_ERROR store_error_quark()
GQuark store_error_quark(void);
typedef enum {
	STORE_ERROR_FAILED,   /* the database cannot be used; the message says why */
	STORE_ERROR_CONFLICT, /* somebody else changed a value since it was read */
	STORE_ERROR_BUSY,     /* another program holds it; the message says who to ask */
	STORE_ERROR_UNKNOWN,  /* no such column, or a table that cannot be written */
	STORE_ERROR_OUTCOME,  /* the connection was lost in a commit, which may be done */
} StoreError;

/*
 * The URL of the cluster database as xCAT finds it: $XCATCFG (`environment`, may be NULL),
 * else the first line of the file `cfgloc` (/etc/xcat/cfgloc), else the directory of SQLite
 * tables (/opt/xcat/cfg, /etc/xcat), else NULL: there is no xCAT.  A text without a colon
 * is a directory.  `root` stands before these paths, for tests; "" is the real one.
 * Gives the text (g_free).
 */
char *store_find(const char *environment, const char *root);

/*
 * Open `url`: "sqlite:FILE" (all tables in one file) or "xcat:DIR", "SQLite:DIR" (one file
 * TABLE.sqlite a table); "postgresql://USER@HOST:PORT/DATABASE?OPTION=VALUE" or
 * "mariadb://...", or as xCAT has it in cfgloc, "Pg:dbname=DATABASE;host=HOST|USER|PASSWORD" or
 * "mysql:...". Nothing is written and no lock is kept by opening and reading. A database that
 * is missing, unreadable or without a nodelist is an error here, and so is a kind that this
 * build has no library for.  No message has a password.
 */
G_GNUC_WARN_UNUSED_RESULT
Store *store_open(const char *url, GError **error);
void store_close(Store *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Store, store_close)

/* The kinds of databases that this build knows, and those that it does not: for --version.
 * Gives the text (g_free). */
char *store_drivers(void);

/* Is there a password in the text of a URL?  Then it does not belong on a command line. */
gboolean store_url_has_password(const char *url);

/* The same for every way to spell the same database: scheme and real path; of a server its
 * port, the name there, and its host as this URL has it: a host by two names, or by name and by
 * address, is two databases to whoever compares these texts.  Never a user or a password. */
const char *store_url(const Store *store);

/*
 * One run at a time, where a server can see to it: who works on the same database from other
 * hosts is kept out, too.  FALSE with `*holder` (g_free): somebody else has it.  TRUE: it is
 * ours until store_unlock or the end of the program, or there is no server to ask.
 */
G_GNUC_WARN_UNUSED_RESULT
gboolean store_lock(Store *store, const char *who, char **holder, GError **error);
void store_unlock(Store *store);

/* How many statements a server was sent. */
guint store_statements(const Store *store);

/*
 * A table as it was when read.  cells[row * columns + column] (store_table_cell); NULL is SQL's
 * NULL.
 * Rows come in the order of the key.  A table that does not exist has no columns and no rows.
 */
typedef struct {
	char *name;
	char **columns; /* n_columns names */
	guint n_columns;
	guint *keys; /* the columns of the primary key, in its order */
	guint n_keys;
	guint n_rows;
	const char **cells;
	GStringChunk *text; /* what the cells point into */
} StoreTable;

/* Read the whole of `table`.  What a server is asked for is as it was at one moment, for all
 * tables until store_let_go or a commit.  Gives a table (store_table_free). */
G_GNUC_WARN_UNUSED_RESULT
StoreTable *store_read(Store *store, const char *table, GError **error);
void store_table_free(StoreTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StoreTable, store_table_free)

/* What is read from now on is as it is then; the server can forget how it was.  Before every
 * wait for something else. */
void store_let_go(Store *store);

/* The number of the column, or -1. */
int store_table_column(const StoreTable *table, const char *column);
/* Is the column one of the primary key? */
gboolean store_table_is_key(const StoreTable *table, guint column);
/* The text of a cell; NULL: it is NULL, or `column` is -1.  Lives as long as the table. */
const char *store_table_cell(const StoreTable *table, guint row, int column);

/* The names of the tables that are there, sorted.  Gives a vector (g_strfreev). */
G_GNUC_WARN_UNUSED_RESULT
char **store_tables(Store *store, GError **error);

/* What a cell is: three different things, and a change from one to another is a change. */
typedef enum {
	STORE_CELL_NO_ROW, /* the row itself is not there */
	STORE_CELL_NULL,
	STORE_CELL_TEXT,
} StoreCellKind;

typedef struct {
	StoreCellKind kind;
	const char *text; /* of STORE_CELL_TEXT */
} StoreCell;

/*
 * One cell that is to go from `before` to `after`.
 *
 * A change from NO_ROW makes the row (once, for all changes that name it; with the key and
 * the given cells alone).  A change to NO_ROW empties the cell, and the row goes away in the
 * end if nothing but its key is left in it.
 */
typedef struct {
	const char *table;
	/* The values of the key columns, in the order of the table's keys. */
	const char *const *key;
	guint n_key;
	const char *column; /* not one of the key */
	StoreCell before, after;
} StoreChange;

/*
 * What must still be true when the changes are written: called inside the transaction, after
 * the locks are taken and before the first change.  It may store_read any of `tables`
 * (NULL-terminated) and the tables that are to be changed, and no others: those are the ones
 * that nobody can change until the commit.  FALSE (with an error) writes nothing.
 */
typedef struct {
	const char *const *tables;
	gboolean (*check)(Store *store, gpointer data, GError **error);
	gpointer data;
} StoreGuard;

/*
 * Write all of `changes` (`n` of them) in one transaction, or none; also over several files.
 *
 * Each is written only if the cell is still its `before`; one that is not was changed by
 * somebody else since it was read: STORE_ERROR_CONFLICT, and the message names it, with what
 * was read and what is there now.  `guard` may be NULL, or be asked more than once.  Waits up
 * to `wait` milliseconds for a busy database.  STORE_ERROR_OUTCOME alone leaves open whether
 * the changes are written; all other errors say that they are not.
 */
G_GNUC_WARN_UNUSED_RESULT
gboolean store_commit(Store *store, const StoreChange *changes, guint n,
		      const StoreGuard *guard, guint wait, GError **error);

#define STORE_WAIT 10000 /* ms: how long a busy database is waited for, everywhere */

/*
 * CSV as xCAT's dumpxCATdb writes it: a directory of TABLE.csv, the first line "#col,col",
 * NULL as nothing at all, the rest in double quotes (doubled inside), line ends allowed inside.
 *
 * Import replaces the tables that are in `directory` (and makes the database file if it is
 * not there), all in one transaction; only for a "sqlite:" URL.  A malformed file is an error
 * with file and line, and nothing is written.  Export writes a file for each table that has
 * rows, into a directory that it makes.  Both give the numbers of tables and rows.
 */
G_GNUC_WARN_UNUSED_RESULT
gboolean store_import(const char *url, const char *directory, guint *tables, guint *rows,
		      GError **error);
G_GNUC_WARN_UNUSED_RESULT
gboolean store_export(Store *store, const char *directory, guint *tables, guint *rows,
		      GError **error);
