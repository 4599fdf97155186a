/* A noderange's text to its tree.  Says no to what xCAT reads in a surprising way. */
#include "core/noderange/tree.h"
#include "core/noderange.h"
#include "core/base.h"
#include <string.h>

#define SHOWN 60 /* bytes of an expression, around the place, that a message quotes */

typedef struct {
	const char *text;
	const char *at;
	guint depth; /* of parentheses */
	GError **error;
} Parser;

static GPtrArray *parse_list(Parser *parser);

gboolean tree_refuse(GError **error, int code, const char *expression, gsize place,
		     const char *format, ...)
{
	gsize length = strlen(expression);
	gsize from = length > SHOWN && place > SHOWN / 2 ? place - SHOWN / 2 : 0;
	g_autofree char *shown = g_strndup(expression + MIN(from, length), SHOWN);
	g_autofree char *part = text_plain(shown);
	g_autofree char *what = NULL;
	va_list args;

	va_start(args, format);
	what = g_strdup_vprintf(format, args);
	va_end(args);
	g_set_error(error, NODERANGE_ERROR, code, "noderange '%s%s%s', at character %zu: %s",
		    from ? "..." : "", part, from + SHOWN < length ? "..." : "", place + 1,
		    what);
	return FALSE;
}

char *tree_without_quotes(const char *expression)
{
	GString *text = g_string_new(NULL);

	for (const char *p = expression; *p; p++)
		if (*p != '\'' && *p != '"')
			g_string_append_c(text, *p);
	return g_string_free(text, FALSE);
}

static gboolean refuse(Parser *parser, const char *at, const char *what)
{
	return tree_refuse(parser->error, NODERANGE_ERROR_SYNTAX, parser->text,
			   at - parser->text, "%s", what);
}

static void term_free(gpointer data)
{
	Term *term = data;

	g_free(term->text);
	g_clear_pointer(&term->list, g_ptr_array_unref);
	g_free(term);
}

static void element_free(gpointer data)
{
	Element *element = data;

	g_ptr_array_unref(element->terms);
	g_free(element);
}

static Element *element_new(ElementKind kind)
{
	Element *element = g_new0(Element, 1);

	element->kind = kind;
	element->terms = g_ptr_array_new_with_free_func(term_free);
	return element;
}

static void add_term(Element *element, TermKind kind, char *text, gsize place)
{
	Term *term = g_new0(Term, 1);

	term->kind = kind;
	term->text = text;
	term->place = place;
	g_ptr_array_add(element->terms, term);
}

static gboolean ends_term(const Parser *parser, char c)
{
	return c == '\0' || c == ',' || c == '@' || (c == ')' && parser->depth > 0);
}

/* The last character of a class in a regular expression: its `]`, or the end of the text. */
static const char *class_end(const char *open)
{
	const char *p = open + 1 + (open[1] == '^');

	if (*p == ']') /* at the beginning it stands for itself */
		p++;
	for (; *p && *p != ']'; p++) {
		const char *close = *p == '[' && p[1] == ':' ? strstr(p, ":]") : NULL;

		if (close)
			p = close + 1;
		else if (*p == '\\' && p[1])
			p++;
	}
	return *p ? p : p - 1;
}

/*
 * The end of a regular expression: the next comma or @ outside of its own brackets, braces
 * and parentheses.  One that is not closed goes to the end, and is then malformed.
 */
static const char *regex_end(const Parser *parser, const char *p)
{
	guint open = 0;

	for (; *p; p++) {
		if (*p == '\\' && p[1])
			p++;
		else if (*p == '[')
			p = class_end(p);
		else if (*p == '(' || *p == '{')
			open++;
		else if ((*p == ')' || *p == '}') && open > 0)
			open--;
		else if (open == 0 && ends_term(parser, *p))
			break;
	}
	return p;
}

/* From `[` to behind its `]`; NULL and `error` unset: it is not closed. */
static const char *bracket_end(Parser *parser, const char *open)
{
	const char *item = open + 1;

	for (const char *p = open + 1; *p; p++) {
		if (*p == '[' || *p == '(' || *p == '@') {
			refuse(parser, p, "this cannot stand inside brackets");
			return NULL;
		}
		if (*p != ',' && *p != ']')
			continue;
		/* "cn[]" is a name that nobody has, as in xCAT; "cn[,1]" is a slip. */
		if (p == item && !(*p == ']' && p == open + 1)) {
			if (!strchr(p, ']'))
				return NULL;
			refuse(parser, p, "an item between brackets is empty");
			return NULL;
		}
		if (*p == ']')
			return p + 1;
		item = p + 1;
	}
	return NULL;
}

