/*
 * recorded - hosts that answer as a recording has it: see recorded.c.
 */
#pragma once
#include "core/remote.h"

/* FALSE: there is no such file, and nobody was told anything. */
gboolean recorded_tell(Remote *remote, const char *path);
