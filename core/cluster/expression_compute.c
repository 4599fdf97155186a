/* Expressions: what a tree comes to for the groups of one match. */
#include "core/cluster/expression.h"
#include "core/cluster/value.h"
#include <string.h>

typedef struct {
	char *const *groups;
	int count;
	gboolean strict;
	GError **error;
} Machine;

static gboolean compute(const Machine *machine, const ExpressionNode *node, Operand *result);

gboolean expression_refuse(GError **error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	g_propagate_error(error, g_error_new_valist(VALUE_ERROR, VALUE_ERROR_EXPRESSION, format,
						    arguments));
	va_end(arguments);
	return FALSE;
}

void expression_operand_clear(Operand *operand)
{
	g_clear_pointer(&operand->text, g_free);
	operand->number = 0;
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Operand, expression_operand_clear)

/* A floating number as an integer: what does not fit in 64 bits, signed or not, is all ones. */
static gint64 truncate_number(double number)
{
	if (number <= -0x1p63)
		return G_MININT64;
	if (number < 0x1p63)
		return (gint64)number;
	return number < 0x1p64 ? (gint64)(guint64)number : -1;
}

/* The number that a text starts with; none is 0. */
static gint64 leading_number(const char *text)
{
	const char *digits, *after;
	guint64 number = 0;
	gboolean fits = TRUE, minus;

	while (g_ascii_isspace(*text))
		text++;
	minus = *text == '-';
	digits = text + (*text == '-' || *text == '+');
	for (after = digits; g_ascii_isdigit(*after); after++)
		fits = fits && !__builtin_mul_overflow(number, 10, &number) &&
		       !__builtin_add_overflow(number, (guint64)(*after - '0'), &number);
	if (after == digits)
		return 0;
	if (!fits || *after == '.' || *after == 'e' || *after == 'E') {
		/* strtod reads the same digits, and the exponent that may follow; it would read
		 * 0x1f as well, but then no digit is followed by one of these. */
		return truncate_number(g_ascii_strtod(text, NULL));
	}
	if (minus)
		return number > (guint64)G_MAXINT64 ? G_MININT64 : -(gint64)number;
	return (gint64)number;
}

gint64 expression_number(const Operand *operand)
{
	return operand->text ? leading_number(operand->text) : operand->number;
}

char *expression_text(const Operand *operand)
{
	return operand->text ? g_strdup(operand->text)
			     : g_strdup_printf("%" G_GINT64_FORMAT, operand->number);
}

/* Only the empty text and 0 are false; "00" is true. */
static gboolean is_true(const Operand *operand)
{
	if (operand->text)
		return *operand->text && !g_str_equal(operand->text, "0");
	return operand->number != 0;
}

static gboolean set_number(Operand *result, gint64 number)
{
	result->number = number;
	return TRUE;
}

/* Yes is 1, no is the empty text, and 0 where a number is wanted. */
static gboolean set_truth(Operand *result, gboolean truth)
{
	result->number = truth;
	if (!truth)
		result->text = g_strdup("");
	return TRUE;
}

/* Square and multiply: 64 rounds at most. */
static gint64 power(gint64 base, gint64 exponent)
{
	guint64 factor = (guint64)base, product = 1;

	if (exponent < 0) /* 1/base^n, cut off: only of 1 and -1 is anything left */
		return base == 1 ? 1 : base == -1 ? (exponent % 2 ? -1 : 1) : 0;
	for (guint64 left = (guint64)exponent; left; left >>= 1) {
		if (left & 1)
			product *= factor;
		factor *= factor;
	}
	return (gint64)product;
}

/* A number from an operand, unless it is a bare word and those are not taken. */
static gboolean number_of(const Machine *machine, const ExpressionNode *node,
			  const Operand *operand, gint64 *number)
{
	if (node->kind == NODE_WORD && machine->strict)
		return expression_refuse(machine->error,
					 "%.40s is not a number (a group of the pattern is $1)",
					 node->text);
	*number = expression_number(operand);
	return TRUE;
}

static gboolean calculate(const Machine *machine, ExpressionKind kind, gint64 a, gint64 b,
			  Operand *result)
{
	guint64 x = (guint64)a, y = (guint64)b; /* wrap around, where gint64 must not */

	switch (kind) {
	case NODE_ADD:
		return set_number(result, (gint64)(x + y));
	case NODE_SUBTRACT:
		return set_number(result, (gint64)(x - y));
	case NODE_MULTIPLY:
		return set_number(result, (gint64)(x * y));
	case NODE_POWER:
		if (!a && b < 0)
			return expression_refuse(machine->error, "division by zero");
		return set_number(result, power(a, b));
	case NODE_DIVIDE:
		if (!b)
			return expression_refuse(machine->error, "division by zero");
		return set_number(result, b == -1 ? (gint64)(0 - x) : a / b);
	case NODE_REMAINDER:
		if (!b)
			return expression_refuse(machine->error, "division by zero");
		return set_number(result, b == -1 ? 0 : a % b);
	case NODE_LESS:
		return set_truth(result, a < b);
	case NODE_GREATER:
		return set_truth(result, a > b);
	case NODE_AT_MOST:
		return set_truth(result, a <= b);
	case NODE_AT_LEAST:
		return set_truth(result, a >= b);
	case NODE_EQUAL:
		return set_truth(result, a == b);
	case NODE_UNEQUAL:
		return set_truth(result, a != b);
	case NODE_ORDER:
		return set_number(result, (a > b) - (a < b));
	default:
		g_assert_not_reached();
	}
}

