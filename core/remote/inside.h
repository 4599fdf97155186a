/* inside - what the files of this room share. */
#pragma once
#include "core/remote/config.h"
#include "core/remote/known.h"
#include "core/remote/shell.h"

/* Seconds after which a host that says nothing at all any more is lost. */
#define REMOTE_SILENCE 30

/* For printf, with the place as its length and text. */
#define REMOTE_KEY_CHANGED_WORDS                                                               \
	"its key is not the one in %.*s: somebody else may answer there; if the host was "     \
	"installed anew, take that line out"

typedef struct told Told; /* see told.h */

struct remote {
	Hosts *hosts;
	char *home, *agent, *ssh, *config, *host_keys, *runtime;
	RemoteTransport transport;
	RemoteConfigs *configs; /* made when it is first needed */
	KnownHosts *known;
	GHashTable *forbidden; /* names in lower case, and addresses */
	GHashTable *keys;      /* path of a key file -> InsideKey */
	GPtrArray *hops;       /* Hop: for the call that is going on */
	char *agent_keys;      /* what kinds the agent has; see login.h */
	char *directory;       /* for sockets, once it is made */
	char *extra_keys;      /* a known_hosts file of the host key directory, once made */
	Told *told;	       /* what remote_tell has said; or NULL */
};

/* Its directory for sockets, which goes away with it.  FALSE: it cannot be made. */
G_GNUC_WARN_UNUSED_RESULT
gboolean remote_make_directory(Remote *remote);

/* Are the answers of hosts told (REMOTE_TOLD)?  Then a name is a name alone. */
gboolean remote_is_told(const Remote *remote);
/* The addresses of a name; NULL: none is known. */
const char *const *remote_addresses(Remote *remote, const char *name);

/* Where a task goes, decided before anything is sent. */
typedef struct {
	gboolean local;
	const RemoteConfig *config;   /* NULL: local */
	const char *const *addresses; /* of config->hostname */
	const RemoteConfig *hop;      /* NULL: direct */
	const char *const *hop_addresses;
	gboolean openssh;	/* only ssh itself can log in */
	const RemoteTask *told; /* its answers are told; NULL: it is a host */
} Route;

/* FALSE: it cannot be reached at all, and `error` (of REMOTE_ERROR) says why. */
G_GNUC_WARN_UNUSED_RESULT
gboolean route_find(Remote *remote, const RemoteTask *task, Route *route, GError **error);
/* Ask ssh's configuration for all hosts of the tasks. */
G_GNUC_WARN_UNUSED_RESULT
gboolean route_prepare(Remote *remote, const RemoteTask *tasks, guint n, GError **error);

/* A shell on the way of the route; with `openssh` by ssh itself. */
Shell *shell_new(Remote *remote, const Route *route, const RemoteLimits *limits,
		 gboolean openssh, const char *greeting);
