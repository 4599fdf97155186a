#include "lua/command/mode.h"
#include "core/base.h"
#include "core/noderange.h"
#include "lua/terminal/talk.h"
#include <string.h>

G_DEFINE_QUARK(snmove_mode_error, mode_error)

typedef enum {
	SILENT,	 /* nothing of it answers */
	ANSWERS, /* something does, but we cannot work there */
	ALIVE,	 /* a shell answers */
} Look;

typedef struct {
	const char *name;
	Look look;
	char *evidence;
} Seen;

static void seen_free(gpointer data)
{
	Seen *seen = data;

	g_free(seen->evidence);
	g_free(seen);
}

static GPtrArray *run_at_once(BindingContext *context, const GPtrArray *hosts,
			      const GPtrArray *commands, guint time)
{
	g_autofree RemoteTask *tasks = g_new0(RemoteTask, hosts->len + 1);
	g_autoptr(GPtrArray) scripts = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) problem = NULL;
	GPtrArray *results;
	RemoteLimits limits = { .connect_time = MIN(time, context->limits.connect_time),
				.login_time = time,
				.time = time,
				.total_time = time };

	for (guint i = 0; i < hosts->len; i++) {
		GString *script = remote_script(commands->pdata[i], NULL, NULL, 0, NULL);

		tasks[i] = (RemoteTask){ .host = hosts->pdata[i],
					 .script = script->str,
					 .length = script->len };
		g_ptr_array_add(scripts, g_string_free(script, FALSE));
	}
	results = remote_run(context->remote, tasks, hosts->len, &limits, NULL, &problem);
	if (!results)
		talk_warning("cannot check whether a service node is alive: %s",
			     problem->message);
	return results;
}

static Look look_of(const RemoteResult *result)
{
	switch (result->error) {
	case REMOTE_OK:
		return ALIVE;
	case REMOTE_UNRESOLVED:
	case REMOTE_UNREACHABLE:
	case REMOTE_TIMEOUT:
	case REMOTE_DEAD:
		return SILENT;
	default:
		return ANSWERS;
	}
}

static char *ssh_words(const RemoteResult *result)
{
	if (result->error == REMOTE_OK)
		return g_strdup_printf("a shell answers (%s)", result->transport);
	return g_strdup_printf("ssh: %s%s%s", remote_error_name(result->error),
			       result->message ? ", " : "",
			       result->message ? result->message : "");
}

/* Which of its addresses each question is about. */
static void add_pings(BindingContext *context, Seen *seen, GPtrArray *hosts,
		      GPtrArray *commands, GPtrArray *about)
{
	const char *const *addresses = hosts_addresses(context->hosts, seen->name, NULL);

	for (guint i = 0; addresses && addresses[i]; i++) {
		const char *const words[] = { "ping", "-n", "-q", "-c",		"2", "-i",
					      "0.3",  "-W", "1",  addresses[i], NULL };

		g_ptr_array_add(hosts, (gpointer) "localhost");
		g_ptr_array_add(commands, remote_words(words));
		g_ptr_array_add(about, seen);
	}
}

/* A host whose sshd hangs may well go on to lease addresses: it is asked otherwise, too. */
static void ping_silent(BindingContext *context, GPtrArray *all)
{
	g_autoptr(GPtrArray) hosts = g_ptr_array_new();
	g_autoptr(GPtrArray) commands = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) about = g_ptr_array_new();
	g_autoptr(GPtrArray) results = NULL;

	for (guint i = 0; i < all->len; i++)
		if (((Seen *)all->pdata[i])->look == SILENT)
			add_pings(context, all->pdata[i], hosts, commands, about);
	results = hosts->len ? run_at_once(context, hosts, commands, MODE_PING_TIME) : NULL;
	for (guint i = 0; results && i < results->len; i++) {
		const RemoteResult *result = results->pdata[i];
		Seen *seen = about->pdata[i];
		g_autofree char *before = g_steal_pointer(&seen->evidence);
		gboolean answers = result->error == REMOTE_OK && result->status == 0;

		if (answers)
			seen->look = ANSWERS;
		seen->evidence = g_strdup_printf(
			"%s; %s", before,
			result->status == 127 ? "no ping program is here to ask otherwise"
			: answers	      ? "but it answers a ping"
					      : "no answer to a ping");
	}
}

