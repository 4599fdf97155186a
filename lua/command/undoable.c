#include "lua/command/undoable.h"
#include "core/base.h"
#include "core/noderange.h"
#include "lua/command/turned.h"

/* ---- Which run ---- */

/* The last run that has taken nodes of this one back; 0: none, or an error. */
static gint64 last_back(Journal *journal, gint64 number, GError **error)
{
	g_autoptr(JournalContent) content = journal_content(journal, number, error);
	g_autoptr(GPtrArray) back = content ? turned_back(content, NULL) : NULL;

	return back && back->len > 0 ? ((Turned *)back->pdata[back->len - 1])->run : 0;
}

static const char *again_words(guint depth)
{
	return depth % 2 == 1 ? "to move them again" : "to take them back again";
}

/* What there is to type after an undo.  0. */
static gint64 refuse_undo(Journal *journal, const Request *request, const JournalRun *last,
			  GError **error)
{
	g_autoptr(JournalRun) target = journal_run(journal, last->undoes, error);
	g_autoptr(GError) problem = NULL;
	gint64 back = target ? last_back(journal, last->undoes, &problem) : 0;
	g_autoptr(GString) text = g_string_new(NULL);

	if (problem)
		g_propagate_error(error, g_steal_pointer(&problem));
	if (!target || (error && *error))
		return 0;
	g_string_append_printf(text,
			       "the last run, %" G_GINT64_FORMAT
			       ", was an undo of run %" G_GINT64_FORMAT
			       ", and without a number only a move is taken back",
			       last->number, last->undoes);
	if (target->state != JOURNAL_UNDONE)
		g_string_append_printf(text, "\n%s: %s --undo=%" G_GINT64_FORMAT,
				       last->state == JOURNAL_OWED
					       ? "to try again what it owes"
					       : "to take back what is left",
				       request->command, last->undoes);
	if (back)
		g_string_append_printf(text, "\n%s: %s --undo=%" G_GINT64_FORMAT,
				       again_words(last->depth), request->command, back);
	g_set_error_literal(error, SESSION_ERROR, SESSION_ERROR_RUN, text->str);
	return 0;
}

gint64 undoable_number(Journal *journal, const char *database, const Request *request,
		       GError **error)
{
	g_autoptr(GError) problem = NULL;
	gint64 open = session_open_run(journal, database, &problem);
	gint64 last = open || problem ? open : journal_last_on(journal, database, &problem);
	g_autoptr(JournalRun) run = last ? journal_run(journal, last, &problem) : NULL;

	if (problem)
		g_propagate_error(error, g_steal_pointer(&problem));
	else if (!run)
		g_set_error(error, SESSION_ERROR, SESSION_ERROR_RUN,
			    "no run has moved any node yet");
	else if (!run->undoes)
		return run->number;
	else if (open)
		(void)session_refuse_open(run, request, error);
	else
		return refuse_undo(journal, request, run, error);
	return 0;
}

/* ---- Which nodes ---- */

static gboolean is_open(const Change *change)
{
	return change->state == CHANGE_STARTED || change_way(change) == CHANGE_WAY_OPEN;
}

static gboolean is_wanted(const Undoable *undoable, const char *node)
{
	return !undoable->wanted || g_hash_table_contains(undoable->wanted, node);
}

static gboolean is_gone(const Undoable *undoable, const char *node)
{
	return g_hash_table_contains(undoable->gone, node);
}

/* Nodes with changes that are still to be taken back.  Gives a set; `others`: there are such
 * changes of no node, too, and they are meant. */
static GHashTable *open_nodes(const Undoable *undoable, gboolean *others)
{
	const GPtrArray *changes = undoable->content->changes;
	GHashTable *open = g_hash_table_new(g_str_hash, g_str_equal);

	*others = FALSE;
	for (guint i = 0; i < changes->len; i++) {
		const Change *change = changes->pdata[i];

		if (!is_open(change))
			continue;
		if (!change->node)
			*others = *others || !undoable->wanted;
		else if (is_wanted(undoable, change->node) && !is_gone(undoable, change->node))
			g_hash_table_add(open, (gpointer)change->node);
	}
	return open;
}

