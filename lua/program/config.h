/*
 * config - the site's configuration: one Lua file that returns a table.
 *
 * Every key has a default that works; snmove.conf(5) lists them.  The command line wins over
 * the file.
 */
#pragma once
#include "core/services.h"

#define CONFIG_FILE "/etc/snmove/snmove.conf"
/* Where xCAT keeps the keys that its nodes are installed with. */
#define CONFIG_HOST_KEYS "/etc/xcat/hostkeys"

#define CONFIG_ERROR config_error_quark()
GQuark config_error_quark(void);
typedef enum { CONFIG_ERROR_FILE, CONFIG_ERROR_KEY } ConfigError;

/* Services that a site may leave to xCAT's own command. */
typedef enum { OWN_DHCP, OWN_BOOT, OWN_CONSOLE, OWN_NODES, OWN_SERVICES } OwnService;
/* "own.dhcp": the key of the configuration, and the option that a run is kept with. */
const char *config_own_name(OwnService service);

typedef struct {
	char *db;	  /* URL of the cluster database; NULL: as xCAT finds it */
	char *state;	  /* directory */
	char *script;	  /* a procedure instead of scripts/linux.lua; NULL */
	char *hooks;	  /* directory of the site's hooks; NULL: CONFIG_HOOKS if it is there */
	char *hosts_file; /* names to addresses */
	guint resolve_time; /* ms for all questions to the resolver */
	char *ssh_config;   /* ssh -F; NULL: ssh's own files */
	char *host_keys;    /* a directory of *.pub whose keys count as known */
	char *kept;	    /* where hosts keep what remote.put has replaced */
	char *transport;    /* "auto", "libssh2" or "openssh" */
	guint fanout, connect_time, login_time, command_time; /* RemoteLimits; times in s */
	char **allow;		 /* checks whose problems are only told */
	DhcpSettings dhcp;	 /* the table dhcp = { ... } */
	char *own[OWN_SERVICES]; /* the table own = { ... }: commands; NULL: snmove does it */
	/* of hooks: "HOOK.KEY" -> GVariant, of hook = { HOOK = { KEY = } } */
	GHashTable *settings;
} Config;

/*
 * Read `path`; NULL: CONFIG_FILE, which may be missing.  The file must be trusted (trust.h).
 * An unknown key is an error with the name that was probably meant.  Fills `config`, which
 * takes a config_clear.
 */
G_GNUC_WARN_UNUSED_RESULT
gboolean config_read(Config *config, const char *path, GError **error);
void config_clear(Config *config);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Config, config_clear)
