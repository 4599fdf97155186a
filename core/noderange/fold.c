/*
 * Names back to a noderange.
 *
 * Names that differ only in their numbers are a family.  In a family, the members that differ
 * in one number alone are put together into a bracket, for one number after the other: from
 * r1c1n1 ... r2c3n4 come r1c1n[1-4] ..., then r1c[1-3]n[1-4] ..., then r[1-2]c[1-3]n[1-4].
 */
#include "core/noderange.h"
#include "core/base.h"
#include <string.h>

#define NUMBERS 8 /* of one name that can be folded; names with more stand alone */

/* A number of a name, or the bracket that several became. */
typedef struct {
	guint64 value;
	guint length;	     /* of its digits, zeros in front included */
	const char *bracket; /* NULL: a single number */
} Number;

/* Names with the same texts between their numbers.  A member is as many numbers as `count`. */
typedef struct {
	char *texts[NUMBERS + 1];
	guint count;
	GArray *members;
} Family;

static Number *member_at(const GArray *members, guint i)
{
	return (Number *)(void *)(members->data +
				  (gsize)i * g_array_get_element_size((GArray *)members));
}

static void family_free(gpointer data)
{
	Family *family = data;

	for (guint i = 0; i <= family->count; i++)
		g_free(family->texts[i]);
	g_array_unref(family->members);
	g_free(family);
}

/* What the language would read as something else than part of a name, or could not count. */
static gboolean can_fold(const char *name)
{
	return !strpbrk(name, ",@()[]{}'\"=~+:^/!") && *name != '-' && !g_ascii_isdigit(*name);
}

/*
 * Cut a name: its numbers into `numbers`, the texts between, joined by `#`, into `key`.
 * Gives how many numbers, or 0: it cannot be folded.
 */
static guint cut(const char *name, Number *numbers, GString *key)
{
	guint count = 0;

	g_string_truncate(key, 0);
	if (!can_fold(name) || strchr(name, '#'))
		return 0;
	for (const char *p = name; *p;) {
		const char *digits = p;
		Number *number;

		if (!g_ascii_isdigit(*p)) {
			g_string_append_c(key, *p++);
			continue;
		}
		if (count == NUMBERS)
			return 0;
		number = &numbers[count++];
		number->value = 0;
		number->bracket = NULL;
		while (g_ascii_isdigit(*p))
			number->value = number->value * 10 + (guint64)(*p++ - '0');
		number->length = (guint)(p - digits);
		if (number->length > 18)
			return 0;
		g_string_append_c(key, '#');
	}
	return count;
}

static Family *family_new(const char *key, guint count)
{
	Family *family = g_new0(Family, 1);
	g_auto(GStrv) texts = g_strsplit(key, "#", -1);

	family->count = count;
	for (guint i = 0; i <= count; i++)
		family->texts[i] = g_strdup(texts[i]);
	family->members = g_array_new(FALSE, FALSE, count * sizeof(Number));
	return family;
}

static int compare_numbers(const Number *a, const Number *b)
{
	if (a->bracket && b->bracket)
		return strcmp(a->bracket, b->bracket);
	if (a->bracket || b->bracket)
		return a->bracket ? 1 : -1;
	if (a->length != b->length)
		return a->length < b->length ? -1 : 1;
	return a->value < b->value ? -1 : a->value > b->value;
}

typedef struct {
	guint count; /* numbers of the family */
	guint last;  /* the one to compare last */
} Order;

static int compare_others(const Number *a, const Number *b, const Order *order)
{
	for (guint i = 0; i < order->count; i++) {
		int result = i == order->last ? 0 : compare_numbers(&a[i], &b[i]);

		if (result != 0)
			return result;
	}
	return 0;
}

static int compare_members(gconstpointer a, gconstpointer b, gpointer data)
{
	const Order *order = data;
	int result = compare_others(a, b, order);

	return result != 0 ? result
			   : compare_numbers((const Number *)a + order->last,
					     (const Number *)b + order->last);
}

/* Does counting from a run's `first` go from `number` to `next`? */
static gboolean follows(const Number *first, const Number *number, const Number *next)
{
	guint length = number->length;
	guint64 grown = 1;

	if (next->value != number->value + 1)
		return FALSE;
	for (guint i = 0; i < length; i++)
		grown *= 10;
	/* Zeros in front keep their width; without them (or beyond it) the number grows. */
	if (next->value == grown)
		return next->length == length + 1 &&
		       (first->length == 1 || length >= first->length);
	return next->length == length;
}

static void append_number(GString *text, const Number *number)
{
	if (number->bracket)
		g_string_append_printf(text, "[%s]", number->bracket);
	else
		g_string_append_printf(text, "%0*" G_GUINT64_FORMAT, (int)number->length,
				       number->value);
}

/* The members first..end-1 differ in `number` alone: its values as the inside of a bracket. */
static char *bracket_text(const GArray *members, guint first, guint end, guint number)
{
	GString *text = g_string_new(NULL);

	for (guint i = first; i < end;) {
		const Number *start = &member_at(members, i)[number];
		const Number *stop = start;

		for (i++; i < end; i++) {
			const Number *next = &member_at(members, i)[number];

			if (!follows(start, stop, next))
				break;
			stop = next;
		}
		if (text->len > 0)
			g_string_append_c(text, ',');
		append_number(text, start);
		if (stop != start) {
			g_string_append_c(text, '-');
			append_number(text, stop);
		}
	}
	return g_string_free(text, FALSE);
}

static void sort_members(GArray *members, Order *order)
{
	for (guint i = 1; i < members->len; i++) {
		if (compare_members(member_at(members, i - 1), member_at(members, i), order) >
		    0) {
			g_array_sort_with_data(members, compare_members, order);
			return;
		}
	}
}

