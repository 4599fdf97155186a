/*
 * known - which keys hosts are known to have.
 *
 * Private to remote/.  Reads known_hosts files by the rules of sshd(8), SSH_KNOWN_HOSTS FILE
 * FORMAT: libssh2's own reader knows neither wildcards nor negation nor revoked keys.  Writes
 * nothing, and asks nobody.  Calls hostpattern and GLib only.
 *
 * A file is read once, when it is first asked about; one that is missing, or cannot be read,
 * lists nothing, and so does a line that is broken or says @cert-authority.  A plain name costs
 * one look into a hash.  Each hashed line costs an HMAC for each name that is asked for, once
 * (see core/remote/known.c): that is how they are meant.
 */
#pragma once
#include <glib.h>

typedef struct known_hosts KnownHosts;

/* Gives a KnownHosts (known_hosts_free). */
KnownHosts *known_hosts_new(void);
void known_hosts_free(KnownHosts *known);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KnownHosts, known_hosts_free)

/*
 * The keys in the *.pub files of a directory (TYPE BASE64 COMMENT) count as known for every
 * host: xCAT installs its nodes with the keys of one directory.  They say what a host's key may
 * be, not what it must be: a host with another key is unknown by them, not changed.
 */
void known_hosts_add_directory(KnownHosts *known, const char *directory);

typedef enum {
	KNOWN_HOSTS_KNOWN,
	KNOWN_HOSTS_UNKNOWN, /* no key is listed for the host */
	KNOWN_HOSTS_CHANGED, /* keys are listed for the host, of any type, but not this one */
	KNOWN_HOSTS_REVOKED, /* a line says that nobody may use this key any more */
} KnownHostsAnswer;

/*
 * Is `key` (as it goes over the wire: RFC 4253, 6.6) a key of the host?
 *
 * `files`: paths, NULL-terminated (NULL: none).  `names`: all that the host may be listed as,
 * NULL-terminated: its name and address, or its HostKeyAlias alone, and that with port 22, for
 * ssh(1) looks an alias up without a port.  A key that is listed for one of them is enough.
 *
 * For another port than 22 the names are `[name]:port`.  If none of these is listed, a key that
 * is listed for the plain name is known as well; another key there is not a change (both as
 * ssh(1) has it, sshconnect.c).  A revoked key is revoked by either form.
 *
 * As for ssh(1) it is a change too if only keys of other types are listed: who stands between
 * could offer a type that nobody knows.
 *
 * For KNOWN_HOSTS_CHANGED `*where` (may be NULL) is "file:line" of a line that differs, with a
 * key of the same type if there is one (g_free); else NULL.
 */
KnownHostsAnswer known_hosts_check(KnownHosts *known, const char *const *files,
				   const char *const *names, guint16 port, const void *key,
				   gsize length, char **where);

/* Is any key listed for the host by this port, or with 22 by its plain name?  Arguments as
 * above. */
gboolean known_hosts_lists(KnownHosts *known, const char *const *files,
			   const char *const *names, guint16 port);
/* Is there a line that says @cert-authority, be it for whom it is?  ssh(1) alone reads these.
 */
gboolean known_hosts_has_authority(KnownHosts *known, const char *const *files);

/*
 * The types of the keys that are known for the host, the directory's too, the best first, with
 * commas between them; NULL if there are none.  A host that has a key of one of these must be
 * asked for it, or it would look like a stranger.  They are types of keys: "ssh-rsa" can sign
 * as rsa-sha2-512 too.  Arguments as above.  Gives the text (g_free).
 */
char *known_hosts_types(KnownHosts *known, const char *const *files, const char *const *names,
			guint16 port);
