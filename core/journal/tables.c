/* The journal's tables, as each version of the program has added to them. */
#include "core/journal/database.h"

/*
 * A new journal goes through all of them, an older one through those that it lacks: both end
 * with the same tables.  What stands here was written to disks: it is never edited, only
 * followed by another.
 */
static const char *const versions[] = {
	"CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT);"
	"INSERT INTO about VALUES ('version', '1');"
	"CREATE TABLE runs (number INTEGER PRIMARY KEY AUTOINCREMENT, begun INTEGER,"
	" ended INTEGER, state INTEGER, who TEXT, command TEXT, reason TEXT, database TEXT,"
	" script TEXT, digest TEXT, source TEXT, destination TEXT, undoes INTEGER, pid INTEGER,"
	" nodes INTEGER);"
	"CREATE TABLE nodes (run INTEGER, name TEXT, old_sn TEXT, old_snn TEXT, new_sn TEXT,"
	" new_snn TEXT, PRIMARY KEY (run, name)) WITHOUT ROWID;"
	"CREATE INDEX nodes_by_name ON nodes (name);"
	"CREATE TABLE options (run INTEGER, name TEXT, value TEXT, PRIMARY KEY (run, name))"
	" WITHOUT ROWID;"
	"CREATE TABLE notes (run INTEGER, name TEXT, value TEXT, PRIMARY KEY (run, name))"
	" WITHOUT ROWID;"
	"CREATE TABLE steps (number INTEGER PRIMARY KEY, run INTEGER, name TEXT, begun INTEGER,"
	" ended INTEGER);"
	"CREATE INDEX steps_by_run ON steps (run);"
	"CREATE TABLE changes (number INTEGER PRIMARY KEY, run INTEGER, kind INTEGER,"
	" state INTEGER, step TEXT, hook TEXT, host TEXT, target TEXT, key BLOB, n_key INTEGER,"
	" column TEXT, node TEXT, before_kind INTEGER, before TEXT, after_kind INTEGER,"
	" after TEXT, seen TEXT, seen_from TEXT, begun INTEGER, ended INTEGER);"
	"CREATE INDEX changes_by_run ON changes (run, state);"
	"CREATE TABLE lines (run INTEGER, owed INTEGER, line TEXT);"
	"CREATE INDEX lines_by_run ON lines (run);",

	/*
	 * The mode; counts that --history need not count; what is owed, by host and nodes.
	 * Changes that begin together are a batch: numbers from `first` to `last`, with one
	 * state and one time for all, unless some of them have come to their own (`mixed`).
	 * Commands on hosts with what they gave, and questions to hosts.
	 */
	"ALTER TABLE runs ADD COLUMN mode TEXT;"
	"ALTER TABLE runs ADD COLUMN done INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE runs ADD COLUMN started INTEGER NOT NULL DEFAULT 0;"
	"UPDATE runs SET mode = iif(script IS NULL, NULL, 'planned'),"
	" done = (SELECT count(*) FROM changes WHERE run = runs.number AND state IN (2, 5)),"
	" started = (SELECT count(*) FROM changes WHERE run = runs.number AND state = 1);"
	"CREATE TABLE batches (first INTEGER PRIMARY KEY, last INTEGER, run INTEGER,"
	" state INTEGER, mixed INTEGER NOT NULL DEFAULT 0, begun INTEGER, ended INTEGER);"
	"CREATE INDEX batches_by_run ON batches (run);"
	"INSERT INTO batches SELECT number, number, run, state, 0, begun, ended FROM changes;"
	"DROP INDEX changes_by_run;"
	"ALTER TABLE changes DROP COLUMN run;"
	"ALTER TABLE changes DROP COLUMN begun;"
	"UPDATE changes SET state = NULL, ended = NULL;"
	"CREATE TABLE owed (run INTEGER, host TEXT, nodes BLOB, text TEXT);"
	"CREATE INDEX owed_by_run ON owed (run);"
	"CREATE TABLE commands (change INTEGER PRIMARY KEY, ordinal INTEGER, via TEXT,"
	" undo TEXT, done TEXT, repeatable INTEGER, undo_always INTEGER, error TEXT,"
	" status INTEGER, out BLOB, err BLOB, out_lost INTEGER, err_lost INTEGER,"
	" transport TEXT);"
	"CREATE TABLE queries (number INTEGER PRIMARY KEY, run INTEGER, step TEXT, hook TEXT,"
	" host TEXT, command TEXT, at INTEGER, error TEXT, status INTEGER);"
	"CREATE INDEX queries_by_run ON queries (run);"
	"INSERT INTO owed SELECT run, NULL, NULL, line FROM lines WHERE owed ORDER BY rowid;"
	"DELETE FROM lines WHERE owed;"
	"ALTER TABLE lines DROP COLUMN owed;",

	/* Files that were put on hosts; what is in them is not kept, `before` and `after` of
	 * their changes have digests.  And the step that is run again for what is owed. */
	"CREATE TABLE files (change INTEGER PRIMARY KEY, ordinal INTEGER, call TEXT, via TEXT,"
	" kept TEXT, activate TEXT, error TEXT, message TEXT, transport TEXT);"
	"ALTER TABLE owed ADD COLUMN step TEXT;",

	/*
	 * Entries of services.  Where a change stands among all ends of its run, so that an
	 * undo goes backwards by them.  When a command's undo is run, and whose undo one is.
	 * What a debt is known by.
	 */
	"CREATE TABLE entries (change INTEGER PRIMARY KEY, ordinal INTEGER, call TEXT, via "
	"TEXT,"
	" secret INTEGER, kept TEXT, error TEXT, message TEXT, transport TEXT);"
	"ALTER TABLE runs ADD COLUMN ends INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE batches ADD COLUMN place INTEGER;"
	"ALTER TABLE changes ADD COLUMN place INTEGER;"
	"ALTER TABLE commands ADD COLUMN undo_last INTEGER;"
	"ALTER TABLE commands ADD COLUMN if_host TEXT;"
	"ALTER TABLE commands ADD COLUMN if_command TEXT;"
	"ALTER TABLE commands ADD COLUMN if_input TEXT;"
	"ALTER TABLE commands ADD COLUMN undoes INTEGER;"
	"ALTER TABLE owed ADD COLUMN key TEXT;",

	/* What a command is called, and what it had on its standard input; what a script has
	 * made of a file. */
	"ALTER TABLE commands ADD COLUMN says TEXT;"
	"ALTER TABLE commands ADD COLUMN input TEXT;"
	"ALTER TABLE files ADD COLUMN content BLOB;"
	/*
	 * How often a move has been turned round: 0 the move itself, 1 its undo, 2 the undo of
	 * that.  An undo has its service nodes as its nodes go.  Of each node the run that has
	 * taken it back, or has done it again since; of each run how many nodes are so.  The
	 * step of what another undo tries again.
	 */
	"ALTER TABLE runs ADD COLUMN depth INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE runs ADD COLUMN back INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE runs ADD COLUMN again INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE nodes ADD COLUMN back INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE nodes ADD COLUMN again INTEGER NOT NULL DEFAULT 0;"
	"UPDATE runs SET depth = chain.depth FROM (WITH RECURSIVE below(number, depth) AS"
	" (SELECT number, 1 FROM runs WHERE undoes IN (SELECT number FROM runs WHERE"
	" ifnull(undoes, 0) = 0) UNION ALL SELECT runs.number, below.depth + 1 FROM runs"
	" JOIN below ON undoes = below.number) SELECT * FROM below) AS chain"
	" WHERE chain.number = runs.number;"
	"UPDATE runs SET source = destination, destination = source WHERE depth % 2;"
	"CREATE TABLE turned (run INTEGER, node TEXT, last INTEGER, PRIMARY KEY (run, node));"
	"INSERT INTO turned SELECT run, node, NULL FROM batches JOIN changes ON number BETWEEN"
	" first AND last LEFT JOIN commands ON change = number WHERE node IS NOT NULL AND run "
	"IN"
	" (SELECT undoes FROM runs) GROUP BY run, node HAVING"
	" max(ifnull(changes.state, batches.state) = 5) AND NOT max((kind <> 3 OR undo NOT "
	"NULL)"
	" AND ifnull(changes.state, batches.state) IN (1, 2, 4));"
	"UPDATE turned SET last = (SELECT max(number) FROM runs JOIN nodes ON nodes.run = "
	"number"
	" WHERE undoes = turned.run AND name = turned.node);"
	"UPDATE nodes SET back = iif(length % 2, turner, 0), again = iif(length % 2, 0, turner)"
	" FROM (WITH RECURSIVE chain(run, node, turner, length) AS (SELECT run, node, last, 1"
	" FROM turned WHERE last NOT NULL UNION ALL SELECT chain.run, chain.node, turned.last,"
	" length + 1 FROM chain JOIN turned ON turned.run = turner AND turned.node = chain.node"
	" WHERE last NOT NULL) SELECT run, node, turner, max(length) AS length FROM chain"
	" GROUP BY run, node) AS ends WHERE nodes.run = ends.run AND name = ends.node;"
	"UPDATE runs SET back = (SELECT count(*) FROM nodes WHERE run = number AND back > 0),"
	" again = (SELECT count(*) FROM nodes WHERE run = number AND again > 0)"
	" WHERE number IN (SELECT run FROM turned);"
	"DROP TABLE turned;"
	"UPDATE owed SET step = 'undo' WHERE step IS NULL AND run IN"
	" (SELECT number FROM runs WHERE undoes > 0);",

	/* Long texts that many changes have, each once: where one stands elsewhere, its digest
	 * does, as a blob. */
	"CREATE TABLE texts (digest TEXT PRIMARY KEY, text TEXT) WITHOUT ROWID;",

	/* Sums of what a change and a node are from the beginning on. */
	"ALTER TABLE changes ADD COLUMN sum INTEGER;"
	"ALTER TABLE nodes ADD COLUMN sum INTEGER;",
};