/* Put together what differs in `number` alone. */
static GArray *fold_number(const Family *family, GArray *members, guint number,
			   GStringChunk *brackets)
{
	Order order = { family->count, number };
	GArray *folded = g_array_new(FALSE, FALSE, g_array_get_element_size(members));

	sort_members(members, &order);
	for (guint i = 0, end; i < members->len; i = end) {
		for (end = i + 1; end < members->len; end++)
			if (compare_others(member_at(members, i), member_at(members, end),
					   &order))
				break;
		g_array_append_vals(folded, member_at(members, i), 1);
		if (end > i + 1) {
			g_autofree char *text = bracket_text(members, i, end, number);

			member_at(folded, folded->len - 1)[number].bracket =
				g_string_chunk_insert(brackets, text);
		}
	}
	return folded;
}

static void drop_doubles(GArray *members, guint count)
{
	Order order = { count, count - 1 };
	guint kept = 0;

	sort_members(members, &order);
	for (guint i = 0; i < members->len; i++) {
		if (kept > 0 && compare_members(member_at(members, kept - 1),
						member_at(members, i), &order) == 0)
			continue;
		if (kept != i)
			memcpy(member_at(members, kept), member_at(members, i),
			       count * sizeof(Number));
		kept++;
	}
	g_array_set_size(members, kept);
}

/* The family's names, folded from the last number to the first or the other way round. */
static GPtrArray *family_texts(const Family *family, gboolean forwards)
{
	g_autoptr(GStringChunk) brackets = g_string_chunk_new(4096);
	GArray *members = g_array_ref(family->members);
	GPtrArray *texts = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < family->count; i++) {
		guint number = forwards ? i : family->count - 1 - i;
		GArray *folded = fold_number(family, members, number, brackets);

		g_array_unref(members);
		members = folded;
	}
	for (guint i = 0; i < members->len; i++) {
		const Number *numbers = member_at(members, i);
		GString *text = g_string_new(NULL);

		for (guint j = 0; j < family->count; j++) {
			g_string_append(text, family->texts[j]);
			append_number(text, &numbers[j]);
		}
		g_string_append(text, family->texts[family->count]);
		g_ptr_array_add(texts, g_string_free(text, FALSE));
	}
	g_array_unref(members);
	return texts;
}

static gsize total_length(const GPtrArray *texts)
{
	gsize length = texts->len;

	for (guint i = 0; i < texts->len; i++)
		length += strlen(texts->pdata[i]);
	return length;
}

static void add_family(Family *family, GPtrArray *texts)
{
	g_autoptr(GPtrArray) backwards = NULL;
	g_autoptr(GPtrArray) forwards = NULL;
	GPtrArray *best;

	drop_doubles(family->members, family->count);
	backwards = family_texts(family, FALSE);
	best = backwards;
	if (family->count > 1 && family->members->len > 1) {
		forwards = family_texts(family, TRUE);
		if (total_length(forwards) < total_length(backwards))
			best = forwards;
	}
	g_ptr_array_extend(texts, best, (GCopyFunc)(void (*)(void))g_strdup, NULL);
}

/* Would the language read it as something else than a name? */
static gboolean is_odd(const char *name)
{
	if (!*name || *name == '-' || strpbrk(name, ",@()[]{}'\"=~!/^\\"))
		return TRUE;
	for (; *name; name++)
		if (*name == ' ' || g_ascii_iscntrl(*name))
			return TRUE;
	return FALSE;
}

/* A regular expression that only this name matches.  Gives the text. */
static char *expression_for(const char *name)
{
	GString *text = g_string_new("/");

	for (; *name; name++) {
		if (g_ascii_isalnum(*name) || *name == '_')
			g_string_append_c(text, *name);
		else
			g_string_append_printf(text, "\\x%02x", (guchar)*name);
	}
	return g_string_free(text, FALSE);
}

static void add_alone(GHashTable *alone, GPtrArray *texts, const char *name, gboolean as_is)
{
	if (g_hash_table_add(alone, (gpointer)name))
		g_ptr_array_add(texts,
				is_odd(name) && !as_is ? expression_for(name) : g_strdup(name));
}

/* `as_is`: for people alone, who shall see what they have typed. */
static char *fold(const char *const *names, guint n, gboolean as_is)
{
	g_autoptr(GHashTable) families =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, family_free);
	g_autoptr(GHashTable) alone = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GString) key = g_string_new(NULL);
	g_autofree char *last_key = NULL;
	Family *family = NULL;
	GHashTableIter each;
	gpointer found;

	for (guint i = 0; i < n; i++) {
		Number numbers[NUMBERS];
		guint count = cut(names[i], numbers, key);

		if (count == 0) {
			add_alone(alone, texts, names[i], as_is);
			continue;
		}
		if (!last_key || !g_str_equal(last_key, key->str)) {
			g_free(last_key);
			last_key = g_strdup(key->str);
			family = g_hash_table_lookup(families, key->str);
		}
		if (!family) {
			family = family_new(key->str, count);
			g_hash_table_insert(families, g_strdup(key->str), family);
		}
		g_array_append_vals(family->members, numbers, 1);
	}
	g_hash_table_iter_init(&each, families);
	while (g_hash_table_iter_next(&each, NULL, &found))
		add_family(found, texts);
	g_ptr_array_sort(texts, text_compare);
	g_ptr_array_add(texts, NULL);
	return g_strjoinv(",", (char **)texts->pdata);
}

char *noderange_fold(const char *const *names, guint n)
{
	return fold(names, n, FALSE);
}

char *noderange_missing(const Noderange *noderange)
{
	return fold((const char *const *)noderange->missing->pdata, noderange->missing->len,
		    TRUE);
}
