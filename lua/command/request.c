#include "lua/command/request.h"
#include "core/base.h"
#include "core/remote.h"
#include "lua/procedure/procedure.h"
#include "lua/program/program.h"
#include "lua/terminal/talk.h"
#include <string.h>

G_DEFINE_QUARK(snmove_request_error, request_error)

/* What the commands are, and what goes with them. */
static const struct {
	OptionId option; /* OPTIONS: none of them, a move */
	gboolean database, operand, plan, json;
} verbs[VERBS] = {
	[VERB_MOVE] = { OPTIONS, TRUE, TRUE, TRUE, FALSE },
	[VERB_EXPAND] = { OPTION_EXPAND, TRUE, FALSE, FALSE, FALSE },
	[VERB_EXPLAIN] = { OPTION_EXPLAIN, TRUE, FALSE, FALSE, TRUE },
	[VERB_VERIFY] = { OPTION_VERIFY, TRUE, TRUE, FALSE, TRUE },
	[VERB_RESUME] = { OPTION_RESUME, TRUE, FALSE, FALSE, FALSE },
	[VERB_UNDO] = { OPTION_UNDO, TRUE, TRUE, TRUE, FALSE },
	[VERB_CLOSE] = { OPTION_CLOSE, TRUE, FALSE, FALSE, FALSE },
	[VERB_RECONCILE] = { OPTION_RECONCILE, TRUE, FALSE, TRUE, FALSE },
	[VERB_STATUS] = { OPTION_STATUS, FALSE, FALSE, FALSE, TRUE },
	[VERB_HISTORY] = { OPTION_HISTORY, FALSE, TRUE, FALSE, TRUE },
	[VERB_SHOW] = { OPTION_SHOW, FALSE, FALSE, FALSE, TRUE },
	[VERB_HOOKS_LIST] = { OPTION_HOOKS_LIST, TRUE, FALSE, FALSE, FALSE },
};

/* Options that other commands could only ignore: what would be done then is not what was
 * typed. */
#define WITH(verb) (1u << (verb))
#define WITH_CHANGES                                                                           \
	(WITH(VERB_RESUME) | WITH(VERB_UNDO) | WITH(VERB_CLOSE) | WITH(VERB_RECONCILE))
#define WITH_HOOKS (WITH_CHANGES | WITH(VERB_HOOKS_LIST))
#define WITH_HOSTS (WITH_CHANGES | WITH(VERB_VERIFY) | WITH(VERB_EXPLAIN))
static const struct {
	OptionId option;
	Verb verb;	 /* the one that is named to who gives it to another */
	unsigned others; /* WITH of those that take it as well */
} belongs[] = {
	{ OPTION_SOURCE, VERB_MOVE, WITH(VERB_HISTORY) | WITH(VERB_VERIFY) },
	{ OPTION_DEST, VERB_MOVE, WITH(VERB_HISTORY) },
	{ OPTION_SOURCEN, VERB_MOVE, 0 },
	{ OPTION_DESTN, VERB_MOVE, 0 },
	{ OPTION_IGNORENODES, VERB_MOVE, WITH(VERB_VERIFY) },
	{ OPTION_CHECK, VERB_MOVE, 0 },
	{ OPTION_ALIVE, VERB_MOVE, 0 },
	{ OPTION_DEAD, VERB_MOVE, 0 },
	{ OPTION_SKIP, VERB_MOVE, WITH(VERB_VERIFY) },
	{ OPTION_ONLY, VERB_MOVE, WITH(VERB_VERIFY) },
	{ OPTION_OLD, VERB_MOVE, 0 },
	{ OPTION_BATCH, VERB_MOVE, 0 },
	{ OPTION_POSTSCRIPTS, VERB_MOVE, WITH_CHANGES },
	{ OPTION_LITEONLY, VERB_MOVE, 0 },
	{ OPTION_NORETARGET, VERB_MOVE, 0 },
	{ OPTION_FORCE, VERB_MOVE, WITH_CHANGES },
	{ OPTION_REASON, VERB_MOVE, WITH_CHANGES },
	{ OPTION_MAX_FAIL, VERB_MOVE, WITH_CHANGES },
	{ OPTION_FANOUT, VERB_MOVE, WITH_HOSTS },
	{ OPTION_TIMEOUT, VERB_MOVE, WITH_HOSTS },
	{ OPTION_SCRIPT, VERB_MOVE, WITH_HOOKS },
	{ OPTION_HOOKS, VERB_MOVE, WITH_HOOKS },
	{ OPTION_WITHOUT, VERB_MOVE, WITH_HOOKS },
	{ OPTION_SET, VERB_MOVE, WITH_HOOKS },
	{ OPTION_TRACE, VERB_MOVE, WITH_HOSTS },
	{ OPTION_RECORD, VERB_MOVE, 0 },
	{ OPTION_FOLD, VERB_EXPAND, 0 },
	{ OPTION_PROBE, VERB_EXPLAIN, 0 },
};

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

