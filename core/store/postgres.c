/* PostgreSQL, by libpq: how it is asked, and what it calls things. */
#include "core/base.h"
#include "core/store/server.h"
#include <libpq-fe.h>
#include <stdio.h>
#include <string.h>

#define CONNECT_TIME "10" /* seconds */
/* Of the server's locks, this one is ours: "snmove" in ASCII. */
#define RUN_LOCK "126918119618149"

typedef struct {
	PGconn *handle;
	ServerProblem problem;
	char *message;	  /* of the last failure */
	guint failed_row; /* of the last COPY */
} Connection;

typedef struct {
	PGresult *result;
	int row;
} Result;

/* ---- Connecting ---- */

static void disconnect(gpointer data)
{
	Connection *connection = data;

	PQfinish(connection->handle);
	g_free(connection->message);
	g_free(connection);
}

static void add(GPtrArray *names, GPtrArray *values, const char *name, const char *value)
{
	if (!value)
		return;
	g_ptr_array_add(names, (gpointer)name);
	g_ptr_array_add(values, (gpointer)value);
}

/* A network that is cut without a word is noticed in half a minute: by a connection that waits,
 * not in two hours; and by one that has sent something, where keepalives are no longer sent,
 * not in a quarter of an hour. */
static PGconn *open_handle(const ServerPlace *place)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	g_autoptr(GPtrArray) values = g_ptr_array_new();

	add(names, values, "connect_timeout", CONNECT_TIME);
	add(names, values, "keepalives_idle", "10");
	add(names, values, "keepalives_interval", "5");
	add(names, values, "keepalives_count", "4");
	if (PQlibVersion() >= 120000) /* to an older one it is no option */
		add(names, values, "tcp_user_timeout", "30000");
	for (guint i = 0; i < place->options->len; i += 2)
		add(names, values, place->options->pdata[i], place->options->pdata[i + 1]);
	add(names, values, "host", place->host);
	add(names, values, "port", place->port);
	add(names, values, "user", place->user);
	add(names, values, "password", place->password);
	add(names, values, "dbname", place->database);
	add(names, values, "client_encoding", "UTF8");
	add(names, values, "fallback_application_name", "snmove");
	g_ptr_array_add(names, NULL);
	g_ptr_array_add(values, NULL);
	/* 0: the name of the database is a name, and not again a URL. */
	return PQconnectdbParams((const char *const *)names->pdata,
				 (const char *const *)values->pdata, 0);
}

static void ignore_notice(void *data, const PGresult *notice)
{
	(void)data, (void)notice;
}

static gpointer pg_connect(const ServerPlace *place, char **reason, ServerProblem *problem)
{
	PGconn *handle = open_handle(place);
	Connection *connection;

	if (PQstatus(handle) != CONNECTION_OK) {
		*reason = g_strdup(PQerrorMessage(handle));
		*problem = PQconnectionNeedsPassword(handle) || PQconnectionUsedPassword(handle)
				   ? SERVER_FORBIDDEN
				   : SERVER_LOST;
		PQfinish(handle);
		return NULL;
	}
	PQsetNoticeReceiver(handle, ignore_notice, NULL);
	connection = g_new0(Connection, 1);
	connection->handle = handle;
	return connection;
}

static char *pg_url(gpointer data, const ServerPlace *place)
{
	const Connection *connection = data;
	const char *host = PQhost(connection->handle);
	g_autofree char *database = g_uri_escape_string(place->database, NULL, FALSE);

	if (host[0] == '/')
		return g_strdup_printf("postgresql:///%s?host=%s&port=%s", database, host,
				       PQport(connection->handle));
	return g_strdup_printf("postgresql://%s:%s/%s", host, PQport(connection->handle),
			       database);
}

/* ---- Asking ---- */

