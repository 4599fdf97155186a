/*
 * procedure - the steps of a takeover, as a Lua script lists them, run one after the other.
 *
 * This room calls the steps and looks after what stands between them: problems that `check`
 * finds, the commit at the end of a step, what is owed.  What a step does is the script's.
 */
#pragma once
#include "lua/runtime/binding.h"

typedef struct procedure Procedure;

#define PROCEDURE_ERROR procedure_error_quark()
GQuark procedure_error_quark(void);
typedef enum {
	PROCEDURE_ERROR_REFUSED,     /* checks found problems, told already: nothing changed */
	PROCEDURE_ERROR_STEP,	     /* a step failed */
	PROCEDURE_ERROR_LOAD,	     /* the script is no procedure */
	PROCEDURE_ERROR_USAGE,	     /* --skip or --only name no step */
	PROCEDURE_ERROR_INTERRUPTED, /* a signal asked to stop */
	PROCEDURE_ERROR_FAILURES,    /* as many nodes failed as --max-fail allows */
} ProcedureError;

/* What the administrator and the site decided. */
typedef struct {
	const char *const *forced;  /* checks whose problems are only told */
	const char *const *skip;    /* steps to leave out, or NULL */
	const char *const *only;    /* the only steps to run, or NULL */
	gboolean checking;	    /* only the checks run, of the whole move */
	const char *hook;	    /* the only hook that runs, and no step itself; or NULL */
	const char *hooks;	    /* the site's folder of hooks, or NULL: the default one */
	const char *const *without; /* hooks to leave out, or NULL */
	const char *const *set;	    /* "HOOK.KEY=VALUE" each, or NULL */
	GHashTable *configured;	    /* "HOOK.KEY" -> GVariant, or NULL */
	GHashTable *done; /* names of steps that a run that goes on has done, or NULL */
} ProcedureSettings;

/*
 * Load the script (trust_path must allow it) and the hooks.  Gives a Procedure
 * (procedure_free) that keeps using `context` and `settings`.
 */
G_GNUC_WARN_UNUSED_RESULT
Procedure *procedure_load(BindingContext *context, const char *script,
			  const ProcedureSettings *settings, GError **error);
/*
 * The options that the script says it has, TakeoverOption each: it is loaded alone for that,
 * before there is a cluster.  Gives an array (g_array_unref), or NULL and an error.
 */
G_GNUC_WARN_UNUSED_RESULT
GArray *procedure_declared(const char *script, GError **error);
/* Those of one that is loaded.  Borrowed. */
const GArray *procedure_options(const Procedure *procedure);
void procedure_free(Procedure *procedure);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Procedure, procedure_free)

/*
 * Run its steps in their order, to the end or the first that fails.  Refused: the problems lie
 * in the takeover, and nothing was written.
 */
G_GNUC_WARN_UNUSED_RESULT
gboolean procedure_run(Procedure *procedure, GError **error);

/* What --skip and --only make of it: " (steps a, b only)", or nothing.  Gives the text. */
char *procedure_selection(const Procedure *procedure);

/* Will a step run whose nodes go in batches? */
gboolean procedure_has_batches(const Procedure *procedure);

/* One step by its name, if the procedure has it, with its hooks.  For an undo: of the
 * procedure's steps only freeze, thaw and finished are run. */
G_GNUC_WARN_UNUSED_RESULT
gboolean procedure_run_step(Procedure *procedure, const char *name, GError **error);
/* The names of steps that run in every attempt, as a set: of the procedure, to be freed before.
 */
GHashTable *procedure_anew(const Procedure *procedure);
/* How the run has ended, as move.outcome has it. */
const char *procedure_outcome(const Procedure *procedure, gboolean done);
/* The steps that run at every end, which see this outcome. */
void procedure_run_last(Procedure *procedure, const char *outcome);

/* The hooks that it has (Hook), and lines that tell which were left out and why.  Borrowed. */
const GPtrArray *procedure_hooks(const Procedure *procedure);
const GPtrArray *procedure_left_out(const Procedure *procedure);
/* The names of its steps.  Gives a vector. */
char **procedure_steps(const Procedure *procedure);
/* What it was loaded from; see digest.h.  Borrowed. */
const char *procedure_digest(const Procedure *procedure);
