/*
 * sshchild - ssh(1) as a child: with which words it is started, and what it means by what it
 * says.  For a shell (openssh.h), and for a master that others go through (master.h).
 */
#pragma once
#include "core/remote/child.h"
#include "core/remote/inside.h"

/* The words that every call begins with.  `address`: where to connect to; NULL: as ssh's
 * configuration says.  Gives an array of texts. */
GPtrArray *sshchild_words(Remote *remote, const RemoteConfig *config, const char *address,
			  const RemoteLimits *limits);
void sshchild_add(GPtrArray *words, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* Start it with the words, and with the rest of them.  It may have failed at once. */
void sshchild_start(Child *child, Remote *remote, GPtrArray *words, const char *const *rest);
/* For a ShellClass. */
void sshchild_judge(Shell *shell, const char *words);
