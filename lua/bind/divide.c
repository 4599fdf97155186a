/*
 * Nodes whose columns have equal values, and that have the same servers, are alike: the
 * function of the script is called once for them, and not for each.
 */
#include "lua/bind/divide.h"
#include "lua/bind/move.h"
#include "lua/runtime/binding.h"
#include "lua/runtime/bounds.h"
#include <string.h>

/* What a node has. */
typedef struct {
	const ClusterValue *values;
	guint n_values;
	const MoveNode *mover; /* or NULL */
} Has;

static guint hash_text(const char *text)
{
	return text ? g_str_hash(text) : 0;
}

static guint hash_server(const MoveServer *server)
{
	return hash_text(server->sn) * 31 + hash_text(server->snn);
}

static guint hash_has(gconstpointer key)
{
	const Has *has = key;
	guint hash = 0;

	for (guint i = 0; i < has->n_values; i++)
		hash = hash * 31 + hash_text(has->values[i].text);
	if (has->mover)
		hash = hash * 31 + hash_server(&has->mover->old) +
		       hash_server(&has->mover->new) * 17;
	return hash;
}

/* Equal texts are the same one most of the time. */
static gboolean same_text(const char *a, const char *b)
{
	return a == b || g_strcmp0(a, b) == 0;
}

static gboolean same_server(const MoveServer *a, const MoveServer *b)
{
	return same_text(a->sn, b->sn) && same_text(a->snn, b->snn);
}

static gboolean same_has(gconstpointer a, gconstpointer b)
{
	const Has *one = a, *other = b;

	for (guint i = 0; i < one->n_values; i++)
		if (!same_text(one->values[i].text, other->values[i].text))
			return FALSE;
	return !one->mover || (same_server(&one->mover->old, &other->mover->old) &&
			       same_server(&one->mover->new, &other->mover->new));
}

/* Numbers what is alike, from 1 on, in the order of the first nodes: of each node its number.
 * Its first nodes are added to `firsts`. */
static const guint *number_alike(Take *take, GHashTable *known, const Has *all, guint n,
				 GPtrArray *firsts)
{
	guint *numbers = take_room(take, (n + 1) * sizeof(*numbers));

	for (guint i = 0; i < n; i++) {
		const Has *has = &all[i];

		if (i > 0 && same_has(has, has - 1)) {
			numbers[i] = numbers[i - 1];
			continue;
		}
		numbers[i] = GPOINTER_TO_UINT(g_hash_table_lookup(known, has));
		if (numbers[i])
			continue;
		g_ptr_array_add(firsts, (gpointer)has);
		numbers[i] = firsts->len;
		g_hash_table_insert(known, (gpointer)has, GUINT_TO_POINTER(numbers[i]));
	}
	return numbers;
}

/* Pushes what the function, at `look`, says of nodes that have this. */
static void ask(lua_State *L, int look, const Has *has, const char *const *columns)
{
	lua_pushvalue(L, look);
	lua_createtable(L, 0, (int)has->n_values);
	for (guint i = 0; i < has->n_values; i++) {
		lua_pushstring(L, columns[i]);
		lua_pushstring(L, has->values[i].text); /* NULL: nil */
		lua_rawset(L, -3);
	}
	if (has->mover) {
		move_push_server(L, &has->mover->old);
		move_push_server(L, &has->mover->new);
	}
	lua_call(L, has->mover ? 3 : 1, 1);
}

/* The number of the part that the text on top names, from 1; 0: nil, which is none.  Pops it.
 */
static guint part_number(lua_State *L, int parts, int order)
{
	guint number;

	if (lua_isnil(L, -1)) {
		lua_pop(L, 1);
		return 0;
	}
	lua_pushvalue(L, -1);
	if (lua_rawget(L, parts) == LUA_TNIL) {
		number = (guint)lua_rawlen(L, order) + 1;
		lua_pushvalue(L, -2);
		lua_rawseti(L, order, number);
		lua_pushvalue(L, -2);
		lua_pushinteger(L, number);
		lua_rawset(L, parts);
	} else {
		number = (guint)lua_tointeger(L, -1);
	}
	lua_pop(L, 2);
	return number;
}

/* Of everything that is alike, in which part it is. */
static guint *part_numbers(lua_State *L, Take *take, const GPtrArray *firsts,
			   const char *const *columns, int look, int parts, int order)
{
	guint *numbers = take_room(take, (firsts->len + 1) * sizeof(*numbers));

	for (guint i = 0; i < firsts->len; i++) {
		ask(L, look, firsts->pdata[i], columns);
		numbers[i] = part_number(L, parts, order);
	}
	return numbers;
}

