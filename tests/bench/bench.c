/*
 * bench: what the core and the commands cost, beside what else there is to compare with.
 *
 *     bench PART SCRATCH SNMOVE     PART: expand, resolve, start, hooks, dhcp, boot, move
 *     bench worlds SCRATCH SNMOVE   makes the tables alone, for tests/bench/databases
 *     bench store URL SNMOVE        reads and writes such tables
 *
 * Called by tests/bench/run, which makes and removes the directory SCRATCH.  Each part is a
 * process of its own: see measure_command on memory.
 */
#include "core/noderange.h"
#include "tests/bench/boot.h"
#include "tests/bench/dhcp.h"
#include "tests/bench/hooks.h"
#include "tests/bench/measure.h"
#include "tests/bench/stores.h"
#include "tests/bench/world.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define NODES	    100000
#define TIMES	    11 /* an odd number: the median is one of them */
#define TIMES_START 50
#define TIMES_MOVE  5
#define MS	    1e3

static const char *scratch, *snmove;

static Store *must_open(const char *directory)
{
	g_autofree char *url = g_strconcat("xcat:", directory, NULL);
	g_autoptr(GError) error = NULL;
	Store *store = store_open(url, &error);

	if (!store)
		measure_stop("%s", error->message);
	return store;
}

/* ---- expand and fold ---- */

static double expand_once(Cluster *cluster, gboolean verify, GPtrArray **names)
{
	NoderangeOptions options = { .verify = verify };
	g_autofree char *range = world_range(NODES);
	g_autoptr(GError) error = NULL;
	double before = measure_cpu(), cost;
	g_autoptr(Noderange) expanded = noderange_expand(cluster, range, &options, &error);

	cost = measure_cpu() - before;
	if (!expanded || expanded->names->len != NODES)
		measure_stop("%s", error ? error->message : "names are missing");
	if (names) {
		*names = g_ptr_array_new_with_free_func(g_free);
		for (guint i = 0; i < NODES; i++)
			g_ptr_array_add(*names, g_strdup(expanded->names->pdata[i]));
	}
	return cost;
}

static double expand_median(guint size, gboolean verify, GPtrArray **names)
{
	g_autofree char *directory = world_directory(scratch, size);
	g_autoptr(Store) store = must_open(directory);
	g_autoptr(Cluster) cluster = cluster_new(store);
	g_autoptr(GError) error = NULL;
	double costs[TIMES];

	/* Reading the tables is measured in another part. */
	if (!cluster_nodes(cluster, &error))
		measure_stop("%s", error->message);
	for (guint i = 0; i < TIMES; i++)
		costs[i] = expand_once(cluster, verify, i == 0 ? names : NULL);
	return measure_median(costs, TIMES);
}

static double fold_median(GPtrArray *names)
{
	g_autofree char *wanted = world_range(NODES);
	double costs[TIMES];

	for (guint i = 0; i < TIMES; i++) {
		double before = measure_cpu();
		g_autofree char *folded =
			noderange_fold((const char *const *)names->pdata, names->len);

		costs[i] = measure_cpu() - before;
		if (!g_str_equal(folded, wanted))
			measure_stop("folded to %.200s", folded);
	}
	return measure_median(costs, TIMES);
}

/* Always in the same way, so that runs can be compared. */
static void shuffle(GPtrArray *names)
{
	g_autoptr(GRand) random = g_rand_new_with_seed(20);

	for (guint i = names->len - 1; i > 0; i--) {
		guint other = (guint)g_rand_int_range(random, 0, (gint32)i + 1);
		gpointer kept = names->pdata[i];

		names->pdata[i] = names->pdata[other];
		names->pdata[other] = kept;
	}
}

static char *write_names(GPtrArray *names, const char *file)
{
	char *path = g_strdup_printf("%s/%s", scratch, file);
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GError) error = NULL;

	for (guint i = 0; i < names->len; i++)
		g_string_append_printf(text, "%s\n", (const char *)names->pdata[i]);
	if (!g_file_set_contents(path, text->str, (gssize)text->len, &error))
		measure_stop("%s", error->message);
	return path;
}

static void tell_call(const char *what, double cost, double limit)
{
	printf("  %-46s %10s %10.2f   < %.0f ms: %s\n", what, "-", cost * MS, limit * MS,
	       measure_target(cost, limit));
}

