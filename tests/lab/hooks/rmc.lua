-- RMC: each node leaves the management domain of the old service node and joins the new one's.
local remote = require "remote"

return {
	name = "rmc", summary = "the management domain of the new service node",
	after = { nodes = function(move)
		local list = {}
		for i, node in ipairs(move.nodes) do
			local old, new = move:old(node).sn, move:new(node).sn
			list[i] = { host = node, command = { "rmcdomain", old, new },
				undo = { "rmcdomain", new, old }, undo_always = true,
				done = { "rmcdomain", "-q", new } }
		end
		remote.run(list)
	end },
}
