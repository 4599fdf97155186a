/* Boot files as a service: of each node all its files and links are one entry, see Service. */
#include "core/base.h"
#include "core/services/boot/ask.sh.h"
#include "core/services/boot/inside.h"
#include "core/services/shared.h"
#include <string.h>

#define TFTPDIR	   "/tftpboot"
#define INSTALLDIR "/install"

/* The service, and with a host as that has it. */
typedef struct {
	Service service;
	gboolean autoinst; /* what nodes are installed by, and not what they boot */
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
			addresses[i] =
				service_address_there(boot->hosts, boot->addresses, nodes[i]);
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

/* Of autoinst: only nodeset has the templates. */
static gboolean make_none(const Service *service, const char *const *nodes, guint n,
			  char **texts, GPtrArray *problems, GError **error)
{
	(void)service, (void)nodes, (void)n, (void)texts, (void)problems, (void)error;
	return TRUE;
}

/* ---- Where the files lie ---- */

/* The kickstart, AutoYaST or preseed file of a node, and the scripts beside it. */
static void add_autoinst(const char *root, const char *node, GPtrArray *paths)
{
	static const char *const ends[] = { "", ".post", ".pre" };

	for (gsize i = 0; service_is_host_name(node) && i < G_N_ELEMENTS(ends); i++)
		g_ptr_array_add(paths,
				g_strdup_printf("%s/autoinst/%s%s", root, node, ends[i]));
}

static void unref_paths(gpointer paths)
{
	g_ptr_array_unref(paths);
}

/* Of each node an array of paths.  Gives the array, or NULL and an error. */
static GPtrArray *paths_of(const BootService *boot, const char *const *nodes, guint n,
			   GError **error)
{
	g_autoptr(BootFacts) facts = boot->autoinst ? NULL : facts_of(boot, nodes, n, error);
	GPtrArray *all;

	if (!boot->autoinst && !facts)
		return NULL;
	all = g_ptr_array_new_with_free_func(unref_paths);
	for (guint i = 0; i < n; i++) {
		GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);

		if (facts)
			boot_paths(facts, i, paths);
		else
			add_autoinst(boot->root, nodes[i], paths);
		g_ptr_array_add(all, paths);
	}
	return all;
}

static void paths(const Service *service, const char *const *nodes, guint n, GPtrArray *list)
{
	g_autoptr(GPtrArray) all = paths_of(own(service), nodes, n, NULL);

	for (guint i = 0; all && i < n; i++) {
		const GPtrArray *mine = all->pdata[i];

		for (guint j = 0; j < mine->len; j++)
			g_ptr_array_add(list, g_strdup(mine->pdata[j]));
	}
}

/* ---- By files ---- */

/* path -> its place in `files` and 1 */
static GHashTable *index_of(const ServiceFile *files, guint n)
{
	GHashTable *index = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < n; i++)
		g_hash_table_insert(index, (gpointer)files[i].path, GUINT_TO_POINTER(i + 1));
	return index;
}

/* The file at a path; NULL: nobody has looked there. */
static const ServiceFile *file_at(GHashTable *index, const ServiceFile *files, const char *path)
{
	guint at = GPOINTER_TO_UINT(g_hash_table_lookup(index, path));

	return at > 0 ? &files[at - 1] : NULL;
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
	g_autoptr(GPtrArray) all = paths_of(own(service), nodes, n, error);
	g_autoptr(GHashTable) index = index_of(files, n_files);

	for (guint i = 0; all && i < n; i++) {
		const GPtrArray *mine = all->pdata[i];
		g_autoptr(GPtrArray) there = g_ptr_array_new_with_free_func(boot_file_free);

		for (guint j = 0; j < mine->len; j++) {
			const ServiceFile *file = file_at(index, files, mine->pdata[j]);

			if (file)
				add_there(there, file);
		}
		texts[i] = boot_text(there);
	}
	return all != NULL;
}

/* What is written of one file; FALSE: it lies where nobody has looked. */
static gboolean write_file(GHashTable *index, const ServiceFile *files, BootFile *file,
			   ServiceWrite *written, GError **error)
{
	const ServiceFile *there = file_at(index, files, file->path);
	ServiceWrite *write;

	if (!there) {
		g_set_error(error, BOOT_ERROR, 0,
			    "%s is not where the node's boot files lie by the tables: its "
			    "loader, its MACs or its addresses have changed since",
			    file->path);
		return FALSE;
	}
	if (!file->target && there->content && !is_text(there)) {
		g_set_error(error, BOOT_ERROR, 0, "%s is no text", file->path);
		return FALSE;
	}
	write = &written[there - files];
	g_free(write->text);
	write->fate = file->target ? SERVICE_LINK : SERVICE_CONTENT;
	write->text =
		file->target ? g_steal_pointer(&file->target) : g_steal_pointer(&file->content);
	write->length = write->fate == SERVICE_LINK ? strlen(write->text) : file->length;
	return TRUE;
}

/* `mine`: its paths. */
static gboolean write_node(const GPtrArray *mine, const char *text, GHashTable *index,
			   const ServiceFile *files, ServiceWrite *written, GError **error)
{
	g_autoptr(GPtrArray) all = text ? boot_files(text, error) : g_ptr_array_new();

	for (guint j = 0; all && j < mine->len; j++) {
		const ServiceFile *file = file_at(index, files, mine->pdata[j]);

		if (file && (file->target || is_text(file)))
			written[file - files].fate = SERVICE_GONE;
	}
	for (guint j = 0; all && j < all->len; j++)
		if (!write_file(index, files, all->pdata[j], written, error))
			return FALSE;
	return all != NULL;
}

static gboolean write_files(const Service *service, const ServiceFile *files, guint n_files,
			    const char *const *nodes, guint n, const char *const *texts,
			    ServiceWrite *written, GError **error)
{
	g_autoptr(GPtrArray) all = paths_of(own(service), nodes, n, error);
	g_autoptr(GHashTable) index = index_of(files, n_files);

	for (guint i = 0; all && i < n; i++)
		if (!write_node(all->pdata[i], texts[i], index, files, written, error))
			return FALSE;
	return all != NULL;
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

/* `key`: of site, the folder; where it is not set it is `usual`. */
static Service *service_new(Cluster *cluster, Hosts *hosts, const char *key, const char *usual)
{
	BootService *boot = g_new0(BootService, 1);
	const char *folder = NULL;
	g_autofree char *quoted = NULL;

	if (!cluster_site(cluster, key, &folder, NULL) || !folder)
		folder = usual;
	boot->root = g_strdup(folder);
	quoted = g_shell_quote(folder);
	boot->script = g_strdup_printf("root=%s\n%s", quoted, ask_sh);
	boot->service = (Service){ .many = boot->root,
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

Service *boot_service(Cluster *cluster, Hosts *hosts)
{
	Service *service = service_new(cluster, hosts, "tftpdir", TFTPDIR);

	service->name = "boot";
	return service;
}

Service *autoinst_service(Cluster *cluster, Hosts *hosts)
{
	Service *service = service_new(cluster, hosts, "installdir", INSTALLDIR);

	service->name = "autoinst";
	service->make = make_none;
	((BootService *)service)->autoinst = TRUE;
	return service;
}
