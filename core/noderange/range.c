/* Ranges: two names that differ in one number, and all the names between. */
#include "core/noderange/expansion.h"
#include "core/noderange/tree.h"
#include "core/base.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The number in which two names differ; what is before and behind it is the same in both. */
typedef struct {
	const char *name; /* the left one */
	gsize start;	  /* of its number */
	gsize left_length, right_length;
	const char *right;
	gsize right_start;
} Counter;

static gboolean is_number(const char *p)
{
	return g_ascii_isdigit(*p);
}

static gsize piece_length(const char *p)
{
	gsize n = 1;

	while (p[n] && g_ascii_isdigit(p[n]) == is_number(p))
		n++;
	return n;
}

/* FALSE: they do not differ in exactly one number. */
static gboolean find_counter(const char *left, const char *right, Counter *counter)
{
	const char *l = left, *r = right;
	gboolean found = FALSE;

	*counter = (Counter){ .name = left, .right = right };
	while (*l && *r) {
		gsize left_length = piece_length(l), right_length = piece_length(r);

		if (left_length != right_length || memcmp(l, r, left_length) != 0) {
			if (found || !is_number(l) || !is_number(r))
				return FALSE;
			found = TRUE;
			counter->start = l - left;
			counter->right_start = r - right;
			counter->left_length = left_length;
			counter->right_length = right_length;
		}
		l += left_length;
		r += right_length;
	}
	return found && !*l && !*r;
}

static gboolean read_number(Expansion *expansion, const char *digits, gsize length,
			    guint64 *number, GError **error)
{
	g_autofree char *text = g_strndup(digits, length);

	errno = 0;
	*number = g_ascii_strtoull(text, NULL, 10);
	if (errno == ERANGE || *number > G_MAXINT64)
		return expansion_refuse(expansion, error, NODERANGE_ERROR_LIMIT,
					"the number %s is too large", text);
	return TRUE;
}

static gboolean check_size(Expansion *expansion, guint64 from, guint64 to, GError **error)
{
	if (to - from >= NODERANGE_LIMIT || expansion->made + (to - from) >= NODERANGE_LIMIT)
		return expansion_refuse(expansion, error, NODERANGE_ERROR_LIMIT,
					"this makes more than %u names", NODERANGE_LIMIT);
	expansion->made += (guint)(to - from) + 1;
	return TRUE;
}

/* All the names: before, the number at least `width` wide, behind. */
static void add_counted(Expansion *expansion, const char *before, gsize before_length,
			guint64 from, guint64 to, guint width, const char *behind,
			GPtrArray *names)
{
	gsize behind_length = strlen(behind);
	g_autofree char *name = g_malloc(before_length + behind_length + 32 + width);

	memcpy(name, before, before_length);
	for (guint64 number = from; number <= to; number++) {
		char digits[24];
		char *d = digits + sizeof(digits);
		gsize length, pad;
		guint64 rest = number;

		do
			*--d = (char)('0' + rest % 10);
		while (rest /= 10);
		length = digits + sizeof(digits) - d;
		pad = length < width ? width - length : 0;
		memset(name + before_length, '0', pad);
		memcpy(name + before_length + pad, d, length);
		memcpy(name + before_length + pad + length, behind, behind_length + 1);
		length += before_length + pad + behind_length;
		g_ptr_array_add(names, g_string_chunk_insert_len(expansion->text, name,
								 (gssize)length));
	}
}

static gboolean check_counter(Expansion *expansion, const Counter *counter, gboolean padded,
			      guint64 from, guint64 to, GError **error)
{
	g_autofree char *left = text_quote(counter->name);
	g_autofree char *right = text_quote(counter->right);

	if (padded && counter->left_length > counter->right_length)
		return expansion_refuse(expansion, error, NODERANGE_ERROR_SYNTAX,
					"from %s to %s: the first number has more digits", left,
					right);
	if (from > to)
		return expansion_refuse(expansion, error, NODERANGE_ERROR_SYNTAX,
					"from %s to %s counts down", left, right);
	return check_size(expansion, from, to, error);
}

