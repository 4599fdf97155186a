/*
 * program - what snmove and snmove-lua share: finding and opening the cluster.
 */
#pragma once
#include "lua/runtime/binding.h"
#include "lua/program/config.h"

#define PROGRAM_STATE "/var/lib/snmove"

/* Exit statuses: DESIGN of the command line, and EXIT STATUS in the manual. */
typedef enum {
	PROGRAM_DONE = 0,
	PROGRAM_REFUSED = 1,
	PROGRAM_USAGE = 2,
	PROGRAM_OWED = 3,
	PROGRAM_PARTWAY = 4,
	PROGRAM_BUSY = 5, /* another run is open, or holds the lock */
} ProgramStatus;

/* The cluster that a program works on; all of it is there or none. */
typedef struct {
	Store *store;
	Service *services[5]; /* NULL-terminated */
	BindingContext context;
} Program;

/* Open the database of `config`, and its names and addresses.  Keeps using `config`. */
G_GNUC_WARN_UNUSED_RESULT
gboolean program_open(Program *program, const Config *config, GError **error);
void program_close(Program *program);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Program, program_close)

/* From now on program_open contacts no host: `tell` is called, and says with remote_tell how
 * each answers.  For tests of hooks and procedures. */
void program_tell_hosts(void (*tell)(Remote *remote, gpointer data), gpointer data);

/* The URL that program_open takes: of the configuration, else as xCAT finds it, else
 * cluster.db among the state.  Gives the text (g_free). */
char *program_database(const Config *config);

/* The configuration `file` (NULL: the default), with what the command line says instead. */
G_GNUC_WARN_UNUSED_RESULT
gboolean program_configure(Config *config, const char *file, const char *db, const char *state,
			   GError **error);

/*
 * The last thing of main: a result that could not be printed is not a success.  Gives the
 * status to end with, instead of PROGRAM_DONE `unheard`; what was changed and kept is not
 * undone by a full disk or a closed pipe.
 */
int program_finish(int status, int unheard);
