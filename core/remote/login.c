#include "core/remote/login.h"
#include "core/remote/connection.h"
#include "core/remote/keyfile.h"
#include <string.h>

#define PUBLIC ".pub"

static const char too_many[] =
	"%s may not log in: after %u keys the host hung up, as too many for it "
	"(MaxAuthTries); name the right one in ssh's configuration (IdentityFile)";

/* Has the connection ended?  libssh2 1.10 says so in words alone: it was waiting for an answer.
 */
static gboolean is_end(Connection *connection, int code)
{
	char *said = NULL;

	if (code == LIBSSH2_ERROR_SOCKET_DISCONNECT || code == LIBSSH2_ERROR_SOCKET_RECV ||
	    code == LIBSSH2_ERROR_SOCKET_SEND)
		return TRUE;
	if (code != LIBSSH2_ERROR_PUBLICKEY_UNVERIFIED)
		return FALSE;
	(void)libssh2_session_last_error(connection->session, &said, NULL, 0);
	return said && strstr(said, "Waiting for");
}

typedef enum { KEY_NONE, KEY_LIBSSH2, KEY_OPENSSH } KeyUse;

static KeyUse use_of_type(const char *type)
{
	if (!type)
		return KEY_OPENSSH;
	if (g_str_equal(type, "ssh-ed25519") || g_str_has_prefix(type, "ecdsa-sha2-"))
		return KEY_LIBSSH2;
	return KEY_OPENSSH;
}

/* A public key begins with its type: four bytes of length, and the name (RFC 4253, 6.6). */
static char *type_of(const guchar *blob, gsize length)
{
	guint32 size;

	if (length < sizeof(size))
		return NULL;
	memcpy(&size, blob, sizeof(size));
	size = GUINT32_FROM_BE(size);
	return size <= length - sizeof(size)
		       ? g_strndup((const char *)blob + sizeof(size), size)
		       : NULL;
}

/* Each file is looked at once for all hosts. */
static KeyUse use_of_file(Remote *remote, const char *path)
{
	gpointer known;
	g_autofree char *type = NULL;
	gboolean encrypted = FALSE;
	KeyUse use = KEY_NONE;

	if (g_hash_table_lookup_extended(remote->keys, path, NULL, &known))
		return (KeyUse)GPOINTER_TO_INT(known);
	if (key_file_look(path, &type, &encrypted, NULL))
		use = encrypted ? KEY_NONE : use_of_type(type); /* nobody is there to ask */
	g_hash_table_insert(remote->keys, g_strdup(path), GINT_TO_POINTER((int)use));
	return use;
}

/* What the agent has: "l" keys for libssh2, "o" keys for ssh alone, both, or "". */
static const char *agent_uses(Remote *remote, const char *socket)
{
	LIBSSH2_SESSION *session;
	LIBSSH2_AGENT *agent;
	struct libssh2_agent_publickey *identity = NULL;
	GString *uses;

	if (remote->agent_keys)
		return remote->agent_keys;
	uses = g_string_new(NULL);
	session = libssh2_session_init();
	agent = session ? libssh2_agent_init(session) : NULL;
	if (agent) {
		libssh2_agent_set_identity_path(agent, socket);
		if (libssh2_agent_connect(agent) == 0 &&
		    libssh2_agent_list_identities(agent) == 0)
			while (libssh2_agent_get_identity(agent, &identity, identity) == 0) {
				g_autofree char *type =
					type_of(identity->blob, identity->blob_len);

				g_string_append_c(uses,
						  use_of_type(type) == KEY_LIBSSH2 ? 'l' : 'o');
			}
		libssh2_agent_disconnect(agent);
		libssh2_agent_free(agent);
	}
	if (session)
		libssh2_session_free(session);
	remote->agent_keys = g_string_free(uses, FALSE);
	return remote->agent_keys;
}

static gboolean has_use(Remote *remote, const RemoteConfig *config, KeyUse use)
{
	for (guint i = 0; config->identity_files && config->identity_files[i]; i++)
		if (use_of_file(remote, config->identity_files[i]) == use)
			return TRUE;
	return config->identity_agent && strchr(agent_uses(remote, config->identity_agent),
						use == KEY_LIBSSH2 ? 'l' : 'o') != NULL;
}

gboolean login_has_key(Remote *remote, const RemoteConfig *config)
{
	return has_use(remote, config, KEY_LIBSSH2);
}

gboolean login_has_openssh_key(Remote *remote, const RemoteConfig *config)
{
	return has_use(remote, config, KEY_OPENSSH);
}

