#include "tests/lib/database_server.h"
#include "tests/lib/harness.h"
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct database_server {
	char *product, *directory, *folder;
	pid_t keeper;
	int say;      /* its standard input: it lives as long as this is open */
	FILE *answer; /* its standard output */
};

static gboolean is_mariadb(const DatabaseServer *server)
{
	return g_str_equal(server->product, "mariadb");
}

static void await(DatabaseServer *server, const char *word)
{
	char line[100] = "";

	if (!fgets(line, sizeof(line), server->answer) || !g_str_has_prefix(line, word))
		fail_msg("the %s server did not say %s", server->product, word);
}

gboolean database_server_is_there(const char *product)
{
	g_autofree char *script = harness_source("tests/lib/database_server");
	g_autoptr(GSubprocess) process =
		g_subprocess_new(G_SUBPROCESS_FLAGS_NONE, NULL, script, "there", product, NULL);

	return process && g_subprocess_wait_check(process, NULL, NULL);
}

static void become_keeper(const DatabaseServer *server, int input, int output)
{
	g_autofree char *script = harness_source("tests/lib/database_server");

	if (dup2(input, STDIN_FILENO) >= 0 && dup2(output, STDOUT_FILENO) >= 0)
		execl("/bin/bash", "bash", script, server->product, server->folder, NULL);
	_exit(127);
}

DatabaseServer *database_server_start(const char *product)
{
	DatabaseServer *server = g_new0(DatabaseServer, 1);
	int in[2], out[2];

	(void)signal(SIGPIPE, SIG_IGN);
	server->product = g_strdup(product);
	server->directory = harness_directory();
	/* The server is another user, and has to come through. */
	assert_int_equal(g_chmod(server->directory, 0711), 0);
	server->folder = g_build_filename(server->directory, "server", NULL);
	assert_int_equal(pipe2(in, O_CLOEXEC), 0);
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	server->keeper = fork();
	if (server->keeper == 0)
		become_keeper(server, in[0], out[1]);
	close(in[0]);
	close(out[1]);
	server->say = in[1];
	server->answer = fdopen(out[0], "r");
	await(server, "ready");
	return server;
}

void database_server_stop(DatabaseServer *server)
{
	int status;

	close(server->say);
	waitpid(server->keeper, &status, 0);
	(void)fclose(server->answer);
	harness_remove(server->directory);
	g_free(server->folder);
	g_free(server->product);
	g_free(server);
}

void database_server_say(DatabaseServer *server, const char *word)
{
	g_autofree char *line = g_strconcat(word, "\n", NULL);

	if (write(server->say, line, strlen(line)) != (ssize_t)strlen(line))
		fail_msg("the keeper of the %s server has gone", server->product);
	await(server, "done");
}

const char *database_server_product(const DatabaseServer *server)
{
	return server->product;
}

const char *database_server_folder(const DatabaseServer *server)
{
	return server->folder;
}

char *database_server_url(const DatabaseServer *server, const char *options)
{
	if (is_mariadb(server))
		return g_strdup_printf("mariadb://snmove@/xcatdb?socket=%s/socket%s",
				       server->folder, options);
	return g_strdup_printf("postgresql://snmove@/xcatdb?host=%s%s", server->folder,
			       options);
}

static GSubprocess *client(const DatabaseServer *server, GError **problem)
{
	g_autofree char *socket = g_strdup_printf("--socket=%s/socket", server->folder);
	GSubprocessFlags flags = G_SUBPROCESS_FLAGS_STDIN_PIPE |
				 G_SUBPROCESS_FLAGS_STDOUT_PIPE |
				 G_SUBPROCESS_FLAGS_STDERR_MERGE;

	if (is_mariadb(server))
		return g_subprocess_new(flags, problem, "mariadb", "--no-defaults", socket,
					"-u", "root", "-N", "-B", "-n", "--force", "xcatdb",
					NULL);
	return g_subprocess_new(flags, problem, "psql", "-X", "-q", "-h", server->folder, "-U",
				"snmove", "-d", "xcatdb", "-A", "-t", "-F", "\t", "-P",
				"null=NULL", "-v", "ON_ERROR_STOP=1", NULL);
}

char *database_server_ask(const DatabaseServer *server, const char *sql)
{
	g_autoptr(GError) problem = NULL;
	g_autoptr(GSubprocess) process = client(server, &problem);
	g_autofree char *said = NULL;
	g_auto(GStrv) lines = NULL;
	GString *text = g_string_new(NULL);

	assert_ok(process && g_subprocess_communicate_utf8(process, sql, NULL, &said, NULL,
							   &problem),
		  problem);
	if (!g_subprocess_get_successful(process))
		fail_msg("%s: %s", sql, said);
	lines = g_strsplit(said, "\n", -1);
	for (guint i = 0; lines[i] && (lines[i + 1] || *lines[i]); i++) {
		g_auto(GStrv) cells = g_strsplit(lines[i], "\t", -1);

		g_string_append(text, i ? "/" : "");
		for (guint j = 0; cells[j]; j++)
			g_string_append_printf(text, "%s%s", j ? "," : "",
					       g_str_equal(cells[j], "NULL") ? "~" : cells[j]);
	}
	return g_string_free(text, FALSE);
}

