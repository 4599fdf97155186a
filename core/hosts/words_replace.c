/* Hosts that are named in a text, with another in their place. */
#include "core/hosts/words.h"

/* A text on its way; a part is what is between two colons, or an address with colons. */
typedef struct {
	const HostsWords *words;
	const HostsPlace *place;
	const char *const *keys;
	const char *text, *end;
	const char *copied; /* up to here it is in `out` */
	GString *out;
} Replacing;

/* The byte so far before a place; 0: there is none. */
static char before(const Replacing *replacing, const char *at, gsize far)
{
	return (gsize)(at - replacing->text) >= far ? at[-(gssize)far] : '\0';
}

static char behind(const Replacing *replacing, const char *at, gsize far)
{
	return at + far < replacing->end ? at[far] : '\0';
}

static gboolean is_quote(char byte)
{
	return byte == '"' || byte == '\'';
}

/* Behind ://, or behind // that no path goes before: //HOST/SHARE. */
static gboolean begins_url(const Replacing *replacing, const char *at)
{
	char first = before(replacing, at, 3);

	return before(replacing, at, 1) == '/' && before(replacing, at, 2) == '/' &&
	       (!first || g_ascii_isspace(first) || is_quote(first) || strchr(":=,", first));
}

static gboolean is_in_path(const Replacing *replacing, const char *at)
{
	return before(replacing, at, 1) == '/' && !begins_url(replacing, at);
}

/* The key in front of `=` is one that has no host behind it. */
static gboolean has_key(const Replacing *replacing, const char *equals)
{
	const char *at = equals;
	g_autofree char *key = NULL;

	while (at > replacing->text && (g_ascii_isalnum(at[-1]) || strchr("_.-", at[-1])))
		at--;
	key = g_ascii_strdown(at, equals - at);
	for (guint i = 0; replacing->keys && replacing->keys[i]; i++)
		if (g_str_equal(key, replacing->keys[i]))
			return TRUE;
	return FALSE;
}

/* Can a host be named in front of this: a port, or a path on it. */
static gboolean leads_on(const Replacing *replacing, const char *at)
{
	char next = behind(replacing, at, 1);

	return behind(replacing, at, 0) == ':' &&
	       (g_ascii_isdigit(next) || (next == '/' && behind(replacing, at, 2) != '/'));
}

static gboolean may_be_name(const Replacing *replacing, const char *at, const char *to)
{
	const char *front = at;
	char first;

	if (begins_url(replacing, at))
		return TRUE;
	if (is_quote(before(replacing, at, 1)))
		front--;
	first = before(replacing, front, 1);
	if (behind(replacing, to, 0) == '=' ||
	    (behind(replacing, to, 0) == '/' && first != '@'))
		return FALSE;
	if (first == '=')
		return !has_key(replacing, front - 1);
	return (first && strchr(",:@([", first)) || leads_on(replacing, to);
}

static void replace_by(Replacing *replacing, const char *at, const char *to, const char *by)
{
	g_string_append_len(replacing->out, replacing->copied, at - replacing->copied);
	g_string_append(replacing->out, by);
	replacing->copied = to;
}

static void replace_address(Replacing *replacing, const char *at, const char *to,
			    const Address *address)
{
	const char *by = address->bits == 128 ? replacing->place->ipv6 : replacing->place->ipv4;

	if (by && g_hash_table_contains(replacing->words->addresses, address) &&
	    !is_in_path(replacing, at) && behind(replacing, to, 0) != '=')
		replace_by(replacing, at, to, by);
}

static void replace_name(Replacing *replacing, const char *at, const char *to,
			 const char *lower)
{
	const char *domain = replacing->words->domain;
	const char *name = replacing->place->name;
	g_autofree char *full = NULL;

	if (!name || !g_hash_table_contains(replacing->words->names, lower) ||
	    is_in_path(replacing, at) || !may_be_name(replacing, at, to))
		return;
	if (domain && g_str_has_suffix(lower, domain) && !strchr(name, '.'))
		full = g_strconcat(name, domain, NULL);
	replace_by(replacing, at, to, full ? full : name);
}

/* A part without its last dots. */
static void replace_part(Replacing *replacing, const char *at, const char *to)
{
	Address address;
	g_autofree char *lower = NULL;

	while (to > at && to[-1] == '.')
		to--;
	if (to == at || to - at > LONGEST_WORD)
		return;
	lower = g_ascii_strdown(at, to - at);
	if (address_parse(lower, &address))
		replace_address(replacing, at, to, &address);
	else
		replace_name(replacing, at, to, lower);
}

/* The address with colons that all of this is; FALSE: it is none. */
static gboolean take_long(Replacing *replacing, const char *at, const char *to)
{
	g_autofree char *lower = NULL;
	const char *colon = memchr(at, ':', (gsize)(to - at));
	Address address;

	if (!colon || !memchr(colon + 1, ':', (gsize)(to - colon - 1)) ||
	    to - at > LONGEST_WORD)
		return FALSE;
	lower = g_ascii_strdown(at, to - at);
	if (!address_parse(lower, &address))
		return FALSE;
	replace_address(replacing, at, to, &address);
	return TRUE;
}

static void replace_word(Replacing *replacing, const char *at, const char *to)
{
	while (at < to && !take_long(replacing, at, to)) {
		const char *colon = memchr(at, ':', (gsize)(to - at));

		replace_part(replacing, at, colon ? colon : to);
		at = colon ? colon + 1 : to;
	}
}

GString *hosts_words_replace(const HostsWords *words, const char *text, gsize length,
			     const HostsPlace *place, const char *const *keys)
{
	Replacing replacing = {
		words, place, keys, text, text + length, text, g_string_new(NULL)
	};

	for (const char *at = text; at < replacing.end; at++) {
		const char *to = at;

		while (to < replacing.end && words_go_on(*to))
			to++;
		replace_word(&replacing, at, to);
		at = to;
	}
	if (replacing.copied == text) {
		g_string_free(replacing.out, TRUE);
		return NULL;
	}
	return g_string_append_len(replacing.out, replacing.copied,
				   replacing.end - replacing.copied);
}
