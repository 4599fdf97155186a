/* MariaDB and MySQL, by libmariadb: how they are asked, and what they call things. */
#include "core/base.h"
#include "core/store/server.h"
#include <errmsg.h>
#include <mysql.h>
#include <mysqld_error.h>
#include <stdio.h>
#include <string.h>

#define CONNECT_TIME 10 /* seconds */
#define ANSWER_TIME  60 /* longer than any lock is waited for */
#define LEAST_PACKET (1 << 20)
#define LONGEST_NAME 64 /* of a lock */
/* Around a column: the bytes that it reads as here, to be compared with those of a text. */
#define AS_IT_READS_HEAD "BINARY CONVERT("
#define AS_IT_READS	 " USING utf8mb4)"
/* Not in the headers of both: MariaDB's own, and MySQL's, whose server says so before it goes.
 */
#define CONNECTION_KILLED 1927
#define SESSION_KILLED	  3169
#define INACTIVE_TOO_LONG 4031
#define NET_FIRST	  5013 /* CR_ERR_NET_READ */
#define NET_LAST	  5015 /* CR_ERR_NET_UNCOMPRESS */

typedef struct {
	MYSQL *handle;
	gsize packet; /* the longest sentence that the server takes, in bytes */
	ServerProblem problem;
	char *message; /* of the last failure, where it is not the library's */
	guint failed_row;
} Connection;

typedef struct {
	MYSQL_RES *rows; /* NULL: it was no question */
	guint64 changed;
} Result;

/* ---- Connecting ---- */

static void disconnect(gpointer data)
{
	Connection *connection = data;

	mysql_close(connection->handle);
	g_free(connection->message);
	g_free(connection);
}

static const char *either(const ServerPlace *place, const char *name, const char *other)
{
	const char *value = server_place_option(place, name);

	return value ? value : server_place_option(place, other);
}

/* By the names of xCAT's strings (DBD::mysql), and by the shorter ones of a URL. */
static const char *socket_of(const ServerPlace *place)
{
	return either(place, "mysql_socket", "socket");
}

static void set_options(MYSQL *handle, const ServerPlace *place)
{
	unsigned int connect_time = CONNECT_TIME, answer_time = ANSWER_TIME;
	const char *secure = either(place, "mysql_ssl", "ssl");
	const char *ca = either(place, "mysql_ssl_ca_file", "ssl_ca");
	const char *certificate = either(place, "mysql_ssl_client_cert", "ssl_cert");
	const char *key = either(place, "mysql_ssl_client_key", "ssl_key");
	const char *file = either(place, "mysql_read_default_file", "option_file");
	my_bool enforce = secure && !g_str_equal(secure, "0");

	mysql_options(handle, MYSQL_OPT_CONNECT_TIMEOUT, &connect_time);
	mysql_options(handle, MYSQL_OPT_READ_TIMEOUT, &answer_time);
	mysql_options(handle, MYSQL_OPT_WRITE_TIMEOUT, &answer_time);
	mysql_options(handle, MYSQL_SET_CHARSET_NAME, "utf8mb4");
	/* ~/.my.cnf, as the library's own programs: a password may stand there. */
	mysql_options(handle, MYSQL_READ_DEFAULT_GROUP, "client");
	if (file)
		mysql_options(handle, MYSQL_READ_DEFAULT_FILE, file);
	if (enforce)
		mysql_options(handle, MYSQL_OPT_SSL_ENFORCE, &enforce);
	if (ca || certificate || key)
		mysql_ssl_set(handle, key, certificate, ca, NULL, NULL);
}

/* The library's own codes: what the server has made of the sentence, it does not know.  Which
 * of them it is differs: one connection that ends is 2013, the next 2006, with TLS 2026, and a
 * few are among those that only MariaDB's library has. */
static gboolean is_of_the_library(unsigned int code)
{
	return (code >= CR_MIN_ERROR && code <= CR_MAX_ERROR &&
		code != CR_COMMANDS_OUT_OF_SYNC) ||
	       (code >= NET_FIRST && code <= NET_LAST);
}

