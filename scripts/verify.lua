--- What serves nodes, looked at on any day: the rows, DHCP, boot files, consoles, and the nodes
-- themselves.  What is not as it shall be is owed, with what mends it.
--
-- Run as a plan by --verify: it only looks.

local cluster      = require "cluster"
local takeover     = require "takeover"
local boot         = require "boot"
local console      = require "console"
local look_at_dhcp = require "dhcp_look"
local nodes        = require "node_look"
local servers      = require "servers"

--- Nodes of which a step has looked at nothing.
local function leave(move, step, names)
	move.notes["not looked at in " .. step] = cluster.fold(names)
end

-- --- The rows --------------------------------------------------------------------------------

--- Nodes by what their rows say: text -> nodes.
local function add(to, text, node)
	to[text] = to[text] or {}
	table.insert(to[text], node)
end

--- What a row says that cannot be, of a node's service node and its name on their network; nil:
-- it is in order.  `at`: address -> the service node that has it.
local function wrong_names(server, at)
	local has, answered = at[server.ip or ""], false
	for _, host in pairs(at) do
		answered = answered or host == server.sn
	end
	if not cluster.address(server.sn) then
		return ("noderes.servicenode begins with '%s', which has no address"):format(server.sn)
	elseif not server.snn then
		return nil
	elseif not server.ip then
		return ("noderes.xcatmaster is '%s', which has no address"):format(server.snn),
			"--only xcatmaster"
	end
	if answered and not (has and cluster.same(has, server.sn)) then
		return ("noderes.xcatmaster is '%s', which is no address of %s, their service node")
			:format(server.snn, server.sn), "--only xcatmaster"
	end
end

--- Other cells of a node that name another service node of its list: that may be meant so.
local function note_others(move, value, noted)
	for _, column in ipairs { "noderes.tftpserver", "noderes.nfsserver", "noderes.monserver",
		"nodehm.conserver" } do
		for _, node in ipairs(move.nodes) do
			local server = servers.elements(value[node][column] or "")[1] or ""
			for _, other in ipairs(servers.elements(value[node]["noderes.servicenode"] or "")) do
				local new = move:new(node)
				if server ~= "" and servers.points_at(server, { sn = other }) and
					not servers.points_at(server, new) then
					add(noted, ("%s is '%s', and their service node is %s"):format(column, server,
						new.sn), node)
				end
			end
		end
	end
end

local function look_at_rows(move)
	local wrong, noted, mends, at = {}, {}, {}, {}
	local value = cluster.get(move.nodes, { "noderes.servicenode", "noderes.tftpserver",
		"noderes.nfsserver", "noderes.monserver", "nodehm.conserver" })
	local hosts = {}
	for _, group in ipairs(move:groups()) do
		hosts[#hosts + 1] = cluster.address(group.new.sn) and group.new.sn or nil
	end
	servers.add_addresses(at, hosts)
	for _, group in ipairs(move:groups()) do
		local what, mend = wrong_names(group.new, at)
		for _, node in ipairs(what and group.nodes or {}) do
			add(wrong, what, node)
			mends[what] = mend
		end
	end
	for what, names in pairs(wrong) do
		move:owe(names, what, nil, true, mends[what])
	end
	note_others(move, value, noted)
	for what, names in pairs(noted) do
		move:note(cluster.fold(names) .. ": " .. what)
	end
end

-- --- All -------------------------------------------------------------------------------------

takeover.step("rows", "the nodes' rows in the tables", look_at_rows)
takeover.step("dhcp", "their DHCP entries, and who answers them", function(move)
	leave(move, "dhcp", look_at_dhcp(move))
end)
takeover.step("boot", "their boot files, as they are fetched", function(move)
	local found, without = boot.explain(move)
	boot.prove(move, found)
	leave(move, "boot", without)
end)
takeover.step("console", "their consoles", function(move)
	leave(move, "console", console.explain(move))
end)
takeover.step("nodes", "what the nodes use themselves", function(move)
	leave(move, "nodes", move.options.ignorenodes and move.nodes or nodes.explain(move))
end)
takeover.alone()
