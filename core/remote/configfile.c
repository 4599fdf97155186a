/*
 * ssh's configuration files as a list of sections: what lies between two lines that say for
 * whom the following is.
 *
 * A file that is included inside of a section is for those at most whom that section is for,
 * and after it the section goes on.  So a section has a parent, which stands before it.
 */
#include "core/remote/configfile.h"
#include "core/remote/hostpattern.h"
#include <glob.h>
#include <string.h>

#define BLANKS	    " \t\r\f\v"
#define SYSTEM	    "/etc/ssh"
#define MAX_DEPTH   16 /* of Include, as in ssh */
#define MAX_SIZE    (16 << 20)
#define NONE	    G_MAXUINT
#define HOST_TOKENS "hnkCj" /* what % may be followed by and depend on the host */

typedef struct {
	guint parent;	 /* its place in sections; NONE: for everybody */
	char **patterns; /* NULL: for all whom the parent is for */
	char *hostname;	 /* the first Hostname; NULL: none */
	gboolean alone;	 /* a value depends on the host in a way that only ssh knows */
} Section;

struct config_files {
	GArray *sections;
	gboolean alone;	 /* everybody: there is something that only ssh can decide */
	gboolean broken; /* ssh will refuse to go on, and so do we */
};

/* Where a reader is. */
typedef struct {
	ConfigFiles *files;
	const char *home, *folder; /* of relative Includes */
	guint base;		   /* the section that includes this file, or NONE */
	guint current;
	guint depth;
} Reader;

static void read_file(Reader *reader, const char *path);

static guint add_section(ConfigFiles *files, guint parent, char **patterns)
{
	Section section = { .parent = parent, .patterns = patterns };

	g_array_append_val(files->sections, section);
	return files->sections->len - 1;
}

static Section *current_section(const Reader *reader)
{
	return &g_array_index(reader->files->sections, Section, reader->current);
}

/* Words. */

/* Up to a blank that is neither quoted nor escaped.  FALSE: a quote is left open. */
static gboolean append_word(const char **at, GString *word)
{
	const char *p = *at;
	char quote = '\0';

	for (; *p && (quote || !strchr(BLANKS, *p)); p++) {
		if (*p == '\\' && p[1] && (strchr("'\"\\", p[1]) || (!quote && p[1] == ' ')))
			g_string_append_c(word, *++p);
		else if (!quote && (*p == '"' || *p == '\''))
			quote = *p;
		else if (quote && *p == quote)
			quote = '\0';
		else
			g_string_append_c(word, *p);
	}
	*at = p;
	return quote == '\0';
}

/* Gives a vector (g_strfreev) without what is behind a #, or NULL: ssh will not take it. */
static char **split_words(const char *text)
{
	g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);

	for (const char *p = text + strspn(text, BLANKS); *p && *p != '#';
	     p += strspn(p, BLANKS)) {
		g_autoptr(GString) word = g_string_new(NULL);

		if (!append_word(&p, word))
			return NULL;
		g_ptr_array_add(words, g_string_free(g_steal_pointer(&word), FALSE));
	}
	g_ptr_array_add(words, NULL);
	return (char **)g_ptr_array_steal(words, NULL);
}

static gboolean depends_on_host(const char *value)
{
	for (const char *p = strchr(value, '%'); p && p[1]; p = strchr(p + 2, '%'))
		if (strchr(HOST_TOKENS, p[1]))
			return TRUE;
	return FALSE;
}

/* Lines. */

static void read_host(Reader *reader, const char *value)
{
	char **patterns = split_words(value);

	if (!patterns)
		patterns = g_new0(char *, 1);
	reader->current = add_section(reader->files, reader->base, patterns);
}

static void read_match(Reader *reader, const char *value)
{
	g_auto(GStrv) words = split_words(value);

	if (!words || !words[0] || words[1] || g_ascii_strcasecmp(words[0], "all") != 0)
		reader->files->alone = TRUE;
	reader->current = add_section(reader->files, reader->base, NULL);
}

/* Gives the path, or NULL: it is one that only ssh understands. */
static char *include_path(const Reader *reader, const char *path)
{
	if (strpbrk(path, "%$"))
		return NULL;
	if (g_str_has_prefix(path, "~/"))
		return g_build_filename(reader->home, path + 2, NULL);
	if (*path == '~')
		return NULL;
	return *path == '/' ? g_strdup(path) : g_build_filename(reader->folder, path, NULL);
}

static void include(Reader *reader, const char *pattern)
{
	glob_t found = { 0 };
	Reader inner = *reader;

	inner.depth++;
	inner.base = reader->current;
	if (glob(pattern, 0, NULL, &found) == 0)
		for (gsize i = 0; i < found.gl_pathc; i++) {
			inner.current = inner.base;
			read_file(&inner, found.gl_pathv[i]);
		}
	globfree(&found);
}

static void read_include(Reader *reader, const char *value)
{
	g_auto(GStrv) words = split_words(value);

	for (guint i = 0; words && words[i]; i++) {
		g_autofree char *path = include_path(reader, words[i]);

		if (path)
			include(reader, path);
		else
			reader->files->alone = TRUE;
	}
	/* What follows stands behind the Hostname lines of what was included. */
	reader->current = add_section(reader->files, reader->current, NULL);
}

