/* answers - how the hosts of a world answer: by a shell of their own (host.sh), or not at all.
 */
#pragma once
#include "core/remote.h"

/* For program_tell_hosts; `data` is the folder of the world. */
void answers_tell(Remote *remote, gpointer data);
