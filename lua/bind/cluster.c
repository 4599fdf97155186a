/* The Lua face of cluster, noderange and hosts: what may be asked, and rows to set. */
#include "core/holders.h"
#include "core/noderange.h"
#include "lua/runtime/binding.h"
#include <string.h>

/* cluster.noderange(expression [, {verify=false}]) -> names, missing; or nil, message */
static int l_noderange(lua_State *L)
{
	const char *expression = luaL_checkstring(L, 1);
	BindingContext *context = binding_context(L);
	Cluster *cluster = binding_cluster(L);
	NoderangeOptions options = { TRUE, context->prefix, context->suffix };
	GError *error = NULL;
	Noderange *range;
	void **box;

	if (!lua_isnoneornil(L, 2)) {
		luaL_checktype(L, 2, LUA_TTABLE);
		lua_getfield(L, 2, "verify");
		options.verify = lua_isnil(L, -1) || lua_toboolean(L, -1);
	}
	box = binding_box(L, (GDestroyNotify)noderange_free);
	*box = range = noderange_expand(cluster, expression, &options, &error);
	if (!range)
		return binding_refuse(L, error);
	binding_push_strings(L, range->names);
	binding_push_strings(L, range->missing);
	return 2;
}

/* cluster.fold(names) -> text */
static int l_fold(lua_State *L)
{
	guint n;
	const char *const *names = binding_strings(L, 1, &n);
	void **box = binding_box(L, g_free);

	*box = noderange_fold(names, n);
	lua_pushstring(L, *box);
	return 1;
}

static void push_text(lua_State *L, const char *text)
{
	if (text)
		lua_pushstring(L, text);
	else
		lua_pushnil(L);
}

/* {node = {column = value}} for the lists of nodes and columns at 1 and 2. */
static int get_many(lua_State *L, Cluster *cluster)
{
	guint n_nodes, n_columns;
	const char *const *nodes = binding_strings(L, 1, &n_nodes);
	const char *const *columns = binding_strings(L, 2, &n_columns);
	void **box = binding_box(L, g_free);
	GError *error = NULL;
	ClusterValue *values;

	*box = values =
		cluster_resolve_many(cluster, nodes, n_nodes, columns, n_columns, &error);
	if (!values)
		return binding_raise(L, error);
	lua_createtable(L, 0, (int)n_nodes);
	for (guint i = 0; i < n_nodes; i++) {
		lua_pushstring(L, nodes[i]);
		lua_createtable(L, 0, (int)n_columns);
		for (guint j = 0; j < n_columns; j++) {
			const char *text = values[(gsize)i * n_columns + j].text;

			if (!text)
				continue;
			lua_pushstring(L, columns[j]);
			lua_pushstring(L, text);
			lua_rawset(L, -3);
		}
		lua_rawset(L, -3);
	}
	return 1;
}

/* cluster.get(node, "table.column") -> value or nil
 * cluster.get(nodes, columns) -> {node = {column = value}} */
static int l_get(lua_State *L)
{
	const char *node, *table, *column, *text;
	GError *error = NULL;

	if (lua_istable(L, 1))
		return get_many(L, binding_cluster(L));
	node = luaL_checkstring(L, 1);
	table = binding_column(L, luaL_checkstring(L, 2), &column);
	text = cluster_attribute(binding_cluster(L), node, table, column, &error);
	if (error)
		return binding_raise(L, error);
	push_text(L, text);
	return 1;
}

/*
 * cluster.stored(nodes, columns) -> {node = {column = value}}: as cluster.get, but read anew
 * from the database, to see what was really written.  Under --plan nothing was: then it is
 * what is planned.
 */
static int l_stored(lua_State *L)
{
	Cluster *cluster = binding_cluster(L);
	Run *run = binding_context(L)->run;
	void **box;

	if (run && run_is_planning(run))
		return get_many(L, cluster);
	lua_settop(L, 2);
	box = binding_box(L, (GDestroyNotify)cluster_free);
	*box = cluster_new(cluster_store(cluster));
	return get_many(L, *box);
}

static gboolean row_is_there(const StoreTable *table, guint row)
{
	int disable = store_table_column(table, "disable");

	return store_table_cell(table, row, (int)table->keys[0]) &&
	       cluster_enabled(store_table_cell(table, row, disable));
}

/* Does the row have all the values of the table at index 2? */
static gboolean row_fits(lua_State *L, const StoreTable *table, guint row)
{
	gboolean fits = TRUE;

	if (lua_isnoneornil(L, 2))
		return TRUE;
	for (lua_pushnil(L); lua_next(L, 2); lua_pop(L, 1)) {
		int column = store_table_column(table, lua_tostring(L, -2));
		const char *cell = store_table_cell(table, row, column);

		fits = fits && cell && g_str_equal(cell, lua_tostring(L, -1));
	}
	return fits;
}