static ServerProblem problem_of(const Connection *connection, const PGresult *result)
{
	static const struct {
		const char *state;
		ServerProblem problem;
	} known[] = {
		{ "40001", SERVER_AGAIN },     { "40P01", SERVER_AGAIN },
		{ "55P03", SERVER_BUSY },      { "23505", SERVER_DOUBLED },
		{ "42501", SERVER_FORBIDDEN }, { "25006", SERVER_READ_ONLY },
		{ "22021", SERVER_UNFIT },     { "22P05", SERVER_UNFIT },
		{ "22001", SERVER_UNFIT },     { "08", SERVER_LOST },
		{ "57P0", SERVER_LOST },
	};
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

	if (PQstatus(connection->handle) != CONNECTION_OK)
		return SERVER_LOST;
	for (gsize i = 0; state && i < G_N_ELEMENTS(known); i++)
		if (g_str_has_prefix(state, known[i].state))
			return known[i].problem;
	return SERVER_REFUSES;
}

/* "ERROR:  ...": the first line says it, and the hint behind it is for who writes SQL. */
static void keep_failure(Connection *connection, const PGresult *result)
{
	const char *first = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	const char *context = PQresultErrorField(result, PG_DIAG_CONTEXT);
	const char *all = result ? PQresultErrorMessage(result) : "";
	const char *line = context ? strstr(context, ", line ") : NULL;

	if (!*all)
		all = PQerrorMessage(connection->handle);
	connection->problem = problem_of(connection, result);
	g_free(connection->message);
	connection->message = g_strstrip(g_strdup(first ? first : all));
	connection->failed_row =
		line ? (guint)g_ascii_strtoull(line + strlen(", line "), NULL, 10) : 0;
}

static gpointer pg_query(gpointer data, const char *sql)
{
	Connection *connection = data;
	PGresult *answer = PQexec(connection->handle, sql);
	ExecStatusType status = PQresultStatus(answer);
	Result *result;

	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
		keep_failure(connection, answer);
		PQclear(answer);
		return NULL;
	}
	result = g_new0(Result, 1);
	result->result = answer;
	return result;
}

static gboolean pg_next(gpointer data, const char **cells, gsize *lengths)
{
	Result *result = data;
	int n = PQnfields(result->result);

	if (result->row >= PQntuples(result->result))
		return FALSE;
	for (int i = 0; i < n; i++) {
		cells[i] = PQgetisnull(result->result, result->row, i)
				   ? NULL
				   : PQgetvalue(result->result, result->row, i);
		lengths[i] = (gsize)PQgetlength(result->result, result->row, i);
	}
	result->row++;
	return TRUE;
}

static guint64 pg_changed(gpointer data, gpointer result)
{
	(void)data;
	return g_ascii_strtoull(PQcmdTuples(((Result *)result)->result), NULL, 10);
}

static void result_free(gpointer data)
{
	Result *result = data;

	PQclear(result->result);
	g_free(result);
}

static ServerProblem pg_problem(gpointer data)
{
	return ((Connection *)data)->problem;
}

static char *pg_message(gpointer data)
{
	return g_strdup(((Connection *)data)->message);
}

static guint pg_failed_row(gpointer data)
{
	return ((Connection *)data)->failed_row;
}

/* Not in the connection's encoding: the server has to see it to refuse it.  It takes
 * backslashes as they are (pg_settings). */
static void append_refused(GString *sql, const char *text)
{
	g_string_append_c(sql, '\'');
	for (const char *p = text; *p; p++) {
		if (*p == '\'')
			g_string_append_c(sql, '\'');
		g_string_append_c(sql, *p);
	}
	g_string_append_c(sql, '\'');
}

static void pg_append_text(gpointer data, GString *sql, const char *text)
{
	char *quoted = PQescapeLiteral(((Connection *)data)->handle, text, strlen(text));

	if (quoted)
		g_string_append(sql, quoted);
	else
		append_refused(sql, text);
	PQfreemem(quoted);
}

/*
 * Texts become what a column of text is by themselves, and are refused where they are too long
 * for it: a CAST would cut them.  To another type they have to be made.
 */
