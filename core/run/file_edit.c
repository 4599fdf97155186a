/* One file on many hosts, made of what each has: looked at, thought about, put. */
#include "core/base.h"
#include "core/run/file.h"
#include <string.h>

struct run_edit {
	Call call;
	RunPut put;
	RemoteFile *files;	     /* of each host one */
	const RemoteFile **of_hosts; /* the same, as a put has them */
	RemoteSeen **seen;	     /* what was found; NULL: not known, or nobody asks */
	GPtrArray *texts;	     /* contents that were set */
	guint *changed;
};

static RunEdit *edit_of(const Call *call)
{
	return (RunEdit *)call; /* its first member */
}

static const char *bytes_of(GBytes *content, gsize *length)
{
	const char *bytes = g_bytes_get_data(content, length);

	return bytes ? bytes : "";
}

static GString *look(Call *call, guint place)
{
	return remote_look(&edit_of(call)->files[place], 1, RUN_EDIT_MOST);
}

/* What was made of it before is put again, whatever the script would make of it now. */
static void take_before(Call *call, guint place, Change *before)
{
	GBytes *content = change_file(before)->content;
	RemoteFile *file = &edit_of(call)->files[place];
	Put *put = call->places[place].own;

	if (!content && !g_str_equal(before->after.text, REMOTE_ABSENT)) {
		call_result(call, place, REMOTE_UNKNOWN, -1,
			    "begun before, and nobody knows how it ended: look there");
		return;
	}
	file->kind = content ? REMOTE_FILE : REMOTE_FILE_GONE;
	file->content = content ? bytes_of(content, &file->length) : NULL;
	call->places[place].repeat = TRUE;
	call->places[place].call = before->call;
	put->changes[0] = before;
	call_take_up(call, place, before);
}

static gboolean sort_out(Call *call, guint place, GError **error)
{
	CallPlace *at = &call->places[place];
	const char *path = edit_of(call)->files[place].path;
	Put *put = file_own(call, place);
	Change *before;

	(void)error;
	at->ordinal = recall_ordinal(call->run, CHANGE_FILE, at->host->name, path, NULL);
	put->ordinals[0] = at->ordinal;
	before = recall_find(call->run, CHANGE_FILE, at->host->name, path, NULL, at->ordinal);
	if (before && before->state == CHANGE_DONE) {
		edit_of(call)->changed[place] = 1;
		call_result(call, place, REMOTE_OK, 0, NULL);
	} else if (before && before->state == CHANGE_UNKNOWN) {
		take_before(call, place, before);
	}
	return TRUE;
}

static const CallClass call_class = {
	.kind = CHANGE_FILE,
	.said = 2 * RUN_EDIT_MOST, /* in base64, and the state */
	.sort_out = sort_out,
	.look = look,
	.looked = file_looked,
	.script = file_script,
	.judge = file_judge,
	.words = file_words,
	.clear = file_clear,
};

static gboolean check_edit(Run *run, const RunEdit *edit, GError **error)
{
	return door_check_allowed(run, error) &&
	       (edit->put.n == 0 || remote_file_check(&edit->files[0], error)) &&
	       door_check_no_secret(edit->put.check, "the check of files", error) &&
	       door_check_no_secret(edit->put.activate, "what activates files", error);
}

RunEdit *run_edit(Run *run, const RunHost *hosts, guint n, const char *path, gboolean secret,
		  const char *check, const char *activate, const RemoteLimits *limits,
		  GError **error)
{
	RunEdit *edit = g_new0(RunEdit, 1);

	call_init(&edit->call, run, &call_class, hosts, n);
	edit->files = g_new0(RemoteFile, MAX(n, 1));
	edit->of_hosts = g_new0(const RemoteFile *, n + 1);
	edit->seen = g_new0(RemoteSeen *, MAX(n, 1));
	edit->changed = g_new0(guint, MAX(n, 1));
	edit->texts = g_ptr_array_new_with_free_func(g_free);
	edit->put = (RunPut){ .hosts = hosts,
			      .n = n,
			      .files = edit->of_hosts,
			      .n_files = 1,
			      .check = check,
			      .activate = activate,
			      .edits = TRUE,
			      .limits = *limits };
	for (guint i = 0; i < n; i++) {
		edit->files[i] = (RemoteFile){ .path = path,
					       .kind = REMOTE_FILE,
					       .content = "",
					       .mode = -1,
					       .secret = secret };
		edit->of_hosts[i] = &edit->files[i];
	}
	edit->call.request = &edit->put;
	edit->call.own = edit->changed;
	edit->call.limits = *limits;
	edit->call.thinks = TRUE;
	if (check_edit(run, edit, error) && call_visit(&edit->call, error))
		return edit;
	run_edit_free(edit);
	return NULL;
}

