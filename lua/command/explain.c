/* Who answers nodes, and why: by the tables, and by asking. */
#include "core/base.h"
#include "core/noderange.h"
#include "lua/command/json.h"
#include "lua/command/verdict.h"
#include "lua/command/work.h"
#include "lua/terminal/talk.h"
#include <stdio.h>
#include <string.h>

#define COLUMNS 100 /* of a line, at most */
#define INDENT	15  /* of all behind a question */
#define PLACES	3   /* rows that are named before the others are counted */

/* ---- A group of nodes ---- */

/* Words up to the last column, later lines indented as the first; `column` are printed. */
static void print_wrapped(const char *text, guint column)
{
	g_auto(GStrv) words = g_strsplit(text, " ", -1);

	for (guint i = 0; words[i]; i++) {
		guint length = (guint)g_utf8_strlen(words[i], -1);

		if (column > INDENT && column + 1 + length > COLUMNS) {
			printf("\n%*s", INDENT, "");
			column = INDENT;
		} else if (column > INDENT) {
			putchar(' ');
			column++;
		}
		fputs(words[i], stdout);
		column += length;
	}
	putchar('\n');
}

static void print_indented(const char *text)
{
	printf("%*s", INDENT, "");
	print_wrapped(text, INDENT);
}

/* "group rack1", "groups rack1, rack2, rack3 and 37 more", "own row, group rack1" */
static void append_places(GString *text, const ExplainFact *fact)
{
	gboolean network = g_str_has_prefix(fact->name, "networks.");
	guint n = 0, own = 0;

	if (g_str_equal(fact->rows->pdata[0], "xcatdefaults")) { /* of no node's groups */
		g_string_append(text, "row xcatdefaults");
		return;
	}
	for (guint i = 0; i < fact->rows->len; i++)
		own += *(const char *)fact->rows->pdata[i] == '\0';
	if (own)
		g_string_append(text, fact->rows->len > 1 ? "own row, " : "own row");
	if (fact->rows->len > own)
		g_string_append(text, network			  ? "network "
				      : fact->rows->len - own > 1 ? "groups "
								  : "group ");
	for (guint i = 0; i < fact->rows->len && n < PLACES; i++) {
		const char *row = fact->rows->pdata[i];

		if (*row)
			g_string_append_printf(text, "%s%s", n++ ? ", " : "", row);
	}
	if (fact->rows->len - own > n)
		g_string_append_printf(text, " and %u more", fact->rows->len - own - n);
}

/* "noderes.servicenode=sn1,sn2 (group rack1); ...", without what the rule says already. */
static char *facts_text(const ExplainAnswer *answer)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < answer->facts->len; i++) {
		const ExplainFact *fact = &g_array_index(answer->facts, ExplainFact, i);

		if (!fact->value && strstr(answer->rule, fact->name))
			continue;
		g_string_append_printf(text, "%s%s%s%s", text->len ? "; " : "", fact->name,
				       fact->value ? "=" : " is blank",
				       fact->value ? fact->value : "");
		if (!fact->rows || fact->rows->len == 0)
			continue;
		g_string_append(text, " (");
		append_places(text, fact);
		g_string_append_c(text, ')');
	}
	return text_plain(text->str);
}

static char *answer_text(const ExplainAnswer *answer)
{
	g_autofree const char **texts = g_new0(const char *, answer->answers->len + 1);
	g_autofree char *joined = NULL;
	g_autofree char *plain = NULL;

	for (guint i = 0; i < answer->answers->len; i++)
		texts[i] = answer->answers->pdata[i];
	joined = g_strjoinv(", ", (char **)texts);
	plain = text_plain(*joined ? joined : "none");
	return g_strconcat(answer->any ? "whichever answers of " : "", plain, NULL);
}

static void tell_answer(const ExplainAnswer *answer)
{
	g_autofree char *text = answer_text(answer);
	g_autofree char *facts = facts_text(answer);
	g_autofree char *why = g_strconcat(answer->rule, *facts ? "; " : "", facts, NULL);

	printf("  %-*s", INDENT - 2, answer->question);
	print_wrapped(text, INDENT);
	print_indented(why);
	if (answer->warning) {
		g_autofree char *warning = g_strconcat("but ", answer->warning, NULL);

		print_indented(warning);
	}
}

static char *folded(const GPtrArray *names)
{
	g_autofree char *range = noderange_fold((const char *const *)names->pdata, names->len);

	return text_plain(range);
}

static void tell_group(const ExplainGroup *group)
{
	static const char *const why[] = {
		[HOLDERS_MANAGED] = "the management node looks after them",
		[HOLDERS_FIXED] = "one service node",
		[HOLDERS_BACKUP] = "the first of a list, as noderes.xcatmaster is set",
		[HOLDERS_POOL] = "all of a list, as noderes.xcatmaster is blank",
	};
	g_autofree char *nodes = folded(group->nodes);

	printf("%s: %s (%s)\n", nodes, holders_shape_name(group->shape), why[group->shape]);
	for (guint i = 0; i < group->answers->len; i++)
		tell_answer(group->answers->pdata[i]);
}

static void print_line(char *line)
{
	puts(line);
	g_free(line);
}

