--- LoadLeveler begins no job on the nodes while they move: their startd is drained, and resumed
-- at the end.  Who was drained already, by somebody else, stays so.
local remote = require "remote"

--- Noted when nodes are drained: it is asked to resume them, whatever the setting says by then.
local function manager(move)
	return move.notes["loadleveler_drain manager"] or move.settings.manager
end

local function used(move) return manager(move) ~= "" end -- an undo asks no `when`

--- llctl for each of the nodes, in one session on the manager.  Were all of them done?
local function llctl(move, nodes, word)
	local list, all_done = {}, true
	for i, node in ipairs(nodes) do
		list[i] = { host = manager(move), command = { "llctl", "-h", node, word, "startd" },
			repeatable = true, undo = false }
	end
	for _, result in ipairs(remote.run(list)) do
		all_done = all_done and result.ok
	end
	return all_done
end

--- Those whose startd runs and is not drained; LoadLeveler's names may have domains.
local function undrained(move)
	local host = manager(move)
	local answer = remote.query(host, { "llstatus", "-r", "%n", "%sts" })[host]
	if not answer.ok or answer.lost then
		error(("LoadLeveler does not answer on %s: %s"):format(host,
			answer.message or answer.lost and "too many lines" or answer.stderr), 0)
	end
	local state, nodes = {}, {}
	for name, word in answer.stdout:gmatch("([^!\n]+)!([^!\n]+)") do
		state[name:match("^[^.]+")] = word:lower()
	end
	for _, node in ipairs(move.nodes) do
		local word = state[node:match("^[^.]+")]
		nodes[#nodes + 1] = word and not word:find("^dr") and word ~= "down" and node or nil
	end
	return nodes
end

local function drain(move)
	-- Noted before any is drained: who comes after a kill knows whom to resume.
	local noted = move.notes.loadleveler_drain or table.concat(undrained(move), " ")
	local nodes = {}
	move.notes["loadleveler_drain manager"] = manager(move)
	move.notes.loadleveler_drain = noted
	for node in noted:gmatch("%S+") do
		nodes[#nodes + 1] = node
	end
	llctl(move, nodes, "drain")
end

local function resume(move)
	local moves, nodes, rest = {}, {}, {}
	for _, node in ipairs(move.nodes) do
		moves[node] = true
	end
	for node in (move.notes.loadleveler_drain or ""):gmatch("%S+") do
		local list = moves[node] and nodes or rest -- an undo may be of some nodes only
		list[#list + 1] = node
	end
	if llctl(move, nodes, "resume") then
		move.notes.loadleveler_drain = rest[1] and table.concat(rest, " ") or nil
		move.notes["loadleveler_drain manager"] = rest[1] and manager(move) or nil
	end
end

return {
	name = "loadleveler_drain", summary = "LoadLeveler begins no job on the nodes while they move",
	settings = { manager = "" },
	when = used,
	after = {
		freeze = function(move) return used(move) and drain(move) end,
		thaw = function(move) return used(move) and resume(move) end,
	},
}
