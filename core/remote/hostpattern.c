/* Wildcards of OpenSSH. */
#include "core/remote/hostpattern.h"
#include <string.h>

static gboolean same(char a, char b, gboolean exactly)
{
	return a == b || (!exactly && g_ascii_tolower(a) == g_ascii_tolower(b));
}

/* Only the last star has ever to be tried again, so this takes at most the product of the two
 * lengths. */
static gboolean matches(const char *name, const char *pattern, gsize length, gboolean exactly)
{
	const char *end = pattern + length, *star = NULL, *retry = NULL;

	while (*name) {
		if (pattern < end && *pattern == '*') {
			star = ++pattern;
			retry = name;
		} else if (pattern < end &&
			   (*pattern == '?' || same(*name, *pattern, exactly))) {
			name++;
			pattern++;
		} else if (star) {
			name = ++retry;
			pattern = star;
		} else {
			return FALSE;
		}
	}
	while (pattern < end && *pattern == '*')
		pattern++;
	return pattern == end;
}

gboolean hostpattern_matches(const char *name, const char *pattern)
{
	return matches(name, pattern, strlen(pattern), FALSE);
}

gboolean hostpattern_matches_exactly(const char *name, const char *pattern)
{
	return matches(name, pattern, strlen(pattern), TRUE);
}

int hostpattern_list_matches(const char *name, const char *list)
{
	int result = 0;

	for (const char *next = list; *next;) {
		gboolean negated = *next == '!';
		const char *pattern = next + negated;
		gsize length = strcspn(pattern, ",");

		if (matches(name, pattern, length, FALSE)) {
			if (negated)
				return -1;
			result = 1;
		}
		next = pattern + length + (pattern[length] == ',');
	}
	return result;
}
