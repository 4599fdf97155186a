/* A database of a server: connected, listed, read in one picture, locked for one run. */
#include "core/base.h"
#include "core/store/server.h"
#include <string.h>

/* ---- Failures in words ---- */

/* A library's words for a message; PostgreSQL's have lines of their own.  Gives the text. */
static char *words_of(const char *raw)
{
	g_autofree char *line = text_one_line(raw);

	return text_plain(line);
}

/* What happened to the data stands in every one of them: who reads it has no time to guess. */
gboolean server_failed(Server *server, GError **error)
{
	const ServerClass *class = server->class;
	ServerProblem problem = class->problem(server->connection);
	g_autofree char *raw = class->message(server->connection);
	g_autofree char *said = words_of(raw);
	StoreError code = problem == SERVER_AGAIN || problem == SERVER_BUSY ? STORE_ERROR_BUSY
			  : problem == SERVER_DOUBLED ? STORE_ERROR_CONFLICT
						      : STORE_ERROR_FAILED;
	const char *format[][2] = {
		[SERVER_REFUSES] = { " refuses: ", "" },
		[SERVER_LOST] = { " is not there any more: ", "" },
		[SERVER_AGAIN] = { " stopped this commit for the sake of others: ", "" },
		[SERVER_BUSY] = { " is busy: ", "" },
		[SERVER_DOUBLED] = { " has such a row already: ", "" },
		[SERVER_FORBIDDEN] = { " does not let this user: ",
				       "; the grants that are needed stand in snmove(8)" },
		[SERVER_READ_ONLY] = { " takes no changes: ",
				       "; a replica? use the server that takes them" },
		[SERVER_UNFIT] = { " cannot hold a value: ", "" },
	};

	server->again = problem == SERVER_AGAIN;
	g_set_error(error, STORE_ERROR, (int)code, "the database %s%s%s%s", server->url,
		    format[problem][0], said, format[problem][1]);
	if (problem == SERVER_LOST) {
		g_clear_pointer(&server->connection, class->disconnect);
		server->in_picture = FALSE;
	}
	return FALSE;
}

/* ---- Statements ---- */

gpointer server_query(Server *server, const char *sql, GError **error)
{
	gpointer result;

	if (!server->connection) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED,
			    "the connection to the database %s was lost", server->url);
		return NULL;
	}
	server->statements++;
	result = server->class->query(server->connection, sql);
	if (!result)
		server_failed(server, error);
	return result;
}

gboolean server_execute(Server *server, const char *sql, guint64 *changed, GError **error)
{
	gpointer result = server_query(server, sql, error);

	if (!result)
		return FALSE;
	if (changed)
		*changed = server->class->changed(server->connection, result);
	server->class->result_free(result);
	return TRUE;
}

gboolean server_execute_all(Server *server, char **sentences, GError **error)
{
	g_auto(GStrv) all = sentences;

	for (guint i = 0; all[i]; i++)
		if (!server_execute(server, all[i], NULL, error))
			return FALSE;
	return TRUE;
}

gboolean server_ask(Server *server, const char *sql, char **value, GError **error)
{
	gpointer result = server_query(server, sql, error);
	const char *cell = NULL;
	gsize length;

	*value = NULL;
	if (!result)
		return FALSE;
	if (server->class->next(result, &cell, &length))
		*value = g_strdup(cell);
	server->class->result_free(result);
	return TRUE;
}

char *server_value(Server *server, const char *sql)
{
	char *value = NULL;

	if (sql)
		(void)server_ask(server, sql, &value, NULL);
	return value;
}

char **server_sentences(const char *first, const char *second)
{
	return g_strdupv((char *[]){ (char *)first, (char *)second, NULL });
}

void server_append_name(const ServerClass *class, GString *sql, const char *name)
{
	g_string_append_c(sql, class->quote);
	for (const char *p = name; *p; p++) {
		if (*p == class->quote)
			g_string_append_c(sql, class->quote);
		g_string_append_c(sql, *p);
	}
	g_string_append_c(sql, class->quote);
}

/* ---- The connection ---- */

static gboolean connect_once(Server *server, GError **error)
{
	g_autofree char *reason = NULL;
	g_autofree char *said = NULL;
	ServerProblem problem = SERVER_LOST;

	server->connection = server->class->connect(server->place, &reason, &problem);
	if (server->connection) {
		if (server_execute_all(server, server->class->settings(), error))
			return TRUE;
		/* Without them it would cut values, or end while a host is waited for. */
		g_clear_pointer(&server->connection, server->class->disconnect);
		return FALSE;
	}
	said = words_of(reason);
	g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED,
		    "cannot open the database '%s' on %s: %s; nothing was changed%s",
		    server->place->database,
		    server->place->host ? server->place->host : "this host", said,
		    problem == SERVER_FORBIDDEN
			    ? "; user and password stand in cfgloc, or in the library's own "
			      "files (snmove(8), CLUSTER DATABASE)"
			    : "");
	return FALSE;
}

