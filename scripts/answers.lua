--- Who answers the DHCP of nodes, asked on their own links: only who holds their entries may,
-- and has to name the right server.

local cluster = require "cluster"
local remote  = require "remote"
local servers = require "servers"

local function sorted(of)
	local names = {}
	for name in pairs(of) do
		names[#names + 1] = name
	end
	table.sort(names)
	return names
end

--- Is there an offer of a server that nobody knows?
local function has_stranger(offers, host_at)
	for _, list in pairs(offers) do
		for _, offer in ipairs(list) do
			if not host_at[offer.server] then
				return true
			end
		end
	end
	return false
end

--- The other service nodes in the nodes' lists: one of them may go on to answer.
local function others(nodes, shares)
	local lists, names = cluster.get(nodes, { "noderes.servicenode" }), {}
	for _, node in ipairs(nodes) do
		for _, name in ipairs(servers.elements(lists[node]["noderes.servicenode"] or "")) do
			names[name] = shares[name] == nil and name ~= "" or nil
		end
	end
	return sorted(names)
end

--- The server that each node is to boot from, as DHCP says it; nothing: the one that answers.
local function next_servers(nodes)
	local values, found = cluster.get(nodes, { "noderes.tftpserver", "noderes.xcatmaster" }), {}
	for _, node in ipairs(nodes) do
		local server = values[node]["noderes.tftpserver"] or values[node]["noderes.xcatmaster"]
		found[node] = server and cluster.address(server)
	end
	return found
end

--- host -> the set of nodes that it holds
local function holds_of(shares)
	local holds = {}
	for host, nodes in pairs(shares) do
		holds[host] = {}
		for _, node in ipairs(nodes) do
			holds[host][node] = true
		end
	end
	return holds
end

--- What an offer to a MAC says that it should not, the host that it is of, and the options that
-- mend it, if any do; nil: it is as it should be.
local function wrong(offer, mac, asked)
	local server, node = offer.server or offer.sender, asked.node_of[mac]
	local host, wanted = asked.host_at[offer.server], asked.next_servers[node]
	if not host then
		return server .. " answers their DHCP, and is none of their DHCP servers"
	elseif not (asked.holds[host] and asked.holds[host][node]) then
		return ("%s (%s) answers their DHCP, and does not hold it by the tables"):format(host,
			server), host, ("-s %s --only release,dhcp"):format(host)
	elseif wanted and offer.next_server ~= wanted then
		return ("%s (%s) answers their DHCP with next-server %s, and not %s"):format(host, server,
			offer.next_server or "none", wanted), host, "--only dhcp"
	elseif asked.address_of[mac] and offer.address ~= asked.address_of[mac] then
		return ("%s (%s) offers an address that is not theirs: has it another entry with their MAC?")
			:format(host, server), host
	end
end

--- What is heard is owed, where it is not as it should be.
local function judge(move, sn, offers, asked, answering, heard)
	local found, mends = {}, {} -- host -> what -> {node = true}; what -> options
	local function tell(host, what, node, mend)
		mends[what] = mend
		found[host] = found[host] or {}
		found[host][what] = found[host][what] or {}
		found[host][what][node] = true
	end
	for mac, list in pairs(offers) do
		local node, answered = asked.node_of[mac], not answering
		for _, offer in ipairs(list) do
			local what, host, mend = wrong(offer, mac, asked)
			if what then
				-- Their own service node is left by no move.
				if mend and mend:find("^%-s") and servers.points_at(host, move:new(node)) then
					mend = nil
				end
				tell(host or sn, what, node, mend)
			else
				asked.servers[offer.server] = true
				answered = answered or servers.points_at(asked.host_at[offer.server], answering)
			end
		end
		if not answered then
			tell(sn, answering.sn .. " does not answer their DHCP", node)
		end
	end
	if heard then
		heard(offers, asked, tell)
	end
	for _, host in ipairs(sorted(found)) do
		for _, what in ipairs(sorted(found[host])) do
			move:owe(sorted(found[host][what]), what, host, true, mends[what])
			for node in pairs(found[host][what]) do
				asked.wrong[node] = true
			end
		end
	end
end

--- The MACs of one network: `asked` gets whose they are, and what is leased to them.
local function macs_of(nodes, cards, asked)
	local list, names = {}, {}
	for _, node in ipairs(nodes) do
		for _, card in ipairs(cards[node] or {}) do
			list[#list + 1] = card.mac
			names[#names + 1] = card.name
			asked.node_of[card.mac] = node
		end
	end
	local addresses = cluster.addresses(names)
	for i, mac in ipairs(list) do
		asked.address_of[mac] = addresses[names[i]]
	end
	return list
end

--- On no link that anybody knows: nobody can say who answers them.
local function tell_unprobed(move, nodes, asked, answering)
	local rest = {}
	for _, node in ipairs(nodes) do
		rest[#rest + 1] = not asked.probed[node] and node or nil
		asked.wrong[node] = asked.wrong[node] or answering and not asked.probed[node]
	end
	local what = "nobody could ask who answers their DHCP: they are in no network of the table"
	if #rest > 0 and answering then
		move:owe(rest, what, nil, true)
	elseif #rest > 0 then
		move:note(cluster.fold(rest) .. ": " .. what)
	end
end

--- Asked from the host `sn`, for all MACs (node -> cards: {mac =, name =}) of the nodes.
-- `answering` ({sn =, snn =}, or nil) has to be among those that answer.  `heard`, or nil, is
-- called with the offers, what was asked, and `tell` (host, what, node) for what it finds.
-- Gives the set of nodes that are not answered as they should be, and that of the addresses by
-- which servers answer as they should.
return function(move, sn, nodes, cards, answering, heard)
	local shares = cluster.holders(nodes, "dhcp")
	local asked = { host_at = {}, node_of = {}, address_of = {}, holds = holds_of(shares),
		next_servers = next_servers(nodes), wrong = {}, servers = {}, probed = {} }
	-- A server answers with the address that it has on the nodes' link.
	servers.add_addresses(asked.host_at, sorted(shares))
	for network, there in pairs(cluster.networks(nodes)) do
		local list = macs_of(there, cards, asked)
		local result = remote.probe(sn, "dhcp", list, { network = network })[sn]
		if not result.offers then
			move:owe(there, "nobody knows who answers their DHCP: " .. (result.message or
				result.error or (result.stderr:gsub("%s+$", ""))), sn, true)
			for _, node in ipairs(there) do
				asked.wrong[node] = true
			end
		else
			if has_stranger(result.offers, asked.host_at) then
				servers.add_addresses(asked.host_at, others(there, shares))
			end
			judge(move, sn, result.offers, asked, answering, heard)
		end
		for _, node in ipairs(there) do
			asked.probed[node] = true
		end
		for mac, why in pairs(result.unprobed or {}) do
			move:note(("nobody asked who answers DHCP for %s of %s: %s"):format(mac,
				asked.node_of[mac], why))
		end
	end
	tell_unprobed(move, nodes, asked, answering)
	return asked.wrong, asked.servers
end
