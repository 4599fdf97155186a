/*
 * keyfile - what kind of key a private key file has, without the passphrase.
 *
 * Private to remote/.  Reads the file, and the public half that lies beside it (.pub).  Calls
 * GLib only.
 */
#pragma once
#include <glib.h>

/*
 * The type as ssh names it: "ssh-ed25519", "ecdsa-sha2-nistp256", "ssh-rsa", "ssh-dss",
 * "sk-...", and whether a passphrase is needed.  OpenSSH's own format says both (PROTOCOL.key);
 * PEM and PKCS#8 (RFC 1421, 5208, 5958) say so for what is not encrypted, else the .pub file
 * does.  *type is NULL if nothing does, and is taken by g_free.
 *
 * FALSE and an error (of G_FILE_ERROR) that names the file: it cannot be read, or is no private
 * key.
 */
G_GNUC_WARN_UNUSED_RESULT
gboolean key_file_look(const char *path, char **type, gboolean *encrypted, GError **error);