static gboolean is_of_text(const char *type)
{
	return g_str_has_prefix(type, "text") || g_str_has_prefix(type, "character");
}

/* For a column of this type.  Elements of an array's text are quoted before it is one. */
static void append_array(gpointer data, GString *sql, const char *type,
			 const char *const *texts, guint n)
{
	g_autoptr(GString) array = g_string_new("{");

	for (guint i = 0; i < n; i++) {
		g_string_append(array, i ? ",\"" : "\"");
		for (const char *p = texts[i]; *p; p++) {
			if (*p == '"' || *p == '\\')
				g_string_append_c(array, '\\');
			g_string_append_c(array, *p);
		}
		g_string_append_c(array, '"');
	}
	g_string_append_c(array, '}');
	pg_append_text(data, sql, array->str);
	g_string_append_printf(sql, "::%s[]", is_of_text(type) ? "text" : type);
}

/* It takes 1 GB, and needs some times as much memory. */
static gsize pg_longest(gpointer data)
{
	(void)data;
	return 16 << 20;
}

static void pg_append_among(gpointer data, GString *sql, const char *column, const char *type,
			    const char *const *keys, guint n)
{
	g_string_append_printf(sql, "%s = ANY (", column);
	append_array(data, sql, type, keys, n);
	g_string_append_c(sql, ')');
}

static void pg_append_new(gpointer data, GString *sql, const RowBatch *batch,
			  const char *const *keys, guint n)
{
	const RowTable *table = batch->table;

	g_string_append(sql, "SELECT v.k");
	for (guint i = 0; i < batch->model->cells->len; i++) {
		const RowCell *cell = row_cell(batch->model, i);
		const char *text = row_text(&cell->last->after);
		const char *type = table->types[cell->column];

		g_string_append_c(sql, ',');
		if (text)
			pg_append_text(data, sql, text);
		else
			g_string_append(sql, "NULL");
		if (!is_of_text(type))
			g_string_append_printf(sql, "::%s", type);
	}
	g_string_append(sql, " FROM unnest(");
	append_array(data, sql, table->types[table->table->keys[0]], keys, n);
	g_string_append(sql, ") AS v(k)");
}

/* ---- Changes sent by COPY ---- */

static void append_copied(GString *rows, const char *text)
{
	if (!text) {
		g_string_append(rows, "\\N");
		return;
	}
	for (const char *p = text; *p;) {
		gsize plain = strcspn(p, "\\\t\n\r");

		g_string_append_len(rows, p, (gssize)plain);
		p += plain;
		if (!*p)
			break;
		g_string_append_c(rows, '\\');
		g_string_append_c(rows, *p == '\t'   ? 't'
					: *p == '\n' ? 'n'
					: *p == '\r' ? 'r'
						     : '\\');
		p++;
	}
}

static GString *copied_rows(const RowBatch *batch)
{
	GString *rows = g_string_sized_new(batch->rows->len * 64);

	for (guint i = 0; i < batch->rows->len; i++) {
		const Row *row = batch->rows->pdata[i];

		g_string_append_printf(rows, "%u", i);
		for (guint k = 0; k < row->first->n_key; k++) {
			g_string_append_c(rows, '\t');
			append_copied(rows, row->first->key[k]);
		}
		for (guint c = 0; c < row->cells->len; c++) {
			const RowCell *cell = row_cell(row, c);

			if (!batch->made) {
				g_string_append_c(rows, '\t');
				append_copied(rows, row_text(&cell->first->before));
			}
			g_string_append_c(rows, '\t');
			append_copied(rows, row_text(&cell->last->after));
		}
		g_string_append_c(rows, '\n');
	}
	return rows;
}

