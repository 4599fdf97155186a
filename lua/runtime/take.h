/*
 * take - values of a script, as C has them: copied whole, once, and raw.
 *
 * A primitive takes all that it is given before it does anything.  What it took lies in memory
 * of its own call, which counts as memory of the state, and stays as it is whatever becomes of
 * the script's own.  Texts that C reads as far as their zero byte have none: that is an error.
 * Tables are read raw: no metamethod is asked, so no Lua runs while they are read; a table that
 * would answer by one (__index, __len, __pairs) is refused, for C would see another one than
 * the script.
 *
 * All of these may raise.
 */
#pragma once
#include <glib.h>
#include <lua.h>

typedef struct take Take;

/* What is taken lives until the function that scripts call, which has so many `arguments`, has
 * returned: pushes what owns it, behind them. */
Take *take_new(lua_State *L, int arguments);

/*
 * A text.  `what` is its name in messages, as "option 'undo'"; NULL: it is argument `index`,
 * and may be a number.
 */
const char *take_text(Take *take, int index, const char *what);
/* The same; NULL: there is none, or nil. */
const char *take_text_or_null(Take *take, int index);
/* A text of any bytes, zero bytes too. */
const char *take_bytes(Take *take, int index, const char *what, gsize *length);
/* Which one of `choices` the text is; `usual` (or NULL) stands for nil. */
int take_choice(Take *take, int index, const char *what, const char *const *choices,
		const char *usual);

/* A list of texts, NULL-terminated. */
const char *const *take_list(Take *take, int index, const char *what, guint *n);
/* The same, or a text alone. */
const char *const *take_names(Take *take, int index, const char *what, guint *n);

/* A table {name = "text"}; with `or_false` a text may be false, and is NULL then. */
typedef struct {
	const char *name, *text;
} TakePair;
const TakePair *take_pairs(Take *take, int index, const char *what, gboolean or_false,
			   guint *n);

/* There is a table at `index`, and it is as it seems. */
void take_check_table(lua_State *L, int index, const char *what);
/* Pushes the field of a table.  Gives its type. */
int take_field(lua_State *L, int table, const char *name);
/* Fields of a table, which is `of` in messages: "option" makes "option 'undo'".  nil is NULL.
 */
const char *take_text_field(Take *take, int table, const char *of, const char *name);
const char *take_bytes_field(Take *take, int table, const char *of, const char *name,
			     gsize *length);
/* Is it anything but nil and false? */
gboolean take_flag_field(Take *take, int table, const char *name);
/* A text, a number, true or false at this place.  Gives a floating value, which nobody owns
 * yet: whatever else may raise comes before.  NULL: it is none of these. */
GVariant *take_variant(Take *take, int index, const char *what);
/* Pushes such a value; NULL: nil. */
void take_push_variant(lua_State *L, GVariant *value);

/* What a state lends to its calls, one after the other, so that most need no memory of their
 * own: see runtime_lend.  Gives it (g_free). */
Take *take_spare_new(void);

/* Memory that lives as long; for pointers and structures. */
gpointer take_room(Take *take, gsize size);
/* A text of C's own that lives as long. */
const char *take_format(Take *take, const char *format, ...) G_GNUC_PRINTF(2, 3);