/* "1" from the server: it is ours. */
static gboolean take_run_lock(Server *server, const char *who)
{
	const ServerClass *class = server->class;
	g_autofree char *name = class->run_name(server->connection, who);
	g_autofree char *sql = class->run_lock(server->connection, server->place->database);
	g_autofree char *named = server_value(server, name);
	g_autofree char *ours = server->connection ? server_value(server, sql) : NULL;

	return g_strcmp0(ours, "1") == 0;
}

static char *run_holder(Server *server)
{
	g_autofree char *sql = NULL;

	if (!server->connection)
		return NULL;
	sql = server->class->run_holder(server->connection, server->place->database);
	return server_value(server, sql);
}

/* With a connection the lock has gone, and somebody else may have begun a run. */
static gboolean lock_again(Server *server, GError **error)
{
	g_autofree char *holder = NULL;

	if (!server->locked || take_run_lock(server, server->locked))
		return TRUE;
	holder = run_holder(server);
	g_clear_pointer(&server->connection, server->class->disconnect);
	g_set_error(error, STORE_ERROR, STORE_ERROR_BUSY,
		    "the connection to the database %s was lost, and with it the lock of this "
		    "run; meanwhile it was taken by %s",
		    server->url, holder ? holder : "somebody");
	return FALSE;
}

gboolean server_connect(Server *server, GError **error)
{
	if (server->connection)
		return TRUE;
	return connect_once(server, error) && lock_again(server, error);
}

gpointer server_open(const ServerClass *class, const char *scheme, const char *text, char **url,
		     GError **error)
{
	g_autoptr(ServerPlace) place = server_place_new(scheme, text, error);
	const RowTable *nodelist;
	Server *server;

	if (!place)
		return NULL;
	server = g_new0(Server, 1);
	server->class = class;
	server->place = g_steal_pointer(&place);
	/* Until it is known how it was reached, messages have the name alone. */
	server->url = g_strconcat(class->scheme, ":", server->place->database, NULL);
	if (!connect_once(server, error)) {
		server_close(server);
		return NULL;
	}
	g_free(server->url);
	server->url = class->url(server->connection, server->place);
	nodelist = server_describe(server, "nodelist", error);
	if (!nodelist || nodelist->table->n_columns == 0) {
		if (nodelist)
			g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED,
				    "the database %s has no table nodelist that this user can "
				    "see, so it is no cluster database; it is named by "
				    "$XCATCFG, the file /etc/xcat/cfgloc, or --db",
				    server->url);
		server_close(server);
		return NULL;
	}
	*url = g_strdup(server->url);
	return server;
}

void server_close(gpointer data)
{
	Server *server = data;

	server_rollback(server);
	server_unlock(server); /* now, and not when the server finds out that we have gone */
	if (server->connection)
		server->class->disconnect(server->connection);
	server_place_free(server->place);
	g_clear_pointer(&server->described, g_hash_table_unref);
	g_clear_pointer(&server->plan, row_plan_free);
	g_free(server->url);
	g_free(server->locked);
	g_free(server);
}

guint server_statements(gpointer data)
{
	return ((Server *)data)->statements;
}

/* ---- The catalogue ---- */

/* Columns as the catalogue lists them: what a table has differs from site to site. */
static RowTable *take_columns(Server *server, const char *name, gpointer result)
{
	RowTable *table = g_new0(RowTable, 1);
	g_autoptr(GPtrArray) columns = g_ptr_array_new();
	g_autoptr(GPtrArray) types = g_ptr_array_new();
	g_autoptr(GArray) nulls = g_array_new(FALSE, FALSE, sizeof(gboolean));
	g_autoptr(GArray) keys = g_array_new(FALSE, TRUE, sizeof(guint));
	g_autoptr(GString) target = g_string_new(NULL);
	const char *cells[5];
	gsize lengths[5];

	while (server->class->next(result, cells, lengths)) {
		guint place = cells[2] ? (guint)g_ascii_strtoull(cells[2], NULL, 10) : 0;
		gboolean null = g_strcmp0(cells[3], "1") == 0;

		if (place > keys->len)
			g_array_set_size(keys, place);
		if (place > 0)
			g_array_index(keys, guint, place - 1) = columns->len;
		if (columns->len == 0 && cells[4]) {
			server_append_name(server->class, target, cells[4]);
			g_string_append_c(target, '.');
		}
		g_ptr_array_add(columns, g_strdup(cells[0]));
		g_ptr_array_add(types, g_strdup(cells[1]));
		g_array_append_val(nulls, null);
	}
	server_append_name(server->class, target, name);
	table->target = g_string_free(g_steal_pointer(&target), FALSE);
	table->table = store_table_new(name);
	table->table->n_columns = columns->len;
	g_ptr_array_add(columns, NULL);
	g_ptr_array_add(types, NULL);
	g_free(table->table->columns);
	table->table->columns = (char **)g_ptr_array_free(g_steal_pointer(&columns), FALSE);
	table->types = (char **)g_ptr_array_free(g_steal_pointer(&types), FALSE);
	table->may_be_null = (gboolean *)g_array_free(g_steal_pointer(&nulls), FALSE);
	table->keyed = keys->len > 0;
	table->table->n_keys = keys->len;
	if (keys->len > 0)
		table->table->keys = (guint *)g_array_free(g_steal_pointer(&keys), FALSE);
	store_choose_key(table->table);
	return table;
}

