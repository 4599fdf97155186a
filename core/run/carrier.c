#include "core/run/carrier.h"
#include "core/base.h"
#include <string.h>

/* Bytes of one file of a service; no file with entries for 100,000 nodes is longer. */
#define FILE_MOST ((gsize)64 << 20)
/* Between what the service said, and what was kept of secret entries. */
#define KEPT_MARK "--- kept ---\n"

Carried *carried_new(const Service *service, const char *const *nodes)
{
	Carried *carried = g_new0(Carried, 1);

	carried->service = service;
	carried->nodes = nodes;
	carried->n = g_strv_length((char **)nodes);
	carried->now = g_new0(char *, carried->n + 1);
	carried->wanted = g_new0(char *, carried->n + 1);
	carried->recalled = g_new0(char *, carried->n + 1);
	carried->kept = g_new0(const char *, carried->n + 1);
	carried->by_files.texts = g_ptr_array_new_with_free_func(g_free);
	return carried;
}

/* NULL is a text, too. */
static void free_texts(char **texts, guint n)
{
	for (guint i = 0; i < n; i++)
		g_free(texts[i]);
	g_free(texts);
}

/* Only those nodes that the tables have something of. */
static void leave_out(Carried *carried)
{
	guint kept = 0;

	carried->kept_nodes = g_new0(const char *, carried->n + 1);
	for (guint i = 0; i < carried->n; i++) {
		if (!carried->wanted[i])
			continue;
		carried->kept_nodes[kept] = carried->nodes[i];
		carried->wanted[kept++] = carried->wanted[i];
	}
	for (guint i = kept; i < carried->n; i++)
		carried->wanted[i] = NULL;
	carried->nodes = carried->kept_nodes;
	carried->n = kept;
}

Carried *carried_wanted(const Service *service, const RunEntries *entries, guint place,
			GError **error)
{
	Carried *carried = carried_new(service, entries->nodes[place]);
	g_autoptr(GPtrArray) problems =
		entries->problems ? g_ptr_array_ref(entries->problems[place])
				  : g_ptr_array_new_with_free_func(service_problem_free);

	for (guint i = 0; entries->texts && i < carried->n; i++)
		carried->wanted[i] = g_strdup(entries->texts[place][i]);
	if (entries->texts || entries->undone || entries->gone)
		return carried;
	if (!service->make(service, carried->nodes, carried->n, carried->wanted, problems,
			   error)) {
		carried_free(carried);
		return NULL;
	}
	leave_out(carried);
	return carried;
}

static void forget_files(Carried *carried)
{
	if (carried->by_files.seen)
		remote_seen_free(carried->by_files.seen, carried->by_files.paths->len);
	g_clear_pointer(&carried->by_files.paths, g_ptr_array_unref);
	g_clear_pointer(&carried->by_files.files, g_free);
	g_clear_pointer(&carried->by_files.way, g_free);
	carried->by_files.seen = NULL;
}

void carried_free(Carried *carried)
{
	if (!carried)
		return;
	forget_files(carried);
	free_texts(carried->now, carried->n);
	free_texts(carried->wanted, carried->n);
	free_texts(carried->recalled, carried->n);
	g_free(carried->kept);
	g_free(carried->kept_nodes);
	g_ptr_array_unref(carried->by_files.texts);
	g_free(carried);
}

static gboolean is_by_files(const Carried *carried)
{
	return carried->service->paths != NULL;
}

/* ---- The look ---- */

static GString *look_at_paths(const GPtrArray *paths)
{
	g_autofree RemoteFile *files = g_new0(RemoteFile, MAX(paths->len, 1));

	for (guint i = 0; i < paths->len; i++)
		files[i] = (RemoteFile){ .path = paths->pdata[i], .kind = REMOTE_FILE_GONE };
	return remote_look(files, paths->len, FILE_MOST);
}

/* Those of the secret entries that were kept.  Gives an array. */
static GPtrArray *kept_paths(const Carried *carried)
{
	GPtrArray *paths = g_ptr_array_new();

	for (guint i = 0; i < carried->n; i++)
		if (carried->kept[i])
			g_ptr_array_add(paths, (gpointer)carried->kept[i]);
	return paths;
}

