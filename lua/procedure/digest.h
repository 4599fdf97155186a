/*
 * digest - which files a run was begun with: a line "path sha256" for the script and each hook.
 */
#pragma once
#include <glib.h>

/* The line of a file is added; a file that cannot be read adds none. */
void digest_add(GString *digest, const char *path);
/* The files that two digests do not agree on, with commas; NULL: none.  Gives the text. */
char *digest_differing(const char *now, const char *then);
