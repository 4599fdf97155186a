/*
 * dhcp_kea - Kea's entries as text, and its files as a list of elements.
 *
 * Private to services/.
 */
#pragma once
#include "core/services/dhcp/inside.h"
#include <jansson.h>

/*
 * What a node has in each file: name of the file -> its elements, a line each (GString).
 */
GHashTable *dhcp_kea_parts(void);
/* Adds an element, which it takes. */
void dhcp_kea_add(GHashTable *parts, const char *file, json_t *element);
/* The text of an entry; NULL: there is nothing.  Gives the text (g_free). */
char *dhcp_kea_lay_out(GHashTable *parts);
/* What such a text has.  NULL: it is none. */
GHashTable *dhcp_kea_parse(const char *text);

/* An element of the array that a file is: with the blanks and comments around it, and what
 * is between the commas. */
typedef struct {
	gsize lead, start, end, trail; /* trail: the end of all of it */
	char *owner;		       /* NULL: of no node */
	json_t *value;		       /* NULL: it has comments, or is not JSON */
} KeaElement;

/* Gives an array of KeaElement (g_array_unref); `open` and `close` get where the brackets are.
 * A file without anything has none, and both are at its end. */
GArray *dhcp_kea_elements(const DhcpFile *file, gsize *open, gsize *close, GError **error);
