/* files - what the scripts that look at files and put them share. */
#pragma once
#include "core/remote.h"

/* Bytes in base64, in lines. */
void script_add_base64(GString *script, const char *bytes, gsize length);
