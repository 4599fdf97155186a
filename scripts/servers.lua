--- Service nodes and the many ways in which tables name them.

local cluster    = require "cluster"
local remote     = require "remote"
local interfaces = require "interfaces"
local tables     = require "tables"

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

--- Those of the columns that this database has: an old one lacks some.
function servers.there(columns)
	local there = {}
	for _, column in ipairs(columns) do
		there[#there + 1] = pcall(cluster.get, {}, { column }) and column or nil
	end
	return there
end

-- What follows is found once in an attempt, however many servers ask.

--- The service nodes of the cluster, by the table servicenode: nodes, sorted.
local all_names
local function all_of_cluster()
	if not all_names then
		all_names = {}
		for _, row in ipairs(tables.rows("servicenode")) do
			local members = row.node and cluster.noderange(row.node) or {}
			table.move(members, 1, #members, #all_names + 1, all_names)
		end
	end
	return all_names
end

--- What nodes call the service nodes that they have, by the tables: service node -> names.
local called_by_nodes
local function names_of_nodes()
	if called_by_nodes then
		return called_by_nodes
	end
	called_by_nodes = {}
	local seen = {}
	cluster.divide(cluster.noderange("/.*"), { "noderes.servicenode", "noderes.xcatmaster" },
		function(values)
			local list, name = values["noderes.servicenode"], values["noderes.xcatmaster"]
			local first = list and servers.first(list)
			local key = list and name and first .. "\0" .. name
			if key and not seen[key] then
				seen[key] = true
				called_by_nodes[first] = called_by_nodes[first] or {}
				table.insert(called_by_nodes[first], name)
			end
		end)
	return called_by_nodes
end

--- Of hosts that may be dead: those that answer, and the set of the others.
local silent = {} -- host -> is it?
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

--- The addresses of hosts, as these tell them themselves, without those that every host has:
-- host -> set; one that does not answer has none.
local addresses = {}
function servers.addresses_of(hosts)
	local unknown, found = {}, {}
	for _, host in ipairs(hosts) do
		unknown[#unknown + 1] = not addresses[host] and host or nil
	end
	local results = #unknown > 0 and remote.query(unknown, remote.addresses_command(),
		{ timeout = 10 }) or {}
	for host, result in pairs(results) do
		addresses[host] = {}
		for _, one in ipairs(interfaces.read(result.stdout)) do
			local address = one.address
			if not address:find("^127%.") and not address:find("^fe80:") and address ~= "::1" then
				addresses[host][address] = true
			end
		end
	end
	for _, host in ipairs(hosts) do
		found[host] = addresses[host]
	end
	return found
end

--- Address -> host, as above.  Added to `of`.
function servers.add_addresses(of, hosts)
	for host, set in pairs(servers.addresses_of(hosts)) do
		for address in pairs(set) do
			of[address] = host
		end
	end
end

--- All names and addresses of service nodes (as nodelist has them): by the hosts file and the
-- tables, and as those that answer tell it themselves; without those that are `server`'s, too.
-- Gives a list, and name -> service node.
local function learn(names, server)
	local found, whose, seen = {}, {}, {}
	local asked = servers.addresses_of((servers.answering(names)))
	local own = server.sn and servers.addresses_of({ server.sn })[server.sn] or {}
	for _, name in ipairs(names) do
		local called = table.move(names_of_nodes()[name] or {}, 1,
			#(names_of_nodes()[name] or {}), 2, { name })
		for address in pairs(asked[name] or {}) do
			called[#called + 1] = address
		end
		for _, as_known in ipairs(called) do
			for _, spelling in ipairs(cluster.names(name, as_known)) do
				if not seen[spelling] and not own[spelling] and
					not own[cluster.address(spelling) or ""] and
					not servers.points_at(spelling, server) then
					found[#found + 1], whose[spelling] = spelling, name
				end
				seen[spelling] = true
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
	left[old] = left[old] or setmetatable({}, { __mode = "k" })
	left[old][new] = left[old][new] or learn({ old.sn }, new)
	return left[old][new]
end

return servers
