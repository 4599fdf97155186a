/* Consoles as a service: entries in the conserver.cf of each host, or in its goconserver, see
 * Service. */
#include "core/base.h"
#include "core/services/console/activate.sh.h"
#include "core/services/console/ask.sh.h"
#include "core/services/console/check.sh.h"
#include "core/services/console/find.sh.h"
#include "core/services/console/goconserver.h"
#include <string.h>

/* The service, and with a host as that has it. */
typedef struct {
	Service service;
	Cluster *cluster;
	Hosts *hosts;
	char *script;	     /* asks a host */
	char *host;	     /* NULL: of no host in particular; then all below is, too */
	char *server;	     /* "conserver", or another that runs there */
	char *conf;	     /* its configuration */
	char *root;	     /* XCATROOT */
	char *unit;	     /* of systemd, that starts it; or NULL */
	char *folder;	     /* its own working directory, */
	GPtrArray *words;    /* and its own words, by which it is started */
	GHashTable *methods; /* console programs */
	char *check, *activate;
	char *url, *cert, *key; /* of goconserver, see GoconserverPlace */
} ConsoleService;

static const ConsoleService *own(const Service *service)
{
	return (const ConsoleService *)service;
}

static void console_free(Service *service)
{
	ConsoleService *console = (ConsoleService *)service;

	if (!console->host) {
		g_free(console->script);
		g_free(console);
		return;
	}
	g_free(console->host);
	g_free(console->server);
	g_free(console->conf);
	g_free(console->root);
	g_free(console->unit);
	g_free(console->folder);
	g_ptr_array_unref(console->words);
	g_hash_table_unref(console->methods);
	g_free(console->check);
	g_free(console->activate);
	g_free(console->url);
	g_free(console->cert);
	g_free(console->key);
	g_free(console);
}

/* ---- Entries ---- */

static gboolean make(const Service *service, const char *const *nodes, guint n, char **texts,
		     GPtrArray *problems, GError **error)
{
	const ConsoleService *console = own(service);
	const ConsoleHost host = { console->host, console->root, console->methods,
				   console->server &&
					   g_str_equal(console->server, "goconserver") };

	return console_make(console->cluster, console->hosts, &host, nodes, n, texts, problems,
			    error);
}

static void paths(const Service *service, const char *const *nodes, guint n, GPtrArray *list)
{
	(void)nodes, (void)n;
	g_ptr_array_add(list, g_strdup(own(service)->conf));
}

static gboolean read_file(const Service *service, const ServiceFile *files, guint n_files,
			  const char *const *nodes, guint n, char **texts, GError **error)
{
	(void)service, (void)n_files;
	return console_read(files, nodes, n, texts, error);
}

static gboolean write_file(const Service *service, const ServiceFile *files, guint n_files,
			   const char *const *nodes, guint n, const char *const *texts,
			   ServiceWrite *written, GError **error)
{
	GString *content = NULL;

	(void)service, (void)n_files;
	if (!console_write(files, nodes, n, texts, &content, error))
		return FALSE;
	if (!content)
		return TRUE;
	written->fate = SERVICE_CONTENT;
	written->length = content->len;
	written->text = g_string_free(content, FALSE);
	return TRUE;
}

/* ---- In goconserver ---- */

static GoconserverPlace place_of(const Service *service)
{
	const ConsoleService *console = own(service);

	return (GoconserverPlace){ console->url, console->cert, console->key };
}

static GString *look_go(const Service *service, const char *const *nodes, guint n)
{
	const GoconserverPlace place = place_of(service);

	return goconserver_look(&place, nodes, n);
}

static gboolean heard_go(const Service *service, const char *said, const char *const *nodes,
			 guint n, char **texts, GError **error)
{
	(void)service;
	return goconserver_heard(said, nodes, n, texts, error);
}

static GString *place_go(const Service *service, const char *const *nodes, guint n,
			 const char *const *now, const char *const *texts, GError **error)
{
	const GoconserverPlace place = place_of(service);

	(void)error;
	return goconserver_place(&place, nodes, now, texts, n);
}

static ServiceOutcome judge_go(const Service *service, const char *const *nodes, guint n,
			       const char *const *texts, int status, const char *said,
			       GError **error)
{
	(void)service, (void)status;
	return goconserver_judge(nodes, n, texts, said, error);
}

/* ---- Commands of the host ---- */

static void set_variable(GString *script, const char *name, const char *value)
{
	g_autofree char *quoted = g_shell_quote(value ? value : "");

	g_string_append_printf(script, "%s=%s\n", name, quoted);
}

static char *check_of(const ConsoleService *console)
{
	GString *script = g_string_new(NULL);

	set_variable(script, "conf", console->conf);
	g_string_append_printf(script, "%s%scheck_consoles \"$@\"\n", find_sh, check_sh);
	return g_string_free(script, FALSE);
}

