/*
 * remote - commands and files on many hosts at once.
 *
 * One process and one loop: sessions of libssh2 that do not block, OpenSSH's `ssh` as a child
 * where libssh2 cannot log in, a shell of this machine for this machine.  A host is reached
 * as the administrator's own ssh would reach it (ssh -G, known_hosts, agent, key files), or
 * through a service node, whose one connection carries many.  Or nobody is contacted at all,
 * and hosts answer what remote_tell has said: for tests, of this program and of procedures.
 *
 * Commands travel on the standard input of /bin/sh: root's own shell may be csh, and nothing
 * of a command is seen in a list of processes.  As many results as hosts come back, always.
 * Calls hosts, libssh2, GLib; knows nothing of clusters, runs and journals.
 */
#pragma once
#include "core/hosts.h"

typedef struct remote Remote;

#define REMOTE_ERROR remote_error_quark()
GQuark remote_error_quark(void);

/* What became of a host; also the codes of REMOTE_ERROR. */
typedef enum {
	REMOTE_OK,	    /* the command ran to its end: see its status */
	REMOTE_UNRESOLVED,  /* the name has no address */
	REMOTE_REFUSED,	    /* nothing listens there */
	REMOTE_UNREACHABLE, /* no way there, or the network says no */
	REMOTE_TIMEOUT,	    /* a deadline passed: see `begun` */
	REMOTE_KEY_UNKNOWN, /* the host's key is in no known_hosts file */
	REMOTE_KEY_CHANGED, /* the host has another key than the one that is known */
	REMOTE_DENIED,	    /* it does not let us log in */
	REMOTE_LOST,	    /* the connection ended: see `begun` */
	REMOTE_DEAD,	    /* it is said to be dead, and is not contacted */
	REMOTE_STOPPED,	    /* not begun: the program was asked to stop, or enough failed */
	REMOTE_UNKNOWN,	    /* begun by a run that was killed: nobody knows how it ended */
	REMOTE_CONFLICT,    /* of files, as the next three: somebody has changed one of them */
	REMOTE_UNWRITTEN,   /* they cannot be written */
	REMOTE_UNCHECKED,   /* their checker says no */
	REMOTE_UNACTIVATED, /* they could not be made to work, and the old ones are back */
	REMOTE_FAILED,	    /* this side failed: no process, no memory, a broken setting */
} RemoteErrorCode;

/* The word for it: NULL, "unresolved", "refused", ... */
const char *remote_error_name(RemoteErrorCode code);

typedef enum {
	REMOTE_AUTO,
	REMOTE_LIBSSH2,
	REMOTE_OPENSSH,
	REMOTE_TOLD, /* hosts answer what remote_tell says; none is contacted or looked up */
} RemoteTransport;

/* What a Remote is made with; all texts are copied. */
typedef struct {
	const char *home;      /* whose ~/.ssh it is */
	const char *agent;     /* socket of the ssh agent, or NULL */
	const char *ssh;       /* the program; NULL: "ssh" */
	const char *config;    /* ssh -F; NULL: ssh's own files */
	const char *host_keys; /* keys listed there count as known; NULL: none */
	const char *runtime;   /* a directory for sockets, made 0700 when it is needed */
	RemoteTransport transport;
} RemoteSetup;

/* Limits of one call; 0 takes the default.  Times in milliseconds. */
typedef struct {
	guint fanout;	    /* hosts at once */
	guint connect_time; /* until the host has shown its key */
	guint login_time;   /* from there until a shell answers */
	guint time;	    /* for the command on one host */
	guint total_time;   /* for all of the call */
	gsize output;	    /* bytes kept of stdout and of stderr; the rest is counted */
} RemoteLimits;

/* The one place of the defaults, and of the most that may be asked for; the manual has them
 * too. */
