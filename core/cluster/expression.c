/* Expressions: from text to tree, by precedence climbing. */
#include "core/cluster/expression.h"
#include "core/base.h"
#include <string.h>

/*
 * Where the parser stands.  The first error is kept and the rest of the text dropped, so that
 * everything that is still open ends at once; nobody else need look for errors.
 */
typedef struct {
	const char *rest;
	guint depth;
	GPtrArray *nodes;
	GError *problem;
} Parser;

/* How tightly operators bind, loosest first.  ** stands apart: parse_power. */
enum { LEVEL_OR = 1, LEVEL_AND, LEVEL_EQUALITY, LEVEL_ORDER, LEVEL_SUM, LEVEL_PRODUCT };

typedef struct {
	const char *sign;
	guint level;
	ExpressionKind kind;
} Operator;

/* A sign that starts with another one stands before it. */
static const Operator operators[] = {
	{ "||", LEVEL_OR, NODE_OR },
	{ "&&", LEVEL_AND, NODE_AND },
	{ "<=>", LEVEL_EQUALITY, NODE_ORDER },
	{ "==", LEVEL_EQUALITY, NODE_EQUAL },
	{ "!=", LEVEL_EQUALITY, NODE_UNEQUAL },
	{ "eq", LEVEL_EQUALITY, NODE_TEXT_EQUAL },
	{ "ne", LEVEL_EQUALITY, NODE_TEXT_UNEQUAL },
	{ "cmp", LEVEL_EQUALITY, NODE_TEXT_ORDER },
	{ "<=", LEVEL_ORDER, NODE_AT_MOST },
	{ ">=", LEVEL_ORDER, NODE_AT_LEAST },
	{ "<", LEVEL_ORDER, NODE_LESS },
	{ ">", LEVEL_ORDER, NODE_GREATER },
	{ "lt", LEVEL_ORDER, NODE_TEXT_LESS },
	{ "gt", LEVEL_ORDER, NODE_TEXT_GREATER },
	{ "le", LEVEL_ORDER, NODE_TEXT_AT_MOST },
	{ "ge", LEVEL_ORDER, NODE_TEXT_AT_LEAST },
	{ "+", LEVEL_SUM, NODE_ADD },
	{ "-", LEVEL_SUM, NODE_SUBTRACT },
	{ ".", LEVEL_SUM, NODE_JOIN },
	{ "*", LEVEL_PRODUCT, NODE_MULTIPLY },
	{ "/", LEVEL_PRODUCT, NODE_DIVIDE },
	{ "%", LEVEL_PRODUCT, NODE_REMAINDER },
};

static ExpressionNode *parse_choice(Parser *parser);
static ExpressionNode *parse_signed(Parser *parser);

static ExpressionNode *fail(Parser *parser, const char *message)
{
	if (!parser->problem)
		expression_refuse(&parser->problem, "%s", message);
	parser->rest = "";
	return NULL;
}

/* What stands here cannot stand here. */
static ExpressionNode *fail_here(Parser *parser)
{
	g_autofree char *rest = g_strndup(parser->rest, 20);
	g_autofree char *quoted = text_quote(rest);
	g_autofree char *message = g_strconcat("cannot go on at ", quoted, NULL);

	return fail(parser, *rest ? message : "it ends too early");
}

static ExpressionNode *add_node(Parser *parser, ExpressionKind kind)
{
	ExpressionNode *node = g_new0(ExpressionNode, 1);

	node->kind = kind;
	g_ptr_array_add(parser->nodes, node);
	if (parser->nodes->len > EXPRESSION_NODES)
		fail(parser, "it is too long");
	return node;
}

static ExpressionNode *combine(Parser *parser, ExpressionKind kind, ExpressionNode *left,
			       ExpressionNode *right)
{
	ExpressionNode *node = add_node(parser, kind);

	node->operands[0] = left;
	node->operands[1] = right;
	return node;
}

static void skip_blanks(Parser *parser)
{
	while (g_ascii_isspace(*parser->rest))
		parser->rest++;
}

/* Takes `sign` if it comes next. */
static gboolean take(Parser *parser, char sign)
{
	skip_blanks(parser);
	if (*parser->rest != sign)
		return FALSE;
	parser->rest++;
	return TRUE;
}

static void expect(Parser *parser, char sign)
{
	if (!take(parser, sign))
		fail_here(parser);
}

static gsize word_length(const char *text)
{
	gsize length = 0;

	if (g_ascii_isalpha(*text) || *text == '_')
		while (g_ascii_isalnum(text[length]) || text[length] == '_')
			length++;
	return length;
}

/* ++ and --, and the likes of -e, which Perl takes for a question about a file wherever it
 * stands: nothing that can be computed here. */
static gboolean is_foreign(const char *sign)
{
	if (*sign != '-' && *sign != '+')
		return FALSE;
	return sign[1] == *sign || (*sign == '-' && word_length(sign + 1) == 1 &&
				    strchr("rwxoRWXOezsfdlpSugkbctTBAMC", sign[1]));
}

