-- Slurm: no job starts on nodes while they move; those that somebody else has drained stay so.
local cluster, remote = require "cluster", require "remote"

local function each(nodes, state, options)
	local list = {}
	for i, node in ipairs(nodes) do
		list[i] = { host = "mn", node = node, says = state:lower() .. " " .. node,
			command = { "scontrol", "update", "NodeName=" .. node, "State=" .. state, "Reason=snmove" } }
	end
	return remote.run(list, options)
end

return {
	name = "slurm", summary = "nodes are drained while they move",
	after = {
		freeze = function(move)
			if not move.notes.slurm then
				local idle = {}
				local said = remote.query("mn", "sinfo -h -N -o '%N %T'").mn.stdout
				for node, state in said:gmatch("(%S+) (%S+)") do
					idle[node] = state == "idle"
				end
				local mine = {}
				for _, node in ipairs(move.nodes) do
					mine[#mine + 1] = idle[node] and node or nil
				end
				move.notes.slurm = cluster.fold(mine)
			end
			each(cluster.noderange(move.notes.slurm), "DRAIN", { repeatable = true, undo = false })
			remote.await("mn", "! squeue -h -w " .. remote.quote(move.notes.slurm) .. " | grep -q .",
				{ every = 0.2, ["for"] = 20, says = "jobs on " .. move.notes.slurm })
		end,
		thaw = function(move)
			if move.notes.slurm then
				each(cluster.noderange(move.notes.slurm), "RESUME", { repeatable = true, undo = false })
			end
		end,
	},
}