/* Gives an array of Seen: of each service node that is not this machine. */
static GPtrArray *look_at(BindingContext *context, const char *const *names)
{
	GPtrArray *all = g_ptr_array_new_with_free_func(seen_free);
	g_autoptr(GPtrArray) hosts = g_ptr_array_new();
	g_autoptr(GPtrArray) commands = g_ptr_array_new();
	g_autoptr(GPtrArray) results = NULL;

	for (guint i = 0; names[i]; i++) {
		if (!*names[i]) /* no service node: the management node serves */
			continue;
		g_ptr_array_add(hosts, (gpointer)names[i]);
		g_ptr_array_add(commands, (gpointer) "true");
	}
	results = hosts->len ? run_at_once(context, hosts, commands, MODE_SSH_TIME) : NULL;
	for (guint i = 0; results && i < results->len; i++) {
		Seen *seen = g_new0(Seen, 1);

		seen->name = hosts->pdata[i];
		seen->look = look_of(results->pdata[i]);
		seen->evidence = ssh_words(results->pdata[i]);
		g_ptr_array_add(all, seen);
	}
	ping_silent(context, all);
	return all;
}

/* hosts.otherinterfaces: "name:address,-suffix:address": more names of the same host. */
static void add_other_names(BindingContext *context, const char *name, GPtrArray *names)
{
	const char *text =
		cluster_attribute(context->cluster, name, "hosts", "otherinterfaces", NULL);
	g_auto(GStrv) each = text ? g_strsplit(text, ",", -1) : NULL;

	for (guint i = 0; each && each[i]; i++) {
		const char *colon = strchr(each[i], ':');
		gsize length = colon ? (gsize)(colon - each[i]) : strlen(each[i]);

		g_ptr_array_add(names, g_strdup_printf("%s%.*s", each[i][0] == '-' ? name : "",
						       (int)length, each[i]));
		if (colon)
			g_ptr_array_add(names, g_strdup(colon + 1));
	}
}

/* By all names that we have of it nothing is sent to it any more. */
static void forbid(BindingContext *context, const char *source_n)
{
	const Move *move = context->takeover->move;
	const char *const *sources = move_sources(move);
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; sources[i]; i++) {
		if (!*sources[i])
			continue;
		g_ptr_array_add(names, g_strdup(sources[i]));
		add_other_names(context, sources[i], names);
	}
	if (source_n)
		g_ptr_array_add(names, g_strdup(source_n));
	for (guint i = 0; i < move_count(move); i++) {
		const char *snn = move_node(move, i)->old.snn;

		if (snn && g_hash_table_add(known, (gpointer)snn))
			g_ptr_array_add(names, g_strdup(snn));
	}
	g_ptr_array_add(names, NULL);
	remote_forbid(context->remote, (const char *const *)names->pdata);
}

/* What decided is recorded with the run. */
static void tell(Takeover *takeover, const GPtrArray *all)
{
	for (guint i = 0; i < all->len; i++) {
		const Seen *seen = all->pdata[i];

		if (seen->look == ALIVE)
			talk_info("%s is alive: %s", seen->name, seen->evidence);
		else
			g_ptr_array_add(takeover->seen,
					g_strdup_printf("%s %s: %s", seen->name,
							seen->look == SILENT ? "is dead"
									     : "is not well",
							seen->evidence));
	}
}

static gboolean any(const GPtrArray *all, Look look)
{
	for (guint i = 0; i < all->len; i++)
		if (((const Seen *)all->pdata[i])->look == look)
			return TRUE;
	return FALSE;
}

/* The command for the nodes of one source: as it was typed, with these nodes. */
static char *command_for(const Move *move, const char *source, const Options *options,
			 char **argv)
{
	g_autoptr(GPtrArray) nodes = g_ptr_array_new();
	g_autofree char *folded = NULL;
	GString *line = g_string_new("snmove");

	for (guint i = 0; i < move_count(move); i++)
		if (g_strcmp0(move_node(move, i)->old.sn, source) == 0)
			g_ptr_array_add(nodes, (gpointer)move_node(move, i)->name);
	folded = noderange_fold((const char *const *)nodes->pdata, nodes->len);
	for (guint i = 1; argv[i]; i++) {
		gboolean range =
			options->operands[0] && g_str_equal(argv[i], options->operands[0]);
		g_autofree char *word = text_shell_word(range ? folded : argv[i]);

		g_string_append_printf(line, " %s", word);
	}
	return g_string_free(line, FALSE);
}

