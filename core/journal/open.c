/* The journal's file: found or made, and brought up to date. */
#include "core/journal/database.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

G_DEFINE_QUARK(snmove_journal_error, journal_error)

#define WAIT 10000 /* ms that another reader or writer of the journal is waited for */

/* The directory and the file are for their owner alone: they tell of the whole cluster. */
static gboolean make_directory(const char *directory, GError **error)
{
	if (g_mkdir_with_parents(directory, 0700) == 0)
		return TRUE;
	g_set_error(error, JOURNAL_ERROR, JOURNAL_ERROR_FAILED,
		    "cannot make the directory '%s': %s", directory, g_strerror(errno));
	return FALSE;
}

static gboolean make_file(const char *path, GError **error)
{
	int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (file < 0) {
		g_set_error(error, JOURNAL_ERROR, JOURNAL_ERROR_FAILED,
			    "cannot write the journal '%s': %s", path, g_strerror(errno));
		return FALSE;
	}
	close(file);
	return TRUE;
}

/* What somebody else can write he can read, forge, or lead elsewhere. */
static gboolean check_ours(const char *directory, const char *path, GError **error)
{
	g_autoptr(GError) problem = NULL;

	if ((trust_path(directory, &problem) &&
	     (!g_file_test(path, G_FILE_TEST_EXISTS) || trust_path(path, &problem))))
		return TRUE;
	g_set_error(error, JOURNAL_ERROR, JOURNAL_ERROR_FAILED, "the state: %s",
		    problem->message);
	return FALSE;
}

/* A file that a killed program has made and not filled is none yet. */
static gboolean has_content(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && status.st_size > 0;
}

Journal *journal_open(const char *directory, gboolean write, GError **error)
{
	g_autoptr(Journal) journal = g_new0(Journal, 1);

	journal->path = g_build_filename(directory, "journal.db", NULL);
	if (!write && !has_content(journal->path))
		return NULL;
	if ((write && !make_directory(directory, error)) ||
	    !check_ours(directory, journal->path, error) ||
	    (write && !make_file(journal->path, error)))
		return NULL;
	/* To be able to write also where it is only read: a killed writer leaves a transaction
	 * that SQLite must take back first.  Who may not write gets it read-only. */
	if (sqlite3_open_v2(journal->path, &journal->db,
			    SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
		database_failed(journal, error);
		return NULL;
	}
	journal->patience = (Patience){ .what = "the journal", .most = WAIT };
	sqlite3_busy_handler(journal->db, patience_wait, &journal->patience);
	if (!database_upgrade(journal, error))
		return NULL;
	return g_steal_pointer(&journal);
}

void journal_close(Journal *journal)
{
	if (!journal)
		return;
	sqlite3_close_v2(journal->db);
	g_free(journal->path);
	g_free(journal);
}
