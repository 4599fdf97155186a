#include "lua/procedure.h"
#include "lua/bind_takeover.h"
#include "lua/runtime.h"
#include "lua/talk.h"
#include <string.h>

G_DEFINE_QUARK(snmove - procedure - error, procedure_error)

struct procedure {
	BindingContext *context;
	const char *const *forced;
	lua_State *L;
	GArray *steps; /* TakeoverStep */
};

/* The manual has what each of them looks at. */
static const char *const checks[] = {
	"pool",	 "xcatmaster", "owner",	 "names",   "role", "mn",
	"reach", "images",     "recent", "changed", "dead", NULL,
};

const char *const *procedure_checks(void)
{
	return checks;
}

static void problem_free(gpointer data)
{
	TakeoverProblem *problem = data;

	g_strfreev(problem->names);
	g_free(problem->nodes);
	g_free(problem->seen);
	g_free(problem->wanted);
	g_free(problem);
}

Takeover *takeover_new(Move *move, const char *const *names)
{
	Takeover *takeover = g_new0(Takeover, 1);

	takeover->move = move;
	takeover->mode = "planned";
	takeover->attempt = "first";
	takeover->checks = names;
	takeover->options = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	takeover->notes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
						(GDestroyNotify)g_variant_unref);
	takeover->problems = g_ptr_array_new_with_free_func(problem_free);
	takeover->owed = g_ptr_array_new_with_free_func(g_free);
	return takeover;
}

void takeover_free(Takeover *takeover)
{
	if (!takeover)
		return;
	g_hash_table_unref(takeover->options);
	g_hash_table_unref(takeover->notes);
	g_ptr_array_unref(takeover->problems);
	g_ptr_array_unref(takeover->owed);
	g_free(takeover);
}

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

static gboolean collect_steps(Procedure *procedure, const char *script, GError **error)
{
	lua_State *L = procedure->L;

	lua_pushcfunction(L, l_collect_steps);
	lua_pushlightuserdata(L, procedure->steps);
	if (!binding_call(L, 1, 0, error))
		return FALSE;
	if (procedure->steps->len > 0)
		return TRUE;
	g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_LOAD,
		    "'%s' is no procedure: it has no takeover.step", script);
	return FALSE;
}

Procedure *procedure_load(BindingContext *context, const char *script,
			  const char *const *forced, GError **error)
{
	g_autoptr(Procedure) procedure = g_new0(Procedure, 1);
	g_autofree char *directory = g_path_get_dirname(script);
	const char *directories[] = { directory, NULL };

	procedure->context = context;
	procedure->forced = forced;
	procedure->steps = g_array_new(FALSE, FALSE, sizeof(TakeoverStep));
	procedure->L =
		runtime_new(context, "the procedure", directories, RUNTIME_PROCEDURE_LIMITS);
	if (!procedure->L)
		g_error("no memory for a Lua state");
	run_forbid(context->run,
		   "a procedure changes things in its steps, not while it is loaded");
	if (!runtime_load_file(procedure->L, script, TRUE, error) ||
	    !runtime_call(procedure->L, 0, 0, error) ||
	    !collect_steps(procedure, script, error))
		return NULL;
	run_forbid(context->run, NULL);
	return g_steal_pointer(&procedure);
}

void procedure_free(Procedure *procedure)
{
	if (!procedure)
		return;
	runtime_close(procedure->L);
	g_array_unref(procedure->steps);
	g_free(procedure);
}

static gboolean is_forced(const Procedure *procedure, const char *check)
{
	return procedure->forced && g_strv_contains(procedure->forced, check);
}

/* "names" forced: go on without the nodes that do not resolve. */
static void leave_out(Takeover *takeover, const TakeoverProblem *problem)
{
	if (!g_str_equal(problem->check, "names") || !problem->names)
		return;
	move_leave_out(takeover->move, (const char *const *)problem->names);
	g_ptr_array_add(takeover->owed,
			g_strdup_printf("%s: not moved: %s", problem->nodes, problem->seen));
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
		leave_out(takeover, problem);
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
	double seconds = (double)(g_get_monotonic_time() - begun) / G_USEC_PER_SEC;
	g_autofree char *done =
		changes ? g_strdup_printf("%u change%s", changes, changes == 1 ? "" : "s")
			: g_strdup("ok");

	talk_step("%-12s %-14s %6u nodes %8.2f s   %s", step->name, done,
		  move_count(procedure->context->takeover->move), seconds, step->summary);
}

static gboolean run_step(Procedure *procedure, guint number, GError **error)
{
	const TakeoverStep *step = &g_array_index(procedure->steps, TakeoverStep, number);
	Run *run = procedure->context->run;
	guint before = run_count(run);
	gint64 begun = g_get_monotonic_time();
	g_autoptr(GError) problem = NULL;

	run_begin_step(run, step->name);
	if (!call_step(procedure, number, step, error) || !settle_problems(procedure, error))
		return FALSE;
	if (!run_end_step(run, step->joined, &problem)) {
		g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_STEP,
			    "step %s: nothing of it was written: %s", step->name,
			    problem->message);
		return FALSE;
	}
	if (!run_is_planning(run))
		tell_step(procedure, step, run_count(run) - before, begun);
	return TRUE;
}

gboolean procedure_run(Procedure *procedure, GError **error)
{
	for (guint i = 0; i < procedure->steps->len; i++)
		if (!run_step(procedure, i, error))
			return FALSE;
	return TRUE;
}
