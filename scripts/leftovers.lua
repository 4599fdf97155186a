--- What still names the service nodes that nodes have left, outside of what a takeover changes:
-- it is listed and not touched, because it may be meant for the nodes that stay.
--
-- All tables are looked at, whatever this version of xCAT has, but for those of which no cell
-- makes anybody go to a server.

local cluster = require "cluster"
local servers = require "servers"

--- Logs, groups, and secrets, which are not to be shown.
local NO_SERVERS = { auditlog = true, eventlog = true, nodegroup = true, passwd = true }

--- What the steps change: it points at the old server only where others stay with it.
local STEP_COLUMNS = {
	noderes  = { "servicenode", "xcatmaster", "tftpserver", "nfsserver", "monserver" },
	nodehm   = { "conserver" },
	nodelist = { "groups", "status" },
}

local LONGEST = 200 -- bytes of a value that are shown

--- Columns of a table in which no server is named.
local function left_aside(name)
	local columns = { "comments", "disable", "password" }
	for _, column in ipairs(STEP_COLUMNS[name] or {}) do
		columns[#columns + 1] = column
	end
	return columns
end

--- Every name and address of the servers that were left for good, as a list.  The management
-- node is left by nodes, but not by the cluster.
local function left_servers(move)
	local found, seen, master = {}, {}, cluster.site("master")
	local function add(old, new)
		local kept = {}
		for _, name in ipairs(servers.names(new)) do
			kept[name] = true
		end
		for _, name in ipairs(servers.names(old)) do
			if not seen[name] and not kept[name] then
				seen[name] = true
				found[#found + 1] = name
			end
		end
	end
	for _, group in ipairs(move:groups()) do
		local old, new = group.old, group.new
		if old.sn and not servers.points_at(old.sn, { sn = new.sn }) and
			not (master and cluster.same(old.sn, master)) then
			add(old, new)
		end
	end
	return found
end

local function set_of(nodes)
	local set = {}
	for _, node in ipairs(nodes) do
		set[node] = true
	end
	return set
end

--- Which rows are told: not those of the server itself, nor of nodes that stay with it.
local function chooser(move, names)
	local moved, is_name, stays = nil, {}, {}
	for _, name in ipairs(names) do
		is_name[name:lower()] = true
	end
	return function(row)
		local key = row.node
		moved = moved or set_of(move.nodes) -- most clusters have no such row
		if not key or moved[key] then
			return true
		elseif is_name[key:lower()] then
			return false
		end
		if stays[key] == nil then
			local first = cluster.get(key, "nodelist.node") and
				servers.first(cluster.get(key, "noderes.servicenode"))
			stays[key] = first and is_name[first:lower()] or false
		end
		return not stays[key]
	end
end

--- What a row is called: its key, and of a network its name, which is no key.
local function row_name(cell)
	return cell.row.netname or cell.key
end

--- Columns, and keys of the table site, whose values are secrets: what of their names.
local SECRET = { "pass", "secret", "authkey", "privkey", "community", "token" }

local function is_secret(name)
	name = name:lower()
	for _, word in ipairs(SECRET) do
		if name:find(word, 1, true) then
			return true
		end
	end
	return false
end

local function shown(cell)
	local value = cell.row[cell.column]
	if is_secret(cell.column) or cell.column == "value" and is_secret(cell.key) then
		return "in a value that is not shown here"
	end
	return #value > LONGEST and value:sub(1, LONGEST) .. "..." or value
end

--- Routes through a dead server lead nowhere, for the nodes as for this machine.
local function tell_route(move, cell)
	local row = cell.row
	local way = ("the way to %s %s"):format(row.net or "?", row.mask or "")
	if move.mode == "dead" then
		move:owe(nil, ("routes[%s]: %s goes through %s, which is dead, so nobody gets there: give " ..
			"the route another gateway, and run makeroutes"):format(row_name(cell), way,
			row.gateway))
	else
		move:note(("routes[%s].gateway still names an old service node: %s (%s)"):format(
			row_name(cell), row.gateway, way))
	end
end

--- Nodes and groups whose cells are equal, in one line.
local function tell_table(move, name, cells)
	local nodes, order = {}, {}
	for _, cell in ipairs(cells) do
		local text = shown(cell)
		if name == "routes" and cell.column == "gateway" then
			tell_route(move, cell)
		elseif not cell.row.node then
			move:note(("%s[%s].%s still names an old service node: %s"):format(name,
				row_name(cell), cell.column, text))
		else
			local key = cell.column .. "\0" .. text
			if not nodes[key] then
				nodes[key] = {}
				order[#order + 1] = { key = key, column = cell.column, text = text }
			end
			table.insert(nodes[key], cell.row.node)
		end
	end
	for _, line in ipairs(order) do
		move:note(("%s.%s of %s still names an old service node: %s"):format(name, line.column,
			cluster.fold(nodes[line.key]), line.text))
	end
end

--- Those of which nobody gets anywhere without them come first.
local function tables_in_order(move)
	local order = {}
	local checked = move.mode == "dead" and move:does("boot")
	for _, name in ipairs(cluster.tables()) do
		if checked and (name == "statelite" or name == "litetree") then
			goto next -- a check of the boot files tells them
		elseif name == "routes" then
			table.insert(order, 1, name)
		elseif not NO_SERVERS[name] then
			order[#order + 1] = name
		end
		::next::
	end
	return order
end

return function(move)
	local names = left_servers(move)
	if #names == 0 then
		return
	end
	local is_told = chooser(move, names)
	for _, name in ipairs(tables_in_order(move)) do
		-- What is written is written: a table that cannot be read is no reason to stop.
		local good, found = pcall(cluster.mentions, name, names, left_aside(name))
		local cells = {}
		for _, cell in ipairs(good and found or {}) do
			if is_told(cell.row) then
				cells[#cells + 1] = cell
			end
		end
		tell_table(move, name, cells)
		if not good then
			move:note(("the table %s could not be searched for old service nodes: %s"):format(name,
				tostring(found)))
		end
	end
end
