--- Who leases the nodes their addresses: entries on all that hold them, and who answers.

local cluster  = require "cluster"
local services = require "services"
local answers  = require "answers"
local holders  = require "holders"
local own      = require "own"
local servers  = require "servers"
local tables   = require "tables"
local takeover = require "takeover"

local dhcp = {}

local OWN = takeover.own("dhcp") -- xCAT's makedhcp; nil: entries are ours to give

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

--- The nodes with MACs, and the others; neither has nodes of AIX.  Where the table mac has
-- nothing of any of them, DHCP is somebody else's matter.
local function known(nodes)
	local columns = servers.there { "mac.mac", "nodetype.os" }
	local parts = cluster.divide(nodes, columns, function(values)
		if not tables.is_aix(values["nodetype.os"]) then
			return (values["mac.mac"] or "") ~= ""
		end
	end)
	return parts[true] or {}, parts[false] or {}
end

dhcp.known = known

--- The cards of such nodes: node -> cards.
function dhcp.cards(nodes)
	local values, cards = cluster.get(nodes, servers.there { "mac.mac" }), {}
	for _, node in ipairs(nodes) do
		cards[node] = cards_of(node, values[node]["mac.mac"])
	end
	return cards
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
	local rows = tables.rows("networks")
	for _, group in ipairs(#rows > 0 and move:groups() or {}) do
		for network in pairs(group.old.sn and cluster.networks(group.nodes) or {}) do
			local row = tables.network_row(network, rows)
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
	if OWN then
		own.check(move, "dhcp", with)
		-- What it has done there is looked at: that has to be possible.
		check_servers(move, select(2, services.look("dhcp", shares)), shares)
	else
		local results = services.check("dhcp", shares)
		check_tables(move, results)
		check_servers(move, results, shares)
	end
	check_mentions(move, shares)
end

-- --- What is there ---------------------------------------------------------------------------

--- What is not as the tables have it: {{nodes =, what =, host =}, ...}.
local function differing(shares)
	return holders.differing("dhcp", shares, "DHCP entries",
		"their DHCP entry on %s is not as it was given")
end

local LEFT = "their DHCP entry is still on %s"

--- What is still where it was given up.
local function left(gone)
	local found, results = services.look("dhcp", gone)
	local list = holders.silent(gone, found, results, "DHCP entries")
	local there = holders.left(found, LEFT)
	return table.move(there, 1, #there, #list + 1, list)
end

-- --- The steps -------------------------------------------------------------------------------

local function give_words(range)
	return { "makedhcp", range }
end

local function take_words(range)
	return { "makedhcp", "-d", range }
end

--- Who gives up what, by the rows as they are.
function dhcp.given_up(move)
	return holders.given_up(move, (known(move.nodes)), "dhcp")
end

--- Nodes that get other holders, likewise; that counts for makedhcp alone.
function dhcp.moved(move)
	return OWN and holders.moved(move, (known(move.nodes)), "dhcp") or {}
end

--- makedhcp asks the rows who has them, so it is run before these are written; and in an undo
-- after they have gone back.  What is taken from is `gone`; `moved`: nodes with other holders.
local function release_own(move, gone, moved)
	-- Where the rows do not change, it would take the entries that are right.
	services.release("dhcp", holders.without(gone, moved))
	gone = holders.without(gone, holders.minus(holders.nodes_of(gone), moved))
	local nodes = holders.nodes_of(gone)
	if #nodes > 0 then
		own.note(move, "release of DHCP", nodes, own.run(move, "makedhcp -d", nodes, {
			words = take_words, back = give_words,
			look = function() return left(gone) end,
			again = function() services.release("dhcp", gone) end }))
	end
	own.only_back(holders.minus(moved, nodes), { back = give_words })
end

--- The old ones give up what they do not hold any more: host -> nodes.
function dhcp.release(move, gone, moved)
	if OWN then
		release_own(move, gone, moved)
	elseif move.mode ~= "dead" then
		services.release("dhcp", gone)
	end
end

local GIVEN = "DHCP given to"

--- Those that have other holders now are taken from these before the rows go back; the others
-- get what the rows say then.
local function give_own(move, with, shares)
	local moved = holders.moved(move, with, "dhcp")
	local stay = holders.minus(with, moved)
	local of_moved, of_stay = holders.without(shares, stay), holders.without(shares, moved)
	holders.note(move, GIVEN, shares)
	local owed = {}
	if #moved > 0 then
		owed = own.run(move, "makedhcp moved", moved, { words = give_words, back = take_words,
			look = function() return differing(of_moved) end })
	end
	if #stay > 0 then
		local more = own.run(move, "makedhcp", stay, { words = give_words, back = give_words,
			last = true, look = function() return differing(of_stay) end })
		for node in pairs(more) do
			owed[node] = true
		end
	end
	own.note(move, "dhcp", with, owed)
	return owed
end

--- Every holder has the entries; gives the set of the nodes that have not.
local function give(move, with, shares)
	if OWN then
		return give_own(move, with, shares)
	end
	local results, refused = services.give("dhcp", shares), {}
	for host, result in pairs(not move.planning and results or {}) do
		refused[#refused + 1] = result.error and host
	end
	if not move.planning then
		move.notes["DHCP not given"] = table.concat(refused, " ")
	end
	return {}
end

--- Every holder has the entries, and the new service node answers.
function dhcp.give(move)
	local with = known(move.nodes)
	local owed = give(move, with, holders.now(move, with, "dhcp"))
	if move.planning then
		return
	end
	for _, group in ipairs(move:groups()) do
		local asked = {}
		for _, node in ipairs((known(group.nodes))) do
			asked[#asked + 1] = not owed[node] and node or nil
		end
		if #asked > 0 then
			answers(move, group.new.sn, asked, dhcp.cards(asked), group.new)
		end
	end
end

--- Entries are on exactly their holders, as they shall be.
function dhcp.verify(move)
	if move.planning then
		return
	end
	local seen = own.without_owed(move, "release of DHCP", (known(move.nodes)))
	holders.owe(move, left(holders.given_up(move, seen, "dhcp")))
	local shares = holders.now(move, own.without_owed(move, "dhcp", (known(move.nodes))), "dhcp")
	for host in (move.notes["DHCP not given"] or ""):gmatch("%S+") do
		shares[host] = nil -- that is owed already
	end
	holders.owe(move, differing(shares))
end

--- What makedhcp has left of nodes that an undo has taken back; where only some of many have
-- gone back, it was not run at all.
function dhcp.finished(move)
	local nodes = OWN and move.notes[GIVEN] and known(move.undone) or {}
	if #nodes == 0 then
		return
	end
	local shares = cluster.holders(nodes, "dhcp")
	local gone = holders.no_more(holders.recalled(move, GIVEN, nodes), shares)
	own.finish(move, "dhcp", { words = give_words,
		look = function() return differing(shares) end,
		left = function() return holders.there((services.look("dhcp", gone))) end })
end

-- --- A service node that is back -------------------------------------------------------------

--- Nodes without MACs have no entry to be made; nodes that are in no table any more, none at
-- all.
local function with_macs(move)
	local there, gone = cluster.noderange(cluster.fold(move.nodes))
	local with = known(there)
	return with, gone, dhcp.cards(with)
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
	holders.owe(move, differing { [sn] = holds })
	holders.owe(move, holders.left(services.look("dhcp", { [sn] = others }), LEFT))
end

return dhcp
