/*
 * The guarded commit on a database server: one transaction, as short as can be.
 *
 * What has to be sent there in a table of its own is sent before anything is locked; the
 * transaction that holds locks then has a few sentences, however many rows it writes.
 */
#include "core/base.h"
#include "core/store/server_batch.h"

static const RowBatch *batch_at(const Server *server, guint number)
{
	return server->plan->batches->pdata[number];
}

/* ---- The transaction ---- */

/* A table that is to be written has to be there. */
static const RowTable *describe_written(gpointer data, const char *name, GError **error)
{
	const RowTable *table = server_describe(data, name, error);

	if (!table || table->table->n_columns > 0)
		return table;
	store_unknown_table(name, ((Server *)data)->url, error);
	return NULL;
}

static gboolean refuse_unsafe(const Server *server, const GPtrArray *names, const char *kept,
			      GError **error)
{
	g_autoptr(GString) mend = g_string_new(NULL);

	for (guint i = 0; i < names->len; i++) {
		g_string_append(mend, i ? "; ALTER TABLE " : "ALTER TABLE ");
		server_append_name(server->class, mend, names->pdata[i]);
		g_string_append(mend, " ENGINE=InnoDB");
	}
	g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED,
		    "table '%s' of the database %s is kept in %s, which has no transactions: "
		    "a move that fails would be half written; nothing was changed; let it be "
		    "kept in InnoDB: %s",
		    (const char *)names->pdata[0], server->url, kept, mend->str);
	return FALSE;
}

/* All or nothing is what a transaction does; so all tables have to know what that is. */
static gboolean check_safe(Server *server, GError **error)
{
	g_autofree gpointer *tables = NULL;
	g_autofree char *sql = NULL;
	g_autofree char *kept = NULL;
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	const char *cells[2];
	gsize lengths[2];
	gpointer result;

	if (!server->class->unsafe)
		return TRUE;
	tables = g_hash_table_get_keys_as_array(server->plan->tables, NULL);
	sql = server->class->unsafe(server->connection, (const char *const *)tables);
	result = server_query(server, sql, error);
	if (!result)
		return FALSE;
	while (server->class->next(result, cells, lengths)) {
		g_ptr_array_add(names, g_strdup(cells[0]));
		if (!kept)
			kept = g_strdup(cells[1] ? cells[1] : "something");
	}
	server->class->result_free(result);
	return names->len == 0 || refuse_unsafe(server, names, kept, error);
}

gboolean server_prepare(gpointer data, const StoreChange *changes, guint n, GError **error)
{
	Server *server = data;
	g_autoptr(GError) problem = NULL;

	server_let_go(server);
	g_clear_pointer(&server->described, g_hash_table_unref);
	g_clear_pointer(&server->plan, row_plan_free);
	if (!server_connect(server, error))
		return FALSE;
	server->plan = row_plan_new(changes, n, describe_written, server, &problem);
	/* The server was started again since it was asked last. */
	if (!server->plan && !server->connection && server_connect(server, error)) {
		g_clear_pointer(&server->described, g_hash_table_unref);
		server->plan = row_plan_new(changes, n, describe_written, server, error);
	} else if (!server->plan && problem && error && !*error) {
		g_propagate_error(error, g_steal_pointer(&problem));
	}
	if (!server->plan)
		return FALSE;
	server_divide(server->plan);
	return check_safe(server, error);
}

/* Only tables that are there can be locked.  Gives names as SQL has them. */
static gboolean existing(Server *server, const char *const *names, GPtrArray *targets,
			 GError **error)
{
	for (guint i = 0; names[i]; i++) {
		const RowTable *table = server_describe(server, names[i], error);

		if (!table)
			return FALSE;
		if (table->table->n_columns > 0)
			g_ptr_array_add(targets, table->target);
	}
	g_ptr_array_add(targets, NULL);
	return TRUE;
}

/* The same names, borrowed, with a NULL behind. */
static GPtrArray *vector_of(const GPtrArray *names)
{
	GPtrArray *vector = g_ptr_array_new();

	for (guint i = 0; i < names->len; i++)
		g_ptr_array_add(vector, names->pdata[i]);
	g_ptr_array_add(vector, NULL);
	return vector;
}

