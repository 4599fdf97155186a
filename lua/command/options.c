#include "lua/command/options.h"
#include "core/base.h"
#include "core/remote.h"
#include "lua/program/config.h"
#include "lua/program/program.h"
#include <getopt.h>
#include <string.h>

G_DEFINE_QUARK(snmove_options_error, options_error)

typedef enum { NO_TEXT, TEXT, OPTIONAL_TEXT, TEXTS } Kind;
typedef enum { WHO, HOW, RUNS, LOOK, PLACES, OTHER, OWN } Section;

static const char *const headings[] = {
	[WHO] = "Who goes where (as xCAT's snmove)",
	[HOW] = "How",
	[RUNS] = "Runs",
	[LOOK] = "Looking at nodes",
	[PLACES] = "Files",
	[OTHER] = "Other",
};

typedef struct {
	const char *name;
	char letter;
	Kind kind;
	const char *text; /* what stands for it in --help */
	Section section;
	gboolean not_yet; /* parsed, and refused: this version does not do it */
	const char *help;
} Entry;

static const Entry table[OPTIONS] = {
	[OPTION_SOURCE] = { "source", 's', TEXT, "SN1", WHO, FALSE,
			    "all nodes whose first service node is SN1; with a noderange, what "
			    "counts as the old service node" },
	[OPTION_SOURCEN] = { "sourcen", 'S', TEXT, "SN1N", WHO, FALSE,
			     "SN1 as the nodes know it (default: noderes.xcatmaster)" },
	[OPTION_DEST] = { "dest", 'd', TEXT, "SN2", WHO, FALSE,
			  "the new service node (default: each node's second)" },
	[OPTION_DESTN] = { "destn", 'D', TEXT, "SN2N", WHO, FALSE,
			   "SN2 as the nodes know it (default: its address in their network)" },
	[OPTION_IGNORENODES] = { "ignorenodes", 'i', NO_TEXT, NULL, WHO, FALSE,
				 "do nothing on the nodes themselves" },
	[OPTION_POSTSCRIPTS] = { "postscripts", 'P', TEXT, "LIST", WHO, FALSE,
				 "postscripts to run on the nodes as well (or: all)" },
	[OPTION_LITEONLY] = { "liteonly", 'l', NO_TEXT, NULL, WHO, FALSE,
			      "AIX: statelite data alone, and no table" },
	[OPTION_NORETARGET] = { "noretarget", 'n', NO_TEXT, NULL, WHO, FALSE,
				"AIX: leave dump devices where they are" },
	[OPTION_PLAN] = { "plan", 0, NO_TEXT, NULL, HOW, FALSE,
			  "show what would be changed, and change nothing" },
	[OPTION_CHECK] = { "check", 0, NO_TEXT, NULL, HOW, FALSE, "only the checks" },
	[OPTION_FORCE] = { "force", 0, TEXT, "NAME,...", HOW, FALSE,
			   "proceed although these checks find problems (or: all)" },
	[OPTION_ALIVE] = { "alive", 0, NO_TEXT, NULL, HOW, FALSE, "treat SN1 as alive" },
	[OPTION_DEAD] = { "dead", 0, NO_TEXT, NULL, HOW, FALSE, "treat SN1 as dead" },
	[OPTION_SKIP] = { "skip", 0, TEXT, "STEP,...", HOW, FALSE, "skip these steps" },
	[OPTION_ONLY] = { "only", 0, TEXT, "STEP,...", HOW, FALSE,
			  "only these steps (or: rows); hook:NAME: that hook again, "
			  "for nodes that were moved before" },
	[OPTION_OLD] = { "old", 0, TEXT, "keep|last|drop", HOW, FALSE,
			 "where SN1 goes in noderes.servicenode" },
	[OPTION_REASON] = { "reason", 0, TEXT, "TEXT", HOW, FALSE, "recorded with the run" },
	[OPTION_BATCH] = { "batch", 0, TEXT, "LIST", HOW, FALSE, "nodes in batches: 1,10,25%" },
	[OPTION_MAX_FAIL] = { "max-fail", 0, TEXT, "N|P%", HOW, FALSE,
			      "stop once this many nodes have failed" },
	[OPTION_FANOUT] = { "fanout", 0, TEXT, "N", HOW, FALSE,
			    "hosts at once (" G_STRINGIFY(REMOTE_FANOUT) ")" },
	[OPTION_TIMEOUT] = { "timeout", 0, TEXT, "SECONDS", HOW, FALSE,
			     "for a command on one host (" G_STRINGIFY(REMOTE_SECONDS) ")" },
	[OPTION_RESUME] = { "resume", 0, OPTIONAL_TEXT, "RUN", RUNS, FALSE, "resume a run" },
	[OPTION_UNDO] = { "undo", 0, OPTIONAL_TEXT, "RUN", RUNS, FALSE,
			  "take back the last move, or this run" },
	[OPTION_CLOSE] = { "close", 0, TEXT, "RUN", RUNS, FALSE,
			   "close a run, and leave all as it is" },
	[OPTION_STATUS] = { "status", 0, NO_TEXT, NULL, RUNS, FALSE,
			    "what is open, what is owed" },
	[OPTION_HISTORY] = { "history", 0, NO_TEXT, NULL, RUNS, FALSE, "all runs" },
	[OPTION_SHOW] = { "show", 0, OPTIONAL_TEXT, "RUN", RUNS, FALSE, "one run" },
	[OPTION_VERIFY] = { "verify", 0, NO_TEXT, NULL, LOOK, FALSE,
			    "is all that serves nodes (or those of -s) as the tables have it? "
			    "only looks" },
	[OPTION_RECONCILE] = { "reconcile", 0, TEXT, "SN", RUNS, FALSE,
			       "bring a service node that was dead up to date" },
	[OPTION_EXPAND] = { "expand", 0, TEXT, "NODERANGE", LOOK, FALSE,
			    "print the nodes, a line each" },
	[OPTION_FOLD] = { "fold", 0, NO_TEXT, NULL, LOOK, FALSE,
			  "with --expand: the shortest noderange for them" },
	[OPTION_EXPLAIN] = { "explain", 0, TEXT, "NODERANGE", LOOK, FALSE,
			     "who answers their DHCP, boot, console, syslog, time, names, and "
			     "why; only looks" },
	[OPTION_PROBE] = { "probe", 0, NO_TEXT, NULL, LOOK, FALSE,
			   "with --explain: ask the servers and the wire, too" },
	[OPTION_DB] = { "db", 0, TEXT, "URL", PLACES, FALSE,
			"the cluster database: sqlite:FILE, xcat:DIR, "
			"postgresql://USER@HOST/NAME "
			"or mariadb://USER@HOST/NAME (default: as xCAT finds it, else "
			"sqlite:STATE/cluster.db)" },
	[OPTION_STATE] = { "state", 0, TEXT, "DIR", PLACES, FALSE,
			   "state of snmove (default " PROGRAM_STATE ")" },
	[OPTION_CONFIG] = { "config", 0, TEXT, "FILE", PLACES, FALSE,
			    "configuration (default " CONFIG_FILE ")" },
	[OPTION_SCRIPT] = { "script", 0, TEXT, "FILE", PLACES, FALSE,
			    "a procedure of your own instead of the shipped one" },
	[OPTION_HOOKS] = { "hooks", 0, TEXT, "DIR", PLACES, FALSE, "hooks of this site" },
	[OPTION_WITHOUT] = { "without", 0, TEXT, "HOOK,...", PLACES, FALSE,
			     "leave these hooks out" },
	[OPTION_SET] = { "set", 0, TEXTS, "HOOK.KEY=VALUE", PLACES, FALSE,
			 "a setting of a hook; may be given several times" },
	[OPTION_HOOKS_LIST] = { "hooks-list", 0, NO_TEXT, NULL, PLACES, FALSE,
				"the hooks that would be asked, and their settings" },
	[OPTION_TRACE] = { "trace", 0, NO_TEXT, NULL, OTHER, FALSE,
			   "tell each hook, question, command and change as it comes" },
	[OPTION_RECORD] = { "record", 0, TEXT, "FILE", OTHER, FALSE,
			    "with --plan or --check: all that it was told, for tests" },
	[OPTION_JSON] = { "json", 0, NO_TEXT, NULL, OTHER, FALSE, "one JSON object a line" },
	[OPTION_COLOR] = { "color", 0, TEXT, "WHEN", OTHER, TRUE, "auto, always, never" },
	[OPTION_VERBOSE] = { "verbose", 'V', NO_TEXT, NULL, OTHER, FALSE, "report more" },
	[OPTION_VERSION] = { "version", 'v', NO_TEXT, NULL, OTHER, FALSE, "print the version" },
	[OPTION_HELP] = { "help", 'h', NO_TEXT, NULL, OTHER, FALSE, "print this" },
};