static ServerProblem problem_of(unsigned int code)
{
	if (is_of_the_library(code))
		return SERVER_LOST;
	switch (code) {
	case ER_SERVER_SHUTDOWN:
	case CONNECTION_KILLED:
	case SESSION_KILLED:
	case INACTIVE_TOO_LONG:
		return SERVER_LOST;
	case ER_LOCK_DEADLOCK:
		return SERVER_AGAIN;
	case ER_LOCK_WAIT_TIMEOUT:
		return SERVER_BUSY;
	case ER_DUP_ENTRY:
		return SERVER_DOUBLED;
	case ER_ACCESS_DENIED_ERROR:
	case ER_DBACCESS_DENIED_ERROR:
	case ER_TABLEACCESS_DENIED_ERROR:
	case ER_COLUMNACCESS_DENIED_ERROR:
	case ER_SPECIFIC_ACCESS_DENIED_ERROR:
		return SERVER_FORBIDDEN;
	case ER_OPTION_PREVENTS_STATEMENT:
	case ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION:
	case ER_OPEN_AS_READONLY:
		return SERVER_READ_ONLY;
	case ER_TRUNCATED_WRONG_VALUE_FOR_FIELD:
	case ER_DATA_TOO_LONG:
	case ER_INVALID_CHARACTER_STRING:
		return SERVER_UNFIT;
	default:
		return SERVER_REFUSES;
	}
}

static void take_packet(Connection *connection)
{
	MYSQL_RES *rows = NULL;
	MYSQL_ROW row = NULL;

	connection->packet = LEAST_PACKET;
	if (mysql_query(connection->handle, "SELECT @@max_allowed_packet") == 0)
		rows = mysql_store_result(connection->handle);
	if (rows)
		row = mysql_fetch_row(rows);
	if (row && row[0])
		connection->packet = (gsize)g_ascii_strtoull(row[0], NULL, 10);
	if (rows)
		mysql_free_result(rows);
}

/* 0: the usual one, or that of the option file. */
static gboolean read_port(const ServerPlace *place, unsigned int *port, char **reason)
{
	g_autofree char *quoted = NULL;
	guint64 number = 0;

	if (place->port &&
	    !g_ascii_string_to_unsigned(place->port, 10, 1, G_MAXUINT16, &number, NULL)) {
		quoted = text_quote(place->port);
		*reason = g_strdup_printf("%s is no port", quoted);
		return FALSE;
	}
	*port = (unsigned int)number;
	return TRUE;
}

static gpointer maria_connect(const ServerPlace *place, char **reason, ServerProblem *problem)
{
	MYSQL *handle;
	unsigned int port;
	Connection *connection;

	*problem = SERVER_REFUSES;
	if (!read_port(place, &port, reason))
		return NULL;
	handle = mysql_init(NULL);
	set_options(handle, place);
	/* CLIENT_FOUND_ROWS: a row that is as it is to be counts as written. */
	if (!mysql_real_connect(handle, place->host, place->user, place->password,
				place->database, port, socket_of(place), CLIENT_FOUND_ROWS)) {
		*reason = g_strdup(mysql_error(handle));
		*problem = problem_of(mysql_errno(handle));
		mysql_close(handle);
		return NULL;
	}
	connection = g_new0(Connection, 1);
	connection->handle = handle;
	take_packet(connection);
	return connection;
}

static char *maria_url(gpointer data, const ServerPlace *place)
{
	g_autofree char *database = g_uri_escape_string(place->database, NULL, FALSE);

	(void)data;
	if (socket_of(place))
		return g_strdup_printf("mariadb:///%s?socket=%s", database, socket_of(place));
	return g_strdup_printf("mariadb://%s:%s/%s", place->host ? place->host : "localhost",
			       place->port ? place->port : "3306", database);
}

/* ---- Asking ---- */

/* "... at row 3": of the sentence that has just failed. */
static guint row_in(const char *message)
{
	const char *row = strstr(message, " at row ");

	return row ? (guint)g_ascii_strtoull(row + strlen(" at row "), NULL, 10) : 0;
}

static void keep_failure(Connection *connection)
{
	connection->problem = problem_of(mysql_errno(connection->handle));
	g_free(connection->message);
	connection->message = g_strdup(mysql_error(connection->handle));
}

static gboolean send_sentence(Connection *connection, const char *sql, gsize length)
{
	if (mysql_real_query(connection->handle, sql, length) == 0)
		return TRUE;
	keep_failure(connection);
	return FALSE;
}

static gpointer maria_query(gpointer data, const char *sql)
{
	Connection *connection = data;
	Result *result;
	MYSQL_RES *rows;

	if (!send_sentence(connection, sql, strlen(sql)))
		return NULL;
	rows = mysql_store_result(connection->handle);
	if (!rows && mysql_errno(connection->handle) != 0) {
		keep_failure(connection);
		return NULL;
	}
	result = g_new0(Result, 1);
	result->rows = rows;
	result->changed = rows ? 0 : mysql_affected_rows(connection->handle);
	return result;
}

