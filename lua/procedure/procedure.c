#include "lua/procedure/procedure.h"
#include "core/base.h"
#include "lua/bind/takeover.h"
#include "lua/procedure/digest.h"
#include "lua/procedure/hooks.h"
#include "lua/terminal/interrupt.h"
#include "lua/procedure/questions.h"
#include "lua/runtime/runtime.h"
#include "lua/terminal/talk.h"
#include <string.h>

G_DEFINE_QUARK(snmove_procedure_error, procedure_error)

struct procedure {
	BindingContext *context;
	const ProcedureSettings *settings;
	lua_State *L;
	GArray *steps;	  /* TakeoverStep */
	GPtrArray *hooks; /* Hook: those that want to take part, once they were asked */
	GString *digest;
	gboolean joining; /* rows wait that are written with a later step's */
};

static int l_collect_steps(lua_State *L)
{
	GArray *steps = lua_touserdata(L, 1);
	guint n = takeover_steps(L);

	for (guint i = 0; i < n; i++) {
		TakeoverStep step;

		takeover_describe(L, i, &step);
		g_array_append_val(steps, step);
	}
	return 0;
}

static const TakeoverStep *step_at(const Procedure *procedure, guint i)
{
	return &g_array_index(procedure->steps, TakeoverStep, i);
}

/* A batch may end part-way: not so what is one commit, or belongs to the move as a whole. */
static const char *why_not_batched(const Procedure *procedure, guint number)
{
	static const char *const whole[] = { "check", "freeze", "thaw", "verify", NULL };
	const TakeoverStep *step = step_at(procedure, number);

	if (step->joined || (number > 0 && step_at(procedure, number - 1)->joined))
		return "it is joined with another one";
	if (step->always)
		return "it runs at every end";
	return g_strv_contains(whole, step->name) ? "it is for the move as a whole" : NULL;
}

static gboolean check_batched(const Procedure *procedure, const char *script, GError **error)
{
	for (guint i = 0; i < procedure->steps->len; i++) {
		const char *why = why_not_batched(procedure, i);

		if (!step_at(procedure, i)->batched || !why)
			continue;
		g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_LOAD,
			    "%s: the step '%s' cannot go in batches (takeover.batched): %s",
			    script, step_at(procedure, i)->name, why);
		return FALSE;
	}
	return TRUE;
}

static gboolean collect_steps(Procedure *procedure, const char *script, GError **error)
{
	lua_State *L = procedure->L;

	lua_pushcfunction(L, l_collect_steps);
	lua_pushlightuserdata(L, procedure->steps);
	if (!binding_call(L, 1, 0, error))
		return FALSE;
	if (procedure->steps->len > 0)
		return check_batched(procedure, script, error);
	g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_LOAD,
		    "'%s' is no procedure: it has no takeover.step", script);
	return FALSE;
}

/* Gives a vector (g_free) of names that live as long as the program. */
static const char **step_names(const Procedure *procedure)
{
	const char **names = g_new0(const char *, procedure->steps->len + 1);

	for (guint i = 0; i < procedure->steps->len; i++)
		names[i] = step_at(procedure, i)->name;
	return names;
}

/* --skip and --only name steps of this procedure. */
static gboolean check_selection(const Procedure *procedure, const char *option,
				const char *const *selected, GError **error)
{
	g_autofree const char **names = step_names(procedure);

	for (guint i = 0; selected && selected[i]; i++) {
		g_autofree char *all = NULL;
		g_autofree char *meant = NULL;

		if (g_strv_contains(names, selected[i]))
			continue;
		all = g_strjoinv(" ", (char **)names);
		meant = text_did_you_mean(selected[i], names);
		g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_USAGE,
			    "%s: no step is named '%s'%s; there are: %s", option, selected[i],
			    meant, all);
		return FALSE;
	}
	return TRUE;
}

static gboolean load_hooks(Procedure *procedure, GError **error)
{
	const char *data = runtime_data_directory();
	g_autofree char *shipped = data ? g_build_filename(data, "site-hooks", NULL) : NULL;
	g_autofree const char **names = step_names(procedure);

	procedure->hooks = hooks_load(procedure->context, shipped, procedure->settings->hooks,
				      names, error);
	return procedure->hooks != NULL;
}

static void make_digest(Procedure *procedure, const char *script)
{
	procedure->digest = g_string_new(NULL);
	digest_add(procedure->digest, script);
	for (guint i = 0; i < procedure->hooks->len; i++)
		digest_add(procedure->digest, hook_path(procedure->hooks->pdata[i]));
}

const char *procedure_digest(const Procedure *procedure)
{
	return procedure->digest->str;
}