static void check_where(lua_State *L, const StoreTable *table)
{
	if (lua_isnoneornil(L, 2))
		return;
	luaL_checktype(L, 2, LUA_TTABLE);
	for (lua_pushnil(L); lua_next(L, 2); lua_pop(L, 1)) {
		if (lua_type(L, -2) != LUA_TSTRING || lua_type(L, -1) != LUA_TSTRING)
			luaL_argerror(L, 2, "a table of column = \"text\" expected");
		if (table->n_columns && store_table_column(table, lua_tostring(L, -2)) < 0)
			luaL_error(L, "no column '%s' in table '%s'", lua_tostring(L, -2),
				   table->name);
	}
}

/* cluster.rows(table [, where]) -> list of rows, disabled ones left out */
static int l_rows(lua_State *L)
{
	const char *name = luaL_checkstring(L, 1);
	GError *error = NULL;
	const StoreTable *table = cluster_table(binding_cluster(L), name, &error);
	lua_Integer n = 0;

	if (!table)
		return binding_raise(L, error);
	check_where(L, table);
	lua_settop(L, 2);
	lua_newtable(L);
	for (guint row = 0; row < table->n_rows; row++) {
		if (!row_is_there(table, row) || !row_fits(L, table, row))
			continue;
		lua_newtable(L);
		for (guint column = 0; column < table->n_columns; column++) {
			push_text(L, store_table_cell(table, row, (int)column));
			lua_setfield(L, -2, table->columns[column]);
		}
		lua_rawseti(L, -2, ++n);
	}
	return 1;
}

/* cluster.site(key) -> value or nil */
static int l_site(lua_State *L)
{
	const char *key = luaL_checkstring(L, 1);
	GError *error = NULL;
	const char *value;

	if (!cluster_site(binding_cluster(L), key, &value, &error))
		return binding_raise(L, error);
	push_text(L, value);
	return 1;
}

/*
 * cluster.master(node) -> xcatmaster, or nil: the DHCP server that answers the node decides.
 * The seed: "If noderes.xcatmaster is blank, the MASTER environmental variable for the
 * postscripts will be the dhcp server that responded"; else it is xcatmaster.
 */
static int l_master(lua_State *L)
{
	const char *node = luaL_checkstring(L, 1);
	GError *error = NULL;
	const char *master =
		cluster_attribute(binding_cluster(L), node, "noderes", "xcatmaster", &error);

	if (error)
		return binding_raise(L, error);
	push_text(L, master);
	return 1;
}

static Hosts *hosts_of(lua_State *L)
{
	binding_cluster(L);
	return binding_context(L)->hosts;
}

/* cluster.address(name) -> "10.1.0.1", or nil, message */
static int l_address(lua_State *L)
{
	const char *name = luaL_checkstring(L, 1);
	GError *error = NULL;
	const char *address = hosts_address(hosts_of(L), name, &error);

	if (!address)
		return binding_refuse(L, error);
	lua_pushstring(L, address);
	return 1;
}

/* cluster.addresses(names) -> {name = address}, {names without one} */
static int l_addresses(lua_State *L)
{
	guint n;
	const char *const *names = binding_strings(L, 1, &n);
	Hosts *hosts = hosts_of(L);
	lua_Integer unknown = 0;

	hosts_prepare(hosts, names, n);
	lua_createtable(L, 0, (int)n);
	lua_newtable(L);
	for (guint i = 0; i < n; i++) {
		const char *address = hosts_address(hosts, names[i], NULL);

		lua_pushstring(L, address ? address : names[i]);
		if (address)
			lua_setfield(L, -3, names[i]);
		else
			lua_rawseti(L, -2, ++unknown);
	}
	return 2;
}

/* cluster.same(a, b) -> whether two names or addresses are one host */
static int l_same(lua_State *L)
{
	const char *a = luaL_checkstring(L, 1);
	const char *b = luaL_checkstring(L, 2);

	lua_pushboolean(L, hosts_same(hosts_of(L), a, b));
	return 1;
}

/* cluster.holders(node, "dhcp"|"boot"|"console") -> {hosts} */
static int l_holders(lua_State *L)
{
	const char *node = luaL_checkstring(L, 1);
	int service = luaL_checkoption(L, 2, NULL, holders_services());
	Hosts *hosts = hosts_of(L);
	GError *error = NULL;
	GPtrArray *holders;
	void **box;

	if (!cluster_node(binding_cluster(L), node))
		return luaL_error(L, "'%s' is no node", node);
	box = binding_box(L, (GDestroyNotify)g_ptr_array_unref);
	*box = holders =
		holders_of(binding_cluster(L), hosts, node, (HoldersService)service, &error);
	if (!holders)
		return binding_raise(L, error);
	binding_push_strings(L, holders);
	return 1;
}

