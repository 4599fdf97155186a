/*
 * command - what snmove does: each command gives the exit status.  `argv` is for messages and
 * the journal.
 */
#pragma once
#include "lua/command/options.h"
#include "lua/procedure/procedure.h"
#include "lua/program/program.h"
#include "lua/command/session.h"

/* snmove NODERANGE ..., snmove -s SN ... */
int command_take_over(Program *program, const Config *config, const Options *options,
		      char **argv);
/* snmove --resume[=RUN] */
int command_resume(Program *program, const Config *config, const Options *options, char **argv);
/* snmove --undo[=RUN] [NODERANGE] */
int command_undo(Program *program, const Config *config, const Options *options, char **argv);
/* An undo that was killed, `record` with its content, is finished. */
int command_undo_again(Program *program, const Config *config, const Options *options,
		       char **argv, const JournalRun *record, JournalContent *content);
/* snmove --close=RUN */
int command_close(Program *program, const Config *config, const Options *options, char **argv);
/* snmove --status, --history, --show[=RUN]: they only look, and need no database. */
int command_status(const Config *config, const Options *options);
int command_history(const Config *config, const Options *options);
int command_show(const Config *config, const Options *options);

/* Hosts are reached from now on, by the limits of the options.  FALSE: they are wrong. */
gboolean command_reach(BindingContext *context, const Options *options, GError **error);

/* Shared by them: an error told, and the status that it means.  Takes `error`. */
int command_fail(GError *error);
/* The names of --skip and --only (NULL: none); `rows` is the tables alone.  Gives a vector, or
 * NULL. */
char **command_steps(const char *list);
/* Run the procedure, tell how it ended, and keep that. */
int command_run(Session *session, Procedure *procedure, BindingContext *context,
		const Options *options, char **argv, const char *const *forced);
/* The script that the options and the site name.  Gives the path, or NULL and an error. */
char *command_script(const Config *config, const Options *options, GError **error);
/* --force and `allow`: names of checks, NULL-terminated.  Gives an array, or NULL. */
GPtrArray *command_forced(const Config *config, const char *force, GError **error);

/* verdict.c: the lines on stdout.  What is moved, before anything; and how it ended. */
void verdict_begin(const Takeover *takeover, const char *what);
/* In what batches the nodes will go. */
void verdict_batches(const Takeover *takeover);
ProgramStatus verdict_done(const BindingContext *context, const char *without,
			   gboolean verbose);
/* Takes `error`. */
int verdict_failed(GError *error, const BindingContext *context, char **argv,
		   const char *const *forced);
