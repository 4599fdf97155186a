--- The statelite data of AIX nodes: what a node keeps lies on its service node, in a folder of
-- its own that the node mounts.  The table statelite says where: "SERVER:FOLDER".

local cluster = require "cluster"
local remote  = require "remote"
local nim     = require "aix_nim"
local servers = require "servers"
local tables  = require "tables"

local statelite = {}

local COLUMN = "statelite.statemnt"
local AT_ONCE = 50 -- folders in one rsync

--- What "$node", "$site.KEY" and "$TABLE.COLUMN" are for a node; xCAT says UNDEFINED of what is
-- not there.
local function value_of(name, node)
	if name == "node" then
		return node
	end
	local key = name:match("^site%.(.+)$")
	if key then
		return cluster.site(key) or "UNDEFINED"
	end
	return name:find("^[%w_]+%.[%w_]+$") and tables.values({ node }, { name })[node][name] or
		"UNDEFINED"
end

--- A server or a folder with its variables filled in, as xCAT's subVars does: what follows the
-- first $ of a part of the path are variables, up to a # or a blank, and a dot is put between
-- their values.
local function filled(text, node)
	return (text:gsub("[^/]+", function(part)
		local before, names, rest = part:match("^([^$]*)%$([^# ]*)(.*)$")
		if not before then
			return part
		end
		local values = {}
		for name in names:gmatch("[^$]+") do
			values[#values + 1] = value_of(name, node)
		end
		return before .. table.concat(values, ".") .. rest
	end))
end

--- "SERVER:FOLDER" in two; nil: the data are on no server.
local function parts_of(value)
	return (value or ""):match("^([^:]+):(.+)$")
end

--- Where the old server has the data of nodes: {{group =, node =, folder =, parent =}, ...};
-- and nodes whose folder is not one to be copied.
local function find(move)
	local found, odd = {}, {}
	for _, group in ipairs(move:groups()) do
		local values = tables.values(group.nodes, { COLUMN })
		for _, node in ipairs(group.nodes) do
			local server, folder = parts_of(values[node][COLUMN])
			if server and servers.points_at(filled(server, node), group.old) then
				local parent = filled(folder, node):gsub("/+", "/"):gsub("(.)/$", "%1")
				if parent:find("^/[%w/._@%%+=,-]*$") and not parent:find("/%.%./") then
					found[#found + 1] = { group = group, node = node, parent = parent,
						folder = (parent .. "/" .. node:match("^[^.]+")):gsub("//", "/") }
				else
					odd[#odd + 1] = node
				end
			end
		end
	end
	return found, odd
end

--- Those of the folders that are there, on the old server.
local function there(sn, list)
	local lines, has = {}, {}
	for i, one in ipairs(list) do
		lines[i] = one.folder .. "\n"
	end
	local result = remote.query(sn,
		'while read -r folder; do [ ! -d "$folder" ] || echo "$folder"; done',
		{ stdin = table.concat(lines) })[sn]
	if not result.ok then
		error(("%s does not say which statelite data it has: %s"):format(sn,
			result.message or result.error or result.stderr), 0)
	end
	for folder in result.stdout:gmatch("[^\n]+") do
		has[folder] = true
	end
	local kept = {}
	for _, one in ipairs(list) do
		kept[#kept + 1] = has[one.folder] and one or nil
	end
	return kept
end

--- Lists of the same old and new server and the same parent folder, in their order.
local function by_way(list)
	local ways, order = {}, {}
	for _, one in ipairs(list) do
		local key = table.concat({ one.group.old.sn, one.group.new.sn, one.parent }, "\0")
		if not ways[key] then
			ways[key] = { old = one.group.old.sn, new = one.group.new.sn, parent = one.parent }
			order[#order + 1] = ways[key]
		end
		table.insert(ways[key], one)
	end
	return order
end

local function rsync(way, first)
	local words, names = { "rsync", "-arlHpEAogDz" }, {}
	for i = first, math.min(first + AT_ONCE - 1, #way) do
		words[#words + 1], names[#names + 1] = way[i].folder, way[i].node
	end
	words[#words + 1] = way.new .. ":" .. way.parent
	return words, names
end

--- rsync may be run again: it copies what is not the same yet.  What it brings is the node's
-- own; an undo leaves it there, and the old server has its data still.
local function copy(way)
	for first = 1, #way, AT_ONCE do
		local words, names = rsync(way, first)
		local result = remote.run(way.old, nim.command(words), {
			says = ("rsync of the statelite data in %s to %s"):format(way.parent, way.new),
			nodes = names, repeatable = true, undo = false })[way.old]
		if not result.ok then
			error(("statelite data of %s could not be copied from %s to %s: no table was " ..
				"written"):format(cluster.fold(names), way.old, way.new), 0)
		end
	end
end

--- A plan owes nothing yet: it tells.
local function leave(move, nodes, text, host)
	if move.planning then
		move:note(cluster.fold(nodes) .. ": " .. text)
	else
		move:owe(nodes, text, host)
	end
end

local function leave_dead(move, list)
	for _, way in ipairs(by_way(list)) do
		local nodes = {}
		for i, one in ipairs(way) do
			nodes[i] = one.node
		end
		leave(move, nodes, ("their statelite data in %s cannot be copied to %s: %s is dead, and " ..
			"has the only copy; when it is back, rsync -arlHpEAogDz their folders there"):format(
			way.parent, way.new, way.old), way.old)
	end
end

--- From the old server to the new one's folder of the same name; only where each server has its
-- own installation, and only what the table says is on the old one.
function statelite.copy(move)
	if nim.shared() ~= "no" then
		return
	end
	local list, odd = find(move)
	if #odd > 0 then
		leave(move, odd, "their folder in statelite.statemnt is made by a command, or has signs " ..
			"in it that a shell would read: copy their data by hand")
	end
	if move.mode == "dead" then
		leave_dead(move, list)
		return
	end
	local by_server = {}
	for _, one in ipairs(list) do
		by_server[one.group.old.sn] = by_server[one.group.old.sn] or {}
		table.insert(by_server[one.group.old.sn], one)
	end
	for sn, some in pairs(by_server) do
		for _, way in ipairs(by_way(there(sn, some))) do
			copy(way)
		end
	end
end

--- The table: where it names the old server itself, it names the new one.  A variable needs no
-- change, and another server is left.
function statelite.rows(move)
	if nim.shared() == "all" or #servers.there { COLUMN } == 0 then
		return
	end
	move:set({ COLUMN }, function(values, old, new)
		local server, folder = parts_of(values[COLUMN])
		local is_old = server and not server:find("$", 1, true) and servers.points_at(server, old)
		return is_old and { [COLUMN] = new.snn .. ":" .. folder } or {}
	end)
end

return statelite
