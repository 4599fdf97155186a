/*
 * verdict - the lines on stdout: what is moved, before anything; and how it ended.
 */
#pragma once
#include "lua/command/request.h"
#include "core/journal.h"
#include "lua/procedure/procedure.h"
#include "lua/program/program.h"

void verdict_begin(const Takeover *takeover, const char *what);
/* In what batches the nodes will go. */
void verdict_batches(const Takeover *takeover);
ProgramStatus verdict_done(const BindingContext *context, const Request *request,
			   const char *without);
/* Of an undo of `run`, as it was before, with what is left and what there is to type. */
ProgramStatus verdict_undone(const BindingContext *context, const Request *request,
			     const JournalRun *run, const JournalContent *content);
/* Takes `error`. */
int verdict_failed(GError *error, const BindingContext *context, const Request *request,
		   const char *const *forced);
