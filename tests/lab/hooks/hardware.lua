-- Hardware control: the connections of nodes to their frames are made by the new service node.
local remote = require "remote"

return {
	name = "hardware", summary = "hardware connections of the new service node",
	after = { hardware = function(move)
		local list = {}
		for i, node in ipairs(move.nodes) do
			list[i] = { host = move:new(node).sn, node = node, command = { "mkhwconn", node },
				undo = { "rmhwconn", node }, accept = { 0, 2 }, -- 2: it is there already
				repeatable = true, undo_always = true }
		end
		remote.run(list)
		for _, server in ipairs(move:emptied()) do
			move:note("no node is left on " .. server .. ": its hardware control can be taken away")
		end
	end },
}
