/* told - a shell that contacts nobody, and answers what remote_tell has said. */
#pragma once
#include "core/remote/inside.h"

/* `task` is borrowed while the shell lives. */
Shell *shell_told_new(Remote *remote, const RemoteTask *task, const char *greeting);

void told_free(Told *told);