static gboolean pg_fill(gpointer data, const char *name, const RowBatch *batch,
			guint *statements)
{
	Connection *connection = data;
	g_autofree char *sql = g_strconcat("COPY ", name, " FROM STDIN", NULL);
	g_autoptr(GString) rows = copied_rows(batch);
	PGresult *answer = PQexec(connection->handle, sql);
	gboolean ok = PQresultStatus(answer) == PGRES_COPY_IN;

	*statements = 1;
	if (ok) {
		PQclear(answer);
		/* With a text the server takes none of them: half of the rows is nothing. */
		ok = PQputCopyData(connection->handle, rows->str, (int)rows->len) == 1;
		(void)PQputCopyEnd(connection->handle, ok ? NULL : "not all was sent");
		answer = PQgetResult(connection->handle);
		ok = PQresultStatus(answer) == PGRES_COMMAND_OK;
	}
	if (!ok)
		keep_failure(connection, answer);
	PQclear(answer);
	while ((answer = PQgetResult(connection->handle)))
		PQclear(answer);
	return ok;
}

/* ---- Sentences ---- */

/* A run waits for hosts by the hour, and the lock of the run hangs on this connection. */
static char **pg_settings(void)
{
	return server_sentences(
		"SELECT set_config(name, '0', false) FROM pg_settings WHERE name IN "
		"('idle_session_timeout', 'idle_in_transaction_session_timeout')",
		"SET standard_conforming_strings = on");
}

static char **pg_picture(void)
{
	return server_sentences("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY", NULL);
}

static char **pg_begin(guint wait)
{
	g_autofree char *timeout = g_strdup_printf("SET LOCAL lock_timeout = %u", MAX(wait, 1));

	return server_sentences("BEGIN ISOLATION LEVEL READ COMMITTED", timeout);
}

static char *lock_sentence(const char *const *tables, const char *mode)
{
	g_autofree char *names = g_strjoinv(", ", (char **)tables);

	return g_strdup_printf("LOCK TABLE %s IN %s MODE", names, mode);
}

/* Writers are waited for and then kept out; who reads goes on.  Without it xCAT's commands,
 * which write rows in any order, and this one would stop each other. */
static char **pg_lock(const char *const *written, const char *const *guarded)
{
	g_autofree char *first = lock_sentence(written, "SHARE ROW EXCLUSIVE");
	g_autofree char *second = *guarded ? lock_sentence(guarded, "SHARE") : NULL;

	return server_sentences(first, second);
}

/* Whatever the search path finds: xCAT names no schema. */
static char *pg_describe(gpointer data, const char *table)
{
	GString *sql = g_string_new(
		"SELECT a.attname, format_type(a.atttypid, a.atttypmod),"
		" coalesce(array_position(i.indkey::int2[], a.attnum) + 1, 0),"
		" CASE WHEN a.attnotnull THEN '0' ELSE '1' END, n.nspname"
		" FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
		" JOIN pg_attribute a ON a.attrelid = c.oid"
		" LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary"
		" WHERE c.relkind IN ('r','p') AND a.attnum > 0 AND NOT a.attisdropped"
		" AND c.oid = to_regclass(quote_ident(");

	pg_append_text(data, sql, table);
	g_string_append(sql, ")) ORDER BY a.attnum");
	return g_string_free(sql, FALSE);
}

static char *pg_update(const char *target, const char *source, const char *on, const char *set,
		       const char *where)
{
	return g_strdup_printf("UPDATE %s AS t SET %s FROM %s AS v WHERE %s AND %s", target,
			       set, source, on, where);
}

static char *pg_remove(const char *target, const char *source, const char *on,
		       const char *where)
{
	return g_strdup_printf("DELETE FROM %s AS t USING %s AS v WHERE %s AND %s", target,
			       source, on, where);
}

static char *pg_run_lock(gpointer connection, const char *database)
{
	(void)connection, (void)database;
	return g_strdup("SELECT CASE WHEN pg_try_advisory_lock(" RUN_LOCK
			") THEN 1 ELSE 0 END");
}

static char *pg_run_unlock(gpointer connection, const char *database)
{
	(void)connection, (void)database;
	return g_strdup("SELECT pg_advisory_unlock(" RUN_LOCK ")");
}