#define LONG_VALUE 256 /* getopt's value of a long option is this and its number */

/* How many there are, with the procedure's. */
static guint count(const Options *options)
{
	return OPTIONS + (options->own ? options->own->len : 0);
}

/* Those of the procedure come behind the table. */
static Entry entry(const Options *options, guint i)
{
	const TakeoverOption *own;

	if (i < OPTIONS)
		return table[i];
	own = &g_array_index(options->own, TakeoverOption, i - OPTIONS);
	return (Entry){ .name = own->name,
			.letter = own->letter,
			.kind = own->text ? TEXT : NO_TEXT,
			.text = own->text,
			.section = OWN,
			.help = own->help };
}

/* Words of other programs for what is done here. */
static const struct {
	const char *typed, *here;
} elsewhere[] = {
	{ "dry-run", "plan" },	   { "noop", "plan" },	 { "simulate", "plan" },
	{ "rollback", "undo" },	   { "revert", "undo" }, { "continue", "resume" },
	{ "list", "history" },	   { "log", "history" }, { "yes", "force" },
	{ "destination", "dest" },
};

static char *hint_for(const Options *options, const char *name)
{
	const char *names[OPTIONS + TAKEOVER_OPTIONS + 1] = { NULL };

	for (gsize i = 0; i < G_N_ELEMENTS(elsewhere); i++)
		if (g_str_equal(elsewhere[i].typed, name))
			return g_strdup_printf("; here --%s", elsewhere[i].here);
	for (guint i = 0; i < count(options); i++)
		names[i] = entry(options, i).name;
	return text_did_you_mean(name, names);
}

