/* Boot files as a service: of each node all its files and links are one entry, see Service. */
#include "core/base.h"
#include "core/services/boot/ask.sh.h"
#include "core/services/boot/inside.h"
#include "core/services/shared.h"
#include <string.h>

#define TFTPDIR "/tftpboot"

/* The service, and with a host as that has it. */
typedef struct {
	Service service;
	Cluster *cluster;
	Hosts *hosts;
	char *host;	      /* NULL: of no host in particular */
	GPtrArray *addresses; /* of the host */
	GHashTable *stubs;    /* kernels of the host that UEFI starts by themselves */
	char *root;	      /* the TFTP directory of all hosts */
	char *script;	      /* asks a host */
} BootService;

static const BootService *own(const Service *service)
{
	return (const BootService *)service;
}

static void boot_free(Service *service)
{
	BootService *boot = (BootService *)service;

	if (boot->host) {
		g_ptr_array_unref(boot->addresses);
		g_hash_table_unref(boot->stubs);
		g_free(boot->host);
	} else {
		g_free(boot->root);
		g_free(boot->script);
	}
	g_free(boot);
}

/* ---- By the tables ---- */

/* The address that the host has on the node's network; NULL: none. */
static const char *address_there(const BootService *boot, const char *node)
{
	const char *address = hosts_address(boot->hosts, node, NULL);
	const HostsNetwork *network = NULL, *other;

	if (!boot->addresses || !address ||
	    !hosts_network(boot->hosts, address, &network, NULL) || !network)
		return NULL;
	for (guint i = 0; i < boot->addresses->len; i++)
		if (hosts_network(boot->hosts, boot->addresses->pdata[i], &other, NULL) &&
		    other == network)
			return boot->addresses->pdata[i];
	return NULL;
}

/* Whom each node boots from: its xcatmaster, wherever the files lie; in an open pool the host
 * that has them.  Gives FALSE and an error. */
static gboolean find_servers(const BootService *boot, const char *const *nodes, guint n,
			     const char **servers, const char **addresses, GError **error)
{
	static const char *const columns[] = { "noderes.xcatmaster" };
	g_autofree ClusterValue *values =
		cluster_resolve_many(boot->cluster, nodes, n, columns, 1, error);

	for (guint i = 0; values && i < n; i++) {
		if (values[i].text) {
			servers[i] = cluster_keep(boot->cluster, values[i].text);
			addresses[i] = hosts_address(boot->hosts, servers[i], NULL);
		} else {
			addresses[i] = address_there(boot, nodes[i]);
			servers[i] = addresses[i] ? addresses[i] : boot->host;
		}
	}
	return values != NULL;
}

/* `kernel` is a path below the TFTP directory. */
static gboolean has_stub(const char *kernel, gpointer data)
{
	const BootService *boot = data;

	return boot->stubs && g_hash_table_contains(boot->stubs, kernel);
}

static BootFacts *facts_of(const BootService *boot, const char *const *nodes, guint n,
			   GError **error)
{
	g_autofree const char **servers = g_new0(const char *, MAX(n, 1));
	g_autofree const char **addresses = g_new0(const char *, MAX(n, 1));
	BootLook look = { .has_stub = has_stub, .data = (gpointer)boot };

	if (!find_servers(boot, nodes, n, servers, addresses, error))
		return NULL;
	return boot_facts_with(boot->cluster, boot->hosts, nodes, servers, addresses, n, &look,
			       error);
}

static gboolean make(const Service *service, const char *const *nodes, guint n, char **texts,
		     GPtrArray *problems, GError **error)
{
	g_autoptr(BootFacts) facts = facts_of(own(service), nodes, n, error);

	for (guint i = 0; facts && i < n; i++) {
		g_autoptr(GPtrArray) files = boot_render(facts, i);

		texts[i] = files ? boot_text(files) : NULL;
	}
	if (facts)
		service_problems_copy(boot_problems(facts), problems);
	return facts != NULL;
}

/* ---- By files ---- */

static void paths(const Service *service, const char *const *nodes, guint n, GPtrArray *list)
{
	g_autoptr(BootFacts) facts = facts_of(own(service), nodes, n, NULL);

	for (guint i = 0; facts && i < n; i++)
		boot_paths(facts, i, list);
}

/* path -> its place in `files` and 1 */
static GHashTable *places_of(const ServiceFile *files, guint n)
{
	GHashTable *places = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < n; i++)
		g_hash_table_insert(places, (gpointer)files[i].path, GUINT_TO_POINTER(i + 1));
	return places;
}

/* A loader that lies at the place of a link to it is no text, and none of ours. */
static gboolean is_text(const ServiceFile *file)
{
	return file->content && !memchr(file->content, '\0', file->length);
}

static void add_there(GPtrArray *there, const ServiceFile *file)
{
	BootFile *copy;

	if (!file->target && !is_text(file))
		return;
	copy = g_new0(BootFile, 1);
	copy->path = g_strdup(file->path);
	copy->target = g_strdup(file->target);
	copy->length = file->target ? 0 : file->length;
	copy->content = file->target ? NULL : g_strndup(file->content, file->length);
	g_ptr_array_add(there, copy);
}

