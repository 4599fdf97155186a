/*
 * trust - may this file be run as part of a procedure?
 *
 * Only if nobody but root or the effective user can change it: the file, and each directory
 * above it, belongs to one of the two and is not writable for group or others.  A directory
 * that is writable for all but sticky (/tmp) is no hole: what lies in it belongs to its owner.
 */
#pragma once
#include <glib.h>

#define TRUST_ERROR trust_error_quark()
GQuark trust_error_quark(void);
typedef enum { TRUST_ERROR_MISSING, TRUST_ERROR_UNSAFE } TrustError;

/* In a namespace of users that does not know this machine's root, as a test of somebody who is
 * not root has it: what belongs to users that are not known there counts as root's. */
void trust_unknown_owners(void);

/* FALSE and an error that names the file or directory, its owner and mode, and the mend. */
G_GNUC_WARN_UNUSED_RESULT
gboolean trust_path(const char *path, GError **error);
