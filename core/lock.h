/*
 * lock - one run at a time for a database: a kernel lock on a file named by its URL.
 *
 * Knows nothing of what is locked.  Calls GLib only.
 */
#pragma once
#include <glib.h>

typedef struct lock Lock;

#define LOCK_ERROR lock_error_quark()
GQuark lock_error_quark(void);
typedef enum { LOCK_ERROR_FAILED } LockError;

/*
 * Take the lock of `url`, and leave `who` (a line) in its file for others to read.  NULL with
 * `*holder` set (g_free): somebody else has it, and this is their line.  NULL with `error`
 * set: it cannot be tried.  The kernel gives the lock back when the program ends, however.
 * The directory does not depend on where a program keeps its state: two of them on one
 * database must meet.  Gives a Lock (lock_release).
 */
Lock *lock_take(const char *url, const char *who, char **holder, GError **error);
void lock_release(Lock *lock);
/* Is it free at this moment?  `*holder` gets the line of who has it. */
gboolean lock_is_free(const char *url, char **holder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Lock, lock_release)
