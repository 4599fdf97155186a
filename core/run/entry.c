/* Entries of services: looked at, and given, all or none on each host. */
#include "core/base.h"
#include "core/run/call.h"
#include "core/run/carrier.h"
#include <string.h>

/* The entries of one host. */
typedef struct {
	Carried *carried;
	guint *ordinals; /* by node */
	Change **before; /* by node: of an earlier attempt; or NULL */
	Change **made;	 /* by node: what is to be changed; or NULL */
	gboolean *done;	 /* by node: it was done in an earlier attempt */
} Given;

static void given_clear(CallPlace *place)
{
	Given *given = place->own;

	if (!given)
		return;
	carried_free(given->carried);
	g_free(given->ordinals);
	g_free(given->before);
	g_free(given->made);
	g_free(given->done);
	g_free(given);
}

/* A call for entries, with the service as each host has it. */
typedef struct {
	const RunEntries *entries;
	const Service **at; /* NULL: it is not known: */
	GPtrArray *found;   /* RemoteResult: then this is why */
} Request;

static const RunEntries *request_of(const Call *call)
{
	return ((const Request *)call->request)->entries;
}

/* By host: how many entries are changed. */
static guint *changed_of(const Call *call)
{
	return call->own;
}

static StoreCell cell_of(Run *run, const Service *service, const char *text)
{
	g_autofree char *digest = text && service->secret ? change_entry_digest(text) : NULL;

	return (StoreCell){ text ? STORE_CELL_TEXT : STORE_CELL_NO_ROW,
			    door_keep(run, digest ? digest : text) };
}

gboolean entry_is_at(const Service *service, const char *text, const StoreCell *cell)
{
	g_autofree char *digest = text && service->secret ? change_entry_digest(text) : NULL;

	if (!text || cell->kind != STORE_CELL_TEXT)
		return !text && cell->kind != STORE_CELL_TEXT;
	return g_str_equal(digest ? digest : text, cell->text);
}

/* ---- What was begun before ---- */

static gboolean refuse_changed(const Change *before, GError **error)
{
	g_set_error(
		error, RUN_ERROR, RUN_ERROR_CHANGED,
		"step %s had given another entry of %s to %s for %s: the procedure or a hook "
		"asks for something else than before; undo the run instead",
		before->step, before->target, before->host, before->node);
	return FALSE;
}

static gboolean recall_entry(Call *call, guint place, guint i, GError **error)
{
	CallPlace *at = &call->places[place];
	Given *given = at->own;
	const Carried *carried = given->carried;
	const Service *service = carried->service;
	const char *node = carried->nodes[i];
	Change *before;

	given->ordinals[i] =
		recall_ordinal(call->run, CHANGE_ENTRY, at->host->name, service->name, node);
	before = recall_find(call->run, CHANGE_ENTRY, at->host->name, service->name, node,
			     given->ordinals[i]);
	if (!before || (before->state != CHANGE_DONE && before->state != CHANGE_UNKNOWN))
		return TRUE;
	if (!request_of(call)->undone &&
	    !entry_is_at(service, carried->wanted[i], &before->after))
		return refuse_changed(before, error);
	given->before[i] = before;
	given->done[i] = before->state == CHANGE_DONE;
	return TRUE;
}

/* What is to be given; NULL: nothing, and the place has its result. */
static Given *begin_place(Call *call, guint place)
{
	const Request *request = call->request;
	CallPlace *at = &call->places[place];
	g_autoptr(GError) problem = NULL;
	Carried *carried;
	Given *given;

	if (!request->at[place]) {
		at->result = g_steal_pointer(&request->found->pdata[place]);
		return NULL;
	}
	carried = carried_wanted(request->at[place], request->entries, place, &problem);
	if (!carried) {
		call_result(call, place, REMOTE_UNWRITTEN, -1, problem->message);
		return NULL;
	}
	given = at->own = g_new0(Given, 1);
	given->carried = carried;
	given->ordinals = g_new0(guint, MAX(carried->n, 1));
	given->before = g_new0(Change *, MAX(carried->n, 1));
	given->made = g_new0(Change *, MAX(carried->n, 1));
	given->done = g_new0(gboolean, MAX(carried->n, 1));
	return given;
}

