/* MAC addresses, in the spellings that switches, firmware and tables use. */
#include "core/hosts.h"
#include "core/base.h"
#include <string.h>

/* Groups of `digits` hexadecimal digits with `separator` between them ('\0': all in one). */
static gboolean has_shape(const char *text, gsize length, char separator, gsize digits)
{
	for (gsize i = 0; i < length; i++) {
		gboolean border = separator && i % (digits + 1) == digits;

		if (border ? text[i] != separator : !g_ascii_isxdigit(text[i]))
			return FALSE;
	}
	return !separator || length % (digits + 1) == digits;
}

char *hosts_mac(const char *text, GError **error)
{
	gsize length = strlen(text), digits = 0;
	g_autoptr(GString) mac = g_string_new(NULL);
	g_autofree char *quoted = NULL;

	if (has_shape(text, length, ':', 2) || has_shape(text, length, '-', 2) ||
	    has_shape(text, length, '.', 4) || has_shape(text, length, '\0', 0)) {
		for (const char *p = text; *p; p++) {
			if (!g_ascii_isxdigit(*p))
				continue;
			if (digits && digits % 2 == 0)
				g_string_append_c(mac, ':');
			g_string_append_c(mac, g_ascii_tolower(*p));
			digits++;
		}
	}
	if (digits == 2 * 6 || digits == 2 * 20) /* Ethernet, InfiniBand */
		return g_string_free(g_steal_pointer(&mac), FALSE);
	quoted = text_quote(text);
	g_set_error(error, HOSTS_ERROR, HOSTS_ERROR_MAC,
		    "%s is not a MAC address (6 or 20 bytes like 00:16:3e:00:00:01)", quoted);
	return NULL;
}
