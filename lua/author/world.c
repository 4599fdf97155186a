#include "lua/author/world.h"
#include "core/store.h"
#include "lua/author/answers.h"
#include "lua/program/program.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

G_DEFINE_QUARK(snmove_world_error, world_error)

#define MEMORY "/dev/shm"
#define HOSTS  "hosts/"

static GPtrArray *made; /* folders */

static gboolean spawn(const char *const *argv, GError **error)
{
	g_autofree char *said = NULL;
	int status;

	if (!g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
			  &said, &status, error))
		return FALSE;
	if (g_spawn_check_wait_status(status, NULL))
		return TRUE;
	g_set_error(error, WORLD_ERROR, WORLD_ERROR_FAILED, "%s: %s", argv[0],
		    g_strchomp(said));
	return FALSE;
}

static gboolean remove_all(const char *path)
{
	const char *argv[] = { "rm", "-rf", "--one-file-system", "--", path, NULL };

	return spawn(argv, NULL);
}

char *world_new(GError **error)
{
	const char *place = access(MEMORY, W_OK) == 0 ? MEMORY : g_get_tmp_dir();
	g_autofree char *folder = g_build_filename(place, "snmove-test-XXXXXX", NULL);

	if (!g_mkdtemp(folder)) {
		g_set_error(error, WORLD_ERROR, WORLD_ERROR_FAILED, "%s: %s", place,
			    g_strerror(errno));
		return NULL;
	}
	if (!made)
		made = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(made, g_strdup(folder));
	return g_steal_pointer(&folder);
}

static gboolean is_ours(const char *world)
{
	return made && g_ptr_array_find_with_equal_func(made, world, g_str_equal, NULL);
}

void world_remove(const char *world)
{
	if (is_ours(world))
		(void)remove_all(world);
}

void world_clear(void)
{
	for (guint i = 0; made && i < made->len; i++)
		(void)remove_all(made->pdata[i]);
	g_clear_pointer(&made, g_ptr_array_unref);
}

char *world_path(const char *world, const char *path, GError **error)
{
	g_auto(GStrv) parts = g_strsplit(path, "/", -1);

	if (is_ours(world) && !g_strv_contains((const char *const *)parts, ".."))
		return g_build_filename(world, path, NULL);
	g_set_error(error, WORLD_ERROR, WORLD_ERROR_FAILED, "'%s' is not in the test's cluster",
		    path);
	return NULL;
}

/* ---- Files of hosts ---- */

/* A path of a host, "hosts/NAME/...": its links lead where they lead on that host, and never
 * out of it.  Gives the host's folder, and in `rest` what is behind it; else the world's. */
static char *root_of(const char *world, const char *path, const char **rest)
{
	const char *name = g_str_has_prefix(path, HOSTS) ? path + strlen(HOSTS) : NULL;
	const char *slash = name ? strchr(name, '/') : NULL;
	g_autofree char *host = NULL;

	*rest = slash ? slash + 1 : path;
	if (!slash)
		return g_strdup(world);
	host = g_strndup(path, (gsize)(slash - path));
	return g_build_filename(world, host, NULL);
}

/* -1: errno says why. */
static int open_in(const char *root, const char *path, int flags)
{
	struct open_how how = { .flags = (guint64)flags | O_CLOEXEC,
				.resolve = RESOLVE_IN_ROOT };
	int folder = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int file = folder < 0 ? -1
			      : (int)syscall(SYS_openat2, folder, *path ? path : ".", &how,
					     sizeof(how));
	int reason = errno;

	if (folder >= 0)
		close(folder);
	errno = reason;
	return file;
}

/* The folder at the path, made with those above it where it is not there.  -1: errno says why.
 */
