/* Regular expressions: GRegex, made to read a pattern as Perl does, and bounded in time. */
#include "core/base.h"
#include <string.h>

/* Steps of the matcher for one subject; on a node name even a bad pattern needs but a few. */
#define LIMIT "(*LIMIT_MATCH=200000)"

struct pattern {
	GRegex *regex;
	char *expression;
};

G_DEFINE_QUARK(snmove_pattern_error, pattern_error)

Pattern *pattern_new(const char *expression, GError **error)
{
	g_autofree char *limited = g_strconcat(LIMIT, expression, NULL);
	g_autofree char *shown = text_quote(expression);
	g_autoptr(GError) problem = NULL;
	GRegex *regex = g_regex_new(
		limited, G_REGEX_RAW | G_REGEX_NEWLINE_LF | G_REGEX_OPTIMIZE, 0, &problem);
	Pattern *pattern;

	if (!regex) {
		/* GLib's message quotes the whole pattern; ours says it once, without our
		 * prefix. */
		const char *reason = problem->message;
		const char *at = strstr(reason, " at char ");
		long offset =
			at ? strtol(at + strlen(" at char "), NULL, 10) - (long)strlen(LIMIT)
			   : -1;
		const char *colon = at ? strstr(at, ": ") : NULL;

		g_set_error(error, PATTERN_ERROR, PATTERN_ERROR_SYNTAX,
			    "malformed regular expression %s: %s (at character %ld)", shown,
			    colon ? colon + 2 : reason, offset < 0 ? 0 : offset + 1);
		return NULL;
	}
	pattern = g_new0(Pattern, 1);
	pattern->regex = regex;
	pattern->expression = g_strdup(expression);
	return pattern;
}

void pattern_free(Pattern *pattern)
{
	if (!pattern)
		return;
	g_regex_unref(pattern->regex);
	g_free(pattern->expression);
	g_free(pattern);
}

/* A matcher that gave up has not said no. */
static gboolean undecided(const Pattern *pattern, const GError *problem, const char *subject,
			  GError **error)
{
	g_autofree char *expression = text_quote(pattern->expression);
	g_autofree char *quoted = text_quote(subject);

	g_set_error(error, PATTERN_ERROR, PATTERN_ERROR_LIMIT,
		    "regular expression %s takes too long on %s: %s", expression, quoted,
		    problem->message);
	return FALSE;
}

gboolean pattern_matches(const Pattern *pattern, const char *subject, GError **error)
{
	g_autoptr(GError) problem = NULL;
	gboolean found = g_regex_match_full(pattern->regex, subject, -1, 0, 0, NULL, &problem);

	if (problem)
		return undecided(pattern, problem, subject, error);
	return found;
}

gboolean pattern_match(const Pattern *pattern, const char *subject, PatternMatch *match,
		       GError **error)
{
	g_autoptr(GMatchInfo) info = NULL;
	g_autoptr(GError) problem = NULL;

	memset(match, 0, sizeof(*match));
	match->found = g_regex_match_full(pattern->regex, subject, -1, 0, 0, &info, &problem);
	if (problem)
		return undecided(pattern, problem, subject, error);
	if (!match->found)
		return TRUE;
	/* All groups of the pattern: GLib's count stops at the last one that took part. */
	match->count = g_regex_get_capture_count(pattern->regex) + 1;
	match->groups = g_new0(char *, match->count + 1);
	g_match_info_fetch_pos(info, 0, &match->start, &match->end);
	for (int i = 0; i < match->count; i++) {
		int start, end;

		if (g_match_info_fetch_pos(info, i, &start, &end) && start >= 0)
			match->groups[i] = g_strndup(subject + start, end - start);
	}
	return TRUE;
}

void pattern_match_clear(PatternMatch *match)
{
	for (int i = 0; i < match->count; i++)
		g_free(match->groups[i]);
	g_clear_pointer(&match->groups, g_free);
	match->count = 0;
}

char *pattern_splice(const char *subject, const PatternMatch *match, const char *text)
{
	if (!match->found)
		return g_strdup(subject);
	return g_strdup_printf("%.*s%s%s", match->start, subject, text, subject + match->end);
}
