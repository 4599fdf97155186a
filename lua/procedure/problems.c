/* What checks have found: forced or not. */
#include "lua/procedure/inside.h"
#include "lua/terminal/talk.h"

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

gboolean procedure_settle(Procedure *procedure, GError **error)
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
