/* What one name, or what looks like one, means.  The order is xCAT's: the first match wins. */
#include "core/noderange/expansion.h"
#include "core/noderange/tree.h"
#include "core/base.h"
#include <string.h>

static gboolean is_digits(const char *text)
{
	return *text && !text[strspn(text, "0123456789")];
}

static gboolean add_digits(Expansion *expansion, const char *text, GPtrArray *names,
			   GError **error)
{
	const NoderangeOptions *options = &expansion->options;
	g_autofree char *name = g_strconcat(options->prefix, text, options->suffix, NULL);

	if (is_digits(name))
		return expansion_refuse(
			expansion, error, NODERANGE_ERROR_SYNTAX,
			"%s is only digits, and so it is with XCAT_NODE_PREFIX and "
			"XCAT_NODE_SUFFIX around it",
			text);
	return atom_expand(expansion, name, names, error);
}

static void add_all(GPtrArray *names, const GPtrArray *more)
{
	for (guint i = 0; more && i < more->len; i++)
		g_ptr_array_add(names, more->pdata[i]);
}

/* TRUE: it is the name of a group, whose members are added unless `*error` is set. */
static gboolean add_group(Expansion *expansion, const char *text, GPtrArray *names,
			  GError **error)
{
	Cluster *cluster = expansion->cluster;
	gboolean has_row = cluster_has_row(cluster, "nodegroup", text);
	const char *type =
		has_row ? cluster_row_value(cluster, "nodegroup", text, "grouptype", NULL)
			: NULL;
	const GPtrArray *members;

	if (type && g_str_equal(type, "dynamic")) {
		const char *wherevals =
			cluster_row_value(cluster, "nodegroup", text, "wherevals", NULL);

		(void)criterion_group(expansion, text, wherevals ? wherevals : "", names,
				      error);
		return TRUE;
	}
	members = cluster_members(cluster, text);
	add_all(names, members);
	return members || has_row;
}

static void add_unknown(Expansion *expansion, const char *text, GPtrArray *names)
{
	g_ptr_array_add(expansion->options.verify ? expansion->missing : names,
			g_string_chunk_insert(expansion->text, text));
}

/* Anything but a node or a group; `text` has a character that can mean something. */
static gboolean add_composed(Expansion *expansion, const char *text, GPtrArray *names,
			     GError **error)
{
	gboolean understood = FALSE;

	if (strpbrk(text, "=~"))
		return criterion_expand(expansion, text, names, error);
	if (is_digits(text))
		return add_digits(expansion, text, names, error);
	if (bracket_has(text))
		return bracket_expand(expansion, text, names, error);
	if (strchr(text, '+'))
		return range_increment(expansion, text, names, error);
	if (!range_text(expansion, text, &understood, names, error))
		return FALSE;
	if (!understood)
		add_unknown(expansion, text, names);
	return TRUE;
}

gboolean atom_expand(Expansion *expansion, const char *text, GPtrArray *names, GError **error)
{
	const char *node =
		expansion->nodes->len > 0 ? cluster_node(expansion->cluster, text) : NULL;
	g_autoptr(GError) problem = NULL;
	gboolean done;

	if (node) {
		g_ptr_array_add(names, (gpointer)node);
		return TRUE;
	}
	if (!is_digits(text)) { /* a group of digits cannot be had: digits are a node's */
		if (add_group(expansion, text, names, &problem)) {
			if (!problem)
				return TRUE;
			g_propagate_error(error, g_steal_pointer(&problem));
			return FALSE;
		}
		if (!strpbrk(text, "=~[+:-")) {
			add_unknown(expansion, text, names);
			return TRUE;
		}
	}
	if (expansion->depth == NODERANGE_DEPTH)
		return expansion_refuse(expansion, error, NODERANGE_ERROR_LIMIT,
					"too deep: each look-up leads to another");
	expansion->depth++;
	done = add_composed(expansion, text, names, error);
	expansion->depth--;
	return done;
}