static const Operator *next_operator(Parser *parser)
{
	skip_blanks(parser);
	if (is_foreign(parser->rest))
		return NULL;
	for (gsize i = 0; i < G_N_ELEMENTS(operators); i++) {
		const char *sign = operators[i].sign;

		if (g_ascii_isalpha(*sign) ? word_length(parser->rest) == strlen(sign) &&
						     g_str_has_prefix(parser->rest, sign)
					   : g_str_has_prefix(parser->rest, sign))
			return &operators[i];
	}
	return NULL;
}

/* The digits of a literal.  A value that does not fit is taken as Perl takes it: up to 64
 * bits it wraps around, beyond it is -1. */
static ExpressionNode *parse_number(Parser *parser)
{
	ExpressionNode *node = add_node(parser, NODE_NUMBER);
	const char *text = parser->rest;
	int base = 10;
	char *end;

	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X') && g_ascii_isxdigit(text[2]))
		base = 16;
	else if (text[0] == '0')
		base = 8;
	node->number = (gint64)g_ascii_strtoull(text, &end, base);
	parser->rest = end;
	if (base == 8 && g_ascii_isdigit(*end))
		return fail(parser, "a number that starts with 0 is octal: no 8 or 9 in it");
	if (*end == '.' && end[1] != '.')
		return fail(parser, "only whole numbers: a blank before the dot joins texts");
	return node;
}

/* $1 or ${1} */
static ExpressionNode *parse_group(Parser *parser)
{
	gboolean braces = parser->rest[1] == '{';
	const char *digits = parser->rest + 1 + braces;
	ExpressionNode *node = add_node(parser, NODE_GROUP);
	char *end;

	if (!g_ascii_isdigit(*digits) || (*digits == '0' && g_ascii_isdigit(digits[1])))
		return fail(parser, "only $1, $2... can follow a $");
	node->number = (gint64)MIN(g_ascii_strtoull(digits, &end, 10), G_MAXINT);
	if (!node->number)
		return fail(parser, "only $1, $2... can follow a $");
	parser->rest = end;
	if (braces && *parser->rest++ != '}')
		return fail(parser, "no } after ${");
	return node;
}

static ExpressionNode *text_node(Parser *parser, ExpressionKind kind, const char *text,
				 gsize length)
{
	ExpressionNode *node = add_node(parser, kind);

	node->text = g_strndup(text, length);
	return node;
}

/* Joins the text that was collected so far to what is before it in the same quotes. */
static ExpressionNode *flush_text(Parser *parser, ExpressionNode *before, GString *text)
{
	ExpressionNode *node;

	if (before && !text->len)
		return before;
	node = text_node(parser, NODE_TEXT, text->str, text->len);
	g_string_truncate(text, 0);
	return before ? combine(parser, NODE_JOIN, before, node) : node;
}

/* 'text' as it stands; in "text" a $1 is replaced.  A backslash takes what follows as it is;
 * \n and \t in double quotes are what they always are. */
static ExpressionNode *parse_text(Parser *parser)
{
	char quote = *parser->rest++;
	g_autoptr(GString) text = g_string_new(NULL);
	ExpressionNode *node = NULL;

	while (*parser->rest && *parser->rest != quote) {
		const char *p = parser->rest;

		if (*p == '\\' && p[1] && (quote == '"' || p[1] == '\\' || p[1] == quote)) {
			gboolean escape = quote == '"';

			g_string_append_c(text, escape && p[1] == 'n'	? '\n'
						: escape && p[1] == 't' ? '\t'
									: p[1]);
			parser->rest += 2;
		} else if (*p == '$' && quote == '"') {
			node = flush_text(parser, node, text);
			node = combine(parser, NODE_JOIN, node, parse_group(parser));
		} else {
			g_string_append_c(text, *p);
			parser->rest++;
		}
	}
	if (*parser->rest != quote)
		return fail(parser, "a text in quotes has no end");
	parser->rest++;
	return flush_text(parser, node, text);
}

/* The arguments of a call, with parentheses around them or without. */
static ExpressionNode *parse_call(Parser *parser, const ExpressionFunction *function)
{
	ExpressionNode *call = add_node(parser, NODE_CALL);
	ExpressionNode **last = &call->operands[0];
	gboolean brackets = take(parser, '(');
	guint n = 0;

	call->function = function;
	if (!brackets || !take(parser, ')')) {
		do {
			*last = parse_choice(parser);
			n++;
			if (!*last)
				return NULL;
			last = &(*last)->next;
		} while (take(parser, ','));
		if (brackets)
			expect(parser, ')');
	}
	if (n < function->least || n > function->most) {
		g_autofree char *message = g_strdup_printf(
			"%s takes %u%s arguments, not %u", function->name, function->least,
			function->most > function->least ? " or more" : "", n);

		return fail(parser, message);
	}
	return call;
}