static int open_folder(const char *root, const char *path)
{
	int folder = open_in(root, path, O_PATH | O_DIRECTORY);
	g_autofree char *above = NULL;
	g_autofree char *name = NULL;
	int outer;

	if (folder >= 0 || errno != ENOENT || !*path || g_str_equal(path, "."))
		return folder;
	above = g_path_get_dirname(path);
	name = g_path_get_basename(path);
	outer = open_folder(root, above);
	if (outer < 0)
		return -1;
	if (mkdirat(outer, name, 0755) == 0 || errno == EEXIST)
		folder = open_in(root, path, O_PATH | O_DIRECTORY);
	close(outer);
	return folder;
}

static gboolean fail(const char *path, GError **error)
{
	g_set_error(error, WORLD_ERROR, WORLD_ERROR_FAILED, "%s: %s", path, g_strerror(errno));
	return FALSE;
}

gboolean world_add_host(const char *world, const char *name, GError **error)
{
	static const char *const folders[] = {
		"dev",		 "etc", "proc",	   "root",    "run",
		"told",		 "tmp", "var/log", "usr/bin", "etc/alternatives",
		"var/lib/snmove"
	};
	g_autofree char *host = g_strconcat(HOSTS, name, NULL);
	g_autofree char *root = world_path(world, host, error);
	g_autofree char *tmp = root ? g_build_filename(root, "tmp", NULL) : NULL;

	for (gsize i = 0; root && i < G_N_ELEMENTS(folders); i++) {
		g_autofree char *folder = g_build_filename(root, folders[i], NULL);

		if (g_mkdir_with_parents(folder, 0755) != 0)
			return fail(folder, error);
	}
	return root && (chmod(tmp, 01777) == 0 || fail(tmp, error));
}

gboolean world_put(const char *world, const char *path, const char *bytes, gsize length,
		   int mode, GError **error)
{
	g_autofree char *place = world_path(world, path, error);
	const char *rest;
	g_autofree char *root = root_of(world, path, &rest);
	g_autofree char *above = g_path_get_dirname(rest);
	g_autofree char *name = g_path_get_basename(rest);
	g_autofree char *file = NULL;
	gboolean good;
	int folder;

	if (!place)
		return FALSE;
	if (g_mkdir_with_parents(root, 0755) != 0)
		return fail(root, error);
	folder = open_folder(root, above);
	if (folder < 0)
		return fail(path, error);
	file = g_strdup_printf("/proc/self/fd/%d/%s", folder, name);
	good = g_file_set_contents_full(file, bytes, (gssize)length,
					G_FILE_SET_CONTENTS_CONSISTENT, mode, error) &&
	       (chmod(file, (mode_t)mode) == 0 || fail(path, error));
	close(folder);
	return good;
}

char *world_get(const char *world, const char *path, gsize *length, GError **error)
{
	g_autofree char *place = world_path(world, path, error);
	const char *rest;
	g_autofree char *root = root_of(world, path, &rest);
	g_autofree char *file = NULL;
	char *bytes = NULL;
	int opened;

	if (!place)
		return NULL;
	opened = open_in(root, rest, O_RDONLY | O_NONBLOCK);
	if (opened < 0)
		return NULL;
	file = g_strdup_printf("/proc/self/fd/%d", opened);
	if (g_file_test(file, G_FILE_TEST_IS_REGULAR))
		(void)g_file_get_contents(file, &bytes, length, NULL);
	close(opened);
	return bytes;
}

void world_forget(const char *place)
{
	(void)remove_all(place);
}

gboolean world_copy(const char *from, const char *to, GError **error)
{
	const char *argv[] = { "cp", "-a", "--", from, to, NULL };
	g_autofree char *first = world_path(from, "", error);
	g_autofree char *second = first ? world_path(to, "", error) : NULL;

	return second && remove_all(to) && spawn(argv, error);
}

/* ---- Its tables ---- */

char *world_database(const char *world, GError **error)
{
	g_autofree char *file = world_path(world, "cluster.db", error);

	return file ? g_strconcat("sqlite:", file, NULL) : NULL;
}

