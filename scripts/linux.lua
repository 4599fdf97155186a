--- The takeover of Linux nodes: who serves them, step by step.
--
-- This is the default procedure; a site that lives otherwise copies it and names its own with
-- --script.  Every step is a few calls: what they change is shown by --plan, and the rows of
-- joined steps are written together or not at all.

local cluster   = require "cluster"
local takeover  = require "takeover"
local remote    = require "remote"
local boot      = require "boot"
local console   = require "console"
local dhcp      = require "dhcp"
local leftovers = require "leftovers"
local listeners = require "listeners"
local nodes     = require "nodes"
local reach     = require "reach"
local servers   = require "servers"

local elements, first, points_at = servers.elements, servers.first, servers.points_at

--- Nodes of which `look` says the same thing (see move:divide), in one problem.
local function problems(move, check, wanted, column, look)
	local parts, order = move:divide({ column }, function(values, old, new)
		return look(values[column], old, new) or nil
	end)
	for _, what in ipairs(order) do
		move:problem(check, parts[what], what, wanted)
	end
end

--- The seed: takeover works only when there is a service node pool, both sn1 and sn2 are in
-- it and sn1 is the first one, and noderes.xcatmaster is not blank.
local function look_at_pool(list, old, new)
	if not list then
		return "noderes.servicenode is blank"
	end
	local in_pool, to = false, { sn = new }
	for _, element in ipairs(elements(list)) do
		in_pool = in_pool or points_at(element, to)
	end
	if not in_pool then
		return "noderes.servicenode is '" .. list .. "', without " .. new
	elseif not points_at(first(list), { sn = old or "" }) then
		return "noderes.servicenode is '" .. list .. "', and does not begin with " .. (old or "")
	end
	return false
end

--- Single steps are for nodes that are on the new one already, too: -s says then where they may
-- have been left.
local function is_there(move, list, new)
	return move.options.only and points_at(first(list or ""), { sn = new.sn })
end

local function check_owner(move)
	local source = move.options.source
	if not source then
		return
	end
	problems(move, "owner", "nodes of the service node named with -s", "noderes.servicenode",
		function(list, _, new)
			return list and not points_at(first(list), { sn = source }) and
				not is_there(move, list, new) and "their service node is '" .. first(list) .. "'"
		end)
end

local function check_pool(move)
	problems(move, "pool", "a list with the old service node first, and the new one in it",
		"noderes.servicenode", function(list, old, new)
			return not is_there(move, list, new) and look_at_pool(list, old.sn, new.sn)
		end)
end

local function check_xcatmaster(move)
	problems(move, "xcatmaster", "the old service node as the nodes know it (forced: the nodes " ..
		"get the new one, and no other server of the pool may answer them any more)",
		"noderes.xcatmaster", function(name)
			return not name and "noderes.xcatmaster is blank"
		end)
end

