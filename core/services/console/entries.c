/* What the tables say about nodes' consoles, as entries of conserver.cf. */
#include "core/base.h"
#include "core/services/console/goconserver.h"
#include "core/services/shared.h"
#include <string.h>

enum { CONS, MGT, CONSERVER, TERMSERVER, TERMPORT, ONDEMAND, N_COLUMNS };

static const char *const columns[N_COLUMNS] = {
	[CONS] = "nodehm.cons",		  [MGT] = "nodehm.mgt",
	[CONSERVER] = "nodehm.conserver", [TERMSERVER] = "nodehm.termserver",
	[TERMPORT] = "nodehm.termport",	  [ONDEMAND] = "nodehm.consoleondemand",
};

/* What is known while entries are made. */
typedef struct {
	const ConsoleHost *host;
	Hosts *hosts;
	ClusterValue *values;
	int place[N_COLUMNS]; /* of each column among the values; -1: there is no such column */
	guint n_present;
	const char *master;   /* site.master */
	const char *ondemand; /* site.consoleondemand */
	GHashTable *here;     /* of each holder: is it this host? */
	GPtrArray *problems;
} Making;

/* What the tables have for node number `i`; NULL: nothing. */
static const char *value_of(const Making *making, guint i, guint column)
{
	gsize first = (gsize)i * making->n_present;
	int place = making->place[column];
	const char *text = place < 0 ? NULL : making->values[first + (guint)place].text;

	return text && *text ? text : NULL;
}

static void refuse(const Making *making, const char *node, const char *format, ...)
	G_GNUC_PRINTF(3, 4);
static void refuse(const Making *making, const char *node, const char *format, ...)
{
	ServiceProblem *problem = g_new0(ServiceProblem, 1);
	va_list arguments;

	va_start(arguments, format);
	problem->words = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	problem->node = g_strdup(node);
	problem->left_out = TRUE;
	g_ptr_array_add(making->problems, problem);
}

/* It stands in a command and in a path. */
static gboolean is_program(const char *name)
{
	return g_ascii_isalnum(*name) &&
	       !name[strspn(name, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "._-")];
}

static gboolean is_folder(const char *path)
{
	return *path == '/' && !strstr(path, "/..") &&
	       !path[strspn(path, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "/._+-")];
}

static gboolean is_here(const Making *making, const char *holder)
{
	gpointer known;

	if (!g_hash_table_lookup_extended(making->here, holder, NULL, &known)) {
		known = GINT_TO_POINTER(g_str_equal(holder, making->host->name) ||
					hosts_same(making->hosts, holder, making->host->name));
		g_hash_table_insert(making->here, (gpointer)holder, known);
	}
	return GPOINTER_TO_INT(known);
}

static gboolean are_ondemand(const Making *making)
{
	return making->ondemand && g_str_equal(making->ondemand, "yes");
}

static gboolean is_ondemand(const Making *making, guint i)
{
	const char *own = value_of(making, i, ONDEMAND);

	return own ? g_str_equal(own, "yes") : are_ondemand(making);
}

/* "no" counts only where all others are on demand. */
static const char *options_of(const Making *making, guint i)
{
	if (is_ondemand(making, i))
		return "  options ondemand;\n";
	return are_ondemand(making) && g_strcmp0(value_of(making, i, ONDEMAND), "no") == 0
		       ? "  options !ondemand;\n"
		       : "";
}

static char *text_of(const char *node, const char *what, const char *options)
{
	return g_strdup_printf("#xCAT BEGIN %s CONS\nconsole %s {\n  type exec;\n  %s;\n%s}\n"
			       "#xCAT END %s CONS\n",
			       node, node, what, options, node);
}

/* It has the console's program. */
static char *own_text(const Making *making, guint i, const char *node, const char *method)
{
	const ConsoleHost *host = making->host;
	g_autofree char *what = NULL;

	if (host->methods && !g_hash_table_contains(host->methods, method)) {
		refuse(making, node,
		       "%s has no console program %s/share/xcat/cons/%s (nodehm.cons, else "
		       "nodehm.mgt)",
		       host->name, host->root, method);
		return NULL;
	}
	if (host->go && g_str_equal(method, "openbmc")) {
		refuse(making, node,
		       "goconserver reaches consoles of openbmc with a password, which is not "
		       "moved: run makegocons for them");
		return NULL;
	}
	if (host->go) {
		what = g_strdup_printf("%s/share/xcat/cons/%s %s", host->root, method, node);
		return goconserver_text(node, what, is_ondemand(making, i));
	}
	what = g_strdup_printf("exec %s/share/xcat/cons/%s %s", host->root, method, node);
	return text_of(node, what, options_of(making, i));
}

