/*
 * driver - what is private to the store: the face of a driver, the pieces that drivers share,
 * those of the two SQLite drivers, and CSV.  What database servers share is in server.h.
 *
 * A driver knows one kind of database and nothing of clusters.  It is told only names of
 * tables that store_table_name_ok has passed; names of columns, keys and values can be
 * anything without NUL.
 */
#pragma once
#include "core/base.h"
#include "core/store.h"
#include <sqlite3.h>

/*
 * One kind of database.  `database` is the driver's own, from its `open` to its `close`.
 *
 * A commit is begin, then reads by the guard, then write, then commit or rollback; rollback
 * follows every one of them that failed except begin, which cleans up after itself.
 */
typedef struct {
	/* `place` is the URL behind the colon.  Fills `url` with the canonical URL (g_free). */
	gpointer (*open)(const char *scheme, const char *place, char **url, GError **error);
	void (*close)(gpointer database);
	/* Gives the names in any order; ones that the store does not accept are dropped. */
	char **(*tables)(gpointer database, GError **error);
	/* Between begin and its end: as the transaction sees it.  Else, until let_go, all as
	 * they were at one moment. */
	StoreTable *(*read)(gpointer database, const char *table, GError **error);
	/* May be NULL, as each below whose comment says so. */
	void (*let_go)(gpointer database);
	/* What can be done before anything is locked; once for a commit, however often it is
	 * begun.  May be NULL. */
	gboolean (*prepare)(gpointer database, const StoreChange *changes, guint n,
			    GError **error);
	/* Lock `written` and `guarded` (NULL-terminated, no doubles) against every other
	 * writer, waiting up to `wait` milliseconds. */
	gboolean (*begin)(gpointer database, const char *const *written,
			  const char *const *guarded, guint wait, GError **error);
	/* All changes, in their order, each compared with its `before` first. */
	gboolean (*write)(gpointer database, const StoreChange *changes, guint n,
			  GError **error);
	gboolean (*commit)(gpointer database, GError **error);
	void (*rollback)(gpointer database);
	/* Has the last failure come from others in the way, who may be gone by now?  Then the
	 * commit is begun again.  May be NULL. */
	gboolean (*again)(gpointer database);
	/* The lock of a run, where there is a server to keep it.  May be NULL, both. */
	gboolean (*lock)(gpointer database, const char *who, char **holder, GError **error);
	void (*unlock)(gpointer database);
	guint (*statements)(gpointer database); /* may be NULL */
} StoreDriver;

extern const StoreDriver store_sqlite_file, store_xcat_directory;
/* Each only in a build that has its library. */
extern const StoreDriver store_postgresql, store_mariadb;

/* The scheme of what store_find gives for a file that says where it is and cannot be read;
 * behind it "REASON:FILE". */
#define STORE_UNREADABLE "unreadable:"

/* Letters, digits and `_`: what xCAT's tables are called, and what can be a file name. */
gboolean store_table_name_ok(const char *name);

/* A table without columns and rows.  Gives a table (store_table_free). */
StoreTable *store_table_new(const char *name);
/* The key of a table that declares none: its column `node`, else the first one. */
void store_choose_key(StoreTable *table);
/* A cell at the end of `cells`, in the table's memory; NULL is NULL. */
void store_add_cell(StoreTable *table, GPtrArray *cells, const char *text, gsize length);

/* What every driver says in the same words; all return FALSE. */
gboolean store_conflict(const StoreChange *change, const StoreCell *now, GError **error);
gboolean store_unknown_table(const char *table, const char *url, GError **error);
gboolean store_refuse_doubled(const StoreChange *change, GError **error);
/* A value with NUL in it would be cut short by everybody who reads it. */
gboolean store_refuse_nul(const StoreTable *table, const char *const *key, guint column,
			  GError **error);
gboolean store_unknown_column(const StoreTable *table, const char *column, GError **error);

/* A change that fits `table`: its columns are known and its key is complete. */
gboolean store_check_change(const StoreTable *table, const StoreChange *change, GError **error);

/* The values of a key as one text that no other key has, for hashing.  Gives the text. */
char *store_row_id(const char *const *key, guint n_key);
/* The values of a key for a message, quoted.  Gives the text. */
char *store_key_text(const char *const *key, guint n_key);