--- Nodes without an address; where the hosts table has a value that is none, it is shown.
local function check_unknown(move, unknown)
	local has_table, values = pcall(cluster.get, unknown, { "hosts.ip" })
	local none, malformed, shown = {}, {}, nil
	for _, node in ipairs(unknown) do
		local ip = has_table and values[node]["hosts.ip"]
		if ip and ip ~= node then
			malformed[#malformed + 1] = node
			shown = shown or ip
		else
			none[#none + 1] = node
		end
	end
	if #malformed > 0 then
		local whose = #malformed > 1 and " (of " .. malformed[1] .. ")" or ""
		move:problem("names", malformed, ("hosts.ip is '%s'%s, and that is no address"):format(shown,
			whose), "an address without leading zeros, as 10.2.1.10")
	end
	if #none > 0 then
		move:problem("names", none, "no address in the hosts file, the hosts table or the resolver",
			"an address: put the nodes into the hosts table, or run makehosts")
	end
end

--- What is meant for a node would be run on the management node.
local function check_elsewhere(move, addresses)
	local here = cluster.own(move.nodes)
	if #here > 0 then
		local whose = #here > 1 and " of " .. here[1] or ""
		move:problem("names", here, ("the address (%s%s) is this machine's or a loopback address")
			:format(addresses[here[1]], whose),
			"addresses of the nodes themselves: look into the hosts file and the hosts table")
	end
end

--- Gives the addresses of the nodes.
local function check_names(move)
	local addresses, unknown = cluster.addresses(move.nodes)
	if #unknown > 0 then
		check_unknown(move, unknown)
	end
	check_elsewhere(move, addresses)
	local asked = {}
	for _, group in ipairs(move:groups()) do
		local new = group.new
		if not asked[new] then
			asked[new] = true
			for _, name in ipairs { new.sn, new.snn } do
				local address, message = cluster.address(name)
				if not address then
					move:problem("names", nil, message, "a new service node that has an address")
				end
			end
		end
	end
	return addresses
end

--- Rows, consoles and all that is shared lie on the management node.
local function check_here(move)
	local master = cluster.site("master")
	if master and not remote.is_local(master) then
		local has = table.concat(cluster.interfaces(), ", ")
		move:problem("mn", nil, "this host has no address of site.master (" .. master ..
			"): its own are " .. (has ~= "" and has or "none"),
			"the command on the management node")
	end
end

--- With --only and the steps of the tables alone nothing but tables is looked at.
local row_steps = { rows = true, check = true, servicenode = true, xcatmaster = true,
	servers = true }
local function rows_only(move)
	for _, step in ipairs(elements(move.options.only or "verify")) do
		if not row_steps[step] then
			return false
		end
	end
	return true
end

--- The list with the new service node in front, and the old one where --old says.
local function new_list(list, old, new, place)
	local front, last, from, to = { new }, {}, { sn = old }, { sn = new }
	for _, element in ipairs(elements(list)) do
		if element ~= new and not points_at(element, to) then
			local is_old = place ~= "keep" and points_at(element, from)
			if not is_old then
				front[#front + 1] = element
			elseif place == "last" then
				last[#last + 1] = element
			end
		end
	end
	return table.concat(table.move(last, 1, #last, #front + 1, front), ",")
end

--- Top down: the new service node is the first of the list, the rest keep their order.
local function servicenode(move)
	local column, place = "noderes.servicenode", move.options.old or "keep"
	move:set({ column }, function(values, old, new)
		return { [column] = new_list(values[column], old.sn, new.sn, place) }
	end)
end

--- Bottom up: the same server, as the nodes know it.
local function xcatmaster(move)
	move:set({ "noderes.xcatmaster" }, function(_, _, new)
		return { ["noderes.xcatmaster"] = new.snn }
	end)
end

--- monserver is a pair: the server as the management node and as the nodes know it.  Is it the
-- old one, and a pair indeed?
local function look_at_monserver(value, old)
	local pair = elements(value)
	local is_old = value and points_at(pair[1], old)
	return is_old, is_old and (pair[2] or "") ~= ""
end

--- What other services get, where they point at the old service node in any spelling.
local function other_values(has, old, new)
	local wanted = {}
	for column, name in pairs { ["noderes.tftpserver"] = new.snn, ["noderes.nfsserver"] = new.snn,
		["nodehm.conserver"] = new.sn } do
		wanted[column] = has[column] and points_at(has[column], old) and name or nil
	end
	local _, is_pair = look_at_monserver(has["noderes.monserver"], old)
	wanted["noderes.monserver"] = is_pair and new.sn .. "," .. new.snn or nil
	return wanted
end

--- Sets them.  Gives the nodes whose monserver is no pair.
local function set_servers(move)
	local parts = move:divide({ "noderes.monserver" }, function(has, old)
		local is_old, is_pair = look_at_monserver(has["noderes.monserver"], old)
		return is_old and not is_pair or nil
	end)
	move:set({ "noderes.tftpserver", "noderes.nfsserver", "noderes.monserver",
		"nodehm.conserver" }, other_values)
	return parts[true] or {}
end

local function other_servers(move)
	local single = set_servers(move)
	if #single > 0 then
		move:note("noderes.monserver of " .. cluster.fold(single) .. " names an old service node " ..
			"alone and not as a pair (server,server as the nodes know it): it is left as it is")
	end
end

--- The steps that set rows, as this run has them.
local function suppose_rows(move)
	local setters = { servicenode = servicenode, xcatmaster = xcatmaster, servers = set_servers }
	for step, set in pairs(setters) do
		if move.options.check or move:does(step) then
			set(move)
		end
	end
end

--- The new servers see what they would be given, before anything is taken from the old ones.
local function check_services(move)
	local checked = {}
	for step, service in pairs { dhcp = dhcp, boot = boot, console = console } do
		if (move.options.check or move:does(step)) and service.concerns(move) then
			service.before(move)
			checked[step] = service
		end
	end
	-- To suppose the rows of many nodes takes its time: not where nobody would look at them.
	if not next(checked) or
		not (checked.dhcp or checked.boot) and not console.is_anywhere(move) then
		return
	end
	takeover.suppose(function() suppose_rows(move) end, function()
		for _, step in ipairs { "dhcp", "boot", "console" } do
			if checked[step] then
				checked[step].check(move)
			end
		end
	end)
end

--- {aix = nodes, linux = all others}
local function by_system(move)
	return (cluster.divide(move.nodes, { "nodetype.os" }, function(values)
		local os = values["nodetype.os"]
		return os and os:upper():find("^AIX") and "aix" or "linux"
	end))
end

local function refuse_aix(move, kinds)
	if kinds.aix then
		move:refuse("AIX nodes cannot be moved by this procedure: " .. cluster.fold(kinds.aix) ..
			(kinds.linux and "; move the others alone: " .. cluster.fold(kinds.linux) or ""))
	end
end

local function check(move)
	-- Read before hosts are asked: a table that is read behind that keeps a view of the database
	-- open as long as the hooks behind the check take.
	local kinds = by_system(move)
	check_owner(move)
	check_pool(move)
	check_xcatmaster(move)
	local addresses = check_names(move)
	check_here(move)
	listeners.check(move)
	if not rows_only(move) then
		reach(move, addresses)
	end
	check_services(move)
	if move:does("nodes") and not move.options.ignorenodes then
		nodes.before(move)
	end
	if move:does("xcatmaster") and not move:does("servicenode") then
		move:note("noderes.xcatmaster is written without noderes.servicenode: the tables name two " ..
			"service nodes then")
	end
	refuse_aix(move, kinds)
end

--- What each step that writes rows was to come to; nil: so it is.
local written = {
	servicenode = { "noderes.servicenode", function(value, new)
		return first(value) ~= new.sn and "begin with " .. new.sn or nil
	end },
	xcatmaster = { "noderes.xcatmaster", function(value, new)
		return value ~= new.snn and "be " .. new.snn or nil
	end },
}

--- What was written is read back from the database, by the rules that xCAT resolves it with.
-- Only what this run has written: a step that was skipped has nothing to show.
local function verify_rows(move)
	local parts, order = move:divide({ "noderes.servicenode", "noderes.xcatmaster" },
		function(values, _, new) return { values = values, new = new } end, { stored = true })
	for _, step in ipairs { "servicenode", "xcatmaster" } do
		local column, look = table.unpack(written[step])
		local wrong = {}
		for _, part in ipairs(move:does(step) and order or {}) do
			local value, names = part.values[column], parts[part]
			local wanted = look(value, part.new)
			if wanted then
				local what = ("%s is read as '%s', and was to %s"):format(column, value or "", wanted)
				wrong[what] = table.move(names, 1, #names, #(wrong[what] or {}) + 1, wrong[what] or {})
			end
		end
		for what, names in pairs(wrong) do
			move:owe(names, what .. ": if the row of the node is disabled, enable it or take it away")
		end
	end
end

local function verify(move)
	verify_rows(move)
	if move:does("dhcp") and dhcp.concerns(move) then
		dhcp.verify(move)
	end
	if move:does("boot") and boot.concerns(move) then
		boot.verify(move)
	end
	if move:does("console") and console.served(move) then
		console.verify(move)
	end
	if move:does("nodes") and not move.options.ignorenodes and not move.planning then
		nodes.verify(move)
	end
	leftovers(move)
end

--- xCAT's own commands ask the rows who has what: they take it away before these are written.
local EARLY = takeover.own("dhcp") or takeover.own("console")

--- What is given up, and which nodes get other holders, by the rows as they will be.
local function look_ahead(move)
	local found = {}
	local function look()
		for name, service in pairs { dhcp = dhcp, console = console } do
			found[name] = { gone = service.given_up(move), moved = service.moved(move) }
		end
	end
	if EARLY then
		takeover.suppose(function() suppose_rows(move) end, look)
	else
		look()
	end
	return found
end

--- Consoles first: each has one session alone.  A service node that comes back still has what
-- its nodes had there.
local function release(move)
	-- Without the step check it is here that consoles are looked for: before what is given up.
	local consoles = move:does("console") and console.served(move)
	local found = (move.mode ~= "dead" or EARLY) and look_ahead(move)
	if found and consoles then
		console.release(move, found.console.gone, found.console.moved)
	end
	if found and move:does("dhcp") and dhcp.concerns(move) then
		dhcp.release(move, found.dhcp.gone, found.dhcp.moved)
	end
	if move.mode ~= "dead" or move.planning then
		return
	end
	local left, order = move:divide({}, function(_, old) return old.sn end)
	for _, old in ipairs(order) do
		move:owe(left[old], "dead when they left, it may still have their DHCP, boot and console " ..
			"entries: it must not boot on their network before these are taken out", old)
	end
end

--- What this version does not do, by the steps: the commands of xCAT that do it.
local by_hand = {
	{ step = "dhcp",    command = "makedhcp %s" },
	{ step = "boot",    command = "nodeset %s enact" },
	{ step = "console", command = "makeconservercf %s" },
}

local function say(move, left, names)
	move:note("not done by this version, and with xCAT: " ..
		left.command:format(cluster.fold(names)))
end

--- The command is noted; an undo has to know that it was.
local function leave(move, step)
	if move.planning then
		return
	end
	for _, left in ipairs(by_hand) do
		if left.step == step then
			say(move, left, move.nodes)
			move.notes["by hand in " .. step] = true
		end
	end
end

local function give_dhcp(move)
	if dhcp.concerns(move) then
		dhcp.give(move)
	else
		leave(move, "dhcp")
	end
end

local function give_boot(move)
	if boot.concerns(move) then
		boot.give(move)
	else
		leave(move, "boot")
	end
end

local function give_console(move)
	local confluent = console.confluent(move)
	if console.served(move) then
		console.give(move)
	elseif confluent then
		move:owe(move.nodes, ("confluent on %s has their consoles, and takes none from snmove: " ..
			"makeconfluentcfg %s"):format(confluent, cluster.fold(move.nodes)), confluent)
	else
		leave(move, "console")
	end
end

local function turn_nodes(move)
	if not move.options.ignorenodes then
		nodes.turn(move)
	end
end

--- What was left to the administrator is so again for the nodes that an undo has turned round.
local function finished(move)
	if move.planning or not move.undone or #move.undone == 0 then
		return
	end
	for _, left in ipairs(by_hand) do
		if move.notes["by hand in " .. left.step] then
			say(move, left, move.undone)
		end
	end
	dhcp.finished(move)
	boot.finished(move)
	console.finished(move)
	nodes.finished(move)
end

takeover.step("check", "the rules of a takeover; nothing is changed", check)
takeover.step("freeze", "for hooks: what would disturb the move is paused")
takeover.step("fence", "for hooks: a dead service node is kept from coming back")
local function release_step()
	takeover.step("release", "consoles and DHCP entries that are held no more", release)
end
if EARLY then
	release_step()
end
takeover.step("servicenode", "the new service node first in noderes.servicenode", servicenode)
takeover.step("xcatmaster", "noderes.xcatmaster", xcatmaster)
takeover.step("servers", "TFTP, NFS, monitoring and console server", other_servers)
if not EARLY then
	release_step()
end
takeover.step("dhcp", "entries of the nodes, and who answers them", give_dhcp)
takeover.step("boot", "boot files of the nodes, for the same boot", give_boot)
takeover.step("console", "consoles of the nodes, and who has them", give_console)
takeover.step("nodes", "log, time, names, route and DHCP client of the nodes", turn_nodes)
takeover.step("monitoring", "for hooks")
takeover.step("hardware", "for hooks")
takeover.step("applications", "for hooks")
takeover.step("verify", "what was done is read back", verify)
takeover.step("thaw", "for hooks: what freeze paused goes on")
takeover.step("finished", "for hooks", finished)
takeover.join("servicenode", "xcatmaster", "servers")
takeover.batched("nodes")
takeover.always("thaw", "finished")