static void tell_command(const char *what, Cost cost)
{
	printf("  %-46s %10.2f %10.2f\n", what, cost.wall * MS, cost.cpu * MS);
}

/* The command's start-up is taken off; `ours` is the call in the core. */
static void tell_compared(const char *what, Cost cost, Cost start, double ours)
{
	double rest = cost.cpu - start.cpu;

	printf("  %-46s %10.2f %10.2f   %.2f ms CPU after start-up: %.1f times ours\n", what,
	       cost.wall * MS, cost.cpu * MS, rest * MS, rest / ours);
}

static void compare_clustershell(const double *ours, const char *sorted, const char *shuffled)
{
	g_autofree char *range = world_range(NODES);
	const char *const version[] = { "nodeset", "--version", NULL };
	const char *const expand[] = { "nodeset", "-e", range, NULL };
	const char *const fold[] = { "nodeset", "-f", NULL };
	g_autofree char *found = g_find_program_in_path("nodeset");
	Cost start;

	if (!found) {
		puts("  nodeset is not there to compare with (package clustershell)");
		return;
	}
	start = measure_commands(version, NULL, TIMES, NULL, NULL);
	tell_command("nodeset --version: start-up", start);
	tell_compared("nodeset -e RANGE", measure_commands(expand, NULL, TIMES, NULL, NULL),
		      start, ours[0]);
	tell_compared("nodeset -f, sorted", measure_commands(fold, sorted, TIMES, NULL, NULL),
		      start, ours[1]);
	tell_compared("nodeset -f, shuffled",
		      measure_commands(fold, shuffled, TIMES, NULL, NULL), start, ours[2]);
}

static void measure_expand(void)
{
	g_autofree char *directory = world_directory(scratch, NODES);
	g_autofree char *url = g_strconcat("xcat:", directory, NULL);
	g_autofree char *range = world_range(NODES);
	const char *const expand[] = { snmove, "--expand", range, "--db", url, NULL };
	const char *const fold[] = { snmove, "--expand", range, "--fold", "--db", url, NULL };
	g_autoptr(GPtrArray) names = NULL;
	g_autofree char *sorted = NULL, *shuffled = NULL;
	double ours[3];

	printf("Expand and fold %s\n  %-46s %10s %10s\n", range, "", "wall ms", "CPU ms");
	ours[0] = expand_median(0, FALSE, &names);
	tell_call("expand, empty database, verify off", ours[0], 0.010);
	tell_call("expand, 100,000 nodes in memory, verify on",
		  expand_median(NODES, TRUE, NULL), 0.010);
	ours[1] = fold_median(names);
	tell_call("fold, sorted", ours[1], 0.040);
	sorted = write_names(names, "sorted");
	shuffle(names);
	ours[2] = fold_median(names);
	tell_call("fold, shuffled", ours[2], 0.040);
	shuffled = write_names(names, "shuffled");
	printf("  %-46s sorted %.1f, shuffled %.1f\n", "fold : expand", ours[1] / ours[0],
	       ours[2] / ours[0]);
	tell_command("snmove --expand RANGE, reading 100,000 nodes",
		     measure_commands(expand, NULL, TIMES, NULL, NULL));
	tell_command("snmove --expand RANGE --fold, likewise",
		     measure_commands(fold, NULL, TIMES, NULL, NULL));
	compare_clustershell(ours, sorted, shuffled);
}

/* ---- attributes through groups ---- */

static const char *const columns[] = {
	"noderes.servicenode", "noderes.xcatmaster", "noderes.tftpserver", "noderes.nfsserver",
	"noderes.monserver",   "nodehm.conserver",   "nodetype.os",	   "hosts.ip",
};
#define COLUMNS G_N_ELEMENTS(columns)

typedef struct {
	double load, resolve;
} Resolved;

static void load(Cluster *cluster)
{
	static const char *const needed[] = { "noderes", "nodehm", "nodetype", "hosts",
					      "site" };
	g_autoptr(GError) error = NULL;

	if (!cluster_nodes(cluster, &error))
		measure_stop("%s", error->message);
	for (gsize i = 0; i < G_N_ELEMENTS(needed); i++)
		if (!cluster_table(cluster, needed[i], &error))
			measure_stop("%s", error->message);
}

