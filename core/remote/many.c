/*
 * Many files of a host in one process there, by perl: see many.pl.
 *
 * Looked at and put by a shell, as other files are, each of them takes a dozen processes.
 */
#include "core/base.h"
#include "core/remote/files.h"
#include "core/remote/many.pl.h"
#include <string.h>

/* Words in base64; `-`, which base64 has none of, is the empty one. */
static void add_word(GString *script, const char *bytes, gsize length)
{
	g_autofree char *text = g_base64_encode((const guchar *)bytes, length);

	g_string_append_printf(script, "%s ", *text ? text : "-");
}

static GString *program(const char *verb, const char *root, const char *arguments)
{
	GString *script = g_string_new("(command -v perl >/dev/null || "
				       "echo 'refused perl is needed there'\n");

	g_string_append_printf(script, "perl - %s ", verb);
	add_word(script, root, strlen(root));
	g_string_append_printf(script, "%s <<'END_OF_FILES'\n%s__END__\n", arguments, many_pl);
	return script;
}

#define END "END_OF_FILES\n)\n"

GString *remote_look_many(const char *const *paths, guint n, const char *root)
{
	GString *script = program("look", root, "");

	for (guint i = 0; i < n; i++) {
		add_word(script, paths[i], strlen(paths[i]));
		g_string_append_c(script, '\n');
	}
	return g_string_append(script, END);
}

static void add_beside(GString *script, const RemotePutFile *file, const char *what)
{
	g_autofree char *folder = g_path_get_dirname(file->file->path);
	g_autofree char *name = g_path_get_basename(file->file->path);
	g_autofree char *token = g_path_get_basename(file->kept);
	g_autofree char *path =
		g_strdup_printf("%s/.%s.snmove-%s%s", folder, name, token, what);

	add_word(script, path, strlen(path));
}

GString *remote_put_many(const RemotePutFile *files, guint n, const char *root, gboolean again)
{
	static const char *const kinds[] = {
		[REMOTE_FILE] = "file", [REMOTE_FILE_LINK] = "link", [REMOTE_FILE_GONE] = "gone"
	};
	GString *script = program("put", root, again ? "1" : "0");

	for (guint i = 0; i < n; i++) {
		const RemoteFile *file = files[i].file;
		const char *kind = kinds[file->kind];

		add_word(script, file->path, strlen(file->path));
		add_beside(script, &files[i], "");
		add_beside(script, &files[i], ".old");
		add_word(script, files[i].before, strlen(files[i].before));
		add_word(script, files[i].after, strlen(files[i].after));
		add_word(script, kind, strlen(kind));
		add_word(script, file->content ? file->content : "", file->length);
		g_string_append_c(script, '\n');
	}
	return g_string_append(script, END);
}
