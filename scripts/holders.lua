--- Who holds the entries of nodes that move: before the rows are written, and after.

local cluster = require "cluster"
local servers = require "servers"

local holders = {}

--- The names in a set, or the keys of any table, in order.
function holders.sorted(of)
	local names = {}
	for name in pairs(of) do
		names[#names + 1] = name
	end
	table.sort(names)
	return names
end

--- Service nodes that this move takes for dead: as move:old has them.
local function dead(move)
	local old, found = {}, {}
	for _, group in ipairs(move.mode == "dead" and move:groups() or {}) do
		old[group.old] = group.old.sn and true or nil
	end
	for server in pairs(old) do
		found[#found + 1] = server
	end
	return found
end

--- host -> nodes, without the dead; and what those hold.
local function without_dead(move, shares)
	local left = {}
	for _, old in ipairs(dead(move)) do
		for host in pairs(shares) do
			if servers.points_at(host, old) then
				left[host] = shares[host]
			end
		end
	end
	for host in pairs(left) do
		shares[host] = nil
	end
	return shares, left
end

--- Who holds the nodes' entries by the rows as they are, without the dead: host -> nodes; and
-- what those hold.
function holders.now(move, nodes, service)
	return without_dead(move, cluster.holders(nodes, service))
end

local function note_of(service)
	return (service == "dhcp" and "DHCP" or service) .. " holders"
end

--- What is held now is what the old ones release; it is known only before the rows are written.
function holders.keep(move, nodes, service)
	local lines = {}
	local shares = cluster.holders(nodes, service)
	for _, host in ipairs(holders.sorted(shares)) do
		lines[#lines + 1] = host .. " " .. cluster.fold(shares[host])
	end
	move.notes[note_of(service)] = table.concat(lines, "\n")
end

--- What a note of lines has, KEY NODERANGE: node -> keys.  It is read once, however many
-- batches ask.
local read = {}
function holders.by_node(note)
	note = note or ""
	if not read[note] then
		local found = {}
		for key, names in note:gmatch("([^ \n]+) ([^\n]+)") do
			for _, node in ipairs((cluster.noderange(names, { verify = false }))) do
				found[node] = found[node] or {}
				table.insert(found[node], key)
			end
		end
		read[note] = found
	end
	return read[note]
end

--- Who held them before, without the dead: host -> nodes.
function holders.before(move, nodes, service)
	local held, shares = holders.by_node(move.notes[note_of(service)]), {}
	for _, node in ipairs(nodes) do
		for _, host in ipairs(held[node] or {}) do
			shares[host] = shares[host] or {}
			table.insert(shares[host], node)
		end
	end
	return (without_dead(move, shares))
end

--- Hosts that were asked for entries and did not say (see services.look): that is owed, for
-- nobody knows what is there.
function holders.owe_silent(move, shares, found, results, what)
	for _, host in ipairs(holders.sorted(shares)) do
		local result = results[host]
		if result and not found[host] then
			move:owe(shares[host], ("nobody knows whether %s on %s are as they shall be: %s")
				:format(what, host, result.message or result.error or "it does not say"), host)
		end
	end
end

--- What they held before and hold no more, without the dead: host -> nodes.
function holders.given_up(move, nodes, service)
	local still, gone = {}, {}
	for host, share in pairs(cluster.holders(nodes, service)) do
		for _, node in ipairs(share) do
			still[host .. " " .. node] = true
		end
	end
	for host, share in pairs(holders.before(move, nodes, service)) do
		for _, node in ipairs(share) do
			if not still[host .. " " .. node] then
				gone[host] = gone[host] or {}
				table.insert(gone[host], node)
			end
		end
	end
	return gone
end

--- The nodes that a service node holds by the tables of today, and those that it does not.
function holders.today(sn, nodes, service)
	local holds, others, held = {}, {}, {}
	for host, share in pairs(cluster.holders(nodes, service)) do
		for _, node in ipairs(cluster.same(host, sn) and share or {}) do
			held[node] = true
		end
	end
	for _, node in ipairs(nodes) do
		table.insert(held[node] and holds or others, node)
	end
	return holds, others
end

return holders
