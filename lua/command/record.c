/*
 * A line each, in this order:
 *
 *     {"kind":"recording","words":[...]}     what was typed, without what is a test's own
 *     {"kind":"table","name":"noderes","rows":[{"node":"cn01",...},...]}
 *     {"kind":"answer","host":"sn2","script":"sha256","first":"...","status":0,
 *      "error":"","out":"base64","err":"base64"}     "script" null: it could not be reached
 *     {"kind":"name","name":"cn01","address":"10.2.1.1"}
 *     {"kind":"end"}
 */
#include "lua/command/record.h"
#include "core/base.h"
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <string.h>
#include <unistd.h>

#define LINE 76 /* columns of base64 as hosts write it */

static FILE *file;

/* ---- Secrets ---- */

static void hide_table(const StoreTable *table)
{
	int column = store_table_column(table, "password");

	for (guint row = 0; column >= 0 && row < table->n_rows; row++) {
		const char *key =
			store_table_cell(table, row, table->n_keys ? (int)table->keys[0] : -1);
		const char *value = store_table_cell(table, row, column);
		/* Of a table without a key each column is one: its name is not the secret. */
		gboolean named = key && g_strcmp0(key, value) != 0;
		g_autofree char *name = g_strdup_printf("%s.%s", table->name, named ? key : "");

		if (value)
			secret_add(name, value);
	}
}

static gboolean is_log(const char *table)
{
	return g_str_equal(table, "auditlog") || g_str_equal(table, "eventlog");
}

/* Does `look` for all tables but those that only grow. */
static gboolean each_table(Cluster *cluster, void (*look)(const StoreTable *table),
			   GError **error)
{
	g_auto(GStrv) names = store_tables(cluster_store(cluster), error);

	for (guint i = 0; names && names[i]; i++) {
		const StoreTable *table =
			is_log(names[i]) ? NULL : cluster_table(cluster, names[i], error);

		if (table)
			look(table);
		else if (!is_log(names[i]))
			return FALSE;
	}
	return names != NULL;
}

/* Lines of base64 are one text: is a secret in that?  Gives the same with it masked, in lines
 * again; or NULL. */
static char *mask_encoded(const char *text, gsize length)
{
	g_autofree char *encoded = g_strndup(text, length);
	gsize size;
	g_autofree guchar *bytes = g_base64_decode(encoded, &size);
	g_autofree char *masked = secret_mask((const char *)bytes, &size);
	g_autofree char *again = NULL;
	GString *lines;

	if (!masked)
		return NULL;
	again = g_base64_encode((const guchar *)masked, size);
	lines = g_string_new(NULL);
	for (gsize at = 0; again[at]; at += MIN(LINE, strlen(again + at)))
		g_string_append_printf(lines, "%.*s\n", LINE, again + at);
	return g_string_free(lines, FALSE);
}

static gboolean is_encoded(const char *line, gsize length)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789+/=";

	return length >= SECRET_LEAST && strspn(line, letters) >= length;
}

/* What a host has said, with secrets masked, also in what it has said in base64. */
static GString *mask(const GString *said)
{
	gsize length = said->len;
	g_autofree char *masked = secret_mask(said->str, &length);
	g_autoptr(GString) text = g_string_new_len(masked ? masked : said->str, (gssize)length);
	GString *out = g_string_new(NULL);

	for (gsize at = 0; at < text->len;) {
		gsize end = at, next = at;
		g_autofree char *instead = NULL;

		while (next < text->len) {
			const char *newline = memchr(text->str + next, '\n', text->len - next);
			gsize line = newline ? (gsize)(newline - text->str) - next
					     : text->len - next;

			if (!is_encoded(text->str + next, line))
				break;
			next = end = MIN(next + line + 1, text->len);
			if (line != LINE)
				break;
		}
		if (end == at) {
			const char *newline = memchr(text->str + at, '\n', text->len - at);

			end = newline ? (gsize)(newline - text->str) + 1 : text->len;
		} else {
			instead = mask_encoded(text->str + at, end - at);
		}
		if (instead)
			g_string_append(out, instead);
		else
			g_string_append_len(out, text->str + at, (gssize)(end - at));
		at = end;
	}
	return out;
}

/* ---- Lines ---- */

/* Masked, and bytes that are no UTF-8 as ours. */
static json_t *text_of(const char *text)
{
	gsize length = strlen(text);
	g_autofree char *masked = secret_mask(text, &length);
	const char *shown = masked ? masked : text;
	g_autofree char *valid = g_utf8_make_valid(shown, -1);

	return json_string(valid);
}

/* Takes `object`. */
static void write_line(json_t *object)
{
	(void)json_dumpf(object, file, JSON_COMPACT);
	(void)fputc('\n', file);
	json_decref(object);
}

static json_t *line_of(const char *kind)
{
	return json_pack("{s:s}", "kind", kind);
}