static gboolean given(const Request *request, OptionId id)
{
	return options_given(&request->options, id);
}

const char *request_text(const Request *request, OptionId id)
{
	return options_text(&request->options, id);
}

/* ---- One value ---- */

static gboolean take_number(const Request *request, OptionId id, guint most, guint factor,
			    guint *value, GError **error)
{
	guint64 number;
	g_autofree char *quoted = NULL;

	if (!given(request, id))
		return TRUE;
	if (g_ascii_string_to_unsigned(request_text(request, id), 10, 1, most, &number, NULL)) {
		*value = (guint)number * factor;
		return TRUE;
	}
	quoted = text_quote(request_text(request, id));
	return refuse(error, "--%s is a number from 1 to %u, and not %s", options_name(id),
		      most, quoted);
}

static gboolean take_batches(Request *request, GError **error)
{
	if (given(request, OPTION_BATCH)) {
		request->batches = batches_parse(request_text(request, OPTION_BATCH), error);
		if (!request->batches) {
			g_prefix_error(error, "--batch: ");
			return FALSE;
		}
	}
	if (given(request, OPTION_MAX_FAIL) &&
	    !batches_parse_share(request_text(request, OPTION_MAX_FAIL), &request->max_fail,
				 error)) {
		g_prefix_error(error, "--max-fail: ");
		return FALSE;
	}
	return TRUE;
}

static gboolean take_run(Request *request, GError **error)
{
	OptionId option = verbs[request->verb].option;
	const char *text = option < OPTIONS ? request_text(request, option) : NULL;
	guint64 number;
	g_autofree char *quoted = NULL;

	if (!text || !*text ||
	    (request->verb != VERB_RESUME && request->verb != VERB_UNDO &&
	     request->verb != VERB_CLOSE && request->verb != VERB_SHOW))
		return TRUE;
	if (g_ascii_string_to_unsigned(text, 10, 1, G_MAXINT64, &number, NULL)) {
		request->run = (gint64)number;
		return TRUE;
	}
	quoted = text_quote(text);
	return refuse(error,
		      "%s is not the number of a run; %s --history lists them (some nodes of a "
		      "run: --undo=RUN NODERANGE)",
		      quoted, request->command);
}

/* `rows` is the tables alone. */
static const char *const rows[] = { "check", "servicenode", "xcatmaster", "servers", NULL };

/* Gives a vector, or NULL: none is named. */
static char **steps_of(Verb verb, const char *list)
{
	g_auto(GStrv) names = list ? g_strsplit(list, ",", -1) : NULL;
	GPtrArray *steps;

	if (!list)
		return NULL;
	steps = g_ptr_array_new();
	for (guint i = 0; names[i]; i++) {
		if (verb == VERB_VERIFY || !g_str_equal(names[i], "rows")) {
			g_ptr_array_add(steps, g_strdup(names[i]));
			continue;
		}
		for (guint j = 0; rows[j]; j++)
			g_ptr_array_add(steps, g_strdup(rows[j]));
	}
	g_ptr_array_add(steps, NULL);
	return (char **)g_ptr_array_free(steps, FALSE);
}

