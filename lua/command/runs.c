/* Looking at runs: what is open, what was, and what one of them did. */
#include "core/base.h"
#include "core/noderange.h"
#include "lua/command/command.h"
#include "lua/command/session.h"
#include "lua/command/json.h"
#include "lua/command/turned.h"
#include "lua/terminal/talk.h"
#include <stdio.h>
#include <string.h>

static char *time_text(gint64 seconds)
{
	g_autoptr(GDateTime) time = g_date_time_new_from_unix_local(seconds);

	return g_date_time_format(time, "%F %T");
}

/* NULL: there is none yet, which is told, or cannot be read. */
static Journal *open_journal(const Config *config, int *status)
{
	GError *error = NULL;
	Journal *journal = journal_open(config->state, FALSE, &error);

	*status = PROGRAM_DONE;
	if (error)
		*status = command_fail(error);
	else if (!journal)
		printf("no run yet\n");
	return journal;
}

static char *folded(const GPtrArray *names)
{
	g_autofree char *range = noderange_fold((const char *const *)names->pdata, names->len);

	return text_plain(range);
}

static char *folded_nodes(const JournalContent *content)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();

	for (guint i = 0; i < content->nodes->len; i++)
		g_ptr_array_add(names,
				(gpointer)g_array_index(content->nodes, JournalNode, i).name);
	return folded(names);
}

static const char *servers(const char *names)
{
	return names && *names ? names : "no service node";
}

/* "from sn1 to sn2"; of a server that was brought up to date "of sn1"; or "network boot". Gives
 * the text. */
static char *between(const JournalRun *run)
{
	if (journal_run_boots(run))
		return g_strdup("network boot");
	if (g_strcmp0(run->from, run->to) == 0)
		return g_strdup_printf("of %s", servers(run->from));
	return g_strdup_printf("from %s to %s", servers(run->from), servers(run->to));
}

static void print_json(const JournalRun *run, const JournalContent *content)
{
	g_autofree char *line = json_run(run, content);

	puts(line);
}

static void tell_owed(const JournalContent *content)
{
	g_auto(GStrv) lines = takeover_owed_lines(content->owed);

	for (guint i = 0; lines[i]; i++)
		printf("  owed: %s\n", lines[i]);
}

/* Which nodes another run has taken back, or done again. */
static void tell_turned(const char *word, const GPtrArray *all, guint nodes)
{
	for (guint i = 0; i < all->len; i++) {
		const Turned *turned = all->pdata[i];
		g_autofree char *names = folded(turned->names);

		printf("  %-8s %u of %u by run %" G_GINT64_FORMAT ": %s\n", word,
		       turned->names->len, nodes, turned->run, names);
	}
}

static void tell_run(const JournalRun *run, const JournalContent *content)
{
	g_autofree char *begun = time_text(run->begun);
	g_autofree char *ended = run->ended ? time_text(run->ended) : NULL;
	g_autofree char *nodes = folded_nodes(content);
	g_autofree char *command = text_plain(run->command);
	g_autofree char *state = turned_state(run);
	g_autoptr(GPtrArray) back = turned_back(content, NULL);
	g_autofree char *way = between(run);
	g_autoptr(GPtrArray) again = turned_again(content, NULL);

	printf("run %" G_GINT64_FORMAT ": %s\n", run->number, state);
	printf("  command  %s\n", command);
	printf("  by       %s\n", run->who);
	if (run->reason) {
		g_autofree char *reason = text_plain(run->reason);

		printf("  reason   %s\n", reason);
	}
	printf("  begun    %s\n", begun);
	if (ended)
		printf("  ended    %s\n", ended);
	if (run->undoes)
		printf("  undoes   run %" G_GINT64_FORMAT "\n", run->undoes);
	printf("  database %s\n", run->database);
	if (run->mode)
		printf("  mode     %s\n", run->mode);
	printf("  nodes    %u: %s, %s\n", run->nodes, nodes, way);
	tell_turned("back", back, run->nodes);
	tell_turned("again", again, run->nodes);
	printf("  step     %s, %u changes done\n", run->step ? run->step : "(none)",
	       run->changes);
	if (content->queries > 0)
		printf("  asked    %u question%s to hosts\n", content->queries,
		       content->queries == 1 ? "" : "s");
	tell_owed(content);
}