/* 0: there is nothing yet; -1: it cannot be read. */
static int read_version(const Journal *journal, GError **error)
{
	g_autoptr(sqlite3_stmt) there = database_prepare(
		journal, error, "SELECT count(*) FROM sqlite_master WHERE name = 'about'", "");
	g_autoptr(sqlite3_stmt) version = NULL;

	if (!there)
		return -1;
	if (sqlite3_step(there) != SQLITE_ROW)
		return database_failed(journal, error) ? 0 : -1;
	if (sqlite3_column_int(there, 0) == 0)
		return 0;
	version = database_prepare(journal, error,
				   "SELECT value FROM about WHERE name = 'version'", "");
	if (!version)
		return -1;
	if (sqlite3_step(version) != SQLITE_ROW)
		return database_failed(journal, error) ? 0 : -1;
	return sqlite3_column_int(version, 0);
}

/* Inside the transaction: another process may have done it meanwhile. */
static gboolean add_versions(const Journal *journal, GError **error)
{
	g_autofree char *number = g_strdup_printf("%zu", G_N_ELEMENTS(versions));
	int version = read_version(journal, error);

	if (version < 0)
		return FALSE;
	for (gsize i = (gsize)version; i < G_N_ELEMENTS(versions); i++)
		if (sqlite3_exec(journal->db, versions[i], NULL, NULL, NULL) != SQLITE_OK)
			return database_failed(journal, error);
	return database_run(journal, error, "UPDATE about SET value = ? WHERE name = 'version'",
			    "t", number);
}

gboolean database_upgrade(const Journal *journal, GError **error)
{
	int version = read_version(journal, error);

	if (version < 0)
		return FALSE;
	if (version == (int)G_N_ELEMENTS(versions))
		return TRUE;
	if (version > (int)G_N_ELEMENTS(versions)) {
		g_set_error(error, JOURNAL_ERROR, JOURNAL_ERROR_VERSION,
			    "the journal '%s' is of version %d, and this program knows version "
			    "%zu: use the newer program",
			    journal->path, version, G_N_ELEMENTS(versions));
		return FALSE;
	}
	if (sqlite3_db_readonly(journal->db, "main") > 0) {
		g_set_error(error, JOURNAL_ERROR, JOURNAL_ERROR_VERSION,
			    "the journal '%s' is of version %d, and has to be brought to "
			    "version %zu first: its owner does that with snmove --status",
			    journal->path, version, G_N_ELEMENTS(versions));
		return FALSE;
	}
	return database_begin(journal, error) &&
	       database_end(journal, add_versions(journal, error), error);
}