#define REMOTE_FANOUT	    64
#define REMOTE_FANOUT_MOST  1024
#define REMOTE_CONNECT_TIME 10000
#define REMOTE_LOGIN_TIME   15000
#define REMOTE_SECONDS	    300 /* for a command */
#define REMOTE_TIME	    (REMOTE_SECONDS * 1000)
#define REMOTE_SECONDS_MOST 86400 /* of each of these times */
#define REMOTE_TOTAL_TIME   3600000
#define REMOTE_OUTPUT	    ((gsize)1 << 20)

/* A script for the /bin/sh of a host.  Borrowed while the call lasts. */
typedef struct {
	const char *host;
	const char *via; /* through this host; NULL: as ssh's configuration says */
	/* Comes first, in the same session, and only looks: see RemoteWatch.begin; or NULL. */
	const char *look;
	gsize look_length;
	const char *script; /* NULL: nothing is to be done after the look */
	gsize length;
	/*
	 * 1 + the number of an earlier task for the same host and way, which no other one
	 * follows: it comes in the same session when that has ended.  If that one was not
	 * begun, it is not either, with the same error; if it did not end, it gets a session of
	 * its own.  0: it follows none.
	 */
	guint after;
} RemoteTask;

typedef struct {
	RemoteErrorCode error;
	char *message;	    /* words for it, without the host's name; NULL if REMOTE_OK */
	gboolean begun;	    /* the script was handed over: it may have done something */
	int status;	    /* of the command, as a shell counts it; -1: none is known */
	GString *out, *err; /* at most RemoteLimits.output bytes each */
	guint64 out_lost, err_lost; /* bytes that came after these */
	const char *transport; /* "libssh2", "openssh", "local", "told"; NULL: none was tried */
	guint milliseconds;
} RemoteResult;

void remote_result_free(RemoteResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RemoteResult, remote_result_free)

/* How long a call waits, in ms: of what the host does now that may take longest. */
typedef struct {
	guint elapsed, most;
} RemoteWait;

/*
 * Who wants to know of a call while it goes on.  They are called from the loop, between the
 * hosts' business, must not take long, and must not call Lua or remote.
 */
typedef struct {
	/* These tasks are logged in and begin now, unless it gives FALSE: then they are
	 * REMOTE_FAILED with the error's message.  What their looks gave is in `seen`; whose
	 * look had another status than 0 does not begin, and that is its result.  It may fill
	 * in the script of a task yet.  May be NULL. */
	gboolean (*begin)(const guint *tasks, guint n, RemoteResult *const *seen, gpointer data,
			  GError **error);
	/* These tasks have their result. */
	void (*done)(const guint *tasks, guint n, RemoteResult *const *results, gpointer data);
	/* Shall no more hosts be begun?  Those that were go on to their end, unless they are
	 * only asked something (`abandon`): those are not waited for any more. */
	gboolean (*stop)(gpointer data);
	gboolean abandon;
	gpointer data;
	/* These tasks are waited for: each second from the first on, and at once when a signal
	 * comes.  May be NULL. */
	void (*waiting)(const guint *tasks, guint n, const RemoteWait *wait, gpointer data);
	gpointer waiting_data;
} RemoteWatch;

/* Gives a Remote (remote_free) that keeps using `hosts`; REMOTE_TOLD needs none. */
Remote *remote_new(Hosts *hosts, const RemoteSetup *setup);
void remote_free(Remote *remote);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Remote, remote_free)

/*
 * From now on no packet goes to these names or any address of theirs, neither as a host, nor
 * as a hop, nor under another name or by ssh's HostName.
 */
void remote_forbid(Remote *remote, const char *const *names);

/* Is the host this machine: does the name have an address of one of our interfaces? */
gboolean remote_is_local(Remote *remote, const char *host);

/* Does this machine have a route to the host?  Asks the kernel, and sends nothing. */
gboolean remote_has_route(Remote *remote, const char *host);
/* The name of the machine that this runs on, unless another host is called so. */
#define REMOTE_MANAGEMENT "mn"

