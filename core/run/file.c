/* Files on hosts: looked at, and put, all or none on each. */
#include "core/base.h"
#include "core/run/file.h"
#include <string.h>

/* Contents up to this are shown in a plan; longer ones are only counted. */
#define SHOWN ((gsize)1 << 16)
/* What a look may say: the contents to be shown, in base64, and the states. */
#define SAID ((gsize)16 << 20)

void file_clear(CallPlace *place)
{
	Put *put = place->own;

	if (!put)
		return;
	g_free(put->changes);
	g_free(put->ordinals);
	g_free(put->way);
	g_free(put);
}

static const RunPut *request_of(const Call *call)
{
	return call->request;
}

/* By host: how many files are changed. */
static guint *changed_of(const Call *call)
{
	return call->own;
}

/* ---- The look ---- */

static GString *look(Call *call, guint place)
{
	const RunPut *request = request_of(call);
	gsize shown = MIN(SHOWN, SAID / 2 / MAX(request->n_files, 1));

	return remote_look(request->files[place], request->n_files,
			   call->run->planning ? shown : 0);
}

/* A plan sees what it has planned already. */
void file_see_planned(Call *call, guint place, const RemoteFile *file, RemoteSeen *seen)
{
	const Change *planned = call_planned(call->run, CHANGE_FILE,
					     call->places[place].host->name, file->path, NULL);
	GBytes *new;

	if (!planned)
		return;
	new = change_file(planned)->new;
	g_free(seen->state);
	seen->state = g_strdup(planned->after.text);
	g_clear_pointer(&seen->content, g_bytes_unref);
	seen->content = new ? g_bytes_ref(new) : NULL;
}

static void refuse(Call *call, guint place, RemoteErrorCode error, const char *path,
		   const char *words)
{
	g_autofree char *quoted = text_quote(path);
	g_autofree char *message = g_strconcat(quoted, " ", words, NULL);

	call_refuse(call, place, error, message);
}

/* Can it be put where `seen` is? */
static gboolean is_possible(Call *call, guint place, guint i, const RemoteSeen *seen)
{
	const RunPut *request = request_of(call);
	const RemoteFile *file = &request->files[place][i];
	const char *expected = request->expected ? request->expected[place][i] : NULL;
	const char *refused = remote_file_refused(file, seen);

	if (expected && !remote_same_content(seen->state, expected)) {
		g_autofree char *now = remote_state_text(seen->state);
		g_autofree char *words = g_strconcat("is not as it was left, but ", now, NULL);

		refuse(call, place, REMOTE_CONFLICT, file->path, words);
	} else if (refused) {
		refuse(call, place, REMOTE_UNWRITTEN, file->path, refused);
	} else if (file->kind == REMOTE_FILE_COPY &&
		   !remote_same_content(seen->copy, file->state)) {
		refuse(call, place, REMOTE_UNWRITTEN, file->path,
		       *file->content
			       ? "cannot be put back: what was kept of it is not there any more"
			       : "cannot be put back: it was half done, and that was not kept");
	}
	return call->places[place].problem == NULL;
}

static GBytes *shown_content(const Call *call, const RemoteFile *file)
{
	if (!call->run->planning || file->kind != REMOTE_FILE || file->length > SHOWN ||
	    file->secret)
		return NULL;
	return g_bytes_new(file->content, file->length);
}

static Change *add_change(Call *call, guint place, guint i, const RemoteSeen *seen,
			  const char *after)
{
	Run *run = call->run;
	CallPlace *at = &call->places[place];
	const RemoteFile *file = &request_of(call)->files[place][i];
	g_autofree char *name = g_strdup_printf("%s.%u", at->call, i + 1);
	g_autofree char *kept = g_build_filename(run->kept, name, NULL);
	Change *change = call_add(call, place, file->path, ((Put *)at->own)->ordinals[i]);
	ChangeFile *detail = change_file(change);

	change->before = (StoreCell){ STORE_CELL_TEXT, door_keep(run, seen->state) };
	change->after = (StoreCell){ STORE_CELL_TEXT, door_keep(run, after) };
	detail->kept = door_keep(run, kept);
	detail->activate = door_keep(run, request_of(call)->activate);
	detail->new = shown_content(call, file);
	if (request_of(call)->edits && !file->secret && file->kind == REMOTE_FILE)
		detail->content = g_bytes_new(file->content, file->length);
	if (seen->content && run->planning && !file->secret &&
	    g_bytes_get_size(seen->content) <= SHOWN)
		detail->old = g_bytes_ref(seen->content);
	return change;
}