/* Puts an empty list in the place of each part's number. */
static void make_lists(lua_State *L, int parts, int order, const guint *sizes)
{
	lua_Unsigned n = lua_rawlen(L, order);

	for (lua_Unsigned i = 1; i <= n; i++) {
		lua_rawgeti(L, order, (lua_Integer)i);
		lua_createtable(L, (int)sizes[i], 0);
		lua_rawset(L, parts);
	}
}

/* Pushes the list of part `number`. */
static void push_part(lua_State *L, int parts, int order, guint number)
{
	lua_rawgeti(L, order, number);
	lua_rawget(L, parts);
}

/* A text that Lua has already need not be looked for among all it has.  Nobody but the script
 * can have put something else into its list meanwhile. */
void divide_push_node(lua_State *L, const DivideNodes *divided, guint i)
{
	if (divided->list && lua_rawgeti(L, divided->list, (lua_Integer)i + 1) == LUA_TSTRING)
		return;
	if (divided->list)
		lua_pop(L, 1);
	lua_pushstring(L, divided->nodes[i]);
}

static void fill_lists(lua_State *L, const DivideNodes *divided, const guint *part_of,
		       int parts, int order, guint *sizes)
{
	guint last = 0; /* its list is on top */

	memset(sizes, 0, (lua_rawlen(L, order) + 1) * sizeof(*sizes));
	lua_pushnil(L);
	for (guint i = 0; i < divided->n_nodes; i++) {
		if (!part_of[i])
			continue;
		if (part_of[i] != last) {
			lua_pop(L, 1);
			last = part_of[i];
			push_part(L, parts, order, last);
		}
		divide_push_node(L, divided, i);
		lua_rawseti(L, -2, ++sizes[last]);
	}
	lua_pop(L, 1);
}

/* What each node has. */
static const Has *take_has(Take *take, const DivideNodes *divided, const ClusterValue *values,
			   guint n_columns)
{
	Has *all = take_room(take, (divided->n_nodes + 1) * sizeof(*all));

	for (guint i = 0; i < divided->n_nodes; i++)
		all[i] = (Has){ &values[(gsize)i * n_columns], n_columns,
				divided->movers ? divided->movers[i] : NULL };
	return all;
}

/* Option `stored` of the table at `index`: read anew from the database.  Under --plan nothing
 * was written: then it is what is planned. */
static gboolean wants_stored(lua_State *L, Take *take, int index)
{
	const Run *run = binding_context(L)->run;

	if (lua_isnoneornil(L, index))
		return FALSE;
	take_check_table(L, index, NULL);
	return take_flag_field(take, index, "stored") && !(run && run_is_planning(run));
}

/* The sizes of the parts, from 1 on. */
static guint *count_parts(Take *take, const guint *part_of, guint n, guint n_parts)
{
	guint *sizes = take_room(take, (n_parts + 1) * sizeof(*sizes));

	memset(sizes, 0, (n_parts + 1) * sizeof(*sizes));
	for (guint i = 0; i < n; i++)
		sizes[part_of[i]]++;
	return sizes;
}

/* The values of all columns.  Their box is pushed. */
static const ClusterValue *resolve_all(lua_State *L, Take *take, const DivideNodes *divided,
				       const char *const *columns, guint n_columns)
{
	guint64 n = (guint64)divided->n_nodes * n_columns;
	Cluster *cluster = binding_cluster(L);
	GError *error = NULL;
	void **box;

	if (n > BOUND_VALUES)
		luaL_error(L, "%d nodes times %d columns are more than %d values",
			   (int)divided->n_nodes, (int)n_columns, BOUND_VALUES);
	if (wants_stored(L, take, divided->rest + 2)) {
		box = binding_box(L, (GDestroyNotify)cluster_free);
		*box = cluster = cluster_new(cluster_store(cluster));
	}
	binding_afford(L, n * sizeof(ClusterValue) + divided->n_nodes * sizeof(Has));
	box = binding_box(L, g_free);
	*box = cluster_resolve_many(cluster, divided->nodes, divided->n_nodes, columns,
				    n_columns, &error);
	if (!*box)
		binding_raise(L, error);
	return *box;
}

/* Asks the function, and says of each node in which part it is, from 1 on; 0: in none.  Pushes
 * {what = number of the part} and {whats}. */
