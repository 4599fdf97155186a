/*
 * server - what the drivers of database servers share: where a server is, one connection that
 * is opened again when it was lost, reading in one picture, the guarded commit, the lock.
 *
 * What PostgreSQL and MariaDB do not have in common stands in a ServerClass each: how the
 * library is called, and how some sentences are said.  All else of SQL stands here, once.
 */
#pragma once
#include "core/store/driver.h"
#include "core/store/rows.h"

/* ---- Where it is ---- */

/* NULL: not said, so that the library decides. */
typedef struct {
	char *host, *port, *user, *password, *database;
	GPtrArray *options; /* name, value, name, value */
} ServerPlace;

/*
 * "//USER@HOST:PORT/DATABASE?OPTION=VALUE", or what xCAT has in cfgloc:
 * "dbname=DATABASE;host=HOST;OPTION=VALUE|USER|PASSWORD".  A URL with a password is refused: it
 * would be in everybody's list of processes.  Gives a place (server_place_free).
 */
ServerPlace *server_place_new(const char *scheme, const char *place, GError **error);
void server_place_free(ServerPlace *place);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ServerPlace, server_place_free)
/* The value of an option, or NULL. */
const char *server_place_option(const ServerPlace *place, const char *name);

/* Rows of a table that are alike are written by a sentence for each value, if it is no more
 * than so many values; else all by a temporary table.  Tests set it to 0, for the same by that.
 */
extern guint server_most_values;
/* Bytes of one sentence, if the server does not take less.  Tests set it low, for more
 * sentences of fewer rows. */
extern gsize server_most_bytes;

/* ---- A kind of server ---- */

typedef enum {
	SERVER_REFUSES,	  /* the statement alone has failed */
	SERVER_LOST,	  /* the connection is gone, or the server does not answer */
	SERVER_AGAIN,	  /* others were in the way: the whole transaction may be tried again */
	SERVER_BUSY,	  /* waited for a lock as long as was agreed */
	SERVER_DOUBLED,	  /* a key that is there already */
	SERVER_FORBIDDEN, /* this user may not */
	SERVER_READ_ONLY, /* nobody may: a replica */
	SERVER_UNFIT,	  /* a value that does not fit: its length, or letters */
} ServerProblem;

typedef struct {
	const char *product, *scheme;
	const char *client; /* the program that people ask it with */
	char quote;

	/* NULL with `*reason` (g_free) and `*problem`: cannot connect. */
	gpointer (*connect)(const ServerPlace *place, char **reason, ServerProblem *problem);
	void (*disconnect)(gpointer connection);
	/* How it was reached, for the URL: the host or the folder of its socket (g_free). */
	char *(*url)(gpointer connection, const ServerPlace *place);
	/* One statement.  NULL: it has failed, and `problem` and `message` say how. */
	gpointer (*query)(gpointer connection, const char *sql);
	/* The next row of a result.  FALSE: there is none. */
	gboolean (*next)(gpointer result, const char **cells, gsize *lengths);
	guint64 (*changed)(gpointer connection, gpointer result); /* rows */
	void (*result_free)(gpointer result);
	ServerProblem (*problem)(gpointer connection);
	char *(*message)(gpointer connection); /* in the server's words (g_free) */
	void (*append_text)(gpointer connection, GString *sql, const char *text);
	/* The rows of the batch into the empty table `name`: their number in it, key columns,
	 * then of each cell its before, if the rows are there, and its after. */
	gboolean (*fill)(gpointer connection, const char *name, const RowBatch *batch,
			 guint *statements);
	/* Which row of the batch the fill has failed on, from 1; 0: it is not known. */
	guint (*failed_row)(gpointer connection);

	/* Sentences, each a NULL-terminated list (g_strfreev). */
	char **(*settings)(void);    /* of a new connection */
	char **(*picture)(void);     /* begin to read, in one picture */
	char **(*begin)(guint wait); /* before changes are sent there */
	char **(*lock)(const char *const *written, const char *const *guarded);
	/* Columns of a table: name, type, place in the primary key from 1, "1" if it may be
	 * NULL, the schema (or NULL). */
	char *(*describe)(gpointer connection, const char *table);
	/* Of these tables, those that no transaction holds: name, how it is kept.  NULL: all
	 * can be written in one. */
	char *(*unsafe)(gpointer connection, const char *const *tables);
	const char *tables;				   /* names of all */
	const char *create_head, *create_tail, *temporary; /* a temporary table */
	const char *analyze;				   /* behind fill, or NULL */
	const char *lock_written, *lock_guarded;	   /* behind a SELECT that locks */
	const char *same_head, *same;		/* bytes or NULL, before and between */
	const char *same_text_head, *same_text; /* the same of a column and a text */
	const char *by_key;			/* behind a table whose rows are named by key */
	/* "COLUMN is one of these", by bytes, and so that an index is asked.  `type` is the
	 * column's. */
	void (*append_among)(gpointer connection, GString *sql, const char *column,
			     const char *type, const char *const *keys, guint n);
	/* What stands behind "INSERT INTO TABLE (KEY, COLUMN...) " for new rows of these keys,
	 * all with the values of the batch's model. */
	void (*append_new)(gpointer connection, GString *sql, const RowBatch *batch,
			   const char *const *keys, guint n);
	gsize (*longest)(
		gpointer connection); /* a sentence that is sure to be taken, in bytes */
	gboolean repeats_values;      /* it does so with each of them */
	const char *delete_head;      /* before a table that is called t */
	gboolean folds;		      /* `=` on keys takes other bytes for the same */
	const char *set_head;	      /* before a column in SET */
	char *(*update)(const char *target, const char *source, const char *on, const char *set,
			const char *where);
	char *(*remove)(const char *target, const char *source, const char *on,
			const char *where);
	/* The lock for one run at a time: "1" if it is ours now; who has it. */
	char *(*run_lock)(gpointer connection, const char *database);
	char *(*run_holder)(gpointer connection, const char *database);
	char *(*run_unlock)(gpointer connection, const char *database);
	/* Names the connection for whoever looks at the server, or NULL. */
	char *(*run_name)(gpointer connection, const char *who);
	/* Who is in the way of a lock on the tables, or NULL. */
	char *(*holders)(gpointer connection, const char *const *tables);
} ServerClass;

