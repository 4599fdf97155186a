/*
 * words - names and addresses that are looked for in texts.
 *
 * Private to hosts/.  A text is cut where no name and no address goes on; what is between is
 * compared as a whole.
 */
#pragma once
#include "core/hosts/inside.h"
#include <string.h>

#define LONGEST_WORD 300 /* a name has at most 253 bytes, an address 45 */

struct hostswords {
	GHashTable *names;     /* lower case, with and without site.domain */
	GHashTable *addresses; /* Address */
	char *domain;	       /* with a dot in front; or NULL */
};

/* Bytes of names and addresses. */
static inline gboolean words_go_on(char byte)
{
	return g_ascii_isalnum(byte) || (guchar)byte >= 0x80 || (byte && strchr("-_.:", byte));
}
