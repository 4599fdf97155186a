/*
 * carrier - how the entries of a service travel between us and a host.
 *
 * Private to run.  One by files: looked at and put whole, as run_put does.  One by a program:
 * its own scripts.  Both keep what a secret entry was in a file of its own on the host, as the
 * journal has only its digest.
 */
#pragma once
#include "core/run/service.h"

/* entry.c: is the text of an entry (NULL: there is none) what the cell of a change says? */
gboolean entry_is_at(const Service *service, const char *text, const StoreCell *cell);

/* The entries of some nodes on one host, on their way. */
typedef struct {
	const Service *service;
	const char *const *nodes;
	guint n;
	const char **kept_nodes; /* these, if only some were to be given; or NULL */
	char **now;		 /* by node: what it is there; NULL: none.  Its own */
	char **wanted;		 /* by node: what it shall be.  Its own */
	/* By node, of a secret entry: where what it was is kept on the host (to be undone: was
	 * kept), or NULL. */
	const char **kept;
	char **recalled; /* by node: what was kept there; NULL: nothing.  Its own */
	struct {
		GPtrArray *paths;
		RemoteSeen *seen;
		RemoteFile *files;
		RemotePutFile *way;
		guint n_way;
		GPtrArray *texts; /* that these point into */
	} by_files;
} Carried;

/* entry_look.c: a plan sees what it has planned already for node number `i`. */
void entry_see_planned(const Run *run, const char *host, Carried *carried, guint i);

Carried *carried_new(const Service *service, const char *const *nodes);
/* Those of a host that are to be given, with what they shall be; or NULL and an error.  See
 * RunEntries.texts; who undoes says it later. */
G_GNUC_WARN_UNUSED_RESULT
Carried *carried_wanted(const Service *service, const RunEntries *entries, guint place,
			GError **error);
void carried_free(Carried *carried);

/* What is looked for, with what was kept (`kept` is set).  Gives the script. */
GString *carrier_look(Carried *carried, gboolean kept);
/* What it said: fills in `now` and `recalled`. */
G_GNUC_WARN_UNUSED_RESULT
gboolean carrier_looked(Carried *carried, const GString *said, gboolean kept, GError **error);

/*
 * The script that makes the entries what they shall be, in the call of this name; `folder`:
 * where the host keeps what is replaced.  `again`: an earlier one may have done some of it.
 * Gives the script, or NULL and an error.
 */
G_GNUC_WARN_UNUSED_RESULT
GString *carrier_place(Carried *carried, const char *call, const char *folder, gboolean again,
		       GError **error);
/* The script that only tries whether it could, and changes nothing; NULL and no error: nothing
 * is to be tried.  Gives the script. */
G_GNUC_WARN_UNUSED_RESULT
GString *carrier_try(Carried *carried, GError **error);
/* What has become of that one. */
void carrier_judge_try(const Carried *carried, RemoteResult *result);
/* What has become of it: turns `result` into its error and message. */
void carrier_judge(const Carried *carried, RemoteResult *result);
