--- What nodes would ask of their new service node, asked of it before they are sent there.

local cluster  = require "cluster"
local remote   = require "remote"
local takeover = require "takeover"
local holders  = require "holders"
local scripts  = require "node_scripts"

local services = {}

--- What the new one has to answer before a script may send nodes there.
local NEEDS = { mkresolvconf = "DNS", setupntp = "NTP", syslog = "syslog" }

local heard = {} -- in this attempt: service node -> kind -> why it does not answer

--- Does the new one answer?  In words, what does not; asked once.
local function ask_services(new, node)
	if not heard[new.sn] then
		local domain, found = cluster.site("domain") or "", {}
		local name = domain ~= "" and not node:find(".", 1, true) and node .. "." .. domain or node
		local result = remote.query(new.sn, { "perl", "-", new.ip, name },
			{ stdin = takeover.file("node/services.pl"), timeout = 30 })[new.sn]
		for kind, words in (result.stdout or ""):gmatch("(%S+) ([^\n]*)\n") do
			found[kind] = words
		end
		for _, kind in pairs(NEEDS) do
			found[kind] = found[kind] or "it could not be asked: " .. (result.message or
				result.error or (result.stderr:gsub("%s+$", "")))
			found[kind] = found[kind] ~= "answers" and found[kind] or nil
		end
		heard[new.sn] = found
	end
	return heard[new.sn]
end

local function set_of(note)
	local set = {}
	for kind in (note or ""):gmatch("%S+") do
		set[kind] = true
	end
	return set
end

--- What did not answer when it was asked first: a resume asks nodes for the same again, and for
-- what has come to life since with calls of their own.
local function silent_at_first(move, new, node)
	local note = "silent on " .. new.sn
	if not move.notes[note] then
		local found = ask_services(new, node)
		move.notes[note] = "asked " .. table.concat(holders.sorted(found), " ")
	end
	return set_of(move.notes[note])
end

local function later_note(one)
	return "answered later on " .. one.group.new.sn
end

--- Has what a script waits for come to life since?  In an earlier attempt; or now (`wakes`).
function services.woke(move, one, name)
	return set_of(move.notes[later_note(one)])[NEEDS[name]] ~= nil
end

function services.wakes(move, one, name)
	local note = later_note(one)
	if not services.woke(move, one, name) then
		if ask_services(one.group.new, one.nodes[1])[NEEDS[name]] then
			return false
		end
		move.notes[note] = (move.notes[note] or "") .. " " .. NEEDS[name]
	end
	return true
end

--- What a script waits for, and why the new one does not answer.
function services.why_not(one, name)
	return NEEDS[name], ask_services(one.group.new, one.nodes[1])[NEEDS[name]]
end

--- The scripts that may run, and those that have to wait for what the new one did not answer.
function services.split(move, one)
	local silent = move.planning and {} or
		silent_at_first(move, one.group.new, one.nodes[1])
	local now, waiting = {}, {}
	for _, name in ipairs(one.scripts) do
		local waits = NEEDS[name] and silent[NEEDS[name]] and scripts.turns(name, one.env)
		table.insert(waits and waiting or now, name)
	end
	return now, waiting
end

return services