/* What a cell is in the row of a key. */
static StoreCell find_cell(const StoreTable *table, const char *key, int column)
{
	for (guint row = 0; row < table->n_rows; row++) {
		const char *text = store_table_cell(table, row, column);

		if (g_strcmp0(store_table_cell(table, row, (int)table->keys[0]), key) == 0)
			return (StoreCell){ text ? STORE_CELL_TEXT : STORE_CELL_NULL, text };
	}
	return (StoreCell){ STORE_CELL_NO_ROW, NULL };
}

gboolean world_set(const char *world, const char *table, const char *key, const char *column,
		   const char *value, GError **error)
{
	g_autofree char *url = world_database(world, error);
	g_autoptr(Store) store = url ? store_open(url, error) : NULL;
	g_autoptr(StoreTable) read = store ? store_read(store, table, error) : NULL;
	int place = read ? store_table_column(read, column) : -1;
	StoreChange change = { .table = table, .key = &key, .n_key = 1, .column = column };

	if (!read)
		return FALSE;
	if (place < 0 || read->n_keys != 1) {
		g_set_error(error, WORLD_ERROR, WORLD_ERROR_FAILED,
			    "there is no column %s.%s%s", table, column,
			    place < 0 ? "" : " that one key names");
		return FALSE;
	}
	change.before = find_cell(read, key, place);
	change.after = (StoreCell){ value ? STORE_CELL_TEXT : STORE_CELL_NO_ROW, value };
	if (change.before.kind == change.after.kind &&
	    g_strcmp0(change.before.text, value) == 0)
		return TRUE;
	return store_commit(store, &change, 1, NULL, STORE_WAIT, error);
}

/* ---- What is in it ---- */

static char *file_words(const char *path, const struct stat *status)
{
	g_autofree char *content = NULL;
	g_autofree char *digest = NULL;
	gsize length;

	if (S_ISLNK(status->st_mode)) {
		g_autofree char *target = g_file_read_link(path, NULL);

		return g_strdup_printf("link %s", target ? target : "?");
	}
	if (S_ISREG(status->st_mode) && g_file_get_contents(path, &content, &length, NULL))
		digest = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)content,
						     length);
	return g_strdup_printf("%o %u:%u %s", (guint)status->st_mode & 07777, status->st_uid,
			       status->st_gid,
			       S_ISDIR(status->st_mode) ? "folder"
			       : digest			? digest
							: "other");
}

static void add_files(GHashTable *files, const char *folder, const char *name,
		      const char *const *without)
{
	g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
	const char *each;

	while (dir && (each = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(folder, each, NULL);
		char *inner = *name ? g_build_filename(name, each, NULL) : g_strdup(each);
		struct stat status;

		if (g_strv_contains(without, inner) || lstat(path, &status) != 0) {
			g_free(inner);
			continue;
		}
		if (S_ISDIR(status.st_mode))
			add_files(files, path, inner, without);
		g_hash_table_insert(files, inner, file_words(path, &status));
	}
}

GHashTable *world_files(const char *world, const char *folder, const char *const *without)
{
	GHashTable *files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_autofree char *place = world_path(world, folder, NULL);

	if (place)
		add_files(files, place, "", without);
	return files;
}

/* ---- In the process that runs snmove in it ---- */

static gboolean add_address(const char *address, GError **error)
{
	const char *argv[] = { "ip", "address", "replace", address, "dev", "lo", NULL };

	return !*address || spawn(argv, error);
}

gboolean world_enter(const char *world, GError **error)
{
	g_autofree char *path = g_build_filename(world, "hosts", "mn.addresses", NULL);
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		text = g_strdup("");
	lines = g_strsplit(text, "\n", -1);
	for (gsize i = 0; lines[i]; i++)
		if (!add_address(lines[i], error))
			return FALSE;
	program_tell_hosts(answers_tell, (gpointer)world);
	return TRUE;
}
