/*
 * service_world - three small services, for the tests of entries: one file for all entries, a
 * file and a link for each, and a program that keeps them.
 */
#pragma once
#include "tests/unit/host_run.h"

/* ---- One file: a line "NODE: TEXT" each, and lines of others ---- */

#define LINES_FILE ROOT "/lines"

static void lines_paths(const Service *service, const char *const *nodes, guint n,
			GPtrArray *paths)
{
	(void)service, (void)nodes, (void)n;
	g_ptr_array_add(paths, g_strdup(LINES_FILE));
}

static gboolean lines_read(const Service *service, const ServiceFile *files, guint n_files,
			   const char *const *nodes, guint n, char **texts, GError **error)
{
	g_auto(GStrv) lines = g_strsplit(files[0].content ? files[0].content : "", "\n", -1);

	(void)service, (void)n_files;
	for (guint i = 0; lines[i]; i++) {
		if (g_str_equal(lines[i], "broken")) {
			g_set_error(error, REMOTE_ERROR, REMOTE_UNWRITTEN,
				    "line %u of %s cannot be read", i + 1, files[0].path);
			return FALSE;
		}
		for (guint j = 0; j < n; j++)
			if (g_str_has_prefix(lines[i], nodes[j]) &&
			    g_str_has_prefix(lines[i] + strlen(nodes[j]), ": "))
				texts[j] = g_strdup(lines[i] + strlen(nodes[j]) + 2);
	}
	return TRUE;
}

/* Of which of the nodes the line is; -1: of none. */
static int node_of(const char *line, const char *const *nodes, guint n)
{
	for (guint i = 0; i < n; i++)
		if (g_str_has_prefix(line, nodes[i]) && line[strlen(nodes[i])] == ':')
			return (int)i;
	return -1;
}

/* An entry stays in its place; a new one comes last. */
static gboolean lines_write(const Service *service, const ServiceFile *files, guint n_files,
			    const char *const *nodes, guint n, const char *const *texts,
			    ServiceWrite *written, GError **error)
{
	g_auto(GStrv) lines = g_strsplit(files[0].content ? files[0].content : "", "\n", -1);
	g_autofree gboolean *there = g_new0(gboolean, n);
	GString *text = g_string_new(NULL);

	(void)service, (void)n_files;
	for (guint i = 0; i < n; i++)
		if (texts[i] && g_str_equal(texts[i], "unwritable")) {
			g_string_free(text, TRUE);
			g_set_error(error, REMOTE_ERROR, REMOTE_UNWRITTEN,
				    "the entry of %s cannot be written", nodes[i]);
			return FALSE;
		}
	for (guint i = 0; lines[i] && (lines[i + 1] || *lines[i]); i++) {
		int node = node_of(lines[i], nodes, n);

		if (node < 0)
			g_string_append_printf(text, "%s\n", lines[i]);
		else if (texts[node])
			g_string_append_printf(text, "%s: %s\n", nodes[node], texts[node]);
		if (node >= 0)
			there[node] = TRUE;
	}
	for (guint i = 0; i < n; i++)
		if (texts[i] && !there[i])
			g_string_append_printf(text, "%s: %s\n", nodes[i], texts[i]);
	if (g_strcmp0(text->str, files[0].content) == 0) { /* it stays as it is */
		g_string_free(text, TRUE);
		return TRUE;
	}
	written[0].fate = SERVICE_CONTENT;
	written[0].length = text->len;
	written[0].text = g_string_free(text, FALSE);
	return TRUE;
}

/* ---- The same where the host says that it lies ---- */

#define WHERE	   "where"	  /* a file where scripts run, */
#define WHERE_FILE ROOT "/" WHERE /* which is this one */

typedef struct {
	Service service;
	char *path;
} Found;

static void found_paths(const Service *service, const char *const *nodes, guint n,
			GPtrArray *paths)
{
	(void)nodes, (void)n;
	g_ptr_array_add(paths, g_strdup(((const Found *)service)->path));
}

