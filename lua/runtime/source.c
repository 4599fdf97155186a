#include "lua/runtime/source.h"
#include "core/base.h"
#include "lua/runtime/bounds.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE 65536

G_DEFINE_QUARK(snmove_source_error, source_error)

static gboolean refuse(GError **error, const char *path, const char *why)
{
	g_autofree char *quoted = text_quote(path);

	g_set_error(error, SOURCE_ERROR, SOURCE_ERROR_FAILED, "%s: %s", quoted, why);
	return FALSE;
}

/* Nothing is waited for: a FIFO is opened without its writer, and refused. */
static int open_file(const char *path, gboolean trusted, GError **error)
{
	int descriptor = open(path, O_RDONLY | O_CLOEXEC | (trusted ? O_NONBLOCK : 0));
	struct stat status;

	if (descriptor >= 0 && fstat(descriptor, &status) == 0 &&
	    (trusted ? S_ISREG(status.st_mode) : !S_ISDIR(status.st_mode)))
		return descriptor;
	(void)refuse(error, path, descriptor < 0 ? g_strerror(errno) : "no regular file");
	if (descriptor >= 0)
		close(descriptor);
	return -1;
}

static gboolean read_all(int descriptor, const char *path, GString *text, GError **error)
{
	for (;;) {
		gsize before = text->len;
		gssize n;

		g_string_set_size(text, before + PIECE);
		n = read(descriptor, text->str + before, PIECE);
		g_string_set_size(text, before + (gsize)MAX(n, 0));
		if (n == 0)
			return TRUE;
		if (n < 0 && errno != EINTR)
			return refuse(error, path, g_strerror(errno));
		if (text->len > BOUND_SOURCE)
			return refuse(error, path, "larger than a script may be (16 MiB)");
	}
}

char *source_read(const char *path, gboolean trusted, GError **error)
{
	g_autoptr(GString) text = g_string_new(NULL);
	gboolean done;
	int descriptor;

	if (trusted && !trust_path(path, error))
		return NULL;
	descriptor = open_file(path, trusted, error);
	if (descriptor < 0)
		return NULL;
	done = read_all(descriptor, path, text, error);
	close(descriptor);
	if (!done)
		return NULL;
	if (strlen(text->str) != text->len) {
		(void)refuse(error, path, "no text: it has a zero byte in it");
		return NULL;
	}
	return g_string_free(g_steal_pointer(&text), FALSE);
}