/*
 * Run all tasks.  Gives an array of RemoteResult, one for each task in their order
 * (g_ptr_array_unref); NULL and an error only if nothing was tried: ssh's configuration
 * cannot be read.
 */
G_GNUC_WARN_UNUSED_RESULT
GPtrArray *remote_run(Remote *remote, const RemoteTask *tasks, guint n,
		      const RemoteLimits *limits, const RemoteWatch *watch, GError **error);

/*
 * The same in two stages, for who has to think about what was seen: first all looks; then, once
 * the caller is ready, what follows from them, in the same sessions.  The hosts are at most
 * RemoteLimits.fanout, for all of them stay logged in.  Until the end nothing else is to be run
 * with `remote`.
 */
typedef struct remotevisit RemoteVisit;

/* Gives a visit (remote_visit_end or remote_visit_free) that keeps using what it is given. */
G_GNUC_WARN_UNUSED_RESULT
RemoteVisit *remote_visit(Remote *remote, const RemoteTask *tasks, guint n,
			  const RemoteLimits *limits, const RemoteWatch *watch, GError **error);
/* What task `i` has seen, in `out`; NULL: it has its result already.  Borrowed. */
const RemoteResult *remote_visit_seen(const RemoteVisit *visit, guint i);
/* Go on to the end.  Takes the visit.  Gives an array as remote_run. */
G_GNUC_WARN_UNUSED_RESULT
GPtrArray *remote_visit_end(RemoteVisit *visit);
/* Go home without doing anything. */
void remote_visit_free(RemoteVisit *visit);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RemoteVisit, remote_visit_free)

/*
 * The script for a command: a text for the shell, with an environment (NULL-terminated
 * NAME=VALUE; a name that is none is an error) and a standard input (NULL: empty).  Gives the
 * script.
 */
GString *remote_script(const char *command, const char *const *environment, const char *input,
		       gsize input_length, GError **error);
/* A command that only looks: the addresses of a host's interfaces, as `ip -o address show` has
 * them (" inet 10.2.0.12/16 "); where there is no ip (AIX), of what ifconfig says. */
const char *remote_addresses_command(void);
/* Words quoted for a shell, with blanks between them.  Gives the text. */
char *remote_words(const char *const *words);
/* Adds what writes bytes into a file of the host, or ends the script.  `path` is a word as the
 * shell reads it. */
void remote_script_write(GString *script, const char *path, const char *bytes, gsize length);
/* A command with its environment and standard input (either may be NULL) as one text, that a
 * shell can be given by hand as well.  Gives the text; NULL and an error as remote_script. */
char *remote_whole_text(const char *command, const char *const *environment, const char *input,
			GError **error);

/* --- Recordings --------------------------------------------------------------------------- */

/* What a script, or a look, came to; `script` NULL: the host could not be asked. */
typedef struct {
	const char *host, *script;
	gsize length;
	int status; /* -1: none is known */
	const RemoteResult *result;
} RemoteRecorded;
typedef void (*RemoteRecorder)(const RemoteRecorded *recorded, gpointer data);

/* From now on all of them are told, of every Remote; it is called from the loop, like a
 * RemoteWatch.  NULL: no more. */
void remote_on_recorded(RemoteRecorder tell, gpointer data);

/* --- Answers that are told --------------------------------------------------------------- */

/* A script that was handed over to a host. */
typedef struct {
	const char *host, *via;
	guint contact; /* in which session with this host, from 1 on */
	gboolean look; /* it is RemoteTask.look, and not RemoteTask.script */
	const char *script;
	gsize length;
} RemoteToldScript;

/* What a host says to a script. */
typedef struct {
	int status;
	const char *out, *err; /* NULL: nothing */
	guint late;	       /* ms until it says it */
	/* REMOTE_LOST: behind out and err the connection ends; REMOTE_TIMEOUT: nothing more
	 * comes; REMOTE_OK: the status comes. */
	RemoteErrorCode error;
} RemoteToldAnswer;

