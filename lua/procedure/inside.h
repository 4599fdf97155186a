/*
 * inside - what the files of procedure share: the procedure itself, and its steps.
 *
 * Private to procedure/.
 */
#pragma once
#include "lua/bind/takeover.h"
#include "lua/procedure/hooks.h"
#include "lua/procedure/procedure.h"

struct procedure {
	BindingContext *context;
	const ProcedureSettings *settings;
	lua_State *L;
	GArray *steps;	 /* TakeoverStep */
	GArray *options; /* TakeoverOption: its own */
	GPtrArray *
		removed; /* names of steps that it has taken out: they are no part of any run */
	GPtrArray *left_out; /* lines: hooks that are not there, and why */
	GPtrArray *hooks;    /* Hook: those that want to take part, once they were asked */
	GString *digest;
	guint nodes;	  /* how many the step that runs is for */
	gboolean joining; /* rows wait that are written with a later step's */
};

static inline const TakeoverStep *procedure_step(const Procedure *procedure, guint i)
{
	return &g_array_index(procedure->steps, TakeoverStep, i);
}

/* --- procedure.c: which steps, and when it ends --------------------------------------------
 */

/* Is the step among those of --skip and --only? */
gboolean procedure_selects(const Procedure *procedure, const TakeoverStep *step);
/* Will it run in this attempt? */
gboolean procedure_will_run(const Procedure *procedure, const TakeoverStep *step);
/* FALSE and an error: a signal has asked to stop. */
gboolean procedure_go_on(GError **error);
/* FALSE and an error: as many nodes have failed as --max-fail allows. */
gboolean procedure_check_failures(const Takeover *takeover, GError **error);

/* --- step.c: one step ----------------------------------------------------------------------
 */

/* Has it hooks around it? */
gboolean procedure_is_hooked(const Procedure *procedure, const TakeoverStep *step);
/* With its hooks, in batches if it goes in batches, and the commit at its end. */
G_GNUC_WARN_UNUSED_RESULT
gboolean procedure_do_step(Procedure *procedure, guint number, GError **error);

/* --- problems.c: what checks have found ----------------------------------------------------
 */

/* Forced problems are told, and forgotten; the others stay and refuse the takeover. */
G_GNUC_WARN_UNUSED_RESULT
gboolean procedure_settle(Procedure *procedure, GError **error);
