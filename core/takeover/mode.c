/* Is the old service node alive or dead: what a look means, and what follows from several. */
#include "core/base.h"
#include "core/takeover.h"
#include <string.h>

G_DEFINE_QUARK(snmove_mode_error, mode_error)

static void seen_free(gpointer data)
{
	ModeSeen *seen = data;

	g_free(seen->evidence);
	g_free(seen);
}

GPtrArray *mode_looks(const char *const *sources)
{
	GPtrArray *looks = g_ptr_array_new_with_free_func(seen_free);

	for (guint i = 0; sources[i]; i++) {
		ModeSeen *seen;

		if (!*sources[i]) /* no service node: the management node serves */
			continue;
		seen = g_new0(ModeSeen, 1);
		seen->name = sources[i];
		seen->evidence = g_strdup("it was not looked at");
		g_ptr_array_add(looks, seen);
	}
	return looks;
}

static ModeLook look_of(const RemoteResult *result)
{
	switch (result->error) {
	case REMOTE_OK:
		return MODE_ALIVE;
	case REMOTE_UNREACHABLE:
	case REMOTE_TIMEOUT:
	case REMOTE_DEAD:
		return MODE_SILENT;
	case REMOTE_UNRESOLVED: /* it may live under another name */
	case REMOTE_STOPPED:
	case REMOTE_FAILED:
		return MODE_UNKNOWN;
	default:
		return MODE_ANSWERS;
	}
}

void mode_take_shell(ModeSeen *seen, const RemoteResult *result)
{
	seen->look = look_of(result);
	g_free(seen->evidence);
	if (result->error == REMOTE_OK)
		seen->evidence = g_strdup_printf("a shell answers (%s)", result->transport);
	else
		seen->evidence = g_strdup_printf(
			"ssh: %s%s%s", remote_error_name(result->error),
			result->message ? ", " : "", result->message ? result->message : "");
}

/* Each in the background, and a line with its status when it has ended. */
char *mode_pings(const char *const *addresses)
{
	GString *command = g_string_new("command -v ping >/dev/null || exit 127\n");

	for (guint i = 0; addresses[i]; i++) {
		g_autofree char *address = g_shell_quote(addresses[i]);

		g_string_append_printf(command,
				       "(ping -n -q -c 2 -i 0.3 -W 1 %s >/dev/null 2>&1 && "
				       "echo %s answers) &\n",
				       address, address);
	}
	g_string_append(command, "wait\n");
	return g_string_free(command, FALSE);
}

static gboolean answers(const char *address, const GString *said)
{
	g_autofree char *line = g_strconcat(address, " answers", NULL);
	g_auto(GStrv) lines = g_strsplit(said->str, "\n", -1);

	return g_strv_contains((const char *const *)lines, line);
}

void mode_take_pings(ModeSeen *seen, const char *const *addresses, const RemoteResult *result)
{
	g_autofree char *before = g_steal_pointer(&seen->evidence);
	/* Who has not answered when the time is over is silent. */
	gboolean asked = result->error == REMOTE_OK || result->error == REMOTE_TIMEOUT;
	gboolean answered = FALSE;

	for (guint i = 0; addresses && addresses[i]; i++)
		answered |= answers(addresses[i], result->out);
	if (answered)
		seen->look = MODE_ANSWERS;
	else if (!asked)
		seen->look = MODE_UNKNOWN;
	seen->evidence = g_strdup_printf(
		"%s; %s%s", before,
		answered		? "but it answers a ping"
		: !asked		? "no ping could be sent: "
		: result->status == 127 ? "no ping program is here to ask otherwise"
					: "no answer to a ping",
		answered || asked ? "" : remote_error_name(result->error));
}

gboolean mode_any(const GPtrArray *all, ModeLook look)
{
	for (guint i = 0; i < all->len; i++)
		if (((const ModeSeen *)all->pdata[i])->look == look)
			return TRUE;
	return FALSE;
}

static gboolean check_said(const GPtrArray *all, ModeSaid said, GError **error)
{
	gboolean alive = said == MODE_SAID_ALIVE;

	for (guint i = 0; said != MODE_SAID_NOTHING && i < all->len; i++) {
		const ModeSeen *seen = all->pdata[i];

		if (seen->look != (alive ? MODE_SILENT : MODE_ALIVE))
			continue;
		g_set_error(error, MODE_ERROR, MODE_ERROR_CONTRARY,
			    "--%s was given, but %s looks %s: %s", alive ? "alive" : "dead",
			    seen->name, alive ? "dead" : "alive", seen->evidence);
		return FALSE;
	}
	return TRUE;
}

static gboolean check_known(const GPtrArray *all, ModeSaid said, GError **error)
{
	for (guint i = 0; said == MODE_SAID_NOTHING && i < all->len; i++) {
		const ModeSeen *seen = all->pdata[i];
		g_autofree char *name = NULL;

		if (seen->look != MODE_UNKNOWN)
			continue;
		name = text_quote(seen->name);
		g_set_error(
			error, MODE_ERROR, MODE_ERROR_UNKNOWN,
			"cannot tell whether %s is alive: %s; if you know, say so with --alive "
			"or --dead",
			name, seen->evidence);
		return FALSE;
	}
	return TRUE;
}

const char *mode_decide(const GPtrArray *all, ModeSaid said, GError **error)
{
	gboolean silent = mode_any(all, MODE_SILENT);

	if (!check_said(all, said, error) || !check_known(all, said, error))
		return NULL;
	if (silent && said != MODE_SAID_DEAD &&
	    (mode_any(all, MODE_ALIVE) || mode_any(all, MODE_ANSWERS))) {
		g_set_error(error, MODE_ERROR, MODE_ERROR_MIXED,
			    "some of the old service nodes are dead, others alive; move their "
			    "nodes separately:");
		return NULL;
	}
	return silent || said == MODE_SAID_DEAD ? "dead" : "planned";
}

/* hosts.otherinterfaces: "name:address,-suffix:address": more names of the same host. */
static void add_other_names(Cluster *cluster, const char *name, GPtrArray *names)
{
	const char *text = cluster_attribute(cluster, name, "hosts", "otherinterfaces", NULL);
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

char **mode_names(const Move *move, Cluster *cluster, const char *source_n)
{
	const char *const *sources = move_sources(move);
	GPtrArray *names = g_ptr_array_new();
	g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; sources[i]; i++) {
		if (!*sources[i])
			continue;
		g_ptr_array_add(names, g_strdup(sources[i]));
		add_other_names(cluster, sources[i], names);
	}
	if (source_n)
		g_ptr_array_add(names, g_strdup(source_n));
	for (guint i = 0; i < move_count(move); i++) {
		const char *snn = move_node(move, i)->old.snn;

		if (snn && g_hash_table_add(known, (gpointer)snn))
			g_ptr_array_add(names, g_strdup(snn));
	}
	g_ptr_array_add(names, NULL);
	return (char **)g_ptr_array_free(names, FALSE);
}