/* How a host answers.  All zero: it lets in at once, and every script ends with status 0. */
typedef struct {
	/* For so many sessions; then comes what was told next.  0: for all, until something
	 * else is told. */
	guint contacts;
	/* On the way to a shell.  It hangs where it is later than the deadline. */
	guint busy;		 /* so many tries are dropped first: they are no contacts */
	guint connect_late;	 /* ms until it shows its key, */
	guint login_late;	 /* and from there until it lets in */
	RemoteErrorCode error;	 /* it does not let in; REMOTE_LOST: no shell answers */
	const char *message;	 /* words for that; NULL: the word for the error */
	const char *noise;	 /* what comes before the shell on stdout and stderr */
	guint piece;		 /* it takes and gives so many bytes at a time; 0: any */
	RemoteToldAnswer look;	 /* to RemoteTask.look, */
	RemoteToldAnswer script; /* and to RemoteTask.script */
	/* Is asked for each script, looks too, and may change what the answer is: the members
	 * error, status, out, err and milliseconds (how late) of `said`.  It is called from the
	 * loop, like a RemoteWatch; or NULL. */
	void (*answer)(const RemoteToldScript *script, RemoteResult *said, gpointer data);
	gpointer data;
} RemoteTold;

/*
 * Of a Remote with REMOTE_TOLD: how `host` (NULL: each that has nothing of its own) answers
 * from now on.  Several are taken one after the other, each for its `contacts`.  A host of
 * which nothing (more) is told is REMOTE_UNREACHABLE.  Copies all but `data`.
 */
void remote_tell(Remote *remote, const char *host, const RemoteTold *told);

/* --- Files ------------------------------------------------------------------------------- */

/*
 * What is at a path, as one line that is compared by its bytes:
 *
 *     absent
 *     file MODE UID:GID SIZE SHA256
 *     file MODE UID:GID SIZE mount SHA256     it is a mount of its own: nothing else can take
 *                                             its place, and it is written into
 *     link TARGET, in base64
 *     other                             a folder, a device: nothing that is replaced
 */
#define REMOTE_ABSENT "absent"

/* Have both the same content?  Mode and owner are not compared. */
gboolean remote_same_content(const char *state, const char *other);
/* A state for people: "absent", "a file of 120 bytes", "a link to 'x'".  Gives the text. */
char *remote_state_text(const char *state);
/* "file", mode, owner, size, digest; NULL: it is no file.  Gives a vector (g_strfreev). */
char **remote_state_words(const char *state);
gboolean remote_state_is_mount(const char *state);
/* The target of a link; NULL: it is none.  Gives the text. */
char *remote_state_target(const char *state);

typedef enum {
	REMOTE_FILE,	  /* with this content */
	REMOTE_FILE_LINK, /* to this content */
	REMOTE_FILE_COPY, /* of the file on the host that `content` names */
	REMOTE_FILE_GONE, /* nothing shall be there */
} RemoteFileKind;

/* How a file shall be.  Borrowed while a call lasts. */
typedef struct {
	const char *path; /* absolute, and without a detour */
	const char *content;
	gsize length;
	const char *state; /* of a copy: what the kept file is */
	const char *owner; /* USER, USER:GROUP; NULL: as it is */
	RemoteFileKind kind;
	int mode;	 /* -1: as it is; a new one 0644, and 0600 if it is secret */
	gboolean secret; /* nobody is to be shown its content */
} RemoteFile;

/* FALSE: it cannot be put anywhere, whatever the host. */
G_GNUC_WARN_UNUSED_RESULT
gboolean remote_file_check(const RemoteFile *file, GError **error);

/* What a look has found at a path. */
typedef struct {
	char *state;
	char *owner;	    /* of a file, USER:GROUP; "" */
	GBytes *content;    /* of a file not larger than was asked for; else NULL */
	char *copy;	    /* for a copy: what the kept file is now; else "" */
	gboolean read_only; /* what is there, or of all but a mount its folder */
} RemoteSeen;

