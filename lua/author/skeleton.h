/* skeleton - snmove-lua --new: a hook or a procedure to begin with, and a test that passes. */
#pragma once
#include <glib.h>

#define SKELETON_ERROR skeleton_error_quark()
GQuark skeleton_error_quark(void);
typedef enum {
	SKELETON_ERROR_USAGE, /* no such kind, or no such name */
	SKELETON_ERROR_FAILED,
} SkeletonError;

/*
 * In the folder where we are: of a hook hooks/NAME.lua and tests/NAME.lua, of a procedure
 * scripts/NAME.lua and tests/NAME.lua; what is there stays, and is an error.  Says on stdout
 * what was written, and how to run it.
 */
G_GNUC_WARN_UNUSED_RESULT
gboolean skeleton_write(const char *kind, const char *name, GError **error);
