--- Hardware control points of nodes that move (HMC, FSP and CEC, frame, BMC, FPC) which have
-- the old service node as their own: they go along, unless nodes that stay need them there.
local cluster, follow, remote = require "cluster", require "follow", require "remote"
local tables = require "tables"

local POINTS = { "ppc.hcp", "ppc.parent", "ipmi.bmc", "mp.mpa", "openbmc.bmc" }
local PARTS = { fsp = true, bpa = true } -- ppc.nodetype of what goes with its CEC or frame

local function first(values) return cluster.elements(values["noderes.servicenode"])[1] end
--- The points that go: { point = server }; who stays, in words; all values; the old names.
local function look(move)
	if not follow.any(POINTS) then return {}, {}, {}, {} end
	local names, above, users, is_old, to, goes, stay, queue = {}, {}, {}, {}, {}, {}, {}, {}
	for i, row in ipairs(cluster.rows("nodelist")) do
		names[i], above[row.node], users[row.node] = row.node, {}, {}
	end
	local columns = { "noderes.servicenode", "noderes.xcatmaster", "ppc.nodetype" }
	local all = tables.values(names, table.move(POINTS, 1, #POINTS, #columns + 1, columns))
	for _, node in ipairs(names) do
		for _, column in ipairs(POINTS) do
			for _, point in ipairs(cluster.elements(all[node][column])) do
				if users[point] and point ~= node then
					table.insert(users[point], node)
					table.insert(above[node], point)
				end
			end
		end
	end
	for _, group in ipairs(move:groups()) do
		for name in pairs(follow.left(group)) do
			is_old[name] = true
		end
	end
	for i, node in ipairs(move.nodes) do
		queue[i], to[node] = node, move:new(node)
	end
	local function add(node, server)
		if not to[node] and is_old[first(all[node]) or ""] then
			to[node], goes[node], queue[#queue + 1] = server, server, node
		end
	end
	for _, node in ipairs(queue) do -- what is added comes, too
		for _, point in ipairs(above[node]) do
			add(point, to[node])
		end
		for _, part in ipairs(goes[node] and users[node] or {}) do
			local _ = PARTS[all[part]["ppc.nodetype"]] and add(part, to[node])
		end
	end
	repeat -- who stays, or goes elsewhere, keeps what is above it, and this its parts
		local known = #stay
		for point, server in pairs(goes) do
			local keepers = {}
			for _, other in ipairs((PARTS[all[point]["ppc.nodetype"]] and above or users)[point]) do
				local its = to[other] and to[other].sn or is_old[first(all[other]) or ""] or server.sn
				keepers[#keepers + 1] = its ~= server.sn and other or nil
			end
			if #keepers > 0 then
				stay[#stay + 1] = point .. " stays, for " .. cluster.fold(keepers)
				goes[point], to[point] = nil, nil
			end
		end
	until #stay == known
	table.sort(stay)
	return goes, stay, all, is_old
end

return {
	name = "hardware_control", summary = "hardware control points go with their nodes",
	settings = { ask = true, wait = 2 },
	when = function(move)
		local goes, stay = look(move)
		return move.notes.hardware_control ~= nil or next(goes) ~= nil or #stay > 0
	end,
	check = function(move)
		local lines, wait = {}, tostring(move.settings.wait)
		for point, server in pairs(move.settings.ask and look(move) or {}) do
			lines[server.sn] = (lines[server.sn] or "")
				.. point .. " " .. (cluster.address(point) or point) .. "\n"
		end
		for sn, stdin in pairs(lines) do
			local it = remote.query(sn, follow.SILENT, { stdin = stdin, env = { WAIT = wait } })[sn]
			if not it.ok or it.stdout ~= "" then
				local who = (it.message or it.stderr .. it.stdout):gsub("%s*\n", "; ")
				return false, ("hardware control points do not answer %s: %s"):format(sn, who)
			end
		end
	end,
	after = { servers = function(move)
		local goes, stay, all, is_old = look(move)
		local noted = {} -- for a resume, and for the look at the end
		for point, server in pairs(goes) do
			local list, master = { server.sn }, all[point]["noderes.xcatmaster"]
			for _, element in ipairs(cluster.elements(all[point]["noderes.servicenode"])) do
				list[#list + 1] = not cluster.same(element, server.sn) and element or nil
			end
			noted[#noted + 1] = point .. "=" .. server.sn
			cluster.set(point, "noderes.servicenode", table.concat(list, ","))
			local _ = is_old[master or ""] and cluster.set(point, "noderes.xcatmaster", server.snn)
		end
		move.notes.hardware_control = table.concat(noted, " ")
		for _, text in ipairs(stay) do
			move:note("hardware control point " .. text)
		end
	end },
	verify = function(move)
		local points, wanted = {}, {}
		for point, sn in (move.notes.hardware_control or ""):gmatch("(%S+)=(%S+)") do
			points[#points + 1], wanted[point] = point, sn
		end
		local stored = cluster.stored(points, { "noderes.servicenode" })
		for point, sn in pairs(wanted) do
			local is = first(stored[point])
			if is ~= sn then
				return false, ("the service node of %s is %s, and not %s"):format(point, is, sn)
			end
		end
	end,
}
