/* Commands on hosts: not run twice, and undone by commands of their own. */
#include "core/base.h"
#include "core/run/call.h"
#include <string.h>

/* More of a result is not kept for a run that goes on. */
#define KEPT ((gsize)1 << 16)

/* A text of the call, and that of the run which is the same. */
typedef struct {
	const char *text, *kept;
} Kept;

/* What all hosts of a call share. */
typedef struct {
	GBytes *script;	 /* NULL: each has its own */
	char *input;	 /* digest of the standard input; likewise */
	GArray *unknown; /* places where nobody knows how it ended, and that are asked */
	Kept undo, done, question;
} Shared;

static void shared_clear(Shared *shared)
{
	g_clear_pointer(&shared->script, g_bytes_unref);
	g_clear_pointer(&shared->input, g_free);
	g_clear_pointer(&shared->unknown, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Shared, shared_clear)

static const RunCommand *request_of(const Call *call)
{
	return call->request;
}

/* What is asked of one host. */
static const RunCommand *command_of(const Call *call, guint place)
{
	const RunCommand *request = request_of(call);

	return request->each ? request->each[place] : request;
}

/* Gives the text; NULL: there is no input. */
static char *digest_of(const RunCommand *command)
{
	return command->input ? change_digest(command->input, command->input_length) : NULL;
}

/* Gives the text. */
static char *known_by(const Call *call, guint place)
{
	const RunCommand *command = command_of(call, place);
	g_autofree char *own = command == call->request ? NULL : digest_of(command);

	return change_command_known_by(command->command,
				       own ? own : ((Shared *)call->own)->input);
}

/* What is the same for all hosts is looked for once: as long as the list of hosts, and looked
 * for by each of them, the input of a question would cost their square. */
static const char *keep(Call *call, Kept *last, const char *text)
{
	if (text != last->text)
		*last = (Kept){ text, door_keep(call->run, text) };
	return last->kept;
}

static void add_change(Call *call, guint place)
{
	const RunCommand *request = command_of(call, place);
	Shared *shared = call->own;
	g_autofree char *digest = NULL;
	Change *change = call_add(call, place, request->command, call->places[place].ordinal);
	ChangeCommand *command = change_command(change);

	digest = request == call->request ? g_strdup(shared->input) : digest_of(request);
	command->input = door_keep(call->run, digest);
	command->says = door_keep(call->run, request->says);
	command->undo = keep(call, &shared->undo, request->undo);
	command->done = keep(call, &shared->done, request->done);
	command->repeatable = request->repeatable;
	command->undo_always = request->undo_always;
	command->undo_last = request->undo_last;
	command->if_host = door_keep(call->run, request->undo_if.host);
	command->if_command = door_keep(call->run, request->undo_if.command);
	command->if_input = keep(call, &shared->question, request->undo_if.input);
	if (request_of(call)->undone)
		command->undoes = (guint64)request_of(call)->undone[place]->number;
	command->status = -1;
}

static void add_bytes(GString *text, GBytes *bytes)
{
	gsize length = 0;
	const char *data = bytes ? g_bytes_get_data(bytes, &length) : NULL;

	g_string_append_len(text, data, (gssize)length);
}

static void give_recorded(Call *call, guint place, const Change *before)
{
	const ChangeCommand *command = change_command(before);
	RemoteResult *result;

	call_result(call, place, REMOTE_OK, command->status, NULL);
	result = call->places[place].result;
	result->begun = TRUE;
	add_bytes(result->out, command->out);
	add_bytes(result->err, command->err);
	result->out_lost = command->out_lost;
	result->err_lost = command->err_lost;
}

/* What is to be done on a host where the command was begun before. */
static void take_up(Call *call, guint place, const Change *before)
{
	const RunCommand *request = command_of(call, place);
	Shared *shared = call->own;

	if (before->state == CHANGE_DONE)
		give_recorded(call, place, before);
	else if (before->state == CHANGE_UNKNOWN && request->done)
		g_array_append_val(shared->unknown, place);
	else if (before->state == CHANGE_FAILED || before->state == CHANGE_UNDONE ||
		 request->repeatable) /* a change of its own: how the first one ended stays
				       * unknown */
		add_change(call, place);
	else
		call_result(call, place, REMOTE_UNKNOWN, -1,
			    "begun before, and nobody knows how it ended: look there");
}

/* What an earlier attempt has made of it, or NULL.  One by an older version of the program is
 * known without its input. */
static Change *find_before(Call *call, guint place, const char *known_by)
{
	const RunHost *host = call->places[place].host;
	const char *command = command_of(call, place)->command;
	guint ordinal = call->places[place].ordinal;
	Change *before = recall_find(call->run, CHANGE_COMMAND, host->name, known_by,
				     host->node, ordinal);

	return before || g_str_equal(command, known_by)
		       ? before
		       : recall_find(call->run, CHANGE_COMMAND, host->name, command, host->node,
				     ordinal);
}

static gboolean sort_out(Call *call, guint place, GError **error)
{
	g_autofree char *known = known_by(call, place);
	CallPlace *at = &call->places[place];
	Change *before;

	(void)error;
	at->ordinal = recall_ordinal(call->run, CHANGE_COMMAND, at->host->name, known,
				     at->host->node);
	before = find_before(call, place, known);
	at->own = before;
	if (before)
		take_up(call, place, before);
	else
		add_change(call, place);
	return TRUE;
}

static gboolean take_answer(Call *call, guint place, const RemoteResult *answer, GError **error)
{
	g_autoptr(GPtrArray) changes = g_ptr_array_new();

	if (answer->error == REMOTE_STOPPED) {
		call_result(call, place, REMOTE_STOPPED, -1, answer->message);
	} else if (answer->error != REMOTE_OK) {
		call_result(call, place, REMOTE_UNKNOWN, -1,
			    "begun before; and it does not answer now");
	} else if (answer->status != 0) {
		add_change(call, place);
	} else {
		call_result(call, place, REMOTE_OK, 0, NULL);
		g_ptr_array_add(changes, call->places[place].own);
		call->run->done++;
		return door_settle(call->run, changes, CHANGE_DONE, error);
	}
	return TRUE;
}

/* The places of `unknown` from `first` on that have the same question.  Gives their number. */
static guint same_question_from(const Call *call, const GArray *unknown, guint first)
{
	const char *done = command_of(call, g_array_index(unknown, guint, first))->done;
	guint n = 1;

	while (first + n < unknown->len &&
	       g_str_equal(done,
			   command_of(call, g_array_index(unknown, guint, first + n))->done))
		n++;
	return n;
}

/* `done` is asked on the hosts where nobody knows: status 0 says yes. */
static gboolean ask_some(Call *call, const guint *places, guint n, GError **error)
{
	g_autofree RunHost *hosts = g_new0(RunHost, n);
	g_autoptr(GPtrArray) answers = NULL;

	for (guint i = 0; i < n; i++)
		hosts[i] = *call->places[places[i]].host;
	answers = call_ask(call->run, hosts, n, command_of(call, places[0])->done, NULL,
			   &call->limits, error);
	for (guint i = 0; answers && i < n; i++)
		if (!take_answer(call, places[i], answers->pdata[i], error))
			return FALSE;
	return answers != NULL;
}

static gboolean ask(Call *call, GError **error)
{
	const GArray *unknown = ((Shared *)call->own)->unknown;
	guint n;

	for (guint i = 0; i < unknown->len; i += n) {
		n = same_question_from(call, unknown, i);
		if (!ask_some(call, &g_array_index(unknown, guint, i), n, error))
			return FALSE;
	}
	return TRUE;
}

static GBytes *script_of(const RunCommand *command, GError **error)
{
	GString *text = remote_script(command->command, command->environment, command->input,
				      command->input_length, error);

	return text ? g_string_free_to_bytes(text) : NULL;
}

static GBytes *script(Call *call, guint place, GError **error)
{
	const Shared *shared = call->own;

	return shared->script ? g_bytes_ref(shared->script)
			      : script_of(command_of(call, place), error);
}

static gboolean accepts(const Call *call, guint place, int status)
{
	return run_accepts(command_of(call, place), status);
}

static GBytes *kept_bytes(const GString *text)
{
	return g_bytes_new(text->str, MIN(text->len, KEPT));
}

static ChangeState judge(Call *call, guint place, RemoteResult *result)
{
	ChangeCommand *command = change_command(call->places[place].changes->pdata[0]);

	command->status = result->status;
	command->out = kept_bytes(result->out);
	command->err = kept_bytes(result->err);
	command->out_lost = result->out_lost + result->out->len - MIN(result->out->len, KEPT);
	command->err_lost = result->err_lost + result->err->len - MIN(result->err->len, KEPT);
	if (result->error != REMOTE_OK)
		return CHANGE_UNKNOWN;
	return accepts(call, place, result->status) ? CHANGE_DONE : CHANGE_FAILED;
}

static char *words(const Call *call, guint place)
{
	const RunCommand *command = command_of(call, place);
	g_autofree char *text = change_command_text(command->command, command->says);

	return g_strdup_printf("'%s'", text);
}

/* As older versions of the program knew one without an input. */
static char *debt_known_by(const Call *call, guint place)
{
	g_autofree char *known = known_by(call, place);
	g_autofree char *line = g_strdelimit(g_strdup(known), "\n", ' ');

	return g_strdup_printf("'%s'", line);
}

static const CallClass call_class = {
	.kind = CHANGE_COMMAND,
	.sort_out = sort_out,
	.ask = ask,
	.script = script,
	.judge = judge,
	.accepts = accepts,
	.words = words,
	.known_by = debt_known_by,
};

static gboolean check_one(const RunCommand *command, GError **error)
{
	return door_check_no_secret(command->command, "a command", error) &&
	       door_check_no_secret(command->undo, "the undo of a command", error) &&
	       door_check_no_secret(command->done, "a question", error) &&
	       door_check_no_secret(command->undo_if.command, "a question", error) &&
	       door_check_no_secret(command->undo_if.input, "the input of a question", error);
}

static gboolean check(const RunCommand *command, GError **error)
{
	if (!command->each)
		return check_one(command, error);
	for (guint i = 0; i < command->n; i++)
		if (!check_one(command->each[i], error))
			return FALSE;
	return TRUE;
}

GPtrArray *run_command(Run *run, const RunCommand *command, GError **error)
{
	g_auto(Shared) shared = { 0 };

	if (!door_check_allowed(run, error) || !check(command, error))
		return NULL;
	if (!command->each) {
		shared.script = script_of(command, error);
		if (!shared.script)
			return NULL;
		shared.input = digest_of(command);
	}
	shared.unknown = g_array_new(FALSE, FALSE, sizeof(guint));
	return call_make(run, &call_class, command->hosts, command->n, command, &shared,
			 &command->limits, error);
}

/* ---- An undo ---- */

static const char *undo_of(const Change *change)
{
	return change_command(change)->undo;
}

/* The journal gives the same long text to all that have it. */
static gboolean same(const char *a, const char *b)
{
	return a == b || g_strcmp0(a, b) == 0;
}

static gboolean same_question(const ChangeCommand *a, const ChangeCommand *b)
{
	return same(a->if_host, b->if_host) && same(a->if_command, b->if_command) &&
	       same(a->if_input, b->if_input);
}

static gboolean fits(const GPtrArray *first, const GPtrArray *second)
{
	const Change *a = first->pdata[0], *b = second->pdata[0];

	return same(undo_of(a), undo_of(b)) && same(a->target, b->target) &&
	       same_question(change_command(a), change_command(b));
}

static gboolean waits(const Change *change)
{
	return change_command(change)->undo_last;
}

#define SHOWN 200 /* bytes of an undo, or of what it said, in a message */

/* What takes it back, as it can be typed; a script is told by what it takes back. */
static char *undo_words(const Change *change)
{
	const char *says = change_command(change)->says;
	g_autofree char *quoted = NULL;

	if (strlen(undo_of(change)) <= SHOWN)
		return text_quote(undo_of(change));
	quoted = text_quote(says ? says : change->target);
	return g_strdup_printf("the undo of %s", quoted);
}

/* Its last words. */
static char *said_last(const RemoteResult *result)
{
	const GString *said = result->err->len > 0 ? result->err : result->out;
	g_autofree char *text = g_strndup(said->str, said->len);
	gsize length = strlen(g_strchomp(text));

	return text_plain(length > SHOWN ? text + length - SHOWN : text);
}

static void owe(Undo *undo, const Change *change, const char *why)
{
	g_autofree char *command = undo_words(change);

	undo_owe(undo, change,
		 g_strdup_printf("%s is to be run, to take %s back: %s", command, change->step,
				 why));
}

/* TRUE: it is undone. */
static gboolean is_undone(Undo *undo, const Change *change, const RemoteResult *result)
{
	g_autofree char *command = undo_words(change);
	g_autofree char *said = NULL;

	if (result->error == REMOTE_OK && result->status == 0)
		return TRUE;
	if (result->error != REMOTE_OK) {
		owe(undo, change, remote_error_name(result->error));
		return FALSE;
	}
	said = said_last(result);
	undo_leave(undo, change,
		   g_strdup_printf("left as it is: %s failed with status %d: %s", command,
				   result->status, said));
	return FALSE;
}

/* What an answer to the question of `undo_if` says against it.  Gives the text; NULL: nothing.
 */
static char *objection(const ChangeCommand *command, const char *host,
		       const RemoteResult *answer)
{
	g_autofree char *question = strlen(command->if_command) <= SHOWN
					    ? text_quote(command->if_command)
					    : g_strdup("the question before it");
	g_autofree char *said = NULL;

	if (answer->error != REMOTE_OK)
		return g_strdup_printf("%s on %s: %s", question, host,
				       remote_error_name(answer->error));
	/* Somebody's `no` may be in what was not kept, or stand behind a zero byte. */
	if (answer->out_lost > 0 || strlen(answer->out->str) != answer->out->len)
		return g_strdup_printf("%s on %s said more than can be read", question, host);
	if (answer->status == 0)
		return NULL;
	said = said_last(answer);
	return g_strdup_printf("%s on %s said no, with status %d%s%s", question, host,
			       answer->status, *said ? ": " : "", said);
}

/* What it says of single nodes, a line each: `no NODE WORDS` or `yes NODE`. */
typedef struct {
	GHashTable *words;  /* NODE -> why not; "": it may */
	gboolean names_all; /* there is a yes: who is not named may not */
} Said;

static void said_clear(Said *said)
{
	g_clear_pointer(&said->words, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Said, said_clear)

static void take_said(Said *said, const RemoteResult *answer)
{
	g_auto(GStrv) lines = g_strsplit(answer->out->str, "\n", -1);

	said->words = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	for (guint i = 0; lines[i]; i++) {
		g_auto(GStrv) words = g_strsplit(lines[i], " ", 3);
		guint n = g_strv_length(words);
		gboolean yes = n == 2 && g_str_equal(words[0], "yes");

		said->names_all = said->names_all || yes;
		if (yes || (n == 3 && g_str_equal(words[0], "no")))
			g_hash_table_replace(said->words, g_strdup(words[1]),
					     yes ? g_strdup("") : text_plain(words[2]));
	}
}

/* Gives the text; NULL: nothing is said against this node. */
static char *said_of(const Said *said, const Change *change)
{
	const char *words = NULL;

	if (!said->words || !change->node)
		return NULL;
	words = g_hash_table_lookup(said->words, change->node);
	if (!words && said->names_all)
		return g_strdup("the question before it said nothing of this node");
	return words && *words ? g_strdup(words) : NULL;
}

/* The question is asked where it says, or on each host.  Those that may not be undone now are
 * owed, and taken out. */
static gboolean ask_whether(Undo *undo, GPtrArray *changes, GError **error)
{
	const Change *first = changes->pdata[0];
	const ChangeCommand *command = change_command(first);
	guint n = command->if_host ? 1 : changes->len, kept = 0;
	g_autofree RunHost *hosts = g_new0(RunHost, n);
	g_autoptr(GPtrArray) answers = NULL;
	g_auto(Said) said = { 0 };

	for (guint i = 0; i < n; i++) {
		const Change *change = changes->pdata[i];

		if (command->if_host)
			hosts[i].name = command->if_host;
		else
			hosts[i] = (RunHost){ .name = change->host, .via = change->via };
	}
	answers = call_ask(undo->run, hosts, n, command->if_command, command->if_input,
			   &undo->run->limits, error);
	if (answers && command->if_host)
		take_said(&said, answers->pdata[0]);
	for (guint i = 0; answers && i < changes->len; i++) {
		Change *change = changes->pdata[i];
		guint which = MIN(i, n - 1);
		g_autofree char *why =
			objection(command, hosts[which].name, answers->pdata[which]);

		if (!why)
			why = said_of(&said, change);
		if (why)
			owe(undo, change, why);
		else
			changes->pdata[kept++] = change;
	}
	g_ptr_array_set_size(changes, (int)kept);
	return answers != NULL;
}

/* Their undos in one call.  Gives an array of results. */
static GPtrArray *run_undos(Undo *undo, const GPtrArray *changes, GError **error)
{
	g_autofree RunHost *hosts = g_new0(RunHost, changes->len);
	RunCommand request = { .hosts = hosts,
			       .n = changes->len,
			       .command = undo_of(changes->pdata[0]),
			       .undone = (const Change *const *)changes->pdata,
			       .limits = undo->run->limits };

	for (guint i = 0; i < changes->len; i++) {
		const Change *change = changes->pdata[i];

		hosts[i] = (RunHost){ .name = change->host,
				      .via = change->via,
				      .node = change->node };
	}
	return run_command(undo->run, &request, error);
}

static gboolean undo_changes(Undo *undo, const GPtrArray *changes, GError **error)
{
	g_autoptr(GPtrArray) undone = g_ptr_array_new();
	g_autoptr(GPtrArray) results = run_undos(undo, changes, error);

	for (guint i = 0; results && i < results->len; i++)
		if (is_undone(undo, changes->pdata[i], results->pdata[i]))
			g_ptr_array_add(undone, changes->pdata[i]);
	return results && undo_taken(undo, undone, error);
}

static gboolean undo_commands(Undo *undo, const UndoGroup *group, GError **error)
{
	g_autoptr(GPtrArray) changes = g_ptr_array_new();

	for (guint i = 0; i < group->items->len; i++)
		g_ptr_array_add(changes, (gpointer)undo_first(group, i));
	if (change_command(changes->pdata[0])->if_command && !ask_whether(undo, changes, error))
		return FALSE;
	return changes->len == 0 || undo_changes(undo, changes, error);
}

/* What an undo that was killed had begun to take back: its number -> the command for that. */
static GHashTable *undos_begun(const GPtrArray *undoing)
{
	GHashTable *begun = g_hash_table_new(g_int64_hash, g_int64_equal);

	for (guint i = 0; i < undoing->len; i++) {
		Change *change = undoing->pdata[i];

		if (change->state != CHANGE_FAILED)
			g_hash_table_replace(begun, &change_command(change)->undoes, change);
	}
	return begun;
}

static gboolean settle_undo(Run *run, const GPtrArray *undoing, const GPtrArray *target,
			    GError **error)
{
	g_autoptr(GHashTable) begun = undos_begun(undoing);
	g_autoptr(GPtrArray) undone = g_ptr_array_new();
	g_autoptr(GPtrArray) unknown = g_ptr_array_new();

	for (guint i = 0; i < target->len; i++) {
		Change *change = target->pdata[i];
		const Change *back = g_hash_table_lookup(begun, &change->number);

		if (back && change->state == CHANGE_DONE)
			g_ptr_array_add(back->state == CHANGE_DONE ? undone : unknown, change);
	}
	return door_settle(run, undone, CHANGE_UNDONE, error) &&
	       door_settle(run, unknown, CHANGE_UNKNOWN, error);
}

static gint64 undoes(const Change *change)
{
	return (gint64)change_command(change)->undoes;
}

const RunKind run_command_kind = {
	.settle = kind_settle_unknown,
	.recall = kind_recall_on_host,
	.fits = fits,
	.waits = waits,
	.undo = undo_commands,
	.settle_undo = settle_undo,
	.undoes = undoes,
};
