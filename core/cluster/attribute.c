/*
 * Attributes: a node's own row, else its groups; joined and computed (RULES.md section 2).
 *
 * Thousands of nodes share a few lists of groups, so what a list of groups gives for a column
 * is found once and kept with the column.
 */
#include "core/cluster/snapshot.h"
#include "core/base.h"
#include <string.h>

#define MARKER "+=NEXTRECORD"

/* What a list of groups gives for a column: the text as joined so far, and from which row. */
typedef struct {
	const char *text; /* NULL: no group has a value */
	const char *from;
} Inherited;

typedef struct {
	Value *value; /* NULL: plain text */
	GError *error;
} CompiledValue;

void snapshot_compiled_free(gpointer data)
{
	CompiledValue *compiled = data;

	value_free(compiled->value);
	g_clear_error(&compiled->error);
	g_free(compiled);
}

void snapshot_column_free(gpointer data)
{
	Column *column = data;

	if (!column)
		return;
	g_ptr_array_unref(column->inherited);
	g_free(column);
}

/* site.hierarchicalattrs: "column:separator,column"; the separator is "," when left out. */
static void read_hierarchy(Cluster *cluster, const char *list)
{
	g_auto(GStrv) items = g_strsplit(list, ",", -1);

	for (guint i = 0; items[i]; i++) {
		char *colon = strchr(items[i], ':');
		const char *separator = ",";

		if (colon) {
			*colon = '\0';
			if (*g_strstrip(colon + 1))
				separator = colon + 1;
		}
		g_hash_table_insert(cluster->hierarchy, g_strdup(g_strstrip(items[i])),
				    g_strdup(separator));
	}
}

static const char *separator_of(Cluster *cluster, const char *table, const char *column)
{
	if (!cluster->hierarchy_read) {
		const char *list;

		cluster->hierarchy_read = TRUE;
		if (cluster_site(cluster, "hierarchicalattrs", &list, NULL) && list) {
			cluster->hierarchy =
				g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
			read_hierarchy(cluster, list);
		}
	}
	if (!cluster->hierarchy || g_str_equal(table, "nodelist"))
		return NULL;
	return g_hash_table_lookup(cluster->hierarchy, column);
}

/* NULL and no error: the table is not there at all, so nothing has a value. */
static Column *find_column(Cluster *cluster, Table *table, const char *name, GError **error)
{
	int number = snapshot_column(table, name);
	Column *column;

	if (table->read->n_columns == 0)
		return NULL;
	if (number < 0) {
		(void)cluster_has_column(cluster, table->read->name, name, error);
		return NULL;
	}
	column = table->columns->pdata[number];
	if (column)
		return column;
	column = g_new0(Column, 1);
	column->number = number;
	column->separator = separator_of(cluster, table->read->name, name);
	column->inherited = g_ptr_array_new_with_free_func(g_free);
	table->columns->pdata[number] = column;
	return column;
}

/* The value in one row, of a node or group, or -1; empty text and disabled rows are no value.
 */
static const char *value_in_row(const Table *table, const Column *column, int row)
{
	const char *text;

	if (row < 0 || !snapshot_row_enabled(table, row))
		return NULL;
	text = snapshot_cell(table, row, column->number);
	return text && *text ? text : NULL;
}

/*
 * Put `next` behind `joined`.  A value goes on if it ends in the marker, or always, behind a
 * separator, in a hierarchical column.  TRUE: the value is complete.
 */
static gboolean join(GString *joined, const Column *column, const char *next)
{
	g_string_append(joined, next);
	if (column->separator)
		g_string_append(joined, column->separator);
	else if (!g_str_has_suffix(next, MARKER))
		return TRUE;
	if (g_str_has_suffix(joined->str, MARKER))
		g_string_truncate(joined, joined->len - strlen(MARKER));
	return FALSE;
}

static const Inherited *inherited(Cluster *cluster, const Table *table, Column *column,
				  const GroupList *groups)
{
	g_autoptr(GString) joined = NULL;
	Inherited *found;
	gboolean complete = FALSE;

	if (groups->number >= column->inherited->len)
		g_ptr_array_set_size(column->inherited,
				     (int)g_hash_table_size(cluster->group_lists));
	found = column->inherited->pdata[groups->number];
	if (found)
		return found;
	found = g_new0(Inherited, 1);
	for (guint i = 0; groups->names[i] && !complete; i++) {
		int row = snapshot_node_row(table, groups->names[i]);
		const char *text = value_in_row(table, column, row);

		if (!text)
			continue;
		if (!found->text) {
			found->from = groups->names[i];
			found->text = text;
			joined = g_string_new(NULL);
		}
		complete = join(joined, column, text);
	}
	if (found->text && !g_str_equal(joined->str, found->text))
		found->text = cluster_keep(cluster, joined->str);
	column->inherited->pdata[groups->number] = found;
	return found;
}