/* TRUE: the brackets at *p are skipped, or there are none to skip. */
static gboolean skip_brackets(Parser *parser, const char **p, gboolean *closed_before)
{
	const char *end = bracket_end(parser, *p);

	if (*parser->error)
		return FALSE;
	if (end) {
		*closed_before = TRUE;
		*p = end;
		return TRUE;
	}
	/* Alone at the end it is a name that nobody has; anything more is a slip. */
	if (*closed_before || strchr(*p, ','))
		return refuse(parser, *p, "this bracket is not closed");
	*p += strlen(*p);
	return TRUE;
}

static gboolean parse_atom(Parser *parser, Element *element)
{
	const char *start = parser->at;
	const char *p = start;
	gboolean closed_before = FALSE, criterion = FALSE;

	while (!ends_term(parser, *p)) {
		if (*p == '(')
			return refuse(parser, p,
				      "text touches a parenthesis; put , or @ between");
		if (*p == ')')
			return refuse(parser, p, "this parenthesis was never opened");
		if ((*p == '=' || *p == '!') && p[1] == '~') {
			p = regex_end(parser, p + 2);
			break;
		}
		criterion = criterion || *p == '=' || *p == '~';
		if (*p == '[' && !criterion) {
			if (!skip_brackets(parser, &p, &closed_before))
				return FALSE;
			continue;
		}
		if (*p == ']' && closed_before)
			return refuse(parser, p, "this bracket was never opened");
		p++;
	}
	add_term(element, TERM_ATOM, g_strndup(start, p - start), start - parser->text);
	parser->at = p;
	return TRUE;
}

static gboolean parse_regex(Parser *parser, Element *element)
{
	const char *start = parser->at + 1;
	const char *end = regex_end(parser, start);
	/* A closing slash is a habit from other languages; xCAT would match it literally. */
	gsize length = end - start - (end - start > 0 && end[-1] == '/');

	if (length == 0)
		return refuse(parser, parser->at, "the regular expression is empty");
	add_term(element, TERM_REGEX, g_strndup(start, length), start - parser->text);
	if (strchr(((Term *)element->terms->pdata[element->terms->len - 1])->text, '/'))
		return refuse(
			parser, parser->at,
			"a regular expression with a slash in it; to read names from a file, "
			"write ^ before its path");
	parser->at = end;
	return TRUE;
}

static gboolean parse_file(Parser *parser, Element *element)
{
	const char *start = parser->at + 1;
	const char *p = start;

	while (!ends_term(parser, *p) && *p != '(')
		p++;
	if (p == start || *p == '(')
		return refuse(parser, parser->at, "^ needs the path of a file right behind it");
	add_term(element, TERM_FILE, g_strndup(start, p - start), start - parser->text);
	parser->at = p;
	return TRUE;
}

static gboolean parse_parentheses(Parser *parser, Element *element)
{
	const char *open = parser->at;
	GPtrArray *list;
	Term *term;

	if (parser->depth == NODERANGE_DEPTH)
		return refuse(parser, open, "too many parentheses within each other");
	parser->depth++;
	parser->at++;
	list = parse_list(parser);
	parser->depth--;
	if (!list)
		return FALSE;
	add_term(element, TERM_LIST, NULL, open - parser->text);
	term = element->terms->pdata[element->terms->len - 1];
	term->list = list;
	if (*parser->at != ')')
		return refuse(parser, open, "unbalanced parentheses: this one is not closed");
	parser->at++;
	return TRUE;
}

static gboolean parse_term(Parser *parser, Element *element)
{
	switch (*parser->at) {
	case '(':
		return parse_parentheses(parser, element);
	case '/':
		return parse_regex(parser, element);
	case '^':
		return parse_file(parser, element);
	default:
		return parse_atom(parser, element);
	}
}

static const Term *last_term(const Element *element)
{
	return element->terms->pdata[element->terms->len - 1];
}

/* The terms of one element, with an @ between. */
static gboolean parse_terms(Parser *parser, Element *element)
{
	for (;;) {
		if (*parser->at == '-' &&
		    (element->terms->len > 0 || element->kind == ELEMENT_INTERSECT))
			return refuse(parser, parser->at, "@ and - cannot follow each other");
		if (ends_term(parser, *parser->at))
			return refuse(parser, parser->at, "an @ needs something behind it");
		if (!parse_term(parser, element))
			return FALSE;
		if (*parser->at != '@')
			return TRUE;
		parser->at++;
	}
}

