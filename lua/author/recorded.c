/*
 * Hosts as a recording (snmove --record) has them: each script that was recorded for a host has
 * the answer that it had then; of equal ones one after the other, and the last for all that
 * follow.
 *
 * The file `recorded` of a world is a GKeyFile, a group for each answer, in their order:
 *
 *     host      its name
 *     script    the SHA-256 of the script; none: the host could not be asked
 *     error     as remote_error_name has it; nothing: the script came to its end
 *     status
 *     out, err  in base64
 */
#include "lua/author/recorded.h"
#include <string.h>

typedef struct {
	GQueue answers; /* groups of the file */
} Script;

typedef struct {
	GKeyFile *file;
	GHashTable *scripts; /* "HOST SHA256" -> Script */
} Recording;

static RemoteErrorCode error_of(const char *name)
{
	for (RemoteErrorCode code = REMOTE_OK + 1; code <= REMOTE_FAILED; code++)
		if (g_str_equal(remote_error_name(code), name))
			return code;
	return REMOTE_OK;
}

static char *value(const Recording *recording, const char *group, const char *key)
{
	if (!g_key_file_has_key(recording->file, group, key, NULL))
		return g_strdup("");
	return g_key_file_get_string(recording->file, group, key, NULL);
}

static void add_bytes(const Recording *recording, const char *group, const char *key,
		      GString *to)
{
	g_autofree char *text = value(recording, group, key);
	gsize length;
	g_autofree guchar *bytes = g_base64_decode(text, &length);

	g_string_append_len(to, (const char *)bytes, (gssize)length);
}

static char *key_of(const char *host, const char *digest)
{
	g_autofree char *lower = g_ascii_strdown(host, -1);

	return g_strconcat(lower, " ", digest, NULL);
}

/* Nobody has heard what it would say to this. */
static void say_unknown(const RemoteToldScript *script, RemoteResult *said)
{
	g_string_append_printf(said->err, "this was not recorded of %s: %.*s\n", script->host,
			       (int)MIN(strcspn(script->script, "\n"), 200), script->script);
	said->status = 127;
}

static void answer(const RemoteToldScript *script, RemoteResult *said, gpointer data)
{
	const Recording *recording = data;
	g_autofree char *digest = g_compute_checksum_for_data(
		G_CHECKSUM_SHA256, (const guchar *)script->script, script->length);
	g_autofree char *key = key_of(script->host, digest);
	Script *known = g_hash_table_lookup(recording->scripts, key);
	g_autofree char *error = NULL;
	const char *group;

	if (!known) {
		say_unknown(script, said);
		return;
	}
	group = known->answers.length > 1 ? g_queue_pop_head(&known->answers)
					  : g_queue_peek_head(&known->answers);
	add_bytes(recording, group, "out", said->out);
	add_bytes(recording, group, "err", said->err);
	said->status = g_key_file_get_integer(recording->file, group, "status", NULL);
	error = value(recording, group, "error");
	said->error = error_of(error);
}

static void add_script(const Recording *recording, const char *host, const char *digest,
		       const char *group)
{
	char *key = key_of(host, digest);
	Script *known = g_hash_table_lookup(recording->scripts, key);

	if (!known) {
		known = g_new0(Script, 1);
		g_hash_table_insert(recording->scripts, g_strdup(key), known);
	}
	g_queue_push_tail(&known->answers, (gpointer)g_intern_string(group));
	g_free(key);
}

/* A host that could not be asked even once is so here; of another one it is forgotten. */
static void tell_host(Remote *remote, Recording *recording, const char *host, const char *error)
{
	RemoteTold told = { .answer = answer, .data = recording };

	if (error)
		told.error = error_of(error);
	remote_tell(remote, host, &told);
}

/* It is asked as long as the program runs. */
static Recording *played;

gboolean recorded_tell(Remote *remote, const char *path)
{
	g_autoptr(GHashTable) hosts =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_auto(GStrv) groups = NULL;
	GHashTableIter each;
	gpointer host, error;

	played = g_new0(Recording, 1);
	played->file = g_key_file_new();
	played->scripts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	if (!g_key_file_load_from_file(played->file, path, G_KEY_FILE_NONE, NULL)) {
		g_key_file_free(played->file);
		g_hash_table_unref(played->scripts);
		g_clear_pointer(&played, g_free);
		return FALSE;
	}
	groups = g_key_file_get_groups(played->file, NULL);
	for (gsize i = 0; groups[i]; i++) {
		g_autofree char *name = value(played, groups[i], "host");
		g_autofree char *digest = value(played, groups[i], "script");

		if (*digest) {
			add_script(played, name, digest, groups[i]);
			g_hash_table_replace(hosts, g_strdup(name), NULL);
		} else if (!g_hash_table_contains(hosts, name)) {
			g_hash_table_replace(hosts, g_strdup(name),
					     value(played, groups[i], "error"));
		}
	}
	g_hash_table_iter_init(&each, hosts);
	while (g_hash_table_iter_next(&each, &host, &error))
		tell_host(remote, played, host, error);
	return TRUE;
}
