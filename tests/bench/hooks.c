#include "tests/bench/hooks.h"
#include "tests/bench/measure.h"
#include "tests/bench/world.h"
#include <glib/gstdio.h>
#include <stdio.h>

#define HOOKS 40u
#define NODES 64
#define TIMES 21
#define LIMIT 50e-6 /* seconds for a call */

/* Those of the shipped procedure. */
static const char *const steps[] = {
	"check",    "freeze",	    "fence",  "servicenode", "xcatmaster", "servers",
	"release",  "dhcp",	    "boot",   "console",     "nodes",	   "monitoring",
	"hardware", "applications", "verify", "thaw",	     "finished",
};

/* A folder of hooks, with an empty function before and after each step, or with none.  Gives
 * the path. */
static char *write_hooks(const char *scratch, const char *name, gboolean with_functions)
{
	char *folder = g_strdup_printf("%s/%s", scratch, name);
	g_autoptr(GString) text = g_string_new("local function f() end return { name = 'h', "
					       "summary = 's', ");

	for (guint place = 0; with_functions && place < 2; place++) {
		g_string_append(text, place ? "after = {" : "before = {");
		for (gsize i = 0; i < G_N_ELEMENTS(steps); i++)
			g_string_append_printf(text, "%s = f, ", steps[i]);
		g_string_append(text, "}, ");
	}
	g_string_append(text, "}");
	if (g_mkdir(folder, 0755) != 0)
		measure_stop("%s cannot be made", folder);
	for (guint i = 0; i < HOOKS; i++) {
		g_autofree char *path = g_strdup_printf("%s/%02u.lua", folder, i);
		g_autoptr(GError) error = NULL;

		if (!g_file_set_contents(path, text->str, (gssize)text->len, &error) ||
		    g_chmod(path, 0644) != 0)
			measure_stop("%s", error ? error->message : path);
	}
	return folder;
}

static Cost measure_plan(const char *scratch, const char *snmove, const char *hooks)
{
	g_autofree char *directory = world_directory(scratch, NODES);
	g_autofree char *url = g_strconcat("xcat:", directory, NULL);
	g_autofree char *state = g_strdup_printf("%s/state", scratch);
	g_autofree char *range = world_range(NODES);
	const char *const argv[] = { snmove, range,	"-d",	       "sn2",  "-D", "sn2-c",
				     "-i",   "--plan",	"--force=all", "--db", url,  "--state",
				     state,  "--hooks", hooks,	       NULL };

	return measure_commands(argv, NULL, TIMES, NULL, NULL);
}

void hooks_measure(const char *scratch, const char *snmove)
{
	g_autofree char *none = write_hooks(scratch, "hooks-none", FALSE);
	g_autofree char *full = write_hooks(scratch, "hooks-full", TRUE);
	Cost without = measure_plan(scratch, snmove, none);
	Cost with = measure_plan(scratch, snmove, full);
	guint calls = HOOKS * 2u * (guint)G_N_ELEMENTS(steps);
	double each = (with.cpu - without.cpu) / calls;

	printf("Call %u empty functions of %u hooks\n  %-46s %10s\n", calls, HOOKS, "",
	       "CPU us");
	printf("  %-46s %10.1f\n", "one hook, loaded", without.cpu * 1e6 / HOOKS);
	printf("  %-46s %10.1f   < %.0f us: %s\n", "one call", each * 1e6, LIMIT * 1e6,
	       measure_target(each, LIMIT));
}