void run_edit_free(RunEdit *edit)
{
	if (!edit)
		return;
	for (guint i = 0; i < edit->put.n; i++)
		if (edit->seen[i])
			remote_seen_free(edit->seen[i], 1);
	call_clear(&edit->call);
	g_free(edit->files);
	g_free(edit->of_hosts);
	g_free(edit->seen);
	g_free(edit->changed);
	g_ptr_array_unref(edit->texts);
	g_free(edit);
}

/* Whoever says nothing leaves it as it is. */
static void keep_as_it_is(RunEdit *edit, guint i)
{
	const RemoteSeen *seen = edit->seen[i];
	RemoteFile *file = &edit->files[i];

	file->kind = seen->content ? REMOTE_FILE : REMOTE_FILE_GONE;
	file->content = seen->content ? bytes_of(seen->content, &file->length) : NULL;
}

static void refuse(RunEdit *edit, guint i, const char *words)
{
	g_autofree char *quoted = text_quote(edit->files[i].path);
	g_autofree char *message = g_strconcat(quoted, " ", words, NULL);

	call_refuse(&edit->call, i, REMOTE_UNWRITTEN, message);
}

static gboolean is_editable(RunEdit *edit, guint i)
{
	const RemoteSeen *seen = edit->seen[i];

	if (seen->content || g_str_equal(seen->state, REMOTE_ABSENT))
		return TRUE;
	if (g_str_has_prefix(seen->state, "link "))
		refuse(edit, i, "is a link: name the file that it leads to");
	else if (g_str_equal(seen->state, "other"))
		refuse(edit, i, "is no file");
	else
		refuse(edit, i, "is larger than what is edited (1 MiB)");
	return FALSE;
}

static gboolean read_seen(RunEdit *edit, guint i)
{
	const GString *said = call_seen(&edit->call, i);
	g_autoptr(GError) problem = NULL;

	/* Nobody is asked about what an earlier attempt had begun, or where nobody answers. */
	if (!said || edit->call.places[i].repeat)
		return FALSE;
	edit->seen[i] = remote_look_seen(said, 1, &problem);
	if (!edit->seen[i]) {
		call_refuse(&edit->call, i, (RemoteErrorCode)problem->code, problem->message);
		return FALSE;
	}
	if (edit->call.run->planning)
		file_see_planned(&edit->call, i, &edit->files[i], edit->seen[i]);
	if (!is_editable(edit, i))
		return FALSE;
	keep_as_it_is(edit, i);
	return TRUE;
}

RunEditSeen run_edit_seen(RunEdit *edit, guint i, const char **text, gsize *length)
{
	if (!read_seen(edit, i))
		return RUN_EDIT_NOTHING;
	if (!edit->seen[i]->content)
		return RUN_EDIT_ABSENT;
	*text = bytes_of(edit->seen[i]->content, length);
	return RUN_EDIT_TEXT;
}

void run_edit_set(RunEdit *edit, guint i, const char *text, gsize length)
{
	RemoteFile *file = &edit->files[i];
	char *copy = g_memdup2(length ? text : "", MAX(length, 1));

	g_ptr_array_add(edit->texts, copy);
	file->kind = REMOTE_FILE;
	file->content = copy;
	file->length = length;
	file->secret |= secret_in(copy, length) != NULL;
}

void run_edit_remove(RunEdit *edit, guint i)
{
	edit->files[i].kind = REMOTE_FILE_GONE;
	edit->files[i].content = NULL;
	edit->files[i].length = 0;
}

void run_edit_fail(RunEdit *edit, guint i, const char *message)
{
	call_refuse(&edit->call, i, REMOTE_FAILED, message);
}

GPtrArray *run_edit_end(RunEdit *edit, guint *changed)
{
	GPtrArray *results = call_end(&edit->call);

	memcpy(changed, edit->changed, edit->put.n * sizeof(*changed));
	run_edit_free(edit);
	return results;
}