/* Does it take part, by itself? */
static gboolean takes_part(const Undoable *undoable, const JournalNode *node, GHashTable *open)
{
	return is_wanted(undoable, node->name) && !is_gone(undoable, node->name) &&
	       (!node->back || g_hash_table_contains(open, node->name));
}

gboolean undoable_are_all(const Undoable *undoable, GHashTable *nodes)
{
	const GArray *all = undoable->content->nodes;
	gboolean others;
	g_autoptr(GHashTable) open = open_nodes(undoable, &others);

	for (guint i = 0; i < all->len; i++) {
		const JournalNode *node = &g_array_index(all, JournalNode, i);

		if (takes_part(undoable, node, open) &&
		    !g_hash_table_contains(nodes, node->name))
			return FALSE;
	}
	return TRUE;
}

GPtrArray *undoable_leave_out(const Undoable *undoable, GHashTable *again)
{
	const GArray *nodes = undoable->content->nodes;
	g_autoptr(GPtrArray) leave = g_ptr_array_new();
	gboolean others;
	g_autoptr(GHashTable) open = open_nodes(undoable, &others);

	for (guint i = 0; i < nodes->len; i++) {
		const JournalNode *node = &g_array_index(nodes, JournalNode, i);

		if (again ? !g_hash_table_contains(again, node->name)
			  : !takes_part(undoable, node, open))
			g_ptr_array_add(leave, (gpointer)node->name);
	}
	/* What is of no node is left alone: it is told to hooks with all nodes of the run. */
	if (leave->len == nodes->len)
		g_ptr_array_set_size(leave, 0);
	g_ptr_array_add(leave, NULL);
	return g_steal_pointer(&leave);
}

/* ---- Who is refused ---- */

static char *folded(const GPtrArray *names)
{
	return noderange_fold((const char *const *)names->pdata, names->len);
}

/* "run 11", or "cn[001-005] of run 11" if these are not all. */
static char *subject(const Undoable *undoable, const GPtrArray *names)
{
	gint64 number = undoable->run->number;
	g_autofree char *range = folded(names);
	g_autofree char *plain = text_plain(range);

	if (names->len == undoable->content->nodes->len)
		return g_strdup_printf("run %" G_GINT64_FORMAT, number);
	return g_strdup_printf("%s of run %" G_GINT64_FORMAT, plain, number);
}

/* The undo of a run, of all of its nodes or of these.  Gives a command. */
static char *undo_command(const Undoable *undoable, gint64 run, const GPtrArray *names)
{
	g_autofree char *range = names ? folded(names) : NULL;
	g_autofree char *word = range ? text_shell_word(range) : NULL;

	return g_strdup_printf("%s --undo=%" G_GINT64_FORMAT "%s%s", undoable->request->command,
			       run, word ? " " : "", word ? word : "");
}

static gboolean add_again(const Undoable *undoable, const Turned *turned, GString *text,
			  GError **error)
{
	g_autoptr(JournalRun) by = journal_run(undoable->journal, turned->run, error);
	g_autofree char *who = subject(undoable, turned->names);
	g_autofree char *command =
		undo_command(undoable, turned->run, undoable->wanted ? turned->names : NULL);

	if (!by)
		return FALSE;
	g_string_append_printf(
		text,
		"%s%s %s taken back by %" G_GINT64_FORMAT " and done again by %" G_GINT64_FORMAT
		": %s",
		text->len ? "\n" : "", who,
		g_str_has_prefix(who, "run ") || turned->names->len == 1 ? "was" : "were",
		by->undoes, turned->run, command);
	return TRUE;
}

/* Those of which nobody has said anything yet. */
static void add_others(const Undoable *undoable, GString *text)
{
	const GArray *nodes = undoable->content->nodes;
	g_autoptr(GPtrArray) others = g_ptr_array_new();
	g_autofree char *command = NULL;
	gboolean any;
	g_autoptr(GHashTable) open = open_nodes(undoable, &any);

	for (guint i = 0; i < nodes->len; i++) {
		const JournalNode *node = &g_array_index(nodes, JournalNode, i);

		if (!node->again && takes_part(undoable, node, open))
			g_ptr_array_add(others, (gpointer)node->name);
	}
	if (others->len == 0)
		return;
	command = undo_command(undoable, undoable->run->number, others);
	g_string_append_printf(text, "\nthe others: %s", command);
}

