/*
 * ISC dhcpd by OMAPI: what omshell is to read, and what it answers.
 *
 * xCAT keeps the hosts so where it does not write declarations; they live in dhcpd's leases
 * file.  The order of what is told is that of the recorded cases.
 */
#include "core/base.h"
#include "core/services/dhcp/inside.h"
#include <string.h>

/* ---- The key ---- */

/* The secret goes into a line of omshell: what is no base64 could end it. */
static gboolean is_base64(const char *text)
{
	return *text && !text[strspn(text, G_CSET_a_2_z G_CSET_A_2_Z "0123456789+/=")];
}

static gboolean is_word(const char *text)
{
	return *text && !text[strspn(text, G_CSET_a_2_z G_CSET_A_2_Z "0123456789-_.")];
}

static gboolean refuse_login(const char *words, GError **error)
{
	g_set_error(error, DHCP_ERROR, 0,
		    "%s, so omshell cannot be let in; look at it: tabdump passwd", words);
	return FALSE;
}

/* The row of passwd with this key; -1: there is none. */
static int find_row(const StoreTable *table, const char *key)
{
	int column = store_table_column(table, "key");

	for (guint row = 0; column >= 0 && row < table->n_rows; row++)
		if (cluster_row_enabled(table, row) &&
		    g_strcmp0(store_table_cell(table, row, column), key) == 0)
			return (int)row;
	return -1;
}

gboolean dhcp_login(Cluster *cluster, DhcpLogin *login, GError **error)
{
	const StoreTable *table = cluster_table(cluster, "passwd", error);
	int row;

	*login = (DhcpLogin){ 0 };
	if (!table || !cluster_site(cluster, "dhcpomapialgorithm", &login->algorithm, error))
		return FALSE;
	row = find_row(table, "omapi");
	if (row < 0)
		return refuse_login("the table passwd has no row 'omapi'", error);
	login->name =
		store_table_cell(table, (guint)row, store_table_column(table, "username"));
	login->secret =
		store_table_cell(table, (guint)row, store_table_column(table, "password"));
	if (!login->name || !is_word(login->name))
		return refuse_login("passwd.username of 'omapi' is no name of a key", error);
	if (!login->secret || !is_base64(login->secret))
		return refuse_login("passwd.password of 'omapi' is not base64", error);
	if (login->algorithm && !is_word(login->algorithm))
		return refuse_login("site.dhcpomapialgorithm is no name", error);
	secret_add("passwd omapi", login->secret);
	login->name = cluster_keep(cluster, login->name);
	login->secret = cluster_keep(cluster, login->secret);
	return TRUE;
}

/* The algorithm must come before the key, or it is not used. */
static void put_login(GString *batch, const DhcpLogin *login)
{
	if (login->port)
		g_string_append_printf(batch, "port %u\n", login->port);
	if (login->algorithm && g_ascii_strcasecmp(login->algorithm, "hmac-md5") != 0)
		g_string_append_printf(batch, "key-algorithm %s\n", login->algorithm);
	g_string_append_printf(batch, "key %s \"%s\"\n", login->name, login->secret);
	if (login->server)
		g_string_append_printf(batch, "server %s\n", login->server);
	g_string_append(batch, "connect\n");
}

/* ---- The batch ---- */

/* MACs as the table has them: dhcpd knows them in any spelling. */
static const char *spell_mac(const DhcpFacts *facts, const char *node, const char *mac)
{
	const DhcpNode *found = facts ? g_hash_table_lookup(facts->index, node) : NULL;

	for (guint i = 0; found && i < found->cards->len; i++) {
		const DhcpCard *card = found->cards->pdata[i];

		if (g_strcmp0(card->plain, mac) == 0)
			return card->mac;
	}
	return mac;
}

static void put_removal(GString *batch, const char *what, const char *value)
{
	g_autofree char *quoted =
		value && g_str_equal(what, "name") ? dhcp_omshell_quote(value) : NULL;

	if (value)
		g_string_append_printf(batch, "new host\nset %s = %s\nopen\nremove\nclose\n",
				       what, quoted ? quoted : value);
}