/* A script that looks at all paths, for RemoteTask.look.  `most`: bytes of content that are
 * wanted of each; 0: none.  Gives the script. */
G_GNUC_WARN_UNUSED_RESULT
GString *remote_look(const RemoteFile *files, guint n, gsize most);
/* The same of many files, which are no mounts, in one process: perl is needed there, and `root`
 * has to be a folder.  Gives the script. */
GString *remote_look_many(const char *const *paths, guint n, const char *root);
/* What they said.  Gives `n` RemoteSeen (remote_seen_free), or NULL and an error. */
G_GNUC_WARN_UNUSED_RESULT
RemoteSeen *remote_look_seen(const GString *said, guint n, GError **error);
void remote_seen_free(RemoteSeen *seen, guint n);

/* Is it so already?  `after` gets the state that it shall have (g_free). */
gboolean remote_file_is_so(const RemoteFile *file, const RemoteSeen *seen, char **after);

/* Why it cannot be put where that is: words behind its path; NULL: it can. */
const char *remote_file_refused(const RemoteFile *file, const RemoteSeen *seen);

/* A file on its way. */
typedef struct {
	const RemoteFile *file;
	const char *before, *after; /* states */
	/* Where the host keeps what is replaced: a path in a folder of ours, whose last part
	 * also names what lies beside the file until it is swapped in. */
	const char *kept;
	gboolean forgotten; /* what was kept of it is not needed once all is done */
} RemotePutFile;

typedef enum {
	REMOTE_PUT,
	REMOTE_PUT_AGAIN, /* an earlier script may have done some of it */
	REMOTE_PUT_BACK,  /* likewise, and all of it shall be as before */
} RemotePutMode;

/*
 * The script that puts files: all or none.  Each is written beside its place, with what is
 * replaced kept; `check` (or NULL) finds the new ones in "$@", and in $paths, a line each,
 * where they will lie; then they are swapped in, each only if its place is still `before`, and
 * last of all mounts are written into, from a file that lies beside `kept`; then comes
 * `activate` (or NULL).  Where anything fails the old files are put back, and activated.  What
 * the two commands say goes to stderr.  `call` names the call among what is kept, the same when
 * it is made again.  Gives the script.
 */
G_GNUC_WARN_UNUSED_RESULT
GString *remote_put(const RemotePutFile *files, guint n, const char *call, const char *check,
		    const char *activate, RemotePutMode mode);
/*
 * Likewise for many files and links, in one process (remote_look_many), without a check: what
 * is replaced keeps lying beside its place until all is done, and is forgotten then; folders
 * below `root` that are not there are made.  `again`: REMOTE_PUT_AGAIN.  Gives the script.
 */
GString *remote_put_many(const RemotePutFile *files, guint n, const char *root, gboolean again);
/*
 * The script that only checks files with a content: they lie beside their places while `check`
 * looks at them, as above, and are gone afterwards.  Its status and words are those of `check`.
 */
G_GNUC_WARN_UNUSED_RESULT
GString *remote_try(const RemoteFile *files, guint n, const char *check);
/* What has become of it: turns the result of the script into its error and message. */
void remote_put_judge(const RemotePutFile *files, guint n, RemoteResult *result);

/* --- What servers give ------------------------------------------------------------------- */

/*
 * Small files, fetched by a host from others with HTTP and TFTP, some dozens at a time, by
 * perl: URLs http://ADDRESS[:PORT]/PATH and tftp://ADDRESS/PATH (no name: nobody is asked for
 * its address).  A whole file of at most 1 MiB; with `heads` only whether it is there.
 */
typedef struct {
	GBytes *content; /* NULL: it could not be had: */
	char *failure;
} RemoteFetched;

/* What is kept of its output, for RemoteLimits. */
#define REMOTE_FETCH_OUTPUT ((gsize)128 << 20)

