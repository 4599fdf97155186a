/* files - what the scripts that look at files and put them share. */
#pragma once
#include "core/remote.h"

/* many.pl says this, and why, of a host where nothing can be looked at or put. */
#define REFUSED "refused "

/* A command that makes bytes of the base64 that it reads, by what the host has. */
void script_add_decode(GString *script);
/* Bytes in base64, in lines. */
void script_add_base64(GString *script, const char *bytes, gsize length);