GString *carrier_look(Carried *carried, gboolean kept)
{
	const Service *service = carried->service;
	g_autoptr(GPtrArray) paths = kept ? kept_paths(carried) : NULL;
	GString *script;

	forget_files(carried);
	if (is_by_files(carried)) {
		carried->by_files.paths = g_ptr_array_new_with_free_func(g_free);
		service->paths(service, carried->nodes, carried->n, carried->by_files.paths);
		script = service->many
				 ? remote_look_many(
					   (const char *const *)carried->by_files.paths->pdata,
					   carried->by_files.paths->len, service->many)
				 : look_at_paths(carried->by_files.paths);
	} else {
		script = service->look(service, carried->nodes, carried->n);
	}
	if (kept && paths->len > 0) {
		GString *more = look_at_paths(paths);

		g_string_append_printf(script, "printf '\\n%%s' '%s'\n", KEPT_MARK);
		g_string_append_len(script, more->str, (gssize)more->len);
		g_string_free(more, TRUE);
	}
	return script;
}

/* Files as their service sees them.  Gives an array (g_free). */
static ServiceFile *service_files(const Carried *carried)
{
	const GPtrArray *paths = carried->by_files.paths;
	ServiceFile *files = g_new0(ServiceFile, MAX(paths->len, 1));

	for (guint i = 0; i < paths->len; i++) {
		const RemoteSeen *seen = &carried->by_files.seen[i];
		gsize length = 0;
		const char *content =
			seen->content ? g_bytes_get_data(seen->content, &length) : NULL;
		char *target = remote_state_target(seen->state);

		if (target)
			g_ptr_array_add(carried->by_files.texts, target);
		files[i] = (ServiceFile){ paths->pdata[i],
					  seen->content && !content ? "" : content, length,
					  target };
	}
	return files;
}

static gboolean read_files(Carried *carried, const GString *said, GError **error)
{
	g_autofree ServiceFile *files = NULL;
	guint n = carried->by_files.paths->len;

	carried->by_files.seen = remote_look_seen(said, n, error);
	if (!carried->by_files.seen)
		return FALSE;
	files = service_files(carried);
	return carried->service->read(carried->service, files, n, carried->nodes, carried->n,
				      carried->now, error);
}

static gboolean read_kept(Carried *carried, const char *said, GError **error)
{
	g_autoptr(GPtrArray) paths = kept_paths(carried);
	g_autoptr(GString) text = g_string_new(said);
	RemoteSeen *seen = remote_look_seen(text, paths->len, error);
	guint place = 0;

	if (!seen)
		return FALSE;
	for (guint i = 0; i < carried->n; i++) {
		GBytes *content = carried->kept[i] ? seen[place++].content : NULL;
		gsize length = 0;
		const char *data = content ? g_bytes_get_data(content, &length) : NULL;

		carried->recalled[i] = content ? g_strndup(data ? data : "", length) : NULL;
	}
	remote_seen_free(seen, paths->len);
	return TRUE;
}

gboolean carrier_looked(Carried *carried, const GString *said, gboolean kept, GError **error)
{
	const Service *service = carried->service;
	const char *mark = kept ? g_strrstr(said->str, "\n" KEPT_MARK) : NULL;
	g_autoptr(GString) first =
		g_string_new_len(said->str, mark ? mark - said->str : (gssize)said->len);

	if (is_by_files(carried)) {
		if (!read_files(carried, first, error))
			return FALSE;
	} else if (!service->heard(service, first->str, carried->nodes, carried->n,
				   carried->now, error)) {
		return FALSE;
	}
	return !mark || read_kept(carried, mark + 1 + strlen(KEPT_MARK), error);
}

/* ---- The place ---- */

/* A mount may be left half written, and what it was is known to the journal only of files that
 * are put whole. */
static gboolean can_be_put(const RemoteFile *file, const RemoteSeen *seen, GError **error)
{
	const char *refused = remote_state_is_mount(seen->state)
				      ? "is a mount, and entries cannot be swapped in there"
				      : remote_file_refused(file, seen);
	g_autofree char *path = text_quote(file->path);

	if (refused)
		g_set_error(error, RUN_ERROR, RUN_ERROR_REFUSED, "%s %s", path, refused);
	return refused == NULL;
}