static gboolean refuse_again(const Undoable *undoable, const GPtrArray *again, GError **error)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < again->len; i++)
		if (!add_again(undoable, again->pdata[i], text, error))
			return FALSE;
	add_others(undoable, text);
	g_set_error_literal(error, SESSION_ERROR, SESSION_ERROR_RUN, text->str);
	return FALSE;
}

/* ", by 12 and 13"; nothing, if nobody knows. */
static char *by_whom(const GPtrArray *back)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < back->len; i++)
		g_string_append_printf(text, "%s%" G_GINT64_FORMAT,
				       i == 0		    ? ", by "
				       : i + 1 == back->len ? " and "
							    : ", ",
				       ((Turned *)back->pdata[i])->run);
	return g_string_free(text, FALSE);
}

static gboolean refuse_back(const Undoable *undoable, const GPtrArray *back, GError **error)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	g_autoptr(GString) text = g_string_new(NULL);
	g_autofree char *by = by_whom(back);
	g_autofree char *who = NULL;
	gboolean is;

	for (guint i = 0; i < back->len; i++)
		g_ptr_array_extend(names, ((Turned *)back->pdata[i])->names, NULL, NULL);
	who = undoable->wanted
		      ? subject(undoable, names)
		      : g_strdup_printf("run %" G_GINT64_FORMAT, undoable->run->number);
	is = !undoable->wanted || names->len == 1;
	g_string_append_printf(text, "%s %s taken back already%s", who, is ? "is" : "are", by);
	for (guint i = 0; i < back->len; i++) {
		const Turned *turned = back->pdata[i];
		g_autofree char *command = undo_command(
			undoable, turned->run, undoable->wanted ? turned->names : NULL);

		if (i == 0)
			g_string_append_printf(text,
					       "; %s: ", again_words(undoable->run->depth + 1));
		g_string_append_printf(text, "%s%s", i ? "; " : "", command);
	}
	g_set_error_literal(error, SESSION_ERROR, SESSION_ERROR_RUN, text->str);
	return FALSE;
}

static GPtrArray *gone_names(const Undoable *undoable)
{
	const GArray *nodes = undoable->content->nodes;
	GPtrArray *names = g_ptr_array_new();

	for (guint i = 0; i < nodes->len; i++) {
		const JournalNode *node = &g_array_index(nodes, JournalNode, i);

		if (is_wanted(undoable, node->name) && is_gone(undoable, node->name) &&
		    !node->back)
			g_ptr_array_add(names, (gpointer)node->name);
	}
	return names;
}

char *undoable_gone_note(const Undoable *undoable)
{
	g_autoptr(GPtrArray) names = gone_names(undoable);
	g_autofree char *range = names->len ? folded(names) : NULL;

	if (!range)
		return NULL;
	return g_strdup_printf("%s %s gone, no node of nodelist any more: nothing is put back "
			       "for %s",
			       range, names->len == 1 ? "is" : "are",
			       names->len == 1 ? "it" : "them");
}

static gboolean refuse_gone(const Undoable *undoable, char *note, GError **error)
{
	g_autofree char *owned = note;
	g_autofree char *plain = text_plain(note);

	g_set_error(error, SESSION_ERROR, SESSION_ERROR_RUN,
		    "nothing of run %" G_GINT64_FORMAT " is left to take back: %s",
		    undoable->run->number, plain);
	return FALSE;
}

gboolean undoable_check(const Undoable *undoable, GError **error)
{
	g_autoptr(GPtrArray) again = turned_again(undoable->content, undoable->wanted);
	g_autoptr(GPtrArray) back = turned_back(undoable->content, undoable->wanted);
	gboolean others;
	g_autoptr(GHashTable) open = open_nodes(undoable, &others);
	g_autofree char *gone = undoable_gone_note(undoable);

	if (again->len > 0)
		return refuse_again(undoable, again, error);
	if (others || g_hash_table_size(open) > 0 || session_is_open(undoable->run))
		return TRUE;
	if (gone)
		return refuse_gone(undoable, g_steal_pointer(&gone), error);
	if (undoable->run->state == JOURNAL_UNDONE || back->len > 0)
		return refuse_back(undoable, back, error);
	return TRUE;
}