static void tell_open(const JournalRun *run, const char *command, gboolean at_work)
{
	gint64 elapsed = g_get_real_time() / G_USEC_PER_SEC - run->begun;
	g_autofree char *way = between(run);
	g_autofree char *back = NULL;

	if (!journal_run_boots(run))
		back = g_strdup_printf("   take it back: %s --undo=%" G_GINT64_FORMAT, command,
				       run->number);
	printf("run %" G_GINT64_FORMAT " %s: %u nodes %s, by %s, step %s, %u changes "
	       "done, %" G_GINT64_FORMAT " s\n",
	       run->number, at_work ? "is at work" : "is open", run->nodes, way, run->who,
	       run->step ? run->step : "(none)", run->changes, elapsed);
	if (!at_work)
		printf("  go on with it: %s --resume=%" G_GINT64_FORMAT
		       "%s   leave it so: %s --close=%" G_GINT64_FORMAT "\n",
		       command, run->number, back ? back : "", command, run->number);
}

/* What an undo owes is tried again by another undo of the same run. */
static void tell_owing(const JournalRun *run, const JournalContent *content,
		       const char *command)
{
	printf("run %" G_GINT64_FORMAT " is done, with work owed\n", run->number);
	tell_owed(content);
	command_tell_back(command, run->mode, run->from, content->owed, "  ");
	printf("  ");
	if (takeover_can_pay(content->owed))
		printf("try it again: %s --%s=%" G_GINT64_FORMAT "   ", command,
		       run->undoes ? "undo" : "resume",
		       run->undoes ? run->undoes : run->number);
	printf("it was done by hand: %s --close=%" G_GINT64_FORMAT "\n", command, run->number);
}

int command_status(const Config *config, const Request *request)
{
	int status;
	GError *error = NULL;
	gboolean json = request->json, quiet = TRUE;
	g_autoptr(Journal) journal = open_journal(config, &status);
	g_autoptr(GPtrArray) runs = journal ? journal_runs(journal, NULL, &error) : NULL;

	if (!journal)
		return status;
	if (!runs)
		return command_fail(error);
	for (guint i = 0; i < runs->len; i++) {
		const JournalRun *run = runs->pdata[i];
		g_autofree char *holder = NULL;
		gboolean at_work =
			run->state == JOURNAL_RUNNING && !lock_is_free(run->database, &holder);
		g_autoptr(JournalContent) content = NULL;

		if (!at_work && !session_is_open(run) && run->state != JOURNAL_OWED)
			continue;
		content = journal_content(journal, run->number, &error);
		if (!content)
			return command_fail(error);
		quiet = FALSE;
		if (json) {
			print_json(run, content);
		} else if (run->state == JOURNAL_OWED) {
			tell_owing(run, content, request->command);
		} else {
			tell_open(run, request->command, at_work);
		}
	}
	if (quiet && !json)
		printf("no run is open, and nothing is owed\n");
	return PROGRAM_DONE;
}

/* -s and -d choose runs by their service nodes, an operand 2026-11-23 by date, any other by
 * node. */
static gboolean is_chosen(const JournalRun *run, const Request *request, const char *date)
{
	g_autofree char *begun = time_text(run->begun);
	g_auto(GStrv) from = g_strsplit(run->from ? run->from : "", ",", -1);
	g_auto(GStrv) to = g_strsplit(run->to ? run->to : "", ",", -1);
	const char *source = request_text(request, OPTION_SOURCE);
	const char *dest = request_text(request, OPTION_DEST);

	return (!source || g_strv_contains((const char *const *)from, source)) &&
	       (!dest || g_strv_contains((const char *const *)to, dest)) &&
	       (!date || g_str_has_prefix(begun, date));
}

/* A line of the history. */
typedef struct {
	const JournalRun *run;
	char *begun, *state, *way, *command;
} Line;

static void line_free(gpointer data)
{
	Line *line = data;

	g_free(line->begun);
	g_free(line->state);
	g_free(line->way);
	g_free(line->command);
	g_free(line);
}

static char *way_text(const JournalRun *run)
{
	g_autofree char *undoes =
		run->undoes ? g_strdup_printf("  takes back %" G_GINT64_FORMAT, run->undoes)
			    : g_strdup("");

	if (journal_run_boots(run))
		return g_strdup("network boot");
	if (g_strcmp0(run->from, run->to) == 0)
		return g_strdup_printf("%s up to date%s", servers(run->from), undoes);
	return g_strdup_printf("%s -> %s%s", servers(run->from), servers(run->to), undoes);
}

