/* Entries of nodes in goconserver, by its REST interface: a node as it keeps it, in JSON. */
#include "core/services/console/goconserver.h"
#include "core/base.h"
#include "core/services/shared.h"
#include <jansson.h>
#include <string.h>

/* Behind each answer of a look: the status of HTTP. */
#define ANSWER "=== goconserver "
/* Between what the changes were answered and the look. */
#define LOOK "--- look ---\n"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)

/* Gives the text; always in one way. */
static char *text_of(const json_t *node)
{
	char *dumped = json_dumps(node, JSON_SORT_KEYS | JSON_COMPACT);
	char *text = g_strdup(dumped);

	free(dumped);
	return text;
}

char *goconserver_text(const char *node, const char *command, gboolean ondemand)
{
	g_autoptr(json_t) entry =
		json_pack("{s:s, s:s, s:b, s:{s:s}}", "name", node, "driver", "cmd", "ondemand",
			  ondemand, "params", "cmd", command);

	return entry ? text_of(entry) : NULL;
}

/* ---- The look ---- */

/* A name that is in no URL is no name of a node there. */
static gboolean is_asked(const char *node)
{
	return service_is_host_name(node);
}

static void add_option(GString *script, const char *option, const char *value)
{
	g_autofree char *quoted = value ? g_shell_quote(value) : NULL;

	if (quoted)
		g_string_append_printf(script, " %s %s", option, quoted);
}

/* curl as it reaches the interface; -g: brackets are an address.  It is this host itself, and
 * goconserver has the port, so its certificate, which names the host in some way or other, is
 * not looked at. */
static void add_curl(GString *script, const GoconserverPlace *place)
{
	g_string_append(script, "curl -q -sS -g -k --no-sessionid --noproxy '*' -m 60");
	add_option(script, "--cert", place->cert);
	add_option(script, "--key", place->key);
}

static void add_look(GString *script, const GoconserverPlace *place, const char *const *nodes,
		     guint n)
{
	add_curl(script, place);
	g_string_append(script, " -w '\\n" ANSWER "%{http_code}\\n' -K - <<'END' 2>&1\n");
	for (guint i = 0; i < n; i++)
		if (is_asked(nodes[i]))
			g_string_append_printf(script, "url = \"%s/nodes/%s\"\n", place->url,
					       nodes[i]);
	if (n == 0)
		g_string_append_printf(script, "url = \"%s/nodes\"\n", place->url);
	g_string_append(script, "END\n");
}

GString *goconserver_look(const GoconserverPlace *place, const char *const *nodes, guint n)
{
	GString *script = g_string_new(NULL);
	gboolean any = FALSE;

	for (guint i = 0; i < n; i++)
		any |= is_asked(nodes[i]);
	if (any)
		add_look(script, place, nodes, n);
	return script;
}

/* The number behind the mark, alone in its line; 0: it is none. */
static int read_status(const char *line)
{
	g_autofree char *word = g_strndup(line, strcspn(line, "\n"));
	guint64 number = 0;

	(void)g_ascii_string_to_unsigned(word, 10, 0, 999, &number, NULL);
	return (int)number;
}

/* The answer at `*at`, which moves behind it: its text (g_free) and status; NULL: there is
 * none. */
static char *next_answer(const char **at, int *status)
{
	const char *mark = strstr(*at, "\n" ANSWER);
	const char *rest = mark ? mark + strlen("\n" ANSWER) : NULL;
	char *text;

	if (!mark)
		return NULL;
	text = g_strndup(*at, (gsize)(mark - *at));
	*status = read_status(rest);
	*at = rest + strcspn(rest, "\n");
	*at += **at == '\n';
	return text;
}

/* `node`: it was asked for its console; or NULL. */
static gboolean refuse(const char *answer, int status, const char *node, GError **error)
{
	g_autofree char *first = g_strndup(answer, strcspn(answer, "\n"));
	g_autofree char *quoted = text_quote(first);
	g_autofree char *name = node ? text_quote(node) : NULL;

	g_set_error(
		error, CONSOLE_ERROR, 0,
		"goconserver cannot be asked there: its REST interface says %s (HTTP status "
		"%d)%s%s",
		quoted, status, name ? " of the console of " : "", name ? name : "");
	return FALSE;
}

/* It says 400 to a name that it has not, but also to other things, as what stands before it
 * may. */
static gboolean is_absent(const char *answer, int status)
{
	return status == 400 && strstr(answer, "is not exist");
}

