#include "lua/command/session.h"
#include "core/base.h"
#include "core/noderange.h"
#include "lua/terminal/interrupt.h"
#include "lua/terminal/talk.h"
#include <pwd.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

G_DEFINE_QUARK(snmove_session_error, session_error)

void session_close(Session *session)
{
	g_clear_pointer(&session->record, journal_run_free);
	g_clear_pointer(&session->journal, journal_close);
	if (session->store)
		store_unlock(session->store);
	session->store = NULL;
	g_clear_pointer(&session->lock, lock_release);
}

gboolean session_is_open(const JournalRun *run)
{
	return (run->state == JOURNAL_RUNNING || run->state == JOURNAL_STOPPED ||
		run->state == JOURNAL_INTERRUPTED) &&
	       run->has_changes;
}

/* The user, and the terminal or the host that he came from. */
static char *who(void)
{
	const struct passwd *user = getpwuid(getuid());
	const char *ssh = g_getenv("SSH_CONNECTION");
	const char *person = g_getenv("SUDO_USER");
	const char *terminal = ttyname(STDIN_FILENO);
	g_autofree char *from = ssh ? g_strndup(ssh, strcspn(ssh, " ")) : NULL;
	g_autofree char *number = g_strdup_printf("uid %u", (unsigned int)getuid());

	return g_strdup_printf("%s%s%s%s%s%s%s", user ? user->pw_name : number,
			       person ? " for " : "", person ? person : "",
			       terminal ? " on " : "", terminal ? terminal : "",
			       from ? " from " : "", from ? from : "");
}

gboolean session_refuse_open(const JournalRun *run, const Request *request, GError **error)
{
	g_autoptr(GDateTime) begun = g_date_time_new_from_unix_local(run->begun);
	g_autofree char *since = g_date_time_format(begun, "%F %T");
	g_autofree char *back = NULL;

	if (!journal_run_boots(run)) /* a boot is not taken back */
		back = g_strdup_printf("take it back:    %s --undo=%" G_GINT64_FORMAT "\n",
				       request->command, run->number);
	g_set_error(error, SESSION_ERROR, SESSION_ERROR_BUSY,
		    "run %" G_GINT64_FORMAT
		    " is open: %s, by %s since %s, stopped in step %s: %s\n"
		    "go on with it:   %s --resume=%" G_GINT64_FORMAT "\n"
		    "%s"
		    "leave it so:     %s --close=%" G_GINT64_FORMAT,
		    run->number, journal_state_name(run->state), run->who, since,
		    run->step ? run->step : "(none)", run->command, request->command,
		    run->number, back ? back : "", request->command, run->number);
	return FALSE;
}

/* A killed run that had begun nothing leaves nothing open. */
static gboolean check_open(Session *session, const char *database, const Request *request,
			   gint64 allowed, GError **error)
{
	g_autoptr(GPtrArray) runs = journal_runs(session->journal, NULL, error);

	if (!runs)
		return FALSE;
	for (guint i = 0; i < runs->len; i++) {
		const JournalRun *run = runs->pdata[i];

		if (g_strcmp0(run->database, database) != 0 || run->number == allowed)
			continue;
		if (session_is_open(run))
			return session_refuse_open(run, request, error);
		if (run->state == JOURNAL_RUNNING &&
		    !journal_end(session->journal, run->number, JOURNAL_REFUSED, NULL, error))
			return FALSE;
	}
	return TRUE;
}

gboolean session_open(Session *session, const Program *program, const Config *config,
		      const Request *request, gint64 allowed, GError **error)
{
	const char *url = store_url(program->store);
	g_autofree char *name = who();
	g_autoptr(GDateTime) now = g_date_time_new_now_local();
	g_autofree char *since = g_date_time_format(now, "%F %T");
	g_autofree char *line =
		g_strdup_printf("%s, process %d, since %s", name, (int)getpid(), since);
	g_autofree char *holder = NULL;

	memset(session, 0, sizeof(*session));
	session->lock = lock_take(url, line, &holder, error);
	/* A server can tell of runs on other hosts, too. */
	if (session->lock) {
		if (!store_lock(program->store, line, &holder, error))
			g_clear_pointer(&session->lock, lock_release);
		else
			session->store = program->store;
	}
	if (holder)
		g_set_error(error, SESSION_ERROR, SESSION_ERROR_BUSY,
			    "another run is at work on %s: %s; see %s --status", url, holder,
			    request->command);
	if (!session->lock)
		return FALSE;
	session->journal = journal_open(config->state, TRUE, error);
	return session->journal && check_open(session, url, request, allowed, error);
}

char *session_typed(const Request *request)
{
	GString *line = g_string_new(request->program);

	for (guint i = 1; request->argv[i]; i++) {
		g_autofree char *word = text_shell_word(request->argv[i]);

		g_string_append_printf(line, " %s", word);
	}
	return g_string_free(line, FALSE);
}

char *session_typed_for(const Request *request, const GPtrArray *names)
{
	g_autofree char *folded = noderange_fold((const char *const *)names->pdata, names->len);
	g_autofree char *nodes = text_shell_word(folded);
	GString *line = g_string_new(request->program);

	if (!request->operand)
		g_string_append_printf(line, " %s", nodes);
	for (guint i = 1; request->argv[i]; i++) {
		gboolean range =
			request->operand && g_str_equal(request->argv[i], request->operand);
		g_autofree char *word = text_shell_word(request->argv[i]);

		g_string_append_printf(line, " %s", range ? nodes : word);
	}
	return g_string_free(line, FALSE);
}

