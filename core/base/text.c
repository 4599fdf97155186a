/* Text for messages, and names compared. */
#include "core/base.h"
#include <string.h>

char *text_plain(const char *given)
{
	gsize length = strlen(given);
	g_autofree char *masked = secret_mask(given, &length);
	const char *text = masked ? masked : given;
	GString *quoted = g_string_new(NULL);

	for (const char *p = text; *p;) {
		gunichar c = g_utf8_get_char_validated(p, -1);

		if (c == (gunichar)-1 || c == (gunichar)-2) {
			g_string_append_printf(quoted, "\\x%02x", (guchar)*p++);
			continue;
		}
		if (c == '\n')
			g_string_append(quoted, "\\n");
		else if (c == '\t')
			g_string_append(quoted, "\\t");
		else if (g_unichar_isprint(c) || g_unichar_ismark(c))
			g_string_append_len(quoted, p, g_utf8_next_char(p) - p);
		else
			for (const char *q = p; q < g_utf8_next_char(p); q++)
				g_string_append_printf(quoted, "\\x%02x", (guchar)*q);
		p = g_utf8_next_char(p);
	}
	return g_string_free(quoted, FALSE);
}

char *text_quote(const char *text)
{
	g_autofree char *plain = text_plain(text);

	return g_strconcat("'", plain, "'", NULL);
}

char *text_one_line(const char *text)
{
	GString *line = g_string_new(NULL);

	for (const char *p = text; *p; p++) {
		if (!g_ascii_isspace(*p))
			g_string_append_c(line, *p);
		else if (line->len && line->str[line->len - 1] != ' ')
			g_string_append_c(line, ' ');
	}
	return g_strchomp(g_string_free(line, FALSE));
}

char *text_shell_word(const char *word)
{
	if (*word && !word[strspn(word, G_CSET_a_2_z G_CSET_A_2_Z "0123456789-_=,./:+@%")])
		return g_strdup(word);
	return g_shell_quote(word);
}

/* Its length comes first, as letters: keys are made by the hundred thousand. */
void text_key_add(GString *key, const char *text)
{
	gsize length = text ? strlen(text) : 0;

	for (gsize rest = length; rest > 0; rest >>= 4)
		g_string_append_c(key, (char)('a' + (rest & 15)));
	g_string_append_c(key, text ? ':' : '-');
	if (text)
		g_string_append_len(key, text, (gssize)length);
}

char *text_key(const char *const *texts, gsize n)
{
	GString *key = g_string_sized_new(64);

	for (gsize i = 0; i < n; i++)
		text_key_add(key, texts[i]);
	return g_string_free(key, FALSE);
}

/* Levenshtein distance of two short words. */
static guint distance(const char *a, const char *b)
{
	gsize n = strlen(b);
	g_autofree guint *row = g_new(guint, n + 1);

	for (gsize j = 0; j <= n; j++)
		row[j] = (guint)j;
	for (gsize i = 1; a[i - 1]; i++) {
		guint diagonal = row[0];

		row[0] = (guint)i;
		for (gsize j = 1; j <= n; j++) {
			guint above = row[j];

			row[j] = MIN(MIN(above, row[j - 1]) + 1,
				     diagonal + (a[i - 1] != b[j - 1]));
			diagonal = above;
		}
	}
	return row[n];
}

static const char *find_nearest(const char *word, const char *const *candidates)
{
	const char *nearest = NULL;
	guint least = (guint)(strlen(word) / 3 + 1) + 1;

	if (strlen(word) > 64)
		return NULL;
	for (gsize i = 0; candidates[i]; i++) {
		guint d;

		if (strlen(candidates[i]) > 64)
			continue;
		d = distance(word, candidates[i]);
		if (d < least) {
			least = d;
			nearest = candidates[i];
		}
	}
	return nearest;
}

char *text_did_you_mean(const char *name, const char *const *names)
{
	const char *nearest = names ? find_nearest(name, names) : NULL;
	g_autofree char *quoted = nearest ? text_quote(nearest) : NULL;

	return quoted ? g_strdup_printf("; did you mean %s?", quoted) : g_strdup("");
}

int text_compare(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}