static gboolean maria_next(gpointer data, const char **cells, gsize *lengths)
{
	Result *result = data;
	MYSQL_ROW row = result->rows ? mysql_fetch_row(result->rows) : NULL;
	const unsigned long *sizes = row ? mysql_fetch_lengths(result->rows) : NULL;
	unsigned int n = row ? mysql_num_fields(result->rows) : 0;

	for (unsigned int i = 0; i < n; i++) {
		cells[i] = row[i];
		lengths[i] = sizes[i];
	}
	return row != NULL;
}

static guint64 maria_changed(gpointer data, gpointer result)
{
	(void)data;
	return ((Result *)result)->changed;
}

static void result_free(gpointer data)
{
	Result *result = data;

	if (result->rows)
		mysql_free_result(result->rows);
	g_free(result);
}

static ServerProblem maria_problem(gpointer data)
{
	return ((Connection *)data)->problem;
}

static char *maria_message(gpointer data)
{
	return g_strdup(((Connection *)data)->message);
}

static guint maria_failed_row(gpointer data)
{
	return ((Connection *)data)->failed_row;
}

/* A text as SQL has it, at the end of `sql`.  The library knows what has to be escaped. */
static void maria_append_text(gpointer data, GString *sql, const char *text)
{
	gsize length = strlen(text), before;

	g_string_append_c(sql, '\'');
	before = sql->len;
	g_string_set_size(sql, before + 2 * length + 1);
	length = mysql_real_escape_string(((Connection *)data)->handle, sql->str + before, text,
					  length);
	g_string_truncate(sql, before + length);
	g_string_append_c(sql, '\'');
}

static void append_list(gpointer data, GString *sql, const char *const *keys, guint n)
{
	for (guint i = 0; i < n; i++) {
		g_string_append(sql, i ? "," : " IN (");
		maria_append_text(data, sql, keys[i]);
	}
	g_string_append_c(sql, ')');
}

/* The first list is what the index is asked, in which CN1 is cn1; the second tells them apart.
 */
static void maria_append_among(gpointer data, GString *sql, const char *column,
			       const char *type, const char *const *keys, guint n)
{
	(void)type; /* a text is compared with any */
	g_string_append(sql, column);
	append_list(data, sql, keys, n);
	g_string_append_printf(sql, " AND " AS_IT_READS_HEAD "%s" AS_IT_READS, column);
	append_list(data, sql, keys, n);
}

/* ---- Changes sent in as few sentences as the server takes ---- */

static void append_value(Connection *connection, GString *sql, const char *text)
{
	g_string_append_c(sql, ',');
	if (text)
		maria_append_text(connection, sql, text);
	else
		g_string_append(sql, "NULL");
}

static void maria_append_new(gpointer data, GString *sql, const RowBatch *batch,
			     const char *const *keys, guint n)
{
	g_autoptr(GString) values = g_string_new(NULL);

	for (guint i = 0; i < batch->model->cells->len; i++)
		append_value(data, values, row_text(&row_cell(batch->model, i)->last->after));
	g_string_append_c(values, ')');
	for (guint i = 0; i < n; i++) {
		g_string_append(sql, i ? ",(" : "VALUES (");
		maria_append_text(data, sql, keys[i]);
		g_string_append_len(sql, values->str, (gssize)values->len);
	}
}

/* The rest is left for what is said beside the rows. */
static gsize maria_longest(gpointer data)
{
	return ((const Connection *)data)->packet / 2;
}

static void append_row(Connection *connection, GString *sql, const Row *row, guint number)
{
	g_string_append_printf(sql, "(%u", number);
	for (guint k = 0; k < row->first->n_key; k++)
		append_value(connection, sql, row->first->key[k]);
	for (guint c = 0; c < row->cells->len; c++) {
		const RowCell *cell = row_cell(row, c);

		if (!row->made)
			append_value(connection, sql, row_text(&cell->first->before));
		append_value(connection, sql, row_text(&cell->last->after));
	}
	g_string_append_c(sql, ')');
}