/* Where the tables, the state and the hooks are is the test's own. */
static gboolean is_own(const char *word, gboolean *takes_next)
{
	static const OptionId own[] = { OPTION_RECORD, OPTION_CONFIG, OPTION_DB, OPTION_STATE,
					OPTION_HOOKS };

	for (gsize i = 0; i < G_N_ELEMENTS(own); i++) {
		g_autofree char *option = g_strconcat("--", options_name(own[i]), NULL);

		*takes_next = g_str_equal(word, option);
		if (*takes_next ||
		    (g_str_has_prefix(word, option) && word[strlen(option)] == '='))
			return TRUE;
	}
	return FALSE;
}

static void write_words(const Request *request)
{
	json_t *object = line_of("recording"), *words = json_array();

	for (guint i = 1; request->argv[i]; i++) {
		gboolean takes_next;

		if (!is_own(request->argv[i], &takes_next))
			json_array_append_new(words, text_of(request->argv[i]));
		else if (takes_next && request->argv[i + 1])
			i++;
	}
	json_object_set_new(object, "words", words);
	write_line(object);
}

static void set_bytes(json_t *object, const char *name, const GString *said)
{
	g_autoptr(GString) masked = mask(said);
	g_autofree char *encoded = g_base64_encode((const guchar *)masked->str, masked->len);

	json_object_set_new(object, name, json_string(encoded));
}

static void set_script(json_t *object, const RemoteRecorded *recorded)
{
	g_autofree char *digest = g_compute_checksum_for_data(
		G_CHECKSUM_SHA256, (const guchar *)recorded->script, recorded->length);
	g_autofree char *first =
		g_strndup(recorded->script, MIN(strcspn(recorded->script, "\n"), 200));

	json_object_set_new(object, "script", json_string(digest));
	json_object_set_new(object, "first", text_of(first));
}

static void write_answer(const RemoteRecorded *recorded, gpointer data)
{
	const RemoteResult *result = recorded->result;
	json_t *object = line_of("answer");

	(void)data;
	json_object_set_new(object, "host", text_of(recorded->host));
	json_object_set_new(object, "error",
			    json_string(result->error ? remote_error_name(result->error) : ""));
	if (recorded->script) {
		set_script(object, recorded);
		json_object_set_new(object, "status", json_integer(MAX(recorded->status, 0)));
		set_bytes(object, "out", result->out);
		set_bytes(object, "err", result->err);
	}
	write_line(object);
}

static json_t *row_of(const StoreTable *table, guint row)
{
	json_t *object = json_object();

	for (guint column = 0; column < table->n_columns; column++) {
		const char *cell = store_table_cell(table, row, (int)column);

		if (cell)
			json_object_set_new(object, table->columns[column], text_of(cell));
	}
	return object;
}

static void write_table(const StoreTable *table)
{
	json_t *object = line_of("table"), *rows = json_array();

	for (guint row = 0; row < table->n_rows; row++)
		json_array_append_new(rows, row_of(table, row));
	json_object_set_new(object, "name", json_string(table->name));
	json_object_set_new(object, "rows", rows);
	write_line(object);
}

static void write_name(Hosts *hosts, GHashTable *written, const char *name)
{
	const char *address = name && g_hash_table_add(written, (gpointer)name)
				      ? hosts_address(hosts, name, NULL)
				      : NULL;
	json_t *object;

	if (!address || g_str_equal(address, name))
		return;
	object = line_of("name");
	json_object_set_new(object, "name", text_of(name));
	json_object_set_new(object, "address", json_string(address));
	write_line(object);
}

/* Of the nodes and their servers. */
static void write_names(const Work *work)
{
	g_autoptr(GHashTable) written = g_hash_table_new(g_str_hash, g_str_equal);
	Hosts *hosts = work->context->hosts;

	for (guint i = 0; work->move && i < move_count(work->move); i++) {
		const MoveNode *node = move_node(work->move, i);

		write_name(hosts, written, node->name);
		write_name(hosts, written, node->old.sn);
		write_name(hosts, written, node->old.snn);
		write_name(hosts, written, node->new.sn);
		write_name(hosts, written, node->new.snn);
	}
}

/* ---- The file ---- */

static gboolean refuse(const char *path, GError **error)
{
	g_autofree char *quoted = text_quote(path);

	g_set_error(error, SESSION_ERROR, SESSION_ERROR_RUN, "--record: %s: %s", quoted,
		    errno == EEXIST ? "there is such a file already" : g_strerror(errno));
	return FALSE;
}

gboolean record_start(const char *path, const Work *work, GError **error)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		return refuse(path, error);
	file = fdopen(fd, "w");
	write_words(work->request);
	/* As they are stored: a plan lays over them what it would write. */
	if (!each_table(work->context->cluster, hide_table, error) ||
	    !each_table(work->context->cluster, write_table, error))
		return FALSE;
	remote_on_recorded(write_answer, NULL);
	return TRUE;
}

gboolean record_end(const Work *work, GError **error)
{
	remote_on_recorded(NULL, NULL);
	write_names(work);
	write_line(line_of("end"));
	if (ferror(file) || fclose(g_steal_pointer(&file)) != 0)
		return refuse(request_text(work->request, OPTION_RECORD), error);
	return TRUE;
}
