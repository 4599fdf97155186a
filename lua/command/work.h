/*
 * work - what a command that changes something works with: put together once, for a move, a
 * resume, an undo and a close.
 */
#pragma once
#include "lua/command/command.h"
#include "lua/command/session.h"
#include "lua/procedure/procedure.h"

typedef struct {
	Program *program;
	const Config *config;
	Request *request;
	BindingContext *context; /* the program's */
	Session session;
	GPtrArray *forced; /* --force and the site's `allow`, NULL-terminated */
	ProcedureSettings settings;
	Run *run;
	Move *move;
	Takeover *takeover;
	Procedure *procedure;
} Work;

/* `work` takes a work_clear; `planning`: nothing is locked, kept or written.  Hosts can be
 * asked from then on. */
G_GNUC_WARN_UNUSED_RESULT
gboolean work_begin(Work *work, Program *program, const Config *config, Request *request,
		    gboolean planning, GError **error);
void work_clear(Work *work);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Work, work_clear)

/* With its nodes known (takes `move`): the takeover of this attempt. */
void work_take_move(Work *work, Move *move, const char *attempt);
/* What was typed, and which of xCAT's commands the site has chosen, for scripts and the
 * journal: a resume and an undo go on with these. */
void work_fill_options(Work *work);
/* The script that the options and the site name; NULL: none.  Borrowed. */
const char *work_named_script(const Work *work);
/* The script that the options and the site name, else that of Linux.  Gives the path, or NULL
 * and an error. */
char *work_script(const Work *work, GError **error);
/* One that comes with the program.  Gives the path, or NULL and an error. */
char *work_shipped_script(const char *name, GError **error);
/* The procedure and its hooks. */
G_GNUC_WARN_UNUSED_RESULT
gboolean work_load(Work *work, const char *script, GError **error);
/*
 * Load a script that comes with the program and only looks, and run it as a plan: nothing is
 * locked, kept or written.  FALSE and an error: it came to no end, or a signal has cut it
 * short, so that what it has found is no answer.
 */
G_GNUC_WARN_UNUSED_RESULT
gboolean work_look(Work *work, const char *name, GError **error);
/* Run the procedure, tell how it ended, and keep that.  Gives the status. */
int work_run(Work *work);
