/* Files on a host: how they are seen, and told of. */
#include "core/base.h"
#include "core/remote/files.h"
#include "core/remote/look.sh.h"
#include "core/remote/state.sh.h"
#include "core/remote/tools.sh.h"
#include <string.h>

/* What a look says of each path: see look.sh, and RemoteSeen. */
#define LINES 5

#define MOUNT "mount"

/* The word that tells two contents apart: a digest, a target, nothing. */
static const char *content_of(const char *state)
{
	const char *last = strrchr(state, ' ');

	return last ? last + 1 : "";
}

gboolean remote_same_content(const char *state, const char *other)
{
	return strcspn(state, " ") == strcspn(other, " ") &&
	       strncmp(state, other, strcspn(state, " ")) == 0 &&
	       g_str_equal(content_of(state), content_of(other));
}

char *remote_state_target(const char *state)
{
	gsize length;
	g_autofree guchar *target = NULL;

	if (!g_str_has_prefix(state, "link "))
		return NULL;
	target = g_base64_decode(content_of(state), &length);
	return g_strndup((const char *)target, length);
}

char **remote_state_words(const char *state)
{
	g_auto(GStrv) words = g_strsplit(state, " ", -1);
	guint n = g_strv_length(words);

	if (n == 6 && g_str_equal(words[4], MOUNT)) {
		g_free(words[4]);
		words[4] = g_steal_pointer(&words[5]);
		n--;
	}
	if (n != 5 || !g_str_equal(words[0], "file"))
		return NULL;
	return g_steal_pointer(&words);
}

gboolean remote_state_is_mount(const char *state)
{
	return strstr(state, " " MOUNT " ") != NULL;
}

char *remote_state_text(const char *state)
{
	g_autofree char *target = remote_state_target(state);
	g_autofree char *quoted = target ? text_quote(target) : NULL;
	g_auto(GStrv) words = remote_state_words(state);

	if (quoted)
		return g_strdup_printf("a link to %s", quoted);
	if (words)
		return g_strdup_printf("a file of %s byte%s", words[3],
				       g_str_equal(words[3], "1") ? "" : "s");
	return g_strdup(g_str_equal(state, REMOTE_ABSENT) ? "absent"
							  : "neither a file nor a link");
}

static gboolean is_plain_path(const char *path)
{
	g_autofree char *plain =
		g_path_is_absolute(path) ? g_canonicalize_filename(path, "/") : NULL;

	return plain && g_str_equal(plain, path) && !g_str_equal(path, "/");
}

/* chown takes it as it is, and it is compared with what stat says. */
static gboolean is_owner(const char *owner)
{
	g_auto(GStrv) names = g_strsplit(owner, ":", -1);
	guint n = g_strv_length(names);

	return (n == 1 || n == 2) && *names[0] && *names[n - 1] && *owner != '-';
}

gboolean remote_file_check(const RemoteFile *file, GError **error)
{
	g_autofree char *path = text_quote(file->path);

	if (!is_plain_path(file->path))
		g_set_error(
			error, REMOTE_ERROR, REMOTE_FAILED,
			"%s is not the path of a file: it begins with /, and has no //, /./ "
			"or /../ in it",
			path);
	else if (file->mode > 07777)
		g_set_error(error, REMOTE_ERROR, REMOTE_FAILED,
			    "%s: mode %o is none (0644 is one)", path, (guint)file->mode);
	else if (file->owner && !is_owner(file->owner))
		g_set_error(error, REMOTE_ERROR, REMOTE_FAILED,
			    "%s: '%s' is no owner: USER or USER:GROUP", path, file->owner);
	else if (file->kind == REMOTE_FILE_LINK && file->length == 0)
		g_set_error(error, REMOTE_ERROR, REMOTE_FAILED, "%s: a link has a target",
			    path);
	else
		return TRUE;
	return FALSE;
}

GString *remote_look(const RemoteFile *files, guint n, gsize most)
{
	GString *script = g_string_new("(\n");

	g_string_append_printf(script, "%s%s%smost=%" G_GSSIZE_FORMAT "\n", tools_sh, state_sh,
			       look_sh, most ? (gssize)most : -1);
	for (guint i = 0; i < n; i++) {
		g_autofree char *path = g_shell_quote(files[i].path);
		g_autofree char *copy = files[i].kind == REMOTE_FILE_COPY
						? g_shell_quote(files[i].content)
						: g_strdup("''");

		g_string_append_printf(script, "look %s %s\n", path, copy);
	}
	g_string_append(script, ") </dev/null\n");
	return script;
}

static void clear_seen(RemoteSeen *seen)
{
	g_free(seen->state);
	g_free(seen->owner);
	g_free(seen->copy);
	g_clear_pointer(&seen->content, g_bytes_unref);
}

