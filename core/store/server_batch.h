/*
 * server_batch - how the rows of a batch are written: those that are alike by one sentence
 * (server_alike.c), all others by a temporary table (server_ragged.c); and what is said when
 * something stands in the way (server_differs.c).
 */
#pragma once
#include "core/store/server.h"

/* The name of a column, as SQL has it. */
void server_append_column(const Server *server, GString *sql, const RowTable *table,
			  guint column);

/* In place of each batch: one for each value that its rows get, if those are no more than
 * server_most_values. */
void server_divide(RowPlan *plan);

/* ---- By a temporary table ---- */

/* The rows of batch `number` into a temporary table, before anything is locked. */
gboolean server_send_ragged(Server *server, guint number, GError **error);
gboolean server_write_ragged(Server *server, guint number, GError **error);
/* Where temporary tables outlive the transaction. */
void server_drop_ragged(Server *server);

/* ---- By one sentence ---- */

gboolean server_write_alike(Server *server, guint number, GError **error);

/* ---- What stands in the way; all return FALSE ---- */

/* Another row, whose key the server takes for this one's. */
gboolean server_refuse_key(const Server *server, const Row *row, const char *const *found,
			   guint n, GError **error);
gboolean server_refuse_count(const Server *server, const RowBatch *batch, guint64 written,
			     GError **error);
