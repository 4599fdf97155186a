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
local tables       = require "tables"

--- Nodes of which a step has looked at nothing.
local function leave(move, step, names)
	local note = "not looked at in " .. step
	local list = cluster.noderange(move.notes[note] or "", { verify = false })
	move.notes[note] = cluster.fold(table.move(names, 1, #names, #list + 1, list))
end

--- AIX nodes have NIM, and neither DHCP nor boot files of xCAT's; what they use themselves a
-- move looks at alone.
local function is_other(values)
	return not tables.is_aix(values["nodetype.os"])
end
local OF_OTHERS = { "dhcp", "boot", "nodes" }

local function leave_aix(move)
	local parts = move:divide({ "nodetype.os" }, is_other)
	for _, step in ipairs(parts[false] and OF_OTHERS or {}) do
		leave(move, step, parts[false])
	end
end

-- --- The rows --------------------------------------------------------------------------------

--- With verify it is no move of rows alone: the new one is asked what nodes call it.
local MEND = "--only xcatmaster,verify"

--- Nodes by what their rows say: text -> nodes.
local function add(to, text, node)
	to[text] = to[text] or {}
	table.insert(to[text], node)
end

--- What a row says that cannot be, of a node's service node and its name on their network, and
-- what mends it; nil: it is in order.  `has`: the addresses that it has itself.
local function wrong_names(server, has)
	if not cluster.address(server.sn) then
		return ("noderes.servicenode begins with '%s', which has no address"):format(server.sn)
	elseif not server.snn then
		return nil
	elseif not server.ip then
		return ("noderes.xcatmaster is '%s', which has no address"):format(server.snn), MEND
	elseif next(has or {}) and not has[server.ip] then
		return ("noderes.xcatmaster is '%s', which is no address of %s, their service node")
			:format(server.snn, server.sn), MEND
	end
end

local OTHERS = { "noderes.tftpserver", "noderes.nfsserver", "noderes.monserver",
	"nodehm.conserver" }

--- Other cells of nodes that name another service node of their lists: that may be meant so.
local function note_others(move)
	local columns = table.move(OTHERS, 1, #OTHERS, 2, { "noderes.servicenode" })
	local value, noted, same = cluster.get(move.nodes, columns), {}, {}
	local function is_another(server, list, new)
		local key = server .. "\0" .. list .. "\0" .. (new.sn or "")
		if same[key] == nil then -- values are few: each is looked at once
			same[key] = false
			for _, other in ipairs(servers.elements(list)) do
				same[key] = same[key] or servers.points_at(server, { sn = other })
			end
			same[key] = same[key] and not servers.points_at(server, new)
		end
		return same[key]
	end
	for _, column in ipairs(OTHERS) do
		for _, node in ipairs(move.nodes) do
			local server, new = servers.first(value[node][column]), move:new(node)
			if server ~= "" and is_another(server, value[node]["noderes.servicenode"] or "", new) then
				add(noted, ("%s is '%s', and their service node is %s"):format(column, server,
					new.sn), node)
			end
		end
	end
	for what, names in pairs(noted) do
		move:note(cluster.fold(names) .. ": " .. what)
	end
end

local function look_at_rows(move)
	local wrong, mends, hosts = {}, {}, {}
	for _, group in ipairs(move:groups()) do
		hosts[#hosts + 1] = cluster.address(group.new.sn) and group.new.sn or nil
	end
	local has = servers.addresses_of(hosts)
	for _, group in ipairs(move:groups()) do
		local what, mend = wrong_names(group.new, has[group.new.sn])
		for _, node in ipairs(what and group.nodes or {}) do
			add(wrong, what, node)
			mends[what] = mend
		end
	end
	for what, names in pairs(wrong) do
		move:owe(names, what, nil, true, mends[what])
	end
	note_others(move)
	leave_aix(move)
end

-- --- All -------------------------------------------------------------------------------------

takeover.step("rows", "the nodes' rows in the tables", look_at_rows)
takeover.step("dhcp", "their DHCP entries, and who answers them", function(move)
	leave(move, "dhcp", look_at_dhcp(move))
end)
takeover.step("boot", "their boot files, as they are fetched", function(move)
	leave(move, "boot", boot.explain(move, true))
end)
takeover.step("console", "their consoles", function(move)
	leave(move, "console", console.explain(move))
end)
takeover.step("nodes", "what the nodes use themselves", function(move)
	leave(move, "nodes", move.options.ignorenodes and move.nodes or nodes.explain(move))
end)
for _, step in ipairs(OF_OTHERS) do
	takeover.select(step, { "nodetype.os" }, is_other)
end
takeover.alone()
