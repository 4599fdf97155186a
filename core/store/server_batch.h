/*
 * server_batch - how the rows of a batch are written: those that are alike by one sentence
 * (server_alike.c), all others by a temporary table (server_ragged.c); and what is said when
 * something stands in the way (server_differs.c).
 */
#pragma once
#include "core/store/server.h"

/* The name of a column, as SQL has it. */
void server_append_column(const Server *server, GString *sql, const ServerTable *table,
			  guint column);

/* ---- By a temporary table ---- */

/* The rows of batch `number` into a temporary table, before anything is locked. */
gboolean server_send_ragged(Server *server, guint number, GError **error);
gboolean server_write_ragged(Server *server, guint number, GError **error);
/* Where temporary tables outlive the transaction. */
void server_drop_ragged(Server *server);

/* ---- By one sentence ---- */

gboolean server_write_alike(Server *server, const ServerBatch *batch, GError **error);

/* ---- What stands in the way; all return FALSE ---- */

/* Which cell of the row is not what it was.  `cells` of the row, or NULL: there is none.  No
 * error: all are. */
gboolean server_refuse_cells(const ServerRow *row, const char *const *cells, GError **error);
/* Another row, whose key the server takes for this one's. */
gboolean server_refuse_key(const Server *server, const ServerRow *row, const char *const *found,
			   guint n, GError **error);
gboolean server_refuse_count(const Server *server, const ServerBatch *batch, guint64 written,
			     GError **error);