#define HOOK "hook:"

/* Gives the name, or NULL: there is none. */
static char *hook_of(const Request *request)
{
	const char *only = request_text(request, OPTION_ONLY);

	if (!only || !g_str_has_prefix(only, HOOK) || request->verb == VERB_VERIFY)
		return NULL;
	return g_strdup(only + strlen(HOOK));
}

static gboolean are_rows(char *const *steps)
{
	for (guint i = 0; steps[i]; i++)
		if (!g_strv_contains(rows, steps[i]))
			return FALSE;
	return TRUE;
}

static gboolean refuse_check(const char *where, const char *name, GError **error)
{
	const char *const *checks = takeover_checks();
	g_autofree char *all = g_strjoinv(" ", (char **)checks);
	g_autofree char *quoted = text_quote(name);
	g_autofree char *hint = text_did_you_mean(name, checks);

	return refuse(error, "%s: no check is named %s%s; there are: all %s", where, quoted,
		      hint, all);
}

gboolean request_add_checks(GPtrArray *forced, const char *where, const char *const *names,
			    GError **error)
{
	const char *const *checks = takeover_checks();

	for (guint i = 0; names && names[i]; i++) {
		gboolean all = g_str_equal(names[i], "all");

		if (!*names[i])
			continue;
		if (!all && !g_strv_contains(checks, names[i]))
			return refuse_check(where, names[i], error);
		for (guint j = 0; checks[j]; j++)
			if (all || g_str_equal(checks[j], names[i]))
				g_ptr_array_add(forced, (gpointer)checks[j]);
	}
	return TRUE;
}

static gboolean take_forced(Request *request, GError **error)
{
	const char *text = request_text(request, OPTION_FORCE);
	g_auto(GStrv) names = g_strsplit(text ? text : "", ",", -1);

	request->forced = g_ptr_array_new();
	return request_add_checks(request->forced, "--force", (const char *const *)names,
				  error);
}

static gboolean take_old(const Request *request, GError **error)
{
	static const char *const places[] = { "keep", "last", "drop", NULL };
	const char *text = request_text(request, OPTION_OLD);
	g_autofree char *quoted = NULL;

	if (!text || g_strv_contains(places, text))
		return TRUE;
	quoted = text_quote(text);
	return refuse(error, "--old must be keep, last or drop, not %s", quoted);
}

static gboolean take_hooks(Request *request, GError **error)
{
	const char *without = request_text(request, OPTION_WITHOUT);
	const char *set = request_text(request, OPTION_SET);

	request->without = without ? g_strsplit(without, ",", -1) : NULL;
	request->set = set ? g_strsplit(set, "\n", -1) : NULL;
	for (guint i = 0; request->set && request->set[i]; i++) {
		const char *dot = strchr(request->set[i], '.');
		const char *equals = strchr(request->set[i], '=');
		g_autofree char *quoted = NULL;

		if (dot && equals && dot > request->set[i] && dot + 1 < equals)
			continue;
		quoted = text_quote(request->set[i]);
		return refuse(error, "--set is HOOK.KEY=VALUE, and not %s", quoted);
	}
	return TRUE;
}

/* The steps that alone are run.  NULL: all. */
static const char *only_of(const Request *request)
{
	if (request->check)
		return "check";
	if (given(request, OPTION_LITEONLY))
		return "check,statelite";
	return request_text(request, OPTION_ONLY);
}