/* "snmove: root, process 7, since ... (from 10.1.0.2, backend 99)". */
#define SESSION                                                                                \
	"coalesce(nullif(a.application_name, ''), 'user ' || a.usename, 'a session')"          \
	" || ' (from ' || coalesce(host(a.client_addr), 'its own host')"                       \
	" || ', server process ' || a.pid || ')'"

static char *pg_run_holder(gpointer connection, const char *database)
{
	(void)connection, (void)database;
	return g_strdup("SELECT " SESSION " FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
			" JOIN pg_database d ON d.oid = l.database"
			" WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1"
			" AND d.datname = current_database()"
			" AND (l.classid::bigint << 32) + l.objid::bigint = " RUN_LOCK);
}

static char *pg_run_name(gpointer connection, const char *who)
{
	GString *sql = g_string_new("SELECT set_config('application_name', ");
	g_autofree char *name = g_strconcat("snmove: ", who, NULL);

	pg_append_text(connection, sql, name);
	g_string_append(sql, ", false)");
	return g_string_free(sql, FALSE);
}

static char *pg_holders(gpointer connection, const char *const *tables)
{
	GString *sql = g_string_new("SELECT " SESSION
				    " FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
				    " WHERE l.granted AND l.pid <> pg_backend_pid()"
				    " AND l.mode NOT IN ('AccessShareLock', 'RowShareLock')"
				    " AND l.relation IN (");

	for (guint i = 0; tables[i]; i++) {
		g_string_append(sql,
				i ? ", to_regclass(quote_ident(" : "to_regclass(quote_ident(");
		pg_append_text(connection, sql, tables[i]);
		g_string_append(sql, "))");
	}
	g_string_append(sql, ") LIMIT 1");
	return g_string_free(sql, FALSE);
}

static const ServerClass postgresql = {
	.product = "PostgreSQL",
	.scheme = "postgresql",
	.client = "psql -c 'SELECT * FROM pg_stat_activity'",
	.quote = '"',
	.connect = pg_connect,
	.disconnect = disconnect,
	.url = pg_url,
	.query = pg_query,
	.next = pg_next,
	.changed = pg_changed,
	.result_free = result_free,
	.problem = pg_problem,
	.message = pg_message,
	.append_text = pg_append_text,
	.fill = pg_fill,
	.failed_row = pg_failed_row,
	.settings = pg_settings,
	.picture = pg_picture,
	.begin = pg_begin,
	.lock = pg_lock,
	.describe = pg_describe,
	.tables = "SELECT c.relname FROM pg_class c WHERE c.relkind IN ('r','p')"
		  " AND c.relpersistence <> 't' AND pg_table_is_visible(c.oid)"
		  " AND c.relnamespace NOT IN (SELECT oid FROM pg_namespace WHERE nspname IN"
		  " ('pg_catalog', 'information_schema'))",
	.create_head = "CREATE TEMPORARY TABLE ",
	.create_tail = " ON COMMIT DROP",
	.temporary = "pg_temp.",
	.analyze = "ANALYZE ",
	.same_head = "",
	.same = " IS NOT DISTINCT FROM ",
	.same_text_head = "",
	.same_text = " IS NOT DISTINCT FROM ",
	.by_key = "",
	.append_among = pg_append_among,
	.append_new = pg_append_new,
	.longest = pg_longest,
	.delete_head = "DELETE FROM ",
	.set_head = "",
	.update = pg_update,
	.remove = pg_remove,
	.run_lock = pg_run_lock,
	.run_holder = pg_run_holder,
	.run_unlock = pg_run_unlock,
	.run_name = pg_run_name,
	.holders = pg_holders,
};

static gpointer open_postgresql(const char *scheme, const char *place, char **url,
				GError **error)
{
	return server_open(&postgresql, scheme, place, url, error);
}

const StoreDriver store_postgresql = { SERVER_DRIVER(open_postgresql) };
