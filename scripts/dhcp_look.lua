--- Who answers the DHCP of nodes, beside the tables: the entries of all that hold them, what is
-- left on others, and what is heard on the wire.

local cluster  = require "cluster"
local remote   = require "remote"
local services = require "services"
local answers  = require "answers"
local dhcp     = require "dhcp"
local holders  = require "holders"
local servers  = require "servers"

local MEND = "--only dhcp" -- options that give the entries again

--- A name with what is magic in patterns quoted.
local function plainly(name)
	return (name:gsub("%p", "%%%0"))
end

--- The first statement of each that the other one has not there, with NODE for the node.
local function first_difference(node, text, wanted)
	local theirs, ours = text:gmatch("[^\n;]+"), wanted:gmatch("[^\n;]+")
	local a, b = theirs(), ours()
	while a and a == b do
		a, b = theirs(), ours()
	end
	local function words(statement)
		local plain = statement and statement:match("^%s*(.-)%s*$"):gsub(plainly(node), "NODE")
		return plain and "'" .. plain .. "'" or "nothing"
	end
	return "their DHCP entry there has " .. words(a) .. ", and not " .. words(b)
end

--- Entries that are other than they should be, by what differs; where that is another thing
-- in each, it is not said.
local function tell_others(move, host, others, count)
	local few = count <= 3
	for what, nodes in pairs(few and others or {}) do
		move:owe(nodes, what, host, true, MEND)
	end
	if not few then
		local all = {}
		for _, nodes in pairs(others) do
			table.move(nodes, 1, #nodes, #all + 1, all)
		end
		move:owe(all, "their DHCP entries there are not what the tables say", host, true,
			MEND)
	end
end

--- Of one host; `found` is what it has.
local function compare_host(move, host, nodes, found)
	local wanted, missing, others, count = services.text("dhcp", host, nodes), {}, {}, 0
	local none = {}
	for _, node in ipairs(nodes) do
		if not wanted[node] then
			none[#none + 1] = node
		elseif not found[node] then
			missing[#missing + 1] = node
		elseif found[node] ~= wanted[node] then
			local what = first_difference(node, found[node], wanted[node])
			count = count + (others[what] and 0 or 1)
			others[what] = others[what] or {}
			table.insert(others[what], node)
		end
	end
	if #none > 0 then
		move:note(("the tables give no DHCP entry to %s: snmove --check tells why"):format(
			cluster.fold(none)))
	end
	if #missing > 0 then
		move:owe(missing, "it has no DHCP entry of them, and should by the tables", host, true, MEND)
	end
	tell_others(move, host, others, count)
end

--- Entries as they are on their holders; gives the hosts that can be asked: also those where no
-- server runs.
local function compare_entries(move, shares)
	local found, results = services.look("dhcp", shares)
	local there = {}
	for _, host in ipairs(holders.sorted(results)) do
		local result = results[host]
		if found[host] or result.error == "not written" then
			there[#there + 1] = host
		end
		if not found[host] then
			move:owe(shares[host], "its DHCP entries cannot be read: " ..
				(result.message or result.error or "status " .. result.status), host)
		end
	end
	for _, host in ipairs(holders.sorted(found)) do
		compare_host(move, host, shares[host], found[host])
	end
	return there
end

--- Is what an offer names there?  One node stands for all whose files have the like names.
local function fetch(move, from, offer, nodes)
	local kind = offer.file:find("^http://") and "http" or "tftp"
	local target = kind == "http" and offer.file or
		offer.next_server .. "/" .. offer.file:gsub("^/", "")
	local result = remote.probe(from, kind, target)[from]
	if result.error or result.status == 127 then
		move:note(("%s could not fetch %s: %s"):format(from, target, result.message or "no curl"))
	elseif result.status ~= 0 then
		move:owe(nodes, ("%s gives %s no file %s by %s"):format(offer.next_server or "its URL", from,
			offer.file, kind:upper()))
	end
end

--- What answers, in words: the same for nodes whose files differ only by their names.
local function offer_words(offer, node, asked)
	local host = asked.host_at[offer.server]
	local file = offer.file and offer.file:gsub(plainly(node), "NODE")
	return ("%s answers, with next-server %s and %s"):format(
		host and ("%s (%s)"):format(host, offer.server) or offer.server or offer.sender,
		offer.next_server or "none", file and "file " .. file or "no file")
end

--- Every holder has to answer; what they say is noted, and what they name has to be there.
local function hear(move, from)
	return function(offers, asked, tell)
		local said = {}
		for _, mac in ipairs(holders.sorted(offers)) do
			local node, silent = asked.node_of[mac], {}
			for host, holds in pairs(asked.holds) do
				silent[host] = holds[node]
			end
			for _, offer in ipairs(offers[mac]) do
				local words = offer_words(offer, node, asked)
				said[words] = said[words] or { offer = offer, nodes = {} }
				table.insert(said[words].nodes, node)
				silent[asked.host_at[offer.server] or ""] = nil
			end
			for host in pairs(silent) do
				tell(host, "it does not answer their DHCP, and should by the tables", node)
			end
		end
		for _, words in ipairs(holders.sorted(said)) do
			local one = said[words]
			move:note(cluster.fold(one.nodes) .. ": " .. words)
			if one.offer.file and one.offer.next_server and asked.host_at[one.offer.server] then
				fetch(move, from, one.offer, one.nodes)
			end
		end
	end
end

--- Nodes by the host that they are asked for from: their own service node, which is on their
-- link, or else another one of their holders.  `there`: hosts that can be asked.
local function askers(move, there, shares)
	local by, asked = {}, {}
	local function add(node, host)
		if not asked[node] then
			asked[node] = true
			by[host] = by[host] or {}
			table.insert(by[host], node)
		end
	end
	for _, own in ipairs { true, false } do
		for _, host in ipairs(there) do
			for _, node in ipairs(shares[host]) do
				if not own or servers.points_at(host, move:new(node)) then
					add(node, host)
				end
			end
		end
	end
	return by
end

--- What differs from the tables is owed, the rest is noted.  Gives the nodes that nobody was
-- asked about.
return function(move)
	local with, without = dhcp.known(move.nodes)
	local cards = dhcp.cards(with)
	local shares = cluster.holders(with, "dhcp")
	if #without > 0 then
		move:note("nobody was asked about the DHCP of " .. cluster.fold(without) ..
			": no MAC in the table mac")
	end
	local by = askers(move, #with > 0 and compare_entries(move, shares) or {}, shares)
	for _, host in ipairs(holders.sorted(by)) do
		answers(move, host, by[host], cards, nil, hear(move, host))
	end
	holders.find_left(move, "dhcp", #with > 0 and holders.others(with, "dhcp") or {}, "DHCP entry",
		"-s %s --only release,dhcp")
	return without
end
