/*
 * The file `answers` of a world has a group for each answer: "1", "2", ...; of one host they
 * hold in this order.
 *
 *     host      its name, as procedures use it
 *     files     the host in hosts/ that it is; none: nothing is there
 *     fault     nothing; or unreachable, denied, lost (it runs the script, and the connection
 *               ends), silent (it runs it, and says nothing)
 *     contacts  for so many sessions; 0: from then on
 */
#include "lua/author/answers.h"
#include "lua/author/host.sh.h"
#include "lua/author/kill.h"
#include "lua/author/recorded.h"
#include <gio/gio.h>
#include <string.h>
#include <sys/wait.h>

#define SCRIPT_TIME "60" /* seconds; there is nothing to wait for in a test */

typedef struct {
	char *world, *files;
} Host;

static void free_host(gpointer data)
{
	Host *host = data;

	g_free(host->world);
	g_free(host->files);
	g_free(host);
}

/* Of all hosts; they are asked as long as the program runs. */
static GPtrArray *hosts;

static char **addresses_of(const Host *host)
{
	g_autofree char *name = g_strconcat(host->files, ".addresses", NULL);
	g_autofree char *path = g_build_filename(host->world, "hosts", name, NULL);
	g_autofree char *text = NULL;

	if (!g_file_get_contents(path, &text, NULL, NULL))
		text = g_strdup("");
	return g_strsplit(g_strchomp(text), "\n", -1);
}

/* host.sh in namespaces of its own. */
static GSubprocess *start(const Host *host, GError **error)
{
	g_autofree char *root = g_build_filename(host->world, "hosts", host->files, NULL);
	g_auto(GStrv) addresses = addresses_of(host);
	const char *before[] = { "timeout", "-k",	    "1",	 SCRIPT_TIME, "unshare",
				 "--mount", "--net",	    "--pid",	 "--ipc",     "--uts",
				 "--fork",  "--kill-child", "/bin/sh",	 "-c",	      host_sh,
				 "host.sh", root,	    host->files, NULL };
	g_autoptr(GPtrArray) argv = g_ptr_array_new();

	for (gsize i = 0; before[i]; i++)
		g_ptr_array_add(argv, (gpointer)before[i]);
	for (gsize i = 0; addresses[i]; i++)
		if (*addresses[i])
			g_ptr_array_add(argv, addresses[i]);
	g_ptr_array_add(argv, NULL);
	return g_subprocess_newv((const char *const *)argv->pdata,
				 G_SUBPROCESS_FLAGS_STDIN_PIPE |
					 G_SUBPROCESS_FLAGS_STDOUT_PIPE |
					 G_SUBPROCESS_FLAGS_STDERR_PIPE,
				 error);
}

static void add_bytes(GString *to, GBytes *bytes)
{
	gsize length;
	const char *data = g_bytes_get_data(bytes, &length);

	if (length > 0)
		g_string_append_len(to, data, (gssize)length);
}

static void run(const Host *host, const RemoteToldScript *script, RemoteResult *said)
{
	g_autoptr(GBytes) input = g_bytes_new(script->script, script->length);
	g_autoptr(GBytes) out = NULL;
	g_autoptr(GBytes) err = NULL;
	g_autoptr(GError) problem = NULL;
	g_autoptr(GSubprocess) process = start(host, &problem);

	if (!process || !g_subprocess_communicate(process, input, NULL, &out, &err, &problem)) {
		g_string_append_printf(said->err, "%s\n", problem->message);
		said->status = 127;
		return;
	}
	add_bytes(said->out, out);
	add_bytes(said->err, err);
	said->status = g_subprocess_get_if_exited(process)
			       ? g_subprocess_get_exit_status(process)
			       : 128 + g_subprocess_get_term_sig(process);
}

static void answer(const RemoteToldScript *script, RemoteResult *said, gpointer data)
{
	const Host *host = data;

	if (!script->look)
		kill_point("before a script on", script->host);
	run(host, script, said);
	if (!script->look)
		kill_point("after a script on", script->host);
}

/* What stands for a word of the file. */
static gboolean set_fault(RemoteTold *told, const char *fault)
{
	if (g_str_equal(fault, ""))
		return TRUE;
	if (g_str_equal(fault, "unreachable"))
		told->error = REMOTE_UNREACHABLE;
	else if (g_str_equal(fault, "denied"))
		told->error = REMOTE_DENIED;
	else if (g_str_equal(fault, "lost"))
		told->script.error = REMOTE_LOST;
	else if (g_str_equal(fault, "silent"))
		told->script.error = REMOTE_TIMEOUT;
	else
		return FALSE;
	return TRUE;
}

static void tell_one(Remote *remote, GKeyFile *file, const char *group, const char *world)
{
	g_autofree char *name = g_key_file_get_string(file, group, "host", NULL);
	g_autofree char *fault = g_key_file_get_string(file, group, "fault", NULL);
	Host *host = g_new0(Host, 1);
	RemoteTold told = { .answer = answer, .data = host };

	host->world = g_strdup(world);
	host->files = g_key_file_get_string(file, group, "files", NULL);
	g_ptr_array_add(hosts, host);
	told.contacts = (guint)g_key_file_get_integer(file, group, "contacts", NULL);
	if (!name || !host->files || !set_fault(&told, fault ? fault : ""))
		g_warning("%s/answers: group %s is not understood", world, group);
	else
		remote_tell(remote, name, &told);
}

void answers_tell(Remote *remote, gpointer data)
{
	g_autofree char *path = g_build_filename(data, "answers", NULL);
	g_autofree char *recorded = g_build_filename(data, "recorded", NULL);
	g_autoptr(GKeyFile) file = g_key_file_new();
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) groups = NULL;

	hosts = g_ptr_array_new_with_free_func(free_host);
	if (recorded_tell(remote, recorded))
		return;
	if (!g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, &error)) {
		g_warning("%s", error->message);
		return;
	}
	groups = g_key_file_get_groups(file, NULL);
	for (gsize i = 0; groups[i]; i++)
		tell_one(remote, file, groups[i], data);
}
