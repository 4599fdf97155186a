/*
 * cluster - the cluster as the tables describe it: nodes, groups, attributes, site.
 *
 * A snapshot: each table is read once, when it is first asked for, and stays as it was.  The
 * rules for attributes are xCAT's (RULES.md section 2 of the recorded cases; noderange(7) and
 * the manual state them).  Rows that a run has planned lie over the snapshot (cluster_plan):
 * who reads afterwards sees them.  Calls store and base.
 */
#pragma once
#include "core/store.h"

typedef struct cluster Cluster;

#define CLUSTER_ERROR cluster_error_quark()
GQuark cluster_error_quark(void);
typedef enum {
	CLUSTER_ERROR_VALUE,  /* a value in a table cannot be computed: message names its row */
	CLUSTER_ERROR_COLUMN, /* no such table or column */
} ClusterError;

/* Gives a cluster (cluster_free) that keeps using `store`.  Reads nothing yet. */
Cluster *cluster_new(Store *store);
void cluster_free(Cluster *cluster);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Cluster, cluster_free)

Store *cluster_store(Cluster *cluster);

/* A copy of `text` that lives as long as the cluster. */
const char *cluster_keep(Cluster *cluster, const char *text);
/* Bytes of texts that are kept, and of rows and tables that are there only since they were
 * asked for: what grows with what callers ask.  About. */
gsize cluster_kept(const Cluster *cluster);

/*
 * The table as it is now, planned cells included (with no columns if there is none), or NULL
 * and an error.  A row whose first key cell is NULL was planned away: it is not there.
 */
const StoreTable *cluster_table(Cluster *cluster, const char *table, GError **error);

/* FALSE and an error naming what was probably meant, if there is no such table or column. */
gboolean cluster_has_column(Cluster *cluster, const char *table, const char *column,
			    GError **error);

/*
 * Nodes and groups.  A node is a row of nodelist that is not disabled; names are sorted by
 * their bytes.  Arrays are of const char *, valid until a cell of nodelist is planned; NULL
 * is an error.
 */
const GPtrArray *cluster_nodes(Cluster *cluster, GError **error);
/* The node's name as the cluster keeps it (valid as long as the cluster), or NULL: no such
 * node.  Only once cluster_nodes has worked. */
const char *cluster_node(Cluster *cluster, const char *name);
/* The nodes whose nodelist.groups has exactly this name between commas, or NULL: none has. */
const GPtrArray *cluster_members(Cluster *cluster, const char *group);
/* The groups of a node, in the order of nodelist.groups; NULL-terminated, NULL: not a node. */
const char *const *cluster_groups(Cluster *cluster, const char *node);

/* An attribute of a node, with where it came from. */
typedef struct {
	const char *text;   /* the value; NULL: none */
	const char *from;   /* the row that has it: the node's own name, or a group; or NULL */
	const char *stored; /* as it stands in that row, before an expression was computed */
	gboolean unmatched; /* it is a regular-expression value whose pattern did not match */
} ClusterValue;

/*
 * Resolve table.column for a node: its own row, else its groups in their order, with
 * +=NEXTRECORD, site.hierarchicalattrs and regular-expression values.  A node that is not
 * known has its own row only.  FALSE: the table cannot be read (STORE_ERROR), there is no such
 * column (CLUSTER_ERROR_COLUMN), or the value cannot be computed (CLUSTER_ERROR_VALUE:
 * `value` has `from` and `stored` then, and no text).  Texts live as long as the cluster.
 */
G_GNUC_WARN_UNUSED_RESULT
gboolean cluster_resolve(Cluster *cluster, const char *node, const char *table,
			 const char *column, ClusterValue *value, GError **error);

/*
 * The same for many nodes and columns in one pass: values[node * n_columns + column].
 * Columns are "table.column".  Values that cannot be computed have no text and are told to
 * the cluster's complaint function, once for each stored value.  Gives an array (g_free), or
 * NULL and an error.
 */
