/*
 * address - IPv4 and IPv6 addresses as values.
 *
 * Private to hosts/.  An IPv4 address in IPv6 clothes (::ffff:10.0.0.1) is the IPv4 address.
 */
#pragma once
#include <glib.h>

typedef struct {
	guint8 bytes[16]; /* of an IPv4 address the first four; the others are 0 */
	guint32 bits;	  /* 32 or 128 */
} Address;

/* FALSE: `text` is no address.  Only what inet_pton takes: no 10.1, no 010.0.0.1. */
gboolean address_parse(const char *text, Address *address);
char *address_format(const Address *address); /* gives the text */
gboolean address_equal(gconstpointer a, gconstpointer b);
guint address_hash(gconstpointer address);

/* Appends to an array of Address, unless it is there.  IPv4 goes before IPv6. */
void address_add(GArray *addresses, const Address *address);

gboolean address_is_loopback(const Address *address);
/* Is it in an array of Address? */
gboolean address_in(const GArray *addresses, const Address *address);

/* Only the first `length` bits stay. */
void address_cut(Address *address, guint length);
