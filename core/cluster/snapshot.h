/* snapshot - what the files of this room share: the tables in memory, and the nodes. */
#pragma once
#include "core/cluster.h"
#include "core/cluster/value.h"

/* The groups of a node, parsed once for all nodes with the same text in nodelist.groups. */
typedef struct {
	guint number;	    /* counts from 0: an index into what a column knows of each list */
	const char **names; /* NULL-terminated, without empty ones */
} GroupList;

typedef struct {
	const char *name;
	const GroupList *groups; /* or NULL */
} Node;

/* A table in memory.  Its rows are the store's, changed in place by cluster_plan. */
typedef struct {
	StoreTable *read;
	guint number;	   /* of the table in this cluster */
	guint capacity;	   /* rows that read->cells has room for */
	guint stored;	   /* rows that the store has; those beyond are only planned */
	gboolean of_nodes; /* its key is the column `node` */
	GHashTable *index; /* key text (see snapshot_key) -> row number + 1 */
	GHashTable *gone;  /* the same, of rows that were planned away */
	/* Of a table with several keys, `node` among them (switch): node or group -> its first
	 * row + 1, as the store has it; else NULL. */
	GHashTable *by_node;
	int *node_rows; /* by the number of a node, see snapshot_row_of; NULL: none asked yet */
	int disable;	/* the column, or -1 */
	gboolean disables;  /* it may have a value in some row */
	GPtrArray *columns; /* Column, by number, made when first resolved; NULL: not yet */
	int last_column;    /* the number of the one that was asked for last */
} Table;

/* What is known of a column: how its values join, and what each list of groups gives. */
typedef struct {
	int number;
	const char *separator; /* site.hierarchicalattrs; NULL: an ordinary column */
	GPtrArray *inherited;  /* Inherited by GroupList.number; NULL: not yet asked */
} Column;

struct cluster {
	Store *store;
	GStringChunk *text;
	gsize kept;	    /* bytes: see cluster_kept */
	GHashTable *tables; /* name -> Table */
	GHashTable *values; /* stored text -> CompiledValue */
	gboolean nodes_read;
	GPtrArray *nodes;	  /* names, sorted */
	GArray *known_nodes;	  /* Node, in the same order */
	GHashTable *node_numbers; /* name -> its place in these + 1 */
	guint last_asked;	  /* the place of the node that was asked for last */
	GHashTable *group_lists;  /* nodelist.groups as it stands -> GroupList */
	GHashTable *members;	  /* group -> GPtrArray of names; NULL: not yet asked */
	GHashTable *group_names;  /* every group that any node is in */
	gboolean hierarchy_read;
	GHashTable *hierarchy; /* column -> separator */
	ClusterComplaint complaint;
	gpointer complaint_data;
	const char *last_planned; /* the text kept last: values come in long runs of the same */
	GHashTable *complained;	  /* what was complained of already */
};

/* The number of a column, or -1: names come in long runs of the same. */
int snapshot_column(Table *table, const char *name);
/* What is known of columns is to be found anew. */
void snapshot_forget_columns(Table *table);

/* The table, read if need be; NULL and an error. */
Table *snapshot_table(Cluster *cluster, const char *name, GError **error);

/* What a key is called in Table.index; `buffer` is used for keys of several columns. */
const char *snapshot_key(const char *const *key, guint n_key, GString *buffer);

/* The row by which a node or group has its attributes, or -1: it has none. */
int snapshot_node_row(const Table *table, const char *name);
/* The same of node `number`, which is looked for only once; of any name, if that is -1. */
int snapshot_row_of(const Cluster *cluster, Table *table, int number, const char *name);
/* Its row has come or gone. */
void snapshot_forget_row(Cluster *cluster, Table *table, const char *name);
/* The row of a table with one key column, or -1: not there.  Disabled rows are found too. */
int snapshot_row(const Table *table, const char *key);
gboolean snapshot_row_enabled(const Table *table, int row);
/* As store_table_cell. */
const char *snapshot_cell(const Table *table, int row, int column);

/* Nodes and groups are read (again, after a plan on nodelist). */
gboolean snapshot_nodes(Cluster *cluster, GError **error);
void snapshot_forget_nodes(Cluster *cluster);
/* The number of a node, counted from 0, or -1: there is none.  Nodes are read. */
int snapshot_node(Cluster *cluster, const char *name);
/* The groups of a node, or NULL: it is not known (-1), or has none. */
const GroupList *snapshot_groups(const Cluster *cluster, int number);

/* cluster_resolve on a table and column that were found before. */
gboolean snapshot_resolve(Cluster *cluster, Table *table, const char *column, const char *node,
			  ClusterValue *value, GError **error);

void snapshot_column_free(gpointer column);
void snapshot_compiled_free(gpointer compiled);
