/* Files as servers give them, fetched by a host: the script fetch.pl, and what it says. */
#include "core/base.h"
#include "core/remote.h"
#include "core/remote/fetch.pl.h"
#include <string.h>

#define MOST "1048576" /* bytes of one file */
#define TIME 20000     /* ms for the first, and what each further one may take */
#define EACH 20

const char *remote_fetch_command(gboolean heads)
{
	return heads ? "perl - heads " MOST : "perl - bodies " MOST;
}

GString *remote_fetch_input(const char *const *urls, guint n, GError **error)
{
	GString *input = g_string_new(fetch_pl);

	g_string_append(input, "__END__\n");
	for (guint i = 0; i < n; i++) {
		if (strpbrk(urls[i], "\r\n")) {
			g_autofree char *quoted = text_quote(urls[i]);

			g_set_error(error, REMOTE_ERROR, REMOTE_FAILED, "%s is no URL", quoted);
			g_string_free(input, TRUE);
			return NULL;
		}
		g_string_append_printf(input, "%s\n", urls[i]);
	}
	return input;
}

guint remote_fetch_time(guint n)
{
	return TIME + n * EACH;
}

void remote_fetched_free(RemoteFetched *fetched, guint n)
{
	for (guint i = 0; fetched && i < n; i++) {
		g_clear_pointer(&fetched[i].content, g_bytes_unref);
		g_free(fetched[i].failure);
	}
	g_free(fetched);
}

/* "NUMBER ok SIZE CONTENT" or "NUMBER failed WORDS".  FALSE: it is neither. */
static gboolean take_line(RemoteFetched *fetched, guint n, const char *line)
{
	g_auto(GStrv) words = g_strsplit(line, " ", 4);
	guint count = g_strv_length(words);
	guint64 number = count > 2 ? g_ascii_strtoull(words[0], NULL, 10) : 0;
	RemoteFetched *one = number >= 1 && number <= n ? &fetched[number - 1] : NULL;

	if (!one || one->content || one->failure)
		return FALSE;
	if (g_str_equal(words[1], "failed")) {
		one->failure = g_strdup(line + strlen(words[0]) + strlen(" failed "));
		return TRUE;
	}
	if (g_str_equal(words[1], "ok") && count == 4) {
		gsize length = 0;
		guchar *bytes = g_base64_decode(words[3], &length);

		one->content = g_bytes_new_take(bytes, length);
		return length == g_ascii_strtoull(words[2], NULL, 10);
	}
	return FALSE;
}

static gboolean take_output(RemoteFetched *fetched, guint n, const char *said)
{
	g_auto(GStrv) lines = g_strsplit(said, "\n", -1);
	g_autofree char *end = g_strdup_printf("fetched %u", n);
	guint last = g_strv_length(lines);

	if (last != n + 2 || !g_str_equal(lines[n], end))
		return FALSE;
	for (guint i = 0; i < n; i++)
		if (!take_line(fetched, n, lines[i]))
			return FALSE;
	return TRUE;
}

RemoteFetched *remote_fetch_judge(guint n, RemoteResult *result)
{
	RemoteFetched *fetched;

	if (result->error != REMOTE_OK || result->status != 0)
		return NULL;
	fetched = g_new0(RemoteFetched, MAX(n, 1));
	if (take_output(fetched, n, result->out->str)) {
		g_string_truncate(result->out, 0);
		return fetched;
	}
	remote_fetched_free(fetched, n);
	g_string_truncate(result->out, 0);
	g_free(result->message);
	result->message = g_strdup("this is no output of a fetch");
	result->error = REMOTE_FAILED;
	return NULL;
}