G_GNUC_WARN_UNUSED_RESULT
ClusterValue *cluster_resolve_many(Cluster *cluster, const char *const *nodes, guint n_nodes,
				   const char *const *columns, guint n_columns, GError **error);

/* The text alone; a value that cannot be computed is none, and a complaint.  NULL without
 * `error` set: no value. */
const char *cluster_attribute(Cluster *cluster, const char *node, const char *table,
			      const char *column, GError **error);

/* `text` as a value of a table is read: an expression is computed for `node`, all else stands
 * for itself.  NULL: it cannot be computed, or its pattern does not match.  Lives as long as
 * the cluster. */
const char *cluster_compute(Cluster *cluster, const char *node, const char *text);

/*
 * A list with commas, as of noderes.servicenode: its elements without the blanks around them;
 * an element may be empty.  NULL is a list of none.  Gives a vector (g_strfreev).
 */
char **cluster_elements(const char *list);
/* The first of them, or NULL: there is none, or it is empty.  Lives as long as the cluster. */
const char *cluster_first(Cluster *cluster, const char *list);

/* Who is told about values that cannot be computed (default: g_warning). */
typedef void (*ClusterComplaint)(const char *message, gpointer data);
void cluster_on_complaint(Cluster *cluster, ClusterComplaint complaint, gpointer data);

/* `value` gets a value of the site table that is not disabled and not empty, or NULL: there is
 * none.  FALSE: the table cannot be read, and it is NULL, too. */
gboolean cluster_site(Cluster *cluster, const char *key, const char **value, GError **error);

/* Is there a row with this key (of a table with one key column) that is not disabled?  And a
 * value in it, as with cluster_site. */
gboolean cluster_has_row(Cluster *cluster, const char *table, const char *key);
gboolean cluster_row_value(Cluster *cluster, const char *table, const char *key,
			   const char *column, const char **value, GError **error);

/*
 * Is a row seen?  xCAT: `disable` is NULL or one of 0, no, NO, No, nO; anything else, also
 * the empty text, hides the row.  `disable` NULL: there is no such column.
 */
gboolean cluster_enabled(const char *disable);
/* Is a row of a table seen: has it a key, and is not disabled? */
gboolean cluster_row_enabled(const StoreTable *table, guint row);

#define CLUSTER_CELL_ROW(cell)	  ((guint)((cell) >> 16))
#define CLUSTER_CELL_COLUMN(cell) ((cell) & ~(G_GUINT64_CONSTANT(0xffffffff) << 16))

/* What planning a cell came to. */
typedef struct {
	gboolean changed; /* FALSE: the cell is so already, and nothing was planned */
	StoreCell before; /* as the store has it: NO_ROW also for a row that is only planned */
	/* The same number for the same cell, as long as the cluster lives: CLUSTER_CELL_ROW
	 * tells the cells of a column apart, which count from 0. */
	guint64 cell;
	const char *table, *column; /* the names as the cluster keeps them */
	const char *node;  /* the table is keyed by nodes: the key as the cluster keeps it */
	ClusterValue seen; /* of a node's cell: what the attribute resolved to before */
} ClusterPlan;

/*
 * Plan a cell: from now on everything that reads the cluster sees `after`, and the store has
 * still what it had.  `key` are the values of the table's key columns.  Fills `plan`.  Tables
 * that do not exist, unknown columns and key columns are errors.
 */
G_GNUC_WARN_UNUSED_RESULT
gboolean cluster_plan(Cluster *cluster, const char *table, const char *const *key, guint n_key,
		      const char *column, StoreCell after, ClusterPlan *plan, GError **error);

/* The planned cells were written: from now on they are what the store has. */
void cluster_written(Cluster *cluster);

/* The cell as it is now, planned cells included.  NO_ROW as well for a table without rows. */
G_GNUC_WARN_UNUSED_RESULT
gboolean cluster_cell(Cluster *cluster, const char *table, const char *const *key, guint n_key,
		      const char *column, StoreCell *cell, GError **error);