/* The node in {"StorageNode": {...}, "State": ...}. */
static gboolean read_node(const char *answer, const char *node, char **text, GError **error)
{
	g_autoptr(json_t) said = json_loads(answer, 0, NULL);
	json_t *stored = said ? json_object_get(said, "StorageNode") : NULL;
	const json_t *params = stored ? json_object_get(stored, "params") : NULL;
	g_autofree char *quoted = NULL;

	if (!json_is_object(stored))
		return refuse(answer, 200, node, error);
	if (json_object_get(params, "password")) {
		quoted = text_quote(node);
		g_set_error(error, CONSOLE_ERROR, 0,
			    "the console of %s in goconserver has a password: move it by hand",
			    quoted);
		return FALSE;
	}
	if (json_is_null(json_object_get(stored, "Labels")))
		(void)json_object_del(stored, "Labels");
	*text = text_of(stored);
	return TRUE;
}

gboolean goconserver_heard(const char *said, const char *const *nodes, guint n, char **texts,
			   GError **error)
{
	const char *at = said;

	for (guint i = 0; i < n; i++) {
		int status = 0;
		g_autofree char *answer = NULL;

		if (!is_asked(nodes[i]))
			continue;
		answer = next_answer(&at, &status);
		if (answer && is_absent(answer, status))
			continue;
		if (!answer || status != 200)
			return refuse(answer && *answer ? answer : said, status, nodes[i],
				      error);
		if (!read_node(answer, nodes[i], &texts[i], error))
			return FALSE;
	}
	return TRUE;
}

/* ---- Changes ---- */

/* {"nodes": [...]} is sent to the many nodes of the interface. */
static void add_change(GString *script, const GoconserverPlace *place, const char *method,
		       const json_t *list)
{
	g_autoptr(json_t) body = json_pack("{s:O}", "nodes", list);
	g_autofree char *text = NULL;

	if (json_array_size(list) == 0)
		return;
	text = text_of(body);
	add_curl(script, place);
	g_string_append_printf(script,
			       " -X %s -H 'Content-Type: application/json' --data-binary @- "
			       "'%s/bulk/nodes' <<'END' 2>&1\n%s\nEND\necho\n",
			       method, place->url, text);
}

GString *goconserver_place(const GoconserverPlace *place, const char *const *nodes,
			   const char *const *now, const char *const *texts, guint n)
{
	GString *script = g_string_new("(\n");
	g_autoptr(json_t) gone = json_array();
	g_autoptr(json_t) given = json_array();

	for (guint i = 0; i < n; i++) {
		if (g_strcmp0(now[i], texts[i]) == 0)
			continue;
		if (now[i])
			json_array_append_new(gone, json_pack("{s:s}", "name", nodes[i]));
		if (texts[i])
			json_array_append_new(given, json_loads(texts[i], 0, NULL));
	}
	add_change(script, place, "DELETE", gone);
	add_change(script, place, "POST", given);
	g_string_append(script, "echo '--- look ---'\n");
	add_look(script, place, nodes, n);
	g_string_append(script, ")\n");
	return script;
}

ServiceOutcome goconserver_judge(const char *const *nodes, guint n, const char *const *texts,
				 const char *said, GError **error)
{
	const char *look = strstr(said, LOOK);
	g_autofree char *answers =
		g_strndup(said, look ? (gsize)(look - said) : strcspn(said, "\n"));
	g_autofree char **now = g_new0(char *, n + 1);
	g_autofree char *answer = NULL, *quoted = NULL;
	const char *at, *first = NULL;
	int status = 0;
	guint lacks = 0;
	gboolean good;

	if (!look) {
		(void)refuse(answers, 0, NULL, error);
		return SERVICE_NONE;
	}
	at = look + strlen(LOOK);
	if (n == 0) {
		answer = next_answer(&at, &status);
		if (status == 200)
			return SERVICE_ALL;
		(void)refuse(answer && *answer ? answer : look + strlen(LOOK), status, NULL,
			     error);
		return SERVICE_NONE;
	}
	good = goconserver_heard(at, nodes, n, now, error);
	for (guint i = 0; i < n; i++) {
		if (good && g_strcmp0(now[i], texts[i]) != 0 && lacks++ == 0)
			first = nodes[i];
		g_free(now[i]);
	}
	if (first) {
		quoted = text_quote(g_strchomp(answers));
		g_set_error(
			error, CONSOLE_ERROR, 0,
			"goconserver has %u of %u consoles not as they shall be, that of %s "
			"first: it answered %.300s",
			lacks, n, first, quoted);
	}
	return good && !first ? SERVICE_ALL : SERVICE_SOME;
}