static void add_way(Put *put, const RemoteFile *file, const Change *change)
{
	put->way[put->n_way++] = (RemotePutFile){ file, change->before.text, change->after.text,
						  change_file(change)->kept, FALSE };
}

/* As before, whatever it is now; also what lies beside it goes. */
static void undo_begun(Call *call, guint place, guint i, const RemoteSeen *seen)
{
	Put *put = call->places[place].own;
	const Change *begun = request_of(call)->begun[place][i];

	put->changes[i] = add_change(call, place, i, seen, begun->before.text);
	change_file(put->changes[i])->kept = NULL; /* of a half-done state nothing is kept */
	add_way(put, &request_of(call)->files[place][i], begun);
}

/* Somebody has put its content back already: mode and owner are theirs to choose. */
static gboolean is_back_already(const RunPut *request, guint place, guint i,
				const RemoteSeen *seen, const char *after)
{
	return request->expected && request->expected[place][i] &&
	       !remote_same_content(request->expected[place][i], after) &&
	       remote_same_content(seen->state, after);
}

/* What has to be done with one file.  FALSE: nothing can be done on this host. */
static gboolean take_seen(Call *call, guint place, guint i, RemoteSeen *seen)
{
	const RunPut *request = request_of(call);
	const RemoteFile *file = &request->files[place][i];
	Put *put = call->places[place].own;
	g_autofree char *after = NULL;
	gboolean is_so;

	if (call->run->planning)
		file_see_planned(call, place, file, seen);
	if (request->begun) {
		undo_begun(call, place, i, seen);
		return TRUE;
	}
	is_so = remote_file_is_so(file, seen, &after) ||
		is_back_already(request, place, i, seen, after);
	if (!put->changes[i] && is_so)
		return TRUE;
	if (!is_so && !put->changes[i] && !is_possible(call, place, i, seen))
		return FALSE;
	if (!put->changes[i])
		put->changes[i] = add_change(call, place, i, seen, after);
	add_way(put, file, put->changes[i]);
	return TRUE;
}

void file_looked(Call *call, guint place, const GString *said)
{
	guint n = request_of(call)->n_files;
	Put *put = call->places[place].own;
	g_autoptr(GError) problem = NULL;
	RemoteSeen *seen = remote_look_seen(said, n, &problem);

	if (!seen) {
		call_refuse(call, place, (RemoteErrorCode)problem->code, problem->message);
		return;
	}
	for (guint i = 0; i < n && take_seen(call, place, i, &seen[i]); i++)
		;
	remote_seen_free(seen, n);
	changed_of(call)[place] = call->places[place].problem ? 0 : put->n_way;
}

/* ---- The put ---- */

/* What is to be made as before is so by the name that it was begun with. */
static const char *call_name(const Call *call, guint place)
{
	const RunPut *request = request_of(call);

	return request->begun ? request->begun[place][0]->call : call->places[place].call;
}

GBytes *file_script(Call *call, guint place, GError **error)
{
	const RunPut *request = request_of(call);
	const CallPlace *at = &call->places[place];
	const Put *put = at->own;

	(void)error;
	if (put->n_way == 0)
		return NULL;
	return g_string_free_to_bytes(remote_put(put->way, put->n_way, call_name(call, place),
						 request->check, request->activate,
						 request->begun ? REMOTE_PUT_BACK
						 : at->repeat	? REMOTE_PUT_AGAIN
								: REMOTE_PUT));
}

ChangeState file_judge(Call *call, guint place, RemoteResult *result)
{
	const Put *put = call->places[place].own;
	ChangeState state;

	remote_put_judge(put->way, put->n_way, result);
	state = call_state_after(result->error);
	if (state == CHANGE_FAILED)
		changed_of(call)[place] = 0;
	return state;
}

#define NAMED 3 /* paths in what is owed */

char *file_words(const Call *call, guint place)
{
	const RunPut *request = request_of(call);
	GString *words = g_string_new("'put");

	for (guint i = 0; i < MIN(request->n_files, NAMED); i++)
		g_string_append_printf(words, "%s %s", i ? "," : "",
				       request->files[place][i].path);
	if (request->n_files > NAMED)
		g_string_append_printf(words, " and %u more", request->n_files - NAMED);
	return g_string_free(g_string_append_c(words, '\''), FALSE);
}

