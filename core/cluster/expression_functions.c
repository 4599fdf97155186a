/* Expressions: the functions.  Arguments are as many as the table below says. */
#include "core/cluster/expression.h"
#include "core/base.h"
#include <string.h>

/* The place of a letter in the alphabet, whichever its case. */
static gint64 letter(const Operand *operand)
{
	g_autofree char *text = expression_text(operand);

	return (guchar)g_ascii_tolower(*text);
}

static gboolean call_a2idx(const Operand *arguments, guint n, Operand *result, GError **error)
{
	(void)n, (void)error;
	result->number = letter(&arguments[0]) - 'a' + 1;
	return TRUE;
}

static gboolean call_a2zidx(const Operand *arguments, guint n, Operand *result, GError **error)
{
	(void)n, (void)error;
	result->number = letter(&arguments[0]) - 'a';
	return TRUE;
}

/* A number made of a text: the sum of its bytes. */
static gboolean call_mknum(const Operand *arguments, guint n, Operand *result, GError **error)
{
	g_autofree char *text = expression_text(&arguments[0]);

	(void)n, (void)error;
	for (const char *p = text; *p; p++)
		result->number += (guchar)*p;
	return TRUE;
}

/* dim2idx(place, size, place, size, place...): places counted from 1 in each dimension to
 * one place counted from 1 over all. */
static gboolean call_dim2idx(const Operand *arguments, guint n, Operand *result, GError **error)
{
	guint64 index = 0;

	(void)error;
	for (guint i = 0; i < n; i++) {
		guint64 number = (guint64)expression_number(&arguments[i]);

		index = i % 2 ? index * number : index + number - 1;
	}
	result->number = (gint64)(index + 1);
	return TRUE;
}

/*
 * skip(index, "start[:count],..."): what the index is when the places in the list are not
 * counted.  One in the list is -1.  The list is in ascending order; the first start beyond
 * the index ends it.
 */
static gboolean call_skip(const Operand *arguments, guint n, Operand *result, GError **error)
{
	gint64 index = expression_number(&arguments[0]);
	guint64 left = (guint64)index;
	g_autofree char *list = expression_text(&arguments[1]);
	g_auto(GStrv) items = g_strsplit(list, ",", -1);

	(void)n;
	for (char **item = items; *item; item++) {
		char *end, *after;
		gint64 start = g_ascii_strtoll(*item, &end, 10), count = 1;

		if (end != *item && *end == ':')
			count = g_ascii_strtoll(end + 1, &after, 10);
		else
			after = end;
		if (end == *item || *g_strchug(after) || count < 0)
			return expression_refuse(
				error, "skip takes a list like \"3:2,8\", not \"%s\"", list);
		if (index < start)
			break;
		if ((guint64)index - (guint64)start < (guint64)count) {
			result->number = -1;
			return TRUE;
		}
		left -= (guint64)count;
	}
	result->number = (gint64)left;
	return TRUE;
}

/*
 * ipadd(b1, b2, b3, b4, add, first, last): the address that is `add` addresses after
 * b1.b2.b3.b4, where in each /24 the `first` first and the `last` last are not used.
 */
static gboolean call_ipadd(const Operand *arguments, guint n, Operand *result, GError **error)
{
	gint64 b[7], used, total, third;

	(void)n; /* seven, as the table below has it */
	for (guint i = 0; i < G_N_ELEMENTS(b); i++) {
		b[i] = expression_number(&arguments[i]);
		if (b[i] > G_MAXINT32 || b[i] < -G_MAXINT32)
			return expression_refuse(error, "a number for ipadd is too big");
	}
	used = 256 - b[5] - b[6];
	if (used <= 0)
		return expression_refuse(error, "ipadd leaves no addresses to use");
	total = (b[3] >= b[5] ? b[3] - b[5] : 0) + b[4];
	third = b[2] + total / used;
	result->text = g_strdup_printf("%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT
				       ".%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT,
				       b[0], b[1], third, total % used + b[5]);
	return TRUE;
}

