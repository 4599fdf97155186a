/*
 * command - what snmove does: each command gives the exit status.
 */
#pragma once
#include "core/noderange.h"
#include "lua/command/request.h"
#include "lua/program/program.h"

/* snmove ARGUMENT...: what its main does.  `argv` as main has it.  Gives the exit status. */
int command_main(int argc, char **argv);
/* rnetboot ARGUMENT..., likewise. */
int rnetboot_main(int argc, char **argv);

/* snmove NODERANGE ..., snmove -s SN ... */
int command_take_over(Program *program, const Config *config, Request *request);
/* snmove --resume[=RUN] */
int command_resume(Program *program, const Config *config, Request *request);
/* snmove --undo[=RUN] [NODERANGE] */
int command_undo(Program *program, const Config *config, Request *request);
/* An undo that was killed, `record` with its content, is finished. */
int command_undo_again(Program *program, const Config *config, Request *request,
		       const JournalRun *record, JournalContent *content);
/* snmove --close=RUN */
int command_close(Program *program, const Config *config, Request *request);
/* snmove --reconcile SN */
int command_reconcile(Program *program, const Config *config, Request *request);
/* snmove --status, --history, --show[=RUN]: they only look, and need no database. */
int command_status(const Config *config, const Request *request);
int command_history(const Config *config, const Request *request);
int command_show(const Config *config, const Request *request);
/* snmove --expand NODERANGE [--fold] */
int command_expand(Program *program, const Request *request);
/* snmove --explain NODERANGE [--probe] [--json] */
int command_explain(Program *program, const Config *config, Request *request);
/* snmove --verify [NODERANGE] [-s SN] [--json] */
int command_verify(Program *program, const Config *config, Request *request);

/* snmove --hooks-list */
int command_hooks_list(Program *program, const Config *config, Request *request);

/* Names that no node has, and whom the site leaves out if nobody else is there. */
void command_tell_unknown(const Noderange *range);
/* Of a run in this mode: the command for each server that was dead, and on which something is
 * owed, a line each; `before` comes first. */
void command_tell_back(const char *command, const char *mode, const char *from,
		       const GPtrArray *owed, const char *before);

/* Shared by them: an error told, and the status that it means.  Takes `error`. */
int command_fail(GError *error);