static char *activate_of(const ConsoleService *console)
{
	GString *script = g_string_new(NULL);

	set_variable(script, "conf", console->conf);
	set_variable(script, "root", console->root);
	set_variable(script, "unit", console->unit);
	set_variable(script, "folder", console->folder ? console->folder : "/");
	g_string_append_printf(script, "%s%sactivate_consoles", find_sh, activate_sh);
	for (guint i = 0; i < console->words->len; i++) {
		g_autofree char *word = g_shell_quote(console->words->pdata[i]);

		g_string_append_printf(script, " %s", word);
	}
	g_string_append_c(script, '\n');
	return g_string_free(script, FALSE);
}

/* ---- What runs on a host ---- */

static void take_line(ConsoleService *console, const char *line)
{
	const char *value = strchr(line, ' ');
	g_autofree char *word = g_strndup(line, value ? (gsize)(value - line) : strlen(line));
	const struct {
		const char *word;
		char **text;
	} all[] = {
		{ "server", &console->server }, { "conf", &console->conf },
		{ "root", &console->root },	{ "unit", &console->unit },
		{ "folder", &console->folder }, { "url", &console->url },
		{ "cert", &console->cert },	{ "key", &console->key },
	};

	value = value ? value + 1 : "";
	if (g_str_equal(word, "word"))
		g_ptr_array_add(console->words, g_strdup(value));
	else if (g_str_equal(word, "method"))
		g_hash_table_add(console->methods, g_strdup(value));
	for (gsize i = 0; i < G_N_ELEMENTS(all); i++)
		if (g_str_equal(all[i].word, word)) {
			g_free(*all[i].text);
			*all[i].text = g_strdup(value);
		}
}

/* It stands in a command and in a URL; a port is a number. */
static gboolean is_url(const char *text)
{
	g_autoptr(GUri) uri = g_uri_parse(text, G_URI_FLAGS_NONE, NULL);

	return uri && g_str_has_prefix(text, "http") && g_uri_get_host(uri) &&
	       *g_uri_get_host(uri) &&
	       !text[strspn(text, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS ".:/[]_-")];
}

static gboolean is_reached(const ConsoleService *console, GError **error)
{
	if (console->root && console->url && is_url(console->url))
		return TRUE;
	g_set_error(error, CONSOLE_ERROR, 0,
		    "%s does not say where the REST interface of its goconserver is "
		    "(/etc/goconserver/server.conf: host, port)",
		    console->host);
	return FALSE;
}

/* The server that runs there, if it is one that we know nothing of: what is to be typed. */
static gboolean is_usable(const ConsoleService *console, GError **error)
{
	if (!console->server)
		g_set_error(error, CONSOLE_ERROR, 0,
			    "no console server is on %s: conserver was looked for, and its "
			    "configuration (makeconservercf makes one)",
			    console->host);
	else if (g_str_equal(console->server, "goconserver"))
		return is_reached(console, error);
	else if (!g_str_equal(console->server, "conserver"))
		g_set_error(error, CONSOLE_ERROR, 0,
			    "%s runs on %s, and takes no consoles from snmove: leave the step "
			    "out (--skip console), and then run makeconfluentcfg for the nodes",
			    console->server, console->host);
	else if (!console->conf || *console->conf != '/' || !console->root ||
		 (!console->unit && console->words->len == 0))
		g_set_error(error, CONSOLE_ERROR, 0,
			    "%s does not say which configuration its conserver has",
			    console->host);
	else
		return TRUE;
	return FALSE;
}

static void by_program(Service *service)
{
	service->look = look_go;
	service->heard = heard_go;
	service->place = place_go;
	service->judge = judge_go;
}

static void by_file(ConsoleService *console)
{
	console->service.paths = paths;
	console->service.read = read_file;
	console->service.write = write_file;
	console->service.check = console->check = check_of(console);
	console->service.activate = console->activate = activate_of(console);
}

static Service *found(const Service *service, const char *host, const char *said,
		      GError **error)
{
	ConsoleService *console = g_memdup2(service, sizeof(*console));
	g_auto(GStrv) lines = g_strsplit(said, "\n", -1);

	console->host = g_strdup(host);
	console->words = g_ptr_array_new_with_free_func(g_free);
	console->methods = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; lines[i]; i++)
		take_line(console, lines[i]);
	if (!is_usable(console, error)) {
		console_free(&console->service);
		return NULL;
	}
	if (g_str_equal(console->server, "goconserver"))
		by_program(&console->service);
	else
		by_file(console);
	return &console->service;
}

Service *console_service(Cluster *cluster, Hosts *hosts)
{
	ConsoleService *console = g_new0(ConsoleService, 1);

	console->script = g_strconcat(find_sh, ask_sh, NULL);
	console->service = (Service){ .name = "console",
				      .alone = TRUE,
				      .ask = console->script,
				      .found = found,
				      .free = console_free,
				      .make = make };
	console->cluster = cluster;
	console->hosts = hosts;
	return &console->service;
}
