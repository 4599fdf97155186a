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
char *mode_pings(const GPtrArray *all)
{
	GString *command = g_string_new("command -v ping >/dev/null || exit 127\n");

	for (guint i = 0; i < all->len; i++) {
		const GPtrArray *addresses = all->pdata[i];

		for (guint j = 0; j < addresses->len; j++) {
			g_autofree char *address = g_shell_quote(addresses->pdata[j]);

			g_string_append_printf(command,
					       "(ping -n -q -c 2 -i 0.3 -W 1 %s >/dev/null "
					       "2>&1 && echo %s answers) &\n",
					       address, address);
		}
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

void mode_take_pings(ModeSeen *seen, const GPtrArray *addresses, const RemoteResult *result)
{
	g_autofree char *before = g_steal_pointer(&seen->evidence);
	/* Who has not answered when the time is over is silent. */
	gboolean asked = result->error == REMOTE_OK || result->error == REMOTE_TIMEOUT;
	gboolean answered = FALSE;

	for (guint i = 0; i < addresses->len; i++)
		answered |= answers(addresses->pdata[i], result->out);
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

static void add_names(GHashTable *to, Hosts *hosts, const char *server, const char *as_known)
{
	const char *const *names = hosts_names(hosts, server, as_known);

	for (; *names; names++)
		g_hash_table_add(to, (gpointer)*names);
}

/* A node that was moved by half is told the new service node already. */
static const char *old_name(const MoveNode *node, Hosts *hosts)
{
	const char *snn = node->old.snn;

	return snn && node->new.sn &&hosts_is_named(hosts, snn, node->new.sn, node->new.snn)
		       ? NULL
		       : snn;
}

static void add_addresses(GPtrArray *to, Hosts *hosts, const char *name)
{
	const char *const *each = name ? hosts_addresses(hosts, name, NULL) : NULL;

	for (; each && *each; each++)
		if (!g_ptr_array_find_with_equal_func(to, *each, g_str_equal, NULL))
			g_ptr_array_add(to, (gpointer)*each);
}

GPtrArray *mode_addresses(const Move *move, Hosts *hosts, const char *source,
			  const char *source_n)
{
	g_autoptr(GHashTable) asked = g_hash_table_new(g_str_hash, g_str_equal);
	GPtrArray *addresses = g_ptr_array_new();

	add_addresses(addresses, hosts, source);
	add_addresses(addresses, hosts, source_n);
	for (guint i = 0; i < move_count(move); i++) {
		const MoveNode *node = move_node(move, i);

		if (node->old.snn && g_strcmp0(node->old.sn, source) == 0 &&
		    g_hash_table_add(asked, (gpointer)node->old.snn))
			add_addresses(addresses, hosts, old_name(node, hosts));
	}
	return addresses;
}

char **mode_names(const Move *move, Hosts *hosts, const char *source_n)
{
	g_autoptr(GHashTable) old = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GHashTable) new = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GHashTable) asked =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	GPtrArray *names = g_ptr_array_new();
	GHashTableIter each;
	gpointer name;

	for (guint i = 0; i < move_count(move); i++) {
		const MoveNode *node = move_node(move, i);
		char *key = TEXT_KEY(node->old.sn, node->old.snn, node->new.sn, node->new.snn);

		if (!g_hash_table_add(asked, key) || !node->old.sn || !*node->old.sn)
			continue;
		add_names(old, hosts, node->old.sn, old_name(node, hosts));
		if (source_n)
			add_names(old, hosts, node->old.sn, source_n);
		if (node->new.sn)
			add_names(new, hosts, node->new.sn, node->new.snn);
	}
	g_hash_table_iter_init(&each, old);
	while (g_hash_table_iter_next(&each, &name, NULL))
		if (!g_hash_table_contains(new, name)) /* an address for both of them, say */
			g_ptr_array_add(names, g_strdup(name));
	g_ptr_array_sort(names, text_compare);
	g_ptr_array_add(names, NULL);
	return (char **)g_ptr_array_free(names, FALSE);
}
