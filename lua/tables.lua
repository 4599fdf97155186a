--- Tables as a site has them: a database that an old xCAT made lacks columns, and some lack
-- tables.  For procedures and hooks.

local cluster = require "cluster"

local tables = {}

--- Values of columns that may not be there: node -> column -> value; blank is none.  No
-- question but the one for its values tells whether there is a column.
function tables.values(nodes, columns)
	local found = {}
	for _, node in ipairs(nodes) do
		found[node] = {}
	end
	for _, column in ipairs(columns) do
		local there, values = pcall(cluster.get, nodes, { column })
		for _, node in ipairs(there and nodes or {}) do
			local value = values[node][column]
			found[node][column] = value ~= "" and value or nil
		end
	end
	return found
end

--- By its nodetype.os: is it a node of AIX?  NIM leases its address and has its boot files.
function tables.is_aix(os)
	return os ~= nil and os:upper():find("^AIX") ~= nil
end

--- The rows of a table (see cluster.rows); where there is no such table, none.
function tables.rows(name, where)
	local there, rows = pcall(cluster.rows, name, where)
	return there and rows or {}
end

--- The row of the networks table for a network as cluster.networks names it; nil: it has none.
function tables.network_row(network, rows)
	for _, row in ipairs(rows) do
		if network:match("^[^/]+") == row.net then
			return row
		end
	end
end

--- The row of the networks table that a node is in, and the network as cluster.networks names
-- it: node -> row, node -> network.
function tables.network_rows(nodes)
	local rows, found, names = tables.rows("networks"), {}, {}
	for network, members in pairs(#rows > 0 and cluster.networks(nodes) or {}) do
		local row = tables.network_row(network, rows)
		for _, node in ipairs(members) do
			found[node], names[node] = row, network
		end
	end
	return found, names
end

--- The gateway of a row of the networks table, as it stands there: an address or a name,
-- "<xcatmaster>" for the node's server; nil: it has none.
function tables.gateway(row)
	local gateway = (row and row.gateway or ""):gsub("&lt;", "<"):gsub("&gt;", ">")
	return gateway ~= "" and gateway ~= "0.0.0.0" and gateway or nil
end

return tables
