#include "tests/bench/boot.h"
#include "core/services.h"
#include "tests/bench/measure.h"
#include "tests/bench/world.h"
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#define NODES 10000u
#define TIMES 5
#define LIMIT 0.3 /* seconds for all nodes: to make their files, and to take them over */

typedef struct {
	Store *store;
	Cluster *cluster;
	Hosts *hosts;
	Service *service;
	const char *const *nodes;
} Site;

static void must(gboolean good, const GError *error)
{
	if (!good)
		measure_stop("%s", error ? error->message : "no error was set");
}

static void open_site(Site *site, const char *scratch, const char *loader)
{
	g_autofree char *folder = g_strdup_printf("%s/boot-%s", scratch, loader);
	g_autofree char *directory = NULL, *url = NULL;
	g_autoptr(GError) error = NULL;
	const GPtrArray *nodes;

	must(g_mkdir(folder, 0700) == 0, NULL);
	directory = world_directory(folder, NODES);
	world_add_dhcp(directory, NODES);
	world_add_boot(directory, loader);
	url = g_strconcat("xcat:", directory, NULL);
	site->store = store_open(url, &error);
	must(site->store != NULL, error);
	site->cluster = cluster_new(site->store);
	site->hosts = hosts_new(site->cluster, "/dev/null", 0);
	site->service = boot_service(site->cluster, site->hosts);
	nodes = cluster_nodes(site->cluster, &error);
	must(nodes && nodes->len >= NODES, error);
	site->nodes = (const char *const *)nodes->pdata; /* "n..." is before "sn..." */
}

static void close_site(Site *site)
{
	site->service->free(site->service);
	hosts_free(site->hosts);
	cluster_free(site->cluster);
	store_close(site->store);
}

static char **make_texts(const Site *site)
{
	char **texts = g_new0(char *, NODES + 1);
	g_autoptr(GPtrArray) problems = g_ptr_array_new_with_free_func(service_problem_free);
	g_autoptr(GError) error = NULL;

	must(site->service->make(site->service, site->nodes, NODES, texts, problems, &error),
	     error);
	if (problems->len > 0)
		measure_stop("%s", ((ServiceProblem *)problems->pdata[0])->words);
	return texts;
}

/* The texts of the same nodes at sn2. */
static gsize take_over(const Site *site, char **texts)
{
	static const char *const names[] = { "sn1", "sn1-c", "10.200.0.1", "10.200.1.1" };
	static const HostsPlace place = { "sn2-c", "10.200.1.2", NULL };
	g_autoptr(HostsWords) words = hosts_words_new(site->hosts, names, G_N_ELEMENTS(names));
	gsize length = 0;

	for (guint i = 0; i < NODES; i++) {
		g_autofree char *text = boot_take_over(words, &place, texts[i]);

		if (!text || !strstr(text, "10.200.1.2") || strstr(text, "10.200.1.1"))
			measure_stop("%s was not taken over: %s", site->nodes[i], texts[i]);
		length += strlen(text);
	}
	return length;
}

static void tell(const char *what, const char *loader, double *costs, gsize length)
{
	g_autofree char *label = g_strdup_printf("%s, %s", loader, what);
	double cost = measure_median(costs, TIMES);

	printf("  %-46s %10.1f %10.1f   < %.0f ms: %s\n", label, cost * 1e3,
	       (double)length / (1 << 20), LIMIT * 1e3, measure_target(cost, LIMIT));
}

static void measure_loader(const char *scratch, const char *loader)
{
	double made[TIMES], taken[TIMES];
	gsize length = 0;
	Site site;

	open_site(&site, scratch, loader);
	g_strfreev(make_texts(&site)); /* reads the tables */
	for (guint i = 0; i < TIMES; i++) {
		double before = measure_cpu(), between;
		g_auto(GStrv) texts = make_texts(&site);

		between = measure_cpu();
		length = take_over(&site, texts);
		taken[i] = measure_cpu() - between;
		made[i] = between - before;
	}
	tell("made of the tables", loader, made, length);
	tell("taken over", loader, taken, length);
	close_site(&site);
}

void boot_measure(const char *scratch)
{
	static const char *const loaders[] = { "xnba", "pxe", "grub2", "petitboot", "yaboot" };

	printf("Boot files of %u nodes, of tables that are read\n  %-46s %10s %10s\n", NODES,
	       "", "CPU ms", "MiB");
	for (gsize i = 0; i < G_N_ELEMENTS(loaders); i++)
		measure_loader(scratch, loaders[i]);
}