void remote_seen_free(RemoteSeen *seen, guint n)
{
	for (guint i = 0; i < n; i++)
		clear_seen(&seen[i]);
	g_free(seen);
}

/* An empty line says nothing of a file that has bytes. */
static GBytes *seen_content(const char *state, const char *line)
{
	g_auto(GStrv) words = remote_state_words(state);
	gsize length;
	guchar *bytes;

	if (!words || (!*line && !g_str_equal(words[3], "0")))
		return NULL;
	bytes = g_base64_decode(line, &length);
	return g_bytes_new_take(bytes, length);
}

RemoteSeen *remote_look_seen(const GString *said, guint n, GError **error)
{
	g_auto(GStrv) lines = g_strsplit(said->str, "\n", -1);
	RemoteSeen *seen;

	if (g_str_has_prefix(said->str, REFUSED)) {
		g_set_error_literal(error, REMOTE_ERROR, REMOTE_UNWRITTEN,
				    lines[0] + strlen(REFUSED));
		return NULL;
	}
	if (g_strv_length(lines) < (gsize)n * LINES) {
		g_set_error(
			error, REMOTE_ERROR, REMOTE_UNWRITTEN,
			"it does not tell what its files are: sh, and stat, readlink, base64 "
			"and sha256sum, or perl, are needed there");
		return NULL;
	}
	seen = g_new0(RemoteSeen, MAX(n, 1));
	for (guint i = 0; i < n; i++) {
		char **of = lines + (gsize)i * LINES;

		seen[i].state = g_strdup(of[0]);
		seen[i].owner = g_strdup(of[1]);
		seen[i].content = seen_content(of[0], of[2]);
		seen[i].copy = g_strdup(of[3]);
		seen[i].read_only = *of[4] != '\0';
	}
	return seen;
}

/* "root" and "root:root" of names, or of numbers. */
static gboolean is_owned_by(const char *owner, const char *names, const char *numbers)
{
	gsize length = strlen(owner);

	for (int i = 0; i < 2; i++) {
		const char *is = i ? numbers : names;

		if (strncmp(is, owner, length) == 0 &&
		    (!is[length] || (is[length] == ':' && !strchr(owner, ':'))))
			return TRUE;
	}
	return FALSE;
}

static gboolean file_is_so(const RemoteFile *file, const RemoteSeen *seen, char **after)
{
	g_autofree char *digest = g_compute_checksum_for_data(
		G_CHECKSUM_SHA256, (const guchar *)file->content, file->length);
	g_auto(GStrv) words = remote_state_words(seen->state);
	g_autofree char *mode = file->mode >= 0 ? g_strdup_printf("%o", (guint)file->mode)
						: g_strdup(words	  ? words[1]
							   : file->secret ? "600"
									  : "644");
	gboolean owned =
		words && (!file->owner || is_owned_by(file->owner, seen->owner, words[2]));

	*after = g_strdup_printf("file %s %s %" G_GSIZE_FORMAT " %s%s", mode,
				 owned	       ? words[2]
				 : file->owner ? file->owner
					       : "-",
				 file->length,
				 remote_state_is_mount(seen->state) ? MOUNT " " : "", digest);
	return owned && g_str_equal(words[1], mode) && g_str_equal(words[4], digest);
}

gboolean remote_file_is_so(const RemoteFile *file, const RemoteSeen *seen, char **after)
{
	g_autofree char *target = NULL;

	switch (file->kind) {
	case REMOTE_FILE:
		return file_is_so(file, seen, after);
	case REMOTE_FILE_LINK:
		target = g_base64_encode((const guchar *)file->content, file->length);
		*after = g_strconcat("link ", target, NULL);
		break;
	case REMOTE_FILE_COPY:
		*after = g_strdup(file->state);
		break;
	case REMOTE_FILE_GONE:
		*after = g_strdup(REMOTE_ABSENT);
		break;
	}
	return g_str_equal(seen->state, *after);
}

/* Is it a file with some content that shall be there? */
static gboolean is_file(const RemoteFile *file)
{
	return file->kind == REMOTE_FILE ||
	       (file->kind == REMOTE_FILE_COPY && g_str_has_prefix(file->state, "file "));
}

const char *remote_file_refused(const RemoteFile *file, const RemoteSeen *seen)
{
	gboolean is_mount = remote_state_is_mount(seen->state);

	if (g_str_equal(seen->state, "other"))
		return "is neither a file nor a link";
	if (is_mount && file->kind == REMOTE_FILE_GONE)
		return "is a mount, and cannot be taken away: unmount it first";
	if (is_mount && !is_file(file))
		return "is a mount, and no link can take its place: unmount it first";
	if (is_mount && seen->read_only)
		return "is a mount that is read-only: remount it first";
	if (seen->read_only)
		return "cannot be replaced: its folder is read-only";
	return NULL;
}