static guint *divide(lua_State *L, Take *take, const DivideNodes *divided,
		     const char *const *columns, guint n_columns)
{
	guint n = divided->n_nodes;
	guint *part_of = take_room(take, (n + 1) * sizeof(*part_of));
	const ClusterValue *values;
	const guint *alike, *numbers;
	GPtrArray *firsts;
	void **known;
	void **box;
	int parts;

	luaL_checktype(L, divided->rest + 1, LUA_TFUNCTION);
	values = resolve_all(L, take, divided, columns, n_columns);
	known = binding_box(L, (GDestroyNotify)g_hash_table_unref);
	*known = g_hash_table_new(hash_has, same_has);
	box = binding_box(L, (GDestroyNotify)g_ptr_array_unref);
	*box = firsts = g_ptr_array_new();
	alike = number_alike(take, *known, take_has(take, divided, values, n_columns), n,
			     firsts);
	lua_newtable(L);
	lua_newtable(L);
	parts = lua_gettop(L) - 1;
	numbers = part_numbers(L, take, firsts, columns, divided->rest + 1, parts, parts + 1);
	for (guint i = 0; i < n; i++)
		part_of[i] = numbers[alike[i] - 1];
	return part_of;
}

int divide_nodes(lua_State *L, Take *take, const DivideNodes *divided)
{
	guint n_columns;
	const char *const *columns = take_list(take, divided->rest, NULL, &n_columns);
	const guint *part_of = divide(L, take, divided, columns, n_columns);
	int parts = lua_gettop(L) - 1;
	guint *sizes =
		count_parts(take, part_of, divided->n_nodes, (guint)lua_rawlen(L, parts + 1));

	make_lists(L, parts, parts + 1, sizes);
	fill_lists(L, divided, part_of, parts, parts + 1, sizes);
	return 2;
}

/* What a part gets in a column; it stays as it is unless `named`. */
typedef struct {
	gboolean named;
	const char *text;
} Wanted;

/* {column = text} on top, or false in the place of a text; pops it. */
static void take_wanted(lua_State *L, Take *take, const char *const *columns, guint n_columns,
			Wanted *wanted)
{
	guint n;
	const TakePair *pairs = take_pairs(take, -1, "what nodes get", TRUE, &n);

	for (guint i = 0; i < n; i++) {
		guint column = 0;

		while (column < n_columns && !g_str_equal(columns[column], pairs[i].name))
			column++;
		if (column == n_columns)
			luaL_error(L, "'%s' is none of the columns", pairs[i].name);
		wanted[column] = (Wanted){ TRUE, pairs[i].text };
	}
	lua_pop(L, 1);
}

/* What all parts get: [part * n_columns + column], parts from 1 on. */
static const Wanted *take_all_wanted(lua_State *L, Take *take, int order,
				     const char *const *columns, guint n_columns)
{
	lua_Unsigned n = lua_rawlen(L, order);
	gsize size = (n + 1) * n_columns * sizeof(Wanted);
	Wanted *wanted = take_room(take, size);

	memset(wanted, 0, size);
	for (lua_Unsigned i = 1; i <= n; i++) {
		lua_rawgeti(L, order, (lua_Integer)i);
		take_wanted(L, take, columns, n_columns, wanted + i * n_columns);
	}
	return wanted;
}

/* Cuts each "table.column" in two. */
static const char **cut_columns(Take *take, const char *const *columns, guint n,
				const char ***names)
{
	const char **tables = take_room(take, (n + 1) * sizeof(*tables));

	*names = take_room(take, (n + 1) * sizeof(**names));
	for (guint i = 0; i < n; i++) {
		const char *dot = strchr(columns[i], '.');

		(*names)[i] = dot + 1; /* they have been resolved: there is one */
		tables[i] = take_format(take, "%.*s", (int)(dot - columns[i]), columns[i]);
	}
	return tables;
}

int divide_set(lua_State *L, Take *take, const DivideNodes *divided)
{
	Run *run = binding_context(L)->run;
	guint n_columns;
	const char *const *columns = take_list(take, divided->rest, NULL, &n_columns);
	const guint *part_of;
	const Wanted *wanted;
	const char **tables, **names;
	GError *error = NULL;

	if (!run)
		return luaL_error(L, "nothing can be changed here: no run is open");
	part_of = divide(L, take, divided, columns, n_columns);
	wanted = take_all_wanted(L, take, lua_gettop(L), columns, n_columns);
	tables = cut_columns(take, columns, n_columns, &names);
	for (guint i = 0; i < divided->n_nodes; i++)
		for (guint j = 0; j < n_columns; j++) {
			const Wanted *it = &wanted[(gsize)part_of[i] * n_columns + j];

			if (it->named && !run_set(run, tables[j], &divided->nodes[i], 1,
						  names[j], it->text, &error))
				return binding_raise(L, error);
		}
	return 0;
}
