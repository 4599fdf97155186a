/*
 * child - a process of this machine with three pipes, as a shell: for the shell of this machine
 * itself, and for ssh(1).
 */
#pragma once
#include "core/remote/shell.h"

typedef struct {
	Shell shell;
	GPid pid;	       /* 0: it does not run (any more) */
	int in, out, err;      /* our ends; -1: closed */
	gboolean ends_with_us; /* also if we are killed */
} Child;

/* In a session of its own: Ctrl-C is ours to handle.  `environment` NULL: ours. */
G_GNUC_WARN_UNUSED_RESULT
gboolean child_start(Child *child, const char *const *argv, char **environment, GError **error);
/* Ends it if it still runs, and everything it has started. */
void child_close(Child *child);

/* For a ShellClass. */
guint child_watch(Shell *shell, gboolean writing, struct pollfd *fds);
gssize child_read(Shell *shell, ShellStream stream, char *buffer, gsize size);
gssize child_write(Shell *shell, const char *bytes, gsize length);
