/* Files on hosts: looked at, kept in the journal, put, and ended in the journal, host by host.
 */
#include "core/base.h"
#include "core/run/door.h"
#include <string.h>

/* Contents up to this are shown in a plan; longer ones are only counted. */
#define SHOWN ((gsize)1 << 16)
/* What a look may say: the contents to be shown, in base64, and the states. */
#define SAID ((gsize)16 << 20)

/* What one host gets. */
typedef struct {
	Change **changes;   /* by file; NULL: it is as it shall be */
	guint *ordinals;    /* by file */
	RemotePutFile *way; /* those that are changed */
	guint n_way;
	gboolean again; /* it was begun before */
	const char *call;
	GString *look, *script;
	RemoteResult *problem; /* why it gets nothing, seen by the look */
} HostPut;

/* What one call works on. */
typedef struct {
	Run *run;
	const RunPut *put;
	GPtrArray *results; /* RemoteResult, by host */
	HostPut *hosts;
	guint *changed;	   /* by host */
	GHashTable *fresh; /* changes that this call has made, until they are kept */
	GArray *places;	   /* which host each task is for */
	GArray *tasks;	   /* RemoteTask */
	guint ended;
} Call;

static void call_init(Call *call, Run *run, const RunPut *put, guint *changed)
{
	*call = (Call){ .run = run, .put = put, .changed = changed };
	call->results = g_ptr_array_new_full(
		put->n, (GDestroyNotify)(void (*)(void))remote_result_free);
	g_ptr_array_set_size(call->results, (int)put->n);
	call->hosts = g_new0(HostPut, MAX(put->n, 1));
	call->fresh = g_hash_table_new_full(NULL, NULL, change_free, NULL);
	call->places = g_array_new(FALSE, FALSE, sizeof(guint));
	call->tasks = g_array_new(FALSE, FALSE, sizeof(RemoteTask));
}

static void forget_scripts(HostPut *host)
{
	if (host->look)
		g_string_free(host->look, TRUE);
	if (host->script)
		g_string_free(host->script, TRUE);
	host->look = host->script = NULL;
}

