/* Who answers DHCP: the script probe.pl for a list of MACs, and what it says. */
#include "core/base.h"
#include "core/remote.h"
#include "core/remote/probe.pl.h"
#include <string.h>

#define ETHERNET   (6 * 3 - 1) /* columns of a MAC */
#define INTERFACES 15 /* bytes of a name: the kernel's IFNAMSIZ without the zero byte */

/*
 * DISCOVERs in a hundredth of a second: of one host, and of all that ask at once.  What a
 * server has no time for waits in its socket, which holds some 200; then they are lost.  On a
 * machine with two cores dhcpd and Kea answered 6000 in a second, and lost some of 8000.
 */
#define BURST	  20
#define BURST_ALL 40

struct remoteprobe {
	GPtrArray *macs;   /* canonical, in the order of the setup */
	GHashTable *asked; /* of these, each once */
	char *command;
	GString *input;
	guint wait, burst;
};

struct remoteoffers {
	const RemoteProbe *probe;
	GHashTable *by_mac; /* MAC: GArray of RemoteOffer */
	GStringChunk *texts;
};

static void refuse(GError **error, const char *message)
{
	g_set_error_literal(error, REMOTE_ERROR, REMOTE_FAILED, message);
}

static gboolean is_interface(const char *name)
{
	return *name && strlen(name) <= INTERFACES && !strpbrk(name, "/ \t\n") &&
	       !g_str_equal(name, ".") && !g_str_equal(name, "..");
}

/* The word of the command that says where.  Gives the text. */
static char *place(const RemoteProbeSetup *setup, GError **error)
{
	g_autofree char *network = NULL;

	if (setup->interface && setup->network) {
		refuse(error, "interface and network are both given: say one of them");
		return NULL;
	}
	if (!setup->interface && !setup->network) {
		refuse(error, "a probe is of a link: say interface = \"eth1\", or network = "
			      "\"10.2.0.0/16\" for the interface with an address there");
		return NULL;
	}
	if (setup->interface && !is_interface(setup->interface)) {
		g_autofree char *quoted = text_quote(setup->interface);

		g_set_error(error, REMOTE_ERROR, REMOTE_FAILED, "%s is no name of an interface",
			    quoted);
		return NULL;
	}
	if (setup->interface)
		return g_strdup_printf("interface=%s", setup->interface);
	network = hosts_network_text(setup->network, error);
	return network ? g_strdup_printf("network=%s", network) : NULL;
}

static gboolean set_command(RemoteProbe *probe, const RemoteProbeSetup *setup, GError **error)
{
	g_autofree char *where = place(setup, error);
	g_autofree char *wait = g_strdup_printf("wait=%u", setup->wait);
	g_autofree char *burst = g_strdup_printf("burst=%u", probe->burst);
	g_autofree char *from = setup->from ? g_strdup_printf("from=%s", setup->from) : NULL;
	const char *words[] = { "perl", "-", where, wait, burst, from, NULL };

	if (!where)
		return FALSE;
	probe->command = remote_words(words);
	return TRUE;
}

static gboolean is_ethernet(const char *mac)
{
	return strlen(mac) == ETHERNET;
}

/* A name is told of each time, also behind a MAC that another one has, or that is not asked
 * for: whoever asks by names would take silence for an answer. */
static void add_line(RemoteProbe *probe, char *mac, const char *name)
{
	gboolean ethernet = is_ethernet(mac);
	gboolean first = ethernet && g_hash_table_add(probe->asked, mac);

	if (name)
		g_string_append_printf(probe->input, "%s %s\n", ethernet ? mac : "-", name);
	else if (first)
		g_string_append_printf(probe->input, "%s\n", mac);
}

static gboolean add_macs(RemoteProbe *probe, const RemoteProbeSetup *setup, GError **error)
{
	if (setup->n > REMOTE_PROBE_MACS) {
		g_set_error(error, REMOTE_ERROR, REMOTE_FAILED,
			    "%u MACs are too many for one probe: %d at most", setup->n,
			    REMOTE_PROBE_MACS);
		return FALSE;
	}
	g_string_append(probe->input, "__END__\n");
	for (guint i = 0; i < setup->n; i++) {
		char *mac = hosts_mac(setup->macs[i], error);

		if (!mac)
			return FALSE;
		g_ptr_array_add(probe->macs, mac);
		if (setup->names && (!*setup->names[i] || strpbrk(setup->names[i], " \t\n"))) {
			g_autofree char *quoted = text_quote(setup->names[i]);

			g_set_error(error, REMOTE_ERROR, REMOTE_FAILED,
				    "%s is no name to tell a MAC by", quoted);
			return FALSE;
		}
		add_line(probe, mac, setup->names ? setup->names[i] : NULL);
	}
	return TRUE;
}

RemoteProbe *remote_probe_new(const RemoteProbeSetup *setup, GError **error)
{
	g_autoptr(RemoteProbe) probe = g_new0(RemoteProbe, 1);

	probe->macs = g_ptr_array_new_with_free_func(g_free);
	probe->asked = g_hash_table_new(g_str_hash, g_str_equal);
	probe->input = g_string_new(probe_pl);
	probe->wait = setup->wait;
	probe->burst = CLAMP(BURST_ALL / MAX(setup->hosts, 1), 1, BURST);
	if (!set_command(probe, setup, error) || !add_macs(probe, setup, error))
		return NULL;
	return g_steal_pointer(&probe);
}

