--- Who holds the entries of nodes that move: before the rows are written, and after.

local cluster  = require "cluster"
local servers  = require "servers"
local services = require "services"

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

--- Has the step check kept who held them?
function holders.are_kept(move, service)
	return move.notes[note_of(service)] ~= nil
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

--- What was found on hosts, as above, is owed.  `mend`: see move:owe.
function holders.owe(move, list, mend)
	for _, one in ipairs(list) do
		move:owe(one.nodes, one.what, one.host, mend ~= nil, mend)
	end
end

--- Entries of nodes on hosts (host -> nodes) that are other than the tables have them, and
-- hosts that do not say: {{nodes =, what =, host =}, ...}.  `called`: what entries are called;
-- `what`: in words, with %s for the host.
function holders.differing(service, shares, called, what)
	local found, results = services.look(service, shares)
	local list = holders.silent(shares, found, results, called)
	for _, host in ipairs(holders.sorted(found)) do
		local wanted, other = services.text(service, host, shares[host]), {}
		for node, text in pairs(found[host]) do
			other[#other + 1] = wanted[node] and text ~= wanted[node] and node or nil
		end
		table.sort(other)
		if #other > 0 then
			list[#list + 1] = { nodes = other, what = what:format(host), host = host }
		end
	end
	return list
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

--- Each name of `hosts` (keys) -> the name by which `others` have the same host; or itself.
local function as_named_in(hosts, others)
	local names = {}
	for host in pairs(hosts) do
		names[host] = host
		for other in pairs(others[host] and {} or others) do
			if cluster.same(host, other) then
				names[host] = other
			end
		end
	end
	return names
end

local function set_of(nodes)
	local set = {}
	for _, node in ipairs(nodes) do
		set[node] = true
	end
	return set
end

--- What is in the first (host -> nodes) and not in the second.
function holders.no_more(before, now)
	local still, gone, named = {}, {}, as_named_in(before, now)
	for host, share in pairs(now) do
		still[host] = set_of(share)
	end
	for host, share in pairs(before) do
		local kept = still[named[host]] or {}
		for _, node in ipairs(share) do
			if not kept[node] then
				gone[host] = gone[host] or {}
				table.insert(gone[host], node)
			end
		end
	end
	return gone
end

--- Is there a holder beside the management node, with what all share?
function holders.are_own(shares)
	local master = cluster.site("master")
	for host in pairs(shares) do
		if not (master and cluster.same(host, master)) then
			return true
		end
	end
	return false
end

--- Services whose entries are files in a folder that all may share.
local FILES = { boot = true, autoinst = true }

--- What nodes may have been left with on the server that is named with -s, where they are on
-- their new one by the tables already: host -> nodes.  For what is taken away alone: what lies
-- there may be years old.
function holders.left_behind(move, nodes, service)
	local source, found = move.options.only and move.options.source, {}
	local shares = source and cluster.holders(nodes, service) or {}
	if not source or FILES[service] and not holders.are_own(shares) then
		return found
	end
	local lists, held = cluster.get(nodes, { "noderes.servicenode" }), {}
	for host, share in pairs(shares) do
		for _, node in ipairs(cluster.same(host, source) and share or {}) do
			held[node] = true
		end
	end
	for _, node in ipairs(nodes) do
		local new, old = move:new(node), move:old(node).sn
		if not held[node] and not servers.points_at(source, new) and
			servers.points_at(servers.first(lists[node]["noderes.servicenode"]), new) then
			found[old] = found[old] or {}
			table.insert(found[old], node)
		end
	end
	return (without_dead(move, found))
end

--- What they held before and hold no more, and what they were left with, without the dead:
-- host -> nodes.
function holders.given_up(move, nodes, service)
	local gone = holders.no_more(holders.before(move, nodes, service),
		cluster.holders(nodes, service))
	for host, share in pairs(holders.left_behind(move, nodes, service)) do
		gone[host] = table.move(share, 1, #share, #(gone[host] or {}) + 1, gone[host] or {})
	end
	return gone
end

--- Nodes that others hold than before, the dead included.
-- Without the step check nobody has kept who held them: then none do.
function holders.moved(move, nodes, service)
	local note = move.notes[note_of(service)]
	if not note then
		return {}
	end
	local held, now, found = holders.by_node(note), {}, {}
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

--- The other service nodes in the lists of nodes: they may have been left with what they held.
-- host -> nodes.
function holders.others(nodes, service)
	local lists, holds, found = cluster.get(nodes, { "noderes.servicenode" }), {}, {}
	local shares = cluster.holders(nodes, service)
	for host, share in pairs(shares) do
		for _, node in ipairs(share) do
			holds[node] = holds[node] or {}
			table.insert(holds[node], host)
		end
	end
	local same = {} -- names are few: each pair is compared once
	local function is_one(name, hosts)
		for _, host in ipairs(hosts or {}) do
			local key = name .. " " .. host
			if same[key] == nil then
				same[key] = cluster.same(name, host)
			end
			if same[key] then
				return true
			end
		end
		return false
	end
	for _, node in ipairs(nodes) do
		for _, name in ipairs(servers.elements(lists[node]["noderes.servicenode"] or "")) do
			if name ~= "" and cluster.address(name) and not is_one(name, holds[node]) then
				found[name] = found[name] or {}
				table.insert(found[name], node)
			end
		end
	end
	return found
end

--- Entries that are on hosts (host -> nodes) that hold them no more are owed; a host that does
-- not say is noted.  `mend`: the options that take them away, with %s for the host.
function holders.find_left(move, service, shares, what, mend)
	local _, silent = servers.answering(holders.sorted(shares))
	local asked = {}
	for host, nodes in pairs(shares) do
		asked[host] = not silent[host] and nodes or nil
	end
	local found, results = services.look(service, asked)
	for _, host in ipairs(holders.sorted(shares)) do
		local left, result = {}, results[host] or { message = "it does not answer" }
		for _, node in ipairs(found[host] and shares[host] or {}) do
			left[#left + 1] = found[host][node] and node or nil
		end
		if #left > 0 then
			-- Their own service node is left by no move.
			local is_theirs = servers.points_at(host, move:new(left[1]))
			move:owe(left, ("their %s is still there, and it does not hold it by the tables")
				:format(what), host, true, not is_theirs and mend:format(host) or nil)
		elseif not found[host] and result.error ~= "not written" then
			move:note(("nobody knows whether %s still has a %s of %s: %s"):format(host, what,
				cluster.fold(shares[host]), result.message or result.error or "it does not say"))
		end
	end
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
