#include "tests/bench/dhcp.h"
#include "core/services.h"
#include "tests/bench/measure.h"
#include "tests/bench/world.h"
#include <glib/gstdio.h>
#include <stdio.h>

#define NODES 10000u
#define TIMES 5
#define LIMIT 0.3 /* seconds for the texts of all nodes, by all backends together */

typedef struct {
	Store *store;
	Cluster *cluster;
	Hosts *hosts;
	const char *const *nodes;
	const char **servers;
} Site;

static void must(gboolean good, const GError *error)
{
	if (!good)
		measure_stop("%s", error ? error->message : "no error was set");
}

/* Those of the site are used for nothing else: its world has tables that others have not. */
static void open_site(Site *site, const char *scratch)
{
	g_autofree char *folder = g_build_filename(scratch, "dhcp", NULL);
	g_autofree char *directory = NULL, *url = NULL;
	g_autoptr(GError) error = NULL;
	const GPtrArray *nodes;

	must(g_mkdir(folder, 0700) == 0, NULL);
	directory = world_directory(folder, NODES);
	world_add_dhcp(directory, NODES);
	url = g_strconcat("xcat:", directory, NULL);
	site->store = store_open(url, &error);
	must(site->store != NULL, error);
	site->cluster = cluster_new(site->store);
	site->hosts = hosts_new(site->cluster, "/dev/null", 0);
	nodes = cluster_nodes(site->cluster, &error);
	must(nodes && nodes->len >= NODES, error);
	site->nodes = (const char *const *)nodes->pdata; /* "n..." is before "sn..." */
	site->servers = g_new(const char *, NODES);
	for (guint i = 0; i < NODES; i++)
		site->servers[i] = "sn2-c";
}

static DhcpFacts *gather(const Site *site)
{
	g_autoptr(GError) error = NULL;
	DhcpFacts *facts = dhcp_facts(site->cluster, site->hosts, site->nodes, site->servers,
				      NODES, &error);

	must(facts != NULL, error);
	if (dhcp_problems(facts)->len > 0)
		measure_stop("%s", ((ServiceProblem *)dhcp_problems(facts)->pdata[0])->words);
	return facts;
}

static char **make_texts(const DhcpFacts *facts, DhcpBackend backend)
{
	char **texts = g_new0(char *, NODES + 1);

	for (guint i = 0; i < NODES; i++)
		texts[i] = dhcp_text(facts, backend, i);
	return texts;
}

static gsize write_files(const Site *site, DhcpBackend backend, const char *const *texts)
{
	const DhcpFile files[] = { { .name = "10.0.0.0/8" }, { .name = DHCP_KEA_CLASSES } };
	guint n = backend == DHCP_KEA ? 2 : 1;
	GString *written[2] = { NULL };
	g_autoptr(GError) error = NULL;
	gsize length = 0;

	must(dhcp_write(backend, files, n, site->nodes, NODES, texts, written, &error), error);
	for (guint i = 0; i < n; i++) {
		must(written[i] != NULL, NULL);
		length += written[i]->len;
		g_string_free(written[i], TRUE);
	}
	return length;
}

static gsize write_batch(const Site *site, const DhcpFacts *facts, const char *const *texts)
{
	const DhcpLogin login = { .name = "xcat_key", .secret = "c2VjcmV0" };
	g_autofree const char **now = g_new0(const char *, NODES);
	g_autoptr(GError) error = NULL;
	g_autoptr(GString) batch =
		dhcp_omapi_batch(&login, facts, site->nodes, now, texts, NODES, &error);

	must(batch != NULL, error);
	return batch->len;
}

static double measure_backend(const Site *site, const DhcpFacts *facts, DhcpBackend backend,
			      const char *what)
{
	double costs[TIMES], cost;
	gsize length = 0;

	for (guint i = 0; i < TIMES; i++) {
		double before = measure_cpu();
		g_auto(GStrv) texts = make_texts(facts, backend);

		length = backend == DHCP_OMAPI
				 ? write_batch(site, facts, (const char *const *)texts)
				 : write_files(site, backend, (const char *const *)texts);
		costs[i] = measure_cpu() - before;
	}
	cost = measure_median(costs, TIMES);
	printf("  %-46s %10.1f %10.1f\n", what, cost * 1e3, (double)length / (1 << 20));
	return cost;
}

void dhcp_measure(const char *scratch)
{
	Site site;
	DhcpFacts *facts = NULL;
	double costs[TIMES], all = 0;

	open_site(&site, scratch);
	for (guint i = 0; i < TIMES; i++) {
		double before = measure_cpu();

		dhcp_facts_free(facts);
		facts = gather(&site);
		costs[i] = measure_cpu() - before;
	}
	printf("DHCP entries of %u nodes (xnba)\n  %-46s %10s %10s\n", NODES, "", "CPU ms",
	       "MiB");
	printf("  %-46s %10.1f\n", "facts, of tables that are read",
	       measure_median(costs, TIMES) * 1e3);
	all += measure_backend(&site, facts, DHCP_INCLUDE, "an include file of dhcpd");
	all += measure_backend(&site, facts, DHCP_OMAPI, "a batch of omshell");
	all += measure_backend(&site, facts, DHCP_KEA, "files of Kea");
	printf("  %-46s %10.1f %10s   < %.0f ms: %s\n", "all texts", all * 1e3, "", LIMIT * 1e3,
	       measure_target(all, LIMIT));
	dhcp_facts_free(facts);
	hosts_free(site.hosts);
	cluster_free(site.cluster);
	store_close(site.store);
	g_free(site.servers);
}