static gboolean refuse_unknown(const Options *options, const char *word, GError **error)
{
	g_autofree char *name = g_strndup(word + 2, strcspn(word + 2, "="));
	g_autofree char *plain = text_plain(name);
	g_autofree char *hint = hint_for(options, name);

	g_set_error(error, OPTIONS_ERROR, OPTIONS_ERROR_UNKNOWN, "no option is named --%s%s",
		    plain, hint);
	return FALSE;
}

/* That many: none has this letter. */
static guint number_of_letter(const Options *options, int letter)
{
	guint i = 0;

	while (i < count(options) && entry(options, i).letter != letter)
		i++;
	return i;
}

/* What getopt has found wrong, at the word that it looked at last. */
static gboolean refuse_option(const Options *options, int code, const char *word,
			      GError **error)
{
	guint i = optopt >= LONG_VALUE ? (guint)optopt - LONG_VALUE
				       : number_of_letter(options, optopt);
	Entry one = i < count(options) ? entry(options, i) : (Entry){ 0 };
	g_autofree char *plain = text_plain(word);

	if (one.name && code == ':')
		g_set_error(error, OPTIONS_ERROR, OPTIONS_ERROR_USAGE,
			    "--%s needs a value: --%s %s", one.name, one.name, one.text);
	else if (optopt >= LONG_VALUE)
		g_set_error(error, OPTIONS_ERROR, OPTIONS_ERROR_USAGE,
			    "--%s takes no value: '%s'", one.name, plain);
	else if (g_str_has_prefix(word, "--"))
		return refuse_unknown(options, word, error);
	else
		g_set_error(error, OPTIONS_ERROR, OPTIONS_ERROR_UNKNOWN,
			    "no option is named -%c ('%s')",
			    g_ascii_isprint(optopt) ? optopt : '?', plain);
	return FALSE;
}

/* A value in a word of its own that looks like an option is probably one. */
static gboolean check_value(const char *name, const char *value, gboolean joined,
			    GError **error)
{
	g_autofree char *plain = NULL;
	g_autofree char *word = NULL;

	if (joined || !value || *value != '-')
		return TRUE;
	plain = text_plain(value);
	word = text_shell_word(value);
	g_set_error(error, OPTIONS_ERROR, OPTIONS_ERROR_USAGE,
		    "--%s: '%s' looks like an option; if you mean it: --%s=%s", name, plain,
		    name, word);
	return FALSE;
}

/* One that may be given several times is kept a line each. */
static gboolean check_line(const Entry *one, const char *value, GError **error)
{
	g_autofree char *quoted = NULL;

	if (one->kind != TEXTS || !value || !strchr(value, '\n'))
		return TRUE;
	quoted = text_quote(value);
	g_set_error(error, OPTIONS_ERROR, OPTIONS_ERROR_USAGE, "--%s is one line, and not %s",
		    one->name, quoted);
	return FALSE;
}

