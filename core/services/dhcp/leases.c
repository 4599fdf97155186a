/*
 * dhcpd's leases file, of which only hosts count here: those that were made by OMAPI.
 *
 * dhcpd appends to it: what it says last of a host is so.  It breaks long lines anywhere, even
 * within 00:07, and writes bytes that happen to be letters as a string, so what is compared is
 * laid out anew.
 */
#include "core/base.h"
#include "core/services/dhcp/inside.h"
#include <string.h>

#define DEPTH "  "

/* ---- One host, laid out ---- */

typedef struct {
	GString *text;
	gsize line; /* where the one that is being written begins */
	guint depth;
	gboolean blank; /* one is due before what comes next */
} Layout;

static void begin_line(Layout *layout)
{
	layout->blank = FALSE;
	if (layout->text->len > layout->line)
		return;
	for (guint i = 0; i < layout->depth; i++)
		g_string_append(layout->text, DEPTH);
}

static void end_line(Layout *layout)
{
	g_string_append_c(layout->text, '\n');
	layout->line = layout->text->len;
	layout->blank = FALSE;
}

/* What are bytes for sure is written as such: uid "ABCDEF" is uid 41:42:43:44:45:46. */
static void spell_bytes(Layout *layout, const char *what)
{
	char *line = layout->text->str + layout->line;
	char *found = line + strspn(line, " ");
	g_autofree char *bytes = NULL;
	gsize start, length;

	if (!g_str_has_prefix(found, what) || found[strlen(what)] != '"')
		return;
	found += strlen(what) + 1;
	length = strlen(found) - strlen("\";");
	bytes = g_strndup(found, length);
	start = (gsize)(found - 1 - layout->text->str);
	g_string_truncate(layout->text, start);
	for (gsize i = 0; i < length; i++)
		g_string_append_printf(layout->text, "%s%02x", i ? ":" : "", (guchar)bytes[i]);
	g_string_append_c(layout->text, ';');
}

static void end_statement(Layout *layout)
{
	g_string_append_c(layout->text, ';');
	spell_bytes(layout, "uid ");
	spell_bytes(layout, "supersede server.next-server = ");
	/* What all have that OMAPI has made. */
	if (g_str_equal(layout->text->str + layout->line, DEPTH "dynamic;")) {
		g_string_truncate(layout->text, layout->line);
		layout->blank = FALSE;
		return;
	}
	end_line(layout);
}

/* The end of a string, behind its quote. */
static const char *skip_string(const char *p, const char *end)
{
	for (p++; p < end && *p != '"'; p++)
		if (*p == '\\' && p + 1 < end)
			p++;
	return p < end ? p + 1 : end;
}

static void close_brace(Layout *layout, const char *next, const char *end)
{
	layout->depth--;
	begin_line(layout);
	g_string_append_c(layout->text, '}');
	while (next < end && g_ascii_isspace(*next))
		next++;
	if (end - next > 3 && !strncmp(next, "els", 3))
		layout->blank = TRUE;
	else
		end_line(layout);
}

static void put_byte(Layout *layout, char byte)
{
	gsize length = layout->text->len;

	if (layout->blank && length > layout->line && layout->text->str[length - 1] != ':')
		g_string_append_c(layout->text, ' ');
	begin_line(layout);
	g_string_append_c(layout->text, byte);
}

static const char *put_string(Layout *layout, const char *p, const char *end)
{
	const char *behind = skip_string(p, end);

	put_byte(layout, '"');
	g_string_append_len(layout->text, p + 1, behind - p - 1);
	return behind;
}

/* The bytes from `p` to `end`, the last of which is the brace that closes the host. */
static char *lay_out(const char *p, const char *end)
{
	Layout layout = { .text = g_string_new(NULL) };

	while (p < end) {
		if (*p == '"') {
			p = put_string(&layout, p, end);
			continue;
		}
		if (g_ascii_isspace(*p)) {
			layout.blank = TRUE;
		} else if (*p == ';') {
			end_statement(&layout);
		} else if (*p == '}') {
			close_brace(&layout, p + 1, end);
		} else {
			put_byte(&layout, *p);
			if (*p == '{') {
				layout.depth++;
				end_line(&layout);
			}
		}
		p++;
	}
	return g_string_free(layout.text, FALSE);
}

/* ---- The file ---- */

/* The end of a statement, behind its semicolon or brace; NULL: it has none. */
static const char *skip_statement(const char *p, const char *end)
{
	guint depth = 0;

	while (p < end) {
		if (*p == '"') {
			p = skip_string(p, end);
			continue;
		}
		if (*p == '#')
			p = memchr(p, '\n', (gsize)(end - p));
		if (!p)
			return NULL;
		if (*p == '{')
			depth++;
		if (*p == '}' && depth > 0)
			depth--;
		if ((*p == ';' || *p == '}') && depth == 0)
			return p + 1;
		p++;
	}
	return NULL;
}

static const char *skip_blank(const char *p, const char *end)
{
	while (p < end && (g_ascii_isspace(*p) || *p == '#')) {
		if (*p == '#')
			p = memchr(p, '\n', (gsize)(end - p));
		if (!p)
			return end;
		p++;
	}
	return p;
}