static RowTable *describe(Server *server, const char *table, GError **error)
{
	g_autofree char *sql = server->class->describe(server->connection, table);
	gpointer result = server_query(server, sql, error);
	RowTable *described;

	if (!result)
		return NULL;
	described = take_columns(server, table, result);
	server->class->result_free(result);
	return described;
}

const RowTable *server_describe(gpointer data, const char *table, GError **error)
{
	Server *server = data;
	RowTable *described;

	if (!server->described)
		server->described =
			g_hash_table_new_full(g_str_hash, g_str_equal, g_free, row_table_free);
	described = g_hash_table_lookup(server->described, table);
	if (described)
		return described;
	described = describe(server, table, error);
	if (described)
		g_hash_table_insert(server->described, g_strdup(table), described);
	return described;
}

char **server_tables(gpointer data, GError **error)
{
	Server *server = data;
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	gpointer result = NULL;
	const char *name;
	gsize length;

	if (server_connect(server, error))
		result = server_query(server, server->class->tables, error);
	if (!result)
		return NULL;
	while (server->class->next(result, &name, &length))
		g_ptr_array_add(names, g_strdup(name));
	server->class->result_free(result);
	g_ptr_array_add(names, NULL);
	return (char **)g_ptr_array_free(g_steal_pointer(&names), FALSE);
}

/* ---- Reading ---- */

/* All reads up to server_let_go see one moment: BEGIN finds out whether the server is there. */
static gboolean open_picture(Server *server, GError **error)
{
	g_autoptr(GError) problem = NULL;

	if (server->in_picture || server->in_transaction)
		return TRUE;
	if (!server_connect(server, error))
		return FALSE;
	server->in_picture = server_execute_all(server, server->class->picture(), &problem);
	/* A server that was started again meanwhile has dropped the connection: nothing of
	 * a picture was seen through it, so a new one is as good. */
	if (!server->in_picture && !server->connection && server_connect(server, error))
		server->in_picture =
			server_execute_all(server, server->class->picture(), error);
	else if (!server->in_picture && problem && error && !*error)
		g_propagate_error(error, g_steal_pointer(&problem));
	return server->in_picture;
}

void server_let_go(gpointer data)
{
	Server *server = data;

	if (!server->in_picture || server->in_transaction)
		return;
	server->in_picture = FALSE;
	if (server->connection)
		server_execute(server, "COMMIT", NULL, NULL); /* it has written nothing */
}

static gboolean refuse_nul(const StoreTable *table, const char *const *cells, guint column,
			   GError **error)
{
	g_autoptr(GPtrArray) key = g_ptr_array_new();

	for (guint i = 0; i < table->n_keys; i++)
		g_ptr_array_add(key, (gpointer)cells[table->keys[i]]);
	return store_refuse_nul(table, (const char *const *)key->pdata, column, error);
}

static gboolean take_rows(Server *server, StoreTable *table, gpointer result, GError **error)
{
	guint n = table->n_columns;
	g_autofree const char **row = g_new0(const char *, n);
	g_autofree gsize *lengths = g_new0(gsize, n);
	g_autoptr(GPtrArray) cells = g_ptr_array_new();

	while (server->class->next(result, row, lengths)) {
		for (guint i = 0; i < n; i++) {
			if (row[i] && strlen(row[i]) != lengths[i])
				return refuse_nul(table, row, i, error);
			store_add_cell(table, cells, row[i], lengths[i]);
		}
		table->n_rows++;
	}
	table->cells = (const char **)g_ptr_array_free(g_steal_pointer(&cells), FALSE);
	return TRUE;
}