static gboolean read_files(const Service *service, const ServiceFile *files, guint n_files,
			   const char *const *nodes, guint n, char **texts, GError **error)
{
	g_autoptr(BootFacts) facts = facts_of(own(service), nodes, n, error);
	g_autoptr(GHashTable) places = places_of(files, n_files);

	for (guint i = 0; facts && i < n; i++) {
		g_autoptr(GPtrArray) mine = g_ptr_array_new_with_free_func(g_free);
		g_autoptr(GPtrArray) there = g_ptr_array_new_with_free_func(boot_file_free);

		boot_paths(facts, i, mine);
		for (guint j = 0; j < mine->len; j++) {
			guint at =
				GPOINTER_TO_UINT(g_hash_table_lookup(places, mine->pdata[j]));

			if (at > 0)
				add_there(there, &files[at - 1]);
		}
		texts[i] = boot_text(there);
	}
	return facts != NULL;
}

/* What is written of one file; FALSE: it lies where nobody has looked. */
static gboolean write_file(GHashTable *places, const ServiceFile *files, BootFile *file,
			   ServiceWrite *written, GError **error)
{
	guint at = GPOINTER_TO_UINT(g_hash_table_lookup(places, file->path));
	ServiceWrite *write = at > 0 ? &written[at - 1] : NULL;

	if (!write) {
		g_set_error(error, BOOT_ERROR, 0,
			    "%s is not where the node's boot files lie by the tables: its "
			    "loader, its MACs or its addresses have changed since",
			    file->path);
		return FALSE;
	}
	if (!file->target && files[at - 1].content && !is_text(&files[at - 1])) {
		g_set_error(error, BOOT_ERROR, 0, "%s is no text", file->path);
		return FALSE;
	}
	g_free(write->text);
	write->fate = file->target ? SERVICE_LINK : SERVICE_CONTENT;
	write->text =
		file->target ? g_steal_pointer(&file->target) : g_steal_pointer(&file->content);
	write->length = write->fate == SERVICE_LINK ? strlen(write->text) : file->length;
	return TRUE;
}

static gboolean write_node(const BootFacts *facts, guint i, const char *text,
			   GHashTable *places, const ServiceFile *files, ServiceWrite *written,
			   GError **error)
{
	g_autoptr(GPtrArray) mine = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) all = text ? boot_files(text, error) : g_ptr_array_new();

	boot_paths(facts, i, mine);
	for (guint j = 0; all && j < mine->len; j++) {
		guint at = GPOINTER_TO_UINT(g_hash_table_lookup(places, mine->pdata[j]));
		const ServiceFile *file = at > 0 ? &files[at - 1] : NULL;

		if (file && (file->target || is_text(file)))
			written[at - 1].fate = SERVICE_GONE;
	}
	for (guint j = 0; all && j < all->len; j++)
		if (!write_file(places, files, all->pdata[j], written, error))
			return FALSE;
	return all != NULL;
}

static gboolean write_files(const Service *service, const ServiceFile *files, guint n_files,
			    const char *const *nodes, guint n, const char *const *texts,
			    ServiceWrite *written, GError **error)
{
	g_autoptr(BootFacts) facts = facts_of(own(service), nodes, n, error);
	g_autoptr(GHashTable) places = places_of(files, n_files);

	for (guint i = 0; facts && i < n; i++)
		if (!write_node(facts, i, texts[i], places, files, written, error))
			return FALSE;
	return facts != NULL;
}

/* ---- As a host has it ---- */

static void take_line(BootService *boot, const char *line)
{
	const char *value = strchr(line, ' ');

	if (value && g_str_has_prefix(line, "address "))
		g_ptr_array_add(boot->addresses, g_strdup(value + 1));
	else if (value && g_str_has_prefix(line, "stub "))
		g_hash_table_add(boot->stubs, g_strdup(value + 1));
}

static Service *found(const Service *service, const char *host, const char *said,
		      GError **error)
{
	BootService *boot = g_memdup2(service, sizeof(*boot));
	g_auto(GStrv) lines = g_strsplit(said, "\n", -1);

	(void)error;
	boot->host = g_strdup(host);
	boot->addresses = g_ptr_array_new_with_free_func(g_free);
	boot->stubs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (guint i = 0; lines[i]; i++)
		take_line(boot, lines[i]);
	return &boot->service;
}

Service *boot_service(Cluster *cluster, Hosts *hosts)
{
	BootService *boot = g_new0(BootService, 1);
	const char *tftpdir = NULL;
	g_autofree char *quoted = NULL;

	if (!cluster_site(cluster, "tftpdir", &tftpdir, NULL) || !tftpdir)
		tftpdir = TFTPDIR;
	boot->root = g_strdup(tftpdir);
	quoted = g_shell_quote(tftpdir);
	boot->script = g_strdup_printf("root=%s\n%s", quoted, ask_sh);
	boot->service = (Service){ .name = "boot",
				   .many = boot->root,
				   .ask = boot->script,
				   .found = found,
				   .free = boot_free,
				   .make = make,
				   .paths = paths,
				   .read = read_files,
				   .write = write_files };
	boot->cluster = cluster;
	boot->hosts = hosts;
	return &boot->service;
}
