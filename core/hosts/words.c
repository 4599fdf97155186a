/*
 * Which names and addresses stand in a text.
 *
 * A text is cut where no name and no address goes on; what is between is compared as a whole.
 * It is called for every cell of a database, so nothing is allocated.
 */
#include "core/hosts/words.h"
#include <string.h>

HostsWords *hosts_words_new(Hosts *hosts, const char *const *names, guint n)
{
	HostsWords *words = g_new0(HostsWords, 1);
	const char *domain = NULL;

	words->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	words->addresses = g_hash_table_new_full(address_hash, address_equal, g_free, NULL);
	if (!cluster_site(hosts->cluster, "domain", &domain, NULL))
		domain = NULL;
	words->domain = domain ? g_strconcat(".", domain, NULL) : NULL;
	for (guint i = 0; i < n; i++) {
		Address *address = g_new(Address, 1);
		g_autofree char *spelled = hosts_short_spelling(hosts, names[i]);

		if (address_parse(names[i], address)) {
			g_hash_table_add(words->addresses, address);
			continue;
		}
		g_free(address);
		g_hash_table_add(words->names, g_strdup(spelled));
		if (domain) {
			g_autofree char *full = g_strconcat(spelled, words->domain, NULL);

			g_hash_table_add(words->names, g_ascii_strdown(full, -1));
		}
	}
	return words;
}

void hosts_words_free(HostsWords *words)
{
	if (!words)
		return;
	g_hash_table_unref(words->names);
	g_hash_table_unref(words->addresses);
	g_free(words->domain);
	g_free(words);
}

/* A word without colons: a name, or an IPv4 address, perhaps with a dot behind it. */
static gboolean is_one(const HostsWords *words, char *word)
{
	gsize length = strlen(word);
	Address address;

	while (length > 0 && word[length - 1] == '.')
		word[--length] = '\0';
	return g_hash_table_contains(words->names, word) ||
	       (g_ascii_isdigit(*word) && address_parse(word, &address) &&
		g_hash_table_contains(words->addresses, &address));
}

/*
 * With colons it is an IPv6 address, or parts with colons between them: HOST:PORT, HOST:/PATH,
 * NAME:ADDRESS.  The longest address counts: fd00::11 is not fd00 and 11.
 */
static gboolean has_one(const HostsWords *words, char *word)
{
	for (char *colon; (colon = strchr(word, ':')); word = colon + 1) {
		Address address;

		if (strchr(colon + 1, ':') && address_parse(word, &address))
			return g_hash_table_contains(words->addresses, &address);
		*colon = '\0';
		if (is_one(words, word))
			return TRUE;
	}
	return is_one(words, word);
}

gboolean hosts_words_in(const HostsWords *words, const char *text)
{
	char word[LONGEST_WORD + 1];

	while (*text) {
		gsize length = 0;

		for (; text[length] && words_go_on(text[length]); length++)
			if (length < LONGEST_WORD)
				word[length] = g_ascii_tolower(text[length]);
		if (length > 0 && length <= LONGEST_WORD) {
			word[length] = '\0';
			if (has_one(words, word))
				return TRUE;
		}
		text += length + (text[length] != '\0');
	}
	return FALSE;
}
