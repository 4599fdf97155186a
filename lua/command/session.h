/*
 * session - the journal around a command: the lock, what is open, the run that is begun.
 */
#pragma once
#include "core/journal.h"
#include "core/lock.h"
#include "lua/command/request.h"
#include "lua/program/program.h"

#define SESSION_ERROR session_error_quark()
GQuark session_error_quark(void);
typedef enum {
	SESSION_ERROR_BUSY, /* another run is at work on this database, or open */
	SESSION_ERROR_RUN,  /* the run that is named cannot be used for this */
} SessionError;

typedef struct {
	Lock *lock;
	Store *store; /* whose server keeps the run's lock, too; NULL: not asked */
	Journal *journal;
	JournalRun *record; /* the run that this command is */
} Session;

/*
 * Take the lock of the database and open the journal.  An open run of this database refuses
 * (SESSION_ERROR_BUSY, with the commands to go on), unless it is run number `allowed`.
 * `session` takes a session_close.
 */
G_GNUC_WARN_UNUSED_RESULT
gboolean session_open(Session *session, const Program *program, const Config *config,
		      const Request *request, gint64 allowed, GError **error);
void session_close(Session *session);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Session, session_close)

/* The command as it was typed, quoted for a shell.  Gives the text. */
char *session_typed(const Request *request);
/* The same for these nodes alone. */
char *session_typed_for(const Request *request, const GPtrArray *names);
/* What a new run is, before its inputs.  `script` NULL: an undo.  Gives a record. */
JournalRun *session_record(const Program *program, const Request *request, const char *script,
			   const char *digest);
/* Keep a new run with the nodes of `move` and its options (name -> text); the run of the
 * context is kept from now on. */
G_GNUC_WARN_UNUSED_RESULT
gboolean session_begin(Session *session, Program *program, JournalRun *record, const Move *move,
		       GHashTable *options, GError **error);
/* An undo that was killed is this command's run again. */
G_GNUC_WARN_UNUSED_RESULT
gboolean session_begin_again(Session *session, Program *program, gint64 number, GError **error);
/* The nodes that a run was begun with.  Gives a Move (move_free). */
Move *session_move(const JournalContent *content);
/* What a takeover says of itself, for the journal.  Borrowed. */
JournalLines session_lines(const Takeover *takeover);
/* The command has come to its end with `status`; gives the status to end with. */
int session_end(Session *session, const BindingContext *context, int status);

/* `number`, or for 0 the last run that has begun something. */
gint64 session_number(Journal *journal, gint64 number, GError **error);
/* Gives a run (journal_run_free); an error says where runs are listed. */
JournalRun *session_run(Journal *journal, const Request *request, gint64 number,
			GError **error);
/* The open run of a database, or 0: none (or an error). */
gint64 session_open_run(Journal *journal, const char *database, GError **error);
/* Part-way: it is neither ended nor given up. */
gboolean session_is_open(const JournalRun *run);
/* The error of one, with the ways on; always FALSE. */
gboolean session_refuse_open(const JournalRun *run, const Request *request, GError **error);