void remote_probe_free(RemoteProbe *probe)
{
	if (!probe)
		return;
	g_hash_table_unref(probe->asked);
	g_ptr_array_unref(probe->macs);
	g_free(probe->command);
	g_string_free(probe->input, TRUE);
	g_free(probe);
}

const char *remote_probe_command(const RemoteProbe *probe)
{
	return probe->command;
}

const char *remote_probe_input(const RemoteProbe *probe, gsize *length)
{
	*length = probe->input->len;
	return probe->input->str;
}

/* Each is asked twice at most, and there are two waits. */
guint remote_probe_time(const RemoteProbe *probe)
{
	return (2 * g_hash_table_size(probe->asked) / probe->burst + 2) * 10 + 2 * probe->wait;
}

const char *remote_probe_why_not(const RemoteProbe *probe, guint i)
{
	return is_ethernet(probe->macs->pdata[i])
		       ? NULL
		       : "an address of InfiniBand: only Ethernet is probed";
}

/* ---- What it says ---- */

enum { WORD, MAC, SERVER, ADDRESS, NEXT_SERVER, SENDER, FILE_NAME, COLUMNS };

/* `-` is none.  FALSE: it is no address. */
static gboolean take_address(RemoteOffers *offers, const char *text, const char **address)
{
	if (g_str_equal(text, "-"))
		return TRUE;
	if (!g_hostname_is_ip_address(text))
		return FALSE;
	*address = g_string_chunk_insert_const(offers->texts, text);
	return TRUE;
}

static gboolean take_file(RemoteOffers *offers, const char *text, const char **name)
{
	g_autofree char *plain = g_uri_unescape_string(text, NULL);

	if (plain && *plain)
		*name = g_string_chunk_insert_const(offers->texts, plain);
	return plain != NULL;
}

static GArray *array_of(RemoteOffers *offers, const char *mac)
{
	GArray *array = g_hash_table_lookup(offers->by_mac, mac);

	if (!array) {
		array = g_array_new(FALSE, FALSE, sizeof(RemoteOffer));
		g_hash_table_insert(offers->by_mac,
				    g_string_chunk_insert_const(offers->texts, mac), array);
	}
	return array;
}

/* One line.  FALSE: it is none of the script. */
static gboolean take_offer(RemoteOffers *offers, const char *line)
{
	g_auto(GStrv) columns = g_strsplit(line, "\t", -1);
	RemoteOffer offer = { .server = NULL };

	if (g_strv_length(columns) != COLUMNS || !g_str_equal(columns[WORD], "offer") ||
	    !g_hash_table_contains(offers->probe->asked, columns[MAC]) ||
	    !take_address(offers, columns[SERVER], &offer.server) ||
	    !take_address(offers, columns[ADDRESS], &offer.address) || !offer.address ||
	    !take_address(offers, columns[NEXT_SERVER], &offer.next_server) ||
	    !take_address(offers, columns[SENDER], &offer.sender) || !offer.sender ||
	    !take_file(offers, columns[FILE_NAME], &offer.file))
		return FALSE;
	g_array_append_val(array_of(offers, columns[MAC]), offer);
	return TRUE;
}

/* The last line: for how many MACs it has asked. */
static gboolean is_end(const RemoteOffers *offers, const char *line)
{
	g_autofree char *end =
		g_strdup_printf("asked %u", g_hash_table_size(offers->probe->asked));

	return g_str_equal(line, end);
}

/* Gives what is wrong with the output (g_free); NULL: nothing. */
static char *take_output(RemoteOffers *offers, GString *out)
{
	gboolean ended = FALSE;
	char *line = out->str, *end;

	for (; (end = strchr(line, '\n')); line = end + 1) {
		*end = '\0';
		if (!ended && is_end(offers, line)) {
			ended = TRUE;
		} else if (ended || !take_offer(offers, line)) {
			g_autofree char *quoted = text_quote(line);

			return g_strdup_printf("this is no line of a probe: %s", quoted);
		}
	}
	return ended && line == out->str + out->len
		       ? NULL
		       : g_strdup("the output of the probe has no end");
}

static RemoteOffers *offers_new(const RemoteProbe *probe)
{
	RemoteOffers *offers = g_new0(RemoteOffers, 1);

	offers->probe = probe;
	offers->texts = g_string_chunk_new(4096);
	offers->by_mac = g_hash_table_new_full(g_str_hash, g_str_equal, NULL,
					       (GDestroyNotify)g_array_unref);
	return offers;
}

RemoteOffers *remote_probe_judge(const RemoteProbe *probe, RemoteResult *result)
{
	g_autoptr(RemoteOffers) offers = NULL;
	char *wrong;

	if (result->error != REMOTE_OK || result->status != 0)
		return NULL;
	offers = offers_new(probe);
	wrong = take_output(offers, result->out);
	g_string_truncate(result->out, 0);
	if (!wrong)
		return g_steal_pointer(&offers);
	g_free(result->message);
	result->message = wrong;
	result->error = REMOTE_FAILED;
	return NULL;
}

void remote_offers_free(RemoteOffers *offers)
{
	if (!offers)
		return;
	g_hash_table_unref(offers->by_mac);
	g_string_chunk_free(offers->texts);
	g_free(offers);
}

const RemoteOffer *remote_offers_of(const RemoteOffers *offers, guint i, guint *n)
{
	const char *mac = offers->probe->macs->pdata[i];
	const GArray *array = g_hash_table_lookup(offers->by_mac, mac);

	*n = array ? array->len : 0;
	return array ? (const RemoteOffer *)array->data : NULL;
}