static void read_hostname(Reader *reader, const char *value)
{
	g_auto(GStrv) words = split_words(value);
	Section *section = current_section(reader);

	if (words && words[0] && !section->hostname)
		section->hostname = g_strdup(words[0]);
}

static void read_canonicalize(Reader *reader, const char *value)
{
	g_auto(GStrv) words = split_words(value);

	if (!words || !words[0] || g_ascii_strcasecmp(words[0], "no") != 0)
		reader->files->alone = TRUE;
}

/* ssh -G shows these as they stand in the file, or they are not for us. */
static gboolean is_shown_raw(const char *keyword)
{
	static const char *const keywords[] = { "proxycommand",	     "proxyjump",
						"localcommand",	     "remotecommand",
						"localforward",	     "remoteforward",
						"knownhostscommand", "controlpath" };

	for (gsize i = 0; i < G_N_ELEMENTS(keywords); i++)
		if (g_ascii_strcasecmp(keyword, keywords[i]) == 0)
			return TRUE;
	return FALSE;
}

static void read_setting(Reader *reader, const char *keyword, const char *value)
{
	static const struct {
		const char *keyword;
		void (*read)(Reader *reader, const char *value);
	} settings[] = {
		{ "host", read_host },
		{ "match", read_match },
		{ "include", read_include },
		{ "hostname", read_hostname },
		{ "canonicalizehostname", read_canonicalize },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(settings); i++)
		if (g_ascii_strcasecmp(keyword, settings[i].keyword) == 0) {
			settings[i].read(reader, value);
			return;
		}
	if (depends_on_host(value) && !is_shown_raw(keyword))
		current_section(reader)->alone = TRUE;
}

/* A keyword, then blanks or one =, then its values. */
static void read_line(Reader *reader, const char *line)
{
	const char *start = line + strspn(line, BLANKS);
	gsize length = strcspn(start, BLANKS "=");
	g_autofree char *keyword = g_strndup(start, length);
	const char *value = start + length + strspn(start + length, BLANKS);

	if (!*start || *start == '#')
		return;
	if (*start == '"') /* a keyword in quotes is allowed, and nobody writes it */
		reader->files->alone = TRUE;
	if (*value == '=')
		value++;
	read_setting(reader, keyword, value);
}

static void read_file(Reader *reader, const char *path)
{
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;
	gsize length;

	if (reader->depth > MAX_DEPTH)
		reader->files->broken = reader->files->alone = TRUE;
	if (reader->files->broken || !g_file_test(path, G_FILE_TEST_IS_REGULAR) ||
	    !g_file_get_contents(path, &text, &length, NULL) || length > MAX_SIZE)
		return;
	reader->current = add_section(reader->files, reader->base, NULL);
	lines = g_strsplit(text, "\n", -1);
	for (guint i = 0; lines[i] && !reader->files->broken; i++)
		read_line(reader, lines[i]);
}

static void clear_section(gpointer data)
{
	Section *section = data;

	g_strfreev(section->patterns);
	g_free(section->hostname);
}

ConfigFiles *config_files_read(const char *file, const char *home)
{
	ConfigFiles *files = g_new0(ConfigFiles, 1);
	g_autofree char *folder = g_build_filename(home, ".ssh", NULL);
	g_autofree char *own = g_build_filename(folder, "config", NULL);
	Reader reader = { .files = files, .home = home, .folder = folder, .base = NONE };

	files->sections = g_array_new(FALSE, FALSE, sizeof(Section));
	g_array_set_clear_func(files->sections, clear_section);
	read_file(&reader, file ? file : own);
	if (!file) {
		reader.folder = SYSTEM;
		read_file(&reader, SYSTEM "/ssh_config");
	}
	return files;
}

void config_files_free(ConfigFiles *files)
{
	if (!files)
		return;
	g_array_unref(files->sections);
	g_free(files);
}

/* Is a Host line about the host?  One negated pattern that matches decides. */
static gboolean is_about(char **patterns, const char *host)
{
	gboolean matches = FALSE;

	for (guint i = 0; patterns[i]; i++) {
		gboolean negated = patterns[i][0] == '!';

		if (!hostpattern_matches_exactly(host, patterns[i] + negated))
			continue;
		if (negated)
			return FALSE;
		matches = TRUE;
	}
	return matches;
}

void config_files_match(const ConfigFiles *files, const char *host, ConfigMatch *match)
{
	guint n = files->sections->len;
	g_autofree guint8 *active = g_new0(guint8, n + 1);

	match->hostname = NULL;
	match->alone = files->alone;
	for (guint i = 0; i < n; i++) {
		const Section *section = &g_array_index(files->sections, Section, i);

		if ((section->parent != NONE && !active[section->parent]) ||
		    (section->patterns && !is_about(section->patterns, host)))
			continue;
		active[i] = 1;
		match->alone = match->alone || section->alone;
		if (!match->hostname)
			match->hostname = section->hostname;
	}
	match->set = g_bytes_new(active, n);
}
