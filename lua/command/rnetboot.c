/* rnetboot: partitions boot from the network, through their HMC.  A run like a move, whose
 * nodes stay where they are. */
#include "core/base.h"
#include "core/remote.h"
#include "lua/command/verdict.h"
#include "lua/command/work.h"
#include "lua/terminal/interrupt.h"
#include "lua/terminal/talk.h"
#include "lua/terminal/trace.h"
#include <getopt.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

/* ---- The command line ---- */

/* Those of snmove are kept as snmove has them (`option`); the others by their names, as options
 * of the run. */
static const struct {
	const char *name;
	const char *text; /* what stands for its value in --help; NULL: it has none */
	const char *help;
	OptionId option; /* OPTIONS: snmove has no such one */
	char letter;
} table[] = {
	{ "direct", NULL, "direct bootp: the server, and the node's address, by the tables",
	  OPTIONS, 'd' },
	{ "order", "net", "what is booted from: an HMC knows net alone here", OPTIONS, 's' },
	{ "immediate", NULL, "power partitions off at once, those with AIX too", OPTIONS, 'f' },
	{ "anyway", NULL, "also nodes that would boot from their disks (chain.currstate boot)",
	  OPTIONS, 'F' },
	{ "plan", NULL, "show what would be done, and do nothing", OPTION_PLAN, 0 },
	{ "verbose", NULL, "report more, and have the HMC do so", OPTION_VERBOSE, 'V' },
	{ "timeout", "SECONDS", "for one partition (1800)", OPTION_TIMEOUT, 0 },
	{ "reason", "TEXT", "recorded with the run", OPTION_REASON, 0 },
	{ "db", "URL", "the cluster database, as of snmove", OPTION_DB, 0 },
	{ "state", "DIR", "state of snmove", OPTION_STATE, 0 },
	{ "config", "FILE", "configuration of snmove", OPTION_CONFIG, 0 },
	{ "trace", NULL, "tell each question and command as it comes", OPTION_TRACE, 0 },
	{ "version", NULL, "print the version", OPTION_VERSION, 'v' },
	{ "help", NULL, "print this", OPTION_HELP, 'h' },
};
#define ENTRIES	   G_N_ELEMENTS(table)
#define LONG_VALUE 256 /* getopt's value of a long option is this and its number */

static void describe(struct option *longs, char *letters)
{
	*letters++ = ':'; /* a missing value is told apart */
	for (guint i = 0; i < ENTRIES; i++) {
		longs[i] = (struct option){ table[i].name,
					    table[i].text ? required_argument : no_argument,
					    NULL, LONG_VALUE + (int)i };
		if (!table[i].letter)
			continue;
		*letters++ = table[i].letter;
		if (table[i].text)
			*letters++ = ':';
	}
	*letters = '\0';
}

G_GNUC_PRINTF(2, 3)
static gboolean refuse(GError **error, const char *format, ...)
{
	va_list arguments;
	g_autofree char *message = NULL;

	va_start(arguments, format);
	message = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_set_error_literal(error, REQUEST_ERROR, REQUEST_ERROR_USAGE, message);
	return FALSE;
}

static guint entry_of(int code)
{
	guint i = 0;

	if (code >= LONG_VALUE)
		return (guint)code - LONG_VALUE;
	while (i < ENTRIES && table[i].letter != code)
		i++;
	return i;
}

/* getopt takes the beginning of a name for the whole, which changes with every new option. */
static gboolean is_whole(guint i, const char *word)
{
	gsize length = strlen(table[i].name);

	return strncmp(word + 2, table[i].name, length) == 0 &&
	       (!word[2 + length] || word[2 + length] == '=');
}

static gboolean take(Request *request, GHashTable *own, int code, char **words, GError **error)
{
	gboolean apart = optarg && optarg == words[optind - 1];
	const char *word = words[optind - (apart ? 2 : 1)];
	g_autofree char *quoted = text_quote(word);
	guint i = code == '?' || code == ':' ? ENTRIES : entry_of(code);

	if (code == ':')
		return refuse(error, "%s needs a value", quoted);
	if (i == ENTRIES || (code >= LONG_VALUE && !is_whole(i, word)))
		return refuse(error, "no option is %s, or it takes no value", quoted);
	if (apart && *optarg == '-')
		return refuse(error, "%s: its value looks like an option", quoted);
	if (table[i].option == OPTIONS) {
		g_hash_table_replace(own, g_strdup(table[i].name),
				     g_strdup(optarg ? optarg : ""));
		return TRUE;
	}
	g_free(request->options.texts[table[i].option]);
	request->options.texts[table[i].option] = g_strdup(optarg ? optarg : "");
	return TRUE;
}

static gboolean check_order(GHashTable *own, GError **error)
{
	const char *order = g_hash_table_lookup(own, "order");
	g_autofree char *quoted = NULL;

	if (!order || g_str_equal(order, "net"))
		return TRUE;
	quoted = text_quote(order);
	return refuse(error,
		      "-s %s: an HMC's lpar_netboot boots from the network, and writes no boot "
		      "list: -s net",
		      quoted);
}

static gboolean check_operands(Request *request, GError **error)
{
	guint n = g_strv_length(request->options.operands);

	request->operand = request->options.operands[0];
	if (n == 0)
		return refuse(error, "name the nodes to boot");
	if (n > 1)
		return refuse(error,
			      "one noderange at a time, not %u: join them with commas; if a "
			      "shell made them of [...], put the noderange in quotes",
			      n);
	return TRUE;
}