Procedure *procedure_load(BindingContext *context, const char *script,
			  const ProcedureSettings *settings, GError **error)
{
	g_autoptr(Procedure) procedure = g_new0(Procedure, 1);
	const char *data = runtime_data_directory();
	g_autofree char *directory = g_path_get_dirname(script);
	g_autofree char *shipped = data ? g_build_filename(data, "scripts", NULL) : NULL;
	const char *directories[] = { directory, shipped, NULL };

	procedure->context = context;
	procedure->settings = settings;
	procedure->steps = g_array_new(FALSE, FALSE, sizeof(TakeoverStep));
	procedure->L =
		runtime_new(context, "the procedure", directories, RUNTIME_PROCEDURE_LIMITS);
	if (!procedure->L)
		g_error("no memory for a Lua state");
	run_forbid(context->run, "things are changed in steps, not while a file is loaded");
	if (!runtime_load_file(procedure->L, script, TRUE, error) ||
	    !runtime_call(procedure->L, 0, 0, error) ||
	    !collect_steps(procedure, script, error) ||
	    !check_selection(procedure, "--skip", settings->skip, error) ||
	    !check_selection(procedure, "--only", settings->only, error) ||
	    !load_hooks(procedure, error))
		return NULL;
	make_digest(procedure, script);
	run_forbid(context->run, NULL);
	return g_steal_pointer(&procedure);
}

void procedure_free(Procedure *procedure)
{
	if (!procedure)
		return;
	runtime_close(procedure->L);
	g_array_unref(procedure->steps);
	g_clear_pointer(&procedure->hooks, g_ptr_array_unref);
	if (procedure->digest)
		g_string_free(procedure->digest, TRUE);
	g_free(procedure);
}

static gboolean is_forced(const Procedure *procedure, const char *check)
{
	const char *const *forced = procedure->settings->forced;

	return forced && g_strv_contains(forced, check);
}

/* "names" forced: go on without the nodes that do not resolve. */
static gboolean leave_out(Procedure *procedure, const TakeoverProblem *problem, GError **error)
{
	Takeover *takeover = procedure->context->takeover;
	g_autofree char *text = NULL;

	if (!g_str_equal(problem->check, "names") || !problem->names)
		return TRUE;
	move_leave_out(takeover->move, (const char *const *)problem->names);
	text = g_strconcat("not moved: ", problem->seen, NULL);
	takeover_owe(takeover,
		     journal_owed_new(NULL, (const char *const *)problem->names, text));
	return run_leave_out(procedure->context->run, (const char *const *)problem->names,
			     error);
}

static void tell_forced(const TakeoverProblem *problem)
{
	talk_warning("%s, as forced: %s%s%s; wanted: %s", problem->check,
		     problem->nodes ? problem->nodes : "", problem->nodes ? ": " : "",
		     problem->seen, problem->wanted);
}

/* Forced problems are told, and forgotten; the others stay and refuse the takeover. */
static gboolean settle_problems(Procedure *procedure, GError **error)
{
	Takeover *takeover = procedure->context->takeover;
	GPtrArray *problems = takeover->problems;

	for (guint i = 0; i < problems->len;) {
		const TakeoverProblem *problem = problems->pdata[i];

		if (!is_forced(procedure, problem->check)) {
			i++;
			continue;
		}
		tell_forced(problem);
		if (!leave_out(procedure, problem, error))
			return FALSE;
		g_ptr_array_remove_index(problems, i);
	}
	if (problems->len == 0 && move_count(takeover->move) > 0)
		return TRUE;
	g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_REFUSED, "%s",
		    problems->len ? "problems" : "no node is left to move");
	return FALSE;
}

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
	guint nodes = move_count(procedure->context->takeover->move);
	double seconds = (double)(g_get_monotonic_time() - begun) / G_USEC_PER_SEC;
	g_autofree char *done =
		changes ? g_strdup_printf("%u change%s", changes, changes == 1 ? "" : "s")
			: g_strdup("ok");

	talk_step("%-12s %-14s %6u node%s %8.2f s   %s", step->name, done, nodes,
		  nodes == 1 ? " " : "s", seconds, step->summary);
}

static gboolean is_asked_to_stop(const Procedure *procedure)
{
	return interrupt_asked() || takeover_has_failed(procedure->context->takeover);
}

/*
 * The hooks around a step, in their order.  One that fails before it stops the step; one that
 * fails after it is a warning, unless it is critical or the rows of joined steps wait.
 */
