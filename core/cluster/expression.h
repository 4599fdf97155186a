/*
 * expression - the arithmetic inside regular-expression values: text to tree, tree to text.
 *
 * Private to cluster/.  The language is the part of Perl under "use integer" that such values
 * are written in:
 *
 *   - 64-bit integers that wrap around; / and % truncate toward zero;
 *   - + - * / % ** . ! && || ?: and parentheses; comparisons of numbers (< > <= >= == != <=>)
 *     and of texts (lt gt le ge eq ne cmp), which give 1 or the empty text;
 *   - 12, 017 (octal), 0x1f; 'text', "text with $1"; a bare word is a text, too;
 *   - $1, $2... (${1}): what the groups took, as text.  One that took nothing is empty, and 0;
 *   - functions: a2idx a2zidx mknum dim2idx skip ipadd sprintf int abs lc uc ord chr length.
 *
 * The number of a text is the number that it starts with, as Perl has it.  Where Perl would
 * leave the integers (2**-1, 2**64) we do not.  Nothing a value or a node name holds can take
 * more than a little time, memory or stack: trees have at most EXPRESSION_NODES nodes.
 */
#pragma once
#include <glib.h>

#define EXPRESSION_NODES 1000 /* parts of one expression */
#define EXPRESSION_DEPTH 100  /* parentheses, signs and choices inside one another */
#define EXPRESSION_WIDTH 1000 /* characters that a sprintf field may be padded to */

typedef struct expression Expression;

/* Gives an expression (expression_free), or NULL and an error (VALUE_ERROR_EXPRESSION) that
 * says what is wrong, but does not quote `text`: the caller does. */
Expression *expression_parse(const char *text, GError **error);
void expression_free(Expression *expression);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Expression, expression_free)

/*
 * Compute it with groups[1], groups[2]... of `count` for $1, $2...  `strict` refuses to
 * calculate with bare words, which are 0: more likely a slip of the pen than meant.
 * Gives the text (g_free), or NULL and an error as above.
 */
char *expression_compute(const Expression *expression, char *const *groups, int count,
			 gboolean strict, GError **error);

/* What follows is for the files expression*.c only. */

/* A value while computing: a number, or a text if there is one (owned). */
typedef struct {
	char *text;
	gint64 number;
} Operand;

void expression_operand_clear(Operand *operand);
gint64 expression_number(const Operand *operand);
char *expression_text(const Operand *operand); /* gives the text */

typedef struct {
	const char *name;
	guint least, most; /* arguments */
	gboolean (*call)(const Operand *arguments, guint n, Operand *result, GError **error);
} ExpressionFunction;

/* The function whose name is the first `length` bytes of `name`, or NULL. */
const ExpressionFunction *expression_function(const char *name, gsize length);

/* Sets the error, and is FALSE. */
gboolean expression_refuse(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

typedef enum {
	NODE_NUMBER,
	NODE_TEXT,
	NODE_WORD,  /* a text without quotes */
	NODE_GROUP, /* $number */
	NODE_CALL,  /* function(operands[0], its next, ...) */
	NODE_CHOICE,
	NODE_NOT,
	NODE_MINUS,
	NODE_AND,
	NODE_OR,
	NODE_JOIN,
	NODE_ADD,
	NODE_SUBTRACT,
	NODE_MULTIPLY,
	NODE_DIVIDE,
	NODE_REMAINDER,
	NODE_POWER,
	NODE_LESS,
	NODE_GREATER,
	NODE_AT_MOST,
	NODE_AT_LEAST,
	NODE_EQUAL,
	NODE_UNEQUAL,
	NODE_ORDER,
	NODE_TEXT_LESS,
	NODE_TEXT_GREATER,
	NODE_TEXT_AT_MOST,
	NODE_TEXT_AT_LEAST,
	NODE_TEXT_EQUAL,
	NODE_TEXT_UNEQUAL,
	NODE_TEXT_ORDER,
} ExpressionKind;

typedef struct expression_node ExpressionNode;
struct expression_node {
	ExpressionKind kind;
	gint64 number;
	char *text;
	const ExpressionFunction *function;
	ExpressionNode *operands[3];
	ExpressionNode *next; /* argument of the same call */
};

struct expression {
	ExpressionNode *root;
	GPtrArray *nodes; /* all of them: freeing needs no recursion */
};
