/*
 * dhcpd's language, as it writes it into its leases file and as it reads it.
 *
 * The leases file is where dhcpd shows what it has, so its form is what entries are compared
 * in: `supersede server.filename = "x";`.  What dhcpd is told is the shorter form that the
 * recorded cases have, `filename = "x";`, made of the other one.
 */
#include "core/services/dhcp/inside.h"
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#define DEPTH "  " /* in front of what is within braces */

/* ---- What a leases file has ---- */

G_GNUC_PRINTF(2, 3)
static void put(GString *lines, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	g_string_append_vprintf(lines, format, arguments);
	va_end(arguments);
	g_string_append_c(lines, '\n');
}

#define XNBA	       "option user-class-identifier = \"xNBA\""
#define ARCHITECTURE   "option client-architecture = "
#define BIOS	       ARCHITECTURE "00:00"
#define UEFI	       ARCHITECTURE "00:07"
#define UEFI_BYTE_CODE ARCHITECTURE "00:09"
/* dhcpd writes it without the parentheses that it was told. */
#define XNBA_ON_UEFI	  XNBA " and " UEFI_BYTE_CODE " or " UEFI
#define XNBA_ON_UEFI_TOLD XNBA " and (" UEFI_BYTE_CODE " or " UEFI ")"

static void put_file(GString *lines, const char *file)
{
	put(lines, DEPTH "supersede server.filename = \"%s\";", file);
}

static void put_otherwise_bios(GString *lines)
{
	put(lines, "} elsif " BIOS " {");
	put_file(lines, "xcat/xnba.kpxe");
}

static void put_uefi(GString *lines, const DhcpNode *node, const char *url)
{
	g_autofree char *second = g_strconcat(url, ".uefi", NULL);

	if (node->xnba == DHCP_XNBA_WINDOWS) {
		put(lines, "} elsif " UEFI " or " UEFI_BYTE_CODE " {");
		put_file(lines, "");
		put(lines, DEPTH "supersede vendor-class-identifier = \"PXEClient\";");
	} else if (node->xnba == DHCP_XNBA_NET) {
		put(lines, "} elsif " XNBA_ON_UEFI " {");
		put_file(lines, second);
		put(lines, "} elsif " UEFI " {");
		put_file(lines, "xcat/xnba.efi");
	}
}

/* First comes xnba itself, by TFTP, and it asks again and gets its script, by HTTP. */
static void put_xnba(GString *lines, const DhcpFacts *facts, const DhcpNode *node)
{
	/* xnba puts the next-server in its place (rule 55). */
	const char *server = node->own_tftpserver ? NULL : "${next-server}";
	g_autofree char *url = dhcp_url(facts, node, server);

	if (node->xnba == DHCP_XNBA_ISCSI) {
		put(lines, "if " BIOS " and not exists gpxe.bus-id {");
		put_file(lines, "xcat/xnba.kpxe");
	} else {
		put(lines, "if " XNBA " and " BIOS " {");
		if (node->xnba != DHCP_XNBA_DISK)
			put(lines, DEPTH "supersede server.always-broadcast = 01;");
		put_file(lines, url);
		put_uefi(lines, node, url);
		put_otherwise_bios(lines);
	}
	put(lines, "} else {");
	put_file(lines, "");
	put(lines, "}");
}

static void put_loader(GString *lines, const DhcpFacts *facts, const DhcpNode *node)
{
	g_autofree char *file = dhcp_boot_file(node);
	g_autofree char *url = NULL;

	if (file) {
		put(lines, "supersede server.filename = \"%s\";", file);
	} else if (node->loader == DHCP_XNBA) {
		put_xnba(lines, facts, node);
	} else if (node->loader == DHCP_PXE) {
		put(lines, "if option vendor-class-identifier = \"ScaleMP\" {");
		put_file(lines, "vsmp/pxelinux.0");
		put(lines, "} else {");
		put_file(lines, "pxelinux.0");
		put(lines, "}");
	} else if (node->loader == DHCP_PETITBOOT) {
		url = dhcp_url(facts, node, NULL);
		put(lines, "supersede conf-file = \"%s\";", url);
	}
}

/* Without a next-server dhcpd offers itself: with several servers of a network, as xCAT has
 * by default, that would be the old service node. */
static void put_next_server(GString *lines, const char *address)
{
	guint8 bytes[4];

	if (inet_pton(AF_INET, address, bytes) == 1)
		put(lines, "supersede server.next-server = %02x:%02x:%02x:%02x;", bytes[0],
		    bytes[1], bytes[2], bytes[3]);
}

char *dhcp_card_statements(const DhcpFacts *facts, const DhcpNode *node, const DhcpCard *card)
{
	GString *lines = g_string_new(NULL);

	if (card && card->refused) {
		put(lines, "supersede server.allow-booting = 00;");
		return g_string_free(lines, FALSE);
	}
	put(lines, "supersede server.ddns-hostname = \"%s\";", node->name);
	put(lines, "supersede host-name = \"%s\";", node->name);
	put_loader(lines, facts, node);
	if (node->root_path)
		put(lines, "supersede root-path = \"%s\";", node->root_path);
	put_next_server(lines, node->next_server);
	return g_string_free(lines, FALSE);
}

static int compare_cards(gconstpointer a, gconstpointer b)
{
	const DhcpCard *const *one = a, *const *other = b;

	return strcmp((*one)->name, (*other)->name);
}

