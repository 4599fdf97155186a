#include "lua/command/looks.h"
#include "core/base.h"
#include "core/noderange.h"
#include "lua/terminal/interrupt.h"
#include "lua/terminal/talk.h"

/* The same question to some hosts, in `time` ms for all; `asks`: what they are asked, for who
 * waits.  Gives an array of RemoteResult. */
static GPtrArray *ask(const Work *work, const RunHost *hosts, guint n, const char *command,
		      const char *asks, guint time, GError **error)
{
	RunCommand question = {
		.hosts = hosts,
		.n = n,
		.command = command,
		.asks = asks,
		.limits = { .connect_time = MIN(time, work->context->limits.connect_time),
			    .login_time = time,
			    .time = time,
			    .total_time = time },
	};
	g_autoptr(GPtrArray) answers = run_query(work->run, &question, error);

	if (answers && interrupt_asked()) {
		g_set_error(error, PROCEDURE_ERROR, PROCEDURE_ERROR_INTERRUPTED, "interrupted");
		return NULL;
	}
	return g_steal_pointer(&answers);
}

/* ---- Alive or dead ---- */

/* "is sn1 alive? 5 s at most".  Gives the text. */
static char *asks_alive(const GPtrArray *looks)
{
	g_autofree const char **names = g_new(const char *, MAX(looks->len, 1));
	g_autofree char *folded = NULL;

	for (guint i = 0; i < looks->len; i++)
		names[i] = ((const ModeSeen *)looks->pdata[i])->name;
	folded = noderange_fold(names, looks->len);
	return g_strdup_printf("%s %s alive? %u s at most", looks->len == 1 ? "is" : "are",
			       folded, (guint)(MODE_SSH_TIME + MODE_PING_TIME) / 1000);
}

static gboolean ask_shells(const Work *work, const GPtrArray *looks, GError **error)
{
	g_autofree RunHost *hosts = g_new0(RunHost, MAX(looks->len, 1));
	g_autofree char *asks = asks_alive(looks);
	g_autoptr(GPtrArray) answers = NULL;

	if (looks->len == 0)
		return TRUE;
	for (guint i = 0; i < looks->len; i++)
		hosts[i].name = ((const ModeSeen *)looks->pdata[i])->name;
	answers = ask(work, hosts, looks->len, "true", asks, MODE_SSH_TIME, error);
	for (guint i = 0; answers && i < looks->len; i++)
		mode_take_shell(looks->pdata[i], answers->pdata[i]);
	return answers != NULL;
}

/* This machine pings all addresses of those that are silent. */
static gboolean ask_pings(const Work *work, const GPtrArray *looks, GError **error)
{
	static const RunHost here = { .name = "localhost" };
	const char *source_n = request_text(work->request, OPTION_SOURCEN);
	g_autoptr(GPtrArray) silent = g_ptr_array_new();
	g_autoptr(GPtrArray) of =
		g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
	g_autoptr(GPtrArray) answers = NULL;
	g_autofree char *asks = NULL;
	g_autofree char *command = NULL;

	for (guint i = 0; i < looks->len; i++) {
		ModeSeen *seen = looks->pdata[i];

		if (seen->look != MODE_SILENT)
			continue;
		g_ptr_array_add(silent, seen);
		g_ptr_array_add(of, mode_addresses(work->move, work->context->hosts, seen->name,
						   source_n));
	}
	if (silent->len == 0)
		return TRUE;
	asks = asks_alive(silent);
	command = mode_pings(of);
	answers = ask(work, &here, 1, command, asks, MODE_PING_TIME, error);
	for (guint i = 0; answers && i < silent->len; i++)
		mode_take_pings(silent->pdata[i], of->pdata[i], answers->pdata[0]);
	return answers != NULL;
}

/* A question that could not even be asked leaves all of them unknown, and is told.  Gives an
 * array of ModeSeen; NULL: it was interrupted. */
static GPtrArray *look(const Work *work, GError **error)
{
	g_autoptr(GPtrArray) looks = mode_looks(move_sources(work->move));
	g_autoptr(GError) problem = NULL;

	if (ask_shells(work, looks, &problem) && ask_pings(work, looks, &problem))
		return g_steal_pointer(&looks);
	if (g_error_matches(problem, PROCEDURE_ERROR, PROCEDURE_ERROR_INTERRUPTED)) {
		g_propagate_error(error, g_steal_pointer(&problem));
		return NULL;
	}
	talk_warning("cannot check whether a service node is alive: %s", problem->message);
	return g_steal_pointer(&looks);
}

/* By all names that we have of it nothing is sent to it any more. */
static void forbid(const Work *work)
{
	g_auto(GStrv) names = mode_names(work->move, work->context->hosts,
					 request_text(work->request, OPTION_SOURCEN));

	remote_forbid(work->context->remote, (const char *const *)names);
}

/* What decided is recorded with the run. */
static void tell(Takeover *takeover, const GPtrArray *looks)
{
	static const char *const words[] = {
		[MODE_UNKNOWN] = "could not be looked at",
		[MODE_SILENT] = "is dead",
		[MODE_ANSWERS] = "is not well",
	};

	for (guint i = 0; i < looks->len; i++) {
		const ModeSeen *seen = looks->pdata[i];

		if (seen->look == MODE_ALIVE)
			talk_info("%s is alive: %s", seen->name, seen->evidence);
		else
			takeover_note(takeover,
				      g_strdup_printf("%s %s: %s", seen->name,
						      words[seen->look], seen->evidence));
	}
}