/* getopt takes the beginning of a name for the whole; that would change with every new option.
 */
static gboolean check_whole(const Options *options, const char *name, const char *word,
			    GError **error)
{
	if (strncmp(word + 2, name, strlen(name)) == 0)
		return TRUE;
	return refuse_unknown(options, word, error);
}

static gboolean take(Options *options, int code, char **words, GError **error)
{
	gboolean joined = !optarg || optarg != words[optind - 1];
	g_autofree char *given = NULL;
	const char *word = words[optind - (joined ? 1 : 2)];
	guint i =
		code >= LONG_VALUE ? (guint)code - LONG_VALUE : number_of_letter(options, code);
	Entry one;

	if (code == '?' || code == ':')
		return refuse_option(options, code, words[optind - 1], error);
	one = entry(options, i);
	if (!check_value(one.name, optarg, joined, error) || !check_line(&one, optarg, error) ||
	    (code >= LONG_VALUE && !check_whole(options, one.name, word, error)))
		return FALSE;
	given = options->texts[i];
	options->texts[i] = one.kind == TEXTS && given ? g_strconcat(given, "\n", optarg, NULL)
						       : g_strdup(optarg ? optarg : "");
	return TRUE;
}

/* What getopt_long wants to know of them. */
static void describe(const Options *options, struct option *longs, char *letters)
{
	*letters++ = ':'; /* a missing value is told apart */
	for (guint i = 0; i < count(options); i++) {
		Entry one = entry(options, i);

		longs[i] = (struct option){ one.name,
					    one.kind == NO_TEXT		? no_argument
					    : one.kind == OPTIONAL_TEXT ? optional_argument
									: required_argument,
					    NULL, LONG_VALUE + (int)i };
		if (!one.letter)
			continue;
		*letters++ = one.letter;
		if (one.kind == TEXT)
			*letters++ = ':';
	}
	*letters = '\0';
}

gboolean options_parse(Options *options, int argc, char **argv, GArray *own, const char *script,
		       GError **error)
{
	struct option longs[OPTIONS + TAKEOVER_OPTIONS + 1] = { 0 };
	char letters[2 * (OPTIONS + TAKEOVER_OPTIONS) + 2];
	g_autofree char **words = g_memdup2(argv, sizeof(char *) * ((gsize)argc + 1));
	int code;

	memset(options, 0, sizeof(*options));
	if (own && !options_check_own(own, script, error))
		return FALSE;
	options->own = own ? g_array_ref(own) : NULL;
	options->script = g_strdup(script);
	describe(options, longs, letters);
	opterr = 0;
	optind = 0; /* begin anew, also in a program that has parsed before */
	while ((code = getopt_long(argc, words, letters, longs, NULL)) != -1)
		if (!take(options, code, words, error))
			return FALSE;
	options->operands = g_strdupv(words + optind);
	return TRUE;
}

void options_clear(Options *options)
{
	for (guint i = 0; i < count(options); i++)
		g_clear_pointer(&options->texts[i], g_free);
	g_clear_pointer(&options->operands, g_strfreev);
	g_clear_pointer(&options->own, g_array_unref);
	g_clear_pointer(&options->script, g_free);
}

/* A value that begins with a dash is joined, so a word that looks like an option is one. */
const char *options_peek(char **argv, OptionId id)
{
	g_autofree char *word = g_strconcat("--", table[id].name, NULL);
	const char *found = NULL;

	for (guint i = 1; argv[i] && !g_str_equal(argv[i], "--"); i++) {
		if (g_str_equal(argv[i], word) && argv[i + 1])
			found = argv[i + 1];
		else if (g_str_has_prefix(argv[i], word) && argv[i][strlen(word)] == '=')
			found = argv[i] + strlen(word) + 1;
	}
	return found;
}

/* The table's one with this name or letter; OPTIONS: none. */
static guint find_in_table(const TakeoverOption *own)
{
	guint i = 0;

	while (i < OPTIONS && !g_str_equal(table[i].name, own->name) &&
	       !(own->letter && table[i].letter == own->letter))
		i++;
	return i;
}