static Run *run_of(lua_State *L)
{
	Run *run = binding_context(L)->run;

	binding_cluster(L);
	if (!run)
		luaL_error(L, "nothing can be changed here: no run is open");
	return run;
}

/* cluster.set(node, "table.column", value): a change; nil takes the value away */
static int l_set(lua_State *L)
{
	const char *node = luaL_checkstring(L, 1);
	const char *wanted = luaL_checkstring(L, 2);
	const char *value = lua_isnil(L, 3) ? NULL : luaL_checkstring(L, 3);
	const char *column;
	const char *table;
	Run *run = run_of(L);
	Cluster *cluster = binding_cluster(L);
	GError *error = NULL;

	if (lua_gettop(L) < 3)
		luaL_error(L, "cluster.set needs a value; nil takes the value away");
	table = binding_column(L, wanted, &column);
	if (!cluster_node(cluster, node) && !cluster_members(cluster, node))
		return luaL_error(L, "'%s' is neither a node nor a group", node);
	if (!run_set(run, table, &node, 1, column, value, &error))
		return binding_raise(L, error);
	return 0;
}

/*
 * The key at `index`: a text, or a table of the key columns.  Gives a vector in a box; the
 * texts are on the stack in the table, or the text itself.
 */
static const char **check_key(lua_State *L, int index, const StoreTable *table)
{
	void **box = binding_box(L, g_free);
	const char **key = g_new0(const char *, table->n_keys + 1);

	*box = key;
	if (table->n_columns == 0)
		luaL_error(L, "no table '%s' in the database", table->name);
	if (lua_type(L, index) == LUA_TSTRING && table->n_keys == 1) {
		key[0] = lua_tostring(L, index);
		return key;
	}
	luaL_argexpected(L, lua_istable(L, index), index,
			 table->n_keys == 1 ? "the key as text"
					    : "a table of the key's columns");
	for (guint i = 0; i < table->n_keys; i++) {
		const char *column = table->columns[table->keys[i]];

		if (lua_getfield(L, index, column) != LUA_TSTRING)
			luaL_error(L, "the key of table '%s' needs '%s', a text", table->name,
				   column);
		key[i] = lua_tostring(L, -1);
		lua_pop(L, 1);
	}
	return key;
}

static const StoreTable *check_table(lua_State *L, const char *name)
{
	GError *error = NULL;
	const StoreTable *table = cluster_table(binding_cluster(L), name, &error);

	if (!table)
		binding_raise(L, error);
	return table;
}

/* cluster.setrow(table, key, {column = value}): changes; false takes a value away */
static int l_setrow(lua_State *L)
{
	const char *name = luaL_checkstring(L, 1);
	Run *run = run_of(L);
	const StoreTable *table = check_table(L, name);
	const char **key;
	guint n_key = table->n_keys;
	GError *error = NULL;

	luaL_checktype(L, 3, LUA_TTABLE);
	lua_settop(L, 3);
	key = check_key(L, 2, table);
	for (lua_pushnil(L); lua_next(L, 3); lua_pop(L, 1)) {
		const char *value;

		if (lua_type(L, -2) != LUA_TSTRING)
			return luaL_argerror(L, 3, "a table of column = value expected");
		if (lua_type(L, -1) != LUA_TSTRING && lua_toboolean(L, -1))
			return luaL_error(L, "the value of '%s' is not a text",
					  lua_tostring(L, -2));
		value = lua_toboolean(L, -1) ? lua_tostring(L, -1) : NULL;
		if (!run_set(run, name, key, n_key, lua_tostring(L, -2), value, &error))
			return binding_raise(L, error);
	}
	return 0;
}

/* cluster.delrow(table, key): takes a whole row away */
static int l_delrow(lua_State *L)
{
	const char *name = luaL_checkstring(L, 1);
	Run *run = run_of(L);
	const StoreTable *table = check_table(L, name);
	guint n_key = table->n_keys;
	const char **key = check_key(L, 2, table);
	GError *error = NULL;

	if (!run_delete_row(run, name, key, n_key, &error))
		return binding_raise(L, error);
	return 0;
}

static const luaL_Reg functions[] = {
	{ "noderange", l_noderange }, { "fold", l_fold },	{ "get", l_get },
	{ "stored", l_stored },	      { "rows", l_rows },	{ "site", l_site },
	{ "master", l_master },	      { "address", l_address }, { "addresses", l_addresses },
	{ "same", l_same },	      { "holders", l_holders }, { "set", l_set },
	{ "setrow", l_setrow },	      { "delrow", l_delrow },	{ NULL, NULL },
};

int bind_cluster(lua_State *L)
{
	luaL_newlib(L, functions);
	return 1;
}