/* The command for the nodes of one source. */
static char *command_for(const Work *work, const char *source)
{
	g_autoptr(GPtrArray) nodes = g_ptr_array_new();

	for (guint i = 0; i < move_count(work->move); i++)
		if (g_strcmp0(move_node(work->move, i)->old.sn, source) == 0)
			g_ptr_array_add(nodes, (gpointer)move_node(work->move, i)->name);
	return session_typed_for(work->request, nodes);
}

/* The message, with the command for each source. */
static void add_commands(const Work *work, const GPtrArray *looks, GError *error)
{
	GString *text = g_string_new(error->message);

	for (guint i = 0; i < looks->len; i++) {
		const ModeSeen *seen = looks->pdata[i];
		g_autofree char *command = command_for(work, seen->name);

		g_string_append_printf(text, "\n%s (%s): %s", seen->name,
				       seen->look == MODE_SILENT ? "dead" : "alive", command);
	}
	g_free(error->message);
	error->message = g_string_free(text, FALSE);
}

gboolean looks_find_mode(Work *work, GError **error)
{
	g_autoptr(GPtrArray) looks = NULL;
	g_autoptr(GError) problem = NULL;
	const char *mode;

	if (work->request->rows_only) { /* no host is touched, so none is looked at */
		work->takeover->mode =
			work->request->said == MODE_SAID_DEAD ? "dead" : "planned";
		return TRUE;
	}
	looks = look(work, error);
	if (!looks)
		return FALSE;
	tell(work->takeover, looks);
	mode = mode_decide(looks, work->request->said, &problem);
	if (!mode) {
		if (g_error_matches(problem, MODE_ERROR, MODE_ERROR_MIXED))
			add_commands(work, looks, problem);
		g_propagate_error(error, g_steal_pointer(&problem));
		return FALSE;
	}
	work->takeover->mode = mode;
	if (g_str_equal(mode, "dead"))
		forbid(work);
	return TRUE;
}

gboolean looks_recall_mode(Work *work, const JournalRun *record, GError **error)
{
	g_autoptr(GPtrArray) looks = NULL;
	gboolean was_dead = g_strcmp0(record->mode, "dead") == 0;

	work->takeover->mode = was_dead ? "dead" : "planned";
	if (work->request->rows_only)
		return TRUE;
	looks = look(work, error);
	if (!looks)
		return FALSE;
	for (guint i = 0; i < looks->len; i++) {
		const ModeSeen *seen = looks->pdata[i];

		if (seen->look == MODE_UNKNOWN || was_dead == (seen->look == MODE_SILENT))
			continue;
		talk_warning("%s was %s when the run began, but looks %s now: %s", seen->name,
			     was_dead ? "dead" : "alive", was_dead ? "alive" : "dead",
			     seen->evidence);
	}
	if (was_dead || mode_any(looks, MODE_SILENT))
		forbid(work);
	return TRUE;
}

gboolean looks_check_undo(Work *work, GError **error)
{
	g_autoptr(GPtrArray) looks = look(work, error);

	for (guint i = 0; looks && i < looks->len; i++) {
		const ModeSeen *seen = looks->pdata[i];

		if (seen->look != MODE_SILENT)
			continue;
		if (!g_strv_contains((const char *const *)work->forced->pdata, "dead")) {
			g_autofree char *typed = session_typed(work->request);

			g_set_error(error, MODE_ERROR, MODE_ERROR_DEAD,
				    "the nodes would go back to %s, which is dead: %s; to move "
				    "them back anyway: %s --force=dead",
				    seen->name, seen->evidence, typed);
			return FALSE;
		}
		talk_warning("%s is dead, as forced: %s", seen->name, seen->evidence);
		forbid(work);
	}
	return looks != NULL;
}

/* ---- What the nodes call the new one ---- */

gboolean looks_find_destination(const Work *work, Move *move, GError **error)
{
	const BindingContext *context = work->context;
	const char *const *names = move_destinations(move);
	guint n = g_strv_length((char **)names);
	g_autofree RunHost *hosts = g_new0(RunHost, MAX(n, 1));
	g_autofree char *folded = NULL;
	g_autofree char *asks = NULL;
	g_autoptr(GPtrArray) answers = NULL;

	if (work->request->rows_only) {
		g_set_error(
			error, MOVE_ERROR, MOVE_ERROR_USAGE,
			"with rows alone no host is asked: name the new service node as the "
			"nodes know it, with -D");
		return FALSE;
	}
	for (guint i = 0; i < n; i++)
		hosts[i].name = names[i];
	folded = noderange_fold(names, n);
	asks = g_strdup_printf("what do the nodes call %s? %u s at most", folded,
			       (guint)DESTINATION_TIME / 1000);
	answers =
		ask(work, hosts, n, remote_addresses_command(), asks, DESTINATION_TIME, error);
	for (guint i = 0; answers && i < n; i++)
		if (!destination_take(move, context->cluster, context->hosts, names[i],
				      answers->pdata[i], error))
			return FALSE;
	return answers != NULL;
}
