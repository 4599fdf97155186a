/* The shell of this machine. */
#include "core/remote/child.h"

static void free_local(Shell *shell)
{
	child_close((Child *)shell);
	g_free(shell->message);
	g_free(shell);
}

static gboolean step_local(Shell *shell)
{
	(void)shell;
	return FALSE;
}

static const ShellClass class = { "local",     step_local, child_watch, child_read,
				  child_write, free_local, NULL,	NULL };

Shell *shell_local_new(const char *greeting)
{
	Child *child = g_new0(Child, 1);
	const char *const argv[] = { "/bin/sh", "-c", greeting, NULL };
	g_autoptr(GError) error = NULL;

	child->shell.class = &class;
	child->shell.state = SHELL_OPEN;
	if (!child_start(child, argv, NULL, &error))
		shell_fail(&child->shell, REMOTE_FAILED, g_strdup(error->message));
	return &child->shell;
}
