/*
 * database_server - a real PostgreSQL or MariaDB of its own for a test program, started as an
 * ordinary user on a socket in a private folder.  It ends with the program, however that ends.
 */
#pragma once
#include <glib.h>

typedef struct database_server DatabaseServer;

/* Is there such a server on this machine?  Else a test is skipped. */
gboolean database_server_is_there(const char *product);

/* `product` is "postgresql" or "mariadb".  Gives a server (database_server_stop). */
DatabaseServer *database_server_start(const char *product);
void database_server_stop(DatabaseServer *server);
/* "down", "up" or "kill", and waits until it is. */
void database_server_say(DatabaseServer *server, const char *word);

const char *database_server_product(const DatabaseServer *server);
/* The folder of its socket. */
const char *database_server_folder(const DatabaseServer *server);
/* For store_open: the database xcatdb as the user snmove, with more options ("&a=b") or "". */
char *database_server_url(const DatabaseServer *server, const char *options);

/*
 * SQL asked by the server's own client program, not by us: rows as "a,b/c,~", ~ for NULL. Fails
 * the test on an error.  Gives the text (g_free).
 */
char *database_server_ask(const DatabaseServer *server, const char *sql);
/* The same of a file. */
void database_server_load(const DatabaseServer *server, const char *path);
/* The tables of an SQLite file, in place of those of the same names.  Keys have a length, as
 * xCAT gives them. */
void database_server_push(const DatabaseServer *server, const char *file);

/* A session of somebody else, which stays open: for locks. */
typedef struct database_session DatabaseSession;
DatabaseSession *database_session_open(const DatabaseServer *server);
/* Says it and waits until it is done. */
void database_session_say(DatabaseSession *session, const char *sql);
/* Says it and goes on: what it waits for is ours. */
void database_session_begin(DatabaseSession *session, const char *sql);
/* The end of that. */
void database_session_await(DatabaseSession *session);
void database_session_close(DatabaseSession *session);
