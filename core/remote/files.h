/* files - what the scripts that look at files and put them share. */
#pragma once
#include "core/remote.h"

/* state PATH: the state of a path, as remote.h has it; sum FILE: its digest. */
extern const char files_functions[];

/* Bytes in base64, in lines. */
void script_add_base64(GString *script, const char *bytes, gsize length);
