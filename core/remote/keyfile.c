/* Private key files: OpenSSH's own, PEM, PKCS#8. */
#include "core/remote/keyfile.h"
#include "core/base.h"
#include <string.h>

#define BEGIN	    "-----BEGIN "
#define BEGIN_TAIL  "-----"
#define MAGIC	    "openssh-key-v1" /* and a zero byte, which sizeof counts */
#define MAX_SIZE    (1 << 20)
#define OBJECT_TAIL 64 /* where PKCS#8 names the algorithm: near its beginning */

/* What is between two marks, decoded; it is a secret. */
typedef struct {
	guchar *bytes;
	gsize length;
} Body;

static void clear_body(Body *body)
{
	if (body->bytes)
		explicit_bzero(body->bytes, body->length);
	g_free(body->bytes);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Body, clear_body)

/* A text of which nothing may stay behind in memory. */
typedef char Secret;

static void free_secret(Secret *text)
{
	explicit_bzero(text, strlen(text));
	g_free(text);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Secret, free_secret)

/* OpenSSH's own format: strings, each with four bytes of length before it. */

static gboolean next_number(const Body *body, gsize *at, guint32 *number)
{
	if (body->length - *at < sizeof(*number))
		return FALSE;
	memcpy(number, body->bytes + *at, sizeof(*number));
	*number = GUINT32_FROM_BE(*number);
	*at += sizeof(*number);
	return TRUE;
}

static gboolean next_string(const Body *body, gsize *at, gsize *start, guint32 *length)
{
	if (!next_number(body, at, length) || *length > body->length - *at)
		return FALSE;
	*start = *at;
	*at += *length;
	return TRUE;
}

/* NULL: it is broken. */
static char *look_at_openssh(const Body *body, gboolean *encrypted)
{
	gsize at = sizeof(MAGIC), cipher, skipped, type;
	guint32 length, keys;

	if (body->length < at || memcmp(body->bytes, MAGIC, at) != 0 ||
	    !next_string(body, &at, &cipher, &length))
		return NULL;
	*encrypted =
		length != strlen("none") || memcmp(body->bytes + cipher, "none", length) != 0;
	if (!next_string(body, &at, &skipped, &length) || /* the name of the KDF */
	    !next_string(body, &at, &skipped, &length) || /* its options */
	    !next_number(body, &at, &keys) || keys == 0 || !next_number(body, &at, &length) ||
	    !next_string(body, &at, &type, &length))
		return NULL;
	return g_strndup((const char *)body->bytes + type, length);
}

/* PEM and PKCS#8 that are not encrypted: DER, in which an object identifier names the kind. */

typedef struct {
	const char *bytes, *type;
} Object;

static char *find_object(const Body *body, const Object *objects, guint n, gsize within)
{
	for (guint i = 0; i < n; i++)
		if (memmem(body->bytes, MIN(body->length, within), objects[i].bytes,
			   strlen(objects[i].bytes)))
			return g_strdup(objects[i].type);
	return NULL;
}

static char *look_at_der(const Body *body, gsize within)
{
	static const Object objects[] = {
		{ "\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07", "ecdsa-sha2-nistp256" },
		{ "\x06\x05\x2b\x81\x04\x00\x22", "ecdsa-sha2-nistp384" },
		{ "\x06\x05\x2b\x81\x04\x00\x23", "ecdsa-sha2-nistp521" },
		{ "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01", "ssh-rsa" },
		{ "\x06\x03\x2b\x65\x70", "ssh-ed25519" },
	};

	return find_object(body, objects, G_N_ELEMENTS(objects), within);
}

/* The first word of the public half beside the file, or NULL. */
static char *look_beside(const char *path)
{
	g_autofree char *public = g_strconcat(path, ".pub", NULL);
	g_autofree char *text = NULL;

	if (!g_file_test(public, G_FILE_TEST_IS_REGULAR) ||
	    !g_file_get_contents(public, &text, NULL, NULL) || !strchr(text, ' '))
		return NULL;
	return g_strndup(text, strcspn(text, " \t\r\n"));
}

/* What follows the mark, headers left out, up to the next mark. */
static void decode_body(const char *text, Body *body)
{
	g_autoptr(Secret) base64 = g_strndup(text, strcspn(text, "-"));

	body->bytes = g_base64_decode(base64, &body->length);
}

static gboolean refuse(const char *path, const char *reason, GError **error)
{
	g_autofree char *name = text_quote(path);

	g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s: %s", reason, name);
	return FALSE;
}

static char *read_file(const char *path, GError **error)
{
	char *text = NULL;
	gsize length = 0;

	if (g_file_test(path, G_FILE_TEST_EXISTS) &&
	    !g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
		refuse(path, "not a file", error);
		return NULL;
	}
	if (!g_file_get_contents(path, &text, &length, error))
		return NULL;
	if (length <= MAX_SIZE)
		return text;
	g_free(text);
	refuse(path, "too large for a private key", error);
	return NULL;
}

/* `kind`: the words of the mark.  Gives the type, or NULL. */
static char *look_at(const char *kind, const char *text, gboolean *encrypted)
{
	g_auto(Body) body = { NULL, 0 };

	*encrypted = g_str_equal(kind, "ENCRYPTED PRIVATE KEY") ||
		     g_str_has_prefix(text, "Proc-Type: 4,ENCRYPTED");
	if (g_str_equal(kind, "RSA PRIVATE KEY"))
		return g_strdup("ssh-rsa");
	if (g_str_equal(kind, "DSA PRIVATE KEY"))
		return g_strdup("ssh-dss");
	if (*encrypted)
		return NULL;
	decode_body(text, &body);
	if (g_str_equal(kind, "OPENSSH PRIVATE KEY"))
		return look_at_openssh(&body, encrypted);
	if (g_str_equal(kind, "EC PRIVATE KEY"))
		return look_at_der(&body, body.length);
	return g_str_equal(kind, "PRIVATE KEY") ? look_at_der(&body, OBJECT_TAIL) : NULL;
}

gboolean key_file_look(const char *path, char **type, gboolean *encrypted, GError **error)
{
	g_autoptr(Secret) text = read_file(path, error);
	g_autofree char *kind = NULL;
	const char *begin, *end;

	*type = NULL;
	*encrypted = FALSE;
	if (!text)
		return FALSE;
	begin = strstr(text, BEGIN);
	end = begin ? strstr(begin + strlen(BEGIN), BEGIN_TAIL) : NULL;
	if (!end)
		return refuse(path, "no private key", error);
	begin += strlen(BEGIN);
	kind = g_strndup(begin, end - begin);
	if (strchr(kind, '\n') || !g_str_has_suffix(kind, "PRIVATE KEY"))
		return refuse(path, "no private key", error);
	end += strlen(BEGIN_TAIL);
	end += strspn(end, " \t\r\n");
	*type = look_at(kind, end, encrypted);
	if (!*type)
		*type = look_beside(path);
	return TRUE;
}