static gboolean call_int(const Operand *arguments, guint n, Operand *result, GError **error)
{
	(void)n, (void)error;
	result->number = expression_number(&arguments[0]);
	return TRUE;
}

static gboolean call_abs(const Operand *arguments, guint n, Operand *result, GError **error)
{
	gint64 number = expression_number(&arguments[0]);

	(void)n, (void)error;
	result->number = number < 0 ? (gint64)(0 - (guint64)number) : number;
	return TRUE;
}

static gboolean call_lc(const Operand *arguments, guint n, Operand *result, GError **error)
{
	g_autofree char *text = expression_text(&arguments[0]);

	(void)n, (void)error;
	result->text = g_ascii_strdown(text, -1);
	return TRUE;
}

static gboolean call_uc(const Operand *arguments, guint n, Operand *result, GError **error)
{
	g_autofree char *text = expression_text(&arguments[0]);

	(void)n, (void)error;
	result->text = g_ascii_strup(text, -1);
	return TRUE;
}

static gboolean call_ord(const Operand *arguments, guint n, Operand *result, GError **error)
{
	g_autofree char *text = expression_text(&arguments[0]);

	(void)n, (void)error;
	result->number = (guchar)*text;
	return TRUE;
}

static gboolean call_length(const Operand *arguments, guint n, Operand *result, GError **error)
{
	g_autofree char *text = expression_text(&arguments[0]);

	(void)n, (void)error;
	result->number = (gint64)strlen(text);
	return TRUE;
}

/* One byte; values are bytes, and cannot hold a 0. */
static char *character(const Operand *operand, GError **error)
{
	gint64 number = expression_number(operand);
	const char text[] = { (char)number, '\0' };

	if (number < 1 || number > 255) {
		expression_refuse(error, "there is no character %" G_GINT64_FORMAT, number);
		return NULL;
	}
	return g_strdup(text);
}

static gboolean call_chr(const Operand *arguments, guint n, Operand *result, GError **error)
{
	(void)n;
	result->text = character(&arguments[0], error);
	return result->text != NULL;
}

/* One %... of a format. */
typedef struct {
	gboolean left, plus, blank, zero, alternate;
	gint64 width, precision; /* precision -1: none */
	char conversion;
} Field;

static const char *read_field(const char *p, Field *field)
{
	*field = (Field){ .precision = -1 };
	for (; *p && strchr("-+ 0#", *p); p++) {
		field->left |= *p == '-';
		field->plus |= *p == '+';
		field->blank |= *p == ' ';
		field->zero |= *p == '0';
		field->alternate |= *p == '#';
	}
	for (; g_ascii_isdigit(*p); p++)
		field->width = MIN(field->width * 10 + *p - '0', EXPRESSION_WIDTH + 1);
	if (*p == '.')
		for (p++, field->precision = 0; g_ascii_isdigit(*p); p++)
			field->precision =
				MIN(field->precision * 10 + *p - '0', EXPRESSION_WIDTH + 1);
	field->conversion = *p;
	return *p ? p + 1 : p;
}

static void append_repeated(GString *out, char c, gint64 times)
{
	for (; times > 0; times--)
		g_string_append_c(out, c);
}

/* A sign or 0x, then the body, filled up to the width on the side that is asked for. */
static void append_padded(GString *out, const Field *field, gboolean zeros, const char *prefix,
			  const char *body)
{
	gint64 fill = field->width - (gint64)(strlen(prefix) + strlen(body));

	if (!field->left && !zeros)
		append_repeated(out, ' ', fill);
	g_string_append(out, prefix);
	if (!field->left && zeros)
		append_repeated(out, '0', fill);
	g_string_append(out, body);
	if (field->left)
		append_repeated(out, ' ', fill);
}

