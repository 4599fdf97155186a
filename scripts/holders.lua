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

--- Host -> nodes as a note: lines HOST NODERANGE.
function holders.note(move, name, shares)
	local lines = {}
	for _, host in ipairs(holders.sorted(shares)) do
		lines[#lines + 1] = host .. " " .. cluster.fold(shares[host])
	end
	move.notes[name] = table.concat(lines, "\n")
end

--- What is held now is what the old ones release; it is known only before the rows are written.
function holders.keep(move, nodes, service)
	holders.note(move, note_of(service), cluster.holders(nodes, service))
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

--- What such a note has of these nodes: host -> nodes.
function holders.recalled(move, name, nodes)
	local held, shares = holders.by_node(move.notes[name]), {}
	for _, node in ipairs(nodes) do
		for _, host in ipairs(held[node] or {}) do
			shares[host] = shares[host] or {}
			table.insert(shares[host], node)
		end
	end
	return shares
end

--- Who held them before, without the dead: host -> nodes.
function holders.before(move, nodes, service)
	return (without_dead(move, holders.recalled(move, note_of(service), nodes)))
end

--- Hosts that were asked for entries and did not say (see services.look): nobody knows what is
-- there.  {{nodes =, what =, host =}, ...}
function holders.silent(shares, found, results, what)
	local list = {}
	for _, host in ipairs(holders.sorted(shares)) do
		local result = results[host]
		if result and not found[host] then
			list[#list + 1] = { nodes = shares[host], host = host,
				what = ("nobody knows whether %s on %s are as they shall be: %s"):format(what, host,
					result.message or result.error or "it does not say") }
		end
	end
	return list
end

--- What was found on hosts, as above, is owed.
function holders.owe(move, list)
	for _, one in ipairs(list) do
		move:owe(one.nodes, one.what, one.host)
	end
end

function holders.owe_silent(move, shares, found, results, what)
	holders.owe(move, holders.silent(shares, found, results, what))
end

--- Of what was looked at, what is there: host -> nodes.
function holders.there(found)
	local shares = {}
	for host, texts in pairs(found) do
		for node, text in pairs(texts) do
			if text then
				shares[host] = shares[host] or {}
				table.insert(shares[host], node)
			end
		end
	end
	return shares
end

--- What hosts still have of nodes that they hold no more: {{nodes =, what =, host =}, ...}.
function holders.left(found, what)
	local list, shares = {}, holders.there(found)
	for _, host in ipairs(holders.sorted(shares)) do
		table.sort(shares[host])
		list[#list + 1] = { nodes = shares[host], what = what:format(host), host = host }
	end
	return list
end

--- What is in the first (host -> nodes) and not in the second.
function holders.no_more(before, now)
	local still, gone = {}, {}
	for host, share in pairs(now) do
		for _, node in ipairs(share) do
			still[host .. " " .. node] = true
		end
	end
	for host, share in pairs(before) do
		for _, node in ipairs(share) do
			if not still[host .. " " .. node] then
				gone[host] = gone[host] or {}
				table.insert(gone[host], node)
			end
		end
	end
	return gone
end

--- What they held before and hold no more, without the dead: host -> nodes.
function holders.given_up(move, nodes, service)
	return holders.no_more(holders.before(move, nodes, service), cluster.holders(nodes, service))
end

--- Nodes that others hold than before, the dead included.
function holders.moved(move, nodes, service)
	local held, now, found = holders.by_node(move.notes[note_of(service)]), {}, {}
	for host, share in pairs(cluster.holders(nodes, service)) do
		for _, node in ipairs(share) do
			now[node] = now[node] or {}
			table.insert(now[node], host)
		end
	end
	local function names(list)
		local sorted = table.move(list or {}, 1, #(list or {}), 1, {})
		table.sort(sorted)
		return table.concat(sorted, " ")
	end
	for _, node in ipairs(nodes) do
		found[#found + 1] = names(held[node]) ~= names(now[node]) and node or nil
	end
	return found
end

--- All nodes of host -> nodes, each once, in order.
function holders.nodes_of(shares)
	local set = {}
	for _, share in pairs(shares) do
		for _, node in ipairs(share) do
			set[node] = true
		end
	end
	return holders.sorted(set)
end

local function set_of(nodes)
	local set = {}
	for _, node in ipairs(nodes) do
		set[node] = true
	end
	return set
end

--- The first list without the second.
function holders.minus(nodes, others)
	local set, found = set_of(others), {}
	for _, node in ipairs(nodes) do
		found[#found + 1] = not set[node] and node or nil
	end
	return found
end

--- Host -> nodes, without some nodes.
function holders.without(shares, nodes)
	local found = {}
	for host, share in pairs(shares) do
		local rest = holders.minus(share, nodes)
		found[host] = #rest > 0 and rest or nil
	end
	return found
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