JournalRun *session_record(const Program *program, const Request *request, const char *script,
			   const char *digest)
{
	JournalRun *record = g_new0(JournalRun, 1);

	record->who = who();
	record->command = session_typed(request);
	record->reason = g_strdup(request_text(request, OPTION_REASON));
	record->database = g_strdup(store_url(program->store));
	record->script = g_strdup(script);
	record->digest = g_strdup(digest);
	record->pid = getpid();
	return record;
}

Move *session_move(const JournalContent *content)
{
	g_autofree MoveNode *nodes = g_new0(MoveNode, content->nodes->len);

	for (guint i = 0; i < content->nodes->len; i++) {
		const JournalNode *node = &g_array_index(content->nodes, JournalNode, i);

		nodes[i] = (MoveNode){ .name = node->name,
				       .old = { node->old_sn, node->old_snn },
				       .new = { node->new_sn, node->new_snn } };
	}
	return move_recall(nodes, content->nodes->len);
}

JournalLines session_lines(const Takeover *takeover)
{
	gboolean whole = !g_hash_table_contains(takeover->options, "skip") &&
			 !g_hash_table_contains(takeover->options, "only");

	return (JournalLines){ takeover->owed, takeover->seen, whole };
}

/* From now on the run of the context is kept as run `number`. */
static gboolean keep_run(const Session *session, Program *program, gint64 number,
			 GError **error)
{
	Takeover *takeover = program->context.takeover;
	gint64 notes = journal_notes_run(session->journal, number, error);
	JournalLines lines = session_lines(takeover);

	takeover->number = (guint)number;
	run_keep(program->context.run, session->journal, number, notes, &lines);
	return notes > 0;
}

/* An undo goes the other way than the move, and its undo goes as the move again. */
static void take_way(JournalRun *record, const Move *move)
{
	gboolean back = record->depth % 2 == 1;
	const char *const *from = back ? move_destinations(move) : move_sources(move);
	const char *const *to = back ? move_sources(move) : move_destinations(move);

	record->from = g_strjoinv(",", (char **)from);
	record->to = g_strjoinv(",", (char **)to);
}

gboolean session_begin(Session *session, Program *program, JournalRun *record, const Move *move,
		       GHashTable *options, GError **error)
{
	guint n = move_count(move);
	g_autofree JournalNode *nodes = g_new0(JournalNode, n);

	session->record = record;
	record->mode = record->script ? g_strdup(program->context.takeover->mode) : NULL;
	take_way(record, move);
	for (guint i = 0; i < n; i++) {
		const MoveNode *node = move_node(move, i);

		nodes[i] = (JournalNode){ .name = node->name,
					  .old_sn = node->old.sn,
					  .old_snn = node->old.snn,
					  .new_sn = node->new.sn,
					  .new_snn = node->new.snn };
	}
	return journal_begin(session->journal, record, nodes, n, options, error) &&
	       keep_run(session, program, record->number, error);
}

gboolean session_begin_again(Session *session, Program *program, gint64 number, GError **error)
{
	session->record = journal_run(session->journal, number, error);
	return session->record && journal_reopen(session->journal, number, getpid(), error) &&
	       keep_run(session, program, number, error);
}

int session_end(Session *session, const BindingContext *context, int status)
{
	g_autoptr(GError) problem = NULL;
	gboolean begun = run_has_begun(context->run);
	JournalLines lines = session_lines(context->takeover);
	JournalState state = status == PROGRAM_DONE   ? JOURNAL_DONE
			     : status == PROGRAM_OWED ? JOURNAL_OWED
			     : !begun		      ? JOURNAL_REFUSED
			     : interrupt_asked()      ? JOURNAL_INTERRUPTED
						      : JOURNAL_STOPPED;

	if (!session->record ||
	    journal_end(session->journal, session->record->number, state, &lines, &problem))
		return status;
	talk_error("the end of the run is not kept: %s", problem->message);
	return begun ? PROGRAM_PARTWAY : status;
}

gint64 session_number(Journal *journal, gint64 number, GError **error)
{
	if (number)
		return number;
	number = journal_last(journal, TRUE, error);
	if (!number && error && !*error)
		g_set_error(error, SESSION_ERROR, SESSION_ERROR_RUN,
			    "no run has changed anything yet");
	return number;
}

JournalRun *session_run(Journal *journal, const Request *request, gint64 number, GError **error)
{
	g_autoptr(GError) problem = NULL;
	JournalRun *run = journal_run(journal, number, &problem);

	if (run)
		return run;
	if (g_error_matches(problem, JOURNAL_ERROR, JOURNAL_ERROR_UNKNOWN))
		g_set_error(error, JOURNAL_ERROR, JOURNAL_ERROR_UNKNOWN,
			    "%s; %s --history lists them", problem->message, request->command);
	else
		g_propagate_error(error, g_steal_pointer(&problem));
	return NULL;
}

gint64 session_open_run(Journal *journal, const char *database, GError **error)
{
	g_autoptr(GPtrArray) runs = journal_runs(journal, NULL, error);

	for (guint i = 0; runs && i < runs->len; i++) {
		const JournalRun *run = runs->pdata[i];

		if (session_is_open(run) && g_strcmp0(run->database, database) == 0)
			return run->number;
	}
	return 0;
}