/* The last node stands for all: its number has no other's digits. */
static void check_values(const ClusterValue *values, guint n)
{
	g_autofree char *address = world_address(n);
	const char *const wanted[] = { "sn1,sn2",   "sn1-c", "sn1-c",	 "sn1-c",
				       "sn1,sn1-c", "sn1",   "rhels9.2", address };

	for (guint i = 0; i < COLUMNS; i++) {
		const char *text = values[(n - 1) * COLUMNS + i].text;

		if (g_strcmp0(text, wanted[i]) != 0)
			measure_stop("%s of node %u is %s, not %s", columns[i], n,
				     text ? text : "nothing", wanted[i]);
	}
}

static Resolved resolve_once(const char *directory, guint n)
{
	double start = measure_cpu(), loaded, done;
	g_autoptr(Store) store = must_open(directory);
	g_autoptr(Cluster) cluster = cluster_new(store);
	g_autoptr(GError) error = NULL;
	g_autofree ClusterValue *values = NULL;
	const GPtrArray *nodes;

	load(cluster);
	loaded = measure_cpu();
	nodes = cluster_nodes(cluster, &error);
	/* The four servers come after the nodes by name. */
	values = cluster_resolve_many(cluster, (const char *const *)nodes->pdata, n, columns,
				      COLUMNS, &error);
	done = measure_cpu();
	if (!values)
		measure_stop("%s", error->message);
	check_values(values, n);
	return (Resolved){ loaded - start, done - loaded };
}

static void measure_resolve(void)
{
	static const guint sizes[] = { 10000, NODES };
	double last = 0;

	printf("Resolve %zu columns through groups\n  %-46s %10s %10s %10s\n", COLUMNS,
	       "CPU ms", "load", "resolve", "both");
	for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
		g_autofree char *directory = world_directory(scratch, sizes[i]);
		double loads[TIMES], resolves[TIMES], both;
		char label[32];

		for (guint j = 0; j < TIMES; j++) {
			Resolved once = resolve_once(directory, sizes[i]);

			loads[j] = once.load;
			resolves[j] = once.resolve;
		}
		both = measure_median(loads, TIMES) + measure_median(resolves, TIMES);
		g_snprintf(label, sizeof(label), "%u nodes", sizes[i]);
		printf("  %-46s %10.1f %10.1f %10.1f", label, loads[TIMES / 2] * MS,
		       resolves[TIMES / 2] * MS, both * MS);
		if (sizes[i] == NODES)
			printf("   < 500 ms: %s", measure_target(both, 0.5));
		putchar('\n');
		if (last > 0) {
			double growth = measure_exponent(sizes[i - 1], last, sizes[i], both);

			printf("  %-46s %10s %10s %10.2f   < 1.1: %s\n", "growth exponent", "",
			       "", growth, measure_target(growth, 1.1));
		}
		last = both;
	}
}

/* ---- start-up ---- */

static void measure_start(void)
{
	const char *const version[] = { snmove, "--version", NULL };
	Cost cost = measure_commands(version, NULL, TIMES_START, NULL, NULL);

	printf("Start-up (median of %d)\n  %-46s %10s %10s\n", TIMES_START, "", "wall ms",
	       "CPU ms");
	printf("  %-46s %10.2f %10.2f   < 5 ms wall: %s\n", "snmove --version", cost.wall * MS,
	       cost.cpu * MS, measure_target(cost.wall, 0.005));
}

static void measure_hooks(void)
{
	hooks_measure(scratch, snmove);
}

static void measure_dhcp(void)
{
	dhcp_measure(scratch);
}

static void measure_boot(void)
{
	boot_measure(scratch);
}

/* ---- whole moves ---- */

typedef struct {
	const char *world, *copy;
} Copy;

/* A copy that is on the disk: or the move's own fsync would pay for it. */
static void make_copy(gpointer data)
{
	const Copy *copy = data;
	const char *const away[] = { "rm", "-rf", copy->copy, NULL };
	const char *const again[] = { "cp", "-r", copy->world, copy->copy, NULL };

	measure_command(away, NULL);
	measure_command(again, NULL);
	sync();
}

