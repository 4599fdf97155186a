/*
 * Kea's main configuration, as far as we need it: which files it includes for the reservations
 * of a subnet and for client classes, and its control socket.
 *
 * It is not JSON: it has comments of three kinds, and <?include "FILE"?> in place of a value.
 * So it is walked as it stands, and never written.
 */
#include "core/base.h"
#include "core/hosts.h"
#include "core/services/dhcp/here.h"
#include <string.h>

#define DEPTH 64

/* An object on the way down, and what is in it of what we look for. */
typedef struct {
	char *subnet;	    /* the value of "subnet" */
	char *reservations; /* the file that "reservations" includes */
} Level;

typedef struct {
	DhcpHere *here;
	const char *at;
	char *key; /* of the value that comes */
	Level levels[DEPTH];
	guint depth;
} Walk;

static gboolean skip_comment(const char **at)
{
	const char *p = *at;

	if (*p == '#' || (p[0] == '/' && p[1] == '/')) {
		*at = strchrnul(p, '\n');
		return TRUE;
	}
	if (p[0] == '/' && p[1] == '*') {
		const char *end = strstr(p + 2, "*/");

		*at = end ? end + 2 : p + strlen(p);
		return TRUE;
	}
	return FALSE;
}

static void skip_blank(Walk *walk)
{
	do
		walk->at += strspn(walk->at, " \t\r\n,");
	while (skip_comment(&walk->at));
}

/* A text in quotes, which `at` stands on; escapes stay as they are, no path has any. */
static char *take_string(Walk *walk)
{
	const char *start = ++walk->at, *p = start;

	for (; *p && *p != '"'; p++)
		p += *p == '\\' && p[1];
	walk->at = *p ? p + 1 : p;
	return g_strndup(start, (gsize)(p - start));
}

static void add_path(DhcpHere *here, const char *name, const char *file)
{
	DhcpPath *path = g_new0(DhcpPath, 1);

	path->name = g_strdup(name);
	path->path = g_strdup(file);
	g_ptr_array_add(here->paths, path);
}

/* `include`: it is the name of a file whose content is the value. */
static void take_value(Walk *walk, const char *value, gboolean include)
{
	Level *level = &walk->levels[walk->depth];
	const char *key = walk->key ? walk->key : "";

	if (include && g_str_equal(key, "reservations")) {
		g_free(level->reservations);
		level->reservations = g_strdup(value);
	} else if (include && g_str_equal(key, DHCP_KEA_CLASSES)) {
		add_path(walk->here, DHCP_KEA_CLASSES, value);
	} else if (!include && g_str_equal(key, "subnet")) {
		g_free(level->subnet);
		level->subnet = hosts_network_text(value, NULL);
	} else if (!include && g_str_equal(key, "socket-name") && !walk->here->socket) {
		walk->here->socket = g_strdup(value);
	}
	g_clear_pointer(&walk->key, g_free);
}

static void close_level(Walk *walk)
{
	Level *level = &walk->levels[walk->depth];

	if (level->subnet) {
		g_ptr_array_add(walk->here->subnets, g_strdup(level->subnet));
		if (level->reservations)
			add_path(walk->here, level->subnet, level->reservations);
	}
	g_clear_pointer(&level->subnet, g_free);
	g_clear_pointer(&level->reservations, g_free);
}

/* <?include "FILE"?> */
static gboolean take_include(Walk *walk)
{
	const char *quote = strchr(walk->at, '"'), *end = strstr(walk->at, "?>");
	g_autofree char *file = NULL;

	if (!quote || !end || quote > end)
		return FALSE;
	walk->at = quote;
	file = take_string(walk);
	walk->at = end + 2;
	take_value(walk, file, TRUE);
	return TRUE;
}

static gboolean take_text(Walk *walk)
{
	g_autofree char *text = take_string(walk);

	skip_blank(walk);
	if (*walk->at == ':') {
		walk->at++;
		g_free(walk->key);
		walk->key = g_steal_pointer(&text);
	} else {
		take_value(walk, text, FALSE);
	}
	return TRUE;
}

/* One step; FALSE: this is no configuration. */
static gboolean step(Walk *walk)
{
	switch (*walk->at) {
	case '{':
	case '[':
		walk->at++;
		g_clear_pointer(&walk->key, g_free);
		return ++walk->depth < DEPTH;
	case '}':
	case ']':
		walk->at++;
		if (walk->depth == 0)
			return FALSE;
		close_level(walk);
		walk->depth--;
		return TRUE;
	case '"':
		return take_text(walk);
	case '<':
		return take_include(walk);
	default: /* a number, true, null */
		walk->at += MAX(strcspn(walk->at, " \t\r\n,}]#/"), 1);
		g_clear_pointer(&walk->key, g_free);
		return TRUE;
	}
}

gboolean dhcp_kea_conf(DhcpHere *here, GError **error)
{
	Walk walk = { .here = here, .at = here->content };
	gboolean good = TRUE;
	guint line;

	for (skip_blank(&walk); good && *walk.at; skip_blank(&walk))
		good = step(&walk);
	good = good && walk.depth == 0;
	line = dhcp_line(here->content, walk.at);
	while (walk.depth > 0) {
		if (walk.depth < DEPTH)
			close_level(&walk);
		walk.depth--;
	}
	close_level(&walk);
	g_free(walk.key);
	if (!good)
		g_set_error(error, DHCP_ERROR, 0, "%s:%u: this cannot be understood",
			    here->conf, line);
	return good;
}
