/* Where xCAT keeps its database, and what must not be seen of it. */
#include "core/store/driver.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The first line of `path` without its line end; "": there is no such file; NULL: it cannot be
 * read, and `*problem` is the errno. */
static char *first_line(const char *path, int *problem)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;
	ssize_t length = file ? getline(&line, &size, file) : -1;
	char *text;

	*problem = !file || (length < 0 && ferror(file)) ? errno : 0;
	if (file)
		(void)fclose(file);
	text = line && length > 0 ? g_strndup(line, strcspn(line, "\n")) : g_strdup("");
	free(line);
	if (*problem == 0 || *problem == ENOENT || *problem == ENOTDIR)
		return text;
	g_free(text);
	return NULL;
}

/* The directory of tables that xCAT falls back to, or NULL. */
static char *default_directory(const char *root, const char *cfgloc)
{
	g_autofree char *opt = g_strconcat(root, "/opt/xcat/cfg", NULL);
	g_autofree char *etc = g_strconcat(root, "/etc/xcat", NULL);
	g_autofree char *nodelist = g_build_filename(etc, "nodelist.sqlite", NULL);

	if (g_file_test(opt, G_FILE_TEST_IS_DIR))
		return g_steal_pointer(&opt);
	if (!g_file_test(etc, G_FILE_TEST_IS_DIR))
		return NULL;
	/* A directory that some package left there does not make this a management node. */
	if (!g_file_test(nodelist, G_FILE_TEST_EXISTS) &&
	    !g_file_test(cfgloc, G_FILE_TEST_EXISTS))
		return NULL;
	return g_steal_pointer(&etc);
}

char *store_find(const char *environment, const char *root)
{
	g_autofree char *cfgloc = g_strconcat(root, "/etc/xcat/cfgloc", NULL);
	g_autofree char *found = NULL;
	int problem = 0;

	found = environment && *environment ? g_strdup(environment)
					    : first_line(cfgloc, &problem);
	/* Not to go on with another database: store_open says what to do. */
	if (!found)
		return g_strconcat(STORE_UNREADABLE, g_strerror(problem), ":", cfgloc, NULL);
	if (!*found) {
		g_free(found);
		found = default_directory(root, cfgloc);
		return found ? g_strconcat("SQLite:", found, NULL) : NULL;
	}
	if (!strchr(found, ':'))
		return g_strconcat("SQLite:", found, NULL);
	return g_steal_pointer(&found);
}

gboolean store_url_has_password(const char *url)
{
	const char *place = strchr(url, ':');
	const char *user = place ? strchr(place, '|') : NULL;
	const char *password = user ? strchr(user + 1, '|') : NULL;
	const char *at;

	if (!place || !g_str_has_prefix(place, "://"))
		return password && password[1];
	/* USER:PASSWORD@HOST, or among the options. */
	at = place + 3 + strcspn(place + 3, "@/?");
	return (*at == '@' && memchr(place + 3, ':', (gsize)(at - place - 3))) ||
	       strstr(at, "?password=") || strstr(at, "&password=");
}