gboolean options_check_own(const GArray *own, const char *script, GError **error)
{
	for (guint i = 0; i < own->len; i++) {
		const TakeoverOption *one = &g_array_index(own, TakeoverOption, i);
		guint found = find_in_table(one);

		if (found == OPTIONS)
			continue;
		g_set_error(error, OPTIONS_ERROR, OPTIONS_ERROR_USAGE,
			    "%s: its option --%s is in the way of --%s, which is snmove's own",
			    script, one->name, table[found].name);
		return FALSE;
	}
	return TRUE;
}

void options_each_own(const Options *options,
		      void (*look)(const char *name, const char *text, gpointer data),
		      gpointer data)
{
	for (guint i = OPTIONS; i < count(options); i++)
		if (options->texts[i])
			look(entry(options, i).name, options->texts[i], data);
}

const char *options_text(const Options *options, OptionId id)
{
	return options->texts[id];
}

gboolean options_given(const Options *options, OptionId id)
{
	return options->texts[id] != NULL;
}

const char *options_name(OptionId id)
{
	return table[id].name;
}

OptionId options_not_yet(const Options *options)
{
	for (guint i = 0; i < OPTIONS; i++)
		if (table[i].not_yet && options->texts[i])
			return (OptionId)i;
	return OPTIONS;
}

/* Words up to column 80, later lines indented as the first. */
static void append_wrapped(GString *text, const char *words, guint indent)
{
	g_auto(GStrv) parts = g_strsplit(words, " ", -1);
	guint column = indent;

	for (guint i = 0; parts[i]; i++) {
		guint length = (guint)strlen(parts[i]);

		if (column > indent && column + 1 + length > 80) {
			g_string_append_printf(text, "\n%*s", (int)indent, "");
			column = indent;
		} else if (column > indent) {
			g_string_append_c(text, ' ');
			column++;
		}
		g_string_append(text, parts[i]);
		column += length;
	}
	g_string_append_c(text, '\n');
}

static char *usage_of(const Entry *one)
{
	g_autofree char *letter =
		one->letter ? g_strdup_printf("-%c, ", one->letter) : g_strdup("    ");

	return g_strdup_printf("%s--%s%s%s%s", letter, one->name,
			       one->kind == TEXT || one->kind == TEXTS ? " "
			       : one->kind == OPTIONAL_TEXT	       ? "[="
								       : "",
			       one->text ? one->text : "",
			       one->kind == OPTIONAL_TEXT ? "]" : "");
}

static void append_option(GString *text, const Entry *one)
{
	g_autofree char *usage = usage_of(one);
	g_autofree char *help =
		g_strconcat(one->help, one->not_yet ? " (not in this version yet)" : "", NULL);

	g_string_append_printf(text, "  %-28s", usage);
	if (strlen(usage) > 27)
		g_string_append_printf(text, "\n%30s", "");
	append_wrapped(text, help, 30);
}

static void append_section(GString *text, const Options *options, Section section,
			   const char *heading)
{
	g_string_append_printf(text, "\n%s:\n", heading);
	for (guint i = 0; i < count(options); i++) {
		Entry one = entry(options, i);

		if (one.section == section)
			append_option(text, &one);
	}
}

char *options_help(const Options *options)
{
	GString *text =
		g_string_new("usage: snmove NODERANGE [-d SN2] [-D SN2N] [options]\n"
			     "       snmove -s SN1 [-S SN1N] [-d SN2] [-D SN2N] [options]\n"
			     "\n"
			     "Moves cluster nodes from one service node to another.\n");

	for (Section section = WHO; section < OWN; section++)
		append_section(text, options, section, headings[section]);
	if (options->own && options->own->len) {
		g_autofree char *heading =
			g_strconcat("Of the procedure ", options->script, NULL);

		append_section(text, options, OWN, heading);
	}
	g_string_append(
		text,
		"\n"
		"Examples:\n"
		"  snmove cn[001-400] -d sn2 -D sn2-c --plan   what would happen\n"
		"  snmove -s sn1 -d sn2 -D sn2-c               all nodes of sn1 to sn2\n"
		"  snmove --expand 'rack1,-cn007' --fold        what a noderange means\n"
		"  snmove --explain cn007                      who serves it, and why\n"
		"  snmove --verify                             is all as it should be?\n"
		"\n"
		"Exit status: 0 done; 1 refused or failed, nothing begun; 2 wrong usage;\n"
		"3 done, with work owed, or faults were found; 4 stopped part-way;\n"
		"5 another run is at work or open; 130, 143 interrupted by a signal.\n");
	return g_string_free(text, FALSE);
}
