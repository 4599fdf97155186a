--- A row, and a file on the node.

local cluster = require "cluster"
local remote  = require "remote"

return {
	name = "mark", summary = "marks nodes with where they were",
	settings = { refuse = false, doubt = false },
	check = function(move)
		return not move.settings.refuse, "it is told to refuse"
	end,
	before = { servers = function(move)
		for _, node in ipairs(move.nodes) do
			cluster.set(node, "noderes.comments", "was behind " .. move:old(node).sn)
		end
	end },
	after = { nodes = function(move)
		for _, group in ipairs(move:groups()) do
			remote.put(group.nodes, { ["/etc/mark"] = group.new.snn .. "\n" })
		end
	end },
	verify = function(move)
		return not move.settings.doubt, "it is told to doubt"
	end,
}
