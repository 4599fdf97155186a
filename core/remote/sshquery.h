/*
 * sshquery - `ssh -G` for one host, in a limited time.
 *
 * Private to config.  Calls base and GLib.
 */
#pragma once
#include <glib.h>

/*
 * What it prints (g_free), a keyword in lower case and its value a line; or NULL and an error
 * (of REMOTE_ERROR) that names the host and has ssh's first complaint.  `file` NULL: ssh's own.
 * `host` must be one that ssh can take for nothing else.  After `time` ms it is killed, with
 * what it has started.
 */
char *ssh_query(const char *program, const char *file, const char *host, guint time,
		GError **error);
