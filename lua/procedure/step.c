/* One step: its hooks, its batches, its commit. */
#include "core/base.h"
#include "lua/procedure/inside.h"
#include "lua/procedure/questions.h"
#include "lua/runtime/runtime.h"
#include "lua/terminal/interrupt.h"
#include "lua/terminal/talk.h"
#include "lua/terminal/trace.h"
#include <string.h>

static int l_run_step(lua_State *L)
{
	guint number = (guint)lua_tointeger(L, 1);

	takeover_push(L, number);
	bind_move(L);
	lua_call(L, 1, 0);
	return 0;
}

static gboolean call_step(Procedure *procedure, guint number, const TakeoverStep *step,
			  GError **error)
{
	g_autoptr(GError) problem = NULL;

	lua_pushcfunction(procedure->L, l_run_step);
	lua_pushinteger(procedure->L, number);
	if (runtime_call(procedure->L, 1, 0, &problem))
		return TRUE;
	if (g_error_matches(problem, BINDING_ERROR, BINDING_ERROR_REFUSAL)) {
		g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_REFUSED, "%s",
			    problem->message);
		return FALSE;
	}
	g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_STEP, "step %s failed: %s",
		    step->name, problem->message);
	return FALSE;
}

static void tell_step(const Procedure *procedure, const TakeoverStep *step, guint changes,
		      gint64 begun)
{
	guint nodes = procedure->nodes;
	double seconds = (double)(g_get_monotonic_time() - begun) / G_USEC_PER_SEC;
	g_autofree char *done =
		changes ? g_strdup_printf("%u change%s", changes, changes == 1 ? "" : "s")
			: g_strdup("ok");

	talk_step("%-12s %-14s %6u node%s %8.2f s   %s", step->name, done, nodes,
		  nodes == 1 ? " " : "s", seconds, step->summary);
}

/* What has failed in it, however it ended. */
static void tell_failures(const Procedure *procedure, const TakeoverStep *step)
{
	g_auto(GStrv) lines = takeover_failures(procedure->context->takeover);

	for (guint i = 0; lines[i]; i++)
		talk_step("%-12s FAILED %s", step->name, lines[i]);
}

static gboolean is_asked_to_stop(const Procedure *procedure)
{
	return interrupt_asked() || takeover_has_failed(procedure->context->takeover);
}

/* Stopped, a hook has not failed: what it had not begun is begun by a resume. */
static gboolean ends_step(const Procedure *procedure, const Hook *hook, HookPlace place,
			  const TakeoverStep *step)
{
	return place == HOOK_BEFORE || hook_is_critical(hook) || procedure->joining ||
	       step->joined || (is_asked_to_stop(procedure) && !step->always);
}

/* What an `after` came to is owed, or has paid what it owed. */
static void take_outcome(Procedure *procedure, const Hook *hook, const TakeoverStep *step,
			 const GError *problem)
{
	g_autofree char *key = TEXT_KEY("hook", "after", step->name, hook_name(hook));
	g_autofree char *first =
		problem ? g_strndup(problem->message, strcspn(problem->message, "\n")) : NULL;

	if (problem)
		talk_warning("%s", problem->message);
	takeover_outcome(procedure->context->takeover, step->name, key, first,
			 run_is_planning(procedure->context->run));
}

static gboolean call_hook(Procedure *procedure, Hook *hook, HookPlace place,
			  const TakeoverStep *step, GError **error)
{
	Run *run = procedure->context->run;
	g_autoptr(GError) problem = NULL;
	gboolean done;

	run_in_hook(run, hook_name(hook));
	done = hook_call(hook, place, step->name, &problem);
	run_in_hook(run, NULL);
	if (g_error_matches(problem, HOOKS_ERROR, HOOKS_ERROR_REFUSED)) {
		g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_REFUSED, "%s",
			    problem->message);
		return FALSE;
	}
	if (!done && ends_step(procedure, hook, place, step)) {
		g_propagate_error(error, g_steal_pointer(&problem));
		return FALSE;
	}
	if (place == HOOK_AFTER)
		take_outcome(procedure, hook, step, problem);
	return TRUE;
}

