/* Addresses as values. */
#include "core/hosts/address.h"
#include <arpa/inet.h>
#include <string.h>

gboolean address_parse(const char *text, Address *address)
{
	static const guint8 mapped[12] = { [10] = 0xff, [11] = 0xff };

	memset(address, 0, sizeof(*address));
	if (inet_pton(AF_INET, text, address->bytes) == 1) {
		address->bits = 32;
		return TRUE;
	}
	if (inet_pton(AF_INET6, text, address->bytes) != 1)
		return FALSE;
	address->bits = 128;
	if (!memcmp(address->bytes, mapped, sizeof(mapped))) {
		memmove(address->bytes, address->bytes + sizeof(mapped), 4);
		memset(address->bytes + 4, 0, sizeof(mapped));
		address->bits = 32;
	}
	return TRUE;
}

char *address_format(const Address *address)
{
	char text[INET6_ADDRSTRLEN];
	int family = address->bits == 32 ? AF_INET : AF_INET6;

	return g_strdup(inet_ntop(family, address->bytes, text, sizeof(text)));
}

gboolean address_equal(gconstpointer a, gconstpointer b)
{
	return !memcmp(a, b, sizeof(Address));
}

/* FNV-1a. */
guint address_hash(gconstpointer address)
{
	const guint8 *bytes = address;
	guint32 hash = 2166136261u;

	for (gsize i = 0; i < sizeof(Address); i++)
		hash = (hash ^ bytes[i]) * 16777619u;
	return hash;
}

void address_add(GArray *addresses, const Address *address)
{
	guint place = 0;

	for (guint i = 0; i < addresses->len; i++) {
		const Address *other = &g_array_index(addresses, Address, i);

		if (address_equal(other, address))
			return;
		if (other->bits <= address->bits)
			place = i + 1;
	}
	g_array_insert_val(addresses, place, *address);
}

gboolean address_is_loopback(const Address *address)
{
	static const guint8 one[16] = { [15] = 1 };

	return address->bits == 32 ? address->bytes[0] == 127
				   : !memcmp(address->bytes, one, sizeof(one));
}

gboolean address_in(const GArray *addresses, const Address *address)
{
	for (guint i = 0; i < addresses->len; i++)
		if (address_equal(&g_array_index(addresses, Address, i), address))
			return TRUE;
	return FALSE;
}

void address_cut(Address *address, guint length)
{
	for (guint i = 0; i < sizeof(address->bytes); i++) {
		guint kept = length > 8 * i ? MIN(length - 8 * i, 8) : 0;

		address->bytes[i] &= (guint8)(0xff00 >> kept);
	}
}
