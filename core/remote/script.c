/* What /bin/sh reads: the one place that quotes words for a shell. */
#include "core/base.h"
#include "core/remote/addresses.sh.h"
#include "core/remote/decode.sh.h"
#include "core/remote/files.h"
#include <string.h>

#define LINE 76 /* columns of base64 */
#define NEEDS_DECODE                                                                           \
	"command -v base64 >/dev/null || command -v perl >/dev/null || {\n"                    \
	"\techo 'base64 or perl is needed here, to have what a command reads' >&2\n"           \
	"\t(exit 127)\n} && "

const char *remote_addresses_command(void)
{
	return addresses_sh;
}

char *remote_words(const char *const *words)
{
	GString *line = g_string_new(NULL);

	for (guint i = 0; words[i]; i++) {
		g_autofree char *word = g_shell_quote(words[i]);

		g_string_append_printf(line, "%s%s", i ? " " : "", word);
	}
	return g_string_free(line, FALSE);
}

static gboolean is_name(const char *text, gsize length)
{
	if (length == 0 || g_ascii_isdigit(*text))
		return FALSE;
	for (gsize i = 0; i < length; i++)
		if (!g_ascii_isalnum(text[i]) && text[i] != '_')
			return FALSE;
	return TRUE;
}

static gboolean add_environment(GString *script, const char *const *environment, GError **error)
{
	for (guint i = 0; environment && environment[i]; i++) {
		const char *value = strchr(environment[i], '=');
		g_autofree char *quoted = NULL;

		if (!value || !is_name(environment[i], (gsize)(value - environment[i]))) {
			g_autofree char *shown = text_quote(environment[i]);

			g_set_error(error, REMOTE_ERROR, REMOTE_FAILED,
				    "%s is no environment variable: a name is of letters, "
				    "digits and underscores",
				    shown);
			return FALSE;
		}
		quoted = g_shell_quote(value + 1);
		g_string_append_printf(script, "export %.*s=%s\n",
				       (int)(value - environment[i]), environment[i], quoted);
	}
	return TRUE;
}

char *remote_whole_text(const char *command, const char *const *environment, const char *input,
			GError **error)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autofree char *quoted = g_shell_quote(input ? input : "");

	if (!add_environment(text, environment, error))
		return NULL;
	if (input)
		g_string_append_printf(text, "printf %%s %s | (\n%s\n)", quoted, command);
	else
		g_string_append(text, command);
	return g_string_free(g_steal_pointer(&text), FALSE);
}

void script_add_decode(GString *script)
{
	g_string_append_printf(script, "(\n%s)", decode_sh);
}

void script_add_base64(GString *script, const char *bytes, gsize length)
{
	g_autofree char *text = g_base64_encode((const guchar *)bytes, length);
	gsize size = strlen(text);

	for (gsize at = 0; at < size; at += LINE)
		g_string_append_printf(script, "%.*s\n", (int)MIN(LINE, size - at), text + at);
}

void remote_script_write(GString *script, const char *path, const char *bytes, gsize length)
{
	script_add_decode(script);
	g_string_append_printf(script, " >%s <<'END_OF_FILE' || exit\n", path);
	script_add_base64(script, bytes, length);
	g_string_append(script, "END_OF_FILE\n");
}

/*
 * In a subshell, so that `exit` ends the command and not the shell that tells of it; with
 * eval, so that a mistake in its quoting stays its own.  It does not begin where its input
 * cannot be had: reading nothing it would do something else.
 */
GString *remote_script(const char *command, const char *const *environment, const char *input,
		       gsize input_length, GError **error)
{
	g_autoptr(GString) script = g_string_new(NULL);
	g_autofree char *quoted = g_shell_quote(command);

	if (input) {
		g_string_append(script, NEEDS_DECODE);
		script_add_decode(script);
		g_string_append(script, " <<'END_OF_INPUT' | (\n");
		script_add_base64(script, input, input_length);
		g_string_append(script, "END_OF_INPUT\n");
	} else {
		g_string_append(script, "(\n");
	}
	if (!add_environment(script, environment, error))
		return NULL;
	g_string_append_printf(script, "eval %s\n)%s\n", quoted, input ? "" : " </dev/null");
	return g_steal_pointer(&script);
}
