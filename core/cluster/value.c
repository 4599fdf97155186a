/*
 * Regular-expression values, as xCAT computes them.
 *
 *   /A/B/      the first match of A in the node name becomes B, literally.  No further slash.
 *   |RE|TEXT|  the first match of RE becomes TEXT, in which each outermost (...) was computed
 *              with $1, $2... from that match.  The first inner bar is the border.
 *   |TEXT|     the same with an RE made of the node name, so that $1 is its first number
 *              without leading zeros, $2 the second, and the whole name is matched.
 *
 * The match replaces only itself: what stands around it in the node name stays.  It stays
 * around an expression, too: that is put in the place of the match, and the whole is computed.
 * Rarely does that make sense, so with anything left around the match an expression that
 * fails is empty, as with xCAT.  When all of the name was matched it is an error: xCAT makes an
 * address with a hole of it, and says nothing.
 */
#include "core/cluster/value.h"
#include "core/cluster/expression.h"
#include "core/base.h"
#include <string.h>

/* An expression in the text, and the literal text before it. */
typedef struct {
	char *before;
	char *source;		/* with its parentheses */
	Expression *expression; /* NULL: malformed, and `problem` says how */
	GError *problem;
} Piece;

struct value {
	Pattern *pattern; /* NULL: made of the node name */
	GPtrArray *pieces;
	char *end; /* the text after the last piece */
};

G_DEFINE_QUARK(snmove_value_error, value_error)

static void free_piece(gpointer data)
{
	Piece *piece = data;

	g_free(piece->before);
	g_free(piece->source);
	expression_free(piece->expression);
	g_clear_error(&piece->problem);
	g_free(piece);
}

void value_free(Value *value)
{
	if (!value)
		return;
	pattern_free(value->pattern);
	g_ptr_array_unref(value->pieces);
	g_free(value->end);
	g_free(value);
}

static Value *new_value(void)
{
	Value *value = g_new0(Value, 1);

	value->pieces = g_ptr_array_new_with_free_func(free_piece);
	return value;
}

/* Our error for one of the pattern's. */
static gboolean refuse_pattern(GError **error, const GError *problem)
{
	g_set_error_literal(error, VALUE_ERROR, VALUE_ERROR_PATTERN, problem->message);
	return FALSE;
}

static gboolean compile_pattern(Value *value, const char *expression, const char *text,
				GError **error)
{
	g_autoptr(GError) problem = NULL;

	if (!*expression) { /* xCAT takes whichever pattern it used last */
		g_autofree char *quoted = text_quote(text);

		g_set_error(error, VALUE_ERROR, VALUE_ERROR_PATTERN,
			    "the regular expression in %s is empty", quoted);
		return FALSE;
	}
	value->pattern = pattern_new(expression, &problem);
	return value->pattern || refuse_pattern(error, problem);
}

/* Behind the parenthesis that closes the one at `open`, or NULL.  A backslash hides what
 * follows it. */
static const char *group_end(const char *open)
{
	guint depth = 0;

	for (const char *p = open; *p; p++) {
		if (*p == '\\' && p[1])
			p++;
		else if (*p == '(')
			depth++;
		else if (*p == ')' && !--depth)
			return p + 1;
	}
	return NULL;
}

/* Cut the text into expressions and what is between them.  From a parenthesis without a
 * partner on it is literal. */
static void cut_pieces(Value *value, const char *text)
{
	for (;;) {
		const char *open = text + strcspn(text, "()");
		const char *end = *open == '(' ? group_end(open) : NULL;
		Piece *piece;

		if (!end)
			break;
		piece = g_new0(Piece, 1);
		piece->before = g_strndup(text, open - text);
		piece->source = g_strndup(open, end - open);
		piece->expression = expression_parse(piece->source, &piece->problem);
		g_ptr_array_add(value->pieces, piece);
		text = end;
	}
	value->end = g_strdup(text);
}

static gboolean compile_slashes(const char *text, Value **value, GError **error)
{
	const char *middle = strchr(text + 1, '/');
	const char *last = middle ? strchr(middle + 1, '/') : NULL;
	g_autoptr(Value) made = NULL;
	g_autofree char *expression = NULL;

	if (!last || last[1])
		return TRUE;
	expression = g_strndup(text + 1, middle - text - 1);
	made = new_value();
	made->end = g_strndup(middle + 1, last - middle - 1);
	if (!compile_pattern(made, expression, text, error))
		return FALSE;
	*value = g_steal_pointer(&made);
	return TRUE;
}

