--- Slurm: no job begins on the nodes while they move.  They are drained with a reason that is
-- this run's alone: so Slurm itself knows who did it, and what others have drained stays so.
local follow, remote = require "follow", require "remote"

--- Noted when nodes are drained: it is asked to resume them, whatever the setting says by then.
local function controller(move)
	return move.notes["slurm controller"] or move.settings.controller
end

local drained_by_plan = {} -- under --plan nobody is drained, and sinfo cannot say who would be

--- What Slurm says of nodes: node -> its state and reason.  Who is no node of it is missing; a
-- node in several partitions comes several times, with the same words.
local function ask(move)
	local host = controller(move)
	local words = { "sinfo", "--noheader", "--Node", "--format=%N|%T|%E" }
	local answer = remote.query(host, words)[host]
	if not answer.ok or answer.lost then
		return nil, ("Slurm does not answer on %s: %s"):format(host, answer.message
			or answer.lost and "too many lines" or answer.stderr:match("[^\n]*"))
	end
	local nodes = {}
	for name, state, reason in answer.stdout:gmatch("([^|\n]+)|([^|\n]+)|([^\n]*)") do
		nodes[name] = { state = state, reason = reason:match("^(.-)%s*$") }
	end
	return nodes
end

-- The nodes are no part of the text: a resume asks for the same, and for fewer nodes.
local UPDATE = [=[
[ -z "$NODES" ] ||
	scontrol update NodeName="$NODES" State="$STATE" ${REASON:+"Reason=$REASON"}]=]
local function update(move, set, state, reason)
	local host, all_done = controller(move), true
	follow.by_thousands(move, set, function(names, folded)
		if folded or move.attempt ~= "first" then
			all_done = remote.run(host, UPDATE, { repeatable = true, undo = false,
				env = { NODES = names, STATE = state, REASON = reason or "" },
				says = ("scontrol: %s %s"):format(state:lower(), folded or "nobody (more)"),
			})[host].ok and all_done
		end
	end)
	return all_done
end

--- Waits until no job is on the nodes.  squeue that fails is no answer.
local NO_JOBS = 'jobs=$(squeue --noheader --nodelist="$NODES") && [ -z "$jobs" ]'
local function jobs_end(move, set)
	local host, ended = controller(move), true
	follow.by_thousands(move, set, function(names, folded)
		local options = { env = { NODES = names }, ["for"] = move.settings.wait,
			says = "the end of jobs on " .. (folded or "") }
		ended = (not folded or remote.await(host, NO_JOBS, options)[host].ok) and ended
	end)
	return ended
end

local function drain(move)
	local must_wait = move.settings.wait > 0 and move.attempt ~= "undo"
	local stop = must_wait and error or function(text) -- only what has to wait ends here
		move:owe(move.nodes, text, controller(move), true)
	end
	local found, message = ask(move)
	if not found then
		return stop(message .. "; without it: --without slurm", 0)
	end
	-- The reason is noted before anything is drained: each later attempt knows it.
	move.notes["slurm controller"] = controller(move)
	move.notes.slurm = move.notes.slurm or move.settings.reason .. " run " .. (move.run or 0)
	local to_drain = {}
	for _, node in ipairs(move.nodes) do
		local state = found[node] and found[node].state or "down"
		to_drain[node] = not state:find("^drain") and not state:find("^down") or nil
	end
	drained_by_plan = move.planning and to_drain or {}
	if not update(move, to_drain, "DRAIN", move.notes.slurm) then
		return stop("Slurm has not drained all nodes; without it: --without slurm", 0)
	elseif must_wait and not jobs_end(move, found) then
		error(("jobs run on after %g seconds (hook.slurm.wait)"):format(move.settings.wait), 0)
	end
end

--- Those that this run has drained; nil, message.
local function mine(move)
	local found, message = ask(move)
	local set = found and drained_by_plan
	for _, node in ipairs(found and not move.planning and move.nodes or {}) do
		local it = found[node] or { state = "", reason = "" }
		set[node] = it.state:find("^drain") and it.reason == move.notes.slurm or nil
	end
	return set, message
end

local function resume(move)
	local set, message = mine(move)
	if set and update(move, set, "RESUME") and not move.planning then
		set, message = mine(move)
	end
	if set and not next(set) then
		move.notes["slurm controller"] = nil
	elseif not set or not move.planning then
		move:owe(nil, ("%s; resume the nodes with the reason '%s'"):format(message
			or "Slurm has not resumed all nodes", move.notes.slurm), controller(move), true)
	end
end

local function used(move) return controller(move) ~= "" end -- an undo asks no `when`

return {
	name = "slurm", summary = "Slurm begins no job on the nodes while they move",
	settings = { controller = "", reason = "snmove", wait = 0 },
	when = used,
	before = { freeze = function(move) return used(move) and drain(move) end },
	after = { thaw = function(move) return used(move) and move.notes.slurm and resume(move) end },
}