static gboolean call_hooks(Procedure *procedure, HookPlace place, const TakeoverStep *step,
			   GError **error)
{
	Run *run = procedure->context->run;

	for (guint i = 0; i < procedure->hooks->len; i++) {
		Hook *hook = procedure->hooks->pdata[i];
		g_autoptr(GError) problem = NULL;
		gboolean done;

		if (!hook_has(hook, place, step->name))
			continue;
		run_in_hook(run, hook_name(hook));
		done = hook_call(hook, place, step->name, &problem);
		run_in_hook(run, NULL);
		if (done)
			continue;
		if (g_error_matches(problem, HOOKS_ERROR, HOOKS_ERROR_REFUSED)) {
			g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_REFUSED, "%s",
				    problem->message);
			return FALSE;
		}
		/* Stopped, it has not failed: what it had not begun is begun by a resume. */
		if (place == HOOK_BEFORE || hook_is_critical(hook) || procedure->joining ||
		    step->joined || (is_asked_to_stop(procedure) && !step->always)) {
			g_propagate_error(error, g_steal_pointer(&problem));
			return FALSE;
		}
		talk_warning("%s", problem->message);
	}
	return TRUE;
}

static gboolean stop_if_asked(GError **error)
{
	if (!interrupt_asked())
		return TRUE;
	g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_INTERRUPTED, "interrupted");
	return FALSE;
}

static gboolean stop_if_failed(const Takeover *takeover, GError **error)
{
	g_autofree char *message = NULL;

	if (!takeover_has_failed(takeover))
		return TRUE;
	message = takeover_failure(takeover);
	g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_FAILURES, "%s", message);
	return FALSE;
}

static gboolean is_hooked(const Procedure *procedure, const TakeoverStep *step)
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
	    (!step->empty && !call_step(procedure, number, step, error)))
		return FALSE;
	if (g_str_equal(step->name, "check") &&
	    !questions_check(procedure->context, procedure->hooks, error))
		return FALSE;
	/* The last steps run after a refusal as well, and do not refuse again. */
	if ((!step->always && !settle_problems(procedure, error)) ||
	    !call_hooks(procedure, HOOK_AFTER, step, error) ||
	    (!step->always && !settle_problems(procedure, error)))
		return FALSE;
	if (g_str_equal(step->name, "verify"))
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
	if (part->step->batched && !stop_if_asked(error))
		return FALSE;
	return do_step(part->procedure, part->number, part->step, error) &&
	       (part->step->always ||
		stop_if_failed(part->procedure->context->takeover, error));
}

static gboolean is_told(const Procedure *procedure, const TakeoverStep *step)
{
	return !run_is_planning(procedure->context->run) &&
	       (!step->empty || is_hooked(procedure, step));
}

static void tell_turn(const TakeoverTurns *turns, const char *step)
{
	talk_step("%-12s batch %u of %u: %u of %u nodes, %u failed", step, turns->number,
		  turns->count, turns->first, turns->names->len,
		  g_hash_table_size(turns->takeover->failed));
}

static gboolean do_turns(Part *part, GError **error)
{
	Takeover *takeover = part->procedure->context->takeover;
	g_auto(TakeoverTurns) turns = { 0 };
	gboolean done = TRUE;

	takeover_turns_init(&turns, takeover);
	while (done && takeover_next_turn(&turns)) {
		done = do_part(part, error);
		if (done && takeover->batches && is_told(part->procedure, part->step))
			tell_turn(&turns, part->step->name);
	}
	takeover_end_turns(&turns, done);
	return done;
}

static gboolean do_parts(Procedure *procedure, guint number, const TakeoverStep *step,
			 GError **error)
{
	Part part = { procedure, number, step };

	return step->batched ? do_turns(&part, error) : do_part(&part, error);
}

static gboolean is_to_do(const Procedure *procedure, const TakeoverStep *step);

/* Do the rows of this step wait for a later one of those it is joined with, that will run? */
static gboolean joins_later(const Procedure *procedure, guint number)
{
	for (guint i = number; step_at(procedure, i)->joined; i++)
		if (is_to_do(procedure, step_at(procedure, i + 1)))
			return TRUE;
	return FALSE;
}

static gboolean run_step(Procedure *procedure, guint number, GError **error)
{
	const TakeoverStep *step = step_at(procedure, number);
	Run *run = procedure->context->run;
	guint before = run_change_count(run);
	gint64 begun = g_get_monotonic_time();
	g_autoptr(GError) problem = NULL;

	if (!run_begin_step(run, step->name, error) ||
	    !do_parts(procedure, number, step, error)) {
		run_drop_step(run);
		return FALSE;
	}
	procedure->joining = joins_later(procedure, number);
	if (!run_end_step(run, procedure->joining, &problem)) {
		g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_STEP,
			    "step %s: none of its changes was written: %s", step->name,
			    problem->message);
		run_drop_step(run);
		return FALSE;
	}
	if (is_told(procedure, step))
		tell_step(procedure, step, run_change_count(run) - before, begun);
	return TRUE;
}