/*
 * The hooks around a step, in their order.  One that fails before it stops the step; one that
 * fails after it is told and owed, unless it is critical or the rows of joined steps wait.
 */
static gboolean call_hooks(Procedure *procedure, HookPlace place, const TakeoverStep *step,
			   GError **error)
{
	for (guint i = 0; i < procedure->hooks->len; i++) {
		Hook *hook = procedure->hooks->pdata[i];

		if (hook_has(hook, place, step->name) &&
		    !call_hook(procedure, hook, place, step, error))
			return FALSE;
	}
	return TRUE;
}

gboolean procedure_is_hooked(const Procedure *procedure, const TakeoverStep *step)
{
	for (guint i = 0; i < procedure->hooks->len; i++)
		if (hook_has(procedure->hooks->pdata[i], HOOK_BEFORE, step->name) ||
		    hook_has(procedure->hooks->pdata[i], HOOK_AFTER, step->name))
			return TRUE;
	return FALSE;
}

/* What a step does, with the hooks around it and the questions that belong to it. */
static gboolean do_step(Procedure *procedure, guint number, const TakeoverStep *step,
			GError **error)
{
	if (!call_hooks(procedure, HOOK_BEFORE, step, error) ||
	    (!step->empty && !procedure->settings->hook &&
	     !call_step(procedure, number, step, error)))
		return FALSE;
	if (g_str_equal(step->name, "check") &&
	    !questions_check(procedure->context, procedure->hooks, error))
		return FALSE;
	/* The last steps run after a refusal as well, and do not refuse again. */
	if ((!step->always && !procedure_settle(procedure, error)) ||
	    !call_hooks(procedure, HOOK_AFTER, step, error) ||
	    (!step->always && !procedure_settle(procedure, error)))
		return FALSE;
	/* A plan has changed nothing that could be looked at. */
	if (g_str_equal(step->name, "verify") && !run_is_planning(procedure->context->run))
		questions_verify(procedure->context, procedure->hooks);
	return TRUE;
}

typedef struct {
	Procedure *procedure;
	guint number;
	const TakeoverStep *step;
} Part;

/* A step, or a batch of it; enough nodes may have failed in it to be the last one. */
static gboolean do_part(const Part *part, GError **error)
{
	if (part->step->batched && !procedure_go_on(error))
		return FALSE;
	return do_step(part->procedure, part->number, part->step, error) &&
	       (part->step->always ||
		procedure_check_failures(part->procedure->context->takeover, error));
}

/* The last steps run at every end, and mostly there is nothing to be done in them. */
static gboolean is_told(const Procedure *procedure, const TakeoverStep *step)
{
	return !run_is_planning(procedure->context->run) &&
	       ((!step->empty && !step->always && !procedure->settings->hook) ||
		procedure_is_hooked(procedure, step));
}

/* Which asks no `when`: so hooks are called that had no part in the run, and do nothing. */
static gboolean is_undo(const Procedure *procedure)
{
	return g_str_equal(procedure->context->takeover->attempt, "undo");
}

static void tell_turn(const TakeoverTurns *turns, const char *step)
{
	talk_step("%-12s batch %u of %u: %u of %u nodes, %u failed", step, turns->number,
		  turns->count, turns->first, turns->names->len,
		  g_hash_table_size(turns->takeover->failed));
}

/* In batches, or all at once; `names` NULL: all nodes. */
static gboolean do_turns(Part *part, GPtrArray *names, GError **error)
{
	Takeover *takeover = part->procedure->context->takeover;
	g_auto(TakeoverTurns) turns = { 0 };
	gboolean done = TRUE;

	takeover_turns_init(&turns, takeover, part->step->batched ? takeover->batches : NULL,
			    names);
	while (done && takeover_next_turn(&turns)) {
		done = do_part(part, error);
		if (done && turns.batches && is_told(part->procedure, part->step))
			tell_turn(&turns, part->step->name);
	}
	takeover_end_turns(&turns, done);
	return done;
}

