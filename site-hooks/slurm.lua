--- Slurm: no job begins on the nodes while they move.  They are drained with a reason that is
-- this run's alone: so Slurm itself knows who did it, and what others have drained stays so.
local cluster, remote = require "cluster", require "remote"

local drained_by_plan = {} -- under --plan nobody is drained, and sinfo does not know who would be

--- What Slurm says of nodes: node -> its state and reason.  Who is no node of it is missing; a
-- node in several partitions comes several times, with the same words.
local function ask(move)
	local host = move.settings.controller
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

--- Calls the function with some of the nodes at a time: a word of a command has its bounds.
local function by_thousands(nodes, act)
	for first = 1, #nodes, 1000 do
		local some = table.move(nodes, first, math.min(first + 999, #nodes), 1, {})
		act(table.concat(some, ","), cluster.fold(some))
	end
end

local function update(move, nodes, state, reason)
	local failed = 0
	by_thousands(nodes, function(names, folded)
		local words = { "scontrol", "update", "NodeName=" .. names, "State=" .. state, reason }
		local result = remote.run(move.settings.controller, words, { repeatable = true, undo = false,
			says = ("scontrol: %s %s"):format(state:lower(), folded) })
		failed = failed + (result[move.settings.controller].ok and 0 or 1)
	end)
	return failed == 0
end

--- Waits until no job is on the nodes.  squeue that fails is no answer.
local NO_JOBS = 'jobs=$(squeue --noheader --nodelist="$NODES") && [ -z "$jobs" ]'
local function jobs_end(move, nodes)
	local host, ended = move.settings.controller, true
	by_thousands(nodes, function(names, folded)
		ended = remote.await(host, NO_JOBS, { env = { NODES = names }, ["for"] = move.settings.wait,
			says = "the end of jobs on " .. folded })[host].ok and ended
	end)
	return ended
end

local function drain(move)
	local must_wait = move.settings.wait > 0 and move.attempt ~= "undo"
	local stop = must_wait and error or function(text) -- only a move that has to wait ends here
		move:owe(move.nodes, text, move.settings.controller, true)
	end
	local found, message = ask(move)
	if not found then
		return stop(message .. "; without it: --without slurm", 0)
	end
	-- The reason is noted before anything is drained: each later attempt knows it.
	move.notes.slurm = move.notes.slurm or ("%s run %s"):format(move.settings.reason, move.run or 0)
	local to_drain, all = {}, {}
	for _, node in ipairs(move.nodes) do
		local state = found[node] and found[node].state
		all[#all + 1] = state and node
		if state and not state:find("^drain") and not state:find("^down") then
			to_drain[#to_drain + 1] = node
		end
	end
	drained_by_plan = move.planning and to_drain or {}
	if #to_drain > 0 and not update(move, to_drain, "DRAIN", "Reason=" .. move.notes.slurm) then
		return stop("Slurm has not drained all nodes; without it: --without slurm", 0)
	elseif must_wait and not jobs_end(move, all) then
		error(("jobs run on after %g seconds (hook.slurm.wait)"):format(move.settings.wait), 0)
	end
end

--- Those that this run has drained.
local function mine(move)
	local found, message = ask(move)
	local nodes = table.move(drained_by_plan, 1, #drained_by_plan, 1, {})
	for node, it in pairs(found or {}) do
		nodes[#nodes + 1] = it.state:find("^drain") and it.reason == move.notes.slurm and node or nil
	end
	table.sort(nodes)
	return found and nodes, message
end

local function resume(move)
	local nodes, message = mine(move)
	if nodes and #nodes > 0 and update(move, nodes, "RESUME") and not move.planning then
		nodes, message = mine(move)
	end
	if not nodes or #nodes > 0 and not move.planning then
		move:owe(nodes, ("%s; resume the nodes with the reason '%s'"):format(message
			or "Slurm has not resumed all nodes", move.notes.slurm), move.settings.controller, true)
	end
end

return {
	name = "slurm", summary = "Slurm begins no job on the nodes while they move",
	settings = { controller = "", reason = "snmove", wait = 0 },
	when = function(move) return move.settings.controller ~= "" end,
	-- An undo asks no `when`.
	before = { freeze = function(move)
		if move.settings.controller ~= "" then
			drain(move)
		end
	end },
	after = { thaw = function(move)
		if move.settings.controller ~= "" and move.notes.slurm then
			resume(move)
		end
	end },
}
