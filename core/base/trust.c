#include "core/base.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

G_DEFINE_QUARK(snmove_trust_error, trust_error)

static gboolean refuse(GError **error, const char *path, const struct stat *status,
		       const char *why, const char *mend)
{
	g_autofree char *quoted = text_quote(path);

	g_set_error(error, TRUST_ERROR, TRUST_ERROR_UNSAFE,
		    "%s is not trusted: it %s (owner %u, mode %04o); %s", quoted, why,
		    (unsigned int)status->st_uid, (unsigned int)(status->st_mode & 07777),
		    mend);
	return FALSE;
}

#define OVERFLOW                                                                               \
	"/proc/sys/fs/overflowuid" /* whose number stands for those that are not known */

static uid_t as_root; /* another number than 0 that stands for root */

void trust_unknown_owners(void)
{
	g_autofree char *text = NULL;

	if (g_file_get_contents(OVERFLOW, &text, NULL, NULL))
		as_root = (uid_t)strtoul(text, NULL, 10);
}

static gboolean check_owner(const char *path, const struct stat *status, GError **error)
{
	if (status->st_uid == 0 || status->st_uid == as_root || status->st_uid == geteuid())
		return TRUE;
	return refuse(error, path, status, "belongs to somebody else", "make root its owner");
}

static gboolean check_mode(const char *path, const struct stat *status, GError **error)
{
	if (S_ISLNK(status->st_mode) ||
	    (S_ISDIR(status->st_mode) && (status->st_mode & S_ISVTX)) ||
	    !(status->st_mode & (S_IWGRP | S_IWOTH)))
		return TRUE;
	return refuse(error, path, status, "can be written by others", "chmod go-w");
}

/* A way that is gone along name by name, as the kernel does. */
typedef struct {
	char *at;      /* so far: no link is in it */
	GQueue *names; /* that come yet */
	guint links;   /* that were followed */
} Way;

#define LINKS 40 /* as the kernel: more are a loop */

static void way_clear(Way *way)
{
	g_free(way->at);
	g_queue_free_full(way->names, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Way, way_clear)

/* Next comes what `path` says. */
static void go_by(Way *way, const char *path)
{
	g_auto(GStrv) parts = g_strsplit(path, "/", -1);

	if (g_path_is_absolute(path)) {
		g_free(way->at);
		way->at = g_strdup("/");
	}
	for (guint i = g_strv_length(parts); i > 0; i--)
		if (*parts[i - 1] && !g_str_equal(parts[i - 1], "."))
			g_queue_push_head(way->names, g_strdup(parts[i - 1]));
}

static gboolean fail(const char *path, int reason, GError **error)
{
	g_autofree char *quoted = text_quote(path);

	g_set_error(error, TRUST_ERROR, TRUST_ERROR_MISSING, "%s: %s", quoted,
		    g_strerror(reason));
	return FALSE;
}

static gboolean trust_one(const char *path, struct stat *status, GError **error)
{
	if (lstat(path, status) != 0)
		return fail(path, errno, error);
	return check_owner(path, status, error) && check_mode(path, status, error);
}

/* One name further. */
static gboolean step(Way *way, GError **error)
{
	g_autofree char *name = g_queue_pop_head(way->names);
	g_autofree char *next = g_str_equal(name, "..") ? g_path_get_dirname(way->at)
							: g_build_filename(way->at, name, NULL);
	g_autofree char *target = NULL;
	struct stat status;

	if (!trust_one(next, &status, error))
		return FALSE;
	if (!S_ISLNK(status.st_mode)) {
		g_free(way->at);
		way->at = g_steal_pointer(&next);
		return TRUE;
	}
	target = g_file_read_link(next, NULL);
	if (!target || way->links++ == LINKS)
		return fail(next, target ? ELOOP : errno, error);
	go_by(way, target);
	return TRUE;
}

gboolean trust_path(const char *path, GError **error)
{
	g_autofree char *here = g_path_is_absolute(path) ? NULL : g_get_current_dir();
	g_auto(Way) way = { g_strdup("/"), g_queue_new(), 0 };
	struct stat status;

	go_by(&way, path);
	if (here)
		go_by(&way, here);
	if (!trust_one("/", &status, error))
		return FALSE;
	while (!g_queue_is_empty(way.names))
		if (!step(&way, error))
			return FALSE;
	return TRUE;
}
