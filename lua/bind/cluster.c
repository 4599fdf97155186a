/* The Lua face of cluster, noderange and hosts: what may be asked, and rows to set. */
#include "core/services.h"
#include "core/noderange.h"
#include "lua/bind/divide.h"
#include "lua/bind/names.h"
#include "lua/runtime/binding.h"
#include "lua/runtime/bounds.h"
#include "lua/runtime/take.h"

/* Option `verify` of the table at 2; it is TRUE unless it says otherwise. */
static gboolean verify_option(lua_State *L, Take *take)
{
	gboolean verify;

	if (lua_isnoneornil(L, 2))
		return TRUE;
	take_check_table(L, 2, NULL);
	verify = take_field(L, 2, "verify") == LUA_TNIL || take_flag_field(take, 2, "verify");
	lua_pop(L, 1);
	return verify;
}

/* cluster.noderange(expression [, {verify=false}]) -> names, missing; or nil, message */
static int l_noderange(lua_State *L)
{
	Take *take = take_new(L, 2);
	const char *expression = take_text(take, 1, NULL);
	BindingContext *context = binding_context(L);
	Cluster *cluster = binding_cluster(L);
	NoderangeOptions options = { TRUE, context->prefix, context->suffix };
	GError *error = NULL;
	Noderange *range;
	void **box;

	options.verify = verify_option(L, take);
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
	const char *const *names = take_list(take_new(L, 1), 1, NULL, &n);
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
static int get_many(lua_State *L, Take *take, Cluster *cluster)
{
	guint n_nodes, n_columns;
	const char *const *nodes = take_list(take, 1, NULL, &n_nodes);
	const char *const *columns = take_list(take, 2, NULL, &n_columns);
	guint64 n = (guint64)n_nodes * n_columns;
	GError *error = NULL;
	ClusterValue *values;
	void **box;

	if (n > BOUND_VALUES)
		return luaL_error(L, "%d nodes times %d columns are more than %d values",
				  (int)n_nodes, (int)n_columns, BOUND_VALUES);
	binding_afford(L, n * sizeof(*values));
	box = binding_box(L, g_free);
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
	Take *take = take_new(L, 2);
	GError *error = NULL;

	if (lua_istable(L, 1))
		return get_many(L, take, binding_cluster(L));
	node = take_text(take, 1, NULL);
	table = binding_column(L, take_text(take, 2, NULL), &column);
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
	Take *take;
	void **box;

	take = take_new(L, 2);
	if (run && run_is_planning(run))
		return get_many(L, take, cluster);
	box = binding_box(L, (GDestroyNotify)cluster_free);
	*box = cluster_new(cluster_store(cluster));
	return get_many(L, take, *box);
}

/*
 * cluster.divide(nodes, columns, look [, {stored=true}]) -> {what = {nodes}}, {whats}: what
 * look(values) says of nodes whose columns have equal values, it is asked once for; nil leaves
 * them out.
 */
static int l_divide(lua_State *L)
{
	Take *take = take_new(L, 4);
	DivideNodes divided = { .list = 1, .rest = 2 };

	divided.nodes = take_list(take, 1, NULL, &divided.n_nodes);
	return divide_nodes(L, take, &divided);
}

/* Cells that a row must have. */
typedef struct {
	const TakePair *cells;
	guint n;
} Where;

/* Does the row have all of them? */
static gboolean row_fits(const Where *where, const StoreTable *table, guint row)
{
	for (guint i = 0; i < where->n; i++) {
		int column = store_table_column(table, where->cells[i].name);

		if (g_strcmp0(store_table_cell(table, row, column), where->cells[i].text) != 0)
			return FALSE;
	}
	return TRUE;
}

/* {column = text} at 2, or nothing. */
static Where take_where(lua_State *L, Take *take, const StoreTable *table)
{
	Where where = { NULL, 0 };

	if (lua_isnoneornil(L, 2))
		return where;
	where.cells = take_pairs(take, 2, NULL, FALSE, &where.n);
	for (guint i = 0; table->n_columns && i < where.n; i++)
		if (store_table_column(table, where.cells[i].name) < 0)
			luaL_error(L, "no column '%s' in table '%s'", where.cells[i].name,
				   table->name);
	return where;
}

static const StoreTable *check_table(lua_State *L, const char *name)
{
	GError *error = NULL;
	const StoreTable *table = cluster_table(binding_cluster(L), name, &error);

	if (!table)
		binding_raise(L, error);
	return table;
}

/* cluster.rows(table [, where]) -> list of rows, disabled ones left out */
static int l_rows(lua_State *L)
{
	Take *take = take_new(L, 2);
	const StoreTable *table = check_table(L, take_text(take, 1, NULL));
	Where where = take_where(L, take, table);
	lua_Integer n = 0;

	lua_newtable(L);
	for (guint row = 0; row < table->n_rows; row++) {
		if (!cluster_row_enabled(table, row) || !row_fits(&where, table, row))
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
	const char *key = take_text(take_new(L, 1), 1, NULL);
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
	const char *node = take_text(take_new(L, 1), 1, NULL);
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
	const char *name = take_text(take_new(L, 1), 1, NULL);
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
	const char *const *names = take_list(take_new(L, 1), 1, NULL, &n);
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
	Take *take = take_new(L, 2);
	const char *a = take_text(take, 1, NULL);
	const char *b = take_text(take, 2, NULL);

	lua_pushboolean(L, hosts_same(hosts_of(L), a, b));
	return 1;
}

/* {host = {nodes}} */
static int push_shares(lua_State *L, const GPtrArray *shares)
{
	lua_createtable(L, 0, (int)shares->len);
	for (guint i = 0; i < shares->len; i++) {
		const HoldersShare *share = shares->pdata[i];

		binding_push_strings(L, share->nodes);
		lua_setfield(L, -2, share->host);
	}
	return 1;
}

/* cluster.holders(node, "dhcp"|"boot"|"console"|"autoinst") -> {hosts}; of a list of nodes
 * {host = {nodes}} */
static int l_holders(lua_State *L)
{
	Take *take = take_new(L, 2);
	gboolean many = lua_istable(L, 1);
	guint n;
	const char *const *nodes = take_names(take, 1, NULL, &n);
	HoldersService service =
		(HoldersService)take_choice(take, 2, NULL, holders_services(), NULL);
	Hosts *hosts = hosts_of(L);
	Cluster *cluster = binding_cluster(L);
	GError *error = NULL;
	GPtrArray *holders;
	void **box;

	for (guint i = 0; i < n; i++)
		if (!cluster_node(cluster, nodes[i]))
			return luaL_error(L, "'%s' is no node", nodes[i]);
	box = binding_box(L, (GDestroyNotify)g_ptr_array_unref);
	*box = holders = many ? holders_share(cluster, hosts, nodes, n, service, &error)
			      : holders_of(cluster, hosts, nodes[0], service, &error);
	if (!holders)
		return binding_raise(L, error);
	if (many)
		return push_shares(L, holders);
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

/* cluster.set(node or nodes, "table.column", value): changes; nil takes the value away */
static int l_set(lua_State *L)
{
	gboolean has_value = lua_gettop(L) >= 3;
	Take *take = take_new(L, 3);
	guint n;
	const char *const *nodes = take_names(take, 1, NULL, &n);
	const char *wanted = take_text(take, 2, NULL);
	const char *value = has_value ? take_text_or_null(take, 3) : NULL;
	const char *column;
	const char *table;
	Run *run = run_of(L);
	Cluster *cluster = binding_cluster(L);
	GError *error = NULL;

	if (!has_value)
		luaL_error(L, "cluster.set needs a value; nil takes the value away");
	table = binding_column(L, wanted, &column);
	for (guint i = 0; i < n; i++)
		if (!cluster_node(cluster, nodes[i]) && !cluster_members(cluster, nodes[i]))
			return luaL_error(L, "'%s' is neither a node nor a group", nodes[i]);
	for (guint i = 0; i < n; i++)
		if (!run_set(run, table, &nodes[i], 1, column, value, &error))
			return binding_raise(L, error);
	return 0;
}

/* The key at 2: a text, or a table of the key columns. */
static const char *const *take_key(lua_State *L, Take *take, const StoreTable *table)
{
	const char **key = take_room(take, (table->n_keys + 1) * sizeof(*key));

	if (table->n_columns == 0)
		luaL_error(L, "no table '%s' in the database", table->name);
	if (lua_type(L, 2) == LUA_TSTRING && table->n_keys == 1) {
		key[0] = take_text(take, 2, NULL);
		return key;
	}
	luaL_argexpected(L, lua_istable(L, 2), 2,
			 table->n_keys == 1 ? "the key as text"
					    : "a table of the key's columns");
	take_check_table(L, 2, NULL);
	for (guint i = 0; i < table->n_keys; i++) {
		const char *column = table->columns[table->keys[i]];

		key[i] = take_text_field(take, 2, "the key's", column);
		if (!key[i])
			luaL_error(L, "the key of table '%s' needs '%s', a text", table->name,
				   column);
	}
	return key;
}

/* cluster.setrow(table, key, {column = value}): changes; false takes a value away */
static int l_setrow(lua_State *L)
{
	Take *take = take_new(L, 3);
	const char *name = take_text(take, 1, NULL);
	Run *run = run_of(L);
	const StoreTable *table = check_table(L, name);
	const char *const *key = take_key(L, take, table);
	guint n, n_key = table->n_keys;
	const TakePair *cells = take_pairs(take, 3, NULL, TRUE, &n);
	GError *error = NULL;

	for (guint i = 0; i < n; i++)
		if (!run_set(run, name, key, n_key, cells[i].name, cells[i].text, &error))
			return binding_raise(L, error);
	return 0;
}

/* cluster.delrow(table, key): takes a whole row away */
static int l_delrow(lua_State *L)
{
	Take *take = take_new(L, 2);
	const char *name = take_text(take, 1, NULL);
	Run *run = run_of(L);
	const StoreTable *table = check_table(L, name);
	const char *const *key = take_key(L, take, table);
	GError *error = NULL;

	if (!run_delete_row(run, name, key, table->n_keys, &error))
		return binding_raise(L, error);
	return 0;
}

static const luaL_Reg functions[] = {
	{ "noderange", l_noderange },
	{ "fold", l_fold },
	{ "get", l_get },
	{ "divide", l_divide },
	{ "stored", l_stored },
	{ "rows", l_rows },
	{ "site", l_site },
	{ "master", l_master },
	{ "address", l_address },
	{ "addresses", l_addresses },
	{ "same", l_same },
	{ "holders", l_holders },
	{ "set", l_set },
	{ "setrow", l_setrow },
	{ "delrow", l_delrow },
	{ NULL, NULL },
};

int bind_cluster(lua_State *L)
{
	binding_functions(L, functions);
	bind_names(L);
	return 1;
}
