/*
 * config - what the administrator's own ssh would do for a host, asked with `ssh -G`.
 *
 * Private to remote/.  ssh(1) is the only one that reads its configuration (ssh_config(5)) as
 * ssh(1) does, so it is asked; a process takes some 6 ms, so hosts share an answer where that
 * is safe: if the same Host lines are about them.  Calls configfile, base and GLib; starts ssh;
 * does not read the environment.
 *
 * One process a host, correct but slower (some 6 s for a thousand), if the files have a Match
 * with anything but `all`, CanonicalizeHostname, or an Include with a token; and for those
 * hosts to which a value with a token that depends on the host applies (%h, %n, %k, %C, %j: as
 * in `IdentityFile ~/.ssh/%h`), apart from Hostname, ProxyJump and commands.
 */
#pragma once
#include "core/remote.h"

/* How StrictHostKeyChecking decides about a host of which no key is known. */
typedef enum {
	REMOTE_STRICT,	       /* yes, ask: it is refused, for there is nobody to ask */
	REMOTE_ACCEPT_UNKNOWN, /* accept-new, no */
} RemoteStrict;

typedef struct {
	char *host;	/* as it was asked for */
	char *hostname; /* where to connect to: a name, in lower case, or an address */
	char *user;
	guint16 port;
	char **identity_files; /* paths: those of which there is the file, or the .pub file of a
				* key that an agent has */
	char *identity_agent;  /* path of the socket; NULL: none */
	gboolean identities_only;
	char *proxy_jump;     /* [user@]host[:port], or several with commas; NULL: none */
	char *proxy_command;  /* as it stands in the file, %h and all; NULL: none */
	char *host_key_alias; /* in lower case; NULL: none */
	RemoteStrict strict;
	char **known_hosts; /* paths: the user's, then the system's */
	char *openssh_only; /* why only ssh(1) itself can log in there, such as "ProxyCommand, a
			     * certificate file"; NULL: there is no reason */
} RemoteConfig;

typedef struct remote_configs RemoteConfigs;

#define REMOTE_CONFIG_TIME 5000 /* ms that ssh -G may take for one host */

/*
 * `program`: a name, looked for in $PATH, or a path; NULL: "ssh".  `file`: handed to ssh as -F;
 * NULL: ssh's own files.  `home`: for ~ and %d, and for .ssh/config: the home of this user,
 * where ssh looks, which does not ask $HOME.  `agent`: socket of the ssh agent, what
 * SSH_AUTH_SOCK says; NULL: there is none.  All are copied.  Gives configs
 * (remote_configs_free).
 */
RemoteConfigs *remote_configs_new(const char *program, const char *file, const char *home,
				  const char *agent);
void remote_configs_free(RemoteConfigs *configs);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RemoteConfigs, remote_configs_free)

/*
 * Ask for those of the hosts that were not asked for yet.
 *
 * FALSE and an error (of REMOTE_ERROR) that names the host: what it is called cannot be a host
 * (empty, begins with -, has a blank, a control character, or one of '`"$\;&<>|(){}@/), ssh
 * complains about its configuration, or does not answer in REMOTE_CONFIG_TIME and is killed.
 * Names are looked at before anything is started.  Hosts asked until then have their answer.
 */
G_GNUC_WARN_UNUSED_RESULT
gboolean remote_configs_ask(RemoteConfigs *configs, const char *const *hosts, guint n,
			    GError **error);

/* May it be asked for?  FALSE: no host is called that, see above. */
gboolean remote_configs_name(const char *host);
/* What was answered, until remote_configs_free; NULL: it was never asked for. */
const RemoteConfig *remote_configs_get(RemoteConfigs *configs, const char *host);
