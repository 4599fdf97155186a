/* The tree of a noderange to its names. */
#include "core/noderange/expansion.h"
#include "core/noderange/tree.h"
#include "core/base.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST_FILES 1000 /* that one noderange may read */

G_DEFINE_QUARK(snmove_noderange_error, noderange_error)

static gboolean add_tree(Expansion *expansion, const GPtrArray *list, GPtrArray *names,
			 GError **error);

static gboolean add_regex(Expansion *expansion, const char *text, GPtrArray *names,
			  GError **error)
{
	g_autofree char *anchored = g_strconcat("\\A(?:", text, ")\\z", NULL);
	g_autoptr(GError) problem = NULL;
	g_autoptr(Pattern) alone = pattern_new(text, &problem);
	g_autoptr(Pattern) whole = alone ? pattern_new(anchored, &problem) : NULL;

	if (!whole)
		return expansion_refuse(expansion, error, NODERANGE_ERROR_PATTERN, "%s",
					problem->message);
	if (!expansion->options.verify) {
		g_autofree char *name = g_strconcat("/", text, NULL);

		g_ptr_array_add(names, g_string_chunk_insert(expansion->text, name));
		return TRUE;
	}
	for (guint i = 0; i < expansion->nodes->len; i++) {
		if (pattern_matches(whole, expansion->nodes->pdata[i], &problem))
			g_ptr_array_add(names, expansion->nodes->pdata[i]);
		else if (problem)
			return expansion_refuse(expansion, error, NODERANGE_ERROR_PATTERN, "%s",
						problem->message);
	}
	return TRUE;
}

gboolean expansion_add_list(Expansion *expansion, const char *expression, GPtrArray *names,
			    GError **error)
{
	g_autofree char *plain = tree_without_quotes(expression);
	g_autoptr(GPtrArray) tree = tree_parse(plain, error);
	const char *outer = expansion->expression;
	gsize place = expansion->place;
	gboolean done;

	if (!tree)
		return FALSE;
	expansion->expression = plain;
	done = add_tree(expansion, tree, names, error);
	expansion->expression = outer;
	expansion->place = place;
	return done;
}

/* A line is a noderange up to a colon, blank or tab; # and ^ begin a comment. */
static gboolean add_line(Expansion *expansion, const char *path, guint number, char *line,
			 GPtrArray *names, GError **error)
{
	g_autoptr(GError) problem = NULL;
	gsize length = strlen(line);

	if (length > 0 && line[length - 1] == '\r')
		line[length - 1] = '\0';
	if (*line == '#' || *line == '^')
		return TRUE;
	line[strcspn(line, ": \t")] = '\0';
	if (expansion_add_list(expansion, line, names, &problem))
		return TRUE;
	{
		g_autofree char *plain = text_plain(path);

		/* Of files within files the innermost line is told. */
		if (!expansion->located)
			g_prefix_error(&problem, "%s:%u: ", plain, number);
		expansion->located = TRUE;
		problem->code = NODERANGE_ERROR_FILE;
	}
	g_propagate_error(error, g_steal_pointer(&problem));
	return FALSE;
}

/* Only what has an end, and does not wait for somebody to write it.  Gives the text. */
static char *read_regular(int file, GError **error)
{
	g_autoptr(GString) text = g_string_new(NULL);
	char buffer[16384];
	struct stat status;
	gssize n = 0;

	if (fstat(file, &status) == 0 && !S_ISREG(status.st_mode)) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "it is %s",
			    S_ISDIR(status.st_mode) ? "a directory" : "not a regular file");
		return NULL;
	}
	while ((n = read(file, buffer, sizeof(buffer))) > 0)
		g_string_append_len(text, buffer, n);
	if (n < 0) {
		g_set_error_literal(error, G_FILE_ERROR, g_file_error_from_errno(errno),
				    g_strerror(errno));
		return NULL;
	}
	return g_string_free(g_steal_pointer(&text), FALSE);
}

static char *read_file(Expansion *expansion, const char *path, GError **error)
{
	/* Opening a FIFO would wait as well. */
	int file = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	int code = errno;
	g_autoptr(GError) problem = NULL;
	char *text = file >= 0 ? read_regular(file, &problem) : NULL;

	if (file >= 0)
		(void)close(file);
	if (!text) {
		g_autofree char *quoted = text_quote(path);

		(void)expansion_refuse(expansion, error, NODERANGE_ERROR_FILE,
				       "cannot read the file %s: %s", quoted,
				       problem ? problem->message : g_strerror(code));
	}
	return text;
}

static gboolean add_file(Expansion *expansion, const char *path, GPtrArray *names,
			 GError **error)
{
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;
	gboolean done = TRUE;

	if (expansion->depth == NODERANGE_DEPTH)
		return expansion_refuse(expansion, error, NODERANGE_ERROR_FILE,
					"too many files within each other");
	/* Files that name each other twice are not deep, and double with each one. */
	if (++expansion->files > MOST_FILES)
		return expansion_refuse(expansion, error, NODERANGE_ERROR_FILE,
					"more than %d files are read: do they name each other?",
					MOST_FILES);
	text = read_file(expansion, path, error);
	if (!text)
		return FALSE;
	lines = g_strsplit(text, "\n", -1);
	expansion->depth++;
	for (guint i = 0; done && lines[i]; i++)
		done = add_line(expansion, path, i + 1, lines[i], names, error);
	expansion->depth--;
	return done;
}

