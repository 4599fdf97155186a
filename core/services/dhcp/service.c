/* DHCP as a service: entries by what answers on each host, see Service. */
#include "core/base.h"
#include "core/services/dhcp/ask.sh.h"
#include "core/services/dhcp/check.sh.h"
#include "core/services/dhcp/here.h"
#include "core/services/dhcp/reload.pl.h"
#include "core/services/dhcp/restart.sh.h"
#include "core/services/shared.h"
#include <string.h>

#define LEASES_MARK "--- leases ---"

/* The service, and with `here` as one host has it. */
typedef struct {
	Service service;
	Cluster *cluster;
	Hosts *hosts;
	const DhcpSettings *settings;
	DhcpHere *here; /* NULL: of no host in particular */
	DhcpBackend backend;
	char *host;
	DhcpLogin login; /* of omapi */
	char *check, *activate;
} DhcpService;

static const DhcpService *own(const Service *service)
{
	return (const DhcpService *)service;
}

static void set_error(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void set_error(GError **error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (error)
		*error = g_error_new_valist(DHCP_ERROR, 0, format, args);
	va_end(args);
}

/* ---- Texts ---- */

/* The host's own address on the node's network; or its name. */
static const char *own_address(const DhcpService *dhcp, const char *node)
{
	const char *address = service_address_there(dhcp->hosts, dhcp->here->addresses, node);

	return address ? address : dhcp->host;
}

/* What each node calls the server that it is to boot from: its xcatmaster, or in an open pool
 * the one that answers it; where only problems are looked for, anything that has an address.
 * Gives an array (g_free), or NULL and an error. */
static const char **servers_of(const DhcpService *dhcp, const char *const *nodes, guint n,
			       GError **error)
{
	static const char *const columns[] = { "noderes.xcatmaster" };
	g_autofree ClusterValue *values =
		cluster_resolve_many(dhcp->cluster, nodes, n, columns, 1, error);
	const char **servers;

	if (!values)
		return NULL;
	servers = g_new(const char *, MAX(n, 1));
	for (guint i = 0; i < n; i++)
		servers[i] = values[i].text ? cluster_keep(dhcp->cluster, values[i].text)
			     : dhcp->here   ? own_address(dhcp, nodes[i])
					    : nodes[i];
	return servers;
}

/* The one of this name; NULL: it includes none. */
static const DhcpPath *path_named(const DhcpHere *here, const char *name)
{
	for (guint i = 0; i < here->paths->len; i++) {
		const DhcpPath *path = here->paths->pdata[i];

		if (g_strcmp0(path->name, name) == 0)
			return path;
	}
	return NULL;
}

static gboolean has_subnet(const DhcpHere *here, const char *name)
{
	for (guint i = 0; i < here->subnets->len; i++)
		if (g_str_equal(here->subnets->pdata[i], name))
			return TRUE;
	return FALSE;
}

/* Has Kea a place for all of them? */
static gboolean has_places(const DhcpService *dhcp, const DhcpFacts *facts, char **texts,
			   guint n, GError **error)
{
	g_auto(GStrv) subnets = dhcp_subnets(facts);
	const DhcpHere *here = dhcp->here;
	gboolean classes = FALSE;

	for (guint i = 0; subnets[i]; i++) {
		g_autofree char *file = g_strdelimit(g_strdup(subnets[i]), "/", '-');

		if (path_named(here, subnets[i]))
			continue;
		if (!has_subnet(here, subnets[i]))
			set_error(error, "%s has no subnet %s", here->conf, subnets[i]);
		else
			set_error(error,
				  "%s has no file for the reservations of subnet %s: write "
				  "\"reservations\": <?include \"/etc/kea/snmove-%s.json\"?> "
				  "into it, and [] into that file",
				  here->conf, subnets[i], file);
		return FALSE;
	}
	for (guint i = 0; i < n; i++)
		classes |= texts[i] && strstr(texts[i], "\"" DHCP_KEA_CLASSES "\"");
	if (!classes || path_named(here, DHCP_KEA_CLASSES))
		return TRUE;
	set_error(error,
		  "%s has no file for the client classes of xnba: write \"client-classes\": "
		  "<?include \"/etc/kea/snmove-classes.json\"?> into Dhcp4, and [ {\"name\": "
		  "\"snmove-none\"} ] into that file",
		  here->conf);
	return FALSE;
}

static gboolean make(const Service *service, const char *const *nodes, guint n, char **texts,
		     GPtrArray *problems, GError **error)
{
	const DhcpService *dhcp = own(service);
	g_autofree const char **servers = servers_of(dhcp, nodes, n, error);
	g_autoptr(DhcpFacts) facts = NULL;

	if (!servers)
		return FALSE;
	facts = dhcp_facts(dhcp->cluster, dhcp->hosts, nodes, servers, n, error);
	if (!facts)
		return FALSE;
	for (guint i = 0; i < n; i++)
		texts[i] = dhcp_text(facts, dhcp->backend, i);
	service_problems_copy(dhcp_problems(facts), problems);
	return dhcp->backend != DHCP_KEA || has_places(dhcp, facts, texts, n, error);
}

/* ---- By files ---- */

static void paths(const Service *service, const char *const *nodes, guint n, GPtrArray *list)
{
	const DhcpHere *here = own(service)->here;

	(void)nodes, (void)n;
	for (guint i = 0; i < here->paths->len; i++)
		g_ptr_array_add(list,
				g_strdup(((const DhcpPath *)here->paths->pdata[i])->path));
}

/* As the backends want them.  Gives an array (g_free). */
static DhcpFile *files_of(const DhcpService *dhcp, const ServiceFile *files, guint n)
{
	DhcpFile *all = g_new0(DhcpFile, MAX(n, 1));

	for (guint i = 0; i < n; i++) {
		const DhcpPath *path = dhcp->here->paths->pdata[i];

		all[i] = (DhcpFile){ path->name ? path->name : path->path, files[i].content,
				     files[i].length };
	}
	return all;
}

static gboolean read_files(const Service *service, const ServiceFile *files, guint n_files,
			   const char *const *nodes, guint n, char **texts, GError **error)
{
	const DhcpService *dhcp = own(service);
	g_autofree DhcpFile *all = files_of(dhcp, files, n_files);

	return dhcp_read(dhcp->backend, all, n_files, nodes, n, texts, error);
}

static gboolean write_files(const Service *service, const ServiceFile *files, guint n_files,
			    const char *const *nodes, guint n, const char *const *texts,
			    ServiceWrite *written, GError **error)
{
	const DhcpService *dhcp = own(service);
	g_autofree DhcpFile *all = files_of(dhcp, files, n_files);
	g_autofree GString **contents = g_new0(GString *, MAX(n_files, 1));

	if (!dhcp_write(dhcp->backend, all, n_files, nodes, n, texts, contents, error))
		return FALSE;
	for (guint i = 0; i < n_files; i++) {
		if (!contents[i])
			continue;
		written[i].fate = SERVICE_CONTENT;
		written[i].length = contents[i]->len;
		written[i].text = g_string_free(contents[i], FALSE);
	}
	return TRUE;
}

static void add_words(GString *script, const DhcpHere *here)
{
	for (guint i = 0; i < here->words->len; i++) {
		g_autofree char *word = g_shell_quote(here->words->pdata[i]);

		g_string_append_printf(script, " %s", word);
	}
}

/* What a checker says beside faults is left out: dhcpd's names of its makers, and where to
 * write to; Kea's lines that are no errors. */
static char *check_of(const DhcpHere *here)
{
	static const char isc[] =
		"check_configuration() { dhcpd -t -cf \"$1\"; }\n"
		"only_faults() { sed -e '1,/^For info/d' -e '/^If you think/,$d' "
		"-e '/^Configuration file errors/,$d' -e '/^[[:blank:]]*^$/d' "
		"-e '/^$/d'; }\n";
	static const char kea[] =
		"check_configuration() { kea-dhcp4 -t \"$1\"; }\n"
		"only_faults() { sed -n -e '/ERROR/p' -e '/^Error/p' -e '/^Syntax/p' "
		"-e '/[Ee]rror:/p'; }\n";
	g_autofree char *conf = g_shell_quote(here->conf);

	return g_strdup_printf("conf=%s\n%s%s", conf, here->kea ? kea : isc, check_sh);
}

/* dhcpd has to be started again. */
static char *restart_of(const DhcpHere *here, const DhcpSettings *settings)
{
	GString *script;
	g_autofree char *unit = here->unit ? g_shell_quote(here->unit) : NULL;
	g_autofree char *init = here->init ? g_shell_quote(here->init) : NULL;
	g_autofree char *folder = g_shell_quote(here->folder);

	if (settings->restart)
		return g_strdup(settings->restart);
	if (unit)
		return g_strdup_printf("systemctl restart %s", unit);
	if (init)
		return g_strdup_printf("/etc/init.d/%s restart", init);
	script = g_string_new(NULL);
	g_string_append_printf(script, "folder=%s\n%sstart_again", folder, restart_sh);
	add_words(script, here);
	return g_string_free(script, FALSE);
}

/* Kea reads its files while it runs. */
static char *reload_of(const DhcpHere *here, const DhcpSettings *settings)
{
	GString *script;
	g_autofree char *socket = here->socket ? g_shell_quote(here->socket) : NULL;
	g_autofree char *program = g_shell_quote(reload_pl);

	if (settings->reload)
		return g_strdup(settings->reload);
	if (!socket)
		return NULL;
	script = g_string_new(NULL);
	g_string_append_printf(script, "perl -e %s %s", program, socket);
	for (guint i = 0; i < here->paths->len; i++) {
		const DhcpPath *path = here->paths->pdata[i];
		g_autofree char *quoted = g_shell_quote(path->path);

		g_string_append_printf(script, " %s", quoted);
	}
	return g_string_free(script, FALSE);
}

/* ---- By omshell ---- */

/* The hosts of the leases file: the rest of it is leases. */
static void add_leases(GString *script, const DhcpHere *here)
{
	g_autofree char *leases = g_shell_quote(here->leases);

	g_string_append_printf(script, "awk '/^host /,/^}/' <%s\n", leases);
}

static GString *look(const Service *service, const char *const *nodes, guint n)
{
	GString *script = g_string_new(NULL);

	(void)nodes, (void)n;
	add_leases(script, own(service)->here);
	return script;
}

static gboolean heard(const Service *service, const char *said, const char *const *nodes,
		      guint n, char **texts, GError **error)
{
	const DhcpFile file = { own(service)->here->leases, said, strlen(said) };

	return dhcp_read(DHCP_OMAPI, &file, 1, nodes, n, texts, error);
}

static GString *place(const Service *service, const char *const *nodes, guint n,
		      const char *const *now, const char *const *texts, GError **error)
{
	const DhcpService *dhcp = own(service);
	g_autoptr(GString) batch =
		dhcp_omapi_batch(&dhcp->login, NULL, nodes, now, texts, n, error);
	GString *script;

	if (!batch)
		return NULL;
	/* It shows each host again with each line that it is told. */
	script =
		g_string_new("(\nPATH=$PATH:/usr/sbin:/usr/local/sbin\n"
			     "command -v omshell >/dev/null || { echo 'no omshell'; exit 1; }\n"
			     "omshell <<'END_OF_BATCH' 2>&1 | sed -e '/^statements = /d' -e "
			     "'/^hardware-/d' -e '/^ip-address = /d' -e '/^dhcp-client-/d'\n");
	g_string_append_len(script, batch->str, (gssize)batch->len);
	/* With a wrong secret it connects, and only an answer is refused. */
	if (n == 0)
		g_string_append(script, "new host\nset name = \"snmove-none\"\nopen\n");
	g_string_append(script, "END_OF_BATCH\necho\necho '" LEASES_MARK "'\n");
	if (n > 0)
		add_leases(script, dhcp->here);
	g_string_append(script, ")\n");
	return script;
}

/* What the leases file has now is what counts. */
static gboolean judge_leases(const Service *service, const char *said, const char *const *nodes,
			     guint n, const char *const *texts, const GPtrArray *problems,
			     GError **error)
{
	g_autofree char **now = g_new0(char *, MAX(n, 1));
	const char *first = NULL, *why = "it has not taken it, and does not say why";
	gboolean good = heard(service, said, nodes, n, now, error);
	guint lacks = 0;

	for (guint i = 0; good && i < n; i++)
		if (g_strcmp0(now[i], texts[i]) != 0 && lacks++ == 0)
			first = nodes[i];
	for (guint i = 0; first && i < problems->len; i++) {
		const ServiceProblem *problem = problems->pdata[i];

		if (problem->node && g_str_equal(problem->node, first))
			why = problem->words;
	}
	if (first)
		set_error(
			error,
			"dhcpd has %u of %u entries not as they shall be, that of %s first: %s",
			lacks, n, first, why);
	for (guint i = 0; i < n; i++)
		g_free(now[i]);
	return good && !first;
}

/* Once it runs it may have made some of them, whatever becomes of the others. */
static ServiceOutcome judge(const Service *service, const char *const *nodes, guint n,
			    const char *const *texts, int status, const char *said,
			    GError **error)
{
	const char *mark = strstr(said, "\n" LEASES_MARK "\n");
	g_autofree char *first = mark ? g_strndup(said, (gsize)(mark - said)) : NULL;
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(service_problem_free);
	gboolean good;

	if (!mark || status != 0) {
		set_error(error, "omshell cannot be run there: %.200s", said);
		return SERVICE_NONE;
	}
	good = dhcp_omapi_judge(first, nodes, texts, n, problems, error) &&
	       (n == 0 || judge_leases(service, mark + strlen("\n" LEASES_MARK "\n"), nodes, n,
				       texts, problems, error));
	return good ? SERVICE_ALL : SERVICE_SOME;
}

/* ---- What runs on a host ---- */

static void dhcp_free(Service *service)
{
	DhcpService *dhcp = (DhcpService *)service;

	dhcp_here_free(dhcp->here);
	g_free(dhcp->host);
	g_free(dhcp->check);
	g_free(dhcp->activate);
	g_free(dhcp);
}

static void by_files(DhcpService *dhcp)
{
	Service *service = &dhcp->service;

	service->paths = paths;
	service->read = read_files;
	service->write = write_files;
	service->check = dhcp->check = check_of(dhcp->here);
	service->activate = dhcp->activate = dhcp->here->kea
						     ? reload_of(dhcp->here, dhcp->settings)
						     : restart_of(dhcp->here, dhcp->settings);
}

static void by_program(DhcpService *dhcp)
{
	dhcp->service.look = look;
	dhcp->service.heard = heard;
	dhcp->service.place = place;
	dhcp->service.judge = judge;
}

static gboolean choose_kea(DhcpService *dhcp, GError **error)
{
	const DhcpHere *here = dhcp->here;

	dhcp->backend = DHCP_KEA;
	if (here->paths->len == 0) {
		set_error(
			error,
			"Kea on %s includes no file for reservations: write \"reservations\": "
			"<?include \"FILE\"?> into each subnet4 of %s, and [] into that file",
			dhcp->host, here->conf);
		return FALSE;
	}
	by_files(dhcp);
	if (dhcp->activate)
		return TRUE;
	set_error(error,
		  "Kea on %s has no control-socket in %s: add one, or say in the configuration "
		  "how it reads its files anew: dhcp = { reload = \"...\" }",
		  dhcp->host, here->conf);
	return FALSE;
}

/* One owner of the hosts, never both. */
static gboolean choose_isc(DhcpService *dhcp, GError **error)
{
	const DhcpHere *here = dhcp->here;
	gboolean included = here->paths->len > 0;

	dhcp->backend = included ? DHCP_INCLUDE : DHCP_OMAPI;
	if (included && here->leased) {
		set_error(error,
			  "dhcpd on %s has hosts in %s (%s is one), as OMAPI makes them, and "
			  "includes "
			  "%s, too: either take that line out of %s, or the hosts out of the "
			  "leases "
			  "file (makedhcp -d)",
			  dhcp->host, here->leases, here->leased, dhcp->settings->include,
			  here->conf);
		return FALSE;
	}
	if (included) {
		by_files(dhcp);
		return TRUE;
	}
	if (here->port == 0) {
		set_error(error,
			  "dhcpd on %s takes no hosts from us: add the line include \"%s\"; to "
			  "%s, "
			  "with an empty file there, or omapi-port with the key of the table "
			  "passwd",
			  dhcp->host, dhcp->settings->include, here->conf);
		return FALSE;
	}
	by_program(dhcp);
	if (!dhcp_login(dhcp->cluster, &dhcp->login, error))
		return FALSE;
	dhcp->login.port = here->port;
	return TRUE;
}

static Service *found(const Service *service, const char *host, const char *said,
		      GError **error)
{
	DhcpService *dhcp = g_memdup2(service, sizeof(*dhcp));

	dhcp->host = g_strdup(host);
	dhcp->here = dhcp_here_parse(host, said, dhcp->settings->include, error);
	if (dhcp->here && (dhcp->here->kea ? choose_kea(dhcp, error) : choose_isc(dhcp, error)))
		return &dhcp->service;
	dhcp_free(&dhcp->service);
	return NULL;
}

/* ---- Doubts ---- */

static void doubts(const Service *service, const char *const *words, GPtrArray *list)
{
	const DhcpService *dhcp = own(service);
	const char *conf = dhcp->here->conf;
	g_auto(GStrv) lines = g_strsplit(dhcp->here->content, "\n", -1);
	g_autoptr(HostsWords) wanted =
		hosts_words_new(dhcp->hosts, words, g_strv_length((char **)words));

	for (guint i = 0; lines[i]; i++) {
		const char *line = g_strstrip(lines[i]);
		g_autofree char *bare = g_strdup(line);

		g_strdelimit(bare, ";{}[]\"'", ' ');
		if (*line != '#' && !strstr(line, "secret") && !strstr(line, "password") &&
		    hosts_words_in(wanted, bare))
			g_ptr_array_add(list,
					g_strdup_printf("%s:%u: %.200s", conf, i + 1, line));
	}
}

Service *dhcp_service(Cluster *cluster, Hosts *hosts, const DhcpSettings *settings)
{
	DhcpService *dhcp = g_new0(DhcpService, 1);

	dhcp->service = (Service){ .name = "dhcp",
				   .ask = ask_sh,
				   .found = found,
				   .free = dhcp_free,
				   .make = make,
				   .doubts = doubts };
	dhcp->cluster = cluster;
	dhcp->hosts = hosts;
	dhcp->settings = settings;
	return &dhcp->service;
}
