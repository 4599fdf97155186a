/* login - which keys there are to log in with, and which of them libssh2 can use. */
#pragma once
#include "core/remote/inside.h"

/*
 * Debian 12's libssh2 (1.10) signs RSA with SHA-1 alone, which sshd refuses: RSA keys are for
 * ssh itself.  Is there any key for this host that libssh2 can use?
 */
gboolean login_has_key(Remote *remote, const RemoteConfig *config);
/* Is there one that only ssh itself can use? */
gboolean login_has_openssh_key(Remote *remote, const RemoteConfig *config);