/* Half of a packet is left for the row that comes last. */
static gboolean maria_fill(gpointer data, const char *name, const RowBatch *batch,
			   guint *statements)
{
	Connection *connection = data;
	g_autoptr(GString) sql = g_string_new("INSERT INTO ");
	gsize head;
	guint first = 0; /* of the sentence */

	g_string_append_printf(sql, "%s VALUES ", name);
	head = sql->len;
	*statements = 0;
	for (guint i = 0; i < batch->rows->len; i++) {
		if (sql->len > head)
			g_string_append_c(sql, ',');
		append_row(connection, sql, batch->rows->pdata[i], i);
		if (sql->len < connection->packet / 2 && i + 1 < batch->rows->len)
			continue;
		++*statements;
		if (!send_sentence(connection, sql->str, sql->len)) {
			guint row = row_in(connection->message);

			connection->failed_row = row ? first + row : 0;
			return FALSE;
		}
		g_string_truncate(sql, head);
		first = i + 1;
	}
	return TRUE;
}

/* ---- Sentences ---- */

/* Strict: a value that does not fit is an error, and not cut.  A run waits for hosts by the
 * hour, and the lock of the run hangs on this connection. */
static char **maria_settings(void)
{
	return server_sentences(
		"SET SESSION sql_mode = 'STRICT_ALL_TABLES', wait_timeout = 31536000", NULL);
}

static char **maria_picture(void)
{
	return server_sentences("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ",
				"START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
}

/* What is sent there is sent outside of the transaction; its time limit is in seconds. */
static char **maria_begin(guint wait)
{
	g_autofree char *timeout = g_strdup_printf("SET SESSION innodb_lock_wait_timeout = %u",
						   MAX((wait + 999) / 1000, 1));

	return server_sentences(timeout, NULL);
}

/* Rows are locked as they are read by the guard and written: who reads goes on.  LOCK TABLES
 * would stop all readers. */
static char **maria_lock(const char *const *written, const char *const *guarded)
{
	(void)written, (void)guarded;
	return server_sentences("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ",
				"START TRANSACTION");
}

/* The three views are asked one by one: joined, they take ten times as long. */
static char *maria_describe(gpointer data, const char *table)
{
	g_autoptr(GString) name = g_string_new(NULL);

	maria_append_text(data, name, table);
	return g_strdup_printf(
		"SELECT c.COLUMN_NAME, CONCAT(c.COLUMN_TYPE, IF(c.CHARACTER_SET_NAME IS NULL, "
		"'', CONCAT(' CHARACTER SET ', c.CHARACTER_SET_NAME, ' COLLATE ',"
		" c.COLLATION_NAME))), COALESCE(FIND_IN_SET(c.COLUMN_NAME,"
		" (SELECT GROUP_CONCAT(s.COLUMN_NAME ORDER BY s.SEQ_IN_INDEX)"
		" FROM information_schema.STATISTICS s WHERE s.TABLE_SCHEMA = DATABASE()"
		" AND s.TABLE_NAME = %s AND s.INDEX_NAME = 'PRIMARY')), 0),"
		" IF(c.IS_NULLABLE = 'YES', '1', '0'), NULL"
		" FROM information_schema.COLUMNS c WHERE c.TABLE_SCHEMA = DATABASE()"
		" AND c.TABLE_NAME = %s AND BINARY c.TABLE_NAME = %s"
		" AND (SELECT t.TABLE_TYPE FROM information_schema.TABLES t"
		" WHERE t.TABLE_SCHEMA = DATABASE() AND t.TABLE_NAME = %s) = 'BASE TABLE'"
		" ORDER BY c.ORDINAL_POSITION",
		name->str, name->str, name->str, name->str);
}

/* MyISAM and the like: each sentence is written at once, and a ROLLBACK takes nothing back. */
static char *maria_unsafe(gpointer connection, const char *const *tables)
{
	GString *sql = g_string_new("SELECT t.TABLE_NAME, t.ENGINE FROM"
				    " information_schema.TABLES t LEFT JOIN"
				    " information_schema.ENGINES e ON e.ENGINE = t.ENGINE"
				    " WHERE t.TABLE_SCHEMA = DATABASE()"
				    " AND COALESCE(e.TRANSACTIONS, 'NO') <> 'YES'"
				    " AND t.TABLE_NAME IN (");

	for (guint i = 0; tables[i]; i++) {
		g_string_append(sql, i ? ", " : "");
		maria_append_text(connection, sql, tables[i]);
	}
	g_string_append(sql, ") ORDER BY t.TABLE_NAME");
	return g_string_free(sql, FALSE);
}

/* The changes come first: of a large table only the rows that they name are looked at. */
static char *maria_update(const char *target, const char *source, const char *on,
			  const char *set, const char *where)
{
	return g_strdup_printf("UPDATE %s AS v STRAIGHT_JOIN %s AS t ON %s SET %s WHERE %s",
			       source, target, on, set, where);
}

static char *maria_remove(const char *target, const char *source, const char *on,
			  const char *where)
{
	return g_strdup_printf("DELETE t FROM %s AS v STRAIGHT_JOIN %s AS t ON %s WHERE %s",
			       source, target, on, where);
}

/* Locks are the server's, not the database's, and their names have a limit. */
static void append_lock_name(gpointer connection, GString *sql, const char *database)
{
	g_autofree char *name = g_strconcat("snmove.", database, NULL);
	g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_MD5, database, -1);
	g_autofree char *other = g_strconcat("snmove.", digest, NULL);

	maria_append_text(connection, sql, strlen(name) <= LONGEST_NAME ? name : other);
}

