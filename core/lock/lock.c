#include "core/lock.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

G_DEFINE_QUARK(snmove_lock_error, lock_error)

struct lock {
	char *path;
	int file;
};

#define LINE 512 /* bytes of the holder's line */

/* /run/snmove for root; for others the runtime directory of their own. */
static char *lock_path(const char *url, GError **error)
{
	g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, url, -1);
	g_autofree char *directory =
		geteuid() == 0 ? g_strdup("/run/snmove")
			       : g_build_filename(g_get_user_runtime_dir(), "snmove", NULL);

	if (g_mkdir_with_parents(directory, 0700) != 0) {
		g_set_error(error, LOCK_ERROR, LOCK_ERROR_FAILED,
			    "cannot make the directory '%s' for locks: %s", directory,
			    g_strerror(errno));
		return NULL;
	}
	return g_strdup_printf("%s/%.16s.lock", directory, digest);
}

static char *read_line(int file)
{
	char line[LINE + 1];
	ssize_t n = pread(file, line, LINE, 0);

	line[n > 0 ? n : 0] = '\0';
	line[strcspn(line, "\n")] = '\0';
	return g_strdup(*line ? line : "somebody");
}

/* The file that was opened may have been taken away by who had the lock before. */
static gboolean is_at_path(int file, const char *path)
{
	struct stat opened, there;

	return fstat(file, &opened) == 0 && stat(path, &there) == 0 &&
	       opened.st_ino == there.st_ino && opened.st_dev == there.st_dev;
}

/* The file, locked; or -1 with errno (EWOULDBLOCK: somebody has it, and *line is theirs). */
static int open_locked(const char *path, char **line)
{
	for (;;) {
		int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
		int reason;

		if (file < 0)
			return -1;
		if (flock(file, LOCK_EX | LOCK_NB) == 0) {
			if (is_at_path(file, path))
				return file;
			close(file);
			continue;
		}
		reason = errno;
		if (reason == EWOULDBLOCK)
			*line = read_line(file);
		close(file);
		errno = reason;
		return -1;
	}
}

Lock *lock_take(const char *url, const char *who, char **holder, GError **error)
{
	g_autofree char *path = lock_path(url, error);
	g_autofree char *line = g_strconcat(who, "\n", NULL);
	Lock *lock;
	int file;

	*holder = NULL;
	if (!path)
		return NULL;
	file = open_locked(path, holder);
	if (file < 0) {
		if (!*holder)
			g_set_error(error, LOCK_ERROR, LOCK_ERROR_FAILED,
				    "cannot lock '%s': %s", path, g_strerror(errno));
		return NULL;
	}
	/* The line is a courtesy: without it the lock is as good. */
	if (ftruncate(file, 0) != 0 || pwrite(file, line, MIN(strlen(line), LINE), 0) < 0)
		g_debug("cannot write %s: %s", path, g_strerror(errno));
	lock = g_new0(Lock, 1);
	lock->file = file;
	lock->path = g_steal_pointer(&path);
	return lock;
}

void lock_release(Lock *lock)
{
	if (!lock)
		return;
	unlink(lock->path); /* while it is ours: who opened it meanwhile looks again */
	close(lock->file);
	g_free(lock->path);
	g_free(lock);
}

gboolean lock_is_free(const char *url, char **holder)
{
	g_autofree char *path = lock_path(url, NULL);
	int file = path ? open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW) : -1;
	gboolean is_free;

	*holder = NULL;
	if (file < 0)
		return TRUE;
	/* Shared: two that only look do not keep each other, or a run, out for long. */
	is_free = flock(file, LOCK_SH | LOCK_NB) == 0;
	if (!is_free)
		*holder = read_line(file);
	close(file);
	return is_free;
}
