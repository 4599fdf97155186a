#include "lua/runtime/trust.h"
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
		    "%s is not run: it %s (owner %u, mode %04o); %s", quoted, why,
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

static gboolean trust_one(const char *path, GError **error)
{
	struct stat status;

	if (stat(path, &status) != 0) {
		g_autofree char *quoted = text_quote(path);

		g_set_error(error, TRUST_ERROR, TRUST_ERROR_MISSING, "%s: %s", quoted,
			    g_strerror(errno));
		return FALSE;
	}
	if (status.st_uid != 0 && status.st_uid != as_root && status.st_uid != geteuid())
		return refuse(error, path, &status, "belongs to somebody else",
			      "make root its owner");
	if (S_ISDIR(status.st_mode) && (status.st_mode & S_ISVTX))
		return TRUE;
	if (status.st_mode & (S_IWGRP | S_IWOTH))
		return refuse(error, path, &status, "can be written by others", "chmod go-w");
	return TRUE;
}

gboolean trust_path(const char *path, GError **error)
{
	/* Links are followed first: what counts is the file that would be read. */
	char *resolved = realpath(path, NULL);
	g_autofree char *rest = g_strdup(resolved ? resolved : path);

	free(resolved);
	for (;;) {
		char *slash;

		if (!trust_one(*rest ? rest : "/", error))
			return FALSE;
		slash = strrchr(rest, '/');
		if (!slash || !*rest)
			return TRUE;
		*slash = '\0';
	}
}
