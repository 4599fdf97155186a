/* Values that are never shown or kept.  They are the program's, whoever has asked for them. */
#include "core/base.h"
#include <string.h>

typedef struct {
	char *name, *value;
	gsize length;
} Secret;

static GPtrArray *secrets; /* Secret; NULL: there are none */

void secret_add(const char *name, const char *value)
{
	Secret *secret;

	if (strlen(value) < SECRET_LEAST)
		return;
	if (!secrets)
		secrets = g_ptr_array_new();
	for (guint i = 0; i < secrets->len; i++)
		if (g_str_equal(((Secret *)secrets->pdata[i])->value, value))
			return;
	secret = g_new0(Secret, 1);
	secret->name = g_strdup(name);
	secret->value = g_strdup(value);
	secret->length = strlen(value);
	g_ptr_array_add(secrets, secret);
}

/* The first one in the bytes, and where. */
static const Secret *find(const char *bytes, gsize length, const char **place)
{
	const Secret *first = NULL;

	for (guint i = 0; secrets && i < secrets->len; i++) {
		const Secret *secret = secrets->pdata[i];
		const char *found = memmem(bytes, length, secret->value, secret->length);

		/* Of two at the same place the longer one. */
		if (found && (!first || found < *place ||
			      (found == *place && secret->length > first->length))) {
			first = secret;
			*place = found;
		}
	}
	return first;
}

const char *secret_in(const char *bytes, gsize length)
{
	const char *place;
	const Secret *secret = bytes ? find(bytes, length, &place) : NULL;

	return secret ? secret->name : NULL;
}

char *secret_mask(const char *bytes, gsize *length)
{
	const Secret *secret;
	const char *place, *end = bytes + *length;
	GString *masked;

	if (!secrets || !find(bytes, *length, &place))
		return NULL;
	masked = g_string_new(NULL);
	while ((secret = find(bytes, (gsize)(end - bytes), &place))) {
		g_string_append_len(masked, bytes, place - bytes);
		g_string_append_printf(masked, "{secret %s}", secret->name);
		bytes = place + secret->length;
	}
	g_string_append_len(masked, bytes, end - bytes);
	*length = masked->len;
	return g_string_free(masked, FALSE);
}
