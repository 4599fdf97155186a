--- Pauses what would disturb a move, as Puppet's timer or a job of cron: stopped in freeze,
-- started in thaw, which comes at every end.
--
-- Off, until one of the settings `units` and `cron` has a value.  What is paused is noted on
-- the host before it is stopped: so what was off stays off, and a move that is killed and
-- resumed starts what its first attempt has stopped.

local cluster, follow, remote = require "cluster", require "follow", require "remote"

--- A job of cron rests beside its place, under a name with a dot in front: cron passes it over.
local FREEZE = [[
set -u
umask 077
mkdir -p "$STATE" || exit
failed=0
for unit in $UNITS; do
	[ ! -e "$STATE/$unit" ] || { systemctl stop "$unit" || failed=1; continue; }
	systemctl is-active --quiet "$unit" || continue
	: >"$STATE/$unit" && systemctl stop "$unit" || failed=1
done
for file in $CRON; do
	rest=${file%/*}/.${file##*/}.snmove
	[ ! -f "$file" ] || [ -e "$rest" ] || mv "$file" "$rest" || failed=1
done
exit $failed
]]
--- It ends with 0 only if all of it runs again.
local THAW = [[
set -u
failed=0
for unit in $UNITS; do
	[ -e "$STATE/$unit" ] || continue
	systemctl start "$unit" && systemctl is-active --quiet "$unit" && rm "$STATE/$unit" || {
		echo "$unit does not run again: systemctl start $unit" >&2
		failed=1
	}
done
for file in $CRON; do
	rest=${file%/*}/.${file##*/}.snmove
	[ -e "$rest" ] || continue
	[ ! -e "$file" ] || { echo "$file is there again, and $rest too" >&2; failed=1; continue; }
	mv "$rest" "$file" || failed=1
done
rmdir "$STATE" 2>/dev/null
exit $failed
]]

--- Of the setting `hosts`: nodes, old and new stand for those of the move.
local function hosts_of(move)
	local hosts = {}
	local words = { nodes = move.nodes, mn = { "mn" }, old = {}, new = {} }
	for _, group in ipairs(move:groups()) do
		table.insert(words.old, move.mode ~= "dead" and group.old.sn or nil)
		table.insert(words.new, group.new.sn)
	end
	for _, word in ipairs(follow.words(move.settings.hosts)) do
		for _, host in ipairs(words[word] or cluster.noderange(word) or {}) do
			hosts[#hosts + 1] = host
		end
	end
	return hosts
end

local function wanted(settings)
	return settings.hosts:find("%S") and (settings.units .. settings.cron):find("%S") ~= nil
end

--- By the notes: a close and an undo know nothing of what was typed with --set.
local function run(move, script, says)
	local notes = move.notes
	local units, cron, done = notes["pause units"], notes["pause cron"], true
	for _, result in pairs(remote.run(follow.words(notes["pause hosts"]), script, {
		says = table.concat(follow.words(says .. " " .. units .. " " .. cron), " "), undo = false,
		repeatable = true, env = { UNITS = units, CRON = cron, STATE = notes["pause state"] },
	})) do
		done = done and result.ok
	end
	return done
end

return {
	name = "pause", summary = "pauses units and jobs of cron while nodes move",
	settings = { hosts = "nodes", units = "", cron = "", state = "/run/snmove-paused" },
	when = function(move) return wanted(move.settings) or move.notes["pause hosts"] ~= nil end,
	check = function(move)
		for _, word in ipairs(follow.words(move.settings.hosts)) do
			local special = word == "nodes" or word == "old" or word == "new" or word == "mn"
			local names, missing = cluster.noderange(special and "" or word)
			if not names or #missing > 0 then
				return false, ("the setting pause.hosts has '%s', which is no noderange"):format(word)
			end
		end
		for _, path in ipairs(follow.words(move.settings.cron)) do
			if not path:find("^/.*[^/]$") then
				return false, ("the setting pause.cron is no list of paths: '%s'"):format(path)
			end
		end
	end,
	after = { freeze = function(move)
		local settings, notes = move.settings, move.notes
		if wanted(settings) then -- an undo asks no `when`
			-- What an earlier attempt has paused, maybe by other settings, has to go on, too.
			local function note(key, now)
				local before = notes["pause hosts"] and notes["pause " .. key] or ""
				notes["pause " .. key] = follow.together(before, now)
			end
			notes["pause state"] = notes["pause hosts"] and notes["pause state"] or settings.state
			note("units", settings.units)
			note("cron", settings.cron)
			note("hosts", table.concat(hosts_of(move), " "))
			run(move, FREEZE, "pause")
		end
	end },
	before = { thaw = function(move)
		-- Without the note it was refused before, or all of it runs again since an earlier attempt.
		if move.notes["pause hosts"] and run(move, THAW, "go on with") then
			move.notes["pause hosts"] = nil
		end
	end },
}
