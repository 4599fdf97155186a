/*
 * program - what snmove and snmove-lua share: finding and opening the cluster.
 */
#pragma once
#include "lua/binding.h"

#define PROGRAM_STATE "/var/lib/snmove"

/* Exit statuses: DESIGN of the command line, and EXIT STATUS in the manual. */
typedef enum {
	PROGRAM_DONE = 0,
	PROGRAM_REFUSED = 1,
	PROGRAM_USAGE = 2,
	PROGRAM_OWED = 3,
	PROGRAM_PARTWAY = 4,
} ProgramStatus;

/* The cluster that a program works on; all of it is there or none. */
typedef struct {
	Store *store;
	BindingContext context;
} Program;

/*
 * Open `db` (NULL: as xCAT finds it, else cluster.db in `state`).  The hosts file is
 * `hosts_file`, the resolver is asked for `resolve_time` ms at the most.
 */
G_GNUC_WARN_UNUSED_RESULT
gboolean program_open(Program *program, const char *db, const char *state, GError **error);
void program_close(Program *program);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Program, program_close)

/* The URL that program_open would take.  Gives the text (g_free). */
char *program_database(const char *db, const char *state);