static gboolean sort_out(Call *call, guint place, GError **error)
{
	CallPlace *at = &call->places[place];
	const Given *given = begin_place(call, place);
	guint n = given ? given->carried->n : 0, done = 0;

	if (!given)
		return TRUE;
	for (guint i = 0; i < n; i++) {
		if (!recall_entry(call, place, i, error))
			return FALSE;
		done += given->done[i];
		at->repeat |= given->before[i] && !given->done[i];
	}
	at->ordinal = given->ordinals[0];
	changed_of(call)[place] = done;
	if (done == n)
		call_result(call, place, REMOTE_OK, 0, NULL);
	return TRUE;
}

/* ---- The look ---- */

static GString *look(Call *call, guint place)
{
	const RunEntries *request = request_of(call);
	Given *given = call->places[place].own;

	for (guint i = 0; request->undone && i < given->carried->n; i++)
		given->carried->kept[i] = change_entry(request->undone[place][i])->kept;
	return carrier_look(given->carried, request->undone != NULL);
}

static void refuse_entry(Call *call, guint place, RemoteErrorCode error, const char *node,
			 const char *words)
{
	g_autofree char *name = text_quote(node);
	g_autofree char *message = g_strdup_printf("the entry of %s for %s %s",
						   request_of(call)->service, name, words);

	call_refuse(call, place, error, message);
}

/* Of an entry that goes back: what it was.  FALSE: it cannot go back. */
static gboolean find_wanted(Call *call, guint place, guint i)
{
	Given *given = call->places[place].own;
	Carried *carried = given->carried;
	const Change *undone = request_of(call)->undone[place][i];

	if (!entry_is_at(carried->service, carried->now[i], &undone->after) &&
	    !entry_is_at(carried->service, carried->now[i], &undone->before)) {
		refuse_entry(call, place, REMOTE_CONFLICT, undone->node,
			     "is not as it was left");
		return FALSE;
	}
	if (undone->before.kind != STORE_CELL_TEXT)
		return TRUE;
	if (entry_is_at(carried->service, carried->now[i], &undone->before))
		carried->wanted[i] = g_strdup(carried->now[i]);
	else if (!change_entry(undone)->secret)
		carried->wanted[i] = g_strdup(undone->before.text);
	else if (entry_is_at(carried->service, carried->recalled[i], &undone->before))
		carried->wanted[i] = g_strdup(carried->recalled[i]);
	else
		refuse_entry(call, place, REMOTE_UNWRITTEN, undone->node,
			     "cannot be put back: what was kept of it is not there any more");
	return call->places[place].problem == NULL;
}

static Change *add_change(Call *call, guint place, guint i)
{
	Run *run = call->run;
	CallPlace *at = &call->places[place];
	const Given *given = at->own;
	Carried *carried = given->carried;
	g_autofree char *name = g_strdup_printf("%s.entry%u", at->call, i + 1);
	g_autofree char *kept = g_build_filename(run->kept, name, NULL);
	Change *change = call_add(call, place, carried->service->name, given->ordinals[i]);
	ChangeEntry *detail = change_entry(change);

	change->node = door_keep(run, carried->nodes[i]);
	change->before = cell_of(run, carried->service, carried->now[i]);
	change->after = cell_of(run, carried->service, carried->wanted[i]);
	detail->secret = carried->service->secret;
	carried->kept[i] = NULL;
	if (detail->secret && carried->now[i])
		carried->kept[i] = detail->kept = door_keep(run, kept);
	return change;
}

/* A killed attempt had begun it: it is finished, or nobody knows what it is. */
static gboolean take_up(Call *call, guint place, guint i)
{
	Given *given = call->places[place].own;
	Carried *carried = given->carried;
	Change *before = given->before[i];

	if (!entry_is_at(carried->service, carried->now[i], &before->before) &&
	    !entry_is_at(carried->service, carried->now[i], &before->after)) {
		refuse_entry(call, place, REMOTE_UNKNOWN, carried->nodes[i],
			     "was begun before, and is neither as it was nor as it should be: "
			     "look there");
		return FALSE;
	}
	given->made[i] = before;
	carried->kept[i] = entry_is_at(carried->service, carried->now[i], &before->before)
				   ? change_entry(before)->kept
				   : NULL;
	call_take_up(call, place, before);
	return TRUE;
}