static void put_host(GString *text, const DhcpFacts *facts, const DhcpNode *node,
		     const DhcpCard *card)
{
	g_autofree char *statements = dhcp_card_statements(facts, node, card);

	put(text, "host %s {", card->name);
	put(text, DEPTH "hardware %s %s;", card->infiniband ? "infiniband" : "ethernet",
	    card->plain);
	put(text, DEPTH "uid %s;", card->plain);
	if (card->address)
		put(text, DEPTH "fixed-address %s;", card->address);
	for (char *line = statements, *end; *line; line = end + 1) {
		end = strchr(line, '\n');
		*end = '\0';
		put(text, DEPTH "%s", line);
	}
	put(text, "}");
}

/* By name: in which order they came into the leases file nobody knows. */
char *dhcp_leases_text(const DhcpFacts *facts, const DhcpNode *node)
{
	g_autoptr(GPtrArray) cards = g_ptr_array_copy(node->cards, NULL, NULL);
	GString *text = g_string_new(NULL);

	g_ptr_array_set_free_func(cards, NULL);
	g_ptr_array_sort(cards, compare_cards);
	for (guint i = 0; i < cards->len; i++) {
		const DhcpCard *card = cards->pdata[i];

		if (card->usable)
			put_host(text, facts, node, card);
	}
	return g_string_free(text, FALSE);
}

/* ---- What dhcpd reads ---- */

/* What begins with `written` is told with `told` instead; `value`: only if a string follows,
 * for dhcpd writes bytes that are none as such in hexadecimal digits. */
static const struct {
	const char *written, *told;
	gboolean value;
} spellings[] = {
	{ "supersede server.ddns-hostname = ", "ddns-hostname ", TRUE },
	/* nimol's alone (bn125) */
	{ "supersede server.filename = \"/vios/nodes/",
	  "supersede server.filename=\"/vios/nodes/", FALSE },
	{ "supersede server.filename = ", "filename = ", TRUE },
	{ "supersede server.always-broadcast = 01;", "always-broadcast on;", FALSE },
	{ "supersede server.allow-booting = 00;", "deny booting;", FALSE },
	{ "supersede vendor-class-identifier = ", "option vendor-class-identifier ", TRUE },
	{ "supersede conf-file = ", "option conf-file ", TRUE },
	{ "if " XNBA_ON_UEFI " {", "if " XNBA_ON_UEFI_TOLD " {", FALSE },
	{ "} elsif " XNBA_ON_UEFI " {", "} else if " XNBA_ON_UEFI_TOLD " {", FALSE },
	{ "} elsif ", "} else if ", FALSE },
};

static gboolean tell_next_server(GString *line, const char *written)
{
	guint bytes[4];

	if (sscanf(written, "supersede server.next-server = %2x:%2x:%2x:%2x;", &bytes[0],
		   &bytes[1], &bytes[2], &bytes[3]) != 4)
		return FALSE;
	g_string_append_printf(line, "next-server %u.%u.%u.%u;", bytes[0], bytes[1], bytes[2],
			       bytes[3]);
	return TRUE;
}

/* With the blanks that the recorded cases have in front of these two. */
static gboolean tell_spaced(GString *line, const char *written, DhcpDialect dialect)
{
	const char *name = "supersede host-name = \"", *path = "supersede root-path = \"";

	if (g_str_has_prefix(written, name))
		g_string_append_printf(line, " %s host-name \"%s",
				       dialect == DHCP_OMSHELL ? "send" : "option",
				       written + strlen(name));
	else if (g_str_has_prefix(written, path))
		g_string_append_printf(line, "%soption root-path \"%s",
				       g_str_has_suffix(line->str, "}") ? " " : "",
				       written + strlen(path));
	else
		return FALSE;
	return TRUE;
}

static void tell(GString *line, const char *written, DhcpDialect dialect)
{
	if (tell_next_server(line, written) || tell_spaced(line, written, dialect))
		return;
	for (gsize i = 0; i < G_N_ELEMENTS(spellings); i++) {
		gsize length = strlen(spellings[i].written);

		if (!g_str_has_prefix(written, spellings[i].written) ||
		    (spellings[i].value && written[length] != '"'))
			continue;
		g_string_append(line, spellings[i].told);
		g_string_append(line, written + length);
		return;
	}
	g_string_append(line, written);
}

char *dhcp_statements_line(const char *lines, DhcpDialect dialect)
{
	g_auto(GStrv) all = g_strsplit(lines, "\n", -1);
	GString *line = g_string_new(NULL);
	guint depth = 0;

	for (guint i = 0; all[i] && *all[i]; i++) {
		const char *written = all[i] + strspn(all[i], " ");

		if (*written == '}' && depth > 0)
			depth--;
		tell(line, written, dialect);
		if (g_str_has_suffix(written, "{"))
			depth++;
		if (depth > 0)
			g_string_append_c(line, ' ');
	}
	return g_string_free(line, FALSE);
}

char *dhcp_omshell_quote(const char *line)
{
	GString *quoted = g_string_new("\"");

	for (const char *p = line; *p; p++) {
		if (*p == '"' || *p == '\\')
			g_string_append_c(quoted, '\\');
		g_string_append_c(quoted, *p);
	}
	g_string_append_c(quoted, '"');
	return g_string_free(quoted, FALSE);
}