/* A word: a function, or a text without quotes.  Perl's quoting operators are neither. */
static ExpressionNode *parse_word(Parser *parser)
{
	static const char *const quoting[] = { "q", "qq", "qw", "qx", "qr",
					       "m", "s",  "y",	"tr", NULL };
	gsize length = word_length(parser->rest);
	g_autofree char *word = g_strndup(parser->rest, length);
	const ExpressionFunction *function = expression_function(word, length);
	const char *after = parser->rest + length;

	while (g_ascii_isspace(*after))
		after++;
	if (!function && *after == '(') {
		g_autofree char *message = g_strdup_printf("there is no function %.40s", word);

		return fail(parser, message);
	}
	if (g_strv_contains(quoting, word) || next_operator(parser))
		return fail_here(parser);
	parser->rest += length;
	if (function)
		return parse_call(parser, function);
	return text_node(parser, NODE_WORD, word, length);
}

static ExpressionNode *parse_term(Parser *parser)
{
	ExpressionNode *node;

	skip_blanks(parser);
	if (take(parser, '(')) {
		if (take(parser, ')'))
			return text_node(parser, NODE_TEXT, "", 0);
		node = parse_choice(parser);
		expect(parser, ')');
		return node;
	}
	if (g_ascii_isdigit(*parser->rest))
		return parse_number(parser);
	if (*parser->rest == '$')
		return parse_group(parser);
	if (*parser->rest == '"' || *parser->rest == '\'')
		return parse_text(parser);
	if (word_length(parser->rest))
		return parse_word(parser);
	return fail_here(parser);
}

/* ** binds tighter than a sign on its left, not than one on its right. */
static ExpressionNode *parse_power(Parser *parser)
{
	ExpressionNode *base = parse_term(parser);

	skip_blanks(parser);
	if (!g_str_has_prefix(parser->rest, "**"))
		return base;
	parser->rest += strlen("**");
	return combine(parser, NODE_POWER, base, parse_signed(parser));
}

/* Everything that nests comes through here, so that the depth is counted here. */
static ExpressionNode *parse_signed(Parser *parser)
{
	ExpressionNode *node;

	if (++parser->depth > EXPRESSION_DEPTH)
		fail(parser, "it is nested too deeply");
	skip_blanks(parser);
	if (is_foreign(parser->rest))
		node = fail_here(parser);
	else if (take(parser, '+'))
		node = parse_signed(parser);
	else if (take(parser, '-'))
		node = combine(parser, NODE_MINUS, parse_signed(parser), NULL);
	else if (take(parser, '!'))
		node = combine(parser, NODE_NOT, parse_signed(parser), NULL);
	else
		node = parse_power(parser);
	parser->depth--;
	return node;
}

/* Operators that bind at least as tightly as `level`, from left to right. */
static ExpressionNode *parse_level(Parser *parser, guint level)
{
	ExpressionNode *left = parse_signed(parser);
	const Operator *compared = NULL;

	for (const Operator *next; (next = next_operator(parser)) && next->level >= level;) {
		gboolean comparison =
			next->level == LEVEL_EQUALITY || next->level == LEVEL_ORDER;

		if (comparison && compared && compared->level == next->level)
			return fail(parser, "comparisons cannot be chained: join them by &&");
		compared = comparison ? next : NULL;
		parser->rest += strlen(next->sign);
		left = combine(parser, next->kind, left, parse_level(parser, next->level + 1));
	}
	return left;
}

/* condition ? this : that */
static ExpressionNode *parse_choice(Parser *parser)
{
	ExpressionNode *condition = parse_level(parser, LEVEL_OR);
	ExpressionNode *choice;

	if (!take(parser, '?'))
		return condition;
	if (++parser->depth > EXPRESSION_DEPTH)
		fail(parser, "it is nested too deeply");
	choice = combine(parser, NODE_CHOICE, condition, parse_choice(parser));
	expect(parser, ':');
	choice->operands[2] = parse_choice(parser);
	parser->depth--;
	return choice;
}

static void free_node(gpointer data)
{
	ExpressionNode *node = data;

	g_free(node->text);
	g_free(node);
}

void expression_free(Expression *expression)
{
	if (!expression)
		return;
	g_ptr_array_unref(expression->nodes);
	g_free(expression);
}

Expression *expression_parse(const char *text, GError **error)
{
	g_autoptr(Expression) expression = g_new0(Expression, 1);
	Parser parser = { .rest = text };

	expression->nodes = parser.nodes = g_ptr_array_new_with_free_func(free_node);
	expression->root = parse_choice(&parser);
	skip_blanks(&parser);
	if (*parser.rest)
		fail_here(&parser);
	if (parser.problem) {
		g_propagate_error(error, parser.problem);
		return NULL;
	}
	return g_steal_pointer(&expression);
}
