--- What the tables say of who serves nodes: set by the steps servicenode, xcatmaster, servers.

local cluster = require "cluster"
local servers = require "servers"

local rows = {}

local elements, first, points_at = servers.elements, servers.first, servers.points_at

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
function rows.servicenode(move)
	local column, place = "noderes.servicenode", move.options.old or "keep"
	move:set({ column }, function(values, old, new)
		return { [column] = new_list(values[column], old.sn, new.sn, place) }
	end)
end

--- Bottom up: the same server, as the nodes know it.
function rows.xcatmaster(move)
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

function rows.servers(move)
	local single = set_servers(move)
	if #single > 0 then
		move:note("noderes.monserver of " .. cluster.fold(single) .. " names an old service node " ..
			"alone and not as a pair (server,server as the nodes know it): it is left as it is")
	end
end

--- The steps that set rows, as this run has them.
function rows.suppose(move)
	local setters = { servicenode = rows.servicenode, xcatmaster = rows.xcatmaster,
		servers = set_servers }
	for step, set in pairs(setters) do
		if move:does(step) then
			set(move)
		end
	end
end

--- Two steps that belong together, and one of them is left out.
function rows.check(move)
	if move:does("xcatmaster") and not move:does("servicenode") then
		move:note("noderes.xcatmaster is written without noderes.servicenode: the tables name two " ..
			"service nodes then")
	end
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
function rows.verify(move)
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

return rows