static void found_free(Service *service)
{
	g_free(((Found *)service)->path);
	g_free(service);
}

static Service *found(const Service *service, const char *host, const char *said,
		      GError **error)
{
	Found *there;

	if (!*said) {
		g_set_error(error, RUN_ERROR, RUN_ERROR_REFUSED, "no server runs on %s", host);
		return NULL;
	}
	there = g_new0(Found, 1);
	there->service = *service;
	there->service.paths = found_paths;
	there->path = g_strchomp(g_strdup(said));
	return &there->service;
}

/* ---- A file and a link each: the text is "CONTENT|TARGET" ---- */

static void tree_paths(const Service *service, const char *const *nodes, guint n,
		       GPtrArray *paths)
{
	(void)service;
	for (guint i = 0; i < n; i++) {
		g_ptr_array_add(paths, g_strconcat(ROOT "/boot-", nodes[i], NULL));
		g_ptr_array_add(paths, g_strconcat(ROOT "/link-", nodes[i], NULL));
	}
}

static gboolean tree_read(const Service *service, const ServiceFile *files, guint n_files,
			  const char *const *nodes, guint n, char **texts, GError **error)
{
	(void)service, (void)n_files, (void)nodes, (void)error;
	for (guint i = 0; i < n; i++) {
		const ServiceFile *file = &files[(gsize)i * 2];
		const char *target = files[(gsize)i * 2 + 1].target;

		if (file->content || target)
			texts[i] = g_strdup_printf("%.*s|%s", (int)file->length,
						   file->content ? file->content : "",
						   target ? target : "");
	}
	return TRUE;
}

static gboolean tree_write(const Service *service, const ServiceFile *files, guint n_files,
			   const char *const *nodes, guint n, const char *const *texts,
			   ServiceWrite *written, GError **error)
{
	(void)service, (void)files, (void)n_files, (void)nodes, (void)error;
	for (guint i = 0; i < n; i++) {
		ServiceWrite *file = &written[(gsize)i * 2], *link = file + 1;
		g_auto(GStrv) parts = g_strsplit(texts[i] ? texts[i] : "", "|", 2);

		file->fate = link->fate = SERVICE_GONE;
		if (!texts[i])
			continue;
		*file = (ServiceWrite){ SERVICE_CONTENT, g_strdup(parts[0]), strlen(parts[0]) };
		*link = (ServiceWrite){ SERVICE_LINK, g_strdup(parts[1]), strlen(parts[1]) };
	}
	return TRUE;
}

/* ---- A program: `ask NODE`, `set NODE TEXT`, `drop NODE` on a folder ---- */

#define PROGRAM_FOLDER ROOT "/program"

static GString *program_look(const Service *service, const char *const *nodes, guint n)
{
	GString *script = g_string_new("mkdir -p " PROGRAM_FOLDER "/\n");

	(void)service;
	for (guint i = 0; i < n; i++)
		g_string_append_printf(script,
				       "if [ -f " PROGRAM_FOLDER
				       "/%s ]; then printf 'has %%s\\n'"
				       " \"$(cat " PROGRAM_FOLDER "/%s)\"; else echo no; fi\n",
				       nodes[i], nodes[i]);
	return script;
}

static gboolean program_heard(const Service *service, const char *said,
			      const char *const *nodes, guint n, char **texts, GError **error)
{
	g_auto(GStrv) lines = g_strsplit(said, "\n", -1);

	(void)service, (void)nodes;
	if (g_strv_length(lines) < n) {
		g_set_error(error, REMOTE_ERROR, REMOTE_UNWRITTEN,
			    "the program does not answer");
		return FALSE;
	}
	for (guint i = 0; i < n; i++)
		if (g_str_has_prefix(lines[i], "has "))
			texts[i] = g_strdup(lines[i] + 4);
	return TRUE;
}

