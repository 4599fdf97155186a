#include "lua/command/verified.h"
#include "core/base.h"
#include "core/noderange.h"
#include "lua/command/json.h"
#include "lua/program/program.h"
#include <stdio.h>
#include <string.h>

/* The parts of the look, as the steps of verify.lua are called. */
#define PARTS 5
static const char *const parts[PARTS] = { "rows", "dhcp", "boot", "console", "nodes" };

typedef enum { OK, FAULT, NOT_LOOKED, NOT_RUN } Result;
static const char *const words[] = { [OK] = "ok", [FAULT] = "FAULT", [NOT_LOOKED] = "-" };
static const char *const json_words[] = { [OK] = "ok", [FAULT] = "fault", [NOT_LOOKED] = NULL };

/* Nodes of which the same was found. */
typedef struct {
	guint8 results[PARTS];
	GPtrArray *names;
} Group;

/* What is wrong with the same nodes, which have one service node. */
typedef struct {
	char *nodes;	  /* folded */
	const char *dest; /* or NULL: none in particular */
	GPtrArray *names;
	GPtrArray *owed; /* JournalOwed */
} Faults;

static char *fold(const GPtrArray *names)
{
	return noderange_fold((const char *const *)names->pdata, names->len);
}

/* ---- Nodes by result ---- */

static guint index_of(const Move *move, const char *name)
{
	const MoveNode *node = move_find(move, name);

	return node ? (guint)(node - move_node(move, 0)) : G_MAXUINT;
}

static void mark(const Move *move, guint8 (*results)[PARTS], gsize part, const char *name,
		 Result result)
{
	guint i = index_of(move, name);

	if (i != G_MAXUINT && results[i][part] != FAULT)
		results[i][part] = (guint8)result;
}

/* The step notes of whom it has looked at nothing. */
static void mark_not_looked(const BindingContext *context, guint8 (*results)[PARTS], gsize part)
{
	const Takeover *takeover = context->takeover;
	NoderangeOptions as_written = { .verify = FALSE };
	g_autofree char *name = g_strconcat("not looked at in ", parts[part], NULL);
	GVariant *note = g_hash_table_lookup(takeover->notes, name);
	g_autoptr(Noderange) range = NULL;

	if (note)
		range = noderange_expand(context->cluster, g_variant_get_bytestring(note),
					 &as_written, NULL);
	for (guint i = 0; range && i < range->names->len; i++)
		mark(takeover->move, results, part, range->names->pdata[i], NOT_LOOKED);
}

static void mark_faults(const Takeover *takeover, guint8 (*results)[PARTS], gsize part)
{
	for (guint i = 0; i < takeover->owed->len; i++) {
		const JournalOwed *owed = takeover->owed->pdata[i];

		if (g_strcmp0(owed->found, parts[part]) != 0)
			continue;
		for (guint j = 0; owed->nodes && owed->nodes[j]; j++)
			mark(takeover->move, results, part, owed->nodes[j], FAULT);
	}
}

static guint group_hash(gconstpointer data)
{
	const guint8 *results = data;
	guint hash = 0;

	for (gsize i = 0; i < PARTS; i++)
		hash = hash * 4 + results[i];
	return hash;
}

static gboolean group_equal(gconstpointer a, gconstpointer b)
{
	return memcmp(a, b, PARTS) == 0;
}

static void group_free(gpointer data)
{
	Group *group = data;

	g_ptr_array_unref(group->names);
	g_free(group);
}

/* Gives an array of Group, in the order in which they come up. */
static GPtrArray *group_nodes(const BindingContext *context)
{
	const Takeover *takeover = context->takeover;
	guint n = move_count(takeover->move);
	g_autofree guint8(*results)[PARTS] = g_malloc0(MAX(n, 1) * sizeof(*results));
	g_autoptr(GHashTable) known = g_hash_table_new(group_hash, group_equal);
	GPtrArray *groups = g_ptr_array_new_with_free_func(group_free);

	for (gsize part = 0; part < PARTS; part++) {
		gpointer does = g_hash_table_lookup(takeover->steps, parts[part]);

		for (guint i = 0; !GPOINTER_TO_INT(does) && i < n; i++)
			results[i][part] = NOT_RUN;
		mark_not_looked(context, results, part);
		mark_faults(takeover, results, part);
	}
	for (guint i = 0; i < n; i++) {
		Group *group = g_hash_table_lookup(known, results[i]);

		if (!group) {
			group = g_new0(Group, 1);
			memcpy(group->results, results[i], PARTS);
			group->names = g_ptr_array_new();
			g_ptr_array_add(groups, group);
			g_hash_table_insert(known, group->results, group);
		}
		g_ptr_array_add(group->names, (gpointer)move_node(takeover->move, i)->name);
	}
	return groups;
}

static gboolean is_well(const Group *group)
{
	return !memchr(group->results, FAULT, PARTS);
}