/* ---- SQLite ---- */

/* A connection, with what its messages need. */
typedef struct {
	sqlite3 *handle;
	char *path;  /* what messages call it: the file, or the directory of files */
	char *files; /* what `fuser` is to be asked about, quoted */
	Patience patience;
} SqliteConnection;

/*
 * Open the file at `path` and look into it, so that a file that is no database is an error
 * here.  `flags` is SQLITE_OPEN_READONLY or SQLITE_OPEN_READWRITE.  What a killed program
 * left half-written is rolled back first, as any SQLite program would do.
 * Gives a connection (sqlite_disconnect).
 */
SqliteConnection *sqlite_connect(const char *path, int flags, guint wait, GError **error);
void sqlite_disconnect(SqliteConnection *connection);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SqliteConnection, sqlite_disconnect)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(sqlite3_stmt, sqlite3_finalize)

/* Turns the connection's last error into ours; returns FALSE. */
gboolean sqlite_failed(const SqliteConnection *connection, GError **error);
gboolean sqlite_execute(const SqliteConnection *connection, const char *sql, GError **error);
sqlite3_stmt *sqlite_prepare(const SqliteConnection *connection, const char *sql,
			     GError **error);

/* Appends a name of SQL, in double quotes with the inner ones doubled. */
void sqlite_append_name(GString *sql, const char *name);

/* The columns and keys of a table, without rows; no columns: there is no such table. */
StoreTable *sqlite_describe(const SqliteConnection *connection, const char *schema,
			    const char *table, GError **error);
/* The same with all rows. */
StoreTable *sqlite_read_table(const SqliteConnection *connection, const char *schema,
			      const char *table, GError **error);

/* A database of either SQLite driver. */
typedef struct sqlite_database SqliteDatabase;

/* The file that `table` is in (g_free), or NULL: there is none. */
typedef char *(*SqliteFile)(const SqliteDatabase *database, const char *table);

struct sqlite_database {
	char *path; /* the file, or the directory */
	char *url;
	SqliteFile file;
	SqliteConnection *transaction; /* between begin and its end */
	GHashTable *schemas;	       /* table -> what its file is called in the transaction */
};

/* The parts of StoreDriver that do not care in how many files the tables are. */
/* What an `open` gives, and its canonical `url`: the scheme and the real path. */
SqliteDatabase *sqlite_database_new(const char *scheme, const char *path, SqliteFile file,
				    char **url);
void sqlite_close(gpointer database);
StoreTable *sqlite_read(gpointer database, const char *table, GError **error);
gboolean sqlite_begin(gpointer database, const char *const *written, const char *const *guarded,
		      guint wait, GError **error);
gboolean sqlite_write(gpointer database, const StoreChange *changes, guint n, GError **error);
gboolean sqlite_commit(gpointer database, GError **error);
void sqlite_rollback(gpointer database);

/* Refuses a `path` that is not there or cannot be looked at; `hint` says what to do. */
char *sqlite_real_path(const char *path, const char *hint, GError **error);
/* Refuses a file that is not SQLite or has no nodelist; `hint` says what to do. */
gboolean sqlite_check_nodelist(const char *path, const char *hint, GError **error);

/* ---- CSV ---- */

/* A file that is being read: its header first, then row after row. */
typedef struct {
	char *path;
	char *content, *at, *end;
	guint line;	/* of `at` */
	char **columns; /* NULL-terminated */
	guint n_columns;
	GPtrArray *fields; /* of the row that was read last; NULL is nothing at all */
	guint row_line;	   /* where that row begins */
} Csv;

/* Reads the file and its header.  Gives a reader (csv_close). */
Csv *csv_open(const char *path, GError **error);
void csv_close(Csv *csv);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Csv, csv_close)

/* The next row into `csv->fields`, valid until csv_close.  FALSE: the end, or an error. */
gboolean csv_next(Csv *csv, GError **error);

/* Sets an error that begins with file and line; returns FALSE. */
gboolean csv_refuse(const Csv *csv, guint line, GError **error, const char *format, ...)
	G_GNUC_PRINTF(4, 5);

/* A whole table as text.  Gives a string, or NULL: it has a column that CSV cannot name. */
GString *csv_write(const StoreTable *table, GError **error);