/* All values of the options. */
static gboolean take_values(Request *request, GError **error)
{
	request->check = given(request, OPTION_CHECK);
	request->planning = request->check || given(request, OPTION_PLAN);
	request->json = given(request, OPTION_JSON);
	request->verbose = given(request, OPTION_VERBOSE);
	request->fold = given(request, OPTION_FOLD);
	request->probe = given(request, OPTION_PROBE);
	request->said = given(request, OPTION_ALIVE)  ? MODE_SAID_ALIVE
			: given(request, OPTION_DEAD) ? MODE_SAID_DEAD
						      : MODE_SAID_NOTHING;
	request->skip = steps_of(request->verb, request_text(request, OPTION_SKIP));
	request->hook = hook_of(request);
	request->only = request->hook ? NULL : steps_of(request->verb, only_of(request));
	request->rows_only = !request->check && request->only && are_rows(request->only);
	return take_run(request, error) && take_batches(request, error) &&
	       take_hooks(request, error) && take_forced(request, error) &&
	       take_old(request, error) &&
	       take_number(request, OPTION_FANOUT, REMOTE_FANOUT_MOST, 1, &request->fanout,
			   error) &&
	       take_number(request, OPTION_TIMEOUT, REMOTE_SECONDS_MOST, 1000, &request->time,
			   error);
}

/* ---- What goes with what ---- */

static gboolean find_verb(Request *request, GError **error)
{
	request->verb = VERB_MOVE;
	for (guint i = VERB_MOVE + 1; i < VERBS; i++) {
		if (!given(request, verbs[i].option))
			continue;
		if (request->verb != VERB_MOVE)
			return refuse(error, "--%s and --%s are two commands: give one of them",
				      options_name(verbs[request->verb].option),
				      options_name(verbs[i].option));
		request->verb = (Verb)i;
	}
	request->needs_database = verbs[request->verb].database;
	return TRUE;
}

static gboolean is_number(const char *text)
{
	return *text && !text[strspn(text, "0123456789")];
}

static gboolean check_operands(Request *request, GError **error)
{
	char **operands = request->options.operands;
	guint n = g_strv_length(operands);
	const char *name =
		request->verb == VERB_MOVE ? NULL : options_name(verbs[request->verb].option);
	g_autofree char *quoted = n ? text_quote(operands[0]) : NULL;

	request->operand = operands[0];
	if (n > 0 && name && request->verb != VERB_HISTORY && is_number(operands[0]))
		return refuse(error, "--%s %s: the number of a run is joined: --%s=%s", name,
			      operands[0], name, operands[0]);
	if (n > 0 && !verbs[request->verb].operand)
		return refuse(error, "--%s takes no noderange: %s", name, quoted);
	if (n > 1)
		return refuse(error,
			      "one noderange at a time, not %u: join them with commas; if a "
			      "shell made them of [...], put the noderange in quotes",
			      n);
	return TRUE;
}

/* "a move", "--undo" */
static char *verb_words(Verb verb)
{
	return verb == VERB_MOVE ? g_strdup("a move")
				 : g_strconcat("--", options_name(verbs[verb].option), NULL);
}

static gboolean check_belonging(const Request *request, GError **error)
{
	for (gsize i = 0; i < G_N_ELEMENTS(belongs); i++) {
		g_autofree char *wanted = verb_words(belongs[i].verb);
		g_autofree char *is = verb_words(request->verb);

		if (given(request, belongs[i].option) && request->verb != belongs[i].verb &&
		    !(belongs[i].others & WITH(request->verb)))
			return refuse(error, "--%s is for %s, and not for %s",
				      options_name(belongs[i].option), wanted, is);
	}
	return TRUE;
}

static void take_first(const char *name, const char *text, gpointer data)
{
	const char **first = data;

	(void)text;
	if (!*first)
		*first = name;
}

/* A procedure's own options are for its move; a resume goes on with those of its run. */
static gboolean check_own(const Request *request, GError **error)
{
	const char *first = NULL;
	g_autofree char *is = verb_words(request->verb);

	options_each_own(&request->options, take_first, &first);
	if (!first || request->verb == VERB_MOVE)
		return TRUE;
	return refuse(error, "--%s is an option of the procedure's moves, and not for %s",
		      first, is);
}

