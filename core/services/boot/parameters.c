/*
 * The kernel of a node, its initrd and its command line, by bootparams and the node's image.
 *
 * Names like bn105 are recorded cases (tests/cases/boot) that a rule was taken from.
 */
#include "core/services/boot/gathering.h"
#include <string.h>

#define MYSELF	  "!myipfn!" /* the address of the server that answers */
#define INSTALLED "R::"	     /* in front of an option: for the installed system only */

#define MOST_LOOKUPS 64 /* a value that is looked up may ask for another one */

/* ---- The image ---- */

/* A value of a row that has one key. */
static const char *row_value(BootGathering *gathering, const char *table, const char *key,
			     const char *column)
{
	const char *value = NULL;

	if (!key || !cluster_row_value(gathering->cluster, table, key, column, &value, NULL))
		return NULL;
	return value;
}

/* nodetype.provmethod is its name; once it was one of these words. */
static void take_image(BootGathering *gathering)
{
	static const char *const words[] = { "install", "netboot", "statelite", NULL };
	const char *image = boot_value(gathering, PROVMETHOD);

	if (image && g_strv_contains(words, image))
		image = NULL;
	gathering->addkcmdline = row_value(gathering, "linuximage", image, "addkcmdline");
	gathering->boottarget = row_value(gathering, "linuximage", image, "boottarget");
}

/* Of the row that the image names, if the node has none. */
static const char *with_target(BootGathering *gathering, const char *value, const char *column)
{
	if (value || !gathering->node->format->by_target)
		return value;
	return row_value(gathering, "boottarget", gathering->boottarget, column);
}

/* "kernel!hypervisor" */
static void split_kernel(BootGathering *gathering)
{
	BootNode *node = gathering->node;
	const char *mark = node->kernel ? strchr(node->kernel, '!') : NULL;
	g_auto(GStrv) parts = NULL;

	if (!mark || !node->format->by_mboot)
		return;
	parts = g_strsplit(node->kernel, "!", 3);
	node->kernel = boot_keep(gathering, parts[0]);
	node->hypervisor = boot_keep(gathering, parts[1]);
}

void boot_take_kernel(BootGathering *gathering)
{
	BootNode *node = gathering->node;

	take_image(gathering);
	node->kernel = with_target(gathering, boot_value(gathering, KERNEL), "kernel");
	node->initrd = with_target(gathering, boot_value(gathering, INITRD), "initrd");
	split_kernel(gathering);
}

/* ---- What is looked up ---- */

/* The value of an attribute of the node; NULL: it cannot be looked up, which is told. */
static const char *look_up(BootGathering *gathering, const char *table, const char *column)
{
	g_autofree char *asked = g_strconcat(table, ".", column, NULL), *quoted = NULL;
	g_autoptr(GError) problem = NULL;
	ClusterValue value;

	if (cluster_has_column(gathering->cluster, table, "node", NULL) &&
	    cluster_resolve(gathering->cluster, gathering->node->name, table, column, &value,
			    &problem))
		return value.text ? value.text : "";
	quoted = text_quote(asked);
	boot_refuse(gathering, "addkcmdline asks for %s: %s", quoted,
		    problem ? problem->message : "there is no such table of nodes");
	return NULL;
}

/* THISNODE and $NODE are all keys that xCAT knows. */
static gboolean is_this_node(const char *key)
{
	return strstr(key, "THISNODE") || strstr(key, "$NODE");
}

/* groups: table and column; or table, key and column. */
static const char *look_up_match(BootGathering *gathering, const PatternMatch *match)
{
	gboolean by_key = match->count > 3;

	if (!by_key || is_this_node(match->groups[2]))
		return look_up(gathering, match->groups[1], match->groups[by_key ? 3 : 2]);
	boot_refuse_value(gathering, "addkcmdline asks by", match->groups[2],
			  "and can only by THISNODE or $NODE");
	return NULL;
}

/* Each match becomes what it asks for, as long as there is one: xCAT goes on for ever where a
 * value asks for itself. */