/* Who is in the way: asked when it is known that somebody is. */
static void name_holders(Server *server, const GPtrArray *written, GError **error)
{
	g_autofree char *sql = NULL;
	g_autofree char *who = NULL;
	GError *named = NULL;
	g_autoptr(GPtrArray) tables = NULL;

	if (!error || !*error || server->again || !server->connection ||
	    !server->class->holders || !g_error_matches(*error, STORE_ERROR, STORE_ERROR_BUSY))
		return;
	server_execute(server, "ROLLBACK", NULL, NULL);
	tables = vector_of(written);
	sql = server->class->holders(server->connection, (const char *const *)tables->pdata);
	who = server_value(server, sql);
	g_set_error(&named, STORE_ERROR, STORE_ERROR_BUSY,
		    "the database %s is busy: %s has held rows or a table of it for %g s; see "
		    "who with: %s",
		    server->url, who ? who : "another session", server->wait / 1000.0,
		    server->class->client);
	g_clear_error(error);
	g_propagate_error(error, named);
}

static gboolean lock_tables(Server *server, const char *const *written,
			    const char *const *guarded, GError **error)
{
	g_autoptr(GPtrArray) first = g_ptr_array_new();
	g_autoptr(GPtrArray) second = g_ptr_array_new();

	return existing(server, written, first, error) &&
	       existing(server, guarded, second, error) &&
	       server_execute_all(server,
				  server->class->lock((const char *const *)first->pdata,
						      (const char *const *)second->pdata),
				  error);
}

static gboolean begin(Server *server, GError **error)
{
	server->in_transaction = TRUE;
	server->again = FALSE;
	return server_execute_all(server, server->class->begin(server->wait), error);
}

gboolean server_begin_to_look(Server *server, GError **error)
{
	g_autoptr(GPtrArray) written = vector_of(server->written);
	const char *const none[] = { NULL };

	return begin(server, error) &&
	       lock_tables(server, (const char *const *)written->pdata, none, error);
}

/* What is sent goes there before anything is locked. */
static gboolean begin_to_write(Server *server, const char *const *written,
			       const char *const *guarded, GError **error)
{
	if (!begin(server, error))
		return FALSE;
	for (guint i = 0; i < server->plan->batches->len; i++)
		if (!batch_at(server, i)->alike && !server_send_ragged(server, i, error))
			return FALSE;
	return lock_tables(server, written, guarded, error);
}

gboolean server_begin(gpointer data, const char *const *written, const char *const *guarded,
		      guint wait, GError **error)
{
	Server *server = data;

	server->wait = wait;
	g_clear_pointer(&server->written, g_ptr_array_unref);
	server->written = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; written[i]; i++)
		g_ptr_array_add(server->written, g_strdup(written[i]));
	if (begin_to_write(server, written, guarded, error))
		return TRUE;
	name_holders(server, server->written, error);
	server_rollback(server);
	return FALSE;
}

void server_rollback(gpointer data)
{
	Server *server = data;

	if (server->in_transaction && server->connection)
		server_execute(server, "ROLLBACK", NULL, NULL);
	server->in_transaction = FALSE;
	server_drop_ragged(server);
	g_clear_pointer(&server->written, g_ptr_array_unref);
}

gboolean server_again(gpointer data)
{
	return ((Server *)data)->again;
}

static gboolean write_batch(Server *server, guint number, GError **error)
{
	return batch_at(server, number)->alike ? server_write_alike(server, number, error)
					       : server_write_ragged(server, number, error);
}

gboolean server_write(gpointer data, const StoreChange *changes, guint n, GError **error)
{
	Server *server = data;

	(void)changes, (void)n; /* they are in the plan */
	for (guint i = 0; i < server->plan->batches->len; i++)
		if (!write_batch(server, i, error)) {
			name_holders(server, server->written, error);
			return FALSE;
		}
	return TRUE;
}

gboolean server_commit(gpointer data, GError **error)
{
	Server *server = data;
	g_autoptr(GError) problem = NULL;
	gboolean ok = server_execute(server, "COMMIT", NULL, &problem);

	server->in_transaction = !ok;
	if (!ok && !server->connection)
		ok = server_settle(server, problem->message, error);
	else if (!ok)
		g_propagate_error(error, g_steal_pointer(&problem));
	if (ok)
		server_rollback(server); /* nothing is left to roll back: this only tidies */
	return ok;
}