static gboolean refuse_end(const char *name, const char *start, const char *at, GError **error)
{
	g_set_error(error, DHCP_ERROR, 0,
		    "line %u of %s begins something that has no end; look at the file",
		    dhcp_line(start, at), name);
	return FALSE;
}

/* Name -> text of each host that is there. */
static gboolean find_hosts(const DhcpFile *file, GHashTable *hosts, GError **error)
{
	const char *p = file->content, *end = p + file->length;

	for (p = skip_blank(p, end); p < end; p = skip_blank(p, end)) {
		const char *behind = skip_statement(p, end), *name = p + strlen("host ");
		gsize length;

		if (!behind)
			return refuse_end(file->name, file->content, p, error);
		if (behind - p > 5 && !strncmp(p, "host ", 5)) {
			g_autofree char *text = lay_out(p, behind);

			length = strcspn(name, " \t\n{");
			if (strstr(text, "\n" DEPTH "deleted;\n"))
				g_hash_table_replace(hosts, g_strndup(name, length), NULL);
			else
				g_hash_table_replace(hosts, g_strndup(name, length),
						     g_steal_pointer(&text));
		}
		p = behind;
	}
	return TRUE;
}

/* Whose it is says the name that it is told; of one that is refused, its own. */
static char *find_owner(const char *name, const char *text)
{
	const char *told = "\n" DEPTH "supersede server.ddns-hostname = \"";
	const char *found = strstr(text, told), *mark = strstr(name, "-noip");

	if (found) {
		found += strlen(told);
		return g_strndup(found, strcspn(found, "\""));
	}
	if (mark &&
	    !mark[strlen("-noip") + strspn(mark + strlen("-noip"), "0123456789abcdefABCDEF")])
		return g_strndup(name, (gsize)(mark - name));
	return g_strdup(name);
}

gboolean dhcp_leases_read(const DhcpFile *file, const char *const *nodes, guint n, char **texts,
			  GError **error)
{
	g_autoptr(GHashTable) hosts =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_autoptr(GHashTable) numbers = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GList) names = NULL;

	for (guint i = 0; i < n; i++)
		g_hash_table_insert(numbers, (gpointer)nodes[i], &texts[i]);
	if (!find_hosts(file, hosts, error))
		return FALSE;
	names = g_list_sort(g_hash_table_get_keys(hosts), (GCompareFunc)strcmp);
	for (GList *item = names; item; item = item->next) {
		const char *text = g_hash_table_lookup(hosts, item->data);
		g_autofree char *owner = text ? find_owner(item->data, text) : NULL;
		char **place = owner ? g_hash_table_lookup(numbers, owner) : NULL;
		char *before = place ? *place : NULL;

		if (!place)
			continue;
		*place = g_strconcat(before ? before : "", text, NULL);
		g_free(before);
	}
	return TRUE;
}

/* ---- A text, read again ---- */

static void free_host(gpointer data)
{
	DhcpHost *host = data;

	g_free(host->name);
	g_free(host->hardware);
	g_free(host->mac);
	g_free(host->uid);
	g_free(host->address);
	g_string_free(host->statements, TRUE);
	g_free(host);
}

/* "  NAME VALUE;" */
static gboolean take_value(const char *line, const char *name, char **value)
{
	gsize length = strlen(line);

	if (!g_str_has_prefix(line, name) || line[length - 1] != ';')
		return FALSE;
	g_free(*value);
	*value = g_strndup(line + strlen(name), length - strlen(name) - 1);
	return TRUE;
}

static void take_line(DhcpHost *host, const char *line)
{
	char *blank;

	if (take_value(line, DEPTH "hardware ", &host->hardware)) {
		blank = strchr(host->hardware, ' ');
		g_free(host->mac);
		host->mac = g_strdup(blank ? blank + 1 : "");
		if (blank)
			*blank = '\0';
	} else if (!take_value(line, DEPTH "uid ", &host->uid) &&
		   !take_value(line, DEPTH "fixed-address ", &host->address)) {
		g_string_append(host->statements, line + strlen(DEPTH));
		g_string_append_c(host->statements, '\n');
	}
}

GPtrArray *dhcp_hosts_parse(const char *text)
{
	GPtrArray *hosts = g_ptr_array_new_with_free_func(free_host);
	g_auto(GStrv) lines = g_strsplit(text ? text : "", "\n", -1);
	DhcpHost *host = NULL;

	for (guint i = 0; lines[i]; i++) {
		if (g_str_has_prefix(lines[i], "host ") && g_str_has_suffix(lines[i], " {")) {
			host = g_new0(DhcpHost, 1);
			host->name = g_strndup(lines[i] + 5, strlen(lines[i]) - 7);
			host->statements = g_string_new(NULL);
			g_ptr_array_add(hosts, host);
		} else if (host && g_str_has_prefix(lines[i], DEPTH)) {
			take_line(host, lines[i]);
		}
	}
	return hosts;
}
