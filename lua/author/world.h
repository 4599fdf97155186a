/*
 * world - the cluster of a test: a folder with its tables, its state, and the files of its
 * hosts.
 *
 *     cluster.db, tables/, state/     as --import and snmove make them
 *     snmove.conf, hooks/             what snmove is told to use
 *     hosts/NAME/                     all files of a host; see host.sh
 *     hosts/NAME.addresses            its addresses, ADDRESS/BITS a line
 *     answers                         how hosts answer, a GKeyFile: see answers.c
 *     recorded                        or so, if it is there: see recorded.c
 *
 * It lies in memory where there is such a place.  Nothing outside of it is touched.
 */
#pragma once
#include <gio/gio.h>

#define WORLD_ERROR world_error_quark()
GQuark world_error_quark(void);
typedef enum { WORLD_ERROR_FAILED } WorldError;

/* A new folder, for this user alone, which world_clear takes away at the end of the program.
 * Gives the path, or NULL and an error. */
char *world_new(GError **error);
/* One of them, or all; what is not of world_new stays. */
void world_remove(const char *world);
void world_clear(void);

/* The place of `path` in a world; NULL and an error: it is not inside.  Gives the path. */
char *world_path(const char *world, const char *path, GError **error);

/* What is at a place of a world (world_path) is not there any more. */
void world_forget(const char *place);
/* A host with the folders that each one has. */
G_GNUC_WARN_UNUSED_RESULT
gboolean world_add_host(const char *world, const char *name, GError **error);

/*
 * A file with this content and mode; its folders are made.  And the content of one, or NULL:
 * there is none (without `error` set), or it is not inside (g_free).  Links of a host
 * (hosts/NAME/...) lead where they lead there, and never out of it.
 */
G_GNUC_WARN_UNUSED_RESULT
gboolean world_put(const char *world, const char *path, const char *bytes, gsize length,
		   int mode, GError **error);
char *world_get(const char *world, const char *path, gsize *length, GError **error);
/* All that is in the world `from` is in `to` then, and nothing else. */
G_GNUC_WARN_UNUSED_RESULT
gboolean world_copy(const char *from, const char *to, GError **error);

/* A cell of its tables, as somebody else would write it: the row of `key`, made if it is not
 * there; `value` NULL takes it away. */
G_GNUC_WARN_UNUSED_RESULT
gboolean world_set(const char *world, const char *table, const char *key, const char *column,
		   const char *value, GError **error);
/* The URL of its tables.  Gives the text, or NULL and an error: it is none of world_new. */
char *world_database(const char *world, GError **error);

/*
 * What is below a folder of a world, as path -> "MODE UID:GID DIGEST", with "folder" or "other"
 * in the place of a digest; or "link TARGET".  What is at and below a path of `without` is left
 * out.  Gives the table; of a folder that is not there an empty one.
 */
GHashTable *world_files(const char *world, const char *folder, const char *const *without);

/* ---- In the process that runs snmove in a world ---- */

/* Hosts answer as the world says (program_tell_hosts), and this machine has the addresses of
 * the host mn.  Keep using `world`. */
G_GNUC_WARN_UNUSED_RESULT
gboolean world_enter(const char *world, GError **error);