/* A joined text has no markers left; a hierarchical one no doubles either. */
static char *finish_joined(const char *text, const char *separator)
{
	g_auto(GStrv) pieces = g_strsplit(text, MARKER, -1);
	g_autofree char *whole = g_strjoinv(NULL, pieces);
	g_auto(GStrv) items = NULL;
	g_autoptr(GPtrArray) kept = NULL;
	guint n;

	if (!separator)
		return g_steal_pointer(&whole);
	items = g_strsplit(whole, separator, -1);
	kept = g_ptr_array_new();
	n = g_strv_length(items);
	while (n > 0 && !*items[n - 1])
		n--;
	for (guint i = 0; i < n; i++)
		if (!g_ptr_array_find_with_equal_func(kept, items[i], g_str_equal, NULL))
			g_ptr_array_add(kept, items[i]);
	g_ptr_array_add(kept, NULL);
	return g_strjoinv(separator, (char **)kept->pdata);
}

static const CompiledValue *compiled(Cluster *cluster, const char *text)
{
	CompiledValue *found = g_hash_table_lookup(cluster->values, text);

	if (!found) {
		found = g_new0(CompiledValue, 1);
		if (!value_compile(text, &found->value, &found->error))
			found->value = NULL;
		g_hash_table_insert(cluster->values, g_strdup(text), found);
	}
	return found;
}

/* Only these two begin a regular-expression value: spare the others the look-up. */
static gboolean may_compute(const char *text)
{
	return *text == '/' || *text == '|';
}

static gboolean refuse_value(const Table *table, const char *column, const char *node,
			     const ClusterValue *value, const GError *problem, GError **error)
{
	g_autofree char *row = text_quote(value->from);
	g_autofree char *name = text_quote(node);

	g_set_error(error, CLUSTER_ERROR, CLUSTER_ERROR_VALUE,
		    "%s.%s of %s, from row %s, cannot be computed: %s", table->read->name,
		    column, name, row, problem->message);
	return FALSE;
}

static gboolean compute(Cluster *cluster, const Table *table, const char *column,
			const char *node, ClusterValue *value, GError **error)
{
	g_autoptr(GError) problem = NULL;
	g_autofree char *text = NULL;
	const CompiledValue *expression = compiled(cluster, value->text);

	if (expression->error) {
		value->text = NULL;
		return refuse_value(table, column, node, value, expression->error, error);
	}
	if (!expression->value)
		return TRUE;
	text = value_compute(expression->value, node, &value->unmatched, &problem);
	value->text = text && *text ? cluster_keep(cluster, text) : NULL;
	return text || refuse_value(table, column, node, value, problem, error);
}

/* Where a node may have its values of a table from. */
typedef struct {
	int row; /* its own, or -1 */
	const GroupList *groups;
} Sources;

/* nodelist itself is never inherited. */
static Sources find_sources(Cluster *cluster, Table *table, const char *node)
{
	int number = snapshot_node(cluster, node);
	gboolean inherits = !g_str_equal(table->read->name, "nodelist");

	return (Sources){ snapshot_row_of(cluster, table, number, node),
			  inherits ? snapshot_groups(cluster, number) : NULL };
}

static gboolean resolve(Cluster *cluster, const Table *table, Column *column, const char *name,
			const char *node, const Sources *sources, ClusterValue *value,
			GError **error)
{
	const char *own = value_in_row(table, column, sources->row);
	const GroupList *groups = sources->groups;
	const Inherited *below = NULL;
	gboolean joined = column->separator || (own && g_str_has_suffix(own, MARKER));

	memset(value, 0, sizeof(*value));
	if (groups && (!own || joined))
		below = inherited(cluster, table, column, groups);
	if (own) {
		value->text = value->stored = own;
		/* The cluster's own text: the caller's may be gone before the value is. */
		value->from = snapshot_cell(table, sources->row, (int)table->read->keys[0]);
	} else if (below && below->text) {
		value->text = value->stored = below->text;
		value->from = below->from;
	} else {
		return TRUE;
	}
	if (own && joined) {
		g_autoptr(GString) whole = g_string_new(NULL);

		if (!join(whole, column, own) && below && below->text)
			g_string_append(whole, below->text);
		value->text = cluster_keep(cluster, whole->str);
	}
	if (column->separator || strstr(value->text, MARKER)) {
		g_autofree char *finished = finish_joined(value->text, column->separator);

		value->text = *finished ? cluster_keep(cluster, finished) : NULL;
	}
	if (!value->text || !may_compute(value->text))
		return TRUE;
	return compute(cluster, table, name, node, value, error);
}

