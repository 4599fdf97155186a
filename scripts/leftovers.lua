--- What still names the service nodes that nodes have left, outside of what a takeover changes:
-- it is listed and not touched, because it may be meant for the nodes that stay.

local cluster = require "cluster"
local servers = require "servers"

--- Columns of a node that no step changes, and that can name a server.
local NODE_COLUMNS = { "noderes.nameservers", "noderes.nimserver", "nodehm.termserver" }

--- Tables of the whole cluster, with the column that says which row it is.
local TABLES = {
	{ name = "networks", key = "netname" },
	{ name = "site", key = "key" },
	{ name = "statelite", key = "node" },
	{ name = "litetree", key = "priority" },
	{ name = "postscripts", key = "node" },
	{ name = "ppc", key = "node" },
}

--- Every spelling of the servers that were left for good, in small letters.
local function left_servers(move)
	local found, seen, domain = {}, {}, cluster.site("domain")
	local function add(name)
		if not seen[name] then
			seen[name] = true
			found[name:lower()] = true
			found[(cluster.address(name) or name):lower()] = true
			if domain then
				found[(name .. "." .. domain):lower()] = true
			end
		end
	end
	local looked = {} -- pairs of servers are few: each is looked at once
	for _, node in ipairs(move.nodes) do
		local old, new = move:old(node), move:new(node)
		local pairs_of_old = looked[old] or {}
		looked[old] = pairs_of_old
		if not pairs_of_old[new] then
			pairs_of_old[new] = true
			if old.sn and not servers.points_at(old.sn, { sn = new.sn }) then
				for _, name in ipairs(servers.spellings(old)) do
					add(name)
				end
			end
		end
	end
	return found
end

local function names_one(value, names)
	for word in value:gmatch("[^%s,:;|/=]+") do
		if names[word:lower()] then
			return true
		end
	end
	return false
end

--- Not every version of xCAT has all of these columns.
local function known_columns(node)
	local known = {}
	for _, column in ipairs(NODE_COLUMNS) do
		if pcall(cluster.get, node, column) then
			known[#known + 1] = column
		end
	end
	return known
end

local function note_nodes(move, names)
	local columns = known_columns(move.nodes[1])
	local values = cluster.get(move.nodes, columns)
	for _, column in ipairs(columns) do
		local nodes, order = {}, {}
		for _, node in ipairs(move.nodes) do
			local value = values[node][column]
			if value and names_one(value, names) then
				if not nodes[value] then
					nodes[value] = {}
					order[#order + 1] = value
				end
				table.insert(nodes[value], node)
			end
		end
		for _, value in ipairs(order) do
			move:note(("%s of %s still names an old service node: %s"):format(column,
				cluster.fold(nodes[value]), value))
		end
	end
end

local function note_row(move, from, row, names)
	local columns = {}
	for column, value in pairs(row) do
		if column ~= from.key and names_one(value, names) then
			columns[#columns + 1] = column
		end
	end
	table.sort(columns)
	for _, column in ipairs(columns) do
		move:note(("%s[%s].%s still names an old service node: %s"):format(from.name,
			row[from.key] or "?", column, row[column]))
	end
end

return function(move)
	local names = left_servers(move)
	if not next(names) then
		return
	end
	note_nodes(move, names)
	for _, from in ipairs(TABLES) do
		for _, row in ipairs(cluster.rows(from.name)) do
			note_row(move, from, row, names)
		end
	end
end