static void append_number(GString *out, const Field *field, gint64 number)
{
	guint64 bits = (guint64)number;
	const char *prefix = "";
	char digits[32];
	g_autoptr(GString) body = g_string_new(NULL);

	switch (field->conversion) {
	case 'o':
		g_snprintf(digits, sizeof(digits), "%" G_GINT64_MODIFIER "o", bits);
		prefix = field->alternate && bits ? "0" : "";
		break;
	case 'x':
		g_snprintf(digits, sizeof(digits), "%" G_GINT64_MODIFIER "x", bits);
		prefix = field->alternate && bits ? "0x" : "";
		break;
	case 'X':
		g_snprintf(digits, sizeof(digits), "%" G_GINT64_MODIFIER "X", bits);
		prefix = field->alternate && bits ? "0X" : "";
		break;
	case 'u':
		g_snprintf(digits, sizeof(digits), "%" G_GUINT64_FORMAT, bits);
		break;
	default:
		g_snprintf(digits, sizeof(digits), "%" G_GUINT64_FORMAT,
			   number < 0 ? -bits : bits);
		prefix = number < 0 ? "-" : field->plus ? "+" : field->blank ? " " : "";
	}
	append_repeated(body, '0', field->precision - (gint64)strlen(digits));
	g_string_append(body, digits);
	append_padded(out, field, field->zero && field->precision < 0, prefix, body->str);
}

static gboolean append_field(GString *out, const Field *field, const Operand *argument,
			     GError **error)
{
	if (field->width > EXPRESSION_WIDTH || field->precision > EXPRESSION_WIDTH)
		return expression_refuse(error,
					 "sprintf makes at most %d characters of one number",
					 EXPRESSION_WIDTH);
	if (strchr("diuoxX", field->conversion)) {
		append_number(out, field, expression_number(argument));
	} else {
		g_autofree char *text = field->conversion == 'c' ? character(argument, error)
								 : expression_text(argument);

		if (!text)
			return FALSE;
		if (field->precision >= 0 && field->precision < (gint64)strlen(text) &&
		    field->conversion == 's')
			text[field->precision] = '\0';
		append_padded(out, field, field->zero, "", text);
	}
	return TRUE;
}

/* sprintf(format, ...): %d %i %u %o %x %X %c %s %% with flags, width and precision. */
static gboolean call_sprintf(const Operand *arguments, guint n, Operand *result, GError **error)
{
	g_autofree char *format = expression_text(&arguments[0]);
	g_autoptr(GString) out = g_string_new(NULL);
	const char *p = format;
	guint used = 1;

	while (*p) {
		const char *start = p;
		Field field;

		if (*p++ != '%') {
			g_string_append_c(out, *start);
			continue;
		}
		p = read_field(p, &field);
		if (field.conversion == '%') {
			g_string_append_c(out, '%');
			continue;
		}
		if (!field.conversion || !strchr("diuoxXcs", field.conversion)) {
			g_autofree char *shown = g_strndup(start, p - start);
			g_autofree char *quoted = text_quote(shown);

			return expression_refuse(error, "sprintf cannot do %s", quoted);
		}
		if (used == n)
			return expression_refuse(error, "sprintf has too few arguments");
		if (!append_field(out, &field, &arguments[used++], error))
			return FALSE;
	}
	result->text = g_string_free(g_steal_pointer(&out), FALSE);
	return TRUE;
}

const ExpressionFunction *expression_function(const char *name, gsize length)
{
	static const ExpressionFunction functions[] = {
		{ "a2idx", 1, 1, call_a2idx },
		{ "a2zidx", 1, 1, call_a2zidx },
		{ "mknum", 1, 1, call_mknum },
		{ "dim2idx", 1, EXPRESSION_NODES, call_dim2idx },
		{ "skip", 2, 2, call_skip },
		{ "ipadd", 7, 7, call_ipadd },
		{ "sprintf", 1, EXPRESSION_NODES, call_sprintf },
		{ "int", 1, 1, call_int },
		{ "abs", 1, 1, call_abs },
		{ "lc", 1, 1, call_lc },
		{ "uc", 1, 1, call_uc },
		{ "ord", 1, 1, call_ord },
		{ "chr", 1, 1, call_chr },
		{ "length", 1, 1, call_length },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(functions); i++)
		if (strlen(functions[i].name) == length &&
		    !memcmp(functions[i].name, name, length))
			return &functions[i];
	return NULL;
}
