#include "core/remote/shell.h"
#include <arpa/inet.h>
#include <net/if.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

char *shell_one_line(const char *text)
{
	g_auto(GStrv) lines = g_strsplit_set(text, "\r\n", -1);
	GString *line = g_string_new(NULL);

	for (guint i = 0; lines[i]; i++)
		if (*g_strstrip(lines[i]))
			g_string_append_printf(line, "%s%s", line->len ? "; " : "", lines[i]);
	return g_string_free(line, FALSE);
}

gboolean shell_fail(Shell *shell, RemoteErrorCode error, char *message)
{
	shell->state = SHELL_FAILED;
	shell->error = error;
	g_free(shell->message);
	shell->message = message;
	return TRUE;
}

RemoteErrorCode shell_errno(int number)
{
	switch (number) {
	case ECONNREFUSED:
		return REMOTE_REFUSED;
	case ETIMEDOUT:
		return REMOTE_TIMEOUT;
	case EHOSTUNREACH:
	case ENETUNREACH:
	case EHOSTDOWN:
	case ENETDOWN:
	case EADDRNOTAVAIL:
		return REMOTE_UNREACHABLE;
	case ECONNRESET:
	case EPIPE:
		return REMOTE_LOST;
	default:
		return REMOTE_FAILED;
	}
}

gboolean shell_address(const char *text, guint16 port, struct sockaddr_storage *address,
		       socklen_t *length)
{
	struct sockaddr_in *four = (struct sockaddr_in *)address;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)address;
	const char *zone = strchr(text, '%');
	g_autofree char *plain = g_strndup(text, zone ? (gsize)(zone - text) : strlen(text));

	memset(address, 0, sizeof(*address));
	if (inet_pton(AF_INET, text, &four->sin_addr) == 1) {
		four->sin_family = AF_INET;
		four->sin_port = htons(port);
		*length = sizeof(*four);
		return TRUE;
	}
	if (zone)
		six->sin6_scope_id = if_nametoindex(zone + 1);
	if (inet_pton(AF_INET6, plain, &six->sin6_addr) != 1 || (zone && !six->sin6_scope_id))
		return FALSE;
	six->sin6_family = AF_INET6;
	six->sin6_port = htons(port);
	*length = sizeof(*six);
	return TRUE;
}