static Cost measure_move(guint n, gboolean plan)
{
	g_autofree char *world = world_directory(scratch, n);
	g_autofree char *directory = g_strdup_printf("%s/moved", scratch);
	g_autofree char *state = g_strdup_printf("%s/state", scratch);
	g_autofree char *url = g_strconcat("xcat:", directory, NULL);
	g_autofree char *range = world_range(n);
	Copy copy = { world, directory };
	const char *const argv[] = { snmove,
				     range,
				     "-d",
				     "sn2",
				     "-D",
				     "sn2-c",
				     "-i",
				     "--force=all",
				     "--db",
				     url,
				     "--state",
				     state,
				     plan ? "--plan" : NULL,
				     NULL };
	Cost cost = measure_commands(argv, NULL, TIMES_MOVE, make_copy, &copy);
	guint moved = world_moved(directory);

	if (moved != (plan ? 0 : n))
		measure_stop("%u of %u nodes were moved", moved, n);
	return cost;
}

static void tell_moves(gboolean plan)
{
	static const struct {
		guint nodes;
		double limits[2]; /* of a move, and of its plan */
	} sizes[] = { { 2000, { 0, 0 } }, { 10000, { 0.5, 0.5 } }, { NODES, { 5, 1.5 } } };
	Cost last = { 0 };

	for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
		double limit = sizes[i].limits[plan ? 1 : 0];
		Cost cost = measure_move(sizes[i].nodes, plan);
		g_autofree char *label =
			g_strdup_printf("%u nodes%s", sizes[i].nodes, plan ? ", --plan" : "");

		printf("  %-30s %10.3f %10.3f %10.0f", label, cost.wall, cost.cpu, cost.peak);
		if (i > 0) {
			double growth = measure_exponent(sizes[i - 1].nodes, last.wall,
							 sizes[i].nodes, cost.wall);

			printf(" %10.2f   < 1.1: %s", growth, measure_target(growth, 1.1));
		}
		if (limit > 0)
			printf("; < %g s: %s", limit, measure_target(cost.wall, limit));
		if (sizes[i].nodes == NODES)
			printf("; < 1 GiB: %s", measure_target(cost.peak, 1024));
		putchar('\n');
		fflush(stdout);
		last = cost;
	}
}

static void tell_recorded(void)
{
	static const struct {
		guint nodes;
		double wall;
	} recorded[] = {
		{ 250, 1.14 }, { 500, 1.55 }, { 1000, 2.38 }, { 5000, 10.6 }, { 10000, 23.2 }
	};

	puts("  xCAT 2.19's snmove -i, rows alone (measured once beside ours on the same kind "
	     "of machine, not now; with consoles 3.4 s for 250 nodes, 6.3 s for 500)");
	for (gsize i = 0; i < G_N_ELEMENTS(recorded); i++) {
		g_autofree char *label = g_strdup_printf("%u nodes", recorded[i].nodes);

		printf("  %-30s %10.2f %10s %10s", label, recorded[i].wall, "-", "-");
		if (i > 0)
			printf(" %10.2f",
			       measure_exponent(recorded[i - 1].nodes, recorded[i - 1].wall,
						recorded[i].nodes, recorded[i].wall));
		putchar('\n');
	}
}

static void measure_moves(void)
{
	printf("Move all nodes: snmove RANGE -d sn2 -D sn2-c -i (six cells a node)\n"
	       "  %-30s %10s %10s %10s %10s\n",
	       "", "wall s", "CPU s", "peak MiB", "exponent");
	tell_moves(FALSE);
	tell_moves(TRUE);
	tell_recorded();
}

static void make_worlds(void)
{
	static const guint sizes[] = { 2000, 10000, NODES };

	for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++)
		g_free(world_directory(scratch, sizes[i]));
}

static void measure_store(void)
{
	stores_measure(scratch);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*measure)(void);
	} parts[] = { { "expand", measure_expand }, { "resolve", measure_resolve },
		      { "start", measure_start },   { "hooks", measure_hooks },
		      { "dhcp", measure_dhcp },	    { "boot", measure_boot },
		      { "move", measure_moves },    { "worlds", make_worlds },
		      { "store", measure_store } };

	if (argc != 4)
		measure_stop("usage: bench PART SCRATCH SNMOVE");
	scratch = argv[2];
	snmove = argv[3];
	for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
		if (!g_str_equal(parts[i].name, argv[1]))
			continue;
		parts[i].measure();
		if (measure_missed() > 0)
			printf("  %u target%s missed\n", measure_missed(),
			       measure_missed() == 1 ? "" : "s");
		return 0;
	}
	measure_stop("no part '%s': expand, resolve, start, hooks, dhcp, boot, move", argv[1]);
}