/* ---- What was begun before ---- */

/* Is it what was put before the run was killed? */
static gboolean check_same(const RemoteFile *file, const Change *before, GError **error)
{
	RemoteSeen then = { .state = (char *)before->after.text,
			    .owner = (char *)"",
			    .copy = (char *)"" };
	g_autofree char *after = NULL;
	g_autofree char *path = text_quote(file->path);

	(void)remote_file_is_so(file, &then, &after);
	if (remote_same_content(after, before->after.text))
		return TRUE;
	g_set_error(
		error, RUN_ERROR, RUN_ERROR_CHANGED,
		"step %s had put another content into %s on %s: the procedure or a hook asks "
		"for something else than before; undo the run instead",
		before->step, path, before->host);
	return FALSE;
}

/* One file of a host: was it done, or begun, before? */
static gboolean recall_file(Call *call, guint place, guint i, guint *done, GError **error)
{
	const RemoteFile *file = &request_of(call)->files[place][i];
	CallPlace *at = &call->places[place];
	Put *put = at->own;
	Change *before;

	put->ordinals[i] =
		recall_ordinal(call->run, CHANGE_FILE, at->host->name, file->path, NULL);
	before = recall_find(call->run, CHANGE_FILE, at->host->name, file->path, NULL,
			     put->ordinals[i]);
	if (!before || (before->state != CHANGE_DONE && before->state != CHANGE_UNKNOWN))
		return TRUE;
	if (!check_same(file, before, error))
		return FALSE;
	if (before->state == CHANGE_DONE) {
		(*done)++;
		return TRUE;
	}
	at->repeat = TRUE;
	at->call = before->call;
	put->changes[i] = before;
	call_take_up(call, place, before);
	return TRUE;
}

Put *file_own(Call *call, guint place)
{
	guint n = request_of(call)->n_files;
	Put *put = g_new0(Put, 1);

	call->places[place].own = put;
	put->changes = g_new0(Change *, MAX(n, 1));
	put->ordinals = g_new0(guint, MAX(n, 1));
	put->way = g_new0(RemotePutFile, MAX(n, 1));
	return put;
}

/* What was begun before the run was killed is finished; what was done is not done again. */
static gboolean sort_out(Call *call, guint place, GError **error)
{
	guint n = request_of(call)->n_files, done = 0;
	CallPlace *at = &call->places[place];
	Put *put = file_own(call, place);

	for (guint i = 0; i < n; i++)
		if (!recall_file(call, place, i, &done, error))
			return FALSE;
	at->ordinal = put->ordinals[0];
	changed_of(call)[place] = done;
	if (done > 0 && !at->repeat)
		call_result(call, place, REMOTE_OK, 0, NULL);
	return TRUE;
}

static const CallClass call_class = {
	.kind = CHANGE_FILE,
	.said = SAID,
	.sort_out = sort_out,
	.look = look,
	.looked = file_looked,
	.script = file_script,
	.judge = file_judge,
	.words = file_words,
	.clear = file_clear,
};

static gboolean check_length(const RunPut *request, guint place, GError **error)
{
	gsize length = 0;

	for (guint i = 0; i < request->n_files; i++) {
		if (!remote_file_check(&request->files[place][i], error))
			return FALSE;
		length += request->files[place][i].length;
	}
	if (length <= RUN_PUT_MOST)
		return TRUE;
	g_set_error(error, RUN_ERROR, RUN_ERROR_REFUSED,
		    "%" G_GSIZE_FORMAT " bytes of files for one host: the most "
		    "is %" G_GSIZE_FORMAT,
		    length, RUN_PUT_MOST);
	return FALSE;
}

static gboolean check_files(const RunPut *request, GError **error)
{
	for (guint i = 0; i < request->n; i++)
		if ((i == 0 || request->files[i] != request->files[i - 1]) &&
		    !check_length(request, i, error))
			return FALSE;
	return TRUE;
}

GPtrArray *run_put(Run *run, const RunPut *put, guint *changed, GError **error)
{
	if (!door_check_allowed(run, error) || !check_files(put, error) ||
	    !door_check_no_secret(put->check, "the check of files", error) ||
	    !door_check_no_secret(put->activate, "what activates files", error))
		return NULL;
	return call_make(run, &call_class, put->hosts, put->n, put, changed, &put->limits,
			 error);
}