/* The key by bytes, NULL before all: servers sort by rules of languages. */
static int compare_rows(gconstpointer a, gconstpointer b, gpointer data)
{
	const StoreTable *table = data;
	const char *const *one = *(const char *const *const *)a;
	const char *const *two = *(const char *const *const *)b;
	int order = 0;

	for (guint i = 0; order == 0 && i < table->n_keys; i++)
		order = g_strcmp0(one[table->keys[i]], two[table->keys[i]]);
	return order;
}

static void sort_rows(StoreTable *table)
{
	gsize width = table->n_columns;
	g_autofree const char ***rows = g_new(const char **, table->n_rows + 1);
	const char **sorted;
	gboolean in_order = TRUE;

	for (guint i = 0; i < table->n_rows; i++) {
		rows[i] = table->cells + i * width;
		in_order = in_order &&
			   (i == 0 || compare_rows(&rows[i - 1], &rows[i], table) <= 0);
	}
	if (in_order)
		return;
	g_qsort_with_data(rows, (int)table->n_rows, sizeof(*rows), compare_rows, table);
	sorted = g_new(const char *, table->n_rows *width);
	for (guint i = 0; i < table->n_rows; i++)
		memcpy(sorted + i * width, rows[i], width * sizeof(*sorted));
	g_free(table->cells);
	table->cells = sorted;
}

static char *select_all(const Server *server, const RowTable *table)
{
	GString *sql = g_string_new("SELECT ");
	const char *lock = NULL;

	for (guint i = 0; i < table->table->n_columns; i++) {
		g_string_append(sql, i ? "," : "");
		server_append_name(server->class, sql, table->table->columns[i]);
	}
	g_string_append_printf(sql, " FROM %s", table->target);
	if (server->in_transaction)
		lock = g_ptr_array_find_with_equal_func(server->written, table->table->name,
							g_str_equal, NULL)
			       ? server->class->lock_written
			       : server->class->lock_guarded;
	g_string_append(sql, lock ? lock : "");
	return g_string_free(sql, FALSE);
}

/* What a new StoreTable takes from a described one. */
static StoreTable *copy_description(const StoreTable *described)
{
	StoreTable *table = store_table_new(described->name);

	g_strfreev(table->columns);
	table->columns = g_strdupv(described->columns);
	table->n_columns = described->n_columns;
	table->n_keys = described->n_keys;
	table->keys = g_memdup2(described->keys, described->n_keys * sizeof(guint));
	return table;
}

static StoreTable *read_table(Server *server, const char *name, GError **error)
{
	const RowTable *described;
	g_autoptr(StoreTable) table = NULL;
	g_autofree char *sql = NULL;
	gpointer result;
	gboolean ok;

	/* What it was like before is not what it is like now, but in a transaction. */
	if (!server->in_transaction && server->described)
		g_hash_table_remove(server->described, name);
	described = server_describe(server, name, error);
	if (!described)
		return NULL;
	table = copy_description(described->table);
	if (table->n_columns == 0)
		return g_steal_pointer(&table);
	sql = select_all(server, described);
	result = server_query(server, sql, error);
	if (!result) {
		g_prefix_error(error, "cannot read table '%s': ", name);
		return NULL;
	}
	ok = take_rows(server, table, result, error);
	server->class->result_free(result);
	if (!ok)
		return NULL;
	sort_rows(table);
	return g_steal_pointer(&table);
}

StoreTable *server_read(gpointer data, const char *name, GError **error)
{
	Server *server = data;
	StoreTable *table = NULL;

	if (open_picture(server, error))
		table = read_table(server, name, error);
	/* PostgreSQL answers nothing more in it: who can do without this table begins anew. */
	if (!table)
		server_let_go(server);
	return table;
}

/* ---- One run at a time ---- */

gboolean server_lock(gpointer data, const char *who, char **holder, GError **error)
{
	Server *server = data;

	*holder = NULL;
	server_let_go(server);
	if (!server_connect(server, error))
		return FALSE;
	if (take_run_lock(server, who)) {
		g_free(server->locked);
		server->locked = g_strdup(who);
		return TRUE;
	}
	*holder = run_holder(server);
	if (!*holder && server->connection)
		*holder = g_strdup("somebody");
	if (!*holder)
		g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED,
			    "the connection to the database %s was lost", server->url);
	return FALSE;
}

void server_unlock(gpointer data)
{
	Server *server = data;
	g_autofree char *sql = NULL;

	if (!server->locked)
		return;
	g_clear_pointer(&server->locked, g_free);
	server_let_go(server);
	if (!server->connection)
		return;
	sql = server->class->run_unlock(server->connection, server->place->database);
	g_free(server_value(server, sql));
}