static gboolean refuse_mixed(const Move *move, const GPtrArray *all, const Options *options,
			     char **argv, GError **error)
{
	g_autoptr(GString) lines = g_string_new("some of the old service nodes are dead, "
						"others alive; move their nodes separately:");

	for (guint i = 0; i < all->len; i++) {
		const Seen *seen = all->pdata[i];
		g_autofree char *command = command_for(move, seen->name, options, argv);

		g_string_append_printf(lines, "\n%s (%s): %s", seen->name,
				       seen->look == SILENT ? "dead" : "alive", command);
	}
	g_set_error(error, MODE_ERROR, MODE_ERROR_MIXED, "%s", lines->str);
	return FALSE;
}

static gboolean check_said(const GPtrArray *all, const Options *options, GError **error)
{
	gboolean alive = options_given(options, OPTION_ALIVE);
	gboolean dead = options_given(options, OPTION_DEAD);

	for (guint i = 0; (alive || dead) && i < all->len; i++) {
		const Seen *seen = all->pdata[i];

		if (seen->look != (alive ? SILENT : ALIVE))
			continue;
		g_set_error(error, MODE_ERROR, MODE_ERROR_CONTRARY,
			    "--%s was given, but %s looks %s: %s", alive ? "alive" : "dead",
			    seen->name, alive ? "dead" : "alive", seen->evidence);
		return FALSE;
	}
	return TRUE;
}

gboolean mode_find(BindingContext *context, const Options *options, char **argv, GError **error)
{
	Takeover *takeover = context->takeover;
	g_autoptr(GPtrArray) all = look_at(context, move_sources(takeover->move));
	gboolean silent = any(all, SILENT);

	tell(takeover, all);
	if (!check_said(all, options, error))
		return FALSE;
	if (silent && (any(all, ALIVE) || any(all, ANSWERS)) &&
	    !options_given(options, OPTION_DEAD))
		return refuse_mixed(takeover->move, all, options, argv, error);
	if (!silent && !options_given(options, OPTION_DEAD))
		return TRUE;
	takeover->mode = "dead";
	forbid(context, options_text(options, OPTION_SOURCEN));
	return TRUE;
}

void mode_recall(BindingContext *context, const JournalRun *record)
{
	Takeover *takeover = context->takeover;
	g_autoptr(GPtrArray) all = look_at(context, move_sources(takeover->move));
	gboolean was_dead = g_strcmp0(record->mode, "dead") == 0;

	takeover->mode = was_dead ? "dead" : "planned";
	for (guint i = 0; i < all->len; i++) {
		const Seen *seen = all->pdata[i];

		if (was_dead == (seen->look == SILENT))
			continue;
		talk_warning("%s was %s when the run began, but looks %s now: %s", seen->name,
			     was_dead ? "dead" : "alive", was_dead ? "alive" : "dead",
			     seen->evidence);
	}
	if (was_dead || any(all, SILENT))
		forbid(context, NULL);
}

gboolean mode_check_undo(BindingContext *context, const char *const *forced, GError **error)
{
	g_autoptr(GPtrArray) all = look_at(context, move_sources(context->takeover->move));

	for (guint i = 0; i < all->len; i++) {
		const Seen *seen = all->pdata[i];

		if (seen->look != SILENT)
			continue;
		if (!g_strv_contains(forced, "dead")) {
			g_set_error(error, MODE_ERROR, MODE_ERROR_DEAD,
				    "the nodes would go back to %s, which is dead: %s; to move "
				    "them back anyway: --force=dead",
				    seen->name, seen->evidence);
			return FALSE;
		}
		talk_warning("%s is dead, as forced: %s", seen->name, seen->evidence);
		forbid(context, NULL);
	}
	return TRUE;
}
