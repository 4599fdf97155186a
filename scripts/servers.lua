--- Service nodes and the many ways in which tables name them.

local cluster = require "cluster"
local remote  = require "remote"

local servers = {}

--- The elements of a list with commas, without blanks around them; some may be empty.
servers.elements = cluster.elements

--- The first of them alone; an empty text if there is none.  Lists are few: each is cut once.
local firsts = {}
function servers.first(list)
	list = list or ""
	firsts[list] = firsts[list] or cluster.elements(list)[1] or ""
	return firsts[list]
end

--- All names and addresses of a server, {sn=, snn=} as of move:old and move:new.
function servers.names(server)
	if server.sn then
		return cluster.names(server.sn, server.snn)
	end
	return server.snn and cluster.names(server.snn) or {}
end

--- Whether a name in a table points at a server, in whatever spelling.  Tables hold few
-- different names, so each is looked at once for a server; move:old and move:new give all the
-- nodes of a server the same table, which is cheaper to find than a text of its names.
local known = setmetatable({}, { __mode = "k" })
function servers.points_at(name, server)
	local names = known[server]
	if not names then
		names = {}
		known[server] = names
	end
	if names[name] == nil then
		names[name] = false
		for _, spelling in ipairs(servers.names(server)) do
			if cluster.same(name, spelling) then
				names[name] = true
				break
			end
		end
	end
	return names[name]
end

--- The service nodes of the cluster, by the table servicenode: nodes, sorted.
local function all_of_cluster()
	local there, rows = pcall(cluster.rows, "servicenode")
	local names = {}
	for _, row in ipairs(there and rows or {}) do
		local members = row.node and cluster.noderange(row.node) or {}
		table.move(members, 1, #members, #names + 1, names)
	end
	return names
end

--- What nodes call the service nodes that they have, by the tables: service node -> names.
local function names_of_nodes()
	local nodes, found, seen = cluster.noderange("/.*"), {}, {}
	local values = cluster.get(nodes, { "noderes.servicenode", "noderes.xcatmaster" })
	for _, node in ipairs(nodes) do
		local list, name = values[node]["noderes.servicenode"], values[node]["noderes.xcatmaster"]
		local key = list and name and servers.first(list) .. "\0" .. name
		if key and not seen[key] then
			seen[key] = true
			found[servers.first(list)] = found[servers.first(list)] or {}
			table.insert(found[servers.first(list)], name)
		end
	end
	return found
end

--- Of hosts that may be dead: those that answer, and the set of the others.  Each is asked
-- once.
local silent = {} -- in this attempt: host -> is it?
function servers.answering(hosts)
	local unknown, there = {}, {}
	for _, host in ipairs(hosts) do
		unknown[#unknown + 1] = silent[host] == nil and host or nil
	end
	local results = #unknown > 0 and remote.query(unknown, "true", { timeout = 5 }) or {}
	for host, result in pairs(results) do
		silent[host] = result.error ~= nil
	end
	for _, host in ipairs(hosts) do
		there[#there + 1] = not silent[host] and host or nil
	end
	return there, silent
end

--- Address -> host, as these tell it themselves; none that every host has.  Added to `of`.
function servers.add_addresses(of, hosts)
	local results = remote.query(hosts, "PATH=$PATH:/sbin:/usr/sbin ip -o address show",
		{ timeout = 10 })
	for host, result in pairs(results) do
		for address in result.stdout:gmatch("inet6? ([%x.:]+)/") do
			if not address:find("^127%.") and not address:find("^fe80:") and address ~= "::1" then
				of[address] = host
			end
		end
	end
end

--- All names and addresses of service nodes (as nodelist has them): by the hosts file and the
-- tables, and as those that answer tell it themselves; without the addresses of `server`, which
-- may share one with them.  Gives a list, and name -> service node.
local function learn(names, server)
	local found, whose, called, host_at, own = {}, {}, names_of_nodes(), {}, {}
	servers.add_addresses(host_at, (servers.answering(names)))
	servers.add_addresses(own, server.sn and { server.sn } or {})
	for address, host in pairs(host_at) do
		called[host] = called[host] or {}
		table.insert(called[host], not own[address] and address or nil)
	end
	for _, name in ipairs(names) do
		for _, as_known in ipairs(called[name] or { name }) do
			for _, spelling in ipairs(cluster.names(name, as_known)) do
				found[#found + 1] = not whose[spelling] and spelling or nil
				whose[spelling] = name
			end
		end
	end
	return found, whose
end

--- The same of all service nodes but this one.
local others = setmetatable({}, { __mode = "k" })
function servers.others(server)
	if not others[server] then
		local names = {}
		for _, name in ipairs(all_of_cluster()) do
			names[#names + 1] = not servers.points_at(name, server) and name or nil
		end
		others[server] = table.pack(learn(names, server))
	end
	return others[server][1], others[server][2]
end

--- All names and addresses of the server that nodes leave for `new`.  Where nobody knows what
-- nodes call it (they have left it already), it is asked.
local left = setmetatable({}, { __mode = "k" })
function servers.names_of_left(old, new)
	if old.snn or not old.sn then
		return servers.names(old)
	end
	left[old] = left[old] or learn({ old.sn }, new)
	return left[old]
end

--- The row of the networks table for a network as cluster.networks names it; nil: it has none.
function servers.network_row(network, rows)
	for _, row in ipairs(rows) do
		if network:match("^[^/]+") == row.net then
			return row
		end
	end
end

return servers