static void tell_groups(const GPtrArray *groups)
{
	const Group *any = groups->pdata[0]; /* there is a node */
	g_autoptr(GString) heading = g_string_new(NULL);

	for (gsize part = 0; part < PARTS; part++)
		if (any->results[part] != NOT_RUN)
			g_string_append_printf(heading, "%-9s", parts[part]);
	puts(g_strchomp(heading->str));
	for (guint i = 0; i < groups->len; i++) {
		const Group *group = groups->pdata[i];
		g_autofree char *folded = fold(group->names);
		g_autofree char *nodes = text_plain(folded);

		for (gsize part = 0; part < PARTS; part++)
			if (group->results[part] != NOT_RUN)
				printf("%-9s", words[group->results[part]]);
		puts(nodes);
	}
}

/* ---- The faults ---- */

static void faults_free(gpointer data)
{
	Faults *faults = data;

	g_free(faults->nodes);
	g_ptr_array_unref(faults->names);
	g_ptr_array_unref(faults->owed);
	g_free(faults);
}

/* Takes `names`. */
static void add_fault(GPtrArray *all, GHashTable *known, const JournalOwed *owed,
		      GPtrArray *names, const char *dest)
{
	g_autofree char *nodes = fold(names);
	Faults *faults = g_hash_table_lookup(known, nodes);

	if (!faults) {
		faults = g_new0(Faults, 1);
		faults->nodes = g_steal_pointer(&nodes);
		faults->dest = dest;
		faults->names = g_steal_pointer(&names);
		faults->owed = g_ptr_array_new();
		g_ptr_array_add(all, faults);
		g_hash_table_insert(known, faults->nodes, faults);
	}
	g_clear_pointer(&names, g_ptr_array_unref);
	g_ptr_array_add(faults->owed, (gpointer)owed);
}

/* Nodes of several service nodes are as many faults: each has its own command. */
static void split_fault(GPtrArray *all, GHashTable *known, const Move *move,
			const JournalOwed *owed)
{
	g_autoptr(GPtrArray) dests = g_ptr_array_new();
	g_autoptr(GPtrArray) lists = g_ptr_array_new();

	for (guint i = 0; owed->nodes && owed->nodes[i]; i++) {
		const MoveNode *node = move_find(move, owed->nodes[i]);
		const char *dest = node ? node->new.sn : NULL;
		guint at = 0;

		while (at < dests->len && g_strcmp0(dests->pdata[at], dest) != 0)
			at++;
		if (at == dests->len) {
			g_ptr_array_add(dests, (gpointer)dest);
			g_ptr_array_add(lists, g_ptr_array_new());
		}
		g_ptr_array_add(lists->pdata[at], owed->nodes[i]);
	}
	for (guint i = 0; i < dests->len; i++)
		add_fault(all, known, owed, lists->pdata[i], dests->pdata[i]);
	if (dests->len == 0)
		add_fault(all, known, owed, g_ptr_array_new(), NULL);
}

/* Gives an array of Faults. */
static GPtrArray *gather_faults(const Takeover *takeover)
{
	g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
	GPtrArray *all = g_ptr_array_new_with_free_func(faults_free);

	for (guint i = 0; i < takeover->owed->len; i++)
		split_fault(all, known, takeover->move, takeover->owed->pdata[i]);
	return all;
}

/* ---- What mends them ---- */

#define ONLY "--only "

/* Adds the steps of a mend, "[-s SN ]--only STEP,...", to those of the same -s. */
static void add_steps(GPtrArray *froms, GPtrArray *steps, const char *mend)
{
	const char *only = strstr(mend, ONLY);
	g_autofree char *from = g_strndup(mend, only ? (gsize)(only - mend) : strlen(mend));
	g_auto(GStrv) names = g_strsplit(only ? only + strlen(ONLY) : "", ",", -1);
	guint at = 0;

	while (at < froms->len && !g_str_equal(froms->pdata[at], from))
		at++;
	if (at == froms->len) {
		g_ptr_array_add(froms, g_steal_pointer(&from));
		g_ptr_array_add(steps, g_ptr_array_new_with_free_func(g_free));
	}
	for (guint i = 0; names[i]; i++)
		if (!g_ptr_array_find_with_equal_func(steps->pdata[at], names[i], g_str_equal,
						      NULL))
			g_ptr_array_add(steps->pdata[at], g_strdup(names[i]));
}

static char *move_command(const char *command, const Faults *faults, const char *from,
			  GPtrArray *steps)
{
	g_autofree char *range = text_shell_word(faults->nodes);
	g_autofree char *dest = text_shell_word(faults->dest);
	g_autofree char *list = NULL;

	g_ptr_array_add(steps, NULL);
	list = g_strjoinv(",", (char **)steps->pdata);
	return g_strdup_printf("%s %s %s-d %s " ONLY "%s", command, range, from, dest, list);
}

/* The commands that mend faults of the same nodes, all of them (or of `one` alone).  Gives a
 * vector. */