gboolean snapshot_resolve(Cluster *cluster, Table *table, const char *name, const char *node,
			  ClusterValue *value, GError **error)
{
	g_autoptr(GError) problem = NULL;
	Column *column = find_column(cluster, table, name, &problem);
	Sources sources;

	if (problem) {
		g_propagate_error(error, g_steal_pointer(&problem));
		return FALSE;
	}
	if (!column)
		return TRUE;
	sources = find_sources(cluster, table, node);
	return resolve(cluster, table, column, name, node, &sources, value, error);
}

gboolean cluster_resolve(Cluster *cluster, const char *node, const char *table,
			 const char *name, ClusterValue *value, GError **error)
{
	Table *found;

	memset(value, 0, sizeof(*value));
	if (!snapshot_nodes(cluster, error))
		return FALSE;
	found = snapshot_table(cluster, table, error);
	return found && snapshot_resolve(cluster, found, name, node, value, error);
}

const char *cluster_compute(Cluster *cluster, const char *node, const char *text)
{
	const CompiledValue *expression;
	g_autofree char *computed = NULL;
	gboolean unmatched = FALSE;

	if (!may_compute(text))
		return cluster_keep(cluster, text);
	expression = compiled(cluster, text);
	if (expression->error)
		return NULL;
	if (!expression->value)
		return cluster_keep(cluster, text);
	computed = value_compute(expression->value, node, &unmatched, NULL);
	return computed && *computed && !unmatched ? cluster_keep(cluster, computed) : NULL;
}

static void complain(Cluster *cluster, const ClusterValue *value, const char *message)
{
	g_autofree char *key = g_strdup_printf("%s\n%s", value->from, value->stored);

	if (g_hash_table_add(cluster->complained, g_steal_pointer(&key)))
		cluster->complaint(message, cluster->complaint_data);
}

const char *cluster_attribute(Cluster *cluster, const char *node, const char *table,
			      const char *column, GError **error)
{
	g_autoptr(GError) problem = NULL;
	ClusterValue value;

	if (!cluster_resolve(cluster, node, table, column, &value, &problem)) {
		if (!g_error_matches(problem, CLUSTER_ERROR, CLUSTER_ERROR_VALUE)) {
			g_propagate_error(error, g_steal_pointer(&problem));
			return NULL;
		}
		complain(cluster, &value, problem->message);
	}
	return value.text;
}

/* Many nodes, and where they have their values from in `table`: columns that are asked for one
 * after the other are of one table most of the time. */
typedef struct {
	const char *const *nodes;
	guint n;
	const Table *table; /* NULL: of none yet */
	Sources *sources;
} Many;

static void find_all_sources(Cluster *cluster, Many *many, Table *table)
{
	if (many->table == table)
		return;
	many->table = table;
	for (guint i = 0; i < many->n; i++)
		many->sources[i] = find_sources(cluster, table, many->nodes[i]);
}

/* One column of all nodes. */
static gboolean resolve_column(Cluster *cluster, Many *many, const char *wanted,
			       ClusterValue *values, guint stride, GError **error)
{
	const char *dot = strchr(wanted, '.');
	g_autofree char *name = NULL;
	g_autoptr(GError) problem = NULL;
	Table *table;
	Column *column;

	if (!dot || dot == wanted || !dot[1]) {
		g_autofree char *quoted = text_quote(wanted);

		g_set_error(error, CLUSTER_ERROR, CLUSTER_ERROR_COLUMN,
			    "%s is not of the form table.column", quoted);
		return FALSE;
	}
	name = g_strndup(wanted, dot - wanted);
	table = snapshot_table(cluster, name, error);
	if (!table)
		return FALSE;
	column = find_column(cluster, table, dot + 1, &problem);
	if (problem) {
		g_propagate_error(error, g_steal_pointer(&problem));
		return FALSE;
	}
	if (!column)
		return TRUE;
	find_all_sources(cluster, many, table);
	for (guint i = 0; i < many->n; i++) {
		ClusterValue *value = &values[(gsize)i * stride];

		if (!resolve(cluster, table, column, dot + 1, many->nodes[i], &many->sources[i],
			     value, &problem)) {
			complain(cluster, value, problem->message);
			g_clear_error(&problem);
		}
	}
	return TRUE;
}

ClusterValue *cluster_resolve_many(Cluster *cluster, const char *const *nodes, guint n_nodes,
				   const char *const *columns, guint n_columns, GError **error)
{
	g_autofree ClusterValue *values = NULL;
	g_autofree Sources *sources = g_new(Sources, (gsize)n_nodes + 1);
	Many many = { nodes, n_nodes, NULL, sources };

	if (!snapshot_nodes(cluster, error))
		return NULL;
	values = g_new0(ClusterValue, (gsize)n_nodes * n_columns + 1);
	for (guint i = 0; i < n_columns; i++)
		if (!resolve_column(cluster, &many, columns[i], values + i, n_columns, error))
			return NULL;
	return g_steal_pointer(&values);
}