static gboolean replace_all(BootGathering *gathering, const Pattern *pattern, char **text)
{
	for (guint i = 0; i < MOST_LOOKUPS; i++) {
		g_auto(PatternMatch) match = { 0 };
		const char *value;
		char *replaced;

		if (!pattern_match(pattern, *text, &match, NULL) || !match.found)
			return TRUE;
		value = look_up_match(gathering, &match);
		if (!value)
			return FALSE;
		replaced = pattern_splice(*text, &match, value);
		g_free(*text);
		*text = replaced;
	}
	boot_refuse(gathering, "addkcmdline looks up more than %d values", MOST_LOOKUPS);
	return FALSE;
}

/* ---- The command line ---- */

/* Options of this boot, a blank behind each; NULL: there are none.  Like Perl's split, which
 * drops what is empty at the end, and only there (bn105). */
static char *volatile_options(const char *text)
{
	g_auto(GStrv) options = g_strsplit(text, " ", -1);
	g_autoptr(GString) kept = g_string_new(NULL);
	guint n = g_strv_length(options);

	while (n > 0 && !*options[n - 1])
		n--;
	for (guint i = 0; i < n; i++)
		if (!g_str_has_prefix(options[i], INSTALLED))
			g_string_append_printf(kept, "%s ", options[i]);
	return kept->len ? g_string_free(g_steal_pointer(&kept), FALSE) : NULL;
}

/* xnba takes the options of an image that has a boottarget as well (bn105). */
static const char *image_options(const BootGathering *gathering)
{
	gboolean ignored = gathering->boottarget && !gathering->node->format->by_target;

	return ignored ? NULL : gathering->addkcmdline;
}

static void add_as_is(GString *line, const char *options)
{
	if (options)
		g_string_append_printf(line, " %s", options);
}

/* A blank behind each of the two. */
static void add_volatile(GString *line, const char *own, const char *image)
{
	g_autofree char *added = g_strconcat(own ? own : "", own ? " " : "", image, NULL);
	g_autofree char *options = volatile_options(added);

	add_as_is(line, options);
}

/* A blank between the two, and a blank even if none stays. */
static void add_looked_up(BootGathering *gathering, GString *line, const char *own,
			  const char *image)
{
	g_autofree char *added = g_strconcat(own ? own : "", image ? " " : "", image, NULL);
	g_autofree char *options = volatile_options(added);

	if (!options)
		options = g_strdup("");
	if (replace_all(gathering, gathering->attribute, &options) &&
	    replace_all(gathering, gathering->table, &options))
		add_as_is(line, options);
}

static void add_options(BootGathering *gathering, GString *line)
{
	const char *own = boot_value(gathering, ADDKCMDLINE);
	const char *image = image_options(gathering);
	BootAdding adding = gathering->node->format->adding;

	if (!own && !image)
		return;
	if (adding == BOOT_ADD_LOOKED_UP) {
		add_looked_up(gathering, line, own, image);
	} else if (adding == BOOT_ADD_VOLATILE) {
		add_volatile(line, own, image);
	} else {
		add_as_is(line, own);
		add_as_is(line, image);
	}
}

void boot_take_line(BootGathering *gathering)
{
	const char *own = boot_value(gathering, KCMDLINE);
	g_autoptr(GString) line = g_string_new(own ? own : "");

	add_options(gathering, line);
	gathering->node->kcmdline = with_target(
		gathering, line->len ? boot_keep(gathering, line->str) : NULL, "kcmdline");
}

/* ---- The address of the server ---- */

gboolean boot_asks_address(const char *text)
{
	return text && strstr(text, MYSELF);
}

gboolean boot_need_address(BootGathering *gathering, const char *what)
{
	g_autofree char *server = NULL;

	if (gathering->node->address)
		return TRUE;
	if (!gathering->told_address) { /* RULES 50: xCAT writes none, or leaves !myipfn! there
					 */
		server = text_quote(gathering->server);
		boot_refuse(gathering,
			    "%s is the address of its service node on its network, and there "
			    "%s has none",
			    what, server);
	}
	gathering->told_address = TRUE;
	return FALSE;
}

char *boot_put_address(const char *text, const char *address)
{
	g_auto(GStrv) parts = g_strsplit(text, MYSELF, -1);

	return g_strjoinv(address, parts);
}

const char *boot_place_address(BootGathering *gathering, const char *text)
{
	g_autofree char *placed = NULL;

	if (!boot_asks_address(text) ||
	    !boot_need_address(gathering, MYSELF " in its kernel command line"))
		return text;
	placed = boot_put_address(text, gathering->node->address);
	return boot_keep(gathering, placed);
}
