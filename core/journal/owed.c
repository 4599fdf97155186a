/* What is left to do when a run has ended, for which nodes and on which host. */
#include "core/journal/database.h"
#include <string.h>

JournalOwed *journal_owed_new(const char *host, const char *const *nodes, const char *text)
{
	JournalOwed *owed = g_new0(JournalOwed, 1);

	owed->host = g_strdup(host);
	owed->nodes = g_strdupv((char **)nodes);
	owed->text = g_strdup(text);
	return owed;
}

JournalOwed *journal_owed_copy(const JournalOwed *owed)
{
	JournalOwed *copy =
		journal_owed_new(owed->host, (const char *const *)owed->nodes, owed->text);

	copy->step = g_strdup(owed->step);
	copy->key = g_strdup(owed->key);
	copy->found = g_strdup(owed->found);
	copy->mend = g_strdup(owed->mend);
	return copy;
}

void journal_owed_free(gpointer data)
{
	JournalOwed *owed = data;

	g_free(owed->host);
	g_strfreev(owed->nodes);
	g_free(owed->text);
	g_free(owed->step);
	g_free(owed->key);
	g_free(owed->found);
	g_free(owed->mend);
	g_free(owed);
}

static gboolean same_nodes(char *const *a, char *const *b)
{
	if (!a || !b)
		return a == b;
	return g_strv_equal((const char *const *)a, (const char *const *)b);
}

gboolean journal_owed_same(gconstpointer a, gconstpointer b)
{
	const JournalOwed *one = a, *other = b;

	return g_strcmp0(one->key, other->key) == 0 && g_strcmp0(one->host, other->host) == 0 &&
	       g_strcmp0(one->text, other->text) == 0 && same_nodes(one->nodes, other->nodes);
}

guint journal_owed_hash(gconstpointer data)
{
	const JournalOwed *owed = data;
	guint hash = g_str_hash(owed->text) ^ (owed->host ? g_str_hash(owed->host) : 0);

	return owed->nodes && owed->nodes[0] ? hash * 31 + g_str_hash(owed->nodes[0]) : hash;
}

/* Names, each with the NUL that no name has behind it. */
static GString *pack(char *const *nodes)
{
	GString *packed = g_string_new(NULL);

	for (guint i = 0; nodes && nodes[i]; i++)
		g_string_append_len(packed, nodes[i], (gssize)strlen(nodes[i]) + 1);
	return packed;
}

static char **unpack(const char *bytes, gsize length)
{
	GPtrArray *nodes = g_ptr_array_new();

	for (gsize at = 0; at < length; at += strlen(bytes + at) + 1)
		g_ptr_array_add(nodes, g_strdup(bytes + at));
	g_ptr_array_add(nodes, NULL);
	return (char **)g_ptr_array_free(nodes, FALSE);
}

static JournalOwed *owed_at(sqlite3_stmt *row)
{
	JournalOwed *owed = journal_owed_new((const char *)sqlite3_column_text(row, 0), NULL,
					     (const char *)sqlite3_column_text(row, 2));

	owed->step = g_strdup((const char *)sqlite3_column_text(row, 3));
	owed->key = g_strdup((const char *)sqlite3_column_text(row, 4));
	if (sqlite3_column_type(row, 1) != SQLITE_NULL)
		owed->nodes = unpack(sqlite3_column_blob(row, 1),
				     (gsize)sqlite3_column_bytes(row, 1));
	return owed;
}

static gboolean insert(const Journal *journal, gint64 run, const JournalOwed *owed,
		       GError **error)
{
	g_autoptr(GString) nodes = pack(owed->nodes);

	if (!owed->nodes)
		return database_run(journal, error,
				    "INSERT INTO owed (run, host, text, step, key)"
				    " VALUES (?, ?, ?, ?, ?)",
				    "itttt", run, owed->host, owed->text, owed->step,
				    owed->key);
	return database_run(journal, error,
			    "INSERT INTO owed (run, host, nodes, text, step, key) VALUES (?, "
			    "?, ?, ?, ?, ?)",
			    "itbttt", run, owed->host, nodes->str, nodes->len, owed->text,
			    owed->step, owed->key);
}

gboolean owed_replace(const Journal *journal, gint64 run, const GPtrArray *owed, GError **error)
{
	if (!database_run(journal, error, "DELETE FROM owed WHERE run = ?", "i", run))
		return FALSE;
	for (guint i = 0; owed && i < owed->len; i++)
		if (!insert(journal, run, owed->pdata[i], error))
			return FALSE;
	return TRUE;
}

gboolean owed_read(const Journal *journal, gint64 run, GPtrArray *owed, GError **error)
{
	g_autoptr(sqlite3_stmt) rows = database_prepare(
		journal, error,
		"SELECT host, nodes, text, step, key FROM owed WHERE run = ? ORDER BY rowid",
		"i", run);
	int code;

	if (!rows)
		return FALSE;
	while ((code = sqlite3_step(rows)) == SQLITE_ROW)
		g_ptr_array_add(owed, owed_at(rows));
	return code == SQLITE_DONE || database_failed(journal, error);
}

/* The nodes of a run.  Gives a set, or NULL and an error. */
static GHashTable *nodes_of(const Journal *journal, gint64 run, GError **error)
{
	g_autoptr(GHashTable) nodes =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(sqlite3_stmt) rows = database_prepare(
		journal, error, "SELECT name FROM nodes WHERE run = ?", "i", run);
	int code;

	if (!rows)
		return NULL;
	while ((code = sqlite3_step(rows)) == SQLITE_ROW)
		g_hash_table_add(nodes, g_strdup((const char *)sqlite3_column_text(rows, 0)));
	if (code != SQLITE_DONE) {
		database_failed(journal, error);
		return NULL;
	}
	return g_steal_pointer(&nodes);
}

