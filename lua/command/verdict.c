/* What is told of a move on stdout: what it is, the plan, and how it ended. */
#include "core/base.h"
#include "core/noderange.h"
#include "lua/command/turned.h"
#include "lua/command/verdict.h"
#include "lua/command/command.h"
#include "lua/terminal/interrupt.h"
#include "lua/terminal/talk.h"
#include <stdio.h>
#include <string.h>

static char *server_names(const char *const *servers)
{
	g_autofree char *all = g_strjoinv(", ", (char **)servers);

	return *all ? text_plain(all) : g_strdup("no service node");
}

static const char *plural(guint n)
{
	return n == 1 ? "" : "s";
}

void verdict_begin(const Takeover *takeover, const char *what)
{
	const Move *move = takeover->move;
	gboolean dead = g_str_equal(takeover->mode, "dead");
	g_autofree char *from = server_names(move_sources(move));
	g_autofree char *to = server_names(move_destinations(move));
	g_autofree char *folded = noderange_fold(move_names(move), move_count(move));
	g_autofree char *nodes = text_plain(folded);

	if (move_boots(move))
		printf("%s %u node%s: %s\n", what, move_count(move), plural(move_count(move)),
		       nodes);
	else if (g_str_equal(from, to))
		printf("%s %u node%s of %s: %s\n", what, move_count(move),
		       plural(move_count(move)), from, nodes);
	else
		printf("%s %u node%s from %s%s to %s: %s\n", what, move_count(move),
		       plural(move_count(move)), from, dead ? ", which is dead," : "", to,
		       nodes);
	fflush(stdout);
}

void verdict_batches(const Takeover *takeover)
{
	g_autofree char *text = batches_text(takeover->batches, move_count(takeover->move));

	printf("in %s\n", text);
	fflush(stdout);
}

static void tell_left(const Takeover *takeover)
{
	g_auto(GStrv) owed = takeover_owed_lines(takeover->owed);

	for (guint i = 0; owed[i]; i++)
		printf("  owed: %s\n", owed[i]);
	for (guint i = 0; i < takeover->seen->len; i++) {
		g_autofree char *line = text_plain(takeover->seen->pdata[i]);

		printf("  note: %s\n", line);
	}
}

static void tell_plan(Run *run, const char *without, gboolean verbose, gboolean broken)
{
	g_autofree char *report = change_report(run_changes(run), verbose);

	printf("%s%u change%s planned%s, nothing written%s\n", report, run_change_count(run),
	       plural(run_change_count(run)), without,
	       broken ? "; a hook has failed, so this is not all of it" : "");
}

/* "run 12 " once there is one. */
static char *run_name(const Takeover *takeover)
{
	return takeover->number ? g_strdup_printf("run %u ", takeover->number) : g_strdup("");
}

/* What there is to type about what it owes, and against what it has done. */
static void tell_ways(const BindingContext *context, const Request *request)
{
	const Takeover *takeover = context->takeover;
	g_autofree char *from = g_strjoinv(",", (char **)move_sources(takeover->move));

	command_tell_back(request->command, takeover->mode, from, takeover->owed, "");
	if (takeover_can_pay(takeover->owed))
		printf("to try again what is owed: %s --resume=%u\n", request->command,
		       takeover->number);
	if (run_done(context->run) > 0 && !move_boots(takeover->move))
		printf("to take it back: %s --undo=%u\n", request->command, takeover->number);
}

/* "20 changes written"; of a boot how many have. */
static char *done_words(const BindingContext *context)
{
	guint done = run_done(context->run);

	return move_boots(context->takeover->move)
		       ? g_strdup_printf("%u booted", done)
		       : g_strdup_printf("%u change%s written", done, plural(done));
}

ProgramStatus verdict_done(const BindingContext *context, const Request *request,
			   const char *without)
{
	const Takeover *takeover = context->takeover;
	Run *run = context->run;
	guint nodes = move_count(takeover->move);
	g_autofree char *name = run_name(takeover);

	if (run_is_planning(run)) {
		tell_plan(run, without, request->verbose, takeover->broken);
	} else {
		g_autofree char *done = done_words(context);

		printf("%sdone%s%s: %u node%s, %s\n", name,
		       takeover->owed->len ? ", with work owed" : "", without, nodes,
		       plural(nodes), done);
	}
	tell_left(takeover);
	if (!run_is_planning(run) && takeover->number)
		tell_ways(context, request);
	if (takeover->broken)
		return PROGRAM_REFUSED;
	return takeover->owed->len ? PROGRAM_OWED : PROGRAM_DONE;
}