static gboolean compile_bars(const char *text, Value **value, GError **error)
{
	gsize length = strlen(text);
	g_autofree char *inner = NULL;
	g_autoptr(Value) made = NULL;
	char *bar;

	if (length < 2 || text[length - 1] != '|')
		return TRUE;
	inner = g_strndup(text + 1, length - 2);
	made = new_value();
	bar = strchr(inner, '|');
	if (bar) {
		*bar = '\0';
		if (!compile_pattern(made, inner, text, error))
			return FALSE;
	}
	cut_pieces(made, bar ? bar + 1 : inner);
	*value = g_steal_pointer(&made);
	return TRUE;
}

gboolean value_compile(const char *text, Value **value, GError **error)
{
	*value = NULL;
	if (*text == '/')
		return compile_slashes(text, value, error);
	if (*text == '|')
		return compile_bars(text, value, error);
	return TRUE;
}

/*
 * What the pattern [\D0]*(\d+), once for each number in the name, and then .*$ would match:
 * all of the name, with each number in a group.  What is before a number takes its zeros, too;
 * only zeros at the end of the name leave the last of them to be a number.
 */
static void match_numbers(const char *node, PatternMatch *match)
{
	GPtrArray *groups = g_ptr_array_new();
	const char *p = node;

	g_ptr_array_add(groups, g_strdup(node));
	while (*p) {
		const char *zero = NULL, *start;

		for (; *p == '0' || (*p && !g_ascii_isdigit(*p)); p++)
			if (*p == '0')
				zero = p;
		start = p;
		while (g_ascii_isdigit(*p))
			p++;
		if (p > start)
			g_ptr_array_add(groups, g_strndup(start, p - start));
		else if (zero)
			g_ptr_array_add(groups, g_strdup("0"));
	}
	match->found = TRUE;
	match->start = 0;
	match->end = (int)(p - node);
	match->count = (int)groups->len;
	g_ptr_array_add(groups, NULL);
	match->groups = (char **)g_ptr_array_free(groups, FALSE);
}

static gboolean match_node(const Value *value, const char *node, PatternMatch *match,
			   GError **error)
{
	g_autoptr(GError) problem = NULL;

	if (!value->pattern) {
		match_numbers(node, match);
		return TRUE;
	}
	return pattern_match(value->pattern, node, match, &problem) ||
	       refuse_pattern(error, problem);
}

/* An expression between the rest of the name; never an error. */
static char *compute_among(const Piece *piece, const char *node, const PatternMatch *match)
{
	g_autofree char *source = pattern_splice(node, match, piece->source);
	g_autoptr(Expression) expression = expression_parse(source, NULL);
	char *text = NULL;

	if (expression)
		text = expression_compute(expression, match->groups, match->count, FALSE, NULL);
	return text ? text : g_strdup("");
}

static gboolean refuse_expression(const Piece *piece, const GError *problem, GError **error)
{
	gboolean cut = strlen(piece->source) > 200;
	g_autofree char *start = g_strndup(piece->source, 200);
	g_autofree char *quoted = text_quote(start);

	g_set_error(error, VALUE_ERROR, VALUE_ERROR_EXPRESSION,
		    "the expression %s%s cannot be computed: %s", quoted, cut ? "..." : "",
		    problem->message);
	return FALSE;
}

static gboolean append_piece(GString *text, const Piece *piece, const char *node,
			     const PatternMatch *match, GError **error)
{
	gboolean whole = match->start == 0 && !node[match->end];
	g_autoptr(GError) problem = NULL;
	g_autofree char *computed = NULL;

	g_string_append(text, piece->before);
	if (!whole) {
		computed = compute_among(piece, node, match);
	} else {
		if (!piece->expression)
			return refuse_expression(piece, piece->problem, error);
		computed = expression_compute(piece->expression, match->groups, match->count,
					      TRUE, &problem);
		if (!computed)
			return refuse_expression(piece, problem, error);
	}
	g_string_append(text, computed);
	return TRUE;
}

char *value_compute(const Value *value, const char *node, gboolean *unmatched, GError **error)
{
	g_auto(PatternMatch) match = { 0 };
	g_autoptr(GString) text = NULL;

	if (!match_node(value, node, &match, error))
		return NULL;
	*unmatched = !match.found;
	if (!match.found)
		return g_strdup(node);
	text = g_string_new(NULL);
	for (guint i = 0; i < value->pieces->len; i++)
		if (!append_piece(text, value->pieces->pdata[i], node, &match, error))
			return NULL;
	g_string_append(text, value->end);
	return pattern_splice(node, &match, text->str);
}
