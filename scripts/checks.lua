--- The rules of a takeover that are the same for all nodes, whatever their system.
--
-- Each looks and tells its problems (move:problem); nothing is changed.  A procedure may ask
-- for all of them, or for some.

local cluster   = require "cluster"
local remote    = require "remote"
local listeners = require "listeners"
local reach     = require "reach"
local servers   = require "servers"

local checks = {}

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

function checks.owner(move)
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

function checks.pool(move)
	problems(move, "pool", "a list with the old service node first, and the new one in it",
		"noderes.servicenode", function(list, old, new)
			return not is_there(move, list, new) and look_at_pool(list, old.sn, new.sn)
		end)
end

function checks.xcatmaster(move)
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
function checks.names(move)
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
function checks.here(move)
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

--- All of them.  With the tables alone no host is asked.
function checks.all(move)
	checks.owner(move)
	checks.pool(move)
	checks.xcatmaster(move)
	local addresses = checks.names(move)
	checks.here(move)
	listeners.check(move)
	if not rows_only(move) then
		reach(move, addresses)
	end
end

return checks
