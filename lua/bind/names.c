/* Of the module cluster: what a server is called, and where it stands in the tables. */
#include "lua/bind/names.h"
#include "core/hosts.h"
#include "lua/runtime/binding.h"
#include "lua/runtime/take.h"

static Hosts *hosts_of(lua_State *L)
{
	binding_cluster(L);
	return binding_context(L)->hosts;
}

/* cluster.names(server [, as_known]) -> {names and addresses} */
static int l_names(lua_State *L)
{
	Take *take = take_new(L, 2);
	const char *server = take_text(take, 1, NULL);
	const char *as_known = take_text_or_null(take, 2);

	binding_push_vector(L, hosts_names(hosts_of(L), server, as_known));
	return 1;
}

/* cluster.interfaces() -> {addresses of this machine} */
static int l_interfaces(lua_State *L)
{
	binding_push_vector(L, hosts_own_addresses(hosts_of(L)));
	return 1;
}

/* cluster.own(names) -> {those that are this machine, by an address}; all of a cluster's nodes
 * are asked about */
static int l_own(lua_State *L)
{
	guint n;
	const char *const *names = take_list(take_new(L, 1), 1, NULL, &n);
	Hosts *hosts = hosts_of(L);
	lua_Integer found = 0;

	lua_newtable(L);
	for (guint i = 0; i < n; i++)
		if (hosts_stays_here(hosts, names[i])) {
			lua_pushstring(L, names[i]);
			lua_rawseti(L, -2, ++found);
		}
	return 1;
}

/* cluster.elements(list) -> {texts without the blanks around them}; nil is a list of none */
static int l_elements(lua_State *L)
{
	const char *list = take_text_or_null(take_new(L, 1), 1);
	void **box = binding_box(L, (GDestroyNotify)g_strfreev);

	*box = cluster_elements(list);
	binding_push_vector(L, (const char *const *)*box);
	return 1;
}

/* cluster.tables() -> {names of the tables that are there} */
static int l_tables(lua_State *L)
{
	Cluster *cluster = binding_cluster(L);
	void **box = binding_box(L, (GDestroyNotify)g_strfreev);
	GError *error = NULL;

	*box = store_tables(cluster_store(cluster), &error);
	if (!*box)
		return binding_raise(L, error);
	binding_push_vector(L, (const char *const *)*box);
	return 1;
}

static void push_row(lua_State *L, const StoreTable *table, guint row)
{
	lua_createtable(L, 0, (int)table->n_columns);
	for (guint column = 0; column < table->n_columns; column++) {
		lua_pushstring(L, store_table_cell(table, row, (int)column)); /* NULL: nil */
		lua_setfield(L, -2, table->columns[column]);
	}
}

/* The columns that are no key and not in the list `except`. */
static const guint *columns_but(Take *take, const StoreTable *table, const char *const *except,
				guint *n)
{
	guint *columns = take_room(take, (table->n_columns + 1) * sizeof(*columns));

	*n = 0;
	for (guint column = 0; column < table->n_columns; column++)
		if (!store_table_is_key(table, column) &&
		    !g_strv_contains(except, table->columns[column]))
			columns[(*n)++] = column;
	return columns;
}

/* The values of the key, with commas between them. */
static void push_row_key(lua_State *L, const StoreTable *table, guint row)
{
	luaL_Buffer buffer;

	luaL_buffinit(L, &buffer);
	for (guint i = 0; i < table->n_keys; i++) {
		const char *text = store_table_cell(table, row, (int)table->keys[i]);

		if (i > 0)
			luaL_addchar(&buffer, ',');
		luaL_addstring(&buffer, text ? text : "");
	}
	luaL_pushresult(&buffer);
}

/* Puts the cell into the list on top. */
static void push_cell(lua_State *L, const StoreTable *table, guint row, guint column,
		      lua_Integer number)
{
	lua_createtable(L, 0, 3);
	push_row_key(L, table, row);
	lua_setfield(L, -2, "key");
	push_row(L, table, row);
	lua_setfield(L, -2, "row");
	lua_pushstring(L, table->columns[column]);
	lua_setfield(L, -2, "column");
	lua_rawseti(L, -2, number);
}

/*
 * cluster.mentions(table, names, except) -> list of {key=, row = {column = text}, column=}:
 * the cells in which one of the names or addresses stands, in columns that are no key and not
 * in the list `except`.  It is here and not in Lua because all cells of a cluster are looked
 * at.
 */
static int l_mentions(lua_State *L)
{
	Take *take = take_new(L, 3);
	guint n, n_except, n_columns;
	const char *name = take_text(take, 1, NULL);
	const char *const *names = take_list(take, 2, NULL, &n);
	const char *const *except = take_list(take, 3, NULL, &n_except);
	Hosts *hosts = hosts_of(L);
	GError *error = NULL;
	const StoreTable *table = cluster_table(binding_cluster(L), name, &error);
	lua_Integer found = 0;
	const guint *columns;
	void **words;

	if (!table)
		return binding_raise(L, error);
	columns = columns_but(take, table, except, &n_columns);
	words = binding_box(L, (GDestroyNotify)hosts_words_free);
	*words = hosts_words_new(hosts, names, n);
	lua_newtable(L);
	for (guint row = 0; row < table->n_rows; row++)
		for (guint i = 0; i < n_columns; i++) {
			const char *text = store_table_cell(table, row, (int)columns[i]);

			if (text && hosts_words_in(*words, text) &&
			    cluster_row_enabled(table, row))
				push_cell(L, table, row, columns[i], ++found);
		}
	return 1;
}

/* cluster.networks(nodes) -> {["10.2.0.0/16"] = {nodes}}: by the networks table; nodes of none,
 * or without an IPv4 address, are left out */
static int l_networks(lua_State *L)
{
	guint n;
	const char *const *names = take_list(take_new(L, 1), 1, NULL, &n);
	Hosts *hosts = hosts_of(L);
	void **box = binding_box(L, (GDestroyNotify)g_hash_table_unref);
	GHashTable *known = *box =
		g_hash_table_new_full(NULL, NULL, NULL, g_free); /* HostsNetwork -> text */
	GError *error = NULL;

	lua_newtable(L);
	for (guint i = 0; i < n; i++) {
		const char *address = hosts_address(hosts, names[i], NULL);
		const HostsNetwork *network = NULL;

		if (address && !hosts_network(hosts, address, &network, &error))
			return binding_raise(L, error);
		if (!network)
			continue;
		if (!g_hash_table_contains(known, network)) {
			g_autofree char *text =
				g_strdup_printf("%s/%s", network->net, network->mask);

			g_hash_table_insert(known, (gpointer)network,
					    hosts_network_text(text, NULL));
		}
		if (!g_hash_table_lookup(known, network))
			continue;
		luaL_getsubtable(L, -1, g_hash_table_lookup(known, network));
		lua_pushstring(L, names[i]);
		lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
		lua_pop(L, 1);
	}
	return 1;
}

static const luaL_Reg functions[] = {
	{ "names", l_names },	    { "interfaces", l_interfaces },
	{ "own", l_own },	    { "elements", l_elements },
	{ "tables", l_tables },	    { "mentions", l_mentions },
	{ "networks", l_networks }, { NULL, NULL },
};

void bind_names(lua_State *L)
{
	binding_add_functions(L, functions);
}