static GString *program_place(const Service *service, const char *const *nodes, guint n,
			      const char *const *now, const char *const *texts, GError **error)
{
	GString *script = g_string_new("(\n");

	(void)service, (void)error;
	for (guint i = 0; i < n; i++) {
		g_autofree char *quoted = texts[i] ? g_shell_quote(texts[i]) : NULL;

		if (g_strcmp0(now[i], texts[i]) == 0)
			continue;
		if (quoted)
			g_string_append_printf(script,
					       "printf %%s %s >" PROGRAM_FOLDER "/%s || exit\n",
					       quoted, nodes[i]);
		else
			g_string_append_printf(script, "rm -f " PROGRAM_FOLDER "/%s\n",
					       nodes[i]);
	}
	g_string_append(script, "[ ! -e " ROOT "/refuse ] || echo refused; cat " ROOT
				"/refuse 2>/dev/null\n:)\n");
	return script;
}

static ServiceOutcome program_judge(const Service *service, const char *const *nodes, guint n,
				    const char *const *texts, int status, const char *said,
				    GError **error)
{
	(void)service, (void)nodes, (void)n, (void)texts;
	if (!strstr(said, "refused") && status == 0)
		return SERVICE_ALL;
	g_set_error(error, RUN_ERROR, RUN_ERROR_REFUSED, "the program has refused");
	return strstr(said, "some") ? SERVICE_SOME : SERVICE_NONE;
}

static const Service services[] = {
	{ .name = "lines",
	  .paths = lines_paths,
	  .read = lines_read,
	  .write = lines_write,
	  .check = "! grep -q bad \"$@\"",
	  .activate = "! grep -qs yes " ROOT "/busy && echo reload >>" ROOT "/activated" },
	{ .name = "tree", .paths = tree_paths, .read = tree_read, .write = tree_write },
	{ .name = "program",
	  .look = program_look,
	  .heard = program_heard,
	  .place = program_place,
	  .judge = program_judge },
	{ .name = "keys",
	  .secret = TRUE,
	  .paths = lines_paths,
	  .read = lines_read,
	  .write = lines_write },
	{ .name = "vault",
	  .secret = TRUE,
	  .look = program_look,
	  .heard = program_heard,
	  .place = program_place,
	  .judge = program_judge },
	{ .name = "found",
	  .ask = "cat " WHERE " 2>/dev/null || :",
	  .found = found,
	  .free = found_free,
	  .read = lines_read,
	  .write = lines_write,
	  .check = "! grep -q bad \"$@\"" },
	{ .name = "alone",
	  .alone = TRUE,
	  .paths = lines_paths,
	  .read = lines_read,
	  .write = lines_write },
};
static const Service *const all_services[] = { &services[0], &services[1], &services[2],
					       &services[3], &services[4], &services[5],
					       &services[6], NULL };

/* ---- Giving ---- */

/* "cn1=TEXT cn2=" of each host: a node without a text has no entry.  What is given is the same
 * on every host, or stands in words of each host's own, " / " between them. */
static inline void take_words(char **words, GPtrArray *nodes, GPtrArray *texts)
{
	for (guint i = 0; words[i]; i++) {
		char *text = strchr(words[i], '=');

		*text++ = '\0';
		g_ptr_array_add(nodes, words[i]);
		g_ptr_array_add(texts, *text ? text : NULL);
	}
	g_ptr_array_add(nodes, NULL);
}

/* What is given, or only asked for. */
typedef struct {
	HostList list;
	GPtrArray *words, *kept;
	RunEntries entries;
} Giving;

static inline void giving_clear(Giving *giving)
{
	host_list_clear(&giving->list);
	g_ptr_array_unref(giving->words);
	g_ptr_array_unref(giving->kept);
	g_free((gpointer)giving->entries.nodes);
	g_free((gpointer)giving->entries.texts);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Giving, giving_clear)

