/* Where a database server is: URLs, and the strings that xCAT has in cfgloc. */
#include "core/base.h"
#include "core/store/server.h"
#include <string.h>

/* Where it may stand instead is in the manual, under CLUSTER DATABASE. */
#define NO_PASSWORD                                                                            \
	"has a password in its URL, where everybody can read it; leave it out, and keep it "   \
	"in a file of mode 0600: cfgloc, ~/.pgpass or ~/.my.cnf"

void server_place_free(ServerPlace *place)
{
	if (!place)
		return;
	g_free(place->host);
	g_free(place->port);
	g_free(place->user);
	g_free(place->password);
	g_free(place->database);
	g_ptr_array_unref(place->options);
	g_free(place);
}

static ServerPlace *empty_place(void)
{
	ServerPlace *place = g_new0(ServerPlace, 1);

	place->options = g_ptr_array_new_with_free_func(g_free);
	return place;
}

const char *server_place_option(const ServerPlace *place, const char *name)
{
	for (guint i = 0; i < place->options->len; i += 2)
		if (g_str_equal(place->options->pdata[i], name))
			return place->options->pdata[i + 1];
	return NULL;
}

static void set(char **field, const char *value)
{
	g_free(*field);
	*field = *value ? g_strdup(value) : NULL;
}

/* What has a field of its own, under the names that URLs and DBI's drivers give it. */
static void take_option(ServerPlace *place, const char *name, const char *value)
{
	static const char *const databases[] = { "dbname", "database", "db", NULL };
	static const char *const hosts[] = { "host", "hostaddr", NULL };

	if (g_strv_contains(databases, name)) {
		set(&place->database, value);
	} else if (g_strv_contains(hosts, name)) {
		set(&place->host, value);
	} else if (g_str_equal(name, "port")) {
		set(&place->port, value);
	} else if (g_str_equal(name, "user")) {
		set(&place->user, value);
	} else {
		g_ptr_array_add(place->options, g_strdup(name));
		g_ptr_array_add(place->options, g_strdup(value));
	}
}

/* What is wrong is named without the text: there may be a password in it. */
static gboolean refuse(const char *scheme, const char *what, GError **error)
{
	g_set_error(error, STORE_ERROR, STORE_ERROR_FAILED, "the database '%s:...' %s", scheme,
		    what);
	return FALSE;
}

/* "dbname=xcatdb;host=mn|xcatadm|secret".  A text without `=` is the name of the database. */
static gboolean take_cfgloc(ServerPlace *place, const char *scheme, const char *text,
			    GError **error)
{
	g_auto(GStrv) parts = g_strsplit(text, "|", 3);
	g_auto(GStrv) words = g_strsplit(parts[0], ";", -1);

	for (guint i = 0; words[i]; i++) {
		char *name = g_strstrip(words[i]);
		char *equals = strchr(name, '=');

		if (equals)
			*equals = '\0';
		if (equals && g_str_equal(name, "password"))
			return refuse(scheme,
				      "has a password among its options; it stands last, as "
				      "in dbname=DATABASE;host=HOST|USER|PASSWORD",
				      error);
		if (equals)
			take_option(place, name, equals + 1);
		else if (*name)
			set(&place->database, name);
	}
	if (parts[0] && parts[1])
		set(&place->user, parts[1]);
	if (parts[0] && parts[1] && parts[2])
		set(&place->password, parts[2]);
	return TRUE;
}

static gboolean take_query(ServerPlace *place, const char *scheme, const char *query,
			   GError **error)
{
	GUriParamsIter iter;
	g_autoptr(GError) problem = NULL;
	gboolean has_password = FALSE;
	char *name, *value;

	g_uri_params_iter_init(&iter, query, -1, "&", G_URI_PARAMS_NONE);
	while (g_uri_params_iter_next(&iter, &name, &value, &problem)) {
		has_password = has_password || g_str_equal(name, "password");
		take_option(place, name, value);
		g_free(name);
		g_free(value);
	}
	if (problem)
		return refuse(scheme, "has options that cannot be read: NAME=VALUE&NAME=VALUE",
			      error);
	return !has_password || refuse(scheme, NO_PASSWORD, error);
}

static gboolean take_url(ServerPlace *place, const char *scheme, const char *text,
			 GError **error)
{
	g_autofree char *url = g_strconcat(scheme, ":", text, NULL);
	g_autoptr(GUri) uri =
		g_uri_parse(url, G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED_QUERY, NULL);
	const char *path = uri ? g_uri_get_path(uri) : NULL;

	if (!uri)
		return refuse(scheme,
			      "is no URL; it reads SCHEME://USER@HOST:PORT/DATABASE?OPTION="
			      "VALUE, and odd letters in it as %XX",
			      error);
	if (g_uri_get_password(uri))
		return refuse(scheme, NO_PASSWORD, error);
	if (g_uri_get_host(uri))
		set(&place->host, g_uri_get_host(uri));
	if (g_uri_get_user(uri))
		set(&place->user, g_uri_get_user(uri));
	if (g_uri_get_port(uri) > 0)
		place->port = g_strdup_printf("%d", g_uri_get_port(uri));
	if (path[0] == '/')
		set(&place->database, path + 1);
	return !g_uri_get_query(uri) || take_query(place, scheme, g_uri_get_query(uri), error);
}

ServerPlace *server_place_new(const char *scheme, const char *text, GError **error)
{
	g_autoptr(ServerPlace) place = empty_place();
	gboolean is_url = g_str_has_prefix(text, "//");
	gboolean ok = is_url ? take_url(place, scheme, text, error)
			     : take_cfgloc(place, scheme, text, error);

	if (!ok)
		return NULL;
	if (!place->database) {
		refuse(scheme, "names no database", error);
		return NULL;
	}
	return g_steal_pointer(&place);
}
