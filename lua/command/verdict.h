/*
 * verdict - the lines on stdout: what is moved, before anything; and how it ended.
 */
#pragma once
#include "lua/procedure/procedure.h"
#include "lua/program/program.h"

void verdict_begin(const Takeover *takeover, const char *what);
/* In what batches the nodes will go. */
void verdict_batches(const Takeover *takeover);
ProgramStatus verdict_done(const BindingContext *context, const char *without,
			   gboolean verbose);
/* What is owed, and what was noticed. */
void verdict_left(const Takeover *takeover);
/* Takes `error`. */
int verdict_failed(GError *error, const BindingContext *context, char **argv,
		   const char *const *forced);