/* Does a file name the agent's key: as its public half, or with that beside it? */
static gboolean is_named(const RemoteConfig *config, const char *blob)
{
	for (guint i = 0; config->identity_files && config->identity_files[i]; i++) {
		const char *file = config->identity_files[i];
		g_autofree char *path = g_str_has_suffix(file, PUBLIC)
						? g_strdup(file)
						: g_strconcat(file, PUBLIC, NULL);
		g_autofree char *text = NULL;

		if (g_file_get_contents(path, &text, NULL, NULL) && strstr(text, blob))
			return TRUE;
	}
	return FALSE;
}

/* As ssh(1): first the keys that files name, then, unless there is IdentitiesOnly, the others.
 */
static gboolean is_wanted(const Connection *connection,
			  const struct libssh2_agent_publickey *identity)
{
	g_autofree char *type = type_of(identity->blob, identity->blob_len);
	g_autofree char *blob = g_base64_encode(identity->blob, identity->blob_len);

	return use_of_type(type) == KEY_LIBSSH2 &&
	       is_named(connection->config, blob) == !connection->others;
}

/* The next key to be tried, after the one that was tried last.  FALSE: there is none. */
static gboolean next_identity(Connection *connection)
{
	for (;;) {
		if (libssh2_agent_get_identity(connection->agent, &connection->identity,
					       connection->identity) == 0) {
			if (is_wanted(connection, connection->identity))
				return TRUE;
			continue;
		}
		if (connection->others || connection->config->identities_only)
			return FALSE;
		connection->others = TRUE;
		connection->identity = NULL;
	}
}

static void end_agent(Connection *connection)
{
	if (connection->agent) {
		libssh2_agent_disconnect(connection->agent);
		libssh2_agent_free(connection->agent);
	}
	connection->agent = NULL;
	connection->agent_over = TRUE;
}

static gboolean open_agent(Connection *connection)
{
	const char *socket = connection->config->identity_agent;

	if (!socket || !strchr(agent_uses(connection->remote, socket), 'l'))
		return FALSE;
	connection->agent = libssh2_agent_init(connection->session);
	if (!connection->agent)
		return FALSE;
	libssh2_agent_set_identity_path(connection->agent, socket);
	connection->identity_next = TRUE;
	return libssh2_agent_connect(connection->agent) == 0 &&
	       libssh2_agent_list_identities(connection->agent) == 0;
}

/* LIBSSH2_ERROR_EAGAIN: later; 0: logged in; anything else: the agent is of no use. */
static int try_agent(Connection *connection)
{
	if (!connection->agent && !open_agent(connection))
		return LIBSSH2_ERROR_AGENT_PROTOCOL;
	for (;;) {
		int code;

		if (connection->identity_next && !next_identity(connection))
			return LIBSSH2_ERROR_AUTHENTICATION_FAILED;
		connection->identity_next = FALSE;
		code = libssh2_agent_userauth(connection->agent, connection->config->user,
					      connection->identity);
		if (code == LIBSSH2_ERROR_EAGAIN || code == 0)
			return code;
		connection->attempts++;
		connection->identity_next = TRUE;
		connection->hung_up = is_end(connection, code);
		if (connection->hung_up)
			return code;
	}
}

static int try_files(Connection *connection)
{
	char **files = connection->config->identity_files;

	for (; files && files[connection->file]; connection->file++) {
		const char *path = files[connection->file];
		int code;

		if (g_str_has_suffix(path, PUBLIC) ||
		    use_of_file(connection->remote, path) != KEY_LIBSSH2)
			continue;
		code = libssh2_userauth_publickey_fromfile(
			connection->session, connection->config->user, NULL, path, NULL);
		if (code == LIBSSH2_ERROR_EAGAIN || code == 0)
			return code;
		connection->attempts++;
		connection->hung_up = is_end(connection, code);
		if (connection->hung_up)
			break;
	}
	return LIBSSH2_ERROR_AUTHENTICATION_FAILED;
}

gboolean connection_login(Connection *connection)
{
	const RemoteConfig *config = connection->config;
	int code = connection->agent_over ? -1 : try_agent(connection);

	if (code != 0 && code != LIBSSH2_ERROR_EAGAIN) {
		if (!connection->agent_over)
			end_agent(connection);
		if (!connection->hung_up)
			code = try_files(connection);
	}
	if (code == LIBSSH2_ERROR_EAGAIN)
		return FALSE;
	end_agent(connection);
	if (code == 0) {
		connection->state = CONNECTION_UP;
		return TRUE;
	}
	connection->want_openssh = login_has_openssh_key(connection->remote, config);
	return connection_fail(
		connection, REMOTE_DENIED,
		connection->hung_up && connection->attempts > 1
			? g_strdup_printf(too_many, config->user, connection->attempts)
			: g_strdup_printf("%s may not log in with any of %u key%s",
					  config->user, connection->attempts,
					  connection->attempts == 1 ? "" : "s"));
}