static gboolean compute_texts(ExpressionKind kind, const char *a, const char *b,
			      Operand *result)
{
	int order = strcmp(a, b);

	switch (kind) {
	case NODE_JOIN:
		result->text = g_strconcat(a, b, NULL);
		return TRUE;
	case NODE_TEXT_LESS:
		return set_truth(result, order < 0);
	case NODE_TEXT_GREATER:
		return set_truth(result, order > 0);
	case NODE_TEXT_AT_MOST:
		return set_truth(result, order <= 0);
	case NODE_TEXT_AT_LEAST:
		return set_truth(result, order >= 0);
	case NODE_TEXT_EQUAL:
		return set_truth(result, order == 0);
	case NODE_TEXT_UNEQUAL:
		return set_truth(result, order != 0);
	case NODE_TEXT_ORDER:
		return set_number(result, (order > 0) - (order < 0));
	default:
		g_assert_not_reached();
	}
}

static gboolean compute_binary(const Machine *machine, const ExpressionNode *node,
			       Operand *result)
{
	g_auto(Operand) left = { 0 }, right = { 0 };
	gint64 a = 0, b = 0;

	if (!compute(machine, node->operands[0], &left) ||
	    !compute(machine, node->operands[1], &right))
		return FALSE;
	if (node->kind == NODE_JOIN || node->kind >= NODE_TEXT_LESS) {
		g_autofree char *first = expression_text(&left);
		g_autofree char *second = expression_text(&right);

		return compute_texts(node->kind, first, second, result);
	}
	return number_of(machine, node->operands[0], &left, &a) &&
	       number_of(machine, node->operands[1], &right, &b) &&
	       calculate(machine, node->kind, a, b, result);
}

static gboolean compute_minus(const Machine *machine, const ExpressionNode *node,
			      Operand *result)
{
	g_auto(Operand) operand = { 0 };
	gint64 number = 0;

	if (!compute(machine, node->operands[0], &operand))
		return FALSE;
	/* Perl: minus a word is the word with a minus before it. */
	if (operand.text && (g_ascii_isalpha(*operand.text) || *operand.text == '_')) {
		result->text = g_strconcat("-", operand.text, NULL);
		return TRUE;
	}
	if (!number_of(machine, node->operands[0], &operand, &number))
		return FALSE;
	return set_number(result, (gint64)(0 - (guint64)number));
}

/* && || ?: compute only what they need, and give it as it is. */
static gboolean compute_branch(const Machine *machine, const ExpressionNode *node,
			       Operand *result)
{
	if (!compute(machine, node->operands[0], result))
		return FALSE;
	if (node->kind != NODE_CHOICE && is_true(result) == (node->kind == NODE_OR))
		return TRUE;
	{
		int taken = node->kind == NODE_CHOICE && !is_true(result) ? 2 : 1;

		expression_operand_clear(result);
		return compute(machine, node->operands[taken], result);
	}
}

static gboolean compute_not(const Machine *machine, const ExpressionNode *node, Operand *result)
{
	g_auto(Operand) operand = { 0 };

	return compute(machine, node->operands[0], &operand) &&
	       set_truth(result, !is_true(&operand));
}

static gboolean compute_call(const Machine *machine, const ExpressionNode *node,
			     Operand *result)
{
	g_autoptr(GArray) arguments = g_array_new(FALSE, TRUE, sizeof(Operand));

	g_array_set_clear_func(arguments, (GDestroyNotify)expression_operand_clear);
	for (const ExpressionNode *next = node->operands[0]; next; next = next->next) {
		Operand *argument;

		g_array_set_size(arguments, arguments->len + 1);
		argument = &g_array_index(arguments, Operand, arguments->len - 1);
		if (!compute(machine, next, argument))
			return FALSE;
	}
	return node->function->call((const Operand *)(gpointer)arguments->data, arguments->len,
				    result, machine->error);
}

/* `result` is cleared before and, if this is FALSE, to be cleared after. */
static gboolean compute(const Machine *machine, const ExpressionNode *node, Operand *result)
{
	switch (node->kind) {
	case NODE_NUMBER:
		return set_number(result, node->number);
	case NODE_TEXT:
	case NODE_WORD:
		result->text = g_strdup(node->text);
		return TRUE;
	case NODE_GROUP: {
		const char *text =
			node->number < machine->count ? machine->groups[node->number] : NULL;

		result->text = g_strdup(text ? text : "");
		return TRUE;
	}
	case NODE_CALL:
		return compute_call(machine, node, result);
	case NODE_CHOICE:
	case NODE_AND:
	case NODE_OR:
		return compute_branch(machine, node, result);
	case NODE_NOT:
		return compute_not(machine, node, result);
	case NODE_MINUS:
		return compute_minus(machine, node, result);
	default:
		return compute_binary(machine, node, result);
	}
}

char *expression_compute(const Expression *expression, char *const *groups, int count,
			 gboolean strict, GError **error)
{
	const Machine machine = { groups, count, strict, error };
	g_auto(Operand) result = { 0 };

	if (!compute(&machine, expression->root, &result))
		return NULL;
	return result.text ? g_steal_pointer(&result.text) : expression_text(&result);
}
