/* What answers DHCP on a host. */
#include "core/services/dhcp/here.h"
#include "core/base.h"
#include <string.h>

static void free_path(gpointer data)
{
	DhcpPath *path = data;

	g_free(path->name);
	g_free(path->path);
	g_free(path);
}

void dhcp_here_free(DhcpHere *here)
{
	if (!here)
		return;
	g_free(here->conf);
	g_free(here->content);
	g_free(here->leases);
	g_free(here->leased);
	g_free(here->unit);
	g_free(here->init);
	g_free(here->folder);
	g_free(here->socket);
	g_ptr_array_unref(here->addresses);
	g_ptr_array_unref(here->words);
	g_ptr_array_unref(here->paths);
	g_ptr_array_unref(here->subnets);
	g_free(here);
}

/* ---- dhcpd's configuration ---- */

/* The next word of it, without comments: a name, a text in quotes (with the first of them), a
 * sign; NULL: there is none.  Gives the word. */
static char *next_word(const char **at)
{
	const char *p = *at, *start;

	for (;;) {
		p += strspn(p, " \t\r\n");
		if (*p != '#')
			break;
		p = strchrnul(p, '\n');
	}
	start = p;
	if (!*p)
		return NULL;
	if (*p == '"') {
		for (p++; *p && *p != '"'; p++)
			p += *p == '\\' && p[1];
		*at = *p ? p + 1 : p;
		return g_strndup(start, (gsize)(p - start));
	}
	p += strcspn(p, " \t\r\n\";{}#,");
	p += p == start;
	*at = p;
	return g_strndup(start, (gsize)(p - start));
}

/* The port of OMAPI, and the file for us, if it is included. */
static void read_dhcpd(DhcpHere *here, const char *include)
{
	const char *at = here->content;
	g_autofree char *before = g_strdup("");

	for (char *word = next_word(&at); word; word = next_word(&at)) {
		if (g_str_equal(before, "omapi-port"))
			here->port = (guint)g_ascii_strtoull(word, NULL, 10);
		if (g_str_equal(before, "include") && *word == '"' &&
		    g_str_equal(word + 1, include)) {
			DhcpPath *path = g_new0(DhcpPath, 1);

			path->path = g_strdup(include);
			g_ptr_array_add(here->paths, path);
		}
		g_free(before);
		before = word;
	}
}

/* ---- What the host said ---- */

static char **text_of(DhcpHere *here, const char *word)
{
	const struct {
		const char *word;
		char **text;
	} all[] = {
		{ "conf", &here->conf },     { "leases", &here->leases },
		{ "leased", &here->leased }, { "unit", &here->unit },
		{ "init", &here->init },     { "folder", &here->folder },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(all); i++)
		if (g_str_equal(all[i].word, word))
			return all[i].text;
	return NULL;
}

static void take_line(DhcpHere *here, const char *line)
{
	const char *value = strchr(line, ' ');
	g_autofree char *word = g_strndup(line, value ? (gsize)(value - line) : strlen(line));
	char **text = text_of(here, word);

	value = value ? value + 1 : "";
	if (text) {
		g_free(*text);
		*text = g_strdup(value);
	} else if (g_str_equal(word, "address")) {
		g_ptr_array_add(here->addresses, g_strdup(value));
	} else if (g_str_equal(word, "word")) {
		g_ptr_array_add(here->words, g_strdup(value));
	} else if (g_str_equal(word, "server")) {
		here->kea = g_str_equal(value, "kea");
	}
}

static gboolean take_words(DhcpHere *here, const char *host, const char *said, GError **error)
{
	const char *content = strstr(said, "\ncontent\n");
	g_autofree char *head = NULL;
	g_auto(GStrv) lines = NULL;
	gsize length;

	if (!content || !g_str_has_prefix(said, "server ")) {
		g_set_error(error, DHCP_ERROR, 0,
			    "no DHCP server runs on %s: dhcpd and kea-dhcp4 were looked for",
			    host);
		return FALSE;
	}
	head = g_strndup(said, (gsize)(content - said));
	lines = g_strsplit(head, "\n", -1);
	for (guint i = 0; lines[i]; i++)
		take_line(here, lines[i]);
	here->content = (char *)g_base64_decode(content + strlen("\ncontent\n"), &length);
	here->content = g_realloc(here->content, length + 1);
	here->content[length] = '\0';
	if (here->conf && here->folder && (here->kea || here->leases) && length > 0 &&
	    strlen(here->content) == length)
		return TRUE;
	g_set_error(error, DHCP_ERROR, 0,
		    "the configuration of the DHCP server on %s (%s) cannot be read", host,
		    here->conf ? here->conf : "nobody says where it is");
	return FALSE;
}

DhcpHere *dhcp_here_parse(const char *host, const char *said, const char *include,
			  GError **error)
{
	DhcpHere *here = g_new0(DhcpHere, 1);
	gboolean good;

	here->addresses = g_ptr_array_new_with_free_func(g_free);
	here->words = g_ptr_array_new_with_free_func(g_free);
	here->paths = g_ptr_array_new_with_free_func(free_path);
	here->subnets = g_ptr_array_new_with_free_func(g_free);
	good = take_words(here, host, said, error);
	if (good && here->kea)
		good = dhcp_kea_conf(here, error);
	else if (good)
		read_dhcpd(here, include);
	if (good)
		return here;
	dhcp_here_free(here);
	return NULL;
}