gboolean range_names(Expansion *expansion, const char *left, const char *right,
		     gboolean *understood, GPtrArray *names, GError **error)
{
	Counter counter;
	const char *number;
	gboolean padded;
	guint64 from, to;

	*understood = TRUE;
	if (g_str_equal(left, right)) {
		g_ptr_array_add(names, g_string_chunk_insert(expansion->text, left));
		return TRUE;
	}
	*understood = find_counter(left, right, &counter);
	if (!*understood)
		return TRUE;
	number = left + counter.start;
	padded = *number == '0' && counter.left_length > 1;
	if (!read_number(expansion, number, counter.left_length, &from, error) ||
	    !read_number(expansion, right + counter.right_start, counter.right_length, &to,
			 error) ||
	    !check_counter(expansion, &counter, padded, from, to, error))
		return FALSE;
	add_counted(expansion, left, counter.start, from, to,
		    padded ? (guint)counter.left_length : 0, number + counter.left_length,
		    names);
	return TRUE;
}

gboolean range_expand(Expansion *expansion, const char *left, const char *right,
		      gboolean *understood, GPtrArray *names, GError **error)
{
	g_autoptr(GPtrArray) made = g_ptr_array_new();

	if (!range_names(expansion, left, right, understood, made, error))
		return FALSE;
	for (guint i = 0; i < made->len; i++)
		if (!atom_expand(expansion, made->pdata[i], names, error))
			return FALSE;
	return TRUE;
}

/* The middle one of an odd number of dashes, or NULL. */
static const char *middle_dash(const char *text)
{
	guint dashes = 0, seen = 0;

	for (const char *p = text; *p; p++)
		dashes += *p == '-';
	if (dashes % 2 == 0)
		return NULL;
	for (const char *p = text;; p++)
		if (*p == '-' && seen++ == dashes / 2)
			return p;
}

gboolean range_text(Expansion *expansion, const char *text, gboolean *understood,
		    GPtrArray *names, GError **error)
{
	const char *colon = strchr(text, ':');
	const char *middle = colon ? colon : middle_dash(text);
	g_autofree char *left = NULL;

	*understood = FALSE;
	if (colon && (strchr(colon + 1, ':') || text[1] == '\0'))
		return expansion_refuse(expansion, error, NODERANGE_ERROR_SYNTAX,
					colon[1] ? "a range has one colon, between two names"
						 : "a colon alone is no range");
	if (!middle || middle == text || !middle[1])
		return TRUE;
	left = g_strndup(text, middle - text);
	return range_expand(expansion, left, middle + 1, understood, names, error);
}

/* The last digits that end `text` or stand right before a dot. */
static gboolean find_increment(const char *text, gsize length, gsize *start, gsize *end)
{
	for (gsize i = length; i > 0; i--) {
		if (!g_ascii_isdigit(text[i - 1]) || (i < length && text[i] != '.'))
			continue;
		*end = i;
		while (i > 0 && g_ascii_isdigit(text[i - 1]))
			i--;
		*start = i;
		return TRUE;
	}
	return FALSE;
}

gboolean range_increment(Expansion *expansion, const char *text, GPtrArray *names,
			 GError **error)
{
	const char *plus = strchr(text, '+');
	g_autofree char *given = g_strndup(text, plus - text);
	g_autofree char *name = NULL;
	g_autoptr(GPtrArray) made = g_ptr_array_new();
	const NoderangeOptions *options = &expansion->options;
	gsize length = strlen(given), start, end;
	guint64 from, more;

	if (length == 0 || !plus[1] || plus[1 + strspn(plus + 1, "0123456789")] ||
	    !find_increment(given, length, &start, &end))
		return expansion_refuse(
			expansion, error, NODERANGE_ERROR_SYNTAX,
			"an increment is NAME+N, where NAME ends in a number (a "
			".suffix may follow it) and N is one");
	if (start == 0 && end == length) { /* digits alone get the prefix, as xCAT has it */
		name = g_strconcat(options->prefix, given, options->suffix, NULL);
		start = strlen(options->prefix);
		end = start + length;
	} else {
		name = g_steal_pointer(&given);
	}
	if (!read_number(expansion, name + start, end - start, &from, error) ||
	    !read_number(expansion, plus + 1, strlen(plus + 1), &more, error) ||
	    !check_size(expansion, from, from + more, error))
		return FALSE;
	add_counted(expansion, name, start, from, from + more,
		    name[start] == '0' ? (guint)(end - start) : 0, name + end, made);
	for (guint i = 0; i < made->len; i++)
		if (!atom_expand(expansion, made->pdata[i], names, error))
			return FALSE;
	return TRUE;
}