/* "--x" excludes what "-x" alone gives: nothing (as xCAT reads it); "---x" is no other. */
static gboolean parse_excluded(Parser *parser, Element *element)
{
	const char *start = parser->at;
	Element *inner;
	Term *term;

	if (ends_term(parser, *start) && *start != '@')
		return refuse(parser, start - 1, "- without a name behind it");
	if (*start == '@')
		return refuse(parser, start, "- and @ cannot follow each other");
	if (*start != '-')
		return parse_terms(parser, element);
	parser->at += strspn(start, "-");
	inner = element_new(ELEMENT_EXCLUDE);
	add_term(element, TERM_LIST, NULL, start - parser->text);
	term = element->terms->pdata[0];
	term->list = g_ptr_array_new_with_free_func(element_free);
	g_ptr_array_add(term->list, inner);
	return parse_excluded(parser, inner);
}

/*
 * `login,(rack1)@even`: xCAT intersects everything before with even, its manual says from left
 * to right, the same without parentheses binds @ first.  Who writes it must say what is meant.
 */
static gboolean is_ambiguous(const Element *element, const GPtrArray *list)
{
	if (element->terms->len < 2 || element->kind == ELEMENT_INTERSECT ||
	    (element->kind == ELEMENT_ADD && list->len == 0))
		return FALSE;
	for (guint i = 0; i < element->terms->len; i++)
		if (((Term *)element->terms->pdata[i])->kind == TERM_LIST)
			return TRUE;
	return FALSE;
}

static gboolean parse_element(Parser *parser, GPtrArray *list)
{
	const char *start = parser->at;
	ElementKind kind = *start == '-'   ? ELEMENT_EXCLUDE
			   : *start == '@' ? ELEMENT_INTERSECT
					   : ELEMENT_ADD;
	Element *element = element_new(kind);
	gboolean parsed;

	if (kind != ELEMENT_ADD)
		parser->at++;
	parsed = kind == ELEMENT_EXCLUDE ? parse_excluded(parser, element)
					 : parse_terms(parser, element);
	if (parsed && kind == ELEMENT_INTERSECT && list->len == 0)
		parsed = refuse(parser, start, "an @ needs something before it");
	if (parsed && is_ambiguous(element, list))
		parsed = refuse(
			parser, start,
			"a comma before, and @ beside parentheses: put parentheses around "
			"what @ is to join");
	g_ptr_array_add(list, element);
	return parsed;
}

/* Behind a closing parenthesis: only blanks may touch it; they are a name that nobody has. */
static gboolean parse_behind(Parser *parser, GPtrArray *list)
{
	gsize blanks = strspn(parser->at, " \t");
	Element *element;

	if (blanks == 0 || !ends_term(parser, parser->at[blanks]))
		return refuse(parser, parser->at,
			      "text touches a parenthesis; put , or @ between");
	element = element_new(ELEMENT_ADD);
	add_term(element, TERM_ATOM, g_strndup(parser->at, blanks), parser->at - parser->text);
	g_ptr_array_add(list, element);
	parser->at += blanks;
	return TRUE;
}

/* Until the end, or the parenthesis that closes the list. */
static GPtrArray *parse_list(Parser *parser)
{
	g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(element_free);

	for (;;) {
		if (*parser->at == ',') {
			parser->at++;
			continue;
		}
		if (*parser->at == '\0' || (*parser->at == ')' && parser->depth > 0))
			return g_steal_pointer(&list);
		if (!parse_element(parser, list))
			return NULL;
		if (!ends_term(parser, *parser->at)) {
			const Element *element = list->pdata[list->len - 1];

			if (last_term(element)->kind != TERM_LIST ||
			    !parse_behind(parser, list)) {
				if (!*parser->error)
					refuse(parser, parser->at, "this is not understood");
				return NULL;
			}
		}
	}
}

GPtrArray *tree_parse(const char *expression, GError **error)
{
	g_autoptr(GError) problem = NULL;
	Parser parser = { .text = expression, .at = expression, .error = &problem };
	GPtrArray *list = parse_list(&parser);

	if (problem)
		g_propagate_error(error, g_steal_pointer(&problem));
	return list;
}