/* A file as it shall be, unless it is so already.  Entries go back by their texts: what it was
 * is needed only until all is done. */
static gboolean add_way(Carried *carried, guint i, const char *call, const char *folder,
			gboolean again, GError **error)
{
	const RemoteSeen *seen = &carried->by_files.seen[i];
	const RemoteFile *file = &carried->by_files.files[i];
	g_autofree char *name = g_strdup_printf("%s.%u", call, i + 1);
	char *after = NULL, *kept;

	if (!file->content && file->kind != REMOTE_FILE_GONE)
		return TRUE;
	if (remote_file_is_so(file, seen, &after) && !again) {
		g_free(after);
		return TRUE;
	}
	if (!can_be_put(file, seen, error)) {
		g_free(after);
		return FALSE;
	}
	kept = g_build_filename(folder, name, NULL);
	g_ptr_array_add(carried->by_files.texts, after);
	g_ptr_array_add(carried->by_files.texts, kept);
	carried->by_files.way[carried->by_files.n_way++] =
		(RemotePutFile){ file, seen->state, after, kept, TRUE };
	return TRUE;
}

/* What the service has written, as files of a put: of one that stays as it is, no content.
 * `again`: it may be so since an earlier attempt, and was never checked and activated; then it
 * goes along as it is. */
static gboolean write_files(Carried *carried, gboolean again, GError **error)
{
	static const RemoteFileKind kinds[] = { [SERVICE_AS_IT_IS] = REMOTE_FILE,
						[SERVICE_CONTENT] = REMOTE_FILE,
						[SERVICE_LINK] = REMOTE_FILE_LINK,
						[SERVICE_GONE] = REMOTE_FILE_GONE };
	const Service *service = carried->service;
	guint n = carried->by_files.paths->len;
	g_autofree ServiceFile *files = service_files(carried);
	g_autofree ServiceWrite *written = g_new0(ServiceWrite, MAX(n, 1));
	gboolean good = service->write(service, files, n, carried->nodes, carried->n,
				       (const char *const *)carried->wanted, written, error);

	g_free(carried->by_files.files);
	carried->by_files.files = g_new0(RemoteFile, MAX(n, 1));
	for (guint i = 0; i < n; i++) {
		gboolean stays = again && written[i].fate == SERVICE_AS_IT_IS;

		g_ptr_array_add(carried->by_files.texts, written[i].text);
		carried->by_files.files[i] =
			(RemoteFile){ .path = files[i].path,
				      .kind = kinds[written[i].fate],
				      .content = stays ? files[i].content : written[i].text,
				      .length = stays ? files[i].length : written[i].length,
				      .mode = -1,
				      .secret = service->secret };
	}
	return good;
}

static GString *place_files(Carried *carried, const char *call, const char *folder,
			    gboolean again, GError **error)
{
	const Service *service = carried->service;
	guint n = carried->by_files.paths->len;

	if (!write_files(carried, again, error))
		return NULL;
	carried->by_files.way = g_new0(RemotePutFile, MAX(n, 1));
	carried->by_files.n_way = 0;
	for (guint i = 0; i < n; i++)
		if (!add_way(carried, i, call, folder, again, error))
			return NULL;
	/* Of many files all may be gone since an earlier attempt; a put of none says so. */
	if (carried->by_files.n_way == 0 && !(again && service->many)) {
		g_set_error(error, RUN_ERROR, RUN_ERROR_STATE,
			    "the service %s has not written what it shall", service->name);
		return NULL;
	}
	if (service->many)
		return remote_put_many(carried->by_files.way, carried->by_files.n_way,
				       service->many, again);
	return remote_put(carried->by_files.way, carried->by_files.n_way, call, service->check,
			  service->activate, again ? REMOTE_PUT_AGAIN : REMOTE_PUT);
}