/* The command, and what it reads: for remote_script.  Gives the input (g_string_free), or NULL
 * and an error. */
const char *remote_fetch_command(gboolean heads);
G_GNUC_WARN_UNUSED_RESULT
GString *remote_fetch_input(const char *const *urls, guint n, GError **error);
/* How long it takes for so many, at most: ms, beside what the host takes. */
guint remote_fetch_time(guint n);
/* What it has fetched, in the order of the URLs.  Gives `n` of them (remote_fetched_free);
 * NULL: it could not, as its result says.  Takes the output out of the result. */
RemoteFetched *remote_fetch_judge(guint n, RemoteResult *result);
void remote_fetched_free(RemoteFetched *fetched, guint n);

/* --- Who answers DHCP -------------------------------------------------------------------- */

/*
 * A script that asks on a link of a host: a DISCOVER for each MAC, by perl, and every offer
 * that comes.  No lease is taken.
 */
typedef struct remoteprobe RemoteProbe;

#define REMOTE_PROBE_MACS      20000 /* of one probe at most */
#define REMOTE_PROBE_WAIT      1500  /* ms: a dynamic pool answers after a second */
#define REMOTE_PROBE_WAIT_MOST 60000
/* What is kept of its output, for RemoteLimits: many servers' offers for all of them. */
#define REMOTE_PROBE_OUTPUT ((gsize)64 << 20)

/* How is asked.  Borrowed. */
typedef struct {
	const char *const *macs; /* in any spelling; those of InfiniBand are not asked for */
	guint n;
	const char *interface; /* of the host; or */
	const char *network;   /* NET/LENGTH or NET/MASK: it is the one with an address there */
	guint wait;	       /* ms, after the last DISCOVER */
	guint hosts;	       /* that ask at the same time, maybe on the same link */
	/* Whom does this server answer?  Told by their names, one for each MAC, as a question
	 * of `undo_if` is answered: also for one that has no MAC to ask for.  NULL: all offers
	 * are told. */
	const char *from;
	const char *const *names;
} RemoteProbeSetup;

/* One server's offer to one MAC.  Texts are never NULL but where it is said. */
typedef struct {
	const char *server;	 /* as it calls itself (option 54); or NULL */
	const char *address;	 /* for the node */
	const char *next_server; /* where the node's boot file is; NULL: it does not say */
	const char *file;	 /* the boot file; or NULL */
	const char *sender;	 /* the address that the offer came from */
} RemoteOffer;

/* Gives a probe (remote_probe_free); NULL and an error that says what is wrong. */
G_GNUC_WARN_UNUSED_RESULT
RemoteProbe *remote_probe_new(const RemoteProbeSetup *setup, GError **error);
void remote_probe_free(RemoteProbe *probe);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RemoteProbe, remote_probe_free)

/* The command, and what it reads: for remote_script.  Borrowed. */
const char *remote_probe_command(const RemoteProbe *probe);
const char *remote_probe_input(const RemoteProbe *probe, gsize *length);
/* How long it takes by itself, at most: ms, beside what the host takes. */
guint remote_probe_time(const RemoteProbe *probe);
/* Why this MAC, by its place in the setup, is not asked for; NULL: it is. */
const char *remote_probe_why_not(const RemoteProbe *probe, guint i);

/* What a host has heard. */
typedef struct remoteoffers RemoteOffers;
/*
 * Gives the offers (remote_offers_free) that keep using `probe`; NULL: it could not ask, as its
 * result says.  What is no output of the script makes the result REMOTE_FAILED.  Takes the
 * output out of the result.
 */
RemoteOffers *remote_probe_judge(const RemoteProbe *probe, RemoteResult *result);
void remote_offers_free(RemoteOffers *offers);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RemoteOffers, remote_offers_free)
/* Those for a MAC, by its place in the setup: RemoteOffer, `n` of them. */
const RemoteOffer *remote_offers_of(const RemoteOffers *offers, guint i, guint *n);
