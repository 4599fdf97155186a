/* What one name, or what looks like one, means.  The order is xCAT's: the first match wins. */
#include "core/noderange/expansion.h"
#include "core/noderange/tree.h"
#include "core/base.h"
#include <string.h>

static gboolean is_digits(const char *text)
{
	return g_ascii_isdigit(*text) && !text[strspn(text, "0123456789")];
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
	return atom_expand(expansion, g_string_chunk_insert(expansion->text, name), names,
			   error);
}

static void add_all(GPtrArray *names, const GPtrArray *more)
{
	for (guint i = 0; more && i < more->len; i++)
		g_ptr_array_add(names, more->pdata[i]);
}

/* Of the names in nodegroup.  Gives a settled set. */
static GPtrArray *read_groups(Cluster *cluster, GError **error)
{
	const StoreTable *table = cluster_table(cluster, "nodegroup", error);
	GPtrArray *groups;
	int disable;

	if (!table)
		return NULL;
	groups = g_ptr_array_new();
	disable = store_table_column(table, "disable");
	for (guint row = 0; row < table->n_rows; row++) {
		const char *name = store_table_cell(table, row, (int)table->keys[0]);

		if (name && cluster_enabled(store_table_cell(table, row, disable)))
			g_ptr_array_add(groups, (gpointer)name);
	}
	names_settle(groups);
	return groups;
}

/* Nearly all names that a range makes are nodes, or they are neither node nor group. */
static const char *find_node(Expansion *expansion, const char *text)
{
	const char *node;

	if (names_in_gap(&expansion->no_node, text))
		return NULL;
	node = cluster_node(expansion->cluster, text);
	if (!node)
		(void)names_find(expansion->nodes, text, &expansion->no_node);
	return node;
}

/* TRUE: it is the name of a group, whose members are added unless `*error` is set. */
static gboolean add_group(Expansion *expansion, const char *text, GPtrArray *names,
			  GError **error)
{
	Cluster *cluster = expansion->cluster;
	const GPtrArray *members;
	gboolean has_row;
	const char *type = NULL;

	if (!expansion->groups)
		expansion->groups = read_groups(cluster, error);
	if (!expansion->groups)
		return TRUE;
	has_row = !names_in_gap(&expansion->no_group, text) &&
		  names_find(expansion->groups, text, &expansion->no_group);
	if (has_row)
		(void)cluster_row_value(cluster, "nodegroup", text, "grouptype", &type, NULL);
	if (type && g_str_equal(type, "dynamic")) {
		const char *wherevals;

		(void)cluster_row_value(cluster, "nodegroup", text, "wherevals", &wherevals,
					NULL);
		(void)criterion_group(expansion, text, wherevals ? wherevals : "", names,
				      error);
		return TRUE;
	}
	members = expansion->nodes->len > 0 ? cluster_members(cluster, text) : NULL;
	add_all(names, members);
	return members || has_row;
}

static void add_unknown(Expansion *expansion, const char *text, GPtrArray *names)
{
	g_ptr_array_add(expansion->options.verify ? expansion->missing : names, (gpointer)text);
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
	const char *node = find_node(expansion, text);
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