GString *carrier_try(Carried *carried, GError **error)
{
	const Service *service = carried->service;
	guint n = is_by_files(carried) ? carried->by_files.paths->len : 0;
	gboolean any = FALSE;

	if (!is_by_files(carried))
		return service->place(service, NULL, 0, NULL, NULL, error);
	if (!write_files(carried, FALSE, error))
		return NULL;
	for (guint i = 0; i < n; i++)
		any |= carried->by_files.files[i].kind == REMOTE_FILE &&
		       carried->by_files.files[i].content;
	return any && service->check ? remote_try(carried->by_files.files, n, service->check)
				     : NULL;
}

/* What secret entries were, each in a file that only its owner can read. */
static GString *keep_script(const Carried *carried, const char *folder)
{
	GString *script = g_string_new(NULL);
	g_autofree char *quoted = g_shell_quote(folder);

	for (guint i = 0; i < carried->n; i++) {
		g_autofree char *path = NULL;

		if (!carried->kept[i] || !carried->now[i])
			continue;
		if (script->len == 0)
			g_string_append_printf(script, "umask 077\nmkdir -p %s || exit\n",
					       quoted);
		path = g_shell_quote(carried->kept[i]);
		remote_script_write(script, path, carried->now[i], strlen(carried->now[i]));
	}
	return script;
}

#define NOT_KEPT "entries cannot be kept"

GString *carrier_place(Carried *carried, const char *call, const char *folder, gboolean again,
		       GError **error)
{
	const Service *service = carried->service;
	GString *place = is_by_files(carried)
				 ? place_files(carried, call, folder, again, error)
				 : service->place(service, carried->nodes, carried->n,
						  (const char *const *)carried->now,
						  (const char *const *)carried->wanted, error);
	g_autoptr(GString) keep = keep_script(carried, folder);
	GString *both;

	if (!place || keep->len == 0)
		return place;
	both = g_string_new("if ! (\n");
	g_string_append_len(both, keep->str, (gssize)keep->len);
	g_string_append_printf(both, ")\nthen\n	echo '%s'\n	(exit 1)\nelse\n", NOT_KEPT);
	g_string_append_len(both, place->str, (gssize)place->len);
	g_string_append(both, "fi\n");
	g_string_free(place, TRUE);
	return both;
}

static void judge_program(const Carried *carried, RemoteResult *result, GError **problem)
{
	const Service *service = carried->service;

	switch (service->judge(service, carried->nodes, carried->n,
			       (const char *const *)carried->wanted, result->status,
			       result->out->str, problem)) {
	case SERVICE_ALL:
		result->status = 0;
		break;
	case SERVICE_NONE:
		result->error = REMOTE_UNWRITTEN;
		break;
	case SERVICE_SOME:
		result->error = REMOTE_UNKNOWN;
		break;
	}
}

void carrier_judge(const Carried *carried, RemoteResult *result)
{
	g_autoptr(GError) problem = NULL;

	if (result->error != REMOTE_OK || !result->begun)
		return;
	if (g_str_has_prefix(result->out->str, NOT_KEPT)) {
		result->error = REMOTE_UNWRITTEN;
		problem = g_error_new(RUN_ERROR, RUN_ERROR_REFUSED,
				      "what the entries of %s were cannot be kept there",
				      carried->service->name);
	} else if (is_by_files(carried)) {
		remote_put_judge(carried->by_files.way, carried->by_files.n_way, result);
	} else {
		judge_program(carried, result, &problem);
	}
	if (!problem)
		return;
	result->status = -1;
	result->message = g_strdup(problem->message);
}

void carrier_judge_try(const Carried *carried, RemoteResult *result)
{
	const Service *service = carried->service;
	g_autoptr(GError) problem = NULL;

	if (result->error != REMOTE_OK)
		return;
	if (is_by_files(carried) && result->status != 0)
		problem = g_error_new(RUN_ERROR, RUN_ERROR_REFUSED,
				      "the check of the new files ended with status %d",
				      result->status);
	else if (!is_by_files(carried))
		(void)service->judge(service, NULL, 0, NULL, result->status, result->out->str,
				     &problem);
	if (!problem)
		return;
	result->error = REMOTE_UNCHECKED;
	result->status = -1;
	result->message = g_strdup(problem->message);
}
