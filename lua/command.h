/*
 * command - what snmove does with a move: compute it, run the procedure, tell how it ended.
 */
#pragma once
#include "lua/options.h"
#include "lua/procedure.h"
#include "lua/program.h"

/* The whole of `snmove NODERANGE ...`; gives the exit status.  `argv` is for messages only. */
int command_take_over(Program *program, const Config *config, const Options *options,
		      char **argv);

/* verdict.c: the lines on stdout.  What is moved, before anything; and how it ended. */
void verdict_begin(const Move *move, gboolean planning);
ProgramStatus verdict_done(const BindingContext *context, const Procedure *procedure,
			   gboolean verbose);
/* Takes `error`. */
ProgramStatus verdict_failed(GError *error, const BindingContext *context, char **argv,
			     const char *const *forced);