/* ---- An undo ---- */

/* Nodes with changes that are not taken back.  Gives a set. */
static GHashTable *nodes_open(const JournalContent *content)
{
	GHashTable *nodes = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < content->changes->len; i++) {
		const Change *change = content->changes->pdata[i];

		if (change->node && change_way(change) == CHANGE_WAY_OPEN)
			g_hash_table_add(nodes, (gpointer)change->node);
	}
	return nodes;
}

/* Those of a run that are not back after this undo.  Gives an array. */
static GPtrArray *nodes_left(const Takeover *takeover, const JournalContent *content)
{
	const GPtrArray *undone = takeover->undone;
	GPtrArray *left = g_ptr_array_new();
	g_autoptr(GHashTable) not_back = nodes_open(content);

	for (guint i = 0; i < undone->len; i++)
		g_hash_table_remove(not_back, undone->pdata[i]);
	for (guint i = 0; i < content->nodes->len; i++) {
		const JournalNode *node = &g_array_index(content->nodes, JournalNode, i);

		if (node->again || (!node->back && g_hash_table_contains(not_back, node->name)))
			g_ptr_array_add(left, (gpointer)node->name);
	}
	return left;
}

/* "all 16 nodes of run 11 taken back", or how many, with who is not.  Gives the text. */
static char *undone_words(const Takeover *takeover, const JournalRun *run,
			  const JournalContent *content, const GPtrArray *left)
{
	guint all = content->nodes->len, undone = takeover->undone->len;
	const char *word = turned_word(run->depth);
	g_autofree char *folded = noderange_fold((const char *const *)left->pdata, left->len);
	g_autofree char *names = text_plain(folded);

	if (undone == 1 && all == 1)
		return g_strdup_printf("the node of run %" G_GINT64_FORMAT " %s", run->number,
				       word);
	if (undone == all)
		return g_strdup_printf("all %u nodes of run %" G_GINT64_FORMAT " %s", all,
				       run->number, word);
	if (left->len == 0)
		return g_strdup_printf("%u of the nodes of run %" G_GINT64_FORMAT
				       " %s (now all %u)",
				       undone, run->number, word, all);
	return g_strdup_printf("%u of the nodes of run %" G_GINT64_FORMAT
			       " %s (now %u of %u, not %s)",
			       undone, run->number, word, all - left->len, all, names);
}

/* Nodes were named: are there others? */
static gboolean has_others(const BindingContext *context, const GPtrArray *left)
{
	for (guint i = 0; i < left->len; i++)
		if (!move_find(context->takeover->move, left->pdata[i]) &&
		    cluster_node(context->cluster, left->pdata[i]))
			return TRUE;
	return FALSE;
}

/* Where something is owed or left: the commands for it. */
static void tell_undo_ways(const Takeover *takeover, const Request *request,
			   const JournalRun *run, gboolean others)
{
	gboolean owed = takeover->owed->len > 0, can_pay = takeover_can_pay(takeover->owed);
	g_autofree char *range = request->operand ? text_shell_word(request->operand) : NULL;

	if (can_pay)
		printf("to try again what is owed: %s --undo=%" G_GINT64_FORMAT "%s%s\n",
		       request->command, run->number, range ? " " : "", range ? range : "");
	if (others)
		printf("to take back the others: %s --undo=%" G_GINT64_FORMAT "\n",
		       request->command, run->number);
	if (owed)
		printf("once it is done by hand: %s --close=%u\n", request->command,
		       takeover->number);
	if ((owed || others) && takeover->undone->len > 0)
		printf("%s: %s --undo=%u\n",
		       run->depth % 2 == 0 ? "to move them again" : "to take them back again",
		       request->command, takeover->number);
}

ProgramStatus verdict_undone(const BindingContext *context, const Request *request,
			     const JournalRun *run, const JournalContent *content)
{
	const Takeover *takeover = context->takeover;
	guint changes = run_done(context->run);
	g_autoptr(GPtrArray) left = nodes_left(takeover, content);
	g_autofree char *words = undone_words(takeover, run, content, left);

	if (run_is_planning(context->run)) {
		tell_plan(context->run, "", request->verbose, context->takeover->broken);
	} else {
		printf("run %u done%s: %s, %u change%s written\n", takeover->number,
		       takeover->owed->len ? ", with work owed" : "", words, changes,
		       plural(changes));
	}
	tell_left(takeover);
	if (!run_is_planning(context->run))
		tell_undo_ways(takeover, request, run, has_others(context, left));
	return takeover->owed->len ? PROGRAM_OWED : PROGRAM_DONE;
}