static gboolean take_entry(Call *call, guint place, guint i)
{
	Given *given = call->places[place].own;
	Carried *carried = given->carried;

	if (call->run->planning)
		entry_see_planned(call->run, call->places[place].host->name, carried, i);
	if (request_of(call)->undone && !find_wanted(call, place, i))
		return FALSE;
	if (given->done[i])
		return TRUE;
	if (given->before[i])
		return take_up(call, place, i);
	carried->kept[i] = NULL;
	if (g_strcmp0(carried->now[i], carried->wanted[i]) != 0)
		given->made[i] = add_change(call, place, i);
	return TRUE;
}

static void looked(Call *call, guint place, const GString *said)
{
	Given *given = call->places[place].own;
	guint changed = 0;
	g_autoptr(GError) problem = NULL;

	if (!carrier_looked(given->carried, said, request_of(call)->undone != NULL, &problem)) {
		call_refuse(call, place,
			    problem->domain == REMOTE_ERROR ? (RemoteErrorCode)problem->code
							    : REMOTE_UNWRITTEN,
			    problem->message);
		return;
	}
	for (guint i = 0; i < given->carried->n && take_entry(call, place, i); i++)
		changed += given->made[i] != NULL;
	changed_of(call)[place] = call->places[place].problem ? 0 : changed;
}

/* ---- The place ---- */

static GBytes *script(Call *call, guint place, GError **error)
{
	const CallPlace *at = &call->places[place];
	const Given *given = at->own;
	const char *name = at->call;
	GString *text;

	if (at->changes->len == 0)
		return NULL;
	/* What was kept lies where it was kept first. */
	for (guint i = 0; at->repeat && i < given->carried->n; i++)
		if (given->before[i] && !given->done[i])
			name = given->before[i]->call;
	text = carrier_place(given->carried, name, call->run->kept, at->repeat, error);
	if (text)
		return g_string_free_to_bytes(text);
	changed_of(call)[place] = 0;
	return NULL;
}

/* What an earlier attempt has put there stays when this one fails: it knew only that as old. */
static gboolean was_put(const Given *given)
{
	const Carried *carried = given->carried;

	for (guint i = 0; i < carried->n; i++)
		if (given->before[i] && !given->done[i] &&
		    entry_is_at(carried->service, carried->now[i], &given->before[i]->after))
			return TRUE;
	return FALSE;
}

static ChangeState judge(Call *call, guint place, RemoteResult *result)
{
	const Given *given = call->places[place].own;
	ChangeState state;

	carrier_judge(given->carried, result);
	state = call_state_after(result->error);
	if (state == CHANGE_FAILED && was_put(given))
		state = CHANGE_UNKNOWN;
	if (state == CHANGE_FAILED)
		changed_of(call)[place] = 0;
	return state;
}

static char *words(const Call *call, guint place)
{
	(void)place;
	return g_strdup_printf("'%s %s'", request_of(call)->gone ? "release" : "give",
			       request_of(call)->service);
}

static const char *const *nodes(const Call *call, guint place)
{
	return request_of(call)->nodes[place];
}

static const CallClass call_class = {
	.kind = CHANGE_ENTRY,
	.said = SERVICE_SAID,
	.sort_out = sort_out,
	.look = look,
	.looked = looked,
	.script = script,
	.judge = judge,
	.words = words,
	.nodes = nodes,
	.clear = given_clear,
};

GPtrArray *run_give(Run *run, const RunEntries *entries, guint *changed, GError **error)
{
	g_autofree const Service **at = g_new0(const Service *, MAX(entries->n, 1));
	g_autoptr(GPtrArray) found = NULL;
	Request request = { entries, at, NULL };

	if (!door_check_allowed(run, error))
		return NULL;
	found = request.found = run_find(run, entries->service, entries->hosts, entries->n,
					 &entries->limits, at, error);
	return found ? call_make(run, &call_class, entries->hosts, entries->n, &request,
				 changed, &entries->limits, error)
		     : NULL;
}