/* Whatever stands in its way, known or not; by its address nothing is found, says dhcpd 4.4. */
static void put_removals(GString *batch, const DhcpHost *host, const char *mac)
{
	put_removal(batch, "name", host->name);
	put_removal(batch, "ip-address", host->address);
	put_removal(batch, "hardware-address", mac);
}

/* FALSE: it cannot be told. */
static gboolean put_host(GString *batch, const DhcpHost *host, const char *mac, const char *uid)
{
	g_autofree char *line = dhcp_statements_line(host->statements->str, DHCP_OMSHELL);
	g_autofree char *quoted = dhcp_omshell_quote(line);
	gboolean infiniband = g_strcmp0(host->hardware, "infiniband") == 0;

	if (strlen("set statements = ") + strlen(quoted) > DHCP_OMSHELL_LINE)
		return FALSE;
	g_string_append_printf(batch, "new host\nset name = \"%s\"\n", host->name);
	g_string_append_printf(batch, "set hardware-address = %s\n", mac);
	if (uid)
		g_string_append_printf(batch, "set dhcp-client-identifier = %s\n", uid);
	g_string_append_printf(batch, "set hardware-type = %d\n", infiniband ? 32 : 1);
	if (host->address)
		g_string_append_printf(batch, "set ip-address = %s\n", host->address);
	g_string_append_printf(batch, "set statements = %s\ncreate\nclose\n", quoted);
	return TRUE;
}

static gboolean is_among(const GPtrArray *hosts, const char *name)
{
	for (guint i = 0; i < hosts->len; i++)
		if (g_str_equal(((const DhcpHost *)hosts->pdata[i])->name, name))
			return TRUE;
	return FALSE;
}

static void put_hosts_removal(GString *batch, const DhcpFacts *facts, const char *node,
			      const GPtrArray *hosts, const GPtrArray *staying)
{
	for (guint i = 0; i < hosts->len; i++) {
		const DhcpHost *host = hosts->pdata[i];

		if (staying && is_among(staying, host->name))
			continue;
		put_removal(batch, "name", host->name);
		if (!facts)
			continue;
		if (host->mac)
			put_removal(batch, "hardware-address",
				    spell_mac(facts, node, host->mac));
		put_removal(batch, "ip-address", host->address);
	}
}

/* Also what the tables say of it, seen or not: an entry that is forgotten would answer. */
static void put_away(GString *batch, const DhcpFacts *facts, const char *name,
		     const GPtrArray *hosts)
{
	const DhcpNode *node = facts ? g_hash_table_lookup(facts->index, name) : NULL;

	put_hosts_removal(batch, facts, name, hosts, NULL);
	if (!facts)
		return;
	for (guint i = 0; node && i < node->cards->len; i++) {
		const DhcpCard *card = node->cards->pdata[i];

		if (card->taken || is_among(hosts, card->name))
			continue;
		put_removal(batch, "name", card->name);
		put_removal(batch, "hardware-address", card->mac);
		put_removal(batch, "ip-address", card->address ? card->address : node->address);
	}
	put_removal(batch, "name", name);
	put_removal(batch, "ip-address", node ? node->address : NULL);
}

static gboolean refuse_untold(const DhcpHost *host, const char *node, const char *words,
			      GError **error)
{
	g_autofree char *name = text_quote(host->name);

	g_set_error(error, DHCP_ERROR, 0,
		    "the entry of %s for %s cannot be told to omshell: %s", node, name, words);
	return FALSE;
}

static gboolean put_node(GString *batch, const DhcpFacts *facts, const char *node,
			 const char *now, const char *text, GError **error)
{
	g_autoptr(GPtrArray) before = dhcp_hosts_parse(now);
	g_autoptr(GPtrArray) hosts = dhcp_hosts_parse(text);

	if (!facts && g_strcmp0(now, text) == 0)
		return TRUE;
	if (!text) {
		put_away(batch, facts, node, before);
		return TRUE;
	}
	put_hosts_removal(batch, facts, node, before, hosts);
	for (guint i = 0; i < hosts->len; i++) {
		const DhcpHost *host = hosts->pdata[i];
		const char *mac = host->mac ? spell_mac(facts, node, host->mac) : NULL;

		if (strpbrk(host->name, "\"\\"))
			return refuse_untold(host, node, "its name has a quote", error);
		if (!host->mac)
			return refuse_untold(host, node, "it has no MAC", error);
		if (facts)
			put_removals(batch, host, mac);
		else if (is_among(before, host->name))
			put_removal(batch, "name", host->name);
		if (!put_host(batch, host, mac,
			      host->uid ? spell_mac(facts, node, host->uid) : NULL))
			return refuse_untold(host, node,
					     "its statements are longer than a line of it",
					     error);
	}
	return TRUE;
}