static int l_select_nodes(lua_State *L)
{
	const Move *move = binding_context(L)->takeover->move;
	GPtrArray *names = lua_touserdata(L, 2);
	lua_Integer n;

	takeover_push_selected(L, (guint)lua_tointeger(L, 1));
	n = lua_istable(L, -1) ? (lua_Integer)lua_rawlen(L, -1) : 0;
	for (lua_Integer i = 1; i <= n; i++) {
		lua_rawgeti(L, -1, i);
		g_ptr_array_add(names, (gpointer)move_find(move, lua_tostring(L, -1))->name);
		lua_pop(L, 1);
	}
	return 0;
}

/* The nodes that the step is for, by what their rows say now.  Gives names, or NULL and an
 * error. */
static GPtrArray *select_nodes(Procedure *procedure, guint number, const char *step,
			       GError **error)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();

	lua_pushcfunction(procedure->L, l_select_nodes);
	lua_pushinteger(procedure->L, number);
	lua_pushlightuserdata(procedure->L, names);
	if (runtime_call(procedure->L, 2, 0, error))
		return g_steal_pointer(&names);
	g_prefix_error(error, "step %s: its nodes cannot be told: ", step);
	return NULL;
}

static gboolean do_parts(Procedure *procedure, guint number, const TakeoverStep *step,
			 GError **error)
{
	Part part = { procedure, number, step };
	g_autoptr(GPtrArray) names = NULL;

	procedure->nodes = move_count(procedure->context->takeover->move);
	if (step->selects) {
		names = select_nodes(procedure, number, step->name, error);
		if (!names)
			return FALSE;
		procedure->nodes = names->len;
	}
	return step->batched || names ? do_turns(&part, names, error) : do_part(&part, error);
}

/* Do the rows of this step wait for a later one of those it is joined with, that will run? */
static gboolean joins_later(const Procedure *procedure, guint number)
{
	for (guint i = number; procedure_step(procedure, i)->joined; i++)
		if (procedure_will_run(procedure, procedure_step(procedure, i + 1)))
			return TRUE;
	return FALSE;
}

/* What the step and its hooks have changed, or will at its end. */
static void trace_changes(Run *run, guint before)
{
	const GPtrArray *all = run_changes(run);
	g_autoptr(GPtrArray) own = g_ptr_array_new();
	g_autofree char *report = NULL;

	if (!trace_is_on() || before == all->len)
		return;
	for (guint i = before; i < all->len; i++)
		g_ptr_array_add(own, all->pdata[i]);
	report = change_report(own, FALSE);
	trace_say("%s", report);
}

gboolean procedure_do_step(Procedure *procedure, guint number, GError **error)
{
	const TakeoverStep *step = procedure_step(procedure, number);
	Run *run = procedure->context->run;
	guint before = run_change_count(run);
	gint64 begun = g_get_monotonic_time();
	g_autoptr(GError) problem = NULL;

	trace_say("step %s: begins", step->name);
	takeover_begin_step(procedure->context->takeover, step->name);
	if (!run_begin_step(run, step->name, error) ||
	    !do_parts(procedure, number, step, error)) {
		tell_failures(procedure, step);
		run_drop_step(run);
		return FALSE;
	}
	takeover_end_step(procedure->context->takeover);
	trace_changes(run, before);
	procedure->joining = joins_later(procedure, number);
	if (!run_end_step(run, procedure->joining, &problem)) {
		g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_STEP,
			    "step %s: none of its changes was written: %s", step->name,
			    problem->message);
		tell_failures(procedure, step);
		run_drop_step(run);
		return FALSE;
	}
	if (is_told(procedure, step) && (run_change_count(run) > before || !is_undo(procedure)))
		tell_step(procedure, step, run_change_count(run) - before, begun);
	tell_failures(procedure, step);
	return TRUE;
}
