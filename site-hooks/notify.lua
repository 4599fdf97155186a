--- Tells how a move has ended: by mail, or by a command of the site, which runs here.
--
-- Off, until one of the settings `mail` and `command` has a value.

local cluster = require "cluster"
local follow  = require "follow"
local remote  = require "remote"

--- "run 7 done: 20 nodes from sn1 to sn2", and the same in words for the environment.
local function verdict(move)
	local names = { old = {}, new = {} }
	for _, group in ipairs(move:groups()) do
		names.old[#names.old + 1] = group.old.sn
		names.new[#names.new + 1] = group.new.sn
	end
	local outcome = move.outcome or "not known"
	local old, new = table.concat(names.old, ","), table.concat(names.new, ",")
	local nodes = move.undone or move.nodes
	local subject = ("run %s %s: %d %s from %s to %s"):format(move.run or "(planned)", outcome,
		#nodes, #nodes == 1 and "node" or "nodes", old, new)
	return subject, {
		SNMOVE_OUTCOME = outcome, SNMOVE_RUN = tostring(move.run or ""), SNMOVE_OLD = old,
		SNMOVE_NEW = new, SNMOVE_NODES = cluster.fold(nodes), SNMOVE_MODE = move.mode,
	}
end

--- It changes nothing of the cluster, and is no change of the run: by one, a refusal would be
-- a run that has stopped part-way.
local function tell(move, command, text, environment)
	if move.planning then
		return move:note("nobody is told in a plan; else by " .. command)
	end
	local options = { stdin = text, env = environment }
	local result = remote.query("mn", follow.words(command), options).mn
	if not result.ok then
		move:owe(nil, ("it was not told how it has ended: '%s': %s"):format(command,
			result.message or ("status %d %s"):format(result.status, result.stderr)), "mn")
	end
end

local function wanted(settings)
	return settings.command ~= "" or settings.mail ~= ""
end

return {
	name = "notify", summary = "tells by mail or a command how it has ended",
	settings = {
		command = "", mail = "", mailer = "/usr/sbin/sendmail -t -i",
		outcomes = "done owed refused stopped interrupted undone",
	},
	when = function(move) return wanted(move.settings) end,
	check = function(move)
		-- It becomes a line of the mail's head.
		if move.settings.mail:find("[%c]") then
			return false, "the setting notify.mail is not one line"
		end
	end,
	after = { finished = function(move)
		local settings = move.settings
		local told = " " .. settings.outcomes .. " "
		-- An undo asks no `when`.
		if not wanted(settings) or
			not told:find(" " .. (move.outcome or "done") .. " ", 1, true) then
			return
		end
		local subject, environment = verdict(move)
		local text = subject .. "\n" .. environment.SNMOVE_NODES .. "\n"
		if settings.command ~= "" then
			tell(move, settings.command, text, environment)
		end
		if settings.mail ~= "" then
			tell(move, settings.mailer, ("To: %s\nSubject: snmove: %s\n\n%s"):format(settings.mail,
				subject, text), environment)
		end
	end },
}