static void call_clear(Call *call)
{
	for (guint i = 0; call->put && i < call->put->n; i++) {
		HostPut *host = &call->hosts[i];

		forget_scripts(host);
		remote_result_free(host->problem);
		g_free(host->changes);
		g_free(host->ordinals);
		g_free(host->way);
	}
	g_free(call->hosts);
	g_clear_pointer(&call->results, g_ptr_array_unref);
	g_clear_pointer(&call->fresh, g_hash_table_unref);
	g_clear_pointer(&call->places, g_array_unref);
	g_clear_pointer(&call->tasks, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Call, call_clear)

/* ---- The look ---- */

static char *planned_key(const char *host, const char *path)
{
	return g_strdup_printf("%s\1%s", host, path);
}

/* A plan sees what it has planned already. */
static void see_planned(Call *call, guint place, const RemoteFile *file, RemoteSeen *seen)
{
	g_autofree char *key = planned_key(call->put->hosts[place].name, file->path);
	const Change *planned = g_hash_table_lookup(call->run->planned, key);

	if (!planned)
		return;
	g_free(seen->state);
	seen->state = g_strdup(planned->after.text);
	g_clear_pointer(&seen->content, g_bytes_unref);
	seen->content = planned->file->new ? g_bytes_ref(planned->file->new) : NULL;
}

static void refuse(HostPut *host, RemoteErrorCode error, const char *path, const char *words)
{
	g_autofree char *quoted = text_quote(path);
	g_autofree char *message = g_strconcat(quoted, " ", words, NULL);

	host->problem = door_result(error, -1, message);
}

/* Can it be put where `seen` is? */
static gboolean is_possible(const Call *call, guint place, guint i, const RemoteSeen *seen,
			    HostPut *host)
{
	const RemoteFile *file = &call->put->files[place][i];
	const char *expected = call->put->expected ? call->put->expected[place][i] : NULL;

	if (expected && !remote_same_content(seen->state, expected)) {
		g_autofree char *now = remote_state_text(seen->state);
		g_autofree char *words = g_strconcat("is not as it was left, but ", now, NULL);

		refuse(host, REMOTE_CONFLICT, file->path, words);
	} else if (g_str_equal(seen->state, "other")) {
		refuse(host, REMOTE_UNWRITTEN, file->path, "is neither a file nor a link");
	} else if (file->kind == REMOTE_FILE_COPY &&
		   !remote_same_content(seen->copy, file->state)) {
		refuse(host, REMOTE_UNWRITTEN, file->path,
		       *file->content
			       ? "cannot be put back: what was kept of it is not there any more"
			       : "cannot be put back: it was half done, and that was not kept");
	}
	return host->problem == NULL;
}

static GBytes *shown_content(const Call *call, const RemoteFile *file)
{
	if (!call->run->planning || file->kind != REMOTE_FILE || file->length > SHOWN ||
	    file->secret)
		return NULL;
	return g_bytes_new(file->content, file->length);
}

static Change *make_change(Call *call, guint place, guint i, const RemoteSeen *seen,
			   const char *after)
{
	Run *run = call->run;
	const RunPut *put = call->put;
	HostPut *host = &call->hosts[place];
	const RemoteFile *file = &put->files[place][i];
	g_autofree char *name = g_strdup_printf("%s.%u", host->call, i + 1);
	g_autofree char *kept = g_build_filename(run->kept, name, NULL);
	Change *change = door_new_change(run, CHANGE_FILE, put->hosts[place].name, file->path,
					 put->hosts[place].node);

	change->before = (StoreCell){ STORE_CELL_TEXT, door_keep(run, seen->state) };
	change->after = (StoreCell){ STORE_CELL_TEXT, door_keep(run, after) };
	change->file = g_new0(ChangeFile, 1);
	change->file->ordinal = host->ordinals[i];
	change->file->call = host->call;
	change->file->via = door_keep(run, put->hosts[place].via);
	change->file->kept = door_keep(run, kept);
	change->file->activate = door_keep(run, put->activate);
	change->file->new = shown_content(call, file);
	if (seen->content && run->planning && !file->secret)
		change->file->old = g_bytes_ref(seen->content);
	g_hash_table_add(call->fresh, change);
	return change;
}

static void add_way(HostPut *host, const RemoteFile *file, const Change *change)
{
	host->way[host->n_way++] = (RemotePutFile){ file, change->before.text,
						    change->after.text, change->file->kept };
}

/* As before, whatever it is now; also what lies beside it goes. */
static void take_way_back(Call *call, guint place, guint i, const RemoteSeen *seen)
{
	HostPut *host = &call->hosts[place];
	const Change *begun = call->put->begun[place][i];

	host->changes[i] = make_change(call, place, i, seen, begun->before.text);
	host->changes[i]->file->kept = NULL; /* of a half-done state nothing is kept */
	add_way(host, &call->put->files[place][i], begun);
}

/* Somebody has put its content back already: mode and owner are theirs to choose. */
static gboolean is_back_already(const RunPut *put, guint place, guint i, const RemoteSeen *seen,
				const char *after)
{
	return put->expected && put->expected[place][i] &&
	       !remote_same_content(put->expected[place][i], after) &&
	       remote_same_content(seen->state, after);
}

/* What has to be done, by what its files are now; or HostPut.problem. */
static void take_look(Call *call, guint place, const GString *said)
{
	const RunPut *put = call->put;
	HostPut *host = &call->hosts[place];
	g_autoptr(GError) problem = NULL;
	RemoteSeen *seen = remote_look_seen(said, put->n_files, &problem);

	if (!seen) {
		host->problem =
			door_result((RemoteErrorCode)problem->code, -1, problem->message);
		return;
	}
	for (guint i = 0; i < put->n_files && !host->problem; i++) {
		const RemoteFile *file = &put->files[place][i];
		g_autofree char *after = NULL;
		gboolean is_so;

		if (call->run->planning)
			see_planned(call, place, file, &seen[i]);
		if (put->begun) {
			take_way_back(call, place, i, &seen[i]);
			continue;
		}
		is_so = remote_file_is_so(file, &seen[i], &after) ||
			is_back_already(put, place, i, &seen[i], after);
		if (!host->changes[i] && is_so)
			continue;
		if (!is_so && !host->changes[i] && !is_possible(call, place, i, &seen[i], host))
			break;
		if (!host->changes[i])
			host->changes[i] = make_change(call, place, i, &seen[i], after);
		add_way(host, file, host->changes[i]);
	}
	remote_seen_free(seen, put->n_files);
	call->changed[place] = host->problem ? 0 : host->n_way;
}

/* ---- On the way ---- */

static guint place_of(const Call *call, guint task)
{
	return g_array_index(call->places, guint, task);
}

/* What is to be made as before is so by the name that it was begun with. */
static const char *call_name(const RunPut *put, const HostPut *host, guint place)
{
	return put->begun ? put->begun[place][0]->file->call : host->call;
}

static gboolean keep_begun(Run *run, const GPtrArray *started, const GPtrArray *again,
			   GError **error)
{
	return !run->journal ||
	       (journal_start(run->journal, run->number, (Change *const *)started->pdata,
			      started->len, error) &&
		(again->len == 0 || journal_settle(run->journal, (Change *const *)again->pdata,
						   again->len, CHANGE_STARTED, error)));
}

/* They have been looked at: what is to be done there is kept, and becomes their script. */
static gboolean begin(const guint *tasks, guint n, RemoteResult *const *seen, gpointer data,
		      GError **error)
{
	Call *call = data;
	const RunPut *put = call->put;
	g_autoptr(GPtrArray) started = g_ptr_array_new();
	g_autoptr(GPtrArray) again = g_ptr_array_new();

	for (guint i = 0; i < n; i++) {
		HostPut *host = &call->hosts[place_of(call, tasks[i])];

		take_look(call, place_of(call, tasks[i]), seen[i]->out);
		for (guint j = 0; !host->problem && j < put->n_files; j++)
			if (host->changes[j])
				g_ptr_array_add(host->changes[j]->number ? again : started,
						host->changes[j]);
	}
	if (!keep_begun(call->run, started, again, error))
		return FALSE;
	for (guint i = 0; i < n; i++) {
		HostPut *host = &call->hosts[place_of(call, tasks[i])];
		RemoteTask *task = &g_array_index(call->tasks, RemoteTask, tasks[i]);

		if (host->problem || host->n_way == 0)
			continue;
		host->script = remote_put(host->way, host->n_way,
					  call_name(put, host, place_of(call, tasks[i])),
					  put->check, put->activate,
					  put->begun	? REMOTE_PUT_BACK
					  : host->again ? REMOTE_PUT_AGAIN
							: REMOTE_PUT);
		task->script = host->script->str;
		task->length = host->script->len;
	}
	return TRUE;
}

static ChangeState state_after(RemoteErrorCode error)
{
	switch (error) {
	case REMOTE_OK:
		return CHANGE_DONE;
	case REMOTE_CONFLICT:
	case REMOTE_UNWRITTEN:
	case REMOTE_UNCHECKED:
	case REMOTE_UNACTIVATED:
		return CHANGE_FAILED;
	default:
		return CHANGE_UNKNOWN;
	}
}

static void take_result(Call *call, guint place, RemoteResult *result, GPtrArray *ended)
{
	HostPut *host = &call->hosts[place];

	remote_put_judge(host->way, host->n_way, result);
	if (state_after(result->error) == CHANGE_FAILED)
		call->changed[place] = 0;
	for (guint i = 0; i < call->put->n_files; i++) {
		Change *change = host->changes[i];

		if (!change)
			continue;
		change->state = state_after(result->error);
		change->file->error = remote_error_name(result->error);
		change->file->message = door_keep(call->run, result->message);
		change->file->transport = result->transport;
		call->run->done += change->state == CHANGE_DONE;
		g_ptr_array_add(ended, change);
	}
	call->run->begun_command = TRUE;
}

/* The look was all of it: as it shall be, or there is a problem. */
static void take_problem(HostPut *host, RemoteResult *result)
{
	if (result->error != REMOTE_OK)
		return;
	if (!host->problem && result->status != 0) {
		g_autofree char *message = g_strdup_printf(
			"its files could not be looked at: the script ended with status %d",
			result->status);

		host->problem = door_result(REMOTE_UNWRITTEN, -1, message);
	}
	if (!host->problem)
		return;
	result->error = host->problem->error;
	result->status = -1;
	result->message = g_strdup(host->problem->message);
}

static void done(const guint *tasks, guint n, RemoteResult *const *results, gpointer data)
{
	Call *call = data;
	Run *run = call->run;
	g_autoptr(GPtrArray) ended = g_ptr_array_new();
	g_autoptr(GError) problem = NULL;

	for (guint i = 0; i < n; i++) {
		guint place = place_of(call, tasks[i]);
		HostPut *host = &call->hosts[place];

		if (run->planning && results[i]->error == REMOTE_OK && results[i]->status == 0)
			take_look(call, place, results[i]->out);
		if (results[i]->begun && !run->planning)
			take_result(call, place, results[i], ended);
		else
			take_problem(host, results[i]);
		if (!results[i]->begun || run->planning)
			g_string_truncate(results[i]->out, 0);
		if (results[i]->err->len > REMOTE_OUTPUT) {
			results[i]->err_lost += results[i]->err->len - REMOTE_OUTPUT;
			g_string_truncate(results[i]->err, REMOTE_OUTPUT);
		}
		if (!run->planning)
			door_ended(run, call->put->hosts[place].node, results[i]);
		forget_scripts(host);
	}
	if (run->journal && ended->len > 0 &&
	    !journal_results(run->journal, (Change *const *)ended->pdata, ended->len, &problem))
		g_warning("%s", problem->message); /* a resume sees them as unknown */
	door_progress(run, &call->ended, n, call->tasks->len);
}

static gboolean shall_stop(gpointer data)
{
	return door_shall_stop(((Call *)data)->run);
}

/* ---- The call ---- */

/* Names what is kept of the host's files, and what lies beside them on their way. */
static char *new_call_name(const Run *run)
{
	return g_strdup_printf("%" G_GINT64_FORMAT "-%08x%08x", run->number, g_random_int(),
			       g_random_int());
}

static void add_task(Call *call, guint place)
{
	const RunPut *put = call->put;
	HostPut *host = &call->hosts[place];
	gsize shown = MIN(SHOWN, SAID / 2 / MAX(put->n_files, 1));
	RemoteTask task = { .host = put->hosts[place].name, .via = put->hosts[place].via };

	host->look =
		remote_look(put->files[place], put->n_files, call->run->planning ? shown : 0);
	if (call->run->planning) { /* looking is all of it */
		task.script = host->look->str;
		task.length = host->look->len;
	} else {
		task.look = host->look->str;
		task.look_length = host->look->len;
	}
	g_array_append_val(call->places, place);
	g_array_append_val(call->tasks, task);
}

/* Is it what was put before the run was killed? */
static gboolean check_same(const RemoteFile *file, const Change *before, GError **error)
{
	RemoteSeen then = { (char *)before->after.text, (char *)"", NULL, (char *)"" };
	g_autofree char *after = NULL;
	g_autofree char *path = text_quote(file->path);

	(void)remote_file_is_so(file, &then, &after);
	if (remote_same_content(after, before->after.text))
		return TRUE;
	g_set_error(error, RUN_ERROR, RUN_ERROR_CHANGED,
		    "step %s had put another content into %s on %s: the procedure or a hook is "
		    "not what it was; undo the run instead",
		    before->step, path, before->host);
	return FALSE;
}

/* What was begun before the run was killed is finished; what was done is not done again. */
static gboolean sort_out(Call *call, guint place, GError **error)
{
	const RunPut *put = call->put;
	HostPut *host = &call->hosts[place];
	g_autofree char *name = new_call_name(call->run);
	guint done_before = 0;

	host->changes = g_new0(Change *, MAX(put->n_files, 1));
	host->ordinals = g_new0(guint, MAX(put->n_files, 1));
	host->way = g_new0(RemotePutFile, MAX(put->n_files, 1));
	for (guint i = 0; i < put->n_files; i++) {
		const char *path = put->files[place][i].path;
		Change *before;

		host->ordinals[i] =
			door_ordinal(call->run, CHANGE_FILE, put->hosts[place].name, path);
		before = door_begun_before(call->run, CHANGE_FILE, put->hosts[place].name, path,
					   host->ordinals[i]);
		done_before += before && before->state == CHANGE_DONE;
		if (before &&
		    (before->state == CHANGE_DONE || before->state == CHANGE_UNKNOWN) &&
		    !check_same(&put->files[place][i], before, error))
			return FALSE;
		if (!before || before->state != CHANGE_UNKNOWN)
			continue;
		host->again = TRUE;
		host->changes[i] = before;
		host->call = before->file->call;
	}
	if (!host->call)
		host->call = door_keep(call->run, name);
	call->changed[place] = done_before;
	if (done_before > 0 && !host->again)
		call->results->pdata[place] = door_result(REMOTE_OK, 0, NULL);
	else
		add_task(call, place);
	return TRUE;
}

static gboolean reach(Call *call, GError **error)
{
	RemoteWatch watch = { call->run->planning ? NULL : begin, done, shall_stop, call };
	RemoteLimits limits = call->put->limits;

	limits.output = SAID;
	return call->tasks->len == 0 || door_reach(call->run, call->tasks, call->places,
						   &limits, &watch, call->results, error);
}

/* Those that were begun now, or are planned, are the run's. */
static void keep_changes(Call *call)
{
	Run *run = call->run;

	for (guint place = 0; place < call->put->n; place++) {
		const HostPut *host = &call->hosts[place];
		const RemoteResult *result = call->results->pdata[place];

		for (guint i = 0; !host->problem && i < call->put->n_files; i++) {
			Change *change = host->changes[i];

			if (!change || !result->begun ||
			    !g_hash_table_steal(call->fresh, change))
				continue;
			g_ptr_array_insert(run->changes, (int)run->committed++, change);
			if (run->planning)
				g_hash_table_replace(run->planned,
						     planned_key(change->host, change->target),
						     change);
		}
	}
}

static gboolean check_files(const RunPut *put, GError **error)
{
	for (guint place = 0; place < put->n; place++) {
		gsize length = 0;

		for (guint i = 0; i < put->n_files; i++) {
			if (!remote_file_check(&put->files[place][i], error))
				return FALSE;
			length += put->files[place][i].length;
		}
		if (length > RUN_PUT_MOST) {
			g_set_error(error, RUN_ERROR, RUN_ERROR_REFUSED,
				    "%" G_GSIZE_FORMAT " bytes of files for one host: the most "
				    "is %" G_GSIZE_FORMAT,
				    length, RUN_PUT_MOST);
			return FALSE;
		}
		if (place + 1 < put->n && put->files[place + 1] == put->files[place])
			return TRUE; /* all hosts get the same */
	}
	return TRUE;
}

GPtrArray *run_put(Run *run, const RunPut *put, guint *changed, GError **error)
{
	g_auto(Call) call = { 0 };

	if (!door_check_allowed(run, error) || !check_files(put, error) ||
	    !door_check_open(put->check, "the check of files", error) ||
	    !door_check_open(put->activate, "what activates files", error))
		return NULL;
	call_init(&call, run, put, changed);
	for (guint i = 0; i < put->n; i++)
		if (!sort_out(&call, i, error))
			return NULL;
	if (!reach(&call, error))
		return NULL;
	keep_changes(&call);
	return g_steal_pointer(&call.results);
}