static Line *line_new(const JournalRun *run)
{
	Line *line = g_new0(Line, 1);

	line->run = run;
	line->begun = time_text(run->begun);
	line->state = turned_state(run);
	line->way = way_text(run);
	line->command = text_plain(run->command);
	return line;
}

static void print_lines(const GPtrArray *lines)
{
	int state = 20, way = 16;

	for (guint i = 0; i < lines->len; i++) {
		const Line *line = lines->pdata[i];

		state = MAX(state, (int)g_utf8_strlen(line->state, -1));
		way = MAX(way, (int)g_utf8_strlen(line->way, -1));
	}
	printf("%5s  %-19s  %-*s  %6s  %8s  %-*s  %s\n", "run", "begun", state, "state",
	       "nodes", "changes", way, "from -> to", "command");
	for (guint i = 0; i < lines->len; i++) {
		const Line *line = lines->pdata[i];

		printf("%5" G_GINT64_FORMAT "  %s  %-*s  %6u  %8u  %-*s  %s\n",
		       line->run->number, line->begun, state, line->state, line->run->nodes,
		       line->run->changes, way, line->way, line->command);
	}
}

/* What was asked for, and is not there: "no run has cn999". */
static void tell_none(const Request *request, const char *date)
{
	const char *source = request_text(request, OPTION_SOURCE);
	const char *dest = request_text(request, OPTION_DEST);
	const char *const asked[][2] = { { "has", date ? NULL : request->operand },
					 { "was begun on", date },
					 { "goes from", source },
					 { "goes to", dest } };
	GString *text = g_string_new("no run");

	for (gsize i = 0; i < G_N_ELEMENTS(asked); i++) {
		g_autofree char *plain = asked[i][1] ? text_plain(asked[i][1]) : NULL;

		if (plain)
			g_string_append_printf(text, "%s %s %s", text->len > 6 ? " and" : "",
					       asked[i][0], plain);
	}
	puts(text->len > 6 ? text->str : "no run yet");
	g_string_free(text, TRUE);
}

/* Those that are chosen, the newest first.  Gives an array of Line. */
static GPtrArray *chosen_lines(const GPtrArray *runs, const Request *request, const char *date)
{
	GPtrArray *lines = g_ptr_array_new_with_free_func(line_free);

	for (guint i = 0; i < runs->len; i++)
		if (is_chosen(runs->pdata[i], request, date))
			g_ptr_array_add(lines, line_new(runs->pdata[i]));
	return lines;
}

int command_history(const Config *config, const Request *request)
{
	int status;
	GError *error = NULL;
	const char *operand = request->operand;
	const char *date =
		operand && g_ascii_isdigit(*operand) && strchr(operand, '-') ? operand : NULL;
	g_autoptr(Journal) journal = open_journal(config, &status);
	g_autoptr(GPtrArray) runs =
		journal ? journal_runs(journal, date ? NULL : operand, &error) : NULL;
	g_autoptr(GPtrArray) lines = runs ? chosen_lines(runs, request, date) : NULL;

	if (!journal)
		return status;
	if (!lines)
		return command_fail(error);
	if (!request->json && lines->len == 0)
		tell_none(request, date);
	else if (!request->json)
		print_lines(lines);
	for (guint i = 0; request->json && i < lines->len; i++)
		print_json(((Line *)lines->pdata[i])->run, NULL);
	return PROGRAM_DONE;
}

int command_show(const Config *config, const Request *request)
{
	int status;
	GError *error = NULL;
	g_autoptr(Journal) journal = open_journal(config, &status);
	gint64 number = journal ? session_number(journal, request->run, &error) : 0;
	g_autoptr(JournalRun) run =
		number ? session_run(journal, request, number, &error) : NULL;
	g_autoptr(JournalContent) content =
		run ? journal_content(journal, number, &error) : NULL;
	g_autofree char *report = NULL;

	if (!journal)
		return status;
	if (!content)
		return command_fail(error);
	if (request->json) {
		for (guint i = 0; i < content->changes->len; i++) {
			g_autofree char *line = json_change(content->changes->pdata[i]);

			puts(line);
		}
		print_json(run, content);
		return PROGRAM_DONE;
	}
	tell_run(run, content);
	report = change_report(content->changes, request->verbose);
	fputs(report, stdout);
	return PROGRAM_DONE;
}