/* An undo leaves nodes as they are that somebody has changed: those are in what another undo
 * tries again, and were not moved. */
static gboolean leave_unmoved(const Journal *journal, gint64 run, GHashTable *moved,
			      GError **error)
{
	g_autoptr(GPtrArray) owed = g_ptr_array_new_with_free_func(journal_owed_free);

	if (!owed_read(journal, run, owed, error))
		return FALSE;
	for (guint i = 0; i < owed->len; i++) {
		const JournalOwed *one = owed->pdata[i];

		if (g_strcmp0(one->step, CHANGE_UNDO_STEP) != 0)
			continue;
		for (guint j = 0; one->nodes && one->nodes[j]; j++)
			g_hash_table_remove(moved, one->nodes[j]);
	}
	return TRUE;
}

/* TRUE: some of the nodes are gone from it. */
static gboolean take_out(JournalOwed *owed, GHashTable *moved)
{
	guint kept = 0;
	guint all = owed->nodes ? g_strv_length(owed->nodes) : 0;

	for (guint i = 0; i < all; i++) {
		if (g_hash_table_contains(moved, owed->nodes[i]))
			g_free(owed->nodes[i]);
		else
			owed->nodes[kept++] = owed->nodes[i];
	}
	if (owed->nodes)
		owed->nodes[kept] = NULL;
	return kept < all;
}

/* An earlier run that owes something. */
typedef struct {
	gint64 run;
	gboolean same; /* an undo of the same run, and this one has tried it again */
	gboolean paid; /* and nothing is left of that run */
	char *host;    /* only what is owed there; NULL: anywhere */
} Owing;

static void owing_clear(gpointer owing)
{
	g_free(((Owing *)owing)->host);
}

/* TRUE: something is taken out of what is owed. */
static gboolean take_void(GPtrArray *owed, const Owing *owing, GHashTable *nodes)
{
	gboolean changed = FALSE;

	for (guint i = owed->len; i > 0; i--) {
		JournalOwed *one = owed->pdata[i - 1];
		gboolean paid = owing->paid && one->step && !one->nodes;

		if (owing->host && g_strcmp0(one->host, owing->host) != 0)
			continue;
		if (!paid && !take_out(one, nodes))
			continue;
		changed = TRUE;
		if (paid || !one->nodes[0])
			g_ptr_array_remove_index(owed, i - 1);
	}
	return changed;
}

static gboolean void_in(const Journal *journal, const Owing *owing, GHashTable *nodes,
			GError **error)
{
	g_autoptr(GPtrArray) owed = g_ptr_array_new_with_free_func(journal_owed_free);

	if (!owed_read(journal, owing->run, owed, error))
		return FALSE;
	if (!take_void(owed, owing, nodes))
		return TRUE;
	return owed_replace(journal, owing->run, owed, error) &&
	       (owed->len > 0 ||
		database_run(journal, error,
			     "UPDATE runs SET state = ? WHERE number = ? AND state = ?", "iii",
			     (gint64)JOURNAL_DONE, owing->run, (gint64)JOURNAL_OWED));
}

/* See journal_run_boots. */
#define BOOTS(run) "ifnull(" run ".source || " run ".destination = '', 0)"

/* Gives an array of Owing, or NULL and an error. */
static GArray *owing_before(const Journal *journal, gint64 run, GError **error)
{
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(Owing));
	g_autoptr(sqlite3_stmt) rows = database_prepare(
		journal, error,
		"SELECT other.number, this.undoes > 0 AND other.undoes = this.undoes,"
		" ifnull(target.state = ?2, 0), iif(this.source = this.destination,"
		" nullif(this.source, ''), NULL) FROM runs AS this"
		" JOIN runs AS other ON this.database IS other.database"
		" AND " BOOTS("this") " = " BOOTS(
			"other") " LEFT JOIN runs AS target ON target.number = this.undoes"
				 " WHERE this.number = ?1 AND other.number < ?1"
				 " AND other.number IN (SELECT run FROM owed)",
		"ii", run, (gint64)JOURNAL_UNDONE);
	int code;

	g_array_set_clear_func(all, owing_clear);
	if (!rows)
		return NULL;
	while ((code = sqlite3_step(rows)) == SQLITE_ROW) {
		gboolean same = sqlite3_column_int(rows, 1) != 0;
		Owing owing = { sqlite3_column_int64(rows, 0), same,
				same && sqlite3_column_int(rows, 2), database_copy(rows, 3) };

		g_array_append_val(all, owing);
	}
	if (code != SQLITE_DONE) {
		database_failed(journal, error);
		return NULL;
	}
	return g_steal_pointer(&all);
}

gboolean owed_void(const Journal *journal, gint64 run, GError **error)
{
	g_autoptr(GArray) owing = owing_before(journal, run, error);
	g_autoptr(GHashTable) nodes = NULL;
	g_autoptr(GHashTable) moved = NULL;

	if (!owing || owing->len == 0)
		return owing != NULL;
	nodes = nodes_of(journal, run, error);
	moved = nodes ? nodes_of(journal, run, error) : NULL;
	if (!moved || !leave_unmoved(journal, run, moved, error))
		return FALSE;
	for (guint i = 0; i < owing->len; i++) {
		const Owing *one = &g_array_index(owing, Owing, i);

		if (!void_in(journal, one, one->same ? nodes : moved, error))
			return FALSE;
	}
	return TRUE;
}