static gboolean is_selected(const Procedure *procedure, const TakeoverStep *step)
{
	const ProcedureSettings *settings = procedure->settings;

	if (settings->only && !g_strv_contains(settings->only, step->name))
		return FALSE;
	return !settings->skip || !g_strv_contains(settings->skip, step->name);
}

/* What fails in the last steps does not hide why the end came. */
void procedure_run_last(Procedure *procedure, const char *outcome)
{
	procedure->context->takeover->ending = TRUE;
	procedure->context->takeover->outcome = outcome;
	for (guint i = 0; i < procedure->steps->len; i++) {
		g_autoptr(GError) problem = NULL;
		const TakeoverStep *step = step_at(procedure, i);

		if (step->always && is_selected(procedure, step) &&
		    !run_step(procedure, i, &problem))
			talk_warning("%s", problem->message);
	}
}

gboolean procedure_run_step(Procedure *procedure, const char *name, GError **error)
{
	for (guint i = 0; i < procedure->steps->len; i++)
		if (g_str_equal(step_at(procedure, i)->name, name))
			return run_step(procedure, i, error);
	return TRUE;
}

/* freeze runs in every attempt, done or not: what it paused may have gone on meanwhile. */
static gboolean is_to_do(const Procedure *procedure, const TakeoverStep *step)
{
	GHashTable *done = procedure->settings->done;

	if (step->always || !is_selected(procedure, step))
		return FALSE;
	return !done || !g_hash_table_contains(done, step->name) ||
	       g_str_equal(step->name, "freeze") || g_str_equal(step->name, "verify");
}

static gboolean run_steps(Procedure *procedure, GError **error)
{
	if (!questions_when(procedure->context, procedure->hooks, error))
		return FALSE;
	if (!is_selected(procedure, step_at(procedure, 0)))
		talk_warning("without the step %s nothing is checked before it is changed",
			     step_at(procedure, 0)->name);
	for (guint i = 0; i < procedure->steps->len; i++) {
		const TakeoverStep *step = step_at(procedure, i);

		if (!is_to_do(procedure, step))
			continue;
		if (!stop_if_asked(error) || !run_step(procedure, i, error))
			return FALSE;
	}
	return TRUE;
}

gboolean procedure_has_batches(const Procedure *procedure)
{
	for (guint i = 0; i < procedure->steps->len; i++)
		if (step_at(procedure, i)->batched &&
		    is_to_do(procedure, step_at(procedure, i)))
			return TRUE;
	return FALSE;
}

/* A step that was kept from beginning more has failed for that; an error of its own is told. */
static void explain_failures(const Takeover *takeover, GError **problem)
{
	if (interrupt_asked() || !takeover_has_failed(takeover))
		return;
	if (!takeover->cut_short &&
	    !g_error_matches(*problem, PROCEDURE_ERROR, PROCEDURE_ERROR_FAILURES))
		talk_warning("%s", (*problem)->message);
	g_clear_error(problem);
	(void)stop_if_failed(takeover, problem);
}

const char *procedure_outcome(const Procedure *procedure, gboolean done)
{
	if (done)
		return procedure->context->takeover->owed->len ? "owed" : "done";
	if (interrupt_asked())
		return "interrupted";
	return run_has_begun(procedure->context->run) ? "stopped" : "refused";
}

gboolean procedure_run(Procedure *procedure, GError **error)
{
	g_autoptr(GError) problem = NULL;
	gboolean done = run_steps(procedure, &problem);

	procedure->joining = FALSE;
	if (!done) { /* joined steps may have left rows that are not written */
		run_drop_step(procedure->context->run);
		explain_failures(procedure->context->takeover, &problem);
	}
	procedure_run_last(procedure, procedure_outcome(procedure, done));
	if (!done && interrupt_asked())
		(void)stop_if_asked(error);
	else if (!done)
		g_propagate_error(error, g_steal_pointer(&problem));
	return done;
}

char *procedure_selection(const Procedure *procedure)
{
	const ProcedureSettings *settings = procedure->settings;
	char **steps = (char **)(settings->only ? settings->only : settings->skip);
	g_autofree char *names = NULL;

	if (!steps)
		return g_strdup("");
	names = g_strjoinv(", ", steps);
	return g_strdup_printf(settings->only ? " (step%s %s only)" : " (without step%s %s)",
			       g_strv_length(steps) == 1 ? "" : "s", names);
}