static gboolean check_verb(const Request *request, GError **error)
{
	const char *name =
		request->verb == VERB_MOVE ? NULL : options_name(verbs[request->verb].option);

	if (given(request, OPTION_PLAN) && !verbs[request->verb].plan)
		return refuse(
			error,
			"--plan is for a move, for --undo and --reconcile: --%s has no plan",
			name);
	if (given(request, OPTION_JSON) && !verbs[request->verb].json)
		return refuse(error,
			      "--json is for --explain, --verify, --status, --history and "
			      "--show in this version");
	return check_belonging(request, error) && check_own(request, error);
}

static gboolean check_both(const Request *request, OptionId a, OptionId b, GError **error)
{
	if (!given(request, a) || !given(request, b))
		return TRUE;
	return refuse(error, "--%s and --%s: give one of them", options_name(a),
		      options_name(b));
}

/* One hook goes by the last run of its nodes. */
static gboolean check_hook(const Request *request, GError **error)
{
	static const OptionId servers[] = { OPTION_SOURCE, OPTION_SOURCEN, OPTION_DEST,
					    OPTION_DESTN,  OPTION_OLD,	   OPTION_POSTSCRIPTS };
	const char *only = request_text(request, OPTION_ONLY);

	if (!only || !g_str_has_prefix(only, HOOK) || request->verb == VERB_VERIFY)
		return TRUE;
	if (!only[strlen(HOOK)] || strchr(only, ','))
		return refuse(error, "--only hook:NAME names one hook, and no step beside it");
	for (gsize i = 0; i < G_N_ELEMENTS(servers); i++)
		if (given(request, servers[i]))
			return refuse(error,
				      "--only hook:NAME takes the service nodes from the last "
				      "run of the nodes: --%s is not for it",
				      options_name(servers[i]));
	if (!request->operand)
		return refuse(error, "--only hook:NAME: name the nodes");
	return TRUE;
}

/* The rules of xCAT's command; then what is not done yet. */
static gboolean check_usage(const Request *request, GError **error)
{
	OptionId later = options_not_yet(&request->options);

	if (given(request, OPTION_IGNORENODES) && given(request, OPTION_POSTSCRIPTS))
		return refuse(error,
			      "-i does nothing on the nodes, so -P has nothing to run: give "
			      "one of them");
	if (given(request, OPTION_RECORD) && !given(request, OPTION_PLAN) &&
	    !given(request, OPTION_CHECK))
		return refuse(error, "--record is for a plan or a check: give --plan, too");
	if (later != OPTIONS)
		return refuse(error, "--%s is not in this version yet", options_name(later));
	if (!check_both(request, OPTION_ALIVE, OPTION_DEAD, error) ||
	    !check_both(request, OPTION_SKIP, OPTION_ONLY, error) ||
	    !check_both(request, OPTION_CHECK, OPTION_ONLY, error) ||
	    !check_both(request, OPTION_LITEONLY, OPTION_ONLY, error) ||
	    !check_both(request, OPTION_LITEONLY, OPTION_SKIP, error) ||
	    !check_hook(request, error))
		return FALSE;
	if (request->verb == VERB_MOVE && !request->operand && !given(request, OPTION_SOURCE))
		return refuse(error,
			      "name the nodes to move, or with -s the service node they leave");
	return TRUE;
}

static char *make_command(const Request *request)
{
	static const OptionId places[] = { OPTION_CONFIG, OPTION_STATE, OPTION_DB };
	GString *command = g_string_new("snmove");

	for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
		const char *text = request_text(request, places[i]);
		g_autofree char *word = text ? text_shell_word(text) : NULL;

		if (text)
			g_string_append_printf(command, " --%s%c%s", options_name(places[i]),
					       *text == '-' ? '=' : ' ', word);
	}
	return g_string_free(command, FALSE);
}

/* The procedure that is named, by the options or by the site.  Gives the path; NULL without an
 * error: none is. */