static inline void make_giving(Test *test, Giving *giving, const char *service,
			       const char *hosts, const char *given)
{
	g_auto(GStrv) each = g_strsplit(given, " / ", -1);
	guint n, n_each = g_strv_length(each);
	const char *const **nodes_of, *const **texts_of;

	giving->list = host_list(hosts);
	n = giving->list.hosts->len;
	giving->words =
		g_ptr_array_new_with_free_func((GDestroyNotify)(void (*)(void))g_strfreev);
	giving->kept = g_ptr_array_new_with_free_func(
		(GDestroyNotify)(void (*)(void))g_ptr_array_unref);
	nodes_of = g_new(const char *const *, n);
	texts_of = g_new(const char *const *, n);
	for (guint i = 0; i < n; i++) {
		GPtrArray *nodes = g_ptr_array_new(), *texts = g_ptr_array_new();

		g_ptr_array_add(giving->words, g_strsplit(each[MIN(i, n_each - 1)], " ", -1));
		take_words(giving->words->pdata[i], nodes, texts);
		g_array_index(giving->list.hosts, RunHost, i).node = NULL;
		nodes_of[i] = (const char *const *)nodes->pdata;
		texts_of[i] = (const char *const *)texts->pdata;
		g_ptr_array_add(giving->kept, nodes);
		g_ptr_array_add(giving->kept, texts);
	}
	giving->entries = (RunEntries){ .hosts = (const RunHost *)giving->list.hosts->data,
					.n = n,
					.service = service,
					.nodes = nodes_of,
					.texts = texts_of,
					.limits = test->limits };
	test->services = all_services;
	run_serve(test->run, all_services);
}

static inline GPtrArray *try_give(Test *test, const char *service, const char *hosts,
				  const char *given)
{
	g_auto(Giving) giving = { 0 };

	make_giving(test, &giving, service, hosts, given);
	g_free(test->changed);
	test->changed = g_new0(guint, giving.entries.n);
	return run_give(test->run, &giving.entries, test->changed, &test->problem);
}

/* "HOST: NODE=TEXT NODE=" of each that has told; texts live as long as the program. */
static inline const char *looked_at(Test *test, const char *service, const char *hosts,
				    const char *nodes)
{
	g_auto(Giving) giving = { 0 };
	g_autoptr(GPtrArray) texts = g_ptr_array_new();
	g_autoptr(GString) all = g_string_new(NULL);

	make_giving(test, &giving, service, hosts, nodes);
	take_results(test, run_look(test->run, &giving.entries, texts, &test->problem));
	assert_ok(test->results, test->problem);
	for (guint i = 0; i < texts->len; i++) {
		GPtrArray *of_host = texts->pdata[i];

		if (!of_host)
			continue;
		g_string_append_printf(all, "%s%s:", all->len ? ", " : "",
				       giving.entries.hosts[i].name);
		for (guint j = 0; j < of_host->len; j++)
			g_string_append_printf(all, " %s=%s", giving.entries.nodes[i][j],
					       of_host->pdata[j] ? (char *)of_host->pdata[j]
								 : "");
		g_ptr_array_unref(of_host);
	}
	return g_intern_string(all->str);
}

static inline void try_out(Test *test, const char *service, const char *hosts,
			   const char *given)
{
	g_auto(Giving) giving = { 0 };

	make_giving(test, &giving, service, hosts, given);
	take_results(test, run_try(test->run, &giving.entries, &test->problem));
	assert_ok(test->results, test->problem);
}

static inline void give(Test *test, const char *service, const char *hosts, const char *given)
{
	take_results(test, try_give(test, service, hosts, given));
	assert_ok(test->results, test->problem);
}

static inline void give_in_step(Test *test, const char *service, const char *hosts,
				const char *given)
{
	begin_step(test, "dhcp");
	give(test, service, hosts, given);
	end_step(test);
}
