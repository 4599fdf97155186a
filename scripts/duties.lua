--- The duties of a service node: DHCP, boot and console of its nodes, given up by the old one
-- and taken over by the new one.
--
-- A procedure whose nodes have some of them from elsewhere leaves these out (duties.leave).

local takeover = require "takeover"
local boot     = require "boot"
local console  = require "console"
local consoles = require "console_servers"
local dhcp     = require "dhcp"
local rows     = require "rows"
local typed    = require "typed"

local duties = {}

local ORDER = { "dhcp", "boot", "console" }
local taken = { dhcp = dhcp, boot = boot, console = console }

--- This procedure has nothing to do with these.
function duties.leave(...)
	for _, duty in ipairs { ... } do
		taken[duty] = nil
	end
end

--- The service, if it is a duty here and its step part of the run.
local function part(move, duty)
	return move:does(duty) and taken[duty] or nil
end

--- Each of them, in their order.
local function each(move, look)
	for _, duty in ipairs(ORDER) do
		local service = part(move, duty)
		if service then
			look(service, duty)
		end
	end
end

--- The new servers see what they would be given, before anything is taken from the old ones.
function duties.check(move)
	local checked = {}
	each(move, function(service, duty)
		if service.concerns(move) then
			service.before(move)
			checked[duty] = service
		end
	end)
	-- To suppose the rows of many nodes takes its time: not where nobody would look at them.
	if not next(checked) or
		not (checked.dhcp or checked.boot) and not console.is_anywhere(move) then
		return
	end
	takeover.suppose(function() rows.suppose(move) end, function()
		for _, duty in ipairs(ORDER) do
			if checked[duty] then
				checked[duty].check(move)
			end
		end
	end)
end

--- xCAT's own commands ask the rows who has what: they take it away before these are written.
duties.EARLY = takeover.own("dhcp") or takeover.own("console")

--- What is given up, and which nodes get other holders, by the rows as they will be.
local function look_ahead(move)
	local found = {}
	local function look()
		for _, duty in ipairs { "dhcp", "console" } do
			local service = taken[duty]
			found[duty] = service and { gone = service.given_up(move), moved = service.moved(move) }
		end
	end
	if duties.EARLY then
		takeover.suppose(function() rows.suppose(move) end, look)
	else
		look()
	end
	return found
end

--- Consoles first: each has one session alone.  A service node that comes back still has what
-- its nodes had there.
function duties.release(move)
	-- Without the step check it is here that consoles are looked for: before what is given up.
	local served = part(move, "console") and console.served(move)
	local found = (move.mode ~= "dead" or duties.EARLY) and look_ahead(move)
	if found and served then
		console.release(move, found.console.gone, found.console.moved)
	end
	if found and part(move, "dhcp") and dhcp.concerns(move) then
		dhcp.release(move, found.dhcp.gone, found.dhcp.moved)
	end
	if move.mode ~= "dead" or move.planning then
		return
	end
	local left, order = move:divide({}, function(_, old) return old.sn end)
	local what = taken.dhcp and "DHCP, boot and console entries: it must not boot on their " ..
		"network before these are taken out" or "consoles, and what NIM has of them there"
	for _, old in ipairs(order) do
		move:owe(left[old], "dead when they left, it may still have their " .. what, old)
	end
end

--- What this version does not do: the commands of xCAT that do it.
local BY_HAND = {
	dhcp = "makedhcp %s", boot = "nodeset %s enact", console = "makeconservercf %s",
}

local function say(move, duty, names)
	move:note("not done by this version, and with xCAT: " ..
		BY_HAND[duty]:format(typed.nodes(names)))
end

--- The command is noted; an undo has to know that it was.
local function leave_to_hand(move, duty)
	if not move.planning then
		say(move, duty, move.nodes)
		move.notes["by hand in " .. duty] = true
	end
end

function duties.give_dhcp(move)
	if dhcp.concerns(move) then
		dhcp.give(move)
	else
		leave_to_hand(move, "dhcp")
	end
end

function duties.give_boot(move)
	if boot.concerns(move) then
		boot.give(move)
	else
		leave_to_hand(move, "boot")
	end
end

function duties.give_console(move)
	local confluent = consoles.confluent(move)
	if console.served(move) then
		console.give(move)
	elseif confluent then
		move:owe(move.nodes, ("confluent on %s has their consoles, and takes none from snmove: " ..
			"makeconfluentcfg %s"):format(confluent, typed.nodes(move.nodes)), confluent)
	else
		leave_to_hand(move, "console")
	end
end

--- What was given is read back.
function duties.verify(move)
	each(move, function(service, duty)
		if duty == "console" and console.served(move) or
			duty ~= "console" and service.concerns(move) then
			service.verify(move)
		end
	end)
end

--- What was left to the administrator is so again for the nodes that an undo has turned round.
function duties.finished(move)
	for _, duty in ipairs(ORDER) do
		if move.notes["by hand in " .. duty] then
			say(move, duty, move.undone)
		end
	end
	for _, duty in ipairs(ORDER) do
		if taken[duty] then
			taken[duty].finished(move)
		end
	end
end

return duties
