---@meta cluster
-- luacheck: ignore 212 631 (stubs have arguments and no bodies, and long types)

--- The cluster as its tables describe it; and rows to set.  `local cluster = require "cluster"`
--- What is read is what the run has set before, also under --plan.  All functions raise if no
--- database is open or a table cannot be read.
---@class cluster
local cluster = {}

---@class cluster.noderange_options
---@field verify boolean? false: unknown names are taken as they are (default true)

--- The nodes of a noderange, sorted, and the names in it that nobody has.
--- A malformed noderange is nil and a message that shows the place.
---@param expression string
---@param options cluster.noderange_options?
---@return string[]? names
---@return string[]|string missing_or_message
function cluster.noderange(expression, options) end

--- The shortest noderange that expands to these names; "" for none.
---@param names string[]
---@return string
function cluster.fold(names) end

--- The value of a node's attribute as xCAT resolves it: own row, groups, expressions; or nil.
--- Raises if the table has no such column; a table that is not there is nil.
---@param node string
---@param column string "table.column"
---@return string?
function cluster.get(node, column) end

--- The same for many nodes and columns at once: values[node]["table.column"], nil: no value.
---@param nodes string[]
---@param columns string[] "table.column" each
---@return table<string, table<string, string>>
---@overload fun(node: string, column: string): string?
function cluster.get(nodes, columns) end

---@class cluster.divide_options
---@field stored boolean? values are read anew from the database, as by cluster.stored

--- Nodes in parts: `look` is asked once for nodes whose columns have equal values, and says in
--- which part they are; nil: in none.  A cluster has many nodes and few rows that differ, so
--- this is many times faster than a loop over the values of cluster.get.
---@generic What
---@param nodes string[]
---@param columns string[] "table.column" each
---@param look fun(values: table<string, string>): What?
---@param options cluster.divide_options?
---@return table<What, string[]> parts what look has said -> the nodes, in their order
---@return What[] order what it has said, in the order of the first nodes
function cluster.divide(nodes, columns, look, options) end

--- As cluster.get for many, but read anew from the database: what was really written.
--- Under --plan nothing was written: then it is what is planned.
---@param nodes string[]
---@param columns string[] "table.column" each
---@return table<string, table<string, string>>
function cluster.stored(nodes, columns) end

--- The rows of a table, all or those that have all the given values; disabled ones left out.
--- Values are texts or nil.  A table that is not there has no rows.  Raises on an unknown
--- column.
---@param name string
---@param where table<string, string>? column = value
---@return table<string, string>[]
function cluster.rows(name, where) end

--- A value of the site table, or nil.
---@param key string
---@return string?
function cluster.site(key) end

--- noderes.xcatmaster of the node; nil: the DHCP server that answers the node decides.
---@param node string
---@return string?
function cluster.master(node) end

--- The address of a name: of the hosts file, the hosts table, the resolver; or nil, message.
---@param name string
---@return string? address
---@return string? message
function cluster.address(name) end

--- The addresses of many names at once, and the names that have none.
---@param names string[]
---@return table<string, string> addresses by name
---@return string[] unknown
function cluster.addresses(names) end

--- Are these two names or addresses one host?
---@param a string
---@param b string
---@return boolean
function cluster.same(a, b) end

--- All names and addresses of a server: these two; what hosts.hostnames, hosts.otherinterfaces
--- and the table nics say of it, also by its groups; of the management node the interfaces of
--- this machine; their addresses, and what the hosts file calls these.
---@param server string as the management node knows it
---@param as_known string? as its nodes know it
---@return string[]
function cluster.names(server, as_known) end

--- The addresses of this machine.
---@return string[]
function cluster.interfaces() end

--- Those of the names that are this machine: by an address of its interfaces, or a loopback
--- address.
---@param names string[]
---@return string[]
function cluster.own(names) end

--- The elements of a list with commas, without the blanks around them; some may be empty.
---@param list string? nil is a list of none
---@return string[]
function cluster.elements(list) end

--- The tables that the database has, sorted.
---@return string[]
function cluster.tables() end

--- The cells of a table that name a server: in which one of the names or addresses stands as a
--- whole, alone, in a list, a URL, with a port or behind a key.  Keys are not looked at, nor
--- disabled rows, nor columns in `except`.
---@param name string the table
---@param names string[] as of cluster.names
---@param except string[] columns
---@return { key: string, row: table<string, string>, column: string }[]
function cluster.mentions(name, names, except) end

--- Who holds a node's entries of a service, by the tables: see WHO HOLDS WHAT in snmove(8).
--- Raises if there is no such node.
---@param node string
---@param service "dhcp"|"boot"|"console"|"autoinst"
---@return string[] hosts
---@overload fun(nodes: string[], service: string): table<string, string[]> host -> its nodes
function cluster.holders(node, service) end

--- The networks of nodes, by the table networks and their addresses; nodes without an IPv4 address,
--- or in none of them, are missing.
---@param nodes string[]
---@return table<string, string[]> "10.2.0.0/16" -> nodes
function cluster.networks(nodes) end

--- Changes: sets the own cell of nodes (or groups); nil takes the value away.
--- Raises outside of a step, in when, check and verify, and if there is no such node, group or
--- column.  What is the same already is no change.
---@param node string|string[]
---@param column string "table.column"
---@param value string?
function cluster.set(node, column, value) end

--- Changes: sets cells of any row; false takes a value away.  Makes the row if there is none.
--- Raises as cluster.set.
---@param name string the table
---@param key string|table<string, string> its key; a table of columns if it has several
---@param values table<string, string|false> column = value
function cluster.setrow(name, key, values) end

--- A change: takes a whole row away.  Raises as cluster.set.
---@param name string the table
---@param key string|table<string, string> as for cluster.setrow
function cluster.delrow(name, key) end

return cluster
