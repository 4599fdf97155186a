--- Who leases the nodes their addresses: entries on all that hold them, and who answers.

local cluster  = require "cluster"
local remote   = require "remote"
local services = require "services"
local answers  = require "answers"
local holders  = require "holders"
local servers  = require "servers"

local dhcp = {}

--- The cards of a node that a server answers, {mac =, name =}, by mac.mac:
-- "MAC!NAME|MAC!*NOIP*".
local function cards_of(node, value)
	local cards = {}
	for element in (value or ""):gmatch("[^|]+") do
		local mac, name = element:match("^%s*([^!%s]+)!?(%S*)")
		if mac and not name:find("^%*NOIP%*") then
			cards[#cards + 1] = { mac = mac:lower(), name = name ~= "" and name or node }
		end
	end
	return cards
end

--- The nodes with MACs, the others, and node -> cards.  Where the table mac has nothing of any
-- of them, DHCP is somebody else's matter.
local function known(nodes)
	local there, values = pcall(cluster.get, nodes, { "mac.mac" })
	local with, without, cards = {}, {}, {}
	for _, node in ipairs(nodes) do
		if there and (values[node]["mac.mac"] or "") ~= "" then
			with[#with + 1] = node
			cards[node] = cards_of(node, values[node]["mac.mac"])
		else
			without[#without + 1] = node
		end
	end
	return with, without, cards
end

--- A step of DHCP has something to do.
function dhcp.concerns(move)
	return #known(move.nodes) > 0
end

-- --- Before anything is changed --------------------------------------------------------------

local function check_tables(move, results)
	local told = {}
	for _, host in ipairs(holders.sorted(results)) do
		for _, problem in ipairs(results[host].problems) do
			if not told[problem.text] then
				told[problem.text] = true
				move:problem("dhcp", problem.nodes, problem.text, problem.left_out and
					"an entry that a DHCP server takes; forced, they get none" or
					"an entry that says what they boot")
			end
		end
	end
end

--- What the new service nodes say keeps the nodes where they are; of others it is owed later.
local function check_servers(move, results, shares, sn)
	local new = { [sn or ""] = true }
	for _, group in ipairs(move:groups()) do
		new[group.new.sn] = true
	end
	for _, host in ipairs(holders.sorted(results)) do
		local result = results[host]
		local said = (result.stdout:gsub("%s+", " ")):sub(1, 400)
		local what = ("%s: %s%s"):format(host, result.message or result.error or "",
			said ~= "" and ": " .. said or "")
		if not result.error then
			goto next
		elseif not new[host] then
			move:note("DHCP on " .. what .. ": what it cannot be given will be owed")
		elseif result.error == "not written" or result.error == "check failed" then
			move:problem("dhcp", shares[host], what,
				"a DHCP server there that takes their entries: nothing was changed on it")
		end
		::next::
	end
end

--- What a lease sends its client to: options that it keeps, in dhcpd's words and in Kea's.
local function leads_somewhere(line)
	return line:find("routers", 1, true) or line:find("%-servers?%f[%W]") or
		line:find('"data"', 1, true)
end

--- A client that renews its lease gets these from its new server.
local function check_mentions(move, shares)
	local asked = {}
	for _, group in ipairs(move:groups()) do
		for host in pairs(group.old.sn and shares or {}) do
			if not servers.points_at(host, group.old) then
				asked[host] = servers.names(group.old)
			end
		end
	end
	local found = services.mentions("dhcp", asked)
	for _, host in ipairs(holders.sorted(found)) do
		for _, line in ipairs(found[host]) do
			if leads_somewhere(line) then
				move:problem("dhcp", nil, host .. ": " .. line .. " (the old service node)",
					"no line there that sends the nodes back to it")
			else
				move:note("the old service node is named on " .. host .. ": " .. line)
			end
		end
	end
end

--- How many nodes of a network do not move.
local function stay_in(network, moving)
	local all, mine, count = cluster.networks((cluster.noderange("/.*"))), {}, 0
	for _, node in ipairs(moving) do
		mine[node] = true
	end
	for _, node in ipairs(all[network] or {}) do
		count = count + (mine[node] and 0 or 1)
	end
	return count
end

--- The row of a network, as cluster.networks names it.
local function row_of(network, rows)
	for _, row in ipairs(rows) do
		if network:match("^[^/]+") == row.net then
			return row
		end
	end
end

--- A server that is named in the row of the nodes' network is the only one there.
local function check_network(move, group, network, row)
	local name = row.netname or row.net
	for _, column in ipairs { "dhcpserver", "tftpserver" } do
		local value = row[column]
		if value and value ~= "" and servers.points_at(value, group.old) then
			move:problem("role", nil, ("networks.%s of %s is '%s', the old service node"):format(
				column, name, value),
				("chdef -t network -o %s %s=%s; that counts for the %d other nodes of it, too")
				:format(name, column, column == "dhcpserver" and group.new.sn or group.new.snn,
				stay_in(network, move.nodes)))
		end
	end
end

local function check_networks(move)
	local there, rows = pcall(cluster.rows, "networks")
	for _, group in ipairs(there and move:groups() or {}) do
		for network in pairs(group.old.sn and cluster.networks(group.nodes) or {}) do
			local row = row_of(network, rows)
			if row then
				check_network(move, group, network, row)
			end
		end
	end
end

--- Rows as they are now.
function dhcp.before(move)
	local with = known(move.nodes)
	if #with > 0 then
		holders.keep(move, with, "dhcp")
		check_networks(move)
	end
end

--- Rows as they will be.
function dhcp.check(move)
	local with, without = known(move.nodes)
	if #with == 0 then
		return
	end
	if #without > 0 then
		move:problem("dhcp", without, "no MAC in the table mac", "mac.mac of each: getmacs, or " ..
			"chdef NODE mac=MAC; forced, their DHCP entries stay as they are")
	end
	local shares = holders.now(move, with, "dhcp")
	local results = services.check("dhcp", shares)
	check_tables(move, results)
	check_servers(move, results, shares)
	check_mentions(move, shares)
end

-- --- The steps -------------------------------------------------------------------------------

--- The old ones give up what they do not hold any more.
function dhcp.release(move)
	services.release("dhcp", holders.given_up(move, (known(move.nodes)), "dhcp"))
end

--- Every holder has the entries, and the new service node answers.
function dhcp.give(move)
	local with, _, cards = known(move.nodes)
	local shares = holders.now(move, with, "dhcp")
	local results, refused = services.give("dhcp", shares), {}
	if move.planning then
		return
	end
	for host, result in pairs(results) do
		refused[#refused + 1] = result.error and host
	end
	move.notes["DHCP not given"] = table.concat(refused, " ")
	for _, group in ipairs(move:groups()) do
		local asked = known(group.nodes)
		if #asked > 0 then
			answers(move, group.new.sn, asked, cards, group.new)
		end
	end
end

--- What is on hosts is as it was given there.
local function compare(move, shares)
	local found = services.look("dhcp", shares)
	for _, host in ipairs(holders.sorted(found)) do
		local wanted, other = services.text("dhcp", host, shares[host]), {}
		for node, text in pairs(found[host]) do
			if wanted[node] and text ~= wanted[node] then
				other[#other + 1] = node
			end
		end
		if #other > 0 then
			move:owe(other, "their DHCP entry on " .. host .. " is not as it was given", host)
		end
	end
end

--- Entries are on exactly their holders, as they shall be.
function dhcp.verify(move)
	local shares = holders.now(move, (known(move.nodes)), "dhcp")
	for host in (move.notes["DHCP not given"] or ""):gmatch("%S+") do
		shares[host] = nil -- that is owed already
	end
	compare(move, shares)
end

-- --- Servers and the wire beside the tables --------------------------------------------------

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
		move:owe(nodes, what, host)
	end
	if not few then
		local all = {}
		for _, nodes in pairs(others) do
			table.move(nodes, 1, #nodes, #all + 1, all)
		end
		move:owe(all, "their DHCP entries there are not what the tables say", host)
	end
end

--- Of one host; `found` is what it has.
local function compare_host(move, host, nodes, found)
	local wanted, missing, others, count = services.text("dhcp", host, nodes), {}, {}, 0
	for _, node in ipairs(nodes) do
		if not found[node] then
			missing[#missing + 1] = node
		elseif found[node] ~= wanted[node] then
			local what = first_difference(node, found[node], wanted[node] or "")
			count = count + (others[what] and 0 or 1)
			others[what] = others[what] or {}
			table.insert(others[what], node)
		end
	end
	if #missing > 0 then
		move:owe(missing, "it has no DHCP entry of them, and should by the tables", host)
	end
	tell_others(move, host, others, count)
end

--- Entries as they are on their holders; gives the hosts that can be asked: also those where no
-- server runs.
local function compare_entries(move, shares)
	local found, results = services.look("dhcp", shares)
	local there = {}
	for _, host in ipairs(sorted(results)) do
		local result = results[host]
		if found[host] or result.error == "not written" then
			there[#there + 1] = host
		end
		if not found[host] then
			move:owe(shares[host], "its DHCP entries cannot be read: " ..
				(result.message or result.error or "status " .. result.status), host)
		end
	end
	for _, host in ipairs(sorted(found)) do
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
		for _, mac in ipairs(sorted(offers)) do
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
		for _, words in ipairs(sorted(said)) do
			local one = said[words]
			move:note(cluster.fold(one.nodes) .. ": " .. words)
			if one.offer.file and one.offer.next_server and asked.host_at[one.offer.server] then
				fetch(move, from, one.offer, one.nodes)
			end
		end
	end
end

--- What differs from the tables is owed, the rest is noted.  Nodes are asked for from one of
-- their holders, which is on their link.
function dhcp.explain(move)
	local with, without, cards = known(move.nodes)
	local shares, asked = cluster.holders(with, "dhcp"), {}
	if #without > 0 then
		move:note("nobody was asked about the DHCP of " .. cluster.fold(without) ..
			": no MAC in the table mac")
	end
	for _, host in ipairs(#with > 0 and compare_entries(move, shares) or {}) do
		local rest = {}
		for _, node in ipairs(shares[host]) do
			rest[#rest + 1] = not asked[node] and node or nil
			asked[node] = true
		end
		if #rest > 0 then
			answers(move, host, rest, cards, nil, hear(move, host))
		end
	end
end

-- --- A service node that is back -------------------------------------------------------------

--- Nodes without MACs have no entry to be made; nodes that are in no table any more, none at
-- all.
local function with_macs(move)
	local there, gone = cluster.noderange(cluster.fold(move.nodes))
	local with, _, cards = known(there)
	return with, gone, cards
end

function dhcp.check_back(move, sn)
	local holds = holders.today(sn, (with_macs(move)), "dhcp")
	local shares = #holds > 0 and { [sn] = holds } or {}
	local results = services.check("dhcp", shares)
	check_tables(move, results)
	check_servers(move, results, shares, sn)
end

--- What it does not hold any more goes first: until then it answers with what was.
function dhcp.give_back(move, sn)
	local with, gone, cards = with_macs(move)
	local holds, others = holders.today(sn, with, "dhcp")
	services.release("dhcp", { [sn] = table.move(gone, 1, #gone, #others + 1, others) })
	services.give("dhcp", { [sn] = holds })
	if not move.planning and #with > 0 then
		answers(move, sn, with, cards)
	end
end

function dhcp.verify_back(move, sn)
	local with = with_macs(move)
	local holds, others = holders.today(sn, with, "dhcp")
	compare(move, { [sn] = holds })
	local left = {}
	for node, text in pairs(services.look("dhcp", { [sn] = others })[sn] or {}) do
		left[#left + 1] = text and node or nil
	end
	if #left > 0 then
		move:owe(left, "their DHCP entry is still on " .. sn, sn)
	end
end

return dhcp
