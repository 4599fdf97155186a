/* Which steps run, in which order, and how it ends. */
#include "lua/procedure/inside.h"
#include "lua/procedure/questions.h"
#include "lua/terminal/interrupt.h"
#include "lua/terminal/talk.h"

G_DEFINE_QUARK(snmove_procedure_error, procedure_error)

gboolean procedure_go_on(GError **error)
{
	if (!interrupt_asked())
		return TRUE;
	g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_INTERRUPTED, "interrupted");
	return FALSE;
}

gboolean procedure_check_failures(const Takeover *takeover, GError **error)
{
	g_autofree char *message = NULL;

	if (!takeover_has_failed(takeover))
		return TRUE;
	message = takeover_failure(takeover);
	g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_FAILURES, "%s", message);
	return FALSE;
}

gboolean procedure_selects(const Procedure *procedure, const TakeoverStep *step)
{
	const ProcedureSettings *settings = procedure->settings;

	if (settings->only && !g_strv_contains(settings->only, step->name))
		return FALSE;
	return !settings->skip || !g_strv_contains(settings->skip, step->name);
}

/* freeze is run by every attempt, done or not: what it paused may have gone on meanwhile. */
static gboolean runs_in_every_attempt(const TakeoverStep *step)
{
	return step->always || g_str_equal(step->name, "freeze") ||
	       g_str_equal(step->name, "verify");
}

GHashTable *procedure_anew(const Procedure *procedure)
{
	GHashTable *names = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < procedure->steps->len; i++) {
		const TakeoverStep *step = procedure_step(procedure, i);

		if (runs_in_every_attempt(step))
			g_hash_table_add(names, (gpointer)step->name);
	}
	return names;
}

gboolean procedure_will_run(const Procedure *procedure, const TakeoverStep *step)
{
	GHashTable *done = procedure->settings->done;

	if (step->always || !procedure_selects(procedure, step))
		return FALSE;
	/* Its check and its verify are asked there. */
	if (procedure->settings->hook && !procedure_is_hooked(procedure, step) &&
	    !g_str_equal(step->name, "check") && !g_str_equal(step->name, "verify"))
		return FALSE;
	return !done || !g_hash_table_contains(done, step->name) || runs_in_every_attempt(step);
}

gboolean procedure_has_batches(const Procedure *procedure)
{
	for (guint i = 0; i < procedure->steps->len; i++)
		if (procedure_step(procedure, i)->batched &&
		    procedure_will_run(procedure, procedure_step(procedure, i)))
			return TRUE;
	return FALSE;
}

static gboolean run_steps(Procedure *procedure, GError **error)
{
	if (!questions_when(procedure->context, procedure->hooks, error))
		return FALSE;
	if (g_str_equal(procedure_step(procedure, 0)->name, "check") &&
	    !procedure_selects(procedure, procedure_step(procedure, 0)))
		talk_warning("without the step check nothing is checked before it is changed");
	for (guint i = 0; i < procedure->steps->len; i++) {
		const TakeoverStep *step = procedure_step(procedure, i);

		if (!procedure_will_run(procedure, step))
			continue;
		if (!procedure_go_on(error) || !procedure_do_step(procedure, i, error))
			return FALSE;
	}
	return TRUE;
}

/* What fails in the last steps does not hide why the end came. */
void procedure_run_last(Procedure *procedure, const char *outcome)
{
	procedure->context->takeover->ending = TRUE;
	procedure->context->takeover->outcome = outcome;
	for (guint i = 0; i < procedure->steps->len; i++) {
		g_autoptr(GError) problem = NULL;
		const TakeoverStep *step = procedure_step(procedure, i);

		if (step->always && procedure_selects(procedure, step) &&
		    !procedure_do_step(procedure, i, &problem))
			talk_warning("%s", problem->message);
	}
}

gboolean procedure_run_step(Procedure *procedure, const char *name, GError **error)
{
	for (guint i = 0; i < procedure->steps->len; i++)
		if (g_str_equal(procedure_step(procedure, i)->name, name))
			return procedure_do_step(procedure, i, error);
	return TRUE;
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
	(void)procedure_check_failures(takeover, problem);
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
		(void)procedure_go_on(error);
	else if (!done)
		g_propagate_error(error, g_steal_pointer(&problem));
	return done;
}

char *procedure_selection(const Procedure *procedure)
{
	const ProcedureSettings *settings = procedure->settings;
	char **steps = (char **)(settings->only ? settings->only : settings->skip);
	g_autofree char *names = NULL;

	if (settings->hook)
		return g_strdup_printf(" (hook %s only)", settings->hook);
	if (!steps)
		return g_strdup("");
	names = g_strjoinv(", ", steps);
	return g_strdup_printf(settings->only ? " (step%s %s only)" : " (without step%s %s)",
			       g_strv_length(steps) == 1 ? "" : "s", names);
}