/* `own` gets the options that snmove has not. */
static gboolean parse(Request *request, GHashTable *own, int argc, char **argv, GError **error)
{
	struct option longs[ENTRIES + 1] = { 0 };
	char letters[2 * ENTRIES + 2];
	g_autofree char **words = g_memdup2(argv, sizeof(char *) * ((gsize)argc + 1));
	int code;

	request->program = "rnetboot";
	request->argv = argv;
	describe(longs, letters);
	opterr = 0;
	optind = 0;
	while ((code = getopt_long(argc, words, letters, longs, NULL)) != -1)
		if (!take(request, own, code, words, error))
			return FALSE;
	request->options.operands = g_strdupv(words + optind);
	if (request_text(request, OPTION_HELP) || request_text(request, OPTION_VERSION))
		return TRUE;
	return check_operands(request, error) && check_order(own, error) &&
	       request_take(request, error);
}

static void print_help(void)
{
	printf("usage: rnetboot NODERANGE [options]\n\n"
	       "Partitions of System p boot from the network, through their HMC.\n\n");
	for (guint i = 0; i < ENTRIES; i++) {
		g_autofree char *letter = table[i].letter
						  ? g_strdup_printf("-%c, ", table[i].letter)
						  : g_strdup("    ");
		g_autofree char *usage = g_strdup_printf("%s--%s%s%s", letter, table[i].name,
							 table[i].text ? " " : "",
							 table[i].text ? table[i].text : "");

		printf("  %-24s%s\n", usage, table[i].help);
	}
	printf("\nAt work, killed, owing: snmove --status, --resume, --close, --history, "
	       "--show.\n"
	       "Exit status: as of snmove.\n");
}

/* ---- The run ---- */

static Move *make_move(const Work *work, GError **error)
{
	const BindingContext *context = work->context;
	MoveRequest wanted = { .noderange = work->request->operand,
			       .prefix = context->prefix,
			       .suffix = context->suffix };
	g_autoptr(GPtrArray) names = move_named(context->cluster, &wanted, error);
	g_autofree MoveNode *nodes = names ? g_new0(MoveNode, names->len) : NULL;

	if (!names)
		return NULL;
	for (guint i = 0; i < names->len; i++)
		nodes[i].name = names->pdata[i];
	return move_recall(nodes, names->len);
}

/* What the script reads, also when the run is resumed. */
static void fill_options(Work *work, GHashTable *own)
{
	GHashTable *options = work->takeover->options;
	GHashTableIter each;
	gpointer name, text;

	work_fill_options(work);
	if (work->config->ssh_config)
		g_hash_table_insert(options, g_strdup("ssh_config"),
				    g_strdup(work->config->ssh_config));
	g_hash_table_iter_init(&each, own);
	while (g_hash_table_iter_next(&each, &name, &text))
		g_hash_table_insert(options, g_strdup(name), g_strdup(text));
}

static gboolean prepare(Work *work, GHashTable *own, GError **error)
{
	gboolean planning = run_is_planning(work->run);
	g_autofree char *script = work_shipped_script("rnetboot.lua", error);
	Move *move;

	if (!script || (!planning && !session_open(&work->session, work->program, work->config,
						   work->request, 0, error)))
		return FALSE;
	move = make_move(work, error);
	if (!move)
		return FALSE;
	work_take_move(work, move, "first");
	fill_options(work, own);
	return work_load(work, script, error) &&
	       (planning || session_begin(&work->session, work->program,
					  session_record(work->program, work->request, script,
							 procedure_digest(work->procedure)),
					  work->move, work->takeover->options, error));
}

static int boot(Program *program, const Config *config, Request *request, GHashTable *own)
{
	GError *error = NULL;
	g_auto(Work) work = { 0 };

	if (!work_begin(&work, program, config, request, request->planning, &error) ||
	    !prepare(&work, own, &error))
		return command_fail(error);
	verdict_begin(work.takeover,
		      request->planning ? "plan: network boot of" : "network boot of");
	return work_run(&work);
}

static int open_and_boot(Request *request, GHashTable *own)
{
	g_auto(Config) config = { 0 };
	g_auto(Program) program = { 0 };
	GError *error = NULL;

	if (!program_configure(&config, request_text(request, OPTION_CONFIG),
			       request_text(request, OPTION_DB),
			       request_text(request, OPTION_STATE), &error) ||
	    !program_open(&program, &config, &error))
		return command_fail(error);
	interrupt_setup();
	return boot(&program, &config, request, own);
}

int rnetboot_main(int argc, char **argv)
{
	g_auto(Request) request = { 0 };
	g_autoptr(GHashTable) own =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	GError *error = NULL;

	(void)setlocale(LC_ALL, "C.UTF-8");
	talk_setup("rnetboot", FALSE);
	if (!parse(&request, own, argc, argv, &error)) {
		int status = command_fail(error);

		fputs("try: rnetboot --help\n", stderr);
		return status;
	}
	talk_setup("rnetboot", request.verbose);
	if (request_text(&request, OPTION_TRACE))
		trace_start();
	if (request_text(&request, OPTION_HELP)) {
		print_help();
		return program_finish(PROGRAM_DONE, PROGRAM_REFUSED);
	}
	if (request_text(&request, OPTION_VERSION)) {
		printf("rnetboot " SNMOVE_VERSION "\n");
		return program_finish(PROGRAM_DONE, PROGRAM_REFUSED);
	}
	return program_finish(open_and_boot(&request, own),
			      request.planning ? PROGRAM_REFUSED : PROGRAM_OWED);
}