static char *maria_run_lock(gpointer connection, const char *database)
{
	GString *sql = g_string_new("SELECT GET_LOCK(");

	append_lock_name(connection, sql, database);
	g_string_append(sql, ", 0)");
	return g_string_free(sql, FALSE);
}

static char *maria_run_unlock(gpointer connection, const char *database)
{
	GString *sql = g_string_new("SELECT RELEASE_LOCK(");

	append_lock_name(connection, sql, database);
	g_string_append_c(sql, ')');
	return g_string_free(sql, FALSE);
}

static char *maria_run_holder(gpointer connection, const char *database)
{
	GString *sql = g_string_new("SELECT CONCAT('user ', USER, ' from ', HOST, "
				    "' (connection ', ID, ')')"
				    " FROM information_schema.PROCESSLIST"
				    " WHERE ID = IS_USED_LOCK(");

	append_lock_name(connection, sql, database);
	g_string_append_c(sql, ')');
	return g_string_free(sql, FALSE);
}

static char *maria_run_name(gpointer connection, const char *who)
{
	(void)connection, (void)who;
	return NULL;
}

/* Needs the PROCESS right, which xCAT's user does not have: then nobody is named. */
static char *maria_holders(gpointer connection, const char *const *tables)
{
	(void)connection, (void)tables;
	return g_strdup(
		"SELECT CONCAT('user ', p.USER, ' from ', p.HOST, ' (connection ', p.ID, ')')"
		" FROM information_schema.INNODB_TRX x"
		" JOIN information_schema.PROCESSLIST p ON p.ID = x.trx_mysql_thread_id"
		" WHERE x.trx_rows_locked > 0 AND p.ID <> CONNECTION_ID()"
		" ORDER BY x.trx_started LIMIT 1");
}

static const ServerClass mariadb = {
	.product = "MariaDB",
	.scheme = "mariadb",
	.client = "mariadb -e 'SHOW FULL PROCESSLIST; SHOW ENGINE INNODB STATUS'",
	.quote = '`',
	.connect = maria_connect,
	.disconnect = disconnect,
	.url = maria_url,
	.query = maria_query,
	.next = maria_next,
	.changed = maria_changed,
	.result_free = result_free,
	.problem = maria_problem,
	.message = maria_message,
	.append_text = maria_append_text,
	.fill = maria_fill,
	.failed_row = maria_failed_row,
	.settings = maria_settings,
	.picture = maria_picture,
	.begin = maria_begin,
	.lock = maria_lock,
	.describe = maria_describe,
	.unsafe = maria_unsafe,
	.tables = "SELECT TABLE_NAME FROM information_schema.TABLES"
		  " WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE'",
	.create_head = "CREATE TEMPORARY TABLE ",
	.create_tail = "",
	.temporary = "",
	.lock_written = " FOR UPDATE",
	.lock_guarded = " LOCK IN SHARE MODE",
	.same_head = "BINARY ",
	.same = " <=> BINARY ",
	.same_text_head = AS_IT_READS_HEAD,
	.same_text = AS_IT_READS " <=> BINARY ",
	.by_key = " FORCE INDEX (PRIMARY)",
	.append_among = maria_append_among,
	.append_new = maria_append_new,
	.longest = maria_longest,
	.repeats_values = TRUE,
	.delete_head = "DELETE t FROM ",
	.folds = TRUE,
	.set_head = "t.",
	.update = maria_update,
	.remove = maria_remove,
	.run_lock = maria_run_lock,
	.run_holder = maria_run_holder,
	.run_unlock = maria_run_unlock,
	.run_name = maria_run_name,
	.holders = maria_holders,
};

static gpointer open_mariadb(const char *scheme, const char *place, char **url, GError **error)
{
	return server_open(&mariadb, scheme, place, url, error);
}

const StoreDriver store_mariadb = { SERVER_DRIVER(open_mariadb) };