/* ---- A database of a server ---- */

typedef struct {
	const ServerClass *class;
	ServerPlace *place;
	char *url;
	gpointer connection; /* NULL: it was lost */
	gboolean in_picture, in_transaction;
	gboolean again;	       /* the last failure came from others in the way */
	guint wait;	       /* of the transaction, in milliseconds */
	char *locked;	       /* the run lock is ours: who we said we are */
	RowPlan *plan;	       /* from prepare to the end of the transaction */
	GHashTable *described; /* name -> RowTable, for the plan */
	GPtrArray *written;    /* names, in the transaction */
	guint statements;
} Server;

gpointer server_open(const ServerClass *class, const char *scheme, const char *place,
		     char **url, GError **error);
void server_close(gpointer server);
char **server_tables(gpointer server, GError **error);
StoreTable *server_read(gpointer server, const char *table, GError **error);
void server_let_go(gpointer server);
gboolean server_prepare(gpointer server, const StoreChange *changes, guint n, GError **error);
gboolean server_begin(gpointer server, const char *const *written, const char *const *guarded,
		      guint wait, GError **error);
gboolean server_write(gpointer server, const StoreChange *changes, guint n, GError **error);
gboolean server_commit(gpointer server, GError **error);
void server_rollback(gpointer server);
gboolean server_again(gpointer server);
gboolean server_lock(gpointer server, const char *who, char **holder, GError **error);
void server_unlock(gpointer server);
guint server_statements(gpointer server);

/* The face of a driver, by what opens it. */
#define SERVER_DRIVER(open_it)                                                                 \
	.open = (open_it), .close = server_close, .tables = server_tables,                     \
	.read = server_read, .let_go = server_let_go, .prepare = server_prepare,               \
	.begin = server_begin, .write = server_write, .commit = server_commit,                 \
	.rollback = server_rollback, .again = server_again, .lock = server_lock,               \
	.unlock = server_unlock, .statements = server_statements

/* ---- Pieces of it ---- */

/* One statement whose rows are not wanted. */
gboolean server_execute(Server *server, const char *sql, guint64 *changed, GError **error);
gboolean server_execute_all(Server *server, char **sentences, GError **error);
/* A result (class->result_free), or NULL. */
gpointer server_query(Server *server, const char *sql, GError **error);
/* The first cell of the first row into `*value` (g_free), or NULL: there is none. */
gboolean server_ask(Server *server, const char *sql, char **value, GError **error);
/* The same of what can be done without: NULL, too, if it has failed. */
char *server_value(Server *server, const char *sql);
/* One sentence or two, for a ServerClass; `second` may be NULL. */
char **server_sentences(const char *first, const char *second);
/* Connects again where the connection was lost, and takes the run lock again. */
gboolean server_connect(Server *server, GError **error);
/* A transaction with the locks of the last one, which writes nothing. */
gboolean server_begin_to_look(Server *server, GError **error);
/* The connection was `lost` (in these words) in a COMMIT.  TRUE: it was done. */
gboolean server_settle(Server *server, const char *lost, GError **error);
/* Turns the last failure into an error; returns FALSE. */
gboolean server_failed(Server *server, GError **error);
const RowTable *server_describe(gpointer server, const char *table, GError **error);
void server_append_name(const ServerClass *class, GString *sql, const char *name);