GString *dhcp_omapi_batch(const DhcpLogin *login, const DhcpFacts *facts,
			  const char *const *nodes, const char *const *now,
			  const char *const *texts, guint n, GError **error)
{
	GString *batch = g_string_new(NULL);

	put_login(batch, login);
	for (guint i = 0; i < n; i++)
		if (!put_node(batch, facts, nodes[i], now[i], texts[i], error)) {
			g_string_free(batch, TRUE);
			return NULL;
		}
	return batch;
}

/* ---- What omshell said ---- */

/* An answer begins behind "> ", and has the object as it is then in its lines. */
static char *name_of(const char *const *lines)
{
	for (guint i = 1; lines[i] && !g_str_has_prefix(lines[i], "> "); i++)
		if (g_str_has_prefix(lines[i], "name = \"") && strlen(lines[i]) > 9)
			return g_strndup(lines[i] + 8, strlen(lines[i]) - 9);
	return NULL;
}

static void refuse_host(GPtrArray *problems, const char *node, const char *host,
			const char *answer)
{
	g_autofree char *quoted = text_quote(answer);
	ServiceProblem *problem = g_new0(ServiceProblem, 1);

	problem->node = g_strdup(node);
	problem->words = g_strdup_printf("dhcpd answers%s%s: %s", host ? " for " : "",
					 host ? host : "", quoted);
	problem->left_out = TRUE;
	g_ptr_array_add(problems, problem);
}

/* Not there to be removed: that is what is wanted. */
static gboolean is_harmless(const char *answer)
{
	return g_str_has_suffix(answer, ": not found");
}

/* Name of a host -> its node. */
static GHashTable *find_owners(const char *const *nodes, const char *const *texts, guint n)
{
	GHashTable *owners = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < n; i++) {
		g_autoptr(GPtrArray) hosts = dhcp_hosts_parse(texts[i]);

		g_hash_table_replace(owners, g_strdup(nodes[i]), (gpointer)nodes[i]);
		for (guint j = 0; j < hosts->len; j++)
			g_hash_table_replace(owners,
					     g_strdup(((DhcpHost *)hosts->pdata[j])->name),
					     (gpointer)nodes[i]);
	}
	return owners;
}

static gboolean refuse_all(const char *answer, GError **error)
{
	g_autofree char *quoted = text_quote(answer);

	g_set_error(
		error, DHCP_ERROR, 0,
		"omshell was not let in by dhcpd: %s; the key is that of passwd 'omapi', its "
		"algorithm site.dhcpomapialgorithm, and dhcpd.conf must have both",
		quoted);
	return FALSE;
}

gboolean dhcp_omapi_judge(const char *said, const char *const *nodes, const char *const *texts,
			  guint n, GPtrArray *problems, GError **error)
{
	g_autoptr(GHashTable) owners = find_owners(nodes, texts, n);
	g_auto(GStrv) lines = g_strsplit(said, "\n", -1);

	for (guint i = 0; lines[i]; i++) {
		const char *answer = lines[i];
		g_autofree char *host = NULL;
		const char *node;

		while (g_str_has_prefix(answer, "> "))
			answer += 2;
		if (g_str_has_prefix(answer, "not connected") ||
		    g_str_has_prefix(answer, "dhcpctl_connect") ||
		    g_str_has_suffix(answer, "connection reset by peer") ||
		    g_str_has_suffix(answer, "no key specified"))
			return refuse_all(answer, error);
		if (answer == lines[i] || !g_str_has_prefix(answer, "can't ") ||
		    is_harmless(answer))
			continue;
		host = name_of((const char *const *)&lines[i]);
		node = host ? g_hash_table_lookup(owners, host) : NULL;
		refuse_host(problems, node, host, answer);
	}
	return TRUE;
}