static const char *method_of(const Making *making, guint i)
{
	const char *cons = value_of(making, i, CONS);

	return cons ? cons : value_of(making, i, MGT);
}

/* FALSE: a problem is told. */
static gboolean is_usable(const Making *making, guint i, const char *node, const char *holder)
{
	const char *method = method_of(making, i);
	const char *terminal = value_of(making, i, TERMSERVER);
	g_autofree char *quoted = NULL;

	if (!terminal)
		terminal = value_of(making, i, TERMPORT);
	if (terminal || !method) {
		refuse(making, node,
		       "%s: run makeconservercf for them on the new console server",
		       terminal ? "their consoles are at a terminal server (nodehm.termserver, "
				  "termport), which is not known here"
				: "nodehm.cons and nodehm.mgt are blank");
		return FALSE;
	}
	if (!service_is_host_name(node)) {
		refuse(making, node, "conserver.cf takes no such name");
		return FALSE;
	}
	if (!is_program(method)) {
		quoted = text_quote(method);
		refuse(making, node,
		       "the console method %s (nodehm.cons, else nodehm.mgt) is no "
		       "name of a program",
		       quoted);
		return FALSE;
	}
	if (holder && (service_is_host_name(holder) || g_hostname_is_ip_address(holder)))
		return TRUE;
	quoted = text_quote(holder ? holder : "");
	refuse(making, node,
	       "the console server %s (nodehm.conserver, else site.master) is no "
	       "name of a host",
	       quoted);
	return FALSE;
}

static char *make_one(const Making *making, guint i, const char *node)
{
	const char *conserver = value_of(making, i, CONSERVER);
	const char *holder = conserver ? conserver : making->master;
	g_autofree char *what = NULL;

	if (!is_usable(making, i, node, holder) || !making->host->name)
		return NULL;
	if (is_here(making, holder))
		return own_text(making, i, node, method_of(making, i));
	if (making->host->go)
		return NULL;
	what = g_strconcat("master ", holder, NULL);
	return text_of(node, what, "");
}

static gboolean resolve(Making *making, Cluster *cluster, const char *const *nodes, guint n,
			GError **error)
{
	const char *present[N_COLUMNS];

	for (guint i = 0; i < N_COLUMNS; i++) {
		const char *column = strchr(columns[i], '.') + 1;

		making->place[i] = -1;
		if (!cluster_has_column(cluster, "nodehm", column, NULL))
			continue;
		making->place[i] = (int)making->n_present;
		present[making->n_present++] = columns[i];
	}
	making->values =
		cluster_resolve_many(cluster, nodes, n, present, making->n_present, error);
	return making->values && cluster_site(cluster, "master", &making->master, error) &&
	       cluster_site(cluster, "consoleondemand", &making->ondemand, error);
}

gboolean console_make(Cluster *cluster, Hosts *hosts, const ConsoleHost *host,
		      const char *const *nodes, guint n, char **texts, GPtrArray *problems,
		      GError **error)
{
	g_autoptr(GHashTable) here = g_hash_table_new(g_str_hash, g_str_equal);
	Making making = { .host = host, .hosts = hosts, .here = here, .problems = problems };
	gboolean good = resolve(&making, cluster, nodes, n, error);

	if (good && host->name && !is_folder(host->root)) {
		g_autofree char *quoted = text_quote(host->root);

		good = FALSE;
		g_set_error(error, CONSOLE_ERROR, 0,
			    "XCATROOT on %s is %s, and conserver.cf takes no such path",
			    host->name, quoted);
	}
	for (guint i = 0; good && i < n; i++)
		texts[i] = make_one(&making, i, nodes[i]);
	g_free(making.values);
	return good;
}