static char **mends_of(const char *command, const Faults *faults, const JournalOwed *one)
{
	g_autoptr(GPtrArray) froms = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) steps =
		g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
	GPtrArray *mends = g_ptr_array_new();

	for (guint i = 0; i < faults->owed->len; i++) {
		const JournalOwed *owed = faults->owed->pdata[i];

		if (!owed->mend || (one && owed != one))
			continue;
		if (*owed->mend == '-' && faults->dest)
			add_steps(froms, steps, owed->mend);
		else if (*owed->mend != '-')
			g_ptr_array_add(mends, g_strdup(owed->mend));
	}
	for (guint i = 0; i < froms->len; i++)
		g_ptr_array_add(
			mends, move_command(command, faults, froms->pdata[i], steps->pdata[i]));
	g_ptr_array_add(mends, NULL);
	return (char **)g_ptr_array_free(mends, FALSE);
}

static void tell_faults(const Faults *faults, const char *command)
{
	g_auto(GStrv) mends = mends_of(command, faults, NULL);
	g_autofree char *nodes = text_plain(*faults->nodes ? faults->nodes : "the cluster");

	printf("%s:\n", nodes);
	for (guint i = 0; i < faults->owed->len; i++) {
		const JournalOwed *owed = faults->owed->pdata[i];
		g_autofree char *host = owed->host ? text_plain(owed->host) : NULL;
		g_autofree char *text = text_plain(owed->text);

		printf("  %s: %s%s%s\n", owed->found, host ? host : "", host ? ": " : "", text);
	}
	for (guint i = 0; mends[i]; i++) {
		g_autofree char *mend = text_plain(mends[i]);

		printf("  to mend it: %s\n", mend);
	}
}

/* ---- All ---- */

static void tell_notes(const Takeover *takeover)
{
	for (guint i = 0; i < takeover->seen->len; i++) {
		g_autofree char *line = text_plain(takeover->seen->pdata[i]);

		printf("note: %s\n", line);
	}
}

static guint count_well(const GPtrArray *groups)
{
	guint n = 0;

	for (guint i = 0; i < groups->len; i++)
		if (is_well(groups->pdata[i]))
			n += ((const Group *)groups->pdata[i])->names->len;
	return n;
}

/* As many as are told: one of nodes of several service nodes is told for each of them. */
static guint count_faults(const GPtrArray *faults)
{
	guint n = 0;

	for (guint i = 0; i < faults->len; i++)
		n += ((const Faults *)faults->pdata[i])->owed->len;
	return n;
}

static void tell(const Takeover *takeover, const GPtrArray *groups, const GPtrArray *faults,
		 const Request *request)
{
	guint n = move_count(takeover->move), told = count_faults(faults);

	tell_groups(groups);
	for (guint i = 0; i < faults->len; i++)
		tell_faults(faults->pdata[i], request->command);
	tell_notes(takeover);
	if (told == 0)
		printf("%u node%s: all that was looked at is as it should be\n", n,
		       n == 1 ? "" : "s");
	else
		printf("%u of %u node%s without a fault; %u fault%s\n", count_well(groups), n,
		       n == 1 ? "" : "s", told, told == 1 ? "" : "s");
}

static void print_line(char *line)
{
	puts(line);
	g_free(line);
}

static void tell_json(const Takeover *takeover, const GPtrArray *groups,
		      const GPtrArray *faults, const Request *request)
{
	for (guint i = 0; i < groups->len; i++) {
		const Group *group = groups->pdata[i];
		const char *results[PARTS + 1] = { NULL }, *names[PARTS + 1] = { NULL };
		guint n = 0;

		for (gsize part = 0; part < PARTS; part++)
			if (group->results[part] != NOT_RUN) {
				names[n] = parts[part];
				results[n++] = json_words[group->results[part]];
			}
		print_line(json_verified(group->names, names, results, n));
	}
	for (guint i = 0; i < faults->len; i++) {
		const Faults *some = faults->pdata[i];

		for (guint j = 0; j < some->owed->len; j++) {
			g_auto(GStrv) mends =
				mends_of(request->command, some, some->owed->pdata[j]);

			print_line(json_fault(some->owed->pdata[j], some->names, mends[0]));
		}
	}
	for (guint i = 0; i < takeover->seen->len; i++)
		print_line(json_answers(takeover->seen->pdata[i]));
}

void verified_json_verdict(guint nodes, guint faults, const GPtrArray *missing, int status)
{
	print_line(json_verify_verdict(nodes, faults, missing, status));
}

int verified_tell(const BindingContext *context, const Request *request,
		  const GPtrArray *missing)
{
	const Takeover *takeover = context->takeover;
	g_autoptr(GPtrArray) groups = group_nodes(context);
	g_autoptr(GPtrArray) faults = gather_faults(takeover);
	int status = missing->len	   ? PROGRAM_REFUSED
		     : takeover->owed->len ? PROGRAM_OWED
					   : PROGRAM_DONE;

	if (request->json) {
		tell_json(takeover, groups, faults, request);
		verified_json_verdict(move_count(takeover->move), count_faults(faults), missing,
				      status);
	} else {
		tell(takeover, groups, faults, request);
	}
	return status;
}