static gboolean add_term(Expansion *expansion, const Term *term, GPtrArray *names,
			 GError **error)
{
	expansion->place = term->place;
	switch (term->kind) {
	case TERM_ATOM:
		return atom_expand(expansion,
				   g_string_chunk_insert(expansion->text, term->text), names,
				   error);
	case TERM_REGEX:
		return add_regex(expansion, term->text, names, error);
	case TERM_FILE:
		return add_file(expansion, term->text, names, error);
	case TERM_LIST:
		break;
	}
	return add_tree(expansion, term->list, names, error);
}

/* The terms of an element, intersected. */
static GPtrArray *element_names(Expansion *expansion, const Element *element, GError **error)
{
	g_autoptr(GPtrArray) result = NULL;

	for (guint i = 0; i < element->terms->len; i++) {
		g_autoptr(GPtrArray) names = g_ptr_array_new();

		if (!add_term(expansion, element->terms->pdata[i], names, error))
			return NULL;
		names_settle(names);
		if (result) {
			GPtrArray *both = names_intersection(result, names);

			g_ptr_array_unref(result);
			result = both;
		} else {
			result = g_steal_pointer(&names);
		}
	}
	return g_steal_pointer(&result);
}

static void replace(GPtrArray **set, GPtrArray *with)
{
	g_ptr_array_unref(*set);
	*set = with;
}

static gboolean has_parentheses(const Element *element)
{
	for (guint i = 0; i < element->terms->len; i++)
		if (((const Term *)element->terms->pdata[i])->kind == TERM_LIST)
			return TRUE;
	return FALSE;
}

/*
 * What is excluded goes at the end of a list; the first parentheses divide it: what is before
 * them is a list of its own, and they are applied at once.
 */
static void close_list(GPtrArray **set, GPtrArray *excluded)
{
	names_settle(*set);
	if (excluded->len == 0)
		return;
	names_settle(excluded);
	replace(set, names_difference(*set, excluded));
	g_ptr_array_set_size(excluded, 0);
}

static void combine(ElementKind kind, gboolean at_once, GPtrArray **set, GPtrArray *excluded,
		    GPtrArray *names)
{
	if (kind == ELEMENT_INTERSECT) {
		names_settle(*set);
		replace(set, names_intersection(*set, names));
	} else if (kind == ELEMENT_EXCLUDE && at_once) {
		replace(set, names_difference(*set, names));
	} else {
		g_ptr_array_extend(kind == ELEMENT_EXCLUDE ? excluded : *set, names, NULL,
				   NULL);
	}
}

static gboolean add_tree(Expansion *expansion, const GPtrArray *list, GPtrArray *names,
			 GError **error)
{
	g_autoptr(GPtrArray) set = g_ptr_array_new();
	g_autoptr(GPtrArray) excluded = g_ptr_array_new();
	gboolean divided = FALSE;

	for (guint i = 0; i < list->len; i++) {
		const Element *element = list->pdata[i];
		gboolean parentheses = !divided && has_parentheses(element);
		g_autoptr(GPtrArray) more = NULL;

		divided = divided || parentheses;
		if (parentheses)
			close_list(&set, excluded);
		more = element_names(expansion, element, error);
		if (!more)
			return FALSE;
		combine(element->kind, parentheses, &set, excluded, more);
	}
	close_list(&set, excluded);
	g_ptr_array_extend(names, set, NULL, NULL);
	return TRUE;
}

/* site.excludenodes: nobody asked for these names, so what is missing in it is not told. */
static gboolean take_out_excluded(Expansion *expansion, Noderange *range, GError **error)
{
	g_autoptr(GError) problem = NULL;
	const char *exclude;
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	guint missing = expansion->missing->len;

	if (!cluster_site(expansion->cluster, "excludenodes", &exclude, error))
		return FALSE;
	if (!exclude)
		return TRUE;
	if (!expansion_add_list(expansion, exclude, names, &problem)) {
		g_propagate_prefixed_error(error, g_steal_pointer(&problem),
					   "site.excludenodes: ");
		return FALSE;
	}
	g_ptr_array_set_size(expansion->missing, (int)missing);
	names_settle(names);
	replace(&range->excluded, names_intersection(range->names, names));
	replace(&range->names, names_difference(range->names, names));
	return TRUE;
}

static gboolean expand_all(Expansion *expansion, Noderange *range, GError **error)
{
	if (!expansion_add_list(expansion, expansion->expression, range->names, error))
		return FALSE;
	names_settle(range->names);
	return take_out_excluded(expansion, range, error);
}

Noderange *noderange_expand(Cluster *cluster, const char *expression,
			    const NoderangeOptions *options, GError **error)
{
	g_autoptr(Noderange) range = g_new0(Noderange, 1);
	Expansion expansion = { .cluster = cluster, .expression = expression };
	gboolean done;

	expansion.options = options ? *options : (NoderangeOptions){ .verify = TRUE };
	if (!expansion.options.prefix)
		expansion.options.prefix = "node";
	if (!expansion.options.suffix)
		expansion.options.suffix = "";
	range->names = g_ptr_array_new();
	range->missing = g_ptr_array_new();
	range->excluded = g_ptr_array_new();
	range->text = g_string_chunk_new(1 << 16);
	expansion.text = range->text;
	expansion.missing = range->missing;
	expansion.nodes = cluster_nodes(cluster, error);
	done = expansion.nodes && expand_all(&expansion, range, error);
	g_clear_pointer(&expansion.groups, g_ptr_array_unref);
	return done ? g_steal_pointer(&range) : NULL;
}

void noderange_free(Noderange *noderange)
{
	if (!noderange)
		return;
	g_ptr_array_unref(noderange->names);
	g_ptr_array_unref(noderange->missing);
	g_ptr_array_unref(noderange->excluded);
	g_string_chunk_free(noderange->text);
	g_free(noderange);
}