/* ---- A move that failed ---- */

static gboolean has_problem(const Takeover *takeover, const char *check)
{
	for (guint i = 0; i < takeover->problems->len; i++)
		if (g_str_equal(((TakeoverProblem *)takeover->problems->pdata[i])->check,
				check))
			return TRUE;
	return FALSE;
}

/* The command as it was typed, with the checks forced that refused it. */
static char *command_with_force(char **argv, const Takeover *takeover,
				const char *const *forced)
{
	GString *command = g_string_new("snmove");
	g_autoptr(GString) names = g_string_new(NULL);

	for (guint i = 1; argv[i]; i++) {
		g_autofree char *word = text_shell_word(argv[i]);

		if (g_str_equal(argv[i], "--force") && argv[i + 1])
			i++;
		else if (!g_str_has_prefix(argv[i], "--force="))
			g_string_append_printf(command, " %s", word);
	}
	for (guint i = 0; takeover_checks()[i]; i++)
		if ((forced && g_strv_contains(forced, takeover_checks()[i])) ||
		    has_problem(takeover, takeover_checks()[i]))
			g_string_append_printf(names, "%s%s", names->len ? "," : "",
					       takeover_checks()[i]);
	g_string_append_printf(command, " --force=%s", names->str);
	return g_string_free(command, FALSE);
}

static void tell_problems(const Takeover *takeover)
{
	for (guint i = 0; i < takeover->problems->len; i++) {
		const TakeoverProblem *problem = takeover->problems->pdata[i];
		g_autofree char *nodes =
			problem->nodes ? text_plain(problem->nodes) : g_strdup("");
		g_autofree char *seen = text_plain(problem->seen);
		g_autofree char *wanted = text_plain(problem->wanted);

		printf("  %-10s %s%s%s\n             wanted: %s\n", problem->check, nodes,
		       problem->nodes ? ": " : "", seen, wanted);
	}
}

static void tell_refusal(const Takeover *takeover, char **argv, const char *const *forced)
{
	g_autofree char *command = command_with_force(argv, takeover, forced);

	printf("refused, nothing changed\n");
	tell_problems(takeover);
	if (has_problem(takeover, "hook"))
		printf("a hook cannot be forced: mend what it says, or mask it by a link of "
		       "its "
		       "name to /dev/null among the site's hooks\n");
	else
		printf("to go on all the same: %s\n", command);
}

/* Part-way: what is written stays, and these are the ways on. */
static int tell_partway(const GError *error, const BindingContext *context, const char *command)
{
	const Takeover *takeover = context->takeover;
	g_autofree char *done = done_words(context);
	g_autofree char *name = run_name(takeover);
	int asked = interrupt_asked();

	if (!asked)
		talk_error("%s", error->message);
	tell_problems(takeover);
	printf("%s%s: %s\n", name, asked ? "interrupted, state saved" : "stopped part-way",
	       done);
	if (takeover->number)
		printf("to go on:        %s --resume=%u\n", command, takeover->number);
	if (takeover->number && !move_boots(takeover->move))
		printf("to take it back: %s --undo=%u\n", command, takeover->number);
	return asked ? 128 + asked : PROGRAM_PARTWAY;
}

int verdict_failed(GError *given, const BindingContext *context, const Request *request,
		   const char *const *forced)
{
	g_autoptr(GError) error = given;
	gboolean refused = g_error_matches(error, PROCEDURE_ERROR, PROCEDURE_ERROR_REFUSED);

	if (run_has_begun(context->run))
		return tell_partway(error, context, request->command);
	if (refused && context->takeover->problems->len > 0) {
		tell_refusal(context->takeover, request->argv, forced);
		return PROGRAM_REFUSED;
	}
	if (interrupt_asked()) {
		printf("interrupted, nothing changed\n");
		return 128 + interrupt_asked();
	}
	talk_error("%s", error->message);
	printf("%s, nothing changed\n", refused ? "refused" : "failed");
	return PROGRAM_REFUSED;
}