void database_server_load(const DatabaseServer *server, const char *path)
{
	g_autofree char *file = harness_source(path);
	g_autofree char *sql = NULL;
	g_autoptr(GError) problem = NULL;

	assert_ok(g_file_get_contents(file, &sql, NULL, &problem), problem);
	g_free(database_server_ask(server, sql));
}

/* ---- From SQLite ---- */

/* Of each table: what makes it, as SQL that all of them take; and the question that gives its
 * rows as statements, for SQLite itself. */
static const char tables_as_sql[] =
	"SELECT 'DROP TABLE IF EXISTS \"' || t || '\"; CREATE TABLE \"' || t || '\" (' || "
	"group_concat('\"' || name || '\" ' || CASE WHEN pk > 0 THEN 'VARCHAR(128) NOT NULL' "
	"ELSE 'TEXT' END, ', ') || coalesce((SELECT ', PRIMARY KEY (' || "
	"group_concat('\"' || name || '\"') || ')' FROM (SELECT name FROM pragma_table_info(t) "
	"WHERE pk > 0 ORDER BY pk) HAVING count(*) > 0), '') || ');', "
	"'SELECT ''INSERT INTO \"' || t || '\" VALUES ('' || ' || group_concat('quote(' || "
	"CASE WHEN pk > 0 THEN 'coalesce(\"' || name || '\", '''')' ELSE '\"' || name || '\"' "
	"END || ')', ' || '','' || ') || ' || '');'' FROM \"' || t || '\"' "
	"FROM (SELECT name AS t FROM sqlite_master WHERE type = 'table'), pragma_table_info(t) "
	"GROUP BY t";

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *rows = NULL;

	if (sqlite3_prepare_v2(db, sql, -1, &rows, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	return rows;
}

static void add_rows(GString *sql, sqlite3 *db, const char *question)
{
	sqlite3_stmt *rows = prepare(db, question);

	while (sqlite3_step(rows) == SQLITE_ROW)
		g_string_append_printf(sql, "%s\n", (const char *)sqlite3_column_text(rows, 0));
	sqlite3_finalize(rows);
}

/* Names that differ only in their case are two on MariaDB only if it compares bytes: a key as
 * xCAT makes it there has room for one of them. */
static void make_table(GString *sql, const DatabaseServer *server, const char *statements)
{
	g_autoptr(GString) text = g_string_new(statements);

	if (is_mariadb(server))
		g_string_replace(text, "VARCHAR(128)", "VARCHAR(128) COLLATE latin1_bin", 0);
	g_string_append_printf(sql, "%s\nBEGIN;\n", text->str);
}

void database_server_push(const DatabaseServer *server, const char *file)
{
	g_autoptr(GString) sql = g_string_new(NULL);
	sqlite3 *db;
	sqlite3_stmt *tables;

	if (is_mariadb(server))
		g_string_append(sql, "SET sql_mode = 'ANSI,NO_BACKSLASH_ESCAPES';\n");
	assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
	tables = prepare(db, tables_as_sql);
	while (sqlite3_step(tables) == SQLITE_ROW) {
		make_table(sql, server, (const char *)sqlite3_column_text(tables, 0));
		add_rows(sql, db, (const char *)sqlite3_column_text(tables, 1));
		g_string_append(sql, "COMMIT;\n");
	}
	sqlite3_finalize(tables);
	sqlite3_close(db);
	g_free(database_server_ask(server, sql->str));
}

/* ---- Somebody else ---- */

struct database_session {
	GSubprocess *process;
	GOutputStream *say;
	GDataInputStream *answer;
};

DatabaseSession *database_session_open(const DatabaseServer *server)
{
	DatabaseSession *session = g_new0(DatabaseSession, 1);
	g_autoptr(GError) problem = NULL;

	session->process = client(server, &problem);
	assert_ok(session->process, problem);
	session->say = g_subprocess_get_stdin_pipe(session->process);
	session->answer =
		g_data_input_stream_new(g_subprocess_get_stdout_pipe(session->process));
	return session;
}

void database_session_begin(DatabaseSession *session, const char *sql)
{
	g_autofree char *text = g_strconcat(sql, ";\nSELECT 'it is done';\n", NULL);
	g_autoptr(GError) problem = NULL;

	assert_ok(g_output_stream_write_all(session->say, text, strlen(text), NULL, NULL,
					    &problem) &&
			  g_output_stream_flush(session->say, NULL, &problem),
		  problem);
}

void database_session_await(DatabaseSession *session)
{
	for (;;) {
		g_autofree char *line =
			g_data_input_stream_read_line(session->answer, NULL, NULL, NULL);

		if (!line) {
			fail_msg("another session has ended");
			return;
		}
		if (g_str_equal(line, "it is done"))
			return;
	}
}

void database_session_say(DatabaseSession *session, const char *sql)
{
	database_session_begin(session, sql);
	database_session_await(session);
}

void database_session_close(DatabaseSession *session)
{
	g_output_stream_close(session->say, NULL, NULL);
	g_subprocess_wait(session->process, NULL, NULL);
	g_object_unref(session->answer);
	g_object_unref(session->process);
	g_free(session);
}
