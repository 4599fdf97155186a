/*
 * hostpattern - names matched as OpenSSH matches them.
 *
 * Private to remote/.  The rules are those of ssh_config(5), PATTERNS: `*` is any text, `?` any
 * one byte; nothing else is special.  Calls GLib only.
 */
#pragma once
#include <glib.h>

/* In known_hosts files: upper and lower case are the same. */
gboolean hostpattern_matches(const char *name, const char *pattern);

/* On Host lines of ssh's configuration, where ssh(1) tells case apart. */
gboolean hostpattern_matches_exactly(const char *name, const char *pattern);

/*
 * Patterns with commas between them, as the first field of a known_hosts line has them; one
 * that begins with `!` takes back what others match.  1: it matches; 0: none does; -1: a
 * negated one does.
 */
int hostpattern_list_matches(const char *name, const char *list);