static char *find_script(char **argv, GError **error)
{
	g_auto(Config) config = { 0 };
	const char *typed = options_peek(argv, OPTION_SCRIPT);

	if (typed)
		return g_strdup(typed);
	if (!program_configure(&config, options_peek(argv, OPTION_CONFIG),
			       options_peek(argv, OPTION_DB), options_peek(argv, OPTION_STATE),
			       error))
		return NULL;
	return g_strdup(config.script);
}

/* FALSE: they could not be read, and `error` says why.  `script` NULL: no procedure is named.
 */
static gboolean read_own(char **argv, char **script, GArray **own, GError **error)
{
	g_autoptr(GError) problem = NULL;

	*script = find_script(argv, &problem);
	*own = *script ? procedure_declared(*script, &problem) : NULL;
	if (!problem)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&problem));
	return FALSE;
}

/* What is no option of the table may be one of the procedure: this is only loaded for that, and
 * for --help. */
static gboolean parse_options(Request *request, int argc, char **argv, GError **error)
{
	g_autoptr(GError) unknown = NULL, unread = NULL;
	g_autofree char *script = NULL;
	g_autoptr(GArray) own = NULL;
	gboolean parsed = options_parse(&request->options, argc, argv, NULL, NULL, &unknown);

	if (parsed ? !given(request, OPTION_HELP)
		   : !g_error_matches(unknown, OPTIONS_ERROR, OPTIONS_ERROR_UNKNOWN)) {
		if (unknown)
			g_propagate_error(error, g_steal_pointer(&unknown));
		return parsed;
	}
	if (!read_own(argv, &script, &own, &unread)) {
		if (parsed)
			talk_warning("the procedure's own options are not known: %s",
				     unread->message);
		else
			refuse(error, "%s; the procedure's own options are not known: %s",
			       unknown->message, unread->message);
		return parsed;
	}
	options_clear(&request->options);
	return options_parse(&request->options, argc, argv, own, script, error);
}

gboolean request_parse(Request *request, int argc, char **argv, GError **error)
{
	memset(request, 0, sizeof(*request));
	request->program = "snmove";
	request->argv = argv;
	if (!parse_options(request, argc, argv, error))
		return FALSE;
	request->command = make_command(request);
	/* Who asks for help gets it, whatever else is wrong. */
	if (given(request, OPTION_HELP) || given(request, OPTION_VERSION))
		return TRUE;
	return find_verb(request, error) && check_operands(request, error) &&
	       check_verb(request, error) && check_usage(request, error) &&
	       take_values(request, error);
}

gboolean request_take(Request *request, GError **error)
{
	request->command = make_command(request);
	request->needs_database = TRUE;
	return take_values(request, error);
}

/* Of what the options say; they themselves stay. */
static void clear_values(Request *request)
{
	g_clear_pointer(&request->skip, g_strfreev);
	g_clear_pointer(&request->only, g_strfreev);
	g_clear_pointer(&request->hook, g_free);
	g_clear_pointer(&request->without, g_strfreev);
	g_clear_pointer(&request->set, g_strfreev);
	g_clear_pointer(&request->forced, g_ptr_array_unref);
	g_clear_pointer(&request->batches, batches_free);
	request->max_fail = (BatchesShare){ 0 };
}

void request_clear(Request *request)
{
	clear_values(request);
	g_clear_pointer(&request->command, g_free);
	options_clear(&request->options);
}

gboolean request_recall(Request *request, GHashTable *recorded, GError **error)
{
	char **texts = request->options.texts;

	clear_values(request);
	for (guint i = 0; i < OPTIONS; i++) {
		const char *text = g_hash_table_lookup(recorded, options_name((OptionId)i));
		g_autofree char *typed = NULL;

		if (!text || (texts[i] && i != OPTION_FORCE))
			continue;
		typed = texts[i];
		texts[i] = typed ? g_strconcat(text, ",", typed, NULL) : g_strdup(text);
	}
	return take_values(request, error);
}