static void tell_groups(const GPtrArray *groups, gboolean json)
{
	for (guint i = 0; i < groups->len; i++)
		if (json)
			print_line(json_explained(groups->pdata[i]));
		else
			tell_group(groups->pdata[i]);
}

/* ---- Asking ---- */

/* They go nowhere: the script only looks at them. */
static Move *make_move(const GPtrArray *names)
{
	g_autofree MoveNode *nodes = g_new0(MoveNode, MAX(names->len, 1));

	for (guint i = 0; i < names->len; i++)
		nodes[i].name = names->pdata[i];
	return move_recall(nodes, names->len);
}

static void tell_probe(const Takeover *takeover, gboolean json)
{
	g_auto(GStrv) lines = takeover_owed_lines(takeover->owed);

	for (guint i = 0; i < takeover->seen->len; i++) {
		g_autofree char *line = text_plain(takeover->seen->pdata[i]);

		if (json)
			print_line(json_answers(takeover->seen->pdata[i]));
		else
			printf("note: %s\n", line);
	}
	for (guint i = 0; json && i < takeover->owed->len; i++)
		print_line(json_differs(takeover->owed->pdata[i]));
	for (guint i = 0; !json && lines[i]; i++)
		printf("differs: %s\n", lines[i]);
}

/* FALSE and an error: it came to no end. */
static gboolean probe(Work *work, const GPtrArray *names, guint *differs, GError **error)
{
	work_take_move(work, make_move(names), "first");
	if (!work_look(work, "explain.lua", error))
		return FALSE;
	tell_probe(work->takeover, work->request->json);
	*differs = work->takeover->owed->len;
	return TRUE;
}

/* NIM serves nodes of AIX, and nobody is asked what it has of them. */
static gboolean tell_aix(const Work *work, const GPtrArray *names, GError **error)
{
	g_autoptr(Move) move = make_move(names);
	g_auto(MoveSystems) systems = { 0 };
	g_autofree char *nodes = NULL;

	if (!move_find_systems(move, work->context->cluster, &systems, error))
		return FALSE;
	if (systems.aix->len == 0)
		return TRUE;
	nodes = folded(systems.aix);
	talk_warning(
		"%s: AIX (nodetype.os), so NIM leases the address and has the boot files; what "
		"is said of DHCP and boot files is so of other systems",
		nodes);
	return TRUE;
}

/* ---- The command ---- */

typedef struct {
	guint nodes, groups, differs;
	const GPtrArray *missing;
	gboolean probed;
} Verdict;

static void print_verdict(const Verdict *verdict, int status)
{
	print_line(json_explain_verdict(verdict->nodes, verdict->groups, verdict->differs,
					verdict->missing, status));
}

static int tell_verdict(const Verdict *verdict, gboolean json)
{
	int status = verdict->missing->len ? PROGRAM_REFUSED
		     : verdict->differs	   ? PROGRAM_OWED
					   : PROGRAM_DONE;

	if (json)
		print_verdict(verdict, status);
	else if (!verdict->probed)
		printf("%u node%s explained by the tables alone; to ask the servers, too: "
		       "--probe\n",
		       verdict->nodes, verdict->nodes == 1 ? "" : "s");
	else
		printf("%u node%s explained and asked about: %u difference%s between the "
		       "tables and the servers\n",
		       verdict->nodes, verdict->nodes == 1 ? "" : "s", verdict->differs,
		       verdict->differs == 1 ? "" : "s");
	return status;
}

/* Asking came to no end.  Takes `error`. */
static int tell_failed(const Work *work, const Verdict *verdict, GError *error)
{
	int status;

	if (!work->request->json)
		return verdict_failed(error, work->context, work->request, NULL);
	status = command_fail(error);
	print_verdict(verdict, status);
	return status;
}

static int explain(Work *work, const Noderange *range)
{
	const BindingContext *context = work->context;
	gboolean json = work->request->json;
	GError *error = NULL;
	g_autoptr(GPtrArray) groups = explain_nodes(context->cluster, context->hosts,
						    (const char *const *)range->names->pdata,
						    range->names->len, &error);
	Verdict verdict = { range->names->len, 0, 0, range->missing, work->request->probe };

	if (!groups)
		return command_fail(error);
	verdict.groups = groups->len;
	tell_groups(groups, json);
	fflush(stdout);
	if (!tell_aix(work, range->names, &error))
		return tell_failed(work, &verdict, error);
	command_tell_unknown(range);
	if (verdict.probed && verdict.nodes > 0 &&
	    !probe(work, range->names, &verdict.differs, &error))
		return tell_failed(work, &verdict, error);
	return tell_verdict(&verdict, json);
}

int command_explain(Program *program, const Config *config, Request *request)
{
	NoderangeOptions how = { TRUE, program->context.prefix, program->context.suffix };
	GError *error = NULL;
	g_auto(Work) work = { 0 };
	g_autoptr(Noderange) range = noderange_expand(
		program->context.cluster, request_text(request, OPTION_EXPLAIN), &how, &error);

	if (!range) {
		command_fail(error);
		return PROGRAM_USAGE;
	}
	if (!work_begin(&work, program, config, request, TRUE, &error))
		return command_fail(error);
	return explain(&work, range);
}
