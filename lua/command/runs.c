/* Looking at runs: what is open, what was, and what one of them did. */
#include "core/base.h"
#include "core/noderange.h"
#include "lua/command/command.h"
#include "lua/command/session.h"
#include "lua/command/json.h"
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

static char *folded_nodes(const JournalContent *content)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	g_autofree char *folded = NULL;

	for (guint i = 0; i < content->nodes->len; i++)
		g_ptr_array_add(names,
				(gpointer)g_array_index(content->nodes, JournalNode, i).name);
	folded = noderange_fold((const char *const *)names->pdata, names->len);
	return text_plain(folded);
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

static void tell_run(const JournalRun *run, const JournalContent *content)
{
	g_autofree char *begun = time_text(run->begun);
	g_autofree char *ended = run->ended ? time_text(run->ended) : NULL;
	g_autofree char *nodes = folded_nodes(content);
	g_autofree char *command = text_plain(run->command);

	printf("run %" G_GINT64_FORMAT ": %s\n", run->number, journal_state_name(run->state));
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
	printf("  nodes    %u: %s, from %s to %s\n", run->nodes, nodes,
	       *run->from ? run->from : "no service node", run->to);
	printf("  step     %s, %u changes done\n", run->step ? run->step : "(none)",
	       run->changes);
	if (content->queries > 0)
		printf("  asked    %u question%s to hosts\n", content->queries,
		       content->queries == 1 ? "" : "s");
	tell_owed(content);
}

static void tell_open(const JournalRun *run, gboolean at_work)
{
	gint64 elapsed = g_get_real_time() / G_USEC_PER_SEC - run->begun;

	printf("run %" G_GINT64_FORMAT
	       " %s: %u nodes from %s to %s, by %s, step %s, %u changes "
	       "done, %" G_GINT64_FORMAT " s\n",
	       run->number, at_work ? "is at work" : "is open", run->nodes,
	       *run->from ? run->from : "no service node", run->to, run->who,
	       run->step ? run->step : "(none)", run->changes, elapsed);
	if (!at_work)
		printf("  go on with it: snmove --resume=%" G_GINT64_FORMAT
		       "   take it back: snmove --undo=%" G_GINT64_FORMAT
		       "   leave it so: snmove --close=%" G_GINT64_FORMAT "\n",
		       run->number, run->number, run->number);
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
			printf("run %" G_GINT64_FORMAT " is done, with work owed\n",
			       run->number);
			tell_owed(content);
			if (takeover_can_pay(content->owed))
				printf("  try it again: snmove --resume=%" G_GINT64_FORMAT
				       "   it was done by hand: snmove "
				       "--close=%" G_GINT64_FORMAT "\n",
				       run->number, run->number);
		} else {
			tell_open(run, at_work);
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

	if (!journal)
		return status;
	if (!runs)
		return command_fail(error);
	if (!request->json)
		printf("%5s  %-19s  %-20s  %6s  %8s  %-16s  %s\n", "run", "begun", "state",
		       "nodes", "changes", "from -> to", "command");
	for (guint i = 0; i < runs->len; i++) {
		const JournalRun *run = runs->pdata[i];
		g_autofree char *begun = time_text(run->begun);
		g_autofree char *way = g_strdup_printf("%s -> %s", run->from, run->to);
		g_autofree char *command = text_plain(run->command);

		if (!is_chosen(run, request, date))
			continue;
		if (request->json)
			print_json(run, NULL);
		else
			printf("%5" G_GINT64_FORMAT "  %s  %-20s  %6u  %8u  %-16s  %s\n",
			       run->number, begun, journal_state_name(run->state), run->nodes,
			       run->changes, way, command);
	}
	return PROGRAM_DONE;
}

int command_show(const Config *config, const Request *request)
{
	int status;
	GError *error = NULL;
	g_autoptr(Journal) journal = open_journal(config, &status);
	gint64 number = journal ? session_number(journal, request->run, &error) : 0;
	g_autoptr(JournalRun) run = number ? journal_run(journal, number, &error) : NULL;
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
